"""From cells to values: one converter for each kind of column, run on a column's distinct cells.

A converter gives the values, which cells are of another kind, and for amounts the most decimals that a cell states.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.decimal_marks import Marks
from planbok.base.errors import Fault
from planbok.base.names import OTHER_SCRIPT, harmless
from planbok.base.numbers import cell_text, clean, parse_column, parse_range_column, reads_two_ways, two_ways, visible
from planbok.base.privacy import find_personal_number, looks_like_personal_number
from planbok.inputs.tables.columns import KEYS, OTHER_TOTALS, TOTAL_ROW, ColumnSpec
from planbok.inputs.tables.encoding import garbled
from planbok.inputs.tables.xlsx import SCALED

EXPECTED = {
    "number": "ett tal, som 1234,5 eller 1 234,5",
    "money": "ett belopp, som 1234,5 eller 1 234,5 (tom cell om det är okänt)",
    "int": "ett heltal, som 12",
    "year": "ett år med fyra siffror, som 2016",
    "month": "en månad som ÅÅÅÅ-MM, till exempel 2016-03",
    "time": "ett klockslag som TT:MM, till exempel 15:00",
    "date": "ett datum som ÅÅÅÅ-MM-DD, till exempel 2016-03-31",
    "range": "ett tal eller ett intervall, som 11000 eller 11000–12000",
    "target": "ett tal, gärna med enhet, eller ord, som 7,5 % eller öka",
    "period": "en period som ÅÅÅÅ, ÅÅÅÅ-T1, ÅÅÅÅ-T2 eller ÅÅÅÅ-MM",
}
ROWS_SHOWN = 20  # rows with one fault that are said one by one
_SERIAL = "[3-7][0-9]{4}"  # Excel's number of a day, from the 1980s to the end of the 2090s
_EXCEL_DAY_0 = "1899-12-30"
_CLOCK = re.compile(r"(-?)([0-9]+):([0-5][0-9])(?::([0-5][0-9]))?")
_NO_VALUE = re.compile(r"#(?:N/A|N/D|#+|[A-ZÅÄÖ0-9/_]{3,}[!?])|=.*", re.IGNORECASE | re.DOTALL)
# What a code such as 3-4 or 12345E67, or a long number, has become once Excel has saved it
_REWRITTEN = re.compile(
    r"[0-9](?:[.,][0-9]+)?E[+][0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?"
    r"|[0-9]{1,2}-(?:MONTHS)|(?:MONTHS)-[0-9]{2}".replace(
        "MONTHS", "jan|feb|mars?|apr|ma[jy]|june?|juni|july?|juli|aug|sept?|o[ck]t|nov|dec"
    ),
    re.IGNORECASE,
)
_EMPTY_WORDS, _TRUTHS = ("null", "nan", "none", "nil", "<na>", "(null)"), ("sant", "falskt", "true", "false")
_ASCII = str.maketrans("åäö", "aao")
_YEAR = "(?:19|20|21)[0-9]{2}"
_MONTH = f"{_YEAR}-(?:0[1-9]|1[0-2])"
_MONTH_DIGITS = f"{_YEAR}(?:0[1-9]|1[0-2])"


@dataclass(frozen=True)
class Converted:
    """A column's values: one frame column, or three for a range. `bad` are the cells that are of another kind.

    `wrong` are the first of them as they stand in the file.
    """

    frame: pd.DataFrame
    empty: pd.Series
    bad: pd.Series
    wrong: pd.Series
    decimals: int = 0


def faults_of_rows(
    kind: str, file: str, bad: pd.Series, place: str, texts: str | Iterable[str], code: str
) -> Iterator[Fault]:
    """A fault for each bad row, the first ones one by one and the rest as a number."""
    lines = bad.index[bad.to_numpy(bool)]
    each = [texts] * ROWS_SHOWN if isinstance(texts, str) else texts
    for line, text in zip(lines[:ROWS_SHOWN], each, strict=False):
        yield Fault(kind, file, int(line), place, text, code)
    if len(lines) > ROWS_SHOWN:
        more = f"{len(lines) - ROWS_SHOWN} {'rad' if len(lines) == ROWS_SHOWN + 1 else 'rader'}"
        text = f"samma fel på {more} till, den sista rad {lines[-1]}."
        yield Fault(kind, file, int(lines[ROWS_SHOWN]), place, text, code)


def convert(cells: pd.Series, column: ColumnSpec, heading: str, marks: Marks | None = None) -> Converted:
    """Read a column's cells as its kind says; `heading` is the one in the file, in kr, tkr or mnkr.

    `marks` are those of the whole column, where the cells are a part of it.

    >>> tkr = convert(pd.Series(["113900", ""]), ColumnSpec("kostnad_mnkr", "money"), "kostnad_tkr")
    >>> tkr.frame["kostnad_mnkr"].tolist(), tkr.decimals
    ([113.9, nan], 3)
    >>> convert(pd.Series(["2016-03", "mars"]), ColumnSpec("manad", "month"), "manad").bad.tolist()
    [False, True]
    """
    codes, uniques = pd.factorize(cells, use_na_sentinel=False)
    distinct = np.array(uniques, dtype=object)
    texts = [tidy(cell) for cell in distinct]
    empty = np.array([not text for text in texts], bool)
    distinct[empty] = ""
    read = (pd.Series(distinct, dtype=object), pd.Series(texts, dtype="str"))
    values, bad, *decimals = _READERS[column.kind](*read, column, heading, marks)
    parts = values.items() if isinstance(values, pd.DataFrame) else [(column.name, values)]
    frame = pd.DataFrame({name: part.array.take(codes) for name, part in parts}, index=cells.index)
    wrong = pd.Series((bad.to_numpy(bool) & ~empty)[codes], index=cells.index)
    shown = cells.iloc[np.flatnonzero(wrong)[:ROWS_SHOWN]]
    return Converted(frame, pd.Series(empty[codes], index=cells.index), wrong, shown, *decimals)


def tidy(cell: object) -> str:
    """A cell's text with ordinary single blanks and composed letters.

    >>> tidy(" Va\\u030ard \\u00a0 och omsorg ")
    'Vård och omsorg'
    """
    text = " ".join(visible(cell_text(cell)).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def code(text: str) -> str:
    """A code as it is compared: lower case, without å, ä, ö and blanks.

    >>> code("Ej påbörjad")
    'ej_paborjad'
    """
    return text.casefold().translate(_ASCII).replace(" ", "_")


def unsafe(text: str) -> bool:
    """Whether a text may not be shown: it may be a person's number."""
    return find_personal_number(text) or looks_like_personal_number(text)


def shortened(text: str) -> str:
    """A found text as it may stand in a message: never a personal number, and not a whole story."""
    if unsafe(text):
        return "(visas inte)"
    return harmless(text) if len(text) <= 40 else f"{harmless(text[:40])}…"


def allowed_units(column: ColumnSpec, heading: str) -> tuple[str, ...]:
    """Units that may stand after a number in a cell of this column, lower case."""
    if column.is_money:
        return {"kr": ("kr", "sek"), "tkr": ("tkr", "kkr"), "mnkr": ("mnkr", "mkr")}.get(column.money_unit(heading), ())
    if column.name.endswith(("_procent", "_andel")):
        return ("%", "procent")
    return ("h", "tim", "timmar") if column.name.endswith("_h") else ("st",)


def is_no_value(text: str) -> bool:
    """Whether a cell holds Excel's word for an error, or a formula, instead of a value.

    >>> is_no_value("#SAKNAS!"), is_no_value("#N/A"), is_no_value("=A1"), is_no_value("#12")
    (True, True, True, False)
    """
    return bool(_NO_VALUE.fullmatch(text))


def why_no_text(text: str, column: ColumnSpec) -> str:
    """What is wrong with a text, and what to do; "" where nothing is.

    >>> why_no_text("NULL", ColumnSpec("enhet"))
    'är ett systems ord för ett tomt värde. Lämna cellen tom, eller skriv värdet.'
    """
    if text.startswith("="):
        return "är en formel som inte är beräknad. Öppna filen i Excel, räkna om och spara."
    if is_no_value(text):
        return "är Excels ord för ett fel i formeln. Rätta formeln och spara, eller skriv värdet."
    if text.casefold() in _EMPTY_WORDS:
        return "är ett systems ord för ett tomt värde. Lämna cellen tom, eller skriv värdet."
    if text.casefold() in _TRUTHS:
        return "är ett sant eller falskt, inget namn. Skriv värdet."
    if garbled(text):
        return f"{garbled(text)}. Exportera filen på nytt som CSV UTF-8, eller rätta cellen."
    if column.name == "enhet" and text.casefold() in (TOTAL_ROW.casefold(), *OTHER_TOTALS):
        return "är ingen enhet, utan en summa av andra rader. Ta bort raden."
    if (column.name in KEYS or column.kind == "target") and _REWRITTEN.fullmatch(text):
        return "är ett datum eller ett avrundat tal som Excel har gjort av något annat. Skriv det som text i Excel."
    if column.name in KEYS and not text.isascii() and OTHER_SCRIPT.search(text):
        return "har bokstäver ur ett annat alfabet som ser ut som våra. Skriv namnet på nytt."
    return ""


def why_no_number(text: str) -> str:
    """What there is instead of a number, and what to do, where that takes more words than what was expected; "" else.

    >>> why_no_number("250.000")[:23], why_no_number("okänt")
    ('kan läsas på två sätt: ', '')
    """
    if text.startswith("="):
        return "en formel som inte är beräknad: öppna filen i Excel, räkna om och spara"
    if clean(text) == "-":
        return "ett streck: skriv 0 om det är inget, lämna tomt om det är okänt"
    if SCALED in text:
        return "talformatet visar talet delat med tusen: byt format i Excel, så att talet syns som det är"
    if any(map(reads_two_ways, re.split(r"–| - |(?<=[0-9]) ?(?=[^\s0-9.,–-])", text))):
        return "kan läsas på två sätt: skriv tusental med blanksteg eller utan, decimaler med annat antal än tre"
    return "timmar och minuter: skriv som decimaltal" if re.fullmatch("[0-9]+:[0-9]{2}(:[0-9]{2})?", text) else ""


def _text(distinct, texts, column, heading, marks):
    if column.choices:
        known = {code(choice): choice for choice in column.choices}
        values = pd.Series([known.get(code(text), "") for text in texts], dtype="str")
        return values, values.eq("")
    bad = pd.Series([why_no_text(text, column) != "" for text in texts], dtype=bool)
    return texts, bad | (~texts.str.fullmatch(column.pattern) if column.pattern else False)


def _target(distinct, texts, column, heading, marks):
    """A number with its unit, or words; a number that can be read in two ways is none."""
    values, bad = _text(distinct, texts, column, heading, marks)
    return values, bad | two_ways(distinct, marks)


def _budget_row(distinct, texts, column, heading, marks):
    """A budget row's name; the control total under one spelling, and what only looks like it refused."""
    plain = texts.str.rstrip(" :.").str.casefold()
    _, bad = _text(distinct, texts, column, heading, marks)
    return texts.mask(plain.eq(TOTAL_ROW.casefold()), TOTAL_ROW), plain.isin(OTHER_TOTALS) | bad


def _number(distinct, texts, column, heading, marks):
    return numbers(distinct, column, heading, column.spellings()[heading], marks)


def numbers(
    cells: pd.Series, column: ColumnSpec, heading: str, exponent: int = 0, marks: Marks | None = None
) -> tuple[pd.Series, pd.Series, int]:
    """The numbers of a column's cells, as `parse_column`: hours also as hours and minutes, a share also as per cent.

    >>> share = ColumnSpec("tjanst_andel", "number")
    >>> numbers(pd.Series(["80 %", "80 procent", "0,8"]), share, "tjanst_andel")[0].tolist()
    [0.8, 0.8, 0.8]
    """
    if column.name.endswith("_h"):
        cells = cells.map(hours)
    values, bad, decimals = parse_column(cells, allowed_units(column, heading), exponent, marks)
    if column.name.endswith("_andel"):
        hundredths = [isinstance(cell, str) and cell.rstrip().casefold().endswith(("%", "procent")) for cell in cells]
        values = values.where(~np.array(hundredths, bool), values / 100)
    return values, bad, decimals


def hours(cell: object) -> object:
    """Hours written as hours and minutes, as a number; any other cell as it is.

    >>> hours("1732:30"), hours("1 732,5")
    (1732.5, '1 732,5')
    >>> hours("0:30:36"), hours("-1:30"), hours("7:00"), hours("7")
    (0.51, -1.5, 7.0, '7')
    """
    found = _CLOCK.fullmatch(cell.replace("\u00a0", "").replace(" ", "")) if isinstance(cell, str) else None
    if not found:
        return cell
    size = int(found[2]) + int(found[3]) / 60 + int(found[4] or 0) / 3600
    return -size if found[1] else size


def _money(distinct, texts, column, heading, marks):
    values, bad, decimals = _number(distinct, texts, column, heading, marks)
    return values, bad, max(0, decimals - column.spellings()[heading])


def _range(distinct, texts, column, heading, marks):
    power = column.spellings()[heading]
    frame, bad, decimals = parse_range_column(distinct, allowed_units(column, heading), power)
    names = {"varde": column.name, "lag": f"{column.name}_lag", "hog": f"{column.name}_hog"}
    return frame.rename(columns=names), bad, max(0, decimals - power)


def _int(distinct, texts, column, heading, marks):
    values, bad, _ = _number(distinct, texts, column, heading, marks)
    return values, bad | (values.notna() & values.mod(1).ne(0))


def _year(distinct, texts, column, heading, marks):
    years = texts.str.extract(rf"\A({_YEAR})(?:[.,]0)?\Z")[0]
    return years.fillna("0").astype("int64"), years.isna()


def _iso(texts: pd.Series) -> pd.Series:
    """Dates as ÅÅÅÅ-MM-DD: those that are written so, and Excel's serial numbers; other texts as they are."""
    serial = texts.str.fullmatch(_SERIAL)
    if serial.any():
        days = pd.to_timedelta(texts.where(serial, "0").astype(int), unit="D") + pd.Timestamp(_EXCEL_DAY_0)
        texts = texts.mask(serial, days.dt.strftime("%Y-%m-%d"))
    return texts.str.replace(r"\A([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]00:00(?::00)?\Z", r"\1", regex=True)


def _month(distinct, texts, column, heading, marks):
    months = _months(texts).str.extract(rf"\A({_MONTH})\Z")[0]
    return months.fillna("").astype("str"), months.isna()


def _months(texts: pd.Series) -> pd.Series:
    """Months as ÅÅÅÅ-MM: `202404`, and the date of its first day, which Excel makes of one; other texts as they are."""
    texts = _iso(texts).str.replace(rf"\A({_MONTH})-01\Z", r"\1", regex=True)
    digits = texts.str.fullmatch(_MONTH_DIGITS)
    return texts.mask(digits, texts.str[:4] + "-" + texts.str[4:])


def _period(distinct, texts, column, heading, marks):
    periods = _months(texts.str.upper()).str.extract(rf"\A({_MONTH}|{_YEAR}-T[12]|{_YEAR})\Z")[0]
    return periods.fillna("").astype("str"), periods.isna()


def _date(distinct, texts, column, heading, marks):
    texts = _iso(texts)
    iso = texts.where(texts.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}"))
    dates = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    return dates, dates.isna()


def _time(distinct, texts, column, heading, marks):
    times = texts.str.extract(r"\A([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]00)?\Z")
    midnight = texts.str.fullmatch("24[:.]00(?:[:.]00)?") & (column.name == "till_kl")
    clock = (times[0].str.zfill(2) + ":" + times[1]).mask(midnight, "00:00")
    return clock.fillna("").astype("str"), clock.isna()


_READERS = {
    "text": _text,
    "budget_row": _budget_row,
    "target": _target,
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
