"""Two hundred kills at random instants: each time the last run is whole, nothing stays, and the next run is made."""

from collections import Counter

from batch_runs import survives

KILLS = 200


def test_two_hundred_kills(tmp_path, record_property):
    killed = Counter(survives(tmp_path, KILLS, fork=True, seed=200))
    record_property("killed", dict(killed))
    print(f"\n{KILLS} kills: {killed['runner']} of runners, {killed['child']} of reports")
    assert killed["runner"] > KILLS / 4
    assert killed["child"] > KILLS / 10
