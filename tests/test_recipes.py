"""The recipes for schedulers, as they stand in the documentation: each command is one that planbok takes."""

import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

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


def told(code: str, status: str) -> None:
    """Runs a recipe's program as a plan's `efter` does."""
    environment = {**os.environ, "PLANBOK_KORNING": "/srv/planbok/ut/läge/x", "PLANBOK_STATUS": status}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sendmail")
@pytest.mark.parametrize(
    ("status", "subject"), [("ok", "planbok: rapporterna är klara"), ("fel", "planbok: något misslyckades")]
)
def test_the_letter_says_where_the_reports_are_and_how_it_went(tmp_path, status, subject):
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/given\ncat > {tmp_path}/letter\n')
    program.chmod(0o755)
    told(block("python", "sendmail").replace("/usr/sbin/sendmail", str(program)), status)
    letter = email.message_from_bytes((tmp_path / "letter").read_bytes(), policy=email.policy.default)
    assert (tmp_path / "given").read_text() == "-t\n", "whom it is to stands in the letter"
    assert (letter["To"], letter["Subject"]) == ("controller@example.org", subject)
    assert letter.get_content() == "Rapporterna ligger i /srv/planbok/ut/läge/x\n"


@pytest.mark.parametrize(("status", "said"), [("ok", "är klara:"), ("fel", "något misslyckades:")])
def test_teams_is_sent_a_card_as_a_workflow_takes_it(tmp_path, status, said):
    """A workflow takes a message with cards alone: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors."""
    got = []

    class Workflow(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.headers["Content-Type"], json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Workflow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (tmp_path / "adress").write_text(f"http://127.0.0.1:{server.server_port}/a\n")
        told(block("python", "teams-adress").replace("/srv/planbok/egna/teams-adress", f"{tmp_path}/adress"), status)
        server.shutdown()
    ((kind, message),) = got
    (card,) = message["attachments"]
    assert (kind, message["type"]) == ("application/json", "message")
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["type"] == "AdaptiveCard"
    (text,) = (part["text"] for part in card["content"]["body"])
    assert said in text and text.endswith("/srv/planbok/ut/läge/x")
