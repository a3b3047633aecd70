"""What assistance tells the other topics: what decisions do to the unit's money, and performed of granted hours."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_shares, months
from planbok.case.case import Case, Journal
from planbok.case.result import Limits
from planbok.case.study import first_of, holds_on
from planbok.case.topic import FULL_YEAR, Effects, Outcome
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.topics.assistance import TOPIC
from planbok.topics.assistance.model import paid
from planbok.topics.assistance.people import PERSONS, persons
from planbok.topics.assistance.study import ASSISTANCE, PRICE_RULE, study

EFFECT = "assistans"
TERMS = ("assistans.grans_h_per_vecka", PRICE_RULE, "assistans.veckor_per_ar")
DONE_OF_GRANTED = "andel_utforda_assistanstimmar_av_beviljade"
TOO_FEW = 1.0  # persons of what the report on assistance itself withholds


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor of the municipality for each decision, by month; what the state pays is not the unit's.

    A month has a twelfth of the year's weeks, by the rules on its first day, and as much of it as the decision lasts; a
    whole year is by those of 31 December. Without the state's amount for the whole year it is said to be unknown.
    """
    mine = [n for n in scenario if TOPIC.touches(n.change) and n.change.enhet in (None, "", case.enhet)]
    decided = [n for n in mine if n.change.typ == "assistansbeslut" and n.change.fran.year <= case.ar]
    days = [*map(first_of, months(case.ar, case.ar)), last_day(case.ar)]
    terms = [tuple(case.rule_or_none(rule, day, scenario) for rule in TERMS) for day in days if decided]
    if any(price is None for _, price, _ in terms):
        unknown = [f"assistans {case.ar}: timbeloppet är inte känt"]
        return Effects.of((), unknown, [n.id for n in mine])
    moved = [n.id for n in mine if n.change.typ == "regel" and holds_on(n.change, _read(case, days, bool(decided)))]
    return Effects.of(((n, EFFECT, _months(case.ar, n, terms)) for n in decided), moved=moved)


def _read(case: Case, days: list[date], decided: bool) -> list[date]:
    """The days on which rules are read: each month's first where the unit has hours, and the last with decisions."""
    return days if decided else days[:-1] if case.has_rows("assistanstimmar") else []


def _months(ar: int, numbered: NumberedChange, terms: list[tuple[float, float, float]]) -> pd.Series:
    """A decision's kronor; `terms` are the limit, the price and the weeks of a year for each month, and at its end."""
    change = numbered.change
    hours = change.h_per_vecka, change.grundlaggande_h_per_vecka
    *year, full = (change.antal * paid(*hours, *term).kommunen for term in terms)
    every = months(ar, ar)
    kr = pd.Series(np.array(year) / 12 * month_shares(every, change.fran, change.till), every)
    lasts = change.till is None or change.till >= last_day(ar)
    return pd.concat([kr, pd.Series({FULL_YEAR: full if lasts else 0.0})])


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Performed hours of assistance of those granted, per cent, from January to a month, without any scenario.

    A waiting hour counts as the rule says. Nothing where a month's hours are missing, or the month is not there.
    """
    every = case.unit_rows("assistanstimmar")
    months = every.loc[every["insats"] == ASSISTANCE, "manad"]
    if f"{ar}-{tom_manad:02d}" not in set(months):
        return {}
    given = {**case.parametrar, "tom_manad": tom_manad}
    of_month = study(replace(case, ar=ar, scenario=BAS, jamfor_med=BAS, parametrar=given, journal=Journal()))
    rows = of_month.rows
    rows = rows[rows["insats"] == ASSISTANCE]
    done, granted = (float(rows[name].sum(skipna=False)) for name in ("raknade_h", "beviljade_h"))
    if done != done or not granted > 0 or rows["manad"].nunique() < tom_manad:
        return {}
    found = Outcome(100 * done / granted, "assistanstimmarna", delar=(round(done), round(granted), "h"))

    def steady(limits: Limits) -> Outcome:
        """Hours are each month's own; withheld where the report on assistance withholds them."""
        return replace(found, antal=TOO_FEW) if limits.few(persons(of_month)[PERSONS], ASSISTANCE) else found

    return {DONE_OF_GRANTED: replace(found, steady=steady)}
