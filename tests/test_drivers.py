"""The method `drivare`: what decisions and hours say of the rest of the year, tried on the years before it."""

from calendar import monthrange
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from follow_up_tables import AR, UNIT, open_month, write_tables

from planbok.case.topic import MONTH_NUMBERS, Driven
from planbok.disclosure.effects import protect_driven
from planbok.disclosure.policy import Policy
from planbok.topics import answer
from planbok.topics.follow_up.model import laid_out

WANTED = {"uppfoljning.metod": {"alla": "drivare"}}
PER_DAY = 2000
HEAD = "beslut,person,enhet,insats,niva,regi,boende,utforare,fran,till,pris_kr_per_dygn"


def days(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def paid_by_decisions(folder):
    """Six persons in a bought place at 2 000 kr a day, six more from 1 July of both years; nothing else on the row."""
    rows = [f"a{n}bcdefgh{n},p{n}bcdefgh{n},{UNIT},gruppbostad,4,privat,,f1,2020-01-01,,{PER_DAY}" for n in range(6)]
    for year in (AR - 1, AR):
        rows += [
            f"{year}b{n}cdefg,{year}q{n}cdefg,{UNIT},gruppbostad,4,privat,,f1,{year}-07-01,{year}-12-31,{PER_DAY}"
            for n in range(6)
        ]
    months = {
        year: [days(year, m) * PER_DAY * (12 if m > 6 else 6) / 1e6 for m in range(1, 13)] for year in (AR - 1, AR)
    }
    row = {"Vårdkostnader": {"budget": 6.0, "utfall": months[AR]}}
    write_tables(folder, row, {"Vårdkostnader": months[AR - 1]})
    (folder / "beslut.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    return sum(months[AR])


def test_decisions_known_by_august_give_the_year_and_the_year_before_tries_them(tmp_path):
    became = paid_by_decisions(tmp_path / "data")
    study, result = answer.answer(open_month(tmp_path, 8, rules=WANTED, spridning="arbetsmaterial"))
    assert set(study.prognosis.used[:, 0]) == {"drivare"}
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(became)
    frame = result.tabeller["prognosmetoder"].frame.set_index("metod")
    assert frame.loc["drivare", "medelfel_kr"] == pytest.approx(0, abs=1)  # all was known in August the year before too
    assert frame.loc["rak", "medelfel_kr"] > 1e6
    assert frame.loc["drivare", "vald"] == "ja"


def test_what_is_not_known_yet_is_not_used(tmp_path):
    """After April nobody knows of the six who come in July: the days of the months are all that differs."""
    paid_by_decisions(tmp_path / "data")
    study, result = answer.answer(open_month(tmp_path, 4, rules=WANTED, spridning="arbetsmaterial"))
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(366 * PER_DAY * 6 / 1e6)
    wrong = study.errors[(study.errors["metod"] == "drivare") & (study.errors["tom_manad"] == 4)]
    assert wrong["fel_kr"].abs().max() == pytest.approx(184 * PER_DAY * 6)  # July to December the year before


def test_a_manager_sees_drivers_only_of_enough_persons_and_rounded(tmp_path):
    """Six moved in July: from August it counts, to 0.1 mnkr; before that nothing does."""
    became = paid_by_decisions(tmp_path / "data")
    others = answer.others(open_month(tmp_path, 8, rules=WANTED))
    whole = others.driven(AR, 8).kr.loc[("Vårdkostnader", "kostnad")]
    assert (whole.loc[:8] == 0).all() and set(whole.loc[9:]) == {whole.loc[9]}
    assert whole.sum() % 100_000 == pytest.approx(0, abs=1e-6)
    assert others.driven(AR, 6).kr.to_numpy().sum() == 0
    shown = answer.answer(open_month(tmp_path, 8, rules=WANTED)).result.nyckeltal["prognos_mnkr"].varde
    assert shown == pytest.approx(became, abs=0.06)


def test_without_drivers_the_budgets_months_stand_in_and_it_says_so(tmp_path):
    write_tables(tmp_path / "data", {"Vårdkostnader": {"budget": 12.0, "utfall": [2.0] * 4}})
    study, result = answer.answer(open_month(tmp_path, 4, rules=WANTED))
    assert set(study.prognosis.used.ravel()) == {"manadsbudget"}
    assert result.nyckeltal["prognos_mnkr"].varde == pytest.approx(8 + 8)
    why = result.tabeller["metoder"].frame["varfor"].iloc[0]
    assert "går inte" in why and "inget underlag" in why


def path(moved) -> Driven:
    kr = pd.DataFrame([[100_000.0] * 6 + [220_000.0] * 6], index=["ersattning"], columns=MONTH_NUMBERS)
    return Driven(kr, {"ersattning": moved} if moved is not False else {})


def test_an_effect_that_does_not_say_whom_it_tells_of_is_for_working_papers_only():
    assert protect_driven(lambda tom: path(False), 6, Policy("ledning")).kr.empty
    assert len(protect_driven(lambda tom: path(False), 6, Policy("arbetsmaterial")).kr) == 1
    assert protect_driven(lambda tom: path(None), 6, Policy("offentlig")).kr.loc["ersattning", 7] == 220_000


def test_months_stand_still_until_enough_have_moved_in_every_way():
    """Four came in May, one in June: from June five; one who left in July waits, with all that came after."""
    asked = []
    moved = pd.DataFrame(0, index=range(1, 9), columns=["in", "ut"])
    moved.loc[5, "in"], moved.loc[6, "in"], moved.loc[7, "ut"], moved.loc[8, "in"] = 4, 1, 1, 9

    def driven(tom):
        asked.append(tom)
        return path(moved)

    kr = protect_driven(driven, 8, Policy("ledning")).kr.loc["ersattning"]
    assert asked == [8, 6]
    level = np.array([100_000.0] * 6 + [220_000.0] * 2).mean()
    assert kr.loc[9:].sum() == pytest.approx(round((4 * 220_000 - 4 * level) / 100_000) * 100_000)


def test_a_row_without_money_follows_what_drives_it_in_whole_kronor():
    """Nothing is booked on the row's only leaf by February: its months lie as the drivers', at a level of nothing."""
    kr = pd.DataFrame([[10.0, 30.0, *[50.0] * 10]], index=pd.MultiIndex.from_tuples([("Vård", "kostnad")]))
    books = SimpleNamespace(leaves=pd.DataFrame({"budgetrad": ["Vård"]}))
    found = laid_out(kr, books, np.zeros((1, 2)), 2, np.array([0]))
    assert found[0].tolist() == [[-10, 10, *[30] * 10], [0] * 12]
