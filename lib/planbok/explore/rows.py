"""A table as the report sets it, which can be sorted, searched, copied and noted beside."""

from collections.abc import Callable

import anywidget
import traitlets

from planbok.explore.dial import STATIC


class TableWidget(anywidget.AnyWidget):
    """A table's HTML; `notes` are what a person has written beside rows, by the row's first cell."""

    _esm = (STATIC / "rows.js").read_text("utf-8")
    value = traitlets.Unicode().tag(sync=True)
    notes = traitlets.Dict().tag(sync=True)
    noted = traitlets.Bool(False).tag(sync=True)  # whether notes can be written
    problem = traitlets.Unicode().tag(sync=True)

    def on_asked(self, tell: Callable[[str], None]) -> None:
        """Whom to tell when someone asks where a number in the table comes from, and by what it is known."""
        self.on_msg(lambda _widget, content, _buffers: tell(str(content.get("from", ""))))
