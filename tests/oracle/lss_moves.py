"""What moves between two measurements, person by person, in plain Python."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

from oracle.lss_unit import FAR, ONE_DAY, Row, Year

STEPS = {"in": "Nya personer", "ut": "Personer som slutat", "niva": "Ändrade nivåer", "regi": "Ändrad regi",
         "pris": "Ändrade priser"}  # fmt: skip


def bridge(leg: str, before: tuple[Year, str], after: tuple[Year, str], names: tuple[str, str]) -> list[dict]:
    """From one state to another by what each person in each insats moves, month by month of the two years."""
    kr, persons = defaultdict(float), defaultdict(float)
    for one, other in _pairs(before, after):
        there = [_there(*side[:2]) for side in (one, other)]
        for who in there[0].keys() | there[1].keys():
            _one_person(there[0].get(who), there[1].get(who), one, other, (kr, persons))
    labels = {"start": names[0], **STEPS, "slut": names[1]}
    counted = {typ: persons[typ] if typ in STEPS else None for typ in labels}
    return [
        {"steg": text, "typ": typ, "personer": counted[typ], "kr": kr[typ], "brygga": leg}
        for typ, text in labels.items()
    ]


def _pairs(before: tuple[Year, str], after: tuple[Year, str]) -> list[tuple]:
    """The measurements of two states in pairs, each with its share of January-June and of July-December."""
    sides = []
    for year, state in (before, after):
        halves = [dict(year.share(state, date(year.ar, month, 1))) for month in (1, 12)]
        days = sorted({day for half in halves for day in half})
        sides.append([(year, day, [half.get(day, 0.0) for half in halves]) for day in days])
    one, other = sides
    if len(one) < len(other):
        one = [(*one[0][:2], part[2]) for part in other]
    if len(other) < len(one):
        other = [(*other[0][:2], part[2]) for part in one]
    return list(zip(one, other, strict=True))


def _there(year: Year, day: date) -> dict[tuple, Row]:
    return {(row.person, row.insats): row for row in year.on(day)}


def _gives(part: tuple, cell: tuple | None) -> float | None:
    """What one person in a cell gives the part of a year that a measurement rules; None where no day has a price."""
    if cell is None:
        return None
    year, _, halves = part
    ruled = [(kr, halves[day.month > 6]) for kr, day in zip(year.prices(cell), year.dates, strict=True)]
    ruled = [(kr, share) for kr, share in ruled if share and kr is not None]
    return sum(kr * share for kr, share in ruled) if ruled else None


def _one_person(old: Row | None, new: Row | None, one: tuple, other: tuple, sums: tuple) -> None:
    kr, persons = sums
    left, come = (row.antal if row else 0.0 for row in (old, new))
    stay = min(left, come)
    first = _gives(one, old.cell if old else None) or 0.0
    end = _gives(other, new.cell if new else None) or 0.0
    at_new = _gives(one, new.cell if new else None)
    sides = ((one, old), (one, new), (other, new))
    if all(_gives(part, row.cell if row else None) is None for part, row in sides):
        return  # no price, in no total
    at_new = end if at_new is None else at_new
    if old and new and old.cell == new.cell:
        at_new = first
    kr["start"] += left * first
    kr["slut"] += come * end
    for typ, number, amount in (("in", come - stay, at_new), ("ut", left - stay, -first)):
        persons[typ] += number
        kr[typ] += number * amount
    kr["pris"] += come * (end - at_new)
    persons["pris"] += come * (end != at_new)
    if not (old and new):
        return
    level = first if old.niva == new.niva else _gives(one, (new.insats, new.niva, old.regi))
    level = at_new if old.regi == new.regi else first if level is None else level
    for typ, differs, amount in (
        ("niva", old.niva != new.niva, level - first),
        ("regi", old.regi != new.regi, at_new - level),
    ):
        persons[typ] += stay * differs
        kr[typ] += stay * amount


def move_in(row: Row, rows: list[Row]) -> date:
    """When the person of a decision began the insats: a decision that ended the day before goes on in the next."""
    before = goes_on_from(row, rows)
    return move_in(before, rows) if before else row.fran


def goes_on_from(row: Row, rows: list[Row]) -> Row | None:
    """The decision of the same person and insats that ended the day before."""
    same = (its for its in rows if (its.person, its.insats) == (row.person, row.insats))
    return next((its for its in same if its.till + ONE_DAY == row.fran), None)


def counted(rows: list[Row], first: date, last: date) -> dict[str, list[Row]]:
    """The decisions that begin a stay, end one, or go on at another level between two days."""
    begun = [(row, goes_on_from(row, rows)) for row in rows if first <= row.fran <= last]
    gone_on = {goes_on_from(row, rows) for row in rows}
    return {
        "in": [row for row, before in begun if before is None],
        "ut": [row for row in rows if first <= row.till <= last and row not in gone_on],
        "niva": [row for row, before in begun if before is not None and before.niva != row.niva],
    }


def known_on(rows: list[Row], day: date) -> list[Row]:
    """The decisions begun by a day, each taken to go on that had not ended."""
    return [row if row.till <= day else replace(row, till=FAR) for row in rows if row.fran <= day]
