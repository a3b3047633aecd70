"""Invoice lines beside their decisions: the days that a decision covers, its price, and what credit notes take away.

All is arrays over the lines. Days are counted as day numbers and a period includes both its days.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.chains import OPEN, day_numbers, month_starts
from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.lss.price_book import price_book

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


def unbilled(case: Case, found: Lines, decisions: pd.DataFrame, tom_manad: int) -> pd.DataFrame:
    """Days of the year's months that no invoice has billed, of decisions that are billed.

        kr = (days of the decision in the month - days that its invoices cover) * price

    Billed are decisions with a price of their own, or with a provider that has sent an invoice for the unit. Decisions
    by the hour are left out: what has not been billed may not have been performed. A day that is billed twice is
    covered once, and a line by the month covers its days.

    Returns
    -------
    `manad` (ÅÅÅÅ-MM), `row` (of the decision), `dygn` and `kr` (NaN without a price), a row a decision and month with
    days that are missing.
    """
    sends = decisions["utforare"].fillna("").isin(set(found.frame["utforare"]))
    keep = decisions["timmar_per_manad"].isna() & (decisions["pris_kr_per_dygn"].notna() | sends)
    rows = np.flatnonzero(keep.to_numpy())
    begins, ends = (day_numbers(decisions[name]) for name in ("fran", "till"))
    first, last = begins[rows], ends[rows]
    place, since, until = _covered(found, begins, ends)
    parts = []
    for month in range(1, tom_manad + 1):
        start, after = month_starts(f"{case.ar}-{month:02d}", 1)
        there = np.clip(np.minimum(last + 1, after) - np.maximum(first, start), 0, None)
        billed = np.clip(np.minimum(until + 1, after) - np.maximum(since, start), 0, None)
        days = np.bincount(place, billed, len(decisions))[rows]
        frame = pd.DataFrame({"manad": f"{case.ar}-{month:02d}", "row": rows, "dygn": np.clip(there - days, 0, None)})
        parts.append(frame.assign(pris=_prices(case, decisions.iloc[rows], date(case.ar, month, 1))))
    found_days = pd.concat(parts, ignore_index=True)
    missing = found_days[found_days["dygn"] > 0]
    return missing.assign(kr=missing["dygn"] * missing["pris"]).drop(columns="pris").reset_index(drop=True)


def _covered(found: Lines, begins: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What invoices by the day or month cover of decisions, no day twice: the decision, and the first and last day."""
    by_time = found.frame["mattenhet"].isin([DAYS, MONTHS]).to_numpy()
    bills = by_time & ~found.credit & ~found.settled & (found.place >= 0)
    place = found.place[bills]
    since, until = np.maximum(found.first[bills], begins[place]), np.minimum(found.last[bills], ends[place])
    order = np.lexsort((since, place))
    place, since, until = place[order], since[order], until[order]
    so_far = pd.Series(until).groupby(place).cummax()
    before = so_far.groupby(place).shift(fill_value=-OPEN).to_numpy()
    return place, np.maximum(since, before + 1), until


def _prices(case: Case, decisions: pd.DataFrame, day: date) -> np.ndarray:
    """kr for a day of each decision: its own price, else the list's."""
    book = price_book(case, BAS)
    cells = decisions[["insats", "niva", "regi"]].drop_duplicates()
    kr = {tuple(cell): book.day_price("ersattning", tuple(cell), day) for cell in cells.itertuples(index=False)}
    found = pd.MultiIndex.from_frame(decisions[["insats", "niva", "regi"]]).map(kr).to_numpy(float)
    own = decisions["pris_kr_per_dygn"].to_numpy(float)
    return np.where(np.isnan(own), found, own)
