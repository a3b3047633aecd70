"""How sure is it: ranges from a method's own errors, and from the stated lowest and highest of each assumption."""

from collections.abc import Sequence
from math import ceil, cos, hypot, pi, sin, sqrt

import numpy as np

ROUNDING = 1e-9
HALVINGS = 60  # of a right angle: as close as a float tells
EIGHT_OF_TEN = 0.8


def order(count: int, level: float) -> int | None:
    """Which of `count` sizes of error, the smallest first, one more error stays within with probability `level`.

        k = ceil(level * (count + 1)), None where k > count: the errors are too few

    It holds for any distribution if the errors are independent and the next is drawn as they were (Lei et al. 2018,
    Distribution-free predictive inference for regression, JASA 113).

    >>> order(3, 0.8), order(4, 0.8), order(9, 0.8)
    (None, 4, 8)
    """
    place = ceil(level * (count + 1) - ROUNDING)
    return place if place <= count else None


def reach(errors: Sequence[float] | np.ndarray, level: float) -> float | None:
    """How far from zero one more error stays with probability `level`; None without errors.

        the k:th smallest |error|, k from `order`; where they are too few for that
        t quantile of n degrees of freedom * sqrt(mean of error^2)

    Parameters
    ----------
    errors : independent errors of one method, one a year; in any unit, which the answer has too
    level : 0-1; the second form supposes that errors are normal around zero

    >>> reach([1, -2, 4, 3], 0.8), reach([], 0.8)
    (4.0, None)
    >>> round(reach([1.0], 0.8), 3), round(reach([1.0, -1.0], 0.8), 3)
    (3.078, 1.886)
    """
    sizes = np.sort(np.abs(np.asarray(errors, dtype=float)))
    if not len(sizes):
        return None
    place = order(len(sizes), level)
    if place is not None:
        return float(sizes[place - 1])
    return float(t_reach(len(sizes), level) * np.sqrt((sizes**2).mean()))


def t_reach(degrees: int, level: float) -> float:
    """How far from zero a t-distributed number stays with a probability: the two-sided quantile.

        P(|T| < t) with whole degrees of freedom n and a = atan(t / sqrt(n)) (Abramowitz and Stegun 26.7.3-4):
        odd n: 2/pi * (a + sin a * (cos a + 2/3 cos^3 a + ...)), even n: sin a * (1 + 1/2 cos^2 a + 3/8 cos^4 a + ...)

    It is turned round by halving, since a few degrees are all that is asked for.

    >>> [round(t_reach(n, 0.8), 3) for n in (1, 2, 3, 4)], round(t_reach(5, 0.9), 3)
    ([3.078, 1.886, 1.638, 1.533], 2.015)
    """
    low, high = 0.0, pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(degrees, middle) < level else (low, middle)
    return sin(low) / cos(low) * sqrt(degrees)


def _within(degrees: int, angle: float) -> float:
    """P(|T| < sqrt(degrees) * tan(angle))."""
    odd = degrees % 2
    term, total = (cos(angle), 0.0) if odd else (1.0, 0.0)
    for power in range(odd + 1, degrees, 2):
        total += term
        term *= cos(angle) ** 2 * power / (power + 1)
    if odd:
        return 2 / pi * (angle + sin(angle) * total)
    return sin(angle) * total


def combined_interval(mid: float, ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The 80 % interval of a sum from the 80 % intervals of its independent parts.

        low  = mid - sqrt(sum of (mid - low_i)^2)
        high = mid + sqrt(sum of (high_i - mid)^2)

    where `low_i` and `high_i` are the answer when assumption i alone stands at its 10th or 90th percentile. Parts that
    are independent rarely all turn out badly, so this is narrower than adding every worst case. An approximation: it
    leaves out the interaction of the parts and treats each side as half of a normal distribution.

    >>> combined_interval(100.0, [(97.0, 103.0), (96.0, 104.0)])
    (95.0, 105.0)
    >>> combined_interval(100.0, [])
    (100.0, 100.0)
    """
    below = hypot(*(min(0.0, min(pair) - mid) for pair in ends))
    above = hypot(*(max(0.0, max(pair) - mid) for pair in ends))
    return mid - below, mid + above
