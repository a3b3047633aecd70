"""What a scenario does to a unit's money: kronor by leaf, side and month, the same in every report.

The state is an array (leaf, side, span). A leaf is a budget row, or an operation or cost type within it. A span is a
month, or the part of one before or after a change begins. After the spans of the plan years come twelve months more,
the full year: `ar` as if all that is in force on 31 December had been so from January. Every change acts on both
with the same arithmetic and different weights.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.periods import Span, last_day, month_shares, months, spans
from planbok.case.topic import FULL_YEAR, Effects, EffectsOf
from planbok.inputs.scenario.changes import SIDE_NAMES, Change
from planbok.inputs.scenario.load import NumberedChange, Scenario, runs_in
from planbok.ledger.bridge import Amounts
from planbok.ledger.budget_rows import KEY, MONEY, leaves

SIDES = ("kostnad", "intakt", "ram")
COST, REVENUE, FRAME = range(3)
NET_SIGN = (1, -1, 0)  # what a krona on each side does to the net cost
MEASURE, JUDGEMENT = "atgard", "bedomning"
AT_WORK, PLANNED = "verkstalld", "planerad"  # states of a measure; between them it is decided
OWN_TYPES = ("upprakning", "belopp", MEASURE, JUDGEMENT)


@dataclass(frozen=True)
class Plan:
    """A unit's budget of a year by leaf, side and month, kr; NaN where it does not say."""

    enhet: str
    ar: int
    leaves: pd.DataFrame  # KEY, in the table's order
    months: np.ndarray  # (leaf, side, 12)

    def over(self, till_ar: int, cuts: Iterable[date] = ()) -> "Baseline":
        """The plan years, cut where a change begins; years after the first repeat the first."""
        cut = [span for year in range(self.ar, till_ar + 1) for span in spans(year, cuts)]
        month = [span.start.month - 1 for span in cut] + list(range(12))
        share = np.array([*(span.share for span in cut), *[1.0] * 12])
        return Baseline(**vars(self), till_ar=till_ar, spans=cut, state=self.months[:, :, month] * share)


@dataclass(frozen=True)
class Baseline(Plan):
    """The budget as it stands before any scenario, over the plan years."""

    till_ar: int
    spans: list[Span]  # the plan years' months, cut where a change begins inside one
    state: np.ndarray  # (leaf, side, span + 12)

    def columns(self, ar: int, from_month: int = 1) -> slice:
        """The columns of a plan year, or of what is left of it from a month on."""
        inside = [i for i, span in enumerate(self.spans) if span.start.year == ar and span.start.month >= from_month]
        return slice(inside[0], inside[-1] + 1)

    @property
    def full_year(self) -> slice:
        return slice(len(self.spans), None)

    @cached_property
    def month_share(self) -> np.ndarray:
        """How much of a month each column is."""
        return np.array([*(span.share for span in self.spans), *[1.0] * 12])

    @cached_property
    def in_months(self) -> np.ndarray:
        """Columns to the twelve months of `ar`, (span + 12, 12): 1 where a span is in a month."""
        found = np.zeros((len(self.spans) + 12, 12))
        for place, span in enumerate(self.spans):
            found[place, span.start.month - 1] = span.start.year == self.ar
        return found

    @cached_property
    def effect_shares(self) -> dict[str, np.ndarray]:
        """How an effect's kronor lie: a month's on its spans; a full year's on its months and later plan years'."""
        of_month = [span.manad for span in self.spans]
        found = {name: self.month_share * [*(m == name for m in of_month), *[False] * 12] for name in set(of_month)}
        later = [*(span.start.year > self.ar for span in self.spans), *[True] * 12]
        return {**found, FULL_YEAR: self.month_share / 12 * later}

    @cached_property
    def row(self) -> tuple[np.ndarray, pd.Index]:
        """Which budget row each leaf is of, and the rows in the table's order."""
        number, names = pd.factorize(self.leaves["budgetrad"])
        return number, pd.Index(names, name="budgetrad")

    @cached_property
    def leaves_of_row(self) -> dict[str, np.ndarray]:
        """The places of each budget row's leaves, its own first; rows in the table's order."""
        return self.leaves.groupby("budgetrad", sort=False).indices

    def rows(self) -> list[str]:
        """The budget rows, in the table's order."""
        return self.row[1].tolist()


class Move(NamedTuple):
    """What a change added to a side of some leaves, kr, and whether that is anything at all."""

    numbered: NumberedChange
    leaf: np.ndarray
    side: int
    added: np.ndarray  # (leaf, span + 12)
    moves: bool


@dataclass(frozen=True)
class Outcome:
    """The budget under a scenario: the state at the end, and what each change added, in order.

    What a change adds is known also where the budget does not state the side that it adds to.
    """

    base: Baseline
    scenario: Scenario
    state: np.ndarray
    moves: tuple[Move, ...]
    okant: tuple[str, ...] = ()  # what other topics' effects lack, in words
    antaget: tuple[str, ...] = ()  # what they rest on that nobody has decided

    @cached_property
    def added(self) -> np.ndarray:
        """What all changes add together, (leaf, side, span + 12)."""
        found = np.zeros(self.base.state.shape)
        for move in self.moves:
            found[move.leaf, move.side] += move.added
        return found

    def amounts(self) -> Amounts:
        """Net cost in `ar` and over a full year, and the frame, kr."""
        return _amounts(self.state, self.base)

    @cached_property
    def moved(self) -> Amounts:
        """What the changes add to the net cost and the frame, kr."""
        return _amounts(self.added, self.base)

    def by_row(self, columns: slice | None = None) -> pd.DataFrame:
        """Kronor by budget row in `ar` (or other columns): kostnad_kr, intakt_kr, ram_kr, netto_kr."""
        return _by_row(self.state, self.base, columns)

    def moved_by_row(self, columns: slice | None = None) -> pd.DataFrame:
        """What the changes add, as `by_row`."""
        return _by_row(self.added, self.base, columns)

    def by_month(self) -> pd.DataFrame:
        """Kronor by month of the plan years: kostnad_kr, intakt_kr, ram_kr, netto_kr."""
        summed = self.state[:, :, : len(self.base.spans)].sum(axis=0).T
        months_of = [span.manad for span in self.base.spans]
        frame = pd.DataFrame(summed, index=months_of, columns=[f"{side}_kr" for side in SIDES])
        frame = frame.groupby(level=0, sort=False).sum(min_count=1)
        frame["netto_kr"] = frame["kostnad_kr"] - frame["intakt_kr"]
        return frame.rename_axis("manad")

    @cached_property
    def marginal(self) -> pd.DataFrame:
        """How far each change moved the year, in order: forandring, typ, underlag, kr, kr_ram, moved."""
        year, rows = self.base.columns(self.base.ar), []
        for numbered in self.scenario:
            its = [move for move in self.moves if move.numbered.nr == numbered.nr]
            kr = self.net_of(numbered.nr, year)
            kr_ram = float(sum(move.added[:, year].sum() for move in its if move.side == FRAME))
            moved = any(move.moves for move in its)
            rows.append((numbered.nr, numbered.change.typ, numbered.change.underlag, kr, kr_ram, moved))
        return pd.DataFrame(rows, columns=["forandring", "typ", "underlag", "kr", "kr_ram", "moved"])

    def net_of(self, nr: int, columns: slice) -> float:
        """How far one change moved the net cost in some months, kr."""
        its = (move for move in self.moves if move.numbered.nr == nr)
        return float(sum(NET_SIGN[move.side] * move.added[:, columns].sum() for move in its))


def _amounts(money: np.ndarray, base: Baseline) -> Amounts:
    net, ram = money[:, COST] - money[:, REVENUE], money[:, FRAME]
    columns = (base.columns(base.ar), base.full_year)
    return Amounts(*(float(table[:, part].sum()) for table in (net, ram) for part in columns))


def _by_row(money: np.ndarray, base: Baseline, columns: slice | None) -> pd.DataFrame:
    year = base.columns(base.ar) if columns is None else columns
    number, names = base.row
    found = np.zeros((len(names), len(SIDES) + 1))
    np.add.at(found[:, :-1], number, money[:, :, year].sum(axis=2))
    found[:, -1] = found[:, COST] - found[:, REVENUE]
    return pd.DataFrame(found, names, [*(f"{side}_kr" for side in SIDES), "netto_kr"])


def plan_of(enhet: str, parts: pd.DataFrame, ar: int, shares: Callable[[str, str], np.ndarray]) -> Plan:
    """The budget spread over the months of its year.

    Parameters
    ----------
    parts : the budget's smallest parts, from `budget_rows.leaves`
    shares : budget row and side ("kostnad" or "intakt") to the twelve months' shares, which sum to 1
    """
    by_month = {row: [shares(row, side) for side in SIDES[:2]] for row in parts["budgetrad"].unique()}
    money = parts[MONEY].to_numpy()[:, :, None] * np.array([by_month[row] for row in parts["budgetrad"]])
    ram = money[:, COST] - money[:, REVENUE]
    return Plan(enhet, ar, parts[KEY], np.concatenate([money, ram[:, None]], axis=1))


def baseline(
    enhet: str,
    rows: pd.DataFrame,
    ar: int,
    till_ar: int,
    shares: Callable[[str, str], np.ndarray],
    cuts: Iterable[date] = (),
) -> Baseline:
    """The plan years of a unit's budget rows: one year and version of the table, without its control total."""
    return plan_of(enhet, leaves(rows), ar, shares).over(till_ar, cuts)


def cuts_of(scenarios: Iterable[Scenario]) -> list[date]:
    """Every day on which a change begins. Only amounts have an end, and of them a span holds the same by any cut."""
    return [numbered.change.starts for scenario in scenarios for numbered in scenario]


def weights(change: Change, base: Baseline, held_to: date | None = None) -> np.ndarray:
    """How much of each span the change is in force; for the full year 1 where it is in force on 31 December.

    A judgement is a one-off and is in no full year. Before the day `held_to` the change does nothing in the spans; that
    leaves the full year as it is.
    """
    end, year_end = change.acts_until, last_day(base.ar)
    in_force = change.starts <= year_end and (end is None or end >= year_end) and change.typ != JUDGEMENT
    start = change.starts if held_to is None else max(change.starts, held_to)
    return np.array([*(span.share_inside(start, end) for span in base.spans), *[float(in_force)] * 12])


def _selected(change: Change, base: Baseline) -> np.ndarray:
    """The leaves that a change names."""
    found = base.leaves_of_row.get(change.budgetrad, np.array([], dtype=int))
    for key in ("verksamhet", "kostnadsslag"):
        if getattr(change, key):
            found = found[(base.leaves[key].iloc[found] == getattr(change, key)).to_numpy()]
    return found


def on_row(change: Change) -> bool:
    """Whether a change names a budget row itself; the effects of other changes come from their topics."""
    return change.typ in OWN_TYPES and bool(getattr(change, "budgetrad", None))


def act(
    state: np.ndarray, numbered: NumberedChange, base: Baseline, effects: Effects, held_to: date | None = None
) -> Iterator[Move]:
    """Lets one change act on the state, in place, and tells what it added where.

        upprakning  adds  amount at that point * procent / 100 * weight
        amounts     add   kr a month * weight, to the row's or the operation's own leaf
        others      add   what their topic's effects say

    A change for another unit, or of a topic that has no effects here, adds nothing. An uprating of a side that the
    budget does not state adds what is not known, NaN, and counts as no move.

    Parameters
    ----------
    held_to : the first day on which a measure that isn't carried out (`verkstalld`) can act; None: as it says itself
    """
    change = numbered.change
    if change.enhet and change.enhet != base.enhet:
        return
    if not on_row(change):
        rows = effects.rows[effects.rows["forandring"] == numbered.id]
        for leaf, side, kr in _landed(rows, base):
            state[leaf, side] += kr
            yield Move(numbered, leaf, side, kr[None, :], True)
        if rows.empty and numbered.id in effects.moved:  # figures of its topic, but no kronor
            yield Move(numbered, np.array([0]), COST, np.zeros((1, len(base.month_share))), True)
        return
    selected, side = _selected(change, base), SIDES.index(change.sida)
    if change.typ == "upprakning":
        added = state[selected, side] * (change.procent / 100 * weights(change, base))
        moves = bool(np.any(added != 0)) and not np.isnan(added).any()
    else:
        selected = selected[:1]
        rate = kr_per_month(change) * base.month_share
        waits = change.typ == MEASURE and change.status != AT_WORK
        added = np.tile(rate * weights(change, base, held_to if waits else None), (len(selected), 1))
        moves = bool(len(selected)) and bool(np.any(rate * weights(change, base) != 0))
    state[selected, side] += added
    yield Move(numbered, selected, side, added, moves)


def _landed(rows: pd.DataFrame, base: Baseline) -> Iterator[tuple[np.ndarray, int, np.ndarray]]:
    """Another topic's kronor by the leaf and side where they land."""
    nowhere = np.zeros(len(base.month_share))
    for (budgetrad, sida), its in rows.groupby(["budgetrad", "sida"], sort=False):
        shares = np.array([base.effect_shares.get(manad, nowhere) for manad in its["manad"]])
        yield _own_leaf(budgetrad, base), SIDES.index(sida), its["kr"].to_numpy(float) @ shares


def _own_leaf(budgetrad: str, base: Baseline) -> np.ndarray:
    """The row's own leaf; a row that budgetplacering names and the budget lacks is a fault."""
    if budgetrad not in base.leaves_of_row:
        text = (
            f"budgetraden '{budgetrad}' finns inte i budgeten för {base.enhet} {base.ar}. Det finns: "
            f"{', '.join(base.rows())}. Skriv enhetens egna rader under '{base.enhet}:'."
        )
        raise InputError([Fault("budgetplacering", "params/budgetplacering.yaml", 0, base.enhet, text, "unknown_row")])
    return base.leaves_of_row[budgetrad][:1]


def simulate(base: Baseline, scenario: Scenario, effects_of: EffectsOf, held_to: date | None = None) -> Outcome:
    """The budget under a scenario's changes, in the order in which they act."""
    state, effects = base.state.copy(), effects_of(scenario)
    moves = tuple(move for numbered in scenario for move in act(state, numbered, base, effects, held_to))
    return Outcome(base, scenario, state, moves, effects.unknown, effects.assumed)


def unmoved(outcome: Outcome) -> list[Fault]:
    """A fault for each change that moves nothing for the unit within the plan years, with the reason."""
    still = set(outcome.marginal.loc[~outcome.marginal["moved"].astype(bool), "forandring"])
    return [
        n.fault(
            f"förändringen flyttar inget för {outcome.base.enhet} {_years(outcome.base)}: {_why(n.change, outcome)}.",
            "moves_nothing",
        )
        for n in outcome.scenario
        if n.nr in still
    ]


def _years(base: Baseline) -> str:
    return f"{base.ar}" if base.till_ar == base.ar else f"{base.ar}–{base.till_ar}"


def _why(change: Change, outcome: Outcome) -> str:
    base = outcome.base
    reason = runs_in(change, base.enhet, date(base.ar, 1, 1), last_day(base.till_ar))
    if reason:
        return reason
    if not on_row(change):
        return f"den är av typen {change.typ} och berör inget i enhetens tabeller"
    place = " ".join(part for part in (change.budgetrad, change.verksamhet, change.kostnadsslag) if part)
    selected = _selected(change, base)
    if not len(selected):
        return f"{place} finns inte i budgeten {base.ar}"
    if np.isnan(base.state[selected, SIDES.index(change.sida)]).any():
        return f"budgeten anger ingen {SIDE_NAMES[change.sida]} för {place} att räkna upp"
    return f"{place} har {SIDE_NAMES[change.sida]} 0 kr, eller så anger budgeten den inte"


def kr_per_month(change: Change) -> float:
    """What an amount adds to each whole month in which it is in force, kr.

    belopp     kr_per_manad
    atgard     kr_per_manad * sannolikhet_andel (1 where not stated): the expected effect
    bedomning  kr / months from fran to 31 December
    """
    if change.typ == "bedomning":
        year = change.fran.year
        return change.kr / month_shares(months(year, year), change.fran, last_day(year)).sum()
    probability = getattr(change, "sannolikhet_andel", None)
    return change.kr_per_manad * (1.0 if probability is None else probability)
