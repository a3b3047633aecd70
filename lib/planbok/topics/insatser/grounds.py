"""What the figures on granted insatser come of: the unit's decisions, and the price list for what is flagged."""

from planbok.case.grounds import Ground, Rows, running_in
from planbok.topics.insatser.study import Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    year = (Rows("beslut", where=running_in(study.last_day.replace(month=1, day=1), study.last_day)),)
    now, every = (Rows("beslut", where=running_in(study.last_day, study.last_day)),), (Rows("beslut"),)
    prices = ("lss_peng.ersattning", "lss_peng.tilldelning", "lss_peng.pris", "lss_peng.insatser", "lss_timpriser")
    known, chained = ("insatser.utan_beslut",), ("insatser.utan_beslut", "insatser.lucka_dagar")
    flagged = ("varning.", *known)
    return {
        "beslut_pagaende_antal": Ground("beslut som löper månadens sista dag", now, known),
        "beslut_fattade_antal": Ground("beslut efter beslutsdatum", every, known),
        "beslut_*": Ground("insatser som börjar, slutar eller omprövas, månad för månad", year, chained),
        "insatser_flaggade_antal": Ground("insatser långt från snittet av månaderna före", every, flagged),
        "flaggade_*": Ground("det som flaggas gånger priset", every, (*flagged, *prices)),
        "*": Ground("summan av raderna ovanför", year, known),
    }
