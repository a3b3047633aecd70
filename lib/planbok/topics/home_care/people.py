"""Whom the figures on older people's care tell of: the unit's cases and full months, as its tables count them."""

from dataclasses import replace
from functools import cached_property

import pandas as pd

from planbok.case.case import Case
from planbok.case.result import People
from planbok.topics.home_care.model import ALARM, DAY, HOME, NIGHT
from planbok.topics.home_care.study import Study, hour_columns
from planbok.topics.home_care.year import LISTED

CASES, NIGHTS, ALARMS, MANAGER, PLACES = "ärenden", "natt", "larm", "chefsnivå", "helmånader"
MANAGED, SEPARATOR = "regi", "|"
PERMANENT = ("somatisk", "demens", "profil")  # the kinds of home whose days are the plan's full months
BESIDE = ("servicehus", "korttid")
ALL_PLACES = (*((PLACES, slag) for slag in BESIDE), (PLACES, ""))  # with the others it would tell of those beside
ABOVE, EXACTLY = "över", "precis"
DELEGATION = ["arenden_over_99_h", "arenden_99_h_eller_mer"]


class Persons:
    """A study's cases and full months by month, as the result declares them."""

    def __init__(self, study: Study):
        self.study = study

    @property
    def rows(self) -> pd.DataFrame:
        return self.study.rows

    @cached_property
    def people(self) -> dict[str, People]:
        """The people of the result, by name; the parts of cases are areas, those of full months kinds of home."""
        found = {CASES: People(self.cases), PLACES: People(self.places((*PERMANENT, *BESIDE)))}
        found |= {name: People(self._kind(kind)) for name, kind in ((NIGHTS, NIGHT), (ALARMS, ALARM))}
        return found | {MANAGER: People(self.delegated()), MANAGED: self.managed}

    @cached_property
    def managed(self) -> People:
        return managed(self.rows)

    def priced(self, slag: str) -> tuple[tuple[str, str], ...]:
        """Whom kronor of a kind tell of: with the price list also of those in each of its managements."""
        return (part_of(slag), *((MANAGED, part) for part in of_kind(self.managed, slag)))

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Cases of home care by month and area."""
        return cases(self.study.case)

    def places(self, kinds: tuple[str, ...]) -> pd.DataFrame:
        """Full months by month and kind of home; one row of 0 where there are none."""
        rows = self.rows[self.rows["slag"].isin(kinds)]
        return rows.pivot_table("antal", "manad", "slag", "sum") if len(rows) else pd.DataFrame([{kinds[0]: 0.0}])

    def _kind(self, kind: str) -> pd.DataFrame:
        rows = self.rows[self.rows["slag"] == kind]
        return rows.groupby("manad")["antal"].sum().to_frame("") if len(rows) else pd.DataFrame([{"": 0.0}])

    def delegated(self) -> pd.DataFrame:
        """Cases above the limit for a manager's decision, and at exactly the limit, by month."""
        sums = delegation(self.study.case.unit_rows(HOME))
        over, at = (sums[name] for name in DELEGATION)
        return pd.DataFrame({ABOVE: over, EXACTLY: at - over}).fillna(0.0)

    @cached_property
    def everybody(self) -> tuple[tuple[str, str], ...]:
        """All parts that the year's cost tells of."""
        parts = ((CASES, ""), (NIGHTS, ""), (ALARMS, ""))
        parts += tuple((MANAGED, part) for part in self.managed.antal)
        return (*parts, *((PLACES, slag) for slag in self.places((*PERMANENT, *BESIDE))))


def cases(case: Case) -> pd.DataFrame:
    """Cases of each area by month."""
    return hour_columns(case.unit_rows(HOME)).pivot_table("arenden", "manad", "omrade", "sum")


def managed(rows: pd.DataFrame) -> People:
    """Cases and full months by month, of each kind and management that has a price of its own; the kinds are sums."""
    part = rows["slag"] + SEPARATOR + rows["regi"].replace(LISTED)
    people = People(rows.assign(part=part).pivot_table("antal", "manad", "part", "sum"))
    return replace(people, sums=tuple(frozenset(of_kind(people, slag)) for slag in sorted(rows["slag"].unique())))


def of_kind(people: People, slag: str) -> list[str]:
    """The managements of a kind, as parts of MANAGED."""
    return [part for part in people.antal if part.partition(SEPARATOR)[0] == slag]


def part_of(slag: str) -> tuple[str, str]:
    """Whom a kind of care tells of."""
    return {DAY: (CASES, ""), NIGHT: (NIGHTS, ""), ALARM: (ALARMS, "")}.get(slag, (PLACES, slag))


def delegation(rows: pd.DataFrame) -> pd.DataFrame:
    """Cases of a manager's decision by both readings, by month; NaN where the table does not say."""
    return rows.groupby("manad")[DELEGATION].sum(min_count=1)
