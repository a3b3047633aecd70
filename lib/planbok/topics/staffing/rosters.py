"""Rosters: how much of a week somebody is there, of which kind, and whether it is enough on leave days."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
import pandas as pd

from planbok.analysis.targets import slug
from planbok.case.case import Case
from planbok.case.result import Column, Table
from planbok.inputs.tables.specs_people import PRESENCE
from planbok.topics.staffing.people import STAFF

ROSTER, LEAVE_RULE = "schema", "bemanning.minsta_narvaro"
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MINUTES_PER_HOUR = 60
MINUTES = 24 * MINUTES_PER_HOUR
KIND_NAMES = {"aktiv": "Aktiv tid", "vaken_natt": "Vaken natt", "sovande_jour": "Sovande jour", "jour": "Jour"}
SHOWN = ("grupp", "tackning_h", "tackning_procent", "obemannad", "lediga_antal")
NOTE = (
    "Närvaro under en vecka, inte arbetad tid: jour är närvaro. Timmar efter midnatt räknas på radens egen veckodag. "
    "Kravet gäller lovdagar; så många av dem som är där kan då vara lediga samtidigt."
)


def presence(rows: pd.DataFrame) -> np.ndarray:
    """How many are there, (kind of PRESENCE, weekday, minute of the day).

    A row is one weekday of a pattern that repeats: from `fran_kl` to `till_kl`, and over midnight where that is not
    later. What is after midnight is counted on the row's own weekday, so that "weekdays 15.00–9.00" is 18 hours of
    each of five days.
    """
    start, end = (_minutes(rows[name])[:, None] for name in ("fran_kl", "till_kl"))
    minute = np.arange(MINUTES)
    there = np.where(end > start, (minute >= start) & (minute < end), (minute >= start) | (minute < end))
    found = np.zeros((len(PRESENCE), len(DAYS), MINUTES))
    kind = rows["slag"].map(PRESENCE.index).to_numpy()
    np.add.at(found, (kind, rows["veckodag"].to_numpy(int) - 1), there * rows["antal"].to_numpy(float)[:, None])
    return found


def _minutes(times: pd.Series) -> np.ndarray:
    parts = times.str.split(":", expand=True).astype(int)
    return (parts[0] * MINUTES_PER_HOUR + parts[1]).to_numpy()


def coverage(rows: pd.DataFrame) -> pd.DataFrame:
    """A week by group, hours: when somebody is there, of each kind, and of all hours; who is fewest, and when nobody.

    Parameters
    ----------
    rows : grupp, slag, veckodag (1-7), fran_kl, till_kl, antal

    Returns
    -------
    DataFrame grupp, tackning_h, tackning_procent, a column of hours per kind, minst_antal, obemannad.

    >>> days = [{"grupp": "A", "slag": "aktiv", "veckodag": day, "fran_kl": "15:00", "till_kl": "09:00", "antal": 1}
    ...     for day in range(1, 6)]
    >>> ends = [row | {"veckodag": day, "fran_kl": "00:00", "till_kl": "00:00"} for day, row in zip((6, 7), days)]
    >>> found = coverage(pd.DataFrame(days + ends)).loc[0]
    >>> float(found["tackning_h"]), round(float(found["tackning_procent"]), 1), found["obemannad"]
    (138.0, 82.1, 'måndag–fredag 9.00–15.00')
    """
    found = []
    for grupp, its in rows.groupby("grupp", sort=True):
        by_kind = presence(its)
        together = by_kind.sum(axis=0)
        hours = {f"{kind}_h": _hours(by_kind[place]) for place, kind in enumerate(PRESENCE)}
        covered = _hours(together)
        share = 100 * covered / (together.size / MINUTES_PER_HOUR)
        fewest = float(together[together > 0].min()) if covered else 0.0
        row = {"grupp": grupp, "tackning_h": covered, "tackning_procent": share, **hours}
        found.append(row | {"minst_antal": fewest, "obemannad": _gaps(together)})
    return pd.DataFrame(found)


def _hours(count: np.ndarray) -> float:
    return float((count > 0).sum()) / MINUTES_PER_HOUR


def _gaps(together: np.ndarray) -> str:
    """When nobody is there, weekdays with the same hours together."""
    said = []
    for spans, days in groupby(range(len(DAYS)), key=lambda day: tuple(_spans(together[day] == 0))):
        listed = list(days)
        name = DAYS[listed[0]] if len(listed) == 1 else f"{DAYS[listed[0]]}–{DAYS[listed[-1]]}"
        said += [f"{name} {', '.join(f'{_clock(a)}–{_clock(b)}' for a, b in spans)}"] if spans else []
    return "; ".join(said)


def _spans(empty: np.ndarray) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], empty.astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _clock(minute: int) -> str:
    return f"{minute // MINUTES_PER_HOUR}.{minute % MINUTES_PER_HOUR:02d}"


def required(grupp: str, rule: Mapping[str, Mapping[str, int]]) -> tuple[int, int] | None:
    """The fewest who must be there on leave days, lowest and highest: of the rule whose name the group's begins with.

    >>> rule = {"gruppbostad": {"lagst": 1, "hogst": 1}, "myndighet": {"lagst": 2, "hogst": 3}}
    >>> required("Gruppbostad väst", rule), required("Myndighet", rule), required("Träfflokal", rule)
    ((1, 1), (2, 3), None)
    """
    names = [name for name in sorted(rule, key=len, reverse=True) if slug(grupp).startswith(name)]
    return (rule[names[0]]["lagst"], rule[names[0]]["hogst"]) if names else None


def roster_table(case: Case) -> Table | None:
    """Coverage of a week by group, and minimum presence on leave days; None without rosters."""
    rows = case.unit_rows(ROSTER) if case.has_rows(ROSTER) else None
    if rows is None:
        return None
    frame, rule = coverage(rows), case.rule_or_none(LEAVE_RULE) or {}
    needed = [required(grupp, rule) for grupp in frame["grupp"]]
    frame["krav"] = ["–" if span is None else _span(span) for span in needed]
    most = [np.nan if span is None else span[1] for span in needed]
    frame["lediga_antal"] = frame["minst_antal"] - np.array(most, float)
    kinds = [kind for kind in PRESENCE if frame[f"{kind}_h"].any()]
    columns = (
        Column("grupp", "Grupp"),
        Column("tackning_h", "Bemannade timmar av 168", decimaler=1),
        Column("tackning_procent", "Av veckan"),
        *(Column(f"{kind}_h", KIND_NAMES[kind], decimaler=1) for kind in kinds),
        Column("obemannad", "Obemannad"),
        Column("minst_antal", "Minst samtidigt", tells=(STAFF,)),
        Column("krav", "Krav på lovdagar"),
        Column("lediga_antal", "Kan vara lediga", tells=(STAFF,)),
    )
    unstated = ("saknas", f"{LEAVE_RULE} nämner inte gruppen")
    cells = {(row, "lediga_antal"): unstated for row, span in enumerate(needed) if span is None}
    return Table("tackning", "Bemanning över veckan", frame, columns, note=NOTE, part="grupp", celler=cells, visa=SHOWN)


def _span(span: tuple[int, int]) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]}–{span[1]}"
