"""What a scenario's changes of decisions and prices do to the unit's budget, as rows that the budget can take in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.case.result import Priced
from planbok.case.topic import FULL_YEAR, Effects
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.lss.measurement import assumed
from planbok.topics.lss_peng import TOPIC
from planbok.topics.lss_peng.decisions import invents
from planbok.topics.lss_peng.people import Compared, Persons
from planbok.topics.lss_peng.study import differs, worlds
from planbok.topics.lss_peng.worlds import World


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor by change, effect and month.

    Peng lands on the frame: the change in the year's budget under the measurement rule, so that someone who moves in
    after the last measurement gives nothing in the year. Payments to providers land on cost. The month "helar" holds
    twelve months at the rate of 31 December. A change may move days but no kronor of the budget. A year without a
    price list can't be tried: its changes are taken to move something.
    """
    if not any(TOPIC.touches(numbered.change) for numbered in scenario):
        return Effects()
    chain = worlds(case, scenario, case.unit_rows("beslut"))
    steps = [
        (numbered, before, now)
        for numbered, (before, now) in zip(scenario, pairwise(chain), strict=True)
        if TOPIC.touches(numbered.change) and differs(before, now)
    ]
    unlisted = case.ar not in set(case.sources.rules.prices["ar"] if len(case.sources.rules.prices) else ())
    untried = [n.id for n in scenario if unlisted and TOPIC.touches(n.change) and n.change.starts.year == case.ar]
    found = Effects.of((kr for step in steps for kr in _kronor(*step)), moved=untried)
    priced = {
        n.id: (n.change.describe(True), _persons(case, chain[0], before, now))
        for n, before, now in steps
        if not invents(n.change)
    }
    return replace(found, priced=priced, assumed=assumed(case, scenario) if len(found.rows) else ())


def _persons(case: Case, bas: World, before: World, now: World) -> tuple[Priced, ...]:
    """The real persons behind a change's kronor, at its prices and at what it changes them with."""
    persons, found = Persons(Compared(case, bas, now, before)), []
    for day in (now.frame.matning_2, date(case.ar, 12, 31)):  # what the year rests on, and what the full year does
        found += [Priced(persons.on(day), persons.prices, persons.groups), *persons.changed(day, before)]
    return (*found, Priced(persons.everybody, persons.prices, persons.groups))


def _kronor(numbered: NumberedChange, before: World, now: World) -> Iterator[tuple[NumberedChange, str, pd.Series]]:
    peng, peng_full = _frame_by_month(now) - _frame_by_month(before), now.full_year_frame() - before.full_year_frame()
    paid, paid_full = now.paid_by_month() - before.paid_by_month(), now.full_year_paid() - before.full_year_paid()
    yield numbered, "lss_peng", pd.concat([peng, pd.Series({FULL_YEAR: peng_full})])
    yield numbered, "ersattning", pd.concat([paid, pd.Series({FULL_YEAR: paid_full})])


def _frame_by_month(world: World) -> pd.Series:
    """The year's final budget by month, priced insatser only."""
    per_span = np.nansum(world.state("slutlig"), axis=0)
    return pd.Series(per_span, index=[span.manad for span in world.frame.spans]).groupby(level=0).sum()
