"""A home's money by span of a year: rents, KBH, staff, premises and peng, each flow for itself.

A year is cut into spans: its months, cut once more where a rule changes inside one. Flows are arrays by span; the full
year is twelve months with every flat let, at the values in force at the year's end. KBH is never netted against rent.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from planbok.base.periods import Span, last_day
from planbok.topics.group_home.families import Terms
from planbok.topics.group_home.homes import Home, later
from planbok.topics.group_home.levels import Spread, around, spread

RENT_LEVELS = ("lag", "mid", "hog")


@dataclass(frozen=True, eq=False)
class Conditions:
    """What the rules and the unit's own decisions say of a year."""

    ar: int
    spans: list[Span]
    terms: tuple[Terms, ...]  # of KBH, by span
    terms_full: Terms  # at the last month of the year that has values
    levels: tuple[str, ...]
    peng: np.ndarray  # kr/dygn, (level, span), NaN where the list has no price
    shares: np.ndarray | None  # the unit's own distribution over the levels
    matdagar: tuple[date, date]
    matvikter: tuple[np.ndarray, np.ndarray]  # how much each measurement counts, by span
    _found: dict[tuple, np.ndarray] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def days(self) -> int:
        """Days of the calendar year."""
        return sum(span.days for span in self.spans)

    @cached_property
    def starts(self) -> np.ndarray:
        """The first day of each span."""
        return np.array([span.start for span in self.spans], dtype="datetime64[D]")

    @cached_property
    def ends(self) -> np.ndarray:
        """The last day of each span."""
        return np.array([span.end for span in self.spans], dtype="datetime64[D]")

    @cached_property
    def lengths(self) -> np.ndarray:
        """Days of each span."""
        return np.array([span.days for span in self.spans])

    @cached_property
    def month_shares(self) -> np.ndarray:
        """The part of its month that each span is."""
        return np.array([span.share for span in self.spans])

    def kbh(self, hyra: np.ndarray) -> np.ndarray:
        """KBH a month of flats with these rents, kr, (flat, span)."""

        def work() -> np.ndarray:
            by_terms = {at: one.kbh(hyra) for at, one in {id(one): one for one in self.terms}.items()}
            return np.column_stack([by_terms[id(one)] for one in self.terms])

        return self._once(("kbh", hyra.tobytes()), work)

    def let(self, moved: np.ndarray) -> np.ndarray:
        """The part of each month that flats are let, by the day of moving in, (flat, span); part months by days."""

        def work() -> np.ndarray:
            days = np.clip(self.lengths - np.maximum(0, (moved[:, None] - self.starts).astype(int)), 0, None)
            return days / self.lengths * self.month_shares

        return self._once(("let", moved.tobytes()), work)

    def part(self, fran: date, till: date | None = None) -> np.ndarray:
        """The part of each month from a day on, by span."""

        def work() -> np.ndarray:
            last = self.ends if till is None else np.minimum(self.ends, np.datetime64(till))
            days = (last - np.maximum(self.starts, np.datetime64(fran))).astype(int) + 1
            return np.maximum(0, days) / self.lengths * self.month_shares

        return self._once((fran, till), work)

    def _once(self, what: tuple, work: Callable[[], np.ndarray]) -> np.ndarray:
        """What is worked out once for the same rents or days: the dials try each of them with all others."""
        if what not in self._found:
            self._found[what] = work()
        return self._found[what]

    @property
    def peng_full(self) -> np.ndarray:
        """kr/dygn by level on 31 December."""
        return self.peng[:, -1]


@dataclass(frozen=True, eq=False)
class Year:
    """A home's flows in a year, by span, and its full year."""

    home: Home
    conditions: Conditions

    @cached_property
    def open_share(self) -> np.ndarray:
        """The part of each month that the home is open, by span."""
        return self.conditions.part(self.home.oppnar)

    @cached_property
    def let(self) -> np.ndarray:
        """The part of each month that each flat is let, (flat, span)."""
        return self.conditions.let(self.home.flats.inflyttning)

    def rent(self, which: str) -> np.ndarray:
        """Rent of all flats since the home opened, let or not, kr by span.

        hyra = sum over flats of hyra_kr_per_manad * the part of the month that the home is open
        """
        return getattr(self.home.flats, which).sum() * self.open_share

    def let_rent(self, which: str) -> np.ndarray:
        """Rent of let flats, kr by span: tenant to unit."""
        return getattr(self.home.flats, which) @ self.let

    @cached_property
    def empty_rent(self) -> np.ndarray:
        """Rent of flats that are open and not let, at their mean rent, kr by span."""
        return self.home.flats.mid @ np.maximum(0.0, self.open_share - self.let)

    def kbh(self, which: str) -> np.ndarray:
        """KBH of let flats from the day of moving in, kr by span; NaN in spans whose rules have no value."""
        each = self.conditions.kbh(getattr(self.home.flats, which))
        return np.where(self.let > 0, each * self.let, 0.0).sum(axis=0)

    def kbh_per_flat(self, which: str) -> np.ndarray:
        """KBH of each flat at the full year's values, kr/månad."""
        return self.conditions.terms_full.kbh(getattr(self.home.flats, which))

    @cached_property
    def premises(self) -> np.ndarray:
        """Rent to the landlord from the day of access, or the opening, kr by span."""
        return _due(self.home.lokalhyra_kr, self.conditions.part(self.home.tilltrade or self.home.oppnar))

    @cached_property
    def staff(self) -> np.ndarray:
        """Staff from their first day, or the opening, kr by span."""
        return _due(self.home.personal_kr, self.conditions.part(self.home.personal_fran or self.home.oppnar))

    @cached_property
    def start_cost(self) -> np.ndarray:
        """The start cost, in the span of the plan's earliest stated day; kr by span, NaN there if it is not known."""
        cond, day = self.conditions, np.datetime64(self.home.first_day)
        return np.where((cond.starts <= day) & (day <= cond.ends), self.home.startkostnad_kr, 0.0)

    @cached_property
    def before(self) -> dict[str, float]:
        """Cost in the year before the home opens, kr by part: premises and staff to the day before, and the start cost.

        NaN where a part is due in the year and its amount is not known.
        """
        home, last = self.home, self.home.oppnar - timedelta(days=1)
        due = {"lokalhyra": (home.tilltrade, home.lokalhyra_kr), "personal": (home.personal_fran, home.personal_kr)}
        found = {
            name: float(_due(kr, self.conditions.part(day or home.oppnar, last)).sum())
            for name, (day, kr) in due.items()
        }
        return {**found, "startkostnad": float(self.start_cost.sum())}

    @property
    def before_opening(self) -> float:
        """Cost in the year before the home opens, kr; NaN where a part of it is not known."""
        return float(sum(self.before.values()))

    @cached_property
    def spread(self) -> Spread:
        """Peng a day when all places are taken, at the prices of 31 December."""
        return spread(self.conditions.peng_full, self.conditions.shares, self.known_levels())

    def known_levels(self) -> np.ndarray:
        """Residents known by level, and last the places whose resident is not known."""
        number = [sum(niva == level for niva in self.home.flats.niva) for level in self.conditions.levels]
        return np.array([*number, self.home.platser - sum(number)])

    @cached_property
    def peng(self) -> np.ndarray:
        """What the home gives in the year's final budget, kr by span: each measurement's residents times its weight.

        peng = days of the span * sum over flats moved in by the measurement of the flat's expected price
        """
        first, second = (self._measured(day) for day in self.conditions.matdagar)
        weights = self.conditions.matvikter
        parts = [np.where(w > 0, w * kr, 0.0) for w, kr in zip(weights, (first, second), strict=True)]
        return sum(parts) * self.conditions.lengths

    def _measured(self, day: date) -> np.ndarray:
        """Peng a day of those who have moved in by a measurement, kr/dygn by span; 0 where nobody has."""
        there = self.home.flats.inflyttning <= np.datetime64(day)
        if not there.any():
            return np.zeros(len(self.conditions.spans))
        return self._expected(there)

    def _expected(self, there: np.ndarray) -> np.ndarray:
        """The expected price a day of some flats' residents, kr/dygn by span."""
        levels, peng = self.conditions.levels, self.conditions.peng
        niva = [niva for niva, inside in zip(self.home.flats.niva, there, strict=True) if inside]
        known = np.array([sum(n == level for n in niva) for level in levels])
        free = len(niva) - known.sum()
        kr = np.where(known[:, None] > 0, known[:, None] * peng, 0.0).sum(axis=0)
        if not free:
            return kr
        if self.conditions.shares is None:
            return np.full(len(self.conditions.spans), np.nan)
        shares = self.conditions.shares[:, None]
        return kr + free * np.where(shares > 0, shares * peng, 0.0).sum(axis=0)

    @cached_property
    def full(self) -> dict[str, float]:
        """Twelve months with every flat let, kr, by flow."""
        home, flats = self.home, self.home.flats
        peng = self.spread.forvantad * self.conditions.days
        rents = {f"hyra_{which}": float(getattr(flats, which).sum() * 12) for which in RENT_LEVELS}
        kbh = {f"kbh_{which}": float(self.kbh_per_flat(which).sum() * 12) for which in RENT_LEVELS}
        found = {"personal": 12 * home.personal_kr, "lokalhyra": 12 * home.lokalhyra_kr, "peng": peng}
        return {**rents, **kbh, **found}

    @property
    def result_full_year(self) -> float:
        """The home's result over a full year, kr, KBH apart.

        resultat = expected peng + 12 months of mean rents - staff - 12 months of premises
        """
        full = self.full
        return full["peng"] + full["hyra_mid"] - full["personal"] - full["lokalhyra"]

    @cached_property
    def result(self) -> np.ndarray:
        """The result in the year, kr by span, KBH apart.

        resultat = peng of the year's budget + let rents - staff - premises - start cost, and - empty rents where the
        unit pays no rent of its own, which would hold them already
        """
        vacant = self.empty_rent if self.home.rents_are_paid_by_tenants_only else 0.0
        return self.peng + self.let_rent("mid") - self.staff - self.premises - vacant - self.start_cost

    @property
    def cost_per_place_and_day(self) -> float:
        """Own cost, kr per place and day of the calendar year: staff and premises.

        (arsarbetare * kr_per_arsarbetare + 12 * lokalhyra) / platser / days
        """
        yearly = self.full["personal"] + self.full["lokalhyra"]
        return yearly / self.home.platser / self.conditions.days

    @property
    def net_per_place_and_day(self) -> float:
        """What peng must cover, kr per place and day of the calendar year: own cost less the residents' rents.

        (arsarbetare * kr_per_arsarbetare + 12 * lokalhyra - 12 * mean rents) / platser / days
        """
        return self.cost_per_place_and_day - self.full["hyra_mid"] / self.home.platser / self.conditions.days

    @property
    def levels_around(self) -> tuple[str, str]:
        """The levels whose peng is just below and just above the net cost per place and day."""
        if np.isnan(self.net_per_place_and_day):
            return "", ""
        return around(self.net_per_place_and_day, self.conditions.levels, self.conditions.peng_full)

    @cached_property
    def resident_days(self) -> np.ndarray:
        """Days of the year that residents live in the home, by known level and last those whose level is not known."""
        starts = np.datetime64(self.conditions.spans[0].start), np.datetime64(last_day(self.conditions.ar))
        days = np.clip((starts[1] - np.maximum(self.home.flats.inflyttning, starts[0])).astype(int) + 1, 0, None)
        return self._by_level(days)

    @cached_property
    def measured_days(self) -> np.ndarray:
        """Days that the year's budget pays for, by known level and last those whose level is not known."""
        length, moved = self.conditions.lengths, self.home.flats.inflyttning
        paid = [
            (moved <= np.datetime64(day)) * float(weight @ length)
            for day, weight in zip(self.conditions.matdagar, self.conditions.matvikter, strict=True)
        ]
        return self._by_level(np.sum(paid, axis=0))

    def _by_level(self, days: np.ndarray) -> np.ndarray:
        niva = np.array(self.home.flats.niva)
        known = [days[niva == level].sum() for level in self.conditions.levels]
        return np.array([*known, days.sum() - sum(known)], float)

    @property
    def year_worth(self) -> tuple[float, float]:
        """What the days of this year are worth at the lowest and at the highest level, kr, measured or not."""
        days, prices = self.resident_days, self.conditions.peng_full
        if not len(prices):
            return np.nan, np.nan
        known = float(days[:-1] @ prices)
        return known + days[-1] * float(prices.min()), known + days[-1] * float(prices.max())

    @property
    def first_measured(self) -> date | None:
        """The measurement that first counts somebody, from last year's to next year's; None where none of them does."""
        first = self.home.flats.inflyttning.min().item()
        days = (later(day, months) for months in (-12, 0, 12) for day in self.conditions.matdagar)
        return next((day for day in days if first <= day), None)

    def in_force(self, day: date | None) -> bool:
        """Whether what starts on a day (or the opening) is in force on 31 December."""
        return (day or self.home.oppnar) <= last_day(self.conditions.ar)


def _due(kr: float, share: np.ndarray) -> np.ndarray:
    """An amount a month by span; an unknown amount that is not due in a span is 0 there."""
    return np.where(share > 0, kr * share, 0.0)
