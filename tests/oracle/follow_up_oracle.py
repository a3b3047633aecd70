"""A unit's year from its csv rows, in plain Python: leaves, methods, what changes do, and earlier years tried."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import isnan, nan
from pathlib import Path

from oracle.raw import read

Leaf = tuple[str, str]  # budget row, operation
Side = dict[Leaf, list[list[float]]]  # by leaf: twelve months of cost, and of revenue
SIGN = (1, -1)
INSTEAD = ("rak", "manadsbudget")
METHODS = ("rak", "profil", "forra_aret", "manadsbudget")
NAIVE, CHOSEN, TOTAL = "sasongsnaiv", "vald", "Totalt"


def rows(folder: Path, table: str, **where: str) -> list[dict[str, str]]:
    """A table's rows that have these texts; none where there is no such table."""
    return [row for row in _read(folder / f"{table}.csv") if all(row[name] == text for name, text in where.items())]


@cache
def _read(path: Path) -> list[dict[str, str]]:
    return read(path) if path.is_file() else []


def parted(stated: dict[Leaf, list]) -> dict[Leaf, list]:
    """Rows and their operations as leaves: a row's own leaf holds what its operations do not; rows in order."""
    found: dict[Leaf, list] = {}
    for row in dict.fromkeys(name for name, _ in stated):
        inside = [key for key in stated if key[0] == row and key[1]]
        own = stated.get((row, ""))
        rest = [value - sum(stated[key][i] for key in inside) for i, value in enumerate(own)] if own else None
        if own or inside:
            found[row, ""] = rest or [0.0] * len(stated[inside[0]])
        found |= {key: stated[key] for key in inside}
    return found


@dataclass
class Unit:
    """What a unit's tables say, and how the rules want its rows looked ahead for."""

    folder: Path
    enhet: str
    ar: int
    tom: int
    version: str
    metod: dict[str, str]
    late: dict[str, int]
    earlier: dict[int, "Unit"] = field(default_factory=dict)
    spread: dict[tuple[int, str, int], list[float]] = field(default_factory=dict)

    def after(self, tom: int) -> "Unit":
        """The same tables and budget as they stood after an earlier month."""
        if tom not in self.earlier:
            values = {k: getattr(self, k) for k in ("folder", "enhet", "ar", "version", "metod", "late")}
            self.earlier[tom] = Unit(tom=tom, **values)
        return self.earlier[tom]

    @cached_property
    def _booked(self) -> dict[int, dict[Leaf, dict[int, list[float]]]]:
        """By year, row and operation, and month: cost and revenue; up to the last month of the year that is asked."""
        found: dict = defaultdict(lambda: defaultdict(dict))
        for row in rows(self.folder, "utfall", enhet=self.enhet):
            ar, month = map(int, row["manad"].split("-"))
            if ar < self.ar or (ar == self.ar and month <= self.tom):
                money = [float(row["kostnad_kr"]), float(row["intakt_kr"])]
                found[ar][row["budgetrad"], row["verksamhet"]][month] = money
        return found

    def year(self, ar: int) -> Side:
        """Booked months of this year's leaves; NaN throughout an earlier year that lacks a month of a leaf."""
        stated, whole = {}, self._booked[ar]
        last = self.tom if ar == self.ar else 12
        for key in self._booked[self.ar]:
            known = whole.get(key, {})
            lacks = ar != self.ar and any(month not in known for month in range(1, 13))
            money = [known.get(month, [0.0, 0.0]) if month <= last else [0.0, 0.0] for month in range(1, 13)]
            stated[key] = [nan] * 24 if lacks else [kr for side in (0, 1) for kr in (m[side] for m in money)]
        return {leaf: [kr[:12], kr[12:]] for leaf, kr in parted(stated).items()}

    @cached_property
    def now(self) -> Side:
        return self.year(self.ar)

    @cached_property
    def past(self) -> list[tuple[int, Side]]:
        """The years before, the oldest first."""
        return [(ar, self.year(ar)) for ar in sorted(self._booked) if ar < self.ar]

    def shares(self, ar: int, row: str, side: int) -> list[float]:
        """How a year's budget lies: as the monthly budget, else evenly."""
        if (ar, row, side) not in self.spread:
            self.spread[ar, row, side] = self._shares(ar, row, side)
        return self.spread[ar, row, side]

    def _shares(self, ar: int, row: str, side: int) -> list[float]:
        column = ("kostnad_kr", "intakt_kr")[side]
        stated = rows(self.folder, "manadsbudget", enhet=self.enhet, budgetrad=row)
        kr = {r["manad"]: float(r[column]) for r in stated if r[column] and r["manad"].startswith(f"{ar}-")}
        whole = sum(kr.values())
        return [kr[month] / whole for month in sorted(kr)] if whole else [1 / 12] * 12

    @cached_property
    def parts(self) -> dict[Leaf, list[float]]:
        """The smallest parts of the year's budget, kr: cost and revenue."""
        return self.stated_budget(self.ar, self.version)

    def stated_budget(self, ar: int, version: str) -> dict[Leaf, list[float]]:
        """The same of any year and version; nothing where there is none."""
        found = {}
        for r in rows(self.folder, "budget", enhet=self.enhet, ar=str(ar), version=version):
            money = [round(float(r[f"{side}_mnkr"]) * 1e6, 2) for side in ("kostnad", "intakt")]
            found[r["budgetrad"], r["verksamhet"]] = money
        return parted(found)

    def budget_of(self, ar: int, version: str) -> Side:
        """The budget by month of service of the outturn's leaves; NaN for one that the budget does not part off."""
        parts, found = self.stated_budget(ar, version), {}
        for leaf in self.now:
            own = [kr for key, kr in parts.items() if self.home(key) == leaf]
            money = [sum(kr[side] for kr in own) if own else nan for side in (0, 1)]
            found[leaf] = [[kr * s for s in self.shares(ar, leaf[0], i)] for i, kr in enumerate(money)]
        return found

    def home(self, key: Leaf) -> Leaf:
        """The outturn's leaf on which a part of the budget is followed up."""
        return key if key in self.now else (key[0], "")

    @cached_property
    def budget(self) -> Side:
        return self.budget_of(self.ar, self.version)

    @property
    def names(self) -> list[str]:
        """The budget rows, in the budget's order."""
        return list(dict.fromkeys(row for row, _ in self.parts))

    @cached_property
    def year_ahead(self) -> dict[tuple[Leaf, int], "Ahead"]:
        """Each leaf and side by its method, or by the first that can stand in."""
        found = {}
        for leaf, money in self.now.items():
            for side in (0, 1):
                earlier = [years[leaf][side] for _, years in self.past]
                wanted = (self.metod.get(leaf[0], "rak"), *INSTEAD)
                known = Known(money[side], earlier, self.budget[leaf][side], self.tom, self.late.get(leaf[0], 0))
                found[leaf, side] = next(
                    (ahead for name in wanted if (ahead := known.by(name)) is not None), Ahead("", nan, nan, [0.0] * 12)
                )
        return found

    def model(self, leaf: Leaf) -> float:
        """The year as its method sees it, net."""
        return sum(SIGN[side] * self.year_ahead[leaf, side].year(self.now[leaf][side]) for side in (0, 1))

    def months(self, leaf: Leaf) -> list[float]:
        """Booked to date and as the method spreads the rest, net."""
        both = [self.year_ahead[leaf, side].months(self.now[leaf][side], self.tom) for side in (0, 1)]
        return [cost - revenue for cost, revenue in zip(*both, strict=True)]

    def booked(self, leaf: Leaf, months: range | None = None) -> float:
        """Net booked in the months, to date unless told."""
        wanted = range(self.tom) if months is None else months
        return sum(SIGN[side] * self.now[leaf][side][month] for side in (0, 1) for month in wanted)

    def planned(self, leaf: Leaf) -> list[float]:
        """Net budget of a leaf in the months in which it is booked; nothing where it is not parted off."""
        both = [as_booked(kr, self.late.get(leaf[0], 0)) for kr in self.budget[leaf]]
        net = [cost - revenue for cost, revenue in zip(*both, strict=True)]
        return [0.0] * 12 if any(map(isnan, net)) else net


def as_booked(service: list[float], late: int) -> list[float]:
    """Months of service in the months in which they are booked: later, the last ones all in December."""
    found = [0.0] * 12
    for month, kr in enumerate(service):
        found[min(month + late, 11)] += kr
    return found


@dataclass
class Ahead:
    """A method's year: factor * booked + added, and how the months ahead lie."""

    name: str
    factor: float
    added: float
    rest: list[float]

    def year(self, money: list[float]) -> float:
        return self.factor * sum(money) + self.added

    def months(self, money: list[float], tom: int) -> list[float]:
        ahead, left = self.rest[tom:], self.year(money) - sum(money)
        whole = sum(ahead)
        shares = [kr / whole for kr in ahead] if whole else [1 / max(len(ahead), 1)] * len(ahead)
        return [*money[:tom], *(left * share for share in shares)]


@dataclass
class Known:
    """What a method may look at: a side of a leaf to date, its earlier years and its budget by month of service."""

    money: list[float]
    earlier: list[list[float]]
    budget: list[float]
    tom: int
    late: int

    @property
    def received(self) -> int:
        """Months of service whose invoices have come; in December all."""
        return 12 if self.tom == 12 else max(self.tom - self.late, 0)

    def by(self, name: str) -> Ahead | None:
        """The method by its name; None where it can't be used."""
        made = {"rak": self.even, "profil": self.season, "forra_aret": self.like_last, "manadsbudget": self.as_planned}
        return made[name]()

    def even(self) -> Ahead | None:
        months = self.received
        return Ahead("rak", 12 / months, 0.0, as_booked([1.0] * 12, self.late)) if months else None

    def season(self) -> Ahead | None:
        """Booked / the mean share that whole years above 0 had booked by now."""
        years = [[kr / sum(year) for kr in year] for year in self.earlier if sum(year) > 0]
        mean = [sum(kr) / len(years) for kr in zip(*years, strict=True)]
        return Ahead("profil", 1 / sum(mean[: self.tom]), 0.0, mean) if sum(mean[: self.tom]) > 0 else None

    def like_last(self) -> Ahead | None:
        last = self.earlier[-1] if self.earlier else [nan] * 12
        to_date, whole = sum(last[: self.tom]), sum(last)
        return Ahead("forra_aret", whole / to_date, 0.0, last) if to_date > 0 and whole > 0 else None

    def as_planned(self) -> Ahead | None:
        added = sum(self.budget[self.received :])
        return None if isnan(sum(self.budget)) else Ahead("manadsbudget", 1.0, added, as_booked(self.budget, self.late))

    def naive(self) -> Ahead | None:
        """What methods are held against: the rest as it was last year."""
        last = self.earlier[-1] if self.earlier else [nan]
        return None if isnan(sum(last)) else Ahead(NAIVE, 1.0, sum(last[self.tom :]), last)
