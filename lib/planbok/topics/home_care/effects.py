"""What a scenario's changes of cases, hours, moves and prices do to the unit's budget, and the year's drivers."""

from planbok.case.case import Case
from planbok.case.study import trying
from planbok.case.topic import Effects
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.topics.home_care.study import steps, whole_year
from planbok.topics.home_care.year import Prices


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor by change, effect and month; the month "helar" holds a year at the rate of 31 December.

    They rest on all months that the table has, so that they are the same in every report. What has no price is left
    out and named.
    """
    found = steps(case, scenario)
    if not found:
        return Effects()
    volumes = whole_year(case)
    lacking = Prices(trying(case, BAS), volumes, BAS).missing.values()
    kr = [(numbered, name, part) for numbered, parts in found for name, part in parts.items()]
    return Effects.of(kr, [f"hemtjänst och boende utan pris ({why})" for why in lacking])
