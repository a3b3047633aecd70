"""The Excel file of a result: a front sheet and one sheet per table, with live formulas that a controller can check.

Every number is a real number with a format. A formula is written only where it gives what the table says; elsewhere
the number itself is. The same result always gives the same bytes.
"""

import ast
import io
import math
import operator
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from planbok.report.provenance import (
    Provenance,
    audience,
    date_text,
    distinct_rules,
    in_words,
    number_decimals,
    parameter_name,
    shows_motivation,
    value_text,
)
from planbok.result import Check, Column, KeyFigure, Result, Table

FRONT = "Översikt"
WITHHELD = "visas inte"
UNKNOWN = "–"
NO_BASIS = "underlag saknas"

_TOLERANCE = 1e-6  # how closely a formula must give the table's value, relative to it
_NOISE = 1e-12  # what binary arithmetic leaves of a difference, relative to the largest term
_SHEET_NAME = 31
_CELL_TEXT = 32_767
_FOOTER_TEXT = 80
_LINE = 15.5  # height of a row of text, points
_CLAUSE = re.compile(r".{8,31}(?=[:,(–·])")  # a long title's first clauses are enough
_LEANING = re.compile(r"( (av|efter|för|i|med|mot|och|om|per|på|som|till|vid))+$")
_CREATED = datetime(2000, 1, 1)  # fixed, so that the same result is the same file

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
    "number": {"align": "right", "indent": 1, "valign": "top"},
    "code": {"align": "left", "valign": "top"},
    "total": {"bold": True, "top": 1, "top_color": _BLUE},
    "bad": {"bold": True, "font_color": _RED},
    "right": {"align": "right", "indent": 1},
    "filtered": {"align": "right", "indent": 2},  # clear of the filter's button
    "line": {"bottom": 1, "bottom_color": _RULE},
}  # fmt: skip


def write_workbook(path: Path, result: Result, provenance: Provenance) -> None:
    """Write a result as an Excel file: the front sheet first, then its tables in order.

    Raises
    ------
    ValueError
        If a column's formula cannot be read, names a column that the table does not show, or leads back to itself.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": _clean(result.rubrik), "created": _CREATED})
    pen = _Pen(book, _audience_label(provenance))
    tables = list(result.tabeller.values())
    names = sheet_names([table.titel or table.namn for table in tables])
    _Front(pen, pen.sheet(FRONT), result, provenance).write(list(zip(names, tables, strict=True)))
    for name, table in zip(names, tables, strict=True):
        _write_table(pen, pen.sheet(name), table, f"{result.rubrik} · {result.underrubrik}".rstrip(" ·"))
    book.close()
    path.write_bytes(buffer.getvalue())


def sheet_names(titles: Iterable[str]) -> list[str]:
    """A sheet name for each title: what Excel allows, at most 31 characters, no two alike, none the front sheet's.

    >>> sheet_names(["Kostnad kr/dygn", "kostnad KR dygn", "Vad förklarar skillnaden mot budgeten?"])
    ['Kostnad kr dygn', 'kostnad KR dygn (2)', 'Vad förklarar skillnaden']
    >>> sheet_names(["Dygn och kronor per insats: vad mätningen ger"])
    ['Dygn och kronor per insats']
    """
    taken, names = {FRONT.lower(), "history"}, []
    for title in titles:
        clause = _CLAUSE.match(title) if len(title) > _SHEET_NAME else None
        whole = unicodedata.normalize("NFC", _clean(clause.group() if clause else title))
        plain = re.sub(r"[\[\]:*?/\\'\n]", " ", whole)
        plain = " ".join(plain.split()) or "Tabell"
        name, count = _cut(plain, _SHEET_NAME), 1
        while name.lower() in taken:
            count += 1
            name = f"{_cut(plain, _SHEET_NAME - len(f' ({count})'))} ({count})"
        taken.add(name.lower())
        names.append(name)
    return names


def null_text(note: str) -> str:
    """What stands in a cell without a value: withheld where the table gives a reason for it, else unknown.

    >>> null_text("Antal under 5 visas inte."), null_text("")
    ('visas inte', '–')
    """
    return WITHHELD if note else UNKNOWN


# --- Formulas -----------------------------------------------------------------------------------------------------

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *terms: math.fsum(terms),
    "MIN": lambda *terms: min(terms),
    "MAX": lambda *terms: max(terms),
    "ABS": abs,
}
_ANY = range(1, 255)
_ARGUMENTS = {"IF": (3,), "IFERROR": (2,), "ABS": (1,), "SUM": _ANY, "MIN": _ANY, "MAX": _ANY}
_FIELD = re.compile(r"\{([^{}]+)\}")


class Formula:
    """A column's formula over the other columns of its row, as Excel's text and as a value.

    Takes + - * / and comparisons, numbers, and IF, IFERROR, SUM, MIN, MAX, ABS with commas between arguments.

    >>> half = Formula("IF({b}=0,0,{a}/{b}*100)")
    >>> half.keys, half.text({"a": "B7", "b": "C7"}), half.value({"a": 1, "b": 2})
    (('b', 'a'), '=IF(C7=0,0,B7/C7*100)', 50.0)
    """

    def __init__(self, template: str):
        self.template = template.strip().removeprefix("=")
        self.keys = tuple(dict.fromkeys(_FIELD.findall(self.template)))
        names = {key: f"x{number}" for number, key in enumerate(self.keys)}
        source = _FIELD.sub(lambda match: names[match.group(1)], self.template)
        self._names = names
        try:
            if re.search(r"==|!=", source):
                raise SyntaxError
            source = re.sub(r"(?<![<>!])=", "==", source.replace("<>", "!="))
            self._tree = ast.parse(source, mode="eval").body
            self._check(self._tree)
        except SyntaxError:
            raise ValueError(f"the formula {template!r} is not one that a table can have") from None

    def text(self, cells: dict[str, str]) -> str:
        """The formula with cell references for the columns' names."""
        return "=" + _FIELD.sub(lambda match: cells[match.group(1)], self.template)

    def value(self, values: dict[str, float]) -> float | None:
        """What Excel will make of it: None for an error, a text or a truth value."""
        try:
            found = self._evaluate(self._tree, {self._names[key]: values[key] for key in self.keys})
        except (ArithmeticError, TypeError):
            return None
        known = number(found)
        return None if known is None else float(known)

    def _check(self, node: ast.expr) -> None:
        """Refuse what Excel and this module might read differently."""
        match node:
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
                valid = len(parts) in _ARGUMENTS.get(name, ())
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                parts, valid = [left, right], type(op) in _OPERATORS
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                parts, valid = [operand], True
            case ast.Constant(value=value):
                parts, valid = [], type(value) in (int, float, str)
            case ast.Name(id=name):
                parts, valid = [], name in self._names.values()
            case _:
                parts, valid = [], False
        if not valid:
            raise SyntaxError
        for part in parts:
            self._check(part)

    def _evaluate(self, node: ast.expr, values: dict[str, float]) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return values[node.id]
            case ast.UnaryOp():
                operand = self._evaluate(node.operand, values)
                return -operand if isinstance(node.op, ast.USub) else +operand
            case ast.BinOp():
                return _OPERATORS[type(node.op)](self._evaluate(node.left, values), self._evaluate(node.right, values))
            case ast.Compare():
                left, right = self._evaluate(node.left, values), self._evaluate(node.comparators[0], values)
                return _OPERATORS[type(node.ops[0])](left, right)
        return self._call(node.func.id, node.args, values)

    def _call(self, name: str, args: list[ast.expr], values: dict[str, float]) -> Any:
        if name == "IF":
            return self._evaluate(args[1] if self._evaluate(args[0], values) else args[2], values)
        if name == "IFERROR":
            try:
                return self._evaluate(args[0], values)
            except ArithmeticError:
                return self._evaluate(args[1], values)
        return _FUNCTIONS[name](*(self._evaluate(arg, values) for arg in args))


@dataclass(frozen=True)
class _Live:
    """What Excel will hold in a cell: `value` after recalculation, and the formula that gives it, if any."""

    value: float | None
    formula: str = ""


class _Cells:
    """The number cells of a table, each with a formula where one gives the frame's value."""

    def __init__(self, table: Table, first_row: int):
        self.table = table
        self.first_row = first_row
        self.rows = len(table.frame)
        self.place = {column.key: number for number, column in enumerate(table.columns)}
        self.columns = {column.key: column for column in table.columns}
        self.values = {key: [number(value) for value in table.frame[key]] for key in self.place}
        self.formulas = {c.key: Formula(c.formula) for c in table.columns if c.formula and c.mattenhet}
        self._refuse_unknown()
        self._found: dict[tuple[int, str], _Live | None] = {}

    def live(self, row: int, key: str) -> _Live:
        """The cell of a row of the frame."""
        where = (row, key)
        if where not in self._found:
            self._found[where] = None
            self._found[where] = self._formula(row, key) or _Live(self.values[key][row])
        found = self._found[where]
        if found is None:
            raise ValueError(f"{self.table.namn}: the formula of {key} leads back to itself")
        return found

    def _formula(self, row: int, key: str) -> _Live | None:
        expected = self.values[key][row]
        if expected is None or not self.columns[key].mattenhet:
            return None
        found = self._own_formula(row, key, expected)
        is_total = self.table.total_row and row == self.rows - 1
        return found or (self._sum(row, key, expected) if is_total and row else None)

    def _own_formula(self, row: int, key: str, expected: float) -> _Live | None:
        formula = self.formulas.get(key)
        if formula is None:
            return None
        values = {name: self.live(row, name).value for name in formula.keys}
        if None in values.values():
            return None
        value = formula.value(values)
        if not _reproduces(value, expected, values.values()):
            return None
        return _Live(value, formula.text({name: self._cell(row, name) for name in formula.keys}))

    def _sum(self, row: int, key: str, expected: float) -> _Live | None:
        above = [self.live(other, key).value for other in range(row)]
        terms = [value for value in above if value is not None]
        if not terms or not _reproduces(math.fsum(terms), expected, terms):
            return None
        return _Live(math.fsum(terms), f"=SUM({self._cell(0, key)}:{self._cell(row - 1, key)})")

    def _cell(self, row: int, key: str) -> str:
        return xl_rowcol_to_cell(self.first_row + row, self.place[key])

    def _refuse_unknown(self) -> None:
        for key, formula in self.formulas.items():
            unknown = [name for name in formula.keys if name not in self.place]
            if unknown:
                raise ValueError(f"{self.table.namn}: the formula of {key} names {unknown}, which is not shown")


def number(value: Any) -> float | int | None:
    """The number in a cell of a frame: None for a missing value, a text, a truth value or something infinite.

    >>> number(1.5), number(float("nan")), number("11000–12000"), number(True)
    (1.5, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if math.isfinite(value) else None


def _reproduces(value: float | None, expected: float, terms: Iterable[float]) -> bool:
    if value is None:
        return False
    noise = _NOISE * max(map(abs, terms), default=0.0)
    return abs(value - expected) <= max(_TOLERANCE * abs(expected), noise)


# --- Writing ------------------------------------------------------------------------------------------------------


class _Pen:
    """Writes cells and pages of one workbook; a format is made once for each look."""

    def __init__(self, book: xlsxwriter.Workbook, footer: str):
        self.book = book
        self.footer = footer
        self._formats: dict[tuple[tuple[str, ...], str], Any] = {}

    def sheet(self, name: str) -> Any:
        """A new sheet, set for printing on A4 across, as wide as one page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        label = _cut(self.footer, _FOOTER_TEXT).replace("&", "&&")
        sheet.set_footer(f"&L{label}&C&A&RSida &P av &N")
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
        look, clean = self.look(*styles), _clean(text)
        if span[0] < span[1]:
            sheet.merge_range(row, span[0], row, span[1], "", look)
        if clean:
            sheet.write_string(row, span[0], clean, look)
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


def heading(column: Column) -> str:
    """The column's label with its unit, once.

    >>> heading(Column("a", "Andel", "procent")), heading(Column("d", "Dygn", "dygn"))
    ('Andel (%)', 'Dygn')
    """
    unit = in_words(column.mattenhet)
    said = column.etikett.lower()
    return f"{column.etikett} ({unit})" if unit and unit.lower() not in re.split(r"[\s,()]+", said) else column.etikett


def _write_table(pen: _Pen, sheet: Any, table: Table, context: str) -> None:
    """A table's sheet: title, context and note, the heading row, the rows."""
    widths = [_width(table, column, first=not place) for place, column in enumerate(table.columns)] or [40]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = len(widths) - 1
    intro = [(table.titel, "title"), (context, "quiet"), (table.note, "quiet")]
    intro = [(text, style) for text, style in intro if text]
    for row, (text, style) in enumerate(intro):
        pen.text(sheet, row, (0, last), text, style)
        sheet.set_row(row, _height(text, sum(widths), large=style == "title"))
    top = len(intro)
    for place, column in enumerate(table.columns):
        pen.text(sheet, top, (place, place), heading(column), "heading", *(["filtered"] if column.mattenhet else []))
    pairs = zip(table.columns, widths, strict=False)
    sheet.set_row(top, max((_height(heading(c), width - 2) for c, width in pairs), default=_LINE) + 4)
    cells = _Cells(table, top + 1)
    for row in range(cells.rows):
        _write_row(pen, sheet, cells, row)
        height = _row_height(table, row, widths)
        if height > _LINE:
            sheet.set_row(top + 1 + row, height)
    if not cells.rows:
        pen.text(sheet, top + 1, (0, 0), "Inga rader", "quiet")
    _set_view(sheet, top, cells)


def _set_view(sheet: Any, top: int, cells: _Cells) -> None:
    """Freeze and repeat the headings; a filter over the rows but not the total."""
    rows = cells.rows - (1 if cells.table.total_row else 0)
    if rows > 0 and cells.place:
        sheet.autofilter(top, 0, top + rows, len(cells.place) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(top + rows, len(cells.place) - 1)}"})
    sheet.freeze_panes(top + 1, 1 if len(cells.place) > 2 else 0)
    sheet.repeat_rows(top)


def _write_row(pen: _Pen, sheet: Any, cells: _Cells, row: int) -> None:
    is_total = cells.table.total_row and row == cells.rows - 1
    extra = ["total"] if is_total else []
    for column in cells.table.columns:
        value = cells.table.frame[column.key].iloc[row]
        row_at, place = cells.first_row + row, cells.place[column.key]
        known = number(value)
        if known is None:
            text = _cell_text(value, cells.table, column, is_total)
            side = ["right"] if column.mattenhet else []
            pen.text(sheet, row_at, (place, place), text, "text", *side, *extra)
            continue
        shown = number_format(column.decimaler, column.signed) if column.mattenhet else "General"
        look = pen.look("number" if column.mattenhet else "code", *extra, num_format=shown)
        live = cells.live(row, column.key)
        if live.formula:
            sheet.write_formula(row_at, place, live.formula, look, known)
        else:
            sheet.write_number(row_at, place, known, look)


def _row_height(table: Table, row: int, widths: list[float]) -> float:
    """The height that the row's longest text needs."""
    heights = [_LINE]
    for column, width in zip(table.columns, widths, strict=True):
        value = table.frame[column.key].iloc[row]
        if not column.mattenhet and number(value) is None:
            heights.append(_height(_cell_text(value, table, column), width))
    return max(heights)


def _cell_text(value: Any, table: Table, column: Column, is_total: bool = False) -> str:
    """A cell that is not a number, as text; one without a value says so, but not beside the word Totalt."""
    if isinstance(value, (date, pd.Timestamp)) and value is not pd.NaT:
        return date_text(value)
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value)) or isinstance(value, Real)
    if missing and not _is_truth(value):
        return "" if is_total and not column.mattenhet else null_text(table.note)
    return value_text(bool(value)) if _is_truth(value) else str(value)


def _is_truth(value: Any) -> bool:
    return pd.api.types.is_bool(value)


def _width(table: Table, column: Column, first: bool) -> float:
    """A width that fits the column's values, and its heading on at most three lines."""
    if column.mattenhet:
        values = [number(value) for value in table.frame[column.key]]
        texts = [f"{value:,.{column.decimaler}f}" for value in values if value is not None] + [null_text(table.note)]
        widest = max(len(text) for text in texts) + (3 if column.signed else 2)  # with the indent
    else:
        texts = [_cell_text(value, table, column) if number(value) is None else str(value) for value in
                 table.frame[column.key]]  # fmt: skip
        widest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    label = heading(column)
    words = max(map(len, label.split()), default=0) + 4  # room for the filter's button
    return min(max(widest * 1.1 + 2, words, len(label) / 3 + 4, 24 if first else 11), 60)


class _Front:
    """The front sheet: the answer first, then what it rests on. Sections share six columns."""

    WIDTHS = (46, 22, 17, 17, 15, 58)
    LAST = 5

    def __init__(self, pen: _Pen, sheet: Any, result: Result, provenance: Provenance):
        self.pen, self.sheet, self.result, self.provenance = pen, sheet, result, provenance
        self.row = 0

    def write(self, tables: list[tuple[str, Table]]) -> None:
        """Everything, from the top."""
        self.sheet.hide_gridlines(2)
        for place, width in enumerate(self.WIDTHS):
            self.sheet.set_column(place, place, width)
        self._line(self.result.rubrik, "title")
        self._line(self.result.underrubrik, "subtitle")
        self._line(audience(self.provenance.spridning), "quiet")
        self._line("Syntetiska uppgifter" if self.provenance.syntetisk else "", "quiet")
        self._title("Sammanfattning")
        for sentence in self.result.sammanfattning:
            self._line(sentence, "text")
        self._key_figures(self.result.nyckeltal)
        self._checks(self.result.kontroller)
        self._contents(tables)
        self._parameters()
        self._changes()
        self._rules()
        self._inputs()
        self.row += 1
        self._line(f"Framtagen med planbok {self.provenance.planbok}.", "quiet")
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)

    def _key_figures(self, figures: dict[str, KeyFigure]) -> None:
        rows = [
            (f.etikett, NO_BASIS if f.varde is None else f.varde, in_words(f.mattenhet), f.saknas)
            for f in figures.values()
        ]
        formats = [number_format(_decimals(figure)) for figure in figures.values()]
        headings = {"Nyckeltal": (0, 0), "Värde": (1, 1), "Enhet": (2, 2), "Varför det saknas": (3, 5)}
        if not any(figure.saknas for figure in figures.values()):
            headings.pop("Varför det saknas")
        self._section("Nyckeltal", headings, rows, formats)

    def _checks(self, checks: list[Check]) -> None:
        rows = [(c.namn, _outcome(c), c.differens, c.tolerans, c.niva, c.forklaring) for c in checks]
        headings = {"Kontroll": 0, "Utfall": 1, "Differens": 2, "Tolerans": 3, "Vid avvikelse": 4, "Förklaring": 5}
        formats = [number_format(6).replace("0.000000", "0.0#####")] * len(rows)
        self._section("Kontroller", {key: (place, place) for key, place in headings.items()}, rows, formats)

    def _contents(self, tables: list[tuple[str, Table]]) -> None:
        rows = [(name, table.titel) for name, table in tables]
        self._section("Tabeller i arbetsboken", {"Blad": (0, 0), "Innehåll": (1, 5)}, rows)

    def _parameters(self) -> None:
        rows = [(parameter_name(key), _as_text(value), key) for key, value in self.provenance.parametrar.items()]
        self._section("Parametrar", {"Parameter": (0, 0), "Värde": (1, 2), "Namn i planen": (3, 5)}, rows)

    def _changes(self) -> None:
        rows = [
            (
                f"{row['nr']}. {row.get('beskrivning') or ''}",
                in_words(row.get("typ") or ""),
                date_text(row.get("fran")),
                in_words(row.get("underlag") or ""),
                row.get("motivering") or "",
            )
            for row in self.provenance.forandringar
        ]
        headings = {"Förändring": (0, 0), "Typ": (1, 1), "Från": (2, 2), "Underlag": (3, 3), "Motivering": (4, 5)}
        if not shows_motivation(self.provenance):
            headings.pop("Motivering")
        self._section("Scenariots förändringar", headings, rows)

    def _rules(self) -> None:
        rules = distinct_rules(self.provenance)
        rows = [
            (
                row["regel"],
                row.get("varde") if number(row.get("varde")) is not None else value_text(row.get("varde")),
                in_words(row.get("mattenhet") or ""),
                row["datum"],
                in_words(row.get("underlag") or ""),
                row.get("kalla") or "",
            )
            for row in rules
        ]
        formats = [number_format(number_decimals(number(row.get("varde")) or 0)) for row in rules]
        headings = {"Regel": 0, "Värde": 1, "Enhet": 2, "Läst för datum": 3, "Underlag": 4, "Källa": 5}
        self._section("Regler och priser", {key: (place, place) for key, place in headings.items()}, rows, formats)

    def _inputs(self) -> None:
        rows = [
            (
                row["fil"],
                row.get("rader"),
                ", ".join(map(str, row.get("okanda_kolumner") or [])) or "inga",
                row.get("sha256") or "",
            )
            for row in self.provenance.indata
        ]
        headings = {"Fil": (0, 0), "Rader": (1, 1), "Kolumner som inte lästs": (2, 3), "SHA-256": (4, 5)}
        self._section("Inlästa filer", headings, rows, [number_format(0)] * len(rows))

    def _line(self, text: str, style: str) -> None:
        if not text:
            return
        self.pen.text(self.sheet, self.row, (0, self.LAST), text, style)
        self.sheet.set_row(self.row, _height(text, sum(self.WIDTHS), large=style == "title"))
        self.row += 1

    def _title(self, title: str) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 20)
        self.pen.text(self.sheet, self.row, (0, 0), title, "section")
        self.row += 1

    def _section(
        self,
        title: str,
        headings: dict[str, tuple[int, int]],
        rows: list[tuple[Any, ...]],
        formats: list[str] | None = None,
    ) -> None:
        """A titled list: each value under its heading, numbers in the row's own format; the rest is left out."""
        self._title(title)
        if not rows:
            self._line("Inga", "quiet")
            return
        for label, span in headings.items():
            side = ["right"] if label in ("Värde", "Differens", "Tolerans", "Rader") and formats else []
            self.pen.text(self.sheet, self.row, span, label, "heading", *side)
        self.sheet.set_row(self.row, _LINE + 4)
        self.row += 1
        for place, row in enumerate(rows):
            self._values(list(zip(row, headings.values(), strict=False)), formats[place] if formats else "General")

    def _values(self, values: list[tuple[Any, tuple[int, int]]], shown: str) -> None:
        height = _LINE
        for value, span in values:
            known = number(value)
            if known is not None:
                self.sheet.write_number(self.row, span[0], known, self.pen.look("number", "line", num_format=shown))
                continue
            text = "" if value is None else str(value)
            bad = ["bad"] if span == (1, 1) and text in ("fel", "varning") else []
            side = ["right"] if text == NO_BASIS else []
            self.pen.text(self.sheet, self.row, span, text, "text", "line", *bad, *side)
            height = max(height, _height(text, sum(self.WIDTHS[span[0] : span[1] + 1])))
        self.sheet.set_row(self.row, height)
        self.row += 1


def _outcome(check: Check) -> str:
    if check.ok is None:
        return "inget att kontrollera"
    return "ok" if check.ok else check.niva


def _decimals(figure: KeyFigure) -> int:
    """Kronor and counts in whole numbers, millions and per cent with a decimal; small parts of a krona in full."""
    value = figure.varde
    if figure.mattenhet in ("mnkr", "%", "procent"):
        return 1
    if value is None or isinstance(value, Integral) or (figure.mattenhet.startswith("kr") and abs(value) >= 100):
        return 0
    return min(number_decimals(value), 2 if figure.mattenhet.startswith("kr") else 1)


def _as_text(value: Any) -> str:
    """A parameter: a year is not a quantity and takes no thousands separator."""
    return str(value) if isinstance(value, Integral) and not isinstance(value, bool) else value_text(value)


def _audience_label(provenance: Provenance) -> str:
    """What every printed page is marked with."""
    label = audience(provenance.spridning).partition(":")[0]
    return f"{label} · syntetiska uppgifter" if provenance.syntetisk else label


def _clean(text: str) -> str:
    """What a cell can hold, as it is: no control characters, no half characters, no markup, not too long."""
    spaced = str(text).replace("\t", " ")
    kept = "".join(c for c in spaced if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    kept = kept[: _CELL_TEXT - 1] + "…" if len(kept) > _CELL_TEXT else kept
    return f"{kept} " if kept.startswith("<r>") and kept.endswith("</r>") else kept


def _cut(text: str, longest: int) -> str:
    """The text, or as many whole words of it as there is room for."""
    if len(text) <= longest:
        return text
    head = text[: longest + 1].rpartition(" ")[0]
    return _LEANING.sub("", (head if len(head) > longest / 2 else text[:longest]).rstrip(" ,;:.·–-("))


def _height(text: str, width: float, large: bool = False) -> float:
    """The row height that a wrapped text needs."""
    room = max(1, int(width / (1.4 if large else 1.0)))
    lines = sum(len(textwrap.wrap(line, room)) or 1 for line in str(text).split("\n"))
    return lines * (_LINE * 1.5 if large else _LINE)
