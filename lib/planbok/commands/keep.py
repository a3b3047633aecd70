"""`planbok faststall` and `planbok prune`: which runs are records, and what is kept of the others."""

import argparse
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from planbok.base.workspace import Folders
from planbok.batch.run.lock import held
from planbok.batch.share import keep
from planbok.inputs.rules.roles import load_roles


def adopt(arguments: argparse.Namespace, folders: Folders) -> int:
    """Marks a run as adopted."""
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


def prune(arguments: argparse.Namespace, folders: Folders) -> int:
    """Takes what may go of older runs, or says what would."""
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
