"""Imported in a kernel before it answers: what every notebook of planbok imports and does first.

In the kernel and not before it starts, since pandas and plotly look at where they are when they are imported.
"""

import gc

import plotly.graph_objects as go
from IPython import get_ipython

from planbok.explore import desk  # noqa: F401
from planbok.report import show  # noqa: F401
from planbok.topics import answer  # noqa: F401


def _rehearse() -> None:
    """Draws a figure that nobody sees: plotly loads what it needs with the first."""
    figure = go.Figure(go.Bar(x=[1], y=[1]))
    figure.to_json()
    go.FigureWidget(figure).close()


def _settle() -> None:
    shell = get_ipython()
    if shell is not None:
        shell.kernel.help_links = []  # pages in English elsewhere
    gc.collect()
    gc.freeze()


_rehearse()
_settle()
