"""A unit's decisions and prices as one scenario has them, and the year they give.

A world is what holds after some of a scenario's changes. The difference between two worlds that are one change apart is
that change's effect on the money: peng to the frame the unit is given, payments to providers to its cost.
"""

from calendar import monthrange
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.periods import Span
from planbok.inputs.scenario.load import NumberedChange
from planbok.lss.price_book import PriceBook
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.decisions import CELL, OWN_REGI, is_running, moved

MONTHS = 12
HOUR_KIND = ["insats", "tidsslag", "regi"]


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
    spans: list[Span]

    @cached_property
    def span_days(self) -> np.ndarray:
        """Days of each span."""
        return np.array([span.days for span in self.spans])

    @property
    def days(self) -> int:
        """Days of the year."""
        return int(self.span_days.sum())


@dataclass(frozen=True)
class World:
    """Decisions by day and by hour, and prices, after some changes; `cells` are those of all worlds of a chain."""

    frame: Frame
    by_day: pd.DataFrame
    by_hour: pd.DataFrame
    book: PriceBook
    cells: pd.MultiIndex

    @classmethod
    def of(cls, frame: Frame, rows: pd.DataFrame, book: PriceBook) -> "World":
        """The world of some decisions, with the cells of its own."""
        daily = rows[rows["insats"].isin(frame.per_day)].reset_index(drop=True)
        hourly = rows[rows["timmar"].notna()].reset_index(drop=True)
        return cls(frame, daily, hourly, book, cells_in([daily]))

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """What has been worked out of this world once, by name."""
        return {}

    def once(self, name: Hashable, work: Callable[["World"], Any]) -> Any:
        """What is worked out of this world, the first time that it is asked for."""
        if name not in self.kept:
            self.kept[name] = work(self)
        return self.kept[name]

    @cached_property
    def prices(self) -> model.Prices:
        """Prices of the cells in each span."""
        return model.price_table(self.cells, self.frame.spans, self.book.day_price)

    def given(self, cell: tuple) -> np.ndarray:
        """What a day in a cell gives in each span, kr, (span,); NaN where there is no price."""
        return self.once(
            ("given", cell),
            lambda its: np.array([its.book.day_price("tilldelning", cell, span.start) for span in its.frame.spans]),
        )

    def year_price(self, cell: tuple) -> float:
        """What one person in a cell gives the year, kr; NaN without a price some day."""
        return self.once(("year", cell), lambda its: float((its.given(cell) * its.frame.span_days).sum()))

    @cached_property
    def cell(self) -> np.ndarray:
        """The number of each daily decision's cell."""
        return model.codes(self.by_day, self.cells)

    @cached_property
    def priced(self) -> np.ndarray:
        """Whether each daily decision's cell has a price some day of the year."""
        return ~np.isnan(self.prices.tilldelning).all(axis=1)[self.cell]

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        return model.counting(self.by_day, np.zeros(len(self.by_day), bool))

    def runs(self, first: date, last: date) -> np.ndarray:
        """Whether each daily decision has a day between two days; all ends are inside."""
        fran, till = self._ends
        return (fran <= last.toordinal() - model.EPOCH) & (till >= first.toordinal() - model.EPOCH)

    @cached_property
    def days(self) -> np.ndarray:
        """Person-days of the year, (cell, span)."""
        return model.days(self.by_day, self.prices, self.frame.nightly, self.cell)

    @cached_property
    def priced_days(self) -> np.ndarray:
        """Person-days of the year that have a price, (cell, span)."""
        return np.where(np.isnan(self.prices.tilldelning), 0.0, self.days)

    @cached_property
    def peng(self) -> np.ndarray:
        """Peng for the year's days, (cell, span)."""
        return self.days * self.prices.tilldelning

    def persons(self, day: date) -> np.ndarray:
        """Persons by cell on a day."""
        return self.once(("persons", day), lambda its: its._persons(its.runs(day, day)))

    def _persons(self, those: np.ndarray) -> np.ndarray:
        return np.bincount(self.cell[those], self.by_day["antal"].to_numpy()[those], minlength=len(self.cells))

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
        """What is paid to providers for decisions by the day."""
        return model.payments(self.by_day, self.prices, self.frame.nightly, self.cell)

    @cached_property
    def own_prices(self) -> pd.DataFrame:
        """The placements whose own price is above the level's peng."""
        return model.price_above_level(self.by_day, self.prices, self.frame.nightly, self.cell)

    @cached_property
    def hours(self) -> pd.DataFrame:
        """Hours and kronor by insats, management and month; kr NaN where the hour has no price.

        hours = timmar_per_manad * the share of the month that the decision runs
        """
        kind = self.by_hour.groupby(HOUR_KIND, sort=True).ngroup().to_numpy()
        kinds = self.by_hour[HOUR_KIND].drop_duplicates().sort_values(HOUR_KIND, ignore_index=True)
        hours, calendar = self.by_hour["timmar"].to_numpy(), np.zeros(len(kind), bool)
        where, months, counted, kr = [], [], [], []
        names = list(kinds.itertuples(index=False, name=None))
        inside = model.days_by_span(self.by_hour, self.frame.spans, calendar)
        for span, days in zip(self.frame.spans, inside, strict=True):
            share = days / monthrange(self.frame.ar, span.start.month)[1]
            of_kind = np.bincount(kind, hours * share, minlength=len(kinds))
            there = np.flatnonzero(of_kind > 0)
            asked = (names[place] for place in there)
            prices = [self.book.hour_price(insats, band, regi, span.start) for insats, band, regi in asked]
            where.append(there)
            months += [span.manad] * len(there)
            counted.append(of_kind[there])
            kr.append(of_kind[there] * np.array(prices, float))
        joined = kinds.iloc[np.concatenate(where)].reset_index(drop=True)
        joined = joined.assign(manad=months, timmar=np.concatenate(counted), kr=np.concatenate(kr))
        if len(self.frame.spans) == MONTHS:
            return joined
        return joined.groupby(["manad", *HOUR_KIND]).sum(skipna=False).reset_index()[joined.columns]

    def paid_by_month(self) -> pd.Series:
        """Payments to providers by month, priced ones only: days, and hours outside the unit's own management."""
        return self.once("paid_by_month", World._paid_by_month)

    def _paid_by_month(self) -> pd.Series:
        hours = self.hours[self.hours["regi"] != OWN_REGI].groupby("manad")["kr"].sum()
        return self.payments.per_month.add(hours.reindex(self.payments.per_month.index, fill_value=0.0))

    def gives_as(self, other: "World") -> bool:
        """Whether another world gives the same sums: the days, the final budget, what is paid, both on a full year."""
        sums: list[Callable[[World], float]] = [
            lambda its: its.full_year_frame(),
            lambda its: float(np.nansum(its.peng)),
            lambda its: float(np.nansum(its.state("slutlig"))),
            lambda its: float(its.paid_by_month().sum()),
            lambda its: its.full_year_paid(),
        ]
        return all(of(self) == of(other) for of in sums)  # the first that differs is enough

    def full_year_frame(self) -> float:
        """The frame of twelve months with the persons and prices of 31 December, kr."""
        persons = self.persons(date(self.frame.ar, 12, 31))
        return float(np.nansum(persons * self.prices.tilldelning[:, -1]) * self.frame.days)

    def full_year_paid(self) -> float:
        """Payments of twelve months with the decisions and prices of 31 December, kr."""
        last = date(self.frame.ar, 12, 31)
        there = self.runs(last, last)
        running, own = self.by_day[there], self.by_day["pris"].to_numpy()[there]
        listed = self.prices.ersattning[self.cell[there], -1]
        paid = ~np.isnan(own) | (running["regi"] != OWN_REGI).to_numpy()
        kr = np.where(paid, np.where(np.isnan(own), listed, own), 0.0) * running["antal"] * self.frame.days
        return float(np.nansum(kr)) + MONTHS * self._hours_paid_on(pd.Timestamp(last))

    def _hours_paid_on(self, day: pd.Timestamp) -> float:
        """A month's payments for the hours of the decisions running on a day, outside the unit's own management."""
        running = self.by_hour[is_running(self.by_hour, day).to_numpy() & (self.by_hour["regi"] != OWN_REGI).to_numpy()]
        keys = running[HOUR_KIND].itertuples(index=False)
        prices = np.array([self.book.hour_price(insats, band, regi, day.date()) for insats, band, regi in keys], float)
        return float(np.nansum(running["timmar"].to_numpy() * prices))


def after(frame: pd.DataFrame, numbered: NumberedChange, enhet: str) -> pd.DataFrame:
    """The decisions after a change that applies to the unit."""
    if numbered.change.enhet and numbered.change.enhet != enhet:
        return frame
    return moved(frame, numbered)


def cells_in(frames: Sequence[pd.DataFrame]) -> pd.MultiIndex:
    """The cells of some worlds' decisions by day."""
    return model.cells_of(*(frame[CELL] for frame in frames))
