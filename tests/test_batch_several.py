"""Several reports in one process: only of notebooks that do nothing but call planbok, and as if each had its own."""

import builtins
import decimal
import json
import locale
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from batch_runs import REAL_FILES, own_names
from test_batch_cluster import outputs, results

from planbok.base.workspace import NOTEBOOKS, Folders
from planbok.batch.make import again, report, schedule
from planbok.batch.make.options import RunOptions
from planbok.batch.make.processes import FORK, Processes
from planbok.batch.make.stations import Stations
from planbok.batch.plan.job import KERNEL, Job
from planbok.batch.plan.notebooks import START_PAGE, read_notebooks
from planbok.batch.plan.plan import Plan, RunLimits, load_plan
from planbok.batch.run.runner import Finished, run_plan
from planbok.topics import answer as answers

pytestmark = pytest.mark.skipif(not FORK, reason="no fork here")

PLAN = """titel: Flera
korningar:
  - notebook: kostnadskontroll
    parametrar: {{ar: 2024, enhet: exempelenheten}}
    for_varje: {{tom_manad: {}}}
"""
ONE_MORE = "  - {notebook: verksamhetsblad, parametrar: {ar: 2024, enhet: exempel_stod, tom_manad: 11}}\n"


@pytest.fixture
def plan(tmp_path):
    """A plan of a quick notebook's reports, one for each of some months."""

    def of(*months: int, more: str = "", notebooks: Path | None = None) -> Plan:
        path = tmp_path / "flera.yaml"
        path.write_text(PLAN.format([*months]) + more, "utf-8")
        return load_plan(path, read_notebooks(notebooks), ["bas"])

    return of


@pytest.fixture
def happens(tmp_path, monkeypatch):
    """What is done to the reports of some months as their notebooks ask for the answer; each notes its process."""
    done: dict[int, Callable[[], object]] = {}
    asked = answers.answer

    def answer(case, *given):
        with (tmp_path / "makers").open("a", encoding="ascii") as file:
            file.write(f"{os.getpid()} {case.parametrar['tom_manad']}\n")
        done.get(case.parametrar["tom_manad"], int)()
        return asked(case, *given)

    monkeypatch.setattr(answers, "answer", answer)
    return done


def makers(folder: Path) -> list[list[str]]:
    """The months of each process's reports, in the order in which they were made."""
    found: dict[str, list[str]] = {}
    for line in (folder / "makers").read_text("ascii").splitlines():
        process, month = line.split()
        found.setdefault(process, []).append(month)
    return list(found.values())


def made(plan: Plan, out: Path, **how) -> Finished:
    return run_plan(plan, Folders(), out, lambda text: None, RunOptions(workers=1, **how))


def folder(finished: Finished) -> Path:
    return finished.index.parent / finished.manifest["run_id"]


def read_of(finished: Finished) -> list[dict[str, str]]:
    return [entry["avtryck"]["laste"] for entry in finished.manifest["runs"]]


def test_reports_of_one_process_are_as_those_of_a_process_each(tmp_path, plan, happens, monkeypatch):
    three = plan(3, 8, more=ONE_MORE)
    together = made(three, tmp_path / "ut")
    assert makers(tmp_path) == [["3", "8", "11"]]
    (tmp_path / "makers").unlink()
    monkeypatch.setattr(again, "MOST", 1)
    apart = made(three, tmp_path / "ut2")
    assert makers(tmp_path) == [["3"], ["8"], ["11"]]
    assert not (together.problems or apart.problems)
    assert results(folder(together)) == results(folder(apart)) and len(results(folder(apart))) == 3
    assert outputs(folder(together)) == outputs(folder(apart))
    assert read_of(together) == read_of(apart)
    assert all(sum(entry["steg"].values()) > 0 for entry in together.manifest["runs"])


def is_deaf() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    while True:
        time.sleep(0.02)


def hoards() -> None:
    kept = []
    while True:
        kept.append(bytes(2**26))


def test_what_befalls_a_report_is_its_own_and_another_process_makes_the_next(tmp_path, plan, happens, monkeypatch):
    monkeypatch.setattr(schedule, "GRACE", 3)
    happens |= {2: lambda: 1 / 0, 4: lambda: os.kill(os.getpid(), signal.SIGKILL), 6: is_deaf, 8: hoards}
    finished = made(plan(*range(1, 10)), tmp_path / "ut", limits=RunLimits(seconds=8, megabytes=400))
    kinds = {2: "ZeroDivisionError", 4: "DeadKernelError", 6: "TimeLimitError", 8: "MemoryError"}
    for entry in finished.manifest["runs"]:
        error, names = entry["error"], own_names((folder(finished) / entry["folder"]).iterdir())
        kind = kinds.get(entry["parametrar"]["tom_manad"])
        assert (error and (error["type"], error["section"])) == (kind and (kind, "Sammanfattning"))
        assert names == (["anteckningsbok.ipynb", "rapport.html"] if kind else REAL_FILES)
    assert makers(tmp_path) == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"], ["9"]]


def test_only_planboks_own_notebooks_that_only_call_it_share_a_process(tmp_path):
    shipped = read_notebooks()
    assert {name for name, one in shipped.items() if one.plain} == {
        path.stem for path in NOTEBOOKS.glob("*.ipynb") if path.stem != START_PAGE
    }
    copy = tmp_path / "kostnadskontroll.ipynb"
    copy.write_bytes((NOTEBOOKS / copy.name).read_bytes())
    assert read_notebooks(tmp_path)["kostnadskontroll"].plain == ""


@pytest.mark.parametrize(
    "code", ["import json", "show.left = 1", "%time 1", "[one for one in case]", "exec('1')", "show.x.y"]
)
def test_a_changed_notebook_has_a_process_of_its_own(tmp_path, monkeypatch, code):
    monkeypatch.setattr("planbok.batch.plan.notebooks.NOTEBOOKS", tmp_path)
    book = json.loads((NOTEBOOKS / "kostnadskontroll.ipynb").read_text("utf-8"))
    cell = next(cell for cell in book["cells"] if "show.summary" in "".join(cell["source"]))
    (tmp_path / "lika.ipynb").write_text(json.dumps(book), "utf-8")
    cell["source"] = ["".join(cell["source"]), f"\n{code}"]
    (tmp_path / "andrad.ipynb").write_text(json.dumps(book), "utf-8")
    found = read_notebooks(tmp_path)
    assert (bool(found["lika"].plain), found["andrad"].plain) == (True, "")


def test_a_notebook_that_is_replaced_while_its_reports_wait_has_a_process_for_each(tmp_path, plan, monkeypatch):
    monkeypatch.setattr("planbok.batch.plan.notebooks.NOTEBOOKS", tmp_path)
    path = tmp_path / "kostnadskontroll.ipynb"
    path.write_bytes((NOTEBOOKS / path.name).read_bytes())
    run = plan(3, notebooks=tmp_path).runs[0]
    job = Job(run, "ledning", Folders(), tmp_path / "rapport")
    assert report.shares(report.make_report, job)
    assert not report.shares(report.make_failure, job, {}, 0.0)
    assert not report.shares(report.make_report, replace(job, engine=KERNEL))
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert not report.shares(report.make_report, job)


def _thread() -> None:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


LEFT = {
    "environment": lambda: os.environ.update(KVAR="1"),
    "folder": lambda: os.chdir("/"),
    "folder that is gone": lambda: (os.chdir(tempfile.mkdtemp()), os.rmdir(os.getcwd())),
    "umask": lambda: os.umask(0o077),
    "path": lambda: sys.path.append("/"),
    "main": lambda: sys.modules.update(__main__=ModuleType("__main__")),
    "package": lambda: sys.modules.update(kvar=ModuleType("kvar")),
    "builtin": lambda: setattr(builtins, "kvar", 1),
    "display hook": lambda: setattr(sys, "displayhook", print),
    "stream": lambda: setattr(sys, "stdout", sys.stderr),
    "recursion": lambda: sys.setrecursionlimit(3000),
    "file": lambda: os.open("/dev/null", os.O_RDONLY),
    "thread": _thread,
    "process": lambda: subprocess.Popen(["sleep", "5"]).pid,
    "signal": lambda: signal.signal(signal.SIGUSR1, lambda *_: None),
    "blocked signal": lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1]),
    "timer": lambda: signal.setitimer(signal.ITIMER_REAL, 600),
    "locale": lambda: locale.setlocale(locale.LC_CTYPE, "C"),
    "filter": lambda: warnings.simplefilter("error"),
    "handler": lambda: logging.root.addHandler(logging.NullHandler()),
    "decimals": lambda: setattr(decimal.getcontext(), "prec", 3),
    "pandas": lambda: pd.set_option("display.max_rows", 3),
    "numpy": lambda: np.seterr(all="raise"),
    "numpy's printing": lambda: np.set_printoptions(precision=2),
    "memory": lambda: MUCH.append(b"x" * 2**26),
}


MUCH: list[bytes] = []


def leaves(name: str) -> dict[str, object]:
    if name:
        LEFT[name]()
    return {"error": None, "process": os.getpid()}


@pytest.mark.parametrize("name", ["", *LEFT])
def test_a_process_in_which_something_is_left_makes_nothing_more(monkeypatch, name):
    monkeypatch.setattr(again, "ROOM", 40)
    with Processes(1, FORK, seconds=60, shares=lambda *_: True) as pool:
        calls = [pool.submit(leaves, what) for what in ("", name, "")]
        list(pool.completed())
    first, second, third = (call.result()["process"] for call in calls)
    assert first == second
    assert (third == second) is (name == "")


def test_a_process_that_dies_between_two_calls_fails_none():
    with Processes(1, FORK, seconds=60, shares=lambda *_: True) as pool:
        before = pool.submit(leaves, "")
        list(pool.completed())
        os.kill(before.result()["process"], signal.SIGKILL)
        pool._idle[0].process.join()
        after = pool.submit(leaves, "")
        list(pool.completed())
        assert after.result()["process"] != before.result()["process"]


def test_a_stations_calls_share_a_process_for_as_long_as_nothing_is_left():
    with Stations(1, str, lambda _: "near", lambda *_: True) as pool:  # near each other: in the order put
        pool.seconds = 60
        calls = [pool.submit(leaves, what) for what in ("", "umask", "")]
        list(pool.completed())
    first, second, third = (call.result()["process"] for call in calls)
    assert first == second != third
