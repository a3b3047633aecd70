"""What always holds of a prognosis: parts equal the whole, bridges close, nothing is seen twice."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planbok.analysis import forecast
from planbok.case.topic import no_effects
from planbok.inputs.scenario.changes import Atgard
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.act import cuts_of, simulate
from planbok.ledger.budget_rows import leaves
from planbok.ledger.month_profile import even_year
from planbok.topics.follow_up.books import read_books
from planbok.topics.follow_up.bridges import CAUSES, PARTS, REST, bridge, difference, inside
from planbok.topics.follow_up.model import MOVED, Choices, Moves, at_month, moves_of, prognosis

AR = 2024
AMOUNTS = st.integers(1, 10_000_000)
METHODS = st.sampled_from(forecast.METHODS)
NO_MOVES = Moves(pd.DataFrame(columns=[*MOVED]).astype(MOVED), np.zeros((0, 12)))
FEWER = settings(max_examples=20)  # a unit is some two hundred drawn numbers


@st.composite
def unit(draw, tom=None):
    """Books of a few rows and operations with a whole year before, and a method and a delay per leaf."""
    tom = tom or draw(st.integers(1, 12))
    keys = [("A", ""), ("B", "Norr"), ("B", "Söder")][: draw(st.integers(1, 3))]
    rows, budget = [], []
    for row, operation in keys:
        budget.append((row, operation, draw(AMOUNTS) / 1e6, draw(AMOUNTS) / 1e6))
        for year, last in ((AR - 1, 12), (AR, tom)):
            for month in range(1, last + 1):
                rows.append((f"{year}-{month:02d}", row, operation, draw(AMOUNTS), draw(AMOUNTS)))
    outturn = pd.DataFrame(rows, columns=["manad", "budgetrad", "verksamhet", "kostnad_kr", "intakt_kr"])
    plan = pd.DataFrame(budget, columns=["budgetrad", "verksamhet", "kostnad_mnkr", "intakt_mnkr"])
    plan = plan.assign(kostnadsslag="", finansiering="")
    late = {key: draw(st.integers(0, 2)) for key in [(row, operation, "") for row, operation in keys]}
    books = read_books("u", outturn.assign(kostnadsslag=""), plan, leaves(plan), even_year, AR, tom, late)
    count = len(books.leaves)
    metod = np.array([draw(METHODS) for _ in range(count)], dtype=object)
    lags = np.array([late.get(tuple(key), 0) for key in books.leaves.iloc[:, :3].to_numpy()])
    return books, Choices(metod, np.full(count, "", dtype=object), lags)


def measure(kr: float, month: int, status: str = "verkstalld", budgetrad: str = "A") -> Scenario:
    change = Atgard(
        typ="atgard",
        namn="Prov",
        budgetrad=budgetrad,
        sida="kostnad",
        kr_per_manad=kr,
        fran=date(AR, month, 1),
        status=status,
        underlag="antagande",
        motivering="Prov",
    )
    return Scenario("prov", "Prov", changes=(NumberedChange(1, "prov", change, "", 0, 1),))


@FEWER
@given(unit())
def test_months_and_leaves_sum_to_the_year(found):
    books, choices = found
    result = prognosis(books, choices, NO_MOVES)
    assert result.net(result.months).sum() == pytest.approx(result.amounts.modell, abs=0.5)
    assert np.isfinite(result.model).all()
    assert (result.months[:, :, : books.tom] == books.actual[:, :, : books.tom]).all()


@FEWER
@given(unit(tom=12))
def test_a_year_that_is_booked_whole_is_its_own_prognosis(found):
    books, choices = found
    result = prognosis(books, choices, NO_MOVES)
    assert result.amounts.modell == pytest.approx(result.amounts.utfall, abs=0.5)


@FEWER
@given(unit(), st.integers(1, 1000), st.integers(1, 12), st.sampled_from(["verkstalld", "beslutad", "planerad"]))
def test_what_is_seen_and_what_is_left_of_a_measure_is_its_effect(found, kr, month, status):
    books, choices = found
    scenario = measure(-kr, month, status)
    held = date(AR + books.tom // 12, books.tom % 12 + 1, 1)
    outcome = simulate(books.plan.over(AR, cuts_of([scenario])), scenario, no_effects, held)
    result = prognosis(books, choices, moves_of(outcome, books))
    part = result.parts.iloc[0]
    assert part["sedd"] + part["kvar"] == pytest.approx(part["ar"], abs=0.01)
    if status == "verkstalld" and month == 1 and result.used[0, 0] == "rak":
        assert part["kvar"] == pytest.approx(0.0, abs=0.01)
    if month > books.tom or status != "verkstalld":
        assert part["sedd"] == pytest.approx(0.0)
    assert result.amounts.prognos == prognosis(books, choices, NO_MOVES).amounts.prognos


@FEWER
@given(unit())
def test_the_method_is_linear_in_what_is_booked(found):
    """What it sees of a measure is exactly what it would lack had the measure not been there."""
    books, choices = found
    result = prognosis(books, choices, NO_MOVES)
    more = np.full(result.shape, 1000.0).ravel()
    moved = result.method.year(books.to_date.ravel() + more) - result.method.year(books.to_date.ravel())
    assert moved == pytest.approx(result.method.factor * 1000.0)


@FEWER
@given(unit())
def test_an_earlier_month_is_the_same_whatever_came_after(found):
    books, choices = found
    if books.tom == 1:
        return
    earlier = at_month(books, books.tom - 1)
    changed = at_month(books, books.tom)
    changed.actual[:, :, books.tom - 1] += 12345.0
    again = at_month(changed, books.tom - 1)
    pair = [prognosis(b, choices, NO_MOVES).amounts.prognos for b in (earlier, again)]
    assert pair[0] == pair[1]


ROWS = st.dictionaries(st.sampled_from("ABC"), st.floats(-1e9, 1e9), min_size=1)


@given(ROWS, ROWS, st.dictionaries(st.sampled_from([c for c in CAUSES if c != REST]), st.floats(-1e8, 1e8)))
def test_a_bridge_closes_row_by_row_whatever_is_known(start, end, known):
    ends = [pd.Series(kr, dtype=float) for kr in (start, end)]
    found = bridge(("Start", ends[0]), ("Slut", ends[1]))
    assert found["kr"].iloc[:-1].sum() == pytest.approx(sum(end.values()), abs=0.5)
    moved = difference(*ends)
    parts = inside(moved, pd.DataFrame([("A", cause, "", kr) for cause, kr in known.items()], columns=PARTS))
    by_row = parts.groupby("budgetrad")["kr"].sum()
    for row, kr in moved.items():
        assert by_row.get(row, 0.0) == pytest.approx(kr, abs=0.5)
