"""How sure is it: ranges from a method's own errors, and from the stated lowest and highest of each assumption."""

from collections.abc import Sequence
from math import ceil, hypot

import numpy as np
from scipy.special import stdtrit

ROUNDING = 1e-9
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
    return place if 1 <= place <= count else None


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
    return float(stdtrit(len(sizes), (1 + level) / 2) * np.sqrt((sizes**2).mean()))


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
