"""Small tables of goals for tests: a unit's goals, outcomes, activities and what stands beside them."""

from pathlib import Path
from typing import Any

from conftest import write_scenario
from staffing_tables import write_table

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case

ENHET = "provenheten"
GOAL = {
    "enhet": ENHET,
    "ar": 2024,
    "arsmal": "",
    "namndmal": "",
    "kf_arsmal": "",
    "periodicitet": "Tertial",
    "kalla": "Prov",
}
OUTCOME = {"enhet": ENHET, "kalla": "Prov"}
ACTIVITY = {"enhet": ENHET, "ar": 2024, "fran": "2024-01-01", "till": "2024-12-31", "status": "pagar", "klar_datum": ""}
CONTROL = {
    "enhet": ENHET,
    "ar": 2024,
    "process": "Ekonomi",
    "risk": "Fel pris",
    "sannolikhet": 3,
    "konsekvens": 4,
    "kontroll": "Stickprov",
    "intervall": "kvartal",
    "senast": "",
    "resultat": "",
}
DEFAULTS = {
    "mal": GOAL,
    "indikatorutfall": OUTCOME,
    "aktiviteter": ACTIVITY,
    "malbedomning": {"enhet": ENHET, "av_roll": "enhetschef"},
    "enkat": {"enhet": ENHET, "fraga": "Är du nöjd?", "indikator": "", "utskickade": "", "kalla": "Prov"},
    "kompetens": {"enhet": ENHET, "grupp": "Alla"},
    "kontroller": CONTROL,
}


def goals_case(
    folder: Path,
    ar: int = 2024,
    per: str = "VB",
    *,
    changes: list[dict[str, Any]] = (),
    spridning: str = "arbetsmaterial",
    **tables: list[dict[str, Any]],
) -> Case:
    """A case on these tables and no others; a row needs only what differs from the defaults."""
    data, own = folder / "data", folder / "params"
    own.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(data, name, [{**DEFAULTS.get(name, {}), **row} for row in rows])
    if changes:
        write_scenario(own, "prov", list(changes))
    sources = load_sources(Folders((own, PARAMS), data))
    scenario = {"scenario": "prov"} if changes else {}
    return open_case(
        "mal_och_aktiviteter", enhet=ENHET, ar=ar, per=per, spridning=spridning, sources=sources, **scenario
    )
