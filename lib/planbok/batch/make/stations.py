"""Processes that stand through a run: each looks through some of its reports, and then forks those that make them.

What a station found as it looked is there for the reports that are forked from it. It works as `Processes` does.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from planbok.batch.make import warm
from planbok.batch.make.processes import FORK, Child, Processes, context, ended, never, silence, stop, waited

PATIENCE = 60  # seconds beyond a call's own, before a station that does not stop it itself is stopped


@dataclass(eq=False)
class _Task:
    """A call, to be made in a station itself or in a fork of one, for so many seconds at most."""

    future: Future
    key: Hashable
    here: bool
    call: tuple[Any, ...]
    seconds: float


@dataclass(eq=False)
class _Station(Child):
    keys: dict[Hashable, None] = field(default_factory=dict)  # what it has looked through
    task: _Task | None = None


class Stations(Executor):
    """Calls made in forks of at most `workers` standing processes; each in the one that knows most of it, if free.

    Parameters
    ----------
    look : what a station does itself, with what `look_through` gives it
    near : of a call's first argument, the key under which it was looked through
    shares : as for `Processes`
    """

    def __init__(
        self,
        workers: int,
        look: Callable[[Any], Any],
        near: Callable[[Any], Hashable],
        shares: Callable[..., bool] = never,
    ):
        self.workers, self.seconds = workers, 0.0
        self._look, self._near, self._shares = look, near, shares
        self._waiting: dict[Hashable, deque[_Task]] = {}  # by key, none empty
        self._stations: list[_Station] = []

    def look_through(self, key: Hashable, given: Any, seconds: float) -> Future:
        """What the stations' `look` says of something, kept with its key by the station that did it."""
        return self._put(_Task(Future(), key, True, (given,), seconds))

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future:
        return self._put(_Task(Future(), self._near(args[0]), False, (function, args, options), self.seconds))

    def _put(self, task: _Task) -> Future:
        self._waiting.setdefault(task.key, deque()).append(task)
        return task.future

    def completed(self, tick: Callable[[], None] = lambda: None) -> Iterator[Future]:
        """Every future as it completes, those submitted meanwhile included; `tick` is called now and then."""
        while self._waiting or any(station.task for station in self._stations):
            self._start()
            waited(self._stations)
            tick()
            for station in list(self._stations):
                task = station.task
                if task and ended(station, task.future, task.seconds + PATIENCE):
                    station.task = None
                    if not station.process.is_alive():
                        self._stations.remove(station)
                    yield task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stops whatever still runs, and what was started in it."""
        self._waiting.clear()
        while self._stations:
            station = self._stations.pop()
            if station.process.is_alive():
                with suppress(ProcessLookupError):
                    os.kill(station.process.pid, signal.SIGTERM)
                station.process.join(1)
            stop(station)

    def _start(self) -> None:
        """Gives each free station a call; as many are forked as there are calls, and room, for."""
        free = sum(not station.task for station in self._stations)
        room = self.workers - len(self._stations)
        for _ in range(min(room, sum(map(len, self._waiting.values())) - free)):
            self._stations.append(_Station.begun(context(FORK), _stand, self._look, self._shares))
        for station in self._stations:
            if not station.task and self._waiting:
                task = station.task = self._next(station)
                station.start = time.monotonic()
                with suppress(OSError):  # it has died: asked for its answer, it says so
                    station.answers.send((task.here, task.call, task.seconds))
                if task.here:
                    station.keys[task.key] = None

    def _next(self, station: _Station) -> _Task:
        """A call whose key the station knows, else the first that none does, else the last; no longer waiting."""
        known = {key for other in self._stations for key in other.keys}
        mine = (key for key in station.keys if key in self._waiting)
        free = (key for key in self._waiting if key not in known)
        key = next(chain(mine, free, reversed(self._waiting)))
        task = self._waiting[key].popleft()
        if not self._waiting[key]:
            del self._waiting[key]
        return task


def _stand(calls: Connection, parent: int, look: Callable[[Any], Any], shares: Callable[..., bool]) -> NoReturn:
    """What a station does: a call at a time, until nobody is there to ask for one."""
    warm.die_with_parent(parent)
    os.setsid()
    with Processes(1, FORK, 0, shares) as pool:

        def end(*_: Any) -> NoReturn:
            pool.shutdown()
            os._exit(1)

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        silence()
        with suppress(EOFError, OSError):
            while True:
                here, call, pool.seconds = calls.recv()
                calls.send((*(_looked(look, call) if here else _forked_off(pool, call)), True))
    os._exit(0)


def _looked(look: Callable[[Any], Any], call: tuple[Any]) -> tuple[bool, Any]:
    try:
        return True, look(*call)
    except Exception as problem:
        return False, problem


def _forked_off(pool: Processes, call: tuple[Any, ...]) -> tuple[bool, Any]:
    function, args, options = call
    warm.freeze()
    future = pool.submit(function, *args, **options)
    list(pool.completed())
    problem = future.exception()
    return (True, future.result()) if problem is None else (False, problem)
