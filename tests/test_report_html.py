"""The report page, its figures and its tables, read as a file (how it looks in a browser: tests/browser)."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planbok.case.result import Column, KeyFigure, Table
from planbok.report import figure, show, table
from planbok.report.bridge import waterfall
from planbok.report.html import ReportMeta, render_report
from planbok.report.text import ABSENT

HOSTILE = "</script><script>alert(1)</script>"
META = ReportMeta(
    "Östermalm · budget 2016 · arbetsmaterial",
    "Scenario: hyran ökar",
    sammanfattning=["Nettokostnaden blir 145,4 mnkr.", "Helårseffekten är 1,1 mnkr."],
    nyckeltal=[KeyFigure(145.4, "mnkr", "Nettokostnad"), KeyFigure(None, "kr", "Hyra", "priset är inte beslutat")],
    skapad="30 september 2024 kl. 08.00",
    planbok="0.1.0",
)


class Page(HTMLParser):
    """What a page is made of: tags with attributes, and the visible text with where it stands."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._inside: list[str] = []
        self.folded: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style", "details"}:
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data):
        if not {"script", "style"} & set(self._inside):
            self.text.append(data)
            if "details" in self._inside:
                self.folded.append(data)

    def all_text(self) -> str:
        return " ".join("".join(self.text).split())


def code(*outputs, source="hemlig_kod()", tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def displayed(**data):
    return new_output("display_data", data={key.replace("_", "/", 1): value for key, value in data.items()})


def drawn(**more):
    fig = figure.bars(
        ["Vård"], {"Budget": [1.5]}, title="Vården kostar 1,5 mnkr", alt="I ord.", mattenhet="mnkr", **more
    )
    return new_output("display_data", data=figure.mimebundle(fig))


def page(*cells, meta=META) -> Page:
    return Page(render_report(new_notebook(cells=list(cells)), meta))


def section(name, *cells):
    return [new_markdown_cell(f"## {name}"), *cells]


def test_shows_no_code_no_skipped_cell_and_no_stderr():
    html = render_report(
        new_notebook(
            cells=[
                code(tags=["parameters"], source="hemlig_ar = 2016"),
                code(displayed(text_plain="hoppas över"), tags=["lab-only"]),
                code(displayed(text_plain="hoppas över"), tags=["remove-cell"]),
                code(
                    new_output("stream", name="stderr", text="hemlig varning"),
                    new_output("stream", name="stdout", text="synlig text"),
                    new_output(
                        "display_data", data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "S"}
                    ),
                ),
            ]
        ),
        META,
    )
    assert "hemlig" not in html
    assert "hoppas över" not in html
    assert "synlig text" in html


def test_asks_for_nothing_outside_the_file():
    shown = page(
        new_markdown_cell("![bild](https://example.org/a.png) <img src='https://example.org/b.png'>"),
        code(displayed(text_html="<img src='https://example.org/c.png'>", text_plain="i stället")),
        code(displayed(text_html="<link rel=stylesheet href='https://example.org/d.css'>", text_plain="i stället")),
        code(drawn()),
    )
    loading = [value for _, attrs in shown.tags for name, value in attrs.items() if name in {"src", "href", "srcset"}]
    assert [value for value in loading if re.match(r"(https?:)?//", value or "")] == []
    assert {tag for tag, _ in shown.tags} & {"iframe", "object", "embed", "img", "base"} == set()
    assert shown.all_text().count("i stället") == 2


def test_policy_names_the_scripts_and_allows_nothing_else():
    policy = next(a["content"] for t, a in page(code(drawn())).tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", rules["script-src"])
    assert rules["img-src"] == "data:"


def test_figures_are_pictures_that_need_no_script():
    shown = page(code(drawn()), code(drawn()))
    assert [attrs["class"] for tag, attrs in shown.tags if tag == "svg"] == ["wide", "narrow"] * 2
    assert [attrs.get("type") for tag, attrs in shown.tags if tag == "script"] == ["application/json"] * 2 + [None]
    assert shown.all_text().count("Vård: Budget 1,5 mnkr") == 2 * 2  # each bar of each picture says what it is
    ids = [attrs["id"] for tag, attrs in shown.tags if tag in ("figure", "figcaption")]
    assert ids == ["figur-1", "figur-1-titel", "figur-2", "figur-2-titel"]


def as_table(title="Kostnad"):
    frame = pd.DataFrame({"rad": ["Vård"], "kr": [12.0]})
    shown = Table("t", title, frame, (Column("rad", "Budgetrad"), Column("kr", "Kostnad", "kr", 0)))
    return displayed(text_html=table.render(shown))


def test_two_figures_and_a_table_are_open_and_the_rest_is_folded():
    names = ["Tabeller och figurer", "Vad förklarar skillnaden?", "Hur säkert är det?", "Kontroller", "Tom"]
    cells = [
        cell
        for name in names[:-1]
        for cell in section(
            name, code(drawn()), code(as_table(f"från {name}")), code(displayed(text_plain=f"ur {name}"))
        )
    ]
    shown = page(*cells, *section(names[-1]))
    folded = " ".join(shown.folded)
    assert [f"från {name}" in folded for name in names[:-1]] == [False, True, True, True]
    assert [f"ur {name}" in folded for name in names[:-1]] == [True] * 4
    figures = [attrs["id"] for tag, attrs in shown.tags if tag == "figure"]
    assert figures == [f"figur-{n}" for n in range(1, 5)]
    assert [attrs["href"] for tag, attrs in shown.tags if tag == "a"][1:3] == ["#figurer", "#tabell"]
    assert "Hur säkert är det?" in folded
    assert "Tom" not in shown.all_text().split()
    assert not any("open" in attrs for tag, attrs in shown.tags if tag == "details")


def test_what_is_not_there_is_not_spoken_of():
    """In the notebook a sentence stands in the place of a table; the page has neither it nor a heading over it."""
    absent = displayed(text_html=show.Prose(("Scenariot har inga åtgärder.",), look=ABSENT)._repr_html_())
    empty = new_markdown_cell("### Åtgärder\nTabellen visar åtgärderna."), code(absent)
    shown = page(*section("Hur säkert är det?", new_markdown_cell("Så här."), *empty), *section("Prova själv", code()))
    assert "Så här." in shown.all_text()
    for text in ("Åtgärder", "inga åtgärder", "visar", "Prova"):
        assert text not in shown.all_text()


def test_staff_get_no_checks_and_no_hashes_and_their_own_mark():
    cells = [
        *section("Tabeller och figurer", code(displayed(text_plain="så går det"))),
        *section("Kontroller", code(displayed(text_plain="stämmer"))),
        *section("Underlag", code(displayed(text_plain="SHA-256"))),
    ]
    marks = {
        spridning: page(*cells, meta=ReportMeta("A", spridning=spridning, lasare="alla medarbetare")).all_text()
        for spridning in ("ledning", "arbetsmaterial")
    }
    assert "Till alla medarbetare" in marks["ledning"]
    assert "Arbetsmaterial" in marks["arbetsmaterial"]
    for text in ("För ledningen", "Kontroller", "SHA-256", "stämmer"):
        assert text not in marks["ledning"]
    assert "så går det" in marks["ledning"]


def test_headings_are_in_order():
    cells = [new_markdown_cell("# Titel"), *section("Kontroller", new_markdown_cell("# Fel nivå\n### Under"))]
    levels = [int(tag[1]) for tag, _ in page(*cells).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_summary_is_said_once():
    cells = section("Sammanfattning", code(displayed(text_markdown="Nettokostnaden blir 145,4 mnkr."), drawn()))
    carried = page(*cells)
    assert carried.all_text().count("Nettokostnaden blir 145,4 mnkr.") == 1
    assert "figure" in {tag for tag, _ in carried.tags}
    without = page(*cells, meta=ReportMeta("Östermalm"))
    assert without.all_text().count("Nettokostnaden blir 145,4 mnkr.") == 1


def test_header_marks_and_key_figures():
    text = page(meta=META).all_text()
    assert "Östermalm · budget 2016 Scenario" in text  # the badge says arbetsmaterial
    assert "145,4 mnkr" in text
    assert "priset är inte beslutat" in text
    assert "Syntetiska uppgifter" not in text
    marked = page(meta=ReportMeta("A", syntetisk=True)).all_text()
    assert "Arbetsmaterial · Syntetiska uppgifter" in marked


def test_a_figure_that_is_rounded_on_purpose_says_so_on_the_first_screen():
    """42,14, about 42,9 and about -0,7: each is rounded by itself, so the last is not the others' difference."""
    rounded = KeyFigure(-700_000.0, "kr", "Budget minus dygn", avrundat_till=100_000.0)
    text = page(meta=replace(META, nyckeltal=[KeyFigure(42_142_338.0, "kr", "Slutlig budget"), rounded])).all_text()
    plain = text.replace("\u00a0", " ")
    assert "42 142 338 kr" in plain and "cirka 42" not in plain
    assert "cirka −700 000 kr" in plain and "avrundat för sig" in plain


def test_faults_are_said_first_and_without_traceback():
    error = new_output("error", ename="InputError", evalue="FEL I PLANEN\n  rad 3", traceback=["\x1b[31mhemlig"])
    odd = new_output("error", ename="KeyError", evalue="'x'", traceback=["hemlig"])
    shown = page(code(error), code(odd), meta=ReportMeta("A", fel=["Delarna summerar inte."])).all_text()
    assert "Rapporten har fel som måste rättas: Delarna summerar inte." in shown
    assert "Beräkningen stannade härFEL I PLANEN rad 3" in shown
    assert "Ett oväntat fel (KeyError): 'x'" in shown
    assert "hemlig" not in shown


def test_a_fault_is_never_folded_away():
    error = new_output("error", ename="InputError", evalue="FEL", traceback=[])
    cells = [*section("Kontroller", code(error)), *section("Underlag", code(displayed(text_plain="text")))]
    assert ["open" in attrs for tag, attrs in page(*cells).tags if attrs.get("class") == "fold"] == [True, False]


def test_hostile_text_stays_text():
    meta = ReportMeta(HOSTILE, HOSTILE, spridning=HOSTILE, fel=[HOSTILE], sammanfattning=[HOSTILE], skapad=HOSTILE)
    hostile = Table(HOSTILE, HOSTILE, pd.DataFrame({"a": [HOSTILE]}), (Column("a", HOSTILE, HOSTILE),), note=HOSTILE)
    fig = figure.bars([HOSTILE], {HOSTILE: [1.0]}, title=HOSTILE, alt=HOSTILE, mattenhet="kr")
    shown = page(
        new_markdown_cell(f"# {HOSTILE}\n## {HOSTILE}\n{HOSTILE} [länk](javascript:alert(1))"),
        code(new_output("display_data", data=figure.mimebundle(fig))),
        code(displayed(text_html=table.render(hostile))),
        code(displayed(text_html="<script>alert(1)</script>", text_plain="ofarligt")),
        code(new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[])),
        meta=meta,
    )
    scripts = [attrs for tag, attrs in shown.tags if tag == "script"]
    assert [attrs.get("type") for attrs in scripts] == ["application/json", None]
    assert "javascript:" not in " ".join(value or "" for _, attrs in shown.tags for value in attrs.values())
    assert shown.all_text().count(HOSTILE) > 8


def test_language_skip_link_and_alternatives():
    shown = page(code(drawn()))
    assert ("html", {"lang": "sv"}) in shown.tags
    assert any(attrs.get("href") == "#innehall" for tag, attrs in shown.tags if tag == "a")
    assert any(attrs.get("role") == "img" and attrs.get("aria-label") == "I ord." for _, attrs in shown.tags)


# --- Figures ------------------------------------------------------------------------------------------------------


def _linear(color: str) -> np.ndarray:
    part = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def _contrast_to_white(color: str) -> float:
    return 1.05 / (float(_linear(color) @ [0.2126, 0.7152, 0.0722]) + 0.05)


def _lab(linear: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ np.clip(linear, 0, 1) / [0.9505, 1, 1.089], 0.001, 1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


# Machado, Oliveira and Fernandes 2009, severity 1.0
COLOUR_VISION = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopia": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopia": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
COLORS = [figure.BASELINE, figure.SCENARIO, figure.DEFICIT, figure.SURPLUS, figure.ASSUMPTION, figure.TARGET]


def test_colours_stand_out_from_white():
    assert all(_contrast_to_white(color) >= 3 for color in COLORS)  # WCAG 1.4.11, graphical objects
    assert all(_contrast_to_white(color) >= 4.5 for color in (figure.INK, figure.MUTED))


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_colours_are_told_apart(vision):
    seen = {color: _lab(COLOUR_VISION[vision] @ _linear(color)) for color in COLORS}
    distances = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in itertools.combinations(COLORS, 2)}
    assert min(distances.values()) > 12, min(distances, key=distances.get)


def test_a_figure_needs_a_title_and_words():
    with pytest.raises(ValueError, match="alt"):
        figure.bars(["a"], {"b": [1]}, title="T", alt=" ", mattenhet="kr")


def test_figure_numbers_are_swedish():
    fig = waterfall(
        ("Budget", 144.8), {"Vård": 0.9, "LASS": -0.3}, ("Scenario", 145.4), title="T", alt="A", mattenhet="mnkr"
    )
    assert list(fig.data[0].text) == ["144,8", "+0,9", "−0,3", "145,4"]
    assert list(fig.data[0].marker.color) == [figure.BASELINE, figure.DEFICIT, figure.SURPLUS, figure.SCENARIO]
    assert list(fig.data[0].x) == pytest.approx([0, 0.9, 0.3, 0])  # the ends are lines, at their numbers
    assert list(fig.data[1].x) == [144.8, 145.4]
    assert fig.layout.xaxis.range[0] > 144
    assert fig.layout.meta["alt"] == "A"


def test_a_bridge_that_does_not_close_is_refused():
    with pytest.raises(ValueError, match="does not close"):
        waterfall(("A", 1.0), {"b": 1.0}, ("C", 3.0), title="T", alt="A", mattenhet="kr")


def test_a_name_twice_or_a_number_too_few_is_refused():
    with pytest.raises(ValueError, match="twice"):
        figure.bars(["a", "a"], {"b": [1, 2]}, title="T", alt="A", mattenhet="kr")
    with pytest.raises(ValueError, match="1 numbers for 2 names"):
        figure.lines(["jan", "feb"], {"b": [1]}, title="T", alt="A", mattenhet="kr")


def test_a_shown_figure_stores_plotly_json_only(monkeypatch):
    stored = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: stored.append((data, raw)))
    show.figure(figure.bars(["a"], {"b": [1]}, title="T", alt="A", mattenhet="kr"))
    [(data, raw)] = stored
    assert raw
    assert list(data) == ["application/vnd.plotly.v1+json"]


# --- Tables -------------------------------------------------------------------------------------------------------

FRAME = pd.DataFrame({"rad": ["Vård <b>", "LASS", "Summa"], "kr": [11000.0, None, 11000.0], "d": [0.25, -0.3, -0.05]})
COLUMNS = (Column("rad", "Budgetrad"), Column("kr", "Kostnad", "kr", 0), Column("d", "Skillnad", "mnkr", signed=True))


def test_table_is_accessible_and_swedish():
    html = table.render(Table("t", "Kostnad & skillnad", FRAME, COLUMNS, total_row=True))
    shown = Page(html)
    assert "<caption>Kostnad &amp; skillnad</caption>" in html
    assert [a["scope"] for t, a in shown.tags if t == "th"] == ["col"] * 3 + ["row"] * 3
    assert "Kostnad (kr)" in html
    assert all(text in html for text in ("Vård &lt;b&gt;", "11\u00a0000", "+0,3", "−0,3", ">–<"))
    assert html.count('class="total"') == 1


def test_withheld_cells_say_so():
    """What few persons' sake withholds and what isn't known are two words; a note is neither."""
    why = {(1, "kr"): ("skyddas", "få personer")}
    missing = {(1, "kr"): ("saknas", "regeln har inget värde")}
    shown = [table.render(Table("t", "T", FRAME, COLUMNS, note="Prov.", celler=cells)) for cells in (why, missing, {})]
    assert [[word in html for word in (">skyddas<", ">saknas<", ">–<")] for html in shown] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_only_long_words_may_break():
    frame = pd.DataFrame({"a": ["aa" * 30], "b": ["korta ord som får radbrytas mellan orden"]})
    html = table.render(Table("t", "T", frame, (Column("b", "Ord"), Column("a", "Hash"))))
    assert html.count('class="long"') == 1


def test_a_page_has_at_most_five_columns_and_no_empty_one():
    numbers = {f"n{i}": [1.0, 2.0] for i in range(6)}
    frame = pd.DataFrame({"rad": ["Vård", "LASS"], "tom": [None, None], **numbers, "d": ["2024-01", "2024-08-27"]})
    columns = (
        Column("rad", "Budgetrad"),
        Column("tom", "Tom", "kr"),
        *(Column(key, key, "kr", 0) for key in numbers),
        Column("d", "Månad"),
    )
    shown = Table("t", "T", frame, columns)
    assert re.findall(r'scope="col"[^>]*>([^<]*)<', table.render(shown)) == [
        "Budgetrad", "n0 (kr)", "n1 (kr)", "n2 (kr)", "n3 (kr)",
    ]  # fmt: skip
    named = table.render(replace(shown, visa=("rad", "n5", "d")))
    assert re.findall(r'scope="col"[^>]*>([^<]*)<', named) == ["Budgetrad", "n5 (kr)", "Månad"]
    assert named.count('class="day"') == 2
    assert "27 aug 2024" in named
    assert 'data-v="2.0"' in named


def test_a_shown_table_has_html_and_text():
    bundle = table.show(Table("t", "T", FRAME, COLUMNS))._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "Kostnad (kr)" in bundle["text/plain"]
