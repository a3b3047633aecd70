"""Ranges, early warnings, volumes ahead and what closes a gap, recalculated a number at a time."""

from math import ceil, inf, nan, sqrt

import numpy as np
import pytest
from scipy.special import stdtrit  # scipy.stats has the same, and takes a second to load

from planbok.analysis import targets
from planbok.analysis.break_even import closing_change
from planbok.analysis.targets import LEVELS, Reading, Stated, meets, reading_of, slug, stated, target_row
from planbok.analysis.uncertainty import combined_interval, order, reach, t_reach
from planbok.analysis.volumes import ahead
from planbok.analysis.warning import FlagLimits, backtest, flags, means

rng = np.random.default_rng(31)


def mean_before(values: list[float], place: int, window: int) -> float:
    return sum(values[place - window : place]) / window if place >= window else nan


def flag(change: float, mean: float, share: float, least: float) -> int:
    size = abs(change)
    return int(np.sign(change)) if size >= share * mean - 1e-9 and size >= least - 1e-9 else 0


@pytest.mark.parametrize("months", [0, 1, 3, 4, 5, 8, 30])
@pytest.mark.parametrize("window", [1, 4])
def test_flags_and_how_often_they_were_false(months, window):
    series = rng.choice([10.0, 11, 12, 15, 20, 21, 40], size=(months, 3))
    limits = FlagLimits(window, np.array([0.1, 0.5, 0.0]), 5, 3)
    found, raised, tried = means(series, window), flags(series, limits), backtest(series, limits)
    for column, share in enumerate(limits.share):
        values = series[:, column].tolist()
        before = [mean_before(values, n, window) for n in range(months)]
        own = [flag(v - m, m, share, 5) for v, m in zip(values, before, strict=True)]
        assert found[:, column].tolist() == pytest.approx(before, nan_ok=True)
        assert raised[:, column].tolist() == own
        known = [n for n in range(months) if n + 3 < months and own[n]]
        false = [n for n in known if flag(values[n + 3] - before[n], before[n], share, 5) != own[n]]
        assert (tried.tried[column], tried.false[column]) == (len(known), len(false))


def test_a_change_of_exactly_the_limit_is_flagged():
    series = np.array([[20.0], [20.0], [25.0]])
    for share, least, flagged in ((0.25, 5, 1), (0.26, 5, 0), (0.25, 5.01, 0), (0.0, 5, 1)):
        assert flags(series, FlagLimits(2, np.array([share]), least, 1))[-1, 0] == flagged
    assert flags(-series + 40, FlagLimits(2, np.array([0.25]), 5, 1))[-1, 0] == -1


@pytest.mark.parametrize("count", range(13))
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_how_far_one_more_error_reaches(count, level):
    errors = rng.normal(size=count).tolist()
    sizes, place = sorted(map(abs, errors)), ceil(round(level * (count + 1), 6))
    assert order(count, level) == (place if place <= count else None)
    if not count:
        expected = None
    elif place <= count:
        expected = sizes[place - 1]
    else:
        expected = stdtrit(count, (1 + level) / 2) * sqrt(sum(size**2 for size in sizes) / count)
    assert reach(errors, level) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("degrees", range(1, 12))
def test_the_reach_of_t_is_the_published_distributions(degrees):
    for level in (0.1, 0.5, 0.8, 0.95):
        assert t_reach(degrees, level) == pytest.approx(stdtrit(degrees, (1 + level) / 2))


def test_parts_of_a_range_add_as_squares_on_their_own_side():
    ends = [(97.0, 103.0), (104.0, 96.0), (101.0, 112.0), (88.0, 99.0)]
    below, above = sqrt(3**2 + 4**2 + 12**2), sqrt(3**2 + 4**2 + 12**2)
    assert combined_interval(100.0, ends) == pytest.approx((100 - below, 100 + above))
    assert combined_interval(100.0, [(100.5, 102.0)]) == (100.0, 102.0)


def test_what_closes_a_gap():
    found = closing_change(100.0, 130.0, 5, 60.0)
    assert (found.kr, found.kr_per_manad, found.procent) == (-30, -6, -50)
    assert closing_change(100.0, 130.0, 12, 0.0).procent is None
    for months in (0, -1, 12.5):
        with pytest.raises(ValueError):
            closing_change(1.0, 2.0, months, 1.0)


@pytest.mark.parametrize(("first", "months"), [(1, 24), (5, 31), (12, 31)])
def test_months_ahead_of_a_season_and_a_trend_are_found_again(first, months):
    """A series that is exactly a level, a trend and a season goes on; the last residuals move it."""
    season = rng.normal(20, 4, 12)
    path = np.array([200 + 1.5 * t + season[(first - 1 + t) % 12] for t in range(months + 6)])
    found = ahead(path[:months, None], 6, 3, 24)[:, 0]
    assert found.tolist() == pytest.approx(path[months:].tolist())
    noisy = path[:months] + rng.normal(0, 3, months)
    columns = [[1.0 if (first - 1 + t) % 12 == m else 0.0 for m in range(12)] + [t] for t in range(months + 6)]
    design = np.array(columns)  # a level for each month in place of one and eleven differences
    fit = np.linalg.solve(design[:months].T @ design[:months], design[:months].T @ noisy)
    off = np.mean((noisy - design[:months] @ fit)[-3:])
    found = ahead(noisy[:, None], 6, 3, 24)[:, 0]
    assert found.tolist() == pytest.approx((design[months:] @ fit + off).tolist())


@pytest.mark.parametrize("months", [0, 1, 2, 12, 13, 20, 23])
@pytest.mark.parametrize("count", [0, 1, 12, 13])
def test_months_ahead_of_short_series(months, count):
    series = rng.integers(0, 9, (months, 2)).astype(float)
    found = ahead(series, count, 3, 24)
    assert found.shape == (count, 2)
    for column in (0, 1):
        values = series[:, column].tolist()
        if not months:
            expected = [0.0] * count
        elif months > 12 and count <= 12:
            before, now = sum(values[: months - 12]), sum(values[12:])
            expected = [values[months - 12 + n] * (now / before if before else 1) for n in range(count)]
        else:
            expected = [sum(values[-3:]) / len(values[-3:])] * count
        assert found[:, column].tolist() == pytest.approx(expected)
    assert (ahead(np.arange(40.0, 10.0, -1.0)[:, None], 60, 3, 24) >= 0).all()


def test_targets_are_met_at_the_target_and_held_against_the_next_level_where_there_is_none():
    assert [meets(v, 7.5, "lagre") for v in (7.4, 7.5, 7.6)] == [True, True, False]
    assert [meets(v, 7.5, "hogre") for v in (7.4, 7.5, 7.6)] == [False, True, True]
    assert meets(-inf, 0.0, "lagre") is True and meets(1.0, 1.0, "ingen") is None
    row = {"indikator": "Prov", "periodicitet": "år", "arsmal": "tas fram", "namndmal": "7,5 %", "kf_arsmal": "8 %"}
    found = target_row(row, "prov", Reading("lagre", "procent"), "VB", stated("7,8 %", Reading("lagre", "procent")))
    assert [found.levels[level].klaras for level in LEVELS] == [None, False, True]
    assert (found.galler, found.strictest) == ("namndmal", (7.5, "namndmal"))
    assert "nämndens mål gäller i stället" in found.anmarkning
    high = target_row(row, "prov", Reading("hogre", "procent"), "VB", stated("", Reading()), twice=True)
    assert high.strictest == (8.0, "kf_arsmal") and "två gånger" in high.anmarkning


@pytest.mark.parametrize(
    ("text", "reading", "number", "why", "said"),
    [
        ("", Reading(), None, "inget mål", ""),
        ("tas fram", Reading("lagre", "procent"), None, "text, inget tal", ""),
        ("7,5 %", Reading("lagre", "procent"), 7.5, "", ""),
        ("7,5 procent", Reading("lagre", "procent"), 7.5, "", ""),
        ("19", Reading("lagre", "procent"), 19, "", "19 saknar enhet i källan och läses som procent"),
        ("19", Reading("lagre", "antal"), 19, "", ""),
        ("19", Reading("lagre"), 19, "", ""),
        ("19 personer", Reading("lagre", "antal"), 19, "", ""),
        ("19 kr", Reading("lagre"), 19, "", ""),
        ("19 kr", Reading("lagre", "kr"), 19, "", ""),
        ("19 kr", Reading("lagre", "antal"), None, "anges i kr, inte antal", ""),
        ("19 kr", Reading("lagre", "index"), None, "anges i kr, inte index", ""),
    ],
)
def test_what_is_printed_is_a_number_in_the_indicators_unit_or_says_why_not(text, reading, number, why, said):
    found = stated(text, reading)
    assert (found.varde, found.hinder, found.anmarkning) == (number, why, said)
    if number is not None:
        whole = stated(text, reading, whole_city=True)
        assert (whole.varde, whole.hinder) == (None, "gäller hela staden")


def goal(**levels) -> dict:
    return {"indikator": "Prov", "periodicitet": "år"} | dict.fromkeys(LEVELS, "") | levels


@pytest.mark.parametrize(
    ("levels", "riktning", "utfall", "said"),
    [
        ({"arsmal": "8 %"}, "lagre", Stated("", 8.0), "8 %: ✓ klaras"),
        ({"arsmal": "8 %"}, "lagre", Stated("", 8.5), "8 %: ✗ klaras inte"),
        ({"arsmal": "8 %"}, "hogre", Stated("", 8.5), "8 %: ✓ klaras"),
        ({"arsmal": "8 %"}, "ingen", Stated("", 8.5), "8 %: inget håll är bra"),
        ({"arsmal": "8 %"}, "lagre", Stated("", hinder="mäts vid årets slut"), "8 %: mäts vid årets slut"),
        ({"arsmal": "8 %"}, "lagre", Stated(""), "8 %: utfall saknas"),
        ({"arsmal": "tas fram"}, "lagre", Stated("", 8.0), "tas fram (text, inget tal)"),
        ({}, "lagre", Stated("", 8.0), "inget mål"),
    ],
)
def test_how_an_outcome_stands_against_a_target_in_words(levels, riktning, utfall, said):
    found = target_row(goal(**levels), "prov", Reading(riktning, "procent"), "VB", utfall)
    assert found.levels["arsmal"].shown.replace("\u00a0", " ") == said


def test_which_level_it_is_held_against_and_what_is_noted():
    city = Reading("lagre", "procent", kf="staden")
    rows = [goal(arsmal="8 %"), goal(namndmal="8 %"), goal(kf_arsmal="8 %"), goal()]
    found = [target_row(row, "prov", Reading("lagre", "procent"), "VB", Stated("", 7.0)) for row in rows]
    assert [one.galler for one in found] == ["arsmal", "namndmal", "kf_arsmal", ""]
    own = "enheten har inget eget mål i tal: {} gäller i stället"
    names = ("nämndens mål", "kommunfullmäktiges mål")
    assert [one.anmarkning for one in found] == ["", *(own.format(name) for name in names), ""]
    assert target_row(rows[2], "prov", city, "VB", Stated("", 7.0)).galler == ""
    assert target_row(rows[1], "prov", city, "VB", Stated("", 7.0)).galler == "namndmal"
    silent = target_row(goal(arsmal="19"), "prov", Reading("", "procent"), "VB", Stated(""))
    assert silent.anmarkning.split("; ")[1] == "ingen regel säger vilket håll som är bra" and silent.strictest is None
    numbers = goal(arsmal="8 %", namndmal="7 %", kf_arsmal="9 %")
    ends = [
        target_row(numbers, "prov", Reading(way, "procent"), "VB", Stated("")).strictest for way in ("lagre", "hogre")
    ]
    assert ends == [(7.0, "namndmal"), (9.0, "kf_arsmal")]


@pytest.mark.parametrize(
    ("value", "unit", "target", "shown"),
    [
        (7.54, "procent", "7,5 %", "7,54 %"),
        (7.46, "procent", "8 %", "7,5 %"),
        (7.50001, "procent", "7,5 %", "7,5 %"),  # no number of decimals that is read shows it
        (8.0, "antal", "7 st", "8 st"),
        (8.5, "antal", "7 st", "8,5 st"),
        (8.0, "index", "7", "8,0"),
        (8.0, "kr/manad", "", "8,0 kr/manad"),
    ],
)
def test_an_outcome_has_as_few_decimals_as_show_its_side(value, unit, target, shown):
    found = target_row(goal(arsmal=target), "prov", Reading("lagre", unit), "VB", Stated("", value))
    assert found.utfall_text.replace("\u00a0", " ") == shown
    printed = target_row(goal(arsmal=target), "prov", Reading("lagre", unit), "VB", Stated("17 av 20", value))
    assert printed.utfall_text == "17 av 20"


def test_how_an_indicator_is_read_by_its_rule_and_its_table():
    row = goal() | {"riktning": "", "mattenhet": ""}
    rule = {"riktning": "lagre", "mattenhet": "antal", "kort": "Kort", "personer": True}
    assert reading_of(row, {"indikator.prov": rule}.get, "prov") == Reading("lagre", "antal", kort="Kort")
    own = {"riktning": "hogre", "mattenhet": "index"}
    assert reading_of(row | own, {"indikator.prov": rule}.get, "prov") == Reading("hogre", "index", kort="Kort")
    for level in LEVELS:
        assert reading_of(row | {level: "7 % "}, {}.get, "prov") == Reading("", "procent")
    assert reading_of(row | {"arsmal": "7 st"}, {}.get, "prov") == Reading()
    assert reading_of(row | {"arsmal": "7 %"}, {"indikator.prov": rule}.get, "prov").mattenhet == "antal"
    assert (
        slug("Å, ä & ö!") == "a_a_o" and targets.share("0,5 av 1") == (0.5, 1.0, "") and targets.share("av 5") is None
    )
