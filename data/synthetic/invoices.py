"""Synthetic invoices for the places that exempelenheten buys: a line a month of each, with faults of every kind."""

from calendar import monthrange
from datetime import date, timedelta

import numpy as np

from synthetic.common import Row, generator
from synthetic.decisions import decisions, keys, price_list

INVOICE_COLUMNS = [
    *("faktura", "enhet", "utforare", "beslut", "typ", "niva", "regi", "fran", "till", "antal", "mattenhet"),
    *("kr_per_enhet", "belopp_kr", "manad", "status"),
]
YEAR = 2024
NOT_COME = 2  # lines of December that have not come
# The planted faults by number of lines: what the control has to find. A credited line is none: the debit was wrong in
# a way that nobody sees any more, a credit note took it away, and a new debit came.
PLANTED = {"pris": 3, "dubbel": 3, "niva": 3, "dagar": 2, "belopp": 2, "utan_beslut": 1, "krediterad": 2}
OUTSIDE = 3  # lines that go on after their decision has ended
DEALT_WITH = (
    "krediterad",
    "krediterad",
    "krediterad",
    "bestridd",
    "bestridd",
)  # the first lines with a fault


def invoices(rng: np.random.Generator) -> list[Row]:
    """The year's lines for bought places with a price, and the faults on lines drawn among them."""
    listed = price_list()
    by_decision = [_lines(decision, listed) for decision in decisions(generator("beslut"))]
    lines = sorted((line for of_one in by_decision for line in of_one), key=_order)[:-NOT_COME]
    ended = [of_one[-1] for of_one in by_decision if of_one and of_one[-1]["manad"] < f"{YEAR}-12"][:OUTSIDE]
    for line in ended:
        days = int(rng.integers(3, 9))
        line["till"] = str(date.fromisoformat(line["till"]) + timedelta(days=days))
        _bill(line, int(line["antal"]) + days, float(line["kr_per_enhet"]))
    drawn = iter(rng.permutation(len(lines)))
    extra, wrong = [], list(ended)
    for kind, count in PLANTED.items():
        for _ in range(count):
            line = next(line for line in (lines[place] for place in drawn) if line not in ended)
            extra += _planted(rng, kind, line)
            wrong += [line] if kind in ("pris", "niva", "dagar", "belopp") else []
    for line, status in zip(rng.permutation(np.array(wrong, object)), DEALT_WITH, strict=False):
        line["status"] = status
    return _numbered(rng, sorted([*lines, *extra], key=_order))


def _order(line: Row) -> tuple[str, str, str]:
    return line["manad"], line["utforare"], line["beslut"]


def _lines(decision: Row, listed: dict[tuple[str, ...], int]) -> list[Row]:
    """A decision's months, where the place is bought by the day and has a price."""
    key = (str(YEAR), decision["insats"], decision["regi"], decision["niva"])
    price = float(decision["pris_kr_per_dygn"] or listed.get(key, 0))
    found: list[Row] = []
    for month in range(1, 13) if decision["utforare"] and price else ():
        first, last = date(YEAR, month, 1), date(YEAR, month, monthrange(YEAR, month)[1])
        begins = max(first, date.fromisoformat(decision["fran"]))
        ends = min(last, date.fromisoformat(decision["till"])) if decision["till"] else last
        if begins > ends:
            continue
        line = {name: decision[name] for name in ("enhet", "utforare", "beslut", "niva", "regi")}
        line |= {"typ": "debet", "fran": str(begins), "till": str(ends), "mattenhet": "dygn", "manad": str(first)[:7]}
        found.append(_bill(line | {"status": "betald"}, (ends - begins).days + 1, price))
    return found


def _bill(line: Row, days: int, price: float, more: float = 0.0) -> Row:
    line |= {"antal": str(days), "kr_per_enhet": f"{price:g}", "belopp_kr": f"{days * price + more:.2f}"}
    return line


def _planted(rng: np.random.Generator, kind: str, line: Row) -> list[Row]:
    """The fault is put on the line; what comes as lines of their own is given back."""
    price, days = float(line["kr_per_enhet"]), int(line["antal"])
    if kind == "dubbel":
        return [line | {"manad": f"{YEAR}-{min(int(line['manad'][5:]) + 1, 12):02d}"}]
    if kind == "krediterad":
        return [line | {"typ": "kredit", "belopp_kr": f"-{line['belopp_kr']}"}, dict(line)]
    if kind == "utan_beslut":
        line["beslut"] = line["niva"] = line["regi"] = ""
    elif kind == "pris":
        _bill(line, days, price + int(rng.integers(20, 200)))
    elif kind == "niva":
        line["niva"] = str(int(line["niva"]) + 1)
        _bill(line, days, round(1.1 * price))
    elif kind == "dagar":
        _bill(line, days + int(rng.integers(1, 4)), price)
    else:
        _bill(line, days, price, int(rng.integers(500, 5000)))
    return []


def _numbered(rng: np.random.Generator, lines: list[Row]) -> list[Row]:
    """An invoice a provider and month; what comes a second time, and credit notes, stand on one of their own."""
    numbers: dict[tuple, str] = {}
    seen: dict[tuple, int] = {}
    drawn = iter(keys(rng, "f", 2 * len(lines)))
    for line in lines:
        what = (line["utforare"], line["beslut"], line["fran"])
        seen[what] = seen.get(what, 0) + 1
        invoice = (line["utforare"], line["manad"], seen[what])
        line["faktura"] = numbers.setdefault(invoice, "") or next(drawn)
        numbers[invoice] = line["faktura"]
    return lines
