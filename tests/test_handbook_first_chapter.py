"""The handbook's first chapter in an empty folder: its commands, its plan, and the figures that the ledger gives."""

import re
import shutil
from decimal import Decimal

import openpyxl
import pytest
from test_las_in_to_report import EXPORTS, by_hand

from planbok.base import workspace
from planbok.base.workspace import ROOT, Folders
from planbok.batch.make.preflight import preflight
from planbok.batch.plan.due import by_hand as filled_in
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import load_plan
from planbok.case.case import load_sources, open_case
from planbok.cli import main
from planbok.topics import answer, period_tables

CHAPTER = (ROOT / "docs" / "handbok.md").read_text("utf-8").partition("## Från redovisningens export")[2]
CHAPTER = CHAPTER.partition("\n### ")[0]
MOST_STEPS = 8  # an export: the issue's own measure
OWN_UNIT = "312300"


def confirm(path) -> None:
    """What a person does in Excel: says yes on every sheet."""
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "bekraftad":
                    sheet.cell(cell.row, cell.column + 1).value = "ja"
    book.save(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The workspace after every command of the chapter but the last, and the commands."""
    patch, place = pytest.MonkeyPatch(), tmp_path_factory.mktemp("ny")
    for name in (workspace.ENV_WORKSPACE, workspace.ENV_PARAMS, workspace.ENV_DATA):
        patch.delenv(name, raising=False)
    patch.setenv("PLANBOK_NYCKEL_FIL", str(place / "hemligt" / "nyckel"))
    patch.chdir(place)
    commands = re.findall(r"^    planbok (.+)$", CHAPTER, re.MULTILINE)
    for command in commands[:-1]:
        assert main(command.split()) == 0, command
        if command.startswith("init"):
            patch.chdir(place / "min_enhet")
            shutil.copytree(EXPORTS, "in")
        elif "--ny" in command:
            confirm(f"params/inlasning/{command.split()[2]}.xlsx")
    (plan,) = re.findall(r"```yaml\n(titel:.+?)```", CHAPTER, re.DOTALL)
    (place / "min_enhet" / "params" / "planer" / "manad.yaml").write_text(plan, encoding="utf-8")
    yield place / "min_enhet", commands
    patch.undo()


def test_each_export_takes_few_steps_and_the_last_command_runs_the_plan(made):
    _, commands = made
    assert commands[-1] == "run manad"
    for export in ("raindance", "budget", "hr"):
        # a proposal, a confirmation in Excel, a reading; once for all: init, cd, mkdir, the plan
        steps = 1 + sum(export in command for command in commands)
        assert 2 < steps <= MOST_STEPS - 4


def test_what_was_read_is_the_exports_and_check_finds_no_fault(made, capsys):
    place, _ = made
    assert main(["check"]) == 0
    assert "Det som finns i data/min_enhet:" in capsys.readouterr().out
    ledger = sum(cost - income for cost, income in by_hand().values())
    rows = (place / "data" / "min_enhet" / "kontrollsummor.csv").read_text("utf-8").splitlines()[1:]
    assert sum(Decimal(row.split(",")[2]) for row in rows) == ledger


def test_the_first_plan_can_be_made_and_gives_the_ledgers_prognosis(made):
    place, _ = made
    sources = load_sources(Folders.in_use())
    path = place / "params" / "planer" / "manad.yaml"
    plan = filled_in(load_plan(path, read_notebooks(), ["bas"]), sources.collection, period_tables())
    assert len(plan.runs) == 9 and plan.folders(sources.folders, False).data == place / "data" / "min_enhet"
    preflight(plan, sources.folders, answer.verify, sources)  # every report's topic on its case
    case = open_case("manadsprognos", enhet=OWN_UNIT, ar=2025, tom_manad=9, sources=sources)
    result = answer.answer(case).result
    figures = {key: figure.varde for key, figure in result.nyckeltal.items()}
    net = sum(cost - income for (unit, _, _), (cost, income) in by_hand().items() if unit == "personlig_assistans")
    assert figures["prognos_mnkr"] == pytest.approx(float(net) / 9 * 12 / 1e6, abs=1e-6)
    assert figures["avvikelse_mnkr"] == pytest.approx(31.62 - figures["prognos_mnkr"], abs=1e-6)  # the budget's 31 620
    said = result.say(result)
    assert said[0].startswith("Prognosen är ")  # the answer first: that the books agree stands after it
    assert "Utfall inläst ur raindance_2025.csv, stämmer med redovisningen." in said
