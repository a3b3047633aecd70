"""What is kept of runs: an adopted run is a record; of others the figures stay and the rest may be pruned."""

import os
import shutil
import stat
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planbok.base.errors import did_you_mean, refused
from planbok.base.files import written_whole
from planbok.base.numbers import format_number
from planbok.base.words import counted
from planbok.batch.plan import past
from planbok.batch.plan.past import MANIFEST, RUN_NAME, runs_of
from planbok.batch.run.publish import INDEX, clear_dead, utc_text, write_plan_index, write_run
from planbok.inputs.documents import quoted
from planbok.report.handover import RESULT_FILE
from planbok.report.text import local_time

ADOPTED = "faststalld"
BYTES_PER_MB = 10**6
STAYS = (RESULT_FILE, MANIFEST, INDEX)


def manifest_of(run: Path) -> dict[str, Any]:
    """A run's manifest; InputError if it can't be read."""
    found = past.read_manifest(run)
    if found is None:
        text = "manifest.json går inte att läsa. Hämta körningen ur en säkerhetskopia, eller flytta bort mappen."
        raise refused(f"{run.parent.name}/{run.name}", text, "unreadable")
    return found


def plan_folders(out: Path) -> dict[str, Path]:
    """The folders of plans that have been run, by their id."""
    found = out.iterdir() if out.is_dir() else ()
    return {path.name: path for path in sorted(found) if path.name[0] != "." and runs_of(path)}


def find_run(name: str, out: Path) -> Path:
    """A run by its folder, by PLAN/RUN under the reports' folder, or by RUN alone where only one plan has it.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    folders = plan_folders(out)
    for path in (Path(name), out / name):
        if RUN_NAME.fullmatch(path.name) and (path / MANIFEST).is_file():
            return Path(os.path.abspath(path))
    found = [run for folder in folders.values() for run in runs_of(folder) if run.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        both = " och ".join(f"{run.parent.name}/{run.name}" for run in found)
        raise refused("", f"{quoted(name)} är en körning av flera planer: {both}. Ange vilken.", "two_runs")
    names = [f"{run.parent.name}/{run.name}" for folder in folders.values() for run in runs_of(folder)]
    text = f"körningen {quoted(name)} finns inte. Ange PLAN/KÖRNING under --out.{did_you_mean(name, names, 5)}"
    raise refused("", text, "unknown_run")


def adopt(run: Path, role: str, roles: list[str]) -> dict[str, Any]:
    """Marks a run as adopted by one of the roles; its files become its own and are no longer written to. Its manifest.

    Raises
    ------
    InputError
        If the role is none of them, or the run is adopted or pruned already.
    """
    manifest = manifest_of(run)
    known = {name.casefold(): name for name in roles}
    role = known.get(" ".join(role.split()).casefold(), "")
    if not role:
        text = f"ange en roll, aldrig ett namn. Det finns: {', '.join(roles)}. Fler skrivs i params/roller.yaml."
        raise refused("--av", text, "bad_role")
    if manifest["status"] == ADOPTED:
        write_plan_index(run.parent, manifest.get("titel", manifest["plan"]))  # all that one that was killed may lack
        by = quoted(manifest.get(ADOPTED, {}).get("av", ""))
        raise refused("", f"körningen är redan fastställd av {by}. En fastställd körning ändras inte.", "adopted")
    if manifest.get("gallrad"):
        raise refused("", "körningen är gallrad: bara dess siffror finns kvar. Kör planen igen.", "pruned")
    for folder in (run, *run.glob("*/")):
        clear_dead(folder)  # what an adoption that was killed was writing
    for path in sorted(path for path in run.rglob("*") if path.is_file()):
        _make_own(path)
    for path in run.glob("*/*"):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    manifest |= {"status": ADOPTED, ADOPTED: {"av": role, "tid": utc_text(datetime.now(UTC))}}
    write_run(run, manifest)  # last: a run that says so is a record in every part
    write_plan_index(run.parent, manifest.get("titel", manifest["plan"]))
    return manifest


def _make_own(path: Path) -> None:
    """Parts a file from other runs' link to it: what is done to theirs doesn't reach a record."""
    if path.stat().st_nlink > 1:
        with written_whole(path) as aside:
            shutil.copy2(path, aside)


@dataclass(frozen=True)
class Prunable:
    """A run that may go, and the files of it that would."""

    run: Path
    manifest: dict[str, Any]
    files: tuple[Path, ...]


def prunable(plan_folder: Path, keep: int) -> list[Prunable]:
    """A plan's runs beyond the newest `keep`, the oldest first; never an adopted one, nor one pruned to the end."""
    sound = [(run, found) for run in runs_of(plan_folder) if (found := past.read_manifest(run))]
    loose = [(run, manifest) for run, manifest in sound if manifest["status"] != ADOPTED]
    oldest = [Prunable(run, manifest, _not_kept(run)) for run, manifest in reversed(loose[keep:])]
    return [one for one in oldest if one.files or not one.manifest.get("gallrad")]


def to_prune(out: Path, plan: str | None, keep: int) -> list[Prunable]:
    """What may go of one plan's runs, or of every plan's.

    Raises
    ------
    InputError
        If so many can't be kept, or the plan has no runs.
    """
    folders = plan_folders(out)
    if keep < 0:
        raise refused("--keep", f"antalet ska vara minst 0, men är {keep}.", "out_of_range")
    if plan is not None and plan not in folders:
        text = f"planen {quoted(plan)} har inga körningar under --out.{did_you_mean(plan, folders)}"
        raise refused("", text, "unknown_plan")
    chosen = folders.values() if plan is None else [folders[plan]]
    return [one for folder in chosen for one in prunable(folder, keep)]


def listed(taken: list[Prunable], done: bool) -> list[str]:
    """What is said of the runs that go, or would."""
    if not taken:
        return ["Inget att gallra."]
    size = format_number(freed(taken) / BYTES_PER_MB)
    lines = [
        f"{one.run.parent.name}/{one.run.name} · {local_time(datetime.fromisoformat(one.run.name))} · "
        f"{counted(len(one.manifest['runs']), 'rapport', 'rapporter')}, {counted(len(one.files), 'fil', 'filer')}"
        for one in taken
    ]
    ending = f"{size} MB. Siffrorna (resultat.json), manifesten och fastställda körningar blir kvar."
    verb = "Gallras" if done else "Skulle gallras"
    return [f"{verb}:", *lines, ending, *([] if done else ["Inget har tagits bort. Kör igen med --ja för att gallra."])]


def _not_kept(run: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in run.rglob("*") if path.is_file() and path.name not in STAYS))


def freed(pruned: list[Prunable]) -> int:
    """The bytes that a disk gets back: a file that a kept run is linked to gives none."""
    stats = [path.stat() for one in pruned for path in one.files]
    links = Counter((s.st_dev, s.st_ino) for s in stats)
    sizes = {(s.st_dev, s.st_ino): s.st_size for s in stats if links[s.st_dev, s.st_ino] == s.st_nlink}
    return sum(sizes.values())


def prune(one: Prunable) -> None:
    """Takes all but the results of a run; its pages say so before anything is gone."""
    manifest = {"gallrad": utc_text(datetime.now(UTC)), **one.manifest}
    write_run(one.run, manifest)
    for path in one.files:
        path.unlink()
    write_run(one.run, manifest)
    write_plan_index(one.run.parent, manifest.get("titel", manifest["plan"]))
