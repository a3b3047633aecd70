"""A unit's decisions and prices as one scenario has them, and the year they give.

A world is what holds after some of a scenario's changes. The difference between two worlds that are one change apart is
that change's effect on the money: peng to the frame the unit is given, payments to providers to its cost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.errors import MissingValueError
from planbok.rules import Rules
from planbok.scenario import NumberedChange
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.decisions import CELL, is_running, moved

PRICE_PREFIX = "lss_peng."
MONTHS = 12


@dataclass(frozen=True)
class Frame:
    """What all worlds of a case share: the year, its measurements, and how insatser are counted."""

    ar: int
    matning_1: date
    matning_2: date
    matning_fore: date  # the second measurement of the year before
    matregel: str
    vikter: tuple[float, float]
    per_day: set[str]  # insatser that give peng by day
    nightly: set[str]
    spans: list[model.Span]

    @property
    def days(self) -> int:
        return sum(span.days for span in self.spans)


@dataclass(frozen=True)
class World:
    """Decisions by day and by hour, and prices, after some changes."""

    frame: Frame
    by_day: pd.DataFrame
    by_hour: pd.DataFrame
    price: Callable[[str, tuple, date], float]
    hourly_price: Callable[[str, str, str, date], float]
    cells: pd.MultiIndex

    @cached_property
    def prices(self) -> model.Prices:
        return model.price_table(self.cells, self.frame.spans, self.price)

    @cached_property
    def days(self) -> np.ndarray:
        return model.days(self.by_day, self.prices, self.frame.nightly)

    @cached_property
    def peng(self) -> np.ndarray:
        """Peng for the year's days, (cell, span)."""
        return self.days * self.prices.tilldelning

    def persons(self, day: date) -> np.ndarray:
        return model.persons_on(self.by_day, self.cells, day)

    def state(self, name: str) -> np.ndarray:
        """The year's budget in a state, (cell, span): "preliminar", "efter_matning_1" or "slutlig"."""
        if name == "preliminar":
            return model.measured(self.persons(self.frame.matning_fore), self.prices)
        if name == "efter_matning_1":
            return model.measured(self.persons(self.frame.matning_1), self.prices)
        return self.final_under(self.frame.matregel)

    def final_under(self, rule: str) -> np.ndarray:
        """The year's final budget under a measurement rule, (cell, span)."""
        first, second = self.persons(self.frame.matning_1), self.persons(self.frame.matning_2)
        return model.year_under(rule, first, second, self.prices, self.frame.vikter)

    @cached_property
    def payments(self) -> model.Payments:
        return model.payments(self.by_day, self.prices, self.frame.nightly)

    @cached_property
    def hours(self) -> pd.DataFrame:
        """Hours and kronor by insats, management and month; kr NaN where the hour has no price.

        hours = timmar_per_manad * the share of the month that the decision runs
        """
        rows = []
        for span in model.spans(self.frame.ar):
            share = model.overlap_days(self.by_hour, span, np.zeros(len(self.by_hour), bool)) / span.days
            hours = self.by_hour["timmar"].fillna(0.0) * share * self.by_hour["antal"]
            table = self.by_hour[["insats", "tidsslag", "regi"]].assign(manad=span.manad, timmar=hours)
            rows.append(table.groupby(["insats", "tidsslag", "regi", "manad"], sort=True)["timmar"].sum().reset_index())
        found = pd.concat(rows, ignore_index=True)
        found = found[found["timmar"] > 0].reset_index(drop=True)
        days = [date.fromisoformat(f"{manad}-01") for manad in found["manad"]]
        keys = zip(found["insats"], found["tidsslag"], found["regi"], days, strict=True)
        return found.assign(
            kr=[hours * self.hourly_price(*key) for hours, key in zip(found["timmar"], keys, strict=True)]
        )

    def paid_by_month(self) -> pd.Series:
        """Payments to providers by month, priced ones only: days, and hours outside the unit's own management."""
        hours = self.hours[self.hours["regi"] != "kommunal"].groupby("manad")["kr"].sum()
        return self.payments.per_month.add(hours.reindex(self.payments.per_month.index, fill_value=0.0))

    def full_year_frame(self) -> float:
        """The frame of twelve months with the persons and prices of 31 December, kr."""
        persons = self.persons(date(self.frame.ar, 12, 31))
        return float(np.nansum(persons * self.prices.tilldelning[:, -1]) * self.frame.days)

    def full_year_paid(self) -> float:
        """Payments of twelve months with the decisions and prices of 31 December, kr."""
        last = pd.Timestamp(self.frame.ar, 12, 31)
        running = self.by_day[is_running(self.by_day, last).to_numpy()]
        own = running["pris"].to_numpy()
        listed = self.prices.ersattning[model.codes(running, self.cells), -1]
        paid = ~np.isnan(own) | (running["regi"] != "kommunal").to_numpy()
        kr = np.where(paid, np.where(np.isnan(own), listed, own), 0.0) * running["antal"] * self.frame.days
        december = self.hours[(self.hours["regi"] != "kommunal") & (self.hours["manad"] == f"{self.frame.ar}-12")]
        return float(np.nansum(kr)) + MONTHS * float(december["kr"].sum())


@dataclass
class PriceBook:
    """Prices of the rules under the changes taken so far: `regel` values, then the upratings in order."""

    rules: Rules
    upratings: list = field(default_factory=list)
    note: Callable[[str, date], None] = lambda key, day: None

    def day_price(self, avser: str, cell: tuple, day: date) -> float:
        """kr/dygn; what the board is given is borrowed from what providers are paid where it has no price."""
        insats, niva, regi = cell
        tried = [avser] if avser == "ersattning" else ["tilldelning", "ersattning"]
        for name in tried:
            kr = self._value(f"{PRICE_PREFIX}{name}.{insats}.{regi}.{niva}", day)
            if not np.isnan(kr):
                return kr * self._factor(cell, day)
        return np.nan

    def hour_price(self, insats: str, tidsslag: str, regi: str, day: date) -> float:
        return self._value(f"lss_timpriser.{insats}.{tidsslag}.{regi}", day)

    def _value(self, key: str, day: date) -> float:
        if key not in self.rules.series:
            return np.nan
        try:
            value = float(self.rules.value(key, day).varde)
        except MissingValueError:
            return np.nan
        self.note(key, day)
        return value

    def _factor(self, cell: tuple, day: date) -> float:
        factor = 1.0
        for change in self.upratings:
            named = [change.insats, None if change.niva is None else str(change.niva), change.regi]
            if change.fran <= day and all(n in (None, part) for n, part in zip(named, cell, strict=True)):
                factor *= 1 + change.procent / 100
        return factor


def price_cuts(changes: Sequence[NumberedChange], ar: int) -> list[date]:
    """Days inside the year on which a scenario's change moves a price."""
    found = []
    for change in (numbered.change for numbered in changes):
        if touches_prices(change):
            found.append(change.fran)
            if change.ends:
                found.append(date.fromordinal(change.ends.toordinal() + 1))
    return [cut for cut in found if cut.year == ar]


def touches_prices(change) -> bool:
    """Whether a change moves the price list."""
    own_rule = change.typ == "regel" and change.regel.startswith((PRICE_PREFIX, "lss_timpriser."))
    return own_rule or (change.typ == "upprakning" and change.prislista == "lss_peng")


def touches(change) -> bool:
    """Whether a change is one that this topic computes."""
    return change.typ in ("volym", "nivabyte") or touches_prices(change)


def after(frame: pd.DataFrame, numbered: NumberedChange, enhet: str) -> pd.DataFrame:
    """The decisions after a change that applies to the unit."""
    if numbered.change.enhet and numbered.change.enhet != enhet:
        return frame
    return moved(frame, numbered)


def cells_in(frames: Sequence[pd.DataFrame]) -> pd.MultiIndex:
    """The cells of some worlds' decisions by day."""
    return model.cells_of(*(frame[CELL] for frame in frames))
