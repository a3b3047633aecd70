"""Three hundred drawn scenarios: no sentence about them has numbers that nearly meet, or kronor of seven digits."""

import pytest
from drawn_scenarios import wrong_when_drawn

MANY = {"budgetscenarier": 120, "manadsprognos": 80, "verksamhetsblad": 20, "lss_peng": 30, "gruppbostad_kbh": 30,
        "bemanning_sjukfranvaro": 20}  # fmt: skip


def test_there_are_three_hundred():
    assert sum(MANY.values()) == 300


@pytest.mark.parametrize("notebook", MANY)
def test_every_sentence_of_drawn_scenarios_holds(tmp_path, notebook):
    assert not wrong_when_drawn(tmp_path, notebook, MANY[notebook], seed=300)
