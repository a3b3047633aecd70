"""What officers cost the unit, and which changes move the queue and nobody's kronor."""

import pandas as pd

from planbok.base.periods import last_day, month_shares, months
from planbok.case.case import Case
from planbok.case.topic import FULL_YEAR, Effects
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.decisions import TOPIC
from planbok.topics.decisions.capacity import reaches
from planbok.topics.decisions.study import PREFIX

COST_RULE = f"{PREFIX}handlaggare_kr_per_manad"


def effects(case: Case, scenario: Scenario) -> Effects:
    """Officers times what one costs a month, by the share of the month's days; cases move the queue and no kronor."""
    kronor, moved = [], []
    for numbered in scenario:
        change = numbered.change
        if not TOPIC.touches(change) or (change.starts and change.starts.year > case.ar):
            continue
        if change.typ == "handlaggare" and change.enhet in (None, "", case.enhet):
            kronor.append((numbered, "personal", _kr(case, numbered, scenario)))
        elif change.typ == "regel" or (reaches(change, case.enhet) and case.has_rows("arenden")):
            moved.append(numbered.id)
    return Effects.of(kronor, moved=moved)


def _kr(case: Case, numbered: NumberedChange, scenario: Scenario) -> pd.Series:
    """kr by month of the year, and twelve months at what is in force on 31 December."""
    change, year = numbered.change, months(case.ar, case.ar)
    last = last_day(case.ar)
    cost = float(case.rule(COST_RULE, max(change.fran, last.replace(month=1, day=1)), scenario).varde)
    share = month_shares(year, change.fran, change.till)
    runs = change.till is None or change.till >= last
    return pd.Series([*(change.antal * cost * share), change.antal * cost * 12 * runs], index=[*year, FULL_YEAR])
