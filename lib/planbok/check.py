"""`planbok check`: holds every parameter file, scenario, plan and input table against what is expected of it."""

from dataclasses import dataclass, field

from planbok import control_totals
from planbok.batch.notebooks import read_notebooks
from planbok.batch.plan import load_plan, plan_paths
from planbok.case import known_names, load_scenarios
from planbok.effects import unmoved_anywhere
from planbok.errors import Fault, InputError
from planbok.paths import Folders, shown
from planbok.placement import load_placement
from planbok.rules import Rules, load_rules
from planbok.scenario import BASELINE, Known, scenario_ids
from planbok.tables import Collection


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
    _attempt(report, lambda: load_placement(folders))
    sound = _check_tables(report, collection)
    _check_scenarios(report, folders, collection, rules, sound)
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


def _check_tables(report: Report, collection: Collection) -> bool:
    """Reads every table of the collection; whether all of them were sound."""
    names = _attempt(report, collection.names) or []
    read = {name: _attempt(report, lambda name=name: collection.read(name)) for name in names}
    report.counts["tabeller"] = len(names)
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
    return all(table is not None for table in read.values())


def _check_scenarios(
    report: Report, folders: Folders, collection: Collection, rules: Rules | None, sound: bool
) -> None:
    """Every scenario's form and names; that each moves something only where the tables can be trusted to tell."""
    ids = [name for name in scenario_ids(folders) if name != BASELINE]
    report.counts["scenarier"] = len(ids)
    if BASELINE in {path.stem for path in folders.param_files("scenarier", ".yaml", ".yml").values()}:
        text = f"'{BASELINE}' är inbyggt och har inga förändringar. Ge scenariot ett annat namn."
        report.faults.append(Fault("scenario", f"params/scenarier/{BASELINE}.yaml", 0, "", text, "reserved"))
    known = known_names(collection, rules) if rules and sound else Known()
    if rules is None:
        return
    _attempt(report, lambda: load_scenarios(ids, folders, known, rules))
    if sound:
        report.faults += unmoved_anywhere(folders, collection, rules)


def _check_plans(report: Report, folders: Folders) -> None:
    notebooks = _attempt(report, read_notebooks) or {}
    plans = plan_paths(folders)
    report.counts |= {"planer": len(plans), "anteckningsböcker": len(notebooks)}
    for path in plans.values():
        plan = _attempt(report, lambda path=path: load_plan(path, notebooks))
        for run in plan.runs if plan else ():
            for name in ("scenario", "jamfor_med"):
                if run.parameters[name] not in scenario_ids(folders):
                    text = f"{name} '{run.parameters[name]}' finns inte i params/scenarier."
                    report.faults.append(Fault("plan", shown(path), 0, run.folder, text, "unknown_scenario"))
