"""Plans of small notebooks, made in processes that can be killed: for the tests of the batch and its benchmarks."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import nbformat
from notebook_files import MONTHLY, write_notebook

from planbok.base.workspace import Folders
from planbok.batch.make import warm
from planbok.batch.make.schedule import RunOptions
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, load_plan
from planbok.batch.run.runner import Finished, run_plan
from planbok.batch.run.unchanged import find_unchanged

REPORT_FILES = ["anteckningsbok.ipynb", "rapport.html", "resultat.json"]
REAL_FILES = ["anteckningsbok.ipynb", "harledning.json", "rapport.html", "resultat.json", "resultat.xlsx"]


def own_names(paths) -> list[str]:
    """The names of a report's own files: those to be mailed are second names for them."""
    return sorted({path.name for path in paths if "_" not in path.stem})


MARK = "PLANBOK_TEST_MARK"
# Hands over a result of its own: quick, and with nothing but what the runner needs of one.
RESULT = """import json, os
from pathlib import Path
result = {name: "" for name in ("underrubrik", "enhet_namn", "scenario_titel")}
result |= {"rubrik": "Prov", "sammanfattning": ["Summan är 10 kr."], "spridning": "ledning", "syntetisk": True}
result |= {name: {} for name in ("nyckeltal", "tabeller")} | {name: [] for name in ("framst", "kontroller")}
result |= {"planbok": "0", "parametrar": {"ar": ar, "enhet": enhet, "tom_manad": tom_manad}}
text = json.dumps(result)
print(Path(os.environ["PLANBOK_OUT"], "resultat.json").write_text(text) > 0)"""


def small_plan(folder: Path, reports: int, *cells: str, name: str = "liten", kernel: bool = False) -> Plan:
    """A plan of some reports of one quick notebook, whose cells may do something before it hands its result over."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = write_notebook(folder / f"{name}.ipynb", MONTHLY, "## Sammanfattning", *cells, RESULT)
    if kernel:
        ask_for_kernel(notebook)
    months, years = [*range(1, 13)], [*range(2001, 2001 + -(-reports // 12))]
    given = f"parametrar: {{enhet: a}}, for_varje: {{ar: {years}, tom_manad: {months}}}"
    text = f"titel: Liten\nkorningar:\n  - {{notebook: {name}, {given}}}\n"
    path = folder / f"{name}.yaml"
    path.write_text(text, "utf-8")
    plan = load_plan(path, read_notebooks(folder), ["bas"])
    return plan.with_runs(plan.runs[:reports])


def ask_for_kernel(notebook: Path) -> None:
    """Lets a notebook ask for a kernel of its own."""
    book = nbformat.read(notebook, as_version=4)
    book.metadata["planbok"] = {"kernel": True}
    nbformat.write(book, notebook)


def made(plan: Plan, out: Path, how: RunOptions | None = None) -> Finished:
    return run_plan(plan, Folders(), out, lambda text: None, how)


def whole_runs(plan_folder: Path, files: list[str] = REPORT_FILES, known: Collection[str] = ()) -> list[str]:
    """The published runs, each of which must be whole: every report that it tells of has its files.

    Those that are known to be whole are not looked at again.
    """
    found = sorted(path.name for path in plan_folder.glob("[!.]*") if path.is_dir()) if plan_folder.is_dir() else []
    for run_id in found:
        if run_id in known:
            continue
        run = plan_folder / run_id
        manifest = json.loads((run / "manifest.json").read_text("utf-8"))
        assert manifest["run_id"] == run_id
        told = {entry["folder"]: entry["status"] for entry in manifest["runs"]}
        assert {path.name for path in run.iterdir() if path.is_dir()} == set(told)
        assert "</html>" in (run / "index.html").read_text("utf-8")
        for folder, status in told.items():
            names = own_names(path for path in (run / folder).iterdir() if path.suffix != ".ics")  # one has dates too
            assert status == "failed" or names == files
            assert "</html>" in (run / folder / "rapport.html").read_text("utf-8")
    return found


def started(action: Callable[[], object], mark: str) -> int:
    """The number of a new process that does something, and whose every descendant can be found by the mark."""
    number = os.fork()
    if number == 0:
        with suppress(BaseException):
            os.environ[MARK] = mark
            os.setsid()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(nowhere, stream)
            action()
        os._exit(0)
    return number


def descendants(number: int) -> list[int]:
    """The processes that a process has started, theirs included: asked of each of them, not of the whole machine's."""
    found, left = [], [number]
    while left:
        below = []
        for path in Path(f"/proc/{left.pop()}/task").glob("*/children"):
            with suppress(OSError):
                below += map(int, path.read_text("ascii").split())
        left += below
        found += below
    return alive(found)


def descendants_after(begun: Path, number: int) -> list[int]:
    """Those of `descendants`, as soon as the last of them has put a file there."""
    until = time.monotonic() + 20
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return descendants(number)


def alive(numbers: list[int]) -> list[int]:
    """Those of the processes that still run."""

    def runs(number: int) -> bool:
        with suppress(OSError):
            return Path(f"/proc/{number}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] != "Z"
        return False

    return [number for number in numbers if runs(number)]


@contextmanager
def watched(number: int) -> Iterator[set[int]]:
    """Notes all that a process starts; whatever is left of it is ended afterwards, and nothing may be."""
    seen: set[int] = set()
    try:
        yield seen
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
        until = time.monotonic() + 5
        while alive([*seen]) and time.monotonic() < until:
            time.sleep(0.02)
        left = alive([*seen])
        for orphan in left:
            os.kill(orphan, signal.SIGKILL)
        assert not left, f"{len(left)} processes outlived their runner"


def kill_at(plan: Plan, out: Path, how: RunOptions, instant: float, chance: random.Random, runners: float = 0.5) -> str:
    """Runs a plan in a process of its own and kills, after so many seconds, the runner or something that it started.

    `runners` is how often it is the runner; else it is whatever runs below it then, or starts there next.

    Returns what was killed: "runner", "child", or "" where all had ended before.
    """
    number, wants_child = started(lambda: made(plan, out, how), "kill"), chance.random() >= runners
    until, below = time.monotonic() + instant, []
    with watched(number) as seen:
        while alive([number]) and (time.monotonic() < until or (wants_child and not below)):
            left = until - time.monotonic()
            time.sleep(min(max(left, 0.002), 0.05))  # looks closely at the instant only: each look reads every process
            below = descendants(number)
            seen.update(below)
        target = chance.choice(below) if wants_child and below else number
        if not alive([target]):
            return ""
        with suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        if target == number:
            os.waitpid(number, 0)
            return "runner"
        deadline = time.monotonic() + 60
        while alive([number]) and time.monotonic() < deadline:
            seen.update(descendants(number))
            time.sleep(0.01)
        assert not alive([number]), "the runner hangs after a child's death"
        return "child"


def survives(base: Path, kills: int, fork: bool, seed: int) -> Iterator[str]:
    """Runs a plan, kills something at a random instant, looks, runs it again, so many times; what was killed.

    Without fork it is the runner, in the middle of its one report.
    """
    warm.load()
    plan, out, how = small_plan(base, 4 if fork else 1), base / "ut", RunOptions(workers=2, fork=fork)
    return _survives(plan, out, how, REPORT_FILES, kills, seed, lambda number: made(plan, out, how))


def real_survives(plan: Plan, out: Path, kills: int, seed: int) -> Iterator[str]:
    """The same for a plan of real notebooks; what a kill has not touched is linked in the run after all but each tenth.

    The other runs are always made anew, so that there is something to kill.
    """
    warm.load()
    how = RunOptions(workers=2)

    def again(number: int) -> Finished:
        links = find_unchanged(plan, Folders(), out) if number % 10 else {}
        return run_plan(plan, Folders(), out, lambda text: None, how, links)

    return _survives(plan, out, how, REAL_FILES, kills, seed, again)


def _survives(
    plan: Plan,
    out: Path,
    how: RunOptions,
    files: list[str],
    kills: int,
    seed: int,
    again: Callable[[int], Finished],
) -> Iterator[str]:
    whole, chance, number = _seconds(lambda: again(0)), random.Random(seed), 0
    before = whole_runs(out / plan.id, files)
    assert len(before) == 1
    while number < kills:
        instant = chance.uniform(0, whole) if how.fork else whole / 2
        what = kill_at(plan, out, how, instant, chance, 0.5 if how.fork else 1)
        after = whole_runs(out / plan.id, files, before)
        assert set(before) <= set(after)
        number += bool(what)  # else all had ended before
        taken = _seconds(partial(again, number))
        before = whole_runs(out / plan.id, files, after)
        assert set(after) < set(before)
        assert [path.name for path in out.rglob(".*")] == []
        manifest = json.loads((out / plan.id / before[-1] / "manifest.json").read_text("utf-8"))
        whole = taken if all(entry["status"] == "ok" for entry in manifest["runs"]) else whole
        if what:
            yield what
    whole_runs(out / plan.id, files)


def _seconds(action: Callable[[], Finished]) -> float:
    """How long a run takes, which must be made without faults."""
    start = time.monotonic()
    assert not action().problems
    return time.monotonic() - start
