"""The report on decisions in time, held against dates, shares and queues worked out by hand."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import answer as answers
from planbok.topics import decisions
from planbok.topics.answer import answer

DECISION = {"enhet": "provet", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "fran": "2016-01-04"}
DECISION |= {"lagrum": "LSS"}


def write(folder, name: str, rows: list[dict]) -> None:
    (folder / "data").mkdir(exist_ok=True)
    pd.DataFrame(rows).to_csv(folder / "data" / f"{name}.csv", index=False)


def beslut(*rows: dict) -> list[dict]:
    """Decisions of a person each."""
    return [{"beslut": f"beslut{n:05d}", "person": f"person{n:05d}"} | DECISION | row for n, row in enumerate(rows)]


def report(folder, rows: list[dict], day: str = "2016-12-31", spridning="arbetsmaterial", changes=None, **tables):
    """The answer on some decisions and other tables, on a day."""
    for name, its in {"beslut": rows, **tables}.items():
        write(folder, name, its)
    if changes:
        write_scenario(folder / "params", "prov", changes)
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": "provet", "ar": int(day[:4]), "per_datum": day, "scenario": "prov" if changes else "bas"}
    return answer(open_case("beslut_i_tid", spridning=spridning, sources=sources, **given))


def figures(folder, rows: list[dict], day: str = "2016-12-31", **more) -> dict:
    return {key: figure.varde for key, figure in report(folder, rows, day, **more).result.nyckeltal.items()}


def sample(spridning: str, **more):
    given = {"enhet": "exempelenheten", "ar": 2024} | more
    return answer(open_case("beslut_i_tid", spridning=spridning, **given))


@pytest.fixture(scope="module")
def working():
    return sample("arbetsmaterial")


@pytest.fixture(scope="module")
def management():
    return sample("ledning")


@pytest.mark.parametrize(
    ("verkstalld", "day", "waits", "late"),
    [
        ("", "2016-03-31", 0, 0),
        ("", "2016-06-30", 1, 0),
        ("2016-04-04", "2016-06-30", 0, 0),
        ("2016-04-05", "2016-06-30", 0, 1),
        ("2016-04-05", "2016-04-05", 0, 1),
        ("2016-04-05", "2016-09-30", 0, 0),
    ],
)
def test_decided_4_january(tmp_path, verkstalld, day, waits, late):
    found = figures(tmp_path, beslut({"beslutsdatum": "2016-01-04", "verkstalld": verkstalld}), day)
    assert (found["ej_verkstallda_antal"], found["verkstallda_for_sent_antal"]) == (waits, late)


@pytest.mark.parametrize(
    ("row", "day", "waits"),
    [
        ({"beslutsdatum": "2015-11-30"}, "2016-02-29", 0),
        ({"beslutsdatum": "2015-11-30"}, "2016-03-01", 1),
        ({"beslutsdatum": "2016-03-01", "fran": "2016-09-01"}, "2016-06-01", 0),
        ({"beslutsdatum": "2016-03-01", "fran": "2016-09-01"}, "2016-06-02", 1),
    ],
)
def test_three_months_from_the_decision(tmp_path, row, day, waits):
    assert figures(tmp_path, beslut({"verkstalld": ""} | row), day)["ej_verkstallda_antal"] == waits


@pytest.mark.parametrize(("resumed", "stopped"), [("2016-04-09", 0), ("", 1)])
def test_an_interruption_that_has_not_been_resumed(tmp_path, resumed, stopped):
    row = {"beslutsdatum": "2015-01-01", "fran": "2015-01-01", "verkstalld": "2015-01-01"}
    row |= {"avbrott_fran": "2016-01-10", "avbrott_till": resumed}
    found = figures(tmp_path, beslut(row), "2016-06-30")
    assert (found["avbrott_antal"], found["ej_verkstallda_antal"]) == (stopped, 0)


@pytest.mark.parametrize(("stopped", "waits"), [("2016-06-29", 0), ("2016-06-30", 0), ("2016-07-01", 1)])
def test_who_is_interrupted_by_the_day_no_longer_waits(tmp_path, stopped, waits):
    row = {"beslutsdatum": "2016-01-04", "verkstalld": "", "avbrott_fran": stopped}
    assert figures(tmp_path, beslut(row), "2016-06-30")["ej_verkstallda_antal"] == waits


def test_the_longest_wait_and_its_class(tmp_path):
    """Decided on 4 January: 362 days on 31 December, so over 9 months and not over 12."""
    done = report(tmp_path, beslut({"beslutsdatum": "2016-01-04", "verkstalld": ""}))
    assert done.result.nyckeltal["langsta_vantan_dagar"].varde == 362
    frame = done.result.tabeller["statistik"].frame
    row = frame[(frame["slag"] == "ej_verkstallt") & (frame["insats"] == "gruppbostad")].iloc[0]
    assert (row["antal"], row["manader_9_12_antal"], row["manader_12_antal"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("insats", "followed", "day", "overdue"),
    [
        ("gruppbostad", "2015-06-30", "2016-06-30", 0),
        ("gruppbostad", "2015-06-30", "2016-07-01", 1),
        ("barnboende_over_12", "2016-01-15", "2016-07-15", 0),
        ("barnboende_over_12", "2016-01-15", "2016-07-16", 1),
    ],
)
def test_adults_are_followed_up_yearly_and_childrens_homes_twice(tmp_path, insats, followed, day, overdue):
    row = {"insats": insats, "fran": "2014-01-01", "foljd_upp": followed}
    assert figures(tmp_path, beslut(row), day)["uppfoljningar_forfallna_antal"] == overdue


def test_follow_ups_of_the_months_ahead_are_due_and_then_overdue(tmp_path):
    followed = ("2015-06-30", "2015-08-15", "2015-08-20", "2016-02-01")  # on 1 July: one late, two in August, one after
    rows = beslut(*({"fran": "2014-01-01", "foljd_upp": day} for day in followed))
    frame = report(tmp_path, rows, "2016-07-01").result.tabeller["uppfoljningar"].frame
    assert frame["forfaller_antal"].tolist() == [1, 0, 2, 0, 0, 0, 0]
    assert frame["forfallna_antal"].tolist() == [1, 1, 3, 3, 3, 3, 3]


@pytest.mark.parametrize(("november", "shown"), [(1, None), (2, None), (4, None), (5, 5)])
def test_others_see_a_month_of_few_in_no_sum_of_months(tmp_path, november, shown):
    """Six in September and some in November, the same in each month's report: no sum of months tells of November's."""
    followed = ["2015-09-10"] * 6 + ["2015-11-10"] * november
    rows = beslut(*({"fran": "2014-01-01", "foljd_upp": day} for day in followed))
    for day in ("2016-07-31", "2016-08-31"):
        table = report(tmp_path, rows, day, spridning="ledning").result.tabeller["uppfoljningar"]
        by_month = table.frame.set_index("manad")["forfaller_antal"]
        assert by_month["2016-09"] == 6
        assert (by_month["2016-11"] == shown) if shown else by_month.isna()["2016-11"]
        assert ("forfallna_antal" in table.frame) == bool(shown)


@pytest.mark.parametrize(("back", "share"), [("2016-03-15", 100), ("2016-03-16", 0)])
def test_a_plan_is_in_time_on_the_fourteenth_day(tmp_path, back, share):
    rows = beslut({"bestalld": "2016-03-01", "plan_in": back})
    assert figures(tmp_path, rows)["planer_i_tid_procent"] == share


def test_eight_of_ten_orders(tmp_path):
    plans = ["2016-03-15"] * 8 + ["2016-03-16", ""]
    rows = beslut(*({"bestalld": "2016-03-01", "plan_in": plan} for plan in plans))
    found = figures(tmp_path, rows)
    assert (found["planer_i_tid_procent"], found["planer_av_bestallda_procent"]) == (80, 90)


def test_plans_of_few_are_said_to_be_withheld_once(tmp_path):
    rows = beslut(*[{"bestalld": "2016-03-01", "plan_in": "2016-03-10"}] * 3)
    said = report(tmp_path, rows, spridning="ledning").result.sammanfattning
    assert [text for text in said if "enomförandeplan" in text] == [
        "Andelen genomförandeplaner i tid skyddas (få personer)."
    ]


def test_a_renewal_is_neither_waiting_nor_expiring(tmp_path):
    first = {"person": "person99999", "fran": "2015-07-01", "till": "2016-06-30", "beslutsdatum": "2015-06-01"}
    after = {"person": "person99999", "fran": "2016-07-01", "beslutsdatum": "2016-01-01"}
    rows = beslut(first | {"verkstalld": "2015-07-01"}, after | {"verkstalld": ""})
    for day in ("2016-05-15", "2016-12-31"):
        found = figures(tmp_path, rows, day)
        assert (found["ej_verkstallda_antal"], found["utgar_inom_3_manader_antal"]) == (0, 0)
    alone = beslut(first | {"verkstalld": "2015-07-01"})
    assert figures(tmp_path, alone, "2016-05-15")["utgar_inom_3_manader_antal"] == 1


def test_what_expires_within_one_two_and_three_months(tmp_path):
    rows = beslut(*({"till": till} for till in ("2016-05-31", "2016-07-10", "2016-08-15", "2016-08-16")))
    frame = report(tmp_path, rows, "2016-05-15").result.tabeller["utgar"].frame
    assert frame["antal"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("persons", "posts", "there", "per_there", "per_post"),
    [(2610, 46, 38, 68.7, 56.7), (500, 7, 7, 71.4, 71.4), (350, 6, 6, 58.3, 58.3)],
)
def test_persons_per_officer_in_service_and_on_paper(tmp_path, persons, posts, there, per_there, per_post):
    month = [{"enhet": "provet", "manad": "2016-12", "tjanster": posts, "i_tjanst": there}]
    done = report(tmp_path, beslut(*({} for _ in range(persons))), bemanning_handlaggare=month)
    row = done.result.tabeller["belastning"].frame.iloc[-1]
    assert (round(row["per_i_tjanst"], 1), round(row["per_tjanst"], 1)) == (per_there, per_post)
    assert round(done.result.nyckeltal["personer_per_handlaggare"].varde, 1) == per_there


def test_five_hundred_on_seven_against_three_hundred_and_fifty_on_six(tmp_path):
    rows = beslut(*({"fran": "2014-01-01"} for _ in range(350)), *({"fran": "2016-06-01"} for _ in range(150)))
    months = (("2016-05", 6), ("2016-12", 7))
    posts = [{"enhet": "provet", "manad": month, "tjanster": 7, "i_tjanst": number} for month, number in months]
    frame = report(tmp_path, rows, bemanning_handlaggare=posts).result.tabeller["belastning"].frame
    assert frame["personer"].tolist() == [350, 500] and round(frame["forandring_procent"].iloc[-1], 1) == 22.4


def officers(*shares: float) -> list[dict]:
    named = {"enhet": "provet", "fran": "2015-01-01"}
    return [
        named | {"handlaggare": f"handl{number:04d}", "tjanstgoring_andel": share}
        for number, share in enumerate(shares)
    ]


def test_a_hundred_time_limited_cases_are_split_by_working_share(tmp_path):
    rows = beslut(*({"till": "2017-06-30"} for _ in range(100)), *({} for _ in range(9)))
    done = report(tmp_path, rows, handlaggare=officers(1, 1, 0.5))
    assert done.result.tabeller["fordelning"].frame["fordelning"].tolist() == [40, 40, 20]


def test_what_is_wrong_in_a_table_that_can_not_be_read_is_named_of_the_unit_only(tmp_path):
    """A day that there is not, and one before the decision, in the unit's rows; another unit has the second too."""
    early = {"beslutsdatum": "2016-03-01", "verkstalld": "2016-02-01"}
    rows = beslut(early | {"fran": "2016-13-01"}, early, early | {"enhet": "grannen"})
    with pytest.raises(InputError) as refused:
        report(tmp_path, rows)
    assert sorted(fault.line for fault in refused.value.faults) == [2, 2, 3]


def on_dials(done) -> list:
    board = decisions.explore.build(done.study)
    return list(board.topic.more["Handläggare"](board))


def test_the_split_follows_the_dials_and_is_for_working_papers_only(tmp_path):
    rows = beslut(*({"till": "2017-06-30"} for _ in range(90)))
    done = report(tmp_path, rows, handlaggare=officers(1, 1, 1))
    table = done.result.tabeller["fordelning"]
    _, cases, first, second, third, below = on_dials(done)
    assert (cases.value, third.value) == (90, 1)
    assert [(dial.low, dial.high, dial.step) for dial in (cases, third)] == [(0, 1000, 1), (0, 1, 0.05)]
    cases.value, third.value = 100, 0.5
    shares = [dial.value for dial in (first, second, third)]
    assert decisions.explore.split_table(table, 100, shares).frame["fordelning"].tolist() == [40, 40, 20]
    assert [below.value.count(f">{number}<") for number in (40, 20, 90)] == [2, 1, 0]
    assert not any(name in below.value for name in done.study.tables["handlaggare"]["handlaggare"])
    for reader in ("ledning", "offentlig"):
        assert on_dials(report(tmp_path, rows, spridning=reader, handlaggare=officers(1, 1, 1))) == []


def cases(open_: int, a_month: int) -> list[dict]:
    """Cases that came each month of 2016 and were decided the same day, and some older ones that are open."""
    one = {"enhet": "provet", "insats": "gruppbostad"}
    came = [f"2016-{month:02d}-10" for month in range(1, 13) for _ in range(a_month)]
    rows = [{"ansokan": day, "beslutsdatum": day} for day in came]
    rows += [{"ansokan": "2015-06-01", "beslutsdatum": ""} for _ in range(open_)]
    return [one | {"arende": f"arende{number:05d}"} | row for number, row in enumerate(rows)]


OF_TEN = [  # an officer who decides ten a month: ten hours, an hour each
    {"typ": "regel", "regel": "beslut_i_tid.minuter.utredning", "varde": 60, "fran": "2016-01-01"},
    {"typ": "regel", "regel": "beslut_i_tid.timmar_per_handlaggare", "varde": 10, "fran": "2016-01-01"},
]
MORE = {"typ": "handlaggare", "antal": 1, "fran": "2016-12-31"}


@pytest.mark.parametrize(("changes", "gone"), [(OF_TEN, 6), ([*OF_TEN, MORE], 3)])
def test_sixty_wait_twenty_come_and_thirty_are_decided(tmp_path, changes, gone):
    tables = {"arenden": cases(60, 20), "handlaggare": officers(1, 1, 1)}
    done = report(tmp_path, beslut({}), changes=changes, **tables)
    frame = done.result.tabeller["kapacitet"].frame
    assert done.study.queue.gone == gone
    assert (frame["ko_antal"] == 0).idxmax() + 1 == gone
    assert frame["ko_antal"].iloc[0] == 60 + 20 - (30 if gone == 6 else 40)


def test_rules_that_move_the_queue_are_named_and_not_said_to_change_nothing(tmp_path):
    """The queue is also counted without the scenario, by the published rules."""
    done = report(tmp_path, beslut({}), changes=OF_TEN, arenden=cases(60, 20), handlaggare=officers(1, 1, 1))
    assert "ändrar inget" not in done.result.sammanfattning[0]
    noted = {key: value.varde for (key, _), value in done.study.case.journal.rules.items()}
    assert {key: noted[key] for key in (change["regel"] for change in OF_TEN)} == {
        "beslut_i_tid.minuter.utredning": 60,
        "beslut_i_tid.timmar_per_handlaggare": 10,
    }


def test_an_officer_more_costs_the_budget_and_two_less_let_the_queue_grow(tmp_path):
    done = report(tmp_path, beslut({}), arenden=cases(60, 20), handlaggare=officers(1, 1, 1), changes=OF_TEN)
    frame = done.result.tabeller["kapacitet_lagen"].frame
    assert frame["kr_per_ar"].tolist() == [0, 12 * 58_000, -2 * 12 * 58_000]
    assert frame["ko_antal"].tolist() == [0, 0, 60 + 12 * (20 - 10)]
    assert frame["i_tid"].tolist() == ["ja", "ja", "nej"]


def test_the_queue_is_said_beside_what_it_is_without_the_scenario():
    """The table's last month: the officers' 12 months under the scenario, and without it."""
    about = {"enhet": "exempelenheten", "ar": 2024, "per_datum": "2024-09-30", "spridning": "ledning"}
    shown = answer(open_case("beslut_i_tid", scenario="en_handlaggare_till_2024", **about)).result
    last = shown.tabeller["kapacitet"].frame.iloc[-1]
    assert (round(last["ko_antal"]), round(last["ko_jamfor_antal"])) == (27, 35)
    assert any("är kön 27 om 12 månader, mot 35 utan scenariot" in text for text in shown.sammanfattning)


def test_officers_reach_the_budget_from_their_day(tmp_path):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024)
    write_scenario(tmp_path, "prov", [{"typ": "handlaggare", "antal": 1, "fran": "2024-07-01"}])
    sources = load_sources(Folders((tmp_path, PARAMS), SAMPLE))
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario="prov", sources=sources)
    rows = answers.others(case).effects(case.scenario).rows
    assert rows["effekt"].eq("personal").all()
    assert rows.loc[rows["manad"] != "helar", "kr"].sum() == 6 * 58_000
    assert rows.loc[rows["manad"] == "helar", "kr"].sum() == 12 * 58_000


@pytest.mark.parametrize(
    ("first", "kr", "full"),
    [
        ("2024-09-01", 15 / 31 * 58_000 + 5 * 58_000 + 4 * 60_000, 60_000),
        ("2024-09-02", 15 / 31 * 58_000 + 6 * 58_000 + 3 * 60_000, 60_000),
        ("2024-03-17", 15 / 31 * 60_000 + 9 * 60_000, 60_000),
        ("2024-03-18", 15 / 31 * 58_000 + 9 * 60_000, 60_000),
        ("2024-12-31", 15 / 31 * 58_000 + 9 * 58_000, 60_000),
    ],
)
def test_an_officer_costs_each_month_what_the_rule_says_when_it_begins(make_case, first, kr, full):
    """One from 17 March 2024 at 58 000 kr a month, and 60 000 from a day on."""
    cost = {"typ": "regel", "regel": "beslut_i_tid.handlaggare_kr_per_manad", "varde": 60_000, "fran": first}
    officer = {"typ": "handlaggare", "antal": 1, "fran": "2024-03-17"}
    case = make_case([officer, cost], enhet="exempelenheten", ar=2024)
    rows = answers.others(case).effects(case.scenario).rows
    assert rows.loc[rows["manad"] != "helar", "kr"].sum() == pytest.approx(kr)
    assert rows.loc[rows["manad"] == "helar", "kr"].tolist() == [12 * full]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"typ": "handlaggare", "antal": -4, "fran": "2016-12-31"}, "handläggare i tjänst"),
        ({"typ": "arenden", "insats": "gruppbostad", "antal": -21, "fran": "2016-12-31"}, "nya ärenden i månaden"),
    ],
)
def test_a_change_of_more_than_there_are_is_refused(tmp_path, change, text):
    with pytest.raises(InputError, match=text):
        report(tmp_path, beslut({}), changes=[change], arenden=cases(60, 20), handlaggare=officers(1, 1, 1))


def test_handling_times(tmp_path):
    days = (10, 20, 30, 100)
    rows = [
        {"arende": f"arende{n:04d}", "enhet": "provet", "insats": "gruppbostad", "ansokan": "2016-01-01"}
        | {"beslutsdatum": (pd.Timestamp("2016-01-01") + pd.Timedelta(days=many)).strftime("%Y-%m-%d")}
        for n, many in enumerate(days)
    ]
    rows.append({"arende": "arende9999", "enhet": "provet", "insats": "gruppbostad", "ansokan": "2016-12-01"})
    done = report(tmp_path, beslut({}), arenden=rows)
    row = done.result.tabeller["handlaggningstid"].frame.iloc[-1]
    assert done.result.nyckeltal["handlaggningstid_median_dagar"].varde == 25
    assert (round(row["p90_dagar"], 6), row["i_tid_procent"], row["oppna_antal"], row["aldst_dagar"]) == (79, 75, 1, 30)


def test_each_part_stands_alone_and_says_what_it_lacks(tmp_path):
    done = report(tmp_path, beslut({}))
    lacking = {key for key, figure in done.result.nyckeltal.items() if figure.varde is None}
    assert lacking == set(done.result.nyckeltal) - {"utgar_inom_3_manader_antal", "stickprov_antal"}
    assert all("underlag saknas" in done.result.nyckeltal[key].saknas for key in lacking)
    assert 3 <= len(done.result.sammanfattning) <= 8


def test_a_column_that_only_other_units_fill_in_is_missing(tmp_path):
    rows = beslut({"beslutsdatum": "2016-01-04"}, {"enhet": "andra", "verkstalld": "2016-02-01"})
    assert figures(tmp_path, rows)["ej_verkstallda_antal"] is None


def test_all_that_cannot_be_right_is_named_at_once(tmp_path):
    bad = (
        {"beslutsdatum": "2016-03-01", "verkstalld": "2016-02-01"},
        {"bestalld": "2016-03-01", "plan_in": "2016-02-01"},
        {"foljd_upp": "2099-01-01"},
        {"handlaggare": "handl9999"},
    )
    with pytest.raises(InputError) as refused:
        report(tmp_path, beslut(*bad), handlaggare=officers(1, 1.5))
    text = " ".join(fault.text for fault in refused.value.faults)
    assert len(refused.value.faults) == 5
    for words in ("före beslutet", "planen kom in", "ligger i framtiden", "finns inte i tabellen", "1,5"):
        assert words in text
    assert "handl9999" not in text


def sheets(done) -> dict[str, pd.DataFrame]:
    return {name: table.frame for name, table in done.result.arbetslista().items()}


def test_the_list_for_the_report_has_what_waits_and_what_has_gone_since(tmp_path):
    decided = {"beslutsdatum": "2015-12-01", "fran": "2015-12-01"}
    rows = beslut(
        decided | {"skal": "bostad_saknas"},
        decided | {"verkstalld": "2016-05-01"},
        decided | {"till": "2016-05-31"},
        decided | {"verkstalld": "2016-01-01", "avbrott_fran": "2016-02-01", "skal": "personal_saknas"},
        decided | {"verkstalld": "2016-01-01"},
        {"beslutsdatum": "2016-01-10", "verkstalld": "2016-05-01"},
    )
    found = sheets(report(tmp_path, rows, "2016-06-30"))["ivo_underlag"].set_index("beslut")["lage"].to_dict()
    listed = {
        "beslut00000": "Ej verkställt",
        "beslut00001": "Tidigare rapporterat, sedan verkställt",
        "beslut00002": "Tidigare rapporterat, avslutat utan att verkställas",
        "beslut00003": "Avbrott",
    }
    assert found == listed
    both = [{"typ": "regel", "regel": "beslut_i_tid.sena_i_ivo_underlag", "varde": "med", "fran": "2016-01-01"}]
    found = sheets(report(tmp_path, rows, "2016-06-30", changes=both))["ivo_underlag"].set_index("beslut")["lage"]
    assert found.to_dict() == listed | {"beslut00005": "Verkställt för sent under kvartalet"}


def test_the_draw_follows_the_key_and_the_day_and_goes_when_results_are_in(tmp_path, monkeypatch):
    rows = beslut(*({} for _ in range(60)), *({"insats": "kontaktperson", "niva": ""} for _ in range(20)))
    drawn = []
    for key, day in (("a", "2016-12-31"), ("a", "2016-12-31"), ("b", "2016-12-31"), ("b", "2016-12-30")):
        (tmp_path / key).mkdir(exist_ok=True)
        file = tmp_path / key / "nyckel"
        file.write_text(("0a" if key == "a" else "0b") * 32)
        file.chmod(0o600)
        monkeypatch.setenv("PLANBOK_NYCKEL_FIL", str(file))
        drawn.append(sheets(report(tmp_path, rows, day))["stickprov"])
    ids = [frame["beslut"].tolist() for frame in drawn]
    assert ids[0] == ids[1] and len({tuple(one) for one in ids}) == 3
    assert drawn[0]["insats"].value_counts().tolist() == [15, 5]
    outcome = {"enhet": "provet", "period": "2016", "indikator": "Andel stickprov utan anmärkning", "kalla": "prov"}
    told = [outcome | {"utfall": "90 %"}]  # of the whole year: it has come with December
    assert "stickprov" in report(tmp_path, rows, "2016-11-30", indikatorutfall=told).result.arbetslista()
    done = report(tmp_path, rows, indikatorutfall=told)
    assert "stickprov" not in done.result.arbetslista()
    assert done.result.nyckeltal["stickprov_procent"].varde == 90


def test_parts_sum_and_no_check_fails(working):
    result = working.result
    assert not [check for check in result.kontroller if check.failed]
    frame = result.tabeller["statistik"].frame
    assert frame[frame["insats"] == "Totalt"]["antal"].sum() == frame[frame["insats"] != "Totalt"]["antal"].sum() > 0


def test_what_is_followed_up_later_and_what_is_interrupted_is_said_in_whole_sentences():
    both = [sample(audience, per_datum="2024-09-30") for audience in ("arbetsmaterial", "ledning")]
    notes = [done.result.tabeller["uppfoljningar"].note for done in both]
    assert re.match(r"\d+ beslut har följts upp efter dagen och är inte med\.", notes[0])
    assert notes[1].startswith("Beslut som har följts upp efter dagen är inte med.")
    said = [" ".join(done.result.sammanfattning) for done in both]
    assert re.search(r"\d+ avbrott utöver dem har varat längre än 3 månader\.", said[0])
    assert re.search(r"\d+ avbrott utöver dem hade den \d+ \w+ \d{4} varat längre än 3 månader\.", said[1])


def test_others_than_those_who_work_with_it_see_no_decision_no_officer_and_no_small_number(working, management):
    assert working.result.arbetslista() and management.result.arbetslista is None
    assert "fordelning" in working.result.tabeller and "fordelning" not in management.result.tabeller
    assert management.result.nyckeltal["langsta_vantan_dagar"].skyddas
    whole = working.result.nyckeltal["langsta_vantan_dagar"].varde
    assert f"{whole:.0f} dagar" not in " ".join(management.result.sammanfattning)
    counted = [
        table.frame[name] for table in management.result.tabeller.values() for name in table.frame if "antal" in name
    ]
    small = [value for column in counted for value in column.dropna() if 0 < value < 5]
    assert not small


def test_officers_are_shown_by_open_cases_and_share_only(working):
    frame = working.result.tabeller["fordelning"].frame
    assert set(frame) == {"rad", "tjanstgoring_andel", "oppna", "fordelning"}
    listed = " ".join(working.result.tabeller["fordelning"].frame.astype(str).to_numpy().ravel())
    assert not any(key in listed for key in working.study.tables["handlaggare"]["handlaggare"])
    for frame in sheets(working).values():
        assert not {"handlaggare", "person"} & set(frame)


def test_waiting_is_counted_one_day_at_a_time_as_by_hand(working):
    """An own count over the sample's rows, without chains' arrays."""
    study = working.study
    rows = study.rows.sort_values(["person", "insats", "fran"])
    before = rows.groupby(["person", "insats"])["till"].shift()
    begins = before.isna() | ((rows["fran"] - before).dt.days > 2)
    due = rows["beslutsdatum"].map(lambda day: day + pd.DateOffset(months=3))
    waits = begins & (due < study.day) & rows["verkstalld"].isna() & rows["avbrott_fran"].isna()
    waits &= rows["till"].isna() | (rows["till"] >= study.day)
    assert waits.sum() == working.result.nyckeltal["ej_verkstallda_antal"].varde
    assert np.isfinite(working.result.nyckeltal["langsta_vantan_dagar"].varde)


def test_the_figures_say_their_numbers(working, management):
    for done in (working, management):
        for shown in (decisions.figures.follow_up_figure(done.result), decisions.figures.queue_figure(done.result)):
            assert isinstance(shown, str) or shown.layout.meta is not None


def test_the_report_on_goals_has_the_figures_of_decisions(tmp_path, management):
    case = management.study.case
    of = answers.others(case).outcome
    found = of("andel_genomforandeplaner_i_tid", 2024, 12)
    plans = management.result.nyckeltal["planer_i_tid_procent"].varde
    assert found.varde == plans and found.antal >= 5
    assert of("antal_ej_verkstallda_beslut", 2024, 12).varde == 9
    assert of("antal_ej_verkstallda_beslut", 2023, 12) is not None
    done = report(tmp_path, beslut({}))
    assert answers.others(done.study.case).outcome("andel_arenden_beslutade_i_tid", 2016, 12) is None


def test_the_quarters_end_with_the_day_and_count_as_the_key_figures_do(working):
    frame = working.result.tabeller["kvartal"].frame
    figures = working.result.nyckeltal
    last = frame.iloc[-1]
    assert (len(frame), last["kvartal"]) == (8, "2024-K4")
    assert last["ej_verkstallt_antal"] == figures["ej_verkstallda_antal"].varde
    assert last["avbrott_antal"] == figures["avbrott_antal"].varde
    assert last["verkstallt_for_sent_antal"] == figures["verkstallda_for_sent_antal"].varde
    before = sample("arbetsmaterial", per_datum="2024-09-30").result.nyckeltal
    assert frame["avbrott_antal"].iloc[-2] == before["avbrott_antal"].varde
    assert frame["ej_verkstallt_antal"].iloc[-2] == before["ej_verkstallda_antal"].varde


@pytest.mark.parametrize(
    ("day", "act"),
    [("2025-06-30", "socialtjänstlagen (2001:453)"), ("2025-07-01", "den nya socialtjänstlagen (2025:400)")],
)
def test_an_act_that_is_not_read_is_named_without_a_paragraph(tmp_path, day, act):
    row = {"lagrum": "SoL", "beslutsdatum": "2025-01-01", "fran": "2025-01-01", "verkstalld": ""}
    said = " ".join(report(tmp_path, beslut(row), day).result.sammanfattning)
    assert act in said and "inte" in said and "§" not in said


def test_small_providers_are_shown_together(tmp_path):
    in_time = [("stor", "2016-03-10")] * 12 + [("liten_a", "2016-03-10")] * 2 + [("liten_b", "2016-03-10")] * 4
    orders = in_time + [("mellan", "")] * 6
    rows = beslut(*({"bestalld": "2016-03-01", "plan_in": plan, "utforare": who} for who, plan in orders))
    frame = report(tmp_path, rows, spridning="ledning").result.tabeller["planer"].frame.set_index("utforare_namn")
    assert frame["bestallda_antal"].dropna().to_dict() == {"Mellan": 6, "Stor": 12, "Övriga utförare": 6, "Alla": 24}


def test_open_cases_of_officers_are_unknown_where_nobody_is_named(tmp_path):
    done = report(tmp_path, beslut({}, {}), handlaggare=officers(1, 1))
    assert done.result.tabeller["fordelning"].frame["oppna"].isna().all()


def test_no_text_and_no_sample_counts_single_decisions_for_others(tmp_path):
    """Twelve run, two of them followed up after the day and one without a date: a month later it may be eleven."""
    rows = beslut(
        *[{"beslutsdatum": "2016-01-04"}] * 9, {}, *[{"beslutsdatum": "2016-01-04", "foljd_upp": "2016-12-20"}] * 2
    )
    said = {}
    for spridning in ("arbetsmaterial", "ledning"):
        result = report(tmp_path, rows, "2016-11-30", spridning).result
        check = next(check.forklaring for check in result.kontroller if check.namn == "Alla beslut har beslutsdatum")
        said[spridning] = (
            result.nyckeltal["stickprov_antal"].varde,
            result.tabeller["uppfoljningar"].note[:12],
            check[:14],
        )
    assert said["arbetsmaterial"] == (12, "2 beslut har", "1 beslut utan ")
    assert said["ledning"] == (None, "Beslut som h", "Beslut utan be")


def test_a_change_begins_too_late_the_day_after_the_last_month_of_the_queue():
    from planbok.topics.decisions.study import _refuse_unmoved

    def tried(fran: date) -> None:
        change = SimpleNamespace(enhet="", kind="handlaggare", fran=fran)
        fault = Fault("scenario", "prov", 0, "1", "", "moves_nothing")
        numbered = SimpleNamespace(change=change, fault=lambda text, code: fault)
        case = SimpleNamespace(enhet="provet", scenario=[numbered])
        _refuse_unmoved(SimpleNamespace(case=case, queue=SimpleNamespace(months=["2024-07", "2024-08"])))

    tried(date(2024, 8, 31))
    with pytest.raises(InputError):
        tried(date(2024, 9, 1))


def test_cases_stand_as_of_the_month_in_which_enough_were_decided():
    """Six of A decided in March; two of B; none of C since the year before: what is counted, and to when."""
    from planbok.case.result import Limits
    from planbok.disclosure.standing import standing
    from planbok.topics.decisions.cases import stood_cases

    rows = [("A", "2024-01-10", "2024-03-05")] * 6 + [("A", "2024-02-10", "2024-04-02")]
    rows += [("B", "2024-01-10", "2024-02-05")] * 2 + [("C", "2023-01-10", "2023-02-05")] * 9
    table = pd.DataFrame(rows, columns=["insats", "ansokan", "beslutsdatum"])
    table[["ansokan", "beslutsdatum"]] = table[["ansokan", "beslutsdatum"]].apply(pd.to_datetime)
    day = pd.Timestamp("2024-04-30")
    study = _Studied(
        tables={"arenden": table}, ar=2024, year_start=pd.Timestamp("2024-01-01"), day=day,
        tomorrow=day + pd.Timedelta(days=1), rule=lambda key: {"alla": 90.0},
    )  # fmt: skip
    found = stood_cases(study, Limits(None, None, partial(standing, 5), 5, None, 5)).stood
    assert {insats: decided for insats, (decided, _) in found.counted.items()} == {
        "A": pd.Timestamp("2024-03-31"), "B": None, "C": None,
    }  # fmt: skip
    assert found.few == {"B"}
    assert found.rows.query("klar")["insats"].tolist() == ["A"] * 6
    without = _Studied(tables={"arenden": table.iloc[:0]})
    assert stood_cases(without, None) is without
    empty = _Studied(tables={})
    assert stood_cases(empty, None) is empty


@dataclass(frozen=True)
class _Studied:
    """What of a study the counting of cases asks for."""

    tables: dict
    ar: int = 0
    year_start: pd.Timestamp | None = None
    day: pd.Timestamp | None = None
    tomorrow: pd.Timestamp | None = None
    rule: Callable | None = None
    stood: object = None
    rows: pd.DataFrame | None = None
    officers: object = None
    months: pd.DataFrame | None = None


@pytest.mark.parametrize(("day", "waits"), [("2016-08-31", 0), ("2016-09-11", 1)])
def test_the_last_quarter_is_counted_to_the_day_and_not_to_its_end(tmp_path, day, waits):
    """Decided 10 June and never carried out: its three months are over on 10 September."""
    study, result = report(
        tmp_path, beslut({"beslutsdatum": "2016-06-10", "fran": "2016-06-10", "verkstalld": ""}), day
    )
    assert study.quarters.index[-1] == "2016-K3"
    assert study.quarters.iloc[-1][decisions.study.WAITING] == waits
    assert study.quarters.iloc[:-1][decisions.study.WAITING].tolist() == [0] * (len(study.quarters) - 1)


def test_who_is_interrupted_before_the_start_does_not_wait_too(tmp_path):
    """Decided 4 January 2015, interrupted 1 May and begun 1 December: over its months from 5 April and 2 August."""
    row = {"beslutsdatum": "2015-01-04", "fran": "2015-01-04", "verkstalld": "2015-12-01"}
    row |= {"avbrott_fran": "2015-05-01", "avbrott_till": "2015-12-01"}
    frame = report(tmp_path, beslut(row)).result.tabeller["kvartal"].frame.set_index("kvartal")
    assert frame.loc["2015-K1":"2015-K4", "ej_verkstallt_antal"].tolist() == [0, 1, 0, 0]
    assert frame.loc["2015-K1":"2015-K4", "avbrott_antal"].tolist() == [0, 0, 1, 0]
    assert frame.loc["2015-K1":"2015-K4", "verkstallt_for_sent_antal"].tolist() == [0, 0, 0, 1]
    for day, waits, stopped in (("2015-06-30", 1, 0), ("2015-09-30", 0, 1)):
        found = figures(tmp_path, beslut(row), day)
        assert (found["ej_verkstallda_antal"], found["avbrott_antal"]) == (waits, stopped)


def test_six_who_begin_to_wait_are_shown_to_the_management_in_every_quarter_since(tmp_path):
    """Decided 1 September 2015: they wait from 2 December."""
    rows = beslut(*[{"beslutsdatum": "2015-09-01", "fran": "2015-09-01", "verkstalld": ""}] * 6)
    frame = report(tmp_path, rows, spridning="ledning").result.tabeller["kvartal"].frame
    assert frame["ej_verkstallt_antal"].tolist() == [0] * 3 + [6] * 5


def test_persons_of_a_unit_whose_first_month_has_not_ended_stand_in_no_month():
    from planbok.topics.decisions.officers import StoodPersons
    from planbok.topics.decisions.steady import _persons

    months = pd.DataFrame({"manad": ["2016-01"], "personer": [3]})
    rows = pd.DataFrame({"fran": pd.to_datetime(["2016-01-04"]), "till": pd.to_datetime([None])})
    study = _Studied({}, tomorrow=pd.Timestamp("2016-01-21"), rows=rows, officers=_Studied({}, months=months))
    stood = _persons(study, None).officers.stood
    assert isinstance(stood, StoodPersons) and stood.months.empty
    assert stood.manad == "2015-12" and np.isnan(stood.persons)


@pytest.mark.parametrize(
    ("outcomes", "found", "counted"),
    [
        ([("2016-T1", "30 av 40")], 75, (30, 10)),
        ([("2016-T1", "30 av 40"), ("2016-T2", "18 av 20")], 90, (18, 2)),  # the last that has come
        ([("2016-T2", "ingen uppgift"), ("2016-T1", "85 %")], 85, None),
        ([("2016-T3", "18 av 20")], None, None),  # December's has not come
        ([("2016-T1", "saknas")], None, None),
    ],
)
def test_an_indicators_outcome_is_a_share_or_a_number_of_the_last_period_that_has_one(outcomes, found, counted):
    from planbok.topics.decisions.spot import indicator

    table = pd.DataFrame(outcomes, columns=["period", "utfall"]).assign(indikator="Trygghet.")
    study = _Studied(
        {"indikatorutfall": pd.concat([table, table.assign(indikator="Annan", utfall="1 av 2")])}, ar=2016,
        day=pd.Timestamp("2016-08-31"), rule=lambda key: {"trygg": "trygghet"},
    )  # fmt: skip
    value, parts = indicator(study, "trygg")
    assert (None if np.isnan(value) else value, parts) == (found, counted)
    assert indicator(_Studied({}), "trygg")[1] is None


def test_posts_are_those_of_the_named_else_the_last_months_count():
    from planbok.topics.decisions.officers import Officers

    named = pd.DataFrame({"handlaggare": ["h1", "h2"], "tjanstgoring_andel": [1.0, 0.5]})
    months = pd.DataFrame({"manad": ["2016-01", "2016-02"], "i_tjanst": [3.0, 5.0]})
    found = [Officers(working, counted, 0) for working in (named, named[:0]) for counted in (months, months[:0])]
    assert [(one.posts, one.heads) for one in found[:3]] == [(1.5, 5), (1.5, 2), (5, 5)]
    assert np.isnan([found[3].posts, found[3].heads]).all()


def test_who_waits_is_told_by_kind_and_not_where_so_few_have_moved():
    from planbok.topics.decisions.people import Persons

    rows = pd.DataFrame({"slag": ["a", "b", "b"], "del": ["x", "y", "z"]})
    counted = SimpleNamespace(days={"a": pd.Timestamp("2016-01-31")})

    def told(kind: str, waits) -> object:
        persons = SimpleNamespace(
            open=rows, study=SimpleNamespace(waits=waits), _by=lambda own, name: own[name].tolist()
        )
        return Persons._waiting(persons, kind)

    assert [told(kind, None) for kind in "abc"] == [["x"], ["y", "z"], []]
    assert (told("a", counted), told("c", counted)) == (["x"], [])
    assert told("b", counted).antal.to_numpy().tolist() == [[1]]  # as few as are hidden, whatever it is
