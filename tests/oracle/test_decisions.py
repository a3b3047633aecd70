"""Every table, list and figure of the report on decisions in time, worked out again from the rows of made-up units."""

from datetime import date

import pytest
from conftest import write_scenario
from oracle.decided import UNIT
from oracle.in_time import InTime, split
from oracle.in_time_rows import drawn_in_time
from oracle.test_insatser import differing, same

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer
from planbok.topics.decisions import spot

CHANGES = (
    {"typ": "handlaggare", "antal": 1.5, "fran": "2024-11-16", "till": "2025-02-10"},
    {"typ": "arenden", "insats": "kontaktperson", "antal": 4, "fran": "2024-12-31"},
)
# seed, persons, day, changes
UNITS = (
    (31, 150, date(2024, 9, 30), CHANGES),
    (32, 60, date(2024, 8, 30), ()),
    (33, 20, date(2024, 12, 31), CHANGES[:1]),
    (34, 3, date(2024, 2, 29), ()),
)
TABLES = (
    "kvartal",
    "uppfoljningar",
    "planer",
    "handlaggningstid",
    "utgar",
    "belastning",
    "kapacitet",
    "kapacitet_lagen",
)
OF_WORK = {"statistik": {"del"}}


def the_case(folder, day, changes=(), spridning="arbetsmaterial"):
    """The case of a drawn unit on a day, under changes."""
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    sources = load_sources(Folders((folder / "params", PARAMS), folder))
    given = {"enhet": UNIT, "ar": day.year, "per_datum": str(day), "scenario": "prov" if changes else "bas"}
    return open_case("beslut_i_tid", sources=sources, spridning=spridning, **given)


def what_is_to_be_reported(result, unit) -> None:
    """A row per decision by its own dates, in the order of how it stands and when it was decided."""
    rows = result.arbetslista()["ivo_underlag"].frame.to_dict("records")
    assert {row["beslut"]: row["lage"] for row in rows} == unit.ivo_underlag()
    of = {one.row["beslut"]: one for one in unit.rows}
    names = ("beslutsdatum", "avbrott_fran", "verkstalld", "erbjudande", "till", "skal")
    assert all(row[name] == of[row["beslut"]].row[name] for row in rows for name in names)
    order = ["Ej verkställt", "Avbrott", "Tidigare rapporterat, sedan verkställt"]
    order += ["Tidigare rapporterat, avslutat utan att verkställas"]
    key = lambda row: (order.index(row["lage"]), row["beslutsdatum"] or "9999", row["beslut"])  # noqa: E731
    assert rows == sorted(rows, key=key)
    names = {"LSS": "LSS", "SoL": "SoL", "": "ej angivet"}
    assert [row["lagrum"] for row in rows] == [names[of[row["beslut"]].row["lagrum"]] for row in rows]


def the_spot_check_is_drawn_in_proportion(study, result, unit) -> None:
    """Which are drawn follows a key of the account's own, and is not held; how many of each insats is."""
    lists, able = result.arbetslista(), unit.eligible()
    assert {*spot.eligible(study)["beslut"]} == {one.row["beslut"] for one in able}
    if unit.day.month >= 8:  # its result has come in
        assert "stickprov" not in lists
        return
    names = sorted({one.insats for one in able})
    sizes = [sum(one.insats == name for one in able) for name in names]
    frame = lists["stickprov"].frame
    drawn = [one.insats for one in able if one.row["beslut"] in set(frame["beslut"])]
    assert len(drawn) == len(frame)
    assert [drawn.count(name) for name in names] == split(min(20, len(able)), sizes)


@pytest.mark.parametrize(("seed", "size", "day", "changes"), UNITS, ids=[f"{unit[0]}" for unit in UNITS])
def test_every_table_list_and_figure_is_what_the_rows_say(tmp_path, seed, size, day, changes):
    """All of a report in one test: what it asks for is then worked out in that test."""
    folder = drawn_in_time(tmp_path, seed, size)
    (study, result), unit = answer(the_case(folder, day, changes)), InTime(folder, day, changes)
    assert result.tabeller.keys() - {"fordelning"} == {"statistik", *TABLES}
    for name in ("statistik", *TABLES):
        assert differing(result.tabeller[name].frame, getattr(unit, name)(), OF_WORK.get(name, set())) == []
    found = {table.namn: table for table in result.details()} if callable(result.details) else result.tabeller
    assert differing(found["fordelning"].frame, unit.working()) == []
    for found, expected in ((result.nyckeltal, unit.figures()), (result.fakta, unit.facts())):
        assert found.keys() == expected.keys()
        assert {k: (found[k].varde, its) for k, its in expected.items() if not same(found[k].varde, its)} == {}
    assert result.tabeller["uppfoljningar"].titel == "Uppföljningar 6 månader framåt"
    what_is_to_be_reported(result, unit)
    the_spot_check_is_drawn_in_proportion(study, result, unit)
