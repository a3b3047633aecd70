"""An attacker's arithmetic: whole numbers within bounds, tied by what was printed, and which of them have one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

SECONDS = 60.0  # of solver a puzzle
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
        self.rows.append((dict(sums), value - within, value + within))

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

    def _end(self, name: Unknown, sign: int) -> int | None:
        places = {key: place for place, key in enumerate(self.bounds)}
        cost = np.zeros(len(places))
        cost[places[name]] = sign
        matrix = np.zeros((len(self.rows), len(places)))
        for number, (sums, _, _) in enumerate(self.rows):
            for key, weight in sums.items():
                matrix[number, places[key]] = weight
        low, high = (np.array([row[end] for row in self.rows]) for end in (1, 2))
        scale = np.maximum(np.abs(matrix).max(axis=1, initial=1), 1)
        found = milp(
            cost,
            integrality=np.ones(len(places)),
            bounds=Bounds(*np.array(list(self.bounds.values()), float).T),
            constraints=LinearConstraint(matrix / scale[:, None], low / scale, high / scale),
            options={"time_limit": SECONDS / (2 * len(places)), "mip_rel_gap": 0.0},
        )
        if found.status == 2:
            raise ValueError("nothing fits: the attack has read the report wrongly")
        return round(found.x[places[name]]) if found.status == 0 else None
