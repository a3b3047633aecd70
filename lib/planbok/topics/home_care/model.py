"""The arithmetic of home care and care homes: tables and numbers in, tables and numbers out."""

import numpy as np
import pandas as pd

from planbok.base.periods import days_in_month

HOME, HOMES = "hemtjanst", "vobo"
DAY, NIGHT, ALARM = "dag", "natt", "larm"
CELL = ["effekt", "slag", "omrade", "regi"]
HOURS = ("beviljade_h", "bestallda_h", "utforda_h")
PAID = {"utford": HOURS[::-1], "bestalld": HOURS[1::-1], "beviljad": HOURS[:1]}
CAUSES = ("volym", "slag", "timmar", "pris")


def share_percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Per cent of one in the other; unknown where either is, or the whole is 0.

    >>> share_percent(pd.Series([90.0, 5.0, 0.4]), pd.Series([100.0, 0.0, 0.5])).tolist()
    [90.0, nan, 80.0]
    """
    return 100 * part / whole.where(whole > 0)


def flagged(percent: pd.Series, limit: float) -> pd.Series:
    """Whether per cent of a whole is at least `limit` from 100; an unknown one is not.

    >>> flagged(pd.Series([90.0, 95.0, 95.1, 110.0, np.nan]), 5).tolist()
    [True, True, False, True, False]
    """
    return (percent - 100).abs() >= limit


def remainder(people: float, *groups: float) -> float:
    """People in none of some groups, only where the groups do not overlap and all of them are counted in people.

    >>> remainder(2610, 1443, 49, 548)
    570
    """
    return people - sum(groups)


def month_days(manad: pd.Series) -> pd.Series:
    """Days of each month.

    >>> month_days(pd.Series(["2024-02", "2023-02"])).tolist()
    [29.0, 28.0]
    """
    days = {month: days_in_month(*map(int, month.split("-"))) for month in manad.unique()}
    return manad.map(days).astype(float)


def full_months(dygn: pd.Series, manad: pd.Series) -> pd.Series:
    """Full months in a care home: days / days of the month.

    >>> full_months(pd.Series([31.0, 29.0]), pd.Series(["2024-01", "2024-02"])).tolist()
    [1.0, 1.0]
    """
    return dygn / month_days(manad)


def home_rows(rows: pd.DataFrame, paid: str, nights: float) -> pd.DataFrame:
    """Home care as cases and what is paid of each row: CELL, manad, antal, mangd.

        mangd = hours (day), cases * insatser a night * days (night), cases (alarm)

    A row that does not say when the care is given is of the day.

    Parameters
    ----------
    paid : a key of PAID: which hours are paid, the first that the row has
    """
    kind = rows["tidsslag"].where(rows["tidsslag"].ne(""), DAY)
    hours = rows[list(PAID[paid])].bfill(axis=1).iloc[:, 0]
    visits = rows["arenden"] * nights * month_days(rows["manad"])
    found = {"slag": kind, "omrade": rows["omrade"], "regi": rows["regi"], "manad": rows["manad"]}
    mangd = np.select([kind == NIGHT, kind == ALARM], [visits, rows["arenden"]], hours)
    return pd.DataFrame({"effekt": HOME, **found, "antal": rows["arenden"], "mangd": mangd, "eget": np.nan})


def care_home_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Care homes as full months and days of each row; `eget` is the stated cost of a day, NaN where none is stated."""
    days = rows["dygn"].fillna(rows["helmanader"] * month_days(rows["manad"]))
    found = {"slag": rows["slag"], "omrade": "", "regi": rows["regi"], "manad": rows["manad"]}
    antal, own = full_months(days, rows["manad"]), rows["kr"] / days
    return pd.DataFrame({"effekt": HOMES, **found, "antal": antal, "mangd": days, "eget": own})


def causes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What moved the cost between two years, kr, by effekt: CAUSES, which sum to the difference.

        volym  = change in cases at the earlier mean cost of a case
        slag   = other areas, times of day, kinds of home and management than before, at the earlier costs
        timmar = cases * change in hours (or days) of each * the earlier price
        pris   = hours * change in price

    Parameters
    ----------
    before, after : by CELL with antal (cases times months), mangd, kr; a cell that one lacks is 0 there
    """
    one, two = (side.reindex(before.index.union(after.index), fill_value=0.0) for side in (before, after))
    kr_case, per, price = (  # 0 / 0 is unknown
        (one[of] / one[by]).fillna(two[of] / two[by])
        for of, by in (("kr", "antal"), ("mangd", "antal"), ("kr", "mangd"))
    )
    group = (
        one.index.get_level_values("effekt")
        + "."
        + one.index.get_level_values("slag").where(one.index.get_level_values("effekt") == HOME, "")
    )
    sums = pd.DataFrame({"a": one["antal"], "b": two["antal"], "kr": one["kr"]}).groupby(group).transform("sum")
    mean = (sums["kr"] / sums["a"]).fillna(kr_case)
    volume = (two["antal"] - one["antal"]) * mean
    moved = (two["antal"] - one["antal"]) * kr_case
    hours = (two["mangd"] - two["antal"] * per.fillna(0.0)) * price
    found = pd.DataFrame({"volym": volume, "slag": moved - volume, "timmar": hours})
    found["pris"] = (two["kr"] - one["kr"]) - found.sum(axis=1)
    return found.fillna(0.0).groupby(level="effekt").sum()[list(CAUSES)]


def break_even_hours(kr_full_month: float, kr_per_hour: float) -> float:
    """Hours of home care a month that cost as much as a full month in a care home.

        hours = kr a day * days of the month / kr an hour

    >>> round(break_even_hours(2235 * 30, 485), 1)
    138.2
    """
    return kr_full_month / kr_per_hour
