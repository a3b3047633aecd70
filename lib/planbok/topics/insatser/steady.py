"""What others than the unit itself see of its counts: each stands until enough persons have moved since it was made.

What runs is followed from the month in which the first decision ended, and what is new, ended, renewed and decided from
January: so two reports tell the same of a month that both know. A scenario's own persons are added as they are.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planbok.analysis.chains import first_month, month_starts, persons_moved, persons_there
from planbok.case.result import Limits
from planbok.lss.insats_groups import by_insats
from planbok.topics.insatser.equality import GROUPS, SEXES, groups_and_sex, in_month
from planbok.topics.insatser.people import Persons
from planbok.topics.insatser.series import FLOWS, Counts, counted
from planbok.topics.insatser.study import Study

DECIDED = FLOWS[-1]


@dataclass(frozen=True)
class Stands:
    """Where a unit's counts stand, and how far that is from what they are: the same under every scenario.

    The last column of insatser is their sum.

    running   (month, insats + 1) what to add to what runs, and the month that it was counted in
    persons, decisions   (month,) what to add to persons, and to decisions that run
    sums      (insats + 1,) for each kind what to add to what there has been since January; NaN where it is not shown
    sums_in   the month of the year that each kind's sum was counted in
    sexes     the month of the year that each group and sex is counted in
    """

    running: np.ndarray
    running_in: np.ndarray
    persons: np.ndarray
    persons_in: np.ndarray
    decisions: np.ndarray
    sums: dict[str, np.ndarray]
    sums_in: dict[str, int]
    sexes: dict[tuple[str, str], int]


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
        ago=true.ago + wide(stands.running[-there - 1] if len(stands.running) > there else stands.running[0] * 0),
        running_in=every[-there:],
        persons_in=stands.persons_in[-there:],
        sums_in=stands.sums_in,
    )
    series = replace(study.series, running=counts.running[:, :-1])
    bas = replace(study.bas, running=study.bas.running + stands.running[-there:, :-1])
    stood = replace(study, series=series, bas=bas, stood=counts, sexes=stands.sexes, exact=study.series)
    same = ("prices", "drivers")  # of the same decisions
    vars(stood).update({name: vars(study)[name] for name in same if name in vars(study)})
    return stood


def _stands(study: Study, limits: Limits) -> Stands:
    rows, last = study.rows, study.year_months[-1]
    months = int(np.datetime64(last, "M") - np.datetime64(first_month(rows), "M")) + 1
    count = max(months, len(study.bas.months))
    whole = counted(rows, study.chains, last, count)
    closed = limits.hidden(by_insats(study.case))
    hidden = np.repeat([[name in closed for name in whole.insatser]], count, axis=0).astype(bool)
    inside, owner = _inside(study, whole.starts), _person_of_chain(study)
    at = limits.standing(_changes(inside, study.chains.code, owner), hidden)
    heads = limits.standing(persons_moved(persons_there(rows, study.chains, whole.starts)), np.zeros((count, 1), bool))[
        :, 0
    ]
    names = np.array(whole.months)
    decisions = whole.decisions.sum(axis=1)
    persons = Persons(study)
    flows = {kind: _flow(persons, limits, kind) for kind in FLOWS}
    return Stands(
        running=_beside(np.column_stack([whole.running, whole.running.sum(axis=1)]), at),
        running_in=names[at],
        persons=_beside(whole.persons[:, None], heads[:, None])[:, 0],
        persons_in=names[heads],
        decisions=_beside(decisions[:, None], at[:, -1:])[:, 0],
        sums={kind: _short(study, kind, flow[-1]) for kind, flow in flows.items()},
        sums_in={kind: int(flow[-1, -1]) for kind, flow in flows.items()},
        sexes=_sexes(persons, limits),
    )


def _beside(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """How far what stands is from what is, (month, part)."""
    return np.take_along_axis(values, at, axis=0) - values


def _person_of_chain(study: Study) -> np.ndarray:
    person, _ = pd.factorize(study.rows["person"])
    found = np.empty(len(study.chains.first), np.int64)
    found[study.chains.of_row] = person
    return found


def _inside(study: Study, starts: np.ndarray) -> np.ndarray:
    """(month, chain) whether each runs on the month's last day."""
    days = starts[1:, None] - 1
    return (study.chains.first <= days) & (study.chains.end > days)


def _changes(inside: np.ndarray, code: np.ndarray, person: np.ndarray) -> np.ndarray:
    """The chains that run at one month's end and not at the other's: month, insats and person."""
    month, chain = np.nonzero(inside[1:] != inside[:-1])
    return np.column_stack([month + 1, code[chain], person[chain]])


def _events(study: Study, kind: str) -> np.ndarray:
    """What has happened since January, by kind: month of the year, insats and person."""
    chains, owner = study.chains, _person_of_chain(study)
    later = ~chains.begins
    if kind == DECIDED:
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


def _flow(persons: Persons, limits: Limits, kind: str) -> np.ndarray:
    """Where the year's sums so far of a kind stand, by month; hidden is what a report of that month hides."""
    study = persons.study
    hidden = np.zeros((study.tom_manad + 1, len(study.chains.insatser)), bool)
    for month in range(1, study.tom_manad + 1):
        closed = limits.hidden(persons.moving(month, kind))
        hidden[month] = [insats in closed for insats in study.chains.insatser]
    return limits.standing(_events(study, kind), hidden)


def _short(study: Study, kind: str, at: np.ndarray) -> np.ndarray:
    """How much less there had been when each sum was counted, (insats + 1,); NaN where there is some and not enough."""
    events, parts = _events(study, kind), len(at) - 1
    by_month = np.zeros((study.tom_manad + 1, parts + 1))
    np.add.at(by_month, (events[:, 0], events[:, 1]), 1)
    by_month[:, -1] = by_month[:, :-1].sum(axis=1)
    so_far = by_month.cumsum(axis=0)
    then = so_far[at, np.arange(parts + 1)]
    return np.where((at == 0) & (so_far[-1] > 0), np.nan, then - so_far[-1])


def _sexes(persons: Persons, limits: Limits) -> dict[tuple[str, str], int]:
    """The month of the year in which each group's women and men are counted: until it enough have come, left or got
    other hours. All of a sex are the sum of the groups, and of those in none, who are never shown by themselves."""
    study = persons.study
    groups, sex = groups_and_sex(study)
    code, who = pd.Index(GROUPS[:-1]).get_indexer(groups), pd.factorize(study.rows["person"])[0]
    code, others = np.where(code < 0, len(GROUPS) - 1, code), len(GROUPS) - 1
    state = np.zeros((study.tom_manad, who.max(initial=-1) + 1, len(GROUPS), 2))
    for place, month in enumerate(study.year_months):
        days, hours = in_month(study, month)
        np.add.at(state[place], (who, code), np.column_stack([days > 0, np.round(hours, 6)]))
    later, person, group = np.nonzero((state[1:] != state[:-1]).any(axis=3))
    moved, sex_of = np.column_stack([later + 1, group, person]), pd.Series(sex.to_numpy()).groupby(who).first()
    people = persons.by_sex("antal")
    found: dict[tuple[str, str], int] = {}
    for one in SEXES:
        hidden = np.ones((study.tom_manad, len(GROUPS)), bool)
        for place in range(study.tom_manad):
            closed = limits.hidden(replace(people, antal=people.antal.iloc[: place + 1]))
            hidden[place, :others] = [(name, one) in closed for name in GROUPS[:-1]]
        at = limits.standing(moved[sex_of.reindex(moved[:, 2]).eq(one).to_numpy()], hidden)[-1] + 1
        found |= {(name, one): int(at[GROUPS.index(name)]) for name in GROUPS[:-1]} | {(GROUPS[-1], one): int(at[-1])}
    return found
