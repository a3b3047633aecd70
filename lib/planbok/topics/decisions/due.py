"""Follow-ups by the month of their last day, and what is overdue at its end if none is done."""

import pandas as pd

from planbok.base.periods import long_month
from planbok.case.result import Column, Table, no_number
from planbok.topics.decisions.people import AHEAD, Persons
from planbok.topics.decisions.study import Study

TITLE = "Uppföljningar {} månader framåt"


def follow_up_table(study: Study, who: Persons) -> Table:
    """Follow-ups by the month of their last day, and how many are overdue at its end if none of them is done.

    Others than the unit see the second only where no month is of few: it sums all months before.
    """
    months, why = list(who.ahead.index), study.why_not("foljd_upp")
    counts = who.due_month.value_counts().reindex(months).fillna(0).astype(int)
    of_month: list[tuple] = [((AHEAD, (month, "")),) for month in months]
    so_far = [tuple((AHEAD, (month, "")) for month in months[: row + 1]) for row in range(len(months))]
    numbers: dict[str, tuple[pd.Series, list[tuple], str]] = {"forfaller_antal": (counts, of_month, "Ska följas upp")}
    if not who.ahead.between(1, study.fewest - 1).any():
        numbers["forfallna_antal"] = (counts.cumsum(), so_far, "Försenade om inget görs")
    frame = pd.DataFrame({"manad": months, **{key: made.tolist() for key, (made, _, _) in numbers.items()}})
    frame["manad_namn"] = [f"Redan försenade {study.date}", *map(long_month, months[1:])]
    if why:
        frame[list(numbers)] = float("nan")
    labels = [Column(key, label) for key, (_, _, label) in numbers.items()]
    later = "Beslut som har följts upp efter dagen"
    if not study.stands:
        later = f"{study.followed_later} beslut har följts upp efter dagen och"
    return Table(
        "uppfoljningar",
        TITLE.format(len(months) - 1),
        frame,
        (Column("manad_namn", "Sista dag"), *labels),
        note=f"{later} är inte med." if study.followed_later else "",
        extra=("manad",),
        told={key: told for key, (_, told, _) in numbers.items()},
        celler=no_number(frame, numbers, why),
    )
