"""Large workbooks are read by a quick reader; the careful one must give the same cells."""

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from planbok.base.workspace import ROOT
from planbok.inputs.tables import xlsx, xlsx_plain

CELLS = [
    ("Konto", "Ansvar", "Period", "Belopp", "Text"),
    ("5011 Löner", 312100, dt.date(2025, 1, 31), 135627.62, "  blanksteg runt om  "),
    ("3411", 312200, dt.datetime(2025, 12, 31), -0.1, "rad\nett & två <tre> 😀"),
    (5011.5, 9007199254740991, "", 0, True),
    (),
    ("", "", "", 1e-7, "'0012"),
    ("012", "1,5", "2025-02-30", 123456789.987654, False),
]


def workbook(
    rows=CELLS, formats=("yyyy-mm-dd", '#,##0.00 "kr per h"', "[$-41D]d mmm yyyy"), hidden_row=None, formula=""
):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        dates, money, named = (book.add_format({"num_format": form}) for form in formats)
        for name in ("Data", "Dolt blad", "Tomt"):
            sheet = book.add_worksheet(name)
            if name == "Dolt blad":
                sheet.hide()
            for n, row in enumerate(rows if name != "Tomt" else ()):
                for place, value in enumerate(row):
                    style = named if place == 0 else dates if isinstance(value, dt.date) else money
                    (sheet.write_datetime if isinstance(value, dt.date) else sheet.write)(
                        n, place, value, style if isinstance(value, (float, int, dt.date)) else None
                    )
        if formula:
            sheet.write_formula(9, 0, formula)
        if hidden_row:
            sheet.set_row(hidden_row, None, None, {"hidden": True})
    return made.getvalue()


def both(raw, monkeypatch):
    monkeypatch.setattr(xlsx_plain, "LARGE", 10**9)
    careful = xlsx.read_xlsx(raw)
    monkeypatch.setattr(xlsx_plain, "LARGE", 0)
    return careful, xlsx.read_xlsx(raw)


def is_quick(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return xlsx_plain.is_plain(archive, parts)


def same(careful, quick):
    assert [(sheet.name, sheet.hidden, sheet.hidden_rows) for sheet in careful] == [
        (sheet.name, sheet.hidden, sheet.hidden_rows) for sheet in quick
    ]
    for one, other in zip(careful, quick, strict=True):
        pd.testing.assert_frame_equal(one.cells, other.cells)
        assert one.cells.map(type).equals(other.cells.map(type))


def ledger():
    """The shipped ledger's cells without its one formula and its merged title, as Excel would keep them."""
    book = openpyxl.load_workbook(ROOT / "data/exports/agresso_2025.xlsx")
    for sheet in book:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if cell.data_type == "f":
            cell.value = 1.25
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("make", [workbook, ledger])
def test_both_readers_give_the_same_cells(make, monkeypatch):
    raw = make()
    careful, quick = both(raw, monkeypatch)
    assert is_quick(raw)
    same(careful, quick)


@pytest.mark.parametrize(
    "raw",
    [
        workbook(formats=("yyyy-mm-dd", "0.0%", "General")),
        workbook(formats=("[h]:mm", "0", "General")),
        workbook(formats=("yyyy-mm-dd hh:mm", "0", "General")),
        workbook(hidden_row=2),
        workbook(formula="=1+1"),
    ],
    ids=["per cent", "hours", "time of day", "hidden row", "formula"],
)
def test_what_the_quick_reader_would_lose_is_left_to_the_careful_one(raw, monkeypatch):
    monkeypatch.setattr(xlsx_plain, "LARGE", 0)
    assert not is_quick(raw)


def test_a_number_with_more_digits_than_are_exact_is_left_to_the_careful_one(monkeypatch):
    book = openpyxl.Workbook()
    book.active.append(["id", 2**60 + 1])
    made = io.BytesIO()
    book.save(made)
    careful, quick = both(made.getvalue(), monkeypatch)
    same(careful, quick)
    assert xlsx_plain.plain_sheets(made.getvalue()) is None


def test_a_small_workbook_is_read_with_care():
    assert not is_quick(workbook())
