"""A notebook laid out for the desk: the answer first, the dials beside it, the rest folded, the code out of sight."""

import ast
import json
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from planbok.batch.make.execute import LAB_ONLY

PARAMETERS = "parameters"
COMPARED = "nbval-check-output"
ANSWER, DIALS = "Sammanfattning", "Prova själv"
READERS = "**För:**"  # whom the report is for: said in the report, and on the start page
BAR = "planbok-bar"
LIVE = (PARAMETERS, LAB_ONLY, "remove-cell")  # what a kernel has to run before the bar and the dials work
WAITING, SAID = "Reglagen kommer strax …", "vantar"  # what stands for a cell before that; or what its metadata says
MARK = "planbok"  # the key in a copy's metadata that says it is one


def copy_of(
    name: str, notebook: NotebookNode, values: Mapping[str, Any], before: NotebookNode | None = None
) -> NotebookNode:
    """A notebook's copy with its parameters set; a person's own cells in the copy before it stay where they were.

    `notebook` is changed.
    """
    sections = _sections(notebook.cells)
    first = sections.pop("")
    answer, dials = sections.pop(ANSWER, []), sections.pop(DIALS, [])
    head = [cell for cell in first if not _tagged(cell, PARAMETERS)]
    asked = [cell for cell in first if _tagged(cell, PARAMETERS)]
    for cell in asked:
        cell.source = with_values(cell.source, values)
    bar = [_bar(name)] if asked else []
    below = [cell for cells in sections.values() for cell in cells if not _tagged(cell, COMPARED)]
    rest = [part for cell in below for part in (_parted(cell) if dials else [cell])]
    cells = [*head, *asked, *bar, *answer, *dials, *rest]
    for cell in cells:
        _fit(cell, is_live=cell in answer or _tagged(cell, *LIVE))
    for cell in head[:1]:
        cell.source = cell.source.partition(f"\n\n{READERS}")[0]
    for role, marked in {"title": head[:1], "summary": answer[:1], "dials": dials[:1]}.items():
        for cell in marked:
            cell.metadata[MARK] = {"role": role}
    for cell in rest if dials else ():
        if _is_heading(cell):
            cell.metadata["jp-MarkdownHeadingCollapsed"] = True
    notebook.cells = _with_own(cells, before.cells if before else [])
    notebook.metadata[MARK] = {**notebook.metadata.get(MARK, {}), "desk": True}
    return notebook


def _sections(cells: list[NotebookNode]) -> dict[str, list[NotebookNode]]:
    """The cells under each heading of the second level, by its words; "" for those above the first."""
    found: dict[str, list[NotebookNode]] = {"": []}
    name = ""
    for cell in cells:
        if _is_heading(cell):
            name = cell.source.splitlines()[0][3:].strip()
        found.setdefault(name, []).append(cell)
    return found


def _parted(cell: NotebookNode) -> list[NotebookNode]:
    """A heading that is to be folded, apart from the text below it in the same cell: that is folded with the rest."""
    head, _, text = cell.source.partition("\n")
    if not _is_heading(cell) or not text.strip():
        return [cell]
    cell.source = head
    return [cell, new_markdown_cell(text.strip(), id=f"{cell.id}-text")]


def _is_heading(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("## ")


def _tagged(cell: NotebookNode, *tags: str) -> bool:
    return not set(tags).isdisjoint(cell.metadata.get("tags", []))


def _bar(name: str) -> NotebookNode:
    source = f'from planbok.commands.desk.bar import bar\n\nbar("{name}", globals())'
    return new_code_cell(source, id=BAR, metadata={"tags": [LAB_ONLY], MARK: {SAID: "Valen kommer strax …"}})


def _fit(cell: NotebookNode, is_live: bool) -> None:
    """A cell that is read and not written, with its code folded."""
    cell.metadata["deletable"] = False
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
        cell.metadata[MARK] = {**cell.metadata.get(MARK, {}), "live": is_live}
    if not _tagged(cell, PARAMETERS):
        cell.metadata["editable"] = False


def _with_own(cells: list[NotebookNode], before: list[NotebookNode]) -> list[NotebookNode]:
    """The cells, with those that only an earlier copy has each after the one that it stood after."""
    known, after = {cell.id for cell in cells}, ""
    own: dict[str, list[NotebookNode]] = {}
    for cell in before:
        if cell.id in known:
            after = cell.id
        elif cell.metadata.get("deletable", True):  # ours can't be deleted: one that is no longer in the notebook goes
            own.setdefault(after, []).append(cell)
    return [*own.get("", []), *(found for cell in cells for found in (cell, *own.get(cell.id, [])))]


def placeholder(cell: NotebookNode) -> NotebookNode:
    """What stands in the place of something that needs a kernel."""
    text = cell.metadata[MARK].get(SAID, WAITING)
    return new_output("display_data", {"text/plain": text, "text/markdown": text})


def with_values(source: str, values: Mapping[str, Any]) -> str:
    """The parameters cell with other values; comments and types stand.

    >>> with_values('ar: int = 2016  # planeringsår', {"ar": 2024})
    'ar: int = 2024  # planeringsår'
    """
    lines = [line.encode() for line in source.splitlines()]  # a place in a line is counted in bytes
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and node.value and (name := ast.unparse(node.target)) in values:
            line, place, value = lines[node.lineno - 1], node.value, values[name]
            literal = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
            lines[node.lineno - 1] = line[: place.col_offset] + literal.encode() + line[place.end_col_offset :]
    return "\n".join(line.decode() for line in lines)
