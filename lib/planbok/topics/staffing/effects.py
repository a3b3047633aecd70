"""What a scenario's changes of sick leave, wages and replacements do to the unit's budget, as rows it can take in."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.said import described, filled
from planbok.case.topic import FULL_YEAR, Effects, Named
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.staffing import TOPIC
from planbok.topics.staffing.bridges import told_by
from planbok.topics.staffing.model import KINDS
from planbok.topics.staffing.people import LONG_SICK
from planbok.topics.staffing.study import checked_rows, differs, whole_base, worlds
from planbok.topics.staffing.year import SICK_PAY, UNKNOWN_PARTS, WAGE, World, moves_lines

LINES = {"sjuklon": SICK_PAY, "ersattare": KINDS, "personal": (WAGE,)}


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
