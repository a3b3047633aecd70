"""What earlier runs said: whose reports are read, in which order, and that a damaged one says nothing."""

import json

import pytest

from planbok.analysis.earlier import earlier_results

SAID = {
    "notebook": "prov",
    "parametrar": {"enhet": "a b"},
    "nyckeltal": {"kostnad": {"varde": 7.0}, "okand": {"varde": None}},
    "tabeller": {"rader": [{"kr": 1}]},
}


def lay(folder, said, run="2024-02-01", manifest=None, report="prov__a-b__bas"):
    (folder / run / report).mkdir(parents=True)
    (folder / run / report / "resultat.json").write_text(said if isinstance(said, str) else json.dumps(said))
    if manifest is not None:
        (folder / run / "manifest.json").write_text(manifest)


def test_the_oldest_first_with_what_each_said_and_which_is_decided(tmp_path):
    lay(tmp_path, SAID, "2024-03-01", '{"faststalld": "2024-03-04"}')
    lay(tmp_path, SAID, "2024-02-01", '{"faststalld": null}')
    lay(tmp_path, SAID, "2024-04-01", "[]")
    lay(tmp_path, SAID, ".2024-05-01")
    lay(tmp_path, SAID, "2024-06-01", report="prov__a-c__bas")
    found = earlier_results(tmp_path, "prov", "a b")
    assert [(one.run_id, one.adopted) for one in found] == [
        ("2024-02-01", False),
        ("2024-03-01", True),
        ("2024-04-01", False),
    ]
    assert (found[0].figure("kostnad"), found[0].figure("okand"), found[0].figure("annan")) == (7.0, None, None)
    assert (found[0].parametrar, found[0].tabeller) == (SAID["parametrar"], SAID["tabeller"])


@pytest.mark.parametrize(
    "said",
    [
        "{",
        "[]",
        "null",
        *(SAID | {key: None} for key in SAID),
        *({name: its for name, its in SAID.items() if name != key} for key in SAID),
        SAID | {"notebook": "annan"},
        SAID | {"parametrar": {"enhet": "a-b"}},
        SAID | {"parametrar": {}},
        SAID | {"parametrar": ["enhet"]},
        SAID | {"nyckeltal": [1]},
        SAID | {"nyckeltal": {"kostnad": {"varde": 1}, "annan": 7.0}},
        SAID | {"tabeller": [1]},
    ],
    ids=str,
)
def test_another_units_or_a_damaged_report_says_nothing(tmp_path, said):
    lay(tmp_path, said)
    lay(tmp_path, SAID, "2024-03-01")
    assert [one.run_id for one in earlier_results(tmp_path, "prov", "a b")] == ["2024-03-01"]
