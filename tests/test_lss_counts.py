"""LSS-peng's counts of persons and the dials, each by hand: who is counted, from which day, and what is said of it."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from test_lss_edges import ESCORT, HOME, case_of

from planbok.topics.lss_peng import outlook
from planbok.topics.lss_peng.counts import ALL, _groups_in_year, counted_to, persons_in_year, to_come_stand
from planbok.topics.lss_peng.coverage import no_prices
from planbok.topics.lss_peng.people import MEASURED, YEAR, Persons
from planbok.topics.lss_peng.sliders import sliders
from planbok.topics.lss_peng.study import Study, study, tried

HOMES, DAYS = ("gruppbostad", "kommunal"), ("gruppbostad", "privat")


def test_persons_of_the_year_have_a_day_in_it_and_are_counted_once_in_an_insats(tmp_path):
    """Three of the homes have a day in 2024 and half a person is added; the others have none, or no price."""
    rows = [
        "gruppbostad,3,kommunal,,2020-01-01,2024-01-01,,,",
        "gruppbostad,4,kommunal,,2024-12-31,,,,",
        "gruppbostad,3,kommunal,,2020-01-01,2023-12-31,,,",
        "gruppbostad,3,kommunal,,2025-01-01,,,,",
        "gruppbostad,3,privat,,2024-05-01,2024-05-01,,,",
        "korttidsvistelse,,kommunal,,2020-01-01,,,,",
    ]
    half = {"typ": "volym", "insats": "gruppbostad", "niva": "4", "antal": 0.5, "fran": "2024-12-31"}
    world = study(case_of(tmp_path, rows, [half])).world
    assert _groups_in_year(world).to_dict() == {HOMES: 2.5, DAYS: 1.0}
    found = dict(zip(world.cells, persons_in_year(world), strict=True))
    of_level = {("gruppbostad", "3", "kommunal"): 1, ("gruppbostad", "4", "kommunal"): 1.5}
    assert found == of_level | {("gruppbostad", "3", "privat"): 1, ("korttidsvistelse", "", "kommunal"): 1}


def test_who_gets_another_level_is_one_person_of_the_insats(tmp_path):
    step = {"typ": "nivabyte", "insats": "gruppbostad", "fran_niva": "3", "till_niva": "4", "antal": 1}
    world = study(case_of(tmp_path, [HOME], [step | {"fran": "2024-07-01"}])).world
    assert _groups_in_year(world).to_dict() == {HOMES: 1.0} and persons_in_year(world).tolist() == [1, 1]


def test_to_which_month_persons_are_counted():
    case = SimpleNamespace(ar=2024)
    stood = SimpleNamespace(months={HOMES: 3, ALL: 12, DAYS: 0})
    asked = [(YEAR, HOMES), (YEAR, ""), (YEAR, DAYS), (YEAR, ("servicebostad", "privat"))]
    found = [counted_to(SimpleNamespace(case=case, stood=stood), part) for part in asked]
    assert found == ["mars 2024", "december 2024", "före 2024", "före 2024"]
    assert counted_to(SimpleNamespace(case=case, stood=None), (YEAR, HOMES)) == "före 2024"


@pytest.mark.parametrize(
    ("stands", "to_come", "said"), [(True, True, True), (True, False, False), (False, False, False)]
)
def test_only_a_measurement_that_is_still_to_come_is_said_to_stand(stands, to_come, said):
    frame = SimpleNamespace(matning_1=date(2024, 3, 31), matning_2=date(2024, 8, 27))
    stood = SimpleNamespace(day=date(2024, 4, 30)) if stands else None
    of = SimpleNamespace(world=SimpleNamespace(frame=frame), stood=stood, is_to_come=lambda day: to_come)
    assert to_come_stand(of) == (
        "Personerna vid en mätning som återstår är de som var kända 30 april 2024." if said else ""
    )


@pytest.mark.parametrize(("now", "then", "shown"), [(3, 0, 1), (1, 0, 1), (0, 0, 0), (3, 4, 4), (3, None, 3)])
def test_a_number_that_stands_at_nobody_is_few_where_there_is_somebody(now, then, shown):
    stood = None if then is None else SimpleNamespace(number=then)
    one = Persons._one(SimpleNamespace(number=now, stood=stood), lambda its: its.number)
    assert one.antal.iloc[0, 0] == shown


def test_persons_of_the_year_are_those_that_stand_and_few_where_nobody_stands():
    groups = pd.Index([("a", "b"), ("c", "d"), ("e", "f"), ("g", "h"), ("i", "j")], tupleize_cols=False)
    antal = pd.DataFrame([[7.0, 2.0, 0.0, 6.0, 0.0]], [YEAR], groups)
    frame = SimpleNamespace(matning_1=date(2024, 3, 31), matning_2=date(2024, 8, 27))
    standing = SimpleNamespace(persons={("a", "b"): 3.0, ("g", "h"): 1.0, ("i", "j"): 1.0})
    self = SimpleNamespace(frame=frame, study=SimpleNamespace(is_to_come=lambda day: False, stood=standing))
    assert Persons._shown(self, antal, None).loc[YEAR].tolist() == [3, 1, 0, 1, 1]


def test_a_scenario_may_hold_a_change_that_alone_moves_nothing_while_it_is_tried(tmp_path):
    changes = [
        {"typ": "upprakning", "prislista": "lss_peng", "insats": "servicebostad", "procent": 2.0, "fran": "2024-02-01"},
        {"typ": "volym", "insats": "gruppbostad", "niva": "4", "antal": 1, "fran": "2024-02-01"},
    ]
    bas = study(case_of(tmp_path, [HOME]))
    world = tried(bas, case_of(tmp_path, [HOME], changes).scenario)
    assert world.persons(date(2024, 8, 27)).sum() == 2


RAISED = {"typ": "upprakning", "prislista": "lss_peng", "procent": 50.0, "fran": "2024-07-01"}
PRICED = {"typ": "regel", "regel": "lss_peng.ersattning.gruppbostad.kommunal.3", "varde": 1000, "fran": "2024-01-01"}


@pytest.mark.parametrize(("changes", "kr"), [
    ([RAISED], 2737 * (182 + 1.5 * 184)), ([PRICED], 366_000), ([RAISED, PRICED], 366_000),
    ([PRICED, RAISED], 1000 * (182 + 1.5 * 184)),
])  # fmt: skip
def test_prices_that_are_tried_are_those_of_the_scenario(tmp_path, changes, kr):
    """One person at level 3, whose day costs 2 737 kr in 2024; only later upratings raise a price that is set."""
    world = tried(study(case_of(tmp_path, [HOME])), case_of(tmp_path, [HOME], changes).scenario)
    assert world.peng.sum() == world.state("slutlig").sum() == pytest.approx(kr)


def test_hours_are_of_the_months_in_which_a_decision_runs(tmp_path):
    rows = [HOME, f"{ESCORT}2024-02-10,2024-03-31,,29,dagtid", "korttidstillsyn,,enskild,,2024-03-01,2024-03-31,,8,"]
    hours = study(case_of(tmp_path, rows)).world.hours
    assert hours[["manad", "insats", "timmar"]].to_numpy().tolist() == [
        ["2024-02", "ledsagning_avlosning", pytest.approx(20)],
        ["2024-03", "korttidstillsyn", 8], ["2024-03", "ledsagning_avlosning", 29],
    ]  # fmt: skip


def test_hours_of_a_month_that_a_price_cuts_are_one_sum(tmp_path):
    raised = {"typ": "upprakning", "prislista": "lss_peng", "procent": 2.0, "fran": "2024-05-15"}
    world = study(case_of(tmp_path, [HOME, f"{ESCORT}2020-01-01,,,10,dagtid"], [raised])).world
    assert len(world.frame.spans) == 13
    assert world.hours["manad"].tolist() == [f"2024-{month:02d}" for month in range(1, 13)]
    assert world.hours["timmar"].tolist() == pytest.approx([10.0] * 12)


def test_every_dial_begins_at_nothing_and_turns_a_step_at_a_time(tmp_path):
    dials, _ = sliders(study(case_of(tmp_path, [HOME])))
    found = {dial.id: (dial.minst, dial.mest, dial.steg, dial.start) for dial in dials}
    assert found == {"nya": (0, 10, 1, 0), "nya_niva": (0, 6, 1, 3), "nya_manad": (1, 12, 1, 8),
                     "en_person": (0, 3, 1, 0), "en_person_manad": (1, 12, 1, 8)}  # fmt: skip
    one = next(dial for dial in dials if dial.id == "en_person")
    assert {number: change["typ"] for number, change in one.andringar.items()} == {
        1: "volym", 2: "nivabyte", 3: "nivabyte",
    }  # fmt: skip
    assert one.andringar[1]["antal"] == -1 and one.andringar[3]["antal"] == 1


@pytest.mark.parametrize(("rows", "ar", "said"), [
    ([HOME], 2024, ""),
    ([f"{ESCORT}2020-01-01,,,10,dagtid"], 2024, ""),
    ([HOME], 2031, "prislistan har inget pris 2031 för enhetens insatser; närmast 2024"),
    (["korttidsvistelse,,kommunal,,2020-01-01,,,,"], 2024,
     "prislistan har inget pris 2024 för enhetens insatser; närmast 2024"),
])  # fmt: skip
def test_why_nothing_can_be_counted_in_kronor(tmp_path, rows, ar, said):
    assert no_prices(study(case_of(tmp_path, rows, ar=ar))) == said


@pytest.mark.parametrize(("fewest", "drawn"), [(2, True), (3, False)])
def test_a_range_is_drawn_where_history_has_moves_enough(tmp_path, monkeypatch, fewest, drawn):
    """Two came in three years: on the first day of the first and on the report's own day."""
    monkeypatch.setattr(outlook, "FEWEST_MOVES", fewest)
    days = ("2021-12-31", "2022-01-01", "2024-06-30", "2024-07-01")
    rows = [f"gruppbostad,3,kommunal,,{day},,,," for day in days]
    done = study(case_of(tmp_path, rows, per_datum="2024-06-30"))
    found = outlook.outlook(done)
    assert found.moves == {"in": 2, "ut": 0, "niva": 0} and (found.spann is not None) == drawn
    assert outlook.known_moves(done) == 2 and found.day == date(2024, 8, 27)
    assert MEASURED in Persons(done).people()


def test_whom_a_years_figures_tell_of_have_a_day_in_it(tmp_path):
    """Of each kind one has its last day on 1 January and one its first on 31 December; the days beside are outside."""
    spans = ["2020-01-01,2024-01-01", "2024-12-31,", "2020-01-01,2023-12-31", "2025-01-01,"]
    rows = [f"gruppbostad,3,privat,,{span},,," for span in spans]
    rows += [f"{ESCORT}{span},,5,dagtid" for span in spans]
    rows += [f"korttidsvistelse,,kommunal,,{span},,," for span in (spans[0], spans[2])]
    rows += [
        HOME,
        "gruppbostad,3,kommunal,,2020-01-01,,2900,,",
        "ledsagning_avlosning,,kommunal,,2020-01-01,,,5,dagtid",
    ]
    people = Persons(study(case_of(tmp_path, rows))).people()
    assert people["betalda"].antal.iloc[0, 0] == 2 + 2 + 1
    assert people["utan_pris"].antal.to_dict("records") == [{"korttidsvistelse": 1}]
    assert people[MEASURED].antal.loc[YEAR].to_dict() == {HOMES: 2, DAYS: 2}
    assert [people[MEASURED].sum_of(part) for part in (HOMES, DAYS)] == ["gruppbostad", "gruppbostad"]
    assert people[MEASURED].sums == (frozenset({HOMES, DAYS}),)


def test_uncertain_moves_are_taken_at_their_ends_and_changes_of_level_as_whole_persons(tmp_path):
    place = {"insats": "gruppbostad", "fran": "2024-02-01"}
    changes = [
        {"typ": "volym", **place, "niva": "4", "antal": 2, "antal_lag": 1.5, "antal_hog": 2.5},
        {
            "typ": "nivabyte",
            **place,
            "fran_niva": "3",
            "till_niva": "4",
            "antal": 1,
            "antal_lag": 0.6,
            "antal_hog": 1.4,
        },
        {"typ": "volym", **place, "niva": "5", "antal": 1, "antal_lag": 0, "antal_hog": 1},
        {"typ": "upprakning", "prislista": "lss_peng", "procent": 2.0, "fran": "2024-02-01"},
        {"typ": "volym", **place, "niva": "6", "antal": 1},
    ]
    scenario = case_of(tmp_path, [HOME], changes).scenario
    ends = [[getattr(n.change, "antal", None) for n in outlook._at_end(scenario, end)] for end in (0, 1)]
    assert ends == [[1.5, 1, None, 1], [2.5, 1, 1, None, 1]]
    assert all(isinstance(end[1], int) for end in ends)


@pytest.mark.parametrize(("stands", "day", "to_come"), [
    (True, "2024-03-31", True), (True, "2024-03-30", False), (True, "2024-03-29", False), (False, "2024-03-31", False),
])  # fmt: skip
def test_a_measurement_of_the_reports_own_day_is_made(stands, day, to_come):
    of = SimpleNamespace(stood=SimpleNamespace() if stands else None, per_datum=date(2024, 3, 30))
    assert Study.is_to_come(of, date.fromisoformat(day)) is to_come


def test_what_stands_is_the_real_ones_as_they_were_and_the_scenarios_own_beside():
    """Of ten now four were there before the scenario, and seven when they were counted."""
    of = SimpleNamespace(world=10, bas=4, stood=SimpleNamespace(bas=7))
    assert Study.stands(of, lambda world: world) == 13
    assert Study.stands(SimpleNamespace(world=10, bas=4, stood=None), lambda world: world) == 10
