"""The month's figures; a figure that would show nothing is a sentence that says so."""

from typing import TypeAlias

import pandas as pd
import plotly.graph_objects as go

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.bridge import drawn
from planbok.report.figure import ASSUMPTION, BASELINE, SCENARIO, bars, lines
from planbok.topics.follow_up.explain import SINCE_LAST, TO_PROGNOSIS
from planbok.topics.follow_up.sentences import amount, state

Shown: TypeAlias = go.Figure | str


def month_figure(result: Result) -> Shown:
    """How far the year is from its budget, month by month: booked, and ahead as the prognosis has it."""
    frame = result.tabeller["per_manad"].frame
    if frame[["prognos_ack_kr", "budget_ack_kr"]].isna().any(axis=None):
        return f"Året visas inte som figur: {result.texter['saknas']}."
    names = [name[:3] for name in MONTH_NAMES]
    gap = mnkr(frame["budget_ack_kr"] - frame["prognos_ack_kr"])
    tom = int(frame["utfall_kr"].notna().sum())
    series = {"Bokfört": [x if i < tom else None for i, x in enumerate(gap)]}
    if tom < MONTHS:
        series["Enligt prognosen"] = [x if i >= tom - 1 else None for i, x in enumerate(gap)]
    said = state(gap.iloc[-1] * KR_PER_MNKR)
    title = f"I december blir det {said} mot budgeten" if tom < MONTHS else f"Året slutade med {said}"
    alt = (
        f"Budgeten minus kostnaden, ackumulerat: {format_unit(gap[tom - 1], 'mnkr', signed=True)} till och med "
        f"{MONTH_NAMES[tom - 1]} och {format_unit(gap.iloc[-1], 'mnkr', signed=True)} i december."
    )
    unit = "Avvikelse, mnkr (− underskott)"
    return lines(names, series, title=title, alt=alt, mattenhet=unit, colors=(SCENARIO, ASSUMPTION))


def row_figure(result: Result) -> Shown:
    """Budget and prognosis by row."""
    frame = result.tabeller["prognos"].frame
    return _beside(frame[frame["budgetrad"] != TOTAL_ROW], "budgetrad", result)


def operations_figure(result: Result) -> Shown:
    """Budget and prognosis by operation."""
    table = result.tabeller.get("verksamheter")
    if table is None:
        return "Utfallet är inte uppdelat på verksamheter."
    frame = table.frame[table.frame["verksamhet"] != TOTAL_ROW]
    there = (frame[["budget_mnkr", "utfall_mnkr", "prognos_mnkr"]].fillna(1.0) != 0).any(axis=1)
    return _beside(frame[there], "verksamhet", result)


def _beside(frame: pd.DataFrame, key: str, result: Result) -> Shown:
    if frame[["budget_mnkr", "prognos_mnkr"]].isna().any(axis=None):
        return f"Raderna visas inte som figur: {result.texter['saknas'] or 'budgeten är inte uppdelad så'}."
    worst = frame.loc[frame["avvikelse_mnkr"].idxmin()]
    title = f"Störst underskott: {worst[key]}, {amount(abs(worst['avvikelse_mnkr']) * KR_PER_MNKR)}"
    if worst["avvikelse_mnkr"] >= 0:
        title = "Ingen del ger underskott"
    listed = ", ".join(
        f"{row[key]} budget {format_number(row['budget_mnkr'])} och prognos {format_unit(row['prognos_mnkr'], 'mnkr')}"
        for row in frame.to_dict("records")
    )
    series = {"Budget": frame["budget_mnkr"].tolist(), "Prognos": frame["prognos_mnkr"].tolist()}
    alt = f"Budget och prognos: {listed}."
    colors = (BASELINE, SCENARIO)
    return bars(frame[key].tolist(), series, title=title, alt=alt, mattenhet="Nettokostnad, mnkr", colors=colors)


def bridge_figure(result: Result, name: str = TO_PROGNOSIS) -> Shown:
    """One bridge row by row: budget to prognosis, or last month's prognosis to this month's (`since_last_figure`)."""
    frame = result.tabeller["brygga"].frame
    rows = frame[frame["brygga"] == name]
    if rows.empty:
        return "Det finns ingen tidigare prognos i år att jämföra med."
    start, moved = rows.iloc[0]["steg"], rows["kr"].iloc[-1] - rows["kr"].iloc[0]
    if rows["kr"].isna().any():
        return f"Skillnaden visas bara i tabellen: {result.texter['saknas']}."
    title = f"Prognosen är {amount(abs(moved))} {'högre' if moved >= 0 else 'lägre'} än {_lower(start)}"
    return drawn(rows, title=title, mattenhet="Nettokostnad, mnkr") or f"{title}: ingen rad har ändrats."


def since_last_figure(result: Result) -> Shown:
    """From last month's prognosis to this month's."""
    return bridge_figure(result, SINCE_LAST)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def accuracy_figure(result: Result) -> Shown:
    """The mean error after each month, tried on earlier years, beside the simplest method."""
    table = result.tabeller.get("prognossakerhet_manader")
    if table is None or table.frame["vald_procent"].isna().all():
        return "Inget tidigare år är helt känt, så prognosens säkerhet kan inte prövas."
    frame = table.frame
    series = {
        "Samma månader förra året": frame["sasongsnaiv_procent"].tolist(),
        "Rapportens val av metod": frame["vald_procent"].tolist(),
    }
    tom = int(result.tabeller["per_manad"].frame["utfall_kr"].notna().sum())
    here = frame[frame["tom_manad"] == min(tom, MONTHS - 1)]["vald_procent"]
    size = format_unit(here.iloc[0] if len(here) else frame["vald_procent"].iloc[-1], "procent")
    title = f"Prövat på tidigare år har prognosen så här tidigt slagit fel med {size} i snitt"
    alt = f"Felet i snitt efter varje månad, från {format_unit(frame['vald_procent'].iloc[0], 'procent')} i januari."
    names = [name[:3] for name in frame["manad"]]
    return lines(names, series, title=title, alt=alt, mattenhet="Felet i snitt, % av årets nettokostnad")
