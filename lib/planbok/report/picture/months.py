"""The picture of lines and columns over months, with each line's name and last number at its end; also in panels."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    plot = _Plot(canvas, traces, shapes, scale, at, step, (left, right, top, bottom))
    plot.series(str(layout.get("barmode") or "group"))
    plot.levels()
    plot.name_ends(labels)
    plot.moving()
    if not small:
        plot.name_inner()
    plot.months(small)
    canvas.height = bottom + 24


@dataclass
class _Plot:
    """A plot whose place is known: its scale upwards, where each month is and how wide, and its four edges."""

    canvas: Canvas
    traces: list[Trace]
    shapes: list[dict[str, Any]]  # level lines
    scale: Scale
    at: dict[str, float]
    step: float
    box: tuple[float, float, float, float]  # left, right, top, bottom

    def places(self, trace: Trace) -> Iterator[tuple[float, float]]:
        """Where the points of a series are that have a value."""
        for x, y in zip(trace.x, trace.y, strict=True):
            if y is not None:
                yield self.at[plain(x)], self.scale(y)

    def series(self, barmode: str) -> None:
        """Bands first, then columns and lines."""
        bars = [trace for trace in self.traces if trace.is_bar]
        reached: dict[tuple[str, bool], float] = {}
        for trace in sorted(self.traces, key=lambda one: "fill" not in one.raw):
            if trace.is_bar:
                self.columns(trace, (bars.index(trace), len(bars)), reached, barmode)
                continue
            points, line = [*self.places(trace)], trace.raw.get("line") or {}
            if not points:
                continue
            if "fill" in trace.raw:
                self.canvas.area(points, trace.color(), 0.16)
                continue
            if "lines" in trace.raw.get("mode", "lines"):
                drawn = _stairs(points) if line.get("shape") == "hv" else points
                self.canvas.path(drawn, trace.color(), line.get("width", 2.5), line.get("dash", ""))
            if "markers" in trace.raw.get("mode", ""):
                known = [(x, said) for x, y, said in zip(trace.x, trace.y, trace.said, strict=True) if y is not None]
                for (x, y), (month, said) in zip(points, known, strict=True):
                    self.canvas.dot(x, y, trace.color(), said or f"{plain(month)} {trace.name}")

    def columns(
        self, trace: Trace, place: tuple[int, int], reached: dict[tuple[str, bool], float], barmode: str
    ) -> None:
        """A series of columns, one of so many, on what the earlier ones have reached or beside them."""
        series, count = place
        stacked = barmode in ("stack", "relative") or count < 2
        width = self.step * 0.72 / (1 if stacked else count)
        texts = trace.texts
        for number, (month, value) in enumerate(zip(trace.x, trace.y, strict=True)):
            if value is None:
                continue
            key = (plain(month), value < 0)
            base = reached.get(key, 0.0) if stacked else 0.0
            reached[key] = base + value
            x = self.at[plain(month)] + (0 if stacked else (series - (count - 1) / 2) * width) - width / 2
            upper, lower = sorted((self.scale(base), self.scale(base + value)))
            tip = trace.said[number] or f"{plain(month)} {trace.name}".strip()
            self.canvas.rect((x, upper, max(width - 1, 1), max(lower - upper, 0.5)), trace.color(number), tip)
            text = texts[number] if number < len(texts) else ""
            if text and wide(text) < self.step + 4 and not (stacked and count > 1):
                self.canvas.text(x + width / 2, upper - 5 if value >= 0 else lower + 14, text, "middle", SMALL)

    def levels(self) -> None:
        """Level lines, each named where the other lines are furthest away."""
        left, right, top, _ = self.box
        lines = (trace for trace in self.traces if not trace.is_bar and "fill" not in trace.raw)
        points = [place for trace in lines for place in self.places(trace)]
        for shape in self.shapes:
            line, y = shape.get("line") or {}, self.scale(shape["y0"])
            look = line.get("color", INK), line.get("width", 1.5), line.get("dash", "dot")
            self.canvas.line((left, y, right, y), *look)
            if label(shape):
                x, base = _clearest(points, (left + 4, right - 2 - wide(label(shape), SMALL)), label(shape), (y, top))
                self.canvas.text(x, base, label(shape), size=SMALL, color=line.get("color", INK))

    def moving(self) -> None:
        """Where the dials draw what they make of the lines that they move."""
        for trace in (one for one in self.traces if any(one.moves)):
            points = zip(trace.x, trace.y, trace.moves, strict=True)
            there = [(key, self.at[plain(x)], y) for x, y, key in points if y is not None]
            stairs = (trace.raw.get("line") or {}).get("shape") == "hv"
            self.canvas.moving(there, self.scale.how("y", trace.per, stairs))
        for shape in self.shapes:
            key, per = level_moves(shape)
            if key:
                self.canvas.moving([(key, x, shape["y0"]) for x in self.box[:2]], self.scale.how("y", per))

    def name_ends(self, labels: list[tuple[Trace, list[str]]]) -> None:
        """The names of the lines that reach the right edge, none over another."""
        _, _, top, bottom = self.box
        wanted = [self.scale([y for y in trace.y if y is not None][-1]) for trace, _ in labels]
        heights = [len(lines) * LINE + 4.0 for _, lines in labels]
        for (trace, lines), y in zip(labels, apart(wanted, heights, top - 6, bottom + 14), strict=True):
            x = max(self.at.values()) + 9
            for place, text in enumerate(lines):
                self.canvas.text(x, y + 4.5 + (place - (len(lines) - 1) / 2) * LINE, text, color=_ink(trace.color()))

    def name_inner(self) -> None:
        """The name of a line that ends before the others, by its last point."""
        for trace in self.traces:
            known = [(plain(x), y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
            if trace.is_bar or not trace.name or not known or known[-1][0] == [*self.at][-1] or "fill" in trace.raw:
                continue
            x, y = self.at[known[-1][0]], self.scale(known[-1][1])
            shown = _named(trace)
            falls = len(known) < 2 or known[-1][1] <= known[-2][1]  # the text stands where the line doesn't go
            fits = x + 6 + wide(shown) < self.canvas.width
            x, anchor = (x + 6, "start") if fits else (x, "end")
            self.canvas.text(x, y + (-6 if falls else 17), shown, anchor, color=_ink(trace.color()))

    def months(self, small: bool) -> None:
        """The months' names, as many of them as there is room for."""
        longest = max((wide(name, SMALL) for name in self.at), default=1) + 6
        every = max(1, math.ceil(longest / self.step))
        if small and len(self.at) > 2:
            every = max(every, math.ceil(len(self.at) / 3))
        for place, (name, x) in enumerate(self.at.items()):
            if place % every == 0:
                self.canvas.text(x, self.box[3] + 16, name, "middle", SMALL, MUTED)


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
            found.append((trace, rows(_named(trace), pixels)))
    return found


def _named(trace: Trace) -> str:
    """A line's name with its last number."""
    last = next((text for text in reversed(trace.texts) if text), "")
    return " ".join(part for part in (trace.name, last) if part)


def _stairs(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = points[:1]
    for x, y in points[1:]:
        found += [(x, found[-1][1]), (x, y)]
    return found


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


def _ink(color: str) -> str:
    """A line's colour where it is dark enough to read, else the text's."""
    return color if color.lower() not in ("#848d98", "#b57800", "#b9c0c8", "#5b92c9") else MUTED
