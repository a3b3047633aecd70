"""What a plan may not say: held against the gate's signs before anything runs, so that no finished run is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planbok.base.errors import Fault
from planbok.base.privacy import find_personal_number
from planbok.batch.gate.gate import machine_names, machine_places
from planbok.batch.gate.signs import INITIAL, Signs, has_initial_and_year, is_initial_and_year
from planbok.inputs.documents import Document

NAMED = ("korningar", "mottagare")  # whose values name reports, units and those who get them
SHOWN = ("titel", "mottagare", "korningar")  # what reports, file names and indexes repeat; not `data`, a folder
CODE = " Är det en kod och ingen person, skriv vad den är: ansvar_f21."


def plan_faults(document: Document) -> list[Fault]:
    """A fault for each text of a plan that tells of a person or of this machine, by place and kind, never by value.

    The run's own person keys are not known yet: those are searched for when the reports are.
    """
    signs = Signs.of((), machine_places(), machine_names())
    leaves = [leaf for key in SHOWN for leaf in _leaves((key,), document.value.get(key))]
    leaves = [leaf for leaf in leaves if not find_personal_number(leaf[1])]  # said when the file was read
    found = {(index, kind) for index, kind in signs.kinds([text for _, text in leaves], [True] * len(leaves))}
    found |= {(i, INITIAL) for i, (where, text) in enumerate(leaves) if where[0] in NAMED and is_initial_and_year(text)}
    faults = [document.fault(leaves[index][0], _said(kind), "gate") for index, kind in sorted(found)]
    name = Path(document.file).stem
    initial = is_initial_and_year(name) or has_initial_and_year(name)
    return faults + ([document.fault((), f"planens namn: {_said(INITIAL)}", "gate")] if initial else [])


def _said(kind: str) -> str:
    text = f"{kind} får inte stå i en plan: det skulle stå i rapporterna. Skriv om det."
    return text + CODE if kind == INITIAL else text


def _leaves(where: tuple, value: Any) -> Iterator[tuple[tuple, str]]:
    """Every text and number with where it stands; a name that was chosen stands where its list does."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield where, str(name)
            yield from _leaves((*where, name), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves((*where, place), inner)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield where, str(value)
