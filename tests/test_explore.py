"""The budget's dials: the same numbers as the library, the baseline always beside, reset."""

import pytest

from planbok.topics import budget
from planbok.topics.budget.explore import build, tried


@pytest.fixture
def study(make_case):
    return budget.study(make_case())


def test_dial_gives_what_a_scenario_gives(study, make_case):
    explorer = build(study)
    explorer.controls["procent"].value = 1.0
    explorer.controls["manad"].value = 7
    change = {
        "typ": "upprakning",
        "budgetrad": "Vårdkostnader",
        "sida": "kostnad",
        "procent": 1.0,
        "fran": "2016-07-01",
    }
    from_file = budget.study(make_case([change])).outcome.amounts()
    by_dial = tried(study, "Vårdkostnader", "kostnad", 1.0, 7).amounts()
    assert by_dial == from_file
    answer = explorer.answer.value.replace("\u00a0", " ")
    assert "145,37 mnkr: +0,57 mnkr i år och +1,14 mnkr på helår" in answer
    assert "0,57 mnkr i underskott" in answer
    care = list(explorer.figure.data[1].y).index("Vårdkostnader")
    assert explorer.figure.data[1].x[care] == pytest.approx(112.5 + 0.5695)


def test_baseline_stays_and_reset_restores(study):
    explorer = build(study)
    before = tuple(explorer.figure.data[0].x), tuple(explorer.figure.data[1].x), explorer.answer.value
    explorer.controls["procent"].value = 5.0
    assert tuple(explorer.figure.data[0].x) == before[0]
    assert tuple(explorer.figure.data[1].x) != before[1]
    explorer.reset.click()
    assert (tuple(explorer.figure.data[0].x), tuple(explorer.figure.data[1].x), explorer.answer.value) == before


def test_every_control_has_a_label_and_its_unit(study):
    explorer = build(study)
    assert {control.description for control in explorer.controls.values()} == {
        "Budgetrad",
        "Sida",
        "Ändring (%)",
        "Från den 1",
    }


def test_a_row_name_cannot_smuggle_markup_into_the_answer(study):
    explorer = build(study)
    explorer.update = lambda **values: ("<script>x</script>", *[[list(t.x) for t in explorer.figure.data]] * 2)
    explorer.refresh()
    assert "<script>" not in explorer.answer.value


def test_a_budget_without_a_net_says_so(make_case):
    explorer = build(budget.study(make_case(enhet="bestallare_aldre", ar=2021)))
    assert "kan inte räknas fram" in explorer.answer.value
