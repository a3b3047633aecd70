"""Whom older people's care tells of, what its scenarios do to the budget, and what its tables may not hold, by hand."""

from collections import defaultdict
from math import ceil

import pandas as pd
import pytest
from oracle import raw
from oracle.home_care import number_of, steps
from oracle.home_care_outside import Outside
from oracle.home_care_rows import AR, OTHER, UNIT, drawn
from oracle.home_care_tables import PERMANENT, SLAG
from oracle.raw import total
from oracle.test_home_care import CHANGES, case_of, reported

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources
from planbok.topics.home_care.others import driven, effects
from planbok.topics.home_care.table_check import care_home_faults, table_faults

BESIDE = ("servicehus", "korttid")
TOLD = {"dag": ("ärenden", ""), "natt": ("natt", ""), "larm": ("larm", "")}


def cells(frame: pd.DataFrame) -> dict:
    """What is not 0, by row and column."""
    return {(row, name): its for name in frame for row, its in frame[name].items() if its and its == its}


def counts(oracle: Outside, name) -> dict:
    """Cases or full months by month and what `name` makes of a cell; a cell that it names None is left out."""
    found = defaultdict(float)
    for cell, known in oracle.cells.items():
        for at, number in known.antal.items():
            if number and name(cell) is not None:
                found[f"{at // 12}-{at % 12 + 1:02d}", name(cell)] += number
    return dict(found)


def managed(cell: tuple) -> str:
    regi = cell[3]
    return f"{cell[1]}|{'privat' if regi in ('entreprenad', 'enskild') else regi}"


def delegated(folder) -> dict:
    """Above the limit, and at exactly the limit, by month."""
    by_month = defaultdict(list)
    names = ("arenden_over_99_h", "arenden_99_h_eller_mer")
    for row in raw.read(folder / "hemtjanst.csv", names):
        by_month[row["manad"]] += [row] if row["enhet"] == UNIT else []
    found = {}
    for month, rows in by_month.items():
        over, at = (total([row[name] for row in rows]) for name in names)
        found[month, "över"] = over or 0
        found[month, "precis"] = 0 if None in (over, at) else at - over
    return {key: number for key, number in found.items() if number}


@pytest.mark.parametrize(("seed", "tom"), [(0, 3), (1, 3), (7, 2)])
def test_whom_the_figures_tell_of(tmp_path, seed, tom):
    oracle = Outside(drawn(tmp_path / "data", seed, "2023-01", "2024-04", ledger=False), tom)
    result = reported(tmp_path, tom).result
    people = {name: cells(its.antal) for name, its in result.people.items()}
    assert people == {
        "ärenden": pytest.approx(counts(oracle, lambda cell: cell[2] if cell[1] == "dag" else None)),
        "natt": pytest.approx(counts(oracle, lambda cell: "" if cell[1] == "natt" else None)),
        "larm": pytest.approx(counts(oracle, lambda cell: "" if cell[1] == "larm" else None)),
        "helmånader": pytest.approx(counts(oracle, lambda cell: cell[1] if cell[0] == "vobo" else None)),
        "regi": pytest.approx(counts(oracle, managed)),
        "chefsnivå": delegated(tmp_path / "data"),
    }
    parts = sorted({managed(cell) for cell in oracle.cells})
    kinds = sorted({cell[1] for cell in oracle.cells})
    of = {kind: [part for part in parts if part.startswith(f"{kind}|")] for kind in kinds}
    assert result.people["regi"].sums == tuple(frozenset(of[kind]) for kind in kinds)
    tells = {kind: {TOLD.get(kind, ("helmånader", kind)), *(("regi", part) for part in of[kind])} for kind in kinds}
    for table, names in (("prognos", oracle.kinds()), ("brytpunkt", [k for k in (*PERMANENT, *BESIDE) if k in kinds])):
        rows = next(iter(result.tabeller[table].told.values()))
        assert [set(row) for row in rows[: len(names)]] == [tells[kind] for kind in names]
    homes = [kind for kind in kinds if kind in SLAG and kind not in TOLD] or ["somatisk"]
    everybody = {("ärenden", ""), ("natt", ""), ("larm", ""), *(("helmånader", kind) for kind in homes)}
    assert set(result.nyckeltal["prognos_mnkr"].tells) == everybody | {("regi", part) for part in parts}


def test_the_budget_is_told_what_each_change_does(tmp_path):
    more = (
        {"typ": "arenden", "insats": "hemtjanst", "antal": 1, "fran": "2025-01-01"},
        {"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": 9, "fran": "2024-01-01", "enhet": OTHER},
    )
    oracle = Outside(drawn(tmp_path / "data", 0, "2022-06", "2024-08", ledger=False), 8, CHANGES)
    case = case_of(tmp_path, 8, (*CHANGES, *more))
    found = effects(case, case.scenario)
    months = [f"{AR}-{m:02d}" for m in range(1, 13)] + ["helar"]
    right = {
        (f"prov:{n}", effect, month): value
        for n, step in enumerate(steps(oracle.cells, CHANGES), 1)
        for effect, kr in step.items()
        for month, value in zip(months, kr, strict=True)
        if abs(value) > 1e-5
    }
    rows = {(row.forandring, row.effekt, row.manad): row.kr for row in found.rows.itertuples() if abs(row.kr) > 1e-5}
    assert rows == pytest.approx(right) and not found.unknown
    assert found.moved == {f"prov:{n}" for n in range(1, len(CHANGES) + 1)}
    words, told = found.persons["prov:1", "hemtjanst"]
    assert words == "hemtjänst" and "Norra" in [part for _, part in told]
    mine = {managed(cell) for cell in oracle.cells if cell[0] == "hemtjanst"}
    assert {part for _, part in told} == mine | {"Norra"}
    words, told = found.persons["prov:1", "vobo"]
    mine = {managed(cell) for cell in oracle.cells if cell[0] == "vobo"}
    assert words == "vård- och omsorgsboende" and {part for _, part in told} == mine


@pytest.mark.parametrize(("first", "tom"), [("2022-12", 4), ("2023-01", 1), ("2023-02", 4)])
def test_the_prognosis_is_told_the_path_of_volumes(tmp_path, first, tom):
    oracle = Outside(drawn(tmp_path / "data", 0, first, "2024-06", ledger=False), tom)
    found = driven(case_of(tmp_path, tom), AR, tom)
    if first > f"{AR - 1}-01":
        assert found.kr.empty and "helt år" in found.why
        return
    right = {name: [0.0] * 12 for name in ("hemtjanst", "vobo")}
    for cell, kr in oracle.kr.items():
        right[cell[0]] = [a + (b or 0) for a, b in zip(right[cell[0]], kr[:12], strict=True)]
    assert {name: found.kr.loc[name].tolist() for name in found.kr.index} == {
        name: pytest.approx(kr) for name, kr in right.items()
    }
    assert [*found.kr.columns] == [*range(1, 13)] and found.moved["hemtjanst"] is None
    moved, start = found.moved["vobo"], number_of(f"{AR - 1}-12")
    for kind in (*PERMANENT, *BESIDE):
        its = [total([k.antal.get(start + m) for c, k in oracle.cells.items() if c[1] == kind]) for m in range(tom + 1)]
        gaps = [0 if None in pair else ceil(abs(pair[1] - pair[0]) - 1e-9) for pair in zip(its, its[1:], strict=False)]
        assert moved[kind].tolist() == gaps


HOME = {"enhet": UNIT, "omrade": "Norra", "regi": "kommunal", "tidsslag": "dag", "arenden": 10, "utforda_h": 300}
NONE = dict.fromkeys(("beviljade_h", "bestallda_h", "arenden_over_99_h", "arenden_99_h_eller_mer"))


def even(folder, last: int = 12, **more) -> None:
    """Ten cases every month of the year."""
    months = [f"{AR}-{m:02d}" for m in range(1, last + 1)]
    raw.write(folder / "data" / "hemtjanst.csv", [HOME | NONE | {"manad": m} for m in months])
    rows = [{"enhet": UNIT, "manad": m, "slag": "profil", "regi": "privat", "dygn": 62} | more for m in months]
    raw.write(folder / "data" / "vobo.csv", rows)


FROM = {"fran": "2024-03-01"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"typ": "arenden", "omrade": "Norra", "antal": -10}, ""),
        ({"typ": "arenden", "omrade": "Norra", "antal": -10.1}, "too_few"),
        ({"typ": "arenden", "omrade": "Norra", "antal": 200}, ""),
        ({"typ": "flytt", "fran_insats": "hemtjanst", "till_slag": "profil", "antal": 10}, ""),
        ({"typ": "flytt", "fran_insats": "hemtjanst", "till_slag": "profil", "antal": 10.1}, "too_few"),
        ({"typ": "flytt", "fran_insats": "hemtjanst", "till_slag": "profil", "antal": -200}, ""),
        ({"typ": "flytt", "fran_insats": "hemtjanst", "till_slag": "demens", "antal": 1}, "unknown_slag"),
        ({"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": -90}, ""),
        ({"typ": "arenden", "insats": "hemtjanst", "antal": 1, "fran": "2024-12-31"}, ""),
        ({"typ": "arenden", "insats": "hemtjanst", "antal": 1, "fran": "2025-01-01"}, "moves_nothing"),
    ],
)
def test_a_change_takes_no_more_than_there_is_and_begins_in_the_year(tmp_path, change, code):
    even(tmp_path)
    if not code:
        assert reported(tmp_path, 6, [FROM | change]).result.nyckeltal["skillnad_mnkr"].varde
        return
    with pytest.raises(InputError) as stopped:
        reported(tmp_path, 6, [FROM | change])
    assert [fault.code for fault in stopped.value.faults] == [code]


def test_what_is_compared_with_is_taken_away(tmp_path):
    """Ten hours' worth more of each case from July: 184 days of 366, by months a half; 300 h a month at 485 kr."""
    even(tmp_path)
    change = [{"typ": "timmar", "insats": "hemtjanst", "h_per_arende_procent": 10, "fran": "2024-07-01"}]
    found = reported(tmp_path, 6, change, scenario="bas", jamfor_med="prov").result.nyckeltal
    assert found["jamfor_med_skillnad_mnkr"].varde == pytest.approx(-6 * 30 * 485 / 1e6)
    assert found["skillnad_mnkr"].varde == 0
    assert found["prognos_mnkr"].varde is not None  # a table that begins in January has the whole year


def test_an_area_without_hours_is_not_in_the_prognosis_and_is_named(tmp_path):
    """As if it were not there, but for its cases; a change of its cases says so too."""
    months = [f"{year}-{m:02d}" for year in (AR - 1, AR) for m in range(1, 13)]
    rows = [HOME | NONE | {"manad": month} for month in months]
    silent = [row | {"omrade": "Södra", "utforda_h": None} for row in rows]
    for folder, its in (("one", rows), ("both", rows + silent)):
        raw.write(tmp_path / folder / "data" / "hemtjanst.csv", its)
    one, both = (reported(tmp_path / folder, 6).result for folder in ("one", "both"))
    figures = [result.nyckeltal["prognos_mnkr"].varde for result in (one, both)]
    assert figures[0] == figures[1] == pytest.approx(12 * 300 * 485 / 1e6)
    assert both.nyckeltal["arenden_antal"].varde == 20
    said = "betalda timmar saknas för Södra"
    assert said in both.tabeller["prognos"].note and not one.tabeller["prognos"].note
    assert [check.forklaring for check in both.kontroller if not check.ok] == [said]
    changes = [{"typ": "arenden", "omrade": area, "antal": 2, "fran": "2024-01-01"} for area in ("Norra", "Södra")]
    case = case_of(tmp_path / "both", 6, changes)
    found = effects(case, case.scenario)
    assert found.unknown == (f"hemtjänst ({said})",)
    kr = found.rows[found.rows["manad"] != "helar"].groupby("forandring")["kr"].sum()
    assert kr["prov:1"] == pytest.approx(12 * 2 * 30 * 485) and kr.get("prov:2", 0) == 0


def test_cases_that_come_before_the_table_begins_have_no_hours(tmp_path):
    even(tmp_path)
    change = {"typ": "arenden", "omrade": "Norra", "antal": 2, "fran": f"{AR - 1}-03-01"}
    case = case_of(tmp_path, 6, [change], ar=AR - 1)
    found = effects(case, case.scenario)
    assert "hemtjänst (betalda timmar saknas för Norra)" in found.unknown and not found.rows["kr"].any()


FAULTS = [
    ({"arenden": 0, "utforda_h": 0}, []),
    ({"arenden": 0, "utforda_h": 1}, ["arenden"]),
    ({"arenden": 1, "utforda_h": 0}, []),
    ({"arenden_over_99_h": 3, "arenden_99_h_eller_mer": 3}, []),
    ({"arenden_over_99_h": 4, "arenden_99_h_eller_mer": 3}, ["arenden_over_99_h"]),
    ({"arenden_over_99_h": 10, "arenden_99_h_eller_mer": 10}, []),
    ({"arenden_99_h_eller_mer": 11}, ["arenden_99_h_eller_mer"]),
    ({"arenden_over_99_h": 11}, ["arenden_99_h_eller_mer"]),
]


def test_each_limit_of_what_can_be_in_a_row_of_home_care(tmp_path):
    rows = [HOME | NONE | {"omrade": f"O{n}", "manad": "2024-01"} | given for n, (given, _) in enumerate(FAULTS)]
    rows += [HOME | NONE | {"omrade": "B", "manad": "2024-01", "tidsslag": band} for band in ("", "natt")]
    rows += [HOME | NONE | {"omrade": "C", "manad": "2024-01", "regi": regi} for regi in ("", "privat")]
    rows += [HOME | NONE | {"manad": "2024-03"}]
    raw.write(tmp_path / "data" / "hemtjanst.csv", rows)
    found = table_faults(load_sources(Folders((PARAMS,), tmp_path / "data")).collection, None)
    right = {(line, f"kolumn {name}") for line, (_, names) in enumerate(FAULTS, 2) for name in names}
    line = len(FAULTS) + 2
    right |= {(line, "kolumn tidsslag"), (line + 2, "kolumn regi"), (0, "kolumn manad")}
    assert {(fault.line, fault.place) for fault in found} == right and len(found) == len(right)


def test_each_limit_of_what_can_be_in_a_row_of_care_homes():
    nan = float("nan")
    given = [
        (2, 62, nan, ""),
        (2.01, 62, nan, "helmanader"),
        (nan, 0, 5, "kr"),
        (0, nan, 5, "kr"),
        (nan, 0, 0, ""),
        (nan, 1, 5, ""),
    ]
    rows = [
        {"_rad": n, "enhet": UNIT, "manad": "2024-01", "slag": f"s{n}", "regi": "privat"}
        | {"helmanader": full, "dygn": days, "kr": kr}
        for n, (full, days, kr, _) in enumerate(given)
    ]
    found = [*care_home_faults(pd.DataFrame(rows), "vobo.csv")]
    right = [(n, f"kolumn {name}") for n, (*_, name) in enumerate(given) if name]
    assert sorted((fault.line, fault.place) for fault in found) == right
