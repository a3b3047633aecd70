"""Only what changed is made again: everything that a report is made of is asked, and the rest is linked whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batch_runs import own_names
from conftest import replace_in, write_scenario

from planbok.base.workspace import PACKAGE, PARAMS, SAMPLE, Folders
from planbok.batch.make import schedule
from planbok.batch.run import unchanged
from planbok.cli import main
from planbok.inputs import journal as reading

PLAN = """titel: Prov
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2016, enhet: ostermalm}
    for_varje: {scenario: [bas, prov]}
  - notebook: kostnadskontroll
    parametrar: {ar: 2024, tom_manad: 8, enhet: exempelenheten}
"""
BASE, CHANGED, CONTROL = (
    "budgetscenarier__ostermalm__bas__2016",
    "budgetscenarier__ostermalm__prov__2016",
    "kostnadskontroll__exempelenheten__bas__2024-08",
)
FILES = ["anteckningsbok.ipynb", "harledning.json", "rapport.html", "resultat.json", "resultat.xlsx"]
UPRATING = {"typ": "upprakning", "budgetrad": "Vårdkostnader", "sida": "kostnad", "procent": 1, "fran": "2016-07-01"}


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """A folder with own parameters and tables, and one run of a plan of three reports."""
    base = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(SAMPLE, base / "data")
    shutil.copytree(PARAMS / "regler", base / "egna" / "regler")
    (base / "egna" / "planer").mkdir(parents=True)
    (base / "egna" / "planer" / "prov.yaml").write_text(PLAN, "utf-8")
    write_scenario(base / "egna", "prov", [UPRATING])
    write_scenario(base / "egna", "annat", [UPRATING])
    assert main(command(base)) == 0
    return base


def command(base: Path, *more: str) -> list[str]:
    folders = {"--params": "egna", "--data": "data", "--out": "ut"}
    return ["run", "prov", *(str(part) for name, value in folders.items() for part in (name, base / value)), *more]


@pytest.fixture
def again(first, tmp_path):
    """The first run's copy, at another place; runs it again and tells what became of each report."""
    base = Path(shutil.copytree(first, tmp_path / "kopia"))

    def again(*more: str, code: int = 0) -> dict[str, str]:
        assert main(command(base, *more)) == code
        return {entry["folder"]: entry["status"] for entry in manifest(base)["runs"]}

    return base, again


def runs(base: Path) -> list[Path]:
    return sorted(path for path in (base / "ut" / "prov").iterdir() if path.is_dir())


def manifest(base: Path, number: int = -1) -> dict:
    return json.loads((runs(base)[number] / "manifest.json").read_text("utf-8"))


def entry_of(base: Path, folder: str) -> dict:
    return next(entry for entry in manifest(base)["runs"] if entry["folder"] == folder)


def made_again(statuses: dict[str, str]) -> set[str]:
    assert set(statuses.values()) <= {"ok", "unchanged"}
    return {folder for folder, status in statuses.items() if status == "ok"}


def test_a_second_run_links_everything_and_is_whole(again, capsys):
    base, run = again
    assert run() == dict.fromkeys((BASE, CHANGED, CONTROL), "unchanged")
    before, now = runs(base)
    for folder in (BASE, CHANGED, CONTROL):
        assert own_names((now / folder).iterdir()) == FILES
        for name in FILES:
            assert (now / folder / name).read_bytes() == (before / folder / name).read_bytes()
            assert os.path.samefile(now / folder / name, before / folder / name)
    index = (now / "index.html").read_text("utf-8")
    assert index.count("Oförändrad") == 3
    assert index.count("Inget har ändrats sedan ") == 3
    assert "3 rapporter: 3 oförändrade" in capsys.readouterr().err
    shutil.rmtree(before)
    assert (now / BASE / "rapport.html").stat().st_size > 10_000


def test_a_second_run_loads_nothing_that_makes_reports(again):
    """Its time is measured in bench/; what would cost it most is not loaded at all."""
    base, _ = again
    code = "import sys; from planbok.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, *command(base)], capture_output=True, check=True, text=True)
    assert {run["status"] for run in manifest(base)["runs"]} == {"unchanged"}
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "planbok.batch.run.unchanged" in loaded
    assert loaded & {"papermill", "nbclient", "IPython", "plotly", "xlsxwriter", "playwright"} == set()


def test_force_makes_everything_again(again):
    base, run = again
    assert made_again(run("--force")) == {BASE, CHANGED, CONTROL}
    assert entry_of(base, BASE)["sedan_sist"] == {"run_id": runs(base)[0].name, "orsaker": [], "nyckeltal": []}
    assert (runs(base)[-1] / "index.html").read_text("utf-8").count("Inget har ändrats sedan ") == 3


def test_no_trace_of_what_was_read_is_left_in_the_reports(first):
    assert [path.name for path in first.joinpath("ut").rglob(".*")] == []
    read = entry_of(first, BASE)["avtryck"]["laste"]
    assert {"data/budget.csv", "params/regler/lss_peng.yaml", "data/", "params/regler/"} <= set(read)
    assert not [role for role in read if role.startswith(("/", "annat"))]
    assert str(first) not in json.dumps(manifest(first))


def change_budget(base: Path) -> None:
    replace_in(base / "data" / "budget.csv", "Administration,9.0,0.1,8.9", "Administration,9.1,0.1,9.0")


def change_decisions(base: Path) -> None:
    path = base / "data" / "beslut.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def change_scenario(base: Path) -> None:
    write_scenario(base / "egna", "prov", [UPRATING | {"procent": 2}])


def change_other_scenario(base: Path) -> None:
    write_scenario(base / "egna", "annat", [UPRATING | {"procent": 2}])


def change_rule(base: Path) -> None:
    with (base / "egna" / "regler" / "lss_peng.yaml").open("a", encoding="utf-8") as file:
        file.write("# en ny rad\n")


def add_rules(base: Path) -> None:
    entry = "{fran: 2024-01-01, varde: 1, underlag: antagande, kalla: Prov}"
    rule = f"egen.regel:\n  titel: Prov\n  mattenhet: kr\n  varden:\n    - {entry}\n"
    (base / "egna" / "regler" / "egen.yaml").write_text(rule, "utf-8")


def take_table(base: Path) -> None:
    (base / "data" / "mal.csv").rename(base / "data" / "mal_gammal.txt")


def change_table_that_nobody_reads(base: Path) -> None:
    with (base / "data" / "mal.csv").open("a", encoding="utf-8") as file:
        file.write("\n")


def only_touched(base: Path) -> None:
    for path in (base / "data").iterdir():
        os.utime(path, (0, 0))


ALL = {BASE, CHANGED, CONTROL}


@pytest.mark.parametrize(
    ("change", "made", "cause"),
    [
        (change_budget, ALL, ("indata", ["budget.csv"])),
        (change_decisions, ALL, ("indata", ["beslut.csv"])),  # the budget asks whether the unit has decisions
        (change_scenario, {CHANGED}, ("scenario", ["prov.yaml"])),
        (change_rule, ALL, ("regler", ["lss_peng.yaml"])),
        (add_rules, ALL, ("regler", ["egen.yaml"])),
        (take_table, ALL, ("indata", [])),
        (change_other_scenario, set(), None),
        (change_table_that_nobody_reads, set(), None),
        (only_touched, set(), None),
    ],
)
def test_a_report_is_made_again_when_something_that_it_read_has_changed(again, change, made, cause):
    base, run = again
    change(base)
    assert made_again(run(code=int(change is change_budget))) == made
    assert manifest(base)["anmarkningar"] == []
    for folder in made:
        assert {"slag": cause[0], "vad": cause[1]} in entry_of(base, folder)["sedan_sist"]["orsaker"]


def test_code_notebook_and_audience_make_reports_again(again, monkeypatch):
    base, run = again
    plan = base / "egna" / "planer" / "prov.yaml"
    replace_in(plan, "titel: Prov\n", "titel: Prov\nspridning: arbetsmaterial\n")
    assert made_again(run()) == {BASE, CHANGED, CONTROL}
    assert entry_of(base, CONTROL)["sedan_sist"]["jamfors_inte"] == "spridning"
    assert "rapporten hade en annan spridning då" in (runs(base)[-1] / "index.html").read_text("utf-8")
    monkeypatch.setattr(unchanged, "code_hash", lambda: "annan kod")
    assert made_again(run()) == {BASE, CHANGED, CONTROL}
    assert entry_of(base, CONTROL)["sedan_sist"]["orsaker"] == [{"slag": "kod", "vad": []}]


def test_what_moved_and_why_stands_in_the_index(again):
    base, run = again
    change_budget(base)
    change_scenario(base)
    run(code=1)
    since = entry_of(base, CHANGED)["sedan_sist"]
    assert {"slag": "indata", "vad": ["budget.csv"]} in since["orsaker"]
    assert {"slag": "scenario", "vad": ["prov.yaml"]} in since["orsaker"]
    before = json.loads((runs(base)[0] / CHANGED / "resultat.json").read_text("utf-8"))["nyckeltal"]
    now = json.loads((runs(base)[-1] / CHANGED / "resultat.json").read_text("utf-8"))["nyckeltal"]
    moved = {row["namn"]: (row["fore"], row["nu"]) for row in since["nyckeltal"]}
    assert moved == {
        name: (before[name]["varde"], now[name]["varde"]) for name in now if before[name]["varde"] != now[name]["varde"]
    }
    assert len(moved) > 2
    index = (runs(base)[-1] / "index.html").read_text("utf-8")
    assert "nyckeltal till. Orsak: indata (budget.csv), scenario (prov.yaml)." in index
    assert index.count("Nyckeltalen är desamma som ") == 1


def test_a_report_with_a_file_gone_is_made_again(again):
    base, run = again
    (runs(base)[0] / BASE / "resultat.xlsx").unlink()
    assert made_again(run()) == {BASE}


def test_what_people_write_in_a_published_run_is_never_carried_on(again):
    base, run = again
    (runs(base)[0] / BASE / "resultat.xlsx").write_bytes(b"written since")
    (runs(base)[0] / CONTROL / "anteckningar.txt").write_text("beside")
    assert made_again(run()) == {BASE}
    for folder in (BASE, CONTROL):
        assert own_names((runs(base)[-1] / folder).iterdir()) == FILES


def test_what_is_edited_while_a_report_is_made_counts_as_changed(again, monkeypatch):
    base, run = again
    made = schedule.made

    def edited_meanwhile(*given):
        done = made(*given)
        change_rule(base)
        monkeypatch.setattr(unchanged, "code_hash", lambda: "annan kod")
        return done

    monkeypatch.setattr(schedule, "made", edited_meanwhile)
    assert run("--only", "kostnadskontroll", "--force") == {CONTROL: "ok"}
    (said,) = manifest(base)["anmarkningar"]
    assert said.startswith("params/regler/lss_peng.yaml ändrades under körningen: ")
    assert run("--only", "kostnadskontroll") == {CONTROL: "ok"}


def test_an_adopted_run_shares_no_file_with_later_ones(again, capsys):
    base, run = again
    assert main(["faststall", runs(base)[0].name, "--av", "enhetschef", "--out", str(base / "ut")]) == 0
    assert made_again(run()) == set()
    adopted, later = runs(base)
    for path in adopted.glob("*/*"):
        copy = later / path.parent.name / path.name
        assert copy.read_bytes() == path.read_bytes()
        assert not os.path.samefile(copy, path)
        assert copy.stat().st_mode & 0o200
    assert main(["prune", "--keep", "0", "--ja", "--out", str(base / "ut")]) == 0
    assert {path.name for path in later.glob("*/*")} == {"resultat.json"}
    assert own_names(adopted.glob("*/*")) == FILES
    assert made_again(run()) == set()


def test_a_browser_that_prints_nothing_is_said_and_leaves_the_run_whole(again, monkeypatch, capsys):
    base, run = again
    monkeypatch.setattr("planbok.commands.run.find_browser", lambda: shutil.which("false"))
    assert set(run("--pdf", code=1).values()) == {"unchanged"}
    assert capsys.readouterr().err.count("rapport.pdf: webbläsaren skrev ingen pdf") == 3
    assert own_names((runs(base)[-1] / BASE).iterdir()) == FILES


def test_a_disk_without_links_gets_copies(again, monkeypatch):
    base, run = again

    def no_links(source, target):
        raise OSError(1, "no links here")

    monkeypatch.setattr(unchanged.os, "link", no_links)
    assert made_again(run()) == set()
    before, now = runs(base)
    assert not os.path.samefile(before / BASE / "rapport.html", now / BASE / "rapport.html")
    assert (before / BASE / "rapport.html").read_bytes() == (now / BASE / "rapport.html").read_bytes()


def test_every_file_of_the_code_counts(tmp_path, monkeypatch):
    shutil.copytree(PACKAGE, tmp_path / "planbok", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(unchanged, "PACKAGE", tmp_path / "planbok")
    hashes = set()
    for name in ("case.py", "topics/budget/model.py", "report/templates/report.css"):
        unchanged.code_hash.cache_clear()
        hashes.add(unchanged.code_hash())
        with (tmp_path / "planbok" / name).open("a") as file:
            file.write("\n")
    unchanged.code_hash.cache_clear()
    hashes.add(unchanged.code_hash())
    monkeypatch.undo()
    unchanged.code_hash.cache_clear()
    assert len(hashes) == 4


def test_an_own_file_of_the_same_name_counts_as_changed(tmp_path):
    (tmp_path / "egna" / "scenarier").mkdir(parents=True)
    (tmp_path / "grund" / "scenarier").mkdir(parents=True)
    (tmp_path / "grund" / "scenarier" / "a.yaml").write_text("x: 1\n")
    folders = Folders((tmp_path / "egna", tmp_path / "grund"), tmp_path)
    before = reading.Now(folders, tmp_path).hash_of("params/scenarier/a.yaml", "")
    (tmp_path / "egna" / "scenarier" / "a.yml").write_text("x: 2\n")
    after = reading.Now(folders, tmp_path).hash_of("params/scenarier/a.yaml", "")
    assert before and after and before != after
    shutil.rmtree(tmp_path / "egna")
    (tmp_path / "grund" / "scenarier" / "a.yaml").unlink()
    assert reading.Now(folders, tmp_path).hash_of("params/scenarier/a.yaml", "") == reading.CHANGED


def test_earlier_results_are_inputs_but_never_a_reports_own(tmp_path, monkeypatch):
    def result(run: str, folder: str, text: str) -> None:
        (tmp_path / run / folder).mkdir(parents=True)
        (tmp_path / run / folder / "resultat.json").write_text(text)

    result("20240101T000000Z", "nb__a__bas__2024-01", "ett")
    result("20240101T000000Z", "nb__b__bas__2024-01", "annan enhet")
    result(".20240201T000000Z", "nb__a__bas__2024-01", "inte klar")
    monkeypatch.setenv("PLANBOK_OUT", str(tmp_path / ".x" / "nb__a__bas__2024-02"))
    found = reading.earlier_files(tmp_path, "nb__a__*")
    assert [path.parent.name for path in found] == ["nb__a__bas__2024-01"]
    role, own = "tidigare/nb__a__*", "nb__a__bas__2024-02"
    before = reading.Now(Folders(), tmp_path).hash_of(role, own)
    result("20240201T000000Z", "nb__a__bas__2024-02", "den egna")
    result("20240201T000000Z", "nb__a__bas__2024-01", "ett")  # linked: says the same once more
    assert reading.Now(Folders(), tmp_path).hash_of(role, own) == before
    result("20240301T000000Z", "nb__a__bas__2024-01", "två")
    assert reading.Now(Folders(), tmp_path).hash_of(role, own) != before


def test_a_file_that_changes_while_it_is_read_is_never_unchanged(tmp_path):
    path = tmp_path / "a.csv"
    for text in ("1", "2"):
        path.write_text(text)
        reading.read_bytes(path)
    reading.write_noted(tmp_path, Folders((PARAMS,), tmp_path))
    assert reading.take_noted(tmp_path)["data/a.csv"] == reading.CHANGED
