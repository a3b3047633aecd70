"""What can't be right in the table of assistance hours, beyond its form: each faulty row is named, all at once."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.topics.assistance.model import HALF, periods

KEY = ["enhet", "grupp", "insats", "manad", "regi", "tidsslag"]


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every row of every unit that can't be right; faults of form are left to the reader of the table."""
    read = every_row(collection, "assistanstimmar")
    return list(hour_faults(*read)) if read else []


def hour_faults(rows: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Claims above what the hours are worth, claims before the month is over, and periods that are none."""
    place, claimed = periods(rows), rows["begart_kr"]
    month_after = pd.PeriodIndex(rows["manad"], freq="M").to_timestamp() + pd.offsets.MonthBegin()
    stated = rows["period"].fillna("") != ""
    long = place["sista"] - place["forsta"] + 1
    outside = (place["nr"] < place["forsta"]) | (place["nr"] > place["sista"])
    granted = rows["fk_h"].fillna(0.0) + rows["lss_9_2_h"].fillna(0.0)
    wrong = {
        "begart_kr": (
            claimed > rows["ersattning_kr"] + 1,
            "mer är begärt än månadens timmar är värda (ersattning_kr).",
        ),
        "begard": (rows["begard"] < month_after, "begärd innan månaden är slut. Rätta datumet eller månaden."),
        "period": (stated & ((long < 1) | (long > HALF)), f"perioden ska vara 1–{HALF} månader, den första först."),
        "manad": (stated & outside, "månaden ligger utanför period."),
        "lss_9_2_h": (granted > rows["beviljade_h"] + 0.5, "fk_h och lss_9_2_h är tillsammans mer än beviljade_h."),
    }
    for column, (found, text) in wrong.items():
        for row in np.flatnonzero(found.to_numpy()):
            yield Fault("tabell", file, int(rows["_rad"].iloc[row]), column, text, "cannot_be")
    yield from _two_bases(rows, file)


def _two_bases(rows: pd.DataFrame, file: str) -> Iterator[Fault]:
    """A group's hours of a month that stand both with a granted period and without: they would be counted twice."""
    keyed = rows[KEY].fillna("").apply("\x1f".join, axis=1)
    both = rows["period"].fillna("").ne("").groupby(keyed).transform("nunique") > 1
    text = "gruppens timmar står både med och utan period samma månad, och skulle räknas två gånger. Behåll den ena."
    for row in np.flatnonzero(both.to_numpy()):
        yield Fault("tabell", file, int(rows["_rad"].iloc[row]), "period", text, "two_bases")
