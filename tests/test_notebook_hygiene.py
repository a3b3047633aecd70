"""The hygiene check itself finds what it is there to find."""

import copy
import json
from pathlib import Path

import pytest
from notebook_hygiene import NOTEBOOKS, faults

GOOD = json.loads((NOTEBOOKS / "budgetscenarier.ipynb").read_text("utf-8"))


def code_cell(notebook: dict) -> dict:
    return next(c for c in notebook["cells"] if c["cell_type"] == "code" and not c["metadata"].get("tags"))


def test_every_committed_notebook_is_clean():
    paths = sorted(Path(NOTEBOOKS).glob("*.ipynb"))
    assert paths
    assert {p.name: faults(json.loads(p.read_text("utf-8")), p.name) for p in paths} == {p.name: [] for p in paths}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f():\n    return 1", "FunctionDef"),
        ("for x in y:\n    z", "For"),
        ("x = a + b", "BinOp"),
        ("a\nb\nc\nd\ne\nf", "6 statements"),
    ],
)
def test_logic_in_a_cell_is_found(source, words):
    notebook = copy.deepcopy(GOOD)
    code_cell(notebook)["source"] = source
    assert [text for text in faults(notebook) if words in text]


def test_stored_output_is_found():
    notebook = copy.deepcopy(GOOD)
    code_cell(notebook)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    assert [text for text in faults(notebook) if "has outputs" in text]


def test_missing_section_is_found():
    notebook = copy.deepcopy(GOOD)
    notebook["cells"] = [c for c in notebook["cells"] if "## Kontroller" not in "".join(c["source"])]
    assert [text for text in faults(notebook) if "sections are" in text]
