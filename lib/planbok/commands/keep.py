"""`planbok faststall` and `planbok prune`: which runs are records, and what is kept of the others."""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from planbok.base.workspace import Folders, default_out


def add_command(commands: Any, folders: argparse.ArgumentParser) -> None:
    """Their arguments, beside those of the other commands."""
    adopt = commands.add_parser("faststall", parents=[folders], help="märk en körning som fastställd")
    adopt.add_argument("run", metavar="KÖRNING", help="PLAN/KÖRNING under --out, eller körningens mapp")
    adopt.add_argument("--av", metavar="ROLL", required=True, help="vem som fastställer: en roll, inget namn")
    prune = commands.add_parser("prune", parents=[folders], help="gallra körningar; siffror och fastställda blir kvar")
    prune.add_argument("plan", metavar="PLAN", nargs="?", help="bara den här planens körningar")
    prune.add_argument("--keep", metavar="N", type=int, required=True, help="så många av varje plans senaste lämnas")
    prune.add_argument("--ja", action="store_true", help="gallra; utan det visas bara vad som skulle gallras")
    for command in (adopt, prune):
        command.add_argument("--out", metavar="DIR", default=str(default_out()), help="där rapporterna ligger (out)")


def _adopt(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.batch.run.lock import held
    from planbok.batch.share import keep
    from planbok.inputs.rules.roles import load_roles

    roles = load_roles(folders)
    run = keep.find_run(arguments.run, Path(os.path.abspath(arguments.out)))
    with held(run.parent.parent):
        for text in keep.past.skipped(run.parent):
            print(text, file=sys.stderr)
        manifest = keep.adopt(run, arguments.av, roles)
    wrong = sum(entry["status"] == "failed" or bool(entry.get("checks_failed")) for entry in manifest["runs"])
    if wrong:
        print(f"Att veta: {wrong} av rapporterna misslyckades eller har kontroller som inte stämmer.", file=sys.stderr)
    print(f"Fastställd av {manifest['faststalld']['av']}: {run.parent.name}/{run.name}")
    return 0


def _prune(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.batch.run.lock import held
    from planbok.batch.share import keep

    out = Path(os.path.abspath(arguments.out))
    with held(out) if arguments.ja and out.is_dir() else nullcontext():  # what is adopted meanwhile is left
        taken = keep.to_prune(out, arguments.plan, arguments.keep)
        for folder in keep.plan_folders(out).values() if arguments.plan is None else [out / arguments.plan]:
            for text in keep.past.skipped(folder):
                print(text, file=sys.stderr)
        for line in keep.listed(taken, arguments.ja):
            print(line)
        for one in taken if arguments.ja else ():
            keep.prune(one)
    return 0


COMMANDS = {"faststall": _adopt, "prune": _prune}
