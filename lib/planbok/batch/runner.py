"""Runs a plan through papermill, one report after the other, and publishes the run whole or not at all."""

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from planbok import __version__
from planbok.batch.kernels import LocalKernelManager
from planbok.batch.plan import Plan, Run
from planbok.batch.publish import staged_run, write_plan_index, write_run
from planbok.case import ENV_AUDIENCE, Case, load_sources, open_case
from planbok.errors import Fault, InputError, format_faults
from planbok.paths import NOTEBOOKS, ROOT, Folders
from planbok.report.handover import ENV_OUT, LOCAL_TIME, RESULT_FILE, local_time
from planbok.report.html import ReportMeta, render_report
from planbok.result import KeyFigure

NOTEBOOK_FILE = "anteckningsbok.ipynb"
REPORT_FILE = "rapport.html"
LAB_ONLY = "lab-only"  # widgets: for people at the keyboard, not for reports
QUIET_KERNEL = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@dataclass(frozen=True)
class Finished:
    """A published run: where its index is, its manifest, and the messages of what went wrong."""

    index: Path
    manifest: dict[str, Any]
    problems: list[str]

    @property
    def exit_code(self) -> int:
        return 1 if self.problems else 0


def preflight(plan: Plan, folders: Folders, verify: Callable[[Case], None]) -> None:
    """Opens every run's case and holds it against its topics, before any kernel starts.

    Raises
    ------
    InputError
        With every fault of every run.
    """
    faults: list[Fault] = []
    sources = load_sources(folders)
    for run in plan.runs:
        try:
            verify(open_case(run.notebook.id, spridning=plan.spridning, sources=sources, **run.parameters))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def run_plan(plan: Plan, folders: Folders, out: Path, say: Callable[[str], None]) -> Finished:
    """Makes every report of a plan that has passed its preflight; a failed report does not stop the others."""
    started = datetime.now(UTC)
    plan_folder = out / plan.id
    with staged_run(plan_folder) as (run_id, staging):
        entries = []
        for i, run in enumerate(plan.runs, start=1):
            entry = _make_report(run, plan, folders, staging / run.folder)
            entries.append(entry)
            say(_progress_line(i, len(plan.runs), run, entry))
        manifest = {
            "plan": plan.id,
            "titel": plan.titel,
            "run_id": run_id,
            "started": _utc(started),
            "finished": _utc(datetime.now(UTC)),
            "planbok": __version__,
            "python": platform.python_version(),
            "workers": 1,
            "spridning": plan.spridning,
            "status": "ej_faststalld",
            "runs": entries,
        }
        write_run(staging, manifest, {run.notebook.id: run.notebook.titel for run in plan.runs})
    index = write_plan_index(plan_folder, plan.titel)
    return Finished(index, manifest, [text for entry in entries for text in _problems(entry, plan_folder / run_id)])


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _make_report(run: Run, plan: Plan, folders: Folders, folder: Path) -> dict[str, Any]:
    """Executes one notebook and makes its page; returns its entry in the manifest."""
    folder.mkdir()
    start, error, failed = time.monotonic(), None, 0
    target = folder / NOTEBOOK_FILE
    variables = {**folders.environment(), ENV_AUDIENCE: plan.spridning, ENV_OUT: str(folder), **QUIET_KERNEL}
    try:
        with _environment(variables):
            papermill.execute_notebook(
                str(run.notebook.path),
                str(target),
                parameters=run.parameters,
                kernel_name="python3",
                progress_bar=False,
                skip_cells_with_tag=LAB_ONLY,
                kernel_manager_class=LocalKernelManager,
                cwd=str(NOTEBOOKS),
            )
    except PapermillExecutionError as problem:
        error = {"section": _section(target, problem.cell_index), "type": problem.ename, "message": problem.evalue}
    notebook = _scrub(target)
    if error:
        error["message"] = _without_machine_paths(error["message"], folder)
    if error is None:
        result = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
        wrong = [c for c in result["kontroller"] if c["ok"] is False and c["niva"] == "fel"]
        failed = len(wrong)
        page = render_report(notebook, _meta(result, wrong))
        (folder / REPORT_FILE).write_text(page, encoding="utf-8")
    return {
        "notebook": run.notebook.id,
        "parametrar": run.parameters,
        "status": "ok" if error is None else "failed",
        "seconds": round(time.monotonic() - start, 3),
        "folder": run.folder,
        "checks_failed": failed,
        "error": error,
    }


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """The variables set while a kernel starts, and as they were afterwards."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _section(path: Path, cell_index: int) -> str:
    """The last heading above a cell."""
    cells = nbformat.read(path, as_version=4).cells[: cell_index + 1]
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("# ") for line in lines if line.startswith("## ")]
    return headings[-1] if headings else "Inledning"


def _scrub(path: Path) -> nbformat.NotebookNode:
    """Takes this machine's folders out of an executed notebook: papermill notes them, and tracebacks show them."""
    notebook = nbformat.read(path, as_version=4)
    noted = notebook.metadata.get("papermill", {})
    for key in ("input_path", "output_path"):
        if noted.get(key):
            noted[key] = Path(noted[key]).name
    text = _without_machine_paths(nbformat.writes(notebook), path.parent)
    path.write_text(text + "\n", encoding="utf-8")
    return nbformat.reads(text, as_version=4)


def _without_machine_paths(text: str, folder: Path) -> str:
    """A text with this machine's folders under names that say nothing of it."""
    for place, name in ((str(folder), "."), (sys.prefix, ".venv"), (str(ROOT), "planbok"), (str(Path.home()), "~")):
        if len(place) > 1:
            text = text.replace(json.dumps(place)[1:-1], name).replace(place, name)
    return text


def _meta(result: dict[str, Any], wrong: list[dict[str, Any]]) -> ReportMeta:
    beside = [KeyFigure(**result["nyckeltal"][name]) for name in result["framst"]]
    return ReportMeta(
        rubrik=result["rubrik"],
        underrubrik=result["underrubrik"],
        spridning=result["spridning"],
        syntetisk=result["syntetisk"],
        fel=[" ".join(part for part in (f"{check['namn']}.", check.get("forklaring", "")) if part) for check in wrong],
        nyckeltal=[figure for figure in beside if figure.varde is not None],
        skapad=local_time(datetime.now(LOCAL_TIME)),
        planbok=result["planbok"],
        sammanfattning=result["sammanfattning"],
    )


def _progress_line(i: int, count: int, run: Run, entry: dict[str, Any]) -> str:
    """One line per report: `2/4 budgetscenarier · ostermalm · bas · 2016 · klar 3,1 s`."""
    state = "klar" if entry["status"] == "ok" else "misslyckad"
    state += f", {entry['checks_failed']} kontroller stämmer inte" if entry["checks_failed"] else ""
    seconds = f"{entry['seconds']:.1f}".replace(".", ",")
    names = (run.notebook.id, run.parameters["enhet"], run.parameters["scenario"], run.period)
    return f"{i}/{count} {' · '.join(names)} · {state} {seconds} s"


def _problems(entry: dict[str, Any], folder: Path) -> Iterator[str]:
    """What a person needs to know of a report that failed or whose checks did."""
    place = folder / entry["folder"]
    if entry["error"]:
        error = entry["error"]
        fault = Fault("korning", entry["folder"], 0, error["section"], f"{error['type']}: {error['message']}", "failed")
        yield format_faults([fault], f"  Anteckningsboken med felet: {place / NOTEBOOK_FILE}")
    if entry["checks_failed"]:
        result = json.loads((place / RESULT_FILE).read_text(encoding="utf-8"))
        wrong = [c for c in result["kontroller"] if c["ok"] is False and c["niva"] == "fel"]
        faults = [
            Fault("korning", entry["folder"], 0, c["namn"], c.get("forklaring", "stämmer inte."), "check")
            for c in wrong
        ]
        yield format_faults(faults)
