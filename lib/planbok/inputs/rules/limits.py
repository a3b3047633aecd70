"""What a rule itself says of its values: how small, how large, which words, and what its parts may sum to."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from planbok.base.errors import Fault, did_you_mean
from planbok.base.numbers import is_number
from planbok.inputs.documents import Document, Location, quoted

ROUNDING = 1e-9  # what binary fractions leave of a sum


@dataclass(frozen=True)
class ValueLimits:
    """The keys `minst`, `hogst`, `tillatna` and `hogsta_summa` of a rule: of each number or word in its value.

    `hogsta_summa` is of the numbers in a map. `listade` are the years that have a price list, for a rule that names
    one of them (0 for none). Scenarios that change the rule are held to the same.
    """

    minst: float | None = None
    hogst: float | None = None
    tillatna: tuple[str, ...] = ()
    hogsta_summa: float | None = None
    listade: tuple[int, ...] = ()


def limit_faults(
    document: Document, location: Location, regel: str, limits: ValueLimits, value: Any
) -> Iterator[Fault]:
    """A fault for each part of a rule's value that the rule does not allow."""
    for place, part in numbers_of(value, location):
        if isinstance(part, str) and limits.tillatna and part not in limits.tillatna:
            text = f"{quoted(part)} är inget som regeln {quoted(regel)} kan vara.{did_you_mean(part, limits.tillatna)}"
            yield document.fault(place, text, "not_allowed")
        if is_number(part):
            yield from _outside(document, place, regel, limits, part)
    parts = list(value.values()) if isinstance(value, dict) else []
    counted = [part for part in parts if is_number(part)]
    if limits.hogsta_summa is not None and counted and sum(counted) > limits.hogsta_summa + ROUNDING:
        whole, most = (f"{number:g}".replace(".", ",") for number in (sum(counted), limits.hogsta_summa))
        text = f"{quoted(regel)} summerar till {whole}, men får vara högst {most}: sänk en annan del."
        yield document.fault(location, text, "sum")


def _outside(document: Document, place: Location, regel: str, limits: ValueLimits, part: float) -> Iterator[Fault]:
    if limits.minst is not None and part < limits.minst:
        yield document.fault(place, f"{regel} är {part:g}, men ska vara minst {limits.minst:g}.", "too_small")
    if limits.hogst is not None and part > limits.hogst:
        yield document.fault(place, f"{regel} är {part:g}, men ska vara högst {limits.hogst:g}.", "too_large")
    if limits.listade and part not in (0, *limits.listade):
        yield document.fault(place, not_listed(regel, part, limits.listade), "unknown_list")


def not_listed(regel: str, year: float, listed: tuple[int, ...]) -> str:
    """What to say of a year, as the value of a rule, for which there is no price list."""
    return f"{regel} är {year:g}, som inte har någon prislista. Det finns: {', '.join(map(str, listed))}."


SHARE = "andel"


def share_faults(document: Document, location: Location, regel: str, mattenhet: str, value: Any) -> Iterator[Fault]:
    """A fault for each number of a rule's value that is no share.

    `mattenhet` "andel": every number of the value, but a band's limit; "andel av" something: each band's `andel`.
    """
    if mattenhet == SHARE or mattenhet.startswith(f"{SHARE} av "):
        for place, number in numbers_of(value, location):
            if not (is_number(number) and 0 <= number <= 1) and (mattenhet == SHARE or place[-1] == SHARE):
                yield document.fault(place, _text(place, number, regel), "no_share")


def numbers_of(value: Any, location: Location) -> Iterator[tuple[Location, Any]]:
    """Every number or word of a rule's value with its place, but for the limits of bands."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from numbers_of(part, (*location, key))
    elif isinstance(value, list):
        for i, band in enumerate(value):
            part = {k: v for k, v in band.items() if k != "till"} if isinstance(band, dict) else band
            yield from numbers_of(part, (*location, i))
    elif value is not None and not (isinstance(value, float) and not isfinite(value)):  # said where it is read
        yield location, value


def _text(place: Location, number: Any, regel: str) -> str:
    name = next(part for part in reversed(place) if isinstance(part, str))
    text = f"{name} ska vara ett tal 0–1, eftersom regeln {quoted(regel)} är en andel, men är {quoted(number)}."
    meant = is_number(number) and 1 < number <= 100
    return f"{text} Menade du {number / 100:g}, alltså {number:g} %?" if meant else text
