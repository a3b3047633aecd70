"""Beside each shipped scenario the key figures that it must give: tests/examples/shipped_scenarios.yaml."""

from pathlib import Path

import pytest
import yaml_files
from shown import shown_budget

from planbok.base.workspace import PARAMS
from planbok.case.case import open_case
from planbok.topics import answer, budget, lss_peng

EXAMPLES = yaml_files.read(Path(__file__).parent / "examples" / "shipped_scenarios.yaml")


def figures(example: dict, scenario: str) -> dict[str, float]:
    """Key figures of the example's report under a scenario, in full."""
    given = {"enhet": example["enhet"], "ar": example["ar"], "scenario": scenario}
    case = open_case(example["notebook"], spridning="arbetsmaterial", **given)
    if example["notebook"] == "budgetscenarier":
        result = shown_budget(budget.study.study(case, answer.others(case)))
    elif example["notebook"] == "beslut_i_tid":
        result = answer.answer(case).result
    else:
        result = lss_peng.view.result(lss_peng.study.study(case))
    return {name: figure.varde for name, figure in result.nyckeltal.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["scenario"])
def test_a_shipped_scenario_gives_its_figures(example):
    found = figures(example, example["scenario"])
    assert {name: found[name] for name in example.get("ger", {})} == pytest.approx(example.get("ger", {}), abs=1e-9)
    if "mot_bas" in example:
        before = figures(example, "bas")
        moved = {name: found[name] - before[name] for name in example["mot_bas"]}
        assert moved == pytest.approx(example["mot_bas"], abs=0.005)


def test_every_shipped_scenario_is_held_to_figures():
    shipped = {path.stem for path in (PARAMS / "scenarier").glob("*.yaml")}
    assert shipped == {example["scenario"] for example in EXAMPLES}
