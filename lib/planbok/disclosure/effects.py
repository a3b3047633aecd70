"""What topics do to a unit's money, as an audience may see it: the budget and the prognosis are made of that."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.case.topic import FULL_YEAR, Decided, Effects
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import EXACT, FEW, ROUND, grade, rounded, tells_of_few


def protect_effects(effects: Effects, policy: Policy) -> Effects:
    """Without what tells of few persons, which is named; kronor of persons times public prices are rounded.

    A rounded effect lies evenly over its months, so that neither the year nor a month tells who is there.
    """
    if policy.shows_all:
        return effects
    grades = {name: grade(of, policy) for name, (_, of) in effects.priced.items()}
    few = {name: text for name, (text, of) in effects.persons.items() if any(tells_of_few(*one, policy) for one in of)}
    few |= {name: effects.priced[name][0] for name, how in grades.items() if how not in (EXACT, ROUND)}
    few |= effects.telling
    names = [(row.forandring, row.effekt) for row in effects.rows.itertuples()]
    hidden = [name[0] in few or name in few for name in names]
    coarse = {name for name, how in grades.items() if how == ROUND}
    round_ = [not hide and (name[0] in coarse or name in coarse) for hide, name in zip(hidden, names, strict=True)]
    if not any(hidden) and not any(round_):
        return effects
    kept = [effects.rows[~(np.array(hidden) | np.array(round_))]]
    kept += [part for part in _rounded(effects.rows[round_], policy.rounding_kr) if len(part)]
    there = {key for hide, name in zip(hidden, names, strict=True) if hide for key in (name, name[0])}
    words = [f"{text} (skyddas: {FEW})" for key, text in few.items() if key in there]
    unknown = tuple(dict.fromkeys([*effects.unknown, *words]))
    none: dict = {}
    rows = pd.concat(kept, ignore_index=True)
    return replace(effects, rows=rows, unknown=unknown, telling=none, priced=none, persons=none)


def _rounded(rows: pd.DataFrame, step: float) -> Iterator[pd.DataFrame]:
    """Each change's effect with the year rounded and spread evenly over its months, and the full year rounded."""
    for _, its in rows.groupby(["forandring", "effekt", rows["manad"] == FULL_YEAR], sort=False):
        kr = rounded(float(its["kr"].sum()), step) / len(its)
        yield its.assign(kr=kr)[lambda frame: frame["kr"] != 0]


def protect_decided(kr: dict[str, float], persons: dict[str, int], budgetrad: str, policy: Policy) -> Decided:
    """What decisions explain of a year: nothing where few persons moved in any way, else rounded like other kronor.

    >>> protect_decided({"volym": 120_000.0}, {"nya": 2}, "Vård", Policy("ledning"))
    Decided(kr={}, budgetrad='Vård', why='få personer')
    >>> protect_decided({"volym": 120_000.0}, {"nya": 9}, "Vård", Policy("ledning")).kr
    {'volym': 100000.0}
    """
    if policy.shows_all:
        return Decided(kr, budgetrad)
    if any(0 < number < policy.smallest for number in persons.values()):
        return Decided({}, budgetrad, FEW)
    return Decided({cause: rounded(amount, policy.rounding_kr) for cause, amount in kr.items()}, budgetrad)
