"""A year's prognosis from its first months: books, a method per leaf, changes and measures in, kronor out.

Pure: arrays and numbers in, arrays and numbers out. Every method is one straight expression in what is booked to date
(`analysis.forecast`), so what it has already seen of a change is known exactly:

    seen    = factor * the change's kronor in the months received
    missing = the change's kronor in the year - seen

Nothing is missing of what has been at work in every month; all is missing of what has not begun.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.analysis import forecast
from planbok.analysis.forecast import DRIVERS, MONTHS, Extrapolation, Past, received
from planbok.case.topic import DrivenOf, no_driven
from planbok.ledger.act import FRAME, JUDGEMENT, MEASURE, PLANNED, Outcome
from planbok.topics.follow_up.books import SIDES, SIGN, Books

MOVED = {"nr": int, "typ": str, "planerad": bool, "leaf": int, "side": int, "helar": float}


@dataclass(frozen=True)
class Choices:
    """How each leaf is looked ahead for: the method wanted, why, and by how many months its invoices are late."""

    metod: np.ndarray
    varfor: np.ndarray
    late: np.ndarray


@dataclass(frozen=True)
class Moves:
    """What a scenario's changes do by month, kr: one row per change and place where it lands.

    `rows` has nr, typ, `planerad` (a measure that isn't decided), `leaf`, `side` (0 cost, 1 revenue, 2 frame) and
    `helar` (twelve months at the rate of 31 December).
    """

    rows: pd.DataFrame
    months: np.ndarray  # (row, 12)
    unknown: tuple[str, ...] = ()  # what other topics can't say of the changes, in words: it is in no row


@dataclass(frozen=True)
class Prognosis:
    """The year as the method sees it, and what changes, judgement and measures put to it. Net cost is plus."""

    books: Books
    choices: Choices
    used: np.ndarray  # the method used, (leaf, side)
    method: Extrapolation  # series: leaf by leaf, cost then revenue
    moves: Moves
    driven_of: DrivenOf = no_driven

    @property
    def shape(self) -> tuple[int, int]:
        return self.books.to_date.shape

    @cached_property
    def model(self) -> np.ndarray:
        """The year as the method sees it, (leaf, side), kr."""
        return self.method.year(self.books.to_date.ravel()).reshape(self.shape)

    @cached_property
    def months(self) -> np.ndarray:
        """The model's months: booked to date, ahead as the method spreads them, (leaf, side, 12)."""
        ahead = self.method.months(self.books.to_date.ravel()).reshape(*self.shape, MONTHS)
        return np.where(np.arange(MONTHS) < self.books.tom, self.books.actual, ahead)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Each row of `moves`: what it does to the net cost, kr.

        Columns: nr, typ, leaf, side, ar (in the year), helar, hittills (in the books by now), sedd (already in the
        model), kvar (not yet in it). A judgement is never in the model; what is left of it is all that lies ahead. On
        the frame, `ar` is what the year's budget changes by, and nothing is seen or left.
        """
        rows, months = self.moves.rows, self.moves.months
        leaf, side = rows["leaf"].to_numpy(int), rows["side"].to_numpy(int)
        on_cost = side < FRAME
        sign = np.where(on_cost, SIGN[np.minimum(side, 1)], 1.0)
        gone = forecast.received(self.books.tom, self.choices.late[leaf])
        booked = np.where(np.arange(MONTHS) < gone[:, None], months, 0.0).sum(axis=1)
        judged = (rows["typ"] == JUDGEMENT).to_numpy()
        ahead = np.where(np.arange(MONTHS) >= self.books.tom, months, 0.0).sum(axis=1)
        seen = np.where(judged | ~on_cost, 0.0, booked * self._factor(leaf, np.minimum(side, 1)))
        year = np.where(judged, ahead, months.sum(axis=1))
        return rows.assign(
            ar=sign * year,
            helar=sign * rows["helar"],
            hittills=sign * np.where(judged | ~on_cost, 0.0, booked),
            sedd=sign * seen,
            kvar=np.where(on_cost, sign * (year - seen), 0.0),
        )

    def _factor(self, leaf: np.ndarray, side: np.ndarray) -> np.ndarray:
        """By how much the model multiplies what is booked of a change.

        A row that is booked only in its operations has a leaf of its own with nothing in it: a change of the whole row
        is then seen as the operations together are.
        """
        factor, to_date = self.method.factor.reshape(self.shape), self.books.to_date
        row, names = pd.factorize(self.books.leaves["budgetrad"])
        weighed, weight = (np.zeros((len(names), 2)) for _ in range(2))
        np.add.at(weighed, row, np.nan_to_num(factor * to_date))
        np.add.at(weight, row, np.nan_to_num(to_date))
        together = np.divide(weighed, weight, out=np.ones_like(weighed), where=weight != 0)[row]
        empty = (to_date == 0) & (together != 0)
        return np.where(empty, together, factor)[leaf, side]

    @cached_property
    def changes_ahead(self) -> np.ndarray:
        """What changes and judgement add to the model in the months ahead, net kr by leaf and month.

        Each lies as it is dated, else evenly. Measures still to come are left out: they are shown beside the prognosis.
        """
        return self.spread(measures=False)

    def spread(self, measures: bool) -> np.ndarray:
        """What changes and judgement, with or without measures, put to the model, by leaf and month ahead, net kr."""
        parts, found = self.parts, np.zeros((len(self.books.leaves), MONTHS))
        counted = ((measures | (parts["typ"] != MEASURE)) & (parts["side"] < FRAME)).to_numpy()
        ahead = (np.arange(MONTHS) >= self.books.tom).astype(float)
        months = self.moves.months[counted] * ahead
        whole = months.sum(axis=1, keepdims=True)
        even = ahead / max(ahead.sum(), 1)
        share = np.divide(months, whole, out=np.tile(even, (len(months), 1)), where=whole != 0)
        leaf = parts["leaf"].to_numpy(int)[counted]
        np.add.at(found, leaf, share * parts["kvar"].to_numpy(float)[counted, None])
        return found

    def net(self, money: np.ndarray) -> np.ndarray:
        """Cost minus revenue of an array whose second axis is the side."""
        return np.moveaxis(money, 1, -1) @ SIGN

    def rows(self, by_leaf: np.ndarray) -> pd.Series:
        """An amount of each leaf summed by budget row, in the budget's order; NaN for a row without leaves."""
        rows, row = self.books.budget_rows.index, self.books.row
        found = np.full(len(rows), np.nan)
        found[row[row >= 0]] = 0.0
        np.add.at(found, row[row >= 0], by_leaf[row >= 0])
        return pd.Series(found, index=rows)

    @cached_property
    def amounts(self) -> "Amounts":
        """The unit's figures, kr; NaN where something that they need is unknown."""
        typ, side, kvar = (self.parts[name].to_numpy() for name in ("typ", "side", "kvar"))
        frame, planned = side == FRAME, self.parts["planerad"].to_numpy(bool)
        judged, measure = typ == JUDGEMENT, typ == MEASURE
        return Amounts(
            budget=float(self.books.budget_rows.to_numpy().sum(axis=0) @ SIGN + np.nansum(self.parts["ar"][frame])),
            utfall=float(self.net(self.books.to_date).sum()),
            modell=float(self.net(self.model).sum()),
            forandringar=float(kvar[~frame & ~judged & ~measure].sum()),
            bedomning=float(kvar[judged].sum()),
            atgarder=float(kvar[measure & ~planned].sum()),
            planerade=float(kvar[measure & planned].sum()),
        )

    @cached_property
    def by_leaf(self) -> pd.DataFrame:
        """The figures of each leaf, kr: utfall, budget (NaN where the budget doesn't part it off), ... prognos."""
        typ, cost = self.parts["typ"].to_numpy(), self.parts["side"].to_numpy() < FRAME
        put = {
            "forandringar": cost & (typ != MEASURE) & (typ != JUDGEMENT),
            "bedomning": cost & (typ == JUDGEMENT),
            "atgarder": cost & (typ == MEASURE),
        }
        found = {
            "utfall": self.net(self.books.to_date),
            "budget": self.net(self.books.budget.sum(axis=2)),
            "modell": self.net(self.model),
            **{name: self._landed("kvar", mask, 1) for name, mask in put.items()},
            "ram": self._landed("ar", ~cost, 0),
        }
        prognos = found["modell"] + found["forandringar"] + found["bedomning"]
        return self.books.leaves.assign(**found, prognos=prognos)

    def _landed(self, kr: str, rows: np.ndarray, fewest: int) -> np.ndarray:
        """Kronor of some rows of `parts` by leaf; NaN where none of a leaf's are known and `fewest` must be."""
        if not rows.any():
            return np.zeros(len(self.books.leaves))
        sums = self.parts[rows].groupby("leaf")[kr].sum(min_count=fewest)
        return sums.reindex(range(len(self.books.leaves)), fill_value=0.0).to_numpy(float)

    @cached_property
    def _earlier(self) -> dict[int, "Prognosis"]:
        return {}

    def after(self, tom: int) -> "Prognosis":
        """The same books, methods and changes as they stood after an earlier month."""
        if tom not in self._earlier:
            self._earlier[tom] = prognosis(at_month(self.books, tom), self.choices, self.moves, self.driven_of)
        return self._earlier[tom]


@dataclass(frozen=True)
class Amounts:
    """A unit's year, kr: budget, booked to date, the model's year, what changes and judgement add. Plus costs more."""

    budget: float
    utfall: float
    modell: float
    forandringar: float  # of the scenario's changes, what the model has not seen
    bedomning: float
    atgarder: float  # of the measures that are decided or in effect, what the model has not seen
    planerade: float  # of those that are only planned

    @property
    def prognos(self) -> float:
        """prognos = modell + forandringar + bedomning; measures still to come are shown beside it."""
        return self.modell + self.forandringar + self.bedomning

    @property
    def avvikelse(self) -> float:
        """avvikelse = budget - prognos; minus is a deficit."""
        return self.budget - self.prognos

    @property
    def gap_efter(self) -> float:
        """What is missing for balance when what is decided has done its part; never below 0."""
        return max(0.0, -(self.avvikelse - self.atgarder)) if self.avvikelse == self.avvikelse else np.nan


def prognosis(books: Books, choices: Choices, moves: Moves, driven_of: DrivenOf = no_driven) -> Prognosis:
    """The year under the chosen methods and a scenario's changes.

    Parameters
    ----------
    books : booked and budgeted money
    choices : method and late months per leaf
    moves : from `moves_of`
    driven_of : what the topics expected of a year after a month; asked only where a leaf is looked ahead for by it

    Returns
    -------
    Prognosis; a leaf whose method can't be used falls back on a straight line, then on the monthly budget, and
    `used` says which.
    """
    leaves = len(books.leaves)
    past = Past(
        books.past.reshape(len(books.years), leaves * 2, MONTHS),
        books.budget.reshape(-1, MONTHS),
        expected(driven_of, books, choices.late).reshape(-1, MONTHS) if (choices.metod == DRIVERS).any() else None,
    )
    late = np.repeat(choices.late, 2)
    methods = forecast.every_method(past, books.tom, late)
    used, method = forecast.chosen(np.repeat(choices.metod, 2), methods)
    return Prognosis(books, choices, used.reshape(leaves, 2), method, moves, driven_of)


def moves_of(outcome: Outcome, books: Books) -> Moves:
    """What a scenario does to the budget, month by month, on the leaves that the outturn is followed up on."""
    rows, months = [], []
    for move in outcome.moves:
        for leaf, added in zip(move.leaf, move.added, strict=True):
            helar = float(added[outcome.base.full_year].sum())
            change = move.numbered.change
            planned = getattr(change, "status", "") == PLANNED
            rows.append((move.numbered.nr, change.typ, planned, int(books.homes[leaf]), move.side, helar))
            months.append(added @ outcome.base.in_months)
    frame = pd.DataFrame(rows, columns=[*MOVED]).astype(MOVED)
    return Moves(frame, np.array(months).reshape(len(rows), MONTHS), outcome.okant)


def at_month(books: Books, tom: int) -> Books:
    """The same books as they stood after an earlier month: later months are unknown."""
    actual = np.where(np.arange(MONTHS) < tom, books.actual, np.nan)
    return replace(books, tom=tom, actual=actual)


def users_effect(financing: pd.Series, procent: float, by_users: tuple[str, ...]) -> pd.Series:
    """What a change in the number of users does to the frame, by what pays for it.

        change = frame * procent / 100 for what users bring in, 0 for grants

    >>> frame = pd.Series({"intakt": 37.62, "anslag": 4.18})
    >>> users_effect(frame, -5, ("intakt",)).round(3).to_dict()
    {'intakt': -1.881, 'anslag': 0.0}
    """
    moves = financing.index.isin(by_users)
    return (financing * procent / 100).where(moves, 0.0)


def expected(driven_of: DrivenOf, books: Books, late: np.ndarray) -> np.ndarray:
    """What the topics expect of the year's months of service now, (leaf, side, 12); NaN on rows they say nothing of."""
    return laid_out(driven_of(books.ar, books.tom).kr, books, books.to_date, books.tom, late)


def expected_then(
    driven_of: DrivenOf, books: Books, years: list[int], money: np.ndarray, late: np.ndarray, months: range
) -> np.ndarray:
    """What they expected in earlier years, from what was known after each of some months: (year, 11, series, 12)."""
    leaves = len(books.leaves)
    found = np.full((len(years), MONTHS - 1, leaves * 2, MONTHS), np.nan)
    for place, year in enumerate(years):
        for tom in months:
            to_date = money[place, :, :, :tom].sum(axis=2)
            path = laid_out(driven_of(year, tom).kr, books, to_date, tom, late)
            found[place, tom - 1] = path.reshape(leaves * 2, MONTHS)
    return found


def laid_out(kr: pd.DataFrame, books: Books, to_date: np.ndarray, tom: int, late: np.ndarray) -> np.ndarray:
    """Months by budget row and side on the row's leaves, by what is booked on each, at the level of what is booked.

        leaf's month = its share of the row's booked money * the month + what makes the months received its own mean

    The level moves no prognosis; it is there so that the months ahead lie as the row's own money does. A leaf or side
    of such a row that nothing drives has equal months.
    """
    found = np.full((*to_date.shape, MONTHS), np.nan)
    months = received(tom, late)
    for row in kr.index.unique(level=0) if len(kr) else []:
        on_row = np.flatnonzero((books.leaves["budgetrad"] == row).to_numpy())
        found[on_row] = 0.0
        for side, name in enumerate(SIDES):
            if (row, name) in kr.index:
                weight = np.nan_to_num(to_date[on_row, side])
                share = weight / weight.sum() if weight.sum() else np.ones_like(weight) / len(weight)
                found[on_row, side] = share[:, None] * kr.loc[(row, name)].to_numpy(float)
    there = np.arange(MONTHS) < months[:, None, None]
    count = np.maximum(months, 1)[:, None]
    level = (to_date - np.where(there, found, 0.0).sum(axis=2)) / count
    return found + level[:, :, None]
