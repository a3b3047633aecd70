"""What others than the unit see of its claims: each sum stands until enough persons' claims have moved it.

What has been claimed, can be and is lost are sums since January, so that last month's report and this month's give what
moved in between: a group's claim that came late. Who has both reads nothing of fewer than enough persons.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from planbok.base.periods import long_month, month_number
from planbok.case.result import Limits, Result, Table
from planbok.disclosure.protect import FEW
from planbok.topics.assistance.sentences import COUNTED
from planbok.topics.assistance.study import Study, claims_on
from planbok.topics.assistance.tables import CLAIMED

PARTS = CLAIMED[1:]  # they sum to the first
MOST_PERSONS = 100_000  # of a group, for a number to each of its persons
STANDS = "Räknas om först när minst {} personers timmar har begärts, gått förlorade eller kommit till."


def steady(study: Study, whole: Result, limits: Limits) -> Result:
    """The result with what stands in place of each sum of claims; as it is where nobody knows how many they are of."""
    persons = study.rows.get("antal_personer")
    if persons is None or persons.isna().any() or study.claims.empty:
        return replace(whole, steady=None)
    sums, moved = _by_month(study)
    at = limits.standing(moved, np.zeros((len(sums), len(PARTS)), bool))[-1]
    at = dict(zip([*PARTS, CLAIMED[0]], at.tolist(), strict=True))

    def to(month: int) -> str:
        """To which month a sum is counted where that is not the report's own."""
        return "" if month in (0, study.tom_manad) else f" till och med {long_month(f'{study.ar}-{month:02d}')}"

    few = {key for key in CLAIMED if at[key] == 0 and sums[key].iloc[-1] != 0}
    shown = {key: np.nan if key in few else sums[key].iloc[at[key]] for key in CLAIMED}
    figures = {
        key: replace(
            figure,
            varde=None if key in few else shown[key],
            skyddas=FEW if key in few else "",
            etikett=figure.etikett if key in few else f"{figure.etikett}{to(at[key])}",
        )
        for key, figure in whole.nyckeltal.items()
        if key in shown and figure.varde is not None
    }
    table = whole.tabeller["begart"]
    together = table.coarse
    assert isinstance(together, Table), "the claims of all months together stand in for those of each"
    known = {key: value for key, value in shown.items() if pd.notna(together.frame[key]).all()}
    since = [
        f"{column.etikett.lower()}{to(at[column.key])}"
        for column in together.columns
        if column.key in known and column.key not in few and to(at[column.key])
    ]
    counted = f" Så långt är det räknat: {', '.join(since)}." if since else ""
    note = " ".join([together.note, STANDS.format(limits.smallest)]) + counted
    cells = {(0, key): ("skyddas", FEW) for key in few & known.keys()}
    stood = replace(together, frame=together.frame.assign(**known), note=note, celler={**together.celler, **cells})
    tables = whole.tabeller | {"begart": replace(table, coarse=stood)}
    texts = {**whole.texter, COUNTED: counted}
    return replace(whole, nyckeltal=whole.nyckeltal | figures, tabeller=tables, texter=texts, steady=None)


def _by_month(study: Study) -> tuple[pd.DataFrame, np.ndarray]:
    """The sums as each month's report has them, nothing before January, and whose claims moved: month, part, person."""
    mine = study.rows.loc[study.claims.index]
    number = month_number(mine["manad"]).to_numpy() - study.ar * 12 + 1
    values = np.zeros((study.tom_manad + 1, len(mine), len(CLAIMED)))
    for last in range(1, study.tom_manad + 1):
        there = number <= last
        values[last, there] = claims_on(study.case, mine[there], last)[CLAIMED].to_numpy(float)
    month, row, part = np.nonzero(np.nan_to_num(values[1:, :, 1:]) != np.nan_to_num(values[:-1, :, 1:]))
    counts = mine["antal_personer"].to_numpy(int)[row]
    group = pd.factorize(mine["grupp"])[0][row]
    each = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    moves = np.column_stack([np.repeat(month + 1, counts), np.repeat(part, counts)])
    moved = np.column_stack([moves, np.repeat(group * MOST_PERSONS, counts) + each])
    return pd.DataFrame(values.sum(axis=1), columns=CLAIMED), moved
