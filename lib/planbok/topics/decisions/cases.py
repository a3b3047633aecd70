"""What others than the unit see of its cases: each insats as of the month in which enough of its cases had moved.

All insatser together stand by themselves, with what they were when they were counted: where one insats is counted anew
and those that are hidden are not, their sum would tell what it is (`disclosure.settled`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from planbok.case.result import Limits
from planbok.disclosure.settled import settled
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.decisions.handling import StoodCases, handled
from planbok.topics.decisions.people import DONE, DONE_IN_TIME, DONE_LATE, OPEN
from planbok.topics.decisions.study import Study

ALL = {"", TOTAL_ROW}


class _Counted(NamedTuple):
    """When each insats was counted, when each was for the sum of all, and what is hidden, as `StoodCases` has it."""

    each: dict[str, pd.Timestamp]
    whole: dict[str, pd.Timestamp]
    hides: dict[str, frozenset]


def stood_cases(study: Study, limits: Limits) -> Study:
    """With each insats' decided cases, and its open ones, as they were when enough had come or been decided."""
    if "arenden" not in study.tables or study.tables["arenden"].empty:
        return study
    table = study.tables["arenden"]
    last = study.tomorrow.to_period("M") - 1
    year = pd.period_range(f"{study.ar - 1}-12", last, freq="M")
    every = pd.period_range(min(table["ansokan"].min().to_period("M"), year[0]), last, freq="M")
    final = handled(table, study.year_start, last.end_time.normalize(), study.rule("handlaggning_dagar"))
    this_year = table["beslutsdatum"].where(final["klar"].reindex(table.index, fill_value=False))
    in_time = this_year.where(final["i_tid"].reindex(table.index, fill_value=False))
    done, quick = (_by_month(days, table, year) for days in (this_year, in_time))
    open_ = _by_month(table["ansokan"], table, every) - _by_month(table["beslutsdatum"], table, every)
    at = _each_stands_at(limits, table, [table["beslutsdatum"]], year)
    decided = _counted(table, at, year, limits, {DONE: done})
    timely = _counted(table, at, year, limits, {DONE_IN_TIME: quick, DONE_LATE: done - quick})
    at = _each_stands_at(limits, table, [table["ansokan"], table["beslutsdatum"]], every)
    waits = _counted(table, at, every, limits, {OPEN: open_})
    later = table["ansokan"] + pd.DateOffset(years=1)  # no longer of the last twelve months
    came = every[_stands_at(limits, _places([table["ansokan"], later], every), len(every))[-1]]
    not_yet = {name for name, end in decided.each.items() if end < study.year_start}
    stood = StoodCases(
        _as_of(study, decided.each, waits.each),
        frozenset(not_yet & {*table.loc[this_year.notna(), "insats"]}),
        {name: (None if name in not_yet else end, waits.each[name]) for name, end in decided.each.items()},
        came.end_time.normalize(),
        limits.days,
        _as_of(study, decided.whole, waits.whole),
        {name: (None if end < study.year_start else end, waits.whole[name]) for name, end in decided.whole.items()},
        _as_of(study, timely.whole, waits.whole),
        [end for end in timely.whole.values() if end >= study.year_start],
        decided.hides | timely.hides | waits.hides,
    )
    return replace(study, stood=stood)


def _by_month(days: pd.Series, table: pd.DataFrame, months: pd.PeriodIndex) -> np.ndarray:
    """(month, insats) how many of some days there have been, at each month's end."""
    part, names = pd.factorize(table["insats"], sort=True)
    place = _places([days], months)[:, 0]
    found = np.zeros((len(months), len(names)), int)
    np.add.at(found, (place[place >= 0], part[place >= 0]), 1)
    return found.cumsum(axis=0)


def _counted(
    table: pd.DataFrame, at: np.ndarray, months: pd.PeriodIndex, limits: Limits, counts: Mapping[str, np.ndarray]
) -> _Counted:
    """When insatser are counted that stand at some months, and what is hidden of each count of them."""
    names = sorted(table["insats"].unique())
    hidden, when = settled(at, np.stack([*counts.values()]), limits.smallest)
    whole, every = at[when or 0], next(iter(counts.values()))
    not_yet = when is None or (every[-1].any() and not every[whole, np.arange(len(names))].any())
    hides = {
        kind: frozenset(name for name, hide in zip(names, its, strict=True) if hide) | (ALL if not_yet else set())
        for kind, its in zip(counts, hidden, strict=True)
    }
    ends = months.end_time.normalize()
    each, together = (dict(zip(names, ends[its], strict=True)) for its in (at[-1], whole))
    return _Counted(each, together, hides)


def _places(days: list[pd.Series], months: pd.PeriodIndex) -> np.ndarray:
    """(case, day) the place of each day's month among the months; -1 where it is none of them."""
    first = np.datetime64(months[0].start_time, "M").astype(int)
    place = np.column_stack([its.to_numpy().astype("datetime64[M]").astype(int) for its in days]) - first
    return np.where((place >= 0) & (place < len(months)), place, -1)


def _each_stands_at(limits: Limits, table: pd.DataFrame, days: list[pd.Series], months: pd.PeriodIndex) -> np.ndarray:
    """(month, insats) the month in which the cases of each insats that the days move were counted last."""
    place, part = _places(days, months), pd.factorize(table["insats"], sort=True)[0]
    return np.column_stack([_stands_at(limits, place[part == its], len(months)) for its in range(part.max() + 1)])


def _stands_at(limits: Limits, place: np.ndarray, count: int) -> np.ndarray:
    """The month in which what moves in some was counted last, at each month's end."""
    row, column = np.nonzero(place >= 1)
    return limits.stands(place[row, column], row, np.zeros(count, bool))


def _as_of(study: Study, decided: Mapping[str, pd.Timestamp], waits: Mapping[str, pd.Timestamp]) -> pd.DataFrame:
    """Each insats' cases: those that were decided, and those that were open, on a day of each."""
    table, most = study.tables["arenden"], study.rule("handlaggning_dagar")
    done, still = (handled(table, study.year_start, table["insats"].map(end), most) for end in (decided, waits))
    return pd.concat([done[done["klar"]], still[~still["klar"]]]).sort_values("insats", kind="stable")
