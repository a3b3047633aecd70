"""What decisions explain of a year's payments, between what was known on two days: volume, level, price."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.moves import KEY, counted_moves
from planbok.topics.lss_peng.study import worlds
from planbok.topics.lss_peng.worlds import World

GROUP = ["insats", "regi"]
VOLUME, LEVEL, PRICE = "volym", "niva", "pris"


def drivers(case: Case, known: tuple[date, date]) -> tuple[dict[str, float], dict[str, int]]:
    """The change in the year's payments from the decisions known on one day to those known on a later, kr by cause.

    A decision is known from its first day, its end from its last: until then it is taken to go on. Days only, and only
    those with a price.

    Returns
    -------
    Kronor by cause, from `causes`, and how many persons came, left or changed level in between, by kind.
    """
    rows = case.unit_rows("beslut")
    before, after = (worlds(case, BAS, _as_known(rows, day))[-1] for day in known)
    paid = after.by_day[_paid(after)].sort_values([*KEY, "fran"])
    return causes(_paid_by_cell(before), _paid_by_cell(after)), counted_moves(
        paid, known[0] + timedelta(days=1), known[1]
    )


def _as_known(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    then = pd.Timestamp(day)
    begun = rows[rows["fran"] <= then]
    return begun.assign(till=begun["till"].where(begun["till"] <= then))


def _paid(world: World) -> np.ndarray:
    """The decisions that are paid by the day, at a known price."""
    return world.payments.paid & ~np.isnan(world.payments.per_decision)


def _paid_by_cell(world: World) -> pd.DataFrame:
    """Days and kronor of the year that are paid, by insats, niva and regi."""
    paid = _paid(world)
    days = model.days(world.by_day[paid], world.prices, world.frame.nightly, world.cell[paid]).sum(axis=1)
    kr = np.bincount(world.cell[paid], world.payments.per_decision[paid], minlength=len(world.cells))
    return pd.DataFrame({"dygn": days, "kr": kr}, index=world.cells)


def causes(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    """A change of payments as volume, level and price; they sum to it.

    Within each insats and management, with days D, kronor K and the price p = K / D of each level:

        volym = (D after - D before) * K before / D before   (all of K after where there was nothing before)
        pris  = sum over levels of D after * (p after - p before), levels that are there both times
        niva  = K after - K before - volym - pris

    >>> from planbok.topics.lss_peng.decisions import CELL
    >>> cells = pd.MultiIndex.from_tuples([("boende", "3", "privat"), ("boende", "4", "privat")], names=CELL)
    >>> one = pd.DataFrame({"dygn": [100.0, 0.0], "kr": [1000.0, 0.0]}, index=cells)
    >>> two = pd.DataFrame({"dygn": [60.0, 60.0], "kr": [660.0, 900.0]}, index=cells)
    >>> causes(one, two)
    {'volym': 200.0, 'niva': 300.0, 'pris': 60.0}
    """
    both = before.add_suffix("_0").join(after.add_suffix("_1"), how="outer").fillna(0.0)
    price = [both[f"kr_{t}"] / both[f"dygn_{t}"].where(both[f"dygn_{t}"] > 0) for t in (0, 1)]
    by_price = (both["dygn_1"] * (price[1] - price[0])).fillna(0.0)
    groups = both.assign(pris=by_price).groupby(level=GROUP).sum()
    mean = groups["kr_0"] / groups["dygn_0"].where(groups["dygn_0"] > 0)
    volume = ((groups["dygn_1"] - groups["dygn_0"]) * mean).fillna(groups["kr_1"])
    level = groups["kr_1"] - groups["kr_0"] - volume - groups["pris"]
    return {VOLUME: float(volume.sum()), LEVEL: float(level.sum()), PRICE: float(groups["pris"].sum())}
