"""How the batch performs, beside papermill as it comes and beside what its reports' own code needs.

Ratios within one run: what is compared is run in turn, round after round, on the same machine.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from planbok.base.workspace import ROOT, Folders
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, load_plan
from planbok.inputs.scenario.load import scenario_ids

CORES = 2
ROUNDS = 2
YEARS = (2024, 2023, 2022)
REPORTS = 50
LATER = {"stock loop": 3, "stock pool": 4, "blocked pool": 8, "floor": 10}  # reports of the 50, evenly chosen
BLOCK = "import sys\nsys.modules.setdefault('rfc3987_syntax', None)\n"
STOCK = Path(__file__).parent / "stock_papermill.py"
PLAN = """titel: Femtio
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2016, enhet: ostermalm}
    for_varje:
      scenario: [bas, loneoversyn_1_april, vardkostnader_1_procent_1_juli]
      till_ar: [0, 2017, 2018, 2019, 2020]
  - notebook: budgetscenarier
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {scenario: [atgarder_2024, fler_personer_2024], till_ar: [0, 2025, 2026, 2027, 2028]}
  - notebook: lss_peng
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {per_datum: [%s]}
"""
DAYS = [f'"2024-{month:02d}-{day}"' for month in range(1, 13) for day in (10, 20)] + ['"2024-12-31"']


def plan_file(folder: Path, text: str) -> Path:
    path = folder / "femtio.yaml"
    path.write_text(text, "utf-8")
    return path


def read(path: Path) -> Plan:
    return load_plan(path, read_notebooks(), scenario_ids(Folders()))


def timed(command: list[object], **environment: str) -> tuple[float, float, str]:
    """Seconds on the clock and of processors that a command takes, and what it prints."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT / "notebooks",
        env={**os.environ, **environment},
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, spent, done.stdout


def batch(path: Path, out: Path, *more: object) -> tuple[float, float, Path]:
    """The command as people give it, start-up included; and the folder of the run it made."""
    seconds, spent, said = timed(["-m", "planbok", "run", path, "--out", out, "--workers", CORES, *more])
    newest = max(folder for folder in Path(said.strip()).parent.iterdir() if folder.is_dir())
    return seconds, spent, newest


def jobs(plan: Plan, count: int, folder: Path, made: Path) -> Path:
    """Some of a plan's reports, evenly chosen, as the stock script takes them."""
    chosen = [plan.runs[i * len(plan.runs) // count] for i in range(count)]
    listed = [
        {
            "notebook": str(run.notebook.path),
            "parameters": run.parameters,
            "folder": str(folder / f"{number}"),
            "made": str(made / run.folder),
        }
        for number, run in enumerate(chosen)
    ]
    path = folder.with_suffix(".json")
    path.write_text(json.dumps(listed), "utf-8")
    return path


def one_round(path: Path, folder: Path, blocked: Path) -> dict[str, tuple[float, float]]:
    """Seconds per report, on the clock and of processors, of each way of making them."""
    plan = read(path)
    seconds, spent, made = batch(path, folder / "ut")
    assert len(list(made.glob("*/rapport.html"))) == REPORTS
    found = {"batch": (seconds / REPORTS, spent / REPORTS)}
    for name, count in LATER.items():
        listed = jobs(plan, count, folder / name.replace(" ", "_"), made)
        environment = {"PYTHONPATH": os.pathsep.join(map(str, [blocked, *sys.path]))} if name == "blocked pool" else {}
        seconds, spent, said = timed([STOCK, name.split()[-1], listed], **environment)
        if name == "floor":
            seconds, spent = map(float, said.splitlines()[-1].split())
        found[name] = (seconds / count, spent / count)
    return found


def test_fifty_reports_beside_papermill_and_beside_their_own_code(tmp_path, record_property):
    """Start-up, page, workbook and gate included for the batch, start-up for papermill, only work for the floor."""
    path = plan_file(tmp_path, PLAN % ", ".join(DAYS))
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(BLOCK, "utf-8")
    rounds = []
    for number in range(ROUNDS):
        folder = tmp_path / f"round{number}"
        folder.mkdir()
        rounds.append(one_round(path, folder, blocked))
    names = ["stock loop", "stock pool", "blocked pool", "batch", "floor"]
    print("\n| approach | reports | s per report | processor s per report | against the batch |\n|---|---|---|---|---|")
    ratios = {}
    for name in names:
        wall, spent = ([found[name][i] for found in rounds] for i in (0, 1))
        ratios[name] = median(found[name][0] / found["batch"][0] for found in rounds)
        count = LATER.get(name, REPORTS)
        print(f"| {name} | {count} | {median(wall):.2f} | {median(spent):.2f} | {ratios[name]:.1f} |")
    of_floor = 1 / (ratios["floor"] / CORES)
    print(f"the batch takes {of_floor:.1f} times the floor's share of {CORES} cores")
    record_property("ratios", {**ratios, "of floor": of_floor})
    assert ratios["stock loop"] >= 12
    assert ratios["blocked pool"] >= 4
    assert of_floor <= 2


def test_a_run_in_which_nothing_has_changed(tmp_path, record_property):
    """The second run of the fifty links them all, start-up included within two seconds."""
    path = plan_file(tmp_path, PLAN % ", ".join(DAYS))
    first, _, _ = batch(path, tmp_path / "ut")
    taken = []
    for _ in range(3):
        seconds, spent, made = batch(path, tmp_path / "ut")
        manifest = json.loads((made / "manifest.json").read_text("utf-8"))
        assert [entry["status"] for entry in manifest["runs"]] == ["unchanged"] * REPORTS
        taken.append((seconds, spent))
    record_property("unchanged", taken)
    shown = ", ".join(f"{seconds:.1f} s ({spent:.1f} of processors)" for seconds, spent in taken)
    print(f"\n{REPORTS} unchanged: {shown}, {first / median(s for s, _ in taken):.0f} times as fast as making them")
    assert min(spent for _, spent in taken) < 2


def many(reports: int) -> str:
    """A plan of LSS-peng on as many days."""
    days = [f'"{ar}-{month:02d}-{day:02d}"' for ar in YEARS for month in range(1, 13) for day in range(1, 29)]
    runs = []
    for ar in YEARS:
        chosen = [day for day in days if day.startswith(f'"{ar}')][: max(0, reports)]
        reports -= len(chosen)
        if chosen:
            runs.append(
                f"  - notebook: lss_peng\n    parametrar: {{ar: {ar}, enhet: exempelenheten}}\n"
                f"    for_varje: {{per_datum: [{', '.join(chosen)}]}}\n"
            )
    return "titel: Många\nkorningar:\n" + "".join(runs)


@pytest.mark.parametrize("most", [1000])
def test_ten_times_the_reports_take_ten_times_as_long(tmp_path, most, record_property):
    """10, 100 and 1000 reports: the seconds per report may fall as start-up is shared, and may not rise."""
    taken = {}
    for count in (10, 100, most):
        folder = tmp_path / str(count)
        folder.mkdir()
        path = plan_file(folder, many(count))
        seconds, spent, made = batch(path, folder / "ut")
        assert len(list(made.glob("*/rapport.html"))) == count
        taken[count] = (seconds / count, spent / count)
    record_property("per_report", taken)
    print("\n" + ", ".join(f"{n} reports: {s:.2f} s each, {p:.2f} of processors" for n, (s, p) in taken.items()))
    assert taken[most][1] < 1.25 * taken[100][1]
    assert taken[100][1] < 1.25 * taken[10][1]
