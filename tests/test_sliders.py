"""The page's dials: their arrays give what the library gives of the same setting as a scenario, to the krona."""

import os
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
import turned_dials
from sliders_by_hand import moved

from planbok.case.case import Case, open_case
from planbok.case.result import Result
from planbok.explore.forms import numbered
from planbok.topics import group_home
from planbok.topics.answer import Answer, answer

KRONA = 1e-6  # mnkr
ROW = {"sida": "kostnad", "underlag": "antagande", "motivering": "prov"}


def under(case, given: list[dict]) -> dict[str, float]:
    """The library's key figures with more changes after the scenario's own."""
    own = case.scenario.changes
    changes = (*own, *numbered(given, len(own)))
    scenario = replace(case.scenario, id="prov", changes=changes)
    return {key: figure.varde for key, figure in answer(replace(case, scenario=scenario)).result.nyckeltal.items()}


def held(case, result: Result, setting: dict[str, float], given: list[dict]) -> None:
    """The same for a setting in both: each figure that the dials move is the library's, to the krona."""
    found, expected = moved(result.skjutreglage, setting, result.golv), under(case, given)
    assert found
    if "balans_kr_per_manad" in found:  # from the month where the dial stands, not from the setting's own first month
        month = next(dial.start for dial in result.skjutreglage if dial.id == "vika_manad")
        expected["balans_kr_per_manad"] = expected["avvikelse_mnkr"] * 1e6 / (13 - month)
    for key, change in found.items():
        if key in ("skillnad_mnkr", "helarseffekt_mnkr") and case.scenario.id == case.jamfor_med.id:
            continue  # the comparison is with the setting's own scenario
        near = 0.001 if key.endswith("kr_per_manad") else KRONA  # kronor, made of mnkr
        assert result.nyckeltal[key].varde + change == pytest.approx(expected[key], abs=near), key


@pytest.mark.parametrize("audience", ["arbetsmaterial", "ledning"])
@pytest.mark.parametrize("scenario", ["bas", "vardkostnader_1_procent_1_juli"])
def test_the_budgets_dials_give_what_the_library_gives(audience, scenario):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario=scenario, spridning=audience)
    result, rng = answer(case).result, np.random.default_rng(1)
    for _ in range(6):
        percent, kr = round(float(rng.uniform(-10, 10)), 1), 10_000.0 * int(rng.integers(-100, 100))
        months = [int(month) for month in rng.integers(1, 13, 2)]
        setting = dict(zip(("rad_procent", "belopp_kr"), (percent, kr), strict=True))
        setting |= dict(zip(("rad_manad", "belopp_manad"), map(float, months), strict=True))
        days = [date(2024, month, 1) for month in months]
        row = ROW | {"budgetrad": "Vårdkostnader"}
        changes = [row | {"typ": "upprakning", "procent": percent, "fran": days[0]}]
        changes += [row | {"typ": "belopp", "kr_per_manad": kr, "fran": days[1]}] if kr else []
        if percent:
            held(case, result, setting, changes)


@pytest.mark.parametrize("scenario", ["bas", "atgarder_2024"])
def test_a_row_that_gives_way_takes_all_of_the_deviation(scenario):
    """What is left under the first two dials, as kronor a month of one row from a month to the year's end."""
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario=scenario)
    result = answer(case).result
    rows = next(dial for dial in result.skjutreglage if dial.id == "vika_rad").namn
    setting = {"rad_procent": 2.5, "rad_manad": 4, "belopp_kr": -60_000, "belopp_manad": 9}
    row = ROW | {"budgetrad": "Vårdkostnader"}
    first = [row | {"typ": "upprakning", "procent": 2.5, "fran": date(2024, 4, 1)}]
    first += [row | {"typ": "belopp", "kr_per_manad": -60_000, "fran": date(2024, 9, 1)}]
    left = under(case, first)["avvikelse_mnkr"]
    for place, month in ((1, 7), (len(rows) - 1, 12)):
        kr = left * 1e6 / (13 - month)
        last = ROW | {"typ": "belopp", "budgetrad": rows[place], "kr_per_manad": kr, "fran": date(2024, month, 1)}
        found = moved(result.skjutreglage, setting | {"vika_rad": place, "vika_manad": month})
        expected = under(case, [*first, last])
        assert expected["avvikelse_mnkr"] == pytest.approx(0.0, abs=KRONA)
        for key in ("avvikelse_mnkr", "nettokostnad_mnkr", "kostnad_mnkr", "avvikelse_helar_mnkr"):
            assert result.nyckeltal[key].number + found[key] == pytest.approx(expected[key], abs=KRONA), key
        assert result.nyckeltal["balans_kr_per_manad"].number + found["balans_kr_per_manad"] == pytest.approx(kr)


@pytest.mark.parametrize("tom", [4, 8])
def test_the_prognosis_dials_give_what_the_library_gives(tom):
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": tom, "scenario": "atgarder_2024"}
    case = open_case("manadsprognos", spridning="arbetsmaterial", **given)
    result, rng = answer(case).result, np.random.default_rng(tom)
    for _ in range(3):
        kr, month = 10_000.0 * int(rng.integers(1, 100)), int(rng.integers(tom + 2, 13))
        bills = 10_000.0 * int(rng.integers(1, 100))
        row = ROW | {"budgetrad": "Vårdkostnader"}
        measure = {
            "typ": "atgard",
            "namn": "Prov",
            "kr_per_manad": -kr,
            "fran": date(2024, month, 1),
            "status": "beslutad",
        }
        bill = {"typ": "bedomning", "kr": bills, "datum": date(2024, tom, 28), "fran": date(2024, tom + 1, 1)}
        setting = {"atgard_kr": kr, "atgard_manad": month, "fakturor_kr": bills}
        held(case, result, setting, [row | measure, row | bill])


def test_a_decided_measure_that_half_comes_gives_half_its_kronor():
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 4, "scenario": "atgarder_2024"}
    case = open_case("manadsprognos", spridning="arbetsmaterial", **given)
    result = answer(case).result
    dials = [slider for slider in result.skjutreglage if slider.id.startswith("blir_av_")]
    left = result.nyckeltal["atgarder_kvar_mnkr"].varde
    none = moved(result.skjutreglage, {slider.id: 0 for slider in dials})
    assert none["atgarder_kvar_mnkr"] == pytest.approx(-left, abs=KRONA)  # -0.84 in the sample, all of it decided
    half = moved(result.skjutreglage, {slider.id: 50 for slider in dials})
    assert half["kvar_att_atgarda_mnkr"] == pytest.approx(-left / 2, abs=KRONA)


def test_the_public_has_no_dials_and_a_year_that_is_over_has_none():
    given = {"enhet": "exempelenheten", "ar": 2024}
    assert answer(open_case("budgetscenarier", spridning="offentlig", **given)).result.skjutreglage == ()
    assert answer(open_case("manadsprognos", tom_manad=12, **given)).result.skjutreglage == ()


ASSISTANCE = {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 8}
TURNED = {
    "lss_peng": {"enhet": "exempelenheten", "ar": 2024},
    "lss_peng fler": {"enhet": "exempelenheten", "ar": 2024, "scenario": "fler_personer_2024"},
    "gruppbostad_kbh": {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"},
    "gruppbostad_kbh 2016": {"enhet": "ostermalm", "ar": 2016, "boende": "ny_gruppbostad_2016"},
    "bemanning_sjukfranvaro": ASSISTANCE,
    "bemanning_sjukfranvaro lägre": ASSISTANCE | {"scenario": "lagre_sjukfranvaro_2024"},
}
SMALL = {"bemanning_sjukfranvaro liten": ASSISTANCE | {"enhet": "exempel_stod"}}


@cache
def shown(name: str, spridning: str) -> tuple[Case, Answer]:
    """A report of those above, made once."""
    case = open_case(name.split()[0], spridning=spridning, **(TURNED | SMALL)[name])
    return case, answer(case)


SETTINGS = int(os.environ.get("PLANBOK_PROV", "12"))  # of each report; 1 000 when the dials or the models change


@pytest.mark.parametrize("name", TURNED)
def test_what_persons_homes_and_sick_leave_give_is_the_librarys_to_the_krona(name):
    case, (study, result) = shown(name, "arbetsmaterial")
    assert len({grid.nyckeltal for grid in result.rutor} | {k for d in result.skjutreglage for k in d.verkar_pa}) > 2
    rng = np.random.default_rng(3)
    for _ in range(SETTINGS):
        setting = turned_dials.drawn(result, rng)
        given = turned_dials.changes(result, setting)
        found = moved(result.skjutreglage, setting, result.golv, result.rutor)
        if not given:
            assert not any(found.values())
            continue
        expected = turned_dials.library(case, study, given)
        for key, change in found.items():
            here, there = (figures[key].number + by for figures, by in ((result.nyckeltal, change), (expected, 0.0)))
            assert here == pytest.approx(there, abs=0.005, rel=0), (key, setting)


def test_the_marks_of_cash_move_as_the_librarys_table_does():
    """A home that opens later with other staff: its staff is counted once, however many grids move a mark."""
    case, (study, result) = shown("gruppbostad_kbh", "arbetsmaterial")
    start = {dial.id: dial.start for dial in result.skjutreglage}
    for setting in ({"oppnar": 2}, {"oppnar": -1, "arsarbetare": start["arsarbetare"] + 1}, {"oppnar": 3, "hyra": 2}):
        given, own = turned_dials.changes(result, start | setting), case.scenario.changes
        scenario = replace(case.scenario, id="prov", changes=(*own, *numbered(given, len(own))))
        under = group_home.view.result(group_home.study.tried(study, scenario)).tabeller["kassa"].frame
        kr = [frame.set_index("manad")["ackumulerat_kr"] for frame in (result.tabeller["kassa"].frame, under)]
        both = kr[0].index.intersection(kr[1].index)
        assert len(both) > 2
        for month in both:
            grids = [grid for grid in result.rutor if grid.nyckeltal == f"kassa.{month}"]
            by = sum(grid.at(start | setting) - grid.at(start) for grid in grids)
            assert by == pytest.approx(kr[1][month] - kr[0][month], abs=0.01), (month, setting)


def test_the_management_turns_what_tells_of_nobody():
    """What is invented: no person who is there, no level of a resident, no group that is hidden."""

    dials = {
        name: {dial.id: dial for dial in shown(name, "ledning")[1].result.skjutreglage}
        for name in ("lss_peng", "gruppbostad_kbh", "bemanning_sjukfranvaro liten")
    }
    assert list(dials["lss_peng"]) == ["nya", "nya_niva", "nya_manad"]
    new = dials["lss_peng"]["nya"]
    assert (new.minst, new.mest, new.steg, new.start) == (0, 10, 1, 0)
    assert "medelniva" not in dials["gruppbostad_kbh"]
    small = dials["bemanning_sjukfranvaro liten"]
    assert list(small) == ["alla", "grupp_1", "inhyrd_andel"] and small["alla"].minst == 0


def test_a_rounded_figure_is_moved_by_open_data_only():
    """Persons times price is added to 42.9 mnkr; expected peng of the unit's own levels is tried by nothing."""
    _, (study, result) = shown("lss_peng", "ledning")
    assert result.nyckeltal["peng_dygn_kr"].avrundat_till
    one = moved(result.skjutreglage, {"nya": 1, "nya_niva": 2, "nya_manad": 12}, {}, result.rutor)
    price = study.world.book.day_price("tilldelning", ("gruppbostad", "3", "kommunal"), date(2024, 12, 1))
    assert one["peng_dygn_kr"] == pytest.approx(31 * price)
    home = shown("gruppbostad_kbh", "ledning")[1].result
    assert home.nyckeltal["resultat_helar_kr"].avrundat_till
    moves = {grid.nyckeltal for grid in home.rutor}
    assert "peng_forvantad_kr" not in moves and "resultat_ar_kr" not in moves and "resultat_helar_kr" in moves


def test_a_level_step_is_written_as_a_file_has_it():
    """The number of persons as a number: a text would be refused."""
    result = shown("lss_peng", "arbetsmaterial")[1].result
    (dial,) = [dial for dial in result.skjutreglage if dial.andringar]
    written = dial.as_json()["andringar"]
    assert {(type(its["antal"]), its["antal"]) for its in written.values()} == {(int, 1), (int, -1)}
    assert all(its["typ"] == ("nivabyte" if its["antal"] == 1 else "volym") for its in written.values())


def test_a_full_year_is_twelve_months_from_whichever_the_change_begins():
    from planbok.topics.budget.sliders import FULL_YEAR, _moves

    _, starts = _moves("belopp", 100, {1: 1.2, 12: 0.1}, 1.2)
    assert {tuple(starts[key]["belopp"]) for key in FULL_YEAR} == {((1, 1.2), (12, 1.2))}
    assert starts["kostnad_mnkr"]["belopp"] == [(1, 1.2), (12, 0.1)]
