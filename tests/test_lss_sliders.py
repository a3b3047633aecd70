"""The dials of LSS-peng's page: from which days a person comes or is taken, by hand."""

from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planbok.base.periods import spans
from planbok.topics.lss_peng.sliders import IN_MONTH, _by_month, _from, _moves, _stays
from planbok.topics.lss_peng.worlds import World, cells_in

CELL = ("gruppbostad", "4", "kommunal")


def _world(*rows: tuple[str, str, str, float | None, int]) -> SimpleNamespace:
    """Decisions in one cell: beslut, first and last day, own price, persons."""
    frame = pd.DataFrame(rows, columns=["beslut", "fran", "till", "pris", "antal"])
    frame = frame.assign(insats=CELL[0], niva=CELL[1], regi=CELL[2])
    frame[["fran", "till"]] = frame[["fran", "till"]].apply(pd.to_datetime)
    return World(SimpleNamespace(ar=2024), frame, frame[:0], None, cells_in([frame]))


@pytest.mark.parametrize(
    ("rows", "stays"),
    [
        ([("b1", "2024-01-01", "2025-01-01", None, 1)], True),
        ([("b1", "2024-01-02", "2025-01-01", None, 1)], False),  # nobody on 1 January
        ([("b1", "2024-01-01", "2024-12-31", None, 1)], False),  # ends with the year
        ([("b1", "2023-01-01", "2025-06-30", 2000.0, 1)], False),  # paid by a price of its own
        ([("b1", "2023-01-01", "2025-06-30", None, 2)], False),  # a scenario's persons
        ([], False),
        # whom the change takes is the first by decision: in February the one who leaves in March
        ([("b2", "2024-01-01", "2025-01-01", None, 1), ("b1", "2024-02-01", "2024-03-31", None, 1)], False),
        ([("b1", "2024-01-01", "2025-01-01", None, 1), ("b2", "2024-02-01", "2024-03-31", None, 1)], True),
        ([("b1", "2024-02-02", "2024-02-29", None, 1), ("b2", "2024-01-01", "2025-01-01", None, 1)], True),
    ],
)
def test_one_can_be_taken_who_is_there_on_the_first_of_each_month_and_past_the_year(rows, stays):
    assert _stays(_world(*rows), CELL) is stays
    assert not _stays(_world(*rows), (CELL[0], "5", CELL[2]))


def test_who_can_be_taken_may_leave_or_move_one_level_up_or_down():
    world = _world(("b1", "2023-01-01", "2025-06-30", None, 1))
    assert list(_moves(world, CELL[0], ["3", "4", "5"])) == [("4", ""), ("4", "3"), ("4", "5")]
    assert list(_moves(world, CELL[0], ["4", "5", "6"])) == [("4", ""), ("4", "5")]
    assert list(_moves(world, CELL[0], ["2", "3", "4"])) == [("4", ""), ("4", "3")]


def test_a_dial_of_months_says_and_writes_the_first_of_each():
    frame = SimpleNamespace(matning_2=date(2024, 9, 1))
    study = SimpleNamespace(case=SimpleNamespace(ar=2024), world=SimpleNamespace(frame=frame))
    dial = _from(study, IN_MONTH)
    assert (dial.namn[1], dial.namn[12], dial.skrivs[1], dial.skrivs[12]) == (
        "januari", "december", "2024-01-01", "2024-12-01",
    )  # fmt: skip
    assert (dial.minst, dial.mest, dial.steg, dial.start) == (1, 12, 1, 9)
    assert (dial.bara_arbetsmaterial, _from(study, "en_person_manad").bara_arbetsmaterial) == (False, True)


def test_who_comes_on_a_day_of_measurement_is_measured_and_paid_from_that_day():
    """100 kr a day in 2024, measured 1 March and 1 September, the latter of which is the whole year's."""
    frame = SimpleNamespace(
        ar=2024, spans=spans(2024), matning_1=date(2024, 3, 1), matning_2=date(2024, 9, 1), matregel="senaste",
        vikter=(0.5, 0.5), span_days=np.array([span.days for span in spans(2024)]),
    )  # fmt: skip
    found = _by_month(SimpleNamespace(frame=frame, given=lambda cell: np.full(12, 100.0)), CELL)
    left = [(date(2025, 1, 1) - date(2024, month, 1)).days * 100 for month in range(1, 13)]
    assert found["peng_dygn_kr"].tolist() == left
    assert found["personer_matning_1"].tolist() == [1] * 3 + [0] * 9
    assert found["personer_matning_2"].tolist() == [1] * 9 + [0] * 3
    assert found["efter_matning_1_kr"].tolist() == [36_600] * 3 + [0] * 9
    assert found["slutlig_kr"].tolist() == [36_600] * 9 + [0] * 3
    assert found["skillnad_matning_dygn_kr"].tolist() == [36_600 - kr for kr in left[:9]] + [-kr for kr in left[9:]]


def test_one_person_is_counted_in_a_measurement_and_a_cell_without_a_price_is_not(monkeypatch):
    from planbok.topics.lss_peng import counts

    cells = pd.MultiIndex.from_tuples([(*CELL[:1], niva, CELL[2]) for niva in "1234"], names=["insats", "niva", "regi"])
    price = np.array([[100.0, 110.0], [200.0, np.nan], [300.0, 300.0], [np.nan, np.nan]])
    persons = np.array([1.0, 2.0, 0.0, 3.0])
    monkeypatch.setattr(counts.model, "measured", lambda number, prices: number[:, None] * prices.tilldelning)
    world = SimpleNamespace(cells=cells, persons=lambda day: persons, prices=SimpleNamespace(tilldelning=price))
    found = counts._measured(world, date(2024, 3, 1))
    assert found[["niva", "personer", "kr"]].to_numpy().tolist() == [["1", 1, 210], ["2", 2, 400]]


def test_only_those_who_came_in_the_years_known_months_move_what_stands():
    """One since last year, one from March whose second decision is of June, one from June: known are four months."""
    from planbok.topics.lss_peng.steady import ALL, _groups_stand

    rows = pd.DataFrame(
        [("p1", "2023-05-01"), ("p2", "2024-03-01"), ("p2", "2024-06-01"), ("p3", "2024-06-01"), ("p4", "2024-01-02")],
        columns=["person", "fran"],
    )
    rows = rows.assign(fran=pd.to_datetime(rows["fran"]), insats="gruppbostad", regi="kommunal")
    asked = []

    def standing(moved, hidden):
        asked.append((moved[:, :2].tolist(), hidden.shape))
        return np.array([[0, 0]] * 4 + [[3, 4]])

    limits = SimpleNamespace(hidden=lambda people: set(), standing=standing)
    people = SimpleNamespace(rows_in_year=lambda: rows, people=lambda: defaultdict(str))
    study = SimpleNamespace(case=SimpleNamespace(ar=2024))
    assert _groups_stand(study, people, limits, 4) == {("gruppbostad", "kommunal"): 3, ALL: 4}
    assert [(sorted(moved), shape) for moved, shape in asked] == [([[1, 0], [3, 0]], (13, 1))]


def test_who_moves_gives_what_the_new_level_gives_less_the_old():
    from planbok.topics.lss_peng.sliders import _moved

    kr = {"3": {"peng": np.array([270.0, 90.0])}, "4": {"peng": np.array([340.0, 110.0])}}
    assert _moved(kr, "3", "4")["peng"].tolist() == [70, 20]
    assert _moved(kr, "3", "")["peng"].tolist() == [-270, -90]


def test_a_single_day_without_a_price_is_said():
    from planbok.topics.lss_peng.coverage import _unpriced_days

    cells = pd.DataFrame({"insats": ["a", "a", "b", "c"], "niva": ["1", "2", "1", "1"]}).set_index(["insats", "niva"])
    price = np.array([[1.0, np.nan], [np.nan, 1.0], [1.0, 1.0], [np.nan, np.nan]])
    days = np.array([[31.0, 0.5], [0.5, 29.0], [31.0, 29.0], [0.0, 0.0]])
    world = SimpleNamespace(prices=SimpleNamespace(tilldelning=price), days=days, cells=cells.index)
    assert _unpriced_days(world) == {"a": 1.0}


def test_what_is_paid_is_of_each_person_and_day_at_the_decisions_price_or_the_lists():
    """10 days of January: half a person of a scenario, one with a price of its own, one in own management."""
    from planbok.topics.lss_peng.model import payments

    index = pd.MultiIndex.from_tuples([(*CELL[:2], "privat"), CELL], names=["insats", "niva", "regi"])
    year = spans(2024)
    prices = SimpleNamespace(cells=index, spans=year, ersattning=np.tile([[100.0], [90.0]], len(year)))
    days = {"fran": pd.Timestamp("2024-01-22"), "till": pd.Timestamp("2024-01-31"), "insats": CELL[0]}
    frame = pd.DataFrame({"antal": [0.5, 1, 1], "pris": [np.nan, 250.0, np.nan], "regi": ["privat", CELL[2], CELL[2]]})
    found = payments(frame.assign(**days, niva="4", sista_natt=False), prices, set(), np.array([0, 1, 1]))
    assert found.per_decision.tolist() == [0.5 * 10 * 100, 10 * 250, 0] and found.paid.tolist() == [True, True, False]
    assert found.per_month["2024-01"] == 3000 and found.per_month.sum() == 3000
