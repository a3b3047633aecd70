"""The whole result on granted insatser: key figures, tables, whom they tell of, and the checks."""

from datetime import date
from functools import partial

import numpy as np

from planbok.base.numbers import whole
from planbok.base.periods import MONTH_NAMES, last_day, long_date, long_month, month_end
from planbok.case.checks import Check, closes, warns
from planbok.case.reconciled import up_to_date_check
from planbok.case.result import KeyFigure, Result, key_figure
from planbok.case.said import said
from planbok.disclosure.standing import Standing
from planbok.topics.insatser import sentences, tables
from planbok.topics.insatser.grounds import grounds
from planbok.topics.insatser.people import DECIDED, MOVED, RUNNING, Persons
from planbok.topics.insatser.steady import steady
from planbok.topics.insatser.study import Study, days_of_year

SHEETS = {
    "forandring": "Löpande och ändrade insatser",
}

# what a page has room for, the most important first
SHOWN = {
    "varningar": ("insats_namn", "forandring_procent", "kr", "helar_kr", "senaste_antal"),
    "drivare": ("jamforelse", "skillnad_kr", "volym_kr", "niva_kr", "pris_kr"),
}
BESIDE = ("beslut_pagaende_antal", "beslut_nya_antal", "beslut_avslutade_antal", "insatser_flaggade_antal")
SUMS = {"running": "lopande_antal", "new": "nya_antal", "ended": "avslutade_antal", "renewed": "omprovade_antal"}
DECIDED_KIND = "decided"
KINDS = {
    "new": ("nya", "Nya insatser"),
    "ended": ("avslutade", "Avslutade insatser"),
    "renewed": ("omprovade", "Omprövade beslut"),
    DECIDED_KIND: ("fattade", "Beslut fattade"),
}
UNPRICED = "de flaggade insatserna har inget pris"


@partial(Standing, steady=steady, checks=lambda study: checks(study))
def result(study: Study) -> Result:
    """The study as key figures and tables, and what they tell of persons."""
    persons = Persons(study)
    found = [
        tables.change_table(study),
        tables.warnings_table(study, persons),
        tables.months_table(study, persons),
        tables.decisions_table(study),
        tables.drivers_table(study, persons),
        tables.sex_table(study),
    ]
    asked = "Hur många, vad är nytt, vad växer"
    titled = said(f"Scenario: {study.case.scenario.titel}", asked) if study.case.scenario.changes else asked
    return Result.of(
        found,
        visa=SHOWN,
        rubrik=f"{study.case.unit_name()} · Beviljade insatser {long_date(study.last_day)}",
        underrubrik=titled,
        nyckeltal=key_figures(study, persons),
        framst=BESIDE,
        grunder=grounds(study),
        people=persons.people(),
        fakta=facts(study, persons),
        texter=_days(study),
        say=partial(sentences.sentences, study),
        verify=lambda shown: checks(study),
        blad=SHEETS,
    )


def running(study: Study) -> Result:
    """Of the whole result what dials move: what runs, and which insatser are flagged, by name in `flaggade`."""
    names = [tables.insats_name(study, flag.insats) for flag in study.flags]
    return Result.of(
        [tables.change_table(study)],
        nyckeltal={"insatser_flaggade_antal": flagged(study)},
        people=Persons(study).counted(),
        fakta=counts_of_all(study),
        texter={"flaggade": ", ".join(names).lower()},
        steady=lambda limits: running(steady(study, limits)),
    )


def key_figures(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """The year's counts from January to the last month, and what is flagged in kronor."""
    counts, known = study.counts, study.rows["beslutsdatum"].notna().any()
    day = last_day_of(counts.running_in[-1, -1])
    invented = {kind: float(its.reshape(-1)[-1]) for kind, its in counts.invented.items()}  # the last of all is the sum
    words = f"Beslut som löper {long_date(day)}{', med scenariot' if invented.get('running') else ''}"
    found = {"beslut_pagaende_antal": _counted(counts.decisions, words, RUNNING, invented.get("running", 0.0))}
    for kind, (name, label) in KINDS.items():
        number = counts.sums[kind][-1] if known or kind != DECIDED_KIND else None
        words = f"{label} {_period(counts.sums_in[kind] or study.tom_manad)}"
        whom = DECIDED if kind == DECIDED_KIND else MOVED
        found[f"beslut_{name}_antal"] = _counted(number, words, whom, invented.get(kind, 0.0))
    return found | {"insatser_flaggade_antal": flagged(study)} | _in_kronor(study, persons)


def flagged(study: Study) -> KeyFigure:
    """How many insatser are flagged."""
    label = f"Insatser som har ändrats mycket i {long_month(study.manad)}"
    return key_figure("insatser_flaggade_antal", len(study.flags), label)


def _counted(number: float | None, label: str, whom: str, invented: float = 0.0) -> KeyFigure:
    """A number of those that it tells of; withheld where so few have moved that none can be counted yet."""
    tells = ((whom, ""),)
    if number is not None and np.isnan(number):
        return KeyFigure(None, "st", label, skyddas=tables.FEW[1], tells=tells, counts=True)
    value = None if number is None else whole(number)
    return key_figure("_antal", value, label, tables.NO_DATES, tells=tells, counts=True, tankta=invented)


def _period(month: int) -> str:
    return f"januari–{MONTH_NAMES[month - 1]}" if month > 1 else MONTH_NAMES[0]


def last_day_of(month: str) -> date:
    """The last day of a month, ÅÅÅÅ-MM."""
    year, number = map(int, month.split("-"))
    return month_end(year, number)


def _in_kronor(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """The flags together, kr of those that have a price; 0 without flags, null where none has a price."""
    left = (last_day(study.ar) - study.last_day).days
    spans = {
        "flaggade_kr": ("kr", left, f"Det som flaggas, resten av {study.ar}"),
        "flaggade_helar_kr": ("helar_kr", days_of_year(study.ar), "Det som flaggas, på helår"),
    }
    found = {}
    for key, (name, days, label) in spans.items():
        kr = [getattr(flag, name) for flag in study.flags]
        total = float(np.nansum(kr)) if not kr or np.isfinite(kr).any() else None
        money = tuple(priced for flag in study.flags for priced in persons.flagged(flag, days))
        few = any(np.isnan(flag.senaste) and np.isfinite(flag.prices).any() for flag in study.flags)
        shown = key_figure(key, total, label, UNPRICED, priced=money)
        found[key] = KeyFigure(None, "kr", label, skyddas=tables.FEW[1]) if few else shown
    return found


def _days(study: Study) -> dict[str, str]:
    """The days and periods that what the sentences count stands at."""
    counts, last = study.counts, study.tom_manad
    days = {"lopande": counts.running_in[-1, -1], "personer": counts.persons_in[-1]}
    said_ = {name: long_date(last_day_of(str(month))) for name, month in days.items()}
    return said_ | {kind: _period(counts.sums_in[kind] or last) for kind in KINDS}


def facts(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """What only the sentences need: chains and persons that run, a year ago, and what moved the cost."""
    found = counts_of_all(study)
    since, moved = next(iter(study.drivers.items()))
    for key, kr in {"skillnad": moved.after - moved.before, **moved.causes}.items():
        known = kr if moved.before or moved.after else None
        found[f"{key}_kr"] = key_figure(
            f"{key}_kr", known, key, "priser saknas", tells=persons.differ(since), priced=persons.cost()
        )
    return found


def counts_of_all(study: Study) -> dict[str, KeyFigure]:
    """Chains and persons that run, and the chains of a year ago."""
    of = study.counts
    counts = {"lopande_antal": of.running[-1, -1], "i_fjol_antal": of.ago[-1], "personer_antal": of.persons[-1]}
    return {key: _counted(float(number), key, RUNNING) for key, number in counts.items()}


def checks(study: Study) -> list[Check]:
    """That months follow on each other, insatser sum to the unit, and the series agrees with the measurement days."""
    series = study.series
    steps = series.running[1:] - series.running[:-1] - (series.new - series.ended)[1:]
    whole = tables.months_of_all(study)
    parts = [float(abs(getattr(series, name).sum(axis=1) - whole[key]).max()) for name, key in SUMS.items()]
    found = [
        closes("Löpande är förra månadens plus nya minus avslutade", float(abs(steps).max(initial=0.0)), 0.0),
        closes("Insatserna summerar till enheten", max(parts), 0.0),
        closes("Löpande vid mätdagarna är personer med ett löpande beslut", study.unlike_measured, 0.0),
    ]
    lacking = int(study.rows["beslutsdatum"].isna().sum())
    some = 0 < lacking < len(study.rows)
    text = "En del beslut saknar beslutsdatum och är inte med bland de fattade." if some else ""
    name = "Alla beslut har beslutsdatum"
    found.append(warns(name, None if lacking == len(study.rows) else not some, text))
    return [*found, up_to_date_check(study.rows, study.last_day)]
