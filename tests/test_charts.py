"""Figures for one finding: what is drawn, in which order and colour, and what is said of it without colours."""

import numpy as np
import plotly.graph_objects as go
import pytest

from planbok.report import bridge, charts, figure
from planbok.report.picture.on_page import numbers, pictures

WORDS = {"alt": "I ord.", "mattenhet": "mnkr"}


def test_the_worst_deviation_comes_first_with_sign_and_word():
    parts = {"Lokaler": 0.2, "Vård": -3.8, "Jämnt": 0.04, "LASS": -0.5}
    fig = charts.deviations(parts, title="T", **WORDS)
    assert list(fig.data[0].y) == ["Vård", "LASS", "Jämnt", "Lokaler"]
    assert list(fig.data[0].text) == ["−3,8 underskott", "−0,5 underskott", "0,0", "+0,2 överskott"]
    assert list(fig.data[0].marker.color) == [figure.DEFICIT, figure.DEFICIT, figure.BASELINE, figure.SURPLUS]


def test_a_measure_lies_from_its_first_month_to_its_last():
    fig = charts.timeline(
        [charts.Stretch("A", 5, 11, "−0,8 mnkr, beslutad"), charts.Stretch("B", 8, 11, "−0,1 mnkr, planerad", False)],
        title="T", alt="I ord.", now=4,
    )  # fmt: skip
    assert list(fig.data[0].base) == [5, 8]
    assert list(fig.data[0].x) == [7, 4]
    assert list(fig.data[0].marker.color) == [figure.SCENARIO, figure.ASSUMPTION]
    assert list(fig.data[0].y) == ["A: −0,8 mnkr, beslutad", "B: −0,1 mnkr, planerad"]


def test_small_multiples_have_one_scale_unless_they_are_asked_not_to():
    panels = {"Vård": {"2024": [10.0, 12.0]}, "Lokaler": {"2024": [0.1, 0.2]}}
    fig = charts.multiples(["jan", "feb"], panels, title="T", colors={}, **WORDS)
    assert fig.layout.yaxis.range == fig.layout.yaxis2.range
    assert fig.layout.meta["panels"] == {"y": "Vård", "y2": "Lokaler"}
    own = charts.multiples(["jan", "feb"], panels, title="T", colors={}, shared=False, **WORDS)
    assert own.layout.yaxis.range is None
    stored = figure.mimebundle(fig)[figure.MIME]
    assert numbers(stored) == {
        "kolumner": ["", "Vård: 2024", "Lokaler: 2024"],
        "rader": [["jan", 10.0, 0.1], ["feb", 12.0, 0.2]],
    }


@pytest.mark.parametrize("values", [[1.0, None, 2.0], [np.nan, 1.0, 3.0], [None, None, None], [0.0, 0.0, 0.0]])
def test_a_picture_is_made_of_whatever_is_known(values):
    months = ["jan", "feb", "mar"]
    for fig in (
        figure.lines(months, {"a": values, "b": [1.0, 2.0, 3.0]}, title="T", **WORDS),
        figure.bars(months, {"a": values}, title="T", **WORDS),
        figure.bars(months, {"a": values, "b": values}, title="T", horizontal=False, stacked=True, **WORDS),
    ):
        drawn = str(pictures(figure.mimebundle(fig)[figure.MIME]))
        assert drawn.count("<svg") == 2
        assert "nan" not in drawn


def test_what_is_drawn_unchecked_is_what_plotly_takes():
    months, series = ["jan", "feb"], {"a": [1.0, 2.0], "b": [2.0, None]}
    words = {"title": "T", **WORDS}
    for fig in (
        figure.lines(months, series, **words, levels={"Mål": 1.5}, steps=["b"]),
        figure.lines(months, series, **words, band=([0.5, 1.0], [1.5, 3.0]), from_zero=False),
        figure.bars(months, series, **words, levels={"Mål": 1.5}),
        figure.bars(months, series, **words, horizontal=False, stacked=True),
        charts.deviations({"Vård": -1.0, "Hyra": 0.2}, **words),
        charts.multiples(months, {"Vård": series}, **words, colors={}),
        charts.ranges({"x": (1.0, 0.5, 2.0), "y": (2.0, None, None)}, **words),
        charts.bullets({"x": (1.0, 2.0)}, **words, levels={"Budget": 1.5}),
        charts.timeline([charts.Stretch("A", 5, 11, "beslutad")], title="T", alt="I ord.", now=4),
        bridge.waterfall(("Budget", 1.0), {"Steg": 1.0}, ("Prognos", 2.0), **words),
    ):
        drawn = fig.to_plotly_json()
        assert go.Figure(drawn).to_plotly_json() == drawn


def test_a_bar_that_there_is_none_of_has_a_word_in_its_place():
    """As many words as gaps in each picture of the figure: one for the wide page and one for the narrow."""
    rows = {"Utfall": [3.0, None, None]}
    with_gaps, whole = (
        figure.bars(list("abc"), {"Utfall": points}, title="Tre", alt="Tre.", mattenhet="kr", missing="skyddas")
        for points in (rows["Utfall"], [3.0, 2.0, 1.0])
    )
    drawn = [str(pictures(fig.to_plotly_json())) for fig in (with_gaps, whole)]
    assert [text.count(">skyddas</text>") / text.count("<svg") for text in drawn] == [2, 0]
