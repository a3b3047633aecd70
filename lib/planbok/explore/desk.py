"""All of "Prova själv": the dials with their answer, and what saves, opens, compares and runs a scenario."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from planbok.base.errors import InputError
from planbok.case.case import Case, Journal
from planbok.case.result import Result
from planbok.explore import kit
from planbok.explore.board import Board
from planbok.explore.dial import Keys
from planbok.explore.forms import DIALS
from planbok.explore.origin import OPENED, WITH, WITHOUT, From
from planbok.explore.panels import Compare, Open, Save
from planbok.explore.running import Run
from planbok.inputs.scenario.load import BAS

FROM = "Varifrån?"


class Desk:
    """A topic's board and its panels."""

    def __init__(self, board: Board, out: Path | None = None):
        self.board = board
        self.save = Save(board)
        self.open = Open(board, self.save)
        self.compare = Compare(board)
        self.run = Run(board, self.save, out)
        self.came = From(self._found)
        board.table.on_asked(self.where_from)
        board.told.append(self.came.moved)
        self.stale = widgets.HTML()
        self.stamps = stamps(board.topic.case)
        board.told.append(self._look_at_files)

    def _look_at_files(self) -> None:
        """Says when a table has been replaced since it was read."""
        now = stamps(self.board.topic.case)
        changed = sorted(name for name, stamp in self.stamps.items() if now.get(name) != stamp)
        text = f"{', '.join(changed)} har ändrats sedan anteckningsboken kördes. Välj Räkna om överst."
        self.stale.value = kit.alert(text) if changed else ""

    def take_over(self, before: "Desk") -> None:
        """Puts on the dials what stood on those before the same was run anew, with notes and what was being saved."""
        was, board = before.board, self.board
        if was.topic.case.parametrar != board.topic.case.parametrar or was.scenario.id != DIALS:
            return
        opened = board.opened
        try:
            board.open(was.scenario)
        except Exception:  # something in it is no longer in the tables
            board.opened = opened
            board.reset()
            self.stale.value = kit.alert(
                "Det som stod på reglagen gick inte att lägga tillbaka: underlaget är ett annat."
            )
            return
        board.opened, board.table.notes = opened, dict(was.table.notes)
        self.save.suggested = before.save.suggested
        for name, field in before.save.fields.items():
            self.save.fields[name].value = field.value
        self.stale.value = kit.status("Det som stod på reglagen ligger kvar. Återställ tar bort det.")

    def _found(self, which: str) -> tuple[Case, Result]:
        """The whole result of a report on the board's topic: with the dials, without them, or as it was opened."""
        topic = self.board.topic
        scenario = {WITH: self.board.scenario, WITHOUT: BAS, OPENED: topic.case.scenario}[which]
        case = replace(topic.case, scenario=scenario, journal=Journal())
        assert topic.result is not None, "only a topic with a result is asked"
        return case, topic.result(topic.verify(case))

    def where_from(self, came: str) -> None:
        """Opens the panel of where numbers come from at one of them."""
        if self.board.topic.result:
            self.panels.chosen.value = FROM
            self.came.ask(came)

    def widget(self) -> widgets.Widget:
        parts: dict[str, Any] = {"Spara": self.save, "Öppna": self.open, "Jämför": self.compare, "Kör": self.run}
        parts |= {FROM: self.came} if self.board.topic.result else {}
        self.panels = kit.Panels("Scenario", {name: part.widget() for name, part in parts.items()})
        self.panels.chosen.observe(lambda _: self._renew(), names="value")
        inside = [Keys(self.where_from), self.stale, self.board.widget(), self.panels.chosen, self.panels.place]
        whole = widgets.VBox(inside)
        whole.add_class("planbok-board")
        return whole

    def _renew(self) -> None:
        self.open.renew()
        self.compare.renew()


Page = dict[str, Desk]  # a notebook's desk as it stands in a page, for the one that takes its place
_page: list[Page] = [{}]  # the page whose cells are run


def turn_to(page: Page) -> None:
    """The cells that are run from now on are a page's: another that is open on the same kernel has its own dials."""
    _page[:] = [page]


def explorer_of(build: Callable[[Any], Board]) -> Callable[[Any], widgets.Widget]:
    """A topic's `explorer`: a study on the dials that `build` makes, with what saves, opens, compares and runs.

    Run anew in a page for the same choices, it has what stood on the dials.
    """

    def explorer(done: Any) -> widgets.Widget:
        desk, page = Desk(build(done)), _page[0]
        notebook = desk.board.topic.case.notebook
        if notebook in page:
            desk.take_over(page[notebook])
        page[notebook] = desk
        return desk.widget()

    return explorer


def stamps(case: Case) -> dict[str, tuple[int, int] | None]:
    """When each table that the case has read was written, and its size; None for one that is gone."""
    collection = case.sources.collection
    found: dict[str, tuple[int, int] | None] = {}
    for name, entry in case.journal.tables.items():
        try:
            state = collection.path(name).stat()
            found[entry["fil"]] = (state.st_mtime_ns, state.st_size)
        except (OSError, InputError):
            found[entry["fil"]] = None
    return found
