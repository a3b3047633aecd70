"""How many mixes of levels fit an amount that is persons times public prices: few mixes tell who has which level."""

import numpy as np

from planbok.case.result import Priced

LARGEST_GRID = 2_000_000  # sums that are told apart; beyond it an amount is taken to be solvable
VARIED = 40  # persons that are varied, the others stay as they are: what is found is then a lower bound
FINENESS = 50  # steps in half a rounding


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
    return all(fitting(priced, within_kr, int(cell)) < mixes for cell in open_cells)


def fitting(priced: Priced, within_kr: float, fixed: int | None = None) -> float:
    """How many mixes give an amount within so many kronor of the true one.

    An attacker knows the prices and how many persons each group (an insats in a management) has. All ways to place the
    persons of each group on its prices are counted by their sum, group after group:

        ways(n, s) = sum over cells taken in order of ways(n - 1, s - price of the cell)

    Parameters
    ----------
    fixed : a cell whose number stays as it is
    """
    known = np.isfinite(priced.pris)
    antal, pris, grupp = _some(priced.antal * known), np.where(known, priced.pris, 0.0), priced.grupp
    free = known & (np.arange(len(pris)) != (-1 if fixed is None else fixed)) & np.isin(grupp, grupp[antal > 0])
    step = _step(pris[free], within_kr)
    place = np.rint(pris / step).astype(np.int64)
    lowest = {group: place[free & (grupp == group)].min() for group in np.unique(grupp[free])}
    place = np.array([p - lowest.get(group, p) for p, group in zip(place, grupp, strict=True)])
    at, near = int((antal * place)[free].sum()), int(within_kr // step)
    if at + near > LARGEST_GRID:
        return 1.0
    ways = np.zeros(at + near + 1)
    ways[0] = 1
    for group in lowest:
        of = free & (grupp == group)
        ways = _placed(ways, int(antal[of].sum()), place[of])
    return float(ways[max(0, at - near) :].sum())


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
