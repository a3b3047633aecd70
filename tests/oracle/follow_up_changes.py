"""What a scenario's changes do to a unit's year, day by day, and how much of it the method has already seen."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from oracle.follow_up_oracle import SIGN, Leaf, Unit

SIDES = ("kostnad", "intakt", "ram")
Change = dict[str, Any]


@dataclass
class Part:
    """What one change does on one leaf and side, kr; in `ar` and on `helar` plus is a higher net cost (or frame)."""

    nr: int
    change: Change
    leaf: Leaf
    side: int
    months: list[float]
    ar: float = 0.0
    helar: float = 0.0
    hittills: float = 0.0
    sedd: float = 0.0
    kvar: float = 0.0

    @property
    def typ(self) -> str:
        return self.change["typ"]

    @property
    def status(self) -> str:
        return self.change.get("status", "")


def days_of(ar: int) -> list[date]:
    return [date(ar, 1, 1) + timedelta(days=n) for n in range(366 if monthrange(ar, 2)[1] == 29 else 365)]


def amount_of(change: Change, ar: int) -> float:
    """Kronor of each whole month: expected of a measure, spread from its day to 31 December of a judgement."""
    if change["typ"] == "bedomning":
        fran = date.fromisoformat(change["fran"])
        long = monthrange(ar, fran.month)[1]
        return change["kr"] / ((long - fran.day + 1) / long + 12 - fran.month)
    return change["kr_per_manad"] * change.get("sannolikhet_andel", 1.0)


class Under:
    """A unit's prognosis under a scenario."""

    def __init__(self, unit: Unit, changes: list[Change]) -> None:
        self.unit, self.changes, self.tom = unit, changes, unit.tom

    @cached_property
    def _plan(self) -> dict[tuple[Leaf, int], list[float]]:
        """The budget by leaf, side and month of service, its own parts and the outturn's."""
        unit, found = self.unit, {}
        stated = unit.parts
        for leaf in [*stated, *(leaf for leaf in unit.now if leaf not in stated)]:
            cost, revenue = (
                [kr * share for share in unit.shares(unit.ar, leaf[0], side)]
                for side, kr in enumerate(stated.get(leaf, [0.0, 0.0]))
            )
            found |= {(leaf, 0): cost, (leaf, 1): revenue}
            found[leaf, 2] = [a - b for a, b in zip(cost, revenue, strict=True)]
        return found

    @cached_property
    def parts(self) -> list[Part]:
        """Each change in its order, where it lands, and what the method has seen of it."""
        ar, found = self.unit.ar, []
        days = days_of(ar)
        size = [monthrange(ar, day.month)[1] for day in days]
        state = {key: [kr[d.month - 1] / n for d, n in zip(days, size, strict=True)] for key, kr in self._plan.items()}
        whole = {key: list(kr) for key, kr in self._plan.items()}
        for nr, change in enumerate(self.changes, start=1):
            start, last = date.fromisoformat(change["fran"]), date.fromisoformat(change.get("till", f"{ar}-12-31"))
            stays = change["typ"] != "bedomning" and start <= date(ar, 12, 31) and last >= date(ar, 12, 31)
            if change["typ"] == "atgard" and change["status"] != "verkstalld":
                start = max(start, days[-1] + timedelta(days=1) if self.tom == 12 else date(ar, self.tom + 1, 1))
            side = SIDES.index(change["sida"])
            for leaf in self._named(change):
                key, months, full = (leaf, side), [0.0] * 12, [0.0] * 12
                for place, (day, n) in enumerate(zip(days, size, strict=True)):
                    if start <= day <= last:
                        added = self._of_day(change, state[key][place], n)
                        state[key][place] += added
                        months[day.month - 1] += added
                if stays:
                    full = [self._of_day(change, kr, 1) for kr in whole[key]]
                    whole[key] = [kr + more for kr, more in zip(whole[key], full, strict=True)]
                part = Part(nr, change, self.unit.home(leaf), side, months)
                found.append(self._seen(part, sum(full)))
        return found

    def _of_day(self, change: Change, kr: float, days: int) -> float:
        """What a change adds to a day of a month so long."""
        if change["typ"] == "upprakning":
            return kr * change["procent"] / 100
        return amount_of(change, self.unit.ar) / days

    def _named(self, change: Change) -> list[Leaf]:
        """The leaves of the plan that a change is of: all of the row for an uprating, else one."""
        if change["typ"] == "upprakning":
            return [leaf for leaf, side in self._plan if leaf[0] == change["budgetrad"] and side == 0]
        return [(change["budgetrad"], change.get("verksamhet", ""))]

    def _seen(self, part: Part, full: float) -> Part:
        """seen = factor * what lies in the months received; a judgement is only what lies ahead, a frame the year."""
        late = self.unit.late.get(part.leaf[0], 0)
        received = 12 if self.tom == 12 else max(self.tom - late, 0)
        if part.side == 2:
            part.ar, part.helar = sum(part.months), full
            return part
        sign = SIGN[part.side]
        booked, ahead = sum(part.months[:received]), sum(part.months[self.tom :])
        if part.typ == "bedomning":
            part.ar = part.kvar = sign * ahead
            return part
        factor = self._factor(part.leaf, part.side)
        part.ar, part.helar, part.hittills = sign * sum(part.months), sign * full, sign * booked
        part.sedd = sign * factor * booked
        part.kvar = part.ar - part.sedd
        return part

    def _factor(self, leaf: Leaf, side: int) -> float:
        """The method's factor; of a leaf that holds nothing that of the row's operations together."""
        unit = self.unit
        on_row = [
            (sum(unit.now[key][side]), unit.year_ahead[key, side].factor) for key in unit.now if key[0] == leaf[0]
        ]
        booked = sum(kr for kr, _ in on_row)
        if sum(unit.now[leaf][side]) == 0 and booked:
            return sum(kr * factor for kr, factor in on_row if kr) / booked
        return unit.year_ahead[leaf, side].factor

    def put(self, leaf: Leaf, name: str, what) -> float:
        """The sum of a figure of the parts of a leaf that are `what`."""
        return sum(getattr(part, name) for part in self.parts if part.leaf == leaf and what(part))

    def figures(self, leaf: Leaf) -> dict[str, float]:
        """What the tables say of a leaf, kr."""
        budget = self.unit.budget[leaf]
        found = {
            "utfall": self.unit.booked(leaf),
            "budget": sum(budget[0]) - sum(budget[1]),
            "modell": self.unit.model(leaf),
            "forandringar": self.put(leaf, "kvar", lambda p: p.typ not in ("atgard", "bedomning")),
            "bedomning": self.put(leaf, "kvar", lambda p: p.typ == "bedomning"),
            "atgarder": self.put(leaf, "kvar", lambda p: p.typ == "atgard"),
            "ram": self.put(leaf, "ar", lambda p: p.side == 2),
        }
        return {**found, "prognos": found["modell"] + found["forandringar"] + found["bedomning"]}

    def ahead(self, leaf: Leaf) -> list[float]:
        """What changes and judgement put to the months ahead: as each is dated, else evenly."""
        found = [0.0] * 12
        for part in self.parts:
            if part.leaf == leaf and part.typ != "atgard" and part.side < 2:
                dated = part.months[self.tom :]
                whole = sum(dated)
                for place, kr in enumerate(dated):
                    found[self.tom + place] += part.kvar * (kr / whole if whole else 1 / len(dated))
        return found

    @cached_property
    def by_leaf(self) -> dict[Leaf, dict[str, float]]:
        return {leaf: self.figures(leaf) for leaf in self.unit.now}

    def of_row(self, row: str, name: str) -> float:
        return sum(kr[name] for leaf, kr in self.by_leaf.items() if leaf[0] == row)

    def budget_of_row(self, row: str) -> float:
        """The net budget of a row, with what changes do to the frame."""
        return sum(kr[0] - kr[1] for key, kr in self.unit.parts.items() if key[0] == row) + self.of_row(row, "ram")

    @cached_property
    def totals(self) -> dict[str, float]:
        """The unit's figures, kr; measures by whether they are decided."""
        names = ("utfall", "modell", "forandringar", "bedomning", "prognos")
        found = {name: sum(kr[name] for kr in self.by_leaf.values()) for name in names}
        measures = [part for part in self.parts if part.typ == "atgard"]
        found["atgarder"] = sum(part.kvar for part in measures if part.status != "planerad")
        found["planerade"] = sum(part.kvar for part in measures if part.status == "planerad")
        found["budget"] = sum(self.budget_of_row(row) for row in self.unit.names)
        found["avvikelse"] = found["budget"] - found["prognos"]
        gap = found["atgarder"] - found["avvikelse"]
        found["gap"] = 0.0 if gap < 0 else gap
        return found
