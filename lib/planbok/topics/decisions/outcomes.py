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


_FIGURES = {
    "antal_ej_verkstallda_beslut": "ej_verkstallda_antal",
    "antal_forsenade_uppfoljningar": "uppfoljningar_forfallna_antal",
    "andel_genomforandeplaner_i_tid": "planer_i_tid_procent",
    "andel_arenden_beslutade_i_tid": "arenden_i_tid_procent",
}


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Figures of the report on decisions in time on a month's last day; not those whose columns or tables are missing.

    Each tells of the fewest of those in it and those who are not, where any is.
    """
    given = {**case.parametrar, "per_datum": str(month_end(ar, tom_manad))}
    done = study(replace(case, ar=ar, parametrar=given, scenario=BAS, jamfor_med=BAS, journal=Journal()))
    kept: dict[int, dict[str, Outcome]] = {}

    def stood(limits: Limits, indicator: str, exact: Outcome) -> Outcome:
        if limits.smallest not in kept:
            kept[limits.smallest] = _found(steady(done, limits), limits)
        return kept[limits.smallest].get(indicator) or replace(exact, antal=TOO_FEW)

    return {name: replace(one, steady=partial(stood, indicator=name, exact=one)) for name, one in _found(done).items()}


def _found(done: Study, limits: Limits | None = None) -> dict[str, Outcome]:
    """By indicator; `limits` say what the report itself withholds."""
    who, found = Persons(done), {}
    figures, people = key_figures(done, who), who.people() if limits else {}
    for indicator, key in _FIGURES.items():
        figure = figures[key]
        if figure.varde is not None:
            few = limits is not None and any(limits.few(people[name], part) for name, part in figure.tells)
            fewest = TOO_FEW if few else _fewest(who, indicator, figure.number)
            to = _counted(done, indicator)
            found[indicator] = Outcome(figure.varde, f"besluten, {done.date}", fewest, counted=to)
    return found


def _counted(done: Study, indicator: str) -> str:
    if indicator == "antal_ej_verkstallda_beslut":
        return counted.waiting(done, WAITING)
    if indicator == "andel_genomforandeplaner_i_tid":
        return counted.ordered(done, PLAN)
    return counted.timely(done) if indicator == "andel_arenden_beslutade_i_tid" else ""


def _fewest(who: Persons, indicator: str, number: float) -> float | None:
    """The fewest of those in a share and those who are not, where any is; of a count all of them."""
    shares = {"andel_genomforandeplaner_i_tid": who.plans, "andel_arenden_beslutade_i_tid": who.timely}
    if indicator not in shares:
        return float(number) or None
    counts = shares[indicator]["i_tid"].value_counts()
    return float(counts.min()) if len(counts) else None
