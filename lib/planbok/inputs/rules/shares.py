"""Rules measured as a share: numbers from 0 to 1, wherever they stand."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from planbok.base.errors import Fault
from planbok.inputs.documents import Document, Location, quoted

SHARE = "andel"


def share_faults(document: Document, location: Location, regel: str, mattenhet: str, value: Any) -> Iterator[Fault]:
    """A fault for each number of a rule's value that is no share.

    `mattenhet` "andel": every number of the value, but a band's limit; "andel av" something: each band's `andel`.
    """
    if mattenhet == SHARE or mattenhet.startswith(f"{SHARE} av "):
        for place, number in numbers_of(value, location):
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if not (is_number and 0 <= number <= 1) and (mattenhet == SHARE or place[-1] == SHARE):
                yield document.fault(place, _text(place, number, is_number, regel), "no_share")


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


def _text(place: Location, number: Any, is_number: bool, regel: str) -> str:
    name = next(part for part in reversed(place) if isinstance(part, str))
    text = f"{name} ska vara ett tal 0–1, eftersom regeln {quoted(regel)} är en andel, men är {quoted(number)}."
    meant = is_number and 1 < number <= 100
    return f"{text} Menade du {number / 100:g}, alltså {number:g} %?" if meant else text
