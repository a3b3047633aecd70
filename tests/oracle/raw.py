"""What an oracle reads by itself: rows of csv files, and rules' values on a day, without the library's readers."""

import csv
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cache
from math import isclose, isnan
from pathlib import Path

import yaml_files

from planbok.base.workspace import PARAMS

NAMES = ("januari", "februari", "mars", "april", "maj", "juni")
NAMES += ("juli", "augusti", "september", "oktober", "november", "december")


def write(path: Path, rows: list[dict]) -> None:
    """Rows as a csv file; None is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path, numbers: tuple[str, ...] = ()) -> list[dict]:
    """The rows of a csv file; None for an empty number, and for a column of numbers that is not there."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row | {name: float(row[name]) if row.get(name) else None for name in numbers} for row in rows]


@cache
def _rules(file: str) -> dict:
    return yaml_files.read(PARAMS / "regler" / f"{file}.yaml")


def _day(text: object) -> date | None:
    return text.date() if isinstance(text, datetime) else date.fromisoformat(str(text)) if text else None


@cache
def rule(file: str, name: str, day: date | None = None):
    """A rule's value on a day, as its file has it; None where it has none."""
    for entry in _rules(file).get(name, {"varden": []})["varden"]:
        first, last = _day(entry.get("fran")), _day(entry.get("till"))
        if day is None or ((first or date.min) <= day <= (last or date.max)):
            return entry["varde"]
    return None


def length(month: str) -> int:
    """Days of a month, ÅÅÅÅ-MM."""
    return monthrange(int(month[:4]), int(month[5:]))[1]


def days(first: date, last: date) -> list[date]:
    """Every day from one to another, both included."""
    return [first + timedelta(place) for place in range((last - first).days + 1)]


def shift(month: str, by: int) -> str:
    """The month so many months later."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12}-{number % 12 + 1:02d}"


def in_words(month: str) -> str:
    """A month as people write it."""
    return f"{NAMES[int(month[5:]) - 1]} {month[:4]}"


def total(values: list[float | None]) -> float | None:
    """The sum of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def whole(values: list[float | None]) -> float | None:
    """The sum, None where a part is not known."""
    return None if None in values else sum(values)


def same(found: object, expected: object) -> bool:
    """Whether a cell is what was worked out: an unknown one is None or not a number."""
    unknown = found is None or (isinstance(found, float) and isnan(found))
    if expected is None or unknown:
        return expected is None and unknown
    if isinstance(expected, str | bool):
        return found == expected
    return isclose(float(found), float(expected), rel_tol=1e-9, abs_tol=1e-6)


def differing(frame, expected: list[dict], not_held: set[str] = frozenset()) -> list[str]:
    """Where a table is not what was worked out row by row: also a row or column that either lacks."""
    rows = frame.to_dict("records")
    if len(rows) != len(expected):
        return [f"{len(rows)} rows, expected {len(expected)}: {rows} {expected}"]
    said = []
    for number, (row, right) in enumerate(zip(rows, expected, strict=True)):
        if row.keys() != right.keys() | not_held:
            said.append(f"row {number}: columns {sorted(row)}, held {sorted(right)}")
        said += [f"row {number} {k}: {row.get(k)} not {v}" for k, v in right.items() if not same(row.get(k), v)]
    return said
