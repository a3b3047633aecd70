"""Which parts of a shown total may not be shown, so that none of them can be worked out."""

import numpy as np
import pandas as pd


def hidden_parts(counts: pd.DataFrame, smallest: int) -> tuple[frozenset, bool]:
    """The parts of a sum that are not shown on any occasion, and whether the sum isn't shown either.

    On each occasion, in order, a part of 1 to `smallest` - 1 is hidden. Then the smallest of the other parts are hidden
    too until what is hidden is safe (`is_safe`), since the sum minus what is shown is theirs. A part once hidden is
    hidden on all occasions, so that no month or report tells what another withholds; more occasions hide more,
    never less. Where all parts together are not safe, the sum is not shown.

    Parameters
    ----------
    counts : persons, a row per occasion in order of time and a column per part; 0 or NaN where there is nobody

    Returns
    -------
    The hidden columns, and whether the sum is hidden.

    >>> hidden_parts(pd.DataFrame([{"a": 1, "b": 1, "c": 40, "d": 9}]), 5) == (frozenset("abd"), False)
    True
    >>> hidden_parts(pd.DataFrame([{"a": 12, "b": 7, "c": 0}]), 5) == (frozenset(), False)
    True
    >>> hidden_parts(pd.DataFrame([{"a": 3, "b": 0}]), 5) == (frozenset("a"), True)
    True
    """
    values = np.nan_to_num(counts.to_numpy(float))
    hidden, whole = np.zeros(values.shape[1], bool), False
    for number, row in enumerate(values):
        hidden |= (row > 0) & (row < smallest)
        place = number
        while place >= 0:  # what is hidden more on one occasion may leave too little hidden on an earlier one
            added, enough = _made_safe(values[place], hidden, smallest)
            whole |= not enough
            place = number if added else place - 1
    return frozenset(counts.columns[hidden]), bool(whole)


def _made_safe(row: np.ndarray, hidden: np.ndarray, smallest: int) -> tuple[bool, bool]:
    """Hides the smallest other parts of an occasion until it is safe; whether any was added, and whether it is safe."""
    order = [place for place in np.argsort(row, kind="stable") if row[place] > 0 and not hidden[place]]
    added = False
    while not is_safe(row[hidden], smallest):
        if not order:
            return added, False
        hidden[order.pop(0)] = added = True
    return added, True


def is_safe(counts: np.ndarray, smallest: int) -> bool:
    """Whether the sum of some hidden parts may be known.

    It may where nobody is in them, else where at least two parts have at least `smallest` persons together and no part
    is forced by its bounds: k parts that sum to k are 1 each, and k parts that sum to k times the largest are all so.

    >>> [is_safe(np.array(parts), 5) for parts in ([], [0], [3, 1], [3, 3], [1, 1, 9], [1] * 5)]
    [True, True, False, False, True, False]
    """
    there = counts[counts > 0]
    if not len(there):
        return True
    together = there.sum()
    return bool(len(there) >= 2 and together >= smallest and len(there) < together < len(there) * there.max())


def periods(moved: list[set], smallest: int) -> list[int]:
    """The period of each occasion in a row, so that between any two periods nobody or enough persons have moved.

    Parameters
    ----------
    moved : who differ from the occasion before, for each occasion; the first is compared with nothing

    >>> periods([set(), {1, 2}, set(), {3, 4, 5}, {6}, {7}], 5)
    [0, 0, 0, 0, 0, 0]
    >>> periods([set(), {1, 2, 3, 4, 5}, set(), {6}, {7, 8, 9, 10}], 5)
    [0, 1, 1, 1, 2]
    >>> periods([set(), set(), set()], 5)
    [0, 1, 2]
    """
    if not any(moved[1:]):
        return list(range(len(moved)))
    cuts: list[int] = []
    since: set = set()
    for place, who in enumerate(moved[1:], start=1):
        since = since | who
        if len(since) >= smallest:
            cuts.append(place)
            since = set()
    if since:  # so few have moved in the last period that it goes with the one before
        cuts = cuts[:-1]
    return [sum(cut <= place for cut in cuts) for place in range(len(moved))]
