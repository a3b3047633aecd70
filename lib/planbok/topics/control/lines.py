"""Invoice lines beside their decisions: the days that a decision covers, its price, and what credit notes take away.

All is arrays over the lines. Days are counted as day numbers and a period includes both its days.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis.chains import OPEN, day_numbers

HOURS_OF_DAY = 24
DAYS, HOURS, MONTHS, PIECES = "dygn", "timme", "manad", "styck"
FAR = float(np.finfo(float).max)


@dataclass(frozen=True)
class Lines:
    """The unit's invoice lines, as far as the control needs them.

    frame      the rows as they are read, one a line
    place      (line,) the row of the decision, -1 without one
    first, last   (line,) the period, as day numbers
    inside     (line,) the days of the period that the decision covers; all of them without a decision
    credit     (line,) whether it is a credit note
    settled    (line,) a credit note that has found its debit, and the debit
    again      (line,) the days that an earlier line has billed; all of them where the whole line has
    """

    frame: pd.DataFrame
    place: np.ndarray
    first: np.ndarray
    last: np.ndarray
    inside: np.ndarray
    credit: np.ndarray
    settled: np.ndarray
    again: np.ndarray

    @property
    def days(self) -> np.ndarray:
        """Days of each line's period."""
        return self.last - self.first + 1

    @property
    def most(self) -> np.ndarray:
        """The largest number that a line's period has room for, in the line's own unit."""
        unit = self.frame["mattenhet"].to_numpy()
        months = _month(self.last) - _month(self.first) + 1
        return np.select(
            [unit == DAYS, unit == HOURS, unit == MONTHS], [self.days, HOURS_OF_DAY * self.days, months], FAR
        )


def _month(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def lines(frame: pd.DataFrame, decisions: pd.DataFrame) -> Lines:
    """Lines with the days that their decisions cover, credit notes against debits, and what is billed twice.

    A credit note takes away the earliest debit of the same provider, decision, period, unit and amount. Of the debits
    that are left, one bills a day again where an earlier one of the same decision and price has it.

    Parameters
    ----------
    frame : rows of `fakturor` in the order in which they came
    decisions : rows of `beslut`, one a decision
    """
    frame = frame.reset_index(drop=True)
    named = frame["beslut"].fillna("")
    place = pd.Index(decisions["beslut"]).get_indexer(named)
    first, last = day_numbers(frame["fran"]), day_numbers(frame["till"])
    covers = [np.append(day_numbers(decisions[name]), end) for name, end in (("fran", -OPEN), ("till", OPEN))]
    begins, ends = np.maximum(first, covers[0][place]), np.minimum(last, covers[1][place])
    inside = np.clip(ends - begins + 1, 0, None)
    credit = (frame["typ"] == "kredit").to_numpy() | (frame["belopp_kr"] < 0).to_numpy()
    billed = np.stack([begins, ends])
    settled, again = _twice(frame, place, billed, inside, credit)
    return Lines(frame, place, first, last, inside, credit, settled, again)


def _twice(
    frame: pd.DataFrame, place: np.ndarray, billed: np.ndarray, inside: np.ndarray, credit: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What credit notes settle, and the days that an earlier line has billed; only suspects are looked at closely."""
    settled, again = np.zeros(len(frame), bool), np.zeros(len(frame), np.int64)
    rows = np.flatnonzero(_suspect(frame, place, billed, credit))
    if not len(rows):
        return settled, again
    some = frame.loc[rows, ["faktura", "utforare", "beslut", "fran", "till", "mattenhet", "kr_per_enhet", "manad"]]
    some = some.assign(belopp=frame.loc[rows, "belopp_kr"].abs().round(2), credit=credit[rows], place=place[rows])
    some = some.assign(beslut=some["beslut"].fillna(""), row=rows, begins=billed[0][rows], ends=billed[1][rows])
    some = some.sort_values(["manad", "row"], kind="stable")
    same = ["utforare", "beslut", "fran", "till", "mattenhet", "belopp"]
    number = some.groupby([*same, "credit"], sort=False).cumcount()
    count = some.groupby(same, sort=False)["credit"].agg(["sum", "size"])
    pairs = some[same].merge(count, left_on=same, right_index=True, how="left")
    paired = np.minimum(pairs["sum"], pairs["size"] - pairs["sum"]).to_numpy() > number.to_numpy()
    settled[some["row"].to_numpy()[paired]] = True
    left = some[~paired & ~some["credit"].to_numpy()]
    whole = _same_again(left, same)
    again[whole] = np.maximum(inside[whole], 1)
    overlap = left[(left["mattenhet"] == DAYS) & (left["place"] >= 0) & ~left["row"].isin(whole)]
    days = _overlapping(overlap)
    again[overlap["row"].to_numpy()] = days
    return settled, again


def _suspect(frame: pd.DataFrame, place: np.ndarray, billed: np.ndarray, credit: np.ndarray) -> np.ndarray:
    """Lines of decisions where a credit note or two overlapping periods stand, and all lines without a decision."""
    order = np.argsort(place * (OPEN + 1) + billed[0], kind="stable")
    end = billed[1][order]
    following = (place[order][1:] == place[order][:-1]) & (billed[0][order][1:] <= end[:-1])
    return np.isin(place, [-1, *place[order][1:][following], *place[credit]])


def _same_again(left: pd.DataFrame, same: list[str]) -> np.ndarray:
    """Rows that bill what an earlier one has; without a decision only on another invoice than the first."""
    later = left.duplicated(same)
    first = left.groupby(same, sort=False)["faktura"].transform("first")
    return left.loc[later & ((left["place"] >= 0) | (left["faktura"] != first)), "row"].to_numpy()


def _overlapping(left: pd.DataFrame) -> np.ndarray:
    """Days of each row that the rows before it of the same decision and price have billed, at most all of its own."""
    key = ["place", "kr_per_enhet"]
    ordered = left.sort_values([*key, "begins", "row"], kind="stable")
    before = ordered.groupby(key, sort=False)["ends"].transform(lambda ends: ends.cummax().shift())
    days = np.minimum(before, ordered["ends"]) - ordered["begins"] + 1
    return days.clip(lower=0).fillna(0).reindex(left.index).to_numpy().astype(np.int64)
