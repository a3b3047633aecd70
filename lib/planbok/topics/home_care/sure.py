"""How sure the year by its drivers is: how far the same forecast missed at the same month of earlier whole years."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np

from planbok.analysis.uncertainty import EIGHT_OF_TEN, reach
from planbok.base.numbers import KR_PER_MNKR
from planbok.topics.home_care.outside import said_year
from planbok.topics.home_care.study import MONTHS, Study

YEARS_RULE = "uppfoljning.minst_hela_ar"


@dataclass(frozen=True)
class Sure:
    """How far from the prognosis the year may land.

    half    mnkr, whole; NaN where no range is claimed, for the reason `why`
    antal   earlier years that it was tried on
    """

    half: float
    antal: int
    why: str = ""


def half_mnkr(kr: float, errors: np.ndarray) -> float:
    """How far from a prognosis the year stays eight times of ten, in whole mnkr upwards.

        half = kr * reach of the errors, shares of the year

    Whole mnkr are what the prognosis is rounded to where it tells of few: the ends of the range then show the same
    rounding as the prognosis itself, and nothing more of it.

    >>> half_mnkr(800e6, np.array([0.01, -0.01])), half_mnkr(800e6, np.array([0.005, -0.002, 0.001, 0.004]))
    (16.0, 4.0)
    """
    half = reach(errors, EIGHT_OF_TEN)
    return np.nan if half is None else float(ceil(abs(kr) * half / KR_PER_MNKR))


def sure(study: Study, booked: Iterable[tuple[int, float]]) -> Sure:
    """The range of the year's cost, from one independent error of each earlier whole year with a year before it.

        error = (the ledger's year - the year by its drivers after the same month) / the latter

    Only what was known after that month is read. A year without one before it has no season, and is not tried.
    `booked` is each whole year of the ledger with what it cost, kr.
    """
    if study.tom == MONTHS:
        return Sure(np.nan, 0, f"{study.ar} är slut")
    if study.lacks:
        return Sure(np.nan, 0, study.lacks)
    found = []
    for year, became in booked:
        if study.grid.place(year, 1) >= MONTHS:
            forecast = said_year(study, year, study.tom)
            found.append((became - forecast) / forecast)
    errors = np.array(found)
    errors = errors[np.isfinite(errors)]
    fewest = int(study.case.rule(YEARS_RULE).varde)
    if len(errors) < max(fewest, 1):
        tried = {0: "inget helt år", 1: "ett helt år"}.get(len(errors), f"{len(errors)} hela år")
        why = f"prognosen kan prövas på {tried} med utfall, och ett spann kräver {fewest} år"
        return Sure(np.nan, len(errors), why)
    return Sure(half_mnkr(float(np.nansum(study.kr[:MONTHS])), errors), len(errors))
