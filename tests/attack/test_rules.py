"""The rules of small groups themselves: nothing that a scenario or a parameter file says shows more of few persons."""

from pathlib import Path

import pytest
import yaml_files
from attack.units import ENHET, random_unit
from conftest import write_scenario
from ruamel.yaml import YAML

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.commands.check import check
from planbok.disclosure.policy import Policy
from planbok.topics.answer import answer

RULES = PARAMS / "regler" / "sma_tal.yaml"
LOWER = {"minsta_grupp": 1, "minsta_boende": 1, "sjukfranvaro.storsta_dolda_grupp": 0}
LOWER |= {"sjukfranvaro.dolda_grupper": "visa_alla", "minsta_matning": 2, "minsta_blandningar": 1}
AUDIENCES = ("ledning", "offentlig")


def own_rules(folder: Path, values: dict) -> Path:
    """The published rules of small groups, some with another value."""
    listed = yaml_files.read(RULES)
    for key, value in values.items():
        listed[key]["varden"] = [{"varde": value, "underlag": "antagande", "kalla": "Prov"}]
    (folder / "regler").mkdir(parents=True)
    with (folder / "regler" / "sma_tal.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(listed, file)
    return folder


def faults(folders: Folders) -> list[str]:
    return [fault.code for fault in check(folders).faults if fault.code == "secrecy"]


@pytest.mark.parametrize("regel", LOWER)
def test_no_file_of_rules_lowers_them(tmp_path, regel):
    data, params = random_unit(tmp_path / "data", 6, seed=1).folder, own_rules(tmp_path / "p", {regel: LOWER[regel]})
    assert faults(Folders((params, PARAMS), data)) == ["secrecy"]
    with pytest.raises(InputError):
        load_sources(Folders((params, PARAMS), data))


@pytest.mark.parametrize("value", [0, -5, 2, 2.5, "fem"])
def test_the_smallest_group_is_a_whole_number_and_at_least_three(tmp_path, value):
    params = own_rules(tmp_path / "p", {"minsta_grupp": value})
    with pytest.raises(InputError) as refused:
        load_sources(Folders((params, PARAMS), tmp_path))
    assert {fault.code for fault in refused.value.faults} == {"secrecy"}


def test_the_public_sees_sick_leave_of_more_than_ten_and_answers_of_five_whatever_the_rules_say():
    low = {"largest_sick": 5, "fewest_answers": 3}
    assert Policy("offentlig", **low).limit("sjukfranvaro.storsta_dolda_grupp") == 11
    assert Policy("ledning", **low).limit("sjukfranvaro.storsta_dolda_grupp") == 6
    assert {Policy(audience, **low).limit("enkat.minsta_svarande") for audience in AUDIENCES} == {5}


@pytest.mark.parametrize("regel", [*LOWER, "avrundning_peng", "avrundning_dagar"])
def test_no_scenario_lowers_them(tmp_path, regel):
    change = {"typ": "regel", "regel": regel, "varde": LOWER.get(regel, 1), "fran": "2024-01-01"}
    write_scenario(tmp_path / "p", "prov", [change])
    folders = Folders((tmp_path / "p", PARAMS), random_unit(tmp_path / "data", 6, seed=1).folder)
    assert faults(folders) == ["secrecy"]
    with pytest.raises(InputError):
        open_case("lss_peng", enhet=ENHET, ar=2024, scenario="prov", sources=load_sources(folders))


@pytest.mark.parametrize("step", [1, 99_999, "grovt", -100_000])
def test_kronor_are_not_rounded_finer_than_a_level_of_one_person(tmp_path, step):
    """One level of one person is at least 133 kr a day, 48 678 kr a year."""
    data = random_unit(tmp_path / "data", 6, seed=1).folder
    assert faults(Folders((own_rules(tmp_path / "p", {"avrundning_peng": step}), PARAMS), data)) == ["secrecy"]


@pytest.mark.parametrize("spridning", AUDIENCES)
def test_what_is_set_below_the_default_is_said_first_and_still_protects(tmp_path, spridning):
    params = own_rules(tmp_path / "p", {"minsta_grupp": 3})
    sources = load_sources(Folders((params, PARAMS), random_unit(tmp_path / "data", 12, seed=1).folder))
    result = answer(open_case("lss_peng", enhet=ENHET, ar=2024, spridning=spridning, sources=sources)).result
    assert any("mindre grupper än förvalet" in said and "är 3 (förval 5)" in said for said in result.sammanfattning)
    counts = result.tabeller["prestationsmatningar"].frame["personer"].dropna()
    assert (counts >= 3).all()
