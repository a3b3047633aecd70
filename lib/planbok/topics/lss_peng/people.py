"""Whom LSS-peng's figures tell of: the unit's real persons before any scenario, by measurement and in the year."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from planbok.case.case import Case
from planbok.case.result import People, Priced
from planbok.lss.insats_groups import by_insats, until
from planbok.lss.measurement import LAST_ONLY
from planbok.lss.price_book import levels
from planbok.topics.lss_peng import TOPIC
from planbok.topics.lss_peng.decisions import CELL, ONE_DAY, OWN_REGI, invents
from planbok.topics.lss_peng.outlook import moved_in_after
from planbok.topics.lss_peng.study import Study
from planbok.topics.lss_peng.worlds import World

GROUP = ["insats", "regi"]
MEASURED, MOVED, AFTER, OWN_PRICE, PAID, UNPRICED = "mätta", "flyttade", "efter", "egna_priser", "betalda", "utan_pris"
HISTORY, DIFFER = "ändringar", "skiljer"
YEAR = "året"  # the occasion of everybody who is there in the year


@dataclass(frozen=True)
class Compared:
    """The part of a study that says whom the difference between two worlds tells of."""

    case: Case
    bas: World
    world: World
    versus: World


def between(one: date, other: date) -> str:
    """Two measurements, in a word."""
    return f"{one.isoformat()}–{other.isoformat()}"


class Persons:
    """A study's real persons, as the result declares them.

    `public` is every cell that the price list has for the unit's groups: an attacker doesn't know which are empty.
    """

    study: Any

    def __init__(self, study: Study | Compared):
        self.study, self.bas, self.ar = study, study.bas, study.case.ar
        self.frame = self.bas.frame
        self._day: dict[date, set[tuple]] = self.bas.kept.setdefault("standing", {})

    @cached_property
    def stood(self) -> "Persons | None":
        """The persons whose counts stand; None where everything is counted as it is."""
        stood = getattr(self.study, "stood", None)
        return None if stood is None else Persons(replace(self.study, bas=stood.bas, stood=None))

    @cached_property
    def public(self) -> pd.MultiIndex:
        """Every (insats, niva, regi) that the price list has for the insatser and managements that the unit has."""
        return self._public[0]

    @cached_property
    def _public(self) -> tuple[pd.MultiIndex, dict[date, np.ndarray]]:
        """The public cells, and who stands in them by day: kept, for most scenarios leave the cells as they are."""
        return self.bas.once(("public", self._cells), lambda _: (self._with_listed(self._cells), {}))

    @cached_property
    def _cells(self) -> frozenset[tuple]:
        worlds = (self.bas, self.study.world, self.study.versus)
        return frozenset(cell for world in worlds for cell in world.cells)

    def _with_listed(self, cells: frozenset[tuple]) -> pd.MultiIndex:
        known = levels(self.study.case.sources.rules)
        listed = {(insats, niva, regi) for insats, _, regi in cells for niva in known.get(insats, ())}
        return pd.MultiIndex.from_tuples(sorted(cells | listed), names=CELL)

    def on(self, day: date) -> np.ndarray:
        """Real persons by public cell on a day."""
        public, known = self._public
        if day not in known:
            here = pd.Series(self.bas.persons(day), self.bas.cells)
            known[day] = here.reindex(public, fill_value=0.0).to_numpy()
        return known[day]

    @cached_property
    def everybody(self) -> np.ndarray:
        """Real persons by public cell with a day from the last measurement before the year to the first one after it.

        Not only those of a measurement: what the days of one who came after it give is an amount of one person.
        """
        kept = self.bas.kept
        if "everybody" not in kept:
            rows, after = self.bas.by_day, pd.Timestamp(self.frame.matning_1) + pd.DateOffset(years=1)
            rows = rows[(rows["fran"] <= after) & (rows["till"] >= pd.Timestamp(self.frame.matning_fore))]
            kept["everybody"] = rows.drop_duplicates(["person", *CELL]).groupby(CELL)["antal"].sum()
        return kept["everybody"].reindex(self.public, fill_value=0.0).to_numpy()

    def year_price(self, world: World) -> np.ndarray:
        """What one person in each public cell gives a year, kr, NaN without a price."""
        return world.once(("year", self._cells), lambda its: np.array([*map(its.year_price, self.public)], float))

    @cached_property
    def prices(self) -> np.ndarray:
        """What one person in each public cell gives a year in the study's world, kr."""
        return self.year_price(self.study.world)

    @cached_property
    def groups(self) -> np.ndarray:
        """The insats and management of each public cell, whose number of persons is taken to be known."""
        return np.array([f"{insats} {regi}" for insats, _, regi in self.public])

    @cached_property
    def invents_only(self) -> bool:
        """Whether the scenario's changes of persons and prices only add persons whom it invents."""
        return all(invents(n.change) for n in self.study.case.scenario if TOPIC.touches(n.change))

    def priced(self, day: date, decided: bool = False, world: World | None = None) -> tuple[Priced, ...]:
        """An amount as a day's real persons times a world's prices, and the part of it that the scenario's prices add.

        Who knows the year before the scenario can subtract, so that part is protected as an amount of its own.
        """
        prices = self.prices if world is None else self.year_price(world)
        total = Priced(self.on(day), prices, self.groups)
        if decided and self.invents_only and day <= self.study.per_datum:
            total = replace(
                total, decided=True, differs=tuple(self.differ(day, earlier) for earlier in self.before(day))
            )
        if world is not None:
            return (total,)
        known = (total, *self.changed(day, self.bas))
        return known if decided else (*known, Priced(self.everybody, prices, self.groups))

    def final(self, decided: bool = True) -> tuple[Priced, ...]:
        """The final budget: of the last measurement, and of the one before it where the year rests on both."""
        frame = self.study.world.frame
        days = [frame.matning_2] if frame.matregel == LAST_ONLY else [frame.matning_2, frame.matning_1]
        return tuple(priced for day in days for priced in self.priced(day, decided))

    def before(self, day: date) -> list[date]:
        """The measurements before a day."""
        days = (self.frame.matning_fore, self.frame.matning_1, self.frame.matning_2)
        return [earlier for earlier in days if earlier < day]

    def differ(self, one: date, other: date) -> int:
        """How many persons came, left or changed cell between two days."""
        return len({person for person, *_ in self._standing(one) ^ self._standing(other)})

    def _standing(self, day: date) -> set[tuple]:
        """Each person of a day with the cell that it stands in."""
        if day not in self._day:
            rows = self._on_rows(day)[["person", *CELL]]
            self._day[day] = set(rows.itertuples(index=False, name=None))
        return self._day[day]

    def changed(self, day: date, before: World) -> tuple[Priced, ...]:
        """The persons of a day times what other prices add since a world; empty where the prices are the same."""
        change = self.prices - self.year_price(before)
        there = (self.on(day), self.everybody) if np.nan_to_num(change).any() else ()
        return tuple(Priced(persons, change, self.groups) for persons in there)

    def by_scenario(self, day: date) -> tuple[Priced, ...]:
        """What a scenario's change of an amount tells of; empty where it invents persons and changes no price."""
        return () if self.invents_only and not self.changed(day, self.bas) else self.priced(day)

    def paid(self, day: date) -> tuple[Priced, ...]:
        """What is paid by the list for a day's persons outside the unit's own management."""
        outside = np.array([regi != OWN_REGI for *_, regi in self.public])
        return tuple(Priced(persons * outside, self.prices, self.groups) for persons in (self.on(day), self.everybody))

    def people(self) -> dict[str, People]:
        """The people of the result, by name: real persons only, and so the same whatever is tried on the dials."""
        kept = self.bas.kept
        key = "people" if self.stood is None else "people that stand"
        if key not in kept:
            kept[key] = self._people()
        return dict(kept[key])

    def _people(self) -> dict[str, People]:
        moving = {
            MOVED: self._one(lambda its: len(set().union(*its.moved_by_month()))),
            AFTER: self._one(lambda its: moved_in_after(its.bas)[0]),
            OWN_PRICE: self._one(lambda its: len(its.bas.own_prices)),
        }
        if self.stood is not None:
            exact = Persons(replace(self.study, stood=None)).people()
            antal = self._shown(exact[MEASURED].antal.copy(), self.stood)
            return {**exact, **moving, MEASURED: replace(exact[MEASURED], antal=antal)}
        days = [self.frame.matning_fore, self.frame.matning_1, self.frame.matning_2]
        counts = {day.isoformat(): self.by_group(self._on_rows(day)) for day in days}
        counts[YEAR] = in_year(self)
        antal = pd.DataFrame(counts).T.fillna(0.0)
        every = by_insats(self.study.case)
        of_insats = [frozenset(part for part in antal if part[0] == insats) for insats in {part[0] for part in antal}]
        return {
            MEASURED: People(
                antal,
                parted=True,
                sums=tuple(sorted(of_insats, key=sorted)),
                within={day.isoformat(): until(every, day) for day in days} | {YEAR: every},
                sum_of=itemgetter(0),
            ),
            DIFFER: People(self._differing(days), parted=True),
            **moving,
            PAID: People.one(self._paid_persons()),
            UNPRICED: People(self._without_price().T, detail=True),
        }

    def _one(self, number: Callable[["Persons"], int]) -> People:
        """A number of persons: that which stands, and few where it stands at nobody and there is somebody."""
        now = number(self)
        return People.one(now if self.stood is None else number(self.stood) or min(now, 1))

    def _shown(self, antal: pd.DataFrame, stood: "Persons") -> pd.DataFrame:
        """The persons by group as they stand; those of the year few where somebody has come and nobody is counted.

        What is hidden follows from what is shown: else a sum that is hidden at last would say that somebody has moved.
        """
        for day in (self.frame.matning_1, self.frame.matning_2):
            if self.study.is_to_come(day):
                known = stood.by_group(stood._on_rows(day))
                antal.loc[day.isoformat()] = [known.get(group, 0.0) for group in antal]
        year = pd.Series([self.study.stood.persons.get(group, 0.0) for group in antal], antal.columns)
        antal.loc[YEAR] = year.where(year > 0, antal.loc[YEAR].clip(upper=1.0))
        return antal

    def _differing(self, days: list[date]) -> pd.DataFrame:
        """Persons who differ between any two measurements, each pair by itself."""
        pairs = list(combinations(days, 2))
        return pd.DataFrame({"": [self.differ(*pair) for pair in pairs]}, index=[between(*pair) for pair in pairs])

    def _on_rows(self, day: date) -> pd.DataFrame:
        return self._rows(day, day)

    def _rows(self, first: date, last: date) -> pd.DataFrame:
        """The decisions with a price that have a day between two days."""
        return self.bas.once(("rows", first, last), lambda its: its.by_day[its.runs(first, last) & its.priced])

    def rows_in_year(self) -> pd.DataFrame:
        """The decisions with a price that have a day in the year."""
        return self._rows(date(self.ar, 1, 1), date(self.ar, 12, 31))

    def by_group(self, rows: pd.DataFrame) -> pd.Series:
        found = rows.groupby(GROUP)["antal"].sum()
        return pd.Series(found.to_numpy(), pd.Index([tuple(key) for key in found.index], tupleize_cols=False))

    def _paid_persons(self) -> int:
        last, first = f"{self.ar}-12-31", f"{self.ar}-01-01"
        by_day, by_hour = self.bas.by_day, self.bas.by_hour
        outside = by_day[by_day["pris"].notna() | (by_day["regi"] != OWN_REGI)]
        rows = pd.concat([outside, by_hour[by_hour["regi"] != OWN_REGI]])
        return rows.loc[(rows["fran"] <= last) & (rows["till"] >= first), "person"].nunique()

    def _without_price(self) -> pd.DataFrame:
        """Persons of each insats without a price: no sum of them is shown, so that each is an occasion of its own."""
        rows = self.bas.by_day[~self.bas.priced & self.bas.runs(date(self.ar, 1, 1), date.max)]
        return rows.groupby("insats")["person"].nunique().to_frame("")

    def moves(self) -> list[set]:
        """Who moved in each month as it is known where enough have moved; else as it is, so that the year is one."""
        stood = [] if self.stood is None else self.stood.moved_by_month()
        return stood if any(stood) else self.moved_by_month()

    def moved_by_month(self) -> list[set]:
        """Who came, left or changed cell in each month of the year: in the first also since the last measurement."""
        return self.bas.once("moved_by_month", lambda its: moved_by_month(its.by_day[its.priced], self.ar))


def moved_by_month(rows: pd.DataFrame, ar: int) -> list[set]:
    """Who began, ended or went on in each month of a year; who ended on the last day of one also in the next."""
    days = (rows["fran"], rows["till"], rows["till"] + ONE_DAY)
    months = [day.to_numpy().astype("datetime64[M]") - np.datetime64(f"{ar}-01") for day in days]
    person = rows["person"].to_numpy()
    return [set(person[np.any([its.astype(int) == month for its in months], axis=0)]) for month in range(12)]


def in_year(persons: Persons) -> pd.Series:
    """Persons by insats and management with a day in the year."""
    return persons.by_group(persons.rows_in_year().drop_duplicates(["person", *GROUP]))
