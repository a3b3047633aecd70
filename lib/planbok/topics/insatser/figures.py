"""The figures on granted insatser: what runs month by month, and each insats beside a year before."""

import pandas as pd

from planbok.base.numbers import format_number
from planbok.base.periods import long_month, months, short_month
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.report.figure import BASELINE, SCENARIO, Shown, bars, lines


def running_figure(result: Result) -> Shown:
    """What runs: the insats with the largest flag where there is one, else all of the unit's."""
    frame, flagged = result.tabeller["per_insats_manad"].frame, result.tabeller["varningar"].frame
    insats = flagged["insats"].iloc[0] if len(flagged) else TOTAL_ROW
    rows = frame[frame["insats"] == insats]
    if rows["lopande_antal"].isna().any():
        rows = frame[frame["insats"] == TOTAL_ROW]
    if rows["lopande_antal"].isna().any() or len(rows) < 2:
        return "Löpande insatser visas inte som figur: de gäller få personer."
    name, values = rows["insats_namn"].iloc[0], rows["lopande_antal"].tolist()
    first, last = (format_number(values[place], 0) for place in (0, -1))
    low, high = (format_number(pick(values), 0) for pick in (min, max))
    counted = dict(zip([str(manad)[:7] for manad in rows["manad"]], values, strict=True))
    begins, ends = min(counted), max(counted)
    span = [month for month in months(int(begins[:4]), int(ends[:4])) if begins <= month <= ends]
    stands = pd.Series(counted).reindex(span).ffill().tolist()  # until it is counted anew
    labels = [f"{short_month(month)} {month[2:4]}" for month in span]
    when = "i" if len(span) == len(counted) else "när de senast räknades,"
    title = f"{name}: {last} löpande {when} {long_month(ends)}"
    alt = f"{title}, från {first} i {long_month(begins)}; lägst {low} och högst {high}."
    return lines(labels, {name: stands}, title=title, alt=alt, mattenhet="löpande", colors=(SCENARIO,), decimaler=0)


def change_figure(result: Result) -> Shown:
    """Each insats now, beside a year before."""
    frame = result.tabeller["forandring"].frame
    rows = frame[(frame["insats"] != TOTAL_ROW) & (frame["lopande_antal"] > 0)]
    if rows.empty:
        return "Insatserna visas inte som figur: de gäller få personer."
    names, now = rows["insats_namn"].tolist(), rows["lopande_antal"].tolist()
    ago = (rows["lopande_antal"] - rows["forandring_antal"]).tolist()
    known = rows["forandring_antal"]
    title = f"Störst är {names[0].lower()}, {format_number(now[0], 0)} löpande"
    if known.notna().all() and known.abs().max() > 0:
        most = rows.loc[known.abs().idxmax()]
        size, way = format_number(abs(most["forandring_antal"]), 0), "fler" if most["forandring_antal"] > 0 else "färre"
        title = f"Mest på ett år har {most['insats_namn'].lower()} ändrats: {size} {way}"
    alt = "; ".join(f"{name} {format_number(number, 0)}" for name, number in zip(names, now, strict=True)) + "."
    series = {"Ett år tidigare": [None if a != a else a for a in ago], "Nu": now}
    colors = (BASELINE, SCENARIO)
    return bars(names, series, title=title, alt=alt, mattenhet="löpande", colors=colors, decimaler=0, missing="skyddas")
