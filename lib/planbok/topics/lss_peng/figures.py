"""LSS-peng's figures: the budget beside the days month by month, and what moved; unit totals only."""

from planbok.base.numbers import KR_PER_MNKR, format_number, format_unit
from planbok.base.periods import short_month
from planbok.case.result import Result
from planbok.report.bridge import drawn
from planbok.report.figure import BASELINE, SCENARIO, Shown, bars, lines
from planbok.topics.lss_peng.tables import STATES, TO_SCENARIO

KEYS = (*(f"{state}_kr" for state in STATES), "peng_dygn_kr")


def state_figure(result: Result) -> Shown:
    """The three budget states beside the value of the year's days."""
    missing = next((f for key in KEYS if (f := result.nyckeltal[key]).varde is None), None)
    if missing:
        return f"Budgeten och dygnen visas inte som figur: {missing.why}."
    names = [*(f"Budget, {name}" for name in STATES.values()), "Årets dygn"]
    values = [result.nyckeltal[key].number / KR_PER_MNKR for key in KEYS]
    final = format_unit(values[2], "mnkr")
    title = f"Den slutliga budgeten är {final}, och årets dygn är värda {format_unit(values[3], 'mnkr')}"
    alt = ", ".join(f"{name} {format_unit(value, 'mnkr')}" for name, value in zip(names, values, strict=True)) + "."
    return bars(names, {"LSS-peng": values}, title=title, alt=alt, mattenhet="LSS-peng, mnkr", colors=(SCENARIO,))


def month_figure(result: Result) -> Shown:
    """The final budget and the value of the days, month by month."""
    frame = result.tabeller["per_manad"].frame
    if frame[["peng_kr", "slutlig_kr", "skillnad_kr"]].isna().any(axis=None):
        return f"Månaderna visas inte som figur: {result.nyckeltal['peng_dygn_kr'].why or 'de gäller få personer'}."
    if len(frame) < 12:
        return "Månaderna visas inte som figur: så få personer flyttade att de visas tillsammans."
    gap = frame["skillnad_kr"].iloc[-1] / KR_PER_MNKR
    how = "mindre" if gap < 0 else "mer"
    title = f"I december ger budgeten {format_unit(abs(gap), 'mnkr', 2)} {how} än dygnen är värda"
    series = {
        "Slutlig budget": (frame["slutlig_kr"] / KR_PER_MNKR).tolist(),
        "Peng för månadens dygn": (frame["peng_kr"] / KR_PER_MNKR).tolist(),
    }
    listed = ", ".join(
        f"{manad} {format_number(kr / KR_PER_MNKR, 2)}"
        for manad, kr in zip(frame["manad"], frame["peng_kr"], strict=True)
    )
    months = [short_month(manad) for manad in frame["manad"]]
    alt = f"Peng för månadens dygn, mnkr: {listed}."
    colors = (BASELINE, SCENARIO)
    return lines(
        months, series, title=title, alt=alt, mattenhet="mnkr per månad", colors=colors, decimaler=2, from_zero=False
    )


def bridge_figure(result: Result) -> Shown:
    """What moved: from the comparison to the scenario where there is one, else from last year's final budget."""
    frame = result.tabeller["brygga"].frame
    legs = frame["brygga"].tolist()
    leg = legs[-1] if TO_SCENARIO in legs else legs[0]
    rows = frame[frame["brygga"] == leg]
    start, end = rows.iloc[0], rows.iloc[-1]
    if rows["kr"].isna().any():
        return f"{leg} visas inte som figur: {result.nyckeltal['slutlig_kr'].why or 'stegen gäller få personer'}."
    difference = (end["kr"] - start["kr"]) / KR_PER_MNKR
    how = "mer" if difference >= 0 else "mindre"
    title = f"{end['steg']} är {format_unit(abs(difference), 'mnkr')} {how} än {start['steg'].lower()}"
    found = drawn(rows, title=title, mattenhet="LSS-peng, mnkr", plus="better", decimaler=1)
    return found or f"{leg}: inget har ändrats."
