"""Every table, key figure and effect of a new home, held against a plain count of days from the files' own rows."""

from dataclasses import dataclass, field, replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import write_scenario
from oracle.home_cases import BUDGETS, CASES, OPENS, PRICES_UP, SHARE, Given, write_files
from oracle.home_drawn import budget_rows, cash, dials, drawn, flats_of_year, people, turned, whom, with_kbh
from oracle.home_money import FAMILIES, Money, facts, key_figures
from oracle.home_plan import World, plan_of
from oracle.home_sheets import bridge_from, sheets, under
from sliders_by_hand import moved

from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import Case, load_sources, open_case
from planbok.topics import group_home

HOME, ENHET = "hemmet", "provenheten"
NOT_HELD = {
    "spann": "held by itself, by the same random numbers",
    "kbh_per_familj.anmarkning": "the reason why KBH is not known is words; held where it is known",
    "brygga.steg": "a change in words; held for all other rows",
}


def same(found: Any, expected: Any) -> bool:
    """Whether a cell is what was counted; within an öre, and NaN only where NaN was."""
    if isinstance(expected, str) or expected is None:
        return found == expected
    if isnan(expected) or found is None or isnan(found):
        return isnan(expected) and (found is None or isnan(found))
    return abs(found - expected) <= 0.005 + 1e-9 * abs(expected)


@dataclass
class Tried:
    """One case: the library's result and the plain count of the same files."""

    case: Case
    study: Any
    result: Any
    money: Money
    given: Given
    start: Any = field(repr=False)


def tried_of(given: Given, folder: Path) -> Tried:
    case = case_of(given, folder)
    study = group_home.study.study(case)
    world = World(folder / "data", ENHET, given.ar, tuple(given.changes))
    start = plan_of(folder / "data", HOME)
    return Tried(case, study, group_home.view.result(study), Money(world, world.under(start)), given, start)


def case_of(given: Given, folder: Path, notebook: str = "gruppbostad_kbh") -> Case:
    write_files(folder / "data", given)
    params = folder / "params"
    params.mkdir()
    if given.changes:
        write_scenario(params, "prov", given.changes)
    sources = load_sources(Folders((params, PARAMS), folder / "data"))
    scenario = {"scenario": "prov"} if given.changes else {}
    which = {"boende": HOME} if notebook == "gruppbostad_kbh" else {}
    told = {"ar": given.ar, "sources": sources, "spridning": "arbetsmaterial", **which, **scenario}
    return open_case(notebook, enhet=ENHET, **told)


def every_key_figure_is_counted(tried: Tried) -> None:
    found = {name: figure.varde for name, figure in tried.result.nyckeltal.items()}
    expected = key_figures(tried.money)
    assert found.keys() == expected.keys()
    assert {name: kr for name, kr in found.items() if not same(kr, expected[name])} == {}
    for name, figure in tried.result.nyckeltal.items():
        assert bool(figure.saknas) == isnan(expected[name]), name


def every_figure_of_the_sentences_is_counted(tried: Tried) -> None:
    found = {name: figure.varde for name, figure in tried.result.fakta.items()}
    expected = facts(tried.money)
    assert found.keys() == expected.keys()
    assert {name: (kr, expected[name]) for name, kr in found.items() if not same(kr, expected[name])} == {}


def every_row_and_column_of_every_table_is_counted(tried: Tried) -> None:
    expected = sheets(tried.money, tried.start)
    found = tried.result.tabeller
    assert found.keys() - NOT_HELD.keys() == {name for name, rows in expected.items() if rows is not None}
    wrong = [text for name in expected.keys() & found.keys() for text in differing(name, found[name].frame, expected)]
    assert wrong == []
    two_bridges = bool(tried.given.changes)  # which bridge a row is of is shown where there are two
    assert ("brygga" in [column.key for column in found["brygga"].columns]) == two_bridges


def differing(name: str, frame: pd.DataFrame, expected: dict[str, Any]) -> list[str]:
    """Where a table is not what was counted."""
    rows, counted = frame.to_dict("records"), expected[name]
    if len(rows) != len(counted):
        return [f"{name}: {len(rows)} rows, counted {len(counted)}"]
    said = [f"{name}: columns {sorted(frame.columns)}"] if set(frame.columns) != set(counted[0]) else []
    for number, (row, right) in enumerate(zip(rows, counted, strict=True)):
        held = {key: kr for key, kr in right.items() if kr is not None or f"{name}.{key}" not in NOT_HELD}
        said += [
            f"{name} {number} {key}: {row.get(key)}, counted {kr}"
            for key, kr in held.items()
            if not same(row.get(key), kr)
        ]
    return said


def the_plan_of_the_drawn_years_and_each_draw_are_counted(tried: Tried) -> None:
    year, risks = tried.study.year, tried.study.risks
    found, expected = group_home.simulate.draw(year, risks, 40), drawn(tried.money, 40)
    for name, counted in expected.items():
        assert getattr(found, name) == pytest.approx(np.array(counted), abs=0.005, nan_ok=True), name
    table = tried.result.tabeller["spann"].frame
    assert table["ar"].tolist() == [tried.given.ar, tried.given.ar + 1, tried.given.ar + 2] * 3
    plan = [kr for name in ("resultat", "kbh", "tomgang") for kr in expected[name][0]]
    assert table["plan_kr"].to_numpy() == pytest.approx(np.array(plan), abs=0.005, nan_ok=True)
    every = group_home.simulate.draw(year, risks)
    ends = [np.percentile(getattr(every, name)[1:, n], [10, 50, 90]) for name in expected for n in range(3)]
    assert table[["lag_kr", "median_kr", "hog_kr"]].to_numpy() == pytest.approx(np.array(ends), nan_ok=True)
    assert table["tal"].tolist() == [name for name in ("resultat", "kbh", "tomgang") for _ in range(3)]
    assert table["namn"].tolist() == ["Resultat utan KBH"] * 3 + ["KBH"] * 3 + ["Tomgångshyra"] * 3


SETTINGS = (
    {"oppnar": -6, "takt": 0, "medelniva": 2, "arsarbetare": 0.5, "hyra": -4},
    {"oppnar": 3, "takt": 3, "medelniva": 1e9, "arsarbetare": 5, "hyra": 3},
    {"oppnar": 0, "takt": 1},
)


def what_dials_say_is_counted(tried: Tried) -> None:
    by_id = {one.id: one for one in tried.result.skjutreglage}
    if isnan(tried.money.full["hyra_mid"] + tried.money.plan.arsarbetare):
        assert not by_id
        return
    expected = dials(tried.money)
    assert by_id.keys() == expected.keys()
    for name, told in expected.items():
        one = by_id[name]
        assert (one.minst, one.mest, one.steg, one.start) == told.pop("ends")
        assert all(getattr(one, key) == its for key, its in told.items()), name
        assert one.bara_arbetsmaterial == (name == "medelniva")


def what_dials_move_is_counted(tried: Tried) -> None:
    by_id = {one.id: one for one in tried.result.skjutreglage}
    before, cash_before = key_figures(tried.money), cash(tried.money)
    for setting in SETTINGS if by_id else ():
        at = {
            name: min(max(place, by_id[name].minst), by_id[name].mest)
            for name, place in setting.items()
            if name in by_id
        }
        money = turned(tried.money, at)
        found = moved(tried.result.skjutreglage, at, {}, tried.result.rutor)
        now = {name: kr for name, kr in key_figures(money).items() if name in found or not isnan(kr)}
        now.pop("antal_nivafordelningar", None)  # no dial moves how many mixes there are
        wrong = {name: kr for name, kr in now.items() if not same(found.get(name, 0.0), kr - before[name])}
        assert wrong == {}, at
        start, marks = {one.id: one.start for one in by_id.values()}, dict.fromkeys(cash_before, 0.0)
        for grid in (one for one in tried.result.rutor if one.ritas):
            marks[grid.nyckeltal] += grid.at({**start, **at}) - grid.at(start)
        counted = cash(money)
        assert [name for name, kr in marks.items() if not same(kr, counted[name] - cash_before[name])] == []


def whom_figures_tell_of_is_counted(tried: Tried) -> None:
    found = tried.result.people
    expected = people(tried.money, under(tried.money, tried.start, ()))
    if tried.given.namn == "okant":  # a rent that is not known has no lowest and no highest
        expected |= {"lägenheter med lägsta hyran": 0, "med högsta hyran": 0}
    told = {name: one.antal.iloc[0, 0] for name, one in found.items() if not name.startswith("kbh ")}
    assert told == expected
    for family in FAMILIES:
        rows = found[f"kbh {family}"].antal
        assert [*zip(rows["med"], rows["utan"], strict=True)] == with_kbh(tried.money, family)


@pytest.mark.parametrize("given", BUDGETS, ids=[given.namn for given in BUDGETS])
def test_what_homes_do_to_the_budget_is_counted(given, tmp_path):
    case = case_of(given, tmp_path, "budgetscenarier")
    found = group_home.others.effects(case, case.scenario)
    expected, unknown = budget_rows(World(tmp_path / "data", ENHET, given.ar, tuple(given.changes)))
    rows = {(row.forandring, row.effekt, row.manad): row.kr for row in found.rows.itertuples()}
    assert rows.keys() == expected.keys()
    assert [key for key, kr in rows.items() if not same(kr, expected[key])] == []
    said = {"lss_peng": "LSS-peng", "hyresintakt": "hyresintäkt", "tomgangshyra": "tomgångshyra", "kbh": "KBH"}
    assert set(found.unknown) == {f"{said.get(effect, effect)} i {boende}" for effect, boende in unknown}
    assert found.moved == {
        f"prov:{number}" for number, change in enumerate(given.changes, 1) if change["typ"] != "belopp"
    }


@pytest.mark.parametrize("given", BUDGETS, ids=[given.namn for given in BUDGETS])
def test_whom_the_budgets_rows_tell_of_is_counted(given, tmp_path):
    case = case_of(given, tmp_path, "budgetscenarier")
    found = group_home.others.effects(case, case.scenario)
    expected, priced = whom(World(tmp_path / "data", ENHET, given.ar, tuple(given.changes)))
    rows = {(row.forandring, row.effekt) for row in found.rows.itertuples()}
    told = rows & {(change, effect) for change, effect in rows if effect in (*expected, "kbh")}
    assert found.persons.keys() == told
    for key in (key for key in told if key[1] in expected):
        assert [one.antal.iloc[0, 0] for one, _ in found.persons[key][1]] == expected[key[1]], key
    prices = {f"prov:{number}" for number, change in enumerate(given.changes, 1) if "prislista" in change}
    of_prices = {key for key in told if key[0] in prices and key[1] == "lss_peng"}
    assert found.telling.keys() == of_prices
    assert found.priced.keys() == {key for key in told if key[1] == "lss_peng"}
    assert all([one.antal.sum() for one in behind] == priced for _, behind in found.priced.values())


def test_the_bridge_from_another_scenario_adds_and_takes_away(tmp_path):
    given = replace(CASES[0], changes=(OPENS | {"oppnar": "2024-02-15", "arsarbetare": 8}, PRICES_UP))
    other = (SHARE, OPENS | {"oppnar": "2024-04-30", "hyra_kr_per_manad": 9900})
    case = case_of(given, tmp_path)
    write_scenario(tmp_path / "params", "annat", other)
    folders = Folders((tmp_path / "params", PARAMS), tmp_path / "data")
    told = {"ar": given.ar, "sources": load_sources(folders), "boende": HOME, "scenario": "prov", "jamfor_med": "annat"}
    case = open_case("gruppbostad_kbh", enhet=ENHET, **told)
    start = plan_of(tmp_path / "data", HOME)
    world = World(tmp_path / "data", ENHET, given.ar, given.changes)
    expected = bridge_from(Money(world, world.under(start)), start, other)
    found = group_home.steps.scenario_bridge(group_home.study.study(case))
    assert differing("brygga", found.assign(brygga="Jämförelsen → scenariot"), {"brygga": expected}) == []


def test_a_unit_without_homes_has_no_effects_of_them(tmp_path):
    """Nor has a scenario that opens none: no table of homes is needed."""
    given = BUDGETS[0]
    case = case_of(given, tmp_path, "budgetscenarier")
    only = replace(case.scenario, changes=tuple(n for n in case.scenario if n.change.typ == "upprakning"))
    assert group_home.others.effects(case, only).rows.empty
    other = tmp_path / "utan"
    other.mkdir()
    for path in (tmp_path / "data").iterdir():
        if path.stem not in ("boenden", "lagenheter"):
            (other / path.name).write_text(path.read_text("utf-8"), "utf-8")
    without = replace(case, sources=load_sources(Folders((tmp_path / "params", PARAMS), other)))
    assert group_home.others.effects(without, only).rows.empty


@pytest.mark.parametrize("given", BUDGETS, ids=[given.namn for given in BUDGETS])
def test_flats_completed_and_begun_are_counted(given, tmp_path):
    case = case_of(given, tmp_path, "budgetscenarier")
    for ar in (given.ar - 1, given.ar):
        world = World(tmp_path / "data", ENHET, ar, tuple(given.changes))
        for month in (1, 2, 3, 5, 12):
            found = group_home.others.outcomes(case, ar, month)
            assert {name: one.varde for name, one in found.items()} == flats_of_year(world, month)


def told_of(money: Money, before: Money) -> dict[str, set[tuple[str, str]]]:
    """Whom each key figure tells of: flats' residents, from when they pay, whose KBH, and whose levels."""
    flats, moves, both = ("lägenheter", ""), ("inflyttade samma dag", ""), (money, before)
    named = {("kända nivåer", "")} if money.named else set()
    free = money.plan.platser > len(money.named) and money.own and money.levels
    levels = (named if money.levels else set()) | ({("enhetens egna", "")} if free else set())
    by_year = {(f"kbh {one.world.rule('kbh.familj', day)}", "med") for one in both for day in one.world.days}
    by_end = {(f"kbh {one.world.rule('kbh.familj', one.last_known)}", "med") for one in both}
    measured = [
        flat.niva for flat in money.plan.flats if any(days and flat.inflyttning <= m for m, days in money.measured_days)
    ]
    paid = {moves, flats} if measured else set()
    paid |= {("kända nivåer", "")} if any(measured) and money.levels else set()
    paid |= {("enhetens egna", "")} if "" in measured and money.own and money.levels else set()
    found = {f"hyra_{span}_{end}_kr": {flats} for span in ("ar", "helar") for end in ("lag", "hog")}
    found["arets_peng"] = paid
    for end in ("lag", "hog"):
        found |= {f"kbh_ar_{end}_kr": {flats, moves} | by_year, f"kbh_helar_{end}_kr": {flats} | by_end}
    ends = named if money.levels else set()
    found |= {"tomgangshyra_ar_kr": {flats, moves}, "peng_lagst_kr": ends, "peng_hogst_kr": ends}
    found |= {"peng_forvantad_kr": levels, "nettokostnad_kr_per_plats_och_dygn": {flats}}
    return found | {"resultat_ar_kr": {flats, moves} | paid, "resultat_helar_kr": {flats} | levels}


def each_key_figure_says_whom_it_tells_of(tried: Tried) -> None:
    expected = told_of(tried.money, under(tried.money, tried.start, ()))
    for name, figure in tried.result.nyckeltal.items():
        assert set(figure.tells) == expected.get(name, set()), name


def tables_say_whom_they_tell_of(tried: Tried) -> None:
    """Steps and ranges: nobody where nothing moves; where levels move the year, of a single person."""
    told = told_of(tried.money, under(tried.money, tried.start, ()))
    flats, let, peng = told["hyra_ar_lag_kr"], told["tomgangshyra_ar_kr"], told["arets_peng"]
    kbh, kbh_full, peng_full = told["kbh_ar_lag_kr"], told["kbh_helar_lag_kr"], told["peng_forvantad_kr"]
    one = {("en person", "")}
    by_levels, by_levels_full = one if peng - let else set(), one if peng_full else set()
    table = tried.result.tabeller["kanslighet"]
    last = len(table.frame) - 1
    of = {
        "resultat_ar_kr": let | peng | by_levels,
        "resultat_helar_kr": flats,
        "kbh_ar_kr": kbh,
        "kbh_helar_kr": kbh_full,
    }
    for key, its in of.items():
        found = [set(row) for row in table.told[key]]
        assert found == [its if kr != 0 and row < last else set() for row, kr in enumerate(table.frame[key])], key
    table = tried.result.tabeller["spann"]
    of = {"resultat": let | by_levels_full, "kbh": kbh, "tomgang": let}
    for key in ("plan_kr", "lag_kr", "median_kr", "hog_kr"):
        assert [set(row) for row in table.told[key]] == [of[name] for name in table.frame["tal"]]
    table = tried.result.tabeller["brygga"]
    steps = {"kbh": (kbh, kbh_full), "hyresintakt": (let, flats), "tomgangshyra": (let, set())}
    steps |= {"slut": (let | kbh, flats | kbh_full)}
    leg = table.frame["brygga"].str.startswith("Enhetens")
    for number, row in table.frame[leg].iterrows():
        of_ram = (peng, peng_full) if row["typ"] in ("lss_peng", "slut") else (set(), set())
        its = (*steps.get(row["typ"], (set(), set())), *of_ram)
        for key, who in zip(("kr", "kr_helar", "kr_ram", "kr_ram_helar"), its, strict=True):
            assert set(table.told[key][number]) == (who if row[key] != 0 else set()), (number, key)
    for number, row in table.frame[~leg].iterrows():
        again = row["typ"] not in ("start", "slut")
        before = row["typ"] == "start"
        for key, who, moved_by in (("kr_ram", peng, by_levels), ("kr_ram_helar", peng_full, by_levels_full)):
            if not before:
                its = who | (moved_by if again else set())
                assert set(table.told[key][number]) == (its if row[key] != 0 else set()), (number, key)
        for key, who in (("kr", let | kbh), ("kr_helar", flats | kbh_full)):
            assert set(table.told[key][number]) == (who if row[key] != 0 else set()), (number, key)


def what_is_persons_times_prices_is_that_to_the_krona(tried: Tried) -> None:
    """The persons times their prices, and what stands beside, are the amount; as many persons as there are."""
    persons = {"kända": len(tried.money.named), "egna": sum(tried.money.own.values())}
    named = {**tried.result.nyckeltal, **tried.result.fakta}
    cells = [(name, one.varde, one.priced) for name, one in named.items() if one.varde is not None]
    for name, table in tried.result.tabeller.items():
        for column, rows in table.priced.items():
            pairs = zip(table.frame[column], rows, strict=True)
            cells += [(f"{name}.{column}", kr, priced) for kr, priced in pairs if not isnan(kr)]
    for name, kr, priced in cells:
        if priced and not name.endswith(("_lag_kr", "_hog_kr")) and "kanslighet" not in name:
            of = sum(float(np.nansum(one.antal * one.pris)) for one in priced)
            assert all(same(one.apart, kr - of) for one in priced), name
            assert [one.antal.sum() for one in priced] == [persons[one.grupp[0]] for one in priced], name
    figures = tried.result.nyckeltal
    full = {one.grupp[0]: float(one.antal @ one.pris) for one in figures["peng_forvantad_kr"].priced}
    last, free = tried.money.world.days[-1], tried.money.plan.platser - persons["kända"]
    known = sum(tried.money.expected(niva, last) for niva in tried.money.named) * tried.money.days
    for name in ("peng_lagst_kr", "peng_hogst_kr"):
        assert [float(one.antal @ one.pris) for one in figures[name].priced] == [pytest.approx(known)] * bool(known)
    if full and not isnan(tried.money.peng()["vantad"]):
        assert full.get("kända", 0.0) == pytest.approx(known)
        assert full.get("egna", 0.0) == pytest.approx(free * tried.money.expected("", last) * tried.money.days)


def what_a_grid_tells_is_what_its_figure_tells(tried: Tried) -> None:
    """Other audiences get no grid of incomes, of rents that differ, or of who has moved in."""
    plan, families = tried.money.plan, {tried.money.world.rule("kbh.familj", day) for day in tried.money.world.days}
    by_income = "minimibelopp" in families
    alike = len({flat.lag for flat in plan.flats}) == len({flat.hog for flat in plan.flats}) == 1 and not by_income
    for grid in tried.result.rutor:
        name, of = grid.nyckeltal, set(grid.reglage)
        whole = name == "resultat_ar_kr" and "takt" in of or name.startswith("kbh_helar") and by_income
        flats = not alike and (name.startswith("kbh_ar") or name == "tomgangshyra_ar_kr" or grid.ritas)
        assert grid.bara_arbetsmaterial == bool(whole or flats), (name, of)
        assert grid.ritas == name.startswith("kassa.")
        shown = {"hyra_helar_lag_kr", "hyra_helar_hog_kr"} if of == {"hyra"} and name[:3] in ("net", "res") else set()
        shown = {"tomgangshyra_ar_kr"} if grid.ritas else shown
        open_data = of == {"arsarbetare"} or grid.ritas or bool(shown)
        assert (set(grid.oppen) if grid.oppen is not None else None) == (shown if open_data else None), (name, of)


CHECKS = (
    every_key_figure_is_counted,
    every_figure_of_the_sentences_is_counted,
    every_row_and_column_of_every_table_is_counted,
    the_plan_of_the_drawn_years_and_each_draw_are_counted,
    what_dials_say_is_counted,
    what_dials_move_is_counted,
    whom_figures_tell_of_is_counted,
    each_key_figure_says_whom_it_tells_of,
    tables_say_whom_they_tell_of,
    what_is_persons_times_prices_is_that_to_the_krona,
    what_a_grid_tells_is_what_its_figure_tells,
)


@pytest.mark.parametrize("given", CASES, ids=[given.namn for given in CASES])
def test_a_homes_report_is_counted(given, tmp_path):
    """One test a case, so that all that is checked runs what the report runs."""
    tried = tried_of(given, tmp_path)
    for check in CHECKS:
        check(tried)
