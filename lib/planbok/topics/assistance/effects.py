"""What decisions on assistance do to the money of a unit that pays for them, by who pays."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from planbok.base.periods import days_in_month
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
    change, first = numbered.change, date(case.ar, 1, 1)
    limit, weeks = (case.rule(f"assistans.{name}", first).varde for name in ("grans_h_per_vecka", "veckor_per_ar"))
    year = change.antal * paid(change.h_per_vecka, change.grundlaggande_h_per_vecka, limit, price, weeks).kommunen
    shares = dict(_shares(case.ar, change.fran, change.till))
    kr = {manad: year / 12 * share for manad, share in shares.items()}
    lasts = change.till is None or change.till >= date(case.ar, 12, 31)
    return pd.Series(kr | {FULL_YEAR: year if lasts else 0.0}, dtype=float)


def _shares(ar: int, fran: date, till: date | None) -> Iterator[tuple[str, float]]:
    """How much of each month a decision lasts."""
    for month in range(1, 13):
        days = days_in_month(ar, month)
        first, last = max(date(ar, month, 1), fran), min(date(ar, month, days), till or date.max)
        yield f"{ar}-{month:02d}", max((last - first).days + 1, 0) / days
