"""One notebook executed by papermill: its outputs, or why it failed, with nothing of this machine in either."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from planbok.batch.failed import described, note_error
from planbok.batch.kernels import LocalKernelManager
from planbok.batch.plan import Run
from planbok.case import ENV_AUDIENCE
from planbok.paths import NOTEBOOKS, ROOT, Folders
from planbok.report.handover import ENV_OUT, RESULT_FILE

NOTEBOOK_FILE = "anteckningsbok.ipynb"
LAB_ONLY = "lab-only"  # widgets: for people at the keyboard, not for reports
QUIET_KERNEL = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def execute(run: Run, spridning: str, folders: Folders, folder: Path) -> dict[str, str] | None:
    """Executes a run's notebook into a folder; returns None, or the error as the manifest has it.

    Whatever goes wrong in the notebook or with its kernel is that report's error and stops no other.
    """
    target, error, shown = folder / NOTEBOOK_FILE, None, False
    variables = {**folders.environment(), ENV_AUDIENCE: spridning, ENV_OUT: str(folder), **QUIET_KERNEL}
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
        shown = True
    except Exception as problem:
        error = described(problem)
    if error is None and not (folder / RESULT_FILE).is_file():
        text = "anteckningsboken lämnade inget resultat; dess sista anrop ska vara show.finish(case, result)."
        error = {"section": "Om rapporten", "type": "InputError", "message": text}
    if error and not shown:
        note_error(target, error)
    if target.is_file():
        _scrub(target, folders)
    return error and scrubbed(error, folder, folders)


def scrubbed(error: dict[str, str], folder: Path, folders: Folders) -> dict[str, str]:
    """An error without this machine's folders."""
    return {key: _without_machine_paths(text, folder, folders) for key, text in error.items()}


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


def _scrub(path: Path, folders: Folders) -> None:
    """Takes this machine's folders out of an executed notebook: papermill notes them, and tracebacks show them."""
    notebook = nbformat.read(path, as_version=4)
    noted: dict[str, Any] = notebook.metadata.get("papermill", {})
    for key in ("input_path", "output_path"):
        if noted.get(key):
            noted[key] = Path(noted[key]).name
    text = _without_machine_paths(nbformat.writes(notebook), path.parent, folders)
    path.write_text(text + "\n", encoding="utf-8")


def _without_machine_paths(text: str, folder: Path, folders: Folders) -> str:
    """A text with this machine's folders under names that say nothing of it."""
    places = {str(folder): ".", sys.prefix: ".venv", str(ROOT): "planbok", str(folders.data): "data"}
    places |= {str(where): "params" for where in folders.params}
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(json.dumps(place)[1:-1], places[place]).replace(place, places[place])
    return text.replace(str(Path.home()) + os.sep, "~/")
