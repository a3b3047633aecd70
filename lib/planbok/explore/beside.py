"""Key figures beside each other: without and with the dials, of several scenarios, and what each change adds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_unit
from planbok.case.case import Case
from planbok.case.result import Column, KeyFigure, Table
from planbok.disclosure.protect import rounded
from planbok.explore.figures import bridge
from planbok.inputs.scenario.load import Scenario
from planbok.report.figure import Plus, bars

Figures = Mapping[str, KeyFigure]
WITHOUT, WITH = "Utan reglagen", "Med reglagen"
KRONOR = {"mnkr": KR_PER_MNKR, "tkr": 1000}


def alike(bas: Figures, now: Figures) -> tuple[dict[str, KeyFigure], dict[str, KeyFigure]]:
    """Key figures of both, each as round as the rounder of the two: the difference is then none of the rounding."""
    both = {key: _alike(bas[key], now[key]) for key in bas.keys() & now.keys()}
    one, other = ({key: pair[place] for key, pair in both.items()} for place in (0, 1))
    return dict(bas) | one, dict(now) | other


def _alike(*pair: KeyFigure) -> tuple[KeyFigure, ...]:
    step = max(figure.avrundat_till or 0 for figure in pair)
    if not step:
        return pair
    return tuple(
        figure
        if figure.varde is None or figure.avrundat_till == step
        else replace(figure, varde=rounded(figure.varde, step), avrundat_till=step)
        for figure in pair
    )


def dials_table(title: str, heading: str, labels: Mapping[str, str], bas: Figures, now: Figures) -> Table:
    """Key figures in kronor without the dials, with them, and the difference; what is lacking says why.

    `heading` stands above `labels`, the rows' names by the figures' keys.
    """
    frame = pd.DataFrame({"nyckel": list(labels), "rad": list(labels.values())})
    frame = frame.assign(bas=[number(bas[key]) for key in labels], prov=[number(now[key]) for key in labels])
    frame["skillnad"] = frame["prov"] - frame["bas"]
    columns = (
        Column("rad", heading),
        Column("bas", WITHOUT, mattenhet="kr"),
        Column("prov", WITH, mattenhet="kr"),
        Column("skillnad", "Skillnad", mattenhet="kr", formula="{prov}-{bas}"),
    )
    shown = [{"bas": bas[key], "prov": now[key], "skillnad": _lacking(bas[key], now[key])} for key in labels]
    reasons = dict.fromkeys(figure.why for row in shown for figure in row.values() if figure.varde is None)
    return Table("prova", title, frame, columns, note="; ".join(reasons), celler=_why_not(shown))


def scenarios_table(title: str, found: Sequence[tuple[str, Figures]], columns: Sequence[Column]) -> Table:
    """A row of key figures per scenario, named by its title; what is lacking says why."""
    keys = [column.key for column in columns]
    rows = [{"titel": titel, **{key: number(figures[key]) for key in keys}} for titel, figures in found]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(keys, float))
    shown = [{key: figures[key] for key in keys} for _, figures in found]
    return Table("jamfor", title, frame, (Column("titel", "Scenario"), *columns), celler=_why_not(shown))


def number(figure: KeyFigure, per: float = 1) -> float:
    """A key figure counted in `per` of its unit; NaN where it has no value."""
    return np.nan if figure.varde is None else figure.varde / per


def _lacking(*figures: KeyFigure) -> KeyFigure:
    """The last one without a value, or where all have one, the first."""
    return next((figure for figure in reversed(figures) if figure.varde is None), figures[0])


def _why_not(rows: Iterable[Figures]) -> dict[tuple[int, str], tuple[str, str]]:
    """What a table's cells say in place of figures that have no value."""
    return {
        (place, key): ("skyddas", figure.skyddas) if figure.skyddas else ("saknas", figure.saknas)
        for place, row in enumerate(rows)
        for key, figure in row.items()
        if figure.varde is None
    }


def scenarios_bars(table: Table, series: Mapping[str, Sequence[float]], unit: str, **drawn: Any) -> go.Figure:
    """A group of bars per scenario of a table; in words, the first of the series in `unit`."""
    titles, decimaler = table.frame["titel"], drawn["decimaler"]
    first = next(iter(series.values()))
    words = ["okänt" if np.isnan(kr) else format_unit(kr, unit, decimaler) for kr in first]
    alt = "; ".join(f"{titel} {said}" for titel, said in zip(titles, words, strict=True)) + "."
    return bars([f"{i}. {titel}" for i, titel in enumerate(titles)], series, alt=alt, missing="okänt", **drawn)


def change_bridge(
    scenario: Scenario,
    reached: Sequence[float],
    ends: tuple[str, str],
    *,
    case: Case,
    title: str,
    amount: str,
    unit: str,
    decimaler: int,
    lacking: str,
    nothing: str,
    plus: Plus = "worse",
) -> go.Figure | str:
    """The way between two amounts, a step per change in the order in which they act.

    Parameters
    ----------
    case : says who reads it: the public reads no scenario's own words
    reached : the amounts before the first change and after each, kr; NaN where one is not known
    ends : what the first and the last amount are called
    unit : what the figure counts in: mnkr or tkr
    lacking, nothing : what is said where an amount is not known, and where no change moves a krona
    """
    if np.isnan(reached).any():
        return lacking
    said = [f"{i}. {numbered.change.describe(case.is_public)}" for i, numbered in enumerate(scenario, start=1)]
    steps = {text: after - before for text, (before, after) in zip(said, pairwise(reached), strict=True)}
    if not any(abs(step) >= 1 for step in steps.values()):
        return nothing
    counted = {text: step / KRONOR[unit] for text, step in steps.items()}
    first, last = ((name, reached[place] / KRONOR[unit]) for name, place in zip(ends, (0, -1), strict=True))
    return bridge(title, first, counted, last, amount=amount, unit=unit, decimaler=decimaler, plus=plus)
