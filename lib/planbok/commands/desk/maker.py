"""Makes the desk's copies while JupyterLab starts and runs: those asked for first, then the rest, one at a time."""

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from math import inf
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from planbok.base.files import written_whole
from planbok.base.workspace import ENV_OUT, notebook_files
from planbok.batch.make import warm
from planbok.batch.make.execute import LAB_ONLY
from planbok.batch.make.processes import FORK, SPAWN, ProcessEndedError, Processes
from planbok.batch.make.shell import language_info, shell
from planbok.commands.desk import copies
from planbok.commands.desk.layout import MARK, copy_of, placeholder
from planbok.commands.desk.place import Desk, settle

AT_ONCE = 2
FILE_RIGHTS = 0o077  # taken away: a copy is its owner's alone
Told = tuple[str, str, bool]  # a copy, "" or why it could not be made, and whether it is made since it was last told of


class Maker:
    """Copies made in processes of their own, and whom to tell when one is there."""

    def __init__(self, desk: Desk, first: Iterable[str]):
        self.desk = desk
        self._pool = Processes(AT_ONCE, FORK or SPAWN, inf)
        wanted = list(dict.fromkeys(first))
        self._waiting = deque([*wanted, *(name for name in copies.names() if name not in wanted)])
        self._running: dict[Future, str] = {}
        self._begun: dict[str, tuple] = {}  # what each copy rests on, as it was when its making began
        self._asked: set[str] = set()  # those that somebody waits for
        self._new: set[str] = set()
        self._known = set(self._waiting)

    def ask(self, name: str) -> Told | None:
        """Asks for a copy: told at once where it is there and nothing has changed since, else by a later `step`."""
        running = name in self._running.values()
        there = not running and name not in self._waiting and self._begun.get(name) == self._now()
        if there or name not in self._known:
            return self._told(name, "")
        self._asked.add(name)
        if not running:
            if name in self._waiting:
                self._waiting.remove(name)
            self._waiting.appendleft(name)
        return None

    def _now(self) -> tuple:
        return copies.stamp(), tuple(self.desk.chosen().items())

    def _told(self, name: str, said: str) -> Told:
        is_new = name in self._new
        self._new.discard(name)
        return name, said, is_new

    def step(self, *others: Any, seconds: float | None = None) -> list[Told]:
        """Starts what can be, waits until a copy is there or one of the others is ready; tells of those asked for."""
        while self._waiting and len(self._running) < (AT_ONCE if self._waiting[0] in self._asked else 1):
            name = self._waiting.popleft()
            self._begun[name] = self._now()
            self._running[self._pool.submit(make, self.desk, name)] = name
        ended = {self._running.pop(made): _said(made) for made in self._pool.step(seconds, *others)}
        for name in filter(ended.get, ended):
            del self._begun[name]
        self._new |= ended.keys()
        asked = [self._told(name, said) for name, said in ended.items() if name in self._asked]
        self._asked -= ended.keys()
        return asked

    def stop(self) -> None:
        """Ends whatever runs; a copy is written whole or not at all."""
        self._pool.shutdown()


def _said(made: Future) -> str:
    """ "" or why a copy could not be made: whatever is wrong with one notebook stops no other."""
    problem = made.exception()
    if isinstance(problem, ProcessEndedError):
        return "Kopian gick inte att göra: processen avslutades."
    return f"Kopian gick inte att göra ({type(problem).__name__})." if problem else made.result()


def make(desk: Desk, name: str) -> str:
    """Makes a copy of a notebook in the desk's folder and executes it there; "" or why it is not there.

    What goes wrong in the notebook stands in the copy, where it would stand when run by hand.
    """
    settle(desk)
    os.environ.pop(ENV_OUT, None)
    os.umask(FILE_RIGHTS)
    os.chdir(desk.folder)
    warm.in_child()
    warm.load()
    notebook, before = copies.notebook_of(name), copies.read_copy(desk, name)
    if notebook is not None and notebook.faults:
        return str(notebook.faults[0])
    values = copies.values_for(desk, notebook, before) if notebook else {}
    rests_on = copies.stamp() if notebook else ""  # the start page shows what changes with every choice
    if rests_on and copies.is_made(before, rests_on, values, notebook):
        return ""
    copy = copy_of(name, nbformat.read(notebook_files()[name], as_version=4), values, before)
    copy.metadata[MARK][copies.RESTS_ON] = rests_on
    execute(copy)
    return _write(copies.path_of(desk, name), copy)


def execute(copy: NotebookNode) -> None:
    """Fills in the outputs of the copy's own cells, until one fails."""
    with shell().in_notebook():
        for cell in copy.cells:
            if cell.cell_type != "code" or MARK not in cell.metadata:
                continue
            if LAB_ONLY in cell.metadata.get("tags", []):
                cell.outputs = [placeholder(cell)]
            elif not shell().run(cell):
                break
    copy.metadata["language_info"] = language_info()


def _write(path: Path, copy: NotebookNode) -> str:
    try:
        with written_whole(path) as beside:
            nbformat.write(copy, beside)
    except OSError as error:
        return f"Kopian av {path.stem} gick inte att skriva ({error.strerror})."
    return ""
