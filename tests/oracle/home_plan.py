"""A new home as the files have it, in plain Python: its flats, its days, and what rules and prices say on a day."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from math import nan
from pathlib import Path
from typing import Any

from oracle.raw import read, rule

from planbok.base.workspace import PARAMS

FILES = ("kbh", "bostadstillagg", "garantiniva", "minimibelopp", "prisbasbelopp", "gruppbostad", "extern_placering")
FILES += ("lss_peng",)


def day(text: Any) -> date | None:
    """A date as a file has it; None for an empty one."""
    return date.fromisoformat(text) if text else None


@cache
def prices() -> dict[tuple[str, ...], float]:
    """The printed price list, kr/dygn by year, what it is of, insats, management and level."""
    names = ("ar", "avser", "insats", "regi", "niva")
    rows = read(PARAMS / "regler" / "lss_peng.csv")
    return {tuple(row[name] for name in names): float(row["kr_per_dygn"]) for row in rows}


@dataclass(frozen=True)
class Flat:
    """A flat: its lowest and highest rent, kr/månad, and who moves in."""

    lag: float
    hog: float
    inflyttning: date
    niva: str
    vuxna: int
    barn: int
    inkomst: float

    @property
    def mid(self) -> float:
        return (self.lag + self.hog) / 2


@dataclass(frozen=True)
class Plan:
    """A home: `tilltrade` and `personal_fran` None where the table is empty, amounts NaN."""

    boende: str
    insats: str
    regi: str
    platser: int
    oppnar: date
    tilltrade: date | None
    personal_fran: date | None
    start: float
    arsarbetare: float
    kr_per_arsarbetare: float
    lokalhyra: float
    flats: tuple[Flat, ...]

    @property
    def personal(self) -> float:
        """Staff, kr/månad."""
        return self.arsarbetare * self.kr_per_arsarbetare / 12

    @property
    def first_day(self) -> date:
        return min(one for one in (self.tilltrade, self.personal_fran, self.oppnar) if one)

    @property
    def pays_for_empty(self) -> bool:
        """Whether empty flats cost the unit: it pays no rent of its own, or none is known."""
        return self.lokalhyra != self.lokalhyra or self.lokalhyra == 0


def number(text: str) -> float:
    return float(text) if text else nan


def plan_of(data: Path, boende: str) -> Plan:
    """A home from its row and its flats' rows."""
    row = next(one for one in read(data / "boenden.csv") if one["boende"] == boende)
    flats = tuple(_flat(one) for one in read(data / "lagenheter.csv") if one["boende"] == boende)
    return Plan(
        boende,
        row["insats"],
        row["regi"],
        int(row["platser"]),
        date.fromisoformat(row["oppnar"]),
        day(row["tilltrade"]),
        day(row["personal_fran"]),
        number(row["startkostnad_kr"]),
        number(row["bemanning_arsarbetare"]),
        number(row["kostnad_kr_per_arsarbetare"]),
        number(row["lokalhyra_kr_per_manad"]),
        flats,
    )


def _flat(row: dict[str, str]) -> Flat:
    low, _, high = row["hyra_kr_per_manad"].partition("–")
    parts = row["hushall"].split("_")
    barn = int(parts[2]) if len(parts) > 2 else 0
    moved = date.fromisoformat(row["inflyttning"])
    lag, hog = number(low), number(high or low)
    return Flat(lag, hog, moved, row["niva"], int(parts[0]), barn, number(row["inkomst_kr_per_ar"]))


def months_on(old: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    count = old.year * 12 + old.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(old.day, monthrange(year, month)[1]))


def opening(plan: Plan, new: date) -> Plan:
    """All days of the plan moved with the opening: by months where both openings have the same day of the month."""
    months = 12 * (new.year - plan.oppnar.year) + new.month - plan.oppnar.month

    def move(old: date | None) -> date | None:
        if old is None or new == plan.oppnar:
            return old
        return months_on(old, months) if new.day == plan.oppnar.day else old + (new - plan.oppnar)

    flats = tuple(replace(flat, inflyttning=move(flat.inflyttning)) for flat in plan.flats)
    days = {"tilltrade": move(plan.tilltrade), "personal_fran": move(plan.personal_fran)}
    return replace(plan, oppnar=new, flats=flats, **days)


def opened(plan: Plan, change: dict[str, Any]) -> Plan:
    """The plan under a change `nytt_boende`."""
    plan = opening(plan, date.fromisoformat(change["oppnar"]))
    flats = list(plan.flats)
    if "hyra_kr_per_manad" in change:
        rent = float(change["hyra_kr_per_manad"])
        flats = [replace(flat, lag=rent, hog=rent) for flat in flats]
    if "manader_mellan_inflyttningar" in change:
        pace = change["manader_mellan_inflyttningar"]
        flats = [replace(flat, inflyttning=months_on(plan.oppnar, pace * n)) for n, flat in enumerate(flats)]
    if "kanda_nivaer" in change:
        named = [niva for niva, antal in change["kanda_nivaer"].items() for _ in range(antal)]
        named += [""] * (len(flats) - len(named))
        flats = [replace(flat, niva=niva) for flat, niva in zip(flats, named, strict=True)]
    staff = change.get("arsarbetare", plan.arsarbetare)
    return replace(plan, flats=tuple(flats), arsarbetare=float(staff))


def days_of(ar: int) -> Iterator[date]:
    """Every day of a year."""
    first = date(ar, 1, 1)
    while first.year == ar:
        yield first
        first += timedelta(days=1)


@dataclass(frozen=True)
class World:
    """A unit's files, the year and the changes of a scenario, in order."""

    data: Path
    enhet: str
    ar: int
    changes: tuple[dict[str, Any], ...] = ()
    seen: dict = field(default_factory=dict, compare=False)

    @cached_property
    def days(self) -> list[date]:
        return [*days_of(self.ar)]

    def mine(self, change: dict[str, Any]) -> bool:
        return change.get("enhet", self.enhet) == self.enhet

    def rule(self, key: str, when: date) -> Any:
        """What holds on a day: the last change of the rule that reaches it, else the printed value."""
        if (key, when) not in self.seen:
            set_ = [one for one in self.changes if one["typ"] == "regel" and one["regel"] == key and self.mine(one)]
            held = [one["varde"] for one in set_ if day(one["fran"]) <= when <= (day(one.get("till")) or when)]
            printed = (rule(file, key, when) for file in FILES)
            self.seen[key, when] = held[-1] if held else next((its for its in printed if its is not None), None)
        return self.seen[key, when]

    def price(self, plan: Plan, niva: str, when: date, regi: str = "") -> float:
        """What the board is given a day for a level (with `regi`: what a provider of it is paid); NaN without a price.

        An uprating multiplies what the price is at that place in the list of changes.
        """
        kinds = ("ersattning",) if regi else ("tilldelning", "ersattning")
        regi = regi or plan.regi
        year = self.rule("lss_peng.prislista_ar", when) or when.year
        for kind in kinds:
            kr = prices().get((str(year), kind, plan.insats, regi, niva))
            kr = self._changed(kr, f"lss_peng.{kind}.{plan.insats}.{regi}.{niva}", (plan.insats, niva, regi), when)
            if kr is not None:
                return kr
        return nan

    def _changed(self, kr: float | None, key: str, cell: tuple[str, str, str], when: date) -> float | None:
        for change in filter(self.mine, self.changes):
            if date.fromisoformat(change.get("fran", "9999-12-31")) > when:
                continue
            if change["typ"] == "regel" and change["regel"] == key and when <= (day(change.get("till")) or when):
                kr = float(change["varde"])
            named = [str(change[name]) if name in change else None for name in ("insats", "niva", "regi")]
            if (
                change.get("prislista")
                and kr is not None
                and all(its in (None, part) for its, part in zip(named, cell, strict=True))
            ):
                kr *= 1 + change["procent"] / 100
        return kr

    def levels(self, plan: Plan) -> list[str]:
        """The levels with a price on the year's last day."""
        return [
            n for n in map(str, range(1, 9)) if self.price(plan, n, self.days[-1]) == self.price(plan, n, self.days[-1])
        ]

    def measured(self, changed: bool = True) -> list[date]:
        """The year's two days of measurement."""
        world = self if changed else replace(self, changes=(), seen={})
        told = world.rule("lss_peng.matdatum", date(self.ar, 1, 1))
        return [date.fromisoformat(f"{self.ar}-{told[name]}") for name in ("matning_1", "matning_2")]

    def weights(self, when: date) -> tuple[float, float]:
        """How much each measurement counts for a day."""
        start = date(self.ar, 1, 1)
        how, stated = (self.rule(f"lss_peng.{name}", start) for name in ("matregel", "matvikter"))
        if how == "vikter":
            return stated["matning_1"], stated["matning_2"]
        return (1.0, 0.0) if how == "halvar" and when.month < 7 else (0.0, 1.0)

    def own(self, plan: Plan) -> dict[str, int]:
        """The unit's own persons by level on the year's last measurement, as the rules have it without a scenario."""
        when, levels = self.measured(changed=False)[1], self.levels(plan)
        found: dict[str, int] = {}
        path = self.data / "beslut.csv"
        for row in read(path) if path.is_file() else ():
            runs = date.fromisoformat(row["fran"]) <= when <= (day(row["till"]) or when)
            kind = (row["enhet"], row["insats"], row["regi"]) == (self.enhet, plan.insats, plan.regi)
            if runs and kind and row["niva"] in levels:
                found[row["niva"]] = found.get(row["niva"], 0) + 1
        return found

    def under(self, plan: Plan) -> Plan:
        """The home as the scenario opens it."""
        for change in self.changes:
            if change["typ"] == "nytt_boende" and self.mine(change) and change["boende"] == plan.boende:
                plan = opened(plan, change)
        return plan
