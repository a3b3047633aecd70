"""Faults: what a person did that the workbook can't go on with, all of them at once.

A fault is said in Swedish and says where it is, what was expected, what was found and what to do. Code that finds
faults collects them and raises once; nothing in planbok stops at the first.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from planbok.base.names import harmless


@dataclass(frozen=True, order=True)
class Fault:
    """One fault, with its parts as attributes so that nobody needs to read them out of a text.

    `kind` is what is faulty (a key of `HEADINGS`), `file` the file as shown to people, `line` its row (0: the file as
    a whole), `place` what a person calls the spot ("förändring 2", "kolumn kostnad_mnkr"), `code` a stable slug.
    `hint` makes what is said after the text, and is asked only where the fault is shown: a file may have 100,000.
    """

    kind: str
    file: str
    line: int
    place: str
    text: str
    code: str
    hint: Callable[[], str] | None = field(default=None, compare=False)

    @property
    def said(self) -> str:
        """The text, with its hint."""
        return self.text + (self.hint() if self.hint else "")

    def __str__(self) -> str:
        row = f"fil rad {self.line}" if self.line else ""
        spot = ", ".join(part for part in (row, self.place) if part)
        return f"{spot}: {self.said}" if spot else self.said


HEADINGS = {
    "scenario": "SCENARIOT",
    "regel": "REGLERNA",
    "prislista": "PRISLISTAN",
    "plan": "PLANEN",
    "tabell": "TABELLEN",
    "budgetplacering": "BUDGETPLACERINGEN",
    "inlasning": "INLÄSNINGSPROFILEN",
    "export": "EXPORTEN",
    "roller": "ROLLERNA",
    "anteckningsbok": "ANTECKNINGSBOKEN",
    "korning": "KÖRNINGEN",
    "kommando": "KOMMANDOT",
}


IN_ORDER = attrgetter("kind", "file", "line", "place", "text", "code")  # quicker than the faults' own comparison
# What is said at once: more is not read. A table's reading says twenty cells of a column, and the rest in a line.
ALIKE_SHOWN, LINES_SHOWN, FILES_SHOWN = 21, 200, 50


class PlanbokError(Exception):
    """A user's mistake, or the user's files': carries every fault found, shows them without a traceback."""

    exit_code = 2  # refused before anything ran

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults), key=IN_ORDER)
        if not self.faults:
            raise ValueError("PlanbokError needs at least one fault")
        super().__init__(format_faults(self.faults))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return str(self).splitlines()


class InputError(PlanbokError):
    """Faults in files, parameters or commands: nothing has been run."""


def refuse_any(faults: Collection[Fault]) -> None:
    """Raises InputError with every fault, where there is one."""
    if faults:
        raise InputError(faults)


@contextmanager
def gathered(faults: list[Fault]) -> Iterator[None]:
    """Adds the faults that stop what is done inside to those that are found already, and goes on."""
    try:
        yield
    except InputError as error:
        faults += error.faults


def of_command(place: str, text: str, code: str) -> Fault:
    """A fault of the command itself; `place` is the argument or what it names, "" for the command as a whole."""
    return Fault("kommando", "", 0, place, text, code)


def refused(place: str, text: str, code: str) -> InputError:
    """A command that can't be carried out, to be raised: its one fault as in `of_command`."""
    return InputError([of_command(place, text, code)])


class WithheldError(InputError):
    """A run was made, but its own files hold what may not leave: nothing of it is published."""

    exit_code = 1


class MissingValueError(PlanbokError):
    """A rule has no value at a date. Figures that need it become null with the reason; the rest is made."""

    def __init__(self, reason: str, file: str = "params/regler", remedy: str = ""):
        self.reason = reason
        super().__init__([Fault("regel", file, 0, "", f"{reason}.{remedy}" if remedy else reason, "missing_value")])


def format_faults(faults: Iterable[Fault], ending: str = "") -> str:
    """Every fault under a heading per file; of many alike the first and how many more, of very many files likewise.

    >>> print(format_faults([Fault("plan", "params/planer/a.yaml", 3, "körning 1", "okänd nyckel 'x'.", "k")]))
    FEL I PLANEN (1 st): params/planer/a.yaml
      fil rad 3, körning 1: okänd nyckel 'x'.
    """
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in sorted(set(faults), key=IN_ORDER):
        groups.setdefault((fault.kind, fault.file), []).append(fault)
    lines = []
    for (kind, file), group in islice(groups.items(), FILES_SHOWN):
        place = f": {file}" if file else ":"
        lines.append(f"FEL I {HEADINGS[kind]} ({len(group)} st){place}")
        lines += [f"  {text}" for text in fault_lines(group)]
    if len(groups) > FILES_SHOWN:
        lines.append(
            f"Fel finns också i {_counted(len(groups) - FILES_SHOWN, 'fil', 'filer')} till. Rätta de här först."
        )
    if ending:
        lines.append(ending)
    return harmless("\n".join(lines))


def _counted(number: int, one: str, many: str) -> str:
    """As `words.counted`, which imports what a command that only refuses has no need of."""
    return f"{number} {one if number == 1 else many}"


def fault_lines(faults: list[Fault]) -> list[str]:
    """The faults of a file as lines; of many of a kind in one place the first, and of very many in all."""
    kinds: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.code, fault.place), []).append(fault)
    shown = {fault for alike in kinds.values() for fault in alike[:ALIKE_SHOWN]}
    lines = [str(fault) for fault in faults if fault in shown]
    lines += [
        f"samma slags fel på {_counted(len(alike) - ALIKE_SHOWN, 'ställe', 'ställen')} till"
        + (f", det sista på rad {alike[-1].line}." if alike[-1].line else ".")
        for alike in kinds.values()
        if len(alike) > ALIKE_SHOWN
    ]
    more = len(lines) - LINES_SHOWN
    return [*lines[:LINES_SHOWN], f"och {more} rader till med fel."] if more > 0 else lines


def closest(found: str, known: Iterable[str]) -> str:
    """The known name that a misspelt one is nearly; "" where none is near."""
    lowered = {str(name).lower(): str(name) for name in known}
    close = difflib.get_close_matches(str(found).lower(), lowered, n=1, cutoff=0.6)
    return lowered[close[0]] if close else ""


def did_you_mean(found: str, known: Iterable[str], listed: int = 12) -> str:
    """A suggestion for a misspelt name, or what there is to choose from.

    >>> did_you_mean("procnt", ["procent", "sida"])
    " Menade du 'procent'?"
    >>> did_you_mean("xyz", ["b", "a"])
    ' Det finns: a, b.'
    """
    names = sorted({str(name) for name in known})
    if close := closest(found, names):
        return f" Menade du '{close}'?"
    if not names:
        return " Det finns ingen att välja på."
    more = f" och {len(names) - listed} till" if len(names) > listed else ""
    return f" Det finns: {', '.join(names[:listed])}{more}."
