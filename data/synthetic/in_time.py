"""Synthetic dates of decisions (ordered, carried out, planned, followed up), cases and officers: some of each late."""

from datetime import date, timedelta

import numpy as np

from synthetic.common import UNIT, Row, generator

DATE_COLUMNS = [
    "bestalld",
    "verkstalld",
    "avbrott_fran",
    "avbrott_till",
    "skal",
    "erbjudande",
    "kontaktad",
    "plan_in",
    "foljd_upp",
    "bevakning",
    "handlaggare",
]
CASE_COLUMNS = ["arende", "enhet", "insats", "ansokan", "utredning_start", "beslutsdatum", "utfall", "handlaggare"]
OFFICER_COLUMNS = ["handlaggare", "enhet", "tjanstgoring_andel", "fran", "till"]
POST_COLUMNS = ["enhet", "manad", "tjanster", "i_tjanst"]
LAST = date(2024, 12, 31)
ONE_DAY = timedelta(days=1)
WHY = ("bostad_saknas", "personal_saknas", "uppdragstagare_saknas", "tackat_nej", "annat")
# Why decisions wait, by insats: for a contact person nobody is found, for escort there is no staff.
REASONS = {"kontaktperson": "uppdragstagare_saknas", "ledsagning_avlosning": "personal_saknas"}
ORDERED_FROM = date(2023, 1, 1)
# Of the decisions: how many wait, are interrupted, were carried out late, and the shares of plans and follow-ups.
NOT_DONE = {"kontaktperson": 6, "ledsagning_avlosning": 6, "daglig_verksamhet": 3}
INTERRUPTED, RESUMED, LATE = 7, 3, 8
PLAN_LATE, PLAN_LACKS, OVERDUE = 0.12, 0.05, 0.12
LIMITED = {"kontaktperson": 0.6, "ledsagning_avlosning": 0.5}  # of those that run: how many end next year
OFFICERS = 7
SHARES = ("1", "1", "1", "1", "1", "1", "0.5")
NEW_CASES, MONTHS = 12, 24  # cases a month, in 2023 and 2024
INSATSER = ("daglig_verksamhet", "ledsagning_avlosning", "kontaktperson", "gruppbostad", "korttidsvistelse")
CASE_SHARES = (0.25, 0.35, 0.2, 0.08, 0.12)
OLDER_UNIT, OLDER_POSTS = "exempel_aldre", 46
OLDER_IN_SERVICE = (41, 40, 40, 39, 40, 39, 37, 38, 39, 39, 38, 38)  # of 46, month by month; the plan says 38


def officer_keys() -> list[str]:
    """The officers' keys, the same in every table."""
    letters = "bcdfghjkmnpqrstvwxyz"
    rng = generator("handlaggare: nycklar")
    return ["h" + "".join(f"{rng.choice(list(letters))}{rng.integers(10)}" for _ in range(5)) for _ in range(OFFICERS)]


def officers(_: np.random.Generator) -> list[Row]:
    """Seven officers, one of them at half time, one since last year."""
    starts = ("2015-03-01", "2017-08-15", "2018-01-01", "2019-09-01", "2021-02-01", "2023-10-01", "2020-04-01")
    rows = zip(officer_keys(), SHARES, starts, strict=True)
    return [
        {"handlaggare": key, "enhet": UNIT, "tjanstgoring_andel": share, "fran": start, "till": ""}
        for key, share, start in rows
    ]


def posts(_: np.random.Generator) -> list[Row]:
    """Posts and officers in service by month: seven on paper, and 46 of whom 38 are in service in the other unit."""
    months = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
    service = {month: "6" if month < "2023-10" else "7" for month in months}
    rows = [{"enhet": UNIT, "manad": month, "tjanster": "7", "i_tjanst": service[month]} for month in months]
    older = zip(months[12:], OLDER_IN_SERVICE, strict=True)
    return rows + [
        {"enhet": OLDER_UNIT, "manad": month, "tjanster": str(OLDER_POSTS), "i_tjanst": str(there)}
        for month, there in older
    ]


def cases(rng: np.random.Generator) -> list[Row]:
    """Applications of two years: most are decided within three months, some wait for years' end."""
    rows, keys = [], officer_keys()
    for place in range(MONTHS):
        first = date(2023 + place // 12, place % 12 + 1, 1)
        for _ in range(int(rng.poisson(NEW_CASES))):
            asked = first + int(rng.integers(0, 28)) * ONE_DAY
            begun = asked + int(rng.integers(1, 30)) * ONE_DAY
            decided = begun + int(rng.gamma(4.0, 16.0)) * ONE_DAY
            done = decided <= LAST
            rows.append(
                {
                    "arende": "",
                    "enhet": UNIT,
                    "insats": str(rng.choice(INSATSER, p=CASE_SHARES)),
                    "ansokan": str(asked),
                    "utredning_start": str(begun) if begun <= LAST else "",
                    "beslutsdatum": str(decided) if done else "",
                    "utfall": str(
                        rng.choice(["bifall", "delvis_avslag", "avslag", "avskriven"], p=[0.78, 0.06, 0.1, 0.06])
                    )
                    if done
                    else "",
                    "handlaggare": str(rng.choice(keys, p=np.array(SHARES, float) / sum(map(float, SHARES)))),
                }
            )
    return [
        row | {"arende": f"a{place:03d}{'bcdfgh'[place % 6]}{place * 7919 % 9973:04d}"}
        for place, row in enumerate(rows)
    ]


def followed(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """The decisions with their dates: most in time, and of each kind some that are not."""
    keys, share = officer_keys(), np.array(SHARES, float) / sum(map(float, SHARES))
    of_person = {person: str(rng.choice(keys, p=share)) for person in dict.fromkeys(row["person"] for row in rows)}
    rows = [_limited(row, rng) for row in rows]
    made = [_dated(row, rng) | {"handlaggare": of_person[row["person"]]} for row in rows]
    seen: set[tuple[str, str]] = set()
    begins = [not ((pair := (row["person"], row["insats"])) in seen or seen.add(pair)) for row in made]
    _waiting(made, begins, rng)
    return made


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _limited(row: Row, rng: np.random.Generator) -> Row:
    """Some of the decisions that run at years' end are to a month's last day of next year: none of their days moves."""
    ends = rng.random() < LIMITED.get(row["insats"], 0.0) and not row["till"]
    month = int(rng.integers(2, 13))
    return row | {"till": str(date(2025, month, 1) - ONE_DAY)} if ends else row


def _dated(row: Row, rng: np.random.Generator) -> Row:
    """Ordered with the decision, carried out on its first day, planned in two weeks, followed up in the last year."""
    decided, first = _day(row["beslutsdatum"]), _day(row["fran"])
    ordered = decided + int(rng.integers(0, 5)) * ONE_DAY
    end = min(LAST, _day(row["till"])) if row["till"] else LAST
    kind, days = rng.random(), int(rng.integers(3, 15))
    days += 14 * (kind < PLAN_LATE)
    plan, seen = ordered + days * ONE_DAY, ordered + int(rng.integers(1, 17)) * ONE_DAY
    back = int(rng.integers(380, 520)) if rng.random() < OVERDUE else int(rng.integers(5, 360))
    follow = end - back * ONE_DAY
    new = ordered >= ORDERED_FROM
    lacks = kind > 1 - PLAN_LACKS
    return (
        row
        | {
            "bestalld": str(ordered) if new else "",
            "verkstalld": str(max(first, decided)) if first <= LAST else "",
            "kontaktad": str(seen) if new else "",
            "plan_in": str(plan) if new and not lacks and plan <= LAST else "",
            "foljd_upp": str(follow) if follow > first else "",
            "bevakning": row["till"],
        }
        | dict.fromkeys(("avbrott_fran", "avbrott_till", "skal", "erbjudande"), "")
    )


def _waiting(rows: list[Row], begins: list[bool], rng: np.random.Generator) -> None:
    """Some that wait, some that were carried out late, and some that are interrupted; each decision is one at most."""
    runs = [row for row, first in zip(rows, begins, strict=True) if first and not "" < row["till"] <= str(LAST)]
    for insats, count in NOT_DONE.items():
        there = [row for row in runs if row["insats"] == insats and "2023-05-15" < row["beslutsdatum"] < "2024-09-25"]
        for row in _some(there, count, rng):
            row["verkstalld"] = row["plan_in"] = row["foljd_upp"] = ""
            row["skal"] = REASONS.get(insats, str(rng.choice(WHY)))
            if rng.random() < 0.4:
                row["erbjudande"] = str(_day(row["beslutsdatum"]) + int(rng.integers(30, 80)) * ONE_DAY)
    done = [row for row in runs if row["verkstalld"] and row["insats"] not in ("gruppbostad", "servicebostad")]
    ended = [row for row, first in zip(rows, begins, strict=True) if first and row["till"] > "2024-11-30"]
    recent = [row for row in done + ended if "2024-02-01" < row["beslutsdatum"] < "2024-08-31" and not row["skal"]]
    for row in _some(recent, LATE, rng):
        last = max(date(2024, 10, 1), _day(row["beslutsdatum"]) + 95 * ONE_DAY)
        row["verkstalld"] = str(last + int(rng.integers(0, 25)) * ONE_DAY)
    old = [row for row in done if row["beslutsdatum"] < "2023-06-01"]
    for place, row in enumerate(_some(old, INTERRUPTED + RESUMED, rng)):
        begun = date(2024, 3, 1) + int(rng.integers(0, 180)) * ONE_DAY
        row["avbrott_fran"] = str(begun)
        if place < RESUMED:
            row["avbrott_till"] = str(begun + int(rng.integers(20, 80)) * ONE_DAY)
        else:
            row["skal"] = str(rng.choice(WHY[1:]))


def _some(rows: list[Row], count: int, rng: np.random.Generator) -> list[Row]:
    chosen = rng.choice(len(rows), min(count, len(rows)), replace=False)
    return [rows[place] for place in sorted(chosen)]
