"""Two months' reports: what is counted month by month tells of no move of fewer than enough persons."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import scipy
from attack.units import ENHET, Unit, unit_of
from leaks import LIMITS

from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.gate.groups import hits
from planbok.case.case import load_sources, open_case
from planbok.disclosure.standing import standing
from planbok.report.handover import as_json
from planbok.topics.answer import answer

SMALLEST, MONTHS = 5, (7, 8, 9, 12)
INSATSER = ("daglig_verksamhet", "gruppbostad", "kontaktperson", "korttidsvistelse")


def moving_unit(folder, seed: int) -> tuple[Unit, pd.DataFrame]:
    """A unit in which one to six persons come or leave each month."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(150):
        first = pd.Timestamp("2022-01-01") + pd.Timedelta(days=int(rng.integers(-400, 1090)))
        last = first + pd.Timedelta(days=int(rng.integers(60, 900)))
        insats = str(rng.choice(INSATSER, p=[0.45, 0.2, 0.2, 0.15]))
        row = {"insats": insats, "fran": f"{first:%Y-%m-%d}", "till": f"{last:%Y-%m-%d}" if rng.random() < 0.6 else ""}
        rows.append(row | {"person": f"p{number:05d}xyz", "kon": str(rng.choice(["kvinna", "man"]))})
    frame = pd.DataFrame(rows).assign(enhet=ENHET, regi="kommunal", beslut=[f"b{n:05d}xyz" for n in range(150)])
    frame = frame.assign(niva=np.where(frame["insats"] == "gruppbostad", "4", ""), beslutsdatum=frame["fran"])
    frame = frame.assign(timmar_per_manad=np.where(frame["insats"] == "kontaktperson", "12", ""))
    frame.to_csv(folder / "beslut.csv", index=False)
    return Unit(folder, frame), frame


def movers(frame: pd.DataFrame, insats: str, first: str, last: str) -> int:
    """Persons who have something of an insats at one month's end and not at the other's, counted from the file."""
    own = frame if insats == "Totalt" else frame[frame["insats"] == insats]
    ends = [f"{pd.Period(month).end_time:%Y-%m-%d}" for month in (first, last)]
    there = [
        set(own.loc[(own["fran"] <= end) & ((own["till"] == "") | (own["till"] >= end)), "person"]) for end in ends
    ]
    return len(there[0] ^ there[1])


@pytest.mark.parametrize("seed", [0])
def test_between_two_months_reports_a_count_changes_only_where_enough_have_moved(tmp_path, seed):
    unit, frame = moving_unit(tmp_path, seed)
    said = [unit.report("insatser_manad", "ledning", tom_manad=month)["tabeller"] for month in MONTHS]
    history: dict[tuple, float] = {}
    for tables in said:
        for row in tables["per_insats_manad"]:
            key = (row["insats"], row["manad"][:7])
            assert history.setdefault(key, row["lopande_antal"]) == row["lopande_antal"], "a later report says another"
    counted = pd.DataFrame([(*key, value) for key, value in history.items()], columns=["insats", "manad", "antal"])
    for insats, rows in counted.dropna().groupby("insats"):
        for first, last in pairwise(sorted(rows["manad"])):
            assert movers(frame, insats, first, last) >= SMALLEST, (insats, first, last)
    for before, after in pairwise(said):
        for key in ("nya_antal", "avslutade_antal"):
            old, new = ({row["insats"]: row[key] for row in tables["forandring"]} for tables in (before, after))
            steps = [new[name] - old[name] for name in old if None not in (old[name], new.get(name))]
            assert all(step == 0 or step >= SMALLEST for step in steps), (key, old, new)


def test_the_sum_less_the_parts_tells_of_no_few(tmp_path):
    """A solver with all that stands, and where, finds no part at a month at which it is not shown."""
    rng = np.random.default_rng(7)
    for _ in range(8):
        times, parts = 12, int(rng.integers(2, 6))
        places = zip(rng.integers(1, times, 60), rng.integers(0, parts, 60), strict=True)
        moved = np.array([(time, part, number) for number, (time, part) in enumerate(places)])
        signs = rng.choice([-1, 1], len(moved))
        true = np.full((times, parts), 40)
        for (time, part, _), sign in zip(moved, signs, strict=True):
            true[time:, part] += sign
        at = standing(SMALLEST, moved, np.zeros((times, parts), bool))
        told = [(t, p) for t in range(times) for p in range(parts) if _told(true, at, t, p) and t not in set(at[:, p])]
        for time, part in told:
            since = max(t for t in set(at[:, part]) if t < time)
            assert len({n for t, p, n in moved if p == part and since < t <= time}) in (0, *range(SMALLEST, 99))


def _told(true: np.ndarray, at: np.ndarray, time: int, part: int) -> bool:
    """Whether what stands leaves one value only of a part at a time: the shown sums and parts are known."""
    times, parts = true.shape
    size = times * parts
    rows, values = [], []
    for p in range(parts):
        for t in set(at[:, p]):
            rows.append(np.eye(1, size, t * parts + p)[0])
            values.append(true[t, p])
    for t in set(at[:, parts]):
        row = np.zeros(size)
        row[t * parts : (t + 1) * parts] = 1
        rows.append(row)
        values.append(true[t].sum())
    limits = scipy.optimize.LinearConstraint(np.array(rows), values, values)
    ends = []
    for sign in (1, -1):
        found = scipy.optimize.milp(
            sign * np.eye(1, size, time * parts + part)[0], constraints=limits, bounds=scipy.optimize.Bounds(0, 500)
        )
        ends.append(sign * found.fun)
    return abs(ends[0] - ends[1]) < 0.5


@pytest.mark.parametrize("month", [4, 8])
def test_what_is_new_and_what_has_ended_are_withheld_together(month):
    """In the sample one of them had been counted anew and not the other: the gate stops such a report."""
    case = open_case(
        "insatser_manad",
        enhet="exempelenheten",
        ar=2024,
        tom_manad=month,
        spridning="ledning",
        sources=load_sources(Folders((PARAMS,), SAMPLE)),
    )
    rows = answer(case).result.tabeller["forandring"].frame
    assert (rows["nya_antal"].isna() == rows["avslutade_antal"].isna()).all()
    assert rows["nya_antal"].notna().any(), "the unit's sums are shown"


def test_persons_with_a_decision_are_counted_where_enough_have_moved(tmp_path):
    """What persons per officer and month say of the persons, in the reports of one month after another."""
    unit, frame = moving_unit(tmp_path, 3)
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    posts = pd.DataFrame({"enhet": ENHET, "manad": months, "tjanster": 7, "i_tjanst": 7})
    posts.to_csv(tmp_path / "bemanning_handlaggare.csv", index=False)
    known: dict[str, float] = {}
    for month in (7, 8, 9, 10):
        day = f"{pd.Period(months[month - 1]).end_time:%Y-%m-%d}"
        said = unit.report("beslut_i_tid", "ledning", per_datum=day)
        rows = said["tabeller"]["belastning"]
        for row in rows:
            assert known.setdefault(row["manad"], row["personer"]) == row["personer"], "a later report says another"
        per = said["nyckeltal"]["personer_per_handlaggare"]["varde"]
        assert round(per * 7, 6) == rows[-1]["personer"], "the key figure says no more than the table"
    assert len(known) > 2
    for first, last in pairwise(sorted(known)):
        assert movers(frame, "Totalt", first, last) >= SMALLEST, (first, last)


def test_an_insats_cases_are_counted_anew_where_enough_have_been_decided():
    """In the sample one contact person's case between two months' medians said how long it had taken."""
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    days = [f"{pd.Period(f'2024-{month:02d}').end_time:%Y-%m-%d}" for month in (6, 7, 8, 9)]
    given = {"enhet": "exempelenheten", "ar": 2024, "spridning": "ledning", "sources": sources}
    cases = [open_case("beslut_i_tid", per_datum=day, **given) for day in days]
    said = [answer(case).result.tabeller["handlaggningstid"].frame.set_index("insats") for case in cases]
    for before, after in pairwise(said):
        steps = (after["klara_antal"] - before["klara_antal"]).dropna()
        assert ((steps == 0) | (steps >= SMALLEST)).all(), steps
        for insats in steps.index[steps == 0]:
            one, other = (its.loc[insats, ["median_dagar", "p90_dagar", "i_tid_procent"]] for its in (before, after))
            both = one.notna() & other.notna()
            assert (one[both] == other[both]).all(), insats
    table = pd.read_csv(SAMPLE / "arenden.csv", dtype=str, keep_default_na=False)
    own = table[(table["enhet"] == "exempelenheten") & table["beslutsdatum"].between("2024-01-01", days[-1])]
    true, last = own["insats"].value_counts(), said[-1]["klara_antal"].drop("Totalt").dropna()
    assert (true[last.index] - last < SMALLEST).all() and (last > 0).any(), "it stands no longer than it must"


def test_the_queue_tells_of_no_few_decisions_and_cases(tmp_path):
    """Time for follow-ups had said how many decisions run to a twelfth, and the start and inflow how many cases do."""
    unit, frame = moving_unit(tmp_path, 3)
    frame.assign(foljd_upp="").to_csv(tmp_path / "beslut.csv", index=False)
    rng = np.random.default_rng(5)
    asked = pd.to_datetime("2022-06-01") + pd.to_timedelta(np.sort(rng.integers(0, 930, 90)), unit="D")
    done = pd.Series(asked + pd.to_timedelta(rng.integers(30, 300, 90), unit="D")).where(rng.random(90) < 0.8)
    cases = pd.DataFrame({"enhet": ENHET, "arende": [f"a{n:05d}xyz" for n in range(90)], "handlaggare": ""})
    cases = cases.assign(insats=rng.choice(INSATSER, 90), ansokan=asked.strftime("%Y-%m-%d"))
    cases.assign(beslutsdatum=done.dt.strftime("%Y-%m-%d")).to_csv(tmp_path / "arenden.csv", index=False)
    posts = pd.DataFrame({"enhet": ENHET, "manad": "2024-01", "tjanster": 7, "i_tjanst": 7}, index=[0])
    posts.to_csv(tmp_path / "bemanning_handlaggare.csv", index=False)
    months, said = [f"2024-{month:02d}" for month in range(4, 13)], []
    for month in months:
        tables = unit.report("beslut_i_tid", "ledning", per_datum=f"{pd.Period(month).end_time:%Y-%m-%d}")["tabeller"]
        row = tables["kapacitet"][0]
        opened = next(row["oppna_antal"] for row in tables["handlaggningstid"] if row["insats"] == "Totalt")
        start = round(row["ko_antal"] - row["nya_antal"] + row["hinner_antal"], 6)
        assert opened in (None, start), "the queue begins with the open cases as they are counted by insats"
        said.append((row["hinner_antal"], round(12 * row["nya_antal"])))
    came, later = cases["ansokan"].str[:7], (asked + pd.DateOffset(years=1)).strftime("%Y-%m")
    moving = (
        lambda first, last: movers(frame, "Totalt", first, last),
        lambda first, last: int(((came > first) & (came <= last) | (later > first) & (later <= last)).sum()),
    )
    for place, moved in enumerate(moving):
        counted = [
            month for month, (one, other) in zip(months[1:], pairwise(said), strict=True) if one[place] != other[place]
        ]
        assert counted and all(moved(first, last) >= SMALLEST for first, last in pairwise(counted))
        assert any(moved(*both) < SMALLEST for both in pairwise(months)), "in some month only few have moved"


def test_what_waits_moves_only_with_enough_persons(tmp_path):
    """Net numbers of those who wait, month by month and quarter by quarter, in one report and in many."""
    rng = np.random.default_rng(2)
    decided = pd.Timestamp("2022-12-01") + pd.to_timedelta(np.sort(rng.integers(0, 700, 110)), unit="D")
    begun = pd.Series(decided + pd.to_timedelta(rng.integers(20, 330, 110), unit="D"))
    frame = pd.DataFrame({"insats": rng.choice(INSATSER[2:], 110), "beslutsdatum": decided.strftime("%Y-%m-%d")})
    frame = frame.assign(fran=frame["beslutsdatum"], till="", enhet=ENHET, regi="kommunal", niva="", lagrum="LSS")
    frame = frame.assign(person=[f"p{n:05d}xyz" for n in range(110)], beslut=[f"b{n:05d}xyz" for n in range(110)])
    frame = frame.assign(verkstalld=begun.dt.strftime("%Y-%m-%d").where(begun < "2024-12-31", ""))
    frame.to_csv(tmp_path / "beslut.csv", index=False)
    over, ends = (
        pd.Series(decided) + pd.DateOffset(months=3),
        [pd.Period(f"2024-{month:02d}").end_time for month in range(2, 13)],
    )
    waits = [set(np.flatnonzero((over < day.normalize()) & (begun > day))) for day in ends]
    unit, said, quarters = Unit(tmp_path, frame), [], {}
    for day in ends:
        report = unit.report("beslut_i_tid", "ledning", per_datum=f"{day:%Y-%m-%d}")
        said.append(report["nyckeltal"]["ej_verkstallda_antal"]["varde"])
        rows = report["tabeller"]["kvartal"]
        assert rows[-1]["ej_verkstallt_antal"] == said[-1]
        assert all(quarters.setdefault(row["kvartal"], row) == row for row in rows[:-1]), "a later report says another"
    counted = [place for place, (one, other) in enumerate(pairwise(said), start=1) if one != other]
    assert len(counted) > 2 and said[-1] > SMALLEST
    assert all(len(waits[first] ^ waits[last]) >= SMALLEST for first, last in pairwise(counted))
    assert any(len(one ^ other) < SMALLEST for one, other in pairwise(waits)), "in some month only few have moved"


@pytest.mark.parametrize("month", [2, 7])
def test_a_withheld_amount_of_faults_leaves_their_number_to_the_gate(tmp_path, month):
    """In February the five persons' kronor can be solved against the prices and are withheld, their number is not.

    By hand: the sample has five lines with a fault to February, of five persons, and ten to July.
    """
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    case = open_case(
        "kostnadskontroll", enhet="exempelenheten", ar=2024, tom_manad=month, spridning="ledning", sources=sources
    )
    result = answer(case).result
    total = result.tabeller["fel_per_slag"].frame.iloc[-1]
    assert total["fel_antal"] == {2: 5, 7: 10}[month] and np.isnan(total["fel_kr"]) == (month == 2)
    (tmp_path / "resultat.json").write_text(json.dumps(as_json(case, result)), "utf-8")
    assert list(hits(tmp_path, "ledning", LIMITS)) == []


@pytest.mark.parametrize(
    ("notebook", "given", "key", "label"),
    [
        ("kostnadskontroll", {"tom_manad": 9}, "fel_antal", "Fakturarader med fel, januari–juli 2024"),
        ("kostnadskontroll", {"tom_manad": 7}, "fel_antal", "Fakturarader med fel"),
        ("beslut_i_tid", {"per_datum": "2024-09-30"}, "ej_verkstallda_antal", "Ej verkställda beslut 31 juli 2024"),
    ],
)
def test_a_key_figure_says_to_when_it_is_counted_where_that_is_not_the_reports_own_day(notebook, given, key, label):
    """Beside a report's headline of September stood 7 and 10, which were July's."""
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    case = open_case(notebook, enhet="exempelenheten", ar=2024, spridning="ledning", sources=sources, **given)
    result = answer(case).result
    assert result.nyckeltal[key].etikett == label
    told = any(text.startswith("Felen är räknade för januari–juli 2024.") for text in result.sammanfattning)
    assert told == (given.get("tom_manad") == 9)


def test_months_of_one_row_are_those_of_all_below_it():
    """They were said to be protected in the one row of small insatser, and stood in the row of all below it."""
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    case = open_case("beslut_i_tid", enhet="exempelenheten", ar=2024, spridning="ledning", sources=sources)
    table = answer(replace(case, parametrar={**case.parametrar, "per_datum": "2024-08-31"})).result.tabeller[
        "statistik"
    ]
    keys = [column.key for column in table.columns if column.key.startswith("manader_")]
    assert table.frame["insats"].tolist() == ["övriga", "Totalt"] * 2 and table.frame[keys].notna().any(axis=None)
    for row in (0, 2):
        assert table.frame.loc[row, keys].equals(table.frame.loc[row + 1, keys].rename(row))
        assert [(row, key) in table.celler for key in keys] == [(row + 1, key) in table.celler for key in keys]


def test_a_median_that_is_one_cases_days_is_shown_to_five_days():
    """By hand of the table: what had been decided of an insats that is counted in August, to the day and as shown."""
    sources = load_sources(Folders((PARAMS,), SAMPLE))
    given = {"enhet": "exempelenheten", "ar": 2024, "sources": sources, "per_datum": "2024-08-31"}
    rows = answer(open_case("beslut_i_tid", spridning="ledning", **given)).result
    shown = rows.tabeller["handlaggningstid"].frame.set_index("insats").loc["daglig_verksamhet"]
    table = pd.read_csv(SAMPLE / "arenden.csv", dtype=str, keep_default_na=False)
    own = table[(table["enhet"] == "exempelenheten") & (table["insats"] == "daglig_verksamhet")]
    done = own[own["beslutsdatum"].between("2024-01-01", "2024-08-31")]
    days = (pd.to_datetime(done["beslutsdatum"]) - pd.to_datetime(done["ansokan"])).dt.days
    assert (shown["klara_antal"], days.median(), np.percentile(days, 90)) == (30, 69, pytest.approx(93.2))
    assert (shown["median_dagar"], shown["p90_dagar"]) == (70, 95)
    assert any("inom cirka 70 dagar" in text for text in rows.sammanfattning)


KINDS = ("nya", "avslutade")


def homes(*kinds: tuple[str, str, int], insats: str = "gruppbostad") -> pd.DataFrame:
    """Decisions on one insats: first day, last day, and how many persons."""
    rows = [(fran, till) for fran, till, count in kinds for _ in range(count)]
    return pd.DataFrame(rows, columns=["fran", "till"]).assign(enhet=ENHET, insats=insats, regi="kommunal", niva="4")


def unit_with(folder, *frames: pd.DataFrame) -> Unit:
    rows = pd.concat(frames, ignore_index=True)
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in rows.index], beslut=[f"b{n:05d}xyz" for n in rows.index])
    return unit_of(folder, rows)


@pytest.mark.parametrize(("month", "shown"), [(6, (None, None)), (9, (6, 7))])
def test_what_runs_and_what_is_new_do_not_tell_how_few_have_ended(tmp_path, month, shown):
    """46 ran in December and 50 in June, and six came between: two left. In September five more have."""
    frame = homes(("2020-01-01", "2022-01-31", 5), ("2020-01-01", "", 33), ("2023-12-05", "", 6))
    more = homes(("2020-01-01", "2024-06-10", 2), ("2020-01-01", "2024-09-10", 5), ("2024-06-05", "", 6))
    said = unit_with(tmp_path, frame, more).report("insatser_manad", "ledning", tom_manad=month)
    runs = {row["manad"][:7]: row["lopande_antal"] for row in said["tabeller"]["per_insats_manad"]}
    assert (runs["2023-12"], runs["2024-06"]) == (46, 50)
    figures = tuple(said["nyckeltal"][f"beslut_{kind}_antal"]["varde"] for kind in KINDS)
    total = said["tabeller"]["forandring"][-1]
    assert figures == (total["nya_antal"], total["avslutade_antal"]) == shown
    labels = [said["nyckeltal"][f"beslut_{kind}_antal"]["etikett"].partition(" insatser ")[2] for kind in KINDS]
    assert labels[0] == labels[1] == {6: "januari–juni", 9: "januari–september"}[month], "of the same months"


@pytest.mark.parametrize("month", [6, 9, 12])
def test_the_change_in_a_year_is_of_numbers_that_are_shown(tmp_path, month):
    """It was of last year's exact number, so that two months' reports told of one who moved a year before."""
    unit, _ = moving_unit(tmp_path, 3)
    tables = unit.report("insatser_manad", "ledning", tom_manad=month)["tabeller"]
    months = pd.DataFrame(tables["per_insats_manad"])
    months["fran"], months["till"] = months["manad"].str[:7], months["manad"].str[-7:]
    ago, tried = f"2023-{month:02d}", 0
    for row in tables["forandring"]:
        own = months[months["insats"] == row["insats"]]
        then = own.loc[(own["fran"] <= ago) & (own["till"] >= ago), "lopande_antal"].iloc[0]
        if row["forandring_antal"] is not None:
            assert row["forandring_antal"] == row["lopande_antal"] - then, row["insats"]
            tried += 1
    assert tried > 2


def test_insatser_of_fewer_persons_than_may_be_shown_are_not_counted(tmp_path):
    """Three persons have eight insatser; a year ago they were nine persons."""
    several = [homes(("2020-01-01", "", 3), insats=insats) for insats in INSATSER[:2]]
    several += [homes(("2020-01-01", "", 2), insats=INSATSER[3]), homes(("2020-01-01", "2024-02-29", 6))]
    rows = pd.concat(several, ignore_index=True)
    persons = [*range(3), *range(3), *range(2), *range(3, 9)]
    rows = rows.assign(person=[f"p{n:05d}xyz" for n in persons], beslut=[f"b{n:05d}xyz" for n in rows.index])
    unit = unit_of(tmp_path / "before", rows)
    for tom, shown in ((2, 14), (8, 14)):
        said = unit.report("insatser_manad", "ledning", tom_manad=tom)
        assert said["tabeller"]["forandring"][-1]["lopande_antal"] == shown, "as of a month with nine persons"
    few = unit_of(tmp_path / "few", rows[rows["till"] == ""].reset_index(drop=True))
    said = few.report("insatser_manad", "ledning", tom_manad=8)
    assert said["tabeller"]["forandring"][-1]["lopande_antal"] is None
    assert said["nyckeltal"]["beslut_pagaende_antal"]["varde"] is None
    assert "för 3" not in " ".join(said["sammanfattning"])


def test_what_a_measurement_counted_is_not_hidden_by_what_came_after_it(tmp_path):
    """Six in service homes in March are four in October: the reports before that month, and after it, say the six."""
    unit = unit_with(
        tmp_path,
        homes(("2020-01-01", "2022-01-31", 5), ("2020-01-01", "", 12)),
        homes(("2020-01-01", "", 4), ("2020-01-01", "2024-09-30", 2), insats="servicebostad"),
    )
    rows = unit.report("lss_peng", "ledning")["tabeller"]["prestationsmatningar"]
    measured = {row["insats"]: row["personer"] for row in rows if row["matning"] == "2024-03-31"}
    assert (measured["gruppbostad"], measured["servicebostad"]) == (12, 6)
    for month in (8, 12):
        table = unit.report("insatser_manad", "ledning", tom_manad=month)["tabeller"]["forandring"]
        assert {row["insats"]: row["lopande_antal"] for row in table} == {
            "gruppbostad": 12,
            "servicebostad": 6,
            "Totalt": 18,
        }


def test_a_scenario_in_an_insats_that_the_unit_lacks_is_reported(tmp_path):
    """Two whom a scenario adds are nobody: they are shown, and the gate lets them pass and no real two."""
    has = INSATSER[0], INSATSER[2]
    unit = unit_with(
        tmp_path, *(homes(("2020-01-01", "2022-01-31", 5), ("2020-01-01", "", 12), insats=it) for it in has)
    )
    said = unit.report("insatser_manad", "ledning", tom_manad=8, scenario="fler_personer_2024")
    rows = {row["insats"]: row for row in said["tabeller"]["forandring"]}
    assert {name: row["lopande_antal"] for name, row in rows.items()} == {
        has[0]: 12,
        has[1]: 12,
        "gruppbostad": 2,
        "Totalt": 26,
    }
    assert (rows["gruppbostad"]["nya_antal"], said["nyckeltal"]["beslut_nya_antal"]["varde"]) == (2, 2)
    (tmp_path / "resultat.json").write_text(json.dumps(said), "utf-8")
    assert list(hits(tmp_path, "ledning", LIMITS)) == []
    rows["gruppbostad"]["lopande_antal_tankta"] = 0
    (tmp_path / "resultat.json").write_text(json.dumps(said), "utf-8")
    assert [place for _, place, _ in hits(tmp_path, "ledning", LIMITS)] != []
