"""What is said while a run goes on: a line per report in a log, a bar with the time left on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from planbok.batch.plan.plan import Run

BAR = "{n_fmt}/{total_fmt} |{bar:30}| {elapsed} gått, {remaining} kvar{postfix}"
STATES = {"ok": "klar", "unchanged": "oförändrad", "failed": "misslyckad"}


Tell = Callable[[str, dict[str, Any]], None]  # takes a report's line and its entry in the manifest


@contextmanager
def log(say: Callable[[str], None]) -> Iterator[Tell]:
    """A line per report."""
    yield lambda line, entry: say(line)


@contextmanager
def bar(count: int) -> Iterator[Tell]:
    """A bar, and a line only for a report that needs a person."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would not follow into a forked process
    with tqdm(total=count, bar_format=BAR, file=sys.stderr, dynamic_ncols=True) as shown:

        def done(line: str, entry: dict[str, Any]) -> None:
            shown.update()
            if entry["error"] or entry["checks_failed"]:
                shown.write(line, file=sys.stderr)

        yield done


def line(number: int, count: int, run: Run, entry: dict[str, Any]) -> str:
    """One line per report: `2/4 budgetscenarier · ostermalm · bas · 2016 · klar 3,1 s`."""
    given = entry["parametrar"]
    names = (run.notebook.id, given["enhet"], given["scenario"], run.period)
    if entry["status"] == "waiting":
        return f"{number}/{count} {' · '.join(names)} · väntar på {entry['vantar_pa']}"
    state, wrong = STATES[entry["status"]], entry["checks_failed"]
    state += f", {wrong} {'kontroll' if wrong == 1 else 'kontroller'} stämmer inte" if wrong else ""
    if entry["status"] == "unchanged":
        return f"{number}/{count} {' · '.join(names)} · {state}"
    seconds = f"{entry['seconds']:.1f}".replace(".", ",")
    return f"{number}/{count} {' · '.join(names)} · {state} {seconds} s"
