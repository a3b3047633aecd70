"""How a run is made. Light to import: a run in which nothing has changed needs none of what makes reports."""

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planbok.batch.make.processes import FORK
from planbok.batch.plan.job import IN_PROCESS, KERNEL
from planbok.batch.plan.plan import RunLimits

if TYPE_CHECKING:
    from planbok.batch.make.stations import Stations


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class RunOptions:
    """How a run is made: nothing of it changes what comes out, but that a `browser` adds a pdf to each report."""

    workers: int = field(default_factory=cores)
    fork: bool = True
    scheduler: str = ""  # the address of a cluster that makes the reports
    limits: RunLimits | None = None  # instead of the plan's
    bar: bool = False
    browser: str | None = None
    appendix: bool = False  # the pdf has what is folded too
    stations: "Stations | None" = None  # processes that have looked through the reports and can fork them

    @property
    def forks(self) -> bool:
        return self.fork and bool(FORK) and not self.scheduler

    @property
    def engine(self) -> str:
        """Kernels are asked for by `fork`; on a cluster each report has a process of its own in any case."""
        return IN_PROCESS if self.fork and FORK else KERNEL
