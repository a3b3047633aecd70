"""The topics that a scenario touches, run together: the only room that knows them all."""

from collections.abc import Callable

import pandas as pd

from planbok.case import Case, known_names, load_scenarios
from planbok.errors import Fault, InputError
from planbok.paths import Folders
from planbok.rules import Rules
from planbok.scenario import BASELINE, Scenario, scenario_ids
from planbok.tables import Collection
from planbok.topics import budget, lss_peng
from planbok.topics.budget import model
from planbok.topics.budget.rows import without_total
from planbok.topics.lss_peng.new_prices import new_prices
from planbok.topics.lss_peng.prices import entry_warnings

__all__ = ["entry_warnings", "new_prices", "of", "unmoved_anywhere", "verify"]


def of(case: Case) -> Callable[[Scenario], pd.DataFrame]:
    """What the other topics do to the unit's budget under a scenario: rows of change, budget row, side, month, kr.

    A unit without decisions has none.
    """

    def effects_of(scenario: Scenario) -> pd.DataFrame:
        return lss_peng.effects(case, scenario) if _has_rows(case, "beslut") else model.effects_frame()

    return effects_of


def _has_rows(case: Case, table: str) -> bool:
    collection = case.sources.collection
    return collection.has(table) and case.enhet in set(collection.read(table).frame["enhet"])


def verify(case: Case) -> None:
    """Holds a case against its topics before anything runs.

    Raises
    ------
    InputError
        If the unit's tables lack what the notebook's topic needs, or a change moves nothing within the plan years.
    """
    if case.notebook == "lss_peng":
        lss_peng.study(case)
        others = {n.id for s in (case.scenario, case.jamfor_med) for n in s if not lss_peng.touches(n.change)}
        if not others:
            return
    budget.study(case, of(case))


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
