"""Every shipped scenario, and those that the handbook prints, on every notebook and unit that they can concern.

Each is made for three audiences, or refused with a reason; nothing else may come of it. All read the same tables.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import yaml_files
from ruamel.yaml import YAML

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.make.preflight import preflight
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.case import remembered
from planbok.case.case import Audience, Case, Sources, load_sources, open_case
from planbok.case.result import Limits, Result
from planbok.case.topic import ALONE, Others, Outcome, Topic
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.inputs.scenario.changes import Change
from planbok.inputs.scenario.load import BASELINE, Scenario, load_scenario, scenario_ids
from planbok.topics import BUDGET, TOPICS, answer, follow_up, topic_of
from planbok.topics.follow_up.books import Books

HANDBOOK = (Path(__file__).resolve().parents[1] / "docs/handbok.md").read_text("utf-8")
PRINTED = [yaml_files.read(block) for block in re.findall(r"```yaml\n(.*?)```", HANDBOOK, re.S)]
IDS = [name for name in scenario_ids(Folders((PARAMS,), SAMPLE)) if name != BASELINE]
TRUE_REASONS = {
    *("unknown_budgetrad", "moves_nothing", "no_budget", "unknown_row", "too_few", "no_place", "unknown_group"),
    *("missing_month", "no_hours", "below_zero"),
}


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources(Folders((PARAMS,), SAMPLE))


class Untouched:
    """Reports that no change of a scenario can move: each is made once, and for one audience under each new kind.

    A topic that changes the others' effects has none; one that only tells of the others' outcomes is moved by what they
    compute. As reports say it (`answer`), a change moves what is not its own where it is of the price list, or of a
    rule that the report has read.
    """

    def __init__(self) -> None:
        self.read: dict[tuple, set[str]] = {}  # the rules that each report has read
        self.kinds: dict[str, set[str]] = {}  # by notebook: the kinds of changes that it has been made under
        self.figures: dict[tuple, str] = {}  # what each report says to the management, whichever scenario it is
        self.outcomes: dict[tuple, Outcome | None] = {}
        self.books: dict[tuple, Books] = {}

    def audiences(self, case: Case) -> tuple[Audience, ...]:
        """For whom a report has still to be made."""
        read = self.read.get(_report(case))
        if read is None or not _unmoved(case, read):
            return get_args(Audience)
        return () if _kinds(case) <= self.kinds[case.notebook] else ("ledning",)

    def note(self, case: Case, shown: Result) -> None:
        """Notes that a report has been made, with what the management sees: the same as under other scenarios."""
        read = {key for key, _ in case.journal.rules}
        assert read, case.notebook
        if _unmoved(case, read):
            self.read.setdefault(_report(case), read)
            self.kinds.setdefault(case.notebook, set()).update(_kinds(case))
            figures = repr({name: figure.varde for name, figure in shown.nyckeltal.items()})
            assert self.figures.setdefault(_report(case), figures) == figures, (_report(case), _kinds(case))


def _report(case: Case) -> tuple:
    return case.notebook, repr(case.parametrar | {"scenario": ""})


def _kinds(case: Case) -> set[str]:
    return {numbered.change.kind for numbered in case.scenario}


def _of_all(change: Change) -> bool:
    """Whether a change may move what any topic computes."""
    return change.kind in ("regel", "prislista")


def _unmoved(case: Case, read: set[str]) -> bool:
    topic, changes = topic_of(case.notebook), [numbered.change for numbered in case.scenario]
    if topic.follows and topic.changes:
        return False
    told = [other for other in TOPICS if topic.follows and other.outcomes and not other.follows]
    return not any(
        any(one.touches(change) for one in [topic, *told])
        or change.kind == "prislista"
        or (change.kind == "regel" and any(key.startswith(change.regel) for key in read))
        for change in changes
    )


@pytest.fixture(scope="module")
def untouched() -> Untouched:
    return Untouched()


@pytest.fixture(autouse=True)
def worked_out_once(monkeypatch, untouched):
    """What does not depend on who reads is worked out once: effects, outcomes, and studies that take none."""
    known: dict[tuple, tuple] = {}

    def once(key: tuple, action, *given):
        if key not in known:
            try:
                known[key] = action(*given), None, given  # kept: the number of what is gone may be given anew
            except InputError as error:
                known[key] = None, error.faults, given
        value, faults, _ = known[key]
        if faults:
            raise InputError(faults)
        return value

    def effects(topic: Topic, case: Case, scenario: Scenario):
        key = (topic.id, case.enhet, case.ar, case.is_public, repr(case.scenario), repr(scenario))
        return once(key, effects_of, topic, case, scenario)

    def study(topic: Topic, case: Case, others: Others):
        if topic is topic_of(case.notebook) and not untouched.audiences(case):
            return None  # nothing will be made of it
        if topic is BUDGET and topic_of(case.notebook) is not BUDGET:  # it tries the changes of every other report
            key = (topic.id, case.enhet, case.ar, case.spridning, repr(case.scenario))
            return once(key, study_of, topic, case, others)
        if topic.follows:
            return study_of(topic, case, others)
        return once((topic.id, id(case)), found_or_made, topic, case, others)

    def found_or_made(topic: Topic, case: Case, others: Others):
        """As a report takes it: what was worked out when the case was verified."""
        return remembered.found_beforehand(case) or study_of(topic, case, others)

    def outcome(case: Case, indicator: str, *when: int):
        """Of the changes those alone that the topics of the indicator compute, and rules: nothing else moves it."""
        asked = [topic for topic in TOPICS if indicator in topic.outcomes]
        changes = [n for n in case.scenario if _of_all(n.change) or any(topic.touches(n.change) for topic in asked)]
        key = (case.enhet, case.ar, repr(changes), indicator, *when)
        if key not in untouched.outcomes:
            untouched.outcomes[key] = outcome_of(case, indicator, *when)
        return untouched.outcomes[key]

    def books(case: Case, scenario: Scenario, *tables_and_month):
        """What is booked and budgeted: of all changes those of rules alone act on it."""
        rules = [n.change for n in (*case.scenario, *scenario) if n.change.typ == "regel"]
        key = (case.enhet, case.ar, tables_and_month[-1], repr(rules))
        if key not in untouched.books:
            found = untouched.books[key] = books_of(case, scenario, *tables_and_month)
            for array in (found.past, found.actual, found.budget, found.homes):
                array.setflags(write=False)  # all share it
        return untouched.books[key]

    effects_of, study_of, outcome_of = Topic.effects_of, Topic.study_of, answer._outcome
    books_of = follow_up.study.unit_books
    monkeypatch.setattr(follow_up.study, "unit_books", books)
    monkeypatch.setattr(Topic, "effects_of", effects)
    monkeypatch.setattr(Topic, "study_of", study)
    monkeypatch.setattr(answer, "_outcome", outcome)


def concerned(sources: Sources, year: int) -> Iterator[tuple[str, dict]]:
    """Every notebook with a unit and what it takes, where its own table has the year."""
    files = read_notebooks()
    for topic in TOPICS:
        frame = sources.collection.read(topic.reach or topic.needs[0]).frame
        years = frame["ar"] if "ar" in frame else frame["manad"].str[:4].astype(int) if "manad" in frame else None
        for enhet in frame["enhet"].unique() if years is None else frame.loc[years == year, "enhet"].unique():
            homes = frame.loc[frame["enhet"] == enhet, "boende"].unique() if topic.needs[0] == "boenden" else [""]
            for notebook in topic.notebooks:
                month = {"tom_manad": 8} if "tom_manad" in files[notebook.id].parameters else {}
                for boende in homes:
                    yield notebook.id, {"enhet": enhet, "ar": year} | month | ({"boende": boende} if boende else {})


def outcomes(sources: Sources, name: str, untouched: Untouched) -> dict[tuple[str, str], set[str]]:
    """What each notebook makes of a scenario for each unit: no codes where it is made, else why not."""
    year = max(n.change.starts.year for n in load_scenario(name, sources.folders))
    found: dict[tuple[str, str], set[str]] = {}
    for notebook, about in concerned(sources, year):
        try:
            case = open_case(notebook, scenario=name, spridning="ledning", sources=sources, **about)
            if not topic_of(notebook).follows:  # those that follow the others try every change themselves
                answer.verify(case)
            for_whom = untouched.audiences(case)
            shown = made(case, for_whom)
            codes: set[str] = set()
            if for_whom:
                untouched.note(case, shown["ledning"])
        except InputError as error:
            codes = {fault.code for fault in error.faults}
        remembered.forget_beforehand()
        found[notebook, about["enhet"] + about.get("boende", "")] = codes
    return found


def made(case: Case, audiences: tuple[Audience, ...]) -> dict[Audience, Result]:
    """Makes the case for some audiences; its whole result anew only where the others' effects are not shown alike."""
    topic, wholes, shown = topic_of(case.notebook), {}, {}
    for audience in audiences:
        read_by = replace(case, spridning=audience)
        others = answer.others(read_by) if topic.follows else ALONE
        told = others.effects(read_by.scenario)
        key = (told.rows.to_csv(), repr(told.unknown), sorted(told.moved))
        if repr(key) not in wholes:
            whole = topic.shows(read_by)(topic.study_of(read_by if topic.follows else case, others))
            # what stands is made once: by the sample's rules it is the same for the management and the public
            wholes[repr(key)] = replace(whole, steady=whole.steady and _once(whole.steady))
        shown[audience] = result = protect(wholes[repr(key)], policy(read_by))
        assert result.sammanfattning and result.nyckeltal, (case.notebook, case.enhet, audience)
    return shown


def _once(steady: Callable[[Limits], Result]) -> Callable[[Limits], Result]:
    found: list[Result] = []

    def stood(limits: Limits) -> Result:
        found[:] = found or [steady(limits)]
        return found[0]

    return stood


@pytest.mark.parametrize("name", IDS)
def test_a_shipped_scenario_is_made_or_refused_with_a_true_reason(sources, name, untouched):
    found = outcomes(sources, name, untouched)
    assert set().union(*found.values()) <= TRUE_REASONS, found
    assert any(not codes for codes in found.values()), found


@pytest.mark.parametrize(
    "printed", [block for block in PRINTED if "forandringar" in block], ids=lambda b: b.get("titel")
)
def test_a_scenario_of_the_handbook_is_made(sources, printed, tmp_path, untouched):
    own = laid(tmp_path, "scenarier/ur_handboken.yaml", {"titel": "Prov", "fraga": "Vad händer?", **printed})
    found = outcomes(replace(sources, folders=own), "ur_handboken", untouched)
    assert set().union(*found.values()) <= TRUE_REASONS, found
    assert any(not codes for codes in found.values()), found


def test_a_plan_of_the_handbook_passes(sources, tmp_path):
    *_, plan = (block for block in PRINTED if "korningar" in block)  # the first is on what the reader has read in
    (scenario,) = (block for block in PRINTED if block.get("titel") == "Ny avdelning i september")
    own = laid(tmp_path, "scenarier/ny_avdelning_september.yaml", scenario)
    laid(tmp_path, "planer/ur_handboken.yaml", plan)
    loaded = load_plan(tmp_path / "planer/ur_handboken.yaml", read_notebooks(), scenario_ids(own))
    preflight(loaded, own, answer.verify, replace(sources, folders=own))


def laid(folder: Path, name: str, value: dict) -> Folders:
    """A parameter file of one's own beside the project's."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(value, file)
    return Folders((folder, PARAMS), SAMPLE)
