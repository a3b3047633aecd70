"""A line of one's own in the table: an amount on a budget row, under the heading that a person gives it."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from planbok.base.privacy import looks_like_personal_number
from planbok.case.case import Case
from planbok.case.result import said
from planbok.disclosure.door import as_said
from planbok.explore import kit
from planbok.explore.forms import NO_PERSONS, TRIED, Form
from planbok.inputs.scenario.load import Scenario

if TYPE_CHECKING:
    from planbok.explore.board import Board


def own_lines(case: Case, scenario: Scenario) -> dict[int, str]:
    """The heading of each amount of one's own in a scenario, by the change's number: part of its row in the table."""
    own = [n for n in scenario if n.change.typ == "belopp" and n.change.motivering != TRIED["motivering"]]
    return {n.nr: as_said(case, said(f"varav {n.change.motivering}", f"varav {n.change.describe(True)}")) for n in own}


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
