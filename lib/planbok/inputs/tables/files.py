"""Table files as Swedish systems write them: csv of any delimiter and encoding, and xlsx. Cells only, no meaning."""

import csv
import io
import re
import unicodedata
from collections.abc import Collection
from itertools import islice
from typing import Any

import pandas as pd

from planbok.base.numbers import visible
from planbok.inputs.tables.encoding import UnreadableFileError, check_size, decode
from planbok.inputs.tables.xlsx import FORMULA, Sheet, read_xlsx

__all__ = [
    "FORMULA",
    "HEAD_ROWS",
    "Sheet",
    "UnreadableFileError",
    "column_letter",
    "decode",
    "find_headings",
    "read_sheets",
]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # how a workbook begins, and one that is encrypted or of the 1990s
HEAD_ROWS = 20
_QUOTE = "ett citattecken öppnas men stängs inte på samma rad. Stäng det, eller spara om filen från Excel."
HEAD_CHARACTERS = 1_000_000  # more than any first rows are; the rest of a large file need not be copied


def read_sheets(raw: bytes, suffix: str, headings: Collection[str]) -> list[Sheet]:
    """The sheets of a file; `headings` (lower case) tells which delimiter a csv file has."""
    if suffix != ".xlsx" and raw.startswith(_ZIP):
        raise UnreadableFileError("filen är en Excel-arbetsbok eller en zip-fil. Döp om en arbetsbok till .xlsx.")
    if suffix == ".xlsx" and raw.startswith(_OLE):
        problem = "filen är skyddad med lösenord, eller av gammalt slag (.xls). Spara den som .xlsx utan lösenord."
        raise UnreadableFileError(problem)
    if suffix == ".xlsx" and not raw.startswith(_ZIP):
        problem = "filen är ingen Excel-arbetsbok (.xlsx) trots namnet. Är den en csv-fil: döp om den till .csv."
        raise UnreadableFileError(problem)
    return read_xlsx(raw) if suffix == ".xlsx" else [_read_csv(decode(raw), headings)]


def find_headings(sheet: Sheet, headings: Collection[str]) -> tuple[int, int]:
    """The row among the first ones that has the most known headings, and how many they are."""
    head = sheet.cells.iloc[:HEAD_ROWS]
    scores = head.apply(lambda row: len({heading_text(cell) for cell in row} & set(headings)), axis=1)
    return (int(scores.idxmax()), int(scores.max())) if len(scores) else (0, 0)


def heading_text(cell: Any) -> str:
    """A heading as it is matched: stripped, lower case, without what can't be seen.

    >>> heading_text("  \u200bKostnad_mnkr ")
    'kostnad_mnkr'
    """
    return unicodedata.normalize("NFC", visible(str(cell)).strip().lower())


def column_letter(position: int) -> str:
    """What Excel calls a column.

    >>> column_letter(0), column_letter(25), column_letter(27), column_letter(16383)
    ('A', 'Z', 'AB', 'XFD')
    """
    letters, number = "", position + 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def _read_csv(text: str, headings: Collection[str]) -> Sheet:
    if not text.strip():
        raise UnreadableFileError("filen är tom. Lägg dit en rubrikrad och minst en rad.")
    heads = {delimiter: _head(text, delimiter) for delimiter in ";\t,"}
    delimiter = max(heads, key=lambda mark: _delimiter_score(heads[mark], headings))
    check_size(text.count("\n"), max(map(len, heads[delimiter])))
    try:
        cells = _parse_csv(text, delimiter, max(map(len, heads[delimiter])))
    except pd.errors.ParserError:
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            cells = _parse_csv(text, delimiter, max(map(len, rows)))
        except (pd.errors.ParserError, csv.Error) as error:
            found = re.search(r"starting at row ([0-9]+)", str(error))
            raise UnreadableFileError(_QUOTE, int(found[1]) + 1 if found else 0) from None
    if '"' in text:
        _check_quotes(cells, delimiter)
    return Sheet("", cells, tuple(map(len, heads[delimiter])))


def _check_quotes(cells: pd.DataFrame, delimiter: str) -> None:
    """Refuses a cell that has swallowed the rows after it, up to the next citation mark."""
    for position in cells:
        broken = cells[position][cells[position].str.contains("\n", regex=False)]
        swallows = broken.index[broken.str.contains(delimiter, regex=False)]
        if len(swallows):
            raise UnreadableFileError(_QUOTE, int(swallows[0]))


def _head(text: str, delimiter: str) -> list[list[str]]:
    try:
        head = io.StringIO(text[:HEAD_CHARACTERS], newline="")
        return list(islice(csv.reader(head, delimiter=delimiter), HEAD_ROWS)) or [[]]
    except csv.Error:
        return [[]]


def _delimiter_score(rows: list[list[str]], headings: Collection[str]) -> tuple[int, int]:
    return max((len({heading_text(cell) for cell in row} & set(headings)), len(row)) for row in rows)


def _parse_csv(text: str, delimiter: str, width: int) -> pd.DataFrame:
    cells = pd.read_csv(
        io.BytesIO(text.encode()),  # a StringIO would hold four bytes for each character
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
    return cells  # a cell that a short row lacks is "" too, without na_filter
