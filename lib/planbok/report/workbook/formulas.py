"""Live formulas: what Excel works out itself, wherever that is what the table says."""

import itertools
import re
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from planbok.case.result import Table
from planbok.report.text import number

_TOLERANCE = 1e-6  # how closely a formula must give the table's value, relative to it
_NOISE = 1e-12  # what binary arithmetic leaves of a difference, relative to the largest term
_KEY = re.compile(r"\{(\w+)\}")
_OPERAND = r"[ (]*-?[ (]*(?:[0-9]+(?:\.[0-9]+)?|\{\w+\})[ )]*"
_DIVISION_IN_DIVISOR = r"/[ -]*\(.*/"  # its error could be hidden by the outer division
Numbers = Mapping[str, np.ndarray]  # a table's columns, NaN where there is no number
_FORMULA = re.compile(rf"(?!.*{_DIVISION_IN_DIVISOR}){_OPERAND}(?:[-+*/]{_OPERAND})*")


def live_formulas(table: Table, first_row: int) -> dict[tuple[int, str], str]:
    """The Excel formulas by row of the frame and column, only those that give the frame's value.

    A cell of the total row has its column's own formula, else the sum of the rows above, else none; the end of a bridge
    (`typ` "start" to "slut") is the sum of its rows. `first_row` is the sheet's row, from 0, where the frame begins.

    >>> import pandas as pd
    >>> from planbok.case.result import Column
    >>> columns = (Column("a", "A", "kr"), Column("b", "B", "kr"), Column("c", "C", "kr", formula="{a}-{b}"))
    >>> frame = pd.DataFrame([[5, 2, 3], [4, 1, None], [9, 4, 5]], columns=["a", "b", "c"])
    >>> live_formulas(Table("t", "T", frame, columns, total_row=True), first_row=1)
    {(2, 'a'): '=SUM(A2:A3)', (0, 'c'): '=A2-B2', (2, 'c'): '=A4-B4'}

    Raises
    ------
    ValueError
        If a formula is more than + - * / ( ) over numbers and shown columns, or leads back to its own column.
    """
    sums, templates = _sums(table), {column.key: column.formula for column in table.columns if column.formula}
    if not (sums or templates or any(column.running for column in table.columns)):
        return {}
    numbers = {key: np.array([*map(number, table.plain[key])], dtype=float) for key in _keys(table)}
    letters = {key: xl_col_to_name(place) for place, key in enumerate(numbers)}
    cells = [
        {key: f"{letter}{first_row + row + 1}" for key, letter in letters.items()} for row in range(len(table.frame))
    ]
    _refuse_unreadable(table, templates)
    found = _running(table, numbers, cells)
    measured = [column.key for column in table.columns if column.mattenhet]
    amounts = np.array([numbers[key] for key in measured]).reshape(len(measured), len(table.frame))
    for row, rows in sums.items():
        parts = amounts[:, list(rows)]
        holds = _reproduces(parts.sum(axis=1), amounts[:, row], np.abs(parts).max(axis=1, initial=0.0))
        for key in itertools.compress(measured, holds):
            found[row, key] = f"=SUM({_span([cells[part][key] for part in rows], rows)})"
    for key, template in templates.items():
        largest = np.fmax.reduce([np.abs(numbers[name]) for name in _KEY.findall(template)])
        holds = _reproduces(_computed(table, numbers, template), numbers[key], largest)
        found |= {(int(row), key): "=" + template.format_map(cells[row]) for row in np.flatnonzero(holds)}
    return found


def _keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]


def _sums(table: Table) -> dict[int, Sequence[int]]:
    """The rows that are the sum of others: those that say so, the ends of bridges, and the total of all above it."""
    last = len(table.frame) - 1
    found = {row: rows for row, rows in table.sums.items() if max((row, *rows)) <= last}
    if "typ" in table.frame and not table.total_row:
        start = 0
        for row, typ in enumerate(table.frame["typ"]):
            start = row if typ == "start" else start
            found |= {row: range(start, row)} if typ == "slut" and row > start else {}
    return found | ({last: range(last)} if table.total_row and last > 0 else {})


def _span(cells: list[str], rows: Sequence[int]) -> str:
    """Cells of one column as a formula names them: a range where the rows follow each other."""
    follow = len(cells) > 1 and [*rows] == [*range(rows[0], rows[0] + len(cells))]
    return f"{cells[0]}:{cells[-1]}" if follow else ",".join(cells)


def _running(table: Table, numbers: Numbers, cells: list[dict[str, str]]) -> dict[tuple[int, str], str]:
    """Sums so far: the cell above and the row's own."""
    found = {}
    for column in (column for column in table.columns if column.running):
        parts, so_far = np.array([numbers[key] for key in column.running]), numbers[column.key]
        own = np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
        before = np.append(0.0, so_far)[:-1]
        holds = _reproduces(before + own, so_far, np.abs(so_far))
        for row in map(int, np.flatnonzero(holds)):
            above = f"{cells[row - 1][column.key]}+" if row else ""
            found[row, column.key] = f"={above}SUM({','.join(cells[row][key] for key in column.running)})"
    return found


def _refuse_unreadable(table: Table, templates: dict[str, str]) -> None:
    needs = {key: _KEY.findall(template) for key, template in templates.items()}
    shown = {*_keys(table)}
    for key, template in templates.items():
        if not _FORMULA.fullmatch(template) or not needs[key] or not shown.issuperset(needs[key]):
            raise ValueError(f"{table.namn}: {key} has the formula {template!r}, which is not over its shown columns")
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise ValueError(f"{table.namn}: the formulas of {error.args[1]} lead back to themselves") from None


def _computed(table: Table, numbers: Numbers, template: str) -> np.ndarray:
    """What a formula gives row by row; it is nothing but arithmetic, and was held to be that."""
    try:
        with np.errstate(all="ignore"):
            return eval(_KEY.sub(r"numbers['\1']", template.strip()), {"__builtins__": {}, "numbers": numbers})
    except (SyntaxError, ZeroDivisionError):
        raise ValueError(f"{table.namn}: the formula {template!r} can't be worked out") from None


def _reproduces(computed: np.ndarray, expected: np.ndarray, largest: np.ndarray) -> np.ndarray:
    return np.abs(computed - expected) <= np.nan_to_num(_NOISE * largest) + _TOLERANCE * np.abs(expected)
