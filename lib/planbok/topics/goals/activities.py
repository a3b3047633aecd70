"""Activities and controls with dates: what has begun, is late and is done on a day, and what is due when."""

from datetime import date

import numpy as np
import pandas as pd

from planbok.base.periods import month_end
from planbok.topics.goals.occasions import STEPS

DONE, STOPPED, LATE, RUNNING, AHEAD = "klar", "avbruten", "försenad", "pågår", "inte börjad"
OVERDUE, MADE, WAITS, LATER = "förfallen", "utförd", "väntar", "gjord senare"
NOT_DONE = "ej_utford"
CHECK_END = "kontrollera slutdatum"


def states(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """How each activity stands on a day, the latest ones first.

        försenad  the last day has passed and the activity was not done by `day`; days = day - till

    Parameters
    ----------
    rows : aktivitet, ar, fran, till (dates), status, klar_datum (a date or NaT)

    Returns
    -------
    The rows with `lage` and `dagar` (0 unless late), sorted by days late and then by last day. An activity that is done
    after the day counts by its dates. One that the plan lets end in January of its own year, though it began in an
    earlier year, is late like any other, and is asked about.

    >>> row = {"aktivitet": "a", "ar": 2016, "fran": pd.Timestamp("2014-01-01"), "till": pd.Timestamp("2016-01-31"),
    ...     "status": "pagar", "klar_datum": pd.NaT}
    >>> states(pd.DataFrame([row]), date(2016, 8, 31))[["lage", "dagar", "fraga"]].values.tolist()
    [['försenad', 213, 'kontrollera slutdatum']]
    >>> later, begun = {"till": pd.Timestamp("2016-06-30")}, {"fran": pd.Timestamp("2016-01-01")}
    >>> states(pd.DataFrame([row | later, row | begun]), date(2016, 8, 31))["fraga"].tolist()
    ['', '']
    """
    lage = _lage(rows, day)
    early = (rows["till"].dt.year == rows["ar"]) & (rows["till"].dt.month == 1) & (rows["fran"].dt.year < rows["ar"])
    found = rows.assign(
        lage=lage,
        dagar=(pd.Timestamp(day) - rows["till"]).dt.days.where(lage == LATE, 0),
        fraga=np.where(early & (lage != DONE) & (lage != STOPPED), CHECK_END, ""),
    )
    return found.sort_values(["dagar", "till"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _lage(rows: pd.DataFrame, day: date) -> np.ndarray:
    """How each activity stands on a day, in one word."""
    now, status = pd.Timestamp(day), rows["status"]
    done = (status == "klar") & (rows["klar_datum"] <= now)
    begun = (rows["fran"] <= now) & (status != "ej_paborjad")
    return np.select([done, status == "avbruten", rows["till"] < now, begun], [DONE, STOPPED, LATE, RUNNING], AHEAD)


def over_the_year(rows: pd.DataFrame, days: list[date]) -> pd.DataFrame:
    """How many activities are done, running, late, ahead and stopped on each day."""
    found = []
    for day in days:
        stands = _lage(rows, day)
        found.append({"dag": day.isoformat(), **{lage: int((stands == lage).sum()) for lage in (DONE, RUNNING, LATE)}})
    return pd.DataFrame(found, columns=["dag", DONE, RUNNING, LATE])


def next_due(intervall: str, senast: date | None, ar: int) -> date:
    """The last day on which a control is to be done next: the end of the interval after the one in which it was done.

    Without a day it is the year's first interval.

    >>> next_due("kvartal", date(2024, 2, 10), 2024).isoformat(), next_due("tertial", None, 2024).isoformat()
    ('2024-06-30', '2024-04-30')
    >>> next_due("ar", date(2023, 11, 2), 2024).isoformat()
    '2024-12-31'
    """
    step = STEPS[intervall]
    number = ar * 12 if senast is None else (senast.year * 12 + senast.month - 1) // step * step + step
    year, month = divmod(number + step - 1, 12)
    return month_end(year, month + 1)


def controls(rows: pd.DataFrame, day: date, first: date) -> pd.DataFrame:
    """Each control with its risk value, when it is due, and whether it is overdue or done since `first`.

        riskvarde = sannolikhet * konsekvens

    A control whose last result is that it was not carried out is due as if it had not been tried. One that was done
    after `day` may have been done before it as well: how it stood then is not known.
    """
    now = pd.Timestamp(day)
    after = rows["senast"] > now
    done = rows["senast"].where((rows["resultat"] != NOT_DONE) & ~after)
    senast = [None if pd.isna(value) else value.date() for value in done]
    found = []
    for row, last, later in zip(rows.to_dict("records"), senast, after, strict=True):
        due = next_due(row["intervall"], last, int(row["ar"]))
        late = not later and due < day
        state = LATER if later else OVERDUE if late else MADE if last is not None and first <= last else WAITS
        said = {"nasta": "" if later else due.isoformat(), "senast_utford": last.isoformat() if last else ""}
        found.append({**row, **said, "riskvarde": row["sannolikhet"] * row["konsekvens"], "lage": state})
    columns = [*rows.columns, "nasta", "senast_utford", "riskvarde", "lage"]
    frame = pd.DataFrame(found, columns=list(dict.fromkeys(columns)))
    return frame.sort_values("riskvarde", ascending=False, kind="stable").reset_index(drop=True)


def matrix(rows: pd.DataFrame, lowest: int, highest: int) -> pd.DataFrame:
    """How many risks there are of each consequence (rows, the highest first) and likelihood (columns)."""
    levels = range(lowest, highest + 1)
    pairs = list(zip(rows["konsekvens"].astype(int), rows["sannolikhet"].astype(int), strict=True))
    found = [{"konsekvens": str(k), **{f"s{s}": pairs.count((k, s)) for s in levels}} for k in reversed(levels)]
    return pd.DataFrame(found)
