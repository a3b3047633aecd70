"""From a case to the month's prognosis: reads tables, rules and earlier results, and runs the model."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, cached_property

import numpy as np
import pandas as pd

from planbok.analysis.earlier import Earlier, earlier_results
from planbok.analysis.forecast import DRIVERS
from planbok.base.errors import did_you_mean, refuse_any
from planbok.base.kept import CONTENTS
from planbok.base.periods import month_end, month_span
from planbok.base.workspace import shown
from planbok.case.case import Case, Journal
from planbok.case.study import month_of, parameter_error, table_error
from planbok.case.topic import ALONE, DecidedOf, Effects, Others
from planbok.inputs.documents import quoted
from planbok.inputs.journal import told_folder
from planbok.inputs.scenario.load import Scenario
from planbok.ledger.act import MEASURE, cuts_of, kr_per_month, simulate, unmoved
from planbok.ledger.budget_rows import KEY, MONEY, leaves, without_total
from planbok.ledger.month_profile import monthly_shares
from planbok.topics.follow_up import TOPIC, accuracy
from planbok.topics.follow_up.accuracy import Range, RangeLimits
from planbok.topics.follow_up.books import MONTHS, Books, budget_of, outturn_faults, read_books
from planbok.topics.follow_up.choices import EVERY, LATE_RULE, choices, late_months
from planbok.topics.follow_up.model import Prognosis, expected_then, moves_of, prognosis

NOTEBOOK = "manadsprognos"
SHARED_ERRORS = "prognosfel"
SURE = 0.9  # a measure at least this likely is at work at both ends of an 80 per cent range
Ends = tuple[tuple[float, float], ...]
VERSION_RULE = "uppfoljning.budgetversion_fran_manad"


@dataclass(frozen=True)
class Study:
    """All that the month's report shows, before it is put into words."""

    case: Case
    tom: int
    version: str  # of the budget that the prognosis is held against
    budget: pd.DataFrame  # its rows, without the control total
    versions: dict[str, float]  # net of each budget version that is known by now, kr
    prognosis: Prognosis
    versus: Prognosis  # under jamfor_med
    limits: RangeLimits
    shared: pd.DataFrame | None  # errors that units share, where there is such a table
    shares: str  # how the budget is spread over its months, for people
    others: Others  # what the other topics say of the unit
    to_come: Effects  # what the outturn is known to lack: never in the prognosis
    decided: DecidedOf | None  # two days to what decisions explain in between; None where there are none
    ends: Ends = ()  # of `uncertain_ends`

    @cached_property
    def reports(self) -> list[Earlier]:
        """Earlier runs, looked for when a report first asks: none where nobody has told where they are."""
        folder = told_folder()
        return [] if folder is None else earlier_results(folder, NOTEBOOK, self.case.enhet)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Errors of earlier prognoses, and of the methods tried on the unit's history."""
        return all_errors(self)

    @cached_property
    def errors_summed(self) -> pd.DataFrame:
        """The mean size of the errors by source, method, row and month."""
        return accuracy.summed_up(self.errors)

    @cached_property
    def spann(self) -> Range | None:
        """How far the year may land from the prognosis; None where too little is known to claim it."""
        books = self.prognosis.books
        if self.tom == MONTHS or len(books.years) < self.limits.fewest_years:
            return None
        hallit, provade = accuracy.kept_ranges(self.reports, books)
        level = accuracy.kept_level(self.limits.level, hallit, provade)
        kalla, own = accuracy.source(self.errors, accuracy.pooled_errors(self.shared, self.tom), self.tom, level)
        spann = accuracy.spread(self.prognosis.amounts.prognos, kalla, own, level, self.ends)
        return spann and replace(spann, hallit=hallit, provade=provade)


def check_operation(case: Case, names: list[str]) -> None:
    """The parameter `verksamhet`, where the notebook has it, names an operation of the outturn.

    Raises
    ------
    InputError
        If the unit has no such operation.
    """
    wanted = case.parametrar.get("verksamhet", EVERY)
    if wanted not in (EVERY, *names):
        known = f"{did_you_mean(wanted, [*names, EVERY])}" if names else " Utfallet är inte uppdelat; skriv alla."
        text = f"verksamheten {quoted(wanted)} har inget utfall.{known}"
        raise parameter_error(case, text, "unknown_part")


def study(case: Case, others: Others = ALONE) -> Study:
    """The unit's year after a month, under the case's scenarios.

    Parameters
    ----------
    case : its parameter `tom_manad` is read
    others : what the other topics say of the unit

    Raises
    ------
    InputError
        With every fault of the outturn; if the unit has no budget or outturn; if a change moves nothing.
    """
    tom = month_of(case)
    outturn, (budget, versions) = outturn_rows(case), held_against(case, tom)
    check_operation(case, [name for name in outturn["verksamhet"].unique() if name])
    version = list(versions)[-1]
    books = unit_books(case, case.scenario, outturn, budget, versions[version], tom)
    found = versus = under(case, case.scenario, books, others)
    if case.jamfor_med.id != case.scenario.id:
        versus = under(case, case.jamfor_med, books_under(case, case.jamfor_med, books, budget), others)
    done = Study(
        case=case,
        tom=tom,
        version=version,
        budget=budget,
        versions={name: net_of(parts) for name, parts in versions.items()},
        prognosis=found,
        versus=versus,
        limits=read_limits(case),
        shared=case.table(SHARED_ERRORS) if SHARED_ERRORS in case.sources.collection.names() else None,
        shares=monthly_shares(case)[1],
        others=others,
        to_come=others.to_come(tom),
        decided=cache(others.decided) if others.decided else None,
    )
    return replace(done, ends=uncertain_ends(done))


def tried(study: Study, scenario: Scenario) -> Prognosis:
    """The prognosis under any changes, the same to the krona as a study of a case with that scenario.

    What it reads is not noted in the case's journal: it is no report.

    Raises
    ------
    InputError
        If a change moves nothing.
    """
    case, books = replace(study.case, journal=Journal()), study.prognosis.books
    return under(case, scenario, books_under(case, scenario, books, study.budget), study.others)


def outturn_rows(case: Case) -> pd.DataFrame:
    """The unit's outturn of all years.

    Raises
    ------
    InputError
        If there is none.
    """
    frame = case.table("utfall")
    rows = frame[frame["enhet"] == case.enhet]
    if rows.empty:
        there = ", ".join(frame["enhet"].unique())
        text = f"{case.enhet} har inget utfall. Utfall finns för: {there}."
        raise table_error(case, "utfall", text, "unknown_unit")
    return rows


def held_against(case: Case, tom: int) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The rows of the latest budget version that is known after a month, and the smallest parts of each, it last.

    Raises
    ------
    InputError
        If the unit has none for the year.
    """
    unit = case.unit_rows("budget")
    year = without_total(unit[unit["ar"] == case.ar])
    stated = case.rule(VERSION_RULE).varde
    known = [v for v, first in sorted(stated.items(), key=lambda item: item[1]) if first <= tom]
    there = [version for version in known if (year["version"] == version).any()]
    if not there:
        years = ", ".join(str(int(ar)) for ar in unit["ar"].unique())
        text = f"{case.enhet} har ingen budget {case.ar} att hålla prognosen mot. Budget finns för: {years}."
        raise table_error(case, "budget", text, "no_budget")
    rows = {version: year[year["version"] == version] for version in there}
    return rows[there[-1]], {version: leaves(found) for version, found in rows.items()}


def net_of(parts: pd.DataFrame) -> float:
    """The net of a budget from its smallest parts, kr; NaN where it does not say."""
    sums = parts[MONEY].sum(skipna=False)
    return float(sums["kostnad_kr"] - sums["intakt_kr"])


def unit_books(
    case: Case, scenario: Scenario, outturn: pd.DataFrame, budget: pd.DataFrame, parts: pd.DataFrame, tom: int
) -> Books:
    """The unit's books after a month; every fault of its outturn at once."""
    late = late_months(case, scenario, pd.concat([outturn[KEY], budget[KEY]]))
    file = shown(case.sources.collection.path("utfall"))
    faults = list(outturn_faults(outturn, budget, case.ar, tom, late, file))
    refuse_any(faults)
    return read_books(case.enhet, outturn, budget, parts, monthly_shares(case)[0], case.ar, tom, late)


def books_under(case: Case, scenario: Scenario, books: Books, budget: pd.DataFrame) -> Books:
    """The books of the case's own scenario under another: the same but where one says how late invoices are."""
    if any(getattr(n.change, "regel", "") == LATE_RULE for n in (*scenario, *case.scenario)):
        return unit_books(case, scenario, outturn_rows(case), budget, leaves(budget), books.tom)
    return books


def under(case: Case, scenario: Scenario, books: Books, others: Others) -> Prognosis:
    """The prognosis under a scenario: what it does to the budget, on what is booked.

    A measure that isn't carried out has done nothing so far, whenever it was meant to begin: it counts from the month
    after the last booked one.

    Raises
    ------
    InputError
        If one of its changes moves nothing.
    """
    late = late_months(case, scenario, books.leaves)
    ahead = month_end(case.ar, books.tom) + timedelta(days=1)
    outcome = simulate(books.plan.over(case.ar, cuts_of([scenario])), scenario, others.effects, held_to=ahead)
    method_only = {n.fault("", "") for n in scenario if _sets_own_rule(case, n.change)}
    faults = [fault for fault in unmoved(outcome) if replace(fault, text="", code="") not in method_only]
    refuse_any(faults)
    return prognosis(books, choices(case, scenario, books.leaves, late), moves_of(outcome, books), others.driven)


def _sets_own_rule(case: Case, change) -> bool:
    mine = change.typ == "regel" and (change.enhet or case.enhet) == case.enhet
    return mine and TOPIC.touches(change)


def read_limits(case: Case) -> RangeLimits:
    """What the rules say of ranges."""
    percentiles = case.rule("uppfoljning.intervall_procent").varde
    years = int(case.rule("uppfoljning.minst_hela_ar").varde)
    return RangeLimits((percentiles["hog"] - percentiles["lag"]) / 100, years)


def uncertain_ends(study: Study) -> Ends:
    """The year, kr, with each change of a stated lowest and highest alone at its ends, and each decided measure.

    A measure that isn't in the prognosis yet moves the year by what it gives at its ends; by nothing at all at one of
    them where it is less likely than a range's upper end.
    """
    found, ends = study.prognosis, []
    prognos = found.amounts.prognos
    for place, numbered in enumerate(study.case.scenario):
        change, limits = numbered.change, numbered.change.limits()
        if change.typ == MEASURE:
            parts = found.parts[(found.parts["nr"] == numbered.nr) & ~found.parts["planerad"].astype(bool)]
            kvar, likely = float(parts["kvar"].sum()), change.sannolikhet_andel or 1.0
            sizes = [end / kr_per_month(change) for end in limits or (change.kr_per_manad,)]
            sizes += [0.0] if likely < SURE else []
            ends.append((prognos + kvar * min(sizes), prognos + kvar * max(sizes)))
        elif limits:
            low, high = (_at_end(study, place, figure) for figure in limits)
            ends.append((low, high))
    return tuple(ends)


def _at_end(study: Study, place: int, figure: float) -> float:
    """The prognosis with one change of the scenario at another size; without it at none."""
    changes = list(study.case.scenario.changes)
    whole = round(figure) if isinstance(getattr(changes[place].change, changes[place].change.figure), int) else figure
    changed = replace(changes[place], change=changes[place].change.at(whole))
    changes[place : place + 1] = [changed] if whole else []
    return tried(study, replace(study.case.scenario, changes=tuple(changes))).amounts.prognos


def all_errors(study: Study) -> pd.DataFrame:
    """Errors of earlier prognoses, where they are known, and of the methods tried on the unit's history."""
    found, books = study.prognosis, study.prognosis.books
    years, money = accuracy.whole_years(books)
    budgets = np.full((len(years), *books.budget.shape), np.nan)
    for place, year in enumerate(years):
        budgets[place] = books.budget if year == books.ar else _earlier_budget(study.case, books, year)
    months = range(1, MONTHS) if (found.used == DRIVERS).any() else range(books.tom, min(books.tom + 1, MONTHS))
    driven = expected_then(found.driven_of, books, years, money, found.choices.late, months)
    history = CONTENTS.of(accuracy.tried, books, budgets, found.choices.late, found.used, driven).copy(deep=False)
    earlier = accuracy.earlier_errors(study.reports, books)
    both = [frame for frame in (earlier, history) if len(frame)]
    return pd.concat(both, ignore_index=True) if both else history


def _earlier_budget(case: Case, books: Books, year: int) -> np.ndarray:
    """An earlier year's adopted plan on this year's leaves, (leaf, side, 12); NaN where there was none."""
    unit = case.unit_rows("budget")
    rows = without_total(unit[(unit["ar"] == year) & (unit["version"] == "vp")])
    if rows.empty:
        return np.full(books.budget.shape, np.nan)
    return budget_of(books.leaves, leaves(rows), monthly_shares(replace(case, ar=year))[0])


def period(case: Case, tom: int) -> str:
    """The months booked, for people: "januari–april 2024"."""
    return f"{month_span(1, tom)} {case.ar}"
