"""The unit's insatser month by month: chains and decisions, counted once and moved by a scenario's persons."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains, month_starts, persons_there, running
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario

FLOWS = ("new", "ended", "renewed", "decided")


@dataclass(frozen=True)
class Counts:
    """What a report says of the series; the last column of insatser is their sum.

    running     (month, insats + 1) what runs; `running_in` the month, ÅÅÅÅ-MM, that each is counted in
    persons     (month,) persons of the unit; `persons_in` the month
    decisions   decisions that run in the last month
    sums        (insats + 1,) by kind what there has been since January; `sums_in` until which month of the year
    ago         (insats + 1,) what ran a year before the last month
    hides       by people of the result the parts that were hidden when what stands was counted
    invented    how many of `running` and of each sum a scenario adds or takes; nothing without one
    """

    running: np.ndarray
    persons: np.ndarray
    decisions: float
    sums: dict[str, np.ndarray]
    ago: np.ndarray
    running_in: np.ndarray
    persons_in: np.ndarray
    sums_in: dict[str, int]
    hides: Mapping[str, frozenset] = field(default_factory=dict)
    invented: Mapping[str, np.ndarray] = field(default_factory=dict)


def with_sum(counts: np.ndarray) -> np.ndarray:
    """Counts by insats, the last axis, and their sum after them."""
    return np.concatenate([counts, counts.sum(axis=-1, keepdims=True)], axis=-1)


@dataclass(frozen=True)
class Series:
    """Counts by month and insats, (month, insats), and persons of the whole unit, (month,).

        running(m) = running(m - 1) + new(m) - ended(m)

    months     as ÅÅÅÅ-MM
    starts     the first day of each month, and of the month after, as day numbers
    renewed    decisions that go on where another of the chain ends
    decisions  decisions that run on the month's last day, beside `running` chains
    hours      granted hours a month of the decisions that run on its last day; NaN where the insats has none
    """

    insatser: list[str]
    months: list[str]
    starts: np.ndarray
    running: np.ndarray
    new: np.ndarray
    ended: np.ndarray
    renewed: np.ndarray
    decisions: np.ndarray
    hours: np.ndarray
    persons: np.ndarray

    @cached_property
    def before(self) -> np.ndarray:
        """Chains that ran on the day before the first month, (insats,)."""
        return self.running[0] - self.new[0] + self.ended[0]

    def since(self, month: str) -> slice:
        """The months from one to the last."""
        return slice(self.months.index(month), None)


def counted(rows: pd.DataFrame, found: Chains, last: str, count: int) -> Series:
    """The series of `count` months up to `last`.

    Parameters
    ----------
    rows : decisions, as `found` has them
    """
    starts = month_starts(last, count)
    months = [str(np.datetime64(int(day), "D"))[:7] for day in starts[:-1]]
    return Series(
        insatser=found.insatser,
        months=months,
        starts=starts,
        running=found.running(starts),
        new=found.new(starts),
        ended=found.ended(starts),
        renewed=found.renewed(starts),
        decisions=found.decisions(starts),
        hours=_hours(rows, found, starts),
        persons=persons_there(rows, found, starts).sum(axis=1),
    )


def _hours(rows: pd.DataFrame, found: Chains, starts: np.ndarray) -> np.ndarray:
    known = rows["timmar_per_manad"].notna().to_numpy()
    kinds = len(found.insatser)
    first, end, code = (part[known] for part in (found.row_first, found.row_end, found.row_code))
    hours = running(first, end, code, starts[1:] - 1, kinds, rows["timmar_per_manad"].to_numpy()[known])
    has = np.bincount(found.row_code[known], minlength=kinds) > 0
    return np.where(has, np.round(hours, 6), np.nan)


def reaches(change: Change, enhet: str) -> bool:
    """Whether a change moves persons of a unit."""
    return change.typ == "volym" and change.enhet in (None, "", enhet)


class TooFewError(Exception):
    """A change takes more from an insats than runs in it."""

    def __init__(self, numbered: NumberedChange, there: float):
        super().__init__()
        self.numbered, self.there = numbered, there


def moved(series: Series, scenario: Scenario, enhet: str) -> Series:
    """The series with the persons that a scenario's `volym` changes add or take, from `fran` to the day after `till`.

    Raises
    ------
    TooFewError
        If more persons are taken than there are.
    """
    for numbered in scenario:
        if reaches(numbered.change, enhet):
            series = _with(series, numbered)
    return series


def _with(series: Series, numbered: NumberedChange) -> Series:
    change = numbered.change
    series = series if change.insats in series.insatser else _widened(series, change.insats)
    place, months = series.insatser.index(change.insats), len(series.months)
    held, come, gone = np.zeros(months), np.zeros(months), np.zeros(months)
    back = [(day_number(change.till) + 1, -change.antal)] if change.till else []
    for day, number in [(day_number(change.fran), change.antal), *back]:
        month = int(np.searchsorted(series.starts, day, side="right")) - 1
        held[max(0, month) :] += number
        if 0 <= month < months:
            come[month] += max(number, 0)
            gone[month] += max(-number, 0)
    here = np.arange(len(series.insatser)) == place
    if (series.running[:, place] + held).min() < 0:
        raise TooFewError(numbered, float(series.running[held != 0, place].min()))
    return replace(
        series,
        running=series.running + np.outer(held, here),
        decisions=series.decisions + np.outer(held, here),
        new=series.new + np.outer(come, here),
        ended=series.ended + np.outer(gone, here),
        persons=series.persons + held,
    )


def _widened(series: Series, insats: str) -> Series:
    """The series with an insats that the unit has no decision on."""
    none = np.zeros((len(series.months), 1))
    return replace(
        series,
        insatser=[*series.insatser, insats],
        running=np.hstack([series.running, none]),
        new=np.hstack([series.new, none]),
        ended=np.hstack([series.ended, none]),
        renewed=np.hstack([series.renewed, none]),
        decisions=np.hstack([series.decisions, none]),
        hours=np.hstack([series.hours, none * np.nan]),
    )


def day_number(day: date) -> int:
    """Days since 1970."""
    return int(np.datetime64(day, "D").astype(np.int64))
