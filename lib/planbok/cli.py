"""The command line: `planbok run`, `check`, `list` and the rest, from any folder."""

import argparse
import io
import os
import re
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from planbok import __version__
from planbok.base.errors import PlanbokError, did_you_mean, format_faults, of_command, refuse_any, refused
from planbok.base.names import why_no_folder
from planbok.base.workspace import Folders, default_out, remember_typed
from planbok.commands import common
from planbok.commands.common import REFUSED, quoted, say, what_hindered
from planbok.commands.ending import stoppable

NOTHING_RUN = "Inget har körts."
LAB_PORT, DASHBOARD_PORT = 8888, 8866
COMMANDS = {  # where in `commands` the function of each is: loaded when it is asked for
    "run": "run:run",
    "check": "check:show",
    "list": "list:show",
    "status": "status:show",
    "fel": "fel:show",
    "init": "init:make",
    "scenario": "template:make",
    "pris": "prices:show",
    "las-in": "las_in:read_or_propose",
    "nyckel": "keys:show_key",
    "gallra": "keys:purge_rows",
    "lab": "lab:serve",
    "dashboard": "lab:serve",
    "faststall": "keep:adopt",
    "prune": "keep:prune",
}


class Parser(argparse.ArgumentParser):
    """argparse that says in Swedish what it did not understand."""

    SAID = (
        (r"(unrecognized arguments): (?P<given>.*)", "okända argument: {given}."),
        (r"the following arguments are required: (.*)", "det saknas: {val}."),
        (r"argument (\S+): expected one argument", "{val} behöver ett värde."),
        (r"argument (\S+): ignored explicit argument '?(?P<given>.*?)'?", "{val} tar inget värde, men fick {given}."),
        (r"argument (\S+): invalid int value: '?(?P<given>.*?)'?", "{val} ska vara ett heltal, men är {given}."),
    )

    def __init__(self, add_help: bool = True, **options):
        super().__init__(add_help=False, allow_abbrev=False, **options)
        if add_help:
            self._positionals.title, self._optionals.title = "argument", "val"
            self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Användning:", 1)

    def error(self, message: str):
        raise refused("", f"{self._said(message)} Se {self.prog} --help.", "arguments")

    def _said(self, message: str) -> str:
        """argparse's message in Swedish, with what the person wrote in quotation marks."""
        for pattern, text in self.SAID:
            match = re.fullmatch(pattern, message, re.DOTALL)
            if match:
                return text.format(**{key: quoted(value) for key, value in match.groupdict().items()}, val=match[1])
        choice = re.fullmatch(r"argument \S+: invalid choice: '?(.*?)'? \(choose from (.*)\)", message, re.DOTALL)
        if choice:
            commands = re.findall(r"[a-z][a-z-]*", choice[2])
            return f"kommandot {quoted(choice[1])} finns inte.{did_you_mean(choice[1], commands)}"
        return f"argumenten går inte att tolka ({quoted(message)})."


def parser() -> Parser:
    """The commands and their arguments; the folders may stand before or after a command's own."""
    folders = Parser(add_help=False)
    folders.add_argument("--params", metavar="DIR", default=argparse.SUPPRESS, help="mapp med egna parametrar")
    folders.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="mapp med tabeller")
    top = Parser(prog="planbok", description="Planeringsarbetsbok för stadsdelarnas socialtjänst.", parents=[folders])
    top.add_argument("--version", action="version", version=f"planbok {__version__}", help="visa versionen")
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO")
    new = partial(commands.add_parser, parents=[folders])
    for add in (_runs, _kept_runs, _workspace, _other_files, _pages):
        add(new)
    return top


New = Callable[..., argparse.ArgumentParser]  # a command by its name and help


def _runs(new: New) -> None:
    run = new("run", help="kör en plan och gör dess rapporter")
    run.add_argument("plan", metavar="PLAN", nargs="?", help="en plan i params/planer, eller en sökväg")
    run.add_argument("--due", metavar="DATUM", help="gör det som kalendern har kommit till: ÅÅÅÅ-MM-DD eller idag")
    run.add_argument("--out", metavar="DIR", default=str(default_out()), help="dit rapporterna läggs (out)")
    run.add_argument("--workers", metavar="N", type=int, help="parallella rapporter (så många som datorns kärnor)")
    run.add_argument("--no-fork", action="store_true", help="en vanlig kärna för varje rapport; långsammare")
    limit = "tidsgräns för varje rapport (planens, annars 600)"
    run.add_argument("--timeout", metavar="SEKUNDER", type=int, help=limit)
    run.add_argument("--scheduler", metavar="ADDR", help="låt ett Dask-kluster göra rapporterna (adressen)")
    run.add_argument("--only", metavar="ANTECKNINGSBOK", help="kör bara den här anteckningsboken")
    run.add_argument("--force", action="store_true", help="gör om också det som inget har ändrats för")
    run.add_argument("--bilagor", action="store_true", help="med --pdf: skriv också ut det som är hopfällt på sidan")
    run.add_argument("--logg", action="store_true", help="en rad för varje händelse, med tid och nivå: för en logg")
    run.add_argument("--pdf", action="store_true", help="lägg till rapport.pdf, skriven av webbläsaren som finns")
    shared = "kopiera körningen till en gemensam mapp, och packa till mottagarna"
    run.add_argument("--publish", metavar="DIR", help=shared)


def _kept_runs(new: New) -> None:
    adopt = new("faststall", help="märk en körning som fastställd")
    adopt.add_argument("run", metavar="KÖRNING", help="PLAN/KÖRNING under --out, eller körningens mapp")
    adopt.add_argument("--av", metavar="ROLL", required=True, help="vem som fastställer: en roll, inget namn")
    prune = new("prune", help="gallra körningar; siffror och fastställda blir kvar")
    prune.add_argument("plan", metavar="PLAN", nargs="?", help="bara den här planens körningar")
    prune.add_argument("--keep", metavar="N", type=int, required=True, help="så många av varje plans senaste lämnas")
    prune.add_argument("--ja", action="store_true", help="gallra; utan det visas bara vad som skulle gallras")
    status = new("status", help="vad som är gjort, väntar, misslyckas och kommer")
    status.add_argument("--due", metavar="DATUM", default="idag", help="dagen som det gäller: ÅÅÅÅ-MM-DD eller idag")
    status.add_argument("--json", action="store_true", help="för övervakning")
    for command in (adopt, prune, status):
        command.add_argument("--out", metavar="DIR", default=str(default_out()), help="där rapporterna ligger (out)")
    errors = new("fel", help="tidigare prognosers fel i procent, utan kronor")
    errors.add_argument("--ut", metavar="FIL", help="skriv tabellen prognosfel dit (annars visas den)")


def _workspace(new: New) -> None:
    init = new("init", help="gör en egen arbetsmapp")
    init.add_argument("dir", metavar="MAPP", help="mappen som görs, eller en mapp som finns")
    check = new("check", help="kontrollera alla filer, kör inget")
    why = "visa varför projektets exempel inte gäller dina tabeller"
    check.add_argument("--exempel", action="store_true", help=why)
    new("list", help="visa anteckningsböcker, scenarier, planer och enheter")
    scenario = new("scenario", help="gör en tom fil för ett nytt scenario i Excel")
    scenario.add_argument("action", metavar="ny", choices=["ny"], help="det enda som finns: ett nytt")
    scenario.add_argument("id", metavar="ID", help="scenariots namn, a–z, 0–9 och understreck")


def _other_files(new: New) -> None:
    price = new("pris", help="gör stadens pristabell till rader i prislistan")
    price.add_argument("file", metavar="FIL", help="tabellen som den kopierats: csv, tsv, text eller xlsx")
    price.add_argument("--ar", metavar="ÅÅÅÅ", type=int, help="prisernas år (annars det år som filen nämner)")
    price.add_argument("--insats", metavar="INSATS", help="ta bara den här insatsen")
    price.add_argument("--kalla", metavar="KÄLLA", required=True, help="var priserna står: sida, år och adress")
    read_in = new("las-in", help="läs ett systems export till planboks tabell")
    read_in.add_argument("files", metavar="FIL", nargs="*", help="exporten: csv, txt, tsv, xlsx eller SIE 4")
    read_in.add_argument("--profil", metavar="ID", help="profilen i params/inlasning (annars den enda som passar)")
    read_in.add_argument("--ny", metavar="ID", help="föreslå en ny profil; ID.yaml för YAML i stället för Excel")
    read_in.add_argument("--till", metavar="DIR", help="mappen som tabellen skrivs i (annars den med tabeller)")
    read_in.add_argument("--kontrollsumma", metavar="KR", help="redovisningens totalsumma, om exporten inte har den")
    key = new("nyckel", help="var nyckeln till pseudonymerna ligger")
    key.add_argument("--byt", action="store_true", help="gör en ny nyckel; alla pseudonymer blir andra")
    purge = new("gallra", help="ta bort gamla rader om personer")
    purge.add_argument("--fore", metavar="MÅNAD", required=True, help="det som slutade före månaden, ÅÅÅÅ-MM")


def _pages(new: New) -> None:
    lab = new("lab", help="öppna anteckningsböckerna i JupyterLab, redan ifyllda")
    shown = new("dashboard", help="visa en anteckningsbok för ett möte, utan kod")
    for command, which, port, other in (
        (lab, "den som öppnas (startsidan)", LAB_PORT, "nästa lediga"),
        (shown, "den som visas (den som senast valdes)", DASHBOARD_PORT, "en ledig"),
    ):
        command.add_argument("notebook", metavar="ANTECKNINGSBOK", nargs="?", default="", help=which)
        where = f"port på den egna datorn ({port}, eller {other})"
        command.add_argument("--port", metavar="N", type=int, default=port, help=where)
        only_said = "öppna ingen webbläsare, skriv bara adressen"
        command.add_argument("--ingen-webblasare", action="store_true", help=only_said)


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0 good, 1 a report or check failed, 2 refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a test captures may be something else
            stream.reconfigure(encoding="utf-8", errors="replace")
    given, arguments = sys.argv[1:] if argv is None else argv, None
    try:
        with stoppable():
            remember_typed(given)
            arguments = parser().parse_args(given)
            common.as_log = getattr(arguments, "logg", False)
            folders = _folders(arguments)
            code = _command(arguments.command)(arguments, folders)
            sys.stdout.flush()
            return code
    except PlanbokError as error:
        is_run = (arguments.command == "run" if arguments else "run" in given) and error.exit_code == REFUSED
        say(format_faults(error.faults, NOTHING_RUN if is_run else ""))
        return error.exit_code
    except KeyboardInterrupt:
        say("Avbrutet. Inget halvfärdigt har lämnats kvar.")
        return 1
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        written_to = (getattr(arguments, name, None) for name in ("out", "till", "dir"))
        say(what_hindered(error, next(filter(None, written_to), None)))
        return 1


def _folders(arguments: argparse.Namespace) -> Folders:
    given = {name: getattr(arguments, name, None) for name in ("params", "data")}
    faults = [
        of_command(f"--{name}", f"mappen {quoted(folder)} finns inte.", "no_folder")
        for name, folder in given.items()
        if folder and not Path(folder).is_dir()
    ]
    faults += [
        of_command(f"--{name}", "mappen har inget namn. Ange en mapp, eller utelämna valet.", "no_folder")
        for name in ("params", "data", "out", "till", "publish")
        if isinstance(value := getattr(arguments, name, None), str) and not value.strip()
    ]
    faults += [
        of_command(f"--{name}", f"{quoted(value)} {problem}", "no_folder")
        for name in ("out", "till", "publish", "ut")
        if (value := getattr(arguments, name, None)) and (problem := why_no_folder(value))
    ]
    faults += [
        of_command(f"--{name}", "värdet är tomt. Skriv ett, eller utelämna valet.", "arguments")
        for name in ("due", "only", "scheduler", "profil", "ny")
        if getattr(arguments, name, None) == ""
    ]
    refuse_any(faults)
    looks = arguments.command in ("check", "list", "scenario", "gallra", "fel")
    return Folders.in_use(**given) if looks else Folders.chosen(**given)


def _command(name: str) -> Callable[[argparse.Namespace, Folders], int]:
    """The function of a command."""
    if name == "run":
        from planbok.batch.make import warm

        warm.prepare()  # before anything brings pandas
    module, _, function = COMMANDS[name].partition(":")
    return getattr(import_module(f"planbok.commands.{module}"), function)
