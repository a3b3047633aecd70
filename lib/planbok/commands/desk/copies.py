"""The desk's copies: which there are, with what values they are made, and when one has to be made anew."""

import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from planbok.base.errors import PlanbokError
from planbok.base.workspace import PACKAGE, Folders, notebook_files
from planbok.batch.make.execute import LAB_ONLY
from planbok.batch.plan.notebooks import START_PAGE, NotebookFile, parse_parameters, read_notebooks
from planbok.case.case import ENV_AUDIENCE
from planbok.commands.desk.layout import MARK, PARAMETERS
from planbok.commands.desk.offers import Offers
from planbok.commands.desk.place import Desk

REMEMBERED = ("enhet", "ar", "tom_manad")  # what is chosen for one notebook and holds for the others
RESTS_ON = "vilar_pa"  # the key in a copy's metadata of what it was made of


def names() -> list[str]:
    """Every notebook that the desk has a copy of, the start page first."""
    return sorted(notebook_files(), key=lambda name: (name != START_PAGE, name))


def path_of(desk: Desk, name: str) -> Path:
    return desk.folder / f"{name}.ipynb"


def stamp() -> str:
    """What copies rest on, as it is on the disk now: planbok, notebooks, parameters and tables."""
    folders = Folders.in_use()
    files = [*notebook_files().values(), *PACKAGE.rglob("*.py")]
    for folder in (folders.data, *folders.params):
        files += folder.rglob("*")
    found = [os.environ.get(ENV_AUDIENCE, "")]
    for path in sorted(files):
        with suppress(OSError):
            state = os.stat(path)
            found.append(f"{path} {state.st_mtime_ns} {state.st_size}")
    return sha256("\n".join(found).encode()).hexdigest()


def is_made(copy: NotebookNode | None, rests_on: str, values: Mapping[str, Any], notebook: NotebookFile | None) -> bool:
    """Whether a copy is whole already: made of what there is now, with these values, and every cell of it run."""
    if copy is None or copy.metadata.get(MARK, {}).get(RESTS_ON) != rests_on:
        return False
    own = [cell for cell in copy.cells if cell.cell_type == "code" and MARK in cell.metadata]
    if any(cell.execution_count is None for cell in own if LAB_ONLY not in cell.metadata.get("tags", [])):
        return False
    return notebook is None or values_in(copy, notebook) == dict(values)


def read_copy(desk: Desk, name: str) -> NotebookNode | None:
    """The copy as it is; None where there is none that can be read."""
    try:
        return nbformat.read(path_of(desk, name), as_version=4)
    except Exception:  # no file, half a file, or something else under its name
        return None


def values_in(copy: NotebookNode, notebook: NotebookFile) -> dict[str, Any]:
    """What a copy's parameters cell says, as far as it can be read and fits the notebook."""
    cells = [cell.source for cell in copy.cells if PARAMETERS in cell.metadata.get("tags", [])]
    found = parse_parameters(cells[0], "", []) if cells else {}
    return {name: p.default for name, p in found.items() if name in notebook.parameters}


def values_for(desk: Desk, notebook: NotebookFile, before: NotebookNode | None) -> dict[str, Any]:
    """The values that a copy is made with: its own from before, with the unit, year and month that were last chosen."""
    own = {name: parameter.default for name, parameter in notebook.parameters.items()}
    if before is not None:
        own |= values_in(before, notebook)
    try:
        chosen = {name: value for name, value in desk.chosen().items() if name in REMEMBERED and name in own}
        return fitted({**own, **chosen}, own, Offers.of(notebook.id))
    except PlanbokError:  # tables that can't be read: the copy itself says what is wrong
        return own


def fitted(wanted: Mapping[str, Any], own: Mapping[str, Any], offers: Offers) -> dict[str, Any]:
    """Values of which unit, year and month are in the tables: else the notebook's own, else the nearest there is."""
    units = [enhet for enhet, _ in offers.units()]
    values = dict(wanted)
    if units and values["enhet"] not in units:
        values["enhet"] = own["enhet"] if own["enhet"] in units else units[0]
    years = offers.years(values["enhet"])
    if years and values["ar"] not in years:
        values["ar"] = own["ar"] if own["ar"] in years else years[-1]
    if "tom_manad" in values:
        months = offers.months(values["enhet"], values["ar"])
        if values["tom_manad"] not in months:
            values["tom_manad"] = months[-1]
    return values


def notebook_of(name: str) -> NotebookFile | None:
    """What a notebook's parameters cell says; None for the start page, which has none."""
    return None if name == START_PAGE else read_notebooks()[name]


def parameters_cell(notebook: NotebookFile) -> str:
    """The parameters cell as the notebook has it."""
    cells = nbformat.read(notebook.path, as_version=4).cells
    return next(cell.source for cell in cells if PARAMETERS in cell.metadata.get("tags", []))
