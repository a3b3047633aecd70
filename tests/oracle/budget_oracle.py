"""A unit's budget under a scenario, day by day over the plan years, in plain Python."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from oracle.follow_up_changes import SIDES, Change, amount_of
from oracle.follow_up_oracle import Leaf, Unit
from oracle.raw import days, length

NET = (1, -1, 0)


@dataclass
class Added:
    """What a change adds to a side of a leaf: by month of the plan years, and in twelve months as on 31 December."""

    nr: int
    leaf: Leaf
    side: int
    months: dict[str, float]
    full: float


class Scenario:
    """The budget of a year, repeated to the last plan year, with changes that act in their order."""

    def __init__(self, unit: Unit, changes: list[Change], till_ar: int) -> None:
        self.unit, self.changes = unit, changes
        self.days = days(date(unit.ar, 1, 1), date(till_ar, 12, 31))
        self.months = sorted({day.isoformat()[:7] for day in self.days})

    @cached_property
    def start(self) -> dict[tuple[Leaf, int], list[float]]:
        """By leaf and side: the twelve months of the budget, the frame last."""
        found = {}
        for leaf, money in self.unit.parts.items():
            spread = [[kr * s for s in self.unit.shares(self.unit.ar, leaf[0], i)] for i, kr in enumerate(money)]
            spread.append([cost - revenue for cost, revenue in zip(*spread, strict=True)])
            found |= {(leaf, side): kr for side, kr in enumerate(spread)}
        return found

    @cached_property
    def added(self) -> list[Added]:
        """What each change adds, on what those before it have made."""
        ar = self.unit.ar
        size = [length(day.isoformat()[:7]) for day in self.days]
        dated = [*zip(self.days, size, strict=True)]
        state = {key: [kr[day.month - 1] / n for day, n in dated] for key, kr in self.start.items()}
        whole = {key: sum(kr) for key, kr in self.start.items()}
        found = []
        for nr, change in enumerate(self.changes, start=1):
            first, last = date.fromisoformat(change["fran"]), date.fromisoformat(change.get("till", "9999-12-31"))
            judged, side = change["typ"] == "bedomning", SIDES.index(change["sida"])
            last = date(first.year, 12, 31) if judged else last
            for leaf in self._named(change):
                days_kr, months = state[leaf, side], dict.fromkeys(self.months, 0.0)
                for place, (day, n) in enumerate(dated):
                    if first <= day <= last:
                        kr = self._of(change, days_kr[place], n)
                        days_kr[place] += kr
                        months[day.isoformat()[:7]] += kr
                stays = not judged and first <= date(ar, 12, 31) <= last
                full = self._of(change, whole[leaf, side], 1 / 12) if stays else 0.0
                whole[leaf, side] += full
                found.append(Added(nr, leaf, side, months, full))
        return found

    def _of(self, change: Change, kr: float, days: float) -> float:
        percent = change["typ"] == "upprakning"
        return kr * change["procent"] / 100 if percent else amount_of(change, self.unit.ar) / days

    def _named(self, change: Change) -> list[Leaf]:
        if change["typ"] == "upprakning":
            return [leaf for leaf in self.unit.parts if leaf[0] == change["budgetrad"]]
        return [(change["budgetrad"], change.get("verksamhet", ""))]

    def moved(self, side: int, row: str = "", months: list[str] | None = None, nr: int = 0) -> float:
        """What the changes (or one) add to a side of all rows or one, in the year unless told."""
        wanted = self.year if months is None else months
        own = [a for a in self.added if a.side == side and row in ("", a.leaf[0]) and nr in (0, a.nr)]
        return sum(a.months[month] for a in own for month in wanted)

    def full(self, side: int, row: str = "") -> float:
        return sum(a.full for a in self.added if a.side == side and row in ("", a.leaf[0]))

    @property
    def year(self) -> list[str]:
        return self.months[:12]

    def kr(self, side: int, row: str = "", months: list[str] | None = None) -> float:
        """Kronor of a side in the year, or in other months."""
        wanted = self.year if months is None else months
        start = [kr for (leaf, its), kr in self.start.items() if its == side and row in ("", leaf[0])]
        stated = sum(kr[int(month[5:]) - 1] for kr in start for month in wanted)
        return stated + self.moved(side, row, wanted)

    def net(self, row: str = "", months: list[str] | None = None) -> float:
        return self.kr(0, row, months) - self.kr(1, row, months)

    def net_moved(self, nr: int = 0) -> float:
        return self.moved(0, nr=nr) - self.moved(1, nr=nr)

    @property
    def net_full(self) -> float:
        """What the changes add to the net cost of twelve months."""
        return self.full(0) - self.full(1)

    @property
    def four(self) -> tuple[float, float, float, float]:
        """What the changes add: net in the year and over a full year, and the frame in both."""
        return self.net_moved(), self.net_full, self.moved(2), self.full(2)
