"""The budget engine, its bridge, its months and its years on a few rows, each figure worked out by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planbok.base.errors import Fault, InputError
from planbok.case.topic import PLACED, Effects, no_effects
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger import act, compare, month_profile
from planbok.ledger.act import kr_per_month
from planbok.ledger.bridge import Amounts, Step, bridge, closing
from planbok.ledger.budget_rows import KEY
from planbok.ledger.month_profile import even_year
from planbok.topics.budget import grounds, sliders, study, years

AR, UNIT = 2024, "norr"
MARCH = date(AR, 3, 11)


def change(nr: int, typ: str, **more) -> NumberedChange:
    given = {"typ": typ, "underlag": "antagande", "motivering": "Prov"}
    if typ != "volym":
        given |= {"budgetrad": "Vård", "sida": "kostnad"}
    return NumberedChange(nr, "prov", CHANGE_TYPES[typ].model_validate(given | more), "prov.yaml", nr, nr)


def scenario(*changes: NumberedChange, name: str = "prov") -> Scenario:
    return Scenario(name, name, changes=changes)


def budget(*rows: tuple) -> pd.DataFrame:
    """Rows of the table: budget row, cost and revenue, mnkr, and perhaps operation, cost type, year, change."""
    full = [(*row, *("", "", AR, np.nan)[len(row) - 3 :]) for row in rows]
    columns = ["budgetrad", "kostnad_mnkr", "intakt_mnkr", "verksamhet", "kostnadsslag", "ar", "forandring_mnkr"]
    return pd.DataFrame(full, columns=columns).assign(enhet=UNIT, version="vp", finansiering="")


ROWS = budget(("Vård", 36.0, 12.0), ("Hyror", 3.6, 0.0), ("Vård", 12.0, 0.0, "Öst"), ("Vård", 1.2, 0.0, "", "bil"))


def base(till_ar: int = AR, rows: pd.DataFrame = ROWS, cuts=()) -> act.Baseline:
    return act.baseline(UNIT, rows, AR, till_ar, even_year, cuts)


def placed(*rows: tuple, moved: frozenset = frozenset()) -> Effects:
    """Effects of another topic: change, row, side, month, kr."""
    full = [(nr, "lss_peng", month, kr, row, side) for nr, row, side, month, kr in rows]
    return Effects(pd.DataFrame(full, columns=PLACED), moved=moved)


def test_the_plan_years_repeat_the_budget_and_are_cut_where_a_change_begins():
    """Leaves: 22.8 of Vård itself, its operation, its cars, and Hyror; a month is a twelfth, March of two parts."""
    plan = base(AR + 1, cuts=[MARCH, date(AR - 1, 5, 5)])
    assert plan.leaves[KEY].to_numpy().tolist() == [
        ["Vård", "", ""], ["Vård", "Öst", ""], ["Vård", "", "bil"], ["Hyror", "", ""],
    ]  # fmt: skip
    assert len(plan.spans) == 25 and plan.state.shape == (4, 3, 37)
    assert plan.state[0, 0, :4].tolist() == pytest.approx([1.9e6, 1.9e6, 1.9e6 * 10 / 31, 1.9e6 * 21 / 31])
    assert plan.state[0, 2, -12:].tolist() == pytest.approx([0.9e6] * 12)
    assert (plan.columns(AR), plan.columns(AR + 1), plan.columns(AR, 4)) == (slice(0, 13), slice(13, 25), slice(4, 13))
    assert plan.state[:, 0, plan.columns(AR + 1)].sum() == pytest.approx(39.6e6)
    assert plan.state[:, 0] @ plan.in_months == pytest.approx(np.tile([[1.9e6], [1e6], [0.1e6], [0.3e6]], 12))
    assert not plan.in_months[13:].any()
    assert plan.rows() == ["Vård", "Hyror"]


def test_an_effect_lies_in_its_month_and_a_full_years_after_the_year():
    plan = base(AR + 1, cuts=[MARCH])
    rows = [("prov:1", "Hyror", "kostnad", f"{AR}-03", 310.0), ("prov:1", "Hyror", "kostnad", "helar", 1200.0)]
    rows += [("prov:1", "Vård", "ram", f"{AR}-12", 7.0), ("prov:1", "Vård", "ram", f"{AR + 5}-01", 99.0)]
    made = scenario(change(1, "volym", insats="gruppbostad", antal=1, fran=date(AR, 3, 1)))
    outcome = act.simulate(plan, made, lambda _: placed(*rows, ("prov:2", "Vård", "kostnad", "helar", 5.0)))
    added = outcome.added
    assert added[3, 0, :5].tolist() == pytest.approx([0, 0, 100, 210, 0])
    assert added[3, 0, 13:].tolist() == pytest.approx([100.0] * 24)
    assert added[0, 2, 12] == pytest.approx(7) and added[0].sum() == pytest.approx(7) and not added[1:3].any()
    assert (outcome.moved.kr, outcome.moved.kr_helar) == (pytest.approx(310), pytest.approx(1200))
    assert (outcome.moved.kr_ram, outcome.moved.kr_ram_helar) == (pytest.approx(7), 0)
    by_month = outcome.by_month()
    assert len(by_month) == 24 and by_month.columns.tolist() == ["kostnad_kr", "intakt_kr", "ram_kr", "netto_kr"]
    assert by_month.loc[f"{AR}-03", "netto_kr"] == pytest.approx(2.3e6 + 310)
    assert outcome.by_row().loc["Hyror"].tolist() == pytest.approx([3.6e6 + 310, 0, 3.6e6, 3.6e6 + 310])
    assert outcome.moved_by_row(plan.full_year).loc["Hyror", "kostnad_kr"] == pytest.approx(1200)
    assert outcome.marginal.to_numpy().tolist() == [
        [1, "volym", "antagande", pytest.approx(310), pytest.approx(7), True]
    ]


def test_figures_of_another_topic_that_are_no_kronor_still_move_a_unit_of_one_row():
    made = scenario(change(1, "volym", insats="gruppbostad", antal=1, fran=date(AR, 3, 1)))
    plan = base(rows=budget(("Budget", 1.2, 0.0)))
    outcome = act.simulate(plan, made, lambda _: placed(moved=frozenset({"prov:1"})))
    assert [(move.leaf.tolist(), move.added.shape) for move in outcome.moves] == [([0], (1, 24))]
    assert not outcome.added.any() and act.unmoved(outcome) == []
    still = act.simulate(plan, made, lambda _: placed(moved=frozenset({"prov:2"})))
    assert still.moves == ()
    (fault,) = act.unmoved(still)
    assert fault.text.endswith(
        "flyttar inget för norr 2024: den är av typen volym och berör inget i enhetens tabeller."
    )


def test_effects_on_a_row_that_the_budget_lacks_are_a_fault_of_the_placement():
    made = scenario(change(1, "volym", insats="gruppbostad", antal=1, fran=date(AR, 3, 1)))
    with pytest.raises(InputError) as caught:
        act.simulate(base(), made, lambda _: placed(("prov:1", "Mat", "kostnad", "helar", 1.0)))
    (fault,) = caught.value.faults
    assert (fault.kind, fault.line, fault.place, fault.code) == ("budgetplacering", 0, UNIT, "unknown_row")
    assert "Det finns: Vård, Hyror." in fault.text


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"budgetrad": "Mat"}, "Mat finns inte i budgeten 2024"),
        ({"budgetrad": "Hyror", "verksamhet": "Öst"}, "Hyror Öst finns inte i budgeten 2024"),
        ({"kostnadsslag": "buss", "verksamhet": "Öst"}, "Vård Öst buss finns inte i budgeten 2024"),
        ({"budgetrad": "Hyror", "sida": "intakt"}, "Hyror har intäkt 0 kr, eller så anger budgeten den inte"),
        ({"fran": date(AR + 1, 1, 1)}, "den börjar 2025-01-01, efter planåren som slutar 2024-12-31"),
        ({"enhet": "annan"}, "den gäller enheten annan"),
    ],
)
def test_why_an_uprating_moves_nothing(more, why):
    made = scenario(change(1, "upprakning", **{"procent": 2.0, "fran": date(AR, 2, 1)} | more))
    (fault,) = act.unmoved(act.simulate(base(), made, no_effects))
    assert fault.text == f"förändringen flyttar inget för norr 2024: {why}."
    assert (fault.code, fault.line) == ("moves_nothing", 1)


@pytest.mark.parametrize(
    ("row", "till", "why"),
    [
        ("Vård", date(AR - 1, 12, 31), "den slutar 2023-12-31, före 2024-01-01"),
        ("Mat", date(AR, 1, 1), "Mat finns inte i budgeten 2024"),
        ("Vård", date(AR, 1, 1), ""),
    ],
)
def test_an_amount_that_ended_before_the_year_moves_nothing_and_one_of_its_first_day_is_of_the_year(row, till, why):
    made = scenario(change(1, "belopp", budgetrad=row, kr_per_manad=31.0, fran=date(AR - 1, 6, 1), till=till))
    found = [fault.text for fault in act.unmoved(act.simulate(base(AR + 1), made, no_effects))]
    assert found == ([f"förändringen flyttar inget för norr 2024–2025: {why}."] if why else [])


def test_which_changes_name_a_budget_row_themselves():
    rows = [("upprakning", "A", True), ("upprakning", None, False), ("volym", "A", False), ("bedomning", "A", True)]
    assert [act.on_row(SimpleNamespace(typ=typ, budgetrad=row)) for typ, row, _ in rows] == [own for *_, own in rows]


def test_an_uprating_of_a_cost_type_an_operation_and_a_row():
    """One per cent a month of 0.1 mnkr of cars, of 1.0 of Öst, and of all 3.0 of Vård's cost."""
    of_each = [{"kostnadsslag": "bil"}, {"verksamhet": "Öst"}, {}]
    changes = [change(nr, "upprakning", procent=1.0, fran=date(AR, 12, 31), **its) for nr, its in enumerate(of_each, 1)]
    for one, kr in zip(changes, (1_000, 10_000, 30_000), strict=True):
        moved = act.simulate(base(cuts=act.cuts_of([scenario(one)])), scenario(one), no_effects).moved
        assert (moved.kr, moved.kr_helar) == (pytest.approx(kr / 31), pytest.approx(12 * kr))


def test_an_amount_goes_to_the_rows_own_leaf_and_is_in_force_on_its_last_day():
    made = [change(1, "belopp", kr_per_manad=3_100.0, fran=date(AR, 3, 1), till=date(AR, 12, 31))]
    made += [change(2, "belopp", kr_per_manad=3_100.0, fran=date(AR, 3, 1), till=date(AR, 12, 30))]
    plan = base(AR + 1)
    for one, full in zip(made, (12 * 3_100, 0), strict=True):
        outcome = act.simulate(plan, scenario(one), no_effects)
        assert outcome.moved.kr_helar == pytest.approx(full)
        assert outcome.added[0, 0].any() and not outcome.added[1:].any()
        assert not outcome.added[:, :, plan.columns(AR + 1)].any()
    assert act.simulate(plan, scenario(made[1]), no_effects).moved.kr == pytest.approx(10 * 3_100 - 100)


def test_what_amounts_are_in_each_month():
    measure = {"namn": "Å", "kr_per_manad": -400.0, "fran": date(AR, 3, 1), "status": "planerad"}
    assert kr_per_month(change(1, "atgard", **measure).change) == -400
    assert kr_per_month(change(1, "atgard", **measure, sannolikhet_andel=0.25).change) == -100
    judged = change(1, "bedomning", kr=350.0, datum=date(AR, 1, 1), fran=date(AR, 9, 16)).change
    assert kr_per_month(judged) == pytest.approx(100)


def names(changed) -> str:
    return changed.typ


def test_each_change_alone_where_it_can_stand_else_where_it_stands():
    """The second needs the first: alone it is refused, and its bar is what it adds to the first."""
    first = change(1, "belopp", kr_per_manad=100.0, fran=date(AR, 1, 1))
    second = change(2, "belopp", kr_per_manad=10.0, fran=date(AR, 7, 1), sida="intakt")
    third = change(3, "belopp", kr_per_manad=1.0, fran=date(AR, 1, 1), sida="ram")

    def effects_of(changes: Scenario) -> Effects:
        if second in changes.changes and first not in changes.changes:
            raise InputError([Fault("scenario", "", 0, "", "", "")])
        return no_effects(changes)

    plan = base()
    outcome, bas = (act.simulate(plan, scenario(*its), no_effects) for its in ((first, second, third), ()))
    steps = compare.alone(outcome, bas, effects_of, names)
    assert [(step.typ, step.forandring) for step in steps] == [("belopp", 1), ("belopp", 2), ("belopp", 3)]
    assert [step.amounts for step in steps] == [
        Amounts(pytest.approx(1200), pytest.approx(1200), 0, 0),
        Amounts(pytest.approx(-60), pytest.approx(-120), 0, 0),
        Amounts(0, 0, pytest.approx(12), pytest.approx(12)),
    ]
    back = compare.alone(bas, outcome, no_effects, names)
    assert [step.amounts.kr for step in back] == pytest.approx([-1200, 60, 0])
    assert [step.text for step in back] == ["Utan: belopp"] * 3


def test_what_both_scenarios_do_is_no_step_whatever_is_said_of_it():
    mine = change(1, "belopp", kr_per_manad=100.0, fran=date(AR, 1, 1), motivering="En")
    same = NumberedChange(2, "annan", mine.change.model_copy(update={"motivering": "Två"}), "annan.yaml", 1, 1)
    other = NumberedChange(1, "annan", mine.change.model_copy(update={"kr_per_manad": 7.0}), "annan.yaml", 2, 2)
    plan = base()
    outcome, versus = (act.simulate(plan, scenario(*its), no_effects) for its in ((mine,), (same, other)))
    steps = compare.alone(outcome, versus, no_effects, names)
    assert [(step.text, step.forandring, step.amounts.kr) for step in steps] == [
        ("Utan: belopp", 1, pytest.approx(-84))
    ]


def test_a_percent_alone_acts_where_it_stands_when_both_list_the_rest():
    """1 % of the year's 36 mnkr, and of the 1.2 that an amount before it adds; an amount after it is not uprated."""
    amount = change(1, "belopp", kr_per_manad=100_000.0, fran=date(AR, 1, 1))
    percent = change(2, "upprakning", procent=1.0, fran=date(AR, 1, 1))
    after = change(3, "belopp", kr_per_manad=500_000.0, fran=date(AR, 1, 1))
    plan = base()
    outcome, versus = (
        act.simulate(plan, scenario(*its), no_effects) for its in ((amount, percent, after), (amount, after))
    )
    (step,) = compare.alone(outcome, versus, no_effects, names)
    assert step.amounts.kr == pytest.approx(0.01 * 37.2e6)


def test_a_change_alone_is_put_last_on_a_scenario_that_has_others():
    """The one compared with has 1 % that the scenario lacks: an amount after it is not uprated."""
    amount = change(1, "belopp", kr_per_manad=100_000.0, fran=date(AR, 1, 1))
    common = change(2, "belopp", kr_per_manad=500_000.0, fran=date(AR, 1, 1))
    percent = change(3, "upprakning", procent=1.0, fran=date(AR, 1, 1))
    plan = base()
    outcome = act.simulate(plan, scenario(amount, common), no_effects)
    versus = act.simulate(plan, scenario(common, percent), no_effects)
    mine, theirs = compare.alone(outcome, versus, no_effects, names)
    assert (mine.forandring, mine.amounts.kr) == (1, pytest.approx(1.2e6))
    assert (theirs.forandring, theirs.amounts.kr) == (3, pytest.approx(-0.01 * 42e6))


def test_the_net_with_each_uncertain_figure_at_its_ends():
    """A lowest of nothing takes the change away; whole numbers stay whole."""
    ends = {"kr_per_manad_lag": 0.0, "kr_per_manad_hog": 300.0}
    unsure = change(1, "belopp", kr_per_manad=100.0, fran=date(AR, 1, 1), **ends)
    sure = change(2, "belopp", kr_per_manad=10.0, fran=date(AR, 1, 1), sida="intakt")
    outcome = act.simulate(base(), scenario(unsure, sure), no_effects)
    found = compare.stated_ends(outcome, no_effects)
    assert found.to_numpy().tolist() == [[1, 0, 300, pytest.approx(27.6e6 - 120), pytest.approx(27.6e6 + 3480)]]
    basis = compare.by_basis(outcome, "beslutad")
    assert basis.to_numpy().tolist() == [["beslutad", pytest.approx(27.6e6)], ["antagande", pytest.approx(1080)]]


def test_a_bridge_leads_from_start_to_end_by_its_steps_and_what_they_do_together():
    steps = [Step("belopp", 2, "hyra", Amounts(10.0, 20.0, 1.0, 2.0)), Step("atgard", 3, "färre", Amounts(-4.0, 0.0))]
    found = bridge(("bas", Amounts(100, 100, 50, 50)), steps, ("nytt", Amounts(111, 120, 60, 60)))
    assert found.to_numpy().tolist() == [
        ["bas", "start", 0, 100, 100, 50, 50],
        ["hyra", "belopp", 2, 10, 20, 1, 2],
        ["färre", "atgard", 3, -4, 0, 0, 0],
        ["Samspel mellan förändringarna", "samspel", 0, 5, 0, 9, 8],
        ["nytt", "slut", 0, 111, 120, 60, 60],
    ]
    nothing = bridge(("bas", Amounts(1, 1)), [], ("nytt", Amounts(9, 9)), between=Amounts(3.0, 4.0))
    assert nothing["kr"].tolist() == [1, 3, 9]
    assert bridge(("bas", Amounts(1, 1)), [], ("nytt", Amounts(9, 9)), rest="")["typ"].tolist() == ["start", "slut"]


@pytest.mark.parametrize(
    ("last", "more", "ok"),
    [
        (111.5, {}, True),
        (111.6, {}, False),
        (126.5, {"rounded_to": 10.0}, True),  # three rows may each be off by 5
        (126.6, {"rounded_to": 10.0}, False),
        (9.0, {"columns": {"a": "h"}}, True),
        (111.6, {"columns": {"b": "h"}}, False),
    ],
)
def test_a_bridge_closes_within_half_a_krona_and_what_its_rows_are_rounded_by(last, more, ok):
    legs = pd.DataFrame({"brygga": ["a"] * 3, "kr": [100.0, 11.0, last], "h": [4.0, 5.0, 9.0]})
    (check,) = closing(legs, **more)
    assert (check.namn, check.ok) == ("Bryggan går ihop: a", ok)
    if not more:
        assert (check.differens, check.tolerans) == (pytest.approx(111 - last), 0.5)


def monthly(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"])


def case_of(**more) -> SimpleNamespace:
    path = SimpleNamespace(path=lambda name: "data/manadsbudget.csv")
    return SimpleNamespace(**{"enhet": UNIT, "ar": AR, "sources": SimpleNamespace(collection=path)} | more)


def test_stated_months_are_shares_of_their_years_sum(monkeypatch):
    monkeypatch.setattr(month_profile, "shown", str)
    rows = [(UNIT, f"{AR}-{m:02d}", "Vård", 10.0 * m, 0.0) for m in range(1, 13)]
    rows += [(UNIT, f"{AR}-{m:02d}", "Vård", 2.0 * m, None) for m in range(1, 13)]
    rows += [("annan", f"{AR}-01", "Vård", 999.0, 9.0), (UNIT, f"{AR + 1}-01", "Vård", 999.0, 9.0)]
    found = month_profile._shares_of(case_of(), monthly(*rows))
    assert found.keys() == {("Vård", "kostnad")}  # a year of nothing is spread as any other
    assert found["Vård", "kostnad"].tolist() == pytest.approx([m / 78 for m in range(1, 13)])


def test_a_year_with_a_month_missing_is_a_fault_of_the_table(monkeypatch):
    monkeypatch.setattr(month_profile, "shown", str)
    rows = [(UNIT, f"{AR}-{m:02d}", "Vård", 1.0, 1.0 if m < 12 else None) for m in range(1, 13)]
    with pytest.raises(InputError) as caught:
        month_profile._shares_of(case_of(), monthly(*rows))
    (fault,) = caught.value.faults
    assert fault.text == "månadsbudgeten för Vård har intakt i 11 av årets 12 månader. Fyll i alla."
    assert (fault.file, fault.line, fault.place, fault.code) == (
        "data/manadsbudget.csv",
        0,
        "norr 2024",
        "incomplete_months",
    )


@pytest.mark.parametrize(
    ("shares", "ok"),
    [
        ([1 / 12] * 12, True),
        ([1 / 11] * 11, False),
        ([1 / 13] * 13, False),
        ([0.1] * 12, False),
        ([0.07] * 12, False),
        ([1.0 + 1e-6, *[0.0] * 11], False),
        ("jämnt", False),
    ],
)
def test_a_profile_is_twelve_shares_of_one(shares, ok):
    case = case_of(rule_or_none=lambda rule: {"Vård": shares})
    if ok:
        assert month_profile._profile_rule(case) == {"Vård": shares}
        assert month_profile._profile_rule(case_of(rule_or_none=lambda rule: None)) == {}
        return
    with pytest.raises(InputError) as caught:
        month_profile._profile_rule(case)
    (fault,) = caught.value.faults
    assert (fault.kind, fault.line, fault.code) == ("regel", 0, "profile")


def test_the_year_before_by_the_change_column_of_rows_or_of_their_parts():
    """Vård 36 - 12 - 4; Köp stands only as its parts, 3 + 2 - 1; what Öst changed by is in its row already."""
    rows = budget(
        ("Vård", 36.0, 12.0, "", "", AR, 4.0),
        ("Vård", 12.0, 0.0, "Öst", "", AR, 100.0),
        ("Vård", 1.0, 0.0, "", "bil", AR, 100.0),
        ("Köp", 3.0, 0.0, "Öst", "", AR, 0.5),
        ("Köp", 2.0, 0.0, "", "bil", AR, 0.5),
        ("Mat", 2.0, 1.0),
    )
    found = years.derived_year_before(rows)
    assert found["netto"].to_dict() == pytest.approx({"Vård": 20.0, "Köp": 4.0, "Mat": np.nan}, nan_ok=True)
    assert found[["kostnad", "intakt"]].isna().all(axis=None)
    assert years.derived_year_before(ROWS).empty


def test_years_up_to_this_one_and_the_one_before_where_it_is_not_there():
    rows = budget(
        ("Vård", 36.0, 12.0, "", "", AR, 4.0), ("Vård", 9.0, 1.0, "", "", AR - 2), ("Vård", 1.0, 0.0, "", "", AR + 1)
    )
    sums, derived = years.yearly_sums(rows, AR)
    assert (sorted(sums), derived) == ([AR - 2, AR - 1, AR], True)
    assert sums[AR - 1].loc["Vård", "netto"] == 20.0 and sums[AR].loc["Vård", "netto"] == 24.0
    there, derived = years.yearly_sums(pd.concat([rows, budget(("Vård", 7.0, 0.0, "", "", AR - 1))]), AR)
    assert (there[AR - 1].loc["Vård", "netto"], derived) == (7.0, False)
    assert sorted(years.yearly_sums(rows.iloc[:1].assign(forandring_mnkr=np.nan), AR)[0]) == [AR]


def test_two_years_side_by_side_with_price_and_volume():
    """Of 0.5 mnkr 2 % is price; per cent only of a net above 0; a row that a year lacks is no money then."""
    columns = ["kostnad", "intakt", "netto"]
    before = pd.DataFrame([(0.75, 0.25, 0.5), (1.0, 1.0, 0.0), (0.5, 2.0, -1.5)], ["Vård", "Mat", "Gick"], columns)
    after = pd.DataFrame([(1.0, 0.25, 0.75), (1.25, 1.0, 0.25), (1.0, 0.0, 1.0)], ["Vård", "Mat", "Ny"], columns)
    sums = {AR - 2: before, AR - 1: before, AR: after}
    found = years.compare_years(sums, AR, {"Vård": 2.0}.get)
    assert found["fran_ar"].tolist() == [AR - 1] * 5 + [AR - 2] * 5 and set(found["till_ar"]) == {AR}
    near, far = (found[found["fran_ar"] == ar].set_index("budgetrad") for ar in (AR - 1, AR - 2))
    assert near.index.tolist() == ["Vård", "Mat", "Ny", "Gick", "Totalt"]
    assert near["netto_forandring_mnkr"].tolist() == [0.25, 0.25, 1.0, 1.5, 3.0]
    assert near["procent"].tolist() == pytest.approx([50, *[np.nan] * 4], nan_ok=True)
    assert near["pris_mnkr"].tolist() == pytest.approx([0.01, *[np.nan] * 4], nan_ok=True)
    assert near.loc["Vård", "volym_mnkr"] == pytest.approx(0.24)
    assert far["pris_mnkr"].isna().all()
    assert years.compare_years({AR: after}, AR, {}.get).empty


def budget_study(*changes: NumberedChange, till_ar: int = AR) -> SimpleNamespace:
    made, case = scenario(*changes), case_of(scenario=scenario(*changes), parametrar={"till_ar": till_ar})
    outcome = act.simulate(base(till_ar, cuts=act.cuts_of([made])), made, no_effects)
    more = {"rows": ROWS, "effects_of": no_effects, "version": "vp", "versus": outcome}
    return SimpleNamespace(case=case, outcome=outcome, **more)


def test_a_change_is_tried_on_the_budget_cut_where_it_begins(monkeypatch):
    """1 % of Vård's 3.0 mnkr a month from 11 March of this year or the next, after an amount that ends on the 20th."""
    monkeypatch.setattr(study, "monthly_shares", lambda case: (even_year, ""))
    amount = change(1, "belopp", kr_per_manad=31.0, fran=date(AR, 3, 1), till=date(AR, 3, 20))
    percent = change(2, "upprakning", procent=100.0, fran=MARCH)
    outcome = study.tried(budget_study(), scenario(amount, percent))
    assert outcome.moved.kr == pytest.approx(20 + 10 + 3e6 * (21 / 31 + 9), abs=0.01)
    late = change(1, "upprakning", procent=1.0, fran=date(AR + 1, 3, 11))
    outcome = study.tried(budget_study(till_ar=AR + 1), scenario(late))
    assert outcome.added.sum() == pytest.approx(0.01 * 3e6 * (21 / 31 + 9))
    with pytest.raises(InputError, match="den börjar 2025-03-11"):
        study.tried(budget_study(), scenario(late))


def test_what_moves_some_budget_of_the_unit_within_ten_years():
    """A budget of 2024 is tried to 2034; another unit's row and the control total are no row of it."""
    table = pd.concat([ROWS, budget(("Mat", 1.0, 0.0)).assign(enhet="annan"), budget(("Totalt", 1.0, 0.0))])
    collection = SimpleNamespace(read=lambda name: SimpleNamespace(frame=table))
    case = case_of(ar=AR + 12, sources=SimpleNamespace(collection=collection))
    made = [
        change(1, "belopp", kr_per_manad=1.0, fran=date(AR + 10, 12, 31)),
        change(2, "belopp", kr_per_manad=1.0, fran=date(AR + 11, 1, 1)),
        change(3, "belopp", kr_per_manad=1.0, fran=date(AR, 1, 1), budgetrad="Mat"),
        change(4, "belopp", kr_per_manad=1.0, fran=date(AR, 1, 1), budgetrad="Totalt"),
    ]
    assert study.moved(case, scenario(*made)) == {"prov:1"}


@pytest.mark.parametrize(("till_ar", "last"), [(0, AR), (AR, AR), (AR + 2, AR + 2), (None, AR), (AR - 1, None)])
def test_the_last_plan_year_is_the_budgets_own_unless_told(monkeypatch, till_ar, last):
    monkeypatch.setattr(study, "monthly_shares", lambda case: (even_year, "jämnt"))
    monkeypatch.setattr(study, "parameter_error", lambda case, text, code: ValueError(text))
    case = case_of(parametrar={} if till_ar is None else {"till_ar": till_ar})
    if last is None:
        with pytest.raises(ValueError, match="till_ar 2023 ligger före ar 2024"):
            study._baseline(case, ROWS, [])
    else:
        found, profile = study._baseline(case, ROWS, [])
        assert (found.till_ar, profile) == (last, "jämnt")


def test_the_budgets_dials_and_what_each_becomes_in_a_scenario():
    """Vård costs 36 of 39.6 mnkr; an amount of 0.6 mnkr from July makes 0.1 a month to give way from then."""
    percent, month, amount, from_month, row, gives = sliders.sliders(
        budget_study(change(1, "belopp", kr_per_manad=100_000.0, fran=date(AR, 7, 1)))
    )
    ends = [(d.id, d.minst, d.mest, d.steg, d.start) for d in (percent, month, amount, from_month, row, gives)]
    assert ends == [
        ("rad_procent", -10, 10, 0.1, 0), ("rad_manad", 1, 12, 1, 7),
        ("belopp_kr", -1_000_000, 1_000_000, 10_000, 0), ("belopp_manad", 1, 12, 1, 7),
        ("vika_rad", 0, 2, 1, 0), ("vika_manad", 1, 12, 1, 7),
    ]  # fmt: skip
    assert percent.andring["budgetrad"] == "Vård" and percent.andring["procent"] == "{rad_procent}"
    assert amount.andring["fran"] == "{belopp_manad}" and amount.andring["kr_per_manad"] == "{belopp_kr}"
    assert percent.verkar_pa["kostnad_mnkr"] == {"rad": [(-10, -10), (10, 10)]}
    assert percent.verkar_pa["helarseffekt_mnkr"].keys() == {"rad", "rad ger vika"}
    left = dict(month.verkar_pa["kostnad_mnkr"]["rad"])
    assert [left[m] for m in (1, 7, 12)] == pytest.approx([0.366, 0.186, 0.031])
    assert month.verkar_pa["helarseffekt_mnkr"]["rad"] == [(1, pytest.approx(0.372)), (12, pytest.approx(0.372))]
    assert month.verkar_pa["helarseffekt_mnkr"]["rad ger vika"] == month.verkar_pa["kostnad_mnkr"]["rad"]
    assert dict(from_month.verkar_pa["kostnad_mnkr"]["belopp"])[10] == pytest.approx(3 / 1e6)
    assert from_month.verkar_pa["helarseffekt_mnkr"]["belopp"] == [(1, 12 / 1e6), (12, 12 / 1e6)]
    assert row.namn == {0: "ingen", 1: "Vård", 2: "Hyror"}
    assert {place: one["budgetrad"] for place, one in row.andringar.items()} == {1: "Vård", 2: "Hyror"}
    assert row.verkar_pa["kostnad_mnkr"] == {
        "rad": [(0, 1), (1, 0)], "belopp": [(0, 1), (1, 0)], "balans": [(0, 0), (1, pytest.approx(-0.6))],
    }  # fmt: skip
    assert row.verkar_pa["avvikelse_mnkr"]["balans"] == [(0, 0), (1, pytest.approx(0.6))]
    assert row.verkar_pa["avvikelse_mnkr"]["rad"] == [(0, -1), (1, 0)]
    assert row.verkar_pa["helarseffekt_mnkr"]["rad"] == [(0, 1), (1, 1)]
    assert row.verkar_pa["avvikelse_helar_mnkr"]["belopp"] == [(0, -1), (1, -1)]
    assert row.verkar_pa["avvikelse_helar_mnkr"]["balans ger vika"] == [(0, 0), (1, 1)]
    moves = {key: {term: dict(points) for term, points in of.items()} for key, of in gives.verkar_pa.items()}
    assert moves["balans_kr_per_manad"]["balans"][7] == pytest.approx(-100_000)
    assert moves["balans_kr_per_manad"]["rad"][7] == pytest.approx(-1e6 / 6)
    assert moves["helarseffekt_mnkr"]["rad ger vika"][7] == pytest.approx(-2)
    assert moves["helarseffekt_mnkr"]["balans ger vika"][7] == pytest.approx(-1.2)
    assert moves["avvikelse_helar_mnkr"]["rad ger vika"][7] == pytest.approx(2)
    assert moves["avvikelse_helar_mnkr"]["balans ger vika"][7] == pytest.approx(1.2)


def test_a_row_without_cost_gives_no_way():
    study_ = budget_study()
    study_.outcome = act.simulate(base(rows=budget(("Bidrag", 0.0, 2.0), ("Vård", 36.0, 12.0))), scenario(), no_effects)
    row, _ = sliders._gives_way(study_)
    assert row.namn == {0: "ingen", 1: "Vård"} and sliders.largest_row(study_) == "Vård"


def test_there_are_no_dials_of_a_budget_that_is_not_known_or_empty():
    unknown = budget_study()
    state = np.where(np.arange(4)[:, None, None] == 3, np.nan, unknown.outcome.state)
    unknown.outcome = act.Outcome(unknown.outcome.base, unknown.outcome.scenario, state, ())
    assert sliders.sliders(unknown) == ()


def test_the_figures_come_of_this_years_rows_and_the_change_of_the_one_before_too():
    found = grounds.grounds(budget_study())
    where = [rows.where["ar"] for rows in found["forandring_mnkr"].rows]
    assert where == [AR, AR, AR - 1, AR - 1]
    assert [rows.where["version"] for rows in found["kostnad_mnkr"].rows] == ["vp"]
