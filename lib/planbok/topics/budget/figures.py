"""The budget's figures; a figure that would show nothing is a sentence that says so."""

from typing import TypeAlias

import pandas as pd
import plotly.graph_objects as go

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.base.words import large
from planbok.case.result import Result
from planbok.inputs.scenario.load import BASELINE as BAS
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.bridge import drawn, unique
from planbok.report.figure import BASELINE, SCENARIO, bars, lines
from planbok.topics.budget.sentences import SMALL_MNKR, amount
from planbok.topics.budget.tables import mnkr

Shown: TypeAlias = go.Figure | str


def row_figure(result: Result) -> Shown:
    """Net cost by row beside the year before."""
    frame = result.tabeller["budget"].frame
    rows, total = frame[frame["budgetrad"] != TOTAL_ROW], frame.iloc[-1]
    if rows["netto_mnkr"].isna().any():
        return "Underlaget anger inte nettokostnaden rad för rad, så den visas inte som figur."
    largest = rows.loc[rows["netto_mnkr"].idxmax()]
    share = ""
    if (rows["netto_mnkr"] >= 0).all() and total["netto_mnkr"] > 0:
        percent = format_unit(100 * largest["netto_mnkr"] / total["netto_mnkr"], "procent", 0)
        share = f", {percent} av nettokostnaden"
    year = int(result.texter["ar"])
    series = {str(year): rows["netto_mnkr"].tolist()}
    if rows["fore_mnkr"].notna().all():
        series = {str(year - 1): rows["fore_mnkr"].tolist(), **series}
    title = f"{largest['budgetrad']} är {format_unit(largest['netto_mnkr'], 'mnkr')} {year}{share}"
    listed = _listed(rows["budgetrad"], rows["netto_mnkr"])
    alt = f"Nettokostnad per budgetrad {year}: {listed}."
    return bars(rows["budgetrad"].tolist(), series, title=title, alt=alt, mattenhet="Nettokostnad, mnkr")


def year_figure(result: Result) -> Shown:
    """The change of cost and revenue behind each row's net, against the earliest year in the table."""
    frame = result.tabeller["ar_jamforelse"].frame
    totals = frame[frame["budgetrad"] == TOTAL_ROW]
    whole = totals.loc[totals["kostnad_forandring_mnkr"].notna() & totals["intakt_forandring_mnkr"].notna(), "fran_ar"]
    known = frame[frame["fran_ar"].isin(whole)]
    if known.empty:
        return "Det finns inget tidigare år med både kostnader och intäkter att jämföra med."
    first = int(known["fran_ar"].min())
    rows = known[known["fran_ar"] == first]
    total = rows[rows["budgetrad"] == TOTAL_ROW]["netto_forandring_mnkr"].iloc[0]
    rows = rows[rows["budgetrad"] != TOTAL_ROW]
    how = "är nettokostnaden oförändrad"
    if abs(total) >= SMALL_MNKR:
        direction = "ökat" if total > 0 else "minskat"
        how = f"har nettokostnaden {direction} med {format_unit(abs(total), 'mnkr')}"
    title = f"Sedan {first} {how}: så har raderna ändrats"
    series = {
        "Kostnader": rows["kostnad_forandring_mnkr"].tolist(),
        "Intäkter": rows["intakt_forandring_mnkr"].tolist(),
    }
    alt = (
        f"Förändring {first}–{rows['till_ar'].iloc[0]}. Kostnader: "
        f"{_listed(rows['budgetrad'], rows['kostnad_forandring_mnkr'], signed=True)}. Intäkter: "
        f"{_listed(rows['budgetrad'], rows['intakt_forandring_mnkr'], signed=True)}."
    )
    unit = f"Förändring {first}–{rows['till_ar'].iloc[0]}, mnkr"
    return bars(rows["budgetrad"].tolist(), series, title=title, alt=alt, mattenhet=unit, signed=True)


def bridge_figure(result: Result) -> Shown:
    """From the comparison to the scenario, one bar per change and one for their interaction."""
    return drawn_bridge(result.tabeller["brygga"].frame, result.texter["jamfor"])


def drawn_bridge(frame: pd.DataFrame, versus: str) -> Shown:
    """The bridge of `tables.bridge_table`; `versus` is what it begins at, in a sentence."""
    start, end = frame.iloc[0], frame.iloc[-1]
    if len(frame) == 3:
        return f"Scenariot är detsamma som {versus}: det finns ingen skillnad att förklara."
    if frame["kr"].isna().any():
        return "Underlaget anger inte hela nettokostnaden, så skillnaden visas bara i tabellen."
    how = "högre" if end["kr"] >= start["kr"] else "lägre"
    title = f"Nettokostnaden blir {amount(abs(end['kr'] - start['kr']))} {how} än {versus}"
    nothing = "Förändringarna ändrar inte årets nettokostnad."
    return drawn(frame, title=title, mattenhet="Nettokostnad, mnkr") or nothing


def scenario_figure(result: Result) -> Shown:
    """What each scenario differs from the budget, in the year and over a full year."""
    return drawn_scenarios(result.tabeller["scenarier"].frame)


def drawn_scenarios(frame: pd.DataFrame) -> Shown:
    """The figure of `tables.scenarios_table`; its last scenario is the one in the title."""
    rows = frame[frame["scenario"] != BAS]
    if rows.empty or rows["skillnad_mnkr"].isna().any():
        return "Inget scenario är lagt."
    own = rows.iloc[-1]
    how = "mer" if own["skillnad_mnkr"] >= 0 else "mindre"
    title = f"”{own['titel']}” kostar {amount(abs(own['skillnad_mnkr']) * KR_PER_MNKR)} {how} än budgeten i år"
    series = {"I år": rows["skillnad_mnkr"].tolist(), "På helår": rows["helarseffekt_mnkr"].tolist()}
    alt = f"Skillnad mot budgeten i år: {_listed(rows['titel'], rows['skillnad_mnkr'], signed=True)}."
    colors = (SCENARIO, BASELINE)
    names = unique(rows["titel"].tolist())
    unit = "Skillnad mot budgeten, mnkr"
    return bars(names, series, title=title, alt=alt, mattenhet=unit, colors=colors, decimaler=2, signed=True)


def month_figure(result: Result) -> Shown:
    """Net cost month by month beside the comparison."""
    frame = result.tabeller["per_manad"].frame
    if frame["netto_kr"].isna().any():
        return "Underlaget anger inte nettokostnaden, så den visas inte månad för månad."
    if len(result.tabeller["brygga"].frame) == 3:
        return f"Budgeten är fördelad på årets månader efter {result.texter['profil']}."
    mine, other = (mnkr(frame[column]).tolist() for column in ("netto_kr", "netto_jamfor_kr"))
    many = len(frame) > len(MONTH_NAMES)
    labels = [MONTH_NAMES[int(m[5:]) - 1][:3] + (f" {m[2:4]}" if many else "") for m in frame["manad"]]
    last = amount((mine[-1] - other[-1]) * KR_PER_MNKR, signed=True)
    title = f"I periodens sista månad är skillnaden {last}"
    series = {large(result.texter["jamfor"]): other, result.texter["scenario"]: mine}
    alt = f"Nettokostnad per månad: från {format_unit(mine[0], 'mnkr', 2)} till {format_unit(mine[-1], 'mnkr', 2)}."
    return lines(labels, series, title=title, alt=alt, mattenhet="mnkr per månad", decimaler=2, from_zero=False)


def _listed(names, values, signed: bool = False) -> str:
    return ", ".join(f"{n} {format_number(v, 1, signed)} mnkr" for n, v in zip(names, values, strict=True))
