"""From cells to values: one converter for each kind of column, run on a column's distinct cells."""

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.numbers import cell_text, parse_column, parse_range_column
from planbok.inputs.tables.columns import OTHER_TOTALS, TOTAL_ROW, ColumnSpec

EXPECTED = {
    "number": "ett tal, som 1234,5 eller 1 234,5",
    "money": "ett belopp, som 1234,5 eller 1 234,5 (tom cell om det är okänt)",
    "int": "ett heltal, som 12",
    "year": "ett år med fyra siffror, som 2016",
    "month": "en månad som ÅÅÅÅ-MM, till exempel 2016-03",
    "time": "ett klockslag som TT:MM, till exempel 15:00",
    "date": "ett datum som ÅÅÅÅ-MM-DD, till exempel 2016-03-31",
    "range": "ett tal eller ett intervall, som 11000 eller 11000–12000",
    "period": "en period som ÅÅÅÅ, ÅÅÅÅ-T1, ÅÅÅÅ-T2 eller ÅÅÅÅ-MM",
}
_ASCII = str.maketrans("åäö", "aao")
_YEAR = "(?:19|20|21)[0-9]{2}"
_MONTH = f"{_YEAR}-(?:0[1-9]|1[0-2])"


@dataclass(frozen=True)
class Converted:
    """A column's values: one frame column, or three for a range. `bad` are the cells that are of another kind."""

    frame: pd.DataFrame
    empty: pd.Series
    bad: pd.Series
    decimals: int = 0


def convert(cells: pd.Series, column: ColumnSpec, heading: str) -> Converted:
    """Read a column's cells as its kind says; `heading` is the one in the file, in kr, tkr or mnkr.

    >>> tkr = convert(pd.Series(["113900", ""]), ColumnSpec("kostnad_mnkr", "money"), "kostnad_tkr")
    >>> tkr.frame["kostnad_mnkr"].tolist(), tkr.decimals
    ([113.9, nan], 3)
    >>> convert(pd.Series(["2016-03", "mars"]), ColumnSpec("manad", "month"), "manad").bad.tolist()
    [False, True]
    """
    codes, uniques = pd.factorize(cells, use_na_sentinel=False)
    distinct = pd.Series(uniques, dtype=object)
    texts = distinct.map(tidy).astype("str")
    empty = texts.eq("")
    values, bad, decimals = _READERS[column.kind](distinct.where(~empty, ""), texts, column, heading)
    frame = values.to_frame(column.name) if isinstance(values, pd.Series) else values
    bad = bad & ~empty
    frame = frame.iloc[codes].set_axis(cells.index)
    return Converted(frame, _spread(empty, codes, cells), _spread(bad, codes, cells), decimals)


def _spread(distinct: pd.Series, codes: np.ndarray, cells: pd.Series) -> pd.Series:
    return pd.Series(distinct.to_numpy(bool)[codes], index=cells.index)


def tidy(cell: object) -> str:
    """A cell's text with ordinary single blanks and composed letters.

    >>> tidy(" Va\\u030ard \\u00a0 och omsorg ")
    'Vård och omsorg'
    """
    text = " ".join(cell_text(cell).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def code(text: str) -> str:
    """A code as it is compared: lower case, without å, ä, ö and blanks.

    >>> code("Ej påbörjad")
    'ej_paborjad'
    """
    return text.casefold().translate(_ASCII).replace(" ", "_")


def allowed_units(column: ColumnSpec, heading: str) -> tuple[str, ...]:
    """Units that may stand after a number in a cell of this column, lower case."""
    if column.is_money:
        return {"kr": ("kr", "sek"), "tkr": ("tkr", "kkr"), "mnkr": ("mnkr", "mkr")}.get(column.money_unit(heading), ())
    if column.name.endswith("_procent"):
        return ("%", "procent")
    return ("h", "tim", "timmar") if column.name.endswith("_h") else ("st",)


def _text(distinct, texts, column, heading):
    if column.choices:
        known = {code(choice): choice for choice in column.choices}
        values = texts.map(code).map(known)
        return values.fillna("").astype("str"), values.isna(), 0
    bad = ~texts.str.fullmatch(column.pattern) if column.pattern else texts.ne(texts)
    return texts, bad, 0


def _budget_row(distinct, texts, column, heading):
    """A budget row's name; the control total under one spelling, and what only looks like it refused."""
    plain = texts.str.rstrip(" :.").str.casefold()
    return texts.mask(plain.eq(TOTAL_ROW.casefold()), TOTAL_ROW), plain.isin(OTHER_TOTALS), 0


def _number(distinct, texts, column, heading):
    return parse_column(distinct, allowed_units(column, heading), column.spellings()[heading])


def _money(distinct, texts, column, heading):
    values, bad, decimals = _number(distinct, texts, column, heading)
    return values, bad, max(0, decimals - column.spellings()[heading])


def _range(distinct, texts, column, heading):
    power = column.spellings()[heading]
    frame, bad, decimals = parse_range_column(distinct, allowed_units(column, heading), power)
    names = {"varde": column.name, "lag": f"{column.name}_lag", "hog": f"{column.name}_hog"}
    return frame.rename(columns=names), bad, max(0, decimals - power)


def _int(distinct, texts, column, heading):
    values, bad, _ = _number(distinct, texts, column, heading)
    return values, bad | (values.notna() & values.mod(1).ne(0)), 0


def _year(distinct, texts, column, heading):
    years = texts.str.extract(rf"\A({_YEAR})(?:[.,]0)?\Z")[0]
    return years.fillna("0").astype("int64"), years.isna(), 0


def _month(distinct, texts, column, heading):
    # Excel makes a month into the date of its first day.
    months = texts.str.extract(rf"\A({_MONTH})(?:-01)?\Z")[0]
    return months.fillna("").astype("str"), months.isna(), 0


def _period(distinct, texts, column, heading):
    pattern = rf"\A({_MONTH}|{_YEAR}-T[12]|{_YEAR})\Z"
    periods = texts.str.upper().str.replace(rf"\A({_MONTH})-01\Z", r"\1", regex=True).str.extract(pattern)[0]
    return periods.fillna("").astype("str"), periods.isna(), 0


def _date(distinct, texts, column, heading):
    iso = texts.where(texts.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
    dates = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    return dates, dates.isna(), 0


def _time(distinct, texts, column, heading):
    times = texts.str.extract(r"\A([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?\Z")
    midnight = texts.str.fullmatch("24[:.]00(?:[:.]00)?") & (column.name == "till_kl")
    clock = (times[0].str.zfill(2) + ":" + times[1]).mask(midnight, "00:00")
    return clock.fillna("").astype("str"), clock.isna(), 0


_READERS = {
    "text": _text,
    "budget_row": _budget_row,
    "target": _text,
    "number": _number,
    "money": _money,
    "range": _range,
    "int": _int,
    "year": _year,
    "month": _month,
    "period": _period,
    "date": _date,
    "time": _time,
}
