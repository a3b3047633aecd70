"""Invoices that have not come: days of a decision that nobody has billed."""

from datetime import date

import numpy as np
import pandas as pd

from planbok.analysis.chains import OPEN, day_numbers, month_starts
from planbok.case.case import Case
from planbok.inputs.scenario.load import BAS
from planbok.lss.price_book import price_book
from planbok.topics.control.lines import DAYS, MONTHS, Lines


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
