"""Worked examples of the month's prognosis: the figures that must come out, to the krona."""

import pytest
from conftest import examples
from follow_up_tables import month_result, write_tables

EXAMPLES = examples("uppfoljning")
WITHIN_MNKR = 5e-7


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["namn"] for example in EXAMPLES])
def test_worked_example(example, tmp_path):
    write_tables(tmp_path / "data", example["rader"], example.get("fore"))
    changes, rules = example.get("forandringar", []), example.get("regler")
    _, result = month_result(tmp_path, example["tom_manad"], changes=changes, rules=rules)
    figures = {name: figure.varde for name, figure in result.nyckeltal.items()}
    for name, wanted in example.get("nyckeltal", {}).items():
        assert figures[name] == (None if wanted is None else pytest.approx(wanted, abs=WITHIN_MNKR)), name
    for name, wanted in example.get("avrundade", {}).items():
        assert round(figures[name], 1) == wanted, name
    for name, wanted in example.get("atgarder", {}).items():
        row = result.tabeller["atgarder"].frame.set_index("namn").loc[name, list(wanted)]
        assert row.to_dict() == pytest.approx(wanted, abs=WITHIN_MNKR)
    for table, heading in example.get("rubriker", {}).items():
        assert heading in [column.etikett for column in result.tabeller[table].columns]
    for column, wanted in example.get("verksamheter", {}).items():
        found = result.tabeller["verksamheter"].frame.set_index("verksamhet")[column]
        assert found.to_dict() == pytest.approx(wanted, abs=WITHIN_MNKR)
    if "finansiering" in example:
        found = result.tabeller["finansiering"].frame.set_index("finansiering")["andring_mnkr"]
        assert found.to_dict() == pytest.approx(example["finansiering"], abs=WITHIN_MNKR)
    if "forandringar_kr" in example:
        total = result.tabeller["forandringar"].frame.iloc[-1]
        assert total[list(example["forandringar_kr"])].to_dict() == pytest.approx(example["forandringar_kr"], abs=0.5)
    assert not [check.namn for check in result.kontroller if check.failed]
    assert 3 <= len(result.sammanfattning) <= 8
