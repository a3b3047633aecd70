"""What an oracle reads: csv rows as they stand, and the values of rules by day, without the library."""

import csv
from collections.abc import Sequence
from datetime import date
from math import nan
from pathlib import Path
from typing import Any

import yaml_files

Rules = dict[str, list[tuple[date, date, Any]]]  # by key: from, to, value


def rows(folder: Path, table: str, **where: str) -> list[dict[str, str]]:
    """The rows of a table whose columns have these texts; none without the file."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[name] == text for name, text in where.items())]


def number(text: str | None) -> float:
    """A cell's number; NaN for an empty one."""
    return float(text) if text else nan


def rules(names: Sequence[str], *folders: Path) -> Rules:
    """The rules of some files of `regler/`; a file in an earlier folder stands in place of a later one's."""
    found: Rules = {}
    for name in names:
        path = next(p for folder in folders if (p := folder / "regler" / f"{name}.yaml").is_file())
        for key, rule in yaml_files.read(path).items():
            values = [(v.get("fran", date.min), v.get("till", date.max), v["varde"]) for v in rule["varden"]]
            found[key] = [(_day(first), _day(last), value) for first, last, value in values]
    return found


def _day(text: date | str) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def value(of: Rules, key: str, day: date, otherwise: Any = nan) -> Any:
    """A rule's value in force on a day, the last named where several are."""
    return next((value for first, last, value in reversed(of.get(key, [])) if first <= day <= last), otherwise)
