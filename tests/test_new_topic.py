"""A topic that only a test has costs its folder, its notebook, its table and one line in the list."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import replace_in, write_scenario

LATEST = dict.fromkeys(("ar", "tom_manad"), "forfallodag")  # filled in from the table that the topic says
REPO, NEW = Path(__file__).resolve().parents[1], Path(__file__).parent / "nytt_amne"


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """The project with the topic's folder laid in, and one line registering it."""
    root = tmp_path_factory.mktemp("hus")
    for name in ("lib", "params", "data", "notebooks"):  # with what is compiled of the code
        shutil.copytree(REPO / name, root / name)
    shutil.copytree(NEW, root / "lib/planbok/topics/nytt_amne", ignore=shutil.ignore_patterns("*.csv", "*.ipynb"))
    shutil.copy(NEW / "larmsvar.ipynb", root / "notebooks")
    shutil.copy(NEW / "larmsvar.csv", root / "data/sample")
    replace_in(root / "lib/planbok/topics/__init__.py", '    "follow_up",\n', '    "follow_up",\n    "nytt_amne",\n')
    for name in ("planer", "scenarier"):  # the shipped ones are held in other tests
        shutil.rmtree(root / "params" / name)
    (root / "params/planer").mkdir()
    write_scenario(root / "params", "fler_larm", [{"typ": "larm", "antal": 5, "fran": "2024-02-01"}])
    return root


def planbok(house: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(house / "lib")}
    command = [sys.executable, "-m", "planbok", *arguments]
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_listed_with_its_parameters_and_its_scenario(house):
    said = planbok(house, "list")
    assert "larmsvar · Larmsvar" in said and "sista månaden som räknas" in said and "fler_larm" in said


def test_its_table_and_the_change_that_moves_it_are_checked(house):
    assert "Inga fel" in planbok(house, "check")


def test_it_runs_with_its_own_change_and_with_nothing_else(house):
    runs = [
        {"notebook": notebook, "parametrar": {"enhet": "exempelenheten", "scenario": scenario} | more}
        for notebook, more in (("larmsvar", LATEST), ("budgetscenarier", {"ar": 2024}))
        for scenario in ("bas", "fler_larm")
    ]
    plan = house / "plan.yaml"
    plan.write_text(json.dumps({"titel": "Prov", "korningar": runs}), "utf-8")
    index = Path(planbok(house, "run", str(plan), "--out", str(house / "ut")).strip().splitlines()[-1])
    found = {}
    for path in index.parent.rglob("resultat.json"):
        result = json.loads(path.read_text("utf-8"))
        found[result["notebook"], result["parametrar"]["scenario"]] = result["nyckeltal"]
    assert found["larmsvar", "bas"]["larm"]["varde"] == 40 + 50 + 60
    assert found["larmsvar", "fler_larm"]["larm"]["varde"] == 40 + 55 + 65
    assert found["budgetscenarier", "fler_larm"]["skillnad_mnkr"]["varde"] == 0
