"""`planbok check` on a collection of one's own, on plans that can't be run, and on files that nobody reads."""

import shutil
from pathlib import Path

import pytest
from conftest import replace_in, write_scenario

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.cli import main
from planbok.commands.check import check

BUDGET = """enhet;ar;version;budgetrad;kostnad_mnkr;intakt_mnkr
norra;2016;vp;Omsorg;9,0;0,1
norra;2016;vp;Hyra;2,0;0,0
"""
PLAN = """titel: Prov
korningar:
  - notebook: budgetscenarier
    parametrar: {{ar: {ar}, enhet: {enhet}, scenario: {scenario}}}
"""


def amount(**more) -> dict:
    return {"typ": "belopp", "budgetrad": "Omsorg", "sida": "kostnad", "kr_per_manad": 1, "fran": "2016-07-01"} | more


def write_plan(params: Path, scenario: str = "bas", enhet: str = "norra", ar: int = 2016) -> None:
    (params / "planer").mkdir(parents=True, exist_ok=True)
    (params / "planer" / "prov.yaml").write_text(PLAN.format(ar=ar, enhet=enhet, scenario=scenario), "utf-8")


@pytest.fixture
def own(tmp_path) -> Folders:
    """A parameter folder and a collection that share no name with the project's sample."""
    params, data = tmp_path / "egna", tmp_path / "norra"
    params.mkdir()
    data.mkdir()
    (data / "budget.csv").write_text(BUDGET, "utf-8")
    return Folders((params, PARAMS), data)


def examples() -> set[str]:
    found = {path.stem for folder in ("scenarier", "planer") for path in (PARAMS / folder).glob("*.yaml")}
    assert len(found) > 2
    return found


def said_of_examples(notes: list[str]) -> list[str]:
    return [note for note in notes if note.startswith("projektets exempel")]


def test_the_projects_examples_are_no_faults_on_a_collection_of_ones_own(own):
    report = check(own)
    assert report.faults == []
    notes = said_of_examples(report.examples)
    named = [note.split()[2] for note in notes]
    assert len(named) == len(set(named))
    assert {"exempel", "loneoversyn_1_april"} <= set(named) <= examples()
    assert all("gäller andra tabeller än dina: " in note for note in notes)
    assert any("'Vårdkostnader' finns inte i tabellen budget" in note for note in notes)


def test_the_same_faults_in_ones_own_files_are_faults(own):
    params = own.params[0]
    (params / "scenarier").mkdir()
    shutil.copy(PARAMS / "scenarier" / "loneoversyn_1_april.yaml", params / "scenarier")
    write_scenario(
        params, "sent", [amount(fran="2016-01-01", till="2016-02-01"), amount(fran="1999-01-01", till="1999-02-01")]
    )
    write_plan(params, enhet="sodra")
    report = check(own)
    codes = [(fault.kind, Path(fault.file).name, fault.code) for fault in report.faults]
    assert ("scenario", "loneoversyn_1_april.yaml", "unknown_budgetrad") in codes
    assert ("scenario", "sent.yaml", "moves_nothing") in codes
    assert ("plan", "prov.yaml", "unknown_unit") in codes
    assert not [note for note in said_of_examples(report.examples) if "loneoversyn" in note]


def test_the_projects_examples_are_held_to_the_projects_sample(tmp_path, own):
    report = check(Folders((own.params[0], PARAMS), SAMPLE))
    assert report.faults == []
    assert said_of_examples(report.examples) == []


def test_faults_of_form_in_the_projects_own_files_stay_faults(tmp_path, own, monkeypatch):
    params = Path(shutil.copytree(PARAMS, tmp_path / "params"))
    monkeypatch.setattr("planbok.commands.check.PARAMS", params)
    replace_in(params / "scenarier" / "loneoversyn_1_april.yaml", "procent:", "procnt:")
    (params / "planer" / "exempel.yaml").write_text("titel: x\nkorninger: []\n", "utf-8")
    report = check(Folders((params,), own.data))
    assert {(Path(fault.file).name, fault.code) for fault in report.faults} >= {
        ("loneoversyn_1_april.yaml", "unknown_key"),
        ("exempel.yaml", "unknown_key"),
    }
    assert "unknown_budgetrad" not in {fault.code for fault in report.faults}


def test_a_plan_whose_runs_would_be_refused_is_a_fault(own):
    params = own.params[0]
    write_scenario(params, "sent", [amount(fran="2017-01-01")])
    write_plan(params, "sent", ar=2016)
    (fault,) = check(own).faults
    assert (fault.kind, Path(fault.file).name, fault.code) == ("plan", "prov.yaml", "moves_nothing")
    assert fault.place.endswith("egna/scenarier/sent.yaml rad 4, förändring 1")
    assert "den börjar 2017-01-01" in fault.text


def test_what_is_wrong_is_said_once_however_many_plans_use_it(own):
    params = own.params[0]
    write_scenario(params, "okand", [amount(budgetrad="Omsorgg")])
    write_plan(params, "okand")
    (fault,) = check(own).faults
    assert (fault.kind, fault.code) == ("scenario", "unknown_budgetrad")


def test_a_sound_plan_of_ones_own_passes(own):
    write_plan(own.params[0])
    assert check(own).faults == []


def test_a_plan_with_its_own_data_is_held_against_that_unless_other_is_given(tmp_path, own):
    write_plan(own.params[0])
    with (own.params[0] / "planer" / "prov.yaml").open("a", encoding="utf-8") as file:
        file.write(f"data: {own.data}\n")
    sample = Folders(own.params, SAMPLE)
    assert check(sample).faults == []
    assert [fault.code for fault in check(sample, data_wins=True).faults] == ["unknown_unit"]


@pytest.mark.parametrize(
    ("file", "listed"),
    [
        ("scenarier/eget.YAML", ".yaml, .yml och .xlsx"),
        ("scenarier/eget.yaml.bak", ".yaml, .yml och .xlsx"),
        ("planer/plan.txt", ".yaml och .yml"),
        ("regler/lss_peng_2025.xlsx", ".yaml, .yml och .csv"),
        ("regler/gamla/lss_peng_2020.csv", ".yaml, .yml och .csv"),
    ],
)
def test_a_file_among_the_parameters_that_nobody_reads_is_named(own, file, listed):
    path = own.params[0] / file
    path.parent.mkdir(parents=True)
    path.write_text("x", "utf-8")
    (path.parent / "README.md").write_text("x", "utf-8")
    (path.parent / ".gitkeep").write_text("", "utf-8")
    folder, name = file.split("/")[:2]
    unread = [note for note in check(own).notes if " läses inte" in note]
    assert len(unread) == 1
    assert unread[0].endswith(f"egna/{folder}/{name} läses inte: i params/{folder} läses bara {listed}.")


@pytest.mark.parametrize("folder", ["regler", "scenarier", "planer"])
def test_two_files_with_one_id_in_a_folder_are_a_fault(own, folder):
    where = own.params[0] / folder
    where.mkdir()
    source = next((PARAMS / folder).glob("*.yaml"))
    shutil.copy(source, where / source.name)
    assert [f.code for f in check(own).faults if f.code == "two_files"] == []
    shutil.copy(source, where / f"{source.stem}.yml")
    faults = [fault for fault in check(own).faults if fault.code == "two_files"]
    assert [Path(fault.file).name for fault in faults] == [f"{source.stem}.yml"]
    assert f"{source.name} finns i samma mapp" in faults[0].text


def test_ones_own_yml_replaces_the_projects_yaml(own):
    (own.params[0] / "scenarier").mkdir()
    (own.params[0] / "scenarier" / "nivaskifte.yml").write_text("x", "utf-8")
    files = own.param_files("scenarier", ".yaml", ".yml")
    assert [path.name for path in files.values() if path.stem == "nivaskifte"] == ["nivaskifte.yml"]


SHEET = """titel: Prov
korningar:
  - notebook: verksamhetsblad
    parametrar: {ar: 2024, enhet: exempel_stod, tom_manad: 8, verksamhet: Finns inte}
  - notebook: lss_peng
    parametrar: {ar: 2024, enhet: exempelenheten, per_datum: 2024-08-31}
"""


def test_an_operation_that_no_outturn_has_is_refused_and_a_day_needs_no_marks(own):
    (own.params[0] / "planer").mkdir()
    (own.params[0] / "planer" / "prov.yaml").write_text(SHEET, "utf-8")
    report = check(Folders(own.params, SAMPLE))
    assert [(Path(fault.file).name, fault.code) for fault in report.faults] == [("prov.yaml", "unknown_part")]
    assert "'Finns inte' har inget utfall. Det finns: " in report.faults[0].text


def test_what_there_is_stands_first_with_what_goals_and_budgets_lack(own):
    lines = " ".join(check(Folders(own.params, SAMPLE)).inventory)
    assert "10 årsmål är tomma" in lines
    assert "3 KF-mål är tomma" in lines
    assert "står 2 gånger för ostermalm 2014: 85 % och 100 %" in lines
    assert "3 budgetar är en enda summa" in lines
    assert "utfall: " in lines
    assert "2022-01–2024-12" in lines


def test_a_unit_in_other_letters_in_another_table_is_a_fault(own):
    own.data.joinpath("enheter.csv").write_text("enhet;namn\nNorra;Norra enheten\n", "utf-8")
    faults = [fault for fault in check(own).faults if fault.code == "other_case"]
    assert {Path(fault.file).name for fault in faults} <= {"enheter.csv", "budget.csv"}
    assert len(faults) == 1
    assert "Menade du" in faults[0].text


def test_known_levels_beyond_the_places_are_refused_with_the_reason(tmp_path, capsys):
    folder = tmp_path / "scenarier"
    folder.mkdir()
    text = (
        "{typ: nytt_boende, boende: nya_hemmet, oppnar: 2024-10-01, kanda_nivaer: {4: 20}, "
        "underlag: beslutad, motivering: m}"
    )
    (folder / "fullt.yaml").write_text(f"titel: T\nfraga: F\nforandringar:\n  - {text}\n", "utf-8")
    assert main(["check", "--params", str(tmp_path)]) == 2
    assert "kanda_nivaer ska vara högst 5 boende" in capsys.readouterr().err


def test_a_price_list_that_there_is_none_of_is_refused_in_scenario_and_rule(tmp_path, capsys):
    for name in ("scenarier", "regler"):
        (tmp_path / name).mkdir()
    change = (
        "{typ: regel, regel: lss_peng.prislista_ar, varde: 2019, fran: 2024-01-01, underlag: antagande, motivering: m}"
    )
    (tmp_path / "scenarier" / "lan.yaml").write_text(f"titel: T\nfraga: F\nforandringar:\n  - {change}\n", "utf-8")
    assert main(["check", "--params", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "rad 4, förändring 1: lss_peng.prislista_ar är 2019" in said and "Det finns: 2021, 2022, 2023, 2024." in said
    rules = (PARAMS / "regler" / "lss_peng.yaml").read_text("utf-8").replace("- varde: 0\n", "- varde: 1999\n", 1)
    (tmp_path / "regler" / "lss_peng.yaml").write_text(rules, "utf-8")
    assert main(["check", "--params", str(tmp_path)]) == 2
    assert "lss_peng.prislista_ar är 1999, som inte har någon prislista" in capsys.readouterr().err


def test_an_insats_by_its_everyday_name_is_suggested_in_scenarios_and_price_lists(tmp_path, capsys):
    for name in ("scenarier", "regler"):
        (tmp_path / name).mkdir()
    change = (
        "{typ: volym, insats: ledsagarservice, niva: 4, regi: kommunal, antal: 2, "
        "fran: 2024-04-01, underlag: prognos, motivering: m}"
    )
    (tmp_path / "scenarier" / "a.yaml").write_text(f"titel: T\nfraga: F\nforandringar:\n  - {change}\n", "utf-8")
    assert main(["check", "--params", str(tmp_path)]) == 2
    assert "Menade du 'ledsagning_avlosning'?" in capsys.readouterr().err
    rows = (
        "ar,avser,insats,regi,niva,kr_per_dygn,underlag,kalla\n"
        "2031,ersattning,ledsagarservice,kommunal,1,100,antagande,x\n"
    )
    (tmp_path / "regler" / "lss_peng_egen.csv").write_text(rows, "utf-8")
    assert main(["check", "--params", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert f"{tmp_path}/regler/lss_peng_egen.csv" in err  # as it was typed
    assert "Menade du 'ledsagning_avlosning'?" in err
