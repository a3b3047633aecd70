"""The rows of a budget as kronor, down to their smallest parts."""

import pandas as pd

from planbok.base.kept import CONTENTS
from planbok.base.numbers import KR_PER_MNKR
from planbok.inputs.tables.control_totals import TOTAL_ROW

KEY = ["budgetrad", "verksamhet", "kostnadsslag"]
MONEY = ["kostnad_kr", "intakt_kr"]
VERSIONS = {
    "vp": ("preliminär budget (VP)", "beslutad"),
    "justerad_t1": ("justerad budget efter tertial 1", "beslutad"),
    "justerad_t2": ("justerad budget efter tertial 2", "beslutad"),
    "bokslut": ("bokslut", "utfall"),
}


def without_total(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that are added: all but the control total."""
    return rows[rows["budgetrad"] != TOTAL_ROW]


def leaves(rows: pd.DataFrame) -> pd.DataFrame:
    """The budget's smallest parts, kr: what a row holds beyond its parts stays as the row itself.

        remainder = row without operation - sum of its operations

    and the same for cost types within an operation. A part whose amount is unknown stays inside the remainder. Every
    budget row, operation and cost type has a leaf of its own, 0 where its parts are all there is, for amounts that
    name no part.

    Parameters
    ----------
    rows : one unit, year and version of the table budget, without its control total

    Returns
    -------
    DataFrame KEY, kostnad_kr, intakt_kr; NaN where the budget does not say.
    """
    stated = rows[[*KEY, "kostnad_mnkr", "intakt_mnkr"]].reset_index(drop=True)
    return CONTENTS.of(_leaves, stated).copy(deep=False)  # asked of the same rows by many


def _leaves(rows: pd.DataFrame) -> pd.DataFrame:
    kr = (rows[["kostnad_mnkr", "intakt_mnkr"]] * KR_PER_MNKR).round(2).set_axis(MONEY, axis=1)
    return split(pd.concat([rows[KEY], kr], axis=1).groupby(KEY, sort=False)[MONEY].sum(skipna=False).reset_index())


def split(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of KEY and any columns of money, one row per key, as their smallest parts: see `leaves`."""
    money = [column for column in frame if column not in KEY]
    order = {row: i for i, row in enumerate(dict.fromkeys(frame["budgetrad"]))}
    frame = _take_out_parts(frame, "kostnadsslag", ["budgetrad", "verksamhet"], money)
    frame = _take_out_parts(frame, "verksamhet", ["budgetrad"], money)
    frame = _with_cost_types(frame, money)
    return frame.sort_values("budgetrad", key=lambda s: s.map(order), kind="stable", ignore_index=True)


def _take_out_parts(frame: pd.DataFrame, part: str, whole: list[str], money: list[str]) -> pd.DataFrame:
    """Lets each whole's own leaf hold what its parts do not."""
    is_leaf = (frame[part] == "") & (frame["kostnadsslag"] == "")
    if is_leaf.all():  # nothing is parted
        return pd.concat([frame[KEY], frame[money].round(2)], axis=1)
    is_part = frame[part] != ""
    leaf = frame[is_leaf].set_index(whole)[money]
    covered = frame[is_part].groupby(whole, sort=False)[money].sum()
    rest = (leaf - covered.reindex(leaf.index, fill_value=0.0)).round(2)
    added = pd.DataFrame(0.0, index=covered.index[~covered.index.isin(leaf.index)], columns=money)
    others = frame[~is_leaf].copy()
    inside = is_part[~is_leaf] & others.set_index(whole).index.isin(leaf.index)
    others.loc[inside, money] = others.loc[inside, money].fillna(0.0)
    own = pd.concat([rest, added]).reset_index().assign(**{part: "", "kostnadsslag": ""})
    return pd.concat([own, others], ignore_index=True)[[*KEY, *money]]


def _with_cost_types(frame: pd.DataFrame, money: list[str]) -> pd.DataFrame:
    """A row's cost type that stands only within operations gets a leaf of its own, before theirs."""
    whole = frame[frame["verksamhet"] == ""]
    inside = frame.loc[(frame["verksamhet"] != "") & (frame["kostnadsslag"] != ""), ["budgetrad", "kostnadsslag"]]
    wanted = pd.MultiIndex.from_frame(inside.drop_duplicates())
    added = wanted.difference(pd.MultiIndex.from_frame(whole[["budgetrad", "kostnadsslag"]]), sort=False)
    if added.empty:
        return frame
    own = added.to_frame(index=False).assign(verksamhet="", **dict.fromkeys(money, 0.0))
    return pd.concat([whole, own[frame.columns], frame[frame["verksamhet"] != ""]], ignore_index=True)


def net_by_row(rows: pd.DataFrame) -> pd.DataFrame:
    """kostnad, intakt and netto of each budget row, mnkr; NaN where the budget does not say."""
    summed = leaves(rows).groupby("budgetrad", sort=False)[MONEY].sum(skipna=False) / KR_PER_MNKR
    summed.columns = ["kostnad", "intakt"]
    return summed.assign(netto=(summed["kostnad"] - summed["intakt"]).round(6))
