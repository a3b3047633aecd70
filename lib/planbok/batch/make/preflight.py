"""What is wrong with a plan's runs before any of them starts."""

from collections.abc import Callable, Iterator

from planbok.base.errors import Fault, InputError, refuse_any
from planbok.base.workspace import Folders
from planbok.batch.make.processes import FORK, ProcessEndedError, Processes
from planbok.batch.plan.plan import Plan, Run
from planbok.case import remembered
from planbok.case.case import Case, Sources, load_sources, open_case
from planbok.inputs.scenario.load import Known, load_scenario
from planbok.inputs.tables.collection import Collection

FEW = remembered.MOST_BEFOREHAND  # runs that are looked at here
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
) -> None:
    """Opens every run's case and holds it against its topics, before any notebook starts. `sources`: if read already.

    What is worked out for the first runs is there for their reports, forked from here. Where there are more, and
    workers, others than the first of each notebook are looked at in forked processes.
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
    first, others = _parted(runs) if workers > 1 and FORK and len(runs) > FEW else (runs, [])
    faults = _faults(first, plan.spridning, sources, verify)
    if others:
        faults += _faults_apart(others, plan.spridning, folders, verify, workers)
    refuse_any(faults)


def _parted(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """The first run of each notebook and the first of all, and the others."""
    first = {run.notebook.id: run for run in reversed(runs)}
    here = {*map(id, first.values()), *map(id, runs[:FEW])}
    return [run for run in runs if id(run) in here], [run for run in runs if id(run) not in here]


def _faults(runs: list[Run], spridning: str, sources: Sources, verify: Verify) -> list[Fault]:
    faults: list[Fault] = []
    for run in runs:
        try:
            verify(open_case(run.notebook.id, spridning=spridning, sources=sources, **run.parameters))
        except InputError as error:
            faults += error.faults
    return faults


def _faults_apart(runs: list[Run], spridning: str, folders: Folders, verify: Verify, workers: int) -> list[Fault]:
    with Processes(workers, FORK, LONGEST) as pool:
        parts = [pool.submit(_faults_of, runs[i::workers], spridning, folders, verify) for i in range(workers)]
        list(pool.completed())
    try:
        found = [part.result() for part in parts]
    except ProcessEndedError as problem:
        how = problem.how or "tiden tog slut"
        text = f"kontrollen före körningen avbröts ({how}), oftast av brist på minne. Kör igen, eller med --workers 1."
        return [Fault("kommando", "", 0, "", text, "preflight_ended")]
    for _, known in found:
        remembered.put(known)
    return [fault for faults, _ in found for fault in faults]


def _faults_of(runs: list[Run], spridning: str, folders: Folders, verify: Verify) -> tuple[list[Fault], bytes]:
    """The faults of some runs, and what was found that their reports will ask again."""
    remembered.taken()
    return _faults(runs, spridning, load_sources(folders), verify), remembered.taken()


def _faults_of_form(plan: Plan, folders: Folders) -> Iterator[Fault]:
    """What is wrong with the plan's scenarios whatever they refer to."""
    for name in {run.parameters[key] for run in plan.runs for key in ("scenario", "jamfor_med")}:
        try:
            load_scenario(name, folders, Known())
        except InputError as error:
            yield from error.faults
