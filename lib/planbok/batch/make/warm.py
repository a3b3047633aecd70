"""What makes a process ready to make reports, or to fork others that do; what each would do first is done once."""

import ctypes
import gc
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from functools import cache
from typing import Any

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def prepare() -> None:
    """To be called before pandas is imported: as many reports as there are cores leave one thread for each."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def load() -> None:
    """Imports all that a report's process needs and does once what each would do first.

    What a library decides by whether it runs in a notebook is set as in a kernel, where it would be imported later.
    The topics are there already: the command has held the plan against them.
    """
    import pandas as pd
    import plotly.io as pio

    from planbok.batch.make.shell import shell
    from planbok.report.workbook import write  # noqa: F401

    pd.set_option("display.max_columns", 20)
    pio.renderers.default = "plotly_mimetype"
    shell()
    _rehearse()


@cache
def _rehearse() -> None:
    """A page with figures, of a notebook held against the schema: templates, scripts and schemas are made ready."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from planbok.report import charts, figure, marks  # noqa: F401
    from planbok.report.bridge import waterfall
    from planbok.report.html import ReportMeta, render_report

    said: Any = {"title": "Prov", "alt": "Prov", "mattenhet": "mnkr"}
    drawn = (
        figure.bars(["Rad"], {"Budget": [1.0], "Prognos": [2.0]}, **said),
        figure.lines(["jan", "feb"], {"Budget": [1.0, 2.0]}, **said, levels={"Mål": 1.0}),
        waterfall(("Budget", 1.0), {"Steg": 1.0}, ("Prognos", 2.0), **said),
    )
    outputs = [new_output("display_data", figure.mimebundle(one)) for one in drawn]
    notebook = new_notebook(cells=[new_code_cell(outputs=outputs)])
    nbformat.validate(notebook)
    render_report(notebook, ReportMeta("Prov"))


def freeze() -> None:
    """Keeps what is loaded out of the garbage collector's rounds, and so shared by every forked process."""
    gc.collect()
    gc.freeze()


def in_child() -> None:
    """What a process that makes a report does first: nothing of it may be the same by chance as in its siblings."""
    import numpy as np

    np.random.seed()  # noqa: NPY002 - the old generator is what siblings would share
    random.seed()


def die_with_parent(parent: int) -> None:
    """Ends this process when its parent ends, however that happens."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def die_as_group(parent: int) -> None:
    """Ends this process's group, which it leads, when its parent ends or it is told to: what it started isn't told."""
    signal.signal(signal.SIGTERM, _end)
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            _end()


def _end(*_) -> None:
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _watch(parent: int) -> None:
    """Where the system doesn't tell: asks every now and then. On Windows a parent's number outlives it."""
    process = multiprocessing.parent_process()
    while os.getppid() == parent and (process is None or process.is_alive()):
        time.sleep(0.5)
    _end()
