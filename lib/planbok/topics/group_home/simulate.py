"""How far a home's years may land from the plan: opening, move-in pace, levels and rents drawn together, seeded."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd

from planbok.topics.group_home.model import Year

DRAWS = 10_000
YEARS = 3
SEED = 20240827
LOW, HIGH = 10, 90  # stated lowest and highest are read as these percentiles
AT_HIGH = NormalDist().inv_cdf(HIGH / 100)


@dataclass(frozen=True)
class Risks:
    """Months that the opening, and each move after it, may be late: reasonably lowest and highest."""

    forsening: tuple[float, float]
    drojsmal: tuple[float, float]


def position(day: date, ar: int) -> float:
    """A day as months since 1 January of a year, part months by days.

    >>> position(date(2024, 10, 1), 2024), position(date(2025, 4, 16), 2024)
    (9.0, 15.5)
    """
    return 12 * (day.year - ar) + day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]


def between(low: np.ndarray | float, mid: np.ndarray | float, high: np.ndarray | float, z: np.ndarray) -> np.ndarray:
    """A figure at a standard normal draw, so that its 10th and 90th percentiles are the stated lowest and highest."""
    return mid + ((mid - low) * np.minimum(z, 0) + (high - mid) * np.maximum(z, 0)) / AT_HIGH


@dataclass(frozen=True, eq=False)
class Drawn:
    """Kronor by draw and year; draw 0 is the plan itself, with expected peng."""

    resultat: np.ndarray  # KBH apart
    kbh: np.ndarray
    tomgang: np.ndarray

    def ranges(self, ar: int) -> pd.DataFrame:
        """Per year and figure: the plan, and the 10th, 50th and 90th percentile of the draws."""
        rows = []
        for name in ("resultat", "kbh", "tomgang"):
            drawn = getattr(self, name)
            for number in range(drawn.shape[1]):
                ends = np.percentile(drawn[1:, number], [LOW, 50, HIGH])
                rows.append((ar + number, name, drawn[0, number], *ends))
        return pd.DataFrame(rows, columns=["ar", "tal", "plan_kr", "lag_kr", "median_kr", "hog_kr"])


def draw(year: Year, risks: Risks, draws: int = DRAWS, years: int = YEARS) -> Drawn:
    """A home's years when it opens late, flats fill slower, levels come as the unit's own, and rents differ.

    Staff and premises begin as planned, however late the home opens. Years after the first repeat its rules and prices.
    The home is counted by whole flats; places without a flat give no peng here.
    """
    home, cond = year.home, year.conditions
    kinds = (b"oppning", b"inflyttning", b"niva", b"hyra")
    rng = {kind: np.random.default_rng([SEED, *kind]) for kind in kinds}
    size = (draws + 1, len(home.flats))
    late = np.maximum(0, between(risks.forsening[0], 0, risks.forsening[1], rng[b"oppning"].standard_normal(size[0])))
    slow = np.maximum(0, between(risks.drojsmal[0], 0, risks.drojsmal[1], rng[b"inflyttning"].standard_normal(size)))
    z = rng[b"hyra"].standard_normal(size[0])
    for each in (late, slow, z):
        each[0] = 0
    opens = position(home.oppnar, cond.ar) + late
    planned = np.array([position(day.item(), cond.ar) for day in home.flats.inflyttning])
    moves = planned + late[:, None] + slow
    rent = between(home.flats.lag, home.flats.mid, home.flats.hog, z[:, None])
    starts = 12 * np.arange(years)
    let = _months_left(moves[:, :, None], starts)
    is_open = _months_left(opens[:, None], starts)
    empty = is_open[:, None] - let
    vacant = np.einsum("df,dfy->dy", rent, empty)
    income = np.einsum("df,dfy->dy", rent, let)
    kbh = np.einsum("df,dfy->dy", _kbh(year, rent), let)
    peng = _peng(year, moves, _prices(year, size, rng[b"niva"]), years)
    fixed = _fixed(year, starts)
    costs = vacant if home.rents_are_paid_by_tenants_only else 0.0
    return Drawn(peng + income - fixed - costs, kbh, vacant)


def _months_left(position_: np.ndarray | float, starts: np.ndarray) -> np.ndarray:
    """Months of each year from a position on, 0–12."""
    return np.clip(12 + starts - position_, 0, 12)


def _kbh(year: Year, rent: np.ndarray) -> np.ndarray:
    """KBH a month by draw and flat, at the full year's values."""
    return np.asarray(year.conditions.terms_full.kbh(rent))


def _prices(year: Year, size: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Peng a day by draw and flat: the known level's, else drawn from the unit's own; NaN where it has none."""
    cond = year.conditions
    price = np.full(size, np.nan)
    for flat, niva in enumerate(year.home.flats.niva):
        if niva in cond.levels:
            price[:, flat] = cond.peng_full[cond.levels.index(niva)]
        elif not niva and cond.shares is not None:
            price[:, flat] = rng.choice(cond.peng_full, size[0], p=cond.shares)
            price[0, flat] = cond.shares @ cond.peng_full
    return price


def _peng(year: Year, moves: np.ndarray, price: np.ndarray, years: int) -> np.ndarray:
    """The final budget of each year: those moved in by each measurement, times its weight, for all the year's days."""
    cond = year.conditions
    days = np.array([span.days for span in cond.spans])
    weights = [float(w @ days) for w in cond.matvikter]
    found = np.zeros((len(moves), years))
    for day, weight in zip(cond.matdagar, weights, strict=True):
        if weight > 0:
            limits = position(day, cond.ar) + 12 * np.arange(years)
            there = moves[:, :, None] <= limits
            found += weight * np.where(there, price[:, :, None], 0.0).sum(axis=1)
    return found


def _fixed(year: Year, starts: np.ndarray) -> np.ndarray:
    """Staff, premises and start cost by year, as planned."""
    home, ar = year.home, year.conditions.ar
    total = np.zeros(len(starts))
    for day, kr in ((home.personal_fran, home.personal_kr), (home.tilltrade, home.lokalhyra_kr)):
        total = total + kr * _months_left(position(day or home.oppnar, ar), starts)
    once = np.array([home.first_day.year == ar + number for number in range(len(starts))])
    return total + np.where(once, home.startkostnad_kr, 0.0)
