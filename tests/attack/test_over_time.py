"""Months, runs, hashes and rules: what moves between two of them may be one person."""

from hashlib import sha256

import pandas as pd
import pytest
from attack.units import ENHET, random_unit, unit_of

from planbok.base.workspace import PARAMS
from planbok.batch.run.since import since_last
from planbok.disclosure.policy import policy


@pytest.mark.parametrize(("number", "told"), [(2, False), (7, True)])
def test_days_of_a_quiet_month_do_not_count_the_persons(tmp_path, number, told):
    """Two persons all year: 62 days of January by 31 is the two whom the measurements withhold."""
    rows = pd.DataFrame({"niva": [str(n % 3 + 2) for n in range(number)]})
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    whole = {"enhet": ENHET, "insats": "gruppbostad", "regi": "kommunal", "fran": "2020-01-01", "till": ""}
    tables = unit_of(tmp_path, rows.assign(**whole)).report("lss_peng", "ledning")["tabeller"]
    days = [row["dygn"] for row in (*tables["per_manad"], tables["per_insats_niva"][-1])]
    assert days[0] == (31 * number if told else None)
    assert days[-1] == (366 * number if told else None)


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_one_move_in_a_quiet_year_is_in_no_month_and_no_sum_of_days(tmp_path, spridning):
    """30 persons all year and one who moves in on 10 October: 83 days, in no row and in no difference."""
    levels = [str(n % 6 + 1) for n in range(30)]
    rows = pd.DataFrame({"niva": levels, "fran": "2020-01-01"})
    rows = pd.concat([rows, pd.DataFrame([{"niva": "4", "fran": "2024-10-10"}])], ignore_index=True)
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    unit = unit_of(tmp_path, rows.assign(enhet=ENHET, insats="gruppbostad", regi="kommunal", till=""))
    report = unit.report("lss_peng", spridning)
    months = pd.DataFrame(report["tabeller"]["per_manad"])
    assert len(months) == 1
    assert months["dygn"].isna().all()
    total = report["tabeller"]["per_insats_niva"][-1]
    assert total["dygn"] is None or total["dygn"] % 366 == 0
    assert report["nyckeltal"]["skillnad_matning_dygn_kr"]["varde"] is None


def test_the_index_says_nothing_of_what_moved_in_counts(tmp_path):
    """+1 725 690 / 366 = 4 715: one person's insats, level and day."""
    unit = random_unit(tmp_path, 30, seed=1)
    report = unit.report("lss_peng", "ledning")
    assert all(figure.get("ur_antal") for figure in report["nyckeltal"].values())

    class Before:
        run_id = "20240101T000000Z"

        def result(self):
            figures = {name: {**f, "varde": 1} for name, f in report["nyckeltal"].items()}
            return {**report, "nyckeltal": figures}

    assert since_last(Before(), report, [])["nyckeltal"] == []


def test_the_hash_of_a_table_about_persons_cannot_be_tried(tmp_path):
    unit = random_unit(tmp_path, 5, seed=2)
    plain = sha256((unit.folder / "beslut.csv").read_bytes()).hexdigest()
    shown = {s: unit.report("lss_peng", s)["indata"] for s in ("arbetsmaterial", "ledning", "offentlig")}
    assert plain in {row["sha256"] for row in shown["arbetsmaterial"]}
    for audience in ("ledning", "offentlig"):
        assert plain not in {row["sha256"] for row in shown[audience]}


def test_a_scenario_does_not_lower_the_rules(make_case):
    case = make_case(
        [{"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": 1000, "fran": "2016-01-01"}]
    )
    assert (policy(case).smallest, policy(case).largest_sick, policy(case).small_home) == (5, 10, 10)
    assert (PARAMS / "regler" / "sma_tal.yaml").is_file()
