"""Synthetic rosters of a week: one home as published (weekdays 15-9, weekends round the clock), others made up."""

from synthetic.common import UNIT, Row
from synthetic.staffing import SUPPORT

ROSTER_COLUMNS = ["enhet", "grupp", "slag", "veckodag", "fran_kl", "till_kl", "antal"]
WEEKDAYS, WEEKEND = range(1, 6), range(6, 8)
EVERY_DAY = range(1, 8)
# Unit, group, kind, weekdays, from, to, how many.
SHIFTS = [
    (SUPPORT, "Servicebostad", "aktiv", WEEKDAYS, "07:00", "09:00", 1),
    (SUPPORT, "Servicebostad", "aktiv", WEEKDAYS, "15:00", "23:00", 1),
    (SUPPORT, "Servicebostad", "aktiv", WEEKEND, "07:00", "23:00", 1),
    (SUPPORT, "Servicebostad", "sovande_jour", EVERY_DAY, "23:00", "07:00", 1),
    (SUPPORT, "Gruppbostad", "aktiv", EVERY_DAY, "07:00", "22:00", 2),
    (SUPPORT, "Gruppbostad", "vaken_natt", EVERY_DAY, "22:00", "07:00", 1),
    (SUPPORT, "Profilboende", "aktiv", EVERY_DAY, "07:00", "22:00", 2),
    (SUPPORT, "Profilboende", "sovande_jour", EVERY_DAY, "22:00", "07:00", 1),
    (SUPPORT, "Boendestöd", "aktiv", WEEKDAYS, "08:00", "17:00", 9),
    (UNIT, "Gruppbostad öst", "aktiv", EVERY_DAY, "07:00", "22:00", 2),
    (UNIT, "Gruppbostad öst", "vaken_natt", EVERY_DAY, "22:00", "07:00", 1),
    (UNIT, "Gruppbostad väst", "aktiv", EVERY_DAY, "07:00", "22:00", 2),
    (UNIT, "Gruppbostad väst", "vaken_natt", EVERY_DAY, "22:00", "07:00", 1),
    (UNIT, "Servicebostad", "aktiv", WEEKDAYS, "07:00", "09:00", 1),
    (UNIT, "Servicebostad", "aktiv", WEEKDAYS, "15:00", "22:00", 2),
    (UNIT, "Servicebostad", "aktiv", WEEKEND, "07:00", "22:00", 1),
    (UNIT, "Servicebostad", "jour", EVERY_DAY, "22:00", "07:00", 1),
    (UNIT, "Myndighet", "aktiv", WEEKDAYS, "08:00", "17:00", 8),
]


def rosters() -> list[Row]:
    """A row per weekday of each shift."""
    return [
        dict(zip(ROSTER_COLUMNS, (enhet, grupp, slag, str(day), start, end, str(number)), strict=True))
        for enhet, grupp, slag, days, start, end, number in SHIFTS
        for day in days
    ]
