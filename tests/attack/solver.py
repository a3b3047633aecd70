"""An attacker's arithmetic: whole numbers within bounds, tied by what was printed, and which of them have one value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import scipy

SECONDS = 60.0  # of solver a puzzle
DRAWN = 20_000  # steps that are tried at a time
MOST_PAIRED = 1_200  # steps whose pairs are held against each other
EXACT = 2.0  # a row that is known nearer than this is a sum that steps must leave as it is
ROUNDS = 30
AGAIN = 60  # a report's rows: the next audience's says most of them again
Unknown = str | tuple


@dataclass
class Puzzle:
    """Whole unknowns and what is known of them.

    >>> parts = Puzzle()
    >>> for name in "NS":
    ...     parts.unknown(name, 1, 4)
    >>> parts.known({"N": 1, "S": 1}, 2)
    >>> parts.solved()
    {'N': 1, 'S': 1}
    """

    bounds: dict[Unknown, tuple[float, float]] = field(default_factory=dict)
    rows: list[tuple[dict[Unknown, float], float, float]] = field(default_factory=list)
    timeouts: int = 0

    def unknown(self, name: Unknown, low: float = 0, high: float = np.inf) -> None:
        self.bounds[name] = (low, high)

    def known(self, sums: Mapping[Unknown, float], value: float, within: float = 0.5e-6) -> None:
        """The weighted sum of some unknowns was printed as `value`, rounded to at most `within` from the truth."""
        row = (dict(sums), value - within, value + within)
        if row not in self.rows[-AGAIN:]:
            self.rows.append(row)

    def span(self, name: Unknown) -> tuple[int, int] | None:
        """The smallest and largest value that fits all that is known; None where the solver ran out of time."""
        ends = [self._end(name, sign) for sign in (1, -1)]
        if None in ends:
            self.timeouts += 1
            return None
        return ends[0], ends[1]

    def solved(self) -> dict[Unknown, int]:
        """The unknowns that only one value fits."""
        spans = {name: self.span(name) for name in self.bounds}
        return {name: span[0] for name, span in spans.items() if span and span[0] == span[1]}

    def told(self, truth: Mapping[Unknown, int], seconds: float = SECONDS, only: set | None = None) -> tuple[set, set]:
        """The unknowns of `truth` (or `only` some) that no other value fits, and those that the time was too short for.

        Another solution than the true one shows at once that all in which it differs are open; who solves would find
        both. What no such solution opens is tried by itself, above and below its true value.
        """
        end, rng = perf_counter() + seconds, np.random.default_rng(0)
        left = self._never_moved(truth, rng) if self._of_all(truth) else set(truth)
        left = left if only is None else left & only
        for _ in range(6):
            if left and perf_counter() < end:
                weights = {name: float(rng.choice([-1.0, 1.0])) for name in sorted(left, key=str)}
                found, _ = self._solution(weights, {}, max(0.5, min(seconds / 8, end - perf_counter())))
                left -= {name for name in left if found and found[name] != truth[name]}
        told: set = set()
        for name in sorted(left, key=str):
            if name not in left:
                continue
            fits_none = []
            for bounds in ((truth[name] + 1, np.inf), (-np.inf, truth[name] - 1)):
                at_most = min(seconds / 6, end - perf_counter())
                found, none = self._solution({}, {name: bounds}, at_most) if at_most > 0 else (None, False)
                fits_none.append(none)
                left -= {key for key in left if found and found[key] != truth[key]}
                if found:
                    break
            if all(fits_none):
                told.add(name)
                left.discard(name)
        self.timeouts += len(left)
        return told, left

    def _of_all(self, truth: Mapping[Unknown, int]) -> bool:
        """Whether the true value of every unknown is given, and fits."""
        return truth.keys() >= self.bounds.keys() and self.fits(truth)

    def _never_moved(self, truth: Mapping[Unknown, int], rng: np.random.Generator) -> set:
        """The unknowns that no small step away from the true values opens.

        A step moves one from an unknown to another, or adds or takes one; two or three steps together, drawn by
        chance, that fit all that is known are another solution. What none of them opens is left to the solver.
        """
        names = list(self.bounds)
        at = np.array([truth[name] for name in names], float)
        least, most = np.array([self.bounds[name] for name in names], float).T
        matrix, low, high = self._rows()
        low, high = low - matrix @ at - 1e-6, high - matrix @ at + 1e-6
        steps, ends = _steps(matrix, at, low, high)
        left = set(range(len(names)))
        for together in (1, 2, 3, 4):
            for _ in range(1 if together == 1 else 4 * together):
                if not left or not len(steps):
                    break
                first = np.flatnonzero(np.isin(ends, list(left)).any(axis=1))
                if not len(first):
                    break
                many = len(steps) if together == 1 else DRAWN
                chosen = np.column_stack([rng.choice(first, many), *rng.integers(0, len(steps), (together - 1, many))])
                moved = steps[chosen].sum(axis=1)
                for which in chosen[((moved >= low) & (moved <= high)).all(axis=1)]:
                    other = _after(at, ends[which])
                    if ((other >= least) & (other <= most)).all():
                        left -= set(np.flatnonzero(other != at).tolist())
        of = [name[0] if isinstance(name, tuple) else "" for name in names]
        left -= _opened(steps, ends, of, left, (at, least, most, low, high))
        return {names[place] for place in left}

    def _rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is known as a matrix over the unknowns, and the least and the most of each row."""
        places = {key: place for place, key in enumerate(self.bounds)}
        matrix = np.zeros((len(self.rows), len(places)))
        for number, (sums, _, _) in enumerate(self.rows):
            for key, weight in sums.items():
                matrix[number, places[key]] = weight
        low, high = (np.array([row[end] for row in self.rows], float) for end in (1, 2))
        return matrix, low, high

    def _solution(self, cost: Mapping, narrower: Mapping, seconds: float) -> tuple[dict | None, bool]:
        """Some values that fit all that is known, within narrower bounds too, and whether there are none."""
        low, high = np.array(list(self.bounds.values()), float).T
        for name, (least, most) in narrower.items():
            place = list(self.bounds).index(name)
            low[place], high[place] = max(low[place], least), min(high[place], most)
            if low[place] > high[place]:
                return None, True
        found = self._solve(cost, scipy.optimize.Bounds(low, high), seconds)
        values = None if found.x is None else dict(zip(self.bounds, np.rint(found.x).astype(int), strict=True))
        if values is not None and not self.fits(values):
            values = None
        return values, found.status == 2

    def fits(self, values: Mapping) -> bool:
        """Whether values of all unknowns agree with all that is known."""
        return all(
            low - 1e-6 <= sum(w * values[k] for k, w in sums.items()) <= high + 1e-6 for sums, low, high in self.rows
        )

    def _end(self, name: Unknown, sign: int) -> int | None:
        bounds = scipy.optimize.Bounds(*np.array(list(self.bounds.values()), float).T)
        found = self._solve({name: sign}, bounds, SECONDS / (2 * len(self.bounds)))
        if found.status == 2:
            raise ValueError("nothing fits: the attack has read the report wrongly")
        return round(found.x[list(self.bounds).index(name)]) if found.status == 0 else None

    def _solve(self, weights: Mapping[Unknown, float], bounds: "scipy.optimize.Bounds", seconds: float):
        places = {key: place for place, key in enumerate(self.bounds)}
        cost = np.zeros(len(places))
        for name, weight in weights.items():
            cost[places[name]] = weight
        matrix, low, high = self._rows()
        scale = np.maximum(np.abs(matrix).max(axis=1, initial=1), 1)
        return scipy.optimize.milp(
            cost,
            integrality=np.ones(len(places)),
            bounds=bounds,
            constraints=scipy.optimize.LinearConstraint(matrix / scale[:, None], low / scale, high / scale),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )


def _steps(matrix: np.ndarray, at: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What single steps do to each row, and between which unknowns they go (-1: none).

    Only those that leave alone the rows that a whole number may not move.
    """
    there, every = np.flatnonzero(at > 0), np.arange(len(at))
    pairs = [(up, down) for up in every for down in there if up != down]
    ends = np.array(pairs + [(up, -1) for up in every] + [(-1, down) for down in there]).reshape(-1, 2)
    wide = np.column_stack([matrix, np.zeros(len(matrix))])
    fixed = (high - low < 1) & (np.abs(matrix) <= 1).all(axis=1)
    keeps = np.ones(len(ends), bool)
    for row in wide[fixed]:
        keeps &= row[ends[:, 0]] == row[ends[:, 1]]
    ends = ends[keeps]
    return (wide[:, ends[:, 0]] - wide[:, ends[:, 1]]).T, ends


def _opened(
    steps: np.ndarray, ends: np.ndarray, of: Sequence[str], left: set[int], box: Sequence[np.ndarray]
) -> set[int]:
    """The unknowns of `left` that four steps open which together leave every exact sum as it is.

    Two pairs of steps of one measurement cancel where their sums over the exact rows are each other's opposite, which
    is looked up by a linear hash; what they do to the other rows is then tried. `box`: the true values, what they may
    be at least and at most, and how far each row may be moved down and up.
    """
    at, least, most, low, high = box
    rng, found = np.random.default_rng(1), set()
    exact = high - low < EXACT
    hashed = np.rint(steps[:, exact]).astype(np.int64) @ rng.integers(1, 1 << 40, int(exact.sum()))
    measured = np.array([*of, ""])
    for name in dict.fromkeys(of):
        own = rng.permutation(np.flatnonzero(((measured[ends] == name) | (ends < 0)).all(axis=1)))[:MOST_PAIRED]
        missing = {place for place in left if of[place] == name}
        for four in _cancelling(hashed, own, ends, missing, rng) if len(own) > 1 else ():
            moved = steps[four].sum(axis=1)
            for which in four[((moved >= low) & (moved <= high)).all(axis=1)]:
                other = _after(at, ends[which])
                if ((other >= least) & (other <= most)).all():
                    missing -= set(np.flatnonzero(other != at).tolist())
        found |= {place for place in left if of[place] == name} - missing
    return found


def _cancelling(
    hashed: np.ndarray, own: np.ndarray, ends: np.ndarray, missing: set[int], rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Fours of a measurement's steps whose hashes sum to nothing, while unknowns are missing; each touches one."""
    one, two = np.triu_indices(len(own))
    sums = hashed[own[one]] + hashed[own[two]]
    order = np.argsort(sums, kind="stable")
    for _ in range(ROUNDS):
        there = np.flatnonzero(np.isin(ends[own], list(missing)).any(axis=1)[one]) if missing else ()
        if not len(there):
            return
        pairs = rng.choice(there, DRAWN)
        start, stop = (np.searchsorted(sums[order], -sums[pairs], side=side) for side in ("left", "right"))
        pairs, start, stop = (part[stop > start] for part in (pairs, start, stop))
        others = order[start + (rng.random(len(start)) * (stop - start)).astype(int)]
        yield own[np.column_stack([one[pairs], two[pairs], one[others], two[others]])]


def _after(at: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The values after some steps."""
    other = at.copy()
    for up, down in ends:
        other[up] += up >= 0
        other[down] -= down >= 0
    return other
