"""The topics that a scenario touches, run together: the only room that knows them all."""

import pandas as pd

from planbok.case import Case, known_names, load_scenarios
from planbok.errors import Fault, InputError
from planbok.paths import Folders
from planbok.rules import Rules
from planbok.scenario import BASELINE, Scenario, scenario_ids
from planbok.tables import Collection
from planbok.topics import budget
from planbok.topics.budget import model
from planbok.topics.budget.rows import without_total
from planbok.topics.lss_peng.new_prices import new_prices
from planbok.topics.lss_peng.prices import entry_warnings

__all__ = ["entry_warnings", "new_prices", "unmoved_anywhere", "verify"]


def verify(case: Case) -> None:
    """Holds a case against its topics before anything runs.

    Raises
    ------
    InputError
        If the unit's tables lack what the topics need, or a change moves nothing within the plan years.
    """
    budget.study(case)


def unmoved_anywhere(folders: Folders, collection: Collection, rules: Rules) -> list[Fault]:
    """A fault for each change of a sound scenario that moves nothing in any unit and year of the tables.

    Scenarios with faults of form are left to those who report them; types whose topic has no model yet can't be tried
    and are left out.
    """
    if not collection.has("budget"):
        return []
    known = known_names(collection, rules)
    sound = []
    for scenario_id in scenario_ids(folders):
        try:
            sound.append(load_scenarios([scenario_id], folders, known, rules)[scenario_id])
        except InputError:
            continue
    frame = without_total(collection.read("budget").frame)
    groups = [(enhet, int(ar), rows) for (enhet, ar, _), rows in frame.groupby(["enhet", "ar", "version"], sort=False)]
    bases = [model.baseline(enhet, rows, ar, ar, budget.even_year) for enhet, ar, rows in groups]
    return [fault for s in sound if s.id != BASELINE for fault in _unmoved_in_all(s, bases)]


def _unmoved_in_all(scenario: Scenario, bases: list[model.Baseline]) -> list[Fault]:
    tried = {n.nr: n for n in scenario if n.change.typ in model.OWN_TYPES and getattr(n.change, "budgetrad", None)}
    moved: set[int] = set()
    effects: pd.DataFrame = model.effects_frame()
    for base in bases:
        marginal = model.simulate(base, scenario, effects).marginal
        moved |= set(marginal.loc[marginal["moved"].astype(bool), "forandring"]) if len(marginal) else set()
        if moved >= set(tried):
            return []
    text = "förändringen flyttar inget för någon enhet och något år i underlaget. Kontrollera rad, sida och datum."
    return [n.fault(text, "moves_nothing") for nr, n in tried.items() if nr not in moved]
