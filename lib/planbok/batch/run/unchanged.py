"""What a report was made of, and whether it would come out as it did last time: then it is linked, not made again.

A report is made of its notebook, its parameters, its audience, planbok's code with the packages it stands on, and every
file that its process read: rules, scenarios, tables, earlier results. `avtryck` in the manifest holds their hashes.
"""

import json
import os
import platform
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

from planbok.base.workspace import PACKAGE, Folders
from planbok.batch.make.pdf import PDF_FILE
from planbok.batch.plan.past import MANIFEST, RESULT, read_manifest, read_result, runs_of
from planbok.batch.plan.plan import Plan, Run, period_of
from planbok.inputs.journal import CHANGED, DATA, EARLIER, PARAMS, Now, digest

WHOLE = ("anteckningsbok.ipynb", "rapport.html", RESULT, "resultat.xlsx", "harledning.json")
MADE = ("ok", "unchanged")
MOST_RUNS = 100  # runs back that an edition is looked for: years of months, and not years of mornings to read
PERIOD = ("ar", "tom_manad", "per", "per_datum")  # parameters that differ from one period to the next
# kinds of cause, in the order in which they are said
CAUSES = ("period", "indata", "tidigare", "regler", "scenario", "anteckningsbok", "kod")


@cache
def code_hash() -> str:
    """One hash of planbok's code, Python's version and those of the packages that planbok stands on."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2", ".css", ".js"))
    code = [f"{path.relative_to(PACKAGE).as_posix()} {digest(path.read_bytes())}" for path in files]
    return digest("\n".join([platform.python_version(), *_packages(), *code]).encode())


def _packages() -> list[str]:
    try:
        wanted = metadata.requires("planbok") or []
    except metadata.PackageNotFoundError:  # run from its folder, not installed
        return []
    names = {name for text in wanted if "extra" not in text for name in re.findall(r"^[\w.-]+", text)}
    return [f"{name} {_version(name)}" for name in sorted(names)]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def fingerprint(run: Run, spridning: str, read: dict[str, str]) -> dict[str, Any]:
    """What a report is made of, as its entry in the manifest has it; `read` is what its process notes.

    To be taken before the report is made: what is edited meanwhile is then a change the next time.
    """
    return {
        "anteckningsbok": digest(run.notebook.path.read_bytes()),
        "kod": code_hash(),
        "spridning": spridning,
        "laste": read,
    }


def changed_meanwhile(entries: Iterable[dict[str, Any]], hash_of: Callable[[str], str]) -> list[str]:
    """Which files the reports of one run have read in more than one form, or in another than `hash_of` has now.

    Somebody replaced them meanwhile. They are named by role; of what earlier runs told only the first is looked at.

    >>> one, two = ({"avtryck": {"laste": {"data/utfall.csv": found, "data/": "x"}}} for found in "ab")
    >>> now = {"data/utfall.csv": "a", "data/": "x"}.get
    >>> changed_meanwhile([one, two], now), changed_meanwhile([two], now), changed_meanwhile([one, one, {}], now)
    (['data/utfall.csv'], ['data/utfall.csv'], [])
    """
    seen: dict[str, set[str]] = {}
    for entry in entries:
        for role, found in entry.get("avtryck", {}).get("laste", {}).items():
            seen.setdefault(role, set()).add(found)
    stands = {role: {hash_of(role)} for role in seen if role.startswith((DATA, PARAMS))}
    return sorted(
        role for role, found in seen.items() if len(found) > 1 or CHANGED in found or found != stands.get(role, found)
    )


@dataclass(frozen=True)
class Edition:
    """An earlier run's report: the run's id and title, its folder and its entry in that run's manifest."""

    run_id: str
    titel: str
    folder: Path
    entry: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether every file of it is there still, and none has been written to since its run was published."""
        published = (self.folder.parent / MANIFEST).stat().st_mtime
        files = {path.name: path.stat().st_mtime for path in _files(self.folder)}
        return files.keys() >= set(WHOLE) and max(files.values()) <= published

    def result(self) -> dict[str, Any]:
        """Its result; empty where it can't be read."""
        return read_result(self.folder) or {}


@dataclass
class Last:
    """The editions of a plan's reports in its earlier runs, the newest first."""

    plan_folder: Path

    @cached_property
    def editions(self) -> list[Edition]:
        """Every report that was made, the newest run's first."""
        return list(self._read())

    def _read(self) -> Iterator[Edition]:
        for run in runs_of(self.plan_folder)[:MOST_RUNS]:
            manifest = read_manifest(run) or {"runs": []}
            for entry in manifest["runs"]:
                if entry["status"] in MADE and entry.get("avtryck"):
                    yield Edition(run.name, manifest.get("titel", ""), run / entry["folder"], entry)

    @cached_property
    def _by_folder(self) -> dict[str, Edition]:
        return {edition.entry["folder"]: edition for edition in reversed(self.editions)}

    @cached_property
    def _by_question(self) -> dict[str, list[Edition]]:
        found: dict[str, list[Edition]] = {}
        for edition in self.editions:
            found.setdefault(_question(edition.entry["notebook"], edition.entry["parametrar"]), []).append(edition)
        return found

    def same(self, run: Run) -> Edition | None:
        """The last edition of the very same report."""
        return self._by_folder.get(run.folder)

    def whole(self, run: Run) -> Edition | None:
        """The last edition of the very same report that has not been pruned, if what it was made of is the last's."""
        last = self.same(run)
        if last is None or last.is_whole:
            return last
        others = (e for e in self.editions if e.entry["folder"] == run.folder and e.is_whole)
        found = next(others, None)
        return found if found and found.entry["avtryck"] == last.entry["avtryck"] else None

    def before(self, run: Run) -> Edition | None:
        """The last edition of the report, else the one of the latest earlier period."""
        others = self._by_question.get(_question(run.notebook.id, run.parameters), [])
        earlier = [e for e in others if _period(e.entry["parametrar"]) < _period(run.parameters)]
        return self.same(run) or max(earlier, key=lambda e: (_period(e.entry["parametrar"]), e.run_id), default=None)


def _question(notebook: str, parameters: dict[str, Any]) -> str:
    """What a report asks, whatever the period."""
    return json.dumps([notebook, {k: v for k, v in parameters.items() if k not in PERIOD}], sort_keys=True)


def _period(parameters: dict[str, Any]) -> tuple:
    """What orders the periods of one question: the reports of a year stand in the order of their names."""
    return parameters["ar"], parameters.get("tom_manad", 0), parameters.get("per", ""), parameters.get("per_datum", "")


def causes(edition: Edition, run: Run, made_of: dict[str, Any]) -> list[dict[str, Any]]:
    """Why a report may differ from an earlier edition: each kind of cause with what it concerns; none if it can't."""
    before, found = edition.entry["avtryck"], {}
    if _period(edition.entry["parametrar"]) != _period(run.parameters):
        found["period"] = [f"förut {period_of(edition.entry['parametrar'])}"]
    for key in ("anteckningsbok", "kod"):
        if before[key] != made_of[key]:
            found[key] = []
    roles = before["laste"].keys() | made_of["laste"].keys()
    for role in sorted(role for role in roles if before["laste"].get(role) != made_of["laste"].get(role)):
        kind = _kind(role)
        found.setdefault(kind, []).append("" if kind == "tidigare" else role.rsplit("/", 1)[-1])
    return [{"slag": kind, "vad": sorted(filter(None, found[kind]))} for kind in CAUSES if kind in found]


def _kind(role: str) -> str:
    if role.startswith(EARLIER):
        return "tidigare"
    if role.startswith(f"{PARAMS}scenarier/"):
        return "scenario"
    return "regler" if role.startswith(PARAMS) else "indata"


def is_unchanged(edition: Edition, run: Run, spridning: str, now: Now) -> bool:
    """Whether a report would be made of the very same things as an edition of it."""
    before = edition.entry["avtryck"]
    read = {role: now.hash_of(role, run.folder) for role in before["laste"]}
    same = before == fingerprint(run, spridning, read) and edition.entry["parametrar"] == run.parameters
    return same and all(before["laste"].values())


def _files(folder: Path) -> list[Path]:
    """The files of a report that are its own: nothing that somebody has put beside them."""
    return [path for name in (*WHOLE, PDF_FILE) if (path := folder / name).is_file()]


def link(edition: Edition, folder: Path) -> bool:
    """The edition's files in a new run's folder: the same file under two names where the disk can, else a copy.

    False where one of them is gone meanwhile.
    """
    folder.mkdir()
    try:
        for path in _files(edition.folder):
            _link(path, folder / path.name)
        return True
    except FileNotFoundError:
        shutil.rmtree(folder)
        return False


def _link(source: Path, target: Path) -> None:
    """A second name for a file; a copy of one that is an adopted run's own, or where the disk gives no more names."""
    if source.stat().st_mode & stat.S_IWUSR:
        second_name(source, target)
    else:
        shutil.copyfile(source, target)


def second_name(source: Path, target: Path) -> None:
    """A second name for a file; a copy where the disk gives none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def unchanged_entry(edition: Edition) -> dict[str, Any]:
    """The manifest's entry of a report that is linked."""
    return {
        **edition.entry,
        "status": "unchanged",
        "seconds": 0.0,
        "steg": {},
        "sedan_sist": {"run_id": edition.run_id, "nyckeltal": [], "orsaker": []},
    }


def find_unchanged(plan: Plan, folders: Folders, out: Path) -> dict[str, Edition]:
    """The plan's reports that would come out as they did last time, by their folder."""
    last, now = Last(out / plan.id), Now(folders, out / plan.id)
    editions = {run.folder: (run, last.whole(run)) for run in plan.runs if not run.vantar_pa}
    return {
        folder: edition
        for folder, (run, edition) in editions.items()
        if edition and is_unchanged(edition, run, plan.spridning, now)
    }
