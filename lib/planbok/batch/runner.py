"""Runs a plan through papermill, one report after the other, and publishes the run whole or not at all."""

import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from planbok import __version__
from planbok.batch.execute import NOTEBOOK_FILE, execute, scrubbed
from planbok.batch.failed import described, note_error, render_failure
from planbok.batch.plan import Plan, Run
from planbok.batch.publish import staged_run, write_plan_index, write_run
from planbok.case import Case, Sources, load_sources, open_case
from planbok.errors import Fault, InputError, format_faults
from planbok.paths import Folders
from planbok.report.handover import RESULT_FILE
from planbok.report.html import ReportMeta, render_report
from planbok.report.text import local_time
from planbok.result import Check, KeyFigure
from planbok.scenario import Known, load_scenario

REPORT_FILE = "rapport.html"


@dataclass(frozen=True)
class Finished:
    """A published run: where its index is, its manifest, and the messages of what went wrong."""

    index: Path
    manifest: dict[str, Any]
    problems: list[str]

    @property
    def exit_code(self) -> int:
        return 1 if self.problems else 0


def preflight(plan: Plan, folders: Folders, verify: Callable[[Case], None], sources: Sources | None = None) -> None:
    """Opens every run's case and holds it against its topics, before any kernel starts. `sources`: if read already.

    Raises
    ------
    InputError
        With every fault of every run.
    """
    faults: list[Fault] = []
    try:
        sources = sources or load_sources(folders)
    except InputError as error:  # the scenarios can still be read, so that all is said at once
        raise InputError([*error.faults, *_faults_of_form(plan, folders)]) from None
    for run in plan.runs:
        if run.vantar_pa:  # what it needs has not come
            continue
        try:
            verify(open_case(run.notebook.id, spridning=plan.spridning, sources=sources, **run.parameters))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _faults_of_form(plan: Plan, folders: Folders) -> Iterator[Fault]:
    """What is wrong with the plan's scenarios whatever they refer to."""
    for name in {run.parameters[key] for run in plan.runs for key in ("scenario", "jamfor_med")}:
        try:
            load_scenario(name, folders, Known())
        except InputError as error:
            yield from error.faults


def run_plan(plan: Plan, folders: Folders, out: Path, say: Callable[[str], None]) -> Finished:
    """Makes every report of a plan that has passed its preflight; a failed report does not stop the others."""
    started = datetime.now(UTC)
    plan_folder = out / plan.id
    with staged_run(plan_folder) as (run_id, staging):
        entries = []
        for i, run in enumerate(plan.runs, start=1):
            make = _waiting if run.vantar_pa else _make_report
            entry = make(run, plan, folders, staging / run.folder)
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
            **({"period": plan.period.as_json()} if plan.period else {}),
            "runs": entries,
        }
        write_run(staging, manifest, plan.runs)
    index = write_plan_index(plan_folder, plan.titel)
    return Finished(index, manifest, [text for entry in entries for text in _problems(entry, plan_folder / run_id)])


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _make_report(run: Run, plan: Plan, folders: Folders, folder: Path) -> dict[str, Any]:
    """Executes one notebook and makes its page; returns its entry in the manifest."""
    folder.mkdir()
    start, page, wrong = time.monotonic(), "", []
    error = execute(run, plan.spridning, folders, folder)
    if error is None:
        try:
            result = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
            wrong = failed_checks(result)
            page = render_report(nbformat.read(folder / NOTEBOOK_FILE, as_version=4), _meta(result, wrong))
        except Exception as problem:  # whatever is wrong with one page stops no other report
            error = scrubbed(described(problem), folder, folders)
            note_error(folder / NOTEBOOK_FILE, error)
    if error is not None:
        synthetic = _is_synthetic(run, folders)
        page = render_failure(folder / NOTEBOOK_FILE, run, error, plan.spridning, synthetic)
    (folder / REPORT_FILE).write_text(page, encoding="utf-8")
    return {
        "notebook": run.notebook.id,
        "parametrar": run.parameters,
        "status": "failed" if error else "ok",
        "seconds": round(time.monotonic() - start, 3),
        "folder": run.folder,
        "checks_failed": len(wrong),
        "error": error,
    }


def _waiting(run: Run, *_: Any) -> dict[str, Any]:
    """The manifest's entry of a report that is not made yet: it has no folder."""
    return {
        "notebook": run.notebook.id,
        "parametrar": run.parameters,
        "status": "waiting",
        "seconds": 0.0,
        "folder": run.folder,
        "checks_failed": 0,
        "error": None,
        "vantar_pa": run.vantar_pa,
    }


def _is_synthetic(run: Run, folders: Folders) -> bool:
    """Whether the figures of a report that never got to say so itself are made up."""
    try:
        return open_case(run.notebook.id, sources=load_sources(folders), **run.parameters).is_synthetic()
    except Exception:  # what stopped the report may stop this too
        return False


def failed_checks(result: dict[str, Any]) -> list[Check]:
    """The checks of a resultat.json that failed."""
    return [check for row in result["kontroller"] if (check := Check(**row)).failed]


def _meta(result: dict[str, Any], wrong: list[Check]) -> ReportMeta:
    beside = [KeyFigure(**result["nyckeltal"][name]) for name in result["framst"]]
    return ReportMeta(
        rubrik=result["rubrik"],
        underrubrik=result["underrubrik"],
        spridning=result["spridning"],
        syntetisk=result["syntetisk"],
        fel=[f"{check.namn}. {check.forklaring}".rstrip() for check in wrong],
        nyckeltal=[figure for figure in beside if figure.varde is not None],
        skapad=local_time(datetime.now(UTC)),
        planbok=result["planbok"],
        sammanfattning=result["sammanfattning"],
    )


def _progress_line(i: int, count: int, run: Run, entry: dict[str, Any]) -> str:
    """One line per report: `2/4 budgetscenarier · ostermalm · bas · 2016 · klar 3,1 s`."""
    names = (run.notebook.id, run.parameters["enhet"], run.parameters["scenario"], run.period)
    if run.vantar_pa:
        return f"{i}/{count} {' · '.join(names)} · väntar på {run.vantar_pa}"
    state = "klar" if entry["status"] == "ok" else "misslyckad"
    state += f", {entry['checks_failed']} kontroller stämmer inte" if entry["checks_failed"] else ""
    seconds = f"{entry['seconds']:.1f}".replace(".", ",")
    return f"{i}/{count} {' · '.join(names)} · {state} {seconds} s"


def _problems(entry: dict[str, Any], folder: Path) -> Iterator[str]:
    """What a person needs to know of a report that failed or whose checks did."""
    place = folder / entry["folder"]
    if entry["error"]:
        error = entry["error"]
        fault = Fault("korning", entry["folder"], 0, error["section"], f"{error['type']}: {error['message']}", "failed")
        with_it = place / NOTEBOOK_FILE
        yield format_faults([fault], f"  Anteckningsboken med felet: {with_it}" if with_it.is_file() else "")
    if entry["checks_failed"]:
        wrong = failed_checks(json.loads((place / RESULT_FILE).read_text(encoding="utf-8")))
        faults = [
            Fault("korning", entry["folder"], 0, check.namn, check.forklaring or "stämmer inte.", "check")
            for check in wrong
        ]
        yield format_faults(faults)
