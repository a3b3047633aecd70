"""The budget as read from tables: profiles, versions, comparisons, broken totals, missing budgets."""

import json
from dataclasses import replace

import pytest
from conftest import replace_in, write_scenario
from shown import shown_budget, shown_month

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.inputs.scenario.load import BAS
from planbok.report.handover import as_json
from planbok.topics import answer, budget, follow_up, lss_peng

UPRATING = {"typ": "upprakning", "budgetrad": "Vårdkostnader", "sida": "kostnad", "procent": 1.0, "fran": "2016-07-01"}


def add_table(folder, name: str, text: str) -> None:
    (folder / f"{name}.csv").write_text(text, "utf-8")


def test_stated_monthly_budget_spreads_the_row(make_case, sample_copy):
    months = [f"ostermalm,2016-{m:02d},Vårdkostnader,{10 if m <= 6 else 20},1" for m in range(1, 13)]
    add_table(sample_copy, "manadsbudget", "\n".join(["enhet,manad,budgetrad,kostnad_kr,intakt_kr", *months]))
    study = budget.study.study(make_case([UPRATING], data=sample_copy))
    amounts = study.outcome.amounts() - study.versus.amounts()
    assert amounts.kr == pytest.approx(113.9e6 * 0.01 * 120 / 180)
    assert amounts.kr_helar == pytest.approx(1_139_000)
    assert study.profile == "månadsbudgeten"


def test_monthly_budget_with_a_month_missing_is_refused(make_case, sample_copy):
    months = [f"ostermalm,2016-{m:02d},Vårdkostnader,10,1" for m in range(1, 12)]
    add_table(sample_copy, "manadsbudget", "\n".join(["enhet,manad,budgetrad,kostnad_kr,intakt_kr", *months]))
    with pytest.raises(InputError, match="11 av årets 12 månader"):
        budget.study.study(make_case(data=sample_copy))


def profile_rule(tmp_path, shares: list[float]) -> None:
    rule = (
        "budget.manadsprofil:\n  titel: Månadsprofil\n  mattenhet: andel\n  varden:\n"
        f"    - {{fran: 2016-01-01, varde: {{alla: {shares}}}, underlag: antagande, kalla: Prov}}\n"
    )
    (tmp_path / "params" / "regler").mkdir(parents=True)
    (tmp_path / "params" / "regler" / "profil.yaml").write_text(rule, "utf-8")


def test_dated_profile_spreads_every_row(make_case, tmp_path):
    profile_rule(tmp_path, [0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025])
    study = budget.study.study(make_case([UPRATING]))
    assert (study.outcome.amounts() - study.versus.amounts()).kr == pytest.approx(1_139_000 * 0.2)
    assert study.outcome.amounts().kr_ram == pytest.approx(144.8e6)


def test_profile_that_does_not_sum_to_one_is_refused(make_case, tmp_path):
    profile_rule(tmp_path, [0.1] * 12)
    with pytest.raises(InputError, match="summerar till 1"):
        budget.study.study(make_case())


def test_change_that_moves_nothing_says_why(make_case):
    for change, words in [
        ({**UPRATING, "fran": "2017-01-01"}, "efter planåren som slutar 2016-12-31"),
        ({**UPRATING, "enhet": "exempelenheten"}, "den gäller enheten exempelenheten"),
        ({**UPRATING, "verksamhet": "Norr"}, "Vårdkostnader Norr finns inte i budgeten 2016"),
        ({"typ": "volym", "insats": "gruppbostad", "antal": 1, "fran": "2016-01-01"}, "typen volym"),
    ]:
        with pytest.raises(InputError, match=words):
            budget.study.study(make_case([change]))


def test_change_after_the_first_year_moves_something_in_a_later_plan_year(make_case):
    study = budget.study.study(make_case([{**UPRATING, "fran": "2017-01-01"}], till_ar=2017))
    table = shown_budget(study).tabeller["per_ar"].frame.set_index("ar")
    assert table["skillnad_mnkr"].to_dict() == pytest.approx({2016: 0.0, 2017: 1.139})
    assert study.outcome.amounts().kr == pytest.approx(144.8e6)


def test_missing_budget_names_what_there_is(make_case):
    with pytest.raises(InputError, match=r"ingen budget 2015 .* 2014 \(vp\); 2016 \(vp\)"):
        budget.study.study(make_case(ar=2015))
    with pytest.raises(InputError, match="Menade du 'ostermalm'"):
        budget.study.study(make_case(enhet="ostermaln"))


def test_changed_figure_fails_its_row_and_its_column_and_nothing_else(make_case, sample_copy):
    replace_in(
        sample_copy / "budget.csv", "ostermalm,2016,vp,Vårdkostnader,113.9", "ostermalm,2016,vp,Vårdkostnader,113.8"
    )
    result = shown_budget(budget.study.study(make_case(data=sample_copy)))
    failed = {check.namn: check for check in result.kontroller if check.failed}
    assert set(failed) == {"Raderna summerar till Totalt: kostnad", "Kostnad minus intäkt är netto på varje rad"}
    assert all(check.differens == pytest.approx(-0.1) for check in failed.values())
    assert "går inte ihop på 2 ställen" in result.sammanfattning[-1]


def test_a_check_over_nothing_is_not_true(make_case):
    result = shown_budget(budget.study.study(make_case(enhet="bestallare_aldre", ar=2021)))
    assert [check.ok for check in result.kontroller if check.namn.startswith("Raderna summerar")] == [None] * 4
    assert not [check for check in result.kontroller if check.failed]


def test_partly_known_budgets_add_nothing_of_their_own(make_case):
    for enhet, ar, known in [
        ("personligt_stod", 2024, "59"),
        ("stod_aktivitet", 2014, "41,8"),
        ("bestallare_aldre", 2021, "800"),
    ]:
        said = shown_budget(budget.study.study(make_case(enhet=enhet, ar=ar))).sammanfattning
        assert known in said[0]
        assert "kan inte räknas fram" in said[1]
        assert 3 <= len(said) <= 8


def test_comparison_with_another_scenario_bridges_only_what_differs(tmp_path, make_case):
    case = make_case()
    case = open_case(
        "budgetscenarier",
        enhet="exempelenheten",
        ar=2024,
        scenario="atgarder_2024",
        jamfor_med="dyrare_var_2024",
        sources=load_sources(Folders((PARAMS,))),
    )
    frame = shown_budget(budget.study.study(case)).tabeller["brygga"].frame
    assert frame["typ"].tolist() == ["start", "atgard", "atgard", "samspel", "slut"]
    assert frame["kr"].tolist()[1:3] == pytest.approx([-840_000, -60_000])


def test_operations_and_what_is_not_allocated(make_case):
    table = shown_budget(budget.study.study(make_case(enhet="exempelenheten", ar=2024))).tabeller["verksamheter"].frame
    care = table[table["budgetrad"] == "Vårdkostnader"].set_index("verksamhet")
    assert care.loc["Ej fördelat", "kostnad_mnkr"] == pytest.approx(123.7 - 58.0 - 15.1 - 28.2)
    assert care["kostnad_mnkr"].sum() == pytest.approx(123.7)


def test_change_of_one_operation_leaves_the_others(make_case):
    change = {**UPRATING, "verksamhet": "Servicebostad", "fran": "2024-01-01"}
    study = budget.study.study(make_case([change], enhet="exempelenheten", ar=2024))
    assert (study.outcome.amounts() - study.versus.amounts()).kr == pytest.approx(15.1e6 * 0.01)


def test_uncertainty_stated_in_the_scenario_reaches_the_first_screen(make_case):
    change = {**UPRATING, "fran": "2016-01-01", "procent_lag": 0.5, "procent_hog": 2.0}
    result = shown_budget(budget.study.study(make_case([change])))
    row = result.tabeller["kanslighet"].frame.iloc[0]
    assert (row["netto_lag_mnkr"], row["netto_hog_mnkr"]) == pytest.approx((144.8 + 0.5695, 144.8 + 2.278))
    assert any("145,4–147,1" in text for text in result.sammanfattning)
    assert row["spann"].replace("\u00a0", " ") == "0,50 till 2 %"


def test_public_reports_leave_out_the_scenarios_own_words(make_case):
    case = make_case([{**UPRATING, "motivering": "Hemlig motivering"}], spridning="offentlig")
    written = json.dumps(as_json(case, shown_budget(budget.study.study(case))), ensure_ascii=False, default=str)
    assert "Hemlig motivering" not in written
    assert '"Prov"' not in written
    assert "Scenario med 1 förändring" in written


def test_result_names_rules_inputs_and_changes(make_case):
    case = make_case([UPRATING])
    written = as_json(case, shown_budget(budget.study.study(case)))
    assert {row["fil"] for row in written["indata"]} == {"budget.csv", "enheter.csv", "manadsbudget.csv"}
    rules = [row["regel"] for row in written["regler"]]
    assert [rule for rule in rules if rule.startswith("budget.")] == [
        "budget.justeras_efter",
        "budget.upprakning_procent",
    ]
    assert "minsta_grupp" in rules  # what the audience is protected by
    assert written["forandringar"][0]["motivering"] == "Prov"
    assert all(row["kalla"] and row["underlag"] for row in written["regler"])


def test_budget_table_without_a_stated_net_has_nothing_to_compare(make_case, sample_copy):
    lines = (sample_copy / "budget.csv").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.startswith(("enhet,", "ostermalm,2016")) and "Totalt" not in line]
    kept = [
        line.replace("8.9,", ",").replace("112.5,", ",").replace("22.3,", ",").replace("1.1,", ",") for line in kept
    ]
    (sample_copy / "budget.csv").write_text("\n".join(kept), "utf-8")
    result = shown_budget(budget.study.study(make_case(data=sample_copy)))
    assert result.nyckeltal["nettokostnad_mnkr"].varde == pytest.approx(144.8)
    assert [check.ok for check in result.kontroller[:5]] == [None] * 5


def test_what_ends_with_the_year_is_not_said_to_cost_next_year(make_case):
    amount = {"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": 100000}
    for change, words in [
        (
            {**amount, "fran": "2016-07-01", "till": "2016-12-31"},
            "På helår, i den takt som gäller den 31 december, är skillnaden +1,2\N{NO-BREAK SPACE}mnkr.",
        ),
        ({**amount, "fran": "2016-07-01"}, "måste finansieras nästa år"),
    ]:
        said = shown_budget(budget.study.study(make_case([change]))).sammanfattning
        assert words in said[1]


def test_sentences_round_the_same_difference_alike(make_case):
    change = {
        "typ": "belopp",
        "budgetrad": "Administration",
        "sida": "kostnad",
        "kr_per_manad": 12500,
        "fran": "2016-01-01",
    }
    said = shown_budget(budget.study.study(make_case([change]))).sammanfattning
    assert "0,2\u00a0mnkr mer än" in said[0]
    assert "0,2\u00a0mnkr i underskott" in said[2]


def test_a_measure_is_named_and_its_probability_said_but_not_in_public(make_case):
    change = {"typ": "atgard", "namn": "Färre inhyrda", "budgetrad": "Vårdkostnader", "sida": "kostnad"}
    change |= {"kr_per_manad": -80000, "fran": "2016-03-01", "status": "planerad", "sannolikhet_andel": 0.5}
    step = shown_budget(budget.study.study(make_case([change]))).tabeller["brygga"].frame["steg"].iloc[1]
    assert step.replace("\u00a0", " ") == "Färre inhyrda: −80 000 kr per månad, sannolikhet 50 %, från 1 mars 2016"
    case = make_case([change], spridning="offentlig")
    written = json.dumps(as_json(case, shown_budget(budget.study.study(case))), ensure_ascii=False, default=str)
    assert "Färre inhyrda" not in written


def test_a_placement_on_a_row_that_the_budget_lacks_is_named(make_case, sample_copy):
    text = (sample_copy / "budget.csv").read_text("utf-8").replace("Vårdkostnader", "Insatser enligt LSS")
    (sample_copy / "budget.csv").write_text(text, "utf-8")
    change = {
        "typ": "volym",
        "insats": "gruppbostad",
        "niva": 4,
        "regi": "entreprenad",
        "antal": 1,
        "fran": "2024-01-01",
    }
    case = make_case([change], enhet="exempelenheten", ar=2024, data=sample_copy)
    with pytest.raises(InputError, match="budgetraden 'Vårdkostnader' finns inte .* Insatser enligt LSS"):
        budget.study.study(case, answer.others(case))


def test_a_person_after_the_last_measurement_gives_frame_only_over_a_full_year(make_case):
    change = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 1, "fran": "2024-10-01"}
    case = make_case([change], enhet="exempelenheten", ar=2024)
    result = shown_budget(budget.study.study(case, answer.others(case)))
    bar = result.tabeller["brygga"].frame.iloc[1]
    assert (bar["kr"], bar["kr_ram"], bar["kr_ram_helar"]) == (0, 0, pytest.approx(3402 * 366))
    assert "ramen ändras inte i år och ökar med 1,2 mnkr på helår" in result.sammanfattning[2].replace("\u00a0", " ")
    assert "±0 mot ramen i år, 1,2 mnkr i överskott på helår" in result.sammanfattning[0].replace("\u00a0", " ")


def test_public_reports_merge_changes_that_concern_persons(make_case):
    change = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 1, "fran": "2024-01-01"}
    case = make_case([change], enhet="exempelenheten", ar=2024, spridning="offentlig")
    written = as_json(case, shown_budget(budget.study.study(case, answer.others(case))))
    assert [row["typ"] for row in written["tabeller"]["brygga"]] == ["start", "flera", "samspel", "slut"]
    assert "nivå 4" not in json.dumps(written, ensure_ascii=False, default=str)


def test_a_stated_span_of_persons_reaches_the_budgets_range(make_case):
    change = {
        "typ": "volym",
        "insats": "gruppbostad",
        "niva": 4,
        "regi": "entreprenad",
        "antal": 2,
        "fran": "2024-01-01",
    }
    case = make_case([{**change, "antal_lag": 1, "antal_hog": 4}], enhet="exempelenheten", ar=2024)
    row = shown_budget(budget.study.study(case, answer.others(case))).tabeller["kanslighet"].frame.iloc[0]
    net = 155.2e6
    assert row["netto_lag_mnkr"] == pytest.approx((net + 3586 * 366) / 1e6)
    assert row["netto_hog_mnkr"] == pytest.approx((net + 4 * 3586 * 366) / 1e6)
    assert row["spann"].replace("\u00a0", " ") == "1 till 4 personer"
    public = answer.answer(replace(case, spridning="offentlig")).result
    assert not len(public.tabeller["kanslighet"].frame)


def test_a_report_says_that_a_change_began_before_its_year(make_case):
    """1 % from July 2016 is 1 % of all of 2024; with a start in the year nothing needs to be said."""
    monthly = {"typ": "belopp", "budgetrad": "Administration", "sida": "kostnad", "kr_per_manad": 1000}
    monthly |= {"underlag": "antagande", "motivering": "Prov."}
    later = {**monthly, "fran": "2024-03-01"}
    new_year, the_day_before = ({**UPRATING, "fran": day} for day in ("2024-01-01", "2023-12-31"))
    told = {
        "1 förändring i scenariot började före 2024 (den 1 juli 2016)": [UPRATING, later],
        "2 förändringar i scenariot började före 2024 (den första 31 december 2023)": [
            new_year, the_day_before, {**monthly, "fran": "2023-12-31"},
        ],
    }  # fmt: skip
    for text, changes in told.items():
        said = answer.answer(make_case(changes, enhet="exempelenheten", ar=2024)).result.sammanfattning
        assert said[-1] == f"{text} och gäller redan när året börjar."
    said = answer.answer(make_case([later], enhet="exempelenheten", ar=2024)).result.sammanfattning
    assert not any("började före" in text for text in said)


def test_a_judgement_of_an_earlier_year_is_refused_with_the_day_it_ended(make_case):
    judgement = {"typ": "bedomning", "budgetrad": "Administration", "sida": "kostnad", "kr": 60000}
    judgement |= {"fran": "2016-09-01", "datum": "2016-05-10", "underlag": "prognos", "motivering": "Prov."}
    with pytest.raises(InputError) as error:
        budget.study.study(make_case([judgement], enhet="exempelenheten", ar=2024))
    assert "den slutar 2016-12-31, före 2024-01-01." in str(error.value)


@pytest.mark.parametrize(("scenario", "ending"), [("bas", ""), ("dyrare_var_2024", " med scenariot")])
def test_the_budget_tables_title_says_when_its_figures_are_the_scenarios(scenario, ending):
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, scenario=scenario)
    table = shown_budget(budget.study.study(case, answer.others(case))).tabeller["budget"]
    assert table.titel.endswith(f"budget 2024{ending}")


def test_days_of_lss_peng_move_something_though_no_kronor_of_the_frame_do(make_case):
    """Between the last measurement and 31 December: 91 days at level 4 and nothing in the year's budget."""
    change = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 1, "fran": "2024-09-01"}
    case = make_case([{**change, "till": "2024-11-30"}], enhet="exempelenheten", ar=2024)
    answer.verify(case)
    days = [
        lss_peng.view.result(lss_peng.study.study(c)).nyckeltal["peng_dygn_kr"].varde
        for c in (case, replace(case, scenario=BAS))
    ]
    assert days[0] - days[1] == pytest.approx(309_582)
    found = shown_budget(budget.study.study(case, answer.others(case)))
    assert (found.nyckeltal["skillnad_mnkr"].varde, found.nyckeltal["helarseffekt_mnkr"].varde) == (0, 0)
    assert "Budgeten ändras inte" in found.sammanfattning[1]
    month = replace(case, notebook="manadsprognos", parametrar={"tom_manad": 4})
    table = shown_month(follow_up.study.study(month, answer.others(month))).tabeller["forandringar"].frame
    assert table[["ar_kr", "helar_kr"]].to_numpy().tolist() == [[0, 0], [0, 0]]


def test_where_a_scenario_moves_the_frame_the_deviation_from_it_is_the_headline(make_case):
    case = make_case(enhet="exempelenheten", ar=2024, scenario="fler_personer_2024")
    result = answer.answer(case).result
    said = result.sammanfattning[0].replace("\u00a0", " ")
    assert said == (
        "Två personer till i gruppbostad från april: 0,7 mnkr i överskott mot ramen i år, ±0 på helår. "
        "Antagande: senaste mätningen gäller hela året."
    )
    assert result.framst[0] == "avvikelse_mnkr"


def test_a_home_whose_frame_rests_on_the_measurement_rule_says_so_unless_a_scenario_has_settled_it(make_case):
    """The LSS-peng of an opening is counted by the same rule as all other; what a scenario decides is no assumption."""
    said = answer.answer(make_case(enhet="exempelenheten", ar=2024, scenario="nya_hemmet_oppnar")).result
    assert said.sammanfattning[0].endswith("Antagande: senaste mätningen gäller hela året.")
    settled = {"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-01-01"}
    settled |= {"underlag": "beslutad", "motivering": "Prov"}
    opening = {"typ": "nytt_boende", "boende": "nya_hemmet", "oppnar": "2024-10-01"}
    opening |= {"underlag": "beslutad", "motivering": "Prov"}
    decided = answer.answer(make_case([settled, opening], enhet="exempelenheten", ar=2024)).result
    assert "Antagande" not in decided.sammanfattning[0]


def test_a_change_that_both_scenarios_have_is_no_step_between_them(tmp_path, make_case):
    make_case([])  # makes the folder
    write_scenario(tmp_path / "params", "annat", [{**UPRATING, "motivering": "Samma sak, sagd på ett annat sätt"}])
    case = make_case([UPRATING, {**UPRATING, "fran": "2016-09-01"}], jamfor_med="annat")
    steps = shown_budget(budget.study.study(case)).tabeller["brygga"].frame
    assert len(steps) == 4  # start, the one that differs, what they do together, end


def test_one_change_more_has_no_interaction_though_each_scenario_writes_the_rest_itself(make_case, tmp_path):
    """The frame's kronor are rounded on the way: the same change in another order would leave a rest of a rounding."""
    rule = {"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-01-01"}
    persons = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "entreprenad", "antal": 2}
    write_scenario(tmp_path / "params", "bara_halvar", [rule])
    case = make_case(
        [{**persons, "fran": "2024-04-01"}, {**rule, "motivering": "Ett annat skäl"}],
        enhet="exempelenheten", ar=2024, jamfor_med="bara_halvar",
    )  # fmt: skip
    bridge = answer.answer(case).result.tabeller["brygga"].frame
    (rest,) = bridge[bridge["typ"].eq("samspel")].to_dict("records")
    assert len(bridge) == 4 and [rest[key] for key in ("kr", "kr_helar", "kr_ram", "kr_ram_helar")] == [0, 0, 0, 0]


def test_changes_that_only_the_comparison_has_are_said_to_be_left_out():
    """Without the measures, −120 000 a month from June and 60 per cent of 25 000 from September cost again."""
    case = open_case(
        "budgetscenarier", enhet="exempelenheten", ar=2024, scenario="dyrare_var_2024", jamfor_med="atgarder_2024"
    )
    said = " ".join(answer.answer(case)[1].sammanfattning).replace("\u00a0", " ")
    assert "Skillnader mot ”Dyrare vår och åtgärder mot det”: utan Färre inhyrda och mindre övertid" in said
    assert "(+0,84 mnkr); utan Tomma lokaler hyrs ut" in said and "Scenariot är" not in said
