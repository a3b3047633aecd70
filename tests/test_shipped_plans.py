"""The plans that planbok ships: when the calendar makes them, and that there is something to make of them."""

from datetime import date

import pytest

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan.calendar import due_periods
from planbok.batch.plan.due import for_period, open_periods
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Run, find_plan, load_plan, period_said
from planbok.inputs.scenario.load import scenario_ids
from planbok.inputs.tables.read import Collection
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
