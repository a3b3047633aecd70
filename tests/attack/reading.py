"""What the reports of a made-up collection say, cell by cell: to working papers, and to each other audience.

A number that another audience is shown is the cell of the working papers that the report says it is: of the row with
the same texts and of the month that it says that it is counted to. A number that stands from another month, or of rows
that are shown together, is an unknown of its own, tied to the cells that the report says it is the sum of.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attack.answers import OPEN, PROTECTED, Said

from planbok.base.periods import MONTH_NAMES

Key = tuple  # run, table, the row's texts, which of several such rows, column
Terms = tuple[tuple[Key, float], ...]
NEAR = 1e-6
STEPS = {"kr": (1e5, 1e6, 1e2), "mnkr": (0.1, 1.0)}
FIGURES, DIALS, SENTENCES = "nyckeltal", "skjutreglage", "sammanfattning"
UNIT_OF_WORD = {"personer": "personer", "dygn": "dygn", "kr": "kr", "timmar": "h", "medarbetare": "medarbetare"}
YEAR, RANGE, WAITING = "2024", "\N{EN DASH}", ("oppna", "aldst")  # columns of the cases that wait, by how they begin
_MONTH = re.compile(rf"({'|'.join(MONTH_NAMES)})(?: (\d{{4}}))?")
_DATE = re.compile(rf"\b(?:19|20)\d\d\b|\d+ (?:{'|'.join(MONTH_NAMES)})")
_SPACE = "[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ]"
_SPACES = re.compile(_SPACE)
_WHOLE = re.compile(
    rf"(?<![\d,.])(?P<tal>[−+]?(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+))(?![\d,])(?:{_SPACE}(?P<ord>[a-zåäö]+))?"
)
_LETTERS = str.maketrans("0123456789", "abcdefghij")


class Cell(NamedTuple):
    """A number of a report, what it is rounded to, and what it is counted to if not to the month."""

    key: Key
    value: float | None
    unit: str
    step: float | bool
    closed: bool
    as_of: str = ""


@dataclass
class World:
    """A collection's cells in working papers, and what the audiences are shown of them."""

    truth: dict[Key, float] = field(default_factory=dict)
    units: dict[Key, str] = field(default_factory=dict)
    shown: dict[Key, tuple[float, float]] = field(default_factory=dict)  # from, to
    closed: set[Key] = field(default_factory=set)  # said to be withheld
    merged: list[Terms] = field(default_factory=list)  # what rows that are shown together are the sums of

    @cached_property
    def tables(self) -> dict[tuple, list[tuple[tuple, dict[str, Key]]]]:
        """The rows of each table with their texts, in order."""
        found: dict[tuple, dict] = defaultdict(dict)
        for key in self.truth:
            run, table, texts, number, column = key
            found[run, table].setdefault((texts, number), {})[column] = key
        return {name: [(texts, cells) for (texts, _), cells in rows.items()] for name, rows in found.items()}

    @cached_property
    def at(self) -> dict[float, list[Key]]:
        """The cells by value."""
        found: dict[float, list[Key]] = defaultdict(list)
        for key, value in self.truth.items():
            if value:
                found[rounded(value)].append(key)
        return found


def rounded(value: float) -> float:
    return float(f"{value:.7g}")


def world_of(runs: Mapping[str, Said]) -> World:
    """What the reports of a collection say, to whom."""
    found = World()
    for run, said in runs.items():
        for cell in cells(run, said[OPEN]):
            found.truth[cell.key], found.units[cell.key] = cell.value, cell.unit
    rows: dict[tuple, dict] = defaultdict(dict)  # as working papers have them
    for run, table, texts, number, _ in found.truth:
        rows[run, table][texts, number] = None
    for run, said in runs.items():
        for who in (who for who in PROTECTED if who in said):
            _read(found, rows, [*cells(run, said[who], said[OPEN])], who)
    return found


def _read(found: World, rows: Mapping[tuple, Mapping], report: list[Cell], who: str) -> None:
    """One report for one audience."""
    here: set[tuple] = set()
    stood = []
    for cell in report:
        key = _same_row(cell.key, rows)
        if RANGE not in cell.as_of:
            here.add(key[:-1])
        if cell.closed:
            found.closed.add(key)
        elif RANGE in cell.as_of:  # the sum of its months; if it isn't, what was counted in the first and stands
            stood.append((cell, key))
        else:
            its_month = _of_month(key, cell, found)
            if its_month is None or not _print(found, its_month, cell):
                stood.append((cell, None))
    for cell, first in stood:
        run, table = cell.key[:2]
        own = (run, f"{table} ({who}{', ' * bool(cell.as_of)}{cell.as_of})", *cell.key[2:])
        sums = [*_together(found, own, cell, [row for row in rows[run, table] if (run, table, *row) not in here])]
        if sums or first is None or not _print(found, first, cell):
            found.truth[own], found.units[own] = cell.value, cell.unit
            _print(found, own, cell._replace(step=0.0))
            found.merged += sums


def _same_row(key: Key, rows: Mapping[tuple, Mapping]) -> Key:
    """The cell of the row in working papers that has these texts and others, where there is one such row only."""
    run, table, texts, number, column = key
    if (texts, number) in rows[run, table] or not texts:
        return key
    like = [row for row in rows[run, table] if set(texts) <= set(row[0])]
    return (run, table, *like[0], column) if len(like) == 1 else key


def _of_month(key: Key, cell: Cell, found: World) -> Key | None:
    """The cell of the month that a number is counted to; None where no report has such a one."""
    if not cell.as_of:
        return key
    months = _MONTH.findall(cell.as_of)
    run = f"{key[0].partition('|')[0]}|{MONTH_NAMES.index(months[-1][0]) + 1}" if months else ""
    then = (run, *key[1:])
    year = {of for _, of in months} <= {YEAR, ""}
    return then if year and run != key[0] and found.truth.get(then) == cell.value else None


def _print(found: World, key: Key, cell: Cell) -> bool:
    """A number that an audience is shown: exact, or rounded where the report says that it rounds."""
    true, value, step = found.truth.get(key), cell.value, cell.step
    within = abs(value) * 1e-9 + 1e-9
    if step:
        steps = STEPS.get(cell.unit, ()) if step is True else (step,)
        fits = [s for s in steps if step is not True or abs(value / s - round(value / s)) < NEAR]
        fits = [s for s in fits if true is None or abs(value - true) <= s / 2 + NEAR]
        within = min(fits) / 2 + NEAR if fits else within
    if true is None or abs(value - true) > within + NEAR * abs(value):
        return False
    low, high = found.shown.get(key, (-np.inf, np.inf))
    found.shown[key] = (max(low, value - within), min(high, value + within))
    return True


def _together(found: World, stood: Key, cell: Cell, unseen: list[tuple]) -> Iterator[Terms]:
    """That a row of others together is the sum of those that the audience does not see one by one."""
    texts, span = dict(cell.key[2]), _span(cell.as_of)
    if span is None:
        return
    by_column: dict[str, list[Key]] = defaultdict(list)
    for its, number in unseen:
        row = dict(its)
        other = [column for column, text in texts.items() if row.get(column) != text]
        key = (*cell.key[:2], its, number, cell.key[4])
        if len(other) == 1 and key in found.truth and span[0] <= row.get("manad", span[0]) <= span[1]:
            by_column[other[0]].append(key)
        elif not other and key in found.truth and RANGE in cell.as_of:
            by_column["manad"].append(key)
    for keys in by_column.values():
        if keys and abs(sum(found.truth[key] for key in keys) - cell.value) <= NEAR * abs(cell.value):
            yield ((stood, 1.0), *((key, -1.0) for key in keys))


def _span(as_of: str) -> tuple[str, str] | None:
    """The months that a number is the sum of, all where it says none; None where it stands from one month."""
    if not as_of:
        return "", "~"
    first, dash, last = as_of.partition(RANGE)
    if dash and first[:4].isdigit():
        return first, last
    months = _MONTH.findall(as_of)
    if "till och med" not in as_of or not months:
        return None
    return f"{YEAR}-00", f"{months[-1][1] or YEAR}-{MONTH_NAMES.index(months[-1][0]) + 1:02d}"


def cells(run: str, said: dict, whole: dict | None = None) -> Iterator[Cell]:
    """Each number of a report; `whole` is what working papers say, by which labels it is seen what stands."""
    labels = {name: its.get("etikett", "") for name, its in (whole or said)["nyckeltal"].items()}
    for name, figure in said["nyckeltal"].items():
        if figure["varde"] is not None or figure.get("skyddas"):
            label = figure.get("etikett", "")
            as_of = label if label != labels.get(name, label) and _MONTH.search(label) else ""
            step, closed = figure.get("avrundat_till", 0.0), figure["varde"] is None
            yield Cell((run, FIGURES, (), 0, name), figure["varde"], figure["mattenhet"], step, closed, as_of)
    for name in said["tabeller"]:
        yield from _of_table(run, said, name)
    for path, value in _numbers(said[DIALS]):
        yield Cell((run, DIALS, (), 0, path), value, "reglage", 0.0, False)
    for sentence in said.get(SENTENCES, ()):
        text = _DATE.sub(lambda found: found[0].translate(_LETTERS), sentence)  # a date is no number
        template = (("mening", _WHOLE.sub("#", text)),)
        for place, found in enumerate(_WHOLE.finditer(text)):
            value = float(_SPACES.sub("", found["tal"]).replace("\N{MINUS SIGN}", "-"))
            yield Cell(
                (run, SENTENCES, template, place, "tal"), value, UNIT_OF_WORD.get(found["ord"], "st"), 0.0, False
            )


def _of_table(run: str, said: dict, name: str) -> Iterator[Cell]:
    columns, note = said["tabeller_kolumner"][name]["kolumner"], said["tabeller_not"].get(name, "")
    closed = {(c["rad"], c["kolumn"]) for c in said["tabeller_celler"].get(name, ()) if "skyddas" in c}
    rounds = "avrundade" in note
    standing = [row["raknat"] for row in said["tabeller"][name] if row.get("raknat")]
    twins: Counter = Counter()
    for place, row in enumerate(said["tabeller"][name]):
        texts = texts_of(row)
        number = twins[texts]
        twins[texts] += 1
        for column, value in row.items():
            hidden = (place, column) in closed
            if hidden or (isinstance(value, int | float) and not isinstance(value, bool)):
                its = columns.get(column, {})
                unit = its.get("mattenhet", column.rsplit("_", 1)[-1])
                stands = _stands(run, row, column, its.get("etikett", ""), note)
                if row.get("raknat") == "":  # a total of rows of which some stand
                    counted = (_counted(run, text, column) for text in standing)
                    stands = next((text for text in counted if text), stands)
                yield Cell((run, name, texts, number, column), value, unit, rounds, hidden, stands)


def texts_of(row: Mapping) -> tuple[tuple[str, str], ...]:
    """The texts of a row of a table, which name it."""
    texts = ((column, _as_of(column, value)) for column, value in row.items() if isinstance(value, str))
    return tuple(text for text in texts if text[1])


def _as_of(column: str, text: str) -> str:
    """A text of a row, as working papers have it: what stands over several months is counted in the first."""
    return "" if column == "raknat" else text.partition(RANGE)[0] if column == "manad" else text


def _stands(run: str, row: Mapping, column: str, label: str, note: str) -> str:
    """What a cell is said to be counted to, if not to the report's own month: on its row, or under the table."""
    if RANGE in str(row.get("manad", "")):
        return row["manad"]
    said = re.search(rf"{re.escape(label.lower())} (till och med {_MONTH.pattern})", note) if label else None
    if said:
        return said[1]
    return _counted(run, row.get("raknat") or "", column)


def _counted(run: str, text: str, column: str) -> str:
    """What a row says that it is counted to, where it isn't the report's own month."""
    parts = text.split(", ")
    part = parts[-1 if column.startswith(WAITING) else 0]
    own = MONTH_NAMES[int(run.partition("|")[2]) - 1]
    return "" if not part or f"{own} {YEAR}" in part or part == own else part


def _numbers(value, path: tuple = ()) -> Iterator[tuple[tuple, float]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)
    elif isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _numbers(part, (*path, name))
