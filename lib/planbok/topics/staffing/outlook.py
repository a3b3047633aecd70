"""The year-end: months not yet over as the same months last year, tried on the past before it is believed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis.uncertainty import EIGHT_OF_TEN, reach

YEAR = 12
SAME_MONTHS = "samma månader i fjol"
WITH_LEVEL = "samma månader i fjol plus årets nivåskillnad"


@dataclass(frozen=True)
class Trials:
    """A method's own past: forecast minus outcome of each year-end that could be tried, percentage points."""

    metod: str
    fel: np.ndarray
    en_per_ar: np.ndarray  # those of the same months of each year: independent of each other
    fel_gemensamma: np.ndarray  # those of the stretches that every method could be tried on

    @property
    def gemensamma(self) -> int:
        """How many stretches every method could be tried on."""
        return len(self.fel_gemensamma)

    @property
    def medelfel_gemensamma(self) -> float:
        """The mean size of its errors over the stretches that every method was tried on: what chooses between them."""
        return float(np.abs(self.fel_gemensamma).mean()) if self.gemensamma else np.nan

    @property
    def medelfel(self) -> float:
        """The mean size of its errors; NaN where it could never be tried."""
        return float(np.abs(self.fel).mean()) if len(self.fel) else np.nan


@dataclass(frozen=True)
class Outlook:
    """A year-end forecast of a ratio, per cent, and how far the same method has missed before.

    `varde` is None with the reason in `saknas` where the history is too short; `lag` and `hog` are NaN where the
    method could not be tried often enough. `niva` is what is added to last year's months, percentage points.
    """

    varde: float | None
    metod: str
    niva: float = 0.0
    lag: float = np.nan
    hog: float = np.nan
    trials: tuple[Trials, ...] = ()
    saknas: str = ""

    @property
    def has_range(self) -> bool:
        """Whether the method could be tried often enough to have a range."""
        return not np.isnan(self.lag)


def outlook(part: pd.Series, whole: pd.Series, done: int, fewest: int) -> Outlook:
    """The year's ratio when `done` of its months are over.

        samma månader i fjol   rest = last year's ratio of the same months, at last year's hours
        plus nivåskillnad      rest = that + (this year's ratio so far - last year's of the same months)

    Both are tried on every earlier stretch of twelve months whose first `done` months are taken as known, with nothing
    that came later. The second is used where it has missed by less on average over the stretches that both could be
    tried on, and there are at least `fewest` of them. The range is to hold in eight cases of ten: the reach of the
    method's misses at the same months of earlier years, one a year (`uncertainty.reach`).

    Parameters
    ----------
    part, whole : hours by consecutive month, the last of them the last month known
    done : 1-12
    fewest : how many trials it takes for a choice between methods

    >>> outlook(pd.Series([8.0] * 12), pd.Series([100.0] * 12), 12, 3).varde
    8.0
    """
    a, b = part.to_numpy(float), whole.to_numpy(float)
    if len(a) < YEAR:
        return _short(SAME_MONTHS)
    if done == YEAR:
        return Outlook(_ratio(a[-YEAR:], b[-YEAR:]), "utfall för hela året")
    now = len(a)
    misses = np.array([_misses(a, b, done, level) for level in (False, True)])
    both = ~np.isnan(misses).any(axis=0)
    same = slice(-1 - done, None, -YEAR)  # the last trial lies a year less `done` months back; those of today's month
    trials = tuple(
        Trials(name, _known(fel), _known(fel[same]), fel[both])
        for name, fel in zip((SAME_MONTHS, WITH_LEVEL), misses, strict=True)
    )
    plain, level = trials
    better = level.medelfel_gemensamma < plain.medelfel_gemensamma
    used = level if better and plain.gemensamma >= fewest else plain
    value, shift = _forecast(a, b, now, done, used.metod == WITH_LEVEL)
    if np.isnan(value):
        return _short(SAME_MONTHS)
    half = reach(used.en_per_ar, EIGHT_OF_TEN)
    low, high = (np.nan, np.nan) if half is None else (max(value - half, 0.0), value + half)
    return Outlook(value, used.metod, shift, low, high, trials)


def _short(metod: str) -> Outlook:
    return Outlook(None, metod, saknas="historien är för kort: samma månader året före saknas i underlaget")


def _misses(a: np.ndarray, b: np.ndarray, done: int, level: bool) -> np.ndarray:
    """Forecast minus outcome at each earlier moment with a year before it; NaN where the method could not be used."""
    left = YEAR - done
    found = []
    for now in range(YEAR, len(a) - left + 1):
        value, _ = _forecast(a, b, now, done, level)
        year = slice(now - done, now + left)
        found.append(value - _ratio(a[year], b[year]))
    return np.array(found)


def _known(misses: np.ndarray) -> np.ndarray:
    return misses[~np.isnan(misses)]


def _forecast(a: np.ndarray, b: np.ndarray, now: int, done: int, level: bool) -> tuple[float, float]:
    """The ratio of twelve months of which `done` are over at `now`, and the level added to last year's months."""
    known, rest = slice(now - done, now), slice(now - YEAR, now - done)
    before = slice(now - done - YEAR, now - YEAR)
    shift = 0.0
    if level:
        if before.start < 0:
            return np.nan, 0.0
        shift = _ratio(a[known], b[known]) - _ratio(a[before], b[before])
    ahead = a[rest].sum() + shift / 100 * b[rest].sum()
    return _share(a[known].sum() + ahead, b[known].sum() + b[rest].sum()), float(shift)


def _ratio(a: np.ndarray, b: np.ndarray) -> float:
    return _share(a.sum(), b.sum())


def _share(part: float, whole: float) -> float:
    return float(100 * part / whole) if whole else np.nan
