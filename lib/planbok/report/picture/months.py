"""The picture of lines and columns over months, with each line's name and last number at its end; also in panels."""

import math
from collections.abc import Sequence
from typing import Any

from planbok.base.numbers import format_number
from planbok.report.picture.svg import INK, LINE, MUTED, RULE, SMALL, Canvas, apart, plain, rows, wide
from planbok.report.picture.traces import Scale, Trace, label, level_moves

ENDS = 0.3  # of the width at most: names at the ends of lines
PLOT = 220  # pixels: the height of a plot over months
PANEL = 96  # pixels: the same where there are several
MOST_TICKS = 5


def draw_panels(canvas: Canvas, traces: list[Trace], names: Sequence[str], layout: dict[str, Any]) -> None:
    """Small multiples in as many columns as there is room for, all on one scale."""
    titles = (layout.get("meta") or {}).get("panels") or {}
    columns = min(len(names), 3 if canvas.width > 400 else 2)
    across = (canvas.width - (columns - 1) * 16) / columns
    title = plain(((layout.get("yaxis") or {}).get("title") or {}).get("text"))
    canvas.text(0, canvas.height + 11, title, size=SMALL, color=MUTED)
    top = canvas.height = canvas.height + 18
    for place, name in enumerate(names):
        x, row = (place % columns) * (across + 16), place // columns
        canvas.height = top + row * (PANEL + 60)
        lines = rows(str(titles.get(name, "")), across)[:2]
        for number, text in enumerate(lines):
            canvas.text(x, canvas.height + 13 + number * LINE, text, bold=True)
        canvas.height += 34
        own = [trace for trace in traces if trace.panel == name]
        draw_months(canvas, own, layout, name, (x, x + across, PANEL), small=True)
    canvas.height = top + math.ceil(len(names) / columns) * (PANEL + 60)


def draw_months(
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
    names = [plain(text) for text in (layout.get("xaxis") or {}).get("categoryarray") or ()] or _months_of(traces)
    title = "" if small else plain((axis.get("title") or {}).get("text"))
    if title:
        canvas.text(room[0], canvas.height + 13, title, size=SMALL, color=MUTED)
        canvas.height += 22
    top, bottom = canvas.height + 4, canvas.height + 4 + room[2]
    shapes = [s for s in layout.get("shapes") or [] if s.get("yref", "y") == name and s.get("y0") == s.get("y1")]
    scale = _upward(traces, axis | {"range": axis.get("range") or shared.get("range")}, shapes, (top, bottom))
    found, decimals = scale.ticks(3 if small else MOST_TICKS)
    texts = [format_number(value, decimals) for value in found]
    left = room[0] + max(wide(text, SMALL) for text in texts) + 12
    labels = [] if small else _end_labels(traces, names, (room[1] - room[0]) * ENDS)
    right = room[1] - (max((max(map(wide, lines)) for _, lines in labels), default=0) + 10 if labels else 4)
    for value, text in zip(found, texts, strict=True):
        y = scale(value)
        canvas.line((left, y, right, y), MUTED if value == 0 else RULE)
        canvas.text(left - 6, y + 4, text, "end", SMALL, MUTED)
    step = (right - left) / max(len(names), 1)
    at = {month: left + (place + 0.5) * step for place, month in enumerate(names)}
    _series(canvas, traces, scale, at, step, str(layout.get("barmode") or "group"))
    _level_lines(canvas, traces, shapes, scale, at, (left, right, top))
    _name_ends(canvas, traces, labels, scale, at, (top, bottom))
    _moving(canvas, traces, scale, at)
    for key, per, y in ((*level_moves(shape), shape["y0"]) for shape in shapes):
        if key:
            canvas.moving([(key, x, y) for x in (left, right)], scale.how("y", per))
    if not small:
        _name_inner(canvas, traces, names, scale, at)
    _month_axis(canvas, at, bottom, step, small)
    canvas.height = bottom + 24


def _months_of(traces: Sequence[Trace]) -> list[str]:
    """The months in order: those of the longest series first."""
    longest = sorted(traces, key=lambda trace: -len(trace.x))
    return list(dict.fromkeys(plain(x) for trace in longest for x in trace.x))


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
    named = any(label(shape) and shape["y0"] >= high for shape in shapes)  # its name has to stand above it
    low, high = (low - pad if low != 0 else low), (high + 2 * pad if named else high + pad if high != 0 else high)
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


def _level_lines(
    canvas: Canvas,
    traces: Sequence[Trace],
    shapes: Sequence[dict[str, Any]],
    scale: Scale,
    at: dict[str, float],
    box: tuple[float, float, float],
) -> None:
    """Level lines, each named where the other lines are furthest away."""
    left, right, top = box
    points = [
        (at[plain(month)], scale(value))
        for trace in traces
        if not trace.is_bar and "fill" not in trace.raw
        for month, value in zip(trace.x, trace.y, strict=True)
        if value is not None
    ]
    for shape in shapes:
        line, y = shape.get("line") or {}, scale(shape["y0"])
        canvas.line((left, y, right, y), line.get("color", INK), line.get("width", 1.5), line.get("dash", "dot"))
        if label(shape):
            x, base = _clearest(points, (left + 4, right - 2 - wide(label(shape), SMALL)), label(shape), (y, top))
            canvas.text(x, base, label(shape), size=SMALL, color=line.get("color", INK))


def _clearest(
    points: list[tuple[float, float]], span: tuple[float, float], text: str, where: tuple[float, float]
) -> tuple[float, float]:
    """Where along a level line, above or below it, its name is furthest from all points of the other lines."""
    (y, top), width = where, wide(text, SMALL)
    steps = [span[0] + share * max(span[1] - span[0], 0.0) for share in (1.0, 0.75, 0.5, 0.25, 0.0)]
    bases = [base for base in (y - 5, y + 14) if base - LINE > top]

    def room(place: tuple[float, float]) -> float:
        x, base = place
        near = [abs(py - base + 4) for px, py in points if x - 14 < px < x + width + 14]
        return min([*near, 40.0])

    return max(((x, base) for x in steps for base in bases), key=room, default=(span[0], y + 14))


def _moving(canvas: Canvas, traces: Sequence[Trace], scale: Scale, at: dict[str, float]) -> None:
    """Where the dials draw what they make of the lines that they move."""
    for trace in (one for one in traces if any(one.moves)):
        points = zip(trace.x, trace.y, trace.moves, strict=True)
        there = [(key, at[plain(x)], y) for x, y, key in points if y is not None]
        stairs = (trace.raw.get("line") or {}).get("shape") == "hv"
        canvas.moving(there, scale.how("y", trace.per, stairs))


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
    """The name of a line that ends before the others, by its last point."""
    for trace in traces:
        known = [(plain(x), y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        if trace.is_bar or not trace.name or not known or known[-1][0] == names[-1] or "fill" in trace.raw:
            continue
        x, y = at[known[-1][0]], scale(known[-1][1])
        shown = " ".join(part for part in (trace.name, _last_text(trace)) if part)
        falls = len(known) < 2 or known[-1][1] <= known[-2][1]  # the text stands where the line doesn't go
        fits = x + 6 + wide(shown) < canvas.width
        canvas.text(
            x + (6 if fits else 0),
            y + (-6 if falls else 17),
            shown,
            "start" if fits else "end",
            color=_ink(trace.color()),
        )


def _ink(color: str) -> str:
    """A line's colour where it is dark enough to read, else the text's."""
    return color if color.lower() not in ("#848d98", "#b57800", "#b9c0c8", "#5b92c9") else MUTED


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
