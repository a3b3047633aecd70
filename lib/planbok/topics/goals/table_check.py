"""What can't be right in the tables of goals, beyond their form: each faulty row is named, all at once."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from planbok.analysis.targets import DIRECTIONS, plain_name
from planbok.base.errors import Fault, did_you_mean
from planbok.case.study import every_table
from planbok.inputs.documents import quoted
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.topics.goals.occasions import PERIODICITIES, REPORTS, occasion_of, step_of

SCALE_RULE = "internkontroll.skala"
CHECKED = ("mal", "indikatorutfall", "aktiviteter", "malbedomning", "enkat", "kompetens", "kontroller")
Tables = dict[str, pd.DataFrame]


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Every row of every unit that can't be right; faults of form are left to the reader of the table."""
    tables, files = every_table(collection, CHECKED)
    return faults_in(tables, files, scale(rules))


def scale(rules: Rules | None) -> tuple[int, int] | None:
    """The lowest and the highest value of likelihood and consequence; None where the rules do not say."""
    stated = rules.series.get(SCALE_RULE) if rules else None
    return (int(stated[-1].varde["lagst"]), int(stated[-1].varde["hogst"])) if stated else None


def faults_in(tables: Tables, files: dict[str, str], limits: tuple[int, int] | None) -> list[Fault]:
    """What can't be right in rows of the tables, of any number of units."""
    found = [
        *_each("mal", tables, files, _goal),
        *_each("aktiviteter", tables, files, _activity),
        *_each("malbedomning", tables, files, _assessment),
        *_each("enkat", tables, files, _survey),
        *_each("kompetens", tables, files, _training),
        *_each("kontroller", tables, files, lambda row: _control(row, limits)),
    ]
    return found + list(_outcome_faults(tables, files))


def _each(name: str, tables: Tables, files: dict[str, str], problems: Any) -> Iterator[Fault]:
    for row in tables[name].to_dict("records") if name in tables else ():
        for where, text in problems(row):
            yield _fault(files[name], row, where, text)


def _fault(file: str, row: dict[str, Any], where: str, text: str) -> Fault:
    return Fault("tabell", file, int(row["_rad"]), f"{row['enhet']}, {where}", text, "impossible_goal")


def _goal(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row["periodicitet"] and step_of(row["periodicitet"]) is None:
        known = ", ".join(name.capitalize() for name in PERIODICITIES)
        yield "periodicitet", f"{quoted(row['periodicitet'])} är ingen känd periodicitet. Välj bland: {known}."
    if row["riktning"] and row["riktning"] not in DIRECTIONS:
        said = did_you_mean(row["riktning"], DIRECTIONS)
        yield "riktning", f"{quoted(row['riktning'])} är ingen riktning.{said} Välj bland: {', '.join(DIRECTIONS)}."


def _activity(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    done, dated = row["status"] == "klar", not pd.isna(row["klar_datum"])
    if done and not dated:
        yield "klar_datum", "aktiviteten är klar men saknar datum. Fyll i när den blev klar, eller ändra status."
    if dated and not done:
        yield "status", f"aktiviteten har klar_datum men status är {row['status']}. Ta bort datumet eller ändra status."


def _assessment(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row["period"] and occasion_of(row["period"]).manad not in REPORTS.values():
        yield (
            "period",
            f"mål bedöms per tertial eller år, men perioden är {row['period']}. Skriv ÅÅÅÅ-T1, -T2 eller ÅÅÅÅ.",
        )


def _survey(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row["svarande"] > row["utskickade"]:
        yield "svarande", f"{row['svarande']:g} har svarat, men bara {row['utskickade']:g} enkäter är utskickade."
    if row["andel_procent"] < 0 or row["andel_procent"] > 100:
        yield "andel_procent", f"{row['andel_procent']:g} är ingen andel: den ska vara 0–100."


def _training(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if row["har"] > row["av"] or row["har"] < 0:
        yield "har", f"har är {row['har']:g} av {row['av']:g}: det ska vara 0 till och med av."


def _control(row: dict[str, Any], limits: tuple[int, int] | None) -> Iterator[tuple[str, str]]:
    if limits:
        low, high = limits
        for column in ("sannolikhet", "konsekvens"):
            if not pd.isna(row[column]) and not low <= row[column] <= high:
                yield column, f"{column} är {row[column]:g}, men skalan går från {low} till {high}."
    if row["resultat"] and pd.isna(row["senast"]):
        yield "senast", f"kontrollen har resultatet {row['resultat']} men inget datum. Fyll i när den senast gjordes."


def _outcome_faults(tables: Tables, files: dict[str, str]) -> Iterator[Fault]:
    """Outcomes for a period that the plan does not measure the indicator for, and two for one period."""
    if "indikatorutfall" not in tables:
        return
    rows = tables["indikatorutfall"]
    rows = rows[rows["period"] != ""]
    if rows.empty:
        return
    goals = tables.get("mal", pd.DataFrame(columns=["enhet", "ar", "indikator", "periodicitet"]))
    steps = {
        (row["enhet"], int(row["ar"]), plain_name(row["indikator"])): row["periodicitet"]
        for row in goals.to_dict("records")
        if not pd.isna(row["ar"])
    }
    seen: dict[tuple, int] = {}
    occasions, names, file = cache(occasion_of), cache(plain_name), files.get("indikatorutfall", "")
    columns = ("enhet", "indikator", "period", "_rad")
    for enhet, indikator, period, rad in zip(*(rows[name].tolist() for name in columns), strict=True):
        occasion, name, row = occasions(period), names(indikator), {"enhet": enhet, "_rad": rad}
        periodicitet, where = steps.get((enhet, occasion.ar, name), ""), f"{indikator}, {period}"
        if occasion.manad % (step_of(periodicitet) or 1):
            text = f"indikatorn mäts per {periodicitet.lower()}, så den har inget utfall för {period}."
            yield _fault(file, row, where, text)
        key = (enhet, name, occasion)
        if key in seen:
            yield _fault(file, row, where, f"utfallet för perioden finns redan på rad {seen[key]}. Behåll ett av dem.")
        seen[key] = int(rad)
