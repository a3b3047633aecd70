"""The report on granted insatser: counts, flags in kronor, drivers, sexes, and that it shows no single person."""

import json
from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario

from planbok.analysis.chains import month_starts
from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.lss.insats_groups import by_insats
from planbok.topics import insatser
from planbok.topics.answer import answer
from planbok.topics.insatser.people import Persons
from planbok.topics.insatser.series import Series

COLUMNS = ("beslut", "person", "enhet", "insats", "niva", "regi", "fran", "till")
LEVEL_4 = 3402  # kr a day, group home in own management 2024, as the city printed it
COUNTS = ("lopande_antal", "nya_antal", "avslutade_antal", "omprovade_antal", "netto_antal")


def homes(count: int, fran: str, **more) -> list[dict]:
    """Decisions of as many persons in a group home at level 4."""
    cell = {"enhet": "provet", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "fran": fran}
    return [cell | {"person": f"{fran[:7]}-p{number}"} | more for number in range(count)]


def report(folder, rows: list[dict], spridning: str = "arbetsmaterial", changes: list[dict] | None = None, **more):
    """The answer on some decisions, under some changes."""
    frame = pd.DataFrame([{"beslut": f"beslut{number:04d}"} | row for number, row in enumerate(rows)])
    (folder / "data").mkdir(exist_ok=True)
    frame.to_csv(folder / "data" / "beslut.csv", index=False)
    if changes:
        write_scenario(folder / "params", "prov", changes)
    sources = load_sources(Folders((folder / "params", PARAMS), folder / "data"))
    given = {"enhet": "provet", "ar": 2024, "tom_manad": 9, "scenario": "prov" if changes else "bas"} | more
    return answer(open_case("insatser_manad", spridning=spridning, sources=sources, **given))


def sample(spridning: str, **more):
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 12} | more
    return answer(open_case("insatser_manad", spridning=spridning, **given))


@pytest.fixture(scope="module")
def working():
    return sample("arbetsmaterial")


@pytest.fixture(scope="module")
def management():
    return sample("ledning")


def test_months_follow_on_each_other_and_insatser_sum_to_the_unit(working):
    frame = working.result.tabeller["per_insats_manad"].frame
    assert frame["manad"].nunique() == 36
    for _, rows in frame.groupby("insats"):
        net = rows["nya_antal"] - rows["avslutade_antal"]
        assert (rows["netto_antal"] == net).all()
        assert (rows["lopande_antal"].diff().iloc[1:] == net.iloc[1:]).all()
    parts, whole = frame[frame["insats"] != "Totalt"], frame[frame["insats"] == "Totalt"]
    sums = parts.groupby("manad")[list(COUNTS)].sum()
    assert (sums.to_numpy() == whole.set_index("manad")[list(COUNTS)].to_numpy()).all()


def test_a_count_made_when_six_had_the_insats_stands_though_four_have_it_since_the_next_month(tmp_path):
    """January 2023 ends with 29 and 6 persons, 2 of the 6 leave in February: too few for the count to be made anew."""
    rows = [*homes(30, "2023-01-01", insats="daglig_verksamhet", niva=""), *homes(6, "2023-01-01")]
    rows = [row | {"person": f"person-p{number}"} for number, row in enumerate(rows)]
    rows[0] |= {"till": "2023-01-20"}
    for row in rows[-2:]:
        row |= {"till": "2023-02-15"}
    found = report(tmp_path, rows, "ledning", tom_manad=3).result.tabeller["forandring"].frame
    counts = dict(zip(found["insats"], found["lopande_antal"], strict=True))
    assert counts == {"daglig_verksamhet": 29, "gruppbostad": 6, "Totalt": 35}


def test_the_sample_as_the_file_says_it(working):
    """Counted here with pandas from the file: persons, decisions, and the year's decisions by their dates."""
    study, result = working
    rows = study.case.unit_rows("beslut")
    runs = rows[(rows["fran"] <= "2024-12-31") & ~(rows["till"] < "2024-12-31")]
    figures = result.nyckeltal
    assert figures["beslut_pagaende_antal"].varde == len(runs)
    assert result.fakta["personer_antal"].varde == runs["person"].nunique()
    assert result.fakta["lopande_antal"].varde == len(runs.drop_duplicates(["person", "insats"]))
    assert figures["beslut_fattade_antal"].varde == rows["beslutsdatum"].dt.year.eq(2024).sum()
    assert [check.namn for check in result.kontroller if not check.ok] == ["Tabellen beslut når fram till månaden"]


def test_the_measurement_days_see_the_same_persons(working):
    study, _ = working
    rows = study.case.unit_rows("beslut")
    for day in ("2024-03-31", "2024-08-27"):
        number = int(np.datetime64(day).astype("datetime64[D]").astype(int))
        runs = rows[(rows["fran"] <= day) & ~(rows["till"] < day)]
        assert study.chains.running_on(number).sum() == len(runs.drop_duplicates(["person", "insats"]))
    assert study.unlike_measured == 0


def test_a_renewal_is_neither_new_nor_ended(tmp_path):
    person = {"person": "renewed1"}
    rows = homes(1, "2024-01-01", till="2024-06-30", **person) + homes(1, "2024-07-01", **person)
    figures = report(tmp_path, rows).result.nyckeltal
    keys = ("beslut_nya_antal", "beslut_avslutade_antal", "beslut_omprovade_antal", "beslut_pagaende_antal")
    assert [figures[key].varde for key in keys] == [1, 0, 1, 1]


def test_a_flag_in_kronor_is_the_change_times_the_days(tmp_path):
    """20 persons at level 4 and six more from 1 September: 26 against 20, 92 days left of 366."""
    study, result = report(tmp_path, homes(20, "2023-01-01") + homes(6, "2024-09-01"))
    (row,) = result.tabeller["varningar"].records()
    assert (row["senaste_antal"], row["medel_antal"], row["forandring_procent"]) == (26, 20, 30)
    assert row["kr"] == result.nyckeltal["flaggade_kr"].varde == 6 * LEVEL_4 * 92
    assert row["helar_kr"] == result.nyckeltal["flaggade_helar_kr"].varde == 6 * LEVEL_4 * 366
    said = " ".join(result.sammanfattning).replace("\u00a0", " ")
    assert "Gruppbostad ökar: 26 mot i snitt 20,0 de 5 månaderna före (+30,0 %)" in said
    assert "+1,9 mnkr i år och +7,5 mnkr på helår" in said


def test_a_flag_uses_the_decisions_own_price(tmp_path):
    rows = homes(20, "2023-01-01", pris_kr_per_dygn=3000) + homes(6, "2024-09-01", pris_kr_per_dygn=3000)
    assert report(tmp_path, rows).result.nyckeltal["flaggade_helar_kr"].varde == 6 * 3000 * 366


def test_a_flag_in_hours_uses_the_price_of_the_hour(tmp_path):
    """Ten hours a month each, by day in own management: 12 months of six persons, at the printed price of the hour."""
    hours = {"insats": "ledsagning_avlosning", "niva": "", "timmar_per_manad": 10, "tidsslag": "dagtid"}
    study, result = report(tmp_path, homes(20, "2023-01-01", **hours) + homes(6, "2024-09-01", **hours))
    price = study.case.rule("lss_timpriser.ledsagning_avlosning.dagtid.kommunal", date(2024, 9, 30)).varde
    assert result.nyckeltal["flaggade_helar_kr"].varde == pytest.approx(6 * 10 * 12 * price)


def test_a_flag_without_a_price_has_no_kronor(tmp_path):
    contact = {"insats": "kontaktperson", "niva": ""}
    result = report(tmp_path, homes(20, "2023-01-01", **contact) + homes(6, "2024-09-01", **contact)).result
    assert result.nyckeltal["insatser_flaggade_antal"].varde == 1
    assert result.nyckeltal["flaggade_helar_kr"].saknas == "de flaggade insatserna har inget pris"


def test_nothing_is_flagged_without_months_enough_or_below_the_limit(tmp_path):
    result = report(tmp_path, homes(20, "2023-01-01") + homes(3, "2024-09-01")).result  # 15 %, but three persons
    assert result.nyckeltal["insatser_flaggade_antal"].varde == result.nyckeltal["flaggade_kr"].varde == 0
    assert "minst 15 % och 5 personer" in " ".join(result.sammanfattning).replace("\u00a0", " ")


def test_persons_are_counted_four_years_back_and_only_of_insatser_that_anyone_has_had_since(tmp_path):
    """Contact persons ended in 2015: the months are those from January 2020, and only the group home is counted."""
    rows = homes(6, "2018-01-01") + homes(6, "2012-01-01", insats="kontaktperson", niva="", till="2015-06-30")
    counts = by_insats(report(tmp_path, rows).study.case).antal
    assert list(counts.columns) == ["gruppbostad"]
    assert (counts.index[0], counts.iloc[0, 0]) == (date(2020, 1, 31), 6)


def test_an_insats_without_an_individual_assessment_is_never_counted(tmp_path):
    (tmp_path / "params" / "regler").mkdir(parents=True)
    text = (PARAMS / "regler" / "insatser_manad.yaml").read_text("utf-8")
    text = text.replace("{oppen_verksamhet: Öppen verksamhet}", "{kontaktperson: Kontaktperson}")
    (tmp_path / "params" / "regler" / "insatser_manad.yaml").write_text(text, "utf-8")
    rows = homes(8, "2023-01-01") + homes(9, "2023-02-01", insats="kontaktperson", niva="")
    result = report(tmp_path, rows).result
    assert result.nyckeltal["beslut_pagaende_antal"].varde == 8
    assert set(result.tabeller["forandring"].frame["insats"]) == {"gruppbostad", "Totalt"}


def test_without_dates_and_sex_the_parts_say_so_and_are_never_zero(tmp_path):
    result = report(tmp_path, homes(8, "2023-01-01")).result
    assert result.nyckeltal["beslut_fattade_antal"].varde is None
    assert "beslutsdatum" in result.nyckeltal["beslut_fattade_antal"].saknas
    assert result.tabeller["beslut_per_manad"].frame["summa_antal"].isna().all()
    assert result.tabeller["fordelning_kon"].frame.empty
    assert "Underlag saknas" in result.tabeller["fordelning_kon"].note


def test_decisions_some_of_which_have_no_date_are_said(tmp_path):
    rows = homes(5, "2024-03-01", beslutsdatum="2024-02-10") + homes(2, "2024-04-01")
    result = report(tmp_path, rows).result
    assert result.nyckeltal["beslut_fattade_antal"].varde == 5
    (check,) = [check for check in result.kontroller if check.namn == "Alla beslut har beslutsdatum"]
    assert check.ok is False and "saknar beslutsdatum" in check.forklaring


def test_what_moved_the_cost_by_hand(tmp_path):
    """Ten persons at level 4 both years, one more from 1 September: 30 days more, and 2024 has a leap day."""
    study, result = report(tmp_path, homes(10, "2022-01-01") + homes(1, "2024-09-01"))
    row = result.tabeller["drivare"].records()[0]
    price = {
        year: study.case.rule("lss_peng.ersattning.gruppbostad.kommunal.4", date(year, 1, 1)).varde
        for year in (2023, 2024)
    }
    before, after = 10 * 273, 10 * 274 + 30
    assert row["fore_kr"] == before * price[2023] and row["nu_kr"] == after * price[2024]
    assert row["volym_kr"] == pytest.approx((after - before) * price[2023])
    assert row["pris_kr"] == pytest.approx(after * (price[2024] - price[2023]))
    assert row["niva_kr"] == pytest.approx(0, abs=0.01)


def test_whom_a_comparison_of_cost_tells_of(tmp_path):
    """By hand, the year's last day 30 September: a decision renewed in the same cell, and one that ends with the
    period, move no amount; who comes on the first day or the last does. The budget knew those of 27 August 2023.
    """
    rows = homes(9, "2022-01-01") + homes(2, "2023-01-01") + homes(3, "2024-03-01") + homes(1, "2024-09-30")
    rows += homes(1, "2022-02-01", till="2024-06-30") + homes(4, "2022-03-01", till="2024-09-30")
    for n, levels in enumerate([(3, 4), (3, 4), *[(4, 4)] * 6]):
        first = homes(1, "2022-01-01", till="2024-06-30", niva=levels[0], person=f"changed{n}")
        rows += first + homes(1, "2024-07-01", niva=levels[1], person=f"changed{n}")
    back = {"person": "a_day_off1"}  # one day without a decision: has left and come
    rows += homes(1, "2022-01-01", till="2024-05-30", **back) + homes(1, "2024-06-01", **back)
    study = report(tmp_path, rows).study
    found = insatser.people.Persons(study).differing[""]
    assert study.compared_since == {"Samma månader 2023": date(2023, 1, 1), insatser.study.KNOWN: date(2023, 8, 28)}
    came = 3 + 1 + 1  # left, and got another level: the same since each day
    assert found.tolist() == [2 + came, 1 + 1, 2, came, 1 + 1, 2]
    kinds = ("nya", "avslutade", "ändrade")
    for name in study.compared_since:
        assert insatser.people.Persons(study).differ(name) == tuple(("skiljer", ((name, kind), "")) for kind in kinds)


def test_a_level_drift_is_told_apart_from_numbers(tmp_path):
    """Nobody comes or goes; one of ten goes from level 3 to 4 on 1 July: 92 days at the difference of the prices."""
    step = {"person": "drifted1"}
    rows = homes(9, "2022-01-01") + homes(1, "2022-01-01", niva=3, till="2024-06-30", **step)
    study, result = report(tmp_path, [*rows, *homes(1, "2024-07-01", **step)])
    row = result.tabeller["drivare"].records()[1]  # against the decisions that the budget knew, at the same prices
    low = study.case.rule("lss_peng.ersattning.gruppbostad.kommunal.3", date(2024, 1, 1)).varde
    assert (row["volym_kr"], row["pris_kr"]) == pytest.approx((0, 0), abs=0.01)
    assert row["niva_kr"] == pytest.approx(92 * (LEVEL_4 - low))


def test_a_scenarios_persons_are_in_the_series_and_can_be_flagged(tmp_path):
    add = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 6, "fran": "2024-09-01"}
    study, result = report(tmp_path, homes(20, "2023-01-01"), changes=[add | {"till": "2024-10-31"}])
    assert study.series.running[-1].sum() == 26 and study.bas.running[-1].sum() == 20
    assert result.nyckeltal["beslut_nya_antal"].varde == 6
    assert result.nyckeltal["flaggade_helar_kr"].varde == 6 * LEVEL_4 * 366


def test_more_than_there_are_cannot_leave(tmp_path):
    leave = {"typ": "volym", "insats": "gruppbostad", "antal": -21, "fran": "2024-09-01"}
    with pytest.raises(InputError, match="behöver 21 personer i gruppbostad från 2024-09-01, men 20 har"):
        report(tmp_path, homes(20, "2023-01-01"), changes=[leave])


def test_another_share_flags_less_and_an_insats_may_have_one_of_its_own(tmp_path):
    share = {"typ": "regel", "regel": "varning.andel_procent", "varde": 31, "fran": "2024-01-01"}
    rows = homes(20, "2023-01-01") + homes(6, "2024-09-01")
    assert report(tmp_path, rows, changes=[share]).result.nyckeltal["insatser_flaggade_antal"].varde == 0
    folder = tmp_path / "params" / "regler"
    folder.mkdir()
    rule = {
        "titel": "Egen",
        "mattenhet": "procent",
        "varden": [{"varde": 31, "underlag": "antagande", "kalla": "prov"}],
    }
    (folder / "egen.yaml").write_text(json.dumps({"varning.andel_procent.gruppbostad": rule}), "utf-8")
    assert report(tmp_path, rows).result.nyckeltal["insatser_flaggade_antal"].varde == 0


def test_a_month_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InputError, match="tom_manad ska vara 1–12"):
        report(tmp_path, homes(1, "2023-01-01"), tom_manad=13)


def test_the_management_sees_no_small_insats_and_no_row_between_which_few_have_moved(working, management):
    shown = management.result.tabeller["forandring"].frame
    whole = working.result.tabeller["forandring"].frame
    small = set(whole.loc[whole["lopande_antal"].between(1, 4), "insats"])
    assert small and shown.loc[shown["insats"].isin(small), "lopande_antal"].isna().all()
    for key in ("nya_antal", "avslutade_antal", "lopande_antal"):
        assert not shown[key].between(1, 4).any()
    periods = management.result.tabeller["per_insats_manad"].frame
    assert set(periods.columns) >= {"insats", "manad", "lopande_antal"}
    moves = working.result.tabeller["per_insats_manad"].frame.assign(
        moved=lambda f: f["nya_antal"] + f["avslutade_antal"]
    )
    for insats, rows in periods.groupby("insats"):
        ends = rows["manad"].str[:7].tolist()  # the months in which it was counted
        months = moves[moves["insats"] == insats].set_index("manad")["moved"]
        for first, last in pairwise(ends):
            moved = months[(months.index > first) & (months.index <= last)].sum()
            assert moved == 0 or moved >= 5, (insats, first)


def test_two_new_persons_are_not_told_apart_from_the_eight_before_them(tmp_path):
    """40 since 2022, 8 new in February and 2 in June: others than the unit see 8 and 48 until 5 have moved."""
    rows = homes(40, "2022-01-01") + homes(8, "2024-02-01") + homes(2, "2024-06-01")
    for audience, new, running in (("arbetsmaterial", 10, 50), ("ledning", 8, 48)):
        figures = report(tmp_path, rows, audience).result.nyckeltal
        assert figures["beslut_nya_antal"].varde == new
        assert figures["beslut_pagaende_antal"].varde == running


def test_a_scenarios_persons_are_never_said_to_run_on_an_earlier_day(tmp_path):
    """Nine since 2021, counted then; five come in March 2024."""
    came = [{"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 5, "fran": "2024-03-01"}]
    rows = homes(9, "2021-01-01")
    bas, more = (report(tmp_path, rows, "ledning", changes=changes).result for changes in (None, came))
    assert bas.sammanfattning[0].startswith("Den 31 januari 2021 löpte 9 insatser, lika många som rapporten")
    assert more.sammanfattning[0].replace("\N{NO-BREAK SPACE}", " ") == (
        "Med scenariot löper 14 insatser, 5 fler än rapporten för ett år sedan visar, för 14 personer. Utan det "
        "räknades de senast den 31 januari 2021: få har ändrats sedan dess."
    )
    assert more.nyckeltal["beslut_pagaende_antal"].etikett == "Beslut som löper 31 januari 2021, med scenariot"


def test_two_who_are_new_in_the_last_month_only_are_withheld_and_not_none(tmp_path):
    rows = homes(40, "2022-01-01") + homes(2, "2024-09-01")
    for audience, new in (("arbetsmaterial", 2), ("ledning", None)):
        assert report(tmp_path, rows, audience).result.nyckeltal["beslut_nya_antal"].varde == new


def test_a_units_counts_are_the_same_after_another_units_report(tmp_path):
    """Nobody has moved in either: four persons who have seven insatser are too few, seven are not."""
    kinds = [("gruppbostad", 3), ("kontaktperson", 4)]
    rows = [
        homes(1, "2020-01-01", enhet=enhet, insats=insats, niva=4 if insats == "gruppbostad" else "", person=person)[0]
        for enhet, same in (("fyra_i_allt", True), ("sju_i_allt", False))
        for insats, count in kinds
        for person in (f"{enhet}-p{number if same else insats[0] + str(number)}" for number in range(count))
    ]
    shown = [
        report(tmp_path, rows, "ledning", enhet=enhet).result.nyckeltal["beslut_pagaende_antal"].varde
        for enhet in ("sju_i_allt", "fyra_i_allt", "sju_i_allt")
    ]
    assert shown == [7, None, 7]


def test_decisions_count_once_in_the_month_that_they_were_taken(tmp_path):
    decided = {"2024-03-01": (3, "2024-02-12"), "2024-04-01": (6, "2024-03-05"), "2023-06-01": (2, "2023-05-05")}
    rows = [row for fran, (count, day) in decided.items() for row in homes(count, fran, beslutsdatum=day)]
    counted = Persons(report(tmp_path, rows).study).decided
    assert counted.ravel().tolist() == [0, 3, 6, 0, 0, 0, 0, 0, 0]  # January to September


def test_the_flag_is_shown_to_the_management_and_single_months_are_not(management):
    """Eight have come since November; which month it stood at last is kept, so that no two reports tell of fewer."""
    said = " ".join(management.result.sammanfattning).replace("\N{NO-BREAK SPACE}", " ")
    assert "Kontaktperson ökar mycket: minst 15 % och 5 personer mot snittet de 5 månaderna före" in said
    (row,) = management.result.tabeller["varningar"].records()
    assert (row["insats"], row["senaste_antal"]) == ("kontaktperson", None)
    keys = [column.key for column in management.result.tabeller["per_insats_manad"].columns]
    assert keys == ["insats_namn", "manad", "lopande_antal"]
    assert [c.key for c in management.result.tabeller["beslut_per_manad"].columns] == ["insats_namn", "summa_antal"]


@pytest.mark.parametrize(
    ("women", "men", "shown", "indexed"), [(4, 30, False, False), (6, 30, True, False), (21, 30, True, True)]
)
def test_women_and_men_are_shown_from_five_of_both_and_kronor_as_an_index_from_twenty(
    tmp_path, women, men, shown, indexed
):
    rows = homes(women, "2023-01-01", kon="kvinna") + homes(men, "2023-02-01", kon="man", niva=3)
    frame = report(tmp_path, rows, "ledning").result.tabeller["fordelning_kon"].frame
    frame = frame[frame["grupp"] == "boende"].set_index("kon")
    assert frame["antal"].notna().tolist() == [shown] * 2
    assert frame["kr_index"].notna().tolist() == [indexed] * 2
    if indexed:
        assert frame["antal"].to_dict() == {"kvinna": 21, "man": 30}
        low, high = 2737, LEVEL_4
        unit = (21 * high + 30 * low) / 51
        assert frame["kr_index"].to_dict() == {"kvinna": round(100 * high / unit), "man": round(100 * low / unit)}


def test_women_and_men_stand_as_when_enough_had_come_and_the_month_is_said(tmp_path):
    """Ten of each since January; six women come in March and two in May, who are counted once more have come."""
    rows = homes(10, "2023-01-01", kon="kvinna") + homes(10, "2023-02-01", kon="man")
    rows += homes(6, "2024-03-01", kon="kvinna") + homes(2, "2024-05-01", kon="kvinna")
    frame = report(tmp_path, rows, "ledning", tom_manad=6).result.tabeller["fordelning_kon"].frame
    shown = frame.set_index(["grupp", "kon"])[["antal", "raknat"]]
    for group in ("boende", "alla"):
        assert shown.loc[(group, "kvinna")].tolist() == [16, "mars"]
        assert shown.loc[(group, "man")].tolist() == [10, "januari"]
    exact = report(tmp_path, rows, tom_manad=6).result.tabeller["fordelning_kon"].frame
    assert exact.set_index(["grupp", "kon"])["antal"].loc[[("boende", "kvinna"), ("alla", "man")]].tolist() == [18, 10]


def test_the_button_puts_the_flag_on_the_dials(tmp_path):
    from planbok.topics.insatser import explore

    study = report(tmp_path, homes(20, "2023-01-01") + homes(6, "2024-09-01")).study
    board = explore.build(study)
    board.open(explore.flagged_scenario(study, study.flags[0]))
    (numbered,) = board.scenario
    change = numbered.change
    assert (change.typ, change.insats, change.niva, change.regi, change.antal) == (
        "volym",
        "gruppbostad",
        4,
        "kommunal",
        6,
    )
    assert change.fran == date(2024, 10, 1) and not board.state.kept


def test_the_figures_say_the_numbers(management):
    figures = [getattr(insatser.figures, name)(management.result) for name in ("running_figure", "change_figure")]
    titles = [figure.layout.meta["title"] for figure in figures]
    assert titles[0] == "Kontaktperson: 32 löpande när de senast räknades, februari 2024"
    assert titles[1] == "Mest på ett år har kontaktperson ändrats: 3 fler"  # 32, and 29 since July the year before
    (line,) = figures[0].data  # every month, as long as the others are, with what stood then
    assert list(line.y) == [32] * 11 + [29] * 14 + [32]  # counted in January and December 2022, and February 2024


def hours(count: int, fran: str, each: int = 20, **more) -> list[dict]:
    """Decisions of as many persons who have escort by the hour in the daytime."""
    cell = {"enhet": "provet", "insats": "ledsagning_avlosning", "niva": "", "regi": "kommunal", "fran": fran}
    row = cell | {"timmar_per_manad": each, "tidsslag": "dagtid"} | more
    return [row | {"person": f"{fran[:7]}-h{number}"} for number in range(count)]


def hour_price(insats: str, tidsslag: str, regi: str) -> float:
    """kr an hour in 2024, as the city's list has it."""
    frame = pd.read_csv(PARAMS / "regler" / "lss_timpriser.csv")
    row = frame[(frame["ar"] == 2024) & (frame["insats"] == insats) & (frame["tidsslag"] == tidsslag)]
    return float(row[row["regi"] == regi]["kr_per_timme"].iloc[0])


def test_granted_hours_drive_the_prognosis_by_what_was_known(tmp_path):
    """Ten persons at 20 hours a month, and five more from 1 August, at the city's price of an hour."""
    rows = hours(10, "2020-01-01") + hours(5, "2024-08-01") + homes(3, "2020-01-01")
    case = report(tmp_path, rows).study.case
    driven = insatser.others.driven
    hour = hour_price("ledsagning_avlosning", "dagtid", "kommunal")
    july, august = driven(case, 2024, 7), driven(case, 2024, 8)
    assert july.kr.loc["ersattning"].tolist() == pytest.approx([10 * 20 * hour] * 12)
    assert august.kr.loc["ersattning"].tolist() == pytest.approx([10 * 20 * hour] * 7 + [15 * 20 * hour] * 5)
    assert august.moved["ersattning"].loc[8].to_dict() == {"in": 5, "ut": 0, "omprovade": 0}
    assert driven(report(tmp_path, homes(3, "2020-01-01")).study.case, 2024, 7).kr.empty


@pytest.mark.parametrize(("own_table", "kept"), [(False, [0, 1, 3]), (True, [1, 3])])
def test_assistance_is_paid_by_its_decisions_only_where_it_has_no_table_of_its_own(own_table, kept):
    """Assistance and escort by the hour, a group home with peng and one in an insats without, all with a price."""
    from planbok.topics.insatser.others import _paid

    insatser_ = ["personlig_assistans", "ledsagning_avlosning", "gruppbostad", "korttidsvistelse"]
    rows = pd.DataFrame({"insats": insatser_, "timmar_per_manad": [40.0, 20.0, np.nan, np.nan], "nr": range(4)})
    rule = SimpleNamespace(varde=["gruppbostad"])
    case = SimpleNamespace(rule=lambda name: rule, has_rows=lambda name: own_table)
    assert _paid(case, rows.assign(pris_kr_per_dygn=2000.0))["nr"].tolist() == kept


def test_who_ran_before_the_first_month_and_the_months_since_one():
    """Three ran on 31 January; in February one came and two left, in March two came: 2 and 4 run."""
    new, ended = np.array([[1], [2]]), np.array([[2], [0]])
    none = np.zeros((2, 1))
    found = Series(["boende"], ["2024-02", "2024-03"], none, np.array([[2], [4]]), new, ended, none, none, none, none)
    assert found.before.tolist() == [3]
    assert found.running[found.since("2024-03")].tolist() == [[4]]


def test_a_change_moves_the_series_of_its_own_unit_where_there_are_persons_enough(tmp_path):
    """Contact persons give no peng: six of them can leave once, not seven; and those of another unit move nothing."""
    rows = homes(6, "2023-01-01", insats="kontaktperson", niva="")
    rows += homes(1, "2022-01-01", enhet="andra")
    leave = {"typ": "volym", "insats": "kontaktperson", "fran": "2024-03-01"}
    found = {}
    for name, change in {"all": {"antal": -6}, "more": {"antal": -7}, "other": {"antal": 6, "enhet": "andra"}}.items():
        pd.DataFrame([{"beslut": f"b{n}"} | row for n, row in enumerate(rows)]).to_csv(tmp_path / "beslut.csv")
        write_scenario(tmp_path / "params", "prov", [leave | change])
        sources = load_sources(Folders((tmp_path / "params", PARAMS), tmp_path))
        case = open_case("insatser_manad", enhet="provet", ar=2024, tom_manad=9, scenario="prov", sources=sources)
        found[name] = len(insatser.others.effects(case, case.scenario).moved)
    assert found == {"all": 1, "more": 0, "other": 0}


def test_a_decision_runs_from_its_first_day_to_its_last():
    """1 March 2024 is day 19 783 since 1970, and 2 April the first day after it."""
    chains = SimpleNamespace(row_first=np.array([19_783]), row_end=np.array([19_815]))
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 4, 1), date(2024, 4, 2)]
    found = [insatser.study.Study.runs_on(SimpleNamespace(chains=chains), day).item() for day in days]
    assert found == [False, True, True, False]


def test_who_comes_to_the_last_of_june_is_there_that_day(tmp_path):
    come = {"typ": "volym", "insats": "kontaktperson", "antal": 5, "fran": "2024-03-01", "till": "2024-06-30"}
    rows = homes(20, "2023-01-01", insats="kontaktperson", niva="")
    frame = report(tmp_path, rows, changes=[come], tom_manad=7).result.tabeller["per_insats_manad"].frame
    frame = frame[frame["insats"].eq("Totalt")].set_index("manad")["lopande_antal"]
    assert frame[["2024-02", "2024-05", "2024-06", "2024-07"]].tolist() == [20, 25, 25, 20]


def test_a_month_without_days_costs_nothing_though_it_has_no_price():
    """One decision had a price of its own and has ended, another goes on without any in the list: days, no kronor."""
    from planbok.topics.insatser.cost import costed

    rows = pd.DataFrame({"insats": "stod", "fran": ["2024-01-01", "2024-02-10"], "till": ["2024-01-31", "2024-02-19"]})
    rows = rows.assign(fran=pd.to_datetime(rows["fran"]), till=pd.to_datetime(rows["till"]), timmar_per_manad=np.nan)
    price = {date(2024, 1, 1): np.array([100.0, np.nan]), date(2024, 2, 1): np.array([np.nan, 200.0])}
    prices = SimpleNamespace(
        rows=rows,
        hourly=np.zeros(2, bool),
        cells=pd.Index(["a"]),
        cell=np.array([0, 0]),
        on=price.get,
    )
    case = SimpleNamespace(rule=lambda key: SimpleNamespace(varde={}))
    found = costed(case, prices, ["2024-01", "2024-02"]).cells.loc["a"]
    assert found.to_dict() == {"dygn": 31 + 10, "kr": 31 * 100.0 + 10 * 200.0}


@pytest.mark.parametrize(("ended", "shown"), [(None, 12), ("2024-06-30", 12), ("2023-07-31", 12), ("2023-06-30", 13),
                                               ("2021-08-31", 35), ("2021-07-31", 36), ("2019-01-31", 36)])  # fmt: skip
def test_the_table_goes_back_to_the_first_decision_that_has_ended(ended, shown):
    case = SimpleNamespace(rule=lambda key: SimpleNamespace(varde=36))
    rows = pd.DataFrame({"till": pd.to_datetime([None, ended, "2024-05-31" if ended else None])})
    assert insatser.study.FEWEST_MONTHS == 12
    assert insatser.study._months_shown(case, rows, "2024-06") == shown


def test_persons_of_a_scenario_come_and_go_in_every_count_of_the_series():
    """Two more from 2 February to 31 March, and from April one less: counted at the end of each month."""
    from planbok.analysis.chains import month_starts
    from planbok.topics.insatser.series import TooFewError, moved

    months, ten = ["2024-01", "2024-02", "2024-03", "2024-04"], np.full((4, 1), 10.0)
    series = Series(["stod"], months, month_starts("2024-04", 4), *[ten] * 6, np.full(4, 30.0))

    def numbered(antal, fran, till=None):
        change = SimpleNamespace(typ="volym", enhet="", insats="stod", antal=antal, fran=fran, till=till)
        return SimpleNamespace(change=change)

    more = numbered(2, date(2024, 2, 2), date(2024, 3, 31))
    found = moved(series, [more, numbered(-1, date(2024, 4, 1))], "provet")
    assert found.persons.tolist() == [30, 32, 32, 29]
    assert found.running[:, 0].tolist() == found.decisions[:, 0].tolist() == [10, 12, 12, 9]
    assert (found.new[:, 0].tolist(), found.ended[:, 0].tolist()) == ([10, 12, 10, 10], [10, 10, 10, 13])
    assert moved(series, [numbered(-10, date(2024, 4, 30))], "provet").running[-1, 0] == 0
    with pytest.raises(TooFewError) as few:
        moved(series, [numbered(-11, date(2024, 4, 30))], "provet")
    assert few.value.there == 10


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ({}, True),
        ({"enhet": "annan"}, False),
        ({"insats": "gruppbostad"}, False),  # gives peng: LSS-peng's
        ({"antal": -2}, True),
        ({"antal": -3}, False),  # more than there are
        ({"antal": -2, "fran": date(2024, 6, 30)}, True),
        ({"antal": -2, "fran": date(2024, 7, 1)}, False),  # the day after one has ended
        ({"fran": date(2025, 1, 1)}, False),
        ({"typ": "regel", "fran": date(2024, 12, 1)}, True),
        ({"typ": "regel", "fran": date(2024, 12, 2)}, False),  # no month's report has it
        ({"typ": "regel", "fran": date(2025, 1, 1)}, False),
    ],
)
def test_what_moves_the_series_and_nobodys_kronor(monkeypatch, change, moves):
    from planbok.topics.insatser import others

    rows = pd.DataFrame({"person": ["p1", "p2", "p1"], "insats": ["stod", "stod", "annat"]})
    days = {"fran": pd.to_datetime(["2024-01-01"] * 3), "till": pd.to_datetime([None, "2024-06-30", None])}
    monkeypatch.setattr(others, "decided", lambda case: rows.assign(**days))
    given = {"typ": "volym", "enhet": "", "insats": "stod", "antal": 1, "fran": date(2024, 3, 1)} | change
    case = SimpleNamespace(ar=2024, enhet="provet", rule=lambda key: SimpleNamespace(varde={"gruppbostad": {}}))
    given_change = SimpleNamespace(**given, starts=given["fran"], ends=None)
    assert bool(others._moves(case, given_change)) is moves


def test_women_and_men_are_the_parts_of_each_group_and_the_groups_those_of_all_of_a_sex(monkeypatch):
    from planbok.topics.insatser import people

    rows = [(1, "boende", "kvinna", 5), (2, "boende", "man", 7), (1, "alla", "kvinna", 5), (2, "alla", "kvinna", 6),
            (2, "alla", "man", 7), (1, "vardag", "man", 2)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["manad", "grupp", "kon", "antal"])
    monkeypatch.setattr(people, "shares", lambda study: frame)
    found = people.Persons._by_sex(SimpleNamespace(study=SimpleNamespace(tom_manad=2)), "antal")
    sexes = ("kvinna", "man", "okänt")
    assert list(found.antal) == [
        (group, sex) for group in ("boende", "alla") for sex in sexes
    ]  # whom the last month has
    assert found.antal.to_numpy().tolist() == [[5, 0, 0, 5, 0, 0], [0, 7, 0, 6, 7, 0]]
    by_group = [frozenset((group, sex) for sex in sexes) for group in ("boende", "alla")]
    assert list(found.sums) == [*by_group, *(frozenset({("boende", sex)}) for sex in sexes)]


def test_whom_a_flag_in_kronor_tells_of_are_those_with_a_price_each_at_their_share():
    """Two at 100 kr and one at 200 kr a day, one without a price: half a person more in ten days is their mean."""
    from planbok.topics.insatser.people import Persons

    flag = SimpleNamespace(
        prices=np.array([100.0, 200.0, np.nan, 100.0]), cell=np.array([7, 3, 7, 7]), change=0.5, insats="stod"
    )
    (priced,) = Persons.flagged(None, flag, 10)
    assert priced.antal.tolist() == [1, 2] and priced.grupp.tolist() == ["stod", "stod"]
    assert priced.pris.tolist() == pytest.approx([200 * 0.5 * 10 / 3, 100 * 0.5 * 10 / 3])
    assert float(priced.antal @ priced.pris) == pytest.approx(0.5 * 10 * 400 / 3)


def test_what_is_hidden_at_a_months_end_is_what_is_known_then():
    """A day is known on itself; before the first day that is looked at, what is hidden on it."""
    from planbok.topics.insatser.steady import _closed

    days = (date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 15))
    by_day = {day: frozenset({f"{day:%m-%d}"}) for day in days}
    found = _closed(by_day, month_starts("2024-04", 6))
    assert [text for (text,) in found] == ["12-31", "12-31", "01-31", "02-29", "03-31", "04-15"]
