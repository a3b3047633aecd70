"""What other tables say of the year's cost: the budget, the fees in the ledger, earlier months held out, population."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd

from planbok.analysis import forecast
from planbok.base.numbers import KR_PER_MNKR
from planbok.base.periods import months
from planbok.case.case import Case, Journal
from planbok.case.result import Column, Table
from planbok.inputs.documents import Underlag
from planbok.inputs.scenario.load import BAS
from planbok.topics.home_care.model import HOME, HOMES
from planbok.topics.home_care.people import Persons
from planbok.topics.home_care.study import MONTHS, Study, levels
from planbok.topics.home_care.year import Grid, Prices, Volumes, cost, year_of

VERSION_RULE = "uppfoljning.budgetversion_fran_manad"
DRIVERS = "drivare"
METHODS = {
    DRIVERS: "Drivare: volymer och priser",
    forecast.STRAIGHT: "Rak linje",
    forecast.PROFILE: "Årsprofil",
    forecast.LAST_YEAR: "Förra årets väg",
    forecast.BUDGET: "Månadsbudget",
    forecast.NAIVE: "Säsongsnaiv",
}


def rows_of(case: Case) -> list[str]:
    """The budget rows on which home care and care homes land."""
    return list(dict.fromkeys(case.sources.placement.place(case.enhet, name).budgetrad for name in (HOME, HOMES)))


def budget(study: Study) -> tuple[float, float]:
    """Cost and revenue of those rows in the latest budget that is known, kr; NaN where it does not say."""
    case = study.case
    if not case.has_rows("budget"):
        return np.nan, np.nan
    rows = case.unit_rows("budget")
    rows = rows[(rows["ar"] == study.ar) & rows["budgetrad"].isin(rows_of(case)) & (rows["verksamhet"] == "")]
    stated = case.rule(VERSION_RULE).varde
    known = [v for v, first in sorted(stated.items(), key=lambda item: item[1]) if first <= study.tom]
    there = [version for version in known if (rows["version"] == version).any()]
    if not there:
        return np.nan, np.nan
    sums = rows.loc[rows["version"] == there[-1], ["kostnad_mnkr", "intakt_mnkr"]].sum(skipna=False) * KR_PER_MNKR
    return float(sums.iloc[0]), float(sums.iloc[1])


def ledger(case: Case) -> pd.DataFrame:
    """The unit's outturn on those rows, by month: kostnad_kr and intakt_kr; empty without a ledger."""
    if not case.has_rows("utfall"):
        return pd.DataFrame(columns=["manad", "budgetrad", "kostnad_kr", "intakt_kr"])
    rows = case.unit_rows("utfall")
    return rows[rows["budgetrad"].isin(rows_of(case))]


def fees(study: Study) -> tuple[float, float]:
    """Fees in the ledger to date, and in the year at the same share of the cost, kr; NaN without a ledger."""
    rows = ledger(study.case)
    rows = rows[rows["manad"].between(f"{study.ar}-01", study.manad)]
    to_date, spent = (
        float(rows[name].sum(skipna=False)) if len(rows) else np.nan for name in ("intakt_kr", "kostnad_kr")
    )
    return to_date, to_date / spent * float(np.nansum(study.kr[:MONTHS])) if spent else np.nan


def said(case: Case, ar: int, known: Grid) -> Callable[[int], tuple[np.ndarray, Volumes]]:
    """What the drivers make of a year after a month, (13, cell) kr, and its cells; only what was known then is read."""
    quiet = replace(case, ar=ar, journal=Journal())
    prices, of_rules = Prices(quiet, ar, known.cells, BAS), levels(quiet)

    def after(tom: int) -> tuple[np.ndarray, Volumes]:
        volumes = year_of(known, ar, tom, *of_rules)
        return cost(volumes, prices), volumes

    return after


@dataclass(frozen=True)
class Held:
    """Past months held out: the mean size of each method's error of the year, per cent, over the same forecasts."""

    errors: dict[str, float]
    antal: int
    years: list[int]

    @property
    def best(self) -> bool:
        """Whether the drivers missed least."""
        return min(self.errors, key=lambda name: self.errors[name]) == DRIVERS


def held_out(study: Study, years: list[int], money: np.ndarray, budgets: np.ndarray) -> Held | None:
    """The year by its drivers beside the ledger's own methods, after each month of every whole year with one before it.

    All are held against what the ledger's year became, where all can be used; None without a ledger or a year to try.
    The years, what is booked and the budgets are those of `ledger_years`.
    """
    if len(years) < len(("before", "tried")):
        return None
    late = np.zeros(money.shape[1], int)
    found = forecast.backtest(money, budgets, late, np.full(money.shape[1], forecast.STRAIGHT))
    sums = {name: found[name].sum(axis=2) for name in METHODS if name in found and name != DRIVERS}
    drivers = (said(study.case, year, study.grid) for year in years)
    sums[DRIVERS] = np.array([[_year(after(tom)[0]) for tom in range(1, MONTHS)] for after in drivers])
    became = money.sum(axis=(1, 2))[:, None]
    errors = {name: 100 * np.abs(total - became) / became for name, total in sums.items() if np.isfinite(total).any()}
    usable = np.all([np.isfinite(part) for part in errors.values()], axis=0)
    if DRIVERS not in errors or not usable.any():
        return None
    return Held(
        {name: float(errors[name][usable].mean()) for name in METHODS if name in errors},
        int(usable.sum()),
        [year for year, row in zip(years, usable, strict=True) if row.any()],
    )


def said_year(study: Study, ar: int, tom: int) -> float:
    """A year's cost by its drivers after a month, kr; NaN where they lack a price or say nothing."""
    return _year(said(study.case, ar, study.grid)(tom)[0])


def ledger_years(study: Study) -> tuple[list[int], np.ndarray, np.ndarray]:
    """The whole years of the ledger that the volumes have too, what is booked, (year, row, 12), and even budgets."""
    case, rows = study.case, ledger(study.case)
    rows = rows[rows["manad"] <= study.manad]
    names = [name for name in rows_of(case) if (rows["budgetrad"] == name).any()]  # a unit may have no care homes
    wide = rows.pivot_table("kostnad_kr", "manad", "budgetrad", "sum").reindex(columns=names)
    there = set(study.hemtjanst["manad"])
    years = sorted({int(m[:4]) for m in wide.index if m in there})
    whole = there.intersection(wide.index)
    years = [year for year in years if whole.issuperset(months(year, year))]
    if not years:
        none = np.zeros((0, len(names), MONTHS))
        return [], none, none
    money = np.array([wide.loc[months(year, year)].to_numpy(float).T for year in years])
    plans = (
        case.unit_rows("budget")
        if case.has_rows("budget")
        else pd.DataFrame(columns=["ar", "version", "budgetrad", "kostnad_mnkr"])
    )
    plans = (
        plans[plans["version"] == "vp"]
        .pivot_table("kostnad_mnkr", "ar", "budgetrad", "sum")
        .reindex(index=years, columns=names)
    )
    even = plans.to_numpy(float)[:, :, None] * KR_PER_MNKR / MONTHS * np.ones(MONTHS)
    return years, money, even


def _year(kr: np.ndarray) -> float:
    return float(kr[:MONTHS].sum()) or np.nan


def held_table(study: Study, held: Held | None) -> Table:
    """Each method's mean error of the year, per cent."""
    errors = sorted(held.errors.items(), key=lambda item: item[1]) if held else []
    rows = [(METHODS[name], error) for name, error in errors]
    columns = (Column("metod", "Metod"), Column("medelfel_procent", "Medelfel av året", decimaler=2))
    years = "–".join(dict.fromkeys(map(str, (held.years[0], held.years[-1])))) if held else ""
    title = f"Prövat på {held.antal} tidigare månader {years}" if held else "Prövat på tidigare månader"
    note = "" if held else "Underlag saknas: det krävs två hela år med utfall, volymer och priser."
    return Table.of("traffsakerhet", title, rows, columns, note=note)


def plan_years(study: Study, persons: Persons, price: float) -> Table:
    """The years of the population forecast: this year's cost as the number of people grows, at this year's prices.

    cost = cost of the year at the rate of 31 December * people / people of the year
    """
    frame = pd.DataFrame(columns=["ar", "antal", "kostnad_mnkr"])
    note = "Underlag saknas: tabellen befolkning har inget för enhetens områden."
    if study.case.sources.collection.has("befolkning"):
        rows = study.case.table("befolkning")
        rows = rows[rows["omrade"].isin(study.hemtjanst["omrade"].unique()) & (rows["ar"] >= study.ar)]
        sums = _surest(rows).groupby("ar")["antal"].sum()
        if study.ar in sums.index and len(sums) > 1:
            kr = price * sums / sums[study.ar]
            frame = pd.DataFrame(
                {"ar": sums.index.astype(str), "antal": sums.to_numpy(), "kostnad_mnkr": kr.to_numpy() / KR_PER_MNKR}
            )
            note = f"Årstakten den 31 december i {study.ar} års priser, med samma andel av de äldre som har insatser."
    columns = (Column("ar", "År"), Column("antal", "Äldre i områdena"), Column("kostnad_mnkr", "Kostnad på helår"))
    told, rounds = {"kostnad_mnkr": [persons.everybody] * len(frame)}, {"kostnad_mnkr": (1.0, "")}
    title = "Planåren med befolkningens prognos"
    return Table("planar", title, frame, columns, note=note, told=told, rounds=rounds)


def _surest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of rows on the same people that rest on different things one each: what is counted before what is expected."""
    order = [*get_args(Underlag)]
    return rows.sort_values("underlag", key=lambda of: of.map(order.index)).drop_duplicates(
        ["omrade", "ar", "aldersgrupp"]
    )
