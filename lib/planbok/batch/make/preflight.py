"""What is wrong with a plan's runs before any of them starts."""

from collections.abc import Callable
from functools import partial

from planbok.base.errors import Fault, InputError, gathered, refuse_any, refused
from planbok.base.workspace import Folders
from planbok.batch.make import warm
from planbok.batch.make.passing import read_anew
from planbok.batch.make.processes import FORK, ProcessEndedError
from planbok.batch.make.report import shares
from planbok.batch.make.stations import Stations
from planbok.batch.plan.plan import Plan, Run
from planbok.case import remembered
from planbok.case.case import Case, Sources, load_sources, open_case
from planbok.inputs.scenario.load import Known, load_scenario
from planbok.inputs.tables.collection import Collection

FEW = 8  # runs that are looked at here, or at a time in a process of its own
LONGEST = 600  # seconds
Verify = Callable[[Case], None]
Tables = Callable[[set[str], Collection], list[Fault]]  # what is wrong in the tables of some notebooks


def preflight(
    plan: Plan,
    folders: Folders,
    verify: Verify,
    sources: Sources | None = None,
    workers: int = 1,
    tables: Tables | None = None,
) -> Stations | None:
    """Opens every run's case and holds it against its topics, before any notebook starts. `sources`: if read already.

    What is worked out is there for the reports that are forked from the process that did it: this one, or, where there
    are workers and more than a few runs, the stations that it returns.
    Where the rules are at fault no case can be opened: then `tables` and the scenarios' form are looked at instead.

    Raises
    ------
    InputError
        With every fault of every run.
    """
    try:
        sources = sources or load_sources(folders)
    except InputError as error:  # scenarios and tables can still be read, so that all is said at once
        used = {run.notebook.id for run in plan.runs if not run.vantar_pa}
        of_tables = tables(used, Collection(folders.data)) if tables else []
        raise InputError([*error.faults, *of_tables, *_faults_of_form(plan, folders)]) from None
    remembered.forget_beforehand()
    runs = [run for run in plan.runs if not run.vantar_pa]  # what those need has not come
    look = partial(_faults, spridning=plan.spridning, sources=sources, verify=verify)
    if workers == 1 or not FORK or len(runs) <= FEW:
        refuse_any([fault for _, fault in look(runs)])
        return None
    read_anew(folders, plan.spridning)
    warm.load()
    warm.freeze()
    parts = _parts(runs)
    of_run = {run.folder: number for number, part in enumerate(parts) for run in part}
    stations = Stations(workers, look, lambda job: of_run[job.run.folder], shares)
    try:
        found = _faults_apart(stations, parts)
        refuse_any([fault for run in runs for folder, fault in found if folder == run.folder])
    except BaseException:
        stations.shutdown()
        raise
    return stations


def _faults(runs: list[Run], spridning: str, sources: Sources, verify: Verify) -> list[tuple[str, Fault]]:
    """The faults of some runs, each with its run's folder."""
    faults: list[tuple[str, Fault]] = []
    for run in runs:
        try:
            verify(open_case(run.notebook.id, spridning=spridning, sources=sources, **run.parameters))
        except InputError as error:
            faults += [(run.folder, fault) for fault in error.faults]
    return faults


def _parts(runs: list[Run]) -> list[list[Run]]:
    """The runs by notebook and unit, which have most in common, a few at a time."""
    alike: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        alike.setdefault((run.notebook.id, run.parameters["enhet"]), []).append(run)
    return [same[at : at + FEW] for same in alike.values() for at in range(0, len(same), FEW)]


def _faults_apart(stations: Stations, parts: list[list[Run]]) -> list[tuple[str, Fault]]:
    looks = [stations.look_through(number, part, LONGEST) for number, part in enumerate(parts)]
    list(stations.completed())
    try:
        return [fault for look in looks for fault in look.result()]
    except ProcessEndedError as problem:
        how = problem.how or "tiden tog slut"
        text = f"kontrollen före körningen avbröts ({how}), oftast av brist på minne. Kör igen, eller med --workers 1."
        raise refused("", text, "preflight_ended") from None


def _faults_of_form(plan: Plan, folders: Folders) -> list[Fault]:
    """What is wrong with the plan's scenarios whatever they refer to."""
    faults: list[Fault] = []
    for name in {run.parameters[key] for run in plan.runs for key in ("scenario", "jamfor_med")}:
        with gathered(faults):
            load_scenario(name, folders, Known())
    return faults
