"""From a case to the unit's invoices: which lines are wrong, by how much, and what has not come."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.base.periods import month_span
from planbok.base.workspace import shown
from planbok.case.case import Case
from planbok.case.study import OfYear, month_of, rule_of_months, sound_rows, table_error, trying
from planbok.inputs.scenario.load import Scenario
from planbok.topics.control.faults import judged
from planbok.topics.control.lines import Lines, lines, unbilled
from planbok.topics.control.prices import Listed, listed
from planbok.topics.control.table_check import line_faults

WITHIN_RULE, ROUNDING_RULE = "kontroll.prisskillnad_kr", "kontroll.avrundning_kr"
EFFECT = "ersattning"  # where a bought place lands in the budget


@dataclass(frozen=True)
class Study(OfYear):
    """The year's invoice lines to a month, each with its kind of fault, beside all lines that they are held against."""

    case: Case
    tom_manad: int
    decisions: pd.DataFrame
    found: Lines
    listed: Listed
    rows: pd.DataFrame  # the year's lines to the month: the table's columns, `person`, `steg` and what `judged` says
    missing: pd.DataFrame  # what `unbilled` says of days with a price, with `person` and `steg`
    unpriced: list[str]  # insatser with days that are missing and have no price
    wrong_to: int | None = None  # the month that others see the faults to (`steady`), and what is missing
    missing_to: int | None = None

    @cached_property
    def wrong(self) -> pd.DataFrame:
        """The lines with a fault."""
        return self.rows[self.rows["slag"] != ""]

    @property
    def budget_row(self) -> str:
        """The budget row on which what is bought lands."""
        return self.case.sources.placement.place(self.case.enhet, EFFECT).budgetrad


def study(case: Case) -> Study:
    """The unit's invoice lines from January to a month, held against its decisions and the price list.

    Lines of earlier months and years are held against them too: what they have billed is not billed again.

    Raises
    ------
    InputError
        If the month does not exist, the unit has no invoices or decisions, a line names a decision that the unit does
        not have, or none of the lines is of the year.
    """
    tom = month_of(case)
    decisions, found, missing = unbilled_days(case, tom)
    known = missing["kr"].notna()
    unpriced = sorted(set(decisions["insats"].to_numpy()[missing.loc[~known, "row"]]))
    prices, missing = listed(case, found, decisions), missing[known].reset_index(drop=True)
    done = Study(case, tom, decisions, found, prices, pd.DataFrame(), missing, unpriced)
    return replace(done, rows=_rows(done, case.scenario))


def unbilled_days(case: Case, tom: int) -> tuple[pd.DataFrame, Lines, pd.DataFrame]:
    """The unit's decisions, its invoice lines, and what `unbilled` says of the year to a month, with `person`.

    Raises
    ------
    InputError
        If the unit has no invoices or decisions, or a line names a decision that the unit does not have.
    """
    decisions = case.unit_rows("beslut").reset_index(drop=True)
    file = shown(case.sources.collection.path("fakturor"))
    found = lines(sound_rows(case, "fakturor", lambda rows: line_faults(rows, decisions, file)), decisions)
    missing = unbilled(case, found, decisions, tom)
    return decisions, found, missing.assign(person=decisions["person"].to_numpy()[missing["row"]], steg=0)


def tried(done: Study, scenario: Scenario) -> Study:
    """The study with the rules of the control as a scenario has them; what it reads is not noted in the journal."""
    done = replace(done, case=trying(done.case, scenario))
    return replace(done, rows=_rows(done, scenario))


def _rows(done: Study, scenario: Scenario) -> pd.DataFrame:
    case, frame = done.case, done.found.frame
    months = [f"{case.ar}-{month:02d}" for month in range(1, done.tom_manad + 1)]
    inside = frame["manad"].isin(months).to_numpy()
    if not inside.any():
        span = month_span(1, done.tom_manad)
        text = f"tabellen har inga fakturor för {case.enhet} {span} {case.ar}. Fyll i dem, eller ange ett annat år."
        raise table_error(case, "fakturor", text, "no_rows")
    read = frame["manad"].where(inside, months[0])  # a line of another year is judged too, and shown in none
    within, rounding = (rule_of_months(case, rule, read, scenario).to_numpy() for rule in (WITHIN_RULE, ROUNDING_RULE))
    verdict = judged(done.found, done.listed, within, rounding)
    persons = np.append(done.decisions["person"].to_numpy(), "")[done.found.place]
    persons = np.where(persons == "", "utan beslut " + frame["faktura"].to_numpy(str), persons)
    return pd.concat([frame, verdict], axis=1).assign(
        person=persons, kredit=done.found.credit, avraknad=done.found.settled, steg=0
    )[inside]
