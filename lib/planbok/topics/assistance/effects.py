"""What decisions on assistance do to the money of a unit that pays for them, by who pays."""

from datetime import date

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_shares, months
from planbok.case.case import Case
from planbok.case.study import first_of, holds_on
from planbok.case.topic import FULL_YEAR, Effects
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.assistance import TOPIC
from planbok.topics.assistance.model import paid
from planbok.topics.assistance.study import PRICE_RULE

EFFECT = "assistans"
TERMS = ("assistans.grans_h_per_vecka", PRICE_RULE, "assistans.veckor_per_ar")


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
