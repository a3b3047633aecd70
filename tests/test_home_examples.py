"""Worked examples of a new home: from tables and rules to kronor, to the öre, all checkable by hand."""

from datetime import date

import numpy as np
import pytest
from conftest import examples
from home_tables import home_case

from planbok.base.workspace import Folders
from planbok.case.case import load_sources
from planbok.topics import group_home
from planbok.topics.group_home.families import bostadstillagg, garantiniva, kbh_stockholm, kbh_tak

EXAMPLES = examples("group_home")
WITHIN_KR = 0.005
RULES = load_sources(Folders()).rules


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["namn"] for example in EXAMPLES])
def test_worked_example(example, tmp_path):
    tables = {"home": example.get("boende", {}), "decisions": example.get("beslut", [])}
    tables |= {"flats": example["lagenheter"]} if "lagenheter" in example else {}
    case = home_case(tmp_path, example.get("forandringar", ()), example.get("ar", 2024), **tables)
    study = group_home.study.study(case)
    keys = group_home.view.result(study).nyckeltal
    found = {name: keys[name].varde for name in example["vantat"]}
    assert found == pytest.approx(example["vantat"], abs=WITHIN_KR)
    for name, words in example.get("saknas", {}).items():
        assert keys[name].varde is None
        assert words in keys[name].saknas
    if "fore" in example:
        assert {name: study.year.before[name] for name in example["fore"]} == pytest.approx(example["fore"])
    if "uthyrt" in example:
        assert study.year.let_rent("mid").sum() == pytest.approx(example["uthyrt"])
    if "mellan" in example:
        assert list(study.year.levels_around) == example["mellan"]


def test_names_of_examples_are_their_own():
    names = [example["namn"] for example in EXAMPLES]
    assert len(names) == len(set(names))


def bands(key: str, day: date) -> list[tuple[float, float]]:
    return [(band["till"], band["andel"]) for band in RULES.value(key, day).varde]


@pytest.mark.parametrize(
    ("day", "hyra", "expected"),
    [
        (date(2018, 1, 1), 5600, 5220),
        (date(2018, 1, 1), 9000, 5220),
        (date(2018, 1, 1), 5000, 4800),
        (date(2017, 12, 31), 5000, 4750),
        (date(2017, 12, 31), 5600, 4750),
        (date(2024, 10, 1), 7500, 6550),
        (date(2024, 10, 1), 12000, 6550),
    ],
)
def test_state_bostadstillagg_for_a_single_person(day, hyra, expected):
    found = bostadstillagg(np.array([hyra]), np.ones(1), {1: bands("bostadstillagg.band.ogift", day)})
    assert found.tolist() == pytest.approx([expected])


def test_bostadstillagg_rose_by_50_kr_at_5000_and_by_at_most_420_more_above():
    before, after = (bands("bostadstillagg.band.ogift", day) for day in (date(2017, 12, 31), date(2018, 1, 1)))
    rents = np.array([5000.0, 5600.0])
    old, new = (bostadstillagg(rents, np.ones(2), {1: band}) for band in (before, after))
    assert (new - old)[0] == pytest.approx(50)
    assert (new[1] - new[0]) == pytest.approx(420)


def test_two_adults_have_the_bands_for_half_the_rent_each():
    band = {2: bands("bostadstillagg.band.gift", date(2024, 1, 1))}
    assert bostadstillagg(np.array([5000.0, 7500.0]), np.full(2, 2), band).tolist() == pytest.approx([4800, 6550])
    before = {2: bands("bostadstillagg.band.gift", date(2017, 1, 1))}
    assert bostadstillagg(np.array([9000.0]), np.full(1, 2), before).tolist() == pytest.approx([2 * 2375])


@pytest.mark.parametrize(
    ("ar", "alder", "tryckt"),
    [(2021, 30, 10036), (2022, 19, 9982), (2022, 21, 10183), (2022, 30, 11190), (2023, 19, 10850), (2023, 45, 12163)],
)
def test_garantiniva_is_the_printed_one_within_a_krona(ar, alder, tryckt):
    day = date(ar, 1, 1)
    steps = [(s["fran_alder"], s["prisbasbelopp"]) for s in RULES.value("garantiniva.hel_ersattning", day).varde]
    found = garantiniva(alder, steps, RULES.value("prisbasbelopp", day).varde) / 12
    assert found == pytest.approx(tryckt, abs=1)


def test_the_published_rules_give_the_published_amounts():
    share = RULES.value("kbh.stockholm.andel", date(2024, 1, 1)).varde
    limit = RULES.value("kbh.stockholm.genomsnittshyra.vuxna_1_2", date(2024, 1, 1)).varde
    rents = np.array([11000.0, 12000.0, 7875.0, 5000.0])
    assert kbh_stockholm(rents, genomsnittshyra=limit, andel=share).tolist() == [2812.5, 3712.5, 0, 0]
    ceiling = RULES.value("kbh.tak.hogsta_hyra", date(2022, 4, 1)).varde
    assert (rents - kbh_tak(rents, hogsta_hyra=ceiling)).tolist() == [5194, 5194, 5194, 5000]
