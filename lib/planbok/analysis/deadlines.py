"""Decisions in time: what is not carried out within its months, followed up too late, or expires without a successor.

A date is a day; an empty one is unknown or has not come. All functions take the decisions as the table has them, and a
day on which the state is asked for.
"""

import numpy as np
import pandas as pd

from planbok.analysis.chains import OPEN, Chains, day_numbers

STATES = {1: "i_tid", 2: "sen", 3: "utan"}


def months_after(days: pd.Series, months: int) -> pd.Series:
    """The same day some months later, the month's last where it has no such day: when a term of months ends.

    >>> days = pd.Series(pd.to_datetime(["2016-01-04", "2015-11-30"]))
    >>> months_after(days, 3).dt.strftime("%Y-%m-%d").tolist()
    ['2016-04-04', '2016-02-29']
    """
    return days + pd.DateOffset(months=months)


def not_carried_out(rows: pd.DataFrame, day: pd.Timestamp, months: int) -> pd.Series:
    """Decisions that wait on a day although their months are over.

        decided + months < day, not carried out by the day, and not ended before it

    The clock runs from the date of decision, whatever `fran` says; a decision without one is never counted, since
    nothing is known of it. A renewal goes on as before and is carried out on its `fran`: see `carried_out`.

    Parameters
    ----------
    rows : `beslutsdatum`, `verkstalld`, `till`
    months : the term, a rule
    """
    over = months_after(rows["beslutsdatum"], months) < day
    return over & ~(rows["verkstalld"] <= day) & ~(rows["till"] < day)


def carried_out(rows: pd.DataFrame, found: Chains) -> pd.Series:
    """When each decision was carried out: a renewal on its `fran` where no date is given."""
    return rows["verkstalld"].where(rows["verkstalld"].notna() | found.begins, rows["fran"])


def carried_out_late(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, months: int) -> pd.Series:
    """Decisions carried out between two days, both inside, after their months were over."""
    return rows["verkstalld"].between(first, last) & (rows["verkstalld"] > months_after(rows["beslutsdatum"], months))


def interrupted(rows: pd.DataFrame, day: pd.Timestamp, months: int) -> pd.Series:
    """Decisions interrupted on a day for longer than their months: not resumed by it, and not ended before it.

    `avbrott_till` is the day on which the insats is resumed.
    """
    over = months_after(rows["avbrott_fran"], months) < day
    return over & ~(rows["avbrott_till"] <= day) & ~(rows["till"] < day)


def waiting_class(since: pd.Series, day: pd.Timestamp, limits: list[int]) -> pd.Series:
    """How many of some rising limits in months each wait since a day has passed; 0 where the start is unknown.

    >>> since = pd.Series(pd.to_datetime(["2016-01-04", "2015-12-31"]))
    >>> waiting_class(since, pd.Timestamp("2016-07-01"), [6, 9]).tolist()
    [0, 1]
    """
    return sum((months_after(since, months) < day for months in limits), pd.Series(0, since.index))


def follow_up_due(rows: pd.DataFrame, months: pd.Series) -> pd.Series:
    """The last day on which each decision is to be followed up: months after the last time, or its `fran`."""
    since = rows["foljd_upp"].where(rows["foljd_upp"].notna(), rows["fran"])
    due = pd.Series(pd.NaT, rows.index, dtype="datetime64[ns]")
    for number, its in since.groupby(months):
        due.loc[its.index] = months_after(its, int(number))
    return due


def expiring(rows: pd.DataFrame, found: Chains, day: pd.Timestamp, months: int) -> pd.Series:
    """Decisions that run on a day, end within some months and have no successor in their chain."""
    ends = rows["till"].between(day, day + pd.DateOffset(months=months)) & (rows["fran"] <= day)
    last = day_numbers(rows["till"]) + 1 == found.end[found.of_row]
    return ends & last


def stands_on(since: np.ndarray, done: np.ndarray, last: np.ndarray, day: np.ndarray) -> np.ndarray:
    """How what was to be done by a last day stands on a day, or on each of a column of days: a number of `STATES`.

    i_tid   done on the last day or before
    sen     done later, and by the day
    utan    not done by the day, though the last day has passed

    A start whose last day has not passed and that is not done is in none of them, 0; so is one after the day.

    Parameters
    ----------
    since, done, last : the start, when it was done, and the last day, as day numbers
    day : day numbers, one or (day, 1)

    >>> since, done = np.array([0, 0, 0, 0]), np.array([14, 15, OPEN, 61])
    >>> stands_on(since, done, since + 14, np.array([[30], [61]])).tolist()
    [[1, 2, 3, 3], [1, 2, 3, 2]]
    """
    asked, by_then = since <= day, done <= day
    return np.where(asked & by_then, np.where(done > last, 2, 1), 3 * (asked & ~by_then & (last < day)))


def ends_by(rows: pd.DataFrame, found: Chains, day: pd.Timestamp, months: int) -> pd.Series:
    """In which month from a day each decision expires without a successor: 1 for the first, 0 for none of them."""
    within = [expiring(rows, found, day, number) for number in range(1, months + 1)]
    return sum((~part for part in within), pd.Series(1, rows.index)).where(within[-1], 0)


def months_later(days: np.ndarray, months: int) -> np.ndarray:
    """`months_after` of day numbers, many at once; an unknown day (`OPEN`) stays unknown.

    >>> days = np.array(["2015-11-30", "2016-01-04"], "datetime64[D]").astype(np.int64)
    >>> months_later(days, 3).astype("datetime64[D]").astype(str).tolist()
    ['2016-02-29', '2016-04-04']
    """
    known = np.where(days == OPEN, 0, days).astype("datetime64[D]")
    first = known.astype("datetime64[M]")
    of_month = (known - first.astype("datetime64[D]")).astype(np.int64)
    later = first + np.timedelta64(months, "M")
    start, after = (month.astype("datetime64[D]").astype(np.int64) for month in (later, later + np.timedelta64(1, "M")))
    longest = after - start - 1
    return np.where(days == OPEN, OPEN, start + np.minimum(of_month, longest))


def waiting_span(since: pd.Series, done: pd.Series, till: pd.Series, months: int) -> tuple[np.ndarray, np.ndarray]:
    """From which day number each waits, and the first on which it does not; equal if never.

    As `not_carried_out` and `interrupted` have it.

    Parameters
    ----------
    since : the decision, or the interruption; done : carried out, or resumed
    """
    first = months_later(day_numbers(since), months) + 1
    end = np.minimum(day_numbers(done), day_numbers(till) + 1)
    return first, np.where(since.notna(), np.maximum(end, first), first)
