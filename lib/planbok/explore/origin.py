"""Where the numbers on the board come from: rules, rows and changes, figure by figure."""

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from markupsafe import Markup

from planbok.base.errors import InputError, MissingValueError, format_faults
from planbok.case.case import Case
from planbok.case.result import Result, Table
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.dial import STATIC
from planbok.report.derived import anchor, panels
from planbok.report.handover import came_from

ASK = "Visar rader, regler och förändringar bakom varje nyckeltal. Det går också att klicka på ett streckat tal."
WITH, WITHOUT, OPENED = "med", "utan", "overst"
ABOUT = {
    WITH: "Gäller det som står på reglagen.",
    WITHOUT: "Gäller utan reglagen.",
    OPENED: "Gäller svaret överst.",
}
ESCAPE = " Esc går tillbaka till talet."
COLUMNS = {"bas": WITHOUT, "prov": WITH}  # columns of a table without and with the dials


def came_of(table: Table) -> dict[tuple[int, str], str]:
    """The cells of a table whose column `nyckel` says which key figure each row is.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"nyckel": ["netto_kr", ""], "prov": [1.0, 2.0]})
    >>> came_of(Table("prova", "Prov", frame, ()))
    {(0, 'prov'): 'med netto_kr'}
    """
    if "nyckel" not in table.frame:
        return {}
    return {
        (row, column): f"{which} {key}"
        for row, key in enumerate(table.frame["nyckel"])
        for column, which in COLUMNS.items()
        if key and column in table.frame
    }


class Folded(anywidget.AnyWidget):
    """A folded panel for each figure; with each turn the one named by `opened` is unfolded and gone to."""

    _esm = (STATIC / "origin.js").read_text("utf-8")
    value = traitlets.Unicode().tag(sync=True)
    opened = traitlets.Unicode().tag(sync=True)
    turn = traitlets.Int().tag(sync=True)


class From:
    """Worked out when it is asked for, and once until the dials move.

    `found` gives the case and the whole result for what is asked: with the dials, without them, or as opened.
    """

    def __init__(self, found: Callable[[str], tuple[Case, Result]]):
        self.found = found
        self.note, self.result = widgets.HTML(), Folded()
        self.result.add_class("planbok-from")
        self.known: dict[str, Mapping[str, Any]] = {}

    def show(self, which: str = WITH) -> bool:
        """Every key figure with what it comes of, as the case's audience may see it; whether there is anything."""
        try:
            if which not in self.known:
                case, whole = self.found(which)
                self.known[which] = came_from(case, seen(case, whole))
        except MissingValueError as error:
            self.note.value = kit.alert(f"Det kan inte räknas fram: {error.reason}.")
        except InputError as error:
            self.note.value = kit.alert(format_faults(error.faults))
        else:
            self.note.value = kit.status(ABOUT[which])
            self.result.value = str(Markup("").join(panels(self.known[which])))
        return which in self.known

    def ask(self, came: str) -> None:
        """Shows the panels and unfolds that of one number: "med nettokostnad_mnkr"."""
        which, _, name = came.partition(" ")
        if which not in ABOUT or not self.show(which):
            return
        if not name:
            return
        if name in self.known[which]["nyckeltal"]:
            self.note.value = kit.status(ABOUT[which] + ESCAPE)
            self.result.opened, self.result.turn = anchor(name), self.result.turn + 1
        else:
            self.note.value = kit.status("Talet räknas av nyckeltalen nedan och står inte för sig i rapporten.")

    def moved(self) -> None:
        """The dials have moved: what is shown is no longer of what stands on them."""
        self.known.pop(WITH, None)
        if self.result.value:
            self.result.value = ""
            self.note.value = kit.status("Reglagen har flyttats: visa igen.")

    def widget(self) -> widgets.Widget:
        row = [kit.button("Visa varifrån talen kommer", lambda: self.ask(WITH), primary=True)]
        return widgets.VBox([kit.line(ASK), widgets.HBox(row), self.note, self.result])
