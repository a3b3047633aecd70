"""What insatser tell the other topics: nobody's kronor for a change, and what hours and places cost each month."""

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains, chains, month_starts
from planbok.base.periods import last_day, month_end, months
from planbok.case.case import Case
from planbok.case.study import decided, first_of, holds_on
from planbok.case.topic import MONTH_NUMBERS, Driven, Effects
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import Scenario
from planbok.lss.causes import as_known
from planbok.topics.insatser import TOPIC
from planbok.topics.insatser.cost import DAYS_RULE, Prices, costed
from planbok.topics.insatser.series import reaches

PAID = "ersattning"
ASSISTANCE = "personlig_assistans"


def effects(case: Case, scenario: Scenario) -> Effects:
    """No kronor: those of persons are LSS-peng's. Persons in an insats that gives no peng move the series alone."""
    return Effects.of((), moved=[n.id for n in scenario if TOPIC.touches(n.change) and _moves(case, n.change)])


def _moves(case: Case, change: Change) -> bool:
    if change.typ == "regel":
        return holds_on(change, map(first_of, months(case.ar, case.ar)))  # a report has those of its own month
    if change.starts.year > case.ar:
        return False
    gives_peng = change.insats in case.rule(DAYS_RULE).varde
    return reaches(change, case.enhet) and not gives_peng and _has_enough(case, change)


def _has_enough(case: Case, change: Change) -> bool:
    """Whether as many have the insats on the first day as the change takes; one that adds persons takes nobody."""
    rows = decided(case)
    runs = (rows["fran"] <= str(change.fran)) & ~(rows["till"] < str(change.fran)) & (rows["insats"] == change.insats)
    return rows.loc[runs, "person"].nunique() >= -change.antal


def driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """Payments of decisions that peng by the day leaves out: hours times their price, and places in other insatser.

    A decision that had not ended at the end of the month goes on; one that had not begun is not known. Those without a
    price are in no month; assistance is not either where its hours are in a table of their own.
    """
    rows = _paid(case, decided(case))
    known = as_known(rows, month_end(ar, tom_manad) if tom_manad else last_day(ar - 1))
    if known.empty:
        return Driven(why="inga beslut i timmar, och inga platser utan peng")
    prices = Prices(case, known)
    kr = [float(costed(case, prices, [month]).priced["kr"].sum()) for month in months(ar, ar)]
    frame = pd.DataFrame([kr], index=[PAID], columns=MONTH_NUMBERS)
    return Driven(frame, {PAID: _moved(case, rows, ar, tom_manad)})


def _paid(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Decisions in hours, and by the day in insatser that give no peng."""
    by_day = case.rule(DAYS_RULE).varde
    keep = rows["timmar_per_manad"].notna() | (~rows["insats"].isin(by_day) & rows["pris_kr_per_dygn"].notna())
    own_table = rows["insats"].eq(ASSISTANCE) & case.has_rows("assistanstimmar")
    return rows[keep & ~own_table].reset_index(drop=True)


def _moved(case: Case, rows: pd.DataFrame, ar: int, tom: int) -> pd.DataFrame:
    """How many came, left and had their hours decided anew, by the month in which it was known, (month, kind)."""
    found: Chains = chains(rows, case.rule("insatser.lucka_dagar").varde)
    starts = month_starts(f"{ar}-12", len(MONTH_NUMBERS))
    counts = {
        "in": found.new(starts).sum(axis=1),
        "ut": found.ended(starts).sum(axis=1),
        "omprovade": found.renewed(starts).sum(axis=1),
    }
    return pd.DataFrame(counts, index=np.arange(1, len(MONTH_NUMBERS) + 1)).loc[:tom]
