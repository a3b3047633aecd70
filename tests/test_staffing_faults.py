"""What can't be right in the table bemanning: all of it is found and said at once, or the month is marked."""

import pytest
from conftest import replace_in
from staffing_tables import month, reported, staffing_case, target, write_table, year

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources
from planbok.cli import main
from planbok.topics import staffing
from planbok.topics.answer import table_faults

AR = 2024


def faults_of(tmp_path, rows, tom=12, **more) -> list:
    with pytest.raises(InputError) as caught:
        staffing.study.study(staffing_case(tmp_path, rows, AR, tom, **more))
    return caught.value.faults


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ({"sjuk_h": 1001}, "sjuk_over_avtalad", "sjuk_h är 1 001, mer än avtalad_tid_h 1 000"),
        ({"sjuk_h": 50, "sjuk_dag_1_14_h": 51}, "del_over_helhet", "sjuk_dag_1_14_h är 51, mer än sjuk_h 50"),
        ({"sjuk_h": 50, "sjuk_60_dagar_h": 51}, "del_over_helhet", "sjuk_60_dagar_h är 51, mer än sjuk_h 50"),
        ({"timavlonad_h": 900, "overtid_h": 101}, "del_over_helhet", "mer än arbetad_tid_h 1 000"),
        ({"overtid_h": -1}, "negativa_timmar", "overtid_h är −1"),
        ({"anstallda": -2}, "negativa_timmar", "anstallda är −2"),
    ],
)
def test_hours_that_cannot_be_right_stop_the_run(tmp_path, wrong, code, words):
    rows = [*year(AR, range(1, 8)), month("2024-08", **wrong), *year(AR, range(9, 13))]
    (fault,) = faults_of(tmp_path, rows)
    assert fault.code == code
    assert words in fault.text.replace("\u00a0", " ")
    assert fault.line == 9
    assert "2024-08" in fault.place


def test_a_month_missing_inside_a_group_is_named(tmp_path):
    rows = [*year(AR), *year(AR, (1, 2, 3, 6, 7, 8, 9, 10, 11, 12), grupp="Grupp B")]
    (fault,) = faults_of(tmp_path, rows)
    assert fault.code == "manad_saknas"
    assert "2024-04, 2024-05" in fault.text


def test_a_month_twice_is_refused_by_the_reader(tmp_path):
    found = faults_of(tmp_path, [*year(AR), month("2024-05", sjuk_h=5)])
    assert [fault.code for fault in found] == ["duplicate_row"]


def test_a_month_both_whole_and_in_parts_is_counted_twice_and_refused(tmp_path):
    found = faults_of(tmp_path, [*year(AR), month("2024-05", verksamhet="Natt")])
    assert [fault.code for fault in found] == ["manad_dubbel"]


def test_parts_of_a_group_are_added(tmp_path):
    halves = [row for name in ("Dag", "Natt") for row in year(AR, verksamhet=name, avtalad_tid_h=500, sjuk_h=40)]
    result = reported(staffing.study.study(staffing_case(tmp_path, halves, AR)))
    assert result.nyckeltal["sjukfranvaro_procent"].varde == pytest.approx(8.0)


def renamed(hours: int = 1000) -> list:
    return [
        *year(AR, grupp="Stor", anstallda=40),
        *year(AR, range(1, 7), grupp="Team ett"),
        *year(AR, range(7, 13), grupp="Team 1", avtalad_tid_h=hours, ordinarie_tid_h=hours),
    ]


def test_a_group_that_changes_name_in_the_year_is_found(tmp_path):
    (fault,) = faults_of(tmp_path, renamed())
    assert fault.code == "namnbyte"
    assert "Team ett slutar 2024-06 och Team 1 börjar månaden efter" in fault.text
    assert fault.place.endswith(", Team 1, 2024-07")


def test_a_group_that_closes_while_another_of_another_size_opens_is_fine(tmp_path):
    study = staffing.study.study(staffing_case(tmp_path, renamed(hours=400), AR))
    assert not study.marks


def test_a_change_of_name_between_years_is_fine(tmp_path):
    rows = [
        *year(2023, grupp="Gammalt namn"),
        *year(AR, grupp="Nytt namn"),
        *year(2023, grupp="B"),
        *year(AR, grupp="B"),
    ]
    assert not staffing.study.study(staffing_case(tmp_path, rows, AR)).marks


def test_every_fault_is_said_at_once(tmp_path):
    rows = [
        *year(AR, (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
        month("2024-03", grupp="B", sjuk_h=2000),
        month("2024-04", grupp="B", overtid_h=-3, sjuk_h=10, sjuk_dag_1_14_h=11),
    ]
    codes = {fault.code for fault in faults_of(tmp_path, rows)}
    assert codes == {"manad_saknas", "sjuk_over_avtalad", "negativa_timmar", "del_over_helhet"}


def test_faults_of_form_and_of_substance_are_said_together(tmp_path):
    rows = [*year(AR, range(1, 12)), month("2024-12", sjuk_h=2000, overtid_h="många")]
    codes = {fault.code for fault in faults_of(tmp_path, rows)}
    assert "sjuk_over_avtalad" in codes
    assert len(codes) == 2


def test_a_rule_lets_the_month_be_marked_instead(tmp_path):
    rules = tmp_path / "params" / "regler"
    rules.mkdir(parents=True)
    (rules / "bemanning.yaml").write_text((PARAMS / "regler" / "bemanning.yaml").read_text("utf-8"), "utf-8")
    replace_in(rules / "bemanning.yaml", "namnbyte: stopp", "namnbyte: markera")
    result = reported(staffing.study.study(staffing_case(tmp_path, renamed(), AR)))
    (check,) = [check for check in result.kontroller if check.namn.startswith("Månaderna i bemanning")]
    assert (check.ok, check.niva) == (False, "varning")
    assert "Team 1 2024-07" in check.forklaring
    months = result.tabeller["per_manad"].frame.set_index("manad")["anmarkning"]
    assert months["2024-07"]
    assert not months["2024-06"]


def test_a_report_on_a_month_that_is_not_there_says_so(tmp_path):
    (fault,) = faults_of(tmp_path, year(AR, range(1, 7)), tom=8)
    assert "saknar juli–augusti 2024 i bemanning; sista månaden är 2024-06" in fault.text


def test_months_after_the_reports_own_change_nothing(tmp_path):
    rows = [*year(2023, sjuk_h=80), *year(AR, range(1, 9), sjuk_h=87)]
    later = [*rows, *year(AR, range(9, 13), sjuk_h=500)]
    goals = [target(AR, arsmal="8.5 %")]
    found = [
        reported(staffing.study.study(staffing_case(tmp_path / name, table, AR, 8, mal=goals)))
        for name, table in (("a", rows), ("b", later))
    ]
    assert found[0].nyckeltal == found[1].nyckeltal
    assert found[0].sammanfattning == found[1].sammanfattning


def test_check_finds_what_stops_a_run_in_every_unit(tmp_path, capsys):
    data = tmp_path / "data"
    write_table(data, "bemanning", [*year(AR), month("2024-01", enhet="annan", sjuk_h=5000)])
    sources = load_sources(Folders((PARAMS,), data))
    (fault,) = table_faults(sources.collection, sources.rules)
    assert (fault.code, fault.line) == ("sjuk_over_avtalad", 14)
    assert main(["check", "--data", str(data)]) == 2
    assert "annan, Grupp A, 2024-01" in capsys.readouterr().err


def test_an_unknown_unit_is_named(tmp_path):
    rows = [{**row, "enhet": "annan"} for row in year(AR)]
    (fault,) = faults_of(tmp_path, rows)
    assert fault.code == "unknown_unit"


def test_a_unit_without_rows_is_told_which_units_have_some(make_case, sample_copy):
    budget = sample_copy / "budget.csv"  # exempel_stod still stands in the table of units
    kept = [line for line in budget.read_text("utf-8").splitlines() if "exempel_stod" not in line]
    budget.write_text("\n".join(kept) + "\n", "utf-8")
    with pytest.raises(InputError) as refused:
        make_case(enhet="exempel_stod", ar=2024, data=sample_copy).unit_rows("budget")
    (fault,) = refused.value.faults
    assert fault.code == "unknown_unit"
    assert "tabellen har inga rader för 'exempel_stod'. Den har rader för: " in str(refused.value)
    assert "ostermalm" in str(refused.value)
    assert "Menade du" not in str(refused.value)
