"""Runs a plan: has its reports made, and publishes the run whole or not at all."""

import json
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from planbok import __version__
from planbok.base.errors import Fault, format_faults
from planbok.base.words import listed
from planbok.base.workspace import Folders
from planbok.batch.make.options import RunOptions
from planbok.batch.make.passing import check_run, past_gate_added, past_gate_printed
from planbok.batch.make.pdf import add_pdfs
from planbok.batch.plan.job import NOTEBOOK_FILE, Job, waiting
from planbok.batch.plan.past import skipped
from planbok.batch.plan.plan import Plan
from planbok.batch.run.complete import add_names, complete, since_last
from planbok.batch.run.lock import Lock, held
from planbok.batch.run.progress import bar, line, log
from planbok.batch.run.publish import clear_dead, staged_run, utc_text, write_plan_index, write_run
from planbok.batch.run.unchanged import (
    MADE,
    Edition,
    Last,
    causes,
    changed_meanwhile,
    fingerprint,
    link,
    unchanged_entry,
)
from planbok.case.checks import failed_checks
from planbok.case.result import WORKING_PAPERS
from planbok.inputs.journal import CHANGED, Now, digest
from planbok.report.handover import RESULT_FILE
from planbok.report.index import count_in_words

CLOCK_MOVED = 5  # seconds by which the clock and the time that has passed may differ

Say = Callable[[str], None]
Entries = dict[Job, dict[str, Any]]  # what is said of each report, in the order of the plan


@dataclass(frozen=True)
class Finished:
    """A published run: where its index is, its manifest, what went wrong, and the whole of it in a line or two."""

    index: Path
    manifest: dict[str, Any]
    problems: list[str]
    summary: str


def run_plan(
    plan: Plan,
    folders: Folders,
    out: Path,
    say: Say,
    how: RunOptions | None = None,
    unchanged: dict[str, Edition] | None = None,
) -> Finished:
    """Makes every report of a plan that has passed its preflight; a failed report does not stop the others.

    `unchanged` are the reports, by folder, whose earlier edition is linked instead.

    Raises
    ------
    InputError
        If another runner holds the output folder, or the clock stands before the last run.
    WithheldError
        If the run's own files (from the plan's title, say) hold what may not leave: then nothing is published.
    """
    how, began, started = how or RunOptions(), time.monotonic(), datetime.now(UTC)
    plan_folder = out / plan.id
    with held(out) as lock:
        clear_dead(plan_folder)
        for text in skipped(plan_folder):
            say(text)
        with staged_run(plan_folder, plan.spridning == WORKING_PAPERS) as (run_id, staging):
            limits = how.limits or plan.limits
            jobs = [Job(run, plan.spridning, folders, staging / run.folder, how.engine, limits) for run in plan.runs]
            prints = {job: fingerprint(job.run, job.spridning, {}) for job in jobs}
            entries = _entries(jobs, unchanged or {}, how, say, lock)
            last = Last(plan_folder)
            entries = {job: _told(job, entry, prints[job], last) for job, entry in entries.items()}
            entries = {job: _completed(job, entry, last, how) for job, entry in entries.items()}
            pdfless = add_pdfs((job.folder for job in jobs if entries[job]["status"] in MADE), how, lock.show_life)
            if how.browser:
                entries = {job: past_gate_printed(job, entry) for job, entry in entries.items()}
            for job, entry in entries.items():
                if entry["status"] in MADE:
                    add_names(job, entry)
            times = _times(started, time.monotonic() - began)
            times["anmarkningar"] += _replaced(entries, prints, plan_folder)
            manifest = _manifest(plan, run_id, how, [*entries.values()], times)
            write_run(staging, manifest)
            if not _has_passed(manifest["runs"], unchanged or {}, plan):
                check_run(staging, jobs[0])
        index = write_plan_index(plan_folder, plan.titel)
    problems = [text for entry in entries.values() for text in _problems(entry, plan_folder / run_id)] + pdfless
    counted = f"{count_in_words(entry['status'] for entry in entries.values())}, på {time.monotonic() - began:.0f} s."
    return Finished(index, manifest, problems, "\n".join([*times["anmarkningar"], counted]))


def _has_passed(entries: list[dict[str, Any]], editions: dict[str, Edition], plan: Plan) -> bool:
    """Whether the run's own pages say nothing that has not passed the gate in an earlier run."""
    linked = [editions[entry["folder"]] for entry in entries if entry["status"] == "unchanged"]
    return len(linked) == len(entries) and all(edition.titel == plan.titel for edition in linked)


def _entries(jobs: list[Job], editions: dict[str, Edition], how: RunOptions, say: Say, lock: Lock) -> Entries:
    """The manifest's entries: of reports that wait for something, are linked or are made; says how it goes."""
    numbers = count(1)
    with bar(len(jobs)) if how.bar else log(say) as tell:

        def done(job: Job, entry: dict[str, Any]) -> None:
            tell(line(next(numbers), len(jobs), job.run, entry), entry)

        entries = {job: waiting(job) for job in jobs if job.run.vantar_pa}
        entries |= {
            job: unchanged_entry(edition)
            for job in jobs
            if (edition := editions.get(job.run.folder)) and link(edition, job.folder)
        }
        for job, entry in entries.items():
            done(job, entry)
        left = [job for job in jobs if job not in entries]
        if left:
            from planbok.batch.make.schedule import made  # all that makes reports, which nothing else need wait for

            entries |= made(left, how, done, lock.show_life)
    return {job: entries[job] for job in jobs}


def _completed(job: Job, entry: dict[str, Any], last: Last, how: RunOptions) -> dict[str, Any]:
    """The entry of a report whose page says what only the run knows, once that has passed the gate too."""
    if entry["status"] != "ok":
        return entry
    added = complete(job, entry, last.before(job.run), bool(how.browser))
    return past_gate_added(job, entry, added)


def _told(job: Job, entry: dict[str, Any], made_of: dict[str, Any], last: Last) -> dict[str, Any]:
    entry, read = {**entry, "titel": job.run.notebook.titel}, entry.get("laste")
    if read is None:  # it is linked, waits or failed
        return entry
    del entry["laste"]
    entry["avtryck"] = {**made_of, "laste": read}
    edition = last.before(job.run)
    if edition is not None:
        result = json.loads((job.folder / RESULT_FILE).read_text(encoding="utf-8"))
        entry["sedan_sist"] = since_last(edition, result, causes(edition, job.run, entry["avtryck"]))
    return entry


def _manifest(plan: Plan, run_id: str, how: RunOptions, entries: list[dict[str, Any]], times: dict[str, Any]) -> dict:
    return {
        "plan": plan.id,
        "titel": plan.titel,
        "run_id": run_id,
        **times,
        "planbok": __version__,
        "python": platform.python_version(),
        "workers": how.workers,
        "spridning": plan.spridning,
        "status": "ej_faststalld",
        **({"period": plan.period.as_json()} if plan.period else {}),
        "runs": entries,
    }


def _times(started: datetime, seconds: float) -> dict[str, Any]:
    """When a run began and ended; what passed between is measured by a clock that nobody sets."""
    moved = (datetime.now(UTC) - started).total_seconds() - seconds
    way = "fram" if moved > 0 else "tillbaka"
    text = f"Datorns klocka gick {abs(moved):.0f} s {way} under körningen: ställd, eller datorn i vila."
    return {
        "started": utc_text(started),
        "finished": utc_text(started + timedelta(seconds=seconds)),
        "anmarkningar": [text] if abs(moved) > CLOCK_MOVED else [],
    }


def _replaced(entries: Entries, prints: Entries, plan_folder: Path) -> list[str]:
    """What is said where somebody replaced a file or a notebook while the reports that rest on it were made."""
    now = Now(next(iter(entries)).folders, plan_folder)
    files = changed_meanwhile(entries.values(), lambda role: now.hash_of(role, ""))
    began = {job.run.notebook.path: made_of["anteckningsbok"] for job, made_of in prints.items()}
    files += sorted(path.name for path, found in began.items() if _now(path) != found)
    text = "{} ändrades under körningen: rapporterna kan bygga på olika versioner. Kör igen."
    return [text.format(listed(files))] if files else []


def _now(notebook: Path) -> str:
    """A notebook's hash; "" where it is gone."""
    try:
        return digest(notebook.read_bytes())
    except OSError:
        return CHANGED


def _problems(entry: dict[str, Any], folder: Path) -> Iterator[str]:
    """What a person needs to know of a report that failed or whose checks did."""
    place = folder / entry["folder"]
    if entry["error"]:
        error = entry["error"]
        fault = Fault("korning", entry["folder"], 0, error["section"], f"{error['type']}: {error['message']}", "failed")
        with_it = place / NOTEBOOK_FILE
        yield format_faults([fault], f"  Anteckningsboken med felet: {with_it}" if with_it.is_file() else "")
    if entry["checks_failed"]:
        wrong = failed_checks(json.loads((place / RESULT_FILE).read_text(encoding="utf-8")))
        faults = [
            Fault("korning", entry["folder"], 0, check.namn, check.forklaring or "stämmer inte.", "check")
            for check in wrong
        ]
        yield format_faults(faults)
