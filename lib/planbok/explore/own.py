"""A line of one's own in the table: an amount on a budget row, under the heading that a person gives it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import ipywidgets as widgets
import pandas as pd

from planbok.base.privacy import looks_like_personal_number
from planbok.case.case import Case
from planbok.case.said import said
from planbok.disclosure.door import as_said
from planbok.explore import kit
from planbok.explore.forms import NO_PERSONS, TRIED, Form
from planbok.inputs.scenario.load import Scenario

if TYPE_CHECKING:
    from planbok.explore.board import Board


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


class OwnLine:
    """Asks what the line is called and how large it is; it is then one of the scenario's changes."""

    def __init__(self, board: "Board", form: Form):
        self.board, self.form = board, form
        self.name = kit.words("Rubrik", "Flytt till nya lokaler")
        self.note = widgets.HTML()

    def add(self) -> None:
        """Lays the line in; says what is missing."""
        name, change = " ".join(self.name.value.split()), self.form.change()
        wrong = NO_PERSONS if looks_like_personal_number(name) else "" if name else "Skriv vad raden heter."
        self.name.problem = wrong
        if wrong or not self.form.check():
            return
        if change is None:
            self.note.value = kit.alert("Ange ett belopp som inte är noll.")
            return
        self.board.add({**change, "underlag": "antagande", "motivering": name})
        self.form.clear()
        self.name.value, self.note.value = "", kit.status(f"{name} ligger som egen rad i tabellen.")

    def widget(self) -> widgets.Widget:
        add = kit.button("Lägg till raden", self.add, primary=True)
        inside = widgets.VBox([self.name, *self.form.all_controls.values(), widgets.HBox([add]), self.note])
        inside.add_class("planbok-own")
        return kit.Panels("Rad", {"Egen rad i tabellen": inside})
