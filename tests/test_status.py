"""`planbok status`, and the command that a plan runs when its reports lie there."""

import json
import re
import sys

import pytest

from planbok.batch.plan.plan import command_of
from planbok.batch.run.after import run_after
from planbok.cli import main

PLAN = """titel: Prov
{more}korningar:
  - notebook: budgetscenarier
    parametrar: {{enhet: exempelenheten, ar: 2024}}
"""


@pytest.fixture
def status(tmp_path, capsys):
    """The state of the plan `prov` on a day, and the exit code, given runs as (run id, period's end, statuses)."""

    def of(day: str, runs=(), more: str = "nar: [manad]\n", text: str = PLAN):
        plan = tmp_path / "params" / "planer" / "prov.yaml"
        plan.parent.mkdir(parents=True, exist_ok=True)
        plan.write_text(text.format(more=more), "utf-8")
        for run_id, end, statuses in runs:
            folder = tmp_path / "ut" / "prov" / run_id
            folder.mkdir(parents=True)
            names = {"notebook": "budgetscenarier", "folder": "x", "parametrar": {"enhet": "a", "ar": 2024}}
            entries = [names | {"status": one} for one in statuses]
            period = {"period": {"slut": end, "avser": ["manad"]}} if end else {}
            manifest = {"run_id": run_id, "started": "2024-06-13T06:00:00+02:00", "runs": entries} | period
            (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        asked = ["--params", str(tmp_path / "params"), "--out", str(tmp_path / "ut"), "--due", day, "--json"]
        code = main(["status", *asked])
        found = json.loads(capsys.readouterr().out)
        assert found["kod"] >= code or code == 1
        return next(plan for plan in found["planer"] if plan["plan"] == "prov")

    return of


def test_a_period_whose_time_has_passed_is_late_until_it_is_made(status):
    """May 2024 ended on a Friday; eight Swedish working days on, with the 6th a holiday, is 13 June."""
    late = status("2024-06-13")
    assert (late["kod"], late["forsenade"], late["nasta"]) == (3, ["maj 2024 (månad)"], "juni 2024 (månad)")
    made = status("2024-06-13", [("20240613T040000Z", "2024-05-31", ["ok", "unchanged", "waiting"])])
    assert (made["kod"], made["forsenade"]) == (0, [])
    assert (made["gjorda"], made["vantar"], made["misslyckade"], made["senast"]) == (2, 1, 0, "20240613T040000Z")


def test_a_failed_report_and_a_plan_with_faults_fail(status):
    failed = status("2024-06-13", [("20240613T040000Z", "2024-05-31", ["ok", "failed"])])
    assert (failed["kod"], failed["misslyckade"]) == (1, 1)
    wrong = status("2024-06-13", more="nar: [vecka]\n")
    assert (wrong["kod"], bool(wrong["fel"])) == (1, True)


def test_a_plan_without_a_calendar_is_never_late(status):
    plain = status("2024-06-13", more="")
    assert (plain["kod"], plain["senast"], plain["nasta"]) == (0, "", "")


def test_what_is_made_is_said_to_people_too(tmp_path, capsys):
    assert main(["status", "--out", str(tmp_path), "--due", "2024-06-13"]) == 3
    said = capsys.readouterr().out
    assert "manad · Månadsuppföljning\n  aldrig körd\n  inte gjort: maj 2024 (månad)" in said
    assert said.endswith("väntar på sin första körning, planbok run --due idag.\n") and "försenat" not in said
    made = tmp_path / "manad" / "20240412T040000Z"
    made.mkdir(parents=True)
    manifest = {"run_id": made.name, "started": "2024-04-12T06:00:00+02:00", "runs": []}
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert main(["status", "--out", str(tmp_path), "--due", "2024-06-13"]) == 3
    said = capsys.readouterr().out
    assert "  försenat: maj 2024 (månad)" in said and said.endswith("Något är försenat.\n")


def test_the_command_is_told_the_run_and_how_it_went(tmp_path):
    told = "os.environ['PLANBOK_KORNING'] + os.environ['PLANBOK_STATUS']"
    program = f"import os, pathlib; pathlib.Path('sagt').write_text({told})"
    for failed, status in ((False, "ok"), (True, "fel")):
        assert run_after([sys.executable, "-c", program], tmp_path, failed, 60) == ""
        assert (tmp_path / "sagt").read_text() == f"{tmp_path}{status}"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([sys.executable, "-c", "raise SystemExit(3)"], "slutade med kod 3"),
        ([sys.executable, "-c", "import time; time.sleep(30)"], "tog mer än 0.5 sekunder"),
        (["finns-inte-alls"], "gick inte att starta"),
    ],
)
def test_a_command_that_goes_wrong_is_said_and_no_more(tmp_path, command, said):
    assert said in run_after(command, tmp_path, False, 0.5 if "time" in str(command) else 60)


def test_a_plan_runs_its_command_and_keeps_its_exit_code(tmp_path, capfd):
    plan, out = tmp_path / "prov.yaml", tmp_path / "ut"
    plan.write_text(PLAN.format(more="efter: sh -c 'echo \"$PLANBOK_STATUS\" > sagt; exit 4'\n"), "utf-8")
    assert main(["run", str(plan), "--out", str(out)]) == 0
    assert [file.read_text() for file in out.glob("prov/*/sagt")] == ["ok\n"]
    assert "kommandot efter i planen prov slutade med kod 4. Rapporterna är gjorda." in capfd.readouterr().err


def test_a_log_has_one_line_for_each_event_with_its_level(tmp_path, capsys):
    broken = tmp_path / "trasig.yaml"
    broken.write_text("titel: x\nnar: [manad]\n", "utf-8")
    assert main(["run", str(broken), "--logg", "--out", str(tmp_path / "ut")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+0[12]:00 FEL FEL I PLANEN .*korningar.* \| Inget har", line)
    assert main(["run", str(broken), "--out", str(tmp_path / "ut")]) == 2
    assert len(capsys.readouterr().err.splitlines()) > 1


def test_a_command_whose_quotation_marks_do_not_close_is_a_fault(status):
    wrong = status("2024-06-13", more='efter: "echo \'öppet"\n')
    assert wrong["fel"] == ["fil rad 2: efter ska vara ett kommando med sina argument; citattecken ska stå parvis."]
    assert command_of("a 'b c'") == ("a", "b c")


def unknown_keys(of: int) -> str:
    """A plan with so many keys that no plan has, from its second row on."""
    return "titel: Prov\n" + "".join(f"procnt{n}: 1\n" for n in range(of)) + "korningar: []\n"


def test_of_a_plans_many_faults_as_many_are_listed_as_check_lists(status, tmp_path, capsys):
    wrong = status("2024-06-13", text=unknown_keys(300))
    assert wrong["antal_fel"] == 301, "the keys, and that nothing is run"
    assert [line.partition(":")[0] for line in wrong["fel"][:21]] == [f"fil rad {n}" for n in range(2, 23)]
    assert wrong["fel"][-1] == "samma slags fel på 279 ställen till, det sista på rad 301."
    assert len(wrong["fel"]) == 21 + 1 + 1
    assert main(["status", "--params", str(tmp_path / "params"), "--out", str(tmp_path), "--due", "2024-06-13"]) == 1
    said = capsys.readouterr().out
    assert "\n  fel i planen (301 st):\n    fil rad 2: okänd nyckel 'procnt0'." in said
    assert said.count("procnt") == 21


def test_beyond_fifty_plans_with_faults_the_number_is_said(tmp_path, capsys):
    (tmp_path / "planer").mkdir()
    for n in range(52):
        (tmp_path / "planer" / f"plan_{n:02d}.yaml").write_text(unknown_keys(2), "utf-8")
    assert main(["status", "--params", str(tmp_path), "--out", str(tmp_path), "--due", "2024-06-13", "--json"]) == 1
    plans = {plan["plan"]: plan for plan in json.loads(capsys.readouterr().out)["planer"]}
    assert [len(plans[f"plan_{n:02d}"]["fel"]) for n in range(48, 52)] == [3, 3, 0, 0]
    assert all(plans[f"plan_{n:02d}"]["antal_fel"] == 3 for n in range(52))
    assert plans["plan_51"]["kod"] == 1
