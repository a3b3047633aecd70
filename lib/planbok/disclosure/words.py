"""A result's texts as its audience reads them."""

from dataclasses import replace
from functools import partial
from typing import Any

from planbok.case.result import Result, Table
from planbok.case.said import Said


def in_words(result: Result, public: bool) -> Result:
    """The result with its texts as the audience reads them."""
    read = partial(as_read, public=public)
    return replace(
        result,
        rubrik=read(result.rubrik),
        underrubrik=read(result.underrubrik),
        texter={name: read(text) for name, text in result.texter.items()},
        nyckeltal={name: replace(figure, etikett=read(figure.etikett)) for name, figure in result.nyckeltal.items()},
        tabeller={name: table_in_words(table, public) for name, table in result.tabeller.items()},
    )


def as_read(value: Any, public: bool) -> Any:
    """A text as the audience reads it; anything else as it is."""
    return value.read(public) if isinstance(value, Said) else value


def table_in_words(table: Table, public: bool) -> Table:
    """A table with its texts as the audience reads them; a column that then says nothing falls away."""
    table = table.public if public and table.public else table
    frame, silent = table.frame, set()
    for key in (key for key, dtype in frame.dtypes.items() if dtype == "object"):
        if any(isinstance(value, Said) for value in frame[key].tolist()):
            frame = frame.assign(**{key: frame[key].map(partial(as_read, public=public))})
            silent |= {key} if not frame[key].astype(bool).any() else set()
    columns = tuple(replace(c, etikett=as_read(c.etikett, public)) for c in table.columns if c.key not in silent)
    extra = tuple(key for key in table.extra if key not in silent)
    titel, note = (as_read(text, public) for text in (table.titel, table.note))
    return replace(table, titel=titel, note=note, frame=frame, columns=columns, extra=extra)
