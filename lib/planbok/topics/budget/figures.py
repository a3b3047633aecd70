"""The budget's figures; a figure that would show nothing is a sentence that says so."""

import pandas as pd

from planbok.base.numbers import KR_PER_MNKR, amount, format_number, format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.case.result import Result
from planbok.inputs.scenario.load import BASELINE as BAS
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.bridge import drawn, unique
from planbok.report.charts import LATER, course, multiples
from planbok.report.figure import SCENARIO, Shown, bars, lines
from planbok.report.marks import moving, moving_end
from planbok.topics.budget.sentences import SMALL_MNKR
from planbok.topics.budget.tables import mnkr


def year_figure(result: Result) -> Shown:
    """Each row's net in this year and the years before that the table has."""
    frame = result.tabeller["ar_jamforelse"].frame
    totals = frame[frame["budgetrad"] == TOTAL_ROW]
    whole = totals.loc[totals["netto_fran_mnkr"].notna() & totals["netto_till_mnkr"].notna(), "fran_ar"]
    known = frame[frame["fran_ar"].isin(whole) & (frame["budgetrad"] != TOTAL_ROW)]
    known = known[known.groupby("budgetrad")["netto_fran_mnkr"].transform(lambda net: net.notna().all())]
    if known.empty:
        return "Det finns inget tidigare år att jämföra med."
    first, last = int(known["fran_ar"].min()), int(known["till_ar"].iloc[0])
    total = totals.loc[totals["fran_ar"] == first, "netto_forandring_mnkr"].iloc[0]
    how = "är nettokostnaden oförändrad"
    if abs(total) >= SMALL_MNKR:
        how = f"har nettokostnaden {'ökat' if total > 0 else 'minskat'} med {format_unit(abs(total), 'mnkr')}"
    years = [*map(str, sorted(known["fran_ar"].unique())), str(last)]
    panels = {}
    for row, found in known.sort_values("fran_ar").groupby("budgetrad", sort=False):
        panels[str(row)] = {"Netto": [*found["netto_fran_mnkr"], found["netto_till_mnkr"].iloc[-1]]}
    if any(len(series["Netto"]) != len(years) for series in panels.values()):
        return "Raderna är inte desamma alla år, så de visas bara i tabellen."
    largest = known[known["fran_ar"] == first].set_index("budgetrad")["netto_forandring_mnkr"]
    named = largest.abs().idxmax() if largest.notna().any() else ""
    said = f"; mest {named}, {format_number(largest[named], signed=True)}" if named else ""
    alt = "; ".join(f"{row}: {course(years, series['Netto'])}" for row, series in panels.items()) + "."
    unit = "Nettokostnad, mnkr"
    title = f"Sedan {first} {how}{said}"
    figure = multiples(years, panels, title=title, alt=alt, mattenhet=unit, colors={"Netto": SCENARIO}, shared=False)
    for row, trace in zip(panels, figure.data, strict=False):
        if row == result.texter.get("provas"):
            trace.meta = {"moves": [*[""] * (len(years) - 1), "nettokostnad_mnkr"]}
    return figure


def bridge_figure(result: Result) -> Shown:
    """From the comparison to the scenario, one bar per change and one for their interaction."""
    figure = drawn_bridge(result.tabeller["brygga"].frame, result.texter["jamfor"])
    return figure if isinstance(figure, str) else moving_end(figure, "nettokostnad_mnkr")


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


def drawn_scenarios(frame: pd.DataFrame, alike: bool = False) -> Shown:
    """The figure of `tables.scenarios_table`: the title is of its last scenario, or where they are `alike`, of all."""
    rows = frame[frame["scenario"] != BAS]
    if rows.empty or rows["skillnad_mnkr"].isna().any():
        return "Inget scenario är lagt."
    own = rows.iloc[-1]
    how = "mer" if own["skillnad_mnkr"] >= 0 else "mindre"
    title = f"”{own['titel']}” kostar {amount(abs(own['skillnad_mnkr']) * KR_PER_MNKR)} {how} än budgeten i år"
    if alike and len(rows) > 1:
        least, most = (amount(kr * KR_PER_MNKR, signed=True) for kr in rows["skillnad_mnkr"].agg(["min", "max"]))
        title = f"Scenarierna ändrar nettokostnaden med {least} till {most} i år"
    series = {"I år": rows["skillnad_mnkr"].tolist(), "På helår": rows["helarseffekt_mnkr"].tolist()}
    listed = [f"{name.lower()}: {_listed(rows['titel'], values, signed=True)}" for name, values in series.items()]
    alt = f"Skillnad mot budgeten, plus är en högre kostnad, {'; '.join(listed)}."
    colors = (SCENARIO, LATER)
    names = unique(rows["titel"].tolist())
    unit = "Skillnad mot budgeten, mnkr"
    figure = bars(names, series, title=title, alt=alt, mattenhet=unit, colors=colors, decimaler=2, signed=True)
    before = [""] * (len(names) - 1)
    for name, key in (("I år", "skillnad_mnkr"), ("På helår", "helarseffekt_mnkr")):
        moving(figure, name, [*before, key])
    return figure


def month_figure(result: Result) -> Shown:
    """Net cost month by month beside the comparison."""
    frame = result.tabeller["per_manad"].frame
    if frame["netto_kr"].isna().any():
        return "Underlaget anger inte nettokostnaden, så den visas inte månad för månad."
    if len(result.tabeller["brygga"].frame) == 3:
        return f"Budgeten är fördelad på årets månader efter {result.texter['profil']}."
    gap = mnkr((frame["netto_kr"] - frame["netto_jamfor_kr"]).cumsum()).tolist()
    many = len(frame) > len(MONTH_NAMES)
    labels = [MONTH_NAMES[int(m[5:]) - 1][:3] + (f" {m[2:4]}" if many else "") for m in frame["manad"]]
    title = f"Till och med {labels[-1]} har scenariot kostat {amount(abs(gap[-1]) * KR_PER_MNKR)} "
    title += f"{'mer' if gap[-1] >= 0 else 'mindre'} än {result.texter['jamfor']}"
    alt = f"Skillnaden, lagd ihop månad för månad, mnkr: {course(labels, gap, 2)}."
    unit = "Skillnad hittills, mnkr"
    return lines(labels, {"Skillnad": gap}, title=title, alt=alt, mattenhet=unit, colors=(SCENARIO,), decimaler=2)


def _listed(names, values, signed: bool = False) -> str:
    return ", ".join(f"{n} {format_number(v, 1, signed)} mnkr" for n, v in zip(names, values, strict=True))
