"""Killed at any instant: the last run stays whole, nothing is left running, and the next run is made."""

import random
import time

import pytest
from batch_runs import kill_at, made, small_plan, whole_runs

from planbok.batch import warm
from planbok.batch.schedule import How

KILLS = 20
SEED = 6


@pytest.mark.parametrize(("fork", "kills"), [(True, KILLS - 1), (False, 1)])
def test_a_kill_leaves_the_last_run_whole_and_nothing_running(tmp_path, fork, kills):
    warm.load()
    plan, out, how = small_plan(tmp_path, 4 if fork else 1), tmp_path / "ut", How(workers=2, fork=fork)
    start = time.monotonic()
    made(plan, out, how)
    whole, chance, killed = time.monotonic() - start, random.Random(SEED), []
    before = whole_runs(out / plan.id)
    assert len(before) == 1
    for _ in range(kills):
        instant = chance.uniform(0, whole) if fork else whole / 2
        killed.append(kill_at(plan, out, how, instant, chance, 0.5 if fork else 1))
        after = whole_runs(out / plan.id)
        assert set(before) <= set(after)
        assert made(plan, out, how).exit_code == 0
        before = whole_runs(out / plan.id)
        assert set(after) < set(before)
        assert [path.name for path in out.rglob(".*")] == []
    assert "runner" in killed
    assert "child" in killed or not fork
