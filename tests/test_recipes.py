"""The recipes for schedulers, as they stand in the documentation: each command is one that planbok takes."""

import re
import shutil
import subprocess

import pytest

from planbok.base.workspace import ROOT
from planbok.cli import parser

TEXT = (ROOT / "docs" / "schemalaggning.md").read_text("utf-8")
COMMANDS = [
    *re.findall(r'planbok (run --due [^"`\n]+)', TEXT),
    *(f"run {found}" for found in re.findall(r'-Argument "run ([^"]+)"', TEXT)),
]


def block(language: str, beginning: str) -> str:
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if beginning in text]
    assert len(found) == 1
    return found[0]


def test_every_recipe_gives_a_command_that_there_is():
    assert len(COMMANDS) >= 5
    for command in COMMANDS:
        words = command.replace("{{ data_interval_end | ds }}", "2016-05-12").replace("`", " ").split()
        arguments = parser().parse_args(words[: next((i for i, w in enumerate(words) if "2>>" in w), len(words))])
        assert (arguments.command, bool(arguments.due)) == ("run", True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_has_nothing_against_the_units(tmp_path):
    program = tmp_path / "planbok"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    service = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={program}", block("ini", "ExecStart"))
    (tmp_path / "planbok.service").write_text(service.replace("User=planbok", "User=root"), "utf-8")
    (tmp_path / "planbok.timer").write_text(block("ini", "OnCalendar"), "utf-8")
    units = [tmp_path / "planbok.service", tmp_path / "planbok.timer"]
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
