"""From a case to how the unit's goals stand: reads goals, outcomes, activities, surveys and controls."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from planbok.base.errors import Fault, InputError, did_you_mean, refuse_any
from planbok.base.workspace import shown
from planbok.case.case import Case
from planbok.case.study import OfYear, rows_read
from planbok.case.topic import ALONE, Others
from planbok.inputs.documents import quoted
from planbok.inputs.tables.specs import TABLES
from planbok.topics.goals import activities, table_check
from planbok.topics.goals.indicators import Indicator, indicators
from planbok.topics.goals.occasions import REPORTS, STEPS, Occasion, occasion_of
from planbok.topics.goals.outcomes import Outcomes

DTYPES = {"date": "datetime64[us]", "number": float, "money": float, "int": float, "year": int}
REPORT_NAMES = {"T1": "tertial 1", "T2": "tertial 2", "VB": "hela året"}


@dataclass(frozen=True)
class Study(OfYear):
    """All that the report on goals shows, before it is put into words."""

    case: Case
    per: str
    tables: dict[str, pd.DataFrame]  # the unit's rows; empty where a table is not there
    indicators: tuple[Indicator, ...]
    outside: tuple[str, ...]  # indicators with an outcome this year that the plan does not have
    others: Others = ALONE  # what other topics know of the unit

    @property
    def now(self) -> Occasion:
        """The report's occasion."""
        return Occasion(self.ar, REPORTS[self.per])

    @property
    def day(self) -> date:
        """The day by which everything is told."""
        return self.now.dag

    @property
    def own(self) -> list[Indicator]:
        """The indicators that count as the unit's."""
        return [indicator for indicator in self.indicators if indicator.counts]

    @cached_property
    def activities(self) -> pd.DataFrame:
        """The year's activities as they stand on the day."""
        rows = self.tables["aktiviteter"]
        return activities.states(rows[rows["ar"] == self.ar], self.day)

    @cached_property
    def controls(self) -> pd.DataFrame:
        """The year's controls as they stand on the day."""
        rows = self.tables["kontroller"]
        start = self.now.before(STEPS["tertial"]).dag
        return activities.controls(rows[rows["ar"] == self.ar], self.day, date.fromordinal(start.toordinal() + 1))

    @property
    def assessments(self) -> dict[str, tuple[str, str]]:
        """The manager's assessment of each goal in this report: (code, role) by the goal's text."""
        rows = self.tables["malbedomning"].to_dict("records")
        now = [row for row in rows if occasion_of(row["period"]) == self.now]
        return {row["mal_text"].casefold(): (row["bedomning"], row["av_roll"]) for row in now}


def study(case: Case, others: Others = ALONE) -> Study:
    """The unit's goals of the year as they stand in a report.

    Raises
    ------
    InputError
        If there is no such report, the unit has no goals of the year, or rows can't be right: all are named.
    """
    per = str(case.parametrar.get("per", "VB"))
    if per not in REPORTS:
        text = f"per är {quoted(per)}, men ska vara T1, T2 eller VB.{did_you_mean(per, REPORTS)}"
        raise InputError([Fault("korning", case.notebook, 0, "", text, "per")])
    tables = _tables(case)
    rows = tables["mal"][tables["mal"]["ar"] == case.ar]
    if rows.empty:
        years = ", ".join(str(ar) for ar in sorted(tables["mal"]["ar"].unique()))
        text = f"{case.enhet} har inga mål för {case.ar}. Det finns: {years}."
        raise InputError([Fault("tabell", shown(case.sources.collection.path("mal")), 0, "", text, "no_goals")])
    outcomes = Outcomes(case, others, tables)
    found = indicators(case, rows, outcomes, REPORTS[per])
    known = {indicator.row.id for indicator in found}
    reported = {name for name, occasion in outcomes.reported if occasion.ar == case.ar} - known
    texts = tables["indikatorutfall"]["indikator"]
    outside = dict.fromkeys(text for text in texts if outcomes.id_of(text) in reported)
    return Study(case, per, tables, found, tuple(outside), others)


def _tables(case: Case) -> dict[str, pd.DataFrame]:
    """The unit's rows of every table that the report reads; everything that can't be right in them is named at once."""
    found, faults = {}, []
    for name in table_check.CHECKED:
        rows, unread = rows_read(case, name) if name == "mal" or case.has_rows(name) else (None, [])
        found[name] = _empty(name) if rows is None else rows
        faults += unread
    collection = case.sources.collection
    files = {name: shown(collection.path(name)) for name in found if collection.has(name)}
    limits = case.rule_or_none(table_check.SCALE_RULE)
    faults += table_check.faults_in(found, files, limits and (int(limits["lagst"]), int(limits["hogst"])))
    refuse_any(faults)
    return found


def _empty(name: str) -> pd.DataFrame:
    """A table without rows, with the columns that the reader would give it."""
    columns = TABLES[name].columns
    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES.get(c.kind, object)) for c in columns})
