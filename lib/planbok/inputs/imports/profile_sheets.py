"""A profile in Excel, read as the same document that its YAML gives; a fault is named by sheet and cell.

Sheet `profil` has keys in column A and values in column B. `kolumner` has planbok's column, the export's heading and a
constant. `behall` and `handelser` have a name and a text a row. Every other sheet is a code list: `bekraftad` and ja or
nej in its first row, headings in the second, a code a row below. A row that nobody has filled in is no code.
"""

import re
from pathlib import Path
from typing import Any

from planbok.base.errors import did_you_mean
from planbok.base.numbers import cell_text
from planbok.base.workspace import shown
from planbok.inputs.documents import bad_texts, quoted
from planbok.inputs.scenario.sheets import Workbook, cell_at, keyed_texts, named_sheets
from planbok.inputs.tables.files import column_letter
from planbok.inputs.tables.headings import heading_text
from planbok.inputs.tables.xlsx import FORMULA, Sheet

PROFILE, COLUMNS, KEEP, EVENTS, HELP, LISTS = "profil", "kolumner", "behall", "handelser", "hjalp", "listor"
CONFIRMED = "bekraftad"
TOP = (
    *("titel", "tabell", "blad", "rubrikrad", "period", "intakter", "belopp_i", "summera", "sjukbas"),
    *("kod_och_text", "hoppa_over", "sql", "anslutning"),
)
LISTED = ("kod_och_text", "hoppa_over")
WHOLE = ("rubrikrad",)
YES_NO = ("summera", "utelamna", "gissning")
QUERY = ("sql", "anslutning")
CODE_VALUES = ("varde", "budgetrad", "sida", "kostnadsslag", "insats", "niva", "regi")
CODE_HEADINGS = ("kod", "text", "summa", *CODE_VALUES, "namn", "utelamna", "gissning")


def read_sheets_as_document(path: Path, kind: str) -> Workbook:
    """A profile's workbook as a document, with its faults of form."""
    book = Workbook(kind, shown(path))
    sheets = named_sheets(book, path, (PROFILE, COLUMNS))
    if not sheets:
        return book
    reading = _Reading(book)
    value = reading.top(sheets.pop(PROFILE))
    value["kolumner"], value["konstanter"] = reading.columns(sheets.pop(COLUMNS))
    for name in (KEEP, EVENTS):
        if name in sheets:
            value[name] = reading.pairs(name, sheets.pop(name))
    value["koder"] = {}
    for name, sheet in sheets.items():
        if name not in (HELP, LISTS):
            value["koder"][name] = reading.codes(name, sheet, value[CONFIRMED])
    book.value = value
    book.faults += bad_texts(book)
    return book


class _Reading:
    """The sheets of one workbook, and where each value stands."""

    def __init__(self, book: Workbook):
        self.book = book

    def top(self, sheet: Sheet) -> dict[str, Any]:
        """The keys of the sheet `profil`."""
        value: dict[str, Any] = {CONFIRMED: []}
        for key, text, place in keyed_texts(sheet, (*TOP, CONFIRMED), self.book):
            if key == CONFIRMED:
                value[CONFIRMED] += [PROFILE] if self.yes(text, place) else []
            elif text:
                location = ("kalla", key) if key in QUERY else (key,)
                self.book.cells[location] = place
                found = self.value(key, text, place)
                (value.setdefault("kalla", {}) if key in QUERY else value)[key] = found
        return value

    def value(self, key: str, text: str, place: str) -> Any:
        if key in LISTED:
            return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
        if key in WHOLE and text.isdigit():
            return int(text)
        return self.yes(text, place) if key in YES_NO else text

    def yes(self, text: str, place: str) -> bool:
        if text.casefold() not in ("ja", "nej", ""):
            self.book.refuse_at(place, f"skriv ja eller nej, inte {quoted(text)}.", "yes_no")
        return text.casefold() == "ja"

    def columns(self, sheet: Sheet) -> tuple[dict[str, Any], dict[str, Any]]:
        """Rows of planbok's column, the export's heading, a constant; a row with neither is left out."""
        columns: dict[str, Any] = {}
        constants: dict[str, Any] = {}
        self.book.cells["kolumner",] = self.book.cells["konstanter",] = f"blad {sheet.name}"
        for row in sheet.cells.index[1:]:
            name = heading_text(cell_at(sheet, row, 0))
            texts = [cell_text(cell_at(sheet, row, place)) for place in (1, 2)]
            if not name or not any(texts):
                continue
            if name in columns or name in constants:
                self.book.refuse_at(
                    f"blad {sheet.name}, cell A{row}", f"{quoted(name)} står två gånger.", "repeated_key"
                )
            if all(texts):
                self.book.refuse_at(f"blad {sheet.name}, rad {row}", "ange rubrik eller konstant, inte båda.", "both")
            for part, into, letter, text in zip(
                ("kolumner", "konstanter"), (columns, constants), "BC", texts, strict=True
            ):
                if text:
                    into[name] = text
                    self.book.cells[part, name] = f"blad {sheet.name}, cell {letter}{row}"
        return columns, constants

    def pairs(self, name: str, sheet: Sheet) -> dict[str, list[str]]:
        """Rows of a name and a text, as the texts of each name."""
        found: dict[str, list[str]] = {}
        self.book.cells[name,] = f"blad {sheet.name}"
        for row in sheet.cells.index[1:]:
            key, text = (cell_text(cell_at(sheet, row, place)) for place in (0, 1))
            if key and text:
                self.book.cells.setdefault((name, key), f"blad {sheet.name}, cell A{row}")
                found.setdefault(key, []).append(text)
        return found

    def codes(self, name: str, sheet: Sheet, confirmed: list[str]) -> list[dict[str, Any]]:
        """A code list; notes in `confirmed` whether somebody has confirmed it."""
        self.book.cells["koder", name] = f"blad {sheet.name}"
        if len(sheet.cells) < 2 or heading_text(cell_at(sheet, sheet.cells.index[0], 0)) != CONFIRMED:
            text = "bladet är ingen kodlista: första raden ska ha bekraftad och ja eller nej, den andra rubriker."
            self.book.refuse_at(f"blad {sheet.name}", text, "no_code_list")
            return []
        first, heads = sheet.cells.index[:2]
        if self.yes(cell_text(cell_at(sheet, first, 1)), f"blad {sheet.name}, cell B{first}"):
            confirmed.append(name)
        keys = {place: heading_text(sheet.cells.loc[heads, place]) for place in sheet.cells.columns}
        for place, key in keys.items():
            if key and key not in CODE_HEADINGS:
                text = f"okänd kolumn {quoted(key)}.{did_you_mean(key, CODE_HEADINGS, 20)}"
                self.book.refuse_at(f"blad {sheet.name}, cell {column_letter(place)}{heads}", text, "unknown_key")
        rows: list[dict[str, Any]] = []
        for row in sheet.cells.index[2:]:
            given = self.code(sheet, row, keys)
            if given:
                location = ("koder", name, len(rows))
                self.book.cells[location] = f"blad {sheet.name}, rad {row}"
                rows.append(given)
        return rows

    def code(self, sheet: Sheet, row: int, keys: dict[int, str]) -> dict[str, Any] | None:
        """A row's filled cells by key; None where it says nothing of what the code becomes."""
        given: dict[str, Any] = {}
        for place, key in keys.items():
            cell = sheet.cells.loc[row, place]
            text, spot = cell_text(cell), f"blad {sheet.name}, cell {column_letter(place)}{row}"
            if cell == FORMULA:
                self.book.refuse_at(spot, "cellen har en formel som inte är uträknad. Skriv värdet.", "formula")
            elif text and key in CODE_HEADINGS and key != "summa":
                given[key] = self.yes(text, spot) if key in YES_NO else text
        says = given.get("utelamna") or any(key in given for key in CODE_VALUES)
        if says and "kod" not in given:
            self.book.refuse_at(f"blad {sheet.name}, rad {row}", "raden saknar kod.", "no_code")
            return None
        return given if says else None
