"""From a figure's traces and axes to its picture: rows of bars, or lines and columns over months, in panels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from planbok.base.numbers import format_number
from planbok.report.svg import INK, LINE, MUTED, RULE, SMALL, WIDTHS, Canvas, apart, plain, rows, values, wide

BAR = 18  # pixels of a bar across
GAP = 8
LABELS = 0.36  # of the width at most: names of rows
ENDS = 0.3  # of the width at most: names at the ends of lines
PLOT = 220  # pixels: the height of a plot over months
PANEL = 96  # pixels: the same where there are several
MOST_TICKS = 5


@dataclass
class Trace:
    """One series as plotly stores it."""

    raw: dict[str, Any]
    name: str = ""
    x: list[Any] = field(default_factory=list)
    y: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = plain(self.raw.get("name"))
        self.x, self.y = values(self.raw.get("x")), values(self.raw.get("y"))

    @property
    def is_bar(self) -> bool:
        return self.raw.get("type") == "bar"

    @property
    def lies(self) -> bool:
        """Whether it is bars that lie."""
        return self.is_bar and self.raw.get("orientation") == "h"

    @property
    def panel(self) -> str:
        return str(self.raw.get("yaxis") or "y")

    @property
    def texts(self) -> list[str]:
        return [plain(text) for text in values(self.raw.get("text"))]

    @property
    def said(self) -> list[str]:
        """What is said of each point to who points at it."""
        return [plain(text) for text in values(self.raw.get("hovertext"))] or [""] * len(self.x)

    def color(self, place: int = 0) -> str:
        """The colour of a bar, a point or the line."""
        marker, line = self.raw.get("marker") or {}, self.raw.get("line") or {}
        found = (marker if self.is_bar else line).get("color") or marker.get("color") or INK
        return str(found if isinstance(found, str) else values(found)[place])

    def base(self, place: int) -> float:
        """Where a bar begins."""
        found = values(self.raw.get("base"))
        return float(found[place if len(found) > 1 else 0] or 0.0) if found else 0.0


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
        _panels(canvas, traces, names, layout)
    elif (layout.get("yaxis") or {}).get("type") == "category":
        _rows(canvas, traces, layout)
    else:
        _months(canvas, traces, layout, "y", (0.0, width, PLOT))
    return canvas


def _key(canvas: Canvas, traces: Sequence[Trace], layout: dict[str, Any]) -> None:
    """Colours and names above the plot, for bars of several series: lines have theirs at their ends."""
    if layout.get("showlegend") is False:
        return
    named = {trace.name: trace.color() for trace in traces if trace.is_bar and trace.name}
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


# --- rows of lying bars -------------------------------------------------------------------------------------------


def _rows(canvas: Canvas, traces: list[Trace], layout: dict[str, Any]) -> None:
    """A row for each name, its bars and marks along one axis of numbers."""
    axis, names = layout.get("xaxis") or {}, _row_names(traces, layout)
    labels = [rows(name, canvas.width * LABELS) for name in names]
    left = min(max((wide(line) for lines in labels for line in lines), default=0) + 10, canvas.width * LABELS + 24)
    bars = [trace for trace in traces if trace.lies]
    beside = len(bars) if layout.get("barmode") in (None, "group") else min(len(bars), 1)
    thick = BAR if beside < 2 else 14
    heights = [max(thick * max(beside, 1) + GAP, len(lines) * LINE + GAP) for lines in labels]
    tops = [canvas.height + 4 + sum(heights[:place]) for place in range(len(heights) + 1)]
    scale = _row_scale(traces, axis, layout, (left, canvas.width))
    _vertical_grid(canvas, scale, axis, (tops[0], tops[-1]))
    for name, lines in enumerate(labels):
        middle = (tops[name] + tops[name + 1]) / 2
        for place, text in enumerate(lines):
            canvas.text(left - 8, middle + 4 + (place - (len(lines) - 1) / 2) * LINE, text, "end")
    at = {name: (tops[place] + tops[place + 1]) / 2 for place, name in enumerate(names)}
    _row_shapes(canvas, layout, scale, tops)
    for series, trace in enumerate(bars):
        shift = (series - (beside - 1) / 2) * thick if beside > 1 else 0.0
        across = thick - 2 if beside > 1 else BAR * float(trace.raw.get("width") or 0.9)
        _lying(canvas, trace, scale, {name: y + shift for name, y in at.items()}, across)
    for trace in traces:
        if not trace.is_bar:
            _marks(canvas, trace, scale, at)
    canvas.height = tops[-1] + 6
    _row_axis(canvas, scale, axis, canvas.height)


def _row_names(traces: Sequence[Trace], layout: dict[str, Any]) -> list[str]:
    known = (layout.get("meta") or {}).get("labels")
    return list(known) if known else list(dict.fromkeys(plain(y) for trace in traces for y in trace.y))


@dataclass(frozen=True)
class Scale:
    """From numbers to pixels along one axis."""

    low: float
    high: float
    begins: float
    ends: float

    def __call__(self, value: float) -> float:
        return self.begins + (value - self.low) / ((self.high - self.low) or 1.0) * (self.ends - self.begins)

    def ticks(self, most: int) -> tuple[list[float], int]:
        """Round numbers within the axis, and their decimals."""
        span = (self.high - self.low) or 1.0
        power = math.floor(math.log10(span / most))
        step = next(base * 10.0**power for base in (1, 2, 5, 10) if span / (base * 10.0**power) <= most)
        first = math.ceil(self.low / step - 1e-9)
        found = [round(step * place, 12) for place in range(first, math.floor(self.high / step + 1e-9) + 1)]
        return found, max(0, -math.floor(math.log10(step) + 1e-9))


def _row_scale(
    traces: Sequence[Trace], axis: dict[str, Any], layout: dict[str, Any], room: tuple[float, float]
) -> Scale:
    """The axis of the bars' numbers, with room for the texts that stand outside them."""
    ends: list[tuple[float, float, str]] = []  # number, text's pixels, side
    for trace in traces:
        texts = trace.texts
        for place, value in enumerate(trace.x):
            if value is not None:
                text = texts[place] if place < len(texts) else ""
                base = trace.base(place) if trace.is_bar else 0.0
                side = "left" if trace.is_bar and value < 0 else "right"
                ends += [(base, 0.0, side), (base + value, wide(text) + 8 if text else 4, side)]
    numbers = [value for value, _, _ in ends] + [shape["x0"] for shape in _upright(layout)] or [0.0]
    cut = any(trace.raw.get("base") is not None for trace in traces) or not any(trace.lies for trace in traces)
    low, high = (min(numbers), max(numbers)) if cut else (min(0.0, *numbers), max(0.0, *numbers))
    if axis.get("tickvals"):
        low, high = min(low, *axis["tickvals"]), max(high, *axis["tickvals"])
    high = high if high > low else low + 1.0
    begins, stops = room[0] + 2, room[1] - 4
    for _ in range(4):  # texts outside the bars push the ends of the axis inwards
        scale = Scale(low, high, begins, stops)
        over = max((scale(v) + w - (room[1] - 2) for v, w, side in ends if side == "right"), default=0)
        under = max((room[0] + 2 - (scale(v) - w) for v, w, side in ends if side == "left"), default=0)
        begins, stops = begins + max(0.0, under), stops - max(0.0, over)
    return Scale(low, high, begins, max(stops, begins + 20))


def _upright(layout: dict[str, Any]) -> list[dict[str, Any]]:
    """Shapes that are upright lines at a number."""
    shapes = layout.get("shapes") or []
    return [s for s in shapes if s.get("type") == "line" and s.get("x0") == s.get("x1") and s.get("xref", "x") == "x"]


def _vertical_grid(canvas: Canvas, scale: Scale, axis: dict[str, Any], span: tuple[float, float]) -> None:
    for value, _ in _row_ticks(scale, axis):
        x = scale(value)
        canvas.line((x, span[0], x, span[1]), MUTED if value == 0 and not axis.get("tickvals") else RULE)


def _row_ticks(scale: Scale, axis: dict[str, Any]) -> list[tuple[float, str]]:
    if axis.get("tickvals"):
        texts = axis.get("ticktext") or axis["tickvals"]
        return [(value, plain(text)) for value, text in zip(axis["tickvals"], texts, strict=True)]
    room = scale.ends - scale.begins
    for most in range(MOST_TICKS, 0, -1):
        found, decimals = scale.ticks(most)
        texts = [format_number(value, decimals) for value in found]
        if sum(wide(text, SMALL) + 12 for text in texts) < room:
            break
    return list(zip(found, texts, strict=True))


def _row_axis(canvas: Canvas, scale: Scale, axis: dict[str, Any], top: float) -> None:
    last = -math.inf
    for value, text in _row_ticks(scale, axis):
        x, half = scale(value), wide(text, SMALL) / 2
        if x - half > last + 4:
            x = min(x, canvas.width - half)
            canvas.text(x, top + 12, text, "middle", SMALL, MUTED)
            last = x + half
    title = plain((axis.get("title") or {}).get("text"))
    lines = rows(title, canvas.width, SMALL) if title else []
    for place, text in enumerate(lines):
        canvas.text(canvas.width - 2, top + 28 + place * LINE, text, "end", SMALL, MUTED)
    canvas.height = top + 18 + len(lines) * LINE + 4


def _row_shapes(canvas: Canvas, layout: dict[str, Any], scale: Scale, tops: list[float]) -> None:
    """Upright lines: through all rows, or from one row to the next."""
    high = len(tops) - 1
    for shape in _upright(layout):
        line, through = shape.get("line") or {}, shape.get("yref", "y") != "y"
        y0, y1 = (
            (tops[0], tops[-1]) if through else (_between(shape["y0"], tops, high), _between(shape["y1"], tops, high))
        )
        x = scale(shape["x0"])
        canvas.line((x, y0, x, y1), line.get("color", MUTED), line.get("width", 1), line.get("dash", ""))
        said = plain((shape.get("label") or {}).get("text"))
        if said:
            anchor = "end" if x + wide(said, SMALL) > canvas.width else "start"
            canvas.text(x + (4 if anchor == "start" else -4), y0 + 9, said, anchor, SMALL, INK)


def _between(row: float, tops: list[float], high: int) -> float:
    """The pixel of a place among rows: 0 is the first row's middle."""
    place = min(max(row + 0.5, 0.0), float(high))
    whole = min(int(place), high - 1)
    return tops[whole] + (place - whole) * (tops[whole + 1] - tops[whole])


def _lying(canvas: Canvas, trace: Trace, scale: Scale, at: dict[str, float], across: float) -> None:
    texts, said, opacity = trace.texts, trace.said, float((trace.raw.get("marker") or {}).get("opacity") or 1)
    for place, (value, name) in enumerate(zip(trace.x, trace.y, strict=True)):
        y, text = at[plain(name)], texts[place] if place < len(texts) else ""
        if value is None:
            continue
        base = trace.base(place)
        begin, end = sorted((scale(base), scale(base + value)))
        tip = said[place] or " ".join(part for part in (plain(name), trace.name, text) if part)
        canvas.rect((begin, y - across / 2, max(end - begin, 1), across), trace.color(place), tip, opacity)
        if text:
            x, anchor = (begin - 5, "end") if value < 0 else (end + 5, "start")
            canvas.text(x, y + 4.5, text, anchor)


def _marks(canvas: Canvas, trace: Trace, scale: Scale, at: dict[str, float]) -> None:
    """Points on the rows; a "line" symbol is a short upright line."""
    texts, symbol = trace.texts, str((trace.raw.get("marker") or {}).get("symbol") or "")
    for place, (value, name) in enumerate(zip(trace.x, trace.y, strict=True)):
        if value is None:
            continue
        x, y, color = scale(value), at[plain(name)], trace.color(place)
        if symbol.startswith("line"):
            canvas.line((x, y - BAR / 2, x, y + BAR / 2), color, 3)
        else:
            canvas.dot(x, y, color, trace.said[place] or f"{plain(name)} {trace.name}", 5)
        if place < len(texts) and texts[place]:
            canvas.text(x + 8, y + 4.5, texts[place])


# --- months ---------------------------------------------------------------------------------------------------------


def _panels(canvas: Canvas, traces: list[Trace], names: Sequence[str], layout: dict[str, Any]) -> None:
    """Small multiples in as many columns as there is room for, all on one scale."""
    titles = (layout.get("meta") or {}).get("panels") or {}
    columns = min(len(names), 3 if canvas.width > 400 else 2)
    across = (canvas.width - (columns - 1) * 16) / columns
    top = canvas.height
    for place, name in enumerate(names):
        x, row = (place % columns) * (across + 16), place // columns
        canvas.height = top + row * (PANEL + 60)
        lines = rows(str(titles.get(name, "")), across)[:2]
        for number, text in enumerate(lines):
            canvas.text(x, canvas.height + 13 + number * LINE, text, bold=True)
        canvas.height += 34
        own = [trace for trace in traces if trace.panel == name]
        _months(canvas, own, layout, name, (x, x + across, PANEL), small=True)
    canvas.height = top + math.ceil(len(names) / columns) * (PANEL + 60)
    title = plain(((layout.get("yaxis") or {}).get("title") or {}).get("text"))
    if title:
        canvas.text(0, canvas.height + 8, title, size=SMALL, color=MUTED)
        canvas.height += 14


def _months(
    canvas: Canvas,
    traces: list[Trace],
    layout: dict[str, Any],
    name: str,
    room: tuple[float, float, float],
    small: bool = False,
) -> None:
    """Lines, bands and columns over months, with each line's name and last number at its end."""
    axis = layout.get(name.replace("y", "yaxis")) or {}
    shared = layout.get("yaxis") or {}
    names = _months_of(traces)
    title = "" if small else plain((axis.get("title") or {}).get("text"))
    if title:
        canvas.text(room[0], canvas.height + 13, title, size=SMALL, color=MUTED)
        canvas.height += 22
    top, bottom = canvas.height + 4, canvas.height + 4 + room[2]
    shapes = [s for s in layout.get("shapes") or [] if s.get("yref", "y") == name and s.get("y0") == s.get("y1")]
    scale = _upward(traces, axis | {"range": axis.get("range") or shared.get("range")}, shapes, (top, bottom))
    found, decimals = scale.ticks(3 if small else MOST_TICKS)
    texts = [format_number(value, decimals) for value in found]
    left = room[0] + max(wide(text, SMALL) for text in texts) + 8
    labels = [] if small else _end_labels(traces, names, (room[1] - room[0]) * ENDS)
    right = room[1] - (max((max(map(wide, lines)) for _, lines in labels), default=0) + 10 if labels else 4)
    for value, text in zip(found, texts, strict=True):
        y = scale(value)
        canvas.line((left, y, right, y), MUTED if value == 0 else RULE)
        canvas.text(left - 6, y + 4, text, "end", SMALL, MUTED)
    step = (right - left) / max(len(names), 1)
    at = {month: left + (place + 0.5) * step for place, month in enumerate(names)}
    _series(canvas, traces, scale, at, step, str(layout.get("barmode") or "group"))
    _level_lines(canvas, shapes, scale, (left, right))
    _name_ends(canvas, traces, labels, scale, at, (top, bottom))
    if not small:
        _name_inner(canvas, traces, names, scale, at)
    _month_axis(canvas, at, bottom, step, small)
    canvas.height = bottom + 24


def _months_of(traces: Sequence[Trace]) -> list[str]:
    return list(dict.fromkeys(plain(x) for trace in traces for x in trace.x))


def _upward(
    traces: Sequence[Trace], axis: dict[str, Any], shapes: Sequence[dict[str, Any]], span: tuple[float, float]
) -> Scale:
    numbers = [float(y) for trace in traces for y in trace.y if y is not None and not trace.is_bar]
    bars = [trace for trace in traces if trace.is_bar]
    if bars:
        stacks: dict[tuple[str, bool], float] = {}
        for trace in bars:
            for x, y in zip(trace.x, trace.y, strict=True):
                if y is not None:
                    key = (plain(x), y < 0)
                    stacks[key] = stacks.get(key, 0.0) + y if axis.get("stacked", True) else y
                    numbers.append(stacks[key])
        numbers.append(0.0)
    numbers += [shape["y0"] for shape in shapes]
    if axis.get("rangemode") == "tozero":
        numbers.append(0.0)
    low, high = axis.get("range") or (min(numbers, default=0.0), max(numbers, default=1.0))
    pad = 0 if axis.get("range") else (high - low) * 0.06
    low, high = (low - pad if low != 0 else low), (high + pad if high != 0 else high)
    return Scale(low, high if high > low else low + 1, span[1], span[0])


def _end_labels(traces: Sequence[Trace], names: list[str], pixels: float) -> list[tuple[Trace, list[str]]]:
    """The names of the lines that reach the right edge, in lines of text, each with its last number."""
    last = {names[-1]} if names else set()
    found = []
    for trace in traces:
        known = [plain(x) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        if not trace.is_bar and trace.name and known and known[-1] in last and "fill" not in trace.raw:
            shown = " ".join(part for part in (trace.name, _last_text(trace)) if part)
            found.append((trace, rows(shown, pixels)))
    return found


def _last_text(trace: Trace) -> str:
    return next((text for text in reversed(trace.texts) if text), "")


def _series(canvas: Canvas, traces: list[Trace], scale: Scale, at: dict[str, float], step: float, barmode: str) -> None:
    bars = [trace for trace in traces if trace.is_bar]
    reached: dict[tuple[str, bool], float] = {}
    for trace in sorted(traces, key=lambda one: "fill" not in one.raw):
        if trace.is_bar:
            _columns(canvas, trace, scale, at, (step, bars.index(trace), len(bars)), reached, barmode)
            continue
        points = [(at[plain(x)], scale(y)) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        if not points:
            continue
        line = trace.raw.get("line") or {}
        if "fill" in trace.raw:
            canvas.area(points, trace.color(), 0.16)
            continue
        if "lines" in trace.raw.get("mode", "lines"):
            drawn = _stairs(points) if line.get("shape") == "hv" else points
            canvas.path(drawn, trace.color(), line.get("width", 2.5), line.get("dash", ""))
        if "markers" in trace.raw.get("mode", ""):
            known = [(x, said) for x, y, said in zip(trace.x, trace.y, trace.said, strict=True) if y is not None]
            for (x, y), (month, said) in zip(points, known, strict=True):
                canvas.dot(x, y, trace.color(), said or f"{plain(month)} {trace.name}")


def _stairs(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = points[:1]
    for x, y in points[1:]:
        found += [(x, found[-1][1]), (x, y)]
    return found


def _columns(
    canvas: Canvas,
    trace: Trace,
    scale: Scale,
    at: dict[str, float],
    place: tuple[float, int, int],
    reached: dict[tuple[str, bool], float],
    barmode: str,
) -> None:
    step, series, count = place
    stacked = barmode in ("stack", "relative") or count < 2
    width = step * 0.72 / (1 if stacked else count)
    texts = trace.texts
    for number, (month, value) in enumerate(zip(trace.x, trace.y, strict=True)):
        if value is None:
            continue
        key = (plain(month), value < 0)
        base = reached.get(key, 0.0) if stacked else 0.0
        reached[key] = base + value
        x = at[plain(month)] + (0 if stacked else (series - (count - 1) / 2) * width) - width / 2
        upper, lower = sorted((scale(base), scale(base + value)))
        tip = trace.said[number] or f"{plain(month)} {trace.name}".strip()
        canvas.rect((x, upper, max(width - 1, 1), max(lower - upper, 0.5)), trace.color(number), tip)
        text = texts[number] if number < len(texts) else ""
        if text and wide(text) < step + 4 and not (stacked and count > 1):
            canvas.text(x + width / 2, upper - 5 if value >= 0 else lower + 14, text, "middle", SMALL)


def _level_lines(canvas: Canvas, shapes: Sequence[dict[str, Any]], scale: Scale, span: tuple[float, float]) -> None:
    for shape in shapes:
        line, y = shape.get("line") or {}, scale(shape["y0"])
        canvas.line((span[0], y, span[1], y), line.get("color", INK), line.get("width", 1.5), line.get("dash", "dot"))
        said = plain((shape.get("label") or {}).get("text"))
        if said:
            canvas.text(span[0] + 4, y - 5, said, size=SMALL, color=line.get("color", INK))


def _name_ends(
    canvas: Canvas,
    traces: Sequence[Trace],
    labels: list[tuple[Trace, list[str]]],
    scale: Scale,
    at: dict[str, float],
    span: tuple[float, float],
) -> None:
    wanted = [scale([y for y in trace.y if y is not None][-1]) for trace, _ in labels]
    heights = [len(lines) * LINE + 4.0 for _, lines in labels]
    for (trace, lines), y in zip(labels, apart(wanted, heights, span[0] - 6, span[1] + 14), strict=True):
        x = max(at.values()) + 9
        for place, text in enumerate(lines):
            canvas.text(x, y + 4.5 + (place - (len(lines) - 1) / 2) * LINE, text, color=_ink(trace.color()))


def _name_inner(canvas: Canvas, traces: Sequence[Trace], names: list[str], scale: Scale, at: dict[str, float]) -> None:
    """The name of a line that ends before the others, above its last point."""
    for trace in traces:
        known = [(plain(x), y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        if trace.is_bar or not trace.name or not known or known[-1][0] == names[-1] or "fill" in trace.raw:
            continue
        x, y = at[known[-1][0]], scale(known[-1][1])
        shown = " ".join(part for part in (trace.name, _last_text(trace)) if part)
        anchor = "start" if x - wide(shown) < min(at.values()) - 10 else "end"
        canvas.text(x, y - 10, shown, anchor, color=_ink(trace.color()))


def _ink(color: str) -> str:
    """A line's colour where it is dark enough to read, else the text's."""
    return color if color.lower() not in ("#848d98", "#b57800", "#b9c0c8") else MUTED


def _month_axis(canvas: Canvas, at: dict[str, float], bottom: float, step: float, small: bool) -> None:
    """The months' names, as many of them as there is room for."""
    names = list(at)
    longest = max((wide(name, SMALL) for name in names), default=1) + 6
    every = max(1, math.ceil(longest / step))
    if small and len(names) > 2:
        every = max(every, math.ceil(len(names) / 3))
    for place, (name, x) in enumerate(at.items()):
        if place % every == 0:
            canvas.text(x, bottom + 16, name, "middle", SMALL, MUTED)
