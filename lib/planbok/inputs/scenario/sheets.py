"""Scenarios in Excel: a workbook read as the same document that a YAML file gives, and an empty one to fill in.

Sheet `scenario` has titel, fraga and bygger_pa in column A and what is filled in beside them. Sheet `forandringar` has
the keys of a change as headings and one change a row; `lag` and `hog` are the stated ends of whatever figure the row's
type has. Empty cells are keys that are left out. A fault is named by sheet and cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, did_you_mean
from planbok.base.numbers import cell_text, parse, reads_two_ways, whole
from planbok.base.workspace import shown
from planbok.inputs.documents import Document, Location, bad_texts, inline_value, quoted
from planbok.inputs.journal import read_bytes
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.tables.encoding import UnreadableFileError
from planbok.inputs.tables.files import column_letter, read_sheets
from planbok.inputs.tables.headings import heading_text
from planbok.inputs.tables.xlsx import FORMULA, Sheet

ABOUT, CHANGES = "scenario", "forandringar"
TOP = ("titel", "fraga", "bygger_pa")
ENDS = ("lag", "hog")
NUMBERS = (*ENDS, "sannolikhet_andel", "hyra_kr_per_manad", "manader_mellan_inflyttningar", "arsarbetare")
UNITS = {"%": re.compile("procent|andel"), "kr": re.compile(r"(?<![a-z])kr(?![a-z])|varde")}
HINTS = 40


def numbers() -> set[str]:
    """The columns that hold numbers: topics may add kinds of change until the first sheet is read."""
    return {kind.figure for kind in CHANGE_TYPES.values() if kind.figure} | {*NUMBERS}


def headings() -> tuple[str, ...]:
    """Every column that a sheet of changes may have."""
    return (*dict.fromkeys(key for kind in CHANGE_TYPES.values() for key in kind.model_fields), *ENDS)


@dataclass
class Workbook(Document):
    """A document whose places are cells."""

    cells: dict[Location, str] = field(default_factory=dict)

    def spot(self, location: Location) -> tuple[int, str]:
        """No line, but the sheet and the cell of a location, or of the nearest one around it."""
        while location and location not in self.cells:
            location = location[:-1]
        return 0, self.cells.get(location, "")

    def refuse_at(self, spot: str, text: str, code: str) -> None:
        """Adds a fault at a place that is called `spot` to those found."""
        self.faults.append(Fault(self.kind, self.file, 0, spot, text, code))


def named_sheets(book: Workbook, path: Path, needed: tuple[str, ...], hint: str = "") -> dict[str, Sheet]:
    """The sheets of the file by name; none, and a fault, where it can't be read or lacks one that is needed."""
    try:
        sheets = {heading_text(sheet.name): sheet for sheet in read_sheets(read_bytes(path), ".xlsx", ())}
    except UnreadableFileError as problem:
        book.refuse((), str(problem), "unreadable")
        return {}
    except OSError:
        book.refuse((), "filen går inte att läsa. Är den öppen i Excel?", "unreadable")
        return {}
    missing = [name for name in needed if name not in sheets]
    for name in missing:
        text = f"bladet '{name}' saknas.{did_you_mean(name, sheets)}{hint}"
        book.refuse((), text, "missing_sheet")
    return {} if missing else sheets


def read_workbook(path: Path, faults: list[Fault]) -> Workbook:
    """A scenario's workbook as a document, whose faults are added to `faults`."""
    book = Workbook("scenario", shown(path), faults=faults)
    sheets = named_sheets(book, path, (ABOUT, CHANGES), " planbok scenario ny gör en tom fil.")
    if not sheets:
        return book
    book.value = _about(sheets[ABOUT], book)
    book.value["forandringar"] = _changes(sheets[CHANGES], book)
    book.faults += bad_texts(book)
    return book


def cell_at(sheet: Sheet, row: int, place: int) -> Any:
    """A cell of a sheet; "" in a column that it does not have."""
    return sheet.cells.loc[row, place] if place in sheet.cells else ""


def keyed_texts(sheet: Sheet, known: tuple[str, ...], book: Workbook) -> Iterator[tuple[str, str, str]]:
    """The keys in column A, each with the text in column B and the name of that cell; a key of no kind is a fault."""
    book.cells[()] = f"blad {sheet.name}"
    for row in sheet.cells.index:
        key = heading_text(cell_at(sheet, row, 0))
        if key in known:
            yield key, cell_text(cell_at(sheet, row, 1)), f"blad {sheet.name}, cell B{row}"
        elif key:
            text = f"okänd rad {quoted(key)}.{did_you_mean(key, known, HINTS)}"
            book.refuse_at(f"blad {sheet.name}, cell A{row}", text, "unknown_key")


def _about(sheet: Sheet, book: Workbook) -> dict[str, Any]:
    """What stands beside titel, fraga and bygger_pa; each is placed at its own cell also when that is empty."""
    found: dict[str, Any] = {}
    for key, text, spot in keyed_texts(sheet, TOP, book):
        book.cells[key,] = spot
        if key == "bygger_pa":
            found[key] = [name for name in re.split(r"[,;\s]+", text) if name]
            book.cells |= {(key, i): spot for i in range(len(found[key]))}
        elif text:
            found[key] = text
    return found


def _changes(sheet: Sheet, book: Workbook) -> list[dict[str, Any]]:
    """Each row below the headings that has anything in it."""
    cells = sheet.cells
    book.cells[CHANGES,] = f"blad {sheet.name}"
    if not len(cells):
        return []
    first = cells.index[0]
    columns = {place: heading_text(cells.loc[first, place]) for place in cells.columns}
    columns = {place: key for place, key in columns.items() if key}
    _check_headings(sheet, columns, book, first)
    changes: list[dict[str, Any]] = []
    for row in cells.index[1:]:
        given = {key: cells.loc[row, place] for place, key in columns.items() if key in headings()}
        if any(cell_text(value) for value in given.values()):
            location = (CHANGES, len(changes))
            places = {key: f"blad {sheet.name}, cell {column_letter(place)}{row}" for place, key in columns.items()}
            changes.append(_change(given, location, places, book))
            book.cells[location] = f"blad {sheet.name}, rad {row}"
    return changes


def _check_headings(sheet: Sheet, columns: dict[int, str], book: Workbook, row: int) -> None:
    seen: set[str] = set()
    for place, key in columns.items():
        spot = f"blad {sheet.name}, cell {column_letter(place)}{row}"
        if key not in headings():
            text = f"okänd kolumn {quoted(key)}.{did_you_mean(key, headings(), HINTS)}"
            book.refuse_at(spot, text, "unknown_key")
        elif key in seen:
            text = f"kolumnen {quoted(key)} står två gånger. Ta bort den ena."
            book.refuse_at(spot, text, "repeated_key")
        seen.add(key)


def _change(given: dict[str, Any], location: Location, places: dict[str, str], book: Workbook) -> dict[str, Any]:
    """A row's filled cells by key; `lag` and `hog` belong to the figure of the row's type."""
    typ = cell_text(given.get("typ", ""))
    figure = CHANGE_TYPES[typ].figure if typ in CHANGE_TYPES else ""
    change: dict[str, Any] = {}
    for key, spot in places.items():
        name = f"{figure or 'varde'}_{key}" if key in ENDS else key
        if name not in places or key == name:
            book.cells[(*location, name)] = spot
        value = given.get(key, "")
        if value == FORMULA:
            text = "cellen har en formel som inte är uträknad. Öppna filen i Excel och spara den, eller skriv talet."
            book.refuse_at(spot, text, "formula")
        elif cell_text(value):
            if isinstance(value, str) and _takes_number(key) and reads_two_ways(value):
                text = f"{quoted(value)} kan läsas på två sätt. Skriv talet som ett tal, utan tusentalsavskiljare."
                book.refuse_at(spot, text, "two_ways")
            if name == "varde" and parse(cell_text(value)).enhet == "%":
                text = "skriv talet i regelns måttenhet, utan procenttecken: 0,8 för en andel, 80 för procent."
                book.refuse_at(spot, text, "per_cent")
            change[name] = _value(key, name, value)
            if name == "varde" and isinstance(change[name], str):
                change[name] = inline_value(change[name], (*location, name), book)
    return change


def _takes_number(key: str) -> bool:
    figure = key in numbers() or key.endswith(("_lag", "_hog"))
    return figure or key in ("niva", "fran_niva", "till_niva", "varde")


def _value(key: str, name: str, value: Any) -> Any:
    """A cell as YAML would have it: a number in any Swedish spelling where the key takes one, whole ones as such.

    `name` says what the number is of, and so which unit may stand after it.
    """
    text = cell_text(value)
    number = parse(text)
    its_own = UNITS[number.enhet].search(name) if number.enhet in UNITS else not number.enhet
    if number.varde is None or not _takes_number(key) or not its_own:
        return text
    found = number.varde / 100 if number.enhet == "%" and "_andel" in name else number.varde
    return whole(found)
