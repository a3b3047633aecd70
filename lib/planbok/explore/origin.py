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
from planbok.report.derivation_html import anchor, panels, said
from planbok.report.handover import came_from

ASK = "Visar rader, regler och förändringar bakom varje nyckeltal. Det går också att klicka på ett streckat tal."
WITH, WITHOUT, OPENED = "med", "utan", "overst"
OF = {WITH: "med reglagen", WITHOUT: "utan reglagen", OPENED: "svaret överst"}
TOTAL, TITLED = "tabell-", "tabell:"  # before a table's name, or its caption: the panel of its totals
ABOUT = {
    WITH: "Gäller det som står på reglagen.",
    WITHOUT: "Gäller utan reglagen.",
    OPENED: "Gäller svaret överst.",
}
LESS = "-"  # between what a difference is of and what it is against: "med-utan nettokostnad_mnkr"
ALONE = "Talet räknas av nyckeltalen nedan och står inte för sig i rapporten."
ESCAPE = " Esc går tillbaka till talet."
# columns of a table without the dials, with them, and the difference
COLUMNS = {"bas": WITHOUT, "prov": WITH, "skillnad": f"{WITH}{LESS}{WITHOUT}"}


def came_of(table: Table) -> dict[tuple[int, str], str]:
    """The cells of a table whose column `nyckel` says which key figure each row is.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"nyckel": ["netto_kr", ""], "prov": [1.0, 2.0]})
    >>> came_of(Table("prova", "Prov", frame, ()))
    {(0, 'prov'): 'med netto_kr'}
    >>> came_of(Table("prova", "Prov", frame.assign(skillnad=1.0), ()))[0, "skillnad"]
    'med-utan netto_kr'
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
        if not self._know(which):
            return False
        self.note.value = kit.status(ABOUT[which])
        self.result.value = str(Markup("").join(panels(self.known[which])))
        return True

    def _know(self, which: str) -> bool:
        """Works out what is not known yet; says why where it can't be."""
        try:
            if which not in self.known:
                case, whole = self.found(which)
                self.known[which] = came_from(case, seen(case, whole))
        except MissingValueError as error:
            self.note.value = kit.alert(f"Det kan inte räknas fram: {error.reason}.")
        except InputError as error:
            self.note.value = kit.alert(format_faults(error.faults))
        return which in self.known

    def ask(self, came: str) -> None:
        """Shows the panels and unfolds that of one number.

        `came` is "med nettokostnad_mnkr", for a difference "med-utan nettokostnad_mnkr", and for the total of a table
        "med tabell-budget", or by its caption "overst tabell:Budget 2016".
        """
        whose, _, name = came.partition(" ")
        which, _, against = whose.partition(LESS)
        if not {which, against or which} <= set(ABOUT) or (against and not self._know(against)) or not self.show(which):
            return
        if not name:
            return
        name = self._name(which, name)
        if self._entry(which, name) is None:
            self.note.value = kit.status(ALONE)
            return
        about = self._difference(which, against, name) if against else ABOUT[which]
        self.note.value = kit.status(about + ESCAPE)
        self.result.opened, self.result.turn = anchor(name), self.result.turn + 1

    def _name(self, which: str, name: str) -> str:
        """The name of a figure or of a table's totals; of a caption that is one table's only, the table's."""
        if not name.startswith(TITLED):
            return name
        titled = [key for key, entry in self.known[which]["totaler"].items() if TITLED + entry["titel"] == name]
        return TOTAL + titled[0] if len(titled) == 1 else name

    def _entry(self, which: str, name: str) -> Mapping[str, Any] | None:
        """What is known of a key figure, or of a table's totals."""
        known: Mapping[str, Any] = self.known[which]
        if name.startswith(TOTAL):
            return known["totaler"].get(name.removeprefix(TOTAL))
        return known["nyckeltal"].get(name)

    def _difference(self, which: str, against: str, name: str) -> str:
        """What a difference is of: the figure as it is below, less what it is without."""
        now, before = self._entry(which, name), self._entry(against, name)
        values = " minus ".join(f"{said(entry)} ({OF[of]})" for entry, of in ((now, which), (before, against)) if entry)
        return f"Skillnaden är {values}. Nedan står {OF[which]}."

    def moved(self) -> None:
        """The dials have moved: what is shown is no longer of what stands on them."""
        self.known.pop(WITH, None)
        if self.result.value:
            self.result.value = ""
            self.note.value = kit.status("Reglagen har flyttats: visa igen.")

    def widget(self) -> widgets.Widget:
        row = [kit.button("Visa varifrån talen kommer", lambda: self.ask(WITH), primary=True)]
        return widgets.VBox([kit.line(ASK), widgets.HBox(row), self.note, self.result])
