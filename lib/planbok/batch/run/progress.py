"""What is said while a run goes on: a line per report in a log, a bar with the time left on a terminal."""

import sys
from collections.abc import Callable
from typing import Any

from planbok.batch.plan.plan import Run

BAR = "{n_fmt}/{total_fmt} |{bar:30}| {elapsed} gått, {remaining} kvar{postfix}"
STATES = {"ok": "klar", "unchanged": "oförändrad", "failed": "misslyckad"}


class Log:
    """A line per report."""

    def __init__(self, say: Callable[[str], None]):
        self._say = say

    def done(self, line: str, entry: dict[str, Any]) -> None:
        self._say(line)

    def close(self) -> None:
        pass


class Bar:
    """A bar, and a line only for a report that needs a person."""

    def __init__(self, count: int):
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # its thread would not follow into a forked process
        self._bar = tqdm(total=count, bar_format=BAR, file=sys.stderr, dynamic_ncols=True)

    def done(self, line: str, entry: dict[str, Any]) -> None:
        self._bar.update()
        if entry["error"] or entry["checks_failed"]:
            self._bar.write(line, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()


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
