"""The outcome of the indicators that homes give, for the report on goals."""

from datetime import date

from planbok.base.periods import month_end
from planbok.case.case import Case
from planbok.case.topic import Outcome


def outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """Flats of the unit's homes that are completed, or begun, from January to a month.

    A home is completed on the day it opens and begun on the day of access (`tilltrade`), or the day it opens where the
    table has none. A `nytt_boende` of the case's scenario moves both by the same span. None where the unit has no home
    in the year, before the scenario.
    """
    rows = case.unit_rows("boenden")
    moved = {n.change.boende: n.change.oppnar for n in case.scenario if n.change.typ == "nytt_boende"}
    opening = {row["boende"]: row["oppnar"].date() for row in rows.to_dict("records")}
    if all(day.year != ar for day in opening.values()):
        return None
    begun, first = "paborjade" in indicator, date(ar, 1, 1)
    last, counted = month_end(ar, tom_manad), 0
    for row in rows.to_dict("records"):
        planned = row["oppnar"] if not begun or row["tilltrade"] != row["tilltrade"] else row["tilltrade"]
        slipped = moved.get(row["boende"], opening[row["boende"]]) - opening[row["boende"]]
        if first <= planned.date() + slipped <= last:
            counted += int(row["platser"])
    return Outcome(counted, "boenden" + (" och scenariot" if moved else "") + ", lägenheter")
