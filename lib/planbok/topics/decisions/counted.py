"""To when figures are counted that stand for others than the unit, in words; "" where it is to the report's day."""

from collections.abc import Sequence

import pandas as pd

from planbok.base.periods import long_date, long_month
from planbok.topics.decisions.study import Study


def waiting(study: Study, kind: str) -> str:
    """The day on which those who wait, or are interrupted, were counted: "31 juli 2024"."""
    return _day(study, study.waits.days.get(kind) if study.waits else None)


def ordered(study: Study, what: str) -> str:
    """The day to which what is to be done within some days was counted: "31 augusti 2024"."""
    stood = study.orders.get(what)
    return _day(study, stood.day if stood else None)


def decided(study: Study) -> str:
    """The months to which the decided cases of all insatser were counted: "till och med juni–september 2024"."""
    return _to(study, [done for done, _ in study.stood.sums.values() if done] if study.stood else [])


def timely(study: Study) -> str:
    """The months to which the share of them that was decided in time was counted, in the same words."""
    return _to(study, study.stood.shares if study.stood else [])


def _to(study: Study, ends: list[pd.Timestamp]) -> str:
    months = _months(ends, study.day)
    return f"till och med {months}" if months else ""


def opened(study: Study) -> str:
    """When all insatser's open cases were counted: "i slutet av maj 2024", or the months between which they differ."""
    months = _months([waits for _, waits in study.stood.sums.values()] if study.stood else [], study.day)
    return f"när insatserna senast räknades ({months})" if "–" in months else f"i slutet av {months}" if months else ""


def _day(study: Study, day: pd.Timestamp | None) -> str:
    return "" if day is None or day == study.day else long_date(day.date())


def _months(ends: list[pd.Timestamp], day: pd.Timestamp) -> str:
    """The months that differ between insatser, "juni–september 2024", or the one; "" where all are the report's.

    >>> july, august = pd.Timestamp("2024-07-31"), pd.Timestamp("2024-08-31")
    >>> _months([], july), _months([july, july], july), _months([july], august), _months([july, august], august)
    ('', '', 'juli 2024', 'juli–augusti 2024')
    """
    if not ends or {*ends} == {day}:
        return ""
    return of_ends(ends)


def of_ends(ends: Sequence[pd.Timestamp]) -> str:
    """The months that some days end: "juni–september 2024", or the one."""
    return months(f"{min(ends):%Y-%m}", f"{max(ends):%Y-%m}")


def months(first: str, last: str) -> str:
    """Months in a row, in words.

    >>> months("2024-06", "2024-09"), months("2023-12", "2024-02"), months("2024-06", "2024-06")
    ('juni–september 2024', 'december 2023–februari 2024', 'juni 2024')
    """
    start, end = long_month(first), long_month(last)
    return end if start == end else f"{start.removesuffix(end[-5:])}–{end}"
