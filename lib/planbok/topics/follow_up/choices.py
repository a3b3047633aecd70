"""Which method each row is looked ahead by, and why: a dated rule per row, with a default."""

from typing import Any

import numpy as np
import pandas as pd

from planbok.analysis.forecast import BUDGET, DRIVERS, EVERY_METHOD, LAST_YEAR, PROFILE, STRAIGHT
from planbok.base.errors import Fault, did_you_mean, refuse_any
from planbok.case.case import Case
from planbok.inputs.scenario.load import Scenario
from planbok.ledger.budget_rows import KEY
from planbok.topics.follow_up.model import Choices

METHOD_RULE = "uppfoljning.metod"
LATE_RULE = "uppfoljning.slap_manader"
EVERY = "alla"
METHOD_NAMES = {
    STRAIGHT: "hittillsvarande takt",
    PROFILE: "radens säsong",
    LAST_YEAR: "som förra året",
    BUDGET: "resten som budgeterat",
    DRIVERS: "beslut, priser och bemanning",
    "": "kan inte räknas",
}


def of_row(stated: dict[str, Any], enhet: str, row: str) -> tuple[Any, str]:
    """A rule's value for a row of a unit, and whether it is the row's own or the default.

    >>> stated = {"alla": 0, "Hyror": 2, "norr": {"Hyror": 1}}
    >>> of_row(stated, "norr", "Hyror"), of_row(stated, "norr", "Vård"), of_row(stated, "söder", "Hyror")
    ((1, 'raden'), (0, 'alla'), (2, 'raden'))
    """
    own = stated.get(enhet)
    for found in (own if isinstance(own, dict) else {}, stated):
        if row in found and not isinstance(found[row], dict):
            return found[row], "raden"
    inside = own.get(EVERY) if isinstance(own, dict) else None
    return (inside, "enheten") if inside is not None else (stated.get(EVERY), EVERY)


def late_months(case: Case, scenario: Scenario, keys: pd.DataFrame) -> dict[tuple, int]:
    """By how many months each leaf's invoices are late.

    Raises
    ------
    InputError
        If the rule says something that is no number of months.
    """
    stated = case.rule(LATE_RULE, scenario=scenario).varde
    found, faults = {}, set()
    for key in map(tuple, keys[KEY].drop_duplicates().to_numpy()):
        months, _ = of_row(stated, case.enhet, key[0])
        if not isinstance(months, int) or isinstance(months, bool) or not 0 <= months < 12:
            text = f"{LATE_RULE} för {key[0]} ska vara ett heltal från 0 till 11, men är {months}."
            faults.add(Fault("regel", "params/regler", 0, key[0], text, "late"))
        else:
            found[key] = months
    refuse_any(faults)
    return found


def choices(case: Case, scenario: Scenario, keys: pd.DataFrame, late: dict[tuple, int]) -> Choices:
    """The method and the late months of each leaf, with the reason for the method.

    Raises
    ------
    InputError
        If the rule names a method that does not exist.
    """
    stated = case.rule(METHOD_RULE, scenario=scenario).varde
    known, faults = EVERY_METHOD, set()
    found = [of_row(stated, case.enhet, row) for row in keys["budgetrad"]]
    for row, (method, _) in zip(keys["budgetrad"], found, strict=True):
        if method not in known:
            text = f"{METHOD_RULE} för {row} är '{method}', som inte finns.{did_you_mean(str(method), known)}"
            faults.add(Fault("regel", "params/regler", 0, row, text, "unknown_method"))
    refuse_any(faults)
    reasons = {"raden": "regeln för raden", "enheten": "regeln för enheten", EVERY: "standardmetoden"}
    return Choices(
        metod=np.array([method for method, _ in found], dtype=object),
        varfor=np.array([reasons[where] for _, where in found], dtype=object),
        late=np.array([late.get(tuple(key), 0) for key in keys[KEY].to_numpy()]),
    )


def reason(wanted: str, used: str, why: str, years: int) -> str:
    """Why a row has its method, in words: the rule's choice, or why another one stands in for it."""
    if wanted == used:
        return f"enligt {why}"
    lacking = {
        PROFILE: "inget tidigare år är helt känt"
        if not years
        else "inget tidigare år, med alla månader kända, har en summa över 0",
        LAST_YEAR: "förra året är inte känt"
        if not years
        else "förra årets summa är inte över 0, på året eller till månaden",
        STRAIGHT: "ingen månads fakturor har kommit",
        BUDGET: "budgeten delar inte upp raden",
        DRIVERS: "inget underlag säger vad beslut, priser eller bemanning ger på raden",
    }
    return f"{METHOD_NAMES[wanted]} går inte: {lacking[wanted]}"
