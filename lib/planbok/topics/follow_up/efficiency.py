"""What an operation's year costs per user, where both its outturn and its users are in the tables."""

import pandas as pd

from planbok.base.numbers import mnkr
from planbok.case.result import Column, Table
from planbok.disclosure.operations import USERS
from planbok.topics.follow_up.sheet import people
from planbok.topics.follow_up.study import Study
from planbok.topics.follow_up.tables import by_leaf


def efficiency_table(study: Study) -> Table | None:
    """The prognosis and the budget of each operation per user; None where no operation has users and outturn.

    kr_per_brukare = prognosis / users, the middle where the source gives a range
    """
    stated, leaves = people(study.case), by_leaf(study)
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
