"""A year of home care and care homes worked out anew from the raw rows: volumes ahead, prices and kronor."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from oracle import raw
from oracle.home_care_rows import AR, UNIT

HOURS = ("utforda_h", "bestallda_h", "beviljade_h")
PAID = {"utford": HOURS, "bestalld": HOURS[1:], "beviljad": HOURS[2:]}  # by the rule hemtjanst.betald_tid
NUMBERS = (*HOURS, "arenden", "arenden_over_99_h", "arenden_99_h_eller_mer")
LEVEL, SEASON = 3, 24  # months, of the rules volymprognos
WITH_PREMISES = ("somatisk", "demens")
YEAR = tuple(range(13))  # the months, and the year at the rate of 31 December
Cell = tuple[str, str, str, str]  # effect, kind, area, management


@dataclass
class Known:
    """What the tables say of a cell by month number: cases or full months, what is paid, its own cost."""

    antal: dict[int, float] = field(default_factory=dict)
    mangd: dict[int, float | None] = field(default_factory=dict)
    own: dict[int, float | None] = field(default_factory=dict)
    nights: float = 1  # insatser a night of each case


def number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_of(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def read(folder: Path) -> tuple[list[dict], list[dict]]:
    """The unit's rows of home care and of care homes."""
    homes = folder / "vobo.csv"
    places = raw.read(homes, ("dygn", "helmanader", "kr")) if homes.exists() else []
    every = raw.read(folder / "hemtjanst.csv", NUMBERS), places
    return tuple([row for row in rows if row["enhet"] == UNIT] for rows in every)


def cells_of(folder: Path, paid: str = "utford", nights: float = 1) -> dict[Cell, Known]:
    home, places = read(folder)
    found: dict[Cell, Known] = defaultdict(lambda: Known(nights=nights))
    for row in home:
        kind, month = row["tidsslag"] or "dag", row["manad"]
        cell, at = found["hemtjanst", kind, row["omrade"], row["regi"]], number_of(month)
        hours = next((row[name] for name in PAID[paid] if row[name] is not None), None)
        cell.antal[at] = row["arenden"]
        cell.mangd[at] = {"natt": row["arenden"] * nights * raw.length(month), "larm": row["arenden"]}.get(kind, hours)
        cell.own[at] = None
    for row in places:
        cell, at = found["vobo", row["slag"], "", row["regi"]], number_of(row["manad"])
        days = row["dygn"] if row["dygn"] is not None else row["helmanader"] * raw.length(row["manad"])
        cell.antal[at], cell.mangd[at] = days / raw.length(row["manad"]), days
        cell.own[at] = row["kr"] / days if days and row["kr"] is not None else None
    return dict(found)


def ahead(series: list[float], first: int, count: int) -> list[float]:
    """The next months of a series whose first month has that number.

    With 24 months or more a level, a trend and a season for each calendar month by least squares: the trend is the one
    within calendar months. Moved by the mean of the last three residuals.
    """
    size = len(series)
    if size >= SEASON:
        by_month = defaultdict(list)
        for place in range(size):
            by_month[(first + place) % 12].append(place)
        mean = {m: (sum(at) / len(at), sum(series[p] for p in at) / len(at)) for m, at in by_month.items()}
        pairs = [(p, *mean[(first + p) % 12]) for p in range(size)]
        slope = sum((p - t) * (series[p] - x) for p, t, x in pairs) / sum((p - t) ** 2 for p, t, _ in pairs)
        said = [mean[(first + p) % 12][1] + slope * (p - mean[(first + p) % 12][0]) for p in range(size + count)]
        off = sum(series[p] - said[p] for p in range(size - LEVEL, size)) / LEVEL
        return [max(x + off, 0) for x in said[size:]]
    if size > 12:
        before, now = sum(series[: size - 12]), sum(series[12:])
        return [max(series[size - 12 + p] * (now / before if before > 0 else 1), 0) for p in range(count)]
    last = series[-LEVEL:]
    return [sum(last) / len(last)] * count


def carried(values: list[float | None]) -> list[float | None]:
    """Each with the last that was known before it, and those before the first with that."""
    found, last = [], next((v for v in values if v is not None), None)
    for value in values:
        last = value if value is not None else last
        found.append(last)
    return found


@dataclass
class Volume:
    """A cell's year: cases, what is paid of each, and its own price, each of 12 months and of the year's end."""

    antal: list[float]
    per: list[float | None]
    own: list[float | None]


def year_of(cells: dict[Cell, Known], ar: int, tom: int) -> dict[Cell, Volume]:
    """The year as known after a month, the rest of it ahead."""
    first = min(at for cell in cells.values() for at in cell.antal)
    end = max(at for cell in cells.values() for at in cell.antal)
    until = min(end, ar * 12 + tom - 1)
    return {key: _volume(key, cell, first, until, ar) for key, cell in cells.items()}


def _volume(key: Cell, cell: Known, first: int, until: int, ar: int) -> Volume:
    spans, december = range(first, until + 1), ar * 12 + 11
    counts = [cell.antal.get(at, 0) for at in spans]
    paid = [cell.mangd.get(at) for at in spans]
    each = carried([m / n if n > 0 and m is not None else None for n, m in zip(counts, paid, strict=True)])
    own, count = [cell.own.get(at) for at in spans], december - until
    antal = counts + ahead(counts, first, count)
    per = each + (ahead(each, first, count) if each[0] is not None else [None] * count)
    own += [carried(own)[-1]] * count
    lead = [None] * max(0, first - ar * 12)
    antal, per, own = (lead + values[max(0, ar * 12 - first) :] for values in (antal, per, own))
    antal, kind = [n or 0 for n in antal], key[1]
    lengths = [raw.length(month_of(ar * 12 + m)) for m in range(12)]
    if kind == "larm":
        per = [1.0] * 12
    elif kind == "natt" or key[0] == "vobo":
        lengths = [days * (cell.nights if kind == "natt" else 1) for days in lengths]
        per = [float(days) for days in lengths]
    year = sum(lengths) if kind == "natt" or key[0] == "vobo" else None if per[-1] is None else 12 * per[-1]
    return Volume([*antal, antal[-1]], [*per, year], [*own, own[-1]])


class Prices:
    """Prices by day: a rule's own, or what changes of a scenario have put in its place, the last of those in force."""

    def __init__(self, ar: int, changes: tuple[dict, ...] = ()):
        rules = [change for change in changes if change["typ"] == "regel"]
        self.ar, self.changes = ar, tuple((r["regel"], r["varde"], r["fran"], r.get("till", "9999")) for r in rules)

    def month(self, cell: Cell, month: int) -> float | None:
        """The mean over the days of a month; of the year's end on its last day."""
        effect, kind, _, regi = cell
        listed = "privat" if regi in ("entreprenad", "enskild") else regi
        names = (f"{effect}.{kind}.{listed}", *([f"vobo.lokalschablon.{listed}"] if kind in WITH_PREMISES else []))
        return raw.whole([mean_of(name, self.ar, month, self.changes) for name in names])


@cache
def mean_of(name: str, ar: int, month: int, changes: tuple[tuple, ...]) -> float | None:
    last = date(ar, 12, 31)
    start = date(ar, month + 1, 1) if month < 12 else last
    found = [value_on(name, day, changes) for day in raw.days(start, last) if day.month == start.month]
    return None if None in found else sum(found) / len(found)


def value_on(name: str, day: date, changes: tuple[tuple, ...]) -> float | None:
    value = raw.rule("aldreomsorg", name, day)
    for rule, changed, first, last in changes:
        if rule == name and first <= day.isoformat() <= last:
            value = changed
    return value


def kronor(volumes: dict[Cell, Volume], prices: Prices) -> dict[Cell, list[float | None]]:
    """Each cell's cost by month and at the year's rate; 0 where there is nobody, None without hours or a price."""
    found = {}
    for cell, its in volumes.items():
        found[cell] = [_cost(cell, its, prices, m) for m in YEAR]
    return found


def _cost(cell: Cell, its: Volume, prices: Prices, m: int) -> float | None:
    if its.antal[m] <= 0 or its.per[m] == 0:
        return 0.0
    price = its.own[m] if its.own[m] is not None else prices.month(cell, m)
    return None if price is None or its.per[m] is None else its.antal[m] * its.per[m] * price


def share(change: dict, ar: int, month: int) -> float:
    """How much of a month a change is in force; of the year's end whether it is on 31 December."""
    first, last = change["fran"], change.get("till", "9999")
    if month == 12:
        return float(first <= f"{ar}-12-31" <= last)
    name = month_of(ar * 12 + month)
    return sum(first <= f"{name}-{day:02d}" <= last for day in range(1, raw.length(name) + 1)) / raw.length(name)


def under(volumes: dict[Cell, Volume], changes: tuple[dict, ...], ar: int) -> dict[Cell, Volume]:
    """The volumes under changes, in order."""
    now = {cell: Volume([*its.antal], [*its.per], its.own) for cell, its in volumes.items()}
    for change in changes:
        home = [c for c in now if c[1] == "dag" and change.get("omrade") in (None, c[2])]
        to = [c for c in now if c[0] == "vobo" and c[1] == change.get("till_slag")]
        for m in YEAR:
            weight = share(change, ar, m)
            if change["typ"] == "timmar":
                for cell in home:
                    per = now[cell].per[m]
                    now[cell].per[m] = (
                        None if per is None else per * (1 + change["h_per_arende_procent"] / 100 * weight)
                    )
            elif change["typ"] == "arenden":
                _spread(now, home, m, change["antal"] * weight)
            elif change["typ"] == "flytt":
                _spread(now, home, m, -change["antal"] * weight)
                _spread(now, to, m, change["antal"] * weight)
    return now


def _spread(now: dict[Cell, Volume], cells: list[Cell], m: int, added: float) -> None:
    """Over cells as they are, evenly where there is nobody."""
    whole = sum(now[cell].antal[m] for cell in cells)
    parts = {cell: now[cell].antal[m] / whole if whole > 0 else 1 / len(cells) for cell in cells}
    for cell, part in parts.items():
        now[cell].antal[m] += part * added


def by_effect(kr: dict[Cell, list[float | None]]) -> dict[str, list[float]]:
    """Kronor by effect, month and year's end; what has no price is left out."""
    return {
        name: [sum(its[m] or 0 for c, its in kr.items() if c[0] == name) for m in YEAR]
        for name in ("hemtjanst", "vobo")
    }


def steps(cells: dict[Cell, Known], changes: tuple[dict, ...], ar: int = AR) -> list[dict[str, list[float]]]:
    """What each change adds to each effect after those before it."""
    volumes = year_of(cells, ar, 12)
    states = [
        by_effect(kronor(under(volumes, changes[:n], ar), Prices(ar, changes[:n]))) for n in range(len(changes) + 1)
    ]
    return [
        {name: [b - a for a, b in zip(before[name], after[name], strict=True)] for name in before}
        for before, after in zip(states, states[1:], strict=False)
    ]
