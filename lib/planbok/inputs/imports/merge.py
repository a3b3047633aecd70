"""New rows put among those already there: the units and months of an export replace the same ones, the rest stays."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import shown
from planbok.inputs.imports.account import Account
from planbok.inputs.imports.profile import KIND, MONTH
from planbok.inputs.journal import read_bytes
from planbok.inputs.tables.specs import TABLES

OUTTURN = "utfall"
MONEY_OUT = ("kostnad_kr", "intakt_kr")
SHOWN = 6


def period_of(rows: pd.DataFrame) -> pd.Series:
    """What a row is replaced with: its month, else its year and version, else the unit's whole list ("")."""
    if MONTH in rows:
        return rows[MONTH].astype(str)
    if "ar" in rows:
        return rows["ar"].astype(str) + (" " + rows["version"].astype(str) if "version" in rows else "")
    return pd.Series("", index=rows.index)


def unit_of(rows: pd.DataFrame) -> pd.Series:
    """The unit of each row; "" in a table without units."""
    return rows["enhet"].astype(str) if "enhet" in rows else pd.Series("", index=rows.index)


def places_of(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Units and periods of a table's rows, each once."""
    return list(dict.fromkeys(zip(unit_of(rows), period_of(rows), strict=True)))


def refusals(folder: Path, table: str, account: Account, profil: str, rows: pd.DataFrame) -> Iterator[Fault]:
    """Why the rows may not be put into a folder: somebody else made the table, or another source has the months."""
    there = [path for path in (folder / f"{table}.csv", folder / f"{table}.xlsx") if path.exists()]
    if there and not account.tables.get(table):
        text = f"{there[0].name} finns redan och är inte gjord av las-in. Flytta den, eller välj en mapp med --till."
        yield Fault("kommando", shown(folder), 0, "--till", text, "own_table")
    elif any(path.suffix == ".xlsx" for path in there):
        text = f"{table}.xlsx finns redan; las-in skriver {table}.csv. Behåll en av dem."
        yield Fault("kommando", shown(folder), 0, "--till", text, "two_files")
    owners = account.owners(table)
    others: dict[str, list[str]] = {}
    for place in places_of(rows):
        if place in owners and owners[place]["profil"] != profil:
            others.setdefault(owners[place]["profil"], []).append(" ".join(part for part in place if part))
    for other, places in others.items():
        listed = ", ".join(places[:SHOWN]) + (f" och {len(places) - SHOWN} till" if len(places) > SHOWN else "")
        text = (
            f"{listed} är redan inläst med profilen {other}. Två källor för samma månader räknas dubbelt: "
            "använd samma profil, eller välj en annan mapp med --till."
        )
        yield Fault(KIND, profil, 0, f"tabell {table}", text, "second_source")


def merged(folder: Path, table: str, account: Account, rows: pd.DataFrame) -> pd.DataFrame:
    """The whole table: earlier rows of other units and periods, and the new ones; cells as text."""
    path = folder / f"{table}.csv"
    if not (path.exists() and account.tables.get(table)):
        return filled(table, rows)
    before = made_table(path)
    new = set(places_of(rows))
    keep = [place not in new for place in zip(unit_of(before), period_of(before), strict=True)]
    every = pd.concat([before[keep], rows], ignore_index=True).fillna("")
    return filled(table, every)


def made_table(path: Path) -> pd.DataFrame:
    """A table that las-in has written, cells as text. InputError where somebody has changed its form since."""
    needed = [column.spellings() for column in TABLES[path.stem].columns if column.required]
    with suppress(OSError, ValueError):  # no text, no table, a row of more cells than the headings
        rows = pd.read_csv(io.BytesIO(read_bytes(path)), dtype=str, keep_default_na=False)
        whole = isinstance(rows.index, pd.RangeIndex)  # else pandas took cells beyond the headings for its index
        if whole and all(set(spellings) & set(rows) for spellings in needed):
            return rows
    text = "filen är inte längre som las-in skrev den. Hämta den ur en säkerhetskopia, eller läs in allt i en tom mapp."
    raise InputError([Fault("tabell", shown(path), 0, "", text, "changed_table")])


def filled(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """An outturn with a row for each of a unit's keys in each of its months: what no posting is about is 0."""
    if table != OUTTURN or rows.empty:
        return rows
    money = [name for name in rows if name.endswith("_kr")]
    keys = [name for name in rows if name not in (*money, MONTH)]
    year = rows[MONTH].str[:4]
    months = rows.assign(_ar=year)[["enhet", "_ar", MONTH]].drop_duplicates()
    grid = rows.assign(_ar=year)[[*keys, "_ar"]].drop_duplicates().merge(months, on=["enhet", "_ar"])
    whole = grid.merge(rows, on=[*keys, MONTH], how="left")[list(rows.columns)]
    whole[money] = whole[money].fillna("0").replace("", "0")
    return whole.sort_values(["enhet", MONTH, *keys[1:]], kind="stable", ignore_index=True)


def without_budget(budget: pd.DataFrame, outturn: pd.DataFrame) -> pd.DataFrame:
    """Rows of 0 kr for what has outturn and no budget: an export of a whole budget says so by having no row.

    For each version of each unit and year that the budget has. Empty where every budget row of the outturn is there.
    """
    keys = [name for name in ("enhet", "budgetrad", "verksamhet", "kostnadsslag") if name in outturn and name in budget]
    booked = outturn.assign(ar=outturn[MONTH].str[:4])[[*keys, "ar"]].drop_duplicates()
    versions = budget[["enhet", "ar", "version"]].drop_duplicates()
    needed = booked.merge(versions, on=["enhet", "ar"])
    place = ["enhet", "ar", "version", "budgetrad"]
    known, wanted = (pd.MultiIndex.from_frame(frame[place]) for frame in (budget, needed))
    rows = needed[~wanted.isin(known)].assign(**dict.fromkeys(MONEY_OUT, "0"))
    return rows.reindex(columns=budget.columns, fill_value="")
