"""Made-up units of decisions whose days lie on edges, and the decisions of a file in plain Python."""

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import yaml_files

from planbok.base.workspace import PARAMS

UNIT, OTHER, OPEN = "provet", "grannen", date(2200, 1, 2)
NAMES = ["januari", "februari", "mars", "april", "maj", "juni"]
NAMES += ["juli", "augusti", "september", "oktober", "november", "december"]
DAY = timedelta(1)
# insats, levels, management, hours a month, time band
KINDS = (
    ("gruppbostad", ("3", "4"), ("kommunal", "entreprenad"), "", ""),
    ("servicebostad", ("2", "3"), ("kommunal",), "", ""),
    ("daglig_verksamhet", ("",), ("privat",), "", ""),
    ("korttidsvistelse", ("",), ("kommunal",), "", ""),
    ("ledsagning_avlosning", ("",), ("kommunal",), "12.5", "dagtid"),
    ("kontaktperson", ("",), ("kommunal",), "", ""),
    ("personlig_assistans", ("",), ("privat",), "40", ""),
    ("hemtjanst", ("",), ("kommunal",), "", ""),
    ("oppen_verksamhet", ("",), ("kommunal",), "", ""),
)
COLUMNS = ["beslut", "person", "enhet", "insats", "niva", "regi", "utforare", "fran", "till", "pris_kr_per_dygn"]
COLUMNS += ["timmar_per_manad", "tidsslag", "lagrum", "beslutsdatum", "kon", "bestalld", "verkstalld", "avbrott_fran"]
COLUMNS += ["avbrott_till", "skal", "erbjudande", "kontaktad", "plan_in", "foljd_upp", "handlaggare"]


class Decision(NamedTuple):
    """A decision of a file: `end` is the day after its last."""

    row: dict[str, str]
    person: str
    insats: str
    first: date
    end: date

    def runs(self, day: date) -> bool:
        return self.first <= day < self.end

    def day(self, column: str) -> date | None:
        return as_day(self.row.get(column, ""))


class Chain(NamedTuple):
    """Decisions of a person and insats that follow on each other, and when the whole begins and has ended."""

    decisions: list[Decision]
    first: date
    end: date

    @property
    def insats(self) -> str:
        return self.decisions[0].insats

    def runs(self, day: date) -> bool:
        return self.first <= day < self.end


def as_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def rules(file: str) -> dict[str, Any]:
    """The last value of each rule in a file."""
    return {key: its["varden"][-1]["varde"] for key, its in yaml_files.read(PARAMS / "regler" / f"{file}.yaml").items()}


def read(path: Path) -> list[dict[str, str]]:
    """The unit's rows of a csv file; none without the file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["enhet"] == UNIT]


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def decisions(folder: Path) -> list[Decision]:
    """The unit's decisions, without what is given without one."""
    without = rules("insatser_manad")["insatser.utan_beslut"]
    rows = [row for row in read(folder / "beslut.csv") if row["insats"] not in without]
    ends = [row["till"] and as_day(row["till"]) + DAY or OPEN for row in rows]
    return [
        Decision(row, row["person"], row["insats"], as_day(row["fran"]), end)
        for row, end in zip(rows, ends, strict=True)
    ]


def chains(of: Iterable[Decision], gap: int | None = None) -> list[Chain]:
    """The same person and insats, with at most so many days (the rule's) without a decision in between."""
    found: list[Chain] = []
    gap = rules("insatser_manad")["insatser.lucka_dagar"] if gap is None else gap
    key = lambda one: (one.person, one.insats)  # noqa: E731
    for _, own in groupby(sorted(of, key=lambda one: (*key(one), one.first)), key):
        for one in own:
            last = found[-1] if found else None
            if last and key(last.decisions[0]) == key(one) and (one.first - last.end).days <= gap:
                found[-1] = Chain([*last.decisions, one], last.first, max(last.end, one.end))
            else:
                found.append(Chain([one], one.first, one.end))
    return found


def renewed(of: list[Chain]) -> list[Decision]:
    """Decisions that go on where another of the chain ends."""
    return [one for chain in of for one in chain.decisions[1:]]


def months(last: str, count: int) -> list[str]:
    """So many months to one, ÅÅÅÅ-MM."""
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(number - count + 1, number + 1)]


def month_end(month: str) -> date:
    after = int(month[:4]) * 12 + int(month[5:])
    return date(after // 12, after % 12 + 1, 1) - DAY


def in_month(day: date, month: str) -> bool:
    return f"{day:%Y-%m}" == month


def in_words(month: str) -> str:
    return f"{NAMES[int(month[5:]) - 1]} {month[:4]}"


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def drawn(folder: Path, seed: int, size: int) -> Path:
    """A folder with `beslut.csv` of so many persons, most of them moving at the edges of months."""
    rng, rows = random.Random(seed), []
    few = KINDS if seed % 2 else KINDS[:5]
    for number in range(size):
        person = f"p{number:05d}{seed:03d}x"
        kon = rng.choice(["kvinna", "kvinna", "man", "man", ""])
        for kind in rng.sample(few, rng.choice([1, 1, 1, 2])):
            rows += _stay(rng, {"person": person, "kon": kon, "enhet": UNIT}, kind)
        if rng.random() < 0.2:
            rows += _stay(rng, {"person": f"q{number:05d}{seed:03d}x", "kon": kon, "enhet": OTHER}, rng.choice(few))
    rows = [dict.fromkeys(COLUMNS, "") | row | {"beslut": f"b{n:05d}{seed:03d}x"} for n, row in enumerate(rows)]
    write(folder / "beslut.csv", rows)
    return folder


def _edge(rng: random.Random, low: date, high: date) -> date:
    """The first or last day of a month, or a day within, 27 August or 31 March among them."""
    day = low + DAY * rng.randrange((high - low).days + 1)
    first = day.replace(day=1)
    found = rng.choice(
        [first, first - DAY, first - 2 * DAY, day, date(day.year, 8, 27), date(day.year, 3, 31), date(day.year, 1, 1)]
    )
    return min(max(found, low), high)


def _stay(rng: random.Random, row: dict[str, str], kind: tuple) -> list[dict[str, str]]:
    insats, levels, regi, hours, band = kind
    begun = date(2015, 3, 1) if rng.random() < 0.5 else _edge(rng, date(2022, 11, 1), date(2024, 12, 31))
    many = rng.random()  # who come, or go, in the same month
    begun = date(2024, 8, 31) if many < 0.2 else date(2023, 10, 1) if many < 0.4 else begun
    row = row | {"insats": insats, "regi": rng.choice(regi), "tidsslag": band}
    found = []
    for more in range(rng.choice([1, 1, 2, 3])):
        last = _edge(rng, max(begun, date(2022, 10, 1)), date(2025, 3, 31))
        till = None if rng.random() < (0.3, 0.6, 0.8)[more] or many < 0.2 else last
        if many >= 0.2 and (gone := date(2023, 12, 30) if many < 0.35 else date(2024, 8, 31)) >= begun and many < 0.55:
            till = gone
        own = rng.choice(["", "1500"]) if insats in ("korttidsvistelse", "gruppbostad") else ""
        of_kind = {"niva": rng.choice(levels), "timmar_per_manad": hours, "pris_kr_per_dygn": own}
        if insats == "korttidsvistelse":
            of_kind["pris_kr_per_dygn"] = "1900"
        decided = _edge(rng, begun - 40 * DAY, begun)
        of_time = {"fran": _text(begun), "till": _text(till)}
        found.append(row | of_kind | of_time | {"beslutsdatum": _text(decided) if rng.random() < 0.9 else ""})
        if till is None or till >= date(2025, 1, 31) or many < 0.55:
            break
        begun = till + DAY * rng.choice([1, 1, 1, 2, 3, 0])
    return found
