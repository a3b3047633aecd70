"""All of "Prova själv": the dials with their answer, and what saves, opens, compares and runs a scenario."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from planbok.base.errors import InputError
from planbok.case.case import Case
from planbok.explore import kit
from planbok.explore.board import Board
from planbok.explore.dial import Keys
from planbok.explore.origin import From
from planbok.explore.panels import Compare, Open, Save
from planbok.explore.running import Run


class Desk:
    """A topic's board and its panels."""

    def __init__(self, board: Board, out: Path | None = None):
        self.board = board
        self.save = Save(board)
        self.open = Open(board, self.save)
        self.compare = Compare(board)
        self.run = Run(board, self.save, out)
        self.came = From(board)
        self.stale = widgets.HTML()
        self.stamps = stamps(board.topic.case)
        board.told.append(self._look_at_files)

    def _look_at_files(self) -> None:
        """Says when a table has been replaced since it was read."""
        now = stamps(self.board.topic.case)
        changed = sorted(name for name, stamp in self.stamps.items() if now.get(name) != stamp)
        text = f"{', '.join(changed)} har ändrats sedan anteckningsboken kördes. Välj Räkna om överst."
        self.stale.value = kit.alert(text) if changed else ""

    def widget(self) -> widgets.Widget:
        parts: dict[str, Any] = {"Spara": self.save, "Öppna": self.open, "Jämför": self.compare, "Kör": self.run}
        parts |= {"Varifrån?": self.came} if self.board.topic.result else {}
        panels = kit.Panels("Scenario", {name: part.widget() for name, part in parts.items()})
        panels.chosen.observe(lambda _: self._renew(), names="value")
        whole = widgets.VBox([Keys(), self.stale, self.board.widget(), panels.chosen, panels.place])
        whole.add_class("planbok-board")
        return whole

    def _renew(self) -> None:
        self.open.renew()
        self.compare.renew()


def explorer_of(build: Callable[[Any], Board]) -> Callable[[Any], widgets.Widget]:
    """A topic's `explorer`: a study on the dials that `build` makes, with what saves, opens, compares and runs."""
    return lambda done: Desk(build(done)).widget()


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
