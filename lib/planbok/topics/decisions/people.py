"""Whom the figures on decisions in time tell of: persons who wait, are followed up or have a plan, and the officers."""

from dataclasses import replace
from functools import cached_property

import pandas as pd

from planbok.analysis.deadlines import waiting_class
from planbok.case.result import People
from planbok.disclosure.policy import MEASURED
from planbok.disclosure.protect import SMALL
from planbok.topics.decisions.handling import ALL, handled, summed
from planbok.topics.decisions.spot import indicator
from planbok.topics.decisions.study import CONTACT as CONTACTED
from planbok.topics.decisions.study import INTERRUPTED, PLAN, WAITING, Study
from planbok.topics.decisions.study import START as STARTED

QUARTER = "kvartal: {}"
CLASS, LATE, DUE, EXPIRES, CONTACT, START = "klasser", "sena", "uppföljningar", "utgår", "kontakt", "start"
OVERDUE, AHEAD = "försenade uppföljningar", "uppföljningar framåt"
ORDERED, IN_TIME, TOO_LATE, WITHOUT = "beställda", "planer i tid", "sena planer", "utan plan"
DONE, DONE_MANY, DONE_IN_TIME, DONE_LATE, OPEN = "klara", "klara, många", "klara i tid", "klara sent", "öppna"
OFFICERS, SINGLE, RUNNING, CAME = "handläggare", "en enda persons", "personer med beslut", "nya ärenden"
QUEUED = ((OPEN, ""), (CAME, ""), (DUE, ""))  # whom the queue is made of, and those who are followed up meanwhile
INDICATORS = {
    "individuell_plan": "Erbjudna individuell plan",
    "dur": "Utredningar enligt DUR",
    "stickprov": "Stickprov utan anmärkning",
}
PLANS = (ORDERED, IN_TIME, TOO_LATE, WITHOUT)
NO_PROVIDER = "ingen utförare angiven"
NOW, SEPARATOR = "nu", "|"
NOT_COUNTED = 1.0  # persons behind a figure of which so few have moved that it is not counted yet, whatever it is


def persons(rows: pd.DataFrame, *by: str) -> pd.Series:
    """Persons of some decisions in each part; who has two insatser is one person of each."""
    return rows.drop_duplicates(["person", "insats", *by]).groupby(list(by)).size()


class Persons:
    """A study's real persons, as the result declares them."""

    def __init__(self, study: Study):
        self.study = study

    @cached_property
    def open(self) -> pd.DataFrame:
        """The decisions that wait or are interrupted: `slag`, `del` (lagrum and insats), `klass`."""
        study, found = self.study, []
        for kind, since in ((WAITING, "beslutsdatum"), (INTERRUPTED, "avbrott_fran")):
            day = study.waits.days.get(kind, study.day) if study.waits else study.day
            rows = study.rows[study.open_on(day) == kind]
            found.append(rows.assign(slag=kind, klass=waiting_class(rows[since], day, study.limits)))
        rows = pd.concat(found)
        return rows.assign(**{"del": rows["lagrum"].astype(object) + SEPARATOR + rows["insats"].astype(object)})

    def people(self) -> dict[str, People]:
        """The people of the result, by name."""
        study = self.study
        found = {kind: self._waiting(kind) for kind in (WAITING, INTERRUPTED)}
        classes = pd.crosstab(self.open["slag"], self.open["klass"])
        found[CLASS] = People(classes if len(classes) else pd.DataFrame([{0: 0}]), parted=True)
        found[SINGLE] = People.one(1.0)  # what has waited longest, and what moves with each who comes
        found[LATE] = People.one(float(len(study.rows[study.late].drop_duplicates(["person", "insats"]))))
        expires = study.rows.assign(manad=study.expires)
        found[OVERDUE] = People.one(float(self.follow_ups.get(NOW, 0)))
        found[EXPIRES] = self._by(expires[expires["manad"] > 0], "manad")
        found[AHEAD] = People(self.ahead.to_frame(""), parted=True)  # each month by itself
        found |= self._plans() | self._done()
        for name, what in ((CONTACT, CONTACTED), (START, STARTED)):
            found[name] = People.one(NOT_COUNTED) if self._not_counted(what) else _of(study.within(what).sum())
        for kind, counts in study.quarters.items():
            waits = counts.fillna(0.0)
            waits = waits.mask(study.waits.few[kind], waits.clip(upper=NOT_COUNTED)) if study.waits else waits
            found[QUARTER.format(kind)] = People(waits.to_frame(""), parted=True)
        for name in INDICATORS:
            counted = indicator(study, name)[1]
            found[name] = People(pd.DataFrame([dict(zip((True, False), counted or (0.0, 0.0), strict=True))]))
        months = study.officers.months["personer"].astype(float)
        found[RUNNING] = People(pd.DataFrame({"": [*months, float(study.officers.persons)]}))
        return found | self.queued()

    def queued(self) -> dict[str, People]:
        """Whom the queue is made of, who are followed up meanwhile, and the officers."""
        officers, now = self.study.officers, self.study.queue_bas
        heads = [*officers.months["i_tjanst"].astype(float), officers.heads, float(len(officers.working))]
        return {
            OPEN: self._by_insats(~self.cases["klar"], OPEN),
            CAME: People.one(12 * float(now.new[0]) if now else 0.0),
            DUE: _of(self.follow_ups),
            OFFICERS: People(pd.DataFrame({"": heads}).fillna(0.0)),
        }

    def _waiting(self, kind: str) -> People:
        rows, waits = self.open[self.open["slag"] == kind], self.study.waits
        return People.one(NOT_COUNTED) if waits and kind not in waits.days and len(rows) else self._by(rows, "del")

    def _not_counted(self, what: str) -> bool:
        """Whether so few have moved of what is to be done within some days that it is not counted yet."""
        stood = self.study.orders.get(what)
        return stood is not None and stood.day is None and bool(self.study.within(what).to_numpy().any())

    def _by(self, rows: pd.DataFrame, column: str) -> People:
        return _of(persons(rows, column))

    @cached_property
    def due_month(self) -> pd.Series:
        """The month of the last day of each decision to be followed up; `nu` where that is past."""
        study, last = self.study, self.study.follow_up["senast"]
        return study.due_month(last).where(last >= study.day, NOW)

    @cached_property
    def follow_ups(self) -> pd.Series:
        """Persons to be followed up, by the month of the last day; `nu` is who is overdue."""
        return persons(self.study.follow_up.assign(manad=self.due_month), "manad")

    @cached_property
    def ahead(self) -> pd.Series:
        """Persons to be followed up: those overdue (`nu`), and by each of the months ahead."""
        study, months = self.study, int(self.study.rule("uppfoljning_framat_manader"))
        names = [NOW, *map(str, pd.period_range(study.tomorrow, periods=months, freq="M"))]
        return self.follow_ups.reindex(names, fill_value=0).astype(float)

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The year's orders whose plan has come or should have: `utforare`, and which of i_tid, sen, utan it is."""
        study = self.study
        found, stood = study.within(PLAN), study.orders.get(PLAN)
        here = found.any(axis=1)
        provider = study.rows.loc[here, "utforare"].replace("", NO_PROVIDER)
        provider = provider.mask(provider.isin(stood.pooled), SMALL) if stood else provider
        return study.rows.loc[here, ["person", "insats"]].assign(utforare=provider, **found[here])

    def _plans(self) -> dict[str, People]:
        if self._not_counted(PLAN):
            return dict.fromkeys(PLANS, People.one(NOT_COUNTED))
        kinds = {ORDERED: None, IN_TIME: "i_tid", TOO_LATE: "sen", WITHOUT: "utan"}
        return {
            name: self._by(self.plans if kind is None else self.plans[self.plans[kind]], "utforare")
            for name, kind in kinds.items()
        }

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The year's decided cases and the open ones; none without the table."""
        study = self.study
        if "arenden" not in study.tables:
            return pd.DataFrame({"insats": [], "klar": [], "dagar": [], "i_tid": []}).astype(
                {"klar": bool, "i_tid": bool}
            )
        if study.stood:
            return study.stood.rows
        limits = study.rule("handlaggning_dagar")
        assert ALL in limits, "the rule has a limit for all"
        return handled(study.tables["arenden"], study.year_start, study.day, limits)

    @property
    def together(self) -> pd.DataFrame:
        """The cases of all insatser together: for others than the unit as of the months in which their sum stands."""
        return self.study.stood.together if self.study.stood else self.cases

    @property
    def timely(self) -> pd.DataFrame:
        """The decided cases whose share in time is shown of all: as of the months in which that share stands."""
        cases = self.study.stood.timely if self.study.stood else self.cases
        return cases[cases["klar"]]

    def whole(self, step: int) -> dict[str, float]:
        """What `summed` says of all insatser together."""
        return summed(self.together, step) | {"i_tid": summed(self.timely)["i_tid"]}

    def _done(self) -> dict[str, People]:
        done, in_time = self.cases["klar"], self.cases["i_tid"]
        parts = {DONE: done, DONE_IN_TIME: done & in_time, DONE_LATE: done & ~in_time}
        found = {name: self._by_insats(which, name) for name, which in parts.items()}
        return found | {DONE_MANY: People(found[DONE].antal, MEASURED)}

    def _by_insats(self, which: pd.Series, name: str) -> People:
        stood = self.study.stood
        counts = _of(self.cases.loc[which].groupby("insats").size())
        return replace(counts, hides=stood.hides[name]) if stood else counts


def _of(counts: pd.Series) -> People:
    """People with a part for each count; nobody where there is none."""
    return People(pd.DataFrame([counts.to_dict() or {"": 0}], dtype=float))
