"""Staffing and sick leave as arithmetic: ratios of sums, what the rest of a year must hold, what sick hours cost.

Pure functions on arrays and tables. Hours are hours, wages kr, shares 0-1 unless a name says per cent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ("timavlonad", "overtid", "inhyrd")
RATIOS = {
    "sjukfranvaro_procent": ("sjuk_h", "avtalad_tid_h"),
    "sjukfranvaro_lag_procent": ("sjuk_h", "ordinarie_tid_h"),
    "sjukfranvaro_dag_1_14_procent": ("sjuk_dag_1_14_h", "avtalad_tid_h"),
    "sjuk_60_dagar_andel_procent": ("sjuk_60_dagar_h", "sjuk_h"),
    "timavlonad_procent": ("timavlonad_h", "arbetad_tid_h"),
}
PEOPLE = ("brukare", "medarbetare", "arsarbetare")
PER_HEAD = ("brukare_per_medarbetare", "brukare_per_arsarbetare")


def ratios(sums: pd.DataFrame) -> pd.DataFrame:
    """The indicators of summed hours, per cent: a ratio of sums, never a mean of ratios; NaN over no hours.

        sjukfranvaro_procent           100 * sjuk_h / avtalad_tid_h           the city's indicator
        sjukfranvaro_lag_procent       100 * sjuk_h / ordinarie_tid_h         the law's ratio
        sjukfranvaro_dag_1_14_procent  100 * sjuk_dag_1_14_h / avtalad_tid_h
        sjuk_60_dagar_andel_procent    100 * sjuk_60_dagar_h / sjuk_h
        timavlonad_procent             100 * timavlonad_h / arbetad_tid_h     arbetad: all hours by own staff

    The city's ratio and the law's differ since unpaid leave lowers ordinarie_tid_h only; they are never mixed.

    >>> hours = pd.DataFrame({"sjuk_h": [7500.0], "avtalad_tid_h": 100000.0, "ordinarie_tid_h": 92500.0,
    ...     "sjuk_dag_1_14_h": 3000.0, "sjuk_60_dagar_h": 2500.0, "timavlonad_h": 1900.0, "arbetad_tid_h": 10000.0})
    >>> ratios(hours).round(2).iloc[0].tolist()
    [7.5, 8.11, 3.0, 33.33, 19.0]
    """
    part, whole = (sums[list(names)].to_numpy(float) for names in zip(*RATIOS.values(), strict=True))
    return pd.DataFrame(100 * part / np.where(whole != 0, whole, np.nan), sums.index, [*RATIOS])


def required_average(target: float, so_far: float, weights: np.ndarray, months_done: int) -> float:
    """What the rest of the year must hold on average for the year to end on a target, per cent.

        rest = (target * all weights - so far * weights done) / weights left

    Parameters
    ----------
    target, so_far : the year's target and the ratio of the months done, per cent
    weights : twelve months' weights: last year's contracted hours, else equal
    months_done : 1-11

    Returns
    -------
    Per cent; below zero where the target is out of reach.

    >>> round(required_average(8.5, 8.7, np.ones(12), 8), 6)
    8.1
    """
    done, left = weights[:months_done].sum(), weights[months_done:].sum()
    return float((target * (done + left) - so_far * done) / left)


def hourly_wage(manadslon: float, veckoarbetstid_h: float, veckor_per_ar: float) -> float:
    """Wage per hour: (manadslon * 12) / (weeks of a year * hours a week).

    >>> round(hourly_wage(30000, 40, 52), 2)
    173.08
    """
    return manadslon * 12 / (veckor_per_ar * veckoarbetstid_h)


@dataclass(frozen=True)
class Rates:
    """Wages, rules and prices in force on a day; NaN where one is missing, with the reason in `saknas`."""

    timlon: np.ndarray  # by group, kr/h
    veckoarbetstid_h: float
    karens_h: float  # hours without sick pay per spell
    sjuklon_andel: float
    avtal_andel: float
    timmar_per_tillfalle: float
    po_procent: float
    ersattare_kr: dict[str, float]  # kr per sick hour by kind: share of the sick hours * price
    saknas: tuple[str, ...] = ()

    @property
    def replacement_price(self) -> float:
        """The mean price of replacing a sick hour, kr."""
        return sum(self.ersattare_kr.values())


def karens_hours(how: str, veckoarbetstid_h: float, dagar: float, avdrag_andel: float) -> float:
    """Hours of a spell without sick pay: the first day before 2019, the share of a week since.

    >>> karens_hours("karensdag", 40, 5, float("nan")), karens_hours("karensavdrag", 40, 5, 0.2)
    (8.0, 8.0)
    """
    return veckoarbetstid_h / dagar if how == "karensdag" else avdrag_andel * veckoarbetstid_h


@dataclass(frozen=True)
class SickHours:
    """Sick hours by group, and how many of them lie in days 1-14 and in spells of 60 days or more.

    The parts are never more than the whole before a scenario (`year.base_year` sees to it); what a scenario adds or
    takes is linear, so that its kronor say nothing of how a group's own absence lies.
    """

    sjuk: np.ndarray
    dag_1_14: np.ndarray
    dag_60: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The whole, days 1-14 and 60 days or more."""
        return self.sjuk, self.dag_1_14, self.dag_60

    @property
    def dag_15_59(self) -> np.ndarray:
        """What is in neither."""
        return self.sjuk - self.dag_1_14 - self.dag_60


def costs(hours: SickHours, rates: Rates) -> dict[str, np.ndarray]:
    """What sick hours cost, kr by group.

        sjuklon_1_14   andel * timlon * (h1_14 - karens_h * h1_14 / timmar_per_tillfalle), never below 0
        sjuklon_15_90  avtal_andel * timlon * (sjuk - h1_14 - h60)
        avgifter       po / 100 * (sjuklon_1_14 + sjuklon_15_90)
        <ersattare>    sjuk * share * price, per kind
        lon            - timlon * (1 + po / 100) * sjuk: the wage that isn't paid while someone is ill

    An approximation: hours do not say how many spells they are, nor which long spells have passed day 90, so the
    agreement's 10 % is counted on days 15-59 and is somewhat low.

    >>> rates = Rates(np.array([200.0]), 40, 8, 0.8, 0.1, 32, 40, {"timavlonad": 250.0})
    >>> found = costs(SickHours(np.array([100.0]), np.array([64.0]), np.array([20.0])), rates)
    >>> {name: round(float(kr[0]), 2) for name, kr in found.items()}
    {'sjuklon_1_14': 7680.0, 'sjuklon_15_90': 320.0, 'avgifter': 3200.0, 'timavlonad': 25000.0, 'lon': -28000.0}
    """
    paid = np.maximum(1 - rates.karens_h / rates.timmar_per_tillfalle, 0.0)
    first = rates.sjuklon_andel * rates.timlon * hours.dag_1_14 * paid
    then = rates.avtal_andel * rates.timlon * hours.dag_15_59
    fees = rates.po_procent / 100
    replaced = {kind: hours.sjuk * kr for kind, kr in rates.ersattare_kr.items()}
    wage = -rates.timlon * (1 + fees) * hours.sjuk
    return {"sjuklon_1_14": first, "sjuklon_15_90": then, "avgifter": fees * (first + then), **replaced, "lon": wage}


def kr_per_percentage_point(avtalad_tid_12_h: float, replacement_price: float) -> float:
    """What one percentage point of sick leave costs in replacements over twelve months, kr.

        avtalad_tid_12_h / 100 * mean replacement price

    >>> kr_per_percentage_point(360000, 250)
    900000.0
    """
    return avtalad_tid_12_h / 100 * replacement_price


def per_head(operations: pd.DataFrame) -> pd.DataFrame:
    """Users per employee and per full-time equivalent, a range where the source gives one.

        lowest = fewest users / most staff, highest = most users / fewest staff

    Parameters
    ----------
    operations : brukare, medarbetare, arsarbetare, each with `_lag` and `_hog`

    Returns
    -------
    DataFrame brukare_per_medarbetare_lag, _hog, brukare_per_arsarbetare_lag, _hog; NaN where either is not stated.

    >>> one = pd.DataFrame({f"{name}_{end}": [value] for name, ends in
    ...     {"brukare": (18, 24), "medarbetare": (7.5, 7.5), "arsarbetare": (np.nan, np.nan)}.items()
    ...     for end, value in zip(("lag", "hog"), ends)})
    >>> per_head(one).round(1).iloc[0].tolist()
    [2.4, 3.2, nan, nan]
    """
    found = {}
    for staff in ("medarbetare", "arsarbetare"):
        low, high = operations[f"{staff}_lag"], operations[f"{staff}_hog"]
        found[f"brukare_per_{staff}_lag"] = operations["brukare_lag"] / high.where(high > 0)
        found[f"brukare_per_{staff}_hog"] = operations["brukare_hog"] / low.where(low > 0)
    return pd.DataFrame(found)


def employees_per_manager(medarbetare: float, chefer: float) -> float:
    """Employees per manager; NaN without managers.

    >>> employees_per_manager(240, 4)
    60.0
    """
    return medarbetare / chefer if chefer > 0 else np.nan


def headcount_finding(parts: Sequence[float], stated: float) -> float:
    """How far the parts' headcount is from the total that the source states: a finding, not an error.

    >>> headcount_finding([65, 5], 67)
    3.0
    """
    return float(sum(parts) - stated)
