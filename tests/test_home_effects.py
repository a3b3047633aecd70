"""What a new home does to the unit's budget: the same kronor in both reports, none of them twice."""

from dataclasses import replace

import pytest
from conftest import write_scenario
from home_tables import ENHET, home_case
from shown import shown_budget

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import answer, budget, group_home
from planbok.topics.group_home.steps import net_cost

WITHIN_KR = 0.005
OPENS = {"typ": "nytt_boende", "boende": "hemmet", "oppnar": "2024-10-01"}
STAFF = {"bemanning_arsarbetare": 10, "kostnad_kr_per_arsarbetare": 600000, "lokalhyra_kr_per_manad": 57500}
BEFORE = {"tilltrade": "2024-09-01", "personal_fran": "2024-09-16", "startkostnad_kr": 250000}
SPREAD = [{"inflyttning": day} for day in ("2024-10-01", "2024-10-01", "2024-11-01", "2024-11-01", "2024-12-01")]


def budget_case(folder, changes, **tables):
    return home_case(folder, changes, notebook="budgetscenarier", **tables)


def landed(case) -> dict[tuple[str, str, str], float]:
    """Kronor by row, side and whether the year or a full year."""
    rows = answer.others(case).effects(case.scenario).rows
    span = rows["manad"].eq("helar").map({True: "helar", False: "ar"})
    found = rows.groupby([rows["budgetrad"], rows["sida"], span])["kr"].sum()
    return {key: kr for key, kr in found.items() if abs(kr) > WITHIN_KR}


def test_every_flow_lands_on_its_row_and_side(tmp_path):
    case = budget_case(tmp_path, [OPENS], home=STAFF | BEFORE, flats=SPREAD, decisions=[{"niva": 4}])
    kbh, care, rent = 4125 * 0.9, "Vårdkostnader", "Lokalkostnader"
    assert landed(case) == pytest.approx(
        {
            (care, "kostnad", "ar"): 11 * kbh + 1_750_000,
            (care, "kostnad", "helar"): 60 * kbh + 6_000_000,
            (care, "ram", "helar"): 5 * 3402 * 366,
            (rent, "kostnad", "ar"): 4 * 57_500 + 250_000,
            (rent, "kostnad", "helar"): 690_000,
            (rent, "intakt", "ar"): 132_000,
            (rent, "intakt", "helar"): 720_000,
        }
    )


def test_empty_flats_cost_only_where_the_unit_pays_no_rent_of_its_own(tmp_path):
    rent = "Lokalkostnader"
    for number, own in enumerate((0, "")):
        home = STAFF | {"lokalhyra_kr_per_manad": own}
        found = landed(budget_case(tmp_path / str(number), [OPENS], home=home, flats=SPREAD))
        assert found[rent, "kostnad", "ar"] == pytest.approx(48_000)
        assert (rent, "kostnad", "helar") not in found


@pytest.mark.parametrize("oppnar", ["2024-01-01", "2024-03-15", "2024-10-01", "2024-12-31"])
def test_the_budget_shows_the_same_kronor_as_the_homes_own_report(tmp_path, oppnar):
    change = OPENS | {"oppnar": oppnar}
    tables = {"home": STAFF | BEFORE, "flats": SPREAD, "decisions": [{"niva": 4}, {"niva": 3}]}
    case = budget_case(tmp_path, [change], **tables)
    study = budget.study.study(case, answer.others(case))
    difference = study.outcome.amounts() - study.bas.amounts()
    home = group_home.study.study(home_case(tmp_path, [change], **tables))
    own = net_cost(home.year)
    for name in ("kr", "kr_helar", "kr_ram", "kr_ram_helar"):
        assert getattr(difference, name) == pytest.approx(getattr(own, name), abs=WITHIN_KR)
    result = answer.answer(home.case).result
    assert not [check.namn for check in result.kontroller if check.niva == "fel" and not check.ok]


def test_peng_is_in_the_years_budget_only_for_those_who_live_there_at_a_measurement(tmp_path):
    tables = {"home": STAFF, "decisions": [{"niva": 4}]}
    late = landed(budget_case(tmp_path / "0", [OPENS | {"oppnar": "2024-08-28"}], **tables))
    early = landed(budget_case(tmp_path / "1", [OPENS | {"oppnar": "2024-08-27"}], **tables))
    assert ("Vårdkostnader", "ram", "ar") not in late
    assert early["Vårdkostnader", "ram", "ar"] == pytest.approx(5 * 3402 * 366)
    assert late["Vårdkostnader", "ram", "helar"] == early["Vårdkostnader", "ram", "helar"]


def test_a_home_without_the_change_never_reaches_the_budget(tmp_path):
    case = budget_case(
        tmp_path,
        [{"typ": "volym", "insats": "gruppbostad", "niva": 4, "antal": 1, "fran": "2024-01-01"}],
        decisions=[{"niva": 4}],
    )
    assert set(landed(case)) == {("Vårdkostnader", "ram", "ar"), ("Vårdkostnader", "ram", "helar")}


PRICE_UP = {"typ": "upprakning", "prislista": "lss_peng", "procent": 10.0, "fran": "2024-12-01"}


@pytest.mark.parametrize("order", [[OPENS, PRICE_UP], [PRICE_UP, OPENS]])
def test_peng_of_residents_in_beslut_is_raised_once(tmp_path, order):
    """LSS-peng raises the prices of the five decisions; the home's own peng is then at the prices of today."""
    moved_in = [{"niva": 4, "fran": "2024-10-01", "boende": "hemmet"}] * 5
    others = [{"niva": 4}] * 3
    found = landed(budget_case(tmp_path, order, home=STAFF, decisions=moved_in + others))
    once = 366 * 3402
    assert found["Vårdkostnader", "ram", "helar"] == pytest.approx(5 * once + 0.1 * (5 + 3) * once)


def test_peng_of_a_home_of_which_beslut_has_some_is_raised_for_the_others(tmp_path):
    """Two of five stand in beslut: LSS-peng raises theirs, and the home that of the three who may come."""
    moved_in = [{"niva": 4, "fran": "2024-10-01", "boende": "hemmet"}] * 2
    found = landed(budget_case(tmp_path, [PRICE_UP, OPENS], home=STAFF, decisions=[*moved_in, {"niva": 4}]))
    once = 366 * 3402
    assert found["Vårdkostnader", "ram", "helar"] == pytest.approx(5 * once + 0.1 * (2 + 1) * once + 0.1 * 3 * once)


@pytest.mark.parametrize("order", [[OPENS, PRICE_UP], [PRICE_UP, OPENS]])
def test_peng_of_residents_that_beslut_lacks_is_raised_by_the_home(tmp_path, order):
    found = landed(budget_case(tmp_path, order, home=STAFF, decisions=[{"niva": 4}] * 3))
    once = 366 * 3402
    assert found["Vårdkostnader", "ram", "helar"] == pytest.approx(1.1 * 5 * once + 0.1 * 3 * once)


def test_the_sample_home_is_counted_once_beside_its_five_decisions():
    frames = {}
    for spridning in ("arbetsmaterial", "ledning"):
        more = {"enhet": "exempelenheten", "ar": 2024, "scenario": "nya_hemmet_oppnar"}
        case = open_case("budgetscenarier", spridning=spridning, **more)
        rows = answer.others(case).effects(case.scenario).rows
        frames[spridning] = rows[rows["sida"] == "ram"].set_index("manad")["kr"]
        assert list(frames[spridning].index) == ["helar"]
    frame = frames["arbetsmaterial"]
    assert frames["ledning"]["helar"] == 5_900_000
    home = group_home.study.study(open_case("gruppbostad_kbh", enhet="exempelenheten", ar=2024, boende="nya_hemmet"))
    assert frame["helar"] == pytest.approx(home.year.spread.forvantad * 366)


@pytest.mark.parametrize("before", [True, False])
def test_a_rule_moves_the_home_whichever_stands_first(tmp_path, before):
    rule = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-01-01"}
    case = budget_case(tmp_path, [rule, OPENS] if before else [OPENS, rule], home=STAFF, decisions=[{"niva": 4}])
    study = budget.study.study(case, answer.others(case))
    assert study.outcome.marginal["moved"].all()
    kbh = landed(case)["Vårdkostnader", "kostnad", "helar"] - 6_000_000
    assert kbh == pytest.approx(60 * 4125 * 0.8)


def test_a_rule_without_a_home_moves_no_kronor_of_the_budget_but_the_homes_report(tmp_path):
    rule = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-01-01"}
    case = budget_case(tmp_path, [rule])
    answer.verify(case)
    found = budget.study.study(case, answer.others(case))
    assert found.outcome.amounts() == found.bas.amounts()
    answer.verify(home_case(tmp_path, [rule]))


def test_a_report_on_one_home_refuses_the_opening_of_another():
    more = {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"}
    case = open_case("gruppbostad_kbh", scenario="ny_gruppbostad_2016", **more)
    with pytest.raises(InputError) as stopped:
        group_home.study.study(case)
    assert "rapporten gäller nya_hemmet, inte ny_gruppbostad_2016" in str(stopped.value)


@pytest.mark.parametrize(("hyra", "moves"), [(12000, True), (5000, False)])
def test_a_rule_that_no_figure_of_the_home_rests_on_is_refused(tmp_path, hyra, moves):
    """The ceiling is shown beside the family in force; a rent below it is moved by neither."""
    rule = {"typ": "regel", "regel": "kbh.tak.hogsta_hyra", "varde": 9000, "fran": "2024-12-01"}
    case = home_case(tmp_path, [rule], flats=[{"hyra": hyra}])
    if moves:
        assert group_home.study.study(case)
        return
    with pytest.raises(InputError, match="boendets tal ändras inte av den"):
        group_home.study.study(case)


def test_what_is_not_known_of_a_home_is_named_in_the_budget_and_is_not_zero(tmp_path):
    case = budget_case(tmp_path, [OPENS], home={"lokalhyra_kr_per_manad": ""})
    study = budget.study.study(case, answer.others(case))
    assert set(study.outcome.okant) == {
        *("personal i hemmet", "lokalhyra i hemmet", "LSS-peng i hemmet", "startkostnad i hemmet"),
    }
    said = " ".join(shown_budget(study).sammanfattning)
    assert "personal i hemmet" in said
    assert "inte medräknat" in said.lower()


def test_the_question_of_2016_rests_on_stated_assumptions():
    case = open_case("budgetscenarier", enhet="ostermalm", ar=2016, scenario="ny_gruppbostad_2016")
    study = budget.study.study(case, answer.others(case))
    kbh = study.outcome.marginal.set_index("typ")["kr"]
    assert kbh[["regel"]].sum() == pytest.approx(15 * 0.9 * (11_500 - 6_700))
    assert {n.change.underlag for n in case.scenario} == {"antagande"}
    assert {"KBH i ny gruppbostad 2016"} & set(study.outcome.okant) == set()


def test_a_home_of_another_unit_opens_nothing_here(tmp_path):
    write_scenario(tmp_path, "fel_enhet", [OPENS | {"boende": "nya_hemmet"}])
    sources = load_sources(Folders((tmp_path, PARAMS), SAMPLE))
    case = open_case("budgetscenarier", enhet="ostermalm", ar=2016, scenario="fel_enhet", sources=sources)
    with pytest.raises(InputError) as stopped:
        answer.verify(case)
    assert [fault.code for fault in stopped.value.faults] == ["moves_nothing"]


def test_the_rows_of_placement_are_the_units_own(tmp_path):
    params = tmp_path / "params"
    params.mkdir()
    own = f"{ENHET}:\n  kbh: {{budgetrad: Lokalkostnader, sida: kostnad}}\n"
    text = (PARAMS / "budgetplacering.yaml").read_text("utf-8")
    (params / "budgetplacering.yaml").write_text(text + own, "utf-8")
    case = budget_case(tmp_path, [OPENS], decisions=[{"niva": 4}])
    assert landed(case)["Lokalkostnader", "kostnad", "helar"] == pytest.approx(60 * 4125 * 0.9)


@pytest.mark.parametrize(("oppnar", "before_kr", "full_kr"), [("2025-01-01", 565_564.52, 6.69e6), ("2025-02-01", 0, 0)])
def test_a_home_that_opens_after_the_year_keeps_what_falls_before_it(oppnar, before_kr, full_kr, make_case):
    """Premises 57 500 from 1 December, staff 500 000 a month from the 16th, the start cost 250 000; no rent, no KBH."""
    change = {"typ": "nytt_boende", "boende": "nya_hemmet", "oppnar": oppnar}
    case = make_case([change], enhet="exempelenheten", ar=2024)
    own = group_home.view.result(group_home.study.study(replace(case, parametrar={"boende": "nya_hemmet"}))).nyckeltal
    for name in ("hyra_ar_lag_kr", "hyra_ar_hog_kr", "kbh_ar_lag_kr", "kbh_ar_hog_kr"):
        assert own[name].varde == 0
    assert own["kostnad_fore_oppning_kr"].varde == pytest.approx(before_kr, abs=0.005)
    answer.verify(case)
    found = shown_budget(budget.study.study(case, answer.others(case))).nyckeltal
    assert found["skillnad_mnkr"].varde == pytest.approx(before_kr / 1e6, abs=1e-8)
    assert found["helarseffekt_mnkr"].varde == pytest.approx(full_kr / 1e6, abs=1e-8)


def test_a_delay_past_the_year_is_held_against_the_scenario_that_opens_the_home(make_case):
    change = {"typ": "nytt_boende", "boende": "nya_hemmet", "oppnar": "2025-02-01"}
    case = make_case([change], enhet="exempelenheten", ar=2024, jamfor_med="nya_hemmet_oppnar")
    found = budget.study.study(case, answer.others(case))
    opened = make_case(enhet="exempelenheten", ar=2024, scenario="nya_hemmet_oppnar")
    kr = budget.study.study(opened, answer.others(opened)).outcome.amounts().kr - found.bas.amounts().kr
    assert kr > 1e6
    assert found.outcome.amounts().kr - found.versus.amounts().kr == pytest.approx(-kr)
