"""What cases, hours, full months and prices make of each month's cost, as they were known after a month."""

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.case.topic import MONTH_NUMBERS, Driven
from planbok.topics.home_care.model import HOME, HOMES
from planbok.topics.home_care.outside import said
from planbok.topics.home_care.study import MONTHS, volume_rows
from planbok.topics.home_care.year import by_effect, grid


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """The cost by volumes and prices, month by month: the tables' rows up to the month, and each driver ahead of it."""
    known = grid(volume_rows(case))
    if known.place(ar, 1) < MONTHS:
        return Driven(why=f"volymerna når inte ett helt år bakom {ar}, så de har ingen säsong")
    parts = by_effect(*said(case, ar, known)(tom_manad))
    there = {name: kr[:MONTHS] for name, kr in parts.items() if kr[:MONTHS].any()}
    if not there:
        return Driven(why="tabellerna hemtjanst och vobo har inget med pris de månaderna")
    kr = pd.DataFrame(list(there.values()), index=list(there), columns=MONTH_NUMBERS)
    return Driven(kr, {HOME: None, HOMES: _moved(case, ar, tom_manad)})


def _moved(case: Case, ar: int, tom: int) -> pd.DataFrame:
    """How many places more or fewer were taken than the month before, (month, kind): fewer than moved."""
    rows = volume_rows(case)
    wide = rows[rows["effekt"] == HOMES].pivot_table("antal", "manad", "slag", "sum")
    months = [f"{ar - 1}-12", *(f"{ar}-{month:02d}" for month in range(1, tom + 1))]
    change = np.ceil(wide.reindex(months).diff().abs().iloc[1:].fillna(0.0))
    return change.set_axis(range(1, tom + 1), axis=0)
