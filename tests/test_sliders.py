"""The page's dials: their arrays give what the library gives of the same setting as a scenario, to the krona."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from planbok.case.case import open_case
from planbok.case.sliders import moved
from planbok.explore.forms import numbered
from planbok.topics.answer import answer

KRONA = 1e-6  # mnkr
ROW = {"sida": "kostnad", "underlag": "antagande", "motivering": "prov"}


def under(case, given: list[dict]) -> dict[str, float]:
    """The library's key figures with more changes after the scenario's own."""
    own = case.scenario.changes
    changes = (*own, *numbered(given, len(own)))
    scenario = replace(case.scenario, id="prov", changes=changes)
    return {key: figure.varde for key, figure in answer(replace(case, scenario=scenario)).result.nyckeltal.items()}


def held(case, setting: dict[str, float], given: list[dict]) -> None:
    """The same for a setting in both: each figure that the dials move is the library's, to the krona."""
    result = answer(case).result
    found, expected = moved(result.skjutreglage, setting, result.golv), under(case, given)
    assert found
    for key, change in found.items():
        if key in ("skillnad_mnkr", "helarseffekt_mnkr") and case.scenario.id == case.jamfor_med.id:
            continue  # the comparison is with the setting's own scenario
        assert result.nyckeltal[key].varde + change == pytest.approx(expected[key], abs=KRONA), key


@pytest.mark.parametrize("audience", ["arbetsmaterial", "ledning"])
@pytest.mark.parametrize("scenario", ["bas", "vardkostnader_1_procent_1_juli"])
def test_the_budgets_dials_give_what_the_library_gives(audience, scenario):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario=scenario, spridning=audience)
    rng = np.random.default_rng(1)
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
            held(case, setting, changes)


@pytest.mark.parametrize("tom", [4, 8])
def test_the_prognosis_dials_give_what_the_library_gives(tom):
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": tom, "scenario": "atgarder_2024"}
    case = open_case("manadsprognos", spridning="arbetsmaterial", **given)
    rng = np.random.default_rng(tom)
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
        held(case, setting, [row | measure, row | bill])


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
