"""From a case to the unit's home care and care homes: months, areas, and the year by its drivers."""

from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, did_you_mean, refuse_any
from planbok.base.kept import Kept
from planbok.base.periods import last_day, months
from planbok.base.workspace import shown
from planbok.case.case import Case
from planbok.case.study import OfYear, month_of, parameter_error, refuse_late, sound_rows, trying
from planbok.case.topic import FULL_YEAR
from planbok.inputs.documents import quoted
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.topics.home_care import TOPIC
from planbok.topics.home_care.model import CELL, DAY, HOME, HOMES, HOURS, care_home_rows, causes, home_rows
from planbok.topics.home_care.table_check import care_home_faults, home_faults
from planbok.topics.home_care.year import Grid, Prices, Volumes, cost, grid, under, without_hours, year_of

MONTHS = 12
PAID_BY = ("betald_tid", "natt_insatser_per_dygn")  # the rules of what is paid of each case
_KEPT = Kept()  # rows and the year by tables and rules, which changes of cases and prices leave as they are


@dataclass(frozen=True)
class Study(OfYear):
    """All that the report on older people's care shows, before it is put into words."""

    case: Case
    tom: int
    hemtjanst: pd.DataFrame  # the unit's rows up to the month
    vobo: pd.DataFrame
    rows: pd.DataFrame  # of all months: CELL, manad, antal, mangd, eget
    grid: Grid
    volumes: Volumes  # the year after the month, without the scenario
    prices: Prices
    versus: pd.Series  # kr by change and month of jamfor_med's changes
    added: pd.DataFrame  # what the scenario's changes add: nr, effekt, ar, helar

    @property
    def manad(self) -> str:
        return f"{self.ar}-{self.tom:02d}"

    @property
    def begins(self) -> str:
        """The table's first month where that is after January, so that the year is not whole; "" where it is."""
        first = self.hemtjanst["manad"].min()
        return first if first > f"{self.ar}-01" else ""

    @property
    def lacks(self) -> str:
        """What the year's cost lacks, in words."""
        begins = f"tabellen hemtjanst börjar {self.begins}" if self.begins else ""
        return "; ".join(filter(None, [begins, *without_hours(self.volumes), *self.prices.missing.values()]))

    @cached_property
    def kr(self) -> np.ndarray:
        """(13, cell) the year's cost without the scenario."""
        return cost(self.volumes, self.prices)

    @cached_property
    def earlier(self) -> Volumes | None:
        """Last year as the table has it; None where it lacks a month of it."""
        ar, there = self.ar - 1, set(self.hemtjanst["manad"])
        whole = there.issuperset(months(ar, ar))
        return year_of(self.grid, ar, MONTHS, *levels(self.case)) if whole else None

    @cached_property
    def earlier_kr(self) -> np.ndarray | None:
        """(13, cell) last year's cost; None where last year is not whole."""
        last = self.earlier
        return None if last is None else cost(last, Prices(self.case, last.ar, last.cells, BAS))

    @cached_property
    def causes(self) -> pd.DataFrame | None:
        """What moved the year's cost since last year, by effect; None where either is not known whole."""
        if self.earlier is None or self.earlier_kr is None:
            return None
        sides = [_sums(*side) for side in ((self.earlier, self.earlier_kr), (self.volumes, self.kr))]
        return None if any(side["kr"].isna().any() for side in sides) else causes(*sides)


def _sums(volumes: Volumes, kr: np.ndarray) -> pd.DataFrame:
    """A year's cells: antal (cases times months), mangd, kr."""
    amount = volumes.antal * np.nan_to_num(volumes.per)
    parts = {"antal": volumes.antal, "mangd": amount, "kr": kr}
    sums = {name: values[:MONTHS].sum(axis=0) for name, values in parts.items()}
    return pd.DataFrame(sums, index=pd.MultiIndex.from_frame(volumes.cells[CELL]))


def study(case: Case) -> Study:
    """The unit's year after a month, under the case's scenarios.

    Raises
    ------
    InputError
        If the month does not exist or has no rows, or a change names what the unit lacks or moves nothing.
    """
    tom, rows = month_of(case), sound_rows(case, HOME, partial(home_faults, file=_file(case, HOME)))
    until, last = f"{case.ar}-{tom:02d}", rows["manad"].max()
    if not (rows["manad"] == until).any():
        text = f"{case.enhet} har inga rader i hemtjanst {until}; tabellen når till {last}. Ändra tom_manad."
        raise parameter_error(case, text, "no_month")
    if case.has_rows(HOMES):
        sound_rows(case, HOMES, partial(care_home_faults, file=_file(case, HOMES)))
    refuse_late(case, lambda change: TOPIC.touches(change) and change.enhet in (None, case.enhet))
    recorded, homes = volume_rows(case, BAS), homes_of(case)
    found = grid(recorded)
    volumes = year_of(found, case.ar, tom, *levels(case))
    return Study(
        case=case,
        tom=tom,
        hemtjanst=rows[rows["manad"] <= until],
        vobo=homes[homes["manad"] <= until],
        rows=recorded,
        grid=found,
        volumes=volumes,
        prices=Prices(case, case.ar, volumes.cells, BAS),
        versus=totals(case, case.jamfor_med),
        added=added(case, case.scenario),
    )


def _file(case: Case, table: str) -> str:
    return shown(case.sources.collection.path(table))


def tried(done: Study, scenario: Scenario) -> Study:
    """The study under any changes; what it reads is not noted in the case's journal."""
    case = trying(done.case, scenario)
    return replace(done, case=case, added=added(case, scenario))


def homes_of(case: Case) -> pd.DataFrame:
    """The unit's rows of care homes; none where there is no table."""
    columns = ["enhet", "manad", "slag", "regi", "dygn", "helmanader", "kr"]
    return case.unit_rows(HOMES) if case.has_rows(HOMES) else pd.DataFrame(columns=columns)


def paid_by(case: Case, scenario: Scenario | None = None) -> tuple[str, float]:
    """Which time is paid, and how many insatser a night has, as a scenario (the case's own) has it."""
    time, nights = (case.rule(f"hemtjanst.{name}", scenario=scenario).varde for name in PAID_BY)
    return time, nights


def volume_rows(case: Case, scenario: Scenario | None = None) -> pd.DataFrame:
    """The unit's cases and full months with what is paid of each, of all months: CELL, manad, antal, mangd, eget."""
    paid, nights = paid_by(case, scenario)
    there, homes = case.unit_rows(HOME), homes_of(case)

    def rows() -> pd.DataFrame:
        home = home_rows(there, paid, nights)
        return pd.concat([home, care_home_rows(homes)], ignore_index=True) if len(homes) else home

    return _KEPT.of((case.enhet, paid, nights), _tables(case), rows).copy(deep=False)


def _tables(case: Case) -> tuple[object, ...]:
    """The tables that the volumes are made of, the same objects until other files are read."""
    return case.table(HOME), case.table(HOMES) if case.has_rows(HOMES) else None


def levels(case: Case) -> tuple[int, int]:
    """How many months set the level ahead, and how many a season needs."""
    names = ("niva_manader", "sasong_manader")
    level, season = (int(case.rule(f"volymprognos.{name}").varde) for name in names)
    return level, season


def whole_year(case: Case, scenario: Scenario | None = None) -> Volumes:
    """The year by all months that the table has: what changes act on, whatever month the report is of."""
    rows, ahead = volume_rows(case, scenario), levels(case)
    key = (case.enhet, case.ar, *ahead, *paid_by(case, scenario))
    return _KEPT.of(key, _tables(case), lambda: year_of(grid(rows), case.ar, MONTHS, *ahead))


def steps(case: Case, scenario: Scenario) -> list[tuple[NumberedChange, dict[str, pd.Series]]]:
    """What each of the topic's changes adds when it acts, kr by effect, month and over a full year.

    Raises
    ------
    InputError
        With every change that names an area or a kind of home that the unit lacks, or takes more cases than there are.
    """
    mine = [n for n in scenario if concerns(case, n)]
    if not mine:
        return []
    volumes = whole_year(case)
    faults = [fault for n in mine for fault in _faults(n, volumes)]
    refuse_any(faults)
    chain = [_state(case, replace(scenario, changes=tuple(mine[:count]))) for count in range(len(mine) + 1)]
    index = [*volumes.months, FULL_YEAR]
    return [
        (n, {name: pd.Series(now[name] - before[name], index=index) for name in now})
        for n, (before, now) in zip(mine, pairwise(chain), strict=True)
    ]


def concerns(case: Case, numbered: NumberedChange) -> bool:
    """Whether a change is the topic's, of the unit, and begins by the end of the year."""
    change = numbered.change
    return TOPIC.touches(change) and change.enhet in (None, case.enhet) and change.starts <= last_day(case.ar)


def _state(case: Case, scenario: Scenario) -> dict[str, np.ndarray]:
    """The year's kronor by effect under a scenario of the topic's own changes."""
    moved = under(whole_year(case, scenario), scenario)
    kr = cost(moved, Prices(case, case.ar, moved.cells, scenario))
    return {name: np.nansum(kr[:, moved.of(name)], axis=1) for name in (HOME, HOMES)}


def _faults(numbered: NumberedChange, volumes: Volumes) -> list[Fault]:
    change, cells = numbered.change, volumes.cells
    if change.typ == "regel":
        return []
    omrade = getattr(change, "omrade", None)
    if omrade is not None and not volumes.of(HOME, DAY, omrade).any():
        there = cells.loc[volumes.of(HOME, DAY), "omrade"].unique()
        text = f"omrade {quoted(omrade)} finns inte i tabellen hemtjanst.{did_you_mean(omrade, there)}"
        return [numbered.fault(text, "unknown_omrade")]
    if change.typ == "flytt" and not volumes.of(HOMES, change.till_slag).any():
        there = ", ".join(cells.loc[volumes.of(HOMES), "slag"].unique()) or "inga"
        text = f"till_slag {change.till_slag} finns inte i enhetens rader i tabellen vobo. Det finns: {there}."
        return [numbered.fault(text, "unknown_slag")]
    taken = {"flytt": change.antal, "arenden": -change.antal}.get(change.typ, 0.0) if change.typ != "timmar" else 0.0
    there = float(volumes.antal[:, volumes.of(HOME, DAY, omrade)].sum(axis=1).min())
    if taken > there:
        text = f"förändringen tar bort {taken:g} ärenden, men det finns som minst {there:.0f} under året. Ändra antal."
        return [numbered.fault(text, "too_few")]
    return []


def added(case: Case, scenario: Scenario) -> pd.DataFrame:
    """What each change adds to the year's cost and over a full year, kr: nr, effekt, ar, helar."""
    rows = [
        (n.nr, name, float(kr.drop(FULL_YEAR).sum()), float(kr[FULL_YEAR]))
        for n, parts in steps(case, scenario)
        for name, kr in parts.items()
    ]
    return pd.DataFrame(rows, columns=["nr", "effekt", "ar", "helar"])


def totals(case: Case, scenario: Scenario) -> pd.Series:
    """What a scenario adds in the year and over a full year, kr."""
    return added(case, scenario)[["ar", "helar"]].sum()


def hour_columns(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of care by day, whose cases are the cases: one who has nights or an alarm too is counted once."""
    return rows[rows["tidsslag"].isin((DAY, ""))][["omrade", "manad", "arenden", *HOURS]]
