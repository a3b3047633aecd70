"""A decision list with a row per event: decided, ordered, carried out, ended. One row per decision and level."""

import pandas as pd

from planbok.base.errors import Fault
from planbok.base.numbers import cell_text
from planbok.inputs.imports.periods import read_day
from planbok.inputs.imports.profile import Profile

DECISION = "beslut"
LEVEL = "niva"
STARTS, ENDS = "fran", "till"
DAY_BEFORE = pd.Timedelta(days=1)


def merged_events(
    rows: pd.DataFrame, events: pd.Series, days: pd.Series, profile: Profile, file: str
) -> tuple[pd.DataFrame, list[Fault]]:
    """Events merged on the decision; a changed level ends one row and begins another.

    `profile.handelser` says which words of the event column set which date column. `fran` is the day carried out, or
    the day that its own event says; a level that differs from the row before begins on its event's day.
    """
    words = {word.casefold(): column for column, names in profile.handelser.items() for word in names}
    kinds = events.map(lambda cell: words.get(cell_text(cell).casefold(), ""))
    dates = days.map(lambda cell: read_day(cell_text(cell)))
    faults = [
        Fault("export", file, int(line), "händelser", text, "event")
        for bad, text in (
            (kinds.eq(""), "händelsen finns inte under handelser i profilen. Lägg till den, eller utelämna raden."),
            (dates.isna(), "händelsens datum går inte att läsa."),
        )
        for line in kinds.index[bad]
    ][:20]
    found = []
    for _, part in rows.groupby(DECISION, sort=False):
        order = sorted(part.index, key=lambda line: (str(dates[line]), line))
        found += _decision(part.loc[order], kinds, dates)
    merged = pd.DataFrame(found)
    return merged.set_index("_rad") if len(merged) else rows, faults


def _decision(part: pd.DataFrame, kinds: pd.Series, dates: pd.Series) -> list[dict]:
    """One decision's rows: the dates that its events set, split where the level changes."""
    set_dates: dict[str, str] = {}
    levels: list[tuple[str, str]] = []
    for line in part.index:
        day = dates[line].isoformat() if dates[line] else ""
        column = kinds[line]
        if column and (column == ENDS or column not in set_dates):
            set_dates[column] = day
        level = part.loc[line, LEVEL] if LEVEL in part else ""
        if level and (not levels or level != levels[-1][0]):
            levels.append((level, day))
    first = part.iloc[0].to_dict() | set_dates
    first.setdefault(STARTS, first.get("verkstalld") or first.get("beslutsdatum") or "")
    rows = []
    for place, (level, since) in enumerate(levels or [("", "")]):
        row = dict(first, _rad=part.index[0])
        if level:
            row[LEVEL] = level
        if place:
            row[STARTS], row[DECISION] = since, f"{first[DECISION]}n{place + 1}"
        if place + 1 < len(levels):
            row[ENDS] = (pd.Timestamp(levels[place + 1][1]) - DAY_BEFORE).date().isoformat()
        rows.append(row)
    return rows
