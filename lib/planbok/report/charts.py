"""Figures for one finding each: deviations by size, small multiples over months, and what is done when."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from planbok.base.numbers import format_number
from planbok.base.periods import MONTH_NAMES
from planbok.report.figure import (
    ASSUMPTION,
    BASELINE,
    DASHES,
    DEFICIT,
    SCENARIO,
    SURPLUS,
    Points,
    Series,
    category_axis,
    check_lengths,
    floats,
    new_figure,
    one_bar,
    plain_names,
    pointed,
    value_axis,
    with_levels,
)
from planbok.report.unchecked import UNCHECKED, add, lay, put

MONTHS = [name[:3] for name in MONTH_NAMES]
PALE = "#b9c0c8"  # a lighter grey: years before the last
WORDS = ("underskott", "överskott")
LATER = "#5b92c9"  # a lighter blue: the same over a full year, or in a later one
MOST_PANELS = 9  # plotly would call a tenth y10, and more can't be taken in
PANELS = 3  # columns of small multiples in the notebook


def course(months: Sequence[str], points: Points, decimaler: int = 1) -> str:
    """A line in words: which way it goes, from what to what, its lowest and highest.

    >>> course(["jan", "feb", "mar"], [1.0, 3.0, 2.0])
    'stiger från 1,0 i jan till 2,0 i mar; lägst 1,0 i jan, högst 3,0 i feb'
    """
    known = [(value, month) for month, value in zip(months, floats(points), strict=True) if value is not None]
    if not known:
        return "okänd"
    (first, begins), (last, ends) = known[0], known[-1]
    low, high = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
    way = "stiger" if last > first else "sjunker" if last < first else "är oförändrad"
    said = [
        f"{format_number(value, decimaler)} i {month}" for value, month in ((first, begins), (last, ends), low, high)
    ]
    return f"{way} från {said[0]} till {said[1]}; lägst {said[2]}, högst {said[3]}"


def deviations(parts: Mapping[str, float], *, title: str, alt: str, mattenhet: str) -> go.Figure:
    """One bar for each part's deviation, the worst first: minus is a deficit, with its sign, its word and its colour.

    What is shown as 0 has neither word nor colour.
    """
    order = sorted(parts, key=lambda name: parts[name])
    values = [parts[name] for name in order]
    zero = format_number(0.0)
    shown = [format_number(value, signed=True) for value in values]
    none = [text.lstrip("+−±") == zero for text in shown]
    texts = [
        zero if nothing else f"{text} {WORDS[value > 0]}"
        for text, value, nothing in zip(shown, values, none, strict=True)
    ]
    fills = [
        BASELINE if nothing else SURPLUS if value > 0 else DEFICIT for value, nothing in zip(values, none, strict=True)
    ]
    figure = new_figure(title, alt, "bars")
    add(figure, one_bar(plain_names(order), values, texts, fills, "", True))
    category_axis(figure, order, 1, True)
    value_axis(figure, values, texts, mattenhet, True)
    return figure


def multiples(
    months: Sequence[str],
    panels: Mapping[str, Series],
    *,
    title: str,
    alt: str,
    mattenhet: str,
    colors: Mapping[str, str],
    decimaler: int = 1,
    shared: bool = True,
) -> go.Figure:
    """The same lines for each part, in a panel of its own: `colors` by the name of the line.

    Names are said above, in the colours of the lines. `shared`: all panels have one scale, so that sizes compare.
    The first nine parts are shown.
    """
    panels = dict(list(panels.items())[:MOST_PANELS])
    figure = new_figure(title, alt, "multiples")
    keys = {name: "y" if not place else f"y{place + 1}" for place, name in enumerate(panels)}
    known = [v for series in panels.values() for points in series.values() for v in floats(points) if v is not None]
    low, high = (min(known, default=0.0), max(known, default=1.0))
    pad = (high - low) * 0.06 or 1.0
    across, down = min(len(panels), PANELS), -(-len(panels) // PANELS)
    for place, (name, series) in enumerate(panels.items()):
        check_lengths(months, series)
        key = keys[name]
        for line, points in series.items():
            at: dict[str, Any] = {"xaxis": key.replace("y", "x"), "yaxis": key, "showlegend": not place}
            said = pointed(months, line, points, decimaler, mattenhet)
            add(figure, _thin_line(months, line, points, colors.get(line, SCENARIO), hovertext=said, **at))
        column, row = place % PANELS, place // PANELS
        x0, y1 = column / across, 1 - row / down
        upright: dict[str, Any] = {"range": [low - pad, high + pad]} if shared else {}
        upright |= {"domain": [y1 - 0.72 / down, y1 - 0.08 / down], "anchor": key.replace("y", "x")}
        level: dict[str, Any] = {"domain": [x0, x0 + 0.9 / across], "anchor": key, "showgrid": False}
        figure.layout[key.replace("y", "xaxis")], figure.layout[key.replace("y", "yaxis")] = level, upright
        title_at = {"x": x0, "xanchor": "left", "xref": "paper", "y": y1, "yanchor": "top", "yref": "paper"}
        put(figure, "annotations", {"showarrow": False, "text": escape(name), **title_at})
    meta = {"panels": {keys[name]: name for name in panels}}
    lay(figure, {"height": 90 + 190 * down, "yaxis": {"title": {"text": escape(mattenhet)}}, "meta": meta})
    return figure


def _thin_line(months: Sequence[str], name: str, points: Points, color: str, **more: Any) -> go.Scatter:
    return go.Scatter(
        x=plain_names(months),
        y=floats(points),
        name=escape(name),
        mode="lines",
        legendgroup=name,
        line={"color": color, "width": 2.5 if color == SCENARIO else 1.5, "dash": DASHES.get(color, "solid")},
        hoverinfo="skip",
        **more,
        **UNCHECKED,
    )


def ranges(
    rows: Mapping[str, tuple[float, float | None, float | None]], *, title: str, alt: str, mattenhet: str
) -> go.Figure:
    """A point for each row, with the lowest and highest that it may become where they are known; the axis is cut."""
    figure = new_figure(title, alt, "ranges")
    names = list(rows)
    low = [lag if lag is not None else middle for middle, lag, _ in rows.values()]
    high = [hog if hog is not None else middle for middle, _, hog in rows.values()]
    said = [
        format_number(middle) + (f" ({format_number(lag)}–{format_number(hog)})" if None not in (lag, hog) else "")
        for middle, lag, hog in rows.values()
    ]
    lengths = [end - start for start, end in zip(low, high, strict=True)]
    none = [""] * len(names)
    add(figure, one_bar(plain_names(names), lengths, none, SCENARIO, "", True, base=low, marker_opacity=0.25))
    points = {"x": [middle for middle, _, _ in rows.values()], "y": plain_names(names), "text": said}
    mark = {"color": [BASELINE, *[SCENARIO] * (len(names) - 1)], "size": 11}
    look = {"mode": "markers+text", "textposition": "top center", "marker": mark, "showlegend": False}
    add(figure, go.Scatter(**points, **look, **UNCHECKED))
    category_axis(figure, names, 1, True)
    value_axis(figure, [*low, *high], said, mattenhet, True, floor=min(low))
    return figure


def bullets(
    rows: Mapping[str, tuple[float, float]],
    *,
    title: str,
    alt: str,
    mattenhet: str,
    levels: Mapping[str, float],
    decimaler: int = 1,
) -> go.Figure:
    """For each row what is used, narrow, on how it ends, wide and pale, with the line that it is held against."""
    figure = new_figure(title, alt, "bullets")
    names = list(rows)
    used, ends = ([pair[n] for pair in rows.values()] for n in (0, 1))
    most = max(levels.values(), default=-math.inf)
    texts = [format_number(end, decimaler) if end > most else "" for end in ends]  # else it would stand on the line
    said = pointed(names, "så slutar året", ends, decimaler, mattenhet)
    add(figure, one_bar(plain_names(names), ends, texts, PALE, "Så slutar året", True, hovertext=said))
    now = {"width": 0.45, "hovertext": pointed(names, "använt", used, decimaler, mattenhet)}
    add(figure, one_bar(plain_names(names), used, [""] * len(names), SCENARIO, "Använt hittills", True, **now))
    category_axis(figure, names, 2, True)
    value_axis(figure, [*ends, *levels.values()], texts, mattenhet, True)
    lay(figure, {"barmode": "overlay"})
    return with_levels(figure, levels, upright=True)


@dataclass(frozen=True)
class Stretch:
    """A measure on the timeline: from the first month to the last, both inside and counted from 0.

    `said` stands beside its name: what it gives, and how far it is decided. `sure`: it is decided, or in effect.
    """

    name: str
    first: float
    last: float
    said: str
    sure: bool = True


def timeline(stretches: Sequence[Stretch], *, title: str, alt: str, now: int | None = None) -> go.Figure:
    """What is done from when to when; `now` is the number of months that are booked."""
    names = [f"{stretch.name}: {stretch.said}" for stretch in stretches]
    check_lengths(names, {})
    figure = new_figure(title, alt, "timeline")
    fills = [SCENARIO if stretch.sure else ASSUMPTION for stretch in stretches]
    lengths = [max(stretch.last - stretch.first + 1, 0.1) for stretch in stretches]
    bases = [stretch.first for stretch in stretches]
    add(figure, one_bar(plain_names(names), lengths, [""] * len(names), fills, "", True, base=bases))
    category_axis(figure, names, 1, True)
    ticks = [place + 0.5 for place in range(len(MONTHS))]
    lay(figure, {"xaxis": {"range": [0, len(MONTHS)], "tickvals": ticks, "ticktext": MONTHS, "showgrid": False}})
    return with_levels(figure, {"bokfört hit": now} if now else {}, upright=True)
