"""Every table and figure of the report on granted insatser, worked out again from the rows of made-up units."""

from math import isclose, isnan

import pytest
from conftest import write_scenario
from oracle.decided import UNIT, drawn
from oracle.granted import Granted

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

NOT_HELD = {
    # others than the unit see the first; the others are held where these see them
    "forandring": {"raknat", "lopande_antal_tankta", "nya_antal_tankta", "avslutade_antal_tankta"},
    "fordelning_kon": {"raknat", "manad", "order", "part", "kr", "prissatta", "med_timmar"},  # of the work, not shown
}
# seed, persons, year, month, changes
UNITS = (
    (1, 160, 2024, 8, ()),
    (6, 90, 2024, 9, ()),
    (2, 60, 2024, 12, ({"insats": "gruppbostad", "antal": 7, "fran": "2024-08-31", "till": "2024-11-30"},)),
    (3, 25, 2023, 2, ({"insats": "barnboende_over_12", "antal": 6, "fran": "2023-02-01"},)),
    (4, 8, 2024, 1, ({"insats": "gruppbostad", "antal": 2, "fran": "2020-01-15"},)),
    (5, 1, 2024, 8, ()),
)
IDS = [f"{unit[0]}" for unit in UNITS]
TABLES = ("per_insats_manad", "beslut_per_manad", "varningar", "drivare", "fordelning_kon")


def the_case(folder, ar, tom, changes, spridning="arbetsmaterial"):
    """The case of a drawn unit under changes."""
    if changes:
        write_scenario(folder / "params", "prov", [{"typ": "volym"} | change for change in changes])
    sources = load_sources(Folders((folder / "params", PARAMS), folder))
    scenario = "prov" if changes else "bas"
    given = {"enhet": UNIT, "ar": ar, "tom_manad": tom, "scenario": scenario, "spridning": spridning}
    return open_case("insatser_manad", sources=sources, **given)


def same(found, expected) -> bool:
    """Whether a cell is what was worked out; None and NaN are unknown."""
    if isinstance(expected, str):
        return found == expected
    if isinstance(found, str):
        return False
    unknown = found is None or isnan(found)
    return isnan(expected) if unknown else isclose(found, expected, rel_tol=1e-9, abs_tol=1e-6)


def differing(frame, expected: list[dict], not_held=frozenset()) -> list[str]:
    """Where a table is not what was worked out, rows in order; a column that the oracle does not know too."""
    rows = frame.to_dict("records")
    said = [] if len(rows) == len(expected) else [f"{len(rows)} rows, expected {len(expected)}"]
    for place, (row, right) in enumerate(zip(rows, expected, strict=False)):
        said += [f"{place}: column {key}" for key in (row.keys() ^ right.keys()) - not_held]
        here = [(key, row[key], value) for key, value in right.items() if key in row]
        said += [f"{place} {key}: {one}, expected {other}" for key, one, other in here if not same(one, other)]
    return said


def changes_held(result, unit) -> None:
    """Insatser as large as each other may come in any order."""
    frame = result.tabeller["forandring"].frame
    assert frame["lopande_antal"].iloc[:-1].is_monotonic_decreasing
    assert frame["insats"].iloc[-1] == "Totalt"
    found = frame.iloc[:-1].sort_values(["lopande_antal", "insats"], ascending=[False, True])
    assert differing(found, unit.forandring()[:-1], NOT_HELD["forandring"]) == []
    assert differing(frame.iloc[-1:], unit.forandring()[-1:], NOT_HELD["forandring"]) == []


@pytest.mark.parametrize(("seed", "size", "ar", "tom", "changes"), UNITS, ids=IDS)
def test_every_table_and_figure_is_what_the_rows_say(tmp_path, seed, size, ar, tom, changes):
    """All of a report in one test: what it asks for is then worked out in that test."""
    folder = drawn(tmp_path, seed, size)
    result, unit = answer(the_case(folder, ar, tom, changes)).result, Granted(folder, ar, tom, changes)
    assert result.tabeller.keys() == {*TABLES, "forandring"}
    for name in TABLES:
        assert differing(result.tabeller[name].frame, getattr(unit, name)(), NOT_HELD.get(name, set())) == []
    changes_held(result, unit)
    for found, expected in ((result.nyckeltal, unit.figures()), (result.fakta, unit.facts())):
        assert found.keys() == expected.keys()
        assert [key for key in found if not same(found[key].varde, expected[key])] == []
    assert [check.namn for check in result.kontroller if check.ok is False and "summerar" in check.namn] == []
