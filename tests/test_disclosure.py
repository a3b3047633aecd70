"""The one disclosure control, held against a brute-force attacker who knows every shown number and every price."""

from dataclasses import replace
from functools import cache
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planbok.case.result import Column, KeyFigure, People, Priced, Result, Table
from planbok.case.sliders import Grid, Slider
from planbok.case.topic import Effects
from planbok.disclosure.effects import protect_effects
from planbok.disclosure.mixes import _Grid, fitting, hides_levels
from planbok.disclosure.policy import SMALLEST, Policy, policy
from planbok.disclosure.protect import EXACT, ROUND, WITHHOLD, _merged_in_time, grade, protect
from planbok.disclosure.standing import Standing
from planbok.disclosure.suppress import hidden_parts, is_safe, periods

LEDNING = Policy("ledning")
PRICES = np.array([1493, 2022, 2737, 3402, 3883, 4333, 5119]) * 366.0  # gruppbostad, kommunal, 2024: printed list
counts = st.lists(st.integers(0, 30), min_size=1, max_size=6)


def feasible(total: int, parts: int, largest: int) -> list[set[int]]:
    """Each part's possible values, given that all are 1 to `largest` and sum to `total`."""
    found = [set() for _ in range(parts)]
    for values in product(range(1, largest + 1), repeat=parts - 1):
        last = total - sum(values)
        if 1 <= last <= largest:
            for place, value in enumerate((*values, last)):
                found[place].add(value)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_hidden_parts_have_more_than_one_possible_value(parts):
    hidden, whole = hidden_parts(pd.DataFrame([parts]), 5)
    for place, value in enumerate(parts):
        assert place in hidden or value >= 5
    if whole or not hidden:
        return
    values = [parts[place] for place in hidden]
    assert len(values) >= 2 and sum(values) >= 5
    for largest in (max(values), sum(values)):
        assert all(len(found) > 1 for found in feasible(sum(values), len(values), largest))


@given(st.lists(counts, min_size=1, max_size=4).filter(lambda rows: len({len(row) for row in rows}) == 1))
def test_a_later_occasion_never_shows_what_an_earlier_one_hides(rows):
    before, _ = hidden_parts(pd.DataFrame(rows[:-1] or rows), 5)
    after, whole = hidden_parts(pd.DataFrame(rows), 5)
    assert before <= after
    for row in rows:
        there = np.array([row[place] for place in after], float)
        assert whole or is_safe(there, 5)


@given(counts)
def test_order_of_parts_with_other_names_gives_the_same_number_hidden(parts):
    one, _ = hidden_parts(pd.DataFrame([parts]), 5)
    two, _ = hidden_parts(pd.DataFrame([parts[::-1]]), 5)
    assert sorted(parts[p] for p in one) == sorted(parts[::-1][p] for p in two)


def test_every_earlier_occasion_is_made_safe_with_what_a_later_one_hides():
    """a's 3 hide the 7 of b too; the second occasion, on which a had nobody, then hides c, the first one need not."""
    rows = pd.DataFrame([{"a": 6, "b": 7, "c": 8}, {"a": 0, "b": 7, "c": 9}, {"a": 3, "b": 7, "c": 9}])
    assert hidden_parts(rows.iloc[[0, 2]], 5) == (frozenset("ab"), False)
    assert hidden_parts(rows, 5) == (frozenset("abc"), False)


def test_two_parts_of_one_are_hidden_with_a_third():
    """34 - 17 - 8 - 6 = 3 and 1, 1, 40, 9 of 51: what a rule that looks at one small part only gives away."""
    assert hidden_parts(pd.DataFrame([{"A": 17, "B": 8, "C": 6, "D": 3}]), 5) == (frozenset("CD"), False)
    assert hidden_parts(pd.DataFrame([{"N": 1, "S": 1, "V": 40, "O": 9}]), 5) == (frozenset("NSO"), False)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=7, max_size=7), st.sampled_from([0, 50_000]))
def test_mixes_are_as_many_as_an_attacker_finds(mix, within):
    antal = np.array(mix)
    priced = Priced(antal, PRICES, np.array(["g"] * 7))
    persons, kr = antal.sum(), (antal * PRICES).sum()
    tried = int((abs(_kronor_of_mixes(int(persons)) - kr) <= within).sum())
    assert fitting(priced, 0) >= 1
    if within == 0:
        assert fitting(priced, 0) == tried
    else:
        assert fitting(priced, within) == pytest.approx(tried, abs=1 + 0.1 * tried)


def test_mixes_of_the_same_sum_are_found_whatever_prices_have_in_common():
    """1 001 + 3 099 = 2 050 + 2 050."""
    assert fitting(Priced(np.array([1, 0, 1]), np.array([1001.0, 2050.0, 3099.0]), np.array(["a"] * 3)), 0) == 2


def test_a_level_that_nobody_can_have_gives_nobody_away():
    """5 000 kr is 1 000 + 1 000 + 3 000 or 1 000 + 2 000 + 2 000: two mixes, and nobody at 9 000 in either."""
    prices = np.array([1000.0, 2000.0, 3000.0, 9000.0])
    assert hides_levels(Priced(np.array([2, 0, 1, 0]), prices, np.array(["a"] * 4)), 0, 2)


@cache
def _kronor_of_mixes(persons: int) -> np.ndarray:
    return (np.array([*_mixes(7, persons)]) * PRICES).sum(axis=1)


def _mixes(cells: int, persons: int):
    if cells == 1:
        yield (persons,)
        return
    for number in range(persons + 1):
        for rest in _mixes(cells - 1, persons - number):
            yield (number, *rest)


def test_the_decided_total_of_a_large_measurement_stands_to_the_krona():
    antal = np.array([1, 2, 3, 5, 3, 2, 1, 0, 1, 2, 2, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1])
    prices = np.concatenate([PRICES, np.rint(PRICES * 1.055 / 366) * 366, np.rint(PRICES * 1.09 / 366) * 366])
    priced = Priced(antal, prices, np.repeat(["kommunal", "entreprenad", "privat"], 7), decided=True)
    assert grade([priced], LEDNING) == EXACT
    assert grade([replace(priced, decided=False)], LEDNING) == ROUND


def test_the_krona_takes_as_many_persons_as_the_limit_and_none_of_few_who_differ():
    """At the limits themselves: 20 persons and 5 who differ are enough, one less of either is not."""
    antal, alike = np.array([10, 10]), np.array([1000.0, 1000.0])  # equal prices: any mix fits
    decided = Priced(antal, alike, np.array(["a", "a"]), decided=True)
    few_mixes = replace(LEDNING, fewest_mixes=1)
    at = {few: grade([replace(decided, differs=(0, few))], few_mixes) for few in (0, 1, 4, 5, 6)}
    assert at == {0: EXACT, 1: ROUND, 4: ROUND, 5: EXACT, 6: EXACT}
    assert grade([replace(decided, antal=np.array([10, 9]))], few_mixes) == ROUND
    least = {n: grade([Priced(np.array([n, 1]), alike, np.array(["a", "a"]))], few_mixes) for n in (3, 4)}
    assert least == {3: WITHHOLD, 4: ROUND}  # four persons and five


def test_persons_without_a_price_make_no_measurement_large():
    """Eight persons with a price and thirty without: the amount is the eight's, and eight are too few for the krona."""
    listed = np.array([2142.0, 2384.0, 2737.0, 3402.0, 4067.0, 4759.0, np.nan]) * 366
    mix = Priced(np.array([1, 1, 2, 2, 1, 1, 30]), listed, np.array(["g"] * 6 + ["d"]), decided=True)
    assert grade((mix,), LEDNING) in (ROUND, WITHHOLD)


def test_twelve_residents_are_rounded_and_one_level_is_withheld():
    mixed, same = np.array([0, 0, 1, 5, 3, 2, 1]), np.array([0, 0, 0, 0, 0, 0, 25])
    group = np.array(["g"] * 7)
    assert grade([Priced(mixed, PRICES, group, decided=True)], LEDNING) == ROUND
    assert grade([Priced(same, PRICES, group, decided=True)], LEDNING) == WITHHOLD
    assert not hides_levels(Priced(same, PRICES, group), 50_000, 100)
    assert grade([Priced(0 * mixed, PRICES, group)], LEDNING) == EXACT  # nobody


def test_one_person_with_the_level_that_a_scenario_prices_is_told_however_many_mixes_the_others_make():
    """Only one person is paid more, in every mix that fits; the others' 40 make more than 2**53 of them."""
    antal, raised = np.zeros((8, 7)), np.zeros((8, 7))
    antal[:, -1], antal[0, 0], raised[0, 0] = 5, 1, 366_000
    groups = np.repeat([*"abcdefgh"], 7)
    assert not hides_levels(Priced(antal.ravel(), raised.ravel(), groups), 50_000, 100)


@given(st.lists(st.sets(st.integers(0, 12), max_size=4), min_size=1, max_size=12))
def test_between_any_two_periods_nobody_or_enough_have_moved(moved):
    period = periods(moved, 5)
    assert period == sorted(period) and period[0] == 0
    for cut in range(1, max(period) + 1):
        now = [who for who, number in zip(moved, period, strict=True) if number in (cut - 1, cut)]
        who = set().union(*now)
        assert not any(moved[1:]) or len(who) >= 5


def _result(**more) -> Result:
    frame = pd.DataFrame({"del": ["A", "B", "C", "D", "Hela"], "antal": [17.0, 8, 6, 3, 34]})
    columns = (Column("del", "Del"), Column("antal", "Antal", "medarbetare", 0, tells=("medarbetare",)))
    people = People(pd.DataFrame([{"A": 17, "B": 8, "C": 6, "D": 3}]))
    figure = KeyFigure(6, "medarbetare", "Antal i C", tells=(("medarbetare", "C"),))
    return Result(
        rubrik="",
        underrubrik="",
        sammanfattning=[],
        nyckeltal={"c": figure},
        tabeller={"t": Table("t", "T", frame, columns, part="del")},
        people={"medarbetare": people},
        say=lambda result: [str(result.nyckeltal["c"].varde)],
        **more,
    )


def test_tables_and_figures_hide_the_same_parts_and_say_so():
    shown = protect(_result(), LEDNING)
    assert shown.tabeller["t"].frame["antal"].isna().tolist() == [False, False, True, True, False]
    assert shown.tabeller["t"].celler == {
        (2, "antal"): ("skyddas", "få personer"),
        (3, "antal"): ("skyddas", "få personer"),
    }
    assert shown.nyckeltal["c"].as_json()["skyddas"] == "få personer"
    assert shown.sammanfattning == ["None"]


def test_a_number_that_is_neither_shown_nor_written_is_in_no_others_table():
    whole = _result()
    beside = whole.tabeller["t"].frame.assign(sjuka=[1.0, 2, 0, 1, 4], namn="x", flagga=True)
    result = replace(whole, tabeller={"t": replace(whole.tabeller["t"], frame=beside)})
    assert set(protect(result, LEDNING).tabeller["t"].frame) == {"del", "antal", "namn", "flagga"}
    assert "sjuka" in protect(result, Policy("arbetsmaterial")).tabeller["t"].frame


def test_working_papers_show_all():
    shown = protect(_result(), Policy("arbetsmaterial"))
    assert shown.tabeller["t"].frame["antal"].tolist() == [17, 8, 6, 3, 34] and shown.sammanfattning == ["6"]


@pytest.mark.parametrize(("audience", "slope"), [("arbetsmaterial", 3402.0), ("ledning", None), ("offentlig", None)])
def test_a_dial_moves_by_what_the_audience_may_see_of_each_setting(audience, slope):
    def whole(persons: int) -> Result:
        figure = KeyFigure(3402.0 * persons, "kr", "Kostnad", tells=(("boende", ""),))
        return Result.of(
            [], rubrik="", underrubrik="", nyckeltal={"kr": figure}, people={"boende": People.one(persons)}
        )

    def turn(shown, protected):
        few = protected(whole(1)).nyckeltal["kr"].varde
        known = few is not None
        points = [(0, 0.0), (1, few if known else 0.0 * shown.nyckeltal["kr"].number)]
        return (Slider("d", "Fler", "", 0, 1, 1, 0, {"kr": {"a": points}}),)

    found = protect(replace(whole(12), turn=turn), Policy(audience)).skjutreglage
    points = [slider.verkar_pa["kr"]["a"][-1] for slider in found]
    assert points == ([] if audience == "offentlig" else [(1, slope or 0.0)])


def test_a_mark_is_moved_where_all_its_places_are_known_and_something_is_tried():
    """Two marks of a figure, one with a place unknown; and a page whose sentence says nothing that a dial moves."""
    dial = Slider("d", "Fler", "", 0, 1, 1, 0, {"kr": {"a": [(0, 0.0), (1, 5.0)]}})
    how = {"oppen": ("kr",), "ritas": True}
    marks = [Grid(name, ("d",), ((0, 1),), np.array([0, kr]), **how) for name, kr in (("m", 5), ("n", np.nan))]
    figures = {name: KeyFigure(1.0, "kr", "Kostnad") for name in ("kr", "annat")}
    whole = Result.of([], rubrik="", underrubrik="", nyckeltal=figures, skjutreglage=(dial,), rutor=tuple(marks))
    for audience in ("arbetsmaterial", "ledning"):
        assert [grid.nyckeltal for grid in protect(whole, Policy(audience)).rutor] == ["m"]
    assert protect(replace(whole, prov="Det kostar {annat}."), Policy("arbetsmaterial")).rutor == ()


def test_each_cell_fixed_in_turn_leaves_the_mixes_that_counting_all_of_them_finds():
    """All mixes of each group are laid beside all of the others', and those counted that have as many in the cell."""
    rng, compared = np.random.default_rng(1), 0
    for _ in range(60):
        cells = int(rng.integers(2, 7))
        prices = np.where(rng.random(cells) < 0.1, np.nan, rng.integers(5, 40, cells) * rng.choice([1.0, 12.0, 100.0]))
        priced = Priced(rng.integers(0, 3, cells), prices, rng.choice(["a", "b", "c"], cells))
        held = np.flatnonzero((priced.antal > 0) & np.isfinite(priced.pris))
        for within in (0, 50.0) if len(held) else ():
            every = _fitting_mixes(priced, within)
            assert fitting(priced, within) == len(every)
            found = sorted(_Grid.of(priced, within).with_each_fixed(held))
            assert found == sorted((every[:, cell] == priced.antal[cell]).sum() for cell in held)
            compared += len(held)
    assert compared > 200


def _fitting_mixes(priced: Priced, within: float) -> np.ndarray:
    """(mix, cell) all ways to put each group's persons on its prices that give an amount near enough."""
    known, whole = np.isfinite(priced.pris), np.zeros((1, len(priced.antal)))
    for group in np.unique(priced.grupp[known]):
        own = np.flatnonzero(known & (priced.grupp == group))
        mixes = np.array([*_mixes(len(own), priced.antal[own].sum())])
        whole = np.repeat(whole, len(mixes), axis=0)
        whole[:, own] = np.tile(mixes, (len(whole) // len(mixes), 1))
    kr = np.where(known, priced.pris, 0.0)
    return whole[abs(whole @ kr - priced.antal @ kr) <= within]


def test_an_effect_of_few_persons_is_named_and_taken_away():
    rows = pd.DataFrame([("prov:1", "ersattning", "2024-01", 2000.0)], columns=["forandring", "effekt", "manad", "kr"])
    few = Priced(np.array([2.0]), np.array([1000.0]), np.array(["a"]))
    found = protect_effects(Effects(rows, priced={"prov:1": ("Två in", (few,))}), Policy("ledning"))
    assert (len(found.rows), found.unknown) == (0, ("Två in (skyddas: få personer)",))


@pytest.mark.parametrize(("second", "merged"), [("a", True), ("abcdef", False)])
def test_months_in_which_few_moved_are_shown_together(second, merged):
    """Since the first month one person has moved, or six."""
    frame = pd.DataFrame({"manad": ["2024-01", "2024-02"], "antal": [1, 7]})
    together = pd.DataFrame({"manad": ["2024-01–02"], "antal": [7]})
    columns = (Column("manad", "Månad"), Column("antal", "Antal"))
    table = Table("t", "T", frame, columns, moved=[set(), set(second)], together=lambda labels: together)
    assert len(_merged_in_time(table, Policy("ledning")).frame) == (1 if merged else 2)


def test_what_others_see_is_worked_out_without_the_whole_and_is_the_same_as_of_it():
    made = []

    def view(study):
        made.append(study)
        return replace(_result(), rubrik=study)

    whole_view = Standing(view, lambda study, limits: f"{study} till {limits.smallest}")
    seen = protect(whole_view.unmade("räknat"), LEDNING)
    assert made == [f"räknat till {LEDNING.smallest}"]
    of_whole = protect(whole_view("räknat"), LEDNING)
    assert (seen.rubrik, seen.nyckeltal) == (of_whole.rubrik, of_whole.nyckeltal)
    assert protect(whole_view("räknat"), Policy("arbetsmaterial")).rubrik == "räknat"


@pytest.mark.parametrize(("audience", "noted"), [("arbetsmaterial", []), ("ledning", [SMALLEST])])
def test_the_rules_of_what_is_shown_are_noted_where_something_may_be_withheld(audience, noted):
    value = SimpleNamespace(varde=7)
    rules = SimpleNamespace(series={SMALLEST: [value]}, value=lambda key, day: value)
    journal = SimpleNamespace(rules={})
    case = SimpleNamespace(ar=2024, spridning=audience, journal=journal, sources=SimpleNamespace(rules=rules))
    assert policy(case).smallest == 7 and [key for key, _ in journal.rules] == noted
