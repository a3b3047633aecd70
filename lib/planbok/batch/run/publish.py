"""What a run publishes: built aside, moved into place by one rename, found through index pages."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, InputError, of_command
from planbok.base.files import on_disk, written_whole
from planbok.batch.plan.past import MANIFEST, RUN_NAME, damaged, manifests, read_result
from planbok.batch.plan.plan import period_said
from planbok.report.handover import RESULT_FILE
from planbok.report.index import render_plan_index, render_run_index
from planbok.report.text import local_time

INDEX = "index.html"
RUN_ID = "%Y%m%dT%H%M%SZ"
LEFT_BEHIND = re.compile(r"\.(?:\d{8}T\d{6}Z|\d+\.[\w.-]+)")  # a run being built, a file being written
UNREADABLE = "resultat.json går inte att läsa."
OWNERS_FOLDER, OWNERS_FILE = 0o700, 0o600
PATIENCE = 5  # seconds that a clock just behind the last run is waited for


def utc_text(moment: datetime) -> str:
    """A moment as the manifest has it, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def staged_run(plan_folder: Path, private: bool = False) -> Iterator[tuple[str, Path]]:
    """A run's id and a hidden folder to build it in; renamed to the id at the end, removed if anything breaks.

    A private one can be opened by its owner only, from the first moment and whatever the umask.
    """
    plan_folder.mkdir(parents=True, exist_ok=True)
    run_id = _free_run_id(plan_folder)
    staging = plan_folder / f".{run_id}"
    try:
        for folder in (plan_folder, staging) if private else ():
            folder.chmod(OWNERS_FOLDER)
        yield run_id, staging
        if private:
            make_private(staging)
        on_disk(staging)
        staging.rename(plan_folder / run_id)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def make_private(folder: Path) -> None:
    """Lets nobody but the owner into a folder, nor read any file in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(OWNERS_FOLDER if path.is_dir() else path.stat().st_mode & OWNERS_FILE)


def clear_dead(plan_folder: Path) -> None:
    """Removes what a runner that was killed had begun. Only for who holds the output folder."""
    for path in plan_folder.glob(".*") if plan_folder.is_dir() else ():
        if LEFT_BEHIND.fullmatch(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _free_run_id(plan_folder: Path) -> str:
    """The UTC second as a name that no other run has; a second run in the same second waits for the next."""
    start = time.monotonic()
    while True:
        names = (path.name for path in plan_folder.iterdir())
        run_id, last = datetime.now(UTC).strftime(RUN_ID), max(filter(RUN_NAME.fullmatch, names), default="")
        staging = plan_folder / f".{run_id}"
        try:
            if run_id >= last:
                staging.mkdir()
                if not (plan_folder / run_id).exists():  # asked only when no other run can take the name any more
                    return run_id
                staging.rmdir()
            elif time.monotonic() - start > PATIENCE:
                raise InputError([_clock_fault(last)])
        except FileExistsError:
            pass
        time.sleep(0.2)


def _clock_fault(last: str) -> Fault:
    text = (
        f"klockan är {local_time(datetime.now(UTC))}, men den senaste körningen är från "
        f"{local_time(datetime.fromisoformat(last))}. Ställ datorns klocka rätt. Är det den körningen som har fel tid: "
        f"flytta bort mappen {last}."
    )
    return of_command("klockan", text, "clock")


def write_run(folder: Path, manifest: dict[str, Any]) -> None:
    """The index of one run and manifest.json, which comes last: what it says is then true of the rest."""
    _write(folder / INDEX, render_run_index(manifest, [report_of(folder, entry) for entry in manifest["runs"]]))
    _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")


def report_of(folder: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the run's index: what the manifest and the report's own result say of it."""
    place = folder / entry["folder"]
    result = read_result(place)
    unreadable = result is None and (place / RESULT_FILE).is_file()
    result = result or {}
    return {
        "folder": entry["folder"],
        "titel": entry.get("titel", entry["notebook"]),
        "enhet_namn": result.get("enhet_namn", entry["parametrar"]["enhet"]),
        "scenario_titel": result.get("scenario_titel", entry["parametrar"].get("scenario", "")),
        "period": period_said(entry["parametrar"]),
        "status": entry["status"],
        "sammanfattning": result.get("sammanfattning", []),
        "checks_failed": entry.get("checks_failed"),
        "error": {"message": UNREADABLE}
        if unreadable
        else {"message": entry["vantar_pa"]}
        if entry["status"] == "waiting"
        else entry.get("error"),
        "syntetisk": result.get("syntetisk", False),
        "filer": sorted(path.name for path in place.iterdir()) if place.is_dir() else [],
        "sedan_sist": entry.get("sedan_sist"),
        "framst": result.get("framst", []),
        "nyckeltal": result.get("nyckeltal", {}),
        "manader": result.get("tabeller", {}).get("per_manad", []),
    }


def write_plan_index(plan_folder: Path, titel: str) -> Path:
    """The index of every whole run of the plan, newest first."""
    _write(plan_folder / INDEX, render_plan_index(titel, list(manifests(plan_folder)), damaged(plan_folder)))
    return plan_folder / INDEX


def _write(path: Path, text: str) -> None:
    """Writes a file whole or not at all; its owner's only in a folder that is."""
    with written_whole(path) as aside:
        aside.write_text(text, encoding="utf-8")
        if not path.parent.stat().st_mode & 0o077:
            aside.chmod(OWNERS_FILE)
