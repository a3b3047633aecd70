"""Whom a home's figures tell of: the residents of its flats, those whose levels are known, and the unit's own persons.

A flat's rent, KBH and day of moving in are its resident's. A resident whose level isn't known, whom the opening
invents, has no level to tell; the unit's own persons in such homes stand behind the expected one.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.case.result import KeyFigure, People, Priced, key_figure
from planbok.topics.group_home.families import FAMILIES, Terms
from planbok.topics.group_home.homes import Flats
from planbok.topics.group_home.model import RENT_LEVELS, Year
from planbok.topics.group_home.study import Study

FLATS, MOVES, LOWEST, HIGHEST = "lägenheter", "inflyttade samma dag", "lägenheter med lägsta hyran", "med högsta hyran"
KNOWN, OWN, GROUP, ONE = "kända nivåer", "enhetens egna", "enhetens grupp", "en person"
SPREAD = "enhetens spridning"
SMALL_HOME, MEASURED = "minsta_boende", "minsta_matning"
COARSE_KR, COARSE_KR_PER_DYGN = 100_000.0, 100.0  # what results, and costs a day, are shown to of few flats
Tells = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """Whom an amount tells of, and what of it is persons times public prices."""

    tells: Tells = ()
    priced: tuple[Priced, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told(tuple(dict.fromkeys((*self.tells, *other.tells))), (*self.priced, *other.priced))

    def beside(self, kr: float) -> tuple[Priced, ...]:
        """The prices' part of an amount, with what else is in it apart."""
        apart = kr - sum(float(np.nansum(one.antal * one.pris)) for one in self.priced)
        return self.apart(0.0 if np.isnan(apart) else apart)

    def apart(self, kr: float) -> tuple[Priced, ...]:
        """The persons times prices, with kronor known to all in the amount beside them."""
        return tuple(replace(one, apart=kr) for one in self.priced)

    def figure(self, key: str, kr: float, label: str = "", why: str = "okänt", **more: float | None) -> KeyFigure:
        """A key figure of the amount; `more` is KeyFigure's own `rounds`."""
        return key_figure(key, kr, label, why, tells=self.tells, priced=self.beside(kr), **more)


NOBODY = Told()


class Persons:
    """The persons of a study's home under its scenario and its comparison, as the result declares them."""

    def __init__(self, study: Study):
        self.study, self.year = study, study.year
        self.years: tuple[Year, ...] = (study.year, study.versus)

    def people(self) -> dict[str, People]:
        """The people of the result, by name."""
        flats = self.year.home.flats
        found = {
            FLATS: People.one(len(flats)),
            MOVES: People.one(min(_together(year) for year in self.years)),
            LOWEST: People.one(int((flats.lag == np.nanmin(flats.lag)).sum()) if _any(flats.lag) else 0),
            HIGHEST: People.one(int((flats.hog == np.nanmax(flats.hog)).sum()) if _any(flats.hog) else 0),
            KNOWN: People.one(max(year.home.known for year in self.years), SMALL_HOME),
            OWN: People.one(self.study.group, SMALL_HOME),
            GROUP: People.one(self.study.group),
            SPREAD: People.one(self.study.group, MEASURED),
            ONE: People.one(1),
        }
        return found | {_kbh(name): paid(self.study.families[name][-1], self.year.home.flats) for name in FAMILIES}

    lowest, highest, group = Told(((LOWEST, ""),)), Told(((HIGHEST, ""),)), Told(((GROUP, ""),))
    spread = Told(((SPREAD, ""),))  # ends of a range: each is one more equation about the levels of the unit's own
    one = Told(((ONE, ""),))  # what would tell of a single person: for working papers only

    @property
    def flats(self) -> Told:
        """Sums over all flats."""
        return Told(((FLATS, ""),))

    @property
    def let(self) -> Told:
        """What follows the days on which flats are let."""
        return Told(((FLATS, ""), (MOVES, "")))

    def kbh_of(self, *familjer: str) -> Told:
        """Flats with KBH under some rule families."""
        return Told(tuple((_kbh(name), "med") for name in dict.fromkeys(familjer)))

    @cached_property
    def kbh_full(self) -> Told:
        """What KBH of a full year tells of: all flats, under the families in force at the year's end."""
        return self.flats + self.kbh_of(*(year.conditions.terms_full.familj for year in self.years))

    @cached_property
    def kbh(self) -> Told:
        """What the year's KBH tells of: when flats are let, under the families in force during the year."""
        return self.let + self.kbh_of(*(terms.familj for year in self.years for terms in year.conditions.terms))

    @cached_property
    def ends(self) -> Told:
        """Peng of a full year at the lowest and highest levels: that of those who are known."""
        return known_peng(self.year, self.year.known_levels()[:-1] * self.year.conditions.days)

    @cached_property
    def peng_full(self) -> Told:
        return peng_of_full_year(self.year, self.study.group)

    @cached_property
    def peng(self) -> Told:
        """Peng of the year's budget, which tells also of who had moved in."""
        return peng_of_year(self.year, self.study.group) + (self.let if self.year.measured_days.any() else NOBODY)

    def peng_before(self, span: str) -> Told:
        """Peng of the comparison: of the year's budget (`kr_ram`) or of a full year."""
        year, group = self.study.versus, self.study.group
        if span == "kr_ram":
            return peng_of_year(year, group) + (self.let if year.measured_days.any() else NOBODY)
        return peng_of_full_year(year, group)


def by_effect(year: Year, group: int) -> dict[str, tuple[tuple[tuple[People, str], ...], tuple[Priced, ...]]]:
    """Whom each of a home's effects on the budget tells of, and what of it is persons times public prices."""
    flats = year.home.flats
    let = ((People.one(len(flats)), ""), (People.one(_together(year)), ""))
    terms = {id(terms): terms for terms in (*year.conditions.terms, year.conditions.terms_full)}
    kbh = tuple((paid(one, flats), "med") for one in terms.values())
    told, unknown = peng_of_full_year(year, group), year.known_levels()[-1]
    levels = ((People.one(year.home.known, SMALL_HOME), ""), (People.one(group if unknown else 0, SMALL_HOME), ""))
    peng = (*levels, *(let if year.measured_days.any() else ()))
    rents = dict.fromkeys(("hyresintakt", "tomgangshyra"), (let, ()))
    return {**rents, "kbh": ((*let, *kbh), ()), "lss_peng": (peng, told.priced)}


def paid(terms: Terms, flats: Flats) -> People:
    """Flats with KBH and without by rent, and those whose income decides it."""
    pays = [np.nan_to_num(terms.kbh(getattr(flats, which))) > 0 for which in RENT_LEVELS]
    rows = [{"med": its.sum(), "utan": (~its).sum()} for its in pays]
    incomes = (~np.isnan(flats.inkomst)).any() if FAMILIES[terms.familj].follows_income else False
    return People(pd.DataFrame([*rows, *([{"med": 1, "utan": 0}] if incomes else [])]))


def peng_of_year(year: Year, group: int) -> Told:
    """Peng of the year's budget; `group` is the number of the unit's own persons."""
    days = year.measured_days
    return known_peng(year, days[:-1]) + own_peng(year, days[-1], group)


def peng_of_full_year(year: Year, group: int) -> Told:
    """Peng of all places for a whole year."""
    days = year.known_levels() * year.conditions.days
    return known_peng(year, days[:-1]) + own_peng(year, days[-1], group)


def known_peng(year: Year, days: np.ndarray) -> Told:
    """Peng of known residents for some days by level."""
    number, prices = year.known_levels()[:-1], year.conditions.peng_full
    if not days.any():
        return NOBODY
    each = days.sum() / number.sum() * prices
    return Told(((KNOWN, ""),), (Priced(number.astype(float), each, np.full(len(number), "kända")),))


def own_peng(year: Year, days: float, group: int) -> Told:
    """Expected peng of so many days, as the unit's own persons have levels."""
    shares, prices = year.conditions.shares, year.conditions.peng_full
    if not days or shares is None:
        return NOBODY
    number = np.rint(shares * group)
    return Told(((OWN, ""),), (Priced(number, days / group * prices, np.full(len(number), "egna")),))


def _kbh(familj: str) -> str:
    return f"kbh {familj}"


def _together(year: Year) -> int:
    """The fewest flats that are let from the same day; all days before the year are one, and all after it."""
    first, last = (np.datetime64(day) for day in (year.conditions.spans[0].start, year.conditions.spans[-1].end))
    day = np.clip(year.home.flats.inflyttning, first, last + np.timedelta64(1, "D"))
    return int(np.unique(day, return_counts=True)[1].min())


def _any(kr: np.ndarray) -> bool:
    return not np.isnan(kr).any()
