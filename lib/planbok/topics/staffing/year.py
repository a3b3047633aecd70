"""A year of sick leave by group and month, what a scenario does to it, and what it costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.periods import Span, last_day, spans, turns
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange
from planbok.topics.staffing import TOPIC
from planbok.topics.staffing.model import KINDS, Rates, SickHours, costs

EVERYONE = "alla"
SICK_PAY = ("sjuklon_1_14", "sjuklon_15_90", "avgifter")
WAGE = "lon"
AS_SO_FAR = "som hittills i år"
UNKNOWN_PARTS = "sjuktimmarnas delar är inte kända för hela året"


def moves_lines(change: Change) -> tuple[str, ...]:
    """The cost lines that a change may move in the budget.

    Sick leave moves all of them, prices and the mix of replacements only these, and the other rules only sick pay:
    what they do to wages at large is not counted here. A change of another topic moves none.
    """
    if not TOPIC.touches(change):
        return ()
    if change.typ == "sjukfranvaro":
        return (*SICK_PAY, *KINDS, WAGE)
    return KINDS if change.regel.startswith("ersattare.") else SICK_PAY


@dataclass(frozen=True)
class Base:
    """Twelve months before any change: outturn as far as it is known, then what is expected.

    Arrays are (group, month). `mix` is how the unit's sick hours of twelve months lie: days 1-14 and 60 days or more.
    """

    ar: int
    groups: tuple[str, ...]
    avtalad: np.ndarray
    sick: SickHours
    mix: tuple[float, float]
    expected: str  # how the months after the last known one were filled


def base_year(frame: pd.DataFrame, ar: int, known: int, level: float = 0.0) -> Base | None:
    """A unit's year: the months known, then each group's same month last year.

        sick = avtalad last year * (its ratio last year + level), level in percentage points
        a group or month without last year: the mean of the year's months so far

    Parameters
    ----------
    frame : hours by group and month (`hours.by_group_and_month`), at least one month
    known : how many months of the year are outturn, 0-12

    Returns
    -------
    None where a month has no hours and there is nothing to fill it from.
    """
    names = ["avtalad_tid_h", "sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h"]
    start = ar * 12
    window = frame[frame["nr"].between(start - 12, start + known - 1)]
    groups = tuple(dict.fromkeys(window["grupp"]))
    if not groups:
        return None
    months = pd.RangeIndex(start - 12, start + 12)
    places = pd.MultiIndex.from_product([groups, months])
    by_place = window.set_index(["grupp", "nr"])
    table = [by_place[name].reindex(places).to_numpy(float).reshape(len(groups), len(months)) for name in names]
    before, year = np.split(np.array(table), 2, axis=2)
    there = ~np.isnan(year[0, :, :known])
    running = there[:, -1] if known else ~np.isnan(before[0, :, -1])
    expected = before.copy()
    expected[1] += level / 100 * before[0]
    so_far = _mean_so_far(year[:, :, :known])
    lacks = np.isnan(expected[0]) & running[:, None]
    expected = np.where(lacks, so_far[:, :, None], expected)
    expected[:, ~running] = np.nan  # a group that is no more
    filled = np.concatenate([year[:, :, :known], expected[:, :, known:]], axis=2)
    if np.isnan(filled[0]).all(axis=0).any():
        return None
    nobody = np.isnan(filled[0])  # a part of the sick hours that is unknown stays so
    avtalad, sjuk, short, long = np.where(nobody, 0.0, filled)
    long = np.minimum(long, sjuk - short)  # a source may count a long spell's first days in both
    how = AS_SO_FAR if lacks[:, known:].any() else "samma månader i fjol"
    return Base(ar, groups, avtalad, SickHours(sjuk, short, long), _mix(window, start + known), how)


def _mean_so_far(year: np.ndarray) -> np.ndarray:
    """The mean month of each group this year; NaN for one that has none."""
    counts = (~np.isnan(year)).sum(axis=2)
    return np.where(counts > 0, np.nansum(year, axis=2) / np.maximum(counts, 1), np.nan)


def _mix(window: pd.DataFrame, end: int) -> tuple[float, float]:
    """How the unit's sick hours of the last twelve months lie; all in days 1-14 where nobody has been ill."""
    year = window[window["nr"] >= end - 12]
    total, short, long = year[["sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h"]].sum(skipna=False)
    return (float(short / total), float(long / total)) if total else (1.0, 0.0)


@dataclass(frozen=True)
class World:
    """The year under a scenario: points of sick leave added by group and span, and the rates in force in each.

    A span is a month, cut where a change or a rule's value begins or ends. `points_full` and `rates_full` are those of
    31 December.
    """

    base: Base
    spans: tuple[Span, ...]
    points: np.ndarray
    points_full: np.ndarray
    rates: tuple[Rates, ...]
    rates_full: Rates

    @cached_property
    def month(self) -> np.ndarray:
        return np.array([span.start.month - 1 for span in self.spans])

    @cached_property
    def share(self) -> np.ndarray:
        return np.array([span.share for span in self.spans])

    @cached_property
    def added(self) -> np.ndarray:
        """Sick hours that the scenario adds, by group and month."""
        by_span = self.points / 100 * self.base.avtalad[:, self.month] * self.share
        return _by_month(by_span, self.month)

    @cached_property
    def sick(self) -> SickHours:
        """Sick hours by group and month under the scenario."""
        return SickHours(*more(self.base.sick.parts, self.added, self.base.mix))

    @cached_property
    def by_month(self) -> dict[str, np.ndarray]:
        """Kronor by cost line, each (group, month); NaN where a rule is missing."""
        lines: dict[str, list[np.ndarray]] = {}
        sick = self._by_span()
        for place, rates in enumerate(self.rates):
            one = SickHours(*(part[:, place] for part in sick.parts))
            for name, kr in costs(one, rates).items():
                lines.setdefault(name, []).append(kr)
        return {name: _by_month(np.array(kr).T, self.month) for name, kr in lines.items()}

    def _by_span(self) -> SickHours:
        hours = self.points / 100 * self.base.avtalad[:, self.month] * self.share
        before = (part[:, self.month] * self.share for part in self.base.sick.parts)
        return SickHours(*more(before, hours, self.base.mix))

    @cached_property
    def full_year(self) -> dict[str, float]:
        """Kronor by cost line of twelve months at what is in force on 31 December, the unit as a whole."""
        hours = self.points_full / 100 * self.base.avtalad.sum(axis=1)
        year = SickHours(*more((part.sum(axis=1) for part in self.base.sick.parts), hours, self.base.mix))
        return {name: float(kr.sum()) for name, kr in costs(year, self.rates_full).items()}


def more(before: Iterable, added: np.ndarray, mix: tuple[float, float]) -> list[Any]:
    """Sick hours, days 1-14 and 60 days or more with what is added, which lies as the unit's sick hours do.

    Where nothing is added each part stays as it was, also where it is not known how the unit's hours lie.

    >>> more([10.0, 4.0], np.array([0.0, 2.0]), (float("nan"), 0.5))[1].tolist()
    [4.0, nan]
    """
    weights = (1.0, *mix)
    return [part + np.where(added != 0, weight * added, 0.0) for part, weight in zip(before, weights, strict=False)]


def _by_month(by_span: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Columns by span summed into twelve months."""
    found = np.zeros((by_span.shape[0], 12))
    for place in range(12):
        found[:, place] = by_span[:, month == place].sum(axis=1)
    return found


def cut_spans(ar: int, changes: Iterable[NumberedChange], rules: Rules) -> tuple[Span, ...]:
    """The year's months, cut where a change of this topic, or a value of a rule that it reads, begins or ends."""
    own = [numbered.change for numbered in changes if TOPIC.touches(numbered.change)]
    series = [its for key, its in rules.series.items() if key.startswith(TOPIC.rules)]
    dated = [(value.fran, value.till) for its in series for value in its]
    return tuple(spans(ar, turns(ar, [*dated, *((change.starts, change.ends) for change in own)])))


def added_points(base: Base, year: Sequence[Span], changes: Iterable[NumberedChange], enhet: str) -> np.ndarray:
    """Percentage points of sick leave that changes add, by group and span."""
    points = np.zeros((len(base.groups), len(year)))
    for numbered in changes:
        change = numbered.change
        if change.typ == "sjukfranvaro" and (change.enhet or enhet) == enhet:
            inside = np.array([span.share_inside(change.fran, change.till) for span in year])
            points += np.outer(chosen(base.groups, change.grupp), change.procentenheter * inside)
    return points


def full_points(base: Base, changes: Iterable[NumberedChange], enhet: str) -> np.ndarray:
    """The points in force on 31 December, by group."""
    end = last_day(base.ar)
    return added_points(base, [Span(end, end)], changes, enhet)[:, 0]


def chosen(groups: Sequence[str], grupp: str) -> np.ndarray:
    """Which groups a change or a dial means: one by its name, or everyone.

    >>> chosen(["A", "B"], "alla").tolist(), chosen(["A", "B"], "b").tolist()
    ([True, True], [False, True])
    """
    name = grupp.casefold()
    return np.array([name in (EVERYONE, group.casefold()) for group in groups], dtype=bool)
