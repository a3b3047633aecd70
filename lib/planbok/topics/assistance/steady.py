"""What others than the unit see of its claims: each sum stands until enough persons' claims have moved it.

What has been claimed, can be and is lost are sums since January, so that last month's report and this month's give what
moved in between: a group's claim that came late. Who has both reads nothing of fewer than enough persons.
"""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from planbok.base.periods import MONTH_NAMES, long_month, month_end
from planbok.case.result import Limits, People, Result, Table
from planbok.disclosure.protect import FEW
from planbok.topics.assistance.people import UNDEBITED
from planbok.topics.assistance.sentences import COUNTED, DEBITED_TO
from planbok.topics.assistance.study import Study
from planbok.topics.assistance.tables import CLAIMED, PRICELESS, debits_table

PARTS = CLAIMED[1:]  # they sum to the first
SHOWN = np.zeros(len(MONTH_NAMES) + 1, bool)  # nothing is hidden, before the year or at the end of any month of it
MOST_PERSONS = 100_000  # of a group, for a number to each of its persons
STANDS_DEBITED = "Räknas om först när minst {} personer har fått timmar som inte är debiterade."
STANDS = "Räknas om först när minst {} personers timmar har begärts, gått förlorade eller kommit till."


def steady(study: Study, whole: Result, limits: Limits) -> Result:
    """The result with what stands in place of each sum of claims; as it is where nobody knows how many they are of."""
    persons = study.rows.get("antal_personer")
    if persons is None or persons.isna().any():
        return whole
    stood = whole if study.claims.empty else _claims(study, whole, limits)
    return stood if study.debits.empty else _debits(study, stood, limits)


def _claims(study: Study, whole: Result, limits: Limits) -> Result:
    sums, moved = _by_month(study)
    at = limits.standing(moved, np.zeros((len(sums), len(PARTS)), bool))[-1]
    at = dict(zip([*PARTS, CLAIMED[0]], at.tolist(), strict=True))

    to = partial(_to, study)
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
    return replace(whole, nyckeltal=whole.nyckeltal | figures, tabeller=tables, texter=texts)


def _to(study: Study, month: int) -> str:
    """To which month a sum is counted where that is not the report's own."""
    return "" if month in (0, study.tom_manad) else f" till och med {long_month(f'{study.ar}-{month:02d}')}"


def _debits(study: Study, whole: Result, limits: Limits) -> Result:
    """With undebited hours to the month in which enough persons' had come, by the months that came with each count."""
    debits = study.debits
    number = _of_year(debits)
    row = np.flatnonzero(debits["ej_debiterade_h"].to_numpy() > 0)
    persons, who = _persons(debits, row)
    at = limits.stands(np.repeat(number[row], persons), who, SHOWN)
    counts = np.unique(at[at > 0]) if at[-1] else np.array([study.tom_manad])
    first = np.append(1, counts[:-1] + 1)
    place = np.searchsorted(counts, number)
    spans = np.array([_span(study.ar, *months) for months in zip(first, counts, strict=True)])
    there = place < len(counts)
    stood = debits[there].assign(manad=spans[place[there]])
    undebited = stood[stood["ej_debiterade_h"] > 0].groupby(["manad", "insats", "grupp"])["antal_personer"].max()
    behind = undebited.reset_index().pivot_table("antal_personer", "manad", "insats", "sum", fill_value=0.0)
    behind = behind.reindex(spans, fill_value=0.0)
    people = {
        **whole.people,
        UNDEBITED: People(behind if len(behind.columns) else behind.assign(**{"": 0.0}), parted=True),
    }
    study, to = replace(study, debits=stood), _to(study, int(at[-1]))
    table = debits_table(study, [str(span) for span in spans])
    table = replace(table, note=f"{STANDS_DEBITED.format(limits.smallest)}{f' Räknat{to}.' if to else ''}")
    whom = tuple((UNDEBITED, (str(span), "")) for span in spans)
    sums = {key: stood[key].sum(skipna=key == "ej_debiterade_h") for key in ("ej_debiterade_h", "ej_debiterat_kr")}
    figures = {
        key: replace(
            figure,
            varde=float(sums[key]) if pd.notna(sums[key]) else None,
            saknas="" if pd.notna(sums[key]) else PRICELESS,
            etikett=f"{figure.etikett}{to}",
            tells=whom,
        )
        for key, figure in whole.nyckeltal.items()
        if key in sums
    }
    texts = {**whole.texter, DEBITED_TO: to}
    nyckeltal, tables = whole.nyckeltal | figures, whole.tabeller | {"debitering": table}
    return replace(whole, nyckeltal=nyckeltal, tabeller=tables, texter=texts, people=people)


def _span(ar: int, first: int, last: int) -> str:
    month = f"{ar}-{last:02d}"
    return month if first == last else f"{ar}-{first:02d}–{month}"


def _of_year(rows: pd.DataFrame) -> np.ndarray:
    """The month of the year that each row is of."""
    return rows["manad"].str[5:].to_numpy(int)


def _persons(rows: pd.DataFrame, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many persons some of the rows are of, and a number for each of them: the same in a group's every row."""
    counts = rows["antal_personer"].to_numpy(int)[places]
    group = pd.factorize(rows["grupp"])[0][places]
    each = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    return counts, np.repeat(group * MOST_PERSONS, counts) + each


def _by_month(study: Study) -> tuple[pd.DataFrame, np.ndarray]:
    """The sums as each month's report has them, nothing before January, and whose claims moved: month, part, person."""
    claims, months = study.claims, np.arange(1, study.tom_manad + 1)
    mine = study.rows.loc[claims.index]
    number, last = _of_year(mine), claims["sista_dag"].to_numpy()
    seen = np.array([month_end(study.ar, month) for month in months.tolist()], "datetime64[D]")
    gone = (mine["begard"].to_numpy() > last) | (last < seen[:, None])
    rest = (claims["ej_begart_kr"] + claims["forlorat_kr"]).to_numpy(float)  # one of them is 0
    known = {name: claims[name].to_numpy(float) for name in CLAIMED}
    known |= {"ej_begart_kr": np.where(gone, 0.0, rest), "forlorat_kr": np.where(gone, rest, 0.0)}
    values = np.zeros((len(months) + 1, len(mine), len(CLAIMED)))
    for place, kr in enumerate(known.values()):
        values[1:, :, place] = np.where(number <= months[:, None], kr, 0.0)
    month, row, part = np.nonzero(np.nan_to_num(values[1:, :, 1:]) != np.nan_to_num(values[:-1, :, 1:]))
    counts, who = _persons(mine, row)
    moved = np.column_stack([np.repeat(month + 1, counts), np.repeat(part, counts), who])
    return pd.DataFrame(values.sum(axis=1), columns=CLAIMED), moved
