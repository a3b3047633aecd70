"""A scenario in Excel is read as one in YAML: the same changes, the same validation, faults by sheet and cell."""

import json
from pathlib import Path

import openpyxl
import pytest
from conftest import write_scenario
from test_tables import made_up_number

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import known_names, load_scenarios, load_sources
from planbok.cli import main
from planbok.commands.template import SHOWN
from planbok.inputs.scenario.load import Scenario, scenario_ids, scenario_paths
from planbok.inputs.scenario.sheets import headings

OWN = sorted(path.stem for path in (PARAMS / "scenarier").glob("*.yaml"))


@pytest.fixture
def params(tmp_path) -> Path:
    folder = tmp_path / "params"
    (folder / "scenarier").mkdir(parents=True)
    return folder


def empty(params: Path, scenario_id: str = "prov") -> Path:
    """A new workbook as the command makes it."""
    assert main(["scenario", "ny", scenario_id, "--params", str(params)]) == 0
    return params / "scenarier" / f"{scenario_id}.xlsx"


def fill(path: Path, about: dict, *changes: dict) -> None:
    """Fills in a workbook as a person would."""
    book = openpyxl.load_workbook(path)
    sheet, rows = book["scenario"], book["forandringar"]
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 2, about.get(sheet.cell(row, 1).value))
    columns = {cell.value: cell.column for cell in rows[1]}
    for row, change in enumerate(changes, start=2):
        for key, value in change.items():
            rows.cell(row, columns[key], json.dumps(value) if isinstance(value, dict) else value)
    book.save(path)


def load(params: Path, scenario_id: str = "prov") -> Scenario:
    folders = Folders((params, PARAMS), SAMPLE)
    sources = load_sources(folders)
    known = known_names(sources.collection, sources.rules)
    return load_scenarios([scenario_id], folders, known, sources.rules)[scenario_id]


ABOUT = {"titel": "Prov", "fraga": "Vad händer?"}
UPRATING = {
    "typ": "upprakning",
    "budgetrad": "Vårdkostnader",
    "sida": "kostnad",
    "procent": "1,5",
    "lag": 1,
    "hog": "2 %",
    "fran": "2016-07-01",
    "underlag": "antagande",
    "motivering": "Prov",
}


@pytest.mark.parametrize("name", OWN)
def test_every_scenario_of_the_project_is_the_same_in_excel(params, name):
    in_yaml = load(params, name)
    path = empty(params)
    own = [n.change for n in in_yaml if n.scenario == name]
    changes = []
    for change in own:
        given = change.model_dump(exclude_none=True)
        for end in ("lag", "hog"):
            if f"{change.figure}_{end}" in given:
                given[end] = given.pop(f"{change.figure}_{end}")
        changes.append(given)
    about = {"titel": in_yaml.titel, "fraga": in_yaml.fraga, "bygger_pa": ", ".join(in_yaml.builds_on)}
    fill(path, about, *changes)
    in_excel = load(params)
    assert [n.change for n in in_excel] == [n.change for n in in_yaml]
    assert (in_excel.titel, in_excel.fraga, in_excel.builds_on) == (in_yaml.titel, in_yaml.fraga, in_yaml.builds_on)


def test_numbers_as_swedes_write_them(params):
    measure = {**UPRATING, "typ": "atgard", "namn": "Prov", "kr_per_manad": "−50 000 kr", "status": "planerad"}
    del measure["procent"]
    measure |= {"lag": None, "hog": None, "sannolikhet_andel": "60 %"}
    fill(empty(params), ABOUT, UPRATING, measure)
    first, second = (n.change for n in load(params))
    assert (first.procent, first.procent_lag, first.procent_hog) == (1.5, 1, 2)
    assert (second.kr_per_manad, second.sannolikhet_andel) == (-50_000, 0.6)


@pytest.mark.parametrize("sum_of", ["50 %", "5 tkr"])
def test_an_amount_in_another_unit_than_kronor_is_refused(params, sum_of):
    change = {key: value for key, value in UPRATING.items() if key not in ("procent", "lag", "hog")}
    fill(empty(params), ABOUT, {**change, "typ": "belopp", "kr_per_manad": sum_of})
    with pytest.raises(InputError, match=f"kr_per_manad ska vara ett tal, till exempel 2.5, men är '{sum_of}'"):
        load(params)


def test_a_rules_value_in_per_cent_is_no_number_of_its_unit(params):
    """80 % of the rule kbh.stockholm.andel is 0.8, and would be read as 80."""
    change = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": "80 %", "fran": "2024-01-01"}
    fill(empty(params), ABOUT, {**change, "underlag": "antagande", "motivering": "Prov"})
    with pytest.raises(InputError, match="utan procenttecken: 0,8 för en andel"):
        load(params)


@pytest.mark.parametrize(
    ("changed", "place", "said"),
    [
        ({"budgetrad": "Vårdkostnad"}, "cell B2", "Menade du 'Vårdkostnader'?"),
        ({"typ": "uppräkning"}, "cell A2", "typ är 'uppräkning', som inte finns. Menade du 'upprakning'?"),
        ({"sida": "utgift"}, "cell C2", "sida är 'utgift', som inte är tillåtet"),
        ({"procent": "mycket"}, "cell D2", "procent ska vara ett tal"),
        ({"procent": "2 kr"}, "cell D2", "procent ska vara ett tal"),
        ({"lag": "1 kr"}, "cell G2", "procent_lag ska vara ett tal"),
        ({"procent": None}, "cell D2", "nyckeln 'procent' saknas"),
        ({"procent": 0, "lag": None, "hog": None}, "cell D2", "förändringen flyttar inget"),
        ({"hog": None}, "cell G2", "ange både procent_lag och procent_hog"),
        ({"hog": 1.2}, "cell D2", "ska ligga mellan"),
        ({"fran": "2016-02-30"}, "cell I2", "februari 2016 har 29 dagar"),
        ({"till": "2017-01-01"}, "cell J2", "okänd nyckel 'till'"),
        ({"underlag": "gissning"}, "underlag är 'gissning'", "som inte är tillåtet"),
        ({"motivering": f"om {made_up_number()}"}, "blad forandringar, cell", "liknar ett personnummer"),
        ({"procent": "=1+1"}, "cell D2", "formel som inte är uträknad"),
    ],
)
def test_a_fault_is_named_by_sheet_and_cell(params, changed, place, said):
    fill(empty(params), ABOUT, {**UPRATING, **changed})
    with pytest.raises(InputError) as caught:
        load(params)
    text = str(caught.value)
    assert "prov.xlsx" in text and "blad forandringar" in text
    assert place in text and said in text
    assert made_up_number() not in text


def test_an_empty_one_lacks_its_title_and_question(params):
    empty(params)
    with pytest.raises(InputError) as caught:
        load(params)
    assert "blad scenario, cell B1: nyckeln 'titel' saknas." in str(caught.value)
    assert "blad scenario, cell B2: nyckeln 'fraga' saknas." in str(caught.value)


def test_headings_and_sheets_that_are_not_known_are_said(params):
    path = empty(params)
    fill(path, ABOUT, UPRATING)
    book = openpyxl.load_workbook(path)
    book["forandringar"]["B1"] = "budgetrd"
    book["forandringar"]["J1"] = "fran"
    book["scenario"]["A3"] = "bygger_på"
    book.save(path)
    with pytest.raises(InputError) as caught:
        load(params)
    assert "blad forandringar, cell B1: okänd kolumn 'budgetrd'. Menade du 'budgetrad'?" in str(caught.value)
    assert "blad forandringar, cell J1: kolumnen 'fran' står två gånger" in str(caught.value)
    assert "blad scenario, cell A3: okänd rad 'bygger_på'. Menade du 'bygger_pa'?" in str(caught.value)
    del book["forandringar"]
    book.save(path)
    with pytest.raises(InputError, match="bladet 'forandringar' saknas"):
        load(params)


def test_a_file_that_is_no_workbook_is_said(params):
    (params / "scenarier" / "prov.xlsx").write_bytes(b"inte excel")
    with pytest.raises(InputError, match="ingen Excel-arbetsbok"):
        load(params)


def test_two_files_with_one_id_are_a_fault_in_check_and_run(params, capsys):
    fill(empty(params), ABOUT, UPRATING)
    given = {"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": 1000.0}
    write_scenario(params, "prov", [{**given, "fran": "2016-01-01"}])
    with pytest.raises(InputError, match="finns i samma mapp. Behåll en av filerna"):
        load(params)
    assert main(["check", "--params", str(params)]) == 2
    assert "finns i samma mapp" in capsys.readouterr().err


def test_ones_own_workbook_wins_over_the_projects_yaml(params):
    fill(empty(params, "eget"), ABOUT, UPRATING)
    (params / "scenarier" / "eget.xlsx").rename(params / "scenarier" / "nivaskifte.xlsx")
    folders = Folders((params, PARAMS), SAMPLE)
    assert scenario_paths(folders)["nivaskifte"].suffix == ".xlsx"
    assert scenario_ids(folders).count("nivaskifte") == 1


def test_commands_know_a_workbook(params, tmp_path, capsys):
    fill(empty(params), ABOUT, UPRATING)
    assert main(["list", "--params", str(params)]) == 0
    assert "prov · Prov" in capsys.readouterr().out
    assert main(["check", "--params", str(params)]) == 0
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "titel: Prov\nkorningar:\n  - notebook: budgetscenarier\n"
        "    parametrar: {ar: 2014, enhet: ostermalm, scenario: prov}\n",
        "utf-8",
    )
    refused = main(["run", str(plan), "--params", str(params), "--out", str(tmp_path / "ut")])
    said = capsys.readouterr().err
    assert refused == 2 and "blad forandringar, rad 2" in said and "efter planåren" in said
    plan.write_text(plan.read_text("utf-8").replace("2014", "2016"), "utf-8")
    assert main(["run", str(plan), "--params", str(params), "--out", str(tmp_path / "ut")]) == 0


@pytest.mark.parametrize("name", ["bas", "Åäö", "nivaskifte", "a-b", "con", made_up_number()])
def test_a_name_that_will_not_do_makes_no_file(params, name, capsys):
    assert main(["scenario", "ny", name, "--params", str(params)]) == 2
    assert list((params / "scenarier").iterdir()) == []
    assert made_up_number() not in capsys.readouterr().err


def test_the_template_offers_what_there_is(params):
    book = openpyxl.load_workbook(empty(params))
    rows = book["forandringar"]
    assert set(SHOWN) <= set(headings())
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rows.data_validations.dataValidation}
    of_key = {cell.value: lists.get(f"{cell.column_letter}2") for cell in rows[1]}
    assert all(of_key[key] for key in ("typ", "budgetrad", "sida", "underlag", "insats", "regi", "status"))
    names = {cell.value for column in book["listor"].iter_cols() for cell in column}
    assert {"Vårdkostnader", "antagande", "gruppbostad", "exempelenheten"} <= names
    assert book["listor"].sheet_state == "hidden"
    assert "Skriv aldrig om en enskild person." in book["scenario"]["C1"].value
