"""What granted hours, and places that give no peng, cost each month, as they were known after a month."""

import numpy as np
import pandas as pd

from planbok.analysis.chains import Chains, chains, month_starts
from planbok.base.periods import last_day, month_end, months
from planbok.case.case import Case
from planbok.case.study import decided
from planbok.case.topic import MONTH_NUMBERS, Driven
from planbok.lss.causes import as_known
from planbok.topics.insatser.cost import DAYS_RULE, Prices, costed

PAID = "ersattning"
ASSISTANCE = "personlig_assistans"


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
