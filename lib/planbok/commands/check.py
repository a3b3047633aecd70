"""`planbok check`: holds every parameter file, scenario, plan and input table against what is expected of it.

The scenarios and plans in the project's own `params/` are written for the project's sample. Held against another
collection, what they name or move there is worth knowing but no fault; what is wrong with their form always is.
"""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from planbok.base.errors import IN_ORDER, Fault, InputError, format_faults, gathered
from planbok.base.words import listed
from planbok.base.workspace import PARAMS, SAMPLE, Folders, may_be_shown, own_collections, shown, shown_name
from planbok.batch.make.preflight import preflight
from planbok.batch.plan.due import by_hand
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, load_plan, plan_paths
from planbok.case.case import Sources, known_names, load_scenarios
from planbok.commands.common import REFUSED, data_given, say
from planbok.commands.inventory import inventory
from planbok.inputs.imports.profile import load_profile, profile_paths
from planbok.inputs.rules import insatser
from planbok.inputs.rules.placement import load_placement
from planbok.inputs.rules.plausible import Findings, unlike_budget
from planbok.inputs.rules.roles import load_roles
from planbok.inputs.rules.rules import load_rules
from planbok.inputs.scenario.load import BASELINE, Known, load_scenario, scenario_ids, scenario_paths
from planbok.inputs.tables import control_totals
from planbok.inputs.tables.collection import Collection
from planbok.inputs.tables.reading import InputTable
from planbok.inputs.tables.values import shortened
from planbok.lss.prices import MISSING, PriceWarning, entry_warnings
from planbok.topics import answer, period_tables

NAMING_TABLES = {"budget", "boenden"}  # those whose rows and homes a scenario names
# What a scenario or a plan can get wrong only in relation to a collection of tables.
FOREIGN = {
    *("unknown_budgetrad", "unknown_enhet", "unknown_insats", "unknown_boende", "unknown_level", "unknown_unit"),
    *("missing_table", "no_budget", "no_period", "moves_nothing", "too_few"),
}

YAML = (".yaml", ".yml")
READ = {"regler": (*YAML, ".csv"), "scenarier": (*YAML, ".xlsx"), "planer": YAML, "inlasning": (*YAML, ".xlsx")}
KINDS = {"regler": "regel", "scenarier": "scenario", "planer": "plan", "inlasning": "inlasning"}
FOR_PEOPLE = "README.md"


@dataclass
class Report:
    """Every fault found, and what was looked at; `notes` are worth knowing but no faults.

    `examples` are notes on the project's own examples, `inventory` is what the tables hold.
    """

    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    inventory: list[str] = field(default_factory=list)


def show(arguments: argparse.Namespace, folders: Folders) -> int:
    """Says what there is, what is worth knowing and what is wrong."""
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


def check(folders: Folders, data_wins: bool = False) -> Report:
    """Looks at everything, runs nothing, and stops at nothing. `data_wins`: the data given wins over a plan's own."""
    return _Checking(folders, data_wins).all()


@dataclass
class _Checking:
    """One check, and what it has read so far; None where that could not be read."""

    folders: Folders
    data_wins: bool
    report: Report = field(default_factory=Report)

    def __post_init__(self):
        self.collection = Collection(self.folders.data)
        self.rules = self.attempt(lambda: load_rules(self.folders))
        self.attempt(lambda: load_roles(self.folders))
        self.placement = self.attempt(lambda: load_placement(self.folders))

    def all(self) -> Report:
        """Checks everything; the report."""
        report = self.report
        report.notes += [price_note(warning) for warning in entry_warnings(self.rules)] if self.rules else []
        report.notes += unread_files(self.folders)
        report.faults += file_faults(self.folders)
        report.notes += [self.chosen_of_several()] if self.folders.data == SAMPLE and own_collections() else []
        unread = self.tables()
        self.scenarios(unread)
        self.plans()
        self.profiles()
        report.counts["regler"] = len(self.rules.series) if self.rules else 0
        report.faults = sorted(set(report.faults), key=IN_ORDER)
        return report

    def chosen_of_several(self) -> str:
        """That the example was looked at although there are collections of one's own."""
        names = [shown(folder) for folder in own_collections()]
        return (
            f"det är exemplets tabeller som har kontrollerats. Arbetsmappens egna: {', '.join(names)}. Välj en av dem "
            f"med --data, till exempel planbok check --data {names[0]}."
        )

    def attempt(self, action):
        """The action's value, or None with its faults noted."""
        with gathered(self.report.faults):
            return action()

    def tables(self) -> set[str]:
        """Reads every table of the collection; the names of those that could not be read."""
        report, names = self.report, self.collection.names()
        read = {name: self.attempt(lambda name=name: self.collection.read(name)) for name in names}
        report.counts["tabeller"] = len(names)
        if not names:
            text = "mappen har ingen tabell som planbok känner till. Välj en annan mapp med --data."
            report.faults.append(Fault("tabell", shown(self.collection.folder), 0, "", text, "no_tables"))
        for file in self.collection.unknown_files():
            report.notes.append(f"{shown_name(file)} är ingen tabell som planbok känner till och läses inte.")
        sound = {name: table for name, table in read.items() if table is not None}
        self.contents(sound)
        report.faults += self.totals(sound["budget"]) if "budget" in sound else []
        report.faults += units_in_two_cases(sound.values())
        report.inventory += inventory(self.collection)
        report.faults += answer.table_faults(self.collection, self.rules)
        return {name for name, table in read.items() if table is None}

    def contents(self, sound: dict[str, InputTable]) -> None:
        """What can't be right in the tables that could be read, or hardly is, and what a file hides."""
        report = self.report
        for name, table in sound.items():
            if table.okanda_kolumner:
                report.notes.append(f"{table.fil}: kolumnerna {', '.join(table.okanda_kolumner)} läses inte.")
            report.notes += [f"{table.fil}: {note}" for note in table.noter]
            if self.rules and name in insatser.TABLES:
                report.notes += [f"{table.fil}: {note}" for note in insatser.left_out(table.frame, self.rules, True)]
            if self.rules:
                found = Findings(name, table.frame, self.rules, shown(self.collection.path(name)))
                report.faults += found.faults
                report.notes += found.notes
        if self.rules and {"utfall", "budget"} <= sound.keys():
            report.notes += unlike_budget(sound["utfall"].frame, sound["budget"].frame, self.rules)

    def totals(self, budget: InputTable) -> list[Fault]:
        """Stated totals of the budget that its rows do not sum to; those of other tables are faults of reading."""
        file = shown(self.collection.path("budget"))
        return [
            Fault("tabell", file, c.rad, f"kolumn {c.kolumn}", c.text(), "control_total")
            for c in control_totals.compare(budget)
            if not c.ok
        ]

    def scenarios(self, unread: set[str]) -> None:
        """Every scenario's form and names; that each moves something only where rules and tables can tell."""
        files = scenario_paths(self.folders)
        if BASELINE in files:
            text = f"'{BASELINE}' är inbyggt och har inga förändringar. Ge scenariot ett annat namn."
            self.report.faults.append(Fault("scenario", shown(files.pop(BASELINE)), 0, "", text, "reserved"))
        self.report.counts["scenarier"] = len(files)
        trusted = self.rules is not None and not unread & NAMING_TABLES
        if trusted:
            known = known_names(self.collection, self.rules)
        else:
            known = Known(regler=self.rules.series) if self.rules else Known()
        found: dict[Path, list[Fault]] = {path: [] for path in files.values()}
        for name, path in files.items():
            found[path] += self.faults_of_scenario(name, known)
        unmoved = trusted and self.attempt(lambda: answer.unmoved_anywhere(self.folders, self.collection, self.rules))
        of_file = {shown(path): path for path in files.values()}
        for fault in unmoved or ():
            found[of_file[fault.file]].append(fault)
        self.sort_out("scenario", found)

    def faults_of_scenario(self, name: str, known: Known) -> list[Fault]:
        """The faults of a scenario; of form and names only where the rules could not be read."""
        faults: list[Fault] = []
        with gathered(faults):
            if self.rules is None:
                load_scenario(name, self.folders, known)
            else:
                load_scenarios([name], self.folders, known, self.rules)
        return faults

    def plans(self) -> None:
        """Every plan's form, and of a sound one each run against the tables."""
        notebooks, paths = read_notebooks(), plan_paths(self.folders)
        self.report.faults += [fault for notebook in notebooks.values() for fault in notebook.faults]
        self.report.counts |= {"planer": len(paths), "anteckningsböcker": len(notebooks)}
        found: dict[Path, list[Fault]] = {}
        for path in paths.values():
            plan = self.attempt(lambda path=path: load_plan(path, notebooks, scenario_ids(self.folders)))
            if plan is not None and self.rules and self.placement:
                found[path] = self.rehearse(plan, path)
        self.sort_out("plan", found)

    def profiles(self) -> None:
        """Every profile's form, and a note for those that nobody has confirmed."""
        paths = profile_paths(self.folders)
        self.report.counts["inläsningsprofiler"] = len(paths)
        for path in paths.values():
            loaded = self.attempt(lambda path=path: load_profile(path))
            if loaded is not None and loaded.profile.unconfirmed():
                self.report.notes.append(f"{shown(path)} används inte än: ingen har bekräftat den.")

    def rehearse(self, plan: Plan, path: Path) -> list[Fault]:
        """What hinders a plan's runs, as faults of the plan; what has been said already is left out."""
        folders = plan.folders(self.folders, self.data_wins)
        said = {_spot(fault) for fault in self.report.faults}
        collection = self.collection if folders == self.folders else Collection(folders.data)
        try:
            plan = by_hand(plan, collection, period_tables())
            preflight(plan, folders, answer.verify, Sources(folders, self.rules, self.placement, collection))
        except InputError as error:
            return [_of_plan(fault, path) for fault in error.faults if _spot(fault) not in said]
        return []

    def sort_out(self, kind: str, found: dict[Path, list[Fault]]) -> None:
        """The faults of each file, or one note where the project's own file was written for other tables."""
        kinds = {"scenario": "exempelscenario", "plan": "exempelplan"}
        for path, faults in found.items():
            foreign = [fault for fault in faults if fault.code in FOREIGN] if self.is_example(path) else []
            if foreign and kind == "scenario" and self.is_faulty_at_home(path):
                foreign = []
            self.report.faults += [fault for fault in faults if fault not in foreign]
            if foreign:
                more = f" (och {len(foreign) - 1} till)" if len(foreign) > 1 else ""
                first = str(sorted(foreign)[0]).rstrip(".")
                self.report.examples.append(
                    f"projektets {kinds[kind]} {path.stem} gäller andra tabeller än dina: {first}{more}."
                )

    def is_example(self, path: Path) -> bool:
        """Whether a file is the project's own and the tables are not those that it was written for."""
        return path.is_relative_to(PARAMS) and self.folders.data != SAMPLE

    def is_faulty_at_home(self, path: Path) -> bool:
        """Whether a scenario names what the sample does not have either: then it is no example, but misspelt."""
        if self.rules is None:
            return False
        try:
            load_scenarios([path.stem], self.folders, known_names(Collection(SAMPLE), self.rules), self.rules)
        except InputError as error:
            return any(fault.code in FOREIGN for fault in error.faults)
        return False


def price_note(warning: PriceWarning) -> str:
    """A finding in the price lists, and where to add what is missing."""
    where = " Finns de: lägg till raderna i en fil params/regler/lss_peng_….csv." if warning.namn == MISSING else ""
    return warning.text + where


def units_in_two_cases(tables: Iterable[InputTable]) -> list[Fault]:
    """Units that are spelt in one case in one table and in another elsewhere: they would be two units."""
    spelt: dict[str, dict[str, list[str]]] = {}
    for table in tables:
        for enhet in table.frame["enhet"].unique() if "enhet" in table.frame else ():
            spelt.setdefault(enhet.casefold(), {}).setdefault(enhet, []).append(table.fil)
    found = []
    for ways in spelt.values():
        usual = max(ways, key=lambda way: len(ways[way]))
        for way in ways.keys() - {usual}:
            text = f"enheten heter '{shortened(way)}' här men '{shortened(usual)}' i {', '.join(ways[usual])}. "
            found += [
                Fault("tabell", file, 0, "kolumn enhet", f"{text}Menade du '{shortened(usual)}'?", "other_case")
                for file in ways[way]
            ]
    return found


def _spot(fault: Fault) -> tuple[str, int, str, str]:
    """What is wrong where, however it is said."""
    return fault.file, fault.line, fault.place, fault.code


def _of_plan(fault: Fault, path: Path) -> Fault:
    """A fault that one of a plan's runs has, under the plan's name."""
    where = f"{fault.file} rad {fault.line}" if fault.line else fault.file
    place = ", ".join(part for part in (where, fault.place) if part)
    return replace(fault, kind="plan", file=shown(path), line=0, place=place)


def unread_files(folders: Folders) -> list[str]:
    """A note for each file and folder that lies among the parameters and is not read."""
    return [
        f"{shown(path)} läses inte: i params/{folder} läses bara {listed(READ[folder])}."
        for folder, path in _inside(folders)
        if path.name != FOR_PEOPLE and (path.is_dir() or path.suffix not in READ[folder])
    ]


def file_faults(folders: Folders) -> list[Fault]:
    """A fault for each file that has the same id as another in its folder, or a name that may be a person's number."""
    faults = []
    for folder, path in _inside(folders):
        twin = _twin(folder, path)
        if not may_be_shown(path.name):
            text = "filens namn liknar ett personnummer, och filen läses inte. Byt namn på den."
            faults.append(Fault(KINDS[folder], shown(path), 0, "", text, "personal_number"))
        elif twin:
            text = f"{twin.name} finns i samma mapp. Behåll en av filerna."
            faults.append(Fault(KINDS[folder], shown(path), 0, "", text, "two_files"))
    return faults


def _twin(folder: str, path: Path) -> Path | None:
    """The .yaml beside a .yml with the same id. A scenario says so itself when it is read, in a run as well."""
    twin = path.with_suffix(YAML[0])
    return twin if folder != "scenarier" and path.suffix == YAML[1] and twin.is_file() else None


def _inside(folders: Folders) -> Iterator[tuple[str, Path]]:
    """Every file and folder of the parameter folders, without what programs hide there for themselves."""
    for base in folders.params:
        for folder in READ:
            where = base / folder
            for path in sorted(where.iterdir()) if where.is_dir() else ():
                if not path.name.startswith((".", "~$")):
                    yield folder, path
