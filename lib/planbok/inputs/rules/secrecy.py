"""Rules of what an audience may see: how low they may be set, and that they hold on every day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from planbok.base.errors import Fault
from planbok.inputs.documents import Document, Location, quoted

FLOORS = {  # a choice: below these a group is so small that what is withheld of it can be guessed
    "minsta_grupp": 3,
    "minsta_boende": 5,
    "sjukfranvaro.storsta_dolda_grupp": 5,
    "minsta_matning": 20,
    "minsta_blandningar": 100,
    "avrundning_peng": 100_000,
    "avrundning_dagar": 5,
}
FEWEST_ANSWERS = "enkat.minsta_svarande"  # a choice too, but one that may be any number
CHOICES = {"sjukfranvaro.dolda_grupper": ("sammanslagna", "visas_inte")}


def is_secrecy(regel: Any) -> bool:
    """Whether a rule says what an audience may see."""
    return regel in FLOORS or regel in CHOICES


def says_what_is_seen(regel: str) -> bool:
    """Whether a rule says what an audience may see, not how a figure is counted."""
    return is_secrecy(regel) or regel == FEWEST_ANSWERS


def secrecy_faults(document: Document, regel: str, found: list[tuple[int, Any]]) -> Iterator[Fault]:
    """A fault for each value that is too low or no whole number, and where no value holds for a while.

    `found` are the rule's values, each with its place in the file, in order of time. A report may be of any year, so
    the first value has no beginning, the last no end, and there is no gap between them.
    """
    if not is_secrecy(regel):
        return
    for place, value in found:
        where: Location = (regel, "varden", place, "varde")
        lowest, choices = FLOORS.get(regel), CHOICES.get(regel, ())
        whole = isinstance(value.varde, int) and not isinstance(value.varde, bool)
        if lowest is not None and not (whole and value.varde >= lowest):
            text = f"{regel} ska vara ett heltal, minst {lowest}, men är {quoted(value.varde)}."
            yield document.fault(where, text, "secrecy")
        if choices and value.varde not in choices:
            text = f"{regel} ska vara {' eller '.join(choices)}, men är {quoted(value.varde)}."
            yield document.fault(where, text, "secrecy")
    ends = [date.min, *(value.till for _, value in found)]
    for (place, value), before in zip(found, ends, strict=False):
        if value.fran is not None and before is not None and (value.fran - before).days > 1:
            text = f"regeln {regel} gäller inte före {value.fran}. Vad som får visas ska vara bestämt för varje dag."
            yield document.fault((regel, "varden", place), text, "secrecy")
    if found and found[-1][1].till is not None:
        end = found[-1][1].till
        text = f"regeln {regel} slutar gälla {end}. Ta bort till: vad som får visas ska vara bestämt för varje dag."
        yield document.fault((regel, "varden", found[-1][0]), text, "secrecy")


def fixed(document: Document, location: Location, regel: str) -> Fault:
    """The fault of a scenario that changes such a rule: it would show what others withhold."""
    text = f"regeln {regel} säger vad som får visas och ändras inte av ett scenario. Ändra den i params/regler."
    return document.fault((*location, "regel"), text, "secrecy")
