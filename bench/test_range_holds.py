"""How often a stated 80 per cent holds, by method and by how many whole years there are: 300 drawn units each."""

import numpy as np
from drawn_units import METHODS, held


def mean(**more) -> float:
    return float(np.mean(list(held(**more).values())))


def test_how_often_eight_of_ten_holds(record_property):
    years = (2, 3, 4, 6)
    taken = {"mixed": {n: mean(years=n) for n in years}}
    taken |= {method: {n: mean(years=n, methods=(method,)) for n in years} for method in METHODS}
    taken["pooled over eight units"] = {n: mean(years=n, units=296, pooled=True) for n in (1, 2, 3)}
    record_property("per_cent", taken)
    for name, shares in taken.items():
        print(f"\n{name}: " + ", ".join(f"{n} years {share:.0f} %" for n, share in shares.items()), end="")
    assert all(75 <= share <= 88 for share in taken["mixed"].values())
    assert all(78 <= share <= 92 for share in taken["pooled over eight units"].values())
