"""The outcomes of indicators that decisions and cases give, for the report on goals."""

from dataclasses import replace
from functools import partial

from planbok.base.periods import month_end
from planbok.case.case import Case, Journal
from planbok.case.result import Limits
from planbok.case.topic import Outcome
from planbok.inputs.scenario.load import BAS
from planbok.topics.decisions import counted
from planbok.topics.decisions.people import Persons
from planbok.topics.decisions.steady import steady
from planbok.topics.decisions.study import PLAN, WAITING, Study, study
from planbok.topics.decisions.view import key_figures

TOO_FEW = 1.0  # persons of what the report on decisions itself withholds


def outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """A figure of the report on decisions in time on a month's last day; None where what it needs is not there.

    It tells of the fewest of those in it and those who are not, where any is.
    """
    day = month_end(ar, tom_manad)
    given = {**case.parametrar, "per_datum": str(day)}
    done = study(replace(case, ar=ar, parametrar=given, scenario=BAS, jamfor_med=BAS, journal=Journal()))
    found = _outcome(done, indicator)
    return found and replace(found, steady=partial(_stood, done, indicator, replace(found, antal=TOO_FEW)))


_FIGURES = {
    "antal_ej_verkstallda_beslut": "ej_verkstallda_antal",
    "antal_forsenade_uppfoljningar": "uppfoljningar_forfallna_antal",
    "andel_genomforandeplaner_i_tid": "planer_i_tid_procent",
    "andel_arenden_beslutade_i_tid": "arenden_i_tid_procent",
}


def _outcome(done: Study, indicator: str, limits: Limits | None = None) -> Outcome | None:
    who = Persons(done)
    found = key_figures(done, who)[_FIGURES[indicator]]
    if found.varde is None:
        return None
    people = who.people() if limits else {}
    few = limits is not None and any(limits.few(people[name], part) for name, part in found.tells)
    known, fewest = _counted(done, indicator), TOO_FEW if few else _fewest(done, who, indicator)
    return Outcome(found.varde, f"besluten, {done.date}", fewest, counted=known)


def _stood(done: Study, indicator: str, withheld: Outcome, limits: Limits) -> Outcome:
    return _outcome(steady(done, limits), indicator, limits) or withheld


def _counted(done: Study, indicator: str) -> str:
    if indicator == "antal_ej_verkstallda_beslut":
        return counted.waiting(done, WAITING)
    if indicator == "andel_genomforandeplaner_i_tid":
        return counted.ordered(done, PLAN)
    return counted.decided(done) if indicator == "andel_arenden_beslutade_i_tid" else ""


def _fewest(done: Study, who: Persons, indicator: str) -> float | None:
    if indicator == "antal_ej_verkstallda_beslut":
        parts = [(who.open["slag"] == WAITING).sum()]
    elif indicator == "antal_forsenade_uppfoljningar":
        parts = [(done.follow_up["senast"] < done.day).sum()]
    elif indicator == "andel_genomforandeplaner_i_tid":
        in_time = who.plans["i_tid"]
        parts = [in_time.sum(), (~in_time).sum()]
    else:
        decided = who.cases[who.cases["klar"]]["i_tid"]
        parts = [decided.sum(), (~decided).sum()]
    return min((float(number) for number in parts if number), default=None)
