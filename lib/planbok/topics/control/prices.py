"""The right price of each invoice line: the decision's own, else the list's for its insats, level and regi."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.lss.price_book import PriceBook, price_book
from planbok.topics.control.lines import DAYS, HOURS, Lines


@dataclass(frozen=True)
class Listed:
    """What the lines are held against, arrays over the lines.

    kr      right price, NaN without one
    other_level   the line says another level or regi than its decision
    of_other      the line's price is the list's for another level or regi of the insats
    """

    kr: np.ndarray
    other_level: np.ndarray
    of_other: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether each line has a price to be held against."""
        return np.isfinite(self.kr)


def listed(case: Case, found: Lines, decisions: pd.DataFrame) -> Listed:
    """The prices that the lines should have, on the days of their periods.

    A period over New Year has the two years' prices by its days. A decision by the hour has the hourly list's price.
    """
    has = found.place >= 0
    of_line = decisions.iloc[np.where(has, found.place, 0)].reset_index(drop=True)
    unit = found.frame["mattenhet"].to_numpy()
    hourly = of_line["timmar_per_manad"].notna().to_numpy()
    own = of_line["pris_kr_per_dygn"].to_numpy(float)
    fits = has & np.where(hourly, unit == HOURS, unit == DAYS)
    level = of_line["niva"].where(~hourly, of_line["tidsslag"])
    book = price_book(case, BAS)
    cells = pd.MultiIndex.from_arrays([of_line["insats"], level, of_line["regi"], hourly]).factorize()
    kr = _over_years(book, cells, found)
    kr = np.where(fits, np.where(np.isnan(own) | hourly, kr, own), np.nan)
    other = np.zeros(len(found.frame), bool)
    for name in ("niva", "regi"):
        said = found.frame[name].fillna("").to_numpy()
        other |= has & (said != "") & (said != of_line[name].fillna("").to_numpy())
    return Listed(kr, other, fits & np.isnan(own) & _of_other(case, book, of_line, hourly, found))


def _over_years(book: PriceBook, cells: tuple[np.ndarray, pd.Index], found: Lines) -> np.ndarray:
    """The price of each line: of its first day, and of its last where that is in another year, by days."""
    code, keys = cells
    years = [days.astype("datetime64[D]").astype("datetime64[Y]") for days in (found.first, found.last)]
    prices = [_looked_up(book, code, keys, days) for days in (found.first, found.last)]
    turn = years[1].astype("datetime64[D]").astype(np.int64)
    before = np.where(years[0] == years[1], found.days, turn - found.first)
    mixed = (prices[0] * before + prices[1] * (found.days - before)) / found.days
    return np.where(years[0] == years[1], prices[0], mixed)


def _looked_up(book: PriceBook, code: np.ndarray, keys: pd.Index, days: np.ndarray) -> np.ndarray:
    """Prices by cell and month, each looked up once."""
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    months, of_month = np.unique(month, return_inverse=True)
    wanted, of_line = np.unique(code * len(months) + of_month, return_inverse=True)
    found = []
    for number in wanted:
        insats, level, regi, hourly = keys[number // len(months)]
        day = months[number % len(months)].astype("datetime64[D]").item()
        found.append(_price(book, insats, level, regi, bool(hourly), day))
    return np.array(found, float)[of_line] if len(wanted) else np.zeros(0)


def _of_other(case: Case, book: PriceBook, of_line: pd.DataFrame, hourly: np.ndarray, found: Lines) -> np.ndarray:
    """Whether the price is that of another level or regi of the same insats on the line's first day."""
    silent = PriceBook(book.rules, book.upratings)  # these prices are not what the report rests on
    first = found.first.astype("datetime64[D]").astype("datetime64[M]")
    price = found.frame["kr_per_enhet"].round(2).to_numpy()
    keyed = pd.MultiIndex.from_arrays([of_line["insats"], hourly, first, price])
    wanted = pd.MultiIndex.from_arrays([of_line["insats"], hourly, first]).unique()
    there = [
        (insats, by_hour, month, round(kr, 2))
        for insats, by_hour, month in wanted
        for kr in _all_prices(case, silent, insats, by_hour, month)
    ]
    return keyed.isin(there) if there else np.zeros(len(of_line), bool)


def _all_prices(case: Case, book: PriceBook, insats: str, hourly: bool, month: pd.Timestamp) -> list[float]:
    """All prices of an insats in a month."""
    stem = f"lss_timpriser.{insats}." if hourly else f"lss_peng.ersattning.{insats}."
    cells = [key.removeprefix(stem).split(".") for key in case.sources.rules.series if key.startswith(stem)]
    levels = [(one, other) if hourly else (other, one) for one, other in cells]
    kr = [_price(book, insats, level, regi, hourly, month.date()) for level, regi in levels]
    return [value for value in kr if np.isfinite(value)]


def _price(book: PriceBook, insats: str, level: str, regi: str, hourly: bool, day: date) -> float:
    """kr for a day or an hour, NaN where the list has none; `level` is the time band of an hour."""
    if hourly:
        return book.hour_price(insats, level, regi, day)
    return book.day_price("ersattning", (insats, level, regi), day)
