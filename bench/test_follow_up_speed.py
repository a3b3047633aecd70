"""How the month's prognosis performs: a large unit with its backtest."""

import time
from statistics import median

import numpy as np
import pandas as pd

from planbok.ledger.budget_rows import leaves
from planbok.ledger.month_profile import even_year
from planbok.topics.follow_up import accuracy
from planbok.topics.follow_up.books import read_books
from planbok.topics.follow_up.model import MOVED, Choices, Moves, prognosis

AR = 2024
MONTHS = [f"{year}-{month:02d}" for year in (AR - 2, AR - 1, AR) for month in range(1, 13)]


def tables(operations: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Outturn of 36 months and a budget for operations in rows of ten."""
    rng = np.random.default_rng(1)
    keys = pd.DataFrame({"budgetrad": [f"Rad {i // 10}" for i in range(operations)]})
    keys = keys.assign(verksamhet=[f"Verksamhet {i}" for i in range(operations)], kostnadsslag="")
    outturn = keys.merge(pd.DataFrame({"manad": MONTHS}), how="cross")
    outturn["kostnad_kr"], outturn["intakt_kr"] = rng.integers(10_000, 99_999, (2, len(outturn))).astype(float)
    budget = keys.assign(finansiering="")
    budget["kostnad_mnkr"], budget["intakt_mnkr"] = rng.integers(1, 9, (2, operations)).astype(float)
    return outturn, budget


def everything(outturn: pd.DataFrame, budget: pd.DataFrame) -> pd.DataFrame:
    """All that a unit's report computes: the books, the year by every method, and each of them tried on each month."""
    books = read_books("enhet", outturn, budget, leaves(budget), even_year, AR, 12, {})
    count = len(books.leaves)
    choices = Choices(np.full(count, "profil", dtype=object), np.full(count, "", dtype=object), np.zeros(count, int))
    found = prognosis(books, choices, Moves(pd.DataFrame(columns=[*MOVED]).astype(MOVED), np.zeros((0, 12))))
    years, _ = accuracy.whole_years(books)
    budgets = np.broadcast_to(books.budget, (len(years), *books.budget.shape))
    return accuracy.summed_up(accuracy.tried(books, budgets, choices.late, found.used))


def seconds(operations: int) -> float:
    outturn, budget = tables(operations)
    everything(outturn, budget)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = everything(outturn, budget)
        times.append(time.perf_counter() - start)
    assert set(found["metod"]) == {"vald", "rak", "profil", "forra_aret", "manadsbudget", "sasongsnaiv"}
    return median(times)


def test_two_hundred_operations_three_years_and_every_method(record_property):
    """Far under the 20 seconds promised, and no more than in proportion to the operations."""
    taken = {count: seconds(count) for count in (200, 2000)}
    record_property("seconds", taken)
    print("\n" + ", ".join(f"{count} operations: {taken[count]:.2f} s" for count in taken))
    assert taken[200] < 20
    assert taken[2000] < 15 * taken[200]
