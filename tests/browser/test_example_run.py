"""The example plan run for real: batch equals library, pages work offline, Excel recalculates to the same numbers."""

import json
from pathlib import Path

import nbformat
import pytest
from recalculation import differing, formulas, recalculated, values

from planbok.base.workspace import Folders
from planbok.batch.plan.job import NOTEBOOK_FILE, REPORT_FILE
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import find_plan, load_plan
from planbok.case.case import open_case
from planbok.inputs.scenario.load import scenario_ids
from planbok.report.figure import MIME
from planbok.report.handover import RESULT_FILE, WORKBOOK_FILE
from planbok.topics import answer

PLAN = load_plan(find_plan("exempel", Folders()), read_notebooks(), scenario_ids(Folders()))
REPORTS = len(PLAN.runs)
# At least so many in each workbook; what is rounded or withheld has none, and all kronor of LSS-peng are rounded.
FORMULAS = {
    "bemanning_sjukfranvaro": 40,
    "budgetscenarier": 50,
    "gruppbostad_kbh": 4,
    "manadsprognos": 30,
    "verksamhetsblad": 50,
}


@pytest.fixture(scope="module")
def run(example_run) -> Path:
    return example_run


@pytest.fixture(scope="module")
def folders(run) -> list[Path]:
    found = sorted(path for path in run.iterdir() if path.is_dir())
    assert len(found) == REPORTS
    return found


def library_result(case):
    """What the topic's own functions make of the case for its reader, without a notebook."""
    return answer.answer(case).result


def test_batch_gives_what_the_library_gives_to_the_ore(folders):
    for folder in folders:
        written = json.loads((folder / RESULT_FILE).read_text("utf-8"))
        result = library_result(open_case(written["notebook"], **written["parametrar"]))
        figures = {name: figure["varde"] for name, figure in written["nyckeltal"].items()}
        assert figures == {name: figure.varde for name, figure in result.nyckeltal.items()}
        assert written["sammanfattning"] == result.sammanfattning
        assert written["tabeller"].keys() == result.tabeller.keys()
        if "brygga" not in result.tabeller:  # a page for the staff has none
            continue
        rows = result.tabeller["brygga"].records()
        bridge = [row["kr"] for row in written["tabeller"]["brygga"]]
        assert [kr is None for kr in bridge] == [row["kr"] is None for row in rows]
        known = [row["kr"] for row in rows if row["kr"] is not None]
        assert [kr for kr in bridge if kr is not None] == pytest.approx(known, abs=0.005)


def test_bridge_and_table_say_the_same_number(folders):
    budgets = [folder for folder in folders if folder.name.startswith("budgetscenarier")]
    assert len(budgets) == 4
    for folder in budgets:
        written = json.loads((folder / RESULT_FILE).read_text("utf-8"))
        bridge, figures = written["tabeller"]["brygga"], written["nyckeltal"]
        assert bridge[-1]["kr"] / 1e6 == pytest.approx(figures["nettokostnad_mnkr"]["varde"], abs=1e-8)
        assert bridge[0]["kr"] / 1e6 == pytest.approx(figures["nettokostnad_jamfor_mnkr"]["varde"], abs=1e-8)
        assert written["tabeller"]["scenarier"][-1]["netto_mnkr"] == figures["nettokostnad_mnkr"]["varde"]
        assert sum(row["kr"] for row in bridge[:-1]) == pytest.approx(bridge[-1]["kr"], abs=0.5)


def stored(folder: Path) -> int:
    """How many figures the executed notebook stores."""
    cells = nbformat.read(folder / NOTEBOOK_FILE, as_version=4).cells
    outputs = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    return sum(MIME in output.get("data", {}) for output in outputs)


def test_each_report_shows_its_figures_offline_without_a_request_or_a_complaint(browser, folders):
    context = browser.new_context()
    context.set_offline(True)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for folder in folders:
        asked.clear()
        page.goto((folder / REPORT_FILE).as_uri())
        figures = stored(folder)
        assert page.locator(".plot").count() == figures
        assert page.locator(".plot svg").count() == 2 * figures
        assert page.locator("pre, .jp-InputArea, .highlight").count() == 0
        assert (asked, said) == ([(folder / REPORT_FILE).as_uri()], [])
    context.close()


def test_index_pages_lead_to_every_report(browser, run):
    page = browser.new_page()
    page.goto((run.parent / "index.html").as_uri())
    page.click(f"a[href*='{run.name}']")
    assert page.locator("a[href$='rapport.html']").count() >= REPORTS
    page.click("a[href$='rapport.html'] >> nth=0")
    assert page.locator("h1").count() == 1
    page.close()


def test_excel_recalculates_to_the_same_numbers(folders, tmp_path):
    books = [folder / WORKBOOK_FILE for folder in folders]
    for book, anew in zip(books, recalculated(tmp_path, *books), strict=True):
        notebook, *_ = book.parent.name.split("__")
        assert len(formulas(book)) >= FORMULAS.get(notebook, 0), book.parent.name
        assert len(formulas(anew)) == len(formulas(book))
        assert differing(values(book), values(anew)) == {}


def test_a_change_of_decisions_moves_the_same_kronor_in_both_reports(folders):
    written = {
        folder.name.split("__")[0]: json.loads((folder / RESULT_FILE).read_text("utf-8"))
        for folder in folders
        if "fler_personer_2024" in folder.name
    }
    assert set(written) == {"budgetscenarier", "lss_peng"}
    bars = written["budgetscenarier"]["tabeller"]["brygga"]
    legs = [row for row in written["lss_peng"]["tabeller"]["brygga"] if row["brygga"] == "Jämförelsen → scenariot"]
    assert bars[1]["kr_ram"] == pytest.approx(legs[-1]["kr"] - legs[0]["kr"], abs=0.005)
    assert bars[1]["kr_ram"] == pytest.approx(2 * 3586 * 366)
    assert bars[1]["kr"] == pytest.approx(2 * 3586 * 275)
