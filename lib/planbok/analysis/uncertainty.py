"""How sure is it: what the stated lowest and highest of each assumption mean for the answer."""

from collections.abc import Sequence
from math import hypot


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
