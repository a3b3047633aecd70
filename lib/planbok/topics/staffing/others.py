"""What staffing tells the other topics: what a scenario does to the budget, what drives a month, and outcomes."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.said import described, filled
from planbok.case.study import mean_of_month
from planbok.case.topic import FULL_YEAR, MONTH_NUMBERS, Driven, Effects, Named, Outcome
from planbok.disclosure.operations import headcounts
from planbok.disclosure.policy import LARGEST_SICK
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.staffing import TOPIC, hours
from planbok.topics.staffing.bridges import told_by
from planbok.topics.staffing.hours import by_group_and_month
from planbok.topics.staffing.model import KINDS
from planbok.topics.staffing.other_tables import own_ratio
from planbok.topics.staffing.people import LONG_SICK
from planbok.topics.staffing.study import TABLE, checked_rows, differs, whole_base, worlds
from planbok.topics.staffing.year import SICK_PAY, UNKNOWN_PARTS, WAGE, World, moves_lines

LINES = {"sjuklon": SICK_PAY, "ersattare": KINDS, "personal": (WAGE,)}
EFFEKT, EMPLOYED = "ersattare", "anstallda"
PRICE = "ersattare.kr_per_timme.{}"
RATIOS = ("sjukfranvaro", "sjukfranvaro_dag_1_14", "timavlonade_timmar")


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor by change, effect and month.

    Sick pay with its contributions lands as `sjuklon`, replacements as `ersattare`, and for a change of sick leave the
    wage that is paid when fewer are ill (or not, when more are) as `personal`. The month "helar" holds twelve months at
    what is in force on 31 December. A change that fills a missing value moves no money by itself; of one whose kronor
    are not known none are given and it is named. One whose kronor tell of single groups is named in `telling`.
    """
    if not any(TOPIC.touches(numbered.change) for numbered in scenario):
        return Effects()
    chain, kronor, unknown, moved = worlds(case, whole_base(case, checked_rows(case)[0]), scenario), [], [], []
    telling: dict[Named, str] = {}
    for numbered, (before, now) in zip(scenario, pairwise(chain), strict=True):
        if not TOPIC.touches(numbered.change) or not differs(before, now):
            continue
        moved.append(numbered.id)
        words = described(numbered.change)
        kr, why = _kronor(numbered, before, now)
        if kr and any(name == LONG_SICK for name, _ in told_by(numbered.change, before, now)):
            telling[numbered.id] = words
        kronor += kr
        unknown += [filled("{} ({})", words, why)] if why else []
    return replace(Effects.of(kronor, unknown, moved), telling=telling)


def _kronor(
    numbered: NumberedChange, before: World, now: World
) -> tuple[list[tuple[NumberedChange, str, pd.Series]], str]:
    """A change's kronor by effect, and why they are not known; all of them are or none."""
    moves = moves_lines(numbered.change)
    kr = {effect: _difference(names, before, now) for effect, names in LINES.items() if set(names) <= set(moves)}
    if any(amounts.isna().any() for amounts in kr.values()):
        return [], _why(now, moves)
    return [(numbered, effect, amounts) for effect, amounts in kr.items()], ""


def _difference(names: tuple[str, ...], before: World, now: World) -> pd.Series:
    """Kronor of cost lines by month and over a full year: now less before."""
    one, two = (np.sum([world.by_month[name].sum(axis=0) for name in names], axis=0) for world in (before, now))
    full = [sum(world.full_year[name] for name in names) for world in (before, now)]
    ar = now.base.ar
    return pd.Series([*(two - one), full[1] - full[0]], index=[*months(ar, ar), FULL_YEAR], dtype=float)


def _why(now: World, lines: tuple[str, ...]) -> str:
    """Which rules are missing, else that hours are; "" where nothing is: the change itself fills it."""
    rules = dict.fromkeys(reason for rates in (*now.rates, now.rates_full) for reason in rates.saknas)
    unknown = any(np.isnan(now.by_month[name]).any() for name in lines)
    return "; ".join(rules) or (UNKNOWN_PARTS if unknown else "")


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """Hours beside the monthly wage times what such an hour costs, month by month.

        months to date   hours * price
        months ahead     the same month's hours last year * (this year's hours to date / last year's) * price

    The monthly wage goes on evenly and drives nothing. Nothing is said where last year is not there whole.
    """
    frame = by_group_and_month(case.unit_rows(TABLE))
    hours = frame.groupby("nr")[[f"{kind}_h" for kind in KINDS]].sum(skipna=False)
    start = ar * 12
    year = hours.reindex(range(start, start + tom_manad)).to_numpy(float)
    before = hours.reindex(range(start - 12, start)).to_numpy(float)
    if np.isnan(before).any() or np.isnan(year).any():
        return Driven(why=f"bemanning saknar timmar för {ar - 1} eller {ar}")
    last = before[:tom_manad].sum(axis=0)
    pace = np.divide(year.sum(axis=0), last, out=np.ones(len(KINDS)), where=last != 0)
    whole = np.vstack([year, before[tom_manad:] * pace])
    price = [[mean_of_month(case, PRICE.format(kind), month) for kind in KINDS] for month in months(ar, ar)]
    kr = pd.DataFrame([(whole * np.array(price, float)).sum(axis=1)], index=[EFFEKT], columns=MONTH_NUMBERS)
    return Driven(kr, {EFFEKT: _employed(frame, start, tom_manad)})


def _employed(frame: pd.DataFrame, start: int, tom: int) -> pd.DataFrame:
    """How many employees each month's hours are of."""
    count = frame.groupby("nr")[EMPLOYED].sum().reindex(range(start, start + tom), fill_value=0.0)
    return pd.DataFrame({EMPLOYED: count.to_numpy(float)}, index=range(1, tom + 1))


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Ratios of hours from January to a month, or over twelve months where their rules say so, per cent.

    The same as in the report on sick leave; not one of which a month is missing or the hours are not known. They tell
    of the unit's employees in the month that had fewest of them.
    """
    every = hours.by_group_and_month(case.unit_rows("bemanning"))
    if not (every["nr"] == ar * 12 + tom_manad - 1).any():
        return {}
    fewest, found = headcounts(every).sum(axis=1).min(), {}
    for indicator in RATIOS:
        said = case.rule_or_none(f"indikator.{indicator}", date(ar, 1, 1)) or {}
        period, value = own_ratio(every, ar, tom_manad, indicator, said.get("period", ""))
        if value == value:
            few = None if pd.isna(fewest) else float(fewest)
            found[indicator] = Outcome(value, f"bemanningen, {period}", few, LARGEST_SICK)
    return found
