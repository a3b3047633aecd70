"""The month's prognosis as read from tables: bad input, versions, earlier runs, closed months, how good it is."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import replace_in
from follow_up_tables import AR, UNIT, month_result, open_month, published, write_tables

from planbok.analysis.earlier import Earlier
from planbok.base.errors import InputError
from planbok.base.workspace import ENV_EARLIER, PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.case.reconciled import Agreement
from planbok.case.topic import Others, no_effects
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import protect
from planbok.inputs.tables.collection import Collection
from planbok.report.handover import as_json
from planbok.topics import answer, follow_up
from planbok.topics.follow_up import accuracy
from planbok.topics.follow_up.books import SIGN, outturn_faults
from planbok.topics.follow_up.explain import closed_months, last_prognosis

ROWS = {"Vård": {"budget": 144.8, "utfall": [12.5] * 4}, "Hyror": {"budget": 6.0, "utfall": [0.5] * 4}}
MEASURE = {"typ": "atgard", "namn": "A", "budgetrad": "Vård", "sida": "kostnad", "kr_per_manad": -80_000}


def faults(tmp_path, tom=4, **more) -> list:
    with pytest.raises(InputError) as caught:
        month_result(tmp_path, tom, **more)
    return caught.value.faults


def outturn_of(tmp_path, rows: dict = ROWS):
    return write_tables(tmp_path / "data", rows) / "utfall.csv"


def without_line(path, start: str) -> None:
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    path.write_text("\n".join(kept), "utf-8")


def test_a_month_missing_in_the_middle_is_refused(tmp_path):
    without_line(outturn_of(tmp_path), f"{UNIT},{AR}-02,Vård")
    (fault,) = faults(tmp_path)
    assert fault.code == "missing_month"
    assert "Vård saknar februari" in fault.text


def test_the_last_month_missing_is_refused_unless_its_invoices_are_late(tmp_path):
    without_line(outturn_of(tmp_path), f"{UNIT},{AR}-04,Hyror")
    assert "Hyror saknar april" in faults(tmp_path)[0].text
    late = {"uppfoljning.slap_manader": {"alla": 0, UNIT: {"Hyror": 1}}}
    _, result = month_result(tmp_path, 4, rules=late)
    found = result.tabeller["prognos"].frame.set_index("budgetrad")
    assert found.loc["Hyror", "prognos_mnkr"] == pytest.approx(6.0)
    said = result.tabeller["metoder"].frame.set_index("budgetrad").loc["Hyror", "varfor"]
    assert "delat med 3 månader, som fakturorna kommer 1 mån sent" in said
    assert any("aprilfakturorna för Hyror har inte kommit än" in text for text in result.sammanfattning)


def test_a_month_twice_is_refused(tmp_path):
    path = outturn_of(tmp_path)
    path.write_text(path.read_text("utf-8") + f"\n{UNIT},{AR}-02,Vård,1,0,", "utf-8")
    (fault,) = faults(tmp_path)
    assert fault.code == "duplicate_row"


def test_outturn_for_a_row_that_the_budget_lacks_is_refused(tmp_path):
    path = outturn_of(tmp_path)
    path.write_text(path.read_text("utf-8").replace(",Hyror,", ",Hyra,"), "utf-8")
    found = faults(tmp_path)
    assert {fault.code for fault in found} == {"unknown_row", "row_without_outturn"}
    assert [fault.line for fault in found if fault.code == "row_without_outturn"] == [0]  # no row of the file lacks it
    assert "Menade du 'Hyror'" in next(f.text for f in found if f.code == "unknown_row")


def test_operations_that_budget_and_outturn_do_not_share_are_refused(tmp_path):
    rows = {"Drift": {"budget": 10}, "Drift / Norr": {"budget": 6, "utfall": [0.5]}, "Drift / Söder": {"budget": 4}}
    write_tables(tmp_path / "data", {**rows, "Drift / Norrr": {"utfall": [0.1]}})
    found = faults(tmp_path, 1)
    assert {fault.code for fault in found} == {"unknown_part", "part_without_outturn"}
    assert {fault.line for fault in found if fault.code == "part_without_outturn"} == {0}
    assert "Menade du 'Norr'" in next(f.text for f in found if f.code == "unknown_part")


def test_every_fault_is_said_at_once(tmp_path):
    path = outturn_of(tmp_path)
    without_line(path, f"{UNIT},{AR}-02,Vård")
    without_line(path, f"{UNIT},{AR}-03,Hyror")
    path.write_text(path.read_text("utf-8") + f"\n{UNIT},{AR}-01,Annat,1,0,", "utf-8")
    assert [f.code for f in sorted(faults(tmp_path), key=lambda f: f.code)] == [
        "missing_month",
        "missing_month",
        "missing_month",
        "unknown_row",
    ]


def test_check_finds_the_same_faults_without_a_run(tmp_path):
    path = outturn_of(tmp_path)
    rules = published().rules
    assert follow_up.table_check.table_faults(Collection(tmp_path / "data"), rules) == []
    without_line(path, f"{UNIT},{AR}-02,Vård")
    found = follow_up.table_check.table_faults(Collection(tmp_path / "data"), rules)
    assert found == faults(tmp_path)
    assert follow_up.table_check.table_faults(Collection(SAMPLE), rules) == []


def test_a_profile_that_does_not_sum_to_one_is_refused(tmp_path):
    outturn_of(tmp_path)
    params = tmp_path / "params" / "regler"
    params.mkdir(parents=True)
    rule = (
        "budget.manadsprofil:\n  titel: Månadsprofil\n  mattenhet: andel\n  varden:\n"
        f"    - {{fran: {AR}-01-01, varde: {{alla: {[0.1] * 12}}}, underlag: antagande, kalla: Prov}}\n"
    )
    (params / "profil.yaml").write_text(rule, "utf-8")
    with pytest.raises(InputError, match="summerar till 1"):
        month_result(tmp_path, 4)


def test_a_judgement_without_a_reason_is_refused(tmp_path):
    outturn_of(tmp_path)
    change = {"typ": "bedomning", "budgetrad": "Vård", "sida": "kostnad", "kr": 1, "fran": f"{AR}-09-01"}
    with pytest.raises(InputError, match="motivering"):
        open_month(tmp_path, 4, changes=[{**change, "datum": f"{AR}-05-10", "motivering": ""}])


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("uppfoljning.metod", {"alla": "rakt"}, "Menade du 'rak'"),
        ("uppfoljning.slap_manader", {"alla": -1}, "är -1, men ska vara minst 0"),
        ("uppfoljning.slap_manader", {"alla": 0.5}, "heltal från 0 till 11"),
    ],
)
def test_rules_that_can_not_be_used_are_refused(tmp_path, rule, value, words):
    outturn_of(tmp_path)
    with pytest.raises(InputError, match=words):
        month_result(tmp_path, 4, rules={rule: value})


def test_a_unit_or_a_year_without_outturn_or_budget_says_what_there_is(tmp_path, make_case):
    outturn_of(tmp_path)
    with pytest.raises(InputError, match="det sista som finns är 2024-04"):
        month_result(tmp_path, 5)
    with pytest.raises(InputError, match="har ingen budget 2023"):
        month_result(tmp_path, 4, ar=2023)
    with pytest.raises(InputError, match="ostermalm har inget utfall. Utfall finns för: exempel"):
        follow_up.study.study(make_case(tom_manad=4))
    with pytest.raises(InputError, match="tom_manad ska vara 1–12"):
        month_result(tmp_path, 13)


def test_an_unknown_amount_is_never_nothing(tmp_path):
    path = outturn_of(tmp_path)
    replace_in(path, f"{UNIT},{AR}-02,Vård,12500000,0,", f"{UNIT},{AR}-02,Vård,,0,")
    _, result = month_result(tmp_path, 4)
    figures = result.nyckeltal
    assert figures["prognos_mnkr"].varde is None
    assert "inte alla belopp för Vård" in figures["prognos_mnkr"].saknas
    rows = result.tabeller["prognos"].frame.set_index("budgetrad")["prognos_mnkr"]
    assert rows["Hyror"] == pytest.approx(6.0)
    assert np.isnan(rows["Vård"])
    assert "kan inte räknas fram" in result.sammanfattning[0]
    assert not [check.namn for check in result.kontroller if check.failed]
    bridges = {check.namn: check.ok for check in result.kontroller if check.namn.startswith("Bryggan går ihop")}
    legs = ("budget till prognos", "budget till utfall", "förra prognosen till denna")
    assert bridges == {f"Bryggan går ihop: {leg}": None for leg in legs}


def test_a_budget_that_is_known_in_part_gives_no_deviation(tmp_path):
    data = write_tables(tmp_path / "data", ROWS)
    replace_in(data / "budget.csv", f"{UNIT},{AR},vp,Hyror,6.0,0", f"{UNIT},{AR},vp,Hyror,,0")
    _, result = month_result(tmp_path, 4)
    assert result.nyckeltal["avvikelse_mnkr"].varde is None
    assert "budgeten anger inte alla belopp för Hyror" in result.nyckeltal["avvikelse_mnkr"].saknas
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(156.0)


@pytest.mark.parametrize(
    ("tom", "version", "budget"), [(4, "vp", 155.2), (5, "justerad_t1", 157.1), (9, "justerad_t2", 158.2)]
)
def test_the_prognosis_is_held_against_the_latest_version_known(tom, version, budget):
    study = follow_up.study.study(open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=tom))
    assert study.version == version
    assert follow_up.view.result(study).nyckeltal["budget_mnkr"].varde == pytest.approx(budget)
    names = follow_up.view.result(study).tabeller["versioner"].frame
    assert (names["lage"] == "beslutad").sum() == ["vp", "justerad_t1", "justerad_t2"].index(version) + 1


def test_a_version_that_the_table_lacks_is_passed_over(tmp_path):
    write_tables(tmp_path / "data", {"Vård": {"budget": 120.0, "utfall": [10] * 9}})
    study, _ = month_result(tmp_path, 9)
    assert study.version == "vp"


def test_the_control_sum_is_said_first_and_its_difference_is_an_error(tmp_path):
    outturn_of(tmp_path)
    _, result = month_result(tmp_path, 4, kontrollsumma_kr=52_000_000.0)
    assert result.sammanfattning[0].replace("\u00a0", " ") == (
        "Utfall enligt underlaget 52 000 000 kr, stämmer med redovisningen: ja."
    )
    assert result.kontroller[0].ok is True
    _, result = month_result(tmp_path, 4, kontrollsumma_kr=52_000_001.0)
    assert result.sammanfattning[0].replace("\u00a0", " ").endswith("stämmer med redovisningen: nej (−1 kr).")
    assert result.kontroller[0].failed
    _, result = month_result(tmp_path, 4)
    assert result.kontroller[0].ok is None
    assert result.sammanfattning[0].startswith("Prognosen är")


def test_a_change_that_moves_nothing_is_refused(tmp_path):
    outturn_of(tmp_path)
    with pytest.raises(InputError, match="den börjar 2025-06-01"):
        month_result(tmp_path, 4, changes=[{**MEASURE, "fran": f"{AR + 1}-06-01", "status": "beslutad"}])
    norr = {**MEASURE, "verksamhet": "Norr", "fran": f"{AR}-06-01", "status": "beslutad"}
    with pytest.raises(InputError, match="Vård Norr finns inte i budgeten 2024"):
        month_result(tmp_path, 4, changes=[norr])


def test_a_measure_past_its_start_but_not_carried_out_is_flagged(tmp_path):
    outturn_of(tmp_path)
    _, result = month_result(tmp_path, 4, changes=[{**MEASURE, "fran": f"{AR}-02-01", "status": "beslutad"}])
    late = next(check for check in result.kontroller if "skulle ha börjat" in check.namn)
    assert (late.ok, late.niva) == (False, "varning")
    assert "räknas från maj" in result.tabeller["atgarder"].frame.loc[0, "lage"]


@pytest.mark.parametrize(
    ("status", "words"),
    [("beslutad", "1 av 1 åtgärder blev inte av i år."), ("verkstalld", "Det som åtgärderna gav finns i utfallet.")],
)
def test_after_december_a_measure_that_never_began_is_said(tmp_path, status, words):
    write_tables(tmp_path / "data", {"Vård": {"budget": 150.0, "utfall": [12.5] * 12}})
    changes = [{**MEASURE, "fran": f"{AR}-02-01", "status": status}]
    assert words in month_result(tmp_path, 12, changes=changes)[1].sammanfattning


def test_by_when_a_measure_must_start_to_be_enough(tmp_path):
    outturn_of(tmp_path)
    big = {**MEASURE, "kr_per_manad": -1_300_000, "fran": f"{AR}-12-01", "status": "planerad"}
    _, result = month_result(tmp_path, 4, changes=[big])
    assert result.tabeller["atgarder"].frame.loc[0, "senast"] == "september"  # 5,2 mnkr takes four months
    balance = result.tabeller["balans"].frame.set_index("manad")["kr_per_manad"]
    assert balance.index[0] == "juni"  # the first of the month after next can still be decided for
    assert balance["juni"] == pytest.approx(5_200_000 / 7)  # what is only planned closes nothing
    small = {**big, "kr_per_manad": -100_000}
    _, result = month_result(tmp_path, 4, changes=[small])
    assert result.tabeller["atgarder"].frame.loc[0, "senast"] == "räcker inte ensam i år"


def keep(folder, run_id: str, case, result) -> None:
    """A result as the runner keeps it."""
    place = folder / run_id / f"manadsprognos__{case.enhet}__bas__x"
    place.mkdir(parents=True)
    text = json.dumps(as_json(case, result), default=str)
    (place / "resultat.json").write_text(text, "utf-8")


def test_without_earlier_runs_last_months_prognosis_is_computed_and_said_to_be(tmp_path):
    outturn_of(tmp_path)
    study, result = month_result(tmp_path, 4)
    assert not last_prognosis(study).reported
    closed = next(check for check in result.kontroller if check.namn.startswith("Stängda månader"))
    assert closed.ok is None
    assert "Underlag saknas" in closed.forklaring
    assert any("omräknad med dagens underlag" in text for text in result.tabeller["versioner"].frame["lage"])


def test_a_closed_month_that_changed_since_the_last_prognosis_is_said_with_its_amount(tmp_path, monkeypatch):
    rows = {"Vård": {"budget": 144.8, "utfall": [12.5] * 4}}
    path = outturn_of(tmp_path, rows)
    case = open_month(tmp_path, 3)
    keep(tmp_path / "ut", "20240405T060000Z", case, follow_up.view.result(follow_up.study.study(case)))
    replace_in(path, f"{AR}-02,Vård,12500000", f"{AR}-02,Vård,12750000")
    monkeypatch.setenv(ENV_EARLIER, str(tmp_path / "ut"))
    study, result = month_result(tmp_path, 4)
    assert last_prognosis(study).closed_kr == pytest.approx(250_000)
    assert closed_months(study).to_dict("records") == [{"budgetrad": "Vård", "manad": f"{AR}-02", "kr": 250_000.0}]
    assert any("+250 000 kr" in text.replace("\u00a0", " ") for text in result.sammanfattning)
    closed = next(check for check in result.kontroller if check.namn.startswith("Stängda månader"))
    assert (closed.ok, closed.differens) == (False, 250_000.0)
    frame = result.tabeller["brygga"].frame
    since = frame[frame["brygga"] == "forra_prognosen"].set_index("typ")["kr"]
    assert since["start"] == pytest.approx(150e6)
    assert since["rad"] == pytest.approx(750_000)  # a quarter of a million in four months is three quarters in a year
    parts = result.tabeller["brygga_orsaker"].frame
    parts = parts[parts["brygga"] == "forra_prognosen"].set_index("forklaring")["kr"]
    assert parts["ändrat i februari"] == pytest.approx(250_000)
    assert any("Vård februari +250 000 kr" in text.replace("\u00a0", " ") for text in result.sammanfattning)
    kinds = result.tabeller["versioner"].frame.set_index("namn")["lage"]
    assert kinds["Prognos efter mars"] == "så som den redovisades"


def test_unchanged_closed_months_pass(tmp_path, monkeypatch):
    outturn_of(tmp_path)
    case = open_month(tmp_path, 3)
    keep(tmp_path / "ut", "20240405T060000Z", case, follow_up.view.result(follow_up.study.study(case)))
    (tmp_path / "ut" / "20240406T060000Z" / "manadsprognos__prov__bas__y").mkdir(parents=True)
    (tmp_path / "ut" / "20240406T060000Z" / "manadsprognos__prov__bas__y" / "resultat.json").write_text(
        "trasig", "utf-8"
    )
    monkeypatch.setenv(ENV_EARLIER, str(tmp_path / "ut"))
    _, result = month_result(tmp_path, 4)
    closed = next(check for check in result.kontroller if check.namn.startswith("Stängda månader"))
    assert (closed.ok, closed.differens) == (True, 0.0)


def tell_earlier(tmp_path, monkeypatch, said: dict[int, float], **figures) -> None:
    """Earlier runs after April of each year: what they said, mnkr, and key figures beside it."""
    case = open_month(tmp_path, 4)
    result = as_json(case, follow_up.view.result(follow_up.study.study(case)))
    for year, prognos in said.items():
        parameters = {**result["parametrar"], "ar": year}
        row = {"budgetrad": "Totalt", "prognos_mnkr": prognos}
        keys = {name: {"varde": value} for name, value in figures.items()}
        told = {**result, "parametrar": parameters, "tabeller": {"prognos": [row]}, "nyckeltal": keys}
        place = tmp_path / "ut" / f"{year}0510T000000Z" / "manadsprognos__prov__bas__x"
        place.mkdir(parents=True)
        (place / "resultat.json").write_text(json.dumps(told, default=str), "utf-8")
    monkeypatch.setenv(ENV_EARLIER, str(tmp_path / "ut"))


def whole_years(tmp_path, count: int) -> None:
    """Vård costs 120 mnkr each earlier year and 150 mnkr at the pace of this one."""
    write_tables(tmp_path / "data", {"Vård": {"budget": 144.8, "utfall": [12.5] * 4}}, {"Vård": [10.0] * 12})
    path = tmp_path / "data" / "utfall.csv"
    lines = path.read_text("utf-8").splitlines()
    past = [line for line in lines if f"{AR - 1}-" in line]
    more = [line.replace(f"{AR - 1}-", f"{AR - 1 - back}-") for back in range(1, count) for line in past]
    path.write_text("\n".join([*lines, *more]) + "\n", "utf-8")


def test_the_range_comes_from_earlier_prognoses_one_a_year_when_there_are_enough(tmp_path, monkeypatch):
    whole_years(tmp_path, 4)
    tell_earlier(tmp_path, monkeypatch, {AR - 4: 118.0, AR - 3: 119.0, AR - 2: 121.0, AR - 1: 126.0})
    study, result = month_result(tmp_path, 4)
    assert (study.spann.kalla, study.spann.antal) == ("tidigare prognoser", 4)
    half = 150 * 6 / 120  # the largest of four: k = ceil(0.8 * 5) = 4
    figures = {name: result.nyckeltal[f"prognos_{name}"].varde for name in ("lag_mnkr", "hog_mnkr", "spann_procent")}
    assert figures == pytest.approx({"lag_mnkr": 150 - half, "hog_mnkr": 150 + half, "spann_procent": 80})
    assert result.nyckeltal["prognosavvikelse_procent"].varde == pytest.approx(100 * (2 + 1 + 1 + 6) / 4 / 120)
    assert "tidigare prognoser" in set(result.tabeller["prognossakerhet"].frame["kalla"])


def test_a_range_that_has_not_held_is_widened_and_says_so(tmp_path, monkeypatch):
    whole_years(tmp_path, 4)
    said = {AR - 4: 118.0, AR - 3: 119.0, AR - 2: 121.0, AR - 1: 126.0}
    tell_earlier(tmp_path, monkeypatch, said, prognos_lag_mnkr=121.0, prognos_hog_mnkr=130.0)
    study, result = month_result(tmp_path, 4)
    assert (study.spann.hallit, study.spann.provade, study.spann.level) == (0, 4, pytest.approx(0.9))
    assert any("hållit 0 gånger av 4, så spannet är vidgat" in text for text in result.sammanfattning)
    assert any("I nio fall av tio" in text for text in result.sammanfattning)


def test_one_whole_year_gives_words_and_no_range(tmp_path):
    whole_years(tmp_path, 1)
    study, result = month_result(tmp_path, 4)
    assert study.spann is None
    figure = result.nyckeltal["prognos_lag_mnkr"]
    assert (figure.varde, figure.why) == (None, "färre än 2 hela år är kända")
    assert any("Den gång det prövats blev det" in text for text in result.sammanfattning)


@pytest.mark.parametrize("enhet", ["exempelenheten", "exempel_stod", "exempel_assistans"])
def test_the_backtest_beats_the_seasonal_naive_over_the_samples_three_years(enhet):
    study = follow_up.study.study(open_case("manadsprognos", enhet=enhet, ar=2024, tom_manad=12))
    errors = study.errors[(study.errors["budgetrad"] == "Totalt") & (study.errors["ar"] > 2022)]
    assert set(errors["ar"]) == {2023, 2024}  # the naive method needs a year before
    size = errors.assign(fel=errors["fel_procent"].abs()).groupby("metod")["fel"].mean()
    assert size["vald"] < size["sasongsnaiv"]


@pytest.mark.parametrize(
    ("tom", "decide"),
    [
        (4, "3,43 mnkr i månaden från den 1 juni"),  # 24 mnkr in seven months
        (10, "24,00 mnkr i månaden från den 1 december"),
        (11, "att besluta nu är vad som gäller nästa år."),
    ],
)
def test_one_date_and_one_amount_still_ahead_when_the_figures_are_read(tmp_path, tom, decide):
    write_tables(tmp_path / "data", {"Vård": {"budget": 120, "utfall": [12.0] * tom}}, {"Vård": [10.0] * 12})
    said = " ".join(month_result(tmp_path, tom)[1].sammanfattning).replace("\u00a0", " ")
    assert said.count(decide) == 1
    assert said.count("från den 1 ") == int(tom < 11)


def test_a_backtest_never_looks_at_later_months(tmp_path):
    fore = {"Vård": [10.0] * 12}
    write_tables(tmp_path / "data", {"Vård": {"budget": 120, "utfall": [10] * 4}}, fore)
    before, _ = month_result(tmp_path, 4)
    write_tables(tmp_path / "data", {"Vård": {"budget": 120, "utfall": [10] * 4}}, {"Vård": [10.0] * 6 + [99.0] * 6})
    after, _ = month_result(tmp_path, 4)
    early = [e.errors[(e.errors["metod"] == "rak") & (e.errors["tom_manad"] <= 6)] for e in (before, after)]
    pd.testing.assert_series_equal(early[0]["prognos_kr"], early[1]["prognos_kr"])
    assert not early[0]["utfall_kr"].equals(early[1]["utfall_kr"])


def test_a_scenario_of_the_budget_moves_the_same_kronor_here():
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, scenario="dyrare_var_2024", tom_manad=3)
    result = follow_up.view.result(follow_up.study.study(case, answer.others(case)))
    assert result.tabeller["forandringar"].frame.iloc[-1]["ar_kr"] == pytest.approx(1_869_000)
    assert result.tabeller["forandringar"].frame.iloc[-1]["helar_kr"] == pytest.approx(2_772_000)


def test_decisions_move_the_prognosis_through_their_own_topic():
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, scenario="fler_personer_2024", tom_manad=3)
    study = follow_up.study.study(case, answer.others(case))
    bas = study.versus.amounts
    assert study.prognosis.amounts.prognos - bas.prognos == pytest.approx(1_972_300, abs=1)
    assert study.prognosis.amounts.budget - bas.budget == pytest.approx(2_624_952, abs=1)


def inside(**more) -> pd.Series:
    """What explains Vårdkostnader from budget to prognosis, kr by cause, and the row's step."""
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=4, **more)
    _, result = answer.answer(case)
    rows, parts = (result.tabeller[name].frame for name in ("brygga", "brygga_orsaker"))
    step = rows[(rows["brygga"] == "budget_prognos") & (rows["steg"] == "Vårdkostnader")]["kr"].iloc[0]
    parts = parts[(parts["brygga"] == "budget_prognos") & (parts["budgetrad"] == "Vårdkostnader")]
    assert parts["kr"].sum() == pytest.approx(step)
    return parts.set_index("orsak")["kr"]


def test_decisions_explain_volume_level_and_price_in_working_papers_only():
    shown, hidden = (inside(spridning=audience) for audience in ("arbetsmaterial", "ledning"))
    assert {"volym", "niva", "pris"} <= set(shown.index)
    assert list(hidden.index) == ["ovrigt"]  # three persons moved
    assert shown.sum() == pytest.approx(hidden["ovrigt"])


def test_the_first_screen_of_the_sample_says_why_what_is_decided_and_what_to_decide():
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=4, scenario="atgarder_2024")
    said = " ".join(answer.answer(case).result.sammanfattning).replace("\u00a0", " ")
    for text in (
        "Vårdkostnader −3,8, LASS-assistans −0,5, Administration −0,3, Lokalkostnader −0,2",
        "Av underskottet på 4,82 mnkr är 2,97 utfallets takt och 1,85 väntade höjningar",
        "0,84 mnkr lägre kostnad (minst 0,49, som mest 1,12); planerat: 0,06 mnkr lägre kostnad, inte beslutat",
        "Kvar att åtgärda för budget i balans: 3,98 mnkr",
        "0,57 mnkr i månaden från den 1 juni",
    ):
        assert text in said


def test_kronor_put_into_one_cell_are_named_by_row_and_month(tmp_path):
    rows = {"Vård": {"budget": 144.0, "utfall": [12.0] * 4}, "Hyror": {"budget": 12.0, "utfall": [1.0] * 4}}
    path = outturn_of(tmp_path, rows)
    replace_in(path, f"{AR}-04,Vård,12000000", f"{AR}-04,Vård,12400000")
    _, result = month_result(tmp_path, 4)
    said = " ".join(result.sammanfattning).replace("\u00a0", " ")
    assert "har nettokostnaden ökat med 1,2 mnkr: Vård +1,2 (april +0,4)" in said  # and eight months at the pace
    parts = result.tabeller["brygga_orsaker"].frame
    parts = parts[parts["brygga"] == "forra_prognosen"].set_index("forklaring")["kr"]
    assert parts.to_dict() == pytest.approx({"april mot väntat": 400_000, "övrigt, utfallets takt": 800_000})


def test_what_another_topic_can_not_say_is_said(tmp_path):
    def unsure(scenario):
        return replace(no_effects(scenario), unknown=("KBH i nya hemmet",))

    outturn_of(tmp_path)
    measure = {**MEASURE, "fran": f"{AR}-06-01", "status": "beslutad"}
    study = follow_up.study.study(open_month(tmp_path, 4, changes=[measure]), Others(unsure))
    result = protect(follow_up.view.result(study), Policy("arbetsmaterial"))
    assert result.sammanfattning[-1] == "Okänt, och inte med i prognosen: KBH i nya hemmet."
    assert next(c for c in result.kontroller if "effekter" in c.namn).ok is False


def test_a_scenario_may_choose_another_method(tmp_path):
    sources = load_sources(Folders((PARAMS,)))
    assert "uppfoljning.metod" in sources.rules.series
    write_tables(tmp_path / "data", {"Vård": {"budget": 120.0, "utfall": [11.0] * 3}})
    change = {"typ": "regel", "regel": "uppfoljning.metod", "varde": {"alla": "manadsbudget"}, "fran": f"{AR}-01-01"}
    study, result = month_result(tmp_path, 3, changes=[change])
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(123.0)
    assert study.versus.amounts.prognos == pytest.approx(132e6)


def test_public_reports_leave_out_names_and_reasons(tmp_path):
    outturn_of(tmp_path)
    judged = {"typ": "bedomning", "budgetrad": "Vård", "sida": "kostnad", "kr": 100_000, "fran": f"{AR}-09-01"}
    changes = [
        {**MEASURE, "namn": "Hemligt namn", "fran": f"{AR}-06-01", "status": "beslutad"},
        {**judged, "datum": f"{AR}-05-10", "motivering": "Hemligt skäl"},
    ]
    case = open_month(tmp_path, 4, changes=changes, spridning="offentlig")
    text = json.dumps(as_json(case, answer.answer(case).result), default=str, ensure_ascii=False)
    assert "Hemligt" not in text
    case = open_month(tmp_path, 4, changes=changes)
    text = json.dumps(as_json(case, answer.answer(case).result), default=str, ensure_ascii=False)
    assert text.count("Hemligt namn") >= 1
    assert text.count("Hemligt skäl") >= 1


def said_of(result, row: str) -> pd.Series:
    return result.tabeller["metoder"].frame.set_index("budgetrad").loc[row]


def both_sides(tmp_path, name: str, cost: list[float], revenue: list[float]) -> None:
    """Writes cost and revenue of a row and year into the outturn, mnkr a month from January."""
    path = tmp_path / "data" / "utfall.csv"
    head, *lines = path.read_text("utf-8").splitlines()
    row, year = name.split("/")
    kept = [line for line in lines if not line.startswith(f"{UNIT},{year}") or f",{row}," not in line]
    money = enumerate(zip(cost, revenue, strict=True), start=1)
    kept += [f"{UNIT},{year}-{month:02d},{row},{c * 1e6:.0f},{r * 1e6:.0f}," for month, (c, r) in money]
    path.write_text("\n".join([head, *kept]) + "\n", "utf-8")


PROFILED = {"uppfoljning.metod": {"alla": "profil"}}


def test_each_side_says_the_method_that_it_falls_back_on(tmp_path):
    """Cost has an earlier year to follow, 4 of 12 million by April; revenue has none, and is looked ahead straight."""
    write_tables(tmp_path / "data", {"Vård": ROWS["Vård"]}, {"Vård": [1.0] * 12})
    both_sides(tmp_path, f"Vård/{AR}", [2.0] * 4, [0.5] * 4)
    study, result = month_result(tmp_path, 4, rules=PROFILED)
    said = said_of(result, "Vård")
    assert said["metod"] == "kostnad: radens säsong; intäkt: hittillsvarande takt"
    assert "inget tidigare år, med alla månader kända, har en summa över 0" in said["varfor"]
    assert float(study.prognosis.net(study.prognosis.model)[0]) == pytest.approx(24e6 - 6e6)


def test_a_row_of_negative_cost_says_why_its_season_is_not_followed(tmp_path):
    """An earlier year of repayments sums to less than 0: no share of it can be followed."""
    write_tables(tmp_path / "data", {"Vård": ROWS["Vård"]}, {"Vård": [-1.0] * 12})
    both_sides(tmp_path, f"Vård/{AR}", [-2.0] * 4, [0.0] * 4)
    study, result = month_result(tmp_path, 4, rules=PROFILED)
    said = said_of(result, "Vård")
    assert said["metod"] == "hittillsvarande takt"
    assert said["varfor"].startswith("radens säsong går inte: inget tidigare år, med alla månader kända, har en summa")
    assert float(study.prognosis.net(study.prognosis.model)[0]) == pytest.approx(-24e6)


def test_what_a_user_costs_is_withheld_with_the_number_of_users(tmp_path):
    rows = {f"Vård / {name}": {"budget": 12.0, "utfall": [1.0] * 4} for name in ("Norr", "Söder", "Väst")}
    write_tables(tmp_path / "data", rows)
    head = "enhet,verksamhet,brukare,medarbetare,kan_paverka,kalla"
    people = [f"{UNIT},{name},{number},,,Prov" for name, number in (("Norr", 3), ("Söder", 6), ("Väst", 40))]
    (tmp_path / "data" / "verksamheter.csv").write_text("\n".join([head, *people]), "utf-8")
    seen = {}
    for audience in ("arbetsmaterial", "ledning"):
        table = answer.answer(open_month(tmp_path, 4, spridning=audience)).result.tabeller["effektivitet"]
        seen[audience] = table.frame.set_index("verksamhet")["kr_per_brukare"]
    assert seen["arbetsmaterial"].to_dict() == pytest.approx({"Norr": 4e6, "Söder": 2e6, "Väst": 300_000})
    assert seen["ledning"].isna().to_dict() == {"Norr": True, "Söder": True, "Väst": False}  # two, so that none is left


def test_every_method_stands_with_its_error_and_a_hint_changes_nothing():
    case = open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=4)
    frame = answer.answer(case).result.tabeller["prognosmetoder"].frame
    admin = frame[frame["budgetrad"] == "Administration"]
    assert admin["medelfel_kr"].is_monotonic_increasing
    assert admin.loc[admin["vald"] == "ja", "metod"].tolist() == ["rak"]  # the row keeps its method
    hint = admin["tips"].iloc[0].replace("\u00a0", " ")
    assert hint == "Administration: radens säsong hade gett 67 tkr i fel, hittillsvarande takt 159 tkr"


def test_the_adopted_run_is_what_was_reported(tmp_path, monkeypatch):
    outturn_of(tmp_path)
    case = open_month(tmp_path, 3)
    result = answer.answer(case).result
    keep(tmp_path / "ut", "20240405T060000Z", case, result)
    (tmp_path / "ut" / "20240405T060000Z" / "manifest.json").write_text('{"faststalld": {"av": "enhetschef"}}', "utf-8")
    rows = result.tabeller["prognos"]
    later = replace(rows, frame=rows.frame.assign(prognos_mnkr=rows.frame["prognos_mnkr"] + 9))
    keep(tmp_path / "ut", "20240406T060000Z", case, replace(result, tabeller={**result.tabeller, "prognos": later}))
    monkeypatch.setenv(ENV_EARLIER, str(tmp_path / "ut"))
    study, _ = month_result(tmp_path, 4)
    assert last_prognosis(study).reported
    assert last_prognosis(study).kr["Vård"] == pytest.approx(150e6)


def test_the_judgement_keeps_its_own_score_row_by_row():
    """Three prognoses of a year that now is whole: 0.5 too low, 1.0 and 3.0 too high, with 1.0, 2.0 and 1.0 judged."""
    case = open_case("manadsprognos", enhet="exempel_assistans", ar=2024, tom_manad=4)
    books = follow_up.study.study(case).prognosis.books
    year = accuracy.whole_years(books)[0][-1]
    became = accuracy.whole_years(books)[1][-1].sum(axis=2) @ SIGN
    row = str(books.leaves["budgetrad"].iloc[0])
    truth = float(became[(books.leaves["budgetrad"] == row).to_numpy()].sum()) / 1e6
    said = [(3, truth - 0.5, 1.0), (4, truth + 1.0, 2.0), (5, truth + 3.0, 1.0), (6, truth, 0.0)]
    reports = [
        Earlier("r", {"ar": year, "tom_manad": month}, {}, {"prognos": [
            {"budgetrad": row, "prognos_mnkr": prognos, "bedomning_mnkr": judged}]})
        for month, prognos, judged in said
    ]  # fmt: skip
    found = accuracy.judged(reports, books).iloc[0]
    assert (found["budgetrad"], found["antal"], found["battre"]) == (row, 3, 1)  # 0.5 < 1.5; 1.0 = 1.0; 3.0 > 2.0
    table = follow_up.explain.judged_table(SimpleNamespace(reports=reports, prognosis=SimpleNamespace(books=books)))
    assert {c.key: c.decimaler for c in table.columns if c.key in ("antal", "battre")} == {"antal": 0, "battre": 0}
    assert found["fel_med_kr"] == pytest.approx(1.5e6)
    assert found["fel_utan_kr"] == pytest.approx(1.5e6)


def test_an_hour_costs_what_the_books_and_the_hours_say():
    """Boendestöd, January to August 2024, counted from the files by themselves."""
    hours, books = (pd.read_csv(SAMPLE / f"{name}.csv") for name in ("bemanning", "utfall"))
    months = [f"2024-{month:02d}" for month in range(1, 9)]
    mine = [f[(f["enhet"] == "exempel_stod") & (f["verksamhet"] == "Boendestöd") & f["manad"].isin(months)]
            for f in (hours, books)]  # fmt: skip
    wanted = (mine[1]["kostnad_kr"].sum() - mine[1]["intakt_kr"].sum()) / mine[0]["arbetad_tid_h"].sum()
    seen = {}
    for audience in ("arbetsmaterial", "ledning"):
        case = open_case("manadsprognos", enhet="exempel_stod", ar=2024, tom_manad=8, spridning=audience)
        seen[audience] = answer.answer(case).result.tabeller["effektivitet_timmar"].frame.set_index("verksamhet")
    assert seen["arbetsmaterial"].loc["Boendestöd", "kr_per_timme"] == pytest.approx(wanted)
    few = seen["ledning"].loc["Träfflokal unga"]  # three work there
    assert few.isna().all() and not seen["arbetsmaterial"].loc["Träfflokal unga"].isna().any()


def test_a_row_that_is_not_said_to_be_late_must_be_there_to_the_month():
    rows = pd.DataFrame(
        {"manad": ["2024-01", "2024-02"], "budgetrad": "A", "verksamhet": "", "kostnadsslag": "", "_rad": [2, 3]}
    )
    found = [
        (fault.code, fault.line)
        for fault in outturn_faults(rows, rows.drop(columns="manad"), 2024, 3, {}, "utfall.csv")
    ]
    assert found == [("no_outturn", 0)]  # of no row of the file
    late = {("A", "", ""): 1}
    assert not list(outturn_faults(rows, rows.drop(columns="manad"), 2024, 3, late, "utfall.csv"))


def test_what_a_place_costs_is_a_share_of_the_operations_money():
    homes = pd.DataFrame({"boende": ["norr"], "platser": [5.0]})
    leaves = {"verksamhet": ["Norr", "Söder"], "budgetrad": "Drift", "budget": [9e6, 1.0], "ram": [1e6, 0.0]}
    found = SimpleNamespace(by_leaf=pd.DataFrame(leaves | {"prognos": [8e6, 1.0]}))
    case = SimpleNamespace(has_rows=lambda name: True, unit_rows=lambda name: homes)
    frame = follow_up.efficiency.places_table(SimpleNamespace(case=case, prognosis=found)).frame
    assert frame[["kr_per_plats", "budget_kr_per_plats"]].to_numpy().tolist() == [[1.6e6, 2e6]]


def test_late_months_that_are_no_months_name_the_budget_row():
    case = SimpleNamespace(rule=lambda key, scenario: SimpleNamespace(varde={"alla": 12}), enhet="a")
    keys = pd.DataFrame([("Hyror", "Norr", "lokal")], columns=["budgetrad", "verksamhet", "kostnadsslag"])
    with pytest.raises(InputError, match="för Hyror ska vara ett heltal"):
        follow_up.choices.late_months(case, (), keys)


def test_a_measures_likelihood_is_said_and_nothing_more_is_asked_where_nothing_is_missing():
    study = SimpleNamespace(case=SimpleNamespace(ar=2024), tom=4)
    change = SimpleNamespace(typ="atgard", status="beslutad", fran=date(2024, 9, 1), sannolikhet_andel=0.8)
    assert "80" in follow_up.measures._state(study, change)
    study.prognosis = SimpleNamespace(amounts=SimpleNamespace(gap_efter=0.0))
    assert follow_up.measures.balance_table(study) is None


@pytest.mark.parametrize(
    ("missing", "planned", "own", "monthly", "tom", "month"),
    [
        (100, 0, 0, 50, 4, "november"),  # two months are enough
        (101, 0, 0, 50, 4, "oktober"),  # a krona more takes one more
        (400, 0, 0, 50, 4, "maj"),  # all eight that are left
        (401, 0, 0, 50, 4, "räcker inte ensam i år"),
        (400, 300, 50, 50, 4, "oktober"),  # 300 by what is decided, of which 50 is this one's own
        (5, 0, 0, 1, 4, "augusti"),
        (0, 0, 0, 50, 4, "behövs inte för balans"),
        (1, 0, 0, 0, 4, "sänker inte kostnaden"),
        (1, 0, 0, -5, 4, "sänker inte kostnaden"),
        (np.nan, 0, 0, 50, 4, ""),
        (100, 0, 0, 50, 12, ""),
    ],
)
def test_the_latest_month_that_is_enough_alone(missing, planned, own, monthly, tom, month):
    amounts = SimpleNamespace(avvikelse=-float(missing), atgarder=-float(planned))
    assert follow_up.measures.latest_start(amounts, -float(own), float(monthly), tom) == month


def test_hours_that_are_none_or_unknown_are_no_price_of_an_hour():
    rows = [("Noll", 0, 0), ("Okänd", 5, np.nan), ("Kort", 5, None), ("Hel", 5, 7)]
    staffed = pd.DataFrame(
        [(name, f"2024-0{month}", kr) for name, *both in rows for month, kr in enumerate(both, 1) if kr is not None],
        columns=["verksamhet", "manad", "arbetad_tid_h"],
    )
    assert follow_up.efficiency._hours(staffed, 2024, 2).dropna().to_dict() == {"Hel": 12}


def test_operations_that_are_as_planned_are_those_that_are_shown_as_nothing(monkeypatch):
    """50 000 kr is too much, or left; a krona less is as planned. What has no figure is counted by itself."""
    view = follow_up.sheet_view
    monkeypatch.setattr(view, "agreement", lambda *given: Agreement("last", ""))
    monkeypatch.setattr(view.sheet, "sentences", lambda *given: ["slutar", "använt", "fråga"])
    apart = []
    monkeypatch.setattr(view, "_not_allocated", lambda study: apart[-1])
    study = SimpleNamespace(
        tom=8, case=None, prognosis=SimpleNamespace(amounts=SimpleNamespace(utfall=0.0)), ar=AR
    )  # fmt: skip
    names = {"Alm": -0.05, "Björk": -0.049, "Cypress": 0.05, "Dagg": 0.049, "Ek": np.nan}
    found = [SimpleNamespace(namn=name, avvikelse=value) for name, value in names.items()]

    def said(not_allocated: float) -> str:
        apart.append(not_allocated)
        return " ".join(view._sentences(study, found[0], True, found, None))

    text = said(0.0)
    assert "överskridande på hela året: Alm 50" in text and "Björk" not in text
    assert "Mest kvar: Cypress" in text and "Dagg" not in text
    assert "Ungefär som planerat: 2 av 5 verksamheter. För 1 går det inte att räkna ut" in text
    assert "inte fördelat" not in text + said(0.049)
    assert "för mycket, är inte fördelat" in said(-0.05) and "kvar, är inte fördelat" in said(0.05)


def test_the_drivers_are_tried_after_every_month_but_the_last_and_other_methods_after_the_reports(monkeypatch):
    study, asked = follow_up.study, []
    monkeypatch.setattr(study.accuracy, "whole_years", lambda books: ([], np.zeros((0, 1, 2, 12))))
    monkeypatch.setattr(study.accuracy, "earlier_errors", lambda reports, books: pd.DataFrame())
    monkeypatch.setattr(study, "CONTENTS", SimpleNamespace(of=lambda work, *given: pd.DataFrame()))
    monkeypatch.setattr(study, "expected_then", lambda *given: asked.append(list(given[-1])))
    books = SimpleNamespace(budget=np.zeros((1, 2, 12)))
    for used, tom in ((study.DRIVERS, 8), ("rak", 8), ("rak", 1), ("rak", 12)):
        found = SimpleNamespace(used=np.array([used]), driven_of=None, choices=SimpleNamespace(late=None), books=books)
        books.tom = tom
        study.all_errors(SimpleNamespace(case=None, prognosis=found, reports=[]))
    assert asked == [list(range(1, 12)), [8], [1], []]


def test_what_pays_for_a_row_is_said_where_it_is_one_thing():
    from planbok.topics.follow_up.books import KEY, _pays

    rows = [("A", "", "schablon"), ("A", "", "schablon"), ("B", "", "schablon"), ("B", "", "anslag"), ("C", "", "")]
    budget = pd.DataFrame(rows, columns=["budgetrad", "verksamhet", "finansiering"])
    keys = pd.DataFrame([(row, "", "") for row in "ABCD"], columns=KEY)
    assert _pays(keys, budget) == ["schablon", "", "", ""]


@pytest.mark.parametrize(
    ("gap", "tom", "named"),
    [
        ([5.0, 1.0, 4.0, 0.0], 4, ("januari", "mars")),  # nine of ten
        ([2.0, 2.0, 2.0, 2.0], 4, ("januari", "februari")),  # just half
        ([2.0, 2.0, 2.0, 2.0, 1.0], 5, ()),
        ([5.0, 4.0], 2, ()),  # two months are all there are
        ([5.0, np.nan, 4.0, 0.0], 4, ()),
        ([0.0, -1.0, 0.0, 0.0], 4, ()),
        ([-5.0, -1.0, -4.0, 0.0], 4, ()),
    ],
)
def test_the_months_that_most_of_a_deviation_came_in(monkeypatch, gap, tom, named):
    sheet = follow_up.sheet
    actual = np.zeros((2, 12))
    actual[0, :tom], actual[1] = gap, 99.0  # of another row
    found = SimpleNamespace(net=lambda kr: kr, books=SimpleNamespace(actual=actual))
    monkeypatch.setattr(sheet, "planned_by_leaf", lambda found: np.zeros((2, 12)))
    study = SimpleNamespace(prognosis=found, tom=tom)
    assert sheet._months(study, pd.Index([0]), 1.0) == named
    found.books.actual = -actual
    assert sheet._months(study, pd.Index([0]), -1.0) == named


def test_the_error_of_each_month_is_that_of_the_units_whole_history_and_of_two_methods():
    from planbok.analysis.forecast import NAIVE
    from planbok.topics.follow_up.explain import TOTAL_ROW, horizon_table

    kinds = [(accuracy.HISTORY, accuracy.CHOSEN, TOTAL_ROW), (accuracy.HISTORY, NAIVE, TOTAL_ROW)]
    others = [(accuracy.EARLIER, accuracy.CHOSEN, TOTAL_ROW), (accuracy.HISTORY, "rak", TOTAL_ROW),
              (accuracy.HISTORY, accuracy.CHOSEN, "Hyror")]  # fmt: skip
    rows = [(*kind, tom, 9.0, percent) for kind in kinds for tom, percent in ((2, -1.0), (2, 3.0), (1, 4.0))]
    rows += [(*kind, 3, 9.0, 50.0) for kind in others] + [(*kind, 1, 9.0, 50.0) for kind in others]
    errors = pd.DataFrame(rows, columns=["kalla", "metod", "budgetrad", "tom_manad", "fel_kr", "fel_procent"])
    frame = horizon_table(SimpleNamespace(errors_summed=accuracy.summed_up(errors))).frame
    shown = frame[["manad", "vald_procent", "sasongsnaiv_procent"]].to_numpy().tolist()
    assert shown == [["januari", 4, 4], ["februari", 2, 2]]
    assert horizon_table(SimpleNamespace(errors_summed=accuracy.summed_up(errors.iloc[:0]))) is None


@pytest.mark.parametrize(
    ("months", "ok"), [(0, True), (11, True), (12, False), (-1, False), (True, False), ("2", False)]
)
def test_invoices_are_late_by_whole_months_within_the_year(months, ok):
    from planbok.topics.follow_up.books import KEY
    from planbok.topics.follow_up.choices import late_months

    case = SimpleNamespace(enhet="norr", rule=lambda *given, **more: SimpleNamespace(varde={"alla": months}))
    keys = pd.DataFrame([("Hyror", "", "")] * 2, columns=KEY)
    if ok:
        assert late_months(case, None, keys) == {("Hyror", "", ""): months}
        return
    with pytest.raises(InputError) as told:
        late_months(case, None, keys)
    assert [(fault.line, fault.code) for fault in told.value.faults] == [(0, "late")]


def test_a_method_that_does_not_exist_is_a_fault_of_the_rules_as_a_whole():
    from planbok.topics.follow_up.books import KEY
    from planbok.topics.follow_up.choices import choices

    keys = pd.DataFrame([("Hyror", "", ""), ("Vård", "", "")], columns=KEY)

    def case(method: str):
        stated = {"alla": "rak", "norr": {"Hyror": method, "alla": "profil"}}
        return SimpleNamespace(enhet="norr", rule=lambda *given, **more: SimpleNamespace(varde=stated))

    found = choices(case("rak"), None, keys, {("Vård", "", ""): 2})
    assert found.metod.tolist() == ["rak", "profil"] and found.late.tolist() == [0, 2]
    assert found.varfor.tolist() == ["regeln för raden", "regeln för enheten"]
    with pytest.raises(InputError) as told:
        choices(case("gissa"), None, keys, {})
    assert [(fault.line, fault.place, fault.code) for fault in told.value.faults] == [(0, "Hyror", "unknown_method")]


@pytest.mark.parametrize(("tom", "day"), [(1, date(AR, 2, 1)), (11, date(AR, 12, 1)), (12, date(AR + 1, 1, 1))])
def test_a_measure_that_is_not_carried_out_counts_from_the_first_day_after_what_is_booked(monkeypatch, tom, day):
    study, held = follow_up.study, []

    def simulated(plan, scenario, effects, held_to):
        held.append(held_to)
        raise LookupError

    monkeypatch.setattr(study, "late_months", lambda *given: {})
    monkeypatch.setattr(study, "simulate", simulated)
    books = SimpleNamespace(tom=tom, leaves=None, plan=SimpleNamespace(over=lambda ar, cuts: None))
    with pytest.raises(LookupError):
        study.under(SimpleNamespace(ar=AR), (), books, SimpleNamespace(effects=None))
    assert held == [day]
    assert study.period(SimpleNamespace(ar=AR), tom) == f"{'januari' if tom == 1 else study.month_span(1, tom)} {AR}"
    assert study.period(SimpleNamespace(ar=AR), 4) == f"januari–april {AR}"


@pytest.mark.parametrize(
    ("least", "title"), [(-0.05, "Björk går mest över i kronor: 50"), (-0.049, "Pengarna räcker överallt")]
)
def test_the_picture_of_all_operations_says_its_numbers_in_whole_per_cent(monkeypatch, least, title):
    view, said = follow_up.sheet_view, {}
    monkeypatch.setattr(view, "bullets", lambda rows, **more: said.update(more, rows=rows))
    one = SimpleNamespace(namn="Alm", budget=8.0, anvant=4.1, prognos=8.0, avvikelse=0.0)
    other = SimpleNamespace(namn="Björk", budget=4.0, anvant=1.0, prognos=4.05, avvikelse=least)
    without = SimpleNamespace(namn="Ek", budget=0.0, anvant=1.0, prognos=1.0, avvikelse=-1.0)
    unknown = SimpleNamespace(namn="Gran", budget=1.0, anvant=1.0, prognos=np.nan, avvikelse=np.nan)
    monkeypatch.setattr(view.sheet, "sheets", lambda study: [one, other, without, unknown])
    view.unit_figure(None)
    assert said["rows"] == {"Alm": (pytest.approx(51.25), 100), "Björk": (25, pytest.approx(101.25))}
    assert said["title"].startswith(title)
    assert said["alt"].endswith("procent av årets pengar: Alm 51 och 100; Björk 25 och 101.")
    monkeypatch.setattr(view.sheet, "sheets", lambda study: [one])
    assert view.unit_figure(None) == "Utfallet är inte uppdelat på verksamheter."


def test_a_change_of_a_row_that_its_operations_book_is_seen_as_they_are_together():
    """Row A has its own empty leaf and two operations at 2 and 3 times 100 and 300 kr: (200 + 900) / 400."""
    from planbok.topics.follow_up.model import Prognosis

    to_date = np.array([[0.0, 0.0], [100.0, 0.0], [300.0, 0.0], [0.0, 0.0], [50.0, 10.0]])
    factor = np.array([[9.0, 1.0], [2.0, 1.0], [3.0, 1.0], [4.0, 1.0], [5.0, 6.0]])
    leaves = pd.DataFrame({"budgetrad": ["A", "A", "A", "B", "C"]})
    books = SimpleNamespace(to_date=to_date, leaves=leaves)
    given = SimpleNamespace(method=SimpleNamespace(factor=factor.ravel()), shape=(5, 2), books=books)
    leaf, side = np.array([0, 1, 2, 3, 4, 4]), np.array([0, 0, 0, 0, 0, 1])
    seen = Prognosis._factor(given, leaf, side)
    assert seen.tolist() == [2.75, 2, 3, 1, 5, 6]  # B has nothing booked: together they are as they are dated


@pytest.mark.parametrize(("late", "received"), [(0, 2), (1, 1)])
def test_what_drives_a_row_is_laid_on_its_leaves_at_the_level_of_what_is_booked(late, received):
    """Row A is driven by 40 kr more each month; a fourth and three fourths of it is booked on its leaves, B is not."""
    from planbok.topics.follow_up.model import laid_out

    index = pd.MultiIndex.from_tuples([("A", "kostnad")])
    kr = pd.DataFrame([[40.0 * month for month in range(1, 13)]], index=index)
    books = SimpleNamespace(leaves=pd.DataFrame({"budgetrad": ["A", "A", "B"]}))
    to_date = np.array([[100.0, 0.0], [300.0, 24.0], [50.0, 0.0]])
    found = laid_out(kr, books, to_date, 2, np.full(3, late))
    assert found[0, 0, :received].sum() == pytest.approx(100) and found[1, 0, :received].sum() == pytest.approx(300)
    assert np.diff(found[0, 0]).tolist() == pytest.approx([10.0] * 11)
    assert np.diff(found[1, 0]).tolist() == pytest.approx([30.0] * 11)
    assert found[1, 1].tolist() == pytest.approx([24 / received] * 12) and not found[0, 1].any()
    assert np.isnan(found[2]).all()


@pytest.mark.parametrize(("counted", "month"), [("2024-06", "juni"), ("", "augusti")])
def test_what_has_not_been_invoiced_is_to_the_month_that_the_control_reaches(counted, month):
    from planbok.topics.follow_up.tables import sentence

    rows = pd.DataFrame({"budgetrad": ["Hyror"], "kr": [1000.0]})
    to_come = SimpleNamespace(rows=rows, counted=counted, unknown=())
    said = sentence(SimpleNamespace(to_come=to_come, tom=8)).replace("\u00a0", " ")
    assert f"1 000 kr på Hyror (dygn till och med {month} som ingen" in said


def test_a_range_has_held_where_the_year_came_on_one_of_its_ends(monkeypatch):
    said = [(1.0, 2.0, 2e6), (1.0, 2.0, 1e6), (1.0, 2.0, 2e6 + 1), (1.0, 2.0, 1e6 - 1), (None, None, 1e6)]
    reports = [
        (
            0,
            SimpleNamespace(figure={"prognos_lag_mnkr": low, "prognos_hog_mnkr": high}.get),
            pd.Series({"Totalt": became}),
        )
        for low, high, became in said
    ]
    monkeypatch.setattr(accuracy, "_said_of_whole_years", lambda reports, books: reports)
    assert accuracy.kept_ranges(reports, None) == (2, 4)


def test_an_amount_opens_evenly_from_its_month_to_the_last():
    """After August, from October: nothing in September, and then a third a month."""
    from planbok.topics.follow_up.sliders import _evenly

    found = _evenly(SimpleNamespace(tom=8), "del", 100, 3.0, 10)
    ends = {name: terms["del"] for name, terms in found.items()}
    assert ends == {f"avvikelse.{month}": [(0, 0), (100, kr)] for month, kr in zip(range(9, 13), range(4), strict=True)}
