"""LSS-peng's whole result: key figures, what only the sentences need, tables, and the checks of what is shown."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from planbok.base.numbers import whole
from planbok.base.periods import long_date
from planbok.case.checks import CLOSES_WITHIN_KR, Check, closes, warns
from planbok.case.result import KeyFigure, People, Result, Table, key_figure
from planbok.case.said import scenario_line
from planbok.disclosure.standing import Standing
from planbok.ledger.bridge import closing
from planbok.topics.lss_peng import sentences, sliders, tables
from planbok.topics.lss_peng.counts import counted_on, measured_persons
from planbok.topics.lss_peng.coverage import bought_hours, no_prices, unpaid_hours, unpriced_days
from planbok.topics.lss_peng.deadline import deadline_table
from planbok.topics.lss_peng.grounds import grounds
from planbok.topics.lss_peng.outlook import known_moves, moved_in_after, outlook, stated_range
from planbok.topics.lss_peng.people import (
    AFTER,
    HISTORY,
    MEASURED,
    MOVED,
    OWN_PRICE,
    PAID,
    UNPRICED,
    Persons,
)
from planbok.topics.lss_peng.steady import steady
from planbok.topics.lss_peng.study import Study

SHEETS = {
    "prestationsmatningar": "Prestationsmätningarna",
    "fore_matdagen": "Beslut före mätdagen",
    "kanslighet": "Fler eller färre personer",
    "dygn_utan_matning": "Dygn som ingen mätning betalar",
}

# what a page has room for, the most important first
SHOWN = {
    "per_manad": ("manad", "skillnad_kr", "slutlig_kr", "peng_kr", "ersattning_kr"),
    "per_insats_niva": ("insats_namn", "niva_namn", "regi", "personer", "kr"),
    "kanslighet": ("nivabyten", "personer_-1", "personer_+0", "personer_+1"),
}
BESIDE = ("slutlig_kr", "peng_dygn_kr", "skillnad_matning_dygn_kr", "personer_matning_2")


@partial(Standing, steady=steady)
def result(study: Study) -> Result:
    """The study as key figures and tables, and what they tell of persons; words and checks come of what is shown."""
    persons = Persons(study)
    found = [
        tables.insats_table(study, persons),
        tables.months_table(study, persons),
        tables.measurements_table(study, persons),
        tables.bridge_table(study, persons),
        *([] if study.stood else [tables.uncovered_table(study), tables.above_table(study)]),
        tables.rules_table(study, persons),
        deadline_table(study),
        tables.grid_table(study, persons),
    ]
    if no_prices(study):
        found = [_without_numbers(table) for table in found]
    name = tables.state_on(study, study.per_datum)
    state = f"efter mätningen {long_date(dict(tables.measurements(study))[name])} ({tables.STATES[name]})"
    dials, grids = sliders.sliders(study)
    return Result.of(
        found,
        visa=SHOWN,
        rubrik=f"{study.case.unit_name()} · LSS-peng {study.case.ar} {state}",
        underrubrik=_question(study),
        nyckeltal=key_figures(study, persons),
        framst=BESIDE,
        grunder=grounds(study),
        people={**persons.people(), HISTORY: People.one(known_moves(study))},
        fakta=facts(study, persons),
        texter={
            sentences.AGAINST: sentences.compared_with(study),
            "lage": name,
            "matningar": " ".join(day.isoformat() for _, day in tables.measurements(study)),
        },
        say=partial(sentences.sentences, study),
        verify=partial(checks, study),
        blad=SHEETS,
        skjutreglage=dials,
        rutor=grids,
        prov=sliders.SENTENCES,
    )


def _question(study: Study) -> Any:
    """The scenario in words; nothing where there is none."""
    if not study.case.scenario.changes:
        return ""
    return scenario_line(study.case.scenario, "beslut och priser")


def key_figures(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """The year's figures under the scenario, kr, of insatser that have a price; null with the reason where none has."""
    world, ar, frame = study.world, study.case.ar, study.world.frame
    days = dict(tables.measurements(study))
    states = {state: float(np.nansum(world.state(state))) for state in tables.STATES}
    labels = {"preliminar": "Preliminär budget", "efter_matning_1": "Budget efter mätning 1"}
    labels["slutlig"] = "Slutlig budget" if study.per_datum >= frame.matning_2 else "Slutlig budget (prognos)"
    dygn, paid = float(np.nansum(world.peng)), float(world.paid_by_month().sum())
    above = float(study.stands(lambda its: its.own_prices["kr"].sum()))
    year, gap = persons.priced(frame.matning_2), "Slutlig budget minus dygn (minus är inte täckt)"
    found: dict[str, tuple[float, str, tuple, tuple]] = {
        "peng_dygn_kr": (dygn, f"LSS-peng för årets dygn {ar}", (), year)
    }
    for state, kr in states.items():
        of = persons.final() if state == "slutlig" else persons.priced(days[state], decided=True)
        found[f"{state}_kr"] = (kr, labels[state], (), of)
    found["skillnad_matning_dygn_kr"] = (states["slutlig"] - dygn, gap, ((MOVED, ""),), year)
    found["pris_over_peng_kr"] = (above, "Pris över nivåns peng", ((OWN_PRICE, ""),), ())
    outside = (paid, "Betalt till utförare", ((PAID, ""),), persons.paid(frame.matning_2))
    found["ersattning_till_utforare_kr"] = outside
    unknown = "" if paid else "; ".join(unpaid_hours(study))  # nothing that is bought has a price
    for number, state in ((1, "efter_matning_1"), (2, "slutlig")):
        counted = whole(counted_on(study, days[state]))
        tells = ((MEASURED, (days[state].isoformat(), "")),)
        found[f"personer_matning_{number}"] = (counted, f"Personer i mätning {number}", tells, ())
    return _figures(study, found, {"ersattning_till_utforare_kr": unknown})


def amounts(study: Study) -> Result:
    """The key figures, and the budget on a full year, with whom they tell of: what the dials answer with."""
    persons, world = Persons(study), study.world
    full = (world.full_year_frame(), "Budget på helår, läget 31 december", (), persons.priced(world.frame.matning_2))
    figures = {**key_figures(study, persons), **_figures(study, {"helar_kr": full}, {})}
    after = study.stands(moved_in_after)
    told = {"personer_efter": whole(after[0]), "dygn_efter": after[1], "efter_kr": after[2]}
    facts = {
        key: key_figure(key, value, "", "okänt", tells=((AFTER, ""),), priced=persons.priced(world.frame.matning_2))
        for key, value in told.items()
    }
    stands = None if study.stood else lambda limits: amounts(steady(study, limits))
    return Result.of(nyckeltal=figures, people=persons.people(), fakta=facts, steady=stands)


def _figures(study: Study, found: dict[str, tuple], unknown: dict[str, str]) -> dict[str, KeyFigure]:
    """Key figures from their value, label, whom they tell of and what they are persons times prices of."""
    whole, figures = no_prices(study), {}
    for key, (value, label, tells, priced) in found.items():
        why = whole or unknown.get(key, "")
        figures[key] = key_figure(key, None if why else value, label, why, tells=tells, priced=priced)
    return figures


def facts(study: Study, persons: Persons) -> dict[str, KeyFigure]:
    """What only the sentences say, protected like the key figures."""
    world, days, ahead = study.world, dict(tables.measurements(study)), outlook(study)
    first, last = days["preliminar"], days["slutlig"]
    year, changed = persons.priced(last), persons.by_scenario(last)
    number, counted, kr = study.stands(moved_in_after)
    before = measured_persons(study, first)["personer"].sum()
    limits, spann = stated_range(study) or (np.nan,) * 3, ahead.spann
    after, own = ((AFTER, ""),), ((OWN_PRICE, ""),)
    above = world.own_prices
    top = above.iloc[0] if len(above) == 1 and study.stood is None else {"pris": np.nan, "peng": np.nan}
    found = {
        "personer_preliminar": (whole(before), "", ((MEASURED, (first.isoformat(), "")),), ()),
        **{f"andrad_{name}_kr": (kr, "", (), changed) for name, kr in _moved_by_scenario(study).items()},
        "spann_lag_kr": (limits[0], "", (), changed),
        "spann_hog_kr": (limits[2], "", (), changed),
        "personer_efter": (whole(number), "", after, ()),
        "dygn_efter": (counted, "", after, ()),
        "efter_kr": (kr, "", after, year),
        "nasta_kr": (ahead.kant, "", (), year),
        "nasta_lag_kr": (spann.lag if spann else np.nan, "", (), year),
        "nasta_hog_kr": (spann.hog if spann else np.nan, "", (), year),
        "andringar_antal": (known_moves(study), "", ((HISTORY, ""),), ()),
        "placeringar_antal": (study.stands(lambda its: len(its.own_prices)), "", own, ()),
        "placering_kr": (top["pris"], "", own, ()),
        "placering_peng_kr": (top["peng"], "", own, ()),
    }
    missing = {f"{name}_dygn": (n, "", ((UNPRICED, name),), ()) for name, n in unpriced_days(study).items()}
    return {
        key: key_figure(key, value, label, "okänt", tells=tells, priced=priced)
        for key, (value, label, tells, priced) in {**found, **missing}.items()
    }


def _moved_by_scenario(study: Study) -> dict[str, float]:
    """What the scenario moves beside its comparison: the final budget, the days' peng, payments; kr."""
    pairs = [(w.state("slutlig"), w.peng, w.paid_by_month().to_numpy()) for w in (study.world, study.versus)]
    moved = (float(np.nansum(a) - np.nansum(b)) for a, b in zip(*pairs, strict=True))
    return dict(zip(("slutlig", "dygn", "ersattning"), moved, strict=True))


def _without_numbers(table: Table) -> Table:
    """The table where no price is known: what has a price is counted in it, so its numbers are unknown, not zero."""
    empty = {c.key: np.nan for c in table.columns if c.mattenhet}
    coarse = _without_numbers(table.coarse) if isinstance(table.coarse, Table) else None
    return replace(table, frame=table.frame.assign(**empty), coarse=coarse, moved=None, together=None)


def checks(study: Study, shown: Result) -> list[Check]:
    """What must agree in the figures that are shown; a rounded one to half its rounding."""
    tables_, figures = shown.tabeller, shown.nyckeltal
    months, bridges = tables_["per_manad"].frame, tables_["brygga"]
    listed = [
        _agree("Insatserna summerar till året", tables_["per_insats_niva"], "kr", figures["peng_dygn_kr"], last=True),
        _agree("Månaderna summerar till året", tables_["per_manad"], "peng_kr", figures["peng_dygn_kr"]),
        _agree("Månadernas budget summerar till året", tables_["per_manad"], "slutlig_kr", figures["slutlig_kr"]),
    ]
    listed += closing(bridges.frame, rounded_to=bridges.avrundat_till)
    missing, hours = sentences.unpriced(study, shown), unpaid_hours(study)
    listed.append(_complete("Alla dygn har pris", missing, bool(study.world.days.sum()) and len(months) > 0))
    listed.append(_complete("Alla köpta timmar har timmar och pris", hours, len(bought_hours(study)) > 0))
    return listed


def _agree(name: str, table: Table, column: str, figure: KeyFigure, last: bool = False) -> Check:
    """That a table's column, or the last row of it, is the key figure."""
    kr = table.frame[column].iloc[-1] if last else table.frame[column].sum(skipna=False)
    known = np.nan if figure.varde is None else figure.varde
    return closes(name, kr - known, _within(table, 2 if last else len(table.frame) + 1))


def _within(table: Table, terms: int) -> float:
    """How far from zero a difference of so many terms may be: half a rounding each where the table is rounded."""
    return CLOSES_WITHIN_KR + terms * (table.avrundat_till or 0.0) / 2


def _complete(name: str, missing: list[str], anything: bool) -> Check:
    """A warning that lists what is missing; nothing to check where there is nothing at all."""
    if not anything:
        return warns(name, None, "Underlaget har inget att kontrollera.")
    return warns(name, not missing, ", ".join(missing))
