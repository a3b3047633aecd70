"""The start page says what there is, what to open and what is wrong; tables of persons show no rows."""

import json
import re

import pandas as pd
import pytest
from conftest import replace_in, write_scenario
from IPython.core.interactiveshell import InteractiveShell

from planbok.base.errors import InputError
from planbok.base.workspace import NOTEBOOKS, ROOT
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.case.case import open_case
from planbok.commands import start
from planbok.report import people


def test_every_notebook_is_there_with_its_question_and_a_link():
    text = start.questions().markdown
    for notebook in read_notebooks().values():
        assert f"[{notebook.titel}]({notebook.path.name})" in text
    rows = text.splitlines()[2:]
    assert len(rows) == len(read_notebooks()) > 1
    assert all(row.split("|")[1].strip().endswith("?") for row in rows)


def test_units_and_tables_are_named_and_no_row_is_shown():
    assert "Östermalm, stöd och service" in repr(start.units())
    text = repr(start.input_tables())
    frame = open_case("lss_peng", enhet="exempelenheten", ar=2024).table("beslut")
    assert "beslut" in text and not any(person in text for person in frame["person"])
    rows = {cells[0]: cells for cells in (line.split() for line in text.splitlines()) if len(cells) > 2}
    about = {name for name, cells in rows.items() if cells[2] == "ja"}
    officer = (ROOT / "docs" / "personuppgifter.md").read_text("utf-8")
    assert about == set(re.findall(r"^\| `(\w+)` \| \*\*ja\*\*", officer, re.MULTILINE)) and "sjukfall" in about


def test_what_check_says_of_ones_own_files(tmp_path, one_row, monkeypatch):
    """On a row of one's own; that the sample has no faults is asked in test_cli.py."""
    change = {"typ": "upprakning", "budgetrad": "Omsrog", "sida": "kostnad", "procent": 1.0, "fran": "2016-01-01"}
    write_scenario(tmp_path, "eget", [change])
    monkeypatch.setenv("PLANBOK_PARAMS", str(tmp_path))
    monkeypatch.setenv("PLANBOK_DATA", str(one_row))
    said = start.checked()
    assert said.heading == "1 fel att rätta" and "Menade du 'Omsorg'?" in repr(said)
    replace_in(tmp_path / "scenarier" / "eget.yaml", "Omsrog\n", "Omsorg\n")
    assert start.checked().heading == "Inga fel"


def test_broken_tables_are_said_not_raised(sample_copy, monkeypatch):
    (sample_copy / "beslut.csv").write_text("beslut;person\nx;y\n", "utf-8")
    monkeypatch.setenv("PLANBOK_DATA", str(sample_copy))
    assert "går inte att läsa" in repr(start.units()) + repr(start.input_tables())


def test_the_start_page_is_no_report(tmp_path):
    assert "start" not in read_notebooks() and (NOTEBOOKS / "start.ipynb").is_file()
    plan = tmp_path / "plan.yaml"
    run = {"notebook": "start", "parametrar": {"enhet": "ostermalm", "ar": 2016}}
    plan.write_text(json.dumps({"titel": "Prov", "korningar": [run]}), "utf-8")
    with pytest.raises(InputError, match="'start' är startsidan och gör ingen rapport"):
        load_plan(plan, read_notebooks(), ["bas"])


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(InteractiveShell, "_instance", shell)  # given back: the batch's own shell is one of these
    return shell


def test_a_notebook_shows_persons_by_shape_and_other_tables_as_ever(shell):
    people.guard()
    persons = pd.DataFrame({"person": ["p1234567x"], "niva": ["4"]})
    for shown in (
        persons,
        persons.set_index("person"),
        persons["person"],
        persons.assign(person=1).rename(columns={"person": "inkomst_kr_per_ar"}),
        persons.rename(columns={"person": "arende"}),
    ):
        data, _ = shell.display_formatter.format(shown)
        assert "1 rad," in data["text/plain"] and "p1234567x" not in json.dumps(data)
        assert "Raderna visas inte" in data["text/plain"]
    data, _ = shell.display_formatter.format(pd.DataFrame({"budgetrad": ["Vårdkostnader"]}))
    assert "Vårdkostnader" in data["text/html"] and "Vårdkostnader" in data["text/plain"]
    data, _ = shell.display_formatter.format(people.rows(persons))
    assert "p1234567x" in data["text/plain"] and "p1234567x" in data["text/html"]
