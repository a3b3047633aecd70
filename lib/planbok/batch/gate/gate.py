"""The gate: nothing leaves a run's staging folder before it has passed here.

It opens every file of a report the way a reader could, whatever is packed in it, and looks for what tells of a person
or of this machine. What it finds is named by file, place and kind, never by its value. See DECISIONS.md beside it.
"""

import getpass
import os
import platform
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planbok.base.workspace import ROOT, Folders, workspace
from planbok.batch.gate import derivation
from planbok.batch.gate import groups as gate_groups
from planbok.batch.gate.reading import Piece, read_file, text_pieces, walk
from planbok.batch.gate.signs import INITIAL, Signs, is_initial_and_year
from planbok.case.result import LIST_FILE, WORKING_PAPERS
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.specs import TABLES

UNREADABLE = "går inte att granska"
HIDDEN = "(visas inte)"
SECTION = "Spärren"
PERSON_COLUMNS = ("person", "handlaggare")


@dataclass(frozen=True, order=True)
class Hit:
    """Something that may not leave: in which file, where in it, and of what kind. Its value is never here."""

    file: str
    place: str
    kind: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.kind}" if self.place else f"{self.file}: {self.kind}"


@dataclass(frozen=True)
class Knowledge:
    """What a run knows of itself: whom it is about, whom it is for, and where it was made."""

    spridning: str
    limits: Mapping[str, int]  # by rule: the smallest number of people that is counted to this audience
    signs: Signs = field(repr=False)
    in_lists: Signs | None = field(default=None, repr=False)  # what may not stand in a working list, by keyed ids

    @classmethod
    def of(cls, folders: Folders, collection: Collection, spridning: str, limits: Mapping[str, int]) -> "Knowledge":
        """From the run's own folders and tables, and from this machine."""
        places = [*machine_places(), folders.data, *folders.params]
        machine = list(map(str, places)), list(machine_names())
        persons = person_keys(collection, PERSON_COLUMNS)
        lists = Signs.of(persons, *machine) if spridning == WORKING_PAPERS else None
        return cls(spridning, limits, Signs.of(person_keys(collection), *machine), lists)

    def of_file(self, name: str) -> Signs:
        """What is looked for in a file: a working list may hold ids of cases, and is for working papers only."""
        return self.in_lists if self.in_lists and name == LIST_FILE else self.signs


def person_keys(collection: Collection, columns: tuple[str, ...] = ()) -> Iterator[str]:
    """What stands for a person or a decision in the run's own tables; of one with faults, what could be read.

    With `columns`, only what those hold.
    """
    for name in collection.names():
        frame = collection.readable(name)
        if frame is None:
            continue  # nothing of it could be read, so nothing of it is in a report
        for column in TABLES[name].columns:
            if column.hidden and column.name in frame and (not columns or column.name in columns):
                yield from frame[column.name].dropna().astype(str).unique()


def machine_places() -> Iterator[str]:
    """The folders that tell whose machine this is and how it is laid out."""
    yield from (str(Path.home()), os.getcwd(), str(workspace() or ROOT), str(ROOT), sys.prefix, tempfile.gettempdir())


def machine_names() -> Iterator[str]:
    """Who is logged in here, and what the machine is called."""
    with suppress(KeyError, OSError, ImportError):  # what Python says where there is no such user, as in a container
        yield getpass.getuser()
    yield Path.home().name
    for name in (socket.gethostname(), platform.node()):
        yield name
        yield name.partition(".")[0]


def inspect(folder: Path, knowledge: Knowledge) -> list[Hit]:
    """What in a report's folder may not leave it; nothing when it may.

    Every file is read, whatever it is called; one that can't be read is a hit itself.
    """
    found: set[Hit] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found |= _hits(name, _named(name), knowledge)
        if path.is_symlink():
            found.add(Hit(name, "", UNREADABLE))
        elif path.is_file():
            found |= _hits(name, read_file(path), knowledge)
    found |= _hits(folder.name, _named(folder.name), knowledge)
    found |= {Hit(*row) for row in gate_groups.hits(folder, knowledge.spridning, knowledge.limits)}
    found |= {Hit(*row) for row in derivation.hits(folder, knowledge.spridning)}
    return sorted(_safe(hit, knowledge) for hit in found)


def inspect_files(paths: Iterable[Path], knowledge: Knowledge) -> list[Hit]:
    """What in some files, such as a run's own manifest and index, may not leave."""
    found = (hit for path in paths for hit in _hits(path.name, read_file(path), knowledge))
    return sorted({_safe(hit, knowledge) for hit in found})


def inspect_text(name: str, text: str, knowledge: Knowledge) -> list[Hit]:
    """What in a text, or in a piece of a page, that is put into a file may not leave; `name` is the file's."""
    return sorted(_safe(hit, knowledge) for hit in _hits(name, text_pieces("", text), knowledge))


def inspect_values(name: str, values: Any, knowledge: Knowledge) -> list[Hit]:
    """What in a run's parameters, messages or the like may not be shown; `name` is what people know them as."""
    return sorted(_safe(hit, knowledge) for hit in _hits(name, walk("", values), knowledge))


def _named(name: str) -> Iterator[Piece]:
    """A file's or a folder's name, whole and in its parts."""
    yield from text_pieces("namn", name)
    yield from (Piece("namn parametrar", part) for part in name.replace("/", "__").split("__"))


def _hits(file: str, pieces: Iterable[Piece], knowledge: Knowledge) -> set[Hit]:
    known = list(pieces)
    found = {Hit(file, piece.place, UNREADABLE) for piece in known if not piece.readable}
    kinds = knowledge.of_file(file).kinds([piece.text for piece in known], [piece.prose for piece in known])
    found |= {Hit(file, known[index].place, kind) for index, kind in kinds}
    found |= {
        Hit(file, piece.place, INITIAL)
        for piece in known
        if ("parametrar" in piece.place or "parameters" in piece.place) and is_initial_and_year(piece.text)
    }
    return found


def _safe(hit: Hit, knowledge: Knowledge) -> Hit:
    """A hit that doesn't repeat in its own file's name or place what it found."""

    def shown(text: str) -> str:
        parts = [text, *text.replace("/", "__").split("__")]
        told = any(knowledge.signs.kinds(parts, [True] * len(parts))) or any(map(is_initial_and_year, parts))
        return HIDDEN if told else text

    return Hit(shown(hit.file), shown(hit.place), hit.kind)


def said(hits: list[Hit]) -> str:
    """The hits as the manifest and the summary have them."""
    shown = "; ".join(map(str, hits[:10]))
    more = f"; och {len(hits) - 10} till" if len(hits) > 10 else ""
    return f"rapporten innehöll uppgifter som inte får lämnas ut och togs bort. {shown}{more}."
