"""The report on LSS-peng: its sentences, and that no single person can be read or worked out of it."""

import json
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.report.handover import as_json, provenance
from planbok.report.workbook.write import write_workbook
from planbok.topics import lss_peng
from planbok.topics.answer import answer
from planbok.topics.lss_peng import tables
from planbok.topics.lss_peng.outlook import simulate
from planbok.topics.lss_peng.people import moved_by_month
from planbok.topics.lss_peng.worlds import World

SMALLEST = 5
DAYS = 366


def report(spridning: str, folders: Folders | None = None, **more):
    case = open_case(
        "lss_peng",
        spridning=spridning,
        sources=load_sources(folders or Folders()),
        **{"enhet": "exempelenheten", "ar": 2024, "per_datum": "", **more},
    )
    return answer(case)


@pytest.fixture(scope="module")
def working():
    return report("arbetsmaterial")


@pytest.fixture(scope="module")
def management():
    return report("ledning")


def test_first_screen_for_work_names_what_only_the_controller_may_see(working):
    study, result = working
    said = [text.replace("\u00a0", " ") for text in result.sammanfattning]
    assert said[0].startswith(
        "Årets budget täcker inte 0,71 mnkr av årets dygn; det uppstår oktober–december. 4 personer"
    )
    assert said[1] == "Mätningen 27 augusti 2024 gäller 35 personer och ger 42,1 mnkr för hela 2024 (prislista 2024)."
    assert "3,6 mnkr mer än den senaste (42,1)" in said[2]  # 45,7 as known decisions have it
    assert "4 000 mot 3 033 kr per dygn, 353 922 kr på året" in " ".join(said)
    assert "665 kr per dygn" in " ".join(said)
    assert said[-1] == "27 651 dygn i daglig verksamhet och 170 dygn i korttidsvistelse saknar pris och ingår inte."
    assert "tilldelning sker efter samma prislista som ersättningen" in " ".join(said)
    assert 3 <= len(said) <= 8


def test_first_screen_for_the_management_leaves_single_persons_out(management):
    _, result = management
    said = " ".join(result.sammanfattning)
    assert "extern placering" not in said
    assert "som kom efter mätningen" not in said
    assert result.nyckeltal["pris_over_peng_kr"].varde is None
    assert result.nyckeltal["pris_over_peng_kr"].skyddas == "få personer"


def test_the_management_gets_decided_totals_to_the_krona_and_others_to_a_tenth_of_a_million(working, management):
    few, decided = {"pris_over_peng_kr"}, {"preliminar_kr", "efter_matning_1_kr", "slutlig_kr"}  # one placement
    counts = {"personer_matning_1", "personer_matning_2"}
    for name, figure in working[1].nyckeltal.items():
        shown = management[1].nyckeltal[name]
        if name in few:
            assert shown.varde is None
        elif name in decided | counts:
            assert (shown.varde, shown.avrundat_till) == (figure.varde, None)
        else:
            assert (shown.varde, shown.avrundat_till) == (round(figure.varde / 1e5) * 1e5, 1e5)


def test_small_counts_are_withheld_and_no_groups_kronor_tell_its_levels(management):
    for name in ("per_insats_niva", "prestationsmatningar"):
        table = management[1].tabeller[name]
        groups = table.frame[table.frame["insats"] != "Totalt"]
        assert groups["personer"].isna().any()
        assert groups["personer"].min() >= SMALLEST
        assert set(groups["niva"]) == {tables.ALL_LEVELS}
        assert groups["kr"].isna().all()
        assert table.note


def test_what_few_persons_cost_is_only_for_working_papers(tmp_path):
    rows = ["beslut,person,enhet,insats,niva,regi,fran,pris_kr_per_dygn"]
    rows += [f"b{n}x,person{n:02d}a,provet,gruppbostad,{n % 7 + 1},kommunal,2020-01-01," for n in range(6)]
    rows += ["b9x,person99a,provet,gruppbostad,3,privat,2024-03-05,4000"]
    (tmp_path / "beslut.csv").write_text("\n".join(rows), "utf-8")
    shown = {}
    for spridning in ("arbetsmaterial", "ledning"):
        _, result = report(spridning, Folders((PARAMS,), tmp_path), enhet="provet")
        shown[spridning] = result
    assert shown["arbetsmaterial"].nyckeltal["ersattning_till_utforare_kr"].varde == 302 * 4000
    assert shown["ledning"].nyckeltal["ersattning_till_utforare_kr"].varde is None
    assert shown["ledning"].tabeller["per_manad"].frame["ersattning_kr"].isna().all()


def test_bars_of_prices_do_not_count_persons(management):
    frame = management[1].tabeller["brygga"].frame
    assert frame.loc[frame["typ"] == "pris", "personer"].isna().all()


def test_a_year_without_a_price_list_is_unknown_and_not_zero(tmp_path):
    study, result = report("ledning", ar=2025)
    assert result.nyckeltal["slutlig_kr"].varde is None
    assert "har inget pris 2025" in result.nyckeltal["slutlig_kr"].saknas
    assert "närmast 2024" in result.sammanfattning[0]
    assert "0,0" not in " ".join(result.sammanfattning)
    for table in result.tabeller.values():
        numbers = [column.key for column in table.columns if column.mattenhet]
        assert numbers
        assert all(row[key] is None for row in table.records() for key in numbers), table.namn
    write_workbook(tmp_path / "resultat.xlsx", result, provenance(study.case))
    for figure in (lss_peng.figures.state_figure, lss_peng.figures.month_figure, lss_peng.figures.bridge_figure):
        assert isinstance(figure(result), str)
    assert {check.ok for check in result.kontroller if check.niva == "fel"} == {None}


def test_what_is_withheld_cannot_be_worked_out_from_the_total(management):
    frame = management[1].tabeller["prestationsmatningar"].frame
    for _, rows in frame.groupby("matning"):
        total = rows[rows["insats"] == "Totalt"]["personer"].iloc[0]
        hidden = rows["personer"].isna().sum()
        rest = total - rows[rows["insats"] != "Totalt"]["personer"].sum()
        assert hidden == 0 or (hidden >= 2 and rest >= SMALLEST)


def test_no_published_krona_divided_by_a_public_price_is_a_small_count(working, management):
    """Kronor divided by a public price and the days of a year or a month are a count: none may be a small one."""
    prices = working[0].case.sources.rules.prices
    prices = prices[prices["ar"] == 2024]["kr_per_dygn"].to_numpy()
    assert len(prices) == 75
    days = np.array([DAYS, 31, 30, 29])

    def small_counts(study, result) -> list[tuple]:
        written = as_json(study.case, result)
        values = [(name, key["varde"]) for name, key in written["nyckeltal"].items() if key["mattenhet"] == "kr"]
        for name, rows in written["tabeller"].items():
            counts = ("personer", "dygn", "kr_per_dygn")
            values += [
                (name, v) for row in rows for key, v in row.items() if key not in counts and type(v) in (int, float)
            ]
        values = [(name, abs(value)) for name, value in values if value]
        assert len(values) > 50
        shares = {value: value / np.outer(prices, days) for _, value in values}
        whole = {value: np.isclose(s, s.round(), atol=1e-9) & (s < SMALLEST) & (s > 0.5) for value, s in shares.items()}
        return [(name, value) for name, value in values if whole[value].any()]

    assert small_counts(*working), "the working paper shows single persons, so the search must find them there"
    assert small_counts(*management) == []


def test_rules_do_not_say_at_which_levels_anyone_lives(working, management):
    listed = [
        [row["regel"] for row in as_json(study.case, result)["regler"]] for study, result in (working, management)
    ]
    assert any(name.endswith(".barnboende_over_12.privat.6") for name in listed[0])
    assert [name for name in listed[1] if name.count(".") > 1] == []
    assert "lss_peng.ersattning" in listed[1]


def test_no_pseudonym_or_decision_reaches_the_result(working, management):
    rows = working[0].case.unit_rows("beslut")
    for study, result in (working, management):
        written = json.dumps(as_json(study.case, result), ensure_ascii=False, default=str)
        assert not [key for key in (*rows["person"], *rows["beslut"]) if key in written]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-03-30", "preliminar"),
        ("2024-03-31", "efter_matning_1"),
        ("2024-08-26", "efter_matning_1"),
        ("2024-08-27", "slutlig"),
    ],
)
def test_budget_state_by_date(working, day, state):
    assert tables.state_on(working[0], date.fromisoformat(day)) == state


def test_state_after_the_reports_day_is_called_a_forecast():
    _, result = report("ledning", per_datum="2024-05-31")
    assert result.nyckeltal["slutlig_kr"].etikett == "Slutlig budget (prognos)"
    assert "efter mätning 1" in result.rubrik


def test_days_that_no_measurement_pays_sum_to_the_difference(working):
    study, result = working
    frame = result.tabeller["dygn_utan_matning"].frame
    assert frame["skillnad_kr"].iloc[-1] == pytest.approx(result.nyckeltal["skillnad_matning_dygn_kr"].varde)
    assert frame["skillnad_kr"].iloc[:-1].sum() == pytest.approx(frame["skillnad_kr"].iloc[-1])
    october = frame.set_index("inflyttning").loc["2024-10"]
    assert october["slutlig_kr"] == 0
    assert october["dygn_kr"] > 0


def test_grid_has_the_budget_in_its_middle_and_even_steps(working):
    study, result = working
    frame = result.tabeller["kanslighet"].frame
    middle = frame[frame["nivabyten"].str.endswith("+0")].iloc[0]
    assert middle["personer_+0"] == pytest.approx(result.nyckeltal["slutlig_kr"].varde)
    base, person, step = tables.grid_steps(study)
    assert middle["personer_+2"] - base == pytest.approx(2 * person)
    assert person > 0
    assert step > 0


def test_stated_range_reaches_the_first_screen(tmp_path):
    change = {"typ": "volym", "insats": "gruppbostad", "niva": 4, "regi": "kommunal", "antal": 2, "fran": "2024-01-01"}
    write_scenario(tmp_path, "spann", [{**change, "antal_lag": 1, "antal_hog": 4}])
    _, result = report("ledning", Folders((tmp_path, PARAMS), SAMPLE), scenario="spann")
    said = result.sammanfattning[0].replace("\u00a0", " ")
    slutlig = result.nyckeltal["slutlig_kr"].varde
    low, high = ((slutlig + n * 3402 * DAYS) / 1e6 for n in (-1, 2))
    assert f"{low:.1f}–{high:.1f} mnkr".replace(".", ",") in said


def test_simulation_is_the_same_every_time_and_kinds_do_not_reshuffle_each_other():
    moves = {"in": np.array([1e6, 2e6]), "ut": np.array([-1e6])}
    assert simulate(1e7, moves, 1000, 200) == simulate(1e7, moves, 1000, 200)
    assert simulate(1e7, {**moves, "niva": np.array([])}, 1000, 200) == simulate(1e7, moves, 1000, 200)
    one, two = simulate(0.0, {"in": moves["in"]}, 1000, 200), simulate(0.0, moves, 1000, 200)
    assert two.median <= one.median


def test_a_scenario_may_fill_a_price_that_no_list_has_as_an_assumption(tmp_path):
    change = {"typ": "regel", "regel": "lss_peng.ersattning.daglig_verksamhet.privat.2", "varde": 700}
    write_scenario(tmp_path, "dagligt", [{**change, "fran": "2024-01-01"}])
    write_scenario(tmp_path, "utan_grund", [{**change, "fran": "2024-01-01", "underlag": "prognos"}])
    folders = Folders((tmp_path, PARAMS), SAMPLE)
    filled, before = report("arbetsmaterial", folders, scenario="dagligt")[1], report("arbetsmaterial", folders)[1]
    days = filled.tabeller["per_insats_niva"].frame.set_index(["insats", "niva", "regi"])["dygn"]
    gained = filled.nyckeltal["peng_dygn_kr"].varde - before.nyckeltal["peng_dygn_kr"].varde
    assert gained == pytest.approx(700 * days["daglig_verksamhet", "2", "privat"])
    assert gained > 0
    with pytest.raises(InputError, match="underlag ska vara antagande"):
        report("arbetsmaterial", folders, scenario="utan_grund")


def test_another_measurement_rule_is_a_step_of_its_own_and_moves_nobody(tmp_path):
    change = {"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-01-01"}
    write_scenario(tmp_path, "halvar", [change])
    _, result = report("arbetsmaterial", Folders((tmp_path, PARAMS), SAMPLE), scenario="halvar")
    frame = result.tabeller["brygga"].frame
    leg = frame[frame["brygga"] == "Jämförelsen → scenariot"].set_index("typ")["kr"]
    assert leg["start"] == 42_142_338
    assert leg["slut"] == pytest.approx(result.nyckeltal["slutlig_kr"].varde)
    assert leg["matregel"] == pytest.approx(leg["slut"] - leg["start"])
    assert leg[["in", "ut", "niva", "regi", "pris"]].abs().max() == 0


def test_bought_hours_that_cannot_be_paid_are_a_warning_and_not_silently_nothing(tmp_path):
    frame = pd.read_csv(SAMPLE / "beslut.csv", dtype=str)
    running = (frame["insats"] == "ledsagning_avlosning") & (frame["regi"] == "enskild") & frame["till"].isna()
    frame.loc[frame.index[running][0], "timmar_per_manad"] = None
    frame.to_csv(tmp_path / "beslut.csv", index=False)
    _, result = report("ledning", Folders((PARAMS,), tmp_path))
    (check,) = [check for check in result.kontroller if check.namn.startswith("Alla köpta timmar")]
    assert (check.niva, check.ok) == ("varning", False)
    assert check.forklaring == "ledsagning och avlösning: beslut utan timmar"


def bought(tmp_path, column: str, value: str | None) -> pd.DataFrame:
    """The sample's decisions with all that is bought in hours changed in a column, and nothing else bought."""
    frame = pd.read_csv(SAMPLE / "beslut.csv", dtype=str)
    frame = frame[frame["timmar_per_manad"].notna() & (frame["regi"] != "kommunal")].reset_index(drop=True)
    frame.assign(**{column: value}).to_csv(tmp_path / "beslut.csv", index=False)
    return frame


@pytest.mark.parametrize(("column", "value"), [("regi", "privat"), ("tidsslag", None)])
def test_bought_hours_without_a_price_are_named_and_never_0_kronor(tmp_path, column, value):
    bought(tmp_path, column, value)
    _, result = report("arbetsmaterial", Folders((PARAMS,), tmp_path))
    paid = result.nyckeltal["ersattning_till_utforare_kr"]
    assert paid.varde is None
    assert "ledsagning och avlösning: timmar utan pris" in paid.saknas
    said = " ".join(result.sammanfattning)
    assert "Köpta timmar som inte är med i det som betalas: " in said
    assert "ledsagning och avlösning: timmar utan pris" in said


def test_days_with_a_price_of_their_own_are_paid_though_lss_peng_leaves_them_out(tmp_path):
    """One place in daily activity at 700 kr a day all year is 366 * 700 kr more to providers; the peng stays."""
    frame = pd.read_csv(SAMPLE / "beslut.csv", dtype=str)
    daily = (frame["insats"] == "daglig_verksamhet") & (frame["fran"] < "2024") & frame["till"].isna()
    frame.loc[frame.index[daily & (frame["regi"] != "kommunal")][0], "pris_kr_per_dygn"] = "700"
    frame.to_csv(tmp_path / "beslut.csv", index=False)
    (_, result), (_, before) = report("arbetsmaterial", Folders((PARAMS,), tmp_path)), report("arbetsmaterial")
    one, other = (r.nyckeltal["ersattning_till_utforare_kr"].varde for r in (result, before))
    assert one - other == pytest.approx(DAYS * 700)
    assert result.nyckeltal["peng_dygn_kr"] == before.nyckeltal["peng_dygn_kr"]
    assert (
        "saknar pris och ingår inte i LSS-peng; dygn med eget pris ingår i det som betalas" in result.sammanfattning[-1]
    )


def test_bought_hours_of_the_sample_are_all_paid(management):
    (check,) = [check for check in management[1].kontroller if check.namn.startswith("Alla köpta timmar")]
    assert check.ok is True


def test_what_a_decision_by_the_measuring_day_means_is_public_arithmetic():
    """Nivå 3 till 4, group home in own management 2024: 665 kr a day, 366 days; 126 days from 28 August."""
    result = answer(open_case("lss_peng", enhet="exempelenheten", ar=2024, spridning="offentlig")).result
    row = result.tabeller["fore_matdagen"].frame.set_index("beslut").loc["Nivå 3 till 4"]
    assert row.to_dict() == {"fore_1_kr": 243_390, "mellan_kr": 243_390, "efter_kr": 0, "dygn_kr": 83_790}
    said = " ".join(result.sammanfattning).replace("\u00a0", " ")
    assert "243 390 kr i budgeten 2024 om beslutet gällde på mätdagen 27 augusti 2024, inget om det kom senare" in said


@pytest.mark.parametrize(
    ("day", "said"),
    [("2024-01-31", "41,7 mnkr för ett år, 2,7 mnkr mer än den senaste (39,0)"),
     ("2024-05-31", "42,1 mnkr för ett år, 0,4 mnkr mer än den senaste (41,7)")],
)  # fmt: skip
def test_the_next_measurement_is_held_against_the_one_in_force(day, said):
    """Against the measurement that the sentence before names, not against one that has not been made."""
    result = report("ledning", per_datum=day).result
    assert any(said in text.replace("\u00a0", " ") for text in result.sammanfattning)


def test_what_a_scenario_moves_is_said_with_words_for_signs():
    result = report("ledning", scenario="nivaskifte").result
    assert result.sammanfattning[0].replace("\u00a0", " ") == (
        "Med scenariot ökar årets slutliga budget med cirka 0,2 mnkr och dygnens värde med cirka 0,1 mnkr; "
        "betalningen till utförare ändras nästan inte."
    )


def test_who_came_or_left_is_counted_in_the_month_of_the_first_day_with_or_without():
    """a comes 1 March, b 31 March, c 1 April; d's last day is 29 February, e's 31 March; f was there all the year."""
    days = [("a", "2024-03-01", "2025-12-31"), ("b", "2024-03-31", "2025-12-31"), ("c", "2024-04-01", "2025-12-31")]
    days += [("d", "2020-01-01", "2024-02-29"), ("e", "2020-01-01", "2024-03-31"), ("f", "2020-01-01", "2025-12-31")]
    rows = pd.DataFrame(days, columns=["person", "fran", "till"])
    rows = rows.assign(fran=pd.to_datetime(rows["fran"]), till=pd.to_datetime(rows["till"]))
    found = moved_by_month(rows, 2024)
    assert found[1:4] == [{"d"}, {"a", "b", "d", "e"}, {"c", "e"}]
    assert not any(found[:1] + found[4:])


def test_a_full_year_has_the_prices_of_its_last_day():
    """Two persons at 30 kr and one at 50 in December, after other prices in spring and summer."""
    price = np.array([[10.0, 20.0, 30.0], [40.0, 45.0, 50.0]])
    world = SimpleNamespace(
        frame=SimpleNamespace(ar=2024, days=366),
        persons=lambda day: {date(2024, 12, 31): np.array([2.0, 1.0])}[day],
        prices=SimpleNamespace(tilldelning=price),
    )
    assert World.full_year_frame(world) == (2 * 30 + 50) * 366


def test_the_month_figure_ends_at_what_the_first_screen_says():
    """Each month is rounded by itself, and so is their sum: two more persons leave 0,1 mnkr that the budget lacks."""
    _, result = report("ledning", scenario="fler_personer_2024")
    figure = lss_peng.figures.month_figure(result)
    assert figure.data[0].y[-1] * 1e6 == pytest.approx(result.nyckeltal["skillnad_matning_dygn_kr"].varde)
    title = figure.layout.meta["title"].replace("\u00a0", " ")
    assert title == "Till årets slut ger budgeten cirka 0,1 mnkr mindre än dygnen är värda"


def test_the_bridge_to_a_scenario_moves_what_the_first_screen_says():
    """243 390 kr, told as 0,2 mnkr, between 42 142 338 and 42 385 728 kr, which are 42,1 and 42,4."""
    _, result = report("ledning", scenario="nivaskifte")
    assert "slutliga budget med cirka 0,2 mnkr" in result.sammanfattning[0].replace("\u00a0", " ")
    title = lss_peng.figures.bridge_figure(result).layout.meta["title"].replace("\u00a0", " ")
    assert title == "Scenariot är 0,2 mnkr mer än jämförelsen"
