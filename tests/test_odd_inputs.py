"""Odd and broken tables: each is named with its place and what to do, or read right; none is accepted wrongly."""

import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml_files
from odd_files import HEADINGS, write_case

from planbok.base.errors import InputError, format_faults
from planbok.base.workspace import Folders
from planbok.inputs.rules import insatser
from planbok.inputs.rules.plausible import Findings, unlike_budget
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES

CASES = yaml_files.read(Path(__file__).parent.joinpath("broken", "udda.yaml"))
RULES = load_rules(Folders())


def read(case, folder):
    """What reading the case's file gives: its frame or None, its faults, and what is said of it."""
    path = write_case(folder, case)
    try:
        table = read_table(path, TABLES[case["table"]])
    except InputError as error:
        return None, error.faults, []
    found = Findings(case["table"], table.frame, RULES, path.name)
    return table.frame, found.faults, [*table.noter, *found.notes]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['slag']}: {case['namn']}")
def test_an_odd_table_is_named_or_read_right(tmp_path, case):
    frame, faults, notes = read(case, tmp_path)
    message = format_faults(faults)
    assert sorted(f"{fault.line} {fault.code}" for fault in faults) == sorted(case.get("fel", [])), message
    for word in case.get("ord", []):
        assert word in message
    for word in case.get("utan", []):
        assert word not in message
    for column, values in case.get("varden", {}).items():
        cells = frame[column]
        found = cells.dt.strftime("%Y-%m-%d") if cells.dtype.kind == "M" else cells
        assert found.tolist() == [str(value) if hasattr(value, "isoformat") else value for value in values]
    for word in case.get("noter", []):
        assert word in " ".join(notes)


def test_there_are_many_and_of_many_kinds():
    names = [(case["slag"], case["namn"]) for case in CASES]
    assert len(set(names)) == len(names) >= 150
    assert len({slag for slag, _ in names}) >= 60
    assert all(("fel" in case) != ("varden" in case) for case in CASES)


def test_the_headings_of_the_cases_are_those_of_the_tables():
    for table, headings in HEADINGS.items():
        assert set(headings.split(";")) <= set(TABLES[table].headings())


UTFALL = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"]


def workbook(path, sheets, hidden=(), hidden_rows=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in hidden_rows:
            sheet.row_dimensions[row].hidden = True
    book.save(path)
    return path


def rewritten(path, change):
    """The workbook with every part as `change` makes it."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))
    return path


def faults_of(path, table="utfall"):
    with pytest.raises(InputError) as stopped:
        read_table(path, TABLES[table])
    return stopped.value


def test_a_shown_sheet_wins_over_a_hidden_one_and_both_are_said(tmp_path):
    sheets = {"Gammalt": [UTFALL, ["a", "2024-01", "Lön", 240, 0]], "Utfall": [UTFALL, ["a", "2024-01", "Lön", 5, 0]]}
    table = read_table(workbook(tmp_path / "utfall.xlsx", sheets, hidden=["Gammalt"]), TABLES["utfall"])
    assert (table.blad, table.frame["kostnad_kr"].tolist()) == ("Utfall", [5])
    assert "'Gammalt', som är dolt i Excel" in " ".join(table.noter)


def test_the_only_sheet_is_read_though_it_is_hidden_and_that_is_said(tmp_path):
    sheets = {"Om": [["x"]], "Utfall": [UTFALL, ["a", "2024-01", "Lön", 5, 0]]}
    table = read_table(workbook(tmp_path / "utfall.xlsx", sheets, hidden=["Utfall"]), TABLES["utfall"])
    assert table.blad == "Utfall"
    assert "läses fast det är dolt" in " ".join(table.noter)


def test_two_sheets_with_the_headings_are_a_fault_that_names_them(tmp_path):
    sheets = {name: [UTFALL, ["a", "2024-01", "Lön", 5, 0]] for name in ("Jan", "Feb")}
    error = faults_of(workbook(tmp_path / "utfall.xlsx", sheets))
    assert [fault.code for fault in error.faults] == ["two_sheets"]
    assert "'Jan' och 'Feb'" in str(error)


def test_a_sheet_with_headings_only_never_wins(tmp_path):
    sheets = {"Mall": [UTFALL, [None, " "]], "Utfall": [UTFALL, ["a", "2024-01", "Lön", 5, 0]]}
    table = read_table(workbook(tmp_path / "utfall.xlsx", sheets), TABLES["utfall"])
    assert (table.blad, len(table.frame)) == ("Utfall", 1)


def test_hidden_rows_are_read_and_said(tmp_path):
    rows = [["a", f"2024-{month:02d}", "Lön", month, 0] for month in range(1, 6)]
    path = workbook(tmp_path / "utfall.xlsx", {"U": [UTFALL, *rows]}, hidden_rows=[3, 4])
    table = read_table(path, TABLES["utfall"])
    assert len(table.frame) == 5
    assert "2 dolda eller bortfiltrerade rader (den första rad 3)" in " ".join(table.noter)


def test_a_strict_workbook_is_refused_by_name(tmp_path):
    path = workbook(tmp_path / "utfall.xlsx", {"U": [UTFALL, ["a", "2024-01", "Lön", 5, 0]]})
    transitional = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    error = faults_of(rewritten(path, lambda name, data: data.replace(transitional, strict)))
    assert "Strict Open XML" in str(error)


def test_a_formula_without_a_value_is_found_where_the_xml_has_prefixes(tmp_path):
    path = workbook(tmp_path / "utfall.xlsx", {"U": [UTFALL, ["a", "2024-01", "Lön", "=1+1", 0]]})
    prefix = re.compile(rb"<(/?)(worksheet|sheetData|row|c|f|v|is|t)\b")

    def prefixed(name, data):
        if not name.startswith("xl/worksheets/"):
            return data
        return prefix.sub(rb"<\1x:\2", data).replace(b'xmlns="http', b'xmlns:x="http')

    error = faults_of(rewritten(path, prefixed))
    assert "formel som inte är beräknad" in str(error)


def test_a_workbook_that_is_no_zip_or_no_workbook_is_said_so(tmp_path):
    for name, data in {
        "skyddad med lösenord": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        "ingen Excel-arbetsbok": b"",
        "döp om den till .csv": b"enhet;namn",
        "går inte att öppna": b"PK\x03\x04" + bytes(100),
    }.items():
        path = tmp_path / name / "utfall.xlsx"
        path.parent.mkdir()
        path.write_bytes(data)
        assert name in str(faults_of(path))
    with zipfile.ZipFile(tmp_path / "utfall.xlsx", "w") as archive:
        archive.writestr("brev.txt", "hej")
    assert "går inte att öppna" in str(faults_of(tmp_path / "utfall.xlsx"))


def test_what_would_fill_the_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("planbok.inputs.tables.encoding.MAX_LINES", 3)
    path = tmp_path / "enheter.csv"
    path.write_text("enhet;namn\n" + "a;b\n" * 5, "utf-8")
    assert "miljoner rader" in str(faults_of(path, "enheter"))
    monkeypatch.setattr("planbok.inputs.tables.xlsx.MAX_UNPACKED", 1000)
    book = workbook(tmp_path / "utfall.xlsx", {"U": [UTFALL, ["a", "2024-01", "Lön", 5, 0]]})
    assert "MB uppackad" in str(faults_of(book))


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path):
    fifo, folder, link = (tmp_path / name / "utfall.csv" for name in ("a", "b", "c"))
    for path in (fifo, folder, link):
        path.parent.mkdir()
    os.mkfifo(fifo)
    folder.mkdir()
    link.symlink_to(tmp_path / "borta.csv")
    for path in (fifo, folder, link):
        assert [fault.code for fault in faults_of(path).faults] == ["unreadable"]


@pytest.mark.parametrize(
    "name", ["mal.ods", "manadsbudget.txt", "sjukfall.xlsm", "utfall.xls", "budget.tsv", "Mal.XLSB"]
)
def test_a_known_table_in_a_form_that_is_not_read_is_a_fault(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    collection, table = Collection(tmp_path), name.partition(".")[0].lower()
    assert collection.has(table)
    with pytest.raises(InputError, match=rf"{table}.xlsx eller {table}.csv"):
        collection.read(table)


def test_decisions_of_an_insats_that_nobody_knows_are_left_out_and_said(tmp_path):
    rows = [
        "b1;abc12345;a;gruppbostad;4;kommunal;2020-01-01;",
        "b2;abc12346;a;ledsagarservice;;kommunal;2020-01-01;",
        "b3;abc12347;a;ledsagarservice;;kommunal;2020-01-01;",
        "b4;abc12348;b;trygghetslarm;;kommunal;2020-01-01;",
    ]
    frame = read_table(write_case(tmp_path, {"table": "beslut", "rader": rows}), TABLES["beslut"]).frame
    assert insatser.known_rows(frame, RULES)["beslut"].tolist() == ["b1"]
    first, second = insatser.left_out(frame, RULES, True)
    assert "'ledsagarservice' (a 2 rader) finns inte" in first
    assert first.endswith("Menade du 'ledsagning_avlosning'?")
    assert "'trygghetslarm' (b 1 rader)" in second
    assert not any(character.isdigit() for note in insatser.left_out(frame, RULES, False) for character in note)


def test_a_month_far_from_the_budget_is_said(tmp_path):
    budget = write_case(tmp_path, {"table": "budget", "rader": ["a;2024;vp;Lön;12;0"]})
    outturn = write_case(tmp_path, {"table": "utfall", "rader": ["a;2024-01;Lön;1000;0", "a;2024-02;Lön;950000;0"]})
    frames = (read_table(path, TABLES[path.stem]).frame for path in (outturn, budget))
    (said,) = unlike_budget(*frames, RULES)
    assert "a: bokförd kostnad 2024-01 är 0,001 gånger en tolftedel" in said
    assert "(1 månad är så)" in said
