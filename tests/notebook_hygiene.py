"""Notebook hygiene: prose and calls only, no outputs but those that are compared. Run by `make lint`."""

import ast
import json
import sys
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
COMPARED = "nbval-check-output"
LONGEST_CELL = 5
SECTIONS = [
    "Sammanfattning",
    "Tabeller och figurer",
    "Vad förklarar skillnaden?",
    "Hur säkert är det?",
    "Kontroller",
    "Antaganden och källor",
    "Underlag",
    "Prova själv",
    "Om rapporten",
]
START_PAGE = "start.ipynb"  # no report: no parameters, and sections of its own
START_SECTIONS = [
    "Senast",
    "Vad vill du veta?",
    "Så gör du",
    "Enheter, tabeller och scenarier",
    "Vad kontrollen säger om dina filer",
    "Vad som räknas, och vad som inte gör det",
]
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.If,
    ast.comprehension,
    ast.BinOp,
    ast.Try,
)
METADATA = {"kernelspec", "language_info", "planbok"}


def faults(notebook: dict, name: str = "") -> list[str]:
    """What a committed notebook must not have, one line each."""
    is_start = name == START_PAGE
    sections, parameters = (START_SECTIONS, 0) if is_start else (SECTIONS, 1)
    found = [
        f"metadata '{key}' does not belong in a committed notebook" for key in set(notebook["metadata"]) - METADATA
    ]
    headings = [
        line[3:].strip()
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
        if line.startswith("## ")
    ]
    if headings != sections:
        found.append(f"sections are {headings}, not {sections}")
    tagged = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    if len(tagged) != parameters:
        found.append(f"{len(tagged)} cells tagged parameters, not {parameters}")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            found += [f"cell {cell['id']}: {text}" for text in _cell_faults(cell)]
    return sorted(found)


def _cell_faults(cell: dict) -> list[str]:
    tags = cell["metadata"].get("tags", [])
    found = []
    if cell["outputs"] and COMPARED not in tags:
        found.append("has outputs; only cells tagged nbval-check-output keep theirs")
    if not cell["outputs"] and COMPARED in tags:
        found.append("is compared but has no output to compare with")
    if cell["execution_count"] is not None and COMPARED not in tags:
        found.append("has an execution count")
    if "parameters" in tags:
        return found
    tree = ast.parse("".join(cell["source"]))
    if len(tree.body) > LONGEST_CELL:
        found.append(f"has {len(tree.body)} statements, more than {LONGEST_CELL}")
    logic = sorted({type(node).__name__ for node in ast.walk(tree) if isinstance(node, FORBIDDEN)})
    if logic:
        found.append(f"holds logic ({', '.join(logic)}); it belongs in lib/planbok")
    return found


def main() -> int:
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not paths:
        print("no notebooks found")
        return 1
    lines = [
        f"{path.name}: {text}" for path in paths for text in faults(json.loads(path.read_text("utf-8")), path.name)
    ]
    print("\n".join(lines) or f"{len(paths)} notebooks are clean")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
