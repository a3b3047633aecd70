"""From an executed notebook to the parts of its report: what each cell shows, under the heading where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import mistune
from markupsafe import Markup, escape

from planbok.base.errors import PlanbokError
from planbok.report.picture.on_page import figure
from planbok.report.text import ABSENT, MIME, SHEET

if TYPE_CHECKING:
    from nbformat import NotebookNode

PREAMBLE = "Om frågan"
SKIPPED_TAGS = {"parameters", "injected-parameters", "lab-only", "remove-cell"}
ERROR_TAG = "papermill-error"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SCRIPT = re.compile(r"<(script|iframe|object|embed|link|meta|base)\b", re.IGNORECASE)
REMOTE = re.compile(r"<(?:img|video|audio|source)\b[^>]*\bsrc(?:set)?\s*=\s*[\"']?(?!data:)", re.IGNORECASE)

Kind = Literal["prose", "figure", "table", "text", "fault", "absent", "sheet"]


@dataclass(frozen=True)
class Block:
    """Something that is shown, as HTML. A `prose` block with a heading begins a group of blocks."""

    kind: Kind
    html: Markup
    heading: str = ""


@dataclass
class Section:
    """A part of the report under one heading."""

    heading: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        """Whether the notebook stopped here: then the section is never folded away."""
        return any(block.kind == "fault" for block in self.blocks)


def sections_of(notebook: "NotebookNode", carried: str = "") -> tuple[str, list[Section]]:
    """The notebook's title, and its sections in order, the preamble last.

    `carried` names the section whose sentences the page says itself: of it only figures, tables and faults are kept.
    """
    title, current = "", Section(PREAMBLE)
    sections = [current]
    for cell in notebook.cells:
        tags = set(cell.get("metadata", {}).get("tags", []))
        if tags & SKIPPED_TAGS or any(tag.startswith(ERROR_TAG) for tag in tags):
            continue
        if cell.cell_type == "markdown":
            for level, heading, text in split_headings(cell.source):
                if level == 1 and not title:
                    title = heading
                elif level in (1, 2):
                    current = Section(heading)
                    sections.append(current)
                if level == 3 or text.strip():
                    current.blocks.append(_prose(text, heading if level == 3 else ""))
        elif cell.cell_type == "code":
            text_too = not carried or current.heading != carried
            current.blocks += [block for block in _outputs(cell, text_too) if block.html]
    return title, [*sections[1:], sections[0]]


def _prose(text: str, heading: str) -> Block:
    head = Markup("<h3>{}</h3>").format(_inline(heading)) if heading else Markup("")
    return Block("prose", Markup('<div class="prose">{}{}</div>').format(head, markdown(text)), heading)


def without_absent(blocks: list[Block]) -> list[Block]:
    """The blocks without those that only say that something is missing, and without headings that are then empty.

    A heading whose outputs are all absent, or shown elsewhere, goes with its text; one over text alone stays.
    """
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "prose" and block.heading:
            groups.append([])
        groups[-1].append(block)
    found: list[Block] = []
    for group in groups:
        left = [block for block in group if block.kind != "absent"]
        if any(block.kind != "prose" for block in left) or len(left) == len(group):
            found += left
    return found


def split_headings(source: str) -> Iterator[tuple[int, str, str]]:
    """The parts of a markdown cell: level of the heading that begins it (0: none), the heading, the text below.

    >>> list(split_headings("# Budget\\nEn fråga.\\n## Tabeller\\nText."))
    [(1, 'Budget', 'En fråga.\\n'), (2, 'Tabeller', 'Text.')]
    """
    level, heading, fenced = 0, "", False
    lines: list[str] = []
    for line in source.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith("```")
        found = None if fenced else re.match(r"(#{1,3})\s+(.+?)\s*#*\s*$", line)
        if found:
            if heading or lines:
                yield level, heading, "".join(lines)
            level, heading, lines = len(found[1]), found[2], []
        else:
            lines.append(line)
    if heading or lines:
        yield level, heading, "".join(lines)


def _outputs(cell: "NotebookNode", text_too: bool) -> Iterator[Block]:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield Block("fault", _error(output))
        elif output.output_type == "stream":
            if text_too and output.name == "stdout":
                yield Block("text", _pre(output.text))
        elif "application/vnd.jupyter.widget-view+json" not in output.data:
            yield _displayed(output.data, text_too)


def _displayed(data: dict[str, Any], text_too: bool) -> Block:
    """An output by its best mime type."""
    html = "".join(data.get("text/html", ""))
    if MIME in data:
        return Block("figure", figure(data[MIME]))
    if html and not SCRIPT.search(html) and not REMOTE.search(html):
        if ABSENT in html[:60]:
            return Block("absent", Markup(html))
        if "<table" in html:
            titled = re.sub(r"<caption>(.*?)</caption>", r"<caption><h3>\1</h3></caption>", html, count=1, flags=re.S)
            return Block("table", Markup('<div class="output">{}</div>').format(Markup(titled)))
        if SHEET in html[:60]:
            found = re.search(r"<h3>(.*?)</h3>", html, re.S)
            head = found[1] if found else ""
            return Block("sheet", Markup(html.replace(f"<h3>{head}</h3>", "", 1)), Markup(head).unescape())
        return Block("text", Markup('<div class="output">{}</div>').format(Markup(html)) if text_too else Markup(""))
    if not text_too:
        return Block("text", Markup(""))
    if "text/markdown" in data:
        return Block("text", Markup('<div class="prose">{}</div>').format(markdown("".join(data["text/markdown"]))))
    return Block("text", _pre("".join(data.get("text/plain", ""))))


def _error(output: "NotebookNode") -> Markup:
    """The message of what stopped the notebook: a person's own faults as they are, other errors with their name."""
    known = {"PlanbokError", *_names(PlanbokError)}
    message = ANSI.sub("", output.get("evalue", "")).strip()
    name = output.get("ename", "")
    said = message if name in known else f"Ett oväntat fel ({name}): {message}"
    return Markup(
        '<div class="fault"><p class="fault-head">Beräkningen stannade här</p><p class="fault-text">{}</p></div>'
    ).format(said)


def _names(base: type) -> Iterator[str]:
    children: list[type] = base.__subclasses__()
    for child in children:
        yield child.__name__
        yield from _names(child)


def _pre(text: str) -> Markup:
    text = ANSI.sub("", "".join(text)).rstrip()
    return Markup('<pre tabindex="0">{}</pre>').format(text) if text else Markup("")


def markdown(text: str) -> Markup:
    """Markdown as HTML below a section's heading; raw HTML is shown as text and pictures must be in the page."""
    return Markup(_markdown()(text))


def _inline(text: str) -> Markup:
    """A heading's own text, with its emphasis."""
    return Markup(re.sub(r"^<p>(.*)</p>\s*$", r"\1", str(_markdown()(text)), flags=re.DOTALL))


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
