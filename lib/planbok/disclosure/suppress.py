"""Which parts of a shown total may not be shown, so that none of them can be worked out."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.kept import CONTENTS


def hidden_parts(
    counts: pd.DataFrame, smallest: int, sums: Sequence[frozenset] = (), always: frozenset = frozenset()
) -> tuple[frozenset, bool]:
    """The parts of a sum that are not shown on any occasion, and whether the sum isn't shown either.

    On each occasion, in order, a part of 1 to `smallest` - 1 is hidden. Then the smallest of the other parts are hidden
    too until what is hidden is safe (`is_safe`), since the sum minus what is shown is theirs. A part once hidden is
    hidden on all occasions, so that no month or report tells what another withholds; more occasions hide more,
    never less. Where all parts together are not safe, the sum is not shown.

    Parameters
    ----------
    counts : persons, a row per occasion in order of time and a column per part; 0 or NaN where there is nobody
    sums : other sets of parts whose sum is shown somewhere: what is hidden of each is safe, or the set is all hidden
    always : those of the parts that are hidden anyhow

    Returns
    -------
    The hidden columns, and whether the sum is hidden.

    >>> hidden_parts(pd.DataFrame([{"a": 1, "b": 1, "c": 40, "d": 9}]), 5) == (frozenset("abd"), False)
    True
    >>> hidden_parts(pd.DataFrame([{"a": 12, "b": 7, "c": 0}]), 5) == (frozenset(), False)
    True
    >>> hidden_parts(pd.DataFrame([{"a": 3, "b": 0}]), 5) == (frozenset("a"), True)
    True
    >>> pairs = [frozenset("ab"), frozenset("cd")]
    >>> hidden_parts(pd.DataFrame([{"a": 4, "b": 6, "c": 3, "d": 8}]), 5, pairs) == (frozenset("abcd"), False)
    True
    """
    hidden, whole = _of_occasions(counts, smallest, sums, always)
    if not len(whole):
        return always, False
    return frozenset(itertools.compress(counts.columns, hidden[-1])), bool(whole[-1])


def hidden_so_far(counts: pd.DataFrame, smallest: int, sums: Sequence[frozenset] = ()) -> dict[Any, frozenset]:
    """What `hidden_parts` hides of the occasions up to each one, by occasion; where the sum is hidden all, and "".

    >>> counts = pd.DataFrame([{"a": 8, "b": 7, "c": 9}, {"a": 3, "b": 7, "c": 9}], index=["maj", "juni"])
    >>> hidden_so_far(counts, 5) == {"maj": frozenset(), "juni": frozenset("ab")}
    True
    >>> sorted(hidden_so_far(pd.DataFrame([{"a": 3, "b": 0}]), 5)[0])
    ['', 'a', 'b']
    """
    hidden, whole = _of_occasions(counts, smallest, sums, frozenset())
    every = frozenset(["", *counts.columns])
    found = [
        every if none else frozenset(itertools.compress(counts.columns, its))
        for its, none in zip(hidden, whole, strict=True)
    ]
    return dict(zip(counts.index, found, strict=True))


def _of_occasions(counts: pd.DataFrame, smallest: int, sums: Sequence[frozenset], always: frozenset) -> tuple:
    values, parts = np.nan_to_num(counts.to_numpy(float)), counts.columns.tolist()
    subsets = np.array([[part in its for part in parts] for its in sums], bool).reshape(len(sums), len(parts))
    return CONTENTS.of(_hidden, values, smallest, subsets, np.array([part in always for part in parts], bool))


def _hidden(
    values: np.ndarray, smallest: int, subsets: np.ndarray, always: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is hidden of the occasions up to each one, (occasion, part), and whether their sum is, (occasion,).

    Of persons (occasion, part), sums (sum, part) and `always` (part).
    """
    hidden, whole = always.copy(), False
    found, sums = np.zeros(values.shape, bool), np.zeros(len(values), bool)
    for number, row in enumerate(values):
        hidden |= (row > 0) & (row < smallest)
        place = number
        while place >= 0:  # what is hidden more on one occasion may leave too little hidden on an earlier one
            added, enough = _made_safe(values[place], hidden, smallest, subsets)
            whole |= not enough
            place = number if added else place - 1
        found[number], sums[number] = hidden, whole
    return found, sums


def sum_can_be_safe(counts: np.ndarray, smallest: int) -> bool:
    """Whether the sum of some parts may be shown when as many of them are hidden as it takes.

    >>> sum_can_be_safe(np.array([1, 1, 40, 9]), 5), sum_can_be_safe(np.array([3, 0]), 5)
    (True, False)
    """
    return _made_safe(counts, counts < smallest, smallest, ())[1]


def _made_safe(row: np.ndarray, hidden: np.ndarray, smallest: int, subsets: Iterable[np.ndarray]) -> tuple[bool, bool]:
    """Hides the smallest other parts, which are no small ones, of each sum of an occasion until it is safe.

    Whether any was added, and whether the sum of all is safe.
    """
    added, enough = False, True
    for inside in [*subsets, np.ones(len(row), bool)]:
        enough = is_safe(row[hidden & inside], smallest)
        others = np.flatnonzero((row >= smallest) & inside & ~hidden) if not enough else np.array([], int)
        for place in others[np.argsort(row[others], kind="stable")]:
            hidden[place] = added = True
            if enough := is_safe(row[hidden & inside], smallest):
                break
    return added, enough


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
