"""What an operation costs per user, hour and place, where its outturn and the other are both in the tables."""

import numpy as np
import pandas as pd

from planbok.analysis.targets import slug
from planbok.base.numbers import mnkr
from planbok.base.periods import months
from planbok.case.case import Case
from planbok.case.result import Column, People, Table
from planbok.disclosure.operations import USERS
from planbok.topics.follow_up.sheet import people
from planbok.topics.follow_up.study import Study

STAFFING, WORKING = "bemanning", "anstallda"


def efficiency_table(study: Study) -> Table | None:
    """The prognosis and the budget of each operation per user; None where no operation has users and outturn.

    kr_per_brukare = prognosis / users, the middle where the source gives a range
    """
    stated, leaves = people(study.case), study.prognosis.by_leaf
    if stated.empty:
        return None
    leaves = leaves.assign(budget=leaves["budget"] + leaves["ram"])
    sums = leaves.groupby("verksamhet", sort=False)[["budget", "prognos"]].sum(skipna=False)
    users = stated[[f"{USERS}_lag", f"{USERS}_hog"]].mean(axis=1, skipna=False)
    frame = sums.join(users.rename(USERS), how="inner").dropna(subset=[USERS])
    frame = frame[frame[USERS] > 0]
    if frame.empty:
        return None
    found = pd.DataFrame(
        {
            "verksamhet": frame.index,
            "brukare_antal": frame[USERS].to_numpy(),
            "prognos_mnkr": mnkr(frame["prognos"]).to_numpy(),
            "kr_per_brukare": (frame["prognos"] / frame[USERS]).to_numpy(),
            "budget_kr_per_brukare": (frame["budget"] / frame[USERS]).to_numpy(),
        }
    )
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("brukare_antal", "Brukare", mattenhet="personer", tells=(USERS,)),
        Column("prognos_mnkr", "Prognos", decimaler=2),
        Column("kr_per_brukare", "Per brukare, prognos", mattenhet="kr", tells=(USERS,)),
        Column("budget_kr_per_brukare", "Per brukare, budget", mattenhet="kr", tells=(USERS,)),
    )
    return Table("effektivitet", "Vad en brukare kostar, verksamhet för verksamhet", found, columns, part="verksamhet")


def hours_table(study: Study) -> Table | None:
    """What an operation's outturn so far is per hour worked by its own staff, this year and the same months last year.

        kr_per_timme = net outturn January to the month / hours worked then

    None where `bemanning` has hours of no operation of the outturn.
    """
    staffed = _staffed(study.case)
    if staffed.empty:
        return None
    found, last = study.prognosis, study.case.ar - 1
    names = found.books.leaves["verksamhet"].to_numpy()
    money = {study.case.ar: found.net(found.books.to_date)}
    if last in found.books.years:
        past = found.books.past[found.books.years.index(last), :, :, : study.tom].sum(axis=2)
        money[last] = found.net(past)
    rows = {name: None for name in names if name in set(staffed["verksamhet"])}
    frame = pd.DataFrame({"verksamhet": list(rows)})
    for year, suffix in ((study.case.ar, ""), (last, "_fore")):
        kr = pd.Series(money.get(year, np.full(len(names), np.nan))).groupby(names).sum(min_count=1)
        hours = _hours(staffed, year, study.tom)
        frame[f"kr_per_timme{suffix}"] = frame["verksamhet"].map(kr / hours.reindex(kr.index))
    frame.insert(1, "arbetad_tid_h", frame["verksamhet"].map(_hours(staffed, study.case.ar, study.tom)))
    frame = frame[frame["kr_per_timme"].notna()].reset_index(drop=True)
    if frame.empty:
        return None
    columns = (
        Column("verksamhet", "Verksamhet"),
        Column("arbetad_tid_h", "Arbetade timmar", tells=(WORKING,)),
        Column("kr_per_timme", "Per timme", mattenhet="kr", tells=(WORKING,)),
        Column("kr_per_timme_fore", f"Per timme {last}", mattenhet="kr", tells=(WORKING,)),
    )
    title = "Vad en arbetad timme kostar, verksamhet för verksamhet"
    return Table("effektivitet_timmar", title, frame, columns, part="verksamhet")


def places_table(study: Study) -> Table | None:
    """The prognosis of a home per place, where an operation or a budget row has the home's name; None without one."""
    case = study.case
    if not case.has_rows("boenden"):
        return None
    homes = case.unit_rows("boenden").set_index("boende")["platser"]
    leaves = study.prognosis.by_leaf
    named = leaves["verksamhet"].where(leaves["verksamhet"] != "", leaves["budgetrad"])
    sums = leaves.assign(budget=leaves["budget"] + leaves["ram"]).groupby(named, sort=False)[["budget", "prognos"]]
    sums = sums.sum(skipna=False)
    frame = sums.assign(platser_antal=[homes.get(slug(name), np.nan) for name in sums.index])
    frame = frame[frame["platser_antal"] > 0].rename_axis("boende").reset_index()
    if frame.empty:
        return None
    frame["kr_per_plats"] = frame["prognos"] / frame["platser_antal"]
    frame["budget_kr_per_plats"] = frame["budget"] / frame["platser_antal"]
    columns = (
        Column("boende", "Boende"),
        Column("platser_antal", "Platser"),
        Column("kr_per_plats", "Per plats, prognos", mattenhet="kr"),
        Column("budget_kr_per_plats", "Per plats, budget", mattenhet="kr"),
    )
    kept = frame.drop(columns=["budget", "prognos"])
    return Table("effektivitet_platser", "Vad en plats kostar, boende för boende", kept, columns)


def working(case: Case) -> dict[str, People]:
    """The employees by operation, month by month: whom hours tell of."""
    staffed = _staffed(case)
    if staffed.empty:
        return {}
    counts = staffed.pivot_table(index="manad", columns="verksamhet", values="anstallda", aggfunc="sum", fill_value=0)
    return {WORKING: People(counts.sort_index())}


def _staffed(case: Case) -> pd.DataFrame:
    """The unit's rows of `bemanning` that name an operation; none where there are no such."""
    if not case.has_rows(STAFFING):
        return pd.DataFrame()
    rows = case.unit_rows(STAFFING)
    return rows[rows["verksamhet"] != ""]


def _hours(staffed: pd.DataFrame, year: int, tom: int) -> pd.Series:
    """The hours of each operation from January to a month; NaN where a month is missing or unknown."""
    wanted = months(year, year)[:tom]
    rows = staffed[staffed["manad"].isin(wanted)]
    sums = rows.groupby("verksamhet")["arbetad_tid_h"].sum(skipna=False)
    whole = rows.groupby("verksamhet")["manad"].nunique() == tom
    return sums.where(whole & (sums > 0))
