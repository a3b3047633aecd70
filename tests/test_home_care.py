"""Home care and care homes: the arithmetic by hand, the sample held out, the budget, bad input and what is shown."""

import shutil
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario

from planbok.analysis.volumes import ahead
from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.topic import FULL_YEAR
from planbok.topics import answer, budget, home_care
from planbok.topics.answer import answer as ask

HOUR, HOUR_PRIVATE, NIGHT, ALARM = 485, 516, 245, 185  # kr, printed by the city for 2024
SOMATIC, PREMISES = 2235, 136


def home(month: str, cases: float, hours: tuple = (), **more) -> dict:
    """A row of the table hemtjanst: granted, ordered, performed."""
    filled = [*hours, *[""] * (3 - len(hours))]
    row = {"enhet": "provet", "omrade": "Norra", "manad": month, "regi": "kommunal", "tidsslag": "dag"}
    return row | dict(zip(("arenden", "beviljade_h", "bestallda_h", "utforda_h"), (cases, *filled), strict=True)) | more


def place(month: str, slag: str = "somatisk", **more) -> dict:
    return {"enhet": "provet", "manad": month, "slag": slag, "regi": "kommunal", "dygn": "", "helmanader": ""} | more


def months(last: int = 12, ar: int = 2024) -> list[str]:
    return [f"{ar}-{month:02d}" for month in range(1, last + 1)]


def report(folder, homes, places=(), changes=(), spridning="arbetsmaterial", params=None, **more):
    data = folder / "data"
    data.mkdir(exist_ok=True)
    pd.DataFrame(homes).to_csv(data / "hemtjanst.csv", index=False)
    if places:
        pd.DataFrame(places).to_csv(data / "vobo.csv", index=False)
    if changes:
        write_scenario(folder / "params", "prov", list(changes))
    (folder / "params").mkdir(exist_ok=True)
    sources = load_sources(Folders((folder / "params", PARAMS), data))
    given = {"enhet": "provet", "ar": 2024, "tom_manad": 3, "scenario": "prov" if changes else "bas"} | more
    return ask(open_case("aldreomsorg", spridning=spridning, sources=sources, **given))


@pytest.fixture(scope="module")
def sample():
    return ask(open_case("aldreomsorg", enhet="exempel_aldre", ar=2024, tom_manad=12))


def values(result, *names: str) -> list:
    return [result.nyckeltal[name].varde for name in names]


def test_performed_against_ordered_is_flagged_by_area(tmp_path):
    """Ordered 100 h and performed 90 h: 90 per cent, flagged; 96 of 100 in the other area is not."""
    rows = [home("2024-03", 10, (110, 100, 90)), home("2024-03", 8, (100, 100, 96), omrade="Södra")]
    result = report(tmp_path, rows).result
    frame = result.tabeller["per_omrade"].frame.set_index("omrade")
    assert frame["utforandegrad_procent"].tolist()[:2] == [90, 96]
    assert frame["avvikelse"].tolist()[:2] == ["beställt under beviljat; utfört under beställt", ""]
    found = values(result, "arenden_antal", "beviljade_h", "bestallda_h", "utforda_h", "utforandegrad_procent")
    assert found == [18, 210, 200, 186, 93]
    assert values(result, "h_per_arende", "bestallt_av_beviljat_procent") == pytest.approx([200 / 18, 100 * 200 / 210])
    assert "Norra 90,0\u00a0%" in " ".join(result.sammanfattning)


def test_what_the_table_lacks_is_null_and_hours_per_case_fall_back_on_granted(tmp_path):
    result = report(tmp_path, [home("2024-03", 10, (250,))]).result
    assert (
        values(result, "bestallda_h", "utforda_h", "utforandegrad_procent", "bestallt_av_beviljat_procent")
        == [None] * 4
    )
    assert values(result, "h_per_arende", "vobo_helmanader") == [25, None]


def test_a_managers_decisions_by_both_readings(tmp_path):
    rows = [home("2024-03", 30, (900, 900, 900), arenden_over_99_h=7, arenden_99_h_eller_mer=12)]
    assert report(tmp_path, rows).result.tabeller["chefsniva"].frame["antal"].tolist() == [7, 12]


def test_full_months_are_days_of_the_months_days_and_no_persons(tmp_path):
    """29 days in February and 62 in March are one and two full months; a service house is not among them."""
    places = [place("2024-02", dygn=29), place("2024-03", dygn=62), place("2024-03", "servicehus", helmanader=4)]
    result = report(tmp_path, [home("2024-02", 10, (250,)), home("2024-03", 10, (250,))], places).result
    assert values(result, "vobo_helmanader") == [2]
    assert result.tabeller["boende_per_manad"].frame["somatisk"].tolist() == [1, 2]


def test_the_year_is_volumes_times_the_printed_prices(tmp_path):
    """Ten cases of 30 performed hours, 6 nights, 20 alarms, 10 full months: the same all year, by hand.

    Nights are one visit per case and day: 366 days of 2024.
    """
    rows = [home(m, 10, (320, 310, 300)) for m in months()]
    rows += [home(m, 6, tidsslag="natt") for m in months()] + [home(m, 20, tidsslag="larm") for m in months()]
    by_hand = 12 * 300 * HOUR + 6 * 366 * NIGHT + 12 * 20 * ALARM + 10 * 366 * (SOMATIC + PREMISES)
    places = [place(m, helmanader=10) for m in months()]
    for tom in (12, 3):
        known = [row for row in rows if int(row["manad"][5:]) <= tom]
        result = report(tmp_path, known, places[:tom], tom_manad=tom).result
        assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(by_hand / 1e6), tom


def test_a_price_that_is_not_known_is_left_out_and_named(tmp_path):
    rows = [home(m, 10, (300, 300, 300)) for m in months(3)] + [
        home(m, 9, (90, 90, 90), regi="", omrade="S") for m in months(3)
    ]
    result = report(tmp_path, rows).result
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(12 * 300 * HOUR / 1e6)
    assert "regi saknas för dag" in result.tabeller["prognos"].note
    assert [check.ok for check in result.kontroller if check.niva == "varning"] == [False]
    later = report(tmp_path, [home("2031-01", 10, (300,))], ar=2031, tom_manad=1).result
    assert later.nyckeltal["prognos_mnkr"].varde is None and "2031" in later.nyckeltal["prognos_mnkr"].saknas


def test_what_moved_the_cost_by_hand():
    """From 100 cases of 20 h at 400 kr to 110 of 22 h at 410 kr, in one cell: nothing is a change of kinds."""
    cell = pd.MultiIndex.from_tuples([("hemtjanst", "dag", "N", "kommunal")], names=home_care.model.CELL)
    before = pd.DataFrame({"antal": 100.0, "mangd": 2000.0, "kr": 800_000.0}, index=cell)
    after = pd.DataFrame({"antal": 110.0, "mangd": 2420.0, "kr": 992_200.0}, index=cell)
    found = home_care.model.causes(before, after).loc["hemtjanst"]
    assert found.to_dict() == {"volym": 80_000, "slag": 0, "timmar": 110 * 2 * 400, "pris": 2420 * 10}
    assert found.sum() == 992_200 - 800_000


def test_more_of_the_dear_kind_is_a_change_of_kinds():
    """Ten places of 1 000 and ten of 2 000 kr become five and fifteen: as many, and 5 000 kr dearer."""
    cells = [("vobo", slag, "", "kommunal") for slag in ("demens", "somatisk")]
    cell = pd.MultiIndex.from_tuples(cells, names=home_care.model.CELL)
    before = pd.DataFrame({"antal": [10.0, 10.0], "mangd": [300.0, 300.0], "kr": [20_000.0, 10_000.0]}, index=cell)
    after = pd.DataFrame({"antal": [15.0, 5.0], "mangd": [450.0, 150.0], "kr": [30_000.0, 5_000.0]}, index=cell)
    assert home_care.model.causes(before, after).loc["vobo"].to_dict() == {
        "volym": 0,
        "slag": 5_000,
        "timmar": 0,
        "pris": 0,
    }


CHANGES = {
    "arenden": {"typ": "arenden", "omrade": "Norra", "antal": 10, "fran": "2024-07-01"},
    "timmar": {"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": 10, "fran": "2024-07-01"},
    "flytt": {"typ": "flytt", "fran_insats": "hemtjanst", "till_slag": "somatisk", "antal": 2, "fran": "2024-07-01"},
    "pris": {"typ": "regel", "regel": "hemtjanst.dag.kommunal", "varde": 500, "fran": "2024-07-01"},
    "pris mitt i": {"typ": "regel", "regel": "hemtjanst.dag.kommunal", "varde": 500, "fran": "2024-12-17"},
    "pris till mitt i": {
        "typ": "regel",
        "regel": "hemtjanst.dag.kommunal",
        "varde": 500,
        "fran": "2024-07-01",
        "till": "2024-12-16",
    },
    "pris tre dagar": {
        "typ": "regel",
        "regel": "hemtjanst.dag.kommunal",
        "varde": 500,
        "fran": "2024-07-10",
        "till": "2024-07-12",
    },
    "mitt i": {"typ": "arenden", "insats": "hemtjanst", "antal": 10, "fran": "2024-12-17"},
}
DAY = SOMATIC + PREMISES
BY_HAND = {  # in the year and over a full year; 20 cases of 30 h, 184 days from July, 31 in December
    "arenden": (6 * 10 * 30 * HOUR, 12 * 10 * 30 * HOUR),
    "timmar": (6 * 20 * 3 * HOUR, 12 * 20 * 3 * HOUR),
    "flytt": (2 * 184 * DAY - 6 * 2 * 30 * HOUR, 2 * 366 * DAY - 12 * 2 * 30 * HOUR),
    "pris": (6 * 600 * 15, 12 * 600 * 15),
    "pris mitt i": (15 / 31 * 600 * 15, 12 * 600 * 15),
    "pris till mitt i": ((5 + 16 / 31) * 600 * 15, 0),
    "pris tre dagar": (3 / 31 * 600 * 15, 0),
    "mitt i": (15 / 31 * 10 * 30 * HOUR, 12 * 10 * 30 * HOUR),
}


@pytest.mark.parametrize("name", CHANGES)
def test_each_kind_of_change_by_hand(tmp_path, name):
    rows = [home(m, 20, (600, 600, 600)) for m in months()]
    places = [place(m, helmanader=10) for m in months()]
    result = report(tmp_path, rows, places, [CHANGES[name]], tom_manad=12).result
    found = values(result, "skillnad_mnkr", "skillnad_helar_mnkr")
    assert found == pytest.approx([kr / 1e6 for kr in BY_HAND[name]])
    without, with_it = values(result, "prognos_utan_scenario_mnkr", "prognos_mnkr")
    assert with_it - without == pytest.approx(found[0])
    assert all(check.ok for check in result.kontroller)


@pytest.mark.parametrize(("time", "hours"), [("bestalld", 100), ("beviljad", 200)])
def test_another_time_that_is_paid_is_the_scenarios_and_not_the_years_without_it(tmp_path, time, hours):
    """400 performed hours a month are paid, and under the scenario the 500 ordered or the 600 granted."""
    rows = [home(m, 20, (600, 500, 400)) for m in months()]
    places = [place(m, helmanader=10) for m in months()]
    change = {"typ": "regel", "regel": "hemtjanst.betald_tid", "varde": time, "fran": "2024-01-01"}
    results = [report(tmp_path, rows, places, changes, tom_manad=12).result for changes in ((), [change])]
    kr = 12 * hours * HOUR / 1e6
    assert values(results[1], "skillnad_mnkr", "skillnad_helar_mnkr") == pytest.approx([kr, kr])
    without = values(results[0], "prognos_mnkr")
    assert values(results[1], "prognos_utan_scenario_mnkr", "prognos_mnkr") == pytest.approx(
        [*without, without[0] + kr]
    )


def test_the_budget_moves_by_what_the_report_says(tmp_path, make_case):
    changes = [{**CHANGES["arenden"], "omrade": "Norra"}, CHANGES["flytt"], CHANGES["pris"]]
    case = make_case(changes, enhet="exempel_aldre", ar=2024)
    outcome = budget.study.study(case, answer.others(case)).outcome
    own = home_care.study.added(case, case.scenario)
    assert outcome.moved.kr == pytest.approx(own["ar"].sum())
    assert outcome.moved.kr_helar == pytest.approx(own["helar"].sum())
    effects = home_care.others.effects(case, case.scenario)
    assert set(effects.rows["effekt"]) == {"hemtjanst", "vobo"} and FULL_YEAR in set(effects.rows["manad"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"typ": "arenden", "omrade": "Nora", "antal": 5, "fran": "2024-02-01"}, "unknown_omrade"),
        ({"typ": "arenden", "omrade": "Norra", "antal": -50, "fran": "2024-02-01"}, "too_few"),
        ({**CHANGES["flytt"], "till_slag": "demens"}, "unknown_slag"),
        ({**CHANGES["arenden"], "fran": "2025-02-01"}, "moves_nothing"),
    ],
)
def test_changes_that_can_not_be_made_are_refused(tmp_path, change, code):
    rows, places = [home(m, 20, (600,)) for m in months()], [place("2024-01", dygn=31)]
    with pytest.raises(InputError) as caught:
        report(tmp_path, rows, places, [change], tom_manad=12)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_change_needs_an_insats_or_an_area_of_home_care(tmp_path):
    rows, wrong = [home("2024-01", 20, (600,))], {"typ": "arenden", "antal": 5, "fran": "2024-02-01"}
    for more in ({}, {"omrade": "Norra", "insats": "kontaktperson"}):
        with pytest.raises(InputError, match="ange antingen insats eller omrade"):
            report(tmp_path, rows, changes=[wrong | more], tom_manad=1)


def test_the_drivers_beat_the_ledgers_own_methods_on_the_sample(sample):
    """Held out are the eleven first months of 2023 and of 2024: only what was known then is read."""
    frame = sample.result.tabeller["traffsakerhet"].frame
    errors = dict(zip(frame["metod"], frame["medelfel_procent"], strict=True))
    assert set(errors) > {"Rak linje", "Förra årets väg", "Säsongsnaiv"}
    assert min(errors, key=errors.get) == "Drivare: volymer och priser" and errors["Drivare: volymer och priser"] < 0.2
    assert any("bättre än den bästa av utfallets egna metoder" in text for text in sample.result.sammanfattning)


def test_tables_of_a_part_of_what_is_budgeted_give_no_surplus(tmp_path, sample):
    """The sample's year is within 2 % of its budget; one area alone leaves most of it unused."""
    assert "i underskott mot budgeterad kostnad" in sample.result.sammanfattning[0]
    shutil.copytree(SAMPLE, tmp_path / "data")
    rows = pd.read_csv(SAMPLE / "hemtjanst.csv", dtype=str, keep_default_na=False)
    rows[rows["omrade"] == rows["omrade"].iloc[0]].to_csv(tmp_path / "data" / "hemtjanst.csv", index=False)
    (tmp_path / "data" / "vobo.csv").unlink()
    sources = load_sources(Folders((PARAMS,), tmp_path / "data"))
    first = ask(open_case("aldreomsorg", enhet="exempel_aldre", ar=2024, tom_manad=8, sources=sources)).result
    assert "i budgeten: stäm av att alla områden" in first.sammanfattning[0]
    assert not any("överskott" in text for text in first.sammanfattning)


def test_a_held_out_month_reads_nothing_later(tmp_path):
    """What is said of 2023 after March is the same whatever the tables say of later months."""
    case = open_case("aldreomsorg", enhet="exempel_aldre", ar=2024, tom_manad=12)
    rows = home_care.study.volume_rows(case)
    early = rows[rows["manad"] <= "2023-03"]
    whole, cut = (home_care.outside.said(case, 2023, home_care.year.grid(part))(3) for part in (rows, early))
    assert np.allclose(whole[0], cut[0])
    driven = home_care.others.driven(case, 2023, 3)
    parts = {name: cut[0][:12, cut[1].of(name)].sum() for name in ("hemtjanst", "vobo")}
    assert driven.kr.sum(axis=1).to_dict() == pytest.approx(parts)
    assert driven.moved["hemtjanst"] is None and len(driven.moved["vobo"]) == 3


PRICE = {2021: 443, 2022: 457, 2023: 471, 2024: HOUR}  # kr an hour; those before 2024 as the sample's rules have them


def with_ledger(folder, first: int, wrong: dict[int, float], **more):
    """1 000 cases of 30 hours all the time, and a ledger that differs from their cost in some years, per cent."""
    every = [m for ar in range(first, 2024) for m in months(ar=ar)] + months(3)
    placement = load_sources(Folders((PARAMS,), SAMPLE)).placement
    booked = [
        {"enhet": "provet", "manad": m, "budgetrad": placement.place("provet", "hemtjanst").budgetrad, "intakt_kr": 0}
        | {"kostnad_kr": 30_000 * PRICE[int(m[:4])] * (1 + wrong.get(int(m[:4]), 0) / 100)}
        for m in every
    ]
    (folder / "data").mkdir(exist_ok=True)
    pd.DataFrame(booked).to_csv(folder / "data" / "utfall.csv", index=False)
    return report(folder, [home(m, 1000, (30_000, 30_000, 30_000)) for m in every], **more).result


ENDS = ("prognos_lag_mnkr", "prognos_mnkr", "prognos_hog_mnkr")


def test_two_whole_years_give_a_range_and_one_gives_words(tmp_path):
    """174.6 mnkr, errors of 1 % and -1 %: t of two degrees of freedom at 0.8 is 1.886, and 1.886 % is 3.3, upwards 4.

    2021 has no year before it, and is not tried.
    """
    (tmp_path / "two").mkdir()
    found = with_ledger(tmp_path / "two", 2021, {2021: 20.0, 2022: 1.0, 2023: -1.0})
    assert values(found, *ENDS) == pytest.approx([170.6, 174.6, 178.6])
    said = " ".join(found.sammanfattning).replace("\u00a0", " ")
    assert "Åtta gånger av tio hamnar året på 170,6–178,6" in said
    (tmp_path / "one").mkdir()
    found = with_ledger(tmp_path / "one", 2022, {2023: -1.0})
    assert values(found, *ENDS) == [None, pytest.approx(174.6), None]
    assert found.nyckeltal["prognos_lag_mnkr"].saknas.startswith("prognosen kan prövas på ett helt år")
    assert "Inget spann anges: prognosen kan prövas på ett helt år" in " ".join(found.sammanfattning)


def test_the_range_is_as_rounded_as_the_prognosis(tmp_path):
    """One place: the year tells of few, so all three ends are whole mnkr and differ by what the range is."""
    found = with_ledger(
        tmp_path, 2021, {2022: 1.0, 2023: -1.0}, places=[place("2024-03", dygn=31)], spridning="ledning"
    )
    assert [found.nyckeltal[name].avrundat_till for name in ENDS] == [1.0, 1.0, 1.0]
    low, mid, high = values(found, *ENDS)
    assert mid - low == high - mid == int(mid - low) > 0


def test_the_sample_is_sized_like_the_published_unit_and_agrees_with_its_ledger(sample):
    """1 443 cases, 548 full months and 49 in service houses; 800.0 mnkr gross; the ledger is the volumes' cost."""
    study, result = sample
    assert values(result, "arenden_antal", "vobo_helmanader") == [1443, 548]
    assert result.tabeller["boende_per_manad"].frame["servicehus"].iloc[-1] == 49
    plan = study.case.unit_rows("budget").query("ar == 2024 and budgetrad == 'Totalt'")
    assert plan["kostnad_mnkr"].tolist() == [800.0]
    booked = study.case.unit_rows("utfall").query("budgetrad != 'Administration' and manad >= '2024'")["kostnad_kr"]
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(booked.sum() / 1e6, abs=0.001)
    assert all(check.ok for check in result.kontroller)


def test_the_published_groups_leave_570_only_if_they_do_not_overlap(sample):
    note = sample.result.tabeller["boende_per_manad"].note
    assert "570 är resten bara om grupperna inte överlappar, och 548 är helmånader och inte personer" in note


def test_small_areas_and_kinds_of_home_are_not_shown_to_others(tmp_path):
    rows = [home(m, 40, (900, 880, 860)) for m in months(3)] + [home("2024-03", 3, (60, 55, 50), omrade="Södra")]
    rows += [home("2024-03", 12, (240, 230, 220), omrade="Västra")]
    places = [place("2024-03", dygn=62), place("2024-03", "demens", dygn=310), place("2024-03", "profil", dygn=217)]
    shown = report(tmp_path, rows, places, spridning="ledning").result
    frame = shown.tabeller["per_omrade"].frame.set_index("omrade")
    hidden = ["arenden_antal", "beviljade_h", "bestallda_h", "utforda_h", "h_per_arende", "avvikelse"]
    assert frame.loc[["Södra", "Västra"], hidden].isna().all(axis=None)
    assert frame.loc["Totalt", "arenden_antal"] == 55
    homes = shown.tabeller["boende_per_manad"].frame
    assert homes[["somatisk", "profil"]].isna().all(axis=None) and homes["vobo_helmanader"].tolist() == [19]
    assert shown.nyckeltal["prognos_mnkr"].avrundat_till == 1.0
    money = shown.tabeller["prognos"].frame.set_index("slag").drop(columns=["forra_aret_mnkr", "skillnad_mnkr"])
    assert money.loc[["Somatiskt boende", "Profilboende", "Totalt"]].isna().all(axis=None)
    assert money.loc[["Hemtjänst dag, kväll och helg", "Demensboende"]].notna().all(axis=None)


def test_every_fault_of_the_tables_at_once(tmp_path):
    rows = [
        home("2024-01", 0, (50,)),
        home("2024-01", 20, (500,), omrade="Södra", arenden_over_99_h=6, arenden_99_h_eller_mer=5),
        home("2024-01", 4, (500,), omrade="Västra", arenden_over_99_h=5, arenden_99_h_eller_mer=5),
        home("2024-03", 20, (500,), tidsslag=""),
        home("2024-03", 20, (500,)),
        home("2024-04", 20, (500,), regi=""),
        home("2024-04", 20, (500,), omrade="Norra"),
    ]
    data = tmp_path / "data"
    data.mkdir()
    pd.DataFrame(rows).to_csv(data / "hemtjanst.csv", index=False)
    pd.DataFrame([place("2024-01", dygn=31), place("2024-01", regi="", dygn=31)]).to_csv(data / "vobo.csv", index=False)
    sources = load_sources(Folders((PARAMS,), data))
    said = [fault.text for fault in home_care.table_check.table_faults(sources.collection, sources.rules)]
    expected = (
        "0 ärenden men timmar",
        "6 ärenden över gränsen men 5",
        "fler ärenden på chefsnivå än de 4",
        "utan tidsslag",
    )
    expected += ("utan regi", "utan regi", "månader saknas för provet mitt i underlaget: 2024-02")
    assert len(said) == len(expected) and all(any(text in line for line in said) for text in expected)


def test_more_full_months_than_the_days_allow_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"helmanader"):
        report(tmp_path, [home("2024-03", 9, (90,))], [place("2024-03", dygn=31, helmanader=2)])


def test_a_month_that_the_table_lacks_is_refused(tmp_path):
    with pytest.raises(InputError, match="tabellen når till 2024-03"):
        report(tmp_path, [home("2024-03", 9, (90,))], tom_manad=4)


def test_the_break_even_hours_are_a_full_month_over_the_price_of_an_hour(tmp_path):
    result = report(tmp_path, [home("2024-03", 9, (90,))], [place("2024-03", dygn=31)]).result
    row = result.tabeller["brytpunkt"].frame.iloc[0]
    assert row["kr_per_manad"] == 31 * DAY and row["timmar_h"] == pytest.approx(31 * DAY / HOUR)


def test_plan_years_follow_the_population_only_where_a_table_has_it(tmp_path, sample):
    assert report(tmp_path, [home("2024-03", 9, (90,))]).result.tabeller["planar"].frame.empty
    study, result = sample
    frame = result.tabeller["planar"].frame
    assert len(frame) == 6 and frame["antal"].iloc[0] == 2400 + 2650 + 1980 + 1720
    grown = frame["kostnad_mnkr"] / frame["kostnad_mnkr"].iloc[0]
    assert np.allclose(grown, frame["antal"] / 8750)
    one = {"omrade": "Norra", "ar": 2024, "aldersgrupp": "80-", "antal": 2400, "underlag": "prognos", "kalla": "Prov"}
    pd.DataFrame([one]).to_csv(tmp_path / "data" / "befolkning.csv", index=False)  # a single year is no forecast
    assert report(tmp_path, [home("2024-03", 9, (90,))]).result.tabeller["planar"].frame.empty


def test_the_dials_say_what_a_report_says(make_case):
    case = make_case([CHANGES["timmar"]], enhet="exempel_aldre", ar=2024, tom_manad=8)
    done = home_care.study.study(open_case("aldreomsorg", enhet="exempel_aldre", ar=2024, tom_manad=8))
    board = home_care.explore.build(done)
    form = board.topic.groups[home_care.explore.HOURS][0]
    form.all_controls["h_per_arende_procent"].value = 10.0
    form.all_controls["fran"].value = date(2024, 7, 1)
    said = board.topic.compare([board.scenario]).table.frame.iloc[-1]
    result = home_care.view.year_in_kronor(home_care.study.study(case))
    assert said["skillnad_mnkr"] == pytest.approx(result.nyckeltal["skillnad_mnkr"].varde)


def test_the_latest_budget_that_is_known_is_held_against_the_year():
    place = SimpleNamespace(place=lambda unit, name: SimpleNamespace(budgetrad="Drift"))
    given = {"ar": 2024, "budgetrad": "Drift", "verksamhet": "", "version": ["vp", "t1"]}
    rows = pd.DataFrame(given | {"kostnad_mnkr": [10.0, 12.0], "intakt_mnkr": [1.0, 2.0]})
    case = SimpleNamespace(
        has_rows=lambda name: True,
        unit_rows=lambda name: rows,
        rule=lambda key: SimpleNamespace(varde={"vp": 0, "t1": 4}),
        sources=SimpleNamespace(placement=place),
        enhet="a",
    )
    found = [home_care.outside.budget(SimpleNamespace(case=case, ar=2024, tom=tom)) for tom in (3, 4)]
    assert found == [(10e6, 1e6), (12e6, 2e6)]


def test_last_year_is_whole_from_january_on():
    months = [f"2023-{month:02d}" for month in range(2, 13)]
    study = SimpleNamespace(ar=2024, hemtjanst={"manad": months})
    assert home_care.study.Study.earlier.func(study) is None


def test_one_case_has_hours_of_its_own():
    """30 hours a month of one case, all of a year."""
    cells = pd.DataFrame([("hemtjanst", "dag", "a", "kommunal")], columns=["effekt", "slag", "omrade", "regi"])
    ones = np.ones((12, 1))
    found = home_care.year.Grid("2024-01", cells, ones, 30 * ones, np.nan * ones, 1.0)
    assert home_care.year.year_of(found, 2024, 12, 12, 12).per[:12, 0].tolist() == [30.0] * 12


@pytest.mark.parametrize(("first", "tried"), [("2021-01", 2), ("2021-02", 1), ("2020-12", 2), ("2022-01", 1)])
def test_a_range_rests_on_years_that_have_a_whole_one_before_them(monkeypatch, first, tried):
    sure = home_care.sure
    monkeypatch.setattr(sure, "said_year", lambda study, year, tom: 100.0)
    known = home_care.year.Grid(*[None] * len(home_care.year.Grid.__dataclass_fields__))
    case = SimpleNamespace(rule=lambda name: SimpleNamespace(varde=3))
    study = SimpleNamespace(tom=8, ar=2024, lacks="", case=case, grid=replace(known, first=first))
    found = sure.sure(study, [(2022, 110.0), (2023, 105.0)])
    words = {1: "ett helt år", 2: "2 hela år"}[tried]
    assert (found.antal, words in found.why) == (tried, True)


def test_the_drivers_are_best_where_they_miss_least():
    held = home_care.outside.Held
    drivers, other = home_care.outside.DRIVERS, "rak"
    assert held({other: 2.0, drivers: 1.9}, 11, [2023]).best
    assert not held({other: 1.8, drivers: 1.9}, 11, [2023]).best


def test_hours_where_there_were_none_before_are_of_the_later_price():
    """Ten cases without an hour, then 20 hours at 100 kr: all of it is hours, none of it price or volume."""
    model = home_care.model
    index = pd.MultiIndex.from_tuples([("hemtjanst", "dag", "Norra", "kommunal")], names=model.CELL)
    before = pd.DataFrame({"antal": 10.0, "mangd": 0.0, "kr": 0.0}, index=index)
    after = before.assign(mangd=20.0, kr=2000.0)
    assert model.causes(before, after).loc["hemtjanst"].to_dict() == {"volym": 0, "slag": 0, "timmar": 2000, "pris": 0}
    back = model.causes(after, before).loc["hemtjanst"].to_dict()
    assert back == {"volym": 0, "slag": 0, "timmar": -2000, "pris": 0}
    dearer = model.causes(after, after.assign(antal=12.0, mangd=24.0, kr=2640.0)).loc["hemtjanst"].to_dict()
    assert dearer == pytest.approx({"volym": 400, "slag": 0, "timmar": 0, "pris": 240})  # 2 * 200 kr, 24 h * 10 kr


def test_places_that_moved_in_january_are_held_against_december(monkeypatch):
    module = home_care.others
    rows = [("2023-12", "somatisk", 10.0), ("2024-01", "somatisk", 12.5), ("2024-02", "somatisk", 12.5),
            ("2024-01", "demens", 3.0), ("2024-02", "demens", 1.0)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["manad", "slag", "antal"]).assign(effekt=module.HOMES)
    other = pd.DataFrame([("2024-01", "dag", 50.0, module.HOME)], columns=[*frame.columns])
    monkeypatch.setattr(module, "volume_rows", lambda case: pd.concat([frame, other]))
    moved = module._moved(None, 2024, 2)
    assert moved["somatisk"].to_dict() == {1: 3, 2: 0}  # two and a half more are at most three who came
    assert moved["demens"].to_dict() == {1: 0, 2: 2} and list(moved) == ["demens", "somatisk"]


def test_cases_of_exactly_the_limit_are_those_between_the_two_readings():
    rows = pd.DataFrame({"manad": ["2024-02", "2024-03", "2024-03"], "arenden_over_99_h": [np.nan, 4, 3]})
    rows = rows.assign(arenden_99_h_eller_mer=[5, 7, 5])
    people = SimpleNamespace(study=SimpleNamespace(case=SimpleNamespace(unit_rows=lambda name: rows)))
    found = home_care.people.Persons.delegated(people)
    assert found.to_numpy().tolist() == [[0, 0], [7, 5]] and list(found) == ["över", "precis"]


def test_the_level_is_that_of_the_last_months():
    """Two years of 10 but for a last December of 22.

    The trend is the mean rise from year to year, 12 / 12 = 1 a year; December's two values lie 12 apart, so that the
    last is (12 - 1) / 2 = 5.5 above the line. January lies 1.5 years after the middle of its own two: 10 + 1.5 + 5.5.
    """
    series = np.array([*[10.0] * 23, 22.0])[:, None]
    assert ahead(series, 1, 1, 24).ravel().tolist() == pytest.approx([17.0])
