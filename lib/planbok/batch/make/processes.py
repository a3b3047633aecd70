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
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, Self

from planbok.batch.make import warm
from planbok.batch.make.again import Again

FORK = "fork" if sys.platform == "linux" else ""  # macOS has fork, but its own libraries don't bear it
SPAWN = "spawn"
LOOK = 0.5  # seconds between looks at those that may have died without a word


def never(*_: Any) -> bool:
    """Of any call: it has a process of its own."""
    return False


class ProcessEndedError(Exception):
    """A process ended without an answer, after so many seconds: killed, out of memory, or it left by itself."""

    def __init__(self, how: str, seconds: float):
        super().__init__(how, seconds)
        self.how, self.seconds = how, seconds


class ProcessTimeoutError(ProcessEndedError):
    """A process was stopped because it did not end in time."""


@dataclass(eq=False)
class Child:
    """A process, where its answers come, when it began with what it does, and whether it waits for more to do."""

    process: Any
    answers: Connection
    start: float
    stays: bool = False

    @classmethod
    def begun(cls, context: Any, does: Callable[..., None], *args: Any) -> Self:
        """A new process, which is told where its calls come and which process began it, before what else is given."""
        calls, theirs = context.Pipe()
        process = context.Process(target=does, args=(theirs, os.getpid(), *args))
        process.start()
        theirs.close()
        return cls(process, calls, time.monotonic())


class Processes(Executor):
    """Each call in a new process, at most `workers` at a time, none for longer than `seconds`.

    Parameters
    ----------
    shares : whether a call may be made in a process that has made others of which it may, and stays for such; none may
        where it is not given
    """

    def __init__(self, workers: int, method: str, seconds: float, shares: Callable[..., bool] = never):
        self.workers, self.seconds = workers, seconds
        self._context, self._shares = context(method), shares
        self._waiting: deque[tuple[Future, bytes, Callable[[], bool]]] = deque()
        self._running: dict[Future, Child] = {}
        self._idle: list[Child] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future:
        future: Future = Future()
        self._waiting.append((future, pickle.dumps((function, args, options)), partial(self._shares, function, *args)))
        return future

    def completed(self, tick: Callable[[], None] = lambda: None) -> Iterator[Future]:
        """Every future as it completes, those submitted meanwhile included; `tick` is called now and then."""
        while self._waiting or self._running:
            done = self.step(LOOK)
            tick()
            yield from done

    def step(self, seconds: float | None, *others: Any) -> list[Future]:
        """Starts what there is room for, waits for an answer or until one of the others is ready; what is completed."""
        while self._waiting and len(self._running) < self.workers:
            self._start(*self._waiting.popleft())
        waited(self._running.values(), seconds, others)
        done = [future for future, child in self._running.items() if ended(child, future, self.seconds)]
        for child in map(self._running.pop, done):
            if child.stays:
                self._idle.append(child)
            else:
                stop(child)
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stops whatever still runs."""
        self._waiting.clear()
        while self._running:
            stop(self._running.popitem()[1])
        while self._idle:
            stop(self._idle.pop())

    def _start(self, future: Future, call: bytes, shares: Callable[[], bool]) -> None:
        shared = shares()
        child = (shared and self._stayed()) or self._new()
        child.start, child.stays = time.monotonic(), False
        future.set_running_or_notify_cancel()
        self._running[future] = child
        with suppress(OSError):  # it has died: asked for its answer, it says so
            child.answers.send((call, shared))

    def _stayed(self) -> Child | None:
        """A process that waits for a call; those that have died meanwhile are let go."""
        while self._idle:
            child = self._idle.pop()
            if child.process.is_alive():
                return child
            stop(child)
        return None

    def _new(self) -> Child:
        if self._idle and len(self._running) + len(self._idle) >= self.workers:
            stop(self._idle.pop())
        return Child.begun(self._context, _answer)


def context(method: str) -> Any:
    """How processes are started: forked, or anew."""
    return multiprocessing.get_context(method)


def waited(children: Collection[Child], seconds: float | None = LOOK, others: Collection[Any] = ()) -> None:
    """Waits so long for an answer, for one of them to end, or for one of the others."""
    wait([*others, *(end for child in children for end in (child.answers, child.process.sentinel))], seconds)


def ended(child: Child, future: Future, most: float) -> bool:
    """Takes a process's answer, or says what became of it, which ends it; whether the future is done."""
    alive = child.process.is_alive()  # asked first: what it said before it died is still to be read
    if child.answers.poll():
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            well, answer, child.stays = child.answers.recv()
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


def _answer(calls: Connection, parent: int) -> None:
    """What a process does: makes a call, answers and ends, leaving all that it inherited as it is.

    Of calls that may share a process it makes more, for as long as it is as before the first.
    """
    warm.die_with_parent(parent)
    if hasattr(os, "setsid"):
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
    silence()
    again: Again | None = None
    stays = True
    while stays:
        try:
            call, shared = calls.recv()
        except (EOFError, OSError):
            break
        again = again or (Again() if shared else None)
        well, answer = _made(call)
        stays = bool(shared and well and again and again.may(answer))
        try:
            said = pickle.dumps((well, answer, stays))
        except Exception:  # an exception that holds what can't be sent
            said = pickle.dumps((False, RuntimeError(repr(answer)), False))
        calls.send_bytes(said)
    calls.close()
    os._exit(0)


def _made(call: bytes) -> tuple[bool, Any]:
    try:
        function, args, options = pickle.loads(call)
        return True, function(*args, **options)
    except BaseException as problem:
        return False, problem


def silence() -> None:
    """What is printed past Python goes nowhere: the terminal belongs to the runner."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
