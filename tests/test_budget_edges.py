"""Budgets at their edges: nothing, little, unknown, ceased, begun and ended; each by a table of a few rows."""

import pytest
from conftest import write_scenario
from shown import shown_budget

from planbok.report import show
from planbok.topics import budget

HEAD = "enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr,forandring_mnkr,verksamhet,kostnadsslag"
HUNDRED = "2024,vp,A,100,0,,,"
BELOPP = {"typ": "belopp", "budgetrad": "A", "sida": "kostnad", "fran": "2024-01-01"}
UPRATING = {"typ": "upprakning", "budgetrad": "A", "sida": "kostnad", "fran": "2024-01-01"}


@pytest.fixture
def study_of(make_case, tmp_path):
    """A study of a unit with these rows under these changes."""

    def study(rows: list[str], *changes: dict, enhet: str = "e", ar: int = 2024, **more) -> budget.study.Study:
        folder = tmp_path / "table"
        folder.mkdir(exist_ok=True)
        (folder / "budget.csv").write_text("\n".join([HEAD, *(f"{enhet},{row}" for row in rows)]) + "\n", "utf-8")
        return budget.study.study(make_case(list(changes), enhet=enhet, ar=ar, data=folder, **more))

    return study


@pytest.fixture
def result_of(study_of):
    """The result of such a study."""
    return lambda *rows_and_changes, **more: shown_budget(study_of(*rows_and_changes, **more))


@pytest.fixture
def said_by(result_of):
    """Its sentences in one text, with plain spaces."""
    return lambda *rows_and_changes, **more: plain(" ".join(result_of(*rows_and_changes, **more).sammanfattning))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def frame(result, name: str, by: str = "budgetrad"):
    return result.tabeller[name].frame.set_index(by)


def check(result, start: str):
    return next(c for c in result.kontroller if c.namn.startswith(start))


# Nothing, little and unknown


def test_net_of_zero_is_a_figure_and_its_shares_are_not(result_of):
    result = result_of(["2024,vp,A,5,5,,,"])
    assert result.nyckeltal["nettokostnad_mnkr"].varde == 0
    assert frame(result, "underlag", "underlag")["andel_procent"].isna().all()
    assert result.sammanfattning[-1] == "Hela nettokostnaden är beslutad budget."


def test_small_changes_of_many_rows_name_no_row(said_by):
    rows = [f"{ar},vp,{row},{kostnad},0,,," for ar, kostnad in ((2023, 5), (2024, 5.04)) for row in "AB"]
    assert "Mot 2023 ökar budgeten med 0,1 mnkr. " in said_by(rows)


def test_year_before_known_in_part_is_said_to_be_so(study_of):
    study = study_of(["2023,vp,A,50,,,,", "2024,vp,A,52,0,2,,"])
    result = shown_budget(study)
    figure = result.nyckeltal["forandring_mnkr"]
    assert (figure.varde, figure.saknas) == (None, "budgeten 2023 anger inte alla kostnader och intäkter")
    assert f"Förändringen mot 2023 saknas: {figure.saknas}." in result.sammanfattning
    assert budget.figures.year_figure(result).startswith("Det finns inget tidigare år")


def test_derived_year_before_counts_rows_that_stand_only_as_operations(result_of):
    rows = ["2024,vp,A,50,0,2,,", "2024,vp,B,30,0,1,Norr,", "2024,vp,B,20,0,1,Syd,"]
    derived = frame(result_of(rows), "budget")
    assert derived["fore_mnkr"].to_dict() == {"A": 48, "B": 48, "Totalt": 96}
    unstated = frame(result_of([*rows[:2], "2024,vp,B,20,0,,Syd,"]), "budget")
    assert unstated["fore_mnkr"].isna().to_dict() == {"A": False, "B": True, "Totalt": True}


def test_row_that_has_ceased_stands_with_zero(result_of):
    result = result_of(["2023,vp,A,50,0,,,", "2023,vp,B,10,0,,,", "2024,vp,A,52,0,,,"])
    table, years = frame(result, "budget"), frame(result, "ar_jamforelse")
    assert table.loc["B", ["netto_mnkr", "fore_mnkr", "forandring_mnkr"]].tolist() == [0, 10, -10]
    assert table["forandring_mnkr"].to_dict() == years["netto_forandring_mnkr"].to_dict()
    assert result.nyckeltal["forandring_mnkr"].varde == -8


def test_part_that_states_nothing_is_unknown_and_so_is_the_rest(result_of):
    rows = ["2024,vp,A,10,1,,,", "2024,vp,A,4,,,Norr,", "2024,vp,A,2,0.2,,Syd,"]
    parts = frame(result_of(rows), "verksamheter", "verksamhet")
    assert parts["kostnad_mnkr"].to_dict() == {"Norr": 4, "Syd": 2, "Ej fördelat": 4}
    assert parts["intakt_mnkr"].isna().to_dict() == {"Norr": True, "Syd": False, "Ej fördelat": True}


def test_what_a_change_adds_is_known_where_the_net_is_not(result_of):
    rows = ["2024,vp,A,,1,,Norr,", "2024,vp,A,5,1,,Syd,"]
    prices = frame(result_of(rows, {**UPRATING, "procent": 10, "verksamhet": "Syd"}), "scenarier", "scenario")
    assert prices.loc["prov", ["pris_mnkr", "volym_mnkr"]].tolist() == [0.5, 0]
    assert prices["netto_mnkr"].isna().all()


def test_reasons_are_written_as_people_write(result_of):
    figure = result_of(["2024,vp,A,10,,,,"]).nyckeltal["nettokostnad_mnkr"]
    assert figure.saknas == "underlaget anger inte intäkt för A"


def test_many_unknown_rows_are_named_in_part_and_with_their_operations(result_of):
    said = result_of([f"2024,vp,A,{i}.04,,,Plats {i}," for i in range(10)]).sammanfattning
    assert 3 <= len(said) <= 8
    assert plain(said[0]).startswith("Budgeten 2024 anger: A Plats 0 kostnader 0,0 mnkr; A Plats 1 kostnader 1,0 mnkr")
    assert said[0].endswith("och 6 till.")


def test_sentences_are_never_more_than_eight_and_a_fault_is_always_among_them(result_of):
    rows = ["2014,vp,A,90,0,,,", "2015,vp,A,95,0,,,", "2016,vp,A,100,0,,,"]
    change = {**BELOPP, "fran": "2016-01-01", "kr_per_manad": 1e5, "kr_per_manad_lag": 5e4, "kr_per_manad_hog": 2e5}
    said = result_of(rows, change, enhet="ostermalm", ar=2016).sammanfattning
    assert (len(said), said[-1][:24]) == (7, "Budgeten justeras efter ")
    said = result_of([*rows, "2016,vp,Totalt,101,0,,,"], change, enhet="ostermalm", ar=2016).sammanfattning
    assert (len(said), said[-1][:29]) == (8, "Obs! Underlaget går inte ihop")


# What disagrees


def test_stated_change_that_contradicts_the_year_before_is_a_warning(result_of):
    stated = check(result_of(["2023,vp,A,50,0,,,", "2024,vp,A,52,0,-9,,"]), "Angiven förändring")
    assert (stated.niva, stated.ok, stated.differens) == ("varning", False, 11)
    assert stated.forklaring == "Skiljer för A. Rapporten räknar med budgeten året före."
    assert check(result_of(["2023,vp,A,50,0,,,", "2024,vp,A,52,0,2,,"]), "Angiven förändring").ok


def test_operations_larger_than_their_row_are_a_warning(result_of):
    parts = check(result_of([HUNDRED, "2024,vp,A,120,0,,Norr,"]), "Verksamheterna ryms")
    assert (parts.niva, parts.ok, parts.differens) == ("varning", False, -20)
    assert parts.forklaring == "Delarna är större än raden för A."
    assert check(result_of([HUNDRED, "2024,vp,A,80,0,,Norr,"]), "Verksamheterna ryms").ok


# What the full year means


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            [{"kr_per_manad": 6_666, "fran": "2024-07-01"}],
            "Helårseffekten är +0,1 mnkr: lika mycket till som i år måste",
        ),
        (
            [{"kr_per_manad": 1_000, "fran": "2024-10-01"}],
            "Helårseffekten är +12 000 kr: 9 000 kr till utöver årets 3 000 kr måste",
        ),
        ([{"kr_per_manad": -1e5, "fran": "2024-07-01"}], "nästa år sänks kostnaden med lika mycket till som i år."),
        ([{"kr_per_manad": 1e5}], "Effekten är densamma på helår, +1,2 mnkr."),
        (
            [{"kr_per_manad": -5e5, "till": "2024-06-30"}, {"kr_per_manad": -5e4}],
            "På helår, i den takt som gäller den 31 december, är skillnaden −0,6 mnkr.",
        ),
        (
            [{"kr_per_manad": 1e6, "till": "2024-06-30"}, {"kr_per_manad": -1e5, "fran": "2024-07-01"}],
            "På helår, i den takt som gäller den 31 december, är skillnaden −1,2 mnkr.",
        ),
    ],
    ids=["doubled", "tiny", "saving", "whole year", "partly ended", "mixed signs"],
)
def test_full_year_is_said_as_it_is(said_by, changes, words):
    assert words in said_by([HUNDRED], *({**BELOPP, **change} for change in changes))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"fran": "2024-12-01", "till": "2025-01-31"},
            "På helår, i den takt som gäller den 31 december, är skillnaden +6,0 mnkr.",
        ),
        ({"fran": "2025-01-01"}, "är skillnaden 0 kr; det som börjar efter årsskiftet är inte med."),
    ],
    ids=["ends next year", "starts next year"],
)
def test_next_year_is_not_promised_what_it_will_not_have(said_by, change, words):
    said = said_by([HUNDRED], {**BELOPP, "kr_per_manad": 5e5, **change}, till_ar=2025)
    assert words in said
    assert "nästa år" not in said


# What is said of the year


def test_net_cost_of_assumptions_alone_is_not_called_decided(said_by):
    assert "Hela nettokostnaden är antagande." in said_by(["2024,vp,A,5,5,,,"], {**BELOPP, "kr_per_manad": 1e5})


def test_closed_years_are_not_said_to_balance_and_go_by_their_name(said_by):
    rows = ["2023,bokslut,A,99,0,,,", "2024,bokslut,A,104,0,,,"]
    said = said_by(rows, version="bokslut")
    assert "balans" not in said
    assert "Mot 2023 ökar bokslutet med 5,0 mnkr" in said
    assert "bokslutet 2023 finns inte i underlaget" in said_by(rows[1:], version="bokslut")


@pytest.mark.parametrize(
    ("monthly", "words"), [(1e6 + 1, "1,01 mnkr"), (2_501, "2 600 kr"), (2_500, "2 500 kr"), (0.4, "1 kr")]
)
def test_monthly_amount_is_rounded_up_so_that_it_suffices(said_by, monthly, words):
    assert f"sänkas med {words} per månad januari–december" in said_by([HUNDRED], {**BELOPP, "kr_per_manad": monthly})


def test_balance_may_begin_with_the_first_change_and_in_january_where_it_runs(said_by):
    late = {**BELOPP, "kr_per_manad": 100, "fran": "2024-11-15"}
    running = {**BELOPP, "kr_per_manad": 1e6, "fran": "2023-05-01"}
    assert "per månad november–december" in said_by([HUNDRED], late)
    assert "per månad januari–december" in said_by([HUNDRED], running, late)


def test_labels_say_what_the_change_holds(result_of):
    rows = ["2023,vp,A,95,0,,,", HUNDRED]
    assert result_of(rows).nyckeltal["forandring_mnkr"].etikett == "Förändring mot 2023"
    result = result_of(rows, {**BELOPP, "kr_per_manad": 1e6})
    figure = result.nyckeltal["forandring_mnkr"]
    assert (figure.etikett, figure.varde) == ("Förändring mot 2023, med scenariot", 17)
    said = " ".join(result.sammanfattning).replace("\u00a0", " ")
    assert "Mot 2023 ökar budgeten, scenariot inräknat, med 17,0 mnkr" in said


# Years side by side


def test_row_name_with_a_preposition_stays_whole(said_by):
    said = said_by(["2023,vp,Hem för alla,100,0,,,", "2024,vp,Hem för alla,105,0,,,"])
    assert "; hem för alla står för 5,0." in said


def test_unchanged_years_are_said_to_be_unchanged(said_by):
    assert "Nettot är oförändrat sedan 2022." in said_by(["2022,vp,A,100,0,,,", "2023,vp,A,101,0,,,", HUNDRED])
    rows = ["2023,vp,A,100,0,,,", "2023,vp,C,20,0,,,", "2024,vp,A,105,0,,,", "2024,vp,C,15,0,,,"]
    assert "Mot 2023 är budgeten oförändrad; A står för 5,0 och C för −5,0." in said_by(rows)


def test_figure_of_years_says_that_they_are_unchanged(study_of):
    study = study_of(["2023,vp,A,100,1,,,", "2024,vp,A,101,2,,,"])
    title = budget.figures.year_figure(shown_budget(study)).layout.title.text
    assert "Sedan 2023 är nettokostnaden oförändrad" in title


@pytest.mark.parametrize("before", ["5,5", "1,2"], ids=["zero", "negative"])
def test_no_per_cent_of_nothing_or_of_a_revenue(study_of, before):
    study = study_of([f"2022,vp,A,{before},,,", "2023,vp,A,99,0,,,", HUNDRED])
    result = shown_budget(study)
    table = result.tabeller["ar_jamforelse"].frame
    assert table.loc[table["fran_ar"] == 2022, "procent"].isna().all()
    assert any(text.startswith("Sedan 2022 har nettot ökat") and "%" not in text for text in result.sammanfattning)


# Changes and their bars


def test_per_cent_is_quoted_with_its_decimals(result_of):
    changes = [{**UPRATING, "procent": 0.04}, {**UPRATING, "procent": 1.25}]
    steps = result_of([HUNDRED], *changes).tabeller["brygga"].frame["steg"].map(plain)
    assert steps[1].startswith("A +0,04 %")
    assert steps[2].startswith("A +1,25 %")


def test_range_of_the_frame_is_none_of_the_net_cost(said_by):
    limits = {"kr_per_manad": 1e5, "kr_per_manad_lag": 5e4, "kr_per_manad_hog": 1.5e5}
    assert "osäkerheter" not in said_by([HUNDRED], {**BELOPP, **limits, "sida": "ram"})
    assert "osäkerheter" in said_by([HUNDRED], {**BELOPP, **limits})


def test_range_that_its_decimals_do_not_show_is_not_said(said_by):
    limits = {"kr_per_manad": 50, "kr_per_manad_lag": 40, "kr_per_manad_hog": 60}
    assert "osäkerheter" not in said_by([HUNDRED], {**BELOPP, **limits})


def test_bars_stand_in_the_order_in_which_the_scenario_lists_its_changes(result_of, tmp_path):
    write_scenario(tmp_path / "params", "forst", [{**BELOPP, "kr_per_manad": 1e6}])
    write_scenario(tmp_path / "params", "uppat", [{**UPRATING, "procent": 10}])
    write_scenario(tmp_path / "params", "bada", [{**BELOPP, "kr_per_manad": 1}], bygger_pa=["uppat", "forst"])
    bridge = result_of([HUNDRED], scenario="bada", jamfor_med="forst").tabeller["brygga"].frame
    assert bridge["typ"].tolist() == ["start", "upprakning", "belopp", "samspel", "slut"]
    assert bridge["kr"].tolist() == pytest.approx(
        [112e6, 10e6, 12, 0, 122e6 + 12], abs=0.01
    )  # 10 % of the budget alone


def test_change_acts_from_its_day_and_to_its_day(result_of):
    early = {**BELOPP, "kr_per_manad": 1e6, "fran": "2024-06-01", "till": "2024-06-15"}
    later = {**UPRATING, "procent": 12, "fran": "2024-06-16"}
    bridge = result_of([HUNDRED], early, later).tabeller["brygga"].frame
    alone = bridge["kr"].tolist()[1:4]
    assert alone == pytest.approx([0.5e6, 6.5e6, 0], abs=0.01)  # half of June; 6.5 months; never together


def test_amount_of_a_cost_type_is_no_operations_own(study_of):
    rows = ["2024,vp,A,40,0,,Norr,löner", "2024,vp,A,60,0,,Syd,löner"]
    amount = {**BELOPP, "kostnadsslag": "löner", "kr_per_manad": 1e6}
    assert study_of(rows, amount, {**UPRATING, "procent": 10, "verksamhet": "Norr"}).outcome.amounts().kr == (
        pytest.approx(116e6)
    )
    assert study_of(rows, amount, {**UPRATING, "procent": 10, "kostnadsslag": "löner"}).outcome.amounts().kr == (
        pytest.approx(123.2e6)
    )


def test_a_table_without_rows_is_not_shown(result_of):
    said = str(show.table(result_of(["2024,vp,A,5,5,,,"]), "ar_jamforelse"))
    assert "Förändring" not in said and said.strip() == ""
