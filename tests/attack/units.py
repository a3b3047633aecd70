"""Made-up units of any size, and what each audience's report says of them."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from attack.published import prices

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Sources, load_sources, open_case
from planbok.report.handover import as_json
from planbok.topics import answer

AR, ENHET = 2024, "prov"
INSATSER, REGI = ("gruppbostad", "servicebostad"), ("kommunal", "entreprenad", "privat")
MEASURED = {"preliminar": "2023-08-27", "efter_matning_1": "2024-03-31", "slutlig": "2024-08-27"}


@dataclass(frozen=True)
class Unit:
    """A collection with one unit's decisions, and its real persons on a day by group and level."""

    folder: Path
    beslut: pd.DataFrame

    def there(self, day: str) -> pd.Series:
        running = (self.beslut["fran"] <= day) & ((self.beslut["till"] >= day) | (self.beslut["till"] == ""))
        return self.beslut[running].groupby(["insats", "regi", "niva"]).size()

    def report(self, notebook: str, spridning: str, params: Path = PARAMS, **parameters) -> dict:
        """What resultat.json says; the other files are made of the same protected result."""
        files = tuple(
            (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(self.folder.glob("*.csv"))
        )
        sources = _sources(Folders((params, PARAMS) if params != PARAMS else (PARAMS,), self.folder), files)
        case = open_case(notebook, enhet=ENHET, ar=AR, spridning=spridning, sources=sources, **parameters)
        return as_json(case, answer.answer(case).result)


@lru_cache(maxsize=4)
def _sources(folders: Folders, files: tuple) -> Sources:
    """Read once for the reports of a unit on the same files."""
    return load_sources(folders)


def random_unit(folder: Path, size: int, seed: int) -> Unit:
    """A unit of so many persons, of whom some moved in, out or to another level around the year's measurements."""
    rng, rows = np.random.default_rng(seed), []
    days = pd.date_range("2023-06-01", "2024-11-30").strftime("%Y-%m-%d")
    for number in range(size):
        insats, regi = rng.choice(INSATSER), rng.choice(REGI, p=(0.6, 0.3, 0.1))
        levels = prices(AR, insats, regi).index
        niva, day, kind = rng.choice(levels), rng.choice(days), rng.choice(5)
        row = {"person": f"p{number:05d}xyz", "enhet": ENHET, "insats": insats, "niva": niva, "regi": regi, "till": ""}
        if kind == 0:
            rows.append({**row, "fran": day})
        elif kind == 1:
            rows.append({**row, "fran": "2020-01-01", "till": day})
        elif kind == 2:
            after = (pd.Timestamp(day) + pd.Timedelta(days=1)).strftime("%Y-%m-%d")
            rows += [{**row, "fran": "2020-01-01", "till": day}, {**row, "fran": after, "niva": rng.choice(levels)}]
        else:
            rows.append({**row, "fran": "2020-01-01"})
    frame = pd.DataFrame(rows)
    return unit_of(folder, frame.assign(beslut=[f"b{number:05d}xyz" for number in range(len(frame))]))


def unit_of(folder: Path, beslut: pd.DataFrame) -> Unit:
    """A collection with these decisions."""
    folder.mkdir(parents=True, exist_ok=True)
    filled = beslut.assign(boende="", utforare="", pris_kr_per_dygn="", timmar_per_manad="", tidsslag="")
    filled.to_csv(folder / "beslut.csv", index=False)
    return Unit(folder, filled)
