"""Which changes of a scenario move the unit's series of insatser and nobody's kronor."""

from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.study import decided, first_of, holds_on
from planbok.case.topic import Effects
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import Scenario
from planbok.topics.insatser import TOPIC
from planbok.topics.insatser.cost import DAYS_RULE
from planbok.topics.insatser.series import reaches


def effects(case: Case, scenario: Scenario) -> Effects:
    """No kronor: those of persons are LSS-peng's. Persons in an insats that gives no peng move the series alone."""
    return Effects.of((), moved=[n.id for n in scenario if TOPIC.touches(n.change) and _moves(case, n.change)])


def _moves(case: Case, change: Change) -> bool:
    if change.typ == "regel":
        return holds_on(change, map(first_of, months(case.ar, case.ar)))  # a report has those of its own month
    if change.starts.year > case.ar:
        return False
    gives_peng = change.insats in case.rule(DAYS_RULE).varde
    return reaches(change, case.enhet) and not gives_peng and _has_enough(case, change)


def _has_enough(case: Case, change: Change) -> bool:
    """Whether as many have the insats on the first day as the change takes; one that adds persons takes nobody."""
    rows = decided(case)
    runs = (rows["fran"] <= str(change.fran)) & ~(rows["till"] < str(change.fran)) & (rows["insats"] == change.insats)
    return rows.loc[runs, "person"].nunique() >= -change.antal
