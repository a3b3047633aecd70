"""Another program works out every formula of the Excel file anew, and must get the values that the file carries."""

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from recalculation import differing, formulas, recalculated, values
from sliders_by_hand import moved

from planbok.case.case import open_case
from planbok.case.checks import Check
from planbok.case.result import Column, KeyFigure, Result, Table
from planbok.case.sliders import Floor, Slider
from planbok.report.provenance import Provenance
from planbok.report.workbook.trial import TRIAL
from planbok.report.workbook.write import write_workbook
from planbok.topics.answer import answer


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


@pytest.fixture
def working_paper(tmp_path):
    """LSS-peng in working papers, where nothing is rounded: with the formulas that other readers' files lack."""
    about = {"enhet": "exempelenheten", "ar": 2024, "scenario": "fler_personer_2024"}
    case = open_case("lss_peng", spridning="arbetsmaterial", **about)
    path = tmp_path / "lss.xlsx"
    write_workbook(path, answer(case).result, Provenance(case.parametrar, [], [], [], case.spridning, "0.1.0"))
    return path


@pytest.fixture
def tried(tmp_path):
    """The prognosis with its input cells turned, and what the library says that each key figure then becomes."""
    about = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4, "scenario": "atgarder_2024"}
    case = open_case("manadsprognos", **about)
    result = answer(case).result
    at = {"atgard_kr": 430_000, "atgard_manad": 9, "blir_av_3": 35, "fakturor_kr": 610_000}
    at = {slider.id: at.get(slider.id, slider.start) for slider in result.skjutreglage}
    path = tmp_path / "prov.xlsx"
    write_workbook(path, result, Provenance(case.parametrar, [], [], [], case.spridning, "0.1.0"))
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row for row in book[TRIAL].iter_rows(min_row=5)}
    for slider in result.skjutreglage:
        rows[slider.etikett][1].value = slider.namn.get(int(at[slider.id]), at[slider.id])
    book.save(path)
    change = moved(result.skjutreglage, at, result.golv)
    assert sum(map(bool, change.values())) > 2
    return path, {result.nyckeltal[key].etikett: result.nyckeltal[key].number + by for key, by in change.items()}


@pytest.fixture
def bent(tmp_path):
    """Two dials whose product bends, and a figure that stops at 0."""
    moves = {"a": {"t": [(0, 1.0), (4, 3.0), (6, 3.0), (9, -7.0)]}, "b": {"u": [(0, 0.0), (9, -90.0)]}}
    one = Slider("x", "Ena reglaget", "st", 0, 9, 0.5, 1, moves)
    two = Slider(
        "y", "Andra", "", 1, 3, 1, 1, {"a": {"t": [(1, 5.0), (3, 9.0)]}}, namn={1: "få", 2: "några", 3: "många"}
    )
    figures = {"a": KeyFigure(10.5, "mnkr", "Ett"), "b": KeyFigure(20.0, "mnkr", "Två")}
    result = Result("R", "", ["S."], figures, {}, skjutreglage=(one, two), golv={"b": Floor(20.0)})
    path = tmp_path / "bojd.xlsx"
    write_workbook(path, result, Provenance({}, [], [], [], "ledning", "0.1.0"))
    book = openpyxl.load_workbook(path)
    assert book[TRIAL].print_area.endswith("$A$1:$E$10")  # two dials, two figures; not how they are worked out
    book[TRIAL]["B5"], book[TRIAL]["B6"] = 7.5, "många"
    book.save(path)
    return path


def test_no_cell_differs_when_everything_is_recalculated(example, wrong, working_paper, tried, bent, tmp_path):
    anew, corrected, paper_anew, turned, bent_anew = recalculated(
        tmp_path, example, wrong, working_paper, tried[0], bent
    )
    cells = values(turned)
    rows = {
        cells[TRIAL, f"A{row}"]: cells.get((TRIAL, f"C{row}")) for row in range(5, 20) if (TRIAL, f"A{row}") in cells
    }
    assert {name: rows[name] for name in tried[1]} == pytest.approx(tried[1], rel=1e-12)
    # 7.5 lies half way from 3 to -7: -2, times 9 where the report has 1.5 times 5; -90 of 9 stops at nothing
    assert (values(bent_anew)[TRIAL, "C9"], values(bent_anew)[TRIAL, "C10"]) == pytest.approx((10.5 - 18 - 7.5, 0.0))
    assert len(formulas(working_paper)) == len(formulas(paper_anew)) >= 10
    assert differing(values(working_paper), values(paper_anew)) == {}
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
