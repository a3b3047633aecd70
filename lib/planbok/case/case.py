"""One unit, one year, one scenario: the only way from files to figures, and a record of all that was read."""

import copy
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from planbok.base.errors import Fault, InputError, MissingValueError, did_you_mean, gathered, refuse_any
from planbok.base.kept import Kept
from planbok.base.stages import READ, stage
from planbok.base.workspace import Folders, shown
from planbok.inputs.documents import quoted
from planbok.inputs.rules import insatser
from planbok.inputs.rules.placement import Placement, load_placement
from planbok.inputs.rules.plausible import Findings
from planbok.inputs.rules.rules import DatedValue, Rules, load_rules
from planbok.inputs.scenario.load import BASELINE, Known, Scenario, load_scenario
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import REGI_BY_DAY, TOTAL_ROW
from planbok.inputs.tables.reading import InputTable
from planbok.inputs.tables.specs import TABLES

ENV_AUDIENCE = "PLANBOK_SPRIDNING"
OPEN_TABLES = ("budget", "utfall", "manadsbudget")  # whose single cells tell of no person
Audience = Literal["arbetsmaterial", "ledning", "offentlig"]
_KEPT = Kept()  # rows of tables as they were read, and what the rules say of them


@dataclass
class Journal:
    """What a case has read: rule values and input tables, each once."""

    rules: dict[tuple[str, date], DatedValue] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def note(self, key: str, day: date, value: DatedValue) -> None:
        """A rule's value on a day; the published one, which a comparison reads, never stands in for a scenario's."""
        if value.forandring or (key, day) not in self.rules or not self.rules[key, day].forandring:
            self.rules[key, day] = value


@dataclass(frozen=True)
class Case:
    """What a notebook works on. Rule values and tables are read through it, so that the report can name them."""

    notebook: str
    parametrar: dict[str, Any]
    enhet: str
    ar: int
    scenario: Scenario
    jamfor_med: Scenario
    spridning: str
    sources: "Sources"
    journal: Journal = field(default_factory=Journal)

    @property
    def is_public(self) -> bool:
        """Whether anyone may read the report: then the scenario's own words are left out."""
        return self.spridning == "offentlig"

    def rule(self, key: str, day: date | None = None, scenario: Scenario | None = None) -> DatedValue:
        """A rule's value on a day (the year's first) as a scenario (the case's own) has it, noted in the journal.

        Raises
        ------
        MissingValueError
            If there is no value at the day.
        """
        day = day or date(self.ar, 1, 1)
        value = rules_under(self.sources.rules, scenario or self.scenario, self.enhet).value(key, day)
        self.journal.note(key, day, value)
        return value

    def rule_or_none(self, key: str, day: date | None = None, scenario: Scenario | None = None) -> Any:
        """What `rule` says, None where the rules have none."""
        with suppress(KeyError, MissingValueError):
            return self.rule(key, day, scenario).varde
        return None

    def table(self, name: str) -> pd.DataFrame:
        """An input table's rows of all units, noted in the journal.

        Raises
        ------
        InputError
            If it can't be read, or the unit's rows hold what can't be right by the rules `rimligt.*`.
        """
        read = self.sources.collection.read(name)
        if name not in self.journal.tables:
            self.journal.tables[name] = self._noted(name, read)
        if name not in insatser.TABLES:
            return read.frame
        rules = self.sources.rules
        return _KEPT.of(("known", name), (read, rules), lambda: insatser.known_rows(read.frame, rules))

    def _noted(self, name: str, read: InputTable) -> dict[str, Any]:
        """What the report says of a table; the unit's rows are held against what is plausible."""
        rules, file = self.sources.rules, shown(self.sources.collection.path(name))
        found = _KEPT.of(
            ("noted", name, self.enhet, file), (read, rules), lambda: self._held_to_rules(name, read, file)
        )
        return copy.deepcopy(found)

    def _held_to_rules(self, name: str, read: InputTable, file: str) -> dict[str, Any]:
        own = read.frame[read.frame["enhet"] == self.enhet] if "enhet" in read.frame else read.frame
        found = Findings(name, own, self.sources.rules, file)
        refuse_any(found.faults)
        left_out = insatser.left_out(own, self.sources.rules, False) if name in insatser.TABLES else ()
        return {
            "fil": read.fil,
            "rader": read.rader,
            "sha256": read.sha256,
            "okanda_kolumner": list(read.okanda_kolumner),
            "blad": read.blad,
            "noter": [*read.noter, *left_out, *(found.notes if name in OPEN_TABLES else ())],
        }

    def unit_rows(self, name: str) -> pd.DataFrame:
        """The unit's rows of a table.

        Raises
        ------
        InputError
            If the table has none for the unit.
        """
        frame = self.table(name)
        rows = _KEPT.of(("unit", name, self.enhet), (frame,), lambda: frame[frame["enhet"] == self.enhet])
        if rows.empty:
            there = frame["enhet"].unique()
            text = f"enheten {quoted(self.enhet)} finns inte.{did_you_mean(self.enhet, there)}"
            if len(self._unit_entry()):
                text = f"tabellen har inga rader för {quoted(self.enhet)}. Den har rader för: {', '.join(there)}."
            raise InputError([Fault("tabell", shown(self.sources.collection.path(name)), 0, "", text, "unknown_unit")])
        return rows.copy(deep=False)  # pandas copies what somebody writes in

    def has_rows(self, name: str) -> bool:
        """Whether a table is there and has rows of the unit; faults in the table are not looked for."""
        return self.enhet in self.sources.collection.units(name)

    def has_column(self, table: str, column: str) -> bool:
        """Whether the unit fills in an optional column of a table, or nobody does.

        A column that other units fill in and this one does not counts as not there: its empty cells are unknown, and
        say not that something has not been done.
        """
        read = self.sources.collection.read(table)
        filled = read.frame[column].notna() & read.frame[column].ne("")
        own = filled & (read.frame["enhet"] == self.enhet)
        return column in read.kolumner and bool(own.any() or not filled.any())

    def unit_name(self) -> str:
        """The unit's name for people: the table `enheter`, else its id."""
        rows = self._unit_entry()
        return str(rows["namn"].iloc[0]) if len(rows) and rows["namn"].iloc[0] else self.enhet

    def is_synthetic(self) -> bool:
        """Whether the table `enheter` says that the unit's figures are made up."""
        rows = self._unit_entry()
        return bool(len(rows)) and str(rows["syntetisk"].iloc[0]).lower() in ("ja", "true", "1")

    def _unit_entry(self) -> pd.DataFrame:
        if not self.sources.collection.has("enheter"):
            return pd.DataFrame()
        frame = self.table("enheter")
        return _KEPT.of(("entry", self.enhet), (frame,), lambda: frame[frame["enhet"] == self.enhet])


def rules_under(rules: Rules, scenario: Scenario, enhet: str) -> Rules:
    """The rules with the scenario's `regel` changes put over them, in the order in which they act."""
    for numbered in scenario:
        change = numbered.change
        if change.typ != "regel" or (change.enhet and change.enhet != enhet):
            continue
        published = rules.series.get(change.regel, [None])[0]
        value = DatedValue(
            regel=change.regel,
            titel=published.titel if published else change.regel,
            mattenhet=published.mattenhet if published else PRICE_UNIT,
            varde=change.varde,
            underlag=change.underlag,
            kalla=f"Scenariot {numbered.scenario.replace('_', ' ')}, förändring {numbered.position}",
            fran=change.fran,
            till=change.till,
            forandring=numbered.nr,
        )
        rules = rules.with_value(value)
    return rules


def unfounded_rule_changes(scenario: Scenario, rules: Rules) -> list[Fault]:
    """A day without a published value may only be filled by an assumption that says it is one."""
    faults = []
    for numbered in scenario:
        change = numbered.change
        if change.typ != "regel" or change.underlag == "antagande":
            continue
        if not any(value.holds(change.fran) for value in rules.series.get(change.regel, [])):
            text = f"{change.regel} har inget publicerat värde {change.fran}: underlag ska vara antagande."
            faults.append(numbered.fault(text, "unfounded"))
    return faults


PRICE_UNIT = "kr/dygn"
PRICE_KEY = re.compile(rf"lss_peng\.(?:ersattning|tilldelning)\.(\w+)\.(?:{'|'.join(REGI_BY_DAY)})\.\d")


class RuleNames(dict):
    """The rules there are, and the prices that no list has: a scenario may fill them, as an assumption."""

    def __init__(self, series: dict[str, list[DatedValue]], insatser: Iterable[str]):
        super().__init__(series)
        self.insatser = set(insatser)

    def __contains__(self, key: object) -> bool:
        price = PRICE_KEY.fullmatch(str(key))
        return super().__contains__(key) or (price is not None and price[1] in self.insatser)


@dataclass(frozen=True)
class Units:
    """Every unit that a table names; the tables are read only when somebody asks."""

    collection: Collection

    def __iter__(self) -> Iterator[str]:
        for name in self.collection.names():
            frame = self.collection.read(name).frame
            yield from frame["enhet"].unique() if "enhet" in frame else ()


def known_names(collection: Collection, rules: Rules, enhet: str | None = None) -> Known:
    """What scenarios may refer to: for one unit, or for every unit of the collection."""
    insatser = rules.series["insatser"][-1].varde if "insatser" in rules.series else None
    known = Known(regler=RuleNames(rules.series, insatser or ()), insatser=insatser, enheter=Units(collection))
    if collection.has("budget"):
        frame = collection.read("budget").frame
        rows = frame["budgetrad"] if enhet is None else frame["budgetrad"][frame["enhet"] == enhet]
        known.budgetrader = set(rows) - {TOTAL_ROW}
        known.var = "tabellen budget" + (f" för {enhet}" if enhet else "")
    homes = collection.readable("boenden")  # its faults are for its topic
    known.boenden = None if homes is None else set(homes["boende"])
    return known


def load_scenarios(ids: list[str], folders: Folders, known: Known, rules: Rules) -> dict[str, Scenario]:
    """Scenarios by id, with every fault of all of them at once."""
    faults: list[Fault] = []
    found: dict[str, Scenario] = {}
    for scenario_id in dict.fromkeys(ids):
        with gathered(faults):
            found[scenario_id] = load_scenario(scenario_id, folders, known)
            faults += unfounded_rule_changes(found[scenario_id], rules)
    refuse_any(faults)
    return found


@dataclass(frozen=True)
class Sources:
    """What every case on the same folders shares."""

    folders: Folders
    rules: Rules
    placement: Placement
    collection: Collection


def load_sources(folders: Folders) -> Sources:
    """Rules, placement and tables of the folders, read once.

    Raises
    ------
    InputError
        With every fault of the rules and the placement.
    """
    faults: list[Fault] = []
    loaded: dict[Any, Any] = {}
    for load in (load_rules, load_placement):
        with gathered(faults):
            loaded[load] = load(folders)
    refuse_any(faults)
    return Sources(folders, loaded[load_rules], loaded[load_placement], Collection(Path(folders.data)))


def _folders_of(enhet: str) -> Folders:
    """The folders in use; the example's tables for a unit that only they have, as in a notebook just opened."""
    own, example = Folders.in_use(), Folders.chosen()
    if own == example or _has_unit(Collection(own.data), enhet) or not _has_unit(Collection(example.data), enhet):
        return own
    return example


def _has_unit(collection: Collection, enhet: str) -> bool:
    """Whether any table that can be read names a unit."""
    for name in collection.names():
        with suppress(InputError):
            if "enhet" in TABLES[name].headings() and enhet in collection.units(name):
                return True
    return False


@stage(READ)
def open_case(
    notebook: str,
    *,
    enhet: str,
    ar: int,
    scenario: str = BASELINE,
    jamfor_med: str = BASELINE,
    spridning: str | None = None,
    sources: Sources | None = None,
    **parametrar: Any,
) -> Case:
    """Loads what a report stands on: rules, scenarios, placement and the collection of tables.

    Where the files are comes from the runner through the environment. Without it the tables are those of the
    workspace's only own collection, or the example's where only they have the unit. It never stands in a parameter.
    Nothing is calculated here.

    Raises
    ------
    InputError
        With every fault of the rules, the scenarios and the placement.
    """
    sources = sources or load_sources(_folders_of(enhet))
    known = known_names(sources.collection, sources.rules, enhet)
    scenarios = load_scenarios([scenario, jamfor_med], sources.folders, known, sources.rules)
    return Case(
        notebook=notebook,
        parametrar={"enhet": enhet, "ar": ar, "scenario": scenario, "jamfor_med": jamfor_med, **parametrar},
        enhet=enhet,
        ar=ar,
        scenario=scenarios[scenario],
        jamfor_med=scenarios[jamfor_med],
        spridning=spridning or os.environ.get(ENV_AUDIENCE, "ledning"),
        sources=sources,
    )
