"""What can't be right in the tables of home care and care homes, beyond their form: every faulty row, all at once."""

from collections.abc import Iterator

import pandas as pd

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.volume_checks import missing_months, two_bases, where
from planbok.topics.home_care.model import HOME, HOMES, month_days

CELL = ["enhet", "omrade", "manad"]


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Rows of every unit that can't be right; faults of form are left to the reader of the table."""
    found: list[Fault] = []
    for name, check in ((HOME, home_faults), (HOMES, care_home_faults)):
        read = every_row(collection, name)
        found += check(*read) if read else []
    return found


def home_faults(frame: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Hours without cases, more of a manager's decisions than cases, hours on two bases, missing months."""
    over, at = frame["arenden_over_99_h"], frame["arenden_99_h_eller_mer"]
    hours = frame[["beviljade_h", "bestallda_h", "utforda_h"]].max(axis=1)
    text = "{arenden:g} ärenden men timmar. Ange ärendena, eller ta bort raden."
    yield from where(frame, (frame["arenden"] == 0) & (hours > 0), file, "arenden", text)
    text = "{arenden_over_99_h:g} ärenden över gränsen men {arenden_99_h_eller_mer:g} på eller över den. Rätta talen."
    yield from where(frame, over > at, file, "arenden_over_99_h", text)
    text = "fler ärenden på chefsnivå än de {arenden:g} ärendena. Rätta ett av talen."
    yield from where(
        frame, pd.concat([over, at], axis=1).max(axis=1) > frame["arenden"], file, "arenden_99_h_eller_mer", text
    )
    yield from two_bases(frame, CELL, "tidsslag", file)
    yield from two_bases(frame, [*CELL, "tidsslag"], "regi", file)
    yield from missing_months(frame, file)


def care_home_faults(frame: pd.DataFrame, file: str) -> Iterator[Fault]:
    """More full months than the days allow, kinds on two bases, missing months."""
    both = frame["helmanader"] > frame["dygn"] / month_days(frame["manad"])
    text = "{helmanader:g} helmånader men {dygn:g} dygn: fler än dygnen räcker till. Ange ett av dem."
    yield from where(frame, both, file, "helmanader", text)
    text = "kostnad utan dygn. Ange dygnen, eller ta bort raden."
    nothing = frame["dygn"].fillna(frame["helmanader"]).eq(0)
    yield from where(frame, nothing & frame["kr"].gt(0), file, "kr", text)
    yield from two_bases(frame, ["enhet", "manad", "slag"], "regi", file)
    yield from missing_months(frame, file)
