"""What can't be right in the invoices, beyond their form: each faulty row is named, all at once."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planbok.base.errors import Fault
from planbok.case.study import every_row
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection

UNKNOWN = (
    "beslutet finns inte i tabellen beslut för enheten. Rätta det, eller lämna cellen tom om fakturan saknar beslut."
)


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every invoice line of every unit that can't be right; faults of form are left to the reader of the tables."""
    lines, decisions = (every_row(collection, name) for name in ("fakturor", "beslut"))
    return list(line_faults(lines[0], decisions[0], lines[1])) if lines and decisions else []


def line_faults(rows: pd.DataFrame, decisions: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Lines with a decision that their unit does not have; the decision itself is not said."""
    known = pd.MultiIndex.from_frame(decisions[["enhet", "beslut"]])
    named = rows["beslut"].fillna("")
    there = pd.MultiIndex.from_arrays([rows["enhet"], named]).isin(known)
    for place in np.flatnonzero(~there & (named != "").to_numpy()):
        yield Fault("tabell", file, int(rows["_rad"].iloc[place]), "beslut", UNKNOWN, "unknown_decision")
