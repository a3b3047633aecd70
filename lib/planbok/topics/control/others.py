"""What invoices tell the other topics: nobody's kronor for a change, and the days that nobody has billed."""

from dataclasses import replace

import pandas as pd

from planbok.base.errors import InputError, MissingValueError
from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.result import Limits
from planbok.case.study import first_of, holds_on
from planbok.case.topic import Effects
from planbok.inputs.scenario.load import Scenario
from planbok.topics.control import TOPIC
from planbok.topics.control.people import by_part, money
from planbok.topics.control.steady import counted
from planbok.topics.control.study import EFFECT, unbilled_days

ID, WORDS = "saknade_fakturor", "fakturor som inte har kommit"


def effects(case: Case, scenario: Scenario) -> Effects:
    """No kronor: what is wrong in an invoice is in the outturn already, and is claimed back by hand.

    A line is judged by the rules on the first day of its month.
    """
    days = [*map(first_of, months(case.ar, case.ar))]
    return Effects.of((), moved=[n.id for n in scenario if TOPIC.touches(n.change) and holds_on(n.change, days)])


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
