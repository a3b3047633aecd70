"""The figures of a report as Excel's own charts, each beside the numbers that it draws."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from planbok.base.numbers import format_number
from planbok.report.picture.svg import MUTED, plain
from planbok.report.picture.traces import Trace, label, traces_of
from planbok.report.workbook.pen import Pen, number_format

CHARTS = "Diagram"
DATA = 11  # the column where the numbers begin, right of the chart
WIDE, ROW = 660, 20  # pixels
PAGE, GAP = 33, 2  # rows of a page across, and between two charts
LEAST, EACH, REST = 220, 26, 110  # pixels of a chart: the least, a row of bars, axis and title
NO_LENGTH = 1e-9  # of a bar that only bears its number
HELPERS = ("Före, plus", "Stapel, plus", "Före, minus", "Stapel, minus")
_DASHES = {"dash": "dash", "dot": "round_dot", "dashdot": "dash_dot", "longdash": "long_dash"}


def write_charts(pen: Pen, sheet: Any, specs: Sequence[Mapping[str, Any]]) -> None:
    """Each figure as a chart, its numbers to the right of it; a figure of several panels is as many charts."""
    sheet.hide_gridlines(2)
    sheet.set_column(DATA, DATA, 40)
    sheet.set_column(DATA + 1, DATA + 9, 14)
    row, begins = 0, [0]
    for spec in specs:
        layout = spec.get("layout") or {}
        traces = traces_of(spec)
        meta = layout.get("meta") or {}
        panels = meta.get("panels") or {"y": ""}
        pen.text(sheet, row, (0, 0), str(meta.get("title") or ""), "section")
        row += 1
        for name, title in panels.items():
            own = [trace for trace in traces if trace.panel == name]
            if own:
                row = _Chart(pen, sheet, row, layout, str(title), str(meta.get("alt") or "")).draw(own)
                begins.append(row)
    _for_paper(sheet, begins)
    if not specs:
        pen.text(sheet, 0, (0, 0), "Rapporten har ingen figur.", "quiet")


def _for_paper(sheet: Any, begins: Sequence[int]) -> None:
    """Prints the charts alone in their own size, none over two pages; `begins` are their first rows and the end."""
    top, breaks = 0, []
    for first, end in itertools.pairwise(begins):
        if end - GAP - top > PAGE and first > top:
            breaks.append(first)
            top = first
    sheet.print_area(0, 0, max(begins[-1] - 1, 0), DATA - 1)
    sheet.set_print_scale(100)  # a sheet that is fitted to a page's width has no breaks of its own
    sheet.set_h_pagebreaks(breaks)


class _Chart:
    """One chart with its numbers, at a row of the sheet."""

    def __init__(self, pen: Pen, sheet: Any, row: int, layout: dict[str, Any], title: str, alt: str):
        self.pen, self.sheet, self.row, self.layout, self.title, self.alt = pen, sheet, row, layout, title, alt
        self.low: float = 0.0  # where the axis begins
        self.decimals = 1
        self.barred: set[int] = set()  # the rows that have a floating bar

    def draw(self, traces: list[Trace]) -> int:
        """The chart and its numbers; gives the row below them."""
        lying = any(trace.lies for trace in traces)
        names = self._names(traces, lying)
        points = {name: place for place, name in enumerate(names)}
        first = self.row + 1
        self.decimals = _decimals([at for trace in traces for at in (trace.x if lying else trace.y)], traces)
        self._heading(0, self.title or "Namn")
        for place, name in enumerate(names):
            self.pen.text(self.sheet, first + place, (DATA, DATA), name, "code")
        chart = self.pen.book.add_chart(self._kind(traces, lying))
        column = DATA + 1
        for trace in traces:
            column = self._series(chart, trace, points, (column, first), lying)
        column = self._levels(chart, traces, names, (column, first), lying)
        height = max(LEAST, EACH * len(names) + REST) if lying else LEAST + 60
        self._look(chart, height, lying)
        about = {"description": self.alt or self.title, "object_position": 2}
        self.sheet.insert_chart(self.row, 0, chart, about)
        return self.row + max(math.ceil(height / ROW), len(names) + 1) + GAP

    def _kind(self, traces: list[Trace], lying: bool) -> dict[str, str]:
        floats = any(trace.raw.get("base") is not None for trace in traces)
        stacked = floats or self.layout.get("barmode") == "stack"
        upright = not lying and all(trace.is_bar for trace in traces)
        kind = {"type": "bar" if lying else "column" if upright else "line"}
        return kind | ({"subtype": "stacked"} if stacked and (lying or upright) else {})

    def _names(self, traces: list[Trace], lying: bool) -> list[str]:
        known = (self.layout.get("meta") or {}).get("labels") if lying else None
        axis = [] if lying else [plain(text) for text in (self.layout.get("xaxis") or {}).get("categoryarray") or ()]
        ends = ([plain(at) for at in (trace.y if lying else trace.x)] for trace in traces)
        return list(known or axis or dict.fromkeys(name for end in ends for name in end))

    def _heading(self, place: int, text: str) -> None:
        self.pen.text(self.sheet, self.row, (DATA + place, DATA + place), text, "heading")

    def _numbers(self, column: int, first: int, values: Sequence[float | None]) -> None:
        look = self.pen.look("number", num_format=number_format(self.decimals + (self.decimals > 0)))
        for place, value in enumerate(values):
            if value is not None:
                self.sheet.write_number(first + place, column, value, look)

    def _series(self, chart: Any, trace: Trace, points: dict[str, int], at: tuple[int, int], lying: bool) -> int:
        """A series' numbers in its columns, and the series; gives the column after them."""
        column, first = at
        if trace.raw.get("fill"):
            return self._band(chart, trace, points, at)
        values: list[float | None] = [None] * len(points)
        bases = [0.0] * len(points)
        ends = (trace.y, trace.x) if lying else (trace.x, trace.y)
        for place, (name, value) in enumerate(zip(*ends, strict=True)):
            values[points[plain(name)]] = value
            bases[points[plain(name)]] = trace.base(place) if trace.is_bar else 0.0
        self._heading(column - DATA, trace.name or ("Värde" if trace.is_bar else "Läge"))
        self._numbers(column, first, values)
        if lying and trace.raw.get("base") is not None:
            return self._floating(chart, trace, (values, bases), at)
        if not lying or trace.is_bar:
            chart.add_series(self._ranges(column, first, len(points)) | self._style(trace, points, lying))
        elif chart.series:
            return self._said(chart, values, column, first)
        return column + 1

    def _said(self, chart: Any, values: Sequence[float | None], column: int, first: int) -> int:
        """Numbers without a bar, such as where a bridge begins and ends, written at their place in the chart."""
        alone = [None if place in self.barred else value for place, value in enumerate(values)]
        if not any(value is not None for value in alone):
            return column + 1
        self._heading(column + 1 - DATA, "Utan stapel")
        for place, value in enumerate(alone):  # what is before it has its length already: it has none, but a side of 0
            if value is not None:
                self.sheet.write_number(
                    first + place, column + 1, math.copysign(NO_LENGTH, value), self.pen.look(num_format=";;;")
                )
        own = [{"delete": value is None, "value": format_number(value, self.decimals)} for value in alone]
        said = {"value": True, "position": "inside_base", "custom": own}
        bare = {"fill": {"none": True}, "border": {"none": True}, "gap": 50, "data_labels": said}
        chart.add_series(self._ranges(column + 1, first, len(values)) | bare)
        return column + 2

    def _ranges(self, column: int, first: int, count: int) -> dict[str, Any]:
        name = self.sheet.get_name()
        return {
            "name": [name, first - 1, column],
            "categories": [name, first, DATA, first + count - 1, DATA],
            "values": [name, first, column, first + count - 1, column],
        }

    def _style(self, trace: Trace, points: dict[str, int], lying: bool) -> dict[str, Any]:
        if not trace.is_bar:
            line = trace.raw.get("line") or {}
            dash = _DASHES.get(str(line.get("dash")), "solid")
            return {"line": {"color": trace.color(), "width": 2.25, "dash_type": dash}, "marker": {"type": "none"}}
        fills = [{"fill": {"color": trace.color(place)}} for place in range(len(trace.x))]
        labels = {"value": True, "num_format": number_format(self.decimals)}
        alone = self.layout.get("barmode") != "stack"
        style: dict[str, Any] = {"fill": fills[0]["fill"] if fills else {"none": True}, "gap": 50}
        style |= {"data_labels": labels} if alone else {}
        if lying and len({str(fill) for fill in fills}) > 1:
            order = {plain(name): place for place, name in enumerate(trace.y)}
            style["points"] = [fills[order[name]] if name in order else None for name in points]
        return style

    def _floating(self, chart: Any, trace: Trace, numbers: tuple[list, list[float]], at: tuple[int, int]) -> int:
        """Bars that begin elsewhere than at 0: what is before them has no fill, on either side of 0."""
        (column, first), (values, bases) = at, numbers
        self._heading(column + 1 - DATA, "Börjar")
        self._numbers(column + 1, first, bases)
        look = self.pen.look("number", num_format=number_format(2))
        self.barred |= {place for place, value in enumerate(values) if value}
        for place, (value, base) in enumerate(zip(values, bases, strict=True)):
            long, start = (xl_rowcol_to_cell(first + place, column + n) for n in (0, 1))
            low, high = f"MIN({start},{start}+{long})", f"MAX({start},{start}+{long})"
            a, b = sorted((base, base + (value or 0.0)))
            cells = (
                (f"=MAX({low},0)", max(a, 0.0)),
                (f"=MAX({high},0)-MAX({low},0)", max(b, 0.0) - max(a, 0.0)),
                (f"=MIN({high},0)", min(b, 0.0)),
                (f"=MIN({low},0)-MIN({high},0)", min(a, 0.0) - min(b, 0.0)),
            )
            for step, (formula, worth) in enumerate(cells, start=2):
                self.sheet.write_formula(first + place, column + step, formula, look, worth)
        names = {name: place for place, name in enumerate(map(plain, trace.y))}
        fill = self._style(trace, names, True) | {"data_labels": {}}
        for step, heading in enumerate(HELPERS, start=2):
            self._heading(column + step - DATA, heading)
            style = fill if step % 2 else {"fill": {"none": True}, "border": {"none": True}, "gap": 50}
            chart.add_series(self._ranges(column + step, first, len(values)) | style)
        known = [end for base, value in zip(bases, values, strict=True) for end in (base, base + (value or 0.0))]
        if min(known) > 0:
            tick = 10.0 ** math.floor(math.log10(max(max(known) - min(known), 1e-9)))
            self.low = max(0.0, (math.floor(min(known) / tick) - 1) * tick)
        return column + 6

    def _band(self, chart: Any, trace: Trace, points: dict[str, int], at: tuple[int, int]) -> int:
        """A shaded area as two thin lines: its lowest and its highest."""
        column, first = at
        half = len(trace.x) // 2
        high = dict(zip(map(plain, trace.x[:half]), trace.y[:half], strict=True))
        low = dict(zip(map(plain, trace.x[half:]), trace.y[half:], strict=True))
        for place, (heading, ends) in enumerate((("Lägst", low), ("Högst", high))):
            self._heading(column + place - DATA, heading)
            self._numbers(column + place, first, [ends.get(name) for name in points])
            thin = {"line": {"color": MUTED, "width": 1, "dash_type": "square_dot"}, "marker": {"type": "none"}}
            chart.add_series(self._ranges(column + place, first, len(points)) | thin)
        return column + 2

    def _levels(self, chart: Any, traces: list[Trace], names: list[str], at: tuple[int, int], lying: bool) -> int:
        """Named numbers that lines are held against."""
        column, first = at
        panel = traces[0].panel
        for shape in self.layout.get("shapes") or []:
            axis = "x" if lying else "y"
            through = shape.get(f"{axis}0") == shape.get(f"{axis}1") and (lying or shape.get("yref", "y") == panel)
            if not label(shape) or not through:
                continue
            self._heading(column - DATA, label(shape))
            self._numbers(column, first, [float(shape[f"{axis}0"])] * len(names))
            dotted = {"line": {"color": "#1b2430", "width": 1.25, "dash_type": "round_dot"}, "marker": {"type": "none"}}
            if not lying:  # no line stands upright in a chart of lying bars: the number stands beside it
                chart.add_series(self._ranges(column, first, len(names)) | dotted)
            column += 1
        return column

    def _look(self, chart: Any, height: float, lying: bool) -> None:
        axis = self.layout.get("xaxis" if lying else "yaxis") or {}
        unit = plain((axis.get("title") or {}).get("text"))
        quiet = {"name": unit, "name_font": {"bold": False, "size": 9}, "num_format": number_format(self.decimals)}
        quiet["major_gridlines"] = {"visible": True, "line": {"color": "#e3e7ec"}}
        rows = {"reverse": lying, "label_position": "low", "num_font": {"size": 9}}
        rows |= {"crossing": "max"} if lying else {}
        values = quiet | ({"min": self.low} if self.low else {})
        if axis.get("tickvals"):  # a year's months, as far as they have gone
            whole: dict[str, Any] = {"name": "Månader från årets början", "num_format": "0", "major_unit": 1}
            values |= whole | {"min": 0, "max": len(axis["tickvals"])}
        chart.set_title({"name": self.title, "name_font": {"size": 11}} if self.title else {"none": True})
        chart.set_x_axis(values if lying else rows)
        chart.set_y_axis(rows if lying else values)
        floats = any(series["fill"] and series["fill"].get("none") for series in chart.series)
        chart.set_legend({"none": True} if len(chart.series) < 2 or floats else {"position": "bottom"})
        chart.show_blanks_as("gap")
        chart.set_size({"width": WIDE, "height": height})


def _decimals(values: Sequence[float | None], traces: Sequence[Trace]) -> int:
    """As many decimals as tell a chart's numbers apart."""
    known = [value for value in values if value is not None] or [0.0]
    floats = any(trace.raw.get("base") is not None for trace in traces)
    largest = max(map(abs, known))
    return 0 if largest >= 1000 else 2 if largest < 0.5 and not floats else 1
