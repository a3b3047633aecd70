"""Copies of a run for others: a folder with speaking names, and a zip for each recipient of the plan.

A copy is handed out whole or not at all. What a recipient gets was made for that recipient's audience: a report for
another one is never put in its place.
"""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from planbok.base.errors import InputError, format_faults, refused
from planbok.base.files import aside, on_disk, umask
from planbok.base.workspace import Folders
from planbok.batch.make.options import RunOptions
from planbok.batch.make.passing import check_run, past_gate_printed
from planbok.batch.make.pdf import add_pdfs
from planbok.batch.plan.job import Job, speaking_name
from planbok.batch.plan.plan import Plan, Recipient
from planbok.batch.run.complete import EARLIER_LINK
from planbok.batch.run.lock import held
from planbok.batch.run.publish import INDEX, make_private, report_of
from planbok.batch.run.unchanged import MADE
from planbok.case.result import LIST_FILE, WORKING_PAPERS
from planbok.report.derivation import DERIVATION_FILE
from planbok.report.handover import RESULT_FILE
from planbok.report.index import FILES, render_run_index
from planbok.report.text import STOCKHOLM

HANDED_OUT = "mottagare"  # the folder of the zips: each may only be opened by whom it is for
PRIVATE = 0o700
KEPT = (LIST_FILE, DERIVATION_FILE)  # stay in the run's own folder: what is handed out has the second in its page


@dataclass(frozen=True)
class Reports:
    """What was made for one audience: where the reports' folders are, and their entries in a manifest."""

    spridning: str
    folder: Path
    entries: list[dict[str, Any]]


def copy_name(manifest: dict[str, Any], spridning: str) -> str:
    """What a copy of a run is called: the plan and when it was run, in Swedish time."""
    begun = datetime.fromisoformat(manifest["started"]).astimezone(STOCKHOLM)
    mark = f"_{WORKING_PAPERS}" if spridning == WORKING_PAPERS else ""
    return f"{manifest['plan']}_{begun:%Y-%m-%d_%H%M%S}{mark}"


def copy_run(manifest: dict[str, Any], reports: Reports, target: Path) -> Path:
    """A run's reports in a folder share, in place by one rename; the copy's index.

    Raises
    ------
    InputError
        If the run has been copied there already.
    """
    name = copy_name(manifest, reports.spridning)
    if (target / name).exists():
        text = f"{name} finns redan i mappen. Ta bort den först, eller välj en annan mapp."
        raise refused("--publish", text, "exists")
    with aside(target) as beside:
        built = beside / name
        _build(manifest, reports, built)
        if reports.spridning == WORKING_PAPERS:
            make_private(built)
        else:
            built.chmod(0o777 & ~umask())
        on_disk(built)
        built.rename(target / name)
    return target / name / INDEX


def _build(manifest: dict[str, Any], reports: Reports, folder: Path) -> None:
    """The reports' files under speaking names, and an index that leads to them."""
    folder.mkdir(mode=PRIVATE)
    shown, taken = [], set[str]()
    for entry in reports.entries:
        report, source = report_of(reports.folder, entry), reports.folder / entry["folder"]
        spoken = speaking_name(entry, reports.spridning)
        name = _free(spoken, taken)
        files = sorted(path for path in source.iterdir() if path.name not in KEPT) if entry["status"] in MADE else []
        named = {path.name: name + path.suffix for path in files if path.stem != spoken}
        for path in files:
            if path.name in named:
                _copy(path, folder / named[path.name], (spoken, name))
        shown.append({**report, "lankar": {file: named[file] for file in FILES if file in named}})
    page = render_run_index({**manifest, "spridning": reports.spridning}, shown, alone=True)
    (folder / INDEX).write_text(page, encoding="utf-8")


def _copy(path: Path, target: Path, names: tuple[str, str]) -> None:
    """A report's file under its speaking name; a page's links lead to what lies beside it in the copy."""
    if path.suffix != ".html":
        shutil.copyfile(path, target)
        return
    page, (spoken, name) = path.read_text(encoding="utf-8"), names
    page = page.replace('href="../index.html"', f'href="{INDEX}"').replace(f'href="{spoken}.', f'href="{name}.')
    target.write_text(EARLIER_LINK.sub("", page), encoding="utf-8")


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another report has it."""
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    free = name if name not in taken else next(other for other in numbered if other not in taken)
    taken.add(free)
    return free


def write_zip(manifest: dict[str, Any], recipient: Recipient, reports: Reports, target: Path) -> Path:
    """A recipient's zip: their units' reports, made for their audience.

    Raises
    ------
    ValueError
        If a report was made for another audience: a programming error, and nothing is written.
    """
    own = [entry for entry in reports.entries if entry["parametrar"]["enhet"] in recipient.enheter]
    for entry in own:
        if entry["status"] in MADE and _made_for(reports.folder / entry["folder"]) != recipient.spridning:
            raise ValueError(f"{entry['folder']} was not made for {recipient.spridning}")
    folder = target / HANDED_OUT
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    name = copy_name(manifest, recipient.spridning)
    with aside(folder) as beside:
        built, packed = beside / name, beside / "packed"
        _build(manifest, replace(reports, entries=own), built)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(built.iterdir()):
                archive.write(path, f"{name}/{path.name}")
        packed.chmod(0o600)
        place = folder / f"{recipient.namn}_{name}.zip"
        os.replace(packed, place)
    return place


def _made_for(folder: Path) -> str:
    return json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))["spridning"]


@dataclass(frozen=True)
class Sharing:
    """A finished run to be copied to a folder, and what it takes to make its reports for other audiences."""

    plan: Plan
    folders: Folders
    run: Path
    manifest: dict[str, Any]
    how: RunOptions
    say: Callable[[str], None]

    def share(self, target: Path) -> list[str]:
        """Copies the run and packs a zip for each recipient; what went wrong, as people are told it."""
        try:
            return self._shared(target)
        except InputError as error:  # the run itself is published
            return [format_faults(error.faults)]

    def _shared(self, target: Path) -> list[str]:
        own = Reports(self.plan.spridning, self.run, self.manifest["runs"])
        self.say(f"Kopierad till {copy_run(self.manifest, own, target)}")
        wrong: list[str] = []
        for level in sorted({recipient.spridning for recipient in self.plan.mottagare}):
            recipients = [recipient for recipient in self.plan.mottagare if recipient.spridning == level]
            if level == own.spridning:
                self._pack(recipients, own, target)
            else:
                wrong += self._made_anew(level, recipients, target)
        return wrong

    def _pack(self, recipients: list[Recipient], reports: Reports, target: Path) -> None:
        for recipient in recipients:
            self.say(f"Till {recipient.namn}: {write_zip(self.manifest, recipient, reports, target)}")

    def _made_anew(self, level: str, recipients: list[Recipient], target: Path) -> list[str]:
        """Makes the recipients' reports for their audience in a hidden folder, which is gone when they are packed."""
        from planbok.batch.make.schedule import made

        units = {unit for recipient in recipients for unit in recipient.enheter}
        aside = self.run.parent / f".{self.run.name}"
        limits = self.how.limits or self.plan.limits
        runs = [run for run in self.plan.runs if run.parameters["enhet"] in units and not run.vantar_pa]
        if not runs:
            return []
        with held(self.run.parent.parent) as lock:
            aside.mkdir(mode=PRIVATE)
            try:
                jobs = [Job(run, level, self.folders, aside / run.folder, self.how.engine, limits) for run in runs]
                found = made(jobs, self.how, lambda job, entry: None, lock.show_life)
                ready = [job.folder for job in jobs if found[job]["status"] in MADE]
                pdfless = add_pdfs(ready, self.how, lock.show_life)
                entries = [{**past_gate_printed(job, found[job]), "titel": job.run.notebook.titel} for job in jobs]
                wrong = [*(_said(entry, level) for entry in entries if entry["status"] not in MADE), *pdfless]
                check_run(aside, jobs[0])
                self._pack(recipients, Reports(level, aside, entries), target)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        return wrong


def _said(entry: dict[str, Any], level: str) -> str:
    return f"{entry['folder']} för {level} misslyckades: {entry['error']['message']}"
