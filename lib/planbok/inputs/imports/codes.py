"""Code lists: what a cell's code becomes, which codes nobody has mapped, and which are left out by name."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from planbok.base.numbers import cell_text, visible
from planbok.inputs.imports.profile import ACCOUNT, DEFAULT_CODE, NUMBER, Code, Profile
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.values import tidy, why_no_text

_CODE = re.compile(r"\s*([0-9A-Za-zÅÄÖåäö]+)(?:\s*[-–:]?\s+(.*))?")
RESULT_ACCOUNTS, OTHER_ACCOUNTS = "345678", "0129"  # contract: accounts outside 3–8 are named and left out


def split_code(cell: object) -> tuple[str, str]:
    """A cell's code and text, where it holds both.

    >>> split_code("3411 Hyresintäkter"), split_code(5011)
    (('3411', 'Hyresintäkter'), ('5011', ''))
    """
    found = _CODE.fullmatch(cell_text(cell))
    return (found[1], (found[2] or "").strip()) if found else (cell_text(cell), "")


def categorical(number: pd.Series, of_each: list) -> pd.Series:
    """The value of each row's number, as a categorical of the values that differ.

    >>> categorical(pd.Series([0, 1, 2]), ["a", "b", "a"]).tolist()
    ['a', 'b', 'a']
    """
    ids, values = pd.factorize(pd.Series(of_each, dtype=object))
    spread = pd.Categorical.from_codes(ids[number.to_numpy()], values) if len(values) else pd.Categorical([])
    return pd.Series(spread, index=number.index)


@dataclass(frozen=True)
class Coded:
    """A column's codes: `number` for each row which of `texts` it is; `codes` what each of those becomes, or None."""

    number: pd.Series
    texts: list[str]
    codes: list[Code | None]

    def spread(self, of_each: list) -> pd.Series:
        """A value for each distinct code, on every row: a categorical, which is quick to group by."""
        return categorical(self.number, of_each)

    def values(self, key: str) -> pd.Series:
        """What each row's code says under a key; "" where it says nothing."""
        return self.spread([_said(code, key) for code in self.codes])


def coded(cells: pd.Series, column: str, profile: Profile) -> Coded:
    """A column's cells held against its code list; without a list each code is itself."""
    numbers, uniques = pd.factorize(cells, use_na_sentinel=False)
    both = column in profile.kod_och_text
    cell_texts = [split_code(cell)[0] if both else " ".join(visible(cell_text(cell)).split()) for cell in uniques]
    ids, texts = pd.factorize(pd.Series(cell_texts, dtype=object))
    number = pd.Series(ids[numbers], index=cells.index)
    codes = profile.koder.get(column)
    if not codes:
        return Coded(number, list(texts), [Code.model_construct(kod=text, varde=text) for text in texts])
    finder = _Finder(codes, column)
    return Coded(number, list(texts), [_outside(text, column) or finder.find(text) for text in texts])


class _Finder:
    """A code list for looking up in.

    >>> finder = _Finder([Code(kod="0-5", varde="a")])
    >>> finder.find("3").varde, finder.find("x")
    ('a', None)
    """

    def __init__(self, codes: list[Code], column: str = ""):
        self.column = ColumnSpec(column)
        self.exact = {" ".join(str(code.kod).split()).casefold(): code for code in codes if not code.ends}
        self.intervals = [(*code.ends, code) for code in codes if code.ends]
        self.default = self.exact.pop(DEFAULT_CODE, None)

    def find(self, text: str) -> Code | None:
        if text.casefold() in self.exact:
            return self.exact[text.casefold()]
        number = NUMBER.fullmatch(text)
        inside = (code for first, last, code in self.intervals if number and first <= int(text) <= last)
        return next(inside, self.default if text and not why_no_text(text, self.column) else None)


@lru_cache(maxsize=4096)
def _outside(text: str, column: str) -> Code | None:
    """An account that is no result account: left out, and named in the account."""
    if column == ACCOUNT and text and text[0] in OTHER_ACCOUNTS:
        return Code(kod=text, text="balanskonto eller annat utanför kontoklass 3–8", utelamna=True)
    return None


def _said(code: Code | None, key: str) -> str:
    value = getattr(code, key, None) if code else None
    return "" if value is None else tidy(value)
