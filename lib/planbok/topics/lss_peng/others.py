"""What LSS-peng tells the other topics: what a scenario does to the budget, what drives each month, what explains."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_end
from planbok.case.case import Case
from planbok.case.result import Priced
from planbok.case.topic import FULL_YEAR, MONTH_NUMBERS, Driven, Effects
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.lss.causes import as_known, causes
from planbok.lss.measurement import assumed
from planbok.topics.lss_peng import TOPIC, model
from planbok.topics.lss_peng.decisions import invents
from planbok.topics.lss_peng.moves import KEY, counted_moves
from planbok.topics.lss_peng.people import Compared, Persons
from planbok.topics.lss_peng.study import differs, worlds
from planbok.topics.lss_peng.worlds import World

PAID = "ersattning"


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


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """Payments by the day, month by month: the days and prices of the decisions known at the end of a month.

    A decision that had not ended then goes on; one that had not begun is not known. Decisions without a price, and the
    unit's own homes, whose cost is staff and not a price a day, are in no month.
    """
    ends = [last_day(ar - 1), *(month_end(ar, month) for month in range(1, tom_manad + 1))]
    world = worlds(case, BAS, as_known(case.unit_rows("beslut"), ends[-1]))[-1]
    kr = pd.DataFrame([world.payments.per_month.to_numpy(float)], index=[PAID], columns=MONTH_NUMBERS)
    paid = world.by_day[world.payments.paid].sort_values([*KEY, "fran"])
    spans = [(first + timedelta(days=1), last) for first, last in zip(ends[:-1], ends[1:], strict=True)]
    return Driven(kr, {PAID: moved_by_month(paid, spans)})


def moved_by_month(paid: pd.DataFrame, spans: list[tuple[date, date]]) -> pd.DataFrame:
    """How many persons came, left and changed level in each month, (month, kind)."""
    rows = [counted_moves(paid, first, last) for first, last in spans]
    return pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=["in", "ut", "niva"])


def decided(case: Case, known: tuple[date, date]) -> tuple[dict[str, float], dict[str, int]]:
    """The change in the year's payments from the decisions known on one day to those known on a later, kr by cause.

    A decision is known from its first day, its end from its last: until then it is taken to go on. Days only, and only
    those with a price.

    Returns
    -------
    Kronor by cause, from `causes`, and how many persons came, left or changed level in between, by kind.
    """
    rows = case.unit_rows("beslut")
    before, after = (worlds(case, BAS, as_known(rows, day))[-1] for day in known)
    paid = after.by_day[_paid(after)].sort_values([*KEY, "fran"])
    return causes(_paid_by_cell(before), _paid_by_cell(after)), counted_moves(
        paid, known[0] + timedelta(days=1), known[1]
    )


def _paid(world: World) -> np.ndarray:
    """The decisions that are paid by the day, at a known price."""
    return world.payments.paid & ~np.isnan(world.payments.per_decision)


def _paid_by_cell(world: World) -> pd.DataFrame:
    """Days and kronor of the year that are paid, by insats, niva and regi."""
    paid = _paid(world)
    days = model.days(world.by_day[paid], world.prices, world.frame.nightly, world.cell[paid]).sum(axis=1)
    kr = np.bincount(world.cell[paid], world.payments.per_decision[paid], minlength=len(world.cells))
    return pd.DataFrame({"dygn": days, "kr": kr}, index=world.cells)
