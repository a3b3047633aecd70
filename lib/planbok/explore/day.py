"""Any day, written as 2024-03-31; what is no day is said below the box and changes nothing."""

from datetime import date

import anywidget
import traitlets

from planbok.explore.dial import LONGEST, STATIC


class Day(anywidget.AnyWidget):
    """A box for a day, with a calendar beside it. `value` is a date, or None where the box is empty."""

    _esm = (STATIC / "day.js").read_text("utf-8")
    description = traitlets.Unicode().tag(sync=True)
    iso = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    value = traitlets.Instance(date, allow_none=True)

    def __init__(self, description: str, value: date | None):
        super().__init__(description=description, iso=value.isoformat() if value else "", value=value)
        self.on_msg(lambda _widget, content, _buffers: self.type(str(content.get("typed", ""))))

    @traitlets.observe("value")
    def _written(self, _change: dict) -> None:
        self.problem = ""
        self.iso = self.value.isoformat() if self.value else ""

    def type(self, text: str) -> None:
        """Takes what a person typed; what is no day stays in the box and is said."""
        text = text.strip()
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            self.problem = f"”{text[:LONGEST]}” är inget datum. Skriv till exempel 2024-03-31."
            return
        self.problem = ""
        self.value = found
        self.send_state("iso")  # also the same day as before: the box shall show it in its own spelling
