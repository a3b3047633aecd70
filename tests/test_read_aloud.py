"""The numbers that head sentences show beside each other meet."""

import pytest
from read_aloud import near_misses

from planbok.case.case import open_case
from planbok.topics.answer import answer

REPORTS = [
    *(("manadsprognos", {"enhet": enhet, "ar": 2024, "tom_manad": tom, "scenario": scenario})
      for enhet in ("exempelenheten", "exempel_stod", "exempel_assistans") for tom in (4, 8, 12)
      for scenario in ("bas",)),
    *(("manadsprognos", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": tom, "scenario": "atgarder_2024"})
      for tom in (3, 4, 5)),
    *(("budgetscenarier", {"enhet": "exempelenheten", "ar": 2024, "scenario": scenario})
      for scenario in ("bas", "dyrare_var_2024")),
    ("budgetscenarier", {"enhet": "exempel_stod", "ar": 2024}),
]  # fmt: skip


def test_what_nearly_meets_is_found():
    """157,8 - 157,2 is 0,6, not 0,7."""
    assert near_misses("Prognosen är 157,8 mnkr: 0,7 mnkr över 157,2 mnkr.") == [("157,8", "0,7", "157,2")]
    assert not near_misses("Prognosen är 157,84 mnkr: 0,68 mnkr över 157,16 mnkr.")


@pytest.mark.parametrize(("notebook", "parameters"), REPORTS)
def test_numbers_meet_in_the_example_reports(notebook, parameters):
    result = answer(open_case(notebook, **parameters))[1]
    assert not [(text, missed) for text in result.sammanfattning[:3] if (missed := near_misses(text))]
