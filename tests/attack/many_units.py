"""Two runs of made-up units against one solver that has all of it: `python many_units.py UNITS [FIRST SEED]`.

The attacker holds last month's and this month's report on LSS-peng, the report on granted insatser of the month that
ends on the first measurement day, the copies of the management and of the public, what a dearer level does to the
budget, and the public price lists of both years.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from attack.published import prices
from attack.solver import Puzzle
from attack.units import AR, ENHET, INSATSER, MEASURED, REGI, Unit, random_unit, unit_of
from conftest import write_scenario
from studied_once import shown_to

from planbok.base.periods import MONTH_NAMES
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Sources, load_sources, open_case
from planbok.inputs.tables.collection import Collection
from planbok.report.handover import as_json
from planbok.topics import answer

DAYS, DAYS_BEFORE, SMALLEST = 366, 365, 5
AUDIENCES = ("ledning", "offentlig")
RUNS = ("2024-07-31", "2024-09-30")  # before the year's last measurement, and after
SIZES = range(3, 61)
WEIGHTS = {"vikter": (0.5, 0.5), "halvar": (182 / DAYS, 184 / DAYS)}
LEG_STATES = {"Preliminär": ("preliminar", "efter_matning_1"), "Efter mätning 1": ("efter_matning_1", "slutlig")}
CELLS = [(insats, regi, niva) for insats in INSATSER for regi in REGI for niva in prices(AR, insats, regi).index]
PRICE = {"typ": "regel", "regel": "lss_peng.ersattning.gruppbostad.kommunal.4", "varde": 4402, "fran": "2024-01-01"}
MEASURED_MONTH = 3  # that ends on the first measurement day
LAST = f"{AR}-12-31"  # whose persons the full year counts
RAISED = 1000  # kr a day that the scenario raises that price with


@cache
def published() -> Sources:
    return load_sources(Folders((PARAMS,)))


def known_by(unit: Unit, day: str, folder: Path) -> Unit:
    """The unit's decisions as they stood on a day."""
    rows = unit.beslut[unit.beslut["fran"] <= day]
    return unit_of(folder, rows.assign(till=rows["till"].where(rows["till"] <= day, "")))


def reports(unit: Unit, audiences: Sequence[str], day: str, notebook: str = "lss_peng") -> dict[str, dict]:
    """What the reports known on a day say to each audience."""
    sources, folders = published(), Folders((PARAMS,), unit.folder)
    own = Sources(folders, sources.rules, sources.placement, Collection(unit.folder))
    given = {"per_datum": day} if notebook == "lss_peng" else {"tom_manad": MEASURED_MONTH}
    opened = open_case(notebook, enhet=ENHET, ar=AR, sources=own, **given)
    return {who: as_json(*shown) for who, *shown in shown_to(audiences, opened)}


def full_year(unit: Unit, params: Path, spridning: str) -> float | None:
    """What one price more does to a full year of the budget, kr; None where it is left out."""
    sources, folders = published(), Folders((params, PARAMS), unit.folder)
    own = Sources(folders, sources.rules, sources.placement, Collection(unit.folder))
    case = open_case("budgetscenarier", enhet=ENHET, ar=AR, scenario="prov", spridning=spridning, sources=own)
    found = answer.others(case).effects(case.scenario)
    rows = found.rows[(found.rows["manad"] == "helar") & (found.rows["effekt"] == "lss_peng")]
    return None if found.unknown else float(rows["kr"].sum())


class Joint:
    """One puzzle over the measurements of both runs: a forecast of the last one is a measurement of its own."""

    def __init__(self, most: int):
        self.puzzle, self.most, self.names = Puzzle(), most, set()

    def measured(self, day: str, known: str) -> str:
        """A measurement's name; its unknown persons by cell are made the first time."""
        name = day if day <= known else f"{day} sedd {known}"
        if name not in self.names:
            self.names.add(name)
            for cell in CELLS:
                self.puzzle.unknown((name, *cell), 0, self.most)
        return name

    def amount(self, name: str, kr: float, within: float, ar: int = AR, share: float = 1.0, less: str = "") -> None:
        """Kronor of a measurement at a year's prices, or of what it is beyond another."""
        days = DAYS if ar == AR else DAYS_BEFORE
        of = {(name, *cell): p * days * share for cell, p in listed(ar).items()}
        of |= {(less, *cell): -p * days * share for cell, p in listed(ar).items()} if less else {}
        self.puzzle.known(of, kr, max(within, 0.5))

    def read(self, said: dict, known: str) -> None:
        """All that a report says of its measurements."""
        names = {state: self.measured(day, known) for state, day in MEASURED.items()}
        for state, name in names.items():
            if MEASURED[state] <= known:  # a count before the day stands from an earlier month
                self._counts(pd.DataFrame(said["tabeller"]["prestationsmatningar"]), MEASURED[state], name)
            figure = said["nyckeltal"][f"{state}_kr"]
            if figure["varde"] is not None:
                self.amount(name, figure["varde"], figure.get("avrundat_till", 0) / 2)
        self._bridges(said, names)
        final = said["nyckeltal"]["personer_matning_2"]["varde"] if MEASURED["slutlig"] <= known else None
        (row,) = [row for row in said["tabeller"]["kanslighet"] if row["nivabyten"].endswith("+0")]
        for more in range(-2, 3):
            if row[f"personer_{more:+d}"] is not None and final:
                self.amount(names["slutlig"], row[f"personer_{more:+d}"], 50_000, share=1 + more / final)
        for rule in (row for row in said["tabeller"]["matregler"] if row["regel"] in WEIGHTS and row["kr"] is not None):
            first, last = WEIGHTS[rule["regel"]]
            of = {(names["efter_matning_1"], *c): p * DAYS * first for c, p in listed(AR).items()}
            of |= {(names["slutlig"], *c): p * DAYS * last for c, p in listed(AR).items()}
            self.puzzle.known(of, rule["kr"], 50_000)

    def _counts(self, rows: pd.DataFrame, day: str, name: str) -> None:
        rows = rows[rows["matning"] == day].set_index(["insats", "regi"])["personer"]
        for insats in INSATSER:
            for regi in REGI:
                own = {(name, *cell): 1 for cell in CELLS if cell[:2] == (insats, regi)}
                number = rows.get((insats, regi), 0)
                self.puzzle.known(own, *((number, 0) if pd.notna(number) else (1 + self.most / 2, self.most / 2)))
        if pd.notna(total := rows.get(("Totalt", ""))):
            self.puzzle.known({(name, *cell): 1 for cell in CELLS}, total, 0)

    def granted(self, said: dict, known: str) -> None:
        """What the report on granted insatser says of the first measurement day: sums over managements.

        A count that still stands from an earlier month says nothing of the day itself.
        """
        day = MEASURED["efter_matning_1"]
        name, month = self.measured(day, known), f"{MONTH_NAMES[int(day[5:7]) - 1]} {day[:4]}"
        for row in said["tabeller"]["forandring"]:
            own = {(name, *cell): 1 for cell in CELLS if row["insats"] in (cell[0], "Totalt")}
            if row["lopande_antal"] is not None and row["raknat"] == month:
                self.puzzle.known(own, row["lopande_antal"], 0)

    def _bridges(self, said: dict, names: dict) -> None:
        for row in said["tabeller"]["brygga"]:
            if row["kr"] is None:
                continue
            if row["typ"] == "start" and row["steg"].endswith(str(AR - 1)):
                within = 0.5 if row["kr"] % 100_000 else 50_000
                self.amount(names["preliminar"], row["kr"], within, AR - 1)
            leg = LEG_STATES.get(row["brygga"].split(" → ")[0])
            if row["typ"] == "personer" and leg:
                before, after = (names[state] for state in leg)
                self.amount(after, row["kr"], 50_000, less=before)


@cache
def listed(ar: int) -> dict:
    by_group = {(insats, regi): prices(ar, insats, regi) for insats in INSATSER for regi in REGI}
    return {cell: float(by_group[cell[:2]].get(cell[2], np.nan)) for cell in CELLS}


def attack(
    folder: Path, size: int, seed: int, seconds: float, audiences: Sequence[str] = AUDIENCES
) -> tuple[set, set, int]:
    """Cells of few persons that the reports of a unit tell, those undecided, and how many there are."""
    unit, joint, truth = random_unit(folder / "now", size, seed), Joint(size), {}
    write_scenario(folder / "params", "prov", [PRICE])
    for known in RUNS:
        seen = known_by(unit, known, folder / known)
        said, granted = (reports(seen, audiences, known, name) for name in ("lss_peng", "insatser_manad"))
        for spridning in audiences:
            joint.read(said[spridning], known)
            joint.granted(granted[spridning], known)
        for day in (*MEASURED.values(), LAST):
            there, name = seen.there(day), joint.measured(day, known)
            truth |= {(name, *cell): int(there.get((cell[0], cell[1], cell[2]), 0)) for cell in _ordered(there)}
        raised = full_year(seen, folder / "params", "ledning")
        if raised is not None:
            name = joint.measured(LAST, known)
            joint.puzzle.known({(name, "gruppbostad", "kommunal", "4"): DAYS * RAISED}, raised, 50_000.5)
    _hold(joint.puzzle, truth)
    few = {cell: number for cell, number in truth.items() if 0 < number < SMALLEST}
    whole = {name: truth.get(name, 0) for name in joint.puzzle.bounds}
    told, left = joint.puzzle.told(whole, seconds, only=set(few))
    return told, left, len(few)


def _ordered(there: pd.Series) -> list[tuple]:
    return list(there.index)


def _hold(puzzle: Puzzle, truth: dict) -> None:
    """That the true persons fit all that was read: else the attack has read the reports wrongly."""
    for sums, low, high in puzzle.rows:
        value = sum(weight * truth.get(key, 0) for key, weight in sums.items())
        if not low - 1e-3 <= value <= high + 1e-3:
            raise ValueError(f"the attack reads {low:.0f} to {high:.0f}, and the truth is {value:.0f}: {list(sums)[0]}")


def main(units: int, first: int) -> int:
    found: Counter = Counter()
    for seed in range(first, first + units):
        size, start = SIZES[seed % len(SIZES)], perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            told, left, few = attack(Path(folder), size, seed, seconds=60.0)
        found.update(units=1, few=few, told=len(told), undecided=len(left))
        took = perf_counter() - start
        print(
            f"{seed}: {size} persons, {few} cells of few, told {sorted(told)}, undecided {len(left)}, {took:.0f} s",
            flush=True,
        )
    print(dict(found))
    return 1 if found["told"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
