"""What moved a cost: volume, level and price, from days and kronor by cell."""

from datetime import date

import pandas as pd

CELL = ["insats", "niva", "regi"]
GROUP = ["insats", "regi"]
VOLUME, LEVEL, PRICE = "volym", "niva", "pris"


def causes(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    """A change of payments as volume, level and price; they sum to it.

    Within each insats and management, with days D, kronor K and the price p = K / D of each level:

        volym = (D after - D before) * K before / D before   (all of K after where there was nothing before)
        pris  = sum over levels of D after * (p after - p before), levels that are there both times
        niva  = K after - K before - volym - pris

    >>> cells = pd.MultiIndex.from_tuples([("boende", "3", "privat"), ("boende", "4", "privat")], names=CELL)
    >>> one = pd.DataFrame({"dygn": [100.0, 0.0], "kr": [1000.0, 0.0]}, index=cells)
    >>> two = pd.DataFrame({"dygn": [60.0, 60.0], "kr": [660.0, 900.0]}, index=cells)
    >>> causes(one, two)
    {'volym': 200.0, 'niva': 300.0, 'pris': 60.0}
    """
    both = before.add_suffix("_0").join(after.add_suffix("_1"), how="outer").fillna(0.0)
    price = [both[f"kr_{t}"] / both[f"dygn_{t}"] for t in (0, 1)]  # NaN where there are no days, nor kronor
    by_price = (both["dygn_1"] * (price[1] - price[0])).fillna(0.0)
    groups = both.assign(pris=by_price).groupby(level=GROUP).sum()
    mean = groups["kr_0"] / groups["dygn_0"]
    volume = ((groups["dygn_1"] - groups["dygn_0"]) * mean).fillna(groups["kr_1"])
    level = groups["kr_1"] - groups["kr_0"] - volume - groups["pris"]
    return {VOLUME: float(volume.sum()), LEVEL: float(level.sum()), PRICE: float(groups["pris"].sum())}


def as_known(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Decisions as they were known on a day: those begun by then, each taken to go on that had not ended."""
    then = pd.Timestamp(day)
    begun = rows[rows["fran"] <= then]
    return begun.assign(till=begun["till"].where(begun["till"] <= then)).reset_index(drop=True)
