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

from planbok.base.workspace import ROOT, Folders
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, load_plan
from planbok.inputs.scenario.load import scenario_ids

CORES = 2
ROUNDS = 2
REPORTS = 50
LATER = {  # reports of the 50, evenly chosen
    "stock loop": 10,
    "stock pool": 10,
    "blocked pool": 10,
    "ploomber": 10,
    "millrun": 10,
    "floor": 25,
}
RIVALS = ["ploomber-engine", "ploomber-core", "debuglater", "parso", "posthog", "backoff", "distro"]
RIVALS += ["millrun", "typer", "shellingham", "annotated-doc"]
AIMS = {"stock loop": 20, "blocked pool": 8, "ploomber": 5, "millrun": 5}  # times as long as the batch
FLOOR_AIM = 1.25  # times the floor's processor seconds
BLOCK = "import sys\nsys.modules.setdefault('rfc3987_syntax', None)\n"
STOCK = Path(__file__).parent / "stock_papermill.py"
PLAN = """titel: Femtio
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2016, enhet: ostermalm}
    for_varje: {scenario: [bas, loneoversyn_1_april, vardkostnader_1_procent_1_juli], till_ar: [0, 2018]}
  - notebook: budgetscenarier
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {scenario: [atgarder_2024, fler_personer_2024], till_ar: [0, 2025]}
  - notebook: lss_peng
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {per_datum: ["2024-02-20", "2024-05-10", "2024-08-31", "2024-12-31"]}
  - notebook: gruppbostad_kbh
    parametrar: {ar: 2024, enhet: exempelenheten, boende: nya_hemmet}
    for_varje: {scenario: [bas, nya_hemmet_oppnar]}
  - notebook: bemanning_sjukfranvaro
    parametrar: {ar: 2024}
    for_varje: {enhet: [exempel_assistans, exempel_stod], tom_manad: [6, 8]}
  - notebook: manadsprognos
    parametrar: {ar: 2024}
    for_varje: {enhet: [exempelenheten, exempel_assistans, exempel_stod], tom_manad: [4, 10]}
  - notebook: verksamhetsblad
    parametrar: {ar: 2024}
    for_varje: {enhet: [exempelenheten, exempel_stod], tom_manad: [4, 10]}
  - notebook: mal_och_aktiviteter
    parametrar: {ar: 2024}
    for_varje: {enhet: [exempelenheten, exempel_stod], per: [T1, T2]}
  - notebook: insatser_manad
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {tom_manad: [4, 6, 8, 10]}
  - notebook: beslut_i_tid
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {per_datum: ["2024-04-30", "2024-06-30", "2024-08-31", "2024-10-31"]}
  - notebook: assistans
    parametrar: {ar: 2024, enhet: exempel_assistans}
    for_varje: {tom_manad: [4, 10]}
  - notebook: kostnadskontroll
    parametrar: {ar: 2024, enhet: exempelenheten}
    for_varje: {tom_manad: [4, 10]}
  - notebook: aldreomsorg
    parametrar: {ar: 2024, enhet: exempel_aldre}
    for_varje: {tom_manad: [4, 6, 8, 10]}
"""


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
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment},  # compiled once, as where it is installed
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


def rivals(folder: Path) -> str:
    """A folder with the other runners, installed beside; "" where they can't be fetched."""
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--no-deps", "--target", folder]
    done = subprocess.run([*map(str, install), *RIVALS], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        print(f"ploomber-engine and millrun did not install: {done.stderr.strip()[-200:]}")
    return "" if done.returncode else str(folder)


def stages(made: Path) -> None:
    """Prints what a report of each notebook costs by stage, seconds of processor, from the run's manifest."""
    entries = json.loads((made / "manifest.json").read_text("utf-8"))["runs"]
    names = [*entries[0]["steg"]]
    print(f"\n| notebook | {' | '.join(names)} | sum |\n|---|{'---|' * (len(names) + 1)}")
    for notebook in [*dict.fromkeys(entry["notebook"] for entry in entries), "all"]:
        mine = [entry["steg"] for entry in entries if notebook in ("all", entry["notebook"])]
        means = [sum(steg[name] for steg in mine) / len(mine) for name in names]
        print(f"| {notebook} | {' | '.join(f'{mean:.3f}' for mean in means)} | {sum(means):.2f} |")


def one_round(path: Path, folder: Path, blocked: Path, beside: str) -> dict[str, tuple[float, float]]:
    """Seconds per report, on the clock and of processors, of each way of making them."""
    plan = read(path)
    seconds, spent, made = batch(path, folder / "ut")
    assert len(list(made.glob("*/rapport.html"))) == REPORTS
    stages(made)
    found = {"batch": (seconds / REPORTS, spent / REPORTS)}
    first = {"blocked pool": str(blocked), "ploomber": beside, "millrun": beside}
    for name, count in LATER.items():
        if not first.get(name, "here"):
            continue
        listed = jobs(plan, count, folder / name.replace(" ", "_"), made)
        places = [first[name], *sys.path] if name == "blocked pool" else [*sys.path, first.get(name, "")]
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, places)), "PLOOMBER_STATS_ENABLED": "false"}
        seconds, spent, said = timed([STOCK, name.split()[-1], listed], **environment)
        if name == "floor":
            seconds, spent = map(float, said.splitlines()[-1].split())
        found[name] = (seconds / count, spent / count)
    return found


def test_fifty_reports_beside_papermill_and_beside_their_own_code(tmp_path, record_property):
    """Start-up, page, workbook and gate included for the batch, start-up for papermill, only work for the floor."""
    path = plan_file(tmp_path, PLAN)
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(BLOCK, "utf-8")
    beside = rivals(tmp_path / "rivals")
    rounds = []
    for number in range(ROUNDS):
        folder = tmp_path / f"round{number}"
        folder.mkdir()
        rounds.append(one_round(path, folder, blocked, beside))
    names = [name for name in (*LATER, "batch") if name in rounds[0]]
    print("\n| approach | reports | s per report | processor s per report | against the batch | aim | met |")
    print("|---|---|---|---|---|---|---|")
    ratios = {}
    for name in names:
        wall, spent = ([found[name][i] for found in rounds] for i in (0, 1))
        ratios[name] = median(found[name][0] / found["batch"][0] for found in rounds)
        count, aim = LATER.get(name, REPORTS), AIMS.get(name, 0)
        verdict = f"≥ {aim} | {'yes' if ratios[name] >= aim else 'no'}" if aim else " | "
        print(f"| {name} | {count} | {median(wall):.2f} | {median(spent):.2f} | {ratios[name]:.1f} | {verdict} |")
    of_floor = median(found["batch"][1] / found["floor"][1] for found in rounds)
    print(f"the batch takes {of_floor:.2f} times the floor's processor seconds (aim: {FLOOR_AIM})")
    record_property("ratios", {**ratios, "of floor": of_floor})
    assert ratios["stock loop"] >= 12
    assert ratios["blocked pool"] >= 4
    assert of_floor <= 2
