"""What is worked out once: it stands while its files are the same, and names what it rests on each time."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from planbok.base.workspace import SAMPLE, Folders
from planbok.batch.make.preflight import preflight
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.case import remembered as memory
from planbok.case.case import Journal, load_sources, open_case
from planbok.case.remembered import beforehand, found_beforehand, remembered
from planbok.inputs.journal import told_folder
from planbok.inputs.scenario.load import scenario_ids
from planbok.topics.answer import verify


@pytest.fixture
def folders(tmp_path, monkeypatch) -> Folders:
    (tmp_path / "data").mkdir()
    for name in ("enheter", "budget", "utfall"):
        shutil.copy(SAMPLE / f"{name}.csv", tmp_path / "data")
    monkeypatch.setattr(memory, "_ENTRIES", {})
    monkeypatch.setattr(memory, "_BEFOREHAND", {})
    return replace(Folders.chosen(), data=tmp_path / "data")


def asked(folders: Folders, count: list[int]) -> tuple[int, Journal]:
    """The number of the unit's rows, asked of a case of its own, and what its journal then says."""
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, sources=load_sources(folders))

    def work(own) -> int:
        count.append(1)
        own.rule_or_none("minsta_grupp", date(2024, 1, 1))
        return len(own.unit_rows("budget")) + own.sources.collection.has("bemanning")

    return remembered(case, ("rows",), work), case.journal


def test_the_same_files_are_asked_once_and_named_each_time(folders):
    count: list[int] = []
    first, second = asked(folders, count), asked(folders, count)
    assert first == second and len(count) == 1
    assert [*second[1].tables] == ["budget"] and second[1].rules


def test_a_changed_table_and_a_new_one_are_asked_anew(folders):
    count: list[int] = []
    before, _ = asked(folders, count)
    file = folders.data / "budget.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    own = next(line for line in reversed(lines) if "exempelenheten,2024,vp" in line)
    file.write_text("".join(line for line in lines if line != own), "utf-8")
    fewer, _ = asked(folders, count)
    shutil.copy(SAMPLE / "bemanning.csv", folders.data)
    assert (fewer, asked(folders, count)[0], len(count)) == (before - 1, before, 3)


def test_rules_of_a_scenario_of_ones_own_are_never_kept(folders):
    sources = load_sources(folders)
    value = sources.rules.series["minsta_grupp"][-1]
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, sources=sources)
    other = replace(case, sources=replace(sources, rules=sources.rules.with_value(value)))
    numbers = iter((1, 2))
    assert [remembered(other, ("x",), lambda _: next(numbers)) for _ in range(2)] == [1, 2]


def test_a_study_made_beforehand_is_its_reports_once_and_what_it_reads_later_is_in_the_reports_journal(folders):
    parameters = {"enhet": "exempelenheten", "ar": 2024, "till_ar": 2025}
    cases = [open_case("budgetscenarier", sources=load_sources(folders), **parameters) for _ in range(3)]
    beforehand(cases[0], lambda own: (own, own.unit_rows("budget"))[0])
    assert (
        found_beforehand(open_case("budgetscenarier", sources=load_sources(folders), **parameters | {"ar": 2023}))
        is None
    )
    own = found_beforehand(cases[1])
    own.table("utfall")
    assert [*cases[1].journal.tables] == ["budget", "utfall"] and not cases[0].journal.tables
    assert found_beforehand(cases[2]) is None


def test_a_study_made_beforehand_falls_with_a_file_that_it_read_and_where_it_looked_for_earlier_reports(folders):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, sources=load_sources(folders))
    beforehand(case, lambda own: len(own.unit_rows("budget")))
    with (folders.data / "budget.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert found_beforehand(case) is None
    beforehand(case, lambda _: 1)
    shutil.copy(SAMPLE / "bemanning.csv", folders.data)
    assert found_beforehand(case) is None
    beforehand(case, lambda _: told_folder() or 1)
    assert found_beforehand(case) is None


def test_each_plan_has_room_for_its_own_studies_whatever_was_looked_through_before_it(folders, tmp_path, monkeypatch):
    """With room for one study: the second plan's stands there, not the first's, whose reports have been made."""
    monkeypatch.setattr(memory, "MOST_BEFOREHAND", 1)
    for ar in (2023, 2024):
        file = tmp_path / "plan.yaml"
        run = f"  - {{notebook: budgetscenarier, parametrar: {{ar: {ar}, enhet: exempelenheten}}}}"
        file.write_text(f"titel: Prov\nkorningar:\n{run}\n", "utf-8")
        plan = load_plan(file, read_notebooks(), scenario_ids(folders))
        preflight(plan, folders, verify)
    case = open_case(
        "budgetscenarier", spridning=plan.spridning, sources=load_sources(folders), **plan.runs[0].parameters
    )
    assert found_beforehand(case) is not None and not memory._BEFOREHAND
