"""How the budget's model performs, beside what they could not do without.

Ratios within one run: seconds differ from machine to machine, what they are compared with does not.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from timing import seconds

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.topic import no_effects
from planbok.inputs.scenario.changes import Upprakning
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.inputs.tables.control_totals import TOTAL_ROW, compare
from planbok.ledger import act as model
from planbok.ledger.month_profile import even_year
from planbok.topics import budget
from planbok.topics.budget.study import VERSIONS

AR = 2024
CHANGES = 20


def rows(count: int) -> pd.DataFrame:
    """A budget of many operations."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"budgetrad": [f"Rad {i // 10}" for i in range(count)]})
    frame["verksamhet"] = [f"Verksamhet {i}" for i in range(count)]
    frame["kostnad_mnkr"], frame["intakt_mnkr"] = rng.integers(1, 999, (2, count)) / 10
    return frame.assign(kostnadsslag="")


def scenario() -> Scenario:
    """Upratings of the first row from different months."""
    common = {
        "typ": "upprakning",
        "budgetrad": "Rad 0",
        "sida": "kostnad",
        "underlag": "antagande",
        "motivering": "Prov",
    }
    changes = [Upprakning(**common, procent=1.0 + i, fran=date(AR, 1 + i % 12, 1)) for i in range(CHANGES)]
    numbered = [NumberedChange(i, "prov", c, "", 0, i) for i, c in enumerate(changes, start=1)]
    return Scenario("prov", "Prov", changes=tuple(numbered))


def plainly(base: model.Baseline) -> list[np.ndarray]:
    """The floor: as many plain multiplications of the same numbers."""
    return [base.state * 1.01 for _ in range(CHANGES)]


def test_twenty_changes_beside_twenty_multiplications(record_property):
    """The model may take a few times what touching its numbers takes, at any size: the work grows linearly."""
    ratios = {}
    for count in (1_000, 10_000, 100_000):
        base = model.baseline("enhet", rows(count), AR, AR, even_year)
        taken = seconds(lambda base=base: model.simulate(base, scenario(), no_effects), rounds=5)
        ratios[count] = taken / seconds(lambda base=base: plainly(base), rounds=5)
    record_property("ratios", ratios)
    print("\n" + ", ".join(f"{count} operations: {ratio:.1f} times the floor" for count, ratio in ratios.items()))
    assert ratios[100_000] < 10
    assert ratios[100_000] < 1.5 * ratios[10_000]


def municipality(folder: Path, units: int) -> Path:
    """A budget table of many units, five years and four versions: 13 rows each, their control total among them."""
    table = pd.MultiIndex.from_product(
        [
            [f"enhet_{i}" for i in range(units)],
            range(AR - 4, AR + 1),
            VERSIONS,
            [*(f"Rad {i}" for i in range(12)), TOTAL_ROW],
        ],
        names=["enhet", "ar", "version", "budgetrad"],
    ).to_frame(index=False)
    total = table["budgetrad"] == TOTAL_ROW
    table = table.assign(kostnad_mnkr=np.where(total, 120, 10), intakt_mnkr=np.where(total, 12, 1))
    table = table.assign(netto_mnkr=table["kostnad_mnkr"] - table["intakt_mnkr"])
    folder.mkdir()
    table.to_csv(folder / "budget.csv", index=False)
    return folder


def test_a_units_study_beside_one_sum_over_everyones_table(tmp_path, record_property):
    """One unit's study may not cost more because others stand in the table; a full check may, but linearly."""
    taken, checked = {}, {}
    for units in (1, 15, 150):
        sources = load_sources(Folders((PARAMS,), municipality(tmp_path / str(units), units)))
        table = sources.collection.read("budget")
        case = open_case("budgetscenarier", enhet="enhet_0", ar=AR, sources=sources)
        taken[units] = seconds(lambda case=case: budget.study.study(case), rounds=5)
        checked[units] = seconds(lambda table=table: compare(table), rounds=3)
    keys = ["enhet", "ar", "version"]
    sums = seconds(lambda: table.frame.groupby(keys)[["kostnad_mnkr", "intakt_mnkr", "netto_mnkr"]].sum())
    ratios = {"studie": taken[150] / sums, "kontroll": checked[150] / sums}
    record_property("ratios", ratios)
    print(f"\n{len(table.frame)} rows: " + ", ".join(f"{name} {x:.0f} times a sum" for name, x in ratios.items()))
    assert taken[150] < 2 * taken[1]
    assert checked[150] < 15 * checked[15]
