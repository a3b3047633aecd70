"""What the month's follow-up tells the other topics: the outcome of the indicator that it gives, for the goals."""

import math
from dataclasses import replace

from planbok.case.case import Case
from planbok.case.topic import ALONE, Outcome
from planbok.inputs.scenario.load import BAS
from planbok.topics.follow_up import view
from planbok.topics.follow_up.study import NOTEBOOK, study

KR_PER_TKR = 1000
CONFORMITY = "namndens_budgetfoljsamhet_efter_resultatoverforingar"


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Budgetföljsamhet: the prognosis after a month over the budget, per cent; in December the outturn over it.

    Without any scenario. Nothing where the unit has no budget of the year or no outturn of the month.
    """
    if not case.has_rows("utfall"):
        return {}
    budget, outturn = case.unit_rows("budget"), case.unit_rows("utfall")
    if ar not in set(budget["ar"]) or f"{ar}-{tom_manad:02d}" not in set(outturn["manad"]):
        return {}
    asked = replace(case, notebook=NOTEBOOK, ar=ar, scenario=BAS, jamfor_med=BAS, parametrar={"tom_manad": tom_manad})
    done = study(asked, ALONE)
    percent, amounts = view.conformity(done), done.prognosis.amounts
    if not math.isfinite(percent):
        return {}
    parts = (round(amounts.prognos / KR_PER_TKR), round(amounts.budget / KR_PER_TKR), "tkr")
    what = "utfall" if tom_manad == 12 else "prognos"
    return {CONFORMITY: Outcome(float(percent), f"månadsuppföljningen, {what} av budget", delar=parts)}
