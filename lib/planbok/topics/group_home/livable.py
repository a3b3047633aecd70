"""Whether the plan is livable: what a resident of the home has left after rent, by the rules at the year's end."""

from dataclasses import replace

import numpy as np

from planbok.base.errors import MissingValueError
from planbok.topics.group_home.families import bostadstillagg
from planbok.topics.group_home.homes import Flats
from planbok.topics.group_home.study import Study
from planbok.topics.group_home.terms import guaranteed, terms_at

POINTS = ("lägsta hyran", "medelhyran", "högsta hyran")


def one_resident(study: Study, with_kbh: bool) -> list[tuple]:
    """A single adult with garantinivå at the home's lowest, mean and highest rent; nothing where a rule has no value.

        kvar = garantinivå / 12 + bostadstillägg + KBH - hyra; KBH is left out where it may not be shown by flat

    Returns
    -------
    Rows (where, rent, income, bostadstillägg, KBH, left, minimibelopp, left minus minimibelopp), kr/månad before tax.
    """
    flats, day = study.year.home.flats, study.last_day
    rents = np.array([flats.lag.min(), flats.mid.mean(), flats.hog.max()])
    try:
        income = np.full(len(rents), guaranteed(study.reader, day) / 12)
        band = {1: study.reader.bands("bostadstillagg.band.ogift", day)}
        least = float(study.reader.value("minimibelopp.under_65.ensam", day))
    except MissingValueError:
        return []
    terms = terms_at(study.reader, replace(study.year.home, flats=_singles(rents)), day)
    kbh = terms.kbh(rents) if with_kbh else np.zeros(len(rents))
    stod = bostadstillagg(rents, np.ones(len(rents)), band)
    left = income + stod + kbh - rents
    columns = zip(POINTS, rents, income, stod, kbh, left, [least] * len(rents), left - least, strict=True)
    return [tuple(row) for row in columns]


def _singles(rents: np.ndarray) -> Flats:
    """Flats of one adult each at some rents, income not known."""
    count = len(rents)
    days = np.full(count, np.datetime64("NaT", "D"))
    ones, none = np.ones(count, dtype=int), np.zeros(count, dtype=int)
    return Flats(rents, rents, days, ("",) * count, ones, none, np.full(count, np.nan))
