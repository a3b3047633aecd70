"""Decisions on insatser: held against the rules, and moved by what a scenario says."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.errors import Fault, did_you_mean
from planbok.scenario import NumberedChange

CELL = ["insats", "niva", "regi"]
RUNNING = pd.Timestamp("2200-01-01")  # the end of a decision that has none
COLUMNS = ["beslut", "person", *CELL, "utforare", "fran", "till", "pris", "timmar", "tidsslag", "antal"]
ONE_DAY = pd.Timedelta(days=1)
OWN_REGI = "kommunal"
MOST_SHOWN = 20


@dataclass(frozen=True)
class TooFewError(Exception):
    """A change asks for more persons than there are."""

    number: NumberedChange
    wanted: float
    found: int


def prepare(rows: pd.DataFrame) -> pd.DataFrame:
    """The unit's decisions as the model takes them: COLUMNS, `till` far ahead where the decision has no end.

    `antal` is how many persons a row stands for: 1 for a decision, any number for a scenario's assumption.
    """
    frame = rows.rename(columns={"pris_kr_per_dygn": "pris", "timmar_per_manad": "timmar"})
    return frame.assign(till=frame["till"].fillna(RUNNING), antal=1.0)[COLUMNS].reset_index(drop=True)


def faults(rows: pd.DataFrame, insatser: Iterable[str], levels: dict[str, set[str]], file: str) -> list[Fault]:
    """Every decision that can't be right; a row is named by its number, never by its person.

    Parameters
    ----------
    rows : the table `beslut`, one unit
    insatser : the insatser there are
    levels : the levels of each insats that has a price list
    """
    known = set(insatser)
    found = []
    for row in rows[~rows["insats"].isin(known)].head(MOST_SHOWN).to_dict("records"):
        text = f"insatsen '{row['insats']}' finns inte i regeln insatser.{did_you_mean(row['insats'], known)}"
        found.append(Fault("tabell", file, int(row["_rad"]), "kolumn insats", text, "unknown_insats"))
    for insats, its in levels.items():
        wrong = rows[(rows["insats"] == insats) & ~rows["niva"].isin(its)]
        for row in wrong.head(MOST_SHOWN).to_dict("records"):
            listed = ", ".join(sorted(its))
            text = f"nivå '{row['niva']}' finns inte i prislistan för {insats}. Det finns: {listed}."
            found.append(Fault("tabell", file, int(row["_rad"]), "kolumn niva", text, "unknown_level"))
    return found + _overlaps(rows, file)


def _overlaps(rows: pd.DataFrame, file: str) -> list[Fault]:
    """Decisions of one person and insats that run at the same time."""
    frame = rows.assign(till=rows["till"].fillna(RUNNING)).sort_values(["person", "insats", "fran", "till"])
    same = frame.groupby(["person", "insats"], sort=False)
    ends = same["till"].cummax()
    latest = ends.groupby([frame["person"], frame["insats"]], sort=False).shift()
    other = same["_rad"].shift()
    clash = frame.assign(other=other)[frame["fran"] <= latest]
    return [
        Fault(
            "tabell",
            file,
            int(row["_rad"]),
            "",
            f"beslutet överlappar ett annat om samma person och insats (rad {int(row['other'])}). Avsluta det ena.",
            "overlap",
        )
        for row in clash.head(MOST_SHOWN).to_dict("records")
    ]


def is_running(frame: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each decision runs on a day; both ends are inside."""
    return (frame["fran"] <= day) & (frame["till"] >= day)


def moved(frame: pd.DataFrame, numbered: NumberedChange) -> pd.DataFrame:
    """The decisions after a `volym` or `nivabyte`; other changes leave them as they are.

    volym, plus    adds a row for `antal` persons from `fran`
    volym, minus   ends the decisions running on `fran`, in order of `beslut`, the day before
    nivabyte       gives the decisions running on `fran`, in order of `beslut`, the new level from that day, each to
                   its own end

    Raises
    ------
    TooFewError
        If there are not as many decisions as the change takes.
    """
    change = numbered.change
    if change.typ == "volym" and change.antal > 0:
        return pd.concat([frame, _new_row(numbered)], ignore_index=True)
    if change.typ == "volym":
        return _split(frame, numbered, -change.antal, change.niva, None)
    if change.typ == "nivabyte":
        return _split(frame, numbered, change.antal, change.fran_niva, str(change.till_niva))
    return frame


def _new_row(numbered: NumberedChange) -> pd.DataFrame:
    change = numbered.change
    row = {
        "beslut": f"~{numbered.nr:04d}",
        "person": f"~{numbered.nr:04d}",
        "insats": change.insats,
        "niva": "" if change.niva is None else str(change.niva),
        "regi": change.regi or OWN_REGI,
        "utforare": "",
        "fran": pd.Timestamp(change.fran),
        "till": pd.Timestamp(change.till) if change.till else RUNNING,
        "pris": np.nan,
        "timmar": np.nan,
        "tidsslag": "",
        "antal": float(change.antal),
    }
    return pd.DataFrame([row])[COLUMNS]


def _split(frame: pd.DataFrame, numbered: NumberedChange, wanted: float, niva, new_level: str | None) -> pd.DataFrame:
    """Ends the first `wanted` running decisions of a cell the day before, and lets them go on at a new level."""
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
    before, after = frame.copy(), frame.loc[taken].copy()
    before.loc[taken, "till"] = day - ONE_DAY
    before = before[before["till"] >= before["fran"]]
    if new_level is None:
        return before.reset_index(drop=True)
    return pd.concat([before, after.assign(niva=new_level, fran=day)], ignore_index=True)
