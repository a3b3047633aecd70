"""A plan's own command, run when its reports lie there: to send a mail, a message or a file, as the operator wants."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

RUN, STATUS = "PLANBOK_KORNING", "PLANBOK_STATUS"
MADE, FAILED = "ok", "fel"


def run_after(command: Sequence[str], run: Path, failed: bool, seconds: float) -> str:
    """Runs the command without a shell, in the run's folder; what went wrong in words, "" if nothing did.

    Its environment has the run's folder in `PLANBOK_KORNING`, and in `PLANBOK_STATUS` `ok`, or `fel` where a report or
    a check failed. What it says goes to stderr. It changes no exit code: the reports are made.

    Parameters
    ----------
    seconds : how long it may take; then it is stopped
    """
    environment: Mapping[str, str] = {**os.environ, RUN: str(run), STATUS: FAILED if failed else MADE}
    try:
        started = subprocess.Popen(
            command, env=environment, cwd=run, stdout=2, stdin=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        return f"gick inte att starta ({error.strerror})"
    with started:
        try:
            code = started.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(started)
            return f"tog mer än {seconds:g} sekunder och stoppades"
        except BaseException:
            _end(started)
            raise
    return f"slutade med kod {code}" if code else ""


def _end(started: subprocess.Popen) -> None:
    """Ends the command, and what it has started where that can be done."""
    with suppress(OSError):
        os.killpg(started.pid, signal.SIGKILL) if hasattr(os, "killpg") else started.kill()
