"""A notebook gives the same in the process that makes its report as in an ordinary kernel, or goes to one by itself."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml_files
from batch_runs import made, own_names, small_plan
from nbformat.v4 import new_code_cell, new_notebook

from planbok.batch.make.processes import FORK
from planbok.batch.plan.notebooks import needs_kernel, read_notebooks

EXAMPLES = yaml_files.read(Path(__file__).parent / "examples/kernel_parity.yaml")
SAME = {example["namn"]: example for example in EXAMPLES["lika"]}
OF_THE_PROCESS = re.compile(r"\x1b\[[\d;]*m|(?<=ipykernel_)\d+|(?<=0x)[0-9a-f]+|(?<=Thread-)\d+|(?<=pid=)\d+")
# In a process of their own: under pytest a kernel leaves the system's files alone, and warnings and logs are pytest's.
BOTH_WAYS = """
import sys
from contextlib import suppress
from planbok.batch.make import engines, warm
import papermill
from papermill.exceptions import PapermillExecutionError
source, kernels, own = sys.argv[1:]
quiet = {"kernel_name": "python3", "progress_bar": False, "request_save_on_cell_execute": False}
with suppress(PapermillExecutionError):  # said of the cells that are allowed to fail, when all have run
    papermill.execute_notebook(source, kernels, **quiet)
warm.load()
options = {"seconds": 100, "skip_cells_with_tag": "", "save_to": own, "trace": own + ".spar", **quiet}
with suppress(PapermillExecutionError):
    papermill.execute_notebook(source, own, engine_name="planbok", **options)
"""
pytestmark = pytest.mark.skipif(not FORK, reason="reports are made in kernels here")


def outputs(cell) -> list:
    """What a cell shows, without what differs from process to process; a kernel's two streams come in any order."""
    found, streams = [], {}
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + OF_THE_PROCESS.sub("", output.text)
            continue
        found, streams = [*found, *sorted(streams.items())], {}
        if output.output_type == "error":
            trace = OF_THE_PROCESS.sub("", "\n".join(output.traceback))
            if SAME[cell.metadata.example].get("egen_ram"):
                trace = trace.partition("\nFile ")[0]
            found.append((output.ename, output.evalue, trace))
        else:
            shown = OF_THE_PROCESS.sub("", json.dumps(output.data, sort_keys=True))
            found.append((output.output_type, shown, output.metadata, output.get("execution_count")))
    return [*found, *sorted(streams.items())]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The examples as one notebook, run both ways; each one's cells, the kernel's and the process's."""
    folder = tmp_path_factory.mktemp("lika")
    book = new_notebook()
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for name, example in SAME.items():
        tags = {"tags": ["raises-exception"], "example": name}
        book.cells += [new_code_cell(source, metadata=tags) for source in example["celler"]]
    source, kernels, own = (str(folder / f"{name}.ipynb") for name in ("prov", "karna", "egen"))
    nbformat.write(book, source)

    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    subprocess.run([sys.executable, "-c", BOTH_WAYS, source, kernels, own], env=settings, check=True)
    cells: dict[str, list] = {name: [] for name in SAME}
    pairs = ([cell for cell in nbformat.read(path, 4).cells if "example" in cell.metadata] for path in (kernels, own))
    for pair in zip(*pairs, strict=True):
        cells[pair[0].metadata.example].append(pair)
    return cells


@pytest.mark.parametrize("name", SAME)
def test_a_cell_shows_the_same_as_in_a_kernel(both, name):
    for kernels, own in both[name]:
        assert (outputs(own), own.execution_count) == (outputs(kernels), kernels.execution_count), own.source


@pytest.mark.parametrize("name", EXAMPLES["karna"])
def test_what_only_a_kernel_can_do_asks_for_one(name):
    assert needs_kernel(EXAMPLES["karna"][name])


def test_no_report_of_ours_needs_a_kernel():
    assert not [name for name, notebook in read_notebooks().items() if notebook.own_kernel]


def test_widgets_get_their_kernel_and_their_state(tmp_path):
    cells = ["import ipywidgets\nruta = ipywidgets.Output()\nruta", "with ruta:\n    print('i rutan')"]
    finished = made(small_plan(tmp_path, 1, *cells), tmp_path / "ut")
    (entry,) = finished.manifest["runs"]
    folder = finished.index.parent / finished.manifest["run_id"] / entry["folder"]
    assert "rapport.html" in own_names(folder.iterdir()), entry["error"]
    state = nbformat.read(folder / "anteckningsbok.ipynb", as_version=4).metadata.widgets
    assert "i rutan" in json.dumps(state)
