"""From a case to the unit's hours of assistance, escort and relief, and what they are worth."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from planbok.base.periods import month_end, month_number, month_span
from planbok.base.workspace import shown
from planbok.case.case import Case
from planbok.case.study import (
    OfMonths,
    first_of,
    mean_of_month,
    month_of,
    rule_of_months,
    sound_rows,
    table_error,
    trying,
)
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.lss.price_book import price_book
from planbok.topics.assistance import model
from planbok.topics.assistance.table_check import hour_faults

ASSISTANCE = "personlig_assistans"
PRICE_RULE, FLAG_RULE = "assistans.kr_per_timme", "assistans.avvikelse_procent"
OWN_COST_RULE, CONTRACT_RULE = "assistans.egen_kostnad_kr_per_timme", "assistans.avtalspris_kr_per_timme"
WAITING_RULE = "assistans.vantetid_andel"
EXTRA = {"overtid": "ersattare.kr_per_timme.overtid", "inhyrd": "ersattare.kr_per_timme.inhyrd"}
BOUGHT = ("entreprenad", "privat")


@dataclass(frozen=True)
class Study(OfMonths):
    """The unit's hours from January to a month, beside those of the granted period that the month lies in."""

    case: Case
    tom_manad: int
    rows: pd.DataFrame  # the year's rows to the month, with `raknade_h`
    groups: pd.DataFrame  # what `model.accumulated` says, with `flagga`
    claims: pd.DataFrame
    debits: pd.DataFrame
    staff: pd.DataFrame  # the unit's rows of the table bemanning in those months; none without the table
    extra: pd.DataFrame | None  # overtime and hired staff by month; None where staff has no rows
    flag: float  # per cent, as the rule is when the report's month begins
    own_cost: pd.Series  # kr an hour in own management, a row each of `rows`

    @cached_property
    def over_kr(self) -> float:
        """What the hours cost that the unit schedules beyond the granted ones, since January; 0 where it does not."""
        over = (self.rows["schemalagda_h"] - self.rows["beviljade_h"]).dropna()
        return max(float((over * self.own_cost.loc[over.index]).sum()), 0.0) if over.sum() > 0 else 0.0

    @property
    def over_kr_per_month(self) -> float:
        """The same by the months that have a schedule."""
        return self.over_kr / max(self.rows.loc[self.rows["schemalagda_h"].notna(), "manad"].nunique(), 1)


def study(case: Case) -> Study:
    """The unit's hours from January to a month, and the granted period's.

    Raises
    ------
    InputError
        If the month does not exist, the unit has no hours in the year, or a row can't be right.
    """
    tom, file = month_of(case), shown(case.sources.collection.path("assistanstimmar"))
    every = sound_rows(case, "assistanstimmar", lambda rows: hour_faults(rows, file)).reset_index(drop=True)
    number = month_number(every["manad"])
    rows = every[(number >= case.ar * 12) & (number < case.ar * 12 + tom)]
    if rows.empty:
        span = month_span(1, tom)
        text = f"tabellen har inga timmar för {case.enhet} {span} {case.ar}. Fyll i dem, eller ange ett annat år."
        raise table_error(case, "assistanstimmar", text, "no_rows")
    waiting = rule_of_months(case, WAITING_RULE, rows["manad"])
    rows = rows.assign(raknade_h=model.performed(rows, waiting))
    claims, debits = _claims(case, rows, tom), _debits(case, rows)
    groups = model.accumulated(every, case.ar * 12 + tom - 1)
    staff = _staff(case, tom)
    done = Study(case, tom, rows, groups, claims, debits, staff, _extra(case, staff), 0.0, pd.Series(dtype=float))
    return _under(done, case.scenario)


def tried(done: Study, scenario: Scenario) -> Study:
    """The study with the rules as a scenario has them; what it reads is not noted in the journal."""
    return _under(replace(done, case=trying(done.case, scenario)), scenario)


def _under(done: Study, scenario: Scenario) -> Study:
    flag = float(done.case.rule(FLAG_RULE, first_of(done.manad), scenario).varde)
    groups = done.groups.assign(flagga=done.groups["schema_mot_beviljat_procent"].abs() > flag)
    own = rule_of_months(done.case, OWN_COST_RULE, done.rows["manad"], scenario)
    return replace(done, groups=groups, flag=flag, own_cost=own)


def _claims(case: Case, rows: pd.DataFrame, tom: int) -> pd.DataFrame:
    """The claims of personlig assistans, as the report of a month sees them on its last day."""
    mine = rows[rows["insats"] == ASSISTANCE]
    after, day = (rule_of_months(case, f"assistans.{name}", mine["manad"]) for name in ("krav_manader", "krav_dag"))
    kr = {manad: case.rule_or_none(PRICE_RULE, first_of(manad)) for manad in mine["manad"].unique()}
    price = mine["manad"].map(kr).astype(float)
    return model.claims(mine, price, after.astype(int), day.astype(int), pd.Timestamp(month_end(case.ar, tom)))


def _debits(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """What has been performed and not debited, of all but personlig assistans, which is claimed."""
    mine = rows[rows["insats"] != ASSISTANCE]
    book, keys = price_book(case, BAS), mine[["insats", "tidsslag", "regi", "manad"]].fillna("")
    kr = {
        key: book.hour_price(key[0], key[1], key[2] or "kommunal", first_of(key[3]))
        for key in keys.drop_duplicates().itertuples(index=False, name=None)
    }
    price = [kr[key] for key in keys.itertuples(index=False, name=None)]
    return model.undebited(mine, pd.Series(price, mine.index, float))


def _staff(case: Case, tom: int) -> pd.DataFrame:
    if not case.has_rows("bemanning"):
        return pd.DataFrame()
    rows = case.unit_rows("bemanning")
    return rows[rows["manad"].isin([f"{case.ar}-{month:02d}" for month in range(1, tom + 1)])]


def _extra(case: Case, staff: pd.DataFrame) -> pd.DataFrame | None:
    """Overtime and hired staff by month, in hours and kronor."""
    if staff.empty:
        return None
    hours = staff.groupby("manad")[[f"{name}_h" for name in EXTRA]].sum(min_count=1).reset_index()
    for name, rule in EXTRA.items():
        hours[f"{name}_kr"] = hours[f"{name}_h"] * [mean_of_month(case, rule, month) for month in hours["manad"]]
    return hours
