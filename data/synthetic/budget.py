"""Synthetic budgets: every version of each year, in whole tenths of mnkr."""

import numpy as np

from synthetic.common import SOURCE, UNIT, YEARS, Row

Span = tuple[int, int]

BUDGET_COLUMNS = [
    "enhet",
    "ar",
    "version",
    "budgetrad",
    "kostnad_mnkr",
    "intakt_mnkr",
    "netto_mnkr",
    "forandring_mnkr",
    "belopp_mnkr",
    "verksamhet",
    "kalla",
    "finansiering",
]
VERSIONS = ("vp", "justerad_t1", "justerad_t2", "bokslut")

# Cost and revenue of the first plan, in tenths of mnkr.
FIRST_PLAN: dict[str, tuple[int, int]] = {
    "Administration": (93, 2),
    "Vårdkostnader": (1168, 16),
    "LASS-assistans": (251, 22),
    "Lokalkostnader": (61, 47),
}
# Lowest and highest step of cost and of revenue, in tenths of mnkr: a plan from the plan of the year before, each
# other version from the version before it. The two measurements move only the rows that depend on volumes.
STILL: tuple[Span, Span] = ((0, 0), (0, 0))
MEASUREMENT: dict[str, tuple[Span, Span]] = {"Vårdkostnader": ((-12, 18), (0, 0)), "LASS-assistans": ((-4, 4), (0, 0))}
STEPS: dict[str, dict[str, tuple[Span, Span]]] = {
    "vp": {
        "Administration": ((-2, 4), (0, 1)),
        "Vårdkostnader": ((25, 45), (-1, 2)),
        "LASS-assistans": ((-8, 6), (-1, 1)),
        "Lokalkostnader": ((0, 4), (0, 3)),
    },
    "justerad_t1": MEASUREMENT,
    "justerad_t2": MEASUREMENT,
    "bokslut": {
        "Administration": ((-3, 3), (0, 1)),
        "Vårdkostnader": ((-6, 16), (-2, 3)),
        "LASS-assistans": ((-6, 6), (-2, 2)),
        "Lokalkostnader": ((-1, 3), (-2, 1)),
    },
}
# Lowest and highest cost and revenue of the parts of one row in one plan. They leave part of the row unallocated.
PARTS_OF = (2024, "vp", "Vårdkostnader")
PARTS: dict[str, tuple[Span, Span]] = {
    "Gruppbostäder": ((540, 580), (5, 6)),
    "Servicebostad": ((150, 175), (2, 3)),
    "Daglig verksamhet": ((280, 310), (3, 4)),
}


def mnkr(tenths: int) -> str:
    """Tenths of mnkr as written in the file.

    >>> mnkr(1448), mnkr(-3), mnkr(0)
    ('144.8', '-0.3', '0.0')
    """
    return f"{tenths / 10:.1f}"


def drawn(rng: np.random.Generator, spans: tuple[Span, Span]) -> tuple[int, int]:
    """One cost and one revenue, each inside its span, both ends included."""
    cost, revenue = (int(rng.integers(low, high, endpoint=True)) for low, high in spans)
    return cost, revenue


def budget_row(year: int, version: str, name: str, money: tuple[int, int], change: int | None = None) -> Row:
    cost, revenue = money
    return dict.fromkeys(BUDGET_COLUMNS, "") | {
        "enhet": UNIT,
        "ar": str(year),
        "version": version,
        "budgetrad": name,
        "kostnad_mnkr": mnkr(cost),
        "intakt_mnkr": mnkr(revenue),
        "netto_mnkr": mnkr(cost - revenue),
        "forandring_mnkr": "" if change is None else mnkr(change),
        "kalla": SOURCE,
    }


def with_total(table: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The rows and, last, their sum."""
    costs, revenues = zip(*table.values(), strict=True)
    return table | {"Totalt": (sum(costs), sum(revenues))}


def moved(rng: np.random.Generator, table: dict[str, tuple[int, int]], version: str) -> dict[str, tuple[int, int]]:
    """The next version of a budget: each row's cost and revenue moved one drawn step."""
    after = {}
    for name, (cost, revenue) in table.items():
        more_cost, more_revenue = drawn(rng, STEPS[version].get(name, STILL))
        after[name] = (cost + more_cost, revenue + more_revenue)
    return after


def budget(rng: np.random.Generator) -> list[Row]:
    """Every version of each year's budget; a plan states its change against the plan of the year before."""
    rows: list[Row] = []
    plan = FIRST_PLAN
    for year in YEARS:
        before = with_total(plan) if year > YEARS[0] else None
        if before:
            plan = moved(rng, plan, "vp")
        table = plan
        for version in VERSIONS:
            if version != "vp":
                table = moved(rng, table, version)
            for name, (cost, revenue) in with_total(table).items():
                change = None
                if version == "vp" and before:
                    change = (cost - revenue) - (before[name][0] - before[name][1])
                rows.append(budget_row(year, version, name, (cost, revenue), change))
                if (year, version, name) == PARTS_OF:
                    for part, spans in PARTS.items():
                        rows.append(budget_row(year, version, name, drawn(rng, spans)) | {"verksamhet": part})
    return rows
