"""What others than the unit see of its faults and missing invoices: counted anew when enough persons' have come.

All are sums since January, so that last month's report and this month's give what came in between: one person's
invoice. The faults of all are counted together with those of each kind and provider, and what is missing by itself.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.base.periods import month_number
from planbok.case.result import Limits
from planbok.topics.control.study import Study


def steady(study: Study, limits: Limits) -> Study:
    """The study to the months in which its sums stand; as it is where too few persons have any."""
    to = (study.ar, study.tom_manad)
    rows, wrong_to = counted(*to, study.rows, study.wrong, limits)
    missing, missing_to = counted(*to, study.missing, study.missing, limits)
    return replace(study, rows=rows, missing=missing, wrong_to=wrong_to, missing_to=missing_to)


def counted(
    ar: int, tom: int, rows: pd.DataFrame, moving: pd.DataFrame, limits: Limits
) -> tuple[pd.DataFrame, int | None]:
    """The rows to the last month in which those that move the sum were counted, with the count (`steg`) of each."""
    at = limits.stands(_month(ar, moving), pd.factorize(moving["person"])[0], np.zeros(tom + 1, bool))
    counted = np.unique(at[at > 0])
    if not len(counted):
        return rows, None
    month = _month(ar, rows)
    rows = rows.assign(steg=np.searchsorted(counted, month))
    return rows[month <= counted[-1]], int(counted[-1])


def _month(ar: int, rows: pd.DataFrame) -> np.ndarray:
    return month_number(rows["manad"]).to_numpy(int) - ar * 12 + 1
