"""Working lists: a row per keyed id in a file beside the report, for working papers and never for others."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from planbok.base.workspace import ENV_OUT
from planbok.batch.gate import gate
from planbok.batch.gate.signs import Signs
from planbok.case.case import open_case
from planbok.case.result import Column, Result, Table
from planbok.disclosure.policy import Policy
from planbok.disclosure.protect import protect
from planbok.report.handover import finish

KEY, PERSON = "b3p44pvt2e", "pzwpxc18td"


def listed(cell: str = KEY) -> Result:
    table = Table("prov", "Att göra", pd.DataFrame({"beslut": [cell]}), (Column("beslut", "Beslut", ""),))
    return Result("Enheten", "", [], {}, {}, arbetslista=lambda: {"prov": table})


@pytest.mark.parametrize("audience", ["arbetsmaterial", "ledning", "offentlig"])
def test_the_list_lies_beside_working_papers_only(tmp_path: Path, monkeypatch, audience: str):
    monkeypatch.setenv(ENV_OUT, str(tmp_path))
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, spridning=audience)
    finish(case, protect(listed(), Policy(audience)))
    file = tmp_path / "arbetslista.xlsx"
    assert file.exists() == (audience == "arbetsmaterial")
    if file.exists():
        assert file.stat().st_mode & 0o077 == 0
        assert [cell.value for cell in openpyxl.load_workbook(file)["prov"]["A"]][-1] == KEY


@pytest.mark.parametrize(("cell", "stopped"), [(KEY, False), (PERSON, True)])
def test_the_gate_lets_ids_of_cases_into_the_list_but_no_person(tmp_path: Path, monkeypatch, cell, stopped):
    monkeypatch.setenv(ENV_OUT, str(tmp_path))
    case = open_case("budgetscenarier", enhet="exempelenheten", ar=2024, spridning="arbetsmaterial")
    finish(case, protect(listed(cell), Policy("arbetsmaterial")))
    known = gate.Knowledge("arbetsmaterial", {}, Signs.of([KEY, PERSON]), Signs.of([PERSON]))
    files = [tmp_path / "arbetslista.xlsx"]
    assert bool(gate.inspect_files(files, known)) == stopped
    assert gate.inspect_files(files, replace(known, spridning="ledning", in_lists=None))
