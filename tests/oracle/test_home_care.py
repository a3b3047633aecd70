"""The report on older people's care beside what its raw rows give, worked out anew: every table, row and column."""

import pytest
import yaml_files
from conftest import write_scenario
from oracle.home_care_outside import Outside
from oracle.home_care_rows import AR, UNIT, drawn
from oracle.raw import differing, same
from ruamel.yaml import YAML

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

TABLES = ("per_manad", "per_omrade", "boende_per_manad", "chefsniva", "prognos", "brygga", "kanslighet", "brytpunkt")
TABLES += ("planar", "traffsakerhet")
WORLDS = {  # seed: first month, last month, the report's month
    0: ("2021-01", "2024-12", 9),
    1: ("2023-02", "2024-04", 4),
    3: ("2024-03", "2024-06", 5),
    4: ("2022-01", "2024-12", 12),
    5: ("2022-12", "2024-11", 11),
    7: ("2023-01", "2024-02", 2),
    9: ("2022-01", "2024-01", 1),
    10: ("2020-01", "2024-06", 6),
}


def case_of(folder, tom: int, changes=(), **more):
    (folder / "params").mkdir(exist_ok=True)
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": UNIT, "ar": AR, "tom_manad": tom, "scenario": "prov" if changes else "bas"}
    return open_case("aldreomsorg", spridning="arbetsmaterial", sources=sources, **given | more)


def reported(folder, tom: int, changes=(), **more):
    return answer(case_of(folder, tom, changes, **more))


def differs(result, oracle: Outside) -> str:
    assert result.tabeller.keys() == set(TABLES)
    said = []
    for name in TABLES:
        frame, right = result.tabeller[name].frame, getattr(oracle, name)()
        for place, row in enumerate(right):
            if row.get("steg", "") is None:  # a change in the scenario's own words
                row["steg"] = frame["steg"][place]
        said += [f"{name} {text}" for text in differing(frame, right)]
    for kind in ("nyckeltal", "fakta"):
        found = {key: figure.varde for key, figure in getattr(result, kind).items()}
        right = getattr(oracle, kind)()
        said += [
            f"{key}: {found.get(key)} not {right.get(key)}" for key in found | right if not held(found, right, key)
        ]
    return "\n".join(said)


def held(found: dict, right: dict, key: str) -> bool:
    return key in found and key in right and same(found[key], right[key])


@pytest.mark.parametrize("seed", WORLDS)
def test_every_table_is_what_the_rows_give(tmp_path, seed):
    first, last, tom = WORLDS[seed]
    oracle = Outside(drawn(tmp_path / "data", seed, first, last), tom)
    wrong = differs(reported(tmp_path, tom).result, oracle)
    assert not wrong, wrong
    assert bool(oracle.traffsakerhet()) == (seed in (0, 4, 9, 10)) and (oracle.half() is not None) == (seed in (0, 10))


CHANGES = (
    {"typ": "arenden", "omrade": "Norra", "antal": 3, "fran": "2024-02-29"},
    {"typ": "arenden", "insats": "hemtjanst", "antal": -1, "fran": "2023-11-15", "till": "2024-12-30"},
    {"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": -5, "fran": "2024-12-31"},
    {
        "typ": "flytt",
        "fran_insats": "hemtjanst",
        "till_slag": "demens",
        "antal": 1,
        "fran": "2024-06-15",
        "till": "2024-12-31",
    },
    {"typ": "regel", "regel": "hemtjanst.dag.kommunal", "varde": 500, "fran": "2024-07-16"},
    {"typ": "regel", "regel": "vobo.lokalschablon.privat", "varde": 200, "fran": "2024-01-01", "till": "2024-06-30"},
    {"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": 2.5, "fran": "2024-01-01"},
)


@pytest.mark.parametrize("seed", [0, 5])
def test_a_scenario_changes_what_its_changes_do(tmp_path, seed):
    first, last, tom = WORLDS[seed]
    oracle = Outside(drawn(tmp_path / "data", 3 * seed, first, last, ledger=False), tom, CHANGES)
    wrong = differs(reported(tmp_path, tom, CHANGES).result, oracle)
    assert not wrong, wrong


@pytest.mark.parametrize(("paid", "nights"), [("bestalld", 2), ("beviljad", 0.5)])
def test_the_rules_say_which_hours_are_paid_and_how_many_nights(tmp_path, paid, nights):
    rules = yaml_files.read(PARAMS / "regler" / "aldreomsorg.yaml")
    for key, value in (("betald_tid", paid), ("natt_insatser_per_dygn", nights)):
        rules[f"hemtjanst.{key}"]["varden"] = [{"varde": value, "underlag": "antagande", "kalla": "Prov"}]
    (tmp_path / "params" / "regler").mkdir(parents=True)
    with (tmp_path / "params" / "regler" / "aldreomsorg.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(rules, file)
    oracle = Outside(drawn(tmp_path / "data", 0, "2023-01", "2024-03"), 3, paid=paid, nights=nights)
    wrong = differs(reported(tmp_path, 3).result, oracle)
    assert not wrong, wrong
