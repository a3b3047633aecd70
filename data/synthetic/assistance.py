"""Synthetic hours of exempel_assistans: granted, scheduled, performed and claimed, in size with its budget rows.

Scheduled beyond what is granted are in 2024 about 600 hours a month, most of them in one group: at what an hour costs
that is the year's deficit of 1.8 mnkr. Few persons have the state's allowance, as the row's revenue of 2.1 mnkr says.
"""

from datetime import date

import numpy as np

from synthetic.common import YEARS, Row
from synthetic.unit_budgets import ASSISTANS

HOURS_COLUMNS = [
    *("enhet", "grupp", "manad", "insats", "regi", "tidsslag", "beviljade_h", "period", "fk_h", "lss_9_2_h"),
    *("schemalagda_h", "utforda_h", "vantetid_h", "debiterade_h", "begard", "begart_kr", "ersattning_kr"),
    "antal_personer",
]
GRANTED = {"Assistans 1": 6000, "Assistans 2": 5400, "Assistans 3": 4100}  # hours a month
PERSONS = {"Assistans 1": 9, "Assistans 2": 8, "Assistans 3": 6}
STATE_SHARE = {"Assistans 1": 0.04, "Assistans 2": 0.03, "Assistans 3": 0.03}
OVER = {2022: (0.004, 0.01, 0.002), 2023: (0.01, 0.03, 0.006), 2024: (0.025, 0.07, 0.018)}  # by group
AMOUNT = {2022: 319.70, 2023: 324.50, 2024: 332.60}  # kr an hour, the state's
BANDS = {"dagtid": 900, "kvall": 210, "helg": 330}  # hours of escort and relief a month
ESCORTED = {"dagtid": 62, "kvall": 21, "helg": 30}  # persons with such hours
UNDEBITED = {2022: 0.005, 2023: 0.01, 2024: 0.022}
LATE = {("2024-03", "Assistans 2"): date(2024, 5, 8), ("2024-07", "Assistans 3"): date(2024, 9, 11)}  # after the 5th
UNCLAIMED = {("2024-09", "Assistans 1")}
LAST_CLAIMED = "2024-10"  # November and December are claimed after New Year


def hours(rng: np.random.Generator) -> list[Row]:
    """The rows of 2022-2024, group by group."""
    rows: list[Row] = []
    for year in YEARS:
        for month in range(1, 13):
            manad = f"{year}-{month:02d}"
            for place, (group, granted) in enumerate(GRANTED.items()):
                rows.append(_assistance(rng, group, granted, OVER[year][place], year, month))
            rows += [_escort(rng, band, number, manad, UNDEBITED[year]) for band, number in BANDS.items()]
    return rows


def _assistance(rng: np.random.Generator, group: str, granted: int, over: float, year: int, month: int) -> Row:
    manad, half = f"{year}-{month:02d}", ("01", "06") if month <= 6 else ("07", "12")
    granted = round(granted * (1 + 0.02 * (year - YEARS[0])))
    scheduled = round(granted * (1 + over + rng.normal(0, 0.006)))
    performed = round(scheduled * (0.985 + rng.normal(0, 0.004)))
    state = round(granted * STATE_SHARE[group])
    worth = round(min(state, performed * STATE_SHARE[group]) * AMOUNT[year], 2)
    row = {"enhet": ASSISTANS, "grupp": group, "manad": manad, "insats": "personlig_assistans", "regi": "kommunal"}
    row |= {"beviljade_h": str(granted), "period": f"{year}-{half[0]}/{year}-{half[1]}", "fk_h": str(state)}
    row |= {"lss_9_2_h": str(granted - state), "schemalagda_h": str(scheduled), "utforda_h": str(performed)}
    row |= {
        "tidsslag": "",
        "debiterade_h": "",
        "vantetid_h": str(round(0.02 * performed)),
        "ersattning_kr": f"{worth:.2f}",
        "antal_personer": str(PERSONS[group]),
    }
    claimed = LATE.get((manad, group)) or date(
        year + (month + 1) // 13, (month + 1) % 12 or 12, int(rng.integers(8, 26))
    )
    if (manad, group) in UNCLAIMED or manad > LAST_CLAIMED:
        return row | {"begard": "", "begart_kr": ""}
    return row | {"begard": str(claimed), "begart_kr": f"{worth:.2f}"}


def _escort(rng: np.random.Generator, band: str, number: int, manad: str, undebited: float) -> Row:
    performed = round(number * (1 + rng.normal(0, 0.04)))
    debited = round(performed * (1 - abs(rng.normal(undebited, 0.006))))
    row = dict.fromkeys(HOURS_COLUMNS, "")
    row |= {"enhet": ASSISTANS, "grupp": "Ledsagning och avlösning", "manad": manad, "insats": "ledsagning_avlosning"}
    row |= {"regi": "kommunal", "tidsslag": band, "beviljade_h": str(round(1.05 * number)), "utforda_h": str(performed)}
    return row | {"debiterade_h": str(debited), "antal_personer": str(ESCORTED[band])}
