"""What stands on the dials as a scenario file: checked as a run would, written whole or not at all."""

import errno
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from planbok.base.files import on_disk
from planbok.base.names import why_no_id
from planbok.base.numbers import whole
from planbok.base.privacy import looks_like_personal_number
from planbok.base.workspace import Folders
from planbok.case.case import Case, open_case
from planbok.explore.forms import NO_PERSONS
from planbok.inputs.scenario.load import BASELINE

FOLDER = "scenarier"
KEYS_FIRST = (
    *("typ", "namn", "prislista", "regel", "boende", "budgetrad", "sida", "verksamhet", "kostnadsslag", "enhet"),
    *("insats", "niva", "fran_niva", "till_niva", "regi", "grupp"),
)
KEYS_LAST = ("fran", "till", "oppnar", "datum", "status", "sannolikhet_andel", "underlag", "motivering")
REASONS = ("underlag", "motivering")
WIDE = 10_000  # no line of a person's text is broken


@dataclass(frozen=True)
class Draft:
    """A scenario that a person is about to save."""

    id: str
    titel: str
    fraga: str
    underlag: str
    motivering: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    builds_on: tuple[str, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)

    def filled(self) -> list[dict[str, Any]]:
        """The changes with the person's basis and reason where they have none of their own."""
        own = {"underlag": self.underlag, "motivering": _one_line(self.motivering)}
        return [_in_order({**own, **change}) for change in self.changes]


def problems(draft: Draft) -> dict[str, str]:
    """What is wrong with each of a draft's fields, by its name; `changes` where there is nothing to save."""
    required = {"titel": "Skriv en titel.", "fraga": "Skriv frågan som scenariot svarar på."}
    if any(key not in change for change in draft.changes for key in REASONS):
        required |= {"underlag": "Välj vad ändringarna vilar på.", "motivering": "Skriv varför."}
    found = {name: text for name, text in required.items() if not (getattr(draft, name) or "").strip()}
    for name in ("id", "titel", "fraga", "motivering"):
        if looks_like_personal_number(getattr(draft, name)):
            found[name] = NO_PERSONS
    if draft.id == BASELINE:
        found["id"] = f"'{BASELINE}' är inbyggt. Välj ett annat namn."
    elif "id" not in found and why_no_id(draft.id):
        found["id"] = f"Namnet {why_no_id(draft.id)}"
    if any(looks_like_personal_number(text) for text in draft.notes.values()):
        found["changes"] = f"Anteckningarna i tabellen: {NO_PERSONS}"
    if not draft.changes and not draft.builds_on:
        found["changes"] = "Alla reglage står på noll: det finns inget att spara."
    return found


def key_of(change: dict[str, Any]) -> str:
    """What a change is about, however large it is and whatever its reason: what a reason is written for.

    >>> key_of({"typ": "upprakning", "budgetrad": "Vård", "procent": 1.0}) == key_of(
    ...     {"typ": "upprakning", "budgetrad": "Vård", "procent": 2.0, "motivering": "x"})
    True
    """
    return repr({key: change[key] for key in KEYS_FIRST if key in change})


def suggested_id(titel: str) -> str:
    """A file name out of a title.

    >>> suggested_id("Löneöversyn 2 % från april!")
    'loneoversyn_2_fran_april'
    """
    plain = unicodedata.normalize("NFKD", titel.lower()).encode("ascii", "ignore").decode()
    return "_".join(re.findall("[a-z0-9]+", plain))[:60].strip("_")


def scenario_text(draft: Draft) -> str:
    """The file as a person would write it."""
    top: dict[str, Any] = {"titel": _one_line(draft.titel), "fraga": _one_line(draft.fraga)}
    if draft.builds_on:
        top["bygger_pa"] = list(draft.builds_on)
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width, writer.allow_unicode = WIDE, True
    writer.representer.ignore_aliases = lambda *_: True  # the same day twice is written twice
    stream = StringIO()
    below = {"anteckningar": {row: _one_line(text) for row, text in draft.notes.items()}} if draft.notes else {}
    writer.dump({**top, "forandringar": draft.filled(), **below}, stream)
    return stream.getvalue()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _in_order(change: dict[str, Any]) -> dict[str, Any]:
    """What it is about first, then how large, when, on what basis and why."""
    between = [key for key in change if key not in (*KEYS_FIRST, *KEYS_LAST)]
    keys = [key for key in (*KEYS_FIRST, *between, *KEYS_LAST) if key in change]
    return {key: _written(key, change[key]) for key in keys}


def _written(key: str, value: Any) -> Any:
    """Whole amounts without decimals, per cent and shares with; levels as the numbers they are."""
    if key == "kanda_nivaer":
        return {int(level): number for level, number in value.items()}
    if not isinstance(value, float) or key.startswith(("procent", "varde")) or key.endswith("_andel"):
        return value
    return whole(value)


def check(draft: Draft, case: Case, verify) -> None:
    """Holds a draft as a run would: read from a file of its own, opened for the unit, tried by its topic.

    Raises
    ------
    InputError
        With every fault; the figures of what is saved are otherwise those of what was read.
    """
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / FOLDER
        where.mkdir()
        (where / f"{draft.id}.yaml").write_text(scenario_text(draft), encoding="utf-8")
        sources = case.sources
        folders = replace(sources.folders, params=(Path(folder), *sources.folders.params))
        given = {**case.parametrar, "scenario": draft.id}
        verify(open_case(case.notebook, spridning=case.spridning, sources=replace(sources, folders=folders), **given))


def other_kind(scenario_id: str, folders: Folders) -> str:
    """The name of a file of another kind that has the id where it would be saved; "" where there is none."""
    where = folders.own_params / FOLDER
    return next((name for suffix in (".yml", ".xlsx") if (where / (name := f"{scenario_id}{suffix}")).exists()), "")


def write(draft: Draft, folders: Folders, overwrite: bool = False) -> Path:
    """Writes the scenario's file: built beside and moved into place, so that nobody ever reads half of it.

    Raises
    ------
    FileExistsError
        If there is such a file and it may not be overwritten.
    OSError
        If the folder can't be written to.
    """
    where = folders.own_params / FOLDER
    if where.exists() and not where.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(where))
    where.mkdir(parents=True, exist_ok=True)
    target = where / f"{draft.id}.yaml"
    made = where / f".{os.getpid()}.{target.name}"
    try:
        made.write_text(scenario_text(draft), encoding="utf-8")
        on_disk(made)
        _into_place(made, target, overwrite)
    finally:
        made.unlink(missing_ok=True)
    return target


def _into_place(made: Path, target: Path, overwrite: bool) -> None:
    """One step: a link fails where the name is taken, a rename takes it over."""
    if overwrite:
        made.replace(target)
        return
    try:
        os.link(made, target)
    except OSError:  # the name is taken, or the file system has no links
        if os.path.lexists(target):
            raise FileExistsError(str(target)) from None
        made.rename(target)
