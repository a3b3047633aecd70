"""Faults: what a person did that the workbook can't go on with, all of them at once.

A fault is said in Swedish and says where it is, what was expected, what was found and what to do. Code that finds
faults collects them and raises once; nothing in planbok stops at the first.
"""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from planbok.base.names import harmless


@dataclass(frozen=True, order=True)
class Fault:
    """One fault, with its parts as attributes so that nobody needs to read them out of a text.

    `kind` is what is faulty (a key of `HEADINGS`), `file` the file as shown to people, `line` its row (0: the file as
    a whole), `place` what a person calls the spot ("förändring 2", "kolumn kostnad_mnkr"), `code` a stable slug.
    """

    kind: str
    file: str
    line: int
    place: str
    text: str
    code: str

    def __str__(self) -> str:
        row = f"fil rad {self.line}" if self.line else ""
        spot = ", ".join(part for part in (row, self.place) if part)
        return f"{spot}: {self.text}" if spot else self.text


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


class PlanbokError(Exception):
    """A user's mistake, or the user's files': carries every fault found, shows them without a traceback."""

    exit_code = 2  # refused before anything ran

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults))
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


class WithheldError(InputError):
    """A run was made, but its own files hold what may not leave: nothing of it is published."""

    exit_code = 1


class MissingValueError(PlanbokError):
    """A rule has no value at a date. Figures that need it become null with the reason; the rest is made."""

    def __init__(self, reason: str, file: str = "params/regler", remedy: str = ""):
        self.reason = reason
        super().__init__([Fault("regel", file, 0, "", f"{reason}.{remedy}" if remedy else reason, "missing_value")])


def format_faults(faults: Iterable[Fault], ending: str = "") -> str:
    """Every fault under a heading per file.

    >>> print(format_faults([Fault("plan", "params/planer/a.yaml", 3, "körning 1", "okänd nyckel 'x'.", "k")]))
    FEL I PLANEN (1 st): params/planer/a.yaml
      fil rad 3, körning 1: okänd nyckel 'x'.
    """
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in sorted(set(faults)):
        groups.setdefault((fault.kind, fault.file), []).append(fault)
    lines = []
    for (kind, file), group in groups.items():
        place = f": {file}" if file else ":"
        lines.append(f"FEL I {HEADINGS[kind]} ({len(group)} st){place}")
        lines += [f"  {fault}" for fault in group]
    if ending:
        lines.append(ending)
    return harmless("\n".join(lines))


def did_you_mean(found: str, known: Iterable[str], listed: int = 12) -> str:
    """A suggestion for a misspelt name, or what there is to choose from.

    >>> did_you_mean("procnt", ["procent", "sida"])
    " Menade du 'procent'?"
    >>> did_you_mean("xyz", ["b", "a"])
    ' Det finns: a, b.'
    """
    names = sorted({str(name) for name in known})
    lowered = {name.lower(): name for name in names}
    close = difflib.get_close_matches(str(found).lower(), lowered, n=1, cutoff=0.6)
    if close:
        return f" Menade du '{lowered[close[0]]}'?"
    if not names:
        return " Det finns ingen att välja på."
    more = f" och {len(names) - listed} till" if len(names) > listed else ""
    return f" Det finns: {', '.join(names[:listed])}{more}."
