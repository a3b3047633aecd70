"""The outcome of the indicators that hours give, for the report on goals."""

from datetime import date

import pandas as pd

from planbok.case.case import Case
from planbok.case.topic import Outcome
from planbok.disclosure.policy import LARGEST_SICK
from planbok.topics.staffing import hours
from planbok.topics.staffing.other_tables import own_ratio
from planbok.topics.staffing.people import headcounts


def outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """A ratio of hours from January to a month, or over twelve months where its rule says so, per cent.

    The same as in the report on sick leave. None where a month of it is missing or its hours are not known. It tells of
    the unit's employees in the month that had fewest of them.
    """
    every = hours.by_group_and_month(case.unit_rows("bemanning"))
    if not (every["nr"] == ar * 12 + tom_manad - 1).any():
        return None
    said = case.rule_or_none(f"indikator.{indicator}", date(ar, 1, 1)) or {}
    period, value = own_ratio(every, ar, tom_manad, indicator, said.get("period", ""))
    if value != value:
        return None
    fewest = headcounts(every).sum(axis=1).min()
    return Outcome(value, f"bemanningen, {period}", None if pd.isna(fewest) else float(fewest), LARGEST_SICK)
