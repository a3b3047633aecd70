"""One solver over all that reports say of a unit: every cell is an unknown, every printed number a constraint.

What always holds between cells (`ties.py`) is held against what the audiences are shown of one collection, and of each
cell that they are not shown the solver says whether another value fits.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import scipy
from attack.reading import FIGURES, NEAR, SENTENCES, Key, Terms, World, rounded
from attack.ties import Ties

COUNTED = ("antal", "personer", "brukare", "medarbetare", "anstallda", "arsarbetare", "boende", "beslut", "st", "svar")
FEW, BY_CHANCE = 5, 1000  # an amount as large stands twice in a column by chance only
TOLD = 1e-3  # of what a cell is: so far must another value that fits be
SECONDS, OUT_OF_TIME = 5.0, 1  # of solver a question, and how it says that they were not enough


class Attack:
    """What a world's audiences can work out of what they are not shown."""

    def __init__(self, world: World, ties: Sequence[Terms], negative: set[tuple], empty: set[tuple]):
        self.world, self.ties, self.negative, self.empty = world, ties, negative, empty
        self.secret = [key for key, value in world.truth.items() if value and key not in world.shown]
        self.undecided: set[Key] = set()  # for which the solver's time was too short

    def leaks(self, told: Mapping[Key, float]) -> dict[Key, float]:
        """Of the cells that are told those that matter: said to be withheld, of few persons, or no printed number."""
        shown = [key for key in self.world.shown if self._exact(key)]
        printed = {(key[0], key[4], rounded(self.world.truth[key])) for key in shown}
        same = {(a, b) for (a, x), (b, y) in (terms for terms in self.ties if len(terms) == 2) if x == -y}
        printed_as = {b for a, b in same | {(b, a) for a, b in same} if self._exact(a)}

        def matters(key: Key, value: float) -> bool:
            here = abs(value) >= BY_CHANCE and (key[0], key[4], rounded(value)) in printed
            few = abs(value) < FEW if self._whole(key) else not here and key not in printed_as
            return key in self.world.closed or few

        return {key: value for key, value in told.items() if matters(key, value)}

    def told(self) -> dict[Key, float]:
        """The cells that only one value fits, with it."""
        found = {}
        for keys, ties in self._components():
            if any(key not in self.world.shown for key in keys):
                found |= self._solve(keys, ties)
        return found

    def of_one_run(self) -> "Attack":
        """The same of each run alone."""
        ties = [terms for terms in self.ties if len({key[0].partition("|")[2] for key, _ in terms}) == 1]
        return Attack(self.world, ties, self.negative, self.empty)

    def few(self) -> int:
        """How many of the cells that are not shown are counts of fewer than five."""
        return sum(self._whole(key) and abs(self.world.truth[key]) < FEW for key in self.secret)

    def behind(self, key: Key) -> dict[str, float]:
        """The counts that stand on the row of a cell: how many persons are behind it."""
        row = (
            {other[4]: other for other in self.world.truth if other[:4] == key[:4]}
            if key[1] != FIGURES
            else {key[4]: key}
        )
        return {column: self.world.truth[cell] for column, cell in row.items() if self._whole(cell)}

    def _exact(self, key: Key) -> bool:
        if key not in self.world.shown:
            return False
        low, high = self.world.shown[key]
        return high - low <= NEAR * max(1.0, abs(low))

    def _components(self) -> Iterator[tuple[list[Key], list[Terms]]]:
        """Cells that are not known to the last figure, with those that they are tied to."""
        parent: dict[Key, Key] = {}

        def root(key: Key) -> Key:
            while parent.setdefault(key, key) != key:
                parent[key] = key = parent[parent[key]]
            return key

        open_ties = []
        for terms in self.ties:
            keys = [key for key, _ in terms if not self._exact(key)]
            if keys:
                open_ties.append((terms, keys))
                for key in keys[1:]:
                    parent[root(key)] = root(keys[0])
        groups: dict[Key, tuple[list, list]] = defaultdict(lambda: ([], []))
        for terms, keys in open_ties:
            groups[root(keys[0])][1].append(terms)
        for key in parent:
            groups[root(key)][0].append(key)
        yield from groups.values()

    def _solve(self, keys: list[Key], ties: list[Terms]) -> dict[Key, float]:
        """Solutions are sought that differ from the true one: y is how far from it, in parts of the true value."""
        truth = self.world.truth
        place = {key: number for number, key in enumerate(keys)}
        size = np.array([1.0 if self._whole(key) else max(abs(truth[key]), 1.0) for key in keys])
        whole = np.array([self._whole(key) for key in keys])
        low, high = np.array([self._bounds(key) for key in keys]).T / size
        matrix, slack = np.zeros((len(ties), len(keys))), np.zeros(len(ties))
        for number, terms in enumerate(ties):
            for key, weight in terms:
                if key in place:
                    matrix[number, place[key]] += weight * size[place[key]]
            slack[number] = sum(abs(weight * truth[key]) for key, weight in terms) * NEAR
        scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12)
        matrix, slack = matrix / scale[:, None], slack / scale
        limits = scipy.optimize.LinearConstraint(matrix, -slack, slack)
        left = {place[key] for key in keys if key not in self.world.shown and truth[key] and key[1] != SENTENCES}
        rng, undecided = np.random.default_rng(0), set()

        def moved(cost: np.ndarray) -> tuple[set[int], bool]:
            found = scipy.optimize.milp(
                cost,
                integrality=whole.astype(int),
                bounds=scipy.optimize.Bounds(low, high),
                constraints=limits,
                options={"time_limit": SECONDS},
            )
            far = np.abs(found.x) if found.x is not None else np.zeros(len(keys))
            return set(np.flatnonzero(far > np.where(whole, 0.5, TOLD)).tolist()), found.status == OUT_OF_TIME

        bounded = np.clip(low, -1e3, None), np.clip(high, None, 1e3)
        low, high = bounded
        for _ in range(8):
            if left:
                cost = np.zeros(len(keys))
                cost[list(left)] = rng.choice([-1.0, 1.0], len(left))
                left -= moved(cost)[0]
        for one in sorted(left):
            for sign in (1.0, -1.0):
                if one in left:
                    cost = np.zeros(len(keys))
                    cost[one] = sign
                    opened, late = moved(cost)
                    left -= opened
                    undecided |= {one} if late else set()
        self.undecided |= {keys[number] for number in left & undecided}
        return {keys[number]: truth[keys[number]] for number in left - undecided}

    def _whole(self, key: Key) -> bool:
        unit, value = self.world.units[key], self.world.truth[key]
        return (unit in COUNTED or str(key[4]).endswith("_antal")) and value == int(value)

    def _bounds(self, key: Key) -> tuple[float, float]:
        """The least and the most that a cell can be, less what it is."""
        value = self.world.truth[key]
        low, high = self.world.shown.get(key, (-np.inf, np.inf))
        if key not in self.world.shown and (key[1], key[4]) not in self.negative:
            somebody = key in self.world.closed and self._whole(key) and (key[1], key[4]) not in self.empty
            low = 1.0 if somebody else 0.0
        return min(low - value, 0.0), max(high - value, 0.0)


def negative_columns(worlds: Sequence[World]) -> set[tuple]:
    """The columns that hold a negative number in some world."""
    return {(key[1], key[4]) for world in worlds for key, value in world.truth.items() if value < 0}


def empty_columns(worlds: Sequence[World]) -> set[tuple]:
    """The columns in which a cell of nobody is said to be withheld in some world: withheld is not somebody there."""
    return {(key[1], key[4]) for world in worlds for key in world.closed if not world.truth.get(key)}


class Attacker:
    """Who has run the program on some collections, and attacks others with what those taught."""

    def __init__(self, taught: Sequence[World]):
        self.ties, self.negative, self.empty = Ties(taught), negative_columns(taught), empty_columns(taught)

    def attack(self, world: World) -> Attack:
        """What ties a world's cells, and what a cell may be."""
        return Attack(
            world, self.ties.of(world), self.negative | negative_columns([world]), self.empty | empty_columns([world])
        )
