"""Dated rules: the value of a day, what is said where there is none, scenarios over rules, and folders over folders."""

from datetime import date, timedelta

import pytest
from conftest import write_scenario
from hypothesis import given
from hypothesis import strategies as st

from planbok.base.errors import InputError, MissingValueError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.inputs.rules.rules import DatedValue, load_rules

RULE = """{key}:
  titel: Prov
  mattenhet: procent
  varden:
"""
VALUE = "    - {{fran: {fran}, till: {till}, varde: {varde}, underlag: beslutad, kalla: Prov}}\n"


def rule(key: str, *values: tuple) -> str:
    return RULE.format(key=key) + "".join(VALUE.format(fran=f, till=t, varde=v) for f, t, v in values)


def write_rules(params, name: str, text: str):
    (params / "regler").mkdir(parents=True, exist_ok=True)
    (params / "regler" / name).write_text(text, "utf-8")
    return params


PO = rule("po_palagg", ("2022-01-01", "2022-12-31", 39.0), ("2023-01-01", "2023-12-31", 40.0), ("2026-01-01", "", 42.0))


@pytest.fixture
def rules(tmp_path):
    return load_rules(Folders((write_rules(tmp_path, "po.yaml", PO),)))


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-01-01", 39.0), ("2022-12-31", 39.0), ("2023-01-01", 40.0), ("2023-12-31", 40.0), ("2040-06-01", 42.0)],
)
def test_both_ends_of_a_period_are_inside_and_an_empty_end_is_still_running(rules, day, expected):
    assert rules.value("po_palagg", date.fromisoformat(day)).varde == expected


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2024-01-01", "regel po_palagg har inget värde 2024; närmast 2023"),
        ("2024-12-31", "regel po_palagg har inget värde 2024; närmast 2023"),
        ("2025-12-31", "regel po_palagg har inget värde 2025; närmast 2026"),
        ("2019-06-01", "regel po_palagg har inget värde 2019; närmast 2022"),
    ],
)
def test_a_missing_value_says_which_year_is_nearest(rules, day, text):
    with pytest.raises(MissingValueError) as stopped:
        rules.value("po_palagg", date.fromisoformat(day))
    assert stopped.value.reason == text


def test_within_a_year_that_has_a_value_the_days_are_said(tmp_path):
    text = rule("po_palagg", ("2024-03-01", "2024-06-30", 40.0))
    rules = load_rules(Folders((write_rules(tmp_path, "po.yaml", text),)))
    with pytest.raises(MissingValueError) as stopped:
        rules.value("po_palagg", date(2024, 8, 1))
    assert stopped.value.reason == "regel po_palagg har inget värde 2024-08-01; närmast 2024-06-30"
    assert "Lägg till ett värde för 2024 under po_palagg i params/regler/po.yaml." in str(stopped.value)


def test_people_are_told_a_rules_title_and_not_its_id(rules):
    text = "Andelen följer regel po_palagg. Regel po_palagg och kbh.andel avgör; filen po_palagg.yaml har dem."
    assert rules.in_words(text) == "Andelen följer Prov. Prov och kbh.andel avgör; filen po_palagg.yaml har dem."


def test_people_are_told_which_rule_lacks_a_value_and_once_what_to_do(rules):
    missing = "regel po_palagg har inget värde 2024; närmast 2023"
    told = "regeln ”Prov” saknar värde för 2024, närmast finns 2023"
    remedy = ": controllern kan lägga till det i reglerna, eller anta ett i scenariot"
    assert rules.in_words(f"Uppskattat ({missing}).") == f"Uppskattat ({told}{remedy})."
    assert rules.in_words(f"{missing}; {missing}") == f"{told}; {told}{remedy}"
    assert rules.in_words("regel an.nan har inget värde 2024; närmast 2023") == (
        "regel an.nan har inget värde 2024; närmast 2023"
    )


def test_a_scenarios_value_holds_from_its_day_to_its_end_and_the_published_ones_around_it(rules):
    over = DatedValue(
        "po_palagg", "", "procent", 45.0, "antagande", "", date(2023, 7, 1), date(2024, 6, 30), forandring=1
    )
    changed = rules.with_value(over)
    days = ["2023-06-30", "2023-07-01", "2023-12-31", "2024-06-30", "2026-01-01"]
    assert [changed.value("po_palagg", date.fromisoformat(d)).varde for d in days] == [40.0, 45.0, 45.0, 45.0, 42.0]
    with pytest.raises(MissingValueError):
        changed.value("po_palagg", date(2024, 7, 1))
    assert rules.value("po_palagg", date(2023, 7, 1)).varde == 40.0


def test_a_later_change_of_the_same_rule_wins(rules):
    for value in (45.0, 46.0):
        rules = rules.with_value(DatedValue("po_palagg", "", "", value, "antagande", "", date(2023, 1, 1)))
    assert rules.value("po_palagg", date(2023, 1, 1)).varde == 46.0


def test_a_case_reads_the_rule_as_its_scenario_has_it_and_notes_it(tmp_path):
    (tmp_path / "scenarier").mkdir()
    change = (
        "{typ: regel, regel: kbh.stockholm.andel, varde: 0.8, fran: 2024-07-01, underlag: antagande, motivering: Om}"
    )
    text = f"titel: Prov\nfraga: Vad?\nforandringar:\n  - {change}\n"
    (tmp_path / "scenarier" / "lagre.yaml").write_text(text, "utf-8")
    sources = load_sources(Folders((tmp_path, PARAMS)))
    case = open_case("budgetscenarier", enhet="ostermalm", ar=2024, scenario="lagre", sources=sources)
    assert case.rule("kbh.stockholm.andel", date(2024, 6, 30)).varde == 0.9
    read = case.rule("kbh.stockholm.andel", date(2024, 7, 1))
    assert (read.varde, read.underlag, read.forandring, read.kalla) == (
        0.8,
        "antagande",
        1,
        "Scenariot lagre, förändring 1",
    )
    assert case.rule("kbh.stockholm.andel", date(2024, 7, 1), case.jamfor_med).varde == 0.9
    assert {day for _, day in case.journal.rules} == {date(2024, 6, 30), date(2024, 7, 1)}


def test_a_case_reads_a_rule_as_it_is_on_the_years_first_day(tmp_path):
    change = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-01-02", "motivering": "Om"}
    write_scenario(tmp_path, "lagre", [change | {"underlag": "antagande"}])
    sources = load_sources(Folders((tmp_path, PARAMS)))
    case = open_case("budgetscenarier", enhet="ostermalm", ar=2024, scenario="lagre", sources=sources)
    assert (case.rule("kbh.stockholm.andel").varde, case.rule_or_none("kbh.stockholm.andel")) == (0.9, 0.9)
    assert case.rule("kbh.stockholm.andel", date(2024, 1, 2)).varde == 0.8


def test_a_file_of_the_same_name_replaces_the_projects_and_others_are_joined(tmp_path):
    write_rules(tmp_path, "kbh.yaml", rule("kbh.stockholm.andel", ("2024-01-01", "2024-12-31", 0.5)))
    write_rules(tmp_path, "egen.yaml", rule("egen_regel", ("2024-01-01", "2024-12-31", 1)))
    series = load_rules(Folders((tmp_path, PARAMS))).series
    project = load_rules(Folders((PARAMS,))).series
    assert [value.varde for value in series["kbh.stockholm.andel"]] == [0.5]
    replaced = {key for key in project if key.startswith("kbh.")} - {"kbh.stockholm.andel"}
    assert replaced
    assert set(project) - replaced | {"egen_regel"} == set(series)


def test_each_price_is_a_rule_of_its_year(tmp_path):
    head = "ar,avser,insats,regi,niva,kr_per_dygn,underlag,kalla\n"
    write_rules(tmp_path, "lss_peng_2031.csv", head + "2031,ersattning,gruppbostad,kommunal,4,4000,beslutad,Prov\n")
    rules = load_rules(Folders((tmp_path, PARAMS)))
    price = rules.value("lss_peng.ersattning.gruppbostad.kommunal.4", date(2031, 12, 31))
    assert (price.varde, price.mattenhet, price.underlag, price.kalla) == (4000.0, "kr/dygn", "beslutad", "Prov")
    with pytest.raises(MissingValueError, match="närmast 2031"):
        rules.value("lss_peng.ersattning.gruppbostad.kommunal.4", date(2032, 1, 1))


@given(gaps=st.lists(st.integers(1, 500), min_size=2, max_size=6), order=st.randoms(use_true_random=False))
def test_the_order_in_the_file_changes_no_value(tmp_path_factory, gaps, order):
    day, values = date(2000, 1, 1), []
    for i, gap in enumerate(gaps):
        last = day + timedelta(days=gap)
        values.append((day, last, i))
        day = last + timedelta(days=1 + gap % 3)
    shuffled = list(values)
    order.shuffle(shuffled)
    folder = write_rules(tmp_path_factory.mktemp("r"), "r.yaml", rule("r", *shuffled))
    rules = load_rules(Folders((folder,)))
    for first, last, i in values:
        assert rules.value("r", first).varde == rules.value("r", last).varde == i


def test_the_same_rules_are_read_once_and_a_link_to_nothing_is_still_refused(tmp_path):
    rules = write_rules(tmp_path / "regler_i", "po.yaml", PO)
    first, second = (Folders((tmp_path / name, rules), tmp_path / name) for name in ("a", "b"))
    assert load_rules(first) is load_rules(second)
    (tmp_path / "b" / "regler").mkdir(parents=True)
    (tmp_path / "b" / "regler" / "borta.yaml").symlink_to(tmp_path / "finns_inte.yaml")
    with pytest.raises(InputError) as refused:
        load_rules(second)
    assert [fault.code for fault in refused.value.faults] == ["unreadable"]
    assert load_rules(first).series["po_palagg"]
