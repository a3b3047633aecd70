"""Made-up units with hours of assistance, escort and others, with much that is missing or at a limit."""

from pathlib import Path
from random import Random

from oracle import raw

UNIT, OTHER, AR = "provet", "annan", 2024
ASSISTED, ESCORT, NO_PRICE = "personlig_assistans", "ledsagning_avlosning", "korttidstillsyn"
GROUPS = [  # group, insats, management, time band
    ("Assistans 1", ASSISTED, "kommunal", ""),
    ("Assistans 2", ASSISTED, "entreprenad", ""),
    ("Assistans 3", ASSISTED, "privat", ""),
    ("Ledsagning", ESCORT, "kommunal", "dagtid"),
    ("Ledsagning", ESCORT, "kommunal", "helg"),
    ("Avlösning", ESCORT, "", "natt"),
    ("Avlösning", ESCORT, "enskild", "kvall"),
    ("Tillsyn", NO_PRICE, "kommunal", ""),
]
PERIODS = {1: (6, 0), 2: (3, 0), 3: (6, 2), 4: (1, 0)}  # months, and the place of the first in its year
MONTHS = [raw.shift("2023-07", place) for place in range(18)]


def drawn(folder: Path, seed: int) -> Path:
    """Tables assistanstimmar and bemanning of a unit and of another one."""
    rng = Random(seed)
    groups = rng.sample(GROUPS, rng.randint(2, len(GROUPS))) if seed % 3 else GROUPS
    stated = {group: rng.choice([None, *PERIODS]) for group, *_ in groups}
    rows = [
        _row(rng, month, group, stated[group[0]], counted=seed % 2 == 0)
        for month in MONTHS
        for group in groups
        if rng.random() < 0.85 or month == f"{AR}-02"
    ]
    every = [row for row in rows if row["beviljade_h"] is not None]
    raw.write(folder / "assistanstimmar.csv", [*every, *(row | {"enhet": OTHER} for row in every[:20])])
    if seed % 4:
        raw.write(folder / "bemanning.csv", [*_staff(rng, UNIT), *_staff(rng, OTHER)])
    return folder


def _period(kind: int | None, month: str) -> str | None:
    if kind is None:
        return None
    months, place = PERIODS[kind]
    first = raw.shift(month, -((int(month[5:]) - 1 - place) % months))
    return f"{first}/{raw.shift(first, months - 1)}"


def _row(rng: Random, month: str, group: tuple, kind: int | None, counted: bool) -> dict:
    def maybe(value, share: float = 0.8):
        return value if rng.random() < share else None

    name, insats, regi, band = group
    granted = rng.choice([0, 40, 100, 100, 317.5])
    state = rng.choice([0, granted / 4, granted])
    done = rng.choice([0, granted, granted * 0.9, granted + 12])
    worth = rng.choice([None, None, 0, 12000.5])
    claimed = maybe({None: 2000, 0: 0}.get(worth, rng.choice([worth or 0, 7000])), 0.6)
    due = f"{raw.shift(month, 2)}-05"
    after = f"{raw.shift(month, 1)}-01"
    return {
        "enhet": UNIT,
        "grupp": name,
        "manad": month,
        "insats": insats,
        "regi": regi,
        "tidsslag": band,
        "beviljade_h": granted,
        "period": _period(kind, month),
        "fk_h": maybe(state, 0.7),
        "lss_9_2_h": maybe(granted - state, 0.7),
        "schemalagda_h": maybe(rng.choice([granted, granted * 1.05, granted * 1.2, granted * 0.8]))
        if band != "helg"
        else None,
        "utforda_h": maybe(done, 0.95),
        "vantetid_h": maybe(rng.choice([0, 8, 10]), 0.5),
        "debiterade_h": maybe(rng.choice([done, max(done - 0.5, 0), max(done - 7, 0), done + 3]), 0.9),
        "begard": rng.choice([None, after, due, f"{due[:8]}06", f"{raw.shift(month, 3)}-01"]),
        "begart_kr": claimed,
        "ersattning_kr": worth,
        "antal_personer": rng.choice([1, 2, 3, 6, 9]) if counted or rng.random() < 0.97 else None,
    }


def _staff(rng: Random, unit: str) -> list[dict]:
    return [
        {
            "enhet": unit,
            "grupp": group,
            "manad": month,
            "anstallda": rng.choice([0, 3, 12]),
            "arsarbetare": 2,
            "ordinarie_tid_h": 300,
            "avtalad_tid_h": 320,
            "arbetad_tid_h": 280,
            "overtid_h": rng.choice([None, 0, 4, 17.5]),
            "inhyrd_h": rng.choice([None, 0, 30]),
            "sjuk_h": rng.choice([0, 0, 8]),
        }
        for month in MONTHS
        if rng.random() < 0.8
        for group in ("Dag", "Natt")
    ]
