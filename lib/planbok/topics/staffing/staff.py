"""Staffing as numbers of people: employees per manager, users per employee, and hours with somebody there."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

DAYS_OF_WEEK = ("man", "tis", "ons", "tor", "fre", "lor", "son")
MINUTES = 60
HOURS = 24
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


def roster_hours(roster: dict[str, Sequence[tuple[str, str]]]) -> float:
    """Hours of a week with somebody on duty, of 168; hours that overlap count once.

    A shift is from a time to a time, "00:00" to "24:00". One that ends before it begins goes over midnight, and stands
    for each day that it is given for: that day's hours after it begins and before it ends.

    Weekdays 15.00-9.00 and weekends round the clock:

    >>> week = {day: [("15:00", "09:00")] for day in ("man", "tis", "ons", "tor", "fre")}
    >>> roster_hours({**week, "lor": [("00:00", "24:00")], "son": [("00:00", "24:00")]})
    138.0
    """
    unknown = sorted(set(roster) - set(DAYS_OF_WEEK))
    if unknown:
        raise ValueError(f"unknown days {unknown}: use {', '.join(DAYS_OF_WEEK)}")
    staffed = np.zeros((len(DAYS_OF_WEEK), HOURS * MINUTES), dtype=bool)
    for day, shifts in roster.items():
        row = staffed[DAYS_OF_WEEK.index(day)]
        for start, end in shifts:
            first, last = _minute(start), _minute(end)
            if first < last:
                row[first:last] = True
            else:
                row[first:] = row[:last] = True
    return float(staffed.sum() / MINUTES)


def _minute(time: str) -> int:
    hours, minutes = (int(part) for part in time.split(":"))
    found = hours * MINUTES + minutes
    if not (0 <= minutes < MINUTES and 0 <= found <= HOURS * MINUTES):
        raise ValueError(f"{time} is no time of day")
    return found
