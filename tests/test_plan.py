"""Plans: the cross product, what the folders are called, where plans are found and which notebooks can be run."""

from pathlib import Path

import pytest
from notebook_files import ANNUAL, MONTHLY, write_notebook

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan.notebooks import Parameter, parse_parameters, read_notebooks
from planbok.batch.plan.plan import Plan, find_plan, load_plan, plan_paths
from planbok.cli import main

SOMEBODYS = "/".join(("", "home", "nagon"))  # a folder of no machine
SCENARIOS = ["bas", "hyra_hog"]


@pytest.fixture
def notebooks(tmp_path):
    write_notebook(tmp_path / "arsblad.ipynb", ANNUAL)
    write_notebook(tmp_path / "manadsblad.ipynb", MONTHLY)
    return read_notebooks(tmp_path)


@pytest.fixture
def load(tmp_path, notebooks):
    def load(runs: str, top: str = "") -> Plan:
        path = tmp_path / "prov.yaml"
        path.write_text(f"titel: Prov\n{top}korningar:\n{runs}", "utf-8")
        return load_plan(path, notebooks, SCENARIOS)

    return load


def test_a_cross_product_runs_through_the_last_list_first(load):
    plan = load(
        "  - {notebook: arsblad, parametrar: {ar: 2016}, for_varje: {enhet: [b, a], scenario: [hyra_hog, bas]}}\n"
        "  - {notebook: manadsblad, parametrar: {ar: 2016, enhet: a}, for_varje: {tom_manad: [4, 12]}}\n"
    )
    assert [run.folder for run in plan.runs] == [
        "arsblad__b__hyra_hog__2016",
        "arsblad__b__bas__2016",
        "arsblad__a__hyra_hog__2016",
        "arsblad__a__bas__2016",
        "manadsblad__a__bas__2016-04",
        "manadsblad__a__bas__2016-12",
    ]
    assert [run.period for run in plan.runs[-2:]] == ["2016-04", "2016-12"]
    assert plan.runs[0].parameters == {
        "enhet": "b",
        "ar": 2016,
        "scenario": "hyra_hog",
        "jamfor_med": "bas",
        "version": "vp",
        "andel": -0.5,
        "utkast": False,
    }
    assert (plan.id, plan.titel, plan.spridning, plan.data) == ("prov", "Prov", "ledning", None)


@pytest.mark.parametrize(
    ("parameters", "folder"),
    [
        ("version: bokslut, andel: 0.5, jamfor_med: hyra_hog", "andel-0.5__jamfor_med-hyra_hog__version-bokslut"),
        ("utkast: true, andel: 1", "andel-1__utkast-True"),
        ('version: "a/b c"', "version-a-b-c"),
        ('version: "../../x"', "version-..-..-x"),
    ],
)
def test_what_differs_from_the_default_is_appended_in_alphabetical_order(load, parameters, folder):
    plan = load(f"  - {{notebook: arsblad, parametrar: {{ar: 2016, enhet: a, {parameters}}}}}\n")
    assert plan.runs[0].folder == f"arsblad__a__bas__2016__{folder}"
    assert Path(plan.runs[0].folder).name == plan.runs[0].folder


def test_a_default_that_is_written_out_is_still_the_default(load):
    plan = load("  - {notebook: arsblad, parametrar: {ar: 2016, enhet: a, scenario: bas, version: vp, andel: -0.5}}\n")
    assert plan.runs[0].folder == "arsblad__a__bas__2016"


def test_a_plans_collection_lies_beside_the_sample_or_anywhere(load, tmp_path):
    run = "  - {notebook: arsblad, parametrar: {ar: 2016, enhet: a}}\n"
    assert load(run, "data: sample\n").data == SAMPLE
    assert load(run, f"data: {tmp_path}\n").data == tmp_path


def test_a_plan_is_found_by_id_and_by_path(tmp_path, monkeypatch):
    folders = Folders((PARAMS,))
    assert find_plan("exempel", folders) == PARAMS / "planer" / "exempel.yaml"
    other = tmp_path / "en plan.yaml"
    other.write_text("titel: x\n", "utf-8")
    assert find_plan(str(other), folders) == other
    monkeypatch.chdir(tmp_path)
    assert find_plan("en plan.yaml", folders) == other
    for name in ("exempl", str(tmp_path), "x" * 5000):
        with pytest.raises(InputError, match="finns varken i params/planer eller som fil"):
            find_plan(name, folders)


def test_plans_of_both_folders_and_the_own_one_first(tmp_path):
    (tmp_path / "planer").mkdir()
    for name in ("exempel", "egen"):
        (tmp_path / "planer" / f"{name}.yaml").write_text("titel: x\n", "utf-8")
    assert plan_paths(Folders((tmp_path, PARAMS)))["exempel"] == tmp_path / "planer" / "exempel.yaml"
    assert {"egen", "exempel"} <= set(plan_paths(Folders((tmp_path, PARAMS))))


def test_parameters_are_typed_literals_with_their_comments():
    found = parse_parameters(ANNUAL + '\nnamn: str = "å#ä"  # en # till', "x.ipynb", faults := [])
    assert faults == []
    assert found["ar"] == Parameter("ar", int, 2016, "planeringsår")
    assert found["andel"] == Parameter("andel", float, -0.5, "en andel")
    assert found["namn"] == Parameter("namn", str, "å#ä", "en # till")
    assert list(found) == ["enhet", "ar", "scenario", "jamfor_med", "version", "andel", "utkast", "namn"]


@pytest.mark.parametrize(
    "line",
    [
        "ar = 2016",
        'ar: int = "2016"',
        "ar: int = 2000 + 16",
        "ar: list = []",
        "ar: int",
        "x = 1; y = 2",
        "ar: int = (",
        "f()",
    ],
)
def test_other_lines_in_the_parameters_cell_are_faults(line):
    parse_parameters(f'enhet: str = "a"\n{line}', "x.ipynb", faults := [])
    assert {fault.code for fault in faults} == {"untyped_parameter"}
    assert "rad 2 i parametercellen" in str(faults[0])


def test_a_notebook_that_cant_be_run_hinders_only_its_own_plans(tmp_path, load):
    write_notebook(tmp_path / "Untitled.ipynb", None)
    write_notebook(tmp_path / "tva.ipynb", ANNUAL).write_text("inte json", "utf-8")
    write_notebook(tmp_path / "kort.ipynb", "ar: int = 2016")
    notebooks = read_notebooks(tmp_path)
    assert {name: [f.code for f in n.faults] for name, n in notebooks.items()} == {
        "Untitled": ["no_parameters"],
        "arsblad": [],
        "kort": ["missing_parameter"],
        "manadsblad": [],
        "tva": ["unreadable"],
    }
    path = tmp_path / "prov.yaml"
    path.write_text("titel: x\nkorningar:\n  - {notebook: arsblad, parametrar: {ar: 2016, enhet: a}}\n", "utf-8")
    assert len(load_plan(path, notebooks, SCENARIOS).runs) == 1


def test_the_projects_own_notebooks_can_be_run():
    notebooks = read_notebooks()
    assert "budgetscenarier" in notebooks
    assert [fault for notebook in notebooks.values() for fault in notebook.faults] == []


PLAN = "titel: {}\nmottagare: {{{}: {{enheter: [{}]}}}}\nkorningar:\n  - {{notebook: arsblad, parametrar: {{{}}}}}\n"


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        (("Ärendet K.L. 1952", "namnd", "a", "ar: 2016, enhet: a"), {1}),
        (("Läget", "namnd", "a85", "ar: 2016, enhet: a85"), {2, 4}),
        ((f"{SOMEBODYS}/plan", "namnd", "a", "ar: 2016, enhet: K.L. född 52"), {1, 4}),
    ],
)
def test_a_plan_that_tells_of_somebody_is_refused_before_anything_runs(tmp_path, notebooks, parts, lines):
    path = tmp_path / "prov.yaml"
    path.write_text(PLAN.format(*parts), "utf-8")
    with pytest.raises(InputError) as refused:
        load_plan(path, notebooks, SCENARIOS)
    found = [fault for fault in refused.value.faults if fault.code == "gate"]
    assert {fault.line for fault in found} == lines
    assert not any(told in fault.text for fault in found for told in ("1952", "52", "a85", "nagon"))


@pytest.mark.parametrize(
    ("name", "recipient", "unit", "refused"),
    [("a85", "namnd", "a", True), ("prov", "k_52", "a", True), ("ansvar_f21", "ansvar_f21", "ansvar_f21", False)],
)
def test_a_name_that_says_initial_and_year_is_refused_and_a_code_that_says_what_it_is_passes(
    tmp_path, notebooks, name, recipient, unit, refused
):
    path = tmp_path / f"{name}.yaml"
    path.write_text(PLAN.format("Läget", recipient, unit, f"ar: 2016, enhet: {unit}"), "utf-8")
    if refused:
        with pytest.raises(InputError) as error:
            load_plan(path, notebooks, SCENARIOS)
        assert [fault.code for fault in error.value.faults] == ["gate"]
        assert "ansvar_f21" in error.value.faults[0].text
    else:
        assert len(load_plan(path, notebooks, SCENARIOS).runs) == 1


def test_run_and_check_both_refuse_such_a_plan_and_write_nothing(tmp_path, capsys):
    (tmp_path / "planer").mkdir()
    run = "  - {notebook: budgetscenarier, parametrar: {ar: 2016, enhet: ostermalm}}\n"
    (tmp_path / "planer" / "prov.yaml").write_text(f"titel: Ärendet K.L. 1952\nkorningar:\n{run}", "utf-8")
    for command in (["run", "prov", "--out", str(tmp_path / "ut")], ["check"]):
        assert main([*command, "--params", str(tmp_path)]) == 2
        said = capsys.readouterr().err
        assert "initial och år får inte stå i en plan" in said and "1952" not in said
        assert ("Inget har körts." in said) == (command[0] == "run")
    assert not (tmp_path / "ut").exists()


@pytest.mark.parametrize("title", ["XL", "LO", "T1 2024", "VP 2024", "Budget 2024 och 2025"])
def test_an_ordinary_title_is_no_fault(tmp_path, notebooks, title):
    path = tmp_path / "prov.yaml"
    path.write_text(PLAN.format(title, "namnd", "a", "ar: 2016, enhet: a"), "utf-8")
    assert load_plan(path, notebooks, SCENARIOS).titel == title
