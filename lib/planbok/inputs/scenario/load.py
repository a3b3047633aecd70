"""Scenarios: a question, and dated changes on top of a baseline.

`load_scenario` gives a scenario with the changes of those it builds on first, numbered in the order in which they act.
`bas` is built in and has no changes.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.names import why_no_id
from planbok.base.workspace import Folders
from planbok.inputs.documents import Document, Entry, Text, quoted, read_document, validate
from planbok.inputs.rules.rules import insats_hint
from planbok.inputs.scenario import cases  # noqa: F401 - its kinds of change are ones once they are loaded
from planbok.inputs.scenario.changes import CHANGE_TYPES, Change
from planbok.inputs.scenario.sheets import read_workbook
from planbok.inputs.tables.columns import REGI

BASELINE = "bas"
WHERE = {  # the names that a change may refer to, and where they stand
    "enheter": "någon tabell",
    "insatser": "regeln insatser",
    "boenden": "tabellen boenden",
    "regler": "params/regler",
    "regi": "prislistorna",
}
SUFFIXES = (".yaml", ".yml", ".xlsx")


class ScenarioForm(Entry):
    """A scenario file's top level; its changes are validated one by one."""

    titel: Text
    fraga: Text
    bygger_pa: list[Text] = []
    forandringar: list = []
    anteckningar: dict[Text, Text] = {}


@dataclass(frozen=True)
class NumberedChange:
    """A change with its number in the order of action, the scenario it comes from and its place in that file."""

    nr: int
    scenario: str
    change: Change
    file: str
    line: int
    position: int
    place: str = ""  # where it stands, where that is no line: a row of a sheet

    def __hash__(self) -> int:
        return hash((self.scenario, self.nr, self.position))  # the change may hold a mapping

    def fault(self, text: str, code: str) -> Fault:
        """A fault of the change, at its place in its file."""
        place = self.place or f"förändring {self.position}"
        return Fault("scenario", self.file, self.line, place, text, code)

    @property
    def id(self) -> str:
        """What makes it the same change in two scenarios that build on a third."""
        return f"{self.scenario}:{self.position}"


@dataclass(frozen=True)
class Scenario:
    """A named set of changes in the order in which they act."""

    id: str
    titel: str
    fraga: str = ""
    changes: tuple[NumberedChange, ...] = ()
    builds_on: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict, hash=False)  # what is noted beside rows of a table, by row

    def __iter__(self):
        return iter(self.changes)


BAS = Scenario(BASELINE, "Budgeten som den är beslutad")


@dataclass
class Known:
    """What a scenario may refer to; None where it can't be known, so that nothing is checked against it."""

    budgetrader: Iterable[str] | None = None
    enheter: Iterable[str] | None = None
    insatser: Iterable[str] | None = None
    boenden: Iterable[str] | None = None
    regler: dict[str, Any] | None = None
    var: str = "tabellen budget"  # where the budget rows were looked for


@dataclass
class _Loading:
    folders: Folders
    known: Known
    faults: list[Fault] = field(default_factory=list)
    changes: list[NumberedChange] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def scenario_ids(folders: Folders) -> list[str]:
    """Every scenario there is, `bas` first."""
    return [BASELINE, *(name for name in scenario_paths(folders) if name != BASELINE)]


def scenario_paths(folders: Folders) -> dict[str, Path]:
    """Every scenario's file by its id."""
    return {path.stem: path for path in folders.param_files("scenarier", *SUFFIXES).values()}


def read_scenario(path: Path, faults: list[Fault]) -> Document:
    """A scenario's file as a document, whatever kind of file it is."""
    return read_workbook(path, faults) if path.suffix == ".xlsx" else read_document(path, "scenario", faults)


def load_scenario(scenario_id: str, folders: Folders, known: Known | None = None) -> Scenario:
    """A scenario by its id, with those it builds on.

    Raises
    ------
    InputError
        With every fault of the file and of those it builds on.
    """
    if scenario_id == BASELINE:
        return BAS
    loading = _Loading(folders, known or Known())
    missing = Fault("scenario", "params/scenarier", 0, "", "", "unknown_scenario")
    form = _collect(scenario_id, (), loading, missing)
    loading.faults += _opened_twice(loading.changes)
    if loading.faults or form is None:
        raise InputError(loading.faults)
    builds_on = tuple(name for name in loading.done if name != scenario_id)
    return Scenario(scenario_id, form.titel, form.fraga, tuple(loading.changes), builds_on, form.anteckningar)


def _collect(scenario_id: str, above: tuple[str, ...], loading: _Loading, missing: Fault) -> ScenarioForm | None:
    """Reads a scenario after those it builds on; each scenario acts once, where it is first named.

    `missing` is the fault where it was named, without its text, should there be no such scenario.
    """
    paths = scenario_paths(loading.folders)
    if scenario_id not in paths:
        text = f"scenariot {quoted(scenario_id)} finns inte.{did_you_mean(scenario_id, [BASELINE, *paths])}"
        loading.faults.append(replace(missing, text=text))
        return None
    document = read_scenario(paths[scenario_id], loading.faults)
    if document.value is None:
        return None
    document.faults += _twins(document, paths[scenario_id])
    if problem := why_no_id(scenario_id):
        document.refuse((), f"filnamnet {quoted(scenario_id)} {problem}", "bad_id")
    form = validate(ScenarioForm, document, ())
    _collect_bases(document, scenario_id, above, loading)
    changes = document.value.get("forandringar")
    for i in range(len(changes)) if isinstance(changes, list) else ():
        _read_change(document, i, scenario_id, loading)
    if form and not form.forandringar and not form.bygger_pa:
        text = f"scenariot har inga förändringar. Det är samma sak som '{BASELINE}'."
        document.refuse(("forandringar",), text, "empty")
    loading.done.append(scenario_id)
    return form


def _twins(document: Document, path: Path) -> list[Fault]:
    """A fault where another file of the folder has the same id: which one is meant can't be known."""
    others = [path.with_suffix(suffix).name for suffix in SUFFIXES if suffix != path.suffix]
    found = [name for name in others if (path.parent / name).is_file()]
    text = "{} finns i samma mapp. Behåll en av filerna."
    return [document.fault((), text.format(name), "two_files") for name in found]


def _collect_bases(document: Document, scenario_id: str, above: tuple[str, ...], loading: _Loading) -> None:
    names = document.value.get("bygger_pa")
    for i, name in enumerate(names if isinstance(names, list) else []):
        if name == BASELINE or name in loading.done or not isinstance(name, str):
            continue
        if name in (*above, scenario_id):
            path = " → ".join((*above, scenario_id, name))
            text = f"bygger_pa går runt i en ring: {path}."
            document.refuse(("bygger_pa", i), text, "circular")
            continue
        missing = document.fault(("bygger_pa", i), "", "unknown_scenario")
        _collect(name, (*above, scenario_id), loading, missing)


def _read_change(document: Document, i: int, scenario_id: str, loading: _Loading) -> None:
    location = ("forandringar", i)
    raw = document.value["forandringar"][i]
    typ = raw.get("typ") if isinstance(raw, dict) else None
    if isinstance(raw, dict) and not (isinstance(typ, str) and typ in CHANGE_TYPES):
        document.faults += _unknown_type(document, location, typ)
    else:
        change = validate(CHANGE_TYPES.get(str(typ), Change), document, location)
        if change is not None:
            line, place = document.spot(location)
            nr, file = len(loading.changes) + 1, document.file
            loading.changes.append(NumberedChange(nr, scenario_id, change, file, line, i + 1, place))
    if isinstance(raw, dict):
        document.faults += _references(document, location, raw, loading.known)


def _opened_twice(changes: list[NumberedChange]) -> Iterator[Fault]:
    """A fault for each change that opens a home which one before it opens: the later would undo the earlier."""
    opened: list[NumberedChange] = []
    for later in (n for n in changes if n.change.typ == "nytt_boende"):
        for first in opened:
            units = {first.change.enhet, later.change.enhet} - {None}
            if first.change.boende == later.change.boende and len(units) < 2:
                spot = f"{first.file}, {str(first.fault('', '')).removesuffix(': ')}"
                text = f"hemmet {quoted(later.change.boende)} öppnas redan i {spot}. Behåll en av förändringarna."
                yield later.fault(text, "opened_twice")
                break
        opened.append(later)


def _unknown_type(document: Document, location: tuple, typ: Any) -> list[Fault]:
    """The fault of a change's type, and what else is wrong whatever type was meant."""
    found = "nyckeln 'typ' saknas." if typ is None else f"typ är {quoted(typ)}, som inte finns."
    text = found + did_you_mean(typ if isinstance(typ, str) else "", CHANGE_TYPES)
    close = difflib.get_close_matches(typ, CHANGE_TYPES, n=1) if isinstance(typ, str) else []
    alone = replace(document, faults=[])
    validate(CHANGE_TYPES[close[0]] if close else Change, alone, location)
    of_the_type = document.fault((*location, "typ"), text, "unknown_type")
    ignored = {"unknown_key"} if not close else set()
    return [
        of_the_type,
        *(f for f in alone.faults if f.code not in ignored and not f.text.startswith(("typ ", "nyckeln 'typ'"))),
    ]


def _references(document: Document, location: tuple, raw: dict, known: Known) -> list[Fault]:
    """Names in a change that nothing there is bears."""
    typ, where = raw.get("typ"), {**WHERE, "budgetrader": known.var}
    faults, refers = [], {key: name for kind in CHANGE_TYPES.values() for key, name in kind.refers.items()}
    for key, name in refers.items():
        names = REGI if name == "regi" else getattr(known, name)
        value = str(raw[key]) if key == "enhet" and type(raw.get(key)) is int else raw.get(key)
        if names is not None and isinstance(value, str) and value not in names:
            text = f"{key} {quoted(value)} finns inte i {where[name]}."
            text += insats_hint(value, names) if isinstance(names, dict) else did_you_mean(value, names)
            faults.append(document.fault((*location, key), text, f"unknown_{key}"))
    if isinstance(typ, str) and typ in CHANGE_TYPES:
        faults += CHANGE_TYPES[typ].faults_of_names(document, location, raw, known)
    return faults


def runs_in(change: Change, enhet: str, first: date, last: date) -> str:
    """Why a change can't move anything for a unit between two days; "" where it can."""
    if change.enhet and change.enhet != enhet:
        return f"den gäller enheten {change.enhet}"
    if change.starts > last:
        return f"den börjar {change.starts}, efter planåren som slutar {last}"
    if change.acts_until and change.acts_until < first:
        return f"den slutar {change.acts_until}, före {first}"
    return ""
