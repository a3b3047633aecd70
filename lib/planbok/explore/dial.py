"""A slider with a label, a unit and a box to type in; what can't be used is said below it, never raised."""

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets

from planbok.base.numbers import format_number, parse

STATIC = Path(__file__).parent / "static"
LONGEST = 20  # characters of what was typed that are said back


def _decimals(number: float) -> int:
    return len(f"{number:g}".partition(".")[2])


class Keys(anywidget.AnyWidget):
    """Shows nothing: keeps the keys that are pressed beside it in the same output from the notebook's own shortcuts.

    Hears where in the notebook someone asks where a number comes from.
    """

    _esm = (STATIC / "keys.js").read_text("utf-8")
    _css = (STATIC / "board.css").read_text("utf-8")  # the look of all that stands beside it

    def __init__(self, asked: Callable[[str], None] | None = None):
        super().__init__()
        if asked:
            self.on_msg(lambda _widget, content, _buffers: asked(str(content.get("from", ""))))


class Dial(anywidget.AnyWidget):
    """A number by slider, arrow keys or typing. `value` only ever holds a number inside the bounds."""

    _esm = (STATIC / "dial.js").read_text("utf-8")
    _css = (STATIC / "dial.css").read_text("utf-8")
    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    low = traitlets.Float().tag(sync=True)
    high = traitlets.Float().tag(sync=True)
    step = traitlets.Float().tag(sync=True)
    decimals = traitlets.Int(1).tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, unit: str, low: float, high: float, step: float, value: float = 0.0):
        bounds = {"low": low, "high": high, "step": step}
        super().__init__(label=label, unit=unit, value=value, decimals=_decimals(step), **bounds)
        self.on_msg(lambda _widget, content, _buffers: self.type(str(content.get("typed", ""))))

    @traitlets.validate("value")
    def _inside(self, proposal: dict) -> float:
        """A value from the page is held against the bounds too; one outside is not taken."""
        self.problem = self._why_not(proposal["value"])
        return self.value if self.problem else proposal["value"]

    def start(self, value: float) -> None:
        """Stands at a value from the beginning, in full, if it lies within the bounds."""
        if self.low <= value <= self.high:
            self.value, self.decimals = value, max(self.decimals, _decimals(value))

    def type(self, text: str) -> None:
        """Takes what a person typed, in Swedish spelling; what is no number stays in the box and is said."""
        found = parse(text)
        if found.varde is None or found.enhet not in ("", self.unit, self.unit.partition("/")[0]):
            example = self._written((self.low + self.high) / 2)
            self.problem = f"”{text[:LONGEST]}” är inget tal i {self.unit}. Skriv till exempel {example}."
        else:
            self.value = found.varde
            self.send_state("value")  # also the same value as before: the box shall show it in its own spelling

    def _why_not(self, number: float) -> str:
        if self.low <= number <= self.high:
            return ""
        ends = f"{self._written(self.low)} och {self._written(self.high)}"
        return f"{self.label} ska ligga mellan {ends} {self.unit}, men är {format_number(number, self.decimals)}."

    def _written(self, number: float) -> str:
        return format_number(number, self.decimals)
