"""What a kernel of the desk does before it answers: all that each notebook of planbok imports and does first."""

import gc
from contextlib import suppress

LINE = f'__import__("{__name__}", fromlist=["load"]).load()'


def load() -> None:
    """To be called in the kernel and not before it starts: pandas and plotly look at where they are imported."""
    from planbok.explore import desk  # noqa: F401
    from planbok.report import show  # noqa: F401
    from planbok.topics import answer  # noqa: F401

    _read_rules()
    _rehearse()
    _settle()


def _read_rules() -> None:
    """The rules, which are kept for as long as their files are the same; whoever asks hears what is wrong."""
    from planbok.base.errors import PlanbokError
    from planbok.base.workspace import Folders
    from planbok.inputs.rules.rules import load_rules

    with suppress(PlanbokError):
        load_rules(Folders.in_use())


def _rehearse() -> None:
    """Draws a figure that nobody sees: plotly loads what it needs with the first."""
    import plotly.graph_objects as go

    from planbok.explore.figures import picture

    figure = go.Figure(go.Bar(x=[1], y=[1]))
    figure.to_json()
    picture(figure)


def _settle() -> None:
    """No menu of pages in English elsewhere; what is loaded is left out of the garbage collector's rounds."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        shell.kernel.help_links = []
    gc.collect()
    gc.freeze()
