"""Which sheet of a file is the table, and where its headings are."""

import difflib
from collections.abc import Callable, Iterable
from typing import NamedTuple, NoReturn

import pandas as pd

from planbok.inputs.tables.columns import ColumnSpec, TableSpec
from planbok.inputs.tables.files import find_headings
from planbok.inputs.tables.headings import HEAD_ROWS, heading_text
from planbok.inputs.tables.values import shortened, tidy
from planbok.inputs.tables.xlsx import Sheet

_NAMES_SHOWN = 6


class _Candidate(NamedTuple):
    sheet: Sheet
    row: int
    score: int
    whole: bool  # has every required column
    filled: bool  # has anything under the headings


def choose_sheet(
    sheets: list[Sheet], spec: TableSpec, stop: Callable[[str, str], NoReturn]
) -> tuple[Sheet, int, list[str]]:
    """The one sheet that has the table's columns with rows under them, its heading row, and what is worth saying.

    A shown sheet comes before one that is hidden. Without such a sheet: one with headings only, else the one that has
    the most headings, so that what is missing can be named. Two that could be meant `stop` the reading.
    """
    found = [_candidate(sheet, spec) for sheet in sheets]
    whole = [candidate for candidate in found if candidate.whole and candidate.filled]
    seen = [candidate for candidate in whole if not candidate.sheet.hidden]
    picked = seen or whole
    if len(picked) > 1:
        names = " och ".join(f"'{shortened(candidate.sheet.name)}'" for candidate in picked)
        text = f"flera blad har tabellens rubriker: {names}. Behåll ett av dem, eller spara varje blad som en egen fil."
        stop(text, "two_sheets")
    if not picked:
        picked = sorted(found, key=lambda one: (one.whole, one.score, not one.sheet.hidden), reverse=True)
    if not picked or picked[0].score < min(2, len(spec.columns)):
        stop(_no_headings(sheets, spec), "no_headings")
    best = picked[0]
    return best.sheet, best.row, _notes(best, whole)


def missing_columns(headings: Iterable[str], spec: TableSpec) -> list[ColumnSpec]:
    """The required columns that are not among the headings."""
    present = set(headings)
    return [column for column in spec.columns if column.required and not present & set(column.spellings())]


def _candidate(sheet: Sheet, spec: TableSpec) -> _Candidate:
    known = spec.headings()
    row, score = find_headings(sheet, known)
    if not score:
        return _Candidate(sheet, row, score, False, False)
    headings = sheet.cells.loc[row].map(heading_text)
    places = headings.index[headings.isin(list(known))]
    whole = not missing_columns(headings, spec)
    filled = whole and any(_has_text(cells.loc[row + 1 :, places]) for cells in sheet.parts())
    return _Candidate(sheet, row, score, whole, filled)


def _has_text(cells: pd.DataFrame) -> bool:
    return any(str(cell).strip() for place in cells for cell in cells[place])


def _notes(best: _Candidate, whole: list[_Candidate]) -> list[str]:
    name, notes = f"bladet '{shortened(best.sheet.name)}'", []
    others = [f"'{shortened(one.sheet.name)}'" for one in whole if one is not best]
    if best.sheet.hidden:
        notes.append(f"{name} läses fast det är dolt i Excel: inget annat blad har tabellens rubriker med rader under.")
    if others:
        notes.append(f"{name} läses; {' och '.join(others)}, som är dolt i Excel, har också tabellens rubriker.")
    rows = [row for row in best.sheet.hidden_rows if row > best.row]
    if rows:
        notes.append(f"{name} har {len(rows)} dolda eller bortfiltrerade rader (den första rad {min(rows)}). De läses.")
    return notes


def _no_headings(sheets: list[Sheet], spec: TableSpec) -> str:
    """That no row bears the headings, which row comes nearest, and what to rename in it."""
    wanted = [column.name for column in spec.columns if column.required]
    text = f"ingen rubrikrad hittades bland de {HEAD_ROWS} första raderna. Väntade kolumnerna {', '.join(wanted)}."
    for sheet in sheets:
        first = {heading_text(cell) for cell in sheet.cells.iloc[:HEAD_ROWS, 0]} if sheet.cells.size else set()
        if len(first & set(wanted)) > 1:
            return f"rubrikerna står i första kolumnen, en på varje rad. Byt rader mot kolumner ({', '.join(wanted)})."
    rows = [
        (sheet.name, row, words)
        for sheet in sheets
        for row, cells in sheet.cells.iloc[:HEAD_ROWS].iterrows()
        if (words := [tidy(cell) for cell in cells if isinstance(cell, str) and any(map(str.isalpha, tidy(cell)))])
    ]
    if not rows:
        return text
    name, row, words = max(rows, key=lambda one: (len(_close(one[2], wanted)), len(one[2])))
    close = _close(words, wanted)
    where = f"blad '{shortened(name)}', rad {row}" if name and len(sheets) > 1 else f"rad {row}"
    listed = ", ".join(shortened(word) for word in words[:_NAMES_SHOWN]) + (", …" if len(words) > _NAMES_SHOWN else "")
    renamed = ", ".join(f"'{shortened(word)}' till '{column}'" for word, column in close.items())
    advice = f"Döp om {renamed}." if renamed else "Döp om dess rubriker, eller läs in filen med planbok las-in."
    return f"{text} Närmast är {where}: {listed}. {advice}"


def _close(words: list[str], wanted: list[str]) -> dict[str, str]:
    """Which words are nearly a wanted column's name."""
    stems = {column: column for column in wanted} | {column.partition("_")[0]: column for column in wanted}
    found: dict[str, str] = {}
    for word in words:
        if heading_text(word) in wanted:
            continue
        near = difflib.get_close_matches(heading_text(word).replace(" ", "_"), stems, cutoff=0.7)
        if near and stems[near[0]] not in found.values():
            found[word] = stems[near[0]]
    return found
