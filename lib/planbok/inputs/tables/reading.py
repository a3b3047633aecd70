"""One reading of one table file: its sheet, headings, cells and rows, with every fault that is found on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.periods import why_no_day
from planbok.base.privacy import personal_number_mask
from planbok.inputs.journal import read_bytes
from planbok.inputs.tables.body import absent_columns, read_body
from planbok.inputs.tables.checks import SPLIT_TOTALS, row_faults
from planbok.inputs.tables.choose import choose_sheet, missing_columns
from planbok.inputs.tables.columns import TOTAL_ROW, ColumnSpec, TableSpec
from planbok.inputs.tables.commas import Fit, Places
from planbok.inputs.tables.files import column_letter, find_headings, merged_under, read_sheets, refusing
from planbok.inputs.tables.headings import heading_text
from planbok.inputs.tables.values import (
    EXPECTED,
    Converted,
    faults_of_rows,
    is_no_value,
    shortened,
    tidy,
    unsafe,
    why_no_number,
    why_no_text,
)
from planbok.inputs.tables.xlsx import Sheet

SUFFIXES = (".csv", ".xlsx")
UNREAD = "Kolumnen läses inte: ta bort den."
AGAIN = "repeated_headings"


@dataclass(frozen=True, eq=False)
class InputTable:
    """A table that has been read.

    `frame` holds every declared column in declared order and `_rad`, the row in the file. A text that is missing is
    "", a number NaN, a date NaT; months and periods are text. A range column has `<name>_lag` and `<name>_hog` beside
    it: of a range the column itself is NaN, of a number all three are the same. `decimaler` are the finest decimals
    that each money column states, in the column's own unit. `blad` is the sheet that was read, `noter` what a reader
    should be told of the file, `kolumner` the declared columns that it has. Treat the frame as read-only: it is shared.
    """

    namn: str
    fil: str
    rader: int
    sha256: str
    frame: pd.DataFrame
    okanda_kolumner: tuple[str, ...]
    decimaler: dict[str, int]
    blad: str = ""
    noter: tuple[str, ...] = ()
    kolumner: frozenset[str] = frozenset()


class UnsoundTableError(InputError):
    """A table with faults. `frame` holds what could be read of it, for those who look for more faults."""

    def __init__(self, faults: Iterable[Fault], frame: pd.DataFrame):
        super().__init__(faults)
        self.frame = frame


@dataclass
class Reading:
    """One reading of one file, and the faults found on the way."""

    spec: TableSpec
    file: str
    faults: list[Fault] = field(default_factory=list)
    sheet: str = ""  # the sheet that is read; "" for a csv file

    def sheets(self, path: Path, raw: bytes) -> list[Sheet]:
        """The file's sheets; a file that can't be read stops with the reason."""
        with refusing(self.spec.kind, self.file):
            return read_sheets(raw, path.suffix.lower(), self.spec.headings(), whole=False)

    def read(self, path: Path, sheets: list[Sheet], found: str) -> InputTable:
        """The table of a file's sheets.

        Raises
        ------
        UnsoundTableError
            With every fault, if there is one.
        """
        known = self.spec.headings()
        for sheet in sheets:
            self.check_personal_numbers(sheet, known, len(sheets) > 1)
        table, row, notes = choose_sheet(sheets, self.spec, self.stop)
        self.sheet = table.name
        places, unknown = self.match_headings(table, row, known)
        self.check_width(table, row, places)
        self.check_merged(table, row, places)
        frame, decimals = self.convert(table, row, places)
        totals = frame["budgetrad"].eq(TOTAL_ROW) if self.spec.name in SPLIT_TOTALS else pd.Series(False)
        if len(frame) and totals.all():
            self.fault(0, "", f"tabellen har bara rader {TOTAL_ROW}. Fyll i budgetraderna.", "no_rows")
        if self.faults:
            raise UnsoundTableError(self.faults, frame)
        if totals.any():
            frame = frame[~totals].reset_index(drop=True)
        read = (self.spec.name, path.name, len(frame), found, frame, unknown, decimals, self.sheet, tuple(notes))
        return InputTable(*read, frozenset(places))

    def units(self, sheets: list[Sheet]) -> list[str]:
        """The units that the table names; nothing else of it is read or judged."""
        table, row, _ = choose_sheet(sheets, self.spec, self.stop)
        places, _ = self.match_headings(table, row, self.spec.headings())
        column = tuple(column for column in self.spec.columns if column.name == "enhet")
        read = read_body(table, row, places, replace(self.spec, columns=column)).columns
        return read["enhet"].frame["enhet"].unique().tolist() if read else []

    def bytes(self, path: Path) -> bytes:
        """The file's content."""
        if path.suffix.lower() not in SUFFIXES:
            self.stop("filen är varken .csv eller .xlsx. Spara om den som en av dem.", "unreadable")
        with refusing(self.spec.kind, self.file):
            return read_bytes(path)

    def spot(self, place: str) -> str:
        """A place, with its sheet where the file has several."""
        return ", ".join(part for part in (f"blad {shortened(self.sheet)}" if self.sheet else "", place) if part)

    def fault(self, line: int, place: str, text: str, code: str) -> None:
        self.faults.append(Fault(self.spec.kind, self.file, int(line), self.spot(place), text, code))

    def stop(self, text: str, code: str) -> NoReturn:
        """A fault that leaves nothing more to look for."""
        self.fault(0, "", text, code)
        raise InputError(self.faults) from None

    def rows(self, bad: pd.Series, place: str, texts: str | Iterable[str], code: str) -> None:
        """A fault for each bad row."""
        self.faults += faults_of_rows(self.spec.kind, self.file, bad, self.spot(place), texts, code)

    def check_personal_numbers(self, sheet: Sheet, known: dict, several: bool) -> None:
        """A fault for each cell that may be a personal number, in any column of the sheet."""
        row, score = find_headings(sheet, known)
        where = f"blad {shortened(sheet.name)}, " if several else ""
        headings = {position: tidy(sheet.cells.loc[row, position]) if score else "" for position in sheet.cells}
        columns = {place: known.get(heading_text(name), (None,))[0] for place, name in headings.items()}
        hits: dict[int, list[pd.Series]] = {position: [] for position in headings}
        for cells in sheet.parts():
            for position, column in columns.items():
                found = personal_number_mask(cells[position], free_text=column is None or column.is_free_text)
                hits[position].append(found[found.to_numpy(bool)])
        for position, column in columns.items():
            heading, bad = headings[position], pd.concat(hits[position])
            if len(bad):
                name = heading if column else column_letter(position)
                what = "Byt mot en pseudonym eller ta bort det ur filen." if column or not score else UNREAD
                self.rows(
                    bad, f"{where}kolumn {name}", f"något som ser ut som ett personnummer. {what}", "personal_number"
                )

    def match_headings(self, sheet: Sheet, row: int, known: dict) -> tuple[dict[str, list[int]], tuple[str, ...]]:
        """Where each declared column is, and the names of the columns that are not declared."""
        headings = {position: tidy(cell) for position, cell in sheet.cells.loc[row].items()}
        places: dict[str, list[int]] = {}
        unknown = []
        for position, heading in headings.items():
            found = known.get(heading_text(heading))
            if found:
                places.setdefault(found[0].name, []).append(position)
            elif heading:
                unknown.append(shortened(heading))
            elif any(cells.loc[row + 1 :, position].ne("").any() for cells in sheet.parts()):
                unknown.append(f"kolumn {column_letter(position)} utan rubrik")
        for name, positions in places.items():
            if len(positions) > 1:
                twice = " och ".join(f"{headings[place]} ({column_letter(place)})" for place in positions)
                text = f"kolumnen finns flera gånger: {twice}. Behåll en av dem."
                self.fault(row, f"kolumn {name}", text, "duplicate_column")
        for column in missing_columns(map(heading_text, headings.values()), self.spec):
            self.missing_column(column, row, unknown)
        return places, tuple(unknown)

    def missing_column(self, column: ColumnSpec, row: int, unknown: list[str]) -> None:
        """A fault for a required column that the file lacks, with the unknown heading that may be meant."""
        hint = did_you_mean(column.name, unknown) if unknown else " Alla rubriker i filen är redan använda."
        names = " eller ".join(f"'{name}'" for name in column.spellings())
        names += ", efter vad beloppen är i," if column.is_money else ""
        text = f"kolumnen saknas bland rubrikerna.{hint} Döp om rubriken till {names} eller lägg till kolumnen."
        self.fault(row, f"kolumn {column.name}", text, "missing_column")

    def check_width(self, sheet: Sheet, row: int, places: dict[str, list[int]]) -> None:
        """Rows of a csv file that don't fit the headings."""
        columns = {column.name: column for column in self.spec.columns}
        fit = Fit(
            sheet, row, Places.of(sheet.cells.loc[row], {place: columns[name] for name, (place, *_) in places.items()})
        )
        for cells in sheet.parts() if fit.needed else ():
            fit.take(cells)
        for found in fit.faults():
            self.rows(found.bad, found.place, found.texts, found.code)

    def check_merged(self, sheet: Sheet, row: int, places: dict[str, list[int]]) -> None:
        """Merged cells under the headings: only the first of them has the value."""
        for rows, name, text in merged_under(sheet, row, {name: place for name, (place, *_) in places.items()}):
            self.fault(rows[0], f"kolumn {name}", text, "merged_cells")

    def convert(self, sheet: Sheet, row: int, places: dict) -> tuple[pd.DataFrame, dict[str, int]]:
        """Every declared column as values, with the faults of its cells and rows."""
        headings = {name: heading_text(sheet.cells.loc[row, place]) for name, (place, *_) in places.items()}
        body = read_body(sheet, row, places, self.spec)
        text = "raden är rubrikerna en gång till. Ta bort den, eller spara filerna var för sig."
        self.rows(body.again, "", text, AGAIN)
        if not len(body.index):
            self.fault(0, "", "tabellen har inga rader under rubrikerna. Fyll i den eller ta bort filen.", "no_rows")
        read = body.columns
        for column in self.spec.columns:
            if column.name in read:
                self.check_cells(column, headings[column.name], read[column.name])
        absent = absent_columns([column for column in self.spec.columns if column.name not in read], body.index)
        frame = pd.concat([(read | absent)[column.name].frame for column in self.spec.columns], axis=1)
        for found in row_faults(self.spec, frame, read):
            self.rows(found.bad, found.place, found.texts, found.code)
        frame["_rad"] = frame.index.to_numpy("int64")
        money = {c.name: read[c.name].decimals for c in self.spec.columns if c.is_money and c.name in read}
        return frame.reset_index(drop=True), money

    def check_cells(self, column: ColumnSpec, heading: str, read: Converted) -> None:
        """Faults of a column: cells of another kind, and cells that are empty and may not be."""
        place = f"kolumn {heading}"
        if not column.may_be_empty:
            text = "cellen är tom men måste ha ett värde. Fyll i den eller ta bort raden."
            self.rows(read.empty, place, text, "empty_cell")
        self.rows(read.bad, place, [self.wrong_cell(cell, column) for cell in read.wrong], "wrong_value")

    def wrong_cell(self, cell: object, column: ColumnSpec) -> str:
        """What is wrong with a cell: what was expected, what was found and what to do."""
        text = tidy(cell)
        found = "(visas inte)" if column.hidden else f"'{shortened(text)}'"
        if text.startswith("="):
            return "cellen har en formel som inte är beräknad. Öppna filen i Excel, räkna om och spara."
        if is_no_value(text) or (column.kind in ("text", "budget_row", "target") and not column.choices):
            problem = why_no_text(text, column)
            if problem:
                return f"{found} {problem}"
        if column.choices:
            close = did_you_mean("" if unsafe(text) else text, column.choices)
            hint = close if "Menade du" in close else ""
            return f"{found} är inget av {', '.join(column.choices)}.{hint} Rätta cellen."
        if column.kind == "budget_row":
            return f"{found} är inget namn på en budgetrad. Menade du '{TOTAL_ROW}'? Rätta cellen."
        reason, expected = _reason(text, column), column.expected or EXPECTED[column.kind]
        return f"hittade {found}{f' ({reason})' if reason else ''}, väntade {expected}. Rätta cellen."


_NUMBERS = ("number", "money", "int", "range", "target")


def _reason(text: str, column: ColumnSpec) -> str:
    """Why a cell can't be read, where that takes more words than what was expected; "" else."""
    if column.kind == "date":
        return why_no_day(text)
    return why_no_number(text) if column.kind in _NUMBERS else ""
