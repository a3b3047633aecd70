"""The figures of every report: one colour per meaning, Swedish numbers, a title that says what is seen.

A figure stores its arrays, so these constructors take aggregated, already protected numbers only.
"""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import plotly.graph_objects as go
import plotly.io as pio

from planbok.base.numbers import format_number, ticks
from planbok.report.text import MIME
from planbok.report.unchecked import UNCHECKED, add, lay, put

BASELINE = "#848d98"  # grey: what we compare with
SCENARIO = "#1f66b3"  # blue: what the report is about
DEFICIT = "#b3211c"  # red: a deficit, a higher net cost
SURPLUS = "#005c47"  # green: a surplus, a saving
ASSUMPTION = "#b57800"  # ochre: an assumption, not decided
TARGET = "#1b2430"  # ink: a target or a limit

DASHES = {
    BASELINE: "dash",
    SCENARIO: "solid",
    DEFICIT: "dashdot",
    SURPLUS: "longdash",
    ASSUMPTION: "dot",
    TARGET: "dot",
}
SYMBOLS = {BASELINE: "circle-open", SCENARIO: "circle", DEFICIT: "diamond", SURPLUS: "square", ASSUMPTION: "x"}

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif'
INK = "#1b2430"
MUTED = "#525d6a"
RULE = "#e3e7ec"
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "showTips": False}
LABEL_WIDTH = 30
TITLE_WIDTH = 78

Points = Sequence[float | None]
Series = Mapping[str, Points]
Levels = Mapping[str, float]
Plus = Literal["worse", "better"]
Shown: TypeAlias = go.Figure | str  # a figure, or why there is none


def _template() -> go.layout.Template:
    axis = {
        "gridcolor": RULE,
        "zerolinecolor": MUTED,
        "zerolinewidth": 1,
        "linecolor": MUTED,
        "tickcolor": RULE,
        "automargin": True,
        "fixedrange": True,
        "exponentformat": "none",
        "separatethousands": True,
        "title": {"standoff": 10, "font": {"size": 13, "color": MUTED}},
    }
    layout = {
        "font": {"family": FONT, "size": 13.5, "color": INK},
        "title": {"x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 8}, "font": {"size": 17}},
        "separators": ",\u00a0",
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "colorway": [BASELINE, SCENARIO, ASSUMPTION, SURPLUS, DEFICIT],
        "legend": {"orientation": "h", "x": 0, "xref": "container", "y": 0, "yref": "container", "yanchor": "bottom"},
        "margin": {"l": 12, "r": 24, "t": 24, "b": 72},
        "hovermode": False,
        "dragmode": False,
        "bargap": 0.34,
        "bargroupgap": 0.06,
        "xaxis": axis,
        "yaxis": axis,
    }
    return go.layout.Template(layout=layout)


pio.templates["planbok"] = _template()
_TEMPLATE = pio.templates["planbok"].to_plotly_json()


def bars(
    categories: Sequence[str],
    series: Series,
    *,
    title: str,
    alt: str,
    mattenhet: str,
    colors: Sequence[str] = (BASELINE, SCENARIO, ASSUMPTION, SURPLUS, DEFICIT),
    plus: Plus | None = None,
    decimaler: int = 1,
    signed: bool = False,
    missing: str = "–",
    horizontal: bool = True,
    stacked: bool = False,
    levels: Levels | None = None,
) -> go.Figure:
    """Bars side by side, one group per category, every bar with its number.

    Parameters
    ----------
    categories : what is compared, in the order shown, no name twice
    series : name in the legend to one number per category; None where there is none, shown as `missing`
    title, alt : the sentence above the figure, and the same as the figure in words for those who can't see it
    plus : for one series of changes: is a positive number "worse" (red) or "better" (green)?
    stacked : on each other instead, as parts of a whole; then the numbers are said on pointing
    levels : named numbers that the bars are held against, as lines through all of them
    """
    check_lengths(categories, series)
    if plus and len(series) != 1:
        raise ValueError("plus colours one series by its sign; leave it out when there are several")
    figure = new_figure(title, alt, "bars")
    shades = list(colors) if len(series) > 1 or len(colors) == 1 else [SCENARIO if colors[0] == BASELINE else colors[0]]
    for (name, points), color in zip(series.items(), shades, strict=False):
        texts = [shown_number(point, decimaler, signed) for point in points] if not stacked else [""] * len(points)
        fill = [by_sign(point, plus) for point in points] if plus else color
        said = pointed(categories, name, points, decimaler, mattenhet)
        add(figure, one_bar(plain_names(categories), floats(points), texts, fill, name, horizontal, hovertext=said))
    values = [value for points in series.values() for value in floats(points)]
    if stacked:
        values = [sum(value or 0.0 for value in column) for column in zip(*map(floats, series.values()), strict=True)]
    values += list((levels or {}).values())
    category_axis(figure, categories, len(series), horizontal)
    value_axis(figure, values, [shown_number(v, decimaler, signed) for v in values], mattenhet, horizontal)
    _mark_missing(figure, categories, series, missing, horizontal)
    if stacked:
        lay(figure, {"barmode": "stack"})
    return with_levels(figure, levels or {}, upright=horizontal)


def lines(
    months: Sequence[str],
    series: Series,
    *,
    title: str,
    alt: str,
    mattenhet: str,
    colors: Sequence[str] = (BASELINE, SCENARIO, ASSUMPTION, SURPLUS, DEFICIT),
    decimaler: int = 1,
    from_zero: bool = True,
    band: tuple[Points, Points] | None = None,
    levels: Levels | None = None,
    steps: Sequence[str] = (),
) -> go.Figure:
    """Lines per month; each has its own dash and marker as well as its colour, and the number at its last point.

    Parameters
    ----------
    band : the lowest and highest that a line may become, shaded
    levels : named numbers that the lines are held against
    steps : the series that stand still until they change
    """
    check_lengths(months, series)
    figure = new_figure(title, alt, "lines")
    known = [v for points in (*series.values(), *(band or ())) for v in floats(points) if v is not None]
    known += list((levels or {}).values())
    if band:
        add(figure, _band(months, band))
    scale = [*known, *([0.0] if from_zero else [])]
    sides = _label_sides(series, scale)
    for (name, points), color in zip(series.items(), colors, strict=False):
        values = floats(points)
        last = _last(values)
        labels = [shown_number(v, decimaler, False) if place == last else "" for place, v in enumerate(values)]
        said = pointed(months, name, points, decimaler, mattenhet)
        look = {"hovertext": said, "textposition": sides[name]} | ({"line_shape": "hv"} if name in steps else {})
        add(figure, _line(plain_names(months), values, labels, color, name, **look))
    longest = max((len(text) for trace in figure.data for text in trace.text or ()), default=0)
    step, digits = ticks(scale)
    order = {"categoryorder": "array", "categoryarray": plain_names(months)}  # a band may begin later
    lay(figure, {"xaxis": {"type": "category", "showgrid": False, "range": [-0.3, len(months) - 0.7], **order}})
    upright = {"title": {"text": escape(mattenhet)}, "rangemode": "tozero" if from_zero else "normal"}
    lay(figure, {"yaxis": {**upright, "dtick": step, "tickformat": digits}, **_legend(len(series))})
    lay(figure, {"height": 380, "margin": {"r": 8 * longest + 16}})
    return with_levels(figure, levels or {})


def _band(months: Sequence[str], band: tuple[Points, Points]) -> go.Scatter:
    """A shaded area between two lines, over the months that both know."""
    low, high = (floats(points) for points in band)
    there = [place for place in range(len(months)) if low[place] is not None and high[place] is not None]
    names = plain_names(months)
    return go.Scatter(
        x=[names[place] for place in (*there, *reversed(there))],
        y=[*(high[place] for place in there), *(low[place] for place in reversed(there))],
        fill="toself",
        fillcolor="rgba(31, 102, 179, 0.16)",
        line={"width": 0, "color": SCENARIO},
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        **UNCHECKED,
    )


def with_levels(figure: go.Figure, levels: Levels, upright: bool = False) -> go.Figure:
    """The figure with named numbers as lines across it."""
    for name, value in levels.items():
        ends: dict[str, Any] = {"x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper"}
        if not upright:
            ends = {"x0": 0, "x1": 1, "xref": "paper", "y0": value, "y1": value}
        label = {"font": {"size": 12}, "text": escape(name), "textposition": "start"}
        line = {"color": TARGET, "dash": "dot", "width": 1.5}
        put(figure, "shapes", {"label": label, "line": line, "type": "line", **ends})
    return figure


def pointed(names: Sequence[str], series: str, points: Points, decimaler: int, mattenhet: str) -> list[str]:
    """What is said of each point to who points at it."""
    unit = mattenhet.rpartition(", ")[2].partition(" (")[0]
    said = [shown_number(point, decimaler, False) for point in points]
    return [
        escape(" ".join(part for part in (f"{name}:", series, text, unit) if part)) if text else ""
        for name, text in zip(names, said, strict=True)
    ]


def mimebundle(figure: go.Figure) -> dict[str, Any]:
    """What an executed notebook stores of a figure: plotly's own JSON and nothing else."""
    return {MIME: {**json.loads(pio.to_json(figure, validate=False)), "config": CONFIG}}


def new_figure(title: str, alt: str, kind: str) -> go.Figure:
    """An empty figure in planbok's template; ValueError where its title or its text alternative is empty."""
    if not title.strip() or not alt.strip():
        raise ValueError("a figure needs a title (a sentence with the number in it) and alt (the figure in words)")
    wrapped = _wrap(title, TITLE_WIDTH)
    layout = {
        "template": _TEMPLATE,
        "title": {"text": wrapped, "yref": "container", "y": 1, "yanchor": "top", "pad": {"t": 10, "l": 8}},
        "margin": {"t": 34 + 22 * (wrapped.count("<br>") + 1)},
        "meta": {"title": title, "alt": alt, "kind": kind},
    }
    figure = go.Figure(layout=layout, **UNCHECKED)
    figure.layout._validate = False
    return figure


def one_bar(
    names: list[str],
    values: Sequence[float | None],
    texts: list[str],
    fill: Any,
    name: str,
    horizontal: bool,
    **more: Any,
) -> go.Bar:
    """A series of bars with its numbers outside; `fill` is a colour, or one for each bar, `more` is plotly's."""
    x, y = (values, names) if horizontal else (names, values)
    return go.Bar(
        x=x,
        y=y,
        name=escape(name),
        orientation="h" if horizontal else "v",
        text=texts,
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        marker={"color": fill, "line": {"width": 0}},
        hoverinfo="skip",
        **more,
        **UNCHECKED,
    )


def _line(
    months: list[str], values: list[float | None], labels: list[str], color: str, name: str, **more: Any
) -> go.Scatter:
    return go.Scatter(
        x=months,
        y=values,
        name=escape(name),
        mode="lines+markers+text",
        text=labels,
        textfont={"color": INK},
        cliponaxis=False,
        line={"color": color, "width": 2.5, "dash": DASHES.get(color, "solid")},
        marker={"size": 7, "symbol": SYMBOLS.get(color, "circle")},
        hoverinfo="skip",
        **more,
        **UNCHECKED,
    )


def _last(values: Sequence[float | None]) -> int:
    return max((place for place, value in enumerate(values) if value is not None), default=-1)


def _label_sides(series: Series, scale: Sequence[float]) -> dict[str, str]:
    """Where each line's last number stands: beside its point, or above and below when two points are close."""
    near = 0.07 * ((max(scale) - min(scale)) if scale else 0)
    ends = {name: values[_last(values)] for name, values in ((n, floats(p)) for n, p in series.items()) if values}
    order = sorted((name for name in ends if ends[name] is not None), key=lambda name: ends[name] or 0.0)
    sides = dict.fromkeys(series, "middle right")
    for below, above in pairwise(order):
        if (ends[above] or 0.0) - (ends[below] or 0.0) < near:
            sides |= {below: "bottom right", above: "top right"}
    return sides


def _legend(series: int) -> dict[str, Any]:
    """A legend below when there is something to tell apart, and no empty room where there is not."""
    return {"showlegend": series > 1, "margin": {"b": 88 if series > 1 else 52}}


def category_axis(figure: go.Figure, names: Sequence[str], series: int, horizontal: bool) -> None:
    """Gives the figure an axis of names, and the height that they need."""
    count = len(names)
    wrapped = [_wrap(name, LABEL_WIDTH if horizontal else 16) for name in names]
    axis = {"type": "category", "tickvals": list(range(count)), "ticktext": wrapped, "showgrid": False}
    if not horizontal:
        lay(figure, {**_legend(series), "xaxis": axis, "height": 400})
        return
    row = max(20 * series + 14, 17 * max(tick.count("<br>") + 1 for tick in wrapped) + 10)
    axis |= {"range": [count - 0.5, -0.5], "ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}
    lay(figure, {**_legend(series), "meta": {"labels": list(names)}, "yaxis": axis})
    lay(figure, {"height": row * count + figure.layout.margin.t + figure.layout.margin.b})


def value_axis(
    figure: go.Figure,
    values: Iterable[float | None],
    texts: Sequence[str],
    mattenhet: str,
    horizontal: bool,
    floor: float = 0.0,
) -> None:
    """An axis from `floor` with room for the numbers: to the right in pixels, left of negative bars in range."""
    known = [value for value in values if value is not None] or [0.0]
    low, high = min(floor, *known), max(floor, *known)
    span = (high - low) or 1.0
    longest = max((len(text) for text in texts), default=0)
    top = high + span * (0.02 if horizontal else 0.1)
    step, digits = ticks([low, top])
    range_ = [low - (span * 0.16 if low < floor else 0), top]
    axis = {"title": {"text": escape(mattenhet)}, "range": range_, "dtick": step, "tickformat": digits}
    if horizontal:
        lay(figure, {"xaxis": {**axis, "tickangle": 0}, "margin": {"r": 8 * longest + 14}})
    else:
        lay(figure, {"yaxis": axis})


def _mark_missing(figure: go.Figure, names: Sequence[str], series: Series, word: str, horizontal: bool) -> None:
    for row, _ in enumerate(names):
        gaps = [place for place, points in enumerate(series.values()) if points[row] is None]
        for place in gaps:
            shift = (place - (len(series) - 1) / 2) * 0.66 / len(series)
            x, y = (0, row + shift) if horizontal else (row + shift, 0)
            anchors = {"xanchor": "left" if horizontal else "center", "yanchor": "middle" if horizontal else "bottom"}
            said = {"font": {"color": MUTED}, "showarrow": False, "text": escape(word)}
            put(figure, "annotations", said | {"x": x, "y": y, **anchors})


def by_sign(value: float | None, plus: Plus) -> str:
    """The colour of a signed number: deficit, surplus, or grey for 0 and None."""
    if not value:
        return BASELINE
    return DEFICIT if (value > 0) == (plus == "worse") else SURPLUS


def check_lengths(names: Sequence[str], series: Series) -> None:
    """Raises ValueError where names are missing or repeated, or a series has another number of points."""
    if not names or len(set(names)) != len(names):
        raise ValueError("a figure needs names to compare, and no name twice")
    for name, points in series.items():
        if len(points) != len(names):
            raise ValueError(f"{name}: {len(points)} numbers for {len(names)} names")


def floats(points: Points) -> list[float | None]:
    """Numbers as plotly takes them: None for what is missing."""
    return [None if point is None or point != point else float(point) for point in points]


def shown_number(value: float | None, decimaler: int, signed: bool) -> str:
    """A number as it stands at its bar or point; "" where there is none."""
    return "" if value is None or value != value else format_number(value, decimaler, signed)


def plain_names(names: Iterable[str]) -> list[str]:
    """Names as plotly takes them: its text is a small HTML, where a name must not be read as a tag."""
    return [escape(name, quote=False) for name in names]


def _wrap(text: str, width: int) -> str:
    rows = textwrap.wrap(text, width, break_long_words=False) or [text]
    return "<br>".join(plain_names(rows))
