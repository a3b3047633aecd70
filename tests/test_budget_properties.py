"""What must hold for any budget and any scenario, not only for the examples."""

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planbok.analysis.break_even import closing_change
from planbok.case.topic import FULL_YEAR, Effects, no_effects
from planbok.inputs.rules.placement import Place, Placement
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.ledger import act as model
from planbok.ledger import compare
from planbok.ledger.bridge import bridge
from planbok.ledger.budget_rows import leaves
from planbok.ledger.month_profile import even_year

NO_EFFECTS = no_effects
ROWS = ["Administration", "Vårdkostnader", "LASS-assistans", "Lokalkostnader"]
AR = 2024

tenths = st.integers(1, 2000).map(lambda n: n / 10)
days = st.dates(date(AR - 1, 1, 1), date(AR, 12, 31))


@st.composite
def budgets(draw) -> pd.DataFrame:
    """Budget rows as the table has them, some with operations that cover part of the row."""
    rows = []
    for name in ROWS:
        cost, revenue = draw(tenths), draw(tenths)
        rows.append((name, "", cost, revenue))
        for part in draw(st.sampled_from([(), ("Norr",), ("Norr", "Söder")])):
            rows.append((name, part, round(cost / 4, 1), round(revenue / 4, 1)))
    frame = pd.DataFrame(rows, columns=["budgetrad", "verksamhet", "kostnad_mnkr", "intakt_mnkr"])
    return frame.assign(kostnadsslag="")


@st.composite
def changes(draw) -> dict:
    typ = draw(st.sampled_from(["upprakning", "belopp", "atgard", "bedomning"]))
    figure = draw(st.integers(-5000, 5000).filter(bool))
    common = {"typ": typ, "budgetrad": draw(st.sampled_from(ROWS)), "sida": draw(st.sampled_from(model.SIDES))}
    common |= {"fran": draw(days), "underlag": draw(st.sampled_from(["antagande", "prognos"])), "motivering": "Prov"}
    if typ == "upprakning":
        return common | {"procent": figure / 500}
    if typ == "bedomning":
        return common | {
            "kr": float(figure),
            "datum": date(AR, 1, 1),
            "fran": draw(st.dates(date(AR, 1, 1), date(AR, 12, 31))),
        }
    more = {"namn": "Å", "status": "planerad"} if typ == "atgard" else {}
    till = draw(st.none() | st.dates(common["fran"], date(AR + 1, 12, 31)))
    return common | more | {"kr_per_manad": float(figure), "till": till}


def scenario_of(*given_changes: dict) -> Scenario:
    forms = [CHANGE_TYPES[c["typ"]].model_validate(c) for c in given_changes]
    numbered = tuple(NumberedChange(i, "prov", form, "", 0, i) for i, form in enumerate(forms, start=1))
    return Scenario("prov", "Prov", changes=numbered)


def base_of(budget: pd.DataFrame, till_ar: int = AR, *scenarios: Scenario) -> model.Baseline:
    return model.baseline("enhet", budget, AR, till_ar, even_year, model.cuts_of(scenarios))


def outcome_of(budget: pd.DataFrame, *given_changes: dict, till_ar: int = AR) -> model.Outcome:
    scenario = scenario_of(*given_changes)
    return model.simulate(base_of(budget, till_ar, scenario), scenario, NO_EFFECTS)


def closing_difference(frame: pd.DataFrame) -> float:
    """What the bars lack to reach the end, in the year or over the full year, kr."""
    parts, end = (frame[frame["typ"] != "slut"], frame[frame["typ"] == "slut"])
    return float((end[["kr", "kr_helar"]].iloc[0] - parts[["kr", "kr_helar"]].sum()).abs().max())


@given(budgets())
def test_empty_scenario_is_the_baseline_in_every_cell(budget):
    base = base_of(budget, AR + 2)
    assert np.array_equal(model.simulate(base, BAS, NO_EFFECTS).state, base.state)


@given(budgets(), st.lists(changes(), max_size=4), st.randoms(use_true_random=False))
def test_order_of_input_rows_changes_nothing(budget, listed, random):
    order = list(budget.index)
    random.shuffle(order)
    first, second = outcome_of(budget, *listed), outcome_of(budget.loc[order], *listed)
    pd.testing.assert_frame_equal(
        first.by_row().sort_index(), second.by_row().sort_index(), check_exact=False, rtol=0, atol=0.01
    )


@given(budgets())
def test_parts_sum_to_the_row(budget):
    parts = leaves(budget).groupby("budgetrad")[["kostnad_kr", "intakt_kr"]].sum()
    whole = budget[budget["verksamhet"] == ""].set_index("budgetrad")
    assert np.allclose(parts["kostnad_kr"], whole["kostnad_mnkr"].reindex(parts.index) * 1e6, atol=0.01)
    assert np.allclose(parts["intakt_kr"], whole["intakt_mnkr"].reindex(parts.index) * 1e6, atol=0.01)


@given(budgets(), st.lists(changes(), max_size=4))
def test_months_rows_and_basis_sum_to_the_year(budget, listed):
    outcome = outcome_of(budget, *listed)
    net = outcome.amounts().kr
    assert outcome.by_month()["netto_kr"].sum() == pytest.approx(net, abs=0.5)
    assert outcome.by_row()["netto_kr"].sum() == pytest.approx(net, abs=0.5)
    assert compare.by_basis(outcome, "beslutad")["kr"].sum() == pytest.approx(net, abs=0.5)


@given(budgets(), changes().filter(lambda c: c["typ"] == "belopp"), st.integers(0, 364))
def test_a_month_split_in_two_sums_to_the_month(budget, change, offset):
    cut = date.fromordinal(date(AR, 1, 1).toordinal() + offset)
    whole = {**change, "fran": date(AR, 1, 1), "till": date(AR, 12, 31)}
    halves = [{**whole, "till": cut}, {**whole, "fran": min(date.fromordinal(cut.toordinal() + 1), date(AR, 12, 31))}]
    once, twice = outcome_of(budget, whole), outcome_of(budget, *halves)
    assert np.allclose(once.by_month(), twice.by_month(), atol=0.01)


@given(budgets(), st.lists(changes(), max_size=4))
def test_running_twice_gives_the_same_numbers(budget, listed):
    assert np.array_equal(outcome_of(budget, *listed).state, outcome_of(budget, *listed).state)


@given(budgets(), st.lists(changes(), max_size=4))
def test_bridge_closes_and_has_one_bar_per_change(budget, listed):
    outcome = outcome_of(budget, *listed)
    bas = model.simulate(outcome.base, BAS, NO_EFFECTS)
    steps = compare.alone(outcome, bas, NO_EFFECTS, str)
    frame = bridge(("Budgeten", bas.amounts()), steps, ("Prov", outcome.amounts()))
    assert frame["typ"].tolist() == ["start", *(c["typ"] for c in listed), "samspel", "slut"]
    assert closing_difference(frame) <= 0.5
    assert frame["kr"].iloc[-1] == pytest.approx(outcome.by_row()["netto_kr"].sum(), abs=0.5)
    if len(listed) < 2:
        assert abs(frame["kr"].iloc[-2]) <= 0.5


@given(budgets(), st.lists(changes(), min_size=1, max_size=3), st.lists(changes(), min_size=1, max_size=3))
def test_bridge_between_two_scenarios_closes(budget, first, second):
    base = base_of(budget)
    one = model.simulate(base, scenario_of(*first), NO_EFFECTS)
    other = model.simulate(
        base,
        Scenario(
            "annat",
            "Annat",
            changes=tuple(NumberedChange(n.nr, "annat", n.change, "", 0, n.position) for n in scenario_of(*second)),
        ),
        NO_EFFECTS,
    )
    frame = bridge(("ena", one.amounts()), compare.alone(other, one, NO_EFFECTS, str), ("andra", other.amounts()))
    both = Counter(map(str, first)) & Counter(map(str, second))  # what both have has no bar
    assert len(frame) == 3 + len(first) + len(second) - 2 * both.total()
    assert closing_difference(frame) <= 0.5


@given(budgets(), changes(), st.sampled_from(ROWS), st.integers(1, 12))
def test_what_closes_the_gap_does_so_when_fed_back(budget, change, row, month):
    outcome = outcome_of(budget, change)
    amounts = outcome.amounts()
    remaining = outcome.by_row(outcome.base.columns(AR, month))["netto_kr"][row]
    closing = closing_change(amounts.kr_ram, amounts.kr, 13 - month, remaining)
    if abs(closing.kr) < 1:
        return
    fed = {
        "typ": "belopp",
        "budgetrad": row,
        "sida": "kostnad",
        "kr_per_manad": closing.kr_per_manad,
        "fran": date(AR, month, 1),
        "underlag": "antagande",
        "motivering": "Prov",
    }
    after = outcome_of(budget, change, fed).amounts()
    assert after.kr_ram - after.kr == pytest.approx(0, abs=0.5)
    if closing.procent is not None:
        assert closing.procent / 100 * remaining == pytest.approx(closing.kr, rel=1e-9)


@given(budgets(), st.lists(changes(), min_size=1, max_size=4))
def test_frame_and_cost_never_mix(budget, listed):
    outcome = outcome_of(budget, *listed)
    base = outcome.base
    on_frame = [c for c in listed if c["sida"] == "ram"]
    if not on_frame:
        assert np.array_equal(outcome.state[:, model.FRAME], base.state[:, model.FRAME])
    if len(on_frame) == len(listed):
        assert np.array_equal(outcome.state[:, : model.FRAME], base.state[:, : model.FRAME])


@given(
    budgets(), changes().filter(lambda c: c["fran"] <= date(AR, 1, 1) and not c.get("till") and c["typ"] != "bedomning")
)
def test_in_force_all_year_means_that_the_year_is_the_full_year(budget, change):
    amounts = outcome_of(budget, change).amounts()
    assert amounts.kr == pytest.approx(amounts.kr_helar, abs=0.01)


@given(budgets(), st.lists(changes(), max_size=3))
def test_plan_years_repeat_the_budget_and_keep_what_lasts(budget, listed):
    outcome = outcome_of(budget, *listed, till_ar=AR + 1)
    second = outcome.by_row(outcome.base.columns(AR + 1))["netto_kr"].sum()
    lasting = all(not c.get("till") and c["typ"] != "bedomning" for c in listed)
    if lasting:
        assert second == pytest.approx(outcome.amounts().kr_helar, abs=0.5)


@settings(max_examples=30)
@given(budgets(), st.integers(1, 400), st.sampled_from(ROWS), st.sampled_from(model.SIDES))
def test_effects_of_other_topics_land_where_they_say(budget, kr, row, side):
    change = {"typ": "volym", "insats": "gruppbostad", "antal": 1.0, "fran": date(AR, 1, 1)}
    scenario = scenario_of({**change, "underlag": "prognos", "motivering": "Prov"})
    by_month = pd.Series({f"{AR}-03": float(kr), FULL_YEAR: 12.0 * kr})
    placement = Placement({"default": {"personal": Place(budgetrad=row, sida=side)}}, "")
    effects = Effects.of([(next(iter(scenario)), "personal", by_month)]).placed(placement, "u")
    base = base_of(budget)
    outcome = model.simulate(base, scenario, lambda s: effects)
    before = model.simulate(base, BAS, no_effects)
    sign = {"kostnad": 1, "intakt": -1, "ram": 0}[side]
    difference = outcome.amounts() - before.amounts()
    assert difference.kr == pytest.approx(sign * kr, abs=0.01)
    assert difference.kr_helar == pytest.approx(sign * 12 * kr, abs=0.01)
    assert difference.kr_ram == pytest.approx(kr if side == "ram" else 0, abs=0.01)
    assert (outcome.by_row() - before.by_row())[f"{side}_kr"][row] == pytest.approx(kr, abs=0.01)
