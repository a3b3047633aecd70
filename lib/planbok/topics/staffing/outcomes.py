"""The outcome of the indicators that hours give, for the report on goals."""

from datetime import date

import pandas as pd

from planbok.case.case import Case
from planbok.case.topic import Outcome
from planbok.disclosure.operations import headcounts
from planbok.disclosure.policy import LARGEST_SICK
from planbok.topics.staffing import hours
from planbok.topics.staffing.other_tables import own_ratio

RATIOS = ("sjukfranvaro", "sjukfranvaro_dag_1_14", "timavlonade_timmar")


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Ratios of hours from January to a month, or over twelve months where their rules say so, per cent.

    The same as in the report on sick leave; not one of which a month is missing or the hours are not known. They tell
    of the unit's employees in the month that had fewest of them.
    """
    every = hours.by_group_and_month(case.unit_rows("bemanning"))
    if not (every["nr"] == ar * 12 + tom_manad - 1).any():
        return {}
    fewest, found = headcounts(every).sum(axis=1).min(), {}
    for indicator in RATIOS:
        said = case.rule_or_none(f"indikator.{indicator}", date(ar, 1, 1)) or {}
        period, value = own_ratio(every, ar, tom_manad, indicator, said.get("period", ""))
        if value == value:
            few = None if pd.isna(fewest) else float(fewest)
            found[indicator] = Outcome(value, f"bemanningen, {period}", few, LARGEST_SICK)
    return found
