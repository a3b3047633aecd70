"""The rest of the year by each method, and how good each has been, recalculated a series at a time."""

from math import isnan, nan

import numpy as np
import pytest

from planbok.analysis import forecast
from planbok.analysis.forecast import Past, backtest, chosen, errors, every_method

TOLD = ("rak", "profil", "forra_aret", "manadsbudget", "drivare")
YEARS = {
    "even": [2] * 12,
    "winter": [9, 5, 1, 0, 0, 0, 0, 0, 0, 2, 3, 7],
    "one_krona": [1] + [0] * 11,
    "last_krona": [0] * 11 + [1],
    "nothing": [0] * 12,
    "paid_back": [4] + [0] * 10 + [-5],
    "evens_out": [3, -3] + [0] * 10,
    "late_start": [0] * 6 + [5] * 6,
    "falls_below": [-2] + [0] * 9 + [3, 3],
    "unknown": [nan] + [1] * 11,
}
NAMES = [*YEARS]
rng = np.random.default_rng(17)


def drawn(*before: int) -> np.ndarray:
    """Years of odd shapes, (…, series, 12)."""
    found = [YEARS[name] for name in rng.choice(NAMES, int(np.prod(before)))]
    return np.array(found, float).reshape(*before, 12)


def received(tom: int, late: int) -> int:
    return 12 if tom == 12 else max(tom - late, 0)


def as_booked(money: list[float], late: int) -> list[float]:
    found = [0.0] * 12
    for month, kr in enumerate(money):
        found[min(month + late, 11)] += kr
    return found


def by_shares(path: list[float] | None, tom: int) -> tuple[float, float] | None:
    if path is None or isnan(sum(path)) or sum(path[:tom]) <= 0 or sum(path) <= 0:
        return None
    return sum(path) / sum(path[:tom]), 0.0


def mean_shares(years: list[list[float]]) -> list[float] | None:
    whole = [[kr / sum(year) for kr in year] for year in years if sum(year) > 0]
    return [sum(month) / len(whole) for month in zip(*whole, strict=True)] if whole else None


def methods(years: list, budget: list, driven: list, tom: int, late: int) -> dict[str, tuple | None]:
    """Each method's factor and what it adds, and how it lays out the rest; None where it can't be used."""
    had, last = received(tom, late), years[-1] if years else None
    even, rest = 12 / had if had else None, sum(budget[had:])
    grown = sum(driven) - sum(driven[:had]) * even if had else nan
    profile = mean_shares(years)
    found = {
        "rak": ((even, 0.0) if had else None, as_booked([1] * 12, late)),
        "profil": (by_shares(profile, tom), profile),
        "forra_aret": (by_shares(last, tom), last),
        "manadsbudget": (None if isnan(rest) else (1.0, rest), as_booked(budget, late)),
        "drivare": (None if isnan(grown) else (even, grown), as_booked(driven, late)),
    }
    return {name: (*line, path) if line else None for name, (line, path) in found.items()}


def laid_out(rest: float, path: list[float], tom: int) -> list[float]:
    """What remains of a year by month: as the path lies, evenly where it does not say."""
    ahead = sum(path[tom:])
    if isnan(ahead) or not ahead:
        path, ahead = [1] * 12, 12 - tom
    return [0.0] * tom + [rest * kr / ahead for kr in path[tom:]]


def same(found, expected) -> bool:
    return found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("tom", range(1, 13))
@pytest.mark.parametrize("count", [0, 1, 3])
def test_each_method_and_what_is_used_in_its_place(tom, count):
    series, to_date = 24, 7.0
    years, budget, driven = drawn(count, series), drawn(series), drawn(series)
    late, wanted = rng.integers(0, 3, series), rng.choice(TOLD, series)
    found = every_method(Past(years, budget, driven), tom, late)
    used, together = chosen(wanted, found)
    alone, _ = chosen(wanted, found, ())
    year, months = together.year(np.full(series, to_date)), together.months(np.full(series, to_date))
    for n in range(series):
        said = methods(years[:, n].tolist(), budget[n].tolist(), driven[n].tolist(), tom, int(late[n]))
        for name, its in said.items():
            method = found[name]
            assert same((method.factor[n], method.added[n]), its[:2]) if its else isnan(method.factor[n])
        first = [wanted[n], *(["manadsbudget"] if wanted[n] == "drivare" else []), "rak", "manadsbudget"]
        name = next((name for name in first if said[name]), "")
        assert (used[n], alone[n]) == (name, wanted[n] if said[wanted[n]] else "")
        if name:
            factor, added, path = said[name]
            assert same(year[n], factor * to_date + added)
            assert same(months[n].tolist(), laid_out(factor * to_date + added - to_date, path, tom))


def test_of_what_drives_a_row_nothing_is_said_where_no_topic_speaks():
    found = every_method(Past(drawn(1, 3), drawn(3)), 4, np.zeros(3, int))
    assert np.isnan(found["drivare"].factor).all()


def test_the_year_before_as_it_was():
    last = [YEARS["winter"], YEARS["late_start"]]
    found = forecast.seasonal_naive(np.array([drawn(2), last]), 10)
    assert found.year(np.array([10.0, 20.0])).tolist() == [10 + 3 + 7, 20 + 5 + 5]
    assert np.isnan(forecast.seasonal_naive(np.zeros((0, 1, 12)), 3).factor).all()


def test_what_each_would_have_said_of_past_years():
    """Only the years before are known; where nothing was ever booked the answer is nothing."""
    count, series = 3, 30
    years, budgets, driven = drawn(count, series), drawn(count, series), drawn(count, 11, series)
    years[:, 0], years[:, 1] = 0, [YEARS["nothing"], YEARS["nothing"], YEARS["late_start"]]
    late, wanted = rng.integers(0, 3, series), rng.choice(TOLD, series)
    found = backtest(years, budgets, late, wanted, driven)
    assert [*found] == ["vald", *TOLD, "sasongsnaiv"]
    for place in range(count):
        for tom in range(1, 12):
            for n in range(series):
                before, to_date = years[:place, n].tolist(), sum(years[place, n, :tom])
                given = (before, budgets[place, n].tolist(), driven[place, tom - 1, n].tolist())
                said = methods(*given, tom, int(late[n]))
                naive = sum(before[-1][tom:]) if before else nan
                said |= {"vald": said[wanted[n]], "sasongsnaiv": None if isnan(naive) else (1.0, naive)}
                never = before and not any(kr for year in before for kr in year) and to_date == 0
                for name, its in said.items():
                    expected = 0.0 if never else its[0] * to_date + its[1] if its else nan
                    assert same(found[name][place, tom - 1, n], expected)


def test_forecasts_beside_what_the_years_became():
    """Revenue counts against cost; a group of which one series can't be said is left out, and so is the whole."""
    years = np.array([[[1.0] * 12, [2.0] * 12, [5.0] * 12]])
    said = {"rak": np.full((1, 11, 3), 10.0), "profil": np.full((1, 11, 3), 20.0)}
    said["profil"][0, 10, 2] = nan
    frame = errors(said, years, np.array([1, -1, 1]), np.array([1, 0, 1]), ["a", "b", "alla"])
    rows = {(r.metod, r.tom_manad, r.grupp): (r.ar, r.prognos_kr, r.utfall_kr) for r in frame.itertuples()}
    became, of = {"a": -24, "b": 72, "alla": 48}, {"a": -1, "b": 2, "alla": 1}
    expected = {
        (name, tom, group): (0, of[group] * kr, became[group])
        for name, kr in (("rak", 10), ("profil", 20))
        for tom in range(1, 12)
        for group in became
        if (name, tom) != ("profil", 11) or group == "a"
    }
    assert rows == expected and len(frame) == len(expected)
