"""Amounts of an export as whole numbers, so that sums are exact however many rows there are."""

import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.numbers import parse_column
from planbok.inputs.tables.columns import MONEY_POWER

PLAIN = re.compile(r"-?[0-9]{1,3}(?:[ \u00a0][0-9]{3})+(?:,[0-9]{1,2})?-?|-?[0-9]+(?:[.,][0-9]{1,2})?-?")
_SHAPE = str.maketrans(dict.fromkeys("012345678", "9"))
_MARKS = str.maketrans({" ": None, "\u00a0": None, ",": "."})
FINEST = 4  # decimals of a krona that are kept: a hundredth of an öre
SCALE = 10**FINEST
PIECE = 1 << 18  # amounts that are read at once: their texts take many times the memory of numbers
LARGEST = 2**62


@dataclass(frozen=True)
class Amounts:
    """A column's amounts in ten-thousandths of a krona; `bad`: cells that are none, `empty`: cells without any."""

    exact: pd.Series
    bad: pd.Series
    empty: pd.Series


def amounts(cells: pd.Series, unit: str = "kr") -> Amounts:
    """The amounts of a column's cells, which are in `unit`.

    >>> amounts(pd.Series(["135 627,62-", "1,5", 2, ""])).exact.tolist()
    [-1356276200, 15000, 20000, 0]
    >>> amounts(pd.Series(["14 550"]), "tkr").exact.tolist()
    [145500000000]
    """
    whole = _all_plain(cells)
    empty = pd.Series(False, index=cells.index)
    if whole is None:
        empty = pd.Series([type(cell) is str and not cell.strip() for cell in cells], index=cells.index)
    found = np.fromiter(map(_plain, cells), float, len(cells)) if whole is None else whole
    bad = np.isnan(found) & ~empty.to_numpy()
    power = MONEY_POWER[unit]
    exact = np.where(np.isnan(found), 0, np.clip(found, -LARGEST, LARGEST)) * 10.0 ** (FINEST + power)
    if bad.any():
        # parse_column judges a column as a whole: a mark before three digits may be settled by another cell.
        values, wrong, _ = parse_column(cells.where(~empty, ""), (unit, "sek"), FINEST + power)
        exact = np.where(bad, values.clip(-LARGEST, LARGEST).to_numpy(), exact)
        bad = bad & wrong.to_numpy()
    too_fine = np.abs(exact - np.rint(exact)) > np.maximum(np.abs(exact) * 1e-12, 1e-3)
    bad = bad | too_fine | (np.abs(exact) >= LARGEST)
    values = np.where(bad, 0, np.rint(exact)).astype("int64")
    index = cells.index
    return Amounts(pd.Series(values, index), pd.Series(bad, index), empty)


def _all_plain(cells: pd.Series) -> np.ndarray | None:
    """The amounts of texts that can all be read in one way only; None where any can't."""
    found = []
    for start in range(0, len(cells), PIECE):
        piece = _all_plain_of(cells.iloc[start : start + PIECE])
        if piece is None:
            return None
        found.append(piece)
    return np.concatenate(found) if found else np.zeros(0)


def _all_plain_of(cells: pd.Series) -> np.ndarray | None:
    """The same of some of the texts, in one go."""
    try:
        joined = "\n".join(cells).replace("\u00a0", " ")
    except TypeError:  # a number among them
        return None
    shapes = set(joined.translate(_SHAPE).split("\n"))  # few, however many the amounts
    if not all(PLAIN.fullmatch(shape) and not (shape[0] == shape[-1] == "-") for shape in shapes):
        return None
    for mark, plain in ((" ", ""), (",", "."), ("-", "")):
        joined = joined.replace(mark, plain)
    size = pd.read_csv(io.StringIO(joined), header=None, dtype=float)[0].to_numpy()
    if not any("-" in shape for shape in shapes):
        return size
    return np.where(np.fromiter(("-" in cell for cell in cells), bool, len(cells)), -size, size)


def _plain(cell: object) -> float:
    """A cell that can be read in one way only; NaN for all others."""
    if type(cell) is str:
        if not PLAIN.fullmatch(cell):
            return np.nan
        text = cell.translate(_MARKS)
        return -float(text[:-1]) if text[-1] == "-" and text[0] != "-" else _float(text)
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else np.nan


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # a minus at both ends
        return np.nan


def kr_text(value: int) -> str:
    """An amount as a table has it: point, and no more decimals than it needs.

    >>> kr_text(-1356276200), kr_text(20000), kr_text(20001)
    ('-135627.62', '2', '2.0001')
    """
    whole, part = divmod(abs(int(value)), SCALE)
    text = f"{whole}.{part:0{FINEST}d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if value < 0 else text
