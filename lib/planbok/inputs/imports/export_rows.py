"""An export's rows part by part: what is kept of those that are used, and what the columns say that are not read."""

import re

import numpy as np
import pandas as pd

from planbok.base.numbers import cell_text
from planbok.base.privacy import personal_number_mask
from planbok.inputs.documents import quoted
from planbok.inputs.imports.distinct import Distinct, begins
from planbok.inputs.imports.names import is_name
from planbok.inputs.imports.profile import AMOUNT, TOTALS
from planbok.inputs.tables.files import column_letter, heading_text

SUMS, HEADINGS = "summarader", "rubriker i filen"
CURRENCY = ("valuta", "valutakod", "currency")
ANY_SIDE = {"d", "k", "debet", "kredit"}
FIRST_LOOK = 1000
_SUM = re.compile(rf"^(?:{'|'.join(TOTALS)})", re.IGNORECASE | re.MULTILINE)  # quick, and looks where few are
UNITS = {
    "tkr": r"\bt ?kr\b|\bkkr\b|\bksek\b|\b1 ?000[- ]tal|\btusental\b|\btusen kr|\bi tusen\b",
    "mnkr": r"\bmn?kr\b|\bmsek\b|\bmiljoner\b|\bmiljontal\b",
}


class Body:
    """The rows below the headings: the used cells of the profile's columns, and how many others are passed by, by why.

    `edges` are the rows of the file's own sums and headings, and `unit` the unit of money that one of them names. The
    cells are put into columns as long as the file: parts that are joined at the end take twice the memory.
    """

    def __init__(self, places: dict[str, int], length: int):
        self.places, self.used, self.edges = places, 0, list[int]()
        self.unit = ""
        self._cells = {name: np.empty(length, object) for name in places}
        self._index = np.zeros(length, int)
        self._sums: list[pd.DataFrame] = []
        self._passed: dict[str, int] = {}

    def take(self, cells: pd.DataFrame, kinds: dict[str, pd.Series]) -> None:
        """A part, and the masks of its rows that are passed by: the first that a row has is the one that counts."""
        kept = pd.Series(True, index=cells.index)
        for why, mask in kinds.items():
            mask &= kept
            kept &= ~mask
            self._passed[why] = self._passed.get(why, 0) + int(mask.sum())
            if why in (SUMS, HEADINGS):
                self.edges += cells.index[mask].tolist()
                self.unit = self.unit or unit_in(words_of(cells[mask]))
        if SUMS in kinds:
            self._sums.append(self._sum_rows(cells[kinds[SUMS]]))
        rows = kept.to_numpy()
        here = slice(self.used, self.used + int(rows.sum()))
        self._index[here], self.used = cells.index.to_numpy()[rows], here.stop
        for name, place in self.places.items():
            self._cells[name][here] = cells[place].to_numpy()[rows]

    def _sum_rows(self, rows: pd.DataFrame) -> pd.DataFrame:
        labels = [next((cell_text(cell) for cell in row if cell_text(cell)), "") for row in rows.to_numpy()]
        amount = {AMOUNT: rows[self.places[AMOUNT]]} if AMOUNT in self.places else {}
        return pd.DataFrame({"label": labels} | amount, index=rows.index)

    @property
    def passed(self) -> dict[str, int]:
        return {why: count for why, count in self._passed.items() if count}

    def sums(self) -> pd.DataFrame:
        """The file's own sum rows: the first text of each (`label`), and its amount where there is one."""
        return pd.concat(self._sums) if self._sums else pd.DataFrame()

    def frame(self) -> pd.DataFrame:
        """The used rows."""
        columns = {name: cells[: self.used] for name, cells in self._cells.items()}
        return pd.DataFrame(columns, self._index[: self.used], dtype=object, copy=False)


class Unread:
    """The columns of a sheet that are not read, looked at part by part.

    `heads` are their headings by place, of those that hold anything; `marks` their texts in lower case, where those
    can tell debit from credit or one currency from another; `personal` how many of their cells look like a person's
    number; `sums` the rows where one of them begins with the word of a sum.
    """

    def __init__(self, places: dict[str, int], headings: list[str]):
        self.personal, self.sums = 0, list[int]()
        unread = [place for place in range(len(headings)) if place not in places.values()]
        self._heads = {place: headings[place] or f"kolumn {column_letter(place)}" for place in unread}
        self._marks: dict[int, set[str]] = {place: set() for place in unread}
        self._filled: set[int] = set()

    def take(self, cells: pd.DataFrame) -> None:
        for place, heading in self._heads.items():
            column, marks = cells[place], self._marks[place]
            if not column.any():
                continue
            self._filled.add(place)
            self.personal += int(personal_number_mask(column).sum())
            if _SUM.search("\n".join(cell for cell in column if type(cell) is str)):
                self.sums += column.index[begins(Distinct(column), TOTALS, whole_word=True)].tolist()
            if marks <= ANY_SIDE:  # else it is no such column, however long it is
                marks |= {cell_text(cell).casefold() for cell in column.head(FIRST_LOOK)} - {""}
            if marks <= ANY_SIDE or heading_text(heading) in CURRENCY:
                marks |= set(Distinct(column).lowered()) - {""}

    @property
    def heads(self) -> dict[int, str]:
        return {place: heading for place, heading in self._heads.items() if place in self._filled}

    @property
    def marks(self) -> dict[int, set[str]]:
        return {place: marks for place, marks in self._marks.items() if place in self._filled}

    def names(self, known: set[str], of_persons: bool) -> list[str]:
        """The headings to be said, but for the known ones; one that may be a person's number or name is not shown."""
        told = [name for name in self.heads.values() if name not in known]
        return [name if showable(name) and not (of_persons and is_name(name)) else "(visas inte)" for name in told]


def words_of(cells: pd.DataFrame) -> str:
    """The texts of some rows, one after the other."""
    return " ".join(filter(None, map(cell_text, cells.to_numpy().ravel())))


def unit_in(text: str) -> str:
    """The unit of money that a text names, other than kronor; "" where it names none.

    >>> unit_in("Årsbudget (tkr)"), unit_in("Belopp i MKR"), unit_in("Utfall, tusental kronor"), unit_in("Belopp")
    ('tkr', 'mnkr', 'tkr', '')
    """
    return next((unit for unit, pattern in UNITS.items() if re.search(pattern, text.casefold())), "")


def showable(text: str) -> bool:
    return "personnummer" not in quoted(text)
