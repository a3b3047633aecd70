"""From a case to staffing and sick leave: reads hours, rules, targets and spells, and builds a world per scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from planbok.analysis.targets import TargetRow
from planbok.base.errors import Fault, InputError, MissingValueError, did_you_mean
from planbok.base.kept import CONTENTS
from planbok.base.periods import MONTH_NAMES, month_span
from planbok.base.workspace import shown
from planbok.case.case import Case, rules_under
from planbok.case.study import OfYear, differing, month_of, refuse_still, so_far, sound_rows, table_error, trying
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario
from planbok.topics.staffing import TOPIC, hours
from planbok.topics.staffing.hours import Finding
from planbok.topics.staffing.model import Rates
from planbok.topics.staffing.other_tables import operations, target_rows
from planbok.topics.staffing.outlook import Outlook, outlook
from planbok.topics.staffing.rates import rates
from planbok.topics.staffing.year import (
    EVERYONE,
    Base,
    World,
    added_points,
    base_year,
    chosen,
    cut_spans,
    full_points,
    more,
)

TABLE = "bemanning"
UNMOVED = "värdet är detsamma som förut, eller så har enheten inga timmar då"
HANDLING, ALIKE = "bemanning.felhantering", "bemanning.namnbyte_andel"
FEWEST_TRIALS = "bemanning.prognos_minsta_antal"
BELOW_ZERO = 1e-6  # hours: what binary fractions may leave


@dataclass(frozen=True)
class Study(OfYear):
    """All that the report on staffing shows, before it is put into words."""

    case: Case
    tom_manad: int
    hours: pd.DataFrame  # by group and month, all that the table has
    outturn: pd.DataFrame  # hours by group and month up to the month, as they were
    frame: pd.DataFrame  # the same under the scenario: what it adds to sick hours is in them
    marks: tuple[Finding, ...]  # months that can't be right, used as they are since the rule says so
    bas: World
    world: World  # under the case's scenario
    versus: World
    whole: Base  # the year by every month that the table has: on it changes become kronor, as in the budget's report
    ends: tuple[World, World]  # the comparison and the scenario on it
    steps: tuple[tuple[NumberedChange, str, World, World], ...]  # from the one to the other, change by change
    outlook: Outlook  # of the city's indicator, without the scenario
    targets: tuple[TargetRow, ...]
    operations: pd.DataFrame | None

    @property
    def last(self) -> int:
        """The report's last month, as a number."""
        return self.ar * 12 + self.tom_manad - 1

    @cached_property
    def year_to_date(self) -> pd.Series:
        """The unit's hours January to the month, under the scenario."""
        return hours.Period("", self.ar * 12, self.last).rows(self.frame)[hours.HOURS].sum(skipna=False)


def study(case: Case) -> Study:
    """The unit's staffing and sick leave up to a month, under the case's scenarios.

    Raises
    ------
    InputError
        If the table can't be right or lacks the month, a change moves nothing, or a rule has an impossible value.
    """
    tom = month_of(case)
    rows, marks = checked_rows(case)
    every = hours.by_group_and_month(rows)
    outturn = every[every["nr"] < case.ar * 12 + tom].reset_index(drop=True)
    _refuse_missing_month(case, outturn, tom)
    ahead = year_end(case, outturn, tom)
    base = base_year(outturn, case.ar, tom, ahead.niva)
    if base is None:
        raise no_hours(case)
    chain = worlds(case, base, case.scenario)
    refuse_still(case, chain, TOPIC.touches, differs, UNMOVED)
    world, versus, whole = chain[-1], worlds(case, base, case.jamfor_med)[-1], whole_base(case, rows)
    frame = with_added(outturn, world)
    known = [mark for mark in marks if mark.manad <= hours.month_of(case.ar * 12 + tom - 1)]
    return Study(
        case=case,
        tom_manad=tom,
        hours=every,
        outturn=outturn,
        frame=frame,
        marks=tuple(known),
        bas=worlds(case, base, BAS)[-1],
        world=world,
        versus=versus,
        whole=whole,
        ends=(world_of(case, whole, case.jamfor_med.changes), world_of(case, whole, case.scenario.changes)),
        steps=tuple(_steps(case, whole)),
        outlook=ahead,
        targets=target_rows(case, frame, tom),
        operations=operations(case),
    )


def study_under(study: Study, scenario: Scenario) -> Study:
    """The study of the same hours under any changes, the same to the krona as that of a case with the scenario.

    What it reads is not noted in the case's journal: it is no report.

    Raises
    ------
    InputError
        If a change moves nothing, or takes more sick leave than there is.
    """
    case = trying(study.case, scenario)
    chain = worlds(case, study.bas.base, scenario)
    refuse_still(case, chain, TOPIC.touches, differs, UNMOVED)
    frame = with_added(study.outturn, chain[-1])
    return replace(study, case=case, world=chain[-1], frame=frame)


def no_hours(case: Case) -> InputError:
    """Months of the year have no hours, and there is nothing to fill them with."""
    text = f"{case.enhet} har månader utan timmar {case.ar} som inte går att fylla från året före. Lägg till raderna."
    return table_error(case, TABLE, text, "no_months")


def row_findings(rows: pd.DataFrame, rules: Rules, day: date) -> tuple[list[Finding], list[Finding]]:
    """What can't be right in rows of bemanning, by the rules in force on a day: what stops, and what marks a month."""
    try:
        handling, alike = rules.value(HANDLING, day).varde, rules.value(ALIKE, day).varde
    except (KeyError, MissingValueError):  # no rule: everything stops
        handling, alike = {}, 0.0
    return hours.split(CONTENTS.of(hours.findings, rows, alike), handling)


def checked_rows(case: Case) -> tuple[pd.DataFrame, list[Finding]]:
    """The unit's rows, and the months that are marked; every row that can't be right is a fault."""
    marks: list[Finding] = []

    def faults(rows: pd.DataFrame) -> list[Fault]:
        known = rows[(rows["manad"] != "") & (rows["grupp"] != "")]
        stops, marked = row_findings(known, case.sources.rules, date(case.ar, 1, 1))
        marks.extend(marked)
        return [finding.fault(shown(case.sources.collection.path(TABLE))) for finding in stops]

    return sound_rows(case, TABLE, faults), marks


def _refuse_missing_month(case: Case, outturn: pd.DataFrame, tom: int) -> None:
    months = set(outturn["nr"])
    missing = [month for month in range(case.ar * 12, case.ar * 12 + tom) if month not in months]
    if missing:
        apart = ", ".join(MONTH_NAMES[month % 12] for month in missing)
        names = month_span(missing[0] % 12 + 1, tom) if len(missing) == case.ar * 12 + tom - missing[0] else apart
        there = f"; sista månaden är {hours.month_of(max(months))}" if months else ""
        text = f"{case.enhet} saknar {names} {case.ar} i bemanning{there}. Lägg till raderna, eller ändra tom_manad."
        raise table_error(case, TABLE, text, "missing_month")


def series(frame: pd.DataFrame, column: str) -> pd.Series:
    """The unit's hours by consecutive month; NaN for a month that is not there."""
    sums = frame.groupby("nr")[column].sum(skipna=False)
    return sums.reindex(range(sums.index.min(), sums.index.max() + 1))


def year_end(case: Case, outturn: pd.DataFrame, tom: int) -> Outlook:
    """The forecast of the city's indicator for the whole year, by outturn alone."""
    fewest = int(case.rule(FEWEST_TRIALS).varde)
    return outlook(series(outturn, "sjuk_h"), series(outturn, "avtalad_tid_h"), tom, fewest)


def whole_base(case: Case, rows: pd.DataFrame) -> Base:
    """The year by all hours that the table has: the months of the year, then those of the year before.

    What a change does in kronor is counted on it, so that it is the same after every month and in every report.

    Parameters
    ----------
    rows : the unit's rows of bemanning, checked
    """
    frame = hours.by_group_and_month(rows)
    start = case.ar * 12
    there = frame["nr"].between(start, start + 11)
    known = int(frame.loc[there, "nr"].max() - start + 1) if there.any() else 0
    level = year_end(case, frame, known).niva if known else 0.0
    base = base_year(frame, case.ar, known, level)
    if base is None:
        raise no_hours(case)
    return base


def worlds(case: Case, base: Base, scenario: Scenario) -> list[World]:
    """The world before any change, and after each change of the scenario, in order."""
    return [world_of(case, base, taken.changes) for taken in so_far(scenario)]


def world_of(case: Case, base: Base, changes: Sequence[NumberedChange]) -> World:
    """The year under changes, in the order in which they act."""
    unknown = [
        n
        for n in changes
        if n.change.typ == "sjukfranvaro"
        and (n.change.enhet or case.enhet) == case.enhet
        and not chosen(base.groups, n.change.grupp).any()
    ]
    if unknown:
        there = [EVERYONE, *base.groups]
        text = "gruppen {!r} finns inte i bemanning för " + f"{case.enhet} {case.ar}." + "{}"
        said = [(n, text.format(n.change.grupp, did_you_mean(n.change.grupp, there))) for n in unknown]
        raise InputError(n.fault(words, "unknown_group") for n, words in said)
    rules = rules_under(case.sources.rules, Scenario("", "", changes=tuple(changes)), case.enhet)
    year = cut_spans(case.ar, [*case.scenario, *case.jamfor_med, *changes], case.sources.rules)
    world = World(
        base=base,
        spans=year,
        points=added_points(base, year, changes, case.enhet),
        points_full=full_points(base, changes, case.enhet),
        rates=tuple(rates(case, rules, span.start, base.groups) for span in year),
        rates_full=rates(case, rules, date(case.ar, 12, 31), base.groups),
    )
    _refuse_negative(case, world, changes)
    return world


def _refuse_negative(case: Case, world: World, changes: Sequence[NumberedChange]) -> None:
    """A change may not take more sick leave than there is."""
    below = (world.sick.sjuk < -BELOW_ZERO).any()
    mine = [n for n in changes if n.change.typ == "sjukfranvaro" and (n.change.enhet or case.enhet) == case.enhet]
    own = [n for n in mine if n.change.procentenheter < 0]
    if below and own:
        group = own[-1].change.grupp
        group = "någon grupp" if group.casefold() == EVERYONE else group
        text = f"sjukfrånvaron i {group} skulle bli mindre än noll någon månad {case.ar}. Minska förändringen."
        raise InputError([own[-1].fault(text, "below_zero")])


def differs(one: World, other: World) -> bool:
    """Whether two worlds have other sick hours or other rates, in the year or over a full year."""
    pairs = [(one.added, other.added), (one.points_full, other.points_full)]
    pairs += [(_numbers(a), _numbers(b)) for a, b in zip(one.rates, other.rates, strict=True)]
    pairs.append((_numbers(one.rates_full), _numbers(other.rates_full)))
    return any(not np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def _numbers(found: Rates) -> np.ndarray:
    single = (found.veckoarbetstid_h, found.karens_h, found.sjuklon_andel, found.avtal_andel, found.po_procent)
    return np.array([*found.timlon, *single, found.timmar_per_tillfalle, *found.ersattare_kr.values()], dtype=float)


def _steps(case: Case, base: Base) -> Iterator[tuple[NumberedChange, str, World, World]]:
    """Each change that only one of the case's scenarios has, in turn: first those taken away, then those put in."""
    added, left = differing(case.scenario, case.jamfor_med)
    state = list(case.jamfor_med)
    before = world_of(case, base, state)
    for numbered in reversed(left):
        state = [n for n in state if n.id != numbered.id]
        now = world_of(case, base, state)
        yield numbered, "Utan: ", before, now
        before = now
    coming = {n.id for n in added}
    for numbered in added:
        coming.remove(numbered.id)
        now = world_of(case, base, [n for n in case.scenario if n.id not in coming])
        yield numbered, "", before, now
        before = now


def with_added(outturn: pd.DataFrame, world: World) -> pd.DataFrame:
    """The hours up to a month of the year, with what the scenario adds to the months known of it."""
    start = world.base.ar * 12
    group = pd.Index(world.base.groups).get_indexer(outturn["grupp"])
    month = outturn["nr"].to_numpy() - start
    inside = (group >= 0) & (month >= 0)
    extra = np.where(inside, world.added[group, np.maximum(month, 0)], 0.0)
    names = ("sjuk_h", "sjuk_dag_1_14_h", "sjuk_60_dagar_h")
    parts = more((outturn[name] for name in names), extra, world.base.mix)
    return outturn.assign(**dict(zip(names, parts, strict=True)))
