"""The Excel file: what a controller finds in it, and what must never be there."""

import math
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from conftest import write_scenario
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.case.checks import Check
from planbok.case.result import Column, KeyFigure, Result, Table
from planbok.case.sliders import Grid, Slider
from planbok.inputs.rules.rules import DatedValue
from planbok.inputs.scenario.load import BAS
from planbok.report import handover, show
from planbok.report.bridge import waterfall
from planbok.report.charts import deviations, multiples
from planbok.report.figure import lines, mimebundle
from planbok.report.provenance import (
    Provenance,
    brief,
    changes_table,
    checks_table,
    inputs_table,
    rules_table,
    unconfirmed,
)
from planbok.report.table import heading
from planbok.report.text import MIME
from planbok.report.workbook.charts import CHARTS
from planbok.report.workbook.formulas import live_formulas
from planbok.report.workbook.trial import in_cells
from planbok.report.workbook.write import FRONT, sheet_names, write_workbook

INJECTIONS = ["=1+1", "+46 8", "-0", "@SUM(A1)", '=HYPERLINK("http://x","y")', "<r><t>x</t></r>", "http://example.org"]

BUDGET = (
    Column("rad", "Budgetrad"),
    Column("kostnad_mnkr", "Kostnad", "mnkr"),
    Column("intakt_mnkr", "Intäkt", "mnkr"),
    Column("netto_mnkr", "Nettokostnad", "mnkr", formula="{kostnad_mnkr}-{intakt_mnkr}"),
    Column("andel_procent", "Andel", "procent", formula="{intakt_mnkr}/{kostnad_mnkr}*100"),
)


def budget_table(*rows, note="", total=True):
    return Table("budget", "Budget", pd.DataFrame(rows, columns=[c.key for c in BUDGET]), BUDGET, total, note)


PLAIN = budget_table(("Vård", 112.5, 10.0, 102.5, 1000 / 112.5), ("Lokal", 20.0, 1.0, 19.0, 5.0),
                     ("Totalt", 132.5, 11.0, 121.5, 1100 / 132.5))  # fmt: skip


def provenance(**changed):
    given = {
        "parametrar": {"enhet": "ostermalm", "ar": 2016, "jamfor_med": "bas"},
        "regler": [
            {"regel": "kbh.andel", "datum": f"2016-0{month}-01", "varde": 0.9, "mattenhet": "andel",
             "underlag": "beslutad", "kalla": "KBF 2016, https://example.org/kbf"} for month in (1, 2, 3)
        ],
        "indata": [{"fil": "budget.csv", "rader": 48, "sha256": "a3" * 32, "okanda_kolumner": ["konto"]}],
        "forandringar": [
            {"nr": 1, "typ": "upprakning", "beskrivning": "Vårdkostnader +1,0 %", "fran": "2016-07-01",
             "underlag": "antagande", "motivering": "Upphandlingen"}
        ],
        "spridning": "ledning",
        "planbok": "0.1.0",
    }  # fmt: skip
    return Provenance(**(given | changed))


def result(*tables, figures=None, checks=()):
    return Result("Östermalm · budget 2016", "Scenario: som beslutat", ["Nettokostnaden blir 121,5 mnkr."],
                  figures or {}, {table.namn: table for table in tables}, list(checks))  # fmt: skip


def read(tmp_path, *tables, rests_on=None, **parts):
    """The written file, read with its formulas and with its cached values."""
    path = tmp_path / "resultat.xlsx"
    write_workbook(path, result(*tables, **parts), rests_on or provenance())
    return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)


def grid(sheet, table):
    """The cells under the table's headings, row by row."""
    labels = [heading(column) for column in table.columns]
    rows = list(sheet.iter_rows())
    top = next(place for place, row in enumerate(rows) if [cell.value for cell in row[: len(labels)]] == labels)
    return [row[: len(labels)] for row in rows[top + 1 :]]


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def row_with(sheet, text):
    return next([c.value for c in row if c.value is not None] for row in sheet.iter_rows() if row[0].value == text)


def test_formulas_are_live_and_carry_their_values(tmp_path):
    formulas, values = read(tmp_path, PLAIN)
    written = [[cell.value for cell in row] for row in grid(formulas["Budget"], PLAIN)]
    assert written[0][1:] == [112.5, 10, "=B4-C4", "=C4/B4*100"]
    assert written[2] == ["Totalt", "=SUM(B4:B5)", "=SUM(C4:C5)", "=B6-C6", "=C6/B6*100"]
    cached = [[cell.value for cell in row] for row in grid(values["Budget"], PLAIN)]
    assert cached[2] == ["Totalt", 132.5, 11, 121.5, pytest.approx(1100 / 132.5)]


def test_a_total_that_is_not_the_sum_and_a_difference_that_is_not_stay_numbers(tmp_path):
    table = budget_table(("Vård", 112.5, 10.0, 102.6, None), ("Totalt", 112.9, 10.0, 102.9, None))
    formulas, _ = read(tmp_path, table)
    rows = [[cell.value for cell in row] for row in grid(formulas["Budget"], table)]
    assert rows[0][3] == 102.6
    assert rows[1][1] == 112.9
    assert rows[1][3] == "=B5-C5"


def test_a_total_falls_back_on_the_sum_where_the_columns_formula_does_not_hold(tmp_path):
    columns = (Column("insats", "Insats"), Column("dygn", "Dygn", "dygn", 0), Column("pris", "Pris", "kr/dygn", 0),
               Column("kr", "Belopp", "kr", 0, formula="{dygn}*{pris}"))  # fmt: skip
    frame = pd.DataFrame(
        {"insats": ["a", "b", "Totalt"], "dygn": [2, 3, 5], "pris": [10, 20, None], "kr": [20, 60, 80]}
    )
    table = Table("t", "Dygn", frame, columns, total_row=True)
    formulas, _ = read(tmp_path, table)
    assert [cell.value for cell in grid(formulas["Dygn"], table)[2]] == ["Totalt", "=SUM(B4:B5)", "–", "=SUM(D4:D5)"]


@pytest.mark.parametrize(("note", "shown"), [("", "–"), ("Priserna är preliminära.", "–")])
def test_a_missing_value_is_a_text_and_spoils_what_needs_it(tmp_path, note, shown):
    table = budget_table(("Vård", 112.5, None, None, None), ("Lokal", 20.0, 1.0, 19.0, 5.0),
                         ("Totalt", 132.5, None, None, None), note=note)  # fmt: skip
    formulas, values = read(tmp_path, table)
    rows = [[cell.value for cell in row] for row in grid(formulas["Budget"], table)]
    assert rows[0][2:] == [shown] * 3
    assert rows[2] == ["Totalt", f"=SUM(B{4 + bool(note)}:B{5 + bool(note)})", shown, shown, shown]
    assert 0 not in texts(values["Budget"])
    assert not note or note in texts(values["Budget"])


def test_a_known_total_over_an_unknown_part_is_a_number(tmp_path):
    table = budget_table(("Vård", 112.5, None, None, None), ("Totalt", 112.5, 4.0, 108.5, None))
    formulas, _ = read(tmp_path, table)
    assert [cell.value for cell in grid(formulas["Budget"], table)[1]][2] == 4


def test_per_cent_stay_numbers_with_the_unit_in_the_heading(tmp_path):
    formulas, values = read(tmp_path, PLAIN)
    cell = grid(values["Budget"], PLAIN)[1][4]
    assert (cell.value, cell.number_format.split(";")[0]) == (5, "#,##0.0")
    assert "Andel (%)" in texts(formulas["Budget"])


def test_a_change_shows_its_sign_and_minus_is_a_sign_not_a_colour(tmp_path):
    columns = (Column("rad", "Rad"), Column("skillnad", "Skillnad", "mnkr", signed=True))
    table = Table("t", "Skillnad", pd.DataFrame({"rad": ["a"], "skillnad": [-1.0]}), columns)
    _, values = read(tmp_path, table)
    cell = grid(values["Skillnad"], table)[0][1]
    assert (cell.value, cell.number_format) == (-1, '"+"#,##0.0;"−"#,##0.0;0.0')


def test_texts_never_become_formulas_links_or_markup(tmp_path):
    frame = pd.DataFrame({"rad": INJECTIONS, "kostnad_mnkr": INJECTIONS})
    table = Table("t", "=1+1", frame, BUDGET[:2])
    rests_on = provenance(
        parametrar={"enhet": "=1+1"},
        regler=[{"regel": text, "datum": text, "varde": text, "mattenhet": text, "underlag": text, "kalla": text}
                for text in INJECTIONS],
        indata=[{"fil": "=cmd|'/c calc'!A1", "rader": 1, "sha256": "=1", "okanda_kolumner": ["=2"]}],
        forandringar=[dict.fromkeys(("nr", "typ", "beskrivning", "fran", "underlag", "motivering"), "=1")],
    )  # fmt: skip
    checks = [Check("=1+1", "fel", False, 1.0, 0.5, "@x")]
    formulas, _ = read(
        tmp_path, table, rests_on=rests_on, figures={"a": KeyFigure(1, "=kr", "=etikett")}, checks=checks
    )
    cells = [cell for sheet in formulas for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]  # the front sheet's own, to the other sheets
    assert all(link.target is None and link.location.endswith("!A1") for link in links)
    assert [row[0].value.strip() for row in grid(formulas["=1+1"], table)] == [
        f"'{text}" if text[0] in "=+-@" else text for text in INJECTIONS
    ]
    assert not [cell.value for cell in cells if cell.data_type == "s" and cell.value.lstrip()[0] in "=+-@"]
    assert {row[0].number_format for row in grid(formulas["=1+1"], table)} == {"@"}
    with zipfile.ZipFile(tmp_path / "resultat.xlsx") as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name or "sheet1.xml.rels" in name]


def test_a_missing_number_leans_right_and_a_missing_text_beside_the_total_is_empty(tmp_path):
    columns = (Column("namn", "Namn"), Column("kr", "Belopp", "kr"), Column("not", "Not"))
    frame = pd.DataFrame([["a", None, None], ["Totalt", 4.0, None]], columns=["namn", "kr", "not"])
    table = Table("t", "Noter", frame, columns, total_row=True)
    _, values = read(tmp_path, table)
    first, total = grid(values["Noter"], table)
    assert [cell.value for cell in first] == ["a", "–", "–"]
    assert [cell.alignment.horizontal for cell in first] == [None, "right", None]
    assert [cell.value for cell in total] == ["Totalt", 4, None]


def test_control_characters_and_endless_texts_are_written_readably(tmp_path):
    frame = pd.DataFrame({"rad": ["a\x00b\x1f\ud800c\ufffe", "x" * 40_000, "två\nrader"]})
    table = Table("t", "Text", frame, BUDGET[:1])
    _, values = read(tmp_path, table)
    first, second, third = (row[0].value for row in grid(values["Text"], table))
    assert (first, len(second), third) == ("abc", 32_767, "två\nrader")


def test_the_front_sheet_says_the_answer_and_what_it_rests_on(tmp_path):
    figures = {
        "netto": KeyFigure(121.5, "mnkr", "Nettokostnad"),
        "po": KeyFigure(None, "kr", "PO-pålägg", "regel po_palagg har inget värde 2024; närmast 2023"),
    }
    checks = [Check("a", "fel", True, 0.0, 0.5), Check("b", "fel", False, 2.0, 0.5), Check("c", "varning", False),
              Check("d", "varning", None)]  # fmt: skip
    _, values = read(tmp_path, PLAIN, figures=figures, checks=checks)
    front = values.worksheets[0]
    assert front.title == FRONT
    assert texts(front)[:3] == ["Östermalm · budget 2016", "Scenario: som beslutat",
                                "Ledning: uppgifter om små grupper skyddas"]  # fmt: skip
    assert "Nettokostnaden blir 121,5 mnkr." in texts(front)
    assert row_with(front, "Nettokostnad") == ["Nettokostnad", 121.5, "mnkr"]
    assert row_with(front, "PO-pålägg")[1:] == ["underlag saknas", "kr", figures["po"].saknas]
    assert [row_with(front, name)[1] for name in "abcd"] == ["Stämmer", "Fel", "Varning", "Inget att kontrollera"]
    assert row_with(front, "b") == ["b", "Fel", 2, 0.5, "fel"]
    assert row_with(front, "d") == ["d", "Inget att kontrollera", "varning"]
    red = {row[0].value for row in front.iter_rows() if row[1].font.color and row[1].font.color.rgb == "FF9C0006"}
    assert red == {"b", "c"}
    assert row_with(front, "År") == ["År", "2016", "ar"]
    assert row_with(front, "kbh.andel") == ["kbh.andel", 0.9, "andel", "2016-01-01 till 2016-03-01 (3 datum)",
                                            "beslutad", "KBF 2016, https://example.org/kbf"]  # fmt: skip
    assert row_with(front, "budget.csv") == ["budget.csv", 48, "konto", "a3" * 32]
    assert row_with(front, "1. Vårdkostnader +1,0 %")[1:] == ["uppräkning", "2016-07-01", "antagande", "Upphandlingen"]


def test_made_up_figures_are_marked_on_the_front_and_on_every_page(tmp_path):
    formulas, _ = read(tmp_path, PLAIN, rests_on=provenance(syntetisk=True))
    assert "Syntetiska uppgifter" in texts(formulas[FRONT])
    assert {sheet.oddFooter.left.text for sheet in formulas} == {"Ledning · syntetiska uppgifter"}


@pytest.mark.parametrize("made_up", [True, False])
def test_what_a_case_hands_over_says_whether_its_figures_are_made_up(made_up):
    read_so_far = SimpleNamespace(rules={}, tables={})

    def is_synthetic():
        read_so_far.tables["enheter"] = {"fil": "enheter.csv"}
        return made_up

    case = SimpleNamespace(parametrar={}, journal=read_so_far, scenario=BAS, spridning="ledning",
                           is_public=False, is_synthetic=is_synthetic)  # fmt: skip
    origin = handover.provenance(case)
    assert (origin.syntetisk, origin.indata) == (made_up, [{"fil": "enheter.csv"}])


def test_the_public_does_not_read_the_scenarios_own_words(tmp_path):
    public = provenance(spridning="offentlig")
    formulas, _ = read(tmp_path, PLAIN, rests_on=public)
    assert "Upphandlingen" not in texts(formulas[FRONT])
    assert "motivering" not in changes_table(public).frame


def test_every_sheet_is_set_for_printing(tmp_path):
    formulas, _ = read(tmp_path, PLAIN)
    for sheet in formulas:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.print_title_rows
        assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("Ledning", "Sida &P av &N")
    sheet = formulas["Budget"]
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref) == ("$3:$3", "B4", "A3:E5")


def test_the_file_names_no_one_and_is_the_same_every_time(tmp_path):
    first, second = tmp_path / "a.xlsx", tmp_path / "annan.xlsx"
    for path in (first, second):
        write_workbook(path, result(PLAIN), provenance())
    assert first.read_bytes() == second.read_bytes()
    about = openpyxl.load_workbook(first).properties
    assert (about.creator or "", about.lastModifiedBy or "") == ("", "")
    assert about.created.year == 2000
    with zipfile.ZipFile(first) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert str(Path.home()) not in inside
    assert str(tmp_path) not in inside


def test_empty_tables_and_results_without_anything_are_written(tmp_path):
    formulas, _ = read(
        tmp_path, budget_table(), rests_on=provenance(regler=[], indata=[], forandringar=[], parametrar={})
    )
    assert "Inga rader" in texts(formulas["Budget"])
    assert texts(formulas[FRONT]).count("Inga") >= 5


def test_kinds_of_values_a_frame_can_hold(tmp_path):
    values = [pd.Timestamp("2024-04-01"), pd.NaT, None, True, 4, "4", pd.Period("2024-04", "M")]
    frame = pd.DataFrame({"rad": pd.Series(values, dtype=object), "kostnad_mnkr": [1, math.inf, None, 2.5, 3, 4, 5]})
    table = Table("t", "Blandat", frame, BUDGET[:2])
    _, read_back = read(tmp_path, table)
    rows = grid(read_back["Blandat"], table)
    assert [row[0].value for row in rows] == ["2024-04-01", "–", "–", "ja", 4, "4", "2024-04"]
    assert [row[1].value for row in rows] == [1, "–", "–", 2.5, 3, 4, 5]


def line(formula, *values, a=(3.0,), b=(4.0,), c=(0.0,), total=False):
    """A table of a, b and c, and what a formula over them gives."""
    columns = [Column(key, key.upper(), "kr") for key in "abc"] + [Column("d", "D", "kr", formula=formula)]
    frame = pd.DataFrame({"a": a, "b": b, "c": c, "d": list(values)})
    return Table("rader", "Rader", frame, tuple(columns), total)


@pytest.mark.parametrize(
    "formula",
    ["{a}^2", "{a}**2", "{a}//2", "{a}%", "1,5*{a}", "SUM({a})", "{a}={b}", "{a}<{b}", "=1+{a}", "(", "({a}",
     "{a})-({b}", "{a}.x", "{a}{b}", "{a} {b}", "2{a}", "{a}*", " ", "2*3", "{a}/1 0", "@{a}", "a+{b}", "{okand}*2",
     "{a+b}", "{a!r}", "{d}+1", "{a}+1/0", "{a}/({b}/{c})", "{a}/-(1+({b}/{c}))", "{a}+'x'", "{a}+1\n"],
)  # fmt: skip
def test_a_formula_that_is_more_than_arithmetic_over_shown_columns_is_refused(formula):
    with pytest.raises(ValueError, match="rader"):
        live_formulas(line(formula, 1.0), 1)


def test_a_column_that_the_frame_has_but_the_table_does_not_show_is_refused(tmp_path):
    shown = line("{a}-{b}", -1.0)
    table = Table("rader", "Rader", shown.frame, shown.columns[1:])
    with pytest.raises(ValueError, match="{a}-{b}"):
        write_workbook(tmp_path / "x.xlsx", result(table), provenance())


@pytest.mark.parametrize("formulas", [("{b}*2", "{a}/2"), ("{a}", "")])
def test_a_formula_that_leads_back_to_itself_is_refused(formulas):
    columns = tuple(Column(key, key, "kr", formula=formula) for key, formula in zip("ab", formulas, strict=True))
    with pytest.raises(ValueError, match="themselves"):
        live_formulas(Table("t", "T", pd.DataFrame({"a": [2.0], "b": [1.0]}), columns), 1)


@pytest.mark.parametrize(
    ("formula", "value", "written"),
    [("{a}-{b}", -1.0, "=A2-B2"), ("100*{a}/{b}", 75.0, "=100*A2/B2"), ("-{a}+2*({b}-1)", 3.0, "=-A2+2*(B2-1)"),
     ("{a} / ({a} + {b})", 3 / 7, "=A2 / (A2 + B2)"), ("0.5*{a}--{b}", 5.5, "=0.5*A2--B2"), ("{a}*{c}", 0.0, "=A2*C2"),
     ("{a}-{b}", -1.0 + 9e-7, "=A2-B2")],
)  # fmt: skip
def test_a_formula_that_gives_the_tables_value_is_written(formula, value, written):
    assert live_formulas(line(formula, value), 1) == {(0, "d"): written}


@pytest.mark.parametrize(
    ("formula", "value"),
    [("{a}-{b}", 1.0), ("{a}-{b}", -1.0 + 3e-6), ("{a}/{c}", 0.0), ("{a}/{c}", math.inf), ("{c}/{c}", 0.0),
     ("{c}/{c}", math.nan), ("{a}/{c}", None), ("{a}-{b}", "-1"), ("{a}-{b}", True)],
)  # fmt: skip
def test_a_formula_that_gives_something_else_or_an_error_is_not_written(formula, value):
    assert live_formulas(line(formula, value), 1) == {}


@pytest.mark.parametrize("term", [None, math.nan, math.inf, "4", "4–5", True, pd.NA])
def test_a_row_with_a_missing_term_has_no_formula(term):
    assert live_formulas(line("{a}-{b}", -1.0, -1.0, a=(3.0, 3.0), b=(4.0, term), c=(0, 0)), 1) == {(0, "d"): "=A2-B2"}


def test_what_binary_arithmetic_leaves_of_a_difference_is_not_a_deviation():
    left = 0.1 + 0.2
    assert left - 0.3 != 0
    assert live_formulas(line("{a}-{b}", 0.0, a=(left,), b=(0.3,)), 1) == {(0, "d"): "=A2-B2"}
    assert live_formulas(line("{a}-{b}", 0.0, a=(0.3 + 1e-9,), b=(0.3,)), 1) == {}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("parts", "total", "written"),
    [((1.0, 2.0), 3.0, "=SUM(B2:B3)"), ((1.0, 2.0), 3.1, None), ((1.0, None), 1.0, None), ((1.0, "2"), 3.0, None),
     ((1.0, 2.0), None, None), ((), 3.0, None), ((0.1, 0.2, -0.3), 0.0, "=SUM(B2:B4)")],
)  # fmt: skip
def test_a_total_is_the_sum_of_known_rows_that_give_it(parts, total, written):
    size = len(parts) + 1
    table = line("", *[None] * size, a=[None] * size, b=[*parts, total], c=[None] * size, total=True)
    assert live_formulas(table, 1).get((size - 1, "b")) == written
    assert live_formulas(Table("t", "T", table.frame, table.columns), 1) == {}


def test_ends_of_bridges_and_sums_so_far_are_formulas():
    rows = [("Budget", "start", 10.0, 10.0), ("Pris", "upprakning", 2.5, 12.5), ("Prognos", "slut", 12.5, 25.0),
            ("Mars", "start", 3.0, 28.0), ("April", "slut", 4.0, 99.0)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["steg", "typ", "kr", "ack_kr"])
    columns = (Column("steg", "Steg"), Column("kr", "Kr"), Column("ack_kr", "Hittills", running=("kr",)))
    found = live_formulas(Table("b", "B", frame, columns, extra=("typ",)), 4)
    assert {key: text for key, text in found.items() if key[1] == "kr"} == {(2, "kr"): "=SUM(B5:B6)"}
    assert [found.get((row, "ack_kr")) for row in range(5)] == [
        "=SUM(B5)", "=C5+SUM(B6)", "=C6+SUM(B7)", "=C7+SUM(B8)", None]  # fmt: skip
    apart = Table("b", "B", frame.drop(columns="typ"), columns[:2], sums={2: (0, 1), 4: (3, 9)})
    assert live_formulas(apart, 4) == {(2, "kr"): "=SUM(B5:B6)"}


def test_rows_are_counted_by_their_place_whatever_the_frames_index_is():
    table = line("{a}-{b}", -1.0, 5.0, a=(3.0, 9.0), b=(4.0, 4.0), c=(0, 0))
    moved = Table("t", "T", table.frame.set_axis([7, 7]), table.columns)
    assert live_formulas(moved, 4) == {(0, "d"): "=A5-B5", (1, "d"): "=A6-B6"}


def test_every_figure_is_a_chart_of_cells_that_hold_its_numbers(tmp_path):
    """A bridge that crosses 0, a band, and panels: from figures as a notebook stores them."""
    said = {"title": "T 1,0", "alt": "A", "mattenhet": "mnkr"}
    drawn = [
        waterfall(("Före", 2.0), {"Ut": -3.0, "In": 0.5}, ("Efter", -0.5), **said),
        lines(["jan", "feb"], {"Prognos": [1.0, 2.5]}, band=([1.0, 2.0], [1.0, 3.0]), levels={"Mål": 2.0}, **said),
        multiples(["jan", "feb"], {"A": {"x": [1.0, 2.0]}, "B": {"x": [3.0, None]}}, colors={}, **said),
        deviations({"Vård": -3.8, "Lokal": 0.2}, **said),
    ]
    path = tmp_path / "resultat.xlsx"
    write_workbook(path, result(PLAIN), provenance(), [mimebundle(figure)[MIME] for figure in drawn])
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 5  # a chart for each panel
    sheet = openpyxl.load_workbook(path, data_only=True)[CHARTS]
    numbers = [
        [cell.value for cell in sheet[ref.replace("$", "").partition("!")[2]] for cell in cell]
        for ref in re.findall(r"<c:val><c:numRef><c:f>([^<]+)</c:f>", "".join(charts))
    ]
    assert sheet.print_area.endswith("$A$1:$K$78") and [one.id for one in sheet.row_breaks.brk] == [31, 64]
    # before and bar above 0, before and bar below: 2 to -1 is 2 above and 1 below; -1 to -0.5 leaves half below
    assert numbers[:4] == [[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, -0.5, -0.5], [0.0, -1.0, -0.5, 0.0]]
    assert numbers[4] == [1e-9, None, None, -1e-9]  # begins and ends: their number, no bar
    assert numbers[5:] == [[1.0, 2.0], [1.0, 3.0], [1.0, 2.5], [2.0, 2.0], [1.0, 2.0], [3.0, None], [-3.8, 0.2]]


@given(st.lists(st.text(max_size=50), max_size=8))
def test_sheet_names_are_what_excel_allows(titles):
    names = sheet_names(titles)
    assert len({name.lower() for name in (*names, FRONT)}) == len(titles) + 1
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'\n") for name in names)


def test_tables_of_provenance_have_swedish_headings_and_whole_values():
    rests_on = provenance()
    assert rules_table(rests_on).records() == [
        {"regel": "kbh.andel", "varde": 0.9, "mattenhet": "andel", "datum": "2016-01-01 till 2016-03-01 (3 datum)",
         "underlag": "beslutad", "kalla": "KBF 2016, https://example.org/kbf"}
    ]  # fmt: skip
    assert inputs_table(rests_on).records()[0]["sha256"] == "a3" * 32
    assert changes_table(rests_on).records()[0]["forandring"] == "1. Vårdkostnader +1,0 %"
    assert [column.etikett for column in changes_table(rests_on).columns] == [
        "Förändring", "Typ", "Från", "Underlag", "Motivering"
    ]  # fmt: skip
    assert rules_table(provenance(regler=[])).records() == []


def test_a_page_has_swedish_values_and_short_ones():
    long = provenance(regler=[{"regel": "pris", "datum": "2016-01-01", "varde": 11000.5, "kalla": "ord " * 100}])
    row = brief(rules_table(long)).records()[0]
    assert (row["varde"], len(row["kalla"]) <= 120, row["kalla"][-2:]) == ("11\u00a0000,5", True, " …")
    files = brief(inputs_table(provenance())).records()[0]
    assert (files["sha256"], files["rader"]) == ("a3a3a3a3a3a3 …", 48)


def test_a_value_at_two_dates_is_two_rows_only_when_it_differs():
    rows = [{"regel": "pris", "datum": f"2016-0{m}-01", "varde": value} for m, value in ((1, 1), (2, 2), (3, 1))]
    found = [(row["varde"], row["datum"]) for row in rules_table(provenance(regler=rows)).records()]
    assert found == [(1, "2016-01-01 till 2016-03-01 (2 datum)"), (2, "2016-02-01")]


def test_the_outcome_of_a_check_is_one_word_for_the_notebook_and_excel():
    outcomes = [("fel", True), ("varning", True), ("fel", False), ("varning", False), ("fel", None)]
    checks = [Check("a", *outcome) for outcome in outcomes]
    words = ["Stämmer", "Stämmer", "Fel", "Varning", "Inget att kontrollera"]
    assert [check.outcome for check in checks] == words
    assert [row["utfall"] for row in checks_table(checks).records()] == words


amounts = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4)), st.just(0.0))
noisy = st.sampled_from([0.0, 0.0, 0.0, 1e-12, 0.5])


@st.composite
def random_tables(draw):
    """Rows with a difference and a total, some of them withheld and some simply not right."""
    rows = []
    for place in range(draw(st.integers(0, 5))):
        left, right = draw(amounts), draw(amounts)
        known = left is not None and right is not None and draw(st.booleans())
        netto = left - right + draw(noisy) if known else draw(amounts)
        rows.append([f"rad {place}", left, right, netto, draw(amounts)])
    columns = list(zip(*rows, strict=True))[1:] if rows else [()] * 4
    sums = [None if None in column else math.fsum(column) + draw(noisy) for column in columns]
    note = draw(st.sampled_from(["", "Antal under 5 visas inte."]))
    total = draw(st.booleans())
    return budget_table(*rows, *([["Totalt", *sums]] if total else []), note=note, total=total)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_tables())
def test_cached_values_are_the_tables_and_formulas_reproduce_them(tmp_path, table):
    formulas, values = read(tmp_path, table)
    if not len(table.frame):
        return
    written, cached = grid(formulas["Budget"], table), grid(values["Budget"], table)
    for place, record in enumerate(table.records()):
        shown = dict(zip(record, cached[place], strict=True))
        for number, key in enumerate(record):
            if record[key] is None:
                assert shown[key].value == "–"
                assert written[place][number].data_type == "s"
            else:
                assert shown[key].value == (record[key] if key == "rad" else pytest.approx(record[key], rel=1e-14))
            if written[place][number].data_type == "f":
                assert_reproduces(written[place][number].value, number, place, cached)


def assert_reproduces(formula, number, place, cached):
    """The formula, worked out by hand over the cells that it names."""
    above = [row[number].value for row in cached[:place] if not isinstance(row[number].value, str)]
    _, left, right, *_ = (cell.value for cell in cached[place])
    if formula.startswith("=SUM"):
        terms, computed = above, math.fsum(above)
        assert len(above) == place
    else:
        terms, computed = [left, right], right / left * 100 if "/" in formula else left - right
    assert computed == pytest.approx(cached[place][number].value, rel=2e-6, abs=2e-12 * max(map(abs, terms)))


def test_a_rule_that_nobody_has_confirmed_for_15_months_says_so():
    """On the last day that it was read for; a day on the value itself is what counts, where there is one."""
    first = DatedValue("pris", "Priset", "kr", 2.0, "antagande", "k", fran=date(2023, 1, 1))
    read = {("pris", date(2024, 1, 1)): first, ("pris", date(2024, 4, 1)): first}
    assert unconfirmed(read) == {("pris", date(2023, 1, 1)): "2023-01-01"}
    assert unconfirmed({("pris", date(2024, 3, 31)): first}) == {}
    seen = replace(first, kontrollerad=date(2024, 1, 15))
    assert unconfirmed({("pris", date(2024, 12, 31)): seen}) == {}
    assert unconfirmed({("pris", date(2025, 4, 15)): seen}) == {("pris", date(2023, 1, 1)): "2024-01-15"}
    row = {"regel": "pris", "varde": 2.0, "datum": "2024-04-01", "underlag": "antagande", "kalla": "k"}
    shown = rules_table(provenance(regler=[row | {"obekraftad_sedan": "2023-01-01"}]))
    assert shown.records()[0]["underlag"] == "antagande, inte bekräftad sedan 1 jan 2023"
    assert shown.note == "Ingen har bekräftat 1 regel eller antagande på 15 månader: pris."
    assert rules_table(provenance(regler=[row])).note == ""


def test_a_figure_that_a_grid_moves_is_turned_in_the_page_only():
    """Cells that said a part of it would say it wrong; a dial that moves no other has no cell."""
    one = Slider("x", "Ena", "", 0, 9, 1, 0, {"a": {"t": [(0, 0.0), (9, 9.0)]}, "b": {"t": [(0, 0.0), (9, 9.0)]}})
    other = Slider("y", "Andra", "", 0, 1, 1, 0, {})
    grid = Grid("b", ("x", "y"), ((0.0, 9.0), (0.0, 1.0)), np.zeros((2, 2)))
    found = in_cells(Result("R", "", [], {}, {}, skjutreglage=(one, other), rutor=(grid,)))
    assert [(dial.id, list(dial.verkar_pa)) for dial in found] == [("x", ["a"])]


def test_what_is_noted_beside_a_row_is_listed_with_the_changes(tmp_path):
    """Escaped on the page, not for the public, and never of one person."""
    change = {
        "typ": "belopp",
        "budgetrad": "Vårdkostnader",
        "sida": "kostnad",
        "kr_per_manad": 1000,
        "fran": "2016-07-01",
    }

    def case_of(note: str, spridning: str) -> Case:
        write_scenario(tmp_path, "prov", [change], anteckningar={"Administration": note})
        sources = load_sources(Folders((tmp_path, PARAMS), SAMPLE))
        return open_case("budgetscenarier", enhet="ostermalm", ar=2016, scenario="prov", spridning=spridning,
                         sources=sources)  # fmt: skip

    listed = show.changes(case_of("<b>Avtalet</b> löper ut", "ledning"))
    assert "Administration" in listed._repr_html_() and "&lt;b&gt;Avtalet&lt;/b&gt; löper ut" in listed._repr_html_()
    formulas, _ = read(tmp_path, PLAIN, rests_on=handover.provenance(case_of("Avtalet löper ut", "ledning")))
    assert {"Administration", "Avtalet löper ut"} <= {*texts(formulas[FRONT])}
    assert "Avtalet" not in show.changes(case_of("Avtalet löper ut", "offentlig"))._repr_html_()
    with pytest.raises(InputError):
        case_of("Anna, 850131-2390", "ledning")
