"""Exports that are no ledger: a row of staff hours, a decision, a case becomes a row of planbok's table."""

import re
from collections.abc import Iterable

import pandas as pd

from planbok.base.numbers import cell_text, parse_column
from planbok.base.privacy import looks_like_personal_number, personal_number_mask
from planbok.inputs.imports.codes import coded
from planbok.inputs.imports.events import merged_events
from planbok.inputs.imports.export import Export, OfExport
from planbok.inputs.imports.names import is_name
from planbok.inputs.imports.periods import NO_DAY, no_month, read_day, read_period
from planbok.inputs.imports.profile import (
    EVENT,
    EVENT_DAY,
    SICK_SHARE,
    Profile,
    about_persons,
    begins_as_sum,
)
from planbok.inputs.imports.pseudonyms import PERSONS, Key, domain_of, same_person
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import numbers, tidy

CODE_COLUMNS = ("insats", "niva", "regi")  # what one text of a system may say at once
LEVEL, LEVEL_WORD = "niva", r"(?i)\A(?:omsorgs)?nivå\s*(?=[0-9]+\Z)"
NUMBERS = ("number", "money", "int")
KEYS = ("enhet", "grupp", "verksamhet")
ENDS, NO_END = "till", "9999"  # how systems write that a decision has no last day
# Excel's errors, a column too narrow, a long number rounded to 1,98507E+11, and words for nobody known
_LOST_ID = re.compile(r"#.*|[0-9][.,]?[0-9]*e[+]?[0-9]+|[-?.]+|(?:okänd|okänt|saknas|uppgift saknas|skyddad).*")
TEXTS = ("text", "budget_row", "target")
SICK_HOURS = "sjuk_h"
HALF_HOUR, TINY = 0.5, 1e-9
DECIMALS = 6  # of sums: further ones are what binary fractions leave
BASES = ("ordinarie_tid_h", "avtalad_tid_h")


class Records(OfExport):
    """What an export that is no ledger becomes: the table's `rows` as text, in the file's order.

    `sums` are of each number column. A code that is left out is its column, itself and how many rows have it.
    """

    def __init__(self, export: Export, profile: Profile, key: Key | None):
        super().__init__(export, profile)
        self.key = key
        self.specs = {heading: column for heading, (column, _) in TABLES[profile.tabell].headings().items()}
        rows = self.read()
        self.lacking(rows)
        self.twice(rows)
        self.notes = list(self.sick_share(rows))
        self.personal_numbers(rows)
        if profile.summera and not self.faults:
            rows = self.summed(rows)
        numbers = [name for name in rows if self.kind(name) in NUMBERS]
        self.sums = {name: float(pd.to_numeric(rows[name], errors="coerce").sum()) for name in numbers}
        self.rows = rows.reset_index(drop=True)

    def read(self) -> pd.DataFrame:
        """The file's rows that its code lists keep, each a row of the table."""
        found: dict[str, pd.Series] = {}
        kept = pd.Series(True, index=self.frame.index)
        for name in self.profile.kolumner:
            if name in (EVENT, EVENT_DAY, SICK_SHARE):
                continue
            kept &= self.column(name, self.frame[name], found)
        for name, constant in self.profile.konstanter.items():
            found[name] = pd.Series(str(constant), index=self.frame.index)
        rows = pd.DataFrame(found, index=self.frame.index)
        if EVENT in self.profile.kolumner:
            rows, faults = merged_events(rows, self.frame[EVENT], self.frame[EVENT_DAY], self.profile, self.export.fil)
            self.faults += faults
            kept = kept.reindex(rows.index)
        return rows[kept.to_numpy()]

    def kind(self, name: str) -> str:
        return self.specs[name].kind if name in self.specs else "text"

    def column(self, name: str, cells: pd.Series, found: dict[str, pd.Series]) -> pd.Series:
        """Adds what a column of the export says; which rows its code list keeps."""
        domain = domain_of(self.profile.tabell, name)
        if domain:
            found[name] = self.pseudonyms(cells, domain, name)
        elif name in self.profile.koder:
            return self.codes(name, cells, found)
        elif self.kind(name) in NUMBERS:
            found[name] = self.numbers(name, cells, self.specs[name])
        elif self.kind(name) in ("month", "date", "period"):
            found[name] = self.dates(name, cells)
        else:
            found[name] = self.texts(cells)
            if name == LEVEL:
                found[name] = found[name].str.replace(LEVEL_WORD, "", regex=True)
            self.names(name, found[name])
            if name in KEYS:
                sums = found[name].map(lambda text: isinstance(text, str) and begins_as_sum(text))
                text = "cellen ser ut som en summa. Skriv hur sådana rader börjar under hoppa_over i profilen."
                self.rows_at_fault(sums, name, text, "sum_as_code")
        return pd.Series(True, index=cells.index)

    def names(self, name: str, texts: pd.Series) -> None:
        """Names of persons in a column that has no code list: a private provider's, say."""
        if not about_persons(self.profile):
            return
        known = {text: is_name(text) for text in texts.unique()}
        text = (
            f"cellen ser ut som ett personnamn, som aldrig skrivs. Gör en kodlista {name} i profilen, till exempel "
            "kod: '*', varde: enskild."
        )
        self.rows_at_fault(texts.map(known).astype(bool), name, text, "name")

    def lacking(self, rows: pd.DataFrame) -> None:
        """Cells that the table must have: empty ones, and columns that come from nowhere."""
        for column in TABLES[self.profile.tabell].columns:
            if column.may_be_empty or EVENT in self.profile.kolumner:
                continue
            named = {*rows, *self.profile.kolumner, *self.profile.konstanter}
            if not set(column.spellings()) & named:
                text = f"profilen säger inte varifrån {column.name} ska tas. Lägg till i kolumner eller konstanter."
                self.fault(0, "", text, "missing_key")
            elif column.name in rows:
                empty = rows[column.name].eq("") & ~rows.index.isin([fault.line for fault in self.faults])
                self.rows_at_fault(empty, column.name, "cellen är tom men måste ha ett värde.", "empty_cell")

    def twice(self, rows: pd.DataFrame) -> None:
        """Rows of one key, which the table can't have two of."""
        key = [name for name in TABLES[self.profile.tabell].unique_key if name in rows]
        if not key or self.profile.summera or EVENT in self.profile.kolumner or self.faults:
            return
        again = rows.duplicated(key)
        numbers = any(self.kind(name) in NUMBERS for name in rows)
        together = "Ska de läggas ihop: summera: ja i profilen." if numbers else "Är de händelser: säg det i profilen."
        text = f"samma {', '.join(key)} som en rad ovanför. {together} Annars: behåll en av dem."
        self.rows_at_fault(again, key[0], text, "same_key")

    def texts(self, cells: pd.Series) -> pd.Series:
        numbers, uniques = pd.factorize(cells, use_na_sentinel=False)
        return pd.Series([tidy(cell) for cell in uniques], dtype=object).take(numbers).set_axis(cells.index)

    def pseudonyms(self, cells: pd.Series, domain: str, name: str) -> pd.Series:
        """Keyed codes of a column. Two people a hundred years apart may share ten digits: then the file is refused."""
        numbers, uniques = pd.factorize(cells, use_na_sentinel=False)
        originals = [cell_text(cell) for cell in uniques]
        longer: dict[str, set[str]] = {}
        for text in originals:
            digits = "".join(filter(str.isdigit, text))
            if len(digits) == 12:
                longer.setdefault(same_person(text, domain in PERSONS), set()).add(digits)
        if any(len(found) > 1 for found in longer.values()):
            text = "två personer har samma tio siffror med olika sekel. Ge den ena ett eget id i exporten."
            self.fault(0, f"kolumn {name}", text, "same_ten_digits")
        lost = [n for n, text in enumerate(originals) if _LOST_ID.fullmatch(text.casefold())]
        text = "cellen är inget id: Excel har skrivit om det, eller så är det okänt. Flera blir annars en och samma."
        bad = pd.Series(numbers, index=cells.index).isin(lost)
        self.rows_at_fault(bad, name, text, "lost_id")
        keyed = [self.key.pseudonym(domain, text) if self.key else "" for text in originals]
        return pd.Series(keyed, dtype=object).take(numbers).set_axis(cells.index)

    def codes(self, name: str, cells: pd.Series, found: dict[str, pd.Series]) -> pd.Series:
        """A column looked up in its code list: which rows are kept, and faults for codes that it lacks."""
        codes = coded(cells, name, self.profile)
        left = pd.Series(True, index=cells.index)
        for number, (text, code) in enumerate(zip(codes.texts, codes.codes, strict=True)):
            if code is not None and not code.utelamna:
                continue
            mask = codes.number.eq(number)
            left &= ~mask
            hidden = looks_like_personal_number(text) or (about_persons(self.profile) and is_name(text))
            shown = "(visas inte)" if hidden else text
            if code is not None:
                self.left_out.append((name, shown, int(mask.sum())))
            elif text:
                said = f"{int(mask.sum())} rader har {name} '{shown}', som inte finns i profilens blad {name}. Säg vad "
                self.fault(mask.idxmax(), name, f"{said}den blir, eller utelämna.", "unmapped")
        values = codes.values("varde")
        if values.ne("").any() or name not in CODE_COLUMNS:
            found[name] = values
        for other in CODE_COLUMNS:
            stated = codes.values(other)
            if stated.ne("").any():
                found[other] = stated
        return left

    def numbers(self, name: str, cells: pd.Series, column: ColumnSpec) -> pd.Series:
        """A number column in planbok's spelling; faults for cells that are no number."""
        values, bad, _ = numbers(cells, column, name)
        self.no_numbers(cells, bad, name, "inget tal")
        return values.map(_text)

    def dates(self, name: str, cells: pd.Series) -> pd.Series:
        """A date or month column in planbok's spelling; faults for cells that are none."""
        kind = self.kind(name)
        numbers, uniques = pd.factorize(cells, use_na_sentinel=False)
        texts = [cell_text(cell) for cell in uniques]
        if name == ENDS:
            texts = ["" if text.startswith(NO_END) else text for text in texts]
        read = [_day(text) if kind == "date" else _month(text, self.profile.period) for text in texts]
        bad = pd.Series([bool(text) and value is None for text, value in zip(texts, read, strict=True)])
        text = NO_DAY if kind == "date" else no_month(self.profile.period)
        self.rows_at_fault(bad.take(numbers).set_axis(cells.index), name, text, "wrong_value")
        return pd.Series([value or "" for value in read], dtype=object).take(numbers).set_axis(cells.index)

    def personal_numbers(self, rows: pd.DataFrame) -> None:
        """What is written must hold no person's number, whatever column it came from."""
        for name in rows:
            if self.kind(name) in TEXTS and not domain_of(self.profile.tabell, name):
                text = "något som ser ut som ett personnummer. Ta bort kolumnen ur profilen, eller uppgiften ur filen."
                self.rows_at_fault(personal_number_mask(rows[name], free_text=True), name, text, "personal_number")

    def sick_share(self, rows: pd.DataFrame) -> Iterable[str]:
        """Holds the file's own per cent against hours and the base that the profile says: the two are never mixed."""
        if SICK_SHARE not in self.profile.kolumner or SICK_HOURS not in rows:
            return
        stated, bad, decimals = parse_column(self.frame.loc[rows.index, SICK_SHARE], ("%", "procent"))
        self.rows_at_fault(bad, SICK_SHARE, "cellen är ingen procentsats.", "wrong_value")
        hours = pd.to_numeric(rows[SICK_HOURS])
        off = {}
        for base in (name for name in BASES if name in rows):
            whole = pd.to_numeric(rows[base])
            rounding = (
                10.0**-decimals / 2 + 100 * HALF_HOUR * (1 + hours / whole) / whole
            )  # whole hours, short per cent
            off[base] = (100 * hours / whole - stated).abs() > rounding + TINY
        chosen = self.profile.sjukbas
        if chosen not in off:
            yield "sjukfrånvaron i procent är inte jämförd: säg under sjukbas vilken tid den räknas på."
        elif off[chosen].any():
            other = next((name for name in off if name != chosen and not off[name].any()), None)
            meant = f" Den stämmer med {other}: rätta sjukbas i profilen." if other else ""
            text = f"filens procent är inte {SICK_HOURS} delat med {chosen}.{meant}"
            self.rows_at_fault(off[chosen], SICK_SHARE, text, "sick_base")
        else:
            yield f"sjukfrånvaron i procent stämmer med {SICK_HOURS} delat med {chosen} på {len(rows)} rader."

    def summed(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Rows of one key as one row, their numbers summed; a number that one of them lacks is unknown."""
        numbers = [name for name in rows if self.kind(name) in NUMBERS]
        keys = [name for name in rows if name not in numbers]
        parts = rows.assign(**{name: pd.to_numeric(rows[name]) for name in numbers})
        whole = parts.groupby(keys, sort=False, dropna=False)[numbers].sum(min_count=1)
        gone = parts[numbers].isna().groupby([parts[name] for name in keys], sort=False).any()
        found = whole.mask(gone).reset_index()
        for name in numbers:
            found[name] = (found[name].round(DECIMALS) + 0.0).map(_text)
        return found[list(rows.columns)]


def _text(value: float) -> str:
    """A number as a table has it."""
    return cell_text(value).replace(",", ".")


def _day(text: str) -> str | None:
    day = read_day(text)
    return day.isoformat() if day else None


def _month(text: str, form: str) -> str | None:
    found = read_period(text, form)
    return f"{found[0]}-{found[1]:02d}" if found and 1 <= found[1] <= 12 else None
