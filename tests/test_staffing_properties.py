"""What always holds of staffing and sick leave, whatever the hours are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from staffing_tables import DEFAULTS, month, reported, staffing_case, target, turned, year

from planbok.analysis.targets import meets
from planbok.case.case import open_case
from planbok.topics.staffing import model, outlook
from planbok.topics.staffing import year as years
from planbok.topics.staffing.hours import HOURS, by_group_and_month, findings
from planbok.topics.staffing.study import study, with_added
from planbok.topics.staffing.tables import SMALL, UNIT

hours = st.integers(0, 5000)
percents = st.floats(0, 30, allow_nan=False)
YEAR_OF_WEIGHTS = st.lists(st.floats(1, 1e5), min_size=12, max_size=12)


@given(st.lists(st.tuples(hours, st.integers(1, 50000)), min_size=1, max_size=12))
def test_a_ratio_of_sums_lies_between_its_parts_and_is_no_mean_of_ratios(pairs):
    sick, agreed = (np.array(part, dtype=float) for part in zip(*pairs, strict=True))
    sums = pd.DataFrame([dict.fromkeys(HOURS, 0.0) | {"sjuk_h": sick.sum(), "avtalad_tid_h": agreed.sum()}])
    whole = float(model.ratios(sums)["sjukfranvaro_procent"].iloc[0])
    parts = 100 * sick / agreed
    assert parts.min() - 1e-9 <= whole <= parts.max() + 1e-9
    assert whole == pytest.approx(np.average(parts, weights=agreed))


@given(percents, percents, YEAR_OF_WEIGHTS, st.integers(1, 11))
def test_the_required_average_ends_the_year_exactly_on_the_target(goal, so_far, weights, done):
    weights = np.array(weights)
    needed = model.required_average(goal, so_far, weights, done)
    whole = np.concatenate([np.full(done, so_far), np.full(12 - done, needed)])
    assert np.average(whole, weights=weights) == pytest.approx(goal, abs=1e-6)


@given(percents, st.sampled_from(["lagre", "hogre"]))
def test_an_outcome_at_its_target_meets_it_in_either_direction(goal, riktning):
    assert meets(goal, goal, riktning)
    worse = goal * 1.001 + 0.001 if riktning == "lagre" else goal * 0.999 - 0.001
    assert not meets(worse, goal, riktning)


sick = st.tuples(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4))
RATES = model.Rates(np.array([150.0, 210.0]), 38, 7.6, 0.8, 0.1, 30, 44.5, {"timavlonad": 200.0, "overtid": 40.0})


@given(st.lists(sick, min_size=2, max_size=2), st.floats(0.01, 0.99))
def test_costs_are_additive_and_never_negative_but_for_the_wage(parts, share):
    short, middle, long = np.array(parts).T
    whole = model.SickHours(short + middle + long, short, long)
    first = model.SickHours(*(share * part for part in (whole.sjuk, whole.dag_1_14, whole.dag_60)))
    rest = model.SickHours(*((1 - share) * part for part in (whole.sjuk, whole.dag_1_14, whole.dag_60)))
    together = model.costs(whole, RATES)
    for name, kr in together.items():
        halves = model.costs(first, RATES)[name] + model.costs(rest, RATES)[name]
        assert halves == pytest.approx(kr, rel=1e-9, abs=1e-6)
        assert (kr <= 1e-9).all() if name == "lon" else (kr >= -1e-9).all()


@given(st.floats(0, 500), st.floats(0.1, 60))
def test_the_deduction_never_exceeds_the_sick_pay(short, per_spell):
    one = model.SickHours(*(np.array([short]) for _ in range(2)), np.zeros(1))
    rates = replace(RATES, timlon=np.array([180.0]), timmar_per_tillfalle=per_spell)
    assert 0 <= model.costs(one, rates)["sjuklon_1_14"][0] <= 0.8 * 180 * short + 1e-9


months_of_hours = st.lists(st.tuples(st.integers(50, 150), st.integers(900, 1100)), min_size=24, max_size=44)


@given(months_of_hours, st.integers(1, 11))
def test_a_forecast_uses_nothing_that_came_later(pairs, done):
    part, whole = (pd.Series(values, dtype=float) for values in zip(*pairs, strict=True))
    found = outlook.outlook(part, whole, done, 3)
    longer = outlook.outlook(pd.concat([part, part * 9]), pd.concat([whole, whole]), done, 3)
    plain = found.trials[0].fel
    assert longer.trials[0].fel[: len(plain)] == pytest.approx(plain)


@given(st.integers(24, 44), st.integers(1, 11), st.floats(1, 20))
def test_a_level_that_never_changes_is_forecast_without_error(count, done, ratio):
    whole = pd.Series(np.full(count, 1000.0))
    found = outlook.outlook(ratio / 100 * whole, whole, done, 3)
    assert found.varde == pytest.approx(ratio)
    assert all(abs(trial.fel).max(initial=0) < 1e-9 for trial in found.trials)
    if found.has_range:
        assert (found.lag, found.hog) == pytest.approx((ratio, ratio))


def test_the_method_that_misses_less_is_used_and_said():
    """A level that rises for good every year is forecast better with the year's difference added."""
    whole = pd.Series(np.full(44, 1000.0))
    rising = pd.Series([60.0 + 20 * (n // 12) for n in range(44)])
    found = outlook.outlook(rising, whole, 8, 3)
    assert found.metod == outlook.WITH_LEVEL
    assert found.varde == pytest.approx(12.0)
    assert outlook.outlook(rising, whole, 8, 99).metod == outlook.SAME_MONTHS


def test_a_history_too_short_says_so(tmp_path):
    rows = year(2024, range(1, 9), sjuk_h=80)
    result = reported(study(staffing_case(tmp_path / "a", rows, 2024, 8, mal=[target(2024, arsmal="8 %")])))
    figure = result.nyckeltal["prognos_ar_procent"]
    assert figure.varde is None
    assert "historien är för kort" in figure.saknas
    assert any("historien är för kort" in text for text in result.sammanfattning)
    rows += year(2023, sjuk_h=80)
    result = reported(study(staffing_case(tmp_path / "b", rows, 2024, 8)))
    assert result.nyckeltal["prognos_ar_procent"].varde == pytest.approx(8.0)
    assert any("för kort för ett spann" in text for text in result.sammanfattning)


LARGEST_HIDDEN, FEWEST_SHOWN = 10, 5
groups = st.lists(st.tuples(st.integers(1, 40), st.integers(200, 2000), st.integers(0, 150)), min_size=1, max_size=5)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups, st.integers(1, 12), st.floats(0.1, 3))
def test_parts_sum_to_the_unit_and_every_check_holds(tmp_path_factory, made, tom, points):
    rows = [
        month(f"{ar}-{n:02d}", grupp=f"G{place}", anstallda=staff, avtalad_tid_h=agreed, ordinarie_tid_h=agreed,
              arbetad_tid_h=agreed, sjuk_h=ill, sjuk_dag_1_14_h=ill // 2, sjuk_60_dagar_h=ill // 4)
        for place, (staff, agreed, ill) in enumerate(made) for ar in (2022, 2023) for n in range(1, 13)
    ]  # fmt: skip
    change = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": points, "fran": "2023-02-01"}
    found = study(staffing_case(tmp_path_factory.mktemp("prov"), rows, 2023, tom, changes=[change]))
    result = reported(found)
    assert not [check.namn for check in result.kontroller if check.failed]
    table, employees = result.tabeller["indikatorer"].frame, sum(staff for staff, *_ in made)
    for _, its in table.groupby("period"):
        parts = its[its["grupp"] != UNIT]
        unit = its.loc[its["grupp"] == UNIT, "avtalad_tid_h"].iloc[0]
        assert parts["avtalad_tid_h"].sum(skipna=False) == unit or (np.isnan(unit) and employees < FEWEST_SHOWN)
    shown = set(table["grupp"]) - {UNIT, SMALL}
    assert not shown & {f"G{place}" for place, (staff, *_) in enumerate(made) if staff <= LARGEST_HIDDEN}
    again = study(staffing_case(tmp_path_factory.mktemp("prov"), rows, 2023, tom))
    assert with_added(again.outturn, again.world).equals(again.outturn.astype(again.frame.dtypes.to_dict()))


@settings(max_examples=15)
@given(st.floats(-0.5, 3).filter(lambda x: abs(x) > 1e-3), st.integers(1, 12))
def test_a_change_and_its_opposite_leave_the_year_as_it_was(points, start):
    case = open_case("bemanning_sjukfranvaro", enhet="exempel_assistans", ar=2023, tom_manad=12)
    done = study(case)
    there = turned(done, procentenheter=points, fran_manad=start)
    assume(there.andring["sjuk_h"])
    back = turned(done, procentenheter=-points / 100, fran_manad=start)
    for name in there.andring:
        assert back.andring[name] == pytest.approx(-there.andring[name] / 100, rel=1e-6)


def test_a_year_without_a_change_has_the_outturn_as_its_base():
    frame = study(open_case("bemanning_sjukfranvaro", enhet="exempel_stod", ar=2023, tom_manad=12)).outturn
    base = years.base_year(frame, 2023, 12)
    this_year = frame[frame["nr"].between(2023 * 12, 2023 * 12 + 11)]
    assert base.sick.sjuk.sum() == this_year["sjuk_h"].sum()
    assert base.avtalad.sum() == this_year["avtalad_tid_h"].sum()


def test_a_new_groups_months_ahead_are_as_its_months_so_far():
    rows = pd.DataFrame([*year(2023), *year(2024, range(1, 9)), *year(2024, range(5, 9), grupp="Ny", sjuk_h=40)])
    frame = by_group_and_month(rows.assign(_rad=range(len(rows))))
    base = years.base_year(frame, 2024, 8)
    new = base.groups.index("Ny")
    assert base.avtalad[new].tolist() == [0] * 4 + [1000] * 8
    assert base.sick.sjuk[new].tolist() == [0] * 4 + [40] * 8
    assert base.expected == years.AS_SO_FAR


def test_a_group_that_is_no_more_has_no_months_ahead():
    rows = pd.DataFrame(
        [*year(2023), *year(2024, range(1, 9)), *year(2023, grupp="Stängd"), *year(2024, (1, 2), grupp="Stängd")]
    )
    base = years.base_year(by_group_and_month(rows), 2024, 8)
    assert base.avtalad[base.groups.index("Stängd")].tolist() == [1000] * 2 + [0] * 10


@given(st.lists(st.sampled_from(HOURS), min_size=0, max_size=3))
def test_sound_rows_have_no_findings_and_each_negative_one_has(broken):
    row = {**DEFAULTS, "manad": "2024-01", "_rad": 2, **dict.fromkeys(broken, -1)}
    found = [finding for finding in findings(pd.DataFrame([row]), 0.25) if finding.slag == "negativa_timmar"]
    assert len(found) == len(set(broken))


@pytest.mark.parametrize(("months", "done", "level", "trials"), [(24, 4, False, 5), (24, 4, True, 1), (19, 4, False, 0),
                                                                 (20, 4, False, 1), (36, 12, False, 25)])  # fmt: skip
def test_a_method_is_tried_at_every_moment_that_has_a_year_before_it_and_its_months_after_it(
    months, done, level, trials
):
    """With 24 months and four done: after months 12 to 16, since eight must follow; with a level four more before."""
    sick, whole = np.arange(months, dtype=float), np.full(months, 100.0)
    found = outlook._misses(sick, whole, done, level)
    found = found[~np.isnan(found)]
    assert len(found) == trials
    # 12 months of n, n + 1, …; those ahead are taken as they were a year before, each 12 less
    if not level:
        assert found == pytest.approx([-12.0 * (12 - done) / 12] * trials)
    else:
        assert found == pytest.approx([0.0] * trials)  # the level is what the months to date have risen by
