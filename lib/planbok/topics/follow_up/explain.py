"""What explains the difference between two versions of the year, and how good the prognosis is: the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planbok.analysis.earlier import Earlier
from planbok.analysis.forecast import EVERY_METHOD, MONTHS, NAIVE
from planbok.analysis.uncertainty import order
from planbok.base.numbers import KR_PER_MNKR, format_unit, mnkr
from planbok.base.periods import MONTH_NAMES, month_end, month_span
from planbok.base.words import large
from planbok.case.checks import CLOSES_WITHIN_KR
from planbok.case.result import Column, Table
from planbok.case.said import filled, said
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.budget_rows import VERSIONS
from planbok.topics.follow_up import accuracy
from planbok.topics.follow_up.books import SIGN
from planbok.topics.follow_up.bridges import (
    CAUSE_NAMES,
    CLOSED,
    NEW_MONTHS,
    PARTS,
    bridge,
    decided,
    difference,
    inside,
    known_ahead,
    known_in_year,
    known_to_date,
    more,
    new_months,
)
from planbok.topics.follow_up.choices import METHOD_NAMES
from planbok.topics.follow_up.model import Prognosis
from planbok.topics.follow_up.study import Study
from planbok.topics.follow_up.tables import (
    months_table,
    planned_by_leaf,
    row_months_table,
    said_before,
    with_money,
)

TO_PROGNOSIS, TO_OUTTURN, SINCE_LAST, BETWEEN = "budget_prognos", "budget_utfall", "forra_prognosen", "scenarier"
TITLES = {
    TO_PROGNOSIS: "Budget till prognos",
    TO_OUTTURN: "Budget till utfall",
    SINCE_LAST: "Förra prognosen till denna",
    BETWEEN: "Jämförelsen till scenariot",
}
HINT_SHARE = 0.5  # another method is worth a hint where it has been wrong by half as much
NAMES = {NAIVE: "resten som förra årets månader", accuracy.CHOSEN: "rapportens val"}


@dataclass(frozen=True)
class Last:
    """The prognosis before this one: after which month, kr, and whether it was reported then or is computed now."""

    tom: int
    kr: pd.Series  # by budget row
    reported: bool
    closed_kr: float | None  # what closed months have changed by since; None where it can't be known


def last_prognosis(study: Study) -> Last | None:
    """The latest reported prognosis of an earlier month, else last month's as computed today; None in January."""
    before = range(1, study.tom)
    for tom in reversed(before):
        report = said_before(study, tom)
        kr = None if report is None else _reported(study, report)
        if kr is not None:
            return Last(tom, kr, True, _closed_change(study, report, tom))
    if not before:
        return None
    return Last(max(before), prognosis_rows(study.prognosis.after(max(before))), False, None)


def _reported(study: Study, report: Earlier) -> pd.Series | None:
    """What a report said of each row, kr; None where it did not say all that this one needs."""
    said = {row.get("budgetrad"): row.get("prognos_mnkr") for row in report.tabeller.get("prognos", [])}
    said.pop(TOTAL_ROW, None)
    rows = study.prognosis.books.budget_rows.index
    kr = pd.Series(said, dtype=float).reindex([*rows, *(row for row in said if row not in rows)], fill_value=0.0)
    return None if report.figure("prognos_mnkr") is None or kr.isna().any() else kr * KR_PER_MNKR


def prognosis_rows(found: Prognosis) -> pd.Series:
    """The prognosis of each budget row, kr."""
    return found.rows(found.net(found.model) + found.changes_ahead.sum(axis=1))


def _closed_change(study: Study, report: Earlier, tom: int) -> float | None:
    then = {row["manad"]: row["utfall_kr"] for row in report.tabeller.get("per_manad", [])}
    now = months_table(study).frame.set_index("manad")["utfall_kr"].iloc[:tom]
    said = pd.Series({month: then.get(month) for month in now.index}, dtype=float)
    return None if said.isna().any() or now.isna().any() else float((now - said).sum())


def closed_months(study: Study) -> pd.DataFrame:
    """The closed months of each row that have changed since the last reported prognosis: budgetrad, manad, kr."""
    nothing, last = pd.DataFrame(columns=["budgetrad", "manad", "kr"]), last_prognosis(study)
    report = said_before(study, last.tom) if last is not None and last.reported else None
    then = pd.DataFrame(report.tabeller.get("utfall_per_rad", []) if report else [])
    if then.empty:
        return nothing
    now, was = (
        frame.melt("budgetrad", var_name="manad", value_name="kr").set_index(["budgetrad", "manad"])["kr"].astype(float)
        for frame in (row_months_table(study).frame, then)
    )
    changed = (now.reindex(was.index) - was).dropna()
    found = changed[changed.abs() >= CLOSES_WITHIN_KR].reset_index()
    return found[found["budgetrad"] != TOTAL_ROW].reset_index(drop=True)


def decisions(study: Study, since: date) -> tuple[pd.DataFrame, str]:
    """What decisions explain of the year since a day, and why nothing is told of them where something was decided."""
    if study.decided is None:
        return decided({}, ""), ""
    found = study.decided(since, month_end(study.case.ar, study.tom))
    return decided(found.kr, found.budgetrad), found.why


@dataclass(frozen=True)
class Way:
    """One bridge: between which versions, row by row, what is known of it, and why not more."""

    name: str
    start: tuple[str, pd.Series]
    slut: tuple[str, pd.Series]
    known: pd.DataFrame
    why: str = ""


def ways(study: Study) -> tuple[Way, ...]:
    """Budget to prognosis, budget to outturn so far, last prognosis to this, and between scenarios."""
    found, tom = study.prognosis, study.tom
    leaves = study.prognosis.by_leaf
    budget = (found.books.budget_rows @ SIGN).add(found.rows(leaves["ram"].to_numpy(float)))
    end = (f"Prognos efter {MONTH_NAMES[tom - 1]}", prognosis_rows(found))
    new_year, why = decisions(study, month_end(study.case.ar - 1, MONTHS))
    known = pd.concat([known_in_year(found), new_year], ignore_index=True)
    planned = found.rows(planned_by_leaf(found)[:, :tom].sum(axis=1)).where(budget.notna())
    so_far = (f"Utfall {month_span(1, tom)}", found.rows(found.net(found.books.to_date)))
    made = [
        Way(TO_PROGNOSIS, (large(VERSIONS[study.version][0]), budget), end, known, why),
        Way(TO_OUTTURN, (f"Budget {month_span(1, tom)}", planned), so_far, known_to_date(found)),
    ]
    last = last_prognosis(study)
    if last is not None:
        made.append(_since(study, last, end))
    if study.versus is not found:
        versus = said(study.case.jamfor_med.titel, "jämförelsen")
        start = (filled("Prognos med {}", versus), prognosis_rows(study.versus))
        made.append(Way(BETWEEN, start, end, more(known_ahead(found), known_ahead(study.versus))))
    return tuple(made)


def _since(study: Study, last: Last, end: tuple[str, pd.Series]) -> Way:
    before = study.prognosis.after(last.tom)
    since, why = decisions(study, month_end(study.case.ar, last.tom))
    names = [MONTH_NAMES[month] for month in range(last.tom, study.tom)]
    closed = closed_months(study)
    closed = closed.assign(orsak=CLOSED, manad=[MONTH_NAMES[int(name[5:]) - 1] for name in closed["manad"]])
    known = [
        more(known_in_year(study.prognosis), known_in_year(before)),
        new_months(study.prognosis, before, names),
        since,
        closed[PARTS],
    ]
    start = (f"Prognos efter {MONTH_NAMES[last.tom - 1]}", last.kr)
    return Way(SINCE_LAST, start, end, pd.concat([part for part in known if len(part)], ignore_index=True), why)


def bridge_table(made: Sequence[Way]) -> Table:
    """Each bridge by budget row."""
    frames = [bridge(way.start, way.slut).assign(brygga=way.name, namn=TITLES[way.name]) for way in made]
    frame = pd.concat(frames, ignore_index=True)
    columns = (Column("namn", "Brygga"), Column("steg", "Steg"), Column("kr", "Nettokostnad"))
    return Table("brygga", "Rad för rad mellan årets versioner", frame, columns, extra=("brygga", "typ"))


def inside_table(made: Sequence[Way]) -> Table:
    """What explains each row's step in every bridge, the rest named as what it is."""
    frames = [
        inside(difference(way.start[1], way.slut[1]), way.known).assign(brygga=way.name, namn=TITLES[way.name])
        for way in made
    ]
    frame = pd.concat(frames, ignore_index=True)
    names = frame["orsak"].map(CAUSE_NAMES)
    frame["forklaring"] = (frame["manad"] + " mot väntat").where(frame["orsak"] == NEW_MONTHS, names)
    frame["forklaring"] = ("ändrat i " + frame["manad"]).where(frame["orsak"] == CLOSED, frame["forklaring"])
    columns = (
        Column("namn", "Brygga"),
        Column("budgetrad", "Budgetrad"),
        Column("forklaring", "varav"),
        Column("kr", "Nettokostnad", signed=True),
        Column("andel_procent", "Andel av radens ändring", decimaler=0, signed=False),
    )
    why = next((way.why for way in made if way.why), "")
    note = f"Vad beslut om insatser förklarar skyddas ({why}) och ingår i övrigt." if why else ""
    extra = ("brygga", "orsak", "manad")
    return Table("brygga_orsaker", "Vad som förklarar varje rads ändring", frame, columns, note=note, extra=extra)


def accuracy_table(study: Study) -> Table | None:
    """Mean error of prognoses made after the same month, by source, method and row; None without a whole year."""
    summed, month = study.errors_summed, min(study.tom, MONTHS - 1)
    shown = (summed["budgetrad"] == TOTAL_ROW) | summed["metod"].isin([accuracy.CHOSEN, NAIVE])
    here = summed[shown & (summed["tom_manad"] == month)]
    if here.empty:
        return None
    frame = here.assign(
        namn=[NAMES.get(name, METHOD_NAMES.get(name, name)) for name in here["metod"]],
        medelfel_mnkr=mnkr(here["medelfel_kr"]),
    )
    in_order = [accuracy.CHOSEN, NAIVE, *EVERY_METHOD].index
    frame = frame.assign(_first=frame["budgetrad"] != TOTAL_ROW, _order=frame["metod"].map(in_order))
    frame = frame.sort_values(["kalla", "_first", "budgetrad", "_order"], ascending=[False, True, True, True])
    columns = (
        Column("kalla", "Vilar på"),
        Column("budgetrad", "Budgetrad"),
        Column("namn", "Metod"),
        Column("antal", "Antal"),
        Column("medelfel_mnkr", "Felet i snitt", decimaler=2),
        Column("medelfel_procent", "Felet i snitt"),
    )
    frame = frame.drop(columns=["_first", "_order", "medelfel_kr"]).reset_index(drop=True)
    title = f"Så mycket har {MONTH_NAMES[month - 1]}prognosen slagit fel"
    return Table("prognossakerhet", title, frame, columns, extra=("metod", "tom_manad"))


def methods_errors_table(study: Study) -> Table | None:
    """What each method would have been wrong by on each row after this month, the one in use marked; a hint only."""
    errors = study.errors_summed
    here = errors[(errors["kalla"] == accuracy.HISTORY) & (errors["tom_manad"] == study.tom)]
    here = here[here["metod"].isin(EVERY_METHOD) & (here["budgetrad"] != TOTAL_ROW)]
    if here.empty:
        return None
    frame = pd.concat([_of_row(study, str(row), its) for row, its in here.groupby("budgetrad", sort=False)])
    rank = {row: place for place, row in enumerate(study.prognosis.books.budget_rows.index)}
    frame = frame.sort_values("budgetrad", key=lambda s: s.map(rank), kind="stable", ignore_index=True)
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("namn", "Metod"),
        Column("vald", "Används"),
        Column("antal", "Prövade år"),
        Column("medelfel_kr", "Felet i snitt", signed=False),
        Column("tips", "Att pröva"),
    )
    title = f"Så mycket hade varje metod slagit fel på varje rad efter {MONTH_NAMES[study.tom - 1]}"
    return Table("prognosmetoder", title, frame, columns, extra=("metod",))


def _of_row(study: Study, row: str, errors: pd.DataFrame) -> pd.DataFrame:
    """A row's methods with their errors, the smallest first, and a hint where another one has been better."""
    found = study.prognosis
    used = {found.used[place] for place in with_money(found, row)}
    frame = errors[["budgetrad", "metod", "antal", "medelfel_kr"]].sort_values("medelfel_kr", kind="stable")
    mine = frame["metod"].isin(used)
    frame = frame.assign(namn=frame["metod"].map(METHOD_NAMES), vald=mine.map({True: "ja", False: ""}), tips="")
    best, own = frame.iloc[0], frame[mine]
    if len(own) and not mine.iloc[0] and best["medelfel_kr"] <= HINT_SHARE * own["medelfel_kr"].min():
        ends = (format_unit(x / 1000, "tkr", 0) for x in (best["medelfel_kr"], own["medelfel_kr"].min()))
        hint = "{}: {} hade gett {} i fel, {} {}".format(row, best["namn"], next(ends), own["namn"].iloc[0], next(ends))
        frame.loc[frame.index[0], "tips"] = hint
    return frame


def judged_table(study: Study) -> Table | None:
    """Whether the manager's judgement was better than the model alone, row by row; None where none can be tried."""
    frame = accuracy.judged(study.reports, study.prognosis.books)
    if frame.empty:
        return None
    columns = (
        Column("budgetrad", "Budgetrad"),
        Column("antal", "Prövade gånger"),
        Column("battre", "Bättre än metoden ensam", mattenhet="st"),
        Column("fel_med_kr", "Felet i snitt med bedömningen", signed=False),
        Column("fel_utan_kr", "Felet i snitt utan den", signed=False),
    )
    return Table("bedomningsfacit", "Så har chefens bedömningar träffat", frame, columns)


def horizon_table(study: Study) -> Table | None:
    """The unit's mean error after each month: the report's methods beside the seasonal naive one."""
    rows = study.errors_summed
    if not len(rows):
        return None
    rows = rows[(rows["kalla"] == accuracy.HISTORY) & (rows["budgetrad"] == TOTAL_ROW)].set_index("tom_manad")
    means = {name: rows.loc[rows["metod"] == name, "medelfel_procent"].dropna() for name in (accuracy.CHOSEN, NAIVE)}
    frame = pd.DataFrame(means).sort_index().rename_axis("tom_manad").reset_index()
    frame["manad"] = [MONTH_NAMES[month - 1] for month in frame["tom_manad"]]
    frame = frame.rename(columns={accuracy.CHOSEN: "vald_procent", NAIVE: "sasongsnaiv_procent"})
    columns = (
        Column("manad", "Prognos efter"),
        Column("vald_procent", "Felet i snitt, rapportens val"),
        Column("sasongsnaiv_procent", "Felet i snitt, samma månader förra året"),
    )
    title = "Felet efter varje månad, prövat på tidigare år"
    return Table("prognossakerhet_manader", title, frame, columns, extra=("tom_manad",))


def mean_error(study: Study) -> tuple[float | None, str]:
    """The unit's mean error at this time of the year, per cent, and where it comes from (or why there is none)."""
    if study.tom == MONTHS:
        return None, "året är slut: prognosen är utfallet"
    for kalla in (accuracy.EARLIER, accuracy.HISTORY):
        found = accuracy.of_total(study.errors, kalla, study.tom)
        if len(found) and (kalla == accuracy.HISTORY or order(len(found), study.limits.level)):
            return float(abs(found).mean()), kalla
    if study.prognosis.books.years:
        return None, "metoderna har inte kunnat prövas så här tidigt på något helt år"
    return None, "inget tidigare år är helt känt"
