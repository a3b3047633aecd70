"""Input tables: one file read, checked as a whole and handed on as a clean frame, or refused with every fault said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.periods import why_no_day
from planbok.base.privacy import find_personal_number, looks_like_personal_number, personal_number_mask
from planbok.base.workspace import shown
from planbok.inputs.journal import digest, read_bytes
from planbok.inputs.tables.files import (
    HEAD_ROWS,
    Sheet,
    UnreadableFileError,
    column_letter,
    find_headings,
    heading_text,
    read_sheets,
)
from planbok.inputs.tables.specs import HOURLY_PRICES, PRICE_LIST, TABLES, TOTAL_ROW, ColumnSpec, TableSpec
from planbok.inputs.tables.values import EXPECTED, Converted, convert, tidy

__all__ = [
    "HOURLY_PRICES",
    "PRICE_LIST",
    "TABLES",
    "Collection",
    "ColumnSpec",
    "InputTable",
    "TableSpec",
    "UnsoundTableError",
    "read_table",
]

SUFFIXES = (".csv", ".xlsx")
ROWS_SHOWN = 20


@dataclass(frozen=True, eq=False)
class InputTable:
    """A table that has been read.

    `frame` holds every declared column in declared order and `_rad`, the row in the file. A text that is missing is
    "", a number NaN, a date NaT; months and periods are text. A range column has `<name>_lag` and `<name>_hog` beside
    it: of a range the column itself is NaN, of a number all three are the same. `decimaler` are the finest decimals
    that each money column states, in the column's own unit. Treat the frame as read-only: it is shared.
    """

    namn: str
    fil: str
    rader: int
    sha256: str
    frame: pd.DataFrame
    okanda_kolumner: tuple[str, ...]
    decimaler: dict[str, int]


class UnsoundTableError(InputError):
    """A table with faults. `frame` holds what could be read of it, for those who look for more faults."""

    def __init__(self, faults: Iterable[Fault], frame: pd.DataFrame):
        super().__init__(faults)
        self.frame = frame


def read_table(path: Path, spec: TableSpec) -> InputTable:
    """Read a csv or xlsx file as a table; raises InputError with every fault in it.

    A sound table is kept for as long as its file is the same: the processes that a batch forks need not read it again.
    """
    path = Path(path)
    reading, kept = _Reading(spec, shown(path)), (spec.name, path)
    raw = reading.bytes(path)
    found = digest(raw)
    if kept not in _KEPT or _KEPT[kept].sha256 != found:
        _KEPT[kept] = reading.read(path, raw, found)
    return _KEPT[kept]


_KEPT: dict[tuple[str, Path], InputTable] = {}


@dataclass
class _Reading:
    """One reading of one file, and the faults found on the way."""

    spec: TableSpec
    file: str
    faults: list[Fault] = field(default_factory=list)

    def read(self, path: Path, raw: bytes, found: str) -> InputTable:
        known = self.spec.headings()
        try:
            sheets = read_sheets(raw, path.suffix.lower(), known)
        except UnreadableFileError as problem:
            self.stop(str(problem), "unreadable")
        for sheet in sheets:
            self.check_personal_numbers(sheet, known, len(sheets) > 1)
        sheet, row = self.choose_sheet(sheets, known)
        places, unknown = self.match_headings(sheet, row, known)
        body = sheet.cells.loc[row + 1 :]
        if sheet.widths:
            self.check_width(body, sheet.widths[row - 1])
        frame, decimals = self.convert(body, places, sheet.cells.loc[row])
        if self.faults:
            raise UnsoundTableError(self.faults, frame)
        return InputTable(self.spec.name, path.name, len(frame), found, frame, unknown, decimals)

    def bytes(self, path: Path) -> bytes:
        """The file's content."""
        if path.suffix.lower() not in SUFFIXES:
            self.stop("filen är varken .csv eller .xlsx. Spara om den som en av dem.", "unreadable")
        try:
            return read_bytes(path)
        except OSError:
            self.stop("filen finns inte eller går inte att läsa. Kontrollera namnet och rättigheterna.", "unreadable")

    def fault(self, line: int, place: str, text: str, code: str) -> None:
        self.faults.append(Fault(self.spec.kind, self.file, int(line), place, text, code))

    def stop(self, text: str, code: str, line: int = 0) -> None:
        """A fault that leaves nothing more to look for."""
        self.fault(line, "", text, code)
        raise InputError(self.faults) from None

    def rows(self, bad: pd.Series, place: str, texts: str | Iterable[str], code: str) -> None:
        """A fault for each bad row, the first ones one by one and the rest as a number."""
        lines = bad.index[bad.to_numpy(bool)]
        each = [texts] * ROWS_SHOWN if isinstance(texts, str) else list(texts)
        for line, text in zip(lines[:ROWS_SHOWN], each, strict=False):
            self.fault(line, place, text, code)
        if len(lines) > ROWS_SHOWN:
            text = f"samma fel på {len(lines) - ROWS_SHOWN} rader till, den sista rad {lines[-1]}."
            self.fault(lines[ROWS_SHOWN], place, text, code)

    def check_personal_numbers(self, sheet: Sheet, known: Iterable[str], several: bool) -> None:
        row, score = find_headings(sheet, known)
        where = f"blad {_safe(sheet.name)}, " if several else ""
        for position in sheet.cells.columns:
            bad = personal_number_mask(sheet.cells[position])
            if bad.any():
                heading = tidy(sheet.cells.loc[row, position]) if score else ""
                name = heading if heading and heading_text(heading) in known else column_letter(position)
                text = "något som ser ut som ett personnummer. Byt mot en pseudonym eller ta bort det ur filen."
                self.rows(bad, f"{where}kolumn {name}", text, "personal_number")

    def choose_sheet(self, sheets: list[Sheet], known: dict) -> tuple[Sheet, int]:
        """The first sheet whose heading row has every required column, else the one that has the most headings."""
        best = None
        for sheet in sheets:
            row, score = find_headings(sheet, known)
            missing = self._missing(map(heading_text, sheet.cells.loc[row])) if score else [None]
            if not missing:
                return sheet, row
            if best is None or score > best[0]:
                best = (score, sheet, row)
        if best is None or best[0] < min(2, len(self.spec.columns)):
            names = ", ".join(column.name for column in self.spec.columns if column.required)
            text = f"ingen rubrikrad hittades bland de {HEAD_ROWS} första raderna. Väntade kolumnerna {names}."
            self.stop(text, "no_headings")
        return best[1], best[2]

    def _missing(self, headings: Iterable[str]) -> list[ColumnSpec]:
        present = set(headings)
        return [column for column in self.spec.columns if column.required and not present & set(column.spellings())]

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
                unknown.append(_safe(heading))
            elif sheet.cells.loc[row + 1 :, position].ne("").any():
                unknown.append(f"kolumn {column_letter(position)} utan rubrik")
        for name, positions in places.items():
            if len(positions) > 1:
                twice = " och ".join(f"{headings[place]} ({column_letter(place)})" for place in positions)
                text = f"kolumnen finns flera gånger: {twice}. Behåll en av dem."
                self.fault(row, f"kolumn {name}", text, "duplicate_column")
        for column in self._missing(map(heading_text, headings.values())):
            self.missing_column(column, row, unknown)
        return places, tuple(unknown)

    def missing_column(self, column: ColumnSpec, row: int, unknown: list[str]) -> None:
        hint = did_you_mean(column.name, unknown) if unknown else " Alla rubriker i filen är redan använda."
        text = f"kolumnen saknas bland rubrikerna.{hint} Döp om rubriken till '{column.name}' eller lägg till kolumnen."
        self.fault(row, f"kolumn {column.name}", text, "missing_column")

    def check_width(self, body: pd.DataFrame, width: int) -> None:
        """Cells of a csv row beyond its headings: most often a decimal comma in a file with commas between cells."""
        beyond = body.loc[:, width:].ne("").any(axis=1)
        text = (
            f"raden har fler celler än rubrikraden ({width} st). Skilj cellerna åt med semikolon, eller sätt "
            "citattecken om tal med decimalkomma."
        )
        self.rows(beyond, "", text, "too_many_cells")

    def convert(self, body: pd.DataFrame, places: dict, heads: pd.Series) -> tuple[pd.DataFrame, dict[str, int]]:
        """Every declared column as values, with the faults of its cells and rows."""
        declared = [position for positions in places.values() for position in positions]
        body = body.drop(index=_blank_rows(body[declared]))
        if body.empty:
            self.fault(0, "", "tabellen har inga rader under rubrikerna. Fyll i den eller ta bort filen.", "no_rows")
        read: dict[str, Converted] = {}
        for column in self.spec.columns:
            if column.name in places:
                position = places[column.name][0]
                cells, heading = body[position], heading_text(heads[position])
                read[column.name] = convert(cells, column, heading)
                self.check_cells(cells, column, heading, read[column.name])
        absent = pd.Series("", index=body.index, dtype=object)
        every = [read.get(column.name) or convert(absent, column, column.name) for column in self.spec.columns]
        frame = pd.concat([column.frame for column in every], axis=1)
        self.check_rows(frame, read)
        frame["_rad"] = frame.index.to_numpy("int64")
        money = {c.name: read[c.name].decimals for c in self.spec.columns if c.is_money and c.name in read}
        return frame.reset_index(drop=True), money

    def check_cells(self, cells: pd.Series, column: ColumnSpec, heading: str, read: Converted) -> None:
        place = f"kolumn {heading}"
        if not column.may_be_empty:
            text = "cellen är tom men måste ha ett värde. Fyll i den eller ta bort raden."
            self.rows(read.empty, place, text, "empty_cell")
        wrong = cells[read.bad].head(ROWS_SHOWN)
        self.rows(read.bad, place, [self.wrong_cell(cell, column) for cell in wrong], "wrong_value")

    def wrong_cell(self, cell: object, column: ColumnSpec) -> str:
        text = tidy(cell)
        found = "(visas inte)" if column.hidden else f"'{_safe(text)}'"
        if column.choices:
            close = did_you_mean("" if _unsafe(text) else text, column.choices)
            hint = close if "Menade du" in close else ""
            return f"{found} är inget av {', '.join(column.choices)}.{hint} Rätta cellen."
        if column.kind == "budget_row":
            return f"{found} är inget namn på en budgetrad. Menade du '{TOTAL_ROW}'? Rätta cellen."
        if text.startswith("="):
            return "cellen har en formel som inte är beräknad. Öppna filen i Excel, räkna om och spara."
        reason = why_no_day(text) if column.kind == "date" else ""
        expected = column.expected or EXPECTED[column.kind]
        return f"hittade {found}{f' ({reason})' if reason else ''}, väntade {expected}. Rätta cellen."

    def check_rows(self, frame: pd.DataFrame, read: dict[str, Converted]) -> None:
        """What takes a whole row to see: no amount at all, an end before its start, the same row twice."""
        if self.spec.needs_money:
            money = [column.name for column in self.spec.columns if column.is_money]
            text = f"raden har inget belopp. Fyll i minst ett av {', '.join(money)}, eller ta bort raden."
            empty = frame[money].isna().all(axis=1) & ~self._unreadable(money, frame, read)
            self.rows(empty, "", text, "no_money")
        for start, end in self.spec.intervals:
            text = f"{end} ligger före {start}. Rätta datumen; båda dagarna ingår."
            self.rows(frame[end] < frame[start], f"kolumn {end}", text, "interval")
        if self.spec.one_of:
            filled = frame[list(self.spec.one_of)].notna().sum(axis=1)
            text = f"raden ska ha ett värde i precis en av kolumnerna {' och '.join(self.spec.one_of)}."
            self.rows(filled.ne(1) & ~self._unreadable(self.spec.one_of, frame, read), "", text, "one_of")
        self.check_unique(frame, read)

    @staticmethod
    def _unreadable(names: Iterable[str], frame: pd.DataFrame, read: dict[str, Converted]) -> pd.Series:
        """Rows that have a cell of another kind in one of the columns."""
        bad = [read[name].bad for name in names if name in read]
        return pd.concat(bad, axis=1).any(axis=1) if bad else pd.Series(False, index=frame.index)

    def check_unique(self, frame: pd.DataFrame, read: dict[str, Converted]) -> None:
        key = [name for name in self.spec.unique_key if name in read]
        if not key or any(name not in read for name in self.spec.unique_key if self._required(name)):
            return
        unclear = pd.concat([read[name].bad | (read[name].empty & self._required(name)) for name in key], axis=1)
        clear = frame.loc[~unclear.any(axis=1), key]
        repeated = clear.duplicated()
        if repeated.any():
            alike = clear[clear.duplicated(keep=False)]
            first = alike.index.to_series().groupby([alike[name] for name in key]).transform("first")
            name = ", ".join(self.spec.unique_key)
            texts = [f"samma {name} som rad {line}. Behåll en av raderna." for line in first[repeated[alike.index]]]
            self.rows(repeated, "", texts[:ROWS_SHOWN], "duplicate_row")

    def _required(self, name: str) -> bool:
        return any(column.name == name and not column.may_be_empty for column in self.spec.columns)


def _blank_rows(cells: pd.DataFrame) -> pd.Index:
    for position in cells:
        cells = cells[cells[position].astype(str).str.isspace() | cells[position].eq("")]
    return cells.index


def _unsafe(text: str) -> bool:
    return find_personal_number(text) or looks_like_personal_number(text)


def _safe(text: str) -> str:
    """A found text as it may stand in a message: never a personal number, and not a whole story."""
    if _unsafe(text):
        return "(visas inte)"
    return text if len(text) <= 40 else f"{text[:40]}…"


class Collection:
    """A folder of input tables, each read at most once."""

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self._read: dict[str, InputTable] = {}

    def _files(self) -> list[Path]:
        inside = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        return [path for path in inside if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "."))]

    def _named(self, name: str) -> list[Path]:
        return [path for path in self._files() if path.stem.lower() == name]

    def names(self) -> tuple[str, ...]:
        """The known tables that the folder has."""
        return tuple(name for name in TABLES if self.has(name))

    def has(self, name: str) -> bool:
        """Whether the folder has the table."""
        return bool(self._named(name))

    def unknown_files(self) -> tuple[str, ...]:
        """Table files whose names are no known table."""
        return tuple(path.name for path in self._files() if path.stem.lower() not in TABLES)

    def path(self, name: str) -> Path:
        """The table's file; InputError if there is none, or more than one."""
        found = self._named(name)
        if len(found) == 1:
            return found[0]
        file = shown(self.folder)
        if found:
            files = " och ".join(path.name for path in found)
            text = f"tabellen finns i flera filer: {files}. Behåll en av dem."
            raise InputError([Fault("tabell", file, 0, f"tabell {name}", text, "two_files")])
        if not self.folder.is_dir():
            state = "mappen finns inte"
        else:
            state = f"tabellen finns inte i mappen. Där finns: {', '.join(self.names()) or 'ingen tabell'}"
        text = f"{state}. Lägg dit {name}.csv eller {name}.xlsx, eller välj en annan mapp med --data."
        raise InputError([Fault("tabell", file, 0, f"tabell {name}", text, "missing_table")])

    def read(self, name: str) -> InputTable:
        """The table, read the first time it is asked for; InputError with every fault in it."""
        if name not in self._read:
            self._read[name] = read_table(self.path(name), TABLES[name])
        return self._read[name]
