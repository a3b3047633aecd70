"""A figure on the page: its title as a heading, its picture, itself in words, and its numbers to fetch."""

import json
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from planbok.report.assets import template
from planbok.report.picture.months import PLOT, draw_months, draw_panels
from planbok.report.picture.rows import draw_rows
from planbok.report.picture.svg import LINE, WIDTHS, Canvas, plain, wide
from planbok.report.picture.traces import Trace, traces_of

NO_WORDS = "Figuren saknar beskrivning i ord."


def figure(spec: dict[str, Any]) -> Markup:
    """A stored figure as HTML; the page numbers it."""
    layout = spec.get("layout", {})
    known = layout.get("meta") or {}
    known = known if isinstance(known, dict) else {}
    stated = layout.get("title") or {}
    stated = stated.get("text", "") if isinstance(stated, dict) else str(stated)
    title = known.get("title") or re.sub(r"<[^>]+>", " ", stated).strip()
    alt = known.get("alt") or title or NO_WORDS
    data = json.dumps(numbers(spec), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(template("figure.html.j2").module.figure(title, alt, pictures(spec), Markup(data)))


def numbers(spec: dict[str, Any]) -> dict[str, Any]:
    """What a figure shows, as the rows of a table: names or months, and a column for each series.

    >>> bar = {"type": "bar", "orientation": "h", "name": "Budget", "x": [1.5], "y": ["Vård"]}
    >>> numbers({"data": [bar]})
    {'kolumner': ['', 'Budget'], 'rader': [['Vård', 1.5]]}
    """
    traces = traces_of(spec)
    lying = any(trace.lies for trace in traces)
    panels = ((spec.get("layout") or {}).get("meta") or {}).get("panels") or {}
    columns: dict[str, dict[str, Any]] = {}
    order: dict[str, None] = {}
    for trace in traces:
        if "fill" in trace.raw:
            continue
        names, amounts = (trace.y, trace.x) if lying else (trace.x, trace.y)
        name = ": ".join(part for part in (str(panels.get(trace.panel, "")), trace.name) if part)
        column = columns.setdefault(name, {})
        for key, amount in zip(map(plain, names), amounts, strict=True):
            order[key] = None
            if amount is not None:
                column[key] = amount
    rows = [[key, *(column.get(key) for column in columns.values())] for key in order]
    return {"kolumner": ["", *columns], "rader": rows}


def pictures(spec: dict[str, Any]) -> Markup:
    """A figure's pictures, for a wide and a narrow column."""
    return Markup("").join(_drawn(spec, width).drawn(name) for name, width in WIDTHS.items())


def _drawn(spec: dict[str, Any], width: int) -> Canvas:
    canvas, layout = Canvas(width), spec.get("layout", {})
    traces = traces_of(spec)
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
