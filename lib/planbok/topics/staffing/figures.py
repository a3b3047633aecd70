"""Staffing's figures: the months beside last year's, groups, what moved; protected tables only."""

import numpy as np

from planbok.base.numbers import format_number, format_unit
from planbok.base.periods import MONTH_NAMES, month_number, short_month
from planbok.case.result import Result
from planbok.report.bridge import drawn
from planbok.report.charts import LATER, MONTHS, PALE, course, multiples
from planbok.report.figure import ASSUMPTION, BASELINE, SCENARIO, TARGET, Shown, bars, lines
from planbok.report.marks import moving
from planbok.topics.staffing.bridges import TO_SCENARIO
from planbok.topics.staffing.key_figures import SICK_LEAVE, target_of
from planbok.topics.staffing.sliders import expected
from planbok.topics.staffing.study import Study
from planbok.topics.staffing.tables import SMALL, UNIT


def month_figure(study: Study, result: Result) -> Shown:
    """The year's sick leave month by month, last year's beside it, and what the target asks of the rest."""
    so_far = result.nyckeltal["sjukfranvaro_procent"]
    if so_far.varde is None:
        return f"Sjukfrånvaron månad för månad {so_far.why}."
    months = result.tabeller["per_manad"].frame
    months = months[months["grupp"] == UNIT]
    now = dict(zip(month_number(months["manad"]) % 12, months["sjukfranvaro_procent"], strict=True))
    last_year = [result.fakta[f"i_fjol_{month}_procent"].varde for month in range(1, 13)]
    before = np.array(last_year, dtype=float).tolist()
    shown = {f"{study.ar - 1}": before} if not np.isnan(before).all() else {}
    shown[f"{study.ar}"] = [now.get(place, np.nan) for place in range(12)]
    levels = {}
    needed = result.nyckeltal["kravs_resten_av_aret_procent"].varde
    target = target_of(study, SICK_LEAVE)
    if target is not None and target.strictest is not None:
        levels = {f"Mål {format_number(target.strictest[0])} %": target.strictest[0]}
        if needed is not None:
            shown["Krävs i snitt"] = [np.nan] * study.tom_manad + [needed] * (12 - study.tom_manad)
    ahead = [found.varde for month in range(1, 13) if (found := result.fakta.get(f"vantas_{month}_procent"))]
    if ahead and None not in ahead:
        known = [*shown[f"{study.ar}"][: study.tom_manad][-1:], *ahead]
        shown["Väntas"] = [np.nan] * (12 - len(known)) + known
    title = f"Sjukfrånvaron är {format_unit(so_far.varde, 'procent')} till och med {MONTH_NAMES[study.tom_manad - 1]}"
    if needed is not None:
        title += f"; resten av året får snittet vara högst {format_unit(needed, 'procent')}"
    alt = f"Sjukfrånvaro {study.ar} per månad, procent: {course(MONTHS, shown[str(study.ar)])}."
    meant = {f"{study.ar - 1}": BASELINE, "Krävs i snitt": ASSUMPTION, "Väntas": LATER}
    band, said = _rest(study, result)
    figure = lines(
        MONTHS,
        shown,
        title=title,
        alt=alt + said,
        mattenhet="Sjukfrånvaro, %",
        colors=[meant.get(name, SCENARIO) for name in shown],
        from_zero=False,
        levels=levels,
        band=band,
    )
    return moving(figure, "Väntas", [expected(month) if month > study.tom_manad else "" for month in range(1, 13)])


def _rest(study: Study, result: Result) -> tuple[tuple[list[float], list[float]] | None, str]:
    """The band of what the rest of the year may be in a month, also in words; none where no range is claimed."""
    low, high = (result.fakta[f"resten_{name}_procent"].varde for name in ("lag", "hog"))
    if low is None or high is None or study.tom_manad == 12:
        return None, ""
    empty, left = [np.nan] * study.tom_manad, 12 - study.tom_manad
    ends = f"{format_number(low)}–{format_unit(high, 'procent')}"
    return ([*empty, *[low] * left], [*empty, *[high] * left]), f" Resten av året: troligt spann i snitt {ends}."


def length_figure(study: Study, result: Result) -> Shown:
    """The sick hours of each month by how long the absence is: days 1-14, longer, and 60 days or more."""
    months = result.tabeller["per_manad"].frame
    months = months[months["grupp"] == UNIT]
    columns = ["avtalad_tid_h", "sjuk_h", "sjukfranvaro_dag_1_14_procent", "sjuk_60_dagar_andel_procent"]
    if months.empty or months[columns].isna().any(axis=None):
        return f"Frånvarons längd visas inte som figur: {result.nyckeltal['sjuk_60_dagar_andel_procent'].why}."
    short = months["avtalad_tid_h"] * months["sjukfranvaro_dag_1_14_procent"] / 100
    long = months["sjuk_h"] * months["sjuk_60_dagar_andel_procent"] / 100
    parts = {"Dag 1–14": short, "Dag 15–59": months["sjuk_h"] - short - long, "60 dagar eller mer": long}
    names = [short_month(manad) for manad in months["manad"]]
    share = format_unit(100 * long.sum() / months["sjuk_h"].sum(), "procent", 0)
    title = f"{share} av sjuktiden är i fall på 60 dagar eller mer"
    alt = "; ".join(f"{name}, timmar: {course(names, hours.tolist(), 0)}" for name, hours in parts.items()) + "."
    return bars(
        names,
        {name: hours.tolist() for name, hours in parts.items()},
        title=title,
        alt=alt,
        mattenhet="timmar",
        colors=(PALE, BASELINE, SCENARIO),
        decimaler=0,
        stacked=True,
        horizontal=False,
    )


def group_figure(study: Study, result: Result) -> Shown:
    """Sick leave of each group month by month, as it is shown, all on one scale."""
    frame = result.tabeller["per_manad_grupp"].frame
    rows = frame[frame["sjukfranvaro_procent"].notna()]
    if rows["grupp"].nunique() < 2:
        return "Grupperna är för få eller för små för en figur."
    names = [short_month(manad) for manad in dict.fromkeys(rows["manad"])]
    found = {str(group): its["sjukfranvaro_procent"].tolist() for group, its in rows.groupby("grupp", sort=False)}
    panels = {group: {"Sjukfrånvaro": points} for group, points in found.items() if len(points) == len(names)}
    if len(panels) < 2:
        return "Grupperna är för få eller för små för en figur."
    panels = dict(sorted(panels.items(), key=lambda one: (one[0] == SMALL, -one[1]["Sjukfrånvaro"][-1])))
    last = {group: lines["Sjukfrånvaro"][-1] for group, lines in panels.items() if group != SMALL}
    top = max(last or dict.fromkeys(panels, 0.0), key=lambda group: last.get(group, 0.0))
    title = f"Högst i {MONTH_NAMES[study.tom_manad - 1]} är {top}, {format_unit(last.get(top, 0.0), 'procent')}"
    alt = "; ".join(f"{group}: {course(names, lines['Sjukfrånvaro'])}" for group, lines in panels.items()) + "."
    colors = {"Sjukfrånvaro": SCENARIO}
    return multiples(names, panels, title=title, alt=alt, mattenhet="Sjukfrånvaro, %", colors=colors)


def staffing_figure(study: Study, result: Result) -> Shown:
    """Overtime and hired staff month by month."""
    months = result.tabeller["per_manad"].frame
    months = months[months["grupp"] == UNIT]
    last = months.iloc[-1]
    name = MONTH_NAMES[study.tom_manad - 1]
    overtime, hired = (format_number(last[column], 0) for column in ("overtid_h", "inhyrd_h"))
    title = f"Övertiden var {overtime} timmar i {name}, inhyrd tid {hired}"
    shown = {"Övertid": months["overtid_h"].tolist(), "Inhyrd personal": months["inhyrd_h"].tolist()}
    names = [short_month(manad) for manad in months["manad"]]
    pairs = zip(names, months["overtid_h"], strict=True)
    listed = ", ".join(f"{month} {format_number(hours, 0)}" for month, hours in pairs)
    alt = f"Övertid per månad, timmar: {listed}."
    return lines(names, shown, title=title, alt=alt, mattenhet="timmar", colors=(SCENARIO, TARGET), decimaler=0)


def bridge_figure(study: Study, result: Result) -> Shown:
    """What moved: kronor from the comparison to the scenario where both are known, else sick hours from last year."""
    frame = result.tabeller["brygga"].frame
    if frame.empty:
        return "Det finns inget att jämföra med: samma månader året före saknas."
    if np.isnan(frame["sjuk_h"].astype(float)).all():
        return f"Skillnaden {result.nyckeltal['sjukfranvaro_procent'].why}."
    last = frame[frame["brygga"] == frame["brygga"].iloc[-1]]
    column = "kr" if last["brygga"].iloc[0] == TO_SCENARIO and last["kr"].notna().all() else "sjuk_h"
    rows = last if column == "kr" else frame[frame["brygga"] == frame["brygga"].iloc[0]]
    unit, size, digits = ("Sjuklön och ersättare, mnkr", 1e6, 2) if column == "kr" else ("Sjuktimmar", 1, 0)
    start, end = rows.iloc[0], rows.iloc[-1]
    difference = (end[column] - start[column]) / size
    how, what = "fler" if difference >= 0 else "färre", "timmar"
    if column == "kr":
        how, what = ("mer" if difference >= 0 else "mindre"), "mnkr"
    title = f"{end['steg']}: {format_number(abs(difference), digits)} {what} {how} än {start['steg'].lower()}"
    found = drawn(rows, title=title, mattenhet=unit, decimaler=digits, kolumn=column, per=size)
    return found or f"{rows['brygga'].iloc[0].capitalize()}: inget har ändrats."
