"""To when figures are counted that stand for others than the unit, in words; "" where it is to the report's day."""

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
    """The months to which each insats' decided cases were counted: "till och med juni–september 2024"."""
    return _months(study, [done for done, _ in study.stood.counted.values() if done] if study.stood else [])


def opened(study: Study) -> str:
    """The months at whose ends each insats' open cases were counted: "i slutet av maj–september 2024"."""
    found = _months(study, [waits for _, waits in study.stood.counted.values()] if study.stood else [])
    return found.replace("till och med", "i slutet av")


def _day(study: Study, day: pd.Timestamp | None) -> str:
    return "" if day is None or day == study.day else long_date(day.date())


def _months(study: Study, ends: list[pd.Timestamp]) -> str:
    if not ends or {*ends} == {study.day}:
        return ""
    first, last = (long_month(f"{end:%Y-%m}") for end in (min(ends), max(ends)))
    short = first.removesuffix(last[-5:]) if first != last else ""
    return f"till och med {short}–{last}" if short else f"till och med {last}"
