"""What the reports on granted insatser and on LSS-peng tell together: a sum in one is a part of the other's sums."""

from pathlib import Path

import pandas as pd
import pytest
from attack.solver import Puzzle
from attack.units import AR, ENHET, INSATSER, REGI, Unit, random_unit, unit_of

MEASURED = f"{AR}-03-31"  # the first measurement, and the last day of the month that the other report is of
COUNTED = "mars 2024"  # what stands since an earlier month says nothing sure of this one
SMALLEST = 5
CELLS = [(insats, regi) for insats in INSATSER for regi in REGI]
AUDIENCES = ("ledning", "offentlig")


def puzzle_of(unit: Unit, spridning: str, insatser_as: str) -> Puzzle:
    """Persons by insats and management on the measurement day, and all that both reports say of them."""
    puzzle, most = Puzzle(), len(unit.beslut)
    for cell in CELLS:
        puzzle.unknown(cell, 0, most)
    measured = pd.DataFrame(unit.report("lss_peng", spridning)["tabeller"]["prestationsmatningar"])
    measured = measured[measured["matning"] == MEASURED].set_index(["insats", "regi"])["personer"]
    for cell in CELLS:
        number = measured.get(cell, 0)
        puzzle.known({cell: 1}, *((number, 0) if pd.notna(number) else (1 + most / 2, most / 2)))
    if pd.notna(measured["Totalt", ""]):
        puzzle.known(dict.fromkeys(CELLS, 1), measured["Totalt", ""], 0)
    granted = unit.report("insatser_manad", insatser_as, tom_manad=3)["tabeller"]["forandring"]
    for row in granted:
        own = {cell: 1 for cell in CELLS if row["insats"] in (cell[0], "Totalt")}
        if row["lopande_antal"] is not None and row.get("raknat", COUNTED) == COUNTED:
            puzzle.known(own, row["lopande_antal"], 0)
    return puzzle


def told(unit: Unit, spridning: str, insatser_as: str) -> dict:
    """The groups of few persons that the attacker finds."""
    there = unit.beslut[(unit.beslut["fran"] <= MEASURED) & ~unit.beslut["till"].between("0", "2024-03-30")]
    truth = dict.fromkeys(CELLS, 0) | there.groupby(["insats", "regi"]).size().to_dict()
    puzzle = puzzle_of(unit, spridning, insatser_as)
    for sums, low, high in puzzle.rows:
        assert low <= sum(truth[cell] for cell in sums) <= high, "the attack has read the reports wrongly"
    return {cell: number for cell, number in puzzle.solved().items() if 0 < number < SMALLEST}


def one_small(folder: Path) -> Unit:
    """Four in private group homes: the whole of group homes minus what is shown of them."""
    numbers = {("gruppbostad", "kommunal"): 12, ("gruppbostad", "entreprenad"): 6, ("gruppbostad", "privat"): 4}
    numbers |= {("servicebostad", "kommunal"): 11, ("servicebostad", "privat"): 2, ("servicebostad", "entreprenad"): 5}
    rows = pd.DataFrame([cell for cell, number in numbers.items() for _ in range(number)], columns=["insats", "regi"])
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    return unit_of(folder, rows.assign(enhet=ENHET, niva="4", fran="2020-01-01", till=""))


@pytest.mark.parametrize("spridning", AUDIENCES)
def test_a_small_group_is_no_difference_between_the_two_reports(tmp_path, spridning):
    unit = one_small(tmp_path)
    assert told(unit, spridning, "ledning") == {}
    shown = pd.DataFrame(unit.report("lss_peng", spridning)["tabeller"]["prestationsmatningar"])
    kept = shown[shown["matning"] == MEASURED].set_index(["insats", "regi"])["personer"].dropna()
    assert kept["gruppbostad", "kommunal"] == 12, "what need not be hidden is shown"


def test_the_attack_finds_what_working_papers_show(tmp_path):
    assert told(one_small(tmp_path), "arbetsmaterial", "arbetsmaterial") == {
        ("gruppbostad", "privat"): 4,
        ("servicebostad", "privat"): 2,
    }


@pytest.mark.parametrize("seed", range(3))
def test_no_made_up_unit_has_such_a_difference(tmp_path, seed):
    assert told(random_unit(tmp_path, 20 + 8 * seed, seed), "ledning", "offentlig") == {}


def unit_of_moves(folder: Path, movers: list[dict]) -> Unit:
    """Thirty who stay on all levels, and some who don't."""
    rows = pd.DataFrame([{"niva": str(n % 6 + 1), "fran": "2020-01-01", "till": ""} for n in range(30)] + movers)
    rows = rows.assign(person=rows.get("person", pd.Series(dtype=object)).reindex(rows.index))
    rows["person"] = rows["person"].where(rows["person"].notna(), [f"p{n:05d}xyz" for n in rows.index])
    rows = rows.assign(beslut=[f"b{n:05d}xyz" for n in rows.index], enhet=ENHET, insats="gruppbostad", regi="kommunal")
    return unit_of(folder, rows.fillna({"till": ""}))


NEW = [{"niva": "4", "fran": "2024-05-01"}]
ANOTHER_LEVEL = [
    {"niva": "3", "fran": "2020-01-01", "till": "2024-02-29", "person": "p99999xyz"},
    {"niva": "5", "fran": "2024-03-01", "person": "p99999xyz"},
]


@pytest.mark.parametrize("movers", [NEW, ANOTHER_LEVEL, NEW * 6 + ANOTHER_LEVEL], ids=["new", "level", "both"])
def test_what_moved_the_cost_is_not_one_person(tmp_path, movers):
    """245 days on level 4 are 833 490 kr: 0,8 mnkr, which no other level gives."""
    report = unit_of_moves(tmp_path, movers).report("insatser_manad", "ledning", tom_manad=12)
    for row in report["tabeller"]["drivare"]:
        assert [row[key] for key in ("volym_kr", "niva_kr", "skillnad_kr")] == [None] * 3
    assert "kostar" not in " ".join(report["sammanfattning"])


def test_what_many_moved_is_shown(tmp_path):
    report = unit_of_moves(tmp_path, NEW * 6).report("insatser_manad", "ledning", tom_manad=12)
    assert report["tabeller"]["drivare"][0]["volym_kr"] % 100_000 == 0


def test_hours_of_a_few_women_are_no_difference_of_two_sums(tmp_path):
    """All women's hours are those of each group of insatser together."""
    kinds = [("ledsagning_avlosning", "kvinna", 9), ("ledsagning_avlosning", "man", 9)]
    kinds += [("daglig_verksamhet", "kvinna", 2), ("daglig_verksamhet", "man", 8)]
    rows = pd.DataFrame([kind[:2] for kind in kinds for _ in range(kind[2])], columns=["insats", "kon"])
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    rows = rows.assign(enhet=ENHET, regi="kommunal", niva="", fran="2020-01-01", till="", timmar_per_manad="10")
    rows.to_csv(tmp_path / "beslut.csv", index=False)
    report = Unit(tmp_path, rows).report("insatser_manad", "ledning", tom_manad=12)
    hours = {(row["grupp"], row["kon"]): row["timmar_h"] for row in report["tabeller"]["fordelning_kon"]}
    women = [hours["vardag", "kvinna"], hours["alla", "kvinna"]]
    assert hours["daglig", "kvinna"] is None
    assert None in women, "or the hours of two women are their difference"


def test_what_a_person_who_has_left_cost_last_year_is_not_shown(tmp_path):
    """Nobody has the insats now, and an amount of nobody is exact: last year's was one person's price times days."""
    left = [{"niva": "4", "fran": "2020-01-01", "till": "2023-05-31"}]
    rows = pd.DataFrame(left).assign(person="p00001xyz", beslut="b00001xyz", enhet=ENHET, regi="kommunal")
    other = rows.assign(person="p00002xyz", beslut="b00002xyz", insats="kontaktperson", niva="", till="")
    unit = unit_of(tmp_path, pd.concat([rows.assign(insats="gruppbostad"), other], ignore_index=True))
    report = unit.report("insatser_manad", "ledning", tom_manad=8)
    assert [row["fore_kr"] for row in report["tabeller"]["drivare"]] == [None, None]


def _hours_by_sex(folder, kinds):
    """What the management reads of hours in December, by group and sex; kinds: insats, sex, hours a month, persons."""
    rows = pd.DataFrame(
        [kind[:3] for kind in kinds for _ in range(kind[3])], columns=["insats", "kon", "timmar_per_manad"]
    )
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    rows = rows.assign(enhet=ENHET, regi="kommunal", niva="", fran="2020-01-01", till="")
    rows["niva"] = rows["niva"].where(rows["insats"] != "gruppbostad", "4")
    rows.to_csv(folder / "beslut.csv", index=False)
    report = Unit(folder, rows).report("insatser_manad", "ledning", tom_manad=12)
    return {(row["grupp"], row["kon"]): row["timmar_h"] for row in report["tabeller"]["fordelning_kon"]}


def test_hours_of_the_only_few_who_have_any_are_not_the_sum_either(tmp_path):
    """Two men have hours and twenty have an insats without: the hours of all men are those of the two."""
    kinds = [("ledsagning_avlosning", "man", "10", 2), ("ledsagning_avlosning", "kvinna", "10", 9)]
    kinds += [("gruppbostad", "man", "", 20), ("gruppbostad", "kvinna", "", 20)]
    hours = _hours_by_sex(tmp_path, kinds)
    assert (hours["vardag", "man"], hours["alla", "man"]) == (None, None)


@pytest.mark.parametrize(("few", "shown"), [(2, None), (8, 60.0)])
def test_hours_of_a_group_that_is_hidden_for_another_are_not_those_of_all(tmp_path, few, shown):
    """Two men in daily activities hide the six who have hours, and nobody else has any: 60 in January, which stands."""
    kinds = [("ledsagning_avlosning", "man", "10", 6), ("daglig_verksamhet", "man", "", few)]
    kinds += [("ledsagning_avlosning", "kvinna", "10", 9), ("daglig_verksamhet", "kvinna", "", 9)]
    kinds += [("gruppbostad", sex, "", 20) for sex in ("man", "kvinna")]
    hours = _hours_by_sex(tmp_path, kinds)
    assert (hours["vardag", "man"], hours["alla", "man"]) == (shown, shown)


def test_what_is_new_in_an_insats_is_not_what_was_decided_in_it(tmp_path):
    """Three new in daily activities hide the seven in short stays, who are the seven decisions there."""
    kinds = [("daglig_verksamhet", "2024-02-01", 3), ("daglig_verksamhet", "2020-01-01", 3)]
    kinds += [("korttidsvistelse", "2024-02-01", 7), ("gruppbostad", "2024-02-01", 12)]
    rows = pd.DataFrame([kind[:2] for kind in kinds for _ in range(kind[2])], columns=["insats", "fran"])
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    rows = rows.assign(enhet=ENHET, regi="kommunal", till="", beslutsdatum="2024-01-15")
    rows["niva"] = rows["insats"].map({"gruppbostad": "4"}).fillna("")
    rows.to_csv(tmp_path / "beslut.csv", index=False)
    tables = Unit(tmp_path, rows).report("insatser_manad", "ledning", tom_manad=8)["tabeller"]
    new = {row["insats"]: row["nya_antal"] for row in tables["forandring"]}
    decided = {row["insats"]: row["summa_antal"] for row in tables["beslut_per_manad"]}
    for found, whole, kept in ((new, 22, 12), (decided, 25, 12)):
        assert (found["korttidsvistelse"], found["daglig_verksamhet"]) == (None, None)
        assert (found["Totalt"], found["gruppbostad"]) == (whole, kept)
