"""Small notebooks for tests of plans and of the batch."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ANNUAL = """enhet: str = "ostermalm"  # enhetens id
ar: int = 2016  # planeringsår
scenario: str = "bas"
jamfor_med: str = "bas"
version: str = "vp"
andel: float = -0.5  # en andel
utkast: bool = False"""
MONTHLY = """enhet: str = "ostermalm"
ar: int = 2016
scenario: str = "bas"
jamfor_med: str = "bas"
tom_manad: int = 12  # sista månad"""


def write_notebook(path: Path, parameters: str | None, *cells: str, title: str = "Prov") -> Path:
    """A notebook with a title, a cell tagged parameters (None: none), and code; what starts with # is prose."""
    book = new_notebook(cells=[new_markdown_cell(f"# {title}")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    if parameters is not None:
        book.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    book.cells += [new_markdown_cell(c) if c.startswith("#") else new_code_cell(c) for c in cells]
    nbformat.write(book, path)
    return path
