"""How decisions in time are counted month by month, beside what pandas needs for one groupby-sum over the same rows.

Ratios within one run: seconds differ from machine to machine, what they are compared with does not.
"""

import numpy as np
import pandas as pd
import pytest
from timing import seconds

from planbok.analysis.chains import month_starts
from planbok.analysis.deadlines import carried_out_late, waiting_span

MONTHS, MOST_SECONDS, MOST_RATIO, TERM = 36, 0.5, 3, 3
WAITS = (("beslutsdatum", "verkstalld"), ("avbrott_fran", "avbrott_till"))


def decisions(count: int) -> pd.DataFrame:
    """Decisions with their dates, most of them in the 36 months; some wait, some are interrupted."""
    rng = np.random.default_rng(1)
    texts = {
        "person": np.char.add("someone", rng.integers(0, count // 3, count).astype(str)),
        "insats": rng.choice(["gruppbostad", "servicebostad", "daglig_verksamhet", "kontaktperson"], count),
    }
    decided = pd.Series(pd.Timestamp(2020, 1, 1) + pd.to_timedelta(rng.integers(0, 1800, count), unit="D"))

    def after(share: float, most: int) -> pd.Series:
        return (decided + pd.to_timedelta(rng.integers(0, most, count), unit="D")).where(rng.random(count) < share)

    dates = {"beslutsdatum": decided, "verkstalld": after(0.9, 200), "till": after(0.6, 900)}
    dates |= {"avbrott_fran": after(0.1, 600), "avbrott_till": after(0.05, 900)}
    return pd.DataFrame(texts).astype("str").assign(**dates, timmar=rng.random(count))


def counted(rows: pd.DataFrame) -> None:
    starts = month_starts("2024-12", MONTHS)
    ends = starts[1:] - 1
    spans = [waiting_span(rows[since], rows[done], rows["till"], TERM) for since, done in WAITS]
    waits, stopped = (np.array([((first <= day) & (day < end)).sum() for day in ends]) for first, end in spans)
    late = carried_out_late(rows, *(pd.Timestamp(starts[end], unit="D") for end in (0, -1)), TERM)
    assert waits.all() and stopped.all() and late.sum() > 0


@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_decisions_in_time_by_month_beside_a_plain_groupby_sum(count, record_property):
    """Within three times one groupby-sum of the same rows, and 100 000 decisions in less than half a second."""
    rows = decisions(count)
    taken = seconds(lambda: counted(rows))
    ratio = taken / seconds(lambda: rows.groupby(["person", "insats"])["timmar"].sum())
    record_property("seconds", taken)
    record_property("ratio", ratio)
    assert ratio < MOST_RATIO
    assert count > 100_000 or taken < MOST_SECONDS
