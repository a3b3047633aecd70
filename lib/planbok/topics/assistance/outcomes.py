"""The outcome of the indicator that hours of assistance give, for the report on goals."""

from dataclasses import replace

from planbok.case.case import Case, Journal
from planbok.case.result import Limits
from planbok.case.topic import Outcome
from planbok.inputs.scenario.load import BAS
from planbok.topics.assistance.people import PERSONS, persons
from planbok.topics.assistance.study import ASSISTANCE, study

DONE_OF_GRANTED = "andel_utforda_assistanstimmar_av_beviljade"
TOO_FEW = 1.0  # persons of what the report on assistance itself withholds


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Performed hours of assistance of those granted, per cent, from January to a month, without any scenario.

    A waiting hour counts as the rule says. Nothing where a month's hours are missing, or the month is not there.
    """
    every = case.unit_rows("assistanstimmar")
    months = every.loc[every["insats"] == ASSISTANCE, "manad"]
    if f"{ar}-{tom_manad:02d}" not in set(months):
        return {}
    given = {**case.parametrar, "tom_manad": tom_manad}
    of_month = study(replace(case, ar=ar, scenario=BAS, jamfor_med=BAS, parametrar=given, journal=Journal()))
    rows = of_month.rows
    rows = rows[rows["insats"] == ASSISTANCE]
    done, granted = (float(rows[name].sum(skipna=False)) for name in ("raknade_h", "beviljade_h"))
    if done != done or not granted > 0 or rows["manad"].nunique() < tom_manad:
        return {}
    found = Outcome(100 * done / granted, "assistanstimmarna", delar=(round(done), round(granted), "h"))

    def steady(limits: Limits) -> Outcome:
        """Hours are each month's own; withheld where the report on assistance withholds them."""
        return replace(found, antal=TOO_FEW) if limits.few(persons(of_month)[PERSONS], ASSISTANCE) else found

    return {DONE_OF_GRANTED: replace(found, steady=steady)}
