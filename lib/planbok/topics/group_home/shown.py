"""What of a home may be shown to whom: a home of few places is a small group."""

from datetime import date

import numpy as np

from planbok.disclosure.suppress import OPEN_AUDIENCE
from planbok.topics.group_home.families import FAMILIES
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.study import Study

SMALL_HOME = "Visas inte: boendet har högst {} platser, och talet beror på några få boende."
FEW_HOMES = "visas inte: enhetens egna nivåer gäller högst {} personer"
FEW_LET = "Visas inte: färre än {} lägenheter är uthyrda någon månad."


def limit(study: Study, rule: str) -> int:
    return int(study.case.rule(rule, date(study.case.ar, 1, 1)).varde)


def is_open(study: Study) -> bool:
    """Whether the audience may see everything but single persons."""
    return study.case.spridning == OPEN_AUDIENCE


def is_small(study: Study) -> bool:
    """Whether the home shows nothing of single flats or residents to this audience."""
    return not is_open(study) and study.year.home.platser <= limit(study, "minsta_boende")


def why_no_levels(study: Study) -> str:
    """Why nothing that rests on known residents' levels is shown; "" where it is."""
    if is_small(study) and study.year.home.known:
        return "visas inte: talet beror på några få kända boende"
    return ""


def why_no_mean(study: Study) -> str:
    """Why the expected peng, and all that is made of it, is not shown; "" where it is.

    Divided by places and days it is the mean price of the unit's own persons in such homes: of few, it tells their
    levels.
    """
    smallest = limit(study, "minsta_boende")
    if not is_open(study) and 0 < study.group <= smallest:
        return FEW_HOMES.format(smallest)
    return why_no_levels(study)


def why_no_flats(study: Study, year: Year | None = None) -> str:
    """Why KBH and let rents by month are not shown: so few flats are let that a month tells of single ones."""
    if not is_small(study):
        return ""
    smallest = limit(study, "minsta_grupp")
    let = ((year or study.year).let > 0).sum(axis=0)
    return FEW_LET.format(smallest) if ((let > 0) & (let < smallest)).any() else ""


def why_no_start(study: Study) -> str:
    """Why the year's result is not known though its other parts are: the start cost is due in it and not stated."""
    missing = np.isnan(study.year.start_cost).any()
    return "Startkostnaden saknas i tabellen boenden, och det som räknas med den i år." if missing else ""


def why_no_income(study: Study, familj: str) -> str:
    """Why KBH of a family that follows income is not shown: someone's income is known in a small home."""
    follows = FAMILIES[familj].follows_income and (~np.isnan(study.year.home.flats.inkomst)).any()
    return "visas inte: talet beror på några få boendes inkomst" if follows and is_small(study) else ""


def why_no_kbh(study: Study, year_end: bool) -> str:
    """Why the home's KBH is not shown: fewer flats than a group, in the year or in all, or few known incomes."""
    why = why_no_income(study, study.year.conditions.terms_full.familj)
    if why or not is_small(study):
        return why
    smallest, flats = limit(study, "minsta_grupp"), study.year.home.flats
    let = len(flats) if year_end else int((study.year.let[:, -1] > 0).sum())
    return f"visas inte: färre än {smallest} lägenheter" if 0 < let < smallest else ""
