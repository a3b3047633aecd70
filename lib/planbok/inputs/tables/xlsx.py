"""Excel workbooks: every sheet's cells as a person sees them, and what Excel hides."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Protocol

import numpy as np
import pandas as pd

from planbok.inputs.tables.encoding import MAX_CELLS, UnreadableFileError, check_size
from planbok.inputs.tables.xlsx_plain import LITERAL, is_plain, is_scaled, money_shown, plain_sheets

FORMULA = "=formel utan beräknat värde"
SCALED = "(visas delat med tusen)"
DAYS_1900_1904 = 1462  # between the first days of Excel's two ways to number days
EARLIEST_1904, LATEST_1904 = 28_000, 78_000  # numbers of days from 1980 to 2117; a year or a month is none
MAX_UNPACKED = 400_000_000  # bytes; a workbook that unpacks to more is no table of a unit
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\shidden=\"(?:1|true)\")[^>]*\sr=\"([0-9]+)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]+[0-9]+:[A-Z]+[0-9]+)\"")
_ROW = re.compile(rb"""<(?:\w+:)?(?:row|c)\b[^>]{0,200}?\sr=["'][A-Z]*([0-9]{4,})["']""")  # no short one
_FAR_COLUMN = re.compile(rb"""\sr=["']([A-Z]{2,})[0-9]""")
LAST_ROW, LAST_COLUMN = 2**20, "XFD"  # of a sheet (ECMA-376 part 1, 18.3.1.73 and 18.18.7)
_STRICT = b"http://purl.oclc.org/ooxml/"
_MEETS = {"<": lt, ">": gt, "=": eq, "<=": le, ">=": ge, "<>": ne}
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")


class Parts(Protocol):
    """A file that is read anew for each pass over its rows, until it is let go."""

    @property
    def most_rows(self) -> int: ...

    def parts(self) -> Iterator[pd.DataFrame]: ...

    def release(self) -> None: ...


@dataclass(frozen=True)
class Sheet:
    """Every cell of a csv file or a worksheet: indexed by row as in Excel (from 1), columns from 0, "" where empty.

    `widths`: how many cells the first rows of a csv file have; a cell beyond the heading row's last one is then a
    sign of a wrong delimiter, not a column of its own; `counts`: how many every row has, where commas are between
    them. `hidden` and `hidden_rows` are what Excel does not show,
    `merged` the areas of merged cells (first and last row, first and last column), and `from_1904` whether its
    numbers of days begin in 1904, as they did on a Mac. Of a sheet `in_parts` the cells are those of its first rows.
    """

    name: str
    cells: pd.DataFrame
    widths: tuple[int, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    from_1904: bool = False
    in_parts: Parts | None = None
    counts: np.ndarray | None = None

    def parts(self) -> Iterator[pd.DataFrame]:
        """Every row, some at a time."""
        return iter([self.cells]) if self.in_parts is None else self.in_parts.parts()

    def days_of_1900(self, cells: pd.DataFrame, places: Iterable[int]) -> pd.DataFrame:
        """Rows with a Mac workbook's numbers of days in some columns as those of every other workbook."""
        days = [*places] if self.from_1904 else []
        return cells.drop(columns=days).join(cells[days].map(_day_of_1900))[cells.columns] if days else cells


def read_xlsx(raw: bytes) -> list[Sheet]:
    """The worksheets of a workbook.

    Raises
    ------
    UnreadableFileError
        If it can't be opened, unpacks to too much, or has the strict form that is not read.
    """
    import openpyxl  # slow to load, and most commands read no workbook

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_archive(archive)
            parts = {name: archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")}
            near = [_is_near(part) for part in parts.values()]
            plain = all(near) and is_plain(archive, parts.values())
        if plain and (found := plain_sheets(raw)):
            return [
                Sheet(name, _frame([[_plain_cell(value) for value in row] for row in rows]), hidden=hidden)
                for name, hidden, rows in found
            ]
        values = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        formulas = None
        if any(_HAS_FORMULA.search(part) for part in parts.values()):
            formulas = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
        return [_worksheet(sheet, formulas, parts) for sheet in values.worksheets]
    except UnreadableFileError:
        raise
    except Exception:  # openpyxl lets through whatever a damaged file makes it stumble on
        problem = "filen går inte att öppna som .xlsx (skadad eller skyddad med lösenord?). Spara om den i Excel."
        raise UnreadableFileError(problem) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
        size = MAX_UNPACKED // 1_000_000
        raise UnreadableFileError(
            f"arbetsboken är större än {size} MB uppackad. Spara tabellen som .csv, eller dela den."
        )
    if _STRICT in archive.read("xl/workbook.xml")[:4000]:
        problem = (
            "filen är sparad som Strict Open XML, som inte läses. Spara om den som vanlig Excel-arbetsbok (.xlsx)."
        )
        raise UnreadableFileError(problem)


def _is_near(part: bytes) -> bool:
    """Whether a sheet's last row and column are no more than the quick reader has room for: it holds all in between.

    Raises
    ------
    UnreadableFileError
        If a cell says that it lies where no sheet has any: every reader would fill the memory to get to it.
    """
    from openpyxl.utils import column_index_from_string

    last = max((int(number[:20]) for number in _ROW.findall(part)), default=999)  # three digits at most
    letters = max(_FAR_COLUMN.findall(part), key=lambda found: (len(found), found), default=b"Z").decode()
    if last > LAST_ROW or len(letters) > len(LAST_COLUMN):
        raise UnreadableFileError("en cell säger att den ligger utanför bladet. Spara om filen i Excel.")
    return last * column_index_from_string(letters) <= MAX_CELLS


def _worksheet(sheet: Any, formulas: Any | None, parts: dict[str, bytes]) -> Sheet:
    import openpyxl

    rows: list[list[Any]] = []
    formula_places = repeat([]) if formulas is None else _formula_places(formulas[sheet.title])
    for row, places in zip(_rows(sheet), formula_places, strict=formulas is not None):
        for place in places:
            row[place] = FORMULA if row[place] == "" else row[place]
        rows.append(_without_blank_end(row, ""))
    part = parts.get(sheet._worksheet_path.lstrip("/"), b"")
    hidden_rows = frozenset(map(int, _HIDDEN_ROW.findall(part)))
    bounds = (openpyxl.utils.range_boundaries(area.decode()) for area in _MERGED.findall(part))
    merged = tuple((top, bottom, left - 1, right - 1) for left, top, right, bottom in bounds)
    from_1904 = sheet.parent.epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904
    return Sheet(sheet.title, _frame(rows), (), sheet.sheet_state != "visible", hidden_rows, merged, from_1904)


def _frame(rows: list[list[Any]]) -> pd.DataFrame:
    rows = _without_blank_end(rows, [])
    width = max(map(len, rows), default=0)
    check_size(len(rows), width)
    cells = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype=object)
    cells.index += 1
    return cells


def _without_blank_end(cells: list[Any], blank: Any) -> list[Any]:
    """What Excel keeps for its format's sake only is no cell and no row."""
    while cells and cells[-1] == blank:
        cells.pop()
    return cells


def _rows(sheet: Any) -> Iterator[list[Any]]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        yield [_cell(cell) for cell in row]


def _formula_places(sheet: Any) -> Iterator[list[int]]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows():
        yield [place for place, cell in enumerate(row) if cell.data_type == "f"]


def _cell(cell: Any) -> Any:
    """A cell's text, or its number; a date as ISO, hours as `1732:30`, per cent and a unit of money with their sign.

    A number that is shown divided by a thousand says so: which of the two is meant depends on who reads it.
    """
    value = cell.value
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and is_per_cent(cell.number_format or "", value):
        return f"{format((Decimal(repr(value)) * 100).normalize(), 'f')} %"
    if is_number and is_scaled(cell.number_format or ""):
        return f"{_plain_cell(value)} {SCALED}"
    unit = money_shown(cell.number_format or "") if is_number else ""
    return f"{value} {unit}" if unit else _plain_cell(value)


def _plain_cell(value: Any) -> Any:
    """What a cell holds, where its number format only rounds it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else str(value)
    return str(value) if not isinstance(value, date) else value.isoformat()


def _day_of_1900(cell: Any) -> Any:
    is_day = isinstance(cell, (int, float)) and EARLIEST_1904 <= cell <= LATEST_1904
    return cell + DAYS_1900_1904 if is_day else cell


def _clock(time: timedelta) -> str:
    """Hours as Excel shows them under `[h]:mm`, to the second.

    >>> _clock(timedelta(hours=1732, minutes=30)), _clock(-timedelta(minutes=90))
    ('1732:30', '-1:30')
    >>> _clock(timedelta(0)), _clock(timedelta(seconds=3725))
    ('0:00', '1:02:05')
    """
    seconds = round(abs(time).total_seconds())
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}" + (f":{seconds % 60:02d}" if seconds % 60 else "")
    return f"-{text}" if time < timedelta(0) else text


def is_per_cent(number_format: str, value: float) -> bool:
    """Whether Excel shows a number as per cent: a mark that is not quoted or escaped, in the section that applies.

    >>> is_per_cent("0.0 %", 0.075), is_per_cent('0 "% av budget"', 12), is_per_cent("0;-0;0%", 5)
    (True, False, False)
    >>> is_per_cent("0;-0;0%", 0), is_per_cent("0;-0%", -5), is_per_cent("0%;-0", 0), is_per_cent("0;-0%", 0)
    (True, True, True, False)
    >>> [is_per_cent(f"[{sign}100]0%;0", 100) for sign in ("<", ">", "=", "<=", ">=", "<>")]
    [False, False, True, True, True, False]
    """
    return "%" in number_format and "%" in _section(number_format, (value > 0) - (value < 0), value)


@lru_cache(maxsize=4096)
def _section(number_format: str, sign: int, value: float) -> str:
    """The section of a number format that a value is shown by, without its quoted and escaped characters."""
    sections = _split(number_format)
    conditions = [_CONDITION.search(section) for section in sections[:2]]
    if any(conditions):
        holds = (i for i, found in enumerate(conditions) if found and _MEETS[found[1]](value, float(found[2])))
        free = [i for i in range(len(sections)) if i >= len(conditions) or not conditions[i]]
        place = next(holds, free[-1] if free else 0)
    elif len(sections) == 1 or sign > 0:
        place = 0
    else:
        place = 1 if sign < 0 else 2 if len(sections) > 2 else 0
    return LITERAL.sub("", sections[place])


def _split(number_format: str) -> list[str]:
    """A number format's sections: a semicolon inside quotes or after a backslash parts nothing."""
    sections, start = [], 0
    for found in re.finditer(r'"[^"]*"|\\.|;', number_format):
        if found[0] == ";":
            sections.append(number_format[start : found.start()])
            start = found.end()
    return [*sections, number_format[start:]]
