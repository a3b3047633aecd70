"""What the topics expect of the unit's months, laid on the rows that the prognosis is made of."""

import numpy as np
import pandas as pd

from planbok.analysis.forecast import MONTHS, received
from planbok.case.topic import DrivenOf
from planbok.topics.follow_up.books import SIDES, Books


def expected(driven_of: DrivenOf, books: Books, late: np.ndarray) -> np.ndarray:
    """What the topics expect of the year's months of service now, (leaf, side, 12); NaN on rows they say nothing of."""
    return laid_out(driven_of(books.ar, books.tom).kr, books, books.to_date, books.tom, late)


def expected_then(
    driven_of: DrivenOf, books: Books, years: list[int], money: np.ndarray, late: np.ndarray, months: range
) -> np.ndarray:
    """What they expected in earlier years, from what was known after each of some months: (year, 11, series, 12)."""
    leaves = len(books.leaves)
    found = np.full((len(years), MONTHS - 1, leaves * 2, MONTHS), np.nan)
    for place, year in enumerate(years):
        for tom in months:
            to_date = money[place, :, :, :tom].sum(axis=2)
            path = laid_out(driven_of(year, tom).kr, books, to_date, tom, late)
            found[place, tom - 1] = path.reshape(leaves * 2, MONTHS)
    return found


def laid_out(kr: pd.DataFrame, books: Books, to_date: np.ndarray, tom: int, late: np.ndarray) -> np.ndarray:
    """Months by budget row and side on the row's leaves, by what is booked on each, at the level of what is booked.

        leaf's month = its share of the row's booked money * the month + what makes the months received its own mean

    The level moves no prognosis; it is there so that the months ahead lie as the row's own money does. A leaf or side
    of such a row that nothing drives has equal months.
    """
    found = np.full((*to_date.shape, MONTHS), np.nan)
    months = received(tom, late)
    for row in kr.index.unique(level=0) if len(kr) else []:
        on_row = np.flatnonzero((books.leaves["budgetrad"] == row).to_numpy())
        found[on_row] = 0.0
        for side, name in enumerate(SIDES):
            if (row, name) in kr.index:
                weight = np.nan_to_num(to_date[on_row, side])
                share = weight / weight.sum() if weight.sum() else np.ones_like(weight) / len(weight)
                found[on_row, side] = share[:, None] * kr.loc[(row, name)].to_numpy(float)
    there = np.arange(MONTHS) < months[:, None, None]
    count = np.maximum(months, 1)[:, None]
    level = (to_date - np.where(there, found, 0.0).sum(axis=2)) / count
    return found + level[:, :, None]
