"""Swedish personal identity numbers: found, never returned, never shown.

A personnummer or samordningsnummer is found in every usual spelling: ten or twelve digits of any script, with or
without hyphen or plus sign, with blanks, dashes of any kind or natural punctuation between its parts, or a mark between
all its digits. To be one it must be a real date (day + 60 for a samordningsnummer) and have the right check digit, so
that amounts and ids pass. Digits inside a longer run of digits, or a plain run that is one side of a decimal mark, are
not one. Letters beside it change nothing. In free text a date with a hyphen or plus sign and four digits, or twelve
digits of the 1900s, is one whatever its check digit: a mistyped number is still a person's. So is a date of birth with
the last four digits further on in the sentence, where words say what they are.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.numbers import cell_text

_GAP = r"[ \t._/-]{0,5}"  # a new line is a new number
_LAST = r"(?P<mark>[ \t._/+,:;*#()-]{0,5})(?P<last>[0-9]{2}[ \t]?[0-9]{2})(?![0-9])"
_DAY = r"(?:0[1-9]|1[0-2])(?P=gap)(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
# A date followed by the year of another date (2016-01-01 - 2016-12-31) is an interval, by a year or by kronor a fact.
_INTERVAL = r"(?![0-9]{4}-[0-9]{2}-[0-9]{2} ?-? ?(?:19|20)[0-9]{2}-[0-9]{2}(?![0-9]))"
_FACT = r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}[ ,:;(]{1,3}(?:(?:19|20)[0-9]{2}(?![0-9])|[0-9 ]+ ?(?:kr|tkr|mnkr)\b))"
# A plain run with decimals (but 8501010000,00 is a number cell's way to write it), or a run that is the decimals.
_ALONE = r"(?![0-9]|[ \t./+-]{1,5}[0-9])"
_DECIMAL = rf"(?![0-9]+[.,](?!0+(?![0-9]))[0-9]+{_ALONE})(?!(?<=[0-9][.,])[0-9]+{_ALONE})"
_SHAPES = tuple(
    re.compile(
        rf"(?<![0-9])(?={_INTERVAL}{_FACT}{_DECIMAL}(?P<number>{century}[0-9]{{2}}(?P<gap>{_GAP}){_DAY}{_LAST}))"
    )
    for century in (rf"(?:18|19|20){_GAP}", "")
)
_APART = tuple(  # one and the same mark between the digits, but for what parts the last four
    re.compile(
        rf"(?<![0-9.,])(?=(?P<number>[0-9](?P<mark>[ ._*-])(?:[0-9](?P=mark)){{{count}}}[0-9][ ._*+,-]{{1,3}}"
        r"[0-9](?:(?P=mark)[0-9]){3})(?![0-9]|[.,][0-9]))"
    )
    for count in (6, 4)
)
_MONTH_END = r"(?:0131|022[89]|0331|0430|0531|0630|0731|0831|0930|1031|1130|1231)"
_MISTYPED = re.compile(  # 240101-1231 is the months of a year
    rf"(?<![^\W_])(?<![0-9][.,/-])(?![0-9]*01 ?- ?{_MONTH_END}(?![0-9]))"
    r"(?P<number>(?:(?:18|19|20)?[0-9]{6} ?[+-] ?[0-9]{4}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}[+-][0-9]{4}|19[0-9]{10}))"
    r"(?![^\W_])(?![.,/-][0-9A-Za-z])"
)
# Ten digits within a sentence; alone, after a word for what they count or number, or before a unit they are no person.
_TEN = re.compile(
    r"(?P<before>[^\n]*(?<![\w.,/-]))(?P<number>[0-9]{10})(?![\w])(?![.,/-][0-9A-Za-z])"
    r"(?![ ]?(?:kr|tkr|mnkr|sek|%|st)\b)(?P<after>[^\n]*)"
)
_NUMBERED = re.compile(
    r"(?:faktura|konto|n(?:umme)?r|dnr|\bid|ocr|ref|giro|\b[bp]g|order|avtal|kund|beslut|ärende|arende|org|tel|mobil"
    r"|\bver|verifikat|dok|artikel|kronor|belopp|summa)[^\W\d_]*[ .:;#=-]{0,3}$",
    re.IGNORECASE,
)
# "född 850314, de fyra sista är 1239": a date, and four digits that are no amount, with words for what they are.
_BIRTH = r"(?<![\w.,/-])(?P<date>(?:19|20)?[0-9]{6}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?![\w/]|[.,-][0-9])"
_NO_AMOUNT = r"(?![\w/-]|[.,:][0-9]| [0-9]| ?(?:kr|tkr|mnkr|sek|%|st|h|tim|dygn|person)\w*)"
_FOUR = rf"(?<![\w/-])(?<![0-9][.,: ])(?P<last>[0-9]{{4}}){_NO_AMOUNT}"
_BETWEEN = r"[^\n]{1,60}?"
_SPOKEN = tuple(re.compile(both) for both in (f"{_BIRTH}{_BETWEEN}{_FOUR}", f"{_FOUR}{_BETWEEN}{_BIRTH}"))
_AND = re.compile(rf"(?<![\w.,/-])(?P<date>[0-9]{{6}}) (?:och|samt|plus|med|följt av) (?P<last>[0-9]{{4}}){_NO_AMOUNT}")
_BORN = re.compile(r"\bfödd|\bfödelse|\bperson-?n(?:umme)?r|\bsamordningsn|\bp-?nr\b")
_LAST_FOUR = re.compile(
    r"sista(?:(?<=fyra sista)|(?<=4 sista)| fyra| 4)(?! (?:månad|år|veck|dag|kvartal|dygn|faktur|rad|tertial))"
)
_TELLING = ("född", "födelse", "personn", "person-n", "samordningsn", "pnr", "p-nr")  # one of which is in a birth's
_JOINED = re.compile("[0-9]{6} (?:och|samt|plus|med|följt)")  # and what the two joined begin with: leapt to by a digit
_BESIDE = 30  # characters before and after that may say what the digits are
_TEN_DIGITS = re.compile(r"[0-9]{10}(?<![0-9]{11})(?![0-9])")
_WORD = re.compile(r"[^\W\d_]{2}")
_WRITTEN = re.compile("[0-9][0-9 +-]{9,}[0-9]")  # what a mistyped number lies in
_PARTED = re.compile("[0-9]{2} ?[+-] ?[0-9]{4}|19[0-9]{10}")  # and what it has
# Ten digits and more, with as much between two as a number may have: what it lies in. All else is passed over quickly.
_RUN = re.compile(r"[0-9](?:[ \t._/+,:;*#()-]{0,5}[0-9]){9,}")
# Such a run is no number: a decimal number, or a time of day in Greenwich, as notebooks are full of.
_NONE = re.compile(r"[0-9]+[.,][0-9]*[1-9]0*|[0-9]{2}(?::[0-9]{2}){2}\.[0-9]{6}\+00:00")
_AFTER = 60  # characters after a run that may tell that it is an amount
SAMPLE = 1000
SHORTEST = 10  # characters of a number, however it is written
_LUHN = np.array([2, 1] * 5)


_ORDINARY = re.compile("[\x00-\x7fåäöÅÄÖéÉüÜ·…”§→←↑↓✓✗\u2039]*")  # what is itself, for a quick answer
_USUAL = {"\xa0": " ", "\u2013": "-", "\u2212": "-"}  # what numbers and spans are written with in Swedish


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
    if (folded := unicodedata.normalize("NFKC", char)).isascii() and folded.isalnum() and len(folded) == 1:
        return folded
    if category == "Pd" or not {"HYPHEN", "MINUS", "DASH", "HYPHEN-MINUS"}.isdisjoint(words):
        return "-"
    if "PLUS" in words:
        return "+"
    return " " if char.isspace() or not {"BLANK", "FILLER"}.isdisjoint(words) else char


_PLAIN = _Plain()


def find_personal_number(text: object) -> bool:
    """Whether a free text holds a personal identity number, mistyped or not.

    >>> find_personal_number("8 500 000 kr"), find_personal_number("beslut 2016-08-27, 240101-1231")
    (False, False)
    """
    return bool(personal_numbers_in(_plain([text]))[0]) or (
        isinstance(text, str) and has_mistyped_number(plain_text(text))
    )


def personal_number_mask(series: pd.Series, free_text: bool = False) -> pd.Series:
    """Which cells of a column hold a personal identity number; in free text a mistyped one too.

    >>> personal_number_mask(pd.Series(["Vårdkostnader", 112500000, None])).tolist()
    [False, False, False]
    """
    if len(series) <= SAMPLE:  # most have nothing that could be one
        with suppress(TypeError):
            if not _runs("|".join(_ordinary(list(series)))):
                return pd.Series(False, index=series.index)
    if not free_text and series.head(SAMPLE).nunique() > SAMPLE / 2:  # few are the same: looked at as they stand
        with suppress(TypeError):
            return pd.Series(personal_numbers_in(_ordinary(list(series))), index=series.index)
    codes, uniques = pd.factorize(series.astype(object))
    plain = _plain(list(uniques))
    found = personal_numbers_in(plain)
    if free_text and _runs("|".join(plain)):  # a mistyped number is ten digits too
        found |= np.fromiter((isinstance(t, str) and has_mistyped_number(plain_text(t)) for t in uniques), bool)
    return pd.Series(np.append(found, False)[codes].astype(bool), index=series.index)


def has_mistyped_number(plain: str) -> bool:
    """Whether a plain text holds what is written as a personal number, whatever its check digit.

    >>> has_mistyped_number("avser 240101-1231"), has_mistyped_number("konto 8327-9 12 3"), has_mistyped_number("24-1")
    (False, False, False)
    """
    if len(plain) < SHORTEST:
        return False
    runs = (run for run in _WRITTEN.finditer(plain) if _PARTED.search(run.group()))
    numbers = tuple(found["number"] for found in _in_runs(_MISTYPED, plain, runs))
    numbers += tuple(
        found["number"]
        for line in dict.fromkeys(_line(plain, ten.start()) for ten in _TEN_DIGITS.finditer(plain))
        for found in _TEN.finditer(line)
        if _WORD.search(found["before"] + found["after"]) and not _NUMBERED.search(found["before"])
    )
    return (bool(numbers) and bool(_real_dates(_digits(numbers)).any())) or has_spoken_number(plain)


def _line(text: str, place: int) -> str:
    """The line of a text in which a place lies."""
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else None]


def has_spoken_number(plain: str) -> bool:
    """Whether a plain text says a date of birth and the last four digits apart, with words for what they are.

    With words for both it is one; with words for one of them, or joined by "och", where the check digit is right.

    >>> has_spoken_number("född 850314, de fyra sista är 1239"), has_spoken_number("betalt 2024-03-14, faktura 1239")
    (True, False)
    """
    text = plain.lower()
    joined = [f"{found['date']}{found['last']}" for found in _AND.finditer(text)] if _JOINED.search(text) else []
    if joined and _genuine(tuple(joined)).any():
        return True
    if not (any(word in text for word in _TELLING) and _BORN.search(text)) and not _LAST_FOUR.search(text):
        return False
    return any(_is_spoken(text, found) for shape in _SPOKEN for found in shape.finditer(text))


def _is_spoken(text: str, found: re.Match) -> bool:
    near = text[max(found.start() - _BESIDE, 0) : found.end() + _BESIDE]
    said = bool(_BORN.search(near)) + bool(_LAST_FOUR.search(near))
    number = (f"{found['date']}{found['last']}",)
    return bool(said and (_real_dates(_digits(number)) if said == 2 else _genuine(number)).any())


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
    if text.isascii() or _ORDINARY.fullmatch(text):
        return text
    for char, plain in _USUAL.items():
        text = text.replace(char, plain)
    return text if _ORDINARY.fullmatch(text) else unicodedata.normalize("NFC", text).translate(_PLAIN)


def _plain(cells: list[Any]) -> list[str]:
    """Each cell as a plain text."""
    with suppress(TypeError):
        return _ordinary(cells)
    return [text if isinstance(text, str) and text.isascii() else plain_text(cell_text(text)) for text in cells]


def _ordinary(texts: list[str]) -> list[str]:
    """The texts, if all are texts with ordinary characters only; TypeError otherwise."""
    if not _ORDINARY.fullmatch("|".join(texts)):
        raise TypeError
    return texts


def personal_numbers_in(plain: list[str]) -> np.ndarray:
    """For each plain text whether it holds one: candidates of the right shape first, then date and check digit."""
    found = np.zeros(len(plain), bool)
    joined = "|".join(plain)
    runs = _runs(joined)
    if not runs:
        return found
    ends = np.cumsum(np.fromiter(map(len, plain), int, len(plain)) + 1)
    for shape in (*_SHAPES, *_APART):
        matches = [(match.start(), match["number"]) for match in _in_runs(shape, joined, runs)]
        if matches:
            starts, numbers = zip(*matches, strict=True)
            genuine = _genuine(numbers)
            found[np.searchsorted(ends, np.array(starts)[genuine], side="right")] = True
    return found


def _runs(joined: str) -> list[re.Match]:
    """Where plain texts with a mark between them have what a number may lie in: nothing is one outside these."""
    return [run for run in _RUN.finditer(joined) if not _NONE.fullmatch(run.group())]


def _in_runs(shape: re.Pattern, plain: str, runs: Iterable[re.Match]) -> Iterator[re.Match]:
    """What has a shape and begins within one of the runs; what stands before and after them is seen too."""
    for run in runs:
        yield from (at for at in shape.finditer(plain, run.start(), run.end() + _AFTER) if at.start() < run.end())


def _digits(numbers: tuple[str, ...]) -> pd.Series:
    return pd.Series(numbers, dtype="str").str.replace("[^0-9]", "", regex=True)


def _real_dates(digits: pd.Series) -> np.ndarray:
    """Which numbers begin with a date that exists, day + 60 for a samordningsnummer."""
    ten = digits.str[-10:]
    # Without a century the year 2000 stands for all: the calendar repeats but for 29 February 1800 and 1900.
    century = digits.str[:-10].replace("", "20")
    day = ten.str[4:6].astype(int)
    date = century + ten.str[:4] + day.where(day < 60, day - 60).astype("str").str.zfill(2)
    return pd.to_datetime(date, format="%Y%m%d", errors="coerce").notna().to_numpy()


def _genuine(numbers: tuple[str, ...]) -> np.ndarray:
    """Which candidates are a real date with the right check digit."""
    digits = _digits(numbers)
    matrix = np.frombuffer("".join(digits.str[-10:]).encode(), np.uint8).reshape(-1, 10) - ord("0")
    products = matrix.astype(int) * _LUHN
    return _real_dates(digits) & ((products // 10 + products % 10).sum(axis=1) % 10 == 0)
