"""What happens to a report at the gate: it passes as it is, or nothing of it is left but that it was stopped."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, WithheldError
from planbok.base.workspace import Folders
from planbok.batch.gate import gate
from planbok.batch.make.pdf import PDF_FILE
from planbok.batch.plan.job import REPORT_FILE, Job
from planbok.case.case import load_sources
from planbok.disclosure.policy import LIMITS, RULES, Policy
from planbok.inputs.rules.rules import DatedValue

STOPPED = "GateError"
OF_A_MADE = ("avtryck", "sedan_sist")  # in the entry of a report that is there
PRINTED = "Sidan själv passerade: läs den, och kör utan --pdf om den är i sin ordning."
NOT_SEARCHED = "rapporten gick inte att granska och togs bort ({})."


def past_gate(job: Job, made: dict[str, Any]) -> dict[str, Any]:
    """A report's entry in the manifest once its folder has been searched, or that of a report that was stopped.

    What the gate can't search has not passed it.
    """
    try:
        knowledge = knowledge_of(job)
        told = {name: made[name] for name in ("parametrar", "error")}
        hits = gate.inspect(job.folder, knowledge) + gate.inspect_values("manifest.json", told, knowledge)
        if not hits:
            return made
        message = gate.said(hits)
        made = {**made, "parametrar": _shown(made["parametrar"], knowledge), "folder": _folder(made["folder"], hits)}
    except Exception as problem:
        message = NOT_SEARCHED.format(type(problem).__name__)
    return _stopped(job, made, message)


def _stopped(job: Job, made: dict[str, Any], message: str) -> dict[str, Any]:
    """The entry of a report of which nothing else is left."""
    if job.folder.exists():
        shutil.rmtree(job.folder)
    error = {"section": gate.SECTION, "type": STOPPED, "message": message}
    kept = {name: value for name, value in made.items() if name not in OF_A_MADE}
    return {**kept, "status": "failed", "checks_failed": 0, "error": error}


def past_gate_printed(job: Job, made: dict[str, Any]) -> dict[str, Any]:
    """A report's entry once its printed page has been searched too, or that of a report that this stopped."""
    printed = job.folder / PDF_FILE
    if not printed.is_file():
        return made
    return _past(job, made, lambda knowledge: gate.inspect_files([printed], knowledge), PRINTED)


def past_gate_added(job: Job, made: dict[str, Any], added: str) -> dict[str, Any]:
    """A report's entry once what the run has added to its page has been searched too: all else of it has passed."""
    return _past(job, made, lambda knowledge: gate.inspect_text(REPORT_FILE, added, knowledge), "")


def _past(
    job: Job, made: dict[str, Any], searched: Callable[[gate.Knowledge], list[gate.Hit]], more: str
) -> dict[str, Any]:
    try:
        hits = searched(knowledge_of(job))
    except Exception as problem:
        return _stopped(job, made, NOT_SEARCHED.format(type(problem).__name__))
    return _stopped(job, made, f"{gate.said(hits)} {more}".strip()) if hits else made


def check_run(folder: Path, job: Job) -> None:
    """Lets what was made after the reports past the gate: the run's manifest and index.

    Raises
    ------
    WithheldError
        If they hold what may not leave: a plan's title, say.
    """
    made = (path for path in sorted(folder.iterdir()) if path.is_file())
    hits = gate.inspect_files(made, knowledge_of(job))
    if hits:
        text = "{} får inte lämnas ut, så körningen publicerades inte. Skriv om det i planen och kör om."
        raise WithheldError([Fault("korning", hit.file, 0, hit.place, text.format(hit.kind), "gate") for hit in hits])


def read_anew(folders: Folders, spridning: str) -> None:
    """Reads the run's tables for all of its reports: before they are forked, so that each finds it done."""
    _knowledge.cache_clear()
    _knowledge(folders, spridning)


def knowledge_of(job: Job) -> gate.Knowledge:
    """What the run knows of itself, with the smallest groups that may be shown in the report's year."""
    knowledge, limits = _knowledge(job.folders, job.spridning)
    day = date(job.run.parameters["ar"], 1, 1)
    held: dict[str, Any] = {name: _strictest(limits[rule], day) for name, rule in RULES.items() if rule in limits}
    policy = Policy(job.spridning, **held)
    return replace(knowledge, limits={rule: policy.limit(rule) for rule in LIMITS})


def _strictest(values: list[DatedValue], day: date) -> int:
    """What a limit is on a day, or the largest that it has ever been."""
    held = [value.varde for value in values if value.holds(day)]
    return int(max(held or [value.varde for value in values]))


@cache
def _knowledge(folders: Folders, spridning: str) -> tuple[gate.Knowledge, dict[str, list[DatedValue]]]:
    sources = load_sources(folders)
    knowledge = gate.Knowledge.of(folders, sources.collection, spridning, {})
    series = sources.rules.series
    return knowledge, {rule: series[rule] for rule in RULES.values() if rule in LIMITS and rule in series}


def _shown(parameters: dict[str, Any], knowledge: gate.Knowledge) -> dict[str, Any]:
    """The parameters without those that were themselves what may not be shown."""
    return {
        name: gate.HIDDEN if gate.inspect_values("parametrar", {"parametrar": {name: value}}, knowledge) else value
        for name, value in parameters.items()
    }


def _folder(name: str, hits: list[gate.Hit]) -> str:
    return gate.HIDDEN if any(hit.file == gate.HIDDEN for hit in hits) else name
