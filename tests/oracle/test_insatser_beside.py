"""What granted insatser say to other reports, whom their kronor tell of, and what is refused: from made-up rows."""

from collections import Counter, defaultdict
from datetime import date
from math import isnan

import numpy as np
import pytest
from oracle.decided import DAY, OPEN, Decision, chains, drawn, in_month, month_end, read, renewed, rules, write
from oracle.granted import Granted, price, quantity
from oracle.test_insatser import the_case

from planbok.base.errors import InputError
from planbok.case.grounds import Span
from planbok.topics import insatser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("unit"), 21, 140)


def paid(unit: Granted, own_table: bool) -> list[Decision]:
    """Decisions in hours, and in insatser that give no peng but have a price of their own."""
    peng, found = rules("lss_peng")["lss_peng.insatser"], []
    for one in unit.rows:
        by_day = one.insats not in peng and one.row["pris_kr_per_dygn"]
        if (one.row["timmar_per_manad"] or by_day) and not (own_table and one.insats == "personlig_assistans"):
            found.append(one)
    return found


@pytest.mark.parametrize(("tom", "own_table"), [(0, False), (2, True), (9, False)])
def test_what_a_month_knew_of_the_years_payments(folder, tmp_path, tom, own_table):
    rows = read(folder / "beslut.csv")
    write(tmp_path / "beslut.csv", [row | _own_price(row) for row in rows])
    if own_table:
        hours = {"enhet": "provet", "manad": "2024-01", "insats": "personlig_assistans", "antal_personer": "6"}
        hours |= {"tidsslag": "dag", "beviljade_h": "900", "utforda_h": "900", "grupp": "alla"}
        write(tmp_path / "assistanstimmar.csv", [hours])
    given = insatser.TOPIC.part(insatser.TOPIC.driven)(the_case(tmp_path, 2024, 12, ()), 2024, tom)
    unit, known = Granted(tmp_path, 2024, tom), month_end(f"2024-{tom:02d}")
    own = paid(unit, own_table)
    begun = [one if one.end - DAY <= known else one._replace(end=OPEN) for one in own if one.first <= known]
    year = [f"2024-{number:02d}" for number in range(1, 13)]
    priced = [one for one in begun if not isnan(price(one, 2024))]
    expected = [sum(quantity(one, month, True) * price(one, 2024) for one in priced) for month in year]
    assert given.kr.loc["ersattning"].to_numpy() == pytest.approx(expected)
    found = chains(own)
    moved = {
        "in": [sum(in_month(chain.first, month) for chain in found) for month in year],
        "ut": [sum(in_month(chain.end, month) for chain in found) for month in year],
        "omprovade": [sum(in_month(one.first, month) for one in renewed(found)) for month in year],
    }
    assert given.moved["ersattning"].to_dict("list") == {name: its[:tom] for name, its in moved.items()}


def _own_price(row: dict[str, str]) -> dict[str, str]:
    return {"pris_kr_per_dygn": "310"} if row["insats"] == "kontaktperson" else {}


def test_which_changes_move_the_series_and_no_kronor(folder):
    """Peng is paid for some insatser; no more persons than there are can go; rules count from a month's first day."""
    there = {one.person for one in Granted(folder, 2024, 12).of("kontaktperson", False) if one.runs(date(2024, 5, 1))}
    last = {"insats": "kontaktperson", "antal": -len(there), "fran": "2024-05-01"}
    changes = (
        {"insats": "kontaktperson", "antal": 1, "fran": "2024-12-31"},
        {"insats": "kontaktperson", "antal": 1, "fran": "2025-01-01"},
        {"insats": "kontaktperson", "antal": 1, "fran": "2024-05-01", "enhet": "grannen"},
        {"insats": "gruppbostad", "antal": 1, "fran": "2024-05-01"},
        last,
        last | {"antal": -len(there) - 1},
        {"typ": "regel", "regel": "varning.minst_antal", "varde": 6, "fran": "2024-12-01"},
        {"typ": "regel", "regel": "varning.minst_antal", "varde": 6, "fran": "2024-12-02"},
        {"typ": "regel", "regel": "varning.minst_antal", "varde": 6, "fran": "2025-01-01"},
        {"typ": "regel", "regel": "upprakning.lss_ersattning_procent", "varde": 6, "fran": "2024-01-01"},
    )
    case = the_case(folder, 2024, 12, changes)
    found = insatser.TOPIC.effects_of(case, case.scenario)
    assert (sorted(found.moved), len(found.rows)) == (["prov:1", "prov:5", "prov:7"], 0)


def test_a_change_that_takes_more_than_there_are_says_how_many_there_are(folder):
    unit = Granted(folder, 2024, 12)
    there = min(unit.running("gruppbostad", month_end(month)) for month in ("2024-08", "2024-09", "2024-10"))
    change = {"insats": "gruppbostad", "antal": -there - 1, "fran": "2024-08-31", "till": "2024-11-29"}
    with pytest.raises(InputError) as error:
        insatser.study.study(the_case(folder, 2024, 12, (change,)))
    assert f"behöver {there + 1} personer" in error.value.faults[0].text
    assert f"men {there} har ett löpande beslut" in error.value.faults[0].text
    insatser.study.study(the_case(folder, 2024, 12, (change | {"antal": -there},)))


def test_a_change_after_the_year_is_refused(folder):
    change = {"insats": "gruppbostad", "antal": 1, "fran": "2024-12-31"}
    insatser.study.study(the_case(folder, 2024, 9, (change,)))
    with pytest.raises(InputError, match="efter 2024"):
        insatser.study.study(the_case(folder, 2024, 9, (change | {"fran": "2025-01-01"},)))


@pytest.mark.parametrize("tom", [2, 9])
def test_the_cost_is_persons_times_prices(folder, tom):
    """Persons of the year's months, of the same months a year ago, and since the decisions that the budget knew."""
    table = insatser.view.result(insatser.study.study(the_case(folder, 2024, tom, ()))).tabeller["drivare"]
    unit = Granted(folder, 2024, tom)
    before = date(2023, tom, min(unit.last.day, 28)) if tom == 2 else unit.last.replace(year=2023)
    spans = [(date(2024, 1, 1), unit.last), (date(2023, 1, 1), before), (date(2023, 8, 27), unit.last)]
    days = (unit.last - date(2024, 1, 1)).days + 1
    for priced, (first, last) in zip(table.priced["fore_kr"][0], spans, strict=True):
        own = [one for one in unit.rows if one.first <= last and one.end > first and not isnan(price(one, 2024))]
        _same_cells(priced, own, [price(one, 2024) * days for one in own])
    dearer = table.priced["pris_kr"][0][-1]
    now = [one for one in unit.rows if one.runs(unit.last)]
    dearer_by = [price(one, 2024) - price(one, 2023) for one in now]
    known = [(one, kr * days) for one, kr in zip(now, dearer_by, strict=True) if not isnan(kr)]
    _same_cells(dearer, *map(list, zip(*known, strict=True)))


def _same_cells(priced, rows: list[Decision], kr: list[float]) -> None:
    """Persons by cell in order, the mean of their kronor, and the insats and management that the cell is of."""
    cells = [(o.insats, o.row["tidsslag"] if o.row["timmar_per_manad"] else o.row["niva"], o.row["regi"]) for o in rows]
    counts, sums = Counter(cells), defaultdict(float)
    for cell, amount in zip(cells, kr, strict=True):
        sums[cell] += amount
    assert priced.antal.tolist() == [counts[cell] for cell in sorted(counts)]
    assert priced.pris == pytest.approx([sums[cell] / counts[cell] for cell in sorted(counts)])
    assert priced.grupp.tolist() == [f"{insats} {regi}" for insats, _, regi in sorted(counts)]


def test_a_flag_is_shares_of_a_change_times_prices(folder):
    study = insatser.study.study(the_case(folder, 2024, 8, ()))
    table, unit = insatser.view.result(study).tabeller["varningar"], Granted(folder, 2024, 8)
    assert len(table.frame)
    for row, flags in zip(unit.varningar(), table.priced["helar_kr"], strict=True):
        (flag,) = flags
        priced = [o for o in unit.of(row["insats"], False) if o.runs(unit.last) and not isnan(price(o, 2024))]
        assert flag.antal.sum() == len(priced)
        if priced:
            assert float((flag.antal * flag.pris).sum()) == pytest.approx(row["helar_kr"])
            assert np.isfinite(flag.pris).all()


def test_earlier_flags_of_all_insatser(folder):
    """The scenario's own insatser have no history."""
    change = {"insats": "barnboende_over_12", "antal": 6, "fran": "2024-02-01"}
    study, unit = insatser.study.study(the_case(folder, 2024, 9, (change,))), Granted(folder, 2024, 9)
    past = [unit.past(name) for name in unit.insatser]
    assert study.past_flags == tuple(map(sum, zip(*past, strict=True)))
    assert study.past_flags[0]


@pytest.mark.parametrize("tom", [1, 2])
def test_the_figures_rest_on_decisions_that_run_in_the_year_and_on_its_last_day(folder, tom):
    study = insatser.study.study(the_case(folder, 2024, tom, ()))
    found, last = insatser.grounds.grounds(study), date(2024, 2, 29) if tom == 2 else date(2024, 1, 31)
    for key, first in (("*", date(2024, 1, 1)), ("beslut_*", date(2024, 1, 1)), ("beslut_pagaende_antal", last)):
        assert found[key].rows[0].where == {"fran": Span(last=last), "till": Span(first=first)}
