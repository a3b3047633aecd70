"""From a case to the budget's figures: reads what the model needs and runs it."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from planbok.base.errors import refuse_any
from planbok.case.case import Case, known_names, load_scenarios
from planbok.case.study import parameter_error, table_error
from planbok.case.topic import ALONE, EffectsOf, Others, no_effects
from planbok.inputs.scenario.load import BAS, BASELINE, Scenario
from planbok.inputs.tables.control_totals import Comparison, compare, tolerance
from planbok.ledger import act as model
from planbok.ledger.budget_rows import VERSIONS, without_total
from planbok.ledger.month_profile import even_year, monthly_shares
from planbok.topics.budget import years

UPRATING_RULE = "budget.upprakning_procent"
LAST_PLAN_YEARS = 10  # how far after its budget a scenario may begin and still be tried on it


@dataclass(frozen=True)
class Study:
    """All that the budget's report shows, before it is put into words."""

    case: Case
    version: str
    rows: pd.DataFrame  # the unit's rows of the year and version, without the control total
    outcome: model.Outcome
    versus: model.Outcome
    bas: model.Outcome
    others: list[model.Outcome]  # more scenarios for the comparison
    effects_of: EffectsOf
    year_sums: dict[int, pd.DataFrame]
    derived_year: bool  # whether the year before comes from the change column
    years: pd.DataFrame
    comparisons: list[Comparison]
    tolerans: float  # half a unit in the last decimal that the table states, mnkr
    profile: str  # how the year is spread over its months, for people

    @property
    def basis(self) -> str:
        """The basis of the budget's own figures."""
        return VERSIONS[self.version][1]


def study(case: Case, others: Others = ALONE) -> Study:
    """The unit's budget under the case's scenarios.

    Parameters
    ----------
    case : its parameters `version` (default "vp"), `till_ar` (0: `ar`) and `fler_scenarier` are read
    others : what the other topics say of the unit

    Raises
    ------
    InputError
        If the unit has no such budget, or a change moves nothing in it.
    """
    version = case.parametrar.get("version", "vp")
    rows = _budget_rows(case, version)
    scenarios = list(_scenarios(case))
    base, profile = _baseline(case, without_total(rows), scenarios)
    outcomes = {s.id: model.simulate(base, s, others.effects) for s in scenarios}
    faults = [fault for outcome in outcomes.values() for fault in model.unmoved(outcome)]
    refuse_any(faults)
    unit = case.unit_rows("budget")
    sums, derived = years.yearly_sums(without_total(unit[unit["version"] == version]), case.ar)
    table = case.sources.collection.read("budget")
    compared = compare(table, rows.index)
    shown_first = (case.scenario.id, case.jamfor_med.id, BASELINE)
    return Study(
        case=case,
        version=version,
        rows=without_total(rows),
        outcome=outcomes[case.scenario.id],
        versus=outcomes[case.jamfor_med.id],
        bas=outcomes[BASELINE],
        others=[outcome for name, outcome in outcomes.items() if name not in shown_first],
        effects_of=others.effects,
        year_sums=sums,
        derived_year=derived,
        years=years.compare_years(sums, case.ar, (case.rule_or_none(UPRATING_RULE) or {}).get),
        comparisons=compared,
        tolerans=tolerance(table),
        profile=profile,
    )


def tried(study: Study, scenario: Scenario) -> model.Outcome:
    """The unit's budget under any changes, the same to the krona as a study of a case with that scenario.

    Raises
    ------
    InputError
        If a change moves nothing in it.
    """
    base = study.outcome.base
    starts = {span.start for span in base.spans}
    if not starts.issuperset(model.cuts_of([scenario])):
        base, _ = _baseline(study.case, study.rows, [scenario])
    outcome = model.simulate(base, scenario, study.effects_of)
    faults = model.unmoved(outcome)
    refuse_any(faults)
    return outcome


def moved(case: Case, scenario: Scenario) -> frozenset[str]:
    """The changes that move a row of some budget of the unit, of whatever year and version, by the case's year."""
    frame, found = without_total(case.sources.collection.read("budget").frame), set()
    for (ar, _), rows in frame[frame["enhet"] == case.enhet].groupby(["ar", "version"], sort=False):
        last = max(int(ar), min(case.ar, int(ar) + LAST_PLAN_YEARS))
        outcome = model.simulate(model.baseline(case.enhet, rows, int(ar), last, even_year), scenario, no_effects)
        found |= {n.id for n, hit in zip(scenario, outcome.marginal["moved"], strict=True) if hit}
    return frozenset(found)


def _budget_rows(case: Case, version: str) -> pd.DataFrame:
    unit = case.unit_rows("budget")
    rows = unit[(unit["ar"] == case.ar) & (unit["version"] == version)]
    if rows.empty:
        there = unit.groupby("ar")["version"].unique()
        listed = "; ".join(f"{int(year)} ({', '.join(found)})" for year, found in there.items())
        text = f"{case.enhet} har ingen budget {case.ar} i versionen {version}. Det finns: {listed}."
        raise table_error(case, "budget", text, "no_budget")
    return rows


def _scenarios(case: Case) -> Iterable[Scenario]:
    """The baseline, the case's two scenarios, what the scenario builds on, and those asked for by name."""
    names = case.parametrar.get("fler_scenarier", "").replace(",", " ").split()
    known = known_names(case.sources.collection, case.sources.rules, case.enhet)
    more = load_scenarios([*case.scenario.builds_on, *names], case.sources.folders, known, case.sources.rules)
    return {s.id: s for s in (BAS, case.jamfor_med, *more.values(), case.scenario)}.values()


def _baseline(case: Case, rows: pd.DataFrame, scenarios: list[Scenario]) -> tuple[model.Baseline, str]:
    till_ar = case.parametrar.get("till_ar") or case.ar
    if till_ar < case.ar:
        text = f"till_ar {till_ar} ligger före ar {case.ar}. Ange ett senare år, eller 0 för bara {case.ar}."
        raise parameter_error(case, text, "till_ar")
    shares, profile = monthly_shares(case)
    cuts = model.cuts_of(scenarios)
    return model.baseline(case.enhet, rows, case.ar, till_ar, shares, cuts), profile
