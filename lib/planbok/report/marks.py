"""What of a figure the page's dials move: the picture leaves room there, and the page's script draws what is tried."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go


def moving(figure: go.Figure, series: str, moves: Sequence[str], per: float = 1.0) -> go.Figure:
    """The figure with a name by each point of a series: the key figure, or the dial's own, that moves it.

    Parameters
    ----------
    moves : as many as the series has points; "" stands still
    per : how much of what moves a point is one on the figure's axis
    """
    return _marked(figure, {"moves": list(moves), "per": per}, "name", series)


def moving_end(figure: go.Figure, key: str) -> go.Figure:
    """The bridge with the key figure that moves where it ends."""
    return _marked(figure, {"moves": ["", key]}, "type", "scatter")


def _marked(figure: go.Figure, meta: dict[str, Any], by: str, value: str) -> go.Figure:
    for trace in figure.data:
        if trace[by] == value:
            trace.meta = meta
    return figure


def moving_level(figure: go.Figure, text: str, key: str, per: float = 1.0) -> go.Figure:
    """The figure with the key figure that moves a level line, which is named by its text."""
    for shape in figure.layout.shapes:
        if shape.label.text == text:
            shape.name = f"{key} {per:g}"
    return figure
