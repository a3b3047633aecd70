"""Homes, flats and decisions of a made-up unit, written for tests."""

from pathlib import Path

from conftest import write_scenario

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case

ENHET = "provenheten"
HOME = {"boende": "hemmet", "enhet": ENHET, "insats": "gruppbostad", "regi": "kommunal", "platser": 5}
HOME |= {"oppnar": "2024-10-01", "lokalhyra_kr_per_manad": 0}
HOME_COLUMNS = [*HOME, "tilltrade", "personal_fran", "startkostnad_kr", "bemanning_arsarbetare"]
HOME_COLUMNS += ["kostnad_kr_per_arsarbetare"]
FLAT = {"hyra": 12000, "inflyttning": None, "niva": "", "hushall": "1_vuxen", "inkomst": ""}
FLAT_HEAD = "boende;lagenhet;hyra_kr_per_manad;inflyttning;niva;hushall;inkomst_kr_per_ar"
DECISION = {"insats": "gruppbostad", "niva": 4, "regi": "kommunal", "fran": "2020-01-01", "till": "", "boende": ""}
BUDGET = [(ENHET, 2024, "vp", "Vårdkostnader", 20.0, 1.0), (ENHET, 2024, "vp", "Lokalkostnader", 3.0, 1.0)]


def write_rows(path: Path, head: list[str], rows: list) -> None:
    path.write_text("\n".join([";".join(head), *(";".join(map(str, row)) for row in rows)]) + "\n", "utf-8")


def write_homes(
    folder: Path, home: dict = (), flats: list[dict] | None = None, decisions: list[dict] = (), budget: list = BUDGET
) -> None:
    """The tables of one home; flats are let from its opening unless they say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    row = HOME | dict(home)
    write_rows(folder / "boenden.csv", HOME_COLUMNS, [[row.get(name, "") for name in HOME_COLUMNS]])
    given = [{}] * int(row["platser"]) if flats is None else flats
    made = [FLAT | {"inflyttning": row["oppnar"]} | flat for flat in given]
    lines = [[row["boende"], number, *flat.values()] for number, flat in enumerate(made, start=1)]
    write_rows(folder / "lagenheter.csv", FLAT_HEAD.split(";"), lines)
    head = ["enhet", "ar", "version", "budgetrad", "kostnad_mnkr", "intakt_mnkr"]
    write_rows(folder / "budget.csv", head, budget)
    if decisions:
        keys = list(DECISION)
        lines = [DECISION | given for given in decisions]
        lines = [[f"b{n:03d}", f"person{n:04d}", ENHET, *(row[k] for k in keys)] for n, row in enumerate(lines)]
        write_rows(folder / "beslut.csv", ["beslut", "person", "enhet", *keys], lines)


def home_case(
    folder: Path,
    changes: list[dict] = (),
    ar: int = 2024,
    spridning: str = "arbetsmaterial",
    notebook: str = "gruppbostad_kbh",
    **tables,
) -> Case:
    """A case of that home, under a scenario with these changes."""
    write_homes(folder / "data", **tables)
    params = folder / "params"
    params.mkdir(exist_ok=True)
    if changes:
        write_scenario(params, "prov", list(changes))
    sources = load_sources(Folders((params, PARAMS), folder / "data"))
    more = {"boende": "hemmet"} if notebook == "gruppbostad_kbh" else {}
    more |= {"scenario": "prov"} if changes else {}
    return open_case(notebook, enhet=ENHET, ar=ar, sources=sources, spridning=spridning, **more)
