"""The month's figures; a figure that would show nothing is a sentence that says so."""

import numpy as np
import pandas as pd

from planbok.analysis.forecast import MONTHS
from planbok.base.numbers import KR_PER_MNKR, amount, format_number, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES
from planbok.base.words import small
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.result import Result
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.act import PLANNED
from planbok.report.bridge import drawn
from planbok.report.charts import MONTHS as MONTH_LABELS
from planbok.report.charts import PALE, Stretch, course, deviations, multiples, timeline
from planbok.report.figure import ASSUMPTION, BASELINE, DEFICIT, SCENARIO, SURPLUS, TARGET, Shown, lines
from planbok.report.marks import moving
from planbok.topics.follow_up.explain import SINCE_LAST, TO_PROGNOSIS
from planbok.topics.follow_up.measures import STATUS
from planbok.topics.follow_up.sentences import error_said, state
from planbok.topics.follow_up.sliders import in_figure


def month_figure(result: Result) -> Shown:
    """How far the year is from its budget, month by month: booked, and ahead as the prognosis has it, with its range.

    The range is that of the whole year: it opens evenly over the months that are left. Beside the prognosis stands the
    year as it ends with the measures that are decided; the budget is zero.
    """
    frame = result.tabeller["per_manad"].frame
    if frame[["prognos_ack_kr", "budget_ack_kr"]].isna().any(axis=None):
        return f"Året visas inte som figur: {result.texter['saknas']}."
    gap = mnkr(frame["budget_ack_kr"] - frame["prognos_ack_kr"]).to_numpy()
    tom = int(frame["utfall_kr"].notna().sum())
    series = {"Bokfört": [x if i < tom else None for i, x in enumerate(gap)]}
    colors = [SCENARIO]
    if tom < MONTHS:
        series["Prognos"] = [x if i >= tom - 1 else None for i, x in enumerate(gap)]
        colors.append(DEFICIT if gap[-1] < 0 else SURPLUS)
    measured = _with_measures(result, gap, tom)
    if measured is not None:
        series["Med beslutade åtgärder"] = [None if i < tom - 1 else x for i, x in enumerate(measured)]
        colors.append(ASSUMPTION)
    said = state(gap[-1] * KR_PER_MNKR)
    title = f"I december blir det {said} mot budgeten" if tom < MONTHS else f"Året slutade med {said}"
    alt = f"Budgeten minus kostnaden, ackumulerat, mnkr: {course(MONTH_LABELS, gap.tolist())}."
    if measured is not None:
        alt += f" Med beslutade åtgärder {format_number(measured[-1], signed=True)} i december."
    unit, band = "Avvikelse, mnkr (− underskott)", _fan(result, gap, tom)
    figure = lines(
        MONTH_LABELS, series, title=title, alt=alt, mattenhet=unit, colors=colors, band=band, levels={"Budgeten": 0.0}
    )
    return moving(figure, [*series][-1], [in_figure(month) if month > tom else "" for month in range(1, MONTHS + 1)])


def _fan(result: Result, gap: np.ndarray, tom: int) -> tuple[list[float | None], list[float | None]] | None:
    """The lowest and highest deviation month by month: the year's range, opened evenly from the last booked month."""
    low, high, middle = (result.nyckeltal[f"prognos_{end}mnkr"].varde for end in ("lag_", "hog_", ""))
    if low is None or high is None or middle is None or tom >= MONTHS:
        return None
    opened = np.clip((np.arange(MONTHS) - tom + 1) / (MONTHS - tom), 0.0, 1.0)
    worst, best = (
        [None if i < tom - 1 else float(x) for i, x in enumerate(gap - (end - middle) * opened)] for end in (high, low)
    )
    return worst, best


def _with_measures(result: Result, gap: np.ndarray, tom: int) -> np.ndarray | None:
    """The deviation when what decided measures are still to bring has come, evenly from each one's start."""
    table = result.tabeller.get("atgarder")
    if table is None or tom >= MONTHS:
        return None
    rows = table.frame[table.frame["fran"].ne("") & table.frame["status"].ne(PLANNED)]
    if rows.empty or rows["kvar_mnkr"].isna().any() or not rows["kvar_mnkr"].any():
        return None
    found = gap.copy()
    for fran, kvar in zip(rows["fran"], rows["kvar_mnkr"], strict=True):
        start = max(tom, _month(fran, result))
        found -= kvar * np.clip((np.arange(MONTHS) - start + 1) / max(MONTHS - start, 1), 0.0, 1.0)
    return found


def _month(fran: str, result: Result) -> int:
    """The month of the report's year in which a date lies, from 0; 0 for an earlier year, the last for a later one."""
    year = int(str(result.tabeller["per_manad"].frame["manad"].iloc[0])[:4])
    return 0 if int(fran[:4]) < year else MONTHS - 1 if int(fran[:4]) > year else int(fran[5:7]) - 1


def row_figure(result: Result) -> Shown:
    """Each budget row's deviation, the worst first."""
    frame = result.tabeller["prognos"].frame
    return _deviations(frame[frame["budgetrad"] != TOTAL_ROW], "budgetrad", result)


def operations_figure(result: Result) -> Shown:
    """Each operation's deviation, the worst first."""
    table = result.tabeller.get("verksamheter")
    if table is None:
        return "Utfallet är inte uppdelat på verksamheter."
    frame = table.frame[table.frame["verksamhet"] != TOTAL_ROW]
    there = (frame[["budget_mnkr", "utfall_mnkr", "prognos_mnkr"]].fillna(1.0) != 0).any(axis=1)
    return _deviations(frame[there], "verksamhet", result)


def _deviations(frame: pd.DataFrame, key: str, result: Result) -> Shown:
    if frame["avvikelse_mnkr"].isna().any():
        return f"Raderna visas inte som figur: {result.texter['saknas'] or 'budgeten är inte uppdelad så'}."
    surplus = frame["avvikelse_mnkr"].sum() > 0
    most = frame.loc[frame["avvikelse_mnkr"].idxmax() if surplus else frame["avvikelse_mnkr"].idxmin()]
    how = "överskott" if surplus else "underskott"
    title = f"Störst {how}: {most[key]}, {amount(abs(most['avvikelse_mnkr']) * KR_PER_MNKR)}"
    if not surplus and most["avvikelse_mnkr"] >= 0:
        title = "Ingen del ger underskott"
    parts = dict(zip(frame[key], frame["avvikelse_mnkr"], strict=True))
    listed = ", ".join(f"{name} {format_number(value, signed=True)}" for name, value in parts.items())
    alt = f"Avvikelse mot budgeten, mnkr, minus är underskott: {listed}."
    return deviations(parts, title=title, alt=alt, mattenhet="Avvikelse, mnkr")


def measures_figure(result: Result) -> Shown:
    """What is decided and planned, from when, and what each is still to bring."""
    table = result.tabeller.get("atgarder")
    rows = table.frame[table.frame["fran"].ne("")] if table is not None else pd.DataFrame()
    if rows.empty or rows["ar_mnkr"].isna().any():
        return "Scenariot har inga åtgärder."
    stretches = [
        Stretch(
            row["namn"],
            _month(row["fran"], result),
            MONTHS - 1,
            f"{format_unit(row['ar_mnkr'], 'mnkr', 2, signed=True)}, {STATUS[row['status']]}",
            row["status"] != PLANNED,
        )
        for row in rows.to_dict("records")
    ]
    decided = rows.loc[rows["status"] != PLANNED, "ar_mnkr"].sum()
    title = f"Det som är beslutat ger {amount(abs(decided) * KR_PER_MNKR, decimals=2)} i år"
    if rows["status"].eq(PLANNED).all():
        title = "Ingen åtgärd är beslutad än"
    alt = "; ".join(f"{one.name} från {MONTH_NAMES[int(one.first)]}: {one.said}" for one in stretches) + "."
    tom = int(result.tabeller["per_manad"].frame["utfall_kr"].notna().sum())
    return timeline(stretches, title=title, alt=alt, now=tom)


def rows_figure(result: Result) -> Shown:
    """Each budget row month by month: what is booked, its budget, and the years before in grey."""
    frame = result.tabeller["rad_per_manad"].frame
    if frame["budget_kr"].isna().any():
        return f"Raderna visas inte månad för månad: {result.texter['saknas'] or 'budgeten är okänd'}."
    years = [name for name in frame if name.startswith("ar_")]
    names = {"utfall_kr": "Bokfört i år", "budget_kr": "Budget", **{name: name[3:7] for name in years}}
    panels = {
        row: {
            names[key]: mnkr(found[key]).tolist()
            for key in (*years, "budget_kr", "utfall_kr")
            if found[key].notna().any()
        }
        for row, found in frame.groupby("budgetrad", sort=False)
    }
    greys = {names[name]: BASELINE if name == years[-1] else PALE for name in years}
    colors = {**greys, "Budget": TARGET, "Bokfört i år": SCENARIO}
    worst = frame.assign(gap=(frame["budget_kr"] - frame["utfall_kr"])).groupby("budgetrad")["gap"].sum()
    row, how = (worst.idxmin(), "mer") if worst.min() <= -CLOSES_WITHIN_KR else (worst.idxmax(), "mindre")
    title = f"{row} har hittills kostat {amount(abs(worst[row]))} {how} än budgeten"
    if worst.abs().max() < CLOSES_WITHIN_KR:
        title = "Alla rader har hittills kostat lika mycket som budgeten"
    alt = "; ".join(f"{row}: {course(MONTH_LABELS, lines['Bokfört i år'], 2)}" for row, lines in panels.items()) + "."
    return multiples(
        MONTH_LABELS, panels, title=title, alt=alt, mattenhet="mnkr per månad", colors=colors, decimaler=2, shared=False
    )


def bridge_figure(result: Result, name: str = TO_PROGNOSIS) -> Shown:
    """One bridge row by row: budget to prognosis, or last month's prognosis to this month's (`since_last_figure`)."""
    frame = result.tabeller["brygga"].frame
    rows = frame[frame["brygga"] == name]
    if rows.empty:
        return "Det finns ingen tidigare prognos i år att jämföra med."
    start, moved = rows.iloc[0]["steg"], rows["kr"].iloc[-1] - rows["kr"].iloc[0]
    if rows["kr"].isna().any():
        return f"Skillnaden visas bara i tabellen: {result.texter['saknas']}."
    title = f"Prognosen är {amount(abs(moved))} {'högre' if moved >= 0 else 'lägre'} än {small(start)}"
    return drawn(rows, title=title, mattenhet="Nettokostnad, mnkr") or f"{title}: ingen rad har ändrats."


def since_last_figure(result: Result) -> Shown:
    """From last month's prognosis to this month's."""
    return bridge_figure(result, SINCE_LAST)


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
    size = error_said(here.iloc[0] if len(here) else frame["vald_procent"].iloc[-1])
    title = f"Prövat på tidigare år har prognosen efter lika många månader slagit fel med {size} i snitt"
    names = [name[:3] for name in frame["manad"]]
    alt = f"Rapportens val av metod, felet i snitt i procent: {course(names, series['Rapportens val av metod'])}."
    return lines(names, series, title=title, alt=alt, mattenhet="Felet i snitt, % av årets nettokostnad")
