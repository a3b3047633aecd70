"""Kills at random instants: each time the last run is whole, nothing stays, and the next run is made.

Two hundred of small runs and as many of runs with a report of each notebook; fifty each of `prune` and `faststall`.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from batch_runs import real_survives, survives
from test_batch_speed import PLAN, plan_file, read

from planbok.base.errors import InputError
from planbok.base.workspace import Folders
from planbok.batch.plan.plan import Plan
from planbok.batch.run.publish import clear_dead
from planbok.batch.run.runner import run_plan
from planbok.batch.run.unchanged import find_unchanged
from planbok.batch.share import keep

KILLS = 200
OF_KEEPING = 50


def each_notebook(folder: Path) -> Plan:
    """The first report of each notebook in the plan that is measured."""
    plan = read(plan_file(folder, PLAN))
    first = {run.notebook.id: run for run in reversed(plan.runs)}
    assert len(first) == 12
    return plan.with_runs(tuple(first.values()))


@pytest.mark.parametrize("what", ["small", "each notebook"])
def test_two_hundred_kills(tmp_path, record_property, what):
    if what == "small":
        kills = survives(tmp_path, KILLS, fork=True, seed=200)
    else:
        kills = real_survives(each_notebook(tmp_path), tmp_path / "ut", KILLS, seed=201)
    killed: Counter[str] = Counter()
    for number, one in enumerate(kills, start=1):
        killed[one] += 1
        if number % 10 == 0:
            print(f"{number} kills, {what}: {killed['runner']} of runners, {killed['child']} of reports", flush=True)
    record_property("killed", dict(killed))
    assert killed["runner"] > KILLS / 4
    assert killed["child"] > KILLS / 10


def killed_after(instant: float, action) -> bool:
    """Does something in a process that is killed so many seconds after it began; whether it had not ended."""
    reads, writes = os.pipe()
    number = os.fork()
    if number == 0:
        with suppress(BaseException):
            os.write(writes, b"x")
            action()
        os._exit(0)
    os.read(reads, 1)
    time.sleep(instant)
    os.kill(number, signal.SIGKILL)
    os.close(reads)
    os.close(writes)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) < 0


def taken_for(action) -> float:
    """Seconds that something takes in a process of its own."""
    start, number = time.perf_counter(), os.fork()
    if number == 0:
        with suppress(BaseException):
            action()
            os._exit(0)
        os._exit(1)
    assert os.waitpid(number, 0)[1] == 0
    return time.perf_counter() - start


def copied(source: Path, target: Path) -> Path:
    """A copy in which files that were one are one still; whatever stood there goes."""
    if target.is_dir():
        for path in target.rglob("*"):
            path.chmod(0o755)
        shutil.rmtree(target)
    subprocess.run(["cp", "-a", source, target], check=True)
    return target


def figures(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("resultat.json")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """Two runs of each notebook that are linked to each other, and one made anew."""
    base = tmp_path_factory.mktemp("korningar")
    plan = each_notebook(base)
    for linked in (False, True, False):
        links = find_unchanged(plan, Folders(), base / "ut") if linked else {}
        assert not run_plan(plan, Folders(), base / "ut", lambda text: None, None, links).problems
    return base / "ut"


@pytest.mark.parametrize("what", ["prune", "faststall"])
def test_fifty_kills_of_what_keeps_runs(tmp_path, runs, what, record_property):
    (name,) = keep.plan_folders(runs)

    def action(out: Path) -> None:
        if what == "faststall":
            keep.adopt(keep.runs_of(out / name)[-1], "Enhetschef", ["Enhetschef"])
        for one in keep.to_prune(out, None, 1) if what == "prune" else ():
            keep.prune(one)

    before, whole = figures(runs), copied(runs, tmp_path / "hel")
    longest = taken_for(lambda: action(whole))
    files = {path.relative_to(whole) for path in whole.rglob("*")}
    chance, killed = random.Random(50), 0
    while killed < OF_KEEPING:
        out = copied(runs, tmp_path / "ut")
        was_killed = killed_after(chance.uniform(0, longest), lambda out=out: action(out))
        killed += was_killed
        longest *= 1 if was_killed else 0.95
        assert figures(out) == before
        manifests = [keep.manifest_of(run) for run in keep.runs_of(out / name)]
        assert [manifest["run_id"] for manifest in manifests] == [run.name for run in keep.runs_of(runs / name)]
        clear_dead(out / name)
        with suppress(InputError):  # adopted once is adopted
            action(out)
        assert {path.relative_to(out) for path in out.rglob("*")} == files
        oldest = json.loads((keep.runs_of(out / name)[-1] / keep.MANIFEST).read_text("utf-8"))
        assert (oldest["status"] == keep.ADOPTED) == (what == "faststall")
        assert bool(oldest.get("gallrad")) == (what == "prune")
        for path in sorted(out.rglob("*.html")):
            assert "</html>" in path.read_text("utf-8")
    record_property("killed", killed)
    print(f"\n{killed} kills of {what}", flush=True)
