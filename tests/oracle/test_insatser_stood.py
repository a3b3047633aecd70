"""What others than the unit see of granted insatser, worked out again from the rows of made-up units."""

from dataclasses import replace

import pytest
from oracle.decided import COLUMNS, KINDS, UNIT, drawn, write
from oracle.granted import Granted
from oracle.granted_stood import Stood
from oracle.test_insatser import differing, same, the_case
from pandas.testing import assert_frame_equal

from planbok.disclosure.policy import policy
from planbok.disclosure.protect import stood
from planbok.topics import insatser

# seed, persons, year, month, changes
UNITS = (
    (11, 160, 2024, 9, ()),
    (12, 60, 2024, 12, ({"insats": "gruppbostad", "antal": 7, "fran": "2024-08-31", "till": "2024-11-30"},)),
    (13, 45, 2023, 5, ({"insats": "barnboende_over_12", "antal": 6, "fran": "2023-02-01"},)),
    (14, 14, 2024, 10, ()),
    (15, 4, 2024, 8, ()),
)
OF_WORK = {"manad", "order", "part", "kr", "prissatta", "med_timmar"}


def limits_for(case):
    """What an audience's tables are made by."""
    kept: list = []
    shown = insatser.view.result(insatser.study.study(case))
    stood(replace(shown, steady=lambda limits: kept.append(limits) or shown), policy(case))
    return kept[0]


def unlike(found: dict, expected: dict) -> dict:
    """Where two rows differ."""
    return {
        key: (found.get(key), its) for key, its in expected.items() if key not in found or not same(found[key], its)
    }


def what_runs_stands_by_the_months_in_which_it_was_counted(result, unit, folder) -> None:
    assert differing(result.tabeller["per_insats_manad"].frame, unit.per_insats_manad()) == []


def what_has_changed_stands(result, unit, folder) -> None:
    found = {row["insats"]: row for row in result.tabeller["forandring"].frame.to_dict("records")}
    expected = {row["insats"]: row for row in unit.forandring()}
    assert found.keys() == expected.keys()
    assert {insats: unlike(found[insats], row) for insats, row in expected.items() if unlike(found[insats], row)} == {}


def decisions_taken_stand(result, unit, folder) -> None:
    table = result.tabeller["beslut_per_manad"]
    table = table.coarse or table
    found = dict(zip(table.frame["insats"], table.frame["summa_antal"], strict=True))
    expected = unit.beslut_per_manad()
    assert found.keys() == expected.keys()
    assert unlike(found, expected) == {}


def women_and_men_stand_by_the_month_in_which_they_were_counted(result, unit, folder) -> None:
    exact = {month: Granted(folder, unit.unit.ar, month).fordelning_kon() for month in range(1, unit.unit.tom + 1)}
    found = result.tabeller["fordelning_kon"].frame
    assert differing(found, unit.fordelning_kon(exact), OF_WORK) == []


def figures_stand(result, unit, folder) -> None:
    figures, every = result.nyckeltal, "Totalt"
    expected = {"beslut_pagaende_antal": unit.decisions()}
    names = {"new": "nya", "ended": "avslutade", "renewed": "omprovade", "decided": "fattade"}
    expected |= {f"beslut_{name}_antal": unit.sum_of(kind, every) for kind, name in names.items()}
    assert unlike({key: figure.varde for key, figure in figures.items()}, expected) == {}
    facts = {"lopande_antal": unit.running(every, -1)[0], "i_fjol_antal": unit.running_as_bas(every, -13)}
    facts |= {"personer_antal": unit.persons()[0]}
    assert unlike({key: figure.varde for key, figure in result.fakta.items()}, facts) == {}


def whom_the_figures_tell_of(result, unit, folder) -> None:
    """The report's own persons, whatever a scenario adds."""
    people, tom = result.people, unit.unit.tom
    assert people.keys() == {"löpande", "rörelser", "fattade", "flaggade", "skiljer", "kön", "kön_index", "kön_timmar"}
    for name, kind in (("rörelser", "new"), ("fattade", "decided")):
        expected = unit.moving(tom, kind)
        assert_frame_equal(people[name].antal, expected.antal)
        assert_frame_equal(people[name].within.antal, expected.within.antal)
        assert people[name].hides == unit.limits.hidden(expected)
    assert people["löpande"].hides == unit.closed[0]
    for name, counted in (("kön", "antal"), ("kön_index", "prissatta"), ("kön_timmar", "med_timmar")):
        expected = unit.by_sex(counted)
        assert_frame_equal(people[name].antal, expected.antal, check_index_type=False)
        assert people[name].sums == expected.sums
        closed, at = unit.limits.so_far(replace(expected, regel=people[name].regel)), unit.sexes()
        assert people[name].hides == {part for part, month in at.items() if part in closed[month]}
    differing_now = people["skiljer"].antal[""].to_dict()
    assert differing_now == unit.differing()
    flagged = {
        row["insats"]: abs(row["forandring_antal"]) for row in result.tabeller["varningar"].frame.to_dict("records")
    }
    assert unlike(people["flaggade"].antal.iloc[0].to_dict(), flagged or {"": 0}) == {}


@pytest.mark.parametrize(("seed", "size", "ar", "tom", "changes"), UNITS, ids=[f"{unit[0]}" for unit in UNITS])
def test_what_others_than_the_unit_see_is_what_the_rows_say(tmp_path, seed, size, ar, tom, changes):
    """The result that stands, before it is protected; all in one test: it is then worked out in that test."""
    held(drawn(tmp_path, seed, size), ar, tom, changes)


@pytest.mark.parametrize("persons", [4, 5])
def test_few_persons_are_few_whatever_they_have(tmp_path, persons):
    """Each has five insatser all the time, and one of them has had a sixth: so many insatser hide nobody."""
    kinds = KINDS[:4] + KINDS[5:7]
    rows = [_all_the_time(number, *kind) for number in range(persons) for kind in (kinds[:5] if number else kinds)]
    rows[5] |= {"till": "2023-02-28"}
    write(tmp_path / "beslut.csv", [row | {"beslut": f"b{number:05d}016x"} for number, row in enumerate(rows)])
    held(tmp_path, 2024, 3, ())


def _all_the_time(number: int, insats: str, levels: tuple, regi: tuple, hours: str, band: str) -> dict[str, str]:
    of_kind = {"insats": insats, "niva": levels[0], "regi": regi[0], "timmar_per_manad": hours, "tidsslag": band}
    who = {"person": f"p{number:05d}016x", "kon": "kvinna", "enhet": UNIT}
    days = {"beslutsdatum": "2015-02-01", "fran": "2015-03-01"}
    return dict.fromkeys(COLUMNS, "") | of_kind | who | days


def held(folder, ar: int, tom: int, changes: tuple) -> None:
    case = the_case(folder, ar, tom, changes, "ledning")
    limits = limits_for(case)
    result = insatser.view.result(insatser.study.study(case)).steady(limits)
    unit = Stood(Granted(folder, ar, tom, changes), case, limits)
    for check in (
        what_runs_stands_by_the_months_in_which_it_was_counted,
        what_has_changed_stands,
        decisions_taken_stand,
        women_and_men_stand_by_the_month_in_which_they_were_counted,
        figures_stand,
        whom_the_figures_tell_of,
    ):
        check(result, unit, folder)
