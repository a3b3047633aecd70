"""Synthetic home care and care homes of exempel_aldre: volumes, and a ledger and a budget that agree with them.

The unit is sized like the only published ordering unit for older people (December 2020): 1 443 with home care, 49 in
service houses, 548 full months in care homes, a gross budget of 800 mnkr. How it is divided is made up.
"""

import calendar
from collections.abc import Iterator

import numpy as np

from synthetic.budget import with_total
from synthetic.common import YEARS, Row, generator
from synthetic.outturn import OUTTURN_COLUMNS, months
from synthetic.unit_budgets import row

OLDER = "exempel_aldre"
HOME_COLUMNS = [
    *("enhet", "omrade", "manad", "regi", "tidsslag", "arenden", "beviljade_h", "bestallda_h", "utforda_h"),
    *("arenden_over_99_h", "arenden_99_h_eller_mer"),
]
CARE_COLUMNS = ["enhet", "manad", "slag", "regi", "dygn"]
POPULATION_COLUMNS = ["omrade", "ar", "aldersgrupp", "antal", "underlag", "kalla"]
LAST = (2024, 12)
# Cases by area and management in the last month; they sum to 1 443.
CASES = {
    ("Norra", "kommunal"): 214,
    ("Norra", "privat"): 181,
    ("Södra", "kommunal"): 262,
    ("Södra", "privat"): 158,
    ("Västra", "kommunal"): 187,
    ("Västra", "privat"): 149,
    ("Östra", "kommunal"): 170,
    ("Östra", "privat"): 122,
}
HOURS_A_CASE = {"Norra": 32.1, "Södra": 34.9, "Västra": 29.6, "Östra": 28.3}
PERFORMED = {"Norra": 0.958, "Södra": 0.912, "Västra": 0.963, "Östra": 0.970}  # of what is ordered
ORDERED = 0.985  # of what is granted
NIGHTS, ALARMS = {"Norra": 34, "Södra": 41, "Västra": 27, "Östra": 22}, {"Norra": 265, "Södra": 302, "Västra": 240}
# Places that are taken in the last month; somatic, dementia and profile sum to 548.
HOMES = {
    ("somatisk", "kommunal"): 182,
    ("somatisk", "privat"): 124,
    ("demens", "kommunal"): 131,
    ("demens", "privat"): 93,
    ("profil", "privat"): 18,
    ("servicehus", "kommunal"): 49,
    ("korttid", "kommunal"): 21,
}
# How many cases and hours there are beside a mean month: fewer in summer, more in winter.
CASE_SEASON = [1.005, 1.008, 1.010, 1.006, 1.000, 0.990, 0.982, 0.984, 0.996, 1.003, 1.007, 1.009]
HOUR_SEASON = [1.01, 0.97, 1.02, 0.99, 1.00, 0.97, 0.94, 0.95, 0.99, 1.02, 1.02, 1.12]
HOME_SEASON = [1.006, 1.004, 1.002, 1.000, 0.998, 0.994, 0.990, 0.992, 0.998, 1.003, 1.006, 1.007]
GROWTH = {"arenden": 0.024, "timmar": 0.015, "somatisk": -0.012, "demens": 0.034, "profil": 0.02}  # a year
PRIVATE_GROWTH = 0.02  # more a year where it is private
NOISE = {"arenden": 0.003, "timmar": 0.008, "utfort": 0.006, "boende": 0.002}
ABOVE_LIMIT = 0.045  # of the cases, above the limit for special delegation
HOME, CARE, OFFICE = "Hemtjänst", "Vård- och omsorgsboende", "Administration"
FEES = {HOME: 0.034, CARE: 0.052}  # of the cost
OFFICE_KR = {2022: 36_900_000, 2023: 38_000_000, 2024: 39_300_000}
GROSS_2024 = 8000  # tenths of mnkr, the published size
PRICES = {  # of each year, as params/regler/aldreomsorg.yaml has them; a test holds the ledger against the rules
    "hemtjanst.dag.kommunal": (457, 471, 485),
    "hemtjanst.dag.privat": (486, 501, 516),
    "hemtjanst.natt.kommunal": (231, 238, 245),
    "hemtjanst.natt.privat": (245, 252, 260),
    "hemtjanst.larm.kommunal": (174, 180, 185),
    "hemtjanst.larm.privat": (185, 191, 197),
    "vobo.somatisk.kommunal": (2104, 2169, 2235),
    "vobo.somatisk.privat": (2193, 2260, 2329),
    "vobo.demens.kommunal": (2236, 2305, 2375),
    "vobo.demens.privat": (2330, 2402, 2475),
    "vobo.lokalschablon.kommunal": (120, 128, 136),
    "vobo.lokalschablon.privat": (150, 160, 170),
    "vobo.profil.kommunal": (2731, 2814, 2900),
    "vobo.profil.privat": (2844, 2930, 3020),
    "vobo.servicehus.kommunal": (847, 873, 900),
    "vobo.servicehus.privat": (880, 907, 935),
    "vobo.korttid.kommunal": (2260, 2329, 2400),
    "vobo.korttid.privat": (2354, 2426, 2500),
}
MISSED = {2022: 0.995, 2023: 0.991}  # the earlier plans' share of what the year became
LATE_SHARE = 0.035  # of a month's invoices are booked the month after, on average


def every_month() -> list[tuple[int, int]]:
    return [(year, month) for year in YEARS for month in range(1, 13)]


def scale(year: int, month: int, growth: float, season: list[float]) -> float:
    """A month's size beside the last month's, by growth a year and season."""
    years = ((year - LAST[0]) * 12 + month - LAST[1]) / 12
    return (1 + growth) ** years * season[month - 1] / season[LAST[1] - 1]


def drawn(rng: np.random.Generator, name: str, year: int, month: int) -> float:
    """Noise around 1; none in the last month, which is the published size."""
    noise = 1 + float(rng.normal(0, NOISE[name]))
    return 1.0 if (year, month) == LAST and name in ("arenden", "boende") else noise


def home_care(rng: np.random.Generator) -> list[Row]:
    """Cases and hours by area and management, and nights and alarms of the areas that have them."""
    rows = []
    for year, month in every_month():
        manad = f"{year}-{month:02d}"
        for (area, regi), last in CASES.items():
            growth = GROWTH["arenden"] + (PRIVATE_GROWTH if regi == "privat" else 0)
            cases = round(last * scale(year, month, growth, CASE_SEASON) * drawn(rng, "arenden", year, month))
            each = HOURS_A_CASE[area] * scale(year, month, GROWTH["timmar"], HOUR_SEASON)
            ordered = cases * each * drawn(rng, "timmar", year, month)
            performed = ordered * PERFORMED[area] * drawn(rng, "utfort", year, month)
            above = round(cases * ABOVE_LIMIT * (1 + float(rng.normal(0, 0.1))))
            at = above + int(rng.integers(0, 3))
            values = (cases, round(ordered / ORDERED), round(ordered), round(performed), above, at)
            rows.append(home_row(area, manad, regi, "dag", *values))
        for kind, sizes in (("natt", NIGHTS), ("larm", ALARMS)):
            for area, last in sizes.items():
                cases = round(last * scale(year, month, GROWTH["arenden"], CASE_SEASON))
                rows.append(home_row(area, manad, "kommunal", kind, cases))
    return rows


def home_row(area: str, manad: str, regi: str, kind: str, *values: int) -> Row:
    filled = [str(value) for value in values] + [""] * (6 - len(values))
    return dict(zip(HOME_COLUMNS, (OLDER, area, manad, regi, kind, *filled), strict=True))


def care_homes(rng: np.random.Generator) -> list[Row]:
    """Days by kind of home and management."""
    rows = []
    for year, month in every_month():
        days = calendar.monthrange(year, month)[1]
        for (kind, regi), last in HOMES.items():
            size = last * scale(year, month, GROWTH.get(kind, 0.0), HOME_SEASON) * drawn(rng, "boende", year, month)
            values = (OLDER, f"{year}-{month:02d}", kind, regi, str(round(size * days)))
            rows.append(dict(zip(CARE_COLUMNS, values, strict=True)))
    return rows


def price(key: str, year: int) -> float:
    return PRICES[key][YEARS.index(year)]


def costs() -> dict[str, dict[tuple[int, int], float]]:
    """What the volumes cost by budget row and month, kr."""
    found: dict[str, dict[tuple[int, int], float]] = {HOME: {}, CARE: {}}

    def add(name: str, manad: str, kr: float) -> None:
        key = (int(manad[:4]), int(manad[5:]))
        found[name][key] = found[name].get(key, 0.0) + kr

    for r in home_care(generator("hemtjanst")):
        year, month = int(r["manad"][:4]), int(r["manad"][5:])
        each = price(f"hemtjanst.{r['tidsslag']}.{r['regi']}", year)
        nights = int(r["arenden"]) * calendar.monthrange(year, month)[1]
        amount = {"dag": r["utforda_h"], "natt": nights, "larm": r["arenden"]}[r["tidsslag"]]
        add(HOME, r["manad"], float(amount) * each)
    for r in care_homes(generator("vobo")):
        year = int(r["manad"][:4])
        each = price(f"vobo.{r['slag']}.{r['regi']}", year)
        each += price(f"vobo.lokalschablon.{r['regi']}", year) if r["slag"] in ("somatisk", "demens") else 0
        add(CARE, r["manad"], int(r["dygn"]) * each)
    return found


def outturn(rng: np.random.Generator) -> list[Row]:
    """The ledger: what the volumes cost, some of each month's invoices a month late, all in by December."""
    by_row, rows = costs(), []
    for year in YEARS:
        for name in (OFFICE, HOME, CARE):
            service = [by_row[name][year, m] if name in by_row else OFFICE_KR[year] / 12 for m in range(1, 13)]
            late = [0.0 if name == OFFICE else kr * LATE_SHARE * float(rng.uniform(0, 2)) for kr in service]
            late[-1] = 0.0
            booked = [kr - out + back for kr, out, back in zip(service, late, [0.0, *late[:-1]], strict=True)]
            for manad, kr in zip(months(year), booked, strict=True):
                fee = kr * FEES.get(name, 0.0) * (1 + float(rng.normal(0, 0.01)))
                values = (OLDER, manad, name, str(round(kr)), str(round(fee)), "")
                rows.append(dict(zip(OUTTURN_COLUMNS, values, strict=True)))
    return rows


def budgets() -> Iterator[Row]:
    """Each year's plan in tenths of mnkr; that of 2024 has a gross cost of 800 mnkr."""
    by_row = costs()
    for year in YEARS:
        became = {name: sum(kr for key, kr in its.items() if key[0] == year) for name, its in by_row.items()}
        share = MISSED.get(year) or (GROSS_2024 * 100_000 - OFFICE_KR[year]) / sum(became.values())
        office = round(OFFICE_KR[year] / 100_000)
        home = round(became[HOME] * share / 100_000)
        care = GROSS_2024 - office - home if year == LAST[0] else round(became[CARE] * share / 100_000)
        table = {OFFICE: (office, 0), HOME: (home, round(home * FEES[HOME])), CARE: (care, round(care * FEES[CARE]))}
        for name, money in with_total(table).items():
            yield row(OLDER, year, name, money)


def population() -> list[Row]:
    """People of 80 and more by area: an invented forecast of five years."""
    ends = ("prognos", "Syntetiska uppgifter, framtagna med data/make_sample.py; ingen prognos från staden")
    sizes = {"Norra": 2400, "Södra": 2650, "Västra": 1980, "Östra": 1720}
    return [
        dict(zip(POPULATION_COLUMNS, (area, str(LAST[0] + n), "80-", str(round(size * 1.027**n)), *ends), strict=True))
        for area, size in sizes.items()
        for n in range(6)
    ]
