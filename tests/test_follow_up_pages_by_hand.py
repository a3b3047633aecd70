"""The pages in words, what a user, an hour and a place cost, and faults of the outturn, worked out by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from follow_up_made import AR, UNIT, change, made, study_of

from planbok.inputs.scenario.load import Scenario
from planbok.ledger.budget_rows import KEY, leaves
from planbok.ledger.month_profile import even_year
from planbok.topics import follow_up
from planbok.topics.follow_up import accuracy, sheet, table_check, tables
from planbok.topics.follow_up.books import _homes, outturn_faults, read_books
from planbok.topics.follow_up.choices import LATE_RULE
from planbok.topics.follow_up.efficiency import efficiency_table, places_table, working


def test_the_page_of_the_unit_and_of_an_operation():
    """The frame is with the budget: 10.809 of Hyror, which 12.044 goes 1.235 over; the leaf of Mat has no budget."""
    case = SimpleNamespace(
        parametrar={},
        enhet=UNIT,
        unit_name=lambda: "Norra",
        sources=SimpleNamespace(collection=SimpleNamespace(has=lambda name: False)),
    )
    study = study_of(case=case)
    whole = sheet.whole_unit(study)
    assert (whole.namn, whole.storst, whole.tom) == ("Norra", "Hyror", 4)
    figures = (whole.anvant, whole.budget, whole.prognos, whole.storst_mnkr, whole.avvikelse)
    assert figures == pytest.approx((5.0, 13.809, 15.044, 1.235, -1.235))
    assert whole.manader == ("mars", "april")
    one, other = sheet.sheets(study)
    assert (one.namn, other.namn) == ("Norr", "Linje") and np.isnan(one.budget)
    assert (other.anvant, other.budget, other.prognos, other.storst) == (0.2, 0.6, pytest.approx(0.6), "")
    case.parametrar = {"verksamhet": "Linje"}
    assert [page.namn for page in sheet.sheets(study)] == ["Linje"]
    rows = follow_up.sheet_view._why_table(study, ["Linje"]).frame
    assert rows[["budget_kr", "utfall_kr", "prognos_kr"]].to_numpy().tolist() == [[0.6e6, 0.2e6, pytest.approx(0.6e6)]]


def shown(staff, users) -> SimpleNamespace:
    ends = zip(("medarbetare_lag", "medarbetare_hog", "brukare_lag", "brukare_hog"), (*staff, *users), strict=True)
    return SimpleNamespace(fakta={f"Norr.{name}": SimpleNamespace(varde=value, skyddas="") for name, value in ends})


@pytest.mark.parametrize(
    ("staff", "users", "words"),
    [
        ((10, 10), (150, 150), "10 medarbetare för omkring 150 personer, ungefär 15 per medarbetare."),
        ((10, 10), (100, 100), "10 medarbetare för omkring 100 personer, ungefär 10 per medarbetare."),
        ((10, 10), (99, 99), "10 medarbetare för omkring 99 personer, ungefär 9,9 per medarbetare."),
        ((5, 8), (24, 40), "5–8 medarbetare för 24–40 personer, ungefär 3,0–8,0 per medarbetare."),
        ((0.5, 7.5), (1, 1), "0,5–7,5 medarbetare för omkring 1 personer, ungefär 0,1–2,0 per medarbetare."),
        ((8, 8), (0, 0), "8 medarbetare."),
        ((8, 8), (None, 3), "8 medarbetare."),
        ((0, 0), (3, 3), ""),
        ((None, None), (3, 3), ""),
    ],
)
def test_how_many_work_for_how_many(staff, users, words):
    said = sheet._staff("Norr", shown(staff, users))
    assert said == (f"Vi är {words}" if words else sheet.UNKNOWN_PEOPLE)


def page(used=3.0, budget=4.0, year=4.0, tom=6, worst="", by=0.0, months=()) -> sheet.Sheet:
    return sheet.Sheet("Norr", used, budget, year, tom, "", worst, by, "", months)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            page(budget=0.0, year=0.05),
            "Enligt prognosen blir det 50 000 kr för mycket i år: året kostar 50 000 kr",
        ),
        (page(year=4.049), "Enligt prognosen går året ihop: 4 049 000 kr, ungefär så mycket som vi har."),
        (
            page(budget=0.05, year=0.0),
            "Enligt prognosen blir det 50 000 kr kvar i år: året kostar 0 kr och vi har",
        ),
        (page(year=3.951), "Enligt prognosen går året ihop: 3 951 000 kr"),
        (page(year=4.06, tom=12), "Året slutade med 60 000 kr för mycket: året kostade 4 060 000 kr och vi hade 4 000"),
        (page(year=4.0, tom=12), "Året gick ihop: 4 000 000 kr, ungefär så mycket som vi har."),
        (page(budget=np.nan, tom=12), "Året slutade på 4 000 000 kr."),
        (page(budget=np.nan, tom=11), "Enligt prognosen kostar året 4 000 000 kr."),
        (page(year=np.nan), "Hur året slutar går inte att räkna ut: underlaget anger inte alla belopp."),
    ],
)
def test_how_the_year_ends_in_words(page, words):
    assert sheet._end(page).replace("\u00a0", " ").startswith(words)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (page(), "Vi har använt 3 000 000 av årets 4 000 000 kr: 75 % när 50 % av året har gått."),
        (page(tom=9), "Vi har använt 3 000 000 av årets 4 000 000 kr: 75 % när 75 % av året har gått."),
        (page(budget=0.5), "Vi har använt 3 000 000 av årets 500 000 kr: 600 % när 50 % av året har gått."),
        (page(budget=0.0), "Vi har använt 3 000 000 av årets 0 kr."),
        (page(budget=np.nan), "Vi har använt 3 000 000 kr. Vad vi har fått i år anges inte i budgeten."),
    ],
)
def test_what_is_used_in_words(page, words):
    assert sheet._used(page).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (page(year=4.5, worst="Mat", by=0.05), ["50 000 kr mer än planerat."]),
        (page(year=4.5, worst="Mat", by=0.049), []),
        (
            page(year=3.5, worst="Mat", by=-0.5, months=("maj", "juni")),
            ["500 000 kr mindre än planerat, mest i maj"],
        ),
        (page(year=4.01, worst="Mat", by=0.5), []),
        (page(year=4.5), []),
        (page(year=np.nan, worst="Mat", by=0.5), []),
    ],
)
def test_what_it_depends_on_in_words(page, words):
    said = [text.replace("\u00a0", " ") for text in sheet._why(page)]
    assert len(said) == len(words)
    assert all(text.startswith(f"Det beror mest på mat: {word}") for text, word in zip(said, words, strict=True))


def test_the_figure_of_one_operation_says_its_three_numbers(monkeypatch):
    view, said = follow_up.sheet_view, {}
    monkeypatch.setattr(view, "bullets", lambda rows, **more: said.update(more, rows=rows))
    for one, end in (
        (page(budget=0.0, year=0.05), "50 000 kr för mycket i december"),
        (page(budget=0.05, year=0.0), "50 000 kr kvar i december"),
        (page(year=4.049), "året går ihop"),
        (page(year=3.951), "året går ihop"),
    ):
        view.sheet_figure(one)
        assert said["title"].replace("\u00a0", " ") == f"Norr: {end}"
    assert (said["rows"], said["decimaler"]) == ({"Norr": (3_000_000, 3_951_000)}, 0)
    assert list(said["levels"].values()) == [4_000_000]
    assert "ingen figur" in view.sheet_figure(page(used=np.nan))
    assert "ingen figur" in view.sheet_figure(page(budget=np.nan))


@pytest.mark.parametrize(("budget", "drawn"), [(1.0, True), (0.0, False), (-1.0, False)])
def test_an_operation_is_drawn_beside_others_where_it_has_any_money(monkeypatch, budget, drawn):
    view, said = follow_up.sheet_view, {}
    monkeypatch.setattr(view, "bullets", lambda rows, **more: said.update(rows=rows))
    monkeypatch.setattr(
        sheet, "sheets", lambda study: [page(), sheet.Sheet("Öst", 0.5, budget, 1.0, 6, "", "", 0.0, "")]
    )
    view.unit_figure(None)
    assert ("Öst" in said["rows"]) == drawn and said["rows"]["Norr"] == (75, 100)


def test_a_row_that_moves_the_year_its_way_is_named():
    worst = sheet._worst
    assert worst(pd.Series({"A": 0.2, "B": 0.3, "C": -0.9})) == "C"
    assert worst(pd.Series({"A": 0.4, "B": 0.3, "C": -0.5})) == "A"
    assert worst(pd.Series({"A": 0.4, "B": 0.3})) == "A"
    assert worst(pd.Series({"A": 0.4, "B": np.nan})) == ""


@pytest.mark.parametrize(("users", "each"), [(1.0, 600_000.0), (2.0, 300_000.0), (0.0, None)])
def test_what_a_user_and_a_place_cost_where_there_is_at_least_one(monkeypatch, users, each):
    efficiency = follow_up.efficiency
    stated = pd.DataFrame({"brukare_lag": [users], "brukare_hog": [users]}, index=["Linje"])
    monkeypatch.setattr(efficiency, "people", lambda case: stated)
    table = efficiency_table(study_of())
    assert (table is None) == (each is None)
    if table is not None:
        assert table.frame[["brukare_antal", "kr_per_brukare", "budget_kr_per_brukare"]].to_numpy().tolist() == [
            [users, pytest.approx(each), pytest.approx(each)]
        ]
    homes = pd.DataFrame({"boende": ["linje", "hyror"], "platser": [users, 4.0]})
    case = SimpleNamespace(has_rows=lambda name: True, unit_rows=lambda name: homes)
    frame = places_table(study_of(case=case)).frame.set_index("boende")
    assert frame.loc["Hyror", "kr_per_plats"] == pytest.approx(12.044e6 / 4)
    assert frame.loc["Hyror", "budget_kr_per_plats"] == pytest.approx(10.809e6 / 4)
    assert ("Linje" in frame.index) == bool(users)


def test_what_a_scenario_adds_to_the_frame_of_an_operation_is_with_its_budget(monkeypatch):
    """5 000 kr a month from April is 45 000 more than 600 000, for two users or three places."""
    linje = {"budgetrad": "Buss", "verksamhet": "Linje", "fran": date(AR, 4, 1)}
    frame = change(1, "belopp", sida="ram", kr_per_manad=5_000, **linje)
    study = study_of(prognosis=made(Scenario("prov", "Prov", changes=(frame,))))
    stated = pd.DataFrame({"brukare_lag": [1.0], "brukare_hog": [3.0]}, index=["Linje"])
    monkeypatch.setattr(follow_up.efficiency, "people", lambda case: stated)
    users = efficiency_table(study).frame
    assert users["budget_kr_per_brukare"].tolist() == [pytest.approx(322_500)]
    study.case.unit_name, study.case.has_rows = (lambda: "Norra"), (lambda name: True)
    study.case.unit_rows = lambda name: pd.DataFrame({"boende": ["linje"], "platser": [3.0]})
    assert places_table(study).frame["budget_kr_per_plats"].tolist() == [pytest.approx(215_000)]
    rows = follow_up.sheet_view._why_table(study, ["Linje"]).frame
    assert rows["budget_kr"].tolist() == [pytest.approx(645_000)]
    assert rows["avvikelse_kr"].tolist() == [pytest.approx(45_000)]


def test_employees_of_a_month_that_an_operation_lacks_are_none():
    rows = [("2024-01", "A", 8), ("2024-02", "A", 9), ("2024-02", "B", 4), ("2024-02", "B", 3), ("2024-02", "", 50)]
    staffed = pd.DataFrame(rows, columns=["manad", "verksamhet", "anstallda"])
    case = SimpleNamespace(has_rows=lambda name: True, unit_rows=lambda name: staffed)
    (found,) = working(case).values()
    assert found.antal.to_numpy().tolist() == [[8, 0], [9, 7]]
    hours = staffed.assign(arbetad_tid_h=[0.5, 0.5, 0.0, 0.0, 9.0])
    assert follow_up.efficiency._hours(hours, AR, 2)["A"] == 1.0


def test_an_hour_costs_the_same_months_of_this_year_and_the_last():
    """Linje has 0.2 mnkr in four months and 400 hours; Norr has an unknown one; the year before nothing is known."""
    rows = [(f"{AR}-{m:02d}", "Linje", 9, 100.0) for m in range(1, 6)]
    rows += [(f"{AR}-{m:02d}", "Norr", 9, 100.0 if m > 1 else np.nan) for m in range(1, 5)]
    rows += [(f"{AR - 1}-{m:02d}", "Linje", 9, 80.0) for m in range(1, 13)] + [(f"{AR}-01", "Väst", 9, 1.0)]
    staffed = pd.DataFrame(rows, columns=["manad", "verksamhet", "anstallda", "arbetad_tid_h"])
    case = SimpleNamespace(ar=AR, has_rows=lambda name: True, unit_rows=lambda name: staffed)
    found = follow_up.efficiency.hours_table(study_of(case=case)).frame
    assert found.columns.tolist() == ["verksamhet", "arbetad_tid_h", "kr_per_timme", "kr_per_timme_fore"]
    assert found.iloc[0].tolist()[:3] == ["Linje", 400, pytest.approx(500)] and len(found) == 1
    assert np.isnan(found["kr_per_timme_fore"].iloc[0])
    past = np.full((2, 5, 2, 12), 1000.0)
    past[1, 4, 0] = 16_000.0 / 4 + 1000
    now = made()
    books = SimpleNamespace(leaves=now.books.leaves, to_date=now.books.to_date, years=[AR - 2, AR - 1], past=past)
    before = SimpleNamespace(books=books, net=now.net)
    found = follow_up.efficiency.hours_table(study_of(case=case, prognosis=before)).frame
    assert found["kr_per_timme_fore"].tolist() == [pytest.approx(4 * 4000 / 320)]


def test_fewer_users_take_their_share_of_what_they_bring_in():
    money = pd.Series({"anslag": 10e6, "intakt": 4e6})
    found = follow_up.model.users_effect(money, -5.0, ("intakt",))
    assert found.to_dict() == {"anslag": 0.0, "intakt": pytest.approx(-0.2e6)}


def test_the_stated_people_are_the_units_own():
    frame = pd.DataFrame({"enhet": [UNIT, "annan"], "verksamhet": ["Norr", "Norr"], "brukare_lag": [4, 5]})
    collection = SimpleNamespace(has=lambda name: True)
    case = SimpleNamespace(enhet=UNIT, sources=SimpleNamespace(collection=collection), table=lambda name: frame)
    assert sheet.people(case)["brukare_lag"].to_dict() == {"Norr": 4}


def test_why_a_row_is_looked_ahead_for_as_it_is():
    reason = follow_up.choices.reason
    assert reason("rak", "rak", "regeln för raden", 0) == "enligt regeln för raden"
    assert reason("profil", "rak", "regeln", 0).endswith("går inte: inget tidigare år är helt känt")
    assert "summa över 0" in reason("profil", "rak", "regeln", 1)
    assert reason("forra_aret", "rak", "regeln", 0).endswith("går inte: förra året är inte känt")
    assert "inte över 0" in reason("forra_aret", "rak", "regeln", 2)


@pytest.mark.parametrize(("budget", "percent"), [(4.0, 75.0), (0.5, 600.0), (0.0, None), (-1.0, None)])
def test_what_is_used_in_per_cent_and_each_figure_in_kronor(budget, percent):
    found = follow_up.sheet_view._key_figures(page(budget=budget))
    assert found["anvant_procent"].varde == percent
    assert {key: found[f"{key}_kr"].varde for key in ("anvant", "budget", "prognos", "avvikelse")} == {
        "anvant": 3e6, "budget": budget * 1e6, "prognos": 4e6, "avvikelse": (budget - 4) * 1e6,
    }  # fmt: skip


def test_errors_in_their_order_of_columns_and_mean_sizes():
    rows = [("h", "rak", "A", 2, -4.0, 10.0), ("h", "rak", "A", 2, 8.0, np.nan)]
    errors = pd.DataFrame(rows, columns=["kalla", "metod", "budgetrad", "tom_manad", "fel_kr", "fel_procent"])
    found = accuracy.summed_up(errors)
    assert found.columns.tolist() == [
        "kalla", "metod", "budgetrad", "tom_manad", "antal", "medelfel_kr", "medelfel_procent",
    ]  # fmt: skip
    assert found.iloc[0].tolist() == ["h", "rak", "A", 2, 2, 6.0, 10.0]


def test_an_error_is_in_per_cent_of_any_outcome_but_none():
    frame = pd.DataFrame({"prognos_kr": [1.0, 1.0, 1.0], "utfall_kr": [0.5, 0.0, -2.0]})
    found = accuracy._with_errors(frame.reindex(columns=accuracy.COLUMNS))
    assert found["fel_kr"].tolist() == [-0.5, -1.0, -3.0]
    assert found["fel_procent"].tolist() == pytest.approx([-100.0, np.nan, -150.0], nan_ok=True)


def test_what_is_still_to_come_is_named_where_it_is_something():
    rows = pd.DataFrame({"budgetrad": ["A", "B", "C", "C"], "kr": [0.0, 1.0, 5.0, -5.0]})
    study = study_of(to_come=SimpleNamespace(rows=rows, counted="2024-01", unknown=()))
    assert tables.by_row(study).replace("\u00a0", " ") == "1 kr på B"
    assert "till och med januari" in tables.sentence(study)


def outturn(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["manad", "budgetrad", "verksamhet"])
    return frame.assign(kostnadsslag="", kostnad_kr=1.0, intakt_kr=0.0, _rad=range(2, len(rows) + 2))


def budget_rows(*names: str) -> pd.DataFrame:
    rows = [name.partition("/")[::2] for name in names]
    return pd.DataFrame(rows, columns=["budgetrad", "verksamhet"]).assign(kostnadsslag="", finansiering="")


def told(rows: list[tuple], budget: pd.DataFrame, tom: int, late: dict | None = None) -> list[tuple]:
    found = outturn_faults(outturn(rows), budget, AR, tom, late or {}, "utfall.csv")
    return [(fault.line, fault.place, fault.code) for fault in found]


def test_each_fault_of_the_outturn_is_at_its_place():
    rows = [("2023-12", "A", ""), ("2024-01", "A", ""), ("2024-02", "A", ""), ("2024-01", "Bb", ""),
            ("2024-01", "C", "Öst"), ("2024-02", "C", "Öst")]  # fmt: skip
    budget = budget_rows("A", "B", "C", "C/Väst")
    assert told(rows, budget, 2) == [
        (5, "", "missing_month"),
        (5, "kolumn budgetrad", "unknown_row"),
        (6, "kolumn verksamhet", "unknown_part"),
        (0, "B", "row_without_outturn"),
        (0, "C", "part_without_outturn"),
    ]
    texts = [fault.text for fault in outturn_faults(outturn(rows), budget, AR, 2, {}, "utfall.csv")]
    assert texts[0] == "utfallet 2024 för Bb saknar februari. Rätta först namnet, som budgeten inte har."
    first = "'Bb' (rad 5) finns inte i budgeten: rätta namnet om det är samma rad. Annars: "
    assert texts[3] == f"budgetraden B har inget utfall. {first}Lägg till raden; 0 om inget är bokfört."
    apart = outturn_faults(outturn([*rows, ("2024-01", "B", "")]), budget, AR, 2, {}, "utfall.csv")
    text = f"utfallet 2024 för B saknar februari. {first}Fyll i det; 0 om inget är bokfört."
    assert text in [fault.text for fault in apart]
    alone = outturn_faults(outturn([("2024-02", "A", "")]), budget_rows("A", "B"), AR, 2, {}, "utfall.csv")
    assert [fault.text for fault in alone] == [
        "utfallet 2024 för A saknar januari. Fyll i det; 0 om inget är bokfört.",
        "budgetraden B har inget utfall. Lägg till raden; 0 om inget är bokfört.",
    ]
    assert texts[1].endswith("Lägg till raden för 2024 i tabellen budget, eller rätta namnet här.")
    assert told(rows[:1], budget_rows("A"), 2) == [(0, "2024", "no_outturn")]
    assert told(rows[:3], budget_rows("A"), 3) == [(0, "2024", "no_outturn")]
    assert told(rows[:3], budget_rows("A"), 3, {("A", "", ""): 1}) == []
    assert told(rows[1:2], budget_rows("A"), 1, {("A", "", ""): 1}) == []
    assert told([("2024-02", "A", "")], budget_rows("A"), 2, {("A", "", ""): 2}) == []
    assert told([("2024-02", "A", "")], budget_rows("A"), 2, {("A", "", ""): 1}) == [(2, "", "missing_month")]
    assert told(rows[1:3], budget_rows("A"), 2) == []


def test_a_name_that_the_budget_lacks_gets_the_nearest_one():
    found = [*outturn_faults(outturn([("2024-01", "C", "Öst"), ("2024-01", "C", "Norr")]),
                             budget_rows("C", "C/Norr", "C/Östra"), AR, 1, {}, "u.csv")]  # fmt: skip
    assert found[0].text == "'Öst' har utfall men är ingen del av C i budgeten. Menade du 'Östra'?"
    assert found[1].text == "Östra i C har budget men inget utfall. Lägg till raden; 0 om inget är bokfört."


def test_a_part_of_the_budget_is_followed_up_where_it_is_booked_else_on_its_operation_or_row():
    keys = pd.DataFrame([("A", "", ""), ("A", "Norr", ""), ("B", "", "")], columns=KEY)
    rows = [("A", "Norr", "lokal"), ("A", "Norr", ""), ("A", "Söder", ""), ("B", "", "lokal"), ("C", "", "")]
    assert _homes(keys, pd.DataFrame(rows, columns=KEY)).tolist() == [1, 1, 0, 2, -1]


def test_a_month_that_may_still_come_is_nothing_booked_and_one_that_should_have_come_is_unknown():
    """After April: A is a month late and has three, B two months late; C lacks March and E April, and are not late."""
    months = {"A": (1, 2, 3), "B": (1, 2), "C": (1, 2, 4), "E": (1, 2, 3)}
    rows = outturn([(f"{AR}-{month:02d}", row, "") for row, its in months.items() for month in its])
    rows = pd.concat([rows, outturn([("2023-01", "A", ""), ("2023-01", "D", "")])], ignore_index=True)
    budget = budget_rows("A", "B", "C", "E").assign(kostnad_mnkr=1.2, intakt_mnkr=0.0)
    late = {("A", "", ""): 1, ("B", "", ""): 2}
    books = read_books(UNIT, rows, budget, leaves(budget), even_year, AR, 4, late)
    assert books.leaves["budgetrad"].tolist() == ["A", "B", "C", "E"] and books.years == [2023]
    nan = np.nan
    expected = [[1, 1, 1, 0, *[nan] * 8], [1, 1, 0, 0, *[nan] * 8], [1, 1, nan, 1, *[nan] * 8], [1, 1, 1, *[nan] * 9]]
    np.testing.assert_array_equal(books.actual[:, 0], expected)
    assert np.isnan(books.past).all()  # a year that lacks months isn't known
    assert books.to_date[:, 0].tolist()[:2] == [3, 2] and np.isnan(books.to_date[2:, 0]).all()
    assert books.budget[:, 0].sum(axis=1).tolist() == pytest.approx([1.2e6] * 4)


def collection(outturn_rows: list[tuple], budget: list[tuple]) -> SimpleNamespace:
    tables = {
        "utfall": outturn([row[1:] for row in outturn_rows]).assign(enhet=[row[0] for row in outturn_rows]),
        "budget": pd.DataFrame(budget, columns=["enhet", "ar", "version", "budgetrad"]).assign(
            verksamhet="", kostnadsslag="", finansiering=""
        ),
    }
    return SimpleNamespace(read=lambda name: SimpleNamespace(frame=tables[name]), path=lambda name: f"data/{name}.csv")


def rules(*late) -> SimpleNamespace:
    return SimpleNamespace(series={LATE_RULE: [SimpleNamespace(varde=one) for one in late]} if late else {})


def test_the_outturn_of_every_unit_is_held_against_the_latest_budget_of_its_year(monkeypatch):
    """Norr has a row more in its adjusted budget; Söder's year is closed only; Väster has none of the year."""
    monkeypatch.setattr(table_check, "shown", str)
    booked = [(unit, f"2024-{m:02d}", "A", "") for unit in ("norr", "soder", "vaster") for m in (1, 2)]
    budget = [("norr", 2024, "vp", "A"), ("norr", 2024, "justerad_t1", "A"), ("norr", 2024, "justerad_t1", "B")]
    budget += [("norr", 2024, "bokslut", "A"), ("soder", 2024, "bokslut", "C"), ("vaster", 2023, "vp", "A")]
    faults = table_check.table_faults(collection(booked, budget), rules({"alla": 0}))
    assert [(fault.file, fault.place, fault.code) for fault in faults] == [
        ("data/utfall.csv", "B", "row_without_outturn")
    ]
    assert table_check.table_faults(collection(booked, budget), None) == []
    assert table_check.table_faults(collection(booked, budget), rules()) == []


@pytest.mark.parametrize(("late", "faults"), [((0, 1), []), ((1, 0), ["A"]), (("2",), ["A"])])
def test_a_month_may_be_missing_where_the_rule_in_force_says_that_its_invoices_are_late(monkeypatch, late, faults):
    monkeypatch.setattr(table_check, "shown", str)
    booked = [("norr", "2024-01", "A", ""), ("norr", "2024-01", "B", ""), ("norr", "2024-02", "B", "")]
    budget = [("norr", 2024, "vp", "A"), ("norr", 2024, "vp", "B")]
    stated = [{"alla": 0, "norr": {"A": one}} for one in late]
    found = table_check.table_faults(collection(booked, budget), rules(*stated))
    assert [fault.text.split(" ")[3] for fault in found] == faults
