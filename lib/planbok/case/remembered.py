"""What is worked out of a case's tables and rules once, for all that ask the same of the same files.

A value stands as long as the rules and every table that it was made of are the same. Whoever gets it gets what was
noted in the journal when it was made, so that a report names all that it rests on however it came by it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from planbok.base.errors import InputError
from planbok.case.case import Case, Journal
from planbok.inputs.journal import listings, noting, unchanged
from planbok.inputs.rules.placement import Placement
from planbok.inputs.scenario.load import BAS
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.reading import InputTable, UnsoundTableError

T = TypeVar("T")
MOST = 5000  # values
MOST_BEFOREHAND = 100  # studies that wait for their reports


@dataclass(frozen=True)
class _Entry:
    """A value, what was noted as it was made, and what it was made of."""

    value: Any
    journal: Journal
    rules: str
    placement: Placement
    tables: dict[str, str]  # by name: the content's hash
    files: dict[str, list[Path]]  # those found for each name that was asked for


class _Watched(Collection):
    """A collection that notes what is read of it; `sound` is whether all of it could be."""

    def __init__(self, read: Collection):
        super().__init__(read.folder)
        self._whole = read
        self.tables: dict[str, str] = {}
        self.files: dict[str, list[Path]] = {}
        self.sound = True

    def read(self, name: str) -> InputTable:
        try:
            found = self._whole.read(name)
        except InputError:
            self.sound = False
            raise
        self.tables[name] = found.sha256
        return found

    def units(self, name: str) -> list[str]:
        if self.has(name):
            with suppress(UnsoundTableError):
                self.read(name)  # what is worked out rests on it
        return super().units(name)

    def _named(self, name: str) -> list[Path]:
        self.files[name] = self._whole._named(name)
        return self.files[name]


_ENTRIES: dict[tuple, _Entry] = {}
_BEFOREHAND: dict[tuple, tuple[Any, Journal, dict[Path, str]]] = {}


def remembered(case: Case, what: tuple, work: Callable[[Case], T]) -> T:
    """`work(case)` of the case's unit, year, audience and scenario, without the notebook's own parameters.

    Parameters
    ----------
    what : names the work, and holds all else that it depends on
    """
    key = (*what, str(case.sources.folders), case.enhet, case.ar, case.spridning, repr(case.scenario))
    entry = _ENTRIES.get(key)
    if entry is None or not _stands(entry, case):
        watched = _Watched(case.sources.collection)
        own = replace(
            case,
            parametrar={},
            jamfor_med=BAS,
            sources=replace(case.sources, collection=watched),
            journal=Journal(),
        )
        value, rules = work(own), case.sources.rules.hash
        entry = _Entry(value, own.journal, rules, case.sources.placement, watched.tables, watched.files)
        if rules and watched.sound:
            _keep(key, entry)
    _note(entry.journal, case.journal)
    return cast(T, entry.value)


def _note(read: Journal, journal: Journal) -> None:
    """Notes in a journal what was read for a value."""
    journal.rules.update({at: v for at, v in read.rules.items() if at not in journal.rules})
    journal.tables.update({at: v for at, v in read.tables.items() if at not in journal.tables})


def beforehand(case: Case, work: Callable[[Case], Any]) -> None:
    """Works out what the report of a case will ask in a process forked from this one.

    Not kept where it looks for earlier reports: those are told to the report only.
    """
    anew = Collection(case.sources.collection.folder)  # reads, and so notes, what other cases have read before
    own = replace(case, sources=replace(case.sources, collection=anew), journal=Journal())
    with noting() as (files, searches):
        value = work(own)
    if not searches and len(_BEFOREHAND) < MOST_BEFOREHAND:
        _BEFOREHAND[_whole(case)] = value, own.journal, files


def forget_beforehand() -> None:
    """Lets go of what no report has asked for: the reports of an earlier plan are made, in processes of their own."""
    _BEFOREHAND.clear()


def found_beforehand(case: Case) -> Any:
    """What was worked out beforehand for a case, once; None where nothing was, or a file has changed.

    What its own case reads from now on is noted in the report's journal.
    """
    value, journal, files = _BEFOREHAND.pop(_whole(case), (None, Journal(), {}))
    if not unchanged(files):
        return None
    _note(journal, case.journal)
    journal.rules, journal.tables = case.journal.rules, case.journal.tables
    return value


def _whole(case: Case) -> tuple:
    """All that a study of a case rests on but its tables, and which of those there are."""
    sources, scenarios = case.sources, (case.scenario, case.jamfor_med)
    parts = (sorted(case.parametrar.items()), scenarios, sources.placement, listings(sources.folders))
    return str(sources.folders), sources.rules.hash, case.notebook, case.spridning, *map(repr, parts)


def _keep(key: tuple, entry: _Entry) -> None:
    if len(_ENTRIES) >= MOST:
        _ENTRIES.clear()
    _ENTRIES[key] = entry


def _stands(entry: _Entry, case: Case) -> bool:
    """Whether what a value was made of is as it was; asks for each table, so that it is noted as read."""
    sources = case.sources
    if entry.rules != sources.rules.hash or entry.placement != sources.placement:
        return False
    if any(sources.collection._named(name) != files for name, files in entry.files.items()):
        return False
    with suppress(InputError):
        return all(sources.collection.read(name).sha256 == found for name, found in entry.tables.items())
    return False
