"""A profile: how one system's export becomes one of planbok's tables. The form, and its two spellings read as one."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.workspace import Folders
from planbok.inputs.documents import Document, Entry, Text, read_document, validate
from planbok.inputs.imports.profile_sheets import CODE_VALUES, PROFILE, read_sheets_as_document
from planbok.inputs.imports.pseudonyms import domain_of
from planbok.inputs.tables.specs import TABLES
from planbok.inputs.tables.values import is_no_value

KIND = "inlasning"
FOLDER = "inlasning"
ACCOUNT, AMOUNT, EVENT, EVENT_DAY, SICK_SHARE = "konto", "belopp", "handelse", "handelsedatum", "sjuk_procent"
MONTH = "manad"
SPECIAL = (ACCOUNT, AMOUNT, EVENT, EVENT_DAY, SICK_SHARE)
LEDGER_TABLES = ("utfall", "budget", "manadsbudget")
DEFAULT_CODE = "*"
TOTALS = ("totalt", "total", "totalsumma", "summa", "delsumma", "s:a", "nettokostnad", "netto", "resultat")
PRIVATE = r".*(namn|adress|telefon|anteckning|fritext|kommentar|kontaktperson|postnr|postort|e-?post).*"
UNITS_NAME = r".*(enhet|boende|utför|leverantör|verksamhet|insats|grupp).*namn.*"
NUMBER = re.compile(r"[0-9]{1,18}")  # an account or another code that an interval may hold
DASH = re.compile(r"\s*[-\u2013\u2014]\s*")


def begins_as_sum(text: str) -> bool:
    """Whether a text is a sum's: Summa 5011, Totalt.

    >>> begins_as_sum("Summa 5011"), begins_as_sum("Totalsumma"), begins_as_sum("Resultatenhet")
    (True, True, False)
    """
    return starts_with(text, TOTALS, whole_word=True)


def starts_with(text: str, words: tuple[str, ...], whole_word: bool) -> bool:
    plain = text.casefold()
    return any(
        plain.startswith(word) and not (whole_word and plain[len(word) : len(word) + 1].isalpha()) for word in words
    )


def is_private(heading: str) -> bool:
    """Whether a heading is of names, addresses or free text about persons.

    >>> is_private("Efternamn"), is_private("Enhetens namn"), is_private("Insats")
    (True, False, False)
    """
    plain = heading.casefold()
    return bool(re.fullmatch(PRIVATE, plain)) and not re.fullmatch(UNITS_NAME, plain)


def _interval(kod: Any) -> tuple[int, int] | None:
    parts = DASH.split(str(kod))
    whole = len(parts) == 2 and all(map(NUMBER.fullmatch, parts))
    return (int(parts[0]), int(parts[1])) if whole else None


class Code(Entry):
    """One code of a list, or an interval of accounts, and what it becomes. `utelamna`: left out, by name."""

    kod: Text | int
    text: str = ""
    varde: Text | int | None = None
    budgetrad: Text | None = None
    sida: Literal["kostnad", "intakt"] | None = None
    kostnadsslag: Text | None = None
    insats: Text | None = None
    niva: Text | int | None = None
    regi: Text | None = None
    namn: Text | None = None
    utelamna: bool = False
    gissning: bool = False

    @property
    def ends(self) -> tuple[int, int] | None:
        """The first and the last account of an interval, else None."""
        return _interval(self.kod)

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterable[tuple[str, str]]:
        ends = _interval(given.get("kod"))
        if ends and ends[0] > ends[1]:
            yield "kod", f"intervallet {given['kod']} slutar före det börjar. Skriv det lägsta kontot först."
        row = given.get("budgetrad")
        if isinstance(row, str) and begins_as_sum(row):
            yield "budgetrad", f"'{row}' läses som en summa av de andra raderna. Välj ett annat ord."
        for key in CODE_VALUES:
            if isinstance(given.get(key), str) and is_no_value(given[key]):
                yield key, f"'{given[key]}' är Excels ord för ett fel i formeln. Skriv värdet."
        values = [given.get(key) for key in CODE_VALUES]
        if not given.get("utelamna") and all(value is None for value in values):
            yield "kod", f"koden {given.get('kod')} har inget värde. Fyll i vad den blir, eller utelamna: ja."


class Query(Entry):
    """Where a query to a database gets its answer: the environment variable that holds the address."""

    sql: Text
    anslutning: Text


class Profile(Entry):
    """How an export is read. `kolumner` says where each of planbok's columns stands: a heading, or `kolumn C`."""

    titel: Text
    tabell: Text
    kolumner: dict[str, Text]
    kalla: Query | None = None
    blad: Text | None = None
    rubrikrad: int | None = Field(default=None, ge=1)
    kod_och_text: list[Text] = []
    konstanter: dict[str, Text | int | float] = {}
    behall: dict[str, list[Text]] = {}
    hoppa_over: list[Text] = []
    period: Literal["auto", "ÅÅÅÅMM", "ÅÅÅÅ-MM", "mmm ÅÅÅÅ", "datum", "serienummer"] = "auto"
    intakter: Literal["negativa", "positiva"] = "negativa"
    belopp_i: Literal["kr", "tkr", "mnkr"] = "kr"
    summera: bool = False
    sjukbas: Literal["ordinarie_tid_h", "avtalad_tid_h"] | None = None
    handelser: dict[str, list[Text]] = {}
    koder: dict[str, list[Code]] = {}
    bekraftad: list[Text] = []

    @property
    def is_ledger(self) -> bool:
        """Whether the export has amounts by account that are summed into budget rows."""
        return self.tabell in LEDGER_TABLES and AMOUNT in self.kolumner

    @classmethod
    def problems(cls, given: dict[str, Any]) -> Iterable[tuple[str, str]]:
        table = given.get("tabell")
        if isinstance(table, str):
            if table not in TABLES:
                yield "tabell", f"tabellen '{table}' finns inte.{did_you_mean(table, TABLES)}"
            else:
                yield from _column_problems(table, given)

    def unconfirmed(self) -> list[str]:
        """The lists that hold something and that nobody has confirmed."""
        needed = [PROFILE, *(name for name, codes in self.koder.items() if codes)]
        return [name for name in needed if name not in self.bekraftad]


def _column_problems(table: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names of columns that neither the table nor the reading knows, and required ones that come from nowhere."""
    known = [*TABLES[table].headings(), *SPECIAL]
    columns, constants = given.get("kolumner"), given.get("konstanter")
    if not isinstance(columns, dict) or not isinstance(constants, dict | None):
        return
    for key, names in (("kolumner", columns), ("konstanter", constants or {})):
        for name in names:
            if name not in known:
                yield key, f"'{name}' är ingen kolumn i tabellen {table}.{did_you_mean(name, known, 40)}"
    if any(domain_of(table, name) for name in columns):
        for name, heading in columns.items():
            if not domain_of(table, name) and is_private(str(heading)):
                yield "kolumner", f"'{heading}' ser ut att hålla namn, adress eller fri text, som aldrig läses."
    if given.get("behall") and AMOUNT in columns:
        yield (
            "behall",
            "i en huvudbok utelämnas rader kod för kod, så att deras summa syns. Skriv utelamna i kodlistan.",
        )


def about_persons(profile: Profile) -> bool:
    """Whether an export has persons, or ids that lead to their files."""
    return any(domain_of(profile.tabell, name) for name in profile.kolumner)


class LoadedProfile:
    """A profile with the document that it was read from, so that later faults can name the place."""

    def __init__(self, name: str, profile: Profile, document: Document):
        self.id, self.profile, self.document = name, profile, document


def profile_paths(folders: Folders) -> dict[str, Path]:
    """Every profile by its id."""
    found = folders.param_files(FOLDER, ".yaml", ".yml", ".xlsx")
    return {Path(name).stem: path for name, path in sorted(found.items(), reverse=True)}


def find_profile(name: str, folders: Folders) -> LoadedProfile:
    """The profile with an id; InputError if there is none, or with every fault in it."""
    paths = profile_paths(folders)
    if name not in paths:
        text = f"profilen '{name}' finns inte i params/{FOLDER}.{did_you_mean(name, paths)} Gör en med --ny {name}."
        raise InputError([Fault("kommando", "", 0, "--profil", text, "unknown_profile")])
    return load_profile(paths[name])


def load_profile(path: Path) -> LoadedProfile:
    """Reads a profile from YAML or from a workbook; raises InputError with every fault in it."""
    read = read_sheets_as_document if path.suffix == ".xlsx" else read_document
    document = read(path, KIND)
    profile = validate(Profile, document, ()) if isinstance(document.value, dict) else None
    if profile is not None:
        document.faults += _code_faults(profile, document)
    if document.faults or profile is None:
        raise InputError(document.faults)
    return LoadedProfile(path.stem, profile, document)


def _code_faults(profile: Profile, document: Document) -> Iterator[Fault]:
    """Codes that are mapped twice, and code lists of columns that the profile does not read."""
    for name, codes in profile.koder.items():
        if name not in profile.kolumner:
            text = f"listan {name} gäller en kolumn som inte står bland kolumner.{did_you_mean(name, profile.kolumner)}"
            yield document.fault(("koder", name), text, "unknown_list")
        for place, code in enumerate(codes):
            problems = [text for _, text in Code.problems(dict(code))]
            yield from (document.fault(("koder", name, place), text, "value") for text in problems)
            twice = next((other for other in codes[:place] if _same(code, other)), None)
            if twice is not None:
                text = f"koden {code.kod} finns redan i listan {name} ({twice.kod}). Behåll en av dem."
                yield document.fault(("koder", name, place), text, "mapped_twice")


def _same(code: Code, other: Code) -> bool:
    """Whether two entries take a code in common."""
    if code.ends and other.ends:
        return code.ends[0] <= other.ends[1] and other.ends[0] <= code.ends[1]
    for single, ends in ((code, other.ends), (other, code.ends)):
        if ends:
            return bool(NUMBER.fullmatch(str(single.kod))) and ends[0] <= int(single.kod) <= ends[1]
    return str(code.kod).casefold() == str(other.kod).casefold()
