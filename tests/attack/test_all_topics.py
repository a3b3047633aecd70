"""Two of the collections of `all_topics.py` in one topic, and that its lines say what an attack found."""

import pytest
from attack.all_topics import TAUGHT, lines, persons, said_of, told
from attack.joint import Attack, Attacker
from attack.reading import World, world_of

TOPICS = ("insatser_manad",)


@pytest.fixture(scope="module")
def attacker(tmp_path_factory) -> Attacker:
    kept = tmp_path_factory.mktemp("kept")
    return Attacker([world_of(said_of(seed, kept, TOPICS)) for seed in TAUGHT[1::2]])


@pytest.mark.parametrize("seed", [1, 52])
def test_two_runs_to_three_audiences_tell_no_cell(attacker, tmp_path, seed):
    attack, found, alone = told(attacker, world_of(said_of(seed, tmp_path, TOPICS)))
    assert attack.few() > 0 and len(attack.ties) > 100
    helped = persons(seed) if found else {}
    assert [line for matters, line in lines(attack, found, alone, helped) if matters] == []
    assert not attack.undecided


def test_a_told_cell_is_said_with_those_behind_it():
    key, persons = (("t|8", "bord", (("del", "Norr"),), 0, name) for name in ("kr", "antal"))
    world = World({key: 900.0, persons: 3.0}, {key: "kr", persons: "personer"}, {}, {key})
    ((matters, line),) = lines(Attack(world, [], set(), set()), {key: 900.0}, set(), {})
    assert matters and line.strip() == "t|8 bord [Norr] kr = 900: withheld, two runs, of fewer than 5 {'antal': 3.0}"
