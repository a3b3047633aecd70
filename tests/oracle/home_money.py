"""What a new home costs and gives, counted day by day: each flow by month, the full year and what levels may give."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb, factorial, inf, isnan, nan, prod
from typing import Any

from oracle.home_plan import Flat, Plan, World, months_on

RENTS = ("lag", "mid", "hog")
FAMILIES = ("stockholm", "tak", "minimibelopp")
PLUS_CHILDREN = ("vuxna_1_2", "plus_1_barn", "plus_2_barn")


def inside(bands: list[dict[str, float]], amount: float, unit: float = 1.0) -> float:
    """Sum over bands of the band's share of what lies inside it."""
    found, below = 0.0, 0.0
    for band in bands:
        upper = band.get("till", inf) * unit
        found += band["andel"] * positive((upper if amount > upper else amount) - below)
        below = upper
    return found


def guaranteed(world: World, when: date) -> float | None:
    """Garantinivå a person and year, at the age that the rules say."""
    steps, age = (world.rule(f"garantiniva.{name}", when) for name in ("hel_ersattning", "rapportens_alder"))
    base = world.rule("prisbasbelopp", when)
    reached = {step["fran_alder"]: step["prisbasbelopp"] for step in steps or [] if step["fran_alder"] <= age}
    return reached[max(reached)] * base if reached and base is not None else None


def allowance(world: World, rent: float, adults: int, when: date) -> float | None:
    """State bostadstillägg of a household before what is deducted for income, kr/månad."""
    bands = world.rule(f"bostadstillagg.band.{'ogift' if adults == 1 else 'gift'}", when)
    return None if bands is None else adults * inside(bands, rent / adults)


def _stockholm(world: World, rent: float, flat: Flat, when: date) -> float | None:
    start = "kbh.stockholm.genomsnittshyra."
    average = world.rule(start + PLUS_CHILDREN[min(flat.barn, 2)], when)
    more = world.rule(f"{start}varje_barn_utover_2", when) if flat.barn > 2 else 0
    share = world.rule("kbh.stockholm.andel", when)
    return None if None in (average, more, share) else share * positive(rent - average - max(0, flat.barn - 2) * more)


def _tak(world: World, rent: float, flat: Flat, when: date) -> float | None:
    ceiling = world.rule("kbh.tak.hogsta_hyra", when)
    return None if ceiling is None else positive(rent - ceiling)


def _minimibelopp(world: World, rent: float, flat: Flat, when: date) -> float | None:
    adults = flat.vuxna
    least = world.rule(f"minimibelopp.under_65.{'ensam' if adults == 1 else 'par'}", when)
    smallest, wealth = (world.rule(f"kbh.minimibelopp.{key}", when) for key in ("minsta_utbetalning", "kapitalgrans"))
    each, given = guaranteed(world, when), allowance(world, rent, adults, when)
    if flat.barn or None in (least, smallest, wealth, each, given):
        return None
    income = each * adults if isnan(flat.inkomst) else flat.inkomst
    steps, base = world.rule("bostadstillagg.inkomstavdrag", when), world.rule("prisbasbelopp", when)
    deducted = adults * inside(steps, max(0.0, income / adults - each), base) / 12
    lacking = least * adults - (income / 12 + positive(given - deducted) - rent)
    return 0.0 if lacking < smallest else lacking


def positive(kr: float) -> float:
    """Never below 0; what is not known stays so."""
    return kr if isnan(kr) or kr > 0 else 0.0


RULES = {"stockholm": _stockholm, "tak": _tak, "minimibelopp": _minimibelopp}


class Money:
    """A home's money in the world's year; `family` asks for KBH under one family of rules."""

    def __init__(self, world: World, plan: Plan, family: str = ""):
        self.world, self.plan, self.family = world, plan, family
        self._expected: dict[tuple[str, date], float] = {}

    def kbh(self, when: date, which: str) -> list[float]:
        """KBH a month of each flat by the rules of a day; unknown for all where it is for one household."""
        name = self.family or self.world.rule("kbh.familj", when)
        key = (name, which, self.plan.flats, when)
        if key not in self.world.seen:
            found = [RULES[name](self.world, getattr(flat, which), flat, when) for flat in self.plan.flats]
            self.world.seen[key] = [nan] * len(found) if None in found else found
        return self.world.seen[key]

    def kbh_of(self, rents: list[float]) -> list[float]:
        """KBH a month of the flats at other rents, by the rules of the full year."""
        name = self.family or self.world.rule("kbh.familj", self.last_known)
        of = zip(rents, self.plan.flats, strict=True)
        found = [RULES[name](self.world, kr, flat, self.last_known) for kr, flat in of]
        return [nan] * len(found) if None in found else found

    @cached_property
    def measured_days(self) -> list[tuple[date, float]]:
        """Each measurement, and how many days of the year it pays for."""
        weights = [sum(self.world.weights(day)[place] for day in self.world.days) for place in (0, 1)]
        return [*zip(self.world.measured(), weights, strict=True)]

    def known(self, when: date) -> bool:
        """Whether the rules of a day say what KBH is."""
        name = self.family or self.world.rule("kbh.familj", when)
        return None not in [RULES[name](self.world, 0.0, flat, when) for flat in self.plan.flats]

    @cached_property
    def last_known(self) -> date:
        """The last day of the year whose rules say what KBH is; its last where none does."""
        return next((day for day in reversed(self.world.days) if self.known(day)), self.world.days[-1])

    @cached_property
    def months(self) -> dict[str, dict[str, float]]:
        """Kronor by month and flow; an amount that is not due is 0, also where it is not known."""
        found: dict[str, dict[str, float]] = {}
        for when in self.world.days:
            of_month = found.setdefault(f"{when:%Y-%m}", defaultdict(float))
            for name, kr in self._day(when).items():
                of_month[name] += kr
        return found

    def _day(self, when: date) -> dict[str, float]:
        plan, part = self.plan, 1 / monthrange(when.year, when.month)[1]
        is_open, let = when >= plan.oppnar, [flat.inflyttning <= when for flat in plan.flats]
        flats = [*zip(plan.flats, let, strict=True)]
        found = {}
        for which in RENTS:  # an unknown rent leaves sums over the flats unknown, let or not: unknown * 0 is unknown
            found[f"hyra_{which}"] = sum(getattr(flat, which) for flat in plan.flats) * is_open * part
            found[f"uthyrd_{which}"] = sum(getattr(flat, which) * its for flat, its in flats) * part
        found["uthyrd"] = found["uthyrd_mid"]
        found["tom"] = sum(flat.mid * (is_open and not its) for flat, its in flats) * part
        for which in RENTS if any(let) else ():
            each = self.kbh(when, which)
            found[f"kbh_{which}"] = sum(kr for kr, its in zip(each, let, strict=True) if its) * part
        found["personal"] = plan.personal * part if when >= (plan.personal_fran or plan.oppnar) else 0.0
        found["lokalhyra"] = plan.lokalhyra * part if when >= (plan.tilltrade or plan.oppnar) else 0.0
        found["start"] = plan.start if when == plan.first_day else 0.0
        found["peng"] = self._measured(when)
        costs = found["personal"] + found["lokalhyra"] + found["start"] + (found["tom"] if plan.pays_for_empty else 0)
        found["resultat"] = found["peng"] + found["uthyrd"] - costs
        early = when < plan.oppnar
        return found | {f"fore_{name}": found[name] if early else 0.0 for name in ("personal", "lokalhyra")}

    def _measured(self, when: date) -> float:
        """Peng of a day: those who had moved in by each measurement, by its weight."""
        total = 0.0
        for weight, measured in zip(self.world.weights(when), self.world.measured(), strict=True):
            there = [flat for flat in self.plan.flats if flat.inflyttning <= measured]
            total += weight * sum(self.expected(flat.niva, when) for flat in there) if weight else 0.0
        return total

    @cached_property
    def levels(self) -> list[str]:
        return self.world.levels(self.plan)

    @cached_property
    def own(self) -> dict[str, int]:
        return self.world.own(self.plan)

    def expected(self, niva: str, when: date) -> float:
        """kr/dygn of a resident: of the known level, else the mean over the unit's own persons."""
        if (niva, when) not in self._expected:
            self._expected[niva, when] = self._mean(niva, when)
        return self._expected[niva, when]

    def _mean(self, niva: str, when: date) -> float:
        if niva:
            return self.world.price(self.plan, niva, when)
        persons = sum(self.own.values())
        kr = sum(n * self.world.price(self.plan, level, when) for level, n in self.own.items())
        return kr / persons if persons else nan

    def ar(self, name: str) -> float:
        """A flow's kronor of the year."""
        return sum(month[name] for month in self.months.values())

    @property
    def days(self) -> int:
        return len(self.world.days)

    @cached_property
    def prices(self) -> list[float]:
        """kr/dygn by level on the last day of the year."""
        return [self.world.price(self.plan, niva, self.world.days[-1]) for niva in self.levels]

    @cached_property
    def named(self) -> list[str]:
        """The levels of the residents who are known."""
        return [flat.niva for flat in self.plan.flats if flat.niva]

    def peng(self, named: list[str] | None = None) -> dict[str, float]:
        """Peng of a full year when all places are taken: lowest, highest, expected; and how many mixes there are."""
        named = self.named if named is None else named
        free, last = self.plan.platser - len(named), self.world.days[-1]
        if not self.levels:
            return {"antal": nan, "lagst": nan, "hogst": nan, "vantad": nan}
        known = sum(self.expected(niva, last) for niva in named)
        ends = {"lagst": known + free * min(self.prices), "hogst": known + free * max(self.prices)}
        ends["vantad"] = known + (free * self.expected("", last) if free else 0.0)
        mixes = comb(free + len(self.levels) - 1, free)
        return {"antal": mixes, **{name: kr * self.days for name, kr in ends.items()}}

    def percentile(self, percent: int) -> float | None:
        """What so many in a hundred outcomes of the free places are at most, kr of a full year, by listing them all."""
        free, last = self.plan.platser - len(self.named), self.world.days[-1]
        if not self.levels or (free and not self.own):
            return None
        known, persons = sum(self.expected(niva, last) for niva in self.named), sum(self.own.values())
        price = {niva: self.world.price(self.plan, niva, last) for niva in self.own}
        outcomes: dict[float, float] = defaultdict(float)
        for mix in combinations_with_replacement(sorted(self.own), free):
            orders = factorial(free) / prod(factorial(mix.count(niva)) for niva in set(mix))
            chance = orders * prod(self.own[niva] / persons for niva in mix)
            outcomes[round(sum(price[niva] for niva in mix), 6)] += chance
        below = 0.0
        for kr in sorted(outcomes):
            below += outcomes[kr]
            if below >= percent / 100 - 1e-9:
                break
        return (known + kr) * self.days

    @cached_property
    def full(self) -> dict[str, float]:
        """Twelve months with every flat let, by flow."""
        plan = self.plan
        found = {f"hyra_{which}": 12 * sum(getattr(flat, which) for flat in plan.flats) for which in RENTS}
        found |= {f"kbh_{which}": 12 * sum(self.kbh(self.last_known, which)) for which in RENTS}
        found |= {"personal": 12 * plan.personal, "lokalhyra": 12 * plan.lokalhyra, "peng": self.peng()["vantad"]}
        found["resultat"] = found["peng"] + found["hyra_mid"] - found["personal"] - found["lokalhyra"]
        return found

    @property
    def own_cost(self) -> float:
        """kr per place and day."""
        return (self.full["personal"] + self.full["lokalhyra"]) / self.plan.platser / self.days

    @property
    def net_cost(self) -> float:
        """What peng must cover, kr per place and day."""
        return self.own_cost - self.full["hyra_mid"] / self.plan.platser / self.days

    @property
    def before_opening(self) -> float:
        return self.ar("fore_personal") + self.ar("fore_lokalhyra") + self.ar("start")

    @property
    def first_measured(self) -> date | None:
        """The measurement that first counts somebody, of last year, this or the next."""
        days = [months_on(day, months) for months in (-12, 0, 12) for day in self.world.measured()]
        return next((day for day in days if any(flat.inflyttning <= day for flat in self.plan.flats)), None)

    @property
    def worth(self) -> tuple[float, float]:
        """What the residents' days of the year are worth at the lowest and at the highest level."""
        if not self.levels:
            return nan, nan
        last, ends = self.world.days[-1], []
        for other in (min(self.prices), max(self.prices)):
            each = [self.expected(flat.niva, last) if flat.niva else other for flat in self.plan.flats]
            let = [sum(flat.inflyttning <= day for day in self.world.days) for flat in self.plan.flats]
            ends.append(sum(kr * days for kr, days in zip(each, let, strict=True)))
        return ends[0], ends[1]

    def in_force(self, day: date | None) -> bool:
        """Whether what starts on a day, or the opening, has started by 31 December."""
        return (day or self.plan.oppnar) <= self.world.days[-1]

    @cached_property
    def effects(self) -> dict[str, tuple[list[float], float]]:
        """What the home does to the unit's budget: kronor by month and of a full year, by effect."""
        plan, full, is_open = self.plan, self.full, self.in_force(None)
        flows = {"kbh": ("kbh_mid", full["kbh_mid"] * is_open), "hyresintakt": ("uthyrd", full["hyra_mid"] * is_open)}
        flows["personal"] = ("personal", full["personal"] * self.in_force(plan.personal_fran))
        flows["lss_peng"] = ("peng", full["peng"] * is_open)
        if plan.pays_for_empty:
            flows["tomgangshyra"] = ("tom", 0.0)
        if plan.lokalhyra != 0:
            flows["lokalhyra"] = ("lokalhyra", full["lokalhyra"] * self.in_force(plan.tilltrade))
        flows["startkostnad"] = ("start", 0.0)
        return {name: ([month[flow] for month in self.months.values()], kr) for name, (flow, kr) in flows.items()}

    def next_year(self) -> "Money":
        """The same home in the year after, by the same prices and rules: for what neither moves."""
        return Money(replace(self.world, ar=self.world.ar + 1, seen={}), self.plan, self.family)


def key_figures(money: Money) -> dict[str, float]:
    """Every key figure; NaN where one is not known."""
    full, peng = money.full, money.peng()
    found: dict[str, Any] = {f"hyra_{span}_{end}_kr": nan for span in ("ar", "helar") for end in ("lag", "hog")}
    for end in ("lag", "hog"):
        found |= {f"hyra_ar_{end}_kr": money.ar(f"hyra_{end}"), f"hyra_helar_{end}_kr": full[f"hyra_{end}"]}
        found |= {f"kbh_ar_{end}_kr": money.ar(f"kbh_{end}"), f"kbh_helar_{end}_kr": full[f"kbh_{end}"]}
    return found | {
        "tomgangshyra_ar_kr": money.ar("tom"),
        "kostnad_fore_oppning_kr": money.before_opening,
        "antal_nivafordelningar": peng["antal"],
        "peng_lagst_kr": peng["lagst"],
        "peng_hogst_kr": peng["hogst"],
        "peng_forvantad_kr": peng["vantad"],
        "sjalvkostnad_kr_per_plats_och_dygn": money.own_cost,
        "nettokostnad_kr_per_plats_och_dygn": money.net_cost,
        "resultat_ar_kr": money.ar("resultat"),
        "resultat_helar_kr": full["resultat"],
    }


def facts(money: Money) -> dict[str, float]:
    """What only sentences say."""
    flats, peng, full = money.plan.flats, money.peng(), money.full
    own = full["hyra_mid"] - full["personal"] - full["lokalhyra"]
    low, high = (money.percentile(percent) or nan for percent in (10, 90))
    return {
        "hyra_lagst_kr": min(flat.lag for flat in flats),
        "hyra_hogst_kr": max(flat.hog for flat in flats),
        "hyror_ar_kr": money.ar("hyra_mid"),
        "grupp_antal": sum(money.own.values()) or nan,
        "helar_lagst_kr": peng["lagst"] + own,
        "helar_hogst_kr": peng["hogst"] + own,
        "dygn_lagst_kr": money.worth[0],
        "dygn_hogst_kr": money.worth[1],
        "peng_lag_kr": low,
        "peng_hog_kr": high,
        "resultat_helar_lag_kr": low + own,
        "resultat_helar_hog_kr": high + own,
    }
