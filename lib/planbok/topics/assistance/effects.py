"""What decisions on assistance do to the money of a unit that pays for them, by who pays."""

import pandas as pd

from planbok.base.periods import last_day, month_shares, months
from planbok.case.case import Case
from planbok.case.topic import FULL_YEAR, Effects
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.assistance import TOPIC
from planbok.topics.assistance.model import paid
from planbok.topics.assistance.study import hour_price

EFFECT = "assistans"


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor of the municipality for each decision, by month; what the state pays is not the unit's.

    A month has a twelfth of the year's weeks, and as much of it as the decision lasts. Without the state's amount for
    the year it is said to be unknown.
    """
    mine = [n for n in scenario if TOPIC.touches(n.change) and n.change.enhet in (None, "", case.enhet)]
    decided = [n for n in mine if n.change.typ == "assistansbeslut" and n.change.fran.year <= case.ar]
    price = hour_price(case, f"{case.ar}-01") if decided else 0.0
    if price != price:
        unknown = [f"assistans {case.ar}: timbeloppet är inte känt"]
        return Effects.of((), unknown, [n.id for n in mine])
    moved = [n.id for n in mine if n.change.starts.year <= case.ar]
    return Effects.of(((n, EFFECT, _months(case, n, price)) for n in decided), moved=moved)


def _months(case: Case, numbered: NumberedChange, price: float) -> pd.Series:
    change = numbered.change
    limit, weeks = (case.rule(f"assistans.{name}").varde for name in ("grans_h_per_vecka", "veckor_per_ar"))
    year = change.antal * paid(change.h_per_vecka, change.grundlaggande_h_per_vecka, limit, price, weeks).kommunen
    every = months(case.ar, case.ar)
    kr = pd.Series(year / 12 * month_shares(every, change.fran, change.till), every)
    lasts = change.till is None or change.till >= last_day(case.ar)
    return pd.concat([kr, pd.Series({FULL_YEAR: year if lasts else 0.0})])
