"""Sick leave exactly at its limits: unknown hours, first and last months, prices that change on a day, full shares."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from staffing_tables import ENHET, month, staffing_case, year

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS
from planbok.topics.answer import answer
from planbok.topics.staffing import key_figures, model, other_tables, others, outlook, rates, sliders, view
from planbok.topics.staffing import year as years
from planbok.topics.staffing.hours import by_group_and_month
from planbok.topics.staffing.study import study

NO = np.nan


def base(rows: list[dict], ar: int, known: int, level: float = 0.0) -> years.Base | None:
    return years.base_year(by_group_and_month(pd.DataFrame(rows)), ar, known, level)


def test_a_month_whose_sick_hours_are_not_known_stays_unknown_and_has_its_contracted_hours():
    """In a month to date, and ahead where last year's is not known; the level is per contracted hour."""
    rows = [*year(2023, range(1, 6), sjuk_h=50), month("2023-06", sjuk_h=NO), *year(2023, range(7, 13), sjuk_h=50)]
    rows += [month("2024-01", sjuk_h=30), month("2024-02", sjuk_h=NO), month("2024-03", sjuk_h=30)]
    found = base(rows, 2024, 3, level=2.0)
    assert found.avtalad.tolist() == [[1000] * 12]
    ahead = [70, 70, NO, *[70] * 6]
    assert found.sick.sjuk[0] == pytest.approx([30, NO, 30, *ahead], nan_ok=True)
    assert found.expected == outlook.SAME_MONTHS


@pytest.mark.parametrize("sick", [20, NO])
def test_a_year_without_a_month_yet_goes_on_with_the_groups_that_were_there_in_december(sick):
    """Their sick hours of that month need not be known."""
    rows = [*year(2023, range(1, 12), sjuk_h=20), month("2023-12", sjuk_h=sick)]
    rows += year(2023, range(1, 12), grupp="Slut")
    found = base(rows, 2024, 0)
    assert found.groups == ("Grupp A", "Slut")
    assert found.avtalad.sum(axis=1).tolist() == [12_000, 0]
    assert found.sick.sjuk[0] == pytest.approx([20] * 11 + [sick], nan_ok=True)


def test_there_is_no_year_where_a_month_has_nothing_to_be_filled_from():
    assert base(year(2023, range(2, 13)), 2024, 0) is None
    assert base(year(2022), 2024, 0) is None
    assert base(year(2023, range(2, 13)), 2023, 12) is None
    assert base(year(2023, range(2, 13)), 2024, 1) is None
    assert base([*year(2023, range(2, 13)), *year(2024, (1,), sjuk_h=7)], 2024, 1).sick.sjuk[0, 0] == 7


def test_both_methods_alike_is_the_plain_one_and_as_many_trials_as_it_takes_are_enough():
    """A level that stays is forecast without a miss by both; one that rises needs the trials that it is given."""
    whole = pd.Series(np.full(44, 1000.0))
    assert outlook.outlook(0.08 * whole, whole, 8, 0).metod == outlook.SAME_MONTHS
    rising = pd.Series([60.0 + 20 * (n // 12) for n in range(44)])
    (trials, _) = outlook.outlook(rising, whole, 8, 0).trials
    assert outlook.outlook(rising, whole, 8, trials.gemensamma).metod == outlook.WITH_LEVEL
    assert outlook.outlook(rising, whole, 8, trials.gemensamma + 1).metod == outlook.SAME_MONTHS
    assert outlook.outlook(rising[:12], whole[:12], 8, 0).metod == outlook.SAME_MONTHS


def test_what_the_rest_of_the_year_must_hold_may_be_nothing_and_no_less(tmp_path):
    """Half a year at 12 %: a target of 6 % leaves nothing for the other half, and 6.25 % leaves 0.5 %."""
    done = study(staffing_case(tmp_path, year(2024, range(1, 7), sjuk_h=120), 2024, 6))
    assert key_figures.required(done, 6.0) == (pytest.approx(0.0), "")
    assert key_figures.required(done, 6.25) == (pytest.approx(0.5), "")
    nothing, why = key_figures.required(done, 5.99)
    assert nothing is None and "kan inte nås" in why


def test_a_month_of_last_year_without_hours_makes_all_months_weigh_alike(tmp_path):
    rows = [*year(2023, range(1, 12)), month("2023-12", avtalad_tid_h=0, ordinarie_tid_h=0, arbetad_tid_h=0)]
    rows += year(2024, range(1, 4), avtalad_tid_h=2000, sjuk_h=100)
    assert key_figures.month_weights(study(staffing_case(tmp_path, rows, 2024, 3))).tolist() == [1] * 12
    rows[11] = month("2023-12")
    weights = key_figures.month_weights(study(staffing_case(tmp_path, rows, 2024, 3)))
    assert weights.tolist() == [2000] * 3 + [1000] * 9


def test_a_price_of_replacements_is_that_of_the_months_last_day_and_in_the_prognosis_of_all_its_days(tmp_path):
    own = "ersattare.kr_per_timme.timavlonad"
    rows = [*year(2023, timavlonad_h=10, sjuk_h=50), *year(2024, range(1, 4), timavlonad_h=10, sjuk_h=50)]
    change = {"typ": "regel", "regel": own, "varde": 1000.0, "fran": "2024-03-31", "till": "2024-03-31"}
    case = staffing_case(tmp_path, rows, 2024, 3, changes=[change])
    done, plain = study(case), study(staffing_case(tmp_path / "utan", rows, 2024, 3))
    share = case.rule("ersattare.fordelning").varde["timavlonad"]
    price = case.rule(own).varde
    more = key_figures.replacement_price(done) - key_figures.replacement_price(plain)
    assert more == pytest.approx(share * (1000 - price))
    found = others.driven(case, 2024, 3).kr.loc["ersattare"]
    march = 10 * (30 * price + 1000) / 31
    assert found.tolist() == pytest.approx([10 * price, 10 * price, march, *[10 * price] * 9])


@pytest.mark.parametrize(
    ("first", "last", "kr"),
    [
        ("2024-02-15", "", [3000, 10 * (14 * 300 + 15 * 500) / 29, 5000]),
        ("2024-02-29", "2024-02-29", [3000, 10 * (28 * 300 + 500) / 29, 3000]),
        ("2024-01-31", "2024-03-01", [10 * (30 * 300 + 500) / 31, 5000, 10 * (500 + 30 * 300) / 31]),
        ("2024-03-02", "", [3000, 3000, 10 * (300 + 30 * 500) / 31]),
    ],
)
def test_overtime_costs_the_price_of_each_day_of_the_month_in_both_reports(tmp_path, first, last, kr):
    """Ten hours a month at 300 kr and, between two days, 500: what the report on assistance says of them too."""
    rule = {"typ": "regel", "regel": "ersattare.kr_per_timme.overtid"}
    changes = [rule | {"varde": 300.0, "fran": "2024-01-01"}, rule | {"varde": 500.0, "fran": first}]
    changes[1] |= {"till": last} if last else {}
    hours = {"grupp": "A", "manad": "2024-03", "insats": "personlig_assistans", "beviljade_h": 40}
    more = {"assistanstimmar": [{"enhet": ENHET, **hours}], "changes": changes, "spridning": "arbetsmaterial"}
    rows = [*year(2023, overtid_h=10), *year(2024, range(1, 4), overtid_h=10)]
    own = study(staffing_case(tmp_path, rows, 2024, 3, **more))
    assert view.result(own).tabeller["per_manad"].frame["overtid_kr"].tolist() == pytest.approx(kr)
    other = answer(replace(own.case, notebook="assistans", parametrar={"tom_manad": 3})).result
    assert other.tabeller["overtid"].frame["overtid_kr"].tolist() == pytest.approx([*kr, sum(kr)])


@pytest.mark.parametrize(("before", "words"), [(11, "2023 eller 2024"), (12, "")])
def test_the_prognosis_needs_last_year_whole(tmp_path, before, words):
    rows = [*year(2023, range(13 - before, 13), overtid_h=1), *year(2024, range(1, 3), overtid_h=1)]
    found = others.driven(staffing_case(tmp_path, rows, 2024, 2), 2024, 2)
    assert found.why == (f"bemanning saknar timmar för {words}" if words else "")
    assert found.kr.empty == bool(words)


@pytest.mark.parametrize(
    ("lowest", "end"), [(0.6, -0.3), (0.59, -0.2), (0.2, -0.1), (0.19, 0.0), (10.0, -5.0), (80.0, -5.0)]
)
def test_a_dial_goes_down_to_half_of_the_lowest_month_in_whole_tenths(lowest, end):
    assert sliders._down(lowest) == end
    assert not np.signbit(sliders._down(0.0))


SHARES = "ersattare.fordelning"


def mixed(folder, shares: dict[str, float], fran: str = "2024-01-01"):
    """The dials and grids of half a year, with a mix of replacements from a day on."""
    change = {"typ": "regel", "regel": SHARES, "varde": shares, "fran": fran}
    rows = [*year(2023, sjuk_h=50), *year(2024, range(1, 7), sjuk_h=50)]
    found = study(staffing_case(folder, rows, 2024, 6, changes=[change], spridning="arbetsmaterial"))
    return sliders.sliders(found)


@pytest.mark.parametrize(
    ("hourly", "hired", "positions"),
    [
        (0.04, 0.0, None),  # less than a step
        (0.05, 0.0, ["0", "5"]),
        (0.0, 0.05, ["0", "5"]),
        (0.1, 0.07, ["2", "7", "12", "17"]),
    ],
)
def test_the_dial_of_hired_staff_needs_room_for_a_step_of_five_per_cent(tmp_path, hourly, hired, positions):
    dials, grids = mixed(tmp_path, {"timavlonad": hourly, "inhyrd": hired, "overtid": 0.5})
    found = {dial.id: dial for dial in dials}
    assert ("inhyrd_andel" in found) == bool(positions)
    assert {grid.reglage for grid in grids} == (
        {("inhyrd_andel",), ("alla", "inhyrd_andel")} if positions else {("alla",)}
    )
    if positions:
        assert [*found["inhyrd_andel"].namn.values()] == positions


def test_a_mix_that_changes_within_the_last_known_month_may_be_turned_and_one_ahead_may_not(tmp_path):
    for number, (fran, there) in enumerate((("2024-06-15", True), ("2024-07-01", True), ("2024-07-02", False))):
        dials, _ = mixed(tmp_path / str(number), {"timavlonad": 0.5, "inhyrd": 0.3}, fran)
        assert ("inhyrd_andel" in {dial.id for dial in dials}) == there, fran


def test_a_dial_says_from_which_month_it_acts(tmp_path):
    (every, _), _ = mixed(tmp_path, {"timavlonad": 0.5, "inhyrd": 0.3})
    assert every.etikett.endswith("juli–december")


@pytest.mark.parametrize("left", [0, 1])
def test_there_are_dials_while_a_month_is_left(tmp_path, left):
    rows = [*year(2023, sjuk_h=50), *year(2024, range(1, 13 - left), sjuk_h=50)]
    dials, grids = sliders.sliders(study(staffing_case(tmp_path, rows, 2024, 12 - left)))
    assert bool(dials) == bool(grids) == bool(left)


def test_own_rules_have_more_than_no_hours_of_a_week_and_of_a_spell(tmp_path):
    """The shipped rules say their own lowest; those of one's own need not."""
    case, day = staffing_case(tmp_path, year(2024), 2024), date(2024, 1, 1)
    for name in ("lon.veckoarbetstid_h", "sjuklon.timmar_per_sjuktillfalle"):
        for hours in (-1, 0, 0.5, 1):
            own = {name: SimpleNamespace(varde=hours, forandring=0)}
            book = SimpleNamespace(value=lambda key, day, own=own: own.get(key) or case.sources.rules.value(key, day))
            if hours > 0:
                assert rates.rates(case, book, day, ["Grupp A"]).timlon > 0
                continue
            with pytest.raises(InputError, match=f"{name} är {hours}, men ska vara större än 0"):
                rates.rates(case, book, day, ["Grupp A"])


def test_the_fault_of_too_little_sick_leave_names_the_last_change_that_takes_of_it(tmp_path):
    changes = [{"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": n, "fran": "2024-01-01"} for n in (-6, 0.5)]
    with pytest.raises(InputError, match="mindre än noll") as stopped:
        study(staffing_case(tmp_path, year(2024, sjuk_h=50), 2024, 12, changes=changes))
    assert [fault.place for fault in stopped.value.faults] == ["förändring 1"]


def test_months_that_are_marked_are_those_of_the_report(tmp_path):
    own = tmp_path / "regler"
    own.mkdir()
    text = (PARAMS / "regler" / "bemanning.yaml").read_text("utf-8")
    assert "negativa_timmar: stopp" in text
    (own / "bemanning.yaml").write_text(text.replace("negativa_timmar: stopp", "negativa_timmar: markera"), "utf-8")
    rows = [*year(2024, range(1, 4)), *year(2024, range(4, 7), overtid_h=-1)]
    found = study(staffing_case(tmp_path, rows, 2024, 5, params=(tmp_path, PARAMS)))
    assert [mark.manad for mark in found.marks] == ["2024-04", "2024-05"]


def test_months_that_a_report_lacks_are_named_one_by_one_where_they_are_apart(tmp_path):
    with pytest.raises(InputError, match="saknar januari, juni 2024 i bemanning; sista månaden är 2024-05"):
        study(staffing_case(tmp_path, year(2024, range(2, 6)), 2024, 6))


def test_the_bridge_from_last_year_says_its_months(tmp_path):
    rows = [*year(2023, sjuk_h=50), *year(2024, range(1, 5), sjuk_h=60)]
    frame = view.result(study(staffing_case(tmp_path, rows, 2024, 4))).tabeller["brygga"].frame
    assert [frame["steg"].iloc[0], frame["steg"].iloc[-1]] == ["Januari–april 2023", "Januari–april 2024"]


def test_a_change_is_no_kronor_of_a_year_that_lacks_its_first_month(tmp_path):
    """Eleven months' hours are no full year, so that kronor of them would be too few."""
    change = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1.0, "fran": "2023-03-01"}
    rows = [*year(2023, range(2, 13), sjuk_h=60), *year(2024, sjuk_h=60)]
    case = staffing_case(tmp_path, rows, 2023, changes=[change], notebook="budgetscenarier")
    with pytest.raises(InputError, match="har månader utan timmar 2023 som inte går att fylla från året före"):
        others.effects(case, case.scenario)


def test_hours_after_the_year_move_nothing_of_what_a_change_does_to_its_budget(tmp_path):
    change = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": 1.0, "fran": "2023-01-01"}
    rows = [*year(2022, sjuk_h=50), *year(2023, sjuk_h=60)]
    found = []
    for number, more in enumerate(([], year(2024, range(1, 3), avtalad_tid_h=500, sjuk_h=400))):
        case = staffing_case(tmp_path / str(number), [*rows, *more], 2023, changes=[change], notebook="budgetscenarier")
        found.append(others.effects(case, case.scenario).rows)
    assert len(found[0]) and found[0].equals(found[1])


def test_users_per_head_need_someone_at_work():
    """Ten to twelve users; 0 to half an employee, and no full-time equivalent."""
    rows = pd.DataFrame({"brukare_lag": [10.0], "brukare_hog": 12.0, "medarbetare_lag": 0.0, "medarbetare_hog": 0.5})
    rows = rows.assign(arsarbetare_lag=0.0, arsarbetare_hog=0.0)
    assert model.per_head(rows).iloc[0].tolist() == pytest.approx([20.0, NO, NO, NO], nan_ok=True)
    certain = rows.assign(medarbetare_lag=0.5, arsarbetare_lag=1.0, arsarbetare_hog=1.0)
    assert model.per_head(certain).iloc[0].tolist() == [20.0, 24.0, 10.0, 12.0]
    assert [model.employees_per_manager(5.0, chefer) for chefer in (0.5, 1.0)] == [10.0, 5.0]
    assert np.isnan(model.employees_per_manager(5.0, 0.0))


@pytest.mark.parametrize(
    ("value", "goal", "seems"),
    [
        (6.54, 6.5, True),
        (6.56, 6.5, False),
        (6.5, 6.5, False),
        (6.49, 6.5, False),
        (6.52, 6.51, True),
        (0.54, 0.5, True),
    ],
)
def test_a_forecast_just_over_its_target_reads_as_one_that_meets_it(value, goal, seems):
    assert key_figures.seems_met(value, SimpleNamespace(strictest=(goal, "arsmal"))) == seems
    assert not key_figures.seems_met(None, SimpleNamespace(strictest=(goal, "arsmal")))
    assert not key_figures.seems_met(value, None)
    assert not key_figures.seems_met(value, SimpleNamespace(strictest=None))


@pytest.mark.parametrize(("dagar", "enough"), [([14, 14], True), ([14, 15], False), ([15, 14], False)])
def test_a_spell_of_as_many_days_as_a_short_one_may_have_is_short(dagar, enough):
    """Two are enough here."""
    days = pd.to_datetime(["2024-01-01", "2024-03-01"])
    spells = pd.DataFrame({"person": "p", "fran": days, "till": days, "dagar": dagar})
    assert other_tables.repeated(spells, other_tables.SignalRules(2, 14, 6, 5, 20, 3)).notna().tolist() == [
        False,
        enough,
    ]


def test_the_period_of_an_outcome_is_that_of_the_rule_on_the_years_first_day():
    """Ten months at 10 % and two at 1 % are 8.5 % of twelve."""
    rows = pd.DataFrame([*year(2023, sjuk_h=100), *year(2024, (1, 2), sjuk_h=10)])
    by_day = {date(2024, 1, 1): {"period": "rullande_12"}}
    case = SimpleNamespace(unit_rows=lambda name: rows, rule_or_none=lambda key, day: by_day.get(day))
    found = others.outcomes(case, 2024, 2)["sjukfranvaro"]
    assert (found.varde, found.kalla) == (pytest.approx(8.5), "bemanningen, rullande 12 månader")
    by_day.clear()
    assert others.outcomes(case, 2024, 2)["sjukfranvaro"].varde == pytest.approx(1.0)
