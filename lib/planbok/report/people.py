"""Tables of persons in a notebook: their shape and columns, and no rows unless someone asks for them."""

from typing import Any

import pandas as pd
from markupsafe import escape

from planbok.base.words import counted

ABOUT_ONE = {"person", "beslut", "arende", "handlaggare", "inkomst_kr_per_ar"}  # one person, or one household, a row
ASK = "Raderna visas inte, eftersom de gäller personer. Skriv people.rows(tabellen) om du behöver se dem."


class PersonRows:
    """The rows of a table of persons, asked for."""

    def __init__(self, frame: pd.DataFrame):
        self.frame = frame

    def _repr_html_(self) -> str:
        return self.frame.to_html(max_rows=20)

    def __repr__(self) -> str:
        return self.frame.to_string(max_rows=20)


def rows(frame: pd.DataFrame, count: int = 5) -> PersonRows:
    """The first rows of a table, persons or not; never for a report."""
    return PersonRows(frame.head(count))


def shape(frame: pd.DataFrame) -> str:
    """How large a table is, and its columns.

    >>> shape(pd.DataFrame({"person": ["a", "b"], "niva": ["1", "2"]}))
    '2 rader, 2 kolumner: person, niva'
    """
    size = f"{counted(len(frame), 'rad', 'rader')}, {counted(len(frame.columns), 'kolumn', 'kolumner')}"
    return f"{size}: {', '.join(map(str, frame.columns))}"


def is_about_persons(shown: Any) -> bool:
    """Whether each row of a table, or of a column of one, is about one person."""
    if isinstance(shown, pd.DataFrame):
        return not ABOUT_ONE.isdisjoint([*shown.columns, *shown.index.names])
    return isinstance(shown, pd.Series) and not ABOUT_ONE.isdisjoint([shown.name, *shown.index.names])


def guard() -> None:
    """Lets the notebook show tables of persons by their shape only; nothing to do outside a notebook."""
    from IPython import get_ipython  # only a notebook has it running

    shell = get_ipython()
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    for kind in (pd.DataFrame, pd.Series):
        formatters["text/html"].for_type(kind, _as_html)
        formatters["text/plain"].for_type(kind, _as_text)


def _as_html(frame: Any) -> str | None:
    if is_about_persons(frame):
        return f"<p>{escape(_said(frame))}</p>"
    own = getattr(frame, "_repr_html_", None)
    return own() if own else None


def _as_text(frame: Any, printer: Any, cycle: bool) -> None:
    printer.text(_said(frame) if is_about_persons(frame) else repr(frame))


def _said(frame: pd.DataFrame | pd.Series) -> str:
    table = frame.to_frame() if isinstance(frame, pd.Series) else frame
    return f"{shape(table)}. {ASK}"
