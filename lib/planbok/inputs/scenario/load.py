"""Scenarios: a question, and dated changes on top of a baseline.

`load_scenario` gives a scenario with the changes of those it builds on first, numbered in the order in which they act.
`bas` is built in and has no changes.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault, InputError, did_you_mean
from planbok.base.periods import long_date
from planbok.base.workspace import Folders
from planbok.inputs.documents import Document, Entry, Text, quoted, read_document, validate
from planbok.inputs.rules.secrecy import fixed, is_secrecy
from planbok.inputs.rules.shares import share_faults
from planbok.inputs.scenario.changes import CHANGE_TYPES, Change
from planbok.inputs.scenario.sheets import read_workbook
from planbok.inputs.tables.columns import REGI

BASELINE = "bas"
SUFFIXES = (".yaml", ".yml", ".xlsx")


class ScenarioForm(Entry):
    """A scenario file's top level; its changes are validated one by one."""

    titel: Text
    fraga: Text
    bygger_pa: list[Text] = []
    forandringar: list = []


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

    def fault(self, text: str, code: str) -> Fault:
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


def load_scenario(scenario_id: str, folders: Folders, known: Known | None = None, asked_by: str = "") -> Scenario:
    """A scenario by its id, with those it builds on.

    Raises
    ------
    InputError
        With every fault of the file and of those it builds on.
    """
    if scenario_id == BASELINE:
        return BAS
    loading = _Loading(folders, known or Known())
    missing = Fault("scenario", asked_by or "params/scenarier", 0, "", "", "unknown_scenario")
    form = _collect(scenario_id, (), loading, missing)
    loading.faults += _opened_twice(loading.changes)
    if loading.faults:
        raise InputError(loading.faults)
    builds_on = tuple(name for name in loading.done if name != scenario_id)
    return Scenario(scenario_id, form.titel, form.fraga, tuple(loading.changes), builds_on)


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
    loading.faults += _twins(document, paths[scenario_id])
    if not re.fullmatch(r"[a-z0-9_]+", scenario_id):
        text = f"filnamnet {quoted(scenario_id)} ska bara ha a–z, 0–9 och understreck, eftersom det blir scenariots id."
        loading.faults.append(document.fault((), text, "bad_id"))
    form = validate(ScenarioForm, document, (), loading.faults)
    _collect_bases(document, scenario_id, above, loading)
    changes = document.value.get("forandringar")
    for i in range(len(changes)) if isinstance(changes, list) else ():
        _read_change(document, i, scenario_id, loading)
    if form and not form.forandringar and not form.bygger_pa:
        text = f"scenariot har inga förändringar. Det är samma sak som '{BASELINE}'."
        loading.faults.append(document.fault(("forandringar",), text, "empty"))
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
            loading.faults.append(document.fault(("bygger_pa", i), text, "circular"))
            continue
        missing = document.fault(("bygger_pa", i), "", "unknown_scenario")
        _collect(name, (*above, scenario_id), loading, missing)


def _read_change(document: Document, i: int, scenario_id: str, loading: _Loading) -> None:
    location = ("forandringar", i)
    raw = document.value["forandringar"][i]
    typ = raw.get("typ") if isinstance(raw, dict) else None
    if isinstance(raw, dict) and not (isinstance(typ, str) and typ in CHANGE_TYPES):
        loading.faults += _unknown_type(document, location, typ)
    else:
        change = validate(CHANGE_TYPES.get(typ, Change), document, location, loading.faults)
        if change is not None:
            line, place = document.spot(location)
            nr, file = len(loading.changes) + 1, document.file
            loading.changes.append(NumberedChange(nr, scenario_id, change, file, line, i + 1, place))
    if isinstance(raw, dict):
        loading.faults += _references(document, location, raw, loading.known)


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
    others: list[Fault] = []
    validate(CHANGE_TYPES[close[0]] if close else Change, document, location, others)
    of_the_type = document.fault((*location, "typ"), text, "unknown_type")
    ignored = {"unknown_key"} if not close else set()
    return [
        of_the_type,
        *(f for f in others if f.code not in ignored and not f.text.startswith(("typ ", "nyckeln 'typ'"))),
    ]


def _references(document: Document, location: tuple, raw: dict, known: Known) -> list[Fault]:
    """Names in a change that nothing there is bears."""
    targets = {
        "budgetrad": (known.budgetrader, known.var),
        "enhet": (known.enheter, "någon tabell"),
        "insats": (known.insatser, "regeln insatser"),
        "boende": (known.boenden, "tabellen boenden"),
        "regel": (known.regler, "params/regler"),
        "regi": (REGI, "prislistorna"),
    }
    faults = []
    for key, (names, where) in targets.items():
        value = str(raw[key]) if key == "enhet" and type(raw.get(key)) is int else raw.get(key)
        if names is not None and isinstance(value, str) and value not in names:
            text = f"{key} {quoted(value)} finns inte i {where}.{did_you_mean(value, names)}"
            faults.append(document.fault((*location, key), text, f"unknown_{key}"))
    published = (known.regler or {}).get(raw.get("regel")) if isinstance(raw.get("regel"), str) else None
    value = raw.get("varde")
    if isinstance(raw.get("regel"), str) and is_secrecy(raw["regel"]):
        faults.append(fixed(document, location, raw["regel"]))
    elif published and value is not None and _shape(published[-1].varde) != _shape(value):
        text = f"varde ska vara {_shape(published[-1].varde)}, som det publicerade värdet, men är {quoted(value)}."
        faults.append(document.fault((*location, "varde"), text, "wrong_type"))
    elif published:
        for key in ("varde", "varde_lag", "varde_hog"):
            faults += share_faults(document, (*location, key), raw["regel"], published[-1].mattenhet, raw.get(key))
    return faults


def _shape(value: Any) -> str:
    """What kind of value it is, for people."""
    names = {dict: "nycklar med värden", list: "en lista av band", str: "en text", bool: "true eller false"}
    return names.get(type(value), "ett tal")


def describe(change: Change, number: Callable[..., str], public: bool = False) -> str:
    """A change in one line of Swedish without its reason: what it does to what, from when.

    `number` writes a number with its unit (`numbers.format_unit`); in public a measure's own name is left out.
    """
    if public and change.typ in ("volym", "nivabyte"):
        return "Förändring av beslut"
    place = " ".join(p for p in (getattr(change, "budgetrad", None), change.verksamhet, change.kostnadsslag) if p)
    where = f"{place} {SIDE_NAMES.get(getattr(change, 'sida', None) or '', '')}".strip()
    span = f"från {long_date(change.starts)}" + (f" till {long_date(change.ends)}" if change.ends else "")
    texts = {
        "upprakning": lambda: f"{where or 'Prislistan'} {_percent(change.procent, number)}",
        "belopp": lambda: f"{where} {number(change.kr_per_manad, 'kr', signed=True)} per månad",
        "atgard": lambda: _describe_measure(change, where if public else change.namn, number),
        "bedomning": lambda: f"{where} {number(change.kr, 'kr', signed=True)} till årets slut",
        "volym": lambda: f"{_cell(change, change.niva)}: {_persons(change.antal, number)}",
        "nivabyte": lambda: f"{_cell(change)}: {change.antal} från nivå {change.fran_niva} till {change.till_niva}",
        "nytt_boende": lambda: _describe_home(change, number),
        "regel": lambda: f"{change.regel} blir {_value(change.varde, number)}",
        "sjukfranvaro": lambda: _describe_sick_leave(change, number),
    }
    return f"{texts[change.typ]()} {span}"


def _value(varde: Any, number: Callable[..., str]) -> str:
    """A rule's value in a line of text: numbers as people write them, a map as its keys with theirs."""
    if isinstance(varde, dict):
        return ", ".join(f"{key} {_value(part, number)}" for key, part in varde.items())
    if isinstance(varde, int | float) and not isinstance(varde, bool):
        return number(varde, "", next((n for n in range(6) if round(varde, n) == varde), 6))
    return str(varde)


def _describe_home(change: Change, number: Callable[..., str]) -> str:
    """A home that opens and what is stated of it, but for residents: those are few."""
    rent, pace, staff = change.hyra_kr_per_manad, change.manader_mellan_inflyttningar, change.arsarbetare
    parts = [
        f"{change.boende} öppnar",
        rent is not None and f"hyra {number(rent, 'kr')} per månad",
        pace is not None and f"{pace} månader mellan inflyttningarna",
        staff is not None and number(staff, "arsarbetare"),
    ]
    return ", ".join(part for part in parts if part)


def _persons(antal: float, number: Callable[..., str]) -> str:
    return number(antal, "person" if abs(antal) == 1 else "personer", 0 if antal == round(antal) else 1, signed=True)


def _describe_sick_leave(change: Change, number: Callable[..., str]) -> str:
    who = "i alla grupper" if change.grupp.casefold() == "alla" else f"i {change.grupp}"
    return f"Sjukfrånvaron {who} {number(change.procentenheter, 'procentenheter', signed=True)}"


def _percent(value: float, number: Callable[..., str]) -> str:
    """A stated per cent with as many decimals as it has, up to three: an assumption is quoted, not rounded."""
    decimals = next((n for n in (1, 2) if round(value, n) == value), 3)
    return number(value, "procent", decimals, signed=True)


def _cell(change: Change, niva: str | int | None = None) -> str:
    """An insats with its level and management, as far as the change names them."""
    parts = [change.insats.replace("_", " ").capitalize(), niva is not None and f"nivå {niva}", change.regi]
    return ", ".join(part for part in parts if part)


def _describe_measure(change: Change, name: str, number: Callable[..., str]) -> str:
    amount = f"{name}: {number(change.kr_per_manad, 'kr', signed=True)} per månad"
    if change.sannolikhet_andel is None:
        return amount
    return f"{amount}, sannolikhet {number(100 * change.sannolikhet_andel, 'procent', 0)},"


SIDE_NAMES = {"kostnad": "kostnad", "intakt": "intäkt", "ram": "ram"}


def runs_in(change: Change, enhet: str, first: date, last: date) -> str:
    """Why a change can't move anything for a unit between two days; "" where it can."""
    if change.enhet and change.enhet != enhet:
        return f"den gäller enheten {change.enhet}"
    if change.starts > last:
        return f"den börjar {change.starts}, efter planåren som slutar {last}"
    if change.ends and change.ends < first:
        return f"den slutar {change.ends}, före {first}"
    return ""
