"""The form of an export: which sheet and columns are read, which rows are passed by and why, what is refused."""

import openpyxl
import pandas as pd
import pytest

from planbok.base.errors import InputError
from planbok.inputs.imports.export import Export
from planbok.inputs.imports.profile import Profile
from planbok.inputs.imports.pseudonyms import Key
from planbok.inputs.imports.records import Records
from planbok.inputs.imports.sie import is_sie, sie_sheet
from planbok.inputs.tables.encoding import UnreadableFileError
from planbok.inputs.tables.files import read_sheets
from planbok.inputs.tables.xlsx import Sheet, read_xlsx

LEDGER = {"konto": "Konto", "enhet": "Ansvar", "manad": "Period", "belopp": "Belopp"}
HEADS = ["Konto", "Ansvar", "Period", "Belopp"]
STAFF = {"enhet": "Ansvar", "grupp": "Grupp", "arsarbetare": "Åa"}


def profile(columns: dict = LEDGER, table: str = "utfall", **more) -> Profile:
    return Profile(titel="T", tabell=table, kolumner=columns, **more)


def sheet_of(*rows: list, name: str = "", widths: bool = False, **more) -> Sheet:
    most = max(map(len, rows))
    cells = pd.DataFrame(
        [[*row, *[""] * (most - len(row))] for row in rows], index=range(1, len(rows) + 1), dtype=object
    )
    return Sheet(name, cells, tuple(map(len, rows)) if widths else (), **more)


def export(*rows: list, of: Profile | None = None, **more) -> Export:
    return Export([sheet_of(*rows, **more)], of or profile(), "fil.csv", "")


def faults_of(*rows: list, of: Profile | None = None, **more) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as stopped:
        export(*rows, of=of, **more)
    return [(fault.line, fault.place, fault.code) for fault in stopped.value.faults]


# A row under the headings, and what it is passed by as; "" where it is used.
PASSED = [
    (["5011", "1", "202501", "5"], ""),
    (["", "", "", ""], "tomma rader"),
    (HEADS, "upprepade rubriker"),
    (["Konto", "", "", ""], "upprepade rubriker"),
    (["Summa 1", "", "", "5"], "summarader"),
    (["", "Totalt", "", "5"], "summarader"),
    (["Summa", "1", "202501", "5"], ""),  # it has all its codes: for the code lists to say
    (["Summering", "1", "", "5"], ""),
    (["", "", "", "5"], "summarader"),  # an amount without codes
    (["", "1", "", "5"], "summarader"),
    (["5011", "1", "", "5"], ""),  # three cells: a posting that lacks its month
    (["Ansvar 1", "", "", ""], "rubriker i filen"),
    (["Ansvar 1", "Norr", "", ""], "rubriker i filen"),
    (["5011", "1", "202501", ""], ""),  # a posting that lacks its amount
    (["Internt", "1", "202501", "5"], "rader som profilen hoppar över"),
    (["5011", "internt 4", "202501", "5"], "rader som profilen hoppar över"),
    (["Internt", "", "", "5"], "rubriker i filen"),  # no sum: its amount is nobody's
    (["5011", "1", "Internt", "5"], "rader som profilen hoppar över"),
]


@pytest.mark.parametrize("above", [0, 1, 2])
@pytest.mark.parametrize(("row", "why"), PASSED)
def test_each_row_is_used_or_passed_by_and_counted(row, why, above):
    first, last = ["5011", "1", "202501", "1"], ["6010", "2", "202502", "2"]
    found = export(*[["Titel"]] * above, HEADS, first, row, last, of=profile(hoppa_over=["Internt", "Totalt"]))
    assert found.passed == ({why: 1} if why else {}) and found.rows == 3 and found.rubrikrad == above + 1
    used = [(above + 2, first), *([] if why else [(above + 3, row)]), (above + 4, last)]
    assert [(line, list(cells)) for line, cells in zip(found.frame.index, found.frame.to_numpy(), strict=True)] == used
    edge = why in ("summarader", "rubriker i filen")
    assert found.boundaries == [above + 3] * edge
    stated = [(total.rad, total.value) for total in found.totals]
    assert stated == [(above + 3, 50_000)] * (why == "summarader")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "", "", "Ek"], "rubriker i filen"),
        (["a", "", "1", ""], ""),
        (["Summa", "", "9", ""], "summarader"),
        (["Summa", "alla", "9", ""], ""),
        (["", "", "", ""], "tomma rader"),
        (["a", "b", "1", "Pågår"], "annat i Status än Klar, Ny"),
        (["a", "b", "1", "KLAR"], ""),
    ],
)
def test_rows_of_an_export_without_amounts(row, why):
    of = profile(STAFF, "bemanning", behall={"Status": ["Klar", "Ny"]})
    if not why and row[3] == "":
        row = [*row[:3], "ny"]
    found = export(["Ansvar", "Grupp", "Åa", "Status"], ["n", "g", "1", "Klar"], row, of=of)
    passed = {"annat i Status än Klar, Ny": 1} if why == "rubriker i filen" else {why: 1} if why else {}
    assert found.passed == passed and len(found.frame) == 2 - bool(passed)
    assert found.dropped == []


def test_columns_by_position_unread_ones_and_what_looks_like_persons_in_them():
    nine = "850603239"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    number = f"{nine}{-sum(product // 10 + product % 10 for product in doubled) % 10}"
    heads = ["Konto", "Ansvar", "Period", "Konto", "Kr", "", number, "Tom"]
    rows = [["5011", "1", "202501", number, "5", "x", "", ""], ["5011", "1", "202501", "", "5", "", number, ""]]
    at = {"konto": "kolumn A", "enhet": "Ansvar", "manad": "kolumn C", "belopp": "kolumn E"}
    found = export(heads, *rows, of=profile(at))
    assert found.frame.to_numpy().tolist() == [["5011", "1", "202501", "5"]] * 2
    assert found.dropped == ["Konto", "kolumn F", "(visas inte)"] and found.personal == 2
    assert faults_of(heads, *rows, of=profile(at | {"konto": "Konto"})) == [(1, "kolumn Konto", "duplicate_column")]
    assert [code for _, _, code in faults_of(heads, *rows, of=profile(at | {"belopp": "kolumn Z"}))] == [
        "missing_column"
    ]
    assert faults_of(["x"], heads, of=profile({"konto": "Kontot", "enhet": "Ansvar"})) == [(2, "", "missing_column")]
    assert faults_of(["a"], ["b"]) == [(0, "", "no_headings")]
    assert faults_of(HEADS, ["", "", "", ""]) == [(0, "", "no_rows")]


@pytest.mark.parametrize("row", [0, 1, 2])
def test_cells_beyond_the_headings_of_a_csv_file(row):
    rows = [["5011", "1", "202501", "5"] for _ in range(4)]
    rows[row] = [*rows[row], "7"]
    rows[3] = [*rows[3], "8"]
    assert faults_of(HEADS, *rows, widths=True) == [(row + 2, "2 rader", "too_many_cells")]
    assert len(export(HEADS, *rows).frame) == 4  # a workbook may have notes beside its table
    assert faults_of(["Titel"], HEADS, *rows, widths=True) == [(row + 3, "2 rader", "too_many_cells")]


SIDES = [
    ("D/K", ["D", "K"], "sides"),
    ("Sida", ["d", "k"], "sides"),
    ("Sida", ["K", "K"], "sides"),
    ("Sida", ["D", "D"], ""),
    ("Sida", ["Debet", "kredit"], "sides"),
    ("Sida", ["D", "X"], ""),
    ("Debet", ["5", ""], "sides"),
    ("Valuta", ["SEK", "kr"], ""),
    ("Valuta", ["SEK", "EUR"], "currency"),
    ("Valuta", ["", ""], ""),
]


@pytest.mark.parametrize("look", [1000, 1])
@pytest.mark.parametrize(("heading", "cells", "code"), SIDES)
def test_an_unread_column_that_says_what_the_amounts_are(monkeypatch, heading, cells, code, look):
    """Also where only its later rows do."""
    monkeypatch.setattr("planbok.inputs.imports.export_rows.FIRST_LOOK", look)
    rows = [["5011", "1", "202501", "5", cell] for cell in cells]
    if code:
        assert faults_of([*HEADS, heading], *rows) == [(0, f"kolumn {heading}", code)]
    else:
        assert len(export([*HEADS, heading], *rows).frame) == 2


UNITS = [
    ("Belopp", "", "kr", ""),
    ("Belopp", "i tkr", "kr", "unit"),
    ("Belopp", "i tkr", "tkr", ""),
    ("Belopp tkr", "", "kr", "unit"),
    ("Belopp tkr", "alla i mnkr", "tkr", ""),
    ("Belopp (mkr)", "", "mnkr", ""),
    ("Belopp ack", "", "kr", "accumulated"),
    ("Ackumulerat belopp", "", "kr", "accumulated"),
    ("Backe", "", "kr", ""),
]


@pytest.mark.parametrize(("heading", "cover", "unit", "code"), UNITS)
def test_what_the_amounts_are_in(heading, cover, unit, code):
    of = profile(LEDGER | {"belopp": heading}, belopp_i=unit)
    rows = [[cover], [*HEADS[:3], heading], ["5011", "1", "202501", "5"]]
    if code:
        assert faults_of(*rows, of=of) == [(2, f"kolumn {heading}", code)]
    else:
        assert export(*rows, of=of).notes == []
    said = export([["Utfall ack."], *rows[1:]][0], *rows[1:], of=of).notes if code == "" else []
    assert len(said) == (code == "")


def test_of_several_sheets_the_one_with_rows_that_is_shown():
    body = [HEADS, ["5011", "1", "202501", "5"]]
    cover, empty = sheet_of(["Omslag"], name="Omslag"), sheet_of(HEADS, ["", "", "", ""], name="Tomt")
    one, other = sheet_of(*body, name="Ett"), sheet_of(*body, name="Två")
    hidden = sheet_of(*body, name="Dolt", hidden=True, hidden_rows=frozenset({1, 2, 9}))
    for sheets, chosen in (([cover, empty, one], "Ett"), ([hidden, one], "Ett"), ([hidden, empty], "Dolt")):
        found = Export(sheets, profile(), "f", "")
        assert found.blad == chosen and len(found.notes) == 2 * (chosen == "Dolt")
    assert "1 rader är dolda" in found.notes[1]
    for sheets, of, code in (
        ([one, other], profile(), "several_sheets"),
        ([one], profile(blad="Tre"), "sheet"),
        ([one, other], profile(blad="TVÅ"), ""),
    ):
        try:
            assert (Export(sheets, of, "f", "").blad, code) == ("Två", "")
        except InputError as error:
            assert [fault.code for fault in error.faults] == [code]
    assert export(["t"], HEADS, body[1], of=profile(rubrikrad=2)).rubrikrad == 2
    assert [code for _, _, code in faults_of(HEADS, body[1], of=profile(rubrikrad=9))] == ["no_headings"]


def test_a_long_file_in_parts_is_passed_by_and_summed_as_a_whole_one(monkeypatch):
    lines = [";".join(HEADS)]
    lines += [f"5011;{n % 3};202501;{n}" if n % 7 else f"Summa;;;{n}" for n in range(1, 60)]
    raw = "\n".join(lines).encode()
    whole = Export(read_sheets(raw, ".csv", {"konto"}), profile(), "f", "")
    monkeypatch.setattr("planbok.inputs.tables.csv_text.PART", 20)
    parts = Export(read_sheets(raw, ".csv", {"konto"}, whole=False), profile(), "f", "")
    assert parts.frame.equals(whole.frame) and parts.frame.index.tolist() == [n + 1 for n in range(1, 60) if n % 7]
    assert parts.passed == whole.passed == {"summarader": 8} and parts.boundaries == whole.boundaries
    assert parts.totals == whole.totals and [total.rad for total in parts.totals] == list(range(8, 61, 7))


def sie(*lines: str, encoding: str = "utf-8") -> list[list[str]]:
    return sie_sheet("\n".join(["#FLAGGA 0", *lines]).encode(encoding)).cells.to_numpy().tolist()


def refused(*lines: str) -> str:
    with pytest.raises(UnreadableFileError) as stopped:
        sie(*lines)
    return str(stopped.value)


def test_sie_lines_by_their_parts():
    trans = [
        '#KONTO 5011 "Lön"',
        "#KONTO 9",
        "#VER A 1 20250131",
        "{",
        "#TRANS 5011 {} 5.00",
        "#trans 5012 {} 6 20250228",
    ]
    heads = ["Konto", "Kontotext", "Period", "Belopp"]
    assert sie(*trans) == [heads, ["5011", "Lön", "202501", "5.00"], ["5012", "", "202502", "6"]]
    assert sie("#VER A 1", "#TRANS 5011 {} 5") == [heads, ["5011", "", "", "5"]]
    assert sie('#TRANS 5011 {} 5 ""')[1:] == [["5011", "", "", "5"]]
    assert "#TRANS 5011 … saknar" in refused("#TRANS 5011 {}")
    balance = ["#PSALDO 0 202501 5011 {} 7", "#PSALDO -1 202401 5011 {} 8"]
    assert sie(*balance) == [heads, ["5011", "", "202501", "7"]]
    assert sie(*balance, "#PSALDO 0 202501 5011 {1 9} 3") == [
        ["Konto", "Kontotext", "Dimension 1", "Period", "Belopp"],
        ["5011", "", "9", "202501", "3"],
    ]
    assert sie(*balance, "#TRANS 1 {} 2")[1:] == [["1", "", "", "2"]]  # postings come before balances
    assert "flera sätt" in refused("#PSALDO 0 202501 5 {1 9} 3", "#PSALDO 0 202501 5 {6 9} 3")
    assert "#PSALDO 0 202501 5 …" in refused("#PSALDO 0 202501 5 {}") and "varken" in refused(
        "#PSALDO -1 202401 5 {} 8"
    )
    assert [is_sie(raw) for raw in (b"\xef\xbb\xbf\r\n #program x", b"#sietyp 4", b"#KONTO", b"")] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(UnreadableFileError, match="två kodningar"):
        sie_sheet(b"#FLAGGA 0\n" + "Östra".encode("cp437") + "Västra".encode("cp1252"))


def test_a_sum_row_with_a_formula_that_was_never_computed_states_nothing(tmp_path):
    book = openpyxl.Workbook()
    for row in (HEADS, ["5011", "1", "202501", 5], ["Summa", None, None, "=SUM(D2:D2)"], ["Summa", None, None, None]):
        book.active.append(row)
    book.save(tmp_path / "f.xlsx")
    found = Export(read_xlsx((tmp_path / "f.xlsx").read_bytes()), profile(), "f", "")
    assert [(total.rad, total.text, total.value) for total in found.totals] == [(3, "Summa", None)]
    assert found.passed == {"summarader": 2}


@pytest.mark.parametrize("summera", [False, True])
def test_rows_that_are_alike_stay_as_many_as_they_are_unless_they_are_to_be_summed(summera):
    """An invoice that holds the same row twice may be what is billed twice."""
    cells = {"faktura": "F1", "enhet": "norr", "utforare": "omsorg", "fran": "2025-01-01", "till": "2025-01-31"}
    cells |= {"antal": "31", "mattenhet": "dygn", "kr_per_enhet": "2", "belopp_kr": "62,5", "manad": "2025-01"}
    of = profile({name: name for name in cells}, "fakturor", summera=summera)
    part = Records(export([*cells], [*cells.values()], [*cells.values()], of=of), of, Key(bytes(32)))
    found = part.rows[["antal", "kr_per_enhet", "belopp_kr"]].to_numpy().tolist()
    assert part.faults == [] and found == ([["62", "4", "125"]] if summera else [["31", "2", "62.5"]] * 2)
