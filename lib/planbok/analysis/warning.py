"""Early warning of a count: the last value against those before, and how often such a warning has been false."""

from dataclasses import dataclass

import numpy as np

UP, DOWN, NONE = 1, -1, 0


@dataclass(frozen=True)
class FlagLimits:
    """When a count is flagged: `window` months before make the mean that it is held against.

    share   (series,) the least change as a share of the mean, 0.15 means 15 %
    least   the least change in number
    tried   months after which a flag is held against what came
    """

    window: int
    share: np.ndarray
    least: float
    tried: int


def means(series: np.ndarray, window: int) -> np.ndarray:
    """The mean of the `window` values before each, (month, series); NaN where there are not so many.

    >>> means(np.array([[20.0], [20], [21], [20], [21], [26]]), 5)[-1].tolist()
    [20.4]
    """
    found = np.full(series.shape, np.nan)
    if len(series) > window:
        total = np.vstack([np.zeros((1, series.shape[1])), np.cumsum(series, axis=0)])
        found[window:] = (total[window:-1] - total[: -window - 1]) / window
    return found


def flags(series: np.ndarray, limits: FlagLimits) -> np.ndarray:
    """UP, DOWN or NONE of each value, (month, series).

        flagged where |value - mean| >= share * mean and |value - mean| >= least

    >>> limits = FlagLimits(5, np.array([0.15]), 5, 3)
    >>> flags(np.array([[20.0], [20], [21], [20], [21], [26]]), limits)[:, 0].tolist()
    [0, 0, 0, 0, 0, 1]
    """
    mean = means(series, limits.window)
    return _beyond(series - mean, mean, limits)


def _beyond(change: np.ndarray, mean: np.ndarray, limits: FlagLimits) -> np.ndarray:
    size = np.abs(change)
    with np.errstate(invalid="ignore"):
        enough = (size >= limits.share * mean - 1e-9) & (size >= limits.least - 1e-9)
    return np.where(enough, np.sign(change), NONE).astype(int)


@dataclass(frozen=True)
class Backtest:
    """Earlier flags of each series that can be tried, and how many of them were false, (series,) each."""

    tried: np.ndarray
    false: np.ndarray


def backtest(series: np.ndarray, limits: FlagLimits) -> Backtest:
    """How often a flag has been false: `limits.tried` months later the count was back within the limits.

    What came is held against the mean that the flag was raised against. A flag whose months have not yet come is not
    tried.

    >>> limits = FlagLimits(5, np.array([0.15]), 5, 3)
    >>> back = np.array([[20.0]] * 5 + [[26]] + [[20]] * 3)
    >>> backtest(back, limits).tried.tolist(), backtest(back, limits).false.tolist()
    ([1], [1])
    >>> stays = np.array([[20.0]] * 5 + [[26]] * 4)
    >>> backtest(stays, limits).tried.tolist(), backtest(stays, limits).false.tolist()
    ([1], [0])
    """
    raised, mean, ahead = flags(series, limits), means(series, limits.window), limits.tried
    known = len(series) - ahead
    if known <= 0:
        none = np.zeros(series.shape[1], int)
        return Backtest(none, none)
    later = _beyond(series[ahead:] - mean[:known], mean[:known], limits)
    there = raised[:known] != NONE
    return Backtest(there.sum(axis=0), (there & (later != raised[:known])).sum(axis=0))
