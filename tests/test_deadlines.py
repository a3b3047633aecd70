"""Decisions in time, day by day around each term, as the law and the plans count them."""

import numpy as np
import pandas as pd
import pytest

from planbok.analysis.chains import chains
from planbok.analysis.deadlines import (
    carried_out,
    carried_out_late,
    expiring,
    follow_up_due,
    interrupted,
    not_carried_out,
    stands_on,
    waiting_span,
)

DATES = ("fran", "till", "beslutsdatum", "verkstalld", "avbrott_fran", "avbrott_till", "foljd_upp")


def table(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([dict.fromkeys(DATES) | {"person": "p1", "insats": "boende"} | row for row in rows])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in DATES})


def waits(day: str, **row) -> bool:
    return bool(not_carried_out(table({"fran": "2016-01-04"} | row), pd.Timestamp(day), 3).iloc[0])


def test_decided_4_january_and_not_carried_out():
    decided = {"beslutsdatum": "2016-01-04"}
    assert not waits("2016-03-31", **decided) and not waits("2016-04-04", **decided)
    assert waits("2016-04-05", **decided) and waits("2016-06-30", **decided)


@pytest.mark.parametrize(("day", "late"), [("2016-04-04", False), ("2016-04-05", True)])
def test_carried_out_within_the_months_or_a_day_after(day, late):
    rows = table({"fran": "2016-01-04", "beslutsdatum": "2016-01-04", "verkstalld": day})
    quarter = (pd.Timestamp("2016-04-01"), pd.Timestamp("2016-06-30"))
    assert bool(carried_out_late(rows, *quarter, 3).iloc[0]) == late
    assert not not_carried_out(rows, pd.Timestamp("2016-06-30"), 3).any()


def test_three_months_from_30_november_end_on_29_february():
    decided = {"beslutsdatum": "2015-11-30"}
    assert not waits("2016-02-29", **decided) and waits("2016-03-01", **decided)


def test_the_clock_runs_from_the_decision_whatever_fran_says():
    later = {"fran": "2016-09-01", "beslutsdatum": "2016-03-01"}
    assert not waits("2016-06-01", **later) and waits("2016-06-02", **later)


def test_what_ended_before_the_day_or_has_no_date_is_not_counted():
    decided = {"beslutsdatum": "2016-01-04"}
    assert not waits("2016-06-30", till="2016-06-29", **decided) and waits("2016-06-30", till="2016-06-30", **decided)
    assert not waits("2016-06-30")


def test_a_renewal_is_carried_out_on_its_fran():
    rows = table(
        {"fran": "2015-01-01", "till": "2016-06-30", "verkstalld": "2015-02-01"},
        {"fran": "2016-07-01", "beslutsdatum": "2016-03-01"},
    )
    done = carried_out(rows, chains(rows, 1))
    assert done.dt.strftime("%Y-%m-%d").tolist() == ["2015-02-01", "2016-07-01"]


def test_an_interruption_resumed_within_three_months_is_none():
    resumed = table({"fran": "2015-01-01", "avbrott_fran": "2016-01-10", "avbrott_till": "2016-04-09"})
    still = table({"fran": "2015-01-01", "avbrott_fran": "2016-01-10"})
    assert not interrupted(resumed, pd.Timestamp("2016-06-30"), 3).any()
    assert interrupted(still, pd.Timestamp("2016-06-30"), 3).all()
    assert not interrupted(still, pd.Timestamp("2016-04-10"), 3).any()


@pytest.mark.parametrize(
    ("followed", "months", "last_in_time"),
    [("2015-06-30", 12, "2016-06-30"), ("2016-01-15", 6, "2016-07-15")],
)
def test_a_follow_up_has_its_last_day_some_months_after_the_one_before(followed, months, last_in_time):
    rows = table({"fran": "2014-01-01", "foljd_upp": followed})
    often = pd.Series([months])
    assert (follow_up_due(rows, often) == pd.Timestamp(last_in_time)).all()


def test_a_decision_with_a_successor_is_not_among_the_expiring():
    first, after = {"fran": "2015-07-01", "till": "2016-06-30"}, {"fran": "2016-07-01"}
    day = pd.Timestamp("2016-05-15")
    for rows, expected in ((table(first), [True]), (table(first, after), [False, False])):
        assert expiring(rows, chains(rows, 1), day, 3).tolist() == expected
    assert not expiring(table(first), chains(table(first), 1), day, 1).any()


def test_many_days_at_once_are_the_same_as_one_at_a_time():
    rng = np.random.default_rng(7)

    def drawn(share: float) -> pd.Series:
        days = pd.Timestamp(2015, 1, 1) + pd.to_timedelta(rng.integers(0, 700, 300), unit="D")
        return pd.Series(days).where(rng.random(300) < share)

    names = ("beslutsdatum", "verkstalld", "till", "avbrott_fran", "avbrott_till")
    rows = pd.DataFrame({name: drawn(share) for name, share in zip(names, (0.9, 0.5, 0.4, 0.5, 0.3), strict=True)})
    ends = pd.date_range("2015-03-31", periods=8, freq="QE")
    numbers = ends.to_numpy().astype("datetime64[D]").astype(np.int64)
    pairs = (("beslutsdatum", "verkstalld"), ("avbrott_fran", "avbrott_till"))
    spans = [waiting_span(rows[since], rows[done], rows["till"], 3) for since, done in pairs]
    waits, stopped = (((first <= numbers[:, None]) & (numbers[:, None] < end)).sum(axis=1) for first, end in spans)
    assert waits.tolist() == [not_carried_out(rows, day, 3).sum() for day in ends]
    assert stopped.tolist() == [interrupted(rows, day, 3).sum() for day in ends]


def test_what_was_done_on_the_day_itself_is_done():
    """Begun on 1 and 31 March and done on the 31st, with 14 days to do it in; another begins on 1 April."""
    since = np.array([0, 30, 31])
    assert stands_on(since, np.array([30, 30, 31]), since + 14, np.array(30)).tolist() == [2, 1, 0]
