"""Days, months and years: closed intervals, shares of months, Swedish names."""

import calendar
from collections.abc import Sequence
from datetime import date

import numpy as np

MONTH_NAMES = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def days_in_month(year: int, month: int) -> int:
    """Days of a month.

    >>> days_in_month(2024, 2), days_in_month(2023, 2)
    (29, 28)
    """
    return calendar.monthrange(year, month)[1]


def last_day(year: int) -> date:
    """31 December of a year."""
    return date(year, 12, 31)


def months(first_year: int, last_year: int) -> list[str]:
    """Every month of the years, both included, as `ÅÅÅÅ-MM`.

    >>> months(2016, 2016)[0], len(months(2016, 2017))
    ('2016-01', 24)
    """
    return [f"{year}-{month:02d}" for year in range(first_year, last_year + 1) for month in range(1, 13)]


def month_shares(periods: Sequence[str], fran: date, till: date | None = None) -> np.ndarray:
    """The share of each month's days that lies in the closed interval from `fran` to `till` (None: still running).

        share = days of the month inside the interval / days of the month

    >>> month_shares(["2016-06", "2016-07"], date(2016, 6, 16)).tolist()
    [0.5, 1.0]
    >>> month_shares(["2016-02"], date(2016, 1, 1), date(2016, 2, 29)).tolist()
    [1.0]
    """
    first = np.array(periods, dtype="datetime64[M]").astype("datetime64[D]")
    after = (np.array(periods, dtype="datetime64[M]") + 1).astype("datetime64[D]")
    start = np.maximum(first, np.datetime64(fran))
    stop = after if till is None else np.minimum(after, np.datetime64(till) + 1)
    return np.clip((stop - start).astype(int), 0, None) / (after - first).astype(int)


def long_date(day: date) -> str:
    """A date in Swedish prose.

    >>> long_date(date(2016, 7, 1))
    '1 juli 2016'
    """
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def month_span(first: int, last: int = 12) -> str:
    """Months of a year in Swedish prose.

    >>> month_span(7), month_span(12)
    ('juli–december', 'december')
    """
    names = (MONTH_NAMES[first - 1], MONTH_NAMES[last - 1])
    return names[0] if first == last else "–".join(names)
