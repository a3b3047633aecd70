"""What a topic is: the one value by which commands, the batch, the start page and the other topics know it.

A topic's value is light. Its code stands in the modules of its folder and is imported when it is first asked for, so
that a list of topics costs nothing.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import pandas as pd

from planbok.base.errors import Fault
from planbok.case.case import Case
from planbok.case.result import Limits, People, Priced, Result
from planbok.inputs.rules.placement import Placement
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import TableSpec

MONTH_NUMBERS = range(1, 13)
FULL_YEAR = "helar"  # in the column manad: twelve months at the rate of 31 December
ROWS = ["forandring", "effekt", "manad", "kr"]
PLACED = [*ROWS, "budgetrad", "sida"]
_NO_ROWS = pd.DataFrame(columns=ROWS)

TOLD = ("telling", "priced", "persons")
Named = str | tuple[str, str]


@dataclass(frozen=True)
class Effects:
    """What a scenario's changes do to a unit's money by one topic, or by several together.

    Parameters
    ----------
    rows : `forandring` (the change's id), `effekt` (one of `placement.EFFECTS`), `manad` (ÅÅÅÅ-MM or FULL_YEAR), `kr`;
        once placed also `budgetrad` and `sida`
    unknown : in words, what can't be said in kronor, and so is in no row
    moved : ids of changes that move figures of the topic, whether or not any kronor
    telling : changes whose kronor tell of few persons, in words: they are in `rows`, for working papers only
    priced : changes whose kronor are real persons times public prices: in words, and what they are made of
    persons : changes whose kronor tell of a part of some people: in words, and the people with their part
    counted : the month that kronor to date are counted to, ÅÅÅÅ-MM, where it is not the one that was asked for
    assumed : in words, what the kronor rest on that nobody has decided
    steady : makes what others than working papers see, as `Result.steady` does

    Those from telling to persons are named by a change's id, or by its id and the effect for one of its effects.
    """

    rows: pd.DataFrame = field(default_factory=partial(_NO_ROWS.copy, deep=False))
    unknown: tuple[str, ...] = ()
    moved: frozenset[str] = frozenset()
    telling: Mapping[Named, str] = field(default_factory=dict)
    priced: Mapping[Named, tuple[str, tuple[Priced, ...]]] = field(default_factory=dict)
    persons: Mapping[Named, tuple[str, tuple[tuple[People, str], ...]]] = field(default_factory=dict)
    counted: str = ""
    assumed: tuple[str, ...] = ()
    steady: "Callable[[Limits], Effects] | None" = None

    @classmethod
    def of(
        cls, kr: Iterable[tuple[NumberedChange, str, pd.Series]], unknown: Iterable[str] = (), moved: Iterable[str] = ()
    ) -> "Effects":
        """From kronor by month of each change and effect. Amounts of 0 are left out; the change has moved all the same.

        >>> change = NumberedChange(1, "prov", None, "", 0, 1)
        >>> found = Effects.of([(change, "personal", pd.Series({"2024-01": 5.0, "2024-02": 0.0}))])
        >>> found.rows.to_numpy().tolist(), sorted(found.moved)
        ([['prov:1', 'personal', '2024-01', 5.0]], ['prov:1'])
        """
        given = [(numbered.id, effect, amounts[amounts != 0]) for numbered, effect, amounts in kr]
        rows = [(name, effect, *row) for name, effect, amounts in given for row in amounts.items()]
        names = frozenset(name for name, _, _ in given) | frozenset(moved)
        return cls(pd.DataFrame(rows, columns=ROWS), tuple(dict.fromkeys(unknown)), names)

    @classmethod
    def together(cls, parts: Iterable["Effects"]) -> "Effects":
        """Those of several topics."""
        parts = list(parts)
        rows = [part.rows for part in parts if len(part.rows)]
        joined = pd.concat(rows, ignore_index=True) if rows else cls().rows
        unknown = dict.fromkeys(text for part in parts for text in part.unknown)
        moved = frozenset().union(*(part.moved for part in parts))
        telling, priced, persons = (dict(ChainMap(*(getattr(part, name) for part in parts))) for name in TOLD)
        counted = max((part.counted for part in parts), default="")
        assumed = dict.fromkeys(text for part in parts for text in part.assumed)
        return cls(joined, tuple(unknown), moved, telling, priced, persons, counted, tuple(assumed))

    def placed(self, placement: Placement, enhet: str) -> "Effects":
        """The same with the budget row and side on which each effect lands for a unit.

        Raises
        ------
        InputError
            If neither the unit nor the default says where an effect lands.
        """
        if self.rows.empty:
            return replace(self, rows=pd.DataFrame(columns=PLACED))
        places = {effect: placement.place(enhet, effect) for effect in self.rows["effekt"].unique()}
        where = {key: self.rows["effekt"].map({e: getattr(p, key) for e, p in places.items()}) for key in PLACED[-2:]}
        return replace(self, rows=self.rows.assign(**where)[PLACED])


EffectsOf = Callable[[Scenario], Effects]


class Decided(NamedTuple):
    """What decisions explain of a year: kronor by cause (volym, niva, pris) and the row that they land on.

    `why` says why nothing is given though something was decided.
    """

    kr: dict[str, float]
    budgetrad: str
    why: str = ""


DecidedOf = Callable[[date, date], Decided]


@dataclass(frozen=True)
class Driven:
    """What a topic expects of a year by what was known after one of its months: what drives the prognosis.

    Parameters
    ----------
    kr : kronor of each month of service, 1-12, a row per kind of effect; the months to date as decisions, hours and
        prices made them, those ahead as what is known makes them. Only differences between months count. Once placed
        a row per budget row and side
    moved : for each effect how many persons, by kind, had a move that first was known in each month (index 1-12);
        None for an effect that counts no persons. An effect that is not named is for working papers only
    why : why nothing is given, in words
    """

    kr: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MONTH_NUMBERS, dtype=float))
    moved: Mapping[str, pd.DataFrame | None] = field(default_factory=dict)
    why: str = ""


DrivenOf = Callable[[int, int], Driven]


def no_driven(ar: int, tom_manad: int) -> Driven:
    """What drives the prognosis where no topic says anything of it."""
    return Driven()


ToComeOf = Callable[[int], Effects]


def no_effects(_: Scenario | int) -> Effects:
    """What other topics do of a scenario, or say is still to be booked after a month, where there are none."""
    return Effects(pd.DataFrame(columns=PLACED))


@dataclass(frozen=True)
class Outcome:
    """An indicator's outcome as another topic has it: the number, where it is from, and how many persons are behind it.

    `antal` is the fewest persons that the number may tell of, held against the rule `regel`; None where it tells of
    none. `delar` is what a share is made of: the part, the whole and their unit, as people are to read them. `counted`
    says to when the number is counted, in words, where that is not the last day that was asked for. `steady` makes what
    others than working papers see, as `Result.steady` does: the number that the topic's own report then shows.
    """

    varde: float
    kalla: str
    antal: float | None = None
    regel: str = "minsta_grupp"
    delar: tuple[float, float, str] | None = None
    counted: str = ""
    steady: "Callable[[Limits], Outcome] | None" = None


OutcomeOf = Callable[[str, int, int], Outcome | None]


def no_outcome(indicator: str, ar: int, tom_manad: int) -> None:
    """What other topics know of an indicator where there are none."""


@dataclass(frozen=True)
class Others:
    """What a topic may ask of the others about its unit: `topics.answer.others(case)` gives it.

    Parameters
    ----------
    effects : a scenario to what all topics do to the unit's money under it, placed on budget rows
    decided : two days to what decisions explain of the year between what was known on them; None without decisions
    outcome : an indicator's id, a year and its last month to the outcome that a topic has of it; None where none has
    driven : a year and its last known month (0-12) to what all topics expected of it then, by budget row and side
    to_come : a month of the year to what is known to be lacking in the outturn to it, placed on budget rows

    All are as the case's audience may see them; the outcome says whom it tells of, for its reader to withhold.
    """

    effects: EffectsOf = no_effects
    decided: DecidedOf | None = None
    outcome: OutcomeOf = no_outcome
    driven: DrivenOf = no_driven
    to_come: ToComeOf = no_effects


ALONE = Others()


@dataclass(frozen=True)
class Notebook:
    """A notebook of a topic. Its parameters cell says what they mean; `parameters` what the cell leaves unsaid."""

    id: str
    parameters: dict[str, str] = field(default_factory=dict)
    result: str = "view:result"


@dataclass(frozen=True)
class Topic:
    """One question with its model. Parts are named `module:function` in the topic's folder; "" is none.

    Parameters
    ----------
    package : `__name__` of the topic's folder
    notebooks : those that show it
    needs : tables without which there is no report; the first names the units that the topic has
    uses : tables that add to the report where they are there
    reach : the table whose months or years say how far the figures reach; "" where none does
    changes : kinds of change that it computes (`Change.kind`)
    rules : beginnings of the ids of the rules whose `regel` changes it computes
    yearly : those of rules that are read on a year's first day and hold for all of it
    follows : whether its study takes `Others`: what all topics do to the unit's money
    study : `(case) -> Study`, or `(case, others) -> Study` for one that follows
    effects : `(case, scenario) -> Effects`
    any_unit : whether a unit that its table does not have has its effects too
    moved : `(case, scenario) -> ids of the changes that move it`, where `effects` does not say
    decided : `(case, (known, later)) -> kronor by cause, persons by kind`
    driven : `(case, ar, tom_manad) -> Driven`: what it expected of a year, from what was known after that month alone
    to_come : `(case, tom_manad) -> Effects`: what the outturn to a month of the year is known to lack, by month
    outcomes : ids of indicators that it has the outcome of, each with `(case, ar, tom_manad) -> Outcome by id`
    faults : `(collection, rules | None) -> list[Fault]`: what is wrong in its tables beyond their form; rules are None
        while they are faulty
    explorer : `(study) -> widget`
    tables : descriptions of tables that only this topic has, if they do not stand in `inputs/tables`
    """

    package: str
    notebooks: tuple[Notebook, ...]
    needs: tuple[str, ...]
    uses: tuple[str, ...] = ()
    reach: str = ""
    changes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    yearly: tuple[str, ...] = ()
    follows: bool = False
    study: str = "study:study"
    effects: str = ""
    any_unit: bool = False
    moved: str = ""
    decided: str = ""
    driven: str = ""
    to_come: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    faults: str = ""
    explorer: str = "explore:explorer"
    tables: tuple[TableSpec, ...] = ()

    @property
    def id(self) -> str:
        """The name of its folder."""
        return self.package.rpartition(".")[2]

    def part(self, where: str) -> Any:
        """A function of the topic's folder, imported when it is asked for."""
        module, _, name = where.partition(":")
        return getattr(import_module(f"{self.package}.{module}"), name)

    def notebook(self, name: str) -> Notebook | None:
        """The notebook of that id; None where the topic has no such."""
        return next((notebook for notebook in self.notebooks if notebook.id == name), None)

    def touches(self, change: Change) -> bool:
        """Whether a change is one that this topic computes."""
        return change.kind in self.changes or (change.kind == "regel" and change.regel.startswith(self.rules))

    def study_of(self, case: Case, others: Others) -> Any:
        """The study of a case; `others` is handed over where the topic follows them."""
        found = self.part(self.study)
        return found(case, others) if self.follows else found(case)

    def shows(self, case: Case) -> Callable[[Any], Result]:
        """The function that makes the whole result of a study for the case's notebook."""
        return self.part((self.notebook(case.notebook) or self.notebooks[0]).result)

    def effects_of(self, case: Case, scenario: Scenario) -> Effects:
        """What a scenario does to the unit's money: nothing, with no model imported, where no change is the topic's."""
        asked = self.effects and any(self.touches(numbered.change) for numbered in scenario)
        return self.part(self.effects)(case, scenario) if asked else Effects()

    def moved_by(self, case: Case, scenario: Scenario) -> frozenset[str]:
        """The ids of the changes that move figures of the topic."""
        return self.part(self.moved)(case, scenario) if self.moved else self.effects_of(case, scenario).moved

    def faults_of(self, collection: Collection, rules: Rules | None) -> list[Fault]:
        """What is wrong in the topic's tables, beyond their form."""
        return list(self.part(self.faults)(collection, rules)) if self.faults else []


def modules_of(package: str) -> Callable[[str], ModuleType]:
    """A package's `__getattr__`: its modules, each imported when it is first asked for."""

    def get(name: str) -> ModuleType:
        try:
            return import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":
                raise
            raise AttributeError(f"{package} has no module {name}") from None

    return get
