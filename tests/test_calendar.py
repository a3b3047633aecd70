"""The calendar: which periods a day ends, when the figures are there, and what is made, waits or is left alone."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_files import ANNUAL, MONTHLY, write_notebook

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan import due
from planbok.batch.plan.calendar import (
    LONGEST_WAIT,
    OCCASIONS,
    Period,
    due_periods,
    ends,
    figures_there,
    is_working_day,
    next_period,
)
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, load_plan
from planbok.cli import main
from planbok.commands import due as scheduled
from planbok.commands.due import Scheduled, day_given
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.specs import TABLES as SPECS
from planbok.lss.measurement import days_by_rule
from planbok.topics import period_tables

TABLES = {"manadsblad": "utfall", "arsblad": "budget"}


def measured(year: int) -> tuple[date, date]:
    """Östermalm's days of measurement (Verksamhetsplan 2016, Stöd och service)."""
    return date(year, 3, 31), date(year, 8, 27)


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2016-08-27", ("prestationsmatning",)),
        ("2016-04-30", ("manad", "tertial")),
        ("2016-03-31", ("manad", "kvartal", "prestationsmatning")),
        ("2016-03-30", ()),
        ("2016-08-31", ("manad", "tertial")),
        ("2016-12-31", ("manad", "kvartal", "verksamhetsberattelse")),
        ("2016-06-30", ("manad", "kvartal")),
        ("2016-02-28", ()),
        ("2016-02-29", ("manad",)),
        ("2015-02-28", ("manad",)),
    ],
)
def test_a_day_ends_these_periods(day, names):
    assert ends(date.fromisoformat(day), measured) == names


def test_the_measurements_are_those_of_the_rule_and_follow_it_when_it_changes():
    rules = load_rules(Folders())
    changed = replace(
        rules.value("lss_peng.matdatum", date(2024, 1, 1)), varde={"matning_1": "04-15", "matning_2": "10-01"}
    )
    for its, days in ((rules, ["03-31", "08-27"]), (rules.with_value(changed), ["04-15", "10-01"])):
        measured = partial(days_by_rule, its)
        found = [f"{day:%m-%d}" for day in year_of_days(2024) if "prestationsmatning" in ends(day, measured)]
        assert found == days
        coming, _ = next_period(("prestationsmatning",), 0, date(2024, 9, 1), measured)
        assert f"{coming.slut:%m-%d}" == ("03-31" if days[0] == "03-31" else "10-01")


def year_of_days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [day for n in range(366) if (day := first + timedelta(days=n)).year == year]


@given(st.integers(2005, 2100))
def test_each_year_has_as_many_periods_as_it_should(year):
    found = [name for day in year_of_days(year) for name in ends(day, measured)]
    counts = {name: found.count(name) for name in OCCASIONS}
    assert counts == {
        "manad": 12,
        "kvartal": 4,
        "tertial": 2,
        "verksamhetsberattelse": 1,
        "prestationsmatning": 2,
    }


# Holidays on weekdays in 2024 by the law (1989:253), and the three eves.
FREE_2024 = ["01-01", "03-29", "04-01", "05-01", "05-09", "06-06", "06-21", "12-24", "12-25", "12-26", "12-31"]


def test_the_working_days_of_a_year():
    free = [f"{day:%m-%d}" for day in year_of_days(2024) if day.weekday() < 5 and not is_working_day(day)]
    assert free == FREE_2024
    assert not any(is_working_day(day) for day in year_of_days(2024) if day.weekday() >= 5)


@pytest.mark.parametrize("year", range(2005, 2040))
def test_the_eves_are_free_whatever_their_weekday(year):
    midsummer = next(day for n in range(7) if (day := date(year, 6, 19) + timedelta(days=n)).weekday() == 4)
    assert not any(is_working_day(day) for day in (midsummer, date(year, 12, 24), date(year, 12, 31)))


@pytest.mark.parametrize(
    ("end", "wait", "there"),
    [
        ("2016-04-30", 8, "2016-05-12"),  # Saturday; Ascension Day, 5 May, lies between
        ("2016-03-31", 8, "2016-04-12"),
        ("2015-12-31", 8, "2016-01-14"),  # New Year's Day and Epiphany
        ("2024-03-31", 1, "2024-04-02"),  # Easter Sunday, then Easter Monday
        ("2024-06-20", 1, "2024-06-24"),  # Midsummer Eve
        ("2016-05-31", 0, "2016-05-31"),
    ],
)
def test_the_figures_are_there_so_many_working_days_later(end, wait, there):
    assert figures_there(date.fromisoformat(end), wait).isoformat() == there


@given(st.dates(date(2006, 1, 1), date(2060, 1, 1)), st.integers(0, LONGEST_WAIT))
def test_waiting_counts_exactly_the_working_days_between(end, wait):
    there = figures_there(end, wait)
    between = [end + timedelta(days=n) for n in range(1, (there - end).days + 1)]
    assert sum(map(is_working_day, between)) == wait
    assert not wait or is_working_day(there)


@given(
    st.lists(st.sampled_from(list(OCCASIONS)), min_size=1, unique=True),
    st.integers(0, LONGEST_WAIT),
    st.dates(date(2006, 1, 1), date(2060, 1, 1)),
)
def test_a_period_is_due_or_coming_never_both_and_none_is_lost(nar, wait, today):
    periods = due_periods(tuple(nar), wait, today, measured)
    assert [p.slut for p in periods] == sorted({p.slut for p in periods})
    assert all(figures_there(p.slut, wait) <= today and set(p.avser) <= set(nar) for p in periods)
    coming, day = next_period(tuple(nar), wait, today, measured)
    assert day > today and day == figures_there(coming.slut, wait)
    assert not periods or periods[-1].slut < coming.slut
    if periods:
        between = (periods[-1].slut + timedelta(days=n) for n in range(1, (coming.slut - periods[-1].slut).days))
        assert not any(set(ends(between_day, measured)) & set(nar) for between_day in between)


def test_the_month_of_a_period_is_its_last_whole_one():
    months = {day: Period(day, ()).tom_manad for day in (date(2016, 3, 31), date(2016, 8, 27), date(2016, 2, 29))}
    assert list(months.values()) == [3, 7, 2]


# Plans on made-up tables.


def write_outturn(folder: Path, *months: str, enhet: str = "a") -> None:
    folder.mkdir(exist_ok=True)
    rows = [{"enhet": enhet, "manad": month, "budgetrad": "Vård", "kostnad_kr": 1, "intakt_kr": 0} for month in months]
    pd.DataFrame(rows).to_csv(folder / "utfall.csv", index=False)


def write_budget(folder: Path, *years: int, enhet: str = "a") -> None:
    folder.mkdir(exist_ok=True)
    rows = [(enhet, year, "vp", "Vård", 1, 0) for year in years]
    columns = ["enhet", "ar", "version", "budgetrad", "kostnad_mnkr", "intakt_mnkr"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "budget.csv", index=False)


@pytest.fixture
def load(tmp_path):
    write_notebook(tmp_path / "arsblad.ipynb", ANNUAL)
    write_notebook(tmp_path / "manadsblad.ipynb", MONTHLY)

    def load(*runs: str, top: str = "nar: [manad]\n", name: str = "prov") -> Plan:
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"titel: Prov\n{top}korningar:\n" + "".join(f"  - {run}\n" for run in runs), "utf-8")
        return load_plan(path, read_notebooks(tmp_path), ["bas"])

    return load


MONTH_RUN = "{notebook: manadsblad, parametrar: {enhet: a, ar: forfallodag, tom_manad: forfallodag}}"
YEAR_RUN = "{notebook: arsblad, parametrar: {enhet: a, ar: forfallodag}}"


def test_by_hand_the_latest_month_in_the_data_is_filled_in(load, tmp_path):
    write_outturn(tmp_path / "data", "2016-01", "2016-11", "2016-03", "2015-12")
    write_budget(tmp_path / "data", 2016, 2018)
    plan = due.by_hand(load(MONTH_RUN, YEAR_RUN), Collection(tmp_path / "data"), TABLES)
    assert [run.folder for run in plan.runs] == ["manadsblad__a__bas__2016-11", "arsblad__a__bas__2016"]
    assert [run.parameters["ar"] for run in plan.runs] == [2016, 2016]
    assert plan.runs[0].parameters["tom_manad"] == 11


def test_without_months_the_last_budgeted_year_is_filled_in(load, tmp_path):
    write_budget(tmp_path / "data", 2016, 2018)
    plan = due.by_hand(load(YEAR_RUN), Collection(tmp_path / "data"), TABLES)
    assert plan.runs[0].parameters["ar"] == 2018


def test_what_no_table_can_fill_in_is_a_fault_for_every_run(load, tmp_path):
    write_outturn(tmp_path / "data", "2016-01", enhet="b")
    with pytest.raises(InputError, match="vilken period som är den senaste för 'a'") as stopped:
        due.by_hand(load(MONTH_RUN, YEAR_RUN), Collection(tmp_path / "data"), TABLES)
    assert [fault.code for fault in stopped.value.faults] == ["no_period", "no_period"]


def test_two_runs_that_become_one_are_refused(load, tmp_path):
    write_outturn(tmp_path / "data", "2016-11")
    plan = load(MONTH_RUN, "{notebook: manadsblad, parametrar: {enhet: a, ar: 2016, tom_manad: 11}}")
    with pytest.raises(InputError, match="görs av två körningar") as stopped:
        due.by_hand(plan, Collection(tmp_path / "data"), TABLES)
    assert [fault.code for fault in stopped.value.faults] == ["same_folder"]


def test_the_due_date_fills_in_its_period_and_says_what_is_missing(load, tmp_path):
    write_outturn(tmp_path / "data", "2016-04", "2016-05")
    write_budget(tmp_path / "data", 2016)
    collection, plan = Collection(tmp_path / "data"), load(MONTH_RUN, YEAR_RUN)
    april = due.for_period(plan, Period(date(2016, 4, 30), ("manad",)), collection, TABLES)
    assert [(run.period, run.vantar_pa) for run in april.runs] == [("2016-04", ""), ("2016", "")]
    january = due.for_period(plan, Period(date(2017, 1, 31), ("manad",)), collection, TABLES)
    assert [run.vantar_pa for run in january.runs] == ["utfall för januari 2017", "budget för 2017"]


def test_a_unit_that_a_table_never_had_is_not_waited_for(load, tmp_path):
    write_outturn(tmp_path / "data", "2016-04", enhet="b")
    plan = due.for_period(load(MONTH_RUN), Period(date(2016, 5, 31), ()), Collection(tmp_path / "data"), TABLES)
    assert plan.runs[0].vantar_pa == ""


def test_every_notebook_of_the_period_tables_is_one():
    assert all({"manad", "ar"} & {column.name for column in SPECS[table].columns} for table in period_tables().values())
    monthly = {n.id for n in read_notebooks().values() if "tom_manad" in n.parameters}
    assert monthly - set(period_tables()) == {"insatser_manad"}  # decisions run on: no table says how far they reach


@pytest.fixture
def calendar(load, tmp_path, monkeypatch):
    """Runs a plan by the calendar on a day; a made-up run writes only its manifest, with these reports failing."""
    monkeypatch.setattr(scheduled, "period_tables", lambda: TABLES)
    monkeypatch.setattr(scheduled, "read_notebooks", lambda: read_notebooks(tmp_path))

    def on(day: str, failing: bool = False, force: bool = False, named: bool = True, plans=("prov",)):
        made, said = [], []

        def make(plan, folders):
            entries = [
                {
                    "notebook": run.notebook.id,
                    "parametrar": run.parameters,
                    "folder": run.folder,
                    "status": "waiting" if run.vantar_pa else "failed" if failing else "ok",
                }
                for run in plan.runs
            ]
            folder = tmp_path / "ut" / plan.id / f"2026010{len(made)}T{len(list_runs(tmp_path, plan.id)):06}Z"
            folder.mkdir(parents=True)
            started = "2026-01-01T00:00:00Z"
            manifest = {"run_id": folder.name, "started": started, "period": plan.period.as_json(), "runs": entries}
            (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
            made.append(plan.period.slut.isoformat())
            return int(failing)

        folders = Folders((tmp_path, PARAMS), tmp_path / "data")
        run = Scheduled(date.fromisoformat(day), folders, True, tmp_path / "ut", force, make, said.append)
        return run.all([tmp_path / f"{plan}.yaml" for plan in plans], named), made, "\n".join(said)

    return on


def list_runs(base: Path, plan: str) -> list[Path]:
    folder = base / "ut" / plan
    return list(folder.iterdir()) if folder.is_dir() else []


ALL_MONTHS = [f"{year}-{month:02}" for year in (2015, 2016, 2017) for month in range(1, 13)]


def test_a_plan_is_made_once_when_its_time_has_come(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", *ALL_MONTHS)
    load(MONTH_RUN)
    assert calendar("2016-05-11")[:2] == (0, ["2016-03-31"])
    code, made, said = calendar("2016-05-11")
    assert (code, made) == (0, [])
    assert "nästa period är april 2016 (månad), vars siffror finns 12 maj 2016" in said
    assert calendar("2016-05-12")[:2] == (0, ["2016-04-30"])


def test_what_was_missed_while_the_machine_was_off_is_made_the_oldest_first(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", *ALL_MONTHS)
    load(MONTH_RUN)
    calendar("2016-05-12")
    assert calendar("2016-09-01")[1] == ["2016-05-31", "2016-06-30", "2016-07-31"]
    assert calendar("2016-09-01")[1] == []


def test_what_ended_more_than_a_year_ago_is_left(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", *ALL_MONTHS)
    load(MONTH_RUN)
    calendar("2015-02-12")
    assert calendar("2016-12-20")[1][0] == "2015-12-31"


def test_missing_figures_wait_until_they_come(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", "2016-03")
    load(MONTH_RUN, YEAR_RUN)
    write_budget(tmp_path / "data", 2016)
    assert calendar("2016-05-12")[:2] == (0, ["2016-04-30"])
    code, made, said = calendar("2016-05-13")
    assert (code, made) == (0, [])
    assert "april 2016 (månad): väntar fortfarande på utfall för april 2016." in said
    write_outturn(tmp_path / "data", "2016-03", "2016-04")
    assert calendar("2016-05-14")[1] == ["2016-04-30"]
    assert calendar("2016-05-15")[1] == []


def test_a_period_that_waits_is_not_passed_over_when_a_later_one_is_made(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", "2016-03")
    load(MONTH_RUN)
    calendar("2016-05-12")
    write_outturn(tmp_path / "data", "2016-03", "2016-05")
    assert calendar("2016-06-20")[1] == ["2016-05-31"]
    write_outturn(tmp_path / "data", "2016-03", "2016-04", "2016-05")
    assert calendar("2016-06-21")[1] == ["2016-04-30"]


def test_a_failed_report_is_tried_three_times(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", *ALL_MONTHS)
    load(MONTH_RUN)
    tries = [calendar("2016-05-12", failing=True)[:2] for _ in range(3)]
    assert tries == [(1, ["2016-04-30"])] * 3
    code, made, said = calendar("2016-05-12", failing=True)
    assert (code, made) == (0, [])
    assert "har misslyckats 3 gånger" in said
    assert calendar("2016-05-12", force=True)[:2] == (0, ["2016-04-30"])


def test_a_plan_without_occasions_is_left_alone_unless_it_is_named(load, calendar, tmp_path):
    load(MONTH_RUN, top="")
    assert calendar("2016-05-12", named=False) == (0, [], "Inget att göra.")
    code, made, said = calendar("2016-05-12")
    assert (code, made) == (2, [])
    assert "FEL I PLANEN" in said
    assert "ingen rad nar" in said


def test_a_plan_with_faults_hinders_no_other(load, calendar, tmp_path):
    write_outturn(tmp_path / "data", *ALL_MONTHS)
    load(MONTH_RUN)
    (tmp_path / "trasig.yaml").write_text("titel: Trasig\nnar: [manad]\n", "utf-8")
    code, made, said = calendar("2016-05-12", named=False, plans=("trasig", "prov"))
    assert (code, made) == (1, ["2016-04-30"])
    assert "nyckeln 'korningar' saknas" in said


# The command as it is given.


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["run", "--due", "2016-02-30"], ["--due", "februari 2016 har 29 dagar"]),
        (["run", "--due", "12/5 2016"], ["'12/5 2016' är inget datum (skriv ÅÅÅÅ-MM-DD)"]),
        (["run", "--due", "2016-05-12", "--only", "budgetscenarier"], ["--only hör till en plan som körs för hand"]),
        (["run"], ["det saknas: PLAN, eller --due DATUM"]),
    ],
)
def test_a_wrong_command_is_refused(capsys, given, words):
    assert main(given) == 2
    message = capsys.readouterr().err
    assert all(word in message for word in [*words, "Inget har körts."])


def test_today_is_the_day_in_sweden():
    assert abs((day_given("idag") - date.today()).days) <= 1


PLAN = """titel: Månadens budgetläge
nar: [manad, tertial]
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: forfallodag}
    for_varje: {enhet: [ostermalm, exempelenheten]}
"""


def test_the_command_makes_what_there_is_and_says_what_is_waited_for(tmp_path, capsys):
    params = tmp_path / "egna"
    (params / "planer").mkdir(parents=True)
    (params / "planer" / "budgetlaget.yaml").write_text(PLAN, "utf-8")
    data = shutil.copytree(SAMPLE, tmp_path / "data")
    given = [
        "run",
        "budgetlaget",
        "--due",
        "2016-05-12",
        "--params",
        str(params),
        "--data",
        str(data),
        "--out",
        str(tmp_path / "ut"),
    ]
    assert main(given) == 0
    out, err = capsys.readouterr()
    folder = tmp_path / "ut" / "budgetlaget"
    assert out == f"{folder / 'index.html'}\n"
    assert "budgetlaget · april 2016 (månad och tertial)" in err
    assert "· exempelenheten · bas · 2016 · väntar på budget för 2016" in err
    (run,) = [path for path in folder.iterdir() if path.is_dir()]
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert [entry["status"] for entry in manifest["runs"]] == ["ok", "waiting"]
    assert manifest["period"] == {
        "slut": "2016-04-30",
        "avser": ["manad", "tertial"],
        "i_ord": "april 2016 (månad och tertial)",
    }
    index = (run / "index.html").read_text("utf-8")
    for words in ("Väntar på underlag", "Det här saknas:", "budget för 2016", "Avser april 2016 (månad och tertial)"):
        assert words in index
    assert not (run / manifest["runs"][1]["folder"]).exists()
    assert main(given) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "väntar fortfarande på budget för 2016" in err
