"""Hours against what is granted, claims and their last day, what is not debited, who pays: tables in, tables out."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from planbok.base.periods import month_number

PART = ["grupp", "insats"]
HALF = 6  # months: the longest period that hours are granted for
HOURS = ["beviljade_h", "schemalagda_h", "utforda_h"]


def performed(rows: pd.DataFrame, waiting_share: pd.Series) -> pd.Series:
    """Performed hours, a waiting hour as each row's share of one; unknown where the performed ones are.

    >>> rows = pd.DataFrame({"utforda_h": [100.0, 10.0], "vantetid_h": [8.0, None]})
    >>> performed(rows, pd.Series([0.25, 0.5])).tolist()
    [102.0, 10.0]
    """
    return rows["utforda_h"] + waiting_share * rows["vantetid_h"].fillna(0.0)


def periods(rows: pd.DataFrame) -> pd.DataFrame:
    """The granted period of each row as `forsta` and `sista` (month numbers): as stated, else its half year."""
    number = month_number(rows["manad"])
    half = number - number % HALF
    stated = rows["period"].fillna("").str.extract(r"^(\d{4}-\d{2})/(\d{4}-\d{2})$")
    known = stated.notna().all(axis=1)
    first, last = half.copy(), half + HALF - 1
    first[known], last[known] = month_number(stated.loc[known, 0]), month_number(stated.loc[known, 1])
    return pd.DataFrame({"nr": number, "forsta": first, "sista": last}, index=rows.index)


def accumulated(rows: pd.DataFrame, month: int) -> pd.DataFrame:
    """Hours of each group and insats in the granted period that a month lies in, from its first month to that month.

        schema_mot_beviljat_procent = (scheduled / granted - 1) * 100, over rows that have both

    Parameters
    ----------
    rows : rows of `assistanstimmar`
    month : the month, as a month number
    """
    place = periods(rows)
    within = (place["forsta"] <= month) & (month <= place["sista"]) & (place["nr"] >= place["forsta"])
    rows = rows[within & (place["nr"] <= month)]
    first = place.loc[rows.index, "forsta"]
    sums = rows.assign(forsta=first).groupby(PART, sort=False)
    found = sums[HOURS].sum(min_count=1).assign(forsta=sums["forsta"].min())
    return found.assign(schema_mot_beviljat_procent=deviation(rows, rows[PART])).reset_index()


def deviation(rows: pd.DataFrame, by: pd.DataFrame | None = None) -> pd.Series | float:
    """Per cent by which scheduled hours are more than granted, over rows that have both; NaN without any.

    >>> deviation(pd.DataFrame({"beviljade_h": [1.0, 9.0], "schemalagda_h": [1.1, None]})).item()
    10.0
    >>> deviation(pd.DataFrame({"beviljade_h": [0.0], "schemalagda_h": [44.0]})).item()
    nan
    """
    both = rows[rows["schemalagda_h"].notna() & rows["beviljade_h"].notna()]
    hours = both[["beviljade_h", "schemalagda_h"]]
    sums = hours.groupby([by.loc[both.index, name] for name in by]).sum() if by is not None else hours.sum()
    granted = sums["beviljade_h"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.round(100 * (sums["schemalagda_h"] / np.where(granted > 0, granted, np.nan) - 1), 9)


def claims(rows: pd.DataFrame, price: pd.Series, after: pd.Series, day: pd.Series, seen: pd.Timestamp) -> pd.DataFrame:
    """What each month's hours are worth to claim, and what of it can still be claimed or is lost.

        varde_kr = ersattning_kr, else performed hours * the state's share of what is granted * price
        ej_begart_kr = what has not been claimed and can be until the last day
        forlorat_kr = what was claimed after the last day, or not before it had passed

    The state has granted `fk_h`, or where the row does not say, what the municipality (`lss_9_2_h`) has not granted;
    where only `fk_h` is said the rest is the municipality's.

    Parameters
    ----------
    rows : rows of personlig assistans, with `raknade_h` (performed, waiting counted)
    price : kr per hour of each row, NaN where there is not one price
    after, day : each row's last day is day `day` of the month that many months later
    seen : the day on which the report looks
    """
    state = rows["fk_h"].fillna(rows["beviljade_h"] - rows["lss_9_2_h"].fillna(0.0))
    whole = (rows["fk_h"] + rows["lss_9_2_h"]).fillna(rows["beviljade_h"])
    share = (state / whole.where(whole > 0)).fillna(0.0).clip(0.0, 1.0)  # both may be rounded
    worth = rows["ersattning_kr"].fillna(rows["raknade_h"] * share * price)
    month = pd.PeriodIndex(rows["manad"], freq="M") + after.to_numpy()
    last = pd.Series(month.to_timestamp() + pd.to_timedelta(day.to_numpy() - 1, unit="D"), index=rows.index)
    late = rows["begard"] > last
    in_time = rows["begard"].notna() & ~late
    claimed = rows["begart_kr"].fillna(worth).where(in_time, 0.0)
    rest = (worth - claimed).clip(lower=0.0)
    gone = late | (last < seen)
    found = rows[["grupp", "manad"]].assign(varde_kr=worth, begart_kr=claimed, sista_dag=last)
    return found.assign(ej_begart_kr=rest.mask(gone, 0.0), forlorat_kr=rest.where(gone, 0.0))


def undebited(rows: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    """Performed hours that are not debited, and their price, a row a row that says both.

    Returns
    -------
    The rows with `ej_debiterade_h` and `ej_debiterat_kr`, NaN where there is not one price.

    >>> rows = pd.DataFrame({"utforda_h": [2.0, 2.0, 2.0, 2.0], "debiterade_h": [1.5, 2.0, 3.0, None]})
    >>> undebited(rows, pd.Series([100.0, np.nan, 100.0, 100.0]))["ej_debiterat_kr"].tolist()
    [50.0, 0.0, 0.0]
    """
    both = rows[rows["debiterade_h"].notna() & rows["utforda_h"].notna()]
    hours = (both["utforda_h"] - both["debiterade_h"]).clip(lower=0.0)
    return both.assign(ej_debiterade_h=hours, ej_debiterat_kr=(hours * price.loc[both.index]).where(hours > 0, 0.0))


class Paid(NamedTuple):
    """Who pays a decision in a year, kr."""

    kommunen: float
    staten: float


def paid(h_per_week: float, basic: float, limit: float, price: float, weeks: float) -> Paid:
    """A decision's year: the state pays what is above the first hours of a week, where basic needs are above them.

    >>> paid(25, 20, 20, 332.60, 52), paid(25, 20.5, 20, 332.60, 52)
    (Paid(kommunen=432380.0, staten=0.0), Paid(kommunen=345904.0, staten=86476.0))
    """
    own = min(limit, h_per_week) if basic > limit else h_per_week
    kr = [round(hours * weeks * price, 2) for hours in (own, h_per_week - own)]
    return Paid(*kr)


class OwnRegi(NamedTuple):
    """What it gives to take contracted hours over: kr in the year and a whole year, and the price where it is even."""

    i_ar_kr: float
    helar_kr: float
    jamnt_kr_per_timme: float


def own_regi(h_per_month: float, contract: np.ndarray, own: np.ndarray) -> OwnRegi:
    """Own cost per hour against a contract's, for the months of the year that it lasts and for twelve.

        kr a month = hours * (own - contract)

    Parameters
    ----------
    contract, own : kr an hour in each of those months, and last what they are when the year ends: a whole year's

    >>> own_regi(1000, np.array([390, 400, 410, 410]), np.array([440, 450, 460, 470]))
    OwnRegi(i_ar_kr=150000.0, helar_kr=720000.0, jamnt_kr_per_timme=400.0)
    """
    *months, full = h_per_month * (own - contract)
    return OwnRegi(float(sum(months)), float(12 * full), float(contract[:-1].mean()))
