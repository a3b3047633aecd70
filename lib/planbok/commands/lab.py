"""`planbok lab` and `planbok dashboard`: notebooks filled in for the last chosen unit, to work in or to show."""

import argparse
from importlib.util import find_spec
from typing import Any

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import Folders

LAB_PORT, DASHBOARD_PORT = 8888, 8866


def add_command(commands: Any, folders: argparse.ArgumentParser) -> None:
    """Their arguments."""
    lab = commands.add_parser("lab", parents=[folders], help="öppna anteckningsböckerna i JupyterLab, redan ifyllda")
    _add_arguments(lab, "den som öppnas (startsidan)", LAB_PORT, "nästa lediga")
    shown = commands.add_parser("dashboard", parents=[folders], help="visa en anteckningsbok för ett möte, utan kod")
    _add_arguments(shown, "den som visas (den som senast valdes)", DASHBOARD_PORT, "en ledig")


def _add_arguments(command: argparse.ArgumentParser, which: str, port: int, other: str) -> None:
    command.add_argument("notebook", metavar="ANTECKNINGSBOK", nargs="?", default="", help=which)
    where = f"port på den egna datorn ({port}, eller {other})"
    command.add_argument("--port", metavar="N", type=int, default=port, help=where)
    command.add_argument("--ingen-webblasare", action="store_true", help="öppna ingen webbläsare, skriv bara adressen")


def _open(arguments: argparse.Namespace, folders: Folders) -> int:
    """Opens the lab, or shows a meeting's page."""
    if arguments.command == "dashboard" and find_spec("voila") is None:
        text = (
            "visningen behöver paketet voila, som inte finns här. Installera det i samma miljö: "
            'python -m pip install "planbok[dashboard]"  (i projektet: make dashboard).'
        )
        raise InputError([Fault("kommando", "", 0, "dashboard", text, "no_voila")])
    from planbok.commands.desk.place import Desk

    desk = Desk.here(getattr(arguments, "params", ""), getattr(arguments, "data", ""))
    if arguments.command == "lab":
        from planbok.commands.desk.starting import start as serve
    else:
        from planbok.commands.desk.meeting import show as serve
    return serve(desk, arguments.notebook, arguments.port, not arguments.ingen_webblasare)


COMMANDS = {"lab": _open, "dashboard": _open}
