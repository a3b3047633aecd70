"""What explains the difference between two versions of the year, and how good the prognosis is: the tables."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from planbok.analysis.forecast import METHODS, MONTHS, NAIVE
from planbok.base.numbers import KR_PER_MNKR, mnkr
from planbok.base.periods import MONTH_NAMES, days_in_month, month_span
from planbok.case.result import CLOSES_WITHIN_KR, Column, Table
from planbok.inputs.tables.control_totals import TOTAL_ROW
from planbok.ledger.budget_rows import VERSIONS
from planbok.topics.follow_up import accuracy
from planbok.topics.follow_up.bridges import (
    CLOSED,
    COLUMNS,
    bridge,
    difference,
    known_ahead,
    known_in_year,
    known_to_date,
    merged,
)
from planbok.topics.follow_up.choices import METHOD_NAMES
from planbok.topics.follow_up.study import Study, smallest_group
from planbok.topics.follow_up.tables import (
    computed_after,
    first_large,
    months_table,
    row_months_table,
    said_before,
)

TO_PROGNOSIS, TO_OUTTURN, SINCE_LAST, BETWEEN = "budget_prognos", "budget_utfall", "forra_prognosen", "scenarier"
NAMES = {NAIVE: "samma månader förra året", accuracy.CHOSEN: "rapportens val"}


@dataclass(frozen=True)
class Last:
    """The prognosis before this one: after which month, kr, and whether it was reported then or is computed now."""

    tom: int
    kr: float
    reported: bool
    closed_kr: float | None  # what closed months have changed by since; None where it can't be known


def last_prognosis(study: Study) -> Last | None:
    """The latest reported prognosis of an earlier month, else last month's as computed today; None in January."""
    for tom in range(study.tom - 1, 0, -1):
        report = said_before(study, tom)
        if report is not None and report.figure("prognos_mnkr") is not None:
            return Last(tom, report.figure("prognos_mnkr") * KR_PER_MNKR, True, _closed_change(study, report, tom))
    if study.tom == 1:
        return None
    return Last(study.tom - 1, computed_after(study.prognosis, study.tom - 1).amounts.prognos, False, None)


def _closed_change(study: Study, report, tom: int) -> float | None:
    then = {row["manad"]: row["utfall_kr"] for row in report.tabeller.get("per_manad", [])}
    now = months_table(study).frame.set_index("manad")["utfall_kr"].iloc[:tom]
    said = pd.Series({month: then.get(month) for month in now.index}, dtype=float)
    return None if said.isna().any() or now.isna().any() else float((now - said).sum())


def closed_months(study: Study) -> pd.DataFrame:
    """The closed months of each row that have changed since the last reported prognosis: budgetrad, manad, kr."""
    last = last_prognosis(study)
    if last is None or not last.reported:
        return pd.DataFrame(columns=["budgetrad", "manad", "kr"])
    rows = said_before(study, last.tom).tabeller.get("utfall_per_rad", [])
    then = pd.DataFrame(rows)
    if then.empty:
        return pd.DataFrame(columns=["budgetrad", "manad", "kr"])
    long = [
        frame.melt("budgetrad", var_name="manad", value_name="kr").set_index(["budgetrad", "manad"])["kr"].astype(float)
        for frame in (row_months_table(study).frame, then)
    ]
    changed = (long[0].reindex(long[1].index) - long[1]).dropna()
    found = changed[changed.abs() >= CLOSES_WITHIN_KR].reset_index()
    return found[found["budgetrad"] != TOTAL_ROW].reset_index(drop=True)


def decisions(study: Study, since: date) -> tuple[dict[str, float], bool]:
    """What decisions explain of the year since a day, kr by cause, and whether it is withheld for few persons' sake."""
    if study.drivers is None:
        return {}, False
    kr, persons = study.drivers(since, month_end(study.case.ar, study.tom))
    if any(0 < count < smallest_group(study.case) for count in persons.values()):
        return {}, True
    return kr, False


def month_end(ar: int, month: int) -> date:
    """The last day of a month."""
    return date(ar, month, days_in_month(ar, month))


def bridge_table(study: Study) -> Table:
    """From budget to prognosis, from budget to outturn so far, from last prognosis to this, and between scenarios."""
    found, amounts = study.prognosis, study.prognosis.amounts
    budget, month = first_large(VERSIONS[study.version][0]), MONTH_NAMES[study.tom - 1]
    end = (f"Prognos efter {month}", amounts.prognos)
    planned = float(months_table(study).frame["budget_kr"].iloc[: study.tom].sum(skipna=False))
    new_year = month_end(study.case.ar - 1, MONTHS)
    decided, hidden = decisions(study, new_year)
    bridges = [
        bridge(TO_PROGNOSIS, (budget, amounts.budget), merged(known_in_year(found), decided), end, hidden),
        bridge(
            TO_OUTTURN,
            (f"Budget {month_span(1, study.tom)}", planned),
            known_to_date(found),
            (f"Utfall {month_span(1, study.tom)}", amounts.utfall),
        ),
    ]
    last = last_prognosis(study)
    if last is not None:
        before = computed_after(found, last.tom)
        known = difference(known_in_year(found), known_in_year(before))
        decided, hidden = decisions(study, month_end(study.case.ar, last.tom))
        known = merged(merged(known, decided), {CLOSED: last.closed_kr or 0.0})
        start = (f"Prognos efter {MONTH_NAMES[last.tom - 1]}", last.kr)
        bridges.append(bridge(SINCE_LAST, start, known, end, hidden))
    if study.versus is not found:
        known = difference(known_ahead(found), known_ahead(study.versus))
        start = (f"Prognos med {study.case.jamfor_med.id}", study.versus.amounts.prognos)
        bridges.append(bridge(BETWEEN, start, known, end))
    frame = pd.concat(bridges, ignore_index=True)
    titles = {
        TO_PROGNOSIS: "Budget till prognos",
        TO_OUTTURN: "Budget till utfall",
        SINCE_LAST: "Förra prognosen till denna",
        BETWEEN: "Jämförelsen till scenariot",
    }
    frame["namn"] = frame["brygga"].map(titles)
    columns = (Column("namn", "Brygga"), Column("steg", "Steg"), Column("kr", "Nettokostnad"))
    return Table("brygga", "Steg för steg mellan årets versioner", frame, columns, extra=tuple(COLUMNS[0:3:2]))


def accuracy_table(study: Study) -> Table | None:
    """Mean error of prognoses made after the same month, by source, method and row; None without a whole year."""
    summed = accuracy.summed_up(study.errors) if len(study.errors) else study.errors
    month = min(study.tom, MONTHS - 1)
    here = summed[summed["tom_manad"] == month] if len(summed) else summed
    total = here["budgetrad"] == TOTAL_ROW if len(here) else False
    here = here[total | here["metod"].isin([accuracy.CHOSEN, NAIVE])] if len(here) else here
    if here.empty:
        return None
    frame = here.assign(
        namn=[NAMES.get(name, METHOD_NAMES.get(name, name)) for name in here["metod"]],
        medelfel_mnkr=mnkr(here["medelfel_kr"]),
    )
    order = {accuracy.CHOSEN: 0, NAIVE: 1, **{name: 2 + i for i, name in enumerate(METHODS)}}
    frame = frame.assign(_first=frame["budgetrad"] != TOTAL_ROW, _order=frame["metod"].map(order))
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
    title = f"Hur fel en prognos efter {MONTH_NAMES[month - 1]} har blivit"
    return Table("prognossakerhet", title, frame, columns, extra=("metod", "tom_manad"))


def horizon_table(study: Study) -> Table | None:
    """The unit's mean error after each month: the report's methods beside the seasonal naive one."""
    if not len(study.errors):
        return None
    rows = accuracy.summed_up(study.errors[study.errors["budgetrad"] == TOTAL_ROW])
    rows = rows[(rows["kalla"] == accuracy.HISTORY) & rows["metod"].isin([accuracy.CHOSEN, NAIVE])]
    wide = rows.pivot_table(index="tom_manad", columns="metod", values="medelfel_procent", sort=False)
    frame = wide.reindex(columns=[accuracy.CHOSEN, NAIVE]).sort_index().reset_index()
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
    rows = study.errors[study.errors["budgetrad"] == TOTAL_ROW] if len(study.errors) else study.errors
    for kalla in (accuracy.EARLIER, accuracy.HISTORY):
        here = rows[(rows["kalla"] == kalla) & (rows["metod"] == accuracy.CHOSEN)] if len(rows) else rows
        found = here[here["tom_manad"] == study.tom]["fel_procent"].abs().dropna() if len(here) else here
        enough = kalla == accuracy.HISTORY or len(found) >= study.limits.fewest
        if len(found) and enough:
            return float(found.mean()), kalla
    return None, "inget tidigare år är helt känt"
