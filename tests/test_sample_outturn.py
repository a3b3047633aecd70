"""The sample's outturn: every month of three years, and years that agree with budgets and stated deviations."""

import csv
import doctest
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from synthetic import outturn
from synthetic.unit_budgets import OPERATIONS

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
TENTH = 100_000
UNITS = ["exempelenheten", "exempel_assistans", "exempel_stod"]
OLDER = "exempel_aldre"  # its ledger is what its volumes cost: tests/test_home_care.py


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def years(name: str) -> dict[tuple[str, str, str, str], list[int]]:
    """Cost and revenue of each unit, year, row and operation, summed over the months, kr."""
    sums: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    for row in table(name):
        key = (row["enhet"], row["manad"][:4], row["budgetrad"], row.get("verksamhet", ""))
        for place, side in enumerate(("kostnad_kr", "intakt_kr")):
            sums[key][place] += int(row[side])
    return sums


def budgets(enhet: str, version: str) -> dict[tuple[str, str, str], list[Decimal]]:
    return {
        (row["ar"], row["budgetrad"], row["verksamhet"]): [Decimal(row["kostnad_mnkr"]), Decimal(row["intakt_mnkr"])]
        for row in table("budget")
        if (row["enhet"], row["version"]) == (enhet, version) and row["budgetrad"] != "Totalt"
    }


def test_every_row_has_all_months_of_three_years():
    months = defaultdict(list)
    for row in table("utfall"):
        months[row["enhet"], row["budgetrad"], row["verksamhet"]].append(row["manad"])
    assert {key[0] for key in months} == {*UNITS, OLDER}
    assert len(months) == 4 + 4 + 20 + 3
    wanted = [month for year in (2022, 2023, 2024) for month in outturn.months(year)]
    assert all(found == wanted for found in months.values())


def test_exempelenhetens_years_are_its_year_end_results_to_the_krona():
    sums, closed = years("utfall"), budgets("exempelenheten", "bokslut")
    assert len(closed) == 12
    for (year, name, operation), money in closed.items():
        assert sums["exempelenheten", year, name, operation] == [int(x * 1_000_000) for x in money]


@pytest.mark.parametrize("enhet", UNITS[1:])
def test_the_other_units_years_are_their_plan_and_a_stated_deviation(enhet):
    sums, plan = years("utfall"), budgets(enhet, "vp")
    found = {key[1:]: money for key, money in sums.items() if key[0] == enhet}
    assert len(found) == {"exempel_stod": 60, "exempel_assistans": 12}[enhet]
    for (year, name, operation), money in found.items():
        stated = outturn.DEVIATIONS.get((enhet, int(year), name, operation), 0) * TENTH
        cost, revenue = (int(x * 1_000_000) for x in plan[year, name, operation])
        assert money == [cost + stated, revenue], (year, name, operation)
    used = {(int(year), name, operation) for year, name, operation in found}
    assert {key[1:] for key in outturn.DEVIATIONS if key[0] == enhet} <= used


def test_the_published_totals_are_kept():
    rows = {row["enhet"]: row for row in table("budget") if (row["ar"], row["budgetrad"]) == ("2024", "Totalt")}
    assert rows["exempel_stod"]["netto_mnkr"] == "41.8"
    assert rows["exempel_assistans"]["netto_mnkr"] == "59.0"


def test_ten_operations_sum_to_the_turnover_in_every_row():
    parts = {k: v for k, v in budgets("exempel_stod", "vp").items() if k[0] == "2024"}
    named = list(dict.fromkeys(operation for _, _, operation in parts if operation))
    assert named == list(OPERATIONS)
    for name in ("Personalkostnader", "Övriga kostnader"):
        assert sum(money[0] for key, money in parts.items() if key[1] == name and key[2]) == parts["2024", name, ""][0]
    assert sum(money[0] for key, money in parts.items() if key[2]) == Decimal("41.8")


def test_the_two_meeting_places_are_paid_by_grant_and_the_rest_by_income():
    paid = {row["verksamhet"]: row["finansiering"] for row in table("budget") if row["finansiering"]}
    assert [name for name, by in paid.items() if by == "anslag"] == ["Träfflokal unga", "Träfflokal vuxna"]
    assert sorted(set(paid.values())) == ["anslag", "intakt"]


def test_assistance_ends_every_year_in_deficit():
    sums, plan = years("utfall"), budgets("exempel_assistans", "vp")
    for year in ("2022", "2023", "2024"):
        outcome = sum(c - r for key, (c, r) in sums.items() if key[:2] == ("exempel_assistans", year))
        assert outcome > 1_000_000 * sum(c - r for key, (c, r) in plan.items() if key[0] == year)


def test_late_rows_have_nothing_in_january_and_two_months_in_december():
    rows = [row for row in table("utfall") if row["budgetrad"] == "LASS-assistans" and row["manad"][:4] == "2024"]
    costs = [int(row["kostnad_kr"]) for row in rows]
    assert costs[0] == 0
    assert costs[-1] > 1.8 * max(costs[1:-1])


def test_the_monthly_budget_sums_to_the_adopted_plan():
    sums, plan = years("manadsbudget"), budgets("exempelenheten", "vp")
    whole = {key: money for key, money in plan.items() if not key[2]}
    assert len(sums) == len(whole) == 12
    for (year, name, _), money in whole.items():
        assert sums["exempelenheten", year, name, ""] == [int(x * 1_000_000) for x in money]


def test_the_generators_own_examples_hold():
    found = doctest.testmod(outturn)
    assert (found.attempted, found.failed) == (2, 0)
