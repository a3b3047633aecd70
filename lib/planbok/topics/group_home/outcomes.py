"""The outcome of the indicators that homes give, for the report on goals."""

from datetime import date

import pandas as pd

from planbok.base.periods import month_end
from planbok.case.case import Case
from planbok.case.topic import Outcome

INDICATORS = {  # by the day that counts
    "antal_fardigstallda_bostader_med_sarskild_service": "oppnar",
    "antal_paborjade_bostader_med_sarskild_service": "tilltrade",
}


def outcomes(case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    """Flats of the unit's homes that are completed, or begun, from January to a month.

    A home is completed on the day it opens and begun on the day of access (`tilltrade`), or the day it opens where the
    table has none. A `nytt_boende` of the case's scenario moves both by the same span. Nothing where the unit has no
    home in the year, before the scenario.
    """
    rows = case.unit_rows("boenden").to_dict("records")
    moved = {n.change.boende: n.change.oppnar for n in case.scenario if n.change.typ == "nytt_boende"}
    opening = {row["boende"]: row["oppnar"].date() for row in rows}
    if all(day.year != ar for day in opening.values()):
        return {}
    source = "boenden" + (" och scenariot" if moved else "") + ", lägenheter"
    first, last, found = date(ar, 1, 1), month_end(ar, tom_manad), {}
    for indicator, column in INDICATORS.items():
        counted = 0
        for row in rows:
            planned = row["oppnar"] if pd.isna(row[column]) else row[column]
            slipped = moved.get(row["boende"], opening[row["boende"]]) - opening[row["boende"]]
            counted += int(row["platser"]) if first <= planned.date() + slipped <= last else 0
        found[indicator] = Outcome(counted, source)
    return found
