"""What the prognosis may be told of invoices: days that nobody has billed, month by month, and whom they tell of."""

from dataclasses import replace

import pandas as pd

from planbok.base.errors import InputError, MissingValueError
from planbok.case.case import Case
from planbok.case.result import Limits
from planbok.case.topic import Effects
from planbok.topics.control.people import by_part, money
from planbok.topics.control.steady import counted
from planbok.topics.control.study import EFFECT, unbilled_days

ID, WORDS = "saknade_fakturor", "fakturor som inte har kommit"


def to_come(case: Case, tom_manad: int) -> Effects:
    """Kronor by month of the year's days to a month that no invoice has billed, as `saknade_fakturor_kr` counts them.

    Others than the unit see what the report on invoices shows them. Nothing where tables or prices are at fault: that
    it can't be said is in `unknown`.
    """
    try:
        _, _, found = unbilled_days(case, tom_manad)
    except (InputError, MissingValueError):
        return Effects(unknown=(f"{WORDS} (tabellerna fakturor och beslut har fel: kör planbok check)",))
    missing = found[found["kr"].notna()].reset_index(drop=True)

    def steady(limits: Limits) -> Effects:
        rows, last = counted(case.ar, tom_manad, missing, missing, limits)
        month = "" if last in (None, tom_manad) else f"{case.ar}-{last:02d}"
        return replace(_effects(rows), counted=month)

    return replace(_effects(missing), steady=steady)


def _effects(missing: pd.DataFrame) -> Effects:
    rows = missing.groupby("manad")["kr"].sum().reset_index().assign(forandring=ID, effekt=EFFECT)
    return Effects(
        rows[list(Effects().rows)],
        priced={ID: (WORDS, money(missing["kr"]))},
        persons={ID: (WORDS, ((by_part(missing.assign(alla=""), "alla"), ""),))},
    )
