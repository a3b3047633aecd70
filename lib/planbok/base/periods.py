"""Days, months and years: closed intervals, shares of months, Swedish names."""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

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


def month_end(year: int, month: int) -> date:
    """The last day of a month.

    >>> month_end(2024, 2).isoformat()
    '2024-02-29'
    """
    return date(year, month, days_in_month(year, month))


@dataclass(frozen=True)
class Span:
    """Days of one month, both ends inside: the month, or a part of it where something changes inside it."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Its number of days."""
        return (self.end - self.start).days + 1

    @property
    def manad(self) -> str:
        """Its month, ÅÅÅÅ-MM."""
        return f"{self.start:%Y-%m}"

    @property
    def share(self) -> float:
        """The share of its month's days."""
        return self.days / days_in_month(self.start.year, self.start.month)

    def share_inside(self, fran: date, till: date | None = None) -> float:
        """The share of its days that lie in the closed interval from `fran` to `till` (None: still running)."""
        first, last = max(self.start, fran), min(self.end, till or self.end)
        return max(0, (last - first).days + 1) / self.days


def spans(ar: int, cuts: Iterable[date] = ()) -> list[Span]:
    """The months of a year, cut at the days on which something changes.

    >>> len(spans(2024)), len(spans(2024, [date(2024, 8, 27)])), sum(span.days for span in spans(2024))
    (12, 13, 366)
    """
    starts = {date(ar, month, 1) for month in range(1, 13)} | {cut for cut in cuts if cut.year == ar}
    edges = [*sorted(starts), date(ar + 1, 1, 1)]
    return [Span(start, after - timedelta(days=1)) for start, after in pairwise(edges)]


def turns(ar: int, in_force: Iterable[tuple[date | None, date | None]]) -> list[date]:
    """The days of a year on which what is in force between two days begins, or is no more; None is without end.

    >>> turns(2024, [(date(2024, 3, 1), date(2024, 12, 31)), (None, date(2024, 6, 30)), (date(2025, 1, 1), None)])
    [datetime.date(2024, 3, 1), datetime.date(2024, 7, 1)]
    """
    pairs = [(first, last and last.year <= ar and last + timedelta(days=1)) for first, last in in_force]
    return [day for pair in pairs for day in pair if day and day.year == ar]


def why_no_day(text: str) -> str:
    """Why a date written ÅÅÅÅ-MM-DD does not exist; nothing for one that does, or a text that is no date.

    >>> why_no_day("2024-02-30"), why_no_day("2024-13-01"), why_no_day("2024-02-29")
    ('februari 2024 har 29 dagar', 'månaderna går från 01 till 12', '')
    """
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    year, month, day = map(int, found.groups()) if found else (0, 0, 0)
    if not year:
        return ""
    if not 1 <= month <= 12:
        return "månaderna går från 01 till 12"
    days = days_in_month(year, month)
    return "" if 1 <= day <= days else f"{MONTH_NAMES[month - 1]} {year} har {days} dagar"


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
    months = np.array(periods, dtype="datetime64[M]")
    first, after = months.astype("datetime64[D]"), (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    start = np.maximum(first, np.datetime64(fran))
    stop = after if till is None else np.minimum(after, np.datetime64(till) + np.timedelta64(1, "D"))
    return np.clip((stop - start).astype(int), 0, None) / (after - first).astype(int)


def short_month(manad: str) -> str:
    """The first three letters of a month.

    >>> short_month("2024-09")
    'sep'
    """
    return MONTH_NAMES[int(manad[5:]) - 1][:3]


def long_month(manad: str) -> str:
    """A month in words, with its year.

    >>> long_month("2024-03")
    'mars 2024'
    """
    return f"{MONTH_NAMES[int(manad[5:]) - 1]} {manad[:4]}"


def month_number(manad: pd.Series) -> pd.Series:
    """Months as consecutive numbers, since year 0.

    >>> month_number(pd.Series(["2023-12", "2024-01"])).tolist()
    [24287, 24288]
    """
    return manad.str[:4].astype(int) * 12 + manad.str[5:7].astype(int) - 1


_PERIOD = re.compile(r"(\d{4})-(?:T(\d)|(0[1-9]|1[0-2])(?:-(\d{2}))?)")
_SPAN = re.compile(rf"{_PERIOD.pattern}(?:(?:–| till ){_PERIOD.pattern})?(?: \(\d+ datum\))?")


def short_period(text: str) -> str:
    """A month, a day, a tertial or a span of them, as the files have it, as people write it; any other text as it is.

    >>> short_period("2024-01"), short_period("2024-08-27"), short_period("2024-T1"), short_period("2024")
    ('jan 2024', '27 aug 2024', 'tertial 1 2024', '2024')
    >>> short_period("2024-01–2024-03"), short_period("2024-01-01 till 2024-12-31 (13 datum)")
    ('jan–mar 2024', '1 jan 2024 till 31 dec 2024 (13 datum)')
    """
    if not _SPAN.fullmatch(text):
        return text
    return re.sub(r"^([a-z]+) (\d{4})–([a-z]+ \2)$", r"\1–\3", _PERIOD.sub(_named, text))


def _named(found: re.Match) -> str:
    year, tertial, month, day = found.groups()
    if tertial:
        return f"tertial {tertial} {year}"
    name = f"{MONTH_NAMES[int(month) - 1][:3]} {year}"
    return f"{int(day)} {name}" if day else name


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
