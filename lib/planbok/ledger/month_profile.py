"""How a budget's year is spread over its months: a stated monthly budget, a dated profile, or equal twelfths."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, InputError, refuse_any
from planbok.base.kept import Kept
from planbok.base.workspace import shown
from planbok.case.case import Case

PROFILE_RULE = "budget.manadsprofil"
EVEN_YEAR = np.full(12, 1 / 12)
_KEPT = Kept()  # shares by unit and year, which every report of the unit asks for


def even_year(budgetrad: str, sida: str) -> np.ndarray:
    """Equal twelfths, whatever the row and the side."""
    return EVEN_YEAR


def monthly_shares(case: Case) -> tuple[Callable[[str, str], np.ndarray], str]:
    """How a row's year is spread: its stated monthly budget, else the dated profile, else equal twelfths.

    Raises
    ------
    InputError
        If a monthly budget lacks months, or a profile does not have twelve shares that sum to 1.
    """
    stated = _stated_months(case)
    profile = _profile_rule(case)

    def shares(budgetrad: str, sida: str) -> np.ndarray:
        if (budgetrad, sida) in stated:
            return stated[budgetrad, sida]
        return np.array(profile.get(budgetrad, profile.get("alla", EVEN_YEAR)), dtype=float)

    used = ["månadsbudgeten"] if stated else []
    used += [f"regeln {PROFILE_RULE}"] if profile else []
    return shares, " och ".join(used) if used else "jämna tolftedelar"


def _stated_months(case: Case) -> dict[tuple[str, str], np.ndarray]:
    """Shares by row and side from the table `manadsbudget`; rows without one, or with a zero sum, are left out."""
    if not case.sources.collection.has("manadsbudget"):
        return {}
    frame = case.table("manadsbudget")
    return _KEPT.of((case.enhet, case.ar), (frame,), lambda: _shares_of(case, frame))


def _shares_of(case: Case, frame: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    frame = frame[(frame["enhet"] == case.enhet) & frame["manad"].astype(str).str.startswith(f"{case.ar}-")]
    found, faults = {}, []
    for (row, sida), amounts in _monthly_amounts(frame):
        if len(amounts) != 12 or amounts.isna().any():
            text = f"månadsbudgeten för {row} har {sida} i {amounts.notna().sum()} av årets 12 månader. Fyll i alla."
            file = shown(case.sources.collection.path("manadsbudget"))
            faults.append(Fault("tabell", file, 0, f"{case.enhet} {case.ar}", text, "incomplete_months"))
        elif amounts.sum():
            found[row, sida] = (amounts / amounts.sum()).to_numpy()
    refuse_any(faults)
    return found


def _monthly_amounts(frame: pd.DataFrame) -> Iterable[tuple[tuple[str, str], pd.Series]]:
    for sida in ("kostnad", "intakt"):
        for row, rows in frame[frame[f"{sida}_kr"].notna()].groupby("budgetrad", sort=False):
            yield (row, sida), rows.groupby("manad")[f"{sida}_kr"].sum(skipna=False)


def _profile_rule(case: Case) -> dict[str, list[float]]:
    profile = case.rule_or_none(PROFILE_RULE) or {}  # a rule that does not cover the year says nothing about it
    for row, shares in profile.items():
        if not isinstance(shares, list) or len(shares) != 12 or not math.isclose(sum(shares), 1):
            text = f"månadsprofilen för {row} ska ha tolv andelar som summerar till 1."
            raise InputError([Fault("regel", "params/regler", 0, PROFILE_RULE, text, "profile")])
    return profile
