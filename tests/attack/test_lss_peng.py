"""What a report on LSS-peng lets an attacker work out of levels, moves and withheld groups: nothing of few persons."""

from collections.abc import Iterator

import pandas as pd
import pytest
from attack.published import prices
from attack.solver import Puzzle
from attack.units import AR, ENHET, INSATSER, MEASURED, REGI, Unit, random_unit, unit_of

SMALLEST, DAYS = 5, 366
AUDIENCES = ("ledning", "offentlig")


def shown(report: dict, name: str) -> tuple[float, float] | None:
    """A key figure with how far from the truth it may be."""
    figure = report["nyckeltal"].get(name, {"varde": None})
    return None if figure["varde"] is None else (figure["varde"], figure.get("avrundat_till", 0) / 2 + 0.5)


def groups() -> Iterator[tuple[str, str, pd.Series]]:
    for insats in INSATSER:
        for regi in REGI:
            yield insats, regi, prices(AR, insats, regi)


def puzzle_of(report: dict, state: str) -> Puzzle:
    """The persons of one measurement by group and level, and all that the report says of them."""
    puzzle, measured = Puzzle(), pd.DataFrame(report["tabeller"]["prestationsmatningar"])
    rows = measured[measured["matning"] == MEASURED[state]].set_index(["insats", "regi"])
    money, everybody = {}, {}
    for insats, regi, listed in groups():
        for niva, kr in listed.items():
            puzzle.unknown((insats, regi, niva), 0, 200)
            money[insats, regi, niva] = kr * DAYS
            everybody[insats, regi, niva] = 1
        own = {(insats, regi, niva): 1 for niva in listed.index}
        if (insats, regi) not in rows.index:
            puzzle.known(own, 0, 0)
        elif pd.notna(number := rows.loc[(insats, regi), "personer"]):
            puzzle.known(own, number, 0)
        else:
            puzzle.known(own, 100.5, 99.5)  # withheld: somebody
    total = rows.loc[("Totalt", "")]
    if pd.notna(total["personer"]):
        puzzle.known(everybody, total["personer"], 0)
    kr = shown(report, f"{state}_kr")
    if kr:
        puzzle.known(money, *kr)
    return puzzle


def levels_told(unit: Unit, report: dict, state: str) -> set:
    """Cells of fewer than `SMALLEST` persons whose number the attacker finds."""
    there, puzzle = unit.there(MEASURED[state]), puzzle_of(report, state)
    truth = {cell: int(there.get(cell, 0)) for cell in puzzle.bounds}
    assert puzzle.fits(truth), "the attack has read the report wrongly"
    return puzzle.told(truth, only={cell for cell, number in truth.items() if 0 < number < SMALLEST})[0]


@pytest.mark.parametrize("spridning", AUDIENCES)
@pytest.mark.parametrize("size", (3, 6, 12, 19, 30))
def test_no_level_is_told(tmp_path, size, spridning):
    unit = random_unit(tmp_path / "data", size, seed=size)
    report = unit.report("lss_peng", spridning)
    for state in MEASURED:
        assert levels_told(unit, report, state) == set()


def test_the_solver_finds_levels_in_working_papers(tmp_path):
    """The attack is real: what the audience's rounding and withholding stop, it does find where all is shown."""
    unit = random_unit(tmp_path / "data", 6, seed=6)
    report = unit.report("lss_peng", "arbetsmaterial")
    kr = shown(report, "slutlig_kr")
    listed = {(insats, regi, niva): p for insats, regi, its in groups() for niva, p in its.items()}
    there, puzzle = unit.there(MEASURED["slutlig"]), Puzzle()
    for cell in listed:
        puzzle.unknown(cell, 0, 6)
    for insats, regi, its in groups():
        puzzle.known({(insats, regi, n): 1 for n in its.index}, float(there.get((insats, regi), pd.Series(0)).sum()), 0)
    puzzle.known({cell: p * DAYS for cell, p in listed.items()}, *kr)
    truth = {cell: int(there.get(cell, 0)) for cell in listed}
    assert puzzle.fits(truth)
    assert any(0 < truth[cell] < SMALLEST for cell in puzzle.told(truth)[0])


def test_one_who_came_when_nobody_had_been_measured_is_in_no_amount(tmp_path):
    """408 240 kr for the year's days is 120 days at 3 402 kr: one person, level 3, from 3 September."""
    row = {"person": "p00000xyz", "beslut": "b00000xyz", "enhet": ENHET, "insats": "gruppbostad", "regi": "kommunal"}
    unit = unit_of(tmp_path, pd.DataFrame([row | {"niva": "3", "fran": "2024-09-03", "till": ""}]))
    said = unit.report("lss_peng", "ledning")
    assert not any(figure["varde"] for figure in said["nyckeltal"].values())
    assert not any(row[key] for row in said["tabeller"]["per_manad"] for key in ("dygn", "peng_kr", "skillnad_kr"))
    assert not any(row["kr"] for name in ("per_insats_niva", "brygga") for row in said["tabeller"][name])
    assert not any(word in sentence for sentence in said["sammanfattning"] for word in ("0,41", "0,4 mnkr", "1,2"))
