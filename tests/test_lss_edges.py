"""Edges of LSS money that are worked out by hand: rules that can't be right, borrowed lists, hours, few moves."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario
from scipy.special import betainc  # scipy.stats has what is made of it here, and takes a second to load
from test_lss_examples import ENHET, HEAD

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.case.grounds import Span
from planbok.inputs.rules.rules import DatedValue
from planbok.inputs.scenario.load import BAS
from planbok.lss.insats_groups import by_insats
from planbok.lss.measurement import days_by_rule, read_measurement
from planbok.lss.price_book import PriceBook, upratings
from planbok.lss.prices import index_warnings
from planbok.topics.lss_peng.coverage import bought_hours, unpaid_hours
from planbok.topics.lss_peng.decisions import faults, overlapping
from planbok.topics.lss_peng.grounds import grounds
from planbok.topics.lss_peng.moves import bridge, parts
from planbok.topics.lss_peng.others import effects
from planbok.topics.lss_peng.outlook import simulate
from planbok.topics.lss_peng.study import study

RULES = load_sources(Folders((PARAMS,), PARAMS)).rules
HOME = "gruppbostad,3,kommunal,,2020-01-01,,,,"


def case_of(folder, rows: list[str], changes: list[dict] = (), ar: int = 2024, **more) -> Case:
    """A case of some rows: insats to tidsslag."""
    data, params = folder / "data", folder / "params"
    data.mkdir(exist_ok=True)
    params.mkdir(exist_ok=True)
    lines = [f"b{number:03d},someone{number:04d},{ENHET},{row}" for number, row in enumerate(rows, start=1)]
    (data / "beslut.csv").write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    if changes:
        write_scenario(params, "prov", changes)
    sources = load_sources(Folders((params, PARAMS), data))
    return open_case("lss_peng", enhet=ENHET, ar=ar, sources=sources, scenario="prov" if changes else "bas", **more)


def ruled(case: Case, key: str, varde, **when) -> Case:
    value = replace(case.sources.rules.series[key][0], varde=varde, **when)
    return replace(case, sources=replace(case.sources, rules=case.sources.rules.with_value(value)))


@pytest.mark.parametrize(
    ("key", "varde", "said"),
    [
        ("lss_peng.matregel", "halvår", "lss_peng.matregel är 'halvår', som inte finns. Menade du 'halvar'?"),
        (
            "lss_peng.matvikter",
            {"matning_1": 0.5, "matning_2": 0.4},
            "lss_peng.matvikter ska summera till 1, men blir 0.9.",
        ),
    ],
)
def test_a_measurement_rule_that_cannot_be_is_said_of_the_rules_as_a_whole(tmp_path, key, varde, said):
    case = case_of(tmp_path, [HOME])
    with pytest.raises(InputError) as stopped:
        read_measurement(ruled(case, key, varde), BAS)
    assert [str(fault) for fault in stopped.value.faults] == [said]
    thirds = ruled(case, "lss_peng.matvikter", {"matning_1": 1 / 3, "matning_2": 2 / 3})
    assert read_measurement(thirds, BAS).vikter == (1 / 3, 2 / 3)


def test_the_measurement_days_of_a_year_are_those_in_force_on_its_first_day():
    """The 30th of January is measured by a rule that ends on the year's first day."""
    published = RULES.series["lss_peng.matdatum"][0]
    own = {"matning_1": "01-30", "matning_2": "02-28"}
    rules = RULES.with_value(replace(published, varde=own, fran=date(2023, 12, 31), till=date(2024, 1, 1)))
    assert days_by_rule(rules, 2024) == (date(2024, 1, 30), date(2024, 2, 28))
    assert days_by_rule(rules, 2023) == (date(2023, 3, 31), date(2023, 8, 27))
    none = replace(RULES, series=RULES.series | {published.regel: [replace(published, fran=date(2025, 1, 1))]})
    with pytest.raises(InputError) as stopped:
        days_by_rule(none, 2024)
    assert str(stopped.value).startswith(
        "FEL I REGLERNA (1 st): params/regler/lss_peng.yaml\n  regel lss_peng.matdatum har inget värde 2024; närmast"
    )
    assert len(stopped.value.faults) == 1 and str(stopped.value).count("FEL I") == 1


def test_a_borrowed_list_gives_the_prices_of_its_first_day():
    """A scenario's price of a later day of the borrowed year is no part of the list; one of the day itself counts."""
    key, cell = "lss_peng.ersattning.gruppbostad.kommunal.3", ("gruppbostad", "3", "kommunal")
    listed = RULES.value(key, date(2024, 1, 1)).varde

    def price(day: date, fran: date, till: date) -> float:
        borrowed = replace(RULES.series["lss_peng.prislista_ar"][0], varde=2024, fran=date(2025, 1, 1))
        own = DatedValue(key, "", "", 5.0, "antagande", "", fran, till, forandring=1)
        return PriceBook(RULES.with_value(borrowed).with_value(own)).day_price("ersattning", cell, day)

    day = date(2025, 3, 10)
    assert price(day, date(2024, 1, 2), date(2024, 12, 31)) == listed
    assert price(day, date(2024, 1, 1), date(2024, 1, 1)) == 5
    assert price(day, day, day) == 5
    assert price(date(2024, 3, 10), date(2025, 1, 1), date(2025, 12, 31)) == listed
    own_only = replace(RULES, series={key: RULES.series[key]})  # no rule says which list
    assert PriceBook(own_only).day_price("ersattning", cell, date(2024, 1, 1)) == listed


def test_what_the_board_is_given_is_borrowed_only_where_providers_have_a_price_and_it_has_none():
    """A group home has a price for providers; a made-up level one of the board's own, or none at all."""
    day, paid = date(2024, 1, 1), ("gruppbostad", "3", "kommunal")
    both, own, none = ("gruppbostad", "4", "kommunal"), ("gruppbostad", "9", "kommunal"), ("stod", "9", "kommunal")
    rules = RULES
    for level in ("4", "9"):
        key = f"lss_peng.tilldelning.gruppbostad.kommunal.{level}"
        rules = rules.with_value(DatedValue(key, "", "", 7.0, "antagande", "", forandring=1))
    assert [PriceBook(rules).borrows(cell, day) for cell in (paid, both, own, none)] == [True, False, False, False]
    assert [PriceBook(rules).day_price("tilldelning", cell, day) for cell in (both, own)] == [7, 7]


def test_upratings_of_the_price_list_are_the_units_own(tmp_path):
    raised = {"typ": "upprakning", "procent": 2.0, "fran": "2024-02-01"}
    row = {"budgetrad": "Vårdkostnader", "sida": "kostnad"}
    changes = [raised | {"prislista": "lss_peng"} | more for more in ({}, {"enhet": ENHET})]
    case = case_of(tmp_path, [HOME], [*changes, raised | row, {"typ": "volym", "insats": "gruppbostad", "antal": 1,
                                                               "niva": "3", "fran": "2024-02-01"}])  # fmt: skip
    for enhet, mine in ((ENHET, [1, 2]), ("annan", [1])):
        assert [numbered.nr for numbered in upratings(replace(case, enhet=enhet), case.scenario)] == mine


def test_who_is_counted_and_on_which_days_is_by_the_rules_of_the_years_first_day(tmp_path):
    """Service homes need no decision by a rule of that day alone, and another measures on the 30th of January."""
    case = case_of(tmp_path, [HOME, "servicebostad,2,kommunal,,2020-01-01,,,,"])
    day = {"fran": date(2024, 1, 1), "till": date(2024, 1, 1)}
    case = ruled(case, "insatser.utan_beslut", ["servicebostad"], **day)
    case = ruled(case, "lss_peng.matdatum", {"matning_1": "01-30", "matning_2": "12-30"}, **day)
    found = by_insats(case).antal
    assert list(found) == ["gruppbostad"] and found.index[0] == date(2023, 1, 30) and len(found) == 24 + 4
    assert {date(2023, 12, 30), date(2024, 1, 30), date(2024, 12, 30), date(2024, 12, 31)} <= set(found.index)


@pytest.mark.parametrize(("ended", "first"), [
    ("2020-01-01", "2020-01-31"), ("2019-12-31", "2020-01-31"), ("2022-03-31", "2022-03-31"),
    ("2022-04-01", "2022-04-30"), ("2023-01-31", "2023-01-31"), ("2023-02-01", "2023-01-31"), ("", "2023-01-31"),
])  # fmt: skip
def test_persons_are_counted_since_the_first_decision_that_ended(tmp_path, ended, first):
    """At most four years back, and at least from January a year ago."""
    rows = [HOME, f"gruppbostad,3,kommunal,,2015-01-01,{ended},,,"]
    assert f"{by_insats(case_of(tmp_path, rows)).antal.index[0]}" == first


def test_prices_are_held_against_the_index_of_the_years_first_day():
    """Ten per cent were stated, on that day alone: no price of 2024 rose so much."""
    index = replace(RULES.series["upprakning.lss_ersattning_procent"][0], varde=10.0)
    rules = RULES.with_value(replace(index, fran=date(2024, 1, 1), till=date(2024, 1, 1)))
    (warning,) = index_warnings(rules, rules.prices, 2024)
    assert len(warning.rows) == 75
    assert not index_warnings(RULES, RULES.prices, 2024)[0].text


ESCORT = "ledsagning_avlosning,,enskild,,"


def test_hours_that_are_bought_some_day_of_the_year_and_those_that_no_payment_has(tmp_path):
    """The first four have a day in 2024 and are bought; two of them say no hours, and one has hours without a price."""
    rows = [
        f"{ESCORT}2023-05-01,2024-01-01,,10,dagtid",
        f"{ESCORT}2024-12-31,,,,dagtid",
        f"{ESCORT}2020-01-01,,,,",
        "korttidstillsyn,,enskild,,2024-02-01,,,8,",
        f"{ESCORT}2020-01-01,2023-12-31,,,dagtid",
        f"{ESCORT}2025-01-01,,,,dagtid",
        "ledsagning_avlosning,,kommunal,,2024-01-01,,,,dagtid",
        HOME,
        "gruppbostad,3,privat,,2024-01-01,,,,",
    ]
    done = study(case_of(tmp_path, rows))
    assert bought_hours(done)["beslut"].tolist() == ["b001", "b002", "b003", "b004"]
    assert unpaid_hours(done) == ["ledsagning och avlösning: beslut utan timmar", "korttidstillsyn: timmar utan pris"]
    with_price = study(case_of(tmp_path, [rows[0], rows[-3], HOME]))
    assert unpaid_hours(with_price) == []


def test_own_hours_without_a_price_are_no_payment_that_is_missing(tmp_path):
    done = study(case_of(tmp_path, ["korttidstillsyn,,kommunal,,2024-02-01,,,8,", HOME]))
    assert (unpaid_hours(done), bought_hours(done).empty) == ([], True)


@pytest.mark.parametrize(("moves", "ahead"), [(1, 10), (1, 40), (3, 10)])
def test_few_moves_say_as_little_as_they_can(moves, ahead):
    """So many moves of 100 kr in ten days, a Jeffreys prior: the number in days to come is negative binomial."""
    at_most = betainc(moves + 0.5, np.arange(1, 1000), 10 / (10 + ahead))  # the chance of at most 0, 1, 2 … moves
    found = simulate(7.0, {"in": np.full(moves, 100.0)}, 10, ahead)
    assert [found.lag, found.median, found.hog] == [7 + 100 * np.argmax(at_most >= share) for share in (0.1, 0.5, 0.9)]


def test_the_mean_of_the_moves_is_itself_uncertain():
    """As many days as 400 moves of 0 or 200 kr took: the variance of number, of amounts, and of the mean of 400."""
    found = simulate(0.0, {"in": np.array([0.0, 200.0] * 200)}, 50, 50)
    variance = 100.0**2 * ((400 + 400) + 400 + 400**2 / 400)
    assert (found.hog - found.lag) / 2.563 == pytest.approx(np.sqrt(variance), rel=0.04)
    assert found.median == pytest.approx(100 * 400, rel=0.01)


def test_a_borrowed_list_is_named_and_the_years_own_is_not(tmp_path):
    borrowed = {"typ": "regel", "regel": "lss_peng.prislista_ar", "varde": 2024, "fran": "2025-01-01"}
    for changes, ar, named in (([], 2024, []), ([borrowed], 2025, [2024])):
        case = case_of(tmp_path, [HOME], changes, ar)
        study(case)
        found = [value.varde for (key, _), value in case.journal.rules.items() if key == "lss_peng.prislista_ar"]
        assert found == named


def test_only_a_change_that_moves_something_is_said_to_and_one_that_adds_persons_tells_of_nobody(tmp_path):
    place = {"insats": "gruppbostad", "regi": "kommunal", "fran": "2024-02-01"}
    changes = [
        {"typ": "upprakning", "prislista": "lss_peng", "insats": "servicebostad", "procent": 2.0, "fran": "2024-02-01"},
        {"typ": "volym", **place, "niva": "4", "antal": 1},
        {"typ": "nivabyte", **place, "fran_niva": "3", "till_niva": "4", "antal": 1},
        {"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": 9, "fran": "2024-01-01"},
    ]
    case = case_of(tmp_path, [HOME], changes)
    found = effects(case, case.scenario)
    assert found.moved == {"prov:2", "prov:3"} and found.priced.keys() == {"prov:3"}
    assert set(found.rows["forandring"]) == {"prov:2", "prov:3"}


def test_changes_of_a_year_without_a_list_are_taken_to_move_something_and_earlier_ones_are_not(tmp_path):
    change = {"typ": "volym", "insats": "gruppbostad", "niva": "4", "antal": 1}
    case = case_of(tmp_path, [HOME], [change | {"fran": "2031-12-31"}, change | {"fran": "2030-12-31"}], 2031)
    found = effects(case, case.scenario)
    assert found.moved == {"prov:1"} and found.rows.empty


def test_others_than_the_unit_see_the_list_of_hours_as_one(tmp_path):
    case = case_of(tmp_path, [HOME, f"{ESCORT}2020-01-01,,,10,dagtid"], spridning="ledning")
    assert study(case).world.paid_by_month().sum() > 0
    found = {key: value.varde for (key, _), value in case.journal.rules.items() if key.startswith("lss_timpriser")}
    lines = (PARAMS / "regler" / "lss_timpriser.csv").read_text("utf-8").splitlines()
    number = sum(line.startswith("2024,") for line in lines)
    assert number > 1 and found == {"lss_timpriser": f"prislista 2024, {number} priser"}


def test_an_overlap_names_the_decision_that_ends_last():
    """The third begins after the second has ended, and while the first runs."""
    days = [("2024-01-01", "2024-12-31"), ("2024-02-01", "2024-02-10"), ("2024-02-11", None), ("2025-01-01", None)]
    rows = pd.DataFrame(days, columns=["fran", "till"]).apply(pd.to_datetime)
    rows = rows.assign(person=["a", "a", "a", "b"], insats="gruppbostad", _rad=[2, 3, 4, 5])
    found = overlapping(rows)
    assert found[["_rad", "other"]].to_numpy().tolist() == [[3, 2], [4, 2]]
    assert overlapping(rows[:0]).empty


def test_decisions_of_the_whole_year_are_behind_the_figures(tmp_path):
    where = grounds(study(case_of(tmp_path, [HOME])))["*"].rows[0].where
    assert where == {"fran": Span(last=date(2024, 12, 31)), "till": Span(first=date(2024, 1, 1))}


def test_only_persons_with_a_price_are_counted_among_what_has_changed(tmp_path):
    """One comes to a group home and one to korttidsvistelse, which has no published price, between the measurements."""
    night = "korttidsvistelse,,kommunal,,2024-05-01,,,,"
    done = study(case_of(tmp_path, [HOME, "gruppbostad,3,kommunal,,2024-05-01,,,,", night]))
    measured = [parts(done.world, state) for state in ("efter_matning_1", "slutlig")]
    steps = bridge(*measured, ("före", "efter")).set_index("typ")
    assert steps.loc[["in", "ut", "niva", "regi", "pris"], "personer"].tolist() == [1, 0, 0, 0, 0]
    assert steps.loc["slut", "kr"] == 2 * steps.loc["start", "kr"] == pytest.approx(2 * 366 * 2737)


def test_an_unknown_management_is_a_fault_and_an_empty_one_is_the_readers():
    row = {
        "insats": "bostad",
        "niva": "",
        "fran": pd.Timestamp("2024-01-01"),
        "till": pd.NaT,
        "pris_kr_per_dygn": np.nan,
    }
    regi = ["kommunal", "privat", "", "komunal"]
    rows = pd.DataFrame([row | {"regi": its, "person": f"p{n}", "_rad": n} for n, its in enumerate(regi, start=2)])
    assert [str(fault) for fault in faults(rows, {}, "beslut.csv")] == [
        "fil rad 5, kolumn regi: regi 'komunal' finns inte. Menade du 'kommunal'?"
    ]
