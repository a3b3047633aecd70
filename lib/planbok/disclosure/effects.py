"""What topics do to a unit's money, as an audience may see it: the budget and the prognosis are made of that."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from planbok.case.topic import FULL_YEAR, Decided, Effects
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import EXACT, FEW, ROUND, grade, rounded


def protect_effects(effects: Effects, policy: Policy) -> Effects:
    """Without what tells of few persons, which is named; kronor of persons times public prices are rounded.

    A rounded effect lies evenly over its months, so that neither the year nor a month tells who is there.
    """
    if policy.shows_all or not (effects.telling or effects.priced):
        return effects
    grades = {name: grade(of, policy) for name, (_, of) in effects.priced.items()}
    words = dict(effects.telling) | {n: effects.priced[n][0] for n, how in grades.items() if how not in (EXACT, ROUND)}
    rows = effects.rows[~effects.rows["forandring"].isin(words)]
    coarse = {name for name, how in grades.items() if how == ROUND} - set(words)
    kept = [rows[~rows["forandring"].isin(coarse)]]
    kept += [part for part in _rounded(rows[rows["forandring"].isin(coarse)], policy.rounding_kr) if len(part)]
    unknown = dict.fromkeys([*effects.unknown, *(f"{text} (skyddas: {FEW})" for text in words.values())])
    return replace(effects, rows=pd.concat(kept, ignore_index=True), unknown=tuple(unknown), telling={}, priced={})


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
