"""LSS-peng from decisions: days times price, what a measurement makes of the year, and what is paid to providers.

A year is cut into spans: its months, cut once more where a price changes inside one. A cell is an insats at a level in
a management (regi). Days are counted per span and cell with one pass over the decisions a span; prices stand per span
and cell; kronor are their product. A price that is missing is NaN and its days are counted apart, never as zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.base.periods import Span
from planbok.lss.measurement import span_weights
from planbok.topics.lss_peng.decisions import CELL, OWN_REGI

EPOCH = date(1970, 1, 1).toordinal()  # day number 0


@dataclass(frozen=True)
class Prices:
    """Kronor per day: (cell, span) for what the board is given and for what a provider is paid."""

    cells: pd.MultiIndex
    spans: list[Span]
    tilldelning: np.ndarray
    ersattning: np.ndarray


def price_table(cells: pd.MultiIndex, year: list[Span], price: Callable[[str, tuple, date], float]) -> Prices:
    """Prices of cells in each span.

    Parameters
    ----------
    price : ("tilldelning" or "ersattning", cell, first day of the span) to kr/dygn, NaN where there is none
    """
    tables = [
        np.array([[price(avser, cell, span.start) for span in year] for cell in cells]).reshape(len(cells), len(year))
        for avser in ("tilldelning", "ersattning")
    ]
    return Prices(cells, year, *tables)


def cells_of(*frames: pd.DataFrame) -> pd.MultiIndex:
    """Every cell that some decision stands in."""
    joined = pd.concat([frame[CELL] for frame in frames]) if len(frames) > 1 else frames[0]
    return joined.groupby(CELL, dropna=False).size().index


def codes(frame: pd.DataFrame, cells: pd.MultiIndex) -> np.ndarray:
    """The number of each decision's cell."""
    return cells.get_indexer(pd.MultiIndex.from_frame(frame[CELL]))


def overlap_days(frame: pd.DataFrame, span: Span, nights: np.ndarray) -> np.ndarray:
    """Each decision's days in a span: calendar days, or nights where the day of leaving does not count.

    days = min(till, end) - max(fran, start) + 1, never negative; till - 1 instead of till for nights
    """
    return _inside(*counting(frame, nights), span)


def days_by_span(frame: pd.DataFrame, year: Sequence[Span], nights: np.ndarray) -> list[np.ndarray]:
    """`overlap_days` of each span."""
    first, last = counting(frame, nights)
    return [_inside(first, last, span) for span in year]


def counting(frame: pd.DataFrame, nights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last day that count of each decision, as day numbers."""
    fran, till = (frame[name].to_numpy().astype("datetime64[D]").astype("int32") for name in ("fran", "till"))
    return fran, till - nights


def _inside(first: np.ndarray, last: np.ndarray, span: Span) -> np.ndarray:
    start, end = (np.int32(day.toordinal() - EPOCH) for day in (span.start, span.end))
    return np.maximum(np.minimum(last, end) - np.maximum(first, start) + np.int32(1), np.int32(0))


def is_by_night(frame: pd.DataFrame, nightly: set[str]) -> np.ndarray:
    """Whether a decision's last day doesn't count."""
    return (frame["insats"].isin(nightly) & ~frame["sista_natt"].astype(bool)).to_numpy()


def days(frame: pd.DataFrame, prices: Prices, nightly: set[str], cell: np.ndarray | None = None) -> np.ndarray:
    """Person-days by cell and span, (cell, span). `cell` is `codes` of the frame, where they are known."""
    cell = codes(frame, prices.cells) if cell is None else cell
    first, last = counting(frame, is_by_night(frame, nightly))
    persons = frame["antal"].to_numpy()
    counted = [
        np.bincount(cell, _inside(first, last, span) * persons, minlength=len(prices.cells)) for span in prices.spans
    ]
    return np.array(counted).T.reshape(len(prices.cells), len(prices.spans))


def measured(persons: np.ndarray, prices: Prices) -> np.ndarray:
    """A measurement as the year's money by cell and span: persons * price * all days of the span."""
    return persons[:, None] * prices.tilldelning * np.array([span.days for span in prices.spans])


def year_under(rule: str, first: np.ndarray, second: np.ndarray, prices: Prices, weights: tuple[float, float]):
    """The year's money from its two measurements, (cell, span), each as `measurement.span_weights` has it count."""
    shares = span_weights(rule, prices.spans, weights)
    money = [measured(persons, prices) for persons in (first, second)]
    return sum(share * kr for share, kr in zip(shares, money, strict=True))


@dataclass(frozen=True)
class Payments:
    """What is paid to providers: per decision in the year, by month, and what lacks a price."""

    per_decision: np.ndarray  # kr in the year; NaN where the price is missing
    per_month: pd.Series
    paid: np.ndarray  # which decisions are paid this way at all


def payments(frame: pd.DataFrame, prices: Prices, nightly: set[str], cell: np.ndarray | None = None) -> Payments:
    """Payments for decisions with a price of their own or a management other than the unit's own.

    kr = days * own price, or days * the list's price for the decision's insats, level and management
    """
    cell = codes(frame, prices.cells) if cell is None else cell
    first, last = counting(frame, is_by_night(frame, nightly))
    own, persons = frame["pris"].to_numpy(), frame["antal"].to_numpy()
    paid = ~np.isnan(own) | (frame["regi"] != OWN_REGI).to_numpy()
    total, by_month = np.zeros(len(frame)), dict[str, float]()
    for number, span in enumerate(prices.spans):
        price = np.where(np.isnan(own), prices.ersattning[cell, number], own)
        counted = _inside(first, last, span) * persons
        kr = np.where(counted * paid > 0, counted * price, 0.0)
        total += kr
        by_month[span.manad] = by_month.get(span.manad, 0.0) + float(np.nansum(kr))
    return Payments(total, pd.Series(by_month), paid)


def price_above_level(
    frame: pd.DataFrame, prices: Prices, nightly: set[str], cell: np.ndarray | None = None
) -> pd.DataFrame:
    """Decisions whose own price is above the level's peng: kr above in the year, the largest first.

        above = days * (own price - peng of the decision's own insats, level and management), where positive

    Returns
    -------
    DataFrame utforare, insats, niva, regi, pris, peng (at the year's last span), dygn, kr.
    """
    its = frame["pris"].notna().to_numpy()
    own, cell = frame[its], codes(frame[its], prices.cells) if cell is None else cell[its]
    nights = is_by_night(own, nightly)
    above, counted = np.zeros(len(own)), np.zeros(len(own))
    for number, in_span in enumerate(days_by_span(own, prices.spans, nights)):
        over = np.clip(own["pris"].to_numpy() - prices.tilldelning[cell, number], 0, None)
        above += np.where(in_span > 0, in_span * over, 0.0)
        counted += in_span
    found = own[["utforare", *CELL, "pris"]].assign(peng=prices.tilldelning[cell, -1], dygn=counted, kr=above)
    return found[found["kr"] > 0].sort_values("kr", ascending=False, ignore_index=True)


def move_in_months(frame: pd.DataFrame, ar: int) -> pd.Series:
    """The month in which each decision's person began the insats, "före ÅÅÅÅ" for earlier years.

    A change of level or management the next day is no new start.
    """
    ordered = frame.sort_values(["person", "insats", "fran"])
    earlier_end = ordered.groupby(["person", "insats"], sort=False)["till"].shift()
    begins = ~(ordered["fran"] == earlier_end + pd.Timedelta(days=1))
    start = ordered["fran"].where(begins).groupby([ordered["person"], ordered["insats"]], sort=False).ffill()
    months = start.dt.strftime("%Y-%m").where(start.dt.year >= ar, f"före {ar}")
    return months.reindex(frame.index)
