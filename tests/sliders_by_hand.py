"""What a page computes when its dials are turned, by another way than its script: what the tests hold it against."""

from collections.abc import Mapping, Sequence
from math import prod

from planbok.case.sliders import Floor, Grid, Points, Slider, value_at


def moved(
    sliders: Sequence[Slider],
    at: Mapping[str, float],
    floors: Mapping[str, Floor] | None = None,
    grids: Sequence[Grid] = (),
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
    start = {slider.id: slider.start for slider in sliders}
    for grid in (one for one in grids if not one.ritas):
        found[grid.nyckeltal] = found.get(grid.nyckeltal, 0.0) + grid.at({**start, **at}) - grid.at(start)
    return {key: _above((floors or {}).get(key), change) for key, change in found.items()}


def _above(floor: Floor | None, change: float) -> float:
    return change if floor is None else max(floor.utan + change, floor.minst) - max(floor.utan, floor.minst)
