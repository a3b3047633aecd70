"""Whom the figures of sick leave and staffing tell of."""

from typing import Any

import numpy as np

from planbok.case.result import People
from planbok.disclosure.operations import headcounts, people_of
from planbok.disclosure.policy import LARGEST_SICK
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.year import World

STAFF, SICK, LONG_SICK = "anstallda", "sjuka", "langtidssjuka"
Tells = tuple[tuple[str, Any], ...]
OF_SICK: Tells = ((SICK, ""),)
OF_STAFF: Tells = ((STAFF, ""),)


def people(study: Study) -> dict[str, People]:
    """The employees by group in every month that the table has, and users and staff by operation.

    How long a group's sick leave is tells of single persons whatever the group's size: it is shown of all together.
    """
    employees = headcounts(study.hours)
    return {
        STAFF: People(employees),
        SICK: People(employees, LARGEST_SICK),
        LONG_SICK: People(employees, LARGEST_SICK, detail=True),
        **({} if study.operations is None else people_of(study.operations)),
    }


def wages_differ(*worlds: World) -> bool:
    """Whether groups have different hourly wages on any day of any of the worlds."""
    paid = (rates.timlon for world in worlds for rates in (*world.rates, world.rates_full))
    return any(not np.array_equal(kr, np.full_like(kr, kr[0]), equal_nan=True) for kr in paid)


def by_wage(*worlds: World) -> Tells:
    """What the unit's kronor of wages times sick hours tell of.

    With one wage they are the unit's hours over again. With different ones they are a second equation about the hours
    of single groups, and so tell of the first group, and of every other, by itself.
    """
    return (*OF_SICK, (LONG_SICK, worlds[0].base.groups[0])) if wages_differ(*worlds) else OF_SICK
