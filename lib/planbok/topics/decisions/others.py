"""What decisions in time tell the other topics: the cost of officers, and the outcomes of indicators."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import last_day, month_end, month_shares, months
from planbok.case.case import Case, Journal
from planbok.case.result import Limits
from planbok.case.study import first_of
from planbok.case.topic import FULL_YEAR, Effects, Outcome
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.topics.decisions import TOPIC, counted
from planbok.topics.decisions.capacity import reaches
from planbok.topics.decisions.people import Persons
from planbok.topics.decisions.steady import steady
from planbok.topics.decisions.study import PLAN, PREFIX, WAITING, Study, study
from planbok.topics.decisions.view import key_figures

COST_RULE = f"{PREFIX}handlaggare_kr_per_manad"
TOO_FEW = 1.0  # persons of what the report on decisions itself withholds
_FIGURES = {
    "antal_ej_verkstallda_beslut": "ej_verkstallda_antal",
    "antal_forsenade_uppfoljningar": "uppfoljningar_forfallna_antal",
    "andel_genomforandeplaner_i_tid": "planer_i_tid_procent",
    "andel_arenden_beslutade_i_tid": "arenden_i_tid_procent",
}


def effects(case: Case, scenario: Scenario) -> Effects:
    """Officers times what one costs a month, by the share of the month's days; cases move the queue and no kronor."""
    kronor, moved = [], []
    for numbered in scenario:
        change = numbered.change
        if not TOPIC.touches(change) or (change.starts and change.starts.year > case.ar):
            continue
        if change.typ == "handlaggare" and change.enhet in (None, "", case.enhet):
            kronor.append((numbered, "personal", _kr(case, numbered, scenario)))
        elif change.typ == "regel" or (reaches(change, case.enhet) and case.has_rows("arenden")):
            moved.append(numbered.id)
    return Effects.of(kronor, moved=moved)


def _kr(case: Case, numbered: NumberedChange, scenario: Scenario) -> pd.Series:
    """kr by month of the year, at the cost when it or the change begins, and twelve months at what 31 December has."""
    change, year, last = numbered.change, months(case.ar, case.ar), last_day(case.ar)
    days = [*(max(first_of(month), change.fran) for month in year), last]
    kr = change.antal * np.array([case.rule(COST_RULE, day, scenario).varde for day in days], float)
    lasts = change.till is None or change.till >= last
    share = [*month_shares(year, change.fran, change.till), 12.0 * lasts]
    return pd.Series(kr * share, index=[*year, FULL_YEAR])


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
