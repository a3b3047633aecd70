"""One engine: any changes give the same kronor in the budget and in the prognosis, and those of a count day by day."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shown import shown_budget

from planbok.case.topic import PLACED, Effects
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger import act
from planbok.ledger.budget_rows import KEY, leaves
from planbok.ledger.month_profile import even_year
from planbok.topics import budget, follow_up
from planbok.topics.follow_up.books import read_books
from planbok.topics.follow_up.model import moves_of

AR, UNIT, WITHIN_KR = 2024, "norr", 0.005
ROWS = {"Vård": ("", "Norr", "Söder"), "Lokaler": ("",), "Köp": ("Öst",)}  # what the budget parts each row into
BOOKED = {"Vård": ("Norr",), "Lokaler": ("Hus",), "Köp": ("",)}  # and what the outturn does
SIDES = ("kostnad", "intakt", "ram")
FIRST = date(AR, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(366)]
NUMBERS = np.array([day.toordinal() for day in DAYS])
MONTH = np.array([day.month - 1 for day in DAYS])
IN_MONTH = np.array([monthrange(AR, month)[1] for month in range(1, 13)])
UNEVEN = np.array([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) / 18

days = st.dates(date(AR - 1, 6, 1), date(AR + 1, 2, 1))
kronor = st.integers(-5_000_000, 5_000_000).filter(bool)


def shares(row: str, side: str) -> np.ndarray:
    return UNEVEN if row == "Vård" else even_year(row, side)


@st.composite
def changes(draw) -> dict:
    typ = draw(st.sampled_from(["upprakning", "belopp", "atgard", "bedomning", "volym"]))
    common = {"typ": typ, "fran": draw(days), "underlag": "antagande", "motivering": "Prov"}
    common["enhet"] = draw(st.sampled_from([None, None, UNIT, "annan"]))
    if typ == "volym":
        return common | {"insats": "gruppbostad", "antal": 1}
    row = draw(st.sampled_from([*ROWS]))
    common |= {"budgetrad": row, "sida": draw(st.sampled_from(SIDES))}
    if draw(st.booleans()) and any(ROWS[row]):
        common["verksamhet"] = draw(st.sampled_from([name for name in ROWS[row] if name]))
    if typ == "upprakning":
        return common | {"procent": draw(st.integers(-3000, 3000).filter(bool)) / 100}
    if typ == "bedomning":
        return common | {"fran": draw(st.sampled_from(DAYS)), "kr": draw(kronor), "datum": FIRST}
    more = {"kr_per_manad": draw(kronor), "till": draw(st.none() | st.dates(common["fran"], date(AR + 1, 6, 1)))}
    if typ == "atgard":
        more |= {"namn": "Å", "status": draw(st.sampled_from(["planerad", "beslutad", "verkstalld"]))}
        more["sannolikhet_andel"] = draw(st.none() | st.integers(1, 100).map(lambda n: n / 100))
    return common | more


@st.composite
def effects(draw) -> list[tuple]:
    """What another topic may say: kronor by row, side and month, and of the full year."""
    month = st.sampled_from([*(f"{AR}-{m:02d}" for m in range(1, 13)), "helar"])
    one = st.tuples(st.sampled_from([*ROWS]), st.sampled_from(SIDES), month, st.floats(-1e6, 1e6))
    return draw(st.lists(one, min_size=1, max_size=5))


@st.composite
def chains(draw) -> tuple[Scenario, Effects]:
    forms = [CHANGE_TYPES[c["typ"]].model_validate(c) for c in draw(st.lists(changes(), min_size=1, max_size=5))]
    scenario = Scenario("p", "P", changes=tuple(NumberedChange(i, "p", f, "", 0, i) for i, f in enumerate(forms, 1)))
    rows = [
        (n.id, "lss_peng", manad, kr, row, sida)
        for n in scenario
        if n.change.typ == "volym"
        for row, sida, manad, kr in draw(effects())
    ]
    return scenario, Effects(pd.DataFrame(rows, columns=PLACED), moved=frozenset(row[0] for row in rows))


@cache
def rows_of(seed: int) -> pd.DataFrame:
    """A unit's budget rows; amounts drawn, in tenths of mnkr as the table has them."""
    amounts = iter(np.random.default_rng(seed).integers(1, 2000, 20) / 10)
    rows = [(row, part, next(amounts), next(amounts)) for row, parts in ROWS.items() for part in parts]
    frame = pd.DataFrame(rows, columns=["budgetrad", "verksamhet", "kostnad_mnkr", "intakt_mnkr"])
    return frame.assign(kostnadsslag="", finansiering="")


@cache
def parts_of(seed: int) -> pd.DataFrame:
    return leaves(rows_of(seed))


@cache
def books_of(seed: int, tom: int):
    booked = [
        (f"{AR}-{month:02d}", row, part, "", 1000.0, 10.0)
        for row, parts in BOOKED.items()
        for part in parts
        for month in range(1, tom + 1)
    ]
    outturn = pd.DataFrame(booked, columns=["manad", *KEY, "kostnad_kr", "intakt_kr"])
    return read_books(UNIT, outturn, rows_of(seed), parts_of(seed), shares, AR, tom, {})


@cache
def days_of(seed: int) -> tuple[list[tuple[str, str]], dict[tuple, np.ndarray], dict[tuple, float]]:
    """The leaves, and kronor of each leaf and side before any change: by day, and of the year."""
    parts = parts_of(seed)
    keys = [tuple(key) for key in parts[["budgetrad", "verksamhet"]].to_numpy()]
    start, year = {}, {}
    for (row, part), cost, revenue in zip(keys, parts["kostnad_kr"], parts["intakt_kr"], strict=True):
        for side, kr in zip(SIDES, (cost, revenue, cost - revenue), strict=True):
            start[row, part, side] = (kr * shares(row, side))[MONTH] / IN_MONTH[MONTH]
            year[row, part, side] = float(kr)
    return keys, start, year


def by_day(seed: int, scenario: Scenario, found: Effects, held: date | None = None) -> tuple[np.ndarray, np.ndarray]:
    """What the chain adds to each row and side, counted one day at a time: (row, side, 12) and (row, side).

    A measure that isn't carried out acts no day before `held`. The full year is twelve whole months of what is in force
    on 31 December.
    """
    keys, start, year = days_of(seed)
    now, full = dict(start), dict(year)
    for numbered in scenario:
        change = numbered.change
        if change.enhet not in (None, UNIT):
            continue
        if change.typ == "volym":
            rows = found.rows[found.rows["forandring"] == numbered.id]
            for row, side, manad, kr in rows[["budgetrad", "sida", "manad", "kr"]].to_numpy():
                key = next((row, part, side) for one, part in keys if one == row)
                if manad == "helar":
                    full[key] += kr
                else:
                    month = int(manad[5:]) - 1
                    now[key] = now[key] + np.where(month == MONTH, kr / IN_MONTH[month], 0.0)
            continue
        end = date(change.fran.year, 12, 31) if change.typ == "bedomning" else change.ends
        first = change.fran
        if held and change.typ == "atgard" and change.status != "verkstalld":
            first = max(first, held)
        inside = (first.toordinal() <= NUMBERS) & ((end or date.max).toordinal() >= NUMBERS)
        lasts = change.fran <= DAYS[-1] and (end is None or end >= DAYS[-1]) and change.typ != "bedomning"
        named = [part for row, part in keys if row == change.budgetrad and change.verksamhet in (None, part)]
        if change.typ == "upprakning":
            for part in named:
                key = (change.budgetrad, part, change.sida)
                now[key] = now[key] * np.where(inside, 1 + change.procent / 100, 1)
                full[key] *= 1 + change.procent / 100 * lasts
            continue
        if change.typ == "bedomning":
            monthly = change.kr / (1 / IN_MONTH[MONTH])[change.fran.toordinal() <= NUMBERS].sum()  # whole months
        else:
            probability = getattr(change, "sannolikhet_andel", None)
            monthly = change.kr_per_manad * (1 if probability is None else probability)
        key = (change.budgetrad, named[0], change.sida)
        now[key] = now[key] + np.where(inside, monthly / IN_MONTH[MONTH], 0.0)
        full[key] += 12 * monthly * lasts
    months, whole = np.zeros((len(ROWS), 3, 12)), np.zeros((len(ROWS), 3))
    for row, part, side in start:
        place = ([*ROWS].index(row), SIDES.index(side))
        if now[row, part, side] is not start[row, part, side]:
            months[place] += np.bincount(MONTH, now[row, part, side] - start[row, part, side])
        whole[place] += full[row, part, side] - year[row, part, side]
    return months, whole


@cache
def plan(seed: int) -> act.Plan:
    return act.plan_of(UNIT, parts_of(seed), AR, shares)


def in_budget(seed: int, scenario: Scenario, found: Effects) -> tuple[np.ndarray, np.ndarray]:
    base = plan(seed).over(AR, act.cuts_of([scenario]))
    outcome = act.simulate(base, scenario, lambda _: found)
    months, whole = np.zeros((len(ROWS), 3, 12)), np.zeros((len(ROWS), 3))
    for leaf, row in enumerate(base.leaves["budgetrad"]):
        place = [*ROWS].index(row)
        whole[place] += outcome.added[leaf][:, base.full_year].sum(axis=1)
        for column, span in enumerate(base.spans):
            months[place, :, span.start.month - 1] += outcome.state[leaf, :, column] - base.state[leaf, :, column]
    return months, whole


def in_prognosis(
    seed: int, scenario: Scenario, found: Effects, tom: int, held: date | None
) -> tuple[np.ndarray, np.ndarray]:
    books = books_of(seed, tom)
    base = books.plan.over(AR, act.cuts_of([scenario]))
    moves = moves_of(act.simulate(base, scenario, lambda _: found, held_to=held), books)
    months, whole = np.zeros((len(ROWS), 3, 12)), np.zeros((len(ROWS), 3))
    for (*_, leaf, side, helar), kr in zip(moves.rows.itertuples(index=False, name=None), moves.months, strict=True):
        place = [*ROWS].index(books.leaves["budgetrad"].iloc[leaf])
        months[place, side] += kr
        whole[place, side] += helar
    return months, whole


@settings(max_examples=500)
@given(st.integers(0, 4), chains(), st.integers(1, 12))
def test_budget_and_prognosis_agree_in_every_month_and_on_the_full_year(seed, chain, tom):
    """To the öre, and with the day-by-day count; a measure that waits is the one stated difference between them."""
    scenario, found = chain
    expected = by_day(seed, scenario, found)
    first = in_budget(seed, scenario, found)
    held = date(AR + tom // 12, tom % 12 + 1, 1)
    then = in_prognosis(seed, scenario, found, tom, held)
    waits = [n for n in scenario if n.change.typ == "atgard" and n.change.status != "verkstalld"]
    waiting = by_day(seed, scenario, found, held) if waits else expected
    for mine, theirs in zip((*first, *then), (*expected, *waiting), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=WITHIN_KR)
    if not any(n.change.fran < held for n in waits):
        for mine, theirs in zip(first, then, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=WITHIN_KR)


AMOUNT = {"typ": "belopp", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr_per_manad": 1e6, "fran": "2024-04-01"}
FIVE = {"typ": "upprakning", "budgetrad": "Vårdkostnader", "sida": "kostnad", "procent": 5, "fran": "2024-07-01"}


def both(make_case, *listed) -> tuple[float, float, float, float]:
    """Kronor in the year and over a full year, in the budget's report and in the prognosis after January."""
    case = make_case(list(listed), enhet="exempelenheten", ar=2024)
    moved = budget.study.study(case).outcome.moved
    month = replace(case, notebook="manadsprognos", parametrar={"tom_manad": 1})
    table = follow_up.view.result(follow_up.study.study(month)).tabeller["forandringar"].frame.iloc[-1]
    return moved.kr, moved.kr_helar, float(table["ar_kr"]), float(table["helar_kr"])


def budgeted(make_case) -> np.ndarray:
    """The months of the row's cost in the sample, as its table of months spreads them; 123.7 mnkr in the year."""
    base = budget.study.study(make_case(enhet="exempelenheten", ar=2024)).bas.base
    return base.months[base.leaves_of_row["Vårdkostnader"], act.COST].sum(axis=0)


def test_an_amount_from_april_and_an_uprating_from_july(make_case):
    """12 mnkr, and 5 % of the row's cost with them: on the full year of all twelve months, in the year of six."""
    cost = budgeted(make_case)
    in_year, full = 9e6 + 0.05 * (cost[6:].sum() + 6e6), 18.785e6
    assert both(make_case, AMOUNT, FIVE) == pytest.approx((in_year, full, in_year, full), abs=WITHIN_KR)


def test_dates_inside_a_month_give_the_same_kronor(make_case):
    """An uprating from 16 March acts on the half of March where an amount that ended on the 10th does not lie."""
    early = {**AMOUNT, "fran": "2024-03-01", "till": "2024-03-10"}
    cost = budgeted(make_case)
    in_year = 1e6 * 10 / 31 + 0.05 * (cost[2] * 16 / 31 + cost[3:].sum())
    found = both(make_case, early, {**FIVE, "fran": "2024-03-16"})
    assert found == pytest.approx((in_year, 6.185e6, in_year, 6.185e6), abs=WITHIN_KR)


def test_a_judgement_is_in_no_full_year(make_case):
    change = {"typ": "bedomning", "budgetrad": "Vårdkostnader", "sida": "kostnad", "kr": 300000, "datum": "2024-01-10"}
    case = make_case([{**change, "fran": "2024-09-01"}], enhet="exempelenheten", ar=2024)
    moved = budget.study.study(case).outcome.moved
    assert (moved.kr, moved.kr_helar) == (pytest.approx(300000), 0)


ONE_SUM = {"budgetrad": "Budget", "sida": "kostnad", "fran": "2024-01-01"}


def test_a_change_is_known_though_the_budgets_side_is_not(make_case):
    measure = {**ONE_SUM, "typ": "atgard", "namn": "Färre inhyrda", "kr_per_manad": -80000, "status": "beslutad"}
    result = shown_budget(budget.study.study(make_case([measure], enhet="personligt_stod", ar=2024)))
    figures = {name: figure.varde for name, figure in result.nyckeltal.items()}
    assert (figures["skillnad_mnkr"], figures["helarseffekt_mnkr"]) == (-0.96, -0.96)
    assert {figures[name] for name in ("kostnad_mnkr", "intakt_mnkr", "nettokostnad_mnkr")} == {None}
    assert result.tabeller["budget"].frame["belopp_mnkr"].iloc[0] == 58.04
    assert result.tabeller["brygga"].frame["kr"].iloc[1:3].tolist() == [-960000, 0]
    assert result.sammanfattning[-1].replace("\u00a0", " ").endswith("Budget 59,00 blir 58,04 mnkr.")


@pytest.mark.parametrize("typ", ["belopp", "bedomning", "upprakning"])
def test_only_an_uprating_needs_the_side_that_is_not_stated(typ, make_case):
    own = {
        "belopp": {"kr_per_manad": 1000},
        "bedomning": {"kr": 12000, "datum": "2024-01-01"},
        "upprakning": {"procent": 2},
    }
    case = make_case([{**ONE_SUM, "typ": typ, **own[typ]}], enhet="personligt_stod", ar=2024)
    if typ == "upprakning":
        with pytest.raises(Exception, match="budgeten anger ingen kostnad för Budget att räkna upp"):
            budget.study.study(case)
    else:
        assert budget.study.study(case).outcome.moved.kr == pytest.approx(12000)


def test_a_change_from_the_last_day_of_the_year_is_one_day_of_it_and_all_of_a_full_year():
    plan = pd.DataFrame({"budgetrad": ["A"], "kostnad_mnkr": [12.0], "intakt_mnkr": [0.0]})
    plan = plan.assign(verksamhet="", kostnadsslag="", finansiering="", netto_mnkr=np.nan, belopp_mnkr=np.nan)
    base = act.baseline("u", plan, 2024, 2024, even_year)
    told = {"underlag": "antagande", "motivering": "Prov", "typ": "belopp", "budgetrad": "A", "sida": "kostnad"}
    change = CHANGE_TYPES["belopp"].model_validate(told | {"kr_per_manad": 1, "fran": date(2024, 12, 31)})
    weights = act.weights(change, base)
    assert weights[:-12].sum() == pytest.approx(1 / 31) and weights[-12:].tolist() == [1.0] * 12


def test_a_row_that_is_placed_but_not_budgeted_is_said_without_a_line():
    from types import SimpleNamespace

    from planbok.base.errors import InputError

    own = np.array([3, 4])
    base = SimpleNamespace(leaves_of_row={"Hyror": own}, enhet="provet", ar=2024, rows=lambda: ["Hyror"])
    assert act._own_leaf("Hyror", base).tolist() == [3]
    with pytest.raises(InputError) as told:
        act._own_leaf("Hyra", base)
    (fault,) = told.value.faults
    assert (fault.file, fault.line, fault.code) == ("params/budgetplacering.yaml", 0, "unknown_row")
