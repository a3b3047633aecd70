"""Swedish personal identity numbers: found, never returned, never shown.

A personnummer or samordningsnummer is found in every usual spelling: ten or twelve digits of any script, with or
without hyphen or plus sign, with blanks, points or dashes of any kind between its parts. To be one it must be a real
date (day + 60 for a samordningsnummer) and have the right check digit, so that amounts and ids pass. Digits inside a
longer run of digits, or a plain run that is one side of a decimal mark, are not one. Letters beside it change nothing.
"""

import re
import unicodedata

import numpy as np
import pandas as pd

from planbok.base.numbers import cell_text

_GAP = r"[ \t._/-]{0,5}"  # a new line is a new number
_LAST = r"[ \t._/+-]{0,5}[0-9]{2}[ \t]?[0-9]{2}(?![0-9])"
_DAY = r"(?:0[1-9]|1[0-2])(?P=gap)(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
# A date followed by the year of another date (2016-01-01 - 2016-12-31) is an interval.
_INTERVAL = r"(?![0-9]{4}-[0-9]{2}-[0-9]{2} ?-? ?(?:19|20)[0-9]{2}-[0-9]{2}(?![0-9]))"
# A plain run with decimals (but 8501010000,00 is a number cell's way to write it), or a run that is the decimals.
_ALONE = r"(?![0-9]|[ \t./+-]{1,5}[0-9])"
_DECIMAL = rf"(?![0-9]+[.,](?!0+(?![0-9]))[0-9]+{_ALONE})(?!(?<=[0-9][.,])[0-9]+{_ALONE})"
_SHAPES = tuple(
    re.compile(rf"(?<![0-9])(?={_INTERVAL}{_DECIMAL}(?P<number>{century}[0-9]{{2}}(?P<gap>{_GAP}){_DAY}{_LAST}))")
    for century in (rf"(?:18|19|20){_GAP}", "")
)
_RUN = re.compile(r"[0-9][0-9 \t._/+-]{8,}[0-9]")  # what a number lies in: all else is passed over quickly
_AFTER = 60  # characters after a run that may tell that it is an amount
_LUHN = np.array([2, 1] * 5)


class _Plain(dict):
    """Digits of every script to 0–9, every dash to a hyphen, every blank to a space; invisible characters away."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        self[code] = found = _plain_char(char, unicodedata.category(char), unicodedata.name(char, "").split())
        return found


def _plain_char(char: str, category: str, words: list[str]) -> str | None:
    if char.isascii():
        return char
    if char.isdigit():
        return str(unicodedata.digit(char))
    if category in ("Cf", "Mn", "Me"):
        return None
    if category == "Pd" or not {"HYPHEN", "MINUS", "DASH", "HYPHEN-MINUS"}.isdisjoint(words):
        return "-"
    if "PLUS" in words:
        return "+"
    return " " if char.isspace() or not {"BLANK", "FILLER"}.isdisjoint(words) else char


_PLAIN = _Plain()


def find_personal_number(text: object) -> bool:
    """Whether a text holds a personal identity number.

    >>> find_personal_number("8 500 000 kr"), find_personal_number("beslut 2016-08-27")
    (False, False)
    """
    return bool(_found([text])[0])


def personal_number_mask(series: pd.Series) -> pd.Series:
    """Which cells of a column hold a personal identity number.

    >>> personal_number_mask(pd.Series(["Vårdkostnader", 112500000, None])).tolist()
    [False, False, False]
    """
    codes, uniques = pd.factorize(series.astype(object))
    return pd.Series(np.append(_found(uniques), False)[codes].astype(bool), index=series.index)


def looks_like_personal_number(text: object) -> bool:
    """Whether a text has a personal identity number's shape, right check digit or not: then it isn't echoed.

    >>> looks_like_personal_number("id 850199-0000"), looks_like_personal_number("850131-000x")
    (False, False)
    """
    plain = plain_text(cell_text(text))
    return any(shape.search(plain) for shape in _SHAPES)


def plain_text(text: str) -> str:
    """A text with ordinary digits, hyphens and blanks, and nothing invisible.

    >>> plain_text("\u0668\u0665\u2013\u200b1")
    '85-1'
    """
    return text if text.isascii() else text.translate(_PLAIN)


def _found(texts: object) -> np.ndarray:
    """For each cell whether it holds one."""
    return personal_numbers_in(
        [text if isinstance(text, str) and text.isascii() else plain_text(cell_text(text)) for text in texts]
    )


def personal_numbers_in(plain: list[str]) -> np.ndarray:
    """For each plain text whether it holds one: candidates of the right shape first, then date and check digit."""
    lengths = np.fromiter(map(len, plain), int, len(plain))
    ends = np.cumsum(lengths + 1)
    found = np.zeros(len(plain), bool)
    joined = "|".join(plain)
    runs = [run.span() for run in _RUN.finditer(joined) if sum(map(str.isdigit, run.group())) >= 10]
    for shape in _SHAPES:
        matches = [
            (match.start(), match["number"])
            for start, end in runs
            for match in shape.finditer(joined, start, end + _AFTER)
            if match.start() < end
        ]
        if matches:
            starts, numbers = zip(*matches, strict=True)
            genuine = _genuine(numbers)
            found[np.searchsorted(ends, np.array(starts)[genuine], side="right")] = True
    return found


def _genuine(numbers: tuple[str, ...]) -> np.ndarray:
    """Which candidates are a real date with the right check digit."""
    digits = pd.Series(numbers, dtype="str").str.replace("[^0-9]", "", regex=True)
    ten = digits.str[-10:]
    # Without a century the year 2000 stands for all: the calendar repeats but for 29 February 1800 and 1900.
    century = digits.str[:-10].replace("", "20")
    day = ten.str[4:6].astype(int)
    date = century + ten.str[:4] + day.where(day < 60, day - 60).astype("str").str.zfill(2)
    real = pd.to_datetime(date, format="%Y%m%d", errors="coerce").notna().to_numpy()
    matrix = np.frombuffer("".join(ten).encode(), np.uint8).reshape(-1, 10) - ord("0")
    products = matrix.astype(int) * _LUHN
    return real & ((products // 10 + products % 10).sum(axis=1) % 10 == 0)
