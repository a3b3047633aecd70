"""Kronor on a budget row on the dials of several topics: amounts, measures, judgements and lines of one's own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd

from planbok.case.case import Case
from planbok.case.said import said
from planbok.disclosure.door import as_said
from planbok.explore import kit
from planbok.explore.dial import Dial
from planbok.explore.forms import TRIED, Form, size_dial
from planbok.inputs.scenario.load import Scenario

SIDES = [("Kostnader", "kostnad"), ("Intäkter", "intakt")]
STATES = [("Planerad", "planerad"), ("Beslutad", "beslutad"), ("Verkställd", "verkstalld")]


def amount(rows: Sequence[str], largest: str, ar: int, first: int = 1) -> Form:
    """Kronor a month on a row's cost or revenue."""
    return Form({"typ": "belopp"}, {**_row(rows, largest), **_side(), **_monthly(ar, first)})


def frame(rows: Sequence[str], largest: str, ar: int) -> Form:
    """Kronor a month on the frame that the unit is given."""
    return Form({"typ": "belopp", "sida": "ram"}, {**_row(rows, largest), **_monthly(ar, 1)})


def measure(rows: Sequence[str], largest: str, ar: int, first: int = 1) -> Form:
    """A measure with its name, state and probability; a saving is a negative cost."""
    named = {"namn": kit.words("Namn", "Färre inhyrda")}
    named["namn"].value = "Ny åtgärd"
    controls = {**named, **_row(rows, largest), **_side(), **_monthly(ar, first)}
    controls["status"] = kit.choice("Status", STATES, "planerad")
    controls["sannolikhet_andel"] = Dial("Sannolikhet", "andel", 0.05, 1.0, 0.05, 1.0)
    return Form({"typ": "atgard"}, controls, missing={"sannolikhet_andel": 1.0})


def judgement(rows: Sequence[str], largest: str, ar: int, first: int, made: date) -> Form:
    """The manager's judgement of a row: kronor until the year's end, and the day it was made."""
    controls = {
        **_row(rows, largest),
        **_side(),
        "kr": size_dial("bedomning"),
        "fran": kit.since(ar, first),
        "datum": kit.day("Bedömningens dag", made),
    }
    return Form({"typ": "bedomning"}, controls)


def _row(rows: Sequence[str], largest: str) -> dict[str, kit.Control]:
    return {"budgetrad": kit.choice("Budgetrad", rows, largest)}


def _side() -> dict[str, kit.Control]:
    return {"sida": kit.choice("Sida", SIDES, "kostnad")}


def _monthly(ar: int, first: int) -> dict[str, kit.Control]:
    return {
        "kr_per_manad": size_dial("belopp"),
        "fran": kit.since(ar, first),
        "till": kit.day("Till (om det tar slut)", None),
    }


def with_own_lines(
    case: Case, scenario: Scenario, frame: pd.DataFrame, values: Callable[[int], Mapping[str, float]]
) -> pd.DataFrame:
    """A table by `budgetrad` with each amount of one's own below the row that it is part of.

    `values` gives what stands in the line of the change with a number; its other cells are empty.
    """
    own = [n for n in scenario if n.change.typ == "belopp" and n.change.motivering != TRIED["motivering"]]
    place = {name: row for row, name in enumerate(frame["budgetrad"])}
    lines = [
        {"budgetrad": as_said(case, said(f"varav {n.change.motivering}", f"varav {n.change.describe(True)}"))}
        | dict(values(n.nr))
        for n in own
    ]
    if not lines:
        return frame
    below = pd.DataFrame(lines, index=[place[n.change.budgetrad] for n in own])
    return pd.concat([frame, below]).sort_index(kind="stable").reset_index(drop=True)
