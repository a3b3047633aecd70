"""What a scenario does to sick leave, its cost and the unit's budget: the same kronor wherever they are shown."""

import numpy as np
import pytest
from staffing_tables import ENHET, reported, staffing_case, target, turned, year

from planbok.base.errors import InputError
from planbok.case.case import open_case
from planbok.topics import answer, budget, staffing
from planbok.topics.staffing.bridges import TO_SCENARIO
from planbok.topics.staffing.study import worlds

AR = 2023  # the last year with published contributions
PO, WAGE = 0.4453, 31000 * 12 / (52 * 40)
MIX_PRICE = 0.92 * 235 + 0.06 * 390 + 0.02 * 460
BUDGET = [
    {"enhet": ENHET, "ar": AR, "version": "vp", "budgetrad": "Vårdkostnader", "kostnad_mnkr": 20, "intakt_mnkr": 1}
]
HALF = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": -0.5, "fran": "2023-07-01"}
GROUPS = {"Grupp A": 1000, "Grupp B": 500}
HOURS = {"sjuk_h": 80, "sjuk_dag_1_14_h": 80}


def rows(ar: int = AR) -> list:
    """Two groups, all sick leave in days 1-14."""
    return [
        row
        for year_ in (ar - 1, ar)
        for name, agreed in GROUPS.items()
        for row in year(year_, grupp=name, avtalad_tid_h=agreed, ordinarie_tid_h=agreed, **HOURS)
    ]


def case(tmp_path, *changes, notebook="bemanning_sjukfranvaro", ar: int = AR, **more):
    tables = {"budget": [{**BUDGET[0], "ar": ar}], **more}
    return staffing_case(tmp_path, rows(ar), ar, changes=list(changes), notebook=notebook, **tables)


def steps(case_) -> list[dict]:
    table = reported(staffing.study.study(case_)).tabeller["brygga"]
    return [row for row in table.records() if row["brygga"] == TO_SCENARIO]


def budget_outcome(case_):
    return budget.study.study(case_, answer.others(case_)).outcome


def per_hour() -> dict[str, float]:
    """What a sick hour in days 1-14 costs: sick pay, replacements, and the wage that isn't paid."""
    sick_pay = 0.8 * WAGE * (1 - 8 / 32) * (1 + PO)
    return {"sjuklon": sick_pay, "ersattare": MIX_PRICE, "lon": -WAGE * (1 + PO)}


def test_half_a_point_less_from_july_by_hand(tmp_path):
    hours, full = -0.005 * 1500 * 6, -0.005 * 1500 * 12
    start, change, end = steps(case(tmp_path, HALF))
    unit = per_hour()
    cost = unit["sjuklon"] + unit["ersattare"]
    assert change["sjuk_h"] == pytest.approx(hours)
    assert change["kr"] == pytest.approx(hours * cost)
    assert change["kr_helar"] == pytest.approx(full * cost)
    assert change["budget_kr"] == pytest.approx(hours * sum(unit.values()))
    assert change["budget_helar_kr"] == pytest.approx(full * sum(unit.values()))
    assert start["kr"] + change["kr"] == pytest.approx(end["kr"])


def test_the_budget_takes_in_the_same_kronor(tmp_path):
    change = steps(case(tmp_path / "a", HALF))[1]
    outcome = budget_outcome(case(tmp_path / "b", HALF, notebook="budgetscenarier"))
    before = budget_outcome(case(tmp_path / "c", notebook="budgetscenarier"))
    moved = outcome.amounts() - before.amounts()
    assert moved.kr == pytest.approx(change["budget_kr"])
    assert moved.kr_helar == pytest.approx(change["budget_helar_kr"])
    months = outcome.by_month()["netto_kr"] - before.by_month()["netto_kr"]
    assert months.iloc[:6].abs().max() == 0
    assert months.iloc[6:].to_numpy() == pytest.approx(np.full(6, change["budget_kr"] / 6))


def test_kronor_land_where_budgetplacering_says(tmp_path):
    placed = tmp_path / "params"
    placed.mkdir()
    (placed / "budgetplacering.yaml").write_text(
        "default:\n  sjuklon: {budgetrad: Löner, sida: kostnad}\n  ersattare: {budgetrad: Vikarier, sida: kostnad}\n"
        "  personal: {budgetrad: Löner, sida: kostnad}\n",
        "utf-8",
    )
    frame = _rows(case(tmp_path, HALF, notebook="budgetscenarier"))
    by_row = frame[frame["manad"] != "helar"].groupby("budgetrad")["kr"].sum()
    unit, hours = per_hour(), -0.005 * 1500 * 6
    assert by_row["Vikarier"] == pytest.approx(hours * unit["ersattare"])
    assert by_row["Löner"] == pytest.approx(hours * (unit["sjuklon"] + unit["lon"]))
    assert set(frame["sida"]) == {"kostnad"}


def _rows(case_):
    return answer.others(case_).effects(case_.scenario).rows


def test_one_group_and_part_of_a_month(tmp_path):
    change = {**HALF, "grupp": "grupp b", "fran": "2023-06-16", "till": "2023-07-31"}
    _, step, _ = steps(case(tmp_path, change))
    assert step["sjuk_h"] == pytest.approx(-0.005 * 500 * 1.5)
    assert step["kr_helar"] == 0


def test_another_mix_of_replacements(tmp_path):
    mix = {"timavlonad": 1.0, "overtid": 0.0, "inhyrd": 0.0}
    change = {"typ": "regel", "regel": "ersattare.fordelning", "varde": mix, "fran": "2023-07-01"}
    _, step, _ = steps(case(tmp_path, change))
    assert step["sjuk_h"] == 0
    assert step["kr"] == pytest.approx(160 * 6 * (235 - MIX_PRICE))
    assert step["kr_helar"] == pytest.approx(160 * 12 * (235 - MIX_PRICE))
    assert step["budget_kr"] == step["kr"]


def test_changes_act_in_order_and_their_steps_close(tmp_path):
    mix = {"timavlonad": 0.5, "overtid": 0.5}
    shares = {"typ": "regel", "regel": "ersattare.fordelning", "varde": mix, "fran": "2023-03-10"}
    found = steps(case(tmp_path, HALF, shares, {**HALF, "grupp": "Grupp A", "procentenheter": 1.5}))
    for column in ("kr", "kr_helar", "sjuk_h"):
        total = sum(row[column] for row in found[:-1])
        if column == "sjuk_h":
            assert total == pytest.approx(found[-1][column])
        else:
            assert total == pytest.approx(found[-1][column], abs=0.01)


def test_without_contributions_kronor_are_unknown_and_never_nothing(tmp_path):
    change = {**HALF, "fran": "2024-07-01"}
    found = reported(staffing.study.study(case(tmp_path / "a", change, ar=2024)))
    reason = found.nyckeltal["sjuklonekostnad_kr"].saknas
    assert "po_palagg har inget värde 2024; närmast 2023" in reason
    _, step, _ = [row for row in found.tabeller["brygga"].records() if row["brygga"] == TO_SCENARIO]
    assert step["sjuk_h"] == pytest.approx(-0.005 * 1500 * 6)
    assert step["kr"] is None
    outcome = budget_outcome(case(tmp_path / "b", change, notebook="budgetscenarier", ar=2024))
    assert any("po_palagg" in text for text in outcome.okant)
    assert outcome.marginal["kr"].tolist() == [0.0]


def test_another_mix_is_known_without_the_contributions_that_only_sick_pay_needs(tmp_path):
    mix = {"typ": "regel", "regel": "ersattare.fordelning", "varde": {"timavlonad": 1.0}, "fran": "2024-07-01"}
    _, step, _ = steps(case(tmp_path / "a", mix, ar=2024))
    assert step["kr"] == pytest.approx(160 * 6 * (235 - MIX_PRICE))
    outcome = budget_outcome(case(tmp_path / "b", mix, notebook="budgetscenarier", ar=2024))
    assert outcome.okant == ()
    assert outcome.marginal["kr"].tolist() == pytest.approx([step["budget_kr"]])


def test_a_scenario_fills_the_contributions_as_an_assumption(tmp_path):
    fill = {"typ": "regel", "regel": "po_palagg", "varde": 44.53, "fran": "2024-01-01"}
    change = {**HALF, "fran": "2024-07-01"}
    outcome = budget_outcome(case(tmp_path / "a", fill, change, notebook="budgetscenarier", ar=2024))
    assert outcome.okant == ()
    filled, moved = outcome.marginal["kr"]
    assert filled == 0
    assert moved == pytest.approx(-0.005 * 1500 * 6 * sum(per_hour().values()))
    with pytest.raises(InputError, match="underlag ska vara antagande"):
        case(tmp_path / "b", {**fill, "underlag": "prognos"}, ar=2024)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({**HALF, "fran": "2024-01-01"}, "moves_nothing"),
        ({**HALF, "till": "2022-12-31", "fran": "2022-01-01"}, "moves_nothing"),
        ({**HALF, "grupp": "Grupp Ä"}, "unknown_group"),
        ({**HALF, "procentenheter": -9}, "below_zero"),
        ({"typ": "regel", "regel": "po_palagg", "varde": 44.53, "fran": "2023-01-01"}, "moves_nothing"),
    ],
)
def test_a_change_that_cannot_be_is_refused(tmp_path, change, code):
    with pytest.raises(InputError) as caught:
        staffing.study.study(case(tmp_path, change))
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("shares", [{"timavlonad": 0.8, "overtid": 0.3}, {"vikarier": 1.0}, {"timavlonad": -0.1}])
def test_a_mix_that_cannot_be_is_refused(tmp_path, shares):
    change = {"typ": "regel", "regel": "ersattare.fordelning", "varde": shares, "fran": "2023-01-01"}
    with pytest.raises(InputError, match="ersattare.fordelning"):
        staffing.study.study(case(tmp_path, change))


def test_a_schedule_change_is_an_amount_in_the_budget_and_moves_no_sick_leave(tmp_path):
    schedule = {"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": -20000}
    change = {**schedule, "fran": "2023-07-01"}
    found = case(tmp_path / "a", change)
    answer.verify(found)
    assert (
        reported(staffing.study.study(found)).nyckeltal
        == reported(staffing.study.study(case(tmp_path / "b"))).nyckeltal
    )
    assert budget_outcome(case(tmp_path / "c", change, notebook="budgetscenarier")).marginal["kr"].tolist() == [-120000]


@pytest.mark.parametrize("scenario", ["lagre_sjukfranvaro_2024", "farre_inhyrda_2024"])
def test_the_samples_scenarios_move_the_same_kronor_in_both_reports(scenario):
    given = {"enhet": "exempelenheten", "ar": 2024, "scenario": scenario}
    study = staffing.study.study(open_case("bemanning_sjukfranvaro", tom_manad=12, **given))
    bars = [row for row in reported(study).tabeller["brygga"].records() if row["brygga"] == TO_SCENARIO]
    outcome = budget_outcome(open_case("budgetscenarier", **given))
    assert outcome.okant == ()
    assert outcome.marginal["kr"].iloc[-1] == pytest.approx(bars[-2]["budget_kr"], abs=0.005)
    assert bars[-2]["budget_kr"]


def test_the_comparison_may_be_another_scenario(tmp_path):
    given = {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 8}
    case_ = open_case(
        "bemanning_sjukfranvaro", scenario="lagre_sjukfranvaro_2024", jamfor_med="farre_inhyrda_2024", **given
    )
    found = steps(case_)
    assert [row["typ"] for row in found] == ["start", "regel", "sjukfranvaro", "slut"]
    assert found[1]["steg"].startswith("Utan: ")
    assert sum(row["kr"] for row in found[:-1]) == pytest.approx(found[-1]["kr"], abs=0.01)


def test_dials_left_alone_give_the_report_and_turned_give_a_scenario(tmp_path):
    study = staffing.study.study(case(tmp_path / "a"))
    still = turned(study)
    assert still.nyckeltal == reported(study).nyckeltal
    assert set(still.andring.values()) == {0.0}
    moved = turned(study, grupp="Grupp A", procentenheter=-0.5, fran_manad=7)
    from_file = staffing.study.study(case(tmp_path / "b", {**HALF, "grupp": "Grupp A"}))
    assert moved.nyckeltal == reported(from_file).nyckeltal
    step = steps(from_file.case)[1]
    assert moved.andring == {name: step[name] for name in moved.andring}
    assert moved.per_manad["provat_procent"].iloc[6] < moved.per_manad["rapporten_procent"].iloc[6]
    mix = turned(study, fordelning={"overtid": 1.0}, fran_manad=1)
    assert mix.andring["kr"] == pytest.approx(160 * 12 * (390 - MIX_PRICE))


def test_the_dials_target_asks_for_the_rest_of_the_year():
    study = staffing.study.study(open_case("bemanning_sjukfranvaro", enhet="exempel_assistans", ar=2024, tom_manad=8))
    kept = turned(study)
    assert kept.kravs == reported(study).nyckeltal["kravs_resten_av_aret_procent"].varde
    lower = turned(study, mal=8.0)
    assert lower.kravs < kept.kravs
    assert lower.per_manad["kravs_procent"].notna().tolist() == [False] * 8 + [True] * 4
    assert turned(study, mal=1.0).kravs is None


def test_sick_leave_of_another_unit_moves_nothing_here(tmp_path):
    other = {**HALF, "enhet": "annan", "procentenheter": -90.0}
    change = {"typ": "sjukfranvaro", "grupp": "alla", "procentenheter": -0.5, "fran": "2023-07-01"}
    alone = staffing.study.study(case(tmp_path / "a", change))
    both = case(tmp_path / "b", other, change, mal=[target(AR, enhet="annan")])
    world = worlds(both, alone.bas.base, both.scenario)[-1]
    assert world.added.tolist() == alone.world.added.tolist()
    assert world.full_year == alone.world.full_year
    with pytest.raises(InputError, match="den gäller enheten annan"):
        staffing.study.study(both)
    assert len(staffing.others.effects(both, both.scenario).moved) == 1


@pytest.mark.parametrize("enhet", ["exempelenheten", "exempel_assistans"])
def test_a_change_is_the_same_kronor_after_every_month_and_in_the_budget(enhet):
    given = {"enhet": enhet, "ar": 2024, "scenario": "lagre_sjukfranvaro_2024"}
    moved = budget_outcome(open_case("budgetscenarier", **given)).marginal["kr"].iloc[-1]
    assert moved < 0
    for tom in range(1, 13):
        study = staffing.study.study(open_case("bemanning_sjukfranvaro", tom_manad=tom, **given))
        found = [
            row for row in staffing.view.result(study).tabeller["brygga"].records() if row["brygga"] == TO_SCENARIO
        ]
        assert found[-2]["budget_kr"] == pytest.approx(moved, abs=0.005)
