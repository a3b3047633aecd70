"""How the chains of decisions are counted, beside what pandas needs for one groupby-sum over the same rows.

Ratios within one run: seconds differ from machine to machine, what they are compared with does not.
"""

import numpy as np
import pandas as pd
import pytest
from timing import seconds

from planbok.analysis.chains import chains, month_starts

MONTHS, MOST_SECONDS, MOST_RATIO = 36, 0.5, 3


def decisions(count: int) -> pd.DataFrame:
    """Decisions as the reader hands them on, about three a person, most of them in the 36 months."""
    rng = np.random.default_rng(1)
    fran = pd.Timestamp(2020, 1, 1) + pd.to_timedelta(rng.integers(0, 1800, count), unit="D")
    texts = {
        "person": np.char.add("someone", rng.integers(0, count // 3, count).astype(str)),
        "insats": rng.choice(["gruppbostad", "servicebostad", "daglig_verksamhet", "kontaktperson"], count),
    }
    till = fran + pd.to_timedelta(rng.integers(0, 700, count), unit="D")
    dates = {"fran": fran, "till": pd.Series(till).where(rng.random(count) < 0.8)}
    return pd.DataFrame(texts).astype("str").assign(**dates, timmar=rng.random(count))


def counted(rows: pd.DataFrame) -> None:
    found, starts = chains(rows, 1), month_starts("2024-12", MONTHS)
    net = found.new(starts) - found.ended(starts)
    assert (np.diff(found.running(starts), axis=0) == net[1:]).all()
    assert found.renewed(starts).sum() > 0 and found.decisions(starts).sum() > 0


@pytest.mark.parametrize("count", [100_000, 1_000_000])
def test_decisions_by_month_beside_a_plain_groupby_sum(count, record_property):
    """Within three times one groupby-sum of the same rows, and 100 000 decisions in less than half a second."""
    rows = decisions(count)
    taken = seconds(lambda: counted(rows))
    ratio = taken / seconds(lambda: rows.groupby(["person", "insats"])["timmar"].sum())
    record_property("seconds", taken)
    record_property("ratio", ratio)
    assert ratio < MOST_RATIO
    assert count > 100_000 or taken < MOST_SECONDS
