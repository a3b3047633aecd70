"""Rosters of a week: hours with somebody there, of which kind, when nobody is, and who may be on leave."""

import pandas as pd
import pytest
from conftest import replace_in

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import staffing
from planbok.topics.answer import answer


def shifts(slag: str, days, start: str, end: str, antal: float = 1) -> list[dict]:
    row = {"grupp": "Höjden", "slag": slag, "fran_kl": start, "till_kl": end, "antal": antal}
    return [row | {"veckodag": day} for day in days]


WEEKDAYS, WEEKEND, EVERY_DAY = range(1, 6), (6, 7), range(1, 8)
AS_PUBLISHED = shifts("aktiv", WEEKDAYS, "15:00", "09:00") + shifts("aktiv", WEEKEND, "00:00", "00:00")
DAY_SUPPORT = shifts("aktiv", WEEKDAYS, "09:00", "15:00")


def week(rows: list[dict]) -> pd.Series:
    return staffing.rosters.coverage(pd.DataFrame(rows)).iloc[0]


def test_weekdays_15_to_9_and_weekends_round_the_clock_are_138_of_168_hours():
    found = week(AS_PUBLISHED)
    assert (found["tackning_h"], round(found["tackning_procent"], 1)) == (138, 82.1)
    assert found["obemannad"] == "måndag–fredag 9.00–15.00"


def test_with_day_support_the_week_is_whole():
    found = week(AS_PUBLISHED + DAY_SUPPORT)
    assert (found["tackning_h"], found["tackning_procent"], found["obemannad"]) == (168, 100, "")


def test_the_same_week_by_kinds_where_on_call_is_presence():
    """Active 7-9 and 15-23 on weekdays and 7-23 at weekends: 82 h; sleeping on-call 23-7 each night: 56 h."""
    rows = shifts("aktiv", WEEKDAYS, "07:00", "09:00") + shifts("aktiv", WEEKDAYS, "15:00", "23:00")
    rows += shifts("aktiv", WEEKEND, "07:00", "23:00") + shifts("sovande_jour", EVERY_DAY, "23:00", "07:00")
    found = week(rows)
    assert found[["tackning_h", "aktiv_h", "sovande_jour_h", "vaken_natt_h", "jour_h"]].tolist() == [138, 82, 56, 0, 0]


def test_two_at_once_are_one_hour_of_coverage_and_the_fewest_are_counted_together():
    found = week(shifts("aktiv", [1], "08:00", "16:00", 2) + shifts("jour", [1], "12:00", "20:00"))
    assert (found["tackning_h"], found["minst_antal"]) == (12, 1)
    assert week(shifts("aktiv", [1], "08:00", "16:00", 2) + shifts("jour", [1], "08:00", "16:00"))["minst_antal"] == 3


def test_the_report_says_who_may_be_on_leave():
    """The rule: two to three officers, one in a home. Eight officers are there at least: five may be on leave."""
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8}
    result = answer(open_case("bemanning_sjukfranvaro", spridning="arbetsmaterial", **given)).result
    others = answer(open_case("bemanning_sjukfranvaro", **given)).result.tabeller["tackning"].frame
    assert others["lediga_antal"].isna().tolist() == [False, False, False, True]  # as few as are hidden elsewhere
    table = result.tabeller["tackning"]
    assert {column.decimaler for column in table.columns if column.key.endswith("_h")} == {1}
    frame = table.frame.set_index("grupp")
    assert frame["krav"].to_dict() == {
        "Gruppbostad väst": "1",
        "Gruppbostad öst": "1",
        "Myndighet": "2–3",
        "Servicebostad": "1",
    }
    assert frame["lediga_antal"].to_dict() == {
        "Gruppbostad väst": 0,
        "Gruppbostad öst": 0,
        "Myndighet": 5,
        "Servicebostad": 0,
    }
    assert frame.loc["Myndighet", ["tackning_h", "obemannad"]].tolist()[0] == 45


def test_a_unit_without_rosters_says_nothing():
    result = answer(open_case("bemanning_sjukfranvaro", enhet="exempel_assistans", ar=2024, tom_manad=8)).result
    assert "tackning" not in result.tabeller


@pytest.mark.parametrize(
    ("old", "new", "said"), [(",6,07:00", ",8,07:00", "veckodag är 8"), ("17:00,8", "17:00,0", "antal är 0")]
)
def test_a_weekday_or_a_number_that_can_not_be_is_a_fault(sample_copy, old, new, said):
    replace_in(sample_copy / "schema.csv", old, new)
    sources = load_sources(Folders((PARAMS,), sample_copy))
    found = staffing.table_check.table_faults(sources.collection, sources.rules)
    assert found and all(said in fault.text for fault in found)
