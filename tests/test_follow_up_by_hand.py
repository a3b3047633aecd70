"""The prognosis, its bridges, measures and dials on a made unit of three budget rows, worked out by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from follow_up_made import AR, CHANGES, change, made, study_of

from planbok.analysis.earlier import Earlier
from planbok.case.topic import Driven
from planbok.inputs.scenario.load import Scenario
from planbok.topics import follow_up
from planbok.topics.follow_up import bridges, measures, sliders
from planbok.topics.follow_up.explain import Last, _of_row, closed_months, inside_table, last_prognosis, ways
from planbok.topics.follow_up.model import expected_then, laid_out
from planbok.topics.follow_up.study import uncertain_ends


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
    found = made(scenario)
    ends = uncertain_ends(SimpleNamespace(case=SimpleNamespace(scenario=scenario), prognosis=found))
    moved = [[kr - found.amounts.prognos for kr in pair] for pair in ends]
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
    assert found.shape == (2, 11, 4, 12)
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
    study = study_of(reports=[], version="vp", decided=None)
    to_prognosis, to_outturn, since = ways(study)
    assert to_prognosis.start[0] == "Preliminär budget (VP)" and to_prognosis.slut[0] == "Prognos efter april"
    assert to_prognosis.start[1].tolist() == pytest.approx([10.809e6, 2.4e6, 0.6e6])
    assert to_prognosis.slut[1].tolist() == pytest.approx([12.044e6, 2.4e6, 0.6e6])
    assert (to_outturn.start[0], to_outturn.slut[0]) == ("Budget januari–april", "Utfall januari–april")
    assert to_outturn.start[1].tolist() == pytest.approx([3.6e6, 0.8e6, 0.2e6])
    assert to_outturn.slut[1].tolist() == pytest.approx([4.0e6, 0.8e6, 0.2e6])
    assert (since.start[0], since.slut[0]) == ("Prognos efter mars", "Prognos efter april")
    assert since.known.loc[since.known["orsak"] == bridges.NEW_MONTHS, "manad"].unique().tolist() == ["april"]
    table = inside_table([to_prognosis, since])
    assert next(column.decimaler for column in table.columns if column.key == "andel_procent") == 0
    words = dict(zip(table.frame["orsak"], table.frame["forklaring"], strict=True))
    assert words["bedomning"] == "bedömning" and words["nya_manader"] == "april mot väntat"


def test_a_closed_month_that_has_changed_is_named_in_the_bridge_from_the_last_prognosis(monkeypatch):
    closed = pd.DataFrame([("Hyror", f"{AR}-02", 7.0)], columns=["budgetrad", "manad", "kr"])
    monkeypatch.setattr(follow_up.explain, "closed_months", lambda study: closed)
    *_, since = ways(study_of(reports=[], version="vp", decided=None))
    known = since.known[since.known["orsak"] == bridges.CLOSED]
    assert known[["budgetrad", "manad", "kr"]].to_numpy().tolist() == [["Hyror", "februari", 7.0]]
    table = inside_table([since]).frame
    assert "ändrat i februari" in table["forklaring"].tolist()


def test_decisions_are_asked_of_from_the_years_end_and_from_the_last_prognosis():
    asked = []

    def decided(since: date, to: date) -> SimpleNamespace:
        asked.append((since, to))
        return SimpleNamespace(kr={"volym": 5.0}, budgetrad="Mat", why="få personer" if since.year == AR else "")

    found = ways(study_of(reports=[], version="vp", decided=decided))
    assert asked == [(date(AR - 1, 12, 31), date(AR, 4, 30)), (date(AR, 3, 31), date(AR, 4, 30))]
    assert [way.why for way in found] == ["", "", "få personer"]
    assert [way.known["orsak"].eq("volym").sum() for way in found] == [1, 0, 1]
