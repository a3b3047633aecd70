"""Makes the desk's copies while JupyterLab starts and runs: those asked for first, then the rest, one at a time."""

import os
from collections import deque
from collections.abc import Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from planbok.base.files import written_whole
from planbok.base.workspace import ENV_OUT, notebook_files
from planbok.batch.make import warm
from planbok.batch.make.execute import LAB_ONLY
from planbok.batch.make.processes import FORK, SPAWN
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
        self._context: Any = get_context(FORK or SPAWN)
        wanted = list(dict.fromkeys(first))
        self._waiting = deque([*wanted, *(name for name in copies.names() if name not in wanted)])
        self._running: dict[str, tuple[Any, Connection]] = {}
        self._begun: dict[str, tuple] = {}  # what each copy rests on, as it was when its making began
        self._asked: set[str] = set()  # those that somebody waits for
        self._new: set[str] = set()
        self._known = set(self._waiting)

    def ask(self, name: str) -> Told | None:
        """Asks for a copy: told at once where it is there and nothing has changed since, else by a later `step`."""
        there = name not in self._running and name not in self._waiting and self._begun.get(name) == self._now()
        if there or name not in self._known:
            return self._told(name, "")
        self._asked.add(name)
        if name not in self._running:
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
            self._start(self._waiting.popleft())
        ends = [end for process, answers in self._running.values() for end in (answers, process.sentinel)]
        wait([*others, *ends], seconds)
        ended = dict(filter(None, map(self._ended, list(self._running))))
        self._new |= ended.keys()
        asked = [self._told(name, said) for name, said in ended.items() if name in self._asked]
        self._asked -= ended.keys()
        return asked

    def _start(self, name: str) -> None:
        answers, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_answer, args=(theirs, self.desk, name), daemon=True)
        self._begun[name] = self._now()
        process.start()
        theirs.close()
        self._running[name] = (process, answers)

    def _ended(self, name: str) -> tuple[str, str] | None:
        process, answers = self._running[name]
        alive = process.is_alive()
        if not answers.poll() and alive:
            return None
        try:
            said = answers.recv()
        except EOFError:
            said = "Kopian gick inte att göra: processen avslutades."
        process.join()
        del self._running[name]
        if said:
            self._begun.pop(name, None)
        return name, said

    def stop(self) -> None:
        """Ends whatever runs; a copy is written whole or not at all."""
        for process, _ in self._running.values():
            process.kill()
            process.join()


def _answer(answers: Connection, desk: Desk, name: str) -> None:
    try:
        said = make(desk, name)
    except Exception as error:  # whatever is wrong with one notebook stops no other
        said = f"Kopian gick inte att göra ({type(error).__name__})."
    answers.send(said)
    answers.close()


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
