"""The outcome of the indicator that hours of assistance give, for the report on goals."""

from dataclasses import replace

from planbok.case.case import Case, Journal
from planbok.case.topic import Outcome
from planbok.inputs.scenario.load import BAS
from planbok.topics.assistance.study import ASSISTANCE, study


def outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """Performed hours of assistance of those granted, per cent, from January to a month, without any scenario.

    A waiting hour counts as the rule says. None where a month's hours are missing, or the month is not there.
    """
    every = case.unit_rows("assistanstimmar")
    months = every.loc[every["insats"] == ASSISTANCE, "manad"]
    if f"{ar}-{tom_manad:02d}" not in set(months):
        return None
    given = {**case.parametrar, "tom_manad": tom_manad}
    rows = study(replace(case, ar=ar, scenario=BAS, jamfor_med=BAS, parametrar=given, journal=Journal())).rows
    rows = rows[rows["insats"] == ASSISTANCE]
    done, granted = (float(rows[name].sum(skipna=False)) for name in ("raknade_h", "beviljade_h"))
    if done != done or not granted > 0 or rows["manad"].nunique() < tom_manad:
        return None
    return Outcome(100 * done / granted, "assistanstimmarna", delar=(round(done), round(granted), "h"))
