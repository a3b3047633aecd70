"""The control of invoices worked out by hand: each line as a set of days, each table as sums of lines."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import isclose

from oracle.invoice_world import LISTS, Row

KINDS = {
    "utan_beslut": "Utan beslut",
    "dubbel": "Fakturerat två gånger",
    "period": "Utanför beslutets tid",
    "dagar": "Fler dygn än perioden har",
    "niva": "Annan nivå eller regi än beslutets",
    "pris": "Annat pris än listans eller beslutets",
    "belopp": "Antal gånger pris är inte beloppet",
}


@dataclass
class Line:
    """A line with what it comes to."""

    raw: Row
    row: int
    decision: Row | None
    days: list[date]
    count: float
    price: float
    kr: float
    credit: bool
    inside: set[date]
    settled: bool = False
    again: set[date] = field(default_factory=set)
    twice: bool = False
    slag: str = ""
    right: float = 0.0
    known: bool = False
    steg: int = 0

    @property
    def wrong(self) -> float:
        return self.kr - self.right

    @property
    def person(self) -> str:
        return self.decision["person"] if self.decision else f"utan beslut {self.raw['faktura']}"

    @property
    def key(self) -> tuple:
        names = ("utforare", "beslut", "fran", "till", "mattenhet")
        return (*(self.raw[name] for name in names), round(abs(self.kr), 2))


def span(first: str, last: str) -> list[date]:
    """Each day from one to another."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(number) for number in range((end - start).days + 1)]


def covers(decision: Row, day: date) -> bool:
    """Whether a decision holds on a day."""
    return decision["fran"] <= str(day) and (not decision["till"] or str(day) <= decision["till"])


def read(rows: list[Row], held: list[Row]) -> list[Line]:
    """The lines beside their decisions, with credit notes and days that are billed twice."""
    by_name, found = {row["beslut"]: row for row in held}, []
    for number, raw in enumerate(rows):
        its, days = by_name.get(raw["beslut"]), span(raw["fran"], raw["till"])
        kr = float(raw["belopp_kr"])
        inside = {day for day in days if its is None or covers(its, day)}
        numbers = (float(raw["antal"]), float(raw["kr_per_enhet"]), kr)
        found.append(Line(raw, number, its, days, *numbers, raw["typ"] == "kredit" or kr < 0, inside))
    settle(found)
    repeat([one for one in found if not one.credit and not one.settled])
    return found


def settle(found: list[Line]) -> None:
    """Each credit note takes away the earliest debit of the same provider, decision, period, unit and amount."""
    groups = defaultdict(lambda: ([], []))
    for one in sorted(found, key=lambda one: (one.raw["manad"], one.row)):
        groups[one.key][one.credit].append(one)
    for debits, credits in groups.values():
        for debit, credit in zip(debits, credits, strict=False):
            debit.settled = credit.settled = True


def repeat(left: list[Line]) -> None:
    """What bills the same again, without a decision only on another invoice; and days that an earlier line has."""
    first: dict[tuple, Line] = {}
    for one in sorted(left, key=lambda one: (one.raw["manad"], one.row)):
        before = first.setdefault(one.key, one)
        one.twice = before is not one and (one.decision is not None or before.raw["faktura"] != one.raw["faktura"])
    billed = defaultdict(set)
    for one in sorted(left, key=lambda one: (max(one.raw["fran"], (one.decision or one.raw)["fran"]), one.row)):
        if one.raw["mattenhet"] == "dygn" and one.decision and not one.twice:
            done = billed[one.raw["beslut"], one.price]
            one.again = one.inside & done
            done |= one.inside


def listed(decision: Row, hourly: bool, day: date) -> float | None:
    """The list's price of a decision in a day's year."""
    level = decision["tidsslag"] if hourly else decision["niva"]
    return LISTS.get((str(day.year), decision["insats"], decision["regi"], level))


def right_price(one: Line) -> float | None:
    """The decision's own price, else the list's, over New Year by days; None where nothing is right for the unit."""
    if one.decision is None:
        return None
    hourly = bool(one.decision["timmar_per_manad"])
    if one.raw["mattenhet"] != ("timme" if hourly else "dygn"):
        return None
    if one.decision["pris_kr_per_dygn"] and not hourly:
        return float(one.decision["pris_kr_per_dygn"])
    prices = [listed(one.decision, hourly, day) for day in one.days]
    return None if None in prices else sum(prices) / len(prices)


def room(one: Line) -> float:
    """The largest number that the period has room for."""
    months = len({(day.year, day.month) for day in one.days})
    return {"dygn": len(one.days), "timme": 24 * len(one.days), "manad": months}.get(one.raw["mattenhet"], 1e300)


def judge(found: list[Line], within: float, rounding: float) -> None:
    """The first kind of fault that holds, and the right amount."""
    for one in found:
        price = right_price(one)
        one.known, right = price is not None, one.price if price is None else price
        dear = one.known and abs(one.price - right) > within + 1e-9
        faults = {
            "utan_beslut": one.decision is None and one.raw["mattenhet"] != "styck",
            "dubbel": one.twice or bool(one.again),
            "period": len(one.inside) < len(one.days),
            "dagar": one.count > room(one),
            "niva": other_level(one) or (dear and of_other(one)),
            "pris": dear,
            "belopp": abs(one.count * one.price - one.kr) > rounding + 1e-9,
        }
        one.slag, one.right = next((kind for kind, is_so in faults.items() if is_so), ""), one.kr
        if one.credit or (one.settled and one.raw["status"] != "krediterad"):
            one.slag = ""
        if one.slag:
            one.right = right_count(one) * right


def other_level(one: Line) -> bool:
    """Whether the line says another level or management than its decision."""
    return one.decision is not None and any(
        one.raw[name] and one.raw[name] != one.decision[name] for name in ("niva", "regi")
    )


def of_other(one: Line) -> bool:
    """Whether its price is in the year's list of the insats; one with a price of its own has no other level's."""
    its = one.decision
    if its["pris_kr_per_dygn"]:
        return False
    where = (str(one.days[0].year), its["insats"])
    return any(kr == round(one.price, 2) for (*cell, _, _), kr in LISTS.items() if tuple(cell) == where)


def right_count(one: Line) -> float:
    """The number that the decision covers and nobody has billed."""
    if one.slag == "utan_beslut" or one.twice:
        return 0.0
    left = len(one.inside - one.again)
    return min(one.count, left) if one.raw["mattenhet"] == "dygn" else min(one.count, room(one)) * left / len(one.days)


def missing(found: list[Line], held: list[Row], ar: int, tom: int) -> list[dict]:
    """Days to a month that nothing in the table covers, by decision and month, with their kronor (None: no price)."""
    covered, sends, rows = defaultdict(set), {one.raw["utforare"] for one in found}, []
    for one in found:
        if one.decision and not one.credit and not one.settled and one.raw["mattenhet"] in ("dygn", "manad"):
            covered[one.raw["beslut"]] |= one.inside
    for month in range(1, tom + 1):
        days = span(f"{ar}-{month:02d}-01", f"{ar}-{month:02d}-28")
        days += [later for number in (1, 2, 3) if (later := days[27] + timedelta(number)).month == month]
        for its in held:
            left = [day for day in days if covers(its, day) and day not in covered[its["beslut"]]]
            own = its["pris_kr_per_dygn"]
            if left and not its["timmar_per_manad"] and (own or its["utforare"] in sends):
                price = float(own) if own else listed(its, False, days[0])
                kr = None if price is None else len(left) * price
                rows.append(
                    {"manad": days[0].isoformat()[:7], "its": its, "dygn": len(left), "kr": kr, "hel": left == days}
                )
    return rows


def sums(lines: list[Line], of) -> dict[str, list[float]]:
    """By part: lines, kronor wrong, and kronor of those credited."""
    found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for one in lines:
        row = found[of(one)]
        row[0], row[1] = row[0] + 1, row[1] + one.wrong
        row[2] += one.wrong if one.raw["status"] == "krediterad" else 0.0
    return found


def stands(months: list[tuple[int, str]], tom: int, smallest: int) -> list[int]:
    """The months in which a sum is counted anew: when so many persons have come since it was."""
    since, found = set(), []
    for now in range(1, tom + 1):
        since |= {person for month, person in months if month == now}
        if len(since) >= smallest:
            found, since = [*found, now], set()
    return found


def shown_as(wrong: list[Line], smallest: int, largest: float) -> dict[str, str]:
    """What each provider is called where nobody may be told of alone."""
    persons, kr = defaultdict(lambda: defaultdict(set)), Counter()
    for one in wrong:
        persons[one.raw["utforare"]][one.steg].add(one.person)
        kr[one.raw["utforare"]] += abs(one.wrong)

    def least(names: list[str]) -> int:
        steps = {step for name in names for step in persons[name]}
        return min(
            len(set().union(*(persons[name][step] for name in names if step in persons[name]))) for step in steps
        )

    if kr and max(kr.values()) > largest / 100 * sum(kr.values()) + 1e-6:
        return dict.fromkeys(kr, "Alla utförare")
    order = sorted(sorted(kr), key=lambda name: least([name]))
    few = [name for name in order if least([name]) < smallest]
    many = [name for name in order if name not in few]
    while few and many and least(few) < smallest:
        few.append(many.pop(0))
    together = "Övriga utförare" if many else "Alla utförare"
    return {name: together if name in few else name for name in kr}


def near(found: float, expected: float) -> bool:
    """Alike to the öre."""
    return isclose(found, expected, rel_tol=1e-9, abs_tol=1e-4)
