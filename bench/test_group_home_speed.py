"""How fast a new home is: the whole study of one, a step of a dial, and its years drawn; shares of a stated time.

The time that one slider may take, and one second for the draws, are what a person notices; a machine twice as slow is
still within them.
"""

from datetime import date

import pytest
from timing import seconds

from planbok.case.case import open_case
from planbok.topics import answer, group_home
from planbok.topics.group_home.simulate import DRAWS, YEARS, draw

SLIDER_S = 0.1
DRAWN_S = 1.0


@pytest.fixture(scope="module")
def case():
    return open_case("gruppbostad_kbh", enhet="exempelenheten", ar=2024, boende="nya_hemmet")


def test_the_whole_study_of_a_home(case, record_property):
    """Reading the tables apart, a home is studied within the time of one slider."""
    share = seconds(lambda: group_home.study.study(case)) / SLIDER_S
    record_property("share", share)
    print(f"\nthe study of one home: {share:.2f} of {SLIDER_S} s")
    assert share < 1


@pytest.mark.parametrize(
    "stated",
    [
        {"hyra_kr": 11_750},
        {"oppnar": date(2024, 11, 15)},
        {"kanda": {"4": 2, "7": 1}, "manader_mellan": 2, "arsarbetare": 9},
    ],
    ids=["rent", "opening", "everything"],
)
def test_a_step_of_a_dial(case, stated, record_property):
    study = group_home.study.study(case)
    dials = group_home.dials
    share = seconds(lambda: dials.figures(dials.turned(study.year, **stated))) / SLIDER_S
    record_property("share", share)
    print(f"\na step of a dial: {share:.3f} of {SLIDER_S} s")
    assert share < 1


def test_three_years_drawn_ten_thousand_times(case, record_property):
    study = group_home.study.study(case)
    risks = study.risks
    share = seconds(lambda: draw(study.year, risks, draws=DRAWS, years=YEARS)) / DRAWN_S
    record_property("share", share)
    print(f"\n{12 * YEARS} months drawn {DRAWS} times: {share:.3f} of {DRAWN_S} s")
    assert share < 1


def test_the_effects_on_a_budget(record_property):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario="nya_hemmet_oppnar")
    share = seconds(lambda: answer.others(case).effects(case.scenario)) / SLIDER_S
    record_property("share", share)
    print(f"\na home's effects on the budget: {share:.2f} of {SLIDER_S} s")
    assert share < 1
