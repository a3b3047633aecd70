"""Plans through papermill: what is published, what is said of what failed, and that a run is whole or not there."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from batch_runs import own_names
from conftest import replace_in
from leaks import pdf
from nbclient.exceptions import DeadKernelError
from notebook_files import MONTHLY, write_notebook
from test_tables import made_up_number

from planbok import __version__
from planbok.base.errors import WithheldError
from planbok.base.workspace import NOTEBOOKS, PARAMS, ROOT, SAMPLE, Folders
from planbok.batch.make import execute, schedule
from planbok.batch.make import options as how
from planbok.batch.make import report as make
from planbok.batch.plan import job
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.batch.run import publish, runner

REPORT_FILES = ["anteckningsbok.ipynb", "harledning.json", "rapport.html", "resultat.json", "resultat.xlsx"]
RUN_ID = re.compile(r"\d{8}T\d{6}Z")
PERSON = "kajsa_testsson"
PLAN = """titel: Provet
spridning: arbetsmaterial
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2016, enhet: ostermalm}
  - notebook: budgetscenarier
    parametrar: {ar: 2024, enhet: exempelenheten, till_ar: 2025, jamfor_med: dyrare_var_2024}
    for_varje: {scenario: [atgarder_2024]}
"""
CHANGED = "budgetscenarier__ostermalm__bas__2016"
SOUND = "budgetscenarier__exempelenheten__atgarder_2024__2024__jamfor_med-dyrare_var_2024__till_ar-2025"


def published_texts(folder: Path) -> dict[str, str]:
    """Every published file as text, and every part of every workbook."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found |= {f"{path.name}/{name}": book.read(name).decode("utf-8", "replace") for name in book.namelist()}
        else:
            found[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
    return found


def leaks(folder: Path, *secrets: object) -> list[tuple[str, str]]:
    texts = published_texts(folder)
    assert texts
    return [(name, str(secret)) for name, text in texts.items() for secret in secrets if str(secret) in text]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """One run by the command line on a copy of the sample in which a published figure was changed."""
    base = tmp_path_factory.mktemp("batch")
    data, home = base / "underlag", base / "hem" / PERSON
    shutil.copytree(SAMPLE, data)
    home.mkdir(parents=True)
    replace_in(data / "budget.csv", "Vårdkostnader,113.9,1.4,112.5", "Vårdkostnader,113.8,1.4,112.5")
    (base / "planer").mkdir()
    (base / "planer" / "provet.yaml").write_text(PLAN, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "planbok", "run", "planer/provet.yaml", "--data", "underlag", "--out", "ut"],
        cwd=base,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        env={**os.environ, "HOME": str(home), "USER": PERSON, "LOGNAME": PERSON},
    )
    runs = [folder for folder in (base / "ut" / "provet").iterdir() if folder.is_dir()]
    assert len(runs) == 1, done.stderr
    return base, done, runs[0]


def manifest_of(run: Path) -> dict:
    return json.loads((run / "manifest.json").read_text("utf-8"))


def result_of(run: Path, folder: str) -> dict:
    return json.loads((run / folder / "resultat.json").read_text("utf-8"))


def test_a_report_can_be_mailed_and_leads_to_what_lies_beside_it(published):
    """Its page and workbook have second names that say what they are, and every link of the page is there."""
    _, _, run = published
    for folder in (CHANGED, SOUND):
        place = run / folder
        mailed = [path for path in place.iterdir() if path.suffix in (".html", ".xlsx") and "_" in path.stem]
        assert {path.suffix for path in mailed} == {".html", ".xlsx"}
        assert len({path.stem for path in mailed}) == 1
        asked = "_".join(folder.split("__")[:2])
        assert {path.stem.startswith(f"arbetsmaterial_{asked}_") for path in mailed} == {True}
        (page,) = [path for path in mailed if path.suffix == ".html"]
        assert os.path.samefile(page, place / "rapport.html")
        links = re.findall(r'<a href="([^"#][^"]*)"', page.read_text("utf-8"))
        assert len(links) >= 2
        assert all((place / unquote(link)).resolve().is_file() for link in links)


def test_a_run_has_a_folder_for_each_report_and_pages_that_lead_there(published):
    base, _, run = published
    assert RUN_ID.fullmatch(run.name)
    assert sorted(p.name for p in run.iterdir()) == sorted([CHANGED, SOUND, "index.html", "manifest.json"])
    for folder in (CHANGED, SOUND):
        assert own_names((run / folder).iterdir()) == REPORT_FILES
        assert f'href="{folder}/rapport.html"' in (run / "index.html").read_text("utf-8")
    assert sorted(p.name for p in run.parent.iterdir()) == sorted(["index.html", run.name])
    assert f'href="{run.name}/index.html"' in (run.parent / "index.html").read_text("utf-8")
    assert sorted(p.name for p in base.iterdir()) == ["hem", "planer", "underlag", "ut"]
    assert [p.name for p in (base / "ut").iterdir()] == ["provet"]


def test_a_changed_figure_makes_the_report_but_ends_in_1(published):
    base, done, run = published
    assert done.returncode == 1
    assert done.stdout == f"{base / 'ut' / 'provet' / 'index.html'}\n"
    progress = done.stderr.splitlines()[:2]
    assert [line.split(" ")[0] for line in progress] == ["1/2", "2/2"]
    first, second = sorted((line.split(" ", 1)[1] for line in progress), reverse=True)
    assert first.startswith("budgetscenarier · ostermalm · bas · 2016 · klar, 2 kontroller stämmer inte ")
    assert second.startswith("budgetscenarier · exempelenheten · atgarder_2024 · 2024 · klar ")
    assert "2 rapporter: 2 klara, på " in done.stderr
    assert f"FEL I KÖRNINGEN (2 st): {CHANGED}" in done.stderr
    assert "Traceback" not in done.stderr
    failed = [c for c in result_of(run, CHANGED)["kontroller"] if c["ok"] is False and c["niva"] == "fel"]
    assert len(failed) == 2
    assert [entry["checks_failed"] for entry in manifest_of(run)["runs"]] == [2, 0]


def test_the_manifest_has_the_fields_that_others_build_on(published):
    _, _, run = published
    manifest = manifest_of(run)
    assert {"plan", "run_id", "started", "finished", "planbok", "python", "workers", "status", "runs"} <= set(manifest)
    assert (manifest["plan"], manifest["run_id"], manifest["planbok"]) == ("provet", run.name, __version__)
    assert (manifest["status"], manifest["workers"]) == ("ej_faststalld", how.cores())
    started, finished = (datetime.fromisoformat(manifest[key]) for key in ("started", "finished"))
    assert abs((started - datetime.strptime(run.name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)).total_seconds()) <= 2
    assert started <= finished <= datetime.now(UTC)  # whole seconds
    for entry, folder in zip(manifest["runs"], (CHANGED, SOUND), strict=True):
        fields = ["notebook", "parametrar", "status", "seconds", "folder", "checks_failed", "error"]
        assert list(entry) == [*fields, "steg", "titel", "avtryck"]
        assert [*entry["steg"]] == ["lasning", "modell", "anteckningsbok", "sida", "arbetsbok", "sparr"]
        assert all(seconds > 0 for seconds in entry["steg"].values())
        assert (entry["notebook"], entry["folder"]) == ("budgetscenarier", folder)
        assert (entry["status"], entry["error"]) == ("ok", None)
        assert entry["seconds"] > 0
    assert manifest["runs"][1]["parametrar"] == {
        "enhet": "exempelenheten",
        "ar": 2024,
        "scenario": "atgarder_2024",
        "jamfor_med": "dyrare_var_2024",
        "version": "vp",
        "till_ar": 2025,
        "fler_scenarier": "",
    }


def test_the_result_has_the_fields_that_others_build_on(published):
    _, _, run = published
    result = result_of(run, SOUND)
    assert result["notebook"] == "budgetscenarier"
    assert result["parametrar"] == manifest_of(run)["runs"][1]["parametrar"]
    assert (result["spridning"], result["planbok"]) == ("arbetsmaterial", __version__)
    assert 3 <= len(result["sammanfattning"]) <= 8
    assert all(isinstance(line, str) and line for line in result["sammanfattning"])
    assert result["nyckeltal"]
    for figure in result["nyckeltal"].values():
        assert {"varde", "mattenhet", "etikett"} <= set(figure)
        assert (figure["varde"] is None) == ("saknas" in figure)
    assert result["tabeller"]
    assert all(isinstance(row, dict) for rows in result["tabeller"].values() for row in rows)
    assert result["kontroller"]
    for check in result["kontroller"]:
        assert {"namn", "niva", "ok", "differens", "tolerans"} <= set(check)
        assert check["niva"] in ("fel", "varning")
    assert result["regler"]
    for rule in result["regler"]:
        assert {"regel", "datum", "varde", "mattenhet", "underlag", "kalla"} <= set(rule)
    assert "budget.csv" in [table["fil"] for table in result["indata"]]
    for table in result["indata"]:
        assert {"fil", "rader", "sha256"} <= set(table)
        assert re.fullmatch("[0-9a-f]{64}", table["sha256"])


def test_the_report_says_its_answer_without_code_or_network(published):
    _, _, run = published
    html = (run / SOUND / "rapport.html").read_text("utf-8")
    assert '<html lang="sv"' in html
    text = re.sub(r"\s+", " ", unescape(re.sub("<[^>]*>", "", html)))
    for sentence in result_of(run, SOUND)["sammanfattning"]:
        assert re.sub(r"\s+", " ", sentence.replace("*", "")) in text
    assert "open_case" not in html
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_nothing_published_tells_of_the_machine_or_who_ran_it(published):
    base, _, run = published
    secrets = [base, ROOT, sys.prefix, SAMPLE, PERSON, "/tmp/"]
    assert leaks(run.parent, *secrets) == []


@pytest.fixture(scope="module")
def half_failed(tmp_path_factory):
    """One run of two: a notebook that fails in its second section, and one that is sound."""
    base = tmp_path_factory.mktemp("felar")
    shown = "f'{os.environ[\"PLANBOK_DATA\"]}/x.csv {sys.prefix} {Path.home()}'"
    failing = [
        "## Sammanfattning",
        "import os, sys\nfrom pathlib import Path",
        "## Tabeller och figurer",
        "### Under",
        f"raise RuntimeError({shown})",
        "## Kontroller",
    ]
    write_notebook(base / "felar.ipynb", MONTHLY, *failing, title="Den som felar")
    shutil.copy(NOTEBOOKS / "budgetscenarier.ipynb", base)
    plan_file = base / "halvt.yaml"
    plan_file.write_text(
        "titel: Halvt\nkorningar:\n"
        "  - {notebook: felar, parametrar: {ar: 2016, enhet: ostermalm, tom_manad: 4}}\n"
        "  - {notebook: budgetscenarier, parametrar: {ar: 2016, enhet: ostermalm}}\n",
        "utf-8",
    )
    plan = load_plan(plan_file, read_notebooks(base), ["bas"])
    said: list[str] = []
    data = shutil.copytree(SAMPLE, base / "underlag")
    return runner.run_plan(plan, Folders((PARAMS,), data), base / "ut", said.append), said, base


def test_a_failed_report_says_where_and_the_others_are_made(half_failed):
    finished, said, base = half_failed
    run = finished.index.parent / finished.manifest["run_id"]
    first, second = finished.manifest["runs"]
    assert finished.problems
    assert first["folder"] == "felar__ostermalm__bas__2016-04"
    assert (first["status"], first["checks_failed"]) == ("failed", 0)
    assert list(first["error"]) == ["section", "type", "message"]
    assert (first["error"]["section"], first["error"]["type"]) == ("Tabeller och figurer", "RuntimeError")
    assert own_names((run / first["folder"]).iterdir()) == ["anteckningsbok.ipynb", "rapport.html"]
    html = (run / first["folder"] / "rapport.html").read_text("utf-8")
    assert "Rapporten blev inte klar. Den stannade i avsnittet Tabeller och figurer." in html
    assert html.count("Ett oväntat fel (RuntimeError)") == 1
    assert f'href="{first["folder"]}/rapport.html"' in (run / "index.html").read_text("utf-8")
    assert "RuntimeError" in (run / first["folder"] / "anteckningsbok.ipynb").read_text("utf-8")
    assert (second["status"], second["error"]) == ("ok", None)
    assert own_names((run / second["folder"]).iterdir()) == REPORT_FILES
    assert sorted(line.split(" · ")[-1].split(" ")[0] for line in said) == ["klar", "misslyckad"]
    (problem,) = finished.problems
    assert "FEL I KÖRNINGEN" in problem
    assert "Tabeller och figurer: RuntimeError" in problem
    assert "Den som felar" in (run / "index.html").read_text("utf-8")


def test_a_failed_report_tells_no_more_of_the_machine(half_failed):
    finished, _, _ = half_failed
    assert leaks(finished.index.parent, ROOT, sys.prefix, f"{Path.home()}/") == []


def test_a_failed_report_hides_the_folders_it_was_given_too(half_failed):
    finished, _, base = half_failed
    assert leaks(finished.index.parent, base) == []


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """One run of three: a notebook that shows a person's number, one whose error does, and one that is sound."""
    base = tmp_path_factory.mktemp("sparr")
    number = made_up_number()
    hyphenated = f"{number[:6]}-{number[6:]}"
    write_notebook(base / "visar.ipynb", MONTHLY, "## Sammanfattning", f"print('{hyphenated}')")
    write_notebook(base / "felar.ipynb", MONTHLY, "## Sammanfattning", f"raise ValueError('{hyphenated}')")
    shutil.copy(NOTEBOOKS / "budgetscenarier.ipynb", base)
    runs = [f"  - {{notebook: {name}, parametrar: {{ar: 2016, enhet: ostermalm}}}}\n" for name in ("visar", "felar")]
    runs.append("  - {notebook: budgetscenarier, parametrar: {ar: 2016, enhet: ostermalm}}\n")
    (base / "sparr.yaml").write_text("titel: Spärr\nkorningar:\n" + "".join(runs), "utf-8")
    plan = load_plan(base / "sparr.yaml", read_notebooks(base), ["bas"])
    said: list[str] = []
    return runner.run_plan(plan, Folders(), base / "ut", said.append), said, hyphenated


def test_of_a_report_that_the_gate_stops_only_the_manifests_entry_remains(stopped):
    finished, said, number = stopped
    run = finished.index.parent / finished.manifest["run_id"]
    *held_back, sound = finished.manifest["runs"]
    assert finished.problems
    for entry in held_back:
        assert (entry["status"], entry["error"]["section"]) == ("failed", "Spärren")
        assert "personnummer" in entry["error"]["message"]
        assert "anteckningsbok.ipynb" in entry["error"]["message"]
        assert not (run / entry["folder"]).exists()
    assert sound["status"] == "ok"
    assert leaks(finished.index.parent, number, number.replace("-", "")) == []
    assert number not in "".join([*said, *finished.problems, finished.summary])


def test_a_run_whose_own_files_tell_of_somebody_is_not_published(tmp_path, quick_plan):
    plan = replace(quick_plan, titel="Ärendet K.L. 1952")
    with pytest.raises(WithheldError) as refused:
        runner.run_plan(plan, Folders(), tmp_path / "ut", lambda text: None)
    assert {fault.code for fault in refused.value.faults} == {"gate"}
    assert "1952" not in str(refused.value)
    assert refused.value.exit_code == 1
    assert [path for path in (tmp_path / "ut").rglob("*") if path.is_file() and path.stat().st_size > 500] == []


def test_a_title_of_two_capitals_hinders_no_run(tmp_path, quick_plan):
    plan = replace(quick_plan, titel="XL")
    finished = runner.run_plan(plan, Folders(), tmp_path / "ut", lambda text: None)
    assert [entry["status"] for entry in finished.manifest["runs"]] == ["ok", "ok"]


def test_a_printed_page_that_the_gate_stops_takes_its_own_report_only(tmp_path, quick_plan, monkeypatch):
    number = made_up_number()

    def printed(folders, how, tick):
        for folder, text in zip(folders, (number, "168\t750 222\t750 2\t813"), strict=True):
            (folder / "rapport.pdf").write_bytes(pdf(text))
        return []

    monkeypatch.setattr(runner, "add_pdfs", printed)
    finished = runner.run_plan(quick_plan, Folders(), tmp_path / "ut", lambda text: None, how.RunOptions(browser="x"))
    stopped, sound = finished.manifest["runs"]
    run = finished.index.parent / finished.manifest["run_id"]
    assert (stopped["status"], stopped["error"]["section"], sound["status"]) == ("failed", "Spärren", "ok")
    assert not (run / stopped["folder"]).exists() and (run / sound["folder"] / "rapport.pdf").is_file()
    (said,) = finished.problems
    assert all(words in said for words in (stopped["folder"], "rapport.pdf: personnummer", "utan --pdf"))
    assert finished.problems and number not in said
    assert number not in "".join(path.read_text("utf-8") for path in run.iterdir() if path.is_file())


def test_the_environment_is_as_before_a_run(half_failed):
    assert not [name for name in os.environ if name.startswith("PLANBOK_")]


def only_an_entry(what):
    what.folder.mkdir()
    (what.folder / "anteckningsbok.ipynb").write_text("{}", "utf-8")
    return job.entry(what, 0.1)


@pytest.fixture
def quick_plan(tmp_path, monkeypatch):
    """A plan of two whose reports are only entries: for what happens around them."""
    write_notebook(tmp_path / "manadsblad.ipynb", MONTHLY)
    path = tmp_path / "snabb.yaml"
    run = "  - {notebook: manadsblad, parametrar: {ar: 2016, enhet: a}, for_varje: {tom_manad: [1, 2]}}\n"
    path.write_text(f"titel: Snabb\nkorningar:\n{run}", "utf-8")

    monkeypatch.setattr(schedule, "make_report", only_an_entry)
    return load_plan(path, read_notebooks(tmp_path), ["bas"])


def hands_nothing_over(source, target, **options):
    shutil.copy(source, target)


def loses_its_kernel(source, target, **options):
    shutil.copy(source, target)
    raise DeadKernelError("Kernel died")


def leaves_half_a_notebook(source, target, **options):
    Path(target).write_text(Path(source).read_text("utf-8")[:-20], "utf-8")
    raise DeadKernelError("Kernel died")


def never_starts(source, target, **options):
    raise RuntimeError(f"no kernel for {target}")


def hands_over_what_no_page_can_show(source, target, **options):
    shutil.copy(source, target)
    (Path(target).parent / "resultat.json").write_text('{"kontroller": []}', "utf-8")


@pytest.fixture
def one_report(tmp_path, monkeypatch):
    """A run of one report, as its notebook's execution happens to go."""

    def one_report(happens):
        write_notebook(tmp_path / "manadsblad.ipynb", MONTHLY, "## Kontroller")
        path = tmp_path / "snabb.yaml"
        run = "  - {notebook: manadsblad, parametrar: {ar: 2024, enhet: exempelenheten}}\n"
        path.write_text(f"titel: x\nspridning: arbetsmaterial\nkorningar:\n{run}", "utf-8")
        monkeypatch.setattr(execute.papermill, "execute_notebook", happens)
        plan = load_plan(path, read_notebooks(tmp_path), ["bas"])
        finished = runner.run_plan(plan, Folders(), tmp_path / "ut", lambda text: None)
        return finished, finished.index.parent / finished.manifest["run_id"]

    return one_report


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (hands_nothing_over, "anteckningsboken lämnade inget resultat"),
        (loses_its_kernel, "beräkningsprocessen avslutades oväntat"),
        (leaves_half_a_notebook, "beräkningsprocessen avslutades oväntat"),
        (never_starts, "no kernel for"),
        (hands_over_what_no_page_can_show, "framst"),
    ],
)
def test_a_report_that_fails_outside_its_cells_is_published_with_what_happened(one_report, tmp_path, happens, said):
    finished, run = one_report(happens)
    (entry,) = finished.manifest["runs"]
    assert (entry["status"], bool(finished.problems)) == ("failed", True)
    assert said in entry["error"]["message"]
    page = unescape((run / entry["folder"] / "rapport.html").read_text("utf-8"))
    assert said in page
    assert "Rapporten blev inte klar" in page
    assert "Syntetiska uppgifter</li>" in page.replace('class="synthetic">', "")
    assert "Arbetsmaterial" in page
    index = (run / "index.html").read_text("utf-8")
    assert f'href="{entry["folder"]}/rapport.html"' in index
    assert leaks(finished.index.parent, tmp_path) == []


@pytest.mark.parametrize("happens", [hands_nothing_over, loses_its_kernel, hands_over_what_no_page_can_show])
def test_the_notebook_that_a_message_leads_to_shows_what_happened(one_report, happens):
    finished, run = one_report(happens)
    (entry,) = finished.manifest["runs"]
    notebook = run / entry["folder"] / "anteckningsbok.ipynb"
    assert f"Anteckningsboken med felet: {notebook}" in finished.problems[0]
    last = nbformat.read(notebook, as_version=4).cells[-1]
    assert last.outputs[0].output_type == "error"
    assert last.outputs[0].evalue == entry["error"]["message"]
    assert f'href="{entry["folder"]}/anteckningsbok.ipynb"' in (run / "index.html").read_text("utf-8")


@pytest.mark.parametrize("happens", [leaves_half_a_notebook, never_starts])
def test_no_message_leads_to_a_notebook_that_is_not_there(one_report, happens):
    finished, run = one_report(happens)
    (entry,) = finished.manifest["runs"]
    assert [path.name for path in (run / entry["folder"]).iterdir()] == ["rapport.html"]
    assert "Anteckningsboken" not in finished.problems[0]
    assert '/anteckningsbok.ipynb"' not in (run / "index.html").read_text("utf-8")


def test_a_kernel_that_dies_leaves_its_report_with_what_was_made_before(tmp_path):
    write_notebook(tmp_path / "manadsblad.ipynb", MONTHLY, "## Tabeller", "print('hann med')", "import os; os._exit(1)")
    path = tmp_path / "snabb.yaml"
    path.write_text("titel: x\nkorningar:\n  - {notebook: manadsblad, parametrar: {ar: 2016, enhet: a}}\n", "utf-8")
    plan = load_plan(path, read_notebooks(tmp_path), ["bas"])
    finished = runner.run_plan(plan, Folders(), tmp_path / "ut", lambda text: None)
    (entry,) = finished.manifest["runs"]
    assert entry["error"]["type"] == "DeadKernelError"
    folder = finished.index.parent / finished.manifest["run_id"] / entry["folder"]
    page = (folder / "rapport.html").read_text("utf-8")
    assert page.index("hann med") < page.index("beräkningsprocessen avslutades oväntat")
    assert leaks(finished.index.parent, tmp_path) == []


def test_a_notebook_that_no_page_can_show_fails_alone(one_report, monkeypatch):
    render = make.render_report

    def breaks_on_it(notebook, meta):
        if len(notebook.cells) > 3:
            raise ValueError("ingen sida")
        return render(notebook, meta)

    monkeypatch.setattr(make, "render_report", breaks_on_it)
    monkeypatch.setattr("planbok.batch.make.failed.render_report", breaks_on_it)
    finished, run = one_report(hands_nothing_over)
    (entry,) = finished.manifest["runs"]
    page = (run / entry["folder"] / "rapport.html").read_text("utf-8")
    assert "anteckningsboken lämnade inget resultat" in page


@pytest.mark.parametrize("broken", [KeyboardInterrupt, OSError, SystemExit])
def test_a_run_that_is_interrupted_leaves_nothing_behind(tmp_path, quick_plan, broken):
    said = []

    def say(text):
        said.append(text)
        if len(said) == 2:
            assert [p.name[0] for p in (tmp_path / "ut" / "snabb").iterdir()] == ["."]
            raise broken

    with pytest.raises(broken):
        runner.run_plan(quick_plan, Folders(), tmp_path / "ut", say)
    assert len(said) == 2
    assert list((tmp_path / "ut" / "snabb").iterdir()) == []


def test_a_run_is_hidden_until_it_is_whole(tmp_path, quick_plan):
    def say(text):
        assert [p.name[0] for p in (tmp_path / "ut" / "snabb").iterdir()] == ["."]

    finished = runner.run_plan(quick_plan, Folders(), tmp_path / "ut", say)
    assert not finished.problems
    assert sorted(p.name for p in finished.index.parent.iterdir()) == [finished.manifest["run_id"], "index.html"]


def test_runs_at_the_same_time_get_names_of_their_own(tmp_path):
    names, together = [], threading.Barrier(3, timeout=30)

    def stage():
        together.wait()
        with publish.staged_run(tmp_path / "plan") as (run_id, staging):
            together.wait()
            staging.joinpath("x").write_text(run_id)
            names.append(run_id)

    threads = [threading.Thread(target=stage) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 3
    assert sorted(p.name for p in (tmp_path / "plan").iterdir()) == sorted(names)
    assert {(tmp_path / "plan" / name / "x").read_text() for name in names} == set(names)


def test_a_run_of_the_same_second_waits_for_the_next(tmp_path):
    with publish.staged_run(tmp_path) as (first, _):
        pass
    with publish.staged_run(tmp_path) as (second, _), publish.staged_run(tmp_path) as (third, _):
        pass
    assert first < second < third


def test_the_plans_index_has_whole_runs_only_and_the_newest_first(tmp_path, quick_plan):
    for _ in range(2):
        finished = runner.run_plan(quick_plan, Folders(), tmp_path, lambda text: None)
    (tmp_path / "snabb" / ".20990101T000000Z").mkdir()
    shutil.copytree(finished.index.parent / finished.manifest["run_id"], tmp_path / "snabb" / ".20990102T000000Z")
    (tmp_path / "snabb" / "annat").mkdir()
    publish.write_plan_index(tmp_path / "snabb", "Snabb")
    html = (tmp_path / "snabb" / "index.html").read_text("utf-8")
    linked = re.findall(r'href="(\d{8}T\d{6}Z)/index.html"', html)
    assert len(linked) == 2
    assert linked == sorted(linked, reverse=True)
    assert "2099" not in html
