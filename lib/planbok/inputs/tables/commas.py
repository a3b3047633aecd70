"""Rows of a csv file that don't fit its headings: most often decimal commas where commas are between the cells too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.inputs.tables.checks import Found
from planbok.inputs.tables.columns import ColumnSpec
from planbok.inputs.tables.headings import heading_text
from planbok.inputs.tables.xlsx import Sheet

_PROSE = {"kalla", "källa", "kommentar", "anmarkning", "anmärkning", "notering", "beskrivning", "underlag", "text"}
_PROSE |= {"kf_mal_text", "namndmal_text", "enhetsmal_text", "mal_text", "kan_paverka", "verifikationstext"}
_DECIMAL_KINDS = ("number", "money", "range", "target")
_WHOLE, _DIGITS = "-?[0-9][0-9 \u00a0]*", "[0-9]+"
_FEW_DIGITS = "0[1-9]|[1-9][0-9]?"  # as decimals are often written, and amounts of their own seldom
_NUMBER, _BROKEN = r"-?[0-9]+(?:\.[0-9]+)?", r"-?[0-9]+\.[0-9]+"
_WHY = "ett decimalkomma delar talet (24,7 blir 24 och 7) och flyttar resten av raden"
_DO = "Skilj cellerna åt med semikolon, eller sätt citattecken om tal med decimalkomma"


@dataclass(frozen=True)
class Places:
    """The headings, and where columns are: of numbers that may have decimals, of prose, and of other free text."""

    headings: Mapping[int, str]
    numbers: tuple[int, ...]
    prose: tuple[int, ...]
    names: tuple[int, ...]

    @classmethod
    def of(cls, headings: Mapping[int, str], read: Mapping[int, ColumnSpec]) -> "Places":
        """By the headings of all columns, and what is declared of those that are read."""
        words = {place: heading_text(heading) for place, heading in headings.items()}
        words |= {place: column.name for place, column in read.items()}
        prose = [place for place, word in words.items() if word in _PROSE]
        numbers = [place for place, column in read.items() if column.kind in _DECIMAL_KINDS]
        names = [place for place, column in read.items() if column.is_free_text and place not in prose]
        return cls(headings, tuple(numbers), tuple(prose), tuple(names))


class Fit:
    """Whether the rows under the headings in `row` fit them, looked at part by part.

    Cells beyond the headings are a fault where they hold anything; where commas are between the cells also when they
    are empty, unless every row has as many and no number can have been split. There a whole number followed by a cell
    of digits can be read two ways, and its row is a fault where cells lack at its end, where prose further on is a
    number, or where other free text there is a number with decimals. In the first and the last case the digits are
    few, as decimals are: whole kronor, and codes with a point in them, are right.
    """

    def __init__(self, sheet: Sheet, row: int, places: Places):
        self.row, self.counts, self.places = row, sheet.counts, places
        self.width = heading_width(sheet, row)
        self.needed = bool(sheet.widths) and (self.counts is not None or self.width < sheet.cells.shape[1])
        none = pd.Index([], dtype=int)
        self._beyond, self._more, self._fewer = none, none, none
        self._texts = dict.fromkeys((*places.prose, *places.names), none)
        self._widths, self._split = set[int](), False

    def take(self, cells: pd.DataFrame) -> None:
        """A part of the rows."""
        below = cells.loc[self.row + 1 :]
        self._beyond = self._beyond.append(_filled(below.loc[:, self.width :]).index)
        if self.counts is None:
            return
        count = pd.Series(self.counts[below.index.to_numpy() - 1], index=below.index)
        odd = _filled(below[count.ne(self.width).to_numpy()])
        self._widths |= {*count[odd.index], *count[count.eq(self.width)].head(1)}
        more, fewer = (
            odd[of_width(count[odd.index], self.width).to_numpy()] for of_width in (pd.Series.gt, pd.Series.lt)
        )
        self._more = self._more.append(more.index)
        self._split |= len(self._two_ways(more, _DIGITS, self.width)) > 0
        self._fewer = self._fewer.append(self._two_ways(fewer, _FEW_DIGITS, self.width))
        for place in self._texts:
            number, digits = (_NUMBER, _DIGITS) if place in self.places.prose else (_BROKEN, _FEW_DIGITS)
            hit = self._two_ways(below[_matches(below[place], number)], digits, place)
            self._texts[place] = self._texts[place].append(hit)

    def _two_ways(self, rows: pd.DataFrame, digits: str, last: int) -> pd.Index:
        """The rows where a number's whole part may be followed by its decimals as a cell of digits, `last` at most."""
        found = np.zeros(len(rows), bool)
        for place in self.places.numbers:
            if len(rows) and place < last and place + 1 in rows:
                found |= _matches(rows[place], _WHOLE) & _matches(rows[place + 1], digits)
        return rows.index[found]

    def faults(self) -> Iterator[Found]:
        """What is at fault in all parts, a row once."""
        beyond, why = self._beyond, "" if self.counts is None else f": {_WHY}"
        if len(beyond) or self._split or len(self._widths) > 1:
            beyond = beyond.union(self._more)
        yield _found(beyond, "", f"raden har fler celler än rubrikraden ({self.width} st){why}. {_DO}.")
        text = f"raden har färre celler än rubrikraden ({self.width} st), och kan läsas på två sätt: {_WHY}. {_DO}"
        yield _found(self._fewer, "", f"{text}, eller skriv ut också de tomma cellerna sist på raden.")
        told = beyond.union(self._fewer)
        for place, rows in self._texts.items():
            text = f"ett tal där text väntades: {_WHY}. {_DO}, eller skriv texten med ord."
            yield _found(rows.difference(told), f"kolumn {self.places.headings[place]}", text)
            told = told.union(rows)


def heading_width(sheet: Sheet, row: int) -> int:
    """How many cells the heading row has.

    >>> cells = pd.DataFrame([["a", "b", "", ""], ["", "x", "y", ""], [""] * 4], index=[1, 2, 3])
    >>> [heading_width(Sheet("", cells, widths), row) for widths in ((), (2, 4, 1), (2,)) for row in (1, 2, 3)]
    [4, 4, 4, 2, 4, 1, 2, 3, 0]
    """
    if not sheet.widths:
        return sheet.cells.shape[1]
    known = sheet.widths[row - 1 : row]
    return known[0] if known else max((n for n, cell in enumerate(sheet.cells.loc[row], 1) if cell != ""), default=0)


def _found(rows: pd.Index, place: str, text: str) -> Found:
    return Found(
        pd.Series(True, index=rows.sort_values()), place, text, "too_many_cells" if not place else "moved_text"
    )


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.ne("").any(axis=1).to_numpy(bool)]


def _matches(cells: pd.Series, pattern: str) -> np.ndarray:
    """Which cells are of a pattern as a whole, each distinct one tried once."""
    codes, distinct = pd.factorize(cells.to_numpy(object))
    return np.array([bool(re.fullmatch(pattern, str(cell).strip())) for cell in distinct], bool)[codes]
