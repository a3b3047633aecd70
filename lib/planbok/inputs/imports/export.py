"""An export read by its profile: the columns that are used, and an account of every row that is not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean, refuse_any
from planbok.base.numbers import cell_text
from planbok.base.words import counted
from planbok.base.workspace import shown
from planbok.inputs.fingerprint import keyed, plain
from planbok.inputs.imports.amounts import amounts
from planbok.inputs.imports.distinct import Distinct, any_of, begins
from planbok.inputs.imports.export_rows import CURRENCY, HEADINGS, SUMS, Body, Unread, showable, unit_in, words_of
from planbok.inputs.imports.profile import AMOUNT, EVENT_DAY, MONTH, TOTALS, Profile, about_persons, is_private
from planbok.inputs.imports.pseudonyms import domain_of
from planbok.inputs.imports.sie import is_sie, sie_sheet
from planbok.inputs.journal import read_bytes
from planbok.inputs.tables.columns import DAYS, ColumnSpec
from planbok.inputs.tables.commas import Fit, Places
from planbok.inputs.tables.files import column_letter, find_headings, merged_under, read_sheets, refusing
from planbok.inputs.tables.headings import HEAD_ROWS, heading_text
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import ROWS_SHOWN, faults_of_rows, why_no_number
from planbok.inputs.tables.xlsx import FORMULA, Sheet

KIND = "export"
SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".se", ".si", ".sie")
SIDES = re.compile(
    r"(?:belopp )?(?:debet|kredit|debit|credit)[ -]?(?:belopp|saldo|summa|utfall)?(?: ?\(?t?kr\)?)?"
    r"|d/k|k/d|debet/kredit"
)
SIDE_MARKS = ({"d", "k"}, {"k"}, {"debet", "kredit"}, {"kredit"})
KRONOR = {"sek", "kr", "kronor"}
ACCUMULATED = re.compile(r"\back(?:\.|\b|umulera)|\bytd\b|\bhittills\b")
POSITION = re.compile(r"kolumn ([A-Z]{1,3})")
NO_NUMBER = "Rätta den, eller låt profilen hoppa över raden."
FEW_CELLS = 2  # a row without amount that has no more cells than this is a heading inside the report


@dataclass(frozen=True)
class Total:
    """A sum that the export itself states, in ten-thousandths of a krona; None where its cell can't be read."""

    rad: int
    text: str
    value: int | None


class Export:
    """One file, read. `frame` holds a column for each of the profile's, by planbok's name, indexed by row in the file.

    `passed` counts the rows that are passed by, by why; `dropped` are headings of columns that are not read, and
    `personal` how many of their cells look like a person's number.

    Raises
    ------
    InputError
        With every fault of its form.
    """

    def __init__(self, sheets: list[Sheet], profile: Profile, fil: str, sha256: str):
        self.profile, self.fil, self.sha256 = profile, fil, sha256
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.read(*self.choose(sheets))

    @property
    def rows(self) -> int:
        """Every row below the headings."""
        return len(self.frame) + sum(self.passed.values())

    def fault(self, line: int, place: str, text: str, code: str) -> None:
        self.faults.append(Fault(KIND, self.fil, int(line), place, text, code))

    def stop(self, text: str, code: str, line: int = 0, place: str = "") -> None:
        self.fault(line, place, text, code)
        raise InputError(self.faults)

    def choose(self, sheets: list[Sheet]) -> tuple[Sheet, int, dict[str, int]]:
        """The one sheet that has the profile's columns, its heading row, and where each column is."""
        profile = self.profile
        if profile.blad:
            named = [sheet for sheet in sheets if sheet.name.casefold() == profile.blad.casefold()]
            if not named:
                names = [sheet.name for sheet in sheets]
                self.stop(f"bladet '{profile.blad}' finns inte.{did_you_mean(profile.blad, names)}", "sheet")
            sheets = named
        found = [(sheet, *self.places(sheet)) for sheet in sheets]
        whole = [(sheet, row, places) for sheet, row, places in found if len(places) == len(profile.kolumner)]
        if len(whole) > 1:
            whole = [one for one in whole if one[0].cells.loc[one[1] + 1 :].ne("").any(axis=None)] or whole
            whole = [one for one in whole if not one[0].hidden] or whole
        if len(whole) > 1:
            several = ", ".join(f"'{sheet.name}'" for sheet, _, _ in whole)
            self.stop(f"flera blad har rubrikerna: {several}. Säg vilket med blad i profilen.", "several_sheets")
        if not whole:
            self.missing(max(found, key=lambda one: len(one[2])))
        self.check_unique(*whole[0])
        return whole[0]

    def check_unique(self, sheet: Sheet, row: int, places: dict[str, int]) -> None:
        """A heading that stands twice: which column is meant is for the profile to say."""
        heads = [heading_text(cell) for cell in sheet.cells.loc[row]]
        for column in places:
            heading = self.profile.kolumner[column]
            if not POSITION.fullmatch(heading) and heads.count(heading_text(heading)) > 1:
                at = [column_letter(n) for n, head in enumerate(heads) if head == heading_text(heading)]
                text = f"rubriken finns flera gånger. Skriv kolumn {' eller kolumn '.join(at)} i profilen i stället."
                self.fault(row, f"kolumn {heading}", text, "duplicate_column")
        refuse_any(self.faults)

    def places(self, sheet: Sheet) -> tuple[int, dict[str, int]]:
        """The heading row that has the most of the profile's columns, and where they are."""
        wanted = self.profile.kolumner
        row = self.profile.rubrikrad or find_headings(sheet, {*map(heading_text, wanted.values())})[0]
        if row not in sheet.cells.index:
            return row, {}
        heads = {heading_text(cell): place for place, cell in reversed(list(sheet.cells.loc[row].items()))}
        found: dict[str, int] = {}
        for column, heading in wanted.items():
            position = POSITION.fullmatch(heading)
            place = _position(position[1], sheet) if position else heads.get(heading_text(heading))
            if place is not None:
                found[column] = place
        return row, found

    def missing(self, best: tuple[Sheet, int, dict[str, int]]) -> None:
        """A fault for each column that the file lacks, with what stands there instead."""
        sheet, row, places = best
        if not places:
            names = ", ".join(self.profile.kolumner.values())
            self.stop(f"ingen rad bland de {HEAD_ROWS} första har profilens rubriker: {names}.", "no_headings")
        there = [cell_text(cell) for cell in sheet.cells.loc[row] if cell_text(cell)]
        for column, heading in self.profile.kolumner.items():
            if column not in places:
                text = f"kolumnen '{heading}' finns inte.{did_you_mean(heading, filter(showable, there))}"
                self.fault(row, f"blad {sheet.name}" if sheet.name else "", f"{text} Rätta profilen.", "missing_column")
        raise InputError(self.faults)

    def read(self, sheet: Sheet, row: int, places: dict[str, int]) -> None:
        """Every row below the headings: used, or passed by and counted. A long file is gone through part by part."""
        heads = sheet.cells.loc[row]
        self.check_private(heads, row, places)
        body = Body(places, sheet.in_parts.most_rows if sheet.in_parts else len(sheet.cells))
        unread, fit = Unread(places, [cell_text(cell) for cell in heads]), Fit(sheet, row, self.columns(heads, places))
        for part in sheet.parts():
            cells = sheet.days_of_1900(part.loc[row + 1 :], self.days(places))
            unread.take(cells)
            if fit.needed:
                fit.take(part)
            body.take(cells, self.kinds(cells, places, heads))
        for found in fit.faults():
            if len(found.bad):
                self.stop(
                    str(found.texts), found.code, int(found.bad.index[0]), counted(len(found.bad), "rad", "rader")
                )
        if not body.used:
            self.stop("filen har inga rader att läsa in under rubrikerna.", "no_rows")
        kept = {heading for heading in self.profile.behall if heading not in self.profile.kolumner}
        self.blad, self.rubrikrad = sheet.name, int(row)
        self.unit = self.unit_of(sheet, row, places, body)
        self.frame, self.passed, self.totals = body.frame(), body.passed, self.stated(body)
        self.dropped = unread.names(kept, about_persons(self.profile))
        self.sums_named = unread.sums
        if AMOUNT in places:
            self.check_sides(unread)
        self.check_numbers(heads, row, places)
        for rows, name, text in merged_under(sheet, row, places):
            if not self.frame.index.intersection(rows).empty:  # headings and sums inside a report are often merged
                self.fault(rows[0], f"kolumn {self.profile.kolumner[name]}", text, "merged_cells")
        refuse_any(self.faults)
        self.personal, self.boundaries = unread.personal, sorted(body.edges)
        if MONTH in places and ACCUMULATED.search(cover_of(sheet, row).casefold()):
            self.notes.append("raderna ovanför rubrikerna säger ackumulerat. Talen ska vara varje månads egna.")
        if sheet.hidden:
            self.notes.append(f"bladet '{sheet.name}' är dolt i Excel, men det enda som har rubrikerna.")
        if sheet.hidden_rows and (unseen := len(sheet.hidden_rows.intersection(self.frame.index))):
            self.notes.append(f"{unseen} rader är dolda eller bortfiltrerade i Excel. De är med.")

    def days(self, places: dict[str, int]) -> list[int]:
        """The columns of days and months."""
        kinds = {column.name: column.kind for column in TABLES[self.profile.tabell].columns} | {EVENT_DAY: "date"}
        return [place for name, place in places.items() if kinds.get(name) in DAYS]

    def check_private(self, heads: pd.Series, row: int, places: dict[str, int]) -> None:
        """A column of names, addresses or free text that the profile asks for by its position."""
        if not about_persons(self.profile):
            return
        for name, place in places.items():
            heading = cell_text(heads[place])
            if not domain_of(self.profile.tabell, name) and is_private(heading):
                text = (
                    "kolumnen ser ut att hålla namn, adress eller fri text, som aldrig läses. Ta bort den ur profilen."
                )
                self.fault(row, f"kolumn {column_letter(place)}", text, "private")
        refuse_any(self.faults)

    def columns(self, heads: pd.Series, places: dict[str, int]) -> Places:
        """The sheet's columns, those that are read by what planbok's table says of them."""
        declared = {column.name: column for column in TABLES[self.profile.tabell].columns}
        declared |= {AMOUNT: ColumnSpec(AMOUNT, "money")}
        return Places.of(heads, {place: declared.get(name, ColumnSpec(name)) for name, place in places.items()})

    def check_sides(self, unread: Unread) -> None:
        """A column that is not read and says what the amounts are: debit or credit (they have no sign), or money."""
        for place, marks in unread.marks.items():
            heading = unread.heads[place]
            if heading_text(heading) in CURRENCY and not marks <= KRONOR:
                text = "kolumnen läses inte, men har annat än SEK. Ta ut exporten med beloppen i svenska kronor."
                self.fault(0, f"kolumn {heading}", text, "currency")
            if SIDES.fullmatch(heading_text(heading)) or marks in SIDE_MARKS:
                text = (
                    "kolumnen läses inte, men skiljer debet från kredit. Ta ut exporten med ett enda belopp med tecken."
                )
                self.fault(0, f"kolumn {heading if showable(heading) else column_letter(place)}", text, "sides")
        refuse_any(self.faults)

    def unit_of(self, sheet: Sheet, row: int, places: dict[str, int], body: Body) -> str:
        """What the amounts are in: the file may say it in their heading, above it or on rows without postings."""
        heading = cell_text(sheet.cells.loc[row, places[AMOUNT]]) if AMOUNT in places else ""
        stated, own = stated_unit(heading, sheet, row) or body.unit, self.profile.belopp_i
        if AMOUNT in places and own and stated and stated != own:
            text = f"filen säger {stated}, men profilen läser beloppen som {own}. Rätta belopp_i."
            self.stop(text, "unit", row, f"kolumn {self.profile.kolumner[AMOUNT]}")
        return own or stated or "kr"

    def check_numbers(self, heads: pd.Series, row: int, places: dict[str, int]) -> None:
        """Headings of numbers that say another unit, or the year's so far in each month.

        Summed, that would count January twelve times.
        """
        columns = TABLES[self.profile.tabell].headings()
        for name, place in places.items():
            heading, column = cell_text(heads[place]), columns[name][0] if name in columns else None
            is_number = name == AMOUNT or (column is not None and column.kind in ("number", "money", "int"))
            where = f"kolumn {self.profile.kolumner[name]}"
            if is_number and MONTH in self.profile.kolumner and ACCUMULATED.search(heading.casefold()):
                what = "beloppen" if name == AMOUNT else "talen"
                text = f"{what} är ackumulerade: summerade räknas de flera gånger. Ta ut exporten månad för månad."
                self.fault(row, where, text, "accumulated")
            stated = unit_in(heading)
            if column is not None and column.is_money and stated and stated != column.money_unit(name):
                text = (
                    f"filen säger {stated}, men profilen läser kolumnen som {name}. Rätta namnet i profilens kolumner."
                )
                self.fault(row, where, text, "unit")
        refuse_any(self.faults)

    def kinds(self, cells: pd.DataFrame, places: dict[str, int], heads: pd.Series) -> dict[str, pd.Series]:
        """Masks of the rows that are passed by, by why, in the order in which they are tried."""
        absent = pd.Series(False, index=cells.index)
        columns = {cells.columns[0], *(place for column, place in places.items() if column != AMOUNT)}
        labels = [Distinct(cells[place]) for place in sorted(columns)]
        total = any_of([begins(label, TOTALS, whole_word=True) for label in labels], cells.index)
        words = tuple(word.casefold() for word in self.profile.hoppa_over if word.casefold() not in TOTALS)
        named = any_of([begins(label, words) for label in labels], cells.index)
        needed = [places[name] for name in (AMOUNT, MONTH) if name in places]
        keys = [places[name] for name in places if name not in (AMOUNT, *self.profile.handelser)]
        distinct = dict(zip(sorted(columns), labels, strict=True))
        empty = {p: distinct[p].empty() if p in distinct else cells[p].eq("") for p in {*keys, *needed}}
        total &= any_of([empty[place] for place in keys], cells.index)  # a posting has all its codes
        lacking = any_of([empty[place] for place in needed or keys], cells.index)
        count = cells[lacking].ne("").sum(axis=1).reindex(cells.index[lacking])
        bare = lacking & absent.where(~lacking, count.le(FEW_CELLS) if needed else False)
        blank = absent.where(~lacking, count.eq(0)).astype(bool)
        if AMOUNT in places:  # an amount without codes is a sum, and is held against the rows above it
            total |= bare & ~empty[places[AMOUNT]] & ~named
        kinds = {
            "tomma rader": blank,
            "upprepade rubriker": labels[0].where(
                lambda text: bool(text) and heading_text(text) == heading_text(heads.iloc[0])
            ),
            SUMS: total,
            HEADINGS: bare.astype(bool),
            "rader som profilen hoppar över": named,
        }
        for heading, values in self.profile.behall.items():
            place = {heading_text(cell): place for place, cell in heads.items()}.get(heading_text(heading))
            place = places.get(heading, place)
            if place is None:
                self.stop(f"kolumnen '{heading}' under behall finns inte i filen. Rätta profilen.", "missing_column")
            kinds[f"annat i {heading} än {', '.join(values)}"] = ~Distinct(cells[place]).among(values)
        return kinds

    def stated(self, body: Body) -> list[Total]:
        """What the export's own sum rows say."""
        rows = body.sums()
        if AMOUNT not in rows:
            return []
        cells = rows[AMOUNT]
        read = amounts(cells.where(cells.ne(FORMULA), ""), self.unit)
        return [
            Total(int(row), label if showable(label) else "", None if bad or empty else int(value))
            for row, label, value, bad, empty in zip(
                rows.index, rows["label"], read.exact, read.bad, read.empty, strict=True
            )
            if not empty or cells[row] == FORMULA
        ]


class OfExport:
    """What an export becomes. `faults` holds all that hinders: then nothing is to be written.

    `left_out` are the codes that are left out by name.
    """

    rows: pd.DataFrame

    def __init__(self, export: Export, profile: Profile):
        self.export, self.profile, self.frame = export, profile, export.frame
        self.faults: list[Fault] = []
        self.left_out: list[Any] = []

    def fault(self, line: int, place: str, text: str, code: str) -> None:
        self.faults.append(Fault(KIND, self.export.fil, int(line), place, text, code))

    def rows_at_fault(self, bad: pd.Series, column: str, text: str | list[str], code: str) -> None:
        """Notes a fault for each bad row of a column."""
        place = f"kolumn {self.profile.kolumner.get(column, column)}"
        self.faults += faults_of_rows(KIND, self.export.fil, bad, place, text, code)

    def no_numbers(self, cells: pd.Series, bad: pd.Series, column: str, what: str) -> None:
        """Notes a fault for each cell that is no number or amount, with the reason where there is more to say."""
        found = [cell_text(cell) for cell in cells[bad.to_numpy(bool)].head(ROWS_SHOWN)]
        units = [(text, unit_in(text)) for text in found]
        reasons = [why_no_number(text) or (f"talet står i {unit}" if unit else "") for text, unit in units]
        texts = [f"cellen är {what}{f' ({why})' if why else ''}. {NO_NUMBER}" for why in reasons]
        self.rows_at_fault(bad, column, texts, "wrong_value")


def read_export(path: Path, profile: Profile) -> Export:
    """Reads a file by a profile; raises InputError with every fault of its form."""
    with refusing(KIND, shown(path)):
        raw = read_bytes(path)
    sheets = sheets_of(raw, path, [heading_text(heading) for heading in profile.kolumner.values()])
    return Export(sheets, profile, shown(path), (keyed if about_persons(profile) else plain)(raw))


def sheets_of(raw: bytes, path: Path, headings: Iterable[str]) -> list[Sheet]:
    """The sheets of a file of any form that is read."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        text = f"en fil som slutar på {suffix or 'inget'} läses inte. Spara om den som csv eller xlsx."
        raise InputError([Fault(KIND, shown(path), 0, "", text, "unreadable")])
    with refusing(KIND, shown(path)):
        if is_sie(raw):
            return [sie_sheet(raw)]
        return read_sheets(raw, ".xlsx" if suffix == ".xlsx" else ".csv", set(headings), whole=False)


def cover_of(sheet: Sheet, row: int) -> str:
    """The words above the heading row.

    >>> cover_of(Sheet("U", pd.DataFrame([["Utfall"], ["Ackumulerat"], ["5"]], index=[1, 2, 3])), 2)
    'Utfall'
    """
    return words_of(sheet.cells.loc[: row - 1])


def stated_unit(heading: str, sheet: Sheet, row: int) -> str:
    """The unit of money that the heading of the amounts names, or else what stands above it."""
    return unit_in(heading) or unit_in(cover_of(sheet, row))


def _position(letters: str, sheet: Sheet) -> int | None:
    return next((place for place in sheet.cells.columns if column_letter(place) == letters), None)
