"""Every report of the example plan as people meet it: on a desk, on a phone and on paper."""

import re
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planbok.batch.make.report import REPORT_FILE
from planbok.case.result import Column, Table
from planbok.cli import main
from planbok.report import table
from planbok.report.html import ReportMeta, render_report

LARGEST = 400_000  # bytes
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "resultTypes": ["violations"],  # naming what passed takes most of its time
}
# Contrast follows from an element's own colour and letters and from all that lies behind it. What has been judged so
# need not be again in another size of the window or with other parts open, nor what looks the same on the same ground
# (but in pictures, where a text may lie on another mark).
JUDGE_NEW = "axe.configure({rules: [{id: 'color-contrast', selector: '[data-unjudged]'}]})"
UNJUDGED = """() => {
  const judged = window.judged ??= new Set(), looks = new Map();
  const behind = one => {
    if (!one) return "";
    if (!looks.has(one)) {
      const its = getComputedStyle(one);
      const own = [its.opacity, its.backgroundColor, its.backgroundImage, its.filter, its.mixBlendMode].join();
      looks.set(one, own + "|" + behind(one.parentElement));
    }
    return looks.get(one);
  };
  [...document.body.querySelectorAll("*")].forEach((one, number) => {
    one.removeAttribute("data-unjudged");
    const says = one.matches("input, select, textarea, button")
      || [...one.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
    if (!says || !one.checkVisibility()) return;
    const its = getComputedStyle(one);
    const size = parseFloat(its.fontSize), isLarge = size >= 24 || (size >= 18.66 && its.fontWeight >= 700);
    const letters = [its.color, its.fill, its.stroke, its.textShadow, its.visibility, isLarge].join();
    const look = (one.closest("svg") ? number : "") + letters + behind(one);
    if (judged.has(look)) return;
    judged.add(look);
    one.setAttribute("data-unjudged", "");
  });
}"""
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PAPER = 673  # pixels: the width of A4 less its margins; the mark takes 34 of them
OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"
SETTLED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))"  # drawn anew
# What sticks out to the right of what holds it, on paper.
CUT = """() => {
  const right = document.querySelector("main").getBoundingClientRect().right + 1;
  return [...document.querySelectorAll("main table, main .plot, main text, main pre, main p")]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().right > right)
    .map(one => one.tagName + " " + one.textContent.slice(0, 40));
}"""


@pytest.fixture(scope="module")
def pages(example_run) -> list[Path]:
    """The pages of every report, and the indexes that lead to them."""
    found = [
        *sorted(example_run.glob(f"*/{REPORT_FILE}")),
        example_run / "index.html",
        example_run.parent / "index.html",
    ]
    assert len(found) > 6
    return found


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all, without a network."""
    context = browser.new_context()
    context.set_offline(True)
    yield context.new_page()
    context.close()


def opened(page, path: Path, size: tuple[int, int]) -> None:
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path.as_uri())


def complaints(page) -> list[str]:
    """What axe-core finds wrong, each with the first place where it is."""
    page.evaluate(UNJUDGED)
    found = Axe(JUDGE_NEW).run(page, options=WCAG).response["violations"]  # the page has axe-core already
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html'][:160]}" for one in found]


def test_no_page_breaks_the_guidelines_for_accessibility(tab, pages):
    """Folded and open, on a desk and on a phone."""
    found = {}
    for path in pages:
        opened(tab, path, SIZES["desk"])
        tab.evaluate(Axe().axe_script)
        for state in ("folded", "open"):
            if state == "open":
                tab.evaluate(OPEN)
            for size, (width, height) in SIZES.items():
                tab.set_viewport_size({"width": width, "height": height})
                tab.evaluate(SETTLED)
                name = f"{path.parent.name}/{path.name}, {state}, {size}"
                found[name] = complaints(tab)
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_nothing_is_cut_on_paper(tab, pages):
    found = {}
    for path in pages:
        opened(tab, path, (PAPER, 900))
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        tab.evaluate(SETTLED)
        found[path.parent.name] = tab.evaluate(CUT) if path.name == REPORT_FILE else []
        assert tab.locator(".unfold:visible, .tools:visible, nav:visible").count() == 0
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_report_is_three_screens_and_two_pages(tab, pages, tmp_path):
    """Folded, on a desk; printed without its appendix. The staff's page has one more for each operation."""
    assert main(["run", "tertial", "--only", "mal_och_aktiviteter", "--out", str(tmp_path)]) == 0
    screens, printed = {}, {}
    for path in [*pages, *tmp_path.glob(f"tertial/2*/*/{REPORT_FILE}")]:
        if path.name == REPORT_FILE:
            opened(tab, path, (1280, 800))
            tab.evaluate(SETTLED)
            screens[path.parent.name] = tab.evaluate("document.documentElement.scrollHeight") / 800
            sheets = tab.locator("details.sheet").count()
            tab.emulate_media(media="print")
            leaves = len(re.findall(rb"/Type /Page\b(?!s)", tab.pdf(prefer_css_page_size=True)))
            printed[path.parent.name] = leaves - sheets
    assert {name: n for name, n in screens.items() if n > 3} == {}
    assert {name: n for name, n in printed.items() if n > 2} == {}


@pytest.mark.parametrize("months", [4, 6, 9, 12])
def test_a_year_of_large_amounts_fits_the_paper(tab, tmp_path, months):
    names = {f"m{month}": [-12_345_678.0, 112_345_678.0] for month in range(months)}
    columns = (Column("rad", "Budgetrad"), *(Column(name, "Månad", "kr", 0) for name in names))
    shown = Table("t", "Månad för månad", pd.DataFrame({"rad": ["Vårdkostnader", "Totalt"], **names}), columns)
    cells = [new_markdown_cell("# T\n## Tabeller och figurer"), new_code_cell()]
    cells[1].outputs = [new_output("display_data", data={"text/html": table.render(shown)})]
    (tmp_path / "sida.html").write_text(render_report(new_notebook(cells=cells), ReportMeta("T")), "utf-8")
    opened(tab, tmp_path / "sida.html", (PAPER, 900))
    tab.emulate_media(media="print")
    assert tab.locator("table").count() == 1
    assert tab.evaluate(CUT) == []


def test_every_page_can_be_sent_in_a_letter(pages):
    assert {path.parent.name: path.stat().st_size for path in pages if path.stat().st_size >= LARGEST} == {}
