"""The notebooks there are: their title, their typed parameters and where they stand."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planbok.documents import quoted
from planbok.errors import Fault, InputError, did_you_mean
from planbok.paths import NOTEBOOKS, shown

TYPES = {"int": int, "str": str, "float": float, "bool": bool}
TYPE_NAMES = {int: "ett heltal", str: "en text", float: "ett tal", bool: "true eller false"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of the tagged cell: its type, its default on the sample and what it means."""

    name: str
    type: type
    default: Any
    comment: str = ""

    def fits(self, value: Any) -> bool:
        if self.type is float:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return type(value) is self.type


@dataclass(frozen=True)
class NotebookFile:
    """A notebook and what its parameters cell says."""

    id: str
    path: Path
    titel: str
    parameters: dict[str, Parameter]

    def unknown(self, name: str) -> str:
        """What to say of a parameter that the notebook does not have."""
        return f"{self.id} har ingen parameter {quoted(name)}.{did_you_mean(name, self.parameters)}"


def read_notebooks(folder: Path = NOTEBOOKS) -> dict[str, NotebookFile]:
    """Every notebook of the folder by its id.

    Raises
    ------
    InputError
        If one lacks its parameters cell, or the cell holds more than typed literals.
    """
    faults: list[Fault] = []
    found = {path.stem: _read(path, faults) for path in sorted(folder.glob("*.ipynb"))}
    if faults:
        raise InputError(faults)
    return found


def _read(path: Path, faults: list[Fault]) -> NotebookFile:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        text = f"anteckningsboken ska ha en cell märkt parameters, men har {len(tagged)}."
        faults.append(Fault("anteckningsbok", shown(path), 0, "", text, "no_parameters"))
    lines = (line for c in cells if c["cell_type"] == "markdown" for line in "".join(c["source"]).splitlines())
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
    source = "".join(tagged[0]["source"]) if tagged else ""
    return NotebookFile(path.stem, path, title, parse_parameters(source, shown(path), faults))


def parse_parameters(source: str, file: str, faults: list[Fault]) -> dict[str, Parameter]:
    """Typed literals with their comments.

    >>> parse_parameters("ar: int = 2016  # planeringsår", "x.ipynb", [])["ar"]
    Parameter(name='ar', type=<class 'int'>, default=2016, comment='planeringsår')
    """
    lines, found = source.splitlines(), {}
    for node in ast.parse(source).body:
        typed = isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name) and node.value is not None
        if not typed or node.annotation.id not in TYPES or not isinstance(node.value, ast.Constant):
            text = f"rad {node.lineno} i parametercellen ska ha formen  ar: int = 2016  # planeringsår."
            faults.append(Fault("anteckningsbok", file, 0, "", text, "untyped_parameter"))
            continue
        comment = lines[node.end_lineno - 1][node.end_col_offset :].partition("#")[2].strip()
        name = node.target.id
        found[name] = Parameter(name, TYPES[node.annotation.id], node.value.value, comment)
    return found
