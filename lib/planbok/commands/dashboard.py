"""`planbok dashboard`: a notebook shown to a meeting, without code, with its dials alive."""

import argparse
from importlib.util import find_spec
from typing import Any

from planbok.base.errors import Fault, InputError
from planbok.base.workspace import Folders

PORT = 8866


def add_command(commands: Any, folders: argparse.ArgumentParser) -> None:
    """Its arguments."""
    shown = commands.add_parser("dashboard", parents=[folders], help="visa en anteckningsbok för ett möte, utan kod")
    shown.add_argument(
        "notebook", metavar="ANTECKNINGSBOK", nargs="?", default="", help="den som visas (den som senast valdes)"
    )
    shown.add_argument(
        "--port", metavar="N", type=int, default=PORT, help=f"port på den egna datorn ({PORT}, eller en ledig)"
    )
    shown.add_argument("--ingen-webblasare", action="store_true", help="öppna ingen webbläsare, skriv bara adressen")


def _dashboard(arguments: argparse.Namespace, folders: Folders) -> int:
    if find_spec("voila") is None:
        text = (
            "visningen behöver paketet voila, som inte finns här. Installera det i samma miljö: "
            'python -m pip install "planbok[dashboard]"  (i projektet: make dashboard).'
        )
        raise InputError([Fault("kommando", "", 0, "dashboard", text, "no_voila")])
    from planbok.commands.desk.meeting import show
    from planbok.commands.desk.place import Desk

    desk = Desk.here(getattr(arguments, "params", ""), getattr(arguments, "data", ""))
    return show(desk, arguments.notebook, arguments.port, not arguments.ingen_webblasare)


COMMANDS = {"dashboard": _dashboard}
