"""One notebook executed by papermill: its outputs, or why it failed, with nothing of this machine in either."""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from planbok.base.workspace import ENV_EARLIER, ENV_OUT, NOTEBOOKS, PACKAGE, ROOT, workspace
from planbok.batch.make import engines  # noqa: F401 - registers them with papermill
from planbok.batch.make.failed import described, note_error, worded
from planbok.batch.plan.job import KERNEL, NOTEBOOK_FILE, Job
from planbok.batch.plan.notebooks import LAB_ONLY
from planbok.batch.plan.plan import RunLimits
from planbok.case.case import ENV_AUDIENCE
from planbok.report.handover import RESULT_FILE

NOTED = re.compile(r"""("(?:in|out)put_path": )("(?:[^"\\]|\\.)+")""")  # what papermill notes, as JSON has it
QUIET_KERNEL = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def execute(job: Job) -> dict[str, str] | None:
    """Executes a run's notebook into its folder; returns None, or the error as the manifest has it.

    Whatever goes wrong in the notebook or with its kernel is that report's error and stops no other.
    """
    target, error, shown = job.folder / NOTEBOOK_FILE, None, False
    variables = {**job.folders.environment(), ENV_AUDIENCE: job.spridning, ENV_OUT: str(job.folder), **QUIET_KERNEL}
    variables[ENV_EARLIER] = str(job.folder.parent.parent)
    try:
        with _environment(variables), _memory(job.limits):
            papermill.execute_notebook(
                str(job.run.notebook.path),
                str(target),
                parameters=job.run.parameters,
                kernel_name="python3",
                engine_name=KERNEL if job.run.notebook.own_kernel else job.engine,
                request_save_on_cell_execute=False,
                progress_bar=False,
                cwd=str(NOTEBOOKS),
                skip_cells_with_tag=LAB_ONLY,
                seconds=job.limits.seconds,
                save_to=str(target),
                trace=str(job.trace),
            )
    except PapermillExecutionError as problem:
        where = section(nbformat.read(target, as_version=4), problem.cell_index)
        error = worded({"section": where, "type": problem.ename, "message": problem.evalue}, job.limits)
        shown = True
    except Exception as problem:
        error = {**described(problem, job.limits), "section": _stopped_in(target)}
    if error is None and not (job.folder / RESULT_FILE).is_file():
        text = "anteckningsboken lämnade inget resultat; dess sista anrop ska vara show.finish(case, result)."
        error = {"section": "Om rapporten", "type": "InputError", "message": text}
    if error and not shown:
        note_error(target, error)
    if target.is_file():
        scrub(target, job)
    return error and scrubbed(error, job)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """The variables set while a notebook runs, and as they were afterwards."""
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


@contextmanager
def _memory(limits: RunLimits) -> Iterator[None]:
    """Lets a notebook, and each process that it starts, take so much memory; what is made of it afterwards may more."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        yield  # no way to limit it here
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + limits.megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def section(notebook: Any, cell_index: int) -> str:
    """The last heading above a cell."""
    cells = notebook.cells[: cell_index + 1]
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    headings = [line.lstrip("# ") for line in lines if line.startswith("## ")]
    return headings[-1] if headings else "Inledning"


def _stopped_in(path: Path) -> str:
    """The section of the last cell that was started, or "" where none was."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # there is no notebook, or half of one
        return ""
    noted = [cell.metadata.get("papermill") or {} for cell in notebook.cells]
    started = [index for index, of_cell in enumerate(noted) if of_cell.get("start_time")]
    return section(notebook, started[-1]) if started else ""


def scrub(path: Path, job: Job) -> None:
    """Takes this machine's folders out of an executed notebook: papermill notes them, and tracebacks show them."""
    text = NOTED.sub(lambda found: found[1] + _name(found[2]), path.read_text(encoding="utf-8"))
    path.write_text(_without_machine_paths(text, job).rstrip("\n") + "\n", encoding="utf-8")


def _name(value: str) -> str:
    """The name at the end of a path, both as JSON has them."""
    return json.dumps(Path(json.loads(value)).name, ensure_ascii=False)


def scrubbed(error: dict[str, str], job: Job) -> dict[str, str]:
    """An error without this machine's folders."""
    return {key: _without_machine_paths(text, job) for key, text in error.items()}


def _without_machine_paths(text: str, job: Job) -> str:
    """A text with this machine's folders under names that say nothing of it."""
    places = {str(top): "planbok" for top in (PACKAGE, ROOT, workspace()) if top}
    places |= {str(job.folder): ".", sys.prefix: ".venv", str(job.folders.data): "data", tempfile.gettempdir(): "tmp"}
    places |= {str(where): "params" for where in job.folders.params}
    places[str(job.folder.parent.parent)] = "tidigare"
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(json.dumps(place)[1:-1], places[place]).replace(place, places[place])
    return re.sub(re.escape(str(Path.home())) + r"(?![\w.-])", "~", text)
