"""Calls made on a Dask cluster, each in a process of its own beside the worker that got it.

The workers see the same folders as the runner, under the same names. A worker that is lost loses its reports to
another, which makes them anew from the start.
"""

import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from typing import Any

from planbok.base.errors import Fault, InputError, of_command
from planbok.batch.make.processes import SPAWN, Processes

PATIENCE = 10  # seconds that a scheduler has to answer
EXTRA = "tillägget saknas. Installera det med pip install 'planbok[cluster]'."


class Cluster(Executor):
    """The workers of a running scheduler; what is submitted is made by them, none of it for longer than `seconds`."""

    def __init__(self, address: str, seconds: float):
        self.seconds = seconds
        self._client = _client(address)
        self._executor = self._client.get_executor(pure=False)
        self._pending: set[Future] = set()

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future:
        future = self._executor.submit(apart, pickle.dumps((function, args, options)), self.seconds)
        self._pending.add(future)
        return future

    def completed(self, tick: Callable[[], None] = lambda: None) -> Iterator[Future]:
        """Every future as it completes, those submitted meanwhile included; `tick` is called now and then."""
        while self._pending:
            done, _ = wait(self._pending, timeout=1, return_when=FIRST_COMPLETED)
            self._pending -= done
            tick()
            yield from done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Drops what is still to be made, and leaves the cluster as it was."""
        self._executor.shutdown(wait=False)
        self._client.close()


def size(address: str) -> int:
    """How many reports the cluster makes at a time.

    Raises
    ------
    InputError
        If there is no scheduler at the address, or it has no workers.
    """
    client = _client(address)
    try:
        threads = sum(client.nthreads().values())
    finally:
        client.close()
    if not threads:
        raise InputError([_fault(f"klustret på {address} har inga arbetare.")])
    return threads


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise InputError([_fault(EXTRA)]) from None
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise InputError([_fault(f"inget kluster svarar på {address!r}. Är schemaläggaren igång?")]) from None


def _fault(text: str) -> Fault:
    return of_command("--scheduler", text, "no_cluster")


def apart(call: bytes, seconds: float) -> Any:
    """What a worker does: has one call made in a process of its own, which ends when the worker does."""
    function, args, options = pickle.loads(call)
    with _may_start_processes(), Processes(1, SPAWN, seconds) as pool:
        future = pool.submit(function, *args, **options)
        list(pool.completed())
    return future.result()


@contextmanager
def _may_start_processes() -> Iterator[None]:
    """Workers under a nanny are daemons, which multiprocessing lets have no processes; these die with theirs anyway."""
    settings = vars(multiprocessing.current_process())["_config"]
    before = settings.get("daemon")
    settings["daemon"] = False
    try:
        yield
    finally:
        settings["daemon"] = before
