"""The unit's booked money and its budget as arrays, and all that can be wrong with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, closest, did_you_mean
from planbok.base.periods import MONTH_NAMES, month_span, months
from planbok.ledger.act import Plan, plan_of
from planbok.ledger.budget_rows import KEY, MONEY, split

SIDES = ("kostnad", "intakt")
SIGN = np.array([1.0, -1.0])  # what a krona on each side does to the net cost
MONTHS = 12


@dataclass(frozen=True)
class Books:
    """What is booked and what is budgeted, by leaf (the smallest part of a row), side and month, kr.

    `actual` is NaN after the last month, `past` NaN where a year is not known whole, `budget` NaN where the budget
    does not divide its row as the outturn does.
    """

    ar: int
    tom: int  # the last booked month
    leaves: pd.DataFrame  # KEY and finansiering, in the outturn's order
    years: list[int]  # the earlier years of `past`, in order
    past: np.ndarray  # (year, leaf, side, 12)
    actual: np.ndarray  # (leaf, side, 12)
    budget: np.ndarray  # (leaf, side, 12)
    budget_rows: pd.DataFrame  # kostnad_kr and intakt_kr of each budget row, in the budget's order; NaN where unknown
    plan: Plan  # the budget as the scenarios act on it: its own leaves, and the outturn's that it does not part off
    homes: np.ndarray  # the leaf of the outturn that each leaf of the plan is followed up on

    @cached_property
    def to_date(self) -> np.ndarray:
        """Booked so far, (leaf, side)."""
        return self.actual[:, :, : self.tom].sum(axis=2)

    @cached_property
    def row(self) -> np.ndarray:
        """Which of the budget's rows each leaf is of; -1 where the budget does not have it."""
        return self.budget_rows.index.get_indexer(self.leaves["budgetrad"])


def outturn_faults(
    rows: pd.DataFrame, budget: pd.DataFrame, ar: int, tom: int, late: dict[tuple, int], file: str
) -> Iterable[Fault]:
    """Months that are missing, rows that the budget lacks, and budget rows without outturn.

    Parameters
    ----------
    rows, budget : the unit's outturn (all years) and the year's budget rows without their total
    late : leaf key to the months by which its invoices are late; the last ones may then be missing
    """
    wanted = months(ar, ar)[:tom]
    year = rows[rows["manad"].isin(wanted)]
    remedy = _remedies(year, budget)
    last = rows["manad"].max() if year.empty else year["manad"].max()
    keys = year[KEY].drop_duplicates().itertuples(index=False, name=None)
    if year.empty or (last < wanted[-1] and not all(late.get(key, 0) for key in keys)):
        text = f"utfallet saknas för {_after(last, wanted)}; det sista som finns är {last}. Ange en tidigare tom_manad."
        yield Fault("tabell", file, 0, f"{ar}", text, "no_outturn")
    for key, found in year.groupby(KEY, sort=False)["manad"]:
        needed = [month for month in wanted[: max(tom - late.get(key, 0), 0)] if month <= last]
        missing = [MONTH_NAMES[int(month[5:]) - 1] for month in needed if month not in set(found)]
        if missing:
            text = f"utfallet {ar} för {_name(key)} saknar {', '.join(missing)}. {remedy(key[0], 'Fyll i det')}"
            yield Fault("tabell", file, int(year.loc[found.index[0], "_rad"]), "", text, "missing_month")
    if len(year):
        yield from _unknown_rows(year, budget, file, remedy)


def _after(last: str, wanted: list[str]) -> str:
    """The months that no row has: after the last one that any has.

    >>> _after("2024-03", ["2024-02", "2024-03", "2024-04", "2024-05"]), _after("2023-12", ["2024-01"])
    ('april–maj 2024', 'januari 2024')
    """
    lacking = [month for month in wanted if month > last] or wanted
    return f"{month_span(int(lacking[0][5:]), int(lacking[-1][5:]))} {wanted[0][:4]}"


def _remedies(year: pd.DataFrame, budget: pd.DataFrame) -> Callable[[str, str], str]:
    """What to do of outturn that a row lacks: first to put right a name that may be a misspelling of it."""
    known, lines = set(budget["budgetrad"]), year.groupby("budgetrad")["_rad"].min()
    misspelt = {closest(name, known): name for name in lines.index if name not in known}

    def remedy(row: str, what: str) -> str:
        if row not in known:
            return "Rätta först namnet, som budgeten inte har."
        told = f"{what}; 0 om inget är bokfört."
        if row not in misspelt:
            return told
        place = f"'{misspelt[row]}' (rad {lines[misspelt[row]]})"
        return f"{place} finns inte i budgeten: rätta namnet om det är samma rad. Annars: {told}"

    return remedy


def _unknown_rows(
    year: pd.DataFrame, budget: pd.DataFrame, file: str, remedy: Callable[[str, str], str]
) -> Iterable[Fault]:
    known = list(dict.fromkeys(budget["budgetrad"]))
    parts = budget[budget["verksamhet"] != ""].groupby("budgetrad")["verksamhet"].unique()
    for (row, operation), found in year.groupby(["budgetrad", "verksamhet"], sort=False):
        line = int(found["_rad"].iloc[0])
        if row not in known:
            hint, ar = did_you_mean(row, known), found["manad"].iloc[0][:4]
            text = (
                f"budgetraden '{row}' har utfall men finns inte i budgeten.{hint} Lägg till raden för {ar} i tabellen "
                "budget, eller rätta namnet här."
            )
            yield Fault("tabell", file, line, "kolumn budgetrad", text, "unknown_row")
        elif operation and row in parts and operation not in parts[row]:
            text = f"'{operation}' har utfall men är ingen del av {row} i budgeten."
            yield Fault(
                "tabell", file, line, "kolumn verksamhet", text + did_you_mean(operation, parts[row]), "unknown_part"
            )
    for row in known:
        if row not in set(year["budgetrad"]):
            text = f"budgetraden {row} har inget utfall. {remedy(row, 'Lägg till raden')}"
            yield Fault("tabell", file, 0, row, text, "row_without_outturn")
    booked = year[year["verksamhet"] != ""].groupby("budgetrad")["verksamhet"].unique()
    for row, operations in booked.items():
        for operation in [part for part in parts.get(row, ()) if part not in operations]:
            text = f"{operation} i {row} har budget men inget utfall. Lägg till raden; 0 om inget är bokfört."
            yield Fault("tabell", file, 0, row, text, "part_without_outturn")


def _name(key: tuple[str, str, str]) -> str:
    return " ".join(part for part in key if part)


def _followed(parts: pd.DataFrame, parted: pd.DataFrame) -> pd.DataFrame:
    """The budget's smallest parts with those that only the outturn has, at 0, each row's together."""
    found = pd.concat([parts, parted[KEY].assign(**dict.fromkeys(MONEY, 0.0))]).drop_duplicates(KEY)
    rank = {row: place for place, row in enumerate(dict.fromkeys(found["budgetrad"]))}
    return found.sort_values("budgetrad", key=lambda names: names.map(rank), kind="stable", ignore_index=True)


def read_books(
    enhet: str,
    rows: pd.DataFrame,
    budget: pd.DataFrame,
    parts: pd.DataFrame,
    spread: Callable[[str, str], np.ndarray],
    ar: int,
    tom: int,
    late: dict[tuple, int],
) -> Books:
    """The sound tables as arrays.

    Parameters
    ----------
    rows : the unit's outturn, all years
    budget : the year's budget rows without their total
    parts : their smallest parts, from `budget_rows.leaves`
    spread : budget row and side to the twelve months' shares
    late : as in `outturn_faults`: months that have not come are nothing booked, not something unknown
    """
    years = sorted({int(month[:4]) for month in rows["manad"] if int(month[:4]) < ar})
    wanted = [month for year in (*years, ar) for month in months(year, year)]
    keys, booked_kr = _by_key(rows[rows["manad"].isin(wanted[: len(wanted) - MONTHS + tom])], wanted)
    flat = pd.DataFrame(booked_kr.reshape(len(keys), -1))
    parted = split(pd.concat([keys, flat.fillna(0.0)], axis=1))
    shape = (len(parted), len(years) + 1, MONTHS, 2)
    money = parted.drop(columns=KEY).to_numpy(float).reshape(shape).transpose(1, 0, 3, 2)
    booked = flat.notna().set_axis(pd.MultiIndex.from_frame(keys))  # a leaf that has no key holds nothing
    places = pd.MultiIndex.from_frame(parted[KEY])
    known = booked.reindex(places, fill_value=True).to_numpy().reshape(shape).transpose(1, 0, 3, 2)
    lags = np.array([late.get(tuple(key), 0) for key in parted[KEY].to_numpy()])
    may_wait = np.arange(MONTHS) >= (tom - lags)[:, None]
    actual = np.where(known[-1] | may_wait[:, None, :], money[-1], np.nan)
    actual[:, :, tom:] = np.nan
    followed = _followed(parts, parted)
    return Books(
        ar=ar,
        tom=tom,
        leaves=parted[KEY].assign(finansiering=_pays(parted, budget)),
        years=years,
        past=np.where(known[:-1].all(axis=(2, 3), keepdims=True), money[:-1], np.nan),
        actual=actual,
        budget=budget_of(parted, parts, spread),
        budget_rows=parts.groupby("budgetrad", sort=False)[MONEY].sum(skipna=False),
        plan=plan_of(enhet, followed, ar, spread),
        homes=_homes(parted, followed),
    )


def _by_key(rows: pd.DataFrame, wanted: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The keys that this year has, in order, and their money, (key, month of all years, side); NaN where unknown."""
    number, keys = pd.factorize(pd.MultiIndex.from_frame(rows[KEY]))
    month = pd.Index(wanted).get_indexer(rows["manad"])
    money = np.full((len(keys), len(wanted), 2), np.nan)
    money[number, month] = rows[MONEY].to_numpy(float)
    present = np.zeros(money.shape[:2], bool)
    present[number, month] = True
    here = present[:, -MONTHS:].any(axis=1)
    return keys.to_frame(index=False, name=KEY)[here].reset_index(drop=True), money[here]


def _homes(keys: pd.DataFrame, parts: pd.DataFrame) -> np.ndarray:
    """The leaf of the outturn for each part of a budget: the one that names it, else its operation's, else its row's.

    -1 for a row that the outturn does not have.
    """
    place = {tuple(key): i for i, key in enumerate(keys[KEY].to_numpy())}
    wanted = [((row, part, kind), (row, part, ""), (row, "", "")) for row, part, kind in parts[KEY].to_numpy()]
    return np.array([next((place[key] for key in keys if key in place), -1) for keys in wanted], dtype=int)


def budget_of(keys: pd.DataFrame, parts: pd.DataFrame, spread: Callable[[str, str], np.ndarray]) -> np.ndarray:
    """The year's budget of each leaf of the outturn, (leaf, side, 12), kr.

    A leaf that the budget does not part off has none of its own: NaN.
    """
    home = _homes(keys, parts)
    there, found = home >= 0, np.full((len(keys), 2), np.nan)
    found[home[there]] = 0.0
    np.add.at(found, home[there], parts[MONEY].to_numpy(float)[there])
    return found[:, :, None] * np.array([[spread(row, side) for side in SIDES] for row in keys["budgetrad"]])


def _pays(keys: pd.DataFrame, budget: pd.DataFrame) -> list[str]:
    """What pays for each leaf; "" where the budget does not say, or says several."""
    pays = budget[budget["finansiering"] != ""].groupby(["budgetrad", "verksamhet"])["finansiering"].unique()
    by_leaf = [pays.get((row, operation), []) for row, operation, _ in keys[KEY].to_numpy()]
    return [names[0] if len(names) == 1 else "" for names in by_leaf]
