"""The Excel file of a result: a front sheet and one sheet per table, with live formulas that a controller can check.

Every number is a real number with a format. A formula is written only where it gives what the table says; elsewhere
the number itself. The same result always gives the same bytes.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from planbok.case.result import Column, Result, Table
from planbok.inputs.fingerprint import OWNER_ONLY
from planbok.report.provenance import Provenance
from planbok.report.table import cell as shown_cell
from planbok.report.table import heading
from planbok.report.text import audience, date_text, number, value_text
from planbok.report.workbook.charts import CHARTS, write_charts
from planbok.report.workbook.formulas import live_formulas
from planbok.report.workbook.front import write_front
from planbok.report.workbook.pen import LINE, Pen, clean, number_format, text_height
from planbok.report.workbook.trial import TRIAL, in_cells, write_trial

FRONT = "Översikt"

_SHEET_NAME = 31
_CLAUSE = re.compile(r".{8,31}?(?=[:,(·?]| –)")  # a long title's first clause is enough
_LEANING = re.compile(r"( (av|efter|för|i|med|mot|och|om|per|på|som|till|vid))+$")
_CREATED = datetime(2000, 1, 1)  # fixed, so that the same result is the same file

Cells = dict[str, list[float | int | str]]  # a table's cells by column, as they are written


def write_workbook(
    path: Path, result: Result, provenance: Provenance, figures: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write a result as an Excel file: the front sheet first, its figures, its dials, then its tables in order.

    Parameters
    ----------
    figures : the report's figures as plotly stores them

    Raises
    ------
    ValueError
        If a column's formula cannot be read, names a column that the table does not show, or leads back to itself.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": clean(result.rubrik), "created": _CREATED})
    label = audience(provenance.spridning).partition(":")[0]
    pen = Pen(book, f"{label} · syntetiska uppgifter" if provenance.syntetisk else label)
    names = sheet_names(result.blad.get(table.namn) or table.titel or table.namn for table in result.tabeller.values())
    tables = dict(zip(names, result.tabeller.values(), strict=True))
    more = ({CHARTS: "Rapportens figurer"} if figures else {}) | ({TRIAL: "Ändra själv"} if in_cells(result) else {})
    write_front(pen, pen.sheet(FRONT), result, provenance, more | {name: t.titel for name, t in tables.items()})
    if figures:
        write_charts(pen, pen.sheet(CHARTS), figures)
    if in_cells(result):
        write_trial(pen, pen.sheet(TRIAL), result)
    for name, table in tables.items():
        _write_table(pen, pen.sheet(name), table, f"{result.rubrik} · {result.underrubrik}".rstrip(" ·"))
    book.close()
    path.write_bytes(buffer.getvalue())


def write_list(path: Path, sheets: Mapping[str, Table], context: str) -> None:
    """Write working lists, a row per keyed id, as a file that only its owner reads: a sheet a table, by its name."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": clean(context), "created": _CREATED})
    pen = Pen(book, "Arbetsmaterial")
    for name, table in sheets.items():
        _write_table(pen, pen.sheet(name), table, context)
    book.close()
    path.touch(OWNER_ONLY)
    path.write_bytes(buffer.getvalue())


def sheet_names(titles: Iterable[str]) -> list[str]:
    """A sheet name for each title: what Excel allows, at most 31 characters, no two alike, none the front sheet's.

    >>> sheet_names(["Kostnad kr/dygn", "kostnad KR dygn", "Vad förklarar skillnaden mot budgeten?"])
    ['Kostnad kr dygn', 'kostnad KR dygn (2)', 'Vad förklarar skillnaden']
    >>> sheet_names(["Dygn och kronor per insats: vad mätningen ger"])
    ['Dygn och kronor per insats']
    """
    taken, names = {FRONT.lower(), CHARTS.lower(), TRIAL.lower(), "history"}, []
    for title in titles:
        clause = _CLAUSE.match(title) if len(title) > _SHEET_NAME else None
        whole = unicodedata.normalize("NFC", clean(clause.group() if clause else title))
        plain = re.sub(r"[\[\]:*?/\\'\n]", " ", whole)
        plain = " ".join(plain.split()) or "Tabell"
        name, count = _cut(plain, _SHEET_NAME), 1
        while name.lower() in taken:
            count += 1
            name = f"{_cut(plain, _SHEET_NAME - len(f' ({count})'))} ({count})"
        taken.add(name.lower())
        names.append(name)
    return names


def _cut(text: str, longest: int) -> str:
    """The text, or as many whole words of it as there is room for."""
    if len(text) <= longest:
        return text
    head = text[: longest + 1].rpartition(" ")[0]
    return _LEANING.sub("", (head if len(head) > longest / 2 else text[:longest]).rstrip(" ,;:.·–-("))


def _write_table(pen: Pen, sheet: Any, table: Table, context: str) -> None:
    """A table's sheet: title, context and note, the heading row, the rows."""
    cells = _cells(table)
    widths = [_width(column, cells[column.key], first=not place) for place, column in enumerate(table.columns)] or [40]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    intro = [(table.titel, "title"), (context, "quiet"), (table.note, "quiet")]
    intro = [(text, style) for text, style in intro if text]
    for row, (text, style) in enumerate(intro):
        pen.text(sheet, row, (0, len(widths) - 1), text, style)
        sheet.set_row(row, text_height(text, sum(widths), large=style == "title"))
    top = len(intro)
    _write_headings(pen, sheet, top, table, widths)
    formulas = live_formulas(table, top + 1)
    for row in range(len(table.frame)):
        _write_row(pen, sheet, top + 1, row, table, cells, formulas)
        height = _row_height(table, row, cells, widths)
        if height > LINE:
            sheet.set_row(top + 1 + row, height)
    if not len(table.frame):
        pen.text(sheet, top + 1, (0, 0), "Inga rader", "quiet")


def _write_headings(pen: Pen, sheet: Any, top: int, table: Table, widths: list[float]) -> None:
    """The heading row, frozen and repeated in print, with a filter over the rows but not the total."""
    height = LINE
    for place, (column, width) in enumerate(zip(table.columns, widths, strict=False)):
        pen.text(sheet, top, (place, place), heading(column), "heading", *(["filtered"] if column.mattenhet else []))
        height = max(height, text_height(heading(column), width - 2))
    sheet.set_row(top, height + 4)
    rows, last = len(table.frame) - table.total_row, len(table.columns) - 1
    if rows > 0 and last >= 0:
        sheet.autofilter(top, 0, top + rows, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(top + rows, last)}"})
    sheet.freeze_panes(top + 1, 1 if last > 1 else 0)
    sheet.repeat_rows(top)


def _write_row(
    pen: Pen, sheet: Any, first_row: int, row: int, table: Table, cells: Cells, formulas: dict[tuple[int, str], str]
) -> None:
    extra = ["total"] if table.total_row and row == len(table.frame) - 1 else []
    for place, column in enumerate(table.columns):
        value = cells[column.key][row]
        if isinstance(value, str):
            side = ["right"] if column.mattenhet else []
            pen.text(sheet, first_row + row, (place, place), value, "text", *side, *extra)
            continue
        shown = number_format(column.decimaler, column.signed) if column.mattenhet else "General"
        look = pen.look("number" if column.mattenhet else "code", *extra, num_format=shown)
        if (row, column.key) in formulas:
            sheet.write_formula(first_row + row, place, formulas[row, column.key], look, value)
        else:
            sheet.write_number(first_row + row, place, value, look)


def _cells(table: Table) -> Cells:
    """The table's cells, numbers as numbers."""
    last = len(table.frame) - 1
    return {
        column.key: [
            _cell(value, table, column, row, table.total_row and row == last)
            for row, value in enumerate(table.plain[column.key])
        ]
        for column in table.columns
    }


def _cell(value: Any, table: Table, column: Column, row: int, is_total: bool) -> float | int | str:
    known = number(value)
    if known is not None:
        return known
    if value is None or isinstance(value, float):  # nothing, or infinite
        # a text that is missing beside the word Totalt is simply empty
        return "" if is_total and not column.mattenhet else shown_cell(table, column, None, row)
    if isinstance(value, bool):
        return value_text(value)
    return date_text(value) if isinstance(value, date) else str(value)


def _row_height(table: Table, row: int, cells: Cells, widths: list[float]) -> float:
    """The height that the row's longest text needs."""
    texts = [
        (cells[column.key][row], width)
        for column, width in zip(table.columns, widths, strict=True)
        if not column.mattenhet
    ]
    return max((text_height(str(text), width) for text, width in texts), default=LINE)


def _width(column: Column, cells: list[float | int | str], first: bool) -> float:
    """A width that fits the column's values, and its heading on at most three lines."""
    if column.mattenhet:
        texts = [cell if isinstance(cell, str) else f"{cell:,.{column.decimaler}f}" for cell in cells]
        widest = max(map(len, texts), default=0) + (3 if column.signed else 2)  # with the indent
    else:
        widest = max((len(line) for cell in cells for line in str(cell).split("\n")), default=0)
    label = heading(column)
    words = max(map(len, label.split()), default=0) + 4  # room for the filter's button
    return min(max(widest * 1.1 + 2, words, len(label) / 3 + 4, 24 if first else 11), 60)
