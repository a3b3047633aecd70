"""The made-up unit as cases of the notebook, and the plain years to hold them against."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from conftest import write_scenario
from oracle.lss_unit import ENHET, OWN_LIST, PRICE_HEAD, Row, Year, read_unit, write_unit

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case

GROUP = {"typ": "volym", "insats": "gruppbostad"}
PRICE = {"typ": "regel", "underlag": "antagande"}
SCENARIOS: dict[str, list[dict]] = {
    "bas": [],
    "personer": [
        GROUP | {"niva": "4", "regi": "kommunal", "antal": 2.5, "fran": "2024-03-31", "till": "2024-08-27"},
        GROUP | {"regi": "kommunal", "antal": -1, "fran": "2024-04-01", "till": "2024-08-26"},
        GROUP | {"niva": "5", "regi": "kommunal", "antal": 1, "antal_lag": 0, "antal_hog": 3, "fran": "2024-08-27"},
        GROUP | {"niva": "2", "antal": 2, "fran": "2024-08-28", "enhet": ENHET},
        {"typ": "nivabyte", "insats": "korttidsvistelse", "regi": "privat", "fran_niva": "1", "till_niva": "2",
         "antal": 1, "fran": "2024-01-02"},
        {"typ": "nivabyte", "insats": "servicebostad", "fran_niva": "2", "till_niva": "7", "antal": 1,
         "antal_lag": 0, "antal_hog": 2, "fran": "2024-08-27"},
    ],
    "priser": [
        {"typ": "upprakning", "prislista": "lss_peng", "insats": "gruppbostad", "procent": 2.0, "fran": "2024-05-15"},
        PRICE | {"regel": "lss_peng.ersattning.gruppbostad.privat.4", "varde": 4000, "fran": "2024-04-01"},
        PRICE | {"regel": "lss_peng.ersattning.daglig_verksamhet.privat.1", "varde": 800, "fran": "2024-08-28"},
        {"typ": "upprakning", "prislista": "lss_peng", "procent": -1.0, "fran": "2024-08-27", "enhet": ENHET},
        {"typ": "upprakning", "prislista": "lss_peng", "niva": "3", "regi": "kommunal", "procent": 3.0,
         "fran": "2024-12-31"},
    ],
    "halvar": [
        PRICE | {"regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-01-01"},
        GROUP | {"niva": "6", "regi": "entreprenad", "antal": 3, "fran": "2024-04-01"},
        {"typ": "upprakning", "prislista": "lss_peng", "procent": 1.5, "fran": "2024-07-01"},
    ],
    "vikter": [
        PRICE | {"regel": "lss_peng.matregel", "varde": "vikter", "fran": "2024-01-01"},
        PRICE | {"regel": "lss_peng.matvikter", "varde": {"matning_1": 0.3, "matning_2": 0.7}, "fran": "2024-01-01"},
        GROUP | {"niva": "3", "antal": -2, "fran": "2024-08-27"},
    ],
    "lanad": [PRICE | {"regel": "lss_peng.prislista_ar", "varde": 2024, "fran": "2025-01-01"}],
}  # fmt: skip


@cache
def sources(size: int, seed: int):
    """A unit's sources, with the scenarios and the price list beside the published one."""
    folder = Path(mkdtemp()) / "unit"
    write_unit(folder / "data", size, seed)
    for name, changes in SCENARIOS.items():
        if changes:
            write_scenario(folder / "params", name, changes)
    rules = folder / "params" / "regler"
    rules.mkdir(parents=True)
    (rules / "lss_peng_prov.csv").write_text(
        "\n".join([PRICE_HEAD, *(f"{row},antagande,Prov" for row in OWN_LIST)]) + "\n", "utf-8"
    )
    return load_sources(Folders((folder / "params", PARAMS), folder / "data")), tuple(read_unit(folder / "data"))


@dataclass(frozen=True)
class Asked:
    """A unit by size and seed, and the parameters of its report."""

    size: int
    seed: int
    ar: int = 2024
    scenario: str = "bas"
    jamfor_med: str = "bas"
    per_datum: str = ""

    def case(self, spridning: str = "arbetsmaterial"):
        given = {"ar": self.ar, "scenario": self.scenario, "jamfor_med": self.jamfor_med, "per_datum": self.per_datum}
        return open_case(
            "lss_peng", enhet=ENHET, spridning=spridning, sources=sources(self.size, self.seed)[0], **given
        )

    @property
    def rows(self) -> list[Row]:
        return list(sources(self.size, self.seed)[1])

    @property
    def day(self) -> date:
        return date.fromisoformat(self.per_datum or f"{self.ar}-12-31")

    def year(self, scenario: str = "", ar: int = 0, given: list[dict] | None = None) -> Year:
        """The year under a scenario, its own unless it is named; `given` instead of its changes."""
        name = scenario or self.scenario
        return _year(self, name, ar or self.ar) if given is None else Year.under(self.ar, self.rows, name, given)


@cache
def _year(asked: Asked, scenario: str, ar: int) -> Year:
    return Year.under(ar, asked.rows, scenario, SCENARIOS[scenario])


CASES = [
    Asked(46, 38), Asked(46, 38, scenario="personer", per_datum="2024-03-30"),
    Asked(46, 38, scenario="priser", jamfor_med="personer", per_datum="2024-03-31"),
    Asked(46, 38, scenario="halvar", per_datum="2024-08-26"), Asked(46, 38, scenario="vikter", jamfor_med="priser"),
    Asked(46, 38, 2025, "lanad", per_datum="2025-02-28"), Asked(46, 38, 2023, per_datum="2023-08-27"),
    Asked(7, 2, per_datum="2024-06-30"), Asked(1, 3),
]  # fmt: skip
