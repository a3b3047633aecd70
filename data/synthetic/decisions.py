"""Synthetic decisions: who has which insats, at which level and from when, under keys that mean nothing."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from synthetic.budget import PARTS_OF
from synthetic.common import DATA, UNIT, YEARS, Row, generator
from synthetic.in_time import DATE_COLUMNS, followed

PRICES = DATA.parent / "params" / "regler" / "lss_peng.csv"
DECISION_COLUMNS = [
    "beslut",
    "person",
    "enhet",
    "insats",
    "niva",
    "regi",
    "boende",
    "utforare",
    "fran",
    "till",
    "pris_kr_per_dygn",
    "timmar_per_manad",
    "tidsslag",
    "lagrum",
    "beslutsdatum",
    "kon",
    *DATE_COLUMNS,
]
HOUSING = ("gruppbostad", "servicebostad")
FIRST_DAY, LAST_DAY = date(2022, 1, 1), date(2024, 12, 31)
ONE_DAY = timedelta(days=1)

# Who lives where, one text per person: the first day of each level, and the last day there if it has come. All of it
# is invented. At most six live in each group home and seven in the service flats. On 27 August 2024, the second
# measurement, all 19 places are taken and one person goes from level 3 to 4; the new home opens after it.
OWN_HOMES: dict[tuple[str, str], list[str]] = {
    ("backen", "gruppbostad"): [
        "2009-04-01 4",
        "2012-09-15 3, 2023-02-01 4, till 2023-11-19",
        "2024-01-15 3, 2024-08-27 4",
        "2015-06-01 5, 2022-10-01 6",
        "2018-03-01 2, 2023-05-01 3",
        "2011-01-10 7",
        "2016-08-01 3, till 2022-05-31",
        "2022-08-01 2",
    ],
    ("torget", "gruppbostad"): [
        "2010-05-01 4",
        "2013-02-01 5, till 2024-04-22",
        "2024-06-01 4",
        "2017-10-01 3",
        "2021-03-01 1",
        "2008-09-01 4, 2022-03-15 5",
        "2014-04-01 6, till 2023-03-31",
        "2023-09-01 3",
    ],
    ("parken", "servicebostad"): [
        "2015-03-01 3",
        "2015-03-01 4, 2022-06-01 5",
        "2015-04-01 5, till 2024-02-28",
        "2024-04-15 4",
        "2016-09-01 5, 2023-10-01 6",
        "2018-01-15 2, 2022-11-01 3",
        "2019-06-01 4, till 2022-09-30",
        "2022-12-01 6",
        "2020-02-01 4, 2024-05-01 5",
    ],
}
NEW_HOME, NEW_HOME_LEVELS = "nya_hemmet", "44355"
BEFORE_OPENING, OPENING = "2024-09-30", "2024-10-01"
# Places bought from others: provider, their own price per day where there is one, and the person as above. Of the
# prices of their own only the first is above the level's price in the list. Two persons move on to the new home.
PLACED: dict[tuple[str, str], list[tuple[str, str, str]]] = {
    ("gruppbostad", "privat"): [
        ("utforare_a", "4000", "2023-06-01 3"),
        ("utforare_b", "3350", "2024-02-01 4"),
        ("utforare_a", "1900", "2020-05-01 2, till 2024-06-30"),
        ("utforare_b", "", f"2019-01-15 3, 2022-09-01 4, till {BEFORE_OPENING}"),
        ("utforare_b", "", "2022-04-01 5"),
    ],
    ("gruppbostad", "entreprenad"): [
        ("utforare_c", "3690", "2021-11-01 5"),
        ("utforare_c", "", "2014-10-01 4"),
        ("utforare_c", "", "2018-06-01 3, 2024-03-01 4"),
        ("utforare_c", "", "2016-02-01 6, till 2023-08-14"),
        ("utforare_d", "", "2012-05-01 2"),
        ("utforare_d", "", "2017-09-01 4, 2023-01-01 5"),
        ("utforare_d", "", "2023-10-01 3"),
        ("utforare_d", "", "2020-11-01 3, till 2022-12-31"),
    ],
    ("servicebostad", "entreprenad"): [
        ("utforare_d", "", "2018-09-01 4"),
        ("utforare_d", "", "2021-02-01 3, 2023-06-01 4"),
    ],
    ("servicebostad", "privat"): [("utforare_b", "", "2023-03-01 5")],
    ("barnboende_over_12", "entreprenad"): [
        ("utforare_e", "", f"2019-08-15 4, till {BEFORE_OPENING}"),
        ("utforare_e", "", "2022-08-15 3, 2024-01-15 4"),
    ],
    ("barnboende_over_12", "privat"): [
        ("utforare_f", "", "2020-01-15 5, till 2023-06-15"),
        ("utforare_f", "", "2023-08-15 6"),
    ],
}
# Places in what is not housing, besides those of the residents, and how often a place changes hands or terms.
PLACES = {"daglig_verksamhet": 55, "ledsagning_avlosning": 42, "kontaktperson": 27}
LEAVES, CHANGES = 0.25, 0.2
MORE_CONTACTS = 7
RENEWED = 0.5  # of the decisions outside housing that a drawn month's first day falls inside
SHARED = {"ledsagning_avlosning": 10, "kontaktperson": 8}  # who also have an insats drawn before it
RESIDENTS = {"daglig_verksamhet": 0.7, "kontaktperson": 0.25}
SHORT_STAY_PERSONS = 6
TIME_BANDS, BAND_SHARES = ("dagtid", "kvall", "helg"), (0.6, 0.15, 0.25)
# Keys say nothing: a fixed letter and nine drawn characters, among them a letter and a digit. A personal identity
# number has ten digits or more, so no key can hold one.
KEY_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def keys(rng: np.random.Generator, letter: str, count: int) -> list[str]:
    """That many different keys, each beginning with the letter."""
    made: dict[str, None] = {}
    while len(made) < count:
        characters = "".join(rng.choice(list(KEY_CHARACTERS), 9))
        if not characters.isdigit() and not characters.isalpha():
            made[letter + characters] = None
    return list(made)


def stays(text: str) -> list[Row]:
    """A person's stay as decisions, one per level, each ending the day before the next begins.

    >>> stays("2018-03-01 2, 2023-05-01 3")
    [{'niva': '2', 'fran': '2018-03-01', 'till': '2023-04-30'}, {'niva': '3', 'fran': '2023-05-01', 'till': ''}]
    >>> stays("2016-08-01 3, till 2022-05-31")
    [{'niva': '3', 'fran': '2016-08-01', 'till': '2022-05-31'}]
    """
    steps, _, last = text.partition(", till ")
    rows = [dict(zip(("fran", "niva"), step.split(), strict=True)) for step in steps.split(", ")]
    ends = [str(date.fromisoformat(row["fran"]) - ONE_DAY) for row in rows[1:]] + [last]
    return [{"niva": row["niva"], "fran": row["fran"], "till": end} for row, end in zip(rows, ends, strict=True)]


def day(rng: np.random.Generator, first: date, last: date) -> date:
    return date.fromordinal(int(rng.integers(first.toordinal(), last.toordinal(), endpoint=True)))


def careers(rng: np.random.Generator, places: int) -> Iterator[list[Row]]:
    """Persons who have an insats, each as a list of periods: a place may change hands, and a person terms once."""
    for _ in range(places):
        start: date | None = day(rng, date(2012, 1, 1), FIRST_DAY - ONE_DAY)
        while start:
            leaves = rng.random() < LEAVES
            end = day(rng, max(start, FIRST_DAY), LAST_DAY) if leaves else None
            first, last = max(start, FIRST_DAY) + 60 * ONE_DAY, (end or LAST_DAY) - 60 * ONE_DAY
            change = day(rng, first, last) if rng.random() < CHANGES and first < last else None
            periods = [(start, change - ONE_DAY), (change, end)] if change else [(start, end)]
            yield [{"fran": str(fran), "till": str(till) if till else ""} for fran, till in periods]
            start = end + int(rng.integers(14, 120)) * ONE_DAY if end else None
            start = start if start and start <= LAST_DAY else None


def housing() -> list[Row]:
    """Everyone in a home, with a running number in place of a key; the new home takes those whose place ends."""
    rows: list[Row] = []
    count = 0
    own = [
        ({"insats": i, "regi": "kommunal", "boende": b}, text) for (b, i), texts in OWN_HOMES.items() for text in texts
    ]
    placed = [
        ({"insats": insats, "regi": regi, "utforare": provider, "pris_kr_per_dygn": price}, text)
        for (insats, regi), persons in PLACED.items()
        for provider, price, text in persons
    ]
    for common, text in own + placed:
        rows += [common | {"person": str(count)} | stay for stay in stays(text)]
        count += 1
    movers = [row["person"] for row in rows if row["till"] == BEFORE_OPENING]
    movers += [str(count + extra) for extra in range(len(NEW_HOME_LEVELS) - len(movers))]
    new = {"insats": "gruppbostad", "regi": "kommunal", "boende": NEW_HOME, "fran": OPENING, "till": ""}
    return rows + [
        new | {"person": person, "niva": level} for person, level in zip(movers, NEW_HOME_LEVELS, strict=True)
    ]


def days_out(rng: np.random.Generator, periods: list[Row]) -> list[Row]:
    """Daily activity: a level, one higher after a change, and a provider unless the city runs it."""
    level = int(rng.integers(1, 6))
    regi = str(rng.choice(["kommunal", "entreprenad", "privat"], p=[0.45, 0.3, 0.25]))
    provider = "" if regi == "kommunal" else "utforare_" + str(rng.choice(list("cdgh")))
    common = {"insats": "daglig_verksamhet", "regi": regi, "utforare": provider}
    return [common | {"niva": str(level + extra)} | period for extra, period in enumerate(periods)]


def escort(rng: np.random.Generator, periods: list[Row]) -> list[Row]:
    """Escort and relief: hours per month, drawn anew after a change, in one time band of the hourly list."""
    regi = str(rng.choice(["kommunal", "enskild"], p=[0.7, 0.3]))
    band = str(rng.choice(TIME_BANDS, p=BAND_SHARES))
    provider = "" if regi == "kommunal" else "utforare_" + str(rng.choice(list("ij")))
    common = {"insats": "ledsagning_avlosning", "regi": regi, "utforare": provider, "tidsslag": band}
    return [common | {"timmar_per_manad": str(int(rng.integers(4, 33)))} | period for period in periods]


def contact(_: np.random.Generator, periods: list[Row]) -> list[Row]:
    """A contact person is counted, not priced: a change of terms is no new decision here."""
    whole = {"fran": periods[0]["fran"], "till": periods[-1]["till"]}
    return [{"insats": "kontaktperson", "regi": "kommunal"} | whole]


def short_stays(rng: np.random.Generator, last: date) -> list[Row]:
    """One person's short stays, a decision each: every date of the period is one night."""
    common = {"insats": "korttidsvistelse", "regi": "kommunal", "niva": str(rng.integers(1, 5))}
    rows = []
    start = FIRST_DAY + int(rng.integers(0, 60)) * ONE_DAY
    while (end := start + int(rng.integers(4, 14)) * ONE_DAY) <= last:
        rows.append(common | {"fran": str(start), "till": str(end)})
        start = end + int(rng.integers(45, 100)) * ONE_DAY
    return rows


def decisions(rng: np.random.Generator) -> list[Row]:
    """Every decision that runs at some time in 2022-2024, earlier starts included, under drawn keys.

    An insats in days has a level also where the list has no price for it (daily activity, short stay); one in hours,
    and a contact person, has none. Nobody has two decisions on one insats at the same time.
    """
    make = {"daglig_verksamhet": days_out, "ledsagning_avlosning": escort, "kontaktperson": contact}
    rows = housing()
    count = 1 + max(int(row["person"]) for row in rows)

    def give(person: str, made: list[Row]) -> None:
        rows.extend({"person": person} | row for row in made)

    # What a resident has besides ends when the housing does.
    adults = [row for row in rows if not row["insats"].startswith("barnboende")]
    for insats, share in RESIDENTS.items():
        for person in dict.fromkeys(row["person"] for row in adults):
            if rng.random() < share:
                mine = [row for row in adults if row["person"] == person]
                last = "" if any(not row["till"] for row in mine) else max(row["till"] for row in mine)
                give(person, make[insats](rng, [{"fran": min(row["fran"] for row in mine), "till": last}]))

    # Some of the others have more than one insats.
    others: list[str] = []
    for insats, places in PLACES.items():
        shared = list(rng.choice(others, SHARED[insats], replace=False)) if insats in SHARED else []
        for periods in careers(rng, places):
            if shared:
                person = str(shared.pop())
            else:
                person, count = str(count), count + 1
                others.append(person)
            give(person, make[insats](rng, periods))

    # Short stays: those who come to the new home from a family, until then, and some who have escort or relief.
    placed_before = {row["person"] for row in rows if row.get("fran", "") < OPENING}
    from_family = [
        row["person"] for row in rows if row.get("boende") == NEW_HOME and row["person"] not in placed_before
    ]
    relieved = [row["person"] for row in rows if row["insats"] == "ledsagning_avlosning" and not row["till"]]
    for person in from_family:
        give(person, short_stays(rng, date.fromisoformat(BEFORE_OPENING)))
    for person in rng.choice(relieved, SHORT_STAY_PERSONS - len(from_family), replace=False):
        give(str(person), short_stays(rng, LAST_DAY))

    names = keys(rng, "p", count)
    empty = dict.fromkeys(DECISION_COLUMNS, "") | {"enhet": UNIT}
    rows = [
        empty | row | {"beslut": key, "person": names[int(row["person"])]}
        for row, key in zip(rows, keys(rng, "b", len(rows)), strict=True)
    ]
    rows += more_contacts(rows, generator("beslut: fler kontaktpersoner"))
    rows = decided(renewed(rows, generator("beslut: omprövade")), generator("beslut: datum"))
    rows = sorted(rows, key=lambda row: (row["fran"], row["beslut"]))
    return followed(rows, generator("beslut: i tid"))


def more_contacts(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """Contact persons for some who have escort or relief, late in the last year: growth that is worth a warning."""
    having = {row["person"] for row in rows if row["insats"] == "kontaktperson"}
    escorted = {row["person"] for row in rows if row["insats"] == "ledsagning_avlosning" and not row["till"]}
    chosen = rng.choice(sorted(escorted - having), MORE_CONTACTS, replace=False)
    empty = dict.fromkeys(DECISION_COLUMNS, "") | {"enhet": UNIT, "insats": "kontaktperson", "regi": "kommunal"}
    starts = [str(day(rng, date(2024, 11, 18), date(2024, 12, 15))) for _ in chosen]
    made = zip(keys(rng, "b", MORE_CONTACTS), chosen, starts, strict=True)
    return [empty | {"beslut": key, "person": str(person), "fran": fran} for key, person, fran in made]


def renewed(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """Some decisions outside housing as two that follow on each other, cut at a month's first day: no day is moved."""
    made: list[Row] = []
    names = iter(keys(rng, "b", len(rows)))
    for row in rows:
        cut = date(int(rng.integers(2022, 2025)), int(rng.integers(2, 13)), 1)
        fits = row["fran"] < str(cut) <= (row["till"] or "9999-12-31") and row["insats"] in PLACES
        if fits and rng.random() < RENEWED:
            made += [row | {"till": str(cut - ONE_DAY)}, row | {"beslut": next(names), "fran": str(cut)}]
        else:
            made.append(row)
    return made


def decided(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """When each was decided, some weeks before it begins, by what law, and whether of a woman or a man."""
    persons = list(dict.fromkeys(row["person"] for row in rows))
    sex = dict(zip(persons, rng.choice(["kvinna", "man"], len(persons), p=[0.45, 0.55]), strict=True))
    early = [int(days) for days in rng.integers(5, 50, len(rows))]
    return [
        row
        | {"lagrum": "LSS", "kon": str(sex[row["person"]])}
        | {"beslutsdatum": str(date.fromisoformat(row["fran"]) - days * ONE_DAY)}
        for row, days in zip(rows, early, strict=True)
    ]


def days_in(row: Row, year: int) -> int:
    """Days of a decision in a year, both its ends included.

    >>> days_in({"fran": "2024-10-01", "till": ""}, 2024), days_in({"fran": "2024-02-01", "till": "2024-02-29"}, 2023)
    (92, 0)
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    fran = max(first, date.fromisoformat(row["fran"]))
    till = min(last, date.fromisoformat(row["till"] or "9999-12-31"))
    return max(0, (till - fran).days + 1)


def reconciliation(budget: list[Row], rows: list[Row], prices: dict[tuple[str, ...], int]) -> Iterator[str]:
    """Per year: what own homes get by the list and what others are paid for housing, beside the plan for the same."""
    year_planned, version, name = PARTS_OF
    planned = {
        row["verksamhet"]: row["kostnad_mnkr"]
        for row in budget
        if (row["enhet"], row["ar"], row["version"], row["budgetrad"]) == (UNIT, str(year_planned), version, name)
    }
    parts = {"gruppbostad": "Gruppbostäder", "servicebostad": "Servicebostad", "daglig_verksamhet": "Daglig verksamhet"}
    for year in YEARS:
        for insats, part in parts.items():
            of_insats = [row for row in rows if row["insats"] == insats]
            texts = []
            for whose, homes in (("egna boenden", True), ("hos andra", False)):
                some = [row for row in of_insats if bool(row["boende"]) == homes]
                days = sum(days_in(row, year) for row in some)
                kr = sum(
                    days_in(row, year)
                    * int(row["pris_kr_per_dygn"] or prices[str(year), insats, row["regi"], row["niva"]])
                    for row in some
                    if insats in HOUSING
                )
                texts.append(f"{whose} {days} dygn, {kr / 1e6:.1f} mnkr")
            if insats not in HOUSING:
                texts = [f"{sum(days_in(row, year) for row in of_insats)} dygn, pris saknas i prislistan"]
            if year == year_planned:
                texts.append(f"plan för {part} {planned[part]} mnkr")
            yield f"{year} {insats}: {'; '.join(texts)}"


def price_list() -> dict[tuple[str, ...], int]:
    with PRICES.open(encoding="utf-8", newline="") as file:
        return {
            (row["ar"], row["insats"], row["regi"], row["niva"]): int(row["kr_per_dygn"])
            for row in csv.DictReader(file)
            if row["avser"] == "ersattning"
        }
