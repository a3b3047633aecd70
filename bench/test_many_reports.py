"""Many reports in one run: what each costs, and the most memory that the runner and its reports hold.

`python bench/test_many_reports.py 10 100` makes so many; without numbers 10, 100, 1 000 and 2 000. Prints as it goes.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import yaml

CORES = 2
SEED = 21
EACH = 50  # reports between lines of how it goes
# What a plan is drawn from: every day of a year, for so many years and scenarios of the sample.
DAYS = (
    ("lss_peng", 2022, "bas"),
    ("lss_peng", 2023, "bas"),
    ("lss_peng", 2024, "bas"),
    ("lss_peng", 2024, "fler_personer_2024"),
    ("beslut_i_tid", 2023, "bas"),
    ("beslut_i_tid", 2024, "bas"),
)


def drawn(count: int) -> str:
    """A plan of so many reports, no two alike and the same each time."""
    every = [
        (notebook, ar, scenario, str(date(ar, 1, 1) + timedelta(days)))
        for notebook, ar, scenario in DAYS
        for days in range(365)
    ]
    runs = [
        {
            "notebook": notebook,
            "parametrar": {"ar": ar, "enhet": "exempelenheten", "scenario": scenario, "per_datum": day},
        }
        for notebook, ar, scenario, day in random.Random(SEED).sample(every, count)
    ]
    return yaml.safe_dump({"titel": "Många", "korningar": runs}, allow_unicode=True)


def megabytes(process: int) -> float:
    """The most memory that a process has held, with what it shares with others; 0 where it has ended."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{process}/status").read_text("ascii").split("VmHWM:")[1].split()[0]) / 1024
    return 0.0


def spent(process: int) -> float:
    """Seconds of processor that a process and those of its own that have ended have taken; 0 where it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def children(process: int) -> list[int]:
    with suppress(OSError):
        return list(map(int, Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()))
    return []


def made(count: int, folder: Path) -> dict[str, float]:
    """Makes so many reports; seconds per report on the clock and of processors, and the most memory in MB."""
    plan = folder / f"plan{count}.yaml"
    plan.write_text(drawn(count), "utf-8")
    command = [sys.executable, "-m", "planbok", "run", str(plan), "--out", str(folder), "--workers", str(CORES)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    runner = report = 0.0
    said = []
    assert running.stderr is not None  # a pipe, as asked
    for number, line in enumerate(running.stderr, start=1):  # a line for each report, as it is done
        said.append(line)
        runner = max(runner, megabytes(running.pid))
        report = max([report, *map(megabytes, children(running.pid))])
        if number % EACH == 0:
            taken, held = time.perf_counter() - start, f"runner {runner:.0f} MB, a report {report:.0f} MB"
            print(f"  {number} of {count}: {taken:.0f} s, {spent(running.pid):.0f} of processor, {held}", flush=True)
    assert running.wait() == 0, "".join(said[-5:])
    assert len(list(folder.glob(f"plan{count}/2*/*/rapport.html"))) == count
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = {"seconds": taken / count, "processor": used / count, "runner_mb": runner, "report_mb": report}
    print(f"{count} reports: " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()), flush=True)
    return found


def linear(counts: tuple[int, ...]) -> dict[int, dict[str, float]]:
    """Each number of reports in turn; what one costs may fall as start-up is shared, and may not rise."""
    taken = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            taken[count] = made(count, Path(folder))
    return taken


def test_ten_times_the_reports_take_ten_times_as_long_and_no_more_memory(record_property):
    taken = linear((10, 100, 1_000))
    record_property("per_report", taken)
    assert taken[1_000]["processor"] < 1.25 * taken[100]["processor"]
    assert taken[100]["processor"] < 1.25 * taken[10]["processor"]
    assert taken[1_000]["runner_mb"] < 1.25 * taken[100]["runner_mb"]
    assert taken[1_000]["report_mb"] < 1.25 * taken[100]["report_mb"]


if __name__ == "__main__":
    linear(tuple(map(int, sys.argv[1:])) or (10, 100, 1_000, 2_000))
