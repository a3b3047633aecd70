"""A budget's rows as their smallest parts, worked out anew in plain Python from rows that are drawn."""

import random
from collections import defaultdict
from math import isnan, nan

import pandas as pd
import pytest

from planbok.ledger.budget_rows import KEY, MONEY, leaves, net_by_row, without_total

Key = tuple[str, str, str]  # budget row, operation, cost type


def drawn(seed: int) -> list[tuple[Key, list[float]]]:
    """Rows of a table, mnkr: of some budget rows their operations and cost types, some amounts unknown, some twice."""
    rng, rows = random.Random(seed), []
    for name in rng.sample("BACED", rng.randint(1, 4)):
        inside = [(name, "", ""), *((name, part, "") for part in ("Norr", "Söder"))]
        inside += [(name, part, kind) for part in ("", "Norr", "Söder") for kind in ("lokal", "bil")]
        for key in rng.sample(inside, rng.randint(1, len(inside))):
            rows.append((key, [nan if rng.random() < 0.1 else rng.randint(-9, 99) / 8 for _ in MONEY]))
    rng.shuffle(rows)
    return [*rows, *rng.sample(rows, rng.randint(0, 1))]


def less(whole: float, parts: list[float]) -> float:
    """What a whole holds beyond the parts that are known."""
    return whole - sum(kr for kr in parts if not isnan(kr))


def parted(stated: dict[Key, float]) -> dict[Key, float]:
    """Each part's own amount on one side: first cost types are taken out of their whole, then operations of their row.

    Within a whole that is stated, a part that says nothing is in what is left of it.
    """
    own: dict[Key, float] = {}
    for row, part in dict.fromkeys(key[:2] for key in stated):
        kinds = {key: kr for key, kr in stated.items() if key[:2] == (row, part) and key[2]}
        whole = stated.get((row, part, ""))
        own[row, part, ""] = 0.0 if whole is None else less(whole, list(kinds.values()))
        own |= {key: 0.0 if whole is not None and isnan(kr) else kr for key, kr in kinds.items()}
    for row in dict.fromkeys(key[0] for key in stated):
        inside = {key: kr for key, kr in own.items() if key[0] == row and key[1]}
        if (row, "", "") in own and inside:
            own[row, "", ""] = less(own[row, "", ""], list(inside.values()))
            own |= {key: 0.0 for key, kr in inside.items() if isnan(kr)}
        own.setdefault((row, "", ""), 0.0)
        for *_, kind in inside:
            own.setdefault((row, "", kind), 0.0)
    return own


def summed(rows: list[tuple[Key, list[float]]], side: int) -> dict[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for key, mnkr in rows:
        found[key] += round(mnkr[side] * 1e6, 2)
    return dict(found)


@pytest.mark.parametrize("seed", range(25))
def test_every_row_operation_and_cost_type_holds_what_its_parts_do_not(seed):
    rows = drawn(seed)
    table = pd.DataFrame([(*key, *mnkr) for key, mnkr in rows], columns=[*KEY, "kostnad_mnkr", "intakt_mnkr"])
    found = leaves(table)
    for side, column in enumerate(MONEY):
        expected = parted(summed(rows, side))
        kr = dict(zip(map(tuple, found[KEY].to_numpy()), found[column], strict=True))
        assert kr.keys() == expected.keys() and len(kr) == len(found)
        assert kr == pytest.approx(expected, abs=0.01, nan_ok=True)
    assert list(dict.fromkeys(found["budgetrad"])) == list(dict.fromkeys(key[0] for key, _ in rows))
    for _, its in found.groupby("budgetrad"):
        assert its["verksamhet"].iloc[0] == its["kostnadsslag"].iloc[0] == ""
    nets = net_by_row(table)
    for row, its in nets.iterrows():
        sides = [sum(kr for key, kr in parted(summed(rows, side)).items() if key[0] == row) / 1e6 for side in (0, 1)]
        assert its.tolist() == pytest.approx([*sides, sides[0] - sides[1]], abs=1e-6, nan_ok=True)


def test_the_control_total_is_no_row_of_the_budget():
    rows = pd.DataFrame({"budgetrad": ["A", "Totalt", "B"]})
    assert without_total(rows)["budgetrad"].tolist() == ["A", "B"]
