"""YAML files as people write them: values with their lines, and every fault of a scenario in whatever mix."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_tables import made_up_number

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.case.case import load_scenarios
from planbok.inputs import yaml_nodes
from planbok.inputs.documents import place_name, quoted, read_document
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import Known

RULES = load_rules(Folders())
KNOWN = Known(budgetrader={"Vårdkostnader", "Lokalkostnader"}, enheter={"ostermalm"}, regler=RULES.series)


def read(tmp_path, text: str):
    path = tmp_path / "prov.yaml"
    path.write_bytes(text.encode())
    faults = []
    return read_document(path, "regel", faults), faults


def test_values_are_what_they_look_like(tmp_path):
    text = "a: 1\nb: -2.5\nc: 2016-02-29\nd: nej\ne: no\nf: true\ng:\nh: '007'\ni: 007\nj: 1_000\nk: [1, {l: x}]\n"
    document, faults = read(tmp_path, text)
    assert faults == []
    assert document.value == {
        "a": 1,
        "b": -2.5,
        "c": date(2016, 2, 29),
        "d": "nej",
        "e": "no",
        "f": True,
        "g": None,
        "h": "007",
        "i": 7,
        "j": "1_000",
        "k": [1, {"l": "x"}],
    }


def test_a_folded_text_is_one_line_and_nothing_else(tmp_path):
    document, faults = read(tmp_path, "a: >-\n  ett\n  två\n\n  tre\n")
    assert (document.value, faults) == ({"a": "ett två\ntre"}, [])


@pytest.mark.parametrize(
    "text", ["a:\n  - b: 1\n    c: 2\n", "a:\r\n  - b: 1\r\n    c: 2\r\n", "\ufeffa:\n  - b: 1\n    c: 2\n"]
)
def test_every_key_and_item_has_its_line_whatever_ends_the_lines(tmp_path, text):
    document, faults = read(tmp_path, text)
    assert faults == []
    assert [document.line(at) for at in [("a",), ("a", 0), ("a", 0, "b"), ("a", 0, "c")]] == [1, 2, 2, 3]
    assert document.line(("a", 0, "saknas")) == 2
    assert document.line(("saknas",)) == 1


def test_the_first_of_two_values_is_kept_so_that_the_rest_can_be_checked(tmp_path):
    document, faults = read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert document.value == {"a": 1, "b": 2}
    assert [(fault.line, fault.code) for fault in faults] == [(3, "repeated_key")]


ODD = """a: 0o17
b: 012
c: +1
d: .inf
e: 1e3
f: 12:30
g: 1_000
h: ~
i: off
j: "x\\ty"
k: 'it''s'
l: http://x.y/z#q
m: text # comment
n: {a: [], "b": {}, c: }
o:
- x
-
- - y
p: |-
  a
   b
q: >+
  a
  b

2024-02-30: 2024-02-30
<<: {z: 1}
"""


@pytest.mark.parametrize(
    "text", [ODD, ODD + "a: 1\n", "titel: x #1\n", "a: 1.500\nkr: 1.500\n", "- a\n", "a: b: c\n", "a: [1}\n"]
)
def test_the_quick_reader_reads_as_the_thorough_one(tmp_path, text):
    """An exclamation mark, even in a comment, sends a text to ruamel.yaml."""
    quick, faults = read(tmp_path, text)
    thorough, same = read(tmp_path, text + "# !\n")
    assert (quick.value, quick.lines) == (thorough.value, thorough.lines)
    assert [(fault.line, fault.text) for fault in faults] == [(fault.line, fault.text) for fault in same]


def test_every_shipped_file_takes_the_quick_way():
    taken = [path for path in PARAMS.rglob("*.yaml") if yaml_nodes.is_plain(path.read_text("utf-8"))]
    assert taken == [*PARAMS.rglob("*.yaml")]


def test_aliases_are_read_as_the_values_they_stand_for(tmp_path):
    document, faults = read(tmp_path, "a: &x {b: 1}\nc: *x\n")
    assert faults == []
    assert document.value["c"] == {"b": 1}


def test_a_name_for_a_value_is_given_once(tmp_path, recwarn):
    """The last would be used, unseen: ruamel.yaml says so in a warning of its own, with the text in it."""
    _, faults = read(tmp_path, "a: &x 1\nb: &y 2\nc: [&x 3, *x]\n")
    assert [(fault.line, fault.text) for fault in faults] == [
        (3, "filen går inte att läsa som YAML: namnet efter & är redan givet ett annat värde. Skriv ut värdena.")
    ]
    assert len(recwarn) == 0


def test_a_found_value_is_shown_but_never_a_person_or_a_story():
    number = made_up_number()
    assert quoted("procnt") == "'procnt'"
    assert quoted(None) == "tomt"
    assert quoted(True) == "'true'"
    assert quoted("x" * 61) == "'" + "x" * 60 + "…'"
    for hidden in (number, int(number), [number], f"{'x' * 70} {number}", number[:9] + str((int(number[9]) + 1) % 10)):
        assert quoted(hidden) == "ett värde som liknar ett personnummer"


def test_a_place_is_called_what_people_call_it():
    assert place_name(("forandringar", 1, "procent")) == "förändring 2"
    assert place_name(("korningar", 0, "for_varje", "scenario", 2)) == "körning 1, scenario 3"
    assert place_name(("titel",)) == ""


GOOD = (
    "  - {typ: belopp, budgetrad: Vårdkostnader, sida: kostnad, kr_per_manad: 1, fran: 2016-01-01, "
    "underlag: antagande, motivering: Prov}"
)
# One line of a scenario each, with the faults that the line must give in whatever company.
BAD_CHANGES = {
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 0"): ["value"],
    GOOD.replace("kr_per_manad: 1", 'kr_per_manad: "två"'): ["wrong_type"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 1,5"): ["unknown_key"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: .nan"): ["not_finite"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 1, kr_per_manad: 2"): ["repeated_key"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 1, procnt: 2"): ["unknown_key"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 1, kr_per_manad_lag: 1"): ["value"],
    GOOD.replace("kr_per_manad: 1", "kr_per_manad: 9, kr_per_manad_lag: 1, kr_per_manad_hog: 2"): ["value"],
    GOOD.replace("2016-01-01", "2016-02-30"): ["value"],
    GOOD.replace("2016-01-01", "2016-01-01 10:00:00"): ["value"],
    GOOD.replace("2016-01-01", "2016-01-02, till: 2016-01-01"): ["value"],
    GOOD.replace("2016-01-01", "2016-01-02, till: 2016-01-01, x: 1").replace("per_manad: 1", "per_manad: 0"): [
        "unknown_key",
        "value",
        "value",
    ],
    GOOD.replace("Vårdkostnader", "Vardkostnader"): ["unknown_budgetrad"],
    GOOD.replace("sida: kostnad", "sida: utgift"): ["not_allowed"],
    GOOD.replace("sida: kostnad, ", ""): ["missing_key"],
    GOOD.replace(", underlag: antagande, motivering: Prov", ""): ["missing_key", "missing_key"],
    GOOD.replace("underlag: antagande", "underlag: gissning"): ["not_allowed"],
    GOOD.replace("belopp", "bellop"): ["unknown_type"],
    GOOD.replace("typ: belopp, ", ""): ["unknown_type"],
    GOOD.replace("Prov", "ring PERSONNUMMER"): ["personal_number"],
    "  - belopp": ["shape"],
    "  -": ["shape"],
    "  - {typ: upprakning, procent: 1, fran: 2016-01-01, underlag: antagande, motivering: Prov}": ["value"],
}


@given(
    lines=st.lists(st.sampled_from([GOOD, *BAD_CHANGES]), max_size=8),
    top=st.lists(st.sampled_from(["titl: x", "titel: igen", "bygger_pa: [finns_inte]"]), unique=True),
    order=st.randoms(use_true_random=False),
)
def test_any_mix_of_faults_is_reported_whole_and_each_at_its_line(tmp_path_factory, lines, top, order):
    head = ["fraga: Vad händer?", *top]
    order.shuffle(head)
    codes = {"titl: x": "unknown_key", "titel: igen": "repeated_key", "bygger_pa: [finns_inte]": "unknown_scenario"}
    expected = [(2 + i, codes[line]) for i, line in enumerate(head) if line in codes]
    first = 3 + len(head)
    expected += [(first + i, code) for i, line in enumerate(lines) for code in BAD_CHANGES.get(line, [])]
    if not lines and "bygger_pa: [finns_inte]" not in top and "titl: x" not in top:
        expected.append((2 + len(head), "empty"))
    body = lines or ["  []"]
    text = "\n".join(["titel: Prov", *head, "forandringar:", *body]).replace("PERSONNUMMER", made_up_number())
    params = tmp_path_factory.mktemp("p")
    (params / "scenarier").mkdir()
    (params / "scenarier" / "prov.yaml").write_text(text + "\n", "utf-8")

    def load():
        load_scenarios(["prov"], Folders((params, PARAMS)), KNOWN, RULES)

    if not expected:
        load()
        return
    with pytest.raises(InputError) as stopped:
        load()
    assert sorted((fault.line, fault.code) for fault in stopped.value.faults) == sorted(expected)
    assert made_up_number() not in str(stopped.value)
