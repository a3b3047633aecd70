"""Table files as Swedish systems write them: csv of any delimiter and encoding, and xlsx. Cells only, no meaning."""

import csv
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl
import pandas as pd

HEAD_ROWS = 20
FORMULA = "=formel utan beräknat värde"


class UnreadableFileError(Exception):
    """The file is no table at all: carries what to tell the person."""


@dataclass(frozen=True)
class Sheet:
    """Every cell of a csv file or a worksheet: indexed by row as in Excel (from 1), columns from 0, "" where empty.

    `widths`: how many cells the first rows of a csv file have; a cell beyond the heading row's last one is then a
    sign of a wrong delimiter, not a column of its own.
    """

    name: str
    cells: pd.DataFrame
    widths: tuple[int, ...] = ()


def read_sheets(raw: bytes, suffix: str, headings: Collection[str]) -> list[Sheet]:
    """The sheets of a file; `headings` (lower case) tells which delimiter a csv file has."""
    return _read_xlsx(raw) if suffix == ".xlsx" else [_read_csv(decode(raw), headings)]


def find_headings(sheet: Sheet, headings: Collection[str]) -> tuple[int, int]:
    """The row among the first ones that has the most known headings, and how many they are."""
    head = sheet.cells.iloc[:HEAD_ROWS]
    scores = head.apply(lambda row: len({heading_text(cell) for cell in row} & set(headings)), axis=1)
    return (int(scores.idxmax()), int(scores.max())) if len(scores) else (0, 0)


def heading_text(cell: Any) -> str:
    """A heading as it is matched: stripped, lower case.

    >>> heading_text("  Kostnad_mnkr ")
    'kostnad_mnkr'
    """
    return str(cell).strip().lower()


def column_letter(position: int) -> str:
    """What Excel calls a column.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    return openpyxl.utils.get_column_letter(position + 1)


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8 (with or without BOM), UTF-16 with BOM or Windows-1252.

    >>> decode("å".encode("cp1252")), decode("å".encode("utf-8-sig")), decode("å".encode("utf-16"))
    ('å', 'å', 'å')
    """
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFileError("filen är ingen text i UTF-8 eller Windows-1252. Spara om den som CSV UTF-8 eller .xlsx.")


def _read_csv(text: str, headings: Collection[str]) -> Sheet:
    if not text.strip():
        raise UnreadableFileError("filen är tom. Lägg dit en rubrikrad och minst en rad.")
    heads = {delimiter: _head(text, delimiter) for delimiter in ";\t,"}
    delimiter = max(heads, key=lambda mark: _delimiter_score(heads[mark], headings))
    try:
        cells = _parse_csv(text, delimiter, max(map(len, heads[delimiter])))
    except pd.errors.ParserError:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            cells = _parse_csv(text, delimiter, max(map(len, rows)))
        except (pd.errors.ParserError, csv.Error):
            problem = "ett citattecken öppnas men stängs inte. Stäng det, eller spara om filen från Excel."
            raise UnreadableFileError(problem) from None
    return Sheet("", cells, tuple(map(len, heads[delimiter])))


def _head(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEAD_ROWS)) or [[]]
    except csv.Error:
        return [[]]


def _delimiter_score(rows: list[list[str]], headings: Collection[str]) -> tuple[int, int]:
    return max((len({heading_text(cell) for cell in row} & set(headings)), len(row)) for row in rows)


def _parse_csv(text: str, delimiter: str, width: int) -> pd.DataFrame:
    cells = pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        header=None,
        names=range(max(width, 1)),
        index_col=False,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        on_bad_lines="error",
        low_memory=False,
    )
    cells.index += 1
    return cells.fillna("")


def _read_xlsx(raw: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            has_formulas = any(b"<f>" in data or b"<f " in data for data in map(archive.read, sheets))
        values = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(raw), read_only=True) if has_formulas else None
        return [_worksheet(sheet, formulas[sheet.title] if formulas else None) for sheet in values.worksheets]
    except Exception:  # openpyxl lets through whatever a damaged file makes it stumble on
        problem = "filen går inte att öppna som .xlsx (skadad eller skyddad med lösenord?). Spara om den i Excel."
        raise UnreadableFileError(problem) from None


def _worksheet(sheet: Any, formulas: Any | None) -> Sheet:
    rows = _rows(sheet)
    if formulas is not None:
        for row, written in zip(rows, _rows(formulas), strict=True):
            for place, formula in enumerate(written):
                if row[place] == "" and isinstance(formula, str) and formula.startswith("="):
                    row[place] = FORMULA
    width = max(map(len, rows), default=0)
    cells = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype=object)
    cells.index += 1
    return Sheet(sheet.title, cells)


def _rows(sheet: Any) -> list[list[Any]]:
    sheet.reset_dimensions()
    return [[_cell(cell) for cell in row] for row in sheet.iter_rows()]


def _cell(cell: Any) -> Any:
    """A cell's text, or its number; a date as ISO; a number that Excel shows as per cent with its sign."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{format((Decimal(repr(value)) * 100).normalize(), 'f')} %"
        return value
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else str(value)
    return str(value) if not isinstance(value, date) else value.isoformat()
