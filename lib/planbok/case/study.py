"""What a topic's study asks of its case before it counts: the month, sound rows, changes that move something."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from planbok.base.errors import Fault, InputError, refuse_any
from planbok.base.periods import month_end, spans, turns
from planbok.base.workspace import shown
from planbok.case.case import Case, Journal, rules_under
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario, runs_in
from planbok.inputs.tables.collection import Collection

Faults = Callable[[pd.DataFrame], Iterable[Fault]]  # rows of a table to what can't be right in them
Step = tuple[NumberedChange, bool]  # a change, and whether it moves something


class OfYear:
    """A study of a case: `ar` is the case's year."""

    case: Case

    @property
    def ar(self) -> int:
        return self.case.ar


class OfMonths(OfYear):
    """A study that counts the year to a month."""

    tom_manad: int

    @property
    def manad(self) -> str:
        """The last month that is counted, ÅÅÅÅ-MM."""
        return f"{self.ar}-{self.tom_manad:02d}"

    @property
    def last_day(self) -> date:
        return month_end(self.ar, self.tom_manad)


def decided(case: Case) -> pd.DataFrame:
    """The unit's decisions; an insats that is given without an individual assessment is none, and is left out."""
    rows = case.unit_rows("beslut")
    without = case.rule("insatser.utan_beslut").varde
    return rows[~rows["insats"].isin(without)].reset_index(drop=True)


def parameter_error(case: Case, text: str, code: str) -> InputError:
    """A parameter of the notebook has a value that can't be used."""
    return InputError([Fault("korning", case.notebook, 0, "", text, code)])


def table_error(case: Case, table: str, text: str, code: str) -> InputError:
    """A table lacks what is asked for, or has what can't be."""
    return InputError([Fault("tabell", shown(case.sources.collection.path(table)), 0, "", text, code)])


def month_of(case: Case) -> int:
    """The parameter `tom_manad`: the last month that is counted, 12 where the notebook has none.

    Raises
    ------
    InputError
        If it is no month.
    """
    tom = case.parametrar.get("tom_manad", 12)
    if not 1 <= tom <= 12:
        raise parameter_error(case, f"tom_manad ska vara 1–12, men är {tom}.", "tom_manad")
    return tom


def day_of(case: Case) -> date:
    """The parameter `per_datum`: a day of the year, its last where the notebook has none.

    Raises
    ------
    InputError
        If it is no day of the year.
    """
    text = case.parametrar.get("per_datum") or f"{case.ar}-12-31"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year != case.ar:
        fault = f"per_datum '{text}' ska vara ett datum i {case.ar}, skrivet ÅÅÅÅ-MM-DD."
        raise parameter_error(case, fault, "per_datum") from None
    return day


def trying(case: Case, scenario: Scenario) -> Case:
    """The case with another scenario and a journal of its own: what is read for a trial is in no report."""
    return replace(case, scenario=scenario, journal=Journal())


def so_far(scenario: Scenario) -> list[Scenario]:
    """The scenario before its first change, and after each."""
    return [replace(scenario, changes=scenario.changes[:taken]) for taken in range(len(scenario.changes) + 1)]


def rule_of_months(case: Case, key: str, manad: pd.Series, scenario: Scenario | None = None) -> pd.Series:
    """A rule's number for each month (ÅÅÅÅ-MM) as a scenario (the case's own) has it on the month's first day.

    Raises
    ------
    MissingValueError
        If there is no value on one of those days.
    """
    values = {month: case.rule(key, first_of(month), scenario).varde for month in manad.unique()}
    return manad.map(values).astype(float)


def mean_of_month(case: Case, key: str, manad: str) -> float:
    """A rule's number in a month: the mean of its days, where the value changes inside it.

    Raises
    ------
    MissingValueError
        If there is no value on one of the days.
    """
    values = rules_under(case.sources.rules, case.scenario, case.enhet).series.get(key, [])
    ar = int(manad[:4])
    year = spans(ar, turns(ar, ((value.fran, value.till) for value in values)))
    inside = [span for span in year if span.manad == manad]
    return sum(span.share * case.rule(key, span.start).varde for span in inside)


def first_of(manad: str) -> date:
    """The first day of a month, ÅÅÅÅ-MM."""
    return date.fromisoformat(f"{manad}-01")


def holds_on(change: Change, days: Iterable[date]) -> bool:
    """Whether a change is in force on one of the days."""
    return any(change.starts <= day <= (change.ends or date.max) for day in days)


def sound_rows(case: Case, table: str, faults: Faults) -> pd.DataFrame:
    """The unit's rows of a table.

    Raises
    ------
    InputError
        With every row that can't be right: those that the reader found, and `faults` of the others.
    """
    rows, unread = rows_read(case, table)
    refuse_any([*unread, *(faults(rows) if rows is not None else ())])
    assert rows is not None, "a table without rows is a fault"
    return rows


def rows_read(case: Case, table: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    """The unit's rows of a table as far as they can be read, None if none can, and what is wrong in the others."""
    try:
        return case.unit_rows(table), []
    except InputError as error:
        there = case.sources.collection.readable(table)
        return None if there is None else there[there["enhet"] == case.enhet], error.faults


def every_row(collection: Collection, table: str) -> tuple[pd.DataFrame, str] | None:
    """A table's rows of all units and its file, for `planbok check`; None where it is not there or can't be read."""
    if not collection.has(table):
        return None
    try:
        return collection.read(table).frame, shown(collection.path(table))
    except InputError:
        return None


def every_table(collection: Collection, names: Iterable[str]) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """The rows of all units in the tables that are there, as far as they can be read, and the tables' files."""
    frames, files = {}, {}
    for name in names:
        frame = collection.readable(name)
        if frame is not None:
            frames[name], files[name] = frame, shown(collection.path(name))
    return frames, files


def refuse_unmoved(case: Case, steps: Iterable[Step], where: str, reason: Callable[[NumberedChange], str]) -> None:
    """Refuses changes that move nothing, all of them at once.

    Parameters
    ----------
    steps : the topic's changes, each with whether it moves something
    where : in what: "för exempelenheten"
    reason : why a change that acts in the year moves nothing there
    """
    first, last = date(case.ar, 1, 1), date(case.ar, 12, 31)
    found = []
    for numbered, moved in steps:
        if not moved:
            why = runs_in(numbered.change, case.enhet, first, last) or reason(numbered)
            text = f"förändringen flyttar inget {where} {case.ar}: {why}."
            found.append(numbered.fault(text, "moves_nothing"))
    refuse_any(found)


def refuse_within_year(case: Case, changes: Iterable[NumberedChange], yearly: tuple[str, ...]) -> None:
    """Refuses what changes, inside the case's year alone, a rule that is read on its first day and holds for all of it.

    Parameters
    ----------
    yearly : beginnings of the ids of such rules
    """
    first, last = date(case.ar, 1, 1), date(case.ar, 12, 31)
    found = {}
    for numbered in changes:
        change = numbered.change
        mine = change.typ == "regel" and change.regel.startswith(yearly)
        if mine and not runs_in(change, case.enhet, first, last) and not holds_on(change, [first]):
            text = (
                f"regeln {change.regel} läses den 1 januari och gäller hela {case.ar}, så en ändring inne i året gör "
            )
            found[numbered.id] = numbered.fault(
                f"{text}inget. Låt den gälla från {first}, eller stryk den.", "within_year"
            )
    refuse_any([*found.values()])


def refuse_late(case: Case, mine: Callable[[Change], bool]) -> None:
    """Refuses changes of the topic that begin after the case's year: they move nothing in its report."""
    late = [n for n in case.scenario if mine(n.change) and n.change.starts.year > case.ar]
    refuse_any([n.fault(f"förändringen börjar {n.change.starts}, efter {case.ar}.", "moves_nothing") for n in late])


def refuse_still(
    case: Case, chain: Iterable[Any], touches: Callable[[Change], bool], differs: Callable[[Any, Any], bool], why: str
) -> None:
    """Refuses the topic's changes that move nothing; `chain` is what holds before any change and after each."""
    steps = zip(case.scenario, pairwise(chain), strict=True)
    mine = ((numbered, differs(*both)) for numbered, both in steps if touches(numbered.change))
    refuse_unmoved(case, mine, f"för {case.enhet}", lambda _: why)


def differing(mine: Scenario, other: Scenario) -> tuple[list[NumberedChange], list[NumberedChange]]:
    """The changes that only the first scenario has, and those that only the other has."""
    ids = [{n.id for n in scenario} for scenario in (mine, other)]
    return [n for n in mine if n.id not in ids[1]], [n for n in other if n.id not in ids[0]]
