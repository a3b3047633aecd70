"""Every way to get a parameter file wrong: the exact faults, their lines, and the words that help."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml_files
from notebook_files import ANNUAL, MONTHLY, write_notebook
from test_tables import made_up_number

from planbok.base.errors import InputError
from planbok.base.workspace import PARAMS, Folders
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.case.case import load_scenarios
from planbok.inputs.rules.placement import load_placement
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import Known

BROKEN = Path(__file__).parent / "broken"
RULES = load_rules(Folders())


def load_a_scenario(params: Path, case: dict) -> None:
    known = Known(
        budgetrader={"Vårdkostnader", "Lokalkostnader", "Administration"},
        enheter={"ostermalm", "exempelenheten"},
        insatser={"gruppbostad", "servicebostad"},
        boenden={"nya_hemmet", "backen", "torget"},
        regler=RULES.series,
    )
    load_scenarios([case.get("id", "prov")], Folders((params, PARAMS)), known, RULES)


def load_a_plan(params: Path, case: dict) -> None:
    folder = params / "notebooks"
    folder.mkdir()
    write_notebook(folder / "arsblad.ipynb", ANNUAL)
    write_notebook(folder / "manadsblad.ipynb", MONTHLY)
    write_notebook(folder / "trasig.ipynb", None)
    load_plan(params / "planer" / "prov.yaml", read_notebooks(folder), ["bas", "hyra_hog", "hyra_lag"])


KINDS: dict[str, tuple[str, Callable[[dict], str], Callable[[Path, dict], object]]] = {
    "scenarier": ("scenarier", lambda case: f"{case.get('id', 'prov')}.yaml", load_a_scenario),
    "regler": ("regler", lambda case: "prov.yaml", lambda params, case: load_rules(Folders((params,)))),
    "prislistor": (
        "regler",
        lambda case: case.get("fil", "lss_peng_prov.csv"),
        lambda params, case: load_rules(Folders((params, PARAMS))),
    ),
    "planer": ("planer", lambda case: "prov.yaml", load_a_plan),
    "budgetplacering": (
        "",
        lambda case: "budgetplacering.yaml",
        lambda params, case: load_placement(Folders((params,))),
    ),
}
CASES = [
    pytest.param(kind, case, id=f"{kind}: {case['name']}")
    for kind in KINDS
    for case in yaml_files.read(BROKEN / f"{kind}.yaml")
]


def faults_of(kind: str, case: dict, params: Path) -> InputError:
    folder, name, load = KINDS[kind]
    (params / folder).mkdir(parents=True, exist_ok=True)
    for beside, content in case.get("bredvid", {}).items():
        (params / folder / beside).write_text(content, "utf-8")
    content = case["content"].replace("PERSONNUMMER", made_up_number())
    (params / folder / name(case)).write_bytes(content.encode(case.get("encoding", "utf-8")))
    with pytest.raises(InputError) as stopped:
        load(params, case)
    return stopped.value


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_a_broken_file_is_refused_with_exactly_its_faults(tmp_path, kind, case):
    params = tmp_path / "params"
    error = faults_of(kind, case, params)
    assert sorted((f.line, f.code) for f in error.faults) == sorted(
        (int(line), code) for line, code in (text.split() for text in case["fel"])
    )
    message = str(error)
    for word in case["ord"]:
        assert word in message
    for secret in (made_up_number(), made_up_number()[:6], str(tmp_path)):
        assert secret not in message


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_cases_with_names_of_their_own(kind):
    names = [case.values[1]["name"] for case in CASES if case.values[0] == kind]
    assert len(names) == len(set(names)) >= 5


def test_a_link_to_nothing_and_a_folder_for_a_file_are_faults(tmp_path):
    rules = tmp_path / "regler"
    (rules / "mapp.yaml").mkdir(parents=True)
    (rules / "lank.yaml").symlink_to(tmp_path / "borta.yaml")
    with pytest.raises(InputError) as stopped:
        load_rules(Folders((tmp_path,)))
    assert [(f.file.rsplit("/", 1)[-1], f.code) for f in stopped.value.faults] == [
        ("lank.yaml", "unreadable"),
        ("mapp.yaml", "unreadable"),
    ]


def test_a_link_to_a_good_file_is_read(tmp_path):
    (tmp_path / "regler").mkdir()
    (tmp_path / "regler" / "lank.yaml").symlink_to(PARAMS / "regler" / "kbh.yaml")
    assert "kbh.stockholm.andel" in load_rules(Folders((tmp_path,))).series
