"""Whom a new home's figures tell of: the unit's own persons in such homes, on whose levels the expected peng rests."""

import numpy as np
import pandas as pd

from planbok.case.result import KeyFigure, People, Priced, key_figure
from planbok.topics.group_home.simulate import HIGH, LOW
from planbok.topics.group_home.study import Study

OWN_LEVELS = "egna nivåer"
DRAWN = "resultat"  # the rows of drawn years that rest on those levels


def priced(study: Study) -> tuple[Priced, ...]:
    """The expected peng of a full year as the mean price of the unit's own persons, times free places and days.

    Divided by places and days it is a mean of public prices: of few persons, it tells their levels.
    """
    year, shares = study.year, study.year.conditions.shares
    free = float(year.known_levels()[-1])
    if shares is None or not study.group or not free:
        return ()
    each = np.asarray(year.conditions.peng_full, float) * free * year.conditions.days / study.group
    return (Priced(np.rint(shares * study.group), each, np.full(len(each), "egna")),)


def people(study: Study) -> dict[str, People]:
    """Ranges over the levels of fewer persons than a measurement may have are not shown: each is an equation more."""
    antal = pd.DataFrame({"": [float(study.group)]}, index=[DRAWN])
    return {OWN_LEVELS: People(antal, regel="minsta_matning", parted=True)}


def facts(study: Study) -> dict[str, KeyFigure]:
    """Where the expected peng lands in eight cases of ten, for the sentences."""
    spread, days = study.year.spread, study.year.conditions.days
    ends = {"peng_lag_kr": LOW, "peng_hog_kr": HIGH}
    tells = ((OWN_LEVELS, (DRAWN, "")),)
    return {
        key: key_figure(key, spread.percentile(percent / 100) * days, "", "okänt", tells=tells, priced=priced(study))
        for key, percent in ends.items()
    }
