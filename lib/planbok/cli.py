"""The command line: `planbok run`, `check`, `list` and the rest, from any folder."""

import argparse
import io
import os
import re
import sys
from pathlib import Path

from planbok import __version__
from planbok.base.errors import Fault, InputError, PlanbokError, did_you_mean, format_faults, refuse_any
from planbok.base.names import harmless, why_no_folder
from planbok.base.workspace import Folders, remember_typed, shown
from planbok.commands import common, fel, init, keep, lab, run, status
from planbok.commands.common import data_given, quoted, say, what_hindered
from planbok.commands.ending import stoppable

NOTHING_RUN = "Inget har körts."
REFUSED = 2
MODULES = (run, keep, init, fel, status, lab)


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
        raise InputError([Fault("kommando", "", 0, "", f"{self._said(message)} Se {self.prog} --help.", "arguments")])

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
    for module in MODULES:
        module.add_command(commands, folders)
    checking = commands.add_parser("check", parents=[folders], help="kontrollera alla filer, kör inget")
    checking.add_argument(
        "--exempel", action="store_true", help="visa varför projektets exempel inte gäller dina tabeller"
    )
    commands.add_parser("list", parents=[folders], help="visa anteckningsböcker, scenarier, planer och enheter")
    scenario = commands.add_parser("scenario", parents=[folders], help="gör en tom fil för ett nytt scenario i Excel")
    scenario.add_argument("action", metavar="ny", choices=["ny"], help="det enda som finns: ett nytt")
    scenario.add_argument("id", metavar="ID", help="scenariots namn, a–z, 0–9 och understreck")
    price = commands.add_parser("pris", parents=[folders], help="gör stadens pristabell till rader i prislistan")
    price.add_argument("file", metavar="FIL", help="tabellen som den kopierats: csv, tsv, text eller xlsx")
    price.add_argument("--ar", metavar="ÅÅÅÅ", type=int, help="prisernas år (annars det år som filen nämner)")
    price.add_argument("--insats", metavar="INSATS", help="ta bara den här insatsen")
    price.add_argument("--kalla", metavar="KÄLLA", required=True, help="var priserna står: sida, år och adress")
    read_in = commands.add_parser("las-in", parents=[folders], help="läs ett systems export till planboks tabell")
    read_in.add_argument("files", metavar="FIL", nargs="*", help="exporten: csv, txt, tsv, xlsx eller SIE 4")
    read_in.add_argument("--profil", metavar="ID", help="profilen i params/inlasning (annars den enda som passar)")
    read_in.add_argument("--ny", metavar="ID", help="föreslå en ny profil; ID.yaml för YAML i stället för Excel")
    read_in.add_argument("--till", metavar="DIR", help="mappen som tabellen skrivs i (annars den med tabeller)")
    read_in.add_argument("--kontrollsumma", metavar="KR", help="redovisningens totalsumma, om exporten inte har den")
    key = commands.add_parser("nyckel", parents=[folders], help="var nyckeln till pseudonymerna ligger")
    key.add_argument("--byt", action="store_true", help="gör en ny nyckel; alla pseudonymer blir andra")
    purge = commands.add_parser("gallra", parents=[folders], help="ta bort gamla rader om personer")
    purge.add_argument("--fore", metavar="MÅNAD", required=True, help="det som slutade före månaden, ÅÅÅÅ-MM")
    return top


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
            code = COMMANDS[arguments.command](arguments, _folders(arguments))
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
        folders = (getattr(arguments, name, None) for name in ("out", "till", "dir"))
        say(what_hindered(error, next(filter(None, folders), None)))
        return 1


def _folders(arguments: argparse.Namespace) -> Folders:
    given = {name: getattr(arguments, name, None) for name in ("params", "data")}
    faults = [
        Fault("kommando", "", 0, f"--{name}", f"mappen {quoted(folder)} finns inte.", "no_folder")
        for name, folder in given.items()
        if folder and not Path(folder).is_dir()
    ]
    faults += [
        Fault("kommando", "", 0, f"--{name}", "mappen har inget namn. Ange en mapp, eller utelämna valet.", "no_folder")
        for name in ("params", "data", "out", "till", "publish")
        if isinstance(value := getattr(arguments, name, None), str) and not value.strip()
    ]
    faults += [
        Fault("kommando", "", 0, f"--{name}", f"{quoted(value)} {problem}", "no_folder")
        for name in ("out", "till", "publish", "ut")
        if (value := getattr(arguments, name, None)) and (problem := why_no_folder(value))
    ]
    faults += [
        Fault("kommando", "", 0, f"--{name}", "värdet är tomt. Skriv ett, eller utelämna valet.", "arguments")
        for name in ("due", "only", "scheduler", "profil", "ny")
        if getattr(arguments, name, None) == ""
    ]
    refuse_any(faults)
    looks = arguments.command in ("check", "list", "scenario", "gallra", "fel")
    return Folders.in_use(**given) if looks else Folders.chosen(**given)


def _check(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.check import check

    report = check(folders, data_given(arguments))
    print("\n".join([f"Det som finns i {shown(folders.data)}:", *(f"  {line}" for line in report.inventory)]))
    for note in report.notes:
        print(f"Att veta: {note}")
    if report.examples:
        text = f"{len(report.examples)} av projektets egna exempel gäller andra tabeller än dina"
        print(f"{text}:\n  " + "\n  ".join(report.examples) if arguments.exempel else f"{text} (visa dem: --exempel).")
    if report.faults:
        say(format_faults(report.faults, f"{len(report.faults)} fel."))
        return REFUSED
    print("Inga fel. Kontrollerat: " + ", ".join(f"{n} {what}" for what, n in report.counts.items()) + ".")
    return 0


def _price(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.prices import new_prices

    found = new_prices(Path(arguments.file), folders, arguments.kalla, arguments.ar, arguments.insats)
    say(found.told)
    print(found.csv, end="")
    return 0


def _read_in(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.las_in import read_in
    from planbok.commands.new_profile import propose

    files = [Path(file) for file in arguments.files]
    till = Path(arguments.till) if arguments.till else None
    if arguments.ny and (arguments.profil or arguments.kontrollsumma):
        text = "--ny föreslår en profil och läser inte in. Ta bort --profil och --kontrollsumma."
        raise InputError([Fault("kommando", "", 0, "--ny", text, "arguments")])
    if not files and not (arguments.profil and not arguments.ny):
        raise InputError([Fault("kommando", "", 0, "", "det saknas: FIL. Se planbok las-in --help.", "arguments")])
    if arguments.ny:
        print(harmless(propose(arguments.ny, files, folders, till)))
    else:
        print(harmless(read_in(files, folders, arguments.profil, till, arguments.kontrollsumma)))
    return 0


def _key(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.keys import about_key

    print(about_key(folders, arguments.byt))
    return 0


def _purge(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.keys import purge

    print(purge(arguments.fore, folders))
    return 0


def _scenario(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.template import new_workbook

    print(new_workbook(arguments.id, folders))
    say("Fyll i filen i Excel, och kontrollera den med planbok check.")
    return 0


def _list(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.list import listing

    for heading, lines in listing(folders).items():
        print(heading, *(f"  {line}" for line in lines or ["–"]), "", sep="\n")
    return 0


COMMANDS = {
    "check": _check,
    "list": _list,
    "scenario": _scenario,
    "pris": _price,
    "las-in": _read_in,
    "nyckel": _key,
    "gallra": _purge,
    **{name: does for module in MODULES for name, does in module.COMMANDS.items()},
}
