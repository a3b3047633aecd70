"""The command line: `planbok run`, `check`, `list` and the rest, from any folder."""

import argparse
import errno
import io
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from planbok import __version__
from planbok.base.errors import Fault, InputError, PlanbokError, did_you_mean, format_faults
from planbok.base.workspace import Folders, default_out, remember_typed, shown_name
from planbok.commands import init
from planbok.commands import keep as keeping

NOTHING_RUN = "Inget har körts."
REFUSED = 2


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
                return text.format(**{key: _quoted(value) for key, value in match.groupdict().items()}, val=match[1])
        choice = re.fullmatch(r"argument \S+: invalid choice: '?(.*?)'? \(choose from (.*)\)", message, re.DOTALL)
        if choice:
            commands = re.findall(r"[a-z]+", choice[2])
            return f"kommandot {_quoted(choice[1])} finns inte.{did_you_mean(choice[1], commands)}"
        return f"argumenten går inte att tolka ({_quoted(message)})."


def parser() -> Parser:
    """The commands and their arguments; the folders may stand before or after a command's own."""
    folders = Parser(add_help=False)
    folders.add_argument("--params", metavar="DIR", default=argparse.SUPPRESS, help="mapp med egna parametrar")
    folders.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="mapp med tabeller")
    top = Parser(prog="planbok", description="Planeringsarbetsbok för stadsdelarnas socialtjänst.", parents=[folders])
    top.add_argument("--version", action="version", version=f"planbok {__version__}", help="visa versionen")
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO")
    run = commands.add_parser("run", parents=[folders], help="kör en plan och gör dess rapporter")
    run.add_argument("plan", metavar="PLAN", nargs="?", help="en plan i params/planer, eller en sökväg")
    run.add_argument("--due", metavar="DATUM", help="gör det som kalendern har kommit till: ÅÅÅÅ-MM-DD eller idag")
    run.add_argument("--out", metavar="DIR", default=str(default_out()), help="dit rapporterna läggs (out)")
    run.add_argument("--workers", metavar="N", type=int, help="parallella rapporter (så många som datorns kärnor)")
    run.add_argument("--no-fork", action="store_true", help="en vanlig kärna för varje rapport; långsammare")
    run.add_argument(
        "--timeout", metavar="SEKUNDER", type=int, help="tidsgräns för varje rapport (planens, annars 600)"
    )
    run.add_argument("--scheduler", metavar="ADDR", help="låt ett Dask-kluster göra rapporterna (adressen)")
    run.add_argument("--only", metavar="ANTECKNINGSBOK", help="kör bara den här anteckningsboken")
    run.add_argument("--force", action="store_true", help="gör om också det som inget har ändrats för")
    run.add_argument("--pdf", action="store_true", help="lägg till rapport.pdf, skriven av webbläsaren som finns")
    run.add_argument(
        "--publish", metavar="DIR", help="kopiera körningen till en gemensam mapp, och packa till mottagarna"
    )
    keeping.add_commands(commands, folders)
    init.add_command(commands, folders)
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
    purge = commands.add_parser("gallra", parents=[folders], help="ta bort rader om personer som är äldre")
    purge.add_argument("--fore", metavar="MÅNAD", required=True, help="det som slutade före månaden, ÅÅÅÅ-MM")
    return top


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0 good, 1 a report or check failed, 2 refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a test captures may be something else
            stream.reconfigure(encoding="utf-8", errors="replace")
    given, arguments = sys.argv[1:] if argv is None else argv, None
    try:
        remember_typed(given)
        arguments = parser().parse_args(given)
        code = COMMANDS[arguments.command](arguments, _folders(arguments))
        sys.stdout.flush()
        return code
    except PlanbokError as error:
        running = (arguments.command == "run" if arguments else "run" in given) and error.exit_code == REFUSED
        print(format_faults(error.faults, NOTHING_RUN if running else ""), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Avbrutet. Inget halvfärdigt har lämnats kvar.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(_what_hindered(error), file=sys.stderr)
        return 1


# What a person can do about it; anything else is said in the system's own words.
HINDERED = {
    errno.ENOSPC: "Är disken full?",
    errno.EDQUOT: "Utrymmet som du får använda är slut.",
    errno.EACCES: "Är filen öppen i ett annat program, eller saknas rättigheter?",
    errno.EPERM: "Rättigheter saknas.",
    errno.EROFS: "Platsen går bara att läsa från.",
    errno.ENOENT: "Den finns inte längre. Har den flyttats under tiden?",
    errno.EIO: "Disken eller nätverksplatsen svarar inte som den ska.",
    errno.ENAMETOOLONG: "Namnet är för långt.",
    errno.EMFILE: "För många filer är öppna.",
}


def _what_hindered(error: OSError) -> str:
    """What the system refused, without the machine's folders."""
    where = shown_name(Path(os.fsdecode(error.filename)).name) if isinstance(error.filename, str | bytes) else "en fil"
    reason = HINDERED.get(error.errno or 0) or f"Systemet säger: {error.strerror or type(error).__name__}."
    return f"Det gick inte att läsa eller skriva {where}. {reason}"


def _folders(arguments: argparse.Namespace) -> Folders:
    given = {name: getattr(arguments, name, None) for name in ("params", "data")}
    faults = [
        Fault("kommando", "", 0, f"--{name}", f"mappen {_quoted(folder)} finns inte.", "no_folder")
        for name, folder in given.items()
        if folder and not Path(folder).is_dir()
    ]
    if faults:
        raise InputError(faults)
    return Folders.chosen(**given)


def _run(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.batch.make import warm

    warm.prepare()
    from planbok.batch.plan.due import by_hand
    from planbok.batch.plan.notebooks import read_notebooks
    from planbok.batch.plan.plan import find_plan, load_plan
    from planbok.inputs.scenario.load import scenario_ids
    from planbok.inputs.tables.read import Collection
    from planbok.topics import period_tables

    _refuse(arguments)
    if arguments.due:
        return _run_due(arguments, folders)
    plan = load_plan(find_plan(arguments.plan, folders), read_notebooks(), scenario_ids(folders))
    if arguments.only:
        kept = tuple(run for run in plan.runs if run.notebook.id == arguments.only)
        if not kept:
            names = {run.notebook.id for run in plan.runs}
            text = f"planen har ingen körning av {_quoted(arguments.only)}.{did_you_mean(arguments.only, names)}"
            raise InputError([Fault("kommando", "", 0, "--only", text, "unknown_notebook")])
        plan = replace(plan, runs=kept)
    folders = plan.folders(folders, _data_given(arguments))
    plan = by_hand(plan, Collection(folders.data), period_tables())
    return _make(plan, folders, arguments)


def _make(plan, folders: Folders, arguments: argparse.Namespace) -> int:
    """Makes a plan's reports and says where they are and what went wrong; the exit code."""
    from planbok.batch.run.runner import run_plan
    from planbok.batch.run.unchanged import find_unchanged
    from planbok.batch.share.share import Sharing, share_folder

    how, out = _how(arguments, plan), Path(os.path.abspath(arguments.out))
    editions = {} if arguments.force else find_unchanged(plan, folders, out)
    _preflight(replace(plan, runs=tuple(run for run in plan.runs if run.folder not in editions)), folders, how)
    target = share_folder(arguments.publish) if arguments.publish else None
    with _stoppable():
        finished = run_plan(plan, folders, _out_folder(arguments.out), _say, how, editions)
        problems = list(finished.problems)
        if target:
            run = finished.index.parent / finished.manifest["run_id"]
            try:
                problems += Sharing(plan, folders, run, finished.manifest, how, _say).share(target)
            except OSError as error:  # the run itself is published
                problems.append(_what_hindered(error))
    for problem in problems:
        _say(problem)
    _say(finished.summary)
    print(finished.index, flush=True)
    return int(bool(problems))


def _preflight(changed, folders: Folders, how) -> None:
    """Holds what is to be made against its topics; what is linked was so when it was made."""
    if changed.runs:
        from planbok.batch.make.preflight import preflight
        from planbok.topics import answer

        workers = how.workers if how.forks else 1
        preflight(changed, folders, answer.verify, workers=workers, tables=answer.faults_without_rules)


def _run_due(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.batch.plan.plan import find_plan, plan_paths
    from planbok.commands.due import Scheduled, day_given

    today, named = day_given(arguments.due), bool(arguments.plan)
    paths = [find_plan(arguments.plan, folders)] if named else list(plan_paths(folders).values())

    def make(plan, on: Folders) -> int:
        return _make(plan, on, arguments)

    out = Path(os.path.abspath(arguments.out))
    return Scheduled(today, folders, _data_given(arguments), out, arguments.force, make, _say).all(paths, named)


def _quoted(value: object) -> str:
    from planbok.inputs.documents import quoted  # brings pandas and pydantic, which --help need not wait for

    return quoted(value)


def _data_given(arguments: argparse.Namespace) -> bool:
    return bool(getattr(arguments, "data", None))


def _out_folder(name: str) -> Path:
    """The folder for the reports, made if it isn't there."""
    try:
        folder = Path(name).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # a ring of links is a RuntimeError
        text = (
            f"det går inte att skriva i {_quoted(name)}. Är den en fil, eller saknas rättigheter? Välj en annan mapp."
        )
        raise InputError([Fault("kommando", "", 0, "--out", text, "no_folder")]) from None


def _refuse(arguments: argparse.Namespace) -> None:
    """Refuses arguments that make no run."""
    faults = []
    if not arguments.plan and not arguments.due:
        faults.append(Fault("kommando", "", 0, "", "det saknas: PLAN, eller --due DATUM.", "arguments"))
    if arguments.due and arguments.only:
        text = "--only hör till en plan som körs för hand, inte till --due. Ta bort den ena."
        faults.append(Fault("kommando", "", 0, "--only", text, "arguments"))
    for name in ("workers", "timeout"):
        given = getattr(arguments, name)
        if given is not None and given < 1:
            faults.append(
                Fault("kommando", "", 0, f"--{name}", f"talet ska vara minst 1, men är {given}.", "out_of_range")
            )
    if faults:
        raise InputError(faults)


def _how(arguments: argparse.Namespace, plan):
    """How the run is made, by its arguments."""
    from planbok.batch.make.options import How, cores
    from planbok.batch.make.pdf import find_browser

    workers, limits = arguments.workers or cores(), None
    if arguments.scheduler:
        from planbok.batch.make.cluster import size

        workers = size(arguments.scheduler)
    if arguments.timeout:
        limits = replace(plan.limits, seconds=arguments.timeout)
    return How(
        workers=workers,
        fork=not arguments.no_fork,
        scheduler=arguments.scheduler or "",
        limits=limits,
        bar=sys.stderr.isatty(),
        browser=find_browser() if arguments.pdf else None,
    )


@contextmanager
def _stoppable() -> Iterator[None]:
    """Lets a runner that is told to end, or whose terminal is closed, clean up as one that is interrupted does."""

    def stop(*_) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _check(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.check import check

    report = check(folders, _data_given(arguments))
    print("\n".join(["Det som finns:", *(f"  {line}" for line in report.inventory)]))
    for note in report.notes:
        print(f"Att veta: {note}")
    if report.examples:
        text = f"{len(report.examples)} av projektets egna exempel gäller andra tabeller än dina"
        print(f"{text}:\n  " + "\n  ".join(report.examples) if arguments.exempel else f"{text} (visa dem: --exempel).")
    if report.faults:
        _say(format_faults(report.faults, f"{len(report.faults)} fel."))
        return REFUSED
    print("Inga fel. Kontrollerat: " + ", ".join(f"{n} {what}" for what, n in report.counts.items()) + ".")
    return 0


def _price(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.prices import new_prices

    found = new_prices(Path(arguments.file), folders, arguments.kalla, arguments.ar, arguments.insats)
    _say(found.told)
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
        print(propose(arguments.ny, files, folders, till))
    else:
        print(read_in(files, folders, arguments.profil, till, arguments.kontrollsumma))
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
    _say("Fyll i filen i Excel, och kontrollera den med planbok check.")
    return 0


def _list(arguments: argparse.Namespace, folders: Folders) -> int:
    from planbok.commands.list import listing

    _print_sections(listing(folders), print)
    return 0


def _print_sections(sections: dict[str, list[str]], out: Callable[[str], None]) -> None:
    for heading, lines in sections.items():
        out(heading)
        for line in lines or ["–"]:
            out(f"  {line}")
        out("")


COMMANDS = {
    "run": _run,
    "check": _check,
    "list": _list,
    "scenario": _scenario,
    "pris": _price,
    "las-in": _read_in,
    "nyckel": _key,
    "gallra": _purge,
    **keeping.COMMANDS,
    **init.COMMANDS,
}
