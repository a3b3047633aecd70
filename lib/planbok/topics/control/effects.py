"""Which changes of a scenario move the control of invoices: its own rules, and nobody's kronor."""

from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.study import first_of, holds_on
from planbok.case.topic import Effects
from planbok.inputs.scenario.load import Scenario
from planbok.topics.control import TOPIC


def effects(case: Case, scenario: Scenario) -> Effects:
    """No kronor: what is wrong in an invoice is in the outturn already, and is claimed back by hand.

    A line is judged by the rules on the first day of its month.
    """
    days = [*map(first_of, months(case.ar, case.ar))]
    return Effects.of((), moved=[n.id for n in scenario if TOPIC.touches(n.change) and holds_on(n.change, days)])
