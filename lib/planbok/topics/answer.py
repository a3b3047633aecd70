"""What the topics answer about a case: the only room that runs several of them together."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import pandas as pd

from planbok.base.errors import Fault, InputError, MissingValueError, gathered
from planbok.base.periods import last_day, long_date
from planbok.base.stages import MODEL, stage
from planbok.base.words import counted
from planbok.base.workspace import Folders, shown
from planbok.case.case import Case, Journal, Sources, known_names, load_scenarios
from planbok.case.remembered import beforehand, found_beforehand, remembered
from planbok.case.result import WORKING_PAPERS, Result
from planbok.case.study import refuse_within_year
from planbok.case.topic import ALONE, Decided, Driven, Effects, Others, Outcome, Topic
from planbok.disclosure.effects import protect_decided, protect_driven, protect_effects
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect, stood
from planbok.disclosure.standing import Standing
from planbok.inputs.rules.placement import Placement
from planbok.inputs.rules.rules import Rules
from planbok.inputs.scenario.load import BAS, NumberedChange, Scenario, runs_in, scenario_ids
from planbok.inputs.tables.collection import Collection
from planbok.topics import BUDGET, TOPICS, topic_of

UNMOVED = "Scenariot{} ändrar inget i den här rapporten: den visar läget utan det."
MOST_SENTENCES = 8
YEARLY = tuple(rule for topic in TOPICS for rule in topic.yearly)
MOST_TRIED = 50  # sets of changes whose effects are kept: a report asks the same ones again and again
PAID = "ersattning"  # the effect by which decisions cost: where what they explain lands


class Answer(NamedTuple):
    """A topic's study of a case, and what it shows of it."""

    study: Any
    result: Result


@stage(MODEL)
def answer(case: Case) -> Answer:
    """The answer of the topic that the case's notebook shows, as the case's audience may see it.

    Raises
    ------
    InputError
        If the unit's tables lack what the topic needs, or a change moves nothing.
    """
    topic = _own(case)
    study = found_beforehand(case)
    study = _study(case) if study is None else study
    view, who = topic.shows(case), policy(case)
    unmade = view.unmade(study) if isinstance(view, Standing) and not who.shows_all else None
    shown = protect(unmade or topic.shows(case)(study), who)
    if _moves_nothing(topic, case):
        which = "" if case.is_public else f" ”{case.scenario.titel}”"
        shown = _with_sentences(shown, [UNMOVED.format(which), *shown.sammanfattning])
    elif earlier := _begun_earlier(case):
        shown = _with_sentences(shown, [*shown.sammanfattning, earlier])
    return Answer(study, _named(shown, case.sources.rules.in_words))


def _with_sentences(result: Result, said: list[str]) -> Result:
    if len(said) > MOST_SENTENCES:
        said = [*said[:-2], " ".join(said[-2:])]
    return replace(result, sammanfattning=said)


def _begun_earlier(case: Case) -> str:
    """That changes of the scenario began before the report's year, and so act from its first day; "" where none did."""
    first = date(case.ar, 1, 1)
    changes = [n.change for n in case.scenario if not runs_in(n.change, case.enhet, first, last_day(case.ar))]
    days = [change.starts for change in changes if change.starts < first]
    if not days:
        return ""
    which = f"{counted(len(days), 'förändring', 'förändringar')} i scenariot började"
    since = f"den {long_date(min(days))}" if len(days) == 1 else f"den första {long_date(min(days))}"
    return f"{which} före {case.ar} ({since}) och gäller redan när året börjar."


def _moves_nothing(topic: Topic, case: Case) -> bool:
    """Whether none of the scenario's changes can have moved a topic's report.

    A change is of a kind that the topic computes, or a rule's value that the report has read; a topic that takes the
    others' kronor says itself what they do to its own, and a change of the price list is never said to move nothing.
    """
    if not case.scenario.changes or (topic.follows and topic.changes):
        return False
    read = {value.forandring for value in case.journal.rules.values()}
    return not any(
        n.nr in read if n.change.kind == "regel" else n.change.kind == "prislista" or topic.touches(n.change)
        for n in case.scenario
    )


def _named(result: Result, words: Callable[[str], str]) -> Result:
    """The result with rules called by their titles in sentences, notes, cells and checks."""
    tables = {}
    for name, table in result.tabeller.items():
        read: dict[str, list[Any]] = {}
        frame = table.frame
        for key in (column.key for column in table.columns if frame[column.key].dtype.kind not in "biuf"):
            cells = frame[key].tolist()
            said = [words(cell) if isinstance(cell, str) else cell for cell in cells]
            read |= {key: said} if said != cells else {}
        tables[name] = replace(table, note=words(table.note), frame=frame.assign(**read) if read else frame)
    checks = [replace(check, forklaring=words(check.forklaring)) for check in result.kontroller]
    said = [words(text) for text in result.sammanfattning]
    return replace(result, sammanfattning=said, tabeller=tables, kontroller=checks)


def others(case: Case) -> Others:
    """What the topics say of a case's unit: what they do to its money under a scenario, and what moves its decisions.

    All of it is what the case's audience may see.

    A topic whose table does not have the unit says nothing; homes reach the budget only where the scenario opens them.
    """
    placement = case.sources.placement
    there = [
        topic
        for topic in TOPICS
        if topic.effects and (topic.any_unit or case.enhet in _units(topic, case.sources.collection))
    ]
    kept: dict[tuple[NumberedChange, ...], Effects] = {}
    before = _before(case)

    def effects_of(scenario: Scenario) -> Effects:
        if scenario.changes not in kept:
            if len(kept) >= MOST_TRIED:
                kept.clear()
            found = Effects.together(topic.effects_of(case, scenario) for topic in there)
            kept[scenario.changes] = protect_effects(found, policy(case)).placed(placement, case.enhet)
        return kept[scenario.changes]

    def to_come(tom: int) -> Effects:
        of_topics = [
            remembered(before, ("to_come", topic.id, tom), partial(topic.part(topic.to_come), tom_manad=tom))
            for topic in there
            if topic.to_come
        ]
        found = Effects.together(stood(found, policy(case)) for found in of_topics)
        return protect_effects(found, policy(case)).placed(placement, case.enhet)

    outcome, driven = partial(_outcome, case), partial(_driven, case)
    told = next((topic for topic in there if topic.decided), None)
    if told is None:
        return Others(effects_of, None, outcome, driven, to_come)

    def decided(known: date, later: date) -> Decided:
        days = (known, later)
        kr, persons = remembered(before, ("decided", *days), partial(told.part(told.decided), known=days))
        return protect_decided(kr, persons, placement.place(case.enhet, PAID).budgetrad, policy(case))

    return Others(effects_of, decided, outcome, driven, to_come)


def _before(case: Case) -> Case:
    """The case for what is told of it before its scenario, where only changes of rules act, and before it is protected.

    Working papers alone name each price that was read; all others are told the same, and so it is worked out once.
    """
    rules = tuple(n for n in case.scenario if n.change.typ == "regel")
    reader = case.spridning if case.spridning == WORKING_PAPERS else "ledning"
    return replace(case, scenario=replace(BAS, changes=rules), spridning=reader)


def _driven(case: Case, ar: int, tom_manad: int) -> Driven:
    """What all topics expected of the unit's year after a month, by budget row and side, for the case's audience.

    The tables that it rests on are noted in the case's journal; the prices of other years are not.
    """
    then = case if ar == case.ar else replace(case, ar=ar, journal=Journal(tables=case.journal.tables))
    found: list[pd.DataFrame] = []
    why: list[str] = []
    for topic in TOPICS:
        if topic.driven and case.enhet in _units(topic, case.sources.collection):
            given = protect_driven(partial(_expected, topic, then), tom_manad, policy(case))
            found, why = [*found, given.kr], [*why, given.why]
    kr = pd.concat([Driven().kr, *found]) if any(map(len, found)) else Driven().kr
    places = [case.sources.placement.place(case.enhet, str(effekt)) for effekt in kr.index]
    where = [[place.budgetrad for place in places], [place.sida for place in places]]
    return Driven(kr.groupby(where, sort=False).sum(), why="; ".join(dict.fromkeys(filter(None, why))))


def _expected(topic: Topic, case: Case, tom_manad: int) -> Driven:
    return remembered(_before(case), ("driven", topic.id, tom_manad), partial(_driven_of, topic, tom_manad=tom_manad))


def _driven_of(topic: Topic, case: Case, tom_manad: int) -> Driven:
    """What a topic expected; nothing, with the reason, where a rule of that year is missing."""
    try:
        return topic.part(topic.driven)(case, case.ar, tom_manad)
    except MissingValueError as error:
        return Driven(why=error.reason)


def _outcome(case: Case, indicator: str, ar: int, tom_manad: int) -> Outcome | None:
    """What the first topic that has an indicator's outcome and the unit knows of it, as its own report shows it."""
    for topic in TOPICS:
        where = topic.outcomes.get(indicator)
        if where and case.has_rows(topic.needs[0]):
            work = partial(_outcomes, topic, where, ar=ar, tom_manad=tom_manad)
            return remembered(case, ("outcomes", topic.id, where, ar, tom_manad), work).get(indicator)
    return None


def _outcomes(topic: Topic, where: str, case: Case, ar: int, tom_manad: int) -> dict[str, Outcome]:
    found = topic.part(where)(case, ar, tom_manad)
    return {name: replace(stood(one, policy(case)), steady=None) for name, one in found.items()}


def _own(case: Case) -> Topic:
    """The topic of a case's notebook; the budget's for a notebook of somebody's own."""
    return topic_of(case.notebook) or BUDGET


def _units(topic: Topic, collection: Collection) -> list[str]:
    return collection.units(topic.needs[0])


def _study(case: Case) -> Any:
    refuse_within_year(case, (*case.scenario, *case.jamfor_med), YEARLY)
    topic = _own(case)
    return topic.study_of(case, others(case) if topic.follows else ALONE)


def verify(case: Case) -> None:
    """Holds a case against its topics before anything runs; its study is there for a report forked from here.

    Raises
    ------
    InputError
        If the unit's tables lack what the notebook's topic needs, or a change moves nothing within the plan years.
    """
    own = _own(case)
    beforehand(case, _study)
    own.shows(case)
    if own.follows and own.changes:
        return
    changes = {n.id: n for s in (case.scenario, case.jamfor_med) for n in s}.values()
    tried = {n.fault("", "moves_nothing") for n in changes if own.touches(n.change)}
    if len(tried) < len(changes):
        _hold_against_budget(case, tried)


def _hold_against_budget(case: Case, tried: set[Fault]) -> None:
    """The budget's study for a report on another topic, which has tried its own changes itself."""
    try:
        BUDGET.study_of(case, others(case))
    except InputError as error:
        faults = [fault for fault in error.faults if replace(fault, text="") not in tried]
        if faults:
            raise InputError(faults) from None


@dataclass
class Trials:
    """What the trials of a topic came to: the changes that moved something, and the faults of those refused.

    A trial that tables or rules stop, such as a year without rows, is none: that is said by those who read them.
    """

    moved: set[str] = field(default_factory=set)
    sound: set[tuple[str, int]] = field(default_factory=set)  # unit and year of each trial that went through
    refused: dict[tuple[str, int], list[Fault]] = field(default_factory=dict)

    def run(self, enhet: str, ar: int, moves: Callable[[], Set[str]]) -> None:
        """One trial: `moves` gives the ids of the changes that moved something."""
        try:
            self.moved |= moves()
        except InputError as error:
            of_changes = [fault for fault in error.faults if fault.kind == "scenario"]
            if of_changes:
                self.refused[enhet, ar] = of_changes
        else:
            self.sound.add((enhet, ar))

    def reasons(self, numbered: NumberedChange) -> list[Fault] | None:
        """Why a change was refused, or why no trial that it had a part in went through; None where one did."""
        tried_on = [spot for spot in (*self.sound, *self.refused) if _concerns(numbered, *spot)]
        here = numbered.fault("", "")
        own = {
            f for spot in tried_on for f in self.refused.get(spot, ()) if (f.line, f.place) == (here.line, here.place)
        }
        if own:
            return sorted(own)
        if not tried_on or any(spot in self.sound for spot in tried_on):
            return None
        return sorted({fault for spot in tried_on for fault in self.refused[spot]})


def _concerns(numbered: NumberedChange, enhet: str, ar: int) -> bool:
    change = numbered.change
    ends = change.ends
    in_time = change.starts.year <= ar and (ends is None or ar <= ends.year)
    return in_time and change.enhet in (None, enhet)


def table_faults(collection: Collection, rules: Rules | None) -> list[Fault]:
    """What is wrong in tables by the rules of their topics, beyond their form; None where the rules are faulty."""
    return [fault for topic in TOPICS for fault in topic.faults_of(collection, rules)]


def faults_without_rules(notebooks: set[str], collection: Collection) -> list[Fault]:
    """What is wrong in the tables of some notebooks as far as it can be told while the rules are at fault."""
    found, files = list[Fault](), set()
    topics = filter(None, map(topic_of, sorted(notebooks)))
    needed = dict.fromkeys(table for topic in topics for table in topic.needs)
    for name in filter(collection.has, needed):
        with gathered(found):
            files.add(shown(collection.path(name)))
            collection.read(name)
    return found + [fault for fault in table_faults(collection, None) if fault.file in files]


def unmoved_anywhere(folders: Folders, collection: Collection, rules: Rules) -> list[Fault]:
    """A fault for each change of a sound scenario that moves nothing in any unit and year of the tables.

    Scenarios with faults of form are left to those who report them; types whose topic has no model yet can't be tried
    and are left out.
    """
    sources = Sources(folders, rules, Placement({}, ""), collection)
    known = known_names(sources.collection, sources.rules)
    found: list[Fault] = []
    for scenario_id in scenario_ids(sources.folders):
        try:
            scenario = load_scenarios([scenario_id], sources.folders, known, sources.rules)[scenario_id]
        except InputError:
            continue
        found += _unmoved_in_all(scenario, sources)
    return found


def _unmoved_in_all(scenario: Scenario, sources: Sources) -> list[Fault]:
    """The changes of a scenario that move nothing of any topic that can tell."""
    moved: set[str] = set()
    trials: dict[str, list[Trials]] = {}
    for topic in TOPICS:
        touched = [n.id for n in scenario if topic.touches(n.change)]
        if touched and (topic.moved or (topic.effects and sources.collection.has(topic.needs[0]))):
            tried = _tried(topic, scenario, sources)
            moved |= tried.moved
            for change in touched:
                trials.setdefault(change, []).append(tried)
    unmoved = [n for n in scenario if n.id in trials.keys() - moved]
    return list(dict.fromkeys(fault for n in unmoved for fault in _why_unmoved(n, trials[n.id])))


def _tried(topic: Topic, scenario: Scenario, sources: Sources) -> Trials:
    """A topic's changes in each of its units, in each year in which one of them starts, until all have moved something.

    A unit or year whose tables can't be read is said elsewhere, and tries nothing.
    """
    trials, mine = Trials(), [n for n in scenario if topic.touches(n.change)]
    years = sorted({n.change.starts.year for n in mine})
    for enhet, ar in product(_units(topic, sources.collection), years):
        if trials.moved.issuperset(n.id for n in mine):
            break
        case = Case(topic.notebooks[0].id, {}, enhet, ar, scenario, BAS, "ledning", sources)
        trials.run(enhet, ar, partial(_moved, topic, case))
    return trials


def _moved(topic: Topic, case: Case) -> Set[str]:
    refuse_within_year(case, case.scenario, YEARLY)
    return topic.moved_by(case, case.scenario)


def _why_unmoved(numbered: NumberedChange, trials: list[Trials]) -> list[Fault]:
    """The faults for which a topic refused a change wherever it was tried; else that it moves nothing."""
    refused = [fault for tried in trials for fault in tried.reasons(numbered) or ()]
    text = "förändringen flyttar inget för någon enhet och något år i underlaget. Kontrollera vad den gäller och datum."
    return refused or [numbered.fault(text, "moves_nothing")]
