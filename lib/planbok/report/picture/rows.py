"""The picture of lying bars: a row for each name, along one axis of numbers."""

import math
from collections.abc import Sequence
from typing import Any

from planbok.base.numbers import format_number
from planbok.report.picture.svg import LINE, MUTED, RULE, SMALL, Canvas, plain, rows, wide
from planbok.report.picture.traces import Scale, Trace, label, level_moves, upright

BAR = 18  # pixels of a bar across
GAP = 8
LABELS = 0.36  # of the width at most: names of rows
MOST_TICKS = 5
NARROW = 400  # pixels: a column where names may have to stand above their bars
LONG, LONG_NAME = 60, 24  # pixels of a text at a bar, letters of a name, that then make them do so
NEAR = 0.02  # of the axis: a bar that short is no way to the other end


def draw_rows(canvas: Canvas, traces: list[Trace], layout: dict[str, Any]) -> None:
    """A row for each name, its bars and marks along one axis of numbers.

    The names stand beside their bars; above them where the column is narrow and the texts at the bars are long.
    Figures that the layout names as standing beside this one (`meta.beside`) are measured with it: one axis for all.
    """
    axis, names = layout.get("xaxis") or {}, _row_names(traces, layout)
    measured, every = _with_beside(traces, names, layout)
    bars = [trace for trace in traces if trace.lies]
    beside = len(bars) if layout.get("barmode") in (None, "group") else min(len(bars), 1)
    thick = BAR if beside < 2 else 14
    longest = max((wide(text) for trace in measured for text in trace.texts), default=0.0)
    above = canvas.width < NARROW and (longest > LONG or max(map(len, every), default=0) > LONG_NAME)
    widest = canvas.width * (1 if above else LABELS)
    labels = [rows(name, widest) for name in names]
    left = 2.0 if above else max(wide(line) for name in every for line in rows(name, widest)) + 12
    over = [len(lines) * LINE if above else 0 for lines in labels]
    heights = [max(thick * max(beside, 1), 0 if above else len(lines) * LINE) + GAP for lines in labels]
    canvas.height += LINE * sum(bool(label(shape)) for shape in upright(layout)) + 4
    tops = [canvas.height + sum(heights[:n]) + sum(over[:n]) for n in range(len(heights) + 1)]
    scale = _row_scale(measured, axis, layout, (left, canvas.width))
    _vertical_grid(canvas, scale, axis, (tops[0], tops[-1]))
    at = {name: tops[n] + over[n] + heights[n] / 2 for n, name in enumerate(names)}
    for place, name in enumerate(names):
        _row_name(canvas, labels[place], (left, tops[place], at[name]), above)
    _row_shapes(canvas, layout, scale, tops)
    _moving(canvas, traces, layout, scale, (at, tops))
    for series, trace in enumerate(bars):
        shift = (series - (beside - 1) / 2) * thick if beside > 1 else 0.0
        across = thick - 2 if beside > 1 else BAR * float(trace.raw.get("width") or 0.9)
        _lying(canvas, trace, scale, {name: y + shift for name, y in at.items()}, across)
    for trace in traces:
        if not trace.is_bar:
            _marks(canvas, trace, scale, at)
    for word in layout.get("annotations") or ():  # in place of a bar that there is none of
        row = round(word["y"])
        y = at[names[row]] + (word["y"] - row) * thick * max(beside, 1)
        canvas.text(max(scale(word["x"]), left) + 5, y + 4.5, plain(word["text"]), color=MUTED)
    canvas.height = tops[-1] + 6
    _row_axis(canvas, scale, axis, canvas.height)


def _with_beside(
    traces: Sequence[Trace], names: Sequence[str], layout: dict[str, Any]
) -> tuple[list[Trace], list[str]]:
    """The traces and the rows' names of a figure and of those beside it."""
    measured, every = list(traces), list(names)
    for spec in (layout.get("meta") or {}).get("beside", ()):
        other = [Trace(raw) for raw in spec["data"]]
        measured += other
        every += _row_names(other, spec["layout"])
    return measured, every


def _row_name(canvas: Canvas, lines: list[str], where: tuple[float, float, float], above: bool) -> None:
    """A row's name, to the left of its bars or over them."""
    left, top, middle = where
    for place, text in enumerate(lines):
        if above:
            canvas.text(0, top + 11 + place * LINE, text)
        else:
            canvas.text(left - 8, middle + 4 + (place - (len(lines) - 1) / 2) * LINE, text, "end")


def _row_names(traces: Sequence[Trace], layout: dict[str, Any]) -> list[str]:
    known = (layout.get("meta") or {}).get("labels")
    return list(known) if known else list(dict.fromkeys(plain(y) for trace in traces for y in trace.y))


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
                ends += [(base, 0.0, side)] if trace.is_bar else []
                ends.append((base + value, wide(text) + 8 if text else 4, side))
    numbers = [value for value, _, _ in ends] + [shape["x0"] for shape in upright(layout)] or [0.0]
    cut = any(trace.raw.get("base") is not None for trace in traces) or not any(trace.lies for trace in traces)
    low, high = (min(numbers), max(numbers)) if cut else (min(0.0, *numbers), max(0.0, *numbers))
    if axis.get("tickvals") and axis.get("range"):
        low, high = axis["range"]
    return _with_room(ends, (low, high if high > low else low + 1.0), room)


def _with_room(ends: list[tuple[float, float, str]], numbers: tuple[float, float], room: tuple[float, float]) -> Scale:
    """The scale on which the bars' texts, which stand to their left or right, have room too."""
    low, high = numbers
    begins, stops = room[0] + 2, room[1] - 4
    for _ in range(6):  # each end pushes the other
        for value, text, side in ends:
            share = (value - low) / (high - low)
            if side == "right" and share > NEAR:
                stops = min(stops, (room[1] - text - (1 - share) * begins) / share)
            elif side == "left" and share < 1 - NEAR:
                begins = max(begins, (room[0] + text - share * stops) / (1 - share))
    return Scale(low, high, begins, max(stops, begins + 20))


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
    """Upright lines: through all rows, their names above each other over the first; or from one row to the next."""
    high, above = len(tops) - 1, 0
    for shape in upright(layout):
        line, through = shape.get("line") or {}, shape.get("yref", "y") != "y"
        ends = (tops[0], tops[-1]) if through else tuple(_between(shape[end], tops, high) for end in ("y0", "y1"))
        x, said = scale(shape["x0"]), label(shape)
        top = ends[0] - 4 - above * LINE if said else ends[0]
        canvas.line((x, top, x, ends[1]), line.get("color", MUTED), line.get("width", 1), line.get("dash", ""))
        if said:
            anchor = "end" if x + 6 + wide(said, SMALL) > canvas.width else "start"
            canvas.text(x + (4 if anchor == "start" else -4), top + 3, said, anchor, SMALL)
            above += 1


def _moving(
    canvas: Canvas,
    traces: list[Trace],
    layout: dict[str, Any],
    scale: Scale,
    rooms: tuple[dict[str, float], list[float]],
) -> None:
    """Where the dials draw what they make of the bars, the marks and the upright lines that they move."""
    at, tops = rooms
    for trace in traces:
        for place, key in enumerate(trace.moves):
            if key and trace.x[place] is not None:
                y, value = at[plain(trace.y[place])], trace.base(place) * trace.is_bar + trace.x[place]
                ends = [(key, y + side * BAR / 2, value) for side in (-1, 1)]
                canvas.moving(ends, scale.how("x", trace.per))
    for shape in upright(layout):
        key, per = level_moves(shape)
        if key:
            canvas.moving([(key, y, shape["x0"]) for y in (tops[0], tops[-1])], scale.how("x", per))


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
