"""How many mixes of levels fit an amount that is persons times public prices: few mixes tell who has which level."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planbok.case.result import Priced

LARGEST_GRID = 2_000_000  # sums that are told apart; beyond it an amount is taken to be solvable
VARIED = 40  # persons that are varied, the others stay as they are: what is found is then a lower bound
FINENESS = 50  # steps in half a rounding
ALL_BUT = 1e-9  # so many ways are all of them: counts above 2**53 are summed in different orders


def hides_levels(priced: Priced, within_kr: float, enough: int) -> bool:
    """Whether an amount within so many kronor of the true one leaves the levels open to who knows the prices.

    At least `enough` mixes fit it, and in some of them any cell that holds somebody holds another number; where a group
    has a single price there is no level to tell.

    Parameters
    ----------
    within_kr : 0 for an amount to the krona, half the rounding for a rounded one

    >>> one = Priced(np.array([2, 0, 1]), np.array([1000.0, 2000.0, 3000.0]), np.array(["a", "a", "a"]))
    >>> fitting(one, 0)  # 1000 + 1000 + 3000 = 1000 + 2000 + 2000
    2.0
    >>> hides_levels(one, 0, 2), hides_levels(one, 0, 3)
    (True, False)
    """
    grid = _Grid.of(priced, within_kr)
    if grid.too_large or grid.mixes < enough:
        return False
    known = priced.grupp[np.isfinite(priced.pris)]
    several = [group for group in np.unique(known) if (known == group).sum() > 1]
    open_cells = np.flatnonzero((priced.antal > 0) & np.isfinite(priced.pris) & np.isin(priced.grupp, several))
    return all(found < grid.mixes * (1 - ALL_BUT) for found in grid.with_each_fixed(open_cells))


def fitting(priced: Priced, within_kr: float) -> float:
    """How many mixes give an amount within so many kronor of the true one.

    An attacker knows the prices and how many persons each group (an insats in a management) has. All ways to place the
    persons of each group on its prices are counted by their sum, group after group:

        ways(n, s) = sum over cells taken in order of ways(n - 1, s - price of the cell)
    """
    grid = _Grid.of(priced, within_kr)
    return 1.0 if grid.too_large else grid.mixes


@dataclass(frozen=True)
class _Grid:
    """The sums that persons on cells can make, in steps.

    antal   (cell,) the persons that are varied
    place   (cell,) the steps of each price from its group's lowest
    cells   of each group that has somebody: those with a price
    near    how many steps from the true amount a sum may be
    """

    antal: np.ndarray
    place: np.ndarray
    cells: list[np.ndarray]
    near: int

    @classmethod
    def of(cls, priced: Priced, within_kr: float) -> "_Grid":
        """The grid of an amount and its rounding."""
        known, grupp = np.isfinite(priced.pris), priced.grupp
        antal, pris = _some(np.where(known, priced.antal, 0)), np.where(known, priced.pris, 0.0)
        cells = [np.flatnonzero(known & (grupp == group)) for group in np.unique(grupp[antal > 0])]
        step = _step(pris[np.concatenate([[], *cells]).astype(int)], within_kr)
        place = np.rint(pris / step).astype(np.int64)
        for own in cells:
            place[own] -= place[own].min()
        return cls(antal, place, cells, int(within_kr // step))

    @cached_property
    def first(self) -> int:
        """The lowest step that is near enough to the true amount; the grid ends with the highest."""
        return max(0, int(self.antal @ self.place) - self.near)

    @property
    def size(self) -> int:
        """How many steps the grid has."""
        return int(self.antal @ self.place) + self.near + 1

    @property
    def too_large(self) -> bool:
        """Whether the grid has more steps than are counted."""
        return self.size > LARGEST_GRID

    @cached_property
    def ways(self) -> list[np.ndarray]:
        """(persons, sum) for nobody and each group: the ways to place so many of it after all of those before it."""
        found, left = [np.array([[1.0]])], int(sum(self.antal[own].sum() * self.place[own].max() for own in self.cells))
        for own in self.cells:
            persons, place = int(self.antal[own].sum()), self.place[own]
            found.append(_placed(found[-1][-1], persons, place, max(0, self.first - left), self.size))
            left -= persons * int(place.max())
        return found

    @cached_property
    def mixes(self) -> float:
        """The ways that come near enough to the true amount."""
        return float(self.ways[-1][-1, self.first :].sum())

    def with_each_fixed(self, cells: np.ndarray) -> Iterator[float]:
        """The mixes in which a cell has as many as it has: those with at least as many, less those with more."""
        yield from (self.mixes for _ in set(cells.tolist()).difference(*self.cells))
        ends = np.ones(self.size - self.first)  # the ways to come near enough from each sum, the highest first
        for own, ways in zip(reversed(self.cells), reversed(self.ways), strict=False):
            for cell in np.intersect1d(own, cells):
                yield self._at_least(ways, ends, cell, 0) - self._at_least(ways, ends, cell, 1)
            low = max(0, self.size - ways.shape[1])
            ends = _placed(ends, len(ways) - 1, self.place[own], low, self.size)[-1]

    def _at_least(self, ways: np.ndarray, ends: np.ndarray, cell: int, more: int) -> float:
        """The mixes in which a cell has so many more than it has, or more yet: the others of its group on any cell."""
        number = self.antal[cell] + more
        if number >= len(ways):
            return 0.0
        size = self.size - number * self.place[cell]
        first, last = max(0, size - len(ends)), max(0, min(ways.shape[1], size))
        return float(ways[-1 - number, first:last] @ ends[size - last : size - first][::-1]) if first < last else 0.0


def _placed(ways: np.ndarray, persons: int, place: np.ndarray, low: int, size: int) -> np.ndarray:
    """(persons, sum) the ways to reach each sum from `low` on, and below `size`, with so many more on some cells."""
    by_number = np.zeros((persons + 1, min(size, len(ways) + persons * int(place.max()))))
    by_number[:, low : len(ways)] = ways[low:]  # all of them on the first cell, which adds nothing
    for p in np.sort(place)[1:]:
        for number in range(1, persons + 1):
            by_number[number, low + p :] += by_number[number - 1, low : max(low, by_number.shape[1] - p)]
    return by_number


def _some(antal: np.ndarray) -> np.ndarray:
    """At most so many persons as are varied, fewer of the cells that hold most."""
    antal = antal.astype(int)
    while antal.sum() > VARIED:
        antal[antal.argmax()] -= 1
    return antal


def _step(pris: np.ndarray, within_kr: float) -> float:
    """What tells sums apart: a part of the rounding, else the largest amount that prices are whole numbers of (öre)."""
    if within_kr:
        return within_kr / FINENESS
    return max(1, int(np.gcd.reduce(np.rint(pris * 100).astype(np.int64), initial=0))) / 100
