"""Whether tables agree with what they are of: outturn with ledger, stated sums with rows, decisions with the day."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

import pandas as pd

from planbok.base.numbers import format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.case.case import Case
from planbok.case.checks import CLOSES_WITHIN_KR as WITHIN_KR
from planbok.case.checks import Check, warns
from planbok.inputs.imports.account import read_account, said_of
from planbok.inputs.tables.control_totals import Comparison

TABLE, OUTTURN = "kontrollsummor", "utfall"
GIVEN = "kontrollsumma_kr"  # a plan's own parameter: it wins over the table
NAME = "Utfallet stämmer med redovisningen"


def ledger_sum(case: Case, tom: int) -> float | None:
    """What the ledger says that the unit's net is from January to a month, kr; None where a month's sum is missing."""
    given = case.parametrar.get(GIVEN)
    if given:
        return float(given)
    if not case.sources.collection.has(TABLE):
        return None
    frame = case.table(TABLE)
    wanted = {f"{case.ar}-{month:02d}" for month in range(1, tom + 1)}
    rows = frame[(frame["enhet"] == case.enhet) & frame["manad"].isin(wanted)]
    return float(rows["netto_kr"].sum()) if set(rows["manad"]) == wanted and rows["netto_kr"].notna().all() else None


class Agreement(NamedTuple):
    """Whether the outturn is the ledger's, in one sentence, and where a report says it."""

    place: Literal["first", "after the answer", "last"]  # first where it was asked for or is not so, last where unknown
    text: str


def agreement(case: Case, outturn: float, tom: int) -> Agreement:
    """Where the outturn was read from, and whether it agrees with the ledger.

    `outturn` is the unit's net from January to the month, kr.
    """
    stated, source = ledger_sum(case, tom), said_of(read_account(case.sources.collection.folder), OUTTURN, case.enhet)
    if stated is None:
        return Agreement("last", f"{source or 'Utfallet'} är inte avstämt mot redovisningen: kontrollsumma saknas.")
    if math.isnan(outturn):
        text = "Utfallet kan inte jämföras med redovisningen: underlaget anger inte alla belopp."
        return Agreement("first", text)
    difference = outturn - stated
    agrees = abs(difference) < WITHIN_KR
    place: Literal["first", "after the answer"] = (
        "first" if case.parametrar.get(GIVEN) or not agrees else "after the answer"
    )
    if source and agrees:
        return Agreement(place, f"{source}, stämmer med redovisningen.")
    answer = "ja" if agrees else f"nej ({format_unit(difference, 'kr', 0, signed=True)})"
    start = source or f"Utfall enligt underlaget {format_unit(outturn, 'kr', 0)}"
    return Agreement(place, f"{start}, stämmer med redovisningen: {answer}.")


def agreement_check(case: Case, outturn: float, tom: int) -> Check:
    """The same as a check; without a control sum there is nothing to check."""
    stated = ledger_sum(case, tom)
    if stated is None:
        return Check(
            NAME, "fel", None, forklaring=f"Kontrollsumma saknas (tabellen {TABLE}, eller ett belopp i planen)."
        )
    if math.isnan(outturn):
        return Check(NAME, "fel", None, forklaring="Underlaget anger inte alla belopp.")
    difference = outturn - stated
    ok = abs(difference) < WITHIN_KR
    month = MONTH_NAMES[tom - 1]
    text = f"Till och med {month}: {format_unit(outturn, 'kr')} här, {format_unit(stated, 'kr')} i redovisningen."
    return Check(NAME, "fel", ok, float(difference), WITHIN_KR, "" if ok else text)


def stated_check(name: str, compared: Sequence[Comparison], nothing: str) -> Check:
    """Whether stated figures are what they sum to: by how much the worst differs, and all that are wrong in words.

    `nothing` is said where nothing is stated.
    """
    if not compared:
        return Check(name, "fel", None, forklaring=nothing)
    worst = max(compared, key=lambda one: abs(one.differens))
    wrong = " ".join(one.text() for one in compared if not one.ok)
    return Check(name, "fel", not wrong, round(worst.differens, 6), worst.tolerans, wrong)


def up_to_date_check(rows: pd.DataFrame, day: date) -> Check:
    """A warning where the unit's last decision was taken before the month of a day: the table may be an old one.

    >>> rows = pd.DataFrame({"beslutsdatum": pd.to_datetime(["2024-11-30", None])})
    >>> up_to_date_check(rows, date(2024, 12, 31)).ok, up_to_date_check(rows, date(2024, 11, 5)).ok
    (False, True)
    """
    name, last = "Tabellen beslut når fram till månaden", rows["beslutsdatum"].max()
    if pd.isna(last):
        return warns(name, None, "Inget beslut har beslutsdatum.")
    reaches = last >= pd.Timestamp(day.replace(day=1))
    text = "" if reaches else f"Det senaste beslutet är från {last:%Y-%m}. Hämta ut tabellen på nytt om det finns fler."
    return warns(name, bool(reaches), text)
