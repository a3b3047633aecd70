"""Made-up units of home care and care homes: new and old tables, kinds that come and go, what is missing or stated."""

from math import cos, pi
from pathlib import Path
from random import Random

from oracle import raw

UNIT, OTHER, AR = "provet", "annan", 2024
HOME_ROW, HOMES_ROW = "Hemtjänst", "Vård- och omsorgsboende"
AREAS = {
    "Norra": [("kommunal", "dag"), ("privat", "dag"), ("kommunal", "natt"), ("entreprenad", "larm")],
    "Södra": [("kommunal", ""), ("enskild", "")],
    "Östra": [("privat", "dag"), ("privat", "natt"), ("kommunal", "larm")],
}
PLACES = [
    ("somatisk", "kommunal"),
    ("somatisk", "privat"),
    ("demens", "entreprenad"),
    ("profil", "enskild"),
    ("servicehus", "kommunal"),
    ("korttid", "privat"),
]
COLUMNS = ("beviljade_h", "bestallda_h", "utforda_h", "arenden_over_99_h", "arenden_99_h_eller_mer")


def months(first: str, last: str) -> list[str]:
    found = [first]
    while found[-1] < last:
        found.append(raw.shift(found[-1], 1))
    return found


def drawn(folder: Path, seed: int, first: str, last: str, ledger: bool = True) -> Path:
    """The tables of a unit and of another one, with months from the first to the last."""
    rng, spans = Random(seed), months(first, last)
    areas = dict(rng.sample(list(AREAS.items()), rng.randint(1, 3))) if seed % 3 else AREAS
    home = [row for area, cells in areas.items() for cell in cells for row in _home(rng, spans, area, *cell)]
    if seed % 4 == 1:
        home = [row | dict.fromkeys(COLUMNS[3:]) for row in home]
    raw.write(folder / "hemtjanst.csv", [*home, *(row | {"enhet": OTHER} for row in home)])
    if seed % 5 != 2:
        places = [row for cell in PLACES[: rng.randint(2, 6) if seed % 3 else 6] for row in _places(rng, spans, *cell)]
        raw.write(folder / "vobo.csv", [*places, *(row | {"enhet": OTHER} for row in places)])
    if ledger:
        booked = _booked(rng, spans)
        raw.write(folder / "utfall.csv", [*booked, *(row | {"enhet": OTHER} for row in booked)])
        raw.write(folder / "budget.csv", _budget(rng, spans))
    raw.write(folder / "befolkning.csv", _people(rng))
    return folder


def _home(rng: Random, spans: list[str], area: str, regi: str, band: str) -> list[dict]:
    level, each, found = rng.choice([2, 9, 40]), rng.uniform(10, 40), []
    for place, month in enumerate(spans):
        if rng.random() < 0.05 and month not in (spans[0], f"{AR}-02", f"{AR}-11") and (band, area) != ("dag", "Norra"):
            continue
        cases = max(round(level * (1 + 0.2 * cos(place * pi / 6) + 0.01 * place) + rng.choice([-1, 0, 1])), 0)
        cases = 0 if rng.random() < 0.04 else cases
        hours = [round(cases * each * rng.uniform(0.85, 1.1), 1) for _ in range(3)]
        known = [0.9, 0.8, 0.85] if band != "larm" else [0, 0, 0]
        counted = sorted(rng.randint(0, cases) for _ in range(2))
        values = [h if rng.random() < share else None for h, share in zip(hours, known, strict=True)]
        values += [number if rng.random() < 0.8 else None for number in counted]
        row = {"enhet": UNIT, "omrade": area, "manad": month, "regi": regi, "tidsslag": band, "arenden": cases}
        found.append(row | dict(zip(COLUMNS, values, strict=True)))
    return found


def _places(rng: Random, spans: list[str], slag: str, regi: str) -> list[dict]:
    level, in_days, found = rng.choice([1, 4, 12]), rng.random() < 0.6, []
    for place, month in enumerate(spans):
        if rng.random() < 0.08 and slag != "somatisk":
            continue
        days = round(level * raw.length(month) * (1 + 0.01 * place) * rng.uniform(0.9, 1.1))
        days = 0 if rng.random() < 0.05 else days
        own = round(days * rng.uniform(1900, 2600), 2) if slag in ("demens", "profil") and rng.random() < 0.5 else None
        row = {"enhet": UNIT, "manad": month, "slag": slag, "regi": regi, "kr": own if days else None}
        full = None if in_days else round(days / raw.length(month), 2)
        found.append(row | {"dygn": days if in_days else None, "helmanader": full})
    return found


def _booked(rng: Random, spans: list[str]) -> list[dict]:
    rows = (HOME_ROW, HOMES_ROW, "Administration")
    return [
        {
            "enhet": UNIT,
            "manad": month,
            "budgetrad": row,
            "kostnad_kr": rng.randint(1_000_000, 2_000_000),
            "intakt_kr": rng.randint(10_000, 90_000),
            "verksamhet": "",
        }
        for month in spans
        for row in rows
    ]


def _budget(rng: Random, spans: list[str]) -> list[dict]:
    return [
        {
            "enhet": unit,
            "ar": year,
            "version": version,
            "budgetrad": row,
            "kostnad_mnkr": rng.randint(100, 300) / 10,
            "intakt_mnkr": rng.randint(1, 30) / 10,
            "verksamhet": "",
        }
        for unit in (UNIT, OTHER)
        for year in sorted({int(month[:4]) for month in spans})
        for version in ("vp", "justerad_t1", "justerad_t2")
        for row in (HOME_ROW, HOMES_ROW, "Administration")
    ]


def _people(rng: Random) -> list[dict]:
    found = [
        {
            "omrade": area,
            "ar": year,
            "aldersgrupp": age,
            "antal": rng.randint(100, 900),
            "underlag": known,
            "kalla": "Prov",
        }
        for area in ("Norra", "Södra", "Östra", "Västra")
        for year in range(AR - 1, AR + 4)
        for age in ("65-79", "80-")
        for known in (("utfall", "prognos") if year == AR else ("prognos",))
    ]
    return sorted(found, key=lambda row: rng.random())
