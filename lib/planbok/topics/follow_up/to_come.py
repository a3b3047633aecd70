"""Invoices that have not come, as the control of invoices tells: said beside the prognosis, never added to it."""

from planbok.base.numbers import format_unit
from planbok.base.periods import MONTH_NAMES
from planbok.base.words import listed
from planbok.topics.follow_up.study import Study

TITLE = "Fakturor som inte har kommit"


def by_row(study: Study) -> str:
    """How much is to come on which budget row, in words; "" where nothing is known to be."""
    sums = study.to_come.rows.groupby("budgetrad", sort=False)["kr"].sum()
    return listed([f"{format_unit(kr, 'kr')} på {row}" for row, kr in sums[sums != 0].items()])


def sentence(study: Study) -> str:
    """What is to come and that it is not in the prognosis, or why it can't be said; "" where there is nothing."""
    told = by_row(study)
    if told:
        last = int(study.to_come.counted[5:] or study.tom)
        days = f"dygn till och med {MONTH_NAMES[last - 1]} som ingen har fakturerat, se kostnadskontroll"
        return f"{TITLE}: {told} ({days}). De är inte med i prognosen: lägg till dem om de inte redan är bokförda."
    unknown = listed(study.to_come.unknown)
    return f"Inte sagt: {unknown}." if unknown else ""
