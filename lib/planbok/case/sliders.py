"""Dials that a report's page can turn without Python: what they move, as small arrays that the page's script evaluates.

A key figure moves by the sum of its terms and grids. A term is a product of piecewise linear functions, one of each
dial that it names: kronor a month times the months that are left, say. A grid has a value for every combination of
some positions of some dials, straight lines in between. What is written is the difference from the report's figure.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planbok.base.periods import MONTH_NAMES

Points = Sequence[tuple[float, float]]
TRIED = {"underlag": "antagande", "motivering": "Prövad i rapporten"}  # of a change that a setting becomes
DIGITS = 13  # of a grid's numbers: an öre of a hundred milliards


@dataclass(frozen=True)
class Floor:
    """A key figure that is never less than `minst`: what it would be in the report without that."""

    utan: float
    minst: float = 0.0


@dataclass(frozen=True)
class Slider:
    """One dial.

    id, etikett, mattenhet   what it is called, and its unit
    minst, mest, steg, start   where it can stand, and where it stands in the report
    verkar_pa   key figure to term to the dial's points (position, value), straight lines in between
    namn        words for positions, such as months
    andring     the change of a scenario that the setting becomes, by its keys; the dials' ids stand in braces
    andringar   the same by position, where each position is a change of another kind
    skrivs      what is written there for positions, where it is not the position itself
    ritar       what a figure shows by the names that its marks have, to terms as in `verkar_pa`
    oppet       its terms say nothing but open data (prices, rules, calendars): they may move a rounded figure
    bara_arbetsmaterial   where it ends, or what it moves, tells of persons: others stand without it (it acts by grids)
    tells       the people of the result, and the part of them, whom it tells of; where one is hidden, `annars` stands
                in its place, with the same id, or nothing
    star_still  why the figures stand still when it is turned, where they do
    """

    id: str
    etikett: str
    mattenhet: str
    minst: float
    mest: float
    steg: float
    start: float
    verkar_pa: Mapping[str, Mapping[str, Points]]
    namn: Mapping[int, str] = field(default_factory=dict)
    andring: Mapping[str, str | int] = field(default_factory=dict)
    andringar: Mapping[int, Mapping[str, str | int]] = field(default_factory=dict)
    skrivs: Mapping[int, str] = field(default_factory=dict)
    ritar: Mapping[str, Mapping[str, Points]] = field(default_factory=dict)
    oppet: bool = False
    bara_arbetsmaterial: bool = False
    tells: tuple[tuple[str, Any], ...] = ()
    annars: "Slider | None" = None
    star_still: str = ""

    def as_json(self, grids: "Sequence[Grid]" = ()) -> dict[str, Any]:
        """The dial, and under each key figure also the numbers of the grids that move it."""
        moves = _terms_as_json(self.verkar_pa)
        for number, grid in enumerate(grids):
            if self.id in grid.reglage and not grid.ritas:
                moves.setdefault(grid.nyckeltal, []).append({"ruta": number})
        row = {"id": self.id, "etikett": self.etikett, "mattenhet": self.mattenhet, "min": self.minst, "max": self.mest}
        row |= {"steg": self.steg, "start": self.start, "verkar_pa": moves}
        words = {"namn": self.namn, "skrivs": self.skrivs}
        row |= {name: {f"{at:g}": text for at, text in said.items()} for name, said in words.items() if said}
        row |= {"star_still": self.star_still} if self.star_still else {}
        row |= {"ritar": _terms_as_json(self.ritar)} if self.ritar else {}
        row |= {"andringar": {str(at): dict(its) for at, its in self.andringar.items()}} if self.andringar else {}
        return row | ({"andring": dict(self.andring)} if self.andring else {})


def of_month(name: str, label: str, ar: int, start: int, moves: dict, first: int = 1, **more: Any) -> Slider:
    """A dial of the month of a year from which something holds, written as its first day."""
    months = range(first, len(MONTH_NAMES) + 1)
    words, days = {month: MONTH_NAMES[month - 1] for month in months}, {n: f"{ar}-{n:02d}-01" for n in months}
    return Slider(name, label, "", first, len(MONTH_NAMES), 1, start, moves, namn=words, skrivs=days, **more)


def _terms_as_json(moves: Mapping[str, Mapping[str, Points]]) -> dict[str, list[dict[str, Any]]]:
    return {
        key: [{"term": term, "punkter": [list(map(float, at)) for at in points]} for term, points in terms.items()]
        for key, terms in moves.items()
    }


@dataclass(frozen=True, eq=False)
class Grid:
    """What a key figure is with some dials at each of some positions, all other dials as in the report.

    nyckeltal, reglage   the key figure, and the dials by their ids
    axlar   each dial's positions in order; where the figure bends there is one
    varden   array with an axis for each dial
    oppen   the key figures that, shown to the krona, already say what the grid tells; () is open data alone, and None
            says that it tells more than a figure that is rounded
    bara_arbetsmaterial   it tells of persons: others see neither it nor the key figure among what is tried
    ritas   it moves a mark of a figure, and `nyckeltal` is the mark's name
    """

    nyckeltal: str
    reglage: tuple[str, ...]
    axlar: tuple[tuple[float, ...], ...]
    varden: np.ndarray
    oppen: tuple[str, ...] | None = None
    bara_arbetsmaterial: bool = False
    ritas: bool = False

    def __post_init__(self) -> None:
        if self.varden.shape != tuple(map(len, self.axlar)) or len(self.reglage) != len(self.axlar):
            raise ValueError(f"{self.nyckeltal}: {self.varden.shape} values for {self.reglage}")

    def at(self, where: Mapping[str, float]) -> float:
        """The value with the dials at `where`.

        >>> grid = Grid("a", ("x", "y"), ((0, 10), (1, 2, 3)), np.array([[0, 0, 0], [10, 20, 0]]))
        >>> grid.at({"x": 5, "y": 1.5})
        7.5
        """
        found: Any = self.varden
        for name, axis in zip(self.reglage, self.axlar, strict=True):
            found = _along(axis, found, where[name])
        return float(found)

    def without(self, name: str, at: float) -> "Grid | None":
        """The grid with one dial left where it stands; None where it has no other."""
        place = self.reglage.index(name)
        rest = [n for n in range(len(self.reglage)) if n != place]
        if not rest:
            return None
        values = _along(self.axlar[place], np.moveaxis(self.varden, place, 0), at)
        names, axes = tuple(self.reglage[n] for n in rest), tuple(self.axlar[n] for n in rest)
        return replace(self, reglage=names, axlar=axes, varden=values)

    def as_json(self) -> dict[str, Any]:
        rounded = np.vectorize(lambda value: float(f"{value:.{DIGITS}g}"), otypes=[float])(self.varden)
        return {
            "nyckeltal": self.nyckeltal,
            "reglage": list(self.reglage),
            "axlar": [list(map(float, axis)) for axis in self.axlar],
            "varden": rounded.tolist(),
        } | ({"ritas": True} if self.ritas else {})


def _along(axis: Sequence[float], values: np.ndarray, at: float) -> Any:
    """Values at a place along their first axis, straight lines in between; at its ends beyond them."""
    if len(axis) < 2:
        return values[0]
    place = min(max(bisect_right(axis, at) - 1, 0), len(axis) - 2)
    share = min(max((at - axis[place]) / (axis[place + 1] - axis[place]), 0.0), 1.0)
    return values[place] + share * (values[place + 1] - values[place])


def value_at(points: Points, at: float) -> float:
    """Between the points along straight lines; before the first and after the last as they are.

    >>> [value_at([(0, 0), (10, 100), (20, 0)], at) for at in (-5, 5, 10, 15, 30)]
    [0, 50.0, 100.0, 50.0, 0]
    """
    place = bisect_right([x for x, _ in points], at)
    if place in (0, len(points)):
        return points[0][1] if place == 0 else points[-1][1]
    (x0, y0), (x1, y1) = points[place - 1 : place + 1]
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
