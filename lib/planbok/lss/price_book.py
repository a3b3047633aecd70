"""LSS prices under a scenario: those of the rules, what the scenario sets, and its upratings in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.base.kept import Kept
from planbok.base.periods import turns
from planbok.case.case import Case, rules_under
from planbok.case.result import WORKING_PAPERS
from planbok.inputs.rules.rules import LIST_RULE, DatedValue, Rules
from planbok.inputs.scenario.load import NumberedChange, Scenario

PRICE_PREFIX = "lss_peng."
PUBLISHED = Kept()
UNKNOWN = np.nan, 0  # the price where there is none, and the change that set it
PRICE_RULES = (PRICE_PREFIX, "lss_timpriser.")  # what a rule's id begins with where it is of prices


def levels(rules: Rules) -> dict[str, set[str]]:
    """The levels of each insats that has a price list with levels."""
    prices = rules.prices
    return PUBLISHED.of("levels", (prices,), lambda: _listed(prices))


def _listed(prices: pd.DataFrame) -> dict[str, set[str]]:
    if prices.empty:
        return {}
    numbered = prices[prices["niva"].str.fullmatch(r"\d+")]
    return {insats: set(its["niva"]) for insats, its in numbered.groupby("insats")}


@dataclass
class PriceBook:
    """Prices of the rules under the changes taken so far: `regel` values, then the upratings in order."""

    rules: Rules
    upratings: list[NumberedChange] = field(default_factory=list)
    note: Callable[[str, date, DatedValue], None] = lambda key, day, value: None
    found: dict[tuple[str, date], tuple[float, int]] = field(default_factory=dict)
    by_day: dict[tuple[str, tuple, date], float] = field(default_factory=dict)
    lists: dict[date, date] = field(default_factory=dict)

    def day_price(self, avser: str, cell: tuple, day: date) -> float:
        """kr/dygn; what the board is given is borrowed from what providers are paid where it has no price."""
        asked = (avser, cell, day)
        if asked not in self.by_day:
            self.by_day[asked] = self._day_price(avser, cell, day)
        return self.by_day[asked]

    def _day_price(self, avser: str, cell: tuple, day: date) -> float:
        for name in (avser,) if avser == "ersattning" else ("tilldelning", "ersattning"):
            kr, since = self._value(self._key(name, cell), day)
            if not np.isnan(kr):
                return kr * self._factor(cell, day, since)
        return np.nan

    def borrows(self, cell: tuple, day: date) -> bool:
        """Whether what the board is given for a cell is borrowed from what providers are paid."""
        own, other = (self._value(self._key(name, cell), day)[0] for name in ("tilldelning", "ersattning"))
        return np.isnan(own) and not np.isnan(other)

    def _key(self, avser: str, cell: tuple) -> str:
        insats, niva, regi = cell
        return f"{PRICE_PREFIX}{avser}.{insats}.{regi}.{niva}"

    def hour_price(self, insats: str, tidsslag: str, regi: str, day: date) -> float:
        """kr/h for an insats, time band and management on a day."""
        return self._value(f"lss_timpriser.{insats}.{tidsslag}.{regi}", day)[0]

    def _value(self, key: str, day: date) -> tuple[float, int]:
        """A price on a day and the number of the change that set it; each is looked up and noted once."""
        if (key, day) not in self.found:
            self.found[key, day] = self._look_up(key, day)
        return self.found[key, day]

    def _look_up(self, key: str, day: date) -> tuple[float, int]:
        if key not in self.rules.series:
            return UNKNOWN
        last = self._day_of_list(day)
        for listed in dict.fromkeys((day, last)):
            value = next((its for its in reversed(self.rules.series[key]) if its.holds(listed)), None)
            if value is not None and (value.forandring or listed == last):
                self.note(key, listed, value)
                return float(value.varde), value.forandring
        return UNKNOWN

    def _day_of_list(self, day: date) -> date:
        """The day whose list gives a day's prices: itself, or the first day of the year that a scenario borrows."""
        if day not in self.lists:
            year = self.rules.value(LIST_RULE, day).varde if LIST_RULE in self.rules.series else 0
            self.lists[day] = date(year, 1, 1) if year else day
        return self.lists[day]

    def _factor(self, cell: tuple, day: date, since: int) -> float:
        """What the upratings after the change that set a price make of it."""
        factor = 1.0
        for numbered in self.upratings:
            change = numbered.change
            named = [change.insats, None if change.niva is None else str(change.niva), change.regi]
            of_cell = all(n in (None, part) for n, part in zip(named, cell, strict=True))
            if numbered.nr > since and change.fran <= day and of_cell:
                factor *= 1 + change.procent / 100
        return factor


def price_book(case: Case, scenario: Scenario) -> PriceBook:
    """The prices under a scenario's changes.

    Outside working papers a published price is noted in the case's journal as its whole list: which single prices were
    read would say at which levels the unit has anyone. A price that the scenario sets is always noted by itself.
    """
    rules = rules_under(case.sources.rules, scenario, case.enhet)
    noted: dict[str, tuple[date, int]] = {}  # a price that stands through a year is noted once

    def note(key: str, day: date, value: DatedValue) -> None:
        first, since = date(day.year, 1, 1), value.fran or day
        if noted.get(key) == (since, day.year):
            return
        noted[key] = since, day.year
        if value.forandring or case.spridning == WORKING_PAPERS:
            case.journal.note(key, max(since, first), value)
            return
        listed = ".".join(key.split(".")[: 2 if key.startswith("lss_peng.") else 1])
        count = PUBLISHED.of((rules.hash, listed, day), (rules,), lambda: _published(rules, listed, day))
        text = f"prislista {day.year}, {count} priser"
        case.journal.rules[listed, first] = replace(value, regel=listed, titel=text, varde=text)

    return PriceBook(rules, upratings(case, scenario), note)


def _published(rules: Rules, listed: str, day: date) -> int:
    """How many prices a list has on a day, without those that a scenario sets."""
    return sum(
        name.startswith(f"{listed}.") and any(v.holds(day) and not v.forandring for v in series)
        for name, series in rules.series.items()
    )


def upratings(case: Case, scenario: Scenario) -> list[NumberedChange]:
    """The scenario's upratings of the price list that apply to the unit."""
    mine = [n for n in scenario if not n.change.enhet or n.change.enhet == case.enhet]
    return [n for n in mine if n.change.typ == "upprakning" and n.change.prislista]


def price_cuts(changes: Sequence[NumberedChange], ar: int) -> list[date]:
    """Days inside the year on which a scenario's change moves a price."""
    moving = (numbered.change for numbered in changes if touches_prices(numbered.change))
    return turns(ar, ((change.fran, change.ends) for change in moving))


def touches_prices(change) -> bool:
    """Whether a change moves the price list."""
    own_rule = change.typ == "regel" and change.regel.startswith(PRICE_RULES)
    return own_rule or (change.typ == "upprakning" and change.prislista == "lss_peng")
