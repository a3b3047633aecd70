"""Dials that a report's page can turn without Python: what they move, as small arrays that the page's script evaluates.

A key figure moves by the sum of its terms. A term is a product of piecewise linear functions, one of each dial that it
names: kronor a month times the months that are left, say. What is written is the difference from the report's figure.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Floor:
    """A key figure that is never less than `minst`: what it would be in the report without that."""

    utan: float
    minst: float = 0.0

    def moved(self, change: float) -> float:
        """How far the figure moves where what is below moves by `change`.

        >>> Floor(3.0).moved(-5.0), Floor(-1.0).moved(2.0)
        (-3.0, 1.0)
        """
        return max(self.utan + change, self.minst) - max(self.utan, self.minst)


@dataclass(frozen=True)
class Slider:
    """One dial.

    id, etikett, mattenhet   what it is called, and its unit
    minst, mest, steg, start   where it can stand, and where it stands in the report
    verkar_pa   key figure to term to the dial's points (position, value), straight lines in between
    namn        words for positions, such as months
    andring     the change of a scenario that the setting becomes, by its keys; the dials' ids stand in braces
    skrivs      what is written there for positions, where it is not the position itself
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
    andring: Mapping[str, str] = field(default_factory=dict)
    skrivs: Mapping[int, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        moves = {
            key: [
                {"term": term, "punkter": [list(map(float, point)) for point in points]}
                for term, points in terms.items()
            ]
            for key, terms in self.verkar_pa.items()
        }
        row = {"id": self.id, "etikett": self.etikett, "mattenhet": self.mattenhet, "min": self.minst, "max": self.mest}
        row |= {"steg": self.steg, "start": self.start, "verkar_pa": moves}
        words = {"namn": self.namn, "skrivs": self.skrivs}
        row |= {name: {f"{at:g}": text for at, text in said.items()} for name, said in words.items() if said}
        return row | ({"andring": dict(self.andring)} if self.andring else {})


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


def moved(
    sliders: Sequence[Slider], at: Mapping[str, float], floors: Mapping[str, Floor] | None = None
) -> dict[str, float]:
    """How far each key figure moves from the report's, with the dials at `at`: what the page computes.

    >>> kr = Slider("kr", "", "", 0, 9, 1, 0, {"a": {"t": [(0, 0), (9, 9)]}})
    >>> months = Slider("m", "", "", 1, 12, 1, 1, {"a": {"t": [(1, 12), (12, 1)]}})
    >>> moved([kr, months], {"kr": 3, "m": 10})
    {'a': 9.0}
    """
    terms: dict[tuple[str, str], list[tuple[Points, float, float]]] = {}
    for slider in sliders:
        for key, of_key in slider.verkar_pa.items():
            for term, points in of_key.items():
                terms.setdefault((key, term), []).append((points, at.get(slider.id, slider.start), slider.start))
    found: dict[str, float] = {}
    for (key, _), parts in terms.items():
        now, before = (prod(value_at(points, where[n]) for points, *where in parts) for n in (0, 1))
        found[key] = found.get(key, 0.0) + float(now - before)
    return {
        key: (floors or {})[key].moved(change) if key in (floors or {}) else change for key, change in found.items()
    }
