"""Exempelenheten's new group home: as it was planned, before anyone knew who would move in.

The decisions of the same home stand in `beslut`: they are what became of the plan. No amount is taken from a real home;
rents and places are those that a published plan gives for another district's home, which the sample has as well.
"""

import numpy as np

from synthetic.common import UNIT, Row
from synthetic.decisions import NEW_HOME, OPENING

HOME_COLUMNS = [
    *("boende", "enhet", "insats", "regi", "platser", "oppnar", "tilltrade", "personal_fran", "startkostnad_kr"),
    *("bemanning_arsarbetare", "kostnad_kr_per_arsarbetare", "lokalhyra_kr_per_manad"),
]
FLAT_COLUMNS = [
    *("boende", "lagenhet", "hyra_kr_per_manad", "inflyttning", "niva", "hushall", "inkomst_kr_per_ar"),
]
FLATS = 5
RENT = "11000–12000"
# Access a month before the opening and staff half a month; the landlord's rent is the flats' mean rent five times.
HOME = {
    "boende": NEW_HOME,
    "enhet": UNIT,
    "insats": "gruppbostad",
    "regi": "kommunal",
    "platser": str(FLATS),
    "oppnar": OPENING,
    "tilltrade": "2024-09-01",
    "personal_fran": "2024-09-16",
    "startkostnad_kr": "250000",
    "bemanning_arsarbetare": "10",
    "kostnad_kr_per_arsarbetare": "600000",
    "lokalhyra_kr_per_manad": "57500",
}


def homes(_: np.random.Generator) -> list[Row]:
    """One home; nothing in it is drawn."""
    return [dict(HOME)]


def flats(_: np.random.Generator) -> list[Row]:
    """Its five flats, each taken on the day the home opens, by someone whose level is not known yet."""
    row = dict.fromkeys(FLAT_COLUMNS, "") | {"boende": NEW_HOME, "hyra_kr_per_manad": RENT, "inflyttning": OPENING}
    return [row | {"lagenhet": str(number), "hushall": "1_vuxen"} for number in range(1, FLATS + 1)]
