"""The rows under a table's headings as values: column by column, part by part where the file is long."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import numpy as np
import pandas as pd

from planbok.base.decimal_marks import Marks
from planbok.inputs.tables.columns import DAYS, ColumnSpec, TableSpec
from planbok.inputs.tables.headings import heading_text
from planbok.inputs.tables.values import ROWS_SHOWN, Converted, convert
from planbok.inputs.tables.xlsx import Sheet


@dataclass
class Body:
    """The declared columns that a sheet has, on the rows that hold anything; `again` are the headings once more."""

    columns: dict[str, Converted]
    index: pd.Index
    again: pd.Series


class _Long:
    """The parts of a column, in arrays of the file's length: joined at the end they would take twice the memory."""

    def __init__(self, first: Converted, length: int):
        values = first.frame.iloc[:, 0]
        self.values = pd.Series(values.iloc[0], index=range(length), dtype=values.dtype)
        self.empty, self.bad = np.zeros(length, bool), np.zeros(length, bool)
        self.wrong, self.decimals, self.filled = first.wrong.head(0), 0, 0

    def put(self, part: Converted) -> None:
        """Adds a part."""
        here = slice(self.filled, self.filled + len(part.bad))
        self.values.iloc[here] = part.frame.iloc[:, 0].array
        self.empty[here], self.bad[here] = part.empty, part.bad
        self.wrong = pd.concat([self.wrong, part.wrong]).head(ROWS_SHOWN)
        self.decimals, self.filled = max(self.decimals, part.decimals), here.stop

    def whole(self, name: str, index: pd.Index) -> Converted:
        """All parts as a series."""
        frame = self.values.iloc[: self.filled].set_axis(index).to_frame(name)
        empty, bad = (pd.Series(flag[: self.filled], index=index) for flag in (self.empty, self.bad))
        return Converted(frame, empty, bad, self.wrong, self.decimals)


@dataclass
class _Column:
    """One column while its parts are read. A range is judged as a whole: its ends are two columns more."""

    spec: ColumnSpec
    place: int
    heading: str
    length: int  # more rows than the file has; 0 where it is read in one part
    marks: Marks | None
    part: Converted | None = None
    long: _Long | None = None
    cells: list[pd.Series] = field(default_factory=list)

    def take(self, cells: pd.Series) -> None:
        """Reads the next part of the column."""
        if self.spec.kind == "range":
            self.cells.append(cells)
            return
        self.part = convert(cells, self.spec, self.heading, self.marks)
        if self.length and len(cells):
            self.long = self.long or _Long(self.part, self.length)
            self.long.put(self.part)

    def whole(self, index: pd.Index) -> Converted:
        """The whole column when all parts are read."""
        if self.spec.kind == "range":
            return convert(pd.concat(self.cells), self.spec, self.heading)
        long, self.long = self.long, None
        return long.whole(self.spec.name, index) if long else cast(Converted, self.part)


def read_body(sheet: Sheet, row: int, places: dict[str, list[int]], spec: TableSpec) -> Body:
    """Every declared column that the sheet has under its headings in `row`; the sheet is then let go.

    A long file is read once, and once more where a mark before three digits turns out to be ambiguous: only the whole
    column tells.
    """
    heads, length = sheet.cells.loc[row], sheet.in_parts.most_rows if sheet.in_parts else 0
    first = {name: its[0] for name, its in places.items()}
    columns = [
        _Column(
            column, first[column.name], heading_text(heads[first[column.name]]), length, Marks() if length else None
        )
        for column in spec.columns
        if column.name in first
    ]
    indexes, again = [], []
    days = [column.place for column in columns if column.spec.kind in DAYS]
    for cells in sheet.parts():
        body, repeated = _filled(sheet.days_of_1900(cells.loc[row + 1 :], days), heads, places)
        indexes.append(body.index)
        again.append(repeated)
        for column in columns:
            column.take(body[column.place])
    doubtful = [column for column in columns if column.marks and column.marks.ambiguous]
    _read_again(sheet, row, places, doubtful)
    if sheet.in_parts:
        sheet.in_parts.release()
    index = indexes[0].append(indexes[1:])
    return Body({column.spec.name: column.whole(index) for column in columns}, index, pd.concat(again))


def _read_again(sheet: Sheet, row: int, places: dict[str, list[int]], columns: list[_Column]) -> None:
    for column in columns:
        column.long = None
        if column.marks:
            column.marks.judged = True
    for cells in sheet.parts() if columns else ():
        body, _ = _filled(cells.loc[row + 1 :], sheet.cells.loc[row], places)
        for column in columns:
            column.take(body[column.place])


def absent_columns(specs: list[ColumnSpec], index: pd.Index) -> dict[str, Converted]:
    """Columns that the file lacks, all of them empty; those of one kind share their cells."""
    shared: dict[str, pd.Series] = {}
    no, none = pd.Series(False, index=index), pd.Series(dtype=object)
    found = {}
    for column in specs:
        one = _one_empty(column)
        for _, values in one.items():
            kind = f"{values.dtype} {values[0]}"
            if kind not in shared:
                shared[kind] = values.iloc[np.zeros(len(index), int)].set_axis(index)
        frame = pd.concat([shared[f"{one[name].dtype} {one[name][0]}"].rename(name) for name in one], axis=1)
        found[column.name] = Converted(frame, ~no, no, none)
    return found


@lru_cache(maxsize=1000)
def _one_empty(column: ColumnSpec) -> pd.DataFrame:
    """A column of one empty cell."""
    return convert(pd.Series([""], dtype=object), column, column.name).frame


def _filled(body: pd.DataFrame, heads: pd.Series, places: dict[str, list[int]]) -> tuple[pd.DataFrame, pd.Series]:
    """The rows that hold anything, and which of them are passed by since they repeat the headings."""
    declared = [position for positions in places.values() for position in positions]
    blank = _blank_rows(body[declared])
    body = body.drop(index=blank) if len(blank) else body  # a copy of many rows only where it is needed
    again = _headings_again(body, heads, declared)
    return body[~again] if again.any() else body, again[again.to_numpy(bool)]


def _headings_again(body: pd.DataFrame, heads: pd.Series, declared: list[int]) -> pd.Series:
    """Rows that repeat the headings, as where two files have been put together."""
    again = pd.Series(True, index=body.index)
    for position in declared:
        again = again & body[position].eq(heads[position])
        if not again.any():
            break
    return again


def _blank_rows(cells: pd.DataFrame) -> pd.Index:
    left = np.arange(len(cells))  # rows without anything so far
    for position in cells:
        blank = [not str(cell).strip() for cell in cells[position].iloc[left]]
        left = left[np.array(blank, bool)]
        if not len(left):
            break
    return cells.index[left]
