"""What decisions explain of a year's payments, between what was known on two days: volume, level, price."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.lss.causes import as_known, causes
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.moves import KEY, counted_moves
from planbok.topics.lss_peng.study import worlds
from planbok.topics.lss_peng.worlds import World


def decided(case: Case, known: tuple[date, date]) -> tuple[dict[str, float], dict[str, int]]:
    """The change in the year's payments from the decisions known on one day to those known on a later, kr by cause.

    A decision is known from its first day, its end from its last: until then it is taken to go on. Days only, and only
    those with a price.

    Returns
    -------
    Kronor by cause, from `causes`, and how many persons came, left or changed level in between, by kind.
    """
    rows = case.unit_rows("beslut")
    before, after = (worlds(case, BAS, as_known(rows, day))[-1] for day in known)
    paid = after.by_day[_paid(after)].sort_values([*KEY, "fran"])
    return causes(_paid_by_cell(before), _paid_by_cell(after)), counted_moves(
        paid, known[0] + timedelta(days=1), known[1]
    )


def _paid(world: World) -> np.ndarray:
    """The decisions that are paid by the day, at a known price."""
    return world.payments.paid & ~np.isnan(world.payments.per_decision)


def _paid_by_cell(world: World) -> pd.DataFrame:
    """Days and kronor of the year that are paid, by insats, niva and regi."""
    paid = _paid(world)
    days = model.days(world.by_day[paid], world.prices, world.frame.nightly, world.cell[paid]).sum(axis=1)
    kr = np.bincount(world.cell[paid], world.payments.per_decision[paid], minlength=len(world.cells))
    return pd.DataFrame({"dygn": days, "kr": kr}, index=world.cells)
