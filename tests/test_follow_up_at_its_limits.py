"""What the follow-up reads and asks at its limits: versions, ranges, other sizes of a change, years tried, pages."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planbok.analysis.earlier import Earlier
from planbok.analysis.forecast import DRIVERS
from planbok.base.errors import InputError
from planbok.case.reconciled import Agreement
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.topics import follow_up
from planbok.topics.follow_up import accuracy, explain, grounds, others, sheet, sheet_view, study
from planbok.topics.follow_up.accuracy import Range, RangeLimits

AR, UNIT = 2024, "norr"


def budget(*rows: tuple) -> pd.DataFrame:
    """Year, version, budget row and cost, mnkr."""
    frame = pd.DataFrame(rows, columns=["ar", "version", "budgetrad", "kostnad_mnkr"])
    return frame.assign(intakt_mnkr=0.25, verksamhet="", kostnadsslag="", finansiering="", enhet=UNIT)


def case_of(**more) -> SimpleNamespace:
    return SimpleNamespace(**{"enhet": UNIT, "ar": AR, "parametrar": {}} | more)


@pytest.mark.parametrize(
    ("tom", "versions"),
    [(1, ["vp"]), (4, ["vp"]), (5, ["vp", "justerad_t2"]), (8, ["vp", "justerad_t2"])],
)
def test_a_version_is_known_from_its_month(tom, versions):
    """The first adjusted budget is not in the table; the control total and other years are no rows of any."""
    table = budget(
        (AR, "vp", "A", 1.0), (AR, "vp", "Totalt", 9.0), (AR - 1, "vp", "A", 7.0), (AR, "justerad_t2", "A", 2.0)
    )
    stated = {"justerad_t2": 5, "vp": 1, "justerad_t1": 3}
    case = case_of(unit_rows=lambda name: table, rule=lambda name: SimpleNamespace(varde=stated))
    rows, parts = study.held_against(case, tom)
    assert list(parts) == versions
    assert rows[["version", "budgetrad"]].to_numpy().tolist() == [[versions[-1], "A"]]
    assert study.net_of(parts["vp"]) == 0.75e6


def test_the_outturn_is_the_units_own():
    frame = pd.DataFrame({"enhet": ["annan", UNIT, "annan"], "kr": [1, 2, 3]})
    assert study.outturn_rows(case_of(table=lambda name: frame))["kr"].tolist() == [2]


def test_a_range_is_of_ten_less_the_ends_of_the_rule():
    said = {"uppfoljning.intervall_procent": {"lag": 10, "hog": 90}, "uppfoljning.minst_hela_ar": 3}
    limits = study.read_limits(case_of(rule=lambda name: SimpleNamespace(varde=said[name])))
    assert (limits.level, limits.fewest_years) == (0.8, 3)


@pytest.mark.parametrize(("tom", "years", "there"), [(11, 3, True), (11, 2, False), (12, 3, False), (4, 4, True)])
def test_a_range_is_claimed_before_december_from_enough_whole_years(monkeypatch, tom, years, there):
    monkeypatch.setattr(accuracy, "kept_ranges", lambda reports, books: (2, 5))
    monkeypatch.setattr(accuracy, "source", lambda errors, pooled, tom, level: ("historik", np.array([1.0] * 9)))
    books = SimpleNamespace(tom=tom, years=list(range(years)))
    prognosis = SimpleNamespace(books=books, amounts=SimpleNamespace(prognos=100e6))
    known = {"tom": tom, "limits": RangeLimits(0.8, 3), "reports": [], "errors": None, "shared": None, "ends": ()}
    found = SimpleNamespace(prognosis=prognosis, **known)
    spann = study.Study.spann.func(found)
    assert (spann is not None) == there
    if there:
        assert (spann.hallit, spann.provade, spann.lag, spann.hog) == (2, 5, pytest.approx(99e6), pytest.approx(101e6))
        monkeypatch.setattr(accuracy, "spread", lambda *given: None)
        assert study.Study.spann.func(found) is None


def amount(nr: int, kr: float, **more) -> NumberedChange:
    given = {"typ": "belopp", "budgetrad": "A", "sida": "kostnad", "kr_per_manad": kr, "fran": date(AR, 1, 1)}
    form = CHANGE_TYPES["belopp"].model_validate(given | {"underlag": "antagande", "motivering": "Prov"} | more)
    return NumberedChange(nr, "prov", form, "prov.yaml", nr, nr)


def test_each_uncertain_change_is_tried_at_its_ends_in_its_place(monkeypatch):
    """At nothing it is left out; what the case has read is not noted a second time."""
    ends = {"kr_per_manad_lag": 0.0, "kr_per_manad_hog": 30.0}
    changes = (amount(1, 1.0), amount(2, 20.0, **ends), amount(3, 3.0))
    scenario, tried = Scenario("prov", "Prov", changes=changes), []

    def under(case, scenario, books, others):
        tried.append([n.change.kr_per_manad for n in scenario])
        return SimpleNamespace(amounts=SimpleNamespace(prognos=float(sum(tried[-1]))))

    monkeypatch.setattr(study, "under", under)
    kept = study.replace
    monkeypatch.setattr(
        study, "replace", lambda one, **more: kept(one, **more) if isinstance(one, (NumberedChange, Scenario)) else one
    )
    monkeypatch.setattr(study, "books_under", lambda case, scenario, books, budget: books)
    prognosis = SimpleNamespace(amounts=SimpleNamespace(prognos=0.0), books=None)
    found = SimpleNamespace(case=case_of(scenario=scenario), prognosis=prognosis, budget=None, others=None)
    assert study.uncertain_ends(found) == ((4.0, 34.0),)
    assert tried == [[1, 3], [1, 30, 3]]


def test_whose_rule_of_the_methods_a_scenario_sets():
    """A change of the topic's own rule for this unit may move nothing; for another unit or rule it may not."""

    def sets(typ="regel", regel="uppfoljning.metod", enhet=None) -> bool:
        change = SimpleNamespace(typ=typ, kind=typ, regel=regel, enhet=enhet)
        return study._sets_own_rule(case_of(), change)

    assert sets() and sets(enhet=UNIT)
    assert not sets(enhet="annan") and not sets(regel="sjukfranvaro.andel") and not sets(typ="belopp")


def test_books_are_read_anew_only_where_a_scenario_says_how_late_invoices_are(monkeypatch):
    monkeypatch.setattr(study, "unit_books", lambda *given: "read")
    monkeypatch.setattr(study, "outturn_rows", lambda case: None)
    monkeypatch.setattr(study, "leaves", lambda budget: None)
    books = SimpleNamespace(tom=4)

    def scenario(*rules: str) -> tuple:
        return tuple(
            SimpleNamespace(change=SimpleNamespace(regel=rule) if rule else SimpleNamespace()) for rule in rules
        )

    late = follow_up.choices.LATE_RULE
    for mine, other, read in (((late,), (), True), ((), ("", late), True), (("", "annan"), ("annan",), False)):
        found = study.books_under(case_of(scenario=scenario(*mine)), scenario(*other), books, None)
        assert (found == "read") == read


def test_years_are_tried_with_the_budget_that_they_had(monkeypatch):
    """2023 by its adopted plan, 2022 without one; this year, when December is booked, by its own."""
    table = budget((AR - 1, "vp", "A", 12.25), (AR - 1, "bokslut", "A", 99.0), (AR, "vp", "A", 50.0))
    asked, given = [], []
    monkeypatch.setattr(study, "replace", lambda case, ar: SimpleNamespace(ar=ar))
    monkeypatch.setattr(
        study, "monthly_shares", lambda case: (asked.append(case.ar) or (lambda *row: np.full(12, 1 / 12)), "")
    )
    monkeypatch.setattr(study, "expected_then", lambda *all_: given.append(list(all_[-1])))
    monkeypatch.setattr(
        study, "CONTENTS", SimpleNamespace(of=lambda work, books, budgets, *more: pd.DataFrame({"b": [budgets]}))
    )
    leaves = pd.DataFrame({"budgetrad": ["A"], "verksamhet": "", "kostnadsslag": ""})
    books = SimpleNamespace(
        leaves=leaves, budget=np.full((1, 2, 12), 5.0), ar=AR, tom=12, years=[AR - 2, AR - 1],
        past=np.zeros((2, 1, 2, 12)), actual=np.zeros((1, 2, 12)),
    )  # fmt: skip
    found = SimpleNamespace(used=np.array(["rak"]), driven_of=None, choices=SimpleNamespace(late=None), books=books)
    case = case_of(unit_rows=lambda name: table)
    (budgets,) = study.all_errors(SimpleNamespace(case=case, prognosis=found, reports=[]))["b"]
    assert np.isnan(budgets[0]).all()
    assert budgets[1, 0].sum(axis=1).tolist() == pytest.approx([12.25e6, 0.25e6])
    assert (budgets[2] == 5.0).all() and asked == [AR - 1] and given == [[]]


def errors(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["kalla", "tom_manad", "budgetrad", "metod", "fel_procent"])
    return frame.assign(fel_kr=1.0)


@pytest.mark.parametrize(
    ("tom", "earlier", "error"),
    [
        (4, [2.0, -4.0, 3.0, 3.0], 3.0),  # four are enough for eight of ten
        (4, [9.0, 9.0, 9.0], 1.5),
        (4, [], 1.5),
        (11, [], None),
        (12, [2.0, -4.0, 3.0, 3.0], None),
    ],
)
def test_the_mean_error_is_of_earlier_prognoses_where_they_are_enough_else_of_history(tom, earlier, error):
    rows = [(accuracy.EARLIER, 4, "Totalt", "vald", kr) for kr in earlier]
    rows += [(accuracy.HISTORY, 4, "Totalt", "vald", kr) for kr in (1.0, -2.0)]
    rows += [(accuracy.HISTORY, 4, "A", "vald", 77.0), (accuracy.HISTORY, 4, "Totalt", "rak", 77.0)]
    rows += [(accuracy.HISTORY, 5, "Totalt", "vald", 77.0)]
    books = SimpleNamespace(years=[AR - 1])
    asked = SimpleNamespace(
        tom=tom, errors=errors(*rows), limits=RangeLimits(0.8, 3), prognosis=SimpleNamespace(books=books)
    )
    found, why = explain.mean_error(asked)
    assert (found, bool(why)) == (error, True)
    books.years = []
    assert "inget tidigare år" in explain.mean_error(SimpleNamespace(**vars(asked) | {"errors": errors(), "tom": 4}))[1]


def test_errors_of_the_reports_month_the_unit_first_and_its_own_choice_before_others():
    rows = [
        ("historik", 4, row, method, 1.0) for row in ("B", "Totalt", "A") for method in ("rak", "sasongsnaiv", "vald")
    ]
    rows += [("tidigare prognoser", 4, "Totalt", "vald", 1.0), ("historik", 5, "Totalt", "vald", 1.0)]
    summed = accuracy.summed_up(errors(*rows))
    found = explain.accuracy_table(SimpleNamespace(errors_summed=summed, tom=4)).frame
    assert found[["kalla", "budgetrad", "metod"]].to_numpy().tolist() == [
        ["tidigare prognoser", "Totalt", "vald"],
        *(["historik", "Totalt", method] for method in ("vald", "sasongsnaiv", "rak")),
        *(["historik", row, method] for row in ("A", "B") for method in ("vald", "sasongsnaiv")),
    ]
    late = SimpleNamespace(errors_summed=accuracy.summed_up(errors(("historik", 11, "Totalt", "vald", 1.0))), tom=12)
    assert "novemberprognosen" in explain.accuracy_table(late).titel
    assert explain.accuracy_table(SimpleNamespace(errors_summed=summed, tom=6)) is None


def test_every_method_on_every_row_of_history_after_the_reports_month(monkeypatch):
    rows = [("historik", 4, row, method, 1.0) for row in ("B", "A", "Totalt") for method in ("rak", "vald", "profil")]
    rows += [("tidigare prognoser", 4, "A", "rak", 1.0), ("historik", 5, "A", "rak", 1.0)]
    monkeypatch.setattr(explain, "with_money", lambda found, row: [0])
    prognosis = SimpleNamespace(
        used=np.array(["rak"]), books=SimpleNamespace(budget_rows=pd.DataFrame(index=["A", "B"]))
    )
    table = explain.methods_errors_table(
        SimpleNamespace(errors_summed=accuracy.summed_up(errors(*rows)), tom=4, prognosis=prognosis)
    )
    assert table.titel.endswith("efter april")
    assert table.frame[["budgetrad", "metod", "antal"]].to_numpy().tolist() == [
        [row, method, 1] for row in ("A", "B") for method in ("rak", "profil")
    ]


def test_an_outcome_where_the_year_has_a_budget_and_the_month_an_outturn(monkeypatch):
    tables = {"budget": pd.DataFrame({"ar": [AR]}), "utfall": pd.DataFrame({"manad": [f"{AR}-08", f"{AR - 1}-07"]})}
    case = case_of(has_rows=lambda name: True, unit_rows=tables.get)
    amounts = SimpleNamespace(prognos=102_000.0, budget=100_000.0)
    done = SimpleNamespace(prognosis=SimpleNamespace(amounts=amounts))
    monkeypatch.setattr(others, "replace", lambda case, **more: case)
    monkeypatch.setattr(others, "study", lambda case, others: done)
    (found,) = others.outcomes(case, AR, 8).values()
    assert (found.varde, found.delar) == (102.0, (102, 100, "tkr")) and found.kalla.endswith("prognos av budget")
    assert others.outcomes(case, AR, 7) == {} and others.outcomes(case, AR - 1, 7) == {}
    tables["utfall"].loc[0, "manad"] = f"{AR}-12"
    (found,) = others.outcomes(case, AR, 12).values()
    assert found.kalla.endswith("utfall av budget")
    amounts.budget = 0.0
    assert others.outcomes(case, AR, 12) == {}


@pytest.mark.parametrize(("used", "tables"), [("rak", 4), (DRIVERS, 8)])
def test_the_prognosis_comes_of_the_months_booked_and_of_what_drives_it(used, tables):
    prognosis = SimpleNamespace(used=np.array([["rak", used]]))
    found = grounds.grounds(SimpleNamespace(case=case_of(), tom=4, version="vp", prognosis=prognosis))
    assert str(found["utfall_mnkr"].rows[0].where["manad"]) == f"{AR}-01–{AR}-04"
    assert len({rows.table for rows in found["prognos_mnkr"].rows}) == tables - 2


def page(name: str, budget: float, year: float) -> sheet.Sheet:
    return sheet.Sheet(name, 1.0, budget, year, 8, "", "", 0.0, "")


def said(monkeypatch, pages: list, apart: float = 0.0, tom: int = 8) -> list[str]:
    """The summary of a page of the unit, or of one operation."""
    monkeypatch.setattr(sheet_view, "agreement", lambda *given: Agreement("last", ""))
    monkeypatch.setattr(sheet_view, "_not_allocated", lambda study: apart)
    monkeypatch.setattr(sheet, "whole_unit", lambda study: page("Enheten", 9.0, 9.0))
    monkeypatch.setattr(
        sheet, "sentences", lambda page, shown: [f"{page.namn} slutar.", f"{page.namn} använt.", "Fråga."]
    )
    asked = SimpleNamespace(tom=tom, case=None, prognosis=SimpleNamespace(amounts=SimpleNamespace(utfall=0.0)))
    found = sheet_view._sentences(asked, pages[0], len(pages) > 1, pages[1:] or pages, None)
    return [text.replace("\u00a0", " ") for text in found]


def test_a_page_of_one_operation_says_how_the_unit_ends_and_the_units_own_does_not(monkeypatch):
    last = "Hela enheten: enheten slutar. Nästa uppdatering: när september är bokförd. Fråga."
    assert said(monkeypatch, [page("Norr", 1.0, 1.0)]) == ["Norr slutar.", "Norr använt.", last]
    assert said(monkeypatch, [page("Enheten", 1.0, 1.0)], tom=12)[-1] == "Fråga."
    assert said(monkeypatch, [page("Enheten", 1.0, 1.0)], tom=11)[-1].startswith("Nästa uppdatering: när december")


@pytest.mark.parametrize(("apart", "told"), [(0.5, True), (-0.5, True), (0.499, False), (-0.499, False)])
def test_what_no_operation_has_is_told_where_it_is_as_much_as_the_largest(monkeypatch, apart, told):
    pages = [page("Enheten", 9.0, 9.0), page("Norr", 1.0, 1.5), page("Söder", 1.0, 0.75), page("Öst", 1.0, 1.0)]
    first, _, largest, even, _ = said(monkeypatch, pages, apart)
    how = "kvar" if apart > 0 else "för mycket"
    assert first == "Enheten slutar." + (
        f" Det mesta, 500 000 kr {how}, är inte fördelat på verksamheterna." if told else ""
    )
    assert largest == "Störst överskridande på hela året: Norr 500 000 kr. Mest kvar: Söder 250 000 kr."
    assert even.startswith("Ungefär som planerat: 1 av 3 verksamheter. Varje verksamhet")


def test_the_pages_table_in_kronor_leaves_out_what_no_operation_has_where_it_is_nothing(monkeypatch):
    names = ["Norr", sheet_view.NOT_ALLOCATED]
    for little, shown in ((0.9e-6, names[:1]), (-0.9e-6, names[:1]), (1.0e-6, names)):
        frame = pd.DataFrame(
            {"verksamhet": names} | {f"{key}_mnkr": [1.0, 0.0] for key in ("avvikelse", "budget", "utfall")}
        )
        table = SimpleNamespace(frame=frame.assign(prognos_mnkr=[1.0, little]))
        monkeypatch.setattr(sheet_view, "operations_table", lambda study, table=table: table)
        found = sheet_view._in_kronor(None).frame
        assert found["verksamhet"].tolist() == shown and found["prognos_kr"].iloc[0] == 1e6
        assert found.columns.tolist() == ["verksamhet", "avvikelse_kr", "budget_kr", "utfall_kr", "prognos_kr"]


@pytest.mark.parametrize(
    ("value", "left"), [(-1.5, -1.5), (2.0, 2.0), (np.nan, 0.0)]
)  # what isn't known of it is told elsewhere
def test_what_no_operation_has_left(monkeypatch, value, left):
    frame = pd.DataFrame({"verksamhet": ["Norr", sheet_view.NOT_ALLOCATED], "avvikelse_mnkr": [9.0, value]})
    monkeypatch.setattr(sheet_view, "operations_table", lambda study: SimpleNamespace(frame=frame))
    assert sheet_view._not_allocated(None) == left


def test_a_range_of_the_prognosis_in_per_cent_of_it_but_what_one_decimal_shows():
    found = accuracy.spread(100e6, "historik", np.array([1.0] * 9), 0.8)
    assert found == Range("historik", 9, pytest.approx(99e6), pytest.approx(101e6), 0.8)
    least = accuracy.spread(-1e6, "historik", np.array([1.0] * 9), 0.8)
    assert (least.lag, least.hog) == (pytest.approx(-1.05e6), pytest.approx(-0.95e6))
    assert accuracy.spread(np.nan, "historik", np.array([1.0] * 9), 0.8) is None
    assert accuracy.spread(1e6, "historik", np.array([]), 0.8) is None


def test_shared_errors_are_of_the_chosen_methods_and_the_month():
    rows = [(4, "vald", 1.0), (4, "rak", 2.0), (5, "vald", 3.0), (4, "vald", np.nan), (4, "vald", -4.0)]
    table = pd.DataFrame(rows, columns=["tom_manad", "metod", "fel_procent"])
    assert accuracy.pooled_errors(table, 4).tolist() == [1.0, -4.0]
    assert accuracy.pooled_errors(None, 4).tolist() == []


@pytest.mark.parametrize(
    ("earlier", "own", "pooled", "rests"), [(4, 4, 4, "E"), (3, 4, 4, "H"), (3, 3, 4, "P"), (3, 3, 3, "H")]
)
def test_a_range_rests_on_the_first_errors_that_are_enough(earlier, own, pooled, rests):
    rows = [(accuracy.EARLIER, 4, "Totalt", "vald", 1.0)] * earlier + [
        (accuracy.HISTORY, 4, "Totalt", "vald", 2.0)
    ] * own
    kalla, found = accuracy.source(errors(*rows), np.array([3.0] * pooled), 4, 0.8)
    kinds = {"E": (accuracy.EARLIER, 1.0), "H": (accuracy.HISTORY, 2.0), "P": (accuracy.POOLED, 3.0)}
    assert (kalla, found[0]) == kinds[rests]


def test_an_unknown_operation_is_refused_with_what_there_is():
    case = case_of(parametrar={"verksamhet": "Nor"}, notebook="verksamhetsblad")
    for names, words in ((["Norr"], "Menade du 'Norr'"), ([], "Utfallet är inte uppdelat")):
        with pytest.raises(InputError, match=words):
            study.check_operation(case, names)
    study.check_operation(case_of(parametrar={"verksamhet": "alla"}), ["Norr"])
    study.check_operation(case_of(parametrar={"verksamhet": "Norr"}), ["Norr"])


def said_of(
    ar: int, tom: int | None, rows: dict[str, tuple], low: float | None = None, high: float | None = None
) -> Earlier:
    """A report: each row's prognosis and judgement, mnkr, and the range of their sum."""
    table = [{"budgetrad": row, "prognos_mnkr": kr, "bedomning_mnkr": own} for row, (kr, own) in rows.items()]
    ends = {
        name: {"varde": kr} for name, kr in (("prognos_lag_mnkr", low), ("prognos_hog_mnkr", high)) if kr is not None
    }
    return Earlier("run", {"ar": ar, "tom_manad": tom}, ends, {"prognos": table})


def test_earlier_reports_of_years_that_are_known_whole():
    """A was 12 and B 6 mnkr in 2023; of 2022 B lacks a month, so that the year's sum is not known."""
    past = np.full((2, 2, 2, 12), 0.0)
    past[:, 0, 0], past[1, 1, 0], past[1, 1, 1], past[0, 1, 0, 3] = 1e6, 0.75e6, 0.25e6, np.nan
    leaves = pd.DataFrame({"budgetrad": ["A", "B"]})
    books = SimpleNamespace(leaves=leaves, tom=4, years=[2022, 2023], past=past)
    reports = [
        said_of(2023, 4, {"A": (1.0, 9.0)}, 1.0, 2.0),  # the last one of a month counts
        said_of(2023, 4, {"A": (11.0, 0.5), "B": (7.0, 0.0), "Totalt": (18.0, 0.5)}, 17.0, 18.0),
        said_of(2022, 4, {"A": (12.0, 0.0), "B": (None, 1.0), "Totalt": (20.0, 1.0), "C": (1.0, 1.0)}, 1.0, 99.0),
        said_of(2022, 5, {"A": (12.25, 0.5), "B": (1.0, 1.0)}),
        said_of(2023, 5, {}, 18.0, 19.0),
        said_of(2023, 6, {}, 18.1, 19.0),
        said_of(2023, 7, {}, 17.0, 17.9),
        said_of(2023, 8, {}, 17.0),
        said_of(2023, 12, {"A": (1.0, 1.0)}, 1.0, 99.0),
        said_of(2023, None, {"A": (1.0, 1.0)}, 1.0, 99.0),
        said_of(2020, 4, {"A": (1.0, 1.0)}, 1.0, 99.0),
    ]
    found = accuracy.earlier_errors(reports, books)
    assert found[["ar", "tom_manad", "budgetrad", "fel_kr"]].to_numpy().tolist() == [
        [2023, 4, "A", 1e6], [2023, 4, "B", -1e6], [2023, 4, "Totalt", 0.0], [2022, 4, "A", 0.0],
        [2022, 5, "A", -0.25e6],
    ]  # fmt: skip
    assert found["fel_procent"].iloc[1] == pytest.approx(-100 / 6) and set(found["metod"]) == {"vald"}
    assert accuracy.earlier_errors([], books).empty
    assert accuracy.kept_ranges(reports, books) == (2, 4)
    score = accuracy.judged(reports, books)
    assert score.to_numpy().tolist() == [["A", 2, 1, 0.625e6, 0.875e6]]  # as near without it is not better
    assert accuracy.judged(reports[:1], SimpleNamespace(**vars(books) | {"years": [], "past": past[:0]})).empty
