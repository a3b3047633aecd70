"""What decisions and prices make of each month's payments by the day, as they were known after a month."""

from datetime import date, timedelta

import pandas as pd

from planbok.base.periods import last_day, month_end
from planbok.case.case import Case
from planbok.case.topic import MONTH_NUMBERS, Driven
from planbok.inputs.scenario.load import BAS
from planbok.lss.causes import as_known
from planbok.topics.lss_peng.moves import KEY, counted_moves
from planbok.topics.lss_peng.study import worlds

PAID = "ersattning"


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """Payments by the day, month by month: the days and prices of the decisions known at the end of a month.

    A decision that had not ended then goes on; one that had not begun is not known. Decisions without a price, and the
    unit's own homes, whose cost is staff and not a price a day, are in no month.
    """
    ends = [last_day(ar - 1), *(month_end(ar, month) for month in range(1, tom_manad + 1))]
    world = worlds(case, BAS, as_known(case.unit_rows("beslut"), ends[-1]))[-1]
    kr = pd.DataFrame([world.payments.per_month.to_numpy(float)], index=[PAID], columns=MONTH_NUMBERS)
    paid = world.by_day[world.payments.paid].sort_values([*KEY, "fran"])
    spans = [(first + timedelta(days=1), last) for first, last in zip(ends[:-1], ends[1:], strict=True)]
    return Driven(kr, {PAID: moved_by_month(paid, spans)})


def moved_by_month(paid: pd.DataFrame, spans: list[tuple[date, date]]) -> pd.DataFrame:
    """How many persons came, left and changed level in each month, (month, kind)."""
    rows = [counted_moves(paid, first, last) for first, last in spans]
    return pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=["in", "ut", "niva"])
