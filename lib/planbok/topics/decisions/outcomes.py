"""The outcomes of indicators that decisions and cases give, for the report on goals."""

from dataclasses import replace

from planbok.base.periods import month_end
from planbok.case.case import Case, Journal
from planbok.case.topic import Outcome
from planbok.inputs.scenario.load import BAS
from planbok.topics.decisions.people import Persons
from planbok.topics.decisions.study import WAITING, Study, study
from planbok.topics.decisions.view import key_figures


def outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """A figure of the report on decisions in time on a month's last day; None where what it needs is not there.

    It tells of the fewest of those in it and those who are not, where any is.
    """
    day = month_end(ar, tom_manad)
    given = {**case.parametrar, "per_datum": str(day)}
    done = study(replace(case, ar=ar, parametrar=given, scenario=BAS, jamfor_med=BAS, journal=Journal()))
    who = Persons(done)
    found = key_figures(done, who)[_FIGURES[indicator]]
    if found.varde is None:
        return None
    return Outcome(found.varde, f"besluten, {day}", _fewest(done, who, indicator))


_FIGURES = {
    "antal_ej_verkstallda_beslut": "ej_verkstallda_antal",
    "antal_forsenade_uppfoljningar": "uppfoljningar_forfallna_antal",
    "andel_genomforandeplaner_i_tid": "planer_i_tid_procent",
    "andel_arenden_beslutade_i_tid": "arenden_i_tid_procent",
}


def _fewest(done: Study, who: Persons, indicator: str) -> float | None:
    if indicator == "antal_ej_verkstallda_beslut":
        parts = [(done.open == WAITING).sum()]
    elif indicator == "antal_forsenade_uppfoljningar":
        parts = [(done.follow_up["senast"] < done.day).sum()]
    elif indicator == "andel_genomforandeplaner_i_tid":
        in_time = who.plans["i_tid"]
        parts = [in_time.sum(), (~in_time).sum()]
    else:
        decided = who.cases[who.cases["klar"]]["i_tid"]
        parts = [decided.sum(), (~decided).sum()]
    return min((float(number) for number in parts if number), default=None)
