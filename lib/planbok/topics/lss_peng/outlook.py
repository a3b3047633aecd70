"""What the next measurement will give, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from planbok.inputs.scenario.load import Scenario
from planbok.topics.lss_peng.decisions import CELL
from planbok.topics.lss_peng.model import days
from planbok.topics.lss_peng.moves import KEY, counted_moves, move_kinds
from planbok.topics.lss_peng.study import Study, worlds
from planbok.topics.lss_peng.worlds import World

HISTORY_YEARS = 3
DRAWS = 10_000
SEED = 31_0327_08
FEWEST_MOVES = 30
JEFFREYS = 0.5
LOW, HIGH = 10, 90  # percentiles of an 80 per cent range


@dataclass(frozen=True)
class Range:
    """The middle and the 80 per cent range of simulated measurements, kr for a year."""

    lag: float
    median: float
    hog: float


@dataclass(frozen=True)
class Outlook:
    """The next measurement after the report's day: what is known, what history adds, how many moves that rests on."""

    day: date
    kant: float  # the decisions known today, on that day, kr for a year
    moves: dict[str, int]
    spann: Range | None  # None where the unit's own history is too short


def outlook(study: Study) -> Outlook:
    """The next measurement at the year's own prices; the simulation only where there are moves enough to draw from."""
    world, today = study.world, study.per_datum
    day = next_measurement(study)
    known = float(np.nansum(_year_money(world, day)))
    first = date(study.case.ar - HISTORY_YEARS + 1, 1, 1)
    history = _priced_history(study.bas)
    moves = counted_moves(history, first, today)
    spann = None
    if sum(moves.values()) >= FEWEST_MOVES:
        drawn = _amounts(world, history, first, today)
        spann = simulate(known, drawn, (today - first).days, (day - today).days)
    return Outlook(day, known, moves, spann)


def next_measurement(study: Study) -> date:
    """The first measurement date after the report's day; the first of next year where this year has no more."""
    frame = study.world.frame
    later = [day for day in (frame.matning_1, frame.matning_2) if day > study.per_datum]
    return later[0] if later else frame.matning_1.replace(year=frame.ar + 1)


def _year_money(world: World, day: date) -> np.ndarray:
    """What the persons of a day give a year at the year's prices, by cell."""
    return world.persons(day) * _year_prices(world)


def _year_prices(world: World) -> np.ndarray:
    """What one person in each cell gives a year at the year's prices."""
    return (world.prices.tilldelning * world.frame.span_days).sum(axis=1)


def _priced_history(bas: World) -> pd.DataFrame:
    """The unit's own decisions in cells that have a price, in the order in which each person had them."""
    return bas.once("history", lambda its: its.by_day[its.priced].sort_values([*KEY, "fran"]).reset_index(drop=True))


def _amounts(world: World, rows: pd.DataFrame, first: date, today: date) -> dict[str, np.ndarray]:
    """What each move of the history would mean for a year at the world's prices, kr by kind."""
    price = pd.Series(_year_prices(world), index=world.cells)
    kr = price.reindex(pd.MultiIndex.from_frame(rows[CELL])).to_numpy()
    before = pd.Series(kr).groupby([rows[key] for key in KEY]).shift().to_numpy()
    kinds = move_kinds(rows, first, today)
    found = {"in": kr[kinds["in"]], "ut": -kr[kinds["ut"]], "niva": (kr - before)[kinds["niva"]]}
    return {kind: amounts[~np.isnan(amounts)] for kind, amounts in found.items()}


def stated_range(study: Study) -> tuple[float, float, float] | None:
    """The final budget with every stated lowest, likely and highest move; None where the scenario states none."""
    scenario = study.case.scenario
    if not any(n.change.limits() for n in scenario if n.change.typ in ("volym", "nivabyte")):
        return None
    rows = study.case.unit_rows("beslut")
    ends = [worlds(study.case, _at_end(scenario, end), rows)[-1] for end in (0, 1)]
    low, high = sorted(float(np.nansum(world.state("slutlig"))) for world in ends)
    return low, float(np.nansum(study.world.state("slutlig"))), high


def _at_end(scenario: Scenario, end: int) -> Scenario:
    """The scenario with each uncertain move at its lowest (0) or highest (1); a move of nobody falls away."""
    changes = []
    for numbered in scenario:
        limits = numbered.change.limits() if numbered.change.typ in ("volym", "nivabyte") else None
        figure = limits[end] if limits else None
        if figure is not None and numbered.change.typ == "nivabyte":
            figure = int(round(figure))
        if figure != 0:
            changed = numbered.change if figure is None else numbered.change.at(figure)
            changes.append(replace(numbered, change=changed))
    return replace(scenario, changes=tuple(changes))


def known_moves(study: Study) -> int:
    """How many moves three years have had, to the day to which they are counted."""
    stood, first = study.stood, date(study.case.ar - HISTORY_YEARS + 1, 1, 1)
    bas, day = (study.bas, study.per_datum) if stood is None else (stood.bas, stood.day)
    return sum(counted_moves(_priced_history(bas), first, day).values())


def moved_in_after(world: World) -> np.ndarray:
    """Persons who began after the last measurement and are in no budget: how many, their days and peng of the year."""
    return world.once("moved_in_after", _moved_in_after)


def _moved_in_after(world: World) -> np.ndarray:
    rows, day = world.by_day, world.frame.matning_2
    new = rows[(rows["fran"] > pd.Timestamp(day)) & (rows["fran"] <= pd.Timestamp(world.frame.ar, 12, 31))]
    before = {*zip(*(rows[key].to_numpy()[world.runs(day, day)] for key in KEY), strict=True)}
    new = new[np.array([who not in before for who in zip(*(new[key] for key in KEY), strict=True)], bool)]
    prices, cell = world.prices.tilldelning, world.cell[new.index]
    counted = days(new, world.prices, world.frame.nightly, cell)
    persons = new[~np.isnan(prices).all(axis=1)[cell]]
    with_price = np.where(np.isnan(prices), 0.0, counted)
    return np.array([persons["person"].nunique(), with_price.sum(), np.nansum(counted * prices)])


def simulate(known: float, moves: Mapping[str, np.ndarray], history_days: int, ahead_days: int) -> Range:
    """The year's money at the next measurement, with as many moves as history makes likely.

        rate  = Gamma(moves in history + 1/2) / history, drawn once for each simulated measurement
        money = known + sum over kinds of (Poisson(rate * ahead) amounts drawn from history + the error of their mean)

    The rate itself is known from some tens of moves only: Jeffreys' prior and its posterior (Gelman et al., Bayesian
    Data Analysis, 3rd ed., 2.6-2.8). So is the mean size of a move: s / sqrt(n), normal.

    Parameters
    ----------
    known : kr for a year with the decisions that are known, one number
    moves : kind of move ("in", "ut", "niva") to what each past move of that kind would mean for a year, kr
    history_days, ahead_days : how long the history is, and how far ahead the measurement lies

    Every kind has a generator of its own, so that one kind more does not change what the others draw.

    >>> simulate(100.0, {"in": np.array([0.0])}, 365, 30)
    Range(lag=100.0, median=100.0, hog=100.0)
    """
    total = np.full(DRAWS, float(known))
    for kind in sorted(moves):
        amounts = moves[kind]
        if len(amounts):
            generator = np.random.default_rng([SEED, *kind.encode()])
            rate = generator.gamma(len(amounts) + JEFFREYS, size=DRAWS) / history_days
            number = generator.poisson(rate * ahead_days)
            drawn = generator.choice(amounts, number.sum())
            total += np.bincount(np.repeat(np.arange(DRAWS), number), drawn, minlength=DRAWS)
            total += number * generator.standard_normal(DRAWS) * amounts.std() / np.sqrt(len(amounts))
    low, middle, high = np.percentile(total, [LOW, 50, HIGH])
    return Range(float(low), float(middle), float(high))
