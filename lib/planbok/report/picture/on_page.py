"""A figure on the page: its title as a heading, its picture, itself in words, and its numbers to fetch."""

import json
import re
from typing import Any

from markupsafe import Markup

from planbok.report.assets import template
from planbok.report.picture.draw import pictures
from planbok.report.picture.svg import plain
from planbok.report.picture.traces import Trace

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
    traces = [Trace(raw) for raw in spec.get("data", []) if raw.get("type") in ("bar", "scatter")]
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
