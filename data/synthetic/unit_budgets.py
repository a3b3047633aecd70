"""Synthetic budgets of the two smaller units: the adopted plan of each year, in whole tenths of mnkr.

Only each unit's total of 2024 is published, for units of their size: a turnover of 41.8 mnkr for ten operations (2014)
and 59 mnkr for personal assistance (2024). How it is divided is made up.
"""

from collections.abc import Iterator

import numpy as np

from synthetic.budget import BUDGET_COLUMNS, budget, mnkr, with_total
from synthetic.common import SOURCE, YEARS, Row

STOD, ASSISTANS = "exempel_stod", "exempel_assistans"
GRANT, INCOME = "anslag", "intakt"
PERSONAL, OTHER = "Personalkostnader", "Övriga kostnader"
LAST = YEARS[-1]

# Cost of each operation in 2024 and what pays for it, in tenths of mnkr; they sum to 41.8 mnkr.
OPERATIONS: dict[str, tuple[int, str]] = {
    "Boendestöd": (109, INCOME),
    "NP-team": (51, INCOME),
    "Servicebostad": (30, INCOME),
    "Gruppbostad": (56, INCOME),
    "Profilboende": (48, INCOME),
    "Träfflokal unga": (18, GRANT),
    "Träfflokal vuxna": (30, GRANT),
    "Arbetslag": (34, INCOME),
    "Arbetsträning": (23, INCOME),
    "Yrkesgrupp": (19, INCOME),
}
# Cost and revenue of each row in 2024; net 59.0 mnkr.
ASSISTANCE: dict[str, tuple[int, int]] = {
    "Administration": (34, 0),
    "Personlig assistans": (479, 21),
    "Ledsagning och avlösning": (76, 4),
    "Kontaktpersoner": (27, 1),
}
STAFF_PERCENT = (83, 88)  # lowest and highest share of an operation's cost that is staff
GROWTH_PERCENT = (1, 4)  # lowest and highest growth of a cost from one year to the next


def row(enhet: str, year: int, name: str, money: tuple[int, int], verksamhet: str = "", paid_by: str = "") -> Row:
    cost, revenue = money
    return dict.fromkeys(BUDGET_COLUMNS, "") | {
        "enhet": enhet,
        "ar": str(year),
        "version": "vp",
        "budgetrad": name,
        "kostnad_mnkr": mnkr(cost),
        "intakt_mnkr": mnkr(revenue),
        "netto_mnkr": mnkr(cost - revenue),
        "verksamhet": verksamhet,
        "finansiering": paid_by,
        "kalla": SOURCE,
    }


def earlier(rng: np.random.Generator, costs: dict[str, int]) -> dict[str, int]:
    """Costs the year before: each smaller by a drawn growth."""
    return {
        name: round(cost / (1 + int(rng.integers(*GROWTH_PERCENT, endpoint=True)) / 100))
        for name, cost in costs.items()
    }


def operations_by_year(rng: np.random.Generator) -> dict[int, dict[str, tuple[int, int]]]:
    """Year to operation to its cost of staff and of other things, in tenths of mnkr."""
    costs, found = {name: cost for name, (cost, _) in OPERATIONS.items()}, {}
    for year in reversed(YEARS):
        staff = {name: round(c * int(rng.integers(*STAFF_PERCENT, endpoint=True)) / 100) for name, c in costs.items()}
        found[year] = {name: (staff[name], costs[name] - staff[name]) for name in costs}
        costs = earlier(rng, costs)
    return dict(sorted(found.items()))


def support(rng: np.random.Generator) -> Iterator[Row]:
    """Each year's two rows with their ten operations, and the control total."""
    for year, table in operations_by_year(rng).items():
        whole = {
            name: (sum(parts[place] for parts in table.values()), 0) for place, name in enumerate((PERSONAL, OTHER))
        }
        for place, name in enumerate((PERSONAL, OTHER)):
            yield row(STOD, year, name, whole[name])
            for operation, parts in table.items():
                yield row(STOD, year, name, (parts[place], 0), operation, OPERATIONS[operation][1])
        yield row(STOD, year, "Totalt", with_total(whole)["Totalt"])


def assistance(rng: np.random.Generator) -> Iterator[Row]:
    """Each year's four rows and the control total; revenue stands still."""
    costs, tables = {name: cost for name, (cost, _) in ASSISTANCE.items()}, {}
    for year in reversed(YEARS):
        tables[year] = {name: (cost, ASSISTANCE[name][1]) for name, cost in costs.items()}
        costs = earlier(rng, costs)
    for year, table in sorted(tables.items()):
        for name, money in with_total(table).items():
            yield row(ASSISTANS, year, name, money)


def budgets(rng: np.random.Generator) -> list[Row]:
    """The synthetic units' budgets, one unit after the other."""
    return [*budget(rng), *assistance(rng), *support(rng)]
