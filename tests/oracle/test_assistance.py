"""The report on assistance beside what its raw rows give, worked out anew: every table, row and column."""

import pytest
from conftest import write_scenario
from oracle.assistance import Oracle
from oracle.assistance_rows import AR, UNIT, drawn
from oracle.raw import differing, same, write

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics.answer import answer

TABLES = ("timmar", "begart", "debitering", "overtid", "timmar_per_manad", "betalare", "egen_regi")
DRAWN = [(0, 2), (1, 12), (2, 7), (3, 10), (4, 1), (5, 9), (6, 6)]


def reported(folder, tom: int, changes=(), **more):
    (folder / "params").mkdir(exist_ok=True)
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": UNIT, "ar": AR, "tom_manad": tom, "scenario": "prov" if changes else "bas"}
    return answer(open_case("assistans", spridning="arbetsmaterial", sources=sources, **given | more))


def differs(result, oracle: Oracle) -> list[str]:
    assert result.tabeller.keys() == set(TABLES)
    found = {name: differing(result.tabeller[name].frame, getattr(oracle, name)()) for name in TABLES}
    right = oracle.nyckeltal()
    assert result.nyckeltal.keys() == right.keys()
    shown = {key: figure.varde for key, figure in result.nyckeltal.items()}
    wrong = [f"{key}: {shown[key]} not {value}" for key, value in right.items() if not same(shown[key], value)]
    return [f"{name} {text}" for name, said in found.items() for text in said] + wrong


@pytest.mark.parametrize(("seed", "tom"), DRAWN)
def test_every_table_is_what_the_rows_give(tmp_path, seed, tom):
    oracle = Oracle(drawn(tmp_path / "data", seed), tom)
    wrong = differs(reported(tmp_path, tom).result, oracle)
    assert not wrong, "\n".join(wrong)


RULES = {
    "assistans.avvikelse_procent": 22,
    "assistans.egen_kostnad_kr_per_timme": 301.5,
    "assistans.avtalspris_kr_per_timme": 320,
    "assistans.kr_per_timme": 400,
    "assistans.krav_dag": 8,
    "assistans.krav_manader": 1,
    "assistans.vantetid_andel": 0.5,
    "ersattare.kr_per_timme.overtid": 500,
    "ersattare.kr_per_timme.inhyrd": 471.5,
}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2023-05-01", "2024-01-01"),
        ("2024-02-02", "2024-11-01"),
        ("2024-07-15", "2024-12-31"),
        ("2024-01-02", "2024-10-31"),
    ],
)
def test_each_month_has_the_rules_of_its_first_day(tmp_path, first, last):
    """The flag has those of the report's own month, and a whole year of own management those of 31 December."""
    given = {name: (value, first, last) for name, value in RULES.items()}
    oracle = Oracle(drawn(tmp_path / "data", 3), 11, changed=given)
    changes = [
        {"typ": "regel", "regel": name, "varde": value, "fran": first, "till": last} for name, value in RULES.items()
    ]
    wrong = differs(reported(tmp_path, 11, changes).result, oracle)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({"fk_h": 10}, 0.25),
        ({"lss_9_2_h": 30}, 0.25),
        ({"fk_h": 10, "lss_9_2_h": 10}, 0.5),
        ({"lss_9_2_h": 40.5}, 0),
        ({"fk_h": 40.5}, 1),
        ({}, 1),
        ({"beviljade_h": 1}, 1),
        ({"beviljade_h": 0, "fk_h": 0.4}, 0),
    ],
)
def test_what_can_be_claimed_is_the_states_part_of_the_granted_hours(tmp_path, given, share):
    """40 hours are granted and 32 performed, of which the state pays its part at 332.60 kr."""
    row = {"enhet": UNIT, "grupp": "A", "manad": "2024-01", "insats": "personlig_assistans", "beviljade_h": 40}
    write(tmp_path / "data" / "assistanstimmar.csv", [row | {"utforda_h": 32, "fk_h": "", "lss_9_2_h": ""} | given])
    found = reported(tmp_path, 1).result.nyckeltal["ej_begart_kr"].varde
    assert found == pytest.approx(32 * share * 332.60)


@pytest.mark.parametrize(("tom", "span"), [(1, "januari"), (3, "januari–mars")])
def test_a_year_without_hours_is_said_with_its_months(tmp_path, tom, span):
    drawn(tmp_path / "data", 1)
    with pytest.raises(InputError, match=f"inga timmar för {UNIT} {span} 2025"):
        reported(tmp_path, tom, ar=2025)


@pytest.mark.parametrize(("manad", "done", "why"), [("2024-01", "", "utförda timmar saknas"), ("2026-01", 9, "pris")])
def test_why_it_is_not_known_what_can_be_claimed(tmp_path, manad, done, why):
    row = {"enhet": UNIT, "grupp": "A", "insats": "personlig_assistans", "beviljade_h": 40, "ersattning_kr": ""}
    write(tmp_path / "data" / "assistanstimmar.csv", [row | {"manad": manad, "utforda_h": done}])
    result = reported(tmp_path, 1, ar=int(manad[:4])).result
    assert result.nyckeltal["ej_begart_kr"].varde is None and why in result.nyckeltal["ej_begart_kr"].saknas
    assert why in result.tabeller["begart"].celler[0, "varde_kr"][1]
