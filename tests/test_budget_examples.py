"""Worked examples of the budget: the figures that must come out, to the krona."""

import pytest
from conftest import examples
from shown import shown_budget

from planbok.topics import budget

EXAMPLES = examples("budget")
WITHIN_MNKR = 5e-10


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["namn"] for example in EXAMPLES])
def test_worked_example(example, make_case):
    case = make_case(example["forandringar"], example["enhet"], example["ar"])
    result = shown_budget(budget.study.study(case))
    found = {name: result.nyckeltal[name].varde for name in example["nyckeltal"]}
    assert found == pytest.approx(example["nyckeltal"], abs=WITHIN_MNKR)
    assert all(result.nyckeltal[name].saknas for name, value in example["nyckeltal"].items() if value is None)
    table = result.tabeller["budget"].frame.set_index("budgetrad")
    for column, rows in example.get("rader", {}).items():
        assert table.loc[list(rows), column].to_dict() == pytest.approx(rows, abs=WITHIN_MNKR)
    if "brygga" in example:
        assert result.tabeller["brygga"].frame["kr"].tolist() == pytest.approx(example["brygga"], abs=0.005)


def test_years_compared_as_published(make_case):
    frame = budget.study.study(make_case()).years
    pair = frame[frame["fran_ar"] == 2014].set_index("budgetrad")
    expected = {
        "Administration": 1.7,
        "Vårdkostnader": 17.0,
        "LASS-assistans": 0.0,
        "Lokalkostnader": -0.1,
        "Totalt": 18.6,
    }
    assert pair["netto_forandring_mnkr"].to_dict() == pytest.approx(expected)
    assert round(pair.loc["Totalt", "procent"], 1) == 14.7
    assert pair.loc["LASS-assistans", ["kostnad_forandring_mnkr", "intakt_forandring_mnkr"]].tolist() == [-1.6, -1.6]
    assert pair.loc["Lokalkostnader", ["kostnad_forandring_mnkr", "intakt_forandring_mnkr"]].tolist() == [2.6, 2.7]


def test_price_and_volume_where_an_uprating_is_stated(make_case):
    frame = budget.study.study(make_case()).years
    pair = frame[frame["fran_ar"] == 2015].set_index("budgetrad")
    assert pair.loc["Vårdkostnader", "pris_mnkr"] == pytest.approx(108.5 * 0.02)
    assert pair.loc["Vårdkostnader", "volym_mnkr"] == pytest.approx(4.0 - 108.5 * 0.02)
    assert pair.drop("Vårdkostnader")[["pris_mnkr", "volym_mnkr"]].isna().all(axis=None)


def test_first_screen_of_the_baseline(make_case):
    said = shown_budget(budget.study.study(make_case())).sammanfattning
    assert said[0].startswith("Budgeten är lagd i balans: ramen är dess nettokostnad, 144,8")
    assert said[1] == "Nettokostnaden 2016 är 144,8 mnkr: kostnader på 152,8 mnkr och intäkter på 8,0 mnkr.".replace(
        " mnkr", "\u00a0mnkr"
    )
    assert any("Mot 2015 ökar budgeten med 3,3" in text and "4,0" in text and "−0,8" in text for text in said)
    assert 3 <= len(said) <= 8


def test_first_screen_of_a_scenario(make_case):
    change = {
        "typ": "upprakning",
        "budgetrad": "Vårdkostnader",
        "sida": "kostnad",
        "procent": 1.0,
        "fran": "2016-07-01",
    }
    said = [
        text.replace("\u00a0", " ") for text in shown_budget(budget.study.study(make_case([change]))).sammanfattning
    ]
    assert said[0] == "Nettokostnaden blir 145,4 mnkr, 0,6 mnkr mer än budgeten på 144,8 mnkr."
    assert said[1] == "Helårseffekten är +1,1 mnkr: lika mycket till som i år måste finansieras nästa år."
    assert "95 000 kr per månad juli–december" in said[2]
    assert "0,6 mnkr i underskott" in said[2]
    assert "Av nettokostnaden är 144,8 mnkr beslutad budget; scenariot ändrar den med +0,6 mnkr antagande." in said
    assert said[-1] == "Budgeten justeras efter prestationsmätningarna 31 mars och 27 augusti."
