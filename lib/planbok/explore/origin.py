"""Where the numbers of what stands on the dials come from: rules, rows and changes, figure by figure."""

from dataclasses import replace

import ipywidgets as widgets
from markupsafe import Markup

from planbok.base.errors import InputError, MissingValueError, format_faults
from planbok.case.case import Journal
from planbok.disclosure.door import seen
from planbok.explore import kit
from planbok.explore.board import Board
from planbok.report.derived import panels
from planbok.report.handover import came_from

ASK = "Visar hur varje nyckeltal räknas med det som står på reglagen: rader, regler och förändringar."


class From:
    """Worked out when it is asked for: a whole report's figures, of the scenario on the dials."""

    def __init__(self, board: Board):
        self.board = board
        self.note, self.result = widgets.HTML(), widgets.HTML()
        self.result.add_class("planbok-from")
        board.told.append(self._moved)

    def show(self) -> None:
        """Every key figure with what it comes of, as the case's audience may see it."""
        topic = self.board.topic
        case = replace(topic.case, scenario=self.board.scenario, journal=Journal())
        try:
            done = topic.verify(case)
            result = seen(case, topic.result(done)) if topic.result else None
        except MissingValueError as error:
            self.note.value = kit.alert(f"Det kan inte räknas fram: {error.reason}.")
            return
        except InputError as error:
            self.note.value = kit.alert(format_faults(error.faults))
            return
        if result is not None:
            self.note.value = ""
            self.result.value = str(Markup("").join(panels(came_from(case, result))))

    def _moved(self) -> None:
        if self.result.value:
            self.result.value = ""
            self.note.value = kit.status("Reglagen har flyttats: visa igen.")

    def widget(self) -> widgets.Widget:
        row = [kit.button("Visa varifrån talen kommer", self.show, primary=True)]
        return widgets.VBox([kit.line(ASK), widgets.HBox(row), self.note, self.result])
