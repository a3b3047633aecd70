"""Another program works out every formula of the Excel file anew, and must get the values that the file carries."""

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from planbok.report.provenance import Provenance
from planbok.report.workbook import write_workbook
from planbok.result import Check, Column, KeyFigure, Result, Table

WAIT = 180  # seconds; the program's first start makes its profile
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


@pytest.fixture(scope="module")
def office():
    """LibreOffice's command; without it the test is left out, but never in continuous integration."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        reason = "LibreOffice Calc (soffice) is not installed: the workbook's formulas have not been recalculated"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


@pytest.fixture(scope="module")
def recalculated(office, tmp_path_factory):
    """Recalculates xlsx files, with a profile of its own that is thrown away; gives where the new ones are."""
    profile = tmp_path_factory.mktemp("profil")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")

    def convert(*paths: Path) -> list[Path]:
        out = tmp_path_factory.mktemp("omraknad")
        command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
        made = [out / path.name for path in paths]
        assert all(path.exists() for path in made), done.stdout + done.stderr
        return made

    return convert


def values(path):
    """Every cell that holds something, as the file carries it."""
    book = openpyxl.load_workbook(path, data_only=True)
    cells = ((sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row)
    return {(title, cell.coordinate): cell.value for title, cell in cells if cell.value is not None}


def formulas(path):
    book = openpyxl.load_workbook(path)
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def differing(before, after):
    """The cells that are not what they were, numbers to within what binary arithmetic leaves."""
    same = {
        where: after.get(where) == (pytest.approx(value, rel=1e-6, abs=1e-6) if is_number(value) else value)
        for where, value in before.items()
    }
    return {where: (before[where], after.get(where)) for where, is_same in same.items() if not is_same}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def money_table():
    """Differences, shares, divisions by zero and a total of many rows, all of them unrounded."""
    rows = [(f"Rad {n}", 1000 / (n + 3), 100 * (n % 4) / 7, (-1) ** n * n / 9) for n in range(40)]
    frame = pd.DataFrame(rows, columns=["rad", "kostnad", "intakt", "fore"])
    total = pd.DataFrame([["Totalt", *frame[["kostnad", "intakt", "fore"]].sum()]], columns=frame.columns)
    frame = pd.concat([frame, total], ignore_index=True)
    frame["netto"] = frame["kostnad"] - frame["intakt"]
    frame["andel"] = frame["intakt"] / frame["kostnad"] * 100
    frame["skillnad"] = frame["netto"] - frame["fore"]
    frame["mot_fore"] = [100 * s / f if f else 0.0 for s, f in zip(frame["skillnad"], frame["fore"], strict=True)]
    frame["per_del"] = frame["kostnad"] / (frame["kostnad"] + 2.5 * frame["intakt"])
    columns = (
        Column("rad", "Budgetrad"),
        Column("kostnad", "Kostnad", "mnkr"),
        Column("intakt", "Intäkt", "mnkr"),
        Column("fore", "Tidigare", "mnkr"),
        Column("netto", "Netto", "mnkr", formula="{kostnad}-{intakt}"),
        Column("andel", "Andel", "procent", formula="{intakt}/{kostnad}*100"),
        Column("skillnad", "Skillnad", "mnkr", formula="{netto}-{fore}", signed=True),
        Column("mot_fore", "Skillnad", "procent", formula="100*{skillnad}/{fore}", signed=True),
        Column("per_del", "Del", "andel", formula="{kostnad} / ({kostnad} + 2.5*{intakt})"),
    )
    return Table("pengar", "Kostnader, intäkter och skillnader", frame, columns, total_row=True)


def withheld_table():
    """Withheld cells, a known total over them, and a text that looks like a formula."""
    frame = pd.DataFrame(
        {
            "insats": ["=1+1", "servicebostad", "ledsagning", "Totalt"],
            "dygn": [2562, None, 300, 3000],
            "pris": [3402, 2000.5, None, None],
            "kr": [2562 * 3402.0, None, 1234.5, None],
            "tal": [1.5, None, 2.25, 3.75],
        }
    )
    columns = (
        Column("insats", "Insats"),
        Column("dygn", "Dygn", "dygn", 0),
        Column("pris", "Pris", "kr/dygn", 0),
        Column("kr", "Belopp", "kr", 0, formula="{dygn}*{pris}"),
        Column("tal", "Tal", "st"),
    )
    return Table("insatser", "Insatser", frame, columns, True, "Antal under 5 visas inte.")


@pytest.fixture
def example(tmp_path):
    tables = {"pengar": money_table(), "insatser": withheld_table()}
    figures = {"netto": KeyFigure(145.3625, "mnkr", "Netto"), "po": KeyFigure(None, "kr", "Pålägg", "regeln saknas")}
    checks = [Check("delarna summerar", "fel", True, 1e-9, 0.5), Check("timmar", "varning", None)]
    result = Result("Exempelenheten · 2024", "Som beslutat", ["Nettokostnaden blir 1 mnkr."], figures, tables, checks)
    rules = [{"regel": "andel", "datum": "2024-01-01", "varde": 0.9, "mattenhet": "andel", "kalla": "=KBF"}]
    inputs = [{"fil": "budget.csv", "rader": 41, "sha256": "a3" * 32, "okanda_kolumner": []}]
    path = tmp_path / "resultat.xlsx"
    write_workbook(path, result, Provenance({"ar": 2024}, rules, inputs, [], "ledning", "0.1.0"))
    return path


@pytest.fixture
def wrong(tmp_path):
    """A workbook whose formula carries a value that is not its own."""
    path = tmp_path / "fel.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Blad")
    sheet.write_number("A1", 2)
    sheet.write_formula("A2", "=A1*3", None, 999)
    book.close()
    return path


def test_no_cell_differs_when_everything_is_recalculated(recalculated, example, wrong):
    anew, corrected = recalculated(example, wrong)
    assert values(wrong)["Blad", "A2"] == 999
    assert values(corrected)["Blad", "A2"] == 6, "the program did not recalculate: the comparison proves nothing"
    assert len(formulas(example)) > 200
    assert len(formulas(anew)) == len(formulas(example))
    assert differing(values(example), values(anew)) == {}
    assert set(values(anew)) == set(values(example))


def test_a_changed_value_would_be_seen():
    assert differing({("Blad", "A1"): 1.0, ("Blad", "A2"): "–"}, {("Blad", "A1"): 1.1}) == {
        ("Blad", "A1"): (1.0, 1.1),
        ("Blad", "A2"): ("–", None),
    }
