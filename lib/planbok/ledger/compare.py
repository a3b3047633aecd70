"""What each change does alone, what each uncertain figure means, and what the year's net cost rests on."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from planbok.base.errors import InputError
from planbok.case.said import filled
from planbok.case.topic import EffectsOf
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import NumberedChange, Scenario
from planbok.ledger.act import COST, REVENUE, Baseline, Outcome, simulate
from planbok.ledger.bridge import Amounts, Step


def alone(outcome: Outcome, versus: Outcome, effects_of: EffectsOf, name: Callable[[Change], str]) -> list[Step]:
    """Each change that one scenario has and the other lacks, alone on the other: the bars of the bridge.

    A change that only `versus` has is taken away from it, and its bar is what that does. A change that can't stand
    without those before it (it moves persons whom they bring) is taken where it stands in its own scenario.
    """
    common = _in_both(outcome.scenario, versus.scenario)
    steps = []
    for numbered in outcome.scenario:
        if numbered.id not in common:
            changes = _with(numbered, outcome.scenario, versus.scenario, common)
            try:
                amounts = _moved_by(outcome.base, changes, effects_of) - versus.moved
            except InputError:
                amounts = _where_it_stands(outcome, numbered, effects_of)
            steps.append(_step(numbered, amounts, "", name))
    for numbered in versus.scenario:
        if numbered.id not in common:
            changes = tuple(n for n in versus.scenario if n.id != numbered.id)
            steps.append(_step(numbered, _moved_by(outcome.base, changes, effects_of) - versus.moved, "Utan: ", name))
    return steps


def _in_both(scenario: Scenario, versus: Scenario) -> set[str]:
    """The ids of changes that both have: the same one, or one that does the same, whatever is said of it."""
    left = list(versus)
    common: set[str] = set()
    for numbered in scenario:
        same = next((n for n in left if n.id == numbered.id or _does(n.change) == _does(numbered.change)), None)
        if same is not None:
            left.remove(same)
            common |= {numbered.id, same.id}
    return common


def _does(change: Change) -> Change:
    return change.model_copy(update={"motivering": ""})


def _moved_by(base: Baseline, changes: tuple[NumberedChange, ...], effects_of: EffectsOf) -> Amounts:
    return simulate(base, Scenario("", "", changes=changes), effects_of).moved


def _where_it_stands(outcome: Outcome, numbered: NumberedChange, effects_of: EffectsOf) -> Amounts:
    place = outcome.scenario.changes.index(numbered)
    before, now = (_moved_by(outcome.base, outcome.scenario.changes[:end], effects_of) for end in (place, place + 1))
    return now - before


def _with(added: NumberedChange, scenario: Scenario, versus: Scenario, common: set[str]) -> tuple[NumberedChange, ...]:
    """One change more on what a scenario is compared with: where it stands in the order, if both list all the rest."""
    in_order = tuple(n for n in scenario if n.id in common or n is added)
    return in_order if len(in_order) == len(versus.changes) + 1 else (*versus, added)


def _step(numbered: NumberedChange, amounts: Amounts, prefix: str, name: Callable[[Change], str]) -> Step:
    return Step(numbered.change.typ, numbered.nr, filled(prefix + "{}", name(numbered.change)), amounts)


def stated_ends(outcome: Outcome, effects_of: EffectsOf) -> pd.DataFrame:
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


def _with_figure(outcome: Outcome, numbered: NumberedChange, figure: float, effects_of: EffectsOf) -> float:
    """The year's net cost with one figure at its end; a move of nobody falls away."""
    if isinstance(getattr(numbered.change, numbered.change.figure), int):
        figure = round(figure)
    changed = [replace(n, change=n.change.at(figure)) if n is numbered else n for n in outcome.scenario]
    kept = tuple(n for n in changed if figure or n.id != numbered.id)
    return simulate(outcome.base, Scenario("", "", changes=kept), effects_of).amounts().kr


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
