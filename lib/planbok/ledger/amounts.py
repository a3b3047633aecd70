"""What a scenario's amount is in each month: the same kronor in every topic."""

from planbok.base.periods import last_day, month_shares, months
from planbok.inputs.scenario.changes import Change


def kr_per_month(change: Change) -> float:
    """What an amount adds to each whole month in which it is in force, kr.

    belopp     kr_per_manad
    atgard     kr_per_manad * sannolikhet_andel (1 where not stated): the expected effect
    bedomning  kr / months from fran to 31 December
    """
    if change.typ == "bedomning":
        year = change.fran.year
        return change.kr / month_shares(months(year, year), change.fran, last_day(year)).sum()
    probability = getattr(change, "sannolikhet_andel", None)
    return change.kr_per_manad * (1.0 if probability is None else probability)
