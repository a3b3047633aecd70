"""What home care tells the other topics: what a scenario does to the budget, and what drives each month's cost."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.case.result import People
from planbok.case.study import trying
from planbok.case.topic import MONTH_NUMBERS, Driven, Effects
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.topics.home_care.model import HOME, HOMES
from planbok.topics.home_care.outside import said
from planbok.topics.home_care.people import cases, managed, of_kind
from planbok.topics.home_care.study import MONTHS, steps, volume_rows, whole_year
from planbok.topics.home_care.year import Prices, by_effect, grid, under, without_hours

WORDS = {True: "hemtjänst", False: "vård- och omsorgsboende"}


def effects(case: Case, scenario: Scenario) -> Effects:
    """Kronor by change, effect and month; the month "helar" holds a year at the rate of 31 December.

    They rest on all months that the table has, so that they are the same in every report. What has no price is left
    out and named. The kronor are cases or full months at public prices, and tell of those of each management.
    """
    found = steps(case, scenario)
    if not found:
        return Effects()
    volumes = under(whole_year(case, scenario), [numbered for numbered, _ in found])
    unpriced = Prices(trying(case, BAS), case.ar, volumes.cells, BAS).missing.values()
    lacking = [f"hemtjänst och boende utan pris ({why})" for why in unpriced]
    lacking += [f"hemtjänst ({why})" for why in without_hours(volumes)]
    kr = [(numbered, name, part) for numbered, parts in found for name, part in parts.items()]
    done = Effects.of(kr, lacking)
    told = _told(case)
    return replace(done, persons={(n.id, name): (WORDS[name == HOME], told(n, name)) for n, name, _ in kr})


def _told(case: Case) -> Callable[[NumberedChange, str], tuple[tuple[People, str], ...]]:
    """Whom a change's effect tells of: each management of the effect's kinds, and the area that it is of."""
    rows, areas = volume_rows(case), People(cases(case))
    people = managed(rows)
    kinds = {name: its["slag"].unique() for name, its in rows.groupby("effekt")}

    def told(numbered: NumberedChange, name: str) -> tuple[tuple[People, str], ...]:
        area = getattr(numbered.change, "omrade", None)
        found = [(people, part) for slag in kinds.get(name, ()) for part in of_kind(people, slag)]
        return (*found, *([(areas, area)] if area and name == HOME else []))

    return told


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """The cost by volumes and prices, month by month: the tables' rows up to the month, and each driver ahead of it."""
    known = grid(volume_rows(case, BAS))
    if known.place(ar, 1) < MONTHS:
        return Driven(why=f"volymerna når inte ett helt år bakom {ar}, så de har ingen säsong")
    parts = by_effect(*said(case, ar, known)(tom_manad))
    there = {name: kr[:MONTHS] for name, kr in parts.items() if kr[:MONTHS].any()}
    if not there:
        return Driven(why="tabellerna hemtjanst och vobo har inget med pris de månaderna")
    kr = pd.DataFrame(list(there.values()), index=list(there), columns=MONTH_NUMBERS)
    return Driven(kr, {HOME: None, HOMES: _moved(case, ar, tom_manad)})


def _moved(case: Case, ar: int, tom: int) -> pd.DataFrame:
    """How many places more or fewer were taken than the month before, (month, kind): fewer than moved."""
    rows = volume_rows(case)
    wide = rows[rows["effekt"] == HOMES].pivot_table("antal", "manad", "slag", "sum")
    months = [f"{ar - 1}-12", *(f"{ar}-{month:02d}" for month in range(1, tom + 1))]
    change = np.ceil(wide.reindex(months).diff().abs().iloc[1:].fillna(0.0))
    return change.set_axis(range(1, tom + 1), axis=0)
