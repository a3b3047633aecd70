"""What can go wrong with a report or around a run: each fault named, the rest made, nothing half-written."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from batch_runs import (
    REPORT_FILES,
    RESULT,
    alive,
    ask_for_kernel,
    descendants,
    descendants_after,
    made,
    own_names,
    small_plan,
    started,
    watched,
    whole_runs,
)
from notebook_files import MONTHLY, write_notebook

from planbok.base.errors import InputError
from planbok.batch.make import engines, preflight, report, schedule, warm
from planbok.batch.make.kernels import LocalKernelManager
from planbok.batch.make.processes import FORK, ProcessEndedError, Processes, ProcessTimeoutError
from planbok.batch.make.schedule import RunOptions
from planbok.batch.make.stations import Stations, _Station
from planbok.batch.plan.job import Job
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import RunLimits, load_plan
from planbok.batch.run import lock, publish, runner
from planbok.batch.run.after import run_after
from planbok.batch.run.progress import bar
from planbok.cli import main
from planbok.commands.ending import stoppable

BEFORE = "print('hann med')"
# What hangs sleeps: a loop that works would take processor time from every other test until it is stopped.
HANGS = "import time\nwhile True: time.sleep(0.02)"
DEAF = f"import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n{HANGS}"
STUBBORN = "import time\nwhile True:\n    try:\n        while True: time.sleep(0.02)\n    except Exception: pass"
STRAY = """import os, pathlib, subprocess
left = subprocess.Popen(['sleep', '345'])
pathlib.Path(os.environ['PLANBOK_TEST_STRAY']).write_text(str(left.pid))
os._exit(3)"""
HOARD = "kept = []\nwhile True: kept.append(bytes(2**26))"  # of nothing: what is asked for counts, written or not
FAULTS = {
    "hanger": (HANGS, "TimeLimitError", "inte klar inom 6 sekunder"),
    "envisas": (STUBBORN, "TimeLimitError", "inte klar inom 6 sekunder"),
    "dov": (DEAF, "TimeLimitError", "inte klar inom 6 sekunder"),
    "slukar": (HOARD, "MemoryError", "en rapport får använda 300 MB"),
    "dor": ("import os; os._exit(3)", "DeadKernelError", "avslutades oväntat"),
    "skjuts": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "DeadKernelError", "avslutades oväntat"),
    "lamnar": (STRAY, "DeadKernelError", "avslutades oväntat"),
    "stavar": ("fel här", "SyntaxError", "invalid syntax"),
    "felar": ("1 / 0", "ZeroDivisionError", "division by zero"),
}
LIMITS = RunLimits(seconds=6, megabytes=300)


def faulty_plan(folder: Path, names: list[str], kernel: bool = False):
    """One report of each faulty notebook, and a sound one last; all may ask for a kernel."""
    lines = []
    for name in [*names, "frisk"]:
        cells = [BEFORE, "## Tabeller", *([FAULTS[name][0]] if name in FAULTS else []), RESULT]
        notebook = write_notebook(folder / f"{name}.ipynb", MONTHLY, "## Sammanfattning", *cells)
        if kernel:
            ask_for_kernel(notebook)
        lines.append(f"  - {{notebook: {name}, parametrar: {{ar: 2016, enhet: a}}}}\n")
    path = folder / "felen.yaml"
    path.write_text("titel: Felen\nkorningar:\n" + "".join(lines), "utf-8")
    return load_plan(path, read_notebooks(folder), ["bas"])


def read_error(path: Path) -> nbformat.NotebookNode:
    """The last error that a notebook shows."""
    cells = nbformat.read(path, as_version=4).cells
    return [output for cell in cells for output in cell.get("outputs", []) if output.output_type == "error"][-1]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """One run of every fault, in forked processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "GRACE", 3)
        base = tmp_path_factory.mktemp("felen")
        patch.setenv("PLANBOK_TEST_STRAY", str(base / "stray"))
        finished = made(faulty_plan(base, list(FAULTS)), base / "ut", RunOptions(limits=LIMITS))
        left = int((base / "stray").read_text())
    return finished, {entry["notebook"]: entry for entry in finished.manifest["runs"]}, left


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_with_its_section_and_its_notebook(faulty, name):
    finished, entries, _ = faulty
    _, kind, said = FAULTS[name]
    error = entries[name]["error"]
    assert (entries[name]["status"], error["type"], error["section"]) == ("failed", kind, "Tabeller")
    assert said in error["message"]
    folder = finished.index.parent / finished.manifest["run_id"] / entries[name]["folder"]
    assert sorted(path.name for path in folder.iterdir()) == ["anteckningsbok.ipynb", "rapport.html"]
    assert "hann med" in (folder / "rapport.html").read_text("utf-8")
    assert read_error(folder / "anteckningsbok.ipynb").ename == kind
    (problem,) = [text for text in finished.problems if entries[name]["folder"] in text]
    assert f"Tabeller: {kind}" in problem
    assert f"Anteckningsboken med felet: {folder / 'anteckningsbok.ipynb'}" in problem


def test_the_rest_is_made_and_counted(faulty):
    finished, entries, _ = faulty
    assert (entries["frisk"]["status"], bool(finished.problems)) == ("ok", True)
    folder = finished.index.parent / finished.manifest["run_id"] / entries["frisk"]["folder"]
    assert own_names(folder.iterdir()) == REPORT_FILES
    assert f"{len(FAULTS) + 1} rapporter: 1 klar, {len(FAULTS)} misslyckade, på " in finished.summary


def test_what_a_report_started_ends_with_it(faulty):
    *_, left = faulty
    assert not alive([left])


@pytest.mark.parametrize(("fork", "names"), [(True, ["hanger", "slukar", "felar"]), (False, ["dor"])])
def test_the_faults_are_named_alike_in_kernels(tmp_path, fork, names):
    room = RunLimits(seconds=20, megabytes=1024)  # a kernel must have started before its cells can go wrong
    plan, how = faulty_plan(tmp_path, names, kernel=fork), RunOptions(workers=2, fork=fork, limits=room)
    finished = made(plan, tmp_path / "ut", how)
    errors = [entry["error"] for entry in finished.manifest["runs"]]
    assert [error and error["type"] for error in errors] == [*(FAULTS[name][1] for name in names), None], errors
    assert all(error["section"] == "Tabeller" for error in errors if error)
    assert whole_runs(finished.index.parent) == [finished.manifest["run_id"]]


@pytest.mark.parametrize(("asks", "said"), [(False, "planbok.batch.make.shell"), (True, "ipykernel.zmqshell")])
def test_a_notebook_that_asks_for_a_kernel_gets_one(tmp_path, asks, said):
    plan = small_plan(tmp_path, 1, "type(get_ipython()).__module__", kernel=asks)
    folder = folder_of(made(plan, tmp_path / "ut"))
    assert said in (folder / "anteckningsbok.ipynb").read_text("utf-8")
    assert own_names(folder.iterdir()) == REPORT_FILES


def folder_of(finished: runner.Finished) -> Path:
    """The folder of a run's first report."""
    return finished.index.parent / finished.manifest["run_id"] / finished.manifest["runs"][0]["folder"]


def failing_starts(monkeypatch, times: int) -> None:
    """Lets a kernel fail to start so many times."""
    start, left = LocalKernelManager._async_start_kernel, [None] * times

    async def starts(self, **options):
        if left:
            left.pop()
            raise RuntimeError("Kernel died before replying to kernel_info")
        await start(self, **options)

    monkeypatch.setattr(LocalKernelManager, "start_kernel", starts)
    monkeypatch.setattr(engines.time, "sleep", lambda seconds: None)


@pytest.mark.parametrize(("failures", "made_it"), [(engines.STARTS - 1, True), (engines.STARTS, False)])
def test_only_a_kernel_that_did_not_start_is_tried_again(tmp_path, monkeypatch, failures, made_it):
    failing_starts(monkeypatch, failures)
    ran = tmp_path / "korda"
    plan = small_plan(tmp_path, 1, f"print('x', file=open({str(ran)!r}, 'a'))", kernel=True)
    (entry,) = made(plan, tmp_path / "ut").manifest["runs"]
    assert (entry["status"] == "ok") == made_it
    assert ran.exists() == made_it
    assert "Kernel died" in (entry["error"] or {"message": "Kernel died"})["message"]


def test_a_cell_that_ends_its_kernel_is_not_run_again(tmp_path):
    ran = tmp_path / "korda"
    plan = small_plan(
        tmp_path, 1, f"print('x', file=open({str(ran)!r}, 'a'), flush=True)\nimport os; os._exit(1)", kernel=True
    )
    (entry,) = made(plan, tmp_path / "ut").manifest["runs"]
    assert entry["error"]["type"] == "DeadKernelError"
    assert ran.read_text("utf-8") == "x\n"


def test_nothing_of_a_report_reaches_the_next(tmp_path):
    cells = [
        "import json, os, sys",
        "print(getattr(json, 'left', 'inget'), os.environ.get('KVAR', 'inget'), 'seen' in globals())",
        "json.left, os.environ['KVAR'], seen = 'kvar', 'kvar', True",
    ]
    finished = made(small_plan(tmp_path, 4, *cells), tmp_path / "ut", RunOptions(workers=1))
    for path in finished.index.parent.rglob("anteckningsbok.ipynb"):
        assert "inget inget False" in path.read_text("utf-8")
    assert not hasattr(json, "left")


def test_reports_have_random_numbers_of_their_own(tmp_path):
    cell = "import random, numpy as np\nprint('tal', random.random(), np.random.random())"
    finished = made(small_plan(tmp_path, 3, cell), tmp_path / "ut")
    books = [path.read_text("utf-8") for path in finished.index.parent.rglob("anteckningsbok.ipynb")]
    numbers = {line.strip() for text in books for line in text.splitlines() if line.strip().startswith('"tal 0')}
    assert len(numbers) == 3


def test_two_runners_at_once_and_the_second_is_told_who_holds_the_folder(tmp_path):
    plan, out = small_plan(tmp_path, 1, "import time; time.sleep(60)"), tmp_path / "ut"
    number = started(lambda: made(plan, out), "held")
    with watched(number) as seen:
        until = time.monotonic() + 30
        while len(descendants(number)) < 1 and time.monotonic() < until:
            time.sleep(0.02)
        seen.update(descendants(number))
        with pytest.raises(InputError) as refused:
            made(small_plan(tmp_path / "annan", 1), out)
        assert f"används av en annan körning (process {number} på " in str(refused.value)
        assert whole_runs(out / plan.id) == []
    finished = made(small_plan(tmp_path / "annan", 1), out)  # its holder was killed
    assert not finished.problems
    assert [path.name for path in out.rglob(".*")] == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": 1, "dator": "%s", "sedan": "2020-01-01T00:00:00+00:00"}'])
def test_a_lock_that_nobody_holds_is_taken(tmp_path, text):
    path = tmp_path / lock.LOCK_FILE
    path.write_text(text.replace("%s", lock.socket.gethostname()), "utf-8")
    with lock.held(tmp_path):
        holder = json.loads(path.read_text("utf-8"))
        assert holder["process"] == os.getpid()
    assert not path.exists()


@pytest.mark.parametrize(("age", "taken"), [(0, False), (3600, True)])
def test_a_lock_from_another_machine_holds_as_long_as_it_shows_life(tmp_path, age, taken):
    path = tmp_path / lock.LOCK_FILE
    path.write_text('{"process": 7, "dator": "en annan", "sedan": "2026-01-01T07:00:00+00:00"}', "utf-8")
    os.utime(path, (time.time() - age,) * 2)
    if taken:
        with lock.held(tmp_path):
            assert "en annan" not in path.read_text("utf-8")
        return
    with pytest.raises(InputError) as refused, lock.held(tmp_path):
        pass
    assert "process 7 på en annan, sedan 1 januari 2026 kl. 08.00" in str(refused.value)
    assert [entry.name for entry in tmp_path.iterdir()] == [lock.LOCK_FILE]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_named_and_leaves_the_last_run_as_it_was(tmp_path, small_disk):
    how = RunOptions(workers=2)
    before = made(small_plan(tmp_path, 1), small_disk, how).manifest["run_id"]
    filling = "import os\nopen(os.path.join(os.environ['PLANBOK_OUT'], 'stor'), 'wb').write(bytes(2**20))"
    with pytest.raises(OSError) as stopped:
        made(small_plan(tmp_path, 6, filling), small_disk, how)
    assert stopped.value.errno == errno.ENOSPC
    assert whole_runs(small_disk / "liten") == [before]
    assert [path.name for path in small_disk.rglob(".*")] == []
    assert not made(small_plan(tmp_path, 1), small_disk, how).problems


def on_a_full_worker(job: Job) -> dict:
    """A report whose worker has no room for the second of a year's months, nor for its page."""
    if job.run.parameters["tom_manad"] == 2:
        raise OSError(errno.ENOSPC, "No space left on device", "/var/tmp/arbetare")
    return report.make_report(job)


def no_page(job: Job, error: dict, seconds: float) -> dict:
    raise OSError(errno.ENOSPC, "No space left on device", "/var/tmp/arbetare")


@pytest.mark.parametrize("page", [report.make_failure, no_page])
def test_a_worker_whose_disk_is_full_loses_its_own_report_only(tmp_path, monkeypatch, page):
    monkeypatch.setattr(schedule, "_executor", lambda jobs, how: Processes(2, FORK, 60))
    monkeypatch.setattr(schedule, "make_report", on_a_full_worker)
    monkeypatch.setattr(schedule, "make_failure", page)
    run = made(small_plan(tmp_path, 3), tmp_path / "ut", RunOptions(workers=2, scheduler="tcp://annan:1"))
    first, second, third = run.manifest["runs"]
    assert [first["status"], second["status"], third["status"]] == ["ok", "failed", "ok"]
    assert second["error"]["message"].startswith("disken är full på datorn som gjorde rapporten.")
    assert "/var/tmp" not in json.dumps(run.manifest)
    assert run.problems


def test_a_run_before_the_last_by_the_clock_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(publish, "PATIENCE", 0)
    plan, out = small_plan(tmp_path, 1), tmp_path / "ut"
    later = (datetime.now(UTC) + timedelta(hours=1)).strftime(publish.RUN_ID)
    (out / plan.id / later).mkdir(parents=True)
    with pytest.raises(InputError) as refused:
        made(plan, out)
    assert "klockan är " in str(refused.value)
    assert later in str(refused.value)
    assert [path.name for path in (out / plan.id).iterdir()] == [later]


@pytest.mark.parametrize(("moved", "said"), [(3600, "3600 s fram"), (-3600, "3600 s tillbaka"), (0, "")])
def test_a_clock_that_moves_during_a_run_is_named(moved, said):
    times = runner._times(datetime.now(UTC) - timedelta(seconds=10 + moved), 10)
    assert datetime.fromisoformat(times["finished"]) - datetime.fromisoformat(times["started"]) == timedelta(seconds=10)
    assert said in "".join(times["anmarkningar"])
    assert bool(times["anmarkningar"]) == bool(moved)


def test_a_runner_that_is_told_to_end_leaves_nothing(tmp_path):
    plan, out = small_plan(tmp_path, 2, "import time; time.sleep(60)"), tmp_path / "ut"

    def makes() -> None:
        with stoppable():
            made(plan, out)

    number = started(makes, "told")
    with watched(number) as seen:
        until = time.monotonic() + 30
        while len(descendants(number)) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        seen.update(descendants(number))
        os.kill(number, signal.SIGTERM)
        os.waitpid(number, 0)
        assert alive([*seen]) == []
    assert [path.name for path in out.rglob("*")] == [plan.id]


def test_a_notebook_that_is_replaced_during_a_run_is_named(tmp_path):
    plan = small_plan(tmp_path, 1, f"with open('{tmp_path}/liten.ipynb', 'a') as file: print(file.write(' '))")
    run = made(plan, tmp_path / "ut")
    (said,) = run.manifest["anmarkningar"]
    assert said == "liten.ipynb ändrades under körningen: rapporterna kan bygga på olika versioner. Kör igen."
    assert said in run.summary
    assert made(small_plan(tmp_path, 1), tmp_path / "ut").manifest["anmarkningar"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_every_command_that_is_told_to_end_says_so(monkeypatch, capsys, number):
    def told(arguments, folders) -> int:
        os.kill(os.getpid(), number)
        return 0

    before = signal.signal(number, signal.SIG_DFL)  # Under nohup SIGHUP is ignored, and stays so.
    try:
        monkeypatch.setattr("planbok.commands.list.show", told)
        assert main(["list"]) == 1
        assert capsys.readouterr().err == "Avbrutet. Inget halvfärdigt har lämnats kvar.\n"
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, before)


def test_nohup_holds_for_every_command(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr("planbok.commands.list.show", lambda *_: os.kill(os.getpid(), signal.SIGHUP) or 0)
        assert main(["list"]) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_runner_that_is_told_to_end_ends_its_plans_own_command_and_what_that_started(tmp_path):
    begun = tmp_path / "begun"

    def after() -> None:
        with stoppable():
            run_after(["sh", "-c", f"sleep 300 & touch {begun}; wait"], tmp_path, False, 60)

    number = started(after, "after")
    with watched(number) as seen:
        seen.update(descendants_after(begun, number))
        assert len(seen) == 2
        os.kill(number, signal.SIGTERM)
        os.waitpid(number, 0)


@pytest.mark.skipif(not FORK, reason="no fork here")
def test_processes_answer_raise_die_and_are_stopped():
    with Processes(2, FORK, seconds=2) as pool:
        calls = [
            pool.submit(divmod, 7, 2),
            pool.submit(int, "x"),
            pool.submit(os._exit, 3),
            pool.submit(os.kill, 0, signal.SIGKILL),
            pool.submit(os.kill, 0, signal.SIGTERM),
            pool.submit(time.sleep, 60),
        ]
        assert len(list(pool.completed())) == len(calls)
    assert calls[0].result() == (3, 1)
    problems = [call.exception() for call in calls[1:]]
    assert [type(problem) for problem in problems] == [ValueError, *[ProcessEndedError] * 3, ProcessTimeoutError]
    assert [problem.how for problem in problems[1:4]] == ["exit 3", "SIGKILL", "SIGTERM"]


SEEN: dict[str, int] = {}  # what this process, or the station that it was forked from, has looked through


def look(name: str) -> int:
    SEEN[name] = os.getpid()
    return os.getpid()


def told(name: str) -> tuple[int, int, int | None]:
    """The process that makes a call, its parent, and who looked the call's subject through."""
    return os.getpid(), os.getppid(), SEEN.get(name)


def kills_its_station(note: str) -> None:
    Path(note).write_text(str(os.getppid()), "utf-8")
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def hangs(begun: str) -> None:
    subprocess.Popen(["sleep", "60"])
    Path(begun).touch()
    time.sleep(60)


@pytest.mark.skipif(not FORK, reason="no fork here")
def test_stations_fork_their_calls_and_take_all_with_them(tmp_path):
    begun, killed, before = tmp_path / "begun", tmp_path / "killed", descendants(os.getpid())
    with Stations(2, look, str) as pool:
        looked = {name: pool.look_through(name, name, 60) for name in "abcd"}
        list(pool.completed())
        at = {name: future.result() for name, future in looked.items()}
        assert len({*at.values(), os.getpid()}) == 3
        pool.seconds = 60
        answers = {name: pool.submit(told, name) for name in "abcd"}
        wrong, lost = pool.submit(int, "x"), pool.submit(kills_its_station, str(killed))
        list(pool.completed())
        again = pool.submit(told, "b")
        list(pool.completed())
        pool.seconds = 1
        slow = pool.submit(hangs, str(tmp_path / "slow"))
        list(pool.completed())
        pool.seconds, last = 60, pool.submit(hangs, str(begun))
        pool._start()
        left = [number for number in descendants_after(begun, os.getpid()) if number not in before]
    for name, future in answers.items():
        number, parent, seen = future.result()
        assert number not in at.values() and seen == (at[name] if parent == at[name] else None)
    assert any(future.result()[2] for future in answers.values())
    assert [type(one.exception()) for one in (wrong, lost, slow)] == [
        ValueError,
        ProcessEndedError,
        ProcessTimeoutError,
    ]
    assert lost.exception().how == "SIGKILL" and str(again.result()[1]) != killed.read_text("utf-8") and not last.done()
    assert len(left) >= 3 and alive(left) == []


def test_a_station_is_given_what_it_knows_then_what_nobody_knows_then_the_last():
    pool = Stations(2, look, lambda key: key)
    mine, other = (_Station(None, None, 0.0, keys=dict.fromkeys(keys)) for keys in ("b", "ad"))
    pool._stations = [mine, other]
    for name in "abcbd":
        pool.submit(str, name)
    assert [pool._next(mine).key for _ in range(5)] == ["b", "b", "c", "d", "a"] and not pool._waiting


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no list of open files here")
def test_the_trace_is_closed_when_the_cells_have_run(tmp_path):
    class Idle(engines._Noted):
        @classmethod
        def run(cls, nb_man, kernel_name, **options) -> None:
            nb_man.cell_start({"source": "1"}, cell_index=0)

    trace, manager = tmp_path / "spar", SimpleNamespace(cell_start=lambda *_, **__: None, cell_complete=None)
    Idle.execute_managed_notebook(manager, "", save_to="", trace=str(trace))
    assert str(trace) not in {os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.exists()}
    assert engines.Trace.read(trace) == {0: {"source": "1"}}


def test_a_process_ends_when_its_parent_is_gone_though_its_number_is_not(monkeypatch):
    class Gone:
        @staticmethod
        def is_alive() -> bool:
            return False

    codes: list[int] = []
    monkeypatch.setattr(warm.multiprocessing, "parent_process", Gone)
    monkeypatch.setattr(warm.os, "_exit", codes.append)
    warm._watch(os.getppid())
    assert codes == [1]


@pytest.mark.skipif(not FORK, reason="no fork here")
def test_a_process_that_dies_before_the_run_is_said_and_nothing_written(tmp_path, monkeypatch, capsys):
    runner_itself, looked_through = os.getpid(), preflight._faults
    monkeypatch.setattr(preflight, "FEW", 1)

    def dies(*given, **named):
        return looked_through(*given, **named) if os.getpid() == runner_itself else os._exit(9)

    monkeypatch.setattr(preflight, "_faults", dies)
    assert main(["run", "exempel", "--workers", "2", "--out", str(tmp_path / "ut")]) == 2
    said = capsys.readouterr().err
    assert "kontrollen före körningen avbröts (exit 9)" in said
    assert said.endswith("Inget har körts.\n")
    assert not (tmp_path / "ut").exists()


def test_no_process_with_planbok_compiles_the_grammar_of_web_addresses():
    code = "import sys, planbok, jsonschema; sys.exit(sys.modules['rfc3987_syntax'] is not None)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_terminal_gets_a_bar_and_the_lines_that_need_a_person(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with bar(3) as tell:
        for line, error in (("1/3 a · klar", None), ("2/3 b · misslyckad", {"message": "x"}), ("3/3 c · klar", None)):
            tell(line, {"error": error, "checks_failed": 0})
    shown = screen.getvalue()
    assert "3/3 |" in shown
    assert " kvar" in shown
    assert "2/3 b · misslyckad\n" in shown
    assert "1/3 a" not in shown
