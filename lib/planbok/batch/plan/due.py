"""What the calendar makes: open years and months filled in, and the periods whose reports are still to be made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from planbok.base.errors import Fault, refuse_any
from planbok.base.periods import MONTH_NAMES
from planbok.batch.plan.calendar import MeasurementDays, Period, due_periods
from planbok.batch.plan.plan import DUE_DATE, Plan, Run
from planbok.inputs.documents import quoted
from planbok.inputs.tables.collection import Collection

PeriodTables = Mapping[str, str]  # notebook -> the table that says how far its figures reach
MOST_TRIES = 3  # runs of one period with a failed report; after that a person has to look


def by_hand(plan: Plan, collection: Collection, tables: PeriodTables) -> Plan:
    """A plan with its open years and months filled in from the latest month in the data.

    Raises
    ------
    InputError
        With every run whose unit has no month and no year in any table.
    """
    latest = {run.folder: _latest(run, collection, tables) for run in plan.runs if run.is_open}
    faults = [
        Fault("plan", plan.fil, 0, f"{DUE_DATE} i {run.notebook.id}", _no_period(run), "no_period")
        for run in plan.runs
        if run.is_open and latest[run.folder] is None
    ]
    refuse_any(faults)
    known = {folder: period for folder, period in latest.items() if period is not None}
    return plan.with_runs(run.filled(*known[run.folder]) if run.is_open else run for run in plan.runs)


def _no_period(run: Run) -> str:
    unit = quoted(run.parameters["enhet"])
    return f"inget i underlaget säger vilken period som är den senaste för {unit}. Ange årtal och månad i planen."


def for_period(plan: Plan, period: Period, collection: Collection, tables: PeriodTables) -> Plan:
    """A plan as it is for a period: years and months filled in, and each report told what it waits for."""
    filled = (run.filled(period.ar, period.tom_manad, period.slut) for run in plan.runs)
    runs = (replace(run, vantar_pa=_missing(run, collection, tables)) for run in filled)
    return replace(plan.with_runs(runs), period=period)


def _latest(run: Run, collection: Collection, tables: PeriodTables) -> tuple[int, int] | None:
    """The last year and month that the notebook's own table has for the unit, else that any table has.

    Where no table has months it is the last year that is budgeted.
    """
    own, unit = tables.get(run.notebook.id, ""), run.parameters["enhet"]
    names = [own] if own and "tom_manad" in run.parameters else collection.names()
    monthly = [found for name in names for found in periods(name, unit, collection) if found[1]]
    return max(monthly or periods("budget", unit, collection), default=None)


def periods(table: str, enhet: str, collection: Collection) -> list[tuple[int, int]]:
    """The years and months that a table has rows of for a unit, the earliest first; month 0 is a whole year."""
    if not collection.has(table):
        return []
    frame = collection.read(table).frame
    if "enhet" not in frame or not {"manad", "ar"} & set(frame):
        return []
    rows = frame[frame["enhet"] == enhet]
    if "manad" in rows:
        return sorted((int(text[:4]), int(text[5:7])) for text in rows["manad"].astype(str).unique())
    return sorted((int(year), 0) for year in rows["ar"].unique())


def _missing(run: Run, collection: Collection, tables: PeriodTables) -> str:
    """What a run's table does not hold of its period yet; "" if it does, or if that is no question of time."""
    name, ar, month = tables.get(run.notebook.id, ""), run.parameters["ar"], run.parameters.get("tom_manad", 0)
    held = periods(name, run.parameters["enhet"], collection)
    if not held or (ar, month) in held or (not month and ar in dict(held)):
        return ""
    return f"{name} för {MONTH_NAMES[month - 1]} {ar}" if month else f"{name} för {ar}"


@dataclass(frozen=True)
class Decision:
    """Whether a period's reports are to be made now, and if not, what there is to say about it."""

    make: bool
    text: str = ""


def open_periods(plan: Plan, runs: Iterable[dict[str, Any]], today: date, measured: MeasurementDays) -> list[Period]:
    """The periods of a plan whose time has passed, from the first that it was run for on; of a new plan the last."""
    due = due_periods(plan.nar, plan.vantar_arbetsdagar, today, measured)
    first = min((manifest["period"]["slut"] for manifest in runs), default=None)
    return due[-1:] if first is None else [period for period in due if period.slut.isoformat() >= first]


def decide(plan: Plan, runs: Iterable[dict[str, Any]]) -> Decision:
    """Whether a plan filled in for a period is to be made, given the manifests of the period's earlier runs.

    A period is made when none of its reports waits or has failed. One that waits is made again when something that
    it waited for has come, one with failed reports until it has been tried three times.
    """
    earlier = sorted(runs, key=lambda manifest: manifest["run_id"])
    if not earlier:
        return Decision(True)
    last = earlier[-1]["runs"]
    waited = {entry["folder"] for entry in last if entry["status"] == "waiting"}
    waiting = {run.folder: run.vantar_pa for run in plan.runs if run.vantar_pa}
    failed = any(entry["status"] == "failed" for entry in last)
    tried = sum(any(entry["status"] == "failed" for entry in manifest["runs"]) for manifest in earlier)
    if waited - set(waiting) or (failed and tried < MOST_TRIES):
        return Decision(True)
    if failed:
        text = f"har misslyckats {tried} gånger och görs inte om av sig själv. Rätta felet och kör med --force."
        return Decision(False, text)
    if waited:
        return Decision(False, f"väntar fortfarande på {', '.join(sorted(set(waiting.values())))}.")
    return Decision(False)
