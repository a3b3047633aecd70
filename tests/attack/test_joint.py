"""The solver over all topics' cells: it learns what ties cells, and finds what small examples tell."""

import numpy as np
import pytest
from attack.joint import attacks, world_of

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


def told(worlds: list, which: int) -> dict:
    (attack, found), *_ = attacks(worlds, [which])
    assert attack.secret
    return {dict(key[2])["del"]: value for key, value in found.items() if key[1] == "personal"}


@pytest.fixture(scope="module")
def others() -> list:
    rng = np.random.default_rng(3)
    return [world_of(staff(rng.integers(5, 40, 4).tolist(), set(), set())) for _ in range(8)]


def test_a_part_that_is_the_sum_less_the_rest_is_told(others):
    assert told([*others, world_of(staff([17, 8, 6, 3], {"Öster"}, set()))], 8) == {"Öster": 3}


def test_two_withheld_parts_are_not_told_and_are_once_a_page_prints_one(others):
    hidden = {"Väster", "Öster"}
    assert told([*others, world_of(staff([17, 8, 6, 3], hidden, set()))], 8) == {}
    assert told([*others, world_of(staff([17, 8, 6, 3], hidden, {"Väster"}))], 8) == {"Väster": 6, "Öster": 3}


def test_parts_that_sum_to_their_number_are_one_each(others):
    assert told([*others, world_of(staff([17, 8, 1, 1], {"Väster", "Öster"}, set()))], 8) == {"Väster": 1, "Öster": 1}


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
    worlds.append(world_of(priced(2, 3402.0, shows_share)))
    (_, found), *_ = attacks(worlds, [8])
    assert {key[4]: value for key, value in found.items()} == ({"kr": 2 * 3402.0 * 366} if shows_share else {})
