"""Runs the committed notebooks and stores anew what nbval compares: look at the difference before it is committed.

python tests/store_outputs.py [notebook ...]
"""

import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

from notebook_hygiene import COMPARED, NOTEBOOKS, START_PAGE

FIRST_COUNT = 1


def stored(path: Path) -> str:
    """The notebook as text, with the output of each compared cell made anew."""
    notebook, names = json.loads(path.read_text("utf-8")), {}
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or "lab-only" in tags:
            continue
        said = io.StringIO()
        with redirect_stdout(said):
            exec(compile("".join(cell["source"]), f"{path.name}:{cell['id']}", "exec"), names)
        if COMPARED in tags:
            lines = said.getvalue().splitlines(keepends=True)
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}]
            cell["execution_count"] = cell["execution_count"] or FIRST_COUNT
            break
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def main(names: list[str]) -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if path.name != START_PAGE and (not names or path.stem in names):
            path.write_text(stored(path), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
