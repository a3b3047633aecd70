"""The notebooks there are: their title, their typed parameters, where they stand, and what their code can do."""

import ast
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, did_you_mean
from planbok.base.workspace import NOTEBOOKS, notebook_files, shown
from planbok.inputs.documents import quoted
from planbok.inputs.journal import bytes_of, digest

TYPES = {"int": int, "str": str, "float": float, "bool": bool}
LAB_ONLY = "lab-only"  # widgets: for people at the keyboard, not for reports
START_PAGE = "start"  # what JupyterLab opens first: no report
EVERY_NOTEBOOK = ("enhet", "ar", "scenario", "jamfor_med")
EXAMPLE = "ar: int = 2016  # planeringsår"
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
    """A notebook and what its parameters cell says, with the faults that keep it from being run."""

    id: str
    path: Path
    titel: str
    parameters: dict[str, Parameter]
    faults: tuple[Fault, ...] = ()
    plain: str = ""  # the hash of one of planbok's own, whose code does nothing but call planbok
    own_kernel: bool = False  # asks for it by `"planbok": {"kernel": true}` in its metadata, or its code needs it
    prose: str = ""  # its first markdown cell: the title, the question and whom it is for

    def unknown(self, name: str) -> str:
        """What to say of a parameter that the notebook does not have."""
        return f"{self.id} har ingen parameter {quoted(name)}.{did_you_mean(name, self.parameters)}"


_SOUND: dict[Path, tuple[bytes, NotebookFile]] = {}  # by file, with its content


def read_notebooks(folder: Path | None = None) -> dict[str, NotebookFile]:
    """Every notebook by its id, the workspace's and planbok's own, or those of a folder.

    One with faults hinders only what uses it: a scratch copy is no harm.
    """
    paths = notebook_files(*([folder] if folder else ()))
    return {name: _read(path) for name, path in paths.items() if name != START_PAGE}


def _read(path: Path) -> NotebookFile:
    """A notebook; one that was sound is taken apart anew only where its content is another."""
    try:
        raw = bytes_of(path)
    except OSError:
        raw = b""  # as what can't be read is
    before = _SOUND.get(path)
    if before is None or before[0] != raw:
        found = _parsed(path, raw)
        if found.faults:
            return found
        before = _SOUND[path] = raw, found
    return before[1]


def _parsed(path: Path, raw: bytes) -> NotebookFile:
    faults: list[Fault] = []

    def fault(text: str, code: str) -> None:
        faults.append(Fault("anteckningsbok", shown(path), 0, "", text, code))

    try:
        notebook = json.loads(raw)
        cells, asked = notebook["cells"], notebook.get("metadata", {}).get("planbok", {})
        sources = [(c["cell_type"], c.get("metadata", {}).get("tags", []), "".join(c["source"])) for c in cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fault("filen går inte att läsa som anteckningsbok. Hämta den på nytt eller ta bort den.", "unreadable")
        return NotebookFile(path.stem, path, path.stem, {}, tuple(faults))
    tagged = [source for _, tags, source in sources if "parameters" in tags]
    if len(tagged) != 1:
        fault(f"anteckningsboken ska ha en cell märkt parameters, men har {len(tagged)}.", "no_parameters")
    lines = (line for kind, _, source in sources if kind == "markdown" for line in source.splitlines())
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
    prose = next((source for kind, _, source in sources if kind == "markdown"), "")
    parameters = parse_parameters(tagged[0], shown(path), faults) if tagged else {}
    missing = [name for name in EVERY_NOTEBOOK if name not in parameters]
    if missing and not faults:
        fault(f"parametercellen saknar {', '.join(missing)}, som varje anteckningsbok ska ha.", "missing_parameter")
    run = [source for kind, tags, source in sources if kind == "code" and LAB_ONLY not in tags]
    kernel = asked.get("kernel") is True or any(map(needs_kernel, run))
    plain = digest(raw) if path.parent == NOTEBOOKS and only_calls(run) else ""
    return NotebookFile(path.stem, path, title, parameters, tuple(faults), plain, kernel, prose)


def parse_parameters(source: str, file: str, faults: list[Fault]) -> dict[str, Parameter]:
    """Typed literals with their comments.

    >>> parse_parameters("ar: int = 2016  # planeringsår", "x.ipynb", [])["ar"]
    Parameter(name='ar', type=<class 'int'>, default=2016, comment='planeringsår')
    """
    lines = source.splitlines()
    found: dict[str, Parameter] = {}

    def fault(line: int | None, form: str) -> None:
        text = f"rad {line} i parametercellen ska ha formen  {form}."
        faults.append(Fault("anteckningsbok", file, 0, "", text, "untyped_parameter"))

    try:
        nodes = ast.parse(source).body
    except SyntaxError as error:
        fault(error.lineno, EXAMPLE)
        return found
    for node in nodes:
        parameter, value = _parameter(node), getattr(node, "value", None)
        if parameter is None or value is None or not parameter.fits(parameter.default):
            fault(node.lineno, EXAMPLE)
            continue
        comment = lines[value.end_lineno - 1].encode()[value.end_col_offset :].decode().partition("#")[2].strip()
        found[parameter.name] = replace(parameter, comment=comment)
    return found


def _parameter(node: ast.stmt) -> Parameter | None:
    """A typed literal, without its comment; None for anything else."""
    if not isinstance(node, ast.AnnAssign) or node.value is None:
        return None
    if not isinstance(node.target, ast.Name) or not isinstance(node.annotation, ast.Name):
        return None
    try:
        value = ast.literal_eval(node.value)
    except ValueError:
        return None
    return Parameter(node.target.id, TYPES[node.annotation.id], value) if node.annotation.id in TYPES else None


# Widgets have a front end to talk to, a running event loop outlives its cell, and the history is the kernel's own file.
KERNEL_SIGNS = re.compile(
    r"\b(?:asyncio|anyio|trio|nest_asyncio|ipywidgets|anywidget|ipykernel|ipyparallel|FigureWidget|create_comm)\b"
    r"|\btqdm\.(?:auto|notebook|autonotebook)\b"
    r"|\b(?:from|import)\s+comm\b"
    r"|\bawait\b|\basync\s+(?:def|for|with)\b"
    r"|\.kernel\b"
    r"|^\s*%(?:hist|history|recall|rep|rerun|save|macro|edit|ed|pastebin|notebook|gui)\b"
    r"|^\s*(?:exit|quit)\s*(?:\(\s*\))?\s*$",
    re.MULTILINE,
)


def needs_kernel(source: str) -> bool:
    """Whether a cell's code has something that only a kernel does; a word in a comment counts, and costs two seconds.

    >>> [needs_kernel(code) for code in ("import ipywidgets as w", "await svar", "%history -l 1", "exit")]
    [True, True, True, True]
    >>> [needs_kernel(code) for code in ("awaited = 1", "display('x', display_id=True)", "import commune")]
    [False, False, False]
    """
    return KERNEL_SIGNS.search(source) is not None


SIMPLE = (
    *(ast.Module, ast.Expr, ast.Assign, ast.AnnAssign, ast.Call, ast.keyword, ast.Constant, ast.alias),
    *(ast.List, ast.Tuple, ast.Dict, ast.Load, ast.Store, ast.UnaryOp, ast.USub),
)


def only_calls(sources: Iterable[str]) -> bool:
    """Whether cells only set names of their own and call what they import from planbok.

    >>> only_calls(["ar: int = 2024", "from planbok.report import show", "svar = show.table(ar)", "print(svar)"])
    True
    >>> [only_calls([code]) for code in ("import os", "open('x')", "x = 1\\nx.y = 2", "!ls", "x = [1 for _ in 'a']")]
    [False, False, False, False, False]
    """
    try:
        nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    except SyntaxError:  # a magic, or a command of the system's
        return False
    known = {"print", "int", "str", "float", "bool"}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    return all(_is_simple(node, known) for node in nodes)


def _is_simple(node: ast.AST, known: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").startswith("planbok.")
    if isinstance(node, ast.Name):
        return node.id in known
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name) and not node.attr.startswith("_")
    return isinstance(node, SIMPLE)
