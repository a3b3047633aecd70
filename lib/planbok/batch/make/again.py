"""Whether a process that has made a report can make another: only where it is as it was before the first.

What modules hold can't be looked at. Notebooks that could change that have a process for each report
(`only_calls` in `plan/notebooks.py`); planbok's own modules keep nothing but what files say, by their contents.
"""

import builtins
import decimal
import locale
import logging
import os
import signal
import sys
import threading
import warnings
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

from planbok.base.files import umask

MOST = 8  # reports of one process
ROOM = 200  # MB that a process may hold beyond what it held before its first report


class Again:
    """A process as it was before its first report."""

    def __init__(self) -> None:
        self._made, self._held, self._before = 0, held(), _state_or_none()

    def may(self, entry: dict[str, Any]) -> bool:
        """Whether another report may be made here after the one that the manifest's entry tells of."""
        self._made += 1
        sound = not entry["error"] and self._made < MOST and held() - self._held < ROOM
        return sound and self._before is not None and _state_or_none() == self._before


def held() -> float:
    """MB that this process holds; infinite, and so never within bounds, where the system does not say."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return inf


def _state_or_none() -> dict[str, Any] | None:
    with suppress(OSError):  # the current folder is gone, say
        return state()
    return None


def state() -> dict[str, Any]:
    """What a report could leave in a process, beside what its modules hold."""
    import resource

    import numpy as np
    import pandas as pd

    limits = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "umask": umask(),
        "path": [*sys.path],
        "main": sys.modules["__main__"],
        "packages": {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names,
        "builtins": dict(vars(builtins)),
        "streams": (sys.stdin, sys.stdout, sys.stderr, sys.displayhook, sys.excepthook),
        "tracing": (sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()),
        "files": {*os.listdir("/proc/self/fd")},
        "threads": threading.enumerate(),
        "children": Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii"),
        "signals": [signal.getsignal(number) for number in sorted(signal.valid_signals())],
        "blocked": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        "timer": signal.getitimer(signal.ITIMER_REAL),
        "limits": [resource.getrlimit(getattr(resource, name)) for name in limits],
        "locale": locale.setlocale(locale.LC_ALL),
        "warnings": [*warnings.filters],
        "log": (logging.root.level, logging.root.manager.disable, [*logging.root.handlers]),
        "decimal": repr(decimal.getcontext()),
        "pandas": repr(pd.options.d),
        "numpy": (np.geterr(), repr(np.get_printoptions())),
    }
