"""What decisions in time say to other reports, whom they tell of, and what is refused: from made-up rows."""

from calendar import monthrange
from datetime import date

import pytest
from oracle.decided import as_day
from oracle.in_time import INTERRUPTED, NOW, WAITING, InTime, rule
from oracle.in_time_rows import drawn_in_time
from oracle.test_decisions import the_case

from planbok.base.errors import InputError
from planbok.topics import decisions

DAY = date(2024, 9, 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return drawn_in_time(tmp_path_factory.mktemp("unit"), 51, 110)


def test_officers_cost_by_the_share_of_each_months_days(folder):
    changes = (
        {"typ": "handlaggare", "antal": 1.5, "fran": "2024-02-16", "till": "2024-11-10"},
        {"typ": "handlaggare", "antal": -0.5, "fran": "2023-12-31"},
        {"typ": "handlaggare", "antal": 2, "fran": "2024-12-31", "till": "2024-12-31"},
        {"typ": "handlaggare", "antal": 2, "fran": "2025-01-01"},
        {"typ": "handlaggare", "antal": 2, "fran": "2024-01-01", "enhet": "grannen"},
        {"typ": "arenden", "insats": "kontaktperson", "antal": 2, "fran": "2024-12-31"},
        {"typ": "arenden", "insats": "kontaktperson", "antal": 2, "fran": "2024-05-01", "enhet": "grannen"},
        {"typ": "regel", "regel": "beslut_i_tid.plan_dagar", "varde": 20, "fran": "2024-12-31"},
    )
    case = the_case(folder, DAY, changes)
    found = decisions.TOPIC.effects_of(case, case.scenario)
    assert sorted(found.moved) == ["prov:1", "prov:2", "prov:3", "prov:6", "prov:8"]
    expected, each = {}, rule("handlaggare_kr_per_manad")
    for number, change in enumerate(changes[:3], 1):
        first, last = as_day(change["fran"]), as_day(change.get("till", "9999-12-31"))
        for month in range(1, 13):
            days = monthrange(2024, month)[1]
            inside = sum(first <= date(2024, month, day) <= last for day in range(1, days + 1))
            if inside:
                expected[f"prov:{number}", f"2024-{month:02d}"] = change["antal"] * each * inside / days
        if last >= date(2024, 12, 31):
            expected[f"prov:{number}", "helar"] = change["antal"] * each * 12
    rows = found.rows.to_dict("records")
    assert {(row["forandring"], row["manad"]): row["kr"] for row in rows} == pytest.approx(expected)
    assert {row["effekt"] for row in rows} == {"personal"}


def test_changes_take_no_more_than_there_are(folder):
    unit = InTime(folder, DAY)
    there = unit.queue()[0]
    for typ, key, words in (
        ("handlaggare", "i_tjanst", "handläggare i tjänst"),
        ("arenden", "nya_antal", "nya ärenden"),
    ):
        change = {"typ": typ, "antal": -there[key], "fran": "2024-10-01"} | (
            {"insats": "kontaktperson"} if typ == "arenden" else {}
        )
        decisions.study.study(the_case(folder, DAY, (change,))).queue  # noqa: B018
        with pytest.raises(InputError, match=words):
            decisions.study.study(the_case(folder, DAY, (change | {"antal": -there[key] - 1},)))


def test_a_change_after_the_months_that_are_followed_is_refused(folder):
    change = {"typ": "handlaggare", "antal": 1, "fran": "2025-09-30"}
    decisions.study.study(the_case(folder, DAY, (change,)))
    with pytest.raises(InputError, match="börjar 2025-10-01"):
        decisions.study.study(the_case(folder, DAY, (change | {"fran": "2025-10-01"},)))


@pytest.mark.parametrize("month", [2, 9, 12])
def test_what_indicators_come_to_at_a_months_end(folder, month):
    """Each tells of the fewest of those in it and those who are not."""
    unit = InTime(folder, date(2024, month, monthrange(2024, month)[1]))
    found = decisions.TOPIC.part("others:outcomes")(the_case(folder, DAY), 2024, month)
    figures, plans = unit.figures(), [*unit.states("plan_in", unit.day).values()]
    cases = [case[3] for case in unit.cases() if case[1]]
    expected = {
        "antal_ej_verkstallda_beslut": (figures["ej_verkstallda_antal"], [figures["ej_verkstallda_antal"]]),
        "antal_forsenade_uppfoljningar": (figures["uppfoljningar_forfallna_antal"],) * 2,
        "andel_genomforandeplaner_i_tid": (
            figures["planer_i_tid_procent"],
            [plans.count("i_tid"), len(plans) - plans.count("i_tid")],
        ),
        "andel_arenden_beslutade_i_tid": (figures["arenden_i_tid_procent"], [sum(cases), len(cases) - sum(cases)]),
    }
    assert found.keys() == {name for name, (value, _) in expected.items() if value == value}
    for name, one in found.items():
        value, parts = expected[name]
        parts = parts if isinstance(parts, list) else [parts]
        assert one.varde == pytest.approx(value)
        assert one.antal == min((part for part in parts if part), default=None)


def test_whom_the_figures_tell_of(folder):
    """Persons, and who has two insatser is one of each; where occasions or kinds are parts, by these."""
    unit, result = InTime(folder, DAY), decisions.view.result(decisions.study.study(the_case(folder, DAY)))
    people, told = result.people, result.tabeller["kvartal"].told
    assert [len(its) for its in told["avbrott_antal"]] == [1] * 7 + [2]  # the last quarter's are those of the day

    def persons(parts: dict) -> dict:
        return {part: len({(one.person, one.insats) for one in its}) for part, its in parts.items()}

    def by(of, rows) -> dict:
        parts: dict = {}
        for one in rows:
            parts.setdefault(of(one), []).append(one)
        return parts

    for kind in (WAITING, INTERRUPTED):
        waits = by(lambda one: f"{one.row['lagrum']}|{one.insats}", [o for o in unit.rows if unit.open(o, DAY) == kind])
        assert people[kind].antal.iloc[0].to_dict() == persons(waits)
    late = [one for one in unit.rows if unit.late(one, unit.quarter, DAY)]
    assert people["sena"].antal.to_numpy().tolist() == [[len({(one.person, one.insats) for one in late})]]
    due = by(lambda pair: unit.due_month(pair[1]), unit.follow_up())
    due = persons({month: [one for one, _ in pairs] for month, pairs in due.items()})
    assert people["uppföljningar"].antal.iloc[0].to_dict() == due
    assert people["försenade uppföljningar"].antal.to_numpy().tolist() == [[due.get(NOW, 0)]]
    ahead = {month: due.get(month, 0) for month in (NOW, *unit.ahead(6))}
    assert people["uppföljningar framåt"].antal[""].to_dict() == ahead
    for name, what in (("kontakt", "kontaktad"), ("start", "verkstalld")):
        states = [*unit.states(what, DAY).values()]
        assert people[name].antal.iloc[0].to_dict() == {how: states.count(how) for how in ("i_tid", "sen", "utan")}
    for kind in (WAITING, INTERRUPTED, "verkstallt_for_sent"):
        expected = {row["kvartal"]: row[f"{kind}_antal"] for row in unit.kvartal()}
        assert people[f"kvartal: {kind}"].antal[""].to_dict() == expected
    for name, keep in (("klara", (True, False)), ("klara i tid", (True,)), ("klara sent", (False,))):
        counts = by(lambda case: case[0], [case for case in unit.cases() if case[1] and case[3] in keep])
        assert people[name].antal.iloc[0].to_dict() == {insats: len(its) for insats, its in counts.items()}
    assert people["öppna"].antal.to_numpy().sum() == len(unit.waiting(DAY))
    assert people["nya ärenden"].antal.to_numpy().tolist() == [[pytest.approx(12 * unit.came(DAY))]]
    assert people["personer med beslut"].antal[""].iloc[-1] == unit.heads(DAY)
