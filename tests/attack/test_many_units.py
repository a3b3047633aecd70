"""A few of the made-up units of `many_units.py`, and that its attack is real."""

import pytest
from attack.many_units import CELLS, RUNS, SMALLEST, Joint, attack, known_by, listed, reports
from attack.units import MEASURED, random_unit


@pytest.mark.parametrize(("size", "seed"), [(7, 4), (23, 20)])
def test_two_runs_of_two_audiences_tell_no_cell_of_few(tmp_path, size, seed):
    told, undecided, few = attack(tmp_path, size, seed, seconds=20.0)
    assert few > 0
    assert (told, undecided) == (set(), set())


def test_the_same_attack_finds_levels_where_an_amount_is_to_the_krona(tmp_path):
    unit, joint, known = random_unit(tmp_path / "now", 3, seed=3), Joint(3), RUNS[1]
    seen = known_by(unit, known, tmp_path / "known")
    joint.read(reports(seen, ("ledning",), known)["ledning"], known)
    there = seen.there(MEASURED["slutlig"])
    name = joint.measured(MEASURED["slutlig"], known)
    joint.amount(name, sum(number * listed(2024)[cell] * 366 for cell, number in there.items()), 0.5)
    truth = {(name, *cell): int(there.get(cell, 0)) for cell in CELLS}
    told, _ = joint.puzzle.told(truth, seconds=20.0)
    assert [cell for cell in told if 0 < truth[cell] < SMALLEST]
