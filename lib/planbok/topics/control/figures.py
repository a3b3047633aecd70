"""The figures on invoices: what is wrong by kind, and by provider."""

import pandas as pd

from planbok.base.numbers import format_unit
from planbok.base.words import small
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.figure import DEFICIT, Shown, bars
from planbok.topics.control.tables import EVERYONE


def kinds_figure(result: Result) -> Shown:
    """Kronor wrongly billed by kind of fault, the largest first."""
    frame = result.tabeller["fel_per_slag"].frame
    return _sorted_bars(frame[frame["slag"] != TOTAL_ROW], "slag_namn", "Störst är felet")


def providers_figure(result: Result) -> Shown:
    """Kronor wrongly billed by provider, the largest first."""
    frame = result.tabeller["fel_per_utforare"].frame if "fel_per_utforare" in result.tabeller else pd.DataFrame()
    if len(frame) and frame["utforare"].eq(EVERYONE).all():
        return "Felen per utförare visas inte som figur: utförarna visas bara tillsammans."
    return _sorted_bars(frame, "utforare", "Mest fel hos")


def _sorted_bars(frame: pd.DataFrame, name: str, begins: str) -> Shown:
    rows = frame[frame["fel_kr"].notna() & (frame["fel_kr"] != 0)] if len(frame) else frame
    if rows.empty:
        few = len(frame) and frame["fel_kr"].isna().any()
        return f"Felen visas inte som figur: {'de gäller få personer' if few else 'det finns inga belopp att visa'}."
    rows = rows.sort_values("fel_kr", ascending=False, key=abs)
    names, values = rows[name].astype(str).tolist(), rows["fel_kr"].tolist()
    begins = "Fel som kan visas," if frame["fel_kr"].isna().any() else begins  # what is withheld may be larger
    title = f"{begins} {small(names[0])}: {format_unit(values[0], 'kr')}"
    alt = "; ".join(f"{one} {format_unit(kr, 'kr', signed=True)}" for one, kr in zip(names, values, strict=True)) + "."
    unit = "kr för mycket"
    return bars(
        names, {"Fel": values}, title=title, alt=alt, mattenhet=unit, colors=(DEFICIT,), decimaler=0, signed=True
    )
