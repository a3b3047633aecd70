"""Whether a past wave may weigh less in a range: 4 000 drawn units, with a wave in the first year and without one."""

import numpy as np

from planbok.analysis.uncertainty import EIGHT_OF_TEN, reach

UNITS = 4000


def holds(errors: np.ndarray, outcome: np.ndarray, first: int) -> float:
    """How often, per cent, a range of the errors from the `first` on holds the outcome."""
    inside = [abs(o) <= reach(own[first:], EIGHT_OF_TEN) for own, o in zip(errors, outcome, strict=True)]
    return 100 * float(np.mean(inside))


def test_leaving_out_the_largest_error_is_no_eight_of_ten_where_it_was_no_wave(record_property):
    rng, taken = np.random.default_rng(5), {}
    for years in (2, 3, 4):
        errors, outcome = rng.normal(0, 1, (UNITS, years)), rng.normal(0, 1, UNITS)
        largest_first = np.take_along_axis(errors, np.argsort(-np.abs(errors), axis=1), axis=1)
        wave = errors * np.where(np.arange(years) == 0, 3.0, 1.0)
        taken[years] = {
            "wave, all alike": holds(wave, outcome, 0),
            "wave left out": holds(wave, outcome, 1),
            "no wave, all alike": holds(errors, outcome, 0),
            "no wave, largest left out": holds(largest_first, outcome, 1),
        }
        print(
            f"\n{years} errors: " + ", ".join(f"{name} {share:.0f} %" for name, share in taken[years].items()), end=""
        )
    record_property("per_cent", taken)
    assert all(75 <= share["no wave, all alike"] <= 88 for share in taken.values())
    assert all(share["no wave, largest left out"] < 75 for share in taken.values())  # so it is not done
