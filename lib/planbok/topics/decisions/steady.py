"""What others than the unit see of how many have a decision: counted anew when enough have come or gone.

The months are those in which the report on granted insatser counts the unit's persons, so that the two tell the same.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.analysis.chains import first_month, month_starts, persons_moved, persons_there
from planbok.case.result import Limits
from planbok.topics.decisions.officers import Stood
from planbok.topics.decisions.study import Study


def steady(study: Study, limits: Limits) -> Study:
    """The study with the months in which its persons are counted in place of every month."""
    last = (study.tomorrow.to_period("M") - 1).strftime("%Y-%m")  # the last month that has ended
    count = len(pd.period_range(first_month(study.rows), last, freq="M"))
    officers = study.officers
    if count < 1:
        stood = Stood(officers.months.iloc[:0], last, np.nan)
        return replace(study, officers=replace(officers, stood=stood))
    starts = month_starts(last, count)
    there = persons_there(study.rows, study.chains, starts)
    at = limits.standing(persons_moved(there), np.zeros((count, 1), bool))[:, 0]
    counted = np.flatnonzero(at == np.arange(count))
    names = pd.Series(starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(str)[counted])
    place = dict(zip(names, counted, strict=True))
    months = officers.months[officers.months["manad"].isin(names)]
    own = [place[manad] for manad in months["manad"]]
    months = months.assign(personer=there[own].sum(axis=1), vilka=list(there[own])).reset_index(drop=True)
    stood = Stood(months, names.iloc[-1], float(there[counted[-1]].sum()))
    return replace(study, officers=replace(officers, stood=stood))
