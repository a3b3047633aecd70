"""Figures that change where they stand: the same drawing gets new data, so that nothing flickers."""

from typing import Any

import plotly.graph_objects as go

from planbok.base.numbers import format_number, format_unit
from planbok.report.bridge import waterfall
from planbok.report.figure import CONFIG


def drawn(figure: go.Figure) -> go.FigureWidget:
    """A figure as a widget that is as wide as its place, without a toolbar."""
    widget = go.FigureWidget(figure)
    widget.layout.autosize = True
    widget._config = CONFIG  # plotly has no other way to say it
    return widget


def redraw(widget: go.FigureWidget, figure: go.Figure) -> None:
    """Gives a drawn figure what differs in another of the same make: data, title, axes; in one message."""
    if len(widget.data) != len(figure.data):
        raise ValueError(f"the figure has {len(widget.data)} traces, the new one {len(figure.data)}")
    with widget.batch_update():
        for mine, new in zip(widget.data, figure.data, strict=True):
            _take_over(mine, new.to_plotly_json(), mine.to_plotly_json())
        wanted, drawn = figure.layout.to_plotly_json(), widget.layout.to_plotly_json()
        wanted.pop("template", None)
        _take_over(widget.layout, wanted, drawn)


def _take_over(part: Any, wanted: dict[str, Any], drawn: dict[str, Any]) -> None:
    for key, value in wanted.items():
        if key not in ("uid", "type") and value != drawn.get(key):
            part[key] = value


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
