"""Whether a range holds as often as it says: drawn units, seeded, and the sample's own year."""

import numpy as np
import pytest
from drawn_units import AFTER, held

from planbok.analysis.uncertainty import order, reach
from planbok.case.case import open_case
from planbok.topics import follow_up


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
