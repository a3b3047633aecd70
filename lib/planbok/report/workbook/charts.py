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
BARE: dict[str, Any] = {"fill": {"none": True}, "border": {"none": True}, "gap": 50}  # a bar that is not seen
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
                row = _Chart(pen, sheet, row, layout, own).draw(str(title), str(meta.get("alt") or ""))
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
    """One chart with its numbers, which begin at a row of the sheet; `column` is the next one that is free."""

    def __init__(self, pen: Pen, sheet: Any, row: int, layout: dict[str, Any], traces: list[Trace]):
        self.pen, self.sheet, self.row, self.layout, self.traces = pen, sheet, row, layout, traces
        self.lying = any(trace.lies for trace in traces)
        self.floats = any(trace.raw.get("base") is not None for trace in traces)
        self.points = {name: place for place, name in enumerate(self._names())}
        self.decimals = _decimals([at for trace in traces for at in (trace.x if self.lying else trace.y)], self.floats)
        self.first, self.column = row + 1, DATA + 1
        self.low: float = 0.0  # where the axis begins
        self.barred: set[int] = set()  # the rows that have a floating bar
        self.chart = pen.book.add_chart(self._kind())

    def draw(self, title: str, alt: str) -> int:
        """The chart and its numbers; gives the row below them."""
        self._heading(title or "Namn", DATA)
        for place, name in enumerate(self.points):
            self.pen.text(self.sheet, self.first + place, (DATA, DATA), name, "code")
        for trace in self.traces:
            self._series(trace)
        self._levels()
        height = max(LEAST, EACH * len(self.points) + REST) if self.lying else LEAST + 60
        self._look(title, height)
        about = {"description": alt or title, "object_position": 2}
        self.sheet.insert_chart(self.row, 0, self.chart, about)
        return self.row + max(math.ceil(height / ROW), len(self.points) + 1) + GAP

    def _kind(self) -> dict[str, str]:
        stacked = self.floats or self.layout.get("barmode") == "stack"
        upright = not self.lying and all(trace.is_bar for trace in self.traces)
        kind = {"type": "bar" if self.lying else "column" if upright else "line"}
        return kind | ({"subtype": "stacked"} if stacked and (self.lying or upright) else {})

    def _names(self) -> list[str]:
        layout = self.layout
        known = (layout.get("meta") or {}).get("labels") if self.lying else None
        axis = [] if self.lying else [plain(text) for text in (layout.get("xaxis") or {}).get("categoryarray") or ()]
        ends = ([plain(at) for at in (trace.y if self.lying else trace.x)] for trace in self.traces)
        return list(known or axis or dict.fromkeys(name for end in ends for name in end))

    def _heading(self, text: str, column: int) -> None:
        self.pen.text(self.sheet, self.row, (column, column), text, "heading")

    def _numbers(self, values: Sequence[float | None], column: int) -> None:
        look = self.pen.look("number", num_format=number_format(self.decimals + (self.decimals > 0)))
        for place, value in enumerate(values):
            if value is not None:
                self.sheet.write_number(self.first + place, column, value, look)

    def _add(self, style: dict[str, Any], column: int) -> None:
        """A series of the numbers in a column."""
        name, last = self.sheet.get_name(), self.first + len(self.points) - 1
        ranges = {
            "name": [name, self.row, column],
            "categories": [name, self.first, DATA, last, DATA],
            "values": [name, self.first, column, last, column],
        }
        self.chart.add_series(ranges | style)

    def _series(self, trace: Trace) -> None:
        """A series' numbers in the next columns, and the series."""
        if trace.raw.get("fill"):
            self._band(trace)
            return
        values: list[float | None] = [None] * len(self.points)
        bases = [0.0] * len(self.points)
        ends = (trace.y, trace.x) if self.lying else (trace.x, trace.y)
        for place, (name, value) in enumerate(zip(*ends, strict=True)):
            values[self.points[plain(name)]] = value
            bases[self.points[plain(name)]] = trace.base(place) if trace.is_bar else 0.0
        column = self.column
        self._heading(trace.name or ("Värde" if trace.is_bar else "Läge"), column)
        self._numbers(values, column)
        self.column += 1
        if self.lying and trace.raw.get("base") is not None:
            self._floating(trace, values, bases)
        elif not self.lying or trace.is_bar:
            self._add(self._style(trace), column)
        elif self.chart.series:
            self._said(values)

    def _said(self, values: Sequence[float | None]) -> None:
        """Numbers without a bar, such as where a bridge begins and ends, written at their place in the chart."""
        alone = [None if place in self.barred else value for place, value in enumerate(values)]
        if not any(value is not None for value in alone):
            return
        self._heading("Utan stapel", self.column)
        for place, value in enumerate(alone):  # what is before it has its length already: it has none, but a side of 0
            if value is not None:
                length, look = math.copysign(NO_LENGTH, value), self.pen.look(num_format=";;;")
                self.sheet.write_number(self.first + place, self.column, length, look)
        own = [{"delete": value is None, "value": format_number(value, self.decimals)} for value in alone]
        said = {"value": True, "position": "inside_base", "custom": own}
        self._add({**BARE, "data_labels": said}, self.column)
        self.column += 1

    def _style(self, trace: Trace) -> dict[str, Any]:
        if not trace.is_bar:
            line = trace.raw.get("line") or {}
            dash = _DASHES.get(str(line.get("dash")), "solid")
            return {"line": {"color": trace.color(), "width": 2.25, "dash_type": dash}, "marker": {"type": "none"}}
        fills = [{"fill": {"color": trace.color(place)}} for place in range(len(trace.x))]
        labels = {"value": True, "num_format": number_format(self.decimals)}
        alone = self.layout.get("barmode") != "stack"
        style: dict[str, Any] = {"fill": fills[0]["fill"] if fills else {"none": True}, "gap": 50}
        style |= {"data_labels": labels} if alone else {}
        if self.lying and len({str(fill) for fill in fills}) > 1:
            order = {plain(name): place for place, name in enumerate(trace.y)}
            style["points"] = [fills[order[name]] if name in order else None for name in self.points]
        return style

    def _floating(self, trace: Trace, values: list[float | None], bases: list[float]) -> None:
        """Bars that begin elsewhere than at 0: what is before them has no fill, on either side of 0."""
        column = self.column
        self._heading("Börjar", column)
        self._numbers(bases, column)
        look = self.pen.look("number", num_format=number_format(2))
        self.barred |= {place for place, value in enumerate(values) if value}
        for place, (value, base) in enumerate(zip(values, bases, strict=True)):
            long, start = (xl_rowcol_to_cell(self.first + place, column + n) for n in (-1, 0))
            low, high = f"MIN({start},{start}+{long})", f"MAX({start},{start}+{long})"
            a, b = sorted((base, base + (value or 0.0)))
            cells = (
                (f"=MAX({low},0)", max(a, 0.0)),
                (f"=MAX({high},0)-MAX({low},0)", max(b, 0.0) - max(a, 0.0)),
                (f"=MIN({high},0)", min(b, 0.0)),
                (f"=MIN({low},0)-MIN({high},0)", min(a, 0.0) - min(b, 0.0)),
            )
            for step, (formula, worth) in enumerate(cells, start=1):
                self.sheet.write_formula(self.first + place, column + step, formula, look, worth)
        fill = self._style(trace) | {"data_labels": {}}
        for step, heading in enumerate(HELPERS, start=1):
            self._heading(heading, column + step)
            self._add(BARE if step % 2 else fill, column + step)
        known = [end for base, value in zip(bases, values, strict=True) for end in (base, base + (value or 0.0))]
        if min(known) > 0:
            tick = 10.0 ** math.floor(math.log10(max(max(known) - min(known), 1e-9)))
            self.low = max(0.0, (math.floor(min(known) / tick) - 1) * tick)
        self.column += 1 + len(HELPERS)

    def _band(self, trace: Trace) -> None:
        """A shaded area as two thin lines: its lowest and its highest."""
        half = len(trace.x) // 2
        high = dict(zip(map(plain, trace.x[:half]), trace.y[:half], strict=True))
        low = dict(zip(map(plain, trace.x[half:]), trace.y[half:], strict=True))
        for heading, ends in (("Lägst", low), ("Högst", high)):
            self._heading(heading, self.column)
            self._numbers([ends.get(name) for name in self.points], self.column)
            thin = {"line": {"color": MUTED, "width": 1, "dash_type": "square_dot"}, "marker": {"type": "none"}}
            self._add(thin, self.column)
            self.column += 1

    def _levels(self) -> None:
        """Named numbers that lines are held against."""
        panel, axis = self.traces[0].panel, "x" if self.lying else "y"
        for shape in self.layout.get("shapes") or []:
            here = self.lying or shape.get("yref", "y") == panel
            if not label(shape) or shape.get(f"{axis}0") != shape.get(f"{axis}1") or not here:
                continue
            self._heading(label(shape), self.column)
            self._numbers([float(shape[f"{axis}0"])] * len(self.points), self.column)
            dotted = {"line": {"color": "#1b2430", "width": 1.25, "dash_type": "round_dot"}, "marker": {"type": "none"}}
            if not self.lying:  # no line stands upright in a chart of lying bars: the number stands beside it
                self._add(dotted, self.column)
            self.column += 1

    def _look(self, title: str, height: float) -> None:
        axis = self.layout.get("xaxis" if self.lying else "yaxis") or {}
        unit = plain((axis.get("title") or {}).get("text"))
        quiet = {"name": unit, "name_font": {"bold": False, "size": 9}, "num_format": number_format(self.decimals)}
        quiet["major_gridlines"] = {"visible": True, "line": {"color": "#e3e7ec"}}
        rows = {"reverse": self.lying, "label_position": "low", "num_font": {"size": 9}}
        rows |= {"crossing": "max"} if self.lying else {}
        values = quiet | ({"min": self.low} if self.low else {})
        if axis.get("tickvals"):  # a year's months, as far as they have gone
            whole: dict[str, Any] = {"name": "Månader från årets början", "num_format": "0", "major_unit": 1}
            values |= whole | {"min": 0, "max": len(axis["tickvals"])}
        self.chart.set_title({"name": title, "name_font": {"size": 11}} if title else {"none": True})
        self.chart.set_x_axis(values if self.lying else rows)
        self.chart.set_y_axis(rows if self.lying else values)
        floats = any(series["fill"] and series["fill"].get("none") for series in self.chart.series)
        self.chart.set_legend({"none": True} if len(self.chart.series) < 2 or floats else {"position": "bottom"})
        self.chart.show_blanks_as("gap")
        self.chart.set_size({"width": WIDE, "height": height})


def _decimals(values: Sequence[float | None], floats: bool) -> int:
    """As many decimals as tell a chart's numbers apart."""
    known = [value for value in values if value is not None] or [0.0]
    largest = max(map(abs, known))
    return 0 if largest >= 1000 else 2 if largest < 0.5 and not floats else 1
