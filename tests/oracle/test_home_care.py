"""The report on older people's care beside what its raw rows give, worked out anew: every table, row and column."""

import pytest
from conftest import write_scenario
from oracle.home_care_rows import AR, UNIT, drawn
from oracle.home_care_tables import Oracle
from oracle.raw import differing

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

TABLES = ("per_manad", "per_omrade", "boende_per_manad", "chefsniva", "prognos", "brygga", "kanslighet", "brytpunkt")
TABLES += ("planar",)
WORLDS = {  # seed: first month, last month, the report's month
    0: ("2021-01", "2024-12", 9),
    1: ("2023-02", "2024-04", 4),
    3: ("2024-03", "2024-06", 5),
    4: ("2022-01", "2024-12", 12),
    5: ("2022-12", "2024-11", 11),
    6: ("2023-12", "2024-12", 12),
    7: ("2023-01", "2024-02", 2),
    9: ("2022-01", "2024-01", 1),
}


def reported(folder, tom: int, changes=(), **more):
    (folder / "params").mkdir(exist_ok=True)
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": UNIT, "ar": AR, "tom_manad": tom, "scenario": "prov" if changes else "bas"}
    return answer(open_case("aldreomsorg", spridning="arbetsmaterial", sources=sources, **given | more))


def differs(result, oracle: Oracle) -> str:
    found = {}
    for name in TABLES:
        frame = result.tabeller[name].frame
        found[name] = differing(frame, getattr(oracle, name)())
    return "\n".join(f"{name} {text}" for name, said in found.items() for text in said)


@pytest.mark.parametrize("seed", WORLDS)
def test_every_table_is_what_the_rows_give(tmp_path, seed):
    first, last, tom = WORLDS[seed]
    oracle = Oracle(drawn(tmp_path / "data", seed, first, last), tom)
    wrong = differs(reported(tmp_path, tom).result, oracle)
    assert not wrong, wrong
