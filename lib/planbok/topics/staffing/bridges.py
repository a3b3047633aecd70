"""What moved: sick hours from last year, and kronor from the comparison to the scenario, change by change."""

import numpy as np
import pandas as pd

from planbok.base.numbers import NO_BREAK
from planbok.base.periods import month_span
from planbok.case.result import Column, Table
from planbok.inputs.scenario.changes import Change
from planbok.topics.staffing import model, protect
from planbok.topics.staffing.hours import HOURS, Period
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.tables import note
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


def shown_step(study: Study, change: Change, before: World, now: World) -> dict[str, float]:
    """What a change does, as far as the audience may see it: kronor that tell of single groups are NaN."""
    found = step_kr(change, before, now)
    if not study.is_open and protect.tells_of_groups(change, before, now):
        return found | dict.fromkeys(STEP[1:], np.nan)
    return found


def shown_cost(study: Study, world: World) -> tuple[float, float]:
    """The year's cost in a world; NaN where it would tell the audience of single groups."""
    return (np.nan, np.nan) if not study.is_open and protect.wages_differ(world) else year_cost(world)


def year_cost(world: World) -> tuple[float, float]:
    """Sick pay and replacements of the year and over a full year, kr."""
    in_year = sum(float(world.by_month[name].sum()) for name in COST)
    return in_year, sum(world.full_year[name] for name in COST)


def bridge_table(study: Study) -> Table:
    """What moved: sick hours from the same months last year, and kronor from the comparison to the scenario."""
    legs = [*_last_year_leg(study), *_scenario_leg(study)]
    columns = (
        Column("brygga", "Från → till"),
        Column("steg", "Steg"),
        Column("sjuk_h", "Sjuktimmar"),
        Column("kr", "Sjuklön och ersättare i år"),
        Column("kr_helar", "På helår"),
        Column("budget_kr", "Budgeten i år, med lönen", signed=True),
        Column("budget_helar_kr", "Budgeten på helår", signed=True),
    )
    keys = [*(column.key for column in columns), "typ"]
    frame = pd.DataFrame(legs, columns=keys)
    if study.is_withheld:
        frame = frame.assign(**{column.key: np.nan for column in columns if column.mattenhet})
    return Table("brygga", "Vad som har ändrats", frame, columns, note=_note(study), extra=("typ",))


def _note(study: Study) -> str:
    if study.is_withheld:
        return note(study)
    worlds = (*study.ends, *(world for step in study.steps for world in step[2:]))
    hides = study.steps and not study.is_open and protect.wages_differ(*worlds)
    return f"Kronor {protect.WAGES_DIFFER}." if hides else ""


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
    return [{"brygga": leg, "steg": text, "sjuk_h": float(h), "typ": typ} for text, h, typ in rows]


def _scenario_leg(study: Study) -> list[dict]:
    """Kronor from the comparison to the scenario, change by change; what fills a missing value has no kronor."""
    if study.case.scenario.id == study.case.jamfor_med.id:
        return []
    public, leg = study.case.is_public, TO_SCENARIO
    ends = []
    for name, world in zip(("Jämförelsen", "Scenariot"), study.ends, strict=True):
        kr, full = shown_cost(study, world)
        ends.append({"brygga": leg, "steg": name, "sjuk_h": float(world.sick.sjuk.sum()), "kr": kr, "kr_helar": full})
    steps = [
        {
            "brygga": leg,
            "steg": prefix + numbered.change.describe(public),
            **shown_step(study, numbered.change, before, now),
            "typ": numbered.change.typ,
        }
        for numbered, prefix, before, now in study.steps
    ]
    return [{**ends[0], "typ": "start"}, *steps, {**ends[1], "typ": "slut"}]
