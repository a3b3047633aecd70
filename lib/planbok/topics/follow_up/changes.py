"""A scenario's changes as kronor by month on the unit's leaves, the same kronor as in the budget."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.periods import last_day, month_shares, months
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.amounts import kr_by_month, kr_per_month
from planbok.topics.follow_up.books import MONTHS, Books
from planbok.topics.follow_up.model import JUDGEMENT, MEASURE, Moves, no_moves

SIDES = ("kostnad", "intakt", "ram")
AMOUNTS = ("belopp", MEASURE, JUDGEMENT)
FULL_YEAR = "helar"
UNKNOWN = "okant"  # in the attrs of effects: what their topic can't say, and so is in no row
AT_WORK = "verkstalld"
Effects = Callable[[Scenario], pd.DataFrame]


@dataclass
class _Landing:
    """The rows found so far, and the budget as the changes before have left it, (leaf, side with frame, 12)."""

    books: Books
    state: np.ndarray
    rows: list[dict]
    months: list[np.ndarray]

    def add(self, numbered: NumberedChange, leaf: int, side: int, kr: np.ndarray, helar: float, moves=False) -> None:
        """Notes what a change does; `moves`: whether it would do something were it not still to begin."""
        row = {"nr": numbered.nr, "typ": numbered.change.typ, "leaf": leaf, "side": side, "helar": helar}
        self.rows.append({**row, "moves": bool(moves or helar or np.any(kr != 0))})
        self.months.append(kr)
        self.state[leaf, side] += kr


def moves(books: Books, scenario: Scenario, effects: pd.DataFrame, enhet: str, ar: int) -> Moves:
    """What each change of a scenario adds to each month of the year, and to twelve months at its last rate.

        belopp, atgard   kr a month (times its probability) while it is in force
        bedomning        its kronor spread evenly from its first day to 31 December
        upprakning       the row's budget of the month, with the changes before it, * procent / 100 from its day on
        others           what their own topic says: `effects`

    A measure that isn't carried out (`verkstalld`) has done nothing so far, whenever it was meant to begin: it counts
    from the month after the last booked one.

    Parameters
    ----------
    effects : rows of forandring (the change's id), budgetrad, sida, manad, kr, from `effects.of`
    """
    budget = np.nan_to_num(books.budget)
    state = np.concatenate([budget, (budget[:, 0] - budget[:, 1])[:, None]], axis=1)
    landing = _Landing(books, state, [], [])
    for numbered in scenario:
        change = numbered.change
        if change.enhet and change.enhet != enhet:
            continue
        if change.typ in AMOUNTS:
            _amount(landing, numbered, ar)
        elif change.typ == "upprakning" and change.budgetrad:
            _uprating(landing, numbered, ar)
        else:
            _effects(landing, numbered, effects[effects["forandring"] == numbered.id], ar)
    unknown = tuple(effects.attrs.get(UNKNOWN, ()))
    if not landing.rows:
        return no_moves(unknown)
    return Moves(pd.DataFrame(landing.rows), np.array(landing.months), unknown)


def places(books: Books, change: Change) -> np.ndarray:
    """The leaves that a change names: all parts of the row, or of the operation in it."""
    found = (books.leaves["budgetrad"] == change.budgetrad).to_numpy()
    for key in ("verksamhet", "kostnadsslag"):
        if getattr(change, key):
            found = found & (books.leaves[key] == getattr(change, key)).to_numpy()
    return np.flatnonzero(found)


def _amount(landing: _Landing, numbered: NumberedChange, ar: int) -> None:
    change = numbered.change
    selected = places(landing.books, change)[:1]
    kr = kr_by_month(change, ar)
    moves = bool(np.any(kr != 0))
    waits = change.typ == MEASURE and change.status != AT_WORK
    if waits:
        kr = np.where(np.arange(MONTHS) < landing.books.tom, 0.0, kr)
    end, year_end = (None if change.typ == JUDGEMENT else change.ends), last_day(ar)
    runs_on = change.starts <= year_end and (end is None or end >= year_end)
    helar = MONTHS * kr_per_month(change) if runs_on and change.typ != JUDGEMENT else 0.0
    for leaf in selected:
        landing.add(numbered, int(leaf), SIDES.index(change.sida), kr, helar, moves)


def _uprating(landing: _Landing, numbered: NumberedChange, ar: int) -> None:
    change = numbered.change
    side, share = SIDES.index(change.sida), month_shares(months(ar, ar), change.fran, change.ends)
    for leaf in places(landing.books, change):
        kr = landing.state[leaf, side] * change.procent / 100
        runs_on = change.fran <= last_day(ar)
        landing.add(numbered, int(leaf), side, kr * share, float(kr.sum()) if runs_on else 0.0)


def _own_leaf(books: Books, row: str, numbered: NumberedChange) -> int:
    """The first leaf of a row; a row that budgetplacering names and the budget lacks is a fault."""
    found = np.flatnonzero((books.leaves["budgetrad"] == row).to_numpy())
    if not len(found):
        text = f"effekten av {numbered.change.typ} hamnar på '{row}', som enheten inte har. Rätta budgetplaceringen."
        raise InputError([Fault("budgetplacering", "params/budgetplacering.yaml", 0, "", text, "unknown_row")])
    return int(found[0])


def _effects(landing: _Landing, numbered: NumberedChange, found: pd.DataFrame, ar: int) -> None:
    year = months(ar, ar)
    for (row, sida), rows in found.groupby(["budgetrad", "sida"], sort=False):
        leaf = _own_leaf(landing.books, row, numbered)
        by_month = rows.groupby("manad")["kr"].sum()
        kr = by_month.reindex(year, fill_value=0.0).to_numpy(float)
        landing.add(numbered, leaf, SIDES.index(sida), kr, float(by_month.get(FULL_YEAR, 0.0)), moves=True)
