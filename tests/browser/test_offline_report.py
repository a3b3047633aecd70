"""A report opened with the network off: every figure is drawn as stored, nothing is asked for, nothing complains."""

import subprocess
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planbok.batch.gate.pdf import pdf_texts
from planbok.case.result import KeyFigure
from planbok.report import figure
from planbok.report.html import ReportMeta, render_report

MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun"]
HOSTILE = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'


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
        figure.waterfall(
            ("Budget", 144.8), {"Vård": 0.9, "LASS": -0.3}, ("Scenario", 145.4), title="Upp 0,6 mnkr", **words
        ),
        figure.lines(MONTHS, {"Budget": [12.0] * 6, "Scenario": [12.0] * 5 + [12.1]}, title="12,1 i juni", **words),
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


@pytest.fixture
def opened(browser, report_file):
    """The page with the network off, and all that it asked for and said."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_offline(True)
    page = context.new_page()
    said: dict[str, list[str]] = {"requests": [], "console": []}
    page.on("request", lambda request: said["requests"].append(request.url))
    page.on("console", lambda message: said["console"].append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said["console"].append(f"error: {error}"))
    page.goto(report_file.as_uri())
    page.wait_for_selector("html[data-figures=ready]", timeout=60_000)
    yield page, said
    context.close()


def test_every_figure_is_drawn_with_its_own_trace_types(opened):
    page, said = opened
    drawn = page.evaluate("[...document.querySelectorAll('.js-plotly-plot')].map(g => g._fullData.map(t => t.type))")
    assert drawn == [[trace.type for trace in fig.data] for fig in _figures()]
    marks = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')].map(g => g.querySelectorAll('.trace').length)"
    )
    assert all(marks), marks


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
    page.wait_for_function("[...document.querySelectorAll('.js-plotly-plot')].every(g => g._fullLayout.width < 390)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.evaluate("[...document.querySelectorAll('.canvas')].map(c => c.clientHeight)")
    assert min(heights) > 150


def test_print_opens_everything_at_paper_width(opened):
    page, _ = opened
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('details.fold')].every(d => d.open)")
    page.wait_for_function("[...document.querySelectorAll('.js-plotly-plot')].every(g => g._fullLayout.width === 640)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("[...document.querySelectorAll('details.fold')].some(d => d.open)")


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


def test_labels_and_numbers_are_inside_every_figure(opened):
    page, _ = opened
    page.locator("details.fold > summary").first.click()
    outside = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(gd => {
          const box = gd.getBoundingClientRect();
          return [...gd.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()])
            .filter(([, r]) => r.width)
            .filter(([, r]) => r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1)
            .map(([text]) => text);
        })"""
    )
    assert outside == []
