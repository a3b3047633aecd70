"""One offline HTML page without code from an executed notebook: the answer first, the working folded below it.

The page asks the network for nothing. Its policy allows no script but the two whose hashes it names, so that nothing
in a notebook's text, data or outputs can run.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import mistune
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from planbok.base.errors import PlanbokError
from planbok.base.numbers import format_unit
from planbok.case.result import KeyFigure
from planbok.report.text import MIME

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUMMARY = "Sammanfattning"
OPEN_SECTIONS = (SUMMARY, "Tabeller och figurer", "Vad förklarar skillnaden?")
PREAMBLE = "Om frågan"
SKIPPED_TAGS = {"parameters", "injected-parameters", "lab-only", "remove-cell"}
ERROR_TAG = "papermill-error"
WORKING_PAPER = "arbetsmaterial"
SYNTHETIC = "syntetiska uppgifter"
SPRIDNING = {WORKING_PAPER: "Arbetsmaterial", "ledning": "För ledningen", "offentlig": "Offentlig"}
FAULT = Markup('<div class="fault">')
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SCRIPT = re.compile(r"<(script|iframe|object|embed|link|meta|base)\b", re.IGNORECASE)
REMOTE = re.compile(r"<(?:img|video|audio|source)\b[^>]*\bsrc(?:set)?\s*=\s*[\"']?(?!data:)", re.IGNORECASE)


@dataclass(frozen=True)
class ReportMeta:
    """What the page says beside the notebook's own cells.

    `sammanfattning` is the first screen. The notebook's section of that name then adds only what is not text
    (figures, tables, faults), so that the sentences are not said twice; when it is empty the section is shown whole.
    """

    rubrik: str
    underrubrik: str = ""
    spridning: str = WORKING_PAPER
    syntetisk: bool = False
    fel: list[str] = field(default_factory=list)  # failed checks and faults, as sentences
    nyckeltal: list[KeyFigure] = field(default_factory=list)
    skapad: str = ""  # local Swedish time as people write it
    planbok: str = ""
    sammanfattning: list[str] = field(default_factory=list)


@dataclass
class Section:
    """A part of the report under one heading; its blocks are HTML."""

    heading: str
    blocks: list[Markup] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        """Whether the notebook stopped here: then the section is never folded away."""
        return any(block.startswith(FAULT) for block in self.blocks)


def render_report(notebook: "NotebookNode", meta: ReportMeta) -> str:
    """The report as one HTML text that needs no network and shows no code."""
    kicker, sections = _sections(notebook, bool(meta.sammanfattning))
    summary = [block for section in sections if section.heading == SUMMARY for block in section.blocks]
    shown = [section for section in sections if section.blocks and section.heading != SUMMARY]
    body = Markup("").join(block for section in sections for block in section.blocks)
    figures = '<script type="application/json" class="figure-data">' in body
    subject, context = _title_parts(meta)
    script = asset("page.js") + (asset("report.js") if figures else "")
    hashes = [script_hash(script), *([packed_plotly()[1]] if figures else [])]
    return template("report.html.j2").render(
        meta=meta,
        kicker=kicker,
        subject=subject,
        context=context,
        marks=_marks(meta),
        key_figures=[_key_figure(figure) for figure in meta.nyckeltal],
        summary=summary,
        open_sections=[section for section in shown if section.heading in OPEN_SECTIONS],
        folded_sections=[section for section in shown if section.heading not in OPEN_SECTIONS],
        plotly=Markup(packed_plotly()[0]) if figures else "",
        script=Markup(script),
        script_hashes=hashes,
        style=Markup(asset("base.css") + asset("report.css")),
        running_foot=Markup(css_string(" · ".join(part for part in (subject, *context) if part))),
    )


@cache
def template_environment() -> Environment:
    """The templates of the report and the index pages; everything they show is escaped."""
    loader = PackageLoader("planbok.report", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def template(name: str) -> Any:
    """One template of the package by its file name."""
    return template_environment().get_template(name)


@cache
def asset(name: str) -> str:
    """A style sheet or a script of the package."""
    return (resources.files("planbok.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def packed_plotly() -> tuple[str, str]:
    """plotly.js as gzip in base64, and the hash the page's policy knows it by. Half a second the first time."""
    from plotly.offline import get_plotlyjs

    text = get_plotlyjs()
    packed = gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    return base64.b64encode(packed).decode("ascii"), script_hash(text)


def script_hash(text: str) -> str:
    """How a content security policy names a script.

    >>> script_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def css_string(text: str) -> str:
    """A text as a CSS string that can end neither the string nor the style sheet.

    >>> css_string('Enhet "A" </style>')
    '"Enhet \\\\22 A\\\\22  \\\\3c \\\\2f style\\\\3e "'
    """
    return '"' + "".join(char if char.isalnum() or char in " ,.·–-" else f"\\{ord(char):x} " for char in text) + '"'


def markdown(text: str) -> Markup:
    """Markdown as HTML below a section's heading; raw HTML is shown as text and pictures must be in the page."""
    return Markup(_markdown()(text))


def _sections(notebook: "NotebookNode", carried: bool) -> tuple[str, list[Section]]:
    """The notebook's title, and its sections in order. `carried`: the page says the summary's sentences itself."""
    title, current = "", Section(PREAMBLE)
    sections = [current]
    numbers = iter(range(1, 10_000))
    for cell in notebook.cells:
        tags = set(cell.get("metadata", {}).get("tags", []))
        if tags & SKIPPED_TAGS or any(tag.startswith(ERROR_TAG) for tag in tags):
            continue
        if cell.cell_type == "markdown":
            for level, heading, text in split_headings(cell.source):
                if level == 1 and not title:
                    title = heading
                elif level:
                    current = Section(heading)
                    sections.append(current)
                if text.strip():
                    current.blocks.append(Markup('<div class="prose">{}</div>').format(markdown(text)))
        elif cell.cell_type == "code":
            text_too = not (carried and current.heading == SUMMARY)
            current.blocks += [block for block in _outputs(cell, numbers, text_too) if block]
    return title, [*sections[1:], sections[0]]


def split_headings(source: str) -> Iterator[tuple[int, str, str]]:
    """The parts of a markdown cell: level of the heading that begins it (0: none), the heading, the text below.

    >>> list(split_headings("# Budget\\nEn fråga.\\n## Tabeller\\nText."))
    [(1, 'Budget', 'En fråga.\\n'), (2, 'Tabeller', 'Text.')]
    """
    level, heading, fenced = 0, "", False
    lines: list[str] = []
    for line in source.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith("```")
        found = None if fenced else re.match(r"(##?)\s+(.+?)\s*#*\s*$", line)
        if found:
            if heading or lines:
                yield level, heading, "".join(lines)
            level, heading, lines = len(found[1]), found[2], []
        else:
            lines.append(line)
    if heading or lines:
        yield level, heading, "".join(lines)


def _outputs(cell: "NotebookNode", numbers: Iterator[int], text_too: bool) -> Iterator[Markup]:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield _error(output)
        elif output.output_type == "stream":
            if text_too and output.name == "stdout":
                yield _pre(output.text)
        elif "application/vnd.jupyter.widget-view+json" not in output.data:
            yield _displayed(output.data, numbers, text_too)


def _displayed(data: dict[str, Any], numbers: Iterator[int], text_too: bool) -> Markup:
    """An output by its best mime type."""
    html = "".join(data.get("text/html", ""))
    if MIME in data:
        return _figure(data[MIME], next(numbers))
    if html and not SCRIPT.search(html) and not REMOTE.search(html) and (text_too or "<table" in html):
        return Markup('<div class="output">{}</div>').format(Markup(html))
    if not text_too:
        return Markup("")
    if "text/markdown" in data:
        return Markup('<div class="prose">{}</div>').format(markdown("".join(data["text/markdown"])))
    return _pre("".join(data.get("text/plain", "")))


def _figure(spec: dict[str, Any], number: int) -> Markup:
    """A figure: its title as text that wraps, its data for plotly, its alternative in words."""
    layout = dict(spec.get("layout", {}))
    known = layout.get("meta") or {}
    known = known if isinstance(known, dict) else {}
    stated = layout.pop("title", None) or {}
    stated = stated.get("text", "") if isinstance(stated, dict) else str(stated)
    title = known.get("title") or re.sub(r"<[^>]+>", " ", stated).strip()
    alt = known.get("alt") or title or "Figuren saknar beskrivning i ord."
    margin = dict(layout.get("margin") or {})
    if "height" in layout and "t" in margin:
        layout["height"] = max(160, layout["height"] - margin["t"] + 12)
    layout["margin"] = {**margin, "t": 12}
    packed = json.dumps({"data": spec.get("data", []), "layout": layout}, ensure_ascii=False, separators=(",", ":"))
    return Markup(template("figure.html.j2").module.figure(number, title, alt, Markup(packed.replace("<", "\\u003c"))))


def _error(output: "NotebookNode") -> Markup:
    """The message of what stopped the notebook: a person's own faults as they are, other errors with their name."""
    known = {"PlanbokError", *_names(PlanbokError)}
    message = ANSI.sub("", output.get("evalue", "")).strip()
    name = output.get("ename", "")
    said = message if name in known else f"Ett oväntat fel ({name}): {message}"
    text = Markup('<p class="fault-head">Beräkningen stannade här</p><p class="fault-text">{}</p></div>').format(said)
    return FAULT + text


def _names(base: type) -> Iterator[str]:
    children: list[type] = base.__subclasses__()
    for child in children:
        yield child.__name__
        yield from _names(child)


def _pre(text: str) -> Markup:
    text = ANSI.sub("", "".join(text)).rstrip()
    return Markup('<pre tabindex="0">{}</pre>').format(text) if text else Markup("")


def _title_parts(meta: ReportMeta) -> tuple[str, list[str]]:
    """The heading's subject and its other parts, without what the badges say already."""
    subject, *rest = [part.strip() for part in meta.rubrik.split(" · ")]
    said = {mark.lower() for mark in _marks(meta)}
    return subject, [part for part in rest if part.lower() not in said]


def _marks(meta: ReportMeta) -> list[str]:
    marks = [SPRIDNING.get(meta.spridning, meta.spridning)] if meta.spridning else []
    return [*marks, *([SYNTHETIC.capitalize()] if meta.syntetisk else [])]


def _key_figure(figure: KeyFigure) -> dict[str, str]:
    value = "–" if figure.varde is None else format_unit(figure.varde, figure.mattenhet)
    return {"etikett": figure.etikett, "varde": value, "saknas": figure.why}


class _Renderer(mistune.HTMLRenderer):
    """Headings below the section's own, pictures only when they are in the page."""

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        level = 3 if level <= 3 else 4
        return f"<h{level}>{text}</h{level}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("data:image/"):
            return f'<img src="{escape(url)}" alt="{escape(text)}">'
        return str(escape(text))


def _header_cell(renderer: Any, text: str, align: str | None = None, head: bool = False) -> str:
    side = f' style="text-align:{align}"' if align else ""
    return f'<th scope="col"{side}>{text}</th>\n' if head else f"<td{side}>{text}</td>\n"


@cache
def _markdown() -> mistune.Markdown:
    renderer = _Renderer(escape=True)
    maker = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    renderer.register("table_cell", _header_cell)
    return maker
