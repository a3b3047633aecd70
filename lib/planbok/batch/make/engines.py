"""The two ways in which papermill executes a report's notebook: in this process, or in an ordinary kernel.

Both write the notebook once, when it has run or when something stops it, and note each cell as it goes.
"""

import pickle
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, ClassVar

import papermill.engines
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.iorw import write_ipynb

from planbok.base.errors import Fault, PlanbokError
from planbok.batch.make.kernels import LocalKernelManager
from planbok.batch.make.shell import language_info, shell
from planbok.batch.plan.job import IN_PROCESS, KERNEL

STARTS = 3  # how often a kernel is started before the report is given up
ALLOWED_TO_FAIL = "raises-exception"


class TimeLimitError(PlanbokError):
    """A report took longer than it may."""

    def __init__(self, seconds: float):
        text = f"rapporten blev inte klar inom {seconds:.0f} sekunder (tidsgrans_sekunder i planen, eller --timeout)."
        super().__init__([Fault("korning", "", 0, "", text, "time_limit")])

    def __str__(self) -> str:
        return self.faults[0].text


class Trace:
    """The cells of a notebook as they were run, kept in a file for whoever finds the process dead."""

    def __init__(self, file: BinaryIO):
        self._file = file

    def follow(self, manager: NotebookExecutionManager) -> None:
        """Notes each cell when it starts and when it is done."""
        for name in ("cell_start", "cell_complete"):
            setattr(manager, name, self._noting(getattr(manager, name)))

    def _noting(self, step: Callable[..., None]) -> Callable[..., None]:
        def noted(cell: NotebookNode, cell_index: int, **more: Any) -> None:
            step(cell, cell_index=cell_index, **more)
            pickle.dump((cell_index, cell), self._file)
            self._file.flush()

        return noted

    @staticmethod
    def read(path: Path) -> dict[int, NotebookNode]:
        """The last known state of each cell that was started."""
        cells: dict[int, NotebookNode] = {}
        with suppress(OSError, EOFError, pickle.UnpicklingError), path.open("rb") as file:
            while True:
                index, cell = pickle.load(file)
                cells[index] = cell
        return cells


class _Noted(Engine):
    """Traces the cells, and saves the notebook when something other than a cell stops it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, save_to: str, trace: str, **options) -> None:
        with Path(trace).open("wb") as file:  # closed in the end: Windows removes no open file
            Trace(file).follow(nb_man)
            try:
                cls.run(nb_man, kernel_name, **options)
            except BaseException:
                with suppress(OSError):
                    write_ipynb(nb_man.nb, save_to)
                raise

    run: ClassVar[Callable[..., None]]  # a subclass's way to run the cells


class InProcessEngine(_Noted):
    """Runs the cells in this process, which ends with the report."""

    @classmethod
    def run(cls, nb_man, kernel_name, *, seconds: float, skip_cells_with_tag: str, **_) -> None:
        with alarm(seconds) as disarm, shell().in_notebook():
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, cell_index=index)
                tags = cell.metadata.get("tags", [])
                skipped = cell.cell_type != "code" or not cell.source.strip() or skip_cells_with_tag in tags
                well = skipped or shell().run(cell) or ALLOWED_TO_FAIL in tags
                if not well:
                    disarm()
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                if not well:
                    break
        nb_man.nb.metadata["language_info"] = language_info()


@contextmanager
def alarm(seconds: float) -> Iterator[Callable[[], None]]:
    """Raises TimeLimitError in whatever runs when the time is up, again and again if it is caught."""
    if not hasattr(signal, "setitimer"):
        yield lambda: None  # the parent's own limit is the only one
        return

    def ring(*_: Any) -> None:
        raise TimeLimitError(seconds)

    def disarm() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 2)
    try:
        yield disarm
    finally:
        disarm()
        signal.signal(signal.SIGALRM, before)


class KernelEngine(_Noted):
    """Runs the cells in a kernel of their own."""

    @classmethod
    def run(cls, nb_man, kernel_name, *, seconds: float, skip_cells_with_tag: str, start_timeout: int, **_) -> None:
        deadline = time.monotonic() + seconds
        client = _Client(
            nb_man,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            skip_cells_with_tag=skip_cells_with_tag,
            kernel_manager_class=LocalKernelManager,
            timeout_func=lambda cell: max(1, deadline - time.monotonic()),
            log=papermill.engines.logger,
        )
        try:
            client.execute()
        except TimeoutError:
            raise TimeLimitError(seconds) from None


class _Client(PapermillNotebookClient):
    """papermill's client, which tries anew when a kernel does not start. A cell is never run twice."""

    @contextmanager
    def setup_kernel(self, **options: Any) -> Iterator[None]:
        with ExitStack() as stack:
            for attempt in range(1, STARTS + 1):
                try:
                    stack.enter_context(super().setup_kernel(**options))
                    break
                except Exception:  # whatever kept it from starting; jupyter_client raises a plain RuntimeError
                    if attempt == STARTS:
                        raise
                    self.km = self.kc = None
                    time.sleep(attempt * random.uniform(0.2, 1))
            yield


# the times that papermill has just noted itself, whose form it need not guess
papermill.engines.dateutil = SimpleNamespace(parser=SimpleNamespace(parse=datetime.fromisoformat))
papermill_engines.register(IN_PROCESS, InProcessEngine)
papermill_engines.register(KERNEL, KernelEngine)
