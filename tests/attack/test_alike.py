"""What a report on granted insatser withholds it shows nowhere else, nor does another month's: `alike.py` in short."""

from copy import deepcopy

import pytest
from attack.alike import finds, said_of

SEEDS = (23, 37, 52, 57, 77)  # in which something was withheld in one place and shown in another
ROW = {"insats": "daglig_verksamhet"}


@pytest.fixture(scope="module")
def collections() -> list[dict]:
    return [said_of(seed, audiences=("ledning",), scenarios=("bas",)) for seed in SEEDS]


def test_nothing_is_withheld_in_one_place_and_shown_in_another(collections):
    assert [found for found in finds(collections) if found] == []


def tampered(collections: list[dict], month: int, table: str, **row) -> set[tuple[str, str]]:
    """Where it is found that a shown number of a table is withheld in one month: the tables of what shows it."""
    said = deepcopy(collections[SEEDS.index(77)])
    report = said[f"insatser_manad bas|{month}"]["ledning"]
    place = next(n for n, its in enumerate(report["tabeller"][table]) if row.items() <= its.items())
    column = "antal" if table == "fordelning_kon" else "lopande_antal"
    assert report["tabeller"][table][place][column] is not None
    report["tabeller"][table][place][column] = None
    report["tabeller_celler"].setdefault(table, []).append({"rad": place, "kolumn": column, "skyddas": "få personer"})
    (found,) = finds([*collections, said], [len(collections)])
    assert {one[1] for _, one, _ in found} == {table}
    return {(other[0].partition("|")[2], other[1]) for _, _, other in found}


def test_the_check_finds_what_is_withheld_in_one_month_or_table_only(collections):
    """The other month's report has it, and so has the table of months where it stands since that month."""
    assert ("8", "fordelning_kon") in tampered(collections, 9, "fordelning_kon", grupp="daglig", kon="man")
    assert ("9", "per_insats_manad") in tampered(collections, 8, "per_insats_manad", insats="Totalt")
