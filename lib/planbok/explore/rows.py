"""A table as the report sets it, which can be sorted, searched, copied and noted beside."""

import anywidget
import traitlets

from planbok.explore.dial import STATIC


class Rows(anywidget.AnyWidget):
    """A table's HTML; `notes` are what a person has written beside rows, by the row's first cell."""

    _esm = (STATIC / "rows.js").read_text("utf-8")
    value = traitlets.Unicode().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    noted = traitlets.Bool(False).tag(sync=True)  # whether notes can be written
    problem = traitlets.Unicode().tag(sync=True)
