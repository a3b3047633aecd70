"""Spot checks of orders and plans: which decisions are drawn, so that nobody can compute the draw beforehand."""

import numpy as np
import pandas as pd

from planbok.analysis.targets import plain_name, share
from planbok.base.numbers import parse
from planbok.inputs.fingerprint import keyed
from planbok.inputs.imports.pseudonyms import key_path, read_key
from planbok.topics.decisions.officers import fair_split
from planbok.topics.decisions.study import Study

RESULT = DOMAIN = "stickprov"


def drawn(rows: pd.DataFrame, count: int, day: str) -> pd.DataFrame:
    """That many decisions, from each insats in proportion to its number, in the order of a keyed hash of id and day.

    The key is that of the pseudonyms, or the account's own where there is none yet.

    Parameters
    ----------
    rows : `beslut`, `insats`
    """
    key = read_key(key_path())
    code = (lambda text: key.pseudonym(DOMAIN, text)) if key else (lambda text: keyed(text.encode()))
    order = pd.Series([code(f"{day} {beslut}") for beslut in rows["beslut"]], rows.index, dtype=object)
    sizes = rows["insats"].value_counts().sort_index()
    wanted = dict(zip(sizes.index, fair_split(min(count, len(rows)), sizes.to_numpy(float)), strict=True))
    rank = order.groupby(rows["insats"]).rank(method="first")
    return rows[rank <= rows["insats"].map(wanted)].loc[lambda found: order[found.index].sort_values().index]


def eligible(study: Study) -> pd.DataFrame:
    """The decisions that may be drawn: those that run, with an order or a plan where either is known."""
    rows = study.rows
    runs = (rows["fran"] <= study.day) & ~(rows["till"] < study.day)
    ordered = rows["bestalld"].notna() | rows["plan_in"].notna()
    return rows[runs & ordered if ordered.any() else runs]


def size(study: Study) -> int:
    """How many are drawn."""
    return min(int(study.rule("stickprov_antal")), len(eligible(study)))


def sample(study: Study) -> pd.DataFrame:
    """The decisions that are drawn on the study's day."""
    return drawn(eligible(study), size(study), str(study.date))


def indicator(study: Study, name: str) -> tuple[float, tuple[float, float] | None]:
    """An indicator's outcome for the year, by the name that the rule gives it: of the last period that has one.

    Returns
    -------
    Per cent (NaN without an outcome), and how many are in it and not in it where it is written as so many of so many.
    """
    if "indikatorutfall" not in study.tables:
        return np.nan, None
    table, wanted = study.tables["indikatorutfall"], plain_name(study.rule("indikatorer").get(name, ""))
    table = table[table["indikator"].map(plain_name) == wanted]
    ends = table["period"].map(_ends(study.ar))
    come = ends[ends <= study.day.month].sort_values(kind="stable").index
    for text in table.loc[come, "utfall"].iloc[::-1]:
        counted, plain = share(text), parse(text).varde
        if counted:
            part, whole, _ = counted
            return 100 * part / whole, (part, whole - part)
        if plain is not None:
            return plain, None
    return np.nan, None


def _ends(ar: int) -> dict[str, int]:
    """The last month of each period of a year."""
    months = {f"{ar}-{number:02d}": number for number in range(1, 13)}
    return {f"{ar}-T1": 4, f"{ar}-T2": 8, **months, str(ar): 12}
