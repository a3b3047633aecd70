"""What is wrong with a plan's runs before any of them starts."""

from collections.abc import Callable, Iterator

from planbok.batch.plan import Plan
from planbok.case import Case, Sources, load_sources, open_case
from planbok.errors import Fault, InputError
from planbok.paths import Folders
from planbok.scenario import Known, load_scenario


def preflight(plan: Plan, folders: Folders, verify: Callable[[Case], None], sources: Sources | None = None) -> None:
    """Opens every run's case and holds it against its topics, before any notebook starts. `sources`: if read already.

    Raises
    ------
    InputError
        With every fault of every run.
    """
    faults: list[Fault] = []
    try:
        sources = sources or load_sources(folders)
    except InputError as error:  # the scenarios can still be read, so that all is said at once
        raise InputError([*error.faults, *_faults_of_form(plan, folders)]) from None
    for run in plan.runs:
        if run.vantar_pa:  # what it needs has not come
            continue
        try:
            verify(open_case(run.notebook.id, spridning=plan.spridning, sources=sources, **run.parameters))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _faults_of_form(plan: Plan, folders: Folders) -> Iterator[Fault]:
    """What is wrong with the plan's scenarios whatever they refer to."""
    for name in {run.parameters[key] for run in plan.runs for key in ("scenario", "jamfor_med")}:
        try:
            load_scenario(name, folders, Known())
        except InputError as error:
            yield from error.faults
