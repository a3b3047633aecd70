"""Units drawn by chance, to hold what is claimed of ranges against: growth, own season, noise, level steps."""

import numpy as np

from planbok.analysis.forecast import LAST_YEAR, MONTHS, PROFILE, STRAIGHT, backtest
from planbok.analysis.uncertainty import reach

METHODS = (PROFILE, LAST_YEAR, STRAIGHT)
AFTER = (2, 4, 6, 8, 10)
TOGETHER = 8  # units that share their errors


def drawn(rng: np.random.Generator, units: int, years: int) -> np.ndarray:
    """Booked money by month, (year, unit, 12).

    Growth of 3 ± 2 % a year; a season of the unit's own, 12 % a month; noise of 2–6 % a month; a step of ± 5 % that
    stays, three years of ten.
    """
    shape = (units, years * MONTHS)
    growth = rng.normal(0.03, 0.02, (units, 1)) * np.arange(shape[1]) / MONTHS
    season = np.tile(rng.lognormal(0, 0.12, (units, MONTHS)), (1, years))
    noise = rng.lognormal(0, 1, shape) ** rng.uniform(0.02, 0.06, (units, 1))
    steps = np.where(rng.random(shape) < 0.3 / MONTHS, rng.normal(0, 0.05, shape), 0.0).cumsum(axis=1)
    return (1e6 * np.exp(growth + steps) * season * noise).reshape(units, years, MONTHS).transpose(1, 0, 2)


def errors(years: int, units: int, seed: int, methods: tuple[str, ...] = METHODS) -> np.ndarray:
    """What each year became less what was said, per cent of it, (year, month, unit); the units' methods in turn."""
    money = drawn(np.random.default_rng([seed, years]), units, years)
    wanted = np.resize(np.array(methods, dtype=object), units)
    said = backtest(money, np.full(money.shape, np.nan), np.zeros(units, int), wanted)["vald"]
    became = money.sum(axis=2)[:, None, :]
    return 100 * (became - said) / became


def held(years: int, units: int = 300, level: float = 0.8, pooled: bool = False, methods=METHODS) -> dict[int, float]:
    """How often the year after so many whole ones lands in its range, per cent, by month of the prognosis."""
    found = errors(years + 1, units, 15, methods)
    group = np.arange(units) // TOGETHER if pooled else np.arange(units)
    return {tom: 100 * float(np.mean(_inside(found[:, tom - 1], group, level))) for tom in AFTER}


def _inside(found: np.ndarray, group: np.ndarray, level: float) -> list[bool]:
    """The last year's error of each unit against the reach of its group's earlier ones, per cent of what is said."""
    of_said = found / (1 - found / 100)
    inside = []
    for unit, error in enumerate(of_said[-1]):
        past = found[:-1, group == group[unit]]
        half = reach(past[np.isfinite(past)], level)
        if half is not None:
            inside.append(abs(error) <= half)
    return inside
