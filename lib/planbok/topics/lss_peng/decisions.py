"""Decisions on insatser: held against the rules, and moved by what a scenario says."""

from collections.abc import Callable
from dataclasses import dataclass
from math import modf

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, did_you_mean
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange
from planbok.inputs.tables.columns import REGI

CELL = ["insats", "niva", "regi"]
RUNNING = pd.Timestamp("2200-01-01")  # the end of a decision that has none
COLUMNS = ["beslut", "person", *CELL, "utforare", "fran", "till", "pris", "timmar", "tidsslag", "antal", "sista_natt"]
ONE_DAY = pd.Timedelta(days=1)
OWN_REGI = "kommunal"
MOST_SHOWN = 20
NO_DAY = np.iinfo(np.int32).max  # above the number of every day


@dataclass(frozen=True)
class TooFewError(Exception):
    """A change asks for more persons than there are."""

    number: NumberedChange
    wanted: float
    found: int


def prepare(rows: pd.DataFrame) -> pd.DataFrame:
    """The unit's decisions as the model takes them: COLUMNS, `till` far ahead where the decision has no end.

    `antal` is how many persons a row stands for: 1, or a part of one in a scenario's assumption. `sista_natt` says that
    the last day's night counts too where nights are counted, since a scenario changes the decision the day after.
    """
    frame = rows.rename(columns={"pris_kr_per_dygn": "pris", "timmar_per_manad": "timmar"})
    frame = frame.assign(till=frame["till"].fillna(RUNNING), antal=1.0, sista_natt=False)
    return frame[COLUMNS].reset_index(drop=True)


def faults(rows: pd.DataFrame, levels: dict[str, set[str]], file: str) -> list[Fault]:
    """Every decision that can't be right; a row is named by its number, never by its person.

    Cells that the reader has found at fault already are passed by.

    Parameters
    ----------
    rows : the table `beslut`, one unit
    levels : the levels of each insats that has a price list
    """
    found: list[Fault] = []
    for insats, its in levels.items():
        wrong = rows[(rows["insats"] == insats) & ~rows["niva"].isin(its)]
        found += _named(
            wrong, lambda row: unknown_level(row["niva"], row["insats"], levels), file, ("kolumn niva", "unknown_level")
        )
    found += _named(
        rows[~rows["regi"].isin(REGI) & (rows["regi"] != "")],
        lambda row: f"regi '{row['regi']}' finns inte.{did_you_mean(row['regi'], REGI)}",
        file,
        ("kolumn regi", "unknown_regi"),
    )
    found += _named(
        rows[rows["pris_kr_per_dygn"] <= 0],
        lambda row: "priset ska vara större än 0. Lämna cellen tom där listans pris gäller.",
        file,
        ("kolumn pris_kr_per_dygn", "not_positive"),
    )
    text = "beslutet överlappar ett annat om samma person och insats (rad {}). Avsluta det ena."
    return found + _named(overlapping(rows), lambda row: text.format(int(row["other"])), file, ("", "overlap"))


def unknown_level(niva: str, insats: str, levels: dict[str, set[str]]) -> str:
    """What is said of a level that an insats with a price list doesn't have."""
    return f"nivå '{niva}' finns inte i prislistan för {insats}. Det finns: {', '.join(sorted(levels[insats]))}."


def _named(rows: pd.DataFrame, text: Callable[[dict], str], file: str, kind: tuple[str, str]) -> list[Fault]:
    """A fault a row, the first ones one by one and the rest as a number."""
    if rows.empty:
        return []
    shown = rows.head(MOST_SHOWN).to_dict("records")
    found = [Fault("tabell", file, int(row["_rad"]), kind[0], text(row), kind[1]) for row in shown]
    if len(rows) > MOST_SHOWN:
        first, last = (int(rows["_rad"].iloc[i]) for i in (MOST_SHOWN, -1))
        more = f"samma fel på {len(rows) - MOST_SHOWN} rader till, den sista rad {last}."
        found.append(Fault("tabell", file, first, kind[0], more, kind[1]))
    return found


def overlapping(rows: pd.DataFrame) -> pd.DataFrame:
    """Decisions that begin while an earlier one of the same person and insats runs, in order of row.

    `other` is the row of the earlier decision that ends last. Rows that end before they start take no part.
    """
    rows = rows[~(rows["till"] < rows["fran"]) & rows["fran"].notna()]
    fran, till = (days.to_numpy().astype("datetime64[D]").astype("int64") for days in _closed(rows))
    pair = rows.groupby(["person", "insats"], sort=False).ngroup().to_numpy()
    order = np.lexsort((till, fran, pair))
    pair, fran, till = pair[order], fran[order], till[order]
    ends = pair * NO_DAY + till  # later pairs lie above all earlier ones, so that one running maximum does
    latest = np.maximum.accumulate(ends)
    holder = np.maximum.accumulate(np.where(ends == latest, np.arange(len(ends)), 0))
    clash = np.flatnonzero((pair[1:] == pair[:-1]) & (fran[1:] <= till[holder[:-1]])) + 1
    other = rows["_rad"].to_numpy()[order[holder[clash - 1]]]
    return rows.iloc[order[clash]].assign(other=other).sort_values("_rad")


def _closed(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return rows["fran"], rows["till"].fillna(RUNNING)


def is_running(frame: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each decision runs on a day; both ends are inside.

    >>> frame = pd.DataFrame({"fran": pd.to_datetime(["2024-03-31"]), "till": pd.to_datetime(["2024-04-01"])})
    >>> [bool(is_running(frame, pd.Timestamp(2024, 3, 30) + n * ONE_DAY).item()) for n in range(4)]
    [False, True, True, False]
    """
    return (frame["fran"] <= day) & (frame["till"] >= day)


def moved(frame: pd.DataFrame, numbered: NumberedChange) -> pd.DataFrame:
    """The decisions after a `volym` or `nivabyte`; other changes leave them as they are.

    volym, plus    adds `antal` persons from `fran`
    volym, minus   ends the decisions running on `fran`, in order of `beslut`, the day before; with `till`, they go on
                   the day after it
    nivabyte       gives the decisions running on `fran`, in order of `beslut`, the new level from that day, each to
                   its own end

    Raises
    ------
    TooFewError
        If there are not as many decisions as the change takes.
    """
    change = numbered.change
    if invents(change):
        return pd.concat([frame, _new_rows(numbered)], ignore_index=True)
    if change.typ == "volym":
        return _split(frame, numbered, -change.antal, change.niva, None)
    if change.typ == "nivabyte":
        return _split(frame, numbered, change.antal, change.fran_niva, str(change.till_niva))
    return frame


def invents(change: Change) -> bool:
    """Whether a change adds persons, who are nobody."""
    return change.typ == "volym" and change.antal > 0


def _new_rows(numbered: NumberedChange) -> pd.DataFrame:
    """A row for each person that a change adds, and one for what is left of a number that is not whole."""
    change = numbered.change
    row = {
        "insats": change.insats,
        "niva": "" if change.niva is None else str(change.niva),
        "regi": change.regi or OWN_REGI,
        "utforare": "",
        "fran": pd.Timestamp(change.fran),
        "till": pd.Timestamp(change.till) if change.till else RUNNING,
        "pris": np.nan,
        "timmar": np.nan,
        "tidsslag": "",
        "sista_natt": False,
    }
    part, whole = modf(change.antal)
    persons = [1.0] * int(whole) + [part] * bool(part)
    rows = [
        {**row, "beslut": f"~{numbered.nr:04d}.{i:06d}", "person": f"~{numbered.id}.{i}", "antal": antal}
        for i, antal in enumerate(persons)
    ]
    return pd.DataFrame(rows)[COLUMNS]


def _split(frame: pd.DataFrame, numbered: NumberedChange, wanted: float, niva, new_level: str | None) -> pd.DataFrame:
    """Ends the first `wanted` running decisions of a cell the day before; what comes after has a new level or waits."""
    change, day = numbered.change, pd.Timestamp(numbered.change.fran)
    mask = is_running(frame, day) & (frame["insats"] == change.insats) & (frame["antal"] == 1)
    if niva is not None:
        mask &= frame["niva"] == str(niva)
    if change.regi:
        mask &= frame["regi"] == change.regi
    candidates = frame[mask].sort_values("beslut")
    if wanted != int(wanted) or len(candidates) < wanted:
        raise TooFewError(numbered, wanted, len(candidates))
    taken = candidates.index[: int(wanted)]
    before, after = frame.copy(), frame.loc[taken]
    before.loc[taken, "till"] = day - ONE_DAY
    before.loc[taken, "sista_natt"] = True
    before = before[before["till"] >= before["fran"]]
    if new_level is not None:
        return pd.concat([before, after.assign(niva=new_level, fran=day)], ignore_index=True)
    if not change.till:
        return before.reset_index(drop=True)
    back = after.assign(fran=pd.Timestamp(change.till) + ONE_DAY)
    return pd.concat([before, back[back["fran"] <= back["till"]]], ignore_index=True)
