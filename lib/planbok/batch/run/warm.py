"""What makes a process ready to make reports, or to fork others that do."""

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

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def block_needless_import() -> None:
    """Keeps a grammar for internationalised web addresses from being compiled, seconds in each process.

    jsonschema loads it for formats that no notebook has, and does without it where it can't be imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def prepare() -> None:
    """To be called before pandas is imported: as many reports as there are cores leave one thread for each."""
    block_needless_import()
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def load() -> None:
    """Imports all that a report's process needs and does once what each would do first.

    What a library decides by whether it runs in a notebook is set as in a kernel, where it would be imported later.
    The topics are there already: the command has held the plan against them.
    """
    block_needless_import()
    import pandas as pd
    import plotly.io as pio

    from planbok.batch.run import make  # noqa: F401 - papermill, the pages
    from planbok.batch.run.shell import shell
    from planbok.report import show, workbook  # noqa: F401

    pd.set_option("display.max_columns", 20)
    pio.renderers.default = "plotly_mimetype"
    shell()
    _rehearse()


@cache
def _rehearse() -> None:
    """A page with a figure, of a notebook held against the schema: templates, scripts and schemas are made ready."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from planbok.report.figure import MIME
    from planbok.report.html import ReportMeta, render_report

    shown = new_output("display_data", {MIME: {"data": [], "layout": {}}})
    notebook = new_notebook(cells=[new_code_cell(outputs=[shown])])
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


def _watch(parent: int) -> None:
    """Where the system doesn't tell: asks every now and then. On Windows a parent's number outlives it."""
    process = multiprocessing.parent_process()
    while os.getppid() == parent and (process is None or process.is_alive()):
        time.sleep(0.5)
    os._exit(1)
