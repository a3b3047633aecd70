"""A unit's budget as kronor by row, side and month, and what a scenario does to it.

The state is an array (leaf, side, span). A leaf is a budget row, or an operation or cost type within it. A span is a
month, or the part of one before or after a change. After the spans of the plan years come twelve months more, the
full year: `ar` as if all that is in force on 31 December had been so from January. Every change acts on both with the
same arithmetic and different weights.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.periods import Span, last_day, spans
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import SIDE_NAMES, NumberedChange, Scenario, runs_in
from planbok.ledger.amounts import kr_per_month
from planbok.ledger.bridge import Amounts, Step
from planbok.ledger.budget_rows import KEY, MONEY, leaves

SIDES = ("kostnad", "intakt", "ram")
COST, REVENUE, FRAME = range(3)
NET_SIGN = (1, -1, 0)  # what a krona on each side does to the net cost
OWN_TYPES = ("upprakning", "belopp", "atgard", "bedomning")
EFFECT_COLUMNS = ["forandring", "budgetrad", "sida", "manad", "kr", "underlag"]
Effects = Callable[[Scenario], pd.DataFrame]  # a scenario to what other topics do to the money under it
UNKNOWN = "okant"  # in the attrs of effects: what their topic can't say, and so is in no row
FULL_YEAR = "helar"  # in the column manad of effects: kronor of twelve months at the rate of 31 December


@dataclass(frozen=True)
class Baseline:
    """The budget as it stands before any scenario."""

    enhet: str
    ar: int
    till_ar: int
    leaves: pd.DataFrame  # KEY, in the table's order
    spans: list[Span]  # the plan years' months, cut where a change begins or ends inside one
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
    def leaves_of_row(self) -> dict[str, np.ndarray]:
        """The places of each budget row's leaves, its own first; rows in the table's order."""
        return self.leaves.groupby("budgetrad", sort=False).indices

    def rows(self) -> list[str]:
        """The budget rows, in the table's order."""
        return self.leaves["budgetrad"].unique().tolist()


class Moved(NamedTuple):
    """What a change added to a side: (leaf, span + 12)."""

    side: int
    added: np.ndarray


@dataclass(frozen=True)
class Outcome:
    """The budget under a scenario: the state at the end, and how far each change moved it, in order."""

    base: Baseline
    scenario: Scenario
    state: np.ndarray
    marginal: pd.DataFrame  # per change in the order in which they act: forandring, typ, underlag, kr, kr_ram, moved
    okant: tuple[str, ...] = ()  # what other topics' effects lack, in words

    def amounts(self) -> Amounts:
        """Net cost in `ar` and over a full year, and the frame, kr."""
        net = self.state[:, COST] - self.state[:, REVENUE]
        year = self.base.columns(self.base.ar)
        full, ram = self.base.full_year, self.state[:, FRAME]
        in_year, over_full = (float(table.sum()) for table in (net[:, year], net[:, full]))
        return Amounts(in_year, over_full, float(ram[:, year].sum()), float(ram[:, full].sum()))

    def by_row(self, columns: slice | None = None) -> pd.DataFrame:
        """Kronor by budget row in `ar` (or other columns): kostnad_kr, intakt_kr, ram_kr, netto_kr."""
        year = self.base.columns(self.base.ar) if columns is None else columns
        summed = pd.DataFrame(self.state[:, :, year].sum(axis=2), columns=[f"{side}_kr" for side in SIDES])
        frame = summed.groupby(self.base.leaves["budgetrad"].to_numpy(), sort=False).sum(skipna=False)
        frame["netto_kr"] = frame["kostnad_kr"] - frame["intakt_kr"]
        return frame.rename_axis("budgetrad")

    def by_month(self) -> pd.DataFrame:
        """Kronor by month of the plan years: kostnad_kr, intakt_kr, ram_kr, netto_kr."""
        summed = self.state[:, :, : len(self.base.spans)].sum(axis=0).T
        months_of = [span.manad for span in self.base.spans]
        frame = pd.DataFrame(summed, index=months_of, columns=[f"{side}_kr" for side in SIDES])
        frame = frame.groupby(level=0, sort=False).sum(min_count=1)
        frame["netto_kr"] = frame["kostnad_kr"] - frame["intakt_kr"]
        return frame.rename_axis("manad")


def baseline(
    enhet: str,
    rows: pd.DataFrame,
    ar: int,
    till_ar: int,
    shares: Callable[[str, str], np.ndarray],
    cuts: Iterable[date] = (),
) -> Baseline:
    """The budget spread over the months of the plan years; years after the first repeat the first.

    Parameters
    ----------
    rows : one unit, year and version of the table budget, without its control total
    shares : budget row and side ("kostnad" or "intakt") to the twelve months' shares, which sum to 1
    cuts : days on which a change begins, or the day after one ends, so that each acts from its day on exactly
    """
    frame = leaves(rows)
    cut = [span for year in range(ar, till_ar + 1) for span in spans(year, cuts)]
    month = [span.start.month - 1 for span in cut] + list(range(12))
    part = np.array([*(span.share for span in cut), *[1.0] * 12])
    by_month = {row: [shares(row, side) for side in SIDES[:2]] for row in frame["budgetrad"].unique()}
    spread = np.array([by_month[row] for row in frame["budgetrad"]])[:, :, month] * part
    money = frame[MONEY].to_numpy()[:, :, None] * spread
    ram = money[:, COST] - money[:, REVENUE]
    return Baseline(enhet, ar, till_ar, frame[KEY], cut, np.concatenate([money, ram[:, None]], axis=1))


def cuts_of(scenarios: Iterable[Scenario]) -> list[date]:
    """Every day on which a change begins, and the day after each that ends."""
    changes = [numbered.change for scenario in scenarios for numbered in scenario]
    ends = [_end(change) for change in changes]
    return [*(change.starts for change in changes), *(end + timedelta(days=1) for end in ends if end)]


def _end(change: Change) -> date | None:
    """The last day on which a change acts; a judgement ends with its year."""
    return last_day(change.fran.year) if change.typ == "bedomning" else change.ends


def weights(change: Change, base: Baseline) -> np.ndarray:
    """How much of each span the change is in force; for the full year 1 where it is in force on 31 December."""
    end, year_end = _end(change), last_day(base.ar)
    in_force = change.starts <= year_end and (end is None or end >= year_end)
    return np.array([*(span.share_inside(change.starts, end) for span in base.spans), *[float(in_force)] * 12])


def _selected(change: Change, base: Baseline) -> np.ndarray:
    """The leaves that a change names."""
    found = base.leaves_of_row.get(change.budgetrad, np.array([], dtype=int))
    for key in ("verksamhet", "kostnadsslag"):
        if getattr(change, key):
            found = found[(base.leaves[key].iloc[found] == getattr(change, key)).to_numpy()]
    return found


def act(state: np.ndarray, numbered: NumberedChange, base: Baseline, effects: pd.DataFrame) -> Iterator[Moved]:
    """Lets one change act on the state, in place, and tells what it added where.

        upprakning  adds  amount at that point * procent / 100 * weight
        amounts     add   kr a month * weight, to the row's or the operation's own leaf
        others      add   what their topic's effects say

    A change for another unit, or of a topic that has no effects here, adds nothing.
    """
    change = numbered.change
    if change.enhet and change.enhet != base.enhet:
        return
    if change.typ not in OWN_TYPES or change.typ == "upprakning" and not change.budgetrad:
        for row in effects[effects["forandring"] == numbered.id].to_dict("records"):
            leaf, side = _own_leaf(row["budgetrad"], base), SIDES.index(row["sida"])
            added = row["kr"] * _effect_shares(row["manad"], base)[None, :]
            state[leaf, side] += added
            yield Moved(side, added)
        return
    selected, side = _selected(change, base), SIDES.index(change.sida)
    if change.typ == "upprakning":
        added = state[selected, side] * (change.procent / 100 * weights(change, base))
    else:
        selected = selected[:1]
        monthly = kr_per_month(change) * weights(change, base) * base.month_share
        added = np.tile(monthly, (len(selected), 1))
        added[np.isnan(state[selected, side])] = np.nan
    state[selected, side] += added
    yield Moved(side, added)


def _own_leaf(budgetrad: str, base: Baseline) -> np.ndarray:
    """The row's own leaf; a row that budgetplacering names and the budget lacks is a fault."""
    if budgetrad not in base.leaves_of_row:
        text = (
            f"budgetraden '{budgetrad}' finns inte i budgeten för {base.enhet} {base.ar}. Det finns: "
            f"{', '.join(base.rows())}. Skriv enhetens egna rader under '{base.enhet}:'."
        )
        raise InputError([Fault("budgetplacering", "params/budgetplacering.yaml", 0, base.enhet, text, "unknown_row")])
    return base.leaves_of_row[budgetrad][:1]


def _effect_shares(manad: str, base: Baseline) -> np.ndarray:
    """How an effect's kronor lie: a month's on its spans; a full year's on its months and those of later plan years."""
    if manad != FULL_YEAR:
        return base.month_share * [*(span.manad == manad for span in base.spans), *[False] * 12]
    return base.month_share / 12 * [*(span.start.year > base.ar for span in base.spans), *[True] * 12]


def simulate(base: Baseline, scenario: Scenario, effects_of: Effects) -> Outcome:
    """The budget under a scenario's changes, in the order in which they act."""
    state, year, rows, effects = base.state.copy(), base.columns(base.ar), [], effects_of(scenario)
    for numbered in scenario:
        kr = kr_ram = 0.0
        moved = False
        for step in act(state, numbered, base, effects):
            in_year = float(step.added[:, year].sum())
            kr += in_year * NET_SIGN[step.side]
            kr_ram += in_year * (step.side == FRAME)
            moved |= bool((np.nan_to_num(step.added) != 0).any())
        moved |= bool((effects["forandring"] == numbered.id).any())
        rows.append((numbered.nr, numbered.change.typ, numbered.change.underlag, kr, kr_ram, moved))
    columns = ["forandring", "typ", "underlag", "kr", "kr_ram", "moved"]
    unknown = tuple(effects.attrs.get(UNKNOWN, ()))
    return Outcome(base, scenario, state, pd.DataFrame(rows, columns=columns), unknown)


def alone(outcome: Outcome, versus: Outcome, effects_of: Effects, name: Callable[[Change], str]) -> list[Step]:
    """Each change that one scenario has and the other lacks, alone on the other: the bars of the bridge.

    A change that only `versus` has is taken away from it, and its bar is what that does. A change that can't stand
    without those before it (it moves persons whom they bring) is taken where it stands in its own scenario.
    """
    common = {n.id for n in outcome.scenario} & {n.id for n in versus.scenario}
    steps = []
    for numbered in outcome.scenario:
        if numbered.id not in common:
            changes = _with(numbered, outcome.scenario, versus.scenario)
            try:
                amounts = _amounts_of(outcome.base, changes, effects_of) - versus.amounts()
            except InputError:
                amounts = _where_it_stands(outcome, numbered, effects_of)
            steps.append(_step(numbered, amounts, "", name))
    for numbered in versus.scenario:
        if numbered.id not in common:
            changes = tuple(n for n in versus.scenario if n.id != numbered.id)
            steps.append(
                _step(numbered, _amounts_of(outcome.base, changes, effects_of) - versus.amounts(), "Utan: ", name)
            )
    return steps


def _amounts_of(base: Baseline, changes: tuple[NumberedChange, ...], effects_of: Effects) -> Amounts:
    return simulate(base, Scenario("", "", changes=changes), effects_of).amounts()


def _where_it_stands(outcome: Outcome, numbered: NumberedChange, effects_of: Effects) -> Amounts:
    place = outcome.scenario.changes.index(numbered)
    before, now = (_amounts_of(outcome.base, outcome.scenario.changes[:end], effects_of) for end in (place, place + 1))
    return now - before


def _with(added: NumberedChange, scenario: Scenario, versus: Scenario) -> tuple[NumberedChange, ...]:
    """One change more on what a scenario is compared with: where it stands in the order, if both list all the rest."""
    wanted = {n.id for n in versus} | {added.id}
    in_order = tuple(n for n in scenario if n.id in wanted)
    return in_order if len(in_order) == len(wanted) else (*versus, added)


def _step(numbered: NumberedChange, amounts: Amounts, prefix: str, name: Callable[[Change], str]) -> Step:
    return Step(numbered.change.typ, numbered.nr, prefix + name(numbered.change), amounts)


def stated_ends(outcome: Outcome, effects_of: Effects) -> pd.DataFrame:
    """The year's net cost with each uncertain figure alone at its stated lowest and highest.

    Returns
    -------
    DataFrame forandring, lag, hog (the figures), kr_lag, kr_hog (net cost in the year).
    """
    rows = []
    for numbered in outcome.scenario:
        limits = numbered.change.limits()
        if limits:
            ends = [_with_figure(outcome, numbered, figure, effects_of) for figure in limits]
            rows.append((numbered.nr, *limits, min(ends), max(ends)))
    return pd.DataFrame(rows, columns=["forandring", "lag", "hog", "kr_lag", "kr_hog"])


def _with_figure(outcome: Outcome, numbered: NumberedChange, figure: float, effects_of: Effects) -> float:
    """The year's net cost with one figure at its end; a move of nobody falls away."""
    if isinstance(getattr(numbered.change, numbered.change.figure), int):
        figure = round(figure)
    changed = [replace(n, change=n.change.at(figure)) if n is numbered else n for n in outcome.scenario]
    kept = tuple(n for n in changed if figure or n.id != numbered.id)
    return _amounts_of(outcome.base, kept, effects_of).kr


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
    if change.typ not in OWN_TYPES or not getattr(change, "budgetrad", None):
        return f"inget ämne i den här versionen räknar på förändringar av typen {change.typ} här"
    place = " ".join(part for part in (change.budgetrad, change.verksamhet, change.kostnadsslag) if part)
    selected = _selected(change, base)
    if not len(selected):
        return f"{place} finns inte i budgeten {base.ar}"
    if np.isnan(base.state[selected, SIDES.index(change.sida)]).any():
        return f"budgeten anger ingen {SIDE_NAMES[change.sida]} för {place}"
    return f"{place} har {SIDE_NAMES[change.sida]} 0 kr, eller så anger budgeten den inte"


def by_basis(outcome: Outcome, basis: str) -> pd.DataFrame:
    """The year's net cost by what it rests on, kr: the budget's own basis, and each change's part where it acts.

    The parts are taken in the order of action, so that they sum to the net cost.
    """
    start = float(
        (outcome.base.state[:, COST] - outcome.base.state[:, REVENUE])[:, outcome.base.columns(outcome.base.ar)].sum()
    )
    parts = pd.concat(
        [pd.DataFrame([(basis, start)], columns=["underlag", "kr"]), outcome.marginal[["underlag", "kr"]]]
    )
    return parts.groupby("underlag", sort=False)["kr"].sum(skipna=False).reset_index()


def effects_frame(rows: Iterable[Sequence] = ()) -> pd.DataFrame:
    """A table of other topics' effects; empty by default."""
    return pd.DataFrame(list(rows), columns=EFFECT_COLUMNS)


def no_effects(scenario: Scenario) -> pd.DataFrame:
    """What other topics do where there are none."""
    return effects_frame()
