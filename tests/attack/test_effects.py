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
    found = answer.others(case).effects(case.scenario)
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


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_persons_who_leave_are_real_and_not_told_to_the_krona(tmp_path, spridning):
    """A negative volume takes real persons: 366 days times the price of their level is how many there are."""
    gone = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": -1, "fran": "2024-01-01"}
    rows, _ = effects(tmp_path, spridning, gone)
    for _, kr in rows.groupby(rows["manad"] == "helar")["kr"]:
        assert kr.sum() % 100_000 == pytest.approx(0, abs=1e-6)
    whole, _ = effects(tmp_path / "whole", "arbetsmaterial", gone)
    assert whole.loc[whole["manad"] == "helar", "kr"].iloc[0] == pytest.approx(-3402 * DAYS)


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_the_report_on_peng_counts_no_persons_of_one_price_either(tmp_path, spridning):
    write_scenario(tmp_path / "params", "prov", [PRICE])
    report = unit(tmp_path / "data", 1).report("lss_peng", spridning, tmp_path / "params", scenario="prov")
    amounts = [f["varde"] for f in report["nyckeltal"].values() if f["mattenhet"] == "kr"]
    amounts += [row["kr"] for row in report["tabeller"]["brygga"]]
    assert [kr for kr in amounts if kr is not None and abs(kr) % 100_000 > 1e-6] == []


def test_who_moves_in_after_the_last_measurement_is_not_counted_by_the_full_year(tmp_path):
    """Nobody has the level on the measurement's day and one has it on 31 December: 366 000 kr, rounded, is one."""
    made = unit(tmp_path / "data", 0)
    late = made.beslut.head(1).assign(niva="4", fran="2024-10-01", person="p00099xyz", beslut="b00099xyz")
    write_scenario(tmp_path / "params", "prov", [PRICE])
    folder = unit_of(tmp_path / "late", pd.concat([made.beslut, late], ignore_index=True)).folder
    sources = load_sources(Folders((tmp_path / "params", PARAMS), folder))
    case = open_case("budgetscenarier", enhet=ENHET, ar=AR, scenario="prov", spridning="ledning", sources=sources)
    assert answer.others(case).effects(case.scenario).rows.empty


def test_a_move_of_one_real_person_is_rounded(tmp_path):
    move = {"typ": "nivabyte", "insats": "gruppbostad", "regi": "kommunal", "fran_niva": 3, "till_niva": 4, "antal": 1}
    rows, _ = effects(tmp_path, "ledning", move | {"fran": "2024-01-01"})
    in_year = rows[rows["manad"] != "helar"]["kr"].sum()
    assert in_year == pytest.approx(round(665 * DAYS / 1e5) * 1e5)
