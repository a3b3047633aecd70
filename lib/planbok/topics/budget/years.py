"""Years side by side: what a budget differs from an earlier one, and how much of it is a stated price rise."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.budget_rows import net_by_row

MEASURES = ("kostnad", "intakt", "netto")
YEAR_COLUMNS = [
    "fran_ar",
    "till_ar",
    "budgetrad",
    *(f"{measure}_{end}_mnkr" for measure in MEASURES for end in ("fran", "till", "forandring")),
    "procent",
    "pris_mnkr",
    "volym_mnkr",
]


def derived_year_before(rows: pd.DataFrame) -> pd.DataFrame:
    """The net cost of each row the year before, from the change column.

        netto the year before = kostnad - intakt - forandring

    Parameters
    ----------
    rows : one unit, year and version of the table budget, without its control total

    Returns
    -------
    DataFrame kostnad, intakt (unknown), netto by budgetrad, mnkr; empty where no row states its change.
    """
    whole = (rows["verksamhet"] == "") & (rows["kostnadsslag"] == "")
    has_whole = rows["budgetrad"].isin(rows.loc[whole, "budgetrad"])
    counted = rows[whole | ~has_whole]  # the row itself, or its parts where it stands only as parts
    netto = counted["kostnad_mnkr"] - counted["intakt_mnkr"] - counted["forandring_mnkr"]
    netto = netto.groupby(counted["budgetrad"], sort=False).sum(skipna=False).round(6)
    frame = pd.DataFrame({"kostnad": np.nan, "intakt": np.nan, "netto": netto})
    return frame if netto.notna().any() else frame.iloc[:0]


def yearly_sums(rows: pd.DataFrame, ar: int) -> tuple[dict[int, pd.DataFrame], bool]:
    """kostnad, intakt and netto by row for every year up to `ar`, and whether the year before is derived.

    `rows` are the unit's rows of one version and all years, without totals. The year before is taken from the table
    where it is there, else derived from the change column.
    """
    sums = {int(year): net_by_row(frame) for year, frame in rows[rows["ar"] <= ar].groupby("ar")}
    derived = derived_year_before(rows[rows["ar"] == ar]) if ar - 1 not in sums else pd.DataFrame()
    if len(derived):
        sums[ar - 1] = derived
    return sums, bool(len(derived))


def compare_years(sums: dict[int, pd.DataFrame], ar: int, uprating: Callable[[str], float | None]) -> pd.DataFrame:
    """What `ar` differs from each earlier year, row by row and in total, mnkr; the nearest year first.

    Parameters
    ----------
    sums : from `yearly_sums`
    uprating : budget row to the stated uprating from the year before to `ar`, per cent, or None

    Returns
    -------
    DataFrame YEAR_COLUMNS: the earlier year, the later year and their difference for kostnad, intakt and netto,
    `procent` of the net, and against the year before, where an uprating is stated,

        pris_mnkr  = earlier net * uprating / 100
        volym_mnkr = difference - pris_mnkr
    """
    earlier = [year for year in sorted(sums, reverse=True) if year != ar]
    pairs = [_pair(sums[year], sums[ar], uprating if year == ar - 1 else lambda row: None) for year in earlier]
    tables = [pair.assign(fran_ar=year, till_ar=ar) for pair, year in zip(pairs, earlier, strict=True)]
    return pd.concat(tables, ignore_index=True)[YEAR_COLUMNS] if tables else pd.DataFrame(columns=YEAR_COLUMNS)


def _pair(before: pd.DataFrame, after: pd.DataFrame, uprating: Callable[[str], float | None]) -> pd.DataFrame:
    order = list(dict.fromkeys([*after.index, *before.index]))
    table = pd.DataFrame(index=pd.Index(order, name="budgetrad"))
    for measure in MEASURES:
        first, last = (_in_order(frame[measure], order) for frame in (before, after))
        table[f"{measure}_fran_mnkr"], table[f"{measure}_till_mnkr"] = first, last
        table[f"{measure}_forandring_mnkr"] = (last - first).round(6)
    percent = pd.Series({row: uprating(row) for row in order}, dtype=float)
    table["pris_mnkr"] = table["netto_fran_mnkr"] * percent / 100
    table["volym_mnkr"] = table["netto_forandring_mnkr"] - table["pris_mnkr"]
    table.loc[TOTAL_ROW] = table.sum(skipna=False).round(6)
    base = table["netto_fran_mnkr"]  # per cent of nothing, or of a net revenue, says nothing
    table["procent"] = 100 * table["netto_forandring_mnkr"] / base.where(base > 0)
    return table.reset_index()


def _in_order(amounts: pd.Series, order: list[str]) -> pd.Series:
    """Amounts of all rows; a row that the year does not have is no money that year."""
    return amounts.reindex(order).where(pd.Index(order).isin(amounts.index), 0.0)
