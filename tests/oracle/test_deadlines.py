"""Decisions in time and their chains, recalculated a decision and a day at a time from dates close to each term."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pandas as pd
import pytest
from oracle.in_time import after

from planbok.analysis import deadlines
from planbok.analysis.chains import OPEN, Chains, chains, first_month, month_starts, persons_moved, persons_there

DAY, ONE = date(2016, 6, 30), timedelta(1)
DATES = ("fran", "till", "beslutsdatum", "verkstalld", "avbrott_fran", "avbrott_till", "foljd_upp")
EPOCH = date(1970, 1, 1)
TERM = 3


def near(rng: Random, *days: date, known: float = 0.8) -> date | None:
    """A day at one of some, or one or two beside it; sometimes none."""
    return rng.choice(days) + ONE * rng.choice([-2, -1, 0, 0, 1, 2]) if rng.random() < known else None


def drawn(seed: int, count: int = 300) -> list[dict]:
    """Decisions whose dates lie around the day, and around months before and after it."""
    rng, found = Random(seed), []
    days = [after(DAY, months) for months in (-12, -7, -6, -4, -3, -1, 0, 1, 2)]
    for number in range(count):
        person = f"p{rng.randrange(count // 12)}" if number % 3 else f"own{number}"
        row = {"person": person, "insats": rng.choice("ab"), "fran": near(rng, *days, known=1)}
        row["till"] = near(rng, *(day for day in days if day > row["fran"]), after(DAY, TERM), known=0.6)
        if row["till"] and row["till"] < row["fran"]:
            row["till"] = row["fran"]
        found.append(row | {name: near(rng, *days) for name in DATES[2:]})
    return found


def table(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person", "insats", *DATES])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in DATES})


def over(since: date | None, day: date) -> bool:
    """Whether a day is after the months from another."""
    return since is not None and day > after(since, TERM)


def by(done: date | None, day: date) -> bool:
    return done is not None and done <= day


def number(day: date | None) -> int:
    return int(OPEN) if day is None else (day - EPOCH).days


def numbers(days: list[date | None]) -> np.ndarray:
    return np.array([number(day) for day in days], np.int64)


def waits(row: dict, day: date, since: str = "beslutsdatum", done: str = "verkstalld") -> bool:
    ended = row["till"] is not None and row["till"] < day
    return over(row[since], day) and not by(row[done], day) and not ended


def late(row: dict, first: date, last: date) -> bool:
    done = row["verkstalld"]
    return done is not None and first <= done <= last and over(row["beslutsdatum"], done)


def in_chains(rows: list[dict], gap: int) -> list[list[int]]:
    """Places of decisions that follow on each other, those of a chain in order."""
    found: list[list[int]] = []
    reach = None
    for place in sorted(range(len(rows)), key=lambda n: (rows[n]["person"], rows[n]["insats"], rows[n]["fran"])):
        row = rows[place]
        same = found and all(row[name] == rows[found[-1][0]][name] for name in ("person", "insats"))
        if same and (reach == date.max or row["fran"] - reach <= ONE * (gap + 1)):
            found[-1].append(place)
            reach = max(reach, row["till"] or date.max)
        else:
            found.append([place])
            reach = row["till"] or date.max
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_who_waits_is_interrupted_and_was_late_on_each_day(seed):
    rows = drawn(seed)
    frame, ends = table(rows), [DAY + ONE * n for n in (-92, -91, -2, -1, 0, 1, 2, 31)]
    for day in ends:
        stamp = pd.Timestamp(day)
        waiting = [waits(row, day) for row in rows]
        stopped = [waits(row, day, "avbrott_fran", "avbrott_till") for row in rows]
        assert deadlines.not_carried_out(frame, stamp, TERM).tolist() == waiting
        assert deadlines.interrupted(frame, stamp, TERM).tolist() == stopped
        classes = [
            sum(day > after(row["beslutsdatum"], m) for m in (3, 6)) if row["beslutsdatum"] else 0 for row in rows
        ]
        assert deadlines.waiting_class(frame["beslutsdatum"], stamp, [3, 6]).tolist() == classes
        for kind, names in ((waiting, DATES[2:4]), (stopped, DATES[4:6])):
            since, done = (frame[name] for name in names)
            first, end = deadlines.waiting_span(since, done, frame["till"], TERM)
            assert ((first <= number(day)) & (number(day) < end)).tolist() == kind
    spans = list(zip(ends, [day - ONE for day in ends[1:]], strict=False))
    found = [[late(row, *span) for row in rows] for span in spans]
    for span, expected in zip(spans, found, strict=True):
        days = map(pd.Timestamp, span)
        assert deadlines.carried_out_late(frame, *days, TERM).tolist() == expected
    assert sum(map(sum, found)) > 9


@pytest.mark.parametrize(("gap", "seed"), [(1, 5), (3, 5), (0, 8)])
def test_chains_and_what_follows_from_them(gap, seed):
    rows = drawn(seed)
    frame, made = table(rows), in_chains(rows, gap)
    found = chains(frame, gap)
    assert sorted(np.unique(found.of_row, return_counts=True)[1]) == sorted(map(len, made))
    heads, of = {its[0] for its in made}, {place: its for its in made for place in its}
    assert {n for n, begins in enumerate(found.begins) if begins} == heads
    ends = {its[0]: max(rows[n]["till"] or date.max for n in its) for its in made}
    for place, its in of.items():
        own, last = found.of_row[place], ends[its[0]]
        assert all(found.of_row[n] == own for n in its)
        assert (found.first[own], found.insatser[found.code[own]]) == (
            number(rows[its[0]]["fran"]),
            rows[place]["insats"],
        )
        assert found.end[own] == (number(None) + 1 if last == date.max else number(last) + 1)
    done = deadlines.carried_out(frame, found)
    expected = [row["verkstalld"] or (None if n in heads else row["fran"]) for n, row in enumerate(rows)]
    assert [None if pd.isna(day) else day.date() for day in done] == expected
    what_expires(rows, frame, found, of, ends)


def test_chains_that_begin_and_end_within_two_days():
    """So few days apart that one person's and insats' come next to another's."""
    rng, rows = Random(1), []
    for place in range(60):
        fran = DAY + ONE * rng.choice([0, 0, 1])
        till = fran + ONE * rng.choice([0, 1])
        rows.append({"person": f"p{place % 9}", "insats": rng.choice("abc"), "fran": fran, "till": till})
    for some in (rows, rows[:1], []):
        found, made = chains(table(some), 0), in_chains(some, 0)
        ends = [(number(some[its[0]]["fran"]), max(number(some[n]["till"]) for n in its) + 1) for its in made]
        assert sorted(zip(found.first.tolist(), found.end.tolist(), strict=True)) == sorted(ends)
        assert {n for n, begins in enumerate(found.begins) if begins} == {its[0] for its in made}


def what_expires(rows: list[dict], frame: pd.DataFrame, found: Chains, of: dict, ends: dict) -> None:
    """Decisions that run on the day and end within some months, the last of their chain."""

    def expires(place: int, months: int) -> bool:
        row = rows[place]
        there = row["fran"] <= DAY and row["till"] is not None and DAY <= row["till"] <= after(DAY, months)
        return there and row["till"] == ends[of[place][0]]

    assert any(row["till"] == DAY for row in rows) and any(row["till"] == after(DAY, 1) for row in rows)
    for months in (1, 3):
        expected = [expires(n, months) for n in range(len(rows))]
        assert deadlines.expiring(frame, found, pd.Timestamp(DAY), months).tolist() == expected
    expected = [next((m for m in (1, 2, 3) if expires(n, m)), 0) for n in range(len(rows))]
    assert deadlines.ends_by(frame, found, pd.Timestamp(DAY), 3).tolist() == expected


def test_persons_and_decisions_by_month():
    rows = drawn(6)
    frame = table(rows)
    found, starts = chains(frame, 1), month_starts("2016-08", 15)
    firsts = [after(date(2015, 6, 1), n) for n in range(16)]
    assert starts.tolist() == [number(day) for day in firsts]
    made, names = in_chains(rows, 1), sorted({row["insats"] for row in rows})
    person = list(dict.fromkeys(row["person"] for row in rows))
    there, heads = np.zeros((15, len(person)), bool), {its[0] for its in made}
    counts = {name: np.zeros((15, len(names)), int) for name in ("new", "ended", "renewed", "running", "decisions")}
    for n, (first, after_it) in enumerate(zip(firsts, firsts[1:], strict=False)):
        for its in made:
            start, last = rows[its[0]]["fran"], max(rows[place]["till"] or date.max for place in its)
            kind, last_day = names.index(rows[its[0]]["insats"]), after_it - ONE
            counts["new"][n, kind] += first <= start < after_it
            counts["ended"][n, kind] += last < date.max and first <= last + ONE < after_it
            counts["running"][n, kind] += start <= last_day <= last
            there[n, person.index(rows[its[0]]["person"])] |= start <= last_day <= last
        for place, row in enumerate(rows):
            kind = names.index(row["insats"])
            counts["renewed"][n, kind] += place not in heads and first <= row["fran"] < after_it
            counts["decisions"][n, kind] += row["fran"] <= last_day <= (row["till"] or date.max)
    for name, expected in counts.items():
        assert getattr(found, name)(starts).tolist() == expected.tolist(), name
    assert persons_there(frame, found, starts).tolist() == there.tolist()
    moved = [(n, who) for n in range(1, 15) for who in range(len(person)) if there[n, who] != there[n - 1, who]]
    assert [*zip(*map(np.ndarray.tolist, persons_moved(there)), strict=True)] == moved
    assert first_month(frame) == min(f"{row['till']:%Y-%m}" for row in rows if row["till"])
    assert first_month(frame.assign(till=pd.NaT)) == min(f"{row['fran']:%Y-%m}" for row in rows)


def test_the_last_day_of_a_follow_up_and_of_a_term():
    rows, often = drawn(7), [6, 12, 18]
    months = [often[n % 3] for n in range(len(rows))]
    found = deadlines.follow_up_due(table(rows), pd.Series(months))
    assert [day.date() for day in found] == [
        after(r["foljd_upp"] or r["fran"], m) for r, m in zip(rows, months, strict=True)
    ]
    days = [*(row["till"] for row in rows), EPOCH, EPOCH - ONE, date(2015, 11, 30), date(2015, 11, 29)]
    expected = [number(day and after(day, TERM)) for day in days]
    assert deadlines.months_later(numbers(days), TERM).tolist() == expected
