"""From a stored figure to its pictures, for a wide and a narrow column."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from planbok.report.picture.months import PLOT, draw_months, draw_panels
from planbok.report.picture.rows import draw_rows
from planbok.report.picture.svg import LINE, WIDTHS, Canvas, wide
from planbok.report.picture.traces import Trace


def pictures(spec: dict[str, Any]) -> Markup:
    """A figure's pictures, for a wide and a narrow column."""
    return Markup("").join(_drawn(spec, width).drawn(name) for name, width in WIDTHS.items())


def _drawn(spec: dict[str, Any], width: int) -> Canvas:
    canvas, layout = Canvas(width), spec.get("layout", {})
    traces = [Trace(raw) for raw in spec.get("data", []) if raw.get("type") in ("bar", "scatter")]
    names = list(dict.fromkeys(trace.panel for trace in traces)) or ["y"]
    canvas.height = 2.0
    _key(canvas, traces, layout)
    if len(names) > 1:
        draw_panels(canvas, traces, names, layout)
    elif (layout.get("yaxis") or {}).get("type") == "category":
        draw_rows(canvas, traces, layout)
    else:
        draw_months(canvas, traces, layout, "y", (0.0, width, PLOT))
    return canvas


def _key(canvas: Canvas, traces: Sequence[Trace], layout: dict[str, Any]) -> None:
    """Colours and names above the plot, for bars of several series: lines have theirs at their ends."""
    if layout.get("showlegend") is False:
        return
    panels = len({trace.panel for trace in traces}) > 1
    named = {trace.name: trace.color() for trace in traces if trace.name and (trace.is_bar or panels)}
    if len(named) < 2:
        return
    x, y = 0.0, canvas.height + 12
    for name, color in named.items():
        if x and x + 18 + wide(name) > canvas.width:
            x, y = 0.0, y + LINE + 3
        canvas.rect((x, y - 10, 12, 12), color)
        canvas.text(x + 17, y, name)
        x += 17 + wide(name) + 18
    canvas.height = y + 8
