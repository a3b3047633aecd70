"""What others than the unit see of its counts of persons and days: each stands until enough have moved.

Two runs' reports can be subtracted: 113 days more are one person, who came on 10 September. Days, and persons at a
measurement that is still to come, are therefore those of the decisions as they were known at the end of the last month
in which at least `minsta_grupp` persons had come, left or changed level since they were counted before; persons of an
insats and management when as many had come in it. What a measurement has counted is adopted and stays.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_end
from planbok.case.result import Limits
from planbok.topics.lss_peng.counts import ALL
from planbok.topics.lss_peng.decisions import prepare
from planbok.topics.lss_peng.people import MEASURED, YEAR, Persons, in_year
from planbok.topics.lss_peng.study import Stood, Study
from planbok.topics.lss_peng.worlds import World

MONTHS = 12
SHOWN = np.zeros(MONTHS + 1, bool)  # nothing is hidden, before the year or at the end of any month of it


def steady(study: Study, limits: Limits) -> Study:
    """The study with the decisions that its counts of persons and days are of."""
    kept = study.bas.kept.setdefault("stands", {})
    key = (limits.smallest, study.per_datum)
    if key not in kept:
        kept[key] = _stood(study, limits)
    return replace(study, stood=kept[key])


def _stood(study: Study, limits: Limits) -> Stood:
    persons, known = Persons(study), _months_known(study)
    moved = [(month, who) for month, its in enumerate(persons.moved_by_month(), 1) for who in its if month <= known]
    months = np.array([month for month, _ in moved], int)
    at = int(limits.stands(months, pd.factorize(np.array([who for _, who in moved], object))[0], SHOWN)[-1])
    seen: dict[int, pd.Series] = {}
    standing = _groups_stand(study, persons, limits, known)
    for month in {at, *standing.values()}:
        seen[month] = in_year(Persons(replace(study, bas=_as_known(study, month))))
    groups = {group: float(seen[month].get(group, 0.0)) for group, month in standing.items() if group != ALL}
    total = float(seen[standing[ALL]].sum())
    return Stood(_end(study, at), _as_known(study, at), groups | {ALL: total}, standing, limits.smallest)


def _groups_stand(study: Study, persons: Persons, limits: Limits, known: int) -> dict[tuple[str, str], int]:
    """The month to which the year's persons of each insats and management, and of all, are counted; 0 is before it."""
    rows = persons.rows_in_year()
    names = sorted({*zip(rows["insats"], rows["regi"], strict=True)})
    first = rows["fran"].dt.month.where(rows["fran"].dt.year == study.case.ar, 0)
    first = first.groupby([rows["insats"], rows["regi"], rows["person"]]).min()
    first = first[(first >= 1) & (first <= known)]
    part = [names.index((insats, regi)) for insats, regi, _ in first.index]
    who = pd.factorize(first.index.get_level_values(2))[0]
    closed = limits.hidden(persons.people()[MEASURED])
    hidden = SHOWN[:, None] | np.array([(YEAR, name) in closed for name in names], bool)
    at = limits.standing(np.column_stack([first.to_numpy(int), part, who]).reshape(-1, 3), hidden)[-1]
    return dict(zip([*names, ALL], at.tolist(), strict=True))


def _months_known(study: Study) -> int:
    """How many of the year's months have ended on the report's day, and before the last decision that is known."""
    decided = study.case.unit_rows("beslut")["beslutsdatum"].max()
    last = study.per_datum if pd.isna(decided) else min(study.per_datum, decided.date())
    after = last + timedelta(days=1)
    return int(np.clip((after.year - study.case.ar) * MONTHS + after.month - 1, 0, MONTHS))


def _end(study: Study, month: int) -> date:
    """The last day of a month of the year; of the year before for 0."""
    return month_end(study.case.ar, month) if month else last_day(study.case.ar - 1)


def _as_known(study: Study, month: int) -> World:
    """The unit's decisions before any change, as they were at the end of a month: who leaves later is still there."""
    kept = study.bas.kept.setdefault("as_known", {})
    if month not in kept:
        rows, day = study.case.unit_rows("beslut"), pd.Timestamp(_end(study, month))
        rows = rows[rows["fran"] <= day]
        known = rows.assign(till=rows["till"].where(rows["till"] <= day))
        kept[month] = World.of(study.bas.frame, prepare(known), study.bas.book)
    return kept[month]
