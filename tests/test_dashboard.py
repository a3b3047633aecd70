"""`planbok dashboard`: what the meeting's pages are made of; the page itself where voila is installed."""

import json
import os
import re
import stat
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from planbok.base.workspace import ENV_WORKSPACE
from planbok.cli import main
from planbok.commands import lab
from planbok.commands.desk import meeting
from planbok.commands.desk.place import Desk
from planbok.commands.desk.server import page_to

TEMPLATE = meeting.TEMPLATES / "voila" / "templates" / "planbok"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    (tmp_path / ".planbok").write_text("", "utf-8")
    for name, value in os.environ.items():
        monkeypatch.setenv(name, value)  # a desk makes the process its own
    monkeypatch.setenv(ENV_WORKSPACE, str(tmp_path))
    found = Desk.here()
    found.lay_out()
    return found


def test_without_voila_it_is_said_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    assert main(["dashboard"]) == 2
    assert 'pip install "planbok[dashboard]"' in capsys.readouterr().err


def test_an_unknown_notebook_is_refused_with_the_nearest(desk, monkeypatch, capsys):
    monkeypatch.setattr(lab, "find_spec", lambda name: name)
    assert main(["dashboard", "manadsprognosen"]) == 2
    assert "manadsprognosen" in (said := capsys.readouterr().err) and "Menade du 'manadsprognos'?" in said


def test_the_meeting_reads_the_unit_last_chosen_answer_and_dials_first(desk):
    desk.remember(notebook="budgetscenarier", enhet="exempelenheten", ar=2024)
    folder = meeting._lay_out(desk)
    laid = nbformat.read(folder / "Budgetscenarier.ipynb", as_version=4)
    (parameters,) = [cell.source for cell in laid.cells if "parameters" in cell.metadata.get("tags", [])]
    assert 'enhet: str = "exempelenheten"' in parameters and "ar: int = 2024" in parameters
    code = [cell.source for cell in laid.cells if cell.cell_type == "code"]
    assert "show.summary" in code[2] and "explorer(study)" in code[3] and not any("bar(" in source for source in code)


def test_its_settings_keep_it_on_this_machine_and_the_token_in_a_file_of_its_own(desk):
    config = meeting._config(desk.state, "Budgetscenarier.ipynb", 8866)
    assert config.Voila.ip == "127.0.0.1" and len(config.Voila.token) == 48
    assert config.VoilaConfiguration.strip_sources and not config.VoilaConfiguration.show_tracebacks
    page = page_to(desk.folder / meeting.OPENER, "http://127.0.0.1:8866/voila/render/x?token=abc")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600 and "token=abc" in page.read_text("utf-8")


def test_its_pages_ask_nothing_of_the_network_and_are_swedish():
    assert json.loads((TEMPLATE / "conf.json").read_text("utf-8")) == {"base_template": "lab"}
    for path in TEMPLATE.iterdir():
        assert not re.search(r"https?://", path.read_text("utf-8")), path.name
    assert '<html lang="sv">' in (TEMPLATE / "page.html").read_text("utf-8")


@pytest.mark.skipif(find_spec("voila") is None, reason="voila is not installed")
def test_voila_finds_the_templates(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(meeting.TEMPLATES))
    found = import_module("voila.paths").collect_template_paths(["voila", "nbconvert"], "planbok", prune=True)
    assert Path(found[0]) == TEMPLATE
