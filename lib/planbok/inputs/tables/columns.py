"""How a table is described: its columns, what may be empty, what makes a row unique."""

import re
from dataclasses import dataclass
from typing import get_args

from planbok.inputs.documents import Underlag

MONEY_POWER = {"kr": 0, "tkr": 3, "mnkr": 6}
_MONEY = re.compile(r"(?<![a-z])(kr|tkr|mnkr)(?![a-z])")

TOTAL_ROW = "Totalt"  # the budget row that is compared with the others' sum and never added
OTHER_TOTALS = ("summa", "total", "totalsumma", "summa totalt", "summa total", "total summa", "totalt summa")
DAYS = ("date", "month", "period")  # kinds whose cells may be Excel's numbers of days
REGI_BY_DAY, REGI_BY_HOUR = ("kommunal", "entreprenad", "privat", "andra_kommuner"), ("kommunal", "enskild")
REGI = (*REGI_BY_DAY, *REGI_BY_HOUR[1:])  # every management that a price list has
# columns that rows are found by: two spellings that differ in case only would be two things without a word
IDS = ("person", "beslut", "arende", "faktura", "lagenhet", "handlaggare")
KEYS = (
    *("enhet", "budgetrad", "verksamhet", "kostnadsslag", "grupp", "person", "beslut", "boende", "lagenhet", "insats"),
    *("regi", "niva", "utforare", "omrade", "handlaggare", "arende", "tidsslag", "konto"),
)
# Common first names and endings of surnames: enough to notice that a column holds names, not to find every one.
_FIRST = (
    "anna eva maria karin sara kristina lena emma kerstin marie malin jenny elin ulla birgitta margareta elisabeth "
    "linda susanne ingrid helena johanna lars mikael anders johan erik peter karl jan fredrik thomas daniel hans bengt "
    "mats andreas stefan sven magnus gunnar mohammed mohamed ahmed ali fatima"
)
_NAMES = (
    rf"(?<![^\W\d_])(?i:{'|'.join(_FIRST.split())})(?:[A-ZÅÄÖ]|(?![^\W\d_]))",
    r"[A-ZÅÄÖ][a-zåäö]{2,}[ _.-]?[A-ZÅÄÖ][a-zåäö]{2,}",
    r"(?i:[a-zåäö]{3,}(?:sson|qvist|kvist|ström|strom|berg|lund|gren|dahl|holm))(?![^\W\d_])",
)
COMMON_NAME = re.compile(f"{_NAMES[0]}|{_NAMES[2]}")  # within a text: a common first name, or a surname's ending
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_BIRTH_DATE = (  # six digits are a date beside a word; by themselves they are as likely a number
    rf"(?<![0-9])(?:19|20)[0-9]{{2}}{_DAY}(?![0-9])|[^\W\d_]{{3,}}[._-]?(?!00)[0-9]{{2}}{_DAY}(?![0-9])"
    rf"|(?<![0-9])(?!00)[0-9]{{2}}{_DAY}[._-]?[^\W\d_]{{3,}}"
)
PSEUDONYM = rf"(?=.*[^\W\d_])(?=.*[0-9])(?!.*(?:@|{'|'.join(_NAMES)}|{_BIRTH_DATE})).{{8,}}"


@dataclass(frozen=True)
class ColumnSpec:
    """One column. `kind`: text, budget_row, number, money, int, year, month, date, time, range, period or target.

    `required`: the column must be there. `empty`: its cells may be empty (always so for optional columns; an amount is
    then unknown). `hidden`: a found value is never shown in a message. `pattern` is what a text must look like, said
    to people as `expected`.
    """

    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    empty: bool = False
    hidden: bool = False
    pattern: str = ""
    expected: str = ""

    @property
    def may_be_empty(self) -> bool:
        """Whether an empty cell is fine."""
        return self.empty or not self.required

    @property
    def is_free_text(self) -> bool:
        """Whether people write what they like in it: no ids, codes or dates."""
        return self.kind in ("text", "budget_row") and not (self.pattern or self.choices or self.name in IDS)

    @property
    def is_money(self) -> bool:
        """Whether the column may come in kr, tkr or mnkr."""
        return self.kind in ("money", "range")

    def spellings(self) -> dict[str, int]:
        """The headings that this column may have, each with the power of ten to its own unit.

        >>> ColumnSpec("kostnad_mnkr", "money").spellings()
        {'kostnad_mnkr': 0, 'kostnad_kr': -6, 'kostnad_tkr': -3}
        """
        unit = _MONEY.search(self.name) if self.is_money else None
        if not unit:
            return {self.name: 0}
        power = MONEY_POWER[unit[1]]
        others = {_MONEY.sub(other, self.name, count=1): MONEY_POWER[other] - power for other in MONEY_POWER}
        return {self.name: 0} | others

    def money_unit(self, heading: str) -> str:
        """The unit in a heading: kr, tkr or mnkr."""
        found = _MONEY.search(heading)
        return found[1] if found else ""


@dataclass(frozen=True)
class TableSpec:
    """One table.

    `unique_key`: columns that no two rows share, all of them where none are stated and rows may not be equal
    (`repeats`); `needs_money`: every row holds an amount; `intervals`: pairs of columns where the second may not be
    before the first; `one_of`: columns of which each row fills in exactly one; `kind`: the kind of its faults.
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    unique_key: tuple[str, ...] = ()
    needs_money: bool = False
    intervals: tuple[tuple[str, str], ...] = ()
    one_of: tuple[str, ...] = ()
    repeats: bool = False
    kind: str = "tabell"

    def headings(self) -> dict[str, tuple[ColumnSpec, int]]:
        """Every heading that the table knows, with its column and the power of ten to that column's unit."""
        return {heading: (column, power) for column in self.columns for heading, power in column.spellings().items()}


def texts(*names: str) -> tuple[ColumnSpec, ...]:
    """Columns of text."""
    return tuple(map(ColumnSpec, names))


def optional(kind: str, *names: str) -> tuple[ColumnSpec, ...]:
    """Columns of a kind that may be missing, and whose cells may be empty."""
    return tuple(ColumnSpec(name, kind, required=False) for name in names)


def money(*names: str) -> tuple[ColumnSpec, ...]:
    """Columns of money that must be there; an empty cell is an unknown amount."""
    return tuple(ColumnSpec(name, "money", empty=True) for name in names)


def numbers(*names: str) -> tuple[ColumnSpec, ...]:
    """Columns of numbers that must be there and filled in."""
    return tuple(ColumnSpec(name, "number") for name in names)


def pseudonym(name: str, required: bool = True) -> ColumnSpec:
    """A column of keyed codes for people: long enough to be searched for, and never shown."""
    expected = "en pseudonym på minst 8 tecken med både bokstäver och siffror, utan namn, e-post och födelsedatum"
    return ColumnSpec(name, required=required, hidden=True, pattern=PSEUDONYM, expected=expected)


ENHET, MANAD, AR = ColumnSpec("enhet"), ColumnSpec("manad", "month"), ColumnSpec("ar", "year")
BUDGETRAD = ColumnSpec("budgetrad", "budget_row")
FRAN, TILL = ColumnSpec("fran", "date"), ColumnSpec("till", "date", required=False)
UNDERLAG = ColumnSpec("underlag", choices=get_args(Underlag))
