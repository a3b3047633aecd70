"""What a report on a new home lets an attacker work out of the levels of the unit's own residents, and of rents."""

from pathlib import Path

import pytest
from attack.published import prices, reports
from attack.solver import Puzzle

from planbok.cli import main

DAYS, PLACES, OWN = 366, 5, 12


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Path:
    """The shipped example's reports on new homes, for the management."""
    out = tmp_path_factory.mktemp("ut")
    assert main(["run", "exempel", "--only", "gruppbostad_kbh", "--out", str(out)]) == 0
    return out


def own_levels(kr: float, within: float) -> dict:
    """What the mean price of the unit's own twelve persons, times places and days, says of their levels."""
    listed, puzzle = prices(2024, "gruppbostad", "kommunal"), Puzzle()
    for niva in listed.index:
        puzzle.unknown(niva, 0, OWN)
    puzzle.known(dict.fromkeys(listed.index, 1), OWN)
    each = PLACES * DAYS / OWN
    puzzle.known(listed * each, kr, max(within, 0.01))
    return puzzle.solved()


def test_the_expected_peng_does_not_tell_the_levels_of_the_twelve(shipped):
    (report,) = [r for name, r in reports(shipped, "exempel").items() if "exempelenheten" in name]
    shown = report.figure("peng_forvantad_kr")
    assert shown is not None, "the management still gets it, rounded"
    assert shown[1] == 50_000
    assert own_levels(*shown) == {}
    assert report.result["nyckeltal"]["resultat_helar_kr"]["avrundat_till"] == 100_000
    assert "peng_fordelning" not in report.result["tabeller"]


def test_the_amount_to_the_krona_does_tell(shipped):
    """The attack is real: 5 897 022,50 kr, as it stood, has one number of persons on level 2."""
    assert own_levels(5_897_022.5, 0) == {"2": 1}


def test_no_file_has_the_exact_amounts(shipped):
    (report,) = [r for name, r in reports(shipped, "exempel").items() if "exempelenheten" in name]
    for kr in (5_897_022.5, 4_954_542.0, 5_380_932.0, 5_896_626.0, 6_401_706.0, 6_907_152.0):
        assert not report.holds(kr, within=0.6)
