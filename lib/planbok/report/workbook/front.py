"""The front sheet of the Excel file: the answer first, then what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

from planbok.base.numbers import MISSING
from planbok.case.result import KeyFigure, Result, Table
from planbok.report.provenance import (
    Provenance,
    changes_table,
    checks_table,
    inputs_table,
    rules_table,
    text_table,
)
from planbok.report.text import (
    audience,
    in_words,
    neutral,
    number,
    number_decimals,
    parameter_name,
    shortened,
    value_text,
)
from planbok.report.workbook.pen import LINE, Pen, number_format, text_height

_WIDTHS = (46, 22, 17, 17, 15, 58)  # of the columns that all sections share
_LONGEST_VALUE = 80  # characters of a rule's value: five lines
WITHHELD = "skyddas"
_DIFFERENCE = '#,##0.0#####;"−"#,##0.0#####'


def write_front(pen: Pen, sheet: Any, result: Result, provenance: Provenance, contents: Mapping[str, str]) -> None:
    """Write the front sheet; `contents` says what the workbook's other sheets hold, by name."""
    front = _Front(pen, sheet)
    front.line(result.rubrik, "title")
    front.line(result.underrubrik, "subtitle")
    front.line(audience(provenance.spridning), "quiet")
    front.line("Syntetiska uppgifter" if provenance.syntetisk else "", "quiet")
    front.title("Sammanfattning")
    for sentence in result.sammanfattning:
        front.line(sentence, "text")
    figures = result.nyckeltal.values()
    front.section(_key_figures(result), (0, 1, 2, 3), [number_format(_decimals(figure)) for figure in figures])
    front.section(checks_table(result.kontroller), range(6), [_DIFFERENCE] * len(result.kontroller))
    sheets = list(contents.items())
    front.section(text_table("blad", "Tabeller i arbetsboken", sheets, {"blad": "Blad", "titel": "Innehåll"}), (0, 1))
    front.section(_parameters(provenance), (0, 1, 3))
    front.section(changes_table(provenance), range(5))
    front.section(_rules(provenance), range(6))
    front.section(inputs_table(provenance), (0, 1, 2, 4))
    front.row += 1
    front.line(f"Framtagen med planbok {provenance.planbok}.", "quiet")


class _Front:
    """Writes lines and sections below each other."""

    def __init__(self, pen: Pen, sheet: Any):
        self.pen, self.sheet, self.row = pen, sheet, 0
        sheet.hide_gridlines(2)
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def line(self, text: str, style: str) -> None:
        """A text across the sheet; nothing for an empty one."""
        if text:
            self.pen.text(self.sheet, self.row, (0, len(_WIDTHS) - 1), text, style)
            self.sheet.set_row(self.row, text_height(text, sum(_WIDTHS), large=style == "title"))
            self.row += 1

    def title(self, title: str) -> None:
        """A section's title, after an empty row."""
        self.pen.text(self.sheet, self.row + 1, (0, 0), title, "section")
        self.sheet.set_row(self.row + 1, 20)
        self.row += 2

    def section(self, table: Table, starts: Sequence[int], formats: list[str] | None = None) -> None:
        """A table under its title, its columns beginning at `starts`; each row's numbers in its format, else whole."""
        self.title(table.titel)
        rows = table.records()
        if not rows:
            self.line("Inga", "quiet")
            return
        ends = [start - 1 for start in (*starts, len(_WIDTHS))[1:]]
        spans = dict(zip((column.key for column in table.columns), zip(starts, ends, strict=True), strict=False))
        for column in table.columns:
            side = ["right"] if any(_leans_right(row[column.key]) for row in rows) else []
            self.pen.text(self.sheet, self.row, spans[column.key], column.etikett, "heading", *side)
        self.sheet.set_row(self.row, LINE + 4)
        self.row += 1
        for place, row in enumerate(rows):
            shown = formats[place] if formats else None
            heights = [self._cell(key, value, spans[key], shown) for key, value in row.items()]
            self.sheet.set_row(self.row, max(heights))
            self.row += 1

    def _cell(self, key: str, value: Any, span: tuple[int, int], shown: str | None) -> float:
        """A cell of a section; gives the height that it needs."""
        if number(value) is not None:
            look = self.pen.look("number", "line", num_format=shown or number_format(number_decimals(value)))
            self.sheet.write_number(self.row, span[0], value, look)
            return LINE
        text = "" if value is None else str(value)
        if key == "blad":  # leads to the sheet
            to = "internal:'{}'!A1".format(text.replace("'", "''"))
            self.sheet.write_url(self.row, span[0], to, self.pen.look("link", "line"), neutral(text))
            return LINE
        bad = ["bad"] if key == "utfall" and text in ("Fel", "Varning") else []
        side = ["right"] if _leans_right(value) else []
        self.pen.text(self.sheet, self.row, span, text, "text", "line", *bad, *side)
        return text_height(text, sum(_WIDTHS[span[0] : span[1] + 1]))


def _leans_right(value: Any) -> bool:
    return number(value) is not None or value in (MISSING, WITHHELD)


def _key_figures(result: Result) -> Table:
    figures = result.nyckeltal.values()
    units = [in_words(figure.mattenhet) + ", cirka" * bool(figure.about) for figure in figures]
    rows = [
        (f.etikett, (WITHHELD if f.skyddas else MISSING) if f.varde is None else f.varde, unit, f.why)
        for f, unit in zip(figures, units, strict=True)
    ]
    headings = {"etikett": "Nyckeltal", "varde": "Värde", "enhet": "Enhet", "saknas": "Varför det saknas"}
    if not any(figure.why for figure in figures):
        headings.pop("saknas")
    wide = len(headings)
    return text_table("nyckeltal", "Nyckeltal", [row[:wide] for row in rows], headings)


def _parameters(provenance: Provenance) -> Table:
    """The parameters; a year is not a quantity and takes no thousands separator."""
    rows = [
        (parameter_name(key), str(value) if isinstance(value, int | str) else value_text(value), key)
        for key, value in provenance.parametrar.items()
    ]
    headings = {"parameter": "Parameter", "varde": "Värde", "namn": "Namn i planen"}
    return text_table("parametrar", "Parametrar", rows, headings)


def _rules(provenance: Provenance) -> Table:
    """The rules read; of a long mapping its beginning, since a row as tall as a page is read by nobody."""
    table = rules_table(provenance, ids=True)
    cut = table.frame["varde"].map(lambda value: shortened(value, _LONGEST_VALUE) if isinstance(value, str) else value)
    return replace(table, frame=table.frame.assign(varde=cut))


def _decimals(figure: KeyFigure) -> int:
    """Kronor and counts in whole numbers, millions and per cent with a decimal; small parts of a krona in full."""
    value = figure.varde
    if figure.mattenhet in ("mnkr", "%", "procent"):
        return 1
    if value is None or isinstance(value, Integral) or (figure.mattenhet.startswith("kr") and abs(value) >= 100):
        return 0
    return min(number_decimals(value), 2 if figure.mattenhet.startswith("kr") else 1)
