"""What can't be right in tables of volumes: the same thing on two bases, and months that are missing in between."""

from collections.abc import Iterator, Sequence

import pandas as pd

from planbok.base.errors import Fault

SHOWN = 5


def where(frame: pd.DataFrame, bad: pd.Series, file: str, column: str, text: str) -> Iterator[Fault]:
    """A fault for each of the first rows that are bad; `text` may name columns in braces."""
    for _, row in frame[bad].head(SHOWN).iterrows():
        said = text.format(**row.to_dict())
        yield Fault("tabell", file, int(row["_rad"]), f"kolumn {column}", said, "wrong_value")


def two_bases(frame: pd.DataFrame, key: Sequence[str], column: str, file: str) -> Iterator[Fault]:
    """Rows with and without a part of the same thing: nobody can know whether one is in the other."""
    without = frame[column].eq("")
    same = without.groupby([frame[name] for name in key])
    mixed = same.transform("any").astype(bool) & ~same.transform("all").astype(bool)
    text = (
        f"rader både med och utan {column} för {', '.join('{' + name + '}' for name in key)}: det kan vara räknat två "
        f"gånger. Fyll i {column} på alla rader, eller slå ihop dem."
    )
    yield from where(frame, mixed & without, file, column, text)


def missing_months(frame: pd.DataFrame, file: str) -> Iterator[Fault]:
    """A fault for each unit whose months have a gap."""
    for enhet, rows in frame.groupby("enhet"):
        there = pd.PeriodIndex(rows["manad"].unique(), freq="M").sort_values()
        gaps = pd.period_range(there[0], there[-1], freq="M").difference(there)
        if len(gaps):
            listed = ", ".join(str(month) for month in gaps[:SHOWN])
            text = f"månader saknas för {enhet} mitt i underlaget: {listed}. Lägg till dem."
            yield Fault("tabell", file, 0, "kolumn manad", text, "gap")
