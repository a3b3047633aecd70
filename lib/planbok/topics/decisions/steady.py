"""What others than the unit see of who has a decision or waits for one: counted anew when enough have moved.

The months in which persons are counted are those in which the report on granted insatser counts them, so that the two
tell the same.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.analysis.chains import day_numbers, first_month, month_starts, persons_moved, persons_there
from planbok.analysis.deadlines import waiting_span
from planbok.case.result import Limits, People
from planbok.disclosure.suppress import sum_can_be_safe
from planbok.topics.decisions.cases import stood_cases
from planbok.topics.decisions.handling import StoodOrders, StoodWaits
from planbok.topics.decisions.officers import Officers, StoodPersons
from planbok.topics.decisions.people import NO_PROVIDER, SEPARATOR
from planbok.topics.decisions.study import CONTACT, INTERRUPTED, LATE, PLAN, START, WAITING, Study

STANDS = ("stood", "officers", "waits", "orders")


def steady(study: Study, limits: Limits) -> Study:
    """The study with what stands in place of its persons by month and of its cases."""
    kept = study.kept.get(limits.smallest)
    if kept is None:
        done = _orders(_waits(stood_cases(_persons(study, limits), limits), limits), limits)
        kept = study.kept[limits.smallest] = {name: getattr(done, name) for name in STANDS}
    return replace(study, fewest=limits.smallest, **kept)


def _persons(study: Study, limits: Limits) -> Study:
    last = (study.tomorrow.to_period("M") - 1).strftime("%Y-%m")  # the last month that has ended
    count = len(pd.period_range(first_month(study.rows), last, freq="M"))
    officers = study.officers
    if count < 1:
        stood = StoodPersons(officers.months.iloc[:0], last, np.nan)
        return replace(study, officers=replace(officers, stood=stood))
    starts = month_starts(last, count)
    there = persons_there(study.rows, study.chains, starts)
    at = limits.stands(*persons_moved(there), np.zeros(count, bool))
    counted = np.flatnonzero(at == np.arange(count))
    names = pd.Series(starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(str)[counted])
    place = dict(zip(names, counted, strict=True))
    months = officers.months[officers.months["manad"].isin(names)]
    own = [place[manad] for manad in months["manad"]]
    months = months.assign(personer=there[own].sum(axis=1), vilka=list(there[own])).reset_index(drop=True)
    stood = StoodPersons(months, names.iloc[-1], float(there[counted[-1]].sum()))
    then = Officers.of(study.tables, study.rows, pd.Period(stood.manad).end_time.normalize()).working
    theirs = officers.working["handlaggare"].map(then.set_index("handlaggare")["oppna"])
    working = officers.working.assign(oppna=theirs)
    return replace(study, officers=replace(officers, stood=stood, working=working))


def _waits(study: Study, limits: Limits) -> Study:
    """With what waits as it was when enough had begun or ceased to wait, today and at each quarter's end."""
    first, last = study.rows["beslutsdatum"].min(), study.tomorrow.to_period("M") - 1
    if pd.isna(first) or first.to_period("M") >= last:
        return study
    months = pd.period_range(first.to_period("M"), last, freq="M")
    ends = months.end_time.normalize()
    person, quarters, days = pd.factorize(study.rows["person"])[0], study.quarters.copy(), {}
    few = pd.DataFrame(False, quarters.index, quarters.columns)
    of_quarter = pd.PeriodIndex(quarters.index.str.replace("K", "Q"), freq="Q").asfreq("M", "end")
    place = np.searchsorted(months.end_time, of_quarter.end_time, side="right") - 1
    stopped = _inside(study, INTERRUPTED, ends)
    for kind, inside in ((WAITING, _inside(study, WAITING, ends) & ~stopped), (INTERRUPTED, stopped)):
        month, row = np.nonzero(inside[1:] != inside[:-1])
        at = limits.stands(month + 1, person[row], _unsafe(study, inside, limits.smallest))
        counted = (place >= 0) & (at[place] > 0)
        few[kind] = ~counted & quarters[kind].notna()
        quarters[kind] = quarters[kind].mask(counted & quarters[kind].notna(), inside.sum(axis=1)[at[place]])
        if at[-1] > 0 and quarters[kind].notna().all():
            days[kind] = ends[at[-1]]
    quarters[LATE] = _late(study, limits, quarters[LATE])
    return replace(study, waits=StoodWaits(days, quarters, few))


def _orders(study: Study, limits: Limits) -> Study:
    """With plans, contacts and starts as they were when enough persons' had come or become late."""
    months = pd.period_range(f"{study.ar - 1}-12", study.tomorrow.to_period("M") - 1, freq="M")
    ends, person = months.end_time.normalize(), pd.factorize(study.rows["person"])[0]
    provider, names = pd.factorize(study.rows["utforare"].replace("", NO_PROVIDER))
    found = {}
    for what in (PLAN, CONTACT, START):
        state = study.within_on(what, ends)
        month, row = np.nonzero(state[1:] != state[:-1])
        at = limits.stands(month + 1, person[row], np.zeros(len(ends), bool))
        counts = np.unique(at[at > 0])
        pooled: frozenset = frozenset()
        if what == PLAN and len(counts):
            count = np.searchsorted(counts, month + 1)
            moves = pd.DataFrame({"count": count, "utforare": names[provider[row]], "person": person[row]})
            steps = moves[count < len(counts)].pivot_table("person", "count", "utforare", "nunique", fill_value=0)
            pooled = limits.hidden(People(steps))
        found[what] = StoodOrders(ends[counts[-1]] if len(counts) else None, pooled)
    return replace(study, orders=found)


def _inside(study: Study, kind: str, ends: pd.DatetimeIndex) -> np.ndarray:
    """(month, decision) whether each is not carried out, or is interrupted, at each month's end."""
    rows = study.dated
    since = rows["beslutsdatum"].where(study.chains.begins) if kind == WAITING else rows["avbrott_fran"]
    done = rows["verkstalld"] if kind == WAITING else rows["avbrott_till"]
    start, end = waiting_span(since, done, rows["till"], study.term)
    day = day_numbers(pd.Series(ends))[:, None]
    return (start <= day) & (day < end)


def _unsafe(study: Study, inside: np.ndarray, smallest: int) -> np.ndarray:
    """(month,) whether the sum of those who wait would tell of its parts, and is not shown."""
    part = pd.factorize(study.rows["lagrum"] + SEPARATOR + study.rows["insats"])[0]
    return np.array([not sum_can_be_safe(np.bincount(part[there]), smallest) for there in inside])


def _late(study: Study, limits: Limits, by_quarter: pd.Series) -> pd.Series:
    """What was carried out too late in each quarter, to the last of its months in which it was counted."""
    done, found = study.dated["verkstalld"], by_quarter.copy()
    first = pd.Period(by_quarter.index[0].replace("K", "Q"), freq="Q").start_time
    late = study.late_between(first, study.day)
    rows = pd.DataFrame({"person": pd.factorize(study.rows["person"])[0], "manad": (done.dt.month - 1) % 3 + 1})
    quarter = done.dt.year.astype("Int64").astype(str) + "-K" + done.dt.quarter.astype("Int64").astype(str)
    for name, own in rows[late.to_numpy()].groupby(quarter[late].to_numpy()):
        month = own["manad"].to_numpy(int)
        at = limits.stands(month, own["person"].to_numpy(), np.zeros(4, bool))[-1]
        if at and name in found.index:
            found[name] = float((month <= at).sum())
    return found
