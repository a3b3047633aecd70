"""From a case to LSS-peng: reads decisions, prices and rules, and builds a world per scenario."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planbok.base.errors import refuse_any
from planbok.base.periods import Span, spans
from planbok.base.workspace import shown
from planbok.case.case import Case, rules_under
from planbok.case.study import day_of, refuse_still, so_far, sound_rows, trying
from planbok.inputs.rules.rules import LIST_RULE
from planbok.inputs.scenario.load import BAS, Scenario
from planbok.lss.measurement import read_measurement
from planbok.lss.price_book import PriceBook, levels, price_book, price_cuts, upratings
from planbok.topics.lss_peng import TOPIC, decisions
from planbok.topics.lss_peng.worlds import Frame, World, after, cells_in

INSATSER_RULE = "lss_peng.insatser"
UNMOVED = "inget beslut berörs, eller så saknar insatsen pris"


@dataclass(frozen=True)
class Stood:
    """What counts of persons and days are of, for others than the unit.

    day       the day on which the decisions were as in `bas`
    persons   the year's persons by insats and management, and of all, as they are shown
    months    the month of the year that each of them is counted to; 0 is before it
    fewest    how many have moved where counts are made anew
    """

    day: date
    bas: World
    persons: dict[tuple[str, str], float]
    months: dict[tuple[str, str], int]
    fewest: int


@dataclass(frozen=True)
class Study:
    """All that the report on LSS-peng shows, before it is put into words."""

    case: Case
    per_datum: date
    bas: World
    world: World  # under the case's scenario
    versus: World
    year_before: World  # the decisions as they are, in the year before with its own prices
    matregel_underlag: str
    borrowed: bool  # whether what the board is given for some cell is borrowed from what providers are paid
    stood: Stood | None = None  # None: everything is counted as it is

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """The unit's decisions before any change."""
        return decisions.prepare(self.case.unit_rows("beslut"))

    def stands(self, of: Callable[[World], Any]) -> Any:
        """A number, or an array, of the world's persons and days: the real ones as they were when they were counted."""
        now = of(self.world)
        return now if self.stood is None else now + of(self.stood.bas) - of(self.bas)

    def is_to_come(self, day: date) -> bool:
        """Whether a measurement is still to come and its persons stand."""
        return self.stood is not None and day > self.per_datum


def study(case: Case) -> Study:
    """The unit's LSS-peng under the case's scenarios.

    Raises
    ------
    InputError
        If decisions can't be right, or a change moves nothing or finds too few persons.
    """
    rows = _checked_rows(case)
    found: dict[tuple, list[World]] = {}

    def under(scenario: Scenario) -> list[World]:
        if scenario.changes not in found:
            found[scenario.changes] = worlds(case, scenario, rows)
        return found[scenario.changes]

    bas, chain = under(BAS)[-1], under(case.scenario)
    refuse_still(case, chain, TOPIC.touches, differs, UNMOVED)
    earlier = replace(case, ar=case.ar - 1)
    return Study(
        case=case,
        per_datum=day_of(case),
        bas=bas,
        world=chain[-1],
        versus=under(case.jamfor_med)[-1],
        year_before=worlds(earlier, BAS, rows)[-1],
        matregel_underlag=case.rule("lss_peng.matregel").underlag,
        borrowed=_borrowed(case, chain[-1]),
    )


def tried(study: Study, scenario: Scenario) -> World:
    """The world after any changes, the same to the krona as a study of a case with that scenario.

    What it reads is not noted in the case's journal: it is no report.

    Raises
    ------
    InputError
        If a change finds too few persons, or they together move nothing.
    """
    case = trying(study.case, scenario)
    year = spans(case.ar, price_cuts(list(scenario), case.ar))
    frame, state = _frame(case, scenario, year), _states(case, scenario, study.decisions)[-1]
    world = World.of(frame, state, _silent_book(study, case, scenario))
    if any(TOPIC.touches(n.change) for n in scenario) and world.gives_as(study.bas):
        chain = worlds(case, scenario, case.unit_rows("beslut"))
        refuse_still(case, chain, TOPIC.touches, differs, UNMOVED)
    return world


def _silent_book(study: Study, case: Case, scenario: Scenario) -> PriceBook:
    """The prices under a scenario, noted nowhere; of the published ones there is one book, and each is found once."""
    rules, raised = rules_under(case.sources.rules, scenario, case.enhet), upratings(case, scenario)
    if rules is case.sources.rules and not raised:
        return study.bas.kept.setdefault("prices", PriceBook(rules))
    return PriceBook(rules, raised)


def _borrowed(case: Case, world: World) -> bool:
    book = price_book(case, case.scenario)
    return any(book.borrows(cell, span.start) for cell in world.cells for span in world.frame.spans)


def _checked_rows(case: Case) -> pd.DataFrame:
    """The unit's decisions; every one that can't be right is a fault."""
    rules, collection = case.sources.rules, case.sources.collection
    return sound_rows(
        case, "beslut", lambda rows: decisions.faults(rows, levels(rules), shown(collection.path("beslut")))
    )


def _frame(case: Case, scenario: Scenario, year: list[Span]) -> Frame:
    """What the rules say of the year: measurements, what gives peng by day, how it is counted."""
    measured = read_measurement(case, scenario)
    insatser = case.rule(INSATSER_RULE, scenario=scenario).varde
    _note_list(case, scenario)
    per_day = {name for name, how in insatser.items() if how["per"] == "dygn"}
    return Frame(
        ar=case.ar,
        matning_1=measured.matning_1,
        matning_2=measured.matning_2,
        matning_fore=measured.matning_2.replace(year=case.ar - 1),
        matregel=measured.matregel,
        vikter=measured.vikter,
        per_day=per_day,
        nightly={name for name in per_day if insatser[name].get("raknas") == "natter"},
        spans=year,
    )


def _note_list(case: Case, scenario: Scenario) -> None:
    """Another year's price list that a scenario borrows is noted in the case's journal."""
    rules = rules_under(case.sources.rules, scenario, case.enhet)
    if LIST_RULE in rules.series and trying(case, scenario).rule(LIST_RULE).varde:
        case.rule(LIST_RULE, scenario=scenario)


def worlds(case: Case, scenario: Scenario, rows: pd.DataFrame) -> list[World]:
    """The world before any change, and after each change of the scenario, in order.

    Raises
    ------
    InputError
        If a change finds too few persons to move, with how many there were, or names a level that there isn't.
    """
    states = _states(case, scenario, decisions.prepare(rows))
    year = spans(case.ar, price_cuts([*case.scenario, *case.jamfor_med, *scenario], case.ar))
    frames = [_frame(case, taken, year) for taken in so_far(scenario)]
    books = [price_book(case, taken) for taken in so_far(scenario)]
    found = [World.of(*its) for its in zip(frames, states, books, strict=True)]
    if len(found) == 1:
        return found
    cells = cells_in([world.by_day for world in found])
    return [replace(world, cells=cells) for world in found]


def _states(case: Case, scenario: Scenario, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """The decisions before any change and after each; every change that can't be made is a fault."""
    states, found, listed = [rows], [], levels(case.sources.rules)
    for numbered in scenario:
        change = numbered.change
        wanted = {"volym": getattr(change, "niva", None), "nivabyte": getattr(change, "till_niva", None)}.get(
            change.typ
        )
        if wanted is not None and str(wanted) not in listed.get(change.insats, {str(wanted)}):
            found.append(numbered.fault(decisions.unknown_level(str(wanted), change.insats, listed), "unknown_level"))
            continue
        try:
            states.append(after(states[-1], numbered, case.enhet))
        except decisions.TooFewError as error:
            found.append(numbered.fault(_too_few(error), "too_few"))
    refuse_any(found)
    return states


def _too_few(error: decisions.TooFewError) -> str:
    change = error.number.change
    if error.wanted != int(error.wanted):
        return f"förändringen gäller {-error.wanted:g} personer i {change.insats}: bara hela personer kan sluta."
    return (
        f"förändringen behöver {error.wanted:g} personer i {change.insats} den {change.fran}, "
        f"men {error.found} har ett löpande beslut som passar. Ändra antal, nivå, regi eller datum."
    )


def differs(one: World, other: World) -> bool:
    """Whether two worlds give other money: for the days, by measurement, to providers or over a full year."""
    pairs = [
        (one.peng, other.peng),
        (one.state("slutlig"), other.state("slutlig")),
        (one.paid_by_month().to_numpy(), other.paid_by_month().to_numpy()),
        (np.array(one.full_year_frame()), np.array(other.full_year_frame())),
    ]
    return any(not np.array_equal(a, b, equal_nan=True) for a, b in pairs)
