"""How good the prognosis is: earlier prognoses beside what the years became, and the methods tried on history."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis import forecast
from planbok.analysis.earlier import Earlier
from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.follow_up.books import SIGN, Books
from planbok.topics.follow_up.model import Choices

CHOSEN = "vald"
EARLIER, HISTORY = "tidigare prognoser", "historik"
COLUMNS = ["kalla", "ar", "tom_manad", "metod", "budgetrad", "prognos_kr", "utfall_kr", "fel_kr", "fel_procent"]


@dataclass(frozen=True)
class Limits:
    """What the rules say of ranges: percentiles, fewest errors, and how many months beside count as equally early."""

    lag: float
    hog: float
    fewest: int
    beside: int


@dataclass(frozen=True)
class Range:
    """How far the year may land from the prognosis in eight cases of ten, kr, and on what that rests."""

    kalla: str
    antal: int
    lag: float
    hog: float


def whole_years(books: Books) -> tuple[list[int], np.ndarray]:
    """The years whose outturn is known whole, this one too when December is booked, and their (leaf, side, 12)."""
    if books.tom < MONTHS:
        return books.years, books.past
    return [*books.years, books.ar], np.concatenate([books.past, books.actual[None]])


def tried(books: Books, budgets: np.ndarray, choices: Choices) -> pd.DataFrame:
    """Each method tried after each month of every whole year, from what was known then: COLUMNS.

        fel = what the year became - what was said; minus means that too much was said

    Parameters
    ----------
    budgets : the whole years' monthly budgets, (year, leaf, side, 12); NaN where there is none
    """
    years, money = whole_years(books)
    if not years:
        return pd.DataFrame(columns=COLUMNS)
    flat = money.reshape(len(years), -1, MONTHS)
    said = forecast.backtest(flat, budgets.reshape(flat.shape), np.repeat(choices.late, 2), np.repeat(choices.metod, 2))
    rows, names = pd.factorize(books.leaves["budgetrad"])
    leaves = np.repeat(rows, 2)
    sign = np.tile(SIGN, len(rows))
    tables = []
    for method, forecasts in said.items():
        for groups, group_names in ((leaves, list(names)), (np.zeros_like(leaves), [TOTAL_ROW])):
            found = forecast.errors(forecasts, flat, sign, groups, group_names)
            tables.append(found.rename(columns={"grupp": "budgetrad"}).assign(metod=method))
    frame = pd.concat(tables, ignore_index=True)
    return _with_errors(frame.assign(kalla=HISTORY, ar=np.array(years)[frame["ar"].to_numpy(int)]))


def _with_errors(frame: pd.DataFrame) -> pd.DataFrame:
    wrong = frame["utfall_kr"] - frame["prognos_kr"]
    outcome = frame["utfall_kr"].abs()
    percent = 100 * wrong / outcome.where(outcome > 0)
    return frame.assign(fel_kr=wrong, fel_procent=percent)[COLUMNS]


def earlier_errors(reports: Sequence[Earlier], books: Books) -> pd.DataFrame:
    """Earlier prognoses of years that now are known whole, the last one said for each year and month: COLUMNS."""
    years, money = whole_years(books)
    rows = books.leaves["budgetrad"].to_numpy()
    became = {
        year: pd.Series(whole.sum(axis=2) @ SIGN).groupby(rows).sum(min_count=1)
        for year, whole in zip(years, money, strict=True)
    }
    last = {(r.parametrar.get("ar"), r.parametrar.get("tom_manad")): r for r in reports}
    found = []
    for (year, month), report in last.items():
        if year in became and month and month < MONTHS:
            outcomes = {**became[year], TOTAL_ROW: became[year].sum(skipna=False)}
            for row in report.tabeller.get("prognos", []):
                name, said = row.get("budgetrad"), row.get("prognos_mnkr")
                if said is not None and name in outcomes:
                    found.append((EARLIER, year, month, CHOSEN, name, said * KR_PER_MNKR, outcomes[name]))
    frame = pd.DataFrame(found, columns=COLUMNS[:7])
    return _with_errors(frame)


def near(errors: pd.DataFrame, tom: int, limits: Limits) -> pd.DataFrame:
    """The errors of prognoses made equally early in the year."""
    return errors[(errors["tom_manad"] - tom).abs() <= limits.beside]


def spread(prognos: float, errors: pd.DataFrame, tom: int, limits: Limits) -> Range | None:
    """The range of a prognosis of the unit: from earlier prognoses when there are enough, else from history.

        lag, hog = prognos + |prognos| * percentile of the errors in per cent / 100

    None where neither has enough errors.
    """
    total = errors[(errors["budgetrad"] == TOTAL_ROW) & (errors["metod"] == CHOSEN)]
    for kalla in (EARLIER, HISTORY):
        found = near(total[total["kalla"] == kalla], tom, limits)["fel_procent"].dropna()
        if len(found) >= limits.fewest and np.isfinite(prognos):
            low, high = np.percentile(found, [limits.lag, limits.hog])
            return Range(kalla, len(found), prognos + abs(prognos) * low / 100, prognos + abs(prognos) * high / 100)
    return None


def hits(errors: pd.DataFrame, tom: int, limits: Limits) -> float | None:
    """How often a year landed in the range that the other years' errors gave, per cent; None with too few errors."""
    total = errors[(errors["budgetrad"] == TOTAL_ROW) & (errors["metod"] == CHOSEN) & (errors["kalla"] == HISTORY)]
    inside = []
    for row in near(total, tom, limits).to_dict("records"):
        others = near(total[total["ar"] != row["ar"]], tom, limits)["fel_procent"].dropna()
        if len(others) >= limits.fewest:
            low, high = np.percentile(others, [limits.lag, limits.hog])
            inside.append(low <= row["fel_procent"] <= high)
    return 100 * float(np.mean(inside)) if inside else None


def summed_up(errors: pd.DataFrame) -> pd.DataFrame:
    """Mean size of the errors by source, method, row and month: antal, medelfel_kr, medelfel_procent."""
    keys = ["kalla", "metod", "budgetrad", "tom_manad"]
    sized = errors.assign(fel_kr=errors["fel_kr"].abs(), fel_procent=errors["fel_procent"].abs())
    grouped = sized.groupby(keys, sort=False)
    frame = grouped.agg(
        antal=("fel_kr", "size"), medelfel_kr=("fel_kr", "mean"), medelfel_procent=("fel_procent", "mean")
    )
    return frame.reset_index()
