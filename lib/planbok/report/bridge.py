"""The figure of a bridge, of the frame that every bridge has: its ends are lines, only what changes has a length."""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_number
from planbok.report.figure import (
    BASELINE,
    SCENARIO,
    Plus,
    by_sign,
    category_axis,
    check_lengths,
    new_figure,
    one_bar,
    plain_names,
    value_axis,
)
from planbok.report.unchecked import UNCHECKED, add, put

SMALLEST_KR = 1.0  # a step that is less gets no bar


def drawn(
    rows: pd.DataFrame,
    *,
    title: str,
    mattenhet: str,
    plus: Plus = "worse",
    decimaler: int = 2,
    kolumn: str = "kr",
    per: float = KR_PER_MNKR,
) -> go.Figure | None:
    """One bridge of a frame from `ledger.bridge`; None where some of it is not known or shown, or nothing moves.

    Parameters
    ----------
    rows : the bridge's rows: `steg`, and `kolumn` with the amounts of the ends and steps
    per : what the figure's unit is in the column's: kronor per mnkr
    """
    steps = rows.iloc[1:-1]
    if rows[kolumn].isna().any():
        return None
    steps = steps[steps[kolumn].abs() >= SMALLEST_KR]
    named = dict(zip(unique(steps["steg"].tolist()), (steps[kolumn] / per).tolist(), strict=True))
    if not named:
        return None
    start, end = rows.iloc[0], rows.iloc[-1]
    first = start[kolumn] / per
    listed = "; ".join(f"{text} {format_number(value, decimaler, signed=True)}" for text, value in named.items())
    return waterfall(
        (start["steg"], first),
        named,
        (end["steg"], first + sum(named.values())),
        title=title,
        alt=f"Brygga från {start['steg']} till {end['steg']}: {listed}.",
        mattenhet=mattenhet,
        plus=plus,
        decimaler=decimaler,
        said=end[kolumn] / per,
    )


def waterfall(
    start: tuple[str, float],
    steps: Mapping[str, float],
    end: tuple[str, float],
    *,
    title: str,
    alt: str,
    mattenhet: str,
    plus: Plus = "worse",
    decimaler: int = 1,
    said: float | None = None,
) -> go.Figure:
    """A bridge from `start` (grey) over signed steps to `end` (blue), read from the top down.

    The ends are lines at their numbers, not bars: the axis begins where the steps do. Refuses steps that do not lead
    from start to end. `said` is the end's own number where the steps are rounded and lead beside it.
    """
    names = [start[0], *steps, end[0]]
    check_lengths(names, {})
    reached = [start[1]]
    for step in steps.values():
        reached.append(reached[-1] + step)
    if abs(reached[-1] - end[1]) > 1e-6 * max(1.0, abs(end[1])):
        raise ValueError(f"the bridge does not close: {reached[-1]} is not {end[1]}")
    figure = new_figure(title, alt, "waterfall")
    bases = [start[1], *(min(pair) for pair in pairwise(reached)), end[1]]
    lengths = [0.0, *(abs(step) for step in steps.values()), 0.0]
    texts = [format_number(start[1], decimaler), *(format_number(s, decimaler, True) for s in steps.values())]
    texts.append(format_number(end[1] if said is None else said, decimaler))
    fills = [BASELINE, *(by_sign(step, plus) for step in steps.values()), SCENARIO]
    add(figure, one_bar(plain_names(names), lengths, texts, fills, "", True, base=bases))
    add(figure, _ends(plain_names([start[0], end[0]]), [start[1], end[1]]))
    category_axis(figure, names, 1, True)
    value_axis(figure, reached, texts, mattenhet, True, floor=min(reached))
    for row, level in enumerate(reached):
        thin = {"layer": "below", "line": {"color": BASELINE, "dash": "dot", "width": 1}, "type": "line"}
        put(figure, "shapes", {**thin, "x0": level, "x1": level, "y0": row, "y1": row + 1})
    return figure


def _ends(names: list[str], levels: list[float]) -> go.Scatter:
    """Upright marks where the bridge begins and ends."""
    return go.Scatter(
        x=levels,
        y=names,
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 20,
            "color": [BASELINE, SCENARIO],
            "line": {"width": 4, "color": [BASELINE, SCENARIO]},
        },
        hovertext=[escape(name) for name in names],
        hoverinfo="skip",
        showlegend=False,
        **UNCHECKED,
    )


def unique(names: list[str]) -> list[str]:
    """Names told apart by a number where the same one comes twice.

    >>> unique(["hyra", "mat", "hyra"])
    ['hyra', 'mat', 'hyra (2)']
    """
    seen = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name} ({n + 1})" if n else name for n, name in zip(seen, names, strict=True)]
