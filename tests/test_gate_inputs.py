"""What tells of a person is refused in the tables: names in pseudonyms, numbers in columns that nobody reads."""

import re

import pytest
from innocents import innocents

from planbok.base.errors import InputError
from planbok.inputs.imports.pseudonyms import Key
from planbok.inputs.tables.columns import PSEUDONYM
from planbok.inputs.tables.read import read_table
from planbok.inputs.tables.specs import TABLES

HEAD = "enhet,ar,version,budgetrad,kostnad_mnkr,intakt_mnkr,{}\nnorr,2024,vp,Vård,1,0,{}\n"


@pytest.mark.parametrize(
    "text",
    ["AnnaLindqvist1", "anna850131", "annalindqvist1", "anna.l@stad.se1", "kund-19850131", "850131_anna", "erik-0001",
     "Erik Karlsson 7", "fatima_2024"],
)  # fmt: skip
def test_a_pseudonym_that_names_somebody_is_refused(text):
    assert not re.fullmatch(PSEUDONYM, text)


def test_made_pseudonyms_pass():
    key = Key(bytes(range(32)))
    made = [key.pseudonym("brukare", str(number)) for number in range(2000)]
    others = [
        "p0000001x",
        "pzwpxc18td",
        "kund-0815-rt",
        "X9Q4M2LK77",
        "BESLUT-77810",
        "person000131",
        "Brukare-0042",
        "m850131x2",
    ]
    assert [text for text in made + others if not re.fullmatch(PSEUDONYM, text)] == []


def test_a_number_in_a_column_that_is_not_read_says_to_take_it_away(tmp_path):
    for heading, cell, words in (
        ("anteckning", "Anna 850131-2390", "Kolumnen läses inte: ta bort den"),
        ("kalla", "Anna 850131-2390", "Byt mot en pseudonym"),
        ("kalla", "8501312394", "Byt mot en pseudonym"),
    ):
        path = tmp_path / "budget.csv"
        path.write_text(HEAD.format(heading, cell), "utf-8")
        with pytest.raises(InputError, match=words) as refused:
            read_table(path, TABLES["budget"])
        assert not any("850131" in fault.text for fault in refused.value.faults)


def test_ordinary_values_pass_in_a_column_that_is_not_read(tmp_path):
    texts = [text for text in innocents(600, seed=8) if not set('",\n') & set(text)]
    rows = "".join(f"norr,2024,vp,Rad {place},1,0,{text}\n" for place, text in enumerate(texts))
    path = tmp_path / "budget.csv"
    path.write_text(HEAD.format("anteckning", "x") + rows, "utf-8")
    assert read_table(path, TABLES["budget"]).rader == len(texts) + 1
