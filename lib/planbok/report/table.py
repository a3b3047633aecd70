"""Tables for the page and the notebook: accessible HTML, Swedish numbers, and plain text where HTML is not shown."""

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from planbok.base.numbers import format_number
from planbok.case.result import Column, Table
from planbok.report.text import in_words

UNKNOWN = "–"
WITHHELD = "visas inte"
WIDE, WIDEST = 6, 9  # columns; a table with more is set smaller, and smaller still, on paper
BROAD, BROADEST = 60, 95  # characters of a row's figures, likewise
LONG_TEXT = 40  # characters of a cell that would make a row of figures tall
VERDICTS = {"✓": "#005c47", "✗": "#b3211c"}  # met, missed: the colours of surplus and deficit in figures
LONG_WORD = 24  # an address or a hash, which may break anywhere; other words stay whole

DAY = re.compile(r"\d{4}-(?:T\d|\d{2}(?:-\d{2})?)")  # a tertial, a month or a day, never broken


@dataclass(frozen=True)
class TableView:
    """A table that a notebook shows as its own output."""

    table: Table

    def _repr_html_(self) -> str:
        return render(self.table)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": render(self.table), "text/plain": as_text(self.table)}

    def __repr__(self) -> str:
        return as_text(self.table)


def show(table: Table) -> TableView:
    """The table as something that a notebook cell can end with."""
    return TableView(table)


def render(table: Table) -> str:
    """The table as HTML: caption, scopes, units in the headings, the note below; all text escaped.

    In a table of many columns the ones with long texts stand below each row, so that the figures stay together.
    """
    below = _below(table)
    beside = [column for column in table.columns if column not in below]
    head = Markup("").join(_heading(column) for column in beside)
    last, rows = len(table.frame) - 1, Markup("\n")
    body = rows.join(
        _row(table, (beside, below), place, row, table.total_row and place == last)
        for place, row in enumerate(table.records())
    )
    note = Markup('<p class="planbok-note">{}</p>').format(table.note) if table.note else Markup("")
    widths = _widths(table, beside)
    wide = Markup(' class="{}"').format(" ".join(widths)) if widths else ""
    return str(
        Markup(
            '<div class="planbok-table" role="region" tabindex="0" aria-label="{}"><table{}>'
            "<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>{}"
        ).format(f"Tabell: {table.titel}", wide, table.titel, head, body, note)
    )


def _widths(table: Table, beside: list[Column]) -> list[str]:
    """How small a table must be set to fit the paper: by its columns, and by the characters of its figures' columns."""
    numbers = [column for column in beside if column.mattenhet]
    texts = (
        [cell(table, column, value, row) for row, value in enumerate(table.frame[column.key])] for column in numbers
    )
    broad = sum(max(map(len, shown), default=0) for shown in texts)
    steps = {"wide": len(beside) > WIDE, "widest": len(beside) > WIDEST or broad > BROAD, "tiny": broad > BROADEST}
    return [name for name, wanted in steps.items() if wanted]


def _below(table: Table) -> list[Column]:
    """The long texts to the right of the figures that a table of many columns has no room for."""
    figures = [place for place, column in enumerate(table.columns) if column.mattenhet]
    if len(table.columns) <= WIDE or not figures:
        return []
    return [
        column
        for column in table.columns[figures[0] :]
        if not column.mattenhet and table.frame[column.key].map(lambda text: len(str(text))).max() > LONG_TEXT
    ]


def as_text(table: Table) -> str:
    """The table as aligned plain text.

    >>> import pandas as pd
    >>> columns = (Column("rad", "Budgetrad"), Column("mnkr", "Skillnad", "mnkr", signed=True))
    >>> frame = pd.DataFrame({"rad": ["Vård", "LASS"], "mnkr": [4.0, None]})
    >>> print(as_text(Table("t", "Mot 2015", frame, columns)))
    Mot 2015
    Budgetrad  Skillnad (mnkr)
    Vård                  +4,0
    LASS                     –
    """
    rows = [[heading(column) for column in table.columns]]
    records = enumerate(table.records())
    rows += [[cell(table, column, record[column.key], row) for column in table.columns] for row, record in records]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.columns))]
    lines = []
    for row in rows:
        parts = zip(row, widths, table.columns, strict=True)
        padded = (text.rjust(width) if column.mattenhet else text.ljust(width) for text, width, column in parts)
        lines.append("  ".join(padded).rstrip())
    return "\n".join([table.titel, *lines, *([table.note] if table.note else [])])


def heading(column: Column) -> str:
    """A column's heading with its unit, once.

    >>> heading(Column("k", "Andel", "procent")), heading(Column("d", "Dygn", "dygn"))
    ('Andel (%)', 'Dygn')
    """
    unit = in_words(column.mattenhet)
    said = re.split(r"[\s,()]+", column.etikett.lower())
    return column.etikett if not unit or unit.lower() in said else f"{column.etikett} ({unit})"


def cell(table: Table, column: Column, value: Any, row: int) -> str:
    """A cell as people read it: "skyddas" where it is withheld for few persons' sake, "saknas" where it isn't known."""
    if value is None or value != value:
        why = table.celler.get((row, column.key))
        return why[0] if why else WITHHELD if table.note and not table.celler else UNKNOWN
    if not column.mattenhet or isinstance(value, str):
        return str(value)
    return format_number(value, column.decimaler, column.signed)


def _heading(column: Column) -> Markup:
    return Markup('<th scope="col"{}>{}</th>').format(_look(column), _breakable(heading(column)))


def _breakable(text: str) -> Markup:
    """A heading where "Ökning(+)/Minskning(–)" may go on below after its slash."""
    return Markup("<wbr>").join(part for part in re.split(r"(?<=\S{6}/)(?=\S{6})", text))


def _row(
    table: Table, columns: tuple[list[Column], list[Column]], row: int, record: dict[str, Any], total: bool
) -> Markup:
    """A row of the columns that stand beside each other, and below it the long texts of the others."""
    beside, below = columns
    cells = [
        _cell(column, cell(table, column, record[column.key], row), first=place == 0)
        for place, column in enumerate(beside)
    ]
    said = [(column.etikett, record[column.key]) for column in below if record[column.key] not in (None, "")]
    names = [name for name, wanted in (("total", total), ("told", said)) if wanted]
    look = Markup(' class="{}"').format(" ".join(names)) if names else ""
    more = Markup(" ").join(Markup("<span><b>{}:</b> {}</span>").format(name, text) for name, text in said)
    shown = Markup("<tr{}>{}</tr>").format(look, Markup("").join(cells))
    return (
        shown + Markup('\n<tr class="more"><td colspan="{}">{}</td></tr>').format(len(beside), more) if said else shown
    )


def _cell(column: Column, text: str, first: bool) -> Markup:
    tag = Markup('<th scope="row"{}>{}</th>') if first else Markup("<td{}>{}</td>")
    return tag.format(_look(column, text), text)


def _look(column: Column, text: str = "") -> Markup:
    """Text to the left, numbers to the right, also where the report's style sheet is missing (the notebook).

    A verdict has its colour as well as its sign and word.
    """
    if column.mattenhet:
        return Markup(' class="num" style="text-align:right"')
    verdict = next((color for sign, color in VERDICTS.items() if sign in text), "")
    if verdict:
        return Markup(' style="text-align:left;color:{}"').format(verdict)
    long = any(len(word) > LONG_WORD for word in text.split())
    kind = "long" if long else "day" if DAY.fullmatch(text) else "words" if len(text) > LONG_TEXT else ""
    return Markup(' class="{}" style="text-align:left"').format(kind) if kind else Markup(' style="text-align:left"')
