"""The command line: `planbok run`, `check` and `list`, from any folder."""

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from planbok.errors import Fault, InputError, PlanbokError, did_you_mean, format_faults
from planbok.paths import Folders

NOTHING_RUN = "Inget har körts."
REFUSED = 2


class Parser(argparse.ArgumentParser):
    """argparse that says in Swedish what it did not understand."""

    SAID = (
        (r"unrecognized arguments: (.*)", "okända argument: {}."),
        (r"the following arguments are required: (.*)", "det saknas: {}."),
        (r"argument (\S+): invalid choice: (.*?) \(choose from (.*)\)", "{} kan inte vara {}. Välj bland {}."),
        (r"argument (\S+): expected one argument", "{} behöver ett värde."),
        (r"argument (\S+): invalid int value: (.*)", "{} ska vara ett heltal, men är {}."),
    )

    def error(self, message: str):
        for pattern, text in self.SAID:
            match = re.fullmatch(pattern, message)
            if match:
                message = text.format(*match.groups())
        raise InputError([Fault("kommando", "", 0, "", f"{message} Se {self.prog} --help.", "arguments")])


def parser() -> Parser:
    """The commands and their arguments; the folders may stand before or after a command's own."""
    folders = Parser(add_help=False)
    folders.add_argument("--params", metavar="DIR", default=argparse.SUPPRESS, help="mapp med egna parametrar")
    folders.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="mapp med tabeller")
    top = Parser(prog="planbok", description="Planeringsarbetsbok för stadsdelarnas socialtjänst.", parents=[folders])
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO")
    run = commands.add_parser("run", parents=[folders], help="kör en plan och gör dess rapporter")
    run.add_argument("plan", metavar="PLAN", help="en plan i params/planer, eller en sökväg")
    run.add_argument("--out", metavar="DIR", default="out", help="dit rapporterna läggs (out)")
    run.add_argument("--workers", metavar="N", type=int, default=1, help="parallella rapporter; i den här versionen 1")
    run.add_argument("--scheduler", metavar="ADDR", help="ett kluster; finns inte i den här versionen")
    run.add_argument("--only", metavar="ANTECKNINGSBOK", help="kör bara den här anteckningsboken")
    run.add_argument("--force", action="store_true", help="gör om allt (gäller alltid i den här versionen)")
    commands.add_parser("check", parents=[folders], help="kontrollera alla filer, kör inget")
    commands.add_parser("list", parents=[folders], help="visa anteckningsböcker, scenarier, planer och enheter")
    return top


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0 good, 1 a report or check failed, 2 refused."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        arguments = parser().parse_args(argv)
        return {"run": _run, "check": _check, "list": _list}[arguments.command](arguments, _folders(arguments))
    except PlanbokError as error:
        ending = NOTHING_RUN if _is_run(argv) else ""
        print(format_faults(error.faults, ending), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Avbrutet. Inget halvfärdigt har lämnats kvar.", file=sys.stderr)
        return 1


def _is_run(argv: list[str] | None) -> bool:
    return "run" in (sys.argv[1:] if argv is None else argv)


def _folders(arguments: argparse.Namespace) -> Folders:
    given = {name: getattr(arguments, name, None) for name in ("params", "data")}
    faults = [
        Fault("kommando", "", 0, f"--{name}", f"mappen '{folder}' finns inte.", "no_folder")
        for name, folder in given.items()
        if folder and not Path(folder).is_dir()
    ]
    if faults:
        raise InputError(faults)
    return Folders.chosen(**given)


def _run(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok import effects
    from planbok.batch.notebooks import read_notebooks
    from planbok.batch.plan import find_plan, load_plan
    from planbok.batch.runner import preflight, run_plan

    _refuse(arguments)
    plan = load_plan(find_plan(arguments.plan, folders), read_notebooks())
    if arguments.only:
        kept = tuple(run for run in plan.runs if run.notebook.id == arguments.only)
        if not kept:
            names = {run.notebook.id for run in plan.runs}
            text = f"planen har ingen körning av '{arguments.only}'.{did_you_mean(arguments.only, names)}"
            raise InputError([Fault("kommando", "", 0, "--only", text, "unknown_notebook")])
        plan = replace(plan, runs=kept)
    if plan.data and not getattr(arguments, "data", None):
        folders = replace(folders, data=plan.data)
    preflight(plan, folders, effects.verify)
    finished = run_plan(plan, folders, Path(arguments.out).resolve(), _say)
    for problem in finished.problems:
        _say(problem)
    print(finished.index)
    return finished.exit_code


def _refuse(arguments: argparse.Namespace) -> None:
    """Options whose machinery is not here yet are refused rather than ignored."""
    faults = []
    if arguments.scheduler:
        text = "kluster finns inte i den här versionen. Kör utan --scheduler."
        faults.append(Fault("kommando", "", 0, "--scheduler", text, "not_here"))
    if arguments.workers < 1:
        text = f"antalet ska vara minst 1, men är {arguments.workers}."
        faults.append(Fault("kommando", "", 0, "--workers", text, "out_of_range"))
    if faults:
        raise InputError(faults)
    if arguments.workers > 1:
        _say("Den här versionen gör en rapport i taget; --workers används inte.")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _check(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.check import check

    report = check(folders)
    for note in report.notes:
        print(f"Att veta: {note}")
    if report.faults:
        _say(format_faults(report.faults, f"{len(report.faults)} fel."))
        return REFUSED
    print("Inga fel. Kontrollerat: " + ", ".join(f"{n} {what}" for what, n in report.counts.items()) + ".")
    return 0


def _list(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.listing import listing

    _print_sections(listing(folders), print)
    return 0


def _print_sections(sections: dict[str, list[str]], out: Callable[[str], None]) -> None:
    for heading, lines in sections.items():
        out(heading)
        for line in lines or ["–"]:
            out(f"  {line}")
        out("")
