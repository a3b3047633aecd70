"""One offline HTML page without code from an executed notebook: the answer, two figures and a table; the rest folded.

The page asks the network for nothing. Its policy allows no script but the one whose hash it names, so that nothing in
a notebook's text, data or outputs can run. What it shows is there without that script too.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from planbok.case.result import WORKING_PAPERS, KeyFigure
from planbok.report.assets import asset, css_string, script_hash, template
from planbok.report.cells import Block, Section, sections_of, without_absent
from planbok.report.derivation_html import anchor, panels, said
from planbok.report.text import unbroken_dates

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUMMARY = "Sammanfattning"
FIGURES = "Tabeller och figurer"
FROM = "Varifrån kommer talen?"
SHOWN_FIRST = (FIGURES, "Vad förklarar skillnaden?")  # the open figures and table are taken of these
NOT_ON_A_PAGE = ("Prova själv",)  # nothing can be turned there
CONTROLLERS = ("Kontroller", "Antaganden och källor", "Underlag", "Om rapporten")  # nothing for staff
OPEN_FIGURES, OPEN_TABLES, KEY_FIGURES = 2, 1, 4
MOST_ROWS = 14  # of the table that stands open, where there is one so short
LONGEST_TABLE = 20  # rows: a longer one is folded, and the page is still three screens
SYNTHETIC = "syntetiska uppgifter"
SPRIDNING = {WORKING_PAPERS: "Arbetsmaterial", "ledning": "För ledningen", "offentlig": "Offentlig"}


@dataclass(frozen=True)
class ReportMeta:
    """What the page says beside the notebook's own cells.

    `sammanfattning` is the first screen. The notebook's section of that name then adds only what is not text
    (figures, tables, faults), so that the sentences are not said twice; when it is empty the section is shown whole.
    `lasare` is who reads it where that is neither the management nor the public: "alla medarbetare".
    """

    rubrik: str
    underrubrik: str = ""
    spridning: str = WORKING_PAPERS
    syntetisk: bool = False
    fel: list[str] = field(default_factory=list)  # failed checks and faults, as sentences
    nyckeltal: list[KeyFigure] = field(default_factory=list)
    skapad: str = ""  # local Swedish time as people write it
    planbok: str = ""
    sammanfattning: list[str] = field(default_factory=list)
    lasare: str = ""
    lankar: list[tuple[str, str]] = field(default_factory=list)  # texts and relative addresses
    prov: dict[str, Any] = field(default_factory=dict)  # what can be turned: dials, figures, floors and the sentence
    harledning: dict[str, Any] = field(default_factory=dict)  # where each number comes from; {} shows no panels


@dataclass(frozen=True)
class Part:
    """A folded part of the page."""

    id: str
    heading: str
    blocks: list[Markup]
    open: bool = False


def render_report(notebook: "NotebookNode", meta: ReportMeta) -> str:
    """The report as one HTML text that needs no network and shows no code."""
    kicker, sections = sections_of(notebook, SUMMARY if meta.sammanfattning else "")
    summary = [block for section in sections if section.heading == SUMMARY for block in section.blocks]
    rest = [section for section in sections if section.heading not in (SUMMARY, *NOT_ON_A_PAGE)]
    if meta.lasare:
        rest = [section for section in rest if section.heading not in CONTROLLERS or section.faulty]
    sheets, rest = _sheets(rest)
    figures, tables, rest = _opened([*summary], rest)
    numbered = itertools.count(1)
    subject, context = _title_parts(meta)
    script = asset("page.js") + (asset("dials.js") if meta.prov else "")
    page = template("report.html.j2").render(
        meta=meta,
        kicker=kicker,
        subject=subject,
        context=context,
        marks=_marks(meta),
        key_figures=[_key_figure(figure, meta.harledning) for figure in meta.nyckeltal[:KEY_FIGURES]],
        summary=[_numbered(block, numbered) for block in summary if block.kind not in ("figure", "table", "absent")],
        figures=[_numbered(block, numbered) for block in figures],
        tables=[_numbered(block, numbered) for block in tables],
        sheets=[Part(f"sida-{n}", b[0].heading, [_numbered(x, numbered) for x in b]) for n, b in enumerate(sheets, 1)],
        folded=[*_folded(rest, numbered, bool(figures or tables)), *_derived(meta)],
        dials=Markup(json.dumps(meta.prov, ensure_ascii=False).replace("<", "\\u003c")) if meta.prov else "",
        script=Markup(script),
        script_hash=script_hash(script),
        style=Markup(asset("base.css") + asset("report.css")),
        running_foot=Markup(css_string(" · ".join(part for part in (subject, *context) if part))),
    )
    return unbroken_dates(page)


def _opened(summary: list[Block], rest: list[Section]) -> tuple[list[Block], list[Block], list[Section]]:
    """The first figures and the first table, which stand open, and the sections without them.

    Those of the summary come first, then those of the sections that are shown first, in order.
    """
    seen = [*summary, *(block for section in rest if section.heading in SHOWN_FIRST for block in section.blocks)]
    figures = [block for block in seen if block.kind == "figure"][:OPEN_FIGURES]
    tables = [block for block in seen if block.kind == "table" and not _mostly_withheld(block)]
    short = [block for block in tables if block.html.count("<tr") <= MOST_ROWS + 1]
    tables = (short or [block for block in tables if block.html.count("<tr") <= LONGEST_TABLE + 1])[:OPEN_TABLES]
    lifted = {id(block) for block in (*figures, *tables)}
    elsewhere = Block("absent", Markup("lyft"))
    left = [
        Section(section.heading, [elsewhere if id(block) in lifted else block for block in section.blocks])
        for section in rest
    ]
    return figures, tables, left


def _mostly_withheld(block: Block) -> bool:
    """Whether more than half of a table's cells are protected: such a one says nothing first on a page.

    >>> cells = [Markup(f"<td>{text}</td>") for text in ("5", "skyddas", "skyddas")]
    >>> _mostly_withheld(Block("table", cells[0] + cells[1])), _mostly_withheld(Block("table", Markup().join(cells)))
    (False, True)
    """
    return 2 * block.html.count("skyddas</td>") > block.html.count("</td>")


def _sheets(sections: list[Section]) -> tuple[list[list[Block]], list[Section]]:
    """The pages of their own, each with the figure that follows its text, and the sections without them."""
    sheets: list[list[Block]] = []
    left = []
    for section in sections:
        kept: list[Block] = []
        for before, block in itertools.pairwise([Block("absent", Markup("")), *section.blocks]):
            if block.kind == "sheet":
                sheets.append([block])
            elif block.kind == "figure" and before.kind == "sheet":
                sheets[-1].append(block)
            else:
                kept.append(block)
        left.append(Section(section.heading, kept))
    return sheets, left


def _folded(sections: list[Section], numbers: Iterator[int], lifted: bool) -> Iterator[Part]:
    """What is folded: the sections that have something to say."""
    for place, section in enumerate(sections, 1):
        blocks = without_absent(section.blocks)
        if blocks:
            more = lifted and section.heading == FIGURES
            heading = f"Fler {FIGURES.lower()}" if more else section.heading
            yield Part(f"del-{place}", heading, [_numbered(block, numbers) for block in blocks], section.faulty)


def _derived(meta: ReportMeta) -> Iterator[Part]:
    """Where the numbers come from; nothing for staff."""
    if meta.harledning and not meta.lasare:
        yield Part("varifran", FROM, panels(meta.harledning))


def _numbered(block: Block, numbers: Iterator[int]) -> Markup:
    """A block whose figure has a number in the page, by which its parts find each other."""
    if block.kind != "figure":
        return block.html
    return Markup(str(block.html).replace("figur-0", f"figur-{next(numbers)}"))


def _title_parts(meta: ReportMeta) -> tuple[str, list[str]]:
    """The heading's subject and its other parts, without what the badges say already."""
    subject, *rest = [part.strip() for part in meta.rubrik.split(" · ")]
    said = {mark.lower() for mark in _marks(meta)}
    return subject, [part for part in rest if part.lower() not in said]


APART = "avrundat för sig"  # so that it need not be the difference of its neighbours to the last digit


def _marks(meta: ReportMeta) -> list[str]:
    """Whom the page is for, and whether its figures are made up; a working paper is always marked as one."""
    label = SPRIDNING.get(meta.spridning, meta.spridning)
    if meta.lasare and meta.spridning != WORKING_PAPERS:
        label = f"Till {meta.lasare}"
    return [*([label] if label else []), *([SYNTHETIC.capitalize()] if meta.syntetisk else [])]


def _key_figure(figure: KeyFigure, derivation: dict[str, Any]) -> dict[str, str]:
    """A key figure as the page shows it, with the address of where it comes from."""
    value = "–" if figure.varde is None else figure.shown
    its = (figure.etikett, figure.varde)
    found = derivation.get("nyckeltal", {}).items()
    name = next((name for name, entry in found if (entry["etikett"], entry["varde"]) == its), "")
    address = {"varifran": f"#{anchor(name)}"} if name else {}
    why = (
        said(derivation["nyckeltal"][name])
        if name and figure.varde is None
        else figure.why or APART * bool(figure.about)
    )
    return {"etikett": figure.etikett, "varde": value, "saknas": why, **address}
