"""What hourly paid, overtime and hired staff cost each month, as it was known after a month."""

import numpy as np
import pandas as pd

from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.study import mean_of_month
from planbok.case.topic import MONTH_NUMBERS, Driven
from planbok.topics.staffing.hours import by_group_and_month
from planbok.topics.staffing.model import KINDS
from planbok.topics.staffing.study import TABLE

EFFEKT, EMPLOYED = "ersattare", "anstallda"
PRICE = "ersattare.kr_per_timme.{}"


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """Hours beside the monthly wage times what such an hour costs, month by month.

        months to date   hours * price
        months ahead     the same month's hours last year * (this year's hours to date / last year's) * price

    The monthly wage goes on evenly and drives nothing. Nothing is said where last year is not there whole.
    """
    frame = by_group_and_month(case.unit_rows(TABLE))
    hours = frame.groupby("nr")[[f"{kind}_h" for kind in KINDS]].sum(skipna=False)
    start = ar * 12
    year = hours.reindex(range(start, start + tom_manad)).to_numpy(float)
    before = hours.reindex(range(start - 12, start)).to_numpy(float)
    if np.isnan(before).any() or np.isnan(year).any():
        return Driven(why=f"bemanning saknar timmar för {ar - 1} eller {ar}")
    last = before[:tom_manad].sum(axis=0)
    pace = np.divide(year.sum(axis=0), last, out=np.ones(len(KINDS)), where=last != 0)
    whole = np.vstack([year, before[tom_manad:] * pace])
    price = [[mean_of_month(case, PRICE.format(kind), month) for kind in KINDS] for month in months(ar, ar)]
    kr = pd.DataFrame([(whole * np.array(price, float)).sum(axis=1)], index=[EFFEKT], columns=MONTH_NUMBERS)
    return Driven(kr, {EFFEKT: _employed(frame, start, tom_manad)})


def _employed(frame: pd.DataFrame, start: int, tom: int) -> pd.DataFrame:
    """How many employees each month's hours are of."""
    count = frame.groupby("nr")[EMPLOYED].sum().reindex(range(start, start + tom), fill_value=0.0)
    return pd.DataFrame({EMPLOYED: count.to_numpy(float)}, index=range(1, tom + 1))
