"""Makes the desk's copies while JupyterLab starts and runs: those asked for first, then the rest, one at a time."""

from collections import deque
from collections.abc import Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from planbok.batch.make.processes import FORK, SPAWN
from planbok.commands.desk import copies
from planbok.commands.desk.fill import make
from planbok.commands.desk.place import Desk

AT_ONCE = 2
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
