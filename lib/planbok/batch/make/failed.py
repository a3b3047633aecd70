"""What is left of a report that failed: why, in its notebook and on a page of its own."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from planbok.batch.plan.plan import Run, RunLimits
from planbok.report.html import ReportMeta, render_report

HEADING = "Rapporten blev inte klar"
UNKNOWN_IF_MADE_UP = "Det gick inte att läsa om enhetens siffror är påhittade."
# What a kernel or the machine does to a report, for people; anything else is said in its own words.
WORDS = {
    "DeadKernelError": "beräkningsprocessen avslutades oväntat, oftast för att datorns minne tog slut. Kör igen; "
    "händer det på nytt, säg till den som sköter verktyget.",
    "MemoryError": "minnet tog slut: en rapport får använda {megabytes} MB (minne_mb i planen).",
    "TimeLimitError": "rapporten blev inte klar inom {seconds:.0f} sekunder (tidsgrans_sekunder i planen, eller "
    "--timeout).",
}
MEMORY = ("MemoryError", "_ArrayMemoryError")  # Python's own, and numpy's


def described(problem: BaseException, limits: RunLimits) -> dict[str, str]:
    """A failure outside the notebook's own cells, as the manifest has it."""
    return worded({"section": "", "type": type(problem).__name__, "message": str(problem)}, limits)


def worded(error: dict[str, str], limits: RunLimits) -> dict[str, str]:
    """An error in words that people understand, where there are any."""
    name = "MemoryError" if error["type"] in MEMORY else error["type"]
    words = WORDS.get(name, "").format(megabytes=limits.megabytes, seconds=limits.seconds)
    return {**error, "message": words or error["message"] or error["type"]}


def note_error(path: Path, error: dict[str, str]) -> None:
    """Writes what happened last in a notebook that shows no error itself; one that can't be read is removed."""
    notebook = _readable(path)
    if notebook is None:
        path.unlink(missing_ok=True)
        return
    notebook.cells += _cells(error)
    nbformat.write(notebook, path)


def render_failure(path: Path, run: Run, error: dict[str, str], spridning: str, syntetisk: bool | None) -> str:
    """The page of a failed report: what was made before it stopped, and why it did."""
    where = f" Den stannade i avsnittet {error['section']}." if error["section"] else ""
    meta = ReportMeta(
        rubrik=f"{run.notebook.titel} · {run.parameters['enhet']} · {run.period}",
        spridning=spridning,
        syntetisk=bool(syntetisk),
        fel=[f"{HEADING}.{where}", *([UNKNOWN_IF_MADE_UP] if syntetisk is None else [])],
    )
    alone = new_notebook(cells=[new_markdown_cell(f"# {run.notebook.titel}"), *_cells(error)])
    try:
        return render_report(_readable(path) or alone, meta)
    except Exception:  # what the notebook shows may be what could not be rendered
        return render_report(alone, meta)


def _readable(path: Path) -> Any | None:
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # nbformat lets through whatever a half-written file makes it stumble on
        return None


def _cells(error: dict[str, str]) -> list[Any]:
    said = new_output("error", ename=error["type"], evalue=error["message"], traceback=[error["message"]])
    return [new_markdown_cell(f"## {HEADING}"), new_code_cell(outputs=[said])]
