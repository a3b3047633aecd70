"""How many mixes of levels fit an amount that is persons times public prices: few mixes tell who has which level."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    mixes = fitting(priced, within_kr)
    if mixes < enough:
        return False
    known = priced.grupp[np.isfinite(priced.pris)]
    several = [group for group in np.unique(known) if (known == group).sum() > 1]
    open_cells = np.flatnonzero((priced.antal > 0) & np.isfinite(priced.pris) & np.isin(priced.grupp, several))
    return all(found < mixes * (1 - ALL_BUT) for found in _with_each_fixed(priced, within_kr, open_cells))


def _with_each_fixed(priced: Priced, within_kr: float, cells: np.ndarray) -> Iterator[float]:
    """`fitting` with each cell fixed in turn; what the groups of the other cells can make is worked out once."""
    whole = _Grid.of(priced, within_kr, None)
    wanted = [group for group in whole.groups if (priced.grupp[cells] == group).any()]
    if whole.too_large:
        yield from (fitting(priced, within_kr, int(cell)) for cell in cells)
        return
    for group, others in _leaving_out(whole, whole.start(), wanted, list(whole.groups)):
        for cell in cells[priced.grupp[cells] == group]:
            grid = _Grid.of(priced, within_kr, int(cell))
            if grid.step == whole.step:
                ways = others[: grid.size]
                yield grid.counted(grid.take(ways, group) if group in grid.groups else ways)
            else:
                yield fitting(priced, within_kr, int(cell))


def _leaving_out(
    grid: "_Grid", ways: np.ndarray, wanted: list[Any], groups: list[Any]
) -> Iterator[tuple[Any, np.ndarray]]:
    """For each wanted group the ways of all the other groups: by halves, so that each is taken few times."""
    if len(groups) == 1:
        yield groups[0], ways
        return
    halves = groups[: len(groups) // 2], groups[len(groups) // 2 :]
    for mine, others in (halves, halves[::-1]):
        if any(group in wanted for group in mine):
            found = ways
            for group in others:
                found = grid.take(found, group)
            yield from _leaving_out(grid, found, wanted, mine)


@dataclass(frozen=True)
class _Grid:
    """The sums that persons on cells can make, in steps: `place` is each cell's, from its group's lowest."""

    antal: np.ndarray
    place: np.ndarray
    free: np.ndarray
    grupp: np.ndarray
    groups: tuple[Any, ...]
    step: float
    near: int

    @classmethod
    def of(cls, priced: Priced, within_kr: float, fixed: int | None) -> "_Grid":
        """The grid of an amount and its rounding; the cell `fixed` keeps its number of persons."""
        known = np.isfinite(priced.pris)
        antal, pris, grupp = _some(priced.antal * known), np.where(known, priced.pris, 0.0), priced.grupp
        free = known & (np.arange(len(pris)) != (-1 if fixed is None else fixed)) & np.isin(grupp, grupp[antal > 0])
        step = _step(pris[free], within_kr)
        place = np.rint(pris / step).astype(np.int64)
        lowest = {group: place[free & (grupp == group)].min() for group in np.unique(grupp[free])}
        place = np.array([p - lowest.get(group, p) for p, group in zip(place, grupp, strict=True)])
        return cls(antal, place, free, grupp, tuple(lowest), step, int(within_kr // step))

    @property
    def at(self) -> int:
        """The step of the true amount."""
        return int((self.antal * self.place)[self.free].sum())

    @property
    def size(self) -> int:
        """How many steps the grid has."""
        return self.at + self.near + 1

    @property
    def too_large(self) -> bool:
        """Whether the grid has more steps than are counted."""
        return self.at + self.near > LARGEST_GRID

    def start(self) -> np.ndarray:
        """The one way to place nobody."""
        ways = np.zeros(self.size)
        ways[0] = 1
        return ways

    def persons(self, group: Any) -> int:
        """How many persons of a group may be placed."""
        return int(self.antal[self.free & (self.grupp == group)].sum())

    def take(self, ways: np.ndarray, group: Any) -> np.ndarray:
        """The ways once a group's persons are placed too."""
        return _placed(ways, self.persons(group), self.place[self.free & (self.grupp == group)])

    def counted(self, ways: np.ndarray) -> float:
        """The ways that come near enough to the true amount."""
        return float(ways[max(0, self.at - self.near) :].sum())


def fitting(priced: Priced, within_kr: float, fixed: int | None = None) -> float:
    """How many mixes give an amount within so many kronor of the true one.

    An attacker knows the prices and how many persons each group (an insats in a management) has. All ways to place the
    persons of each group on its prices are counted by their sum, group after group:

        ways(n, s) = sum over cells taken in order of ways(n - 1, s - price of the cell)

    Parameters
    ----------
    fixed : a cell whose number stays as it is
    """
    grid = _Grid.of(priced, within_kr, fixed)
    if grid.too_large:
        return 1.0
    ways = grid.start()
    for group in grid.groups:
        ways = grid.take(ways, group)
    return grid.counted(ways)


def _placed(ways: np.ndarray, persons: int, place: np.ndarray) -> np.ndarray:
    """The ways to reach each sum after some more persons are put on cells; sums beyond the last are dropped."""
    by_number = np.zeros((persons + 1, len(ways)))
    by_number[0] = ways
    for p in place[place < len(ways)]:
        for number in range(1, persons + 1):
            by_number[number, p:] += by_number[number - 1, : len(ways) - p]
    return by_number[persons]


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
