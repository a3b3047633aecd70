"""Synthetic staffing: hours by group and month, sick spells, and the operations of one unit.

Groups have the sizes that such units have; their hours are drawn. The winter of 2022 is like one with an epidemic, and
one group has four employees. No group, person or spell is real.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthetic.common import SOURCE, UNIT, YEARS, Row

ASSISTANCE, SUPPORT = "exempel_assistans", "exempel_stod"

STAFFING_COLUMNS = [
    "enhet",
    "grupp",
    "manad",
    "anstallda",
    "arsarbetare",
    "ordinarie_tid_h",
    "avtalad_tid_h",
    "arbetad_tid_h",
    "timavlonad_h",
    "inhyrd_h",
    "overtid_h",
    "sjuk_h",
    "sjuk_dag_1_14_h",
    "sjuk_60_dagar_h",
    "verksamhet",
]
SPELL_COLUMNS = ["person", "enhet", "grupp", "fran", "till", "omfattning_procent"]
OPERATION_COLUMNS = ["enhet", "verksamhet", "brukare", "medarbetare", "arsarbetare", "chefer", "kan_paverka", "kalla"]


@dataclass(frozen=True)
class Group:
    """A group's size, and its usual shares: sick per cent of contracted time, hourly-paid of worked time."""

    name: str
    employees: int
    full_time: float  # full-time equivalents under contract
    short: float = 3.4  # sick, days 1-14, per cent
    middle: float = 1.7  # days 15-59
    long: float = 3.4  # 60 days or more
    hourly: float = 18.0
    operation: str = ""


GROUPS: dict[str, list[Group]] = {
    UNIT: [
        Group("Myndighet", 12, 11.5, 2.4, 0.9, 2.0, 0.5),
        Group("Gruppbostad öst", 13, 10.6, 3.3, 1.3, 2.6, 17.0),
        Group("Gruppbostad väst", 12, 9.8, 3.1, 1.1, 2.9, 16.0),
        Group("Servicebostad", 9, 7.4, 2.9, 1.0, 2.2, 15.0),
        Group("Administration", 4, 3.8, 2.2, 0.6, 1.5, 0.3),
    ],
    ASSISTANCE: [
        Group("Assistans 1", 74, 58.0, 3.6, hourly=16.5),
        Group("Assistans 2", 68, 53.0, 3.6, 1.9, 3.9, 17.5),
        Group("Assistans 3", 52, 40.0, 3.6, 1.6, 3.0, 17.0),
        Group("Ledsagning", 24, 14.5, 3.2, 1.2, 2.8, 24.0),
        Group("Avlösning", 16, 9.0, 3.0, 1.2, 2.5, 26.0),
        Group("Ledning och administration", 6, 6.0, 1.8, 0.6, 1.0, 0.2),
    ],
}
# The operations of the support unit: staff, users where they are counted, full-time equivalents where they are known.
OPERATIONS = [
    ("Boendestöd", "17", "150", ""),
    ("NP-team", "8", "70", ""),
    ("Servicebostad", "4", "5", ""),
    ("Gruppbostad", "7.5", "18–24", ""),
    ("Profilboende", "6.5", "10", ""),
    ("Träfflokal unga", "3", "40", "2.75"),
    ("Träfflokal vuxna", "5", "60", "3.4"),
    ("Arbetslag", "6", "50", "5.2"),
    ("Arbetsträning", "4", "30", "4.0"),
    ("Yrkesgrupp", "4", "10", "3.1"),
]
ASSISTANCE_OPERATIONS = [
    ("Assistans", "110", "194", ""),
    ("Ledsagning", "60", "24", ""),
    ("Avlösning", "30", "16", ""),
    ("Ledning och administration", "", "6", "4"),
]
CAN_AFFECT = {
    "Boendestöd": "Planera semestervikarier tidigare och byta övertid mot timavlönade.",
    "NP-team": "Samla besöken så att resorna blir färre.",
    "Servicebostad": "Lägga schemat efter när de boende behöver stöd.",
    "Gruppbostad": "Planera semestervikarier tidigare och ta hand om korttidsfrånvaron.",
    "Profilboende": "Dela nattbemanningen med de andra boendena.",
    "Träfflokal unga": "Anpassa öppettiderna efter när besökarna kommer.",
    "Träfflokal vuxna": "Anpassa öppettiderna efter när besökarna kommer.",
    "Arbetslag": "Ta emot uppdrag som täcker materialet.",
    "Arbetsträning": "Fylla platserna innan fler anställs.",
    "Yrkesgrupp": "Fylla platserna innan fler anställs.",
}
GROUPS[SUPPORT] = [
    Group(name, round(float(staff) + 0.1), float(full or 0) or 0.9 * float(staff), 3.0, 1.2, 2.6, 8.0, name)
    for name, staff, _, full in OPERATIONS
]

HOURS_PER_MONTH = 165.0
UNPAID_LEAVE = 0.075  # of contracted time, which is not in the ordinary time
HOLIDAYS = (0.04, 0.05, 0.04, 0.06, 0.05, 0.12, 0.42, 0.22, 0.05, 0.05, 0.06, 0.12)  # of contracted time
SEASON = (1.10, 1.28, 1.18, 1.02, 0.92, 0.84, 0.70, 0.82, 1.02, 1.06, 1.10, 1.04)  # of short sick leave
SUMMER = (0.95, 0.95, 0.95, 0.97, 0.98, 1.1, 1.35, 1.2, 0.98, 0.95, 0.95, 1.05)  # of hourly-paid and overtime
YEAR_LEVEL = {2022: 1.08, 2023: 1.01, 2024: 1.04}
EPIDEMIC = {"2022-01": 2.1, "2022-02": 1.9, "2022-03": 1.4}
HIRED, OVERTIME = 0.004, 0.015  # of contracted time

MONTHS = [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]


def staffing(rng: np.random.Generator) -> list[Row]:
    """Hours of every group and month, whole hours."""
    return [
        _staffing_row(rng, enhet, group, manad)
        for enhet, groups in GROUPS.items()
        for group in groups
        for manad in MONTHS
    ]


def _staffing_row(rng: np.random.Generator, enhet: str, group: Group, manad: str) -> Row:
    year, month = int(manad[:4]), int(manad[5:]) - 1
    full = group.full_time * rng.uniform(0.98, 1.02)
    agreed = full * HOURS_PER_MONTH
    level = YEAR_LEVEL[year]
    many = group.employees  # a small group's sick leave comes in lumps
    short = agreed * group.short / 100 * SEASON[month] * level * EPIDEMIC.get(manad, 1.0) * _lumps(rng, many)
    middle = agreed * group.middle / 100 * level * _lumps(rng, many / 2)
    long = agreed * group.long / 100 * level * _lumps(rng, many)
    away = short + middle + long
    present = agreed * (1 - UNPAID_LEAVE - HOLIDAYS[month]) - away
    overtime = agreed * OVERTIME * SUMMER[month] * rng.uniform(0.7, 1.3)
    share = group.hourly / 100 * SUMMER[month] * rng.uniform(0.95, 1.05)
    hourly = (present + overtime) * share / (1 - share)
    hours = {
        "ordinarie_tid_h": agreed * (1 - UNPAID_LEAVE),
        "avtalad_tid_h": agreed,
        "timavlonad_h": hourly,
        "inhyrd_h": agreed * HIRED * SUMMER[month] * rng.uniform(0.2, 1.8),
        "overtid_h": overtime,
        "sjuk_dag_1_14_h": short,
        "sjuk_60_dagar_h": long,
    }
    whole = {name: round(value) for name, value in hours.items()}
    whole["sjuk_h"] = whole["sjuk_dag_1_14_h"] + whole["sjuk_60_dagar_h"] + round(middle)
    whole["arbetad_tid_h"] = round(present) + whole["timavlonad_h"] + whole["overtid_h"]
    text = {"enhet": enhet, "grupp": group.name, "manad": manad, "anstallda": group.employees, "arsarbetare": full}
    row = text | whole | {"arsarbetare": f"{full:.1f}", "verksamhet": group.operation}
    return {name: str(row[name]) for name in STAFFING_COLUMNS}


def _lumps(rng: np.random.Generator, many: float) -> float:
    """A factor around one that varies more the fewer they are; seldom above two."""
    return min(rng.gamma(many, 1 / many), 2.2)


def spells(rng: np.random.Generator) -> list[Row]:
    """Sick spells of two units in the last year, under pseudonyms that stand for nobody."""
    staff = [(enhet, group) for enhet in (UNIT, ASSISTANCE) for group in GROUPS[enhet] for _ in range(group.employees)]
    rows, numbers = [], rng.permutation(len(staff))
    for number, (enhet, group) in zip(numbers, staff, strict=True):
        key = f"sj{number:04d}{rng.integers(16**4):04x}"
        rows += [row | {"person": key} for row in _spells_of_one(rng, enhet, group.name)]
    return sorted(rows, key=lambda row: (row["enhet"], row["fran"], row["person"]))


def _spells_of_one(rng: np.random.Generator, enhet: str, grupp: str) -> Iterator[Row]:
    day = date(YEARS[-1], 1, 1) + timedelta(days=int(rng.integers(0, 120)))
    for _ in range(int(rng.poisson(1.9))):
        length = int(
            rng.choice([1, 2, 3, 4, 5, 8, 12, 20, 45, 90], p=[0.22, 0.2, 0.18, 0.1, 0.1, 0.08, 0.04, 0.04, 0.02, 0.02])
        )
        last = day + timedelta(days=length - 1)
        if last.year > YEARS[-1]:
            return
        extent = str(rng.choice(["100", "100", "100", "50"])) if length > 14 else "100"
        text = {"enhet": enhet, "grupp": grupp, "fran": day.isoformat(), "till": last.isoformat()}
        yield text | {"omfattning_procent": extent}
        day = last + timedelta(days=int(rng.integers(3, 90)))


def operations(rng: np.random.Generator) -> list[Row]:
    """The operations of two units; the support unit's ten come with a stated total that they do not add up to."""
    rows = [
        {
            "verksamhet": name,
            "brukare": users,
            "medarbetare": staff,
            "arsarbetare": full,
            "kan_paverka": CAN_AFFECT[name],
        }
        for name, staff, users, full in OPERATIONS
    ]
    rows += [
        {"verksamhet": "Ledning och administration", "medarbetare": "5", "chefer": "2"},
        {"verksamhet": "Totalt", "medarbetare": "67"},
    ]
    rows = [{"enhet": SUPPORT} | row for row in rows]
    rows += [
        {"enhet": ASSISTANCE, "verksamhet": name, "brukare": users, "medarbetare": staff, "chefer": heads}
        for name, users, staff, heads in ASSISTANCE_OPERATIONS
    ]
    return [dict.fromkeys(OPERATION_COLUMNS, "") | {"kalla": SOURCE} | row for row in rows]
