"""The batch for what is on the screen: the same command as in a terminal, in a process of its own."""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from ruamel.yaml import YAML

from planbok.base.workspace import shown, workspace
from planbok.case.case import Case
from planbok.explore import kit
from planbok.explore.board import Board
from planbok.explore.dial import STATIC
from planbok.explore.panels import Save
from planbok.inputs.scenario.load import BAS

PLAN = "prova_sjalv"


class Link(anywidget.AnyWidget):
    """A link to a file below the folder that JupyterLab was opened on."""

    _esm = (STATIC / "link.js").read_text("utf-8")
    path = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)


class Run:
    """A button that runs this notebook's report for the scenario on the dials, and links it when it is there."""

    def __init__(self, board: Board, save: Save, out: Path | None = None):
        self.board, self.save, self.out = board, save, out or (workspace() or Path.cwd()) / "out"
        self.note, self.progress, self.place = widgets.HTML(), widgets.HTML(), widgets.VBox()
        self.button = kit.button("Kör rapporten", self.start, primary=True)
        self.thread: threading.Thread | None = None

    def scenario_id(self) -> str:
        """The saved scenario that says what stands on the dials; "" where none does."""
        scenario = self.board.scenario
        if not scenario.changes:
            return BAS.id
        return self.save.saved or (self.board.opened.id if scenario is self.board.opened else "")

    def start(self) -> None:
        """Starts the run, unless what is on the dials isn't saved; only one runs at a time."""
        name = self.scenario_id()
        if not name:
            self.note.value = kit.alert("Spara scenariot först: rapporten görs av det som är sparat.")
            return
        self.button.disabled, self.place.children = True, []
        self.note.value = kit.status(f"Kör {self.board.topic.case.notebook} med scenariot {name} …")
        self.thread = threading.Thread(target=self._run, args=(name,), daemon=True)
        self.thread.start()

    def _run(self, name: str) -> None:
        started = time.monotonic()
        try:
            code, told, report = run(self.board.topic.case, name, self.out, lambda: self._tick(started))
            self._finish(code, told, report, time.monotonic() - started)
        except OSError as error:
            self.note.value = kit.alert(f"Körningen gick inte att starta: {error.strerror}.")
        finally:
            self.button.disabled, self.progress.value = False, ""

    def _tick(self, started: float) -> None:
        self.progress.value = f"<progress></progress> {time.monotonic() - started:.0f} s"

    def _finish(self, code: int, told: str, report: Path | None, seconds: float) -> None:
        if report is None:
            self.note.value = kit.alert(told or f"Körningen misslyckades (kod {code}).")
            return
        text = f"Rapporten är klar efter {seconds:.0f} s: {shown(report)}."
        self.note.value = kit.status(text) if code == 0 else kit.alert(f"{text} {told}")
        top = workspace()
        if top and report.is_relative_to(top):
            made = {"Öppna rapporten": report, "Hämta Excelfilen": report.with_name("resultat.xlsx")}
            self.place.children = [
                Link(path=path.relative_to(top).as_posix(), text=text) for text, path in made.items() if path.is_file()
            ]

    def widget(self) -> widgets.Widget:
        return widgets.VBox([widgets.HBox([self.button, self.progress]), self.note, self.place])


def plan_of(case: Case, scenario: str) -> dict[str, Any]:
    """A plan of one run: the notebook as it is open, with a scenario."""
    run = {"notebook": case.notebook, "parametrar": {**case.parametrar, "scenario": scenario}}
    return {"titel": "Prova själv", "spridning": case.spridning, "korningar": [run]}


def run(case: Case, scenario: str, out: Path, tick: Callable[[], None]) -> tuple[int, str, Path | None]:
    """Runs the plan with `planbok run`; its exit code, what it said, and the report's page where there is one."""
    folders = case.sources.folders
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / f"{PLAN}.yaml"
        with plan.open("w", encoding="utf-8") as file:
            YAML().dump(plan_of(case, scenario), file)
        arguments = ["run", str(plan), "--out", str(out), "--params", str(folders.params[0])]
        command = [sys.executable, "-m", "planbok", *arguments, "--data", str(folders.data)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        while True:
            tick()
            try:
                said, told = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                continue
    lines = [line for line in told.splitlines() if not line.startswith("1/1 ")]
    return process.returncode, "\n".join(lines), _newest_report(said)


def _newest_report(said: str) -> Path | None:
    """The page of the run whose index was printed last."""
    if not said.strip():
        return None
    index = Path(said.strip().splitlines()[-1])
    runs = sorted(path for path in index.parent.iterdir() if path.is_dir() and not path.name.startswith("."))
    entries = json.loads((runs[-1] / "manifest.json").read_text("utf-8"))["runs"]
    return runs[-1] / entries[0]["folder"] / "rapport.html"
