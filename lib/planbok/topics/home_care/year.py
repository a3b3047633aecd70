"""A year by its drivers: cases, what is paid of each and prices, month by month, and what a scenario does to them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.volumes import ahead
from planbok.base.errors import MissingValueError
from planbok.base.periods import days_in_month, last_day, month_shares, months, spans, turns
from planbok.case.case import Case, rules_under
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics.home_care.model import ALARM, CELL, DAY, HOME, HOMES, NIGHT, month_days

LISTED = {"entreprenad": "privat", "enskild": "privat"}  # LOU and LOV are paid alike: enskild regi in the city's list
WITH_PREMISES = "vobo.med_lokalschablon"


@dataclass(frozen=True)
class Volumes:
    """A year's cells: (13, cell) each. The last row is the year at the rate of 31 December.

    antal    cases, or full months, of each month; of December in the last row
    per      what is paid of each: hours, insatser, days; of a whole year in the last row
    eget     the cost of a day that the table states, NaN where it states none
    """

    ar: int
    cells: pd.DataFrame  # CELL
    antal: np.ndarray
    per: np.ndarray
    eget: np.ndarray

    @property
    def months(self) -> list[str]:
        return months(self.ar, self.ar)

    def of(self, effekt: str, slag: str | None = None, omrade: str | None = None) -> np.ndarray:
        """The cells of an effect, or of a kind or an area of it."""
        found = self.cells["effekt"].to_numpy() == effekt
        for name, value in (("slag", slag), ("omrade", omrade)):
            found &= True if value is None else self.cells[name].to_numpy() == value
        return found


@dataclass(frozen=True)
class Grid:
    """All months that the tables have, without gaps from `first` on, (month, cell); NaN where nothing is stated."""

    first: str
    cells: pd.DataFrame  # CELL
    antal: np.ndarray
    mangd: np.ndarray
    eget: np.ndarray
    nightly: float  # insatser a night of each case

    def place(self, ar: int, month: int) -> int:
        """Months from the first one to a month."""
        return 12 * (ar - int(self.first[:4])) + month - int(self.first[5:])


def grid(rows: pd.DataFrame) -> Grid:
    """Rows of `home_rows` and `care_home_rows` as arrays; those of one cell and month are summed."""
    first = rows["manad"].min()
    at = rows["manad"].str[:4].astype(int) * 12 + rows["manad"].str[5:].astype(int)
    month, (cell, names) = (at - at.min()).to_numpy(), pd.MultiIndex.from_frame(rows[CELL]).factorize(sort=True)
    shape = (int(month.max()) + 1, len(names))

    def summed(values: np.ndarray) -> np.ndarray:
        found, known = np.zeros(shape), np.zeros(shape, bool)
        there = np.isfinite(values)
        np.add.at(found, (month[there], cell[there]), values[there])
        known[month[there], cell[there]] = True
        return np.where(known, found, np.nan)

    antal, mangd = (summed(rows[name].to_numpy(float)) for name in ("antal", "mangd"))
    eget = summed((rows["eget"] * rows["mangd"]).to_numpy(float)) / mangd
    nights = rows[(rows["slag"] == NIGHT) & (rows["antal"] > 0)]
    each = (nights["mangd"] / nights["antal"] / month_days(nights["manad"])).mean() if len(nights) else 0.0
    return Grid(first, pd.DataFrame(list(names), columns=CELL, dtype=object), antal, mangd, eget, float(each))


def year_of(found: Grid, ar: int, tom: int, level: int, season: int) -> Volumes:
    """A year as it stands after a month: what the tables say, and each driver ahead with its own season and trend.

    Parameters
    ----------
    tom : the last month of the year that is known, 0-12; months that the tables lack after it are forecast
    level, season : of `analysis.volumes.ahead`
    """
    known = min(found.place(ar, tom) + 1, len(found.antal))
    start = found.place(ar, 1)
    if known <= 0:
        return _stated(Volumes(ar, found.cells, *np.full((3, 12, len(found.cells)), np.nan)), found.nightly)
    counts, amounts, own = (np.array(values[:known]) for values in (found.antal, found.mangd, found.eget))
    counts = np.nan_to_num(counts)
    with np.errstate(invalid="ignore"):  # of nobody it is unknown: 0 / 0
        each = _carried(amounts / counts)
    count = start + 12 - known
    antal, per = (np.concatenate([x, ahead(x, count, level, season)]) for x in (counts, each))
    eget = np.concatenate([own, np.tile(_carried(own)[-1], (count, 1))])
    lead = max(0, -start)  # months of the year before the tables begin
    parts = [np.pad(x[max(0, start) :], ((lead, 0), (0, 0)), constant_values=np.nan) for x in (antal, per, eget)]
    return _stated(Volumes(ar, found.cells, *parts), found.nightly)


def _carried(values: np.ndarray) -> np.ndarray:
    """Each column with what it last was where it is unknown, and before its first value with that."""
    known, rows = ~np.isnan(values), np.arange(len(values))[:, None]
    last = np.maximum.accumulate(np.where(known, rows, -1), axis=0)
    return np.take_along_axis(values, np.where(last < 0, known.argmax(axis=0), last), axis=0)


def _stated(found: Volumes, nightly: float) -> Volumes:
    """With what is paid of each where the calendar says it, and the row of a whole year."""
    days = np.array([days_in_month(found.ar, month) for month in range(1, 13)], float)
    night, alarm, homes = found.of(HOME, NIGHT), found.of(HOME, ALARM), found.of(HOMES)
    per, antal = found.per.copy(), np.nan_to_num(found.antal)
    per[:, alarm], per[:, homes], per[:, night] = 1.0, days[:, None], (days * nightly)[:, None]
    year = np.where(found.of(HOME, DAY) | alarm, 12 * per[-1], np.where(night, nightly, 1.0) * days.sum())
    return replace(
        found,
        antal=np.vstack([antal, antal[-1]]),
        per=np.vstack([per, year]),
        eget=np.vstack([found.eget, found.eget[-1]]),
    )


def weights(change, ar: int) -> np.ndarray:
    """(13,) how much of each month a change is in force; in the last row whether it is on 31 December."""
    there = change.starts <= last_day(ar) and (change.ends is None or change.ends >= last_day(ar))
    return np.append(month_shares(months(ar, ar), change.starts, change.ends), float(there))


def under(volumes: Volumes, changes: Iterable[NumberedChange]) -> Volumes:
    """The volumes under changes of cases, hours per case and moves, in order; rules change prices, not volumes."""
    for numbered in changes:
        volumes = _changed(volumes, numbered.change)
    return volumes


def _changed(volumes: Volumes, change) -> Volumes:
    if change.typ == "regel":
        return volumes
    weight, antal, per = weights(change, volumes.ar), volumes.antal.copy(), volumes.per.copy()
    home = volumes.of(HOME, DAY, getattr(change, "omrade", None))
    if change.typ == "timmar":
        per[:, home] *= 1 + change.h_per_arende_procent / 100 * weight[:, None]
    elif change.typ == "arenden":
        antal[:, home] += _spread(antal[:, home], change.antal * weight)
    else:
        to = volumes.of(HOMES, change.till_slag)
        antal[:, home] -= _spread(antal[:, home], change.antal * weight)
        antal[:, to] += _spread(antal[:, to], change.antal * weight)
    return replace(volumes, antal=antal, per=per)


def _spread(antal: np.ndarray, added: np.ndarray) -> np.ndarray:
    """An addition over cells as they are, evenly where there is none.

    >>> _spread(np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([2.0, 2.0])).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """
    whole = antal.sum(axis=1, keepdims=True)
    even = np.full_like(antal, 1 / max(antal.shape[1], 1))
    return np.divide(antal, whole, out=even, where=whole > 0) * added[:, None]


class Prices:
    """What an hour, an insats, an alarm or a day costs in each month of a year under a scenario."""

    def __init__(self, case: Case, ar: int, cells: pd.DataFrame, scenario: Scenario):
        self.case, self.ar, self.scenario, self.missing = case, ar, scenario, dict[str, str]()
        rules = rules_under(case.sources.rules, scenario, case.enhet).series
        values = [value for key in rules if key.startswith((HOME, HOMES)) for value in rules[key]]
        self.spans = spans(ar, turns(ar, ((value.fran, value.till) for value in values)))
        names = zip(cells["effekt"], cells["slag"], cells["regi"], strict=True)
        keys = [f"{effekt}.{slag}.{LISTED.get(regi, regi)}" for effekt, slag, regi in names]
        by_key = {key: self._months(key) for key in dict.fromkeys(keys)}
        self.listed = np.array([by_key[key] for key in keys], float).reshape(len(keys), 13).T

    def of(self, volumes: Volumes) -> np.ndarray:
        """(13, cell) what the table itself states, else the list's price."""
        return np.where(np.isnan(volumes.eget), self.listed, volumes.eget)

    def _months(self, key: str) -> list[float]:
        """The price of a cell in each month, and on 31 December."""
        return [*(self._month(key, month) for month in range(1, 13)), self._on(key, last_day(self.ar))]

    def _month(self, key: str, month: int) -> float:
        """The mean over the month's days: a rule or a scenario may change it on any of them."""
        return sum(span.share * self._on(key, span.start) for span in self.spans if span.start.month == month)

    def _on(self, key: str, day: date) -> float:
        price = self._value(key, day)
        effekt, slag, regi = key.split(".")
        if effekt == HOMES and slag in self.case.rule(WITH_PREMISES, day, self.scenario).varde:
            price += self._value(f"{HOMES}.lokalschablon.{regi}", day)
        return price

    def _value(self, key: str, day: date) -> float:
        if key.endswith("."):
            self.missing[key] = f"regi saknas för {key.split('.')[1]}"
            return np.nan
        try:
            return float(self.case.rule(key, day, self.scenario).varde)
        except MissingValueError as error:
            self.missing[key] = error.reason
        except KeyError:
            self.missing[key] = f"regeln {key} finns inte"
        return np.nan


def cost(volumes: Volumes, prices: Prices) -> np.ndarray:
    """kr = cases * what is paid of each * price, (13, cell); NaN without hours or a price, 0 where there is nobody."""
    amount = volumes.antal * np.where(volumes.antal > 0, volumes.per, 0.0)
    return np.where(amount == 0, 0.0, amount * prices.of(volumes))


def without_hours(volumes: Volumes) -> list[str]:
    """The areas with cases of which no month states paid hours, in words: `cost` is NaN there."""
    unknown = ((volumes.antal > 0) & np.isnan(volumes.per)).any(axis=0)
    return [f"betalda timmar saknas för {area}" for area in volumes.cells.loc[unknown, "omrade"].unique()]


def by_effect(kr: np.ndarray, volumes: Volumes) -> dict[str, np.ndarray]:
    """(13,) kronor by effect; what has no price is left out."""
    return {name: np.nansum(kr[:, volumes.of(name)], axis=1) for name in dict.fromkeys(volumes.cells["effekt"])}
