"""Chains of decisions: what is new, ended and renewed, held against a count day by day and person by person."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planbok.analysis.chains import Chains, chains, month_starts, persons_there
from planbok.analysis.warning import FlagLimits, backtest, flags, means

FIRST = date(2023, 1, 1)


def table(rows: list[tuple]) -> pd.DataFrame:
    """Decisions from (person, insats, fran, till); "" is still running."""
    frame = pd.DataFrame(rows, columns=["person", "insats", "fran", "till"])
    return frame.assign(fran=pd.to_datetime(frame["fran"]), till=pd.to_datetime(frame["till"].replace("", None)))


def sums(found: Chains, last: str, count: int) -> dict[str, list[int]]:
    starts = month_starts(last, count)
    names = ("new", "ended", "renewed", "running", "decisions")
    return {name: getattr(found, name)(starts).sum(axis=1).tolist() for name in names}


def test_a_decision_to_30_june_and_a_new_one_from_1_july_is_one_chain():
    found = chains(table([("p1", "boende", "2023-02-01", "2024-06-30"), ("p1", "boende", "2024-07-01", "")]), 1)
    year = sums(found, "2024-12", 12)
    assert (sum(year["new"]), sum(year["ended"]), sum(year["renewed"])) == (0, 0, 1)
    assert year["renewed"][6] == 1 and year["running"] == year["decisions"] == [1] * 12


@pytest.mark.parametrize(("fran", "chained"), [("2024-07-01", 1), ("2024-07-02", 1), ("2024-07-03", 2)])
def test_a_gap_of_a_day_is_none_and_of_two_days_is_one(fran, chained):
    rows = table([("p1", "boende", "2023-02-01", "2024-06-30"), ("p1", "boende", fran, "")])
    assert len(chains(rows, 1).first) == chained


def test_another_person_another_insats_and_a_step_in_level():
    rows = [
        ("p1", "boende", "2024-01-01", "2024-06-30"),
        ("p2", "boende", "2024-07-01", ""),  # somebody else takes the place
        ("p1", "daglig", "2024-07-01", ""),  # the same person has something else
        ("p3", "boende", "2024-01-15", "2024-08-26"),
        ("p3", "boende", "2024-08-27", ""),  # a step in level
    ]
    year = sums(chains(table(rows), 1), "2024-12", 12)
    assert year["new"] == [2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    assert year["ended"] == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]  # on 1 July, the day after its last
    assert year["renewed"] == [0] * 7 + [1, 0, 0, 0, 0]


def test_a_chain_runs_on_its_last_day_and_has_ended_the_day_after():
    year = sums(chains(table([("p1", "boende", "2024-01-31", "2024-06-30")]), 1), "2024-12", 12)
    assert year["running"] == [1] * 6 + [0] * 6 and year["new"][0] == 1 and year["ended"][6] == 1


def test_decisions_that_overlap_are_one_chain_and_two_decisions():
    rows = table([("p1", "boende", "2024-01-01", ""), ("p1", "boende", "2024-03-01", "2024-04-30")])
    year = sums(chains(rows, 1), "2024-12", 12)
    assert year["running"] == [1] * 12 and year["decisions"] == [1, 1, 2, 2] + [1] * 8


def test_no_decisions_at_all():
    found = chains(table([("p1", "boende", "2024-01-01", "")]).iloc[:0], 1)
    assert found.running(month_starts("2024-12", 3)).shape == (3, 0)


day = st.integers(-60, 500)
decision = st.tuples(st.integers(0, 3), st.sampled_from("ab"), day, st.one_of(st.none(), st.integers(0, 200)))


def drawn(rows: list[tuple]) -> pd.DataFrame:
    dates = [
        (FIRST + timedelta(fran), None if days is None else FIRST + timedelta(fran + days)) for *_, fran, days in rows
    ]
    given = [
        (f"p{row[0]}", row[1], str(fran), str(till) if till else "")
        for row, (fran, till) in zip(rows, dates, strict=True)
    ]
    return table(given)


@given(st.lists(decision, min_size=1, max_size=25), st.integers(0, 3))
def test_new_minus_ended_is_net_and_the_months_follow_on_each_other(rows, gap):
    found, starts = chains(drawn(rows), gap), month_starts("2024-03", 15)
    net, runs = found.new(starts) - found.ended(starts), found.running(starts)
    assert (np.diff(runs, axis=0) == net[1:]).all()
    assert (runs >= 0).all() and (runs <= found.decisions(starts) + (gap > 0) * 25).all()
    assert found.begins.sum() == len(found.first)


@given(st.lists(decision, min_size=1, max_size=25), st.integers(0, 3))
def test_as_a_count_day_by_day_has_it(rows, gap):
    """Every person and insats apart: on which days there is a decision, holes of at most `gap` days filled."""
    frame, starts = drawn(rows), month_starts("2024-03", 15)
    found, last = chains(frame, gap), FIRST + timedelta(1000)
    runs, new = (np.zeros(15, int) for _ in range(2))
    months = [str(np.datetime64(int(start), "D"))[:7] for start in starts[:-1]]
    for _, its in frame.groupby(["person", "insats"]):
        days = pd.date_range(FIRST - timedelta(80), last)
        there = np.zeros(len(days), bool)
        for row in its.itertuples():
            there |= (days >= row.fran) & ((days <= row.till) if pd.notna(row.till) else True)
        held = there.copy()
        edges = np.flatnonzero(there)
        for one, two in zip(edges[:-1], edges[1:], strict=True):
            held[one:two] |= two - one - 1 <= gap
        for place, month in enumerate(months):
            inside = np.flatnonzero(days.strftime("%Y-%m") == month)
            runs[place] += held[inside[-1]]
            new[place] += (held[inside] & ~held[inside - 1]).sum()
    assert found.running(starts).sum(axis=1).tolist() == runs.tolist()
    assert found.new(starts).sum(axis=1).tolist() == new.tolist()


@given(st.lists(decision, min_size=2, max_size=20), st.randoms())
def test_the_order_of_the_rows_makes_no_difference(rows, random):
    mixed = rows.copy()
    random.shuffle(mixed)
    starts = month_starts("2024-03", 15)
    one, two = (chains(drawn(its), 1) for its in (rows, mixed))
    assert [one.new(starts).sum(), one.renewed(starts).sum()] == [two.new(starts).sum(), two.renewed(starts).sum()]
    assert one.running(starts).sum(axis=1).tolist() == two.running(starts).sum(axis=1).tolist()


def limits(share=0.15, least=5) -> FlagLimits:
    return FlagLimits(5, np.array([share]), least, 3)


def test_26_after_a_mean_of_20_4_is_flagged_and_without_it_nothing_is():
    counts = np.array([[20.0], [20], [21], [20], [21], [26]])
    assert means(counts, 5)[-1] == pytest.approx(20.4)
    assert pytest.approx(27.5, abs=0.05) == 100 * (26 / 20.4 - 1)
    assert flags(counts, limits())[:, 0].tolist() == [0, 0, 0, 0, 0, 1]
    assert not flags(counts[:-1], limits()).any()
    assert not flags(counts, limits(share=0.28)).any() and not flags(counts, limits(least=6)).any()


def test_a_fall_is_flagged_too():
    assert flags(np.array([[20.0]] * 5 + [[14]]), limits())[-1] == -1


def test_a_flag_is_false_where_the_count_is_back_three_months_later():
    """Up to 26 in the sixth month: back at 20 three months later is false, still 26 is not, two months is too early."""
    flat = [[20.0]] * 5
    for after, expected in ([20, 20, 20], (1, 1)), ([26, 26, 26], (1, 0)), ([26, 26], (0, 0)):
        tried = backtest(np.array([*flat, [26], *([value] for value in after)]), limits())
        assert (tried.tried[0], tried.false[0]) == expected


def test_a_chain_runs_from_its_first_day_to_its_last():
    found = chains(table([("p1", "stod", "2024-02-02", "2024-03-05"), ("p2", "stod", "2024-02-02", "")]), 0)
    days = [date(2024, 2, 1), date(2024, 2, 2), date(2024, 3, 5), date(2024, 3, 6)]
    runs = [found.running_on((day - date(1970, 1, 1)).days).sum() for day in days]
    assert runs == [0, 2, 2, 1]


def test_a_person_is_there_on_a_months_last_day_and_not_on_the_first_of_the_next():
    rows = [("p1", "stod", "2024-01-31", "2024-02-28"), ("p2", "stod", "2024-02-01", "2024-02-29")]
    rows += [("p3", "stod", "2024-02-29", ""), ("p1", "annat", "2024-03-31", "2024-03-31")]
    found = table(rows)
    there = persons_there(found, chains(found, 0), month_starts("2024-03", 3))
    assert there.astype(int).tolist() == [[1, 0, 0], [0, 1, 1], [1, 0, 1]]  # January, February (29 days) and March
