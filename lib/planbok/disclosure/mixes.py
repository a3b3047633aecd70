"""How many mixes of levels fit an amount that is persons times public prices: few mixes tell who has which level."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
    groups  the cells with a price of each group that has somebody
    near    how many steps from the true amount a sum may be
    """

    antal: np.ndarray
    place: np.ndarray
    groups: dict[Any, np.ndarray]
    near: int

    @classmethod
    def of(cls, priced: Priced, within_kr: float) -> "_Grid":
        """The grid of an amount and its rounding."""
        known, grupp = np.isfinite(priced.pris), priced.grupp
        antal, pris = _some(priced.antal * known), np.where(known, priced.pris, 0.0)
        groups = {group: np.flatnonzero(known & (grupp == group)) for group in np.unique(grupp[antal > 0])}
        step = _step(pris[known & np.isin(grupp, [*groups])], within_kr)
        place = np.rint(pris / step).astype(np.int64)
        for own in groups.values():
            place[own] -= place[own].min()
        return cls(antal, place, groups, int(within_kr // step))

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
        return self.size > LARGEST_GRID + 1

    @cached_property
    def ways(self) -> list[np.ndarray]:
        """(persons, sum) for nobody and each group: the ways to place so many of it after all of those before it."""
        found = [np.eye(1, self.size)]
        for own in self.groups.values():
            found.append(_placed(found[-1][-1], self.antal[own].sum(), self.place[own]))
        return found

    @cached_property
    def mixes(self) -> float:
        """The ways that come near enough to the true amount."""
        return float(self.ways[-1][-1, self.first :].sum())

    def with_each_fixed(self, cells: np.ndarray) -> Iterator[float]:
        """The mixes in which a cell has as many as it has: those with at least as many, less those with more."""
        ends = (np.arange(self.size) >= self.first).astype(float)  # the ways to come near enough from each sum
        yield from (self.mixes for _ in set(cells.tolist()).difference(*self.groups.values()))
        for own, ways in zip(reversed(self.groups.values()), reversed(self.ways), strict=False):
            for cell in np.intersect1d(own, cells):
                number, place = self.antal[cell], self.place[cell]
                yield _at_least(ways, ends, number, place) - _at_least(ways, ends, number + 1, place)
            ends = _placed(ends[::-1], len(ways) - 1, self.place[own])[-1, ::-1]


def _at_least(ways: np.ndarray, ends: np.ndarray, number: int, place: int) -> float:
    """The mixes in which a cell has at least so many of its group, the others of it being placed on any cell."""
    if number >= len(ways):
        return 0.0
    left = ends[number * place :]
    return float(ways[len(ways) - 1 - number, : len(left)] @ left)


def _placed(ways: np.ndarray, persons: int, place: np.ndarray) -> np.ndarray:
    """(persons, sum) the ways to reach each sum with so many more on cells; sums beyond the last are dropped."""
    by_number = np.zeros((persons + 1, len(ways)))
    by_number[0] = ways
    for p in place[place < len(ways)]:
        for number in range(1, persons + 1):
            by_number[number, p:] += by_number[number - 1, : len(ways) - p]
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
