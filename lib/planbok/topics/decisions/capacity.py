"""The queue of investigations month by month: what waits, what comes, what the officers have time for."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planbok.analysis.deadlines import months_after
from planbok.base.errors import InputError
from planbok.base.numbers import format_number
from planbok.base.periods import month_shares
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.decisions.officers import running_on

if TYPE_CHECKING:
    from planbok.topics.decisions.study import Study

MINUTES = 60  # of an hour
TYPES = ("handlaggare", "arenden")


def backlog(waiting: float, new: np.ndarray, done: np.ndarray) -> np.ndarray:
    """What waits at the end of each month.

        waiting(m) = max(0, waiting(m - 1) + new(m) - done(m))

    >>> backlog(60, np.full(7, 20.0), np.full(7, 30.0)).tolist()
    [50.0, 40.0, 30.0, 20.0, 10.0, 0.0, 0.0]
    >>> backlog(60, np.full(4, 20.0), np.full(4, 40.0)).tolist()
    [40.0, 20.0, 0.0, 0.0]
    """
    found = np.empty(len(new))
    for place, (come, able) in enumerate(zip(new, done, strict=True)):
        waiting = found[place] = max(0.0, waiting + come - able)
    return found


def gone_after(queue: np.ndarray) -> int | None:
    """In which month the queue is gone, the first is 1; None where it is not gone in the months.

    >>> gone_after(np.array([20.0, 0.0, 0.0])), gone_after(np.array([5.0, 5.0]))
    (2, None)
    """
    found = np.flatnonzero(queue <= 0)
    return int(found[0]) + 1 if len(found) else None


@dataclass(frozen=True)
class Queue:
    """The months after the day, arrays by month.

    waiting   open investigations on the day
    new       cases that come; posts: officers in service, as full-time posts
    follow    decisions to be followed up in the month, spread evenly
    minutes   of an investigation; follow_minutes: of a follow-up; hours: a month of a full-time post
    """

    months: list[str]
    waiting: float
    new: np.ndarray
    posts: np.ndarray
    follow: np.ndarray
    minutes: float
    follow_minutes: float
    hours: float

    @property
    def able(self) -> np.ndarray:
        """Investigations that there is time for when the month's follow-ups are done."""
        left = self.posts * self.hours * MINUTES - self.follow * self.follow_minutes
        return np.maximum(0.0, left) / self.minutes

    @property
    def left(self) -> np.ndarray:
        """Open investigations at the end of each month."""
        return backlog(self.waiting, self.new, self.able)

    @property
    def gone(self) -> int | None:
        """The month, the first is 1, in which the queue is gone; None while it is not."""
        return gone_after(self.left)

    def with_posts(self, more: float) -> "Queue":
        """The same with some full-time posts more in every month."""
        return replace(self, posts=self.posts + more)

    @property
    def wait_days(self) -> np.ndarray:
        """How long the queue is at each month's end, in days at the month's pace; infinite where none is done.

        >>> none = np.zeros(2)
        >>> [Queue(["2024-01", "2024-02"], n, none, none, none, 60, 60, 100).wait_days.tolist() for n in (0, 1)]
        [[0.0, 0.0], [inf, inf]]
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            months = np.where(self.left > 0, self.left / self.able, 0.0)
        lengths = pd.PeriodIndex(self.months, freq="M").days_in_month.to_numpy()
        return months * lengths


def reaches(change: Change, enhet: str) -> bool:
    """Whether a change moves the queue of a unit: officers, or cases of an insats."""
    own = change.enhet in (None, "", enhet)
    return own and change.kind in TYPES


def queue(study: "Study", scenario: Scenario) -> Queue | None:
    """The queue under a scenario; None where there are no cases, or no officers to count.

    Raises
    ------
    InputError
        If a change takes more officers or cases than there are.
    """
    posts = study.officers.posts
    if "arenden" not in study.tables or np.isnan(posts):
        return None
    count = int(study.rule("kapacitet_manader"))
    months = [str(month) for month in pd.period_range(study.tomorrow, periods=count, freq="M")]
    asked, value = study.tables["arenden"], lambda name: _rule(study, scenario, name)
    stood, is_open = study.stood, (asked["ansokan"] <= study.day) & ~(asked["beslutsdatum"] <= study.day)
    bas = Queue(
        months=months,
        waiting=float((~stood.together["klar"] if stood else is_open).sum()),
        new=np.full(count, _came(asked["ansokan"], stood.came if stood else study.day)),
        posts=np.full(count, posts),
        follow=_follow(study, months),
        minutes=value("minuter.utredning"),
        follow_minutes=value("minuter.uppfoljning"),
        hours=value("timmar_per_handlaggare"),
    )
    return moved(bas, scenario, study.case.enhet)


def _rule(study: "Study", scenario: Scenario, name: str) -> float:
    return float(study.case.rule(f"beslut_i_tid.{name}", study.date, scenario).varde)


def _came(asked: pd.Series, day: pd.Timestamp) -> float:
    """Cases a month: the mean of the twelve months to the day."""
    return float(asked.between(months_after(pd.Series([day]), -12)[0] + pd.Timedelta(days=1), day).sum()) / 12


def _follow(study: "Study", months: list[str]) -> np.ndarray:
    """Follow-ups a month: those that run, each once in its rule's months, spread evenly.

    Month by month they would tell of the few who are to be followed up in one of them. Others than the unit see those
    that ran when its persons were counted.
    """
    if study.why_not("foljd_upp"):
        return np.zeros(len(months))
    stood, index = study.officers.stood, study.follow_up.index
    if stood:
        index = study.rows.index[running_on(study.rows, pd.Period(stood.manad).end_time.normalize())]
    return np.full(len(months), float((1 / study.often[index]).sum()))


def moved(found: Queue, scenario: Scenario, enhet: str) -> Queue:
    """The queue with a scenario's officers and cases, each by the share of the month's days from its `fran`.

    Raises
    ------
    InputError
        If a change takes more officers or cases than there are.
    """
    for numbered in scenario:
        change = numbered.change
        if not reaches(change, enhet):
            continue
        name = "posts" if change.typ == "handlaggare" else "new"
        share = month_shares(found.months, change.fran, change.till)
        after = getattr(found, name) + change.antal * share
        if after.min() < 0:
            _refuse(numbered, float(getattr(found, name).min()))
        found = replace(found, **{name: after})
    return found


def _refuse(numbered: NumberedChange, there: float) -> None:
    change = numbered.change
    what = "handläggare i tjänst" if change.typ == "handlaggare" else "nya ärenden i månaden"
    text = (
        f"förändringen tar bort {format_number(-change.antal)}, men det är {format_number(there)} {what}. Ändra antal."
    )
    raise InputError([numbered.fault(text, "too_few")])
