"""What figures come of: how they are counted, on which rows of the input tables, by which rules.

A topic says it of its key figures and tables (`Result.grunder`); what it says nothing of comes of all that was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pandas as pd


class Span(NamedTuple):
    """Values from `first` to `last`, both inside; None is no limit. What is missing lies after every last day.

    >>> days = pd.Series(pd.to_datetime(["2024-03-01", "2025-01-01", None]))
    >>> Span(last=date(2024, 12, 31)).holds(days).tolist(), Span(first=date(2024, 6, 1)).holds(days).tolist()
    ([True, False, False], [False, True, True])
    """

    first: Any = None
    last: Any = None

    def holds(self, values: pd.Series) -> pd.Series:
        """Which values lie inside."""
        first, last = (pd.Timestamp(end) if isinstance(end, date) else end for end in self)
        inside = pd.Series(True, index=values.index) if first is None else values.ge(first)
        return inside | values.isna() if last is None else inside & values.le(last)

    def __str__(self) -> str:
        return f"{'' if self.first is None else self.first}–{'' if self.last is None else self.last}"


def running_in(first: date, last: date) -> dict[str, Span]:
    """The rows with `fran` and `till` that run on some day of a period."""
    return {"fran": Span(last=last), "till": Span(first=first)}


def months(ar: int, first: int = 1, last: int = 12) -> Span:
    """Months of a year, as tables have them.

    >>> str(months(2024, 1, 8))
    '2024-01–2024-08'
    """
    return Span(f"{ar}-{first:02d}", f"{ar}-{last:02d}")


@dataclass(frozen=True)
class Rows:
    """Rows of an input table: the unit's where every column of `where` has its value, one of them, or lies in a Span.

    `column` is what is summed; "" where the figure is no sum of one.
    """

    table: str
    column: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows among the unit's.

        >>> frame = pd.DataFrame({"ar": [2023, 2024], "rad": ["a", "b"]})
        >>> Rows("budget", where={"ar": 2024, "rad": ["a", "b"]}).of(frame).index.tolist()
        [1]
        """
        for name, value in self.where.items():
            frame = frame[_meets(frame[name], value)]
        return frame

    def said(self) -> dict[str, Any]:
        """The conditions as they are written."""
        return {
            name: str(value) if isinstance(value, Span) else [*value] if _several(value) else value
            for name, value in self.where.items()
        }


def _several(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset) and not isinstance(value, Span)


def _meets(values: pd.Series, value: Any) -> pd.Series:
    if isinstance(value, Span):
        return value.holds(values)
    return values.isin([*value]) if _several(value) else values == value


@dataclass(frozen=True)
class Ground:
    """What a figure comes of: `how` in words, its rows, and the beginnings of the names of its rules.

    `changed` is whether the scenario's changes act on it; with `others` they do so by other topics, whose rules and
    tables it then comes of too, but for the rules that are read for something else (`aside`).
    """

    how: str = ""
    rows: tuple[Rows, ...] = ()
    rules: tuple[str, ...] = ()
    changed: bool = True
    others: bool = False
    aside: tuple[str, ...] = ()


def ground_of(name: str, grounds: Mapping[str, Ground]) -> Ground | None:
    """The ground of a figure by its name, or by the first pattern that the name fits; None where none is said.

    >>> ground_of("hyra_ar_kr", {"kbh_*": Ground("a"), "hyra_*": Ground("b")}).how
    'b'
    """
    if name in grounds:
        return grounds[name]
    return next((ground for pattern, ground in grounds.items() if fnmatchcase(name, pattern)), None)
