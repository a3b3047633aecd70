"""LSS-peng's counts of persons and days: those of a world, and those that stand for others than the unit."""

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.periods import MONTH_NAMES, long_date
from planbok.topics.lss_peng import model
from planbok.topics.lss_peng.study import Study
from planbok.topics.lss_peng.worlds import World

ALL = ("", "")  # the group of everybody
STANDS = "Personer och dygn räknas om först när minst {} personer har kommit, slutat eller bytt nivå."


def stands(study: Study) -> str:
    """When counts are made anew; nothing where they are as they are."""
    return "" if study.stood is None else STANDS.format(study.stood.fewest)


def to_come_stand(study: Study) -> str:
    """Of which day's decisions the persons of a measurement are that is still to come."""
    frame = study.world.frame
    if study.stood is None or not any(map(study.is_to_come, (frame.matning_1, frame.matning_2))):
        return ""
    return f"Personerna vid en mätning som återstår är de som var kända {long_date(study.stood.day)}."


def days_stand(study: Study) -> str:
    """When counts are made anew, and of which day's decisions days are."""
    return "" if study.stood is None else f"{stands(study)} Dygnen är de som var kända {long_date(study.stood.day)}."


def as_stand(study: Study, counts: pd.Series, totals: dict[str, Any]) -> tuple[pd.Series, dict[str, Any]]:
    """The year's persons by insats and management, and their totals with the days, of the persons who stand."""
    if study.stood is None:
        return counts, totals
    every = study.stood.persons
    real = pd.Series({group: number for group, number in every.items() if group != ALL}, dtype=float)
    real.index = pd.MultiIndex.from_tuples(real.index, names=counts.index.names)
    now, bas = (world.once("groups_in_year", _groups_in_year) for world in (study.world, study.bas))
    invented = now.sub(bas, fill_value=0.0)
    personer = every[ALL] + float(invented.sum())
    dygn = float(study.stands(lambda world: days_by_month(world).sum()))
    return real.add(invented, fill_value=0.0).rename("personer"), {**totals, "personer": personer, "dygn": dygn}


def _groups_in_year(world: World) -> pd.Series:
    """Persons by insats and management with a day in the year, one who gets another level there once."""
    rows = world.by_day[(_days_in_year(world) > 0) & world.priced]
    return rows.drop_duplicates(["person", "insats", "regi"]).groupby(["insats", "regi"])["antal"].sum()


def counted_to(study: Study, part: tuple[str, Any]) -> str:
    """The month to which the year's persons of a part are counted."""
    month = study.stood.months.get(part[1] or ALL, 0) if study.stood else 0
    return f"{MONTH_NAMES[month - 1]} {study.case.ar}" if month else f"före {study.case.ar}"


def days_by_month(world: World) -> pd.Series:
    """A world's days in insatser that have a price, by month."""
    return pd.Series(world.priced_days.sum(axis=0), [span.manad for span in world.frame.spans]).groupby(level=0).sum()


def persons_in_year(world: World) -> np.ndarray:
    """Persons with at least one day in each cell during the year."""
    rows = world.by_day.assign(cell=world.cell)[_days_in_year(world) > 0].drop_duplicates(["cell", "person"])
    return np.bincount(rows["cell"], rows["antal"], minlength=len(world.cells))


def _days_in_year(world: World) -> np.ndarray:
    nights = model.is_by_night(world.by_day, world.frame.nightly)
    return np.sum(model.days_by_span(world.by_day, world.frame.spans, nights), axis=0)


def counted_on(study: Study, day: date) -> float:
    """Persons on a measurement day; before it, for others than the unit, those of the day to which they stand."""

    def of(world: World) -> float:
        return float(measured_persons(study, day, world)["personer"].sum())

    return study.stands(of) if study.is_to_come(day) else of(study.world)


def measured_persons(study: Study, day: date, world: World | None = None) -> pd.DataFrame:
    """Persons by cell on a day, priced insatser only, with what they give the year."""
    return (world or study.world).once(("measured", day), partial(_measured, day=day))


def _measured(world: World, day: date) -> pd.DataFrame:
    frame = world.cells.to_frame(index=False).assign(personer=world.persons(day))
    money = model.measured(world.persons(day), world.prices)
    priced = ~np.isnan(world.prices.tilldelning).all(axis=1)
    return frame.assign(kr=np.nansum(money, axis=1))[priced & (frame["personer"] > 0)]
