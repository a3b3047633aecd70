"""At which occasion a count that runs on stands, so that two reports tell nothing of the few who moved in between."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial, update_wrapper
from typing import Any

import numpy as np

from planbok.case.checks import Check
from planbok.case.result import Limits, Result


class Standing:
    """A topic's view of which others than working papers see what is made of the study that stands (`Result.steady`).

    `steady` makes that study of the exact one; `checks` are made of the exact one, where the view's own are not.
    """

    def __init__(
        self,
        view: Callable[[Any], Result],
        steady: Callable[[Any, Limits], Any],
        checks: Callable[[Any], list[Check]] | None = None,
    ):
        self._view, self._steady, self._checks = view, steady, checks
        update_wrapper(self, view)

    def __call__(self, study: Any) -> Result:
        return replace(self._view(study), steady=partial(self._of, study))

    def unmade(self, study: Any) -> Result:
        """The result for those who only see what stands: nothing else of it is worked out."""
        return Result("", "", [], {}, {}, steady=partial(self._of, study))

    def _of(self, study: Any, limits: Limits) -> Result:
        found, checks = self._view(self._steady(study, limits)), self._checks
        return replace(found, verify=lambda shown: checks(study)) if checks else found


def standing(smallest: int, moved: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The occasion that each part's count, and their sum, is shown as of on each occasion.

    A count is made anew when at least `smallest` persons have moved in it since it was made. The sum less the parts
    that are counted anew with it is what the rest have together: so many must have moved in those too since both were
    last known, or nobody, and not as many in all as where each has as many as it can. Where that is not so the sum goes
    first, and those parts wait that were counted last. What stands follows from what has happened so far alone: a later
    report says the same of an earlier occasion.

    Parameters
    ----------
    smallest : the fewest persons whose moves are shown together
    moved : (move, 3) whole numbers: the occasion, the part and the person of each move since the occasion before
    hidden : (occasion, part) whether a part is not shown on an occasion anyhow

    Returns
    -------
    (occasion, part + 1) the occasion that each stands at, the sum in the last column; all are counted on the first. It
    is kept for whoever asks the same again (`base.kept`), and can't be written in.

    >>> ones = np.array([(1, 0, person) for person in range(6)] + [(2, 1, 9), (3, 1, 7)])
    >>> standing(5, ones, np.zeros((4, 2), bool)).tolist()
    [[0, 0, 0], [1, 0, 1], [1, 0, 1], [1, 0, 1]]
    >>> both = np.concatenate([ones, [(1, 1, 9)]])  # the sum and the part would tell of the one in the other part
    >>> standing(5, both, np.zeros((4, 2), bool)).tolist()
    [[0, 0, 0], [0, 0, 1], [2, 0, 1], [2, 0, 1]]
    """
    times, parts = hidden.shape
    at = np.zeros((times, parts + 1), int)
    moves = _Moves([set() for _ in range(parts)], [set() for _ in range(parts)])
    everybody: set = set()
    for now in range(1, times):
        for part, person in moved[moved[:, 0] == now, 1:].tolist():
            moves.add(part, person)
            everybody.add(person)
        at[now] = at[now - 1]
        enough = [part for part in range(parts) if len(moves.since[part]) >= smallest and not hidden[now, part]]
        anew, whole = enough, len(everybody) >= smallest
        if whole:
            anew = []
            for part in sorted(enough, key=lambda part: at[now, part]):
                anew += [part] if moves.hide([*anew, part], smallest, hidden[now]) else []
            whole = moves.hide(anew, smallest, hidden[now])
            anew = anew if whole else enough
        at[now, anew] = now
        moves.forget(anew)
        if whole:
            at[now, parts] = now
            everybody = set()
            moves.known = [set() for _ in range(parts)]
    at.setflags(write=False)
    return at


@dataclass
class _Moves:
    """The persons who have moved in each part: since the part was counted, and since the part or the sum was."""

    since: list[set]
    known: list[set]

    def add(self, part: int, person: int) -> None:
        """Notes that a person has moved in a part."""
        self.since[part].add(person)
        self.known[part].add(person)

    def forget(self, parts: list[int]) -> None:
        """Empties parts that have been counted anew."""
        for part in parts:
            self.since[part], self.known[part] = set(), set()

    def hide(self, anew: list[int], smallest: int, hidden: np.ndarray) -> bool:
        """Whether the sum may be known beside the parts that are counted anew: nobody, or enough, moved in the rest."""
        rest = [part for part in range(len(self.since)) if part not in anew]
        if not any(self.since[part] for part in rest):
            return True
        forced = sum(len(self.since[part]) for part in rest) == (smallest - 1) * len(rest) and not hidden[rest].any()
        return len(set().union(*(self.known[part] for part in rest))) >= smallest and not forced
