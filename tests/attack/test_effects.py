"""What a scenario does to the budget: a change of one price is a count of the persons who have it."""

import pandas as pd
import pytest
from attack.units import AR, ENHET, Unit, unit_of
from conftest import write_scenario

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import answer

PRICE = {"typ": "regel", "regel": "lss_peng.ersattning.gruppbostad.kommunal.4", "varde": 4402, "fran": "2024-01-01"}
DAYS = 366


def unit(folder, number_on_4: int) -> Unit:
    levels = ["4"] * number_on_4 + ["3"] * 12 + ["5"] * 8
    rows = pd.DataFrame({"niva": levels, "insats": "gruppbostad", "regi": "kommunal"})
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    return unit_of(folder, rows.assign(enhet=ENHET, fran="2020-01-01", till=""))


def effects(tmp_path, spridning: str, change: dict) -> tuple[pd.DataFrame, tuple[str, ...]]:
    write_scenario(tmp_path / "params", "prov", [change])
    sources = load_sources(Folders((tmp_path / "params", PARAMS), unit(tmp_path / "data", 1).folder))
    case = open_case("budgetscenarier", enhet=ENHET, ar=AR, scenario="prov", spridning=spridning, sources=sources)
    found = answer.of(case).effects(case.scenario)
    return found.rows, found.unknown


def test_a_change_of_one_price_counts_its_persons_in_working_papers_only(tmp_path):
    rows, _ = effects(tmp_path / "a", "arbetsmaterial", PRICE)
    assert rows.loc[rows["manad"] == "helar", "kr"].iloc[0] == pytest.approx(DAYS * 1000)  # 366 000: one person
    for spridning in ("ledning", "offentlig"):
        rows, unknown = effects(tmp_path / spridning, spridning, PRICE)
        assert rows.empty
        assert [text for text in unknown if "skyddas: få personer" in text]


def test_persons_whom_a_scenario_invents_are_nobody(tmp_path):
    new = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 2, "fran": "2024-01-01"}
    rows, unknown = effects(tmp_path, "ledning", new)
    assert rows.loc[rows["manad"] == "helar", "kr"].iloc[0] == pytest.approx(2 * 3402 * DAYS)
    assert unknown == ()


def test_a_move_of_one_real_person_is_rounded(tmp_path):
    move = {"typ": "nivabyte", "insats": "gruppbostad", "regi": "kommunal", "fran_niva": 3, "till_niva": 4, "antal": 1}
    rows, _ = effects(tmp_path, "ledning", move | {"fran": "2024-01-01"})
    in_year = rows[rows["manad"] != "helar"]["kr"].sum()
    assert in_year == pytest.approx(round(665 * DAYS / 1e5) * 1e5)
