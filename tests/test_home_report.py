"""The report on a new home: its sentences, its checks, and that no resident can be read or worked out of it."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from home_tables import home_case

from planbok.base.workspace import Folders
from planbok.case.case import load_sources, open_case
from planbok.report.handover import as_json, provenance
from planbok.report.workbook.write import write_workbook
from planbok.topics import answer, group_home
from planbok.topics.group_home import steps

SAMPLE_HOME = {"enhet": "exempelenheten", "ar": 2024, "boende": "nya_hemmet"}
STAFF = {"bemanning_arsarbetare": 10, "kostnad_kr_per_arsarbetare": 600000, "lokalhyra_kr_per_manad": 57500}
MANY = [{"niva": level} for level in (2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7)]
FIGURES = (
    group_home.figures.cash_figure,
    group_home.figures.bridge_figure,
    group_home.figures.external_figure,
    group_home.figures.level_figure,
)
KEYS = [
    "hyra_ar_lag_kr",
    "hyra_ar_hog_kr",
    "hyra_helar_lag_kr",
    "hyra_helar_hog_kr",
    "kbh_ar_lag_kr",
    "kbh_ar_hog_kr",
    "kbh_helar_lag_kr",
    "kbh_helar_hog_kr",
    "tomgangshyra_ar_kr",
    "kostnad_fore_oppning_kr",
    "antal_nivafordelningar",
    "peng_lagst_kr",
    "peng_hogst_kr",
    "peng_forvantad_kr",
    "sjalvkostnad_kr_per_plats_och_dygn",
    "nettokostnad_kr_per_plats_och_dygn",
    "resultat_ar_kr",
    "resultat_helar_kr",
]
TABLES = {"per_manad", "hyresfloden", "kbh_per_familj", "mot_extern_placering", "brygga", "kanslighet"}


def sample(spridning: str, **more):
    sources = load_sources(Folders())
    case = open_case("gruppbostad_kbh", spridning=spridning, sources=sources, **(SAMPLE_HOME | more))
    return answer.answer(case)


@pytest.fixture(scope="module")
def working():
    return sample("arbetsmaterial")


@pytest.fixture(scope="module")
def management():
    return sample("ledning")


def plain(result) -> str:
    return " ".join(result.sammanfattning).replace("\u00a0", " ")


def test_the_first_screen_says_the_answer(working):
    said = plain(working[1])
    assert "Hyrorna blir 165 000–180 000 kr 2024 och 660 000–720 000 kr på helår (11 000–12 000 kr per månad" in said
    assert "KBH blir högst 42 000–56 000 kr 2024 och 169 000–223 000 kr på helår" in said
    assert "Om den som bor i LSS-bostad kan få KBH är inte bekräftat" in said
    assert "Personalen kostar 6,0 mnkr på helår (10 årsarbetare à 600 000 kr)" in said
    assert "Efter de boendes hyror kostar boendet 3 279 kr per plats och dygn" in said
    assert "Det täcks om snittet ligger på nivå 4 (3 402 kr) men inte på nivå 3 (2 737 kr)" in said
    assert "LSS-peng på helår blir 2,7–9,4 mnkr beroende på nivåer (462 möjliga fördelningar, 210 när en " in said
    assert "Dygnen i år är värda 0,69–2,35 mnkr men betalas inte" in said
    assert "varje månad med personal men utan boende kostar omkring 0,5 mnkr" in said
    assert "särskild avgift, 10 000 kr till 1,00 mnkr per beslut (28 b § LSS); den ingår inte" in said
    assert 3 <= len(working[1].sammanfattning) <= 8


def test_the_years_result_comes_first(working, management):
    """Rents 172 500 less staff 1 750 000, premises 230 000 and start cost 250 000; peng begins 31 March next year."""
    first = working[1].sammanfattning[0].replace("\u00a0", " ")
    assert first.startswith("I år kostar boendet 2,06 mnkr mer än det får, utan KBH, eftersom LSS-peng kommer först")
    assert first.endswith("efter mätningen 31 mars 2025.")
    full = working[1].sammanfattning[1].replace("\u00a0", " ")
    assert full.startswith("Ett helt år med alla platser belagda blir det 0,1 mnkr i underskott")
    todo = working[1].sammanfattning[2].replace("\u00a0", " ")
    assert todo.endswith("registrera de boendes beslut och nivåer före mätningen 31 mars 2025.")
    for _, result in (working, management):
        assert result.nyckeltal["resultat_ar_kr"].varde == 172_500 - 1_750_000 - 230_000 - 250_000
        assert result.nyckeltal["nettokostnad_kr_per_plats_och_dygn"].varde == pytest.approx(6_000_000 / 5 / 366)
        assert result.framst[0] == "resultat_ar_kr"


def test_a_scenario_that_moves_nothing_here_says_so_first():
    """Measures on the unit's rows move no home; the opening does; and the public is not told a scenario's title."""
    first = sample("ledning", scenario="atgarder_2024").result.sammanfattning[0]
    assert first.startswith("Scenariot ”Dyrare vår och åtgärder mot det” ändrar inget i den här rapporten")
    assert sample("offentlig", scenario="atgarder_2024").result.sammanfattning[0].startswith("Scenariot ändrar inget")
    assert sample("ledning", scenario="nya_hemmet_oppnar").result.sammanfattning[0].startswith("I år kostar boendet")


def test_the_days_of_the_year_are_worth_their_levels_though_no_measurement_pays_them(working):
    """92 days from 1 October of five residents, at level 1 (1 493 kr) and at level 7 (5 119 kr)."""
    frame = working[1].tabeller["nivaspann"].frame.set_index("rad")
    row = frame.loc["Värdet av de boendes dygn 2024, mätta eller inte"]
    assert (row["lagst_kr"], row["hogst_kr"]) == (686_780, 2_354_740)
    assert set(working[1].tabeller["en_kand_till"].frame["antal_nivafordelningar"]) == {210}


def test_cash_runs_until_the_first_measurement(working):
    """From September, with access and staff, to March: 557 500 before the opening, then 500 000 net a month."""
    frame = working[1].tabeller["kassa"].frame
    assert frame["manad"].tolist()[:: len(frame) - 1] == ["2024-09", "2025-03"]
    assert frame["netto_kr"].tolist() == [-557_500] + [-500_000] * 6
    assert frame["ackumulerat_kr"].iloc[-1] == -3_557_500
    assert "kassa" not in sample("ledning", ar=2026)[1].tabeller


def test_the_year_after_the_opening_says_nothing_of_the_time_before():
    said = plain(sample("ledning", ar=2025)[1])
    assert "Personalen kostar 6,0 mnkr" in said
    assert "öppning" not in said


def test_the_exact_distribution_is_that_of_the_units_own_levels(working):
    study, result = working
    frame = result.tabeller["peng_fordelning"].frame
    spread = study.year.spread
    for row in frame.to_dict("records"):
        share = float(row["sannolikhet"].removesuffix(" %")) / 100
        below = spread.sannolikhet[spread.summor * 366 <= row["kr"] + 0.5].sum()
        under = spread.sannolikhet[spread.summor * 366 < row["kr"] - 0.5].sum()
        assert under < share <= below + 1e-9
    assert "i åtta fall av tio" in plain(result)


def test_every_key_figure_and_table_is_there_in_order(working, management):
    for _, result in (working, management):
        assert list(result.nyckeltal) == KEYS
        assert set(result.tabeller) >= TABLES
    for name in KEYS:
        assert working[1].nyckeltal[name].varde is not None
        shown = management[1].nyckeltal[name]
        near = shown.avrundat_till or 0
        assert shown.varde == pytest.approx(working[1].nyckeltal[name].varde, abs=near / 2)
        assert bool(near) == (name in ("peng_forvantad_kr", "resultat_helar_kr"))


def test_checks_hold_and_figures_are_drawn(working, tmp_path):
    study, result = working
    assert [check.namn for check in result.kontroller if not check.ok] == []
    for figure in FIGURES:
        assert not isinstance(figure(result), str), figure
    write_workbook(tmp_path / "resultat.xlsx", result, provenance(study.case))
    json.dumps(as_json(study.case, result), default=float, allow_nan=False)


def test_no_audience_gets_a_row_per_flat(working, management):
    for _, result in (working, management):
        for table in result.tabeller.values():
            assert not {"lagenhet", "inflyttning", "hushall"} & set(table.frame.columns), table.namn


def test_management_sees_no_kbh_per_flat(working, management):
    per_flat = {2812.5, 3262.5, 3712.5}
    assert per_flat <= set(numbers(*working))
    assert not per_flat & set(numbers(*management))
    keys = {"lagenhet_lag_kr", "lagenhet_hog_kr"}
    assert keys <= set(working[1].tabeller["kbh_per_familj"].frame.columns)
    assert not keys & set(management[1].tabeller["kbh_per_familj"].frame.columns)


def report(tmp_path, spridning="ledning", **tables):
    tables = {"home": STAFF, "decisions": MANY} | tables
    return answer.answer(home_case(tmp_path, spridning=spridning, **tables))


ONE_KNOWN = [{"niva": 4}, {}, {}, {}, {}]


def test_nothing_that_rests_on_a_few_known_residents_is_shown(tmp_path):
    """With one level known the ends, the mean and the result would each tell which level it is."""
    working = report(tmp_path / "arbete", "arbetsmaterial", flats=ONE_KNOWN)[1]
    study, result = report(tmp_path / "ledning", flats=ONE_KNOWN)
    hidden = [name for name in KEYS if result.nyckeltal[name].varde is None]
    assert {name for name in hidden if result.nyckeltal[name].skyddas} == {
        "peng_lagst_kr",
        "peng_hogst_kr",
        "peng_forvantad_kr",
        "resultat_helar_kr",
    }
    assert "210 möjliga fördelningar av 462" in plain(result)
    assert result.nyckeltal["antal_nivafordelningar"].varde == 210
    secrets = {round(working.nyckeltal[name].varde, 2) for name in hidden if working.nyckeltal[name].varde is not None}
    secrets |= {round(secrets_of, 2) for secrets_of in (366 * 3402, 366 * (3402 + 4 * 1493))}
    shown = {round(abs(value), 2) for value in numbers(study, result) if value}
    assert shown and not shown & {abs(value) for value in secrets}
    assert "peng_fordelning" not in result.tabeller
    assert result.tabeller["en_kand_till"].frame[["lagst_kr", "hogst_kr"]].isna().all(axis=None)
    assert "nivå 4" not in plain(result).replace("nivå 4 (3 402 kr)", "")


def test_a_full_year_of_the_comparison_tells_of_who_is_known_there(tmp_path):
    """One known at level 4, 366 days of 3 402 kr, and four places at the levels of the unit's own."""
    study = report(tmp_path, flats=ONE_KNOWN)[0]
    told = group_home.people.Persons(study).peng_before("kr_helar")
    known, own = told.priced
    assert (known.antal @ known.pris, own.antal.sum()) == (366 * 3402, pytest.approx(study.group))
    assert [name for name, _ in told.tells] == [group_home.people.KNOWN, group_home.people.OWN]


def numbers(study, result) -> list[float]:
    """Every number of the written result."""
    written = as_json(study.case, result)
    found = [figure["varde"] for figure in written["nyckeltal"].values()]
    found += [value for rows in written["tabeller"].values() for row in rows for value in row.values()]
    return [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)]


def test_two_levels_give_management_the_same_report(tmp_path):
    """Whatever the level of the one who is known, every sentence, key figure and table reads the same."""
    reports = []
    for niva in (1, 7):
        flats = [{"niva": niva}, {}, {}, {}, {}]
        study, result = report(tmp_path / str(niva), flats=flats)
        written = as_json(study.case, result)
        written.pop("indata")
        figures = [f(result) for f in FIGURES]
        drawn = [figure if isinstance(figure, str) else figure.to_json() for figure in figures]
        reports.append(json.dumps([written, drawn], default=str))
    assert reports[0] == reports[1]


def test_months_with_few_let_flats_are_withheld_and_cannot_be_subtracted(tmp_path):
    days = ("2024-10-01", "2024-10-01", "2024-11-01", "2024-11-01", "2024-12-01")
    flats = [{"inflyttning": day} for day in days]
    _, open_result = report(tmp_path / "arbete", "arbetsmaterial", flats=flats)
    study, result = report(tmp_path / "ledning", flats=flats)
    frame = result.tabeller["per_manad"].frame
    assert frame[["uthyrd_kr", "tomgangshyra_kr", "kbh_lag_kr", "kbh_hog_kr", "resultat_kr"]].isna().all(axis=None)
    assert open_result.tabeller["per_manad"].frame["uthyrd_kr"].iloc[0] == 24_000
    assert result.tabeller["per_manad"].note
    assert isinstance(group_home.figures.cash_figure(result), str)
    shown = np.abs(numbers(study, result))
    for secret in (24_000, 48_000, 132_000):  # let in October; empty and let in the year
        assert secret not in shown
    assert result.nyckeltal["tomgangshyra_ar_kr"].skyddas
    assert open_result.nyckeltal["tomgangshyra_ar_kr"].varde == 48_000


def test_a_home_of_fewer_flats_than_a_group_shows_no_kbh(tmp_path):
    study, result = report(tmp_path, home=STAFF | {"platser": 4})
    assert result.nyckeltal["kbh_helar_hog_kr"].varde is None
    assert result.nyckeltal["kbh_ar_lag_kr"].varde is None
    per_flat = 4125 * 0.9
    amounts = np.array(numbers(study, result))
    assert not np.isclose(np.abs(amounts)[:, None], per_flat * np.array([1, 2, 3, 4, 9, 12, 36, 48])).any()


def test_where_rents_are_protected_the_net_cost_is_rounded_and_differences_meet(tmp_path):
    """Four flats: staff 6 000 000 and premises 690 000 less rents 576 000, by 4 places and 366 days, is 4 176 kr."""
    result = report(tmp_path, home=STAFF | {"platser": 4, "startkostnad_kr": 0})[1]
    keys = result.nyckeltal
    assert keys["nettokostnad_kr_per_plats_och_dygn"].varde == 4_200
    assert keys["hyra_helar_lag_kr"].skyddas
    assert keys["resultat_ar_kr"].avrundat_till == 100_000
    frame = result.tabeller["mot_extern_placering"].frame
    assert (frame["nettokostnad_kr_per_dygn"] == 4_200).all()
    assert frame["skillnad_kr_per_dygn"].tolist() == pytest.approx((frame["peng_kr_per_dygn"] - 4_200).tolist())
    yearly = frame["mot_extern_kr_per_dygn"] * 4 * 366
    assert frame["mot_extern_helar_kr"].tolist() == pytest.approx(yearly.tolist())


def test_the_mean_of_a_few_own_residents_is_not_shown(tmp_path):
    study, result = report(tmp_path, decisions=MANY[:10])
    assert result.nyckeltal["peng_forvantad_kr"].varde is None
    assert result.nyckeltal["peng_forvantad_kr"].skyddas == "få personer"
    mean = study.year.spread.forvantad * 366
    assert not np.isclose(np.abs(numbers(study, result)), mean).any()
    assert report(tmp_path / "arbete", "arbetsmaterial", decisions=MANY[:10])[1].nyckeltal["peng_forvantad_kr"].varde


@pytest.mark.parametrize("familj", ["stockholm", "minimibelopp"])
def test_kbh_that_follows_the_income_of_a_few_is_not_shown(tmp_path, familj):
    """With one income known, the home's KBH by minimibelopp is that person's own."""
    rule = {"typ": "regel", "regel": "kbh.familj", "varde": familj, "fran": "2024-01-01"}
    rules = [] if familj == "stockholm" else [rule]
    flats = [{"hyra": 14000, "inkomst": 0}, *[{"hyra": 9000}] * 4]
    more = {"home": STAFF, "decisions": MANY, "flats": flats}
    found = {}
    for spridning in ("arbetsmaterial", "ledning"):
        case = home_case(tmp_path / spridning, rules, spridning=spridning, **more)
        found[spridning] = answer.answer(case)
    monthly = 7768 + 14000 - 6550
    kronor = monthly * np.array([1, 3, 12])
    shown = {name: np.isclose(np.abs(numbers(*pair))[:, None], kronor).any() for name, pair in found.items()}
    assert shown == {"arbetsmaterial": True, "ledning": False}
    hidden = found["ledning"][1].nyckeltal["kbh_helar_lag_kr"].varde is None
    assert hidden == (familj == "minimibelopp")


def test_without_a_start_cost_the_years_result_is_unknown_and_its_parts_are_shown(tmp_path):
    before = {"tilltrade": "2024-09-01", "personal_fran": "2024-09-16"}
    study, result = report(tmp_path, "arbetsmaterial", home=STAFF | before)
    assert "ingår inte än: startkostnaden saknas i tabellen boenden" in plain(result)
    assert "(känt är personal 250 000 kr och lokal 57 500 kr)" in plain(result)
    rows = result.tabeller["kalkyl"].frame.set_index("post")["ar_kr"]
    assert rows[["varav personal före öppning", "varav lokal före öppning"]].tolist() == [-250_000, -57_500]
    assert rows[["Startkostnad", "Resultat utan KBH", "varav allt före öppning, med startkostnad"]].isna().all()
    for name in ("kalkyl", "per_manad", "spann", "brygga"):
        assert result.tabeller[name].note.startswith("Startkostnaden saknas i tabellen boenden")
    assert result.nyckeltal["resultat_helar_kr"].varde is not None
    assert result.tabeller["kanslighet"].frame["resultat_ar_kr"].iloc[:-1].notna().all()
    stated = report(tmp_path / "angiven", "arbetsmaterial", home=STAFF | before | {"startkostnad_kr": 0})[1]
    assert not stated.tabeller["kalkyl"].frame["ar_kr"].isna().any()


def test_a_change_is_known_though_the_start_cost_is_not(tmp_path):
    rule = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-01-01"}
    study = group_home.study.study(home_case(tmp_path, [rule], spridning="arbetsmaterial", home=STAFF, decisions=MANY))
    frame = group_home.view.result(study).tabeller["brygga"].frame
    (step,) = frame[frame["typ"] == "regel"].to_dict("records")
    assert (step["kr"], step["kr_helar"]) == pytest.approx((-0.1 * 15 * 4125, -0.1 * 60 * 4125))


class Persons(str):
    """People by a name, some of them for a public price."""

    priced = ((),)

    def __add__(self, other: str) -> "Persons":
        return Persons(f"{self} + {other}")


def test_a_step_of_the_frame_tells_of_those_whose_peng_it_is():
    """The bridge to the scenario begins with the comparison's; each change is a second equation about the same ones."""
    names = ("kbh", "kbh_full", "let", "flats", "peng", "peng_full", "one")
    persons = SimpleNamespace(**{name: Persons(name) for name in names}, peng_before=lambda key: Persons(f"{key} före"))
    amounts = dict.fromkeys(("kr", "kr_helar", "kr_ram", "kr_ram_helar"), 1.0)
    kinds = [(leg, typ) for leg in ("Enhetens", steps.TO_SCENARIO) for typ in ("start", "nytt_boende", "slut")]
    told = steps._bridge_told(None, persons, pd.DataFrame([{"brygga": b, "typ": t, **amounts} for b, t in kinds]))
    assert told["kr_ram"] == ["peng", "peng", "peng", "kr_ram före", "peng + one", "peng"]
    assert told["kr_ram_helar"] == [*["peng_full"] * 3, "kr_ram_helar före", "peng_full + one", "peng_full"]


def test_a_large_home_hides_the_level_of_the_only_one_who_is_known(tmp_path):
    home = STAFF | {"platser": 11}
    result = report(tmp_path, home=home, flats=[{"niva": 4}] + [{}] * 10)[1]
    assert result.nyckeltal["peng_lagst_kr"].skyddas
    assert report(tmp_path / "okända", home=home)[1].nyckeltal["peng_lagst_kr"].varde == 366 * 11 * 1493


def test_public_leaves_out_the_scenarios_own_words():
    _, result = sample("offentlig", enhet="ostermalm", ar=2016, boende="ny_gruppbostad_2016", scenario=SCENARIO)
    assert "Fem nya lägenheter" not in result.underrubrik


SCENARIO = "ny_gruppbostad_2016"


def test_the_question_of_2016_is_answered_as_far_as_it_can_be():
    study, result = sample("ledning", enhet="ostermalm", ar=2016, boende="ny_gruppbostad_2016", scenario=SCENARIO)
    keys = result.nyckeltal
    assert keys["hyra_ar_lag_kr"].varde == 165_000
    assert keys["kbh_helar_hog_kr"].varde == pytest.approx(60 * 0.9 * (12_000 - 6_700))
    assert result.sammanfattning[0].replace("\u00a0", " ").startswith("Hyrorna blir 165 000–180 000 kr 2016")
    assert result.sammanfattning[2].startswith("Årets resultat kan inte räknas fram")
    assert "har inget pris 2016" in keys["peng_lagst_kr"].saknas
    assert "kostnaden per årsarbetare" in keys["sjalvkostnad_kr_per_plats_och_dygn"].saknas
    assert not [check.namn for check in result.kontroller if check.ok is False and check.niva == "fel"]
    for figure in FIGURES:
        figure(result)


def test_without_the_scenario_2016_has_no_kbh_and_says_why():
    _, result = sample("ledning", enhet="ostermalm", ar=2016, boende="ny_gruppbostad_2016")
    assert "har inget värde 2016; närmast 2020" in result.nyckeltal["kbh_ar_lag_kr"].saknas
    assert "KBH kan inte räknas fram" in plain(result)
    assert " 0 kr" not in plain(result)


def test_a_family_that_follows_income_is_warned_of(tmp_path):
    rule = {"typ": "regel", "regel": "kbh.familj", "varde": "minimibelopp", "fran": "2024-01-01"}
    found = answer.answer(home_case(tmp_path, [rule], home=STAFF, flats=[{"hyra": 14000, "inkomst": 0}])).result
    (check,) = [c for c in found.kontroller if c.namn.startswith("Hyran bestäms inte")]
    assert (check.niva, check.ok) == ("varning", False)
    assert "101 kap. 8 §" in check.forklaring


def test_a_rent_that_leaves_too_little_is_a_warning(tmp_path):
    low, high = (
        answer.answer(home_case(tmp_path / str(hyra), flats=[{"hyra": hyra}])).result.kontroller[-1]
        for hyra in (12_000, 60_000)
    )
    assert (low.ok, high.ok, high.niva) == (True, False, "varning")
    assert "saknas" in high.forklaring


def test_a_stated_price_of_a_bought_place_joins_the_comparison(tmp_path):
    rule = {"typ": "regel", "regel": "extern_placering.institutionsvard.ovriga_landet", "varde": 4000}
    study = group_home.study.study(home_case(tmp_path, [rule | {"fran": "2024-01-01"}], home=STAFF))
    result = group_home.view.result(study)
    row = result.tabeller["mot_extern_placering"].frame.iloc[-1]
    assert row["mot_extern_kr_per_dygn"] == pytest.approx(4000 - 5_970_000 / 5 / 366)
    assert row["mot_extern_helar_kr"] == pytest.approx(4000 * 5 * 366 - 5_970_000)
    assert row["billigast"] == "eget boende"


def test_the_sign_against_external_placement_turns_at_the_own_cost(working):
    frame = working[1].tabeller["mot_extern_placering"].frame
    own = working[1].nyckeltal["nettokostnad_kr_per_plats_och_dygn"].varde
    cheaper = frame["billigast"] == "eget boende"
    assert (cheaper == (frame["extern_kr_per_dygn"] > own)).all()
    assert cheaper.any() and not cheaper.all()


def test_the_mean_level_of_a_mix_is_by_persons():
    """Two on level 3 and one on level 4: 10 / 3."""
    from planbok.topics.group_home.sliders import _mean

    assert _mean({"3": 2, "4": 1}) == "3,3"


def test_without_a_price_the_nearest_year_of_its_own_management_is_named():
    """The list has 2022 and 2026 of bought places, and 2024 of another insats and of the city's own."""
    from planbok.topics.group_home.study import no_prices

    rows = [("gruppbostad", "privat", 2022), ("gruppbostad", "privat", 2026), ("gruppbostad", "kommunal", 2024)]
    prices = pd.DataFrame([*rows, ("servicebostad", "privat", 2024)], columns=["insats", "regi", "ar"])
    sources = SimpleNamespace(rules=SimpleNamespace(prices=prices))
    home = SimpleNamespace(insats="gruppbostad", regi="privat")
    said = "prislistan har inget pris 2025 för gruppbostad i privat regi"
    assert no_prices(SimpleNamespace(ar=2025, sources=sources), home) == f"{said}; närmast 2026"


def test_levels_turned_alone_need_the_mixes_of_one_level_only():
    from planbok.topics.group_home.sliders import LEVEL, Turned

    home = SimpleNamespace(mixes={1: {"3": 2}, 2: {"3": 1, "4": 1}, 3: {"4": 2}})
    assert Turned.axis(home, LEVEL, True) == [0, 1, 3]
    assert Turned.axis(home, LEVEL, False) == [0, 1, 2, 3]
