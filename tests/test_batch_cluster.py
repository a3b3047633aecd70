"""The same reports from every way of making them, a cluster whose worker is lost included."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_runs import alive, descendants, made, small_plan, whole_runs

from planbok.base.workspace import Folders
from planbok.batch.make.options import RunOptions
from planbok.batch.make.preflight import preflight
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.batch.run.runner import run_plan
from planbok.cli import main
from planbok.topics import answer

PLAN = """titel: Lika
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2016, enhet: ostermalm, scenario: vardkostnader_1_procent_1_juli}
  - notebook: kostnadskontroll
    parametrar: {ar: 2024, enhet: exempelenheten, tom_manad: 8}
"""


def start(*arguments: object) -> subprocess.Popen:
    """A process of the cluster, with a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(process: subprocess.Popen) -> None:
    """Ends a process of the cluster and all that it started, at once."""
    numbers = [process.pid, *descendants(process.pid)]
    for number in numbers:
        if alive([number]):
            os.kill(number, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler on this machine's own network, and its two workers."""
    base = tmp_path_factory.mktemp("kluster")
    file = base / "schemalaggare.json"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    processes = [start("distributed.cli.dask_scheduler", "--port", 0, *here, "--scheduler-file", file)]
    until = time.monotonic() + 60
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.1)
    address = json.loads(file.read_text("utf-8"))["address"]
    worker = ("distributed.cli.dask_worker", address, "--nthreads", 1, "--local-directory", base / "dask", *here)
    processes += [start(*worker), start(*worker)]
    try:
        from distributed import Client  # a large library that each worker of pytest would wait for

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            end(process)


def results(run: Path) -> dict[str, dict]:
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in run.glob("*/resultat.json")}


def outputs(run: Path) -> dict[str, list]:
    """What the notebooks show, but for the last line, which says when it was made."""
    books = {path.parent.name: json.loads(path.read_text("utf-8")) for path in run.glob("*/anteckningsbok.ipynb")}
    return {
        name: [(c["source"], c.get("outputs"), c.get("execution_count")) for c in book["cells"][:-1]]
        for name, book in books.items()
    }


def test_every_way_gives_the_same(tmp_path, cluster):
    path = tmp_path / "lika.yaml"
    path.write_text(PLAN, "utf-8")
    plan = load_plan(path, read_notebooks(), ["bas", "vardkostnader_1_procent_1_juli"])
    preflight(plan, Folders(), answer.verify)
    ways = [
        RunOptions(workers=1),
        RunOptions(workers=2),
        RunOptions(workers=2, fork=False),
        RunOptions(workers=2, scheduler=cluster[0]),
    ]
    runs = []
    for number, how in enumerate(ways):
        finished = run_plan(plan, Folders(), tmp_path / str(number), lambda text: None, how)
        assert not finished.problems
        runs.append(finished.index.parent / finished.manifest["run_id"])
    assert len(results(runs[0])) == 2
    for run in runs[1:]:
        assert results(run) == results(runs[0])
        assert outputs(run) == outputs(runs[0])


def test_a_fault_on_the_cluster_is_named_as_elsewhere(tmp_path, cluster):
    plan = small_plan(tmp_path / "p", 1, "import os; os._exit(3)")
    (entry,) = made(plan, tmp_path / "ut", RunOptions(scheduler=cluster[0])).manifest["runs"]
    assert (entry["error"]["type"], entry["error"]["section"]) == ("DeadKernelError", "Sammanfattning")


def test_a_cluster_that_does_not_answer_is_refused(tmp_path, capsys):
    arguments = ["run", "exempel", "--scheduler", "tcp://127.0.0.1:1", "--out", str(tmp_path / "ut")]
    assert main(arguments) == 2
    assert "--scheduler: inget kluster svarar på 'tcp://127.0.0.1:1'" in capsys.readouterr().err
    assert not (tmp_path / "ut").exists()


def test_a_lost_workers_reports_are_made_by_another(tmp_path, cluster):
    address, workers = cluster
    waits = f"import time, pathlib; pathlib.Path({str(tmp_path)!r}, f'borjat-{{tom_manad}}').touch(); time.sleep(2)"
    plan, out = small_plan(tmp_path / "p", 4, waits), tmp_path / "ut"
    lost = []

    def lose_one(text: str) -> None:
        if not lost:
            lost.append(workers[0].pid)
            end(workers[0])

    finished = run_plan(plan, Folders(), out, lose_one, RunOptions(workers=2, scheduler=address))
    assert lost
    assert not finished.problems
    assert whole_runs(out / plan.id) == [finished.manifest["run_id"]]
    assert [entry["status"] for entry in finished.manifest["runs"]] == ["ok"] * 4
