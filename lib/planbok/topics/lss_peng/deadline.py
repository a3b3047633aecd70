"""What a decision before a measuring day means for the year's budget, and what each day later costs: public prices."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.base.periods import long_date
from planbok.case.result import Column, Table
from planbok.lss.price_book import levels
from planbok.topics.lss_peng.moves import parts
from planbok.topics.lss_peng.study import Study

INSATS, REGI = "gruppbostad", "kommunal"


def deadline_table(study: Study) -> Table:
    """One person's decision by when it applies: what it gives the year's budget, and what its days are worth.

        fore_1_kr   the measurements that rule the year, all of them: price * the year's days that each rules
        mellan_kr   only the second one
        efter_kr    none: 0
        dygn_kr     price * the days from the second measuring day's next day to the year's end: what a decision that
                    comes then costs and no budget of the year pays

    The rows are a step between each two levels of group homes in the unit's own management. Nobody's decision is in it,
    so that everybody may read it; a whole person's money is not, since it could not be told from somebody's.
    """
    frame = study.world.frame
    year = _by_measurement(study)
    first, second = frame.matning_1, frame.matning_2
    numbers = sorted(levels(study.case.sources.rules).get(INSATS, ()), key=int)
    steps = [(f"Nivå {a} till {b}", year[b] - year[a]) for a, b in zip(numbers, numbers[1:], strict=False)]
    table = pd.DataFrame([kr for _, kr in steps], columns=["fore_1_kr", "mellan_kr", "dygn_kr"], dtype=float)
    table = table.assign(beslut=[name for name, _ in steps], efter_kr=0.0)
    after = long_date(second + timedelta(days=1))
    columns = (
        Column("beslut", "Beslut, en person"),
        Column("fore_1_kr", f"Gäller senast {_day(first)}, i årets budget", signed=True),
        Column("mellan_kr", f"Gäller senast {_day(second)}, i årets budget", signed=True),
        Column("efter_kr", "Gäller senare, i årets budget"),
        Column("dygn_kr", f"Dygnen från {after} till årsskiftet", signed=True),
    )
    table = table.loc[table["fore_1_kr"].notna(), [column.key for column in columns]].reset_index(drop=True)
    title = f"Vad ett beslut före mätdagen betyder, gruppbostad i egen regi {study.case.ar}"
    return Table("fore_matdagen", title, table, columns)


def _day(day: date) -> str:
    """A day without its year.

    >>> _day(date(2024, 8, 27))
    '27 augusti'
    """
    return long_date(day).rsplit(" ", 1)[0]


def _by_measurement(study: Study) -> dict[str, np.ndarray]:
    """For one person at each level, kr: all measurements of the year, the second alone, the days after it."""
    world, frame = study.world, study.world.frame
    ruling, after = parts(world, "slutlig"), frame.matning_2 + timedelta(days=1)
    found = {}
    for level in levels(study.case.sources.rules).get(INSATS, ()):
        cell = (INSATS, level, REGI)
        by_part = [float(part.year_price([cell])[0]) for part in ruling]
        second = sum(kr for part, kr in zip(ruling, by_part, strict=True) if part.day == frame.matning_2)
        days = [span.days * span.share_inside(after, None) for span in frame.spans]
        found[level] = np.array([sum(by_part), second, float(np.dot(days, world.given(cell)))])
    return found
