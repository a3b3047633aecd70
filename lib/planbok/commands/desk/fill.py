"""A copy made and executed, in a process that ends with it."""

import os
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from planbok.base.files import written_whole
from planbok.base.workspace import ENV_OUT, notebook_files
from planbok.batch.make import ready, warm
from planbok.batch.make.execute import LAB_ONLY
from planbok.batch.make.shell import language_info, shell
from planbok.commands.desk import copies
from planbok.commands.desk.layout import MARK, copy_of, placeholder
from planbok.commands.desk.place import Desk, settle

FILE_RIGHTS = 0o077  # taken away: a copy is its owner's alone


def make(desk: Desk, name: str) -> str:
    """Makes a copy of a notebook in the desk's folder and executes it there; "" or why it is not there.

    What goes wrong in the notebook stands in the copy, where it would stand when run by hand.
    """
    settle(desk)
    os.environ.pop(ENV_OUT, None)
    os.umask(FILE_RIGHTS)
    os.chdir(desk.folder)
    warm.in_child()
    ready.load()
    notebook, before = copies.notebook_of(name), copies.read_copy(desk, name)
    if notebook is not None and notebook.faults:
        return str(notebook.faults[0])
    values = copies.values_for(desk, notebook, before) if notebook else {}
    rests_on = copies.stamp() if notebook else ""  # the start page shows what changes with every choice
    if rests_on and copies.is_made(before, rests_on, values, notebook):
        return ""
    copy = copy_of(name, nbformat.read(notebook_files()[name], as_version=4), values, before)
    copy.metadata[MARK][copies.RESTS_ON] = rests_on
    execute(copy)
    return _write(copies.path_of(desk, name), copy)


def execute(copy: NotebookNode) -> None:
    """Fills in the outputs of the copy's own cells, until one fails."""
    with shell().in_notebook():
        for cell in copy.cells:
            if cell.cell_type != "code" or MARK not in cell.metadata:
                continue
            if LAB_ONLY in cell.metadata.get("tags", []):
                cell.outputs = [placeholder(cell)]
            elif not shell().run(cell):
                break
    copy.metadata["language_info"] = language_info()


def _write(path: Path, copy: NotebookNode) -> str:
    try:
        with written_whole(path) as beside:
            nbformat.write(copy, beside)
    except OSError as error:
        return f"Kopian av {path.stem} gick inte att skriva ({error.strerror})."
    return ""
