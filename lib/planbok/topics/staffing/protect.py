"""Which groups' sick leave is shown: never one of at most ten employees, nor what would give it away."""

import numpy as np
import pandas as pd

from planbok.inputs.scenario.changes import Change
from planbok.topics.staffing.year import SICK_PAY, World, moves_lines

WAGES_DIFFER = "visas inte: grupperna har olika löner, så enhetens sjuklön skulle säga hur en grupps sjuktid ligger"


def hidden_groups(employees: pd.DataFrame, largest: int) -> frozenset[str]:
    """The groups that are not shown one by one.

    A group is hidden from the first month in which it has at most `largest` employees. Each month, what is hidden is
    made up with the smallest of the others until it is at least two groups and more than `largest` employees, since
    the unit minus what is shown is its sum. A group once hidden stays hidden in every later report, and in every
    period: else a month or a later report would tell what an earlier one withheld.

    Parameters
    ----------
    employees : headcounts, a row per month in order and a column per group; NaN where the group has no row

    >>> months = pd.DataFrame({"A": [17, 17], "B": [12, 12], "C": [8, 8], "D": [4, 4]}, dtype=float)
    >>> sorted(hidden_groups(months, 10))
    ['C', 'D']
    >>> sorted(hidden_groups(months.drop(columns="C"), 10))
    ['B', 'D']
    >>> sorted(hidden_groups(pd.DataFrame({"A": [17.0, 17.0], "B": [12.0, 12.0]}), 10))
    []
    """
    hidden: set[str] = set()
    for counts in employees.to_dict("records"):
        there = {name: number for name, number in counts.items() if number == number}
        hidden |= {name for name, number in there.items() if number <= largest}
        others = sorted((number, name) for name, number in there.items() if name not in hidden)
        now = [number for name, number in there.items() if name in hidden]
        for number, name in others if now else ():
            if len(now) >= 2 and sum(now) > largest:
                break
            hidden.add(name)
            now.append(number)
    return frozenset(hidden)


def headcounts(frame: pd.DataFrame) -> pd.DataFrame:
    """Headcounts by month and group; a group without employees counts only in a month where someone was ill."""
    there = (frame["anstallda"] > 0) | (frame["sjuk_h"] != 0)
    return frame[there].pivot_table(index="nr", columns="grupp", values="anstallda", aggfunc="sum").sort_index()


def is_small_unit(employees: pd.DataFrame, largest: int) -> bool:
    """Whether the whole unit has had at most so many employees in any month: then nothing of it is shown."""
    return bool((employees.sum(axis=1) <= largest).any())


def wages_differ(*worlds: World) -> bool:
    """Whether groups have different hourly wages on any day of any of the worlds.

    Then the unit's wages times hours, held against its hours, are a second equation about the hours of single groups;
    with one wage they are the unit's hours over again.
    """
    paid = (rates.timlon for world in worlds for rates in (*world.rates, world.rates_full))
    return any(not np.array_equal(kr, np.full_like(kr, kr[0]), equal_nan=True) for kr in paid)


def tells_of_groups(change: Change, before: World, now: World) -> bool:
    """Whether a change's kronor are wages times the hours there are, where groups have different wages.

    What a change of sick leave costs is not: it is wages times contracted hours.
    """
    return moves_lines(change) == SICK_PAY and wages_differ(before, now)
