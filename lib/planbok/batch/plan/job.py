"""One report to make, as it is handed to the process that makes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.base.workspace import Folders
from planbok.batch.plan.plan import Run, RunLimits, period_said
from planbok.case.result import WORKING_PAPERS
from planbok.inputs.scenario.load import BASELINE

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


def speaking_name(entry: dict[str, Any], spridning: str) -> str:
    """What a report's files are called where they stand alone: beside the report, in a mail, in a folder share.

    The notebook, the unit, the scenario where there is one, the period, and parameters that differ from the usual.

    >>> entry = {"notebook": "manadsprognos", "folder": "manadsprognos__x__bas__2024-04"}
    >>> entry["parametrar"] = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4, "scenario": "bas"}
    >>> speaking_name(entry, "ledning")
    'manadsprognos_exempelenheten_2024-04'
    >>> entry["parametrar"]["scenario"] = "dyrare"
    >>> speaking_name(entry, "arbetsmaterial")
    'arbetsmaterial_manadsprognos_exempelenheten_dyrare_2024-04'
    """
    given, scenario = entry["parametrar"], entry["parametrar"]["scenario"]
    parts = [WORKING_PAPERS] if spridning == WORKING_PAPERS else []
    parts += [entry["notebook"], given["enhet"], *([] if scenario == BASELINE else [scenario]), period_said(given)]
    parts += [part for part in entry["folder"].split("__")[4:] if not part.startswith(("per-", "per_datum-"))]
    return "_".join(part.replace("/", "-") for part in parts)
