"""What each input table holds: its columns, what may be empty, what makes a row unique."""

import re
from dataclasses import dataclass
from typing import get_args

from planbok.inputs.documents import Underlag

MONEY_POWER = {"kr": 0, "tkr": 3, "mnkr": 6}
_MONEY = re.compile(r"(?<![a-z])(kr|tkr|mnkr)(?![a-z])")

VERSIONS = ("vp", "justerad_t1", "justerad_t2", "bokslut")
PAID_BY = ("anslag", "intakt")
LEVELS = ("grundpeng", "1", "2", "3", "4", "5", "6", "7", "8", "ersattning", "natt_per_person")
TOTAL_ROW = "Totalt"  # the budget row that is compared with the others' sum and never added
OTHER_TOTALS = ("summa", "total", "totalsumma", "summa totalt", "summa total", "total summa", "totalt summa")
PSEUDONYM = r"(?=.*[^\W\d_])(?=.*[0-9]).{8,}"
HOUSEHOLD = r"[0-9]+_(?:vuxen|vuxna)(?:_[0-9]+_barn)?"


@dataclass(frozen=True)
class ColumnSpec:
    """One column. `kind`: text, budget_row, number, money, int, year, month, date, range, period or target.

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
    """One table. `unique_key`: columns that no two rows share; `needs_money`: every row holds an amount;

    `intervals`: pairs of columns where the second may not be before the first; `kind`: the kind of its faults.
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    unique_key: tuple[str, ...] = ()
    needs_money: bool = False
    intervals: tuple[tuple[str, str], ...] = ()
    kind: str = "tabell"

    def headings(self) -> dict[str, tuple[ColumnSpec, int]]:
        """Every heading that the table knows, with its column and the power of ten to that column's unit."""
        return {heading: (column, power) for column in self.columns for heading, power in column.spellings().items()}


def _texts(*names: str, required: bool = True) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(name, required=required) for name in names)


def _optional(kind: str, *names: str) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(name, kind, required=False) for name in names)


def _money(*names: str) -> tuple[ColumnSpec, ...]:
    return tuple(ColumnSpec(name, "money", empty=True) for name in names)


_ENHET, _MANAD, _AR = ColumnSpec("enhet"), ColumnSpec("manad", "month"), ColumnSpec("ar", "year")
_BUDGETRAD = ColumnSpec("budgetrad", "budget_row")
_FRAN, _TILL = ColumnSpec("fran", "date"), ColumnSpec("till", "date", required=False)
_PERSON = ColumnSpec(
    "person",
    hidden=True,
    pattern=PSEUDONYM,
    expected="en pseudonym på minst 8 tecken med både bokstäver och siffror",
)
_HUSHALL = ColumnSpec("hushall", pattern=HOUSEHOLD, expected="till exempel 1_vuxen, 2_vuxna eller 1_vuxen_1_barn")
_UNDERLAG = ColumnSpec("underlag", choices=get_args(Underlag))
_MONTHLY_KEY = ("enhet", "manad", "budgetrad", "verksamhet", "kostnadsslag")
_HOURS = tuple(
    ColumnSpec(f"{name}_h", "number")
    for name in (
        *("ordinarie_tid", "avtalad_tid", "arbetad_tid", "timavlonad", "inhyrd", "overtid"),
        *("sjuk", "sjuk_dag_1_14", "sjuk_60_dagar"),
    )
)

BUDGET = TableSpec(
    "budget",
    (
        _ENHET,
        _AR,
        ColumnSpec("version", choices=VERSIONS),
        _BUDGETRAD,
        *_money("kostnad_mnkr", "intakt_mnkr"),
        *_optional("money", "netto_mnkr", "forandring_mnkr", "belopp_mnkr"),
        *_optional("text", "verksamhet", "kostnadsslag"),
        ColumnSpec("finansiering", required=False, choices=PAID_BY),
        *_optional("text", "kalla"),
    ),
    unique_key=("enhet", "ar", "version", "budgetrad", "verksamhet", "kostnadsslag", "finansiering"),
    needs_money=True,
)
UTFALL = TableSpec(
    "utfall",
    (
        _ENHET,
        _MANAD,
        _BUDGETRAD,
        *_money("kostnad_kr", "intakt_kr"),
        *_optional("text", "verksamhet", "kostnadsslag"),
    ),
    unique_key=_MONTHLY_KEY,
    needs_money=True,
)
MANADSBUDGET = TableSpec(
    "manadsbudget",
    (
        _ENHET,
        _MANAD,
        _BUDGETRAD,
        *_optional("money", "kostnad_kr", "intakt_kr"),
        *_optional("text", "verksamhet", "kostnadsslag"),
    ),
    unique_key=_MONTHLY_KEY,
    needs_money=True,
)
BESLUT = TableSpec(
    "beslut",
    (
        ColumnSpec("beslut", hidden=True),
        _PERSON,
        *_texts("enhet", "insats"),
        ColumnSpec("niva", empty=True),  # a decision in hours has no level
        ColumnSpec("regi"),
        *_optional("text", "boende", "utforare"),
        _FRAN,
        _TILL,
        *_optional("money", "pris_kr_per_dygn"),
        *_optional("number", "timmar_per_manad"),
        *_optional("text", "tidsslag"),
    ),
    unique_key=("beslut",),
    intervals=(("fran", "till"),),
)
BOENDEN = TableSpec(
    "boenden",
    (
        *_texts("boende", "enhet", "insats", "regi"),
        ColumnSpec("platser", "int"),
        ColumnSpec("oppnar", "date"),
        *_optional("date", "tilltrade", "personal_fran"),
        *_optional("money", "startkostnad_kr"),
        *_optional("number", "bemanning_arsarbetare"),
        *_optional("money", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad"),
    ),
    unique_key=("boende",),
)
LAGENHETER = TableSpec(
    "lagenheter",
    (
        *_texts("boende", "lagenhet"),
        ColumnSpec("hyra_kr_per_manad", "range", empty=True),
        ColumnSpec("inflyttning", "date"),
        *_optional("text", "niva"),
        _HUSHALL,
        *_optional("money", "inkomst_kr_per_ar"),
    ),
    unique_key=("boende", "lagenhet"),
)
BEMANNING = TableSpec(
    "bemanning",
    (
        *_texts("enhet", "grupp"),
        _MANAD,
        ColumnSpec("anstallda", "number"),
        ColumnSpec("arsarbetare", "number"),
        *_HOURS,
        *_optional("text", "verksamhet"),
    ),
    unique_key=("enhet", "grupp", "manad", "verksamhet"),
)
SJUKFALL = TableSpec(
    "sjukfall",
    (_PERSON, *_texts("enhet", "grupp"), _FRAN, _TILL, ColumnSpec("omfattning_procent", "number")),
    intervals=(("fran", "till"),),
)
MAL = TableSpec(
    "mal",
    (
        _ENHET,
        _AR,
        ColumnSpec("indikator"),
        *_optional("target", "arsmal", "namndmal", "kf_arsmal"),
        ColumnSpec("periodicitet"),
        *_optional("text", "riktning"),
        ColumnSpec("kalla"),
    ),
)
INDIKATORUTFALL = TableSpec(
    "indikatorutfall",
    (
        _ENHET,
        ColumnSpec("period", "period"),
        ColumnSpec("indikator"),
        ColumnSpec("utfall", "target"),
        ColumnSpec("kalla"),
    ),
)
VERKSAMHETER = TableSpec(
    "verksamheter",
    (
        *_texts("enhet", "verksamhet"),
        *_optional("range", "brukare", "medarbetare", "arsarbetare"),
        *_optional("number", "chefer"),
        *_optional("text", "kan_paverka", "kalla"),
    ),
    unique_key=("enhet", "verksamhet"),
)
ENHETER = TableSpec("enheter", (*_texts("enhet", "namn"), *_optional("text", "syntetisk")), unique_key=("enhet",))

TABLES = {
    spec.name: spec
    for spec in (
        BUDGET,
        UTFALL,
        MANADSBUDGET,
        BESLUT,
        BOENDEN,
        LAGENHETER,
        BEMANNING,
        SJUKFALL,
        MAL,
        INDIKATORUTFALL,
        VERKSAMHETER,
        ENHETER,
    )
}

PRICE_LIST = TableSpec(
    "lss_peng",
    (
        _AR,
        ColumnSpec("avser", choices=("ersattning", "tilldelning")),
        ColumnSpec("insats"),
        ColumnSpec("regi", choices=("kommunal", "entreprenad", "privat", "andra_kommuner")),
        ColumnSpec("niva", choices=LEVELS),
        ColumnSpec("kr_per_dygn", "money"),
        _UNDERLAG,
        ColumnSpec("kalla"),
        *_optional("text", "anmarkning"),
    ),
    unique_key=("ar", "avser", "insats", "regi", "niva"),
    kind="prislista",
)
HOURLY_PRICES = TableSpec(
    "lss_timpriser",
    (
        _AR,
        *_texts("insats", "tidsslag"),
        ColumnSpec("regi", choices=("kommunal", "enskild")),
        ColumnSpec("kr_per_timme", "money"),
        _UNDERLAG,
        ColumnSpec("kalla"),
    ),
    unique_key=("ar", "insats", "tidsslag", "regi"),
    kind="prislista",
)
