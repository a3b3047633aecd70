"""Every shipped scenario, and those that the handbook prints, on every notebook and unit that they can concern.

Each is made for three audiences, or refused with a reason; nothing else may come of it. All read the same tables.
"""

import re
from collections.abc import Iterator
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
from planbok.case.topic import ALONE, Others, Topic
from planbok.disclosure.policy import policy
from planbok.disclosure.protect import protect
from planbok.inputs.scenario.load import BASELINE, Scenario, load_scenario, scenario_ids
from planbok.topics import TOPICS, answer, topic_of

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


@pytest.fixture(autouse=True)
def worked_out_once(monkeypatch):
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
        return (
            study_of(topic, case, others)
            if topic.follows
            else once((topic.id, id(case)), found_or_made, topic, case, others)
        )

    def found_or_made(topic: Topic, case: Case, others: Others):
        """As a report takes it: what was worked out when the case was verified."""
        return remembered.found_beforehand(case) or study_of(topic, case, others)

    def outcome(case: Case, *what):
        return once((case.enhet, repr(case.scenario), *what), outcome_of, case, *what)

    effects_of, study_of, outcome_of = Topic.effects_of, Topic.study_of, answer._outcome
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


def outcomes(sources: Sources, name: str) -> dict[tuple[str, str], set[str]]:
    """What each notebook makes of a scenario for each unit: no codes where it is made, else why not."""
    year = max(n.change.starts.year for n in load_scenario(name, sources.folders))
    found: dict[tuple[str, str], set[str]] = {}
    for notebook, about in concerned(sources, year):
        try:
            case = open_case(notebook, scenario=name, spridning="ledning", sources=sources, **about)
            if not topic_of(notebook).follows:  # those that follow the others try every change themselves
                answer.verify(case)
            codes = made(case)
        except InputError as error:
            codes = {fault.code for fault in error.faults}
        remembered.forget_beforehand()
        found[notebook, about["enhet"] + about.get("boende", "")] = codes
    return found


def made(case: Case) -> set[str]:
    """Makes the case for each audience; its whole result anew only where the others' effects are not shown alike."""
    topic, wholes = topic_of(case.notebook), {}
    for audience in get_args(Audience):
        read_by = replace(case, spridning=audience)
        others = answer.others(read_by) if topic.follows else ALONE
        told = others.effects(read_by.scenario)
        key = (told.rows.to_csv(), repr(told.unknown), sorted(told.moved))
        if repr(key) not in wholes:
            wholes[repr(key)] = topic.result_of(read_by, topic.study_of(read_by if topic.follows else case, others))
        result = protect(wholes[repr(key)], policy(read_by))
        assert result.sammanfattning and result.nyckeltal, (case.notebook, case.enhet, audience)
    return set()


@pytest.mark.parametrize("name", IDS)
def test_a_shipped_scenario_is_made_or_refused_with_a_true_reason(sources, name):
    found = outcomes(sources, name)
    assert set().union(*found.values()) <= TRUE_REASONS, found
    assert any(not codes for codes in found.values()), found


@pytest.mark.parametrize(
    "printed", [block for block in PRINTED if "forandringar" in block], ids=lambda b: b.get("titel")
)
def test_a_scenario_of_the_handbook_is_made(sources, printed, tmp_path):
    own = laid(tmp_path, "scenarier/ur_handboken.yaml", {"titel": "Prov", "fraga": "Vad händer?", **printed})
    found = outcomes(replace(sources, folders=own), "ur_handboken")
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
