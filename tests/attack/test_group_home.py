"""What reports on a new home and its budget let an attacker work out of residents' levels, rents and KBH."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from attack.published import prices, reports
from attack.solver import Puzzle
from home_tables import home_case

from planbok.cli import main
from planbok.report.handover import as_json
from planbok.topics import answer

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


def test_no_dial_holds_the_rounded_result_to_the_krona(shipped):
    """Staff on a dial moves the result by open data; what it is with the staff of today is 5 897 022,50 - 6 mnkr."""
    (report,) = [r for name, r in reports(shipped, "exempel").items() if "exempelenheten" in name]
    moved = [grid for grid in report.result["skjutreglage_rutor"] if grid["nyckeltal"] == "resultat_helar_kr"]
    assert moved, "the dials move it"
    for grid in moved:
        assert not any(abs(kr % 100 - 22.5) < 0.1 or abs(kr % 100 - 77.5) < 0.1 for kr in np.ravel(grid["varden"]))
    numbers = np.concatenate([np.ravel(grid["varden"]) for grid in report.result["skjutreglage_rutor"]])
    assert (numbers == np.round(numbers, 6)).all(), "the last bits say between which powers of two the result lies"


AUDIENCES = ("ledning", "offentlig")
MONTHS = ("2024-08", "2024-09", "2024-10", "2024-11", "2024-12")
RENTS = (9_000, 10_500, 12_000, 12_500, 13_000)
AVERAGE, SHARE = 7_875, 0.9  # public: Försäkringskassan's average rent, and the share of what is above it
OPENS = {"typ": "nytt_boende", "boende": "hemmet", "oppnar": "2024-08-01"}
HOME = {"oppnar": "2024-08-01", "lokalhyra_kr_per_manad": 1_000, "startkostnad_kr": 0}
HOME |= {"bemanning_arsarbetare": 1, "kostnad_kr_per_arsarbetare": 600_000}
OTHERS = [{"niva": 4}] * 12


def read(folder: Path, notebook: str, spridning: str, **tables) -> dict:
    """What resultat.json says of a home that a scenario opens."""
    tables = {"decisions": OTHERS} | tables
    case = home_case(folder / notebook / spridning, [OPENS], spridning=spridning, notebook=notebook, **tables)
    return as_json(case, answer.answer(case).result)


def rents(folder: Path, spridning: str) -> dict:
    """The flats' rents that are told, one flat moved into a month, by the home's report and the budget's together."""
    flats = [{"hyra": kr, "inflyttning": f"{month}-01"} for kr, month in zip(RENTS, MONTHS, strict=True)]
    tables = {"home": HOME, "flats": flats}
    home, budget = (read(folder, name, spridning, **tables) for name in ("gruppbostad_kbh", "budgetscenarier"))
    puzzle, everybody = Puzzle(), dict.fromkeys(range(5), 1.0)
    for flat in everybody:
        puzzle.unknown(flat, 5_000, 20_000)

    def known(months: dict[int, float], kr: float | None, apart: float = 0.0) -> None:
        if kr is not None:
            puzzle.known(months, kr - apart, 0.01)

    let = {month: dict.fromkeys(range(place + 1), 1.0) for place, month in enumerate(MONTHS)}
    in_year = {flat: 5.0 - flat for flat in everybody}
    keys = {name: figure["varde"] for name, figure in home["nyckeltal"].items()}
    known(dict.fromkeys(everybody, 12.0), keys["hyra_helar_lag_kr"])
    known(dict.fromkeys(everybody, 5.0), keys["hyra_ar_lag_kr"])
    known({flat: float(flat) for flat in range(1, 5)}, keys["tomgangshyra_ar_kr"])
    known(dict.fromkeys(everybody, 12 * SHARE), keys["kbh_helar_lag_kr"], -12 * 5 * SHARE * AVERAGE)
    known({flat: n * SHARE for flat, n in in_year.items()}, keys["kbh_ar_lag_kr"], -15 * SHARE * AVERAGE)
    bridge = pd.DataFrame(home["tabeller"]["brygga"]).set_index("steg")
    income = bridge.loc["Hyresintäkt", "kr"]
    known(in_year, None if pd.isna(income) else -income)
    for row in home["tabeller"]["per_manad"][:-1]:
        if row["manad"] in let:
            known(let[row["manad"]], row["uthyrd_kr"])
    for row in budget["tabeller"]["per_manad"]:
        moved = row["intakt_kr"] - 2_000_000 / 12 if row["manad"] in let else 0
        if abs(moved) > 1:
            known(let[row["manad"]], moved)
    return puzzle.solved()


@pytest.mark.parametrize("spridning", AUDIENCES)
def test_no_flats_rent_is_told(tmp_path, spridning):
    assert rents(tmp_path, spridning) == {}


def test_the_solver_finds_every_rent_in_working_papers(tmp_path):
    assert rents(tmp_path, "arbetsmaterial") == dict(enumerate(RENTS))


@pytest.mark.parametrize("spridning", AUDIENCES)
def test_the_lowest_and_the_highest_rent_are_not_told_where_one_flat_has_it(tmp_path, spridning):
    flats = [{"hyra": kr} for kr in RENTS]
    home = read(tmp_path, "gruppbostad_kbh", spridning, home=HOME, flats=flats)
    left = home["tabeller"]["kvar_efter_hyra"]
    assert [row["hyra_kr"] for row in left] == [None, sum(RENTS) / 5, None]
    assert "per månad och lägenhet" not in " ".join(home["sammanfattning"])


def levels(folder: Path, spridning: str) -> dict:
    """How many of three known residents have each level, by the home's report and the budget's together."""
    tables = {"home": HOME | {"platser": 3}, "flats": [{"niva": 4}, {"niva": 4}, {"niva": 7}]}
    home, budget = (read(folder, name, spridning, **tables) for name in ("gruppbostad_kbh", "budgetscenarier"))
    listed, puzzle = prices(2024, "gruppbostad", "kommunal") * DAYS, Puzzle()
    for niva in listed.index:
        puzzle.unknown(niva, 0, 3)
    puzzle.known(dict.fromkeys(listed.index, 1.0), 3)
    shown = [home["nyckeltal"][f"peng_{name}_kr"]["varde"] for name in ("lagst", "hogst", "forvantad")]
    for report in (home, budget):
        shown += [
            row["kr_ram_helar"] for row in report["tabeller"]["brygga"] if row["typ"] in ("lss_peng", "nytt_boende")
        ]
    for kr in shown:
        if kr:
            puzzle.known(dict(listed), kr, 1.0)
    return puzzle.solved()


@pytest.mark.parametrize("spridning", AUDIENCES)
def test_no_known_residents_level_is_told(tmp_path, spridning):
    assert levels(tmp_path, spridning) == {}


def test_the_solver_finds_the_levels_in_working_papers(tmp_path):
    found = levels(tmp_path, "arbetsmaterial")
    assert {niva: number for niva, number in found.items() if number} == {"4": 2, "7": 1}


def test_the_budget_names_what_it_leaves_out(tmp_path):
    tables = {"home": HOME | {"platser": 3}, "flats": [{"niva": 4}, {"niva": 4}, {"niva": 7}]}
    said = " ".join(read(tmp_path, "budgetscenarier", "ledning", **tables)["sammanfattning"])
    assert "LSS-peng i hemmet (skyddas: få personer)" in said
