"""Decisions in time: what is not carried out within its months, followed up too late, or expires without a successor.

A date is a day; an empty one is unknown or has not come. All functions take the decisions as the table has them, and a
day on which the state is asked for.
"""

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains, day_numbers

WAITING = "vantar"  # not carried out when its months are over
LATE = "verkstalld_for_sent"  # carried out, after its months


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


def waiting_class(days: pd.Series, limits: list[int]) -> pd.Series:
    """The place of a waiting time among rising limits in days; NaN where it is unknown.

    >>> waiting_class(pd.Series([100.0, 200, 500]), [183, 274, 365]).tolist()
    [0, 1, 3]
    """
    return pd.Series(np.searchsorted(limits, days, side="right"), days.index).where(days.notna())


def follow_up_due(rows: pd.DataFrame, months: pd.Series) -> pd.Series:
    """The last day on which each decision is to be followed up: months after the last time, or its `fran`."""
    since = rows["foljd_upp"].where(rows["foljd_upp"].notna(), rows["fran"])
    due = pd.Series(pd.NaT, rows.index, dtype="datetime64[ns]")
    for number, its in since.groupby(months):
        due.loc[its.index] = months_after(its, int(number))
    return due


def follow_up_overdue(rows: pd.DataFrame, day: pd.Timestamp, months: pd.Series) -> pd.Series:
    """Running decisions whose last day of follow-up has passed.

    Parameters
    ----------
    rows : `fran`, `till`, `foljd_upp`
    months : (decision,) how often its insats is followed up, a rule
    """
    runs = (rows["fran"] <= day) & ~(rows["till"] < day)
    return runs & (follow_up_due(rows, months) < day)


def expiring(rows: pd.DataFrame, found: Chains, day: pd.Timestamp, months: int) -> pd.Series:
    """Decisions that run on a day, end within some months and have no successor in their chain."""
    ends = rows["till"].between(day, day + pd.DateOffset(months=months)) & (rows["fran"] <= day)
    last = day_numbers(rows["till"]) + 1 == found.end[found.of_row]
    return ends & last
