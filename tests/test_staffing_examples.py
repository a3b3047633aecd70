"""Worked examples of staffing and sick leave, from tables and rules to the figures of the report."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml_files
from conftest import examples, replace_in
from staffing_tables import ENHET, month, reported, staffing_case, target, year

from planbok.base.workspace import PARAMS
from planbok.topics import staffing
from planbok.topics.staffing.model import hourly_wage, karens_hours

EXAMPLES = examples("staffing")
SICK = "Sjukfrånvaro"


def of_kind(kind: str) -> list:
    found = [pytest.param(example, id=example["id"]) for example in EXAMPLES if kind in example]
    assert found, f"no examples of {kind}"
    return found


def result_of(case):
    return reported(staffing.study.study(case))


def test_the_months_beside_the_years_and_the_bridge_from_last_year(tmp_path):
    """Sick 10 h a month more each month of 2023 in 1 000 contracted, overtime 1, 2, 3 … h a month of 2024."""
    rows = [month(f"2023-{n:02d}", sjuk_h=10 * n) for n in range(1, 13)]
    rows += [month(f"2024-{n:02d}", sjuk_h=10, overtid_h=n) for n in range(1, 6)]
    study = staffing.study.study(staffing_case(tmp_path, rows, 2024, 5))
    found = {name: figure.varde for name, figure in staffing.key_figures.facts(study).items()}
    assert [found[f"i_fjol_{n}_procent"] for n in range(1, 13)] == pytest.approx([*range(1, 13)])
    assert (found["nu_overtid_h"], found["forra_overtid_h"]) == (5, 4)
    bridge = staffing.view.result(study).tabeller["brygga"].frame
    ends = [text.replace("\u00a0", " ") for text in bridge["steg"].iloc[[0, -1]]]
    assert ends == ["Januari–maj 2023", "Januari–maj 2024"]
    assert bridge["forandring"].tolist() == [0] * 6 and bridge["sjuk_h"].iloc[[0, -1]].tolist() == [150, 50]


@pytest.mark.parametrize("example", of_kind("matt"))
def test_ratio_and_whether_it_meets_its_target(example, tmp_path):
    given = dict(example["matt"])
    goal = target(2024, given.pop("indikator", SICK), arsmal=given.pop("mal"))
    hours = {"avtalad_tid_h": 100000, "ordinarie_tid_h": 90000, "arbetad_tid_h": 100000, **given}
    nothing = dict.fromkeys(hours, 0)
    rows = [month("2024-01", **hours), *year(2024, range(2, 13), **nothing)]
    result = result_of(staffing_case(tmp_path, rows, 2024, mal=[goal]))
    expected = dict(example["expected"])
    met = expected.pop("klaras", None)
    for name, value in expected.items():
        assert result.nyckeltal[name].varde == pytest.approx(value, abs=1e-9)
    if met is not None:
        (row,) = result.tabeller["mal"].records()
        assert row["arsmal_klaras"] is met
        assert ("✓\u00a0klaras" in row["arsmal"]) is met
        assert ("✗\u00a0klaras\u00a0inte" in row["arsmal"]) is not met


@pytest.mark.parametrize("example", of_kind("mal"))
def test_three_levels_of_targets(example, tmp_path):
    goal = dict(example["mal"])
    ar = goal.pop("ar")
    sick = 10 * example.get("utfall_procent", 0)
    rows = year(ar, sjuk_h=sick)
    tables = {"mal": [target(ar, **goal)]}
    if "utfall" in example:
        said = {"enhet": ENHET, "period": f"{ar}", "indikator": goal["indikator"], "kalla": "Prov"}
        tables["indikatorutfall"] = [{**said, "utfall": example["utfall"]}]
    study = staffing.study.study(staffing_case(tmp_path, rows, ar, **tables))
    (row,) = study.targets
    expected = example["expected"]
    assert {name: level.klaras for name, level in row.levels.items()} == {name: expected[name] for name in row.levels}
    assert row.galler == expected["galler"]
    assert (row.strictest and row.strictest[0]) == expected["strangast"]
    assert example.get("said", "") in row.anmarkning
    shown = reported(study).tabeller["mal"].records()[0]
    for name in row.levels:
        assert ("✓" in shown[name], "✗" in shown[name]) == (expected[name] is True, expected[name] is False)


@pytest.mark.parametrize("example", of_kind("krav"))
def test_what_the_rest_of_the_year_must_hold(example, tmp_path):
    given, ar = example["krav"], 2024
    done = given["tom_manad"]
    rows = year(ar, range(1, done + 1), sjuk_h=10 * given["hittills_procent"])
    last_year = given.get("forra_arets_timmar")
    if last_year:
        rows += [month(f"2023-{n + 1:02d}", avtalad_tid_h=h, ordinarie_tid_h=h) for n, h in enumerate(last_year)]
    result = result_of(staffing_case(tmp_path, rows, ar, done, mal=[target(ar, arsmal=given["mal"])]))
    figure = result.nyckeltal["kravs_resten_av_aret_procent"]
    if example["expected"] is None:
        assert figure.varde is None
        assert "kan inte nås" in figure.saknas
    else:
        assert figure.varde == pytest.approx(example["expected"], abs=1e-9)


@pytest.mark.parametrize("example", of_kind("signal"))
def test_signals_for_the_manager(example, tmp_path):
    given = example["signal"]
    spells = [(day, day) for day in given.get("dagar", [])] + [tuple(pair) for pair in given.get("perioder", [])]
    rows = [
        {"person": "someone0001", "enhet": ENHET, "grupp": "Grupp A", "fran": a, "till": b, "omfattning_procent": 100}
        for a, b in spells
    ]
    case = staffing_case(tmp_path, year(given["ar"]), given["ar"], spridning="arbetsmaterial", sjukfall=rows)
    table = result_of(case).tabeller["signaler"].frame.set_index("signal")["antal"]
    assert {name: table[name] for name in example["expected"]} == example["expected"]


def test_repeated_short_spells_are_counted_by_person_and_long_ones_each():
    """One person: five short spells, of which the fourth and fifth are too many, and two of three weeks in autumn."""
    from planbok.topics.staffing.other_tables import SignalRules, counts

    long = ["2024-09-02", "2024-11-04"]
    days = pd.to_datetime(["2024-01-10", "2024-02-10", "2024-03-10", "2024-04-10", "2024-05-10", *long])
    rows = pd.DataFrame({"person": "p", "fran": days, "till": [*days[:5], *days[5:] + pd.Timedelta(days=20)]})
    found = counts(rows, SignalRules(4, 14, 6, 5, 14, 14), date(2024, 1, 1), date(2024, 11, 30), date(2024, 11, 1))
    assert found[["avser", "antal", "antal_manaden"]].to_numpy().tolist() == [
        ["personer", 1, 0], ["sjukperioder", 2, 1], ["sjukperioder", 2, 1],
    ]  # fmt: skip


def own_rules(folder, given: dict) -> None:
    """A copy of the wages and prices with an example's own."""
    path = folder / "params" / "regler" / "loner_och_ersattare.yaml"
    path.parent.mkdir(parents=True)
    path.write_text((PARAMS / "regler" / path.name).read_text("utf-8"), "utf-8")
    if "manadslon" in given:
        replace_in(path, "varde: 31000", f"varde: {given['manadslon']}")
    published = yaml_files.read(path)
    for kind, price in given.get("priser", {}).items():
        old = published[f"ersattare.kr_per_timme.{kind}"]["varden"][0]["varde"]
        replace_in(path, f"- varde: {old}\n", f"- varde: {price}\n")
    if "fordelning" in given:
        shares = ", ".join(f"{kind}: {share}" for kind, share in given["fordelning"].items())
        replace_in(path, "{timavlonad: 0.92, overtid: 0.06, inhyrd: 0.02}", "{" + shares + "}")


@pytest.mark.parametrize("example", of_kind("kostnad"))
def test_cost_of_sick_hours(example, tmp_path):
    given = example["kostnad"]
    own_rules(tmp_path, given)
    sick = {
        "sjuk_h": given["sjuk_h"],
        "sjuk_dag_1_14_h": given["dag_1_14_h"],
        "sjuk_60_dagar_h": given.get("dag_60_h", 0),
    }
    rows = [month(f"{given['ar']}-01", **sick), *year(given["ar"], range(2, 13))]
    result = result_of(staffing_case(tmp_path, rows, given["ar"]))
    row = result.tabeller["kostnad"].records()[-1]
    for name, kr in example["expected"].items():
        assert row[name] == pytest.approx(kr, abs=1e-6)


def test_the_sources_own_example_needs_the_weekly_wage_rounded_first():
    deducted = 0.8 * karens_hours("karensavdrag", 40, 5, 0.2)
    assert round(deducted * 6923 / 40, 2) == 1107.68
    assert round(deducted * hourly_wage(30000, 40, 52), 2) == 1107.69


def test_a_spell_still_running_counts_to_the_last_day_known(tmp_path):
    last = date(2024, 8, 31)
    for days, expected in ((14, 0), (15, 1)):
        row = {"person": "someone0001", "enhet": ENHET, "grupp": "Grupp A", "omfattning_procent": 100, "till": ""}
        spell = {**row, "fran": last - timedelta(days=days - 1)}
        folder = tmp_path / str(days)
        case = staffing_case(folder, year(2024), 2024, 8, spridning="arbetsmaterial", sjukfall=[spell])
        table = result_of(case).tabeller["signaler"].frame.set_index("signal")["antal"]
        assert table["langre_an_tva_veckor"] == expected


def test_replacements_drive_the_prognosis_by_last_years_months_and_this_years_pace(tmp_path):
    """120 hours a month last year and 180 in January and February: half as many more in the months ahead."""
    from planbok.topics.staffing.others import driven

    last = [month(f"2023-{m:02d}", timavlonad_h=100 + 20 * (m > 2), inhyrd_h=10) for m in range(1, 13)]
    this = year(2024, (1, 2), timavlonad_h=150, overtid_h=8, inhyrd_h=0, anstallda=21)
    case = staffing_case(tmp_path, last + this, 2024, 2)
    price = {kind: case.rule(f"ersattare.kr_per_timme.{kind}").varde for kind in ("timavlonad", "overtid")}
    found = driven(case, 2024, 2)
    to_date = (
        150 * price["timavlonad"] + 8 * price["overtid"]
    )  # no overtime last year: none ahead, and hired staff ends
    assert found.kr.loc["ersattare"].tolist() == pytest.approx([to_date] * 2 + [180 * price["timavlonad"]] * 10)
    assert found.moved["ersattare"]["anstallda"].tolist() == [21, 21]
    lacking = driven(staffing_case(tmp_path / "b", last[1:] + this, 2024, 2), 2024, 2)
    assert lacking.kr.empty and lacking.why == "bemanning saknar timmar för 2023 eller 2024"


@pytest.mark.parametrize(
    ("shares", "ok"),
    [
        ({}, True),
        ({"timavlonad": 0, "overtid": 1.0}, True),
        ({"timavlonad": 0.5, "overtid": 0.25, "inhyrd": 0.25}, True),
        ({"timavlonad": 0.7, "overtid": 0.31}, False),
        ({"timavlonad": -0.1}, False),
        ({"timavlonad": True}, False),
        ({"timavlonad": "0,5"}, False),
        ({"vikarie": 0.5}, False),
        ([0.5], False),
    ],
)
def test_a_mix_of_replacements_is_shares_of_known_kinds_and_at_most_all(shares, ok):
    from planbok.base.errors import InputError
    from planbok.topics.staffing.rates import check_shares

    if ok:
        check_shares(shares)
        return
    with pytest.raises(InputError) as told:
        check_shares(shares)
    assert [(fault.line, fault.code) for fault in told.value.faults] == [(0, "bad_value")]


def test_hours_of_twelve_months_and_the_price_at_the_months_end():
    from planbok.topics.staffing.key_figures import contracted_12, replacement_price

    last = 2024 * 12 + 4
    frame = pd.DataFrame({"nr": range(last - 13, last + 1), "avtalad_tid_h": [1e6, 1e6, *[10.0] * 12]})
    assert contracted_12(SimpleNamespace(last=last, frame=frame)) == 120
    assert np.isnan(contracted_12(SimpleNamespace(last=last, frame=frame[frame["nr"] != last - 5])))
    world = SimpleNamespace(
        spans=[SimpleNamespace(start=date(2024, month, day)) for month, day in ((3, 1), (4, 1), (4, 15), (5, 1))],
        rates=[SimpleNamespace(replacement_price=price) for price in (1, 2, 3, 4)],
    )
    found = [replacement_price(SimpleNamespace(world=world, tom_manad=month)) for month in (3, 4, 5, 12)]
    assert found == [1, 3, 4, 4]


def test_the_rest_of_the_year_is_the_sick_of_the_months_left_by_their_contracted_hours():
    """November and December: 60 and 100 of 1 000 hours each, replaced by 3 and 4 kr of each kind."""
    from planbok.topics.staffing.key_figures import rest_of_year
    from planbok.topics.staffing.model import KINDS

    hours, sick = np.full((1, 12), 1000.0), np.array([[50.0] * 10 + [60, 100]])
    world = SimpleNamespace(base=SimpleNamespace(avtalad=hours), sick=SimpleNamespace(sjuk=sick))
    world.by_month = dict.fromkeys(KINDS, np.array([[1.0] * 10 + [3, 4]]))
    study = SimpleNamespace(tom_manad=10, outlook=SimpleNamespace(varde=6.0), world=world)
    assert rest_of_year(study) == (8, 3 * 7)
