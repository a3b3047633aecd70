"""The few shared widgets: labelled controls, each with a line below for what is wrong with it, headings and buttons."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape
from typing import Any

import ipywidgets as widgets

from planbok.explore.day import Day
from planbok.explore.dial import Dial

LABEL = {"description_width": "7.5rem"}
WIDE = widgets.Layout(width="auto", max_width="40rem")
NEVER_PERSONS = "Skriv aldrig om en enskild person."
COLUMN = widgets.Layout(flex="1 1 17rem", min_width="15rem", max_width="24rem")
WIDE_COLUMN = widgets.Layout(flex="3 1 29rem", min_width="20rem", overflow="visible")
WRAP = widgets.Layout(flex_flow="row wrap", align_items="flex-start")
ALERT = "color:#b3211c;margin:0 0 .3rem"

Options = Sequence[tuple[str, Any]] | Sequence[str]


class Field(widgets.VBox):
    """A control with its label, and a line below it that is empty until something is wrong."""

    def __init__(self, control: widgets.Widget, hint: str = ""):
        self.control = control
        self.note, self._problem = widgets.HTML(), ""
        below = [widgets.HTML(f'<p style="margin:0 0 0 8rem;font-size:.9em">{escape(hint)}</p>')] if hint else []
        super().__init__([control, *below, self.note])

    @property
    def value(self) -> Any:
        return self.control.value

    @value.setter
    def value(self, value: Any) -> None:
        self.control.value = value

    @property
    def problem(self) -> str:
        return self._problem

    @problem.setter
    def problem(self, text: str) -> None:
        self._problem = text
        self.note.value = alert(text)


Control = Field | Dial


def on_change(control: Control, action: Callable[[], None]) -> None:
    """Calls the action each time a control has a new value."""
    source = control.control if isinstance(control, Field) else control
    source.observe(lambda _: action(), names="value")


def alert(text: str) -> str:
    """A sentence about what is wrong, read aloud by screen readers when it appears; nothing for no text."""
    return f'<p role="alert" style="{ALERT}">{escape(text)}</p>' if text else ""


def status(text: str) -> str:
    """A sentence that is read aloud when it changes."""
    return f'<p role="status" style="margin:.2rem 0;max-width:70ch">{escape(text)}</p>' if text else ""


def lead(text: str) -> str:
    """An answer that is read aloud when it changes: its first sentence large, the rest below it."""
    first, _, rest = text.partition(". ")
    more = f' <span class="more">{escape(rest)}</span>' if rest else ""
    said = f"{first}." if rest else first
    return f'<p role="status"><span class="lead">{escape(said)}</span>{more}</p>' if text else ""


def line(text: str, where: str = "") -> widgets.HTML:
    """One line of a list, with where it comes from."""
    after = f" <small>({escape(where)})</small>" if where else ""
    return widgets.HTML(f'<p style="margin:.15rem 0">{escape(text)}{after}</p>')


def heading(text: str) -> widgets.HTML:
    """A heading of the board."""
    return widgets.HTML(f'<h3 class="planbok-heading">{escape(text)}</h3>')


def choice(label: str, options: Options, value: Any) -> Field:
    """A drop-down list with its label."""
    return Field(widgets.Dropdown(description=label, options=options, value=value, style=LABEL, layout=WIDE))


def several(label: str, options: Options) -> Field:
    """A list in which several may be chosen, by mouse or by shift and arrow keys."""
    shown = min(8, max(3, len(options)))
    wider = widgets.Layout(width="auto", max_width="60rem")
    control = widgets.SelectMultiple(description=label, options=options, rows=shown, style=LABEL, layout=wider)
    return Field(control, "Flera väljs med Skift och piltangenterna, eller Ctrl och klick.")


def since(ar: int, month: int = 1) -> Field:
    """Any day from which something holds; at first that with which a month of the year begins."""
    return day("Från", date(ar, month, 1))


def day(label: str, value: date | None) -> Field:
    """Any day, by calendar or typing."""
    return Field(Day(label, value))


def words(label: str, example: str = "", rows: int = 1) -> Field:
    """A text that a person writes, with the reminder that it is never about one person."""
    kind = widgets.Text if rows == 1 else widgets.Textarea
    more = {} if rows == 1 else {"rows": rows}
    control = kind(description=label, placeholder=example, style=LABEL, layout=WIDE, continuous_update=False, **more)
    return Field(control, NEVER_PERSONS)


def button(text: str, action: Callable[[], None], tooltip: str = "", primary: bool = False) -> widgets.Button:
    """A button with a text and what it does; `primary` is the one to press first."""
    made = widgets.Button(description=text, tooltip=tooltip or text, layout=widgets.Layout(width="auto"))
    made.button_style = "primary" if primary else ""
    made.on_click(lambda _: action())
    return made


class Panels(widgets.VBox):
    """A row of buttons of which one is pressed, and below it what that one stands for.

    `chosen` is the row and `place` what is below it: a board puts them apart.
    """

    def __init__(self, label: str, panels: dict[str, widgets.Widget], value: str | None = None):
        self.panels = panels
        self.chosen = widgets.ToggleButtons(options=list(panels), value=value, description=label, style=LABEL)
        self.chosen.style.button_width = "auto"
        self.chosen.add_class("planbok-groups")
        self.place = widgets.VBox()
        self.chosen.observe(lambda _: self._show(), names="value")
        super().__init__([self.chosen, self.place])
        self._show()

    def _show(self) -> None:
        panel = self.panels.get(self.chosen.value)
        self.place.children = [panel] if panel else []
