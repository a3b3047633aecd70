"""What one report withholds and another shows: `python withheld.py FOLDER FIRST LAST`.

Each seed is a collection (`worlds.world`) with two runs. A cell or a key figure that is withheld may not stand in
another report of the run, of the other run or for the other audience under the same name with the same value; nor may a
withheld row be what shown rows and totals leave when they are subtracted, within a run and between the two. FOLDER
keeps what the reports said.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from attack.all_topics import said_of
from attack.answers import OPEN, PROTECTED, Said

from planbok.base.periods import MONTH_NAMES
from planbok.inputs.tables.control_totals import TOTAL_ROW

NOTEBOOKS = ("beslut_i_tid", "kostnadskontroll", "assistans", "aldreomsorg", "mal_och_aktiviteter")
SAME, SOLVED = 1e-9, 1e-7
COUNTED = {"klara": "beslutade", "oppna": "öppna"}  # columns that are counted row by row, and the words for when
DATED = ("manad", "manad_namn", "raknat")  # texts that say when, beside those that say what
_SPAN = re.compile(r"(\d{4}-\d{2})(?:–(\d{4}-\d{2}))?")
NO_SUMS = ("", "procent", "dagar")
_MONTH = re.compile(rf"({'|'.join(MONTH_NAMES)}) (\d{{4}})")
Name = tuple  # notebook, table, the row's texts, which of several such rows, column


def cells(said: dict) -> Iterator[tuple[Name, float | None, bool]]:
    """Each number of a report by its name, and whether it is withheld; those that are rounded are left out."""
    for name, figure in said["nyckeltal"].items():
        if not figure.get("avrundat_till"):
            yield ("nyckeltal", name), figure["varde"], bool(figure.get("skyddas"))
    for table, rows in said["tabeller"].items():
        closed, twins = _closed(said, table), Counter()
        rounds = "avrundade" in said["tabeller_not"].get(table, "")
        for place, row in enumerate(rows):
            twins[_said(row)] += 1
            for column, value in row.items():
                if (place, column) in closed or (isinstance(value, int | float) and not rounds):
                    texts = (_said(row), twins[_said(row)], _counted(row, column))
                    yield (table, *texts, column), value, (place, column) in closed


def named(said: dict[str, Said]) -> Iterator[str]:
    """The cells and key figures that are withheld in one place and stand in another by the same name and value.

    Two days' shares of something may be the same by chance: those of a month's row alone are held against each other.
    """
    truth: dict[tuple[str, Name], float | None] = {}
    closed, shown = defaultdict(set), defaultdict(set)
    for run, its in said.items():
        notebook, _, month = run.partition("|")
        for who in (OPEN, *PROTECTED):
            for key, value, hidden in cells(its[who]):
                name = (notebook, *key)
                if str(key[-1]).rpartition("_")[2] in NO_SUMS and not _SPAN.search(str(key[1])):
                    continue
                if who == OPEN:
                    truth[month, name] = value
                elif hidden:
                    closed[name].add((month, who))
                elif value:
                    shown[name].add((month, who, value))
    for name in closed.keys() & shown.keys():
        for month, who in sorted(closed[name]):
            value = truth.get((month, name))  # None: working papers count it at another time, and the name says when
            also = [
                f"{other} {to}"
                for other, to, its in sorted(shown[name])
                if (name[4:5] != ("",) if value is None else abs(its - value) <= SAME * abs(value))
            ]
            if also:
                yield f"{name}: {value}, withheld in {month} {who}, shown in {also}"


def subtracted(said: dict[str, Said]) -> Iterator[str]:
    """The withheld cells that are sums and differences of what is shown, column by column, for each audience."""
    for who in PROTECTED:
        columns = {
            (run.partition("|")[0], table, column)
            for run, its in said.items()
            for table, its_columns in its[who]["tabeller_kolumner"].items()
            for column, about in its_columns["kolumner"].items()
            if about["mattenhet"] not in NO_SUMS
        }
        for notebook, table, column in sorted(columns):
            runs = {run: its for run, its in said.items() if run.partition("|")[0] == notebook}
            for row in _solved(_Column(runs, table, column), who):
                yield f"{notebook} {table} {column} {row}, {who}"


def _solved(column: "_Column", who: str) -> Iterator[str]:
    """The rows that are withheld and follow: what is shown are equations in what each month and row has."""
    equations, secret = [], {}
    for run, its in column.runs.items():
        closed = _closed(its[who], column.table)
        for place, (row, terms) in enumerate(column.rows(run, who)):
            if (place, column.name) in closed:
                secret[run, _said(row)] = terms
            elif isinstance(row.get(column.name), int | float):
                equations.append((terms, row[column.name]))
    names = sorted(
        {name for terms in (*(terms for terms, _ in equations), *secret.values()) for name in terms}, key=str
    )
    if not names or not equations:
        return
    known = np.array([[terms[name] for name in names] for terms, _ in equations], float)
    solution = np.linalg.lstsq(known, np.array([value for _, value in equations], float), rcond=None)[0]
    for (run, row), terms in secret.items():
        hidden = np.array([terms[name] for name in names], float)
        left = hidden - known.T @ np.linalg.lstsq(known.T, hidden, rcond=None)[0]
        value, truth = float(hidden @ solution), column.truth(run, terms)
        if np.abs(left).max() < SOLVED < abs(value) and (truth is None or abs(value - truth) <= SOLVED * abs(value)):
            yield f"{run} {row} {value:g}"


def _closed(said: dict, table: str) -> set[tuple[int, str]]:
    return {(cell["rad"], cell["kolumn"]) for cell in said["tabeller_celler"].get(table, ()) if "skyddas" in cell}


def _said(row: dict) -> str:
    return ", ".join(text for key, text in row.items() if isinstance(text, str) and text and key != "raknat")


def _counted(row: dict, column: str) -> str:
    """When a row's column was counted, where the row says so: two of the same are one count."""
    word = COUNTED.get(column.partition("_")[0], "")
    return next((text for text in (row.get("raknat") or "").split(", ") if word and text.startswith(word)), "")


@dataclass
class _Column:
    """A column of a table in two runs, its rows as sums of what each month and row has."""

    runs: dict[str, Said]
    table: str
    name: str

    def rows(self, run: str, who: str) -> Iterator[tuple[dict, Counter]]:
        """The rows of a report, and what each is the sum of: a total of the rows since the one before it.

        A total that was counted to an earlier month than some of them is of other counts than theirs.
        """
        above: Counter = Counter()
        last: list[int] = []
        for row in self.runs[run][who]["tabeller"].get(self.table, ()):
            total, counted = TOTAL_ROW in row.values(), _last_month(_counted(row, self.name))
            sums = total and self.sums and (not counted or counted == max(last, default=counted))
            terms = Counter(above) if sums else Counter(self._parts(run, row))
            above, last = (Counter(), []) if total else (above + terms, [*last, counted])
            yield row, terms

    def truth(self, run: str, terms: Counter) -> float | None:
        """What working papers have there; None where they have no such row."""
        plain = [part[1:] if part[0] == run else part for part in terms]
        mine = {part: row.get(self.name) for row in self._open(run) for part in _parts(row, self.name)}
        return None if any(mine.get(part) is None for part in plain) else sum(mine[part] for part in plain)

    def _open(self, run: str) -> list[dict]:
        return self.runs[run][OPEN]["tabeller"].get(self.table, [])

    def _parts(self, run: str, row: dict) -> list[tuple]:
        parts = _parts(row, self.name)
        return [part if part[0] or part[1] or part in self.steady else (run, *part) for part in parts]

    @cached_property
    def _values(self) -> dict[tuple, set[float]]:
        """What working papers say of each month and row, in both runs."""
        found: dict[tuple, set[float]] = defaultdict(set)
        for run in self.runs:
            for row in self._open(run):
                for part in _parts(row, self.name):
                    found[part].add(row.get(self.name))
        return found

    @cached_property
    def steady(self) -> set[tuple]:
        """The rows that are the same in both runs: of others each run has its own."""
        return {part for part, values in self._values.items() if len(values) == 1}

    @cached_property
    def sums(self) -> bool:
        """Whether totals are sums in working papers."""
        for run in self.runs:
            above = 0.0
            for row in self._open(run):
                value = row.get(self.name) or 0.0
                if TOTAL_ROW not in row.values():
                    above += value
                elif abs(above - value) > SAME * abs(value):
                    return False
                else:
                    above = 0.0
        return True


def _last_month(text: str) -> int:
    """The last month that a text names, in order of time; 0 for none."""
    found = _MONTH.findall(text)
    return int(found[-1][1]) * 12 + MONTH_NAMES.index(found[-1][0]) + 1 if found else 0


def _parts(row: dict, column: str) -> list[tuple]:
    """The months of a row, or the row itself, by its texts."""
    texts = tuple(text for key, text in row.items() if isinstance(text, str) and key not in DATED)
    span = _SPAN.fullmatch(row.get("manad") or "")
    if not span:
        return [("", _counted(row, column), *texts, row.get("manad") or "")]
    months = pd.period_range(span[1], span[2] or span[1], freq="M")
    return [(str(month), "", *texts) for month in months]


def main(kept: Path, first: int, last: int) -> int:
    """What is withheld and follows, in each collection; 1 where anything is."""
    kept.mkdir(parents=True, exist_ok=True)
    leaks = 0
    for seed in range(first, last + 1):
        said = said_of(seed, kept, NOTEBOOKS)
        found = [*named(said), *subtracted(said)]
        hidden = sum(no for its in said.values() for who in PROTECTED for _, _, no in cells(its[who]))
        print(f"{seed}: {hidden} withheld, {len(found)} follow", *found, sep="\n    ", flush=True)
        leaks += len(found)
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
