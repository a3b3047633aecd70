"""Small staffing tables for tests: a unit's hours by group and month, and what stands beside them."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from conftest import write_scenario

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.case.result import Result
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.explore.forms import numbered
from planbok.topics import staffing

ENHET = "provenheten"
DEFAULTS = {
    "enhet": ENHET,
    "grupp": "Grupp A",
    "anstallda": 20,
    "arsarbetare": 18,
    "ordinarie_tid_h": 900,
    "avtalad_tid_h": 1000,
    "arbetad_tid_h": 1000,
    "timavlonad_h": 0,
    "inhyrd_h": 0,
    "overtid_h": 0,
    "sjuk_h": 0,
    "sjuk_dag_1_14_h": 0,
    "sjuk_60_dagar_h": 0,
    "verksamhet": "",
}
COLUMNS = ["manad", *DEFAULTS]
TARGET = {"enhet": ENHET, "arsmal": "", "namndmal": "", "kf_arsmal": "", "periodicitet": "Tertial", "kalla": "Prov"}


def month(manad: str, **hours: Any) -> dict[str, Any]:
    """One row; a group's month."""
    return {**DEFAULTS, "manad": manad, **hours}


def year(ar: int, months: Iterable[int] = range(1, 13), **hours: Any) -> list[dict[str, Any]]:
    """Rows of equal months of a year."""
    return [month(f"{ar}-{number:02d}", **hours) for number in months]


def write_table(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def target(ar: int, indikator: str = "Sjukfrånvaro", **goals: str) -> dict[str, Any]:
    """One row of the table mal."""
    return {**TARGET, "ar": ar, "indikator": indikator, **goals}


def staffing_case(
    folder: Path,
    rows: list[dict[str, Any]],
    ar: int,
    tom_manad: int = 12,
    *,
    changes: list[dict[str, Any]] = (),
    spridning: str = "ledning",
    params: tuple[Path, ...] | None = None,
    notebook: str = "bemanning_sjukfranvaro",
    **tables: list[dict[str, Any]],
) -> Case:
    """A case on these rows and no other tables but those given."""
    data, own = folder / "data", folder / "params"
    write_table(data, "bemanning", rows)
    for name, table in tables.items():
        write_table(data, name, table)
    own.mkdir(exist_ok=True)
    if changes:
        write_scenario(own, "prov", list(changes))
    sources = load_sources(Folders(params or (own, PARAMS), data))
    more = {"tom_manad": tom_manad} if notebook == "bemanning_sjukfranvaro" else {}
    scenario = {"scenario": "prov"} if changes else {}
    return open_case(notebook, enhet=ENHET, ar=ar, sources=sources, spridning=spridning, **more, **scenario)


def reported(study) -> Result:
    """What a report shows of a study."""
    return protect(staffing.view.result(study), policy(study.case))


def turned(
    study: staffing.study.Study,
    *,
    grupp: str = "alla",
    procentenheter: float = 0.0,
    fran_manad: int = 1,
    fordelning: dict[str, float] | None = None,
    mal: float | None = None,
) -> staffing.explore.Turned:
    """The report with some dials turned; left as they stand they give what it gives."""
    fran, given = date(study.ar, fran_manad, 1), []
    if procentenheter:
        given.append({"typ": "sjukfranvaro", "grupp": grupp, "procentenheter": procentenheter, "fran": fran})
    if fordelning is not None:
        given.append({"typ": "regel", "regel": "ersattare.fordelning", "varde": fordelning, "fran": fran})
    return staffing.explore.under(study, numbered(given, after=len(study.case.scenario.changes)), mal)
