"""A first look at an export: what each column seems to be. Guesses only, until a person confirms them."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.numbers import cell_text
from planbok.base.privacy import looks_like_personal_number
from planbok.base.workspace import shown
from planbok.inputs.imports.amounts import amounts
from planbok.inputs.imports.codes import RESULT_ACCOUNTS, split_code
from planbok.inputs.imports.export import KIND, Export, cover_of, sheets_of
from planbok.inputs.imports.names import is_name
from planbok.inputs.imports.periods import form_of
from planbok.inputs.imports.profile import (
    ACCOUNT,
    AMOUNT,
    DEFAULT_CODE,
    LEDGER_TABLES,
    MONTH,
    PRIVATE,
    SICK_SHARE,
    Profile,
)
from planbok.inputs.imports.pseudonyms import domain_of
from planbok.inputs.journal import read_bytes
from planbok.inputs.tables.files import refusing
from planbok.inputs.tables.headings import HEAD_ROWS
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.xlsx import Sheet

# What systems call a column, as patterns on its heading without case: planbok's name for it. The first that fits.
HEADINGS = {
    ACCOUNT: r"konto|kontonr|kontonummer|account",
    "enhet": r"ansvar|ansvarskod|kostnadsställe|kst|enhet|organisation|resultatenhet",
    "verksamhet": r"verksamhet|vht|verks\.?|verksamhetskod",
    MONTH: r"period|månad|manad|bokföringsperiod|redovisningsperiod|år-?månad",
    AMOUNT: r"belopp.*|utfall.*|saldo.*|årsbudget.*|budget.*|summa.*|netto.*",
    "anstallda": r"antal anst.*|anställda|antal personer",
    "arsarbetare": r"årsarb.*",
    "ordinarie_tid_h": r"ordinarie.*|ord\.? ?tid.*",
    "avtalad_tid_h": r"avtalad.*|avt\.? ?tid.*",
    "arbetad_tid_h": r"arbetad.*|arb\.? ?tid.*",
    "timavlonad_h": r"(varav )?timavl.*|timanst.*",
    "inhyrd_h": r"inhyrd.*|bemanningsföretag.*",
    "overtid_h": r"(varav )?övertid.*|mertid.*",
    SICK_SHARE: r"sjuk[^%]*(%|procent).*",
    "sjuk_h": r"sjukfrånvaro.*|sjuk ?tim.*|sjuktid.*",
    "sjuk_dag_1_14_h": r"(varav )?(sjuk )?dag 1-14.*",
    "sjuk_60_dagar_h": r"(varav )?(>=? ?|≥ ?|minst )?60 ?(dgr|dagar).*",
    "grupp": r"grupp|personalgrupp|yrkesgrupp|befattning.*",
    "person": r"person(nr|nummer)?|pnr|personid|brukare|klient|kund",
    "beslut": r"beslut(s?nr|snummer|sid)?|ärende(nr|nummer|id)?",
    "insats": r"insats|beslut avser|biståndsform",
    "niva": r"nivå|peng.*nivå",
    "regi": r"regi|driftsform",
    "utforare": r"utförare|leverantör",
    "boende": r"boende",
    "fran": r"från.*|from|fr\.? ?o\.? ?m.*|startdatum",
    "till": r"till.*|tom|t\.? ?o\.? ?m.*|slutdatum",
    "beslutsdatum": r"beslutsdatum|beslutad",
    "bestalld": r"beställd.*",
    "verkstalld": r"verkställ.*",
    "handlaggare": r"handläggare",
}
CODE_LISTS = (ACCOUNT, "enhet", "verksamhet", "insats", "niva", "regi", "utforare", "grupp")
TEXT_BESIDE = r"{}(text|stext|\(t\)| text|sbenämning|namn)|benämning"
# Kommun-Bas: classes and groups of accounts, as the words that a budget row may have. Only for guesses.
GROUPS = {
    "3": "Intäkter",
    **dict.fromkeys(("45", "46"), "Köp av verksamhet"),
    "5": "Personal",
    **dict.fromkeys(("60", "61"), "Lokaler"),
    **dict.fromkeys("4678", "Övriga kostnader"),
}


@dataclass
class CodeSeen:
    """A code in the export: the text beside it, how many rows, their sum in ten-thousandths of a krona."""

    kod: str
    text: str
    rader: int
    value: int
    guess: dict[str, str] = field(default_factory=dict)


def look_at(paths: list[Path], known_rows: set[str]) -> "Seen":
    """Looks at exports of one kind; raises InputError where no heading row is found or a file is of another kind."""
    looks = [_look(path) for path in paths]
    first = looks[0]
    for path, other in zip(paths[1:], looks[1:], strict=True):
        if other.columns != first.columns:
            text = f"filen har andra kolumner än {shown(paths[0])}. En profil läser filer av ett slag."
            raise InputError([Fault(KIND, shown(path), 0, "", text, "other_kind")])
    seen = Seen(first, known_rows)
    seen.read([_parsed(look, shown(path)) for look, path in zip(looks, paths, strict=True)])
    return seen


class _Look(NamedTuple):
    """The sheet and row that have the most headings of known kind, and what each column seems to be."""

    sheet: Sheet
    row: int
    columns: dict[str, str]
    heads: list[str]

    @property
    def table(self) -> str:
        """The table that the columns seem to be of."""
        return _table_of(self.columns)

    @property
    def kept(self) -> dict[str, str]:
        """The columns that the table takes."""
        own = {ACCOUNT, AMOUNT} if self.table in LEDGER_TABLES else {SICK_SHARE}
        return {key: head for key, head in self.columns.items() if key in {*TABLES[self.table].headings(), *own}}


def _look(path: Path) -> _Look:
    """What is seen first of a file."""
    best: _Look | None = None
    with refusing(KIND, shown(path)):
        raw = read_bytes(path)
    for sheet in sheets_of(raw, path, ()):
        for row in sheet.cells.index[:HEAD_ROWS]:
            heads = [cell_text(cell) for cell in sheet.cells.loc[row]]
            found = _columns(heads)
            if len(found) >= 3 and (best is None or len(found) > len(best.columns)):
                best = _Look(sheet, int(row), found, [head for head in heads if head])
    if best is None:
        text = f"ingen rad bland de {HEAD_ROWS} första har rubriker som känns igen, till exempel Konto, Ansvar, Period."
        raise InputError([Fault(KIND, shown(path), 0, "", text, "no_headings")])
    return best


def _columns(heads: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, pattern in HEADINGS.items():
        for head in heads:
            private = re.fullmatch(PRIVATE, head.casefold()) and not domain_of("beslut", name)
            if head and head not in found.values() and not private and re.fullmatch(pattern, head.casefold()):
                found[name] = head
                break
    return found


def _table_of(columns: dict[str, str]) -> str:
    if AMOUNT in columns and ACCOUNT in columns:
        budget = "budget" in columns[AMOUNT].casefold()
        return ("manadsbudget" if MONTH in columns else "budget") if budget else "utfall"
    if "arsarbetare" in columns or "sjuk_h" in columns:
        return "bemanning"
    if "insats" in columns and ("person" in columns or "beslut" in columns):
        return "beslut"
    return "utfall" if AMOUNT in columns else "bemanning"


def _parsed(look: _Look, name: str) -> Export:
    of_file: dict[str, Any] = {"rubrikrad": look.row, "belopp_i": None}
    profile = Profile.model_construct(titel=name, tabell=look.table, kolumner=look.kept, **of_file)
    return Export([look.sheet], profile, name, "")


class Seen:
    """What was recognised in exports of one kind: the beginnings of a profile, and why."""

    def __init__(self, look: _Look, known_rows: set[str]):
        self.of, self.row, _, self.heads = look
        self.sheet = look.sheet.name
        self.table, self.columns = look.table, look.kept
        self.known_rows, self.names = known_rows, [name for name in CODE_LISTS if name in self.columns]
        self.texts = self.texts_of_codes()  # before the rows are there: a long file and its rows are much to hold

    def is_both(self, name: str) -> bool:
        """Whether most cells of a column are a code and a text: 3411 Hyresintäkter."""
        if name not in self.frame:
            return False
        parts = [split_code(cell) for cell in self.frame[name].unique()]
        return sum(code.isdigit() and bool(text) for code, text in parts) > len(parts) / 2

    def read(self, exports: list[Export]) -> None:
        """Recognises what the rows say; the first file's bytes are let go before its amounts are read."""
        self.export, self.unit, frames = exports[0], exports[0].unit, [export.frame for export in exports]
        if self.of.in_parts:
            self.of.in_parts.release()
        self.frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        self.both = [name for name in (ACCOUNT, "enhet", "verksamhet") if self.is_both(name)]
        money = pd.Series(0, index=self.frame.index)
        if AMOUNT in self.frame:
            money = amounts(self.frame[AMOUNT], self.unit).exact
        self.unread = [head for head in self.heads if head not in self.columns.values()]
        self.private = [head for head in self.unread if re.fullmatch(PRIVATE, head.casefold())]
        self.period = form_of(list(self.frame[MONTH].unique()) if MONTH in self.frame else []) or "auto"
        codes = {name: self.codes_of(name, money) for name in self.names}
        self.codes = {name: found for name, found in codes.items() if found}
        self.revenue = self.sign(money)

    @property
    def constants(self) -> dict[str, str]:
        """What the table needs and the export has no column for."""
        words = cover_of(self.of, self.row)
        year = re.search(r"\b(20[0-9]{2})\b", words) or re.search(r"\b(20[0-9]{2})\b", " ".join(self.heads))
        needed = [c.name for c in TABLES[self.table].columns if c.required]
        values = {"ar": year[1] if year else "", "version": "vp", "grupp": "alla"}
        return {name: values[name] for name in needed if name not in self.columns and name in values}

    def sign(self, money: pd.Series) -> str:
        """The sign that revenue has: "positiva" or "negativa", by the sum of the accounts that begin with 3."""
        if ACCOUNT not in self.frame:
            return "negativa"
        first = self.frame[ACCOUNT].map(cell_text).str[:1]
        return "positiva" if money[first.eq("3")].sum() > 0 else "negativa"

    def codes_of(self, name: str, money: pd.Series) -> list[CodeSeen]:
        """Every code of a column with its text, rows and sum; what may be a person's number is none."""
        cells = self.frame[name]
        parts = {
            cell: split_code(cell) if name in self.both else (" ".join(cell_text(cell).split()), "")
            for cell in cells.unique()
        }
        rows = cells.map(lambda cell: parts[cell][0])
        texts = dict(parts.values()) | self.texts[name]
        sums, counts = money.groupby(rows).sum(), Counter(rows)
        found = [
            CodeSeen(code, texts.get(code, ""), counts[code], int(sums[code]))
            for code in sorted(counts)
            if code
            and not any(looks_like_personal_number(text) or is_name(text) for text in (code, texts.get(code, "")))
        ]
        found += self.private_providers(name, counts, sums)
        for one in found:
            one.guess = self.guess(name, one)
        return found

    def private_providers(self, name: str, counts: Counter, sums: pd.Series) -> list[CodeSeen]:
        """One code for all providers that are persons: their names are never written."""
        named = [code for code in counts if is_name(code)] if name == "utforare" else []
        rows, kr = sum(counts[code] for code in named), int(sum(sums[code] for code in named))
        return [CodeSeen(DEFAULT_CODE, "enskilda personer, vars namn inte skrivs", rows, kr)] if named else []

    def texts_of_codes(self) -> dict[str, dict[str, str]]:
        """The text of each code of each column; a long file is gone through once for all of them."""
        found: dict[str, dict[str, str]] = {name: {} for name in self.names}
        beside = {name: self.places_beside(name) for name in self.names}
        above = {name: re.compile(rf"{re.escape(self.columns[name])}\s+(\w+)\s+(.+)", re.IGNORECASE) for name in found}
        for part in self.of.parts():
            first = [cell_text(cell) for cell in part[part.columns[0]].unique()]
            for name in found:
                if beside[name]:
                    found[name] |= self.text_beside(part, beside[name])
                else:  # in the export's own headings: Ansvar 312100 LSS boende Norr
                    found[name] |= {match[1]: match[2] for match in map(above[name].fullmatch, first) if match}
        return found

    def places_beside(self, name: str) -> list[int]:
        """Where a column's codes and their texts are, where the export has these in a column of their own."""
        pattern = re.compile(TEXT_BESIDE.format(re.escape(self.columns[name].casefold())))
        head = next((head for head in self.heads if pattern.fullmatch(head.casefold())), None)
        places = {cell_text(cell): place for place, cell in reversed(list(self.of.cells.loc[self.row].items()))}
        return [] if head is None else [places[self.columns[name]], places[head]]

    def text_beside(self, part: pd.DataFrame, places: list[int]) -> dict[str, str]:
        """The text of each code in some of the rows."""
        return {cell_text(code): cell_text(text) for code, text in part[places].drop_duplicates().to_numpy()}

    def guess(self, name: str, seen: CodeSeen) -> dict[str, str]:
        """What a code may become; for an account a budget row that exists, or the group's usual name."""
        if name != ACCOUNT:
            if seen.kod == DEFAULT_CODE:
                return {"varde": "enskild"}
            guess = {"varde": seen.text if name == "verksamhet" and seen.text else seen.kod}
            return guess | ({"namn": seen.text} if name == "enhet" and seen.text else {})
        if seen.kod[:1] not in RESULT_ACCOUNTS:
            return {"utelamna": "ja"}
        group = next((GROUPS[seen.kod[:n]] for n in (2, 1) if seen.kod[:n] in GROUPS), "Övriga kostnader")
        row = next((row for row in sorted(self.known_rows) if _near(row, group) or _near(row, seen.text)), group)
        return {"budgetrad": row, "sida": "intakt" if seen.kod.startswith("3") else "kostnad"}


def _near(row: str, text: str) -> bool:
    return bool(text) and did_you_mean(text, [row]).startswith(" Menade")
