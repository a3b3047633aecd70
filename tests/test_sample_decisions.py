"""The sample's decisions: the unit they describe on the days that matter, and that no row is wrong or says too much."""

import csv
import doctest
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

import synthetic.budget
from planbok.base.privacy import find_personal_number
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.columns import PSEUDONYM
from synthetic import decisions

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
RULES = ROOT / "params" / "regler"
BUDGET_SHA256 = "9a65601d3b0d6bcfb081da865079875fad8e4212dd0b189fe96e9ceb1e0c06e6"
COLUMNS = (
    "beslut person enhet insats niva regi boende utforare fran till pris_kr_per_dygn timmar_per_manad tidsslag "
    "lagrum beslutsdatum kon bestalld verkstalld avbrott_fran avbrott_till skal erbjudande kontaktad plan_in foljd_upp "
    "bevakning handlaggare"
)
MEASUREMENTS = [f"{year}-{day}" for year in (2022, 2023, 2024) for day in ("03-31", "08-27")]
HOUSING = ["gruppbostad", "servicebostad", "barnboende_over_12"]
HOURS = "ledsagning_avlosning"


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    frame = read(SAMPLE / "beslut.csv")
    frame["start"] = pd.to_datetime(frame["fran"])
    frame["end"] = pd.to_datetime(frame["till"].replace("", "2099-12-31"))
    return frame


@pytest.fixture(scope="module")
def own(rows) -> pd.DataFrame:
    return rows[rows["boende"] != ""]


@pytest.fixture(scope="module")
def prices() -> pd.Series:
    frame = read(RULES / "lss_peng.csv")
    frame = frame[frame["avser"] == "ersattning"]
    return frame.set_index(["ar", "insats", "regi", "niva"])["kr_per_dygn"].astype(int)


def on(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    return frame[(frame["start"] <= pd.Timestamp(day)) & (frame["end"] >= pd.Timestamp(day))]


def days(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    start = frame["start"].clip(lower=pd.Timestamp(first))
    end = frame["end"].clip(upper=pd.Timestamp(last))
    return ((end - start).dt.days + 1).clip(lower=0)


def changes(frame: pd.DataFrame) -> pd.DataFrame:
    """Decisions that begin the day after the same person's decision on the same insats ended."""
    before = frame.assign(start=frame["end"] + pd.Timedelta(days=1))[["person", "insats", "start", "niva", "regi"]]
    return frame.merge(before, on=["person", "insats", "start"], suffixes=("", "_fore"))


def test_it_has_the_columns_and_the_one_unit(rows):
    assert " ".join(rows.columns[:-2]) == COLUMNS
    assert set(rows["enhet"]) == {"exempelenheten"}
    assert rows["beslut"].is_unique


def test_the_reader_takes_it_as_it_is(rows):
    table = Collection(SAMPLE).read("beslut")
    assert table.rader == len(rows)
    assert table.okanda_kolumner == ()


def test_every_decision_runs_at_some_time_in_the_three_years(rows):
    assert (rows["start"] <= rows["end"]).all()
    assert (rows["start"] <= pd.Timestamp("2024-12-31")).all()
    assert (rows["end"] >= pd.Timestamp("2022-01-01")).all()
    assert (rows["start"] < pd.Timestamp("2022-01-01")).sum() > 50
    assert (rows["till"] == "").sum() > 100
    later = rows[rows["till"] > "2024-12-31"]  # limited in time: they expire next year
    assert set(later["insats"]) == {"kontaktperson", HOURS} and later["till"].max() <= "2025-12-31"


def test_own_homes_hold_nineteen_at_the_second_measurement_and_five_more_from_october(own):
    places = {"backen": 6, "torget": 6, "parken": 7}
    assert on(own, "2024-08-27")["boende"].value_counts().to_dict() == places
    assert on(own, "2024-08-27")["insats"].value_counts().to_dict() == {"gruppbostad": 12, "servicebostad": 7}
    assert on(own, "2024-09-30")["boende"].value_counts().to_dict() == places
    assert on(own, "2024-10-01")["boende"].value_counts().to_dict() == places | {"nya_hemmet": 5}
    assert on(own, "2024-12-31")["boende"].value_counts().to_dict() == places | {"nya_hemmet": 5}
    new = own[own["boende"] == "nya_hemmet"]
    assert set(new["fran"]) == {"2024-10-01"}
    assert days(new, "2024-01-01", "2024-12-31").sum() == 460


@pytest.mark.parametrize(
    ("day", "group_homes", "service_flats"),
    [
        ("2022-03-31", 12, 7),
        ("2022-08-27", 12, 7),
        ("2023-03-31", 12, 7),
        ("2023-08-27", 11, 7),
        ("2024-03-31", 12, 6),
        ("2024-08-27", 12, 7),
    ],
)
def test_own_homes_at_each_measurement(own, day, group_homes, service_flats):
    found = on(own, day)["insats"].value_counts().to_dict()
    assert found == {"gruppbostad": group_homes, "servicebostad": service_flats}


def test_no_home_ever_holds_more_than_it_has_room_for(own):
    for day in pd.date_range("2022-01-01", "2024-12-31"):
        held = on(own, day)["boende"].value_counts()
        assert held.get("backen", 0) <= 6, day
        assert held.get("torget", 0) <= 6, day
        assert held.get("parken", 0) <= 7, day


def test_own_homes_are_run_by_the_city_at_the_list_price(own):
    assert set(own["regi"]) == {"kommunal"}
    assert set(own["utforare"]) == set(own["pris_kr_per_dygn"]) == {""}
    assert set(own.loc[own["insats"] == "gruppbostad", "niva"]) == set("1234567")


def test_one_person_in_own_homes_goes_from_three_to_four_on_the_measurement_day(own):
    steps = changes(own)
    that_day = steps[steps["fran"] == "2024-08-27"]
    assert that_day[["insats", "niva_fore", "niva"]].to_numpy().tolist() == [["gruppbostad", "3", "4"]]
    assert (steps["niva"] != steps["niva_fore"]).all()


def test_nobody_has_two_decisions_on_one_insats_at_once(rows):
    ordered = rows.sort_values(["person", "insats", "start"])
    before = ordered.groupby(["person", "insats"])["end"].shift()
    assert ordered[before >= ordered["start"]].empty


def test_nobody_lives_in_two_places_at_once(rows):
    ordered = rows[rows["insats"].isin(HOUSING)].sort_values(["person", "start"])
    before = ordered.groupby("person")["end"].shift()
    assert ordered[before >= ordered["start"]].empty


def test_what_a_resident_has_besides_ends_with_the_housing(rows):
    housed = rows[rows["insats"].isin(HOUSING)]
    last = housed.groupby("person")["end"].max()
    besides = rows[rows["person"].isin(last.index) & rows["insats"].isin(["daglig_verksamhet", "kontaktperson"])]
    assert len(besides) > 10
    assert (besides["end"] <= besides["person"].map(last)).all()


def test_levels_have_a_price_in_the_list_for_each_year_they_run(rows, prices):
    for row in rows[rows["insats"].isin(HOUSING)].itertuples():
        for year in range(max(row.start.year, 2022), min(row.end.year, 2024) + 1):
            assert (str(year), row.insats, row.regi, row.niva) in prices.index, (row.Index, year)


def test_what_is_counted_in_days_has_a_level_and_the_rest_has_none(rows):
    without = rows["insats"].isin([HOURS, "kontaktperson"])
    assert set(rows.loc[without, "niva"]) == {""}
    assert set(rows.loc[~without, "niva"]) <= set("1234567")
    assert set(rows["insats"]) == {*HOUSING, "daglig_verksamhet", "korttidsvistelse", HOURS, "kontaktperson"}


def test_day_activity_is_of_mixed_regi_and_not_in_the_list(rows, prices):
    found = on(rows[rows["insats"] == "daglig_verksamhet"], "2024-08-27")
    assert set(found["regi"]) == {"kommunal", "entreprenad", "privat"}
    assert ((found["regi"] == "kommunal") == (found["utforare"] == "")).all()
    assert {"daglig_verksamhet", "korttidsvistelse"}.isdisjoint(prices.index.get_level_values("insats"))


def test_short_stays_are_short_and_a_few_children_have_a_home(rows):
    stays = rows[rows["insats"] == "korttidsvistelse"]
    nights = (stays["end"] - stays["start"]).dt.days + 1
    assert nights.between(5, 14).all()
    assert 3 <= stays["person"].nunique() <= 8
    for day in MEASUREMENTS:
        assert 2 <= len(on(rows[rows["insats"] == "barnboende_over_12"], day)) <= 5, day


def test_about_seventy_have_escort_relief_or_a_contact_person(rows):
    some = rows[rows["insats"].isin([HOURS, "kontaktperson"])]
    for day in MEASUREMENTS:
        assert 60 <= on(some, day)["person"].nunique() <= 78, day


def test_hours_have_a_time_band_and_regi_of_the_hourly_list(rows):
    listed = read(RULES / "lss_timpriser.csv").set_index(["insats", "tidsslag", "regi"]).index
    hourly = rows["insats"] == HOURS
    assert set(rows.loc[hourly].set_index(["insats", "tidsslag", "regi"]).index) <= set(listed)
    assert (rows.loc[hourly, "timmar_per_manad"].astype(int) > 0).all()
    assert set(rows.loc[~hourly, "timmar_per_manad"]) == set(rows.loc[~hourly, "tidsslag"]) == {""}


def test_one_placement_with_its_own_price_is_above_its_levels_peng(rows, prices):
    bought = rows[rows["insats"].isin(HOUSING) & (rows["boende"] == "")]
    assert set(bought["regi"]) == {"privat", "entreprenad"}
    assert (bought["utforare"] != "").all()
    priced = bought[bought["pris_kr_per_dygn"] != ""]
    assert len(priced) == 4
    assert set(priced["insats"]) == {"gruppbostad"}
    assert set(bought.loc[bought["pris_kr_per_dygn"] == "", "regi"]) == {"privat", "entreprenad"}
    above = [
        (row.niva, int(row.pris_kr_per_dygn), regi)
        for row in priced[days(priced, "2024-01-01", "2024-12-31") > 0].itertuples()
        for regi in ("kommunal", row.regi)
        if int(row.pris_kr_per_dygn) > prices["2024", row.insats, regi, row.niva]
    ]
    assert above == [("3", 4000, "kommunal"), ("3", 4000, "privat")]
    dear = priced[priced["pris_kr_per_dygn"] == "4000"]
    over = days(dear, "2024-01-01", "2024-12-31") * (4000 - prices["2024", "gruppbostad", "kommunal", "3"])
    assert over.tolist() == [462258]


def test_at_least_thirty_moves_in_out_and_between_levels_of_homes(rows):
    homes = rows[rows["insats"].isin(HOUSING)]
    moved = changes(homes)
    starts = homes["start"].between("2022-01-02", "2024-12-31").sum()
    ends = homes["end"].between("2022-01-01", "2024-12-30").sum()
    levels = (moved["niva"] != moved["niva_fore"]).sum()
    assert levels >= 10
    assert starts - len(moved) >= 10
    assert ends - len(moved) >= 10
    assert starts + ends - len(moved) >= 30


def test_homes_and_what_others_are_paid_fit_inside_the_plan(rows, prices):
    homes = rows[rows["insats"].isin(["gruppbostad", "servicebostad"])]
    listed = [prices["2024", row.insats, row.regi, row.niva] for row in homes.itertuples()]
    price = homes["pris_kr_per_dygn"].where(
        homes["pris_kr_per_dygn"] != "", pd.Series(listed, homes.index).astype("str")
    )
    kr = (days(homes, "2024-01-01", "2024-12-31") * price.astype(int)).groupby(homes["insats"]).sum()
    budget = read(SAMPLE / "budget.csv")
    budget = budget[(budget["enhet"] == "exempelenheten") & (budget["verksamhet"] != "")]
    planned = budget.set_index("verksamhet")["kostnad_mnkr"].astype(float)
    assert 25e6 < kr["gruppbostad"] < planned["Gruppbostäder"] * 1e6
    assert 8e6 < kr["servicebostad"] < planned["Servicebostad"] * 1e6


def test_a_measured_year_of_own_homes_is_about_21_5_mnkr(own, prices):
    measured = on(own, "2024-08-27")
    per_day = sum(prices["2024", row.insats, row.regi, row.niva] for row in measured.itertuples())
    assert per_day * 366 == 21491886


@pytest.mark.parametrize(("column", "letter"), [("person", "p"), ("beslut", "b")])
def test_keys_are_pseudonyms_and_no_personal_numbers(rows, column, letter):
    assert rows[column].str.fullmatch(PSEUDONYM).all()
    assert rows[column].str.fullmatch(rf"{letter}[0-9a-hj-km-np-tv-z]{{9}}").all()
    drawn = rows[column].str[1:]
    assert drawn.str.contains("[0-9]").all()
    assert drawn.str.contains("[a-z]").all()
    assert not rows[column].map(find_personal_number).any()


def test_no_line_of_the_file_holds_a_personal_number():
    lines = (SAMPLE / "beslut.csv").read_text(encoding="utf-8").splitlines()
    cells = [(number, cell) for number, line in enumerate(lines, 1) for cell in line.split(",")]
    assert len(cells) > len(lines) and [number for number, cell in cells if find_personal_number(cell)] == []


def test_a_key_says_nothing_about_insats_home_or_provider(rows):
    words = {part for name in ("insats", "boende", "utforare", "enhet", "regi") for part in set(rows[name]) if part}
    assert [key for key in {*rows["person"], *rows["beslut"]} if any(word in key for word in words)] == []
    persons = rows.drop_duplicates("person")
    first_character = persons.groupby("insats")["person"].agg(lambda keys: keys.str[1].nunique())
    count = persons["insats"].value_counts()
    assert (first_character[count[count >= 20].index] > 8).all()


def test_the_table_is_made_again_byte_for_byte_and_the_budget_stays(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "data" / "sample")
    shutil.copy(ROOT / "data" / "make_sample.py", tmp_path / "data")
    shutil.copytree(ROOT / "data" / "synthetic", tmp_path / "data" / "synthetic")
    shutil.copytree(RULES, tmp_path / "params" / "regler")
    made = tmp_path / "data" / "sample" / "beslut.csv"
    made.unlink()
    for _ in range(2):
        command = [sys.executable, str(tmp_path / "data" / "make_sample.py")]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        assert made.read_bytes() == (SAMPLE / "beslut.csv").read_bytes()
    budget = (tmp_path / "data" / "sample" / "budget.csv").read_bytes()
    assert budget == (SAMPLE / "budget.csv").read_bytes()


def test_the_budget_is_what_it_was_before_the_decisions():
    """Its first units to the byte, less the column for what pays, which none of them states."""
    lines = (SAMPLE / "budget.csv").read_text("utf-8").splitlines(keepends=True)
    before = [line for line in lines if not line.startswith(("exempel_stod,", "exempel_assistans,", "exempel_aldre,"))]
    assert before[0].endswith(",finansiering\n")
    assert all(line.endswith(",\n") for line in before[1:])
    text = "".join(line.rpartition(",")[0] + "\n" for line in before)
    assert sha256(text.encode()).hexdigest() == BUDGET_SHA256


def test_the_generators_own_examples_hold_and_the_report_names_each_year():
    assert doctest.testmod(synthetic.budget).failed == doctest.testmod(decisions).failed == 0
    tables = {}
    for name in ("budget", "beslut"):
        with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    lines = list(decisions.reconciliation(tables["budget"], tables["beslut"], decisions.price_list()))
    assert len(lines) == 3 * 3
    assert sum("58.0 mnkr" in line for line in lines) == 1
