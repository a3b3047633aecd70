"""How long cases take: from application to decision by insats, and how old the open investigations are."""

from typing import NamedTuple

import numpy as np
import pandas as pd

ALL = "alla"


def handled(
    cases: pd.DataFrame, first: pd.Timestamp, day: pd.Timestamp | pd.Series, limits: dict[str, float]
) -> pd.DataFrame:
    """Cases that were decided between two days or are open on the last, each with its days and whether they are many.

    Parameters
    ----------
    cases : `insats`, `ansokan`, `beslutsdatum`
    day : the last day, of all or of each case
    limits : the most days of an insats, and of `alla` others, rule `handlaggning_dagar`

    Returns
    -------
    DataFrame insats, klar, dagar (to the decision, or to the day), i_tid.
    """
    done = cases["beslutsdatum"].between(first, day)
    is_open = (cases["ansokan"] <= day) & ~(cases["beslutsdatum"] <= day)
    rows = cases[done | is_open]
    days = (rows["beslutsdatum"].where(done, day) - rows["ansokan"]).dt.days
    most = rows["insats"].map(limits).fillna(limits[ALL])
    return pd.DataFrame({"insats": rows["insats"], "klar": done[rows.index], "dagar": days, "i_tid": days <= most})


class StoodCases(NamedTuple):
    """What others than the unit see of its cases: each insats as of the month in which it was last counted.

    rows     as `handled` gives them
    few      insatser of which so few have been decided this year that they are not counted yet
    counted  the months in which an insats' decided cases (None: not yet this year) and open ones were, as month ends
    came     the month's end to which new cases are counted
    step     what days that may be a single case's are rounded to
    together what all insatser are together: as of the months in `sums`, which may be earlier ones
    sums     as `counted`, for the sum of all
    timely   those of whom the share in time is, as of the months `shares`
    shares   as the decided ones of `sums`, for that share
    hides    by people of the result the insatser that are hidden, "" for their sum
    """

    rows: pd.DataFrame
    few: frozenset[str]
    counted: dict[str, tuple[pd.Timestamp | None, pd.Timestamp]]
    came: pd.Timestamp
    step: int
    together: pd.DataFrame
    sums: dict[str, tuple[pd.Timestamp | None, pd.Timestamp]]
    timely: pd.DataFrame
    shares: list[pd.Timestamp]
    hides: dict[str, frozenset]


class StoodWaits(NamedTuple):
    """What others than the unit see of what waits.

    days      on which day each kind was counted; a kind that never was is not there
    quarters  what it was by quarter
    few       where so few have moved by a quarter that it is not counted yet: whatever it is, it is shown as of few
    """

    days: dict[str, pd.Timestamp]
    quarters: pd.DataFrame
    few: pd.DataFrame


class StoodOrders(NamedTuple):
    """What others than the unit see of what is to be done within some days of each start.

    day     the day it was counted; None where so few have moved this year that it is not counted yet
    pooled  providers of whose orders few moved with some count: they are shown together
    """

    day: pd.Timestamp | None
    pooled: frozenset


def summed(found: pd.DataFrame, step: int = 0) -> dict[str, float]:
    """Counts, median, the 90th percentile and the share in time of some cases; NaN where there are none.

    A median of an odd number is one case's days, and so is the 90th percentile of 11 or 21: both are rounded to `step`
    days, if one is given.

    >>> cases = pd.DataFrame({"klar": [True] * 4 + [False], "dagar": [10, 20, 30, 100, 7], "i_tid": [True] * 5})
    >>> {name: round(float(value), 6) for name, value in summed(cases.assign(i_tid=cases["dagar"] <= 90)).items()}
    {'klara': 4.0, 'median': 25.0, 'p90': 79.0, 'i_tid': 75.0, 'oppna': 1.0, 'oppna_median': 7.0, 'aldst': 7.0}
    """
    done, waits = found[found["klar"]], found.loc[~found["klar"], "dagar"]
    days = done["dagar"]
    ranked = {"median": days.median(), "p90": days.quantile(0.9), "oppna_median": waits.median()}
    if step:
        ranked = {
            name: float(step * round(value / step)) if value == value else value for name, value in ranked.items()
        }
    return {
        "klara": len(done),
        "median": ranked["median"],
        "p90": ranked["p90"],
        "i_tid": 100 * done["i_tid"].mean() if len(done) else np.nan,
        "oppna": len(waits),
        "oppna_median": ranked["oppna_median"],
        "aldst": waits.max() if len(waits) else np.nan,
    }
