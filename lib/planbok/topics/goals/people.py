"""Whom surveys and training tell of, row by row and as the parts of what indicators show."""

import pandas as pd

from planbok.case.result import People, Table
from planbok.topics.goals.occasions import occasion_of
from planbok.topics.goals.study import Study


def of_rows(table: Table, column: str, regel: str) -> People:
    """The people behind each row of a table by themselves, as a column counts them."""
    counts = table.frame[column].fillna(0.0).to_numpy(float)
    return People(pd.DataFrame({"": counts}, index=[f"{place}" for place in range(len(counts))]), regel, parted=True)


def trained(study: Study) -> People:
    """The staff that a requirement is counted of, by group: an indicator may show the sum of a period's groups."""
    rows = study.tables["kompetens"]
    counts = rows.assign(krav=required(rows)).pivot_table("av", "krav", "grupp", "sum", fill_value=0.0)
    return People(counts.reset_index(drop=True).set_axis(counts.index.tolist()), parted=True)


def required(rows: pd.DataFrame) -> list[str]:
    """Each row's requirement and period, as indicators are counted."""
    occasions = map(occasion_of, rows["period"])
    return [f"{krav.casefold()} {when.ar}-{when.manad}" for krav, when in zip(rows["krav"], occasions, strict=True)]
