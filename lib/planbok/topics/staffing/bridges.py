"""What moved: sick hours from last year, and kronor from the comparison to the scenario, change by change."""

import numpy as np
import pandas as pd

from planbok.base.numbers import NO_BREAK
from planbok.base.periods import month_span
from planbok.case.result import Column, Table
from planbok.case.said import described, filled
from planbok.inputs.scenario.changes import Change
from planbok.ledger.bridge import Amounts, Step, bridge
from planbok.topics.staffing import model
from planbok.topics.staffing.hours import HOURS, Period
from planbok.topics.staffing.people import LONG_SICK, OF_SICK, OF_STAFF, Tells, by_wage
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.year import SICK_PAY, WAGE, World, moves_lines

COST = (*SICK_PAY, *model.KINDS)
TO_SCENARIO = "jämförelsen → scenariot"


STEP = ("sjuk_h", "kr", "kr_helar", "budget_kr", "budget_helar_kr")


def step_kr(change: Change, before: World, now: World) -> dict[str, float]:
    """What a change does: sick hours, cost and budget effect (with the wage), in the year and over a full year."""
    lines = moves_lines(change)
    in_year = {name: float((now.by_month[name] - before.by_month[name]).sum()) for name in lines}
    full = {name: now.full_year[name] - before.full_year[name] for name in lines}
    cost, cost_full = (sum(kr for name, kr in part.items() if name != WAGE) for part in (in_year, full))
    hours = float(now.added.sum() - before.added.sum())
    return dict(zip(STEP, (hours, cost, cost_full, sum(in_year.values()), sum(full.values())), strict=True))


def told_by(change: Change, before: World, now: World) -> Tells:
    """Whom a change's kronor tell of.

    A change of sick leave: wages times contracted hours, and so the staff. Of wages or their rules: wages times the
    sick hours, by groups with different wages. Of replacements: the unit's sick hours.
    """
    lines = moves_lines(change)
    return OF_STAFF if WAGE in lines else by_wage(before, now) if lines == SICK_PAY else OF_SICK


def year_cost(world: World) -> tuple[float, float]:
    """Sick pay and replacements of the year and over a full year, kr."""
    in_year = sum(float(world.by_month[name].sum()) for name in COST)
    return in_year, sum(world.full_year[name] for name in COST)


def bridge_table(study: Study) -> Table:
    """What moved: sick hours from the same months last year, and kronor from the comparison to the scenario."""
    legs = [*_last_year_leg(study), *_scenario_leg(study)]
    whole = OF_SICK
    columns = (
        Column("brygga", "Från → till"),
        Column("steg", "Steg"),
        Column("sjuk_h", "Sjuktimmar", tells=whole),
        Column("kr", "Sjuklön och ersättare i år", tells=(*whole, LONG_SICK)),
        Column("kr_helar", "På helår", tells=(*whole, LONG_SICK)),
        Column("budget_kr", "Budgeten i år, med lönen", signed=True, tells=(*whole, LONG_SICK)),
        Column("budget_helar_kr", "Budgeten på helår", signed=True, tells=(*whole, LONG_SICK)),
    )
    extra = ("typ", "forandring")
    frame = pd.concat([pd.DataFrame(columns=[*(column.key for column in columns), *extra, "del"]), *legs])
    return Table("brygga", "Vad som har ändrats", frame.reset_index(drop=True), columns, extra=extra, part="del")


def _part(tells: Tells) -> str:
    """The single group that an amount tells of; "" for one that tells of all together."""
    return next((part for name, part in tells if name == LONG_SICK), "")


def _last_year_leg(study: Study) -> list[pd.DataFrame]:
    """Sick hours of the same months last year to this year's: more contracted hours, and each length of absence."""
    january = study.ar * 12
    spans = (Period("", first, first + study.tom_manad - 1) for first in (january, january - 12))
    now, before = (span.rows(study.outturn) for span in spans)
    if before["nr"].nunique() < study.tom_manad:
        return []
    one, two = (part[HOURS].sum(skipna=False) for part in (before, now))
    scale = two["avtalad_tid_h"] / one["avtalad_tid_h"] if one["avtalad_tid_h"] else np.nan
    middle = [part["sjuk_h"] - part["sjuk_dag_1_14_h"] - part["sjuk_60_dagar_h"] for part in (one, two)]
    steps = [
        _hours("volym", "Fler eller färre avtalade timmar", one["sjuk_h"] * (scale - 1)),
        _hours("langd", "Dag 1–14", two["sjuk_dag_1_14_h"] - one["sjuk_dag_1_14_h"] * scale),
        _hours("langd", "Dag 15–59", middle[1] - middle[0] * scale),
        _hours("langd", "60 dagar eller mer", two["sjuk_60_dagar_h"] - one["sjuk_60_dagar_h"] * scale),
    ]
    span = month_span(1, study.tom_manad).capitalize()
    years = ((study.ar - 1, one["sjuk_h"]), (study.ar, two["sjuk_h"]))
    start, end = ((f"{span} {ar}", _hours("", "", hours).amounts) for ar, hours in years)
    rows = bridge(start, steps, end, rest="")
    leg = f"{study.ar - 1} → {study.ar}".replace(" ", NO_BREAK)
    return [rows.rename(columns={"kr": "sjuk_h"}).assign(brygga=leg, **{"del": ""})]


def _hours(typ: str, text: str, hours: float) -> Step:
    """A step in hours, which have no full year."""
    return Step(typ, 0, text, Amounts(float(hours), np.nan))


def _scenario_leg(study: Study) -> list[pd.DataFrame]:
    """Kronor from the comparison to the scenario, change by change; what fills a missing value has no kronor."""
    if study.case.scenario.id == study.case.jamfor_med.id:
        return []
    start, end = zip(("Jämförelsen", "Scenariot"), (Amounts(*year_cost(world)) for world in study.ends), strict=True)
    moved = [step_kr(numbered.change, before, now) for numbered, _, before, now in study.steps]
    steps = [
        Step(n.change.typ, n.nr, filled(f"{prefix}{{}}", described(n.change)), Amounts(kr["kr"], kr["kr_helar"]))
        for (n, prefix, _, _), kr in zip(study.steps, moved, strict=True)
    ]
    hours = [float(world.sick.sjuk.sum()) for world in study.ends]
    told = [_part(told_by(n.change, before, now)) for n, _, before, now in study.steps]
    ends = [_part(by_wage(world)) for world in study.ends]
    beside = {
        "brygga": TO_SCENARIO,
        "sjuk_h": [hours[0], *(kr["sjuk_h"] for kr in moved), hours[1]],
        "del": [ends[0], *told, ends[1]],
        **{name: [np.nan, *(kr[name] for kr in moved), np.nan] for name in STEP[-2:]},
    }
    return [bridge(start, steps, end, rest="").assign(**beside)]
