"""The figure of a bridge, of the frame that every bridge has."""

import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_number
from planbok.report.figure import Plus, waterfall

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
    )


def unique(names: list[str]) -> list[str]:
    """Names told apart by a number where the same one comes twice.

    >>> unique(["hyra", "mat", "hyra"])
    ['hyra', 'mat', 'hyra (2)']
    """
    seen = [names[:place].count(name) for place, name in enumerate(names)]
    return [f"{name} ({n + 1})" if n else name for n, name in zip(seen, names, strict=True)]
