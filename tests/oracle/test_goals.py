"""The report on goals against an independent recalculation of every table and key figure."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from goals_tables import goals_case
from oracle import goal_lists as by_hand
from oracle import raw
from oracle.goal_rows import IDS, UNIT, YEAR, known, world
from oracle.goals import MONTHS, Indicator, Unit, name_of, occasion

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.topic import ALONE, Outcome
from planbok.disclosure.door import seen
from planbok.topics.goals import view
from planbok.topics.goals.study import study
from planbok.topics.goals.surveys import by_question
from planbok.topics.goals.table_check import table_faults

WORLDS = [(0, "T1"), (1, "T1"), (2, "T2"), (3, "VB"), (4, "T2"), (5, "VB"), (6, "T1")]
SIGNS = {"klaras": "✓ klaras", "klaras inte": "✗ klaras inte"}
TABLES = {"lista", "mal", "indikatorer", "aktiviteter", "aktiviteter_over_aret", "sedan_sist", "enkat", "kompetens"}
TABLES |= {"kontroller", "riskmatris", "saknade_utfall", "arshjul"}


class Report:
    """A made-up unit in a report: what is said of it, and what is right."""

    def __init__(self, seed: int, per: str):
        tables, self.per, of_topics = world(seed), per, known(seed)
        self.day = by_hand.last_day(MONTHS[per])
        with TemporaryDirectory() as folder:
            for name, rows in tables.items():
                raw.write(Path(folder) / f"{name}.csv", rows)
            sources = load_sources(Folders((PARAMS,), Path(folder)))
            given = {"enhet": UNIT, "ar": YEAR, "per": per, "spridning": "arbetsmaterial", "sources": sources}
            case = open_case("mal_och_aktiviteter", **given)
            others = replace(ALONE, outcome=lambda *of: Outcome(**of_topics[of]) if of in of_topics else None)
            self.study = study(case, others)
            self.whole = view.result(self.study)
            self.result = seen(case, self.whole)
        self.unit = Unit(tables, of_topics)
        self.its = [Indicator(self.unit, row, place, per) for place, row in enumerate(self.unit.rows("mal", ar=YEAR))]

    def differs(self, table: str, expected: list[dict]) -> list[str]:
        """Where a table is not what was worked out, with ordinary blanks."""
        frame = self.whole.tabeller[table].frame
        plain = frame.map(lambda cell: cell.replace("\N{NO-BREAK SPACE}", " ") if isinstance(cell, str) else cell)
        return [
            *same_parts(plain, expected),
            *raw.differing(plain.drop(columns="del", errors="ignore"), without(expected)),
        ]


def same_parts(frame, expected: list[dict]) -> list[str]:
    right = [row["del"] for row in expected if "del" in row]
    found = frame["del"].tolist() if "del" in frame else []
    return [] if found == right else [f"{found} not {right}"]


def without(rows: list[dict]) -> list[dict]:
    return [{name: cell for name, cell in row.items() if name != "del"} for row in rows]


def no_table_is_unknown(report: Report) -> None:
    assert report.whole.tabeller.keys() == TABLES


def indicators(report: Report) -> None:
    rows = [it.shown() for it in report.its]
    assert report.differs("indikatorer", rows) == []
    listed = ("del", "namn", "utfall", "mal", "lage", "skillnad", "utfall_varde", "kf_mal_text")
    assert report.differs("lista", [{name: row[name] for name in listed} for row in rows]) == []
    others = sum(not it.counts for it in report.its)
    note = f"{others} av målen är nämndens eller stadens egna och räknas inte som enhetens." if others else ""
    assert report.whole.tabeller["lista"].note == note


def what_is_missing_and_what_has_changed(report: Report) -> None:
    lacks = [it for it in report.its if it.value is None and it.state in ("utfall saknas", "inget mål i tal")]
    shown = [it.shown() for it in lacks]
    rows = [
        {"indikator": row["namn"], "period": row["period"], "periodicitet": it.row["periodicitet"]}
        for row, it in zip(shown, lacks, strict=True)
    ]
    assert report.differs("saknade_utfall", rows) == []
    changed = []
    for it in report.its:
        at, then = it.past[0]
        was = it.stands(then)
        if it.counts and {was, it.state} == SIGNS.keys():
            row = {"del": (f"{it.place}", ""), "indikator": it.shown()["namn"]}
            row |= {"fore": f"{name_of(at, it.step)}: {SIGNS[was]}", "nu": f"{it.shown()['period']}: {SIGNS[it.state]}"}
            changed.append(row)
    assert report.differs("sedan_sist", changed) == []


def goals_activities_and_controls(report: Report) -> None:
    assert report.differs("mal", by_hand.goal_rows(report.unit, report.per, report.its)) == []
    assert report.differs("aktiviteter", by_hand.activities(report.unit, report.day)) == []
    assert report.differs("aktiviteter_over_aret", by_hand.over_the_year(report.unit, report.per)) == []
    assert report.differs("kontroller", by_hand.controls(report.unit, report.per)) == []
    assert report.differs("riskmatris", by_hand.matrix(report.unit)) == []


def surveys_training_and_the_year(report: Report) -> None:
    assert report.differs("enkat", by_hand.surveys(report.unit)) == []
    assert report.differs("kompetens", by_hand.training(report.unit, report.per)) == []
    days = by_hand.year_wheel(report.unit, report.per)
    assert report.differs("arshjul", days) == []
    lines = report.whole.filer["arshjul.ics"].replace("\r\n ", "").split("\r\n")
    assert [line[19:] for line in lines if line.startswith("DTSTART;VALUE=DATE:")] == [
        row["dag"].replace("-", "") for row in days
    ]


def key_figures_and_checks(report: Report) -> None:
    own = [it for it in report.its if it.counts]
    acts = [row["lage"] for row in by_hand.activities(report.unit, report.day)]
    states = [it.state for it in own]
    lacks = [it for it in own if it.value is None and it.state in ("utfall saknas", "inget mål i tal")]
    right = {
        "mal_klaras_antal": states.count("klaras"),
        "mal_klaras_inte_antal": states.count("klaras inte"),
        "mal_utan_utfall_antal": len(lacks),
        "mal_utan_tal_antal": sum(not it.level for it in own),
        "aktiviteter_klara_antal": acts.count("klar"),
        "aktiviteter_forsenade_antal": acts.count("försenad"),
        "kontroller_forfallna_antal": sum(
            row["lage"] == "förfallen" for row in by_hand.controls(report.unit, report.per)
        ),
    }
    assert {key: figure.varde for key, figure in report.result.nyckeltal.items()} == right
    planned = {it.name for it in report.its}
    told = [row for row in report.unit.rows("indikatorutfall") if occasion(row["period"])[0] == YEAR]
    outside = {row["indikator"] for row in told if IDS[row["indikator"]] not in planned}
    odd = any(row["anmarkning"] for row in by_hand.activities(report.unit, report.day))
    assert {check.namn: check.ok for check in report.result.kontroller} == {
        "Alla rader i planens mål är med": True,
        "Alla utfall har en indikator i planen": not outside,
        "Ingen indikator står två gånger": False,
        "Aktiviteternas slutdatum är rimliga": not odd if acts else None,
    }


def whom_the_figures_tell_of(report: Report) -> None:
    people = report.whole.people
    parts = {f"{it.place}": [it] for it in report.its}
    found = by_hand.goals(report.unit, report.per, report.its)
    parts |= {f"m{place}": [it for it in own if it.judged] for place, (_, own, _) in enumerate(found)}
    counts: dict[str, dict[str, float]] = {}
    for part, its in parts.items():
        seen_of = [one for it in its for one in (it.found, *(then for _, then in it.past)) if one is not None]
        for one in seen_of:
            if one.persons is not None:
                counts.setdefault(f"bakom {one.rule}", {}).setdefault(part, 0.0)
                if one.persons:
                    least = counts[f"bakom {one.rule}"][part]
                    counts[f"bakom {one.rule}"][part] = min(one.persons, least or one.persons)
    behind = {name: its.antal[""].to_dict() for name, its in people.items() if name.startswith("bakom ")}
    assert behind == counts
    answers = [float(row["svarande_antal"]) for row in by_hand.surveys(report.unit)]
    assert people["svarande"].antal[""].tolist() == answers
    frame, right = people["utbildade"].antal, by_hand.trained(report.unit)
    assert {(of, name): frame.loc[of, name] for of, name in right} == right
    assert frame.to_numpy().sum() == sum(right.values())


CHECKS = (
    no_table_is_unknown,
    indicators,
    what_is_missing_and_what_has_changed,
    goals_activities_and_controls,
    surveys_training_and_the_year,
    key_figures_and_checks,
    whom_the_figures_tell_of,
)


@pytest.mark.parametrize("given", WORLDS, ids=str)
def test_all_that_is_said(given):
    made = Report(*given)
    for check in CHECKS:
        check(made)


WRONG = [
    ("mal", {"periodicitet": "Årligen"}, "periodicitet"),
    ("mal", {"riktning": "uppåt"}, "riktning"),
    ("aktiviteter", {"aktivitet": "A", "status": "klar"}, "klar_datum"),
    ("aktiviteter", {"aktivitet": "A", "klar_datum": "2024-03-01"}, "status"),
    ("malbedomning", {"period": "2024-03", "mal_text": "Mål", "bedomning": "helt"}, "period"),
    ("enkat", {"ar": 2024, "andel_procent": 90, "svarande": 31, "utskickade": 30}, "svarande"),
    ("enkat", {"ar": 2024, "andel_procent": 100.5, "svarande": 30}, "andel_procent"),
    ("enkat", {"ar": 2024, "andel_procent": -0.5, "svarande": 30}, "andel_procent"),
    ("kompetens", {"period": "2024", "krav": "K", "har": 11, "av": 10}, "har"),
    ("kompetens", {"period": "2024", "krav": "K", "har": -1, "av": 10}, "har"),
    *(("kontroller", {column: value}, column) for column in ("sannolikhet", "konsekvens") for value in (0, 6)),
    ("kontroller", {"resultat": "anmarkning"}, "senast"),
    ("indikatorutfall", {"indikator": "Sjukfrånvaro", "period": "2024-03", "utfall": "7 %"}, "Sjukfrånvaro, 2024-03"),
]


@pytest.mark.parametrize(("table", "wrong", "where"), WRONG, ids=str)
def test_one_row_beyond_a_limit_is_named(tmp_path, table, wrong, where):
    """Those at the limits stand in the worlds above, and are refused nowhere."""
    tables = {"mal": [{"indikator": "Sjukfrånvaro", "arsmal": "9 %"}]}
    tables[table] = [*tables.get(table, []), wrong | ({"indikator": "Annat"} if table == "mal" else {})]
    sources = goals_case(tmp_path, **tables).sources
    (fault,) = table_faults(sources.collection, sources.rules)
    assert (fault.line, fault.place) == (len(tables[table]) + 1, f"provenheten, {where}")


def test_an_outcome_that_stands_twice_names_both_rows(tmp_path):
    told = [
        {"indikator": "Sjukfrånvaro", "period": period, "utfall": utfall}
        for period, utfall in (("2024-T1", "7 %"), ("2024", "7 %"), ("2024-T1", "8 %"))
    ]
    with pytest.raises(InputError) as caught:
        study(goals_case(tmp_path, mal=[{"indikator": "Sjukfrånvaro", "arsmal": "9 %"}], indikatorutfall=told))
    (fault,) = caught.value.faults
    assert fault.line == 4 and "rad 2" in fault.text


@pytest.mark.parametrize(("ar", "per", "said"), [(2024, "T3", "T3"), (2023, "VB", "Det finns: 2024.")])
def test_no_such_report_and_no_goals_are_no_row_of_a_file(tmp_path, ar, per, said):
    case = goals_case(tmp_path, ar, per, mal=[{"indikator": "Sjukfrånvaro", "arsmal": "9 %", "ar": 2024}])
    with pytest.raises(InputError) as caught:
        study(case)
    (fault,) = caught.value.faults
    assert fault.line == 0 and said in fault.text


def test_what_is_wrong_in_a_table_that_can_not_be_read_is_named_of_the_unit_only(tmp_path):
    """A cell that is no number, and a number that can't be, in the unit's rows; another unit has the second too."""
    trained = {"period": "2024", "krav": "K", "har": 11, "av": 10}
    rows = [trained | {"har": "tio"}, trained | {"krav": "L"}, trained | {"enhet": "annan"}]
    with pytest.raises(InputError) as caught:
        study(goals_case(tmp_path, mal=[{"indikator": "Sjukfrånvaro", "arsmal": "9 %"}], kompetens=rows))
    assert sorted(fault.line for fault in caught.value.faults) == [2, 3]


def test_without_rules_no_scale_is_known(tmp_path):
    case = goals_case(
        tmp_path, mal=[{"indikator": "Sjukfrånvaro", "arsmal": "9 %"}], kontroller=[{"sannolikhet": 6, "konsekvens": 0}]
    )
    found = [table_faults(case.sources.collection, rules) for rules in (case.sources.rules, None)]
    assert [len(faults) for faults in found] == [2, 0]


@pytest.mark.parametrize(("sent", "answered", "rate"), [(0, 0, None), (1, 1, 100), (40, 30, 75)])
def test_the_share_that_answered_a_survey(sent, answered, rate):
    row = {"fraga": "F", "ar": 2024, "andel_procent": 80.0, "svarande": answered, "utskickade": sent}
    (found,) = by_question(pd.DataFrame([row]), 2024, 95)["svarsfrekvens_procent"]
    assert found == pytest.approx(rate) if rate is not None else found != found
