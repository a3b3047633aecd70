"""Chains of decisions: renewals that follow on each other are one stay in an insats, whoever asks.

Decisions are limited in time and renewed. Those of the same person and insats without a gap are a chain. What is new is
a chain that begins, what ends is a chain that ends, and a decision in between is a renewal.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

OPEN = np.int64(np.datetime64("2200-01-01").astype("datetime64[D]").astype(np.int64))  # the last day of what still runs


def day_numbers(days: pd.Series) -> np.ndarray:
    """Days since 1970; a missing end is `OPEN`."""
    numbers = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.where(days.isna().to_numpy(), OPEN, numbers)


def month_starts(last: str, count: int) -> np.ndarray:
    """The first day of each of `count` months up to `last` (ÅÅÅÅ-MM), and of the month after, as day numbers.

    >>> month_starts("1970-03", 2).tolist()
    [31, 59, 90]
    """
    month = np.datetime64(last, "M").astype(np.int64)
    return np.arange(month - count + 1, month + 2).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


@dataclass(frozen=True)
class Chains:
    """The chains of some decisions: arrays in order of chain, and of decisions in the order of the rows given.

    insatser    the names, sorted
    code        (chain,) the place of its insats among them
    first, end  (chain,) its first day, and the day after its last, as day numbers
    of_row      (decision,) the number of its chain
    begins      (decision,) whether it is the first of its chain; each of the others is a renewal, from its `fran`
    row_first, row_end   (decision,) its own first day, and the day after its last
    row_code    (decision,) the place of its insats
    """

    insatser: list[str]
    code: np.ndarray
    first: np.ndarray
    end: np.ndarray
    of_row: np.ndarray
    begins: np.ndarray
    row_first: np.ndarray
    row_end: np.ndarray
    row_code: np.ndarray

    def count(self, days: np.ndarray, starts: np.ndarray, code: np.ndarray) -> np.ndarray:
        """How many of some days lie in each month, (month, insats)."""
        month = np.searchsorted(starts, days, side="right") - 1
        months, kinds = len(starts) - 1, len(self.insatser)
        inside = (month >= 0) & (month < months)
        found = np.bincount(month[inside] * kinds + code[inside], minlength=months * kinds)
        return found.reshape(months, kinds)

    def new(self, starts: np.ndarray) -> np.ndarray:
        """Chains that begin in each month, (month, insats)."""
        return self.count(self.first, starts, self.code)

    def ended(self, starts: np.ndarray) -> np.ndarray:
        """Chains that end in each month, (month, insats): a chain has ended on the day after its last."""
        return self.count(self.end, starts, self.code)

    def renewed(self, starts: np.ndarray) -> np.ndarray:
        """Decisions that go on where another of the chain ends, by the month of their first day, (month, insats)."""
        later = ~self.begins
        return self.count(self.row_first[later], starts, self.row_code[later])

    def running(self, starts: np.ndarray) -> np.ndarray:
        """Chains that run on the last day of each month, (month, insats)."""
        return running(self.first, self.end, self.code, starts[1:] - 1, len(self.insatser))

    def decisions(self, starts: np.ndarray) -> np.ndarray:
        """Decisions that run on the last day of each month, (month, insats)."""
        return running(self.row_first, self.row_end, self.row_code, starts[1:] - 1, len(self.insatser))

    def running_on(self, day: int | np.ndarray) -> np.ndarray:
        """Whether each runs on a day, (chain,); on each of some days as a column, (day, chain)."""
        return (self.first <= day) & (self.end > day)


def running(first: np.ndarray, end: np.ndarray, code: np.ndarray, days: np.ndarray, kinds: int, weight=None):
    """How many intervals from `first` to the day before `end` hold each of some rising days, (day, kind).

    running(day) = begun by the day - ended by the day; `weight` sums another number of each instead.

    >>> one, two, kind = np.array([1, 5]), np.array([6, 9]), np.array([0, 0])
    >>> running(one, two, kind, np.array([4, 5, 6]), 1).tolist()
    [[1], [2], [1]]
    """
    total = np.zeros((len(days) + 1) * kinds, dtype=np.int64 if weight is None else float)
    for edges, sign in ((first, 1), (end, -1)):
        place = np.searchsorted(days, edges, side="left") * kinds + code
        total += sign * np.bincount(place, weight, minlength=len(total)).astype(total.dtype)
    return total.reshape(len(days) + 1, kinds)[:-1].cumsum(axis=0)


def chains(rows: pd.DataFrame, gap_days: int) -> Chains:
    """The chains of decisions: the same person and insats, with at most `gap_days` days between two of them.

    Parameters
    ----------
    rows : `person`, `insats`, `fran`, `till` (empty: still running); both ends are inside
    gap_days : the most days without a decision inside a chain, rule `insatser.lucka_dagar`

    >>> found = chains(pd.DataFrame({"person": "p1", "insats": "boende", "fran": pd.to_datetime(["2024-01-01",
    ...     "2024-07-01"]), "till": pd.to_datetime(["2024-06-30", None])}), 1)
    >>> found.of_row.tolist(), found.begins.tolist()
    ([0, 0], [True, False])
    """
    person, _ = pd.factorize(rows["person"])
    code, names = pd.factorize(rows["insats"], sort=True)
    first, end = day_numbers(rows["fran"]), day_numbers(rows["till"]) + 1
    pair = person.astype(np.int64) * len(names) + code
    order = _sorted(pair, first)
    pair, starts, ends = pair[order], first[order], end[order]
    reach = _reach(pair, ends)
    opens = np.ones(len(order), bool)
    opens[1:] = (pair[1:] != pair[:-1]) | (starts[1:] - reach[:-1] > gap_days)
    number = np.cumsum(opens) - 1
    last = np.append(opens, True)[1:]
    of_row, begins = np.empty(len(order), np.int64), np.empty(len(order), bool)
    of_row[order], begins[order] = number, opens
    heads = order[opens]
    return Chains(list(names), code[heads], first[heads], reach[last], of_row, begins, first, end, code)


def first_month(rows: pd.DataFrame) -> str:
    """The month from which the persons of some decisions are followed: that of the first that ended, ÅÅÅÅ-MM."""
    return f"{(rows['till'] if rows['till'].notna().any() else rows['fran']).min():%Y-%m}"


def persons_there(rows: pd.DataFrame, found: Chains, starts: np.ndarray) -> np.ndarray:
    """Whether each person has something that runs on each month's last day, (month, person)."""
    person, names = pd.factorize(rows["person"])
    of_chain = np.empty(len(found.first), np.int64)
    of_chain[found.of_row] = person
    seen = np.zeros((len(starts) - 1, len(names)), bool)
    for place, day in enumerate(starts[1:] - 1):
        seen[place, of_chain[found.running_on(day)]] = True
    return seen


def persons_moved(there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who has something at one month's end and nothing at the other's: the month and the person of each.

    >>> [part.tolist() for part in persons_moved(np.array([[True, False], [True, True], [False, True]]))]
    [[1, 2], [1, 0]]
    """
    month, who = np.nonzero(there[1:] != there[:-1])
    return month + 1, who


def _sorted(pair: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The order by person and insats, then by first day, in one sort of whole numbers."""
    if not len(pair):
        return np.zeros(0, np.int64)
    low = first.min()
    return np.argsort(pair * (first.max() - low + 1) + (first - low), kind="stable")


def _reach(pair: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The latest end so far within each pair: pairs rise, so that one running maximum over all does."""
    if not len(end):
        return end
    low = end.min()
    width = end.max() - low + 1
    return np.maximum.accumulate(pair_rank(pair) * width + (end - low)) % width + low


def pair_rank(pair: np.ndarray) -> np.ndarray:
    """0, 1, 2, … for sorted keys: small numbers in the same order.

    >>> pair_rank(np.array([3, 3, 9])).tolist()
    [0, 0, 1]
    """
    return np.cumsum(np.diff(pair, prepend=pair[:1]) != 0)
