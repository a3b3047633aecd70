"""How good the prognosis is: earlier prognoses beside what the years became, and the methods tried on history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis import forecast
from planbok.analysis.earlier import Earlier
from planbok.analysis.forecast import MONTHS
from planbok.analysis.uncertainty import combined_interval, order, reach
from planbok.base.numbers import KR_PER_MNKR
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.topics.follow_up.books import SIGN, Books

CHOSEN = "vald"
EARLIER, HISTORY, POOLED = "tidigare prognoser", "historik", "fel i flera enheters prognoser"
FEWEST_JUDGED = 4  # times that a row's judgement must have been tried before its score is said
LEAST_KR = 50_000.0  # half a step of the mnkr that people read
WIDER = 0.5  # a level that has not held is raised by this share of what is left to 1
COLUMNS = ["kalla", "ar", "tom_manad", "metod", "budgetrad", "prognos_kr", "utfall_kr", "fel_kr", "fel_procent"]


@dataclass(frozen=True)
class RangeLimits:
    """What the rules say of ranges: how often one is to hold, 0-1, and from how many whole years one is claimed."""

    level: float
    fewest_years: int


@dataclass(frozen=True)
class Range:
    """How far the year may land from the prognosis, kr, how often that is to hold (0-1), and on what it rests.

    `hallit` of `provade` earlier ranges have held.
    """

    kalla: str
    antal: int
    lag: float
    hog: float
    level: float
    hallit: int = 0
    provade: int = 0


def whole_years(books: Books) -> tuple[list[int], np.ndarray]:
    """The years whose outturn is known whole, this one too when December is booked, and their (leaf, side, 12)."""
    if books.tom < MONTHS:
        return books.years, books.past
    return [*books.years, books.ar], np.concatenate([books.past, books.actual[None]])


def tried(
    books: Books, budgets: np.ndarray, late: np.ndarray, used: np.ndarray, driven: np.ndarray | None = None
) -> pd.DataFrame:
    """Each method tried after each month of every whole year, from what was known then: COLUMNS.

    An error of "vald" is one of the methods that the prognosis uses now: a year in which one of them could not be used
    has none, rather than the error of another method.

        fel = what the year became - what was said; minus means that too much was said

    Parameters
    ----------
    budgets : the whole years' monthly budgets, (year, leaf, side, 12); NaN where there is none
    late : by how many months each leaf's invoices are late
    used : the method that the prognosis uses, (leaf, side)
    driven : what the topics expected after each month of those years, (year, 11, series, 12)
    """
    years, money = whole_years(books)
    if not years:
        return pd.DataFrame(columns=COLUMNS)
    flat = money.reshape(len(years), -1, MONTHS)
    said = forecast.backtest(flat, budgets.reshape(flat.shape), np.repeat(late, 2), used.ravel(), driven)
    rows, names = pd.factorize(books.leaves["budgetrad"])
    found = forecast.errors(said, flat, np.tile(SIGN, len(rows)), np.repeat(rows, 2), [*names, TOTAL_ROW])
    frame = found.rename(columns={"grupp": "budgetrad"})
    return _with_errors(frame.assign(kalla=HISTORY, ar=np.array(years)[frame["ar"].to_numpy(int)]))


def _with_errors(frame: pd.DataFrame) -> pd.DataFrame:
    wrong = frame["utfall_kr"] - frame["prognos_kr"]
    outcome = frame["utfall_kr"].abs()
    percent = 100 * wrong / outcome.where(outcome > 0)
    return frame.assign(fel_kr=wrong, fel_procent=percent)[COLUMNS]


def _said_of_whole_years(
    reports: Sequence[Earlier], books: Books
) -> Iterator[tuple[tuple[int, int], Earlier, pd.Series]]:
    """The last report of each month of the years before, and what is known whole of what the year became.

    That is net kr by budget row, and of all rows under TOTAL_ROW; a row that lacks a month says nothing, nor does then
    the sum.
    """
    years, money = whole_years(books)
    rows = books.leaves["budgetrad"].to_numpy()
    became = {}
    for year, whole in zip(years, money, strict=True):
        by_row = pd.Series(whole.sum(axis=2) @ SIGN).groupby(rows).sum(skipna=False)
        by_row[TOTAL_ROW] = by_row.sum(skipna=False)
        became[year] = by_row.dropna()
    last = {(r.parametrar.get("ar"), r.parametrar.get("tom_manad")): r for r in reports}
    for (ar, month), report in last.items():
        if ar in became and month and month < MONTHS:
            yield (ar, month), report, became[ar]


def earlier_errors(reports: Sequence[Earlier], books: Books) -> pd.DataFrame:
    """Earlier prognoses of years that now are known whole, the last one said for each year and month: COLUMNS."""
    if not reports:
        return pd.DataFrame(columns=COLUMNS)
    found = []
    for when, report, became in _said_of_whole_years(reports, books):
        for row in report.tabeller.get("prognos", []):
            name, said = row.get("budgetrad"), row.get("prognos_mnkr")
            if said is not None and name in became.index:
                found.append((EARLIER, *when, CHOSEN, name, said * KR_PER_MNKR, became[name]))
    frame = pd.DataFrame(found, columns=COLUMNS[:7])
    return _with_errors(frame)


def of_total(errors: pd.DataFrame, kalla: str, tom: int) -> np.ndarray:
    """The unit's errors of prognoses made after the same month, per cent: one a year, so that they are independent."""
    there = (errors["budgetrad"] == TOTAL_ROW) & (errors["metod"] == CHOSEN) & (errors["kalla"] == kalla)
    return errors.loc[there & (errors["tom_manad"] == tom), "fel_procent"].dropna().to_numpy(float)


def pooled_errors(table: pd.DataFrame | None, tom: int) -> np.ndarray:
    """Errors that units share after the same month, per cent, from the table `prognosfel`."""
    if table is None:
        return np.array([])
    there = (table["metod"] == CHOSEN) & (table["tom_manad"] == tom)
    return table.loc[there, "fel_procent"].dropna().to_numpy(float)


def source(errors: pd.DataFrame, pooled: np.ndarray, tom: int, level: float) -> tuple[str, np.ndarray]:
    """The errors that a range rests on: the first of these that are enough, else the methods' own few.

    Earlier prognoses; the methods tried on the unit's own years; what units share.
    """
    own = of_total(errors, HISTORY, tom)
    for kalla, found in ((EARLIER, of_total(errors, EARLIER, tom)), (HISTORY, own), (POOLED, pooled)):
        if order(len(found), level) is not None:
            return kalla, found
    return HISTORY, own


def spread(
    prognos: float, kalla: str, errors: np.ndarray, level: float, ends: Sequence[tuple[float, float]] = ()
) -> Range | None:
    """The range of a prognosis: its method's errors and the stated ends of what is put to it, as independent parts.

        half = |prognos| * reach of the errors in per cent / 100, but what one decimal of mnkr can show at least

    Parameters
    ----------
    ends : the year, kr, with each uncertain change alone at its lowest and highest

    None where there are no errors, or no prognosis.
    """
    half = reach(errors, level)
    if half is None or not np.isfinite(prognos):
        return None
    width = max(abs(prognos) * half / 100, LEAST_KR)
    return Range(kalla, len(errors), *combined_interval(prognos, [(prognos - width, prognos + width), *ends]), level)


def kept_ranges(reports: Sequence[Earlier], books: Books) -> tuple[int, int]:
    """How many stated ranges of years that now are whole have held, and how many there are: the last of each month."""
    held = []
    for _, report, became in _said_of_whole_years(reports, books):
        low, high = (report.figure(f"prognos_{end}_mnkr") for end in ("lag", "hog"))
        if low is not None and high is not None and TOTAL_ROW in became.index:
            held.append(low * KR_PER_MNKR <= became[TOTAL_ROW] <= high * KR_PER_MNKR)
    return sum(held), len(held)


def judged(reports: Sequence[Earlier], books: Books) -> pd.DataFrame:
    """How the manager's judgements of years that now are whole have done, against the model alone, row by row.

    The last report of each year and month counts, on rows where it had a judgement.

    Returns
    -------
    DataFrame budgetrad, antal, battre (times nearer the outcome with it), fel_med_kr, fel_utan_kr (mean sizes); empty
    where none can be tried.
    """
    found = []
    for _, report, became in _said_of_whole_years(reports, books):
        for row in report.tabeller.get("prognos", []):
            name, said, own = (row.get(key) for key in ("budgetrad", "prognos_mnkr", "bedomning_mnkr"))
            if said is not None and own and name in became.index.drop(TOTAL_ROW, errors="ignore"):
                wrong = float(became[name]) - np.array([said, said - own]) * KR_PER_MNKR
                found.append((name, *np.abs(wrong)))
    if not found:
        return pd.DataFrame()
    frame = pd.DataFrame(found, columns=["budgetrad", "fel_med_kr", "fel_utan_kr"])
    frame["battre"] = frame["fel_med_kr"] < frame["fel_utan_kr"]
    grouped = frame.groupby("budgetrad", sort=False)
    summed = grouped.agg(antal=("battre", "size"), battre=("battre", "sum"))
    return summed.join(grouped[["fel_med_kr", "fel_utan_kr"]].mean()).reset_index()


def kept_level(level: float, hallit: int, provade: int) -> float:
    """The level to aim at: the stated one, or a higher one where enough ranges have been tried and too few held.

    >>> kept_level(0.8, 17, 21), kept_level(0.8, 2, 4), kept_level(0.8, 1, 3)
    (0.8, 0.9, 0.8)
    """
    short = order(provade, level) is not None and hallit < level * provade
    return level + WIDER * (1 - level) if short else level


def summed_up(errors: pd.DataFrame) -> pd.DataFrame:
    """Mean size of the errors by source, method, row and month: antal, medelfel_kr, medelfel_procent."""
    keys = ["kalla", "metod", "budgetrad", "tom_manad"]
    sizes = errors[["fel_kr", "fel_procent"]].abs().set_axis(["medelfel_kr", "medelfel_procent"], axis=1)
    grouped = sizes.groupby([errors[key] for key in keys], sort=False)
    frame = grouped.mean()
    frame.insert(0, "antal", grouped.size())
    return frame.reset_index()
