"""Swedish numbers in and out.

One rule for points and commas: the last mark in a number is its decimal mark, unless the same mark occurs several
times; every other mark, and every blank, separates thousands and must stand in groups of three. So `1.945` is a little
less than two, `1.945,5` and `1 945,5` are nearly two thousand, and `1.945.000` is nearly two million. A text such as
`1.945` can be read both ways: in a column it is refused unless another cell shows that the point is a decimal mark.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from math import floor, isfinite, log10
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from planbok.base.decimal_marks import Marks, ambiguous

MISSING = "underlag saknas"
MINUS = "\u2212"
NO_BREAK = "\u00a0"

_UNSEEN = dict.fromkeys(  # soft hyphen, marks of direction and of no width, byte order marks, variation selectors
    [0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [*range(0xFE00, 0xFE10), *range(0xFFF9, 0xFFFC)]
)
_DASHES = _UNSEEN | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
_TWO_WAYS = re.compile(r"[-+]? ?[1-9][0-9]{0,2}[.,][0-9]{3}-?")
_NUMBER = (
    r"(?P<before>[-+]?) ?(?=[0-9.,])"
    r"(?P<whole>[0-9]{1,3}(?: [0-9]{3})+"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+(?=,)|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?!\.)"
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?=\.)|[0-9]{1,3}(?:,[0-9]{3}){2,}(?!,)"
    r"|[0-9]+)?"
    r"(?: ?(?P<mark>[.,]) ?(?P<part>[0-9]+))?(?P<after>-?)"
    r"(?: ?(?P<unit>(?![eE][-+]?[0-9])(?:[^\W\d_]|[%‰°€$]).*))?"
)
_SINGLE = re.compile(rf"\A{_NUMBER}\Z")
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:[.,](?:[0-9]{1,2}|[0-9]{4,15}))?")  # three decimals may be thousands
_RANGE = re.compile(r"\A(?P<low>.*?[0-9][^0-9-]*?) ?- ?(?P<high>[-+]?[0-9.,].*)\Z")
_EXACT = Context(prec=400)
KR_PER_MNKR = 1e6
SMALL_KR = 50_000  # what one decimal of mnkr shows as 0,0
_DECIMALS = {"mnkr": 1, "kr": 0, "%": 1, "procent": 1, "st": 0, "dygn": 0, "dagar": 0, "h": 0, "personer": 0}
# the words of a key that are its unit, the last one wins; and those that make the number a change, shown with its sign
_UNITS = {
    "antal": "st",
    **{
        word: word for word in ("kr", "tkr", "mnkr", "h", "procent", "andel", "dygn", "dagar", "helmanader", "personer")
    },
}
_PER = {"dygn": "kr/dygn", "manad": "kr/manad", "timme": "kr/timme", "plats": "kr/dygn", "procentenhet": "kr"}
_CHANGES = {"avvikelse", "skillnad", "forandring", "forandringar", "andring", "helarseffekt"}
_SHOWN = {"procent": "%", "manad": "månad", "ar": "år", "arsarbetare": "årsarbetare", "helmanader": "helmånader"}


@dataclass(frozen=True)
class Parsed:
    """What a text says: a number (`varde`) with its unit and decimals, or none."""

    varde: float | None
    enhet: str = ""
    decimaler: int = 0


def parse(text: Any) -> Parsed:
    """Read one number or plain text; never an error.

    >>> parse("144,8").varde, parse("10 000 st").varde, parse("41, 8").varde, parse("0,3-").varde
    (144.8, 10000.0, 41.8, -0.3)
    >>> parse("1.8 kg CO2 per kg livsmedel").enhet
    'kg CO2 per kg livsmedel'
    >>> parse("1.945").varde, parse("1.945,5").varde, parse("1.945.000").varde
    (1.945, 1945.5, 1945000.0)
    >>> parse("tas fram av nämnden").varde is None, parse("11000–12000").varde is None
    (True, True)
    """
    found = _SINGLE.match(clean(cell_text(text)))
    if not found or (found["before"] and found["after"]):
        return Parsed(None)
    whole, part = re.sub("[ .,]", "", found["whole"] or "0"), found["part"] or ""
    sign = "-" if "-" in (found["before"], found["after"]) else ""
    value = float(f"{sign}{whole}.{part or 0}") + 0.0
    return Parsed(value, found["unit"] or "", len(part)) if isfinite(value) else Parsed(None)


def two_ways(cells: pd.Series, marks: Marks | None = None) -> pd.Series:
    """Which cells of a column of numbers with units, and of text, hold a number that can be read in two ways.

    >>> two_ways(pd.Series(["1.945 GWh", "öka", "7 %"])).tolist(), two_ways(pd.Series(["1.945 GWh", "7.5 %"])).tolist()
    ([True, False, False], [False, False])
    """
    parts = cells.map(_plain_text).astype("str").str.extract(_SINGLE).dropna(subset="before")
    return ambiguous(parts, marks).reindex(cells.index).eq(True)


def visible(text: str) -> str:
    """A text without characters that can't be seen.

    >>> visible("\ufeffL\u00adön\u200b")
    'Lön'
    """
    return text if text.isascii() else text.translate(_UNSEEN)


def reads_two_ways(text: str) -> bool:
    """Whether a number may be thousands as well as a number with three decimals, when nothing stands beside it.

    >>> [reads_two_ways(text) for text in ("250.000", "0.125", "1250.000", "250.00", "1 250,000")]
    [True, False, False, False, False]
    """
    return bool(_TWO_WAYS.fullmatch(clean(text)))


def clean(text: str) -> str:
    """A text with ordinary blanks, one at a time, and every dash and minus as a hyphen.

    >>> clean(" −10\\u202f000–11\\u00a0000 ")
    '-10 000-11 000'
    """
    return " ".join((text if text.isascii() else text.translate(_DASHES)).split())


def cell_text(cell: Any) -> str:
    """A cell as a person sees it: a number without a needless decimal part and with a decimal comma.

    >>> cell_text(4.0), cell_text(7.5), cell_text(" vp "), cell_text(None)
    ('4', '7,5', 'vp', '')
    """
    if isinstance(cell, str):
        return cell.strip()
    if is_number(cell):
        return _number_text(cell).replace(".", ",") if isfinite(cell) else ("" if np.isnan(cell) else str(cell))
    return "" if cell is None or cell is pd.NaT or cell is pd.NA else str(cell)


def is_number(cell: Any) -> bool:
    """Whether a value is a number; true and false are none.

    >>> is_number(1), is_number(0.5), is_number(True), is_number("1")
    (True, True, False, False)
    """
    return isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool)


def _plain_text(cell: Any) -> str:
    if isinstance(cell, str):
        return clean(cell)
    return _number_text(cell) if is_number(cell) and isfinite(cell) else str(cell)


def _number_text(number: Any) -> str:
    exact = Decimal(repr(float(number)) if isinstance(number, (float, np.floating)) else int(number))
    return format(exact, "f").removesuffix(".0")


def parse_column(
    series: pd.Series, units: Iterable[str] = (), exponent: int = 0, marks: Marks | None = None
) -> tuple[pd.Series, pd.Series, int]:
    """Read a table's column: the numbers (NaN where the cell is empty), the cells that are no number, the decimals.

    `units` are the units that may stand after a number; `exponent` moves the decimal point exactly (−3: thousands to
    millions). The decimals are the most that a cell states, before the move; number cells count at most six. `marks`
    are those of the whole column where the series is a part of it: until they are judged no cell is ambiguous.

    >>> values, bad, decimals = parse_column(pd.Series(["1 234,50", "−0,3", "", "okänt", 7]))
    >>> values.tolist(), bad.tolist(), decimals
    ([1234.5, -0.3, nan, nan, 7.0], [False, False, False, True, False], 2)
    >>> parse_column(pd.Series(["1.945", "12,5"]))[1].tolist()
    [True, False]
    """
    codes, uniques = pd.factorize(series.astype(object))
    plain = _plain_numbers(uniques, exponent)
    if plain is not None:
        if marks:
            marks.see_plain(uniques.tolist())
        values = pd.Series(plain[0], dtype=float)
        return _expand(values, codes, series.index, np.nan), pd.Series(False, index=series.index), plain[1]
    cells = pd.Series(uniques, dtype=object)
    numeric = cells.map(is_number).astype(bool)
    texts = cells.map(_plain_text)
    parts = texts.astype("str").str.extract(_SINGLE)
    empty = texts.eq("")
    allowed = parts["unit"].fillna("").str.lower().isin({"", *units})
    twice = parts["before"].ne("") & parts["after"].eq("-")
    doubtful = ambiguous(parts[~numeric], marks).reindex(cells.index).eq(True)
    good = parts["before"].notna() & allowed & ~twice & ~doubtful
    values = _values(parts[good], exponent).reindex(cells.index)
    good &= np.isfinite(values)
    decimals = parts["part"].str.len().where(good, 0).fillna(0).where(~numeric, 0)
    rounded = cells[numeric & good].map(lambda cell: _number_text(round(float(cell), 6)).partition(".")[2])
    stated = max([0, *decimals.astype(int), *rounded.map(len)])
    return (
        _expand(values.where(good), codes, series.index, np.nan),
        _expand(~good & ~empty, codes, series.index, False),
        stated,
    )


def _plain_numbers(cells: np.ndarray, exponent: int) -> tuple[list[float], int] | None:
    """The numbers of cells that are all "" or digits, perhaps with a mark, and their most decimals; else None."""
    texts = cells.tolist()
    if not all(isinstance(text, str) and (not text or _PLAIN.fullmatch(text)) for text in texts):
        return None
    texts = [text.replace(",", ".") for text in texts]
    stated = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [float(f"{text}e{exponent}") + 0.0 if text else np.nan for text in texts], stated


def parse_range_column(
    series: pd.Series, units: Iterable[str] = (), exponent: int = 0
) -> tuple[pd.DataFrame, pd.Series, int]:
    """Like `parse_column`, for cells that hold a number or a range: columns `varde`, `lag` and `hog`.

    A range has no `varde`; a number is its own `lag` and `hog`.

    >>> frame, bad, decimals = parse_range_column(pd.Series(["11000–12000", "8 200"]))
    >>> frame.to_numpy().tolist(), bad.any(), decimals
    ([[nan, 11000.0, 12000.0], [8200.0, 8200.0, 8200.0]], np.False_, 0)
    """
    values, bad, decimals = parse_column(series, units, exponent)
    if not bad.any():
        return pd.DataFrame({"varde": values, "lag": values, "hog": values}), bad, decimals
    ends = series.where(bad, "").map(lambda cell: clean(str(cell))).astype("str").str.extract(_RANGE)
    low, bad_low, decimals_low = parse_column(ends["low"], units, exponent)
    high, bad_high, decimals_high = parse_column(ends["high"], units, exponent)
    is_range = bad & low.notna() & high.notna() & ~bad_low & ~bad_high & low.le(high)
    frame = pd.DataFrame({"varde": values, "lag": low.where(is_range, values), "hog": high.where(is_range, values)})
    return frame, bad & ~is_range, max(decimals, decimals_low, decimals_high)


def _values(parts: pd.DataFrame, exponent: int) -> pd.Series:
    sign = (parts["before"].eq("-") | parts["after"].eq("-")).map({True: "-", False: ""})
    whole = parts["whole"].fillna("0")
    grouped = ~whole.str.isdigit()
    whole = whole.where(~grouped, whole[grouped].str.replace("[ .,]", "", regex=True))
    text = sign.astype("str") + whole + "." + parts["part"].fillna("0") + f"e{exponent}"
    return text.astype(float) + 0.0


def _expand(uniques: pd.Series, codes: np.ndarray, index: pd.Index, missing: float | bool) -> pd.Series:
    """The values of distinct cells back on every row; code −1 is an empty cell."""
    return pd.Series(np.append(uniques.to_numpy(), missing)[codes], index=index)


def as_shown(x: float, decimaler: int) -> Decimal:
    """A finite number rounded as people read it: halves away from zero.

    >>> as_shown(0.15, 1), as_shown(144.95, 1)
    (Decimal('0.2'), Decimal('145.0'))
    """
    exact = Decimal(repr(float(x))) if isinstance(x, (float, np.floating)) else Decimal(str(x))
    return exact.quantize(Decimal(1).scaleb(-decimaler), ROUND_HALF_UP, _EXACT)


def whole(number: float) -> float | int:
    """A whole number as an int; one with decimals, infinite or NaN as it is.

    >>> whole(4.0), whole(4.5), whole(float("inf"))
    (4, 4.5, inf)
    """
    return int(number) if float(number).is_integer() else number


def few_decimals(number: float, most: int = 1) -> int:
    """The decimals to show a number with: none where it is whole, else `most`.

    >>> few_decimals(18.0), few_decimals(7.5), few_decimals(7.5, 2)
    (0, 1, 2)
    """
    return 0 if number == round(number) else most


def format_number(x: float | None, decimaler: int = 1, signed: bool = False) -> str:
    """A number as Swedes write it; halves are rounded away from zero, and zero has no sign.

    >>> format_number(-0.25), format_number(-0.04), format_number(3.3, signed=True)
    ('−0,3', '0,0', '+3,3')
    >>> format_number(11000, 0) == "11\\u00a0000"
    True
    >>> format_number(None)
    'underlag saknas'
    """
    if x is None or pd.isna(x) or not isfinite(x):
        return MISSING
    rounded = as_shown(x, decimaler)
    text = format(abs(rounded), ",f").replace(",", NO_BREAK).replace(".", ",")
    if not rounded:
        return text
    return (MINUS if rounded < 0 else "+" if signed else "") + text


def format_unit(x: float | None, mattenhet: str, decimaler: int | None = None, signed: bool = False) -> str:
    """A number with its unit, with the decimals that the unit usually has.

    >>> [format_unit(*pair).replace("\\u00a0", " ") for pair in [(144.8, "mnkr"), (11000, "kr"), (2.3, "procent")]]
    ['144,8 mnkr', '11 000 kr', '2,3 %']
    >>> format_unit(7875, "kr/manad").replace("\\u00a0", " ")
    '7 875 kr/månad'
    >>> format_unit(float("nan"), "kr")
    'underlag saknas'
    """
    if decimaler is None:
        decimaler = usual_decimals(mattenhet)
    number = format_number(x, decimaler, signed)
    unit = "/".join(_SHOWN.get(part, part) for part in mattenhet.split("/"))
    return f"{number}{NO_BREAK}{unit}" if unit and number != MISSING else number


def unit_of(key: str) -> str:
    """The unit that a key's name states; "" where it states none.

    >>> [unit_of(key) for key in ("netto_mnkr", "kr_ram_helar", "peng_kr_per_dygn", "kr", "antal_fall", "budgetrad")]
    ['mnkr', 'kr', 'kr/dygn', 'kr', 'st', '']
    >>> unit_of("sjuk_60_dagar_andel_procent"), unit_of("sjalvkostnad_kr_per_plats_och_dygn"), unit_of("sjuk_h")
    ('procent', 'kr/dygn', 'h')
    """
    _, per, what = key.partition("kr_per_")
    if per:
        return _PER.get(what.partition("_")[0], "kr")
    return next((_UNITS[word] for word in reversed(key.split("_")) if word in _UNITS), "")


def is_change(key: str) -> bool:
    """Whether a key names a difference, which is shown with its sign.

    >>> is_change("avvikelse_mnkr"), is_change("netto_mnkr")
    (True, False)
    """
    return not _CHANGES.isdisjoint(key.split("_"))


Amount = TypeVar("Amount")  # kronor: a number or a column of them


def usual_decimals(mattenhet: str) -> int:
    """The decimals that people are shown of a unit."""
    return _DECIMALS.get(mattenhet.partition("/")[0], 1)


def in_mnkr(kr: float, decimaler: int | None = None, signed: bool = False) -> str:
    """Kronor written as million kronor.

    >>> in_mnkr(-1_250_000, 2).replace(NO_BREAK, " ")
    '−1,25 mnkr'
    """
    return format_unit(kr / KR_PER_MNKR, "mnkr", decimaler, signed)


def kronor(kr: float | None, signed: bool = False, exact: bool = False) -> str:
    """Kronor in a sentence: as many as have seven digits or more are said in million kronor with two decimals.

    `exact` keeps the further decimals that an amount somebody has stated needs.

    >>> kronor(999_999).replace(NO_BREAK, " "), kronor(-2_624_952, signed=True).replace(NO_BREAK, " ")
    ('999 999 kr', '−2,62 mnkr')
    >>> kronor(1_500_000, exact=True).replace(NO_BREAK, " "), kronor(2_624_952, exact=True).replace(NO_BREAK, " ")
    ('1,50 mnkr', '2,624952 mnkr')
    """
    million = int(KR_PER_MNKR)  # held against a float a Decimal leaves a flag, and the process makes no more reports
    if kr is None or not isfinite(kr) or abs(as_shown(kr, 0)) < million:
        return format_unit(kr, "kr", 0, signed)
    stated = len(f"{kr / KR_PER_MNKR:.6f}".rstrip("0").partition(".")[2]) if exact else 0
    return in_mnkr(kr, max(2, stated), signed)


def mnkr(kr: Amount) -> Amount:
    """Kronor to million kronor, without the noise of binary fractions."""
    return np.round(cast(Any, kr) / KR_PER_MNKR, 9) + 0.0


def amount(kr: float, signed: bool = False, decimals: int = 1) -> str:
    """An amount in mnkr, or in kronor where one decimal of mnkr would show nothing.

    >>> [amount(kr).replace(NO_BREAK, " ") for kr in (1_250_000, 49_999)]
    ['1,3 mnkr', '49 999 kr']
    """
    small = abs(kr) < SMALL_KR
    return format_unit(kr, "kr", 0, signed) if small else format_unit(mnkr(kr), "mnkr", decimals, signed)


def ticks(values: Sequence[float]) -> tuple[float, str]:
    """A step of 1, 2 or 5 times a power of ten that gives about five ticks, all with the same decimals.

    >>> ticks([0, 0.6]), ticks([12.07, 12.17])
    ((0.1, ',.1f'), (0.02, ',.2f'))
    """
    span = (max(values) - min(values) if values else 0) or 1.0
    power = floor(log10(span / 5))
    step = next(base for base in (1, 2, 5, 10) if base * 10.0**power >= span / 6.5)
    power, step = (power + 1, 1) if step == 10 else (power, step)
    return round(step * 10.0**power, 12), f",.{max(0, -power)}f"
