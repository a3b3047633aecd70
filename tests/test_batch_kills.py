"""Killed at any instant: the last run stays whole, nothing is left running, and the next run is made."""

import pytest
from batch_runs import survives

KILLS = 12  # bench/ has two hundred


@pytest.mark.parametrize(("fork", "kills"), [(True, KILLS - 1), (False, 1)])
def test_a_kill_leaves_the_last_run_whole_and_nothing_running(tmp_path, fork, kills):
    killed = list(survives(tmp_path, kills, fork, seed=6))
    assert "runner" in killed
    assert "child" in killed or not fork
