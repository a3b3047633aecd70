"""From a case to how the unit's decisions stand on a day: what waits, what is late, and who there is to do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.analysis import deadlines
from planbok.analysis.chains import Chains, chains, day_numbers
from planbok.base.errors import refuse_any
from planbok.base.workspace import shown
from planbok.case.case import Case
from planbok.case.study import OfYear, day_of, decided, rows_read, trying
from planbok.inputs.scenario.load import Scenario
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.decisions import capacity
from planbok.topics.decisions.capacity import Queue
from planbok.topics.decisions.handling import StoodCases, StoodOrders, StoodWaits
from planbok.topics.decisions.officers import Officers, running_on
from planbok.topics.decisions.table_check import CHECKED, faults_in

PREFIX = "beslut_i_tid."
WAITING, INTERRUPTED, LATE = "ej_verkstallt", "avbrott", "verkstallt_for_sent"
PLAN, CONTACT, START = "plan_in", "kontaktad", "verkstalld"  # what is to be done within some days: its column
DAYS = {PLAN: "plan_dagar", CONTACT: "kontakt_dagar"}  # the rule
TABLES = ("arenden", "handlaggare", "bemanning_handlaggare", "indikatorutfall")


@dataclass(frozen=True)
class Study(OfYear):
    """The unit's decisions on a day, with what its other tables say.

    rows      the unit's decisions, without what is given without one; dates after the day have not come
    tables    the unit's rows of the tables that add to the report, where they are there
    lacks     columns of `beslut` that the unit does not have
    """

    case: Case
    day: pd.Timestamp
    rows: pd.DataFrame
    chains: Chains
    tables: dict[str, pd.DataFrame]
    lacks: frozenset[str]
    officers: Officers
    stood: StoodCases | None = None  # what others than the unit see of the cases
    waits: StoodWaits | None = None  # and of what waits
    orders: Mapping[str, StoodOrders] = field(default_factory=dict)  # and of PLAN, CONTACT and START
    fewest: int = 0  # persons that others than the unit see together
    kept: dict = field(default_factory=dict, repr=False, compare=False)  # what is the same under every scenario

    @property
    def date(self) -> date:
        return self.day.date()

    @property
    def quarter_start(self) -> pd.Timestamp:
        return self.day.to_period("Q").start_time

    @property
    def year_start(self) -> pd.Timestamp:
        return pd.Timestamp(self.ar, 1, 1)

    def insats_name(self, insats: str) -> str:
        """An insats as people write it."""
        if insats == TOTAL_ROW:
            return "Alla insatser"
        names = self.case.rule("insatser", self.date).varde
        return names[insats]["titel"] if insats in names else insats.capitalize()

    def rule(self, name: str) -> Any:
        """A rule of the topic on the day."""
        return self.case.rule(PREFIX + name, self.date).varde

    def why_not(self, *columns: str) -> str:
        """Why what needs some columns of `beslut` can't be said; "" where it can."""
        lacking = [column for column in columns if column in self.lacks]
        word = "kolumnen" if len(lacking) == 1 else "kolumnerna"
        return f"underlag saknas: {word} {' och '.join(lacking)} i tabellen beslut" if lacking else ""

    @cached_property
    def term(self) -> int:
        """Within how many months a decision is to be carried out, rule `beslut_i_tid.verkstallighet_manader`."""
        return int(self.rule("verkstallighet_manader"))

    @cached_property
    def dated(self) -> pd.DataFrame:
        """Decisions with the day on which they ceased to wait as `verkstalld`.

        That is the day they were carried out (a renewal on its `fran`), else the day an interruption began.
        """
        begun = self.rows["avbrott_fran"].where(self.rows["avbrott_fran"] <= self.day)
        done = deadlines.carried_out(self.rows, self.chains)
        return self.rows.assign(verkstalld=done.where(done.notna(), begun))

    def open_on(self, day: pd.Timestamp) -> pd.Series:
        """How each decision waits on a day: not carried out, interrupted, or "" for not at all."""
        waits = deadlines.not_carried_out(self.dated, day, self.term) & self.chains.begins
        stopped = deadlines.interrupted(self.rows, day, self.term)
        why = pd.Series("", self.rows.index, dtype=object)
        if not self.why_not("beslutsdatum", "verkstalld"):
            why = why.mask(waits, WAITING)
        return why if self.why_not("avbrott_fran") else why.mask(stopped, INTERRUPTED)

    @cached_property
    def open(self) -> pd.Series:
        """How each decision waits on the day; see `open_on`."""
        return self.open_on(self.day)

    @cached_property
    def late(self) -> pd.Series:
        """Decisions carried out in the quarter to the day, after their months were over."""
        return self.late_between(self.quarter_start, self.day)

    def late_between(self, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
        """Decisions carried out between two days, both inside, after their months were over."""
        return deadlines.carried_out_late(self.dated, first, last, self.term) & self.chains.begins

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """What waited, was interrupted and was carried out too late, at the end of each of the last quarters.

        Returns
        -------
        DataFrame by quarter, ÅÅÅÅ-KN, the last one to the day; NaN in what can't be said.
        """
        if self.waits:
            return self.waits.quarters
        last = self.day.to_period("Q")
        periods = pd.period_range(end=last, periods=int(self.rule("kvartal_antal")), freq="Q")
        ends = periods.end_time.normalize().where(periods < last, self.day)
        states = [self.open_on(day) for day in ends]
        found = {kind: [(its == kind).sum() for its in states] for kind in (WAITING, INTERRUPTED)}
        spans = zip(periods.start_time, ends, strict=True)
        found[LATE] = [self.late_between(first, last).sum() for first, last in spans]
        needs = {WAITING: ("beslutsdatum", "verkstalld"), INTERRUPTED: ("avbrott_fran",)}
        needs[LATE] = needs[WAITING]
        known = {name: np.nan if self.why_not(*needs[name]) else counts for name, counts in found.items()}
        return pd.DataFrame(known, index=[f"{period.year}-K{period.quarter}" for period in periods], dtype=float)

    @cached_property
    def since(self) -> pd.Series:
        """From when each decision that is open waits."""
        return self.rows["beslutsdatum"].where(self.open != INTERRUPTED, self.rows["avbrott_fran"])

    @cached_property
    def limits(self) -> list[int]:
        """The limits between the classes of waiting time, months."""
        return sorted(int(number) for number in self.rule("vantan_klasser_manader").values())

    @cached_property
    def waiting_class(self) -> pd.Series:
        """How many of the limits each open decision has waited past."""
        return deadlines.waiting_class(self.since, self.day, self.limits)

    @cached_property
    def follow_up(self) -> pd.DataFrame:
        """Running decisions that are followed up, with the last day of each, `senast`.

        One followed up after the day is left out: when it was done before is not in the table.
        """
        known = running_on(self.rows, self.day) & ~(self.rows["foljd_upp"] > self.day)
        rows = self.rows[known]
        return rows.assign(senast=deadlines.follow_up_due(rows, self.often[known]))

    @cached_property
    def often(self) -> pd.Series:
        """Within how many months each decision is followed up."""
        often = self.rule("uppfoljning_manader")
        return self.rows["insats"].map(often).fillna(often["alla"]).astype(int)

    @property
    def stands(self) -> bool:
        """Whether it is what others than the unit see: single decisions are then not counted in words either."""
        return self.officers.stood is not None

    @property
    def tomorrow(self) -> pd.Timestamp:
        return self.day + pd.Timedelta(days=1)

    def due_month(self, due: pd.Series) -> pd.Series:
        """The month ahead in which a last day lies; one that is today counts with tomorrow's month."""
        return due.where(due > self.day, self.tomorrow).dt.strftime("%Y-%m")

    @cached_property
    def followed_later(self) -> int:
        """Running decisions that were followed up after the day."""
        return int((self.rows["foljd_upp"] > self.day).sum())

    @cached_property
    def expires(self) -> pd.Series:
        """In which month from the day each decision expires without a successor, 0 for none."""
        return deadlines.ends_by(self.rows, self.chains, self.day, int(self.rule("utgar_manader")))

    def within(self, what: str) -> pd.DataFrame:
        """What of the year was to have its PLAN, CONTACT or START, and how it came: i_tid, sen, utan."""
        stood = self.orders.get(what)
        day = self.day if stood is None or stood.day is None else stood.day
        states = self.within_on(what, pd.DatetimeIndex([day]))[0]
        return pd.DataFrame({name: states == number for number, name in deadlines.STATES.items()}, self.rows.index)

    def within_on(self, what: str, days: pd.DatetimeIndex) -> np.ndarray:
        """(day, decision) the same as numbers of `deadlines.STATES`, as it was on each of some days."""
        day = day_numbers(pd.Series(days))[:, None]
        start = self.rows["beslutsdatum" if what == START else "bestalld"]
        since = day_numbers(start.where((start >= self.year_start) & (self.chains.begins | (what != START))))
        if what != START:
            return deadlines.stands_on(since, day_numbers(self.rows[what]), since + int(self.rule(DAYS[what])), day)
        last = deadlines.months_later(since, self.term)
        found = deadlines.stands_on(since, day_numbers(self.dated["verkstalld"]), last, day)
        ended = day_numbers(self.rows["till"]) < day
        return np.where(ended & (found == 3), 0, found)

    @cached_property
    def queue(self) -> Queue | None:
        """The open investigations ahead under the case's scenario; None without cases or officers."""
        return capacity.queue(self, self.case.scenario)

    @cached_property
    def queue_bas(self) -> Queue | None:
        """The open investigations ahead without any change."""
        return capacity.queue(self, self.case.jamfor_med)


def study(case: Case) -> Study:
    """How the unit's decisions stand on the report's day.

    Raises
    ------
    InputError
        If the unit has no decisions, the day is not of the year, or a change takes more than there is.
    """
    _refuse_impossible(case)
    rows, day = decided(case), pd.Timestamp(day_of(case))
    gap = case.rule("insatser.lucka_dagar", day.date()).varde
    optional = ("beslutsdatum", "verkstalld", "avbrott_fran", "bestalld", "plan_in", "kontaktad", "foljd_upp")
    lacks = frozenset(column for column in (*optional, "handlaggare") if not case.has_column("beslut", column))
    tables = {name: case.unit_rows(name) for name in TABLES if case.has_rows(name)}
    done = Study(case, day, rows, chains(rows, gap), tables, lacks, Officers.of(tables, rows, day))
    _refuse_unmoved(done)
    return done


def tried(done: Study, scenario: Scenario) -> Study:
    """The study under any changes; what it reads is not noted in the case's journal.

    Raises
    ------
    InputError
        If a change takes more officers or cases than there are.
    """
    return replace(done, case=trying(done.case, scenario))


def _refuse_impossible(case: Case) -> None:
    """Rows of the unit that can't be right are refused, all at once."""
    read = {name: rows_read(case, name) for name in CHECKED if case.has_rows(name)}
    rows = {name: its for name, (its, _) in read.items() if its is not None}
    files = {name: shown(case.sources.collection.path(name)) for name in rows}
    unread = [fault for _, faults in read.values() for fault in faults]
    refuse_any([*unread, *faults_in(rows, files, date.today())])


def _refuse_unmoved(done: Study) -> None:
    """A change of officers or cases that begins when the queue is no longer followed moves nothing here."""
    found = done.queue
    last = f"{found.months[-1]}-31" if found else ""
    late = [
        numbered.fault(
            f"förändringen börjar {numbered.change.fran}, efter det som rapporten räknar på.", "moves_nothing"
        )
        for numbered in done.case.scenario
        if capacity.reaches(numbered.change, done.case.enhet) and last and str(numbered.change.fran) > last
    ]
    refuse_any(late)
