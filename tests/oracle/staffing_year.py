"""A year of sick leave day by day: what is expected of it, what changes add, and what it costs, in plain Python."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isnan, nan
from typing import Any

from oracle.staffing_hours import Cells, groups_in, total
from oracle.staffing_rows import Rules, value

KINDS = ("timavlonad", "overtid", "inhyrd")
SICK_PAY = ("sjuklon_1_14", "sjuklon_15_90", "avgifter")
WAGE = "lon"
PARTS = ("avtalad_tid_h", "sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h")
MINE = ("po_palagg", "lon.", "ersattare.", "sjuklon.")
Kr = dict[str, float]


@dataclass(frozen=True)
class Base:
    """Twelve months without any change: contracted, sick, days 1-14 and 60 days or more by group and month (0-11)."""

    ar: int
    groups: list[str]
    hours: dict[tuple[str, int], list[float]]
    mix: tuple[float, float]

    def agreed(self, months: Iterable[int] = range(12), group: str = "") -> float:
        return sum(self.hours[g, m][0] for g in self.groups for m in months if group in ("", g))


def base(of: Cells, ar: int, known: int, level: float) -> Base:
    """The months known, then each group's same month last year with the level added, else its mean so far."""
    start = ar * 12
    of = {at: its for at, its in of.items() if start - 12 <= at[1] < start + known}
    groups, hours = groups_in(of, range(start - 12, start + known)), {}
    for group in groups:
        so_far = [its for (g, month), its in of.items() if g == group and month >= start]
        running = (group, start + known - 1) in of
        for month in range(12):
            its, before = of.get((group, start + month)), of.get((group, start + month - 12))
            if month < known or not running:
                found = [its[name] for name in PARTS] if its else [0.0] * 4
            elif before:
                found = [before[name] for name in PARTS]
                found[1] += level / 100 * found[0]
            elif so_far:
                found = [sum(one[name] for one in so_far) / len(so_far) for name in PARTS]
            else:
                found = [0.0] * 4
            if found[3] > found[1] - found[2]:  # a source may count a long spell's first days in both
                found[3] = found[1] - found[2]
            hours[group, month] = found
    sick, *parts = (total(of, name, range(start + known - 12, start + known)) for name in PARTS[1:])
    return Base(ar, groups, hours, tuple(part / sick for part in parts) if sick else (1.0, 0.0))


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold().translate(str.maketrans("åäöé", "aaoe"))).strip("_")


@dataclass(frozen=True)
class Rates:
    wage: dict[str, float]
    unpaid: float  # share of days 1-14 without sick pay
    first: float
    then: float
    fees: float
    kinds: Kr

    @property
    def price(self) -> float:
        return sum(self.kinds.values())


@dataclass(frozen=True)
class Book:
    """The rules, with those of some changes put over them in turn."""

    rules: Rules
    changes: tuple[dict[str, Any], ...] = ()

    def value(self, key: str, day: date, otherwise: Any = nan) -> Any:
        for change in reversed(self.changes):
            if change.get("regel") == key and inside(change, day):
                return change["varde"]
        return value(self.rules, key, day, otherwise)

    def rates(self, day: date, groups: Iterable[str]) -> Rates:
        week = self.value("lon.veckoarbetstid_h", day)
        keys = {group: f"lon.manadslon.{slug(group)}" for group in groups}
        keys = {group: key if key in self.rules else "lon.manadslon.alla" for group, key in keys.items()}
        wage = {group: self.value(key, day) * 12 / (self.value("sjuklon.veckor_per_ar", day) * week)
                for group, key in keys.items()}  # fmt: skip
        if self.value("sjuklon.karens", day) == "karensdag":
            lost = week / self.value("lon.arbetsdagar_per_vecka", day)
        else:
            lost = self.value("sjuklon.karensavdrag_andel", day) * week
        unpaid = min(lost / self.value("sjuklon.timmar_per_sjuktillfalle", day), 1.0)
        shares = self.value("ersattare.fordelning", day)
        kinds = {kind: shares[kind] * self.value(f"ersattare.kr_per_timme.{kind}", day) if shares.get(kind) else 0.0
                 for kind in KINDS}  # fmt: skip
        first, then = self.value("sjuklon.andel", day), self.value("sjuklon.avtal_dag_15_90_andel", day)
        return Rates(wage, unpaid, first, then, self.value("po_palagg", day) / 100, kinds)


def inside(change: dict[str, Any], day: date) -> bool:
    return change["fran"] <= day.isoformat() <= change.get("till", "9999")


def cost(rates: Rates, group: str, sick: float, short: float, long: float) -> Kr:
    first = rates.first * rates.wage[group] * short * (1 - rates.unpaid)
    then = rates.then * rates.wage[group] * (sick - short - long)
    found = dict(zip(SICK_PAY, (first, then, rates.fees * (first + then)), strict=True))
    found |= {kind: sick * kr for kind, kr in rates.kinds.items()}
    return found | {WAGE: -rates.wage[group] * (1 + rates.fees) * sick}


@dataclass(frozen=True)
class World:
    """The year under changes, each day by itself."""

    base: Base
    book: Book
    changes: tuple[dict[str, Any], ...]
    enhet: str

    def points(self, group: str, day: date) -> float:
        mine = (c for c in self.changes if c["typ"] == "sjukfranvaro" and c.get("enhet", self.enhet) == self.enhet)
        named = (c for c in mine if c["grupp"].casefold() in ("alla", group.casefold()))
        return sum(c["procentenheter"] for c in named if inside(c, day))

    def days(self, month: int) -> list[date]:
        return [date(self.base.ar, month + 1, n + 1) for n in range(monthrange(self.base.ar, month + 1)[1])]

    @cached_property
    def rates(self) -> dict[date, Rates]:
        return {day: self.book.rates(day, self.base.groups) for month in range(12) for day in self.days(month)}

    @cached_property
    def added(self) -> dict[tuple[str, int], float]:
        """Sick hours that the changes add, by group and month."""
        found = {}
        for (group, month), (agreed, *_) in self.base.hours.items():
            days = self.days(month)
            found[group, month] = sum(agreed * self.points(group, day) / 100 / len(days) for day in days)
        return found

    def with_added(self, hours: list[float], extra: float) -> list[float]:
        """Sick hours, days 1-14 and 60 days or more, and more of them that lie as the unit's do."""
        weights = (1.0, *self.base.mix)
        return [part + weight * extra if extra else part for part, weight in zip(hours, weights, strict=True)]

    def sick(self, group: str, month: int) -> list[float]:
        return self.with_added(self.base.hours[group, month][1:], self.added[group, month])

    def all_sick(self, months: Iterable[int] = range(12)) -> float:
        return sum(self.sick(group, month)[0] for group in self.base.groups for month in months)

    @cached_property
    def by_month(self) -> dict[tuple[str, int], Kr]:
        """Kronor by line of each group's month: its hours spread evenly over its days, at the prices of each."""
        found = {}
        for (group, month), (agreed, *hours) in self.base.hours.items():
            days, lines = self.days(month), dict.fromkeys((*SICK_PAY, *KINDS, WAGE), 0.0)
            for day in days:
                extra = agreed / len(days) * self.points(group, day) / 100
                kr = cost(self.rates[day], group, *self.with_added([part / len(days) for part in hours], extra))
                lines = {name: lines[name] + kr[name] for name in lines}
            found[group, month] = lines
        return found

    def kr(self, lines: Iterable[str], months: Iterable[int] = range(12), group: str = "") -> float:
        lines = [*lines]
        return sum(self.by_month[g, m][line]
                   for g in self.base.groups for m in months for line in lines if group in ("", g))  # fmt: skip

    @cached_property
    def full_year(self) -> Kr:
        """Twelve months at what is in force on 31 December."""
        end = date(self.base.ar, 12, 31)
        rates, lines = self.book.rates(end, self.base.groups), dict.fromkeys((*SICK_PAY, *KINDS, WAGE), 0.0)
        for group in self.base.groups:
            agreed, *hours = (sum(self.base.hours[group, m][place] for m in range(12)) for place in range(4))
            kr = cost(rates, group, *self.with_added(hours, agreed * self.points(group, end) / 100))
            lines = {name: lines[name] + kr[name] for name in lines}
        return lines

    def one_wage(self) -> bool:
        """Whether all groups have the same wage on every day of the year."""
        return all(isnan(wage) or wage == next(iter(its.wage.values()))
                   for its in self.rates.values() for wage in its.wage.values())  # fmt: skip


def world(of: Base, rules: Rules, changes: Iterable[dict[str, Any]], enhet: str) -> World:
    changes = tuple(changes)
    own = tuple(c for c in changes if c["typ"] == "regel" and c.get("enhet", enhet) == enhet)
    return World(of, Book(rules, own), changes, enhet)


def moves(change: dict[str, Any]) -> tuple[str, ...]:
    """The lines that a change may move in the budget."""
    if change["typ"] == "sjukfranvaro":
        return (*SICK_PAY, *KINDS, WAGE)
    if not change.get("regel", "").startswith(MINE):
        return ()
    return KINDS if change["regel"].startswith("ersattare.") else SICK_PAY
