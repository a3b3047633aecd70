"""Staffing as numbers of people: employees per manager and users per employee."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

PEOPLE = ("brukare", "medarbetare", "arsarbetare")
PER_HEAD = ("brukare_per_medarbetare", "brukare_per_arsarbetare")


def per_head(operations: pd.DataFrame) -> pd.DataFrame:
    """Users per employee and per full-time equivalent, a range where the source gives one.

        lowest = fewest users / most staff, highest = most users / fewest staff

    Parameters
    ----------
    operations : brukare, medarbetare, arsarbetare, each with `_lag` and `_hog`

    Returns
    -------
    DataFrame brukare_per_medarbetare_lag, _hog, brukare_per_arsarbetare_lag, _hog; NaN where either is not stated.

    >>> one = pd.DataFrame({f"{name}_{end}": [value] for name, ends in
    ...     {"brukare": (18, 24), "medarbetare": (7.5, 7.5), "arsarbetare": (np.nan, np.nan)}.items()
    ...     for end, value in zip(("lag", "hog"), ends)})
    >>> per_head(one).round(1).iloc[0].tolist()
    [2.4, 3.2, nan, nan]
    """
    found = {}
    for staff in ("medarbetare", "arsarbetare"):
        low, high = operations[f"{staff}_lag"], operations[f"{staff}_hog"]
        found[f"brukare_per_{staff}_lag"] = operations["brukare_lag"] / high.where(high > 0)
        found[f"brukare_per_{staff}_hog"] = operations["brukare_hog"] / low.where(low > 0)
    return pd.DataFrame(found)


def employees_per_manager(medarbetare: float, chefer: float) -> float:
    """Employees per manager; NaN without managers.

    >>> employees_per_manager(240, 4)
    60.0
    """
    return medarbetare / chefer if chefer > 0 else np.nan


def headcount_finding(parts: Sequence[float], stated: float) -> float:
    """How far the parts' headcount is from the total that the source states: a finding, not an error.

    >>> headcount_finding([65, 5], 67)
    3.0
    """
    return float(sum(parts) - stated)
