"""What others than the unit see of who has a decision or waits for one: counted anew when enough have moved.

The months in which persons are counted are those in which the report on granted insatser counts them, so that the two
tell the same. Of an insats' cases the decided and the open ones are those of the month in which they were counted.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.analysis.chains import first_month, month_starts, persons_moved, persons_there
from planbok.case.result import Limits
from planbok.topics.decisions.handling import Stood as StoodCases
from planbok.topics.decisions.handling import handled
from planbok.topics.decisions.officers import Officers, Stood
from planbok.topics.decisions.study import Study


def steady(study: Study, limits: Limits) -> Study:
    """The study with what stands in place of its persons by month and of its cases."""
    kept = study.kept.get(limits.smallest)
    if kept is None:
        done = _cases(_persons(study, limits), limits)
        kept = study.kept[limits.smallest] = {"stood": done.stood, "officers": done.officers}
    return replace(study, **kept)


def _persons(study: Study, limits: Limits) -> Study:
    last = (study.tomorrow.to_period("M") - 1).strftime("%Y-%m")  # the last month that has ended
    count = len(pd.period_range(first_month(study.rows), last, freq="M"))
    officers = study.officers
    if count < 1:
        stood = Stood(officers.months.iloc[:0], last, np.nan)
        return replace(study, officers=replace(officers, stood=stood))
    starts = month_starts(last, count)
    there = persons_there(study.rows, study.chains, starts)
    at = limits.standing(persons_moved(there), np.zeros((count, 1), bool))[:, 0]
    counted = np.flatnonzero(at == np.arange(count))
    names = pd.Series(starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(str)[counted])
    place = dict(zip(names, counted, strict=True))
    months = officers.months[officers.months["manad"].isin(names)]
    own = [place[manad] for manad in months["manad"]]
    months = months.assign(personer=there[own].sum(axis=1), vilka=list(there[own])).reset_index(drop=True)
    stood = Stood(months, names.iloc[-1], float(there[counted[-1]].sum()))
    then = Officers.of(study.tables, study.rows, pd.Period(stood.manad).end_time.normalize()).working
    theirs = officers.working["handlaggare"].map(then.set_index("handlaggare")["oppna"])
    working = officers.working.assign(oppna=theirs)
    return replace(study, officers=replace(officers, stood=stood, working=working))


def _cases(study: Study, limits: Limits) -> Study:
    """With each insats' decided cases, and its open ones, as they were when enough had come or been decided."""
    if "arenden" not in study.tables or study.tables["arenden"].empty:
        return study
    table, most = study.tables["arenden"], study.rule("handlaggning_dagar")
    last = study.tomorrow.to_period("M") - 1
    this_year = pd.period_range(f"{study.ar - 1}-12", last, freq="M")
    every = pd.period_range(min(table["ansokan"].min().to_period("M"), this_year[0]), last, freq="M")
    found, few = [], set()
    counted: dict[str, tuple[pd.Timestamp | None, pd.Timestamp]] = {}
    for insats, own in table.groupby("insats"):
        decided = _stands_at(limits, own[["beslutsdatum"]], this_year)
        waits = _stands_at(limits, own[["ansokan", "beslutsdatum"]], every)
        ends = [month.end_time.normalize() for month in (decided, waits)]
        done, still = (handled(own, study.year_start, end, most) for end in ends)
        if decided == this_year[0] and own["beslutsdatum"].between(study.year_start, study.day).any():
            few.add(str(insats))
        found += [done[done["klar"]], still[~still["klar"]]]
        counted[str(insats)] = (ends[0] if decided > this_year[0] else None, ends[1])
    later = (table["ansokan"] + pd.DateOffset(years=1)).rename(
        "sedan"
    )  # when it is no longer of the last twelve months
    came = _stands_at(limits, pd.concat([table["ansokan"], later], axis=1), every).end_time.normalize()
    return replace(study, stood=StoodCases(pd.concat(found), frozenset(few), counted, came))


def _stands_at(limits: Limits, days: pd.DataFrame, months: pd.PeriodIndex) -> pd.Period:
    """The last of some months in which what the days move was counted."""
    place = np.column_stack([months.get_indexer(days[name].dt.to_period("M")) for name in days])
    row, column = np.nonzero(place >= 1)
    moved = np.column_stack([place[row, column], np.zeros_like(row), row])
    return months[limits.standing(moved, np.zeros((len(months), 1), bool))[-1, 0]]
