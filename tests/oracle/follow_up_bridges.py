"""Bridges between the year's versions, row by row, and what explains each row's step."""

from collections import defaultdict

from oracle.follow_up_changes import Part, Under
from oracle.raw import NAMES

SMALLEST = 0.005  # less is how numbers are kept
CAUSES = {
    "upprakning": ("pris", "priser"),
    "atgard": ("atgarder", "åtgärder"),
    "bedomning": ("bedomning", "bedömning"),
    "belopp": ("andra_forandringar", "andra förändringar i scenariot"),
}
ORDER = ("pris", "atgarder", "bedomning", "andra_forandringar", "stangda_manader", "nya_manader", "ovrigt")
TITLES = {
    "budget_prognos": "Budget till prognos",
    "budget_utfall": "Budget till utfall",
    "forra_prognosen": "Förra prognosen till denna",
    "scenarier": "Jämförelsen till scenariot",
}
Kr = dict[str, float]  # by budget row
Known = dict[tuple[str, str, str], float]  # budget row, cause and month to kronor


def of_year(part: Part) -> float:
    """What a change explains of the prognosis: a measure as far as the method has seen it."""
    return part.sedd if part.typ == "atgard" else part.ar


def put_to_method(part: Part) -> float:
    return 0.0 if part.typ == "atgard" else part.kvar


def known(under: Under, kr, sign: int = 1, cause: str = "") -> Known:
    """Kronor of the changes by row and cause; frames are in no bridge's steps."""
    found: Known = defaultdict(float)
    for part in under.parts:
        if part.side < 2 and CAUSES[part.typ][0].startswith(cause):
            found[part.leaf[0], CAUSES[part.typ][0], ""] += sign * kr(part)
    return found


def together(*parts: Known) -> Known:
    found: Known = defaultdict(float)
    for part in parts:
        for key, kr in part.items():
            found[key] += kr
    return found


def prognosis(under: Under) -> Kr:
    return {row: under.of_row(row, "prognos") for row in under.unit.names}


def expected_month(before: Under, row: str, month: int) -> float:
    """What an earlier prognosis had in a month to come."""
    leaves = [leaf for leaf in before.unit.now if leaf[0] == row]
    return sum(before.unit.months(leaf)[month] + before.ahead(leaf)[month] for leaf in leaves)


def new_months(now: Under, before: Under) -> Known:
    """What each new month became beyond what was expected of it and what measures did there, evenly over them."""
    months, found = range(before.tom, now.tom), {}
    measures = together(
        known(now, lambda p: p.hittills, 1, "atgarder"), known(before, lambda p: p.hittills, -1, "atgarder")
    )
    for row, month in ((row, month) for row in now.unit.names for month in months):
        booked = sum(now.unit.booked(leaf, range(month, month + 1)) for leaf in now.unit.now if leaf[0] == row)
        kr = booked - expected_month(before, row, month) - measures.get((row, "atgarder", ""), 0.0) / len(months)
        found[row, "nya_manader", NAMES[month]] = kr
    return found


def since(under: Under, before: Under, reported: Kr | None = None, closed: Known | None = None) -> tuple:
    """From an earlier prognosis, as it was reported or as it is computed today, to this one."""
    was = (f"Prognos efter {NAMES[before.tom - 1]}", prognosis(before) if reported is None else reported)
    end = (f"Prognos efter {NAMES[under.tom - 1]}", prognosis(under))
    more = together(known(under, of_year), known(before, of_year, -1), new_months(under, before), closed or {})
    return ("forra_prognosen", was, end, more)


def bridges(under: Under, before: Under | None, versus: Under, version: str) -> list[tuple]:
    """Each bridge: its name, from and to (in words, kronor by row), and what is known of it."""
    unit, tom = under.unit, under.tom
    words = NAMES[0] if tom == 1 else f"{NAMES[0]}–{NAMES[tom - 1]}"
    rows, end = unit.names, (f"Prognos efter {NAMES[tom - 1]}", prognosis(under))
    budget = {row: under.budget_of_row(row) for row in rows}
    leaves = {row: [leaf for leaf in unit.now if leaf[0] == row] for row in rows}
    planned = {row: sum(sum(unit.planned(leaf)[:tom]) for leaf in leaves[row]) for row in rows}
    booked = {row: under.of_row(row, "utfall") for row in rows}
    so_far = (f"Utfall {words}", booked)
    found = [
        ("budget_prognos", (version, budget), end, known(under, of_year)),
        ("budget_utfall", (f"Budget {words}", planned), so_far, known(under, lambda p: p.hittills)),
    ]
    if before is not None:
        found.append(since(under, before))
    beside = together(known(under, put_to_method), known(versus, put_to_method, -1))
    found.append(("scenarier", ("Prognos med Prov", prognosis(versus)), end, beside))
    return found


def steps(start: tuple[str, Kr], end: tuple[str, Kr]) -> list[tuple[str, str, float]]:
    """The table's rows of a bridge: what it is called, its kind, kr; unknown steps too, but none of nothing."""
    moved = [(row, "rad", end[1][row] - start[1][row]) for row in end[1]]
    return [
        (start[0], "start", sum(start[1].values())),
        *(step for step in moved if not abs(step[2]) < SMALLEST),
        (end[0], "slut", sum(end[1].values())),
    ]


def inside(start: Kr, end: Kr, told: Known) -> list[dict]:
    """What explains each row's step, the rest last: kronor and the share of the row's step."""
    found = []
    for row in end:
        step = end[row] - start[row]
        its = {key: kr for key, kr in told.items() if key[0] == row}
        its[row, "ovrigt", ""] = step - sum(its.values())
        for (_, cause, month), kr in sorted(its.items(), key=lambda item: ORDER.index(item[0][1])):
            if not abs(kr) < SMALLEST:
                share = 100 * kr / step if abs(step) >= SMALLEST else float("nan")
                found.append({"budgetrad": row, "orsak": cause, "manad": month, "kr": kr, "andel_procent": share})
    return found


def said(cause: str, month: str) -> str:
    """What a part is called."""
    if cause == "stangda_manader":
        return f"ändrat i {month}"
    if cause == "nya_manader":
        return f"{month} mot väntat"
    names = dict(CAUSES.values())
    return names.get(cause, "övrigt, utfallets takt")
