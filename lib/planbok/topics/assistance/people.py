"""Whom hours of assistance tell of: as many persons as the table says, or nobody knows how few."""

import pandas as pd

from planbok.base.periods import month_number
from planbok.case.result import NOBODY, People
from planbok.disclosure.operations import headcounts
from planbok.topics.assistance.study import ASSISTANCE, BOUGHT, Study

PERSONS, MONTHS, DEBITED, UNDEBITED = "personer", "månader", "debiterade", "ej debiterade"
ON_CONTRACT, STAFF = "på entreprenad", "anstallda"
OF_STAFF = ((STAFF, ""),)


def people(study: Study) -> dict[str, People]:
    """The persons that hours are of, and the employees by month and group whose overtime is told."""
    staff = study.staff
    if staff.empty:
        return persons(study) | {STAFF: People.nobody()}
    return persons(study) | {STAFF: People(headcounts(staff.assign(nr=month_number(staff["manad"]))))}


def persons(study: Study) -> dict[str, People]:
    """The persons by insats in each month to date, those whose hours are debited or bought, and those of single months.

    A group's row says how many its hours are of (`antal_personer`); of several rows of a group and month the largest
    counts. Where some row does not say it no month is shown outside working papers, only the unit's sums.
    """
    counts, known = study.rows.get("antal_personer"), {}
    if counts is None or counts.isna().any():
        sums = {PERSONS: list(study.rows["insats"].unique()), DEBITED: _others(study)}
        known = {name: People(pd.DataFrame([dict.fromkeys(parts, 0)]), NOBODY) for name, parts in sums.items()}
        months = pd.DataFrame([dict.fromkeys(study.rows["manad"].unique(), 0)])
        return known | {MONTHS: People(months, NOBODY, detail=True), ON_CONTRACT: People.nobody()}
    of_group = study.rows.groupby(["manad", "insats", "grupp"])["antal_personer"].max()
    by_month = of_group.reset_index().pivot_table("antal_personer", "manad", "insats", "sum", fill_value=0.0)
    whole = People(by_month, sums=(frozenset(_others(study)),))
    found = {PERSONS: whole, DEBITED: People(by_month[_others(study)]), MONTHS: People.nobody()}
    bought = study.rows[study.rows["regi"].isin(BOUGHT) & (study.rows["insats"] == ASSISTANCE)]
    on_contract = bought.groupby(["manad", "grupp"])["antal_personer"].max().groupby("manad").sum().to_frame("")
    return found | {ON_CONTRACT: People(on_contract) if len(on_contract) else People.nobody()}


def of_sum(study: Study, hours: str) -> tuple[tuple[str, str], ...]:
    """Whom the sum of some hours since January tells of: all, and each insats that some month has without the others.

    Schedules are kept of assistance only: the unit's scheduled hours are those of its persons alone.
    """
    rows = study.rows[study.rows[hours].fillna(0) != 0]
    of_month = rows.groupby("manad")["insats"].transform("nunique")
    alone = rows.loc[of_month < study.rows["insats"].nunique(), "insats"].unique()
    return (PERSONS, ""), *((PERSONS, insats) for insats in alone)


def _others(study: Study) -> list[str]:
    return [insats for insats in study.rows["insats"].unique() if insats != ASSISTANCE]
