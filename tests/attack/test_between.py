"""Two amounts to the krona can be subtracted: what is left is of enough persons, or one of them is rounded."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from attack.published import prices
from attack.units import AR, ENHET, INSATSER, REGI, Unit, unit_of
from conftest import write_scenario

STEP = 100_000
BETWEEN = "2024-05-01"  # after the year's first measurement


def unit(folder: Path, movers: int, there: int = 45, since: str = "2020-01-01") -> Unit:
    """So many persons on all levels, and some who move in between the year's two measurements."""
    cells = [(insats, regi, niva) for insats in INSATSER for regi in REGI for niva in prices(AR, insats, regi).index]
    order = np.random.default_rng(5).permutation(len(cells))
    chosen = [cells[order[number % len(cells)]] for number in range(there + movers)]
    rows = pd.DataFrame(chosen, columns=["insats", "regi", "niva"])
    rows["fran"] = [since] * there + [BETWEEN] * movers
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    return unit_of(folder, rows.assign(enhet=ENHET, till=""))


def steps(report: dict) -> dict:
    return {name: report["nyckeltal"][f"{name}_kr"].get("avrundat_till") for name in ("efter_matning_1", "slutlig")}


def bar(report: dict) -> float | None:
    rows = [row for row in report["tabeller"]["brygga"] if row["brygga"] == "Efter mätning 1 → slutlig"]
    return next(row["kr"] for row in rows if row["typ"] == "personer")


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_a_difference_of_one_person_is_in_no_two_exact_totals(tmp_path, spridning):
    report = unit(tmp_path, movers=1).report("lss_peng", spridning)
    assert steps(report) == {"efter_matning_1": None, "slutlig": STEP}
    assert bar(report) is None
    months = pd.DataFrame(report["tabeller"]["per_manad"])["slutlig_kr"]
    assert (months % STEP == 0).all()
    assert "personer och nivåer" not in " ".join(report["sammanfattning"])


def test_a_difference_of_enough_persons_is_shown(tmp_path):
    report = unit(tmp_path, movers=5).report("lss_peng", "ledning")
    assert steps(report) == {"efter_matning_1": None, "slutlig": None}
    assert bar(report) % STEP == 0


def test_nobody_between_them_leaves_both_to_the_krona(tmp_path):
    report = unit(tmp_path, movers=0).report("lss_peng", "ledning")
    assert steps(report) == {"efter_matning_1": None, "slutlig": None}
    assert bar(report) == 0


def test_a_forecast_is_adopted_by_nobody_and_rounded(tmp_path):
    """In June and in July the final budget is a forecast of what is decided then: one decision more is one person."""
    report = unit(tmp_path, movers=5).report("lss_peng", "ledning", per_datum="2024-06-30")
    assert steps(report) == {"efter_matning_1": None, "slutlig": STEP}


def test_a_year_that_rests_on_both_measurements_is_as_coarse_as_the_coarser(tmp_path):
    """Half a year each: a month of spring is the first measurement, here of too few persons, times its days."""
    rule = {"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-01-01"}
    write_scenario(tmp_path / "params", "prov", [rule])
    made = unit(tmp_path / "data", movers=40, there=12)
    report = made.report("lss_peng", "ledning", tmp_path / "params", scenario="prov")
    assert set(steps(report).values()) == {STEP}
    assert (pd.DataFrame(report["tabeller"]["per_manad"])["slutlig_kr"] % STEP == 0).all()
