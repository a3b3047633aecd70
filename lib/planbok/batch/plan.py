"""Run plans: which notebooks to run with which parameters, validated before anything starts."""

import itertools
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from planbok.batch.notebooks import TYPE_NAMES, NotebookFile
from planbok.case import Audience
from planbok.documents import Document, Entry, Text, quoted, read_document, validate
from planbok.errors import Fault, InputError, did_you_mean
from planbok.paths import SAMPLE, Folders

DUE_DATE = "forfallodag"
DUE_PARAMETERS = ("ar", "tom_manad")
SCENARIO_PARAMETERS = ("scenario", "jamfor_med")
LIMITS = {"ar": (1900, 2999), "till_ar": (0, 2999), "tom_manad": (1, 12)}
LONGEST_FOLDER = 200  # bytes; file systems take 255, and temporary names need some
REQUIRED = ("enhet", "ar")
OCCASIONS = Literal["manad", "kvartal", "tertial", "verksamhetsberattelse", "prestationsmatning"]


class PlanForm(Entry):
    """A plan file's top level; its runs are validated one by one."""

    titel: Text
    spridning: Audience = "ledning"
    data: Text | None = None
    korningar: list
    nar: list[OCCASIONS] = []
    vantar_arbetsdagar: int = 8
    mottagare: dict = {}


class RunForm(Entry):
    """One entry under `korningar`."""

    notebook: Text
    parametrar: dict = {}
    for_varje: dict = {}


class RecipientForm(Entry):
    """Who gets the reports of which units, at which level."""

    enheter: list[Text]
    spridning: Audience = "ledning"


@dataclass(frozen=True)
class Run:
    """One report to make: every parameter of the notebook, those not given at their default."""

    notebook: NotebookFile
    parameters: dict[str, Any]

    @property
    def period(self) -> str:
        month = self.parameters.get("tom_manad")
        return f"{self.parameters['ar']}-{month:02d}" if month else f"{self.parameters['ar']}"

    @property
    def folder(self) -> str:
        """The report's folder: notebook, unit, scenario and period, then what differs from the default."""
        named = {"enhet", "ar", "scenario", "tom_manad"}
        other = {
            name: value
            for name, value in sorted(self.parameters.items())
            if name not in named and value != self.notebook.parameters[name].default
        }
        parts = [self.notebook.id, self.parameters["enhet"], self.parameters["scenario"], self.period]
        parts += [f"{name}-{value}" for name, value in other.items()]
        return "__".join(re.sub(r"[^\w.\-]+", "-", str(part)) for part in parts)


@dataclass(frozen=True)
class Plan:
    """A sound plan, its cross products multiplied out."""

    id: str
    titel: str
    spridning: str
    data: Path | None
    runs: tuple[Run, ...]

    def folders(self, chosen: Folders, data_given: bool) -> Folders:
        """The folders that the plan runs on; its own data unless one was given on the command line."""
        return chosen if data_given or self.data is None else replace(chosen, data=self.data)


def plan_paths(folders: Folders) -> dict[str, Path]:
    """Every plan by its id."""
    return {Path(name).stem: path for name, path in folders.param_files("planer", ".yaml", ".yml").items()}


def find_plan(name: str, folders: Folders) -> Path:
    """A plan's file from its id or its path.

    Raises
    ------
    InputError
        If there is neither.
    """
    paths = plan_paths(folders)
    if name in paths:
        return paths[name]
    with suppress(OSError):  # a name too long for any file
        if Path(name).is_file():
            return Path(name).resolve()
    text = f"planen {quoted(name)} finns varken i params/planer eller som fil.{did_you_mean(name, paths)}"
    raise InputError([Fault("kommando", "", 0, "", text, "unknown_plan")])


def load_plan(path: Path, notebooks: dict[str, NotebookFile], scenarios: Iterable[str]) -> Plan:
    """A plan with its runs, in the order in which they stand. `scenarios` are the ids there are.

    Raises
    ------
    InputError
        With every fault: unknown keys, notebooks, parameters, scenarios, values of the wrong type, two runs with one
        folder, a notebook that can't be run.
    """
    faults: list[Fault] = []
    document = read_document(path, "plan", faults)
    if document.value is None:
        raise InputError(faults)
    form = validate(PlanForm, document, (), faults)
    entries = document.value.get("korningar")
    runs: list[tuple[int, Run]] = []
    for i in range(len(entries)) if isinstance(entries, list) else ():
        runs += [(i, run) for run in _read_run(document, i, notebooks, scenarios, faults)]
    if isinstance(entries, list) and not entries:
        faults.append(document.fault(("korningar",), "planen har inga körningar.", "empty"))
    recipients = document.value.get("mottagare")
    for name in recipients if isinstance(recipients, dict) else ():
        validate(RecipientForm, document, ("mottagare", name), faults)
    faults += _folder_faults(document, runs)
    data = _data_folder(document, form, faults)
    if faults:
        raise InputError(faults)
    return Plan(path.stem, form.titel, form.spridning, data, tuple(run for _, run in runs))


def _data_folder(document: Document, form: PlanForm | None, faults: list[Fault]) -> Path | None:
    if form is None or form.data is None:
        return None
    folder = Path(form.data) if Path(form.data).is_absolute() else SAMPLE.parent / form.data
    if not folder.is_dir():
        text = f"mappen {quoted(form.data)} finns inte. Ange en absolut sökväg eller en mapp bredvid data/sample."
        faults.append(document.fault(("data",), text, "no_folder"))
    return folder


def _read_run(
    document: Document, i: int, notebooks: dict[str, NotebookFile], scenarios: Iterable[str], faults: list[Fault]
) -> list[Run]:
    """The cross product of one entry; nothing where it has faults."""
    location = ("korningar", i)
    form = validate(RunForm, document, location, faults)
    if form is None:
        return []
    if form.notebook not in notebooks:
        text = f"anteckningsboken {quoted(form.notebook)} finns inte.{did_you_mean(form.notebook, notebooks)}"
        faults.append(document.fault((*location, "notebook"), text, "unknown_notebook"))
        return []
    notebook = notebooks[form.notebook]
    found = list(notebook.faults) or _parameter_faults(document, location, form, notebook, scenarios)
    faults += found
    if found:
        return []
    defaults = {name: parameter.default for name, parameter in notebook.parameters.items()}
    return [
        Run(notebook, {**defaults, **form.parametrar, **dict(zip(form.for_varje, combination, strict=True))})
        for combination in itertools.product(*form.for_varje.values())
    ]


def _parameter_faults(
    document: Document, location: tuple, form: RunForm, notebook: NotebookFile, scenarios: Iterable[str]
) -> list[Fault]:
    faults = []
    for name, value in form.parametrar.items():
        where = (*location, "parametrar", name)
        faults += _value_faults(document, {where: value}, notebook, name, scenarios)
    for name, values in form.for_varje.items():
        where = (*location, "for_varje", name)
        if not isinstance(values, list) or not values:
            text = f"for_varje {quoted(name)} ska vara en lista med minst ett värde."
            faults.append(document.fault(where, text, "wrong_type"))
        elif name in form.parametrar:
            text = f"{quoted(name)} står både i parametrar och for_varje. Ta bort den ena."
            faults.append(document.fault(where, text, "repeated_parameter"))
        else:
            each = {(*where, i): value for i, value in enumerate(values)}
            faults += _value_faults(document, each, notebook, name, scenarios)
    for name in REQUIRED:
        if name not in form.parametrar and name not in form.for_varje:
            faults.append(document.fault(location, f"körningen anger inte {name}.", "missing_parameter"))
    return faults


def _value_faults(
    document: Document, values: dict[tuple, Any], notebook: NotebookFile, name: str, scenarios: Iterable[str]
) -> list[Fault]:
    """Faults of a parameter's values, given by where they stand."""
    parameter = notebook.parameters.get(name)
    if parameter is None:
        return [document.fault(next(iter(values)), notebook.unknown(name), "unknown_parameter")]
    faults = []
    for where, value in values.items():
        if value == DUE_DATE and name in DUE_PARAMETERS:
            text = f"{name}: {DUE_DATE} fylls i av kalendern, som inte finns i den här versionen. Ange ett årtal."
            faults.append(document.fault(where, text, "no_calendar"))
        elif not parameter.fits(value):
            text = f"{name} ska vara {TYPE_NAMES[parameter.type]}, men är {quoted(value)}."
            faults.append(document.fault(where, text, "wrong_type"))
        elif name in LIMITS and not LIMITS[name][0] <= value <= LIMITS[name][1]:
            low, high = LIMITS[name]
            faults.append(document.fault(where, f"{name} ska vara {low}–{high}, men är {value}.", "out_of_range"))
        elif name in SCENARIO_PARAMETERS and value not in scenarios:
            text = f"scenariot {quoted(value)} finns inte.{did_you_mean(value, scenarios)}"
            faults.append(document.fault(where, text, "unknown_scenario"))
    return faults


def _folder_faults(document: Document, runs: list[tuple[int, Run]]) -> list[Fault]:
    """Two runs with one folder, and folders with names too long for a file system."""
    seen: dict[str, int] = {}
    faults = []
    for i, run in runs:
        if run.folder in seen:
            text = f"rapporten {run.folder} görs redan i körning {seen[run.folder] + 1}. Ta bort den ena."
            faults.append(document.fault(("korningar", i), text, "same_folder"))
        elif len(run.folder.encode()) > LONGEST_FOLDER:
            text = f"rapportens mapp får ett för långt namn, {quoted(run.folder)}. Korta parametrarnas värden."
            faults.append(document.fault(("korningar", i), text, "long_folder"))
        seen.setdefault(run.folder, i)
    return faults
