"""What must hold for any decisions, prices and scenario: the model against a plain count of every person and day."""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_lss_examples import ENHET

from planbok.base.errors import InputError
from planbok.base.periods import spans
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.case.case import Case, Sources, load_sources
from planbok.inputs.scenario.changes import CHANGE_TYPES
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.inputs.tables.reading import InputTable
from planbok.topics import answer, budget, lss_peng
from planbok.topics.lss_peng import decisions, moves
from planbok.topics.lss_peng.study import worlds

AR = 2024
SOURCES = load_sources(Folders((PARAMS,), SAMPLE))
INSATSER = ("gruppbostad", "servicebostad", "daglig_verksamhet", "korttidsvistelse")
REGI = ("kommunal", "privat", "entreprenad")
RULES = ("senaste", "vikter", "halvar")
STATES = ("preliminar", "efter_matning_1", "slutlig")
WITHIN_KR = 0.005
ONE_DAY = timedelta(days=1)
PRICES = {(row.ar, row.insats, row.regi, row.niva): float(row.kr_per_dygn) for row in SOURCES.rules.prices.itertuples()}
with (PARAMS / "regler" / "lss_timpriser.csv").open(encoding="utf-8", newline="") as listed:
    HOURLY = {
        (int(row["ar"]), row["insats"], row["tidsslag"], row["regi"]): float(row["kr_per_timme"])
        for row in csv.DictReader(listed)
    }
days = st.dates(date(AR - 2, 1, 1), date(AR + 1, 3, 1))


@st.composite
def stays(draw, person: str, insats: str) -> list[dict]:
    """One person's decisions on one insats, one after the other, with and without gaps."""
    rows, fran = [], draw(days)
    for _ in range(draw(st.integers(1, 3))):
        length = draw(st.integers(0, 500) | st.none())
        till = None if length is None else fran + timedelta(days=length)
        pris = draw(st.none() | st.integers(100, 9000))
        row = {
            "person": person,
            "insats": insats,
            "niva": draw(st.sampled_from("1234")),
            "regi": draw(st.sampled_from(REGI)),
        }
        rows.append(row | {"fran": fran, "till": till, "pris_kr_per_dygn": pris})
        if till is None:
            break
        fran = till + timedelta(days=draw(st.sampled_from([1, 1, 1, 2, 40])))
    return rows


@st.composite
def tables(draw, smallest: int = 1) -> pd.DataFrame:
    """The table `beslut` as it is read, one unit: days, and hours of ledsagning."""
    rows = []
    for number in range(draw(st.integers(smallest, 7))):
        insatser = draw(st.lists(st.sampled_from(INSATSER), min_size=1, max_size=2, unique=True))
        rows += [row for insats in insatser for row in draw(stays(f"someone{number:04d}", insats))]
    for number in range(draw(st.integers(0, 2))):
        row = draw(stays(f"ledsagad{number:04d}", "ledsagning_avlosning"))[0]
        timmar, tidsslag = draw(st.integers(1, 60)), draw(st.sampled_from(["dagtid", "helg"]))
        regi = draw(st.sampled_from(["kommunal", "enskild", "okand"]))
        rows.append(
            row | {"niva": "", "regi": regi, "timmar_per_manad": timmar, "tidsslag": tidsslag, "pris_kr_per_dygn": None}
        )
    order = draw(st.permutations(range(len(rows))))
    return as_read([rows[i] for i in order])


def as_read(rows: list[dict]) -> pd.DataFrame:
    """Rows as the reader hands them on."""
    frame = pd.DataFrame(rows)
    for name in ("fran", "till"):
        frame[name] = pd.to_datetime(frame[name])
    for name in ("pris_kr_per_dygn", "timmar_per_manad"):
        frame[name] = pd.to_numeric(frame.get(name))
    frame["tidsslag"] = frame["tidsslag"].fillna("") if "tidsslag" in frame else ""
    number = np.arange(2, len(frame) + 2)
    return frame.assign(enhet=ENHET, utforare="", beslut=[f"b{n:04d}" for n in number], _rad=number)


@st.composite
def changes(draw) -> dict:
    typ = draw(st.sampled_from(["upprakning", "volym", "nivabyte", "regel", "timpris"]))
    fran = draw(st.dates(date(AR, 1, 1), date(AR, 12, 31)))
    insats, regi = draw(st.sampled_from(INSATSER[:2])), draw(st.sampled_from(REGI))
    till = draw(st.none() | st.dates(fran, date(AR + 1, 2, 1)))
    if typ == "upprakning":
        where = draw(st.sampled_from([{}, {"insats": insats}, {"insats": insats, "niva": 3, "regi": regi}]))
        return {"typ": typ, "prislista": "lss_peng", "procent": draw(st.integers(1, 80)) / 10, "fran": fran, **where}
    if typ == "volym":
        antal = draw(st.sampled_from([-1.0, 1.0, 2.0, 2.5]))
        return {
            "typ": typ,
            "insats": insats,
            "niva": draw(st.integers(1, 4)),
            "regi": regi,
            "antal": antal,
            "fran": fran,
            "till": till,
        }
    if typ == "nivabyte":
        fore, efter = draw(st.permutations([1, 2, 3, 4]))[:2]
        return {"typ": typ, "insats": insats, "fran_niva": fore, "till_niva": efter, "antal": 1, "fran": fran}
    key = f"lss_peng.ersattning.{insats}.{regi}.{draw(st.integers(1, 4))}"
    if typ == "timpris":
        key = "lss_timpriser.ledsagning_avlosning.dagtid.enskild"
    return {"typ": "regel", "regel": key, "varde": draw(st.integers(100, 9000)), "fran": fran, "till": till}


def scenario_of(*given_changes: dict, name: str = "prov") -> Scenario:
    told = {"underlag": "antagande", "motivering": "Prov"}
    forms = [CHANGE_TYPES[c["typ"]].model_validate(c | told) for c in given_changes]
    numbered = tuple(NumberedChange(i, name, form, "", 0, i) for i, form in enumerate(forms, start=1))
    return Scenario(name, "Prov", changes=numbered)


def case_of(scenario: Scenario = BAS, ar: int = AR, rule: str = "senaste", versus: Scenario = BAS) -> Case:
    """A case on the real price lists under a measurement rule."""
    return Case("lss_peng", {}, ENHET, ar, scenario, versus, "arbetsmaterial", sources_under(rule))


@cache
def sources_under(rule: str) -> Sources:
    published = SOURCES.rules.series["lss_peng.matregel"][0]
    return replace(SOURCES, rules=SOURCES.rules.with_value(replace(published, varde=rule)))


def world_of(table: pd.DataFrame, *given_changes: dict, ar: int = AR, rule: str = "senaste"):
    scenario = scenario_of(*given_changes)
    try:
        return worlds(case_of(scenario, ar, rule), scenario, table)[-1]
    except InputError as error:
        assume({fault.code for fault in error.faults} != {"too_few"})
        raise


class Plain:
    """The same year counted person by person and day by day, with nothing of the model's."""

    def __init__(self, table: pd.DataFrame, ar: int, factor_of=lambda cell, day: 1.0):
        self.days, self.peng, self.paid = defaultdict(float), defaultdict(float), defaultdict(float)
        self.by_month, self.unpriced, self.factor_of = defaultdict(float), 0, factor_of
        self.running = defaultdict(set)
        for number, row in enumerate(table.itertuples()):
            last = date(ar, 12, 31) if pd.isna(row.till) else min(row.till.date(), date(ar, 12, 31))
            day = max(row.fran.date(), date(ar - 1, 1, 1))
            while day <= last:
                self.count(number, row, day, ar)
                day += ONE_DAY

    def count(self, number: int, row, day: date, ar: int) -> None:
        if row.insats == "ledsagning_avlosning":
            if day.year == ar:
                self.count_hours(row, day)
            return
        cell = (row.insats, row.niva, row.regi)
        self.running[day].add((number, cell))
        last_night = row.insats == "korttidsvistelse" and not pd.isna(row.till) and day == row.till.date()
        if day.year != ar or last_night:
            return
        kr = self.price(cell, day)
        self.days[cell] += 1
        if kr is None:
            self.unpriced += 1
        else:
            self.peng[cell] += kr
            self.by_month[day.month] += kr
        if not pd.isna(row.pris_kr_per_dygn):
            self.paid[day.month] += row.pris_kr_per_dygn
        elif row.regi != "kommunal" and kr is not None:
            self.paid[day.month] += kr

    def count_hours(self, row, day: date) -> None:
        in_month = ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY).day
        price = HOURLY.get((day.year, row.insats, row.tidsslag, row.regi))
        if row.regi != "kommunal" and price is not None:
            self.paid[day.month] += row.timmar_per_manad / in_month * price

    def price(self, cell: tuple, day: date) -> float | None:
        insats, niva, regi = cell
        kr = PRICES.get((day.year, insats, regi, niva))
        return None if kr is None else kr * self.factor_of(cell, day)

    def measured(self, persons_on: date, ar: int, months=range(1, 13)) -> float:
        """What the persons of a day give over the days of some months."""
        total, day = 0.0, date(ar, 1, 1)
        while day.year == ar:
            if day.month in months:
                total += sum(self.price(cell, day) or 0 for _, cell in self.running[persons_on])
            day += ONE_DAY
        return total


def final(world) -> float:
    return float(np.nansum(world.state("slutlig")))


@given(tables(), st.sampled_from([2022, 2023, 2024]))
def test_days_peng_and_payments_are_those_of_a_plain_count(table, ar):
    world, plain = world_of(table, ar=ar), Plain(table, ar)
    counted = {cell: float(n) for cell, n in zip(world.cells, world.days.sum(axis=1), strict=True) if n}
    assert counted == dict(plain.days)
    kr = {cell: n for cell, n in zip(world.cells, np.nansum(world.peng, axis=1), strict=True) if n}
    assert kr == pytest.approx({cell: n for cell, n in plain.peng.items() if n}, abs=WITHIN_KR)
    months = np.nansum(world.peng, axis=0)
    assert months == pytest.approx([plain.by_month[m] for m in range(1, 13)], abs=WITHIN_KR)
    paid = world.paid_by_month()
    assert paid.to_numpy() == pytest.approx([plain.paid[m] for m in range(1, 13)], abs=WITHIN_KR)
    assert world.days[np.isnan(world.prices.tilldelning)].sum() == plain.unpriced


@given(tables())
def test_measurements_are_those_of_a_plain_count(table):
    plain = Plain(table, AR)
    first, second, before = date(AR, 3, 31), date(AR, 8, 27), date(AR - 1, 8, 27)
    expected = {
        "senaste": plain.measured(second, AR),
        "vikter": (plain.measured(first, AR) + plain.measured(second, AR)) / 2,
        "halvar": plain.measured(first, AR, range(1, 7)) + plain.measured(second, AR, range(7, 13)),
    }
    world = world_of(table)
    for rule, kr in expected.items():
        assert np.nansum(world.final_under(rule)) == pytest.approx(kr, abs=WITHIN_KR)
        assert final(world_of(table, rule=rule)) == pytest.approx(kr, abs=WITHIN_KR)
    assert np.nansum(world.state("preliminar")) == pytest.approx(plain.measured(before, AR), abs=WITHIN_KR)
    assert np.nansum(world.state("efter_matning_1")) == pytest.approx(plain.measured(first, AR), abs=WITHIN_KR)
    assert world.persons(second).sum() == len(plain.running[second])


@given(tables(), st.dates(date(AR, 1, 1), date(AR, 12, 31)), st.integers(1, 99), st.sampled_from(INSATSER[:2]))
def test_an_uprating_is_a_plain_count_with_its_factor_from_its_day(table, fran, tenths, insats):
    change = {"typ": "upprakning", "prislista": "lss_peng", "insats": insats, "procent": tenths / 10, "fran": fran}
    factor = 1 + tenths / 1000
    plain = Plain(table, AR, factor_of=lambda cell, day: factor if cell[0] == insats and day >= fran else 1.0)
    world = world_of(table, change)
    assert np.nansum(world.peng) == pytest.approx(sum(plain.peng.values()), abs=WITHIN_KR)
    assert world.paid_by_month().sum() == pytest.approx(sum(plain.paid.values()), abs=WITHIN_KR)
    assert final(world) == pytest.approx(plain.measured(date(AR, 8, 27), AR), abs=WITHIN_KR)


@given(
    tables(),
    st.lists(changes(), max_size=2),
    st.lists(changes(), max_size=2),
    st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)),
    st.tuples(st.sampled_from(RULES), st.sampled_from(RULES)),
    st.tuples(st.sampled_from([2022, 2023, 2024, 2025]), st.sampled_from([2024, 2023, 2025])),
)
def test_the_bridge_closes_between_any_two_states(table, first, second, states, rules, years):
    """Its ends are the states' own totals, and its bars are their difference; 2025 has no price at all."""
    one = world_of(table, *first, ar=years[0], rule=rules[0])
    other = world_of(table, *second, ar=years[1], rule=rules[1])
    before, after = moves.parts(one, states[0]), moves.parts(other, states[1])
    frame = moves.bridge(before, after, ("ena", "andra")).set_index("typ")
    assert frame.loc["start", "kr"] == pytest.approx(np.nansum(one.state(states[0])), abs=WITHIN_KR)
    assert frame.loc["slut", "kr"] == pytest.approx(np.nansum(other.state(states[1])), abs=WITHIN_KR)
    assert frame["kr"].drop("slut").sum() == pytest.approx(frame.loc["slut", "kr"], abs=WITHIN_KR)
    assert frame.index.tolist() == ["start", "in", "ut", "niva", "regi", "pris", "slut"]


@given(tables(), st.sampled_from(STATES), st.sampled_from(RULES))
def test_the_bridge_from_a_state_to_itself_has_no_bars(table, state, rule):
    world = world_of(table, rule=rule)
    frame = moves.bridge(moves.parts(world, state), moves.parts(world, state), ("ena", "andra")).set_index("typ")
    assert frame.loc[["in", "ut", "niva", "regi", "pris"], ["kr", "personer"]].abs().sum().sum() == 0


def there(table: pd.DataFrame, day: date) -> set[tuple[str, str]]:
    """Who has which insats by day on a day."""
    rows = table[(table["fran"] <= pd.Timestamp(day)) & ~(table["till"] < pd.Timestamp(day))]
    return set(rows.loc[rows["insats"].isin(INSATSER), ["person", "insats"]].itertuples(index=False, name=None))


@given(tables(), tables())
def test_the_bridge_moves_who_moved_and_nobody_else(table, other):
    """Only those who are in one measurement alone come or go; only price stands between equal persons."""
    one, two = world_of(table), world_of(other)
    before, after = moves.parts(one, "efter_matning_1"), moves.parts(two, "slutlig")
    priced = {insats for ar, insats, *_ in PRICES if ar == AR}  # the others are in no total
    days = (table, date(AR, 3, 31)), (other, date(AR, 8, 27))
    persons = [{who for who in there(*its) if who[1] in priced} for its in days]
    frame = moves.bridge(before, after, ("ena", "andra")).set_index("typ")
    assert frame.loc["in", "personer"] == len(persons[1] - persons[0])
    assert frame.loc["ut", "personer"] == len(persons[0] - persons[1])
    earlier = moves.parts(world_of(table, ar=AR - 1), "slutlig")
    same_day = [replace(part, world=one) for part in earlier]
    prices = moves.bridge(earlier, same_day, ("ena", "andra")).set_index("typ")["kr"]
    assert prices[["in", "ut", "niva", "regi"]].abs().sum() == 0


@given(tables(), st.lists(changes(), max_size=3), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(table, listed, random):
    order = list(table.index)
    random.shuffle(order)
    first, second = world_of(table, *listed), world_of(table.loc[order], *listed)
    assert first.cells.equals(second.cells)
    assert np.allclose(first.peng, second.peng, atol=WITHIN_KR, equal_nan=True)
    assert np.allclose(first.paid_by_month(), second.paid_by_month(), atol=WITHIN_KR)
    assert final(first) == pytest.approx(final(second), abs=WITHIN_KR)


@given(tables())
def test_an_empty_scenario_is_the_baseline(table):
    bas, empty = worlds(case_of(), BAS, table)[-1], world_of(table)
    assert np.array_equal(bas.peng, empty.peng, equal_nan=True)
    assert bas.paid_by_month().equals(empty.paid_by_month())
    assert lss_peng.others.effects(case_of(), BAS).rows.empty


def _touched(world, change: dict) -> np.ndarray:
    """The cells that a change may move."""
    cells = world.cells.to_frame(index=False)
    mask = np.ones(len(cells), bool)
    if change["typ"] == "regel":
        parts = change["regel"].split(".")
        return ((cells["insats"] == parts[2]) & (cells["regi"] == parts[3]) & (cells["niva"] == parts[-1])).to_numpy()
    if "insats" in change:
        mask &= (cells["insats"] == change["insats"]).to_numpy()
    if change.get("regi"):
        mask &= (cells["regi"] == change["regi"]).to_numpy()
    levels = {str(change[key]) for key in ("niva", "fran_niva", "till_niva") if change.get(key)}
    return mask & cells["niva"].isin(levels).to_numpy() if levels else mask


@given(tables(smallest=3), changes())
def test_a_change_moves_only_what_it_names_from_its_date(table, change):
    scenario = scenario_of(change)
    try:
        bas, now = worlds(case_of(scenario), scenario, table)
    except InputError:
        assume(False)
    moved = np.nan_to_num(now.peng) - np.nan_to_num(bas.peng)
    before = np.array([span.end < change["fran"] for span in bas.frame.spans])
    after = np.array([bool(change.get("till")) and span.start > change["till"] for span in bas.frame.spans])
    assert not moved[~_touched(bas, change)].any()
    if change["typ"] in ("upprakning", "regel"):
        assert not moved[:, before | after].any()
        assert np.array_equal(now.days, bas.days)
    else:
        assert np.array_equal(now.prices.tilldelning, bas.prices.tilldelning, equal_nan=True)
        person_days = (now.days - bas.days).sum(axis=0)
        assert not (now.days - bas.days)[:, before | after].any()
        if change["typ"] == "nivabyte":
            assert not person_days.any()
        else:
            till = change["till"] or date(AR, 12, 31)
            full = np.array([span.start >= change["fran"] and span.end <= till for span in bas.frame.spans])
            asked = change["antal"] * np.array([span.days for span in bas.frame.spans])[full]
            assert (np.abs(person_days[full]) <= np.abs(asked)).all() and (person_days[full] * asked >= 0).all()
            assert change["antal"] < 0 or person_days[full].tolist() == asked.tolist()
    paid = (now.paid_by_month() - bas.paid_by_month()).abs()
    assert paid[[m for m in paid.index if m < f"{change['fran']:%Y-%m}"]].sum() == 0


@given(tables(), st.lists(changes(), max_size=3))
def test_months_and_decisions_sum_to_the_year(table, listed):
    """However the year is cut into spans by changes of price, its days and payments are those of the uncut year."""
    world = world_of(table, *listed)
    uncut = replace(world, frame=replace(world.frame, spans=spans(AR)))
    assert np.array_equal(world.days.sum(axis=1), uncut.days.sum(axis=1))
    assert world.hours["timmar"].sum() == pytest.approx(uncut.hours["timmar"].sum())
    assert world.payments.per_month.sum() == pytest.approx(np.nansum(world.payments.per_decision), abs=WITHIN_KR)
    assert world.payments.per_month.index.tolist() == [f"{AR}-{month:02d}" for month in range(1, 13)]
    per_span = np.nansum(world.peng, axis=0).sum()
    assert per_span == pytest.approx(np.nansum(world.peng, axis=1).sum(), abs=WITHIN_KR)


@settings(max_examples=20)  # each works out several years
@given(tables(), st.lists(changes(), min_size=1, max_size=3), st.sampled_from(RULES))
def test_effects_are_the_difference_between_worlds(table, listed, rule):
    scenario = scenario_of(*listed)
    case = with_table(case_of(scenario, rule=rule), table)
    try:
        chain = worlds(case, scenario, table)
    except InputError:
        assume(False)
    rows = answer.others(case).effects(scenario).rows
    in_year, full = rows[rows["manad"] != "helar"], rows[rows["manad"] == "helar"]
    bas, now = chain[0], chain[-1]
    expected = {"ram": final(now) - final(bas), "kostnad": (now.paid_by_month() - bas.paid_by_month()).sum()}
    whole = {
        "ram": now.full_year_frame() - bas.full_year_frame(),
        "kostnad": now.full_year_paid() - bas.full_year_paid(),
    }
    for side in ("ram", "kostnad"):
        assert in_year.loc[in_year["sida"] == side, "kr"].sum() == pytest.approx(expected[side], abs=WITHIN_KR)
        assert full.loc[full["sida"] == side, "kr"].sum() == pytest.approx(whole[side], abs=WITHIN_KR)
    assert set(rows["sida"]) <= {"ram", "kostnad"}
    assert in_year["manad"].str.fullmatch(rf"{AR}-(0[1-9]|1[0-2])").all()


class Tables:
    """A collection that has these tables and nothing else."""

    def __init__(self, **frames: pd.DataFrame):
        self.frames = frames

    def has(self, name: str) -> bool:
        return name in self.frames

    def units(self, name: str) -> list[str]:
        return self.frames[name]["enhet"].unique().tolist() if self.has(name) else []

    def path(self, name: str):
        return SAMPLE / f"{name}.csv"

    def read(self, name: str):
        return InputTable(name, f"{name}.csv", len(self.frames[name]), "", self.frames[name], (), {})

    def readable(self, name: str) -> pd.DataFrame | None:
        return self.frames.get(name)


def with_table(case: Case, table: pd.DataFrame) -> Case:
    row = {
        "enhet": ENHET,
        "ar": AR,
        "version": "vp",
        "budgetrad": "Vårdkostnader",
        "kostnad_mnkr": 90.0,
        "intakt_mnkr": 1.0,
    }
    empty = dict.fromkeys(("netto_mnkr", "forandring_mnkr", "belopp_mnkr"), np.nan)
    text = dict.fromkeys(("verksamhet", "kostnadsslag", "finansiering", "kalla"), "")
    rows = pd.DataFrame([row | empty | text]).assign(_rad=2)
    return replace(case, sources=replace(case.sources, collection=Tables(beslut=table, budget=rows)))


def possible(table: pd.DataFrame, listed: list[dict]) -> list[dict]:
    """The changes that find whom they move and move some kronor, one after the other."""
    kept: list[dict] = []
    for change in listed:
        scenario = scenario_of(*kept, change)
        case = with_table(case_of(scenario), table)
        try:
            rows = lss_peng.others.effects(case, scenario).rows
        except InputError:
            continue
        if len(kept) + 1 in set(rows["forandring"].str.split(":").str[1].astype(int)):
            kept.append(change)
    return kept


@settings(max_examples=20)  # each works out several years
@given(tables(), st.lists(changes(), min_size=1, max_size=3))
def test_the_budget_takes_in_the_same_kronor(table, listed):
    """Peng widens the frame, payments the cost, and no revenue moves."""
    scenario = scenario_of(*possible(table, listed))
    case = with_table(case_of(scenario), table)
    chain = worlds(case, scenario, table)
    study = budget.study.study(case, answer.others(case))
    difference = study.outcome.by_row() - study.bas.by_row()
    paid = (chain[-1].paid_by_month() - chain[0].paid_by_month()).sum()
    assert difference["ram_kr"].sum() == pytest.approx(final(chain[-1]) - final(chain[0]), abs=WITHIN_KR)
    assert difference["kostnad_kr"].sum() == pytest.approx(paid, abs=WITHIN_KR)
    assert difference["intakt_kr"].abs().sum() == 0
    full_year = study.outcome.amounts().kr_helar - study.bas.amounts().kr_helar
    assert full_year == pytest.approx(chain[-1].full_year_paid() - chain[0].full_year_paid(), abs=WITHIN_KR)


@given(tables(), st.integers(0, 60))
def test_overlaps_are_those_of_a_plain_comparison(table, shift):
    """Every decision that begins within an earlier one, and the earlier one it names does run then."""
    later = table.assign(fran=table["fran"] + pd.Timedelta(days=shift), _rad=table["_rad"] + 1000)
    both = pd.concat([table, later[later["till"].isna() | (later["till"] >= later["fran"])]], ignore_index=True)
    rows = both.assign(till=both["till"].fillna(decisions.RUNNING)).sort_values(["fran", "till"], kind="stable")
    listed = list(rows[["person", "insats", "fran", "till", "_rad"]].itertuples(index=False, name=None))
    overlapped = {b[4] for i, b in enumerate(listed) if any(a[:2] == b[:2] and a[3] >= b[2] for a in listed[:i])}
    found = decisions.overlapping(both)
    assert len(found) == len(overlapped)
    ends = rows.set_index("_rad")
    for row in found.itertuples():
        other = ends.loc[row.other]
        assert (other["person"], other["insats"]) == (row.person, row.insats)
        assert other["fran"] <= row.fran <= other["till"]


def test_a_state_of_one_part_is_split_as_the_other_is(monkeypatch):
    monkeypatch.setattr(moves, "_like", lambda part, other: part + other)
    assert moves._matched(["a"], ["b", "c"]) == [("ab", "b"), ("ac", "c")]
    assert moves._matched(["b", "c"], ["a"]) == [("b", "ab"), ("c", "ac")]
    assert moves._matched(["a", "b"], ["c", "d"]) == [("a", "c"), ("b", "d")]


@pytest.mark.parametrize(("price", "fault"), [(-1.0, True), (0.0, True), (0.01, False), (None, False)])
def test_a_price_of_its_own_is_above_nothing(price, fault):
    row = {"insats": "bostad", "niva": "", "regi": "kommunal", "person": "p1", "_rad": 2, "beslut": "b1"}
    days = {"fran": pd.Timestamp("2024-01-01"), "till": pd.NaT, "pris_kr_per_dygn": price}
    frame = pd.DataFrame([row | days]).astype({"pris_kr_per_dygn": float})
    assert [found.code for found in decisions.faults(frame, {}, "beslut.csv")] == ["not_positive"] * fault
