"""The follow-up's small parts on a made unit of three budget rows, each figure worked out by hand."""

from datetime import date
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planbok.analysis.earlier import Earlier
from planbok.case.topic import Driven, no_effects
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.act import cuts_of, simulate
from planbok.ledger.budget_rows import KEY, leaves
from planbok.ledger.month_profile import even_year
from planbok.topics import follow_up
from planbok.topics.follow_up import accuracy, bridges, measures, sheet, sliders, table_check, to_come
from planbok.topics.follow_up.books import _homes, outturn_faults, read_books
from planbok.topics.follow_up.choices import LATE_RULE
from planbok.topics.follow_up.driven import expected_then, laid_out
from planbok.topics.follow_up.efficiency import efficiency_table, places_table, working
from planbok.topics.follow_up.explain import Last, _of_row, closed_months, inside_table, last_prognosis, ways
from planbok.topics.follow_up.model import Choices, Prognosis, moves_of, prognosis
from planbok.topics.follow_up.study import uncertain_ends

AR, UNIT = 2024, "norr"
BUDGET = [("Hyror", "", 12.0, 1.2), ("Mat", "", 2.4, 0.0), ("Buss", "Linje", 0.6, 0.0)]  # mnkr
BOOKED = {("Hyror", ""): (1.0, 1.0, 1.2, 1.2), ("Mat", "Norr"): (0.2,) * 4, ("Buss", "Linje"): (0.05,) * 4}
INCOME = {"Hyror": 0.1}


def change(nr: int, typ: str, **more) -> NumberedChange:
    given = {"typ": typ, "budgetrad": "Hyror", "sida": "kostnad", "underlag": "antagande", "motivering": "Prov"}
    form = CHANGE_TYPES[typ].model_validate(given | more)
    return NumberedChange(nr, "prov", form, "prov.yaml", nr, nr)


CHANGES = (
    change(1, "belopp", kr_per_manad=10_000, fran=date(AR, 1, 1)),
    change(2, "belopp", kr_per_manad=5_000, fran=date(AR, 7, 1), sida="intakt"),
    change(3, "belopp", kr_per_manad=1_000, fran=date(AR, 4, 1), sida="ram"),
    change(4, "bedomning", kr=110_000, fran=date(AR, 2, 1), datum=date(AR, 2, 1)),
    change(5, "atgard", namn="A", kr_per_manad=-3_000, fran=date(AR, 6, 1), status="beslutad"),
    change(6, "atgard", namn="B", kr_per_manad=-1_000, fran=date(AR, 2, 1), status="planerad"),
    change(7, "belopp", kr_per_manad=1_000, fran=date(AR, 1, 1), till=date(AR, 3, 31)),
)
SCENARIO = Scenario("prov", "Prov", changes=CHANGES)


@cache
def made(scenario: Scenario = SCENARIO) -> Prognosis:
    """The unit after April, every row by its pace so far: three times what is booked."""
    rows = pd.DataFrame(BUDGET, columns=["budgetrad", "verksamhet", "kostnad_mnkr", "intakt_mnkr"])
    rows = rows.assign(kostnadsslag="", finansiering="")
    booked = [
        (f"{AR}-{month:02d}", *key, "", kr * 1e6, INCOME.get(key[0], 0.0) * 1e6)
        for key, its in BOOKED.items()
        for month, kr in enumerate(its, start=1)
    ]
    outturn = pd.DataFrame(booked, columns=["manad", *KEY, "kostnad_kr", "intakt_kr"])
    books = read_books(UNIT, outturn, rows, leaves(rows), even_year, AR, 4, {})
    outcome = simulate(books.plan.over(AR, cuts_of([scenario])), scenario, no_effects, date(AR, 5, 1))
    number = len(books.leaves)
    chosen = Choices(np.full(number, "rak", object), np.full(number, "regeln"), np.zeros(number, int))
    return prognosis(books, chosen, moves_of(outcome, books), not_asked)


def not_asked(ar: int, tom: int) -> Driven:
    raise AssertionError("nothing of the unit is looked ahead for by what drives it")


def study_of(**more) -> SimpleNamespace:
    case = SimpleNamespace(ar=AR, enhet=UNIT, scenario=SCENARIO)
    return SimpleNamespace(**{"prognosis": made(), "tom": 4, "case": case, "shares": "jämna tolftedelar"} | more)


def test_what_each_change_does_and_what_the_pace_has_seen_of_it():
    """Year, twelve months as in December, in the books, in the pace (three times that), and still to come."""
    found = made().parts.set_index("nr")
    columns = ["ar", "helar", "hittills", "sedd", "kvar"]
    assert found[columns].round(2).to_numpy().tolist() == [
        [120_000, 120_000, 40_000, 120_000, 0],
        [-30_000, -60_000, 0, 0, -30_000],
        [9_000, 12_000, 0, 0, 0],
        [80_000, 0, 0, 0, 80_000],  # 10 000 a month, of which eight lie ahead
        [-21_000, -36_000, 0, 0, -21_000],
        [-8_000, -12_000, 0, 0, -8_000],
        [3_000, 0, 3_000, 9_000, -6_000],
    ]
    assert found["planerad"].tolist() == [False] * 5 + [True, False]
    assert found["side"].tolist() == [0, 1, 2, 0, 0, 0, 0]


def test_the_units_figures_and_those_of_each_leaf():
    found = made()
    amounts = found.amounts
    assert (amounts.budget, amounts.utfall) == (pytest.approx(13.8e6 + 9_000), pytest.approx(5.0e6))
    assert amounts.modell == pytest.approx(15.0e6)
    assert (amounts.forandringar, amounts.bedomning) == (pytest.approx(-36_000), pytest.approx(80_000))
    assert (amounts.atgarder, amounts.planerade) == (pytest.approx(-21_000), pytest.approx(-8_000))
    assert amounts.gap_efter == pytest.approx(15.044e6 - 21_000 - 13.809e6)
    frame = found.by_leaf.set_index(["budgetrad", "verksamhet"])
    assert frame.index.tolist() == [("Hyror", ""), ("Mat", ""), ("Mat", "Norr"), ("Buss", ""), ("Buss", "Linje")]
    assert frame["utfall"].tolist() == pytest.approx([4.0e6, 0, 0.8e6, 0, 0.2e6])
    assert frame["budget"].tolist() == pytest.approx([10.8e6, 2.4e6, np.nan, 0, 0.6e6], nan_ok=True)
    assert frame["prognos"].tolist() == pytest.approx([12.0e6 + 44_000, 0, 2.4e6, 0, 0.6e6])
    assert frame[["forandringar", "bedomning", "atgarder", "ram"]].iloc[0].round(2).tolist() == [
        -36_000, 80_000, -29_000, 9_000,
    ]  # fmt: skip
    assert not frame[["forandringar", "bedomning", "atgarder", "ram"]].iloc[1:].to_numpy().any()
    assert found.rows(frame["budget"].fillna(0.0).to_numpy()).to_dict() == pytest.approx(
        {"Hyror": 10.8e6, "Mat": 2.4e6, "Buss": 0.6e6}
    )


def test_what_changes_put_to_each_month_ahead():
    """The revenue from July, 5 000 a month; the judgement 10 000; what has ended evenly, 750 a month less."""
    found = made()
    assert found.changes_ahead[0].tolist() == pytest.approx([0] * 4 + [9_250] * 2 + [4_250] * 6)
    both = [9_250 - 1_000, 9_250 - 1_000 - 3_000] + [4_250 - 4_000] * 6
    assert found.spread(measures=True)[0].tolist() == pytest.approx([0] * 4 + both)
    assert not found.changes_ahead[1:].any()
    assert found.net(found.months)[0].tolist() == pytest.approx([0.9e6, 0.9e6, 1.1e6, 1.1e6] + [1.0e6] * 8)
    assert found.after(2).amounts.modell == pytest.approx(6 * 2.3e6)
    assert found.after(2) is found.after(2)
    assert np.isnan(found.after(2).books.actual[:, :, 2:]).all() and found.after(2).books.actual[0, 0, 1] == 1e6


def test_what_the_scenario_explains_by_row_and_cause():
    """A measure as far as the pace has seen it; what ended and what was judged in the months that it is of."""
    in_year = bridges.known_in_year(made()).groupby("orsak")["kr"].sum().round(2).to_dict()
    assert in_year == {"andra_forandringar": 93_000, "bedomning": 80_000, "atgarder": 0}
    ahead = bridges.known_ahead(made()).groupby("orsak")["kr"].sum().round(2).to_dict()
    assert ahead == {"andra_forandringar": -36_000, "bedomning": 80_000, "atgarder": 0}
    so_far = bridges.known_to_date(made()).groupby("orsak")["kr"].sum().round(2).to_dict()
    assert so_far == {"andra_forandringar": 43_000, "bedomning": 0, "atgarder": 0}
    more = bridges.more(bridges.known_to_date(made()), bridges.known_to_date(made()))
    assert more.groupby("orsak")["kr"].sum().eq(0).all()


def test_new_months_against_what_was_expected_of_them():
    """After February a month of Hyror was expected to be 0.9 and what had been put to it; Mat and Buss as they were."""
    before = made().after(2)
    found = bridges.new_months(made(), before, ("mars", "april")).set_index(["budgetrad", "manad"])["kr"]
    ahead = before.changes_ahead[0, 2:4]
    assert found["Hyror"].tolist() == pytest.approx([0.2e6 - kr for kr in ahead])
    assert found.drop("Hyror", level=0).abs().max() == pytest.approx(0, abs=1e-6)
    assert bridges.new_months(made(), made(), ()).empty


def test_what_a_measure_at_work_did_in_new_months_is_the_measures_own():
    """4 000 kr a month from March: two months in the books, evenly in the two new months; the pace saw none before."""
    at_work = change(1, "atgard", namn="A", kr_per_manad=-4_000, fran=date(AR, 3, 1), status="verkstalld")
    now = made(Scenario("prov", "Prov", changes=(at_work,)))
    before = now.after(2)
    found = bridges.new_months(now, before, ("mars", "april")).set_index(["budgetrad", "manad"])["kr"]
    assert before.changes_ahead.sum() == 0  # a measure that is still to come is shown beside the prognosis
    assert found["Hyror"].tolist() == pytest.approx([0.2e6 + 4_000] * 2)
    assert found["Mat"].tolist() == pytest.approx([0, 0], abs=1e-6)


def test_a_bridge_has_a_step_of_half_an_ore_and_none_of_less():
    start, slut = (pd.Series({"A": 0.0, "B": 0.0, "C": 1.0}), pd.Series({"A": 0.005, "B": 0.0049, "D": 2.0}))
    steps = bridges.bridge(("Från", start), ("Till", slut))
    assert steps["steg"].tolist() == ["Från", "A", "D", "C", "Till"] and not steps["forandring"].any()
    assert steps["kr"].tolist() == [1.0, 0.005, 2.0, -1.0, pytest.approx(2.0099)]
    known = pd.DataFrame([("A", "pris", "", 0.005), ("A", "volym", "", 0.0049)], columns=bridges.PARTS)
    found = bridges.inside(pd.Series({"A": 0.005, "B": 1.0}), known)
    assert found["orsak"].tolist() == ["pris", "ovrigt"]
    assert found["andel_procent"].tolist() == [100, 100]
    little = bridges.inside(pd.Series({"A": 0.0049}), known)
    assert little["kr"].tolist() == [0.005, pytest.approx(-0.005)] and little["andel_procent"].isna().all()


def test_the_dials_of_one_more_measure_of_those_decided_and_of_invoices():
    """Of 29 000 kr of measures A's 21 000 is decided; one more of 100 000 a month from August is five months of it."""
    rows = pd.DataFrame({"budgetrad": ["Mat"], "kr": [1_234_000.0]})
    to_come_ = SimpleNamespace(rows=rows, counted="", unknown=())
    one, month, decided, invoices = sliders.sliders(study_of(to_come=to_come_))
    assert [(d.minst, d.mest, d.steg, d.start) for d in (one, month, decided, invoices)] == [
        (0, 1_000_000, 10_000, 0), (6, 12, 1, 6), (0, 100, 5, 100), (0, 1_240_000, 10_000, 0),
    ]  # fmt: skip
    assert one.verkar_pa["kvar_att_atgarda_mnkr"] == {"atgard": [(0, 0), (1_000_000, -1)]}
    assert one.andring["budgetrad"] == "Hyror"
    assert one.ritar == {f"avvikelse.{m}": {"atgard": [(0, 0), (1_000_000, 1)]} for m in range(6, 13)}
    assert month.verkar_pa["atgarder_kvar_mnkr"] == {"atgard": [(m, 13 - m) for m in range(6, 13)]}
    left = {m: [(start, max(m + 1 - start, 0)) for start in range(6, 13)] for m in range(6, 13)}
    assert month.ritar == {f"avvikelse.{m}": {"atgard": left[m]} for m in range(6, 13)}
    assert decided.verkar_pa["atgarder_kvar_mnkr"] == {"blir_av_5": [(0, 0), (100, pytest.approx(-0.021))]}
    drawn = {name: terms["blir_av_5"][1] for name, terms in decided.ritar.items()}
    assert drawn.keys() == invoices.ritar.keys() == {f"avvikelse.{m}" for m in range(5, 13)}
    assert drawn["avvikelse.5"] == (100, 0) and drawn["avvikelse.6"] == (100, pytest.approx(0.003))
    assert drawn["avvikelse.12"] == (100, pytest.approx(0.021))
    assert {key: points["fakturor"] for key, points in invoices.verkar_pa.items()} == {
        "prognos_mnkr": [(0, 0), (1_240_000, 1.24)],
        "kvar_att_atgarda_mnkr": [(0, 0), (1_240_000, 1.24)],
        "avvikelse_mnkr": [(0, 0), (1_240_000, -1.24)],
    }
    assert invoices.ritar["avvikelse.5"]["fakturor"][1] == (1_240_000, pytest.approx(-1.24 / 8))
    floor = sliders.floors(study_of())["kvar_att_atgarda_mnkr"]
    assert floor.utan == pytest.approx(15.044 - 0.021 - 13.809)


@pytest.mark.parametrize(("tom", "dials"), [(9, True), (10, True), (11, False)])
def test_there_are_dials_while_something_can_still_begin(tom, dials):
    to_come_ = SimpleNamespace(rows=pd.DataFrame({"budgetrad": [], "kr": []}), counted="", unknown=())
    assert bool(sliders.sliders(study_of(tom=tom, to_come=to_come_))) == dials


@pytest.mark.parametrize(
    ("day", "month"), [((2023, 6), 5), ((2024, 4), 5), ((2024, 5), 5), ((2024, 9), 9), ((2025, 1), 12)]
)
def test_a_measure_brings_what_is_left_of_it_from_its_month_or_the_next(day, month):
    assert sliders._start(study_of(), date(*day, 15)) == month


def measure(**more) -> SimpleNamespace:
    given = {"typ": "atgard", "status": "beslutad", "fran": date(AR, 4, 30), "sannolikhet_andel": None}
    return SimpleNamespace(**given | {"sida": "kostnad", "kr_per_manad": -100.0} | more)


@pytest.mark.parametrize(
    ("change", "late"),
    [
        (measure(), True),
        (measure(fran=date(AR, 5, 1)), False),
        (measure(fran=date(AR - 1, 12, 1)), True),
        (measure(fran=date(AR + 1, 1, 1)), False),
        (measure(status="verkstalld"), False),
        (measure(typ="belopp", status="planerad"), False),
    ],
)
def test_a_measure_is_late_when_its_month_is_booked_and_it_is_not_at_work(change, late):
    assert measures.is_late(study_of(), change) == late


@pytest.mark.parametrize(
    ("change", "tom", "words"),
    [
        (measure(fran=date(AR, 5, 1)), 4, "beslutad, från 1 maj 2024"),
        (measure(fran=date(AR, 5, 1), sannolikhet_andel=0.9), 4, "beslutad, från 1 maj 2024, 90 % sannolik"),
        (measure(status="planerad"), 4, "planerad, skulle ha börjat 30 april 2024: räknas från maj"),
        (
            measure(sannolikhet_andel=0.5),
            11,
            "beslutad, skulle ha börjat 30 april 2024: räknas från december, 50 % san",
        ),
        (measure(), 12, "beslutad, skulle ha börjat 30 april 2024: blev inte av i år"),
        (measure(status="verkstalld"), 12, "verkställd, från 30 april 2024"),
    ],
)
def test_how_a_measure_stands_in_words(change, tom, words):
    assert measures._state(study_of(tom=tom), change).replace("\u00a0", " ").startswith(words)


def test_what_a_measure_lowers_the_net_cost_by_in_a_month():
    assert measures._monthly(measure()) == 100
    assert measures._monthly(measure(sida="intakt", kr_per_manad=400.0, sannolikhet_andel=0.25)) == 100
    assert measures._monthly(measure(sida="intakt")) == -100
    assert measures._monthly(measure(sida="ram")) == 0


def test_measures_in_their_order_and_their_sums():
    frame = measures.measures_table(study_of()).frame
    names = [getattr(name, "whole", name) for name in frame["namn"]]
    assert names == ["A", "B", measures.DECIDED, measures.ONLY_PLANNED]
    columns = ["hittills_mnkr", "sedd_mnkr", "kvar_mnkr", "ar_mnkr", "helar_mnkr", "kvar_lag_mnkr", "kvar_hog_mnkr"]
    both = [[0, 0, -0.021, -0.021, -0.036, -0.021, -0.021], [0, 0, -0.008, -0.008, -0.012, -0.008, -0.008]]
    assert frame[columns].round(6).to_numpy().tolist() == both * 2
    assert frame["sen"].tolist() == ["", "sen", "", ""]
    assert measures.measures_table(study_of(prognosis=made(Scenario("b", "B", changes=CHANGES[:4])))) is None


def test_other_changes_by_frame_and_net():
    frame = measures.changes_table(study_of()).frame
    assert frame["galler"].tolist() == ["Nettokostnad", "Nettokostnad", "Ram", "Nettokostnad", ""]
    assert frame[["ar_kr", "helar_kr", "kvar_kr"]].round(2).to_numpy().tolist() == [
        [120_000, 120_000, 0], [-30_000, -60_000, -30_000], [9_000, 12_000, 0], [3_000, 0, -6_000],
        [93_000, 60_000, -36_000],
    ]  # fmt: skip
    assert measures.judgements_table(study_of()).frame["kr"].tolist() == [pytest.approx(80_000)]


def test_what_one_more_measure_must_bring_by_when_it_begins():
    """1.214 mnkr over seven months to one; of Hyror 1.0 mnkr a month and what the changes put to it."""
    frame = measures.balance_table(study_of()).frame.set_index("manad")
    gap = 15.044e6 - 21_000 - 13.809e6
    assert frame.index.tolist() == ["juni", "juli", "augusti", "september", "oktober", "november", "december"]
    assert frame["kr_per_manad"].tolist() == pytest.approx([gap / months for months in range(7, 0, -1)])
    assert frame["drojsmal_kr"].tolist() == pytest.approx([gap / months - gap / 7 for months in range(7, 0, -1)])
    assert frame.loc["december", "procent"] == pytest.approx(100 * gap / 1_004_250)
    assert frame.loc["november", "procent"] == pytest.approx(100 * gap / 2_008_500)
    assert measures.balance_table(study_of(tom=10)).frame["manad"].tolist() == ["december"]
    assert measures.balance_table(study_of(tom=11)) is None


@pytest.mark.parametrize(("ahead", "percent"), [(0.0, None), (0.5, 20_000.0)])
def test_of_a_row_that_costs_nothing_more_no_share_is_told(monkeypatch, ahead, percent):
    monkeypatch.setattr(measures, "largest_row", lambda study: ("Hyror", np.full(12, ahead)))
    study = study_of(tom=10, prognosis=SimpleNamespace(amounts=SimpleNamespace(gap_efter=100.0)))
    (found,) = measures.balance_table(study).frame["procent"]
    assert np.isnan(found) if percent is None else found == percent


def test_an_uncertain_measure_may_bring_nothing_and_a_sure_one_its_ends():
    ends = {"kr_per_manad_lag": -4_000, "kr_per_manad_hog": -2_000}
    of_each = [
        {"kr_per_manad": -3_000, **ends},
        {"kr_per_manad": -1_000, "sannolikhet_andel": 0.9},
        {"kr_per_manad": -1_000, "sannolikhet_andel": 0.5},
        {"kr_per_manad": -1_000, "status": "planerad"},
    ]
    july = {"namn": "A", "fran": date(AR, 7, 1), "status": "beslutad"}
    listed = [change(nr, "atgard", **july | its) for nr, its in enumerate(of_each, start=1)]
    scenario = Scenario("prov", "Prov", changes=tuple(listed))
    found, case = made(scenario), SimpleNamespace(scenario=scenario)
    moved = [[kr - found.amounts.prognos for kr in pair] for pair in uncertain_ends(case, found, None, None)]
    assert np.round(moved, 2).tolist() == [[-12_000, -24_000], [-6_000, -6_000], [0, -6_000], [0, 0]]


def test_the_last_prognosis_is_the_nearest_that_says_every_row():
    """Said after February of all rows, after March of one and without a sum: February's counts, in kronor."""
    whole = [{"budgetrad": row, "prognos_mnkr": kr} for row, kr in (("Hyror", 11.0), ("Mat", 2.0), ("Buss", 0.5))]
    asked = {"ar": AR, "scenario": "prov"}
    said = [
        Earlier("a", {**asked, "tom_manad": 1}, {"prognos_mnkr": {"varde": 1.0}}, {"prognos": whole}),
        Earlier("b", {**asked, "tom_manad": 2}, {"prognos_mnkr": {"varde": 13.5}}, {"prognos": whole}),
        Earlier("c", {**asked, "tom_manad": 3}, {}, {"prognos": whole}),
    ]
    found = last_prognosis(study_of(reports=said))
    assert (found.tom, found.reported, found.kr.to_dict()) == (2, True, {"Hyror": 11e6, "Mat": 2e6, "Buss": 0.5e6})
    assert last_prognosis(study_of(reports=said, tom=2)).tom == 1
    assert last_prognosis(study_of(reports=said, tom=1)) is None
    computed = last_prognosis(study_of(reports=[]))
    before = made().after(3)
    expected = before.amounts.modell + before.amounts.forandringar + before.amounts.bedomning
    assert (computed.tom, computed.reported, computed.closed_kr) == (3, False, None)
    assert computed.kr.sum() == pytest.approx(expected)


def test_closed_months_that_have_changed_by_an_ore_or_more(monkeypatch):
    explain = follow_up.explain
    now = pd.DataFrame({"budgetrad": ["A", "B", "Totalt"], "2024-01": [0.01, 0.009, 9.0], "2024-02": [5.0, 7.0, 12.0]})
    then = now.assign(**{"2024-01": [0.0, 0.0, 0.0], "2024-02": [5.0, 4.0, 9.0]})
    monkeypatch.setattr(explain, "last_prognosis", lambda study: Last(2, None, True, None))
    report = SimpleNamespace(tabeller={"utfall_per_rad": then.to_dict("records")})
    monkeypatch.setattr(explain, "said_before", lambda study, tom: report)
    monkeypatch.setattr(explain, "row_months_table", lambda study: SimpleNamespace(frame=now))
    monkeypatch.setattr(explain, "CLOSES_WITHIN_KR", 0.01)
    found = closed_months(study_of())
    assert found.to_numpy().tolist() == [["A", "2024-01", 0.01], ["B", "2024-02", 3.0]]
    monkeypatch.setattr(explain, "last_prognosis", lambda study: Last(2, None, False, None))
    assert closed_months(study_of()).empty


@pytest.mark.parametrize(("best", "told"), [(500.0, True), (501.0, False)])
def test_a_method_that_had_been_wrong_by_half_as_much_is_worth_a_hint(best, told):
    rows = [("Hyror", "rak", 3, 1000.0), ("Hyror", "profil", 3, best), ("Hyror", "forra_aret", 3, 2000.0)]
    errors = pd.DataFrame(rows, columns=["budgetrad", "metod", "antal", "medelfel_kr"])
    found = _of_row(study_of(), "Hyror", errors)
    assert found["metod"].tolist() == ["profil", "rak", "forra_aret"]
    assert found["vald"].tolist() == ["", "ja", ""]
    hint = "Hyror: radens säsong hade gett 1 tkr i fel, hittillsvarande takt 1 tkr" if told else ""
    assert found["tips"].str.replace("\u00a0", " ").tolist() == [hint, "", ""]


def test_each_year_and_month_is_tried_with_what_was_expected_then():
    """A row driven by its year and month: after February of the second year its two months are at what was booked."""
    books = SimpleNamespace(leaves=pd.DataFrame({"budgetrad": ["A", "B"]}))
    index = pd.MultiIndex.from_tuples([("A", "kostnad")])

    def driven(ar: int, tom: int) -> Driven:
        return Driven(pd.DataFrame([[float(ar + tom * month) for month in range(12)]], index=index))

    money = np.zeros((2, 2, 2, 12))
    money[1, 0, 0] = 100.0
    found = expected_then(driven, books, [2022, 2023], money, np.zeros(2, int), range(2, 4))
    assert found.shape[2:] == (4, 12)
    assert np.diff(found[1, 1, 0]).tolist() == pytest.approx([2.0] * 11)
    assert found[1, 1, 0, :2].sum() == pytest.approx(200.0)
    assert np.diff(found[0, 2, 0]).tolist() == pytest.approx([3.0] * 11) and not found[0, 2, 0, :3].sum()
    assert np.isnan(found[:, [0, *range(3, 11)]]).all() and np.isnan(found[1, 1, 2:]).all()
    assert not found[1, 1, 1].any()


def test_of_what_nothing_is_booked_the_drivers_lie_alike_on_the_leaves():
    books = SimpleNamespace(leaves=pd.DataFrame({"budgetrad": ["A", "A", "B"]}))
    kr = pd.DataFrame([[24.0] * 12], index=pd.MultiIndex.from_tuples([("A", "intakt")]))
    found = laid_out(kr, books, np.zeros((3, 2)), 1, np.array([1, 1, 1]))  # no invoice has come
    assert found[:2, 1].tolist() == [[12.0] * 12] * 2 and not found[:2, 0].any()
    nothing = laid_out(Driven().kr, books, np.zeros((3, 2)), 1, np.zeros(3, int))
    assert np.isnan(nothing).all()


def test_the_bridges_ends_in_words_and_kronor():
    """The budget of four months of twelve is a third of it; the frame is part of the year's."""
    study = study_of(reports=[], versus=made(), version="vp", decided=None)
    to_prognosis, to_outturn, since = ways(study)
    assert to_prognosis.start[0] == "Preliminär budget (VP)" and to_prognosis.slut[0] == "Prognos efter april"
    assert to_prognosis.start[1].tolist() == pytest.approx([10.809e6, 2.4e6, 0.6e6])
    assert to_prognosis.slut[1].tolist() == pytest.approx([12.044e6, 2.4e6, 0.6e6])
    assert (to_outturn.start[0], to_outturn.slut[0]) == ("Budget januari–april", "Utfall januari–april")
    assert to_outturn.start[1].tolist() == pytest.approx([3.6e6, 0.8e6, 0.2e6])
    assert to_outturn.slut[1].tolist() == pytest.approx([4.0e6, 0.8e6, 0.2e6])
    assert (since.start[0], since.slut[0]) == ("Prognos efter mars", "Prognos efter april")
    assert since.known.loc[since.known["orsak"] == bridges.NEW_MONTHS, "manad"].unique().tolist() == ["april"]
    table = inside_table([to_prognosis, since]).frame
    words = dict(zip(table["orsak"], table["forklaring"], strict=True))
    assert words["bedomning"] == "bedömning" and words["nya_manader"] == "april mot väntat"


def test_a_closed_month_that_has_changed_is_named_in_the_bridge_from_the_last_prognosis(monkeypatch):
    closed = pd.DataFrame([("Hyror", f"{AR}-02", 7.0)], columns=["budgetrad", "manad", "kr"])
    monkeypatch.setattr(follow_up.explain, "closed_months", lambda study: closed)
    *_, since = ways(study_of(reports=[], versus=made(), version="vp", decided=None))
    known = since.known[since.known["orsak"] == bridges.CLOSED]
    assert known[["budgetrad", "manad", "kr"]].to_numpy().tolist() == [["Hyror", "februari", 7.0]]
    table = inside_table([since]).frame
    assert "ändrat i februari" in table["forklaring"].tolist()


def test_decisions_are_asked_of_from_the_years_end_and_from_the_last_prognosis():
    asked = []

    def decided(since: date, to: date) -> SimpleNamespace:
        asked.append((since, to))
        return SimpleNamespace(kr={"volym": 5.0}, budgetrad="Mat", why="få personer" if since.year == AR else "")

    found = ways(study_of(reports=[], versus=made(), version="vp", decided=decided))
    assert asked == [(date(AR - 1, 12, 31), date(AR, 4, 30)), (date(AR, 3, 31), date(AR, 4, 30))]
    assert [way.why for way in found] == ["", "", "få personer"]
    assert [way.known["orsak"].eq("volym").sum() for way in found] == [1, 0, 1]


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
    assert to_come.by_row(study).replace("\u00a0", " ") == "1 kr på B"
    assert "till och med januari" in to_come.sentence(study)


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
    assert texts[0] == "utfallet 2024 för Bb saknar februari. Fyll i det; 0 om inget är bokfört."
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
