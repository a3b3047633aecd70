"""No kronor: only which changes move something."""

from planbok.topics.nytt_amne import TOPIC
from planbok.topics.nytt_amne.study import months

from planbok.case.case import Case
from planbok.case.topic import Effects
from planbok.inputs.scenario.load import Scenario


def effects(case: Case, scenario: Scenario) -> Effects:
    there = months(case, scenario, 12)["manad"]
    mine = [n for n in scenario if TOPIC.touches(n.change)]
    return Effects.of((), moved=[n.id for n in mine if (there >= n.change.fran.isoformat()[:7]).any()])
