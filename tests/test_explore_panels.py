"""Saving, opening, comparing and running from the notebook: what a person meets, faults and all."""

import errno
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml_files
from conftest import replace_in, write_scenario
from explorers import BUDGET, put

from planbok.base.workspace import PARAMS, ROOT, SAMPLE, Folders
from planbok.case.case import load_sources, open_case
from planbok.explore import running, saving
from planbok.explore.board import OwnLine
from planbok.explore.desk import Desk

WORDS = {
    "titel": "Dyrare vård från juli",
    "fraga": "Vad kostar det i år och på helår?",
    "underlag": "prognos",
    "motivering": "Kalkylen: från mars",
}


@pytest.fixture
def params(tmp_path) -> Path:
    folder = tmp_path / "params"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(params, tmp_path) -> Desk:
    """The budget's dials with a parameter folder of their own."""
    case = open_case("budgetscenarier", sources=load_sources(Folders((params, PARAMS), SAMPLE)), **BUDGET.parameters)
    return Desk(BUDGET.build(case), out=tmp_path / "ut")


def fill(desk: Desk, **changed: str) -> None:
    for name, value in {**WORDS, **changed}.items():
        desk.save.fields[name].value = value


def files(params: Path) -> list[str]:
    return sorted(path.name for path in params.rglob("*") if path.is_file())


def test_saved_as_a_person_would_write_it(desk, params):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    desk.save.save()
    assert files(params) == ["dyrare_vard_fran_juli.yaml"]
    assert (params / "scenarier" / "dyrare_vard_fran_juli.yaml").read_text("utf-8") == (
        "titel: Dyrare vård från juli\n"
        "fraga: Vad kostar det i år och på helår?\n"
        "forandringar:\n"
        "  - typ: upprakning\n"
        "    budgetrad: Administration\n"
        "    sida: kostnad\n"
        "    procent: -2.3\n"
        "    fran: 2016-07-01\n"
        "    underlag: prognos\n"
        "    motivering: 'Kalkylen: från mars'\n"
        "  - typ: upprakning\n"
        "    budgetrad: Vårdkostnader\n"
        "    sida: kostnad\n"
        "    procent: 1.0\n"
        "    fran: 2016-07-01\n"
        "    underlag: prognos\n"
        "    motivering: 'Kalkylen: från mars'\n"
    )
    assert "Sparat som" in desk.save.note.value


@pytest.mark.parametrize("field", ["titel", "fraga", "underlag", "motivering"])
def test_nothing_is_saved_without_what_is_required(desk, params, field):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk, id="prov", **{field: ""})
    desk.save.save()
    assert desk.save.fields[field].problem
    assert files(params) == []
    assert sum(bool(other.problem) for other in desk.save.fields.values()) == 1


def test_zero_dials_are_nothing_to_save(desk, params):
    fill(desk)
    desk.save.save()
    assert "Alla reglage står på noll" in desk.save.note.value
    assert files(params) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Åäö 1", "ska bara ha a–z"),
        ("bas", "är inbyggt"),
        ("../utanfor", "ska bara ha a–z"),
        ("x850101_0007", "personnummer"),
        ("850101-0007", "personnummer"),
    ],
)
def test_a_name_that_will_not_do_is_said_below_it(desk, params, name, said):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk, id=name)
    desk.save.save()
    assert said in desk.save.fields["id"].problem
    assert files(params) == []


def test_an_id_that_exists_is_asked_about(desk, params):
    write_scenario(
        params,
        "redan",
        [{"typ": "upprakning", "budgetrad": "Administration", "sida": "kostnad", "procent": 1.0, "fran": "2016-01-01"}],
    )
    path = params / "scenarier" / "redan.yaml"
    before = path.read_bytes()
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk, id="redan")
    desk.save.save()
    assert "finns redan. Ska det skrivas över?" in desk.save.note.value
    assert path.read_bytes() == before and desk.save.yes.layout.display == ""
    desk.save.fields["id"].value = "annat"
    assert desk.save.yes.layout.display == "none", "another name is another question"
    desk.save.fields["id"].value = "redan"
    desk.save.save()
    desk.save.yes.click()
    assert path.read_text("utf-8").startswith("titel: Dyrare vård")
    assert files(params) == ["redan.yaml"]


def test_the_projects_own_scenario_is_asked_about_and_stays(desk, params):
    own = PARAMS / "scenarier" / "nivaskifte.yaml"
    before = own.read_bytes()
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk, id="nivaskifte")
    desk.save.save()
    assert files(params) == []
    desk.save.yes.click()
    assert files(params) == ["nivaskifte.yaml"] and own.read_bytes() == before


def test_a_file_that_appears_meanwhile_is_not_written_over(desk, params):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    (params / "scenarier").mkdir()
    (params / "scenarier" / "nytt.yaml").write_text("titel: någon annans", "utf-8")
    with pytest.raises(FileExistsError):
        saving.write(saving.Draft("nytt", "T", "F", "antagande", "M", desk.board.state.changes()), Folders((params,)))
    assert files(params) == ["nytt.yaml"]


def test_a_folder_that_cannot_be_written_to_is_said(desk, params):
    (params / "scenarier").write_text("en fil där mappen skulle ligga", "utf-8")
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    desk.save.save()
    assert "det går inte att skriva i params/scenarier" in desk.save.note.value
    assert files(params) == ["scenarier"]


def test_a_full_disk_is_said_and_nothing_is_left(desk, params, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving, "write", full)
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    desk.save.save()
    assert "Inget är sparat" in desk.save.note.value and "Disken är full." in desk.save.note.value
    assert files(params) == []


WITHOUT_RIGHTS = """
import sys
from datetime import date
from pathlib import Path
from planbok.explore import saving
from planbok.base.workspace import Folders
try:
    saving.write(saving.Draft("prov", "T", "F", "antagande", "M", [{"typ": "x"}]), Folders((Path(sys.argv[1]),)))
except PermissionError:
    sys.exit(7)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become someone without rights")
def test_without_write_permission_nothing_is_left(tmp_path):
    folder = Path("/var/tmp") / f"planbok-{os.getpid()}"
    (folder / "scenarier").mkdir(parents=True)
    try:
        folder.chmod(0o755)
        read = "import os, sys; os.setgroups([]); os.setgid(65534)\n" + WITHOUT_RIGHTS.replace(
            "try:", "import os; os.setuid(65534)\ntry:"
        )
        done = subprocess.run([sys.executable, "-c", read, str(folder)], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 7, done.stderr
        assert list((folder / "scenarier").iterdir()) == []
    finally:
        (folder / "scenarier").rmdir()
        folder.rmdir()


def test_what_a_run_would_refuse_is_not_saved(desk, params, monkeypatch):
    """The tables have changed since the notebook ran: the row is gone, which the dials can't know."""
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    form = desk.board.topic.groups["Kostnader"][1]
    form.fixed = {**form.fixed, "budgetrad": "Vårdkostnad"}
    desk.save.save()
    assert "Inget är sparat" in desk.save.note.value
    assert files(params) == []


def test_nothing_is_saved_while_a_dial_says_what_is_wrong(desk, params):
    put(desk.board, BUDGET.settings["atgard"])
    desk.board.topic.groups["Åtgärd"][0].controls["namn"].value = ""
    fill(desk)
    desk.save.save()
    assert "rätta först det som är markerat" in desk.save.note.value
    assert files(params) == []


def test_beside_each_free_text_stands_the_reminder(desk):
    for name in ("titel", "fraga", "motivering", "id"):
        hints = [child.value for child in desk.save.fields[name].children[1:]]
        assert any("Skriv aldrig om en enskild person." in hint for hint in hints)
    name = desk.board.topic.groups["Åtgärd"][0].controls["namn"]
    assert any("Skriv aldrig om en enskild person." in child.value for child in name.children[1:])


def test_open_puts_a_saved_scenario_on_the_dials(desk):
    desk.open.choice.value = "vardkostnader_1_procent_1_juli"
    desk.open.open()
    form = desk.board.topic.groups["Kostnader"][1]
    assert (form.controls["procent"].value, str(form.all_controls["fran"].value)) == (1.0, "2016-07-01")
    assert desk.save.fields["titel"].value == "Vårdkostnaderna ökar med 1 % från den 1 juli"
    assert "145,37" in desk.board.answer.value
    desk.board.topic.groups["Kostnader"][0].controls["procent"].value = 3.0
    desk.board.reset()
    assert "145,37" in desk.board.answer.value


def test_a_broken_scenario_is_named_with_file_and_line(desk, params):
    write_scenario(
        params,
        "trasigt",
        [{"typ": "upprakning", "budgetrad": "Administration", "sida": "kostnad", "procent": 1.0, "fran": "2016-01-01"}],
    )
    replace_in(params / "scenarier" / "trasigt.yaml", "procent: 1.0", "procnt: 1.0")
    desk.open.renew()
    desk.open.choice.value = "trasigt"
    desk.open.open()
    said = desk.open.note.value
    assert "trasigt.yaml" in said and "fil rad" in said and "okänd nyckel" in said
    assert "144,80" in desk.board.answer.value


def test_compare_shows_table_chart_and_a_bridge_of_each_and_names_what_cannot(desk):
    desk.compare.compare()
    assert "Välj ett till" in desk.compare.note.value
    chosen = ("vardkostnader_1_procent_1_juli", "loneoversyn_1_april", "dyrare_var_2024")
    desk.compare.choice.value = chosen
    desk.compare.compare()
    table, chart, bridges = desk.compare.result.children
    assert "Löneöversyn från den 1 april" in table.value
    assert len(chart.data[0].y) == 2 and len(bridges.children) == 2
    assert "flyttar inget för ostermalm" in desk.compare.note.value, "2024's scenario moves nothing in 2016"


def test_run_makes_the_saved_scenarios_report(desk, tmp_path):
    put(desk.board, BUDGET.settings["uppraknad"])
    desk.run.start()
    assert "Spara scenariot först" in desk.run.note.value
    fill(desk, id="prov")
    desk.save.save()
    desk.run.start()
    desk.run.thread.join(120)
    assert "Rapporten är klar" in desk.run.note.value, desk.run.note.value
    (page,) = (tmp_path / "ut").rglob("rapport.html")
    assert "Dyrare vård från juli" in page.read_text("utf-8")
    desk.board.topic.groups["Kostnader"][0].controls["procent"].value = 3.0
    assert desk.run.scenario_id() == "", "what stands on the dials is not what was saved"


def test_the_plan_of_a_run_is_the_notebook_as_it_is_open(desk):
    plan = running.plan_of(desk.board.topic.case, "prov")
    assert plan["korningar"] == [
        {
            "notebook": "budgetscenarier",
            "parametrar": {"enhet": "ostermalm", "ar": 2016, "scenario": "prov", "jamfor_med": "bas"},
        }
    ]
    assert plan["spridning"] == "ledning"


def test_the_yaml_is_read_back_as_it_was(params, desk):
    put(desk.board, BUDGET.settings["atgard"])
    draft = saving.Draft(
        "x", 'Titel: "med" tecken #1', "Ja\noch nej?", "antagande", "- varför", desk.board.state.changes()
    )
    read = yaml_files.read(saving.scenario_text(draft))
    assert (read["titel"], read["fraga"]) == ('Titel: "med" tecken #1', "Ja och nej?")
    assert [c["motivering"] for c in read["forandringar"]] == ["- varför"] * 2


def test_each_change_may_have_a_reason_of_its_own(desk, params):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    desk.save.reasons.renew()
    assert [field.control.description for field in desk.save.reasons.fields.values()] == [
        "Administration −2,3\u00a0% från 1 juli 2016",
        "Vårdkostnader +1,0\u00a0% från 1 juli 2016",
    ]
    list(desk.save.reasons.fields.values())[0].value = "Färre lokaler"
    desk.save.save()
    saved = (params / "scenarier" / "dyrare_vard_fran_juli.yaml").read_text("utf-8")
    assert saved.count("motivering: Färre lokaler") == 1 and saved.count("motivering: 'Kalkylen: från mars'") == 1


def test_a_file_name_that_a_person_wrote_stays(desk):
    titel, name = desk.save.fields["titel"], desk.save.fields["id"]
    titel.value = "Nya lokaler"
    assert name.value == "nya_lokaler"
    titel.value = "Nya lokaler i höst"
    assert name.value == "nya_lokaler_i_host", "a suggestion follows the title"
    name.value = "mitt_eget"
    titel.value = "Något annat"
    assert name.value == "mitt_eget"


def test_notes_beside_rows_are_saved_and_opened_with_the_scenario(desk, params):
    put(desk.board, BUDGET.settings["uppraknad"])
    fill(desk)
    desk.board.table.notes = {"Vårdkostnader": "Avtalet är\nfrån mars"}
    desk.board.steps.go(-1)
    assert desk.board.table.notes, "a step back leaves what is noted"
    desk.board.steps.go(1)
    desk.save.save()
    saved = (params / "scenarier" / "dyrare_vard_fran_juli.yaml").read_text("utf-8")
    assert saved.endswith("anteckningar:\n  Vårdkostnader: Avtalet är från mars\n")
    desk.open.choice.value = "bas"
    desk.open.open()
    assert desk.board.table.notes == {}
    desk.open.renew()
    desk.open.choice.value = "dyrare_vard_fran_juli"
    desk.open.open()
    assert desk.board.table.notes == {"Vårdkostnader": "Avtalet är från mars"}
    desk.board.table.notes = {"Vårdkostnader": "850101-0007 flyttar"}
    assert "personnummer" in desk.board.table.problem
    desk.save.save(overwrite=True)
    assert "personnummer" in desk.save.note.value and "850101" not in (
        params / "scenarier" / "dyrare_vard_fran_juli.yaml"
    ).read_text("utf-8")


def test_a_line_of_ones_own_stands_in_the_table_and_is_an_amount(desk, params):
    own = OwnLine(desk.board, desk.board.topic.own)
    own.add()
    assert own.name.problem == "Skriv vad raden heter."
    own.name.value = "Flytt till nya lokaler"
    own.add()
    assert "inte är noll" in own.note.value
    own.form.controls["kr_per_manad"].value = 10_000.0
    own.form.controls["fran"].value = date(2016, 7, 1)
    own.add()
    frame = desk.board.topic.answer(desk.board.scenario).table.frame.set_index("budgetrad")
    assert frame.loc["varav Flytt till nya lokaler", ["skillnad", "helar"]].tolist() == pytest.approx([0.06, 0.12])
    assert frame.loc["Totalt", ["skillnad", "helar"]].tolist() == pytest.approx([0.06, 0.12]), "counted once"
    names = frame.index.tolist()
    assert names.index("varav Flytt till nya lokaler") == names.index("Vårdkostnader") + 1, "below the row it is in"
    fill(desk)
    desk.save.save()
    saved = (params / "scenarier" / "dyrare_vard_fran_juli.yaml").read_text("utf-8")
    assert "typ: belopp" in saved and "motivering: Flytt till nya lokaler" in saved


def test_a_dial_that_was_moved_before_does_not_uprate_a_line_of_ones_own(desk):
    """1 % of 113.9 mnkr in care, then 50 000 kr a month: 1.139 + 0.6 mnkr, the line not 1 % dearer for the dial."""
    put(desk.board, [("Kostnader", 1, {"procent": 1.0})])
    own = OwnLine(desk.board, desk.board.topic.own)
    own.name.value = "Flytt"
    own.form.controls["kr_per_manad"].value = 50_000.0
    own.add()
    frame = desk.board.topic.answer(desk.board.scenario).table.frame.set_index("budgetrad")
    assert frame.loc["Totalt", "skillnad"] == pytest.approx(1.739)
    assert [change["typ"] for change in desk.board.state.changes()] == ["upprakning", "belopp"]


def test_run_anew_for_the_same_choices_the_dials_stand_as_they_did(desk):
    put(desk.board, BUDGET.settings["uppraknad"])
    desk.board.table.notes = {"Vårdkostnader": "Avtalet löper ut i juni"}
    desk.save.fields["titel"].value = "Halvfärdig"
    again = Desk(BUDGET.build(desk.board.topic.case))
    before = again.board.scenario
    again.take_over(desk)
    assert again.board.answer.value == desk.board.answer.value and "ligger kvar" in again.stale.value
    assert again.board.table.notes == desk.board.table.notes and again.save.draft().titel == "Halvfärdig"
    again.board.steps.go(-1)
    assert [n.change for n in again.board.scenario] == [n.change for n in before], "Ångra goes back to what was opened"
    other = Desk(
        BUDGET.build(
            open_case("budgetscenarier", sources=desk.board.topic.case.sources, enhet="exempelenheten", ar=2024)
        )
    )
    other.take_over(desk)
    assert other.stale.value == "" and not other.board.scenario.changes


def test_scenarios_are_offered_by_title_day_and_what_they_build_on(desk, params):
    change = {"typ": "upprakning", "budgetrad": "Administration", "sida": "kostnad", "procent": 1.0}
    write_scenario(params, "mitt", [{**change, "fran": "2016-01-01"}], titel="Dyrare el", bygger_pa=["nivaskifte"])
    desk.open.renew()
    shown = {name: text for text, name in desk.open.choice.control.options}
    assert shown["mitt"] == f"Dyrare el · {date.today().isoformat()} · bygger på nivaskifte · mitt"
    assert shown["bas"] == "Budgeten som den är beslutad"
    desk.compare.renew()
    assert "bas" not in {name for _, name in desk.compare.choice.control.options}


def test_a_day_is_any_day_and_what_is_none_is_said(desk):
    day = desk.board.topic.groups["Kostnader"][0].shared["fran"].control
    day.type("2016-04-17")
    assert (day.value, day.problem) == (date(2016, 4, 17), "")
    day.type("2016-02-30")
    assert day.value == date(2016, 4, 17) and day.problem.startswith("”2016-02-30” är inget datum.")
    desk.board.topic.groups["Kostnader"][0].controls["procent"].value = 1.0
    (change,) = desk.board.state.changes()
    assert change["fran"] == date(2016, 4, 17)
