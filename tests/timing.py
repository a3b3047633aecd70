"""How long something takes, for the benchmarks."""

import time
from collections.abc import Callable
from statistics import median


def seconds(action: Callable[[], object], rounds: int = 7) -> float:
    """The median time of an action that has been run once before."""
    action()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times)
