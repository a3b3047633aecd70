"""What is hidden of parts that are counted each at its own time, and when their sum may be counted with them.

Two reports between which one part was counted anew, and the hidden others not, tell by the difference of the two sums
what that part was or is. So the sum stands, with what it was made of, until what is hidden differs by enough.
"""

from typing import NamedTuple

import numpy as np

from planbok.disclosure.suppress import is_safe

SURE = 1e-9
Rest = dict[tuple[int, int], float]  # what is hidden of a sum: how many each part was at the time it was counted


class Settled(NamedTuple):
    """What stands on the last of some occasions.

    hidden  (kind, part) whether a part is not shown
    whole   the occasion on which what the sum is made of was counted, None where the sum is not shown
    """

    hidden: np.ndarray
    whole: int | None


def settled(at: np.ndarray, counts: np.ndarray, smallest: int) -> Settled:
    """What is hidden of some kinds of the same parts, and the occasion whose counts their sums are shown of.

    A part of 1 to `smallest` - 1 is hidden. When parts are counted anew the smallest of those are hidden too until what
    is hidden is safe (`is_safe`), by itself and less what was hidden of each earlier sum; where they can't be made so
    the sums stay as they were. What was hidden, or shown, when it was counted is so until it is counted anew.

    Parameters
    ----------
    at : (occasion, part) the occasion on which each part was counted last, whole numbers
    counts : (kind, occasion, part) how many there were on each occasion

    >>> every = np.array([[[9, 3, 4, 8], [3, 3, 4, 8], [6, 3, 4, 9]]])  # the first part, alone counted anew, is 3
    >>> two = settled(np.array([[0, 0, 0, 0], [1, 0, 0, 0]]), every, 5)
    >>> two.hidden.tolist(), two.whole
    ([[True, True, True, False]], 0)
    >>> three = settled(np.array([[0, 0, 0, 0], [1, 0, 0, 0], [2, 0, 0, 0]]), every, 5)
    >>> three.hidden.tolist(), three.whole
    ([[False, True, True, False]], 2)
    """
    hidden, whole = np.zeros(counts[:, 0].shape, bool), None
    before: list[list[Rest]] = [[] for _ in counts]
    for now, when in enumerate(at):
        fresh = when != at[now - 1] if now else np.ones(len(when), bool)
        if not fresh.any():
            continue
        stood = counts[:, when, np.arange(len(when))]
        hidden = np.where(fresh, (stood > 0) & (stood < smallest), hidden)
        made = [_made_safe(*its, fresh, when, smallest) for its in zip(hidden, stood, before, strict=True)]
        if all(its is not None for its in made):
            hidden, whole = np.array(made), now
            for its, earlier, numbers in zip(hidden, before, stood, strict=True):
                rest = _rest(its, numbers, when)
                earlier += [] if rest in earlier else [rest]
    return Settled(hidden, whole)


def _made_safe(
    hidden: np.ndarray, stood: np.ndarray, before: list[Rest], fresh: np.ndarray, when: np.ndarray, smallest: int
) -> np.ndarray | None:
    """What is hidden with as few as possible of the other parts that were counted anew; None where all are too few."""
    others = np.flatnonzero(fresh & (stood >= smallest))
    others = others[np.argsort(stood[others], kind="stable")]
    for more in (*range(len(others)), None):
        tried = hidden.copy()
        tried[others[:more]] = True
        rest = _rest(tried, stood, when)
        safe = is_safe(np.array([*rest.values()]), smallest) and all(_apart(rest, its, smallest) for its in before)
        if safe and not _solved([*before, rest]):
            return tried
    return None


def _rest(hidden: np.ndarray, stood: np.ndarray, when: np.ndarray) -> Rest:
    return {(part, int(when[part])): float(stood[part]) for part in np.flatnonzero(hidden).tolist()}


def _apart(rest: Rest, earlier: Rest, smallest: int) -> bool:
    """Whether the difference of two sums tells of no part: what only one of them hides is safe, or both hide some."""
    came, left = (
        np.array([count for key, count in one.items() if key not in other])
        for one, other in ((rest, earlier), (earlier, rest))
    )
    if len(came) and len(left):  # of two of few the fewest and the most are known by how far they are apart
        several = len(came) + len(left) > 2 or max(came[0], left[0]) >= smallest
        return several or bool(abs(came[0] - left[0]) < smallest - 2)
    return is_safe(came if len(came) else left, smallest)


def _solved(rests: list[Rest]) -> bool:
    """Whether sums of some parts, all known, have a part that is their sum with some signs and weights."""
    names = sorted({name for rest in rests for name in rest})
    if not names:
        return False
    sums = np.array([[name in rest for name in names] for rest in rests], float)
    return bool((np.diag(np.linalg.pinv(sums) @ sums) > 1 - SURE).any())
