"""What moved: sick hours from last year, and kronor from the comparison to the scenario, change by change."""

import numpy as np
import pandas as pd

from planbok.base.numbers import NO_BREAK
from planbok.base.periods import month_span
from planbok.case.result import Column, Table, described, filled
from planbok.inputs.scenario.changes import Change
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

    Those of wages and their rules are wages times the sick hours there are. What a change of sick leave costs is wages
    times contracted hours, and of prices the unit's sick hours.
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
    frame = pd.DataFrame(legs, columns=[*(column.key for column in columns), "typ", "del"])
    return Table("brygga", "Vad som har ändrats", frame, columns, extra=("typ",), part="del")


def _part(tells: Tells) -> str:
    """The single group that an amount tells of; "" for one that tells of all together."""
    return next((part for name, part in tells if name == LONG_SICK), "")


def _last_year_leg(study: Study) -> list[dict]:
    """Sick hours of the same months last year to this year's: more contracted hours, and each length of absence."""
    start = study.ar * 12
    now, before = (Period("", first, first + study.tom_manad - 1).rows(study.outturn) for first in (start, start - 12))
    if before["nr"].nunique() < study.tom_manad:
        return []
    one, two = (part[HOURS].sum(skipna=False) for part in (before, now))
    scale = two["avtalad_tid_h"] / one["avtalad_tid_h"] if one["avtalad_tid_h"] else np.nan
    lengths = {"Dag 1–14": "sjuk_dag_1_14_h", "60 dagar eller mer": "sjuk_60_dagar_h"}
    steps = {name: two[part] - one[part] * scale for name, part in lengths.items()}
    middle = [part["sjuk_h"] - part["sjuk_dag_1_14_h"] - part["sjuk_60_dagar_h"] for part in (one, two)]
    span = month_span(1, study.tom_manad)
    rows = [
        (f"{span.capitalize()} {study.ar - 1}", one["sjuk_h"], "start"),
        ("Fler eller färre avtalade timmar", one["sjuk_h"] * (scale - 1), "volym"),
        ("Dag 1–14", steps["Dag 1–14"], "langd"),
        ("Dag 15–59", middle[1] - middle[0] * scale, "langd"),
        ("60 dagar eller mer", steps["60 dagar eller mer"], "langd"),
        (f"{span.capitalize()} {study.ar}", two["sjuk_h"], "slut"),
    ]
    leg = f"{study.ar - 1} → {study.ar}".replace(" ", NO_BREAK)
    return [{"brygga": leg, "steg": text, "sjuk_h": float(h), "typ": typ, "del": ""} for text, h, typ in rows]


def _scenario_leg(study: Study) -> list[dict]:
    """Kronor from the comparison to the scenario, change by change; what fills a missing value has no kronor."""
    if study.case.scenario.id == study.case.jamfor_med.id:
        return []
    leg, ends = TO_SCENARIO, []
    for name, world in zip(("Jämförelsen", "Scenariot"), study.ends, strict=True):
        kr, full = year_cost(world)
        hours, part = float(world.sick.sjuk.sum()), _part(by_wage(world))
        ends.append({"brygga": leg, "steg": name, "sjuk_h": hours, "kr": kr, "kr_helar": full, "del": part})
    steps = [
        {
            "brygga": leg,
            "steg": filled(f"{prefix}{{}}", described(numbered.change)),
            **step_kr(numbered.change, before, now),
            "typ": numbered.change.typ,
            "del": _part(told_by(numbered.change, before, now)),
        }
        for numbered, prefix, before, now in study.steps
    ]
    return [{**ends[0], "typ": "start"}, *steps, {**ends[1], "typ": "slut"}]
