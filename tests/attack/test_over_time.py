"""Months, runs, hashes and rules: what moves between two of them may be one person."""

from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from attack.units import ENHET, random_unit, unit_of

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.run.complete import since_last
from planbok.case.case import load_sources, open_case
from planbok.disclosure.policy import policy
from planbok.report.handover import as_json
from planbok.topics.answer import answer


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


def year_of_moves(folder, seed: int, more: tuple[dict, ...] = ()):
    """A unit of 40 in group homes, of whom two a month come, leave or get another level, and persons added to it."""
    rng = np.random.default_rng(seed)
    rows = [{"niva": str(n % 6 + 1), "fran": "2020-01-01", "till": ""} for n in range(40)]
    for number, day in enumerate(pd.date_range("2024-01-08", "2024-12-20", periods=24)):
        if rng.random() < 0.5:
            rows.append({"niva": str(rng.integers(1, 7)), "fran": f"{day:%Y-%m-%d}", "till": ""})
        else:
            rows[number]["till"] = f"{day:%Y-%m-%d}"
    rows = pd.DataFrame([*rows, *more]).assign(enhet=ENHET, insats="gruppbostad", regi="kommunal")
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    return unit_of(folder, rows.assign(beslutsdatum=rows["fran"]))


def counted(report: dict) -> dict[str, float | None]:
    """The days and persons of the year and of a measurement to come, as a report on LSS-peng says them."""
    group, total = report["tabeller"]["per_insats_niva"]
    days = [row["dygn"] for row in report["tabeller"]["per_manad"]]
    ahead = [row["personer"] for row in report["tabeller"]["prestationsmatningar"] if row["matning"] == "2024-08-27"]
    said = {"grupp": group["personer"], "alla": total["personer"], "årets dygn": total["dygn"], "mätning 2": ahead[-1]}
    return said | {"dygn": None if None in days else sum(days)}


def test_two_months_days_and_persons_differ_by_enough_persons(tmp_path):
    """113 days more in September than in August are one person, who came on the 10th."""
    unit = year_of_moves(tmp_path, seed=4)
    rows, last = unit.beslut, {}
    for month in range(1, 13):
        end = f"{pd.Period(f'2024-{month:02d}').end_time:%Y-%m-%d}"
        for key, value in counted(unit.report("lss_peng", "ledning", per_datum=end)).items():
            before, since = last.setdefault(key, (value, "2023-12-31"))
            if value == before or (key == "mätning 2" and month == 8):  # what has been measured is adopted
                continue
            came = rows.loc[rows["fran"].between(since, end) & (rows["fran"] > since), "person"]
            left = rows.loc[rows["till"].between(since, end), "person"]
            moved = set(came) if key in ("grupp", "alla") else {*came, *left}
            assert len(moved) >= 5, (month, key, before, value)
            last[key] = (value, end)
    assert sum(end != "2023-12-31" for _, end in last.values()) >= 4  # they are counted anew


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_one_more_move_in_the_month_is_in_no_count(tmp_path, spridning):
    end, one = "2024-04-30", {"niva": "4", "fran": "2024-04-10", "till": ""}
    reports = [
        year_of_moves(tmp_path / name, 4, more).report("lss_peng", spridning, per_datum=end)
        for name, more in (("utan", ()), ("med", (one,)))
    ]
    assert counted(reports[0]) == counted(reports[1])
    notes = [report["tabeller_not"]["prestationsmatningar"] for report in reports]
    assert notes[0] == notes[1]
    assert "som återstår är de som var kända 31 mars 2024" in notes[0]
    assert reports[0]["nyckeltal"]["personer_matning_2"] == reports[1]["nyckeltal"]["personer_matning_2"]


def test_a_scenarios_new_levels_make_no_new_persons():
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    given = {"enhet": "exempelenheten", "ar": 2024, "spridning": "ledning", "sources": sources}
    reports = [
        as_json(case, answer(case).result)
        for case in (open_case("lss_peng", scenario=name, **given) for name in ("bas", "nivaskifte"))
    ]
    assert len({report["tabeller"]["per_insats_niva"][-1]["personer"] for report in reports}) == 1
