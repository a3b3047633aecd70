"""A plan's reports handed to processes, and what became of each."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from planbok.batch.make import warm
from planbok.batch.make.failed import described, worded
from planbok.batch.make.options import RunOptions
from planbok.batch.make.passing import past_gate, read_anew
from planbok.batch.make.processes import FORK, SPAWN, ProcessEndedError, Processes, ProcessTimeoutError
from planbok.batch.make.report import make_failure, make_report, shares
from planbok.batch.plan.job import Job, entry

GRACE = 30  # seconds beyond a notebook's own limit: for its page, and for a notebook that nothing interrupts
ROOM = 2**18  # bytes without which a disk is as good as full
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))

if TYPE_CHECKING:
    from planbok.batch.make.cluster import Cluster
    from planbok.batch.make.stations import Stations

Done = Callable[[Job, dict[str, Any]], None]


def made(jobs: list[Job], how: RunOptions, done: Done, tick: Callable[[], None]) -> dict[Job, dict[str, Any]]:
    """The manifest's entry of each job; `done` is told of it as it is done, `tick` called now and then.

    A report whose process is gone gets its page from another process, made of what the first one left.

    Raises
    ------
    OSError
        If the disk is full: then no report can be made.
    """
    entries: dict[Job, dict[str, Any]] = {}
    if not jobs:
        return entries
    with _executor(jobs, how) as pool:
        doing: dict[Future, tuple[Job, Callable[..., dict[str, Any]]]] = {
            pool.submit(make_report, job): (job, make_report) for job in jobs
        }
        for future in pool.completed(tick):
            job, step = doing.pop(future)
            problem = future.exception()
            if problem is None:
                entries[job] = future.result()
            elif step is make_report:
                _stop_if_full(job, problem, how)
                error, seconds = _what_happened(problem, job), getattr(problem, "seconds", 0.0)
                doing[pool.submit(make_failure, job, error, seconds)] = (job, make_failure)
                continue
            else:
                if job.folder.exists():
                    shutil.rmtree(job.folder)  # nothing of it has been through the gate
                entries[job] = past_gate(job, entry(job, 0.0, _what_happened(problem, job)))
            if entries[job]["error"]:
                _stop_if_full(job, problem, how)
            done(job, entries[job])
    return entries


def _executor(jobs: list[Job], how: RunOptions) -> "Processes | Stations | Cluster":
    seconds = max(job.limits.seconds for job in jobs) + GRACE
    if how.stations:
        how.stations.seconds = seconds
        return how.stations
    read_anew(jobs[0].folders, jobs[0].spridning)
    if how.scheduler:
        from planbok.batch.make.cluster import Cluster

        return Cluster(how.scheduler, seconds)
    if how.forks:
        warm.load()
        warm.freeze()
        return Processes(how.workers, FORK, seconds, shares)
    return Processes(how.workers, SPAWN, seconds)


def _what_happened(problem: BaseException, job: Job) -> dict[str, str]:
    """Why a process gave no report, as the manifest has it: in the same words as of a kernel."""
    error = described(problem, job.limits)
    for kind, said in ((ProcessTimeoutError, "TimeLimitError"), (ProcessEndedError, "DeadKernelError")):
        if type(problem) is kind:
            error["type"] = said
    if _is_full(problem):
        error["message"] = "disken är full på datorn som gjorde rapporten. Frigör plats där, och kör igen."
    return worded(error, job.limits)


def _is_full(problem: BaseException | None) -> bool:
    return isinstance(problem, OSError) and problem.errno in FULL


def _stop_if_full(job: Job, problem: BaseException | None, how: RunOptions) -> None:
    """Raises what a full disk does; asked when something has gone wrong.

    A worker of a cluster has disks of its own: where the run's has room, only the worker's report has failed.
    """
    if problem is not None and _is_full(problem) and not how.scheduler:
        raise problem
    with tempfile.TemporaryFile(dir=job.folder.parent) as file:
        file.write(bytes(ROOM))
        file.flush()
        os.fsync(file.fileno())
