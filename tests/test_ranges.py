"""Whether a range holds as often as it says: drawn units, seeded, and the sample's own year."""

import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from drawn_units import AFTER, held
from hypothesis import given
from hypothesis import strategies as st

from planbok import cli
from planbok.analysis.uncertainty import order, reach
from planbok.base.numbers import as_shown
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.ledger.act import FRAME, MEASURE
from planbok.report.text import meeting
from planbok.topics import follow_up
from planbok.topics.follow_up import accuracy
from planbok.topics.lss_peng.outlook import simulate


@pytest.mark.parametrize("years", [2, 3, 4, 6])
def test_eight_of_ten_is_75_to_88_of_100_from_two_whole_years(years):
    share = held(years)
    assert set(share) == set(AFTER)
    assert 75 <= np.mean(list(share.values())) <= 88
    assert all(74 <= value <= 89 for value in share.values()), share  # 300 draws: two points either way


@pytest.mark.parametrize("years", [2, 3])
def test_errors_shared_by_eight_units_hold_78_to_92_of_100(years):
    share = held(years, units=296, pooled=True)
    assert 78 <= np.mean(list(share.values())) <= 92, share


def test_the_reach_of_few_errors_is_the_t_quantile_of_the_tables():
    """Student's t, 90th percentile, 1-3 degrees of freedom: 3.078, 1.886, 1.638 (any statistical table)."""
    for count, quantile in ((1, 3.078), (2, 1.886), (3, 1.638)):
        assert reach(np.full(count, 2.0), 0.8) == pytest.approx(2 * quantile, abs=1e-3)
    assert [order(n, 0.8) for n in (3, 4, 5, 9)] == [None, 4, 5, 8]


@pytest.mark.parametrize("enhet", ["exempelenheten", "exempel_stod", "exempel_assistans"])
def test_the_samples_year_lands_in_its_ranges_of_april_and_august(enhet):
    became = follow_up.study.study(open_case("manadsprognos", enhet=enhet, ar=2024, tom_manad=12))
    for tom in (4, 8):
        spann = follow_up.study.study(open_case("manadsprognos", enhet=enhet, ar=2024, tom_manad=tom)).spann
        assert spann.lag <= became.prognosis.amounts.prognos <= spann.hog


def test_shared_errors_are_per_cent_without_kronor_and_are_read_where_the_own_are_too_few(tmp_path, capsys):
    data = tmp_path / "data"
    shutil.copytree(SAMPLE, data)
    assert cli.main(["fel", "--data", str(data), "--ut", str(data / "prognosfel.csv")]) == 0
    table = pd.read_csv(data / "prognosfel.csv")
    assert list(table.columns) == ["ar", "tom_manad", "metod", "fel_procent"]
    assert set(table["metod"]) >= {"vald", "rak", "profil", "forra_aret"}
    assert table["fel_procent"].abs().max() < 100
    sources = load_sources(Folders((PARAMS,), data))
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=4, sources=sources)
    spann = follow_up.study.study(case).spann
    mine = table[(table["metod"] == "vald") & (table["tom_manad"] == 4)]
    assert (spann.kalla, spann.antal) == (accuracy.POOLED, len(mine))


def test_no_outturn_gives_no_errors_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    assert cli.main(["fel", "--data", str(tmp_path / "data"), "--ut", str(tmp_path / "fel.csv")]) == 2
    assert not (tmp_path / "fel.csv").exists()
    assert "utfall" in capsys.readouterr().err


def test_the_stated_ends_of_changes_and_measures_join_the_methods_error():
    """Independent parts: 3 from the method, 4 from a change, 5 together; a measure only lowers the year."""
    ends = [(96e6, 104e6)]
    spann = accuracy.spread(100e6, accuracy.HISTORY, np.full(4, 3.0), 0.8, ends)
    assert (spann.lag, spann.hog) == pytest.approx((95e6, 105e6))
    spann = accuracy.spread(100e6, accuracy.HISTORY, np.full(4, 3.0), 0.8, [(96e6, 100e6)])
    assert (spann.lag, spann.hog) == pytest.approx((95e6, 103e6))


def test_each_measures_ends_are_what_is_left_of_it_alone():
    """Of 10 that is left of 5 a month, stated 4–6: 8–12; of 30 at even odds: 60 or nothing. The planned is apart."""

    def measure(limits, likely):
        return SimpleNamespace(typ=MEASURE, kr_per_manad=5.0, sannolikhet_andel=likely, limits=lambda: limits)

    scenario = [SimpleNamespace(nr=1, change=measure((4, 6), None)), SimpleNamespace(nr=2, change=measure(None, 0.5))]
    parts = pd.DataFrame({"nr": [1, 1, 2], "planerad": [False, True, False], "kvar": [-10.0, -99.0, -30.0]})
    found = SimpleNamespace(amounts=SimpleNamespace(prognos=100.0), parts=parts)
    ends = follow_up.study.uncertain_ends(SimpleNamespace(case=SimpleNamespace(scenario=scenario), prognosis=found))
    assert [sorted(end) for end in ends] == [pytest.approx([88, 92]), pytest.approx([40, 100])]


def test_what_moves_the_frame_is_not_put_to_the_model():
    """90 of a cost after September evenly over three months; 50 of the frame, and 30 of a measure only when asked."""
    parts = pd.DataFrame({"typ": ["belopp", "belopp", MEASURE], "side": [0, FRAME, 0], "leaf": 0})
    parts["kvar"] = [90.0, 50.0, 30.0]
    books = SimpleNamespace(leaves=[0], tom=9)
    one = SimpleNamespace(parts=parts, books=books, moves=SimpleNamespace(months=np.zeros((3, 12))))
    for measures, kr in ((False, 30), (True, 40)):
        assert follow_up.model.Prognosis.spread(one, measures).tolist() == [[0] * 9 + [kr] * 3]


def moves_of_a_unit(rng: np.random.Generator, rates: dict[str, float], days: int) -> dict[str, np.ndarray]:
    """What a fixture's moves of some days mean for a year, kr: places by level, and steps between levels."""
    places, steps = 365 * np.array([999.0, 1368.0, 2737.0, 3402.0, 3883.0]), 365 * np.array([-500.0, 400.0, 700.0])
    count = {kind: rng.poisson(rate * days / 365) for kind, rate in rates.items()}
    return {
        "in": rng.choice(places, count["in"]),
        "ut": -rng.choice(places, count["ut"]),
        "niva": rng.choice(steps, count["niva"]),
    }


def test_the_next_measurement_lands_in_its_range_in_75_to_88_of_100_fixture_years():
    rng, inside = np.random.default_rng(5), []
    for _ in range(200):
        rates = {"in": rng.uniform(6, 14), "ut": rng.uniform(6, 14), "niva": rng.uniform(3, 8)}
        history, ahead = moves_of_a_unit(rng, rates, 3 * 365), moves_of_a_unit(rng, rates, 180)
        spann = simulate(0.0, history, 3 * 365, 180)
        inside.append(spann.lag <= sum(float(kr.sum()) for kr in ahead.values()) <= spann.hog)
    assert 75 <= 100 * np.mean(inside) <= 88


money = st.floats(-500, 500)


@given(money, money)
def test_two_numbers_and_their_difference_meet_as_shown_and_are_never_off_by_more_than_a_last_digit(first, second):
    places, shown = meeting(first, second)
    assert float(as_shown(first, places) - as_shown(second, places)) == shown
    assert abs(first - second - shown) <= 1.01 * 10**-places
