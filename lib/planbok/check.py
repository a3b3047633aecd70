"""`planbok check`: holds every parameter file, scenario, plan and input table against what is expected of it."""

from dataclasses import dataclass, field

from planbok import control_totals
from planbok.batch.notebooks import read_notebooks
from planbok.batch.plan import load_plan, plan_paths
from planbok.case import known_names, load_scenarios
from planbok.effects import entry_warnings, unmoved_anywhere
from planbok.errors import Fault, InputError
from planbok.paths import Folders, shown
from planbok.placement import load_placement
from planbok.rules import Rules, load_rules
from planbok.scenario import BASELINE, Known, load_scenario, scenario_ids
from planbok.tables import Collection

NAMING_TABLES = {"budget", "boenden"}  # those whose rows and homes a scenario names


@dataclass
class Report:
    """Every fault found, and what was looked at; `notes` are worth knowing but no faults."""

    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def check(folders: Folders) -> Report:
    """Looks at everything, runs nothing, and stops at nothing."""
    report = Report()
    collection = Collection(folders.data)
    rules = _attempt(report, lambda: load_rules(folders))
    report.notes += [warning.text for warning in entry_warnings(rules)] if rules else []
    _attempt(report, lambda: load_placement(folders))
    unread = _check_tables(report, collection)
    _check_scenarios(report, folders, collection, rules, unread)
    _check_plans(report, folders)
    report.counts["regler"] = len(rules.series) if rules else 0
    report.faults = sorted(set(report.faults))
    return report


def _attempt(report: Report, action):
    """The action's value, or None with its faults noted."""
    try:
        return action()
    except InputError as error:
        report.faults += error.faults
        return None


def _check_tables(report: Report, collection: Collection) -> set[str]:
    """Reads every table of the collection; the names of those that could not be read."""
    names = collection.names()
    read = {name: _attempt(report, lambda name=name: collection.read(name)) for name in names}
    report.counts["tabeller"] = len(names)
    if not names:
        text = "mappen har ingen tabell som planbok känner till. Välj en annan mapp med --data."
        report.faults.append(Fault("tabell", shown(collection.folder), 0, "", text, "no_tables"))
    for file in collection.unknown_files():
        report.notes.append(f"{file} är ingen tabell som planbok känner till och läses inte.")
    for table in read.values():
        if table is not None and table.okanda_kolumner:
            report.notes.append(f"{table.fil}: kolumnerna {', '.join(table.okanda_kolumner)} läses inte.")
    if read.get("budget") is not None:
        file = shown(collection.path("budget"))
        report.faults += [
            Fault("tabell", file, c.rad, f"kolumn {c.kolumn}", c.text(), "control_total")
            for c in control_totals.compare(read["budget"])
            if not c.ok
        ]
    return {name for name, table in read.items() if table is None}


def _check_scenarios(
    report: Report, folders: Folders, collection: Collection, rules: Rules | None, unread: set[str]
) -> None:
    """Every scenario's form and names; that each moves something only where rules and tables can be trusted to tell."""
    files = {path.stem: path for path in folders.param_files("scenarier", ".yaml", ".yml").values()}
    if BASELINE in files:
        text = f"'{BASELINE}' är inbyggt och har inga förändringar. Ge scenariot ett annat namn."
        report.faults.append(Fault("scenario", shown(files[BASELINE]), 0, "", text, "reserved"))
    ids = [name for name in scenario_ids(folders) if name != BASELINE]
    report.counts["scenarier"] = len(ids)
    if rules is not None and not unread & NAMING_TABLES:
        known = known_names(collection, rules)
        _attempt(report, lambda: load_scenarios(ids, folders, known, rules))
        report.faults += unmoved_anywhere(folders, collection, rules)
        return
    known = Known(regler=rules.series) if rules else Known()
    for name in ids:
        _attempt(report, lambda name=name: load_scenario(name, folders, known))


def _check_plans(report: Report, folders: Folders) -> None:
    notebooks, plans, scenarios = read_notebooks(), plan_paths(folders), scenario_ids(folders)
    report.faults += [fault for notebook in notebooks.values() for fault in notebook.faults]
    report.counts |= {"planer": len(plans), "anteckningsböcker": len(notebooks)}
    for path in plans.values():
        _attempt(report, lambda path=path: load_plan(path, notebooks, scenarios))
