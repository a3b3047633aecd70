"""What others than the unit itself see of its counts: each stands until enough persons have moved since it was made.

What runs is followed from the month in which the first decision ended, at least from January a year ago, and what is
new, ended, renewed and decided from January: so two reports tell the same of a month that both know. What was hidden
when it was counted stays so, and what was shown too. A scenario's own persons are added as they are.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.chains import first_month, month_starts, persons_moved, persons_there
from planbok.case.result import Limits
from planbok.lss.insats_groups import by_insats
from planbok.topics.insatser.equality import GROUPS, SEXES, groups_and_sex, in_month
from planbok.topics.insatser.people import DECIDED, MOVED, RUNNING, SEX_COUNTS, Persons
from planbok.topics.insatser.series import FLOWS, Counts, counted, with_sum
from planbok.topics.insatser.study import FEWEST_MONTHS, Study

NOT_YET = -1  # the month that a sum stands at before it may be shown
TOGETHER = (("new", "ended"), ("renewed",), (FLOWS[-1],))  # kinds that are counted in the same months


@dataclass(frozen=True)
class Stands:
    """Where a unit's counts stand, and how far that is from what they are: the same under every scenario.

    The last column of insatser is their sum.

    running   (month, insats + 1) what to add to what runs, NaN where it is not shown; and the month it was counted in
    persons, decisions   (month,) what to add to persons, and to decisions that run
    sums      (insats + 1,) for each kind what to add to what there has been since January; NaN where it is not shown
    sums_in   the month of the year that each kind's sum was counted in
    sexes     the month of the year that each group and sex is counted in
    hides     by people of the result the parts that were hidden when they were counted
    """

    running: np.ndarray
    running_in: np.ndarray
    persons: np.ndarray
    persons_in: np.ndarray
    decisions: np.ndarray
    sums: dict[str, np.ndarray]
    sums_in: dict[str, int]
    sexes: dict[tuple[str, str], int]
    hides: dict[str, frozenset]


def steady(study: Study, limits: Limits) -> Study:
    """The study with what stands in place of each count."""
    stands = study.kept.get(limits.smallest)
    if stands is None:
        stands = study.kept[limits.smallest] = _stands(study, limits)
    more = len(study.series.insatser) - len(study.bas.insatser)  # a scenario's own insatser come last

    def wide(add: np.ndarray) -> np.ndarray:
        zeros = np.zeros((*add.shape[:-1], more))
        return np.concatenate([add[..., :-1], zeros, add[..., -1:]], axis=-1)

    true, there = study.counts, len(study.series.months)
    every = np.concatenate([stands.running_in[:, :-1], *[stands.running_in[:, -1:]] * (more + 1)], axis=1)
    counts = Counts(
        running=np.maximum(true.running + wide(stands.running[-there:]), 0),
        persons=true.persons + stands.persons[-there:],
        decisions=true.decisions + stands.decisions[-1],
        sums={kind: true.sums[kind] + wide(add) for kind, add in stands.sums.items()},
        ago=true.ago + wide(stands.running[-FEWEST_MONTHS - 1]),
        running_in=every[-there:],
        persons_in=stands.persons_in[-there:],
        sums_in=stands.sums_in,
        hides=stands.hides,
        invented=_invented(study),
    )
    series = replace(study.series, running=counts.running[:, :-1])
    bas = replace(study.bas, running=study.bas.running + stands.running[-there:, :-1])
    stood = replace(study, series=series, bas=bas, stood=counts, sexes=stands.sexes, exact=study.series)
    same = ("prices", "drivers")  # of the same decisions
    vars(stood).update({name: vars(study)[name] for name in same if name in vars(study)})
    return stood


def _invented(study: Study) -> dict[str, np.ndarray]:
    """How many a scenario adds to what runs, (month, insats + 1), and to the year's sums, (insats + 1,)."""
    if study.series is study.bas:
        return {}
    more = len(study.series.insatser) - len(study.bas.insatser)
    added = {
        kind: with_sum(getattr(study.series, kind) - np.pad(getattr(study.bas, kind), ((0, 0), (0, more))))
        for kind in ("running", *TOGETHER[0])
    }
    return {kind: its if kind == "running" else its[study.year].sum(axis=0) for kind, its in added.items()}


def _stands(study: Study, limits: Limits) -> Stands:
    rows, last = study.rows, study.year_months[-1]
    first = min(first_month(rows), f"{study.ar - 1}-01")
    count = int(np.datetime64(last, "M") - np.datetime64(first, "M")) + 1
    whole = counted(rows, study.chains, last, count)
    closed = _closed(limits.so_far(by_insats(study.case)), whole.starts)
    hidden = np.array([[name in its for name in whole.insatser] for its in closed], bool)
    inside, owner = study.chains.running_on(whole.starts[1:, None] - 1), _person_of_chain(study)
    at = limits.standing(_changes(inside, study.chains.code, owner), hidden)
    heads = limits.stands(*persons_moved(persons_there(rows, study.chains, whole.starts)), np.zeros(count, bool))
    few = np.array(["" in its for its in closed]) | (whole.persons > 0) & (whole.persons < limits.smallest)
    at = np.column_stack([at[:, :-1], _where_enough(at[:, -1], few)])  # what `limits` gave is kept for others
    heads = _where_enough(heads, few)
    names = np.array(whole.months)
    decisions = whole.decisions.sum(axis=1)
    persons = Persons(study)
    flows = {kind: at for kinds in TOGETHER for kind, at in _flows(persons, limits, kinds).items()}
    sexes = _sexes(persons, limits)
    return Stands(
        running=_beside(np.column_stack([whole.running, whole.running.sum(axis=1)]), at),
        running_in=names[np.maximum(at, 0)],
        persons=_beside(whole.persons[:, None], heads[:, None])[:, 0],
        persons_in=names[np.maximum(heads, 0)],
        decisions=_beside(decisions[:, None], at[:, -1:])[:, 0],
        sums={kind: short for kind, (_, short) in flows.items()},
        sums_in={kind: int(flow[-1]) for kind, (flow, _) in flows.items()},
        sexes=sexes,
        hides=_hides(persons, limits, sexes) | {RUNNING: closed[0]},
    )


def _closed(by_day: dict[date, frozenset], starts: np.ndarray) -> list[frozenset]:
    """What is hidden at each month's end, of what is known then; before the first day what is hidden on it."""
    days = np.array(list(by_day), "datetime64[D]").astype(np.int64)
    found = list(by_day.values())
    return [found[place] for place in np.maximum(np.searchsorted(days, starts[1:]) - 1, 0)]


def _where_enough(at: np.ndarray, few: np.ndarray) -> np.ndarray:
    """The month that a sum stands at, by month, if it is counted only where it may be shown; -1 is not yet."""
    months = np.arange(len(at))
    return np.maximum.accumulate(np.where((at == months) & ~few, months, NOT_YET))


def _hides(persons: Persons, limits: Limits, sexes: dict[tuple[str, str], int]) -> dict[str, frozenset]:
    """What is hidden of what is new, ended and decided, and of women and men: these by the month of each count.

    A sum that may not be shown is not counted (`_flows`).
    """
    last, found = persons.study.tom_manad, {}
    for name, kind in ((MOVED, FLOWS[0]), (DECIDED, FLOWS[-1])):
        found[name] = limits.hidden(persons.moving(last, kind))
    for name, of, regel in SEX_COUNTS:
        closed = limits.so_far(persons.by_sex(of, regel))
        found[name] = frozenset(part for part, month in sexes.items() if part in closed[month])
    return found


def _beside(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """How far what stands is from what is, (month, part); NaN where nothing stands yet."""
    return np.where(at < 0, np.nan, np.take_along_axis(values, np.maximum(at, 0), axis=0) - values)


def _person_of_chain(study: Study) -> np.ndarray:
    person, _ = pd.factorize(study.rows["person"])
    found = np.empty(len(study.chains.first), np.int64)
    found[study.chains.of_row] = person
    return found


def _changes(inside: np.ndarray, code: np.ndarray, person: np.ndarray) -> np.ndarray:
    """The chains that run at one month's end and not at the other's (`inside`): month, insats and person."""
    month, chain = np.nonzero(inside[1:] != inside[:-1])
    return np.column_stack([month + 1, code[chain], person[chain]])


def _events(study: Study, kind: str) -> np.ndarray:
    """What has happened since January, by kind: month of the year, insats and person."""
    chains, owner = study.chains, _person_of_chain(study)
    later = ~chains.begins
    if kind == FLOWS[-1]:
        days = study.rows["beslutsdatum"].dropna()
        day, code = days.to_numpy().astype("datetime64[D]").astype(np.int64), chains.row_code[days.index]
        who = owner[chains.of_row[days.index]]
    else:
        found = {
            "new": (chains.first, chains.code, owner),
            "ended": (chains.end, chains.code, owner),
            "renewed": (chains.row_first[later], chains.row_code[later], owner[chains.of_row[later]]),
        }
        day, code, who = found[kind]
    month = np.searchsorted(month_starts(study.year_months[-1], study.tom_manad), day, side="right")
    keep = (month >= 1) & (month <= study.tom_manad)
    return np.column_stack([month[keep], code[keep], who[keep]])


def _flows(persons: Persons, limits: Limits, kinds: tuple[str, ...]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Until which month the year's sums of some kinds are counted, (insats + 1,), and how much less that is than now.

    Kinds are counted together: where enough have moved in each, or nobody, since what runs tells the difference of
    what is new and what has ended. NaN where there is some of any kind, and not enough. Hidden is what a report of a
    month hides.
    """
    study, so_far, stand = persons.study, [], []
    hidden = np.any([_hidden(persons, limits, kind) for kind in kinds], axis=0)
    for kind in kinds:
        events = _events(study, kind)
        so_far.append(_so_far(events, hidden.shape))
        stand.append(limits.standing(events, hidden[:, :-1]))
    at = _together(np.array(stand), np.array(so_far), hidden)
    none = (at == 0) & np.any([its[-1] > 0 for its in so_far], axis=0)
    columns = np.arange(len(at))
    return {
        kind: (at, np.where(none, np.nan, its[at, columns] - its[-1])) for kind, its in zip(kinds, so_far, strict=True)
    }


def _hidden(persons: Persons, limits: Limits, kind: str) -> np.ndarray:
    """What is hidden of a kind in each month's report, (month, insats + 1); nothing before January."""
    months, names = range(1, persons.study.tom_manad + 1), persons.study.chains.insatser
    people = [persons.moving(month, kind) for month in months]
    found = [(limits.hidden(its), limits.few(its, "")) for its in people]
    closed = [[*(name in hidden for name in names), few] for hidden, few in found]
    return np.array([[False] * len(closed[0]), *closed])


def _so_far(events: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """How many there have been since January, (month, insats + 1)."""
    by_month = np.zeros(shape)
    np.add.at(by_month, (events[:, 0], events[:, 1]), 1)
    by_month[:, -1] = by_month[:, :-1].sum(axis=1)
    return by_month.cumsum(axis=0)


def _together(stand: np.ndarray, so_far: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The last month in which all kinds could be counted, (part,): of (kind, month, part) and what is hidden."""
    last = np.zeros(hidden.shape[1], int)
    for month in range(1, len(hidden)):
        anew = stand[:, month] == month
        same = so_far[:, month] == np.take_along_axis(so_far, stand[:, [month]], axis=1)[:, 0]  # nobody since
        last = np.where(same.all(axis=0) & anew.any(axis=0) & ~hidden[month], month, last)
    return last


def _sexes(persons: Persons, limits: Limits) -> dict[tuple[str, str], int]:
    """The month of the year in which each group's women and men are counted: until it enough have come, left or got
    other hours. All of a sex are the sum of the groups, and of those in none, who are never shown by themselves."""
    study = persons.study
    groups, sex = groups_and_sex(study)
    who, names = pd.factorize(study.rows["person"])
    code = pd.Index(GROUPS[:-1]).get_indexer(groups)  # -1, the last, is of those in no group
    state = np.zeros((study.tom_manad, len(names), len(GROUPS), 2))
    for place, month in enumerate(study.year_months):
        days, hours = in_month(study, month)
        np.add.at(state[place], (who, code), np.column_stack([days > 0, np.round(hours, 6)]))
    later, person, group = np.nonzero((state[1:] != state[:-1]).any(axis=3))
    moved, sex_of = np.column_stack([later + 1, group, person]), pd.Series(sex.to_numpy()).groupby(who).first()
    closed = limits.so_far(persons.by_sex("antal"))
    found: dict[tuple[str, str], int] = {}
    for one in SEXES:
        hidden = np.ones((study.tom_manad, len(GROUPS)), bool)
        hidden[:, :-1] = [[(name, one) in its for name in GROUPS[:-1]] for its in closed.values()]
        at = limits.standing(moved[sex_of.reindex(moved[:, 2]).eq(one).to_numpy()], hidden)[-1] + 1
        found |= {(name, one): int(at[GROUPS.index(name)]) for name in GROUPS[:-1]} | {(GROUPS[-1], one): int(at[-1])}
    return found
