"""What takes a whole row, or several, to see: no amount, an end before its start, one key twice, a sum of others."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.numbers import clean, format_number
from planbok.inputs.tables.columns import IDS, KEYS, OTHER_TOTALS, TOTAL_ROW, TableSpec
from planbok.inputs.tables.values import ROWS_SHOWN, Converted, unsafe

SPLIT_TOTALS = ("utfall", "manadsbudget")  # tables whose control totals stand apart from their rows
LARGEST_ID = 2**62
MOST_SUM_ROWS = 500  # rows with the name of a sum that are held against those above them
_SUM_NAME = re.compile(r"(?:del)?summa\b|netto|total|s:a\b|resultat\b|brutto", re.IGNORECASE)
_AMOUNTS = {"budget": ("kostnad_mnkr", "intakt_mnkr"), "utfall": ("kostnad_kr", "intakt_kr")}
_AMOUNTS |= {"manadsbudget": _AMOUNTS["utfall"], "bemanning": ("avtalad_tid_h", "sjuk_h")}
_OF_ONE = {"budget": ("enhet", "ar", "version"), "utfall": ("enhet", "manad")}
_OF_ONE |= {"manadsbudget": _OF_ONE["utfall"], "bemanning": _OF_ONE["utfall"]}


@dataclass(frozen=True)
class Found:
    """Rows with one kind of fault: which, where in them, what to say of each (or of all), and its code."""

    bad: pd.Series
    place: str
    texts: str | list[str]
    code: str


def row_faults(spec: TableSpec, frame: pd.DataFrame, read: dict[str, Converted]) -> Iterator[Found]:
    """Every kind of fault of whole rows; `read` are the columns that the file has."""
    if spec.needs_money:
        money = [column.name for column in spec.columns if column.is_money]
        text = f"raden har inget belopp. Fyll i minst ett av {', '.join(money)}, eller ta bort raden."
        yield Found(frame[money].isna().all(axis=1) & ~_unreadable(money, frame, read), "", text, "no_money")
    for start, end in spec.intervals:
        text = f"{end} ligger före {start}. Rätta datumen; båda dagarna ingår."
        yield Found(frame[end] < frame[start], f"kolumn {end}", text, "interval")
    if spec.one_of:
        filled = frame[list(spec.one_of)].notna().sum(axis=1)
        text = f"raden ska ha ett värde i precis en av kolumnerna {' och '.join(spec.one_of)}."
        yield Found(filled.ne(1) & ~_unreadable(spec.one_of, frame, read), "", text, "one_of")
    yield from _same_but_for_case(spec, frame, read)
    yield from _same_key(spec, frame, read)
    yield from _sums_among_operations(spec, frame)
    yield from _sums_among_parts(spec, frame)
    yield from _negative_revenue(spec, frame)
    yield from _control_totals(spec, frame, read)


def _unreadable(names: Iterable[str], frame: pd.DataFrame, read: dict[str, Converted]) -> pd.Series:
    """Rows that have a cell of another kind in one of the columns."""
    bad = [read[name].bad for name in names if name in read]
    return pd.concat(bad, axis=1).any(axis=1) if bad else pd.Series(False, index=frame.index)


def _same_but_for_case(spec: TableSpec, frame: pd.DataFrame, read: dict[str, Converted]) -> Iterator[Found]:
    """Spellings of a key that differ in case or leading zeros only: the rarer (of as common, the later) is wrong."""
    for column in spec.columns:
        if column.name not in KEYS or column.name not in read or column.choices:
            continue
        folding = str.casefold if column.name in IDS else _folded
        if _all_differ_folded(frame[column.name], folding):
            continue
        counts = frame[column.name].value_counts(sort=False)
        usual = counts.sort_values(ascending=False, kind="stable")
        usual = pd.Series(usual.index, index=usual.index.map(folding))
        usual = usual[~usual.index.duplicated()]
        meant = frame[column.name].map(dict(zip(counts.index, usual.reindex(counts.index.map(folding)), strict=True)))
        bad = frame[column.name].ne(meant)
        pairs = zip(frame.loc[bad, column.name].head(ROWS_SHOWN), meant[bad].head(ROWS_SHOWN), strict=True)
        texts = [_case_text(found, right, column.hidden) for found, right in pairs]
        yield Found(bad, f"kolumn {column.name}", texts, "other_case")


def _folded(text: str) -> str:
    """A code as it is compared: without case, any dash as a hyphen, a number without the zeros that Excel takes away.

    >>> _folded("0451"), _folded("Grupp\u20112"), _folded("000")
    ('451', 'grupp-2', '0')
    """
    return clean(text).casefold() if not text.isdecimal() else text.lstrip("0") or "0"


def _all_differ_folded(cells: pd.Series, folding: Callable[[str], str]) -> bool:
    """Whether no two texts are the same when folded; by numbers made of them, since ids may differ in every row."""
    texts = cells.unique()
    folded = np.fromiter((hash(folding(text)) for text in texts), "int64", len(texts))
    folded.sort()
    if (folded[1:] != folded[:-1]).all():
        return True
    return bool(pd.Index(texts).map(folding).is_unique)


def _case_text(found: str, right: str, hidden: bool) -> str:
    if hidden or unsafe(found):
        return "samma namn står på andra rader med andra stora och små bokstäver. Skriv det på ett sätt."
    what = (
        "inledande nollor" if found.isdecimal() else "" if found.casefold() == right.casefold() else "slaget av streck"
    )
    if what:
        return f"'{found}' skiljer sig från '{right}' på andra rader bara i {what}. Skriv det på ett sätt."
    return f"'{found}' skiljer sig från '{right}' på andra rader bara i stora och små bokstäver. Menade du '{right}'?"


def _same_key(spec: TableSpec, frame: pd.DataFrame, read: dict[str, Converted]) -> Iterator[Found]:
    """Rows with the key of an earlier row: a doublet where all is equal, else several postings of one key."""
    needed = {column.name for column in spec.columns if not column.may_be_empty}
    names = spec.unique_key or tuple(column.name for column in spec.columns)
    key = [name for name in names if name in read]
    if spec.repeats or not key or needed.intersection(names) - read.keys():
        return
    unclear = pd.Series(False, index=frame.index)
    for name in key:
        unclear |= read[name].bad | (read[name].empty & (name in needed))
    clear = frame.loc[~unclear, key] if unclear.any() else frame[key]
    ids = _row_ids(clear)
    repeated = ids.duplicated()
    if not repeated.any():
        return
    alike = clear[ids.duplicated(keep=False)]
    first = alike.index.to_series().groupby([alike[name] for name in key]).transform("first")
    again = repeated[repeated].index
    equal = frame.loc[alike.index].duplicated().reindex(again)
    name = ", ".join(spec.unique_key)
    of_another = "Behåll en av raderna, eller rätta nyckeln."
    if spec.needs_money or spec.name == "bemanning":
        more = ", ange verksamhet eller kostnadsslag" if "kostnadsslag" in spec.unique_key else ""
        of_another = f"Det är flera poster: summera dem{more}, eller läs in filen med planbok las-in."
    texts = [
        f"raden är lika med rad {first[line]}. Behåll en av raderna."
        if equal[line]
        else f"samma {name} som rad {first[line]}, men annat innehåll. {of_another}"
        for line in again[:ROWS_SHOWN]
    ]
    yield Found(repeated.reindex(frame.index, fill_value=False), "", texts, "duplicate_row")


def _row_ids(rows: pd.DataFrame) -> pd.Series:
    """A number for each row, the same for rows that are equal: one column at a time, since rows may be millions."""
    ids, most = np.zeros(len(rows), "int64"), 1
    for name in rows:
        codes, found = pd.factorize(rows[name], use_na_sentinel=False)
        most *= len(found)
        if most > LARGEST_ID:  # then no more than there are rows
            ids, most = pd.factorize(ids)[0].astype("int64"), len(rows) * len(found)
        ids *= len(found)
        ids += codes
    return pd.Series(ids, index=rows.index)


def _sums_among_operations(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Found]:
    """Rows of money whose operation or cost type is a sum's name: the row without any is their sum."""
    for column in ("verksamhet", "kostnadsslag") if "kostnadsslag" in spec.unique_key else ():
        totals = (TOTAL_ROW.casefold(), *OTHER_TOTALS)
        bad = frame[column].isin([text for text in frame[column].unique() if text.casefold() in totals])
        text = "är en summa av de andra raderna. Lämna cellen tom på den raden, eller ta bort raden."
        yield Found(bad, f"kolumn {column}", f"'{TOTAL_ROW}' {text}", "sum_row")


def _sums_among_parts(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Found]:
    """Rows with the name of a sum whose amounts are those of rows above them, in the same unit and period."""
    column = "grupp" if spec.name == "bemanning" else "budgetrad"
    if spec.name not in _AMOUNTS:
        return
    names = frame[column]
    is_sum = names.isin([name for name in names.unique() if _SUM_NAME.match(name) and name != TOTAL_ROW])
    if spec.name == "bemanning":
        is_sum |= names.eq(TOTAL_ROW)
    candidates = frame.index[is_sum][:MOST_SUM_ROWS]
    if not len(candidates):
        return
    amounts, keys = list(_AMOUNTS[spec.name]), list(_OF_ONE[spec.name])
    parts = frame[~is_sum & names.ne(TOTAL_ROW)]
    groups = dict(iter(parts.groupby(keys)[amounts]))
    hit = [row for row in candidates if _is_sum(frame.loc[row, amounts], groups.get(tuple(frame.loc[row, keys])), row)]
    if hit:
        what = "grupper" if spec.name == "bemanning" else "budgetrader"
        text = f"är summan av {what} ovanför och skulle räknas en gång till. Ta bort raden" + (
            f", eller kalla den '{TOTAL_ROW}' om den är hela enhetens summa." if spec.name != "bemanning" else "."
        )
        bad = pd.Series(frame.index.isin(hit), index=frame.index)
        yield Found(bad, f"kolumn {column}", [f"'{names[row]}' {text}" for row in hit[:ROWS_SHOWN]], "sum_row")


def _is_sum(row: pd.Series, parts: pd.DataFrame | None, line: int) -> bool:
    """Whether a row's amounts are the sum of at least two rows right above it, or of all of the unit's others.

    A net may stand as one amount on the side of costs: costs less revenue of the rows.
    """
    if parts is None or not row.fillna(0).any():
        return False
    above = parts[parts.index < line].fillna(0).to_numpy(float)[::-1].cumsum(axis=0)[1:]
    sums = np.vstack([above, parts.fillna(0).to_numpy(float).sum(axis=0)[None, :]]) if len(parts) > 1 else above
    stated = row.fillna(0).to_numpy(float)
    tolerance = 1e-6 * max(1.0, abs(stated).max())
    both = np.abs(sums - stated).max(axis=1, initial=0) < tolerance
    net = np.abs(sums[:, 0] - sums[:, 1] - stated[0]) + abs(stated[1]) < tolerance
    return bool((both | net).any())


def _negative_revenue(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Found]:
    """Units whose revenue is negative as a whole: the ledger's sign, which would be counted as a cost too many."""
    column = {"budget": "intakt_mnkr", "utfall": "intakt_kr", "manadsbudget": "intakt_kr"}.get(spec.name)
    if column is None:
        return
    units = frame[column].mask(frame["budgetrad"].eq(TOTAL_ROW)).groupby(frame["enhet"], sort=False).sum()
    bad = ~frame["enhet"].duplicated() & frame["enhet"].isin(units[units < 0].index)
    text = (
        "enhetens intäkter är negativa som helhet. I planbok är kostnad och intäkt båda positiva: vänd tecknet på "
        "intäkterna, eller läs in filen med planbok las-in."
    )
    yield Found(bad, f"kolumn {column}", text, "negative_revenue")


def is_part(frame: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Rows that a row of the same keys without operation or cost type already holds."""
    detail = frame["verksamhet"].ne("") | frame["kostnadsslag"].ne("")
    rows = frame.set_index([*keys, "budgetrad"]).index
    return detail & rows.isin(rows[~detail])


def _control_totals(spec: TableSpec, frame: pd.DataFrame, read: dict[str, Converted]) -> Iterator[Found]:
    """Months whose row Totalt is not the sum of the unit's other rows; the budget's totals are compared by topics."""
    if spec.name not in SPLIT_TOTALS or not frame["budgetrad"].eq(TOTAL_ROW).any():
        return
    keys, is_total = list(_OF_ONE[spec.name]), frame["budgetrad"].eq(TOTAL_ROW)
    parts = is_part(frame, keys)
    for column in (name for name in _AMOUNTS[spec.name] if name in read):
        rows = frame[~is_total & ~parts].groupby(keys)[column]
        sums, counts = rows.sum(min_count=1), rows.size()
        stated = frame[is_total & frame[column].notna()].set_index(keys, append=True)[column]
        of_row = stated.index.droplevel(0)
        unit = 10.0 ** -read[column].decimals
        off = (
            np.abs(stated.to_numpy() - sums.reindex(of_row).to_numpy())
            > unit * (counts.reindex(of_row).to_numpy() + 1) / 2
        )
        bad = pd.Series(frame.index.isin(stated.index.get_level_values(0)[off]), index=frame.index)
        texts = [
            f"{TOTAL_ROW} är {format_number(a, 2)} kr, men raderna blir {format_number(b, 2)} kr. Rätta felet."
            for a, b in zip(stated.to_numpy()[off], sums.reindex(of_row).to_numpy()[off], strict=True)
        ]
        yield Found(bad, f"kolumn {column}", texts[:ROWS_SHOWN], "control_total")
