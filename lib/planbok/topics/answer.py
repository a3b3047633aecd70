"""The topics that a scenario touches, run together: the only room that knows them all."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache, partial

import pandas as pd

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import Folders, shown
from planbok.case.case import Case, Sources, known_names, load_scenarios
from planbok.case.trials import Trials
from planbok.inputs.rules.placement import Placement
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import NumberedChange, Scenario, scenario_ids
from planbok.inputs.tables.read import Collection, UnsoundTableError
from planbok.ledger import act as model
from planbok.ledger.budget_rows import without_total
from planbok.ledger.month_profile import even_year
from planbok.topics import budget, follow_up, group_home, lss_peng, staffing

# topics that move a unit's budget, by the table that must have the unit; and those with a notebook of their own
TOPIC_TABLES = {"beslut": lss_peng, "boenden": group_home, "bemanning": staffing}
NOTEBOOK_TOPICS = {"lss_peng": lss_peng, "gruppbostad_kbh": group_home, "bemanning_sjukfranvaro": staffing}
LAST_PLAN_YEARS = 10  # how far after its budget a scenario may begin and still be tried on it

FOLLOW_UP = ("manadsprognos", "verksamhetsblad")
# the tables that each notebook can't do without
NEEDED = {
    "budgetscenarier": ("budget",),
    "lss_peng": ("beslut",),
    "gruppbostad_kbh": ("boenden", "lagenheter"),
    "bemanning_sjukfranvaro": ("bemanning",),
    **dict.fromkeys(FOLLOW_UP, ("budget", "utfall")),
}

__all__ = [
    "drivers",
    "faults_without_rules",
    "of",
    "table_faults",
    "unmoved_anywhere",
    "verify",
]


def of(case: Case) -> Callable[[Scenario], pd.DataFrame]:
    """What the other topics do to the unit's budget under a scenario: rows of change, budget row, side, month, kr.

    A topic whose table does not have the unit has none; homes reach the budget only where the scenario opens them. What
    is not known is in no row: the frame's attrs name it under `okant`.
    """
    topics = [topic for table, topic in TOPIC_TABLES.items() if _has_rows(case, table)]

    def effects_of(scenario: Scenario) -> pd.DataFrame:
        found = [topic.effects(case, scenario) for topic in topics]
        rows = [frame for frame in found if len(frame)]
        joined = pd.concat(rows, ignore_index=True) if rows else model.effects_frame()
        joined.attrs[model.UNKNOWN] = [text for frame in found for text in frame.attrs.get(model.UNKNOWN, ())]
        return joined

    return effects_of


def drivers(case: Case) -> Callable[[date, date], tuple[dict[str, float], dict[str, int]]] | None:
    """What decisions explain of the unit's year between what was known on two days; None without decisions.

    Kronor by cause (volym, niva, pris), and how many persons moved, by kind.
    """
    if not _has_rows(case, "beslut"):
        return None
    return lambda known, later: lss_peng.drivers(case, (known, later))


def _has_rows(case: Case, table: str) -> bool:
    """Whether a table has the unit; what is wrong with one is for the topic to say, where a scenario needs it."""
    collection = case.sources.collection
    if not collection.has(table):
        return False
    try:
        frame = collection.read(table).frame
    except UnsoundTableError as error:
        frame = error.frame
    return case.enhet in set(frame["enhet"])


def verify(case: Case) -> None:
    """Holds a case against its topics before anything runs.

    Raises
    ------
    InputError
        If the unit's tables lack what the notebook's topic needs, or a change moves nothing within the plan years.
    """
    if case.notebook in FOLLOW_UP:
        follow_up.study(case, of(case), drivers(case))
        return
    own = NOTEBOOK_TOPICS.get(case.notebook)
    if own is None:
        budget.study(case, of(case))
        return
    own.study(case)
    changes = {n.id: n for s in (case.scenario, case.jamfor_med) for n in s}.values()
    tried = {n.fault("", "moves_nothing") for n in changes if own.touches(n.change)}
    if len(tried) < len(changes):
        _hold_against_budget(case, tried)


def _hold_against_budget(case: Case, tried: set[Fault]) -> None:
    """The budget's study for a report on another topic, which has tried its own changes itself."""
    try:
        budget.study(case, of(case))
    except InputError as error:
        faults = [fault for fault in error.faults if replace(fault, text="") not in tried]
        if faults:
            raise InputError(faults) from None


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What is wrong in tables by the rules of their topics, beyond their form; None where the rules are faulty."""
    found = [*group_home.table_faults(collection, rules), *follow_up.table_faults(collection, rules)]
    for table, faults_of in {"beslut": lss_peng.decision_faults, "bemanning": staffing.staffing_faults}.items():
        if rules is None or not collection.has(table):
            continue
        with suppress(InputError):  # its form is faulty, and said by those who read every table
            found = [*found, *faults_of(collection.read(table).frame, rules, shown(collection.path(table)))]
    return list(found)


def faults_without_rules(notebooks: set[str], collection: Collection) -> list[Fault]:
    """What is wrong in the tables of some notebooks as far as it can be told while the rules are at fault."""
    found, files = [], set()
    needed = dict.fromkeys(table for notebook in sorted(notebooks) for table in NEEDED.get(notebook, ()))
    for name in filter(collection.has, needed):
        try:
            files.add(shown(collection.path(name)))
            collection.read(name)
        except InputError as error:
            found += error.faults
    return found + [fault for fault in table_faults(collection, None) if fault.file in files]


def unmoved_anywhere(folders: Folders, collection: Collection, rules: Rules) -> list[Fault]:
    """A fault for each change of a sound scenario that moves nothing in any unit and year of the tables.

    Scenarios with faults of form are left to those who report them; types whose topic has no model yet can't be tried
    and are left out.
    """
    sources = Sources(folders, rules, Placement({}, ""), collection)
    known = known_names(sources.collection, sources.rules)
    budgets, found = _budgets(sources.collection), []
    for scenario_id in scenario_ids(sources.folders):
        try:
            scenario = load_scenarios([scenario_id], sources.folders, known, sources.rules)[scenario_id]
        except InputError:
            continue
        found += _unmoved_in_all(scenario, budgets, sources)
    return found


def _budgets(collection: Collection) -> list[tuple[int, Callable[[int], model.Baseline]]]:
    """Each unit's budget of a year and version: its year, and the baseline to a last plan year, made once for each."""
    if not collection.has("budget"):
        return []
    frame = without_total(collection.read("budget").frame)
    return [
        (int(ar), cache(partial(model.baseline, enhet, rows, int(ar), shares=even_year)))
        for (enhet, ar, _), rows in frame.groupby(["enhet", "ar", "version"], sort=False)
    ]


def _unmoved_in_all(
    scenario: Scenario, budgets: list[tuple[int, Callable[[int], model.Baseline]]], sources: Sources
) -> list[Fault]:
    """The changes of a scenario that no budget and nothing of any topic is moved by."""
    on_rows = {n.id for n in scenario if n.change.typ in model.OWN_TYPES and getattr(n.change, "budgetrad", None)}
    last = max((n.change.starts.year for n in scenario), default=0)
    moved: set[str] = set()
    for ar, baseline_to in budgets:
        if moved >= on_rows:
            break
        base = baseline_to(max(ar, min(last, ar + LAST_PLAN_YEARS)))
        marginal = model.simulate(base, scenario, model.no_effects).marginal
        moved |= {n.id for n, hit in zip(scenario, marginal["moved"], strict=True) if hit}
    trials: dict[str, list[Trials]] = {change: [] for change in on_rows}
    for table, topic in TOPIC_TABLES.items():
        touched = {n.id for n in scenario if topic.touches(n.change)}
        if touched and sources.collection.has(table):
            tried = topic.moved_somewhere(sources, scenario)
            moved |= tried.moved
            for change in touched:
                trials.setdefault(change, []).append(tried)
    unmoved = [n for n in scenario if n.id in trials.keys() - moved]
    return list(dict.fromkeys(fault for n in unmoved for fault in _why_unmoved(n, trials[n.id])))


def _why_unmoved(numbered: NumberedChange, trials: list[Trials]) -> list[Fault]:
    """The faults for which every trial of a change was refused; else that it moves nothing."""
    reasons = [tried.reasons(numbered) for tried in trials]
    if reasons and None not in reasons:
        return [fault for faults in reasons for fault in faults]
    text = "förändringen flyttar inget för någon enhet och något år i underlaget. Kontrollera vad den gäller och datum."
    return [numbered.fault(text, "moves_nothing")]
