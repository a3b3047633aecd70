"""Rules and assumptions that nobody has confirmed for long: each report that rests on one says so."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from planbok.base.words import first_of
from planbok.inputs.rules.rules import DatedValue

LONGEST = 15  # months: a year, and a spring to get to it
MOST_NAMED = 6
Read = Mapping[tuple[str, date], DatedValue]


def unconfirmed(read: Read) -> dict[tuple[str, date | None], str]:
    """The values that nobody has confirmed for 15 months on the last day that they were read for, and since when.

    A value is confirmed on the day `kontrollerad`, else from the day that it holds. What a scenario sets, and what has
    no day, is not asked about.

    >>> value = DatedValue("a", "A", "kr", 1.0, "antagande", "k", fran=date(2022, 10, 1))
    >>> unconfirmed({("a", date(2023, 12, 31)): value}), unconfirmed({("a", date(2024, 1, 1)): value})
    ({}, {('a', datetime.date(2022, 10, 1)): '2022-10-01'})
    """
    last: dict[tuple[str, date | None], tuple[DatedValue, date]] = {}
    for (_, day), value in read.items():
        key = (value.regel, value.fran)
        last[key] = (value, max(day, last[key][1] if key in last else day))
    found = {}
    for key, (value, day) in last.items():
        since = value.kontrollerad or value.fran
        if since is not None and not value.forandring and _months(since, day) >= LONGEST:
            found[key] = since.isoformat()
    return found


def _months(since: date, day: date) -> int:
    return 12 * (day.year - since.year) + day.month - since.month - (day.day < since.day)


def sentence(rules: Iterable[Mapping[str, Any]]) -> str:
    """What is said under the table of rules, as resultat.json has them; "" where all are confirmed."""
    names = {row["regel"]: row.get("titel") or row["regel"] for row in rules if row.get("obekraftad_sedan")}
    listed = [*dict.fromkeys(names.values())]
    if not listed:
        return ""
    number = "1 regel eller antagande" if len(listed) == 1 else f"{len(listed)} regler och antaganden"
    return f"Ingen har bekräftat {number} på {LONGEST} månader: {first_of(listed, MOST_NAMED, '; ')}."
