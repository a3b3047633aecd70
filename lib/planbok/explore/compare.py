"""Saved scenarios side by side: a table, a figure and the bridge of each."""

import ipywidgets as widgets
import plotly.graph_objects as go

from planbok.base.errors import InputError, format_faults
from planbok.explore import kit
from planbok.explore.board import Board, Compared
from planbok.explore.figures import drawn
from planbok.explore.state import load
from planbok.inputs.scenario.load import BASELINE, scenario_ids
from planbok.report import table as tables

MOST = 4
HALF = widgets.Layout(flex="1 1 30rem", min_width="20rem")


class Compare:
    """Several scenarios picked from those that are saved."""

    def __init__(self, board: Board):
        self.topic = board.topic
        self.choice = kit.several("Scenarier", self._ids())
        self.note, self.result = widgets.HTML(), widgets.VBox()

    def _ids(self) -> list[str]:
        return [name for name in scenario_ids(self.topic.case.sources.folders) if name != BASELINE]

    def renew(self) -> None:
        """Offers the scenarios that there are now."""
        chosen, ids = self.choice.value, self._ids()
        self.choice.control.options = ids
        self.choice.value = tuple(name for name in chosen if name in ids)

    def compare(self) -> None:
        """Shows those picked; one that can't be used here is named with its faults, and the others are shown."""
        names = self.choice.value
        if not 1 <= len(names) <= MOST:
            self.note.value = kit.alert(f"Välj ett till {MOST} scenarier i listan.")
            return
        sound, faults = [], []
        for name in names:
            try:
                scenario = load(self.topic.case, name)
                self.topic.compare([scenario])
                sound.append(scenario)
            except InputError as error:
                faults += error.faults
        self.note.value = kit.alert(format_faults(faults)) if faults else ""
        self.result.children = self._shown(self.topic.compare(sound)) if sound else []

    def _shown(self, compared: Compared) -> list[widgets.Widget]:
        bridges = [
            widgets.VBox([kit.heading(title), _drawn(bridge)], layout=HALF)
            for title, bridge in compared.bridges.items()
        ]
        table = widgets.HTML(tables.render(compared.table))
        return [table, _drawn(compared.figure), widgets.HBox(bridges, layout=kit.WRAP)]

    def widget(self) -> widgets.Widget:
        row = [kit.button("Jämför", self.compare, primary=True), kit.button("Uppdatera listan", self.renew)]
        return widgets.VBox([self.choice, widgets.HBox(row), self.note, self.result])


def _drawn(shown: go.Figure | str) -> widgets.Widget:
    return kit.line(shown) if isinstance(shown, str) else drawn(shown)
