"""The commands as people run them: what is said, with which exit code, from any folder, and what is never written."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import replace_in, write_scenario
from test_tables import made_up_number

from planbok.base.workspace import PARAMS, ROOT, SAMPLE
from planbok.cli import main

PLAN = """titel: Prov
korningar:
  - notebook: budgetscenarier
    parametrar: {{ar: {ar}, enhet: {enhet}}}
    for_varje: {{scenario: [{scenario}]}}
"""
FIVE_FAULTS = """titel: Fem fel
fraga: Vad händer?
forandringar:
  - typ: upprakning
    budgetrad: Vårdkostnad
    sida: kostnad
    procent: "två"
    procnt: 2
    fran: 2016-02-30
    sida: kostnad
    underlag: antagande
    motivering: Prov
"""


def write_plan(
    params: Path, scenario: str = "bas", enhet: str = "ostermalm", ar: object = 2016, name: str = "prov"
) -> Path:
    (params / "planer").mkdir(parents=True, exist_ok=True)
    path = params / "planer" / f"{name}.yaml"
    path.write_text(PLAN.format(scenario=scenario, enhet=enhet, ar=ar), "utf-8")
    return path


def amount(**more) -> dict:
    plain = {
        "typ": "belopp",
        "budgetrad": "Vårdkostnader",
        "sida": "kostnad",
        "kr_per_manad": 1000,
        "fran": "2016-07-01",
    }
    return plain | more


@pytest.fixture
def params(tmp_path) -> Path:
    folder = tmp_path / "egna"
    folder.mkdir()
    return folder


@pytest.fixture
def command(capsys):
    """Runs the command in this process: exit code, stdout, stderr."""

    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return command


def subprocess_command(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "planbok", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )


def refused(command, *arguments, out: Path | None = None) -> str:
    """The message of a command that must be refused, having written nothing."""
    code, said, message = command(*arguments)
    assert (code, said) == (2, "")
    assert message.startswith("FEL I ")
    if out is not None:
        assert not out.exists()
        assert message.endswith("Inget har körts.\n")
    return message


def test_five_faults_in_one_scenario_are_named_in_one_message_and_nothing_is_written(tmp_path, params):
    (params / "scenarier").mkdir()
    (params / "scenarier" / "fem_fel.yaml").write_text(FIVE_FAULTS, "utf-8")
    write_plan(params, "fem_fel")
    before = sorted(tmp_path.rglob("*"))
    done = subprocess_command("run", "prov", "--params", params, "--out", tmp_path / "ut", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert sorted(tmp_path.rglob("*")) == before
    assert done.stderr.splitlines() == [
        "FEL I SCENARIOT (5 st): egna/scenarier/fem_fel.yaml",
        "  fil rad 5, förändring 1: budgetrad 'Vårdkostnad' finns inte i tabellen budget för ostermalm."
        " Menade du 'Vårdkostnader'?",
        "  fil rad 7, förändring 1: procent ska vara ett tal, till exempel 2.5, men är 'två'.",
        "  fil rad 8, förändring 1: okänd nyckel 'procnt'. Menade du 'procent'?",
        "  fil rad 9, förändring 1: fran: 2016-02-30 är inte ett giltigt datum (februari 2016 har 29 dagar).",
        "  fil rad 10, förändring 1: nyckeln 'sida' står två gånger, första gången på rad 6. Ta bort den ena.",
        "Inget har körts.",
    ]


def test_the_project_and_its_sample_have_no_faults_seen_from_another_folder(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    code, said, message = command("check")
    assert (code, message) == (0, "")
    counted = said.splitlines()[-1]
    assert counted.startswith("Inga fel. Kontrollerat: ")
    assert f"{len(list((PARAMS / 'scenarier').glob('*.yaml')))} scenarier" in counted
    assert f"{len(list(SAMPLE.glob('*.csv')))} tabeller" in counted


def test_a_published_figure_that_was_changed_gives_exactly_two_faults(sample_copy, command):
    replace_in(sample_copy / "budget.csv", "Vårdkostnader,113.9,1.4,112.5", "Vårdkostnader,113.8,1.4,112.5")
    code, _, message = command("check", "--data", sample_copy)
    assert code == 2
    assert message.splitlines()[0].startswith("FEL I TABELLEN (2 st): ")
    assert message.splitlines()[-1] == "2 fel."
    row, column = message.splitlines()[1:3]
    assert row.startswith("  fil rad 8, kolumn netto_mnkr: ostermalm 2016 (vp), Vårdkostnader")
    assert "112,5" in row
    assert "112,4" in row
    assert column.startswith("  fil rad 11, kolumn kostnad_mnkr: ostermalm 2016 (vp), Totalt")
    assert "152,8" in column
    assert "152,7" in column


def test_check_says_the_faults_of_every_kind_of_file_at_once(tmp_path, params, sample_copy, command):
    (params / "regler").mkdir()
    (params / "regler" / "egen.yaml").write_text("regel: 5\n", "utf-8")
    write_scenario(params, "noll", [amount(kr_per_manad=0)])
    write_scenario(params, "bas", [amount()])
    write_plan(params, "finns_inte")
    (params / "budgetplacering.yaml").write_text("default: {kbhh: {budgetrad: R, sida: kostnad}}\n", "utf-8")
    (sample_copy / "mal.csv").write_text("enhet;ar\n", "utf-8")
    code, _, message = command("check", "--params", params, "--data", sample_copy)
    assert code == 2
    headings = [line for line in message.splitlines() if line.startswith("FEL I ")]
    assert [line.split(":")[0].split(" (")[0] for line in headings] == [
        "FEL I BUDGETPLACERINGEN",
        "FEL I PLANEN",
        "FEL I REGLERNA",
        "FEL I SCENARIOT",
        "FEL I SCENARIOT",
        "FEL I TABELLEN",
    ]
    for word in ("kbhh", "finns_inte", "men står '5'", "kr_per_manad är 0", "'bas' är inbyggt", "mal.csv"):
        assert word in message


def test_check_tries_scenarios_that_no_table_can_answer_for(params, command):
    write_scenario(params, "sent", [amount(fran="2016-07-01", till="2016-07-31"), amount(enhet="mars")])
    write_scenario(
        params, "sjuka", [{"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1, "fran": "2024-01-01"}]
    )
    write_scenario(params, "tidigt", [amount(fran="1999-01-01", till="1999-12-31")])
    code, _, message = command("check", "--params", params)
    assert code == 2
    assert "enhet 'mars' finns inte" in message
    assert "tidigt.yaml" in message
    assert "flyttar inget för någon enhet" in message
    assert "sjuka" not in message


@pytest.mark.parametrize("tables", [[], ["anteckningar.txt"], ["Budgett.csv"]])
def test_a_folder_without_tables_is_no_collection(tmp_path, command, tables):
    folder = tmp_path / "tom"
    folder.mkdir()
    for name in tables:
        (folder / name).write_text("enhet;namn\na;b\n", "utf-8")
    code, _, message = command("check", "--data", folder)
    assert code == 2
    assert "mappen har ingen tabell som planbok känner till" in message
    out = tmp_path / "ut"
    assert "tabellen finns inte i mappen" in refused(command, "run", "exempel", "--data", folder, "--out", out, out=out)


def test_a_collection_without_the_topics_table_can_be_checked_but_not_run(tmp_path, command):
    folder, out = tmp_path / "bara_mal", tmp_path / "ut"
    folder.mkdir()
    shutil.copy(SAMPLE / "mal.csv", folder)
    assert command("check", "--data", folder)[0] == 0
    message = refused(command, "run", "exempel", "--data", folder, "--out", out, out=out)
    assert "Där finns: mal" in message
    assert "budget.csv" in message


def test_list_shows_all_there_is_to_run(params, command):
    write_scenario(params, "eget", [amount()], titel="Mitt eget")
    write_plan(params, name="min_plan")
    (params / "planer" / "trasig.yaml").write_text("- x\n", "utf-8")
    code, out, _ = command("list", "--params", params)
    assert code == 0
    sections = dict(section.split("\n", 1) for section in out.strip().split("\n\n"))
    assert list(sections) == ["Anteckningsböcker", "Scenarier", "Planer", "Enheter"]
    assert "budgetscenarier · Budgetscenarier" in sections["Anteckningsböcker"]
    assert "ar: heltal = 2016  planeringsår" in sections["Anteckningsböcker"]
    tables = "behöver tabellerna boenden, lagenheter; läser också, om de finns: beslut, enheter"
    assert tables in sections["Anteckningsböcker"]
    assert sections["Scenarier"].splitlines()[0].strip().startswith("bas · ")
    assert "eget · Mitt eget" in sections["Scenarier"]
    assert "loneoversyn_1_april · Löneöversyn från den 1 april" in sections["Scenarier"]
    assert "min_plan · Prov" in sections["Planer"]
    assert "trasig · titel saknas" in sections["Planer"]
    assert "ostermalm · Östermalm, stöd och service (budget, boenden, mal)" in sections["Enheter"]


@pytest.mark.parametrize("before", [True, False])
def test_folders_may_stand_before_or_after_the_command(params, sample_copy, command, before):
    write_scenario(params, "eget", [amount()])
    replace_in(sample_copy / "enheter.csv", "Exempelenheten", "Testenheten")
    folders = ["--params", params, "--data", sample_copy]
    code, out, _ = command(*folders, "list") if before else command("list", *folders)
    assert code == 0
    assert "eget · Prov" in out
    assert "exempelenheten · Testenheten" in out


def test_relative_folders_are_those_of_the_current_folder(tmp_path, params, sample_copy, command, monkeypatch):
    write_scenario(params, "eget", [amount()])
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("list", "--params", "egna", "--data", "data")
    assert code == 0
    assert "eget · Prov" in out


def test_a_plan_by_its_path_in_another_folder_is_validated(tmp_path, command):
    path, out = write_plan(tmp_path / "annanstans", "loneoversyn_1_apri"), tmp_path / "ut"
    message = refused(command, "run", path, "--out", out, out=out)
    assert "fil rad 5, körning 1, scenario 1" in message
    assert "Menade du 'loneoversyn_1_april'?" in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["det saknas: KOMMANDO"]),
        (["rnu"], ["kommandot 'rnu' finns inte", "Menade du 'run'?"]),
        (["nonsens"], ["Det finns: check, dashboard, faststall, fel, gallra, init, lab, las-in, list, "]),
        (["run"], ["det saknas: PLAN"]),
        (["run", "exempl"], ["planen 'exempl' finns varken", "Menade du 'exempel'?"]),
        (["run", "exempel", "--onli", "x"], ["okända argument: '--onli x'"]),
        (["run", "exempel", "--out"], ["--out behöver ett värde"]),
        (["run", "exempel", "--workers", "två"], ["--workers ska vara ett heltal, men är 'två'"]),
        (["run", "exempel", "--workers", "0"], ["--workers: talet ska vara minst 1, men är 0"]),
        (["run", "exempel", "--scheduler", "x"], ["--scheduler: inget kluster svarar på 'x'"]),
        (["run", "exempel", "--force=ja"], ["--force tar inget värde"]),
        (
            ["run", "exempel", "--only", "budgetscenario"],
            ["ingen körning av 'budgetscenario'", "Menade du 'budgetscenarier'?"],
        ),
        (
            ["check", "--params", "finns/inte", "--data", "nej"],
            ["--params: mappen 'finns/inte' finns inte", "--data: mappen 'nej'"],
        ),
        (["run", str(ROOT / "README.md")], ["README.md"]),
        (["run", str(ROOT / "notebooks")], ["finns varken"]),
    ],
)
def test_a_command_that_is_not_understood_is_refused_in_swedish(command, arguments, words):
    message = refused(command, *arguments)
    for word in words:
        assert word in message
    assert ("Inget har körts." in message) == (arguments[:1] == ["run"])


def test_help_is_in_swedish(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("Användning: planbok run")
    assert not any(word in out for word in ("usage", "options", "positional", "show this"))


@pytest.mark.parametrize(
    ("change", "enhet", "ar", "reason"),
    [
        (amount(fran="2017-01-01"), "ostermalm", 2016, "den börjar 2017-01-01, efter planåren som slutar 2016-12-31"),
        (amount(till="2016-12-31"), "exempelenheten", 2024, "den slutar 2016-12-31, före 2024-01-01"),
        (amount(enhet="exempelenheten"), "ostermalm", 2016, "den gäller enheten exempelenheten"),
        (
            {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1, "fran": "2016-01-01"},
            "ostermalm",
            2016,
            "den är av typen sjukfranvaro och berör inget i enhetens tabeller",
        ),
    ],
)
def test_a_scenario_that_moves_nothing_in_the_run_is_refused_with_the_reason(
    tmp_path, params, command, change, enhet, ar, reason
):
    write_scenario(params, "stilla", [amount(fran=f"{ar}-01-01"), change])
    write_plan(params, "stilla", enhet, ar)
    out = tmp_path / "ut"
    message = refused(command, "run", "prov", "--params", params, "--out", out, out=out)
    assert "förändring 2: förändringen flyttar inget" in message
    assert reason in message
    assert "förändring 1" not in message


@pytest.mark.parametrize(("start", "code"), [("2024-01-01", 0), ("2016-01-01", 2)])
def test_a_change_of_sick_leave_passes_check_where_some_unit_has_hours(params, command, start, code):
    write_scenario(params, "fler", [{"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1, "fran": start}])
    found, _, message = command("check", "--params", params)
    assert found == code
    assert ("flyttar inget för någon enhet" in message) is (code == 2)


SICK = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1, "fran": "2024-01-01"}
VOLUME = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 1, "fran": "2024-03-01"}


def test_check_says_why_every_unit_refused_a_change(params, command):
    write_scenario(params, "grupp", [SICK | {"grupp": "Nattpersonal"}, SICK | {"fran": "2024-02-01"}])
    write_scenario(params, "noll", [SICK | {"procentenheter": -50}])
    write_scenario(params, "niva", [VOLUME | {"niva": 12}])
    write_scenario(params, "stilla", [SICK | {"fran": "2016-01-01", "till": "2016-12-31"}])
    found, _, message = command("check", "--params", params)
    assert found == 2
    said = {part.split("\n", 1)[0].split("/")[-1]: part for part in message.split("FEL I SCENARIOT ")[1:]}
    assert set(said) == {"grupp.yaml", "noll.yaml", "niva.yaml", "stilla.yaml"}
    assert (
        "gruppen 'Nattpersonal' finns inte i bemanning för exempel_stod 2024. Det finns: Arbetslag, "
        in said["grupp.yaml"]
    )
    assert "förändring 2" not in said["grupp.yaml"]
    assert "skulle bli mindre än noll någon månad 2024. Minska förändringen." in said["noll.yaml"]
    assert "12" in said["niva.yaml"]
    assert [name for name in said if "flyttar inget" in said[name]] == ["stilla.yaml"]


def test_faults_of_every_run_of_a_plan_are_said_at_once(tmp_path, params, command):
    write_scenario(params, "ett", [amount(kr_per_manad=0)])
    write_scenario(params, "tva", [amount(budgetrad="Finns inte")])
    write_plan(params, "ett, tva")
    out = tmp_path / "ut"
    message = refused(command, "run", "prov", "--params", params, "--out", out, out=out)
    assert "kr_per_manad är 0" in message
    assert "'Finns inte'" in message


@pytest.mark.parametrize(
    ("enhet", "ar", "word"),
    [
        ("ostermlam", 2016, "Menade du 'ostermalm'?"),
        ("ostermalm", 1999, "ostermalm har ingen budget 1999"),
        ("ostermalm", '"2016"', "ar ska vara ett heltal, men är '2016'"),
        ("ostermalm", 99999999999999999999, "ar ska vara 1900–2999"),
        ('""', 2016, "enheten '' finns inte"),
    ],
)
def test_a_unit_or_year_that_is_not_there_is_refused(tmp_path, params, command, enhet, ar, word):
    write_plan(params, enhet=enhet, ar=ar)
    out = tmp_path / "ut"
    assert word in refused(command, "run", "prov", "--params", params, "--out", out, out=out)


def test_only_what_a_run_uses_is_validated(tmp_path, params, command):
    write_scenario(params, "trasigt", [amount(kr_per_manad=0)])
    write_plan(params, enhet="finns_ej")
    out = tmp_path / "ut"
    assert "trasigt" not in refused(command, "run", "prov", "--params", params, "--out", out, out=out)


def test_a_folder_for_reports_that_cant_be_written_is_refused(tmp_path, params, command):
    (tmp_path / "fil").write_text("x", "utf-8")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    write_plan(params)
    for out in (tmp_path / "fil", tmp_path / "fil" / "under", tmp_path / "ring", "/proc/finns_inte"):
        message = refused(command, "run", "prov", "--params", params, "--out", out)
        assert "--out: det går inte att skriva i" in message
        assert message.endswith("Inget har körts.\n")


def test_a_folder_that_may_only_be_read_is_refused(tmp_path, params, command, monkeypatch):
    write_plan(params)

    def no_permission(**options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", no_permission)
    assert "--out: det går inte att skriva i" in refused(command, "run", "prov", "--params", params, "--out", tmp_path)


def test_a_full_disk_is_said_without_a_traceback(command, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device", "/srv/x/budget.csv")

    monkeypatch.setattr("planbok.commands.list.listing", full)
    code, _, message = command("list")
    assert code == 1
    assert message == "Det gick inte att läsa eller skriva budget.csv. Är disken full? Frigör plats, och kör igen.\n"


def test_a_full_disk_is_named_by_the_folder_where_the_system_names_no_file(command, monkeypatch, tmp_path):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planbok.commands.run._make", full)
    code, _, message = command("run", "exempel", "--out", tmp_path / "ut")
    assert code == 1
    assert "läsa eller skriva i " in message and "/ut. Är disken full? Frigör plats, och kör igen.\n" in message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/srv/x/index.html"), "index.html. Är filen öppen i ett"),
        (OSError(errno.EROFS, "Read-only file system", "/srv/x/index.html"), "index.html. Platsen går bara att läsa"),
        (OSError(errno.EBADF, "Bad file descriptor"), "en fil. Systemet säger: Bad file descriptor."),
        (OSError(), "en fil. Systemet säger: OSError."),
    ],
)
def test_what_the_system_refuses_is_said_in_its_own_words(command, monkeypatch, error, said):
    def refuses(*arguments):
        raise error

    monkeypatch.setattr("planbok.commands.list.listing", refuses)
    code, _, message = command("list")
    assert code == 1
    assert said in message
    assert "disken full" not in message
    assert "/srv" not in message


def test_a_personal_number_in_a_scenario_is_never_echoed_by_the_command(params, command):
    number = made_up_number()
    write_scenario(params, "prov", [amount(motivering=f"Flytt för {number[:6]}-{number[6:]}")])
    write_plan(params, "prov")
    message = refused(command, "run", "prov", "--params", params)
    assert "liknar ett personnummer" in message
    assert number[:6] not in message


@pytest.mark.parametrize(
    "arguments",
    [
        ["{}"],
        ["run", "{}"],
        ["run", "exempel", "--only", "{}"],
        ["run", "exempel", "--{}"],
        ["run", "exempel", "--force={}"],
        ["run", "exempel", "--workers", "{}a"],
        ["check", "--params", "{}-x"],
        ["check", "--data", "{}-x"],
        ["run", "exempel", "--out", "{}/fil/under"],
    ],
)
def test_a_personal_number_in_the_arguments_is_never_echoed(tmp_path, command, arguments, monkeypatch):
    number = made_up_number()
    monkeypatch.chdir(tmp_path)
    (tmp_path / number).mkdir()
    (tmp_path / number / "fil").write_text("x", "utf-8")
    message = refused(command, *(argument.format(number) for argument in arguments))
    assert number not in message
    assert "liknar ett personnummer" in message


def test_a_personal_number_as_a_files_name_is_never_echoed(params, sample_copy, command):
    number = made_up_number()
    write_scenario(params, number, [amount()])
    write_plan(params, name=f"plan_{number}")
    (sample_copy / f"{number}.csv").write_text("a;b\n", "utf-8")
    code, out, message = command("check", "--params", params, "--data", sample_copy)
    assert code == 2
    assert message.count("filens namn liknar ett personnummer") == 2
    listed = command("list", "--params", params)[1]
    by_path = refused(command, "run", params / "planer" / f"plan_{number}.yaml", "--only", "x")
    assert number not in out + message + listed + by_path


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_list_cut_off_by_its_reader_is_no_fault(unbuffered):
    script = f"set -o pipefail; '{sys.executable}' -m planbok list | (exec <&-; sleep 3)"
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
