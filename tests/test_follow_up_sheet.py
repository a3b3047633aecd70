"""The page for the staff meeting: plain words, operations that sum to the unit, small groups."""

import json
import math

import pytest
from follow_up_tables import UNIT, open_month, write_tables

from planbok.base.errors import InputError
from planbok.case.case import open_case
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.report.handover import as_json
from planbok.topics import follow_up
from planbok.topics.answer import answer
from planbok.topics.follow_up import sheet

ROWS = {
    "Drift": {"budget": 25.0},
    "Drift / Norr": {"budget": 12.0, "utfall": [1.1] * 8, "finansiering": "intakt"},
    "Drift / Söder": {"budget": 9.0, "utfall": [0.75] * 8, "finansiering": "anslag"},
}


def people(folder, rows: list[str]) -> None:
    head = "enhet,verksamhet,brukare,medarbetare,kan_paverka"
    (folder / "verksamheter.csv").write_text("\n".join([head, *rows]), "utf-8")


def study_of(tmp_path, **more):
    return follow_up.study.study(open_month(tmp_path, 8, notebook="verksamhetsblad", **more))


def shown_of(study):
    return protect(follow_up.sheet_view.sheet_result(study), policy(study.case))


def said(tmp_path, name: str, **more) -> list[str]:
    study = study_of(tmp_path, **more)
    (page,) = [p for p in sheet.sheets(study) if p.namn == name]
    return [text.replace("\u00a0", " ") for text in sheet.sentences(page, shown_of(study))]


def test_operations_in_kronor(tmp_path):
    write_tables(tmp_path / "data", ROWS)
    frame = shown_of(study_of(tmp_path)).tabeller["i_kronor"].frame.set_index("verksamhet")
    assert frame.loc["Norr", ["budget_kr", "utfall_kr"]].tolist() == [12e6, 8.8e6]


def test_one_page_per_operation_in_plain_words(tmp_path):
    data = write_tables(tmp_path / "data", ROWS)
    people(data, [f"{UNIT},Norr,150,17,Planera tidigare.", f"{UNIT},Söder,18–24,7.5,Byta pass."])
    assert said(tmp_path, "Norr") == [
        "Enligt prognosen blir det 1 200 000 kr för mycket i år: året kostar 13 200 000 kr och vi har 12 000 000 kr.",
        "Vi har använt 8 800 000 av årets 12 000 000 kr: 73 % när 67 % av året har gått.",
        "Det här kan vi påverka: planera tidigare.",
        "Vi är 17 medarbetare för omkring 150 personer, ungefär 8,8 per medarbetare. "
        "Vi får pengar för varje person vi stödjer. Blir de färre får vi mindre.",
        "Frågor? Kontakta enhetschefen.",
    ]
    south = said(tmp_path, "Söder")
    assert south[0] == "Enligt prognosen går året ihop: 9 000 000 kr, ungefär så mycket som vi har."
    assert south[3].startswith(
        "Vi är 7,5 medarbetare för 18–24 personer, ungefär 2,4–3,2 per medarbetare. Vi har en fast"
    )


def test_what_no_operation_has_is_in_the_first_sentence_when_it_is_most(tmp_path):
    """The operations have 21 of 25 million; the 0.6 a month that none of them has makes 7.2 of the other 4."""
    write_tables(tmp_path / "data", {**ROWS, "Drift": {"budget": 25.0, "utfall": [2.45] * 8}})
    first, _, most, *_ = (text.replace("\u00a0", " ") for text in shown_of(study_of(tmp_path)).sammanfattning)
    assert first.startswith("Enligt prognosen blir det 4 400 000 kr för mycket i år: året kostar 29 400 000 kr")
    assert first.endswith("Det mesta, 3 200 000 kr för mycket, är inte fördelat på verksamheterna.")
    assert most == "Störst överskridande på hela året: Norr 1 200 000 kr."


def test_the_months_that_made_most_of_it_are_named(tmp_path):
    """A twelfth of 12 million is 1.0: April and July are 0.4 and 0.3 over, May 0.1."""
    months = [1.0, 1.0, 1.0, 1.4, 1.1, 1.0, 1.3, 1.0]
    write_tables(
        tmp_path / "data", {"Löner": {"budget": 12.0, "utfall": months}, "Mat": {"budget": 1.0, "utfall": [1 / 12] * 8}}
    )
    page = sheet.whole_unit(study_of(tmp_path))
    assert page.manader == ("april", "juli")
    assert "mest i april och juli." in " ".join(sheet.sentences(page, shown_of(study_of(tmp_path))))


def test_without_the_optional_table_the_page_says_so(tmp_path):
    write_tables(tmp_path / "data", ROWS)
    found = said(tmp_path, "Norr")
    assert "Vad vi kan påverka: underlag saknas." in found
    assert any(text.startswith("Hur många vi är: underlag saknas.") for text in found)
    result = shown_of(study_of(tmp_path))
    check = next(c for c in result.kontroller if "påverka" in c.namn)
    assert (check.ok, check.niva) == (False, "varning")


@pytest.mark.parametrize(("staff", "users"), [("4", "30"), ("3–6", "30"), ("6", "4"), ("6", "3–9")])
def test_numbers_of_few_people_are_shown_in_working_papers_only(tmp_path, staff, users):
    data = write_tables(tmp_path / "data", ROWS)
    people(data, [f"{UNIT},Norr,{users},{staff},Planera."])
    for audience in ("ledning", "offentlig"):
        study = study_of(tmp_path, spridning=audience)
        text = json.dumps(as_json(study.case, shown_of(study)), default=str, ensure_ascii=False)
        text += " ".join(said(tmp_path, "Norr", spridning=audience))
        assert "per medarbetare" not in text
    assert "per medarbetare" in " ".join(said(tmp_path, "Norr", spridning="arbetsmaterial"))


def test_all_operations_and_the_unit_sum_and_one_alone_is_its_own_page(tmp_path):
    write_tables(tmp_path / "data", ROWS)
    everyone = shown_of(study_of(tmp_path))
    assert everyone.nyckeltal["budget_mnkr"].varde == pytest.approx(25.0)
    assert everyone.nyckeltal["prognos_mnkr"].varde == pytest.approx(22.2)
    pages = follow_up.sheet_view.pages
    assert [p.heading for p in pages(study_of(tmp_path), everyone)] == ["Norr", "Söder"]
    one = study_of(tmp_path, verksamhet="Norr")
    result = shown_of(one)
    assert result.rubrik.startswith("Norr · så går det för oss till och med augusti")
    assert result.nyckeltal["anvant_mnkr"].varde == pytest.approx(8.8)
    assert len(pages(one, result)) == 1
    assert not [c for c in everyone.kontroller + result.kontroller if c.failed]


def test_an_operation_that_does_not_exist_is_refused_before_anything_runs(tmp_path):
    write_tables(tmp_path / "data", ROWS)
    with pytest.raises(InputError, match="Menade du 'Norr'"):
        sheet.sheets(study_of(tmp_path, verksamhet="Nor"))


def test_a_unit_that_is_not_divided_gets_one_page():
    study = follow_up.study.study(open_case("verksamhetsblad", enhet="exempelenheten", ar=2024, tom_manad=8))
    assert [page.namn for page in sheet.sheets(study)] == ["Exempelenheten"]
    assert shown_of(study).nyckeltal["prognos_mnkr"].varde == pytest.approx(157.298426, abs=1e-6)


def test_an_unknown_amount_of_one_operation_is_in_no_sum_and_called_by_no_other_name(tmp_path):
    path = write_tables(tmp_path / "data", ROWS) / "utfall.csv"
    path.write_text(path.read_text("utf-8").replace("2024-03,Drift,750000,0,Söder", "2024-03,Drift,,0,Söder"), "utf-8")
    result = shown_of(study_of(tmp_path))
    rows = result.tabeller["verksamheter"].frame.set_index("verksamhet")
    assert rows.loc["Norr", "utfall_mnkr"] == pytest.approx(8.8)
    assert rows.loc[["Söder", "Totalt"], ["utfall_mnkr", "prognos_mnkr"]].isna().all(axis=None)
    text = " ".join(result.sammanfattning)
    assert "Ungefär som planerat: 0 av 2 verksamheter. För 1 går det inte att räkna ut" in text
    assert said(tmp_path, "Söder")[1] == "Vad vi har använt går inte att räkna ut: underlaget anger inte alla belopp."


def test_what_it_depends_on_goes_the_way_that_the_year_goes(tmp_path):
    months = {"Löner": 1.08, "Lokaler": 0.9, "Mat": 0.95}
    rows = {name: {"budget": 12.0, "utfall": [kr] * 8} for name, kr in months.items()}
    write_tables(tmp_path / "data", rows)
    study = study_of(tmp_path)
    page, shown = sheet.whole_unit(study), shown_of(study)
    assert "kvar i år" in sheet.sentences(page, shown)[0]
    assert "Det beror mest på lokaler" in sheet.sentences(page, shown)[2]
    write_tables(tmp_path / "data", {**rows, "Löner": {"budget": 12.0, "utfall": [1.15] * 8}})
    page = sheet.whole_unit(study_of(tmp_path))
    assert not [text for text in sheet.sentences(page, shown) if "beror" in text]


def test_what_is_used_of_a_budget_of_nothing_is_no_share_of_it():
    nothing = sheet.Sheet("Norr", 1.0, 0.0, 2.0, 6, "", "", 0.0, "")
    assert sheet._used(nothing) == "Vi har använt 1\u00a0000\u00a0000 av årets 0\u00a0kr."


def test_the_figure_of_all_operations_names_the_same_as_the_words():
    """Boendestöd of exempel_stod, August 2024: 240 000 kr too much, the largest, though others may be further in %."""
    study = follow_up.study.study(open_case("verksamhetsblad", enhet="exempel_stod", ar=2024, tom_manad=8))
    title = follow_up.sheet_view.unit_figure(study).layout.title.text.replace(chr(160), " ")
    words = " ".join(shown_of(study).sammanfattning).replace(chr(160), " ")
    assert title == "Boendestöd går mest över i kronor: 240 000 kr (102 %)"
    assert "Störst överskridande på hela året: Boendestöd 240 000 kr" in words


@pytest.mark.parametrize("enhet", ["exempelenheten", "exempel_assistans"])
def test_a_range_of_one_tried_year_is_not_called_eight_of_ten(enhet):
    """The sample has 2022-2024: before 2024 only 2023 can be tried, with 2022 behind it.

    Eight of ten draws of a t distribution with one degree of freedom, Cauchy's, lie within tan(0,8 × 90°) = 3,08.
    """
    case = open_case("manadsprognos", enhet=enhet, ar=2024, tom_manad=8)
    study, result = answer(case)
    words = " ".join(result.sammanfattning)
    low, high, year = (result.nyckeltal[f"prognos_{name}mnkr"].varde for name in ("lag_", "hog_", ""))
    (error,) = follow_up.accuracy.of_total(study.errors, follow_up.accuracy.HISTORY, 8)
    assert (high - low) / 2 >= year * abs(error) / 100 * math.tan(0.4 * math.pi) * (1 - 1e-9)
    assert "spannet når minst tre gånger så långt, eftersom ett fel säger lite" in words
    assert "prövas en enda gång" in words and "fall av tio" not in words and "i snitt" not in words


def test_only_a_budget_is_called_the_decided_one_and_a_dial_without_measures_says_nothing_of_them():
    about = {"enhet": "exempelenheten", "ar": 2024}
    titles = {}
    for notebook, more in (("budgetscenarier", {}), ("manadsprognos", {"tom_manad": 8})):
        for scenario in ("bas", "atgarder_2024"):
            case = open_case(notebook, scenario=scenario, **about, **more)
            titles[notebook, scenario] = as_json(case, answer(case).result)["scenario_titel"]
    assert titles["budgetscenarier", "bas"] == "Budgeten som den är beslutad"
    assert titles["manadsprognos", "bas"] == "Utan scenario"
    assert titles["manadsprognos", "atgarder_2024"] == titles["budgetscenarier", "atgarder_2024"] != "Utan scenario"
    for scenario in ("bas", "atgarder_2024"):
        case = open_case("manadsprognos", scenario=scenario, tom_manad=8, **about)
        said = follow_up.explore.answer(follow_up.study.study(case), case.scenario).sentence
        assert ("När alla åtgärder har gjort sitt" in said) == (scenario != "bas")


def page(name: str, used: float, budget: float, year: float) -> sheet.Sheet:
    return sheet.Sheet(name, used, budget, year, 6, "", "", 0.0, "")


def test_what_is_used_is_in_per_cent_of_the_years_money_where_there_is_any():
    found = [follow_up.sheet_view._key_figures(page("Norr", 3.0, budget, 5.0)) for budget in (4.0, 0.0)]
    assert [one["anvant_procent"].varde for one in found] == [75.0, None]


def test_operations_are_drawn_beside_each_other_where_there_are_several(monkeypatch):
    pages = [page("Norr", 3.0, 4.0, 4.8), page("Söder", 1.0, 4.0, 3.0)]
    monkeypatch.setattr(sheet, "sheets", lambda study: pages)
    title = follow_up.sheet_view.unit_figure(None).layout.title.text.replace("\u00a0", " ")
    assert title == "Norr går mest över i kronor: 800 000 kr (120 %)"
    for few in (pages[:1], [page("Norr", 3.0, 0.0, 4.0), page("Söder", 3.0, 0.0, 4.0)]):
        monkeypatch.setattr(sheet, "sheets", lambda study, few=few: few)
        assert follow_up.sheet_view.unit_figure(None) == "Utfallet är inte uppdelat på verksamheter."


def test_the_picture_of_earlier_errors_is_told_from_the_first_month_that_could_be_tried():
    _, result = answer(open_case("manadsprognos", enhet="exempelenheten", ar=2024, tom_manad=4))
    alt = follow_up.figures.accuracy_figure(result).layout.meta["alt"]
    assert "saknas" not in alt and "i feb till" in alt and alt.endswith("i feb.")
