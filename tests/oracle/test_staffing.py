"""The report on sick leave, held against what is counted anew from the csv rows in plain Python, cell by cell."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from math import isnan, nan
from typing import Any

import pytest
import yaml_files
from oracle import staffing_beside as beside
from oracle.staffing_beside import rest_cost as rest_of_year
from oracle.staffing_hours import SPACE, indicators, months_there, periods, ratios, share, total
from oracle.staffing_report import Report
from oracle.staffing_rows import rows
from oracle.staffing_units import UNITS, ahead, made
from staffing_tables import target, year

from planbok.case.case import Case
from planbok.explore.forms import numbered
from planbok.topics import staffing
from planbok.topics.answer import Answer, answer

NOT_HELD = {
    "brygga": {"steg": "words"},
    "signaler": {"namn": "words", "regel": "words"},
    "personal": dict.fromkeys(
        ["brukare", "medarbetare", "arsarbetare", "brukare_per_medarbetare", "brukare_per_arsarbetare"],
        "words for the two ends, which are held",
    ),
    "per_manad": {"anmarkning": "words, of a marked month"},
    "mal": dict.fromkeys(["utfall", "arsmal", "namndmal", "kf_arsmal", "anmarkning"], "words for what is held"),
}


@pytest.fixture(scope="module", params=UNITS)
def unit(request, tmp_path_factory) -> tuple[Case, Report, Answer]:
    case, report = UNITS[request.param](tmp_path_factory.mktemp("enhet"))
    return case, report, answer(case)


def near(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True) if isinstance(value, float) else value


def same(
    found: Iterable[Mapping[str, Any]], expected: Iterable[Mapping[str, Any]], left_out: Iterable[str] = ()
) -> None:
    """The same rows in the same order with the same columns, numbers to within what binary arithmetic leaves."""
    found, expected = [*found], [*expected]
    assert len(found) == len(expected)
    for mine, its in zip(found, expected, strict=True):
        assert mine.keys() - set(left_out) == its.keys()
        assert {name: mine[name] for name in its} == {name: near(value) for name, value in its.items()}


def shown(result: Any, name: str) -> list[dict[str, Any]]:
    table = result.tabeller[name]
    keys = dict.fromkeys(
        [*(column.key for column in table.columns), *table.extra, *([table.part] if table.part else [])]
    )
    return table.frame[[*keys]].to_dict("records")


def expected(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Every table, each row and column."""
    found = {
        "indikatorer": indicators(report.frame, report.ar, report.tom),
        "per_manad": report.unit_months(),
        "per_manad_grupp": report.group_months(),
        "kostnad": report.costs(),
        "brygga": report.bridge(),
        "prognosmetoder": report.outlook.methods(),
        "mal": targets(report),
    }
    there = {table for table in ("sjukfall", "verksamheter", "schema") if rows(report.data, table, enhet=report.enhet)}
    found |= {"signaler": beside.signals(report)} if "sjukfall" in there else {}
    found |= {"personal": beside.operations(report)} if "verksamheter" in there else {}
    return found | ({"tackning": beside.rosters(report)} if "schema" in there else {})


def targets(report: Report) -> list[dict[str, Any]]:
    """The table mal of a unit with one row, on sick leave: the outcome of the year so far, met where it is lower."""
    if not (stated := rows(report.data, "mal", enhet=report.enhet, ar=str(report.ar))):
        return []
    levels = {name: stated[0][name].removesuffix(" %") for name in ("arsmal", "namndmal", "kf_arsmal")}
    goals = {name: float(text) if text.replace(".", "").isdigit() else nan for name, text in levels.items()}
    period, months = [*periods(report.ar, report.tom).items()][-2]
    outcome = ratios(report.frame, months)["sjukfranvaro_procent"]
    row = {"indikator": "Sjukfrånvaro", "period": period, "utfall_varde": outcome, "riktning": "lagre", "om": ""}
    row["galler"] = next(name for name, goal in goals.items() if not isnan(goal))
    row |= {f"{name}_varde": None if isnan(goal) else goal for name, goal in goals.items()}
    return [row | {f"{name}_klaras": None if isnan(goal) else outcome <= goal for name, goal in goals.items()}]


def test_all_that_a_report_says_is_what_the_rows_say(unit):
    """Every cell of every table, every key figure, and the page's dials."""
    key_figures_and_what_sentences_say_beside(unit)
    dials_go_as_far_and_move_as_much_as_counted_anew(unit)
    what_replacing_the_sick_costs_at_each_position_of_the_dials(unit)
    case, report, found = unit
    tables = expected(report)
    assert found.result.tabeller.keys() == tables.keys()
    for name, its in tables.items():
        same(shown(found.result, name), its, NOT_HELD.get(name, ()))


def figures(of: Mapping[str, Any]) -> dict[str, Any]:
    return {name: nan if figure.varde is None else float(figure.varde) for name, figure in of.items()}


def key_figures_and_what_sentences_say_beside(unit):
    case, report, found = unit
    facts = report.facts() | (beside.headcounts(report) if rows(report.data, "verksamheter") else {})
    for mine, its in ((found.result.nyckeltal, report.key_figures()), (found.result.fakta, facts)):
        same([figures(mine)], [{name: nan if value is None else float(value) for name, value in its.items()}])


def test_what_each_change_does_to_the_budget_by_month(unit):
    case, report, _ = unit
    found, kr = staffing.others.effects(case, case.scenario), report.effects()
    lacking = {nr for (nr, *_), amount in kr.items() if isnan(amount)}
    held = {at: amount for at, amount in kr.items() if at[0] not in lacking and abs(amount) > 1e-6}
    mine = {(int(row["forandring"].split(":")[1]), row["effekt"], row["manad"]): row["kr"]
            for row in found.rows.to_dict("records") if abs(row["kr"]) > 1e-6}  # fmt: skip
    same([mine], [held])
    assert len(found.unknown) == len(lacking)
    steps = [report.step(*step) for step in replace(report, versus=()).moved()]
    apart = {step["forandring"] for step in steps if step["del"]}
    assert found.telling.keys() == {f"s_scenario:{nr}" for nr in apart - lacking}
    assert found.moved == {f"s_scenario:{change['nr']}" for change in report.changes}


def test_hours_beside_the_wage_drive_the_prognosis(unit):
    case, report, _ = unit
    found = staffing.others.driven(case, report.ar, report.tom)
    kr = report.driven()
    last_year = range(report.ar * 12 - 12, report.ar * 12)
    if any(map(isnan, kr)) or not months_there(report.every, last_year):
        assert found.kr.empty and found.why
        return
    assert found.kr.loc["ersattare"].tolist() == pytest.approx(kr)
    heads = [total(report.every, "anstallda", [month]) for month in report.year]
    assert found.moved["ersattare"]["anstallda"].tolist() == heads
    assert [*found.moved["ersattare"].index] == [*range(1, report.tom + 1)]


def dials_go_as_far_and_move_as_much_as_counted_anew(unit):
    case, report, found = unit
    its, mix = beside.dials(report), beside.mixes(report)
    mine = {dial.id: dial for dial in found.result.skjutreglage}
    assert mine.keys() == its.keys() | ({"inhyrd_andel"} if its and len(mix) > 1 else set())
    for name, dial in its.items():
        assert (mine[name].minst, mine[name].mest, mine[name].steg, mine[name].start) == (
            near(dial["minst"]),
            5,
            0.1,
            0,
        )
        assert mine[name].andring == dial["andring"]
        for moves in ("verkar_pa", "ritar"):
            lines = {key: [(end, near(end * dial[moves][key] / 100)) for end in beside.ENDS] for key in dial[moves]}
            assert {key: terms[name] for key, terms in getattr(mine[name], moves).items()} == lines
    if "inhyrd_andel" in mine:
        dial = mine["inhyrd_andel"]
        assert (dial.minst, dial.mest, dial.steg, dial.start) == (min(mix), max(mix), 1, 0)
        assert dial.andring["fran"] == its["alla"]["andring"]["fran"]
        assert {at: yaml_files.read(text) for at, text in dial.skrivs.items()} == mix
        assert dial.namn == {at: f"{100 * shares['inhyrd']:.0f}" for at, shares in mix.items()}


def what_replacing_the_sick_costs_at_each_position_of_the_dials(unit):
    case, report, found = unit
    its, mix = beside.dials(report), beside.mixes(report)
    names = {name: dial["andring"]["grupp"] for name, dial in its.items()}
    before = rest_of_year(report, "alla", 0, None) if its else 0.0
    cells = {}
    for grid in found.result.rutor:
        assert grid.nyckeltal == "ersattarkostnad_resten_kr"
        group = next((names[name] for name in grid.reglage if name in names), "alla")
        for place in product(*(range(len(axis)) for axis in grid.axlar)):
            at = {name: axis[n] for name, axis, n in zip(grid.reglage, grid.axlar, place, strict=True)}
            points, position = sum(at.get(name, 0.0) for name in names), at.get("inhyrd_andel")
            shares = None if position is None else mix[int(position)]
            kr = rest_of_year(report, group, points, shares)
            alone = grid.reglage == ("inhyrd_andel",) or not points
            cells[grid.reglage, place] = (
                grid.varden[place],
                kr if alone else kr - rest_of_year(report, group, 0, shares),
            )
    assert {at: mine for at, (mine, _) in cells.items()} == {at: near(kr) for at, (_, kr) in cells.items()}
    assert isnan(before) or bool(cells) == bool(its)


@pytest.mark.parametrize("turns", [[("alla", 1.3)], [("Grupp A", -0.3), ("alla", 0.4)]])
def test_a_turned_dial_gives_what_a_change_of_the_scenario_would(unit, turns):
    case, report, found = unit
    if report.tom == 12 or ("Grupp A", -0.3) in turns and "Grupp A" not in report.base.groups:
        return
    fran = f"{report.ar}-{report.tom + 1:02d}-01"
    given = [{"typ": "sjukfranvaro", "grupp": group, "procentenheter": n, "fran": fran} for group, n in turns]
    mine = staffing.explore.under(found.study, numbered(given, after=len(case.scenario.changes)), 6.0)
    added = tuple({**change, "nr": nr, "i": "d"} for nr, change in enumerate(given))
    other = replace(report, changes=report.changes + added)
    same([figures(mine.nyckeltal)], [{k: nan if v is None else float(v) for k, v in other.key_figures().items()}])
    moved = [other.step(*step) for step in replace(other, versus=report.changes).moved()]
    same([mine.andring], [{name: float(sum(step[name] for step in moved)) for name in mine.andring}])
    assert mine.kravs == near(other.required(6.0))
    hours = [other.base.agreed([m]) for m in range(12)]
    months = [{"manad": f"{report.ar}-{m + 1:02d}", "rapporten_procent": share(report.now.all_sick([m]), hours[m]),
               "provat_procent": share(other.now.all_sick([m]), hours[m]),
               "kravs_procent": float(mine.kravs) if m >= report.tom and mine.kravs is not None else nan}
              for m in range(12)]  # fmt: skip
    same(mine.per_manad.to_dict("records"), months)


def test_a_year_without_months_yet_is_last_years_to_the_budget(tmp_path):
    case, report = ahead(tmp_path)
    found = staffing.others.effects(case, case.scenario)
    mine = {(int(row["forandring"].split(":")[1]), row["effekt"], row["manad"]): row["kr"]
            for row in found.rows.to_dict("records")}  # fmt: skip
    assert found.moved == {"s_scenario:1", "s_scenario:2"}
    same([mine], [{at: kr for at, kr in report.effects().items() if abs(kr) > 1e-6}])


def test_outcomes_for_the_report_on_goals_and_the_fewest_whom_they_tell_of(unit):
    case, report, _ = unit
    names = {"sjukfranvaro": "sjukfranvaro_procent", "sjukfranvaro_dag_1_14": "sjukfranvaro_dag_1_14_procent",
             "timavlonade_timmar": "timavlonad_procent"}  # fmt: skip
    period, months = [*periods(report.ar, report.tom).items()][-2]
    of = {name: ratios(report.every, months)[ratio] for name, ratio in names.items()}
    there = {month for _, month in report.every}
    fewest = min(total(report.every, "anstallda", [month]) for month in there)
    found = staffing.others.outcomes(case, report.ar, report.tom)
    assert {name: one.varde for name, one in found.items()} == {n: near(v) for n, v in of.items() if not isnan(v)}
    assert {one.kalla for one in found.values()} == {f"bemanningen, {period.replace(SPACE, ' ')}"}
    assert {one.antal for one in found.values()} == {fewest}
    assert staffing.others.outcomes(case, report.ar + 1, 12) == {}


def test_what_figures_rest_on_ends_with_the_reports_month(unit):
    case, report, found = unit
    (span,) = {row.where["manad"] for row in found.result.grunder["sjukfranvaro_procent"].rows}
    assert [*span] == [f"{report.ar}-01", f"{report.ar}-{report.tom:02d}"]


@pytest.mark.parametrize(
    ("tom", "period"), [(3, "2023-03"), (4, "2023-T1"), (7, "2023-T1"), (8, "2023-T2"), (12, "2023")]
)
def test_the_latest_reported_outcome_that_is_not_after_the_month(tmp_path, tom, period):
    listed = ["2023-12", "2023-T2", "2022-12", "2023-T1", "2023-03", *(["2023"] if tom == 12 else [])]
    outcomes = [{"enhet": "provenheten", "period": each, "indikator": "Nöjda brukare.", "utfall": f"{place} %",
                 "kalla": "Prov"} for place, each in enumerate(listed, 70)]  # fmt: skip
    rows_ = [*year(2022), *year(2023)]
    goals = [target(2023, "Nöjda brukare", arsmal="72 %", riktning="hogre", mattenhet="procent")]
    case, _ = made(tmp_path, rows_, 2023, tom, indikatorutfall=outcomes, mal=goals)
    (row,) = staffing.study.study(case).targets
    assert (row.period, row.utfall.varde) == (period, 70 + listed.index(period))
