"""The city's wide price table, levels down and regi across, read into rows of the price list's long form.

A file is what a person copies from the web page or from Excel: one or several tables, each under a line that names
its insats, with other text around. A row with a known regi in it is a heading row; the rows under it that have more
than one cell are prices. Every cell that is not understood is a fault: nothing is guessed and nothing left out.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from planbok.base.errors import Fault, did_you_mean, refuse_any
from planbok.base.numbers import clean, parse
from planbok.base.privacy import find_personal_number
from planbok.base.workspace import shown
from planbok.inputs.documents import quoted
from planbok.inputs.journal import bytes_of
from planbok.inputs.tables.encoding import UnreadableFileError, decode
from planbok.inputs.tables.files import column_letter, read_sheets, refusing
from planbok.inputs.tables.specs import LEVELS
from planbok.inputs.tables.values import tidy

KIND = "prislista"
COLUMNS = ["ar", "avser", "insats", "regi", "niva", "kr_per_dygn", "underlag", "kalla", "anmarkning"]
REGI_HEADINGS = {
    "kommunal": ("kommunal regi", "kommunal"),
    "entreprenad": ("entreprenad", "på entreprenad", "entreprenadregi"),
    "privat": ("privat regi", "övrig privat regi", "privat", "övrig privat"),
    "andra_kommuner": ("andra kommuner", "annan kommun", "andra kommuners regi"),
}
KNOWN = {heading: regi for regi, headings in REGI_HEADINGS.items() for heading in headings}
UNITS = ("", "kr", "sek", "kr/dygn", "kr per dygn")
NEUTRAL = re.compile(
    "(?:omsorgs|ersättnings)?nivå(?:er)?|ersättning(?:ar)?|prislista|pris(?:er)?|regi|kr|kronor|sek|per|dygn(?:et)?|"
    "och|vid|för|år|lss|sol|inom|i|person|[0-9]+"
)
PLAIN_PRICE = r"(?:[1-9][0-9]? [0-9]{3}|[1-9][0-9]{2,4})(?:,[0-9]{1,2})?"
OTHER_UNIT = re.compile(
    r"\b(?:[tk]kr|mn?kr|ksek|tusental)\b|(?:\bper |/ ?)(?:månad|mån|år|timme|tim|vecka)\b"
    r"|\b(?:månads|års|tim)(?:pris|ersättning)"
)
LONGEST_HEADING = 60
WORD = r"[^\W_]+"
THOUSANDS_DIGITS = 3
YEARS = r"(?<!jämfört med )(?<![0-9])(20[0-9]{2})(?![0-9])"


@dataclass
class WideTable:
    """One table of a file: where it is, what names it, which regi each column is, and its prices by level."""

    place: str
    line: int
    names: list[str]  # lines above it since the table before, the nearest last
    start: int = 1  # the first column of prices; what stands before it is a row's label
    columns: dict[int, str] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    rows: dict[str, dict[int, float]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    insats: str | None = None


def read_wide(path: Path) -> "WideFile":
    """The tables of a csv, tsv, text or xlsx file.

    Raises
    ------
    InputError
        If the file can't be read, or something in it looks like a personal identity number.
    """
    reading = WideFile(shown(path))
    with refusing(KIND, reading.file):
        raw, is_text = bytes_of(path), path.suffix.lower() != ".xlsx"
        if is_text:
            lines, reading.mark = _text_rows(decode(raw))
            sheets: list[tuple[str, Iterable[tuple[int, list[str]]]]] = [("", lines)]
        else:
            sheets = [(s.name, _rows(s.cells)) for s in _sheets(raw)]
    for name, rows in sheets:
        reading.sheet(name, rows, is_text)
    refuse_any([fault for fault in reading.faults if fault.code == "personal_number"])
    return reading


@dataclass
class WideFile:
    """What a file holds: its tables, the years that its text names, and faults that belong to no table."""

    file: str
    tables: list[WideTable] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    mark: str = ""  # what stands between the cells of a text

    def sheet(self, name: str, rows: Iterable[tuple[int, list[str]]], is_text: bool) -> None:
        """Every line of a sheet, each as what it is: headings, prices, or text around the tables."""
        place, table, names = (f"blad {quoted(name)}" if name else ""), None, [name] if name else []
        for line, cells in rows:
            if any(find_personal_number(cell) for cell in cells):
                text = "något som ser ut som ett personnummer. Ta bort det ur filen."
                self.faults.append(Fault(KIND, self.file, line, place, text, "personal_number"))
                continue
            row = _split(cells, table) if is_text else cells
            if not any(row):
                continue
            if any(map(_regi, row)) and (row[0] == "" or _filled(row) > 1):
                table = self.heading_row(place, line, names, row)
                names = []
            elif table and (_filled(row) > 1 or (_level(" ".join(row).strip()) or "").isdigit()):
                self.price_row(table, line, row)
            elif _is_price_row(row):
                label = quoted(next(filter(None, row)))
                text = f"raden {label} står inte under någon rubrikrad med regi, som Kommunal regi."
                self.faults.append(Fault(KIND, self.file, line, place, text, "no_headings"))
            else:
                table = None
                names.append(" ".join(filter(None, row)))
                self.years |= _years(names[-1])

    def heading_row(self, place: str, line: int, names: list[str], row: list[str]) -> WideTable:
        """A new table. Copying may lose the empty corner cell: then the row begins with a regi."""
        row = ["", *row] if _regi(row[0]) else row
        start = next(i for i, cell in enumerate(row) if i and cell and (_regi(cell) or not _is_neutral(cell)))
        corner = " ".join(filter(None, row[:start]))
        table = WideTable(place, line, [*names, *filter(None, [corner])], start)
        for i, cell in list(enumerate(row))[start:]:
            regi = _regi(cell)
            if cell:
                table.headings[i] = cell
            if regi in table.columns.values():
                text = f"rubriken {quoted(cell)} ger samma regi en gång till. Behåll en av kolumnerna."
                self.fault(table, line, i, text, "duplicate_column")
            elif regi:
                table.columns[i] = regi
            elif cell:
                text = f"okänd rubrik {quoted(cell)}.{did_you_mean(_plain(cell), KNOWN)}"
                self.fault(table, line, i, text, "unknown_heading")
        for said in [*filter(_is_heading, table.names), *table.headings.values()]:
            unit = OTHER_UNIT.search(said.lower())
            if unit and "dygn" not in said.lower():
                text = f"rubriken säger '{unit[0].strip('/ ')}', men priserna ska vara i kronor per dygn. Räkna om dem."
                self.fault(table, line, None, text, "unit")
        self.tables.append(table)
        self.years |= _years(corner)
        return table

    def price_row(self, table: WideTable, line: int, row: list[str]) -> None:
        """A level and its prices; every cell that is none is a fault of the table."""
        label = " ".join(filter(None, row[: table.start]))
        if not label and all(_is_neutral(cell) and not re.search("[0-9]", cell) for cell in row):
            return  # a line of units under the headings
        level = _level(label)
        if level is None:
            known = ", ".join(("Grundpeng", "Nivå 1 … Nivå 8", "Ersättning", "Natt per person"))
            self.fault(table, line, None, f"okänd rad {quoted(label)}. Det finns: {known}.", "unknown_level")
        elif level in table.rows:
            text = f"{quoted(label)} finns redan på rad {table.lines[level]}. Behåll en av raderna."
            self.fault(table, line, None, text, "duplicate_row")
            level = None
        prices = {i: self.price(table, line, i, row[i] if i < len(row) else "") for i in table.columns}
        for i, cell in enumerate(row[table.start :], table.start):
            if cell and i not in table.headings:
                text = f"{quoted(cell)} står utanför de kolumner som har en rubrik."
                self.fault(table, line, i, text, "beyond_headings")
        if level is not None:
            table.rows[level], table.labels[level], table.lines[level] = prices, label, line

    def price(self, table: WideTable, line: int, column: int, cell: str) -> float:
        """A price in kr/dygn, NaN with a fault where the cell is none."""
        cell = re.sub(r"[ ]*[:,]-\Z", "", cell)
        found = parse(cell)
        if not cell:
            text = "priset saknas. Fyll i det, eller ta bort kolumnen om regin inte har några priser."
        elif cell.startswith("="):
            text = "cellen har en formel som inte är beräknad. Öppna filen i Excel, räkna om och spara."
        elif self.mark == "," and re.fullmatch("[0-9]{1,2}", cell):
            text = f"{quoted(cell)} kan vara en del av ett tal som kommat har delat (1493,50 blir 1493 och 50). "
            text += "Skilj cellerna åt med semikolon, eller sätt citattecken om tal med decimalkomma."
        elif found.varde is None or found.enhet.lower() not in UNITS:
            text = f"{quoted(cell)} är inget pris. Skriv ett tal i kronor per dygn, som 1 493."
        elif found.decimaler == THOUSANDS_DIGITS:
            text = f"{quoted(cell)} kan vara både tusental och decimaler. Skriv tusental med blanksteg, som 1 493."
        elif found.varde <= 0:
            text = f"{quoted(cell)} är inget pris: det ska vara större än 0."
        else:
            return found.varde
        self.fault(table, line, column, text, "wrong_value")
        return float("nan")

    def fault(self, table: WideTable, line: int, column: int | None, text: str, code: str) -> None:
        heading = "" if column is None else table.headings.get(column) or f"kolumn {column_letter(column)}"
        table.faults.append(Fault(KIND, self.file, line, ", ".join(filter(None, (table.place, heading))), text, code))


def name_tables(wide: WideFile, titles: Mapping[str, str], insats: str | None) -> list[WideTable]:
    """The tables wanted, each with its insats; a table without a usable name is a fault of its own.

    With `insats` only its tables are taken; where none bears its name, the tables whose name says nothing are.
    """
    for table in wide.tables:
        table.insats = _named(table, titles)
    if insats:
        own = [table for table in wide.tables if table.insats == insats]
        chosen = own or [table for table in wide.tables if table.insats is None]
        for table in chosen:
            table.insats = insats
    else:
        chosen = wide.tables
    for table in chosen:
        if table.insats is None:
            found = [name for name in table.names if not _says_nothing(name)]
            heading = f"okänd rubrik {quoted(found[-1])} över tabellen." if found else "tabellen har ingen rubrik."
            hint = did_you_mean(found[-1] if found else "", titles.values())
            text = f"{heading}{hint} Skriv insatsen på raden ovanför, eller ange --insats."
            table.faults.append(Fault(KIND, wide.file, table.line, table.place, text, "unknown_insats"))
    return chosen


def long_rows(tables: Iterable[WideTable], ar: int, kalla: str) -> pd.DataFrame:
    """The tables as rows of the price list, in the order of the file."""
    rows = [
        (ar, "ersattning", t.insats, regi, level, t.rows[level][i], "beslutad", kalla, _remark(t, level, i))
        for t in tables
        for level in sorted(t.rows, key=LEVELS.index)
        for i, regi in t.columns.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _remark(table: WideTable, level: str, column: int) -> str:
    """What the source calls a row or a column whose name says more than the key."""
    row = f"Radrubrik i källan: {table.labels[level]}" if level == "natt_per_person" else ""
    private = table.columns[column] == "privat"
    heading = f"Kolumnrubrik i källan: {table.headings[column]}" if private else ""
    return f"{row}; {heading[0].lower()}{heading[1:]}" if row and heading else row or heading


def _named(table: WideTable, titles: Mapping[str, str]) -> str | None:
    """The insats that the nearest line above the table names, None where it names none."""
    told = next((name for name in reversed(table.names) if not _says_nothing(name)), "")
    lowered = f" {' '.join(re.findall(WORD, told.lower()))} "
    found = {insats for insats, title in titles.items() if f" {title.lower()} " in lowered}
    found |= {insats for insats in titles if insats == told.lower()}
    return found.pop() if len(found) == 1 else None


def _says_nothing(name: str) -> bool:
    """Whether a line above a table is prose or only units and years.

    >>> _says_nothing("Ersättning per dygn 2024 (kr)"), _says_nothing("Gruppbostad 2024")
    (True, False)
    """
    return not _is_heading(name) or _is_neutral(name)


def _is_heading(name: str) -> bool:
    """Whether a line above a table is a heading, and no prose."""
    return len(name) <= LONGEST_HEADING and not name.endswith(".")


def _is_neutral(text: str) -> bool:
    """Whether a text has only words that tell no insats and no regi apart."""
    return all(map(NEUTRAL.fullmatch, re.findall(WORD, text.lower())))


def _years(text: str) -> set[int]:
    """Years that a line names, but for one that it compares with.

    >>> _years("Ersättning 2024, uppräknad jämfört med 2023")
    {2024}
    """
    return {int(year) for year in re.findall(YEARS, text)}


def _plain(heading: str) -> str:
    """A heading without what does not tell regi or level apart: units, brackets, "ersättning vid"."""
    text = re.sub(r"\(.*?\)|\b(?:kr|kronor|sek)\b\.?(?: ?(?:/|per) ?dygn)?", " ", heading.lower())
    text = re.sub(r"\A ?ersättning(?:en)? (?:vid|för|i) ", "", " ".join(text.split()))
    return text.strip(" :,;*")


def _regi(heading: str) -> str | None:
    return KNOWN.get(_plain(heading))


def _level(label: str) -> str | None:
    """The price list's name for a row's label, None where there is none.

    >>> [_level(x) for x in ("Nivå 3", "n 8", "Grund", "Natt, per person (max 4 personer per boende)", "Nivå 9")]
    ['3', '8', 'grundpeng', 'natt_per_person', None]
    """
    text = re.sub(r"[^\w ]", "", _plain(label)).strip()
    number = re.fullmatch(r"(?:nivå|niva|n)? ?([0-9]+)", text)
    if number:
        return number[1] if number[1] in LEVELS else None
    words = {"grund": "grundpeng", "grundpeng": "grundpeng", "grundersättning": "grundpeng", "ersättning": "ersattning"}
    return "natt_per_person" if re.fullmatch("natt per person.*", text) else words.get(text)


def _is_price_row(row: list[str]) -> bool:
    """Whether a row begins with a level's name and goes on with numbers, in cells of their own or as one text.

    >>> [_is_price_row(row) for row in (["", "Nivå 3", "1 493"], ["Nivå 3 1 493 1 400"], ["Ersättning 2024"])]
    [True, True, False]
    >>> [_is_price_row(row) for row in (["Nivå 3", "saknas"], ["Nivå 3"], ["Nivå 3 saknas"])]
    [True, False, False]
    """
    cells = [cell for cell in row if cell]
    if len(cells) > 1 and _level(cells[0]):
        return True
    words = " ".join(cells).split()
    for place in range(1, len(words)):
        label, rest = " ".join(words[:place]), " ".join(words[place:])
        if _level(label) and re.fullmatch(r"[0-9 .,:–-]+", rest):
            prices = re.findall(PLAIN_PRICE, rest)
            if len(prices) > 1 or (prices and not label.isdigit() and not re.fullmatch("20[0-9]{2}", rest)):
                return True
    return False


def _filled(row: list[str]) -> int:
    return sum(map(bool, row))


def _sheets(raw: bytes) -> list:
    return read_sheets(raw, ".xlsx", KNOWN)


def _rows(cells: pd.DataFrame) -> Iterator[tuple[int, list[str]]]:
    """The lines of a worksheet; columns left of everything are dropped."""
    texts = cells.map(lambda cell: clean(tidy(cell)))
    filled = texts.columns[texts.ne("").any()]
    texts = texts.loc[:, filled.min() :] if len(filled) else texts
    yield from ((int(line), list(row)) for line, row in zip(texts.index, texts.to_numpy(), strict=True))


def _text_rows(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The lines of a text file, and the mark between its cells: the one that finds most headings."""
    if not text.strip():
        raise UnreadableFileError("filen är tom.")
    ways = {mark: _parsed(text, mark) for mark in "\t;,"}
    mark = max(ways, key=lambda mark: _understood(ways[mark]))
    return ways[mark], mark


def _understood(rows: list[tuple[int, list[str]]]) -> tuple[int, int]:
    """How many headings, and how many levels, a way to divide the lines finds."""
    headings = sum(_regi(clean(cell)) is not None for _, row in rows for cell in row)
    return headings, sum(_level(clean(row[0])) is not None for _, row in rows)


def _parsed(text: str, mark: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [(reader.line_num, row or [""]) for row in reader]
    except csv.Error:
        raise UnreadableFileError("filen går inte att läsa som en tabell. Spara om den som .xlsx.") from None


def _split(cells: list[str], table: WideTable | None) -> list[str]:
    """The cells of a line of text: as its marks divide it, else at wide blanks, else by what stands there."""
    if sum(bool(cell.strip()) for cell in cells) == 1 and cells[0].strip():
        cells = re.split(r"\t|\s{2,}", cells[0].rstrip())
    row = [clean(tidy(cell)) for cell in cells]
    return _by_words(row[0], table) if _filled(row) == 1 and row[0] else row


def _by_words(line: str, table: WideTable | None) -> list[str]:
    """A line with single blanks: headings by their words, prices of 100 to 99 999 kr, which can be read in one way.

    >>> table = WideTable("", 1, [])
    >>> _by_words("Nivå 1 982 1 040 1100", table)
    ['Nivå 1', '982', '1 040', '1100']
    """
    any_heading = "|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True))
    heads = list(re.finditer(rf"(?<!\w)(?:{any_heading})(?!\w)", line, re.IGNORECASE))
    if len(heads) > 1 and not re.sub("|".join(re.escape(h[0]) for h in heads), "", line[heads[0].start() :]).strip():
        return [line[: heads[0].start()].strip(), *(head[0] for head in heads)]
    label = re.match(r"(?:nivå [0-9]+|\D+?)(?= [0-9])", line, re.IGNORECASE)
    if table is None or not label or _level(label[0]) is None:
        return [line]
    prices = line[label.end() :].strip()
    if re.fullmatch(rf"{PLAIN_PRICE}(?: {PLAIN_PRICE})*", prices):
        return [label[0], *re.findall(PLAIN_PRICE, prices)]
    return [label[0], prices]
