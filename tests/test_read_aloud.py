"""All sentences of the example reports, and of drawn scenarios, hold when they are read aloud."""

import re
from collections.abc import Iterator

import pytest
import yaml_files
from drawn_scenarios import wrong_when_drawn
from read_aloud import changed_per_cent, heard, long_kronor, near_misses, uneven_lists
from studied_once import shown_to

from planbok.base.numbers import kronor
from planbok.base.workspace import PARAMS
from planbok.case.case import open_case
from planbok.report.handover import provenance
from planbok.report.provenance import changes_table, checks_table, rules_table
from planbok.report.text import value_text
from planbok.report.workbook.write import sheet_names

AUDIENCES = ("arbetsmaterial", "ledning", "offentlig")
STAFF_PAGE = "verksamhetsblad"
MORE = [
    *(("manadsprognos", {"enhet": enhet, "ar": 2024, "tom_manad": tom})
      for enhet in ("exempelenheten", "exempel_stod", "exempel_assistans") for tom in (10, 12)),
    *(("manadsprognos", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": tom, "scenario": "atgarder_2024"})
      for tom in (3, 5)),
    ("insatser_manad", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 10}),
    ("mal_och_aktiviteter", {"enhet": "exempel_assistans", "ar": 2024, "per": "T2"}),
    ("beslut_i_tid", {"enhet": "exempelenheten", "ar": 2024, "per_datum": "2024-08-31"}),
    ("aldreomsorg", {"enhet": "exempel_aldre", "ar": 2024, "tom_manad": 8}),
    ("assistans", {"enhet": "exempel_assistans", "ar": 2024, "tom_manad": 10}),
    ("kostnadskontroll", {"enhet": "exempelenheten", "ar": 2024, "tom_manad": 10}),
]  # fmt: skip


def example_reports() -> list[tuple[str, dict]]:
    plan = yaml_files.read(PARAMS / "planer" / "exempel.yaml")
    return [
        (run["notebook"], {**run["parametrar"], "scenario": scenario})
        for run in plan["korningar"]
        for scenario in run.get("for_varje", {}).get("scenario", [run["parametrar"].get("scenario", "bas")])
    ]


def test_what_does_not_meet_is_found():
    """157,8 - 157,2 is 0,6, not 0,7; 2,2 - 2,3 + 0,5 is 0,4, not 0,5; and so on."""
    assert near_misses("Prognosen är 157,8 mnkr: 0,7 mnkr över 157,2 mnkr.") == [("157,8", "0,7", "157,2")]
    assert not near_misses("Prognosen är 157,84 mnkr: 0,68 mnkr över 157,16 mnkr.")
    assert uneven_lists("Budgeten ökade med 0,5 mnkr : in +2,2, ut −2,3, nivåer +0,5.")
    assert not uneven_lists("Budgeten ökade med 0,4 mnkr: in +2,2, ut −2,3, nivåer +0,5.")
    assert long_kronor("Det kostar 1 250 000 kr.") and not long_kronor("Det kostar 250 000 kr, av 1 250 000 dygn.")
    assert changed_per_cent("från 31,9 % till 32,2 % (+0,3 %)")


def test_long_kronor_are_said_in_millions():
    assert [kronor(kr).replace("\u00a0", " ") for kr in (999_999.4, 999_999.6, -2_057_500)] == [
        "999 999 kr", "1,00 mnkr", "−2,06 mnkr"]  # fmt: skip


@pytest.mark.parametrize(("notebook", "parameters"), [*example_reports(), *MORE])
def test_every_sentence_of_the_example_reports_holds(notebook, parameters):
    for _, case, result in shown_to(AUDIENCES, open_case(notebook, **parameters)):
        assert {text for text in shown_texts(case, result) if raw(text)} == set()
        assert not heard(result.sammanfattning, kronor=notebook != STAFF_PAGE)
        titles = [result.blad.get(name) or table.titel for name, table in result.tabeller.items()]
        cut = {title: name for title, name in zip(titles, sheet_names(titles), strict=True) if not whole(title, name)}
        assert cut == {}  # a sheet is named by a title, a clause of one, or a short name of its own


def shown_texts(case, result) -> Iterator[str]:
    """Every text of a report that its page shows: what is said, titles, headings, notes, cells and what it rests on."""
    yield from (result.rubrik, result.underrubrik, *result.sammanfattning)
    yield from (figure.etikett for figure in result.nyckeltal.values())
    rests_on = provenance(case)
    origins = (rules_table(rests_on), changes_table(rests_on), checks_table(result.kontroller))
    for table in (*result.tabeller.values(), *origins):
        yield from (table.titel, table.note, *(column.etikett for column in table.columns))
        for column in table.columns:
            yield from (value_text(value) for value in table.frame[column.key] if isinstance(value, str | dict | list))


def raw(text: str) -> list[str]:
    """Ids and keys in a text: words joined by lines or points that are no file, no address and no name of data."""
    text = re.sub(r"https?://\S+", "", text)
    found = re.findall(
        r"(?<![\w/.@])[a-z0-9]+(?:_[a-z0-9]+)+(?:\.[a-z0-9_]+)*|(?<![\w/.@])[a-z]{3,}(?:\.[a-z0-9]{2,})+", text
    )
    return [one for one in found if not re.fullmatch(r"\w+\.(csv|xlsx|yaml|json)|utforare_[a-z]", one)]


def test_an_id_in_a_text_is_found():
    ids = ["po_palagg har inget värde", "kbh.stockholm.andel", "med nytt_boende", "kontrollsumma_kr"]
    assert [bool(raw(text)) for text in [*ids, "tabellen beslut.csv, blad 2", "3.500 kr. och t.ex. så"]] == [
        True
    ] * 4 + [False] * 2


def whole(title: str, name: str) -> bool:
    """Whether a sheet's name is all of a title, or its first clause."""
    plain = re.sub(r"[/?]", " ", title)
    return re.match(rf"{re.escape(name.partition(' (')[0])}([:,(·] ?.*| [(–].*|$)", " ".join(plain.split())) is not None


FEW = {"budgetscenarier": 9, "manadsprognos": 6, "verksamhetsblad": 3, "lss_peng": 3, "gruppbostad_kbh": 3,
       "bemanning_sjukfranvaro": 3}  # fmt: skip


@pytest.mark.parametrize("notebook", FEW)
def test_every_sentence_of_drawn_scenarios_holds(tmp_path, notebook):
    """A few of each; bench/test_sentences_hold.py draws three hundred."""
    assert not wrong_when_drawn(tmp_path, notebook, FEW[notebook], seed=15)
