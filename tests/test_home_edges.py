"""A new home exactly at its limits: the days, numbers and tables at which a figure turns."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from home_tables import ENHET, HOME_COLUMNS, home_case, write_homes, write_rows
from test_home_properties import AR, LEVELS, PRICES, a_home, conditions

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_sources, open_case
from planbok.topics import group_home
from planbok.topics.group_home import sliders, terms
from planbok.topics.group_home.levels import around, distribution
from planbok.topics.group_home.model import Year
from planbok.topics.group_home.people import _together, peng_of_year
from planbok.topics.group_home.simulate import Risks, draw
from planbok.topics.group_home.steps import _moved, level_step


def moved_in(*days: str, **stated) -> Year:
    """A year of a home whose flats are moved into on these days, nobody's level known."""
    home, count = a_home(), len(days)
    parts = {name: getattr(home.flats, name)[:count] for name in ("lag", "hog", "vuxna", "barn", "inkomst")}
    flats = replace(home.flats, **parts, niva=("",) * count, inflyttning=np.array(days, dtype="datetime64[D]"))
    return Year(replace(home, flats=flats, oppnar=date.fromisoformat(days[0]), platser=count, **stated), conditions())


@pytest.mark.parametrize(
    ("days", "fewest"),
    [
        (("2023-12-31", "2024-01-01"), 2),  # all days before the year are one
        (("2024-01-01", "2024-01-02"), 1),
        (("2024-05-01", "2024-05-01", "2024-06-01", "2024-06-01", "2024-06-01"), 2),
        (("2024-12-30", "2024-12-31"), 1),
        (("2024-12-31", "2025-01-01"), 1),
        (("2025-01-01", "2025-06-01"), 2),  # and so are all after it
    ],
)
def test_flats_let_from_the_same_day_within_the_year(days, fewest):
    assert _together(moved_in(*days)) == fewest


def test_the_average_rent_is_by_children_and_each_beyond_two_adds():
    listed = {"vuxna_1_2": 7000, "plus_1_barn": 8000, "plus_2_barn": 9000, "varje_barn_utover_2": 500}
    asked = []
    reader = SimpleNamespace(value=lambda key, day: asked.append(key) or listed[key.rpartition(".")[2]])
    assert [terms._average_rent(reader, n, date(AR, 1, 1)) for n in range(6)] == [7000, 8000, 9000, 9500, 10000, 10500]
    assert sum(key.endswith("varje_barn_utover_2") for key in asked) == 3  # read only where it counts


def test_a_family_that_own_rules_misspell_is_refused(tmp_path):
    own = (PARAMS / "regler" / "kbh.yaml").read_text("utf-8").replace("{varde: stockholm,", "{varde: stokholm,")
    (tmp_path / "regler").mkdir()
    (tmp_path / "regler" / "kbh.yaml").write_text(
        own.replace("  tillatna: [stockholm, tak, minimibelopp]\n", ""), "utf-8"
    )
    write_homes(tmp_path / "data")
    sources = load_sources(Folders((tmp_path, PARAMS), tmp_path / "data"))
    with pytest.raises(InputError) as stopped:
        group_home.study.study(open_case("gruppbostad_kbh", enhet=ENHET, ar=AR, boende="hemmet", sources=sources))
    (fault,) = stopped.value.faults
    assert (fault.code, fault.line) == ("unknown_family", 0)
    assert "'stokholm'" in fault.text and "'stockholm'" in fault.text


def test_the_level_that_pays_exactly_the_cost_is_below_it():
    assert around(2000.0, LEVELS, PRICES) == ("2", "3")
    assert around(999.99, LEVELS, PRICES) == ("", "1")
    assert around(3500.0, LEVELS, PRICES) == ("3", "")


def test_a_level_that_nobody_has_is_no_outcome():
    sums, chances = distribution(PRICES, np.array([0.5, 0.0, 0.5]), 2)
    assert sums.tolist() == [2000, 4500, 7000]
    assert chances.tolist() == [0.25, 0.5, 0.25]


@pytest.mark.parametrize(("prices", "step"), [([1000.0], np.nan), ([3000.0, 1000.0], 2000.0 * 366)])
def test_a_step_between_levels_needs_two_of_them(prices, step):
    year = SimpleNamespace(conditions=SimpleNamespace(peng_full=np.array(prices), days=366))
    assert level_step(year) == pytest.approx(step, nan_ok=True)


def test_the_second_measurement_pays_nothing_where_only_the_first_counts():
    """Nobody's level is known, and nobody of the unit's own: those who moved in after the first give 0 kr."""
    only_first = replace(conditions(), matvikter=conditions().matvikter[::-1], shares=None)
    late = replace(moved_in("2024-04-01", "2024-08-27"), conditions=only_first)
    assert late.peng.tolist() == [0] * 12
    assert late.measured_days.tolist() == [0, 0, 0, 0]
    assert not np.isnan(draw(late, Risks((0, 0), (0, 0)), draws=1).resultat[0, 0])
    early = replace(moved_in("2024-03-31", "2024-08-27"), conditions=only_first)
    assert np.isnan(early.peng).all()
    assert early.measured_days.tolist() == [0, 0, 0, 366]
    assert np.isnan(draw(early, Risks((0, 0), (0, 0)), draws=1).resultat).all()


def test_a_start_cost_that_is_not_known_is_left_out_of_a_step_only_where_both_years_have_it():
    unknown = {"startkostnad_kr": np.nan, "tilltrade": None, "personal_fran": None}
    now, moved, after = (moved_in(day, **unknown) for day in ("2024-11-30", "2024-12-31", "2025-01-01"))
    assert np.isnan([_moved(after, now)[0], _moved(now, after)[0]]).all()
    assert not np.isnan(_moved(moved, now)).any()


def test_the_years_peng_is_persons_for_the_days_that_are_measured():
    """Two of three known are measured, and one of two whose level isn't known: of the unit's ten persons."""
    year = moved_in("2024-08-01", "2024-08-27", "2024-08-28", "2024-05-01", "2024-12-31")
    home = replace(year.home, flats=replace(year.home.flats, niva=("2", "2", "3", "", "")))
    known, own = peng_of_year(Year(home, year.conditions), 10).priced
    assert known.antal.tolist() == [0, 2, 1] and own.antal.tolist() == [2, 3, 5]
    assert float(known.antal @ known.pris) == pytest.approx(2 / 3 * 366 * (2 * 2000 + 3500))
    assert float(own.antal @ own.pris) == pytest.approx(366 * (0.2 * 1000 + 0.3 * 2000 + 0.5 * 3500))


@pytest.mark.parametrize(("hyra", "lowest"), [(1500, -3), (1499, -2), (9000, -4)])
def test_the_dial_of_rent_ends_where_the_rent_is_nothing(tmp_path, hyra, lowest):
    home = {"bemanning_arsarbetare": 1, "kostnad_kr_per_arsarbetare": 1}
    study = group_home.study.study(home_case(tmp_path, home=home, flats=[{"hyra": hyra}]))
    assert sorted(sliders.Turned(study).rents) == [*range(lowest, 5)]


def test_a_home_at_fault_stops_a_change_only_where_no_other_home_can_be_worked_out(tmp_path):
    """One home has no flats; the rule moves no kronor of the budget, since the scenario opens none."""
    rule = {"typ": "regel", "regel": "kbh.stockholm.andel", "varde": 0.8, "fran": "2024-01-01"}
    case = home_case(tmp_path, [rule], notebook="budgetscenarier")
    path = tmp_path / "data" / "boenden.csv"
    row = path.read_text("utf-8").splitlines()[1]
    utan = row.replace("hemmet", "utan")

    def effects(*rows: str):
        write_rows(path, HOME_COLUMNS, [text.split(";") for text in rows])
        sources = load_sources(Folders((tmp_path / "params", PARAMS), tmp_path / "data"))
        return group_home.others.effects(replace(case, sources=sources), case.scenario)

    for rows in ((utan, row), (row, utan)):
        found = effects(*rows)
        assert found.rows.empty and found.moved == {"prov:1"}
    with pytest.raises(InputError, match="boendet 'utan' har inga lägenheter"):
        effects(utan, row.replace(ENHET, "grannen"))


@pytest.mark.parametrize(
    ("oppnar", "month", "done"), [("2024-01-01", 1, 5), ("2024-01-31", 1, 5), ("2024-02-01", 1, 0)]
)
def test_a_home_is_completed_on_the_day_it_opens(tmp_path, oppnar, month, done):
    found = group_home.others.outcomes(home_case(tmp_path, home={"oppnar": oppnar}), AR, month)
    assert {one.varde for one in found.values()} == {done}
