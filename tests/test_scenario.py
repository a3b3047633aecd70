"""Scenarios on scenarios: who acts first, that each acts once, and how changes are numbered."""

from datetime import date

import pytest
from conftest import write_scenario

from planbok.base.errors import InputError
from planbok.base.workspace import Folders
from planbok.inputs.scenario.load import BAS, Known, load_scenario, runs_in, scenario_ids

NONE = Known()


def amount(kr: int, **more) -> dict:
    return {"typ": "belopp", "budgetrad": "R", "sida": "kostnad", "kr_per_manad": kr, "fran": "2016-01-01", **more}


@pytest.fixture
def load(tmp_path):
    def load(scenario_id: str, **scenarios):
        for name, (bases, amounts) in scenarios.items():
            write_scenario(tmp_path, name, [amount(kr) for kr in amounts], bygger_pa=bases)
        return load_scenario(scenario_id, Folders((tmp_path,)), NONE)

    return load


def acted(scenario) -> list[tuple]:
    return [(n.nr, n.scenario, n.position, n.change.kr_per_manad) for n in scenario]


def test_bas_is_built_in_and_changes_nothing(load):
    assert load("bas") is BAS
    assert list(BAS) == []


def test_bases_act_first_in_their_order_and_numbers_run_on(load):
    scenario = load("c", a=([], [1, 2]), b=(["bas"], [3]), c=(["b", "a"], [4]))
    assert acted(scenario) == [(1, "b", 1, 3), (2, "a", 1, 1), (3, "a", 2, 2), (4, "c", 1, 4)]
    assert scenario.builds_on == ("b", "a")


def test_the_shared_base_of_a_diamond_acts_once_where_it_is_first_named(load):
    scenario = load(
        "topp", grund=([], [1]), vanster=(["grund"], [2]), hoger=(["grund"], [3]), topp=(["vanster", "hoger"], [4])
    )
    assert acted(scenario) == [(1, "grund", 1, 1), (2, "vanster", 1, 2), (3, "hoger", 1, 3), (4, "topp", 1, 4)]
    assert scenario.builds_on == ("grund", "vanster", "hoger")


def test_a_base_named_twice_acts_once(load):
    assert acted(load("b", a=([], [1]), b=(["a", "bas", "a"], [2]))) == [(1, "a", 1, 1), (2, "b", 1, 2)]


def test_a_scenario_may_only_gather_others(load):
    assert acted(load("b", a=([], [1]), b=(["a"], []))) == [(1, "a", 1, 1)]


def test_a_change_knows_its_file_and_line(tmp_path, load):
    scenario = load("b", a=([], [1]), b=(["a"], [2, 3]))
    lines = {
        name: [
            i
            for i, line in enumerate((tmp_path / "scenarier" / f"{name}.yaml").read_text().splitlines(), 1)
            if "- underlag" in line
        ]
        for name in "ab"
    }
    assert [len(found) for found in lines.values()] == [1, 2]
    assert [(n.file.rsplit("/", 1)[-1], n.line) for n in scenario] == [
        ("a.yaml", *lines["a"]),
        *(("b.yaml", i) for i in lines["b"]),
    ]


def test_an_unknown_scenario_is_refused_with_a_suggestion(load):
    with pytest.raises(InputError) as stopped:
        load("grundd", grund=([], [1]))
    assert [fault.code for fault in stopped.value.faults] == ["unknown_scenario"]
    assert "Menade du 'grund'?" in str(stopped.value)


def test_ids_start_with_bas_and_come_from_both_folders(tmp_path):
    write_scenario(tmp_path / "egna", "b", [amount(1)])
    write_scenario(tmp_path / "projektet", "a", [amount(1)])
    write_scenario(tmp_path / "projektet", "b", [amount(2)])
    folders = Folders((tmp_path / "egna", tmp_path / "projektet"))
    assert scenario_ids(folders) == ["bas", "a", "b"]
    assert [n.change.kr_per_manad for n in load_scenario("b", folders, NONE)] == [1]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"enhet": "b"}, "den gäller enheten b"),
        ({"fran": "2017-01-01"}, "den börjar 2017-01-01, efter planåren som slutar 2016-12-31"),
        ({"fran": "2015-01-01", "till": "2015-12-31"}, "den slutar 2015-12-31, före 2016-01-01"),
        ({"fran": "2015-01-01", "till": "2016-01-01"}, ""),
        ({"fran": "2016-12-31", "enhet": "a"}, ""),
    ],
)
def test_why_a_change_cant_move_anything_in_a_run(tmp_path, more, reason):
    write_scenario(tmp_path, "prov", [amount(1, **more)])
    change = next(iter(load_scenario("prov", Folders((tmp_path,)), NONE))).change
    assert runs_in(change, "a", date(2016, 1, 1), date(2016, 12, 31)) == reason
