"""Which changes of a scenario move the control of invoices: its own rules, and nobody's kronor."""

from planbok.case.case import Case
from planbok.case.topic import Effects
from planbok.inputs.scenario.load import Scenario
from planbok.topics.control import TOPIC


def effects(case: Case, scenario: Scenario) -> Effects:
    """No kronor: what is wrong in an invoice is in the outturn already, and is claimed back by hand."""
    return Effects.of((), moved=[n.id for n in scenario if TOPIC.touches(n.change) and n.change.starts.year <= case.ar])
