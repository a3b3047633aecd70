"""The plans that planbok ships: when the calendar makes them, and that there is something to make of them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan.calendar import due_periods
from planbok.batch.plan.due import decide, for_period, open_periods
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Run, find_plan, load_plan, period_said
from planbok.commands import due as scheduled
from planbok.inputs.scenario.load import scenario_ids
from planbok.inputs.tables.collection import Collection
from planbok.topics import period_tables

FOLDERS = Folders((PARAMS,), SAMPLE)
MEASURED = lambda ar: (date(ar, 3, 31), date(ar, 8, 27))  # noqa: E731 - the days of two published plans


def shipped(name: str):
    return load_plan(find_plan(name, FOLDERS), read_notebooks(), scenario_ids(FOLDERS))


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("manad", ["01-31", "02-29", "03-31", "05-31", "06-30", "07-31", "09-30", "10-31", "11-30"]),
        ("kvartal", ["03-31", "06-30", "09-30", "12-31"]),
        ("tertial", ["04-30", "08-31", "12-31"]),
        ("matning", ["03-31", "08-27"]),
    ],
)
def test_when_a_shipped_plan_is_made(name, ends):
    plan = shipped(name)
    periods = due_periods(plan.nar, plan.vantar_arbetsdagar, date(2025, 1, 20), MEASURED)
    assert [f"{p.slut:%m-%d}" for p in periods if p.ar == 2024] == ends


@pytest.mark.parametrize("name", ["manad", "kvartal", "tertial", "matning"])
def test_on_a_fresh_workspace_a_shipped_plan_has_reports_to_make_that_wait_for_nothing(name):
    plan = shipped(name)
    (period,) = open_periods(plan, [], date(2026, 11, 26), MEASURED)
    ready = for_period(plan, period, Collection(SAMPLE), period_tables())
    assert ready.runs
    assert [run.vantar_pa for run in ready.runs if run.vantar_pa] == []


def test_the_calendar_fills_in_the_report_and_the_day():
    notebook = read_notebooks()["mal_och_aktiviteter"]
    given = {"enhet": "e", "scenario": "bas", "ar": "forfallodag", "per": "forfallodag"}
    run = Run(notebook, given)
    assert run.is_open
    filled = [run.filled(2024, month).parameters for month in (4, 8, 12)]
    assert [(p["ar"], p["per"]) for p in filled] == [(2024, "T1"), (2024, "T2"), (2024, "VB")]
    assert [period_said(p) for p in filled] == ["2024-T1", "2024-T2", "2024-VB"]
    measured = Run(read_notebooks()["lss_peng"], {"ar": "forfallodag", "per_datum": "forfallodag"})
    assert measured.filled(2024, 7, date(2024, 8, 27)).parameters["per_datum"] == "2024-08-27"
    assert measured.filled(2024, 8).parameters["per_datum"] == "2024-08-31"


@cache
def mornings(name: str, days: tuple[date, ...]) -> list[tuple[str, str]]:
    """What the calendar makes of a shipped plan, morning after morning: the day, and the period's last day."""
    plan, runs, made = shipped(name), [], []
    for day in days:
        for period in open_periods(plan, runs, day, MEASURED):
            of_period = [run for run in runs if run["period"]["slut"] == period.slut.isoformat()]
            if decide(replace(plan, period=period), of_period).make:
                entries = [{"folder": run.folder, "status": "ok"} for run in plan.runs]
                run_id = f"{day:%Y%m%d}T{len(runs):06}Z"
                runs.append({"run_id": run_id, "period": period.as_json(), "runs": entries})
                made.append((f"{day:%m-%d}", f"{period.slut:%m-%d}"))
    return made


YEAR = tuple(date(2024, 1, 1) + timedelta(days) for days in range(366))
# The eighth Swedish working day after the month's last, counted by hand in a calendar of 2024: Easter 29 March-1 April,
# 1 May, Ascension Day 9 May, National Day 6 June (a Thursday).
WHOLE_YEAR = {
    "tertial": [("05-14", "04-30"), ("09-11", "08-31")],
    "manad": [("02-12", "01-31"), ("03-12", "02-29"), ("04-11", "03-31"), ("06-13", "05-31"), ("07-10", "06-30")]
    + [("08-12", "07-31"), ("10-10", "09-30"), ("11-12", "10-31"), ("12-11", "11-30")],
}


@pytest.mark.parametrize("name", WHOLE_YEAR)
def test_a_year_of_mornings_makes_each_period_once_on_its_day(name):
    first, *made = mornings(name, YEAR)
    assert first[0] == "01-01"  # a new plan begins with the latest period that there is
    assert [one for one in made if one[1] != "12-31"] == WHOLE_YEAR[name]


@pytest.mark.parametrize("name", WHOLE_YEAR)
def test_a_clock_set_back_makes_nothing_again_and_one_set_forward_catches_up(name):
    back = (*YEAR[:200], *YEAR[150:])
    assert mornings(name, back) == mornings(name, YEAR)
    away = (*YEAR[:140], *YEAR[200:])  # from the 20th of May to the 19th of July
    assert [end for _, end in mornings(name, away)] == [end for _, end in mornings(name, YEAR)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [  # the clock goes forward on the last Sunday of March and back on that of October
        ("2024-03-30T22:30", "2024-03-30"),
        ("2024-03-30T23:30", "2024-03-31"),
        ("2024-03-31T21:30", "2024-03-31"),
        ("2024-03-31T22:30", "2024-04-01"),
        ("2024-10-26T22:30", "2024-10-27"),
        ("2024-10-27T22:30", "2024-10-27"),
        ("2024-10-27T23:30", "2024-10-28"),
    ],
)
def test_today_is_the_day_in_sweden_when_the_clock_is_changed(monkeypatch, moment, day):
    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(f"{moment}+00:00")

    monkeypatch.setattr(scheduled, "datetime", Then)
    assert scheduled.day_given("idag").isoformat() == day
