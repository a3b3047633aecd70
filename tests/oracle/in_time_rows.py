"""Made-up units of decisions in time: orders, plans, follow-ups, interruptions, cases and officers."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from oracle.decided import DAY, UNIT, as_day, drawn, months, read, write
from oracle.in_time import Row, after, rule

OFFICERS = ("hand1ager001", "hand1ager002", "hand1ager003")


def drawn_in_time(folder: Path, seed: int, size: int) -> Path:
    """A drawn unit with orders, plans, follow-ups, interruptions, cases and officers, their days near the limits."""
    rng = random.Random(1000 + seed)
    drawn(folder, seed, size)
    path = folder / "beslut.csv"
    kept = [row | _times(rng, row) for row in read(path)]
    other = [row | {"enhet": "grannen", "beslut": f"{row['beslut']}g"} for row in kept[:7]]
    write(path, [*kept, *other])
    write(folder / "arenden.csv", [_case(rng, n) for n in range(2 * size)])
    shares = [("1", "2020-01-01", ""), ("0.75", "2024-08-01", ""), ("0.5", "2019-01-01", "2024-07-31")]
    officers = [dict(zip(("tjanstgoring_andel", "fran", "till"), its, strict=True)) for its in shares]
    write(
        folder / "handlaggare.csv",
        [{"handlaggare": h, "enhet": UNIT} | its for h, its in zip(OFFICERS, officers, strict=True)],
    )
    counts = [(month, str(3 + n % 2), str((n + 3) % 4)) for n, month in enumerate(months("2024-12", 40))]
    write(
        folder / "bemanning_handlaggare.csv",
        [{"enhet": UNIT, "manad": m, "tjanster": a, "i_tjanst": b} for m, a, b in counts],
    )
    texts = [
        ("2024-T2", "stickprov", "12 av 15"),
        ("2024-08", "dur", "81"),
        ("2024-09", "dur", "70"),
        ("2023", "dur", "55"),
    ]
    rows = [
        {"enhet": UNIT, "period": p, "indikator": rule("indikatorer")[i], "utfall": u, "kalla": "prov"}
        for p, i, u in texts
    ]
    write(folder / "indikatorutfall.csv", rows)
    return folder


def _near(rng: random.Random, day: date, *steps: int) -> str:
    return (day + DAY * rng.choice(steps)).isoformat()


def _maybe(rng: random.Random, share: float, text: Callable[[], str]) -> str:
    return text() if rng.random() < share else ""


def _times(rng: random.Random, row: Row) -> Row:
    """When a decision was ordered, planned, carried out, interrupted and followed up: a day off the limits, or on."""
    found: Row = {"lagrum": rng.choice(["LSS", "LSS", "SoL", ""]), "utforare": rng.choice(["utforare_a", "b", "c", ""])}
    decided, fran = as_day(row["beslutsdatum"]), as_day(row["fran"])
    if decided:
        limit = after(decided, 3)
        found["verkstalld"] = _maybe(
            rng, 0.55, lambda: rng.choice([_near(rng, limit, 0, 1, 20, 60), decided.isoformat()])
        )
    if rng.random() < 0.3:
        stopped = (
            date(2024, rng.randrange(1, 12), rng.choice([1, 27, 28]))
            if rng.random() < 0.8
            else max(fran, date(2023, 11, 30))
        )
        found["avbrott_fran"] = stopped.isoformat()
        found["avbrott_till"] = _maybe(
            rng, 0.4, lambda: max(stopped, after(stopped, 3) + DAY * rng.choice([0, 1, 2, 40])).isoformat()
        )
    if rng.random() < 0.6:
        ordered = date(2024, rng.randrange(1, 13), rng.choice([1, 15, 16, 17, 18, 28])) - DAY * rng.choice([0, 0, 1])
        found["bestalld"] = ordered.isoformat()
        found["plan_in"] = _maybe(rng, 0.7, lambda: _near(rng, ordered, 0, 13, 14, 15, 40))
        found["kontaktad"] = _maybe(rng, 0.7, lambda: _near(rng, ordered, 1, 13, 14, 15, 40))
    followed = (
        date(rng.choice([2023, 2024]), rng.randrange(1, 13), rng.choice([1, 27, 28])) if rng.random() < 0.6 else None
    )
    found["foljd_upp"] = followed.isoformat() if followed else ""
    return found | {"handlaggare": rng.choice([*OFFICERS, ""])}


def _case(rng: random.Random, number: int) -> Row:
    asked = date(rng.choice([2023, 2024, 2024]), rng.randrange(1, 13), rng.choice([1, 15, 28])) - DAY * rng.choice(
        [0, 1]
    )
    decided = asked + DAY * rng.choice([0, 30, 89, 90, 91, 120, 200])
    row = {
        "arende": f"a{number:05d}",
        "enhet": UNIT,
        "insats": rng.choice(["gruppbostad", "kontaktperson", "kontaktperson"]),
    }
    row |= {"ansokan": asked.isoformat(), "beslutsdatum": decided.isoformat() if rng.random() < 0.8 else ""}
    return row | {"handlaggare": rng.choice([*OFFICERS, ""])}
