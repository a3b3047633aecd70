"""What is wrong with the outturn of every unit and year, without a case: for `planbok check`."""

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown
from planbok.inputs.rules.rules import Rules
from planbok.inputs.tables.collection import Collection
from planbok.ledger.budget_rows import KEY, VERSIONS, without_total
from planbok.topics.follow_up.books import outturn_faults
from planbok.topics.follow_up.choices import LATE_RULE, of_row


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """Missing months and rows that budget and outturn do not share, of each unit and year that has both.

    A year is looked at to its last booked month. Faults of form are left to those who read every table.
    """
    if rules is None or LATE_RULE not in rules.series:
        return []
    try:
        outturn, budget = (collection.read(name).frame for name in ("utfall", "budget"))
    except InputError:
        return []
    stated, file = rules.series[LATE_RULE][-1].varde, shown(collection.path("utfall"))
    years = outturn["manad"].str[:4].astype(int)
    found: list[Fault] = []
    for (enhet, ar), rows in outturn.groupby(["enhet", years], sort=False):
        plan = _plan(budget[(budget["enhet"] == enhet) & (budget["ar"] == ar)])
        if len(plan):
            late = {tuple(key): _late(stated, enhet, key[0]) for key in rows[KEY].drop_duplicates().to_numpy()}
            tom = int(rows["manad"].max()[5:])
            found += outturn_faults(rows, plan, int(ar), tom, late, file)
    return found


def _plan(rows: pd.DataFrame) -> pd.DataFrame:
    """The latest budget of a year, without its control total."""
    there = [version for version in VERSIONS if version != "bokslut" and (rows["version"] == version).any()]
    return without_total(rows[rows["version"] == there[-1]]) if there else rows.iloc[:0]


def _late(stated: dict, enhet: str, row: str) -> int:
    months, _ = of_row(stated, enhet, row)
    return months if isinstance(months, int) else 0
