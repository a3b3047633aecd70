"""The sample collection: which units it has, and that its synthetic rows reconcile and can be made again."""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
PUBLISHED_UNITS = {"ostermalm", "bestallare_aldre", "personligt_stod", "stod_aktivitet"}
ROWS = ["Administration", "Vårdkostnader", "LASS-assistans", "Lokalkostnader"]
VERSIONS = ["vp", "justerad_t1", "justerad_t2", "bokslut"]
YEARS = ["2022", "2023", "2024"]


def table(name: str, folder: Path = SAMPLE) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def example_rows(*, parts: bool = False) -> list[dict[str, str]]:
    rows = [row for row in table("budget") if row["enhet"] == "exempelenheten"]
    return [row for row in rows if bool(row["verksamhet"]) == parts]


@pytest.fixture(scope="module")
def example() -> dict[tuple[str, str, str], dict[str, str]]:
    rows = example_rows()
    found = {(row["ar"], row["version"], row["budgetrad"]): row for row in rows}
    assert len(rows) == len(found) == 3 * 4 * 5
    return found


def net(row: dict[str, str]) -> Decimal:
    return Decimal(row["netto_mnkr"])


def test_units_and_which_is_synthetic():
    units = table("enheter")
    assert [row["enhet"] for row in units if not row["syntetisk"]] == [
        "ostermalm",
        "bestallare_aldre",
        "personligt_stod",
        "stod_aktivitet",
    ]
    assert [(row["enhet"], row["syntetisk"]) for row in units if row["syntetisk"]] == [
        ("exempelenheten", "ja"),
        ("exempel_assistans", "ja"),
        ("exempel_stod", "ja"),
        ("exempel_aldre", "ja"),
    ]
    assert all(row["namn"] for row in units)


@pytest.mark.parametrize("name", ["budget", "mal"])
def test_every_unit_in_a_table_has_a_name(name):
    named = {row["enhet"] for row in table("enheter")}
    used = {row["enhet"] for row in table(name)}
    assert used >= PUBLISHED_UNITS
    assert used <= named


def test_only_synthetic_rows_say_so():
    rows = table("budget")
    synthetic = [row for row in rows if row["kalla"].startswith("Syntetiska uppgifter")]
    assert len(rows) == 76 + 84 + 12
    assert Counter(row["enhet"] for row in synthetic) == {
        "exempelenheten": 63,
        "exempel_assistans": 15,
        "exempel_stod": 69,
        "exempel_aldre": 12,
    }
    assert {row["enhet"] for row in rows if row not in synthetic} == PUBLISHED_UNITS


def test_each_version_of_each_year_has_the_four_rows_and_a_total(example):
    expected = {(year, version, name) for year in YEARS for version in VERSIONS for name in [*ROWS, "Totalt"]}
    assert set(example) == expected


def test_example_amounts_have_one_decimal():
    rows = example_rows() + example_rows(parts=True)
    cells = [row[f"{name}_mnkr"] for row in rows for name in ("kostnad", "intakt", "netto", "forandring")]
    written = [cell for cell in cells if cell]
    assert len(written) == 63 * 3 + 2 * 5
    assert [cell for cell in written if not re.fullmatch(r"-?\d+\.\d", cell)] == []
    assert "-0.0" not in written
    assert {row["belopp_mnkr"] for row in rows} == {""}


def test_net_is_cost_less_revenue():
    rows = [row for row in table("budget") if row["kostnad_mnkr"] and row["intakt_mnkr"]]
    assert len(rows) == 63 + 84 + 10 + 12
    off = [row for row in rows if Decimal(row["kostnad_mnkr"]) - Decimal(row["intakt_mnkr"]) != net(row)]
    assert off == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("column", ["kostnad_mnkr", "intakt_mnkr", "netto_mnkr"])
def test_rows_sum_to_the_total(example, year, version, column):
    parts = sum(Decimal(example[year, version, name][column]) for name in ROWS)
    assert parts == Decimal(example[year, version, "Totalt"][column])


def test_change_is_this_plan_less_the_plan_before(example):
    for before, year in pairwise(YEARS):
        for name in [*ROWS, "Totalt"]:
            plan = example[year, "vp", name]
            assert Decimal(plan["forandring_mnkr"]) == net(plan) - net(example[before, "vp", name]), (year, name)
    without = {key[:2] for key, row in example.items() if not row["forandring_mnkr"]}
    assert without == {(year, version) for year in YEARS for version in VERSIONS} - {("2023", "vp"), ("2024", "vp")}


def test_the_unit_is_sized_like_an_inner_city_unit(example):
    totals = [net(row) for (_, _, name), row in example.items() if name == "Totalt"]
    assert len(totals) == 12
    assert 140 <= min(totals) < max(totals) <= 170


def test_versions_differ_from_each_other(example):
    for year in YEARS:
        totals = [tuple(example[year, version, name]["netto_mnkr"] for name in ROWS) for version in VERSIONS]
        assert len(set(totals)) == 4, year


def test_parts_of_care_costs_leave_an_unallocated_remainder(example):
    parts = example_rows(parts=True)
    assert [row["verksamhet"] for row in parts] == ["Gruppbostäder", "Servicebostad", "Daglig verksamhet"]
    assert {(row["ar"], row["version"], row["budgetrad"]) for row in parts} == {("2024", "vp", "Vårdkostnader")}
    whole = example["2024", "vp", "Vårdkostnader"]
    for column in ("kostnad_mnkr", "intakt_mnkr", "netto_mnkr"):
        assert 0 < sum(Decimal(row[column]) for row in parts) < Decimal(whole[column]), column


def remade(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(folder / "make_sample.py")], capture_output=True, encoding="utf-8", check=False
    )


def copied(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "data" / "sample")
    shutil.copy(ROOT / "data" / "make_sample.py", tmp_path / "data")
    shutil.copytree(ROOT / "data" / "synthetic", tmp_path / "data" / "synthetic")
    shutil.copytree(ROOT / "params" / "regler", tmp_path / "params" / "regler")
    return tmp_path / "data"


def test_the_script_makes_the_synthetic_rows_again_byte_for_byte(tmp_path):
    data = copied(tmp_path)
    budget = data / "sample" / "budget.csv"
    wanted = budget.read_bytes()
    published = [line for line in wanted.decode().splitlines(keepends=True) if not line.startswith("exempel")]
    assert len(published) == 1 + 13
    budget.write_text("".join(published), encoding="utf-8", newline="\n")

    for _ in range(2):
        done = remade(data)
        assert done.returncode == 0, done.stderr
        assert "159 syntetiska rader" in done.stdout
        assert budget.read_bytes() == wanted


def test_the_script_leaves_other_files_and_published_rows_alone(tmp_path):
    data = copied(tmp_path)
    budget = data / "sample" / "budget.csv"
    edited = budget.read_text(encoding="utf-8").replace("113.9", "114.0")
    budget.write_text(edited, encoding="utf-8", newline="\n")
    others = {path.name: path.read_bytes() for path in (data / "sample").iterdir() if path.name != "budget.csv"}
    assert {"enheter.csv", "mal.csv"} <= set(others)

    assert remade(data).returncode == 0
    assert budget.read_text(encoding="utf-8") == edited
    assert {path.name: path.read_bytes() for path in (data / "sample").iterdir() if path != budget} == others


def test_the_script_writes_nothing_when_the_unit_is_not_marked_synthetic(tmp_path):
    data = copied(tmp_path)
    units = data / "sample" / "enheter.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("Exempelenheten,ja", "Exempelenheten,"), "utf-8")
    budget = (data / "sample" / "budget.csv").read_bytes()

    done = remade(data)
    assert done.returncode != 0
    assert "syntetisk = ja" in done.stderr
    assert (data / "sample" / "budget.csv").read_bytes() == budget


def test_a_key_stands_once_in_the_budget():
    keys = Counter(
        tuple(row[name] for name in ("enhet", "ar", "version", "budgetrad", "verksamhet")) for row in table("budget")
    )
    assert len(keys) == 160 + 12
    assert [key for key, count in keys.items() if count > 1] == []
