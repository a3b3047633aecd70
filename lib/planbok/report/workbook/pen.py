"""How the Excel file writes: looks, pages set for printing, and texts that stay texts."""

import textwrap
import unicodedata
from typing import Any

import xlsxwriter

from planbok.report.text import neutral

LINE = 15.5  # height of a row of text, points

_CELL_TEXT = 32_767
_FOOTER_TEXT = 80
_BLUE = "#1F3864"
_PALE = "#DCE6F1"
_GREY = "#595959"
_RULE = "#D0D8E4"
_RED = "#9C0006"
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": _BLUE, "text_wrap": True, "valign": "top"},
    "subtitle": {"font_size": 12, "font_color": _BLUE, "text_wrap": True, "valign": "top"},
    "quiet": {"font_color": _GREY, "text_wrap": True, "valign": "top"},
    "section": {"bold": True, "font_size": 13, "font_color": _BLUE},
    "heading": {
        "bold": True, "font_color": _BLUE, "bg_color": _PALE, "bottom": 1, "bottom_color": _BLUE, "text_wrap": True,
        "valign": "vcenter",
    },
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "link": {"font_color": _BLUE, "underline": 1, "valign": "top"},
    "number": {"align": "right", "indent": 1, "valign": "top"},
    "code": {"align": "left", "valign": "top"},
    "total": {"bold": True, "top": 1, "top_color": _BLUE},
    "bad": {"bold": True, "font_color": _RED},
    "right": {"align": "right", "indent": 1},
    "filtered": {"align": "right", "indent": 2},  # clear of the filter's button
    "input": {"bg_color": "#FFF2CC", "border": 1, "border_color": "#B57800"},
    "line": {"bottom": 1, "bottom_color": _RULE},
}  # fmt: skip


class Pen:
    """Writes cells and pages of one workbook; a format is made once for each look."""

    def __init__(self, book: xlsxwriter.Workbook, footer: str):
        self.book = book
        self.footer = f"&L{footer[:_FOOTER_TEXT].replace('&', '&&')}&C&A&RSida &P av &N"
        self._formats: dict[tuple[tuple[str, ...], str], Any] = {}

    def sheet(self, name: str) -> Any:
        """A new sheet, set for printing on A4 across, as wide as one page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(self.footer)
        return sheet

    def look(self, *styles: str, num_format: str = "") -> Any:
        """The format that the named styles make together, later ones over earlier."""
        key = (styles, num_format)
        if key not in self._formats:
            properties: dict[str, Any] = {}
            for style in styles:
                properties |= _STYLES[style]
            self._formats[key] = self.book.add_format(properties | ({"num_format": num_format} if num_format else {}))
        return self._formats[key]

    def text(self, sheet: Any, row: int, span: tuple[int, int], text: str, *styles: str) -> None:
        """A text over columns, never read as a formula, a link or markup."""
        look, writable = self.look(*styles), neutral(clean(text))
        if span[0] < span[1]:
            sheet.merge_range(row, span[0], row, span[1], "", look)
        if writable:
            sheet.write_string(row, span[0], writable, look)
        else:
            sheet.write_blank(row, span[0], None, look)


def number_format(decimals: int, signed: bool = False) -> str:
    """Excel's format for numbers with a true minus sign; Excel shows it with the reader's own separators.

    >>> number_format(1), number_format(0, signed=True)
    ('#,##0.0;"−"#,##0.0', '"+"#,##0;"−"#,##0;0')
    """
    tail = f".{'0' * decimals}" if decimals else ""
    plain = f"#,##0{tail}"
    return f'"+"{plain};"−"{plain};0{tail}' if signed else f'{plain};"−"{plain}'


def clean(text: str) -> str:
    """What a cell can hold, as it is: no control characters, no half characters, no markup, not too long.

    >>> clean("a\\x00b\\tc"), clean("<r><t>x</t></r>")
    ('ab c', '<r><t>x</t></r> ')
    """
    spaced = str(text).replace("\t", " ")
    kept = spaced
    if not spaced.isprintable():
        kept = "".join(c for c in spaced if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    kept = kept[: _CELL_TEXT - 1] + "…" if len(kept) > _CELL_TEXT else kept
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept


def text_height(text: str, width: float, large: bool = False) -> float:
    """The row height that a wrapped text needs.

    >>> text_height("kort", 20), text_height("två ord", 3)
    (15.5, 31.0)
    """
    room = max(1, int(width / (1.4 if large else 1.0)))
    wide = (line for line in text.expandtabs().split("\n") if len(line) > room)
    lines = 1 + text.count("\n") + sum(max(0, len(textwrap.wrap(line, room)) - 1) for line in wide)
    return lines * (LINE * 1.5 if large else LINE)
