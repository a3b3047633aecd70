"""`planbok lab`: JupyterLab on copies of the notebooks, filled in for the unit that was last chosen."""

import argparse
from typing import Any

from planbok.base.workspace import Folders

PORT = 8888


def add_command(commands: Any, folders: argparse.ArgumentParser) -> None:
    """Its arguments."""
    lab = commands.add_parser("lab", parents=[folders], help="öppna anteckningsböckerna i JupyterLab, redan ifyllda")
    lab.add_argument("notebook", metavar="ANTECKNINGSBOK", nargs="?", default="", help="den som öppnas (startsidan)")
    lab.add_argument(
        "--port", metavar="N", type=int, default=PORT, help=f"port på den egna datorn ({PORT}, eller nästa lediga)"
    )
    lab.add_argument("--ingen-webblasare", action="store_true", help="öppna ingen webbläsare, skriv bara adressen")


def _lab(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.desk.place import Desk
    from planbok.commands.desk.starting import start

    desk = Desk.here(getattr(arguments, "params", ""), getattr(arguments, "data", ""))
    return start(desk, arguments.notebook, arguments.port, not arguments.ingen_webblasare)


COMMANDS = {"lab": _lab}
