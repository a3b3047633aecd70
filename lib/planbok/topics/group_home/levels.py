"""Peng of residents whose levels are not known yet: how many mixes, their ends, and the exact distribution."""

from dataclasses import dataclass
from math import comb

import numpy as np

ROUNDING = 1e-12  # of sums of probabilities
NAN = float("nan")
SAME_KR = 6  # decimals within which two sums of prices are one


@dataclass(frozen=True)
class Spread:
    """Peng a day of a home: ends, mean where the unit's own levels are known, and how many mixes are possible."""

    antal: float
    lagst: float
    hogst: float
    forvantad: float
    summor: np.ndarray  # every possible kr/dygn, rising; empty where the unit's levels are not known
    sannolikhet: np.ndarray

    def percentile(self, andel: float) -> float:
        """The lowest kr/dygn that a share of the outcomes does not exceed; NaN where it is not known.

        >>> Spread(3, 2.0, 4.0, 3.0, np.array([2.0, 3.0, 4.0]), np.array([0.25, 0.5, 0.25])).percentile(0.75)
        3.0
        """
        if not len(self.summor):
            return NAN
        return float(self.summor[np.searchsorted(np.cumsum(self.sannolikhet), andel - ROUNDING)])


def mixes(free: int, levels: int) -> int:
    """In how many ways free places may be spread over levels, order apart; there is at least one level.

        (free + levels - 1)! / (free! (levels - 1)!)

    >>> mixes(5, 7), mixes(4, 7), mixes(0, 7)
    (462, 210, 1)
    """
    return comb(free + levels - 1, free)


def distribution(prices: np.ndarray, shares: np.ndarray, free: int) -> tuple[np.ndarray, np.ndarray]:
    """Every sum that free places may give, kr/dygn, and its probability, by convolution.

    Each place has the unit's own levels, independently of the others.

    >>> sums, chances = distribution(np.array([1.0, 2.0]), np.array([0.5, 0.5]), 2)
    >>> sums.tolist(), chances.tolist()
    ([2.0, 3.0, 4.0], [0.25, 0.5, 0.25])
    """
    sums, chances = np.zeros(1), np.ones(1)
    there = shares > 0
    for _ in range(free):
        grid = np.add.outer(sums, prices[there]).round(SAME_KR).ravel()
        weight = np.multiply.outer(chances, shares[there]).ravel()
        sums, place = np.unique(grid, return_inverse=True)
        chances = np.bincount(place, weight).astype(float)
    return sums, chances


def spread(prices: np.ndarray, shares: np.ndarray | None, known: np.ndarray) -> Spread:
    """Peng a day of known residents and free places.

    Parameters
    ----------
    prices : kr/dygn by level
    shares : the unit's own distribution over the levels, None where it has none
    known : persons known by level; `known[-1]`, one longer than prices, is the number of free places

    >>> both = spread(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array([0, 1, 1]))
    >>> both.antal, both.lagst, both.hogst, both.forvantad
    (2, 4.0, 6.0, 5.0)
    """
    number, free = known[:-1], int(known[-1])
    base = float(number @ prices)
    if not len(prices):
        return Spread(NAN, NAN, NAN, NAN, prices, prices)
    low, high = (base + free * float(kr) for kr in (prices.min(), prices.max()))
    if free and shares is None:
        return Spread(mixes(free, len(prices)), low, high, NAN, np.array([]), np.array([]))
    of_free = np.zeros(len(prices)) if shares is None else shares
    sums, chances = distribution(prices, of_free, free)
    return Spread(mixes(free, len(prices)), low, high, base + free * float(of_free @ prices), sums + base, chances)


def around(kr_per_dygn: float, levels: tuple[str, ...], prices: np.ndarray) -> tuple[str, str]:
    """The level whose peng is just below or equal to a cost a day, and the one just above; "" where there is none.

    >>> around(3278.69, ("3", "4"), np.array([2737.0, 3402.0]))
    ('3', '4')
    >>> around(2000.0, ("3", "4"), np.array([2737.0, 3402.0]))
    ('', '3')
    """
    pairs = sorted(zip(prices, levels, strict=True))
    below = [niva for kr, niva in pairs if kr <= kr_per_dygn]
    above = [niva for kr, niva in pairs if kr > kr_per_dygn]
    return (below[-1] if below else "", above[0] if above else "")
