"""How LSS-peng's count performs, beside what pandas needs for one groupby-sum over the same month rows.

Ratios within one run: seconds differ from machine to machine, what they are compared with does not.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from many_decisions import AR, table
from timing import seconds

from planbok.case.case import open_case
from planbok.inputs.scenario.load import BAS
from planbok.topics import lss_peng
from planbok.topics.lss_peng import decisions, model, moves
from planbok.topics.lss_peng.study import worlds
from planbok.topics.lss_peng.worlds import World

SIZES = (10_000, 100_000, 1_000_000)
GROUPS = ["insats", "niva", "regi", "manad"]


def counted(world: World) -> pd.DataFrame:
    """Days, prices, kronor, payments and a bridge, of a world that has counted nothing yet."""
    fresh = replace(world)
    assert np.nansum(fresh.peng) > 0 and fresh.payments.per_month.sum() > 0
    return moves.bridge(moves.parts(fresh, "efter_matning_1"), moves.parts(fresh, "slutlig"), ("före", "efter"))


def month_rows(world: World) -> pd.DataFrame:
    """A row per decision and month, with its kronor: what there would be to sum without the model."""
    nights = model.is_by_night(world.by_day, world.frame.nightly)
    tables = []
    for number, span in enumerate(world.frame.spans):
        days = model.overlap_days(world.by_day, span, nights)
        kr = (days * world.prices.tilldelning[world.cell, number])[days > 0]
        tables.append(world.by_day.loc[days > 0, GROUPS[:3]].assign(manad=span.manad, kr=kr))
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def case():
    return open_case("lss_peng", enhet="exempelenheten", ar=AR)


def test_a_million_decisions_beside_a_plain_groupby_sum(case, record_property):
    """Within three times one groupby-sum of the month rows, texts or categories, and linear in the rows."""
    taken = {}
    for count in SIZES:
        world = worlds(case, BAS, table(count))[-1]
        taken[count] = seconds(lambda world=world: counted(world))
    rows = month_rows(world)
    assert np.isclose(rows["kr"].sum(), np.nansum(world.peng))
    as_read = taken[SIZES[-1]] / seconds(lambda: rows.groupby(GROUPS)["kr"].sum())
    rows = rows.astype(dict.fromkeys(GROUPS, "category"))
    in_categories = taken[SIZES[-1]] / seconds(lambda: rows.groupby(GROUPS, observed=True)["kr"].sum())
    per_row = [taken[count] / count / (taken[SIZES[0]] / SIZES[0]) for count in SIZES]
    record_property("ratios", {"as_read": as_read, "in_categories": in_categories, "per_row": per_row})
    print(
        f"\n{len(rows)} month rows of {SIZES[-1]} decisions: {as_read:.2f} times a groupby-sum as read, "
        f"{in_categories:.2f} times one over categories; time per row {', '.join(f'{r:.2f}' for r in per_row)} "
        f"of that at {SIZES[0]}"
    )
    assert as_read < 3
    assert max(per_row) < 1.5


def test_overlaps_beside_a_sort(case, record_property):
    """Looking for overlaps takes no more than sorting the decisions as texts would."""
    ratios, per_row = {}, {}
    for count in SIZES[1:]:
        frame = table(count)
        taken = seconds(lambda frame=frame: decisions.overlapping(frame), rounds=3)
        ratios[count] = taken / seconds(lambda frame=frame: frame.sort_values(["person", "insats", "fran"]), rounds=3)
        per_row[count] = taken / count
    record_property("ratios", ratios)
    print("\n" + ", ".join(f"{count} decisions: {ratio:.2f} times a sort" for count, ratio in ratios.items()))
    assert max(ratios.values()) < 1
    assert per_row[SIZES[2]] < 2 * per_row[SIZES[1]]


def test_the_sample_is_studied_at_once(case, benchmark):
    """From a case that has been read to the worlds of the report."""
    benchmark(lambda: lss_peng.study.study(case))
    assert benchmark.stats.stats.median < 0.3
