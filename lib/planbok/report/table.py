"""Tables for the page and the notebook: accessible HTML, Swedish numbers, and plain text where HTML is not shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import escape

from planbok.base.numbers import format_number
from planbok.base.periods import short_period
from planbok.case.result import Column, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.text import in_words, number

UNKNOWN = "–"
MOST_COLUMNS = 5  # on a page; the workbook has all
LONG_TEXT = 40  # characters of a cell that needs room
VERDICTS = {"✓": "#005c47", "✗": "#b3211c"}  # met, missed: the colours of surplus and deficit in figures
LONG_WORD = 24  # an address or a hash, which may break anywhere; other words stay whole
TOTAL = ' class="total"'
Texts = Mapping[str, Sequence[str]]
DAY = re.compile(r"(?:\d{1,2} [a-z]{3}|[a-z]{3}(?:–[a-z]{3})?|tertial \d) \d{4}")  # never broken


@dataclass(frozen=True)
class TableView:
    """A table that a notebook shows as its own output."""

    table: Table

    def _repr_html_(self) -> str:
        return render(self.table)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        said = texts(self.table)
        return {"text/html": render(self.table, said=said), "text/plain": as_text(self.table, said)}

    def __repr__(self) -> str:
        return as_text(self.table)


def show(table: Table) -> TableView:
    """The table as something that a notebook cell can end with."""
    return TableView(table)


def texts(table: Table) -> Texts:
    """Every cell of the table as people read it, by column."""
    return {
        column.key: [cell(table, column, value, row) for row, value in enumerate(table.plain[column.key])]
        for column in table.columns
    }


def render(table: Table, came: Mapping[tuple[int, str], str] | None = None, said: Texts | None = None) -> str:
    """The table as a page has it: caption, scopes, units in the headings, the note below; all text escaped.

    `came` is what a cell, by row and column, is known by where one asks where its number comes from; `said` the
    table's texts.

    At most five columns: those that the table names in `visa`, else its first, and none that holds nothing.
    """
    shown, said = columns_shown(table), said or texts(table)
    head = "".join(f'<th scope="col"{_look(column)}>{_breakable(heading(column))}</th>' for column in shown)
    columns = [_cells(table, column, said[column.key], column is shown[0], came or {}) for column in shown]
    last = len(table.frame) - 1 if table.total_row else None
    body = "\n".join(
        f"<tr{TOTAL if row == last else ''}>{''.join(cells)}</tr>"
        for row, cells in enumerate(zip(*columns, strict=True))
    )
    note, title = f'<p class="planbok-note">{escape(table.note)}</p>' if table.note else "", escape(table.titel)
    return (
        f'<div class="planbok-table" role="region" tabindex="0" aria-label="Tabell: {title}"><table>'
        f"<caption>{title}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>{note}"
    )


def columns_shown(table: Table) -> list[Column]:
    """The columns that a page has room for, the most important first.

    >>> import pandas as pd
    >>> columns = tuple(Column(key, key.upper(), "kr") for key in "abcdefg")
    >>> frame = pd.DataFrame([dict.fromkeys("abcdefg", 1) | {"b": None}])
    >>> [column.key for column in columns_shown(Table("t", "T", frame, columns))]
    ['a', 'c', 'd', 'e', 'f']
    >>> [column.key for column in columns_shown(Table("t", "T", frame, columns, visa=("a", "g")))]
    ['a', 'g']
    """
    named = {column.key: column for column in table.columns}
    wanted = [named[key] for key in table.visa if key in named] or list(table.columns)
    kept = [column for place, column in enumerate(wanted) if not place or not _holds_nothing(table, column)]
    return kept[:MOST_COLUMNS]


def side_by_side(table: Table, rows: Sequence[str], over: str, value: str, title: str) -> Table:
    """A long table with one column for each value of `over`, a withheld cell with its reason as it was.

    A row of which all is withheld is left out, and that is said below.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": ["x", "y", "x"], "dag": ["1", "1", "2"], "n": [5, 6, 7]})
    >>> long = Table("t", "T", frame, (Column("a", "A"), Column("dag", "Dag"), Column("n", "Antal", "st")))
    >>> wide = side_by_side(long, ["a"], "dag", "n", "Bredvid")
    >>> wide.records()
    [{'a': 'x', '1': 5.0, '2': 7.0}, {'a': 'y', '1': 6.0, '2': None}]
    """
    column, keys = column_of(table, value), list(rows)
    order = table.frame[keys].drop_duplicates()
    sums = table.frame.groupby([*keys, over], sort=False, dropna=False)[value].sum(min_count=1).reset_index()
    found = sums.pivot_table(value, keys, over, aggfunc="first", dropna=False, sort=False)
    names = [str(name) for name in dict.fromkeys(table.frame[over])]
    shown = found.reindex(columns=list(dict.fromkeys(table.frame[over]))).set_axis(names, axis=1)
    shown = shown.reindex(pd.MultiIndex.from_frame(order) if len(keys) > 1 else order[keys[0]]).reset_index()
    place = {tuple(key): number for number, key in enumerate(order.to_numpy())}
    cells = {
        (place[tuple(table.frame.iloc[row][keys])], str(table.frame.iloc[row][over])): why
        for (row, key), why in table.celler.items()
        if key == value
    }
    told = [row for row in range(len(shown)) if any((row, name) not in cells for name in names)]
    note = "Insatser med få personer skyddas." if len(told) < len(shown) else ""
    shown = shown.iloc[told].reset_index(drop=True)
    cells = {(told.index(row), name): why for (row, name), why in cells.items() if row in told}
    kept = [column_of(table, key) for key in keys]
    columns = (*kept, *(Column(n, short_period(n), column.mattenhet, column.decimaler) for n in names))
    last = bool(len(shown)) and shown.iloc[-1][keys[0]] == TOTAL_ROW
    return Table(f"{table.namn}_bredvid", title, shown, columns, total_row=last, celler=cells, note=note)


def only(table: Table, key: str, begins: str, title: str) -> Table:
    """The rows whose text in a column begins so, with their withheld cells as they were.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": ["x", "y"], "lage": ["✓ klaras", "✗ klaras inte"]})
    >>> whole = Table("t", "T", frame, (Column("a", "A"), Column("lage", "Läge")), celler={(1, "a"): ("saknas", "")})
    >>> some = only(whole, "lage", "✗", "Inte")
    >>> some.records(), some.celler
    ([{'a': 'y', 'lage': '✗ klaras inte'}], {(0, 'a'): ('saknas', '')})
    """
    kept = [row for row, text in enumerate(table.frame[key]) if str(text).startswith(begins)]
    cells = {(kept.index(row), name): why for (row, name), why in table.celler.items() if row in kept}
    frame = table.frame.iloc[kept].reset_index(drop=True)
    return Table(f"{table.namn}_urval", title, frame, table.columns, celler=cells, visa=table.visa)


def column_of(table: Table, key: str) -> Column:
    """A column of the table by its key."""
    return next(column for column in table.columns if column.key == key)


def says_nothing(table: Table) -> bool:
    """Whether a table has no rows, or numbers that are all 0 or not known; what is protected is said to be so.

    >>> import pandas as pd
    >>> columns = (Column("rad", "Rad"), Column("kr", "Kronor", "kr"))
    >>> [says_nothing(Table("t", "T", pd.DataFrame({"rad": ["a"], "kr": [kr]}), columns)) for kr in (0.0, None, 2.0)]
    [True, True, False]
    """
    numbers = [column for column in table.columns if column.mattenhet]
    if table.frame.empty:
        return True
    if not numbers or any(word == "skyddas" for word, _ in table.celler.values()) or table.note:
        return False
    return all(value is None or value == 0 for column in numbers for value in table.plain[column.key])


def _holds_nothing(table: Table, column: Column) -> bool:
    """Whether a column is all dashes: nothing is known in it, and nothing is said of why."""
    if any(key == column.key for _, key in table.celler) or table.note or table.frame.empty:
        return False
    return all(value is None or value == "" for value in table.plain[column.key])


def as_text(table: Table, said: Texts | None = None) -> str:
    """The table as aligned plain text; `said` are its texts.

    >>> import pandas as pd
    >>> columns = (Column("rad", "Budgetrad"), Column("mnkr", "Skillnad", "mnkr", signed=True))
    >>> frame = pd.DataFrame({"rad": ["Vård", "LASS"], "mnkr": [4.0, None]})
    >>> print(as_text(Table("t", "Mot 2015", frame, columns)))
    Mot 2015
    Budgetrad  Skillnad (mnkr)
    Vård                  +4,0
    LASS                     –
    """
    said = said or texts(table)
    columns = [_aligned([heading(column), *said[column.key]], column) for column in table.columns]
    lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
    return "\n".join([table.titel, *lines, *([table.note] if table.note else [])])


def _aligned(texts: Sequence[str], column: Column) -> list[str]:
    width = max(map(len, texts))
    return [text.rjust(width) if column.mattenhet else text.ljust(width) for text in texts]


def heading(column: Column) -> str:
    """A column's heading with its unit, once.

    >>> heading(Column("k", "Andel", "procent")), heading(Column("d", "Dygn", "dygn"))
    ('Andel (%)', 'Dygn')
    """
    if not column.mattenhet:
        return column.etikett
    unit = in_words(column.mattenhet)
    said = re.split(r"[\s,()]+", column.etikett.lower())
    return column.etikett if unit.lower() in said else f"{column.etikett} ({unit})"


def cell(table: Table, column: Column, value: Any, row: int) -> str:
    """A cell as people read it: "skyddas" where it is withheld for few persons' sake, "saknas" where it isn't known."""
    if value is None or value != value:
        why = table.celler.get((row, column.key))
        return why[0] if why else UNKNOWN
    if not column.mattenhet or isinstance(value, str):
        return short_period(str(value))
    return format_number(value, column.decimaler, column.signed)


def _breakable(text: str) -> str:
    """A heading where "Ökning(+)/Minskning(–)" may go on below after its slash."""
    return "<wbr>".join(escape(part) for part in re.split(r"(?<=\S{6}/)(?=\S{6})", text))


def _cells(
    table: Table, column: Column, said: Sequence[str], first: bool, came: Mapping[tuple[int, str], str]
) -> Iterator[str]:
    """A column's cells; one of a number carries it in full, for whoever fetches the table."""
    tag, end = ('th scope="row"', "th") if first else ("td", "td")
    for row, (text, value) in enumerate(zip(said, table.plain[column.key], strict=True)):
        known = number(value) if column.mattenhet else None
        full = "" if known is None else f' data-v="{known!r}"'
        if origin := came.get((row, column.key)):
            full += f' data-from="{escape(origin)}"'
        yield f"<{tag}{_look(column, text)}{full}>{escape(text)}</{end}>"


def _look(column: Column, text: str = "") -> str:
    """Text to the left, numbers to the right, also where the report's style sheet is missing (the notebook).

    A verdict has its colour as well as its sign and word.
    """
    if column.mattenhet:
        return ' class="num" style="text-align:right"'
    verdict = next((color for sign, color in VERDICTS.items() if sign in text), "")
    if verdict:
        return f' style="text-align:left;color:{verdict}"'
    long = any(len(word) > LONG_WORD for word in text.split())
    kind = "long" if long else "day" if DAY.fullmatch(text) else "words" if len(text) > LONG_TEXT else ""
    return f' class="{kind}" style="text-align:left"' if kind else ' style="text-align:left"'
