"""A report opened with the network off: every figure is drawn as stored, nothing is asked for, nothing complains."""

import subprocess
import time
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planbok.batch.gate.pdf import pdf_texts
from planbok.case.result import KeyFigure
from planbok.report import charts, figure
from planbok.report.bridge import waterfall
from planbok.report.html import ReportMeta, render_report

MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun"]
HOSTILE = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'


def _until(page, holds: str) -> None:
    """Waits until an expression is true in the page. The page's own policy refuses what wait_for_function evaluates
    where it has to ask twice."""
    end = time.monotonic() + 30
    while not page.evaluate(holds):
        assert time.monotonic() < end, f"never so: {holds}"
        page.wait_for_timeout(20)


def _figures() -> list:
    words = {"alt": "Figuren i ord.", "mattenhet": "mnkr"}
    return [
        figure.bars(
            ["Vårdkostnader, gruppbostad och servicebostad enligt LSS", "LASS-assistans", HOSTILE],
            {"Budget": [96.2, 14.8, None], "Scenario": [96.8, 14.8, 1.0]},
            title=f"Vårdkostnaderna blir 96,8 mnkr {HOSTILE}",
            **words,
        ),
        figure.bars(["2015", "2016"], {"Budget": [141.5, 144.8]}, title="Upp 3,3 mnkr", horizontal=False, **words),
        waterfall(("Budget", 144.8), {"Vård": 0.9, "LASS": -0.3}, ("Scenario", 145.4), title="Upp 0,6 mnkr", **words),
        figure.lines(MONTHS, {"Budget": [12.0] * 6, "Scenario": [12.0] * 5 + [12.1]}, title="12,1 i juni", **words),
        figure.lines(
            MONTHS,
            {
                "Bokfört": [-0.2, -0.5, None, None, None, None],
                "Enligt prognosen": [None, -0.5, -0.9, -1.2, -1.6, -2.0],
                "Med beslutade åtgärder": [None, -0.5, -0.8, -1.1, -1.5, -1.9],
            },
            band=([None, -0.5, -1.0, -1.5, -2.1, -2.9], [None, -0.5, -0.7, -0.8, -1.0, -1.1]),
            levels={"Budgeten": 0.0},
            title="Underskott",
            **words,
        ),
        charts.deviations({"Vård": -3.8, "LASS": -0.5, "Lokaler": 0.2, "Övrigt": 0.01}, title="Vården 3,8", **words),
        charts.timeline(
            [charts.Stretch("Färre inhyrda och mindre övertid", 3, 5, "−0,84 mnkr, beslutat")],
            title="En åtgärd",
            alt="I ord.",
            now=2,
        ),
        charts.multiples(
            MONTHS,
            {name: {"2023": [1.0] * 6, "2024": [1.1] * 4 + [None] * 2} for name in ("Vård", "LASS-assistans")},
            colors={"2023": figure.BASELINE},
            title="Rad för rad",
            **words,
        ),
    ]


def _notebook(figures: list):
    cells = [new_markdown_cell("# Budgetscenarier"), new_markdown_cell("## Tabeller och figurer")]
    for place, fig in enumerate(figures):
        if place == 2:
            cells.append(new_markdown_cell("## Hur säkert är det?"))
        outputs = [new_output("display_data", data=figure.mimebundle(fig))]
        cells.append(new_code_cell("hemlig_kod()", outputs=outputs))
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def report_file(tmp_path_factory) -> Path:
    """A report with an open and a folded section, hostile names in both title and data."""
    meta = ReportMeta(
        f"Östermalm · budget 2016 {HOSTILE}",
        sammanfattning=["Nettokostnaden blir 145,4 mnkr.", HOSTILE],
        nyckeltal=[KeyFigure(145.4, "mnkr", "Nettokostnad")],
        syntetisk=True,
    )
    path = tmp_path_factory.mktemp("report") / "rapport.html"
    path.write_text(render_report(_notebook(_figures()), meta), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all with the network off, and all that it asks for and says."""
    context = browser.new_context()
    context.set_offline(True)
    page = context.new_page()
    said: dict[str, list[str]] = {"requests": [], "console": []}
    page.on("request", lambda request: said["requests"].append(request.url))
    page.on("console", lambda message: said["console"].append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said["console"].append(f"error: {error}"))
    yield page, said
    context.close()


@pytest.fixture
def opened(tab, report_file):
    """The page as it is when it is opened, and what it asked for and said since."""
    page, said = tab
    page.goto("about:blank")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    for heard in said.values():
        heard.clear()
    page.goto(report_file.as_uri())
    page.wait_for_selector("html[data-figures=ready]", timeout=60_000)
    return page, said


def test_every_figure_is_there_also_without_scripts(browser, report_file):
    """One of the two pictures of each, in the page as it is written: a bar or a line for all that it stores."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(report_file.as_uri())
    shown = page.locator("section .plot svg:visible")
    assert shown.count() == 2
    assert [shown.nth(place).locator("rect").count() for place in range(2)] == [5 + 2, 2]  # bars, and the key's marks
    assert page.locator(".plot svg").count() == 2 * len(_figures())
    context.close()


def test_nothing_is_asked_for_and_nothing_complains(opened, report_file):
    page, said = opened
    assert said["requests"] == [report_file.as_uri()]
    assert said["console"] == []


def test_hostile_text_is_only_text(opened):
    page, _ = opened
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert HOSTILE in page.locator("h1").inner_text()


def test_policy_stops_scripts_that_are_not_the_reports_own(opened):
    page, _ = opened
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:x\" onerror=\"window.hacked = 1\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hacked = 1'}))")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None


def test_page_fits_a_phone_and_a_folded_figure_fits_its_section(opened):
    page, _ = opened
    page.locator("details.fold > summary").first.click()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".plot svg.narrow:visible").count() == len(_figures())
    assert page.locator(".plot svg.wide:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.evaluate("[...document.querySelectorAll('.canvas')].map(c => c.clientHeight)")
    assert min(heights) > 80


def test_the_appendix_is_printed_where_it_is_asked_for(opened, report_file):
    page, _ = opened
    page.emulate_media(media="print")
    assert page.locator(".folded").is_hidden()
    page.goto(f"{report_file.as_uri()}#bilagor")
    assert page.locator(".folded").is_visible()
    _until(page, "[...document.querySelectorAll('.folded details.fold')].every(d => d.open)")


def test_a_link_of_the_contents_opens_what_is_folded(opened):
    page, _ = opened
    page.locator("nav.contents a", has_text="Hur säkert är det?").click()
    _until(page, "document.querySelector('details.fold').open")


def test_numbers_and_sentences_can_be_fetched_and_copied(opened):
    page, said = opened
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiera sammanfattningen").click()
    _until(page, "document.getElementById('sagt').textContent.includes('kopierad')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Nettokostnaden blir 145,4 mnkr." in copied
    assert "Nettokostnad: 145,4\u00a0mnkr" in copied
    with page.expect_download() as found:
        page.locator(".plot").nth(1).get_by_role("button", name="Hämta data: Upp 3,3 mnkr").click()
    assert Path(found.value.path()).read_text("utf-8-sig").splitlines() == [";Budget", "2015;141,5", "2016;144,8"]
    with page.expect_download() as found:
        page.locator(".plot").nth(1).get_by_role("button", name="för program").click()
    assert Path(found.value.path()).read_text("utf-8").splitlines() == [",Budget", "2015,141.5", "2016,144.8"]
    assert said["console"] == []


def test_prints_to_pdf(browser_path, browser_flags, report_file, tmp_path):
    target = tmp_path / "rapport.pdf"
    command = [browser_path, "--headless", *browser_flags, f"--user-data-dir={tmp_path}/profile"]
    command += [f"--print-to-pdf={target}", "--no-pdf-header-footer", "--virtual-time-budget=10000"]
    subprocess.run([*command, report_file.as_uri()], check=True, capture_output=True, timeout=120)
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 20_000
    said = "\n".join(filter(lambda found: isinstance(found, str), pdf_texts(target.read_bytes()))).replace(
        "\u00a0", " "
    )
    assert "Nettokostnaden blir 145,4 mnkr." in said  # so that the gate reads what people do
    assert "LASS-assistans" in said


def test_labels_and_numbers_are_inside_every_figure_and_none_lies_over_another(opened):
    page, _ = opened
    page.locator("details.fold > summary").first.click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        wrong = page.evaluate(
            """() => [...document.querySelectorAll('.plot svg')].flatMap(svg => {
              const box = svg.getBoundingClientRect();
              const all = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
                .filter(([, r]) => r.width);
              const out = all.filter(([, r]) => r.left < box.left - 1 || r.right > box.right + 1
                || r.bottom > box.bottom + 1);
              const over = all.filter(([, r], i) => all.some(([, q], j) => j > i && r.left < q.right - 1
                && q.left < r.right - 1 && r.top < q.bottom - 4 && q.top < r.bottom - 4));
              return [...out.map(([t]) => 'ute: ' + t), ...over.map(([t]) => 'över: ' + t)];
            })"""
        )
        assert wrong == [], width
