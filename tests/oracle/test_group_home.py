"""Every table, key figure and effect of a new home, held against a plain count of days from the files' own rows."""

from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import write_scenario
from oracle.home_cases import CASES, Given, write_files
from oracle.home_money import Money, facts, key_figures
from oracle.home_plan import World, plan_of
from oracle.home_sheets import sheets

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.topics import group_home

HOME, ENHET = "hemmet", "provenheten"
NOT_HELD = {
    "spann": "held by itself: its draws",
    "kbh_per_familj.anmarkning": "the reason why KBH is not known is words; held where it is known",
    "brygga.steg": "a change in words; held for all other rows",
}


def same(found: Any, expected: Any) -> bool:
    """Whether a cell is what was counted; within an öre, and NaN only where NaN was."""
    if isinstance(expected, str) or expected is None:
        return found == expected
    if isnan(expected) or found is None or isnan(found):
        return isnan(expected) and (found is None or isnan(found))
    return abs(found - expected) <= 0.005 + 1e-9 * abs(expected)


@dataclass
class Tried:
    """One case: the library's result and the plain count of the same files."""

    case: Case
    study: Any
    result: Any
    money: Money
    given: Given
    start: Any = field(repr=False)


@pytest.fixture(scope="module", params=CASES, ids=[given.namn for given in CASES])
def tried(request, tmp_path_factory) -> Tried:
    given, folder = request.param, tmp_path_factory.mktemp("hem")
    case = case_of(given, folder)
    study = group_home.study.study(case)
    world = World(folder / "data", ENHET, given.ar, tuple(given.changes))
    start = plan_of(folder / "data", HOME)
    return Tried(case, study, group_home.view.result(study), Money(world, world.under(start)), given, start)


def case_of(given: Given, folder: Path) -> Case:
    write_files(folder / "data", given)
    params = folder / "params"
    params.mkdir()
    if given.changes:
        write_scenario(params, "prov", given.changes)
    sources = load_sources(Folders((params, PARAMS), folder / "data"))
    scenario = {"scenario": "prov"} if given.changes else {}
    told = {"ar": given.ar, "sources": sources, "boende": HOME, "spridning": "arbetsmaterial", **scenario}
    return open_case("gruppbostad_kbh", enhet=ENHET, **told)


def test_every_key_figure_is_counted(tried):
    found = {name: figure.varde for name, figure in tried.result.nyckeltal.items()}
    expected = key_figures(tried.money)
    assert found.keys() == expected.keys()
    assert {name: kr for name, kr in found.items() if not same(kr, expected[name])} == {}
    for name, figure in tried.result.nyckeltal.items():
        assert bool(figure.saknas) == isnan(expected[name]), name


def test_every_figure_of_the_sentences_is_counted(tried):
    found = {name: figure.varde for name, figure in tried.result.fakta.items()}
    expected = facts(tried.money)
    assert found.keys() == expected.keys()
    assert {name: (kr, expected[name]) for name, kr in found.items() if not same(kr, expected[name])} == {}


def test_every_row_and_column_of_every_table_is_counted(tried):
    expected = sheets(tried.money, tried.start)
    found = tried.result.tabeller
    assert found.keys() - NOT_HELD.keys() == {name for name, rows in expected.items() if rows is not None}
    wrong = [text for name in expected.keys() & found.keys() for text in differing(name, found[name].frame, expected)]
    assert wrong == []


def differing(name: str, frame: pd.DataFrame, expected: dict[str, Any]) -> list[str]:
    """Where a table is not what was counted."""
    rows, counted = frame.to_dict("records"), expected[name]
    if len(rows) != len(counted):
        return [f"{name}: {len(rows)} rows, counted {len(counted)}"]
    said = [f"{name}: columns {sorted(frame.columns)}"] if set(frame.columns) != set(counted[0]) else []
    for number, (row, right) in enumerate(zip(rows, counted, strict=True)):
        held = {key: kr for key, kr in right.items() if kr is not None or f"{name}.{key}" not in NOT_HELD}
        said += [
            f"{name} {number} {key}: {row.get(key)}, counted {kr}"
            for key, kr in held.items()
            if not same(row.get(key), kr)
        ]
    return said
