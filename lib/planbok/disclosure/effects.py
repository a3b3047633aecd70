"""What topics do to a unit's money, as an audience may see it: the budget and the prognosis are made of that."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.case.topic import FULL_YEAR, Decided, Driven, Effects
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import EXACT, FEW, ROUND, grade, rounded, tells_of_few
from planbok.disclosure.words import as_read


def protect_effects(effects: Effects, policy: Policy) -> Effects:
    """Without what tells of few persons, which is named; kronor of persons times public prices are rounded.

    A rounded effect lies evenly over its months, so that neither the year nor a month tells who is there.
    """
    unknown = tuple(as_read(text, policy.public) for text in effects.unknown)
    telling = {name: as_read(text, policy.public) for name, text in effects.telling.items()}
    effects = replace(effects, unknown=unknown, telling=telling)
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
    unknown = tuple(dict.fromkeys([*unknown, *words]))
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
    >>> protect_decided({"volym": 120_000.0}, {"nya": 9, "avslutade": 0}, "Vård", Policy("ledning")).kr
    {'volym': 100000.0}
    """
    if policy.shows_all:
        return Decided(kr, budgetrad)
    if any(0 < number < policy.smallest for number in persons.values()):
        return Decided({}, budgetrad, FEW)
    return Decided({cause: rounded(amount, policy.rounding_kr) for cause, amount in kr.items()}, budgetrad)


def protect_driven(driven_of: Callable[[int], Driven], tom: int, policy: Policy) -> Driven:
    """What a topic expects of a year after a month: by what was known when enough persons had moved since last.

    For others than working papers an effect that counts persons stands still until at least the smallest number has
    moved in each way that anybody has, so that no difference between two months' reports tells of fewer; the months to
    date are then 0 and those ahead equal, rounded together: only how they differ counts in a prognosis.

    Parameters
    ----------
    driven_of : the last known month, 0-12, to what the topic expected then
    """
    found = driven_of(tom)
    if policy.shows_all or found.kr.empty:
        return found
    kept, why = {}, [found.why] if found.why else []
    for effekt, kr in found.kr.iterrows():
        moved = found.moved.get(str(effekt))
        if effekt not in found.moved:
            why.append(FEW)
        elif moved is None:
            kept[effekt] = kr
        else:
            known = _enough_moved(moved.loc[:tom], policy.smallest)
            then = driven_of(known).kr.reindex([effekt], fill_value=0.0).loc[effekt]  # 0 where nobody was there yet
            kept[effekt] = _level_to_date(then, tom, policy.rounding_kr)
    rows = pd.DataFrame.from_dict(kept, orient="index", columns=found.kr.columns, dtype=float)
    return Driven(rows, why="; ".join(dict.fromkeys(why)))


def _enough_moved(moved: pd.DataFrame, smallest: int) -> int:
    """The last month after which enough persons had moved, in each way that any had, since the one before it.

    >>> _enough_moved(pd.DataFrame({"nya": [3, 2, 0, 4], "slut": [0, 0, 1, 0]}, index=[1, 2, 3, 4]), 5)
    2
    """
    known, since = 0, np.zeros(moved.shape[1])
    for month, counts in zip(moved.index, moved.to_numpy(), strict=True):
        since = since + counts
        if since.any() and (since[since > 0] >= smallest).all():
            known, since = int(month), np.zeros_like(since)
    return known


def _level_to_date(kr: pd.Series, tom: int, step: float) -> pd.Series:
    """A year's path as what the months ahead together differ from those to date by, rounded and spread evenly."""
    done = kr.index <= tom
    ahead = int((~done).sum())
    more = rounded(float(kr[~done].sum() - kr[done].mean() * ahead), step) if done.any() and ahead else 0.0
    return pd.Series(np.where(done, 0.0, more / max(ahead, 1)), kr.index)
