"""The forms of kronor on a budget row, which several topics have: amounts, measures, judgements."""

from collections.abc import Sequence
from datetime import date

from planbok.explore import kit
from planbok.explore.dial import Dial
from planbok.explore.forms import Form, size_dial

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
