"""How far the next measurement may land from what is known: moves drawn from the unit's own history, seeded."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

DRAWS = 10_000
SEED = 31_0327_08
FEWEST_MOVES = 30
JEFFREYS = 0.5
LOW, HIGH = 10, 90  # percentiles of an 80 per cent range


@dataclass(frozen=True)
class Range:
    """The middle and the 80 per cent range of simulated measurements, kr for a year."""

    lag: float
    median: float
    hog: float


def simulate(known: float, moves: Mapping[str, np.ndarray], history_days: int, ahead_days: int) -> Range:
    """The year's money at the next measurement, with as many moves as history makes likely.

        rate  = Gamma(moves in history + 1/2) / history, drawn once for each simulated measurement
        money = known + sum over kinds of (Poisson(rate * ahead) amounts drawn from history + the error of their mean)

    The rate itself is known from some tens of moves only: Jeffreys' prior and its posterior (Gelman et al., Bayesian
    Data Analysis, 3rd ed., 2.6-2.8). So is the mean size of a move: s / sqrt(n), normal.

    Parameters
    ----------
    known : kr for a year with the decisions that are known, one number
    moves : kind of move ("in", "ut", "niva") to what each past move of that kind would mean for a year, kr
    history_days, ahead_days : how long the history is, and how far ahead the measurement lies

    Every kind has a generator of its own, so that one kind more does not change what the others draw.

    >>> simulate(100.0, {"in": np.array([0.0])}, 365, 30)
    Range(lag=100.0, median=100.0, hog=100.0)
    """
    total = np.full(DRAWS, float(known))
    for kind in sorted(moves):
        amounts = moves[kind]
        if len(amounts):
            generator = np.random.default_rng([SEED, *kind.encode()])
            rate = generator.gamma(len(amounts) + JEFFREYS, size=DRAWS) / history_days
            number = generator.poisson(rate * ahead_days)
            drawn = generator.choice(amounts, number.sum())
            total += np.bincount(np.repeat(np.arange(DRAWS), number), drawn, minlength=DRAWS)
            total += number * generator.standard_normal(DRAWS) * amounts.std() / np.sqrt(len(amounts))
    low, middle, high = np.percentile(total, [LOW, 50, HIGH])
    return Range(float(low), float(middle), float(high))
