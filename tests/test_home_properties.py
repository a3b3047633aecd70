"""What must hold for any home: against a plain count of every flat and day, and of every mix of levels."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations_with_replacement, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planbok.base.periods import spans
from planbok.topics.group_home import simulate
from planbok.topics.group_home.dials import by_month, figures, one_more_known, turned
from planbok.topics.group_home.families import Terms
from planbok.topics.group_home.homes import Flats, Home, flat_faults, home_faults, later, opened
from planbok.topics.group_home.levels import around, distribution, mixes, spread
from planbok.topics.group_home.model import Conditions, Year
from planbok.topics.group_home.others import FULL_YEAR, effects_of_year
from planbok.topics.group_home.people import paid
from planbok.topics.group_home.simulate import Risks, draw, position
from planbok.topics.group_home.steps import _moved, amounts_by_effect, level_step, net_cost, turns
from planbok.topics.group_home.study import no_prices

AR = 2024
LEVELS = ("1", "2", "3")
PRICES = np.array([1000.0, 2000.0, 3500.0])
FIRST, LAST = date(AR, 1, 1), date(AR, 12, 31)
WITHIN_KR = 0.01
days = st.dates(date(AR - 1, 6, 1), date(AR + 1, 3, 31))


@st.composite
def homes(draw_) -> Home:
    oppnar = draw_(days)
    count = draw_(st.integers(1, 5))
    lag = np.array(draw_(st.lists(st.integers(0, 20_000), min_size=count, max_size=count)), float)
    more = np.array(draw_(st.lists(st.integers(0, 3_000), min_size=count, max_size=count)), float)
    moves = [oppnar + timedelta(draw_(st.integers(0, 200))) for _ in range(count)]
    niva = tuple(draw_(st.sampled_from(("", *LEVELS))) for _ in range(count))
    ones = np.ones(count, dtype=int)
    flats = Flats(lag, lag + more, np.array(moves, dtype="datetime64[D]"), niva, ones, 0 * ones, np.full(count, np.nan))
    before = [draw_(st.none() | st.integers(0, 90).map(lambda n: oppnar - timedelta(n))) for _ in range(2)]
    return Home(
        boende="hemmet",
        enhet="enheten",
        insats="gruppbostad",
        regi="kommunal",
        platser=count + draw_(st.integers(0, 2)),
        oppnar=oppnar,
        tilltrade=before[0],
        personal_fran=before[1],
        startkostnad_kr=draw_(st.sampled_from((float("nan"), 0.0, 100_000.0))),
        arsarbetare=draw_(st.floats(0, 20)),
        kr_per_arsarbetare=600_000.0,
        lokalhyra_kr=draw_(st.sampled_from((0.0, 57_500.0))),
        flats=flats,
    )


def conditions(andel: float = 0.9, limit: float = 7875.0, cuts: list[date] = ()) -> Conditions:
    year = spans(AR, cuts)
    terms = Terms("stockholm", {"genomsnittshyra": limit, "andel": andel})
    return Conditions(
        ar=AR,
        spans=year,
        terms=(terms,) * len(year),
        terms_full=terms,
        levels=LEVELS,
        peng=np.tile(PRICES[:, None], len(year)),
        shares=np.array([0.2, 0.3, 0.5]),
        matdagar=(date(AR, 3, 31), date(AR, 8, 27)),
        matvikter=(np.zeros(len(year)), np.ones(len(year))),
    )


def months_of(fran: date) -> float:
    """Months of the year from a day on, counted day by day."""
    found, day = 0.0, max(fran, FIRST)
    while day <= LAST:
        found += 1 / monthrange(day.year, day.month)[1]
        day += timedelta(1)
    return found


@given(homes())
def test_rents_and_kbh_are_those_of_a_plain_count_of_days(home):
    year = Year(home, conditions())
    let = [months_of(day.item()) for day in home.flats.inflyttning]
    for which in ("lag", "hog"):
        rent = getattr(home.flats, which)
        assert year.rent(which).sum() == pytest.approx(rent.sum() * months_of(home.oppnar), abs=WITHIN_KR)
        assert year.let_rent(which).sum() == pytest.approx(rent @ let, abs=WITHIN_KR)
        kbh = 0.9 * np.maximum(0, rent - 7875) @ let
        assert year.kbh(which).sum() == pytest.approx(kbh, abs=WITHIN_KR)
    assert (year.let_rent("mid") + year.empty_rent).sum() == pytest.approx(year.rent("mid").sum(), abs=WITHIN_KR)
    start = home.personal_fran or home.oppnar
    assert year.staff.sum() == pytest.approx(home.personal_kr * months_of(start), abs=WITHIN_KR)


@given(homes(), st.lists(st.dates(FIRST, LAST), max_size=3))
def test_cutting_the_year_moves_nothing(home, cuts):
    plain, cut = Year(home, conditions()), Year(home, conditions(cuts=cuts))
    one, other = (by_month(year).set_index("manad") for year in (plain, cut))
    assert list(one.index) == list(other.index)
    assert np.allclose(one.to_numpy(), other.to_numpy(), atol=WITHIN_KR, equal_nan=True)


@given(homes())
def test_effects_on_the_budget_are_the_result_and_kbh(home):
    year = Year(home, conditions())
    net = net_cost(year)
    known = year.result.sum() - year.kbh("mid").sum()
    assert net.kr_ram - net.kr == pytest.approx(known, abs=WITHIN_KR, nan_ok=True)
    parts = amounts_by_effect(year)
    assert sum(part.kr for part in parts.values()) == pytest.approx(net.kr, abs=WITHIN_KR, nan_ok=True)
    if max(home.oppnar, *(d or FIRST for d in (home.tilltrade, home.personal_fran))) <= LAST:
        full = year.result_full_year - year.full["kbh_mid"]
        assert net.kr_ram_helar - net.kr_helar == pytest.approx(full, abs=WITHIN_KR)


@given(homes())
def test_cost_before_opening_is_that_of_a_plain_count_and_needs_each_amount_that_is_due(home):
    earliest = min(day for day in (home.tilltrade, home.personal_fran, home.oppnar) if day)
    start = home.startkostnad_kr if earliest.year == AR else 0.0
    due = {"lokalhyra": (home.tilltrade, home.lokalhyra_kr), "personal": (home.personal_fran, home.personal_kr)}
    expected = {n: kr * (months_of(day or home.oppnar) - months_of(home.oppnar)) for n, (day, kr) in due.items()}
    year = Year(home, conditions())
    assert year.before == pytest.approx(expected | {"startkostnad": start}, abs=WITHIN_KR, nan_ok=True)
    assert year.before_opening == pytest.approx(sum(expected.values()) + start, abs=WITHIN_KR, nan_ok=True)
    assert np.isnan(year.result.sum()) == np.isnan(start)
    assert not np.isnan(year.result_full_year)


@given(homes())
def test_a_step_is_known_though_the_start_cost_is_not(home):
    known = replace(home, startkostnad_kr=0.0)
    unknown = replace(home, startkostnad_kr=np.nan)
    both = (turns(Year(h, conditions())) for h in (known, unknown))
    for (_, _, one), (_, _, other) in zip(*both, strict=True):
        moved = [_moved(turn, Year(h, conditions())) for turn, h in ((one, known), (other, unknown))]
        within_the_year = all(y.first_day.year == AR for y in (home, other.home))
        if within_the_year:
            assert moved[0] == pytest.approx(moved[1], abs=WITHIN_KR)


@given(homes())
def test_empty_rent_is_an_effect_only_without_premises(home):
    found = effects_of_year(Year(home, conditions()))
    assert ("tomgangshyra" in found) == (home.lokalhyra_kr == 0)
    assert ("lokalhyra" in found) == (home.lokalhyra_kr > 0)
    for kr in found.values():
        assert list(kr.index[:-1]) == [f"{AR}-{month:02d}" for month in range(1, 13)]
        assert kr.index[-1] == FULL_YEAR


@given(homes())
def test_peng_in_the_year_is_of_those_who_moved_in_by_the_measurement(home):
    year = Year(home, conditions())
    price = dict(zip(LEVELS, PRICES, strict=True)) | {"": float(np.array([0.2, 0.3, 0.5]) @ PRICES)}
    there = home.flats.inflyttning <= np.datetime64(date(AR, 8, 27))
    expected = 366 * sum(price[niva] for niva, inside in zip(home.flats.niva, there, strict=True) if inside)
    assert year.peng.sum() == pytest.approx(expected, abs=WITHIN_KR)


@given(st.integers(0, 6), st.integers(1, 7))
def test_mixes_are_those_that_can_be_listed(free, levels):
    assert mixes(free, levels) == len(list(combinations_with_replacement(range(levels), free)))


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=4, unique=True),
    st.integers(0, 4),
    st.randoms(use_true_random=False),
)
def test_the_distribution_is_that_of_every_outcome_in_turn(prices, free, random):
    weights = np.array([random.randint(0, 5) for _ in prices], float)
    assume(weights.sum() > 0)
    shares = weights / weights.sum()
    sums, chances = distribution(np.array(prices, float), shares, free)
    listed: dict[float, float] = {}
    for outcome in product(range(len(prices)), repeat=free):
        total = float(sum(prices[i] for i in outcome))
        listed[total] = listed.get(total, 0.0) + float(np.prod(shares[list(outcome)]))
    listed = {total: chance for total, chance in sorted(listed.items()) if chance > 0}
    assert sums.tolist() == pytest.approx(list(listed))
    assert chances.tolist() == pytest.approx(list(listed.values()))
    assert chances.sum() == pytest.approx(1)
    assert (np.diff(sums) > 0).all()


@given(homes())
def test_each_newly_known_resident_narrows_the_range_inside_the_one_before(home):
    year = Year(home, conditions())
    before = year.spread
    frame = one_more_known(year)
    assert len(frame) == (len(LEVELS) if year.known_levels()[-1] else 0)
    for row in frame.to_dict("records"):
        assert before.lagst * 366 <= row["lagst_kr"] <= row["forvantad_kr"] <= row["hogst_kr"] <= before.hogst * 366
        assert row["bredd_kr"] == pytest.approx((before.hogst - before.lagst - 2500) * 366)
    if len(frame):
        mean = float(np.array([0.2, 0.3, 0.5]) @ frame["forvantad_kr"].to_numpy())
        assert mean == pytest.approx(before.forvantad * 366)


@given(homes(), days)
def test_another_opening_day_moves_the_whole_plan_and_back(home, day):
    moved = opened(home, day)
    assert moved.oppnar == day
    assert (moved.flats.inflyttning >= np.datetime64(day)).all()
    assert [d is None for d in (moved.tilltrade, moved.personal_fran)] == [
        d is None for d in (home.tilltrade, home.personal_fran)
    ]
    assert opened(home, home.oppnar) is home
    if home.oppnar.day != day.day:
        back = opened(moved, home.oppnar)
        assert (back.flats.inflyttning == home.flats.inflyttning).all()


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 40))
def test_later_is_so_many_months(day, months):
    found = later(day, months)
    assert 12 * found.year + found.month == 12 * day.year + day.month + months
    assert found.day == min(day.day, monthrange(found.year, found.month)[1])


@given(homes())
def test_dials_that_stand_still_give_the_report(home):
    year = Year(home, conditions())
    assert figures(turned(year)) == pytest.approx(figures(year), nan_ok=True)


@given(homes(), st.integers(0, 20_000))
def test_dials_give_what_a_home_with_those_values_gives(home, hyra):
    found = figures(turned(Year(home, conditions()), hyra_kr=hyra, arsarbetare=7))
    rent = np.full(len(home.flats), float(hyra))
    changed = replace(home, arsarbetare=7.0, flats=replace(home.flats, lag=rent, hog=rent))
    assert found == pytest.approx(figures(Year(changed, conditions())), nan_ok=True)


def test_dials_refuse_what_cannot_be():
    home = a_home()
    year = Year(home, conditions())
    for known in ({"3": 6}, {"9": 1}):
        with pytest.raises(ValueError, match="known residents"):
            turned(year, kanda=known)
    known = turned(year, kanda={"3": 2}, manader_mellan=1)
    assert figures(known)["antal_nivafordelningar"] == mixes(3, 3)
    assert [day.item().month for day in known.home.flats.inflyttning] == [10, 11, 12, 1, 2]


def a_home(**more) -> Home:
    ones = np.ones(5, dtype=int)
    moves = np.array([f"{AR}-10-01"] * 5, dtype="datetime64[D]")
    flats = Flats(np.full(5, 11e3), np.full(5, 12e3), moves, ("",) * 5, ones, 0 * ones, np.full(5, np.nan))
    plain = {
        "boende": "hemmet",
        "enhet": "enheten",
        "insats": "gruppbostad",
        "regi": "kommunal",
        "platser": 5,
        "oppnar": date(AR, 10, 1),
        "tilltrade": None,
        "personal_fran": None,
        "startkostnad_kr": 0.0,
        "arsarbetare": 10.0,
        "kr_per_arsarbetare": 6e5,
        "lokalhyra_kr": 57_500.0,
        "flats": flats,
    }
    return Home(**plain | more)


@given(homes())
def test_the_first_draw_is_the_plan(home):
    year = Year(replace(home, platser=len(home.flats)), conditions())
    drawn = draw(year, Risks((0, 3), (0, 2)), draws=10, years=2)
    assert drawn.ranges(AR)["ar"].tolist() == [AR, AR + 1] * 3
    if home.first_day.year == AR:
        assert drawn.resultat[0, 0] == pytest.approx(year.result.sum(), abs=WITHIN_KR, nan_ok=True)
    assert drawn.kbh[0, 0] == pytest.approx(year.kbh("mid").sum(), abs=WITHIN_KR)
    assert drawn.tomgang[0, 0] == pytest.approx(year.empty_rent.sum(), abs=WITHIN_KR)


def test_draws_are_the_same_every_time_and_certain_where_nothing_is_uncertain():
    year = Year(a_home(), conditions())
    one, two = (draw(year, Risks((0, 3), (0, 2)), draws=500) for _ in range(2))
    assert (one.resultat == two.resultat).all()
    rent = np.full(5, 11_500.0)
    sure = a_home(flats=replace(a_home().flats, lag=rent, hog=rent, niva=("3",) * 5))
    still = draw(Year(sure, conditions()), Risks((0, 0), (0, 0)), draws=500)
    assert np.ptp(still.resultat, axis=0).max() < WITHIN_KR
    assert np.ptp(still.kbh, axis=0).max() < WITHIN_KR


def test_a_stated_highest_is_what_one_draw_in_ten_exceeds():
    rent = np.full(5, 12_000.0)
    home = a_home(flats=replace(a_home().flats, lag=rent, hog=rent))
    drawn = draw(Year(home, conditions()), Risks((0, 2), (0, 0)), draws=10_000, years=1)
    late = drawn.tomgang[1:, 0], drawn.kbh[1:, 0] / (5 * 0.9 * (12_000 - 7875))
    assert late[0].max() == 0  # a home that is not open has no empty flats
    assert np.percentile(late[1], 10) == pytest.approx(3 - 2, abs=0.05)


def test_every_step_of_the_sensitivity_turns_only_its_own_assumption():
    year = Year(a_home(), conditions())
    kr = {words: float(after.result.sum() - year.result.sum()) for _, words, after in turns(year)}
    assert kr["en månad senare, allt flyttas med"] == pytest.approx(500_000 + 57_500 - 57_500)
    assert kr["en månad senare, personal och lokal som planerat"] == pytest.approx(-57_500)
    assert kr["varje lägenhet en månad senare"] == pytest.approx(-57_500)
    assert kr["alla lägenheter till sin högsta"] == pytest.approx(3 * 2_500)
    assert kr["en årsarbetare till"] == pytest.approx(-150_000)


@given(st.floats(0, 5000))
def test_a_cost_lies_between_the_levels_around_it(kr):
    below, above = around(kr, LEVELS, PRICES)
    price = dict(zip(LEVELS, PRICES, strict=True))
    assert not below or price[below] <= kr
    assert not above or price[above] > kr
    assert below or kr < PRICES.min()
    assert above or kr >= PRICES.max()


def test_peng_without_prices_and_without_the_units_own_levels():
    found = spread(np.array([1.0, 2.0]), None, np.array([0, 1, 2]))
    assert (found.antal, found.lagst, found.hogst) == (3, 4.0, 6.0)
    assert np.isnan([found.forvantad, found.percentile(0.5)]).all()
    everyone = spread(np.array([1.0, 2.0]), None, np.array([2, 1, 0]))
    assert (everyone.antal, everyone.lagst, everyone.hogst, everyone.forvantad) == (1, 4.0, 4.0, 4.0)
    assert everyone.percentile(0.1) == everyone.percentile(0.9) == 4.0
    none = spread(np.array([]), None, np.array([2]))
    assert np.isnan([none.antal, none.lagst, none.hogst, none.forvantad, none.percentile(0.5)]).all()


def test_a_level_step_is_the_mean_step_over_a_full_year():
    assert level_step(Year(a_home(), conditions())) == pytest.approx((3500 - 1000) / 2 * 366)


def test_kbh_of_less_than_a_krona_is_kbh():
    terms = Terms("stockholm", {"genomsnittshyra": 7875.0, "andel": 0.9})
    flats = replace(a_home().flats, lag=np.full(5, 7875.0), hog=np.full(5, 7876.0))  # 0 to 0.90 kr a month
    assert paid(terms, flats).antal.to_numpy().tolist() == [[0, 5], [5, 0], [5, 0]]


@pytest.mark.parametrize(
    ("moves", "measured"),
    [
        ("2023-02-28", date(AR - 1, 3, 31)),  # a place that was let last year was counted then
        ("2023-03-31", date(AR - 1, 3, 31)),
        ("2023-04-01", date(AR - 1, 8, 27)),
        ("2023-08-28", date(AR, 3, 31)),
        ("2024-08-27", date(AR, 8, 27)),
        ("2024-08-28", date(AR + 1, 3, 31)),
        ("2025-08-28", None),
    ],
)
def test_the_first_measurement_is_the_first_on_or_after_the_first_day(moves, measured):
    flats = a_home().flats
    days = np.datetime64(moves) + np.arange(5)  # the others move in a day later each
    assert Year(a_home(flats=replace(flats, inflyttning=days)), conditions()).first_measured == measured


def test_the_years_after_the_first_pay_those_who_had_moved_in_by_their_own_measurement():
    """Measured 27 August: one on that day and one after it, this year and the next. 366 days at 100 kr."""
    cond = replace(conditions(), matvikter=(np.zeros(12), np.ones(12)))
    days = (date(AR, 8, 27), date(AR, 8, 28), date(AR + 1, 8, 27), date(AR + 1, 8, 28))
    moves = np.array([[position(day, AR) for day in days]])
    found = simulate._peng(SimpleNamespace(conditions=cond), moves, np.full((1, 4), 100.0), 3)
    assert found.tolist() == [[1 * 36_600, 3 * 36_600, 4 * 36_600]]


def test_the_year_that_is_said_to_be_nearest_has_a_price_of_the_homes_own_kind():
    rows = [(2016, "gruppbostad", "kommunal"), (2022, "gruppbostad", "kommunal"), (2023, "gruppbostad", "privat"),
            (2024, "servicebostad", "kommunal")]  # fmt: skip
    prices = pd.DataFrame(rows, columns=["ar", "insats", "regi"])
    case = SimpleNamespace(ar=2025, sources=SimpleNamespace(rules=SimpleNamespace(prices=prices)))
    home = a_home()
    assert no_prices(case, home).endswith("för gruppbostad i kommunal regi; närmast 2022")
    case.ar = 2018
    assert no_prices(case, home).endswith("närmast 2016")
    assert no_prices(case, replace(home, insats="korttid")).endswith("för korttid i kommunal regi")


@pytest.mark.parametrize("alike", [True, False])
def test_cash_is_drawn_at_the_ends_of_one_rent_and_at_every_rent_of_several(monkeypatch, alike):
    from planbok.topics.group_home import sliders

    at = {sliders.OPENS: [0.0, 1.0], sliders.PACE: [0.0, 1.0, 2.0], sliders.RENT: [-1.0, 1.0, 5.0]}
    at[sliders.STAFF] = [8.0, 9.0]
    size = {sliders.OPENS: 1000.0, sliders.PACE: 100.0, sliders.RENT: 10.0, sliders.STAFF: 1.0}
    monkeypatch.setattr(sliders, "_money", lambda tried, year: np.array([year, 2 * year]))
    year = SimpleNamespace(conditions=SimpleNamespace(ar=2024))
    tried = SimpleNamespace(
        alike=alike, year=year, axis=lambda name, alone: at[name],
        turned=lambda names, values: sum(size[name] * value for name, value in zip(names, values, strict=True)),
    )  # fmt: skip
    grids = list(sliders._cash(tried))
    assert [grid.nyckeltal for grid in grids] == [sliders.cash_until(month) for month in ("2024-01", "2024-02")] * 2
    first, staff = grids[0], grids[2]
    assert first.axlar[-1] == ((-1.0, 5.0) if alike else (-1.0, 1.0, 5.0))
    assert first.varden[1, 2].tolist() == ([1190, 1250] if alike else [1190, 1210, 1250])
    assert grids[1].varden[1, 2].tolist() == [2 * kr for kr in first.varden[1, 2]]
    assert staff.varden.tolist() == [[8, 9], [8, 9]]  # what the staff adds, whenever it opens


def test_there_are_as_many_drawn_years_as_are_asked_for_beside_the_plan():
    drawn = draw(Year(a_home(), conditions()), Risks((1, 2), (1, 2)), draws=7, years=3)
    assert {part.shape for part in (drawn.resultat, drawn.kbh, drawn.tomgang)} == {(8, 3)}
    assert drawn.ranges(AR)["ar"].tolist() == [AR, AR + 1, AR + 2] * 3


def test_rents_and_incomes_are_0_or_more_and_a_home_has_a_place_or_more():
    homes = {"boende": ["a", "b"], "platser": [1.0, 0.0], "oppnar": pd.to_datetime(["2024-05-01"] * 2), "_rad": [2, 3]}
    homes |= {"tilltrade": pd.to_datetime(["2024-05-01", "2024-05-02"]), "insats": "", "regi": ""}
    homes |= {"personal_fran": pd.to_datetime(["2024-05-02", None])}
    names = ("startkostnad_kr", "bemanning_arsarbetare", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad")
    homes |= {name: [0.0, -0.5] for name in names}
    found = {(fault.place, fault.line) for fault in home_faults(pd.DataFrame(homes), None, "boenden.csv")}
    wanted = {("kolumn platser", 3), ("kolumn tilltrade", 3), ("kolumn personal_fran", 2)}
    assert found == wanted | {(f"kolumn {name}", 3) for name in names}

    flats = {"boende": ["a", "a", "b"], "hyra_kr_per_manad_lag": [0.0, -1.0, 9.0], "_rad": [2, 3, 4], "hushall": ""}
    flats |= {"inkomst_kr_per_ar": [-0.5, 0.0, 0.5], "niva": ["", "", "9"], "lagenhet": "", "insats_x": ""}
    flats |= {"inflyttning": pd.to_datetime(["2024-05-01", "2024-04-30", None])}
    told = flat_faults(pd.DataFrame(flats), pd.DataFrame(homes), {"": {"9"}}, "lagenheter.csv")
    assert {(fault.place, fault.line, fault.code) for fault in told} == {
        ("kolumn hyra_kr_per_manad", 3, "negative"), ("kolumn inkomst_kr_per_ar", 2, "negative"),
        ("kolumn inflyttning", 3, "before_opening"), ("kolumn lagenhet", 3, "too_many_flats"),
    }  # fmt: skip


def test_known_residents_and_the_units_own_stand_behind_the_peng_to_the_krona():
    """Two at level 2 and one at level 3 are known; two places come as the unit's ten persons: 2, 3 and 5 by level."""
    from planbok.topics.group_home.people import NOBODY, known_peng, own_peng, peng_of_full_year

    year = Year(a_home(flats=replace(a_home().flats, niva=(LEVELS[1], LEVELS[1], LEVELS[2], "", ""))), conditions())
    prices, days = year.conditions.peng_full, year.conditions.days
    known, own = peng_of_full_year(year, 10).priced
    assert known.antal.tolist() == [0, 2, 1] and own.antal.tolist() == [2, 3, 5]
    assert float(known.antal @ known.pris) == pytest.approx((2 * prices[1] + prices[2]) * days)
    assert float(own.antal @ own.pris) == pytest.approx(2 * days * float(np.array([0.2, 0.3, 0.5]) @ prices))
    assert known_peng(year, np.zeros(3)) is NOBODY and own_peng(year, 0.0, 10) is NOBODY
