"""Figures that change where they stand, drawn as the report draws them: there at once, whole, without a script."""

from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
import plotly.graph_objects as go
from markupsafe import Markup

from planbok.base.numbers import KR_PER_MNKR, as_shown, format_number, format_unit
from planbok.base.words import small
from planbok.report.bridge import waterfall
from planbok.report.charts import MONTHS, course
from planbok.report.figure import SCENARIO, Plus, bars, lines
from planbok.report.picture.on_page import pictures

CHANGE = "Skillnad"
NOISE = 9  # decimals from which on a difference is but binary fractions: 8.945 − 8.9 is 0.045
PLACEHOLDER = "Figuren räknas fram …"


class Picture(widgets.HTML):
    """A figure in its place; words until there is one."""

    def __init__(self, figure: go.Figure | None = None):
        super().__init__()
        self.figure: go.Figure | None = None
        self.add_class("planbok-place")
        self.show(figure)

    @property
    def data(self) -> tuple[Any, ...]:
        """The traces that are drawn."""
        return () if self.figure is None else self.figure.data

    def show(self, figure: go.Figure | None) -> None:
        """Draws another figure in the same place, of whatever make."""
        self.figure = figure
        self.value = str(picture(figure)) if figure is not None else f'<p class="planbok-waits">{PLACEHOLDER}</p>'


def picture(figure: go.Figure) -> Markup:
    """A figure with its title and itself in words."""
    known = figure.layout.meta or {}
    return Markup('<figure class="planbok-picture"><h3>{}</h3>{}<p class="planbok-heard">{}</p></figure>').format(
        known.get("title", ""), pictures(figure.to_plotly_json()), known.get("alt", "")
    )


def differences(
    names: Sequence[str],
    before: Sequence[float | None],
    now: Sequence[float | None],
    *,
    title: str,
    mattenhet: str,
    decimaler: int,
    plus: Plus | None = "worse",
    missing: str = "–",
) -> go.Figure:
    """What the dials move of each row, with its sign; while they move nothing, the rows as they are.

    `mattenhet` is what is measured and its unit, with a comma between: "Nettokostnad, mnkr".
    """
    pairs = [(_known(a), _known(b)) for a, b in zip(before, now, strict=True)]
    moved = [None if a is None or b is None else round(b - a, NOISE) for a, b in pairs]
    said = {name: format_number(by, decimaler, True) for name, by in zip(names, moved, strict=True) if by}
    drawn: dict[str, Any] = {"title": title, "decimaler": decimaler, "missing": missing}
    if not any(by and as_shown(by, decimaler) for by in moved):
        alt = "; ".join(f"{name} {format_number(a, decimaler)}" for name, (a, _) in zip(names, pairs, strict=True))
        return bars(names, {"Nu": [a for a, _ in pairs]}, alt=f"{alt}.", mattenhet=mattenhet, **drawn)
    what, _, unit = mattenhet.rpartition(", ")
    alt = "; ".join(f"{name} {text}" for name, text in said.items())
    label = f"{CHANGE}: {small(what)}, {unit}" if what else f"{CHANGE}, {unit}"
    return bars(names, {CHANGE: moved}, alt=f"{alt}.", mattenhet=label, plus=plus, signed=True, **drawn)


def growing(added: Sequence[float], versus: str) -> go.Figure | None:
    """How a difference grows over the year: its sum after each month, mnkr; None while there is none, or is not known.

    `versus` is what it is a difference against: "budgeten".
    """
    if not np.isfinite(added).all() or not any(abs(by) * KR_PER_MNKR >= 1 for by in added):
        return None
    year = format_unit(added[-1], "mnkr", 2, signed=True)
    return lines(
        MONTHS,
        {"Skillnad hittills": list(added)},
        title=f"Skillnaden växer månad för månad till {year} i december",
        alt=f"Skillnad mot {versus}, summerad: {course(MONTHS, list(added), 2)}.",
        mattenhet="Skillnad sedan januari, mnkr",
        colors=(SCENARIO,),
        decimaler=2,
    )


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else float(value)


def on_one_axis(figures: Iterable[go.Figure | str]) -> None:
    """Has each of several level figures measured with the others, so that their lengths compare."""
    drawn = [figure for figure in figures if not isinstance(figure, str)]
    specs = [figure.to_plotly_json() for figure in drawn]
    for place, figure in enumerate(drawn):
        figure.layout.meta = {**(figure.layout.meta or {}), "beside": specs[:place] + specs[place + 1 :]}


def bridge(
    title: str,
    start: tuple[str, float],
    steps: dict[str, float],
    end: tuple[str, float],
    *,
    amount: str,
    unit: str,
    decimaler: int,
    **more: Any,
) -> go.Figure:
    """The way between two amounts, with the difference in the title and each step in the text alternative."""
    return waterfall(
        start,
        steps,
        end,
        title=f"{title}: {format_unit(end[1] - start[1], unit, decimaler, signed=True)}",
        alt="; ".join(f"{text} {format_number(step, decimaler, True)} {unit}" for text, step in steps.items()) + ".",
        mattenhet=f"{amount}, {unit}",
        decimaler=decimaler,
        **more,
    )
