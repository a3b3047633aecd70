"""Calls made in processes of their own, some at a time: forked from this one, or started anew.

Works as an executor of concurrent.futures does, but without threads, which a forking process can't have: who wants the
futures to get on asks for the completed ones.
"""

import multiprocessing
import os
import pickle
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from planbok.batch.make import warm

FORK = "fork" if sys.platform == "linux" else ""  # macOS has fork, but its own libraries don't bear it
SPAWN = "spawn"
LOOK = 0.5  # seconds between looks at those that may have died without a word


class ProcessEndedError(Exception):
    """A process ended without an answer, after so many seconds: killed, out of memory, or it left by itself."""

    def __init__(self, how: str, seconds: float):
        super().__init__(how, seconds)
        self.how, self.seconds = how, seconds


class ProcessTimeoutError(ProcessEndedError):
    """A process was stopped because it did not end in time."""


@dataclass(eq=False)
class Child:
    """A process, where its answers come, and when it began with what it does."""

    process: Any
    answers: Connection
    start: float


class Processes(Executor):
    """Each call in a new process, at most `workers` at a time, none for longer than `seconds`."""

    def __init__(self, workers: int, method: str, seconds: float):
        self.workers, self.seconds = workers, seconds
        self._context = context(method)
        self._waiting: deque[tuple[Future, bytes]] = deque()
        self._running: dict[Future, Child] = {}

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future:
        future: Future = Future()
        self._waiting.append((future, pickle.dumps((function, args, options))))
        return future

    def completed(self, tick: Callable[[], None] = lambda: None) -> Iterator[Future]:
        """Every future as it completes, those submitted meanwhile included; `tick` is called now and then."""
        while self._waiting or self._running:
            while self._waiting and len(self._running) < self.workers:
                self._start(*self._waiting.popleft())
            waited(self._running.values())
            tick()
            for future, child in list(self._running.items()):
                if ended(child, future, self.seconds):
                    stop(child)
                    del self._running[future]
                    yield future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stops whatever still runs."""
        self._waiting.clear()
        while self._running:
            stop(self._running.popitem()[1])

    def _start(self, future: Future, call: bytes) -> None:
        answers, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_answer, args=(theirs, os.getpid(), call))
        process.start()
        theirs.close()
        future.set_running_or_notify_cancel()
        self._running[future] = Child(process, answers, time.monotonic())


def context(method: str) -> Any:
    """How processes are started: forked, or anew."""
    return multiprocessing.get_context(method)


def waited(children: Collection[Child]) -> None:
    """Waits a while for an answer, or for one of them to end."""
    wait([end for child in children for end in (child.answers, child.process.sentinel)], LOOK)


def ended(child: Child, future: Future, most: float) -> bool:
    """Takes a process's answer, or says what became of it, which ends it; whether the future is done."""
    alive = child.process.is_alive()  # asked first: what it said before it died is still to be read
    if child.answers.poll():
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            well, answer = child.answers.recv()
            future.set_result(answer) if well else future.set_exception(answer)
            return True
        alive = False
    seconds = time.monotonic() - child.start
    if not alive:
        stop(child)
        future.set_exception(ProcessEndedError(_how(child.process.exitcode), seconds))
    elif seconds > most:
        stop(child)
        future.set_exception(ProcessTimeoutError("", seconds))
    return future.done()


def stop(child: Child) -> None:
    """Ends a process and what it started in its own group; nothing happens to what has ended already."""
    if child.answers.closed:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
    child.process.kill()
    child.process.join()
    child.answers.close()


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"


def _answer(answers: Connection, parent: int, call: bytes) -> None:
    """What a process does: makes one call, answers and ends, leaving all that it inherited as it is."""
    warm.die_with_parent(parent)
    if hasattr(os, "setsid"):
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
    silence()
    try:
        function, args, options = pickle.loads(call)
        answer = (True, function(*args, **options))
    except BaseException as problem:
        answer = (False, problem)
    try:
        said = pickle.dumps(answer)
    except Exception:  # an exception that holds what can't be sent
        said = pickle.dumps((False, RuntimeError(repr(answer[1]))))
    answers.send_bytes(said)
    answers.close()
    os._exit(0)


def silence() -> None:
    """What is printed past Python goes nowhere: the terminal belongs to the runner."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
