"""How many persons have each insats: the same for all reports, so that no report shows what another hides."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_end
from planbok.case.case import Case
from planbok.case.result import People
from planbok.lss.measurement import DAYS_RULE, days_of

YEARS_BACK = 4  # before the report's own year: as far back as any report shows
RUNNING = "2200-01-01"  # after every day that is asked for
WITHOUT = "insatser.utan_beslut"


def by_insats(case: Case) -> People:
    """The persons with a running decision by insats, at each month's end and on each measurement day.

    The same in every report of the year, whichever month or day it shows. Sums that reports show: all insatser, and
    those that have a price by the day.
    """
    rows = case.unit_rows("beslut")
    rows = rows[~rows["insats"].isin(list(_stated(case, WITHOUT)))]
    counts = persons_on(rows, _days(case, rows["till"].min()))
    by_day = frozenset(case.sources.rules.prices.get("insats", ()))
    return People(counts.loc[:, (counts > 0).any()], sums=(by_day,))


def until(people: People, day: date) -> People:
    """The people of `by_insats` as they are known on a day: of later days nothing; at least those of the first."""
    return replace(people, antal=people.antal.iloc[: max(1, sum(one <= day for one in people.antal.index))])


def persons_on(rows: pd.DataFrame, days: list[date]) -> pd.DataFrame:
    """Different persons with a running decision by insats, a row per day.

    >>> rows = pd.DataFrame({"person": ["a", "a", "b"], "insats": ["boende", "boende", "daglig"],
    ...     "fran": pd.to_datetime(["2024-01-01"] * 3), "till": pd.to_datetime(["2024-01-31", None, None])})
    >>> persons_on(rows, [date(2024, 1, 15), date(2023, 1, 1)]).to_numpy().tolist()
    [[1, 1], [0, 0]]
    >>> persons_on(rows, [date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31)]).to_numpy().tolist()
    [[0, 0], [1, 1], [1, 1]]
    >>> persons_on(rows[:1], [date(2024, 1, 31), date(2024, 2, 1)]).to_numpy().tolist()
    [[1], [0]]
    """
    insats, names = pd.factorize(rows["insats"])
    pair, pairs = pd.factorize(pd.factorize(rows["person"])[0] * len(names) + insats)
    code = pairs % max(1, len(names))
    first, last = rows["fran"].to_numpy(), rows["till"].fillna(pd.Timestamp(RUNNING)).to_numpy()
    found = np.zeros((len(days), len(names)), int)
    for place, day in enumerate(np.array(days, "datetime64[ns]")):
        there = np.zeros(len(pairs), bool)
        there[pair[(first <= day) & (last >= day)]] = True
        found[place] = np.bincount(code[there], minlength=len(names))
    return pd.DataFrame(found, index=days, columns=list(names))


def _days(case: Case, ended: pd.Timestamp) -> list[date]:
    """From the first decision that ended, since the table then holds what has ended; at least since last January."""
    before = last_day(case.ar - 2)
    if not pd.isna(ended):
        before = min(before, max(ended.date() - timedelta(days=1), last_day(case.ar - YEARS_BACK - 1)))
    months = [(year, month) for year in range(before.year, case.ar + 1) for month in range(1, 13)]
    measured = _stated(case, DAYS_RULE)
    days = {month_end(year, month) for year, month in months}
    days |= {day for year in (case.ar - 1, case.ar) if measured for day in days_of(measured, year)}
    return sorted(day for day in days if day > before)


def _stated(case: Case, key: str) -> dict[str, str]:
    """A rule as published for the report's year; it says who is protected, so it is no source of the figures."""
    return case.sources.rules.value_or_none(key, date(case.ar, 1, 1)) or {}
