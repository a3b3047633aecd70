"""What is kept of runs and what is handed out: adopted runs are records, figures stay, copies say what they are."""

import errno
import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from batch_runs import alive, descendants_after, started, watched

from planbok.base.errors import InputError
from planbok.base.files import aside
from planbok.batch.make import pdf, processes
from planbok.batch.make.options import RunOptions
from planbok.batch.make.processes import FORK
from planbok.batch.plan.plan import Recipient
from planbok.batch.run import complete, lock, publish, runner, unchanged
from planbok.batch.share import keep, share
from planbok.cli import main
from planbok.commands.common import writable
from planbok.commands.ending import stoppable
from planbok.report import handover

RUNS = ["20240105T060000Z", "20240205T060000Z", "20240305T060000Z", "20240405T060000Z"]
FILES = {"anteckningsbok.ipynb": "{}", "rapport.html": "<p>ja</p>", "resultat.xlsx": "x" * 1000}
PLAN = """titel: Månadens läge
korningar:
  - notebook: budgetscenarier
    parametrar: {ar: 2024, enhet: exempelenheten}
  - notebook: lss_peng
    parametrar: {ar: 2024, enhet: exempelenheten}
mottagare:
  enhetschef_nord: {enheter: [exempelenheten], spridning: arbetsmaterial}
  ledningsgruppen: {enheter: [exempelenheten]}
"""


# A browser that does something, and then prints a page of its own to where it is told to.
PRINTS = """#!/bin/sh
{first}
for given; do case $given in --print-to-pdf=*) printf '%%PDF-1.4 %%%%EOF' > "${{given#*=}}";; esac; done
"""


def entry(notebook: str, enhet: str, scenario: str = "bas", month: int = 4, status: str = "ok", more: str = "") -> dict:
    parameters = {"enhet": enhet, "ar": 2024, "tom_manad": month, "scenario": scenario}
    return {
        "notebook": notebook,
        "parametrar": parameters,
        "status": status,
        "seconds": 1.0,
        "folder": f"{notebook}__{enhet}__{scenario}__2024-{month:02}{more}",
        "checks_failed": 0,
        "error": {"section": "", "type": "X", "message": "gick inte"} if status == "failed" else None,
        "titel": notebook.capitalize(),
        **({"vantar_pa": "utfall"} if status == "waiting" else {}),
    }


def write_a_run(plan_folder: Path, run_id: str, *entries: dict, spridning: str = "ledning") -> Path:
    """A run as the runner leaves it, its reports made of next to nothing."""
    run = plan_folder / run_id
    for one in entries:
        if one["status"] == "waiting":
            continue
        (run / one["folder"]).mkdir(parents=True)
        for name, text in FILES.items():
            (run / one["folder"] / name).write_text(f"{text} {run_id}")
        result = {"spridning": spridning, "enhet_namn": one["parametrar"]["enhet"], "nyckeltal": {}}
        (run / one["folder"] / "resultat.json").write_text(json.dumps(result))
    started = f"{run_id[:4]}-{run_id[4:6]}-{run_id[6:8]}T{run_id[9:11]}:00:00Z"
    manifest = {"plan": plan_folder.name, "titel": "Månaden", "run_id": run_id, "started": started}
    manifest |= {"spridning": spridning, "status": "ej_faststalld", "runs": list(entries)}
    run.mkdir(parents=True, exist_ok=True)
    publish.write_run(run, manifest)
    publish.write_plan_index(plan_folder, "Månaden")
    return run


@pytest.fixture
def out(tmp_path) -> Path:
    """Four runs of one plan; the second is linked to the first."""
    folder = tmp_path / "ut" / "manaden"
    made = [write_a_run(folder, run_id, entry("blad", "a"), entry("blad", "b")) for run_id in RUNS]
    for path in (made[0] / "blad__a__bas__2024-04").iterdir():
        (made[1] / "blad__a__bas__2024-04" / path.name).unlink()
        os.link(path, made[1] / "blad__a__bas__2024-04" / path.name)
    return tmp_path / "ut"


@pytest.fixture
def command(out, capsys):
    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments), "--out", str(out)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def files_of(run: Path) -> list[str]:
    return sorted({path.name for path in run.glob("*/*")})


def test_an_adopted_run_says_by_which_role_and_is_a_record_of_its_own(out, command):
    run = out / "manaden" / RUNS[1]
    code, said, _ = command("faststall", f"manaden/{RUNS[1]}", "--av", "enhetschef")
    assert (code, said) == (0, f"Fastställd av enhetschef: manaden/{RUNS[1]}\n")
    manifest = keep.manifest_of(run)
    assert (manifest["status"], manifest["faststalld"]["av"]) == ("faststalld", "enhetschef")
    assert "Fastställd av enhetschef " in (run / "index.html").read_text("utf-8")
    assert "fastställd av enhetschef" in (out / "manaden" / "index.html").read_text("utf-8")
    for path in run.glob("*/*"):
        assert path.stat().st_nlink == 1
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    other = out / "manaden" / RUNS[0] / "blad__a__bas__2024-04" / "rapport.html"
    other.write_text("skrivet över")
    assert (run / "blad__a__bas__2024-04" / "rapport.html").read_text() == f"<p>ja</p> {RUNS[0]}"


@pytest.mark.parametrize("name", [RUNS[1], f"manaden/{RUNS[1]}", "mapp"])
def test_a_run_is_found_by_its_name_and_by_its_folder(out, name):
    path = out / "manaden" / RUNS[1]
    assert keep.find_run(str(path) if name == "mapp" else name, out) == path


def test_a_run_of_two_plans_must_be_named_with_its_plan(out):
    write_a_run(out / "annan", RUNS[0], entry("blad", "a"))
    with pytest.raises(InputError, match=f"annan/{RUNS[0]} och manaden/{RUNS[0]}"):
        keep.find_run(RUNS[0], out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["faststall", "manaden/20240405T060001Z", "--av", "enhetschef"], "Menade du 'manaden/20240405T060000Z'?"),
        (["faststall", RUNS[0]], "det saknas: --av"),
        (["faststall", RUNS[0], "--av", "850101-0000"], "ange en roll, aldrig ett namn"),
        (["faststall", RUNS[0], "--av", "A 85"], "ange en roll, aldrig ett namn"),
        (["faststall", RUNS[0], "--av", " "], "Det finns: enhetschef, "),
        (["faststall", RUNS[0], "--av", "anna lindqvist"], "ange en roll, aldrig ett namn"),
        (["prune"], "det saknas: --keep"),
        (["prune", "--keep", "-1"], "antalet ska vara minst 0, men är -1"),
        (["prune", "manad", "--keep", "1"], "Menade du 'manaden'?"),
    ],
)
def test_a_wrong_command_changes_nothing(out, command, arguments, words):
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    code, said, error = command(*arguments)
    assert (code, said) == (2, "")
    assert words in error
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_a_run_is_adopted_once(out, command):
    command("faststall", RUNS[0], "--av", "enhetschef")
    code, _, error = command("faststall", RUNS[0], "--av", "avdelningschef")
    assert code == 2
    assert "redan fastställd av 'enhetschef'" in error


def test_pruning_shows_what_would_go_and_takes_it_only_when_told(out, command):
    command("faststall", RUNS[0], "--av", "enhetschef")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.name != ".planbok.lock"}
    code, said, _ = command("prune", "--keep", 1)
    assert code == 0
    assert [line for line in said.splitlines() if line.startswith("manaden/")] == [
        f"manaden/{RUNS[1]} · 5 februari 2024 kl. 07.00 · 2 rapporter, 6 filer",
        f"manaden/{RUNS[2]} · 5 mars 2024 kl. 07.00 · 2 rapporter, 6 filer",
    ]
    assert "Inget har tagits bort. Kör igen med --ja" in said
    assert {path: path.read_bytes() for path in before} == before
    code, said, _ = command("prune", "--keep", 1, "--ja")
    assert code == 0
    assert "Inget har tagits bort" not in said
    kept = {run_id: files_of(out / "manaden" / run_id) for run_id in RUNS}
    whole = sorted([*FILES, "resultat.json"])
    assert kept == {RUNS[0]: whole, RUNS[1]: ["resultat.json"], RUNS[2]: ["resultat.json"], RUNS[3]: whole}
    assert len(list(out.rglob("resultat.json"))) == 8
    page = (out / "manaden" / RUNS[1] / "index.html").read_text("utf-8")
    assert "Ej fastställd, gallrad" in page
    assert "rapport.html" not in page
    assert command("prune", "--keep", 1, "--ja")[1] == "Inget att gallra.\n"
    assert command("faststall", RUNS[1], "--av", "enhetschef")[0] == 2


def test_only_a_named_plans_runs_are_pruned(out, command):
    for run_id in RUNS[:2]:
        write_a_run(out / "annan", run_id, entry("blad", "a"))
    said = command("prune", "annan", "--keep", 0)[1]
    assert "annan/" in said
    assert "manaden/" not in said


def test_a_pruning_that_was_stopped_is_finished_by_the_next(out, command, monkeypatch):
    def stop(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(keep.Path, "unlink", stop)
        stopped.setattr("planbok.batch.run.lock.Lock.release", lambda lock: lock.forget())
        assert command("prune", "--keep", 3, "--ja")[0] == 1
    run = out / "manaden" / RUNS[0]
    said = keep.manifest_of(run)["gallrad"]
    assert "rapport.html" in files_of(run)
    assert command("prune", "--keep", 3, "--ja")[0] == 0
    assert files_of(run) == ["resultat.json"]
    assert keep.manifest_of(run)["gallrad"] == said


def test_a_manifest_that_cannot_be_read_is_named_and_hinders_no_new_run(out, command):
    (out / "manaden" / RUNS[0] / "manifest.json").write_text("")
    code, _, said = command("prune", "--keep", 1)
    assert code == 0 and f"manaden/{RUNS[0]}/manifest.json går inte att läsa och hoppas över" in said
    code, _, said = command("faststall", RUNS[0], "--av", "enhetschef")
    assert code == 2 and "manifest.json går inte att läsa" in said
    page = publish.write_plan_index(out / "manaden", "Månaden").read_text("utf-8")
    assert f"manaden/{RUNS[0]}/manifest.json" in page and f'href="{RUNS[0]}' not in page
    assert RUNS[1] in page


def test_what_is_linked_to_a_kept_run_frees_nothing(out):
    both = keep.prunable(out / "manaden", 2)
    assert [one.run.name for one in both] == RUNS[:2]
    sizes = {path.stat().st_ino: path.stat().st_size for one in both for path in one.files}
    assert keep.freed(both) == sum(sizes.values())
    shutil.rmtree(out / "manaden" / RUNS[3])
    shutil.rmtree(out / "manaden" / RUNS[2])
    (one,) = keep.prunable(out / "manaden", 1)
    assert keep.freed([one]) == sum(path.stat().st_size for path in one.files if path.stat().st_nlink == 1)


# Copies.


def reports_of(tmp_path: Path, *entries: dict, spridning: str = "ledning") -> tuple[dict, share.Reports]:
    run = write_a_run(tmp_path / "ut" / "manaden", RUNS[0], *entries, spridning=spridning)
    manifest = keep.manifest_of(run)
    return manifest, share.Reports(spridning, run, manifest["runs"])


def test_a_copy_has_speaking_names_and_an_index_that_leads_to_them(tmp_path):
    entries = [
        entry("manadsprognos", "a"),
        entry("manadsprognos", "a", "dyrare"),
        entry("blad", "b", more="__verksamhet-Boendestöd"),
        entry("blad", "c", status="failed"),
        entry("blad", "d", status="waiting"),
    ]
    manifest, reports = reports_of(tmp_path, *entries)
    index = share.copy_run(manifest, reports, writable(str(tmp_path / "delad"), "--publish"))
    stems = ["manadsprognos_a_2024-04", "manadsprognos_a_dyrare_2024-04", "blad_b_2024-04_verksamhet-Boendestöd"]
    expected = {f"{stem}{suffix}" for stem in stems for suffix in (".html", ".ipynb", ".json", ".xlsx")}
    assert {path.name for path in index.parent.iterdir()} == {*expected, "index.html"}
    assert index.parent.name == "manaden_2024-01-05_070000"
    page = index.read_text("utf-8")
    assert 'href="manadsprognos_a_2024-04.html"' in page
    assert "../index.html" not in page
    assert "gick inte" in page
    assert [path.name for path in (tmp_path / "delad").iterdir()] == [index.parent.name]
    with pytest.raises(InputError, match="finns redan"):
        share.copy_run(manifest, reports, tmp_path / "delad")


def test_a_copy_that_breaks_leaves_nothing(tmp_path, monkeypatch):
    manifest, reports = reports_of(tmp_path, entry("blad", "a"))

    def full(*_):
        raise OSError(28, "full")

    monkeypatch.setattr(share.shutil, "copyfile", full)
    writable(str(tmp_path / "delad"), "--publish")
    with pytest.raises(OSError, match="full"):
        share.copy_run(manifest, reports, tmp_path / "delad")
    assert list((tmp_path / "delad").iterdir()) == []


def test_working_papers_are_marked_in_every_name_that_is_handed_out(tmp_path):
    manifest, reports = reports_of(tmp_path, entry("blad", "a"), spridning="arbetsmaterial")
    index = share.copy_run(manifest, reports, writable(str(tmp_path / "delad"), "--publish"))
    names = [index.parent.name, *(path.stem for path in index.parent.iterdir() if path != index)]
    assert names[0].endswith("_arbetsmaterial") and all(name.startswith("arbetsmaterial_") for name in names[1:])
    assert "<li>Arbetsmaterial</li>" in index.read_text("utf-8")
    assert not [path for path in reports.folder.rglob("*") if "arbetsmaterial" in path.name]


def test_a_working_list_is_never_handed_out_and_hides_no_workbook(tmp_path):
    manifest, reports = reports_of(tmp_path, entry("blad", "a"), spridning="arbetsmaterial")
    (folder,) = (path for path in reports.folder.iterdir() if path.is_dir())
    (folder / "arbetslista.xlsx").write_bytes(b"en lista")
    copied = share.copy_run(manifest, reports, writable(str(tmp_path / "delad"), "--publish")).parent
    (book,) = copied.glob("*.xlsx")
    assert book.read_bytes() == (folder / "resultat.xlsx").read_bytes() != b"en lista"


def test_names_never_collide(tmp_path):
    entries = [entry("blad", "a", "x_y"), entry("blad", "a", "x", more="__y")]
    manifest, reports = reports_of(tmp_path, *entries)
    folder = share.copy_run(manifest, reports, writable(str(tmp_path / "delad"), "--publish")).parent
    assert len(list(folder.glob("*.html"))) == 3


def test_a_zip_holds_only_the_recipients_units(tmp_path):
    manifest, reports = reports_of(tmp_path, entry("blad", "a"), entry("blad", "b"))
    path = share.write_zip(manifest, Recipient("chefen", ("b",), "ledning"), reports, tmp_path)
    assert path == tmp_path / "mottagare" / "chefen_manaden_2024-01-05_070000.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with zipfile.ZipFile(path) as archive:
        names = [Path(name).name for name in archive.namelist()]
        page = archive.read(next(name for name in archive.namelist() if name.endswith("index.html"))).decode()
    assert {name.split("_")[1] for name in names if name != "index.html"} == {"b"}
    assert "blad_a_" not in page


def test_a_report_for_another_audience_is_never_packed(tmp_path):
    manifest, reports = reports_of(tmp_path, entry("blad", "a"), spridning="arbetsmaterial")
    with pytest.raises(ValueError, match="was not made for ledning"):
        share.write_zip(manifest, Recipient("chefen", ("a",), "ledning"), reports, tmp_path)
    assert not list(tmp_path.rglob("*.zip"))


def test_each_recipient_gets_their_units_at_their_level(tmp_path, capsys):
    (tmp_path / "egna" / "planer").mkdir(parents=True)
    (tmp_path / "egna" / "planer" / "laget.yaml").write_text(
        PLAN.replace("[exempelenheten, ostermalm]}\n  - n", "[exempelenheten]}\n  - n").replace(", ostermalm", ""),
        "utf-8",
    )
    given = {"--params": "egna", "--out": "ut", "--publish": "delad"}
    assert main(["run", "laget", *(part for k, v in given.items() for part in (k, str(tmp_path / v)))]) == 0
    (run,) = [path for path in (tmp_path / "ut" / "laget").iterdir() if path.is_dir()]
    assert {json.loads(p.read_text("utf-8"))["spridning"] for p in run.rglob("resultat.json")} == {"ledning"}
    levels = {}
    for path in (tmp_path / "delad" / "mottagare").iterdir():
        with zipfile.ZipFile(path) as archive:
            results = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
            levels[path.name.split("_laget")[0]] = {(r["spridning"], r["parametrar"]["enhet"]) for r in results}
            names = [name for name in archive.namelist() if not name.endswith("index.html")]
        assert len(results) == 2
        assert all("arbetsmaterial" in name for name in names) == path.name.startswith("enhetschef_nord")
    assert levels == {
        "enhetschef_nord": {("arbetsmaterial", "exempelenheten")},
        "ledningsgruppen": {("ledning", "exempelenheten")},
    }
    assert [path.name for path in run.parent.iterdir() if path.name[0] == "."] == []
    assert "Till enhetschef_nord: " in capsys.readouterr().err


def test_a_folder_that_cant_be_written_is_refused_before_anything_runs(tmp_path, capsys):
    (tmp_path / "fil").write_text("x")
    given = ["run", "exempel", "--out", str(tmp_path / "ut"), "--publish", str(tmp_path / "fil")]
    assert main(given) == 2
    assert "--publish: det går inte att skriva i mappen" in capsys.readouterr().err
    assert not (tmp_path / "ut").exists()


def test_a_folder_share_that_fills_up_is_named_beside_the_run(tmp_path, monkeypatch, capsys):
    def full(*_) -> None:
        raise OSError(errno.ENOSPC, "full", str(tmp_path / "delad" / "rapport.html"))

    finished = runner.Finished(tmp_path / "index.html", {"run_id": RUNS[0]}, [], "1 rapport: 1 klar, på 1 s.")
    monkeypatch.setattr("planbok.commands.run.run_plan", lambda *_: finished)
    monkeypatch.setattr(share.Sharing, "share", full)
    given = ["run", "exempel", "--only", "verksamhetsblad", "--publish", str(tmp_path / "delad")]
    assert main([*given, "--out", str(tmp_path / "ut")]) == 1
    said = capsys.readouterr()
    assert said.out == f"{finished.index}\n"
    assert "skriva rapport.html. Är disken full?" in said.err
    assert finished.summary in said.err


# Pdf.


def test_without_a_browser_a_pdf_is_refused_and_the_browsers_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    assert main(["run", "exempel", "--out", str(tmp_path / "ut"), "--pdf"]) == 2
    assert "chromium, google-chrome eller msedge" in capsys.readouterr().err
    assert not (tmp_path / "ut").exists()


@pytest.mark.parametrize("found", ["chromium", "google-chrome", "msedge"])
def test_whichever_browser_is_found_is_used(monkeypatch, found):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: f"/bin/{name}" if name == found else None)
    assert pdf.find_browser() == f"/bin/{found}"


@pytest.mark.skipif(not any(map(shutil.which, pdf.BROWSERS)), reason="no browser is here")
def test_the_page_is_printed_with_tags_and_language(tmp_path):
    page = "<!doctype html><html lang='sv'><title>Läget</title><h1>Rubrik</h1><p>Åtta mnkr.</p></html>"
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "rapport.html").write_text(page, "utf-8")
    assert pdf.add_pdfs([tmp_path / "r"], RunOptions(browser=pdf.find_browser())) == []
    whole = (tmp_path / "r" / "rapport.pdf").read_bytes()
    assert whole.startswith(b"%PDF-")
    for part in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (sv)"):
        assert part in whole
    for telling in (str(tmp_path).encode(), b"Mozilla", b"Linux", b"Headless"):
        assert telling not in whole


def test_a_browser_that_fails_is_said_and_leaves_no_file(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "rapport.html").write_text("x")
    (said,) = pdf.add_pdfs([tmp_path / "r"], RunOptions(browser=str(shutil.which("false"))))
    assert "rapport.pdf: webbläsaren skrev ingen pdf" in said
    assert [path.name for path in (tmp_path / "r").iterdir()] == ["rapport.html"]


def test_a_runner_shows_life_while_pages_are_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOOK", 0.01)
    (tmp_path / "r").mkdir()
    browser = tmp_path / "chromium"
    browser.write_text(PRINTS.format(first="sleep 0.2"))
    browser.chmod(0o755)
    ticks: list[None] = []
    assert pdf.add_pdfs([tmp_path / "r"], RunOptions(browser=str(browser)), lambda: ticks.append(None)) == []
    assert (tmp_path / "r" / "rapport.pdf").read_bytes() == b"%PDF-1.4 %%EOF"
    assert len(ticks) > 2


@pytest.mark.skipif(not FORK, reason="no fork here")
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_a_runner_that_is_ended_while_pages_are_printed_leaves_no_browser(tmp_path, monkeypatch, by):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "r").mkdir()
    browser, begun = tmp_path / "chromium", tmp_path / "startad"
    browser.write_text(PRINTS.format(first=f"sleep 300 & touch {begun}; wait"))
    browser.chmod(0o755)

    def prints() -> None:
        with stoppable():
            pdf.add_pdfs([tmp_path / "r"], RunOptions(browser=str(browser)))

    number = started(prints, "prints")
    with watched(number) as seen:
        seen.update(descendants_after(begun, number))
        assert len(seen) >= 3  # who prints, the browser, and what that started
        start = time.monotonic()
        os.kill(number, by)
        os.waitpid(number, 0)
        assert time.monotonic() - start < 10
    monkeypatch.setattr(pdf, "_run", os.getppid)
    assert pdf.add_pdfs([tmp_path / "r"], RunOptions(browser=str(browser)))
    assert not [*tmp_path.glob("planbok-pdf-*")]  # what a killed runner left goes when the next prints


@pytest.mark.parametrize(
    "text", ["{}", "[]", "null", '{"runs": null}', '{"started": "igår"}', '{"runs": [{}], "run_id": 1}', "{"]
)
def test_a_damaged_manifest_is_skipped_and_named(out, command, text):
    damaged, left = out / "manaden" / RUNS[2], out / "manaden" / RUNS[0] / "blad__a__bas__2024-04" / "resultat.json"
    (damaged / "manifest.json").write_text(text)
    left.write_text(text)
    code, said, error = command("prune", "--keep", "1", "--ja")
    assert code == 0
    assert f"manaden/{RUNS[2]}/manifest.json går inte att läsa och hoppas över" in error
    assert f"manaden/{RUNS[0]}/blad__a__bas__2024-04/resultat.json går inte att läsa" in error
    assert RUNS[2] not in said
    assert (damaged / "blad__a__bas__2024-04" / "rapport.html").is_file()
    page = (out / "manaden" / "index.html").read_text("utf-8")
    assert f"manaden/{RUNS[2]}/manifest.json" in page
    code, _, error = command("faststall", RUNS[2], "--av", "enhetschef")
    assert code == 2 and "manifest.json går inte att läsa" in error
    code, _, error = command("faststall", RUNS[3], "--av", "enhetschef")
    assert code == 0 and f"manaden/{RUNS[2]}/manifest.json" in error


@pytest.mark.parametrize("text", ["{}", "[]", "null", '{"nyckeltal": null}', '{"nyckeltal": {"a": 1}}', "{"])
def test_a_damaged_result_is_named_in_the_runs_index_and_compared_with_nothing(out, text):
    run = out / "manaden" / RUNS[3]
    manifest = keep.manifest_of(run)
    folder = manifest["runs"][0]["folder"]
    (run / folder / "resultat.json").write_text(text)
    publish.write_run(run, manifest)
    assert "resultat.json går inte att läsa" in (run / "index.html").read_text("utf-8")
    edition = unchanged.Edition(RUNS[3], "Månaden", run / folder, manifest["runs"][0])
    assert complete.since_last(edition, {"nyckeltal": {}}, [])["jamfors_inte"] == "skadad"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_working_papers_are_their_owners_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        with publish.staged_run(tmp_path / "plan", private=True) as (run_id, staging):
            index = publish.write_plan_index(tmp_path / "plan", "Månaden")
            assert stat.S_IMODE(index.stat().st_mode) == 0o600
            assert stat.S_IMODE(index.parent.stat().st_mode) == 0o700
            assert stat.S_IMODE(staging.stat().st_mode) == 0o700
            (staging / "blad").mkdir()
            (staging / "blad" / "rapport.html").write_text("x")
    finally:
        os.umask(before)
    run = tmp_path / "plan" / run_id
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (run, *run.rglob("*"))}
    assert modes == {run_id: 0o700, "blad": 0o700, "rapport.html": 0o600}


KILLED = """
import os, signal, sys
from pathlib import Path
from planbok.base.files import aside
with aside(Path(sys.argv[1]), ".inlasning-") as folder:
    (folder / "beslut.csv").write_text("person")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has these modes and signals")
def test_what_a_killed_process_left_beside_is_its_owners_only_and_gone_at_the_next_start(tmp_path):
    before = os.umask(0o000)
    try:
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    finally:
        os.umask(before)
    (left,) = tmp_path.iterdir()
    assert stat.S_IMODE(left.stat().st_mode) == 0o700 and (left / "beslut.csv").is_file()
    with aside(tmp_path, ".inlasning-") as mine, aside(tmp_path, ".inlasning-") as other:
        assert set(tmp_path.iterdir()) == {mine, other}, "only what a living process makes is left"
    assert not list(tmp_path.iterdir())


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "annan").write_text("kvar")
    (tmp_path / "ut").mkdir()
    (tmp_path / "ut" / lock.LOCK_FILE).symlink_to(tmp_path / "annan")
    with pytest.raises(InputError, match="är en länk"), lock.held(tmp_path / "ut"):
        pass
    assert (tmp_path / "annan").read_text() == "kvar"


@pytest.mark.parametrize("spridning", ["ledning", "offentlig"])
def test_a_tables_hash_outside_working_papers_cannot_be_tried_out(make_case, spridning):
    case = make_case(spridning=spridning)
    case.table("beslut")
    (shown,) = (row["sha256"] for row in handover.provenance(case).indata if row["fil"] == "beslut.csv")
    assert shown != hashlib.sha256(case.sources.collection.path("beslut").read_bytes()).hexdigest()


def test_a_browser_that_hangs_is_ended_with_what_it_started_and_no_page_waits_for_it_again(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "LONGEST", 1)
    browser, started = tmp_path / "chromium", tmp_path / "startade"
    browser.write_text(f"#!/bin/sh\nsleep 300 & echo $! >> {started}\nwait\n")
    browser.chmod(0o755)
    folders = [tmp_path / name for name in "abcdef"]
    for folder in folders:
        folder.mkdir()
        (folder / "rapport.html").write_text("x")
    start = time.monotonic()
    (said,) = pdf.add_pdfs(folders, RunOptions(browser=str(browser), workers=2))
    assert time.monotonic() - start < 15
    assert "webbläsaren hängde sig (mer än 1 sekunder)" in said
    numbers = [int(line) for line in started.read_text().split()]
    assert 1 <= len(numbers) <= 2
    assert alive(numbers) == []
    assert not [path for folder in folders for path in folder.glob("*.pdf")]


def killed_at(step: int, action) -> bool:
    """Runs an action in a process that is gone at its so many'th change of a disk; whether it got to the end."""
    number = os.fork()
    if number == 0:
        left = [step]

        def count(event: str, given: tuple) -> None:
            writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in ("os.rename", "os.remove", "os.chmod", "os.truncate"):
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)

        sys.addaudithook(count)
        try:
            action()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 0


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("what", ["prune", "adopt"])
def test_whatever_step_it_is_killed_at_the_next_finishes_it(tmp_path, out, what, monkeypatch):
    monkeypatch.setattr(keep, "utc_text", lambda moment: "2024-05-01T00:00:00Z")
    kept = contents(out / "manaden" / RUNS[-1])

    def action(folder: Path) -> None:
        run = folder / "manaden" / RUNS[0]
        if what == "adopt":
            keep.adopt(run, "Enhetschef", ["Enhetschef"])
        for one in keep.to_prune(folder, "manaden", 3) if what == "prune" else ():
            keep.prune(one)

    whole = tmp_path / "hel"
    shutil.copytree(out, whole)
    action(whole)
    step, done = 0, False
    while not done:
        folder = tmp_path / f"steg{step}"
        shutil.copytree(out, folder)
        done = killed_at(step, lambda folder=folder: action(folder))
        assert keep.manifest_of(folder / "manaden" / RUNS[0])["run_id"] == RUNS[0]
        publish.clear_dead(folder / "manaden")
        if not done or what == "prune":  # adopted once is adopted
            with suppress(InputError):
                action(folder)
        assert contents(folder / "manaden" / RUNS[-1]) == kept
        assert contents(folder).keys() == contents(whole).keys()
        manifests = (keep.manifest_of(f / "manaden" / RUNS[0]) for f in (folder, whole))
        assert len({json.dumps(manifest) for manifest in manifests}) == 1
        for path in folder.rglob("*"):
            path.chmod(0o755)
        shutil.rmtree(folder)
        step += 1
    assert step > 5


def no_locks(*_) -> None:
    raise OSError(errno.ENOLCK, "no locks")


@pytest.mark.skipif(sys.platform == "win32", reason="locks are others there")
def test_a_folder_without_locks_is_held_by_who_has_signed_and_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(lock.fcntl, "flock", no_locks)
    path = tmp_path / lock.LOCK_FILE
    with lock.held(tmp_path):
        assert json.loads(path.read_text())["process"] == os.getpid()
    holder = {"process": os.getppid(), "dator": lock.socket.gethostname(), "sedan": "2026-01-01T07:00:00+00:00"}
    path.write_text(json.dumps(holder))
    with pytest.raises(InputError, match="används av en annan körning"), lock.held(tmp_path):
        pass
    path.write_text(json.dumps({**holder, "process": 2**22 + 1}))  # beyond what any process is numbered
    with lock.held(tmp_path):
        pass
    assert not path.exists()


def test_a_share_that_renames_over_nothing_gets_the_new_file(tmp_path, monkeypatch):
    path = tmp_path / "index.html"
    path.write_text("gammal")

    def refuses(source, target) -> None:
        raise FileExistsError(errno.EEXIST, "exists")

    monkeypatch.setattr(os, "replace", refuses)
    publish._write(path, "ny")
    assert [entry.name for entry in tmp_path.iterdir()] == ["index.html"]
    assert path.read_text() == "ny"


def test_what_is_published_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    asked: list[tuple[str, bool]] = []
    synced = os.fsync

    def noted(number: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{number}"))
        asked.append((path.name, (tmp_path / "manaden").is_dir() and any((tmp_path / "manaden").glob("2*"))))
        synced(number)

    if Path("/proc/self/fd").is_dir():
        monkeypatch.setattr(os, "fsync", noted)
        with publish.staged_run(tmp_path / "manaden") as (_, staging):
            (staging / "blad").mkdir()
            (staging / "blad" / "rapport.html").write_text("x")
        assert ("rapport.html", False) in asked
        assert ("blad", False) in asked
