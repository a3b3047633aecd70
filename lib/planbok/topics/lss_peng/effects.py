"""What a scenario's changes of decisions and prices do to the unit's budget, as rows that the budget can take in."""

from functools import partial

import numpy as np
import pandas as pd

from planbok.case.case import Case, Sources
from planbok.case.trials import Trials
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.topics.lss_peng.study import differs, worlds
from planbok.topics.lss_peng.worlds import World, touches

COLUMNS = ["forandring", "budgetrad", "sida", "manad", "kr", "underlag"]
FULL_YEAR = "helar"


def effects(case: Case, scenario: Scenario) -> pd.DataFrame:
    """Kronor by change, row, side and month.

    Peng lands on the frame: the change in the year's budget under the measurement rule, so that someone who moves in
    after the last measurement gives nothing in the year. Payments to providers land on cost. The month "helar" holds
    twelve months at the rate of 31 December. A change that moves days but no kronor of the budget has a row of 0 kr.
    """
    if not any(touches(numbered.change) for numbered in scenario):
        return pd.DataFrame(columns=COLUMNS)
    chain = worlds(case, scenario, case.unit_rows("beslut"))
    frames = [
        _rows(case, numbered.id, numbered.change.underlag, before, now)
        for numbered, before, now in zip(scenario, chain[:-1], chain[1:], strict=True)
        if touches(numbered.change)
    ]
    return pd.concat(frames, ignore_index=True)


def _rows(case: Case, change: str, underlag: str, before: World, now: World) -> pd.DataFrame:
    places = [case.sources.placement.place(case.enhet, effect) for effect in ("lss_peng", "ersattning")]
    differences = [
        (_frame_by_month(now) - _frame_by_month(before), now.full_year_frame() - before.full_year_frame()),
        (now.paid_by_month() - before.paid_by_month(), now.full_year_paid() - before.full_year_paid()),
    ]
    tables = []
    for place, (months, full_year) in zip(places, differences, strict=True):
        kr = pd.concat([months, pd.Series({FULL_YEAR: full_year})])
        table = kr[kr.abs() > 0].rename("kr").rename_axis("manad").reset_index()
        tables.append(table.assign(forandring=change, budgetrad=place.budgetrad, sida=place.sida, underlag=underlag))
    rows = pd.concat(tables, ignore_index=True)[COLUMNS]
    if rows.empty and differs(before, now):
        rows.loc[0] = [change, places[0].budgetrad, places[0].sida, FULL_YEAR, 0.0, underlag]
    return rows


def _frame_by_month(world: World) -> pd.Series:
    """The year's final budget by month, priced insatser only."""
    per_span = np.nansum(world.state("slutlig"), axis=0)
    return pd.Series(per_span, index=[span.manad for span in world.frame.spans]).groupby(level=0).sum()


def moved_somewhere(sources: Sources, scenario: Scenario) -> Trials:
    """The changes that give other money in some unit, in the year in which one of the scenario's changes starts.

    A year without a price list can't be tried: its changes are taken to move something.
    """
    units = sources.collection.read("beslut").frame["enhet"].unique()
    listed = set(sources.rules.prices["ar"]) if len(sources.rules.prices) else set()
    trials = Trials({n.id for n in scenario if n.change.starts.year not in listed})
    for enhet in units:
        for ar in sorted({n.change.starts.year for n in scenario if touches(n.change)}):
            case = Case("lss_peng", {}, enhet, ar, scenario, BAS, "ledning", sources)
            trials.run(case.enhet, ar, partial(_moved, case, scenario))  # too few persons here may be enough elsewhere
    return trials


def _moved(case: Case, scenario: Scenario) -> set[str]:
    chain = worlds(case, scenario, case.unit_rows("beslut"))
    pairs = zip(scenario, chain[:-1], chain[1:], strict=True)
    return {n.id for n, before, now in pairs if touches(n.change) and differs(before, now)}
