"""`planbok run`: a plan's reports, or what the calendar has come to."""

import argparse
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from planbok.base.errors import did_you_mean, of_command, refuse_any, refused
from planbok.base.workspace import Folders
from planbok.batch.make.options import RunOptions, cores
from planbok.batch.make.pdf import find_browser
from planbok.batch.plan.due import by_hand
from planbok.batch.plan.notebooks import read_notebooks
from planbok.batch.plan.plan import Plan, find_plan, load_plan, plan_paths
from planbok.batch.run.after import run_after
from planbok.batch.run.runner import run_plan
from planbok.batch.run.unchanged import find_unchanged
from planbok.batch.share.share import Sharing
from planbok.commands.common import data_given, say, what_hindered, writable
from planbok.commands.due import Scheduled, day_given
from planbok.inputs.documents import quoted
from planbok.inputs.scenario.load import scenario_ids
from planbok.inputs.tables.collection import Collection
from planbok.topics import period_tables


def run(arguments: argparse.Namespace, folders: Folders) -> int:
    """Makes the reports of a plan, or of every plan whose time has come."""
    _refuse(arguments)
    if arguments.due:
        return _run_due(arguments, folders)
    plan = load_plan(find_plan(arguments.plan, folders), read_notebooks(), scenario_ids(folders))
    if arguments.only:
        kept = tuple(run for run in plan.runs if run.notebook.id == arguments.only)
        if not kept:
            names = {run.notebook.id for run in plan.runs}
            text = f"planen har ingen körning av {quoted(arguments.only)}.{did_you_mean(arguments.only, names)}"
            raise refused("--only", text, "unknown_notebook")
        plan = replace(plan, runs=kept)
    folders = plan.folders(folders, data_given(arguments))
    plan = by_hand(plan, Collection(folders.data), period_tables())
    return _make(plan, folders, arguments)


def _make(plan: Plan, folders: Folders, arguments: argparse.Namespace) -> int:
    """Makes a plan's reports and says where they are and what went wrong; the exit code."""
    how, out = _how(arguments, plan), Path(os.path.abspath(arguments.out))
    editions = {} if arguments.force else find_unchanged(plan, folders, out)
    changed = replace(plan, runs=tuple(run for run in plan.runs if run.folder not in editions))
    with _preflight(changed, folders, how) as stations:
        target = writable(arguments.publish, "--publish") if arguments.publish else None
        made_so = replace(how, stations=stations)
        finished = run_plan(plan, folders, writable(arguments.out, "--out"), say, made_so, editions)
    problems, run = list(finished.problems), finished.index.parent / finished.manifest["run_id"]
    if target:
        try:
            problems += Sharing(plan, folders, run, finished.manifest, how, say).share(target)
        except OSError as error:  # the run itself is published
            problems.append(what_hindered(error))
    for problem in problems:
        say(problem)
    say(finished.summary)
    if plan.efter:
        wrong = "avbröts"
        try:
            wrong = run_after(plan.efter, run, bool(problems), plan.limits.seconds)
        finally:
            if wrong:
                say(f"Varning: kommandot efter i planen {plan.id} {wrong}. Rapporterna är gjorda.")
    print(finished.index, flush=True)
    return int(bool(problems))


def _preflight(changed: Plan, folders: Folders, how: RunOptions) -> AbstractContextManager:
    """Holds what is to be made against its topics; what is linked was so when it was made."""
    if not changed.runs:
        return nullcontext()
    from planbok.batch.make.preflight import preflight  # all that makes reports, which nothing else need wait for
    from planbok.topics import answer

    workers = how.workers if how.forks else 1
    stations = preflight(changed, folders, answer.verify, workers=workers, tables=answer.faults_without_rules)
    return stations or nullcontext()


def _run_due(arguments: argparse.Namespace, folders: Folders) -> int:
    today, named = day_given(arguments.due), bool(arguments.plan)
    paths = [find_plan(arguments.plan, folders)] if named else list(plan_paths(folders).values())

    def make(plan: Plan, on: Folders) -> int:
        return _make(plan, on, arguments)

    out = Path(os.path.abspath(arguments.out))
    return Scheduled(today, folders, data_given(arguments), out, arguments.force, make, say).all(paths, named)


def _refuse(arguments: argparse.Namespace) -> None:
    """Refuses arguments that make no run."""
    faults = []
    if not arguments.plan and not arguments.due:
        faults.append(of_command("", "det saknas: PLAN, eller --due DATUM.", "arguments"))
    if arguments.due and arguments.only:
        text = "--only hör till en plan som körs för hand, inte till --due. Ta bort den ena."
        faults.append(of_command("--only", text, "arguments"))
    for name in ("workers", "timeout"):
        given = getattr(arguments, name)
        if given is not None and given < 1:
            faults.append(of_command(f"--{name}", f"talet ska vara minst 1, men är {given}.", "out_of_range"))
    refuse_any(faults)


def _how(arguments: argparse.Namespace, plan: Plan) -> RunOptions:
    """How the run is made, by its arguments."""
    workers, limits = arguments.workers or cores(), None
    if arguments.scheduler:
        from planbok.batch.make.cluster import size

        workers = size(arguments.scheduler)
    if arguments.timeout:
        limits = replace(plan.limits, seconds=arguments.timeout)
    return RunOptions(
        workers=workers,
        fork=not arguments.no_fork,
        scheduler=arguments.scheduler or "",
        limits=limits,
        bar=sys.stderr.isatty() and not arguments.logg,
        browser=find_browser() if arguments.pdf or arguments.bilagor else None,
        appendix=arguments.bilagor,
    )
