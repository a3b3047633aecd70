"""What makes a process ready to make reports: all that each would import and do first, done once."""

from functools import cache


def load() -> None:
    """Imports all that a report's process needs and does once what each would do first.

    What a library decides by whether it runs in a notebook is set as in a kernel, where it would be imported later.
    The topics are there already: the command has held the plan against them.
    """
    import pandas as pd
    import plotly.io as pio

    from planbok.batch.make.shell import shell
    from planbok.report import show, workbook  # noqa: F401

    pd.set_option("display.max_columns", 20)
    pio.renderers.default = "plotly_mimetype"
    shell()
    _rehearse()


@cache
def _rehearse() -> None:
    """A page with a figure, of a notebook held against the schema: templates, scripts and schemas are made ready."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from planbok.report.figure import MIME
    from planbok.report.html import ReportMeta, render_report

    shown = new_output("display_data", {MIME: {"data": [], "layout": {}}})
    notebook = new_notebook(cells=[new_code_cell(outputs=[shown])])
    nbformat.validate(notebook)
    render_report(notebook, ReportMeta("Prov"))
