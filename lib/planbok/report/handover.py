"""The last call of a notebook: hands its result over as resultat.json, harledning.json and resultat.xlsx.

The runner says through the environment where to; without a runner nothing is written.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from planbok import __version__
from planbok.base.stages import WORKBOOK, stage
from planbok.base.workspace import ENV_OUT
from planbok.case.case import Case
from planbok.case.result import LIST_FILE, WORKING_PAPERS, Result, Table
from planbok.inputs.fingerprint import keyed
from planbok.inputs.journal import write_noted
from planbok.inputs.scenario.load import BASELINE
from planbok.report.derivation import ABOUT_PERSONS, DERIVATION_FILE, derivation
from planbok.report.provenance import Provenance, unconfirmed
from planbok.report.table import columns_shown
from planbok.report.text import local_time

RESULT_FILE = "resultat.json"
WORKBOOK_FILE = "resultat.xlsx"


def provenance(case: Case) -> Provenance:
    """What the case read and what the scenario changes, as the rows of resultat.json."""
    public = case.is_public
    old = unconfirmed(case.journal.rules)
    synthetic = case.is_synthetic()  # reads a table, which then is one of the inputs below
    return Provenance(
        parametrar=dict(case.parametrar),
        regler=[
            {
                "regel": value.regel,
                "titel": value.titel,
                "datum": day.isoformat(),
                "varde": value.varde,
                "mattenhet": value.mattenhet,
                "underlag": value.underlag,
                "kalla": value.kalla,
                **({"obekraftad_sedan": old[of]} if (of := (value.regel, value.fran)) in old else {}),
            }
            for (_, day), value in sorted(case.journal.rules.items(), key=lambda item: item[0])
        ],
        indata=[_input(name, row, case.spridning) for name, row in sorted(case.journal.tables.items())],
        forandringar=[
            {
                "nr": n.nr,
                "typ": n.change.typ,
                "beskrivning": case.sources.rules.in_words(n.change.describe(public)),
                "fran": n.change.starts.isoformat(),
                "underlag": n.change.underlag,
                "motivering": "" if public else n.change.motivering,
            }
            for n in case.scenario
        ],
        spridning=case.spridning,
        planbok=__version__,
        syntetisk=synthetic,
        anteckningar={} if public else case.scenario.notes,
    )


def _input(name: str, row: dict[str, Any], spridning: str) -> dict[str, Any]:
    """A table that was read; the hash of one about persons is keyed outside working papers."""
    if spridning == WORKING_PAPERS or name not in ABOUT_PERSONS:
        return row
    return row | {"sha256": keyed(row["sha256"].encode())}


def as_json(case: Case, result: Result, origin: Provenance | None = None) -> dict[str, Any]:
    """resultat.json: unrounded numbers, and all that leads back to where they come from (`origin`, else the case's)."""
    origin = origin or provenance(case)
    public = case.is_public
    return {
        "notebook": case.notebook,
        "parametrar": origin.parametrar,
        "spridning": case.spridning,
        "rubrik": result.rubrik,
        "underrubrik": result.underrubrik,
        "enhet_namn": case.unit_name(),
        "syntetisk": origin.syntetisk,
        "scenario_titel": "" if public else _scenario_title(case),
        "sammanfattning": result.sammanfattning,
        "framst": list(result.framst),
        **({"lasare": result.lasare} if result.lasare else {}),
        "nyckeltal": {
            name: figure.as_json() | _people(figure.tells, result) for name, figure in result.nyckeltal.items()
        },
        "tabeller": {name: table.records() for name, table in result.tabeller.items()},
        "tabeller_celler": {name: _cells(table) for name, table in result.tabeller.items() if table.celler},
        "tabeller_kolumner": {name: columns_of(table, result) for name, table in result.tabeller.items()},
        "tabeller_not": {name: table.note for name, table in result.tabeller.items() if table.note},
        "kontroller": [check.as_json() for check in result.kontroller],
        "skjutreglage": [slider.as_json(result.rutor) for slider in result.skjutreglage],
        **(_turned(result) if result.skjutreglage else {}),
        "forandringar": origin.forandringar,
        "regler": origin.regler,
        "indata": origin.indata,
        "planbok": origin.planbok,
    }


def _scenario_title(case: Case) -> str:
    """The scenario's title; the decided budget is what only a budget is without one."""
    without = case.scenario.id == BASELINE and case.notebook != "budgetscenarier"
    return "Utan scenario" if without else case.scenario.titel


def came_from(case: Case, result: Result) -> dict[str, Any]:
    """harledning.json: where every key figure and total comes from. It reads no table that is not noted already."""
    return derivation(case, result, provenance(case))


def _turned(result: Result) -> dict[str, Any]:
    """What the page needs beside the dials: its sentence, and figures that stop at a floor."""
    floors = {key: {"utan": floor.utan, "minst": floor.minst} for key, floor in result.golv.items()}
    return {
        "skjutreglage_mening": result.prov,
        "skjutreglage_golv": floors,
        "skjutreglage_rutor": [grid.as_json() for grid in result.rutor],
    }


def _cells(table: Table) -> list[dict[str, Any]]:
    """Why cells have no number, row by row: withheld for few persons' sake, or missing."""
    return [{"rad": row, "kolumn": key, word: why} for (row, key), (word, why) in sorted(table.celler.items())]


def _people(tells: Iterable[str | tuple[str, Any]], result: Result) -> dict[str, Any]:
    """What a figure or a column tells of, each with its rule: what the gate holds the files against."""
    names = (of if isinstance(of, str) else of[0] for of in tells)
    told = {name: result.people[name].regel for name in names}
    return {"galler": told} if told else {}


def columns_of(table: Table, result: Result) -> dict[str, Any]:
    """How a table is shown: its title, its columns in order with unit and whom they tell of, and if it ends in a total.

    `galler` names the people that a column tells of, each with its rule, `galler_per_rad` that it does so row by row.
    """
    by_row = {key: [of for row in rows for of in row] for key, rows in table.told.items()}
    columns = {
        column.key: {"etikett": column.etikett, "mattenhet": column.mattenhet}
        | _people(column.tells, result)
        | ({"raknar": True} if column.counts else {})
        | ({"galler_per_rad": True} if by_row.get(column.key) else {})
        for column in table.columns
    }
    page = [column.key for column in columns_shown(table)]
    fewer = {"pa_sidan": page} if page != list(columns) else {}
    return {"titel": table.titel, "kolumner": columns, "summarad": table.total_row, **fewer}


def finish(case: Case, result: Result, figures: Sequence[Mapping[str, Any]] = ()) -> str:
    """Writes the result where the runner wants it, and says in one line what the report is made of.

    `figures` are those shown, as plotly stores them: the Excel file's charts.
    """
    from planbok.report.workbook.write import (  # only the batch writes xlsx; exploring loads none
        write_list,
        write_workbook,
    )

    folder, origin = os.environ.get(ENV_OUT), provenance(case)
    if folder:
        target = Path(folder)
        came = derivation(case, result, origin)
        text, came_text = (
            json.dumps(said, ensure_ascii=False, indent=indent, allow_nan=False, default=_plain)
            for said, indent in ((as_json(case, result, origin), 1), (came, None))
        )
        with stage(WORKBOOK):
            write_workbook(target / WORKBOOK_FILE, result, origin, figures)
        if result.arbetslista and case.spridning == WORKING_PAPERS and (sheets := result.arbetslista()):
            write_list(target / LIST_FILE, sheets, result.rubrik)
        (target / RESULT_FILE).write_text(text + "\n", encoding="utf-8")
        (target / DERIVATION_FILE).write_text(came_text + "\n", encoding="utf-8")
        for name, text in result.filer.items():
            (target / name).write_text(text, encoding="utf-8", newline="")
        write_noted(target, case.sources.folders)
    inputs = ", ".join(f"{row['fil']} ({row['rader']} rader, {row['sha256'][:8]})" for row in origin.indata)
    made = local_time(datetime.now(UTC))
    return f"planbok {__version__} · {made} · {inputs}"


def _plain(value: Any) -> Any:
    """numpy's numbers and dates as JSON has them."""
    if isinstance(value, np.bool_ | np.integer | np.floating):
        return value.item()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"resultat.json can't hold a {type(value).__name__}")
