"""Those who decide: persons per officer in service, and a fair split of cases by working share. Nothing else of anyone.

Its purpose is fair load only. Of a single officer there is the working share, open cases, and the share of the cases
that are to be split; never time, lateness, refusals or results, no rank and no trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.analysis.chains import day_numbers


def fair_split(cases: int, shares: np.ndarray) -> np.ndarray:
    """Whole cases for each officer in proportion to their working shares; what is left goes to the largest remainders.

    >>> fair_split(100, np.array([1.0, 1.0, 0.5])).tolist(), fair_split(10, np.array([1.0, 1.0, 1.0])).tolist()
    ([40, 40, 20], [4, 3, 3])
    """
    if not shares.sum():
        return np.zeros(len(shares), int)
    exact = cases * shares / shares.sum()
    whole = np.floor(np.round(exact, 9)).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: cases - whole.sum()]] += 1
    return whole


@dataclass(frozen=True)
class StoodPersons:
    """The unit's persons as they were last counted for others: `months` are those in which they were counted."""

    months: pd.DataFrame  # as `Officers.months`
    manad: str
    persons: float


@dataclass(frozen=True)
class Officers:
    """The unit's officers on a day.

    working   `handlaggare`, `tjanstgoring_andel`, `oppna` (open cases), `fordelning` (a fair share of the time-limited)
              of each in service, in the table's order; empty where nobody is named
    months    `manad`, `tjanster`, `i_tjanst`, `personer` (with a running decision on the month's last day), `vilka`
    persons   with a running decision on the day
    stood     what others than the unit see of the persons
    """

    working: pd.DataFrame
    months: pd.DataFrame
    persons: int
    stood: "StoodPersons | None" = None

    @classmethod
    def of(cls, tables: dict[str, pd.DataFrame], rows: pd.DataFrame, day: pd.Timestamp) -> "Officers":
        """From the unit's tables on a day."""
        runs = running_on(rows, day)
        working = _working(tables, rows[runs], day, int((runs & rows["till"].notna()).sum()))
        return cls(working, _months(tables, rows, day), rows.loc[runs, "person"].nunique())

    @property
    def posts(self) -> float:
        """Full-time posts in service on the day, by the named officers, else by the count of the last month."""
        if len(self.working):
            return float(self.working["tjanstgoring_andel"].sum())
        return float(self.months["i_tjanst"].iloc[-1]) if len(self.months) else np.nan

    @property
    def heads(self) -> float:
        """Officers in service on the day."""
        if len(self.months):
            return float(self.months["i_tjanst"].iloc[-1])
        return float(len(self.working)) if len(self.working) else np.nan

    @property
    def per_officer(self) -> float:
        """Persons per officer in service on the day, as the persons are counted."""
        persons = self.stood.persons if self.stood else self.persons
        return persons / self.heads if self.heads > 0 else np.nan


def running_on(rows: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each decision, or each officer's share, runs on a day."""
    return (rows["fran"] <= day) & ~(rows["till"] < day)


def _working(tables: dict[str, pd.DataFrame], running: pd.DataFrame, day: pd.Timestamp, limited: int) -> pd.DataFrame:
    names = ["handlaggare", "tjanstgoring_andel", "oppna", "fordelning"]
    if "handlaggare" not in tables:
        return pd.DataFrame(columns=names)
    table = tables["handlaggare"]
    there = table[running_on(table, day)].groupby("handlaggare", sort=False)["tjanstgoring_andel"].sum().reset_index()
    named, cases = running["handlaggare"].ne("").any(), running["handlaggare"].value_counts()
    if "arenden" in tables:
        asked = tables["arenden"]
        waiting = asked[(asked["ansokan"] <= day) & ~(asked["beslutsdatum"] <= day)]
        cases = cases.add(waiting["handlaggare"].value_counts(), fill_value=0)
        named |= asked["handlaggare"].ne("").any()
    there["oppna"] = there["handlaggare"].map(cases).fillna(0.0) if named else np.nan  # nobody's cases are named
    there["fordelning"] = fair_split(limited, there["tjanstgoring_andel"].to_numpy(float))
    return there[names]


def _months(tables: dict[str, pd.DataFrame], rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    names = ["manad", "tjanster", "i_tjanst", "personer", "vilka"]
    if "bemanning_handlaggare" not in tables:
        return pd.DataFrame(columns=names)
    table = tables["bemanning_handlaggare"]
    table = table[table["manad"] <= f"{day:%Y-%m}"].sort_values("manad")
    ends = pd.PeriodIndex(table["manad"], freq="M").end_time.normalize()
    found = there([min(end, day) for end in ends], rows)
    counts = [int(here.sum()) for here in found]
    return table.assign(personer=counts, vilka=found)[names].reset_index(drop=True)


def there(days: Sequence[pd.Timestamp], rows: pd.DataFrame) -> list[np.ndarray]:
    """Whether each of the persons of some decisions has a running one, (person,) for each day."""
    person, names = pd.factorize(rows["person"])
    first, last = day_numbers(rows["fran"]), day_numbers(rows["till"])
    found = [np.zeros(len(names), bool) for _ in days]
    for seen, day in zip(found, day_numbers(pd.Series(days, dtype="datetime64[ns]")), strict=True):
        seen[person[(first <= day) & (last >= day)]] = True
    return found
