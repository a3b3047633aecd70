"""The synthetic staffing: sized and shaped as it says, sound by the report's own checks, and no real person in it."""

import csv
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from planbok.base.workspace import Folders
from planbok.case.case import load_sources
from planbok.topics.answer import table_faults

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
UNITS = {"exempelenheten": (45, 55), "exempel_assistans": (230, 250), "exempel_stod": (60, 70)}
OPERATIONS = [
    *("Boendestöd", "NP-team", "Servicebostad", "Gruppbostad", "Profilboende"),
    *("Träfflokal unga", "Träfflokal vuxna", "Arbetslag", "Arbetsträning", "Yrkesgrupp"),
]
MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)]


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def staffing() -> list[dict[str, str]]:
    return table("bemanning")


def percent(rows: list[dict[str, str]], part: str, whole: str) -> float:
    return 100 * sum(int(row[part]) for row in rows) / sum(int(row[whole]) for row in rows)


def test_three_units_three_years_every_month_of_every_group(staffing):
    by_group = defaultdict(list)
    for row in staffing:
        by_group[row["enhet"], row["grupp"]].append(row["manad"])
    assert {unit for unit, _ in by_group} == set(UNITS)
    assert all(months == MONTHS for months in by_group.values())


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_as_large_as_they_say(staffing, unit):
    low, high = UNITS[unit]
    employees = sum(int(row["anstallda"]) for row in staffing if row["enhet"] == unit and row["manad"] == "2024-08")
    assert low <= employees <= high


def test_one_group_has_four_employees_and_most_operations_at_most_ten(staffing):
    latest = {(row["enhet"], row["grupp"]): int(row["anstallda"]) for row in staffing if row["manad"] == "2024-12"}
    assert latest["exempelenheten", "Administration"] == 4
    sizes = [latest["exempel_stod", name] for name in OPERATIONS]
    assert sum(size <= 10 for size in sizes) == 9


def test_short_sick_leave_has_a_season_and_one_winter_is_like_an_epidemic(staffing):
    rows = [row for row in staffing if row["enhet"] == "exempel_assistans"]
    short = {
        month: percent([row for row in rows if row["manad"] == month], "sjuk_dag_1_14_h", "avtalad_tid_h")
        for month in MONTHS
    }
    for year in (2022, 2023, 2024):
        assert short[f"{year}-02"] > 1.3 * short[f"{year}-07"]
    assert short["2022-01"] > 1.5 * max(short[f"{year}-01"] for year in (2023, 2024))


def test_the_assistance_unit_meets_its_own_target_and_misses_the_boards(staffing):
    rows = [row for row in staffing if row["enhet"] == "exempel_assistans" and "2024-01" <= row["manad"] <= "2024-08"]
    assert 8.5 < percent(rows, "sjuk_h", "avtalad_tid_h") < 9
    assert 3.5 < percent(rows, "sjuk_dag_1_14_h", "avtalad_tid_h") < 4
    assert percent(rows, "timavlonad_h", "arbetad_tid_h") < 19


def test_the_published_targets_of_2024_stand_for_the_assistance_unit():
    rows = {row["indikator"]: row for row in table("mal") if row["enhet"] == "exempel_assistans"}
    printed = {row["indikator"]: row for row in table("mal") if row["enhet"] == "personligt_stod"}
    levels = ("arsmal", "namndmal", "kf_arsmal")
    assert rows
    for name, row in rows.items():
        assert [row[level] for level in levels] == [printed[name][level] for level in levels]


def test_operations_in_their_order_with_a_total_that_does_not_add_up():
    rows = [row for row in table("verksamheter") if row["enhet"] == "exempel_stod"]
    assert [row["verksamhet"] for row in rows][:10] == OPERATIONS
    assert sum(float(row["medarbetare"]) for row in rows[:10]) == 65
    assert [row["medarbetare"] for row in rows[10:]] == ["5", "67"]
    assert {row["brukare"] for row in rows if "–" in row["brukare"]} == {"18–24"}


def test_spells_stand_for_nobody_and_are_of_the_last_year():
    rows = table("sjukfall")
    assert len(rows) > 300
    assert all(re.fullmatch(r"sj\d{4}[0-9a-f]{4}", row["person"]) for row in rows)
    groups = {(row["enhet"], row["grupp"]) for row in table("bemanning")}
    assert {(row["enhet"], row["grupp"]) for row in rows} <= groups
    for row in rows:
        start, end = date.fromisoformat(row["fran"]), date.fromisoformat(row["till"])
        assert start.year == end.year == 2024
        assert start <= end


def test_the_sample_is_sound_by_the_reports_own_rules():
    sources = load_sources(Folders())
    assert table_faults(sources.collection, sources.rules) == []
