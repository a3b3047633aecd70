"""The solver over all topics' cells: it learns what ties cells, and finds what small examples tell."""

import numpy as np
import pytest
from attack.joint import Attacker
from attack.reading import World, world_of

OPEN, SHOWN = "arbetsmaterial", ("ledning", "offentlig")
OPERATIONS = ("Norr", "Söder", "Väster", "Öster")


def report(tables: dict[str, tuple[list[dict], dict[str, str]]], figures: dict | None = None) -> dict:
    """A resultat.json of some tables, each with the units of its columns; None is a cell that is withheld."""
    closed = {
        name: [
            {"rad": number, "kolumn": key, "skyddas": "få personer"}
            for number, row in enumerate(rows)
            for key, value in row.items()
            if value is None
        ]
        for name, (rows, _) in tables.items()
    }
    units = {
        name: {"kolumner": {key: {"mattenhet": unit} for key, unit in its.items()}} for name, (_, its) in tables.items()
    }
    said = {key: {"varde": value, "mattenhet": unit} for key, (value, unit) in (figures or {}).items()}
    return {
        "nyckeltal": said,
        "tabeller": {name: rows for name, (rows, _) in tables.items()},
        "tabeller_celler": closed,
        "tabeller_kolumner": units,
        "tabeller_not": {},
        "skjutreglage": [],
    }


def audiences(whole: dict, shown: dict) -> dict:
    return {OPEN: whole} | dict.fromkeys(SHOWN, shown)


def staff(numbers: list[int], hidden: set[str], printed: set[str]) -> dict:
    """Staff by operation in one report, and each operation's own page beside it."""
    units = {"del": "", "antal": "medarbetare"}
    rows = [{"del": name, "antal": number} for name, number in zip(OPERATIONS, numbers, strict=True)]
    total = {"del": "Totalt", "antal": sum(numbers)}
    less = [row | {"antal": None} if row["del"] in hidden else row for row in rows]
    tables = [report({"personal": ([*its, total], units)}) for its in (rows, less)]
    pages = {
        f"blad_{row['del']}|8": audiences(
            report({}, {"medarbetare_antal": (row["antal"], "medarbetare")}),
            report({}, {"medarbetare_antal": (row["antal"], "medarbetare")} if row["del"] in printed else {}),
        )
        for row in rows
    }
    return {"bemanning|8": audiences(*tables)} | pages


def told(others: list, world: World) -> dict:
    attack = Attacker(others).attack(world)
    assert attack.secret
    return {dict(key[2])["del"]: value for key, value in attack.told().items() if key[1] == "personal"}


@pytest.fixture(scope="module")
def others() -> list:
    rng = np.random.default_rng(3)
    return [world_of(staff(rng.integers(5, 40, 4).tolist(), set(), set())) for _ in range(8)]


def test_a_part_that_is_the_sum_less_the_rest_is_told(others):
    assert told(others, world_of(staff([17, 8, 6, 3], {"Öster"}, set()))) == {"Öster": 3}


def test_two_withheld_parts_are_not_told_and_are_once_a_page_prints_one(others):
    hidden = {"Väster", "Öster"}
    assert told(others, world_of(staff([17, 8, 6, 3], hidden, set()))) == {}
    assert told(others, world_of(staff([17, 8, 6, 3], hidden, {"Väster"}))) == {"Väster": 6, "Öster": 3}


def test_parts_that_sum_to_their_number_are_one_each(others):
    assert told(others, world_of(staff([17, 8, 1, 1], {"Väster", "Öster"}, set()))) == {"Väster": 1, "Öster": 1}


def priced(persons: int, price: float, shows_share: bool) -> dict:
    """Kronor of persons beside what they are of a printed whole, per cent."""
    kr, whole = persons * price * 366, 40_000_000.0
    units = {"rad": "", "kr": "kr", "andel_procent": "procent"}
    row = {"rad": "gruppbostad", "kr": kr, "andel_procent": 100 * kr / whole}
    less = row | {"kr": None} | ({} if shows_share else {"andel_procent": None})
    figures = {"summa_kr": (whole, "kr")}
    rest = [{"rad": name, "kr": part, "andel_procent": 100 * part / whole} for name, part in (("a", 9e6), ("b", 7.5e6))]
    return {"lss|8": audiences(*(report({"peng": ([one, *rest], units)}, figures) for one in (row, less)))}


@pytest.mark.parametrize("shows_share", [True, False])
def test_a_share_of_a_printed_sum_tells_what_it_is_of(shows_share):
    rng = np.random.default_rng(5)
    worlds = [
        world_of(priced(int(n), float(p), True))
        for n, p in zip(rng.integers(2, 30, 8), rng.integers(900, 5000, 8), strict=True)
    ]
    found = Attacker(worlds).attack(world_of(priced(2, 3402.0, shows_share))).told()
    assert {key[4]: value for key, value in found.items()} == ({"kr": 2 * 3402.0 * 366} if shows_share else {})


def monthly(hours: list[float], together: bool, counted: str = "") -> dict:
    """Hours by month with their total, in August; or the first months in one row, or a total that stands."""
    units = {"manad": "", "h": "h"}
    rows = [{"manad": f"2024-{month:02d}", "h": value} for month, value in enumerate(hours, start=1)]
    total = {"manad": "Totalt", "h": sum(hours)}
    few = {"manad": "2024-01\N{EN DASH}2024-03", "h": sum(hours[:3])}
    less = [few, *(row | {"h": None} for row in rows[3:])] if together else [row | {"h": None} for row in rows]
    stood = total | ({"raknat": counted} if counted else {})
    return {
        "timmar|8": audiences(
            *(report({"timmar": ([*its, last], units)}) for its, last in ((rows, total), (less, stood)))
        )
    }


@pytest.fixture(scope="module")
def years() -> list:
    rng = np.random.default_rng(4)
    return [world_of(monthly(rng.uniform(100, 900, 4).tolist(), False)) for _ in range(8)]


def hours_told(years: list, said: dict) -> dict:
    attack = Attacker(years).attack(world_of(said))
    return {dict(key[2])["manad"]: value for key, value in attack.leaks(attack.told()).items()}


def test_months_that_are_shown_together_and_their_total_tell_the_last_one(years):
    assert hours_told(years, monthly([300.0, 200.0, 100.0, 7.0], True)) == {"2024-04": 7.0}


def test_a_number_that_stands_is_not_the_months_own(years):
    said = monthly([300.0, 0.0, 0.0, 0.0], False, "juli 2024")
    assert ("timmar|8", "timmar", (("manad", "Totalt"),), 0, "h") not in world_of(said).shown
    own = world_of(monthly([300.0, 0.0, 0.0, 0.0], False, "augusti 2024"))
    assert ("timmar|8", "timmar", (("manad", "Totalt"),), 0, "h") in own.shown
