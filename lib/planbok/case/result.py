"""The one shape of every result: key figures, tables, checks and the sentences that say the answer."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, as_shown, format_unit, is_change, unit_of, usual_decimals
from planbok.case.checks import Check
from planbok.case.grounds import Ground
from planbok.case.sliders import Floor, Grid, Slider

NOBODY = "ingen"  # the rule of people who are nobody: any number of them is shown


@dataclass(frozen=True)
class People:
    """The real persons or staff that figures tell of, as the input tables have them: nobody whom a scenario invents.

    `antal` has a row per occasion in order of time, all that the table knows and not only what is shown, and a column
    per part; the parts of a row sum to its total. `regel` names the rule for how small a part may be: `minsta_grupp`,
    or one that names the largest hidden part, such as `sjukfranvaro.storsta_dolda_grupp`. Where occasions are `parted`
    no sum runs over several of them: each is protected by itself, and its parts are named (occasion, part). Of people
    in `detail` no part is shown outside working papers, only all of them together.

    `sums` are other sets of parts whose sum some report shows: each is protected as the sum of all is. `within` are
    people whose parts are such sums: of a sum that is hidden there every part is hidden here (`sum_of` names the sum of
    a part), so that two reports on the same persons hide the same; where occasions are parted, by occasion.

    `hides` are the parts that are hidden, "" for all of them, where that was settled when they were counted
    (`Limits.so_far`): what has been shown as of a day is shown as of that day in each later report.
    """

    antal: pd.DataFrame
    regel: str = "minsta_grupp"
    parted: bool = False
    detail: bool = False
    sums: tuple[frozenset, ...] = ()
    within: "People | Mapping[Any, People] | None" = None
    sum_of: Callable[[Any], Any] = lambda part: part
    hides: frozenset | None = None

    @classmethod
    def one(cls, number: float, regel: str = "minsta_grupp") -> "People":
        """People with a single part, named ""."""
        return cls(pd.DataFrame([{"": number}]), regel)

    @classmethod
    def nobody(cls) -> "People":
        """Whom a count of persons tells of that is nobody's: those whom a scenario invents, office holders."""
        return cls(pd.DataFrame([{"": 0}]), NOBODY)


@dataclass(frozen=True, eq=False)
class Priced:
    """Kronor that are persons times a public price: counts in disguise.

    Arrays over the cells of the price list: real persons in each, what one person there gives the amount (kr, NaN
    without a price), and the group whose number of persons is known (an insats in a management). `decided` is an amount
    that is adopted as such, which may be shown to the krona where the measurement is large enough. `apart` is what else
    is in the figure, known to all: only the rest is rounded, so that figures of the same persons have the same error.
    `differs` is how many persons differ from those behind each earlier amount that is adopted too: who has both can
    subtract.
    """

    antal: np.ndarray
    pris: np.ndarray
    grupp: np.ndarray
    decided: bool = False
    apart: float = 0.0
    differs: tuple[int, ...] = ()


@dataclass(frozen=True)
class KeyFigure:
    """A named number, unrounded. `varde` None is unknown, and `saknas` says why, or withheld, and `skyddas` says why.

    `tells` are the people, by name in the result, and the part of them that the number tells of ("" is all of them);
    `priced` says that it is persons times a public price, by itself and beside what else is shown; in resultat.json
    either is `ur_antal`. `avrundat_till` says what it is rounded to on purpose, `rounds` what it is where it tells of
    few. `counts` says that it is a number of those that it tells of, where its unit does not, and `tankta` how many of
    them a scenario adds, who are nobody.
    """

    varde: float | int | None
    mattenhet: str
    etikett: str
    saknas: str = ""
    skyddas: str = ""
    avrundat_till: float | None = None
    tells: tuple[tuple[str, Any], ...] = ()
    priced: tuple[Priced, ...] = field(default=(), compare=False, repr=False)
    rounds: float | None = field(default=None, compare=False, repr=False)
    counts: bool = field(default=False, compare=False, repr=False)
    tankta: float = field(default=0.0, compare=False, repr=False)

    def __post_init__(self):
        if (self.varde is None) != bool(self.saknas or self.skyddas):
            raise ValueError(f"{self.etikett}: a key figure has either a value or a reason why it is missing")

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> "KeyFigure":
        """A key figure of resultat.json, without whom it tells of."""
        names = ("varde", "mattenhet", "etikett", "saknas", "skyddas", "avrundat_till")
        return cls(**{name: row[name] for name in names if name in row})

    @property
    def number(self) -> float:
        """The value of a figure that has one."""
        if self.varde is None:
            raise ValueError(f"{self.etikett} has no value: {self.why}")
        return self.varde

    @property
    def why(self) -> str:
        """Why there is no value, in words; "" where there is one."""
        return f"skyddas ({self.skyddas})" if self.skyddas else self.saknas

    @property
    def about(self) -> str:
        """ "cirka " before a value that is rounded on purpose, else ""."""
        return "cirka " if self.avrundat_till else ""

    @property
    def shown(self) -> str:
        """The value as it is read, with its unit: in kronor where the decimal of mnkr would show nothing.

        >>> figures = [KeyFigure(kr / 1e6, "mnkr", "Netto").shown for kr in (144_800_000, -35_460, 0)]
        >>> [text.replace(chr(160), " ") for text in figures]
        ['144,8 mnkr', '−35 460 kr', '0 kr']
        """
        if self.mattenhet == "mnkr" and not self.avrundat_till and not as_shown(self.number, 1):
            return format_unit(self.number * KR_PER_MNKR, "kr")
        return self.about + format_unit(self.number, self.mattenhet, self.decimals)

    @property
    def decimals(self) -> int:
        """How many decimals it is read with: none where it is rounded to whole numbers on purpose.

        >>> KeyFigure(611.0, "mnkr", "Prognos", avrundat_till=1.0).shown.replace(chr(160), " ")
        'cirka 611 mnkr'
        """
        return 0 if self.avrundat_till and self.avrundat_till >= 1 else usual_decimals(self.mattenhet)

    @property
    def lacking(self) -> str:
        """Why there is no value, after what it is of: "skyddas (få personer)", or "saknas" and the reason."""
        return self.why if self.skyddas else f"saknas: {self.saknas}"

    def as_json(self) -> dict[str, Any]:
        row = {"varde": self.varde, "mattenhet": self.mattenhet, "etikett": self.etikett}
        more = {name: getattr(self, name) for name in ("saknas", "skyddas", "avrundat_till", "tankta")}
        counted = {"ur_antal": True} if self.tells or self.priced else {}
        counted |= {"raknar": True} if self.counts else {}
        return row | {name: value for name, value in more.items() if value} | counted


def key_figure(key: str, varde: float | None, etikett: str, saknas: str = "", **told: Any) -> KeyFigure:
    """A key figure in the unit that its key states; None and NaN are unknown, for the reason given.

    `told` are KeyFigure's own `tells`, `priced`, `rounds`, `counts` and `tankta`.

    >>> key_figure("netto_mnkr", 144.8, "Netto").as_json()
    {'varde': 144.8, 'mattenhet': 'mnkr', 'etikett': 'Netto'}
    >>> key_figure("netto_mnkr", float("nan"), "Netto", "okänt").why
    'okänt'
    """
    if varde is None or math.isnan(varde):
        return KeyFigure(None, unit_of(key), etikett, saknas, **told)
    return KeyFigure(int(varde) if isinstance(varde, Integral) else float(varde), unit_of(key), etikett, **told)


def no_number(
    frame: pd.DataFrame, keys: Iterable[str], why: str, word: str = "saknas"
) -> dict[tuple[int, str], tuple[str, str]]:
    """What a table's cells say in place of the numbers that a frame lacks: `word` ("saknas" or "skyddas"), and why.

    >>> no_number(pd.DataFrame({"kr": [1.0, None]}), ["kr"], "inget pris")
    {(1, 'kr'): ('saknas', 'inget pris')}
    """
    keys = [*keys]
    lacking = np.argwhere(frame[keys].isna().to_numpy().T)
    return {(row, keys[place]): (word, why) for place, row in lacking.tolist()}


BY_KEY: Any = None  # what the column's key says


@dataclass(frozen=True)
class Column:
    """How a column of a table is shown: what its key does not say of unit, decimals and sign is stated.

    `mattenhet` "" is text; `decimaler` rounds for people only. `formula` is an Excel formula over the row, other
    columns in braces: "{kostnad_mnkr}-{intakt_mnkr}". `signed` shows a plus sign too: the column is a change. `tells`
    names the people of the result that the column tells of: the part of them that stands in the table's column `part`,
    or on every row the same part, as in a key figure. `counts` says that it is a number of those that it tells of,
    where its unit does not. `coarse` stands in its place where it is withheld; `running` are what it sums so far.

    >>> column = Column("avvikelse_mnkr", "Avvikelse")
    >>> column.mattenhet, column.decimaler, column.signed
    ('mnkr', 1, True)
    """

    key: str
    etikett: str
    mattenhet: str = BY_KEY
    decimaler: int = BY_KEY
    formula: str = ""
    signed: bool = BY_KEY
    tells: tuple[str | tuple[str, Any], ...] = ()
    coarse: str = ""
    counts: bool = False
    running: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unit = unit_of(self.key) if self.mattenhet is BY_KEY else self.mattenhet
        by_key = {"mattenhet": unit, "decimaler": usual_decimals(unit), "signed": bool(unit) and is_change(self.key)}
        for name, value in by_key.items():
            if getattr(self, name) is BY_KEY:
                object.__setattr__(self, name, value)


def not_shown(keys: Iterable[str], columns: Iterable[Column]) -> tuple[str, ...]:
    """The keys, of a frame say, that none of the columns has: what is written to resultat.json besides."""
    shown = {column.key for column in columns}
    return tuple(key for key in keys if key not in shown)


WORKING_PAPERS = "arbetsmaterial"
LIST_FILE = "arbetslista.xlsx"  # beside the report, for working papers only


class Limits(NamedTuple):
    """What a coarser table or a steadier result is made by: what is hidden, and what stands since when."""

    hidden: Callable[[People], frozenset]
    so_far: Callable[[People], dict[Any, frozenset]]  # the same of the occasions up to each one, "" for their sum
    standing: Callable[[np.ndarray, np.ndarray], np.ndarray]  # disclosure.standing
    smallest: int
    few: Callable[[People, Any], bool]  # whether a part of some people may not be shown, "" is all of them
    days: int  # what days are rounded to that may be a single person's

    def stands(self, when: np.ndarray, person: np.ndarray, hidden: np.ndarray) -> np.ndarray:
        """(occasion,) the occasion that one count is shown as of; `when` each person moves in it, (move,) both.

        `hidden` says, (occasion,), whether it is not shown on one anyhow.
        """
        return self.standing(np.column_stack([when, np.zeros_like(when), person]), hidden[:, None])[:, 0]


@dataclass(frozen=True)
class Table:
    """A table for people, Excel and resultat.json alike: unrounded numbers, and how each column is shown.

    `total_row` says that the last row is the total: in Excel its number columns become SUM of the rows above, or the
    column's own `formula` where it has one that holds for the total too; `sums` says of other rows which rows they are
    the sum of. `note` is said below the table.

    What a table says of the persons behind it, from which an audience's table is made:

    An extra column `a_tankta` is how many of those whom `a` counts a scenario adds, who are nobody.

    `part` is the frame's column with the part that each row is of (None tells of nobody), and `extra_tells` says of
    whom columns in `extra` tell, where it is not what `a` does for `a_lag`. `priced` gives columns of kronor that
    are persons times a public price, row by row, and `told` the people and their part that columns tell of, row by
    row; `rounds` is what a column is rounded to, instead of withheld, where it tells of few, and the column of its
    part that all know and that is not rounded ("": none). `detail` is a table of single persons or levels, for
    working papers only; `coarse` stands in its place for others, or what it makes by the limits for them. `moved`
    says who differ from the row before, where rows are occasions in order; `together` makes the frame anew from a
    label per row or part, where some are merged. `celler` says why a cell has no number, by row and column:
    ("skyddas" or "saknas", reason).
    """

    namn: str
    titel: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    total_row: bool = False
    note: str = ""
    extra: tuple[str, ...] = ()  # columns written to resultat.json but not shown: `a_lag` tells of whom `a` does
    part: str = ""
    extra_tells: Mapping[str, tuple[str | tuple[str, Any], ...]] = field(default_factory=dict)
    priced: Mapping[str, Sequence[tuple[Priced, ...]]] = field(default_factory=dict)
    told: Mapping[str, Sequence[tuple[tuple[str, Any], ...]]] = field(default_factory=dict)
    rounds: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    detail: bool = False
    coarse: "Table | Callable[[Limits], Table] | None" = None
    moved: Sequence[set] | None = None
    together: Callable[[Mapping[Any, str]], pd.DataFrame] | None = None
    celler: Mapping[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    avrundat_till: float | None = None  # what some of its kronor are rounded to for the audience
    public: "Table | None" = None  # stands in its place for the public
    sums: Mapping[int, Sequence[int]] = field(default_factory=dict)
    visa: tuple[str, ...] = ()  # the columns that a page shows, at most five, in their order; () is the first ones

    def __post_init__(self):
        missing = [c for c in (*(c.key for c in self.columns), *self.extra) if c not in self.frame.columns]
        if missing:
            raise ValueError(f"{self.namn}: the frame lacks {missing}")

    @classmethod
    def of(
        cls, namn: str, titel: str, rows: Iterable[Sequence[Any]], columns: tuple[Column, ...], **more: Any
    ) -> "Table":
        """A table of rows that have a cell for each column, in their order."""
        return cls(namn, titel, pd.DataFrame([*rows], columns=[column.key for column in columns]), columns, **more)

    def of_declared(self) -> "Table":
        """The table without the numbers that it neither shows nor writes, which nobody has said whom they tell of."""
        declared = {*(column.key for column in self.columns), *self.extra, self.part}
        silent = [key for key in self.frame if key not in declared and self.frame[key].dtype.kind in "iuf"]
        return replace(self, frame=self.frame.drop(columns=silent)) if silent else self

    @cached_property
    def plain(self) -> dict[str, list[Any]]:
        """The values of each column that is shown or written, as Python's own; None where there is none."""
        keys = dict.fromkeys((*(column.key for column in self.columns), *self.extra))
        return {key: [_plain(value) for value in self.frame[key].tolist()] for key in keys}

    def records(self) -> list[dict[str, Any]]:
        """A row per record, with plain Python values; None where there is none."""
        return [dict(zip(self.plain, row, strict=True)) for row in zip(*self.plain.values(), strict=True)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def on_page(table: Table, columns: Mapping[str, tuple[str, ...]]) -> Table:
    """A table with the columns that a page shows of it, named by the table's name; also where another stands for it."""
    made = table.coarse
    coarse = partial(_made_on_page, made, columns) if callable(made) else on_page(made, columns) if made else None
    public = on_page(table.public, columns) if table.public else None
    return replace(table, visa=columns.get(table.namn, table.visa), coarse=coarse, public=public)


def _made_on_page(made: Callable[[Limits], Table], columns: Mapping[str, tuple[str, ...]], limits: Limits) -> Table:
    return on_page(made(limits), columns)


@dataclass(frozen=True)
class Result:
    """What a topic's model and view hand over: the same numbers in the notebook, the HTML, the xlsx and the JSON."""

    rubrik: str  # first line of the first screen: unit, topic, year, state
    underrubrik: str  # the scenario, or the situation, in words
    sammanfattning: list[str]
    nyckeltal: dict[str, KeyFigure]
    tabeller: dict[str, Table]
    kontroller: list[Check] = field(default_factory=list)
    framst: tuple[str, ...] = ()  # the key figures shown beside the first screen
    people: Mapping[str, People] = field(default_factory=dict)  # whom the figures tell of
    fakta: Mapping[str, KeyFigure] = field(default_factory=dict)  # figures that only sentences and figures use
    texter: Mapping[str, str] = field(default_factory=dict)  # texts that only sentences and figures use
    say: "Callable[[Result], list[str]] | None" = None  # makes the first screen's sentences of the audience's result
    verify: "Callable[[Result], list[Check]] | None" = None  # makes the checks of it, where they hold shown numbers
    filer: Mapping[str, str] = field(default_factory=dict)  # texts of files that lie beside the report, by name
    arbetslista: "Callable[[], Mapping[str, Table]] | None" = None  # a row per keyed id, for working papers
    lasare: str = ""  # who reads it, where that is not the management: "alla medarbetare"
    skjutreglage: tuple[Slider, ...] = ()  # what can be turned in the page
    turn: "Callable[[Result, Callable[[Result], Result]], tuple[Slider, ...]] | None" = None  # more, of what is shown
    golv: Mapping[str, Floor] = field(default_factory=dict)  # key figures that the dials move no further than
    blad: Mapping[str, str] = field(default_factory=dict)  # short names of tables' sheets, where their titles are long
    grunder: Mapping[str, Ground] = field(default_factory=dict)  # what figures come of, by name or pattern of names
    rutor: tuple[Grid, ...] = ()  # what several dials move together
    prov: str | tuple[str, ...] = ""  # sentences that are said where they stand, key figures in braces
    details: Callable[[], list[Table]] | None = None  # makes tables for working papers, and reads what they need then
    steady: "Callable[[Limits], Result] | None" = None  # makes what others see: counts stand until enough have moved

    def kronor(self, name: str) -> float:
        """A figure in mnkr as kronor; NaN where it is unknown."""
        figure = {**self.nyckeltal, **self.fakta}[name]
        return math.nan if figure.varde is None else float(figure.varde) * KR_PER_MNKR

    @classmethod
    def of(
        cls,
        tables: "Iterable[Table | None]" = (),
        rubrik: str = "",
        underrubrik: str = "",
        *,
        visa: Mapping[str, tuple[str, ...]] | None = None,
        **parts: Any,
    ) -> "Result":
        """A result of the tables that there are, whole or (without headings) of what dials move; no sentences yet.

        `visa` says what columns a page shows of some of them, the most important first.
        """
        there = (table for table in tables if table is not None)
        found = {table.namn: on_page(table, visa) if visa else table for table in there}
        return cls(rubrik, underrubrik, sammanfattning=[], tabeller=found, **parts)
