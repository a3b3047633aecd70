"""What insatser cost: days and hours times their own price or the list's, by cell, and what moved the cost."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.chains import day_numbers, month_starts
from planbok.base.periods import days_in_month
from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.lss.causes import CELL, causes
from planbok.lss.price_book import price_book

DAYS_RULE = "lss_peng.insatser"


@dataclass(frozen=True)
class Costed:
    """Days or hours and kronor by cell (insats, niva or tidsslag, regi); kronor are NaN where there is no price."""

    cells: pd.DataFrame

    @property
    def priced(self) -> pd.DataFrame:
        """The cells that have a price."""
        return self.cells[self.cells["kr"].notna()]


class Prices:
    """What a day or an hour of each decision costs."""

    def __init__(self, case: Case, rows: pd.DataFrame):
        self.book, self.rows = price_book(case, BAS), rows
        self.hourly = rows["timmar_per_manad"].notna().to_numpy()
        niva = rows["niva"].where(~self.hourly, rows["tidsslag"])
        keys = pd.MultiIndex.from_arrays([rows["insats"], niva, rows["regi"]], names=CELL)
        self.cell, self.cells = keys.factorize(sort=True)
        self.cells = pd.MultiIndex.from_tuples(list(self.cells), names=CELL)
        self.own = rows["pris_kr_per_dygn"].to_numpy(float)
        self._found: dict[date, np.ndarray] = {}

    def on(self, day: date) -> np.ndarray:
        """kr for a day, or for an hour where the decision is in hours, (decision,); NaN without a price."""
        if day not in self._found:
            self._found[day] = self._on(day)
        return self._found[day]

    def _on(self, day: date) -> np.ndarray:
        of_hours = np.zeros(len(self.cells), bool)
        of_hours[self.cell[self.hourly]] = True
        listed = [
            self.book.hour_price(insats, niva, regi, day)
            if hours
            else self.book.day_price("ersattning", (insats, niva, regi), day)
            for hours, (insats, niva, regi) in zip(of_hours, self.cells, strict=True)
        ]
        found = np.array(listed, float)[self.cell] if len(self.cells) else np.zeros(0)
        return np.where(np.isnan(self.own) | self.hourly, found, self.own)


def nightly(case: Case) -> set[str]:
    """Insatser whose last day is not counted, since nights are."""
    value = case.rule(DAYS_RULE).varde
    return {name for name, how in value.items() if how.get("raknas") == "natter"}


def costed(case: Case, prices: Prices, months: list[str]) -> Costed:
    """The cost of some months of a year, by cell.

    kr = days * price, or timmar_per_manad * share of the month * price
    """
    rows, nights = prices.rows, prices.rows["insats"].isin(nightly(case)).to_numpy()
    first, last = day_numbers(rows["fran"]), day_numbers(rows["till"])
    last = last - nights
    count, kr = np.zeros(len(rows)), np.zeros(len(rows))
    for month in months:
        start, after = month_starts(month, 1)
        year, number = map(int, month.split("-"))
        days = np.clip(np.minimum(last + 1, after) - np.maximum(first, start), 0, None)
        hours = prices.rows["timmar_per_manad"].fillna(0.0).to_numpy() * days / days_in_month(year, number)
        quantity = np.where(prices.hourly, hours, days)
        price = prices.on(date.fromisoformat(f"{month}-01"))
        count += quantity
        kr += np.where(quantity > 0, quantity * price, 0.0)
    kinds = len(prices.cells)
    found = {"dygn": np.bincount(prices.cell, count, kinds), "kr": np.bincount(prices.cell, kr, kinds)}
    frame = pd.DataFrame(found, index=prices.cells)
    return Costed(frame[frame["dygn"] > 0])


@dataclass(frozen=True)
class Moved:
    """What moved the cost between two states, kr: volume, level and price sum to the difference."""

    before: float
    after: float
    causes: dict[str, float]
    left_out: tuple[str, ...]  # insatser that have no price in one of them


def difference(before: Costed, after: Costed) -> Moved:
    """What moved the cost, of insatser that have a price in both; the causes are those of `causes`."""
    missing = {cell[0] for state in (before, after) for cell in state.cells.index[state.cells["kr"].isna()]}
    one, two = (state.cells[~state.cells.index.get_level_values(0).isin(missing)] for state in (before, after))
    return Moved(float(one["kr"].sum()), float(two["kr"].sum()), causes(one, two), tuple(sorted(missing)))
