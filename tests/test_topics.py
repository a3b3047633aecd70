"""The list of topics: every part that a topic names is there, and the rest of the house reads it from the list."""

from dataclasses import replace
from typing import Literal

import pytest
from conftest import write_scenario

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, SAMPLE, Folders
from planbok.batch.plan.notebooks import read_notebooks
from planbok.case.case import Case, load_sources, open_case
from planbok.inputs.scenario.changes import CHANGE_TYPES, Change
from planbok.inputs.tables.specs import TABLES
from planbok.topics import TOPICS, notebooks, topic_of
from planbok.topics.answer import answer, unmoved_anywhere, verify


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_what_a_topic_names_is_there(topic):
    one = (topic.study, topic.effects, topic.moved, topic.decided, topic.driven, topic.to_come, topic.faults)
    named = (*one, topic.explorer, *topic.outcomes.values(), *(notebook.result for notebook in topic.notebooks))
    assert all(callable(topic.part(where)) for where in named if where)
    assert {*topic.needs, *topic.uses, *filter(None, [topic.reach])} <= set(TABLES)
    kinds = {*CHANGE_TYPES, "prislista", *(f"{typ}_hemtjanst" for typ in ("arenden", "timmar"))}
    assert set(topic.changes) <= kinds
    assert all(topic_of(notebook.id) is topic for notebook in topic.notebooks)


@pytest.mark.parametrize(
    ("notebook", "given"),
    [
        ("lss_peng", {"enhet": "exempelenheten"}),
        ("gruppbostad_kbh", {"enhet": "exempelenheten", "boende": "nya_hemmet"}),
        ("assistans", {"enhet": "exempel_assistans", "tom_manad": 8}),
        ("aldreomsorg", {"enhet": "exempel_aldre", "tom_manad": 8}),
    ],
)
def test_a_report_reads_no_table_that_its_topic_does_not_name(notebook, given):
    """`planbok list` says which they are; a topic that follows reads the others' too."""
    case, topic = open_case(notebook, ar=2024, **given), topic_of(notebook)
    answer(case)
    assert {*topic.needs} <= {*case.journal.tables} <= {*topic.needs, *topic.uses}


def test_every_notebook_is_of_a_topic_and_its_parameters_mean_something():
    files, listed = read_notebooks(), notebooks()
    assert files.keys() == listed.keys()
    said = {(name, p.name): p.comment for name, file in files.items() for p in file.parameters.values()}
    assert [place for place, words in said.items() if not words and place[1] not in listed[place[0]].parameters] == []


YEARLY = [
    ("manadsprognos", "exempelenheten", "uppfoljning.metod", {"alla": "rak"}),
    ("manadsprognos", "exempelenheten", "uppfoljning.slap_manader", {"alla": 1}),
    ("budgetscenarier", "exempelenheten", "lss_peng.matregel", "halvar"),
    ("aldreomsorg", "exempel_aldre", "hemtjanst.betald_tid", "bestalld"),
    ("aldreomsorg", "exempel_aldre", "volymprognos.niva_manader", 6),
]


@pytest.mark.parametrize(("notebook", "enhet", "rule", "value"), YEARLY)
def test_a_rule_that_holds_for_a_year_is_not_changed_inside_it(make_case, notebook, enhet, rule, value):
    def asked(days: dict) -> Case:
        case = make_case([{"typ": "regel", "regel": rule, "varde": value} | days], enhet=enhet, ar=2024)
        return replace(case, notebook=notebook, parametrar={**case.parametrar, "tom_manad": 8})

    for days in ({"fran": "2024-07-15"}, {"fran": "2024-01-02", "till": "2024-12-31"}):
        with pytest.raises(InputError) as stopped:
            verify(asked(days))
        assert [fault.code for fault in stopped.value.faults] == ["within_year"]
        assert "läses den 1 januari och gäller hela 2024" in str(stopped.value)
    for days in ({"fran": "2024-01-01"}, {"fran": "2023-07-15"}, {"fran": "2024-01-01", "till": "2024-01-01"}):
        verify(asked(days))


def test_check_says_of_a_rule_that_is_changed_inside_a_year_when_it_is_read(tmp_path):
    change = {"typ": "regel", "regel": "lss_peng.matregel", "varde": "halvar", "fran": "2024-07-15"}
    write_scenario(tmp_path, "prov", [change])
    folders = Folders((tmp_path, PARAMS), SAMPLE)
    sources = load_sources(folders)
    (fault,) = [one for one in unmoved_anywhere(folders, sources.collection, sources.rules) if "prov" in one.file]
    assert fault.code == "within_year"


def test_a_kind_of_change_without_its_words_does_not_load():
    with pytest.raises(TypeError, match=r"labels\['timmar'\], title, slider, says"):

        class Timmar(Change):
            figure = "timmar"
            typ: Literal["timmar_prov"]
            timmar: float

    assert "timmar_prov" not in CHANGE_TYPES
