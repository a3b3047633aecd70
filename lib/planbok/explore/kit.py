"""The few shared widgets: labelled controls with their unit, a spoken answer, a figure that changes in place."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets
import plotly.graph_objects as go

LABEL = {"description_width": "13rem"}
WIDE = widgets.Layout(width="34rem")


def number_slider(
    label: str, mattenhet: str, low: float, high: float, step: float, value: float
) -> widgets.FloatSlider:
    """A slider whose label says its unit; the arrow keys move it by one step."""
    return widgets.FloatSlider(
        description=f"{label} ({mattenhet})",
        min=low,
        max=high,
        step=step,
        value=value,
        readout_format=".1f",
        style=LABEL,
        layout=WIDE,
    )


def choice(label: str, options: Sequence[tuple[str, object]] | Sequence[str], value: object) -> widgets.Dropdown:
    """A drop-down list with its label."""
    return widgets.Dropdown(description=label, options=options, value=value, style=LABEL, layout=WIDE)


class Explorer:
    """Controls, an answer and a figure: any change of a control gives a new answer and new data in the same figure.

    Parameters
    ----------
    controls : the widgets by name
    figure : the figure as it is drawn first
    update : takes the controls' values by name; returns the answer and the new values of each trace's x
    """

    def __init__(
        self,
        controls: dict[str, widgets.Widget],
        figure: go.Figure,
        update: Callable[..., tuple[str, list[list[float]], list[list[str]]]],
    ):
        self.controls = controls
        self.start = {name: control.value for name, control in controls.items()}
        self.answer = widgets.HTML()
        self.figure = go.FigureWidget(figure)
        self.update = update
        self.reset = widgets.Button(description="Återställ", tooltip="Tillbaka till budgeten")
        self.reset.on_click(lambda _: self.restore())
        for control in controls.values():
            control.observe(lambda _: self.refresh(), names="value")
        self.refresh()

    def refresh(self) -> None:
        """Computes the answer for the controls as they stand, in one redraw."""
        text, values, labels = self.update(**{name: control.value for name, control in self.controls.items()})
        self.answer.value = f'<p role="status" style="font-size:1.15em;max-width:60ch">{escape(text)}</p>'
        with self.figure.batch_update():
            for trace, points, words in zip(self.figure.data, values, labels, strict=True):
                trace.x, trace.text = points, words

    def restore(self) -> None:
        """Puts every control back where it stood."""
        with self.figure.batch_update():
            for name, value in self.start.items():
                self.controls[name].value = value

    def widget(self) -> widgets.Widget:
        """All of it in one column."""
        return widgets.VBox([*self.controls.values(), self.reset, self.answer, self.figure])
