"""Synthetic outturn by month, whole kronor, and exempelenheten's monthly budget.

Each row's year is drawn once: its budget plus a stated deviation, spread over the months by a profile with noise. For
exempelenheten the year is its `bokslut`, so that outturn and year-end result agree to the krona.
"""

from collections.abc import Iterator

import numpy as np

from synthetic.common import UNIT, Row, generator
from synthetic.unit_budgets import ASSISTANS, OTHER, PERSONAL, STOD, budgets

OUTTURN_COLUMNS = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr", "verksamhet"]
MONTHLY_BUDGET_COLUMNS = ["enhet", "manad", "budgetrad", "kostnad_kr", "intakt_kr"]
KR_PER_TENTH = 100_000
MONTHS = 12

# Weights of the months of service, and how much each month may stray from them, per mille.
EVEN = [100] * MONTHS
SUMMER = [98, 94, 99, 98, 100, 105, 110, 108, 98, 96, 95, 99]  # holidays are covered by temporary staff
SLOW_SUMMER = [100, 101, 102, 100, 102, 98, 78, 88, 104, 106, 108, 113]
SHAPES: dict[str, tuple[list[int], int]] = {
    "Administration": (SLOW_SUMMER, 30),
    "Vårdkostnader": (SUMMER, 12),
    "LASS-assistans": (EVEN, 20),
    "Lokalkostnader": (EVEN, 6),
    "Personlig assistans": (SUMMER, 12),
    "Ledsagning och avlösning": (SLOW_SUMMER, 25),
    "Kontaktpersoner": (EVEN, 25),
    PERSONAL: (SUMMER, 15),
    OTHER: (SLOW_SUMMER, 40),
}
LATE = {"LASS-assistans": 1}  # months from service to booking; at year-end all is booked
# What the year's cost becomes beyond the plan, in tenths of mnkr; rows that are not named become their plan.
DEVIATIONS: dict[tuple[str, int, str, str], int] = {
    (ASSISTANS, 2022, "Personlig assistans", ""): 4,
    (ASSISTANS, 2022, "Kontaktpersoner", ""): -1,
    (ASSISTANS, 2023, "Personlig assistans", ""): 9,
    (ASSISTANS, 2023, "Ledsagning och avlösning", ""): 2,
    (ASSISTANS, 2024, "Personlig assistans", ""): 18,
    (ASSISTANS, 2024, "Ledsagning och avlösning", ""): 4,
    (ASSISTANS, 2024, "Administration", ""): -1,
    (STOD, 2022, PERSONAL, "Boendestöd"): 1,
    (STOD, 2022, PERSONAL, "Gruppbostad"): -1,
    (STOD, 2023, PERSONAL, "Boendestöd"): 2,
    (STOD, 2023, PERSONAL, "NP-team"): -1,
    (STOD, 2023, OTHER, "Profilboende"): 1,
    (STOD, 2024, PERSONAL, "Boendestöd"): 3,
    (STOD, 2024, PERSONAL, "Gruppbostad"): 2,
    (STOD, 2024, PERSONAL, "Arbetsträning"): -1,
    (STOD, 2024, OTHER, "Träfflokal vuxna"): 1,
}


def months(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, MONTHS + 1)]


def spread(total: int, weights: np.ndarray) -> list[int]:
    """A total as whole kronor by month that sum to it exactly.

    >>> spread(100, np.array([1, 1, 1]))
    [33, 34, 33]
    """
    reached = [0, *(int(round(x)) for x in np.cumsum(weights) / weights.sum() * total)]
    return [after - before for before, after in zip(reached, reached[1:], strict=False)]


def booked(service: list[int], late: int) -> list[int]:
    """Months of service as they are booked, `late` months after; the last ones all in December.

    >>> booked([1] * 12, 1)
    [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
    """
    if not late:
        return service
    found = [0] * late + service[:-late]
    return [*found[:-1], found[-1] + sum(service[-late:])]


def years_of_rows() -> Iterator[tuple[str, int, str, str, int, int]]:
    """Unit, year, row, operation, and what cost and revenue become, tenths of mnkr; split rows in parts only."""
    rows = budgets(generator("budget"))
    split = {(r["enhet"], r["budgetrad"]) for r in rows if r["verksamhet"] and r["enhet"] != UNIT}
    for row in rows:
        enhet, year, name, operation = row["enhet"], int(row["ar"]), row["budgetrad"], row["verksamhet"]
        whole_year = row["version"] == ("bokslut" if enhet == UNIT else "vp")
        if name == "Totalt" or not whole_year or (not operation and (enhet, name) in split):
            continue
        cost, revenue = (round(float(row[f"{side}_mnkr"]) * 10) for side in ("kostnad", "intakt"))
        yield enhet, year, name, operation, cost + DEVIATIONS.get((enhet, year, name, operation), 0), revenue


def outturn(rng: np.random.Generator) -> list[Row]:
    """Every row and operation of the three synthetic units, month by month through all years."""
    rows = []
    for enhet, year, name, operation, *totals in years_of_rows():
        shape, noise = SHAPES[name]
        sides = []
        for tenths, weights in zip(totals, (shape, EVEN), strict=True):
            drawn = np.array(weights) * (1 + rng.integers(-noise, noise, MONTHS, endpoint=True) / 1000)
            sides.append(booked(spread(tenths * KR_PER_TENTH, drawn), LATE.get(name, 0)))
        for month, cost, revenue in zip(months(year), *sides, strict=True):
            rows.append(
                dict(zip(OUTTURN_COLUMNS, (enhet, month, name, str(cost), str(revenue), operation), strict=True))
            )
    return rows


def monthly_budget(rng: np.random.Generator) -> list[Row]:
    """Exempelenheten's plan by month: care follows the summer, all else is even."""
    rows = []
    plans = [r for r in budgets(generator("budget")) if r["enhet"] == UNIT and r["version"] == "vp"]
    for row in plans:
        if row["verksamhet"] or row["budgetrad"] == "Totalt":
            continue
        shape = SUMMER if row["budgetrad"] == "Vårdkostnader" else EVEN
        cost, revenue = (round(float(row[f"{side}_mnkr"]) * 10) * KR_PER_TENTH for side in ("kostnad", "intakt"))
        sides = (spread(cost, np.array(shape)), spread(revenue, np.array(EVEN)))
        for month, *money in zip(months(int(row["ar"])), *sides, strict=True):
            values = (UNIT, month, row["budgetrad"], *map(str, money))
            rows.append(dict(zip(MONTHLY_BUDGET_COLUMNS, values, strict=True)))
    return rows
