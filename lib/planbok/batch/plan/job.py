"""One report to make, as it is handed to the process that makes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.base.workspace import Folders
from planbok.batch.plan.plan import Run, RunLimits

NOTEBOOK_FILE, REPORT_FILE = "anteckningsbok.ipynb", "rapport.html"
IN_PROCESS = "planbok"  # the notebook's cells run in the process that makes the report
KERNEL = "planbok-kernel"  # an ordinary kernel beside it


@dataclass(frozen=True, eq=False)
class Job:
    """A run, where it reads and writes, and how. Can be pickled."""

    run: Run
    spridning: str
    folders: Folders
    folder: Path
    engine: str = IN_PROCESS
    limits: RunLimits = RunLimits()

    @property
    def trace(self) -> Path:
        """Where the cells that have run are noted, should the process die; never published."""
        return self.folder / ".spar"


def entry(job: Job, seconds: float, error: dict[str, str] | None = None, checks_failed: int = 0) -> dict[str, Any]:
    """A report as the manifest has it."""
    return {
        "notebook": job.run.notebook.id,
        "parametrar": job.run.parameters,
        "status": "failed" if error else "ok",
        "seconds": round(seconds, 3),
        "folder": job.run.folder,
        "checks_failed": checks_failed,
        "error": error,
    }


def waiting(job: Job) -> dict[str, Any]:
    """The manifest's entry of a report that is not made yet: it has no folder."""
    return {**entry(job, 0.0), "status": "waiting", "vantar_pa": job.run.vantar_pa}
