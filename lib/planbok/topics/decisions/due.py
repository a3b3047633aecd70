"""Follow-ups by the month of their last day, months of few together for others than the unit."""

from collections.abc import Sequence

import pandas as pd

from planbok.base.periods import long_month
from planbok.case.result import Column, Table, no_number
from planbok.topics.decisions import counted
from planbok.topics.decisions.people import AHEAD, NOW, Persons
from planbok.topics.decisions.study import Study

TOGETHER = "Månader visas tillsammans tills de gäller minst {} personer."
NUMBERS = ("forfaller_antal", "forfallna_antal")


def follow_up_table(study: Study, who: Persons) -> Table:
    """Follow-ups by the month of their last day, and how many are overdue at its end if none of them is done."""
    why, spans = study.why_not("foljd_upp"), who.spans
    counts = who.due_month.value_counts().reindex([month for months in spans.values() for month in months])
    counts = counts.fillna(0).astype(int)
    frame = pd.DataFrame({"manad": list(spans), NUMBERS[0]: [counts[months].sum() for months in spans.values()]})
    frame[NUMBERS[1]] = frame[NUMBERS[0]].cumsum()
    frame["manad_namn"] = [_name(study, months) for months in spans.values()]
    if why:
        frame[list(NUMBERS)] = float("nan")
    told = [((AHEAD, (name, "")),) for name in spans]
    so_far = [tuple((AHEAD, (name, "")) for name in list(spans)[: row + 1]) for row in range(len(spans))]
    columns = (
        Column("manad_namn", "Sista dag"),
        Column("forfaller_antal", "Ska följas upp"),
        Column("forfallna_antal", "Försenade om inget görs"),
    )
    later = "Beslut som har följts upp efter dagen"
    if not study.stands:
        later = f"{study.followed_later} beslut har följts upp efter dagen och"
    note = [f"{later} är inte med."] if study.followed_later else []
    note += [TOGETHER.format(study.fewest)] if any(len(months) > 1 for months in spans.values()) else []
    title = f"Uppföljningar {sum(map(len, spans.values())) - 1} månader framåt"
    return Table(
        "uppfoljningar",
        title,
        frame,
        columns,
        note=" ".join(note),
        extra=("manad",),
        told=dict(zip(NUMBERS, (told, so_far), strict=True)),
        celler=no_number(frame, NUMBERS, why),
    )


def _name(study: Study, months: Sequence[str]) -> str:
    """The months of a row in words: "mars 2025", "november 2024–mars 2025", "mars 2025 och tidigare"."""
    first, last = months[0], months[-1]
    if first == NOW:
        return f"Redan försenade {study.date}" if last == NOW else f"{long_month(last)} och tidigare"
    return counted.months(first, last)
