"""What makes a process ready to make reports: all that each would import and do first, done once."""

from functools import cache
from typing import Any


def load() -> None:
    """Imports all that a report's process needs and does once what each would do first.

    What a library decides by whether it runs in a notebook is set as in a kernel, where it would be imported later.
    The topics are there already: the command has held the plan against them.
    """
    import pandas as pd
    import plotly.io as pio

    from planbok.batch.make.shell import shell
    from planbok.report.workbook import write  # noqa: F401

    pd.set_option("display.max_columns", 20)
    pio.renderers.default = "plotly_mimetype"
    shell()
    _rehearse()


@cache
def _rehearse() -> None:
    """A page with figures, of a notebook held against the schema: templates, scripts and schemas are made ready."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from planbok.report import charts, figure, marks  # noqa: F401
    from planbok.report.bridge import waterfall
    from planbok.report.html import ReportMeta, render_report

    said: Any = {"title": "Prov", "alt": "Prov", "mattenhet": "mnkr"}
    drawn = (
        figure.bars(["Rad"], {"Budget": [1.0], "Prognos": [2.0]}, **said),
        figure.lines(["jan", "feb"], {"Budget": [1.0, 2.0]}, **said, levels={"Mål": 1.0}),
        waterfall(("Budget", 1.0), {"Steg": 1.0}, ("Prognos", 2.0), **said),
    )
    outputs = [new_output("display_data", figure.mimebundle(one)) for one in drawn]
    notebook = new_notebook(cells=[new_code_cell(outputs=outputs)])
    nbformat.validate(notebook)
    render_report(notebook, ReportMeta("Prov"))
