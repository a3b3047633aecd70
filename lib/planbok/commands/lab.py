"""`planbok lab` and `planbok dashboard`: notebooks filled in for the last chosen unit, to work in or to show."""

import argparse
from importlib.util import find_spec

from planbok.base.errors import refused
from planbok.base.workspace import Folders
from planbok.commands.desk.place import Desk


def serve(arguments: argparse.Namespace, folders: Folders) -> int:
    """Opens the lab, or shows a meeting's page."""
    if arguments.command == "dashboard" and find_spec("voila") is None:
        text = (
            "visningen behöver paketet voila, som inte finns här. Installera det i samma miljö: "
            'python -m pip install "planbok[dashboard]"  (i projektet: make dashboard).'
        )
        raise refused("dashboard", text, "no_voila")
    desk = Desk.here(getattr(arguments, "params", ""), getattr(arguments, "data", ""))
    if arguments.command == "lab":
        from planbok.commands.desk.starting import start
    else:
        from planbok.commands.desk.meeting import show as start
    return start(desk, arguments.notebook, arguments.port, not arguments.ingen_webblasare)
