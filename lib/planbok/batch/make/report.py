"""One report, made in a forked process or a new one: the notebook executed, its page and workbook, then the gate."""

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import nbformat

from planbok.base import stages
from planbok.base.stages import GATE, NOTEBOOK, PAGE, stage
from planbok.batch.make import warm
from planbok.batch.make.engines import Trace
from planbok.batch.make.execute import execute, scrub, scrubbed, section
from planbok.batch.make.failed import described, note_error, render_failure
from planbok.batch.make.passing import past_gate
from planbok.batch.plan.job import IN_PROCESS, NOTEBOOK_FILE, REPORT_FILE, Job, entry, speaking_name
from planbok.case.case import load_sources, open_case
from planbok.case.checks import Check, failed_checks
from planbok.case.result import LIST_FILE, KeyFigure
from planbok.inputs import journal
from planbok.inputs.journal import READ_FILE, bytes_of, digest, take_noted
from planbok.report.derivation import DERIVATION_FILE
from planbok.report.handover import RESULT_FILE, WORKBOOK_FILE
from planbok.report.html import ReportMeta, render_report
from planbok.report.text import local_time


def shares(step: Callable[..., Any], job: Job, *_: Any) -> bool:
    """Whether a step of a report may be made in a process that has made others: where what it can leave is known."""
    notebook = job.run.notebook
    if step is make_report and job.engine == IN_PROCESS and notebook.plain:
        with suppress(OSError):
            return digest(bytes_of(notebook.path)) == notebook.plain  # nobody has changed it since
    return False


def make_report(job: Job) -> dict[str, Any]:
    """Makes everything of a report in its folder; returns its entry in the manifest.

    Whatever goes wrong is this report's error. A second try after the first one's machine was lost begins afresh.
    """
    start = time.monotonic()
    stages.start()
    journal.begin()
    warm.in_child()
    if job.engine == IN_PROCESS:
        warm.load()  # done already where the process was forked
    shutil.rmtree(job.folder, ignore_errors=True)
    job.folder.mkdir(parents=True)
    page, wrong = "", []
    with stage(NOTEBOOK):
        error = execute(job)
    if error is None:
        try:
            result = json.loads((job.folder / RESULT_FILE).read_text(encoding="utf-8"))
            wrong = failed_checks(result)
            with stage(PAGE):
                book = nbformat.v4.reads((job.folder / NOTEBOOK_FILE).read_text(encoding="utf-8"))
                page = render_report(book, _meta(result, wrong, job))
        except Exception as problem:  # whatever is wrong with one page stops no other report
            error = scrubbed(described(problem, job.limits), job)
            note_error(job.folder / NOTEBOOK_FILE, error)
    read = take_noted(job.folder)
    made = _finished(job, page, error, len(wrong), start)
    return made if made["error"] or read is None else {**made, "laste": read}


def make_failure(job: Job, error: dict[str, str], seconds: float) -> dict[str, Any]:
    """What can be said of a report whose process is gone: the cells that had run, and why it stopped."""
    stages.start()
    target, cells = job.folder / NOTEBOOK_FILE, Trace.read(job.trace)
    job.folder.mkdir(parents=True, exist_ok=True)
    made = (RESULT_FILE, DERIVATION_FILE, READ_FILE, WORKBOOK_FILE, LIST_FILE, REPORT_FILE)
    for left in made:  # but not to the end
        (job.folder / left).unlink(missing_ok=True)
    if cells:
        notebook = nbformat.read(job.run.notebook.path, as_version=4)
        notebook.cells = [cells[index] for index in sorted(cells)]
        nbformat.write(notebook, target)
        error = {**error, "section": section(notebook, len(notebook.cells))}
    else:
        target.unlink(missing_ok=True)
    note_error(target, error)
    if target.is_file():
        scrub(target, job)
    return _finished(job, "", scrubbed(error, job), 0, time.monotonic() - seconds)


def _finished(job: Job, page: str, error: dict[str, str] | None, wrong: int, start: float) -> dict[str, Any]:
    if error is not None:
        page = render_failure(job.folder / NOTEBOOK_FILE, job.run, error, job.spridning, _is_synthetic(job))
    (job.folder / REPORT_FILE).write_text(page, encoding="utf-8")
    job.trace.unlink(missing_ok=True)
    made = entry(job, time.monotonic() - start, error, wrong)
    with stage(GATE):
        made = past_gate(job, made)
    return {**made, "steg": stages.spent()}


def _is_synthetic(job: Job) -> bool | None:
    """Whether the figures of a report that never got to say so itself are made up; None where nobody can say."""
    try:
        sources = load_sources(job.folders)
        return open_case(job.run.notebook.id, sources=sources, **job.run.parameters).is_synthetic()
    except Exception:  # what stopped the report may stop this too; its page says so, and the gate reads the page
        return None


def _meta(result: dict[str, Any], wrong: list[Check], job: Job) -> ReportMeta:
    beside = [KeyFigure.of_json(result["nyckeltal"][name]) for name in result["framst"]]
    workbook = f"{quote(speaking_name(entry(job, 0.0), job.spridning))}.xlsx"
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
        lasare=result.get("lasare", ""),
        lankar=[("Excel", workbook), ("Alla rapporter", "../index.html")],
        prov=_dials(result),
        harledning=_derivation(job),
    )


def _derivation(job: Job) -> dict[str, Any]:
    """Where the report's numbers come from; nothing for one that hands over a result of its own."""
    file = job.folder / DERIVATION_FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _dials(result: dict[str, Any]) -> dict[str, Any]:
    """What the page's dials need: themselves, the figures that they move, where those stop, and the sentence."""
    dials = result.get("skjutreglage")
    if not dials:
        return {}
    keys = dict.fromkeys(key for dial in dials for key in dial["verkar_pa"])
    names = ("varde", "mattenhet", "etikett", "avrundat_till")
    known = {key: result["nyckeltal"][key] for key in keys}
    figures = {key: {name: figure[name] for name in names if name in figure} for key, figure in known.items()}
    parts = {name: result[f"skjutreglage_{name}"] for name in ("mening", "golv", "rutor")}
    return {"reglage": dials, "nyckeltal": figures, **parts, "titel": result["rubrik"]}
